/* The rehearsed correction of a sheet on the screen, and the sheet that takes one back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/sheet_steps.h"

static void send_number(struct shop_fixture *f, struct screen *screen)
{
	char *number = db_get_text(
		f->hq.db, "SELECT number FROM stocktake ORDER BY id LIMIT 1", "");

	assert_non_null(number);
	screen_paste(screen, number);
	screen_send(screen, "<enter>");
	free(number);
}

static void test_rehearsal(void **state)
{
	/* Every line stands before and after; one below zero and one counted later are told; a picked one is
	 * sent with the correction, and only the number typed commits. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet, *other;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	sheets_count(&f.hq, sheet, "A1", "97");
	sheets_count(&f.hq, sheet, "A2", "0");
	sheets_count(&f.hq, sheet, "A3", "104");
	sheets_finish(&f.hq, sheet);
	f.hq.now_ms += FIXTURE_STEP_MS;
	other = sheets_started(&f.hq, "{'scope':'partial','vendors':['茶行'],'note':'later'}");
	sheets_count(&f.hq, other, "A1", "99");
	shop_fixture_do(
		&f, "stocktake.void", "xinyi", "lin", "{'stocktake':'%s','reason':'no'}", other);
	sheet_till_sells(&f, "A2", 30);
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "<f3>");
	screen_expect(screen, "Mismatched");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Mismatched");
	screen_send(screen, "t");
	screen_expect(screen, "Rehearsal | STK-XINYI-");
	screen_expect(screen, "lines will be corrected");
	screen_expect(screen, "below zero: 1");
	screen_send(screen, "b");
	screen_expect(screen, "| only below zero");
	screen_expect(screen, "1 of 1");
	screen_expect(screen, "70");
	screen_expect(screen, "−100");
	screen_expect(screen, "−30");
	screen_send(screen, "b");
	screen_expect(screen, "1 of 3");
	screen_send(screen, "s");
	screen_expect(screen, "largest difference first");
	screen_expect(screen, ">    A2");
	screen_send(screen, "t");
	screen_expect(screen, "This cannot be undone.");
	screen_send(screen, "STK<enter>");
	screen_expect(screen, "press Esc");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.correct", ""), 0);
	screen_send(screen, "<ctrl+u>");
	send_number(&f, screen);
	screen_expect(screen, "Corrected");
	screen_expect_gone(screen, "Rehearsal");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.correct", ""), 1);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_later_lines_are_picked(void **state)
{
	/* A line another sheet counted later is left out until it is picked; then it is sent as such. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet, *other;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheet_mismatched(&f);
	(void)sheet;
	other = sheets_started(&f.hq, "{'scope':'partial','vendors':['茶行']}");
	sheets_count(&f.hq, other, "A1", "99");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "<f3>");
	screen_expect(screen, "Mismatched");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "[All 9]");
	screen_send(screen, "t");
	screen_expect(screen, "1 line will be corrected: loss 0 (0), gain +5");
	screen_expect(screen, "left out: 1");
	screen_send(screen, "<down><space>");
	screen_expect(screen, "Only a line another sheet counted later");
	screen_send(screen, "<up><space>");
	screen_expect(screen, "2 lines will be corrected: loss −3 (0), gain +5");
	screen_expect(screen, "picked: 1");
	screen_send(screen, "t");
	screen_expect(screen, "This cannot be undone.");
	send_number(&f, screen);
	screen_expect(screen, "Corrected");
	shop_fixture_expect_sent(
		&f, "stocktake.correct", "\"later\":[\"A1\"],\"gain\":5,\"loss\":3");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_lines_out_of_scope_are_picked(void **state)
{
	/* What is not in the scope of a partial sheet is left out, with the reason, until it is picked. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	fixture_sql(&f.hq, "UPDATE product SET category = 'X' WHERE sku = 'A1'");
	sheet = sheets_started(&f.hq, "{'scope':'partial','categories':['X']}");
	sheets_count(&f.hq, sheet, "A1", "97");
	sheets_count(&f.hq, sheet, "A2", "1");
	sheets_finish(&f.hq, sheet);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_expect(screen, "[All 2]");
	screen_send(screen, "t");
	screen_expect(screen, "1 line will be corrected: loss −3");
	screen_expect(screen, "not in the scope of this sheet, left out: 1");
	screen_expect(screen, "extra");
	screen_send(screen, "<down><space>");
	screen_expect(screen, "2 lines will be corrected: loss −102");
	screen_expect(screen, "picked: 1");
	screen_send(screen, "t");
	screen_expect(screen, "This cannot be undone.");
	send_number(&f, screen);
	screen_expect(screen, "Corrected");
	shop_fixture_expect_sent(
		&f, "stocktake.correct", "\"later\":[\"A2\"],\"gain\":0,\"loss\":102");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_rehearsal_ends(void **state)
{
	/* A rehearsal that stands open while the sheet is counted again shows nothing of its book any more. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheet_mismatched(&f);
	fixture_sql(&f.hq, "UPDATE stocktake SET blind = 1");
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "t");
	screen_expect(screen, "2 lines will be corrected");
	screen_expect(screen, "105");
	sheets_act(&f.hq, "stocktake.recount", sheet);
	shop_fixture_land(&f);
	screen_expect(screen, "Only a mismatched sheet can be corrected.");
	screen_expect(screen, "0 lines will be corrected");
	assert_false(screen_has(screen, "105"));
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_reversed(void **state)
{
	/* A corrected sheet is reversed by one of its own, which opens; both name the other, once. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheet_mismatched(&f);
	shop_fixture_do(&f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
	screen = sheet_open(&f, 0, 100, SHOP_MANAGER);
	screen_expect(screen, "corrected by −3, 97 on hand now");
	screen_expect(screen, " r Reverse  z Zones");
	screen_expect(screen, "l Line page  i Info");
	screen_send(screen, "g");
	screen_expect(screen, "It reverses no sheet, and none reverses it.");
	screen_send(screen, "r");
	screen_expect(screen, "corrected 2 lines.");
	screen_expect(screen, "loss −5, gain +3");
	screen_send(screen, "<tab>y");
	screen_expect(screen, "· reverses STK-XINYI-");
	screen_expect(screen, "Mismatched");
	screen_expect(screen, "loss −5  gain +3");
	screen_send(screen, "i");
	screen_expect(screen, "Reverses: STK-XINYI-");
	screen_send(screen, "<esc>g");
	screen_expect(screen, "· reversed by STK-XINYI-");
	screen_expect(screen, "Corrected");
	screen_send(screen, "r");
	screen_expect(screen, "Another sheet reverses it already.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rehearsal),
		cmocka_unit_test(test_later_lines_are_picked),
		cmocka_unit_test(test_lines_out_of_scope_are_picked),
		cmocka_unit_test(test_rehearsal_ends),
		cmocka_unit_test(test_reversed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
