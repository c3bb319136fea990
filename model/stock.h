/* Stock: the only place that changes on hand and damaged, always together with a ledger row
 * (product.md §2). Quantities are thousandths. */
#ifndef COUNTERTOP_MODEL_STOCK_H
#define COUNTERTOP_MODEL_STOCK_H

#include "model/command.h"

struct stock_change {
	const char *store;
	const char *sku;
	int64_t on_hand;            /* change, signed */
	int64_t damaged;            /* change, signed */
	const char *reason;         /* ledger.reason */
	const struct call_doc *doc; /* NULL if none */
	bool fact; /* may go below zero: raises negative_stock instead of refusing */
};

/* Posts the change, making the stock line if there is none. Refuses not_enough when a request would
 * take on hand or damaged below zero. Does nothing for a store whose rows are not held here. */
enum refusal stock_post(struct call *call, const struct stock_change *change);

int64_t stock_on_hand(struct db *db, const char *store, const char *sku);
bool stock_has_line(struct db *db, const char *store, const char *sku);

/* As of a time: what was posted later is left out, whenever it came; the second sums corrections. */
int64_t stock_on_hand_at(struct db *db, const char *store, const char *sku, int64_t at_ms);
int64_t stock_corrected_at(struct db *db, const char *store, const char *sku, int64_t at_ms);
struct stock_span {
	const char *store, *sku;
	int64_t after_ms, until_ms;
};
/* Did on hand change after one time and up to the other? */
bool stock_moved_between(struct db *db, const struct stock_span *span);

struct stock_figures {
	int64_t on_hand, in_transit_in, in_transit_out, damaged, available;
};
/* Available = on hand − own outbound orders not yet shipped. */
struct stock_figures stock_figures_of(struct db *db, const char *store, const char *sku);

#endif
