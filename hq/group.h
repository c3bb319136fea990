/* The commands of one request, or of several that are ready at one time, run as a group: one
 * transaction, a savepoint a command.
 *
 * States of a line, by what its verdict will say:
 *
 *   read ──> applied | rejected | parked   judged now; stored with the commit
 *        ──> replayed                      same id, same bytes: the first verdict again
 *        ──> rejected, key_reuse           same id, other bytes; not stored
 *        ──> error                         HQ cannot work: this line and all behind it
 *
 * A parked line that waits for a document is tried again, as one more line of the group whose
 * command makes that document. */
#ifndef COUNTERTOP_HQ_GROUP_H
#define COUNTERTOP_HQ_GROUP_H

#include "hq/auth.h"

enum line_state { LINE_READ, LINE_APPLIED, LINE_REJECTED, LINE_PARKED, LINE_REPLAYED, LINE_ERROR };

struct line {
	const char *bytes;
	size_t length;
	const struct caller *caller; /* not owned */
	char *owned;                 /* the bytes of a line tried again */
	char hash[AUTH_HASH_SIZE];
	struct command command;
	bool had_pin; /* command.json differs from bytes: the PIN became its hash */
	bool again;   /* it was parked before and is tried again */
	enum line_state state;
	enum refusal refusal;
	char message[256];
	cJSON *result;
	char waits[COMMAND_ID_MAX + 1]; /* parked: the document it waits for; "" if none */
	bool stored;                    /* its verdict stands or will stand in the table command */
	int first; /* replayed: the line of this group with its first verdict; -1: in `verdict` */
	enum line_state first_state;
	char *verdict; /* its first verdict as JSON */
};

#define GROUP_AGAIN_MAX 200 /* parked lines tried again in one group; the rest wait for the next */

struct group {
	struct hq *hq;
	int64_t now_ms;
	struct line *lines;
	int count; /* lines of the requests */
	int total; /* with those tried again */
	bool down; /* HQ cannot work: nothing further runs */
	char down_message[320];
};

/* Cuts the body of one request into lines, reads each and adds them. The body and the caller outlive
 * the group. False, and nothing added, if there are more than HQ_LINES_MAX. */
bool group_add(struct group *group, const struct caller *caller, const char *body, size_t length);
/* Runs all and commits. Every line has its final state afterwards. */
void group_run(struct group *group);
void group_free(struct group *group);

/* ---- parts ---- */

/* line.c: reading, and running in a savepoint on the world of its caller. */
void line_read(struct line *line);
void line_run(struct group *group, int n);
/* Makes room for more lines behind the present ones; the array may move. */
bool group_room(struct group *group, int more);
/* parked.c: tries again what waits for the documents this group made. */
void parked_retry(struct group *group);
/* Sets waits to the document a parked fact misses. */
void parked_note(struct group *group, struct line *line);

/* verdict.c */
const char *verdict_word(enum line_state state);
enum line_state verdict_state(const char *word);
/* The first verdict of a line; feeds is its JSON object. */
void verdict_make(struct line *line, const char *feeds);
/* One line of the answer, without newline. */
void verdict_write(const struct group *group, const struct line *line, struct text *out);

#endif
