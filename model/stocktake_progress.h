/* How far a sheet is: the figures always on the screen (product.md §3). They cost the same however many
 * lines and scans the sheet has, but for a look at its scope in an index while it is not finished. */
#ifndef COUNTERTOP_MODEL_STOCKTAKE_PROGRESS_H
#define COUNTERTOP_MODEL_STOCKTAKE_PROGRESS_H

#include "model/db.h"
#include "model/text.h"

struct stocktake_progress {
	/* Lines. In a recount `to_count` are the lines that are to be counted again, and `done` those that
	 * were; otherwise all lines, and all counted ones. */
	int64_t to_count, done;
	int64_t lines, counted, equal, loss, gain;
	/* Thousandths. loss_qty is not positive. */
	int64_t pieces, loss_qty, gain_qty;
	/* Amounts in minor units, for lines whose price is known. 0 unless `valued`: while a sheet with very
	 * many differing lines is counted. */
	int64_t loss_value, gain_value;
	int64_t entries; /* scans and typed quantities received, undone ones left out */
	/* Lines with a mark. */
	int64_t moved, suggest, disputed, later, unknown, extra;
	/* Book and difference are not to be shown, as the sheet is blind and not finished: equal, loss, gain,
	 * their quantities and values, moved and suggest are 0. */
	bool hidden;
	bool valued;
};

/* Appends the DDL of the sums behind the figures and the triggers that keep them, and what fills them
 * from the rows that are there. For a console's cache, behind table_ddl. */
void stocktake_progress_ddl(struct text *sql);

/* False if there is no such sheet. */
bool stocktake_progress(struct db *db, const char *stocktake, struct stocktake_progress *progress);

#endif
