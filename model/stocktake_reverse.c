/* A sheet that takes back what a corrected one posted (product.md §3): a document of its own that starts
 * mismatched, with a line for each line that posted anything. Its lines say on hand at this moment, and
 * that without the posting; from there it goes on like any sheet.
 *
 * Its first round is no count of the shelf. So it makes no other sheet's count an older one, goods that
 * move meanwhile stay out of its difference, and a line is marked `later` if another sheet counted the
 * SKU after the corrected one did: that count knows better (line_rank, stocktake_note_posting). */
#include "model/handlers.h"
#include "model/stocktake_line.h"

#include <stdlib.h>

static enum refusal check_reverse(struct call *call, struct sheet *old)
{
	enum refusal refusal = sheet_load(call, old);
	if (refusal != REFUSAL_NONE)
		return refusal;
	cJSON_AddStringToObject(call_result(call), "status", stocktake_words[old->status]);
	if (old->status != STOCKTAKE_CORRECTED)
		return call_refuse(call, REFUSED_wrong_status, "the sheet is %s",
			stocktake_words[old->status]);
	/* One that ended and took nothing back leaves everything to a later one. */
	char *number = db_get_text(call->db,
		"SELECT r.number FROM stocktake r WHERE r.reverses = $1 AND r.status <> 'void' AND (r.status NOT IN "
		"('matched', 'corrected') OR EXISTS (SELECT 1 FROM stocktake_line l WHERE l.stocktake = r.id AND "
		"l.posted <> 0))",
		"t", old->id);
	if (number) {
		refusal = call_refuse(call, REFUSED_already_exists, "%s reverses it", number);
		free(number);
		return refusal;
	}
	if (!db_has(call->db, "SELECT 1 FROM stocktake_line WHERE stocktake = $1 AND posted <> 0",
		    "t", old->id))
		return call_refuse(call, REFUSED_nothing_to_do, "the sheet posted nothing");
	return REFUSAL_NONE;
}

static void make_sheet(struct call *call, const struct sheet *old, const char *number)
{
	const char *note = call_text(call, "note");
	db_run(call->db,
		"INSERT INTO stocktake (id, number, store, scope, categories, vendors, blind, creator, note, status, round, "
		"reverses, created_at, created_by, started_at, ended_at) SELECT $1, $2, s.store, s.scope, s.categories, "
		"s.vendors, 0, $3, $4, 'mismatched', 1, s.id, $5, $3, $5, $5 FROM stocktake s WHERE s.id = $6",
		"ttttit", call->command->id, number, call->command->actor, note ? note : "",
		call->at_ms, old->id);
}

static void make_lines(struct call *call, const struct sheet *old)
{
	db_run(call->db,
		"INSERT INTO stocktake_line (stocktake, sku, store, round, book, counted, corrected, counted_at) "
		"SELECT $1, l.sku, l.store, 1, COALESCE(k.on_hand, 0), COALESCE(k.on_hand, 0) - l.posted, "
		"CAST(COALESCE((SELECT sum(g.qty) FROM ledger g WHERE g.store = l.store AND g.sku = l.sku AND g.reason = "
		"'correction'), 0) AS BIGINT), $2 FROM stocktake_line l "
		"LEFT JOIN stock k ON k.store = l.store AND k.sku = l.sku WHERE l.stocktake = $3 AND l.posted <> 0",
		"tit", call->command->id, call->at_ms, old->id);
	db_run(call->db,
		"INSERT INTO count_entry (id, stocktake, store, sku, round, no, zone, mode, qty, book, corrected, pass, at, "
		"actor) SELECT l.stocktake || '.' || l.sku, l.stocktake, l.store, l.sku, 1, 1, '', 'set', l.counted, l.book, "
		"l.corrected, 1, l.counted_at, $1 FROM stocktake_line l WHERE l.stocktake = $2",
		"tt", call->command->actor, call->command->id);
	struct db_rows *rows = db_query(call->db,
		"SELECT store, sku FROM stocktake_line WHERE stocktake = $1 ORDER BY sku", "t",
		call->command->id);
	while (db_next(rows))
		line_rank(call, db_text(rows, 0), db_text(rows, 1));
	db_done(rows);
}

enum refusal stocktake_reverse(struct call *call)
{
	struct sheet old;
	char number[80];
	enum refusal refusal = check_reverse(call, &old);
	if (refusal != REFUSAL_NONE)
		return refusal;
	call_number(call, "STK", old.store, number);
	make_sheet(call, &old, number);
	make_lines(call, &old);
	struct call_doc made = {.kind = "stocktake", .id = call->command->id, .store = old.store};
	struct call_doc of = sheet_doc(&old);
	char *old_number = db_get_text(
		call->db, "SELECT number FROM stocktake WHERE id = $1", "t", old.id);
	call_log(call, &made, old_number);
	call_log(call, &of, number);
	free(old_number);
	cJSON *result = call_result(call);
	cJSON_AddStringToObject(result, "id", call->command->id);
	cJSON_AddStringToObject(result, "number", number);
	cJSON_ReplaceItemInObjectCaseSensitive(
		result, "status", cJSON_CreateString(stocktake_words[STOCKTAKE_MISMATCHED]));
	return REFUSAL_NONE;
}
