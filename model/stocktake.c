/* The life of a stocktake sheet (product.md §3).
 *
 *   new ─start─> counting ─finish─> matched
 *                │  ▲     └finish─> mismatched ─correct─> corrected
 *           pause│  │resume            │  ▲
 *                ▼  │            recount  │finish
 *               paused <─pause/resume─> recounting ─finish─> matched | mismatched
 *
 * void ends any of them but matched and corrected; reverse makes another sheet from a corrected one,
 * which stays as it is (stocktake_reverse.c). Counting itself is in stocktake_count.c. */
#include "model/stocktake.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/stock.h"
#include "model/stocktake_line.h"

#include <stdio.h>
#include <string.h>

const char *const stocktake_words[STOCKTAKE_STATUSES] = {
	[STOCKTAKE_NEW] = "new",
	[STOCKTAKE_COUNTING] = "counting",
	[STOCKTAKE_PAUSED] = "paused",
	[STOCKTAKE_RECOUNTING] = "recounting",
	[STOCKTAKE_MATCHED] = "matched",
	[STOCKTAKE_MISMATCHED] = "mismatched",
	[STOCKTAKE_CORRECTED] = "corrected",
	[STOCKTAKE_VOID] = "void",
};

#define IN(status) (1u << (STOCKTAKE_##status))
#define RUNNING (IN(COUNTING) | IN(RECOUNTING))

/* From which statuses each step may be taken. */
static const struct {
	const char *op;
	unsigned from;
} steps[] = {
	{"stocktake.start", IN(NEW)},
	{"stocktake.pause", RUNNING},
	{"stocktake.resume", IN(PAUSED)},
	{"stocktake.finish", RUNNING},
	{"stocktake.recount", IN(MISMATCHED)},
	{"stocktake.correct", IN(MISMATCHED)},
	{"stocktake.void", IN(NEW) | RUNNING | IN(PAUSED) | IN(MISMATCHED)},
};

enum stocktake_status stocktake_status_named(const char *word)
{
	for (int i = 0; word && i < STOCKTAKE_STATUSES; i++) {
		if (strcmp(stocktake_words[i], word) == 0)
			return (enum stocktake_status)i;
	}
	return STOCKTAKE_NEW;
}

struct call_doc sheet_doc(const struct sheet *sheet)
{
	return (struct call_doc){.kind = "stocktake", .id = sheet->id, .store = sheet->store};
}

enum refusal sheet_load(struct call *call, struct sheet *sheet)
{
	const char *id = call_text(call, "stocktake");
	struct db_rows *rows = db_query(call->db,
		"SELECT id, store, status, resumes_to, round FROM stocktake WHERE id = $1", "t",
		id);
	bool found = db_next(rows);
	if (found) {
		snprintf(sheet->id, sizeof sheet->id, "%s", db_text(rows, 0));
		snprintf(sheet->store, sizeof sheet->store, "%s", db_text(rows, 1));
		sheet->status = stocktake_status_named(db_text(rows, 2));
		sheet->resumes_to = stocktake_status_named(db_text(rows, 3));
		sheet->round = db_int(rows, 4);
	}
	db_done(rows);
	if (!found)
		return call_refuse(call, REFUSED_unknown_document, "no stocktake %s", id);
	if (strcmp(sheet->store, call->store) != 0)
		return call_refuse(call, REFUSED_wrong_store, "the sheet is of %s", sheet->store);
	return REFUSAL_NONE;
}

/* Loads the sheet and checks that its status allows the command. */
static enum refusal load_for_step(struct call *call, struct sheet *sheet)
{
	enum refusal refusal = sheet_load(call, sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	unsigned from = 0;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (strcmp(steps[i].op, call->command->op->name) == 0)
			from = steps[i].from;
	}
	cJSON_AddStringToObject(call_result(call), "status", stocktake_words[sheet->status]);
	if (from & 1u << sheet->status)
		return REFUSAL_NONE;
	return call_refuse(
		call, REFUSED_wrong_status, "the sheet is %s", stocktake_words[sheet->status]);
}

/* What comes late changes the outcome of a sheet, and does not make it end earlier. */
void sheet_set_status(struct call *call, struct sheet *sheet, enum stocktake_status status)
{
	bool ended = status >= STOCKTAKE_MATCHED;
	sheet->status = status;
	db_run(call->db,
		"UPDATE stocktake SET status = $1, resumes_to = $2, round = $3, ended_at = CASE WHEN $4 > 0 AND "
		"ended_at > $4 THEN ended_at ELSE $4 END WHERE id = $5",
		"ttiit", stocktake_words[status],
		status == STOCKTAKE_PAUSED ? stocktake_words[sheet->resumes_to] : NULL,
		sheet->round, ended ? call->at_ms : INT64_C(0), sheet->id);
}

/* Takes the step: writes the status, logs it, and says it in the result. */
static enum refusal step_to(
	struct call *call, struct sheet *sheet, enum stocktake_status status, const char *text)
{
	struct call_doc doc = sheet_doc(sheet);
	sheet_set_status(call, sheet, status);
	call_log(call, &doc, text);
	cJSON_ReplaceItemInObjectCaseSensitive(
		call_result(call), "status", cJSON_CreateString(stocktake_words[status]));
	return REFUSAL_NONE;
}

static char *list_json(const struct call *call, const char *name)
{
	const cJSON *list = json_list(call->command->data, name);
	return list ? cJSON_PrintUnformatted(list) : NULL;
}

enum refusal stocktake_create(struct call *call)
{
	char number[80];
	bool partial = strcmp(call_text(call, "scope"), "partial") == 0;
	const cJSON *categories = json_list(call->command->data, "categories");
	const cJSON *vendors = json_list(call->command->data, "vendors");
	if (partial && cJSON_GetArraySize(categories) + cJSON_GetArraySize(vendors) == 0)
		return call_refuse(
			call, REFUSED_bad_data, "a partial stocktake needs categories or vendors");
	if (!partial && cJSON_GetArraySize(categories) + cJSON_GetArraySize(vendors) > 0)
		return call_refuse(call, REFUSED_bad_data,
			"a full stocktake has neither categories nor vendors");
	char *category_list = list_json(call, "categories"),
	     *vendor_list = list_json(call, "vendors");
	const char *creator = call_text(call, "creator"), *note = call_text(call, "note");
	call_number(call, "STK", call->store, number);
	db_run(call->db,
		"INSERT INTO stocktake (id, number, store, scope, categories, vendors, blind, creator, note, status, "
		"created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'new', $10, $11)",
		"ttttttittit", call->command->id, number, call->store, call_text(call, "scope"),
		category_list, vendor_list, (int64_t)call_bool(call, "blind", false),
		creator ? creator : call->command->actor, note ? note : "", call->at_ms,
		call->command->actor);
	cJSON_free(category_list);
	cJSON_free(vendor_list);
	struct call_doc doc = {.kind = "stocktake", .id = call->command->id, .store = call->store};
	call_log(call, &doc, number);
	cJSON_AddStringToObject(call_result(call), "id", call->command->id);
	cJSON_AddStringToObject(call_result(call), "number", number);
	cJSON_AddStringToObject(call_result(call), "status", "new");
	return REFUSAL_NONE;
}

enum refusal stocktake_start(struct call *call)
{
	struct sheet sheet;
	enum refusal refusal = load_for_step(call, &sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	sheet.round = 1;
	db_run(call->db, "UPDATE stocktake SET started_at = $1 WHERE id = $2", "it", call->at_ms,
		sheet.id);
	return step_to(call, &sheet, STOCKTAKE_COUNTING, NULL);
}

enum refusal stocktake_pause(struct call *call)
{
	struct sheet sheet;
	enum refusal refusal = load_for_step(call, &sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	sheet.resumes_to = sheet.status;
	return step_to(call, &sheet, STOCKTAKE_PAUSED, NULL);
}

enum refusal stocktake_resume(struct call *call)
{
	struct sheet sheet;
	enum refusal refusal = load_for_step(call, &sheet);
	return refusal != REFUSAL_NONE ? refusal : step_to(call, &sheet, sheet.resumes_to, NULL);
}

/* An uncounted line of book 0 is equal; any other uncounted line differs, and any that would be corrected. */
#define DIFFERS \
	"(CASE WHEN l.counted IS NULL THEN l.book <> 0 ELSE " STOCKTAKE_POSTING("l") " <> 0 END)"
/* What nobody can say is no match. */
#define IS_OPEN "(" DIFFERS " OR l.disputed = 1)"

enum stocktake_status sheet_outcome(struct call *call, const struct sheet *sheet)
{
	return db_has(call->db,
		       "SELECT 1 FROM stocktake_line l WHERE l.stocktake = $1 AND " IS_OPEN
		       " LIMIT 1",
		       "t", sheet->id)
		? STOCKTAKE_MISMATCHED
		: STOCKTAKE_MATCHED;
}

/* Of the row's store and SKU as of a time, which may be before that of what is here already. The row is
 * named neither h nor g. */
#define ON_HAND_AT(row, at_ms)                                                       \
	"CAST(COALESCE((SELECT h.on_hand FROM stock h WHERE h.store = " row          \
	".store AND h.sku = " row                                                    \
	".sku), 0) - COALESCE((SELECT sum(g.qty) FROM ledger g WHERE g.store = " row \
	".store AND g.sku = " row ".sku AND g.at > " at_ms "), 0) AS BIGINT)"
#define CORRECTED_AT(row, at_ms)                                                        \
	"CAST(COALESCE((SELECT sum(g.qty) FROM ledger g WHERE g.store = " row           \
	".store AND g.sku = " row ".sku AND g.reason = 'correction' AND g.at <= " at_ms \
	"), 0) AS BIGINT)"

/* Every SKU in scope that nobody counted becomes a line, with the book of the time of the finish, so that
 * the finished sheet stays readable as it was. */
static void keep_uncounted(struct call *call, const struct sheet *sheet)
{
	db_run(call->db,
		"UPDATE stocktake_line AS l SET book = r.book FROM (SELECT o.sku AS sku, " ON_HAND_AT(
			"o",
			"$2") " AS book FROM stocktake_line o WHERE o.stocktake = $1 AND o.counted IS NULL) r "
			      "WHERE l.stocktake = $1 AND l.sku = r.sku AND l.book <> r.book",
		"ti", sheet->id, call->at_ms);
	db_run(call->db,
		"INSERT INTO stocktake_line (stocktake, sku, store, book) "
		"SELECT s.id, k.sku, s.store, " ON_HAND_AT("k",
			"$2") " FROM stocktake s "
			      "JOIN stock k ON k.store = s.store LEFT JOIN product p ON p.sku = k.sku "
			      "WHERE s.id = $1 AND " STOCKTAKE_IN_SCOPE
			      " ON CONFLICT (stocktake, sku) DO NOTHING",
		"ti", sheet->id, call->at_ms);
}

/* "Count the rest as zero": an entry of its own kind for each, which gives way to any real count. */
static void zero_uncounted(struct call *call, const struct sheet *sheet)
{
	db_run(call->db,
		"INSERT INTO count_entry (id, stocktake, store, sku, round, no, zone, mode, qty, book, corrected, pass, at, actor) "
		"SELECT $1 || '.' || l.sku, l.stocktake, l.store, l.sku, $2, 1 + COALESCE((SELECT max(e.no) FROM "
		"count_entry e WHERE e.stocktake = l.stocktake AND e.sku = l.sku), 0), '', 'zero', 0, l.book, " CORRECTED_AT(
			"l",
			"$3") ", 1, $3, $4 "
			      "FROM stocktake_line l WHERE l.stocktake = $5 AND l.counted IS NULL",
		"tiitt", call->command->id, sheet->round, call->at_ms, call->command->actor,
		sheet->id);
	db_run(call->db,
		"UPDATE stocktake_line AS l SET counted = 0, zeroed = 1, round = $1, counted_at = $3, corrected = " CORRECTED_AT(
			"l", "$3") " WHERE l.stocktake = $2 AND l.counted IS NULL",
		"iti", sheet->round, sheet->id, call->at_ms);
	sheet_rank(call, sheet);
}

/* A zone that is being counted again as the sheet is finished: what its newest pass has so far is compared
 * with those before it. */
static void lines_of_open_passes(struct call *call, const struct sheet *sheet)
{
	struct sheet over = *sheet;
	struct db_rows *rows = db_query(call->db,
		"SELECT DISTINCT e.sku FROM count_zone z JOIN count_entry e ON e.stocktake = z.stocktake AND e.zone = "
		"z.zone AND e.round = z.round AND e.pass = z.pass WHERE z.stocktake = $1 AND z.round = $2 AND "
		"z.status = 'open' AND z.pass > 1 AND e.undone = 0 ORDER BY e.sku",
		"ti", sheet->id, sheet->round);
	over.status = STOCKTAKE_MISMATCHED;
	while (db_next(rows))
		line_refresh(call, &over, db_text(rows, 0));
	db_done(rows);
}

enum refusal stocktake_finish(struct call *call)
{
	struct sheet sheet;
	enum refusal refusal = load_for_step(call, &sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	keep_uncounted(call, &sheet);
	if (strcmp(call_text(call, "uncounted"), "zero") == 0)
		zero_uncounted(call, &sheet);
	lines_of_open_passes(call, &sheet);
	sheet_suggest_dropped(call, &sheet);
	db_run(call->db,
		"UPDATE stocktake_line SET recount = 0 WHERE stocktake = $1 AND recount = 1", "t",
		sheet.id);
	return step_to(call, &sheet, sheet_outcome(call, &sheet), call_text(call, "uncounted"));
}

/* A line that carries a mark may be equal by accident: who names it counts it again all the same. */
#define DOUBTED "(" IS_OPEN " OR l.suggest = 1 OR l.moved = 1)"

/* Marks those of the named lines that differ or are in doubt for the next round; returns how many. */
static int64_t recount_named(struct call *call, const struct sheet *sheet, const cJSON *skus)
{
	const cJSON *sku;
	int64_t marked = 0;
	cJSON_ArrayForEach(sku, skus)
	{
		db_run(call->db,
			"UPDATE stocktake_line AS l SET recount = 1 WHERE l.stocktake = $1 AND l.sku = $2 AND l.recount = 0 AND " DOUBTED,
			"tt", sheet->id, sku->valuestring);
		marked += db_changed(call->db);
	}
	return marked;
}

enum refusal stocktake_recount(struct call *call)
{
	struct sheet sheet;
	enum refusal refusal = load_for_step(call, &sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	const cJSON *skus = json_list(call->command->data, "skus");
	sheet.round++;
	if (skus && recount_named(call, &sheet, skus) == 0)
		return call_refuse(
			call, REFUSED_not_on_document, "none of these lines of the sheet differs");
	if (!skus)
		db_run(call->db,
			"UPDATE stocktake_line AS l SET recount = 1 WHERE l.stocktake = $1 AND " IS_OPEN,
			"t", sheet.id);
	return step_to(call, &sheet, STOCKTAKE_RECOUNTING, NULL);
}

enum refusal stocktake_void(struct call *call)
{
	struct sheet sheet;
	enum refusal refusal = load_for_step(call, &sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	db_run(call->db, "UPDATE stocktake SET reason = $1 WHERE id = $2", "tt",
		call_text(call, "reason"), sheet.id);
	step_to(call, &sheet, STOCKTAKE_VOID, call_text(call, "reason"));
	sheet_rank(call, &sheet);
	return REFUSAL_NONE;
}

/* What a correction has written so far; neither is negative. */
struct posted {
	int64_t gain, loss;
};

/* Posts what the line differs by: what was sold or received since the count stays. */
static void correct_line(
	struct call *call, const struct sheet *sheet, struct db_rows *line, struct posted *posted)
{
	struct call_doc doc = sheet_doc(sheet);
	const char *sku = db_text(line, 0);
	int64_t qty = db_int(line, 1);
	struct stock_change change = {.store = sheet->store,
		.sku = sku,
		.on_hand = qty,
		.reason = "correction",
		.doc = &doc,
		.fact = true};
	if (qty != 0)
		stock_post(call, &change);
	*(qty < 0 ? &posted->loss : &posted->gain) += qty < 0 ? -qty : qty;
	db_run(call->db, "UPDATE stocktake_line SET posted = $1 WHERE stocktake = $2 AND sku = $3",
		"itt", qty, sheet->id, sku);
}

/* The lines a correction may post: counted, known to a catalogue and different from the book of their count
 * or corrected since. */
#define TO_CORRECT                                                                                         \
	"SELECT l.sku, " STOCKTAKE_POSTING(                                                                \
		"l") " FROM stocktake_line l JOIN stocktake s ON s.id = "                                  \
		     "l.stocktake WHERE l.stocktake = $1 AND l.counted IS NOT NULL AND l.unknown = 0 AND " \
		     "l.posted IS NULL AND (l.counted <> l.book OR " STOCKTAKE_POSTING(                    \
			     "l") " <> 0) "

static void correct_lines(struct call *call, const struct sheet *sheet, struct posted *posted)
{
	struct db_rows *lines = db_query(call->db,
		TO_CORRECT "AND NOT " STOCKTAKE_TO_PICK("s", "l") " ORDER BY l.sku", "t",
		sheet->id);
	while (db_next(lines))
		correct_line(call, sheet, lines, posted);
	db_done(lines);
}

/* A line that is left out otherwise, and that the manager picked all the same. */
static void correct_picked(
	struct call *call, const struct sheet *sheet, const char *sku, struct posted *posted)
{
	struct db_rows *line = db_query(call->db,
		TO_CORRECT "AND " STOCKTAKE_TO_PICK("s", "l") " AND l.sku = $2", "tt", sheet->id,
		sku);
	if (db_next(line))
		correct_line(call, sheet, line, posted);
	db_done(line);
}

/* Whoever rehearsed the correction meant these figures. */
static bool is_as_rehearsed(const struct call *call, const struct posted *posted)
{
	int64_t gain = posted->gain, loss = posted->loss;
	json_qty_of(call->command->data, "gain", &gain);
	json_qty_of(call->command->data, "loss", &loss);
	return gain == posted->gain && loss == posted->loss;
}

enum refusal stocktake_correct(struct call *call)
{
	struct sheet sheet;
	const cJSON *sku, *later = json_list(call->command->data, "later");
	enum refusal refusal = load_for_step(call, &sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	cJSON_ArrayForEach(sku, later)
	{
		if (!db_has(call->db,
			    "SELECT 1 FROM stocktake_line WHERE stocktake = $1 AND sku = $2", "tt",
			    sheet.id, sku->valuestring))
			return call_refuse(call, REFUSED_not_on_document, "%s is not on the sheet",
				sku->valuestring);
	}
	struct posted posted = {0, 0};
	correct_lines(call, &sheet, &posted);
	cJSON_ArrayForEach(sku, later) correct_picked(call, &sheet, sku->valuestring, &posted);
	if (!is_as_rehearsed(call, &posted))
		return call_refuse(call, REFUSED_changed_since,
			"the correction would post other figures by now");
	return step_to(call, &sheet, STOCKTAKE_CORRECTED, NULL);
}
