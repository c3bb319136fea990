/* Lists and lines written to files from the screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/db.h"
#include "model/text.h"
#include "tests/folder.h"
#include "tests/screen/document_steps.h"
#include "tests/grid_rows.h"

struct place {
	struct shop_fixture f;
	char folder[200];
	char path[300];
	struct text rows; /* of the file read last, cells joined by |, a line each */
};

static int set_up(void **state)
{
	static struct place place;

	place = (struct place){.rows = TEXT_INIT(TEXT_LARGE)};
	shop_fixture_open(&place.f);
	folder_make(place.folder, sizeof(place.folder));
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	text_free(&place->rows);
	folder_remove(place->folder);
	shop_fixture_close(&place->f);
	return 0;
}

static const char *contents(struct place *place)
{
	text_clear(&place->rows);
	grid_rows_add(place->path, &place->rows);
	return text_get(&place->rows);
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Presses the key and types a name in the folder, up to the Enter. */
static void write_to(struct place *place, struct screen *screen, const char *name)
{
	snprintf(place->path, sizeof(place->path), "%s/%s", place->folder, name);
	screen_send(screen, "w");
	screen_expect(screen, "Write to a file");
	screen_paste(screen, place->path);
	screen_send(screen, "<enter>");
}

static void make_two_orders(struct place *place)
{
	shop_fixture_do(&place->f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','note':'spring sale','lines':[{'sku':'A3','qty':2}]}");
	shop_fixture_do(&place->f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','note':'=1+1','lines':[{'sku':'A4','qty':7.5}]}");
	shop_fixture_land(&place->f);
}

static void a_name_that_comes_at_once_is_typed(void **state)
{
	/* A name that a terminal without brackets for pasting hands over as fast as a scan stands in the field. */
	struct place *place = *state;
	struct screen *screen;

	make_two_orders(place);
	screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);
	screen_expect(screen, "[To confirm 2]");
	snprintf(place->path, sizeof(place->path), "%s/fast.csv", place->folder);
	screen_send(screen, "w");
	screen_expect(screen, "Write to a file");
	screen_scan(screen, place->path);
	screen_expect(screen, "/fast.csv");
	screen_send(screen, "<enter>");
	screen_expect(screen, "2 rows written to /");
	assert_true(is_there(place->path));
	screen_end(screen);
}

static void a_list_is_written_as_it_is_filtered(void **state)
{
	/* The file has the rows the list shows now, in CSV and XLSX alike, and the screen says where it is. */
	struct place *place = *state;
	struct screen *screen;

	make_two_orders(place);
	screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);
	screen_expect(screen, "[To confirm 2]");
	write_to(place, screen, "all.csv");
	screen_expect(screen, "2 rows written to /");
	assert_memory_equal(contents(place), "id|out_number|in_number|", 24);
	assert_non_null(strstr(text_get(&place->rows), "|spring sale|"));
	assert_non_null(strstr(text_get(&place->rows), "|'=1+1|"));
	screen_send(screen, "/spring<enter>");
	screen_expect(screen, "[To confirm 1]");
	write_to(place, screen, "one.xlsx");
	screen_expect(screen, "1 row written to /");
	assert_non_null(strstr(contents(place), "|spring sale|"));
	assert_null(strstr(text_get(&place->rows), "1+1"));
	screen_send(screen, "<tab>");
	screen_expect(screen, "[To ship 0]");
	screen_send(screen, "w");
	screen_expect(screen, "The list is empty: there is nothing to write.");
	screen_send(screen, "<esc>");
	shop_fixture_quit(screen);
}

static void an_older_file_is_replaced_only_if_told(void **state)
{
	/* A file that is there already stays until somebody says yes to replacing it, and the folder of the
	 * last one comes up again. */
	struct place *place = *state;
	struct screen *screen;
	char expected[300];

	make_two_orders(place);
	screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);
	screen_expect(screen, "[To confirm 2]");
	snprintf(place->path, sizeof(place->path), "%s/a.csv", place->folder);
	FILE *file = fopen(place->path, "w");
	assert_non_null(file);
	fputs("mine\n", file);
	assert_int_equal(fclose(file), 0);
	write_to(place, screen, "a.csv");
	screen_expect(screen, "Writing replaces it");
	screen_send(screen, "<enter>");
	screen_expect_gone(screen, "Writing replaces it");
	assert_string_equal(contents(place), "mine\n");
	write_to(place, screen, "a.csv");
	screen_expect(screen, "Writing replaces it");
	screen_send(screen, "y");
	screen_expect(screen, "2 rows written to /");
	assert_non_null(strstr(contents(place), "|spring sale|"));
	screen_send(screen, "w");
	snprintf(expected, sizeof(expected), "%.30s", place->folder);
	screen_expect(screen, expected);
	screen_expect(screen, "outbound-2");
	screen_send(screen, "<esc>");
	shop_fixture_quit(screen);
}

static void what_is_no_good_as_a_name_is_said(void **state)
{
	/* Another ending, a folder that is none, and a folder instead of a file are told where the name is typed. */
	struct place *place = *state;
	struct screen *screen;
	char folder[400];

	make_two_orders(place);
	screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);
	screen_expect(screen, "[To confirm 2]");
	write_to(place, screen, "list.txt");
	screen_expect(screen, "The name must end in .xlsx or .csv.");
	screen_send(screen, "<ctrl+u>");
	screen_paste(screen, "/nowhere/at/all.csv");
	screen_send(screen, "<enter>");
	screen_expect(screen, "There is no such folder: choose another.");
	snprintf(folder, sizeof(folder), "%s/folder.csv", place->folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	screen_send(screen, "<ctrl+u>");
	screen_paste(screen, folder);
	screen_send(screen, "<enter>");
	screen_expect(screen, "That is no file: type another name.");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "Write to a file");
	shop_fixture_quit(screen);
}

static void the_home_folder_is_understood(void **state)
{
	/* A name that begins with ~/ is a file in the home folder. */
	struct place *place = *state;
	struct screen *screen;

	make_two_orders(place);
	assert_int_equal(setenv("HOME", place->folder, 1), 0);
	screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);
	screen_expect(screen, "[To confirm 2]");
	screen_send(screen, "w");
	screen_expect(screen, "Write to a file");
	screen_paste(screen, "~/mine.csv");
	screen_send(screen, "<enter>");
	screen_expect(screen, "2 rows written to /");
	snprintf(place->path, sizeof(place->path), "%s/mine.csv", place->folder);
	assert_non_null(strstr(contents(place), "|spring sale|"));
	shop_fixture_quit(screen);
}

static void a_document_is_written_with_its_lines(void **state)
{
	/* In a document the key writes its lines, under its number. */
	struct place *place = *state;
	struct screen *screen;

	make_two_orders(place);
	screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);
	screen_expect(screen, "[To confirm 2]");
	screen_send(screen, "<enter>");
	screen_expect(screen, "A4");
	screen_send(screen, "w");
	screen_expect(screen, "OUT-XINYI-");
	screen_expect(screen, ".xlsx");
	screen_send(screen, "<esc>");
	write_to(place, screen, "lines.xlsx");
	screen_expect(screen, "1 row written to /");
	assert_non_null(strstr(contents(place), "|A4|"));
	assert_non_null(strstr(text_get(&place->rows), "|7.5|"));
	shop_fixture_quit(screen);
}

static void exceptions_are_written_alone(void **state)
{
	/* On the tab of exceptions the key writes those lines and no others, and says if there are none. */
	struct place *place = *state;
	struct screen *screen;
	char id[UUID_SIZE];

	snprintf(id, sizeof(id), "%s", documents_order_from_ec(&place->f, true));
	screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);
	screen_send(screen, "i<tab><enter><tab>");
	screen_expect(screen, "[Exceptions 0]");
	screen_send(screen, "w");
	screen_expect(screen, "The list is empty: there is nothing to write.");
	shop_fixture_do(&place->f, "inbound.receive", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','qty':5},{'sku':'A2','qty':3,'damaged':1},"
		"{'sku':'=X9','qty':2}]}",
		id);
	shop_fixture_land(&place->f);
	screen_expect(screen, "[Exceptions 2]");
	write_to(place, screen, "odd.csv");
	screen_expect(screen, "2 rows written to /");
	assert_memory_equal(contents(place), "sku|name|ordered|shipped|received|", 34);
	assert_non_null(strstr(text_get(&place->rows), "A2|綠茶 Green tea|3|3|3|0|1|0|0|0|0"));
	assert_non_null(strstr(text_get(&place->rows), "'=X9||0|0|2|0|0|0|0|0|0|Unknown"));
	assert_null(strstr(text_get(&place->rows), "A1|"));
	shop_fixture_quit(screen);
}

static void products_are_written_as_they_were_searched(void **state)
{
	/* Among the products, where letters search, another key writes what was found. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_CLERK);

	screen_send(screen, "<f5>");
	screen_expect(screen, "Oolong");
	screen_send(screen, "/tea<enter>");
	screen_expect(screen, "1 of 3");
	snprintf(place->path, sizeof(place->path), "%s/tea.csv", place->folder);
	screen_send(screen, "<ctrl+w>");
	screen_expect(screen, "Write to a file");
	screen_expect(screen, "products-2");
	screen_paste(screen, place->path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "3 rows written to /");
	assert_non_null(strstr(contents(place), "\nA1|"));
	assert_null(strstr(text_get(&place->rows), "\nA4|"));
	shop_fixture_quit(screen);
}

/* ---- stocktakes ---- */

/* A sheet over everything, with A1 counted. */
static void make_sheet(struct place *place, const char *blind)
{
	char sheet[UUID_SIZE];

	snprintf(sheet, sizeof(sheet), "%s",
		shop_fixture_do(&place->f, "stocktake.create", "xinyi", "chen",
			"{'scope':'full','blind':%s}", blind));
	shop_fixture_do(&place->f, "stocktake.start", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	shop_fixture_do(&place->f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','qty':4,'mode':'set'}", sheet);
	shop_fixture_land(&place->f);
}

static struct screen *open_sheet(struct place *place)
{
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_CLERK);

	screen_send(screen, "<f3>");
	screen_expect(screen, "STK-XINYI-");
	screen_send(screen, "<enter>");
	screen_expect(screen, "pieces 4");
	return screen;
}

static void a_blind_sheet_stays_blind(void **state)
{
	/* The file of an open blind sheet has what was counted, and neither book nor difference. */
	struct place *place = *state;
	struct screen *screen;

	make_sheet(place, "true");
	screen = open_sheet(place);
	write_to(place, screen, "sheet.csv");
	screen_expect(screen, "rows written to /");
	assert_memory_equal(
		contents(place), "sku|name|category|vendor|book|counted|difference|", 49);
	assert_non_null(strstr(text_get(&place->rows), "\nA1|"));
	assert_null(strstr(text_get(&place->rows), "100"));
	assert_null(strstr(text_get(&place->rows), "-96"));
	shop_fixture_quit(screen);
}

static void an_open_sheet_shows_its_book(void **state)
{
	/* A sheet that is not blind has book and difference in its file. */
	struct place *place = *state;
	struct screen *screen;

	make_sheet(place, "false");
	screen = open_sheet(place);
	write_to(place, screen, "sheet.csv");
	screen_expect(screen, "rows written to /");
	assert_non_null(strstr(contents(place), "|100|4|-96|"));
	shop_fixture_quit(screen);
}

/* ---- many rows ---- */

/* So many more products with stock, here only. */
static void stock_many(struct place *place, int count)
{
	struct db *cache = place->f.console.cache;

	assert_true(db_begin(cache));
	assert_true(db_run(cache,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
		" INSERT INTO stock (store, sku, on_hand) SELECT 'xinyi', 'N' || i, 1000 FROM n",
		"i", (int64_t)count));
	assert_true(db_commit(cache));
}

static void a_long_list_can_be_stopped(void **state)
{
	/* While many rows are written a bar is shown, Esc ends it, and nothing is left of the file. */
	struct place *place = *state;
	struct screen *screen;
	char left[400];

	make_sheet(place, "false");
	stock_many(place, 200000);
	screen = open_sheet(place);
	write_to(place, screen, "long.csv");
	screen_expect_passing(screen, "Esc stops it.");
	screen_expect_passing(screen, "200009 rows go to");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Stopped. Nothing was written.");
	assert_false(is_there(place->path));
	snprintf(left, sizeof(left), "%s.%ld.part", place->path, (long)screen_pid(screen));
	assert_false(is_there(left));
	shop_fixture_quit(screen);
}

static void a_full_disk_is_said(void **state)
{
	/* Where the disk takes no more it is said, and no half of a file is left. */
	struct place *place = *state;
	struct rlimit limit, small;
	struct screen *screen;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = (struct rlimit){200000, limit.rlim_max};
	make_sheet(place, "false");
	stock_many(place, 10000);
	/* The program starts with the limit; this one goes on without it. */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	screen = open_sheet(place);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	write_to(place, screen, "long.csv");
	screen_expect(screen, "Nothing was written: ");
	assert_false(is_there(place->path));
	shop_fixture_quit(screen);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_name_that_comes_at_once_is_typed),
		TEST(a_list_is_written_as_it_is_filtered),
		TEST(an_older_file_is_replaced_only_if_told),
		TEST(what_is_no_good_as_a_name_is_said),
		TEST(the_home_folder_is_understood),
		TEST(a_document_is_written_with_its_lines),
		TEST(exceptions_are_written_alone),
		TEST(products_are_written_as_they_were_searched),
		TEST(a_blind_sheet_stays_blind),
		TEST(an_open_sheet_shows_its_book),
		TEST(a_long_list_can_be_stopped),
		TEST(a_full_disk_is_said),
	};

	return cmocka_run_group_tests_name("files from the screen", tests, NULL, NULL);
}
