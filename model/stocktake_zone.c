/* Zones of a stocktake (stocktake_zone.h has the idea).
 *
 *   nobody's ─claim─> open ─release─> done
 *                     ▲  └claim, take: another holder
 *                     └──claim, again: the next pass
 *
 * A claim in a newer round starts from nobody's, whatever the zone was in the round before. */
#include "model/stocktake_zone.h"

#include "model/field.h"
#include "model/handlers.h"
#include "model/json.h"
#include "model/stocktake_line.h"
#include "model/text.h"
#include "model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

bool stocktake_zone_fold(const char *typed, struct stocktake_zone_name *name)
{
	utf8proc_int32_t letter;
	char *folded = field_fold(typed);
	size_t used = 0;
	bool fits = folded != NULL;
	for (const char *at = folded; fits && *at;) {
		utf8proc_uint8_t bytes[4];
		at += utf8proc_iterate((const utf8proc_uint8_t *)at, -1, &letter);
		size_t size = (size_t)utf8proc_encode_char(utf8proc_toupper(letter), bytes);
		fits = used + size <= STOCKTAKE_ZONE_MAX;
		if (fits)
			memcpy(name->text + used, bytes, size);
		used += size;
	}
	free(folded);
	memset(name->text + (fits ? used : 0), 0, sizeof name->text - (fits ? used : 0));
	return fits && used > 0;
}

enum refusal stocktake_zone_named(struct call *call, struct stocktake_zone_name *name)
{
	if (stocktake_zone_fold(call_text(call, "zone"), name))
		return REFUSAL_NONE;
	return call_refuse(call, REFUSED_bad_data, "zone must be a name of at most %d bytes",
		STOCKTAKE_ZONE_MAX);
}

bool stocktake_zone_find(
	struct db *db, const char *sheet, const char *zone, struct stocktake_zone *found)
{
	struct db_rows *rows = db_query(db,
		"SELECT round, pass, status, holder, device, since FROM count_zone WHERE stocktake = $1 AND "
		"zone = $2",
		"tt", sheet, zone);
	*found = (struct stocktake_zone){.pass = 1};
	bool there = db_next(rows);
	if (there) {
		found->round = db_int(rows, 0);
		found->pass = db_int(rows, 1);
		found->open = strcmp(db_text(rows, 2), "open") == 0;
		snprintf(found->holder, sizeof found->holder, "%s", db_text(rows, 3));
		snprintf(found->device, sizeof found->device, "%s", db_text(rows, 4));
		found->since_ms = db_int(rows, 5);
	}
	db_done(rows);
	return there;
}

int64_t stocktake_zone_pass(struct db *db, const char *sheet, const char *zone)
{
	return db_get_int(db, 1,
		"SELECT z.pass FROM count_zone z JOIN stocktake s ON s.id = z.stocktake AND s.round = z.round "
		"WHERE z.stocktake = $1 AND z.zone = $2",
		"tt", sheet, zone);
}

/* The list of how many passes were released in each round. */
static cJSON *released_list(struct db *db, const char *sheet, const char *zone)
{
	char *text = db_get_text(db,
		"SELECT passes FROM count_zone WHERE stocktake = $1 AND zone = $2", "tt", sheet,
		zone);
	cJSON *list = text ? cJSON_Parse(text) : NULL;
	free(text);
	if (list && cJSON_IsArray(list))
		return list;
	cJSON_Delete(list);
	return cJSON_CreateArray();
}

int64_t stocktake_zone_released(struct db *db, const char *sheet, const char *zone, int64_t round)
{
	if (!db_has(db, "SELECT 1 FROM count_zone WHERE stocktake = $1 AND zone = $2", "tt", sheet,
		    zone))
		return 0;
	cJSON *list = released_list(db, sheet, zone);
	int64_t released = json_number(cJSON_GetArrayItem(list, (int)round - 1), 0);
	cJSON_Delete(list);
	return released;
}

int64_t stocktake_zone_pass_in(struct db *db, const char *sheet, const char *zone, int64_t round)
{
	struct stocktake_zone found;
	if (!stocktake_zone_find(db, sheet, zone, &found))
		return 1;
	if (found.round == round)
		return found.pass;
	int64_t released = stocktake_zone_released(db, sheet, zone, round);
	return released > 1 ? released : 1;
}

void stocktake_zone_complete(struct db *db, cJSON *count)
{
	struct stocktake_zone_name name;
	const char *sheet = json_text(count, "stocktake"), *zone = json_text(count, "zone");
	int64_t round = sheet
		? db_get_int(db, 0, "SELECT round FROM stocktake WHERE id = $1", "t", sheet)
		: 0;
	if (round < 1)
		return;
	if (!cJSON_HasObjectItem(count, "round"))
		cJSON_AddNumberToObject(count, "round", (double)round);
	round = json_int(count, "round", round);
	if (zone && !cJSON_HasObjectItem(count, "pass") && stocktake_zone_fold(zone, &name))
		cJSON_AddNumberToObject(
			count, "pass", (double)stocktake_zone_pass_in(db, sheet, name.text, round));
}

/* The round's place in the list gets the pass; rounds in which the zone was not claimed have 0. */
static void note_released(
	struct call *call, const struct sheet *sheet, const char *zone, int64_t pass)
{
	cJSON *list = released_list(call->db, sheet->id, zone);
	while (cJSON_GetArraySize(list) < sheet->round)
		cJSON_AddItemToArray(list, cJSON_CreateNumber(0));
	cJSON_ReplaceItemInArray(list, (int)sheet->round - 1, cJSON_CreateNumber((double)pass));
	char *text = cJSON_PrintUnformatted(list);
	db_run(call->db, "UPDATE count_zone SET passes = $1 WHERE stocktake = $2 AND zone = $3",
		"ttt", text, sheet->id, zone);
	cJSON_free(text);
	cJSON_Delete(list);
}

/* "A3", and "A3 (2)" in its second pass. */
static void add_name(struct text *text, const char *zone, int64_t pass)
{
	text_add(text, zone);
	if (pass > 1)
		text_addf(text, " (%lld)", (long long)pass);
}

static void zone_log(struct call *call, const struct sheet *sheet, struct text *text)
{
	struct call_doc doc = sheet_doc(sheet);
	call_log(call, &doc, text_get(text));
	text_free(text);
}

static void zone_result(struct call *call, const char *zone, int64_t round, int64_t pass)
{
	cJSON *result = call_result(call);
	cJSON_AddStringToObject(result, "zone", zone);
	cJSON_AddNumberToObject(result, "round", (double)round);
	cJSON_AddNumberToObject(result, "pass", (double)pass);
}

/* Loads the sheet and checks that its zones are being counted. */
static enum refusal load_running(struct call *call, struct sheet *sheet, bool paused_too)
{
	enum refusal refusal = sheet_load(call, sheet);
	if (refusal != REFUSAL_NONE)
		return refusal;
	if (sheet->status == STOCKTAKE_COUNTING || sheet->status == STOCKTAKE_RECOUNTING ||
		(paused_too && sheet->status == STOCKTAKE_PAUSED))
		return REFUSAL_NONE;
	return call_refuse(
		call, REFUSED_wrong_status, "the sheet is %s", stocktake_words[sheet->status]);
}

static const char *actor_of(const struct call *call)
{
	return call->command->actor ? call->command->actor : "";
}

/* ---- claim ---- */

static enum refusal refuse_taken(
	struct call *call, const char *zone, const struct stocktake_zone *now)
{
	char since[WHEN_SIZE];
	when_format(now->since_ms, since);
	cJSON *result = call_result(call);
	cJSON_AddStringToObject(result, "holder", now->holder);
	cJSON_AddStringToObject(result, "since", since);
	return call_refuse(call, REFUSED_zone_taken, "zone %s is counted by %s since %s", zone,
		now->holder, since);
}

static void write_claim(
	struct call *call, const struct sheet *sheet, const char *zone, int64_t pass)
{
	db_run(call->db,
		"INSERT INTO count_zone (stocktake, zone, store, round, pass, status, holder, device, since) "
		"VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8) ON CONFLICT (stocktake, zone) DO UPDATE SET "
		"round = excluded.round, pass = excluded.pass, status = 'open', holder = excluded.holder, device = "
		"excluded.device, since = excluded.since, done_at = 0, done_by = NULL, total = NULL, \"sum\" = NULL",
		"tttiitti", sheet->id, zone, sheet->store, sheet->round, pass, actor_of(call),
		call->world->device, call->at_ms);
}

static enum refusal take_zone(
	struct call *call, const struct sheet *sheet, const char *zone, int64_t pass)
{
	struct text text = TEXT_INIT(TEXT_SMALL);
	write_claim(call, sheet, zone, pass);
	add_name(&text, zone, pass);
	zone_log(call, sheet, &text);
	return REFUSAL_NONE;
}

static enum refusal hand_over(struct call *call, const struct sheet *sheet, const char *zone,
	const struct stocktake_zone *now)
{
	struct text text = TEXT_INIT(TEXT_SMALL);
	write_claim(call, sheet, zone, now->pass);
	add_name(&text, zone, now->pass);
	text_addf(&text, ": %s → %s", now->holder, actor_of(call));
	zone_log(call, sheet, &text);
	return REFUSAL_NONE;
}

static enum refusal claim_open(struct call *call, const struct sheet *sheet, const char *zone,
	const struct stocktake_zone *now)
{
	if (strcmp(now->holder, actor_of(call)) == 0) {
		/* The same person, maybe at another terminal by now. */
		db_run(call->db,
			"UPDATE count_zone SET device = $1 WHERE stocktake = $2 AND zone = $3 AND device IS NOT $1",
			"ttt", call->world->device, sheet->id, zone);
		return REFUSAL_NONE;
	}
	if (!call_bool(call, "take", false))
		return refuse_taken(call, zone, now);
	if (call->role < ROLE_MANAGER)
		return call_refuse(call, REFUSED_no_right, "to take over a zone needs the role %s",
			role_word(ROLE_MANAGER));
	return hand_over(call, sheet, zone, now);
}

static enum refusal claim_again(struct call *call, const struct sheet *sheet, const char *zone,
	const struct stocktake_zone *now)
{
	if (!call_bool(call, "again", false))
		return call_refuse(call, REFUSED_zone_done,
			"zone %s was counted by %s; `again` counts it once more", zone,
			now->holder);
	if (now->pass >= STOCKTAKE_PASSES_MAX)
		return call_refuse(call, REFUSED_zone_done, "zone %s was counted %d times", zone,
			STOCKTAKE_PASSES_MAX);
	return take_zone(call, sheet, zone, now->pass + 1);
}

enum refusal stocktake_claim(struct call *call)
{
	struct sheet sheet;
	struct stocktake_zone now;
	struct stocktake_zone_name name;
	const char *zone = name.text;
	enum refusal refusal = load_running(call, &sheet, false);
	if (refusal == REFUSAL_NONE)
		refusal = stocktake_zone_named(call, &name);
	if (refusal != REFUSAL_NONE)
		return refusal;
	if (!stocktake_zone_find(call->db, sheet.id, zone, &now) || now.round != sheet.round)
		refusal = take_zone(call, &sheet, zone, 1);
	else if (now.open)
		refusal = claim_open(call, &sheet, zone, &now);
	else
		refusal = claim_again(call, &sheet, zone, &now);
	if (refusal == REFUSAL_NONE)
		zone_result(call, zone, sheet.round, stocktake_zone_pass(call->db, sheet.id, zone));
	return refusal;
}

/* ---- release ---- */

/* What the pass has counted, and which lines its release brings into dispute or out of it. */
struct released {
	struct call *call;
	const struct sheet *sheet;
	int64_t pass, pieces;
	struct zone_sum zone;
	char *sku; /* of the line being read; NULL before the first */
	bool disputed;
};

static void released_line(struct released *r)
{
	if (!r->sku)
		return;
	r->pieces += r->zone.passes[r->pass].qty;
	if (r->pass > 1 && zone_sum_disputed(&r->zone, r->pass) != r->disputed)
		line_refresh(r->call, r->sheet, r->sku);
	free(r->sku);
	r->sku = NULL;
	r->zone = (struct zone_sum){0};
}

static int64_t count_released(struct call *call, const struct sheet *sheet, const char *zone,
	const struct stocktake_zone *now)
{
	struct released r = {.call = call, .sheet = sheet, .pass = now->pass};
	struct db_rows *rows = db_query(call->db,
		"SELECT e.sku, e.pass, e.mode, e.qty, e.at, COALESCE(l.disputed, 0) FROM count_entry e LEFT JOIN "
		"stocktake_line l ON l.stocktake = e.stocktake AND l.sku = e.sku WHERE e.stocktake = $1 AND e.zone = $2 "
		"AND e.round = $3 AND e.undone = 0 AND e.mode <> 'zero' ORDER BY e.sku, e.at, e.no",
		"tti", sheet->id, zone, now->round);
	while (db_next(rows)) {
		if (!r.sku || strcmp(r.sku, db_text(rows, 0)) != 0) {
			released_line(&r);
			r.sku = text_copy(db_text(rows, 0));
			r.disputed = db_int(rows, 5) != 0;
		}
		zone_sum_take(&r.zone, db_int(rows, 1), db_text(rows, 2), db_int(rows, 3),
			db_int(rows, 4));
	}
	released_line(&r);
	db_done(rows);
	return r.pieces;
}

/* The log reads "A3: 118", or "A3: 118 ≠ 120" where the control total differs. */
static void release_log(
	struct call *call, const struct sheet *sheet, const char *zone, int64_t pieces)
{
	int64_t total;
	struct text text = TEXT_INIT(TEXT_SMALL);
	add_name(&text, zone, stocktake_zone_pass(call->db, sheet->id, zone));
	text_add(&text, ": ");
	text_add_qty(&text, pieces);
	if (json_qty_of(call->command->data, "total", &total)) {
		text_add(&text, total == pieces ? " = " : " ≠ ");
		text_add_qty(&text, total);
	}
	zone_log(call, sheet, &text);
}

static void write_release(
	struct call *call, const struct sheet *sheet, const char *zone, int64_t pieces)
{
	int64_t total;
	db_run(call->db,
		"UPDATE count_zone SET status = 'done', done_at = $1, done_by = $2, \"sum\" = $3 WHERE "
		"stocktake = $4 AND zone = $5",
		"itit"
		"t",
		call->at_ms, call->command->actor, pieces, sheet->id, zone);
	if (json_qty_of(call->command->data, "total", &total))
		db_run(call->db,
			"UPDATE count_zone SET total = $1 WHERE stocktake = $2 AND zone = $3",
			"itt", total, sheet->id, zone);
}

enum refusal stocktake_release(struct call *call)
{
	struct sheet sheet;
	struct stocktake_zone now;
	struct stocktake_zone_name name;
	const char *zone = name.text;
	enum refusal refusal = load_running(call, &sheet, true);
	if (refusal == REFUSAL_NONE)
		refusal = stocktake_zone_named(call, &name);
	if (refusal != REFUSAL_NONE)
		return refusal;
	if (!stocktake_zone_find(call->db, sheet.id, zone, &now) || now.round != sheet.round ||
		!now.open)
		return call_refuse(call, REFUSED_nothing_to_do, "nobody counts zone %s now", zone);
	if (strcmp(now.holder, actor_of(call)) != 0 && call->role < ROLE_MANAGER)
		return refuse_taken(call, zone, &now);
	note_released(call, &sheet, zone, now.pass);
	int64_t pieces = count_released(call, &sheet, zone, &now), total;
	write_release(call, &sheet, zone, pieces);
	release_log(call, &sheet, zone, pieces);
	zone_result(call, zone, now.round, now.pass);
	cJSON_AddNumberToObject(call_result(call), "pieces", (double)pieces / 1000.0);
	if (json_qty_of(call->command->data, "total", &total))
		cJSON_AddBoolToObject(call_result(call), "equal", total == pieces);
	return REFUSAL_NONE;
}

/* ---- rezone ---- */

/* What a rezone is doing. */
struct rezone {
	struct call *call;
	const struct sheet *sheet;
	struct stocktake_zone_name zone;
	cJSON *touched; /* the SKUs, as members */
};

/* One entry gets the zone; its SKU is noted. False if the sheet has no such entry. */
static bool rezone_entry(struct rezone *r, const char *count)
{
	struct call *call = r->call;
	const struct sheet *sheet = r->sheet;
	cJSON *touched = r->touched;
	struct db_rows *rows = db_query(call->db,
		"SELECT sku, round FROM count_entry WHERE id = $1 AND stocktake = $2 AND mode <> 'zero'",
		"tt", count, sheet->id);
	bool found = db_next(rows);
	int64_t round = found ? db_int(rows, 1) : 0;
	if (found && !cJSON_GetObjectItemCaseSensitive(touched, db_text(rows, 0)))
		cJSON_AddTrueToObject(touched, db_text(rows, 0));
	db_done(rows);
	if (found)
		db_run(call->db, "UPDATE count_entry SET zone = $1, pass = $2 WHERE id = $3", "tit",
			r->zone.text,
			stocktake_zone_pass_in(call->db, sheet->id, r->zone.text, round), count);
	return found;
}

/* All of them, and then each line once, however many of its entries moved. */
static enum refusal rezone_entries(struct rezone *r, const cJSON *counts)
{
	const cJSON *count, *line;
	cJSON_ArrayForEach(count, counts)
	{
		if (!rezone_entry(r, count->valuestring))
			return call_refuse(r->call, REFUSED_unknown_document,
				"no count %s on this sheet", count->valuestring);
	}
	cJSON_ArrayForEach(line, r->touched)
	{
		line_refresh(r->call, r->sheet, line->string);
		line_rank(r->call, r->sheet->store, line->string);
	}
	return REFUSAL_NONE;
}

enum refusal stocktake_rezone(struct call *call)
{
	struct sheet sheet;
	struct rezone r = {.call = call, .sheet = &sheet};
	const cJSON *counts = json_list(call->command->data, "counts");
	enum refusal refusal = load_running(call, &sheet, true);
	if (refusal == REFUSAL_NONE)
		refusal = stocktake_zone_named(call, &r.zone);
	if (refusal != REFUSAL_NONE)
		return refusal;
	if (cJSON_GetArraySize(counts) == 0)
		return call_refuse(call, REFUSED_bad_data, "counts must name at least one count");
	r.touched = cJSON_CreateObject();
	refusal = rezone_entries(&r, counts);
	cJSON_Delete(r.touched);
	if (refusal != REFUSAL_NONE)
		return refusal;
	struct text text = TEXT_INIT(TEXT_SMALL);
	text_addf(&text, "%d → %s", cJSON_GetArraySize(counts), r.zone.text);
	zone_log(call, &sheet, &text);
	return REFUSAL_NONE;
}
