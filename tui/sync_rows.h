/*
 * What the sync pane lists: facts of the line and the queue, the feeds, the newest commands with their
 * verdicts, and those HQ has parked. Read as a whole; the most that is shown is stated here.
 */
#ifndef COUNTERTOP_TUI_SYNC_ROWS_H
#define COUNTERTOP_TUI_SYNC_ROWS_H

#include "model/console_report.h"
#include "tui/document_rows.h"
#include "tui/shop.h"

#define SYNC_COMMANDS_MAX 500

struct sync_fact {
	char key[LIST_KEY_BYTES];
	const char *label; /* translated */
	char value[400];
	enum role role;
	bool is_line; /* says whether HQ is on the line */
};

struct sync_feed {
	char key[LIST_KEY_BYTES];
	struct console_feed feed;
};

enum sync_verdict {
	SYNC_WAITING,
	SYNC_SENT,
	SYNC_APPLIED, /* HQ's own rows do not show it here yet */
	SYNC_DONE,
	SYNC_REJECTED,
	SYNC_PARKED,
	SYNC_WITHDRAWN
};

struct sync_command {
	char key[LIST_KEY_BYTES];
	enum sync_verdict verdict;
	int64_t n;
	char id[64];
	char op[64];
	char code[40];
	char message[256];
	char actor[COMMAND_ID_MAX + 1];
	int64_t at_ms;
};

/* Of struct sync_fact. */
void sync_read_facts(const struct shop *shop, const struct console_line *line,
	const struct console_queue *queue, struct document_rows *rows);
/* Of struct sync_feed. Counts all rows. */
void sync_read_feeds(const struct shop *shop, struct document_rows *rows);
/* Of struct sync_command, newest first. */
void sync_read_commands(const struct shop *shop, enum console_box box, struct document_rows *rows);

/* The verdict in words; a refusal with its reason. Valid until the next call. */
const char *sync_verdict_words(const struct sync_command *command);
enum role sync_verdict_role(enum sync_verdict verdict);
/* What the feed brings. */
void sync_feed_words(const struct shop *shop, const char *feed, char *out, size_t size);

/* The whole of a command, its line and verdict as they went over the line, for a dialog_page. */
struct text;
void sync_tell(const struct shop *shop, const struct sync_command *command, struct text *out);

#endif
