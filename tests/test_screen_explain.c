/* Explaining the number under the cursor: the sum entry by entry, what is pending apart, a way to each document. */
#include <stdio.h>
#include <string.h>

#include "model/json.h"
#include "tests/screen/order_steps.h"
#include "tests/screen/sheet_steps.h"

/* At HQ 40 of B1 are opened at xinyi and 10 of them sent off to ximen; all of it is in the home. */
static void place_goods(struct shop_fixture *f)
{
	const char *id;

	shop_fixture_do(
		f, "stock.open", NULL, "ho", "{'store':'xinyi','lines':[{'sku':'B1','qty':40}]}");
	shop_fixture_do(
		f, "stock.open", NULL, "ho", "{'store':'ximen','lines':[{'sku':'B1','qty':1}]}");
	id = shop_fixture_do(f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','lines':[{'sku':'B1','qty':10}]}");
	shop_fixture_do(f, "inbound.accept", "ximen", "huang", "{'movement':'%s'}", id);
	shop_fixture_do(f, "outbound.ship", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'B1','qty':6}]}", id);
	shop_fixture_land(f);
}

/* Done at this terminal with the line down. */
static void do_here(struct shop_fixture *f, const char *op, const char *data)
{
	struct console_verdict verdict;
	char error[80];
	cJSON *json = json_parse(data, strlen(data), error, sizeof(error));

	assert_non_null(json);
	console_do(&f->console, op, "xinyi", "lin", json, f->hq.now_ms, &verdict);
	assert_true(verdict.saved);
	console_verdict_free(&verdict);
}

/* The row of the screen with this text; NULL if there is none. */
static const char *row_with(struct screen *screen, const char *text)
{
	int row, col;

	screen_expect(screen, text);
	screen_settle(screen, 50);
	assert_true(screen_find(screen, text, &row, &col));
	return screen_row(screen, row);
}

static void expect_in_row(struct screen *screen, const char *text, const char *figure)
{
	const char *row = row_with(screen, text);

	if (!strstr(row, figure)) {
		screen_print(screen);
		fail_msg("%s: no %s in %s", text, figure, row);
	}
}

static void open_product(struct screen *screen, const char *sku)
{
	screen_send(screen, "<f5>/");
	screen_send(screen, sku);
	screen_send(screen, "<enter>");
	screen_expect(screen, "[At each store]");
}

/* Chooses the number of that name in the menu the key opens. */
static void explain(struct screen *screen, const char *steps, const char *title)
{
	screen_send(screen, "#");
	screen_expect(screen, "Explain which number?");
	screen_send(screen, steps);
	screen_expect_row(screen, 1, title);
}

static void test_what_is_pending_stands_apart(void **state)
{
	/* HQ's entries end in HQ's figure; below it, marked, stands what was done here; the last sum is the number,
	 * and all of it works with the line down. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	place_goods(f);
	do_here(f, "stock.adjust",
		"{\"kind\":\"write_off\",\"reason\":\"broken\",\"lines\":[{\"sku\":\"B1\",\"qty\":2}]}");
	screen = shop_fixture_start_as(f, SHOP_MANAGER);
	open_product(screen, "B1");
	explain(screen, "<enter>", "Explained: On hand");
	screen_expect(screen, "On hand: 32  (HQ 34, pending from this terminal −2)");
	expect_in_row(screen, "Opening bal", "+40      40");
	expect_in_row(screen, "Shipped ", "−6      34");
	expect_in_row(screen, "HQ's figure", "34");
	expect_in_row(screen, "* ", "−2      32");
	screen_end(screen);
}

static void test_each_entry_leads_on(void **state)
{
	/* Enter opens the document of an entry, or explains a part that is a number itself. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	place_goods(f);
	screen = shop_fixture_start_as(f, SHOP_MANAGER);
	open_product(screen, "B1");
	explain(screen, "<down><down><down><down><enter>", "Explained: Available");
	screen_expect(screen, "Available: 30");
	expect_in_row(screen, "Own outbound", "−4      30");
	screen_send(screen, "<home><enter>");
	screen_expect_row(screen, 1, "Explained: On hand");
	screen_send(screen, "<end><enter>");
	screen_expect_row(screen, 1, "OUT-XINYI-");
	screen_send(screen, "#");
	screen_expect(screen, "Explain which number?");
	screen_send(screen, "<down><down><down><down><enter>");
	screen_expect_row(screen, 1, "Explained: In transit");
	screen_expect(screen, "In transit: 6");
	screen_send(screen, "<enter>");
	screen_expect_row(screen, 1, "Explained: Shipped");
	screen_expect(screen, "Shipped: 6");
	screen_send(screen, "<esc><esc><esc>");
	screen_expect_row(screen, 1, "Explained: On hand");
	screen_send(screen, "<home><enter>");
	screen_expect(screen, "No document belongs to this row.");
	screen_end(screen);
}

static void test_what_is_not_here_is_said(void **state)
{
	/* A figure whose entries are not all on the terminal says how much is missing, and one of another store that
	 * nothing is known. */
	struct shop_fixture *f = *state;
	struct screen *screen = shop_fixture_start_as(f, SHOP_MANAGER);

	open_product(screen, "A1");
	explain(screen, "<enter>", "Explained: On hand");
	expect_in_row(screen, "Not on this terminal", "+100     100");
	screen_expect(screen, "100 of it comes from entries that are not on this terminal");
	screen_send(screen, "<esc><end>");
	explain(screen, "<enter>", "Explained: On hand");
	screen_expect(screen, "On hand: ?");
	screen_expect(screen, "This terminal is not sent what this number comes from.");
	screen_end(screen);
}

static void test_a_count_is_told_by_its_entries(void **state)
{
	/* A typed quantity takes the place of the scans before it, and the difference leads to the count. */
	struct shop_fixture *f = *state;
	struct screen *screen;
	const char *sheet = sheets_started(&f->hq, SHEETS_FULL);

	sheets_count(&f->hq, sheet, "A1", "3");
	shop_fixture_do(f, "stocktake.count", "xinyi", "lin",
		"{'stocktake':'%s','sku':'A1','qty':97,'mode':'set'}", sheet);
	sheets_finish(&f->hq, sheet);
	screen = sheet_open(f, 0, 0, SHOP_MANAGER);
	screen_expect(screen, "A1 ");
	screen_send(screen, "<home>");
	explain(screen, "<down><enter>", "Explained: Difference");
	screen_expect(screen, "Difference: −3");
	expect_in_row(screen, "Book when it was counted", "−100      −3");
	screen_send(screen, "<home><enter>");
	screen_expect_row(screen, 1, "Explained: Counted");
	expect_in_row(screen, "+3 ", "3       3");
	expect_in_row(screen, "+94", "+94      97");
	screen_end(screen);
}

static void test_no_blind_count_is_told(void **state)
{
	/* While a blind sheet is counted its difference cannot be explained: the one number is the count. */
	struct shop_fixture *f = *state;
	struct screen *screen;
	const char *sheet = shop_fixture_do(f, "stocktake.create", "xinyi", "lin",
		"{'scope':'full','blind':true,'creator':'lin','note':''}");

	shop_fixture_do(f, "stocktake.start", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
	sheets_count(&f->hq, sheet, "A1", "3");
	screen = sheet_open(f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "<home>");
	screen_send(screen, "#");
	screen_expect_row(screen, 1, "Explained: Counted");
	screen_expect_gone(screen, "Difference");
	screen_end(screen);
}

static void test_what_may_be_promised(void **state)
{
	/* From a line of an order: salable is the stock of the stores, the reservations of each order and what was
	 * cancelled of them; an entry opens its order. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	orders_place(f, "W-2");
	shop_fixture_do(f, "order.cancel", "xinyi", "lin",
		"{'order':'W-1','lines':[{'sku':'A1','qty':2}]}");
	screen = orders_open(f, SHOP_MANAGER);
	screen_send(screen, "<enter>");
	screen_expect(screen, "[Lines 2]");
	explain(screen, "<down><down><down><down><down><down><down><enter>", "Explained: Salable");
	screen_expect(screen, ": 192");
	expect_in_row(screen, "On hand ", "+100     100");
	expect_in_row(screen, "Other stores, as HQ has it", "+100     200");
	expect_in_row(screen, "  195  W-1", "Order placed");
	expect_in_row(screen, "  190  W-2", "Order placed");
	expect_in_row(screen, "Cancelled before it left", "192  W-1");
	screen_send(screen, "<end><enter>");
	screen_expect_row(screen, 1, "Order W-1");
	screen_end(screen);
}

static void test_picks_and_new_orders(void **state)
{
	/* The numbers of a pick list and of an order that is keyed in are explained where they stand. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	screen = orders_open(f, SHOP_MANAGER);
	screen_send(screen, "o");
	screen_expect(screen, "All that could be shipped");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[All that could be shipped 2]");
	explain(screen, "<enter>", "Explained: On hand");
	screen_expect(screen, "On hand: 100");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[All that could be shipped 2]");
	screen_send(screen, "#");
	screen_expect(screen, "Explain which number?");
	screen_expect(screen, "Units outstanding");
	screen_send(screen, "<esc><esc>n");
	screen_expect(screen, "Sales orders > New sales order");
	screen_send(screen, "<ctrl+s>");
	screen_expect(screen, "Scan something, or add a line.");
	screen_send(screen, "#");
	screen_expect(screen, "No number stands here that can be explained.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "> A1");
	explain(screen, "<enter>", "Explained: Salable");
	screen_expect(screen, "Counter: 100");
	screen_end(screen);
}

static void test_long_numbers_are_whole(void **state)
{
	/* Thousands with three decimals are shown to the last digit at 60 columns, in every column of numbers. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	shop_fixture_do(f, "stock.open", NULL, "ho",
		"{'store':'xinyi','lines':[{'sku':'B1','qty':120040.125}]}");
	shop_fixture_land(f);
	screen = shop_fixture_start(f, 16, 60, "en");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	open_product(screen, "B1");
	explain(screen, "<enter>", "Explained: On hand");
	expect_in_row(screen, "Opening balance", "+120040.125  120040.125");
	screen_end(screen);
}

static void test_small_and_chinese(void **state)
{
	/* It is whole at 60 columns and in Chinese, and help keeps its own key. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	place_goods(f);
	screen = shop_fixture_start(f, 16, 60, "zh_TW");
	screen_expect(screen, "登入");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "2222<enter>");
	screen_expect(screen, "出倉單");
	screen_send(screen, "<f5>/B1<enter>");
	screen_expect(screen, "> B1");
	screen_send(screen, "?");
	screen_expect(screen, "此處可用的按鍵");
	for (int i = 0; i < 8 && !screen_has(screen, "逐筆說明"); i++) {
		screen_send(screen, "<pagedown>");
		screen_settle(screen, 50);
	}
	screen_expect(screen, "逐筆說明這個數字從哪裡來");
	screen_send(screen, "<esc>#");
	screen_expect(screen, "要說明哪個數字？");
	screen_send(screen, "<enter>");
	screen_expect(screen, "數字說明：庫存量");
	screen_expect(screen, "庫存量：34");
	expect_in_row(screen, "初始庫存", "+40      40");
	screen_end(screen);
}

int main(void)
{
#define EACH(test) \
	cmocka_unit_test_setup_teardown(test, shop_fixture_set_up, shop_fixture_tear_down)
	const struct CMUnitTest tests[] = {
		EACH(test_what_is_pending_stands_apart),
		EACH(test_each_entry_leads_on),
		EACH(test_what_is_not_here_is_said),
		EACH(test_a_count_is_told_by_its_entries),
		EACH(test_no_blind_count_is_told),
		order_test(test_what_may_be_promised),
		order_test(test_picks_and_new_orders),
		EACH(test_long_numbers_are_whole),
		EACH(test_small_and_chinese),
	};

	return cmocka_run_group_tests_name("screen_explain", tests, NULL, NULL);
}
