/* The reservation ledger and what a channel may still promise (product.md §5):
 *
 *   salable = Σ on hand at the channel's stores + Σ reservations − threshold
 *
 * The table `salable` keeps both sums for every SKU that was ever promised in a channel, so that a
 * look-up costs the same however long the ledger is, and so that a console, which holds the stock of
 * its own stores only, knows them too. Quantities are thousandths. */
#ifndef COUNTERTOP_MODEL_SALABLE_H
#define COUNTERTOP_MODEL_SALABLE_H

#include "model/command.h"
#include "model/stock.h"

struct salable {
	bool known;     /* false: on hand of other stores is not known here */
	bool unlimited; /* backorders without a limit */
	int64_t on_hand, reserved;
	int64_t threshold; /* as it counts: with backorders never above 0, else never below */
	int64_t salable;   /* unless it is unlimited or not known */
};

/* `whole`: this database holds the stock of all the channel's stores. The product must be in the
 * catalogue. */
struct salable salable_of(struct db *db, const char *channel, const char *sku, bool whole);

/* One row of the ledger; the only place that writes one. Nothing for a quantity of 0. */
struct reservation {
	const char *channel;
	const char *sku;
	int64_t qty; /* below 0: promised */
	const char *event;
	const char *order; /* its number */
};
void reservation_write(struct call *call, const struct reservation *reservation);

/* On hand of a store changed: so it does for the channels the store serves. */
void salable_note_posting(struct call *call, const struct stock_change *change);
/* The same where it is not known which of the channel's stores it was. */
void salable_note_somewhere(struct call *call, const char *channel, const char *sku, int64_t qty);
/* What counts changed: the stores of a channel; a store in all its channels, of one SKU or (NULL) all.
 * Only where all stores are held; elsewhere HQ's rows will say. */
void salable_recount_channel(struct call *call, const char *channel);
void salable_recount_store(struct call *call, const char *store, const char *sku);
/* The sum of reservations anew, from the ledger. */
void salable_recount_reserved(struct call *call, const char *channel, const char *sku);

#endif
