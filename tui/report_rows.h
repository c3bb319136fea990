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
	char **opens;     /* one a row: the document it is about; NULL: none; owned */
	int count;
	bool is_cut;  /* there are more rows than these */
	int64_t most; /* the largest of `charted`, without its sign */
	int64_t sum;  /* of `charted` */
};

/* Puts a person's word for a cell's text (a store's name, a status) into `out`, which holds the text. */
struct report_words {
	void (*word)(void *ctx, enum report_type type, char *out, size_t size);
	void *ctx;
};

/* The words of statuses and reasons in the person's language; what is no word of the program stays. A
 * function for struct report_words; ctx is not looked at. */
void report_rows_word(void *ctx, enum report_type type, char *out, size_t size);

/* words NULL: texts stay as they are. False if the database would not give the rows. report_rows_free in
 * either case. */
bool report_rows_read(struct report_rows *rows, struct db *db, const struct report *report,
	const struct report_range *range, const struct report_words *words);
void report_rows_free(struct report_rows *rows);
const char *report_rows_cell(const struct report_rows *rows, int row, int column);
/* The columns a column takes, its heading included, at most most_cols. */
int report_rows_cols(const struct report_rows *rows, int column, int most_cols);
/* The bar of a row, at most width_cols columns wide; out has room for 3 bytes a column and a NUL. A
 * negative one begins with −. */
void report_rows_bar(const struct report_rows *rows, int row, int width_cols, char *out);

/* All rows into a file, CSV or XLSX by its ending; false with a sentence. */
struct report_file {
	const char *path;
	int64_t rows; /* written */
	char error[300];
};
bool report_rows_write(struct db *db, const struct report *report, const struct report_range *range,
	struct report_file *file);

#endif
