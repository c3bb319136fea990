/* How a count looks: its list, its progress, its tape of the last scans. */
#ifndef COUNTERTOP_TUI_DOCUMENT_COUNT_VIEW_H
#define COUNTERTOP_TUI_DOCUMENT_COUNT_VIEW_H

#include "tui/document_count.h"

enum count_column {
	COUNT_SKU,
	COUNT_NAME,
	COUNT_NOW,
	COUNT_BEFORE,
	COUNT_EXPECTED,
	COUNT_AVAILABLE,
	COUNT_OPEN,
	COUNT_DAMAGED,
	COUNT_MARK,
	COUNT_COLUMNS
};

/* A count and the columns that say something of it now. */
struct count_list {
	struct document_count count; /* must stay first: its rows are the list's */
	struct list_column columns[COUNT_COLUMNS];
	enum count_column shown[COUNT_COLUMNS]; /* which of them each is */
	size_t column_count;
	int name_cols; /* of the longest name */
};

/* For list_init, with a struct count_list as its ctx. */
extern const struct list_source count_list_source;
/* Chooses the columns anew; the list's column_count is the caller's to set. */
void count_list_choose(struct count_list *list);

/* Each fills one row: where from, where to and the status; this part beside the whole
 * order, each with its figures and a bar. */
void count_paint_way(const struct document_count *count, const struct rect *row);
void count_paint_progress(const struct document_count *count, const struct rect *row);
/* The last entries, newest first, under a title. */
void count_paint_tape(const struct document_count *count, const struct rect *area);

#endif
