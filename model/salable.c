/* Invariants:
 *  1. of every (channel, SKU) with a row, `reserved` is the sum of its reservations, and a pair without a
 *     row has none: rows of the ledger are written here only;
 *  2. `on_hand` is the sum over the channel's stores, which are its enabled ones whose stock line is in
 *     stock; null where this database does not hold them all and HQ has not said yet. */
#include "model/salable.h"

#include "model/channel.h"

#define SUM_OF_STORES(channel, sku)                                                \
	"(SELECT CAST(COALESCE(SUM(k.on_hand), 0) AS BIGINT) FROM channel_store c" \
	" JOIN store s ON s.id = c.store AND s.enabled = 1"                        \
	" JOIN stock k ON k.store = c.store AND k.in_stock = 1"                    \
	" WHERE c.channel = " channel " AND k.sku = " sku ")"

/* With backorders a threshold below 0 says how far below nothing one may go, and 0 that there is no limit. */
static void apply_threshold(struct db *db, const char *sku, struct salable *salable)
{
	struct db_rows *rows = db_query(
		db, "SELECT threshold, backorders FROM product WHERE sku = $1", "t", sku);
	bool found = db_next(rows);
	int64_t threshold = found ? db_int(rows, 0) : 0;
	bool backorders = found && db_int(rows, 1) != 0;
	db_done(rows);
	if ((threshold > 0) == backorders)
		threshold = 0;
	salable->threshold = threshold;
	salable->unlimited = backorders && threshold == 0;
	salable->salable = salable->on_hand + salable->reserved - threshold;
}

struct salable salable_of(struct db *db, const char *channel, const char *sku, bool whole)
{
	struct salable salable = {.known = whole};
	struct db_rows *rows = db_query(db,
		"SELECT on_hand, reserved FROM salable WHERE channel = $1 AND sku = $2", "tt",
		channel, sku);
	bool kept = db_next(rows);
	if (kept) {
		salable.known = !db_null(rows, 0);
		salable.on_hand = db_int(rows, 0);
		salable.reserved = db_int(rows, 1);
	}
	db_done(rows);
	if (!kept)
		salable.on_hand = db_get_int(
			db, 0, "SELECT " SUM_OF_STORES("$1", "$2"), "tt", channel, sku);
	apply_threshold(db, sku, &salable);
	return salable;
}

void reservation_write(struct call *call, const struct reservation *row)
{
	char id[UUID_SIZE + 8];
	if (row->qty == 0)
		return;
	call_new_id(call, id);
	db_run(call->db,
		"INSERT INTO salable (channel, sku, on_hand, reserved) VALUES ($1, $2, CASE $3 WHEN 1"
		" THEN " SUM_OF_STORES("$1",
			"$2") " END, $4) ON CONFLICT (channel, sku)"
			      " DO UPDATE SET reserved = salable.reserved + excluded.reserved",
		"ttii", row->channel, row->sku, (int64_t)channel_is_whole(call, row->channel),
		row->qty);
	db_run(call->db,
		"INSERT INTO reservation (id, channel, no, sku, qty, event, order_number, at, actor)"
		" VALUES ($1, $2, (SELECT COALESCE(MAX(r.no), 0) + 1 FROM reservation r"
		" WHERE r.channel = $2), $3, $4, $5, $6, $7, $8)",
		"tttittit", id, row->channel, row->sku, row->qty, row->event, row->order,
		call->at_ms, call->command->actor);
}

void salable_note_posting(struct call *call, const struct stock_change *change)
{
	/* A look at an index is a tenth of an update that finds nothing, and most stores serve none. */
	if (!db_has(call->db, "SELECT 1 FROM channel_store WHERE store = $1", "t", change->store))
		return;
	db_run(call->db,
		"UPDATE salable SET on_hand = on_hand + $3 WHERE sku = $2 AND channel IN"
		" (SELECT c.channel FROM channel_store c JOIN store s ON s.id = c.store"
		" WHERE c.store = $1 AND s.enabled = 1)"
		" AND COALESCE((SELECT k.in_stock FROM stock k WHERE k.store = $1 AND k.sku = $2), 1) = 1",
		"tti", change->store, change->sku, change->on_hand);
}

void salable_note_somewhere(struct call *call, const char *channel, const char *sku, int64_t qty)
{
	db_run(call->db,
		"UPDATE salable SET on_hand = on_hand + $3 WHERE channel = $1 AND sku = $2", "tti",
		channel, sku, qty);
}

/* Only rows that change are written: each one written is sent to every terminal of the channel. */
#define RECOUNT                                                                                    \
	"UPDATE salable SET on_hand = " SUM_OF_STORES("salable.channel",                           \
		"salable.sku") " WHERE on_hand IS DISTINCT FROM " SUM_OF_STORES("salable.channel", \
		"salable.sku")

void salable_recount_channel(struct call *call, const char *channel)
{
	if (call->world->at_hq)
		db_run(call->db, RECOUNT " AND channel = $1", "t", channel);
}

#define SERVED " AND channel IN (SELECT channel FROM channel_store WHERE store = $1)"

void salable_recount_store(struct call *call, const char *store, const char *sku)
{
	if (!call->world->at_hq)
		return;
	if (sku)
		db_run(call->db, RECOUNT SERVED " AND sku = $2", "tt", store, sku);
	else
		db_run(call->db, RECOUNT SERVED, "t", store);
}

void salable_recount_reserved(struct call *call, const char *channel, const char *sku)
{
	db_run(call->db,
		"UPDATE salable SET reserved = (SELECT CAST(COALESCE(SUM(r.qty), 0) AS BIGINT)"
		" FROM reservation r WHERE r.channel = $1 AND r.sku = $2)"
		" WHERE channel = $1 AND sku = $2",
		"tt", channel, sku);
}
