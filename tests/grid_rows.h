/* Reads a whole .csv or .xlsx file, for tests of what was written or is to be read. */
#ifndef COUNTERTOP_TESTS_GRID_ROWS_H
#define COUNTERTOP_TESTS_GRID_ROWS_H

#include "model/grid.h"
#include "model/text.h"

/* Opens it, reads all of it and closes it, as grid.h says. */
bool grid_rows_read(const char *path, bool (*take)(void *ctx, const struct grid_row *row),
	void *ctx, char *error, size_t size);
/* Adds it as text, a|b|c, a line each; fails the test if that cannot be. */
void grid_rows_add(const char *path, struct text *rows);

#endif
