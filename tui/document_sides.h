/* The lists of stock documents as tables: their tabs and columns (product.md section 2). */
#ifndef COUNTERTOP_TUI_DOCUMENT_SIDES_H
#define COUNTERTOP_TUI_DOCUMENT_SIDES_H

#include "tui/panes.h"
#include "tui/source.h"

/* Which end of its documents this store is. */
#define END_SOURCE 1u
#define END_DESTINATION 2u
#define END_ANY (END_SOURCE | END_DESTINATION)

struct status_tab {
	const char *label;    /* N_ */
	const char *statuses; /* of the view's filter */
	unsigned ends;        /* this store is one of these on the documents of the tab */
	bool is_waiting;      /* for this store */
	bool is_uncounted;    /* nothing can have been checked or agreed to yet */
};

/* Whose store's id stands in the numbers of a column. */
enum number_kind { NUMBER_NONE, NUMBER_OWN, NUMBER_PARTNER, NUMBER_TRANSFER };

/* The last is of transfer orders: the number of this store's side of the movement. */
enum { COLUMN_MARK, COLUMN_CHECKED = 3, NUMBER_EXTRA_COLUMN = 8, SIDE_COLUMNS_MAX = 11 };

struct document_side {
	const char *label;   /* N_ */
	const char *action;  /* the key that shows it */
	const char *present; /* N_: why that key does nothing while it is shown */
	const char *empty;   /* N_ */
	const char *file;    /* what its list is called as a file */
	const char *view;
	const char *table, *lines; /* whose rows HQ may not have confirmed */
	const struct status_tab *tabs;
	int tab_count;
	unsigned ends; /* of all tabs */
	int source_column, destination_column;
	int column_count;
	struct source_column source[SIDE_COLUMNS_MAX];
	struct list_column columns[SIDE_COLUMNS_MAX];
	enum number_kind numbers[SIDE_COLUMNS_MAX]; /* their widths are fitted */
};

extern const struct document_side document_sides[DOCUMENT_SIDES];

/* Is it one of a|b|c? */
bool document_has_status(const char *statuses, const char *status);
/* The tab on which a status stands where this store is at this end; tab_count if none does: only a newer HQ
 * knows it. */
int document_side_tab(const struct document_side *side, const char *status, unsigned end);
/* The same where either end would do: the tab that waits for this store, if there is one. */
int document_side_waiting_tab(const struct document_side *side, const char *status);
/* How many documents stand on that tab, which waits for this store. */
long document_side_waiting_count(struct shop *shop, enum document_side_id side, const char *status);

#endif
