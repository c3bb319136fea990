/* Counting: entries are facts, a line is what its entries add up to (stocktake_line.c). An entry belongs to
 * the round and pass it was made in, whenever it arrives, and remembers the book as of its own time. */
#include "model/handlers.h"
#include "model/json.h"
#include "model/stock.h"
#include "model/stocktake_line.h"
#include "model/text.h"

#include <stdlib.h>
#include <string.h>

/* One entry, as the command gives it and the sheet completes it. */
struct entry {
	const char *sku, *zone, *mode;
	const char *code; /* what was scanned, if that was resolved to the SKU; else NULL */
	int64_t round, pass, qty, at_ms;
	int64_t newest_pass; /* that counted the SKU in this zone and round before; 0: none */
	bool stray;          /* it replaces the count of a line that is not in the recount */
	bool doubtful;       /* somebody should look at the line again */
};

/* A scan in the newest pass of its zone, on a line that has real counts of this round and was counted last
 * on this sheet, only adds: its earlier entries need not be read again, however many there are. False if
 * they must. */
static bool line_add(struct call *call, const struct sheet *sheet, const struct entry *entry)
{
	int64_t released = stocktake_zone_released(call->db, sheet->id, entry->zone, entry->round);
	if (strcmp(entry->mode, "add") != 0 ||
		(entry->newest_pass != 0 && entry->newest_pass != entry->pass) ||
		(released > 1 && released >= entry->pass))
		return false;
	db_run(call->db,
		"UPDATE stocktake_line SET counted = counted + $1, moved = CASE WHEN EXISTS (SELECT 1 FROM ledger g "
		"WHERE g.store = stocktake_line.store AND g.sku = stocktake_line.sku AND g.at > stocktake_line.counted_at "
		"AND g.at <= $2 AND g.qty <> 0) THEN 1 ELSE moved END, book = $3, corrected = $4, counted_at = $2 "
		"WHERE stocktake = $5 AND sku = $6 AND round = $7 AND zeroed = 0 AND later = 0 AND counted IS NOT NULL "
		"AND counted_at <= $2",
		"iiiitti", entry->qty, entry->at_ms,
		stock_on_hand_at(call->db, sheet->store, entry->sku, entry->at_ms),
		stock_corrected_at(call->db, sheet->store, entry->sku, entry->at_ms), sheet->id,
		entry->sku, entry->round);
	if (db_changed(call->db) != 1)
		return false;
	/* Lines of other open sheets that were counted before this entry: what they say is older now. */
	db_run(call->db,
		"UPDATE stocktake_line SET later = 1 WHERE stocktake IN (SELECT id FROM stocktake WHERE store = $1 AND "
		"status IN ('new', 'counting', 'paused', 'recounting', 'mismatched') AND id <> $2) AND sku = $3 AND "
		"later = 0 AND counted_at > 0 AND counted_at < $4",
		"ttti", sheet->store, sheet->id, entry->sku, entry->at_ms);
	return true;
}

/* The mark "recount suggested" goes when the line is counted anew: by a typed quantity, or in a newer
 * round or pass than what it was put on. */
static void line_unsuggest(struct call *call, const struct sheet *sheet, const struct entry *entry)
{
	bool anew = strcmp(entry->mode, "set") == 0 ||
		(entry->newest_pass != 0 && entry->pass > entry->newest_pass);
	db_run(call->db,
		"UPDATE stocktake_line SET suggest = 0 WHERE stocktake = $1 AND sku = $2 AND suggest = 1 AND "
		"counted_at <= $3 AND (round < $4 OR (round = $4 AND $5))",
		"ttiii", sheet->id, entry->sku, entry->at_ms, entry->round, (int64_t)anew);
}

static void line_work_out(struct call *call, const struct sheet *sheet, const struct entry *entry)
{
	if (!line_add(call, sheet, entry)) {
		line_unsuggest(call, sheet, entry);
		line_refresh(call, sheet, entry->sku);
		line_rank(call, sheet->store, entry->sku);
	}
	if (entry->doubtful)
		db_run(call->db,
			"UPDATE stocktake_line SET suggest = 1 WHERE stocktake = $1 AND sku = $2 AND suggest = 0",
			"tt", sheet->id, entry->sku);
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

/* While a blind sheet is counted, nobody is told that its book moved. */
static void line_result(struct call *call, const struct sheet *sheet, const char *sku)
{
	cJSON *result = call_result(call);
	struct db_rows *rows = db_query(call->db,
		"SELECT l.counted, l.unknown, l.extra, l.moved, s.blind FROM stocktake_line l JOIN stocktake s ON "
		"s.id = l.stocktake WHERE l.stocktake = $1 AND l.sku = $2",
		"tt", sheet->id, sku);
	if (db_next(rows)) {
		cJSON_AddStringToObject(result, "sku", sku);
		if (!db_null(rows, 0))
			cJSON_AddNumberToObject(
				result, "counted", (double)db_int(rows, 0) / 1000.0);
		cJSON_AddBoolToObject(result, "unknown", db_int(rows, 1) != 0);
		cJSON_AddBoolToObject(result, "extra", db_int(rows, 2) != 0);
		if (db_int(rows, 4) == 0 || sheet->status >= STOCKTAKE_MATCHED)
			cJSON_AddBoolToObject(result, "moved", db_int(rows, 3) != 0);
	}
	db_done(rows);
}

static void entry_store(struct call *call, const struct sheet *sheet, const struct entry *entry)
{
	db_run(call->db,
		"INSERT INTO count_entry (id, stocktake, store, sku, round, no, zone, mode, qty, book, corrected, at, actor, "
		"pass, code, device) VALUES ($1, $2, $3, $4, $5, 1 + COALESCE((SELECT max(no) FROM count_entry WHERE stocktake = "
		"$2 AND sku = $4), 0), $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
		"ttttittiiiititt", call->command->id, sheet->id, sheet->store, entry->sku,
		entry->round, entry->zone, entry->mode, entry->qty,
		stock_on_hand_at(call->db, sheet->store, entry->sku, entry->at_ms),
		stock_corrected_at(call->db, sheet->store, entry->sku, entry->at_ms), entry->at_ms,
		call->command->actor, entry->pass, entry->code, call->world->device);
}

/* The time of the count, and after what this terminal counted before: its clock may have been put back. */
static int64_t entry_at(struct call *call, const struct sheet *sheet, const struct entry *entry)
{
	if (!db_has(call->db,
		    "SELECT 1 FROM stocktake_line WHERE stocktake = $1 AND sku = $2 AND counted_at > $3",
		    "tti", sheet->id, entry->sku, call->at_ms))
		return call->at_ms;
	return db_get_int(call->db, call->at_ms,
		"SELECT max(at) FROM (SELECT at FROM count_entry WHERE stocktake = $1 AND sku = $2 AND round = $3 AND "
		"zone = $4 AND pass = $5 AND device = $6 UNION ALL SELECT $7)",
		"ttititi", sheet->id, entry->sku, entry->round, entry->zone, entry->pass,
		call->world->device, call->at_ms);
}

/* The round it was made in, if the terminal says so; never one that the sheet has not come to. */
static int64_t entry_round(const struct call *call, const struct sheet *sheet)
{
	int64_t now = sheet->round > 0 ? sheet->round : 1;
	int64_t round = json_int(call->command->data, "round", now);
	return round < now ? round : now;
}

/* A scan of what is not in the recount, as a box on the way to another shelf, takes the place of a count that
 * was good. One that comes after its round was finished may be such a scan: nobody can tell any more. A
 * typed quantity is meant. */
static bool entry_is_stray(struct call *call, const struct sheet *sheet, const struct entry *entry)
{
	return entry->round > 1 && strcmp(entry->mode, "add") == 0 &&
		db_has(call->db,
			"SELECT 1 FROM stocktake_line l WHERE l.stocktake = $1 AND l.sku = $2 AND l.recount = 0 AND "
			"((l.round < $3 AND l.counted IS NOT NULL AND l.zeroed = 0) OR (l.round = $3 AND l.suggest = 1 AND "
			"EXISTS (SELECT 1 FROM count_entry e WHERE e.stocktake = $1 AND e.sku = $2 AND e.no > 0 AND "
			"e.round < $3 AND e.undone = 0 AND e.mode <> 'zero')))",
			"tti", sheet->id, entry->sku, entry->round);
}

/* Two who count one zone, each at a terminal that had not heard of the other, count the same goods: the
 * counts of whoever does not hold it stand, and may be too many. */
static bool entry_is_strangers(
	struct call *call, const struct sheet *sheet, const struct entry *entry)
{
	struct stocktake_zone zone;
	const char *actor = call->command->actor ? call->command->actor : "";
	return *entry->zone && stocktake_zone_find(call->db, sheet->id, entry->zone, &zone) &&
		zone.round == entry->round && zone.pass == entry->pass &&
		strcmp(zone.holder, actor) != 0;
}

/* The pass it was made in, if the terminal says so; never one that the zone has not come to, as far as that
 * is known of its round. */
static void entry_take_pass(struct call *call, const struct sheet *sheet, struct entry *entry)
{
	struct stocktake_zone zone;
	int64_t now = stocktake_zone_pass_in(call->db, sheet->id, entry->zone, entry->round);
	entry->pass = json_int(call->command->data, "pass", now);
	if (entry->pass <= now ||
		(stocktake_zone_find(call->db, sheet->id, entry->zone, &zone) &&
			zone.round > entry->round))
		return;
	entry->pass = now;
	entry->doubtful = true;
}

static struct entry entry_of(
	struct call *call, const struct sheet *sheet, const char *sku, const char *zone)
{
	struct entry entry = {.sku = sku,
		.zone = zone,
		.mode = call_text(call, "mode"),
		.round = entry_round(call, sheet),
		.qty = line_qty(call->command->data, "qty")};
	if (strcmp(sku, call_text(call, "sku")) != 0)
		entry.code = call_text(call, "sku");
	entry_take_pass(call, sheet, &entry);
	entry.at_ms = entry_at(call, sheet, &entry);
	entry.newest_pass = db_get_int(call->db, 0,
		"SELECT max(pass) FROM count_entry WHERE stocktake = $1 AND zone = $2 AND round = $3 AND sku = $4 AND "
		"undone = 0",
		"ttit", sheet->id, entry.zone, entry.round, sku);
	entry.stray = entry_is_stray(call, sheet, &entry);
	/* If its clock cannot be right, or it came behind goods that nobody knows the time of, nobody knows what
	 * the book was when this was counted. */
	entry.doubtful = entry.doubtful || entry.stray || call->at_ms != call->command->at_ms ||
		line_is_unsure(call->db, sheet->store, sku, entry.at_ms) ||
		entry_is_strangers(call, sheet, &entry);
	return entry;
}

/* The product that the code was resolved to on this sheet, or what was counted itself. */
static char *counted_sku(struct call *call, const struct sheet *sheet)
{
	const char *sku = call_text(call, "sku");
	char *resolved = db_get_text(call->db,
		"SELECT sku FROM count_code WHERE stocktake = $1 AND code = $2", "tt", sheet->id,
		sku);
	return resolved ? resolved : text_copy(sku);
}

static void count_entry(struct call *call, struct sheet *sheet, const char *sku, const char *zone)
{
	struct entry entry = entry_of(call, sheet, sku, zone);
	line_ensure(call, sheet, sku);
	entry_store(call, sheet, &entry);
	line_work_out(call, sheet, &entry);
	sheet_work_out_again(call, sheet);
	line_result(call, sheet, sku);
	cJSON_AddBoolToObject(call_result(call), "stray", entry.stray);
}

enum refusal stocktake_count(struct call *call)
{
	struct sheet sheet;
	struct stocktake_zone_name zone = {""};
	enum refusal refusal = load_for_count(call, &sheet);
	if (refusal == REFUSAL_NONE && call_text(call, "zone"))
		refusal = stocktake_zone_named(call, &zone);
	if (refusal != REFUSAL_NONE)
		return refusal;
	if (json_int(call->command->data, "pass", 1) > STOCKTAKE_PASSES_MAX)
		return call_refuse(
			call, REFUSED_bad_data, "pass must be at most %d", STOCKTAKE_PASSES_MAX);
	char *sku = counted_sku(call, &sheet);
	if (!too_late(call, &sheet, sku, line_qty(call->command->data, "qty")))
		count_entry(call, &sheet, sku, zone.text);
	free(sku);
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
		line_rank(call, sheet.store, sku);
		sheet_work_out_again(call, &sheet);
		line_result(call, &sheet, sku);
	}
	free(sku);
	return REFUSAL_NONE;
}
