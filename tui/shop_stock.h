/* What a store has of a SKU, as far as this terminal knows: of the stores it follows as it is, of others as HQ
 * told when somebody last looked. */
#ifndef COUNTERTOP_TUI_SHOP_STOCK_H
#define COUNTERTOP_TUI_SHOP_STOCK_H

#include "model/stock.h"
#include "tui/shop.h"

struct shop_stock {
	bool is_known;   /* if not, the rest says nothing: not known is not zero */
	bool is_stocked; /* the store has a stock line of it */
	int64_t told_ms; /* when HQ told, of a store that is not followed; else 0 */
	struct stock_figures figures;
};

/* Of a document with many lines HQ is asked about so many by itself. */
#define SHOP_STOCK_ASK_LINES 100

/* Reads the database only. */
void shop_stock_of(
	const struct shop *shop, const char *store, const char *sku, struct shop_stock *out);
/* Has HQ asked for the stock of the SKU elsewhere, unless what is known is fresh. The answer comes as any
 * change does. */
void shop_stock_ask(const struct shop *shop, const char *sku);
/* No store but this one has it, as far as anything is known of others: check the SKU. */
bool shop_stock_is_nowhere_else(const struct shop *shop, const char *sku);

#endif
