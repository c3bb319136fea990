/* The end of a stocktake: the book of its time, what comes after it, and which of two sheets speaks
 * (product.md §3). */
#include "tests/sheets.h"

#include <stdlib.h>

#define EVERY_SKU 9

static void count_from(struct fixture *f, const char *sheet, int first, const char *qty)
{
	for (int i = first; i <= EVERY_SKU; i++)
		sheets_count(f, sheet, (char[]){'A', (char)('0' + i), '\0'}, qty);
}

static void finish_zero(struct fixture *f, const char *sheet)
{
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'zero'}",
		sheet);
}

static void find(struct fixture *f, const char *sku, const char *qty)
{
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'found','reason':'there','lines':[{'sku':'%s','qty':%s}]}", sku, qty);
}

/* ---- the book of the finish ---- */

static void a_late_finish_has_the_book_of_its_time(void **state)
{
	/* What moved after a terminal finished the sheet, and reached HQ before it, is no part of the book of an
	 * uncounted line. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_set_on_hand(f, "xinyi", "A3", 7000);
	fixture_at_minute(f, 10);
	count_from(f, sheet, 4, "100");
	const char *undone = sheets_count(f, sheet, "A2", "1");
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		undone);
	fixture_at_minute(f, 30);
	sheets_sell(f, "A1", "4");
	find(f, "A2", "5");
	fixture_at_minute(f, 20);
	sheets_finish(f, sheet);
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 100000);
	assert_int_equal(sheets_figure(f, sheet, "A2", "book"), 100000);
	assert_int_equal(sheets_figure(f, sheet, "A3", "book"), 7000);
}

static void nothing_there_at_the_finish_is_a_match(void **state)
{
	/* An uncounted line whose book was 0 as the sheet was finished is equal, whatever came since. */
	struct fixture *f = *state;
	fixture_set_on_hand(f, "xinyi", "A1", 0);
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 10);
	count_from(f, sheet, 2, "100");
	fixture_at_minute(f, 30);
	find(f, "A1", "3");
	fixture_at_minute(f, 20);
	sheets_finish(f, sheet);
	sheets_expect_status(f, sheet, "matched");
}

/* Finds three of A1 at minute 30, before or after the finish of minute 20 has come. */
static int64_t zeroed_on_hand(struct fixture *f, bool finish_is_late)
{
	fixture_set_on_hand(f, "xinyi", "A1", 100000);
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 10);
	count_from(f, sheet, 2, "100");
	fixture_at_minute(f, 30);
	if (finish_is_late)
		find(f, "A1", "3");
	fixture_at_minute(f, 20);
	finish_zero(f, sheet);
	fixture_at_minute(f, 30);
	if (!finish_is_late)
		find(f, "A1", "3");
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 100000);
	assert_int_equal(fixture_int(f,
				 "SELECT book FROM count_entry WHERE stocktake = '%s' AND mode = "
				 "'zero'",
				 sheet),
		100000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "suggest"), 0);
	fixture_at_minute(f, 40);
	sheets_act(f, "stocktake.correct", sheet);
	return fixture_on_hand(f, "xinyi", "A1");
}

static void zeroing_leaves_what_came_since(void **state)
{
	/* "Count the rest as zero" is as old as the finish: goods found since stay, in either order of arrival. */
	assert_int_equal(zeroed_on_hand(*state, true), 3000);
	fixture_tear_down(state);
	fixture_set_up(state);
	assert_int_equal(zeroed_on_hand(*state, false), 3000);
}

static void a_zero_knows_of_corrections_before_it(void **state)
{
	/* A correction of after the finish that came before it counts as posted since: it is not posted twice. */
	struct fixture *f = *state;
	const char *other = sheets_started(f, SHEETS_FULL);
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 5);
	sheets_count(f, other, "A1", "40");
	sheets_finish(f, other);
	fixture_at_minute(f, 10);
	count_from(f, sheet, 2, "100");
	fixture_at_minute(f, 30);
	sheets_act(f, "stocktake.correct", other);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 40000);
	fixture_at_minute(f, 20);
	finish_zero(f, sheet);
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 100000);
	fixture_at_minute(f, 40);
	sheets_act(f, "stocktake.correct", sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 0);
}

/* ---- which sheet speaks ---- */

static void a_void_sheet_counted_nothing_later(void **state)
{
	/* With a sheet that is voided goes the mark it put on the lines of others. */
	struct fixture *f = *state;
	const char *first = sheets_started(f, SHEETS_FULL);
	const char *second = sheets_started(f, SHEETS_FULL);
	sheets_count(f, first, "A1", "80");
	sheets_count(f, first, "A2", "80");
	sheets_count(f, second, "A1", "30");
	sheets_finish(f, first);
	assert_int_equal(sheets_figure(f, first, "A1", "later"), 1);
	fixture_do(f, "stocktake.void", "xinyi", "lin", "{'stocktake':'%s','reason':'no'}", second);
	assert_int_equal(sheets_figure(f, first, "A1", "later"), 0);
	sheets_act(f, "stocktake.correct", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 80000);
}

static void a_zero_is_a_later_count(void **state)
{
	/* What one sheet counts as zero makes the count of another sheet an older one; a count that is younger than
	 * the finish makes the zero older. */
	struct fixture *f = *state;
	const char *first = sheets_started(f, SHEETS_FULL);
	const char *second = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 10);
	sheets_count(f, first, "A1", "80");
	fixture_at_minute(f, 30);
	sheets_count(f, first, "A2", "80");
	fixture_at_minute(f, 20);
	finish_zero(f, second);
	assert_int_equal(sheets_figure(f, first, "A1", "later"), 1);
	assert_int_equal(sheets_figure(f, first, "A2", "later"), 0);
	assert_int_equal(sheets_figure(f, second, "A1", "later"), 0);
	assert_int_equal(sheets_figure(f, second, "A2", "later"), 1);
}

/* ---- a pass that nobody ended ---- */

static void on_zone(struct fixture *f, const char *sheet, const char *op, const char *more)
{
	fixture_do(f, op, "xinyi", "chen", "{'stocktake':'%s','zone':'Z'%s}", sheet, more);
}

static void count_in_zone(struct fixture *f, const char *sheet, const char *sku, const char *rest)
{
	fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'%s','zone':'Z','mode':'set',%s}", sheet, sku, rest);
}

/* All of it counted equal in Z, which is then being counted once more: three of A1 so far, all of A2. */
static const char *half_counted_again(struct fixture *f)
{
	const char *sheet = sheets_started(f, SHEETS_FULL);
	on_zone(f, sheet, "stocktake.claim", "");
	for (int i = 1; i <= EVERY_SKU; i++)
		count_in_zone(f, sheet, (char[]){'A', (char)('0' + i), '\0'}, "'qty':100");
	on_zone(f, sheet, "stocktake.release", "");
	on_zone(f, sheet, "stocktake.claim", ",'again':true");
	count_in_zone(f, sheet, "A1", "'qty':3,'pass':2");
	count_in_zone(f, sheet, "A2", "'qty':100,'pass':2");
	return sheet;
}

static int64_t disputed(struct fixture *f, const char *sheet)
{
	return fixture_int(f,
		"SELECT count(*) FROM stocktake_line WHERE stocktake = '%s' AND disputed = 1",
		sheet);
}

static void a_pass_cut_short_by_the_finish_is_a_dispute(void **state)
{
	/* The lines that a zone's second counting has otherwise than the first, as the sheet is finished, are
	 * disputed; what it has not come to keeps its count. A recount settles them. */
	struct fixture *f = *state;
	const char *sheet = half_counted_again(f);
	assert_int_equal(disputed(f, sheet), 0);
	sheets_finish(f, sheet);
	assert_int_equal(disputed(f, sheet), 1);
	assert_int_equal(sheets_figure(f, sheet, "A1", "disputed"), 1);
	assert_int_equal(sheets_figure(f, sheet, "A3", "counted"), 100000);
	sheets_act(f, "stocktake.recount", sheet);
	assert_int_equal(sheets_figure(f, sheet, "A1", "recount"), 1);
	assert_int_equal(disputed(f, sheet), 1);
	count_in_zone(f, sheet, "A1", "'qty':100");
	assert_int_equal(disputed(f, sheet), 0);
	sheets_finish(f, sheet);
	sheets_expect_status(f, sheet, "matched");
}

static void a_disputed_line_is_no_match(void **state)
{
	/* A line on which two countings of a zone do not agree makes the sheet mismatched though the last one equals
	 * the book, and is in the recount of all that differ. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	on_zone(f, sheet, "stocktake.claim", "");
	count_in_zone(f, sheet, "A1", "'qty':97");
	count_from(f, sheet, 2, "100");
	on_zone(f, sheet, "stocktake.release", "");
	on_zone(f, sheet, "stocktake.claim", ",'again':true");
	count_in_zone(f, sheet, "A1", "'qty':100,'pass':2");
	sheets_finish(f, sheet);
	sheets_expect_status(f, sheet, "mismatched");
	sheets_act(f, "stocktake.recount", sheet);
	assert_int_equal(
		fixture_int(f,
			"SELECT count(*) FROM stocktake_line WHERE stocktake = '%s' AND recount = 1",
			sheet),
		1);
	sheets_finish(f, sheet);
	sheets_expect_status(f, sheet, "mismatched");
}

static void what_comes_after_the_finish_disputes_too(void **state)
{
	/* A count of the pass that was cut short is compared with the first pass whenever it comes; a sale that
	 * comes late changes nothing in that. */
	struct fixture *f = *state;
	const char *sheet = half_counted_again(f);
	int64_t counted_ms = f->now_ms;
	f->now_ms += FIXTURE_MINUTE_MS;
	sheets_finish(f, sheet);
	f->at_ms = counted_ms;
	count_in_zone(f, sheet, "A3", "'qty':99,'round':1,'pass':2");
	count_in_zone(f, sheet, "A4", "'qty':100,'round':1,'pass':2");
	f->at_ms = counted_ms - FIXTURE_MINUTE_MS;
	sheets_act(f, "stocktake.recount", sheet);
	sheets_sell(f, "A1", "1");
	f->at_ms = 0;
	assert_int_equal(disputed(f, sheet), 2);
	assert_int_equal(sheets_figure(f, sheet, "A3", "disputed"), 1);
}

/* ---- what comes after the end ---- */

static int64_t ended_ms(struct fixture *f, const char *sheet)
{
	return fixture_int(f, "SELECT ended_at FROM stocktake WHERE id = '%s'", sheet);
}

static const char *matched_at_minute_20(struct fixture *f)
{
	const char *sheet = sheets_started(f, SHEETS_FULL);
	fixture_at_minute(f, 10);
	count_from(f, sheet, 1, "100");
	fixture_at_minute(f, 20);
	sheets_finish(f, sheet);
	sheets_expect_status(f, sheet, "matched");
	return sheet;
}

static void a_late_count_does_not_end_a_sheet_earlier(void **state)
{
	/* A late count that differs moves a matched sheet and is told of in its log; the time of its end stays. */
	struct fixture *f = *state;
	const char *sheet = matched_at_minute_20(f);
	int64_t before_ms = ended_ms(f, sheet);
	fixture_at_minute(f, 15);
	sheets_count(f, sheet, "A1", "99");
	sheets_expect_status(f, sheet, "mismatched");
	assert_int_equal(ended_ms(f, sheet), before_ms);
	fixture_expect_text(f, "mismatched",
		"SELECT text FROM history WHERE doc = '%s' AND op = 'stocktake.count'", sheet);
	sheets_count(f, sheet, "A2", "99");
	assert_int_equal(
		fixture_int(f,
			"SELECT count(*) FROM history WHERE doc = '%s' AND op = 'stocktake.count'",
			sheet),
		1);
	f->at_ms = 0;
	sheets_act(f, "stocktake.recount", sheet);
	assert_int_equal(ended_ms(f, sheet), 0);
}

static void a_sheet_that_opens_again_is_as_if_it_had_not_matched(void **state)
{
	/* What came while the sheet was matched changed none of its lines; once a late count has moved it, they are
	 * what they would be without that. */
	struct fixture *f = *state;
	const char *other = sheets_started(f, SHEETS_FULL);
	const char *sheet = matched_at_minute_20(f);
	fixture_at_minute(f, 5);
	sheets_sell(f, "A2", "1");
	fixture_at_minute(f, 25);
	sheets_count(f, other, "A3", "70");
	assert_int_equal(sheets_figure(f, sheet, "A2", "book"), 100000);
	assert_int_equal(sheets_figure(f, sheet, "A3", "later"), 0);
	fixture_at_minute(f, 15);
	sheets_count(f, sheet, "A1", "99");
	assert_int_equal(sheets_figure(f, sheet, "A2", "book"), 99000);
	assert_int_equal(sheets_figure(f, sheet, "A2", "suggest"), 1);
	assert_int_equal(sheets_figure(f, sheet, "A3", "later"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_late_finish_has_the_book_of_its_time),
		TEST(nothing_there_at_the_finish_is_a_match),
		TEST(zeroing_leaves_what_came_since),
		TEST(a_zero_knows_of_corrections_before_it),
		TEST(a_void_sheet_counted_nothing_later),
		TEST(a_zero_is_a_later_count),
		TEST(a_pass_cut_short_by_the_finish_is_a_dispute),
		TEST(a_disputed_line_is_no_match),
		TEST(what_comes_after_the_finish_disputes_too),
		TEST(a_late_count_does_not_end_a_sheet_earlier),
		TEST(a_sheet_that_opens_again_is_as_if_it_had_not_matched),
	};
	return cmocka_run_group_tests_name("the end of a stocktake", tests, NULL, NULL);
}
