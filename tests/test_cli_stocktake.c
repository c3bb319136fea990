/* Stocktakes on the command line: the count sheet, and what a blind sheet keeps to itself. */
#include "model/i18n.h"
#include "model/json.h"
#include "tests/cli_desk.h"
#include "tui/cols.h"
#include "tui/count_sheet.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define BOOK_MILLI 987654000 /* a book figure that stands nowhere else */
#define BOOK_TEXT "987654"

struct hall {
	struct desk *desk;
	char id[60], number[60]; /* of the sheet opened last */
	struct text file;        /* read last */
};

static int set_up(void **state)
{
	static struct hall hall;
	void *desk;
	assert_int_equal(desk_open(&desk), 0);
	hall = (struct hall){.desk = desk, .file = TEXT_INIT(TEXT_LARGE)};
	hall.desk->cli.force = true;
	*state = &hall;
	return 0;
}

static int tear_down(void **state)
{
	struct hall *hall = *state;
	void *desk = hall->desk;
	text_free(&hall->file);
	return desk_close(&desk);
}

static struct db *cache_of(struct hall *hall)
{
	return hall->desk->world.console.cache;
}

static void stock_product(
	struct hall *hall, const char *sku, const char *name, const char *barcodes)
{
	struct db *cache = cache_of(hall);
	db_run(cache,
		"INSERT INTO product (sku, name, barcodes, category, vendor, price, is_virtual, threshold, backorders) "
		"VALUES ($1, $2, $3, 'Tea', 'Vendor', 500, 0, 0, 0)",
		"ttt", sku, name, barcodes);
	db_run(cache,
		"INSERT INTO stock (store, sku, on_hand, damaged, in_stock) VALUES ('xinyi', $1, $2, 0, 1)",
		"ti", sku, (int64_t)BOOK_MILLI);
	assert_int_equal(db_failed(cache), DB_OK);
}

/* 13 columns of the SKU, then a name of one, two or three bytes a letter. */
static void stock_many(struct hall *hall, int count)
{
	static const char *const names[] = {
		"Tea", "烏龍茶禮盒經典款特大容量家庭號加量不加價組", "Café"};
	for (int i = 0; i < count; i++) {
		char sku[20], barcodes[40];
		snprintf(sku, sizeof sku, "P%06d", i);
		snprintf(barcodes, sizeof barcodes, "[\"471%010d\"]", i);
		stock_product(hall, sku, names[i % 3], barcodes);
	}
}

static void open_sheet(struct hall *hall, const char *fields)
{
	char *number;
	assert_int_equal(desk_runf(hall->desk, cli_do, "stocktake.create %s", fields), CLI_QUEUED);
	snprintf(hall->id, sizeof hall->id, "%s", desk_member(hall->desk, "id"));
	number = db_get_text(
		cache_of(hall), "SELECT number FROM stocktake WHERE id = $1", "t", hall->id);
	snprintf(hall->number, sizeof hall->number, "%s", number);
	free(number);
	assert_int_equal(desk_runf(hall->desk, cli_do, "stocktake.start stocktake=%s", hall->id),
		CLI_QUEUED);
}

static const char *exported(struct hall *hall, const char *what, const char *name)
{
	char path[300], piece[4096];
	size_t got;
	FILE *file;
	snprintf(path, sizeof path, "%s/%s", hall->desk->folder, name);
	if (desk_runf(hall->desk, cli_export, "%s %s", what, path) != CLI_APPLIED)
		fail_msg("%s: %s", what, hall->desk->err);
	text_clear(&hall->file);
	file = fopen(path, "rb");
	assert_non_null(file);
	while ((got = fread(piece, 1, sizeof piece, file)) > 0)
		text_add_bytes(&hall->file, piece, got);
	fclose(file);
	return text_get(&hall->file);
}

/* ---- the count sheet ---- */

/* The next line without its end, NULL behind the last one. */
static char *take_line(char **rest)
{
	return **rest ? strsep(rest, "\n") : NULL;
}

/* Reads a count sheet page by page; returns its lines with a box, and says how many pages there are. */
static int read_pages(struct hall *hall, const char *sheet, int *pages)
{
	char *copy = text_copy(sheet), *rest = copy, *line, expected[60], last[40] = "";
	int on_page = 0, lines = 0;
	*pages = 1;
	for (const char *at = sheet; (at = strchr(at, '\f')) != NULL; at++)
		++*pages;
	for (int page = 0; (line = take_line(&rest)) != NULL; on_page++) {
		char *box = strstr(line, "[____");
		if (page == 0 || *line == '\f') {
			line += page > 0;
			/* A name of two lines does not part at the end of a page. */
			if (page > 0)
				assert_in_range(on_page, COUNT_SHEET_PAGE_LINES - 1,
					COUNT_SHEET_PAGE_LINES);
			on_page = 0;
			snprintf(expected, sizeof expected, " page %d of %d", ++page, *pages);
			assert_string_equal(line + strlen(line) - strlen(expected), expected);
			assert_non_null(strstr(line, hall->number));
		}
		assert_in_range(cols_width(line), 0, COUNT_SHEET_COLS);
		assert_in_range(on_page, 0, COUNT_SHEET_PAGE_LINES - 1);
		if (!box)
			continue;
		assert_int_equal(cols_width(line), COUNT_SHEET_COLS);
		*box = '\0';
		assert_int_equal(cols_width(line), COUNT_SHEET_COLS - 16);
		line[strcspn(line, " ")] = '\0';
		assert_true(strcmp(last, line) < 0); /* each SKU once, in order */
		snprintf(last, sizeof last, "%s", line);
		lines++;
	}
	free(copy);
	return lines;
}

static void a_sheet_to_count_with_is_printed(void **state)
{
	/* Every line once, with a blank box at the same column, on numbered pages of 60 lines and 80 columns. */
	struct hall *hall = *state;
	char what[200];
	int pages;
	stock_many(hall, 120);
	open_sheet(hall, "scope=full");
	snprintf(what, sizeof what, "stocktakes %s", hall->number);
	assert_int_equal(read_pages(hall, exported(hall, what, "sheet.txt"), &pages), 121);
	assert_int_equal(pages, 3);
	assert_non_null(strstr(text_get(&hall->file), "(xinyi)"));
	assert_non_null(strstr(text_get(&hall->file), "Zone: ____"));
	assert_non_null(strstr(text_get(&hall->file), "Counted by: ____"));
	assert_non_null(strstr(text_get(&hall->file), "\nP000007  烏龍茶"));
	assert_non_null(strstr(text_get(&hall->file), "4710000000007"));
	assert_int_equal(
		desk_runf(hall->desk, cli_do,
			"stocktake.count stocktake=%s sku=P000007 qty=55555 mode=set", hall->id),
		CLI_QUEUED);
	exported(hall, what, "sheet.txt");
	assert_null(strstr(text_get(&hall->file), BOOK_TEXT));
	assert_null(strstr(text_get(&hall->file), "55555"));
	snprintf(what, sizeof what,
		"stocktake_lines stocktake=%s is=counted|loss|gain|equal limit=5", hall->number);
	assert_int_equal(read_pages(hall, exported(hall, what, "sheet.txt"), &pages), 1);
	snprintf(what, sizeof what, "stocktake_lines stocktake=%s category=None", hall->number);
	assert_int_equal(read_pages(hall, exported(hall, what, "sheet.txt"), &pages), 0);
	assert_int_equal(pages, 1);
}

static void codes_are_whole_and_names_give_way(void **state)
{
	/* A long SKU or barcode stands whole on its line; what would steer a printer is not in the file. */
	struct hall *hall = *state;
	char what[200];
	int pages;
	stock_product(hall, "VERY-LONG-SKU-0123456789-ABCDEFGHIJ", "Tea\033[2J\fx",
		"[\"00012345678905-LONG\"]");
	stock_product(hall, "W", "茶\n茶", "[]");
	open_sheet(hall, "scope=full");
	snprintf(what, sizeof what, "stocktakes %s", hall->id);
	assert_int_equal(read_pages(hall, exported(hall, what, "sheet.txt"), &pages), 3);
	assert_int_equal(pages, 1);
	assert_non_null(strstr(text_get(&hall->file), "\nVERY-LONG-SKU-0123456789-ABCDEFGHIJ "));
	assert_non_null(strstr(text_get(&hall->file), " 00012345678905-LONG  [___"));
	assert_null(strchr(text_get(&hall->file), '\033'));
	assert_non_null(strstr(text_get(&hall->file), "茶 茶"));
}

static void names_are_whole(void **state)
{
	/* A name that does not fit goes on below, so that products that differ at its end only are told apart;
	 * the column of SKUs is as wide as the widest of the page. */
	struct hall *hall = *state;
	char what[200];
	int pages;
	stock_product(hall, "TE0401", "Oolong tea from Alishan in a gift box, large", "[]");
	stock_product(hall, "TE0402", "Oolong tea from Alishan in a gift box, small", "[]");
	stock_product(
		hall, "TE0403", "阿里山烏龍茶禮盒經典款特大容量家庭號小盒", "[\"4710000000007\"]");
	stock_product(hall, "W", "Water", "[]");
	stock_product(
		hall, "X-0123456789-0123456789-0123456789-0123", "Gift", "[\"4710000000014\"]");
	open_sheet(hall, "scope=full");
	snprintf(what, sizeof what, "stocktake_lines stocktake=%s sku=TE0401", hall->number);
	assert_int_equal(read_pages(hall, exported(hall, what, "sheet.txt"), &pages), 1);
	assert_non_null(
		strstr(text_get(&hall->file), "\nTE0401  Oolong tea from Alishan in a gift box,"));
	assert_non_null(strstr(text_get(&hall->file), "]\n        large\n"));
	assert_non_null(strstr(text_get(&hall->file), "\nSKU     Product "));
	snprintf(what, sizeof what, "stocktakes %s", hall->number);
	assert_int_equal(read_pages(hall, exported(hall, what, "sheet.txt"), &pages), 6);
	/* The longest takes its own line's room only. */
	assert_non_null(strstr(text_get(&hall->file), "\nW                     Water  "));
	assert_non_null(strstr(text_get(&hall->file), "\n                      Gift\n"));
	assert_non_null(strstr(text_get(&hall->file), " small\n"));
	assert_non_null(strstr(text_get(&hall->file), "小盒\n"));
	assert_null(strstr(text_get(&hall->file), "…"));
}

static void pages_are_numbered_again_when_lines_were_added(void **state)
{
	/* Lines that came while it was written are on it, and each page says how many there are in the end. */
	struct hall *hall = *state;
	struct view_query query = {.view = view_find("stocktake_lines")};
	char path[300], error[300];
	struct count_sheet_wish wish = {&query, 480, hall->desk->world.now_ms, path};
	struct count_sheet *sheet;
	int pages;
	FILE *file;
	stock_many(hall, 40);
	open_sheet(hall, "scope=full");
	view_where(&query, "stocktake", hall->id);
	snprintf(path, sizeof path, "%s/grown.txt", hall->desk->folder);
	sheet = count_sheet_open(cache_of(hall), &wish, error, sizeof error);
	assert_non_null(sheet);
	assert_true(count_sheet_rows(sheet, cache_of(hall), 10));
	for (int i = 0; i < 30; i++) {
		char sku[20];
		snprintf(sku, sizeof sku, "Q%06d", i);
		stock_product(hall, sku, "Late", "[]");
	}
	while (count_sheet_rows(sheet, cache_of(hall), 10))
		;
	assert_int_equal(count_sheet_count(sheet), 71);
	assert_true(count_sheet_end(sheet, error, sizeof error));
	file = fopen(path, "rb");
	assert_non_null(file);
	char *bytes = calloc(1, 40000);
	assert_in_range(fread(bytes, 1, 39999, file), 1, 39998);
	fclose(file);
	assert_int_equal(read_pages(hall, bytes, &pages), 71);
	assert_int_equal(pages, 2);
	free(bytes);
}

static void what_is_no_count_sheet_is_said(void **state)
{
	/* Only a stocktake has one; nothing is written for anything else, nor over an older file. */
	struct hall *hall = *state;
	char path[300];
	snprintf(path, sizeof path, "%s/none.txt", hall->desk->folder);
	open_sheet(hall, "scope=full");
	assert_int_equal(desk_runf(hall->desk, cli_export, "stock %s", path), CLI_USAGE);
	assert_non_null(strstr(hall->desk->err, "only a stocktake is written as .txt"));
	assert_int_equal(desk_runf(hall->desk, cli_export, "stocktake_lines %s", path), CLI_USAGE);
	assert_int_equal(desk_runf(hall->desk, cli_export, "stocktakes %s", path), CLI_USAGE);
	assert_int_equal(
		desk_runf(hall->desk, cli_export, "stocktakes STK-1 %s", path), CLI_FAILED);
	assert_non_null(strstr(hall->desk->err, "there is no STK-1 in stocktakes"));
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(
		desk_runf(hall->desk, cli_export, "stocktakes %s /nowhere/at/all.txt", hall->id),
		CLI_FAILED);
	assert_non_null(strstr(hall->desk->err, "/nowhere/at/all.txt cannot be written"));
	assert_int_equal(
		desk_runf(hall->desk, cli_export, "stocktakes %s %s", hall->id, path), CLI_APPLIED);
	hall->desk->cli.force = false;
	assert_int_equal(
		desk_runf(hall->desk, cli_export, "stocktakes %s %s", hall->id, path), CLI_FAILED);
	assert_non_null(strstr(hall->desk->err, "is there already"));
}

static void a_full_disk_leaves_no_half_a_sheet(void **state)
{
	/* Where the disk takes no more it is said, and nothing is left there. */
	struct hall *hall = *state;
	char path[300], beside[360];
	struct rlimit limit, small;
	enum cli_exit code;
	stock_many(hall, 900);
	open_sheet(hall, "scope=full");
	snprintf(path, sizeof path, "%s/full.txt", hall->desk->folder);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = (struct rlimit){20000, limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	code = desk_runf(hall->desk, cli_export, "stocktakes %s %s", hall->number, path);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(code, CLI_FAILED);
	assert_non_null(strstr(hall->desk->err, "full.txt cannot be written: "));
	snprintf(beside, sizeof beside, "%s.%ld.part", path, (long)getpid());
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_not_equal(access(beside, F_OK), 0);
}

/* ---- blind ---- */

static void a_blind_sheet_shows_no_book(void **state)
{
	/* While a blind sheet is counted no list, document or file of it holds a figure of the book. */
	struct hall *hall = *state;
	static const char *const lists[] = {"stocktakes ", "stocktake_lines stocktake=",
		"stocktake_lines is=counted stocktake=", "count_entries stocktake="};
	char what[200];
	stock_product(hall, "T1", "Tea", "[]");
	open_sheet(hall, "scope=full blind=true");
	assert_int_equal(desk_runf(hall->desk, cli_do,
				 "stocktake.count stocktake=%s sku=T1 qty=3 mode=set", hall->id),
		CLI_QUEUED);
	assert_null(strstr(hall->desk->out, BOOK_TEXT));
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		snprintf(what, sizeof what, "%s%s", lists[i], hall->number);
		assert_non_null(strstr(exported(hall, what, "list.csv"), "T1"));
		assert_null(strstr(text_get(&hall->file), BOOK_TEXT));
		/* The difference would tell it just as well. */
		assert_null(strstr(text_get(&hall->file), "987651"));
		for (int json = 0; json < 2; json++) {
			hall->desk->cli.json = json;
			assert_int_equal(desk_run(hall->desk, cli_show, what), CLI_APPLIED);
			assert_non_null(strstr(hall->desk->out, "T1"));
			assert_null(strstr(hall->desk->out, BOOK_TEXT));
			assert_null(strstr(hall->desk->out, "987651"));
		}
		hall->desk->cli.json = false;
	}
}

/* ---- amounts ---- */

static void amounts_are_written_for_people(void **state)
{
	/* Price and value are amounts in tables and files, as in reports; JSON has whole minor units. */
	struct hall *hall = *state;
	char what[200];
	stock_product(hall, "T1", "Tea", "[]");
	db_run(cache_of(hall), "UPDATE product SET price = 7250 WHERE sku = 'T1'", "");
	open_sheet(hall, "scope=full");
	assert_int_equal(
		desk_runf(hall->desk, cli_do,
			"stocktake.count stocktake=%s sku=T1 qty=987650 mode=set", hall->id),
		CLI_QUEUED);
	snprintf(what, sizeof what, "stocktake_lines stocktake=%s sku=T1", hall->number);
	assert_non_null(strstr(exported(hall, what, "lines.csv"), ",-4,72.5,-290,"));
	assert_int_equal(desk_run(hall->desk, cli_show, what), CLI_APPLIED);
	assert_non_null(strstr(hall->desk->out, " 72.5 "));
	assert_non_null(strstr(hall->desk->out, " -290 "));
	assert_non_null(strstr(exported(hall, "products", "products.csv"), ",72.5,"));
	hall->desk->cli.json = true;
	assert_int_equal(desk_run(hall->desk, cli_show, what), CLI_APPLIED);
	assert_non_null(strstr(hall->desk->out, "\"price\":7250,\"value\":-29000,"));
	assert_int_equal(desk_run(hall->desk, cli_show, "products T1"), CLI_APPLIED);
	assert_non_null(strstr(hall->desk->out, "\"price\":7250,"));
	hall->desk->cli.json = false;
}

/* ---- order ---- */

static void lines_are_sorted_as_asked(void **state)
{
	/* Lines are printed and written by the size of their difference if that is asked for, and by SKU if not. */
	struct hall *hall = *state;
	char what[200];
	const char *rows;
	stock_product(hall, "T1", "Tea", "[]");
	stock_product(hall, "T2", "Tea", "[]");
	open_sheet(hall, "scope=full");
	assert_int_equal(
		desk_runf(hall->desk, cli_do,
			"stocktake.count stocktake=%s sku=T1 qty=987650 mode=set", hall->id),
		CLI_QUEUED);
	assert_int_equal(
		desk_runf(hall->desk, cli_do,
			"stocktake.count stocktake=%s sku=T2 qty=987660 mode=set", hall->id),
		CLI_QUEUED);
	snprintf(what, sizeof what, "stocktake_lines stocktake=%s", hall->number);
	rows = exported(hall, what, "lines.csv");
	assert_true(strstr(rows, "\nT1,") < strstr(rows, "\nT2,"));
	snprintf(what, sizeof what, "stocktake_lines stocktake=%s sort=difference", hall->number);
	rows = exported(hall, what, "lines.csv");
	assert_true(strstr(rows, "\nT2,") < strstr(rows, "\nT1,"));
	assert_int_equal(desk_run(hall->desk, cli_show, what), CLI_APPLIED);
	assert_true(strstr(hall->desk->out, "\nT2 ") < strstr(hall->desk->out, "\nT1 "));
	snprintf(what, sizeof what, "stocktake_lines stocktake=%s sort=colour", hall->number);
	assert_int_equal(desk_run(hall->desk, cli_show, what), CLI_USAGE);
	assert_non_null(strstr(hall->desk->err, "cannot be sorted by colour, but by: difference"));
}

static void a_long_document_is_shown_with_all_its_lines(void **state)
{
	/* A sheet of more lines than a window has them all, as a table and in one JSON object. */
	struct hall *hall = *state;
	struct desk *desk = hall->desk;
	const char *at;
	char error[200];
	cJSON *json;
	int rows = 0;
	stock_many(hall, 1200);
	open_sheet(hall, "scope=full");
	assert_int_equal(
		desk_runf(hall->desk, cli_show, "stocktakes %s", hall->number), CLI_APPLIED);
	assert_non_null(strstr(desk->out, "status      In count\n"));
	assert_non_null(strstr(desk->out, "blind       no\n"));
	assert_null(strstr(desk->out, "Z\n")); /* times are the store's */
	at = strstr(desk->out, "\n\nlines\nsku  ");
	assert_non_null(at);
	while ((at = strstr(at, "\nP00")) != NULL)
		at++, rows++;
	assert_int_equal(rows, 1200);
	desk->cli.json = true;
	assert_int_equal(
		desk_runf(hall->desk, cli_show, "stocktakes %s", hall->number), CLI_APPLIED);
	json = json_parse(desk->out, strlen(desk->out) - 1, error, sizeof error);
	assert_non_null(json);
	assert_string_equal(json_text(json, "number"), hall->number);
	assert_int_equal(cJSON_GetArraySize(json_list(json, "lines")), 1201);
	cJSON_Delete(json);
	desk->cli.json = false;
}

/* ---- words ---- */

static void speak(const char *language)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("LANGUAGE", language, 1);
	i18n_start();
}

static void words_are_those_of_the_screen(void **state)
{
	/* What is printed for a person has statuses in their language; files and JSON have identifiers. */
	struct hall *hall = *state;
	struct desk *desk = hall->desk;
	open_sheet(hall, "scope=full");
	speak("zh_TW");
	assert_int_equal(desk_runf(hall->desk, cli_show, "stocktakes"), CLI_APPLIED);
	assert_non_null(strstr(desk->out, " 盤點中 "));
	assert_non_null(strstr(desk->out, " 全部盤點 "));
	assert_int_equal(
		desk_runf(hall->desk, cli_show, "stocktakes %s", hall->number), CLI_APPLIED);
	assert_non_null(strstr(desk->out, " 盤點中\n"));
	desk->cli.json = true;
	assert_int_equal(desk_runf(hall->desk, cli_show, "stocktakes"), CLI_APPLIED);
	assert_non_null(strstr(desk->out, "\"status\":\"counting\""));
	desk->cli.json = false;
	assert_non_null(strstr(exported(hall, "stocktakes", "list.csv"), ",counting,"));
	speak("en");
	assert_int_equal(desk_runf(hall->desk, cli_show, "stocktakes"), CLI_APPLIED);
	assert_non_null(strstr(desk->out, " In count "));
}

static void a_report_has_words_too(void **state)
{
	/* A status in a printed report is a word of the person's language. */
	struct hall *hall = *state;
	struct db *cache = cache_of(hall);
	db_run(cache,
		"INSERT INTO movement (id, out_number, in_number, status, from_store, to_store, created_at) "
		"VALUES ('m1', 'OUT-1', 'IN-1', 'shipped', 'xinyi', 'ximen', $1)",
		"i", hall->desk->cli.now_ms);
	db_run(cache,
		"INSERT INTO movement_line (movement, no, sku, from_store, to_store, ordered, shipped, received, "
		"written_off, sent_back) VALUES ('m1', 1, 'A1', 'xinyi', 'ximen', 2000, 2000, 0, 0, 0)",
		"");
	assert_int_equal(db_failed(cache), DB_OK);
	speak("zh_TW");
	assert_int_equal(desk_runf(hall->desk, cli_report, "in_transit"), CLI_APPLIED);
	speak("en");
	assert_non_null(strstr(hall->desk->out, "OUT-1"));
	assert_non_null(strstr(hall->desk->out, " 在途 "));
	assert_null(strstr(hall->desk->out, "shipped"));
	assert_int_equal(desk_runf(hall->desk, cli_report, "in_transit"), CLI_APPLIED);
	assert_non_null(strstr(hall->desk->out, "On the way"));
}

static void nobodys_products_have_a_row(void **state)
{
	/* What was corrected of products without a vendor stands in a row of its own, named by a dash. */
	struct hall *hall = *state;
	struct db *cache = cache_of(hall);
	open_sheet(hall, "scope=full");
	db_run(cache, "UPDATE stocktake SET status = 'corrected', ended_at = $1", "i",
		hall->desk->cli.now_ms);
	db_run(cache,
		"INSERT INTO stocktake_line (stocktake, store, sku, book, counted, posted, round) "
		"VALUES ($1, 'xinyi', 'NOBODYS', 5000, 2000, -3000, 1)",
		"t", hall->id);
	db_run(cache,
		"INSERT INTO ledger (id, store, sku, qty, reason, doc_kind, doc, at) VALUES ('g1', 'xinyi', "
		"'NOBODYS', -3000, 'correction', 'stocktake', $1, $2)",
		"ti", hall->id, hall->desk->cli.now_ms);
	assert_int_equal(db_failed(cache), DB_OK);
	assert_int_equal(desk_runf(hall->desk, cli_report, "stocktake_vendors"), CLI_APPLIED);
	assert_non_null(strstr(hall->desk->out, "\n– "));
	assert_non_null(strstr(hall->desk->out, " -3 "));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_sheet_to_count_with_is_printed),
		TEST(codes_are_whole_and_names_give_way),
		TEST(names_are_whole),
		TEST(pages_are_numbered_again_when_lines_were_added),
		TEST(what_is_no_count_sheet_is_said),
		TEST(a_full_disk_leaves_no_half_a_sheet),
		TEST(a_blind_sheet_shows_no_book),
		TEST(amounts_are_written_for_people),
		TEST(lines_are_sorted_as_asked),
		TEST(a_long_document_is_shown_with_all_its_lines),
		TEST(words_are_those_of_the_screen),
		TEST(a_report_has_words_too),
		TEST(nobodys_products_have_a_row),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("stocktakes of the command line", tests, NULL, NULL);
}
