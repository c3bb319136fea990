/* Counting: entries are facts, a line is what its entries add up to (product.md §3).
 *
 * Within a zone and round, `add` entries sum and a `set` entry replaces what the zone had; zones sum.
 * The newest round that has a live entry counts. A zero from "count the rest as zero" counts only
 * while its round has no real entry. Entries are taken in the order in which they arrived. */
#include "model/handlers.h"
#include "model/stock.h"
#include "model/stocktake.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line_sum {
	bool any, zero, moved;
	int64_t round, counted, book, last_no, corrected;
	int64_t first_book;
};

/* What a zone adds up to. A typed quantity starts it anew. */
struct zone_sum {
	bool any, moved;
	int64_t qty, first_book;
};

static void zone_take(struct zone_sum *zone, const char *mode, int64_t qty, int64_t book)
{
	if (!zone->any || strcmp(mode, "add") != 0)
		*zone = (struct zone_sum){.any = true, .first_book = book};
	zone->qty += qty;
	zone->moved = zone->moved || book != zone->first_book;
}

/* Adds a whole zone to the line and empties it. */
static void sum_zone(struct line_sum *sum, struct zone_sum *zone)
{
	if (!zone->any)
		return;
	sum->moved = sum->moved || zone->moved || (sum->any && zone->first_book != sum->first_book);
	sum->first_book = zone->first_book;
	sum->counted += zone->qty;
	sum->any = true;
	*zone = (struct zone_sum){.any = false};
}

/* The line's book is the book at its last entry. */
static void sum_last(struct line_sum *sum, struct db_rows *entry)
{
	if (db_int(entry, 5) <= sum->last_no)
		return;
	sum->book = db_int(entry, 3);
	sum->corrected = db_int(entry, 4);
	sum->last_no = db_int(entry, 5);
}

/* Reads the live entries of one line and round, zone by zone in order of arrival. */
static struct line_sum sum_round(
	struct call *call, const char *sheet, const char *sku, int64_t round)
{
	struct line_sum sum = {.round = round};
	struct zone_sum zone = {.any = false};
	char *name = NULL;
	struct db_rows *rows = db_query(call->db,
		"SELECT zone, mode, qty, book, corrected, no FROM count_entry WHERE stocktake = $1 AND "
		"sku = $2 AND round = $3 AND undone = 0 ORDER BY mode = 'zero', zone, no",
		"tti", sheet, sku, round);
	while (db_next(rows)) {
		const char *mode = db_text(rows, 1);
		bool real = strcmp(mode, "zero") != 0;
		if (!real && name)
			break;
		sum.zero = !real;
		if (!name || strcmp(name, db_text(rows, 0)) != 0) {
			free(name);
			name = text_copy(db_text(rows, 0));
			sum_zone(&sum, &zone);
		}
		zone_take(&zone, mode, db_int(rows, 2), db_int(rows, 3));
		sum_last(&sum, rows);
	}
	db_done(rows);
	free(name);
	sum_zone(&sum, &zone);
	return sum;
}

/* What the books say of a SKU at this moment. */
struct moment {
	int64_t book, corrected;
};

static struct moment moment_of(struct call *call, const struct sheet *sheet, const char *sku)
{
	return (struct moment){.book = stock_on_hand(call->db, sheet->store, sku),
		.corrected = stock_corrected(call->db, sheet->store, sku)};
}

/* A scan on a line that has real counts of this round only adds: its earlier entries need not be
 * read again, however many there are. False if they must. */
static bool line_add(struct call *call, const struct sheet *sheet, const char *sku, int64_t qty,
	const struct moment *now)
{
	db_run(call->db,
		"UPDATE stocktake_line SET counted = counted + $1, moved = CASE WHEN book <> $2 THEN 1 ELSE "
		"moved END, book = $2, corrected = $3, later = 0 WHERE stocktake = $4 AND sku = $5 AND round = $6 AND "
		"zeroed = 0 AND counted IS NOT NULL",
		"iiitti", qty, now->book, now->corrected, sheet->id, sku, sheet->round);
	return db_changed(call->db) == 1;
}

/* Works the line out again from its entries. */
static void line_refresh(struct call *call, const struct sheet *sheet, const char *sku)
{
	int64_t round = db_get_int(call->db, 0,
		"SELECT max(round) FROM count_entry WHERE stocktake = $1 AND sku = $2 AND undone = 0",
		"tt", sheet->id, sku);
	if (round == 0) {
		db_run(call->db,
			"UPDATE stocktake_line SET counted = NULL, round = 0, book = $1, moved = 0, zeroed = 0 WHERE stocktake = $2 "
			"AND sku = $3",
			"itt", stock_on_hand(call->db, sheet->store, sku), sheet->id, sku);
		return;
	}
	struct line_sum sum = sum_round(call, sheet->id, sku, round);
	db_run(call->db,
		"UPDATE stocktake_line SET counted = $1, round = $2, book = $3, corrected = $4, moved = $5, zeroed = $6 "
		"WHERE stocktake = $7 AND sku = $8",
		"iiiiiitt", sum.counted, sum.round, sum.book, sum.corrected, (int64_t)sum.moved,
		(int64_t)sum.zero, sheet->id, sku);
}

static bool sku_in_scope(struct call *call, const struct sheet *sheet, const char *sku)
{
	return db_has(call->db,
		"SELECT 1 FROM stocktake s JOIN stock k ON k.store = s.store LEFT JOIN product p ON p.sku = k.sku "
		"WHERE s.id = $1 AND k.sku = $2 AND " STOCKTAKE_IN_SCOPE,
		"tt", sheet->id, sku);
}

static void line_ensure(struct call *call, const struct sheet *sheet, const char *sku)
{
	if (db_has(call->db, "SELECT 1 FROM stocktake_line WHERE stocktake = $1 AND sku = $2", "tt",
		    sheet->id, sku))
		return;
	db_run(call->db,
		"INSERT INTO stocktake_line (stocktake, sku, store, extra, unknown) VALUES ($1, $2, $3, $4, $5)",
		"tttii", sheet->id, sku, sheet->store, (int64_t)!sku_in_scope(call, sheet, sku),
		(int64_t)!call_knows_sku(call, sku));
}

/* Lines of other open sheets that were counted before this entry: what they say is older now. */
static void mark_others_later(struct call *call, const struct sheet *sheet, const char *sku)
{
	db_run(call->db,
		"UPDATE stocktake_line SET later = 1 WHERE store = $1 AND sku = $2 AND stocktake <> $3 AND later = 0 AND "
		"counted IS NOT NULL AND posted IS NULL AND EXISTS (SELECT 1 FROM stocktake s WHERE "
		"s.id = stocktake_line.stocktake AND s.store = $1 AND s.status NOT IN ('corrected', 'void', 'matched'))",
		"ttt", sheet->store, sku, sheet->id);
}

static void line_work_out(struct call *call, const struct sheet *sheet, const char *sku)
{
	line_refresh(call, sheet, sku);
	db_run(call->db,
		"UPDATE stocktake_line SET later = 0 WHERE stocktake = $1 AND sku = $2 AND later = 1",
		"tt", sheet->id, sku);
}

/* After correction or void a count changes nothing, and someone is told. */
static bool too_late(struct call *call, const struct sheet *sheet, const char *sku, int64_t qty)
{
	if (sheet->status != STOCKTAKE_CORRECTED && sheet->status != STOCKTAKE_VOID)
		return false;
	struct call_doc doc = sheet_doc(sheet);
	cJSON *detail = cJSON_CreateObject();
	cJSON_AddNumberToObject(detail, "qty", (double)qty / 1000.0);
	cJSON_AddStringToObject(detail, "status", stocktake_words[sheet->status]);
	call_raise(call, "late_count", &doc, sku, detail);
	return true;
}

/* A finished sheet whose lines changed: is it still what it was? */
static void work_out_again(struct call *call, struct sheet *sheet)
{
	if (sheet->status != STOCKTAKE_MATCHED && sheet->status != STOCKTAKE_MISMATCHED)
		return;
	enum stocktake_status outcome = sheet_outcome(call, sheet);
	/* Only a late count that differs moves a matched sheet; a mismatched one may turn out matched. */
	if (outcome != sheet->status)
		sheet_set_status(call, sheet, outcome);
}

static enum refusal load_for_count(struct call *call, struct sheet *sheet)
{
	enum refusal refusal = sheet_load(call, sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	if (call->world->by_hand && sheet->status != STOCKTAKE_COUNTING &&
		sheet->status != STOCKTAKE_RECOUNTING)
		return call_refuse(call, REFUSED_wrong_status,
			"the sheet is %s: start or resume it first",
			stocktake_words[sheet->status]);
	return REFUSAL_NONE;
}

static void line_result(struct call *call, const struct sheet *sheet, const char *sku)
{
	cJSON *result = call_result(call);
	struct db_rows *rows = db_query(call->db,
		"SELECT counted, unknown, extra, moved FROM stocktake_line WHERE stocktake = $1 AND sku = "
		"$2",
		"tt", sheet->id, sku);
	if (db_next(rows)) {
		cJSON_AddStringToObject(result, "sku", sku);
		if (!db_null(rows, 0))
			cJSON_AddNumberToObject(
				result, "counted", (double)db_int(rows, 0) / 1000.0);
		cJSON_AddBoolToObject(result, "unknown", db_int(rows, 1) != 0);
		cJSON_AddBoolToObject(result, "extra", db_int(rows, 2) != 0);
		cJSON_AddBoolToObject(result, "moved", db_int(rows, 3) != 0);
	}
	db_done(rows);
}

enum refusal stocktake_count(struct call *call)
{
	struct sheet sheet;
	enum refusal refusal = load_for_count(call, &sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	const char *sku = call_text(call, "sku"), *zone = call_text(call, "zone");
	int64_t qty = line_qty(call->command->data, "qty");
	if (too_late(call, &sheet, sku, qty))
		return REFUSAL_NONE;
	line_ensure(call, &sheet, sku);
	struct moment now = moment_of(call, &sheet, sku);
	db_run(call->db,
		"INSERT INTO count_entry (id, stocktake, store, sku, round, no, zone, mode, qty, book, corrected, at, actor) "
		"VALUES ($1, $2, $3, $4, $5, 1 + COALESCE((SELECT max(no) FROM count_entry WHERE stocktake = $2 AND sku = $4), "
		"0), $6, $7, $8, $9, $10, $11, $12)",
		"ttttittiiiit", call->command->id, sheet.id, sheet.store, sku,
		sheet.round > 0 ? sheet.round : INT64_C(1), zone ? zone : "",
		call_text(call, "mode"), qty, now.book, now.corrected, call->at_ms,
		call->command->actor);
	bool adds = strcmp(call_text(call, "mode"), "add") == 0;
	if (!adds || !line_add(call, &sheet, sku, qty, &now))
		line_work_out(call, &sheet, sku);
	mark_others_later(call, &sheet, sku);
	work_out_again(call, &sheet);
	line_result(call, &sheet, sku);
	return REFUSAL_NONE;
}

enum refusal stocktake_undo(struct call *call)
{
	struct sheet sheet;
	enum refusal refusal = load_for_count(call, &sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	const char *count = call_text(call, "count");
	char *sku = db_get_text(call->db,
		"SELECT sku FROM count_entry WHERE id = $1 AND stocktake = $2 AND mode <> 'zero'",
		"tt", count, sheet.id);
	if (!sku)
		return call_refuse(
			call, REFUSED_unknown_document, "no count %s on this sheet", count);
	if (!too_late(call, &sheet, sku, 0)) {
		db_run(call->db, "UPDATE count_entry SET undone = 1 WHERE id = $1", "t", count);
		line_refresh(call, &sheet, sku);
		work_out_again(call, &sheet);
		line_result(call, &sheet, sku);
	}
	free(sku);
	return REFUSAL_NONE;
}
