/* What is told of a stocktake: its lines by mark and zone, its progress, and what a blind one keeps to
 * itself (product.md §3). */
#include "tests/sheets.h"

#include "model/report.h"
#include "model/stocktake_progress.h"
#include "model/text.h"
#include "model/view.h"

#include <stdio.h>
#include <string.h>

/* ---- lists ---- */

/* Expects the first column of the rows of a view under two filters, separated by spaces. */
static void expect_listed(struct fixture *f, const struct view_query *query, const char *expected)
{
	char found[400] = "", error[100];
	struct db_rows *rows = view_select(f->db, query, error, sizeof error);
	if (!rows)
		fail_msg("%s", error);
	while (db_next(rows))
		snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s",
			*found ? " " : "", db_text(rows, 0));
	db_done(rows);
	assert_string_equal(found, expected);
}

static void expect_lines(struct fixture *f, const char *sheet, const char *filter,
	const char *value, const char *expected)
{
	struct view_query query = {.view = view_find("stocktake_lines")};
	view_where(&query, "stocktake", sheet);
	view_where(&query, filter, value);
	expect_listed(f, &query, expected);
}

static void lines_by_mark_and_zone(void **state)
{
	/* The lines of a sheet are found by their marks, any of several, and by the zone they were counted in;
	 * those a correction would take below nothing too. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	sheets_count(f, sheet, "9", "1");
	sheets_count(f, sheet, "A2", "1");
	fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A3','qty':100,'mode':'add','zone':'Z1'}", sheet);
	sheets_sell(f, "A3", "1");
	fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A3','qty':1,'mode':'add','zone':'Z1'}", sheet);
	sheets_sell(f, "A2", "5");
	const char *other = sheets_started(f, SHEETS_FULL);
	sheets_count(f, other, "A3", "101");
	expect_lines(f, sheet, "mark", "unknown", "9");
	expect_lines(f, sheet, "mark", "moved|unknown", "9 A3");
	expect_lines(f, sheet, "mark", "later", "A3");
	expect_lines(f, sheet, "mark", "below", "A2");
	expect_lines(f, sheet, "mark", "suggest|recount|disputed|zeroed", "");
	expect_lines(f, sheet, "zone", "Z1", "A3");
	sheets_finish(f, sheet);
	sheets_act(f, "stocktake.recount", sheet);
	expect_lines(f, sheet, "mark", "recount", "9 A1 A2 A3 A4 A5 A6 A7 A8 A9");
}

static void sheets_by_kind(void **state)
{
	/* A reversal is a kind of sheet of its own, and is found by what it reverses. */
	struct fixture *f = *state;
	const char *partial = sheets_started(f, "{'scope':'partial','vendors':['Luma']}");
	const char *sheet = sheets_corrected(f);
	const char *back = sheets_act(f, "stocktake.reverse", sheet);
	static const char *const kinds[] = {"partial", "full", "reversal"};
	const char *const ids[] = {partial, sheet, back};
	for (int i = 0; i < 3; i++) {
		struct view_query query = {.view = view_find("stocktakes")};
		view_where(&query, "kind", kinds[i]);
		expect_listed(f, &query, ids[i]);
	}
	struct view_query query = {.view = view_find("stocktakes")};
	view_where(&query, "reverses", sheet);
	expect_listed(f, &query, back);
}

/* ---- blind ---- */

/* The book of A1 while a blind sheet is counted; the digits also begin every difference to it. */
#define PLANTED 73519
#define DIGITS "735"

static void expect_none(const char *where, const char *json)
{
	if (strstr(json, DIGITS))
		fail_msg("%s tells of the book: %s", where, json);
}

/* All that is listed of anything but the stock itself and its movements. */
static void expect_no_view_tells(struct fixture *f)
{
	int count_of_views;
	const struct view *views = view_all(&count_of_views);
	for (int i = 0; i < count_of_views; i++) {
		struct view_query query = {.view = &views[i]};
		struct text json = TEXT_INIT(TEXT_LARGE);
		char error[100] = "", *next = NULL;
		if (strcmp(views[i].name, "stock") == 0 || strcmp(views[i].name, "ledger") == 0)
			continue;
		for (int o = -1; o < views[i].order_count; o++) {
			query.order = o < 0 ? NULL : views[i].orders[o].name;
			assert_true(
				view_json_list(f->db, &query, &json, &next, error, sizeof error));
			expect_none(views[i].name, text_get(&json));
		}
		text_free(&json);
	}
}

static void expect_no_report_tells(struct fixture *f)
{
	int reports;
	const struct report *all = report_all(&reports);
	struct report_range range = report_recent(f->db, NULL, f->now_ms);
	for (int i = 0; i < reports; i++) {
		struct text cell = TEXT_INIT(TEXT_LARGE);
		int64_t number;
		struct db_rows *rows = report_select(f->db, &all[i], &range);
		while (strcmp(all[i].name, "stock_by_store") != 0 && db_next(rows)) {
			for (int column = 0; column < all[i].column_count; column++)
				report_cell(&all[i], rows, column, &cell, &number);
		}
		db_done(rows);
		expect_none(all[i].name, text_get(&cell));
		text_free(&cell);
	}
}

static void expect_no_figure_tells(struct fixture *f, const char *sheet)
{
	struct stocktake_progress p;
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_true(p.hidden);
	assert_false(p.valued);
	assert_int_equal(p.loss, 0);
	assert_int_equal(p.gain, 0);
	assert_int_equal(p.equal, 0);
	assert_int_equal(p.loss_qty, 0);
	assert_int_equal(p.gain_qty, 0);
	assert_int_equal(p.loss_value, 0);
	assert_int_equal(p.gain_value, 0);
	assert_int_equal(p.moved, 0);
}

/* Runs the command and reads its verdict. */
static void tell(struct fixture *f, const char *op, const char *sheet, const char *more)
{
	char data[200];
	snprintf(data, sizeof data, "{'stocktake':'%s'%s}", sheet, more);
	struct verdict verdict = fixture_run(f, op, "xinyi", "lin", data);
	char *json = verdict.result ? cJSON_PrintUnformatted(verdict.result) : NULL;
	if (verdict.refusal != REFUSAL_NONE)
		fail_msg("%s: %s", op, verdict.message);
	expect_none(op, json ? json : "");
	if (json && strstr(json, "moved"))
		fail_msg("%s tells that the book moved: %s", op, json);
	cJSON_free(json);
	verdict_free(&verdict);
	expect_no_view_tells(f);
	expect_no_report_tells(f);
	expect_no_figure_tells(f, sheet);
}

static void a_blind_sheet_tells_nothing(void **state)
{
	/* Until a blind sheet is finished, no list, report, figure or verdict has its book or what comes of it,
	 * in no round; then all is told. */
	struct fixture *f = *state;
	fixture_sql(f, "UPDATE product SET price = 100");
	fixture_set_on_hand(f, "xinyi", "A1", PLANTED * 1000);
	const char *sheet = fixture_do(
		f, "stocktake.create", "xinyi", "chen", "{'scope':'full','blind':true}");
	tell(f, "stocktake.start", sheet, "");
	tell(f, "stocktake.claim", sheet, ",'zone':'A'");
	tell(f, "stocktake.count", sheet, ",'sku':'A1','qty':4,'mode':'set','zone':'A'");
	sheets_sell(f, "A1", "1");
	tell(f, "stocktake.count", sheet, ",'sku':'A1','qty':1,'mode':'add','zone':'A'");
	tell(f, "stocktake.count", sheet, ",'sku':'9','qty':1,'mode':'add','zone':'A'");
	tell(f, "stocktake.resolve", sheet, ",'code':'9','sku':'A1'");
	tell(f, "stocktake.release", sheet, ",'zone':'A','total':6");
	tell(f, "stocktake.pause", sheet, "");
	tell(f, "stocktake.resume", sheet, "");
	assert_int_equal(sheets_shown(f, sheet, "A1", "moved"), -1);
	sheets_finish(f, sheet);
	assert_int_equal(sheets_shown(f, sheet, "A1", "moved"), 1);
	assert_int_equal(sheets_shown(f, sheet, "A1", "book"), (PLANTED - 1) * 1000);
	tell(f, "stocktake.recount", sheet, ",'skus':['A1']");
	tell(f, "stocktake.count", sheet, ",'sku':'A1','qty':7,'mode':'set'");
	sheets_finish(f, sheet);
	assert_int_equal(sheets_shown(f, sheet, "A1", "difference"), -(PLANTED - 1 - 7) * 1000);
}

/* ---- progress ---- */

static void expect_sums_as_worked_out(struct fixture *f, const char *sheet)
{
	struct stocktake_progress kept, again;
	struct text sql = TEXT_INIT(TEXT_SMALL);
	assert_true(stocktake_progress(f->db, sheet, &kept));
	stocktake_progress_ddl(&sql);
	fixture_sql(f, text_get(&sql));
	text_free(&sql);
	assert_true(stocktake_progress(f->db, sheet, &again));
	assert_memory_equal(&kept, &again, offsetof(struct stocktake_progress, hidden));
}

/* The lines that are told and those that are listed, in SKU order. */
static void expect_scope(struct fixture *f, const char *sheet, int64_t lines, const char *skus)
{
	struct stocktake_progress p;
	struct view_query query = {.view = view_find("stocktake_lines")};
	view_where(&query, "stocktake", sheet);
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_int_equal(p.lines, lines);
	assert_int_equal(view_count(f->db, &query), lines);
	expect_listed(f, &query, skus);
}

static void lines_to_come_are_those_of_the_scope(void **state)
{
	/* The lines that are told of an open sheet are those that it lists: by category, by vendor, by both,
	 * all; also where something else was counted, came into the scope or left the catalogue. */
	struct fixture *f = *state;
	fixture_sql(f,
		"UPDATE product SET category = 'a\"b' WHERE sku IN ('A1', 'A2', 'A3');"
		"UPDATE product SET vendor = 'V' WHERE sku IN ('A3', 'A4');"
		"INSERT INTO stock (store, sku, on_hand) VALUES ('xinyi', 'Z1', 1000)");
	const char *all = sheets_started(f, SHEETS_FULL);
	const char *category = sheets_started(
		f, "{'scope':'partial','categories':['a\\'b','none','a\\'b'],'vendors':[]}");
	const char *vendor = sheets_started(f, "{'scope':'partial','vendors':['V']}");
	const char *both = sheets_started(
		f, "{'scope':'partial','categories':['a\\'b'],'vendors':['V']}");
	expect_scope(f, all, 10, "A1 A2 A3 A4 A5 A6 A7 A8 A9 Z1");
	expect_scope(f, category, 3, "A1 A2 A3");
	expect_scope(f, vendor, 2, "A3 A4");
	expect_scope(f, both, 1, "A3");
	sheets_count(f, both, "A3", "1");
	sheets_count(f, both, "A9", "1");
	sheets_count(f, vendor, "A9", "1");
	sheets_count(f, vendor, "Q1", "1");
	expect_scope(f, both, 2, "A3 A9");
	expect_scope(f, vendor, 4, "A3 A4 A9 Q1");
	fixture_sql(f, "UPDATE product SET vendor = 'V' WHERE sku IN ('A8', 'A9')");
	expect_scope(f, vendor, 5, "A3 A4 A8 A9 Q1");
	fixture_sql(f, "INSERT INTO stock (store, sku, on_hand) VALUES ('xinyi', 'Q1', 1000)");
	expect_scope(f, vendor, 5, "A3 A4 A8 A9 Q1");
	expect_scope(f, all, 11, "A1 A2 A3 A4 A5 A6 A7 A8 A9 Q1 Z1");
}

static void progress_is_kept_with_every_change(void **state)
{
	/* After every step of a sheet its figures are those that its lines and entries add up to. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	struct stocktake_progress p;
	fixture_sql(f, "UPDATE product SET price = 250");
	const char *entry = sheets_count(f, sheet, "A1", "90");
	sheets_count(f, sheet, "A2", "101");
	sheets_count(f, sheet, "A3", "100");
	sheets_count(f, sheet, "471234", "2");
	sheets_count(f, sheet, "A2", "103");
	expect_sums_as_worked_out(f, sheet);
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_int_equal(p.lines, 10);
	assert_int_equal(p.counted, 4);
	assert_int_equal(p.entries, 5);
	assert_int_equal(p.unknown, 1);
	assert_int_equal(p.loss_value, -2500);
	assert_int_equal(p.gain_value, 750);
	assert_true(p.valued);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		entry);
	fixture_do(f, "stocktake.resolve", "xinyi", "chen",
		"{'stocktake':'%s','code':'471234','sku':'A4'}", sheet);
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_int_equal(p.entries, 4);
	assert_int_equal(p.unknown, 0);
	expect_sums_as_worked_out(f, sheet);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'zero'}",
		sheet);
	expect_sums_as_worked_out(f, sheet);
	sheets_act(f, "stocktake.recount", sheet);
	sheets_count(f, sheet, "A1", "99");
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_int_equal(p.to_count, 8);
	assert_int_equal(p.done, 1);
	expect_sums_as_worked_out(f, sheet);
	sheets_finish(f, sheet);
	sheets_act(f, "stocktake.correct", sheet);
	expect_sums_as_worked_out(f, sheet);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(lines_by_mark_and_zone),
		TEST(sheets_by_kind),
		TEST(lines_to_come_are_those_of_the_scope),
		TEST(a_blind_sheet_tells_nothing),
		TEST(progress_is_kept_with_every_change),
	};
	return cmocka_run_group_tests_name("figures of stocktakes", tests, NULL, NULL);
}
