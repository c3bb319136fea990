/* How far a sheet is: the figures always on the screen (product.md §3), from a few sums. */
#ifndef COUNTERTOP_MODEL_STOCKTAKE_PROGRESS_H
#define COUNTERTOP_MODEL_STOCKTAKE_PROGRESS_H

#include "model/db.h"

struct stocktake_progress {
	/* Lines. In a recount `to_count` are the lines that differed, and `done` those counted again;
	 * otherwise all lines, and all counted ones. */
	int64_t to_count, done;
	int64_t lines, counted, equal, loss, gain;
	/* Thousandths. loss_qty is not positive. Both 0 while a blind sheet is not finished. */
	int64_t pieces, loss_qty, gain_qty;
	/* Amounts in minor units, for lines whose price is known. */
	int64_t loss_value, gain_value;
	int64_t entries; /* scans and typed quantities received, undone ones left out */
	int64_t moved;   /* lines whose book moved while they were counted */
	bool hidden;     /* book and difference are not to be shown: blind and not finished */
};

/* False if there is no such sheet. */
bool stocktake_progress(struct db *db, const char *stocktake, struct stocktake_progress *progress);

#endif
