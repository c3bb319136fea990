/* Stock documents imported from a file on the screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/text.h"
#include "tests/folder.h"
#include "tests/screen/shop_fixture.h"
#include "tests/grid_rows.h"

#include <zip.h>

#define HEADINGS "expected_on,source,to,name,sku,qty\n"

struct place {
	struct shop_fixture f;
	char folder[200];
	char path[300];
};

static int64_t wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What HQ told of the stock of other stores, as if somebody had looked: both have all, but ec has no A9. */
static void tell_far_stock(struct place *place)
{
	for (int i = 1; i <= 9; i++) {
		char sku[4], told[300];

		snprintf(sku, sizeof(sku), "A%d", i);
		snprintf(told, sizeof(told),
			"[{\"store\":\"ximen\",\"sku\":\"%s\"},{\"store\":\"ec\",\"sku\":\"%s\"}]",
			sku, i == 9 ? "none" : sku);
		assert_true(db_run(place->f.console.cache,
			"INSERT INTO far_stock (sku, told, at) VALUES ($1, $2, $3)", "tti", sku,
			told, wall_ms()));
	}
}

static int set_up(void **state)
{
	static struct place place;

	place = (struct place){.path = ""};
	shop_fixture_open(&place.f);
	tell_far_stock(&place);
	folder_make(place.folder, sizeof(place.folder));
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	folder_remove(place->folder);
	shop_fixture_close(&place->f);
	return 0;
}

static void write_bytes(struct place *place, const char *name, const char *bytes)
{
	FILE *file;

	snprintf(place->path, sizeof(place->path), "%s/%s", place->folder, name);
	file = fopen(place->path, "wb");
	assert_non_null(file);
	fputs(bytes, file);
	assert_int_equal(fclose(file), 0);
}

/* From the documents pane to the reading of the file written last. */
static void import_it(struct place *place, struct screen *screen)
{
	screen_send(screen, "m");
	screen_expect(screen, "Import stock documents from a file");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Import a file");
	screen_send(screen, "<ctrl+u>");
	screen_paste(screen, place->path);
	screen_send(screen, "<enter>");
}

static void go_back(struct screen *screen)
{
	screen_send(screen, "<esc>");
	screen_expect(screen, "o[Outbound orders]");
}

#define GOOD                                                                                  \
	"2026-12-01,,ximen,,A1,3\n2026-12-01,,\"ximen,ec\",,A2,4\n2026-12-02,Luma,,,A3,2.5\n" \
	"2026-12-03,ximen,,,A4,1\n"
#define BAD "2026-13-01,,ximen,,A1,3\n2026-12-01,,ximen,,none,3\n2026-12-01,,ximen,,A5,-1\n"

static void what_was_read_is_shown_and_imported_after_a_second_yes(void **state)
{
	/* Documents and bad rows are shown; nothing is imported before somebody says so twice, then all of it. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);

	write_bytes(place, "orders.csv", HEADINGS GOOD);
	import_it(place, screen);
	screen_expect(screen, "Import of orders.csv");
	screen_expect(screen, "4 rows read: 5 good lines, 14.5 pieces; not imported yet");
	screen_expect(screen, "Bad rows 0 [Documents 4]");
	screen_expect(screen, "inbound order");
	screen_expect(screen, "Luma");
	screen_expect(screen, "西門店");
	screen_send(screen, "<enter>");
	screen_expect(screen, "A1  ×3");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "A1  ×3");
	screen_send(screen, "f");
	screen_expect(screen, "4 documents with 5 lines, 14.5 pieces, are made from");
	screen_send(screen, "n");
	screen_expect_gone(screen, "are made from");
	assert_int_equal(shop_fixture_unsent(&place->f), 0);
	screen_send(screen, "f");
	screen_expect(screen, "are made from");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: 4 documents with 5 lines.");
	screen_expect(screen, "[To confirm 2]");
	assert_int_equal(shop_fixture_sent(&place->f, "outbound.create", ""), 2);
	assert_int_equal(shop_fixture_sent(&place->f, "inbound.create", ""), 1);
	assert_int_equal(shop_fixture_sent(&place->f, "transfer.request", ""), 1);
	shop_fixture_sync(&place->f);
	assert_int_equal(fixture_int(&place->f.hq, "SELECT count(*) FROM movement"), 3);
	shop_fixture_quit(screen);
}

static void the_same_file_twice_takes_another_yes(void **state)
{
	/* What stands already is marked, and made once more only after a question of its own. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);

	write_bytes(place, "orders.csv", HEADINGS GOOD);
	import_it(place, screen);
	screen_expect(screen, "Bad rows 0 [Documents 4]");
	screen_send(screen, "f");
	screen_expect(screen, "are made from");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: 4 documents with 5 lines.");
	shop_fixture_sync(&place->f);
	import_it(place, screen);
	screen_expect(screen, "Stands already");
	screen_expect(screen, "OUT-XINYI");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Its lines, or some of them, stand already");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "Its lines, or some of them");
	screen_send(screen, "f");
	screen_expect(screen, "are made from");
	screen_send(screen, "y");
	screen_expect(screen, "4 of the 4 documents stand already");
	screen_send(screen, "n");
	screen_expect_gone(screen, "4 of the 4 documents");
	assert_int_equal(shop_fixture_unsent(&place->f), 0);
	screen_send(screen, "f");
	screen_expect(screen, "are made from");
	screen_send(screen, "y");
	screen_expect(screen, "4 of the 4 documents stand already");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: 4 documents with 5 lines.");
	assert_int_equal(shop_fixture_unsent(&place->f), 4);
	shop_fixture_quit(screen);
}

static void every_bad_row_is_named(void **state)
{
	/* Bad rows stand with number and reason, can be narrowed to one reason, and are left out only after the
	 * question said how many they are. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);

	write_bytes(place, "orders.csv", HEADINGS GOOD BAD);
	import_it(place, screen);
	screen_expect(screen, "[Bad rows 3] Documents 4");
	screen_expect(screen, "2026-13-01 is no date");
	screen_expect(screen, "no product none");
	screen_expect(screen, "-1 is no quantity above 0");
	screen_expect(screen, "6  2026-13-01");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Row 6");
	screen_expect(screen, "Destination: ximen");
	screen_send(screen, "<esc>");
	screen_send(screen, "r");
	screen_expect(screen, "All bad rows: 3");
	screen_expect(screen, "Bad quantity: 1");
	screen_send(screen, "<end><enter>");
	screen_expect(screen, "Import of orders.csv | Bad quantity");
	screen_expect_gone(screen, "is no date");
	screen_send(screen, "<esc>");
	screen_expect(screen, "2026-13-01 is no date");
	screen_send(screen, "f");
	screen_expect(screen, "3 bad rows are left out");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: 4 documents with 5 lines.");
	assert_int_equal(shop_fixture_unsent(&place->f), 4);
	shop_fixture_quit(screen);
}

static void leaving_imports_nothing(void **state)
{
	/* Esc out of what was read leaves everything as it was; a file of bad rows alone cannot be imported. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);

	write_bytes(place, "bad.csv", HEADINGS BAD);
	import_it(place, screen);
	screen_expect(screen, "[Bad rows 3] Documents 0");
	screen_send(screen, "f");
	screen_expect(screen, "There is no good row to import.");
	go_back(screen);
	screen_expect(screen, "Nothing was imported.");
	assert_int_equal(shop_fixture_unsent(&place->f), 0);
	shop_fixture_quit(screen);
}

static void bad_rows_can_be_mended_and_come_again(void **state)
{
	/* The file of the bad rows has their numbers, reasons and cells, and can itself be imported. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);
	struct text rows = TEXT_INIT(TEXT_LARGE);

	write_bytes(place, "orders.csv", HEADINGS GOOD BAD);
	import_it(place, screen);
	screen_expect(screen, "[Bad rows 3]");
	screen_send(screen, "w");
	screen_expect(screen, "Write to a file");
	screen_expect(screen, "bad-rows-2");
	snprintf(place->path, sizeof(place->path), "%s/bad.xlsx", place->folder);
	screen_paste(screen, place->path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "3 rows written to /");
	grid_rows_add(place->path, &rows);
	assert_memory_equal(text_get(&rows), "Row|What is wrong|Expected date|Source|", 39);
	assert_non_null(strstr(text_get(&rows), "\n7|no product none|2026-12-01"));
	assert_non_null(strstr(text_get(&rows), "|none|3\n"));
	text_free(&rows);
	go_back(screen);
	import_it(place, screen);
	screen_expect(screen, "[Bad rows 3] Documents 0");
	go_back(screen);
	shop_fixture_quit(screen);
}

static void the_template_is_in_the_same_menu(void **state)
{
	/* A clerk is told which right the import needs, and gets the template all the same. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_CLERK);

	screen_send(screen, "m");
	screen_expect(screen, "Import stock documents from a file");
	screen_send(screen, "<up><enter>");
	screen_expect(screen, "This needs the right of: Manager");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "import-2");
	snprintf(place->path, sizeof(place->path), "%s/template.xlsx", place->folder);
	screen_paste(screen, place->path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "1 row written to /");
	assert_int_equal(access(place->path, F_OK), 0);
	shop_fixture_quit(screen);
}

/* ---- what other stores have ---- */

static void a_product_the_destination_never_had_is_a_bad_row(void **state)
{
	/* What HQ told of the other store's products is held against the rows. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);

	write_bytes(place, "orders.csv", HEADINGS "2026-12-01,,ec,,A8,1\n2026-12-01,,ec,,A9,1\n");
	import_it(place, screen);
	screen_expect(screen, "[Bad rows 1] Documents 1");
	screen_expect(screen, "ec has no A9");
	go_back(screen);
	shop_fixture_quit(screen);
}

static void what_only_hq_knows_is_said(void **state)
{
	/* HQ is asked about products nobody looked at; if it does not answer, or Esc is pressed, the question
	 * before the import says how many lines it will judge. */
	struct place *place = *state;
	struct db *cache = place->f.console.cache;
	struct screen *screen;

	assert_true(db_run(cache, "DELETE FROM far_stock WHERE sku = 'A8'", ""));
	screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);
	write_bytes(place, "orders.csv", HEADINGS "2026-12-01,,ec,,A8,1\n2026-12-01,,ec,,A7,1\n");
	import_it(place, screen);
	screen_expect(screen, "HQ is asked which of these products");
	assert_true(db_has(cache, "SELECT 1 FROM far_stock WHERE sku = 'A8' AND asked > 0", ""));
	screen_send(screen, "<esc>");
	screen_expect(screen, "Bad rows 0 [Documents 1]");
	screen_send(screen, "f");
	screen_expect(screen, "1 line only HQ can judge");
	screen_send(screen, "<esc>");
	go_back(screen);
	assert_true(db_run(cache, "DELETE FROM far_stock WHERE sku = 'A8'", ""));
	import_it(place, screen);
	screen_expect(screen, "HQ is asked which of these products");
	assert_true(db_run(cache,
		"UPDATE far_stock SET told = '[]', at = $1, asked = 0 WHERE sku = 'A8'", "i",
		wall_ms()));
	screen_expect(screen, "[Bad rows 1] Documents 1");
	screen_expect(screen, "ec has no A8");
	go_back(screen);
	shop_fixture_quit(screen);
}

/* ---- hostile files ---- */

static void write_xlsx(struct place *place, const char *sheet)
{
	const char *const parts[][2] = {
		{"xl/workbook.xml",
			"<workbook xmlns:r='r'><sheets><sheet r:id='rId7'/></sheets></workbook>"},
		{"xl/_rels/workbook.xml.rels",
			"<Relationships><Relationship Id='rId7' Target='one.xml'/></Relationships>"},
		{"xl/one.xml", sheet},
	};
	zip_t *zip;

	snprintf(place->path, sizeof(place->path), "%s/hostile.xlsx", place->folder);
	zip = zip_open(place->path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	assert_non_null(zip);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		zip_source_t *source = zip_source_buffer(zip, parts[i][1], strlen(parts[i][1]), 0);

		assert_true(zip_file_add(zip, parts[i][0], source, 0) >= 0);
	}
	assert_int_equal(zip_close(zip), 0);
}

static char *repeated(const char *begin, const char *piece, int count, const char *end)
{
	struct text out = TEXT_INIT((size_t)512 * 1024 * 1024);

	text_add(&out, begin);
	for (int i = 0; i < count; i++)
		text_add(&out, piece);
	text_add(&out, end);
	return text_take(&out);
}

static void hostile_files_are_refused(void **state)
{
	/* A bomb, a forest, an endless text, a formula for a heading, a document type and an escape sequence
	 * instead of a name are refused with a reason, and the screen goes on. */
	static char blanks[4097];
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);

	memset(blanks, ' ', sizeof(blanks) - 1);
	const struct {
		char *sheet;
		const char *error;
	} files[] = {
		{repeated("<w>", blanks, (int)(GRID_INFLATED_MAX / 4096) + 1, "</w>"),
			"unfolds to more than 128 MiB"},
		{repeated("", "<a>", 100000, ""), "nested too deep"},
		{repeated("<w><row><c><v>", "123456789", 10000, "</v></c></row></w>"),
			"Row 1 has a cell of more than 4096 bytes"},
		{repeated("<w><row><c><f>A1</f>", "", 0, "<v>2</v></c></row></w>"),
			"it has a formula"},
		{repeated("<!DOCTYPE w [<!ENTITY a 'b'>]>", "", 0, "<w/>"), "document type"},
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		write_xlsx(place, files[i].sheet);
		import_it(place, screen);
		screen_expect(screen, "The file cannot be imported");
		screen_expect(screen, files[i].error);
		screen_expect(screen, "Nothing was imported.");
		screen_send(screen, "<esc>");
		screen_expect_gone(screen, "The file cannot be imported");
		free(files[i].sheet);
	}
	write_bytes(place, "escape.csv", HEADINGS "\033[2J\033]0;x\007,,ximen,,A1,1\n");
	import_it(place, screen);
	screen_expect(screen, "is no date");
	go_back(screen);
	assert_int_equal(shop_fixture_unsent(&place->f), 0);
	shop_fixture_quit(screen);
}

static void what_is_no_file_is_said(void **state)
{
	/* A name that is none, and a folder, are told where the name is typed. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);

	snprintf(place->path, sizeof(place->path), "%s/none.csv", place->folder);
	import_it(place, screen);
	screen_expect(screen, "There is no such file.");
	screen_send(screen, "<ctrl+u>");
	screen_paste(screen, place->folder);
	screen_send(screen, "<enter>");
	screen_expect(screen, "That is no file: type another name.");
	screen_send(screen, "<esc>");
	shop_fixture_quit(screen);
}

/* ---- many rows ---- */

static void write_many(struct place *place, int rows)
{
	FILE *file;

	snprintf(place->path, sizeof(place->path), "%s/many.csv", place->folder);
	file = fopen(place->path, "wb");
	assert_non_null(file);
	fputs(HEADINGS, file);
	for (int i = 0; i < rows; i++)
		fprintf(file, "2026-12-%02d,Partner %d,,,A%d,1\n", 1 + i % 28, i / 252,
			1 + i / 28 % 9);
	assert_int_equal(fclose(file), 0);
}

static void a_long_reading_can_be_stopped(void **state)
{
	/* While a long file is read a bar is shown, and Esc ends it with nothing imported. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);

	write_many(place, 100000);
	import_it(place, screen);
	screen_expect_passing(screen, "Esc stops it.");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Stopped. Nothing was imported.");
	assert_int_equal(shop_fixture_unsent(&place->f), 0);
	shop_fixture_quit(screen);
}

static void many_rows_are_imported(void **state)
{
	/* Thousands of rows become documents of this terminal at once. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start_as(&place->f, SHOP_MANAGER);

	write_many(place, 5040);
	import_it(place, screen);
	screen_expect(screen, "5040 rows read: 5040 good lines");
	screen_expect(screen, "[Documents 560]");
	screen_send(screen, "<end>");
	screen_expect(screen, "Partner 19");
	screen_send(screen, "f");
	screen_expect(screen, "560 documents with 5040 lines");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: 560 documents with 5040 lines.");
	assert_int_equal(shop_fixture_unsent(&place->f), 560);
	shop_fixture_quit(screen);
}

/* ---- small, and in Chinese ---- */

static void it_fits_a_small_screen_in_chinese(void **state)
{
	/* At 60 columns row, reason and SKU stay, and everything is Chinese. */
	struct place *place = *state;
	struct screen *screen = shop_fixture_start(&place->f, 16, 60, "zh_TW");

	write_bytes(place, "orders.csv", HEADINGS GOOD BAD);
	screen_expect(screen, "登入");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "2222<enter>");
	screen_expect(screen, "出倉單");
	screen_send(screen, "m");
	screen_expect(screen, "從檔案匯入");
	screen_send(screen, "<enter>");
	screen_expect(screen, "匯入檔案");
	screen_send(screen, "<ctrl+u>");
	screen_paste(screen, place->path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "[錯誤列 3] 單據 4");
	screen_expect(screen, "不是日期");
	screen_expect(screen, "品號");
	screen_resize(screen, 50, 200);
	screen_expect(screen, "預計");
	screen_expect(screen, "目的");
	screen_send(screen, "f");
	screen_expect(screen, "略過 3 列");
	screen_send(screen, "<esc>");
	screen_send(screen, "<esc>");
	screen_expect(screen, "未匯入任何資料");
	shop_fixture_quit(screen);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(what_was_read_is_shown_and_imported_after_a_second_yes),
		TEST(the_same_file_twice_takes_another_yes),
		TEST(every_bad_row_is_named),
		TEST(leaving_imports_nothing),
		TEST(bad_rows_can_be_mended_and_come_again),
		TEST(the_template_is_in_the_same_menu),
		TEST(a_product_the_destination_never_had_is_a_bad_row),
		TEST(what_only_hq_knows_is_said),
		TEST(hostile_files_are_refused),
		TEST(what_is_no_file_is_said),
		TEST(a_long_reading_can_be_stopped),
		TEST(many_rows_are_imported),
		TEST(it_fits_a_small_screen_in_chinese),
	};

	return cmocka_run_group_tests_name("import on the screen", tests, NULL, NULL);
}
