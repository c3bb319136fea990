/* The result of a sheet on the screen: its lines by tab and order, in words, chosen for a recount; and what
 * a blind count keeps to itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/sheet_steps.h"

/* ------------------------------------------------------------------ the result */

static void test_result(void **state)
{
	/* Tabs count and show loss, gain, equal and uncounted lines; the totals are those of all lines. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheet_mismatched(&f);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_expect(screen, "[All 9] Uncounted 6  Loss 1  Gain 1  Equal 1");
	screen_expect(screen, "loss −3  gain +5");
	screen_expect(screen, "1 of 9");
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "[Loss 1]");
	screen_expect(screen, "−3");
	screen_expect(screen, "1 of 1");
	screen_expect_gone(screen, "A3");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[Gain 1]");
	screen_expect(screen, "1 of 1");
	screen_send(screen, "/green<enter>");
	screen_expect(screen, "lines with “green”");
	screen_expect(screen, "A2");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "lines with");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* The first line of the list under the titles. */
static void expect_first(struct screen *screen, const char *sku)
{
	char text[32];

	snprintf(text, sizeof(text), ">     %s", sku);
	screen_expect(screen, text);
	screen_expect(screen, "1 of 9");
}

static void test_sorted(void **state)
{
	/* One key sorts by difference, by value, by time and by SKU again; the heading names the order. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	fixture_sql(&f.hq, "UPDATE product SET price = 5000 WHERE sku = 'A1'");
	fixture_sql(&f.hq, "UPDATE product SET price = 100 WHERE sku = 'A2'");
	sheet = sheet_mismatched(&f);
	(void)sheet;
	screen = sheet_open(&f, 50, 200, SHOP_MANAGER);
	expect_first(screen, "A1");
	screen_expect(screen, "loss −3 (−150)  gain +5 (+5)");
	screen_expect(screen, "Value");
	screen_send(screen, "s");
	screen_expect(screen, "| largest difference first");
	expect_first(screen, "A2");
	screen_send(screen, "s");
	screen_expect(screen, "| largest value first");
	expect_first(screen, "A1");
	screen_send(screen, "s");
	screen_expect(screen, "| counted last first");
	expect_first(screen, "A3");
	screen_send(screen, "s");
	screen_expect_gone(screen, "| counted last first");
	expect_first(screen, "A1");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_follows_scans(void **state)
{
	/* A scan puts the cursor on its line in every order and on a tab that has it. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	sheets_count(&f.hq, sheet, "A4", "90");
	sheets_count(&f.hq, sheet, "A5", "95");
	shop_fixture_do(&f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A2','qty':98,'mode':'set'}", sheet);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "s");
	screen_expect(screen, "| largest difference first");
	expect_first(screen, "A4");
	screen_scan(screen, "96385074");
	screen_expect(screen, "Saved: A2 綠茶 Green tea: counted 99.");
	screen_expect(screen, "3 of 9");
	screen_expect(screen, "> *   A2");
	screen_send(screen, "sss");
	screen_expect_gone(screen, "largest");
	screen_scan(screen, "96385074");
	screen_expect(screen, "2 of 9");
	screen_expect(screen, "> *   A2");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* ------------------------------------------------------------------ the line in words */

static void test_line_in_words(void **state)
{
	/* The line under the cursor says what was counted when, what moved since and what should be there. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	sheet_till_sells(&f, "A1", 5);
	sheets_count(&f.hq, sheet, "A1", "12");
	sheets_count(&f.hq, sheet, "A2", "50");
	sheet_till_sells(&f, "A1", 2);
	shop_fixture_do(&f, "stock.adjust", "xinyi", "lin",
		"{'kind':'found','reason':'shelf','lines':[{'sku':'A1','qty':1}]}");
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_expect(screen,
		"counted 12 at 03-02 10:00 · 1 found since · 2 sold since · should be 11 now");
	screen_send(screen, "<down>");
	screen_expect(screen, "counted 50 at 03-02 10:00");
	screen_expect_gone(screen, "since ·");
	screen_send(screen, "<down>");
	screen_expect(screen, "not counted · book 100");
	screen_send(screen, "<up><up>");
	screen_expect(screen, "should be 11 now");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_line_page(void **state)
{
	/* A page of the line has its entries by round, zone and pass, who made them and the book of then. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	shop_fixture_do(&f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','qty':40,'mode':'add','zone':'front'}", sheet);
	shop_fixture_do(&f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','qty':50,'mode':'add','zone':'back'}", sheet);
	sheets_finish(&f.hq, sheet);
	sheets_act(&f.hq, "stocktake.recount", sheet);
	sheets_count(&f.hq, sheet, "A1", "93");
	screen = sheet_open(&f, 40, 100, SHOP_MANAGER);
	screen_send(screen, "l");
	screen_expect(screen, "A1 烏龍茶 Oolong tea");
	screen_expect(screen, "Round 2, no zone, pass 1");
	screen_expect(screen, "=93");
	screen_expect(screen, "Round 1, zone BACK, pass 1");
	screen_expect(screen, "+50");
	screen_expect(screen, "Round 1, zone FRONT, pass 1");
	screen_expect(screen, "+40");
	screen_expect(screen, "book 100");
	screen_expect(screen, "together 93");
	screen_expect(screen, "recounted: Counted again in this round.");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "Round 2,");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* ------------------------------------------------------------------ recount */

static void test_marked_recount(void **state)
{
	/* Marked lines alone are counted again; the question names them, and their tab has only those. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheet_mismatched(&f);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "<down><space>");
	screen_expect(screen, "1 line is marked.");
	screen_expect(screen, "x   A2");
	screen_send(screen, "o");
	screen_expect(screen, "The marked lines (1)");
	screen_send(screen, "<enter>");
	screen_expect(screen, "1 line: A2");
	screen_send(screen, "y");
	screen_expect(screen, "Recounting");
	screen_expect(screen, "[To recount 1]");
	screen_expect_gone(screen, "x   A2");
	screen_expect(screen, "recount");
	screen_send(screen, "c105<enter>");
	screen_expect(screen, "[To recount 0]");
	screen_expect(screen, "No line here.");
	screen_send(screen, "<tab>");
	screen_expect(screen, "recounted");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.recount", ""), 1);
	shop_fixture_expect_sent(&f, "stocktake.recount", "\"skus\":[\"A2\"]");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_all_listed_are_marked(void **state)
{
	/* One key marks what the tab and the search list, and takes all marks away again. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheet_mismatched(&f);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "<tab>");
	screen_expect(screen, "[Uncounted 6]");
	screen_send(screen, "a");
	screen_expect(screen, "6 lines are marked.");
	screen_expect(screen, "6 marked, 1 of 6");
	screen_expect(screen, "x   A9");
	screen_send(screen, "<backtab>");
	screen_expect(screen, "[All 9]");
	screen_expect(screen, "x   A4");
	assert_false(screen_has(screen, "x   A1"));
	screen_send(screen, "a");
	screen_expect(screen, "9 marked, 1 of 9");
	screen_expect(screen, "x   A1");
	screen_send(screen, "a");
	screen_expect_gone(screen, "marked, ");
	screen_expect_gone(screen, "x   A");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_info(void **state)
{
	/* The page about a sheet has its scope in words and tells creator and those who counted apart. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(
		&f.hq, "{'scope':'partial','categories':['bikes','tea'],'creator':'lin'}");
	sheets_count(&f.hq, sheet, "A1", "97");
	screen = sheet_open(&f, 30, 100, SHOP_MANAGER);
	screen_send(screen, "i");
	screen_expect(screen, "About this sheet");
	screen_expect(screen, "Categories: bikes, tea");
	screen_expect(screen, "Creator: 林店長");
	screen_expect(screen, "陳小美: 1 entry, at 2026-03-02");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "About this sheet");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_of_another_store(void **state)
{
	/* A sheet of another store is looked at, and every step says whose it is. */
	static const char *const stores[] = {"xinyi", "ximen", NULL};
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open_bare(&f, stores);
	sheet = shop_fixture_do(&f, "stocktake.create", "ximen", "ho", SHEETS_FULL);
	shop_fixture_do(&f, "stocktake.start", "ximen", "ho", "{'stocktake':'%s'}", sheet);
	fixture_sql(&f.hq, "UPDATE staff SET stores = '[\"xinyi\",\"ximen\"]' WHERE id = 'lin'");
	shop_fixture_land(&f);
	screen = shop_fixture_start(&f, 0, 0, "en");
	screen_expect(screen, "Which store is this?");
	screen_send(screen, "<enter>");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_send(screen, "<f3>");
	screen_expect(screen, "[All ");
	screen_send(screen, "s");
	screen_expect(screen, "STK-XIMEN-");
	screen_send(screen, "<enter>");
	screen_expect(screen, "In count · 西門店 · Full");
	screen_send(screen, "f");
	screen_expect(screen, "This is a sheet of another store: it can only be read here.");
	screen_send(screen, "<end>c");
	screen_expect(screen, "This is a sheet of another store");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_suggested_recount(void **state)
{
	/* Lines whose recount is suggested have a tab and can be counted again by themselves. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheet_mismatched(&f);
	fixture_sql(&f.hq, "UPDATE stocktake_line SET suggest = 1 WHERE sku = 'A1'");
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_expect(screen, "Recount suggested 1");
	screen_expect(screen, "recount?");
	screen_send(screen, "o");
	screen_expect(screen, "The lines whose recount is suggested (1)");
	screen_send(screen, "<end><enter>");
	screen_expect(screen, "1 line: A1");
	screen_send(screen, "y");
	screen_expect(screen, "Recounting");
	shop_fixture_expect_sent(&f, "stocktake.recount", "\"skus\":[\"A1\"]");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* ------------------------------------------------------------------ finishing */

static void finish_with_word(struct shop_fixture *f, const char *language, const char *word)
{
	bool is_english = strcmp(language, "en") == 0;
	struct screen *screen;

	shop_fixture_land(f);
	screen = shop_fixture_start(f, 0, 0, language);
	screen_send(screen, "lin");
	screen_expect(screen, "lin");
	screen_send(screen, "<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "2222<enter>");
	screen_expect(screen, is_english ? "Signed in" : "已登入");
	screen_send(screen, "<f3>");
	screen_expect(screen, "STK-XINYI-");
	screen_send(screen, "<enter>");
	screen_expect(screen, "A4");
	screen_send(screen, "f");
	screen_expect(screen, is_english ? "[Uncounted 8]" : "[未盤 8]");
	screen_send(screen, "<end><enter>");
	screen_expect(screen, is_english ? "Count the rest as zero" : "歸零");
	screen_send(screen, "nothing<enter>");
	screen_settle(screen, 100);
	assert_int_equal(shop_fixture_sent(f, "stocktake.finish", ""), 0);
	screen_send(screen, "<ctrl+u>");
	screen_send(screen, word);
	screen_send(screen, "<enter>");
	screen_expect(screen, is_english ? "Mismatched" : "不符合");
	shop_fixture_expect_sent(f, "stocktake.finish", "\"uncounted\":\"zero\"");
	shop_fixture_quit(screen);
}

static void test_zero_takes_a_word(void **state)
{
	/* The rest becomes zero only by the typed word, over the list of what nobody counted. */
	struct shop_fixture f;

	(void)state;
	shop_fixture_open(&f);
	sheets_count(&f.hq, sheets_started(&f.hq, SHEETS_FULL), "A1", "100");
	finish_with_word(&f, "en", "zero");
	shop_fixture_close(&f);
	shop_fixture_open(&f);
	sheets_count(&f.hq, sheets_started(&f.hq, SHEETS_FULL), "A1", "100");
	finish_with_word(&f, "zh_TW", "歸零");
	shop_fixture_close(&f);
}

/* ------------------------------------------------------------------ blind */

#define BOOK "73519"

static void expect_nowhere(struct screen *screen, const char *there)
{
	screen_expect(screen, there);
	if (screen_has(screen, BOOK) || screen_has(screen, "73507"))
		screen_print(screen);
	assert_false(screen_has(screen, BOOK));
	assert_false(screen_has(screen, "73507")); /* the difference */
}

static void test_blind(void **state)
{
	/* While a blind sheet is counted no key of it tells the book or what differs; then all of them do. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	fixture_set_on_hand(&f.hq, "xinyi", "A1", INT64_C(73519000));
	fixture_set_on_hand(&f.hq, "xinyi", "A2", INT64_C(73519000));
	sheet = sheets_started(&f.hq, "{'scope':'full','blind':true}");
	sheets_count(&f.hq, sheet, "A1", "12");
	screen = sheet_open(&f, 50, 200, SHOP_MANAGER);
	expect_nowhere(screen, "· blind");
	expect_nowhere(screen, "counted 12 at 03-02 10:00");
	screen_send(screen, "l");
	expect_nowhere(screen, "Blind: the book is hidden");
	screen_send(screen, "<esc><enter>");
	expect_nowhere(screen, "Blind: the product's page would show the book.");
	screen_send(screen, "s");
	expect_nowhere(screen, "| counted last first");
	screen_send(screen, "<tab>");
	expect_nowhere(screen, "[Uncounted 8]");
	screen_send(screen, "<tab>");
	expect_nowhere(screen, "[All 9]");
	screen_send(screen, "i");
	expect_nowhere(screen, "About this sheet");
	screen_send(screen, "<esc>f");
	expect_nowhere(screen, "Finish, and leave them uncounted");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Mismatched");
	screen_expect(screen, "loss −73507");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_zone_counted_again(void **state)
{
	/* Whoever counts a zone again sees no figure of the first count on any line, tab, order or page. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	shop_fixture_do(
		&f, "stocktake.claim", "xinyi", "chen", "{'stocktake':'%s','zone':'D1'}", sheet);
	shop_fixture_do(&f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','qty':4719,'mode':'set','zone':'D1'}", sheet);
	shop_fixture_do(
		&f, "stocktake.release", "xinyi", "chen", "{'stocktake':'%s','zone':'D1'}", sheet);
	shop_fixture_do(&f, "stocktake.claim", "xinyi", "lin",
		"{'stocktake':'%s','zone':'D1','again':true}", sheet);
	screen = sheet_open(&f, 50, 200, SHOP_MANAGER);
	screen_expect(screen, "not counted");
	screen_expect(screen, "[All 9] Uncounted 9");
	assert_false(screen_has(screen, "4719"));
	assert_false(screen_has(screen, "4619")); /* the gain */
	assert_false(screen_has(screen, "Loss"));
	screen_send(screen, "l");
	screen_expect(screen, "what was counted before is hidden until you");
	assert_false(screen_has(screen, "Round 1"));
	assert_false(screen_has(screen, "4719"));
	screen_send(screen, "<esc>s");
	screen_expect(screen, "By SKU.");
	assert_false(screen_has(screen, "4719"));
	assert_false(screen_has(screen, "4619"));
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* ------------------------------------------------------------------ sizes */

static void test_small(void **state)
{
	/* At 60x16 the figures stay, the marks move into the line's words, and the rehearsal fits. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheet_mismatched(&f);
	fixture_sql(&f.hq, "UPDATE stocktake_line SET moved = 1 WHERE sku = 'A1'");
	screen = sheet_open(&f, 16, 60, SHOP_MANAGER);
	screen_expect(screen, "Diff");
	screen_expect(screen, "−3");
	screen_expect(screen, "…  counted 97 at 03-02 10:00 · book moved");
	screen_send(screen, "t");
	screen_expect(screen, "2 lines will be corrected");
	screen_expect(screen, "Before");
	screen_expect(screen, "After");
	screen_expect(screen, "97");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_follows_scans),
		cmocka_unit_test(test_line_in_words),
		cmocka_unit_test(test_line_page),
		cmocka_unit_test(test_marked_recount),
		cmocka_unit_test(test_all_listed_are_marked),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_of_another_store),
		cmocka_unit_test(test_suggested_recount),
		cmocka_unit_test(test_zero_takes_a_word),
		cmocka_unit_test(test_blind),
		cmocka_unit_test(test_zone_counted_again),
		cmocka_unit_test(test_small),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
