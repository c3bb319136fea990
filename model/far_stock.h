/* What other stores have of a SKU, as HQ told when somebody looked (design.md §3). Their rows are in no feed
 * of this console, so this is not kept in step: it is shown with its age, and kept for when the line is
 * down. It stands in cache.db: screens ask, the syncer fetches. Quantities are thousandths. */
#ifndef COUNTERTOP_MODEL_FAR_STOCK_H
#define COUNTERTOP_MODEL_FAR_STOCK_H

#include "model/console.h"
#include "model/stock.h"

/* What is younger is not asked for again. */
#define FAR_STOCK_FRESH_MS INT64_C(60000)

struct far_stock {
	int64_t at_ms;   /* when HQ told, by its clock; 0: never */
	bool is_stocked; /* the store has a stock line of it; else the figures are 0 */
	struct stock_figures figures;
};

/* Notes that somebody looks at the SKU; true if the syncer has now to be told, because that is new and what
 * is known is old. A cache that is busy is left alone: whoever looks again asks again. */
bool far_stock_ask(struct db *cache, const char *sku, int64_t now_ms);
void far_stock_of(struct db *cache, const char *store, const char *sku, struct far_stock *out);
/* Did HQ tell that no store but this one ever had it? Then the SKU is likely mistyped (seed 001). */
bool far_stock_is_nowhere(struct db *cache, const char *but_store, const char *sku);

/* How many SKUs HQ is still asked about. */
int64_t far_stock_waiting(struct db *cache);

/* For the syncer: the SKU that waits longest; false if none does. */
bool far_stock_next(struct db *cache, char sku[COMMAND_ID_MAX + 1]);
/* HQ's answer, a list of GET /v1/stock; NULL: HQ will not tell, so it is not asked for until somebody looks
 * again. False if the cache does not take it. */
bool far_stock_take(struct db *cache, const char *sku, const cJSON *list, int64_t now_ms);
/* All of it into another cache, which takes the place of this one. */
void far_stock_copy(struct db *cache, struct db *into);

#endif
