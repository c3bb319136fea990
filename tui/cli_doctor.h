/* `countertop doctor`: what may be wrong with this terminal, this home and the way to HQ, one line a
 * check, each with what to do. It changes nothing, makes no file, and works on any ruin of a home. */
#ifndef COUNTERTOP_TUI_CLI_DOCTOR_H
#define COUNTERTOP_TUI_CLI_DOCTOR_H

#include "tui/cli.h"

/* What the network found; see net/probe.h. */
struct doctor_hq {
	bool reached, let_in, read, speaks;
	char versions[80];
	int64_t ahead_ms, took_ms;
	char trouble[200];
};

struct doctor {
	const char *home; /* need not exist; NULL: none could be told */
	const char *keys; /* --keys; NULL if not given */
	bool json;
	bool out_is_terminal;
	FILE *out;
	void (*ask_hq)(void *ctx, const char *url, const char *token, struct doctor_hq *answer);
	bool (*syncer_runs)(void *ctx);
	void *ctx;
};

/* CLI_FAILED if a check failed; warnings do not count. */
enum cli_exit cli_doctor(const struct doctor *doctor);

#endif
