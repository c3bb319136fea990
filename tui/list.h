/*
 * A windowed list over a source that may have any number of rows; only the visible ones are kept.
 *
 * A row is a struct of the source's own that begins with `char key[LIST_KEY_BYTES]`: an opaque
 * text that names the row and holds what its order depends on, so that the source can find its
 * place even when the row is gone ("2026-01-31T08:00|019a…"). The cursor stays on its key when the
 * data changes; if the row is gone it goes to the next one in order.
 */
#ifndef COUNTERTOP_TUI_LIST_H
#define COUNTERTOP_TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"
#include "tui/draw.h"

#define LIST_KEY_BYTES 200
#define LIST_COLUMNS_MAX 16
#define LIST_CELL_BYTES 256
#define LIST_ROWS_MAX 256
#define LIST_ABSENT (-1) /* `drop` of a column that is not there now, however wide it is */

enum list_direction {
	LIST_FIRST,  /* from the first row on; no anchor */
	LIST_FROM,   /* from the anchor on, itself included if it is there */
	LIST_AFTER,  /* behind the anchor */
	LIST_BEFORE, /* before the anchor, nearest first */
	LIST_LAST    /* from the last row backwards; no anchor */
};

struct list_want {
	enum list_direction direction;
	const char *anchor; /* a key, or NULL */
	size_t limit;
};

struct list_cell {
	char text[LIST_CELL_BYTES]; /* UTF-8; the list cleans and fits it */
	enum role role;
};

struct list_source {
	size_t row_bytes;
	/* All rows; negative if it is not known (yet). */
	long (*count)(void *ctx);
	/* Fills at most want->limit rows of row_bytes each; returns how many. */
	size_t (*fetch)(void *ctx, const struct list_want *want, void *rows);
	/* Optional: how many rows stand before this key; negative if it is not known. */
	long (*rank)(void *ctx, const char *key);
	/* The text and role of one cell. `out` comes empty with ROLE_NORMAL. */
	void (*cell)(void *ctx, const void *row, int column, struct list_cell *out);
};

enum list_align { LIST_LEFT, LIST_RIGHT };

struct list_column {
	const char *title; /* N_ */
	int width_cols;    /* the least it takes; never less than its title does */
	int flex;          /* its share of the columns left over; 0: stays at its width */
	enum list_align align;
	int drop;    /* 0 stays always; of the others the highest goes first when it is narrow */
	bool is_key; /* names the row: bold */
};

struct list {
	const struct list_source *source;
	void *ctx;
	const struct list_column *columns;
	size_t column_count;
	const char *empty; /* translated: what is shown when there is no row */
	unsigned moves;    /* how often the cursor was moved by list_move */

	/* Private. */
	unsigned char *rows;
	size_t rows_held;
	size_t rows_capacity;
	size_t rows_visible;
	size_t cursor; /* index into rows */
	long top_rank; /* rows before rows[0]; negative if it is not known */
	long total;
	char key[LIST_KEY_BYTES]; /* where the cursor was, for reading again; "": at the start */
	bool is_stale;
	bool is_jump; /* the key is far away: put it into the middle */
};

/* Tables stay the caller's. False when out of memory. */
bool list_init(struct list *list, const struct list_source *source, void *ctx,
	const struct list_column *columns, size_t column_count);
void list_free(struct list *list);

/* The rows must be read again before the next frame; the cursor keeps its key. */
void list_changed(struct list *list);
/* Forgets the position as well: another filter or tab. */
void list_restart(struct list *list);
/* Puts the cursor on this key or the next one in order. */
void list_go_to(struct list *list, const char *key);

/* Call in recalc with the height of the area the list will get (titles included). */
void list_recalc(struct list *list, int height_rows);
void list_repaint(struct list *list, const struct rect *area);

/* The row under the cursor, valid until the next list call; NULL if the list is empty. */
const void *list_row(const struct list *list);
/* "12 of 1,500", translated; "" if the list is empty. */
void list_position(const struct list *list, char *out, size_t size);

enum list_move { LIST_UP, LIST_DOWN, LIST_PAGE_UP, LIST_PAGE_DOWN, LIST_HOME, LIST_END };
void list_move(struct list *list, enum list_move move);

/* Movement for key files, context "list"; ctx is the struct list. */
extern const struct action_table list_actions;

/* The least width of a column: its cells', or its title's in the person's language. */
int list_least_cols(const struct list_column *column);
/* Widths for `width_cols`; 0 means the column is dropped. Pure but for the titles' language. */
void list_fit_columns(
	const struct list_column *columns, size_t count, int width_cols, int *out_cols);

#endif
