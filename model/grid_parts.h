/* What the readers of grids share; nobody else includes this. */
#ifndef COUNTERTOP_MODEL_GRID_PARTS_H
#define COUNTERTOP_MODEL_GRID_PARTS_H

#include "model/grid.h"
#include "model/text.h"

#include <stdio.h>

struct grid_reader;

/* A kind of file. `open` makes the state that `step` and `close` get; NULL with the error told. */
struct grid_format {
	void *(*open)(struct grid_reader *reader, FILE *file, const char *path);
	/* Reads a piece; false at the end (is_whole is set) and at trouble. */
	bool (*step)(void *state);
	void (*close)(void *state);
};
extern const struct grid_format grid_csv, grid_xlsx;

struct grid_reader {
	bool (*take)(void *ctx, const struct grid_row *row);
	void *ctx;
	char *error;
	size_t size;
	bool stopped;  /* take has had enough */
	bool is_whole; /* all of the file was read */

	/* The row under way. */
	struct text bytes; /* its cells, each ended by a NUL */
	size_t cells[GRID_COLUMNS_MAX];
	int count;
	int64_t number;
	enum grid_fault fault; /* the first of the row */
	int64_t rows;          /* handed out so far */
};

void grid_start_row(struct grid_reader *reader, int64_t number);
/* The row is handed out as faulty. */
void grid_mark_fault(struct grid_reader *reader, enum grid_fault fault);
/* Adds the cell of that column, 0 or above, at least as far right as the last; what was skipped is
 * empty. A cell that is no UTF-8 makes the row faulty. False with an error if it passes a limit. */
bool grid_add_cell(struct grid_reader *reader, int64_t column, const char *bytes, size_t length);
/* False if reading ends here: stopped, or an error. */
bool grid_end_row(struct grid_reader *reader, int percent);
bool grid_fail(struct grid_reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
