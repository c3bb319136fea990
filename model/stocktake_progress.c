#include "model/stocktake_progress.h"

#include "model/stocktake.h"

#include <string.h>

/* The lines that exist: counted ones, and every one of a finished sheet. */
static void sum_lines(struct db *db, const char *stocktake, struct stocktake_progress *p)
{
	struct db_rows *rows = db_query(db,
		"SELECT count(*), COALESCE(sum(CASE WHEN counted IS NULL THEN 0 ELSE 1 END), 0),"
		" COALESCE(sum(CASE WHEN counted < book THEN 1 ELSE 0 END), 0),"
		" COALESCE(sum(CASE WHEN counted > book THEN 1 ELSE 0 END), 0),"
		" COALESCE(sum(counted), 0),"
		" COALESCE(sum(CASE WHEN counted < book THEN counted - book ELSE 0 END), 0),"
		" COALESCE(sum(CASE WHEN counted > book THEN counted - book ELSE 0 END), 0),"
		" COALESCE(sum(moved), 0) FROM stocktake_line WHERE stocktake = $1",
		"t", stocktake);
	if (db_next(rows)) {
		p->lines = db_int(rows, 0);
		p->counted = db_int(rows, 1);
		p->loss = db_int(rows, 2);
		p->gain = db_int(rows, 3);
		p->equal = p->counted - p->loss - p->gain;
		p->pieces = db_int(rows, 4);
		p->loss_qty = db_int(rows, 5);
		p->gain_qty = db_int(rows, 6);
		p->moved = db_int(rows, 7);
	}
	db_done(rows);
}

static void sum_values(struct db *db, const char *stocktake, struct stocktake_progress *p)
{
	struct db_rows *rows = db_query(db,
		"SELECT COALESCE(sum(CASE WHEN l.counted < l.book THEN (l.counted - l.book) * p.price ELSE 0 END), 0) / 1000,"
		" COALESCE(sum(CASE WHEN l.counted > l.book THEN (l.counted - l.book) * p.price ELSE 0 END), 0) / 1000 "
		"FROM stocktake_line l JOIN product p ON p.sku = l.sku "
		"WHERE l.stocktake = $1 AND l.counted <> l.book",
		"t", stocktake);
	if (db_next(rows)) {
		p->loss_value = db_int(rows, 0);
		p->gain_value = db_int(rows, 1);
	}
	db_done(rows);
}

/* Lines an unfinished sheet does not have yet: stock rows of its scope that nobody counted. A full
 * sheet's are all but the ones that exist, which an index counts; one that was extra may be in stock
 * by now. */
static int64_t lines_to_come(struct db *db, const char *stocktake)
{
	return db_get_int(db, 0,
		"SELECT CASE WHEN s.scope = 'full' THEN (SELECT count(*) FROM stock k WHERE k.store = s.store) - "
		"(SELECT count(*) FROM stocktake_line l WHERE l.stocktake = s.id AND (l.extra = 0 OR EXISTS (SELECT 1 FROM "
		"stock k WHERE k.store = l.store AND k.sku = l.sku))) ELSE "
		"(SELECT count(*) FROM stock k LEFT JOIN product p ON p.sku = k.sku WHERE " STOCKTAKE_IN_SCOPE
		" AND NOT EXISTS (SELECT 1 FROM stocktake_line l WHERE l.stocktake = s.id AND l.sku = k.sku)) END "
		"FROM stocktake s WHERE s.id = $1",
		"t", stocktake);
}

bool stocktake_progress(struct db *db, const char *stocktake, struct stocktake_progress *progress)
{
	*progress = (struct stocktake_progress){0};
	struct db_rows *rows = db_query(
		db, "SELECT status, blind, round FROM stocktake WHERE id = $1", "t", stocktake);
	bool found = db_next(rows);
	bool finished = false, recounting = false;
	int64_t round = 0;
	if (found) {
		const char *status = db_text(rows, 0);
		recounting = strcmp(status, stocktake_words[STOCKTAKE_RECOUNTING]) == 0;
		for (int i = STOCKTAKE_MATCHED; i < STOCKTAKE_STATUSES; i++)
			finished = finished || strcmp(status, stocktake_words[i]) == 0;
		progress->hidden = db_int(rows, 1) && !finished;
		round = db_int(rows, 2);
	}
	db_done(rows);
	if (!found)
		return false;
	sum_lines(db, stocktake, progress);
	if (!finished)
		progress->lines += lines_to_come(db, stocktake);
	progress->to_count = progress->lines;
	progress->done = progress->counted;
	if (recounting || round > 1) {
		int64_t again = db_get_int(db, 0,
			"SELECT count(*) FROM stocktake_line WHERE stocktake = $1 AND recount = 1",
			"t", stocktake);
		progress->to_count = again > 0 ? again : progress->to_count;
		progress->done = again > 0
			? db_get_int(db, 0,
				  "SELECT count(*) FROM stocktake_line WHERE stocktake = $1 AND "
				  "recount = 1 AND round = $2",
				  "ti", stocktake, round)
			: progress->done;
	}
	progress->entries = db_get_int(db, 0,
		"SELECT count(*) FROM count_entry WHERE stocktake = $1 AND undone = 0 AND mode <> 'zero'",
		"t", stocktake);
	if (progress->hidden)
		progress->loss = progress->gain = progress->equal = progress->loss_qty =
			progress->gain_qty = 0;
	else
		sum_values(db, stocktake, progress);
	return true;
}
