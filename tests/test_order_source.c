/* What each store is to pick for orders: together the lists of all stores share out what a channel has. */
#include "tests/model_fixture.h"

#include "model/text.h"
#include "model/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
	static struct fixture f;
	fixture_open(&f);
	fixture_do(&f, "channel.put", NULL, "ho",
		"{'id':'web','name':'Web','stores':['ximen','ec','xinyi']}");
	fixture_do(&f, "product.put", NULL, "ho",
		"{'sku':'V1','name':'Card','category':'c','vendor':'v','price':1,'virtual':true}");
	fixture_do(
		&f, "stock.open", NULL, "ho", "{'store':'xinyi','lines':[{'sku':'V1','qty':9}]}");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

static void place(struct fixture *f, const char *order, const char *lines)
{
	fixture_do(f, "order.place", "xinyi", "ho",
		"{'number':'%s','channel':'web','customer':'Blake','lines':[%s]}", order, lines);
}

/* "A1 N1 2, A1 N2 0.5", appended: what the store is to pick, or, where proposed is "", could. */
static void add_picks(struct fixture *f, const char *store, const char *proposed, struct text *said)
{
	struct view_query query = {.view = view_find("picks")};
	char error[200] = "";
	struct db_rows *rows;
	int count = 0;
	view_where(&query, "store", store);
	view_where(&query, "proposed", proposed);
	rows = view_select(f->db, &query, error, sizeof(error));
	if (!rows)
		fail_msg("%s", error);
	for (; db_next(rows); count++) {
		text_addf(said, "%s%s %s ", count ? ", " : "",
			db_text(rows, view_column_index(query.view, "sku")),
			db_text(rows, view_column_index(query.view, "order")));
		text_add_qty(said, db_int(rows, view_column_index(query.view, "pick")));
	}
	db_done(rows);
	assert_int_equal(db_failed(f->db), DB_OK);
	assert_int_equal(view_count(f->db, &query), count);
}

static void expect_picks(
	struct fixture *f, const char *store, const char *proposed, const char *expected)
{
	struct text said = TEXT_INIT(TEXT_LARGE);
	add_picks(f, store, proposed, &said);
	assert_string_equal(text_get(&said), expected);
	text_free(&said);
}

static void set_on_hand(struct fixture *f, const char *store, const char *sku, int64_t qty)
{
	fixture_set_on_hand(f, store, sku, qty);
	fixture_sql(f,
		"UPDATE salable SET on_hand = (SELECT SUM(k.on_hand) FROM stock k WHERE"
		" k.sku = salable.sku AND k.in_stock = 1 AND k.store IN ('ximen', 'ec', 'xinyi'))");
}

static void stores_share_what_orders_want(void **state)
{
	/* Older orders are served first, from the first store as long as it has something; what nobody has is on no
	 * list, but every store sees what it could ship. */
	struct fixture *f = *state;
	place(f, "N1", "{'sku':'A1','qty':5},{'sku':'V1','qty':1}");
	place(f, "N2", "{'sku':'A1','qty':1.5},{'sku':'A2','qty':2}");
	set_on_hand(f, "ximen", "A1", 3000);
	set_on_hand(f, "ec", "A1", 2500);
	set_on_hand(f, "xinyi", "A1", 500);
	expect_picks(f, "ximen", "yes", "A1 N1 3, A2 N2 2");
	expect_picks(f, "ec", "yes", "A1 N1 2, A1 N2 0.5");
	expect_picks(f, "xinyi", "yes", "A1 N2 0.5");
	expect_picks(f, "xinyi", "", "A1 N1 0, A1 N2 0.5, A2 N2 0");
	set_on_hand(f, "ec", "A1", -4000);
	expect_picks(f, "ec", "yes", "");
	expect_picks(f, "xinyi", "yes", "A1 N1 0.5");
}

static void only_what_may_be_shipped_is_picked(void **state)
{
	/* What was shipped, cancelled or stands on hold is not on the list, nor does it keep goods from others. */
	struct fixture *f = *state;
	set_on_hand(f, "ximen", "A1", 4000);
	place(f, "N1", "{'sku':'A1','qty':3}");
	place(f, "N2", "{'sku':'A1','qty':3}");
	place(f, "N3", "{'sku':'A1','qty':2}");
	expect_picks(f, "ximen", "yes", "A1 N1 3, A1 N2 1");
	fixture_do(f, "order.hold", "xinyi", "ho", "{'order':'N1'}");
	expect_picks(f, "ximen", "yes", "A1 N2 3, A1 N3 1");
	fixture_do(f, "order.ship", "xinyi", "ho",
		"{'order':'N2','store':'ec','lines':[{'sku':'A1','qty':2}]}");
	fixture_do(
		f, "order.cancel", "xinyi", "ho", "{'order':'N3','lines':[{'sku':'A1','qty':1}]}");
	expect_picks(f, "ximen", "yes", "A1 N2 1, A1 N3 1");
	fixture_do(f, "store.put", NULL, "ho",
		"{'id':'ximen','name':'X','kind':'shop','enabled':false}");
	expect_picks(f, "ximen", "", "");
	expect_picks(f, "ec", "yes", "A1 N2 1, A1 N3 1");
}

static void a_terminal_picks_what_hq_would(void **state)
{
	/* Where the stock of earlier stores is not known, what the channel has beyond the known counts as theirs. */
	struct fixture *f = *state;
	place(f, "N1", "{'sku':'A1','qty':5}");
	place(f, "N2", "{'sku':'A1','qty':4}");
	set_on_hand(f, "ximen", "A1", 3000);
	set_on_hand(f, "ec", "A1", 3000);
	expect_picks(f, "xinyi", "yes", "A1 N2 3");
	fixture_sql(f, "DELETE FROM stock WHERE store IN ('ximen', 'ec')");
	expect_picks(f, "xinyi", "yes", "A1 N2 3");
}

/* ---- random worlds, against the plainest way to do it ---- */

static unsigned long long random_state;

static int draw(int below)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (int)((random_state >> 33) % (unsigned)below);
}

#define ORDERS 12
static const char *const stores[] = {"ximen", "ec", "xinyi"};

static void store_by_store(void **state)
{
	/* Whatever is wanted and on hand, the lists are what serving order by order, store by store, gives. */
	struct fixture *f = *state;
	for (int order = 0; order < ORDERS; order++) {
		char number[8], line[40];
		snprintf(number, sizeof(number), "R%02d", order);
		snprintf(line, sizeof(line), "{'sku':'A1','qty':%d.5}", draw(9));
		place(f, number, line);
	}
	for (int round = 0; round < 40; round++) {
		int64_t left[3];
		struct text wanted[3];
		for (int s = 0; s < 3; s++) {
			left[s] = (draw(40) - 8) * 500;
			set_on_hand(f, stores[s], "A1", left[s]);
			wanted[s] = TEXT_INIT(TEXT_LARGE);
		}
		for (int order = 0; order < ORDERS; order++) {
			int64_t qty = fixture_int(f,
				"SELECT ordered FROM order_line WHERE order_number = 'R%02d'",
				order);
			for (int s = 0; s < 3; s++) {
				int64_t take = left[s] < qty ? left[s] : qty;
				if (take <= 0)
					continue;
				text_addf(&wanted[s], "%sA1 R%02d ", wanted[s].length ? ", " : "",
					order);
				text_add_qty(&wanted[s], take);
				left[s] -= take;
				qty -= take;
			}
		}
		for (int s = 0; s < 3; s++) {
			expect_picks(f, stores[s], "yes", text_get(&wanted[s]));
			text_free(&wanted[s]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(stores_share_what_orders_want),
		TEST(only_what_may_be_shipped_is_picked),
		TEST(a_terminal_picks_what_hq_would),
		TEST(store_by_store),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
