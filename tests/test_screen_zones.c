/* Zones of a sheet on the screen: who holds which, at one box and several. */
#include <stdio.h>
#include <string.h>

#include "tests/screen/sheet_steps.h"

static void test_two_seats(void **state)
{
	/* A claim shows on the other screen of the box at once; who wants to count there too is asked, and each scan there says whose zone it is and is kept. */
	struct shop_fixture f;
	struct screen *one, *two;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	one = sheet_open(&f, 0, 0, SHOP_CLERK);
	two = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_send(two, "z");
	screen_expect(two, "No zone was claimed yet.");
	screen_send(one, "zna3<enter>");
	screen_expect(one, "Counting in zone A3. It is yours.");
	screen_expect(one, "zone A3");
	screen_expect(two, "陳小美");
	screen_expect(two, "In count");
	screen_scan(one, SHOP_BARCODE);
	screen_expect(one, "[A3]");
	screen_expect(two, "A3");
	screen_send(two, "<enter>");
	screen_expect(two, "zone A3 is");
	screen_send(two, "<up><enter>");
	screen_expect(two, "Counting in zone A3 of 陳小美: each scan says so.");
	screen_expect(two, "zone A3, held by somebody else");
	screen_scan(two, SHOP_BARCODE);
	screen_expect(two, "陳小美's zone. Saved: A1 烏龍茶 Oolong tea: counted 2.");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.claim", "\"zone\":\"A3\""), 1);
	assert_int_equal(shop_fixture_sent(&f, "stocktake.count", "\"zone\":\"A3\",\"pass\":1"), 2);
	shop_fixture_quit(one);
	shop_fixture_quit(two);
	shop_fixture_close(&f);
}

static void test_labels(void **state)
{
	/* The label of a zone that is scanned claims it and switches to it; scans count there, and it goes on next time. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, "ZONE:B1");
	screen_expect(screen, "Counting in zone B1. It is yours.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "[B1]");
	screen_scan(screen, "zone b2");
	screen_expect(screen, "Counting in zone B2. It is yours.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "[B2]");
	screen_expect(screen, "scans here 2, stored 2");
	shop_fixture_quit(screen);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_expect(screen, "zone B2");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "scans here 1, stored 1");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.count", "\"zone\":\"B2\""), 2);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_control_total(void **state)
{
	/* A zone is released with the pieces counted by hand; where they are not what was scanned it is marked. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, "ZONE:C1");
	screen_expect(screen, "It is yours.");
	screen_send(screen, "5*");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "counted 5.");
	screen_send(screen, "f");
	screen_expect(screen, "Still being counted: C1 (陳小美)");
	screen_send(screen, "<esc>zr");
	screen_expect(screen, "zone C1 is done. How");
	screen_send(screen, "x<enter>");
	screen_expect(screen, "A quantity is a number");
	screen_send(screen, "<ctrl+u>6<enter>");
	screen_expect(screen, "The control total differs: it is marked.");
	screen_expect(screen, "≠ 6");
	screen_expect(screen, "Zone done");
	screen_send(screen, "r");
	screen_expect(screen, "Nobody counts this zone now.");
	screen_send(screen, "nC2<enter>");
	screen_expect(screen, "Counting in zone C2. It is yours.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "[C2]");
	screen_send(screen, "z<end>r1<enter>");
	screen_expect(screen, "Saved: zone C2 is done.");
	screen_expect(screen, "= 1");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "· zone");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* Zone D1 is counted by the clerk, 7 of A1 and 2 of A2, and released; all of it is at HQ and here. */
static void count_first(struct shop_fixture *f)
{
	struct screen *screen = sheet_open(f, 0, 0, SHOP_CLERK);

	screen_scan(screen, "ZONE:D1");
	screen_expect(screen, "It is yours.");
	screen_send(screen, "7*");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "counted 7.");
	screen_send(screen, "2*");
	screen_scan(screen, "96385074");
	screen_expect(screen, "counted 2.");
	screen_send(screen, "zr<enter>");
	screen_expect(screen, "Saved: zone D1 is done.");
	shop_fixture_quit(screen);
	shop_fixture_sync(f);
}

static void test_counted_twice(void **state)
{
	/* Whoever counts a zone again sees nothing of the first count until it is released; then the line that differs is disputed. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	count_first(&f);
	screen = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_expect(screen, "pieces 9");
	screen_scan(screen, "ZONE:D1");
	screen_expect(screen, "zone D1 is");
	screen_send(screen, "<enter>");
	screen_expect(screen, "counting 2: what was counted before is hidden");
	screen_expect(screen, "zone D1, counting 2");
	screen_expect_gone(screen, "pieces 9");
	assert_false(screen_has(screen, "+7"));
	screen_expect(screen, "0 of 9 lines");
	screen_expect(screen, "Uncounted 9");
	screen_send(screen, "6*");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Oolong tea: counted 6.");
	screen_expect(screen, "1 of 9 lines");
	screen_expect_row(screen, 6, "    6");
	screen_send(screen, "l");
	screen_expect(screen, "pass 2");
	screen_expect(screen, "+6");
	screen_send(screen, "<esc><right>");
	screen_expect(screen, "[Uncounted 8]");
	screen_expect(screen, "A2  ");
	screen_expect(screen, "1 of 8");
	screen_send(screen, "<left>");
	screen_send(screen, "2*");
	screen_scan(screen, "96385074");
	screen_expect(screen, "Green tea: counted 2.");
	screen_send(screen, "h");
	screen_expect(screen, "+6");
	assert_false(screen_has(screen, "+7"));
	screen_send(screen, "<esc>zr<enter>");
	screen_expect(screen, "Saved: zone D1 is done.");
	screen_send(screen, "<esc>");
	screen_expect(screen, "pieces 8");
	shop_fixture_sync(&f);
	assert_int_equal(
		fixture_int(&f.hq, "SELECT counted FROM stocktake_line WHERE sku = 'A1'"), 6000);
	assert_int_equal(
		fixture_int(&f.hq, "SELECT disputed FROM stocktake_line WHERE sku = 'A1'"), 1);
	assert_int_equal(
		fixture_int(&f.hq, "SELECT disputed FROM stocktake_line WHERE sku = 'A2'"), 0);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_take_over(void **state)
{
	/* A manager takes a zone over after a question that names who had it; a clerk cannot. */
	struct shop_fixture f;
	struct screen *one, *two;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	one = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_scan(one, "ZONE:E1");
	screen_expect(one, "It is yours.");
	two = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_send(two, "z");
	screen_expect(two, "林店長");
	screen_send(two, "t");
	screen_expect(two, "This needs the right of: Manager.");
	screen_send(two, "nE2<enter>");
	screen_expect(two, "Counting in zone E2. It is yours.");
	screen_send(one, "z<end>t");
	screen_expect(one, "zone E2 goes from 陳小美");
	screen_send(one, "y");
	screen_expect(one, "Counting in zone E2. It is yours.");
	screen_expect(two, "zone E2, held by somebody else");
	screen_scan(two, SHOP_BARCODE);
	screen_expect(two, "林店長's zone. Saved: A1 烏龍茶 Oolong tea: counted 1.");
	shop_fixture_quit(one);
	shop_fixture_quit(two);
	shop_fixture_close(&f);
}

static void test_others_zone_again(void **state)
{
	/* Only a manager may have a zone that somebody still holds counted again; then what was counted is hidden and it is done for who had it. */
	struct shop_fixture f;
	struct screen *one, *two;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	one = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(one, "ZONE:M1");
	screen_expect(one, "It is yours.");
	screen_send(one, "7*");
	screen_scan(one, SHOP_BARCODE);
	screen_expect(one, "counted 7.");
	screen_scan(one, "ZONE:M2");
	screen_expect(one, "It is yours.");
	two = sheet_open(&f, 0, 0, SHOP_MANAGER);
	screen_scan(two, "ZONE:M1");
	screen_expect(two, "zone M1 is");
	screen_send(two, "<enter>");
	screen_expect_gone(two, "zone M1");
	screen_scan(two, "ZONE:M1");
	screen_expect(two, "zone M1 is");
	screen_send(two, "<home><enter>");
	screen_expect(two, "zone M1, counting 2: what was counted before is hidden.");
	screen_scan(two, SHOP_BARCODE);
	screen_expect(two, "Saved: A1 烏龍茶 Oolong tea: counted 1.");
	shop_fixture_quit(one);
	shop_fixture_quit(two);
	shop_fixture_close(&f);
}

static void test_two_boxes(void **state)
{
	/* Where another box had the zone first HQ refuses the claim, the inbox says so, and what was counted stays. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, "ZONE:F1");
	screen_expect(screen, "Counting in zone F1. It is yours.");
	screen_send(screen, "4*");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "counted 4.");
	shop_fixture_do(
		&f, "stocktake.claim", "xinyi", "lin", "{'stocktake':'%s','zone':'F1'}", sheet);
	shop_fixture_sync(&f);
	screen_expect(screen, "zone F1, held by somebody else");
	screen_expect(screen, "problems 1");
	screen_expect(screen, "pieces 4");
	assert_int_equal(
		fixture_int(&f.hq, "SELECT counted FROM stocktake_line WHERE sku = 'A1'"), 4000);
	fixture_expect_text(&f.hq, "lin", "SELECT holder FROM count_zone");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_next_person(void **state)
{
	/* Whoever signs in next on the same screen starts without the zone and the number of who was there before. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, "ZONE:G1");
	screen_expect(screen, "It is yours.");
	screen_send(screen, "5*");
	screen_expect(screen, "5 × the next scan");
	screen_send(screen, "<f9>");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_settle(screen, 100);
	if (!screen_has(screen, "of 9 lines"))
		sheet_show(screen);
	screen_expect_gone(screen, "zone G1");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Oolong tea: counted 1.");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.count", "\"zone\""), 0);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_another_round(void **state)
{
	/* A recount starts with zones that are nobody's: what the round before made of one is only told. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, "ZONE:H1");
	screen_expect(screen, "It is yours.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "counted 1.");
	screen_send(screen, "zr<enter>");
	screen_expect(screen, "Saved: zone H1 is done.");
	shop_fixture_sync(&f);
	sheets_finish(&f.hq, sheet);
	sheets_act(&f.hq, "stocktake.recount", sheet);
	shop_fixture_land(&f);
	screen_expect(screen, "round 1");
	screen_send(screen, "a");
	screen_expect(screen, "This zone is not done yet.");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Counting in zone H1. It is yours.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Oolong tea: counted 1.");
	assert_int_equal(
		shop_fixture_sent(&f, "stocktake.count", "\"round\":2,\"zone\":\"H1\",\"pass\":1"),
		1);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_unclaimed(void **state)
{
	/* What was counted in a zone nobody claimed, or in none, is listed too; the foot names the zone in full, and who has it. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	shop_fixture_do(&f, "stocktake.count", "xinyi", "lin",
		"{'stocktake':'%s','sku':'A1','qty':5,'mode':'set','zone':'the long shelf at the back'}",
		sheet);
	shop_fixture_land(&f);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Oolong tea: counted 6.");
	screen_scan(screen, "ZONE:P1");
	screen_expect(screen, "It is yours.");
	screen_send(screen, "z");
	screen_expect(screen, "no zone: claimed by nobody");
	screen_send(screen, "<down>");
	screen_expect(screen, "P1: 陳小美, since");
	screen_send(screen, "<end>");
	screen_expect(screen, "THE LONG SHELF AT THE BACK: claimed by nobody");
	screen_expect(screen, "Unclaimed");
	screen_send(screen, "a");
	screen_expect(screen, "Nobody claimed this zone");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Counting in zone THE LONG SHELF AT THE BACK. It is yours.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_round_goes_on(void **state)
{
	/* Whoever still counts in a zone when a recount starts claims it again with the first scan; a finished sheet is in no zone. */
	struct shop_fixture f;
	struct screen *screen;
	const char *sheet;

	(void)state;
	shop_fixture_open(&f);
	sheet = sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, "ZONE:N1");
	screen_expect(screen, "It is yours.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "counted 1.");
	shop_fixture_sync(&f);
	sheets_finish(&f.hq, sheet);
	shop_fixture_land(&f);
	screen_expect_gone(screen, "zone N1");
	sheets_act(&f.hq, "stocktake.recount", sheet);
	shop_fixture_land(&f);
	screen_expect(screen, "zone N1");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "scans here 2, stored 2");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.claim", "\"zone\":\"N1\""), 2);
	assert_int_equal(
		shop_fixture_sent(&f, "stocktake.count", "\"round\":2,\"zone\":\"N1\",\"pass\":1"),
		1);
	shop_fixture_quit(screen);
	shop_fixture_sync(&f);
	assert_int_equal(fixture_int(&f.hq, "SELECT round FROM count_zone"), 2);
	shop_fixture_close(&f);
}

static void test_long_names(void **state)
{
	/* A zone's name that is too long is refused with the limit, typed or scanned, and not cut; the zone stays as it was. */
	struct shop_fixture f;
	struct screen *screen;
	char name[260], label[280];

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	memset(name, 'q', 201);
	name[201] = '\0';
	screen_scan(screen, "ZONE:R1");
	screen_expect(screen, "Counting in zone R1. It is yours.");
	snprintf(label, sizeof(label), "ZONE:%s", name);
	screen_scan(screen, label);
	screen_expect(screen, "The name of this zone is too long: scans count where they did.");
	screen_expect(screen, "zone R1");
	screen_send(screen, "zn");
	screen_expect(screen, "What is counted from now on");
	screen_paste(screen, name);
	screen_send(screen, "<enter>");
	screen_expect(screen, "At most 200 letters, or 66 Chinese");
	screen_send(screen, "<esc>");
	shop_fixture_quit(screen);
	assert_int_equal(shop_fixture_sent(&f, "stocktake.claim", "stocktake"), 1);
	shop_fixture_close(&f);
}

static void test_mad_scanner(void **state)
{
	/* A scanner that sends far more than a code is refused whole, with what was received and what is stored told apart. */
	struct shop_fixture f;
	struct screen *screen;
	char burst[1562];

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	for (size_t i = 0; i < sizeof(burst) - 2; i++)
		burst[i] = (char)('0' + i % 10);
	burst[sizeof(burst) - 2] = '\r';
	screen_send_bytes(screen, burst, sizeof(burst) - 1);
	screen_expect(screen, "The scanner sent more than 512 characters: nothing was taken.");
	screen_expect(screen, "scans here 1, stored 0");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "scans here 2, stored 1, lost: no code (Esc)");
	assert_int_equal(shop_fixture_sent(&f, "stocktake.count", "stocktake"), 1);
	screen_send(screen, "<esc>");
	screen_expect(screen, "Noted: 1 scan was not counted; it was no code.");
	screen_expect(screen, "scans here 1, stored 1");
	screen_scan(screen, "ZONE:S1");
	screen_expect(screen, "It is yours.");
	screen_send(screen, "f");
	screen_expect(screen, "Still being counted");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "was not used");
	screen_send(screen, "<esc>");
	screen_expect(screen, "scans here 2, stored 1, lost: " SHOP_BARCODE " (Esc)");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Noted: 1 scan was not counted; it was " SHOP_BARCODE ".");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_seats),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_control_total),
		cmocka_unit_test(test_counted_twice),
		cmocka_unit_test(test_take_over),
		cmocka_unit_test(test_others_zone_again),
		cmocka_unit_test(test_two_boxes),
		cmocka_unit_test(test_next_person),
		cmocka_unit_test(test_another_round),
		cmocka_unit_test(test_unclaimed),
		cmocka_unit_test(test_round_goes_on),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_mad_scanner),
	};

	return cmocka_run_group_tests_name("zones of a sheet", tests, NULL, NULL);
}
