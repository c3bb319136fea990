/* The rules of design.md §4 that hold at every instant in a store. */
#include "model/json.h"
#include "model/table.h"
#include "tests/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- 4: the cursor never runs ahead of the rows ---- */

/* The row as HQ last sent it, whatever local work did to it since. False if there was none. */
static bool base_hash(struct db *cache, const struct table *table, const char *key, int64_t *hash)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	struct db_value values[TABLE_COLUMNS_MAX];
	cJSON *parts = json_parse(key, strlen(key), NULL, 0);
	bool touched, present = false;

	text_addf(&sql, "SELECT present_, hash_ FROM \"before_%s\" WHERE ", table->name);
	for (int i = 0; i < table->key_count; i++) {
		values[i] = (struct db_value){
			.kind = 't', .text = cJSON_GetStringValue(cJSON_GetArrayItem(parts, i))};
		text_addf(&sql, "%s\"%s\" = $%d", i ? " AND " : "", table->columns[i].name, i + 1);
	}
	struct db_rows *rows = db_query_values(cache, text_get(&sql), values, table->key_count);

	touched = db_next(rows);
	if (touched) {
		present = db_int(rows, 0) != 0;
		*hash = db_int(rows, 1);
	}
	db_done(rows);
	text_free(&sql);
	cJSON_Delete(parts);
	return touched ? present : table_hash(cache, table, key, hash);
}

/* A feed's rows up to the position: each must be here just so, and what is gone must be gone, unless it is in
 * another feed of the device, or left that one behind the position the device has pulled it to. */
static void check_feed(struct sim_home *home, struct db *db, const char *feed)
{
	struct console *seat = &home->seats[0];
	struct db_rows *rows = db_query(db,
		"SELECT f.tbl, f.key, f.hash, (SELECT max(1) FROM feed g JOIN temp.place q ON q.feed = g.feed"
		" WHERE g.tbl = f.tbl AND g.key = f.key AND (g.hash IS NOT NULL OR g.seq > q.seq))"
		" FROM temp.place p JOIN feed f ON f.feed = p.feed AND f.seq <= p.seq WHERE p.feed = $1",
		"t", feed);

	while (db_next(rows) && home->sim->failure[0] == '\0') {
		const struct table *table = table_find(db_text(rows, 0));
		int64_t hash = 0;
		bool there = base_hash(seat->cache, table, db_text(rows, 1), &hash);

		if (!db_null(rows, 2) && (!there || hash != db_int(rows, 2)))
			sim_fail(home->sim, "rule 4: the cursor of %s is ahead of %s %s",
				home->store, db_text(rows, 0), db_text(rows, 1));
		if (db_null(rows, 2) && db_null(rows, 3) && there)
			sim_fail(home->sim, "rule 4: %s still has %s %s, which is gone from %s",
				home->store, db_text(rows, 0), db_text(rows, 1), feed);
	}
	db_done(rows);
}

/* The positions in a cursor, in the order of the feeds' names: <epoch>.<mark>.<seq>-<seq>… */
static void check_positions(struct sim_home *home, const char *cursor)
{
	char own[FEED_NAME_MAX];
	const char *feeds[] = {"catalogue", "channel:" SIM_CHANNEL, own, "tickets"};
	const char *at = strchr(cursor, '.');
	struct db *db;
	size_t count = 0;

	at = at ? strchr(at + 1, '.') : NULL;
	if (!at || strncmp(cursor, hq_epoch(home->sim->hq), (size_t)strcspn(cursor, ".")) != 0)
		return;
	snprintf(own, sizeof own, "store:%s", home->store);
	db = sim_hq_db(home->sim);
	if (!db)
		return;
	db_run(db, "CREATE TEMP TABLE IF NOT EXISTS place (feed TEXT PRIMARY KEY, seq INTEGER)",
		"");
	db_run(db, "DELETE FROM temp.place", "");
	for (; at && count < sizeof feeds / sizeof *feeds; count++) {
		db_run(db, "INSERT INTO temp.place VALUES ($1, $2)", "ti", feeds[count],
			(int64_t)strtoll(at + 1, NULL, 10));
		at = strchr(at + 1, '-');
	}
	for (size_t i = 0; i < count; i++)
		check_feed(home, db, feeds[i]);
}

void sim_rule_4_cursor(struct sim_home *home)
{
	struct sim *sim = home->sim;
	struct console *seat = &home->seats[0];
	char *cursor = NULL;

	if (!sim->hq || home->tainted || sim->failure[0] != '\0')
		return;
	int before = sim_enter(sim, SIM_NOBODY);
	console_changed(seat);
	if (seat->cache)
		cursor = db_get_text(
			seat->cache, "SELECT value FROM state WHERE name = 'cursor'", "");
	if (cursor && *cursor)
		check_positions(home, cursor);
	free(cursor);
	sim_enter(sim, before);
}

/* ---- 5: what the screen shows ---- */

#define LOOK_BACK 25 /* commands, at each look; at the end all */

/* Whatever a command did, something of it bears its id. */
static const char trace[] =
	"SELECT 1 FROM history WHERE id >= $1 || '.' AND id < $1 || '/'"
	" UNION ALL SELECT 1 FROM ledger WHERE id >= $1 || '.' AND id < $1 || '/'"
	" UNION ALL SELECT 1 FROM exception WHERE id >= $1 || '.' AND id < $1 || '/'"
	" UNION ALL SELECT 1 FROM count_entry WHERE id = $1"
	" UNION ALL SELECT 1 FROM redemption WHERE id = $1"
	" UNION ALL SELECT 1 FROM refused_scan WHERE id = $1 AND by_hq = 0";

/* Of these nothing of their own needs to be seen: a redemption that HQ has yet to judge or that only
 * repeats another, a refusal of what HQ was asked for and may have refused too, the undoing of a count,
 * and the claim of a zone that one holds. */
static bool leaves_nothing(struct db_rows *rows)
{
	if (strcmp(db_text(rows, 1), "stocktake.undo") == 0 ||
		strcmp(db_text(rows, 1), "stocktake.claim") == 0)
		return true;
	bool redeems = strcmp(db_text(rows, 1), "ticket.redeem") == 0;
	if (!redeems && strcmp(db_text(rows, 1), "ticket.refused") != 0)
		return false;
	return strstr(db_text(rows, 4), "\"of\":") ||
		(redeems && strcmp(db_text(rows, 2), "queued") == 0);
}

static void find_offered(struct sim_home *home, struct console *seat)
{
	int64_t refused_n = db_get_int(
		seat->outbox, 0, "SELECT max(n) FROM command WHERE status = 'rejected'", "");

	if (refused_n > home->refused_n)
		home->refused_n = refused_n;
	if (!db_has(seat->cache, "SELECT 1 FROM state WHERE name = 'whole_copy'", ""))
		home->offered_n = 0;
	else if (home->offered_n > 0 && home->offered_n < home->refused_n)
		home->offered_n = home->refused_n; /* another offer, before the copy came */
	else if (home->offered_n == 0)
		home->offered_n = db_get_int(seat->outbox, 0, "SELECT max(n) FROM command", "");
}

static void check_traces(struct sim_home *home, struct console *seat, int most)
{
	find_offered(home, seat);
	if (home->strange_ms > 0 && sim_landed_ms(home) <= home->strange_ms)
		return;

	struct db_rows *rows = db_query(seat->outbox,
		"SELECT id, op, state, status, line FROM command WHERE (state = 'queued' OR"
		" status = 'applied') AND (state = 'done' OR n > $2) ORDER BY n DESC LIMIT $1",
		"ii", (int64_t)most, home->offered_n);

	while (db_next(rows) && home->sim->failure[0] == '\0') {
		char code[40];

		if (!leaves_nothing(rows) && !db_has(seat->cache, trace, "t", db_text(rows, 0)) &&
			!console_amber(seat, db_text(rows, 0), code))
			sim_fail(home->sim, "rule 5: %s does not show its %s %s, which is %s %s",
				home->store, db_text(rows, 1), db_text(rows, 0), db_text(rows, 2),
				db_text(rows, 3) ? db_text(rows, 3) : "");
	}
	db_done(rows);
}

/* What HQ refused is taken off the screen when the refusal comes, which the mark `rebase` says is due. */
static void check_refused(struct sim_home *home, struct console *seat, int most)
{
	struct db_rows *rows;

	if (home->offered_n > 0 ||
		(home->shaken_ms > 0 && sim_landed_ms(home) <= home->shaken_ms) ||
		db_has(seat->cache, "SELECT 1 FROM state WHERE name = 'rebase'", ""))
		return;
	rows = db_query(seat->outbox,
		"SELECT id, op FROM command WHERE status = 'rejected' ORDER BY n DESC LIMIT $1",
		"i", (int64_t)most);
	while (db_next(rows))
		if (db_has(seat->cache, trace, "t", db_text(rows, 0)))
			sim_fail(home->sim, "rule 5: %s shows its %s %s, which HQ refused",
				home->store, db_text(rows, 1), db_text(rows, 0));
	db_done(rows);
}

/* What would be otherwise if something were shown twice, or half of it. */
static const struct {
	const char *what, *sql;
} sums[] = {
	{"cannot replay a command", "SELECT id FROM amber WHERE code = 'fault'"},
	{"shows stock that is not the sum of its ledger",
		"SELECT sku FROM stock s WHERE on_hand <> (SELECT COALESCE(sum(qty), 0) FROM ledger l"
		" WHERE l.store = s.store AND l.sku = s.sku) OR damaged <> (SELECT COALESCE(sum(damaged), 0)"
		" FROM ledger l WHERE l.store = s.store AND l.sku = s.sku)"},
	{"shows goods received that nobody received",
		"SELECT movement FROM movement_line m WHERE to_store = $1 AND received <> (SELECT"
		" COALESCE(sum(qty + damaged), 0) FROM ledger l WHERE l.doc = m.movement AND l.sku = m.sku"
		" AND l.store = $1 AND reason = 'receive')"},
	{"shows a count without its entries",
		"SELECT stocktake FROM stocktake_line n WHERE counted IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
		" count_entry e WHERE e.stocktake = n.stocktake AND e.sku = n.sku)"},
};

void sim_rule_5_screen(struct sim_home *home, struct console *seat, bool all)
{
	struct sim *sim = home->sim;
	struct console_counts counts;
	int64_t rows;

	sim->looks++;
	console_count(seat, home->store, &counts);
	rows = db_get_int(seat->outbox, 0, "SELECT count(*) FROM command", "");
	if (sim_disk_bad(home))
		return;
	if (rows < home->outbox_rows)
		sim_fail(sim, "rule 9: %s had %d commands and has %lld", home->store,
			home->outbox_rows, (long long)rows);
	home->outbox_rows = (int)rows;
	if (!seat->cache || counts.pulled_ms == 0 || home->tainted || sim->failure[0] != '\0')
		return;
	check_traces(home, seat, all ? SIM_COMMANDS_MAX : LOOK_BACK);
	check_refused(home, seat, all ? SIM_COMMANDS_MAX : LOOK_BACK);
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
		char *where = db_get_text(seat->cache, sums[i].sql, "t", home->store);

		if (where)
			sim_fail(sim, "rule 5: %s %s: %s", home->store, sums[i].what, where);
		free(where);
	}
}
