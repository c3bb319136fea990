/* The foot of a sheet and what it says when a count ends: the line in full, what is left to do, what is missing. */
#include <stdio.h>
#include <string.h>

#include "tests/screen/sheet_steps.h"

static void test_recount_left(void **state)
{
	/* Finishing a recount tells the lines that were not counted again, over the list of them; the tab has no other. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheet_mismatched(&f);
	sheets_act(&f.hq, "stocktake.recount", sheet);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_expect(screen, "To recount 8");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Oolong tea: counted 1.");
	screen_expect(screen, "To recount 7");
	screen_send(screen, "f");
	screen_expect(screen, "1 line not counted again keeps its first");
	screen_expect(screen, "6 lines were not counted.");
	screen_expect(screen, "[To recount 7]");
	screen_send(screen, "<enter>");
	screen_expect_gone(screen, "Finish counting?");
	screen_expect(screen, ">     A2");
	screen_expect(screen, "1 of 7");
	screen_expect_gone(screen, "+5  recount");
	assert_false(screen_has(screen, "A1  "));
	assert_false(screen_has(screen, "A3  "));
	screen_send(screen, "f");
	screen_expect(screen, "Finish, and leave them as they are");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Mismatched");
	shop_fixture_expect_sent(&f, "stocktake.finish", "\"uncounted\":\"leave\"");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_long_names(void **state)
{
	/* On a usual screen the foot names the line in full and its value; a result has its sums in money. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	fixture_sql(&f.hq,
		"UPDATE product SET price = 5000, name = 'Oolong tea of the high mountains, spring, 150 g tin' "
		"WHERE sku = 'A1'");
	sheet_mismatched(&f);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_expect(screen, "A1 Oolong tea of the high mountains, spring, 150 g tin");
	screen_expect(screen, "counted 97 at 03-02 10:00 · value −150");
	screen_expect(screen, "loss −3 (−150)  gain +5  pieces 302");
	screen_send(screen, "t");
	screen_expect(screen, "Rehearsal | STK-");
	screen_expect(screen, "A1 Oolong tea of the high mountains, spring, 150 g tin");
	screen_expect(screen, "value −150");
	screen_send(screen, "<down>");
	screen_expect(screen, "no price is known");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_blind_columns(void **state)
{
	/* A blind sheet has no empty columns: the name gets their room. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	fixture_sql(&f.hq,
		"UPDATE product SET name = 'Oolong tea of the high mountains' WHERE sku = 'A1'");
	sheets_started(&f.hq, "{'scope':'full','blind':true}");
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_expect(screen, "A1          Oolong tea of the high mountains");
	assert_false(screen_has(screen, "Book"));
	assert_false(screen_has(screen, "Diff"));
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_offline(void **state)
{
	/* While HQ cannot be reached a result says that counts of others may be missing; a void names its sheet. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	sheets_count(&f.hq, sheet, "A1", "97");
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "x");
	screen_expect(screen, "Why is it void?");
	screen_expect(screen, "│  STK-XINYI-20260302-1000-AAAAA");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "Why is it void?");
	console_set_link(&f.console, false, "no route to HQ");
	screen_expect(screen, "offline since");
	screen_send(screen, "f");
	screen_expect(screen, "HQ cannot be reached: what other");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Mismatched");
	screen_send(screen, "t");
	screen_expect(
		screen, "HQ cannot be reached: what other terminals counted may still be out.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_zeroed_tape(void **state)
{
	/* What was counted as zero is no scan: the foot shows scans only, and an undone one says so first. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	sheets_count(&f.hq, sheet, "A1", "97");
	shop_fixture_do(&f, "stocktake.finish", "xinyi", "lin",
		"{'stocktake':'%s','uncounted':'zero'}", sheet);
	sheets_act(&f.hq, "stocktake.recount", sheet);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_expect(screen, "Recounting");
	assert_false(screen_has(screen, "=0"));
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "+1  A1");
	assert_false(screen_has(screen, "=0"));
	screen_send(screen, "u");
	screen_expect(screen, "Saved: undone: ");
	screen_expect(screen, " (undone)  0");
	screen_send(screen, "c99999999999<enter>");
	screen_expect(screen, "That is too large");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "That is too large");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recount_left),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_blind_columns),
		cmocka_unit_test(test_offline),
		cmocka_unit_test(test_zeroed_tape),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
