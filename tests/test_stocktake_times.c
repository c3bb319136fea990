/* Counts, sales and undos carry their own times: what they add up to does not depend on the order in which
 * they reach HQ, and what came too late to be known at the count is said (product.md §3). */
#include "tests/sheets.h"

#include "model/stock.h"
#include "model/text.h"
#include "model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *count(
	struct fixture *f, const char *sheet, const char *qty, const char *mode, const char *more)
{
	return fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','qty':%s,'mode':'%s'%s}", sheet, qty, mode, more);
}

/* ---- the book of a count ---- */

static void stock_as_of_a_time(void **state)
{
	/* On hand as of a time leaves out what was posted with a later one, whenever that came. */
	struct fixture *f = *state;
	fixture_at_minute(f, 20);
	sheets_sell(f, "A1", "5");
	fixture_at_minute(f, 10);
	sheets_sell(f, "A1", "3");
	int64_t start = FIXTURE_START_MS;
	assert_int_equal(stock_on_hand_at(f->db, "xinyi", "A1", start), 100000);
	assert_int_equal(
		stock_on_hand_at(f->db, "xinyi", "A1", start + 10 * FIXTURE_MINUTE_MS - 1), 100000);
	assert_int_equal(
		stock_on_hand_at(f->db, "xinyi", "A1", start + 10 * FIXTURE_MINUTE_MS), 97000);
	assert_int_equal(
		stock_on_hand_at(f->db, "xinyi", "A1", start + 20 * FIXTURE_MINUTE_MS), 92000);
	assert_true(stock_moved_between(
		f->db, &(struct stock_span){"xinyi", "A1", start, start + 10 * FIXTURE_MINUTE_MS}));
	assert_false(stock_moved_between(f->db,
		&(struct stock_span){"xinyi", "A1", start + 10 * FIXTURE_MINUTE_MS,
			start + 20 * FIXTURE_MINUTE_MS - 1}));
}

static void a_late_count_has_the_book_of_its_time(void **state)
{
	/* A count that reaches HQ after a sale made since is compared with the book before that sale. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 30);
	sheets_sell(f, "A1", "5");
	fixture_at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 100000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
	assert_int_equal(sheets_figure(f, sheet, "A1", "moved"), 0);
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted_at"),
		FIXTURE_START_MS + 20 * FIXTURE_MINUTE_MS);
	fixture_at_minute(f, 40);
	sheets_finish(f, sheet);
	sheets_act(f, "stocktake.correct", sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 85000);
}

static void a_late_scan_does_not_turn_the_book_back(void **state)
{
	/* The line keeps the book of the entry made last when an earlier one comes after it. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 10);
	sheets_sell(f, "A1", "5");
	fixture_at_minute(f, 20);
	count(f, sheet, "1", "add", "");
	fixture_at_minute(f, 5);
	count(f, sheet, "1", "add", "");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 2000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 95000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "moved"), 1);
}

/* ---- recount suggested ---- */

static void a_late_sale_suggests_a_recount(void **state)
{
	/* A sale from before a count that comes after it is in the line's book, and the line is marked. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	fixture_at_minute(f, 10);
	sheets_sell(f, "A1", "10");
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 90000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 1);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM exception WHERE kind = 'recount_suggested'"),
		0);
	fixture_at_minute(f, 30);
	sheets_finish(f, sheet);
	fixture_expect_text(f, "mismatched", "SELECT status FROM stocktake");
	sheets_act(f, "stocktake.correct", sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
}

static void a_sale_after_the_count_suggests_nothing(void **state)
{
	/* What is sold after the count marks no line, and a correction of another sheet never does. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL), *other = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 20);
	count(f, other, "95", "set", "");
	fixture_at_minute(f, 21);
	count(f, sheet, "90", "set", "");
	fixture_at_minute(f, 30);
	sheets_sell(f, "A1", "10");
	sheets_finish(f, other);
	fixture_at_minute(f, 15);
	fixture_do(
		f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s','later':['A1']}", other);
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 85000);
	/* Both the book and the corrections of the count's time have it: nothing is posted twice. */
	fixture_at_minute(f, 40);
	sheets_finish(f, sheet);
	sheets_act(f, "stocktake.correct", sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 80000);
}

static void a_late_sale_tells_of_a_corrected_sheet(void **state)
{
	/* A corrected or matched sheet stays as it was; somebody is told, once a line. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	fixture_at_minute(f, 30);
	sheets_finish(f, sheet);
	sheets_act(f, "stocktake.correct", sheet);
	fixture_at_minute(f, 10);
	sheets_sell(f, "A1", "10");
	sheets_sell(f, "A1", "1");
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 100000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 90000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "posted"), -10000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 1);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM exception WHERE kind = 'recount_suggested'"),
		1);
	fixture_expect_text(f, "{\"qty\":-10}",
		"SELECT detail FROM exception WHERE kind = 'recount_suggested' AND doc = '%s' AND "
		"doc_kind = 'stocktake' AND sku = 'A1' AND store = 'xinyi'",
		sheet);
}

static void a_void_sheet_is_left_alone(void **state)
{
	/* Nobody is told of a sheet that was voided. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	fixture_do(f, "stocktake.void", "xinyi", "lin", "{'stocktake':'%s','reason':'no'}", sheet);
	fixture_at_minute(f, 10);
	sheets_sell(f, "A1", "10");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 100000);
}

/* A line with the mark, its last entry at minute 20. */
static const char *suggested(struct fixture *f)
{
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 20);
	count(f, sheet, "90", "set", ",'zone':'A'");
	fixture_at_minute(f, 10);
	sheets_sell(f, "A1", "10");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 1);
	fixture_at_minute(f, 25);
	return sheet;
}

/* The zone A is in its second pass. */
static void count_a_again(struct fixture *f, const char *sheet)
{
	static const char *const steps[][2] = {{"stocktake.claim", ""}, {"stocktake.release", ""},
		{"stocktake.claim", ",'again':true"}};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		fixture_do(f, steps[i][0], "xinyi", "chen", "{'stocktake':'%s','zone':'A'%s}",
			sheet, steps[i][1]);
}

static void counting_anew_takes_the_mark_away(void **state)
{
	/* The mark goes with a typed quantity, a newer pass or a newer round; a scan more leaves it. */
	struct fixture *f = *state;
	const char *sheet = suggested(f);
	count(f, sheet, "1", "add", ",'zone':'A'");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 1);
	count(f, sheet, "90", "set", ",'zone':'A'");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
	sheet = suggested(f);
	count_a_again(f, sheet);
	count(f, sheet, "90", "add", ",'zone':'A','pass':2");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
	sheet = suggested(f);
	fixture_at_minute(f, 30);
	sheets_finish(f, sheet);
	fixture_do(f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	count(f, sheet, "1", "add", ",'zone':'A'");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
}

static void a_marked_line_is_recounted_though_it_is_equal(void **state)
{
	/* By its name a line with the mark gets into the recount, also where it does not differ. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	fixture_at_minute(f, 10);
	sheets_sell(f, "A1", "10");
	fixture_at_minute(f, 30);
	sheets_finish(f, sheet);
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted - book"), 0);
	fixture_do(
		f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s','skus':['A1']}", sheet);
	assert_int_equal(sheets_figure(f, sheet, "A1", "recount"), 1);
	count(f, sheet, "90", "set", "");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
}

static void an_old_count_leaves_the_mark(void **state)
{
	/* A typed quantity from before the marked count, come late, does not take the mark away. */
	struct fixture *f = *state;
	const char *sheet = suggested(f);
	fixture_at_minute(f, 15);
	count(f, sheet, "80", "set", ",'zone':'A'");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 1);
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 90000);
}

/* ---- two sheets ---- */

static void the_sheet_counted_last_speaks_whenever_it_comes(void **state)
{
	/* A line is left out when another sheet counted later by the clock, not by the post. */
	struct fixture *f = *state;
	const char *first = sheets_started(f, SHEETS_FULL),
		   *second = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 30);
	count(f, first, "95", "set", "");
	fixture_at_minute(f, 20);
	const char *late = count(f, second, "90", "set", "");
	assert_int_equal(sheets_figure(f, first, "A1", "later"), 0);
	assert_int_equal(sheets_figure(f, second, "A1", "later"), 1);
	fixture_at_minute(f, 40);
	const char *newest = count(f, second, "1", "add", "");
	assert_int_equal(sheets_figure(f, first, "A1", "later"), 1);
	assert_int_equal(sheets_figure(f, second, "A1", "later"), 0);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", second,
		newest);
	assert_int_equal(sheets_figure(f, first, "A1", "later"), 0);
	assert_int_equal(sheets_figure(f, second, "A1", "later"), 1);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", second,
		late);
	assert_int_equal(sheets_figure(f, second, "A1", "later"), 0);
}

/* ---- clocks ---- */

static void a_clock_put_back_keeps_what_was_typed_last(void **state)
{
	/* What one terminal counts stays in its order: a quantity typed after a scan replaces it, whatever the
	 * clock says by then. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	f->world.device = "box-0";
	fixture_at_minute(f, 50);
	count(f, sheet, "3", "add", "");
	fixture_at_minute(f, 10);
	count(f, sheet, "40", "set", "");
	count(f, sheet, "1", "add", "");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 41000);
	f->world.device = "box-1";
	count(f, sheet, "1", "add", "");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 41000);
}

static void a_count_without_a_time_suggests_a_recount(void **state)
{
	/* Where the terminal's clock cannot be right nobody knows the book of the count: the line is marked. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	f->at_ms = f->now_ms - INT64_C(40) * 24 * 60 * FIXTURE_MINUTE_MS;
	count(f, sheet, "90", "set", "");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 1);
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 100000);
	f->at_ms = 0;
	count(f, sheet, "90", "set", "");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
}

static void what_comes_late_is_marked_in_any_order(void **state)
{
	/* However a sale and a count change places, the result is the same, and only the late one is marked. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 10);
	sheets_sell(f, "A1", "10");
	fixture_at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
	const char *other = suggested(f);
	assert_int_equal(sheets_figure(f, other, "A1", "counted - book"), 10000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 80000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(stock_as_of_a_time),
		TEST(a_late_count_has_the_book_of_its_time),
		TEST(a_late_scan_does_not_turn_the_book_back),
		TEST(a_late_sale_suggests_a_recount),
		TEST(a_sale_after_the_count_suggests_nothing),
		TEST(a_late_sale_tells_of_a_corrected_sheet),
		TEST(a_void_sheet_is_left_alone),
		TEST(counting_anew_takes_the_mark_away),
		TEST(a_marked_line_is_recounted_though_it_is_equal),
		TEST(an_old_count_leaves_the_mark),
		TEST(the_sheet_counted_last_speaks_whenever_it_comes),
		TEST(a_clock_put_back_keeps_what_was_typed_last),
		TEST(a_count_without_a_time_suggests_a_recount),
		TEST(what_comes_late_is_marked_in_any_order),
	};
	return cmocka_run_group_tests_name("stocktake times", tests, NULL, NULL);
}
