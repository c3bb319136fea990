/* A report read into memory, as text with bars: what the pane and `countertop report` show. */
#ifndef COUNTERTOP_TUI_REPORT_ROWS_H
#define COUNTERTOP_TUI_REPORT_ROWS_H

#include "model/report.h"

#include <stdbool.h>
#include <stddef.h>

#define REPORT_ROWS_MAX 5000
#define REPORT_CELL_BYTES 512

struct report_rows {
	const struct report *report;
	char **cells;     /* count × column_count, owned */
	int64_t *charted; /* one a row */
	int count;
	bool is_cut;  /* there are more rows than these */
	int64_t most; /* the largest of `charted`, without its sign */
};

/* False if the database would not give them. report_rows_free in either case. */
bool report_rows_read(struct report_rows *rows, struct db *db, const struct report *report,
	const struct report_range *range);
void report_rows_free(struct report_rows *rows);
const char *report_rows_cell(const struct report_rows *rows, int row, int column);
/* The bar of a row, at most width_cols columns wide; out has room for 3 bytes a column and a NUL. A
 * negative one begins with −. */
void report_rows_bar(const struct report_rows *rows, int row, int width_cols, char *out);

/* All rows into a file, CSV or XLSX by its ending; false with a sentence. */
bool report_rows_write(struct db *db, const struct report *report, const struct report_range *range,
	const char *path, char *error, size_t size);

#endif
