/* Writes rows of cells to a file, CSV or XLSX by its ending. The file appears whole or not at all: it
 * is written beside its place and moved there at the end.
 *
 * Spreadsheets run a text that begins like a formula. So in CSV a text cell that begins with one of
 * = + - @ or a control character gets an apostrophe in front; in XLSX a text is a text. */
#ifndef COUNTERTOP_MODEL_GRID_WRITE_H
#define COUNTERTOP_MODEL_GRID_WRITE_H

#include <stdbool.h>
#include <stddef.h>

struct grid_column {
	const char *heading; /* in the user's language */
	bool number;         /* its cells are decimals, or empty */
	int width_cols;      /* for XLSX */
};

struct grid_writer;

/* True if the path ends in .csv or .xlsx, in any case. */
bool grid_is_writable(const char *path);
/* columns must outlive the writer. NULL with a sentence if the path has neither ending or cannot be
 * written. The headings are written at once. */
struct grid_writer *grid_writer_open(
	const char *path, const struct grid_column *columns, int count, char *error, size_t size);
/* A cell for each column; NULL is empty. Trouble is kept until the end. */
void grid_writer_row(struct grid_writer *writer, const char *const *cells);
/* Moves the file to its place and frees the writer. False with a sentence: then nothing is there that
 * was not there before. */
bool grid_writer_end(struct grid_writer *writer, char *error, size_t size);
/* Gives up: removes what was written, and frees the writer. */
void grid_writer_abandon(struct grid_writer *writer);

#endif
