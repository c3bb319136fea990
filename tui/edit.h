/*
 * A line of text being typed. UTF-8, double-width characters, no terminal.
 *
 * The cursor stands before a character. What must not be drawn is never taken in; full-width
 * digits and letters are folded to ASCII; newlines become spaces.
 */
#ifndef COUNTERTOP_TUI_EDIT_H
#define COUNTERTOP_TUI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"

#define EDIT_BYTES 1024

struct edit {
	char text[EDIT_BYTES];
	size_t length;    /* bytes */
	size_t cursor;    /* bytes before the cursor */
	size_t max_chars; /* characters; 0: as many as fit in EDIT_BYTES */
	bool is_changed;  /* something was typed since edit_set */
};

void edit_init(struct edit *edit, size_t max_chars);
/* Replaces the text; the cursor goes to its end. */
void edit_set(struct edit *edit, const char *utf8);
/* False if not all of it fitted. */
bool edit_insert(struct edit *edit, const char *utf8);

enum edit_step {
	EDIT_LEFT,
	EDIT_RIGHT,
	EDIT_HOME,
	EDIT_END,
	EDIT_BACKSPACE,
	EDIT_DELETE,
	EDIT_KILL_LINE, /* all of it */
	EDIT_KILL_REST, /* from the cursor on */
	EDIT_KILL_WORD  /* the word before the cursor */
};
void edit_step(struct edit *edit, enum edit_step step);

/* What a field of `width_cols` shows: the first byte, and the column of the cursor in it. */
struct edit_view {
	size_t first;
	int cursor_col;
};
struct edit_view edit_view_of(const struct edit *edit, int width_cols);

/* For key files, context "text"; ctx is the struct edit. */
extern const struct action_table edit_actions;

#endif
