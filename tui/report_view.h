/*
 * A report as a list: rows with a mark, their words as a person reads them, and bars. Reading and drawing
 * are apart; who shows it says when it is read.
 */
#ifndef COUNTERTOP_TUI_REPORT_VIEW_H
#define COUNTERTOP_TUI_REPORT_VIEW_H

#include "model/field.h"
#include "tui/document_rows.h"
#include "tui/report_rows.h"
#include "tui/shop.h"

/* What is asked for, as it was typed; "" is the recent days. */
struct report_wish {
	char since[FIELD_DATE_BYTES], until[FIELD_DATE_BYTES];
	bool is_all; /* all stores of this terminal */
};

struct report_view {
	struct document_rows rows; /* first, as document_rows.h asks */
	struct shop *shop;
	const struct report *report;
	struct report_wish wish;   /* the owner sets it, then reads */
	struct report_range range; /* of what is shown */
	struct report_rows read;
	struct list list;
	char head[200];              /* whose figures, of which days */
	char as_of[SHOP_WHEN_BYTES]; /* "" before the first reading */

	/* Private. */
	struct list_column columns[LIST_COLUMNS_MAX];
	size_t column_count;
	int fits_cols; /* the columns fit a body this wide; 0: not yet */
	int bar_cols;
};

/* `self` is all zero. False when out of memory. report_view_free in either case. */
bool report_view_init(struct report_view *self, struct shop *shop, const struct report *report);
void report_view_free(struct report_view *self);

/* Reads all rows, as long as that takes. False if the data would not be read: then there are none. */
bool report_view_read(struct report_view *self);
/* What is wished for, read anew into a file; false with file->error. */
bool report_view_write(struct report_view *self, struct report_file *file);

/* Fits the columns into a body this wide; in recalc, before list_recalc. */
void report_view_fit(struct report_view *self, int body_cols);
/* "In transit in all: 137", of what the bars show; "" if there is no row. */
void report_view_sum(const struct report_view *self, char *out, size_t size);
/* The document of the row under the cursor; NULL if there is none. */
const char *report_view_opens(const struct report_view *self);

#endif
