/* Suggestions for the pick fields of forms: stores and products, with what matters beside them. */
#ifndef COUNTERTOP_TUI_DOCUMENT_PICK_H
#define COUNTERTOP_TUI_DOCUMENT_PICK_H

#include "tui/form.h"
#include "tui/shop.h"

/* Room for suggestions. */
struct picks {
	struct form_pick *rows;
	size_t max;
};

/* The other enabled stores. All return how many they filled in. */
size_t document_pick_store(struct shop *shop, const char *text, struct form_pick *out, size_t max);
/* Products, each with what is available of it at this store, or with what is on hand; the one that a
 * barcode or SKU names exactly comes first. */
size_t document_pick_product(
	struct shop *shop, bool is_available, const char *text, const struct picks *picks);

#endif
