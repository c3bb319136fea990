/*
 * Actions: everything a key can do is a row of a table.
 *
 * A pane owns one or more tables. What works at a moment is a list of scopes, innermost first: a
 * table and the object its functions get. Help, hint line, key files and messages about keys that
 * do nothing are all made from these rows.
 */
#ifndef COUNTERTOP_TUI_ACTION_H
#define COUNTERTOP_TUI_ACTION_H

#include <stdbool.h>
#include <stddef.h>

enum action_flag {
	ACTION_HINT = 1,       /* stands on the hint line */
	ACTION_HINT_FIRST = 2, /* stands there before all others */
	ACTION_ESSENTIAL = 4,  /* a key file must leave it at least one key: help, quit */
	ACTION_QUIET = 8       /* not in the help: moving about in a text field */
};

struct action {
	const char *name;  /* kebab-case, stable: key files rely on it */
	const char *label; /* N_: one or two words for the hint line */
	const char *help;  /* N_: one sentence for the help page */
	unsigned flags;
	int arg; /* given to both functions */
	/* NULL if it may run now, otherwise why not, translated, valid until the next call. */
	const char *(*why_not)(void *ctx, int arg);
	void (*run)(void *ctx, int arg);
	/* Optional: a translated help that depends on the moment; NULL hides the row from help. */
	const char *(*help_now)(void *ctx, int arg);
};

struct action_table {
	const char *context; /* the context of key files: "global", "list", "documents" … */
	const char *title;   /* N_: the heading of its part of the help page */
	bool is_text;        /* keys here edit text: printable keys cannot be bound */
	const struct action *rows;
	size_t count;
};

#define ACTION_TABLE_ROWS(array) .rows = (array), .count = sizeof(array) / sizeof((array)[0])

/* A table that works now, and the object its functions get. */
struct action_scope {
	const struct action_table *table;
	void *ctx;
};

#define ACTION_SCOPES_MAX 10

/* Every table of the program, so that key files can be checked before anything is shown. */
struct action_catalog {
	const struct action_table *const *tables;
	size_t count;
};

/* The row with this name in a table of this context; NULL if none. `table` may be NULL. */
const struct action *action_find(const struct action_catalog *catalog, const char *context,
	const char *name, const struct action_table **table);

/* The known name nearest to a misspelt one within this context; NULL if none is near. */
const char *action_nearest(
	const struct action_catalog *catalog, const char *context, const char *name);

bool action_context_known(const struct action_catalog *catalog, const char *context);
bool action_context_is_text(const struct action_catalog *catalog, const char *context);

/* NULL if the action may run. */
const char *action_why_not(const struct action *action, void *ctx);

#endif
