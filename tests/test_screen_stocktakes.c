/* The list of stocktakes: over all stores, narrowed, with figures; and the sheet to count with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/folder.h"
#include "tests/screen/shop_fixture.h"

static const char *const two_stores[] = {"xinyi", "ximen", NULL};

/* A sheet at a store, by one of its clerks, with A1 counted if `qty` is not negative; returns its id. */
static const char *make_sheet(
	struct shop_fixture *f, const char *store, const char *fields, int qty)
{
	static char id[UUID_SIZE];
	const char *actor = strcmp(store, "xinyi") == 0 ? "chen" : "wang";

	snprintf(id, sizeof(id), "%s",
		shop_fixture_do(f, "stocktake.create", store, actor, "%s", fields));
	if (qty < 0)
		return id;
	shop_fixture_do(f, "stocktake.start", store, actor, "{'stocktake':'%s'}", id);
	shop_fixture_do(f, "stocktake.count", store, actor,
		"{'stocktake':'%s','sku':'A1','qty':%d,'mode':'set'}", id, qty);
	return id;
}

static void finish_sheet(struct shop_fixture *f, const char *id, bool corrects)
{
	shop_fixture_do(f, "stocktake.finish", "xinyi", "lin",
		"{'stocktake':'%s','uncounted':'leave'}", id);
	if (corrects)
		shop_fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", id);
}

/* A terminal of two stores whose manager answers for both. */
static void open_two(struct shop_fixture *f)
{
	shop_fixture_open_bare(f, two_stores);
	fixture_sql(&f->hq, "UPDATE staff SET stores = '[\"xinyi\",\"ximen\"]' WHERE id = 'lin'");
}

static struct screen *show_list(
	struct shop_fixture *f, int rows, int cols, const char *staff, const char *pin)
{
	struct screen *screen;

	shop_fixture_land(f);
	screen = shop_fixture_start(f, rows, cols, "en");
	if (f->console.store_count > 1) {
		screen_expect(screen, "Which store is this?");
		screen_send(screen, "<enter>");
		screen_expect(screen, "Your name or id");
	}
	shop_fixture_sign_in(screen, staff, pin);
	screen_send(screen, "<f3>");
	screen_expect(screen, "[All ");
	return screen;
}

static void test_all_stores(void **state)
{
	/* A manager of several stores goes from this store's sheets to those of all and back; tabs count what is shown. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_two(&f);
	make_sheet(&f, "xinyi", "{'scope':'full'}", -1);
	make_sheet(&f, "ximen", "{'scope':'full'}", 90);
	make_sheet(&f, "ximen", "{'scope':'full'}", -1);
	screen = show_list(&f, 0, 0, SHOP_MANAGER);
	screen_expect_row(screen, 1, "Stocktakes");
	screen_expect(screen, "[All 1] New 1  In count 0");
	assert_false(screen_has(screen, "STK-XIMEN-"));
	screen_send(screen, "s");
	screen_expect_row(screen, 1, "Stocktakes | All my stores");
	screen_expect(screen, "[All 3] New 2  In count 1");
	screen_expect(screen, "STK-XIMEN-");
	screen_expect(screen, "西門店");
	screen_expect(screen, "信義店");
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "[In count 1]");
	screen_expect(screen, "1 of 1");
	screen_expect_gone(screen, "信義店 ");
	screen_send(screen, "s");
	screen_expect(screen, "All 1  New 1 [In count 0]");
	screen_expect(screen, "No stocktake here.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_another_stores_sheet(void **state)
{
	/* A sheet of another store opens to be read; it is neither counted nor changed from here, and says why. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_two(&f);
	make_sheet(&f, "ximen", "{'scope':'full'}", 90);
	screen = show_list(&f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "s");
	screen_expect(screen, "STK-XIMEN-");
	screen_send(screen, "i");
	screen_expect(screen, "About this sheet");
	screen_expect(screen, "Number: STK-XIMEN-");
	screen_expect(screen, "Store: 西門店");
	screen_expect(screen, "Start stocktake");
	screen_send(screen, "<esc><enter>");
	screen_expect(screen, "1 of 9 lines");
	screen_send(screen, "c");
	screen_expect(screen, "This is a sheet of another store");
	screen_send(screen, "<down>p");
	screen_expect(screen, "This is a sheet of another store");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "1 of 9 lines");
	assert_int_equal(shop_fixture_unsent(&f), 0);
	screen_send(screen, "y");
	screen_expect(screen, "A sheet to print and count with");
	screen_send(screen, "<esc>");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_whose_stores(void **state)
{
	/* A clerk, a manager of one store and a terminal of one store have only this store's, and are told why. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open_bare(&f, two_stores);
	make_sheet(&f, "ximen", "{'scope':'full'}", -1);
	screen = show_list(&f, 0, 0, SHOP_CLERK);
	screen_send(screen, "s");
	screen_expect(screen, "anager");
	screen_expect(screen, "[All 0]");
	screen_send(screen, "<f9>");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_send(screen, "s");
	screen_expect(screen, "You answer for no other store of this terminal.");
	screen_expect(screen, "[All 0]");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
	shop_fixture_open(&f);
	screen = show_list(&f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "s");
	screen_expect(screen, "This terminal has only this store's stocktakes.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_who_signs_in_next(void **state)
{
	/* All stores are shown to whom they were asked for by, not to the clerk who signs in next. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_two(&f);
	make_sheet(&f, "ximen", "{'scope':'full'}", -1);
	screen = show_list(&f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "s");
	screen_expect(screen, "[All 1]");
	screen_send(screen, "<f9>");
	shop_fixture_sign_in(screen, SHOP_CLERK);
	screen_expect(screen, "[All 0]");
	screen_expect_gone(screen, "STK-XIMEN-");
	screen_expect_gone(screen, "All my stores");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* Opens the form and puts the days into it. */
static void type_days(struct screen *screen, const char *since, const char *until)
{
	screen_send(screen, "f");
	screen_expect(screen, "Only some stocktakes");
	screen_send(screen, "<ctrl+u>");
	screen_paste(screen, since);
	screen_send(screen, "<tab><ctrl+u>");
	screen_paste(screen, until);
}

static void test_narrowed_together(void **state)
{
	/* Days, kind, store, number and words narrow the list together; tabs count what is left; Esc shows all. */
	struct shop_fixture f;
	struct screen *screen;
	const char *id;

	(void)state;
	open_two(&f);
	make_sheet(&f, "ximen", "{'scope':'partial','categories':['Tea'],'note':'spring'}", -1);
	make_sheet(&f, "ximen", "{'scope':'full','note':'spring'}", -1);
	make_sheet(&f, "xinyi", "{'scope':'partial','categories':['Tea'],'note':'autumn'}", -1);
	id = make_sheet(&f, "xinyi", "{'scope':'full'}", 97);
	finish_sheet(&f, id, true);
	shop_fixture_do(&f, "stocktake.reverse", "xinyi", "lin", "{'stocktake':'%s'}", id);
	screen = show_list(&f, 0, 120, SHOP_MANAGER);
	screen_send(screen, "s");
	screen_expect(screen, "[All 5] New 3 ");
	screen_send(screen, "/spr<enter>");
	screen_expect_row(screen, 1, "Stocktakes | search \"spr\" | All my stores");
	screen_expect(screen, "[All 2] New 2 ");
	screen_send(screen, "f<enter><enter>xim");
	screen_expect(screen, "> ximen");
	screen_send(screen, "<enter><right><right><tab>");
	screen_paste(screen, "stk-ximen-2026");
	screen_send(screen, "<enter>");
	screen_expect_row(screen, 1, "search \"spr\" | stk-ximen-2026… | Part | 西門店");
	screen_expect(screen, "[All 1] New 1 ");
	screen_send(screen, "<esc>");
	screen_expect_row(screen, 1, "Stocktakes | All my stores");
	screen_expect(screen, "[All 5]");
	type_days(screen, "2026-03-02", "2026-03-02");
	screen_send(screen, "<tab><tab><left><ctrl+s>");
	screen_expect_row(screen, 1, "| Reversal | All my stores | 2026-03-02 … 2026-03-02");
	screen_expect(screen, "[All 1]");
	screen_expect(screen, "1 of 1");
	screen_expect(screen, "Reversal ");
	type_days(screen, "2026-03-03", "");
	screen_send(screen, "<ctrl+s>");
	screen_expect(screen, "[All 0]");
	type_days(screen, "2026-03-03", "2026-03-01");
	screen_send(screen, "<ctrl+s>");
	screen_expect(screen, "The last day is before the first.");
	screen_send(screen, "<ctrl+u><ctrl+s>");
	screen_expect_gone(screen, "Only some stocktakes");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_turned(void **state)
{
	/* The list is turned round with one key, says so, and keeps its counts. */
	struct shop_fixture f;
	struct screen *screen;
	int first, second, column;

	(void)state;
	shop_fixture_open(&f);
	make_sheet(&f, "xinyi", "{'scope':'full','note':'elder'}", -1);
	make_sheet(&f, "xinyi", "{'scope':'full','note':'newer'}", -1);
	screen = show_list(&f, 0, 160, SHOP_CLERK);
	screen_expect(screen, "1 of 2");
	assert_true(screen_find(screen, "newer", &first, &column));
	assert_true(screen_find(screen, "elder", &second, &column));
	assert_true(first < second);
	screen_send(screen, "z");
	screen_expect_row(screen, 1, "Stocktakes | oldest first");
	screen_expect(screen, "[All 2]");
	screen_expect(screen, "1 of 2");
	assert_true(screen_find(screen, "newer", &first, &column));
	assert_true(screen_find(screen, "elder", &second, &column));
	assert_true(second < first);
	screen_send(screen, "z");
	screen_expect_row(screen, 1, "Stocktakes | by their end");
	screen_send(screen, "z");
	screen_expect_row(screen, 1, "Stocktakes | by number");
	screen_send(screen, "z");
	screen_expect_gone(screen, "Stocktakes |");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_figures(void **state)
{
	/* A row tells lines counted, loss and gain; of a blind sheet only once it is finished; they follow the data. */
	struct shop_fixture f;
	struct screen *screen;
	char blind[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(blind, sizeof(blind), "%s",
		make_sheet(&f, "xinyi", "{'scope':'full','blind':true}", 93));
	make_sheet(&f, "xinyi", "{'scope':'full'}", 104);
	screen = show_list(&f, 0, 0, SHOP_CLERK);
	screen_expect(screen, "Kind      Lines    Loss    Gain");
	screen_expect(screen, "Full        1/9       0      +4");
	screen_expect(screen, "Full        1/9       –       –");
	assert_false(screen_has(screen, "−7"));
	assert_false(screen_has(screen, "Blind"));
	screen_send(screen, "<down>");
	screen_expect_row(
		screen, 20, " Blind: book and difference are hidden until it is finished");
	screen_send(screen, "i");
	screen_expect(screen, "About this sheet");
	screen_expect(screen, " Blind: book and difference are hidden until it is fin");
	screen_send(screen, "<esc>");
	finish_sheet(&f, blind, false);
	shop_fixture_land(&f);
	screen_expect(screen, "1/9      −7       0");
	screen_expect(screen, "Blind: book and difference were hidden while it was counted");
	screen_resize(screen, 24, 100);
	screen_expect(screen, "Kind  Blind  ");
	screen_expect(screen, "Full  yes  ");
	screen_send(screen, "i");
	screen_expect(screen, "Blind: book and difference were hidden while it was counted");
	screen_expect(screen, "Finish stocktake  Stay uncounted");
	screen_send(screen, "<esc>");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_recount(void **state)
{
	/* In a recount a row tells the lines that are to be counted again, as the sheet does. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s", make_sheet(&f, "xinyi", "{'scope':'full'}", 104));
	shop_fixture_do(&f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A2','qty':100,'mode':'set'}", id);
	finish_sheet(&f, id, false);
	screen = show_list(&f, 0, 0, SHOP_CLERK);
	screen_expect(screen, "2/9 ");
	shop_fixture_do(&f, "stocktake.recount", "xinyi", "lin", "{'stocktake':'%s'}", id);
	shop_fixture_land(&f);
	screen_expect(screen, "0/8 ");
	screen_send(screen, "<enter>");
	screen_expect(screen, "0 of 8 lines");
	screen_send(screen, "<esc>");
	screen_expect(screen, "0/8 ");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* Waits until the bell rang this often since `before`. */
static void expect_rung(struct screen *screen, int before, int times)
{
	for (int i = 0; screen_bells(screen) < before + times && i < SCREEN_DEADLINE_MS / 20; i++)
		screen_settle(screen, 20);
	assert_int_equal(screen_bells(screen), before + times);
}

static void test_scans_beside_the_sheet(void **state)
{
	/* Whoever counted and scans on the list or on a product's page is told, and hears, that nothing is counted. */
	struct shop_fixture f;
	struct screen *screen;
	int before;

	(void)state;
	shop_fixture_open(&f);
	make_sheet(&f, "xinyi", "{'scope':'full'}", 1);
	screen = show_list(&f, 0, 0, SHOP_CLERK);
	screen_expect(screen, "1/9 ");
	screen_scan(screen, SHOP_BARCODE); /* not counting yet: it is looked up */
	screen_expect_row(screen, 1, "> A1");
	screen_scan(screen, "4710088412345"); /* nor is it only a label that was misread */
	screen_expect_row(screen, 1, "Redeem 4710088412345");
	assert_false(screen_has(screen, "counts nothing"));
	screen_send(screen, "<esc><esc><enter>");
	screen_expect(screen, "1 of 9 lines");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "pieces 2");
	screen_send(screen, "<esc>");
	screen_expect(screen, "1/9 ");
	before = screen_bells(screen);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Open the sheet to count; a scan here counts nothing.");
	screen_expect_row(screen, 1, "Stocktakes");
	expect_rung(screen, before, 3);
	screen_send(screen, "<f5><enter>");
	screen_expect_row(screen, 1, "Products > A1");
	before = screen_bells(screen);
	screen_scan(screen, "96385074");
	screen_expect(screen, "A scan here counts nothing: go back to the sheet to count.");
	expect_rung(screen, before, 3);
	/* A barcode that was misread is no ticket. */
	before = screen_bells(screen);
	screen_scan(screen, "4710088412345");
	screen_expect(screen, "4710088412345 is no product, document or ticket known here.");
	expect_rung(screen, before, 3);
	screen_expect_row(screen, 1, "Products > A1 > A2");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_small_and_large(void **state)
{
	/* At 60 columns number, status and kind stay; at 200 times, creator and note join. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	make_sheet(&f, "xinyi", "{'scope':'full','note':'yearly'}", 99);
	screen = show_list(&f, 16, 60, SHOP_CLERK);
	screen_expect(screen, "STK-XINYI-");
	screen_expect(screen, "In count  ");
	screen_expect(screen, "Full");
	screen_expect_gone(screen, "yearly");
	screen_resize(screen, 50, 200);
	screen_expect(screen, "Started");
	screen_expect(screen, "陳小美");
	screen_expect(screen, "yearly");
	screen_expect(screen, "1/9      −1       0");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void read_whole(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t got;

	assert_non_null(file);
	got = fread(out, 1, size - 1, file);
	out[got] = '\0';
	fclose(file);
}

static void test_count_sheet(void **state)
{
	/* One key writes the sheet to count with, without figures, and asks before it replaces a file. */
	struct shop_fixture f;
	struct screen *screen;
	char folder[200], path[300], sheet[8000];

	(void)state;
	shop_fixture_open(&f);
	folder_make(folder, sizeof(folder));
	snprintf(path, sizeof(path), "%s/sheet.txt", folder);
	make_sheet(&f, "xinyi", "{'scope':'full'}", 77);
	screen = show_list(&f, 0, 0, SHOP_CLERK);
	screen_expect(screen, "STK-XINYI-");
	screen_send(screen, "y");
	screen_expect(screen, "A sheet to print and count with");
	screen_paste(screen, "/tmp/sheet.csv");
	screen_send(screen, "<enter>");
	screen_expect(screen, "The name must end in .txt.");
	screen_send(screen, "<ctrl+u>");
	screen_paste(screen, path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "9 rows written to /");
	read_whole(path, sheet, sizeof(sheet));
	assert_non_null(strstr(sheet, "Count sheet STK-XINYI-"));
	assert_non_null(strstr(sheet, "page 1 of 1"));
	assert_non_null(
		strstr(sheet, "A1      烏龍茶 Oolong tea                       " SHOP_BARCODE));
	assert_non_null(strstr(sheet, "\nA9 "));
	assert_null(strstr(sheet, "77"));
	assert_null(strstr(sheet, " 100"));
	screen_send(screen, "y");
	screen_expect(screen, "A sheet to print and count with");
	screen_paste(screen, path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "Replace the file");
	screen_send(screen, "<esc>");
	shop_fixture_quit(screen);
	folder_remove(folder);
	shop_fixture_close(&f);
}

static void test_report_of_sheets(void **state)
{
	/* A row of the report of sheets tells what was corrected, and opens its sheet. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	finish_sheet(&f, make_sheet(&f, "xinyi", "{'scope':'full'}", 96), true);
	screen = show_list(&f, 0, 0, SHOP_MANAGER);
	screen_send(screen, "<f12><down><down><down><down><enter>");
	screen_expect_row(screen, 1, "Gain and loss by sheet");
	screen_expect(screen, "Nothing to report.");
	screen_send(screen, "f");
	screen_expect(screen, "The days of the report");
	screen_paste(screen, "2026-03-01");
	screen_send(screen, "<tab>");
	screen_paste(screen, "2026-03-31");
	screen_send(screen, "<ctrl+s>");
	screen_expect(screen, "Net in all: −4");
	/* The values go and come together. */
	screen_expect(screen, "Loss  Gain  Net");
	assert_false(screen_has(screen, "value"));
	screen_resize(screen, 24, 200);
	screen_expect(screen, "Loss value  Gain value");
	screen_send(screen, "<enter>");
	screen_expect_row(screen, 1, "Gain and loss by sheet > STK-XINYI-");
	screen_expect(screen, "Corrected ");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_lines_to_a_file(void **state)
{
	/* The lines of a sheet go to a file as they are filtered and sorted. */
	struct shop_fixture f;
	struct screen *screen;
	char folder[200], path[300], file[8000];
	const char *id;

	(void)state;
	shop_fixture_open(&f);
	folder_make(folder, sizeof(folder));
	snprintf(path, sizeof(path), "%s/lines.csv", folder);
	id = make_sheet(&f, "xinyi", "{'scope':'full'}", 99);
	shop_fixture_do(&f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A2','qty':70,'mode':'set'}", id);
	shop_fixture_do(&f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A3','qty':130,'mode':'set'}", id);
	screen = show_list(&f, 0, 0, SHOP_CLERK);
	screen_expect(screen, "3/9");
	screen_send(screen, "<enter>");
	screen_expect(screen, "3 of 9 lines");
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "[Loss 2]");
	screen_send(screen, "s");
	screen_expect_row(screen, 1, "ifference");
	screen_send(screen, "w");
	screen_expect(screen, "Write to a file");
	screen_paste(screen, path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "2 rows written to /");
	read_whole(path, file, sizeof(file));
	assert_non_null(strstr(file, "\nA1,"));
	assert_non_null(strstr(file, "\nA2,"));
	assert_true(strstr(file, "\nA2,") < strstr(file, "\nA1,"));
	assert_null(strstr(file, "\nA3,"));
	shop_fixture_quit(screen);
	folder_remove(folder);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_stores),
		cmocka_unit_test(test_another_stores_sheet),
		cmocka_unit_test(test_whose_stores),
		cmocka_unit_test(test_who_signs_in_next),
		cmocka_unit_test(test_narrowed_together),
		cmocka_unit_test(test_turned),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_recount),
		cmocka_unit_test(test_scans_beside_the_sheet),
		cmocka_unit_test(test_small_and_large),
		cmocka_unit_test(test_count_sheet),
		cmocka_unit_test(test_lines_to_a_file),
		cmocka_unit_test(test_report_of_sheets),
	};

	return cmocka_run_group_tests_name("the list of stocktakes", tests, NULL, NULL);
}
