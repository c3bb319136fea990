/* What the entries of a line add up to (product.md §3).
 *
 * Within a zone, round and pass, `add` entries sum and a `set` entry replaces what was there; of a zone
 * the newest pass with a live entry counts, and zones sum. The newest round that has a live entry counts.
 * A zero from "count the rest as zero" counts only while its round has no real entry.
 *
 * Invariant: whatever stands here follows from the entries, the claims and the ledger by the times they
 * carry, not by the order in which they came; only the mark `suggest` says that something came late. What
 * one terminal counted stays in the order in which it was counted there, whatever its clock did meanwhile.
 * The line's book is on hand as of its last entry. */
#include "model/stocktake_line.h"

#include "model/stock.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a zone ---- */

void zone_sum_take(struct zone_sum *zone, int64_t pass, const char *mode, int64_t qty, int64_t at)
{
	int place = pass < 1 ? 1 : pass > STOCKTAKE_PASSES_MAX ? STOCKTAKE_PASSES_MAX : (int)pass;
	struct pass_sum *sum = &zone->passes[place];
	if (!sum->any || strcmp(mode, "add") != 0)
		*sum = (struct pass_sum){.any = true, .first_at = at};
	sum->qty += qty;
	sum->last_at = at;
}

/* The newest pass that counted anything; 0 if none did. */
static int newest_pass(const struct zone_sum *zone)
{
	for (int i = STOCKTAKE_PASSES_MAX; i > 0; i--) {
		if (zone->passes[i].any)
			return i;
	}
	return 0;
}

int64_t zone_sum_counted(const struct zone_sum *zone)
{
	return zone->passes[newest_pass(zone)].qty;
}

/* The second pass counts the whole zone, so what it did not find is none. Passes after it only settle
 * what differs: what they did not count stays as it was. */
bool zone_sum_disputed(const struct zone_sum *zone, int64_t released)
{
	if (released < 2)
		return false;
	int newest = released > STOCKTAKE_PASSES_MAX ? STOCKTAKE_PASSES_MAX : (int)released;
	while (newest > 2 && !zone->passes[newest].any)
		newest--;
	for (int i = 1; i < newest; i++) {
		if ((i <= 2 || zone->passes[i].any) &&
			zone->passes[i].qty == zone->passes[newest].qty)
			return false;
	}
	return true;
}

/* ---- a line ---- */

struct line_sum {
	bool is_over; /* the round */
	bool any, zero, disputed;
	int64_t counted, first_at, last_at;
};

/* Adds a whole zone to the line. */
static void add_zone(struct line_sum *line, const struct zone_sum *zone, int64_t released)
{
	int newest = newest_pass(zone);
	/* A pass that nobody finished speaks of the lines it has, once it will not go on. */
	if (line->is_over && newest > released)
		released = newest;
	const struct pass_sum *sum = &zone->passes[newest];
	if (newest == 0)
		return;
	if (!line->any || sum->first_at < line->first_at)
		line->first_at = sum->first_at;
	if (!line->any || sum->last_at > line->last_at)
		line->last_at = sum->last_at;
	line->any = true;
	line->counted += sum->qty;
	line->disputed = line->disputed || zone_sum_disputed(zone, released);
}

/* Reads the live entries of one line and round, zone by zone in the order of their times. */
static struct line_sum sum_round(
	struct call *call, const struct sheet *sheet, const char *sku, int64_t round)
{
	struct line_sum sum = {
		.is_over = sheet->status >= STOCKTAKE_MATCHED || round < sheet->round};
	struct zone_sum zone = {0};
	char *name = NULL;
	struct db_rows *rows = db_query(call->db,
		"SELECT zone, mode, qty, pass, at FROM count_entry WHERE stocktake = $1 AND sku = $2 AND round = $3 "
		"AND undone = 0 ORDER BY mode = 'zero', zone, at, no",
		"tti", sheet->id, sku, round);
	while (db_next(rows)) {
		const char *mode = db_text(rows, 1);
		bool real = strcmp(mode, "zero") != 0;
		if (!real && name)
			break;
		sum.zero = !real;
		if (!name || strcmp(name, db_text(rows, 0)) != 0) {
			if (name)
				add_zone(&sum, &zone,
					stocktake_zone_released(call->db, sheet->id, name, round));
			free(name);
			name = text_copy(db_text(rows, 0));
			zone = (struct zone_sum){0};
		}
		zone_sum_take(&zone, db_int(rows, 3), mode, db_int(rows, 2), db_int(rows, 4));
	}
	db_done(rows);
	if (name)
		add_zone(&sum, &zone, stocktake_zone_released(call->db, sheet->id, name, round));
	free(name);
	return sum;
}

/* What was scanned by mistake is no line of the sheet: nobody would count it. */
static void line_uncounted(struct call *call, const struct sheet *sheet, const char *sku)
{
	db_run(call->db,
		"DELETE FROM stocktake_line WHERE stocktake = $1 AND sku = $2 AND (extra = 1 OR unknown = 1)",
		"tt", sheet->id, sku);
	db_run(call->db,
		"UPDATE stocktake_line SET counted = NULL, round = 0, book = $1, corrected = 0, moved = 0, zeroed = 0, "
		"later = 0, suggest = 0, disputed = 0, counted_at = 0 WHERE stocktake = $2 AND sku = $3",
		"itt", stock_on_hand(call->db, sheet->store, sku), sheet->id, sku);
}

/* The line l has counts of its round in named zones only, and an earlier round has some in another: what
 * lay there was not looked at again, and is in the count no more. */
#define DROPS_ZONES                                                                            \
	"l.round > 1 AND NOT EXISTS (SELECT 1 FROM count_entry n WHERE n.stocktake = "         \
	"l.stocktake AND n.sku = l.sku AND n.no > 0 AND n.round = l.round AND n.undone = 0 "   \
	"AND (n.zone = '' OR n.mode = 'zero')) AND EXISTS (SELECT 1 FROM count_entry e WHERE " \
	"e.stocktake = l.stocktake AND e.sku = l.sku AND e.no > 0 AND e.round < l.round AND "  \
	"e.undone = 0 AND e.mode <> 'zero' AND e.qty <> 0 AND NOT EXISTS (SELECT 1 FROM "      \
	"count_entry n WHERE n.stocktake = l.stocktake AND n.sku = l.sku AND n.no > 0 AND "    \
	"n.round = l.round AND n.undone = 0 AND n.zone = e.zone))"

void sheet_suggest_dropped(struct call *call, const struct sheet *sheet)
{
	db_run(call->db,
		"UPDATE stocktake_line AS l SET suggest = 1 WHERE l.stocktake = $1 AND l.round = $2 AND "
		"l.suggest = 0 AND " DROPS_ZONES,
		"ti", sheet->id, sheet->round);
}

/* The same of one line, once its round is over: before that the other zones may be still to come. */
static void line_suggest_dropped(struct call *call, const struct sheet *sheet, const char *sku)
{
	db_run(call->db,
		"UPDATE stocktake_line AS l SET suggest = 1 WHERE l.stocktake = $1 AND l.sku = $2 AND "
		"l.suggest = 0 AND " DROPS_ZONES,
		"tt", sheet->id, sku);
}

void line_refresh(struct call *call, const struct sheet *sheet, const char *sku)
{
	/* `no` keeps SQLite on the index of the line: another one covers the query, for the whole sheet. */
	int64_t round = db_get_int(call->db, 0,
		"SELECT max(round) FROM count_entry WHERE stocktake = $1 AND sku = $2 AND no > 0 AND undone = 0",
		"tt", sheet->id, sku);
	if (round == 0) {
		line_uncounted(call, sheet, sku);
		return;
	}
	struct line_sum sum = sum_round(call, sheet, sku, round);
	db_run(call->db,
		"UPDATE stocktake_line SET counted = $1, round = $2, book = $3, corrected = $4, moved = $5, zeroed = $6, "
		"disputed = $7, counted_at = $8 WHERE stocktake = $9 AND sku = $10",
		"iiiiiiiitt", sum.counted, round,
		stock_on_hand_at(call->db, sheet->store, sku, sum.last_at),
		stock_corrected_at(call->db, sheet->store, sku, sum.last_at),
		(int64_t)stock_moved_between(call->db,
			&(struct stock_span){sheet->store, sku, sum.first_at, sum.last_at}),
		(int64_t)sum.zero, (int64_t)sum.disputed, sum.last_at, sheet->id, sku);
	if (sum.is_over && round > 1)
		line_suggest_dropped(call, sheet, sku);
}

static bool sku_in_scope(struct call *call, const struct sheet *sheet, const char *sku)
{
	return db_has(call->db,
		"SELECT 1 FROM stocktake s JOIN stock k ON k.store = s.store LEFT JOIN product p ON p.sku = k.sku "
		"WHERE s.id = $1 AND k.sku = $2 AND " STOCKTAKE_IN_SCOPE,
		"tt", sheet->id, sku);
}

void line_ensure(struct call *call, const struct sheet *sheet, const char *sku)
{
	if (db_has(call->db, "SELECT 1 FROM stocktake_line WHERE stocktake = $1 AND sku = $2", "tt",
		    sheet->id, sku))
		return;
	db_run(call->db,
		"INSERT INTO stocktake_line (stocktake, sku, store, extra, unknown) VALUES ($1, $2, $3, $4, $5)",
		"tttii", sheet->id, sku, sheet->store, (int64_t)!sku_in_scope(call, sheet, sku),
		(int64_t)!call_knows_sku(call, sku));
}

/* A sheet that reverses another knows of the shelf what that one knew: until it is recounted its line is
 * as old as the line it takes back, and makes no other older. */
#define NO_COUNT(sheet, line) "(" sheet ".reverses IS NOT NULL AND " line ".round = 1)"
#define TAKES_BACK_FROM(sheet, line)                                 \
	"COALESCE((SELECT o.counted_at FROM stocktake_line o WHERE " \
	"o.stocktake = " sheet ".reverses AND o.sku = " line ".sku), 0)"
#define COUNTED_AT(sheet, line)                                                                \
	"CASE WHEN " NO_COUNT(sheet, line) " THEN " TAKES_BACK_FROM(sheet, line) " ELSE " line \
										 ".counted_at END"
/* Did another sheet count the SKU of the line m of the sheet s later? */
#define COUNTED_LATER                                                                             \
	"m.counted_at > 0 AND EXISTS (SELECT 1 FROM stocktake_line n JOIN stocktake t ON t.id = " \
	"n.stocktake WHERE n.store = m.store AND n.sku = m.sku AND n.stocktake <> m.stocktake "   \
	"AND n.counted_at > " COUNTED_AT("s", "m") " AND t.status <> 'void' AND NOT " NO_COUNT(   \
		"t", "n") ")"

/* Matched sheets and corrected ones stay as they were, so only the others' lines are ranked. */
#define KEPT "('corrected', 'void', 'matched')"

void line_rank(struct call *call, const char *store, const char *sku)
{
	db_run(call->db,
		"UPDATE stocktake_line AS l SET later = r.later FROM (SELECT m.stocktake AS sheet, " COUNTED_LATER
		" AS later FROM stocktake_line m JOIN stocktake s ON s.id = m.stocktake WHERE m.store = $1 AND "
		"m.sku = $2 AND s.status NOT IN " KEPT ") r "
		"WHERE l.stocktake = r.sheet AND l.sku = $2 AND l.later <> r.later",
		"tt", store, sku);
}

void sheet_rank(struct call *call, const struct sheet *sheet)
{
	db_run(call->db,
		"UPDATE stocktake_line AS l SET later = r.later FROM (SELECT m.stocktake AS sheet, m.sku AS sku, " COUNTED_LATER
		" AS later FROM stocktake s JOIN stocktake_line m ON m.stocktake = s.id WHERE s.store = $1 AND "
		"s.status NOT IN " KEPT
		" AND EXISTS (SELECT 1 FROM stocktake_line o WHERE o.stocktake = $2 AND o.sku = m.sku)) r "
		"WHERE l.stocktake = r.sheet AND l.sku = r.sku AND l.later <> r.later",
		"tt", sheet->store, sheet->id);
}

/* While the sheet was matched, what was posted late changed none of its lines, nor did other sheets. */
static void open_again(struct call *call, const struct sheet *sheet)
{
	struct db_rows *rows = db_query(call->db,
		"SELECT sku FROM stocktake_line WHERE stocktake = $1 AND suggest = 1 AND counted IS NOT NULL ORDER BY sku",
		"t", sheet->id);
	while (db_next(rows))
		line_refresh(call, sheet, db_text(rows, 0));
	db_done(rows);
	sheet_rank(call, sheet);
}

void sheet_work_out_again(struct call *call, struct sheet *sheet)
{
	if (sheet->status != STOCKTAKE_MATCHED && sheet->status != STOCKTAKE_MISMATCHED)
		return;
	enum stocktake_status outcome = sheet_outcome(call, sheet);
	/* Only a late count that differs moves a matched sheet; a mismatched one may turn out matched. */
	if (outcome == sheet->status)
		return;
	struct call_doc doc = sheet_doc(sheet);
	sheet_set_status(call, sheet, outcome);
	call_log(call, &doc, stocktake_words[outcome]);
	if (outcome == STOCKTAKE_MISMATCHED)
		open_again(call, sheet);
}

/* ---- postings that come late ---- */

/* Somebody must look at a sheet that is closed: the shelf and the book may not agree after all. Once a
 * line is enough. */
static void raise_suggestion(
	struct call *call, const struct sheet *sheet, const char *sku, int64_t qty)
{
	struct call_doc doc = sheet_doc(sheet);
	cJSON *detail = cJSON_CreateObject();
	cJSON_AddNumberToObject(detail, "qty", (double)qty / 1000.0);
	call_raise(call, "recount_suggested", &doc, sku, detail);
}

static void note_line(struct call *call, struct sheet *sheet, const struct stock_change *change)
{
	bool closed = sheet->status == STOCKTAKE_MATCHED || sheet->status == STOCKTAKE_CORRECTED;
	if (!closed)
		line_refresh(call, sheet, change->sku);
	/* A correction moves no goods: what was counted stays as right as it was. */
	if (strcmp(change->reason, "correction") == 0)
		return;
	db_run(call->db,
		"UPDATE stocktake_line SET suggest = 1 WHERE stocktake = $1 AND sku = $2 AND suggest = 0",
		"tt", sheet->id, change->sku);
	if (closed && db_changed(call->db) == 1)
		raise_suggestion(call, sheet, change->sku, change->on_hand);
}

/* What an arrival, a receipt or a short close books at the sender of a movement left its shelf, or stayed on
 * it, at some time since the document was made: only who ships says when. */
#define SAYS_WHEN "outbound.ship"

bool line_is_unsure(struct db *db, const char *store, const char *sku, int64_t at_ms)
{
	return db_has(db,
		"SELECT 1 FROM ledger g JOIN movement m ON m.id = g.doc AND m.from_store = g.store JOIN history h "
		"ON h.doc = g.doc AND substr(h.id, 1, 36) = substr(g.id, 1, 36) WHERE g.store = $1 AND g.sku = $2 "
		"AND g.at > $3 AND g.qty <> 0 AND m.created_at < $3 AND h.op <> '" SAYS_WHEN "'",
		"tti", store, sku, at_ms);
}

/* The earliest time at which the goods may have moved. */
static int64_t may_have_moved_ms(struct call *call, const struct stock_change *change)
{
	if (!change->doc || strcmp(change->doc->kind, "movement") != 0 ||
		strcmp(call->command->op->name, SAYS_WHEN) == 0)
		return call->at_ms;
	int64_t made_ms = db_get_int(call->db, call->at_ms,
		"SELECT created_at FROM movement WHERE id = $1 AND from_store = $2", "tt",
		change->doc->id, change->store);
	return made_ms < call->at_ms ? made_ms : call->at_ms;
}

void stocktake_note_posting(struct call *call, const struct stock_change *change)
{
	struct db_rows *rows = db_query(call->db,
		"SELECT s.id, s.status, s.round FROM stocktake_line l JOIN stocktake s ON s.id = l.stocktake WHERE "
		"l.store = $1 AND l.sku = $2 AND l.counted_at > $3 AND s.id <> $4 AND s.status <> 'void' AND NOT " NO_COUNT(
			"s", "l") " ORDER BY s.id",
		"ttit", change->store, change->sku, may_have_moved_ms(call, change),
		change->doc && change->doc->id ? change->doc->id : "");
	while (db_next(rows)) {
		struct sheet sheet = {.status = stocktake_status_named(db_text(rows, 1)),
			.round = db_int(rows, 2)};
		snprintf(sheet.id, sizeof sheet.id, "%s", db_text(rows, 0));
		snprintf(sheet.store, sizeof sheet.store, "%s", change->store);
		note_line(call, &sheet, change);
	}
	db_done(rows);
}
