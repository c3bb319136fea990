/* The order of lists: windows, places, lists turned round or sorted by another value than their key, and
 * the lines of a sheet by what they differ by. */
#include "tests/views.h"

#include "model/json.h"

#include <stdio.h>
#include <string.h>

#define KEYS_MAX 64

static struct db_rows *opened(struct fixture *fx, const struct view_query *query)
{
	char error[256] = "";
	struct db_rows *rows = view_select(fx->db, query, error, sizeof(error));
	if (!rows)
		fail_msg("%s: %s", query->view->name, error);
	return rows;
}

/* Expects the first columns of the rows, separated by spaces. */
static void expect(struct fixture *fx, const struct view_query *query, const char *expected)
{
	char found[512] = "";
	struct db_rows *rows = opened(fx, query);
	while (db_next(rows)) {
		size_t used = strlen(found);
		snprintf(found + used, sizeof(found) - used, "%s%s", used ? " " : "",
			db_text(rows, 0));
	}
	db_done(rows);
	assert_string_equal(found, expected);
}

/* The keys of a window, in the order they were read; returns how many. */
static int read_keys(
	struct fixture *fx, const struct view_query *query, char keys[KEYS_MAX][VIEW_KEY_MAX])
{
	int count = 0;
	struct db_rows *rows = opened(fx, query);
	while (db_next(rows) && count < KEYS_MAX)
		assert_true(view_key(query, rows, keys[count++]));
	db_done(rows);
	if (db_failed(fx->db) != DB_OK)
		fail_msg("%s: %s", query->view->name, db_message(fx->db));
	return count;
}

/* Expects that windows of three from every row on, either way, are what the whole list has there, and
 * that each row's rank is its place. Returns the number of rows. */
static int expect_windows(struct fixture *fx, struct view_query query)
{
	static char all[KEYS_MAX][VIEW_KEY_MAX], part[KEYS_MAX][VIEW_KEY_MAX];
	int count = read_keys(fx, &query, all);
	assert_int_equal(view_count(fx->db, &query), count);
	query.limit = 3;
	for (int i = 0; i < count; i++) {
		query.after = all[i];
		assert_int_equal(view_rank(fx->db, &query, all[i]), i);
		for (int back = 0; back <= 1; back++) {
			query.backwards = back;
			int left = back ? i : count - 1 - i, got = read_keys(fx, &query, part);
			assert_int_equal(got, left < 3 ? left : 3);
			for (int n = 0; n < got; n++)
				assert_string_equal(part[n], all[back ? i - 1 - n : i + 1 + n]);
		}
	}
	return count;
}

static void windows(void **state)
{
	/* A window starts behind a key, or with it, and reads towards either end of the list. */
	struct fixture *fx = *state;
	struct view_query query = views_query("movements");
	fixture_sql(fx,
		"INSERT INTO movement (id, status) VALUES ('m001', 'pending'), ('m002', 'pending'),"
		" ('m003', 'shipped'), ('m004', 'pending'), ('m012', 'pending')");
	expect(fx, &query, "m012 m004 m003 m002 m001");
	query.after = "[\"m003\"]";
	expect(fx, &query, "m002 m001");
	query.inclusive = true;
	query.backwards = true;
	expect(fx, &query, "m003 m004 m012");
	assert_int_equal(view_rank(fx->db, &query, "[\"m003\"]"), 2);
	query = views_query("movements");
	assert_int_equal(expect_windows(fx, query), 5);
	query.reversed = true;
	expect(fx, &query, "m001 m002 m003 m004 m012");
	assert_int_equal(expect_windows(fx, query), 5);
	view_where(&query, "status", "pending");
	assert_int_equal(expect_windows(fx, query), 4);
}

static void documents_by_expected_day(void **state)
{
	/* A list sorted by a value has its largest first and goes by key where values are equal; windows from
	 * any row on, places, and the list turned round all follow. No day is later than all. */
	struct fixture *fx = *state;
	fixture_sql(fx,
		"INSERT INTO movement (id, out_number, status, expected_on) VALUES"
		" ('m1', 'OUT-1', 'pending', '2026-06-01'), ('m2', 'OUT-2', 'pending', '2026-05-01'),"
		" ('m3', 'OUT-3', 'pending', NULL), ('m4', 'OUT-4', 'pending', '2026-05-01'),"
		" ('m5', 'OUT-5', 'pending', NULL)");
	struct view_query query = views_query("movements");
	query.order = "expected";
	expect(fx, &query, "m5 m3 m1 m4 m2");
	assert_int_equal(expect_windows(fx, query), 5);
	query.reversed = true;
	expect(fx, &query, "m2 m4 m1 m3 m5");
	assert_int_equal(expect_windows(fx, query), 5);
}

static void refuses_nonsense(void **state)
{
	/* An order the list does not have, and a key of another order, are errors with a sentence. */
	struct fixture *fx = *state;
	char error[100] = "";
	struct view_query query = views_query("movements");
	query.order = "colour";
	assert_null(view_select(fx->db, &query, error, sizeof(error)));
	assert_string_equal(error, "colour is no order of this list");
	assert_int_equal(view_count(fx->db, &query), 0);
	query.order = "expected";
	query.after = "[\"m1\"]";
	assert_null(view_select(fx->db, &query, error, sizeof(error)));
	assert_string_equal(error, "after is not a key of this list");
}

/* Lines with differences 0, ±2, ±2, −5 and +1, prices that turn their values round, and one uncounted. */
static void add_sheet(struct fixture *fx, const char *status, int blind)
{
	char sql[256];
	snprintf(sql, sizeof(sql),
		"INSERT INTO stocktake (id, number, store, status, scope, blind, round) VALUES"
		" ('s1', 'STK-1', 'xinyi', '%s', 'full', %d, 1)",
		status, blind);
	fixture_sql(fx, sql);
	fixture_sql(fx,
		"INSERT INTO stocktake_line (stocktake, sku, store, round, book, counted, counted_at) VALUES"
		" ('s1', 'A1', 'xinyi', 1, 100000, 100000, 5000), ('s1', 'A2', 'xinyi', 1, 100000, 98000, 4000),"
		" ('s1', 'A3', 'xinyi', 1, 100000, 102000, 5000), ('s1', 'A4', 'xinyi', 1, 100000, 95000, 9000),"
		" ('s1', 'A5', 'xinyi', 1, 100000, 101000, 1000), ('s1', 'A6', 'xinyi', 1, 100000, 98000, 2000),"
		" ('s1', 'A7', 'xinyi', 0, 100000, NULL, 0)");
	fixture_sql(fx,
		"UPDATE product SET price = CASE sku WHEN 'A2' THEN 10000 WHEN 'A4' THEN 100 WHEN 'A5' THEN"
		" 900000 ELSE 0 END");
}

static void lines_by_what_they_differ(void **state)
{
	/* The lines of a sheet are sorted by the size of their difference, by its value where a price is known,
	 * or by when they were counted; what is equal stands by SKU, and what is not counted last. */
	struct fixture *fx = *state;
	struct view_query query = views_query("stocktake_lines");
	view_where(&query, "stocktake", "s1");
	add_sheet(fx, "mismatched", 0);
	query.order = "difference";
	expect(fx, &query, "A4 A2 A3 A6 A5 A1 A7");
	assert_int_equal(expect_windows(fx, query), 7);
	query.order = "value";
	expect(fx, &query, "A5 A2 A4 A1 A3 A6 A7");
	assert_int_equal(expect_windows(fx, query), 7);
	query.order = "counted_at";
	expect(fx, &query, "A4 A1 A3 A2 A6 A5 A7");
	assert_int_equal(expect_windows(fx, query), 7);
	query.reversed = true;
	expect(fx, &query, "A7 A5 A6 A2 A3 A1 A4");
	assert_int_equal(expect_windows(fx, query), 7);
	query.reversed = false;
	query.order = "difference";
	view_where(&query, "is", "loss");
	expect(fx, &query, "A4 A2 A6");
	assert_int_equal(expect_windows(fx, query), 3);
}

static void lines_of_an_open_sheet(void **state)
{
	/* While a sheet is open the products nobody counted stand behind all others, by SKU; of a blind one no
	 * order tells which lines differ. */
	struct fixture *fx = *state;
	struct view_query query = views_query("stocktake_lines");
	view_where(&query, "stocktake", "s1");
	add_sheet(fx, "counting", 0);
	query.order = "difference";
	expect(fx, &query, "A4 A2 A3 A6 A5 A1 A7 A8 A9");
	assert_int_equal(expect_windows(fx, query), 9);
	fixture_sql(fx, "UPDATE stocktake SET blind = 1");
	static const char *const orders[] = {"difference", "value"};
	for (int i = 0; i < 2; i++) {
		char keys[KEYS_MAX][VIEW_KEY_MAX];
		query.order = orders[i];
		expect(fx, &query, "A1 A2 A3 A4 A5 A6 A7 A8 A9");
		assert_int_equal(expect_windows(fx, query), 9);
		read_keys(fx, &query, keys);
		assert_string_equal(keys[3], "[1,\"A4\"]");
	}
	query.order = "counted_at";
	expect(fx, &query, "A4 A1 A3 A2 A6 A5 A7 A8 A9");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(windows),
		TEST(documents_by_expected_day),
		TEST(refuses_nonsense),
		TEST(lines_by_what_they_differ),
		TEST(lines_of_an_open_sheet),
	};
	return cmocka_run_group_tests_name("orders of lists", tests, NULL, NULL);
}
