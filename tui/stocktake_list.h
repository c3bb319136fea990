/*
 * What the pane of stocktakes looks at: those of this store or of all stores a manager answers for, a tab
 * of their statuses with counts, what it is narrowed to, and which way round it is sorted.
 */
#ifndef COUNTERTOP_TUI_STOCKTAKE_LIST_H
#define COUNTERTOP_TUI_STOCKTAKE_LIST_H

#include "tui/list_days.h"
#include "tui/stocktake_figures.h"
#include "tui/tabs.h"

#define STOCKTAKE_SEARCH_BYTES 128
#define STOCKTAKE_COLUMNS_MAX 14

/* Which sheets are looked at; "" is all. All that is set must hold. */
struct stocktake_narrowing {
	struct list_days days;
	char store[COMMAND_ID_MAX + 1];      /* where all stores are shown */
	char kind[16];                       /* full, partial, reversal */
	char number[STOCKTAKE_SEARCH_BYTES]; /* the beginning of it */
	char search[STOCKTAKE_SEARCH_BYTES]; /* a part of a number, a note or the creator */
};

struct stocktake_list {
	struct source source; /* of `list` */
	struct list list;
	struct shop *shop;
	struct tabs tabs;
	struct stocktake_narrowing narrow;
	bool is_all; /* all stores */
	int order;

	/* Private. */
	struct stocktake_figures figures;
	struct source_column cells[STOCKTAKE_COLUMNS_MAX];
	struct list_column columns[STOCKTAKE_COLUMNS_MAX];
	char store_name[SHOP_NAME_BYTES]; /* of narrow.store */
	/* All stores that may be shown, a|b|c, and how many; "" if it is every one here. */
	char stores[SOURCE_FILTER_BYTES];
	int answers_for;
	char staff[COMMAND_ID_MAX + 1]; /* whose they are */
	bool is_stale;                  /* the counts must be read again */
};

/* False when out of memory. */
bool stocktake_list_init(struct stocktake_list *self, struct shop *shop);
void stocktake_list_free(struct stocktake_list *self);

/* NULL, or why only this store's sheets can be shown: it takes a manager of several of the stores here. Reads
 * no database. */
const char *stocktake_list_why_one_store(const struct stocktake_list *self);
/* This store's, or those of all stores. */
void stocktake_list_show_all(struct stocktake_list *self, bool is_all);
/* Is this one of the stores that can be shown? */
bool stocktake_list_has_store(const struct stocktake_list *self, const char *store);

void stocktake_list_narrow(
	struct stocktake_list *self, const struct stocktake_narrowing *narrowing);
bool stocktake_list_is_narrowed(const struct stocktake_list *self);
/* That a sheet is or was blind, for a row of the view `stocktakes`; "" if it is not. */
const char *stocktake_list_blind(const struct source *source, const struct source_row *row);
/* The next order: newest first, oldest first, by their end, by number. */
void stocktake_list_sort(struct stocktake_list *self);

/* The data changed; all is read anew in the next recalc. */
void stocktake_list_changed(struct stocktake_list *self);
void stocktake_list_recalc(struct stocktake_list *self, int height_rows);

/* What it shows, what it is narrowed to and how it is sorted, so that nobody takes a part for all. */
void stocktake_list_title(const struct stocktake_list *self, char *out, size_t size);

#endif
