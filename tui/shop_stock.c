#include "tui/shop_stock.h"

#include "model/far_stock.h"

void shop_stock_of(
	const struct shop *shop, const char *store, const char *sku, struct shop_stock *out)
{
	struct db *db = shop_db(shop);
	struct far_stock far;

	*out = (struct shop_stock){.is_known = false};
	if (!db || !store[0])
		return;
	if (shop_follows(shop, store)) {
		out->is_known = true;
		out->is_stocked = stock_has_line(db, store, sku);
		out->figures = stock_figures_of(db, store, sku);
		return;
	}
	far_stock_of(db, store, sku, &far);
	out->is_known = far.at_ms > 0;
	out->is_stocked = far.is_stocked;
	out->told_ms = far.at_ms;
	out->figures = far.figures;
}

void shop_stock_ask(const struct shop *shop, const char *sku)
{
	struct db *db = shop_db(shop);

	if (db && far_stock_ask(db, sku, shop_now(shop)) && shop->poke)
		shop->poke(shop->poke_ctx, false);
}

bool shop_stock_is_nowhere_else(const struct shop *shop, const char *sku)
{
	struct db *db = shop_db(shop);
	struct far_stock far;

	if (!db ||
		db_has(db, "SELECT 1 FROM stock WHERE sku = $1 AND store <> $2", "tt", sku,
			shop->store))
		return false;
	far_stock_of(db, shop->store, sku, &far);
	return far.at_ms > 0 ? far_stock_is_nowhere(db, shop->store, sku)
			     : shop->console->store_count > 1;
}
