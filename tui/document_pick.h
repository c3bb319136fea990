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
/* What stands beside a product: of this store's stock or another's, what is available or on hand. Nothing
 * where the terminal does not know that store's stock. */
struct pick_stock {
	const char *store;
	bool is_available;
};
/* Products; the one that a barcode or SKU names exactly comes first. */
size_t document_pick_product(struct shop *shop, const struct pick_stock *stock, const char *text,
	const struct picks *picks);

#endif
