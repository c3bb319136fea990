#include "model/import.h"

#include "model/catalogue.h"
#include "model/json.h"
#include "model/text.h"
#include "tests/folder.h"
#include "tests/model_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct desk {
	struct fixture fixture;
	char folder[200], path[300];
	int percent;
};

static int setup(void **state)
{
	static struct desk desk;
	memset(&desk, 0, sizeof desk);
	fixture_open(&desk.fixture);
	fixture_sql(&desk.fixture, "UPDATE store SET name = '信義店' WHERE id = 'xinyi'");
	fixture_sql(&desk.fixture, "UPDATE store SET name = '西門店' WHERE id = 'ximen'");
	folder_make(desk.folder, sizeof desk.folder);
	snprintf(desk.path, sizeof desk.path, "%s/orders.csv", desk.folder);
	*state = &desk;
	return 0;
}

static int teardown(void **state)
{
	struct desk *desk = *state;
	folder_remove(desk->folder);
	fixture_close(&desk->fixture);
	return 0;
}

/* As the console judges: the command runs and is undone. */
static bool judge(
	void *ctx, const char *op, cJSON *data, char reason[IMPORT_REASON_SIZE], const char **kind)
{
	struct desk *desk = ctx;
	char *json = cJSON_PrintUnformatted(data);
	desk->fixture.rehearses = true;
	struct verdict verdict = fixture_run(&desk->fixture, op, "xinyi", "lin", json);
	bool good = verdict.refusal == REFUSAL_NONE;
	snprintf(reason, IMPORT_REASON_SIZE, "%.*s", IMPORT_REASON_SIZE - 1, verdict.message);
	*kind = refusal_code(verdict.refusal);
	verdict_free(&verdict);
	cJSON_free(json);
	cJSON_Delete(data);
	return good;
}

static struct db *db_of(void *ctx)
{
	return ((struct desk *)ctx)->fixture.db;
}

#define HEADINGS "預計到貨日,來源,目的,品名,品號,數量\n"

static bool read_text(struct desk *desk, const char *text, struct import *import, char error[300])
{
	struct import_from from = {
		.db = db_of, .store = "xinyi", .path = desk->path, .judge = judge, .ctx = desk};
	FILE *file = fopen(desk->path, "wb");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	struct import_reading *reading = import_open(import, &from, error, 300);
	assert_non_null(reading);
	desk->percent = 0;
	while (import_step(reading)) {
		assert_true(import_percent(reading) >= desk->percent);
		desk->percent = import_percent(reading);
	}
	return import_close(reading);
}

static void expect_order(const struct import *import, int at, const char *op, const char *data)
{
	assert_true(at < import->order_count);
	assert_string_equal(import->orders[at].op, op);
	cJSON *json = import_data(&import->orders[at]);
	char *text = cJSON_PrintUnformatted(json);
	for (char *c = text; *c; c++)
		*c = *c == '"' ? '\'' : *c;
	assert_string_equal(text, data);
	cJSON_free(text);
	cJSON_Delete(json);
}

static void rows_become_orders(void **state)
{
	/* Rows of one date and one way make one document; commas make one for each destination. */
	struct desk *desk = *state;
	struct import import;
	char error[300];
	assert_true(read_text(desk,
		HEADINGS "2026-12-01,,ximen,,A1,3\n"
			 "2026/12/1,信義店,\"西門店,ec\",,A2,0.5\n"
			 "115/12/2,,ximen,,A1,1\n"
			 "１１５/１２/２,,ｘｉｍｅｎ,,Ａ３,１２\n"
			 "2026-12-03,西門店,,,A1,7\n"
			 "2026-12-03,Luma Foods,xinyi,,B1,9\n",
		&import, error));
	assert_int_equal(import.bad_count, 0);
	assert_int_equal(import.rows, 6);
	assert_int_equal(import.lines, 7);
	assert_int_equal(import.order_count, 5);
	expect_order(&import, 0, "outbound.create",
		"{'to':'ximen','expected_on':'2026-12-01','lines':[{'sku':'A1','qty':3},{'sku':'A2','qty':0.5}]}");
	expect_order(&import, 1, "outbound.create",
		"{'to':'ec','expected_on':'2026-12-01','lines':[{'sku':'A2','qty':0.5}]}");
	expect_order(&import, 2, "outbound.create",
		"{'to':'ximen','expected_on':'2026-12-02','lines':[{'sku':'A1','qty':1},{'sku':'A3','qty':12}]}");
	expect_order(&import, 3, "transfer.request",
		"{'from':'ximen','expected_on':'2026-12-03','lines':[{'sku':'A1','qty':7}]}");
	expect_order(&import, 4, "inbound.create",
		"{'third_party':'Luma Foods','expected_on':'2026-12-03','lines':[{'sku':'B1','qty':9}]}");
	assert_int_equal(desk->percent, 100);
	import_free(&import);
}

/* Kinds of bad rows; the fixture knows B1, but no store has it. */
static const struct {
	const char *row, *reason;
} bad_rows[] = {
	{",,ximen,,A1,1", "the expected date is missing"},
	{"2026-02-30,,ximen,,A1,1", "2026-02-30 is no date"},
	{"26/12/01,,ximen,,A1,1", "26/12/01 is no date: write 2026-12-01 or 115-12-01"},
	{"1999-12-31,,ximen,,A1,1", "1999-12-31 is not between 2000-01-01 and 2100-12-31"},
	{"2101-01-01,,ximen,,A1,1", "2101-01-01 is not between"},
	{"2026-12-01,,ximen,,,1", "the SKU is missing"},
	{"2026-12-01,,ximen,,Z9,1", "no product Z9"},
	{"2026-12-01,,ximen,,B1,1", "has no B1"},
	{"2026-12-01,,ximen,,A1,-2", "-2 is no quantity above 0"},
	{"2026-12-01,,,,A1,1", "the destination is missing"},
	{"2026-12-01,,nowhere,,A1,1", "there is no store nowhere"},
	{"2026-12-01,ximen,ec,,A1,1", "neither source nor destination is this store"},
	{"2026-12-01,,xinyi,,A1,1", "sending store itself"},
};
#define KINDS ((int)(sizeof bad_rows / sizeof *bad_rows))

static void every_bad_row_is_named(void **state)
{
	/* A file with bad rows of every kind among good ones names all of them, each with its row and reason. */
	struct desk *desk = *state;
	struct text file = TEXT_INIT(TEXT_SMALL);
	struct import import;
	char error[300];
	text_add(&file, HEADINGS);
	for (int i = 0; i < 4 * KINDS; i++)
		text_addf(&file, "%s\n2026-12-%02d,,ec,,A%d,1\n", bad_rows[i % KINDS].row,
			1 + i / 9, 1 + i % 9);
	assert_true(read_text(desk, text_get(&file), &import, error));
	assert_int_equal(import.bad_count, 4 * KINDS);
	assert_int_equal(import.lines, 4 * KINDS);
	for (int i = 0; i < import.bad_count; i++) {
		assert_int_equal(import.bad[i].row, 2 + 2 * i);
		if (!strstr(import.bad[i].reason, bad_rows[i % KINDS].reason))
			fail_msg("row %lld: %s, expected: %s", (long long)import.bad[i].row,
				import.bad[i].reason, bad_rows[i % KINDS].reason);
	}
	import_free(&import);
	text_free(&file);
}

static void a_row_is_taken_whole_or_not(void **state)
{
	/* A product named twice in one order is bad the second time, and one bad destination spoils the row for all. */
	struct desk *desk = *state;
	struct import import;
	char error[300];
	assert_true(read_text(desk,
		HEADINGS "2026-12-01,,ximen,,A1,3\n"
			 "2026-12-01,,\"ec,ximen\",,A1,4\n"
			 "2026-12-01,,\"ec,nowhere\",,A2,4\n",
		&import, error));
	assert_int_equal(import.bad_count, 2);
	assert_int_equal(import.bad[0].row, 3);
	assert_string_equal(import.bad[0].reason, "A1 is in this order already");
	assert_int_equal(import.bad[1].row, 4);
	assert_int_equal(import.order_count, 1);
	assert_int_equal(import.lines, 1);
	import_free(&import);
}

static void a_bad_row_keeps_its_cells_and_kind(void **state)
{
	/* A bad row knows what kind of fault it has and what stood in it, cut where that is very long; rows of
	 * one fault have one kind. */
	struct desk *desk = *state;
	struct text file = TEXT_INIT(TEXT_SMALL);
	struct import import;
	char error[300];
	text_add(&file, HEADINGS "2026-02-30,, ximen ,茶,A1,1\n115/2/30,,ximen,,A1,1\nx,,");
	for (int i = 0; i < 100; i++)
		text_add(&file, "茶");
	text_add(&file, ",,A1,1\n2026-12-01,,ximen,,A1,x\n");
	assert_true(read_text(desk, text_get(&file), &import, error));
	assert_int_equal(import.bad_count, 4);
	assert_string_equal(import.bad[0].kind, "Bad date");
	assert_string_equal(import.bad[1].kind, "Bad date");
	assert_string_equal(import.bad[3].kind, "Bad quantity");
	assert_string_equal(import.bad[0].cells[0], "2026-02-30");
	assert_string_equal(import.bad[0].cells[2], "ximen");
	assert_string_equal(import.bad[0].cells[3], "茶");
	assert_int_equal(strlen(import.bad[2].cells[2]), 40 * strlen("茶"));
	import_free(&import);
	text_free(&file);
}

static void a_store_named_twice_gets_a_line_once(void **state)
{
	/* The same destination twice in one cell, by id and by name, makes one line. */
	struct desk *desk = *state;
	struct import import;
	char error[300];
	assert_true(read_text(
		desk, HEADINGS "2026-12-01,,\"ximen,西門店,ximen\",,A1,3\n", &import, error));
	assert_int_equal(import.bad_count, 0);
	assert_int_equal(import.order_count, 1);
	assert_int_equal(import.lines, 1);
	assert_int_equal(import.orders[0].qty_milli, 3000);
	import_free(&import);
}

static void stores_are_known_by_parts_of_their_names(void **state)
{
	/* A store goes by its id, its name and either part of that, whatever the case, in both columns. */
	struct desk *desk = *state;
	struct import import;
	char error[300];
	fixture_sql(&desk->fixture, "UPDATE store SET name = '信義店 Xinyi' WHERE id = 'xinyi'");
	fixture_sql(&desk->fixture, "UPDATE store SET name = '西門店 Old Town' WHERE id = 'ximen'");
	assert_true(read_text(desk,
		HEADINGS "2026-12-01,信義店,西門店,,A1,3\n"
			 "2026-12-01,XINYI,old town,,A2,3\n"
			 "2026-12-01,信義店　Xinyi,西門店 OLD TOWN,,A3,3\n"
			 "2026-12-03,西門店,xinyi,,A1,7\n"
			 "2026-12-03,XIMEN,信義店,,A2,7\n",
		&import, error));
	assert_int_equal(import.bad_count, 0);
	assert_int_equal(import.order_count, 2);
	assert_string_equal(import.orders[0].store, "ximen");
	assert_int_equal(import.orders[0].line_count, 3);
	assert_string_equal(import.orders[1].op, "transfer.request");
	assert_int_equal(import.orders[1].line_count, 2);
	import_free(&import);
}

static void a_mistyped_store_is_no_third_party(void **state)
{
	/* What looks like a store's name but is none's makes a bad row that tells which may be meant; a
	 * name that only happens to have the letters of an id in it is a third party's. */
	struct desk *desk = *state;
	static const char *const mistyped[] = {"西門", "Xime", "西門店倉庫", "ec shop", "Town"};
	struct import import;
	char error[300], text[300];
	fixture_sql(&desk->fixture, "UPDATE store SET name = 'Towns' WHERE id = 'ec'");
	for (size_t i = 0; i < sizeof mistyped / sizeof *mistyped; i++) {
		snprintf(text, sizeof text, HEADINGS "2026-12-03,%s,,,B1,7\n2026-12-03,,%s,,A1,7\n",
			mistyped[i], mistyped[i]);
		assert_true(read_text(desk, text, &import, error));
		if (import.bad_count != 2 || !strstr(import.bad[0].reason, "did you mean"))
			fail_msg("%s", mistyped[i]);
		assert_string_equal(import.bad[0].kind, "Bad source");
		assert_string_equal(import.bad[1].kind, "Bad destination");
		import_free(&import);
	}
	assert_true(read_text(desk, HEADINGS "2026-12-03,Tech Supplies,,,B1,7\n", &import, error));
	assert_int_equal(import.bad_count, 0);
	assert_string_equal(import.orders[0].third_party, "Tech Supplies");
	import_free(&import);
}

static void a_row_that_cannot_be_read_is_bad(void **state)
{
	/* Bytes that are no text make their own row bad, and the rows around it are taken; of the headings
	 * there is nothing without. */
	struct desk *desk = *state;
	struct import import;
	char error[300];
	assert_true(read_text(desk,
		HEADINGS "2026-12-01,,西門店,茶,A1,1\n2026-12-01,,ximen,\xFF,A2,1\n"
			 "2026-12-01,,ximen,\xE8\x8C,A3,1\n2026-12-01,,ximen,茶,A4,1\n",
		&import, error));
	assert_int_equal(import.rows, 4);
	assert_int_equal(import.lines, 2);
	assert_int_equal(import.bad_count, 2);
	assert_int_equal(import.bad[0].row, 3);
	assert_string_equal(import.bad[0].kind, "Unreadable");
	assert_string_equal(import.bad[0].reason, "it is neither UTF-8 nor Big5");
	assert_string_equal(import.bad[0].cells[4], "A2");
	assert_int_equal(import.bad[1].row, 4);
	import_free(&import);
	assert_false(read_text(desk, "sku,qty,\xFF\n", &import, error));
	assert_string_equal(error, "The first row cannot be read: it is neither UTF-8 nor Big5.");
	import_free(&import);
}

static void cells_beyond_the_headings_are_bad(void **state)
{
	/* A comma without quotes makes a cell too many, and that is no other quantity; blank ones are nothing. */
	struct desk *desk = *state;
	struct import import;
	char error[300];
	assert_true(read_text(desk,
		HEADINGS "2026-12-01,,ximen,,A1,1,000\n"
			 "2026-12-01,,ximen,,A1,\"1,000\"\n"
			 "2026-12-01,,ximen,,A2,2,, \n",
		&import, error));
	assert_int_equal(import.bad_count, 1);
	assert_int_equal(import.bad[0].row, 2);
	assert_non_null(strstr(import.bad[0].reason, "more cells than there are headings"));
	assert_int_equal(import.lines, 2);
	assert_int_equal(import.orders[0].qty_milli, 1002000);
	import_free(&import);
}

static void destinations_are_parted_by_any_comma(void **state)
{
	/* Several destinations may stand between any commas and semicolons a keyboard has. */
	struct desk *desk = *state;
	static const char *const lists[] = {
		"ximen、ec", "西門店，ec", "ximen；ec", "ximen;ec", "ximen、 ec、"};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		char text[300], error[300];
		struct import import;
		snprintf(text, sizeof text, HEADINGS "2026-12-01,,%s,,A1,3\n", lists[i]);
		assert_true(read_text(desk, text, &import, error));
		if (import.bad_count != 0 || import.order_count != 2)
			fail_msg("%s: %d orders", lists[i], import.order_count);
		assert_string_equal(import.orders[0].store, "ximen");
		assert_string_equal(import.orders[1].store, "ec");
		import_free(&import);
	}
}

static void dates_as_people_write_them(void **state)
{
	/* Dates in Chinese, of either calendar, and with a time behind them name the same day. */
	struct desk *desk = *state;
	struct import import;
	char error[300];
	assert_true(read_text(desk,
		HEADINGS "2026年12月1日,,ximen,,A1,3\n民國115年12月1日,,ximen,,A2,3\n"
			 "115年12月1日,,ximen,,A3,3\n2026-12-01 00:00:00,,ximen,,A4,3\n"
			 "２０２６／１２／０１,,ximen,,A5,3\n",
		&import, error));
	assert_int_equal(import.bad_count, 0);
	assert_int_equal(import.order_count, 1);
	assert_string_equal(import.orders[0].expected_on, "2026-12-01");
	import_free(&import);
}

static void an_sku_is_known_whatever_its_case(void **state)
{
	/* A SKU in another case is the product's that alone goes by it; where two do, only the exact one is. */
	struct desk *desk = *state;
	struct import import;
	char error[300];
	fixture_sql(&desk->fixture, "INSERT INTO product (sku, name) VALUES ('Mix-1', 'Mixed')");
	fixture_sql(&desk->fixture, "INSERT INTO product (sku, name) VALUES ('Two', 'One of two')");
	fixture_sql(&desk->fixture, "INSERT INTO product (sku, name) VALUES ('TWO', 'The other')");
	assert_true(catalogue_index_all(desk->fixture.db));
	assert_true(read_text(desk,
		HEADINGS "2026-12-01,,ximen,,a1,3\n2026-12-01,,ximen,,A1,4\n"
			 "2026-12-01,Luma,,,MIX-1,3\n2026-12-01,Luma,,,two,3\n"
			 "2026-12-01,Luma,,,TWO,3\n2026-12-01,Luma,,,ｔｗｏ,3\n",
		&import, error));
	assert_int_equal(import.bad_count, 3);
	assert_string_equal(import.bad[0].reason, "A1 is in this order already");
	assert_int_equal(import.bad[1].row, 5);
	assert_int_equal(import.bad[2].row, 7);
	assert_int_equal(import.order_count, 2);
	assert_string_equal(import.orders[0].lines[0].sku, "A1");
	assert_string_equal(import.orders[1].lines[0].sku, "Mix-1");
	assert_string_equal(import.orders[1].lines[1].sku, "TWO");
	import_free(&import);
}

static void make_all(struct desk *desk, const struct import *import)
{
	for (int i = 0; i < import->order_count; i++) {
		cJSON *data = import_data(&import->orders[i]);
		char *json = cJSON_PrintUnformatted(data);
		desk->fixture.rehearses = false;
		struct verdict verdict = fixture_run(
			&desk->fixture, import->orders[i].op, "xinyi", "lin", json);
		assert_int_equal(verdict.refusal, REFUSAL_NONE);
		verdict_free(&verdict);
		cJSON_free(json);
		cJSON_Delete(data);
	}
}

static void expect_made(struct desk *desk, const char *rows, int made, const char *number)
{
	char text[600], error[300];
	struct import import;
	snprintf(text, sizeof text, HEADINGS "%s", rows);
	assert_true(read_text(desk, text, &import, error));
	import_find_made(&import, desk->fixture.db, "xinyi");
	import_find_made(&import, desk->fixture.db, "xinyi");
	if (import.made_count != made)
		fail_msg("%s: %d made", rows, import.made_count);
	if (number)
		assert_memory_equal(import.orders[0].made, number, strlen(number));
	import_free(&import);
}

static void what_stands_already_is_found(void **state)
{
	/* A document of the same kind, other end, date and lines is the same whoever made it, also where the
	 * file has more lines by now; one that was cancelled or differs in anything is not. */
	struct desk *desk = *state;
	static const char rows[] = "2026-12-01,,ximen,,A1,3\n2026-12-01,,ximen,,A2,4\n"
				   "2026-12-03,ec,,,A1,7\n2026-12-03,Luma,,,B1,0.5\n";
	struct import import;
	char error[300], text[600];
	expect_made(desk, rows, 0, NULL);
	snprintf(text, sizeof text, HEADINGS "%s", rows);
	assert_true(read_text(desk, text, &import, error));
	assert_int_equal(import.order_count, 3);
	make_all(desk, &import);
	import_free(&import);
	expect_made(desk, rows, 3, "OUT-XINYI-");
	expect_made(desk, "2026-12-01,,ximen,,a2,4\n2026-12-01,,ximen,,A1,3\n", 1, "OUT-");
	expect_made(desk, "2026-12-03,Luma,,,B1,0.5\n", 1, "IN-");
	expect_made(desk, "2026-12-03,Luma,,,B1,0.5\n2026-12-03,Luma,,,A1,1\n", 1, "IN-");
	expect_made(desk, "2026-12-01,,ximen,,A1,3\n", 0, NULL);
	expect_made(desk, "2026-12-01,,ximen,,A1,3\n2026-12-01,,ximen,,A2,5\n", 0, NULL);
	expect_made(desk, "2026-12-02,,ximen,,A1,3\n2026-12-02,,ximen,,A2,4\n", 0, NULL);
	expect_made(desk, "2026-12-01,,ec,,A1,3\n2026-12-01,,ec,,A2,4\n", 0, NULL);
	expect_made(desk, "2026-12-03,Lumo,,,B1,0.5\n", 0, NULL);
	fixture_sql(&desk->fixture, "UPDATE movement SET status = 'cancelled'");
	fixture_sql(&desk->fixture, "UPDATE transfer SET status = 'refused'");
	expect_made(desk, rows, 0, NULL);
}

static void reading_can_end_anywhere(void **state)
{
	/* Who stops in the middle of a file gets what was judged so far, and nothing is left over. */
	struct desk *desk = *state;
	struct import_from from = {
		.db = db_of, .store = "xinyi", .path = desk->path, .judge = judge, .ctx = desk};
	struct import import;
	char error[300];
	FILE *file = fopen(desk->path, "wb");
	assert_non_null(file);
	fputs(HEADINGS "2026-12-01,,ximen,,A1,3\n2026-12-01,,ximen,,A2,3\n", file);
	assert_int_equal(fclose(file), 0);
	struct import_reading *reading = import_open(&import, &from, error, sizeof error);
	assert_non_null(reading);
	while (import.rows == 0)
		assert_true(import_step(reading));
	import_close(reading);
	assert_int_equal(import.lines, 1);
	import_free(&import);
}

static void headings_are_needed(void **state)
{
	/* Without the columns that are needed nothing is read; an empty file says so. */
	struct desk *desk = *state;
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"a,b,c\n1,2,3\n", "names no column \"Expected date\""},
		{"Expected date,SKU\n", "names no column \"Quantity\""},
		{"expected_on,sku,qty,to\n", "no rows below"},
		{"", "is empty"},
		{"\"x\n", "never closed"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct import import;
		char error[300];
		assert_false(read_text(desk, cases[i].text, &import, error));
		if (!strstr(error, cases[i].error))
			fail_msg("expected \"%s\" in: %s", cases[i].error, error);
		assert_int_equal(import.order_count, 0);
		import_free(&import);
	}
	assert_string_equal(import_headings()[0], "Expected date");
	assert_null(import_headings()[6]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(rows_become_orders),
		TEST(every_bad_row_is_named),
		TEST(a_row_is_taken_whole_or_not),
		TEST(a_bad_row_keeps_its_cells_and_kind),
		TEST(a_store_named_twice_gets_a_line_once),
		TEST(stores_are_known_by_parts_of_their_names),
		TEST(a_mistyped_store_is_no_third_party),
		TEST(a_row_that_cannot_be_read_is_bad),
		TEST(cells_beyond_the_headings_are_bad),
		TEST(destinations_are_parted_by_any_comma),
		TEST(dates_as_people_write_them),
		TEST(an_sku_is_known_whatever_its_case),
		TEST(what_stands_already_is_found),
		TEST(reading_can_end_anywhere),
		TEST(headings_are_needed),
	};
	return cmocka_run_group_tests_name("batch import", tests, NULL, NULL);
}
