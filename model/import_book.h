/* The orders of an import, found by what they are: a file may have very many of them and of their lines.
 * Between the files of the import; nobody else includes this. */
#ifndef COUNTERTOP_MODEL_IMPORT_BOOK_H
#define COUNTERTOP_MODEL_IMPORT_BOOK_H

#include "model/import.h"

struct import_book {
	struct import *import;            /* whose orders; not owned */
	void *order_places, *line_places; /* private */
};

/* The place of the order of the same kind, other end and date; -1: there is none. */
int import_book_find(const struct import_book *book, const struct import_order *like);
/* The place of the order's line of that SKU; -1: it has none. */
int import_book_line(const struct import_book *book, int order, const char *sku);
/* Adds the line to the order that is like it, which is made if there is none. */
void import_book_add(struct import_book *book, const struct import_order *like, const char *sku,
	int64_t qty_milli);
/* Of an import that has its orders already. */
void import_book_open(struct import_book *book, struct import *import);
void import_book_close(struct import_book *book);

/* Room for one more; never NULL. */
void *import_grow(void *list, int count, int *room, size_t size);

#endif
