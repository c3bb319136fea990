/* The stock documents of this store under way that hold a product, with their figures of that product. */
#ifndef COUNTERTOP_TUI_PRODUCT_DOCUMENTS_H
#define COUNTERTOP_TUI_PRODUCT_DOCUMENTS_H

#include "tui/source.h"

#define PRODUCT_DOCUMENTS_COLUMNS 7

struct product_documents {
	const struct shop *shop;
	const struct source *source;
	const char *sku;
	struct list_column columns[PRODUCT_DOCUMENTS_COLUMNS]; /* for the list */
};

/* Sets the source up; it keeps `self` and `sku`, which live as long as it. */
void product_documents_init(
	struct product_documents *self, struct source *source, struct shop *shop, const char *sku);

#endif
