/* The two lists of an import that was read: its bad rows, and the documents the good ones make. */
#ifndef COUNTERTOP_TUI_IMPORT_LIST_H
#define COUNTERTOP_TUI_IMPORT_LIST_H

#include "model/import.h"
#include "tui/list.h"
#include "tui/shop.h"

enum import_list_view { IMPORT_BAD, IMPORT_ORDERS, IMPORT_VIEWS };

struct import_list {
	struct list list;
	const struct shop *shop;
	const struct import *import;
	enum import_list_view view;
	const char *kind; /* only bad rows of this kind; NULL: all */
	int *shown;       /* owned: which are listed, by their place in the import */
	int shown_count;
};

/* The import must outlive it. False when out of memory; import_list_free in either case. */
bool import_list_init(struct import_list *self, const struct shop *shop,
	const struct import *import, enum import_list_view view);
void import_list_free(struct import_list *self);
/* Only bad rows of this kind; NULL: all. */
void import_list_show(struct import_list *self, const char *kind);
/* The place in the import of the row under the cursor; -1: there is none. */
int import_list_now(const struct import_list *self);

/* The store at the other end by name, or the third party. */
void import_list_other(
	const struct shop *shop, const struct import_order *order, char *out, size_t size);

#endif
