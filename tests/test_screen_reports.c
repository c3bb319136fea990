/* Reports on the screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/report.h"
#include "model/text.h"
#include "tests/folder.h"
#include "tests/movement_steps.h"
#include "tests/screen/document_steps.h"
#include "tests/grid_rows.h"

#define BLOCK "█"

static const char *const two_stores[] = {"xinyi", "ximen", NULL};

/* A movement left so many days before the terminal's now. */
static void left_days_ago(struct shop_fixture *f, const char *id, int days)
{
	assert_true(db_run(f->hq.db,
		"UPDATE history SET at = $1 WHERE doc = $2 AND op = 'outbound.ship'", "it",
		(int64_t)time(NULL) * 1000 - days * REPORT_DAY_MS - 60000, id));
}

static void test_in_transit(void **state)
{
	/* What is on the road stands with the oldest first and marked when late, opens its document, and
	 * leaves the report when it has arrived. */
	struct shop_fixture f;
	struct screen *screen;
	const char *late, *young;
	int late_row, young_row, col;

	(void)state;
	shop_fixture_open(&f);
	young = documents_order_from_ec(&f, true);
	late = steps_shipped(&f.hq);
	left_days_ago(&f, young, 1);
	left_days_ago(&f, late, 5);
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "u");
	screen_expect_row(screen, 1, "In transit by age");
	screen_expect(screen, "1 of 2");
	screen_expect(screen, "Quantity in all: 23");
	assert_true(screen_find(screen, "!    5  OUT-XINYI-", &late_row, &col));
	assert_true(screen_find(screen, "1  OUT-EC-", &young_row, &col));
	assert_true(late_row < young_row);
	assert_null(strchr(screen_row(screen, young_row), '!'));
	screen_send(screen, "<enter>");
	screen_expect_row(screen, 1, "In transit by age > OUT-XINYI-");
	screen_send(screen, "<esc><down><enter>");
	screen_expect_row(screen, 1, "In transit by age > IN-XINYI-");
	screen_send(screen, "<esc>");
	screen_expect(screen, "2 of 2");
	fixture_do(&f.hq, "inbound.receive", "ximen", "wang", ALL, late);
	shop_fixture_land(&f);
	screen_expect(screen, "1 of 1");
	screen_expect_gone(screen, "OUT-XINYI-");
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_days(void **state)
{
	/* A report of days shows those that are asked for; days in the wrong order are told. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	steps_shipped(&f.hq);
	f.hq.now_ms += REPORT_DAY_MS;
	shop_fixture_do(&f, "stock.adjust", "xinyi", "lin",
		"{'kind':'found','reason':'shelf','lines':[{'sku':'A1','qty':3}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "b");
	screen_expect(screen, "What came in, went out and was corrected, by day");
	screen_send(screen, "<down><enter>");
	screen_expect_row(screen, 1, "Reports > Stock movements by day");
	screen_send(screen, "f2026-03-05<enter>2026-03-01<enter>");
	screen_expect(screen, "The last day is before the first.");
	screen_send(screen, "<backtab><ctrl+u>2026-03-01<enter><ctrl+u>2026-03-05<enter>");
	screen_expect(screen, "2026-03-01 … 2026-03-05");
	screen_expect(
		screen, "2026-03-02        0        0       −15            0      0  −15  −" BLOCK);
	screen_expect(
		screen, "2026-03-03        0        0         0            0      3    3  " BLOCK);
	screen_expect(screen, "Net in all: −12");
	screen_send(screen, "<enter>");
	screen_expect(screen, "This row is a sum: no single document belongs to it.");
	screen_send(screen, "s");
	screen_expect(screen, "This terminal has only this store's figures.");
	screen_send(screen, "f<ctrl+u>2026-03-03<enter><enter>");
	screen_expect_gone(screen, "2026-03-02 ");
	screen_expect(screen, "Net in all: 3");
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_stores(void **state)
{
	/* On a terminal of several stores a key goes from this store to all of them and back. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open_bare(&f, two_stores);
	shop_fixture_land(&f);
	screen = shop_fixture_start(&f, 0, 0, "en");
	screen_expect(screen, "Which store is this?");
	screen_send(screen, "<enter>");
	shop_fixture_sign_in(screen, SHOP_CLERK);
	screen_send(screen, "<f5><f12>");
	screen_expect_row(screen, 1, "Products > Reports");
	screen_send(screen, "<enter>");
	screen_expect(screen, "On hand in all: 900");
	screen_send(screen, "f");
	screen_expect(screen, "This report tells how things are now");
	screen_send(screen, "s");
	screen_expect(screen, "All my stores");
	screen_expect(screen, "On hand in all: 1800");
	screen_expect(screen, "西門店");
	screen_send(screen, "s");
	screen_expect(screen, "On hand in all: 900");
	/* The list of reports is one: asked for again it comes to where one is. */
	screen_send(screen, "<f2><f12>");
	screen_expect_row(screen, 1, "Outbound orders");
	screen_expect_row(screen, 1, "Reports");
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_to_a_file(void **state)
{
	/* A report is written to a file with its days as they are chosen; an empty one says why not. */
	struct shop_fixture f;
	struct screen *screen;
	struct text rows = TEXT_INIT(TEXT_SMALL);
	char folder[200], path[300];
	const char *id;

	(void)state;
	shop_fixture_open(&f);
	folder_make(folder, sizeof(folder));
	id = documents_order_from_ec(&f, true);
	shop_fixture_do(&f, "inbound.receive", "xinyi", "chen",
		"{'movement':'%s','lines':[{'sku':'A1','qty':4},{'sku':'A2','qty':3}]}", id);
	shop_fixture_do(&f, "inbound.close", "xinyi", "lin", CLOSE, id, "lost");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "b<home><down><down><down><enter>");
	screen_expect_row(screen, 1, "Discrepancies at receipt");
	screen_send(screen, "f2026-03-01<enter>2026-03-01<enter>");
	screen_expect(screen, "2026-03-01 … 2026-03-01");
	screen_expect(screen, "Nothing to report.");
	screen_send(screen, "w");
	screen_expect(screen, "The report is empty: there is nothing to write.");
	screen_send(screen, "f<enter><ctrl+u>2026-03-09<enter>");
	screen_expect(screen, "Difference in all: −1");
	snprintf(path, sizeof(path), "%s/found.csv", folder);
	screen_send(screen, "w");
	screen_expect(screen, "discrepancies-");
	screen_paste(screen, path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "1 row written to");
	grid_rows_add(path, &rows);
	assert_non_null(strstr(text_get(&rows), "number|from_store|to_store|third_party|sku|"));
	assert_non_null(strstr(text_get(&rows), "|ec|xinyi||A1|烏龍茶 Oolong tea|5|4|0|-1|lost"));
	text_free(&rows);
	screen_end(screen);
	folder_remove(folder);
	shop_fixture_close(&f);
}

static void test_headings_are_quantities(void **state)
{
	/* A column of quantities is headed by one, not by the date or status of the same English word. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	shop_fixture_do(&f, "inbound.receive", "xinyi", "lin", BROKEN,
		documents_order_from_ec(&f, true), "A1", 5, 1);
	shop_fixture_land(&f);
	screen = shop_fixture_start(&f, 50, 200, "zh_TW");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "2222<enter>");
	screen_expect(screen, "出倉單");
	screen_send(screen, "b<home><down><down><down><enter>");
	screen_expect_row(screen, 1, "點收差異");
	screen_expect(screen, "應收量");
	screen_expect(screen, "點收量");
	assert_false(screen_has(screen, "預計到貨日"));
	screen_send(screen, "<esc><home><down><enter>");
	screen_expect_row(screen, 1, "異動");
	screen_expect(screen, "校正");
	assert_false(screen_has(screen, "已校正"));
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_redemptions(void **state)
{
	/* Redemptions by person are units with names, their sum is one of units, and where it is narrow the net stays. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	shop_fixture_do(&f, "ticket.issue", NULL, "ho",
		"{'order':'T-1','buyer':'b','phone':'1','lines':["
		"{'code':'TICKET-1','product':'A1','units':2000}]}");
	for (int i = 0; i < 2; i++)
		shop_fixture_do(&f, "ticket.redeem", "xinyi", i ? "kiosk" : "chen",
			"{'code':'TICKET-1','qty':%d,'mode':'online'}", 600 + i);
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "b<end><enter>");
	screen_expect_row(screen, 1, "Reports > Redemptions by person");
	screen_expect(screen, "Nothing to report.");
	screen_send(screen, "f2026-03-01<enter>2026-03-05<enter>");
	screen_expect(screen, "600       0        0        600  " BLOCK);
	screen_expect(screen, "chen    陳小美");
	screen_expect(screen, "Net units in all: 1201");
	screen_resize(screen, 16, 60);
	screen_expect_row(screen, 15, "problems");
	screen_expect(screen, "600");
	screen_expect(screen, "Net units in all: 1201");
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_small_large_and_chinese(void **state)
{
	/* At 60 columns bars give way to figures, at 200 all columns and bars are there; in Chinese too. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	screen = shop_fixture_start(&f, 16, 60, "en");
	shop_fixture_sign_in(screen, SHOP_CLERK);
	screen_send(screen, "u");
	screen_expect(screen, "OUT-EC-");
	screen_expect(screen, "Acts");
	screen_expect(screen, "Quantity");
	screen_expect_gone(screen, BLOCK);
	assert_false(screen_has(screen, "Status"));
	screen_resize(screen, 50, 200);
	screen_expect(screen, "On the way");
	screen_expect(screen, "EC倉");
	screen_expect(screen, BLOCK BLOCK BLOCK BLOCK);
	screen_end(screen);
	screen = shop_fixture_start(&f, 24, 80, "zh_TW");
	screen_send(screen, "chen<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "1111<enter>");
	screen_expect(screen, "出倉單");
	screen_send(screen, "b");
	screen_expect_row(screen, 1, "報表");
	screen_expect(screen, "在途");
	screen_send(screen, "<enter>");
	screen_expect(screen, "庫存量");
	screen_expect(screen, "信義店");
	screen_expect(screen, BLOCK);
	assert_false(screen_has(screen, "As of"));
	screen_end(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_transit),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_stores),
		cmocka_unit_test(test_to_a_file),
		cmocka_unit_test(test_headings_are_quantities),
		cmocka_unit_test(test_redemptions),
		cmocka_unit_test(test_small_large_and_chinese),
	};

	return cmocka_run_group_tests_name("reports on the screen", tests, NULL, NULL);
}
