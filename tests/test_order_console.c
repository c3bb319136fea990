/* Sales orders at consoles: whose they are, what is judged with the line down, and that a console that has
 * everything shows what HQ has.
 *
 * tests/test_order_console [SEEDS] [FIRST] */
#include "tests/goods_world.h"

#include "model/json.h"
#include "model/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))
#define SEEDS 6
#define STEPS 160

static long seeds = SEEDS, first = 1;
static struct goods_world world;

static void begin(uint64_t seed)
{
	goods_open(&world, seed, true);
	assert_true(goods_office(
		&world, "product.put", NULL, "{'sku':'V0','name':'Voucher','virtual':true}", NULL));
	for (int i = 0; i < GOODS_STORES; i++) {
		char data[100];
		snprintf(data, sizeof data, "{'store':'g%d','lines':[{'sku':'V0','qty':20}]}", i);
		assert_true(goods_office(&world, "stock.open", NULL, data, NULL));
	}
	assert_true(goods_office(&world, "channel.put", NULL,
		"{'id':'web','name':'Web','stores':['g1','g0']}", NULL));
}

static void sync_all(void)
{
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < GOODS_HOMES; i++)
			goods_sync(&world.homes[i]);
}

/* What the manager of the home does; the code, "" if it was saved. ' stands for ". */
static const char *act(int home, const char *op, const char *data)
{
	struct console_verdict verdict;
	char text[600], error[80];
	snprintf(text, sizeof text, "%s", data);
	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	console_do(&world.homes[home].console, op, world.homes[home].store,
		world.homes[home].manager, json_parse(text, strlen(text), error, sizeof error),
		world.now_ms, &verdict);
	if (verdict.refusal == REFUSAL_FAULT || verdict.refusal == REFUSAL_BUSY)
		fail_msg("%s: %s", op, verdict.message);
	const char *code = refusal_code(verdict.refusal);
	console_verdict_free(&verdict);
	sync_poke(&world.homes[home].syncer);
	world.now_ms += 1000;
	return code;
}
#define OK(code) assert_string_equal(code, "")

static int64_t shown(int home, const char *sql)
{
	return db_get_int(world.homes[home].console.cache, -1, sql, "");
}

static int64_t at_hq(const char *sql)
{
	return db_get_int(world.look, -1, sql, "");
}

/* ---- the same rows ---- */

/* All rows of a table that belong to the channels of a store, as text; the caller frees it. */
static char *rows_of(struct db *db, const struct table *table, const char *store)
{
	struct text sql = TEXT_INIT(TEXT_SMALL), all = TEXT_INIT(TEXT_LARGE);
	text_add(&sql, "SELECT ");
	for (int i = 0; i < table->column_count; i++)
		text_addf(&sql, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
	text_addf(&sql,
		" FROM \"%s\" WHERE channel IN (SELECT c.channel FROM channel_store c"
		" WHERE c.store = $1) ORDER BY 1, 2",
		table->name);
	struct db_rows *rows = db_query(db, text_get(&sql), "t", store);
	while (db_next(rows)) {
		for (int i = 0; i < db_columns(rows); i++)
			text_addf(&all, "%s ", db_text(rows, i) ? db_text(rows, i) : "-");
		text_add(&all, "\n");
	}
	db_done(rows);
	text_free(&sql);
	return text_take(&all);
}

static void expect_same(const struct goods_home *home)
{
	static const char *const tables[] = {"sales_order", "order_line", "reservation", "salable",
		"invoice", "invoice_line", "shipment", "shipment_line", "credit_memo",
		"credit_memo_line", "channel_store", "history"};
	for (int i = 0; i < COUNT_OF(tables); i++) {
		char *ours = rows_of(home->console.cache, table_find(tables[i]), home->store);
		char *theirs = rows_of(world.look, table_find(tables[i]), home->store);
		if (!ours || !theirs || strcmp(ours, theirs) != 0)
			fail_msg("%s of %s differ:\n%.1500s\nat HQ:\n%.1500s", tables[i],
				home->store, ours ? ours : "", theirs ? theirs : "");
		free(ours);
		free(theirs);
	}
}

/* ---- tests ---- */

static void orders_are_at_the_stores_of_their_channel(void **state)
{
	/* A console has the orders and sums of the channels its store serves, from when it joins until it
	 * leaves, and no others. */
	static const char orders[] = "SELECT COUNT(*) FROM sales_order";
	(void)state;
	begin(1);
	assert_true(goods_office(&world, "order.place", NULL,
		"{'number':'N1','channel':'web','lines':[{'sku':'A0','qty':5}]}", NULL));
	sync_all();
	assert_int_equal(shown(0, orders), 1);
	assert_int_equal(shown(1, orders), 1);
	assert_int_equal(shown(2, orders), 0);
	assert_int_equal(shown(0, "SELECT on_hand + reserved FROM salable"), 35000);
	assert_true(goods_office(&world, "channel.put", NULL,
		"{'id':'web','name':'Web','stores':['g2','g1']}", NULL));
	sync_all();
	assert_int_equal(shown(0, orders), 0);
	assert_int_equal(shown(1, orders), 1);
	assert_int_equal(shown(2, orders), 1);
	for (int i = 0; i < GOODS_HOMES; i++)
		expect_same(&world.homes[i]);
	goods_close(&world);
}

static void orders_are_worked_with_the_line_down(void **state)
{
	/* Placing, paying, shipping and refunding are rehearsed and shown at once; asking for too much is refused on
	 * the spot; HQ comes to the same figures. */
	(void)state;
	begin(2);
	sync_all();
	OK(act(0, "order.place", "{'number':'N1','channel':'web','lines':[{'sku':'A0','qty':5}]}"));
	sync_all();
	assert_string_equal(
		act(0, "order.place",
			"{'number':'N2','channel':'web','lines':[{'sku':'A0','qty':36}]}"),
		"not_salable");
	OK(act(0, "order.place",
		"{'number':'N2','channel':'web','lines':[{'sku':'A0','qty':35}]}"));
	OK(act(0, "order.pay", "{'order':'N1'}"));
	OK(act(0, "order.ship", "{'order':'N1','store':'g0'}"));
	assert_int_equal(
		shown(0, "SELECT on_hand FROM stock WHERE sku = 'A0' AND store = 'g0'"), 15000);
	assert_int_equal(shown(0, "SELECT on_hand FROM salable"), 35000);
	assert_int_equal(shown(0, "SELECT reserved FROM salable"), -35000);
	assert_string_equal(act(0, "order.ship", "{'order':'N1','store':'g0'}"), "nothing_to_do");
	assert_string_equal(act(0, "order.ship", "{'order':'N2','store':'g0'}"), "not_enough");
	assert_string_equal(act(0, "order.ship", "{'order':'N2','store':'g1'}"), "wrong_store");
	OK(act(0, "order.invoice", "{'order':'N1'}"));
	OK(act(0, "order.refund",
		"{'order':'N1','lines':[{'sku':'A0','qty':2,'return_to_stock':true}]}"));
	assert_int_equal(shown(0, "SELECT on_hand FROM salable"), 37000);
	assert_int_equal(at_hq("SELECT COUNT(*) FROM reservation"), 1);
	sync_all();
	assert_int_equal(
		at_hq("SELECT on_hand FROM stock WHERE sku = 'A0' AND store = 'g0'"), 17000);
	for (int i = 0; i < GOODS_HOMES; i++)
		expect_same(&world.homes[i]);
	goods_close(&world);
}

static void two_stores_sell_the_same_units(void **state)
{
	/* With the line down two stores promise the same last units; HQ takes what comes first and refuses the other,
	 * whose order vanishes and stands in its inbox. */
	struct console_counts counts;
	(void)state;
	begin(3);
	sync_all();
	OK(act(0, "order.place", "{'number':'N0','channel':'web','lines':[{'sku':'A0','qty':1}]}"));
	sync_all();
	OK(act(0, "order.place",
		"{'number':'N1','channel':'web','lines':[{'sku':'A0','qty':39}]}"));
	OK(act(1, "order.place",
		"{'number':'N2','channel':'web','lines':[{'sku':'A0','qty':39}]}"));
	OK(act(1, "order.pay", "{'order':'N2'}"));
	sync_all();
	assert_int_equal(at_hq("SELECT SUM(qty) FROM reservation"), -40000);
	assert_int_equal(at_hq("SELECT COUNT(*) FROM sales_order"), 2);
	console_count(&world.homes[1].console, "g1", &counts);
	assert_int_equal(counts.unsent, 0);
	assert_int_equal(shown(1, "SELECT COUNT(*) FROM sales_order WHERE number = 'N2'"), 0);
	for (int i = 0; i < GOODS_HOMES; i++)
		expect_same(&world.homes[i]);
	goods_close(&world);
}

/* ---- random days ---- */

static const char *const skus[] = {"A0", "A1", "V0"};

static void random_act(int *orders)
{
	static const char *const ops[] = {"order.pay", "order.cancel", "order.invoice",
		"order.invoice", "order.hold", "order.release", "order.refund", "order.refund",
		"order.ship", "order.ship", "order.credit"};
	int home = goods_draw(&world, 3), number = 1 + goods_draw(&world, *orders + 1);
	const char *op = ops[goods_draw(&world, COUNT_OF(ops))];
	const char *sku = skus[goods_draw(&world, COUNT_OF(skus))];
	int qty = 1 + goods_draw(&world, 6);
	char data[300];
	if (goods_draw(&world, 3) == 0) {
		snprintf(data, sizeof data,
			"{'number':'N%d','channel':'web','lines':[{'sku':'%s','qty':%d},"
			"{'sku':'V0','qty':1}]}",
			++*orders, sku, qty);
		op = "order.place";
	} else if (strcmp(op, "order.refund") == 0 || strcmp(op, "order.credit") == 0) {
		snprintf(data, sizeof data,
			"{'order':'N%d','lines':[{'sku':'%s','qty':%d,'return_to_stock':%s}]}",
			number, sku, 1 + qty / 3, qty % 2 ? "true" : "false");
	} else {
		snprintf(data, sizeof data, "{'order':'N%d'%s%s%s}", number,
			strcmp(op, "order.ship") == 0 ? ",'store':'" : "",
			strcmp(op, "order.ship") == 0 ? world.homes[home].store : "",
			strcmp(op, "order.ship") == 0 ? "'" : "");
	}
	act(home, op, data);
}

static void consoles_come_to_show_what_hq_has(void **state)
{
	/* After random days with the line up and down, lost caches and cut answers included, whoever has everything
	 * has HQ's rows, and what was promised sums up. */
	(void)state;
	for (long i = 0; i < seeds; i++) {
		int orders = 0;
		begin((uint64_t)(first + i));
		sync_all();
		world.cuts = i % 2 ? 6 : 0;
		for (int step = 0; step < STEPS; step++) {
			int what = goods_draw(&world, 20);
			struct goods_home *home = &world.homes[goods_draw(&world, GOODS_HOMES)];
			if (what < 14)
				random_act(&orders);
			else if (what < 18)
				goods_step(home, 1 + goods_draw(&world, 8));
			else if (what < 19)
				goods_sync(home);
			else
				goods_restart(home, goods_draw(&world, 2) == 0);
		}
		world.cuts = 0;
		sync_all();
		for (int h = 0; h < GOODS_HOMES; h++)
			expect_same(&world.homes[h]);
		assert_int_equal(at_hq("SELECT COUNT(*) FROM order_line l WHERE COALESCE((SELECT"
				       " SUM(r.qty) FROM reservation r WHERE r.order_number ="
				       " l.order_number AND r.sku = l.sku), 0) <> -(l.ordered -"
				       " l.cancelled - CASE l.is_virtual WHEN 1 THEN l.invoiced"
				       " ELSE l.shipped + l.unsent END)"),
			0);
		assert_int_equal(at_hq("SELECT COUNT(*) FROM stock WHERE on_hand < 0"), 0);
		assert_true(at_hq("SELECT COUNT(*) FROM reservation") > 20);
		goods_close(&world);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_are_at_the_stores_of_their_channel),
		cmocka_unit_test(orders_are_worked_with_the_line_down),
		cmocka_unit_test(two_stores_sell_the_same_units),
		cmocka_unit_test(consoles_come_to_show_what_hq_has),
	};

	seeds = argc > 1 ? strtol(argv[1], NULL, 10) : SEEDS;
	first = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
