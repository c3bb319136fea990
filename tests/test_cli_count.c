/* Counting on the command line: where a count belongs, how a product and a sheet are named. */
#include "model/catalogue.h"
#include "tests/cli_desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A desk with a full sheet that is counted, and the products P000000 and P000001. */
struct hall {
	struct desk *desk;
	char number[60]; /* of the sheet */
};

static void sheet_do(struct hall *hall, const char *op, const char *fields)
{
	if (desk_runf(hall->desk, cli_do, "%s stocktake=%s%s", op, hall->number, fields) !=
		CLI_QUEUED)
		fail_msg("%s: %s", op, hall->desk->err);
}

static void add_products(struct db *cache)
{
	static const char *const products[][2] = {
		{"P000000", "[\"4710000000000\"]"}, {"P000001", "[\"4710000000017\"]"}};
	for (int i = 0; i < 2; i++) {
		db_run(cache,
			"INSERT INTO product (sku, name, barcodes, price, is_virtual, threshold, backorders) "
			"VALUES ($1, 'Tea', $2, 500, 0, 0, 0)",
			"tt", products[i][0], products[i][1]);
		db_run(cache,
			"INSERT INTO stock (store, sku, on_hand, damaged, in_stock) VALUES ('xinyi', $1, 5000, 0, 1)",
			"t", products[i][0]);
		assert_true(catalogue_index(cache, products[i][0]));
	}
	assert_int_equal(db_failed(cache), DB_OK);
}

static int set_up(void **state)
{
	static struct hall hall;
	void *desk;
	assert_int_equal(desk_open(&desk), 0);
	hall = (struct hall){.desk = desk};
	struct db *cache = hall.desk->world.console.cache;
	add_products(cache);
	assert_int_equal(desk_runf(hall.desk, cli_do, "stocktake.create scope=full"), CLI_QUEUED);
	char *number = db_get_text(cache, "SELECT number FROM stocktake", "");
	snprintf(hall.number, sizeof hall.number, "%s", number);
	free(number);
	sheet_do(&hall, "stocktake.start", "");
	*state = &hall;
	return 0;
}

static int tear_down(void **state)
{
	struct hall *hall = *state;
	void *desk = hall->desk;
	return desk_close(&desk);
}

static void expect_sent(struct hall *hall, const char *part)
{
	char *line = db_get_text(hall->desk->world.console.outbox,
		"SELECT line FROM command ORDER BY n DESC LIMIT 1", "");
	assert_non_null(line);
	if (!strstr(line, part))
		fail_msg("no %s in %s", part, line);
	free(line);
}

static void a_count_says_where_it_belongs(void **state)
{
	/* Counted on the command line, a count carries round and pass as one on the screen does; what is given stays. */
	struct hall *hall = *state;
	sheet_do(hall, "stocktake.count", " sku=P000000 qty=1 mode=set");
	expect_sent(hall, "\"round\":1}");
	sheet_do(hall, "stocktake.finish", " uncounted=leave");
	sheet_do(hall, "stocktake.recount", "");
	sheet_do(hall, "stocktake.claim", " zone=a3");
	sheet_do(hall, "stocktake.count", " sku=P000001 qty=1 mode=add zone=A3");
	expect_sent(hall, "\"round\":2,\"pass\":1}");
	sheet_do(hall, "stocktake.release", " zone=A3");
	sheet_do(hall, "stocktake.claim", " zone=a3 again=true");
	sheet_do(hall, "stocktake.count", " sku=P000001 qty=1 mode=add zone=a3");
	expect_sent(hall, "\"round\":2,\"pass\":2}");
	sheet_do(hall, "stocktake.count", " sku=P000001 qty=1 mode=add zone=a3 pass=1 round=1");
	expect_sent(hall, "\"pass\":1,\"round\":1}");
}

static void a_product_is_named_as_for_a_scanner(void **state)
{
	/* A barcode and an SKU in any case are the product; what nobody knows is counted as it stands. */
	struct hall *hall = *state;
	sheet_do(hall, "stocktake.count", " sku=4710000000000 qty=1 mode=add");
	expect_sent(hall, "\"sku\":\"P000000\"");
	sheet_do(hall, "stocktake.count", " sku=p000001 qty=1 mode=add");
	expect_sent(hall, "\"sku\":\"P000001\"");
	sheet_do(hall, "stocktake.count", " sku=nobody's qty=1 mode=add");
	expect_sent(hall, "\"sku\":\"nobody's\"");
	sheet_do(hall, "stocktake.resolve", " code=nobody's sku=p000001");
	expect_sent(hall, "\"sku\":\"P000001\"");
}

static void a_document_takes_no_filter_of_its_list(void **state)
{
	/* Filters and orders beside a document's name are refused, not dropped: no file is made of other rows. */
	struct hall *hall = *state;
	const char *number = hall->number;
	char path[300];
	snprintf(path, sizeof path, "%s/lines.csv", hall->desk->folder);
	assert_int_equal(
		desk_runf(hall->desk, cli_export, "stocktakes %s status=new %s", number, path),
		CLI_USAGE);
	assert_non_null(strstr(hall->desk->err, "status"));
	assert_non_null(strstr(hall->desk->err, "stocktake_lines"));
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(
		desk_runf(hall->desk, cli_export, "stocktakes %s sort=number %s", number, path),
		CLI_USAGE);
	assert_int_equal(
		desk_runf(hall->desk, cli_show, "stocktakes %s status=new", number), CLI_USAGE);
	assert_int_equal(
		desk_runf(hall->desk, cli_show, "stocktakes %s sort=number", number), CLI_USAGE);
	hall->desk->cli.store = "xinyi";
	assert_int_equal(
		desk_runf(hall->desk, cli_export, "stocktakes %s limit=1 %s", number, path),
		CLI_APPLIED);
	assert_int_equal(desk_runf(hall->desk, cli_show, "stocktakes %s", number), CLI_APPLIED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_count_says_where_it_belongs),
		TEST(a_product_is_named_as_for_a_scanner),
		TEST(a_document_takes_no_filter_of_its_list),
	};
	return cmocka_run_group_tests_name("counting on the command line", tests, NULL, NULL);
}
