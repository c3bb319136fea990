/* Source selection (product.md §5): where the outstanding units of an order could be shipped from. It proposes;
 * whoever ships may take another store of the channel. Quantities are thousandths. */
#ifndef COUNTERTOP_MODEL_ORDER_SOURCE_H
#define COUNTERTOP_MODEL_ORDER_SOURCE_H

#include "model/command.h"

struct order_source {
	char sku[COMMAND_ID_MAX + 1];
	char store[COMMAND_ID_MAX + 1]; /* "": no store of the channel has these */
	int64_t qty;
};

/* Walks the channel's stores in priority order and takes what is there, line by line; what cannot be shipped
 * comes behind, without a store. As far as this database holds the stores: HQ holds them all. The caller
 * frees *sources. Their number, or -1 without memory; 0 too for an order that is not known. */
int order_sources(struct db *db, const char *number, struct order_source **sources);

#endif
