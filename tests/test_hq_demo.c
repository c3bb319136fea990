/* The demo data is the same every time, and holds one of everything there is to see. */
#include "hq/demo.h"
#include "hq/demo_data.h"
#include "hq_fixture.h"
#include "model/barcode.h"
#include "model/command.h"
#include "model/db.h"
#include "model/staff.h"
#include "model/ticket.h"
#include "tests/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct made {
	char dir[256];
	char path[2][300];
};

/* Early in the day: nothing may lie in the future then. */
#define NOW_MS INT64_C(1790006700000)

static void make_one(const char *path)
{
	char url[320], error[400] = "";

	snprintf(url, sizeof(url), "sqlite:%s", path);
	struct hq *hq = hq_open(&(struct hq_options){.url = url, .create = true, .relaxed = true},
		error, sizeof(error));

	if (!hq || !demo_make(hq, NOW_MS, error, sizeof(error)))
		fail_msg("%s", error);
	hq_close(hq);
}

static int make(void **state)
{
	struct made *made = calloc(1, sizeof(*made));

	folder_make(made->dir, sizeof(made->dir));
	for (int i = 0; i < 2; i++) {
		snprintf(made->path[i], sizeof(made->path[i]), "%s/%d.db", made->dir, i);
		make_one(made->path[i]);
	}
	*state = made;
	return 0;
}

static int unmake(void **state)
{
	struct made *made = *state;
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[320];

	for (int i = 0; i < 6; i++) {
		snprintf(path, sizeof(path), "%s%s", made->path[i / 3], ends[i % 3]);
		unlink(path);
	}
	assert_int_equal(rmdir(made->dir), 0);
	free(made);
	return 0;
}

static struct db *open_made(const struct made *made, int which)
{
	char error[300] = "";
	struct db *db = db_open(
		made->path[which], &(struct db_options){.must_exist = true}, error, sizeof(error));

	if (!db)
		fail_msg("%s", error);
	return db;
}

static int64_t count(struct db *db, const char *sql)
{
	int64_t number = db_get_int(db, 0, sql, "");

	if (db_failed(db))
		fail_msg("%s", db_message(db));
	return number;
}

/* Two databases made at the same time of day hold the same rows at the same positions. */
static void test_same_every_time(void **state)
{
	static const char sql[] =
		"SELECT f.feed, f.seq, f.tbl, f.key, f.hash, f.at FROM feed f ORDER BY f.feed, f.seq";
	struct db *a = open_made(*state, 0), *b = open_made(*state, 1);
	struct db_rows *rows_a = db_query(a, sql, ""), *rows_b = db_query(b, sql, "");
	int rows = 0;

	while (db_next(rows_a)) {
		assert_true(db_next(rows_b));
		for (int i = 0; i < 6; i++)
			assert_string_equal(db_null(rows_a, i) ? "" : db_text(rows_a, i),
				db_null(rows_b, i) ? "" : db_text(rows_b, i));
		rows++;
	}
	assert_false(db_next(rows_b));
	assert_true(rows > 10000);
	db_done(rows_a);
	db_done(rows_b);
	db_close(a);
	db_close(b);
}

/* Five stores, 1,507 products in at least 12 categories of at least 10 vendors, stock everywhere. */
static void test_world(void **state)
{
	struct db *db = open_made(*state, 0);

	assert_int_equal(count(db, "SELECT COUNT(*) FROM store"), 5);
	assert_int_equal(count(db, "SELECT COUNT(*) FROM store WHERE kind = 'online'"), 1);
	assert_int_equal(count(db, "SELECT COUNT(*) FROM product"), 1507);
	assert_true(count(db, "SELECT COUNT(DISTINCT category) FROM product") >= 12);
	assert_true(count(db, "SELECT COUNT(DISTINCT vendor) FROM product") >= 10);
	assert_true(
		count(db, "SELECT MIN(n) FROM (SELECT COUNT(*) AS n FROM stock GROUP BY store) x") >
		1000);
	assert_int_equal(count(db, "SELECT COUNT(*) FROM stock WHERE on_hand < 0"), 0);
	assert_int_equal(
		count(db, "SELECT COUNT(*) FROM product WHERE price <= 0 OR name = ''"), 0);
	assert_int_equal(count(db,
				 "SELECT COUNT(*) FROM command WHERE status <> 'applied'"
				 " AND id NOT IN (SELECT id FROM refused_scan)"),
		0);
	db_close(db);
}

/* Every product has one barcode of its own with a right check digit. */
static void test_barcodes(void **state)
{
	struct db *db = open_made(*state, 0);
	struct db_rows *rows = db_query(db, "SELECT DISTINCT barcodes FROM product", "");
	int codes = 0;

	for (; db_next(rows); codes++) {
		char code[14];

		assert_int_equal(sscanf(db_text(rows, 0), "[\"%13[0-9]\"]", code), 1);
		assert_int_equal(strlen(code), 13);
		assert_true(barcode_gtin_is_valid(code));
	}
	db_done(rows);
	assert_int_equal(codes, 1507);
	db_close(db);
}

/* There is a movement in every status, between stores and with third parties. */
static void test_movements(void **state)
{
	static const char *const statuses[] = {"pending", "accepted", "shipped", "arrived",
		"partial", "received", "rejected", "cancelled"};
	struct db *db = open_made(*state, 0);

	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		assert_true(
			db_has(db, "SELECT 1 FROM movement WHERE status = $1", "t", statuses[i]));
	assert_true(
		count(db, "SELECT COUNT(DISTINCT status) FROM movement WHERE from_store IS NULL") >=
		3);
	assert_true(
		count(db, "SELECT COUNT(DISTINCT status) FROM movement WHERE to_store IS NULL") >=
		2);
	assert_true(db_has(db, "SELECT 1 FROM movement_line WHERE extra <> 0", ""));
	assert_true(db_has(db, "SELECT 1 FROM movement_line WHERE damaged > 0", ""));
	assert_true(db_has(db, "SELECT 1 FROM movement_line WHERE written_off > 0", ""));
	assert_true(db_has(db, "SELECT 1 FROM movement_line WHERE sent_back > 0", ""));
	assert_true(db_has(db,
		"SELECT 1 FROM movement m JOIN movement_line l ON l.movement = m.id"
		" WHERE m.status = 'accepted' AND l.shipped > 0",
		""));
	assert_int_equal(
		count(db, "SELECT COUNT(*) FROM movement WHERE created_at > 1790006700000"), 0);
	db_close(db);
}

/* There is a transfer order in every status, asked of the shop xinyi and by it. */
static void test_transfers(void **state)
{
	static const char *const statuses[] = {"pending", "agreed", "refused", "cancelled"};
	struct db *db = open_made(*state, 0);

	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		assert_true(
			db_has(db, "SELECT 1 FROM transfer WHERE status = $1", "t", statuses[i]));
	assert_true(db_has(db,
		"SELECT 1 FROM transfer WHERE from_store = 'xinyi' AND status = 'pending'", ""));
	assert_true(db_has(
		db, "SELECT 1 FROM transfer WHERE to_store = 'xinyi' AND status = 'pending'", ""));
	assert_true(db_has(db,
		"SELECT 1 FROM movement m JOIN transfer t ON t.movement = m.id"
		" WHERE m.transfer_number = t.number AND m.status = 'received'",
		""));
	db_close(db);
}

/* The shop xinyi has a corrected sheet, a mismatched one and one that is being counted. */
static void test_stocktakes(void **state)
{
	struct db *db = open_made(*state, 0);

	assert_int_equal(count(db, "SELECT COUNT(*) FROM stocktake WHERE store = 'xinyi'"), 3);
	assert_int_equal(
		count(db,
			"SELECT COUNT(DISTINCT status) FROM stocktake WHERE store = 'xinyi'"
			" AND status IN ('corrected', 'mismatched', 'counting')"),
		3);
	assert_true(db_has(db, "SELECT 1 FROM stocktake_line WHERE counted > book", ""));
	assert_true(db_has(db, "SELECT 1 FROM stocktake_line WHERE counted < book", ""));
	db_close(db);
}

/* Tickets of every kind: whole, spent in part, bound, expired, not yet valid, dead in each way. */
static void test_tickets(void **state)
{
	static const char *const kinds[] = {
		"units > 1",
		"stores <> '[]'",
		"offline IS NOT NULL",
		"status = 'refunded'",
		"status = 'blocked'",
		"status = 'superseded'",
		"parent IS NOT NULL",
		"valid_until < '2026-09-22'",
		"valid_from > '2026-09-22'",
		"code IN (SELECT r.code FROM redemption r WHERE r.mode = 'offline')",
		"code IN (SELECT r.code FROM redemption r WHERE r.kind = 'void')",
	};
	struct db *db = open_made(*state, 0);
	char sql[200];

	assert_true(count(db, "SELECT COUNT(DISTINCT order_number) FROM ticket") >= 8);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM ticket WHERE %s", kinds[i]);
		if (count(db, sql) == 0)
			fail_msg("no ticket where %s", kinds[i]);
	}
	assert_true(db_has(db, "SELECT 1 FROM exception WHERE kind = 'duplicate_redemption'", ""));
	db_close(db);
}

/* What xinyi is told of each of them today, as doc/demo.md promises. */
static const struct {
	const char *code;
	int qty;
	const char *told; /* "": done */
} promised[] = {
	{"CT1001-A7K2", 1, ""},
	{"CT1002-M4PX", 7, ""},
	{"CT1003-B9TL", 2, "insufficient"},
	{"CT1003-C2WD", 2, ""},
	{"CT1004-Q8RN", 1, "expired"},
	{"CT1005-H3VF", 1, "not_yet"},
	{"CT1006-Z5GJ", 1, "refunded"},
	{"CT1007-E6YS", 1, "superseded"},
	{"CT1007-S2", 1, ""},
	{"CT1008-U1KC", 1, "blocked"},
	{"CT1009-N7DW", 1, "used_up"},
	{"CT1010-P2XB", 1, "used_up"},
	{"CT1011-T4MQ", 1, "not_here"},
	{"CT1012-BBBB", 1, ""},
	{"CT1013-K8SA", 1, ""},
	{"CT1014-L2VN", 1, "not_here"},
	{"CT1099-ZZZZ", 1, "unknown"},
	{"CT10", 1, "malformed"},
};

static void expect_told(struct db *db, size_t row)
{
	struct world world = {.at_hq = true, .every_right = true};
	struct command command;
	struct verdict verdict = {.refusal = REFUSAL_NONE};
	char line[400];

	snprintf(line, sizeof(line),
		"{\"id\":\"01999999-0000-7000-8000-000000000001\",\"op\":\"ticket.redeem\",\"v\":1,"
		"\"at\":\"2026-09-21T16:05:00.000Z\",\"store\":\"xinyi\",\"actor\":\"lee\",\"data\":"
		"{\"code\":\"%s\",\"qty\":%d,\"mode\":\"online\"}}",
		promised[row].code, promised[row].qty);
	assert_int_equal(command_parse(line, strlen(line), &command, verdict.message,
				 sizeof(verdict.message)),
		REFUSAL_NONE);
	db_begin(db);
	command_run(db, &command, &world, NOW_MS, &verdict);
	db_rollback(db);
	if (strcmp(refusal_code(verdict.refusal), promised[row].told) != 0)
		fail_msg("%s: %s", promised[row].code, refusal_code(verdict.refusal));
	verdict_free(&verdict);
	command_free(&command);
}

/* A visitor finds a ticket for each answer that HQ or, with the line down, the terminal can give. */
static void test_answers(void **state)
{
	struct db *db = open_made(*state, 0);
	struct ticket_ask ask = {.store = "xinyi", .qty = 1, .now_ms = NOW_MS, .cache_ms = NOW_MS};

	for (size_t i = 0; i < sizeof(promised) / sizeof(*promised); i++)
		expect_told(db, i);
	ask.code = "CT1002-M4PX";
	assert_true(ticket_offline_verdict(db, &ask).allowed);
	ask.code = "CT1012-BBBB";
	assert_int_equal(ticket_offline_verdict(db, &ask).refusal, REFUSED_needs_online);
	db_close(db);
}

/* One dossier is open between two stores; scans were refused by HQ and by terminals, each in its own way. */
static void test_trouble(void **state)
{
	struct db *db = open_made(*state, 0);

	assert_int_equal(
		count(db,
			"SELECT COUNT(*) FROM dossier WHERE code = 'CT1009-N7DW'"
			" AND status = 'open' AND spent = 2 AND stores LIKE '%ximen%xinyi%'"),
		1);
	assert_int_equal(count(db, "SELECT COUNT(*) FROM dossier"), 1);
	assert_int_equal(
		count(db, "SELECT COUNT(*) FROM redemption WHERE basis LIKE '%clock_error_ms%'"),
		2);
	assert_int_equal(count(db, "SELECT COUNT(*) FROM refused_scan WHERE by_hq = 1"), 5);
	assert_int_equal(count(db, "SELECT COUNT(*) FROM refused_scan WHERE by_hq = 0"), 2);
	assert_true(count(db, "SELECT COUNT(DISTINCT result) FROM refused_scan") >= 5);
	assert_int_equal(
		count(db, "SELECT COUNT(*) FROM ticket_product WHERE stores = '[\"ximen\"]'"), 1);
	db_close(db);
}

/* The PINs that are printed are those of the staff. */
static void test_pins(void **state)
{
	struct db *db = open_made(*state, 0);
	char *printed = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&printed, &size);

	demo_print_staff(out);
	fclose(out);
	for (int i = 0; i < DEMO_STAFF; i++) {
		char *hash = db_get_text(
			db, "SELECT pin_hash FROM staff WHERE id = $1", "t", demo_staff[i].id);

		assert_true(staff_pin_matches(hash, demo_staff[i].pin));
		assert_non_null(strstr(printed, demo_staff[i].pin));
		free(hash);
	}
	assert_int_equal(count(db, "SELECT COUNT(*) FROM staff"), DEMO_STAFF);
	free(printed);
	db_close(db);
}

/* The web shop has an order of each status; that of the family has gone all its way, and the ledger is sound. */
static void test_orders(void **state)
{
	static const char *const statuses[] = {"open", "pending", "pending_payment",
		"payment_review", "processing", "complete", "on_hold", "suspected_fraud", "closed",
		"canceled"};
	static const char family[] =
		"SELECT COUNT(*) FROM order_line WHERE order_number = 'W-100001'";
	struct db *db = open_made(*state, 0);

	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		if (!db_has(db, "SELECT 1 FROM sales_order WHERE status = $1", "t", statuses[i]))
			fail_msg("no order is %s", statuses[i]);
	assert_int_equal(count(db, family), 6);
	assert_true(db_has(db,
		"SELECT 1 FROM sales_order WHERE customer = 'Blake Sanders' AND status = 'complete'",
		""));
	assert_int_equal(count(db,
				 "SELECT cancelled FROM order_line WHERE order_number = 'W-100001'"
				 " AND sku = '33-BikeFun'"),
		2000);
	assert_int_equal(count(db,
				 "SELECT refunded FROM order_line WHERE order_number = 'W-100001'"
				 " AND sku = '54-BikeLife'"),
		1000);
	assert_int_equal(
		count(db,
			"SELECT on_hand FROM stock WHERE store = 'taichung' AND sku = '54-BikeLife'"),
		11000);
	assert_int_equal(count(db,
				 "SELECT COUNT(*) FROM history WHERE channel = 'web' AND doc ="
				 " (SELECT id FROM sales_order WHERE number = 'W-100001')"),
		8);
	assert_int_equal(
		count(db,
			"SELECT COUNT(*) FROM order_line l WHERE (SELECT SUM(r.qty) FROM"
			" reservation r WHERE r.order_number = l.order_number AND r.sku = l.sku)"
			" <> -(l.ordered - l.cancelled - CASE l.is_virtual WHEN 1 THEN"
			" l.invoiced ELSE l.shipped + l.unsent END)"),
		0);
	assert_int_equal(count(db, "SELECT COUNT(*) FROM credit_memo WHERE status = 'open'"), 1);
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_every_time),
		cmocka_unit_test(test_world),
		cmocka_unit_test(test_barcodes),
		cmocka_unit_test(test_movements),
		cmocka_unit_test(test_transfers),
		cmocka_unit_test(test_stocktakes),
		cmocka_unit_test(test_tickets),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_pins),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
