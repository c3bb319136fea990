/* What lists show and find (view.def), as HQ and the command line give them. */
#include "tests/views.h"

#include "model/json.h"
#include "model/stock.h"
#include "model/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* ---- documents straight into the tables: these tests are about reading ---- */

static void add_movement(
	struct fixture *fx, int n, const char *from, const char *to, const char *status)
{
	char id[16], sql[1024];
	snprintf(id, sizeof(id), "m%03d", n);
	snprintf(sql, sizeof(sql),
		"INSERT INTO movement (id, out_number, in_number, from_store, to_store, status, note,"
		" created_at, created_by) VALUES ('%s', 'OUT-%d', 'IN-%d', '%s', '%s', '%s',"
		" 'note 100%% %d', %lld, 'lin')",
		id, n, n, from, to, status, n,
		(long long)(FIXTURE_START_MS + n * INT64_C(86400000)));
	fixture_sql(fx, sql);
}

static void add_line(struct fixture *fx, int movement, const char *sku, const int qty[5])
{
	char sql[1024];
	snprintf(sql, sizeof(sql),
		"INSERT INTO movement_line (movement, sku, no, from_store, to_store, ordered, shipped,"
		" received, written_off, sent_back) SELECT id, '%s', 1, from_store, to_store,"
		" %d, %d, %d, %d, %d FROM movement WHERE id = 'm%03d'",
		sku, qty[0] * 1000, qty[1] * 1000, qty[2] * 1000, qty[3] * 1000, qty[4] * 1000,
		movement);
	fixture_sql(fx, sql);
}

static void add_movements(struct fixture *fx)
{
	add_movement(fx, 1, "xinyi", "ximen", "pending");
	add_movement(fx, 2, "ximen", "xinyi", "shipped");
	add_movement(fx, 3, "ec", "ximen", "accepted");
	add_movement(fx, 4, "ec", "xinyi", "pending");
	add_movement(fx, 12, "xinyi", "ec", "received");
}

/* ---- tests ---- */

static void every_view_reads(void **state)
{
	/* Every view can be listed, counted, ranked and grouped, with each of its filters. */
	struct fixture *fx = *state;
	int count;
	const struct view *views = view_all(&count);
	add_movements(fx);
	for (int v = 0; v < count; v++) {
		for (int f = -1; f < views[v].filter_count; f++) {
			struct view_query query = {.view = &views[v]};
			if (f >= 0)
				view_where(&query, views[v].filters[f].name, "2026-03-02");
			cJSON_Delete(views_list(fx, &query));
			view_count(fx->db, &query);
			db_done(view_group(fx->db, &query, views[v].columns[0].name));
			if (db_failed(fx->db) != DB_OK)
				fail_msg("%s %d: %s", views[v].name, f, db_message(fx->db));
		}
		for (int o = 0; o < views[v].order_count; o++) {
			struct view_query query = {
				.view = &views[v], .order = views[v].orders[o].name};
			assert_true(
				views[v].newest_first || views[v].orders[o].type != COLUMN_TEXT);
			cJSON_Delete(views_list(fx, &query));
		}
	}
}

static void lines_views_exist(void **state)
{
	/* The view and filter each view names for its lines exist, and every key can be read back. */
	(void)state;
	int count;
	const struct view *views = view_all(&count);
	for (int v = 0; v < count; v++) {
		if (!views[v].lines)
			continue;
		const struct view *lines = view_find(views[v].lines);
		assert_non_null(lines);
		bool has = false;
		for (int f = 0; f < lines->filter_count; f++)
			has = has || strcmp(lines->filters[f].name, views[v].lines_by) == 0;
		assert_true(has);
	}
}

static void pages_cover_the_list(void **state)
{
	/* Pages joined by their next key hold every row once, also with keys of two columns. */
	struct fixture *fx = *state;
	struct view_query query = views_query("stock");
	query.limit = 7;
	int seen = 0;
	char last[64] = "", *after = NULL;
	do {
		char *next = NULL;
		query.after = after;
		cJSON *items = views_page(fx, &query, &next);
		const cJSON *item;
		cJSON_ArrayForEach(item, items)
		{
			char key[64];
			snprintf(key, sizeof(key), "%s/%s", json_text(item, "store"),
				json_text(item, "sku"));
			assert_true(strcmp(key, last) > 0);
			memcpy(last, key, sizeof(last));
			seen++;
		}
		cJSON_Delete(items);
		free(after);
		after = next;
	} while (after);
	assert_int_equal(seen, 27);
}

static void movement_filters(void **state)
{
	/* Movements are found by either end, one end, statuses, number, days and words. */
	struct fixture *fx = *state;
	add_movements(fx);
	EXPECT_WHERE(fx, "movements", "store", "xinyi", "id", "m012 m004 m002 m001");
	EXPECT_WHERE(fx, "movements", "from", "xinyi", "id", "m012 m001");
	EXPECT_WHERE(fx, "movements", "to", "xinyi", "id", "m004 m002");
	EXPECT_WHERE(fx, "movements", "to", "xinyi|ec", "id", "m012 m004 m002");
	EXPECT_WHERE(fx, "movements", "status", "pending|shipped", "id", "m004 m002 m001");
	EXPECT_WHERE(fx, "movements", "number", "out-1", "id", "m012 m001");
	EXPECT_WHERE(fx, "movements", "number", "IN-12", "id", "m012");
	EXPECT_WHERE(fx, "movements", "q", "NOTE 100% 3", "id", "m003");
	EXPECT_WHERE(fx, "movements", "q", "n_te", "id", "");
	/* m003 was made on 2026-03-05 at 10:00 in the store. */
	EXPECT_WHERE(fx, "movements", "since", "2026-03-05", "id", "m012 m004 m003");
	EXPECT_WHERE(fx, "movements", "until", "2026-03-05", "id", "m003 m002 m001");
	EXPECT_WHERE(fx, "movements", "until", "2026-03-04", "id", "m002 m001");
	EXPECT_WHERE(fx, "movements", "since", "2026-03-05T10:00:00+08:00", "id", "m012 m004 m003");
	EXPECT_WHERE(fx, "movements", "since", "2026-03-05T10:00:00.001+08:00", "id", "m012 m004");
	EXPECT_WHERE(fx, "movements", "until", "2026-03-05T02:00:00Z", "id", "m003 m002 m001");
}

static void documents_by_what_is_in_them(void **state)
{
	/* Words find documents by the SKU or a part of the name of a line's product, whatever signs are in them; a code in no catalogue too. */
	struct fixture *fx = *state;
	add_movements(fx);
	fixture_sql(fx,
		"INSERT INTO movement_line (movement, sku, no, ordered, unknown) VALUES"
		" ('m001', 'A1', 1, 1000, 0), ('m002', 'A2', 1, 1000, 0), ('m002', 'A1', 2, 1000, 0),"
		" ('m003', 'X9-#7?', 1, 1000, 1), ('m004', 'A3', 1, 1000, 0)");
	fixture_do(fx, "product.put", NULL, "ho", "{'sku':'A1','name':'烏龍茶 Oolong tea'}");
	EXPECT_WHERE(fx, "movements", "q", "Oolong", "id", "m002 m001");
	EXPECT_WHERE(fx, "movements", "q", "烏龍", "id", "m002 m001");
	EXPECT_WHERE(fx, "movements", "q", "a2", "id", "m002");
	EXPECT_WHERE(fx, "movements", "q", "x9-#7?", "id", "m003");
	EXPECT_WHERE(fx, "movements", "q", "#", "id", "m003");
	EXPECT_WHERE(fx, "movements", "q", "\"'*", "id", "");
	char asked[UUID_SIZE];
	snprintf(asked, sizeof(asked), "%s",
		fixture_do(fx, "transfer.request", "ximen", "huang",
			"{'from':'xinyi','lines':[{'sku':'A1','qty':1}]}"));
	EXPECT_WHERE(fx, "transfers", "q", "oolong tea", "id", asked);
	EXPECT_WHERE(fx, "transfers", "q", "green", "id", "");
}

static void transfers_of_either_end(void **state)
{
	/* Transfer orders are found by a store at either end; both filters that ask for it agree. */
	static const char *const filters[] = {"store", "either"};
	struct fixture *fx = *state;
	char asked[UUID_SIZE], asking[UUID_SIZE], both[2 * UUID_SIZE + 1];
	snprintf(asked, sizeof(asked), "%s",
		fixture_do(fx, "transfer.request", "ximen", "huang",
			"{'from':'xinyi','lines':[{'sku':'A1','qty':1}]}"));
	snprintf(asking, sizeof(asking), "%s",
		fixture_do(fx, "transfer.request", "xinyi", "lin",
			"{'from':'ec','lines':[{'sku':'A1','qty':1}]}"));
	snprintf(both, sizeof(both), "%s %s", asking, asked);
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		EXPECT_WHERE(fx, "transfers", filters[i], "xinyi", "id", both);
		EXPECT_WHERE(fx, "transfers", filters[i], "ximen", "id", asked);
		EXPECT_WHERE(fx, "transfers", filters[i], "ec", "id", asking);
	}
}

static void a_day_is_the_stores(void **state)
{
	/* A date in a filter is the local day of the store asked for. */
	struct fixture *fx = *state;
	add_movements(fx);
	fixture_sql(fx, "UPDATE store SET tz_minutes = -600 WHERE id = 'ximen'");
	struct view_query query = views_query("movements");
	view_where(&query, "store", "ximen");
	view_where(&query, "until", "2026-03-04"); /* ends 2026-03-05T10:00Z there */
	views_expect(fx, &query, "id", "m003 m002 m001");
}

static void refuses_nonsense(void **state)
{
	/* An unknown filter, a value of the wrong kind and a foreign key are named, not ignored. */
	static const struct {
		const char *view, *name, *value, *after, *error;
	} cases[] = {
		{"movements", "colour", "red", NULL, "colour is no filter of this list"},
		{"movements", "since", "soon", NULL, "since is neither a date nor a time"},
		{"movements", "since", "2026-02-30", NULL, "since is neither a date nor a time"},
		{"movements", "to", "ec", "[1]", "after is not a key of this list"},
		{"movements", "to", "ec", "rubbish", "after is not a key of this list"},
		{"stock", "store", "ec", "[\"ec\"]", "after is not a key of this list"},
	};
	struct fixture *fx = *state;
	for (int i = 0; i < COUNT_OF(cases); i++) {
		char error[128] = "";
		struct view_query query = views_query(cases[i].view);
		view_where(&query, cases[i].name, cases[i].value);
		query.after = cases[i].after;
		assert_null(view_select(fx->db, &query, error, sizeof(error)));
		assert_string_equal(error, cases[i].error);
	}
	struct view_query many = views_query("movements");
	for (int i = 0; i <= VIEW_ARGS_MAX; i++)
		view_where(&many, "store", "ec");
	assert_null(view_select(fx->db, &many, NULL, 0));
}

static void movement_json(void **state)
{
	/* A movement is found by id or number and carries its totals and its lines' figures. */
	static const char *const names[] = {"m002", "OUT-2", "IN-2"};
	struct fixture *fx = *state;
	add_movements(fx);
	add_line(fx, 2, "A1", (const int[]){10, 9, 4, 2, 1});
	add_line(fx, 2, "A2", (const int[]){5, 0, 2, 0, 0});
	fixture_sql(fx, "UPDATE product SET name = '車\"1\"' WHERE sku = 'A1'");
	for (int i = 0; i < COUNT_OF(names); i++) {
		cJSON *movement = views_one(fx, "movements", names[i]);
		const cJSON *lines = json_list(movement, "lines");
		assert_string_equal(json_text(movement, "status"), "shipped");
		assert_string_equal(json_text(movement, "created_at"), "2026-03-04T02:00:00.000Z");
		assert_true(views_number(movement, "total_qty") == 15);
		assert_true(views_number(movement, "counted_qty") == 6);
		assert_int_equal(cJSON_GetArraySize(lines), 2);
		const cJSON *line = views_item(lines, "sku", "A1");
		assert_string_equal(json_text(line, "name"), "車\"1\"");
		assert_true(views_number(line, "in_transit") == 2);
		assert_true(views_number(views_item(lines, "sku", "A2"), "in_transit") == 0);
		cJSON_Delete(movement);
	}
	struct text text = TEXT_INIT(TEXT_SMALL);
	assert_false(view_json_one(fx->db, view_find("movements"), "OUT-", &text));
	text_free(&text);
}

static void stock_figures(void **state)
{
	/* The stock list shows what is under way and promised, as stock_figures_of counts it. */
	struct fixture *fx = *state;
	add_movements(fx);
	add_line(fx, 1, "A1", (const int[]){10, 0, 0, 0, 0});
	add_line(fx, 2, "A1", (const int[]){8, 8, 3, 0, 0});
	add_line(fx, 3, "A1", (const int[]){7, 2, 0, 0, 0});
	fixture_sql(fx,
		"INSERT INTO movement (id, from_store, third_party, status) VALUES"
		" ('m100', 'ec', 'Acme', 'accepted')");
	add_line(fx, 100, "A1", (const int[]){20, 1, 0, 0, 0});
	struct view_query query = views_query("stock");
	view_where(&query, "sku", "A1");
	cJSON *items = views_list(fx, &query);
	const cJSON *item;
	assert_int_equal(cJSON_GetArraySize(items), 3);
	cJSON_ArrayForEach(item, items)
	{
		struct stock_figures figures = stock_figures_of(
			fx->db, json_text(item, "store"), "A1");
		assert_true(views_number(item, "on_hand") * 1000 == (double)figures.on_hand);
		assert_true(views_number(item, "in_transit_in") * 1000 ==
			(double)figures.in_transit_in);
		assert_true(views_number(item, "in_transit_out") * 1000 ==
			(double)figures.in_transit_out);
		assert_true(views_number(item, "available") * 1000 == (double)figures.available);
	}
	const cJSON *ec = views_item(items, "store", "ec");
	assert_true(views_number(ec, "in_transit_out") ==
		2); /* goods to a third party are not in transit */
	assert_true(views_number(ec, "available") == 100 - 5 - 19);
	assert_true(views_number(views_item(items, "store", "xinyi"), "in_transit_in") == 5);
	cJSON_Delete(items);
}

/* ---- people, products, tickets ---- */

static void staff_keeps_pins(void **state)
{
	/* No list of staff holds a PIN's hash; a store's list has those who work there. */
	struct fixture *fx = *state;
	fixture_sql(fx, "UPDATE staff SET pin_hash = '$argon2id$secret'");
	struct view_query query = views_query("staff");
	struct text text = TEXT_INIT(TEXT_SMALL);
	char *next = NULL;
	assert_true(view_json_list(fx->db, &query, &text, &next, NULL, 0));
	assert_null(strstr(text_get(&text), "argon2id"));
	text_free(&text);
	EXPECT_WHERE(fx, "staff", "store", "ec", "id", "dai ho");
	EXPECT_WHERE(fx, "staff", "store", "e%", "id", "");
	EXPECT_WHERE(fx, "staff", "store", "ec|ximen", "id", "dai ho huang wang");
}

static void products_by_words(void **state)
{
	/* Products are found by words of name, SKU, category and vendor; nothing to search finds nothing. */
	struct fixture *fx = *state;
	EXPECT_WHERE(fx, "products", "q", "a3", "sku", "A3");
	EXPECT_WHERE(fx, "products", "q", "lum b1", "sku", "B1");
	EXPECT_WHERE(fx, "products", "q", "\"*%", "sku", "");
	cJSON *product = views_one(fx, "products", "A1");
	assert_true(cJSON_IsArray(cJSON_GetObjectItem(product, "barcodes")));
	assert_true(cJSON_IsFalse(cJSON_GetObjectItem(product, "virtual")));
	cJSON_Delete(product);
}

static void ticket_orders_add_up(void **state)
{
	/* An order's units, redeemed and remaining stay right when one of its codes is split. */
	struct fixture *fx = *state;
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'T1','buyer':'Blake','phone':'0912','lines':["
		"{'code':'AAAAA-1','product':'A1','units':5},{'code':'AAAAA-2','product':'A1','units':2}]}");
	fixture_do(
		fx, "ticket.redeem", "xinyi", "chen", "{'code':'AAAAA-1','qty':3,'mode':'online'}");
	fixture_do(
		fx, "ticket.split", NULL, "ho", "{'code':'AAAAA-1','into':['BBBBB-1','BBBBB-2']}");
	cJSON *order = views_one(fx, "ticket_orders", "T1");
	assert_true(views_number(order, "codes") == 4);
	assert_true(views_number(order, "units") == 7);
	assert_true(views_number(order, "redeemed") == 3);
	assert_true(views_number(order, "remaining") == 4);
	assert_int_equal(cJSON_GetArraySize(json_list(order, "lines")), 4);
	cJSON_Delete(order);
	cJSON *ticket = views_one(fx, "tickets", "AAAAA-1");
	assert_string_equal(json_text(ticket, "status"), "superseded");
	assert_int_equal(cJSON_GetArraySize(json_list(ticket, "uses")), 1);
	cJSON_Delete(ticket);
	EXPECT_WHERE(fx, "tickets", "left", "yes", "code", "AAAAA-2 BBBBB-1 BBBBB-2");
	EXPECT_WHERE(fx, "tickets", "q", "blake", "code", "AAAAA-1 AAAAA-2 BBBBB-1 BBBBB-2");
	/* A code is found only as a whole. */
	EXPECT_WHERE(fx, "ticket_orders", "q", "bbbbb-1", "order_number", "T1");
	EXPECT_WHERE(fx, "ticket_orders", "q", "bbbbb", "order_number", "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(every_view_reads),
		cmocka_unit_test(lines_views_exist),
		TEST(pages_cover_the_list),
		TEST(movement_filters),
		TEST(documents_by_what_is_in_them),
		TEST(transfers_of_either_end),
		TEST(a_day_is_the_stores),
		TEST(refuses_nonsense),
		TEST(movement_json),
		TEST(stock_figures),
		TEST(staff_keeps_pins),
		TEST(products_by_words),
		TEST(ticket_orders_add_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
