/* What the sender of a document has of its goods. Quantities are thousandths. */
#ifndef COUNTERTOP_TUI_DOCUMENT_STOCK_H
#define COUNTERTOP_TUI_DOCUMENT_STOCK_H

#include "tui/document_data.h"

struct document_stock {
	/* Shipping more is refused: on hand, and damaged units to a third party. Below 0, if on hand is. */
	int64_t can_leave;
	int64_t available; /* on hand and not promised to other outbound orders: as it is, also below 0 */
};

/* Of a line of a document that this store sends; all 0 while the cache cannot be read. */
struct document_stock document_stock_of(
	const struct document *document, const struct document_line *line);

/* "A1: 7 to ship, 5 on hand", appended on a line of its own; false if there is enough. */
bool document_add_lack(struct text *text, const char *sku, int64_t qty_milli, int64_t has_milli);
/* The same for all that is not shipped yet of a document; how many lines lack something. */
size_t document_add_lacks(const struct document *document, struct text *text);

#endif
