/* Counting on a sheet by scanner and keys: numbers before a scan, bells, the tape, codes nobody knows. */
#include <stdio.h>
#include <string.h>

#include "tests/screen/sheet_steps.h"

#define UNKNOWN_CODE "9999999999994"

/* Waits until the bell rang this often; it never rings less. */
static void expect_bells(struct screen *screen, int bells)
{
	for (int i = 0; screen_bells(screen) < bells && i < SCREEN_DEADLINE_MS / 20; i++)
		screen_settle(screen, 20);
	screen_settle(screen, 500);
	assert_int_equal(screen_bells(screen), bells);
}

/* The message line was inverted since `before`, and is so no longer. */
static long expect_flash(struct screen *screen, long before)
{
	int row, col;

	assert_true(screen_flashes(screen) > before);
	screen_size(screen, &row, &col);
	for (int i = 0; screen_cell_bg(screen, row - 3, 1) != -1 && i < SCREEN_DEADLINE_MS / 20;
		i++)
		screen_settle(screen, 20);
	assert_int_equal(screen_cell_bg(screen, row - 3, 1), -1);
	return screen_flashes(screen);
}

static void test_multiply(void **state)
{
	/* A number and a star before a scan count that many, once; the scans received here stand beside those stored. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_send(screen, "12");
	screen_expect(screen, "12_");
	screen_send(screen, "*");
	screen_expect(screen, "12 × the next scan");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Saved: A1 烏龍茶 Oolong tea: counted 12.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Saved: A1 烏龍茶 Oolong tea: counted 13.");
	screen_expect(screen, "scans here 2, stored 2");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.count", "\"qty\":12"), 1);
	assert_int_equal(shop_fixture_sent(&f, "stocktake.count", "\"qty\":1,"), 1);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_limits_of_a_number(void **state)
{
	/* Nothing and too much are no number of pieces, more than 9,999 is asked about, and Esc drops it. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_send(screen, "0*");
	screen_expect(screen, "1 to 9,999");
	screen_send(screen, "1234567*");
	screen_expect(screen, "1 to 9,999");
	screen_send(screen, "9999*");
	screen_expect(screen, "9999 × the next scan");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "× the next scan");
	screen_send(screen, "12000*");
	screen_expect(screen, "the next scan counts");
	screen_send(screen, "n");
	screen_expect_gone(screen, "So many?");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Oolong tea: counted 1.");
	screen_send(screen, "10000*y");
	screen_expect(screen, "10000 × the next scan");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Oolong tea: counted 10001.");
	screen_send(screen, "c20000<enter>");
	screen_expect(screen, "So many?");
	screen_send(screen, "y");
	screen_expect(screen, "Oolong tea: counted 20000.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_typed_code(void **state)
{
	/* A code typed on the sheet is taken by Enter as a scan and can be mended before; one that nobody knows is asked about. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_send(screen, "963850745");
	screen_expect(screen, "963850745_");
	screen_send(screen, "<backspace><enter>");
	screen_expect(screen, "Saved: A2 綠茶 Green tea: counted 1.");
	screen_send(screen, "3*");
	screen_expect(screen, "3 × the next scan");
	screen_send(screen, "=A3<enter>");
	screen_expect(screen, "Saved: A3 紅茶 Black tea: counted 3.");
	screen_send(screen, "12<enter>");
	screen_expect(screen, "Unknown code");
	screen_send(screen, "n");
	screen_expect_gone(screen, "Unknown code");
	screen_send(screen, "7up<enter>");
	screen_expect(screen, "Unknown code");
	screen_send(screen, "y");
	screen_expect(screen, "Unknown product 7up: counted 1");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.count", ""), 3);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_bells(void **state)
{
	/* A good scan rings once, one not on the sheet twice, an unknown one three times; the line that says it flashes. */
	struct shop_fixture f;
	struct screen *screen;
	int before;
	long flashes;

	(void)state;
	shop_fixture_open(&f);
	fixture_sql(&f.hq, "UPDATE product SET vendor = 'other' WHERE sku = 'A2'");
	sheets_started(&f.hq, "{'scope':'partial','vendors':['茶行']}");
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	before = screen_bells(screen);
	flashes = screen_flashes(screen);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Saved: A1 烏龍茶 Oolong tea: counted 1.");
	expect_bells(screen, before + 1);
	flashes = expect_flash(screen, flashes);
	screen_scan(screen, "96385074");
	screen_expect(screen, "Not on this sheet: A2 綠茶 Green tea: counted 1");
	expect_bells(screen, before + 3);
	flashes = expect_flash(screen, flashes);
	screen_scan(screen, UNKNOWN_CODE);
	screen_expect(screen, "Unknown product " UNKNOWN_CODE ": counted 1");
	expect_bells(screen, before + 6);
	expect_flash(screen, flashes);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_stray(void **state)
{
	/* In a recount a scan of a line that is not in it rings like one not on the sheet, and is told in words. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;
	int before;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheet_mismatched(&f);
	sheets_act(&f.hq, "stocktake.recount", sheet);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	before = screen_bells(screen);
	screen_send(screen, "=A3<enter>");
	screen_expect(screen, "Not in this recount: A3 紅茶 Black tea: counted 1, kept");
	expect_bells(screen, before + 2);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Saved: A1 烏龍茶 Oolong tea: counted 1.");
	expect_bells(screen, before + 3);
	assert_int_equal(shop_fixture_sent(&f, "stocktake.count", "\"round\":2}"), 2);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_not_stored(void **state)
{
	/* A scan on a sheet that was paused elsewhere rings, is not stored, and the difference stays on the screen. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "scans here 1, stored 1");
	shop_fixture_sync(&f);
	sheets_act(&f.hq, "stocktake.pause", sheet);
	shop_fixture_land(&f);
	screen_expect(screen, "Paused");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Resume the sheet first.");
	sheets_act(&f.hq, "stocktake.resume", sheet);
	shop_fixture_land(&f);
	screen_expect(screen, "scans here 2, stored 1");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.count", ""), 1);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_lost_to_a_question(void **state)
{
	/* A scan that comes while a question is open is not counted, and stands against those stored. */
	struct shop_fixture f;
	struct screen *screen;
	int before;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "scans here 1, stored 1");
	screen_send(screen, "p");
	screen_expect(screen, "Pause?");
	expect_bells(screen, screen_bells(screen));
	before = screen_bells(screen);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "answer the question first");
	expect_bells(screen, before + 3);
	screen_send(screen, "n");
	screen_expect(screen, "scans here 2, stored 1");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_undo_of_several(void **state)
{
	/* The last three entries are named by the question and taken back one by one, and no other's. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_send(screen, "5*");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "counted 5.");
	shop_fixture_do(&f, "stocktake.count", "xinyi", "lin",
		"{'stocktake':'%s','sku':'A3','qty':7,'mode':'add'}", sheet);
	shop_fixture_sync(&f);
	screen_expect(screen, "pieces 12");
	screen_send(screen, "2*");
	screen_scan(screen, "96385074");
	screen_expect(screen, "counted 2.");
	screen_send(screen, "<home>c9<enter>");
	screen_expect(screen, "counted 9.");
	screen_send(screen, "h");
	screen_expect(screen, "[All entries]");
	screen_expect(screen, "林店長");
	screen_send(screen, "<tab>");
	screen_expect_gone(screen, "林店長");
	screen_send(screen, "u4<enter>");
	screen_expect(screen, "You have not counted that many");
	screen_send(screen, "<ctrl+u>2<enter>");
	screen_expect(screen, "your last 2 entries are");
	screen_expect(screen, "=9  A1");
	screen_expect(screen, "+2  A2");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: 2 entries undone.");
	screen_expect(screen, "undone");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.undo", ""), 2);
	screen_send(screen, "<esc>");
	screen_expect(screen, "pieces 12");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_range_to_another_zone(void **state)
{
	/* A range of the tape, marked from both ends, is given to another zone, and only what stands in it. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	for (int i = 1; i <= 4; i++) {
		char said[40];

		screen_scan(screen, SHOP_BARCODE);
		snprintf(said, sizeof(said), "counted %d.", i);
		screen_expect(screen, said);
	}
	screen_send(screen, "u");
	screen_expect(screen, "Saved: undone");
	screen_send(screen, "h");
	screen_expect(screen, "undone");
	screen_expect(screen, "(+1)");
	screen_send(screen, "r");
	screen_expect(screen, "Mark entries first.");
	screen_send(screen, "<space>");
	screen_expect(screen, "This entry was undone.");
	screen_send(screen, "<end><space>");
	screen_expect(screen, "1 entry is marked.");
	screen_send(screen, "<home>v");
	screen_expect(screen, "3 entries are marked.");
	screen_send(screen, "<end><space>");
	screen_expect(screen, "Tape, 2 marked");
	screen_send(screen, "rb7<enter>");
	screen_expect(screen, "Saved:");
	screen_expect(screen, "B7");
	screen_expect_gone(screen, "marked");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.rezone", "\"zone\":\"B7\""), 1);
	shop_fixture_sync(&f);
	assert_int_equal(
		fixture_int(&f.hq, "SELECT count(*) FROM count_entry WHERE zone = 'B7'"), 2);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_unknown_codes(void **state)
{
	/* A code nobody knows is kept, listed with its figures, and named after the count was finished; it counts then. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_send(screen, "3*");
	screen_scan(screen, UNKNOWN_CODE);
	screen_expect(screen, "Unknown product " UNKNOWN_CODE ": counted 3");
	screen_scan(screen, UNKNOWN_CODE);
	screen_expect(screen, "counted 4");
	screen_send(screen, "h<tab><tab>");
	screen_expect(screen, "[Unknown codes]");
	screen_expect(screen, "+3");
	screen_send(screen, "<esc>f");
	screen_expect(screen, "were not counted");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Mismatched");
	screen_send(screen, "n");
	screen_expect(screen, "not known yet");
	screen_send(screen, "<enter>");
	screen_expect(screen, "code " UNKNOWN_CODE ", counted 2");
	screen_resize(screen, 16, 60);
	screen_expect(screen, "Which product is " UNKNOWN_CODE "?");
	screen_resize(screen, 24, 80);
	screen_expect(screen, "code " UNKNOWN_CODE ", counted 2");
	screen_send(screen, "Black");
	screen_expect(screen, "A3 紅茶 Black tea");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Saved: " UNKNOWN_CODE " is A3.");
	screen_expect_gone(screen, "not known yet");
	shop_fixture_sync(&f);
	assert_int_equal(
		fixture_int(&f.hq, "SELECT counted FROM stocktake_line WHERE sku = 'A3'"), 4000);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_scan_outside_the_list(void **state)
{
	/* What was scanned last is what the keys of a line mean, listed or not, until a key moves the cursor. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_send(screen, "/green<enter>");
	screen_expect(screen, "lines with “green”");
	screen_expect(screen, "1 of 1");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Saved: A1 烏龍茶 Oolong tea: counted 1.");
	screen_expect(screen, "Scanned: A1 烏龍茶 Oolong tea");
	screen_send(screen, "c");
	screen_expect(screen, "Counted quantity");
	screen_expect(screen, "A1 烏龍茶");
	screen_send(screen, "7<enter>");
	screen_expect(screen, "Oolong tea: counted 7.");
	screen_send(screen, "+2<enter>");
	screen_expect(screen, "Oolong tea: counted 9.");
	screen_send(screen, "l");
	screen_expect(screen, "together 9");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "together 9");
	screen_send(screen, "<down>");
	screen_expect_gone(screen, "Scanned:");
	screen_send(screen, "c5<enter>");
	screen_expect(screen, "Saved: A2 綠茶 Green tea: counted 5.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_scan_on_a_tab(void **state)
{
	/* A scan that takes its line from the tab leaves the keys with it; counting by keys goes down the list. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_send(screen, "<tab>");
	screen_expect(screen, "[Uncounted 9]");
	screen_scan(screen, "96385074");
	screen_expect(screen, "Green tea: counted 1.");
	screen_expect(screen, "[Uncounted 8]");
	screen_expect(screen, "Scanned: A2");
	screen_send(screen, "+3<enter>");
	screen_expect(screen, "Green tea: counted 4.");
	screen_send(screen, "<home>c6<enter>");
	screen_expect(screen, "Oolong tea: counted 6.");
	screen_expect(screen, "[Uncounted 7]");
	screen_expect_gone(screen, "Scanned:");
	screen_send(screen, "c8<enter>");
	screen_expect(screen, "Saved: A3 紅茶 Black tea: counted 8.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_multiply),
		cmocka_unit_test(test_limits_of_a_number),
		cmocka_unit_test(test_typed_code),
		cmocka_unit_test(test_bells),
		cmocka_unit_test(test_stray),
		cmocka_unit_test(test_scan_outside_the_list),
		cmocka_unit_test(test_scan_on_a_tab),
		cmocka_unit_test(test_not_stored),
		cmocka_unit_test(test_lost_to_a_question),
		cmocka_unit_test(test_undo_of_several),
		cmocka_unit_test(test_range_to_another_zone),
		cmocka_unit_test(test_unknown_codes),
	};

	return cmocka_run_group_tests_name("counting on a sheet", tests, NULL, NULL);
}
