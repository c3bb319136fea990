/* What the files of the console share among themselves; nobody else includes this. */
#ifndef COUNTERTOP_MODEL_CONSOLE_PARTS_H
#define COUNTERTOP_MODEL_CONSOLE_PARTS_H

#include "model/console.h"

struct console_wish {
	const char *op, *store, *actor;
	cJSON *data;
};

/* Inside the caller's cache transaction. */
int64_t parts_applied(struct console *console);
void parts_set_applied(struct console *console, int64_t n, const char *id);
/* Applies the outbox rows behind applied.n; if the outbox is not the one they came from, restores
 * the before-images and replays all visible ones. */
void parts_catch_up(struct console *console, int64_t now_ms);
/* Puts back HQ's rows; local work is off until parts_replay. */
void parts_restore(struct console *console);
/* Applies every visible command in outbox order and switches local work on again. */
void parts_replay(struct console *console, int64_t now_ms);

/* Does HQ's own copy show what the command did that got this verdict? */
bool parts_covered(struct console *console, const char *verdict);

char *parts_state(struct console *console, const char *name); /* caller frees; NULL if unset */
int64_t parts_state_int(struct console *console, const char *name);
bool parts_set_state(struct console *console, const char *name, const char *value);
bool parts_set_state_int(struct console *console, const char *name, int64_t value);

#endif
