#include "tui/document_stock.h"

#include "model/i18n.h"
#include "model/stock.h"

#include <string.h>

struct document_stock document_stock_of(
	const struct document *document, const struct document_line *line)
{
	struct db *db = shop_db(document->shop);
	struct document_stock stock = {0, 0};
	struct stock_figures figures;
	bool is_promised = document->face.status == MOVEMENT_PENDING ||
		document->face.status == MOVEMENT_ACCEPTED;

	if (!db)
		return stock;
	figures = stock_figures_of(db, document->face.from, line->sku);
	stock.can_leave = figures.on_hand > 0 ? figures.on_hand : 0;
	/* What this order itself promises is there for it. */
	stock.available = figures.available +
		(is_promised ? document_line_unshipped(line) : INT64_C(0));
	if (!*document->face.to) {
		stock.can_leave += figures.damaged;
		stock.available += figures.damaged;
	}
	if (stock.can_leave == 0)
		stock.can_leave = figures.on_hand;
	return stock;
}

bool document_add_lack(struct text *text, const char *sku, int64_t qty_milli, int64_t has_milli)
{
	char qty[SHOP_QTY_BYTES], has[SHOP_QTY_BYTES];

	if (qty_milli <= has_milli)
		return false;
	shop_qty(qty_milli, qty);
	shop_qty(has_milli, has);
	text_add(text, "\n");
	/* TRANSLATORS: a SKU, how many are to be shipped, how many there are. */
	text_addf(text, _("%s: %s to ship, %s on hand"), sku, qty, has);
	return true;
}

size_t document_add_lacks(const struct document *document, struct text *text)
{
	size_t count = 0;

	for (size_t i = 0; i < document->lines.count; i++) {
		const struct document_line *line = document_line_at(document, i);

		count += document_add_lack(text, line->sku, document_line_unshipped(line),
			document_stock_of(document, line).can_leave);
	}
	return count;
}
