/* The console without a screen: `countertop do` and `countertop show`, for scripts and for people in
 * a hurry. Neither needs HQ. What is printed to a terminal is cleaned like everything on a screen. */
#ifndef COUNTERTOP_TUI_CLI_H
#define COUNTERTOP_TUI_CLI_H

#include "model/console.h"

#include <stdio.h>

/* Exit codes; 0, 2, 3, 4 and 5 are promised to scripts. */
enum cli_exit {
	CLI_APPLIED = 0,
	CLI_FAILED = 1,   /* the program, its disk or its home; nothing was done */
	CLI_USAGE = 2,    /* the command line is wrong; nothing was done */
	CLI_REJECTED = 3, /* refused, here or by HQ; also a wrong PIN */
	CLI_QUEUED = 4,   /* saved, not answered yet */
	CLI_PARKED = 5
};

struct cli {
	struct console *console;
	const char *store; /* --store; NULL if not given */
	const char *staff; /* --staff; NULL if not given */
	bool json;
	bool wait;
	bool check, yes, again; /* of import */
	bool force;             /* of export and report: a file that is there is replaced */
	int64_t now_ms;         /* HQ's time */
	FILE *out, *err;
	bool out_is_terminal;
	bool sees_codes; /* set by cli_look: codes and phone numbers are printed whole */
	/* Sends what waits and takes the answers until the command has its verdict: for --wait. False and a reason if it could not. */
	bool (*sync)(void *ctx, const char *id, char *error, size_t size);
	/* Something was saved: tell the other processes. */
	void (*saved)(void *ctx);
	/* Asks for the PIN without showing it; false if there is nobody to ask. */
	bool (*ask_pin)(void *ctx, const char *staff, char *pin, size_t size);
	void *ctx;
};

/* words: OP FIELD=VALUE…  Prints the verdict as one JSON object. */
enum cli_exit cli_do(struct cli *cli, int count, char *const *words);
/* words: KIND [ID] FILTER=VALUE…  Prints a table, or JSON with --json. */
enum cli_exit cli_show(struct cli *cli, int count, char *const *words);
/* words: KIND [ID] FILTER=VALUE… FILE  Writes the list, or the lines of the one, as the file's ending
 * says. KIND `template` writes the headings of an import. */
enum cli_exit cli_export(struct cli *cli, int count, char *const *words);
/* words: FILE  Imports stock documents; with --check only says what it would do, with --yes does what it
 * can although there are bad rows, with --again although the same documents stand already. */
enum cli_exit cli_import(struct cli *cli, int count, char *const *words);
/* words: NAME since=DATE until=DATE FILE  Prints the report with bars, or writes it as the file's ending
 * says; the last 30 days if not told otherwise. Without a name it lists the reports. */
enum cli_exit cli_report(struct cli *cli, int count, char *const *words);

/* The member of staff at the store whose PIN it is: checks --staff with COUNTERTOP_PIN or by asking.
 * CLI_APPLIED if all is well or no --staff was given. */
enum cli_exit cli_sign_in(struct cli *cli, const char *store);
/* May they look at what needs this role? Without --staff whoever owns the home may, and reads codes of tickets
 * and phone numbers masked; --staff is checked by its PIN and sees what it sees on a screen. */
enum cli_exit cli_look(struct cli *cli, enum staff_role needed);
/* What to say instead of a refusal that only came because nobody was named; NULL: it came for another
 * reason. */
const char *cli_nobody_named(const struct cli *cli, const char *code);
/* False, and said on err, while HQ's data have never come here: an empty list would pass for HQ's. */
bool cli_has_data(struct cli *cli);
/* False, and said on err, if a file is there already and --force was not given. */
bool cli_may_write(struct cli *cli, const char *path);
/* The acting store: --store, or the only one of this home. False if that is not one; said on err. */
bool cli_acting_store(struct cli *cli, const struct op *op, const char **store);

#endif
