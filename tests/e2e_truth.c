#include "tests/e2e_truth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/db.h"
#include "model/table.h"
#include "model/text.h"

static struct db *open_file(const char *folder, const char *name)
{
	const struct db_options options = {
		.durability = DB_READ_ONLY, .must_exist = true, .busy_ms = 5000};
	char path[E2E_PATH_BYTES + 32], error[200];
	struct db *db;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	db = db_open(path, &options, error, sizeof error);
	if (!db)
		fail_msg("%s", error);
	return db;
}

static void expect_sound(struct db *db, const char *folder, const char *name)
{
	char *answer = db_get_text(db, "PRAGMA integrity_check", "");

	if (!answer || strcmp(answer, "ok") != 0)
		fail_msg("%s/%s: %s", folder, name, answer ? answer : db_message(db));
	free(answer);
}

/* ---- commands and their effects ---- */

#define DATA(path) "json_extract(c.line, '$.data." path "')"
/* The one line of a receipt or an adjustment, in thousandths. */
#define QTY "1000 * " DATA("lines[0].qty")
#define MADE_HERE(op) "IN (SELECT m.id FROM o.command m WHERE m.op = '" op "')"

/* Of HQ's database with a home's outbox beside it as `o`: each must find nothing. */
static const struct {
	const char *what, *sql;
} wrongs[] = {
	{"commands are not done", "SELECT count(*) FROM o.command WHERE state <> 'done'"},
	{"commands have another verdict at HQ, or none",
		"SELECT count(*) FROM o.command c WHERE NOT EXISTS (SELECT 1 FROM main.command h "
		"WHERE h.id = c.id AND h.op = c.op AND h.status = c.status)"},
	{"commands of this home at HQ were never saved here",
		"SELECT count(*) FROM main.command h JOIN token t ON t.id = h.token "
		"JOIN o.device d ON d.device = t.device WHERE h.id NOT IN (SELECT id FROM o.command)"},
	{"ids were used twice", "SELECT count(*) FROM o.command WHERE code = 'key_reuse'"},
	{"facts were not applied",
		"SELECT count(*) FROM o.command WHERE status <> 'applied' AND "
		"op IN ('stocktake.count', 'inbound.receive', 'stock.adjust')"},
	{"counts have no entry of one piece",
		"SELECT count(*) FROM o.command c WHERE op = 'stocktake.count' AND 1 <> "
		"(SELECT count(*) FROM count_entry e WHERE e.id = c.id AND e.qty = 1000)"},
	{"entries come from no count",
		"SELECT count(*) FROM count_entry e WHERE e.stocktake " MADE_HERE(
			"stocktake.create") " AND e.id NOT IN (SELECT id FROM o.command)"},
	{"lines of a sheet are not the sum of its counts",
		"SELECT count(*) FROM stocktake_line l WHERE l.stocktake " MADE_HERE(
			"stocktake.create") " AND l.counted <> 1000 * (SELECT count(*) FROM o.command c "
					    "WHERE c.op = 'stocktake.count' AND " DATA(
						    "stocktake") " = l.stocktake AND " DATA("sku") " = l.sku)"},
	{"receipts and adjustments did not move goods once",
		"SELECT count(*) FROM o.command c WHERE op IN ('inbound.receive', 'stock.adjust') AND 1 <> "
		"(SELECT count(*) FROM ledger g WHERE g.id > c.id || '.' AND g.id < c.id || '/' "
		"AND g.qty = " QTY ")"},
	{"lines of an order are not the sum of its receipts",
		"SELECT count(*) FROM movement_line l WHERE l.movement " MADE_HERE(
			"inbound.create") " AND l.received <> COALESCE((SELECT sum(" QTY
					  ") FROM o.command c WHERE c.op = 'inbound.receive' AND " DATA(
						  "movement") " = l.movement), 0)"},
	{"orders that were applied are not there once",
		"SELECT count(*) FROM o.command c WHERE op = 'outbound.create' AND status = 'applied' "
		"AND 1 <> (SELECT count(*) FROM movement m WHERE m.id = c.id)"},
	{"stock lines are not the sum of the ledger",
		"SELECT count(*) FROM stock s WHERE on_hand <> (SELECT COALESCE(sum(qty), 0) "
		"FROM ledger g WHERE g.store = s.store AND g.sku = s.sku)"},
};

static void expect_no_wrongs(struct db *hq, const struct e2e_home *home)
{
	char path[E2E_PATH_BYTES + 32];

	snprintf(path, sizeof path, "%s/outbox.db", home->path);
	db_run(hq, "ATTACH DATABASE $1 AS o", "t", path);
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		int64_t count = db_get_int(hq, -1, wrongs[i].sql, "");

		if (count != 0)
			fail_msg("%s: %lld %s %s", home->store, (long long)count, wrongs[i].what,
				db_failed(hq) ? db_message(hq) : "");
	}
	db_run(hq, "DETACH DATABASE o", "");
}

/* ---- caches ---- */

/* Every row of the feeds that the cache follows is in it as HQ has it; how many there are. */
static int64_t compare_rows(struct db *hq, struct db *cache, const char *store)
{
	int64_t count = 0;
	struct db_rows *rows;

	rows = db_query(hq,
		"SELECT DISTINCT tbl, key FROM feed WHERE hash IS NOT NULL AND feed IN "
		"(SELECT feed FROM c.feed_state WHERE followed = 1)",
		"");
	for (; db_next(rows); count++) {
		struct text theirs = TEXT_INIT(TEXT_LARGE), ours = TEXT_INIT(TEXT_LARGE);
		const struct table *table = table_find(db_text(rows, 0));
		const char *key = db_text(rows, 1);

		if (!table_row_json(hq, table, key, &theirs) ||
			!table_row_json(cache, table, key, &ours) ||
			strcmp(text_get(&theirs), text_get(&ours)) != 0)
			fail_msg("%s %s: HQ has %.300s, %s %.300s", db_text(rows, 0), key,
				text_get(&theirs), store, text_get(&ours));
		text_free(&theirs);
		text_free(&ours);
	}
	db_done(rows);
	return count;
}

static int64_t rows_of(struct db *cache)
{
	int count;
	const struct table *tables = table_all(&count);
	int64_t rows = 0;

	for (int i = 0; i < count; i++) {
		char sql[100];

		snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%.60s\"", tables[i].name);
		rows += db_get_int(cache, 0, sql, "");
	}
	return rows;
}

static void expect_same_rows(struct db *hq, const struct e2e_home *home)
{
	struct db *cache = open_file(home->path, "cache.db");
	char path[E2E_PATH_BYTES + 32];

	expect_sound(cache, home->path, "cache.db");
	snprintf(path, sizeof path, "%s/cache.db", home->path);
	db_run(hq, "ATTACH DATABASE $1 AS c", "t", path);
	assert_int_equal(compare_rows(hq, cache, home->store), rows_of(cache));
	assert_int_equal(db_get_int(cache, -1, "SELECT count(*) FROM amber", ""), 0);
	assert_int_equal(db_failed(hq), DB_OK);
	db_run(hq, "DETACH DATABASE c", "");
	db_close(cache);
}

void e2e_truth_expect(const struct e2e_home *home)
{
	struct db *hq = open_file(e2e_folder(), "hq.db");
	struct db *outbox = open_file(home->path, "outbox.db");

	expect_sound(hq, e2e_folder(), "hq.db");
	expect_sound(outbox, home->path, "outbox.db");
	db_close(outbox);
	expect_no_wrongs(hq, home);
	expect_same_rows(hq, home);
	db_close(hq);
}

bool e2e_truth_has_verdict(const char *id)
{
	struct db *hq = open_file(e2e_folder(), "hq.db");
	bool has = db_get_int(hq, 0,
			   "SELECT count(*) FROM command WHERE id = $1 AND status IN "
			   "('applied', 'rejected', 'parked')",
			   "t", id) == 1;

	db_close(hq);
	return has;
}
