#include "tests/grid_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

bool grid_rows_read(const char *path, bool (*take)(void *ctx, const struct grid_row *row),
	void *ctx, char *error, size_t size)
{
	struct grid_reading *reading = grid_open(path, take, ctx, error, size);
	while (reading && grid_step(reading))
		;
	return reading && grid_close(reading);
}

static bool add_row(void *ctx, const struct grid_row *row)
{
	struct text *rows = ctx;
	for (int i = 0; i < row->count; i++)
		text_addf(rows, "%s%s", i ? "|" : "", row->cells[i]);
	text_add(rows, "\n");
	return true;
}

void grid_rows_add(const char *path, struct text *rows)
{
	char error[300] = "";
	if (!grid_rows_read(path, add_row, rows, error, sizeof error))
		fail_msg("%s: %s", path, error);
}
