/* What a stocktake comes to: recounts of chosen lines, corrections and reversals (product.md §3). */
#include "tests/sheets.h"

#include "model/stocktake_progress.h"

static int64_t marked(struct fixture *f, const char *sheet)
{
	return fixture_int(f,
		"SELECT count(*) FROM stocktake_line WHERE stocktake = '%s' AND recount = 1",
		sheet);
}

/* ---- recount ---- */

static void recount_of_named_lines(void **state)
{
	/* A recount takes only the named lines that differ; the others keep their count and still differ. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	for (int i = 1; i <= 9; i++)
		sheets_count(f, sheet, (char[]){'A', (char)('0' + i), '\0'}, i <= 3 ? "90" : "100");
	sheets_finish(f, sheet);
	fixture_do(f, "stocktake.recount", "xinyi", "chen",
		"{'stocktake':'%s','skus':['A1','A3','A9','A1','nope']}", sheet);
	sheets_expect_status(f, sheet, "recounting");
	assert_int_equal(marked(f, sheet), 2);
	assert_int_equal(sheets_figure(f, sheet, "A2", "recount"), 0);
	struct stocktake_progress p;
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_int_equal(p.to_count, 2);
	sheets_count(f, sheet, "A1", "100");
	sheets_count(f, sheet, "A3", "100");
	sheets_finish(f, sheet);
	sheets_expect_status(f, sheet, "mismatched");
	assert_int_equal(marked(f, sheet), 0);
	assert_int_equal(sheets_figure(f, sheet, "A2", "round"), 1);
}

static void recount_of_nothing(void **state)
{
	/* A recount none of whose lines differs is refused and changes nothing. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	sheets_count(f, sheet, "A1", "90");
	sheets_count(f, sheet, "A2", "100");
	sheets_finish(f, sheet);
	assert_string_equal(fixture_try(f, "stocktake.recount", "xinyi", "chen",
				    "{'stocktake':'%s','skus':['A2','B1']}", sheet),
		"not_on_document");
	assert_string_equal(fixture_try(f, "stocktake.recount", "xinyi", "chen",
				    "{'stocktake':'%s','skus':[]}", sheet),
		"not_on_document");
	sheets_expect_status(f, sheet, "mismatched");
	assert_int_equal(fixture_int(f, "SELECT round FROM stocktake WHERE id = '%s'", sheet), 1);
}

/* ---- correction ---- */

static void two_sheets_over_one_item(void **state)
{
	/* Two sheets that counted the same item are corrected one after the other: the difference is posted
	 * once, and the older one leaves the line alone unless it is picked. */
	struct fixture *f = *state;
	const char *first = sheets_started(f, SHEETS_FULL);
	const char *second = sheets_started(f, SHEETS_FULL);
	sheets_count(f, first, "A1", "90");
	sheets_count(f, second, "A1", "90");
	sheets_finish(f, first);
	sheets_finish(f, second);
	assert_int_equal(sheets_figure(f, first, "A1", "later"), 1);
	sheets_act(f, "stocktake.correct", second);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	fixture_do(
		f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s','later':['A1']}", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	assert_int_equal(sheets_figure(f, first, "A1", "posted"), 0);
}

static void a_later_line_is_left_out_unless_picked(void **state)
{
	/* A line another sheet counted later is posted only if the manager names it; a product that is not on
	 * the sheet is refused. */
	struct fixture *f = *state;
	const char *first = sheets_started(f, SHEETS_FULL);
	const char *second = sheets_started(f, SHEETS_FULL);
	sheets_count(f, first, "A1", "90");
	sheets_count(f, first, "A2", "90");
	sheets_count(f, second, "A1", "95");
	sheets_count(f, second, "A2", "95");
	sheets_finish(f, first);
	assert_string_equal(fixture_try(f, "stocktake.correct", "xinyi", "lin",
				    "{'stocktake':'%s','later':['A1','B1']}", first),
		"not_on_document");
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	fixture_do(
		f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s','later':['A1']}", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 100000);
	assert_int_equal(sheets_figure(f, first, "A2", "posted"), -1);
	sheets_finish(f, second);
	sheets_act(f, "stocktake.correct", second);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 95000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 95000);
}

static void a_line_says_what_should_be_there(void **state)
{
	/* After the count a line tells on hand now, what moved since and what should be on the shelf; its own
	 * correction, and others', are no movement. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	sheets_count(f, sheet, "A1", "12");
	sheets_sell(f, "A1", "2");
	sheets_finish(f, sheet);
	assert_int_equal(sheets_shown(f, sheet, "A1", "difference"), -88000);
	assert_int_equal(sheets_shown(f, sheet, "A1", "now"), 98000);
	assert_int_equal(sheets_shown(f, sheet, "A1", "since"), -2000);
	assert_int_equal(sheets_shown(f, sheet, "A1", "should"), 10000);
	sheets_act(f, "stocktake.correct", sheet);
	assert_int_equal(sheets_shown(f, sheet, "A1", "now"), 10000);
	assert_int_equal(sheets_shown(f, sheet, "A1", "since"), -2000);
	assert_int_equal(sheets_shown(f, sheet, "A1", "should"), 10000);
	assert_int_equal(sheets_shown(f, sheet, "A2", "since"), -1);
	assert_int_equal(sheets_shown(f, sheet, "A2", "should"), -1);
}

/* What of a line must stay for ever. */
static void expect_kept(struct fixture *f, const char *sheet)
{
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 100000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 90000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "posted"), -10000);
	assert_int_equal(sheets_shown(f, sheet, "A1", "difference"), -10000);
	assert_int_equal(sheets_figure(f, sheet, "A2", "counted"), -1);
	sheets_expect_status(f, sheet, "corrected");
}

static void a_corrected_sheet_stays_as_it_was(void **state)
{
	/* Late counts, undos, goods and other sheets change neither book nor count nor difference of a
	 * corrected sheet. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	const char *entry = sheets_count(f, sheet, "A1", "90");
	int64_t counted_ms = f->now_ms;
	sheets_finish(f, sheet);
	sheets_act(f, "stocktake.correct", sheet);
	sheets_count(f, sheet, "A1", "70");
	sheets_count(f, sheet, "A2", "70");
	expect_kept(f, sheet);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		entry);
	expect_kept(f, sheet);
	f->at_ms = counted_ms - 60000;
	sheets_sell(f, "A1", "5");
	f->at_ms = 0;
	expect_kept(f, sheet);
	const char *other = sheets_started(f, SHEETS_FULL);
	sheets_count(f, other, "A1", "60");
	expect_kept(f, sheet);
	assert_int_equal(sheets_figure(f, sheet, "A1", "later"), 0);
}

/* ---- what belongs on the sheet ---- */

static void undo(struct fixture *f, const char *sheet, const char *entry)
{
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		entry);
}

static int64_t lines_of(struct fixture *f, const char *sheet)
{
	return fixture_int(f, "SELECT count(*) FROM stocktake_line WHERE stocktake = '%s'", sheet);
}

/* A sheet of the category X, which has A1 and A2, at xinyi. */
static const char *partial(struct fixture *f)
{
	fixture_sql(f, "UPDATE product SET category = 'X' WHERE sku IN ('A1', 'A2')");
	return sheets_started(f, "{'scope':'partial','categories':['X']}");
}

static void an_undone_scan_leaves_no_line_of_another_product(void **state)
{
	/* A scan by mistake of what is not on the sheet is gone with its undo: nothing is left that counting the
	 * rest as zero could take off the book. */
	struct fixture *f = *state;
	const char *sheet = partial(f);
	sheets_count(f, sheet, "A1", "100");
	undo(f, sheet, sheets_count(f, sheet, "A5", "1"));
	undo(f, sheet, sheets_count(f, sheet, "4719", "1"));
	assert_int_equal(lines_of(f, sheet), 1);
	struct stocktake_progress p;
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_int_equal(p.extra, 0);
	assert_int_equal(p.lines, 2);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'zero'}",
		sheet);
	assert_int_equal(lines_of(f, sheet), 2);
	sheets_act(f, "stocktake.correct", sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A5"), 100000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 0);
}

static void a_code_resolved_by_mistake_leaves_no_line(void **state)
{
	/* A product that a code was resolved to by mistake, and that is not on the sheet, goes with the right one. */
	struct fixture *f = *state;
	const char *sheet = partial(f);
	sheets_count(f, sheet, "4719", "3");
	fixture_do(f, "stocktake.resolve", "xinyi", "chen",
		"{'stocktake':'%s','code':'4719','sku':'A5'}", sheet);
	assert_int_equal(sheets_figure(f, sheet, "A5", "extra"), 1);
	fixture_do(f, "stocktake.resolve", "xinyi", "chen",
		"{'stocktake':'%s','code':'4719','sku':'A2'}", sheet);
	assert_int_equal(lines_of(f, sheet), 1);
	assert_int_equal(sheets_figure(f, sheet, "A2", "counted"), 3000);
}

static void a_product_of_another_sheet_is_left_out_unless_picked(void **state)
{
	/* What is not in the scope of a partial sheet is corrected only if the manager picks it; a full sheet
	 * corrects whatever was counted. */
	struct fixture *f = *state;
	const char *first = partial(f), *second = partial(f);
	sheets_count(f, first, "A5", "1");
	sheets_finish(f, first);
	sheets_act(f, "stocktake.correct", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A5"), 100000);
	assert_int_equal(sheets_figure(f, first, "A5", "posted"), -1);
	sheets_count(f, second, "A1", "90");
	sheets_count(f, second, "A5", "1");
	sheets_finish(f, second);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s','later':['A5']}",
		second);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A5"), 1000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	const char *back = sheets_act(f, "stocktake.reverse", second);
	sheets_act(f, "stocktake.correct", back);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A5"), 100000);
	const char *full = sheets_started(f, SHEETS_FULL);
	sheets_count(f, full, "B1", "2");
	sheets_finish(f, full);
	assert_int_equal(sheets_figure(f, full, "B1", "extra"), 1);
	sheets_act(f, "stocktake.correct", full);
	assert_int_equal(fixture_on_hand(f, "xinyi", "B1"), 2000);
}

/* ---- corrections since ---- */

static void a_line_that_is_equal_takes_back_a_correction_since(void **state)
{
	/* What another sheet corrected after this one counted is wrong if this one found the shelf equal to the
	 * book: it is no match, the line is recounted, and correction puts the book right. */
	struct fixture *f = *state;
	const char *older = sheets_started(f, SHEETS_FULL);
	const char *newer = sheets_started(f, SHEETS_FULL);
	sheets_count(f, older, "A1", "80");
	sheets_finish(f, older);
	int64_t counted_ms = f->now_ms;
	f->now_ms += 60000;
	sheets_act(f, "stocktake.correct", older);
	f->at_ms = counted_ms;
	for (int i = 1; i <= 9; i++)
		sheets_count(f, newer, (char[]){'A', (char)('0' + i), '\0'}, "100");
	f->at_ms = 0;
	assert_int_equal(sheets_shown(f, newer, "A1", "difference"), 0);
	sheets_finish(f, newer);
	sheets_expect_status(f, newer, "mismatched");
	sheets_act(f, "stocktake.recount", newer);
	assert_int_equal(marked(f, newer), 1);
	sheets_finish(f, newer);
	sheets_expect_status(f, newer, "mismatched");
	sheets_act(f, "stocktake.correct", newer);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	assert_int_equal(sheets_figure(f, newer, "A1", "posted"), 20000);
	const char *back = sheets_act(f, "stocktake.reverse", newer);
	assert_int_equal(lines_of(f, back), 1);
}

static void a_difference_that_was_corrected_since_is_none(void **state)
{
	/* A sheet whose only difference another one has corrected meanwhile has nothing left to do. */
	struct fixture *f = *state;
	const char *first = sheets_started(f, SHEETS_FULL);
	const char *second = sheets_started(f, SHEETS_FULL);
	for (int i = 1; i <= 9; i++)
		sheets_count(f, first, (char[]){'A', (char)('0' + i), '\0'}, i == 1 ? "80" : "100");
	sheets_count(f, second, "A1", "80");
	sheets_finish(f, second);
	sheets_act(f, "stocktake.correct", second);
	sheets_finish(f, first);
	sheets_expect_status(f, first, "matched");
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 80000);
}

/* ---- what was rehearsed ---- */

static const char *correct_as(struct fixture *f, const char *sheet, const char *rehearsed)
{
	return fixture_try(
		f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'%s}", sheet, rehearsed);
}

static void what_was_not_rehearsed_is_not_posted(void **state)
{
	/* A correction that names its gain and loss is refused where it would post others, and changes nothing. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	sheets_count(f, sheet, "A1", "90");
	sheets_count(f, sheet, "A2", "103.5");
	sheets_count(f, sheet, "A3", "99");
	sheets_finish(f, sheet);
	assert_string_equal(correct_as(f, sheet, ",'gain':3.5,'loss':10"), "changed_since");
	assert_string_equal(correct_as(f, sheet, ",'gain':3"), "changed_since");
	assert_string_equal(correct_as(f, sheet, ",'loss':0"), "changed_since");
	sheets_expect_status(f, sheet, "mismatched");
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "posted"), -1);
	assert_string_equal(correct_as(f, sheet, ",'gain':3.5,'loss':11"), "");
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 103500);
}

/* ---- reversal ---- */

static void a_reversal_takes_back_what_was_posted(void **state)
{
	/* A reversal is a sheet of its own with a line for each posting; corrected, the book is what it would
	 * be without them, and what was sold in between stays sold. */
	struct fixture *f = *state;
	const char *sheet = sheets_corrected(f);
	sheets_sell(f, "A1", "4");
	const char *back = sheets_act(f, "stocktake.reverse", sheet);
	sheets_expect_status(f, back, "mismatched");
	fixture_expect_text(f, sheet, "SELECT reverses FROM stocktake WHERE id = '%s'", back);
	fixture_expect_text(f, "lin", "SELECT creator FROM stocktake WHERE id = '%s'", back);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM stocktake_line WHERE stocktake = '%s'", back),
		2);
	assert_int_equal(sheets_figure(f, back, "A1", "book"), 86000);
	assert_int_equal(sheets_figure(f, back, "A1", "counted"), 96000);
	assert_int_equal(sheets_figure(f, back, "A2", "counted"), 100000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 86000);
	sheets_sell(f, "A1", "1");
	sheets_act(f, "stocktake.correct", back);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 95000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 100000);
	sheets_expect_status(f, sheet, "corrected");
	assert_int_equal(sheets_figure(f, sheet, "A1", "posted"), -10000);
}

static void a_sheet_is_reversed_once(void **state)
{
	/* While a reversal stands there is no second one; a void one makes room, moves nothing, and a reversal
	 * can itself be reversed. */
	struct fixture *f = *state;
	const char *sheet = sheets_corrected(f);
	const char *first = sheets_act(f, "stocktake.reverse", sheet);
	assert_string_equal(fixture_try(f, "stocktake.reverse", "xinyi", "lin", SHEETS_DATA, sheet),
		"already_exists");
	fixture_do(f, "stocktake.void", "xinyi", "lin", "{'stocktake':'%s','reason':'no'}", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	const char *second = sheets_act(f, "stocktake.reverse", sheet);
	sheets_act(f, "stocktake.correct", second);
	assert_string_equal(fixture_try(f, "stocktake.reverse", "xinyi", "lin", SHEETS_DATA, sheet),
		"already_exists");
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	const char *third = sheets_act(f, "stocktake.reverse", second);
	sheets_act(f, "stocktake.correct", third);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 103000);
}

static void a_reversal_that_posted_nothing_makes_room(void **state)
{
	/* All its lines were left out, as another sheet had counted them since: nothing was taken back yet. */
	struct fixture *f = *state;
	const char *sheet = sheets_corrected(f);
	const char *other = sheets_started(f, SHEETS_FULL);
	sheets_count(f, other, "A1", "98");
	sheets_count(f, other, "A2", "98");
	const char *first = sheets_act(f, "stocktake.reverse", sheet);
	assert_string_equal(fixture_try(f, "stocktake.reverse", "xinyi", "lin", SHEETS_DATA, sheet),
		"already_exists");
	sheets_act(f, "stocktake.correct", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	fixture_do(f, "stocktake.void", "xinyi", "lin", "{'stocktake':'%s','reason':'no'}", other);
	const char *second = sheets_act(f, "stocktake.reverse", sheet);
	sheets_act(f, "stocktake.correct", second);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	assert_string_equal(fixture_try(f, "stocktake.reverse", "xinyi", "lin", SHEETS_DATA, sheet),
		"already_exists");
}

static void nothing_to_reverse(void **state)
{
	/* A corrected sheet that posted nothing has nothing to take back. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	sheets_count(f, sheet, "A1", "100");
	sheets_finish(f, sheet);
	sheets_act(f, "stocktake.correct", sheet);
	assert_string_equal(fixture_try(f, "stocktake.reverse", "xinyi", "lin", SHEETS_DATA, sheet),
		"nothing_to_do");
}

static void a_count_since_knows_better_than_a_reversal(void **state)
{
	/* A line that another sheet counted after the reversed one is marked in the reversal and left out; the
	 * reversal itself makes no other count an older one. */
	struct fixture *f = *state;
	const char *sheet = sheets_corrected(f);
	const char *other = sheets_started(f, SHEETS_FULL);
	sheets_count(f, other, "A1", "98");
	const char *back = sheets_act(f, "stocktake.reverse", sheet);
	assert_int_equal(sheets_figure(f, back, "A1", "later"), 1);
	assert_int_equal(sheets_figure(f, back, "A2", "later"), 0);
	assert_int_equal(sheets_figure(f, other, "A1", "later"), 0);
	sheets_finish(f, other);
	sheets_act(f, "stocktake.correct", other);
	sheets_act(f, "stocktake.correct", back);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 98000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 100000);
}

static void goods_that_come_late_stay_out_of_a_reversal(void **state)
{
	/* A sale of before the reversal that arrives behind it is no difference of it. */
	struct fixture *f = *state;
	const char *sheet = sheets_corrected(f);
	int64_t before_ms = f->now_ms;
	f->now_ms += 60000;
	const char *back = sheets_act(f, "stocktake.reverse", sheet);
	f->at_ms = before_ms;
	sheets_sell(f, "A1", "2");
	f->at_ms = 0;
	assert_int_equal(sheets_shown(f, back, "A1", "difference"), 10000);
	assert_int_equal(sheets_shown(f, back, "A1", "since"), -2000);
	sheets_act(f, "stocktake.correct", back);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 98000);
}

static void a_reversal_is_recounted(void **state)
{
	/* A reversal can be recounted like any sheet, but has no other lines: what the shelf has then counts. */
	struct fixture *f = *state;
	const char *sheet = sheets_corrected(f);
	const char *back = sheets_act(f, "stocktake.reverse", sheet);
	sheets_act(f, "stocktake.recount", back);
	struct stocktake_progress p;
	assert_true(stocktake_progress(f->db, back, &p));
	assert_int_equal(p.lines, 2);
	sheets_count(f, back, "A1", "97");
	sheets_finish(f, back);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM stocktake_line WHERE stocktake = '%s'", back),
		2);
	assert_int_equal(sheets_figure(f, back, "A1", "book"), 90000);
	sheets_act(f, "stocktake.correct", back);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 97000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 100000);
}

static void both_sheets_tell_of_the_reversal(void **state)
{
	/* The history of either sheet names the other by its number. */
	struct fixture *f = *state;
	const char *sheet = sheets_corrected(f);
	const char *back = sheets_act(f, "stocktake.reverse", sheet);
	assert_int_equal(
		fixture_int(f,
			"SELECT count(*) FROM history h JOIN stocktake s ON s.number = h.text WHERE "
			"h.op = 'stocktake.reverse' AND ((h.doc = '%s' AND s.id = '%s') OR (h.doc = '%s' AND "
			"s.id = '%s'))",
			sheet, back, back, sheet),
		2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(recount_of_named_lines),
		TEST(recount_of_nothing),
		TEST(two_sheets_over_one_item),
		TEST(a_later_line_is_left_out_unless_picked),
		TEST(a_line_says_what_should_be_there),
		TEST(a_corrected_sheet_stays_as_it_was),
		TEST(an_undone_scan_leaves_no_line_of_another_product),
		TEST(a_code_resolved_by_mistake_leaves_no_line),
		TEST(a_product_of_another_sheet_is_left_out_unless_picked),
		TEST(a_line_that_is_equal_takes_back_a_correction_since),
		TEST(a_difference_that_was_corrected_since_is_none),
		TEST(what_was_not_rehearsed_is_not_posted),
		TEST(a_reversal_takes_back_what_was_posted),
		TEST(a_sheet_is_reversed_once),
		TEST(a_reversal_that_posted_nothing_makes_room),
		TEST(nothing_to_reverse),
		TEST(a_count_since_knows_better_than_a_reversal),
		TEST(goods_that_come_late_stay_out_of_a_reversal),
		TEST(a_reversal_is_recounted),
		TEST(both_sheets_tell_of_the_reversal),
	};
	return cmocka_run_group_tests_name("stocktake results", tests, NULL, NULL);
}
