/*
 * Where things stand on the screen: a pure function of its rows and columns.
 *
 *     top      panes with their keys; store and staff on the right
 *     heading  what is shown, and how one came here
 *     body     the pane
 *     message  what just happened
 *     hints    keys that work now
 *     status   link, age of the cache, unsent, problems, to do, clock
 */
#ifndef COUNTERTOP_TUI_LAYOUT_H
#define COUNTERTOP_TUI_LAYOUT_H

#include "tui/draw.h"

#define LAYOUT_MIN_ROWS 16
#define LAYOUT_MIN_COLS 60
#define LAYOUT_NORMAL_ROWS 24
#define LAYOUT_NORMAL_COLS 80
#define LAYOUT_WIDE_COLS 120

enum layout_kind {
	LAYOUT_TOO_SMALL, /* under 60x16: one line says what is needed */
	LAYOUT_NARROW,    /* under 80 columns */
	LAYOUT_NORMAL,
	LAYOUT_WIDE /* from 120 columns: room for a side pane */
};

struct layout {
	enum layout_kind kind;
	int rows;
	int cols;
	struct rect top;
	struct rect heading;
	struct rect body;
	struct rect message;
	struct rect hints;
	struct rect status;
};

struct layout layout_of(int rows, int cols);

/* A box of at most rows x cols in the middle of `outer`. */
struct rect layout_centre(const struct rect *outer, int rows, int cols);

/* Splits off `cols` columns at the right of `area` and returns them. */
struct rect layout_take_right(struct rect *area, int cols);
struct rect layout_take_top(struct rect *area, int rows);
struct rect layout_take_bottom(struct rect *area, int rows);

#endif
