/* An unknown code of a sheet turns out to be a product (product.md §3): what was counted under the code
 * counts under the product from now on, whenever it arrives. Its entries keep their ids, so that an undo
 * that is still on its way finds them, and keep the code, so that the tape shows what was scanned. */
#include "model/handlers.h"
#include "model/stock.h"
#include "model/stocktake_line.h"
#include "model/text.h"

#include <stdlib.h>
#include <string.h>

/* Where the code's entries stand: under the code itself, or under the product an earlier resolve named. */
static char *stands_under(struct call *call, const struct sheet *sheet, const char *code)
{
	char *sku = db_get_text(call->db,
		"SELECT sku FROM count_code WHERE stocktake = $1 AND code = $2", "tt", sheet->id,
		code);
	if (sku ||
		!db_has(call->db,
			"SELECT 1 FROM stocktake_line WHERE stocktake = $1 AND sku = $2 AND unknown = 1",
			"tt", sheet->id, code))
		return sku;
	return text_copy(code);
}

static enum refusal check_resolve(struct call *call, struct sheet *sheet)
{
	enum refusal refusal = sheet_load(call, sheet);
	const char *sku = call_text(call, "sku");
	if (refusal != REFUSAL_NONE)
		return refusal;
	if (sheet->status == STOCKTAKE_NEW || sheet->status == STOCKTAKE_MATCHED ||
		sheet->status == STOCKTAKE_CORRECTED || sheet->status == STOCKTAKE_VOID)
		return call_refuse(call, REFUSED_wrong_status, "the sheet is %s",
			stocktake_words[sheet->status]);
	if (!call_knows_sku(call, sku))
		return call_refuse(call, REFUSED_unknown_sku, "no product %s", sku);
	return REFUSAL_NONE;
}

/* Each entry gets the product, and the book that the product had at its time. A zero for an uncounted
 * code says nothing about the product. */
static int64_t move_entries(
	struct call *call, const struct sheet *sheet, const char *from, const char *code)
{
	const char *sku = call_text(call, "sku");
	int64_t moved = 0, no = 0,
		last = db_get_int(call->db, 0,
			"SELECT max(no) FROM count_entry WHERE stocktake = $1 AND sku = $2", "tt",
			sheet->id, sku);
	while ((no = db_get_int(call->db, 0,
			"SELECT no FROM count_entry WHERE stocktake = $1 AND sku = $2 AND no > $3 AND mode <> 'zero' AND "
			"(sku = $4 OR code = $4) ORDER BY no LIMIT 1",
			"ttit", sheet->id, from, no, code)) > 0) {
		int64_t at = db_get_int(call->db, 0,
			"SELECT at FROM count_entry WHERE stocktake = $1 AND sku = $2 AND no = $3",
			"tti", sheet->id, from, no);
		db_run(call->db,
			"UPDATE count_entry SET sku = $1, code = $2, no = $3, book = $4, corrected = $5 WHERE stocktake = $6 "
			"AND sku = $7 AND no = $8",
			"ttiiitti", sku, code, ++last,
			stock_on_hand_at(call->db, sheet->store, sku, at),
			stock_corrected_at(call->db, sheet->store, sku, at), sheet->id, from, no);
		moved++;
	}
	return moved;
}

static void keep_pair(struct call *call, const struct sheet *sheet, const char *code)
{
	db_run(call->db,
		"INSERT INTO count_code (stocktake, code, store, sku, at, actor) VALUES ($1, $2, $3, $4, $5, $6) "
		"ON CONFLICT (stocktake, code) DO UPDATE SET sku = excluded.sku, at = excluded.at, actor = excluded.actor",
		"ttttit", sheet->id, code, sheet->store, call_text(call, "sku"), call->at_ms,
		call->command->actor);
}

/* Is a count of the product lost because of one under the code, or the other way round? A quantity typed for
 * one of them replaces the scans of both before it, and what was recounted under the code alone replaces
 * all that the round before had found. */
#define OF_CODE \
	"e.stocktake = $1 AND e.sku = $2 AND e.code = $3 AND e.undone = 0 AND e.mode <> 'zero'"
#define OF_OTHERS                                                                                    \
	"f.stocktake = $1 AND f.sku = $2 AND (f.code IS NULL OR f.code <> $3) AND f.undone = 0 AND " \
	"f.mode <> 'zero'"
static bool is_doubtful(struct call *call, const struct sheet *sheet, const char *code)
{
	const char *sku = call_text(call, "sku");
	return db_has(call->db,
		       "SELECT 1 FROM count_entry e JOIN count_entry f ON f.round = e.round AND f.zone = e.zone AND "
		       "f.pass = e.pass AND CASE WHEN f.at > e.at OR (f.at = e.at AND f.no > e.no) THEN f.mode ELSE e.mode "
		       "END = 'set' WHERE " OF_CODE " AND " OF_OTHERS " LIMIT 1",
		       "ttt", sheet->id, sku, code) ||
		db_has(call->db,
			"SELECT 1 FROM (SELECT max(f.round) AS others FROM count_entry f WHERE " OF_OTHERS
			") o WHERE o.others < (SELECT max(e.round) FROM count_entry e WHERE " OF_CODE
			")",
			"ttt", sheet->id, sku, code);
}

/* The lines of both: the code's goes, that of a product named before by mistake loses the entries. */
static void work_out_lines(
	struct call *call, const struct sheet *sheet, const char *from, const char *code)
{
	const char *sku = call_text(call, "sku");
	if (strcmp(from, code) == 0)
		db_run(call->db, "DELETE FROM stocktake_line WHERE stocktake = $1 AND sku = $2",
			"tt", sheet->id, code);
	else
		line_refresh(call, sheet, from);
	line_refresh(call, sheet, sku);
	if (is_doubtful(call, sheet, code))
		db_run(call->db,
			"UPDATE stocktake_line SET suggest = 1 WHERE stocktake = $1 AND sku = $2",
			"tt", sheet->id, sku);
	line_rank(call, sheet->store, from);
	line_rank(call, sheet->store, sku);
}

/* The code is the SKU of a product that came into the catalogue after it was counted. */
static enum refusal line_is_known(struct call *call, const struct sheet *sheet, const char *sku)
{
	struct call_doc doc = sheet_doc(sheet);
	db_run(call->db,
		"UPDATE stocktake_line SET unknown = 0 WHERE stocktake = $1 AND sku = $2 AND unknown = 1",
		"tt", sheet->id, sku);
	if (db_changed(call->db) == 0)
		return call_refuse(
			call, REFUSED_nothing_to_do, "it is resolved to %s already", sku);
	call_log(call, &doc, sku);
	return REFUSAL_NONE;
}

enum refusal stocktake_resolve(struct call *call)
{
	struct sheet sheet;
	const char *code = call_text(call, "code"), *sku = call_text(call, "sku");
	enum refusal refusal = check_resolve(call, &sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	char *from = stands_under(call, &sheet, code);
	if (!from)
		return call_refuse(
			call, REFUSED_not_on_document, "no unknown code %s on this sheet", code);
	if (strcmp(from, sku) == 0) {
		free(from);
		return line_is_known(call, &sheet, sku);
	}
	keep_pair(call, &sheet, code);
	line_ensure(call, &sheet, sku);
	int64_t moved = move_entries(call, &sheet, from, code);
	work_out_lines(call, &sheet, from, code);
	free(from);
	sheet_work_out_again(call, &sheet);
	struct call_doc doc = sheet_doc(&sheet);
	struct text text = TEXT_INIT(TEXT_SMALL);
	text_addf(&text, "%s → %s (%lld)", code, sku, (long long)moved);
	call_log(call, &doc, text_get(&text));
	text_free(&text);
	cJSON_AddNumberToObject(call_result(call), "entries", (double)moved);
	return REFUSAL_NONE;
}
