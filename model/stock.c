/* Invariants (product.md §2):
 *  1. on hand and damaged change only in stock_post, in the same breath as a ledger row, so for every
 *     store and SKU the ledger sums to what the stock line says;
 *  2. a request never takes either below zero; a fact may, and raises negative_stock. */
#include "model/stock.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/salable.h"
#include "model/stocktake_line.h"
#include "model/text.h"

#include <string.h>

struct balance {
	int64_t on_hand, damaged;
};

static struct balance balance_of(struct db *db, const char *store, const char *sku)
{
	struct balance balance = {0, 0};
	struct db_rows *rows = db_query(db,
		"SELECT on_hand, damaged FROM stock WHERE store = $1 AND sku = $2", "tt", store,
		sku);
	if (db_next(rows))
		balance = (struct balance){db_int(rows, 0), db_int(rows, 1)};
	db_done(rows);
	return balance;
}

static bool falls_below_zero(int64_t before, int64_t change)
{
	return change < 0 && before + change < 0;
}

static enum refusal refuse_shortage(
	struct call *call, const struct stock_change *change, struct balance before)
{
	bool damaged = falls_below_zero(before.damaged, change->damaged);
	struct text have = TEXT_INIT(TEXT_SMALL), want = TEXT_INIT(TEXT_SMALL);
	text_add_qty(&have, damaged ? before.damaged : before.on_hand);
	text_add_qty(&want, damaged ? -change->damaged : -change->on_hand);
	enum refusal refusal = call_refuse(call, REFUSED_not_enough, "%s: %s%s at %s, %s wanted",
		change->sku, text_get(&have), damaged ? " damaged" : "", change->store,
		text_get(&want));
	text_free(&have);
	text_free(&want);
	return refusal;
}

static void raise_shortage(
	struct call *call, const struct stock_change *change, struct balance after)
{
	struct call_doc doc = {.kind = "", .id = "", .store = change->store};
	if (change->doc) {
		doc.kind = change->doc->kind;
		doc.id = change->doc->id;
	}
	cJSON *detail = cJSON_CreateObject();
	cJSON_AddNumberToObject(detail, "on_hand", (double)after.on_hand / 1000);
	cJSON_AddNumberToObject(detail, "damaged", (double)after.damaged / 1000);
	call_raise(call, "negative_stock", &doc, change->sku, detail);
}

static void write_change(struct call *call, const struct stock_change *change)
{
	char id[UUID_SIZE + 8];
	call_new_id(call, id);
	db_run(call->db,
		"INSERT INTO stock (store, sku, on_hand, damaged, in_stock, opened)"
		" VALUES ($1, $2, $3, $4, 1, 0)"
		" ON CONFLICT (store, sku) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand,"
		" damaged = stock.damaged + excluded.damaged",
		"ttii", change->store, change->sku, change->on_hand, change->damaged);
	db_run(call->db,
		"INSERT INTO ledger (id, store, sku, qty, damaged, reason, doc_kind, doc, at, actor)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		"tttiitttit", id, change->store, change->sku, change->on_hand, change->damaged,
		change->reason, change->doc ? change->doc->kind : "",
		change->doc ? change->doc->id : "", call->at_ms, call->command->actor);
}

enum refusal stock_post(struct call *call, const struct stock_change *change)
{
	if (change->on_hand == 0 && change->damaged == 0)
		return REFUSAL_NONE;
	if (!call_follows(call, change->store)) {
		salable_note_posting(call, change);
		return REFUSAL_NONE;
	}
	struct balance before = balance_of(call->db, change->store, change->sku);
	bool short_of = falls_below_zero(before.on_hand, change->on_hand) ||
		falls_below_zero(before.damaged, change->damaged);
	if (short_of && !change->fact)
		return refuse_shortage(call, change, before);
	write_change(call, change);
	if (change->on_hand != 0) {
		stocktake_note_posting(call, change);
		salable_note_posting(call, change);
	}
	if (short_of)
		raise_shortage(call, change,
			(struct balance){before.on_hand + change->on_hand,
				before.damaged + change->damaged});
	return REFUSAL_NONE;
}

int64_t stock_on_hand(struct db *db, const char *store, const char *sku)
{
	return balance_of(db, store, sku).on_hand;
}

bool stock_has_line(struct db *db, const char *store, const char *sku)
{
	return db_has(db, "SELECT 1 FROM stock WHERE store = $1 AND sku = $2", "tt", store, sku);
}

int64_t stock_on_hand_at(struct db *db, const char *store, const char *sku, int64_t at_ms)
{
	return stock_on_hand(db, store, sku) -
		db_get_int(db, 0,
			"SELECT COALESCE(SUM(qty), 0) FROM ledger"
			" WHERE store = $1 AND sku = $2 AND at > $3",
			"tti", store, sku, at_ms);
}

int64_t stock_corrected_at(struct db *db, const char *store, const char *sku, int64_t at_ms)
{
	return db_get_int(db, 0,
		"SELECT COALESCE(SUM(qty), 0) FROM ledger"
		" WHERE store = $1 AND sku = $2 AND reason = 'correction' AND at <= $3",
		"tti", store, sku, at_ms);
}

bool stock_moved_between(struct db *db, const struct stock_span *span)
{
	return db_has(db,
		"SELECT 1 FROM ledger WHERE store = $1 AND sku = $2 AND at > $3 AND at <= $4 AND qty <> 0",
		"ttii", span->store, span->sku, span->after_ms, span->until_ms);
}

/* What a line between two stores still has on the road; third parties never have any. */
#define IN_TRANSIT(end)                                                                            \
	"SELECT COALESCE(SUM(shipped - received - written_off - sent_back), 0) FROM movement_line" \
	" WHERE " end " = $1 AND sku = $2 AND from_store IS NOT NULL AND to_store IS NOT NULL"     \
	" AND shipped > received + written_off + sent_back"

struct stock_figures stock_figures_of(struct db *db, const char *store, const char *sku)
{
	struct balance balance = balance_of(db, store, sku);
	struct stock_figures figures = {.on_hand = balance.on_hand, .damaged = balance.damaged};
	figures.in_transit_in = db_get_int(db, 0, IN_TRANSIT("to_store"), "tt", store, sku);
	figures.in_transit_out = db_get_int(db, 0, IN_TRANSIT("from_store"), "tt", store, sku);
	int64_t promised = db_get_int(db, 0,
		"SELECT COALESCE(SUM(line.ordered - line.shipped), 0) FROM movement_line line"
		" JOIN movement ON movement.id = line.movement"
		" WHERE line.from_store = $1 AND line.sku = $2 AND line.ordered > line.shipped"
		" AND movement.status IN ('pending', 'accepted')",
		"tt", store, sku);
	figures.available = figures.on_hand - promised;
	return figures;
}

/* ---- stock.open ---- */

static enum refusal check_unopened(struct call *call, const char *store, const char *sku)
{
	if (!call_knows_sku(call, sku))
		return call_refuse(call, REFUSED_unknown_sku, "no product %s", sku);
	if (db_has(call->db, "SELECT 1 FROM stock WHERE store = $1 AND sku = $2 AND opened = 1",
		    "tt", store, sku))
		return call_refuse(
			call, REFUSED_already_open, "%s was opened at %s before", sku, store);
	return REFUSAL_NONE;
}

static enum refusal open_line(struct call *call, const char *store, const cJSON *line)
{
	const char *sku = json_text(line, "sku");
	db_run(call->db,
		"INSERT INTO stock (store, sku, on_hand, damaged, in_stock, opened)"
		" VALUES ($1, $2, 0, 0, $3, 1)"
		" ON CONFLICT (store, sku) DO UPDATE SET in_stock = excluded.in_stock, opened = 1",
		"tti", store, sku, (int64_t)json_bool(line, "in_stock", true));
	enum refusal refusal = stock_post(call,
		&(struct stock_change){.store = store,
			.sku = sku,
			.on_hand = line_qty(line, "qty"),
			.reason = "opening"});
	/* It may have come in stock, or out of it. */
	salable_recount_store(call, store, sku);
	return refusal;
}

enum refusal stock_open(struct call *call)
{
	const char *store = call_text(call, "store");
	if (!db_has(call->db, "SELECT 1 FROM store WHERE id = $1", "t", store))
		return call_refuse(call, REFUSED_unknown_store, "no store %s", store);
	if (!call_follows(call, store))
		return REFUSAL_NONE;
	/* All lines are checked before any is posted, so that a SKU named twice is opened with the
	 * sum and not refused for its first half. */
	const cJSON *line;
	cJSON_ArrayForEach(line, call_lines(call))
	{
		enum refusal refusal = check_unopened(call, store, json_text(line, "sku"));
		if (refusal != REFUSAL_NONE)
			return refusal;
	}
	cJSON_ArrayForEach(line, call_lines(call))
	{
		enum refusal refusal = open_line(call, store, line);
		if (refusal != REFUSAL_NONE)
			return refusal;
	}
	return REFUSAL_NONE;
}

/* ---- stock.adjust ---- */

static const struct adjustment {
	const char *kind;
	int on_hand, damaged; /* sign of the change to each */
} adjustments[] = {
	{"write_off", -1, 0},
	{"found", +1, 0},
	{"release_damaged", +1, -1},
	{"write_off_damaged", 0, -1},
};

static const struct adjustment *adjustment_find(const char *kind)
{
	for (size_t i = 0; i < sizeof(adjustments) / sizeof(adjustments[0]); i++)
		if (strcmp(adjustments[i].kind, kind) == 0)
			return &adjustments[i];
	return NULL;
}

static bool is_unknown(struct call *call, const char *sku)
{
	return !call_knows_sku(call, sku) && !stock_has_line(call->db, call->store, sku);
}

/* The goods are gone or there, whatever they are called: another terminal's receipt of them may be on its
 * way. Only who types at this one can still be asked. */
static enum refusal check_typed(struct call *call)
{
	const cJSON *line;
	if (!call->world->by_hand)
		return REFUSAL_NONE;
	cJSON_ArrayForEach(line, call_lines(call))
	{
		if (is_unknown(call, json_text(line, "sku")))
			return call_refuse(
				call, REFUSED_unknown_sku, "no product %s", json_text(line, "sku"));
	}
	return REFUSAL_NONE;
}

static void raise_unknown(
	struct call *call, const struct call_doc *doc, const char *sku, int64_t qty)
{
	cJSON *detail = cJSON_CreateObject();
	cJSON_AddStringToObject(detail, "kind", call_text(call, "kind"));
	cJSON_AddNumberToObject(detail, "qty", (double)qty / 1000);
	call_raise(call, "unknown_sku", doc, sku, detail);
}

static enum refusal adjust_line(struct call *call, const struct adjustment *adjustment,
	const cJSON *line, const struct call_doc *doc)
{
	const char *sku = json_text(line, "sku");
	int64_t qty = line_qty(line, "qty");
	if (call_follows(call, call->store) && is_unknown(call, sku))
		raise_unknown(call, doc, sku, qty);
	return stock_post(call,
		&(struct stock_change){.store = call->store,
			.sku = sku,
			.on_hand = adjustment->on_hand * qty,
			.damaged = adjustment->damaged * qty,
			.reason = adjustment->kind,
			.doc = doc,
			.fact = true});
}

enum refusal stock_adjust(struct call *call)
{
	const struct adjustment *adjustment = adjustment_find(call_text(call, "kind"));
	const char *reason = call_text(call, "reason");
	if (!adjustment || !reason || !reason[strspn(reason, " ")])
		return call_refuse(call, REFUSED_bad_data, "a kind and a reason are needed");
	enum refusal refusal = check_typed(call);
	if (refusal != REFUSAL_NONE)
		return refusal;
	/* An adjustment is its own document: its history keeps the words of the reason. */
	struct call_doc doc = {.kind = "stock", .id = call->command->id, .store = call->store};
	struct text figures = TEXT_INIT(COMMAND_LINE_MAX);
	text_addf(&figures, "%s:", reason);
	const cJSON *line;
	cJSON_ArrayForEach(line, call_lines(call))
	{
		refusal = adjust_line(call, adjustment, line, &doc);
		if (refusal != REFUSAL_NONE)
			break;
		text_addf(&figures, " %s ", json_text(line, "sku"));
		text_add_qty(&figures, line_qty(line, "qty"));
	}
	if (refusal == REFUSAL_NONE)
		call_log(call, &doc, text_get(&figures));
	text_free(&figures);
	return refusal;
}
