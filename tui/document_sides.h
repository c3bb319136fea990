/* The two lists of stock documents as tables: their tabs and columns (product.md section 2). */
#ifndef COUNTERTOP_TUI_DOCUMENT_SIDES_H
#define COUNTERTOP_TUI_DOCUMENT_SIDES_H

#include "tui/source.h"

enum document_side_id { OUTBOUND, INBOUND, SIDES };

struct status_tab {
	const char *label;    /* N_ */
	const char *statuses; /* of the view's filter */
	bool is_waiting;      /* for this store */
};

enum { COLUMN_NUMBER = 1, COLUMN_FAR = 4, COLUMN_NEAR = 9, SIDE_COLUMN_COUNT = 11 };

struct document_side {
	const char *label;  /* N_ */
	const char *filter; /* the view's, for this store */
	const char *other;  /* the view's, for the store at the other end */
	const char *empty;  /* N_ */
	const struct status_tab *tabs;
	int tab_count;
	struct source_column source[SIDE_COLUMN_COUNT];
	struct list_column columns[SIDE_COLUMN_COUNT];
};

extern const struct document_side document_sides[SIDES];

/* The tab on which a status stands; tab_count if none does: only a newer HQ knows it. */
int document_side_tab(const struct document_side *side, const char *status);

#endif
