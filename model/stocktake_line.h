/* A line of a stocktake: what its entries add up to, and what the books were then (product.md §3). */
#ifndef COUNTERTOP_MODEL_STOCKTAKE_LINE_H
#define COUNTERTOP_MODEL_STOCKTAKE_LINE_H

#include "model/stocktake.h"
#include "model/stocktake_zone.h"

/* What one pass of a zone has counted of a SKU. Times are those of the entries that count. */
struct pass_sum {
	bool any;
	int64_t qty, first_at, last_at;
};

/* All passes of one zone and round, by their number; [0] is unused. */
struct zone_sum {
	struct pass_sum passes[STOCKTAKE_PASSES_MAX + 1];
};
/* Takes an entry; they come in the order of their times. */
void zone_sum_take(struct zone_sum *zone, int64_t pass, const char *mode, int64_t qty, int64_t at);
/* What the zone counts for: its newest pass. */
int64_t zone_sum_counted(const struct zone_sum *zone);
/* Do the passes released so far leave open how many there are? */
bool zone_sum_disputed(const struct zone_sum *zone, int64_t released);

/* Makes the line if there is none. */
void line_ensure(struct call *call, const struct sheet *sheet, const char *sku);
/* At a finish: suggests a recount where the round counted a line in one zone and left out another that an
 * earlier round had it in. */
void sheet_suggest_dropped(struct call *call, const struct sheet *sheet);

/* Works the line out again from its entries. */
void line_refresh(struct call *call, const struct sheet *sheet, const char *sku);
/* After an entry, an undo or another sheet's count: which sheet's line counted the SKU last? */
void line_rank(struct call *call, const char *store, const char *sku);
/* The same for all lines of the sheet. */
void sheet_rank(struct call *call, const struct sheet *sheet);
/* The outcome of a finished sheet whose lines changed. */
void sheet_work_out_again(struct call *call, struct sheet *sheet);

/* May goods have moved before this time that are booked behind it? Nobody says when they did. */
bool line_is_unsure(struct db *db, const char *store, const char *sku, int64_t at_ms);
/* A change of on hand was posted: a line of another document that was counted later than it is worked out
 * again, and marked if goods moved. */
struct stock_change;
void stocktake_note_posting(struct call *call, const struct stock_change *change);

#endif
