/* Stocktake: what counts add up to, finishing, recount and correction (product.md §3). */
#include "tests/sheets.h"

#include "model/stocktake_progress.h"

#include <string.h>

static const char *count(struct fixture *f, const char *sheet, const char *sku, const char *qty,
	const char *mode, const char *zone)
{
	return fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'%s','qty':%s,'mode':'%s','zone':'%s'}", sheet, sku, qty,
		mode, zone);
}

/* Counts every product of the fixture with its book, but for A1. */
static void count_rest_equal(struct fixture *f, const char *sheet)
{
	for (int i = 2; i <= 9; i++) {
		char sku[4] = {'A', (char)('0' + i), '\0'};
		count(f, sheet, sku, "100", "set", "z");
	}
}

static void scans_add_and_a_typed_quantity_replaces(void **state)
{
	/* Within a zone scans add, a typed quantity replaces what the zone had; zones sum. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", "1", "add", "shelf");
	count(f, sheet, "A1", "1", "add", "shelf");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 2000);
	count(f, sheet, "A1", "40", "set", "shelf");
	count(f, sheet, "A1", "1", "add", "shelf");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 41000);
	count(f, sheet, "A1", "7.5", "set", "store room");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 48500);
}

static void undo_takes_back_one_entry(void **state)
{
	/* Undo takes back one entry; what is left counts, and with nothing left the line is uncounted. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	const char *first = count(f, sheet, "A1", "1", "add", "z");
	const char *second = count(f, sheet, "A1", "5", "add", "z");
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		first);
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 5000);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		second);
	assert_int_equal(
		fixture_int(f,
			"SELECT count(*) FROM stocktake_line WHERE counted IS NULL AND stocktake = '%s'",
			sheet),
		1);
}

static void not_counted_is_not_zero(void **state)
{
	/* Uncounted lines make a finished sheet mismatched and correction leaves them alone. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", "90", "set", "z");
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	sheets_expect_status(f, sheet, "mismatched");
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 100000);
}

static void count_the_rest_as_zero_gives_way(void **state)
{
	/* "Count the rest as zero" zeroes what nobody counted, and gives way to a late real count. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count_rest_equal(f, sheet);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'zero'}",
		sheet);
	sheets_expect_status(f, sheet, "mismatched");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 0);
	count(f, sheet, "A1", "100", "set", "z");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 100000);
	sheets_expect_status(f, sheet, "matched");
}

static void an_uncounted_line_has_the_book_of_the_finish(void **state)
{
	/* What nobody counted is compared with the book as it is when the sheet is finished, each time. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	const char *taken_back = count(f, sheet, "A1", "1", "add", "z");
	count_rest_equal(f, sheet);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		taken_back);
	fixture_set_on_hand(f, "xinyi", "A1", 40000);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	sheets_expect_status(f, sheet, "mismatched");
	assert_int_equal(fixture_int(f, "SELECT book FROM stocktake_line WHERE sku = 'A1'"), 40000);
	fixture_do(f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	fixture_set_on_hand(f, "xinyi", "A1", 0);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	sheets_expect_status(f, sheet, "matched");
}

/* Takes some off the shelf, as a sale does. */
static void sell(struct fixture *f, const char *sku, const char *qty)
{
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'sold','lines':[{'sku':'%s','qty':%s}]}", sku, qty);
}

static int64_t moved(struct fixture *f)
{
	return fixture_int(f, "SELECT moved FROM stocktake_line WHERE sku = 'A1'");
}

static void what_was_replaced_moves_no_book(void **state)
{
	/* Entries that a typed quantity replaced say nothing about whether the book moved meanwhile. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", "1", "add", "z");
	sell(f, "A1", "1");
	count(f, sheet, "A1", "1", "add", "z");
	assert_int_equal(moved(f), 1);
	count(f, sheet, "A1", "99", "set", "z");
	assert_int_equal(moved(f), 0);
	count(f, sheet, "A1", "1", "add", "z");
	assert_int_equal(moved(f), 0);
	sell(f, "A1", "1");
	count(f, sheet, "A1", "1", "set", "other zone");
	assert_int_equal(moved(f), 1);
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 101000);
	assert_int_equal(fixture_int(f, "SELECT book FROM stocktake_line WHERE sku = 'A1'"), 98000);
}

static void a_zero_comes_back_when_the_real_count_is_taken_back(void **state)
{
	/* Undoing the late real count of a line that was counted as zero leaves the zero. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count_rest_equal(f, sheet);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'zero'}",
		sheet);
	const char *late = count(f, sheet, "A1", "100", "add", "z");
	sheets_expect_status(f, sheet, "matched");
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		late);
	sheets_expect_status(f, sheet, "mismatched");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 0);
	assert_int_equal(fixture_int(f, "SELECT zeroed FROM stocktake_line WHERE sku = 'A1'"), 1);
}

static void a_line_counted_later_on_another_sheet_is_left_out(void **state)
{
	/* The sheet that counted a SKU last corrects it; the other leaves its line alone. */
	struct fixture *f = *state;
	const char *first = sheets_started(f, SHEETS_FULL),
		   *second = sheets_started(f, SHEETS_FULL);
	count(f, first, "A1", "90", "set", "z");
	count(f, second, "A1", "95", "set", "z");
	assert_int_equal(
		fixture_int(f, "SELECT later FROM stocktake_line WHERE stocktake = '%s'", first),
		1);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		first);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		second);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", second);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 95000);
}

static void an_extra_that_comes_into_stock_is_one_line(void **state)
{
	/* Counted before its goods were booked in, a SKU is one line of the progress, not two. */
	struct fixture *f = *state;
	struct stocktake_progress progress;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "B1", "3", "set", "z");
	assert_true(stocktake_progress(f->db, sheet, &progress));
	assert_int_equal(progress.lines, 10);
	fixture_set_on_hand(f, "xinyi", "B1", 3000);
	assert_true(stocktake_progress(f->db, sheet, &progress));
	assert_int_equal(progress.lines, 10);
}

static void a_sku_that_comes_during_the_count_is_a_line(void **state)
{
	/* What enters stock while the sheet is counted must be counted too. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", "100", "set", "z");
	count_rest_equal(f, sheet);
	const char *inbound = fixture_do(f, "inbound.create", "xinyi", "lin",
		"{'third_party':'P','lines':[{'sku':'B1','qty':3}]}");
	fixture_do(f, "inbound.receive", "xinyi", "chen",
		"{'movement':'%s','lines':[{'sku':'B1','qty':3}]}", inbound);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	sheets_expect_status(f, sheet, "mismatched");
	fixture_do(f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM stocktake_line WHERE recount = 1"), 1);
	count(f, sheet, "B1", "3", "set", "z");
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	sheets_expect_status(f, sheet, "matched");
}

static void all_equal_is_matched(void **state)
{
	/* Every line counted and equal is matched; a line of book 0 that nobody counted is equal. */
	struct fixture *f = *state;
	fixture_set_on_hand(f, "xinyi", "A1", 0);
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count_rest_equal(f, sheet);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	sheets_expect_status(f, sheet, "matched");
	assert_string_equal(
		fixture_try(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", sheet),
		"wrong_status");
	count(f, sheet, "A1", "3", "set", "z");
	sheets_expect_status(f, sheet, "mismatched");
}

static void recount_keeps_what_was_not_counted_again(void **state)
{
	/* A recount covers the lines that differ; a line not counted again keeps its earlier count. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count_rest_equal(f, sheet);
	count(f, sheet, "A1", "90", "set", "z");
	count(f, sheet, "A2", "95", "set", "z");
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	fixture_do(f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	assert_int_equal(
		fixture_int(f,
			"SELECT count(*) FROM stocktake_line WHERE stocktake = '%s' AND recount = 1",
			sheet),
		2);
	count(f, sheet, "A2", "100", "set", "z");
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 90000);
	assert_int_equal(sheets_figure(f, sheet, "A2", "counted"), 100000);
	sheets_expect_status(f, sheet, "mismatched");
	assert_int_equal(
		fixture_int(f,
			"SELECT count(*) FROM count_entry WHERE stocktake = '%s' AND sku = 'A2'",
			sheet),
		3);
}

static void correction_posts_the_difference(void **state)
{
	/* What was sold after the count stays sold: correction posts counted − book at the count. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count_rest_equal(f, sheet);
	count(f, sheet, "A1", "90", "set", "z");
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'sold','lines':[{'sku':'A1','qty':5}]}");
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 85000);
	assert_int_equal(
		fixture_int(f, "SELECT qty FROM ledger WHERE sku = 'A1' AND reason = 'correction'"),
		-10000);
	assert_int_equal(
		fixture_int(f,
			"SELECT posted FROM stocktake_line WHERE stocktake = '%s' AND sku = 'A1'",
			sheet),
		-10000);
}

static void two_sheets_do_not_apply_one_difference_twice(void **state)
{
	/* Two sheets over one item, corrected one after the other, end at what was counted. */
	struct fixture *f = *state;
	const char *one = sheets_started(f, SHEETS_FULL), *two = sheets_started(f, SHEETS_FULL);
	count(f, one, "A1", "90", "set", "z");
	count(f, two, "A1", "90", "set", "z");
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		one);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		two);
	assert_int_equal(
		fixture_int(f,
			"SELECT later FROM stocktake_line WHERE stocktake = '%s' AND sku = 'A1'",
			one),
		1);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", two);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", one);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
}

static void a_book_that_moved_is_marked(void **state)
{
	/* If the book moved between the first and the last entry, the line carries the recount mark. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", "1", "add", "z");
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'found','reason':'shelf','lines':[{'sku':'A1','qty':1}]}");
	count(f, sheet, "A1", "1", "add", "z");
	assert_int_equal(
		fixture_int(f,
			"SELECT moved FROM stocktake_line WHERE stocktake = '%s' AND sku = 'A1'",
			sheet),
		1);
}

static void a_late_count_changes_nothing_and_is_told(void **state)
{
	/* A count that reaches a corrected sheet changes nothing and raises late_count. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", "90", "set", "z");
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
	count(f, sheet, "A1", "99", "set", "z");
	assert_int_equal(sheets_figure(f, sheet, "A1", "counted"), 90000);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM exception WHERE kind = 'late_count'"), 1);
}

static void unknown_products_are_kept(void **state)
{
	/* A SKU no catalogue knows is kept and flagged; correction does not open stock for it. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "NOPE", "3", "add", "z");
	assert_int_equal(
		fixture_int(f, "SELECT unknown FROM stocktake_line WHERE sku = 'NOPE'"), 1);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM stock WHERE sku = 'NOPE'"), 0);
}

static void a_partial_sheet_has_its_categories_and_vendors(void **state)
{
	/* A partial sheet has the stock of its categories and vendors, whatever characters they have. */
	struct fixture *f = *state;
	fixture_sql(f,
		"UPDATE product SET category = 'Caf\xc3\xa9 \"x\\y\"', vendor = 'V' WHERE sku IN ('A1', 'A2')");
	fixture_sql(
		f, "UPDATE product SET category = 'Caf\xc3\xa9', vendor = 'V' WHERE sku = 'A3'");
	fixture_sql(f, "UPDATE product SET vendor = 'W' WHERE sku = 'A2'");
	const char *sheet = fixture_do(f, "stocktake.create", "xinyi", "chen",
		"{'scope':'partial','categories':['Caf\xc3\xa9 \\u0022x\\\\y\\u0022'],'vendors':['V']}");
	fixture_do(f, "stocktake.start", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM stocktake_line WHERE stocktake = '%s'", sheet),
		1);
	fixture_expect_text(
		f, "A1", "SELECT sku FROM stocktake_line WHERE stocktake = '%s'", sheet);
}

static void at_a_terminal_counting_needs_a_running_sheet(void **state)
{
	/* At a terminal one counts only while the sheet is counting or recounting. */
	struct fixture *f = *state;
	const char *sheet = fixture_do(f, "stocktake.create", "xinyi", "chen", "{'scope':'full'}");
	f->world.by_hand = true;
	assert_string_equal(fixture_try(f, "stocktake.count", "xinyi", "chen",
				    "{'stocktake':'%s','sku':'A1','qty':1,'mode':'add'}", sheet),
		"wrong_status");
}

/* An order to ximen that was accepted; A1 is counted after it. */
static const char *ordered_and_counted(struct fixture *f, const char **order)
{
	const char *sheet = sheets_started(f, SHEETS_FULL);
	*order = fixture_do(f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','lines':[{'sku':'A1','qty':5}]}");
	fixture_do(f, "inbound.accept", "ximen", "huang", "{'movement':'%s'}", *order);
	return sheet;
}

static int64_t suggested(struct fixture *f, const char *sheet)
{
	return fixture_int(f,
		"SELECT suggest FROM stocktake_line WHERE stocktake = '%s' AND sku = 'A1'", sheet);
}

static void goods_that_left_unbooked_suggest_a_recount(void **state)
{
	/* Nobody knows when goods left that only the receiver books: a line that was counted since they were
	 * ordered is marked, and where the sheet is corrected already somebody is told. */
	struct fixture *f = *state;
	const char *order, *sheet = ordered_and_counted(f, &order);
	count(f, sheet, "A1", "95", "set", "z");
	count_rest_equal(f, sheet);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
	assert_int_equal(suggested(f, sheet), 0);
	fixture_do(f, "inbound.receive", "ximen", "wang",
		"{'movement':'%s','lines':[{'sku':'A1','qty':5}]}", order);
	assert_int_equal(suggested(f, sheet), 1);
	assert_int_equal(
		fixture_int(f,
			"SELECT count(*) FROM exception WHERE doc = '%s' AND sku = 'A1' AND kind = "
			"'recount_suggested'",
			sheet),
		1);
}

static void goods_that_never_left_suggest_a_recount(void **state)
{
	/* What a short close gives back to the sender may have stood on its shelf all the time: a line that was
	 * counted meanwhile is marked. Goods booked by the sender as they leave mark nothing. */
	struct fixture *f = *state;
	const char *order, *sheet = ordered_and_counted(f, &order);
	fixture_do(f, "outbound.ship", "xinyi", "lin", "{'movement':'%s'}", order);
	count(f, sheet, "A1", "100", "set", "z");
	assert_int_equal(suggested(f, sheet), 0);
	fixture_do(f, "inbound.close", "ximen", "huang", "{'movement':'%s','reason':'not_sent'}",
		order);
	assert_int_equal(suggested(f, sheet), 1);
}

static void a_count_that_comes_behind_such_goods_suggests_a_recount(void **state)
{
	/* The same where the count was made before the receipt and reaches HQ after it: the mark is put, and a
	 * typed quantity from before does not take it away. One made behind the receipt has none. */
	struct fixture *f = *state;
	const char *order, *sheet = ordered_and_counted(f, &order);
	int64_t before_ms = f->now_ms;
	f->now_ms += 60000;
	fixture_do(f, "inbound.receive", "ximen", "wang",
		"{'movement':'%s','lines':[{'sku':'A1','qty':5}]}", order);
	f->at_ms = before_ms;
	count(f, sheet, "A1", "90", "set", "z");
	assert_int_equal(suggested(f, sheet), 1);
	count(f, sheet, "A1", "95", "set", "z");
	assert_int_equal(suggested(f, sheet), 1);
	f->at_ms = 0;
	count(f, sheet, "A1", "95", "set", "z");
	assert_int_equal(suggested(f, sheet), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(scans_add_and_a_typed_quantity_replaces),
		TEST(undo_takes_back_one_entry),
		TEST(not_counted_is_not_zero),
		TEST(count_the_rest_as_zero_gives_way),
		TEST(an_uncounted_line_has_the_book_of_the_finish),
		TEST(what_was_replaced_moves_no_book),
		TEST(a_zero_comes_back_when_the_real_count_is_taken_back),
		TEST(a_line_counted_later_on_another_sheet_is_left_out),
		TEST(an_extra_that_comes_into_stock_is_one_line),
		TEST(a_sku_that_comes_during_the_count_is_a_line),
		TEST(all_equal_is_matched),
		TEST(recount_keeps_what_was_not_counted_again),
		TEST(correction_posts_the_difference),
		TEST(two_sheets_do_not_apply_one_difference_twice),
		TEST(a_book_that_moved_is_marked),
		TEST(a_late_count_changes_nothing_and_is_told),
		TEST(goods_that_left_unbooked_suggest_a_recount),
		TEST(goods_that_never_left_suggest_a_recount),
		TEST(a_count_that_comes_behind_such_goods_suggests_a_recount),
		TEST(unknown_products_are_kept),
		TEST(a_partial_sheet_has_its_categories_and_vendors),
		TEST(at_a_terminal_counting_needs_a_running_sheet),
	};
	return cmocka_run_group_tests_name("stocktake", tests, NULL, NULL);
}
