/* The lines of a sheet as lists show them: what is not counted, the scope, and what a blind one hides. */
#include "tests/views.h"

#include "model/json.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

static void add_sheet(struct fixture *fx, const char *id, const char *status, const char *rest)
{
	char sql[1024];
	snprintf(sql, sizeof(sql),
		"INSERT INTO stocktake (id, number, store, status, scope, categories, vendors, blind)"
		" VALUES ('%s', 'ST-%s', 'xinyi', '%s', %s)",
		id, id, status, rest);
	fixture_sql(fx, sql);
	snprintf(sql, sizeof(sql),
		"INSERT INTO stocktake_line (stocktake, sku, store, round, book, counted) VALUES"
		" ('%s', 'A2', 'xinyi', 1, 100000, 98000), ('%s', 'Z9', 'xinyi', 1, 0, 3000)",
		id, id);
	fixture_sql(fx, sql);
}

static void sheet_lists_what_is_not_counted(void **state)
{
	/* While a sheet is open its lines are what was counted and every stock row in scope, in order. */
	struct fixture *fx = *state;
	add_sheet(fx, "s1", "counting", "'full', NULL, NULL, 0");
	EXPECT_WHERE(
		fx, "stocktake_lines", "stocktake", "s1", "sku", "A1 A2 A3 A4 A5 A6 A7 A8 A9 Z9");
	struct view_query query = views_query("stocktake_lines");
	view_where(&query, "stocktake", "s1");
	query.after = "[\"A2\"]";
	query.backwards = true;
	cJSON *items = views_list(fx, &query);
	assert_int_equal(cJSON_GetArraySize(items), 1);
	cJSON_Delete(items);
	query.after = NULL;
	query.backwards = false;
	view_where(&query, "is", "loss|gain");
	views_expect(fx, &query, "sku", "A2 Z9");
	fixture_sql(fx, "UPDATE stocktake SET status = 'mismatched'");
	EXPECT_WHERE(fx, "stocktake_lines", "stocktake", "s1", "sku", "A2 Z9");
}

static void sheet_scope(void **state)
{
	/* A partial sheet has the stock of its categories and vendors, whatever letters they hold. */
	struct fixture *fx = *state;
	fixture_sql(fx,
		"UPDATE product SET category = 'a\"b\\c%' WHERE sku = 'A1';"
		"UPDATE product SET category = 'a' WHERE sku = 'A3';"
		"UPDATE product SET vendor = 'Other' WHERE sku IN ('A1', 'A4')");
	add_sheet(fx, "s1", "new", "'partial', '[\"x\",\"a\\\"b\\\\c%\"]', '[]', 0");
	EXPECT_WHERE(fx, "stocktake_lines", "stocktake", "s1", "sku", "A1 A2 Z9");
	add_sheet(fx, "s2", "new", "'partial', '[\"bikes\"]', '[\"Other\"]', 0");
	EXPECT_WHERE(fx, "stocktake_lines", "stocktake", "s2", "sku", "A2 A4 Z9");
}

static void blind_sheet_hides(void **state)
{
	/* A blind sheet shows neither book nor difference until it is finished, filters included. */
	struct fixture *fx = *state;
	static const char *const open[] = {"new", "counting", "paused", "recounting"};
	add_sheet(fx, "s1", "new", "'full', NULL, NULL, 1");
	for (int i = 0; i < COUNT_OF(open); i++) {
		char sql[128];
		snprintf(sql, sizeof(sql), "UPDATE stocktake SET status = '%s'", open[i]);
		fixture_sql(fx, sql);
		cJSON *sheet = views_one(fx, "stocktakes", "ST-s1");
		const cJSON *line;
		cJSON_ArrayForEach(line, json_list(sheet, "lines"))
		{
			assert_true(cJSON_IsNull(cJSON_GetObjectItem(line, "book")));
			assert_true(cJSON_IsNull(cJSON_GetObjectItem(line, "difference")));
		}
		assert_true(views_number(views_item(json_list(sheet, "lines"), "sku", "A2"),
				    "counted") == 98);
		cJSON_Delete(sheet);
		struct view_query query = views_query("stocktake_lines");
		view_where(&query, "stocktake", "s1");
		view_where(&query, "is", "loss|gain|equal");
		views_expect(fx, &query, "sku", "");
	}
	fixture_sql(fx, "UPDATE stocktake SET status = 'mismatched'");
	cJSON *sheet = views_one(fx, "stocktakes", "s1");
	const cJSON *line = views_item(json_list(sheet, "lines"), "sku", "A2");
	assert_true(views_number(line, "book") == 100);
	assert_true(views_number(line, "difference") == -2);
	cJSON_Delete(sheet);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(sheet_lists_what_is_not_counted),
		TEST(sheet_scope),
		TEST(blind_sheet_hides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
