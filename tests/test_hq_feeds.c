/* What a console pulls is what its stores are in: complete, in order, and nothing of other stores. */
#include "feed_copy.h"

#include "model/json.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two shops hold the document between them, each its own stock, and neither the other's. */
static void test_two_devices(void **state)
{
	struct hq_fixture *f = *state;
	struct copy xinyi = {.cursor = ""}, ximen = {.cursor = ""};
	char a[HQ_SECRET_SIZE], b[HQ_SECRET_SIZE], name[100];

	hq_enrol(f, "xinyi", a);
	hq_enrol(f, "ximen", b);
	assert_int_equal(copy_pull(f, a, &xinyi, 1000), 200);
	hq_do(f, "outbound.create", "xinyi", "{'to':'ximen','lines':[{'sku':'A1','qty':4}]}");
	snprintf(name, sizeof(name), "movement[\"%s\"]", f->id);
	assert_int_equal(copy_pull(f, a, &xinyi, 1000), 200);
	assert_int_equal(copy_pull(f, b, &ximen, 1000), 200);
	assert_non_null(copy_row(&xinyi, name));
	assert_string_equal(copy_row(&xinyi, name), copy_row(&ximen, name));
	assert_non_null(copy_row(&xinyi, "stock[\"xinyi\",\"A1\"]"));
	assert_null(copy_row(&xinyi, "stock[\"ximen\",\"A1\"]"));
	assert_null(copy_row(&ximen, "stock[\"xinyi\",\"A1\"]"));
	assert_null(copy_row(&ximen, "staff[\"chen\"]"));
	copy_check_sums(&xinyi);
	copy_check_sums(&ximen);
	copy_free(&xinyi);
	copy_free(&ximen);
}

/* Pages of one row give the same copy and the same sums as one page of all. */
static void test_small_pages(void **state)
{
	struct hq_fixture *f = *state;
	struct copy whole = {.cursor = ""}, bits = {.cursor = ""};

	assert_int_equal(copy_pull(f, f->token, &whole, 1000), 200);
	assert_int_equal(copy_pull(f, f->token, &bits, 1), 200);
	assert_int_equal(whole.pages, 1);
	assert_int_equal(bits.pages, whole.lines);
	assert_int_equal(bits.count, whole.count);
	assert_string_equal(bits.cursor, whole.cursor);
	for (int i = 0; i < whole.count; i++)
		assert_string_equal(copy_row(&bits, whole.rows[i].name), whole.rows[i].json);
	copy_check_sums(&bits);
	copy_free(&whole);
	copy_free(&bits);
}

/* Work between two pages is in the copy when the last page says so. */
static void test_work_between_pages(void **state)
{
	struct hq_fixture *f = *state;
	struct copy copy = {.cursor = ""};

	assert_int_equal(hq_get(f, f->token, "/v1/changes?limit=3"), 200);
	assert_true(copy_take_page(f, &copy));
	hq_do(f, "product.put", NULL, "{'sku':'A1','name':'Better tea'}");
	hq_do(f, "stock.adjust", "xinyi",
		"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':5}]}");
	assert_int_equal(copy_pull(f, f->token, &copy, 3), 200);
	assert_non_null(strstr(copy_row(&copy, "product[\"A1\"]"), "Better tea"));
	assert_non_null(strstr(copy_row(&copy, "stock[\"xinyi\",\"A1\"]"), "\"on_hand\":15"));
	copy_check_sums(&copy);
	copy_free(&copy);
}

/* A row changed many times is sent once, as it is now. */
static void test_newest_position_only(void **state)
{
	struct hq_fixture *f = *state;
	struct copy copy = {.cursor = ""};
	int before;

	assert_int_equal(copy_pull(f, f->token, &copy, 1000), 200);
	before = copy.lines;
	for (int i = 0; i < 5; i++)
		hq_do(f, "product.put", NULL, "{'sku':'A1','name':'Tea again'}");
	assert_int_equal(copy_pull(f, f->token, &copy, 1000), 200);
	assert_int_equal(copy.lines, before + 1);
	copy_check_sums(&copy);
	copy_free(&copy);
}

/* Staff who move to another shop leave the first one's copy as a null row, and come to the other's. */
static void test_row_leaves_a_feed(void **state)
{
	struct hq_fixture *f = *state;
	struct copy xinyi = {.cursor = ""}, ximen = {.cursor = ""}, both = {.cursor = ""};
	char a[HQ_SECRET_SIZE], b[HQ_SECRET_SIZE], c[HQ_SECRET_SIZE];

	hq_enrol(f, "xinyi", a);
	hq_enrol(f, "ximen", b);
	hq_enrol(f, "xinyi,ximen", c);
	assert_int_equal(copy_pull(f, a, &xinyi, 1000), 200);
	assert_int_equal(copy_pull(f, c, &both, 1000), 200);
	hq_do(f, "staff.put", NULL, "{'id':'lee','name':'Lee','role':'clerk','stores':['ximen']}");
	assert_int_equal(copy_pull(f, a, &xinyi, 1000), 200);
	assert_int_equal(copy_pull(f, b, &ximen, 1000), 200);
	assert_int_equal(copy_pull(f, c, &both, 1000), 200);
	assert_null(copy_row(&xinyi, "staff[\"lee\"]"));
	assert_non_null(copy_row(&ximen, "staff[\"lee\"]"));
	assert_non_null(copy_row(&both, "staff[\"lee\"]"));
	copy_check_sums(&xinyi);
	copy_check_sums(&ximen);
	copy_check_sums(&both);
	copy_free(&xinyi);
	copy_free(&ximen);
	copy_free(&both);
}

/* A tombstone is remembered for 45 days; a cursor from before it then has to resync, a pull from
 * nothing has not, however many pages it takes. */
static void test_old_cursor_resyncs(void **state)
{
	struct hq_fixture *f = *state;
	struct copy old = {.cursor = ""}, fresh = {.cursor = ""};
	char device[HQ_SECRET_SIZE];

	hq_enrol(f, "xinyi", device);
	assert_int_equal(copy_pull(f, device, &old, 1000), 200);
	hq_do(f, "staff.put", NULL, "{'id':'lee','name':'Lee','role':'clerk','stores':['ximen']}");
	f->now_ms += 44 * INT64_C(24) * 3600 * 1000;
	hq_do(f, "product.put", NULL, "{'sku':'A2','name':'Cup'}");
	char cursor[600];

	snprintf(cursor, sizeof(cursor), "%s", old.cursor);
	assert_int_equal(copy_pull(f, device, &old, 1000), 200);
	f->now_ms += 2 * INT64_C(24) * 3600 * 1000;
	hq_do(f, "product.put", NULL, "{'sku':'A3','name':'Pot'}");
	assert_int_equal(copy_pull(f, device, &old, 1000), 200);
	copy_check_sums(&old);
	snprintf(old.cursor, sizeof(old.cursor), "%s", cursor);
	assert_int_equal(copy_pull(f, device, &old, 1000), 410);
	assert_true(hq_says(f, "resync"));
	assert_int_equal(copy_pull(f, device, &fresh, 1), 200);
	copy_check_sums(&fresh);
	copy_free(&old);
	copy_free(&fresh);
}

/* A cursor of other feeds resyncs; one ahead of HQ or of another epoch tells that HQ was restored. */
static void test_foreign_cursors(void **state)
{
	struct hq_fixture *f = *state;
	struct copy copy = {.cursor = ""};
	char device[HQ_SECRET_SIZE], target[700];

	hq_enrol(f, "xinyi", device);
	assert_int_equal(copy_pull(f, f->token, &copy, 1000), 200);
	snprintf(target, sizeof(target), "/v1/changes?after=%s", copy.cursor);
	assert_int_equal(hq_get(f, device, target), 410);
	hq_do(f, "store.put", NULL, "{'id':'tainan','name':'Tainan','kind':'shop','enabled':true}");
	assert_int_equal(hq_get(f, f->token, target), 410);
	assert_int_equal(hq_get(f, device, "/v1/changes?after=rubbish"), 400);
	copy_free(&copy);

	assert_int_equal(copy_pull(f, device, &copy, 1000), 200);
	snprintf(target, sizeof(target), "/v1/changes?after=%s9", copy.cursor);
	assert_int_equal(hq_get(f, device, target), 409);
	hq_sql(f, "UPDATE meta SET value = 'another' WHERE name = 'epoch'");
	hq_fixture_reopen(f);
	snprintf(target, sizeof(target), "/v1/changes?after=%s", copy.cursor);
	assert_int_equal(hq_get(f, device, target), 409);
	assert_true(hq_says(f, "epoch_changed"));
	copy_free(&copy);
}

/* A console that knows another epoch is told so, and nothing it sent is done; hello still answers. */
static void test_epoch_header(void **state)
{
	struct hq_fixture *f = *state;
	char *line = hq_line(f, "product.put", NULL, "x", "{'sku':'G1','name':'Glass'}");

	f->epoch = "another";
	assert_int_equal(hq_ask(f, f->token, "POST", "/v1/commands", line), 409);
	assert_true(hq_says(f, hq_epoch(f->hq)));
	assert_int_equal(hq_get(f, f->token, "/v1/changes"), 409);
	assert_int_equal(hq_get(f, f->token, "/v1/hello"), 200);
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM product WHERE sku = 'G1'"), 0);
	f->epoch = hq_epoch(f->hq);
	assert_int_equal(hq_ask(f, f->token, "POST", "/v1/commands", line), 200);
	free(line);
}

/* A page is compressed for those who accept it. */
static void test_gzip(void **state)
{
	struct hq_fixture *f = *state;

	f->accept = "zstd, gzip;q=0.5";
	assert_int_equal(hq_get(f, f->token, "/v1/changes"), 200);
	assert_true(f->answer.gzip);
	assert_memory_equal(text_get(&f->answer.body), "\x1f\x8b", 2);
	f->accept = "gzip;q=0";
	assert_int_equal(hq_get(f, f->token, "/v1/changes"), 200);
	assert_false(f->answer.gzip);
}

/* A database of the version before gets what it lacks; rows that look different then are sent anew, and
 * the sums agree with what is sent. */
static void test_an_older_database(void **state)
{
	struct hq_fixture *f = *state;
	struct copy copy = {.cursor = ""};

	assert_int_equal(copy_pull(f, f->token, &copy, 1000), 200);
	copy.lines = 0;
	hq_sql(f,
		"DROP TABLE transfer; DROP TABLE transfer_line; ALTER TABLE store DROP COLUMN day_minutes;"
		" ALTER TABLE history DROP COLUMN device;"
		" UPDATE feed SET hash = hash + 1 WHERE tbl = 'store';"
		" UPDATE feed_head SET sum = sum + (SELECT COUNT(*) FROM store) WHERE feed = 'catalogue';"
		" PRAGMA user_version = 1");
	hq_fixture_reopen(f);
	assert_int_equal(copy_pull(f, f->token, &copy, 1000), 200);
	assert_int_equal(copy.lines, hq_sql_int(f, "SELECT COUNT(*) FROM store"));
	copy_check_sums(&copy);
	hq_do(f, "transfer.request", "ximen", "{'from':'xinyi','lines':[{'sku':'A1','qty':1}]}");
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM history WHERE device IS NULL"), 1);
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM meta WHERE name LIKE 'restamp%'"), 0);
	copy_free(&copy);
}

/* Counts of a database from before zones were counted in passes are of the first pass, and their lines were
 * counted when the last of them was made: a scan more only adds to them. */
static void test_counts_of_an_older_database(void **state)
{
	struct hq_fixture *f = *state;
	char data[200];

	hq_do(f, "stocktake.create", "xinyi", "{'scope':'full'}");
	assert_int_equal(hq_get(f, f->token, "/v1/stocktakes"), 200);
	cJSON *list = hq_body(f);
	const char *sheet = json_text(cJSON_GetArrayItem(list, 0), "id");
	assert_non_null(sheet);
	snprintf(data, sizeof(data), "{'stocktake':'%s'}", sheet);
	hq_do(f, "stocktake.start", "xinyi", data);
	snprintf(data, sizeof(data), "{'stocktake':'%s','sku':'A1','qty':2,'mode':'add'}", sheet);
	cJSON_Delete(list);
	hq_do(f, "stocktake.count", "xinyi", data);
	hq_sql(f,
		"DROP INDEX count_entry_zone; DROP INDEX stocktake_line_counted_at; ALTER TABLE count_entry DROP COLUMN pass; DROP TABLE count_zone;"
		" ALTER TABLE stocktake_line DROP COLUMN counted_at; PRAGMA user_version = 3");
	hq_fixture_reopen(f);
	assert_int_equal(hq_sql_int(f, "SELECT pass FROM count_entry"), 1);
	assert_int_equal(
		hq_sql_int(f,
			"SELECT count(*) FROM stocktake_line l JOIN count_entry e ON e.sku = l.sku"
			" WHERE l.counted_at = e.at"),
		1);
	hq_do(f, "stocktake.count", "xinyi", data);
	assert_int_equal(hq_sql_int(f, "SELECT counted FROM stocktake_line"), 4000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hq_fixture_open, hq_fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_two_devices),
		TEST(test_small_pages),
		TEST(test_work_between_pages),
		TEST(test_newest_position_only),
		TEST(test_row_leaves_a_feed),
		TEST(test_old_cursor_resyncs),
		TEST(test_foreign_cursors),
		TEST(test_epoch_header),
		TEST(test_gzip),
		TEST(test_an_older_database),
		TEST(test_counts_of_an_older_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
