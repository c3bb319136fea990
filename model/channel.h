/* Channels: sets of stores, in priority order, that serve sales orders (product.md §5). */
#ifndef COUNTERTOP_MODEL_CHANNEL_H
#define COUNTERTOP_MODEL_CHANNEL_H

#include "model/command.h"

/* What one of the channel's stores has of a SKU. */
struct channel_stock {
	char store[COMMAND_ID_MAX + 1];
	int64_t on_hand;
};

/* "The channel's stores" of a SKU: the enabled ones whose stock line is in stock, in priority order,
 * as far as this database holds them. The caller frees *stocks. Their number, or -1 without memory. */
int channel_stocks(
	struct db *db, const char *channel, const char *sku, struct channel_stock **stocks);

/* Does this database hold the stock of all its stores? Always at HQ. */
bool channel_is_whole(struct call *call, const char *channel);
bool channel_serves(struct db *db, const char *channel, const char *store);

/* Goods that leave the channel's stores, or come back to one, by no one's choice of store. */
struct channel_goods {
	const char *channel;
	const char *sku;
	int64_t qty;        /* above 0 */
	const char *reason; /* ledger.reason */
	const struct call_doc *doc;
};
/* Takes them in priority order; not_enough if together they have less. */
enum refusal channel_take(struct call *call, const struct channel_goods *goods);
/* Puts them to the first; not_stocked if there is none. */
enum refusal channel_put_back(struct call *call, const struct channel_goods *goods);

#endif
