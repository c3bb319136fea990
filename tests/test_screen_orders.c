/* The list of sales orders on the screen: tabs, search, filter, actions from a row. */
#include "tests/screen/order_steps.h"

static void test_list(void **state)
{
	/* Orders stand under their status and under what is not finished; tabs count them; a search narrows them. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	orders_place(f, "W-2");
	shop_fixture_do(f, "order.place", "xinyi", "lin",
		"{'number':'C-1','channel':'counter','customer':'Mei','lines':[{'sku':'A3','qty':0.5}]}");
	shop_fixture_do(f, "order.hold", "xinyi", "lin", "{'order':'W-2'}");
	shop_fixture_do(f, "order.cancel", "xinyi", "lin", "{'order':'C-1'}");
	screen = orders_open(f, SHOP_MANAGER);
	screen_expect(screen, "[Unfinished 2] All orders 3");
	screen_expect(screen, "W-1");
	screen_expect(screen, "Blake Sanders");
	screen_expect(screen, "On hold");
	assert_false(screen_has(screen, "C-1"));
	screen_send(screen, "<tab>");
	screen_expect(screen, "[All orders 3]");
	screen_expect(screen, "C-1");
	screen_send(screen, "/mei<enter>");
	screen_expect(screen, "Sales orders | search \"mei\"");
	screen_expect(screen, "[All orders 1]");
	screen_expect_gone(screen, "W-1");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[All orders 3]");
	screen_send(screen, "f<enter><enter>w-<enter>sand<enter>web");
	screen_expect(screen, "> web");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Sales orders | w-… | sand | web");
	screen_expect(screen, "[All orders 2]");
	screen_send(screen, "<esc>/oolong<enter>");
	screen_expect(screen, "[All orders 2]");
	screen_expect_gone(screen, "C-1");
	screen_end(screen);
}

static void test_place(void **state)
{
	/* A new order is keyed in, kept as a draft meanwhile, and placed once; more than is salable is refused. */
	struct shop_fixture *f = *state;
	struct screen *screen = orders_open(f, SHOP_CLERK);

	screen_send(screen, "n");
	screen_expect(screen, "an order: shipped later");
	screen_send(screen, "<enter>Mei Lin<enter>");
	screen_expect(screen, "Part of the channel");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Customer Mei Lin");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 1.");
	screen_send(screen, "nA2<enter>200<enter>");
	screen_expect(screen, "only 100 may still be promised");
	screen_send(screen, "f");
	screen_expect(screen, "Less than that may still be promised");
	screen_send(screen, "<enter><ctrl+u>100<enter>");
	screen_expect(screen, "2 lines, 101 pieces");
	screen_send(screen, "<esc>");
	screen_expect(screen, "The draft is kept");
	screen_send(screen, "n");
	screen_expect(screen, "Going on with the draft");
	screen_expect(screen, "2 lines, 101 pieces");
	screen_send(screen, "f");
	screen_expect(screen, "The goods are reserved");
	screen_send(screen, "y");
	screen_expect(screen, "Order SO-XINYI-");
	screen_expect(screen, "* New order");
	shop_fixture_sync(f);
	assert_int_equal(db_get_int(f->hq.db, -1,
				 "SELECT SUM(qty) FROM reservation WHERE channel = 'counter'", ""),
		-101000);
	screen_send(screen, "<esc>n");
	screen_expect(screen, "New sales order");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[Unfinished 1]");
	screen_end(screen);
}

/* Keys in a sale at the counter of two A1 and one V1, up to the question. */
static void key_in_sale(struct screen *screen)
{
	screen_send(screen, "n");
	screen_expect(screen, "an order: shipped later");
	screen_send(screen, "<right>");
	screen_expect(screen, "sold here: paid and taken along");
	screen_send(screen, "<enter><enter><enter>");
	screen_expect(screen, "Sale at the counter");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "1 line, 1 piece");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "1 line, 2 pieces");
	screen_send(screen, "nV1<enter><enter>");
	screen_expect(screen, "2 lines, 3 pieces");
	screen_send(screen, "f");
}

static int64_t on_hand_at_hq(struct shop_fixture *f, const char *sku)
{
	return db_get_int(f->hq.db, -1,
		"SELECT on_hand FROM stock WHERE store = 'xinyi' AND sku = $1", "t", sku);
}

static void test_sale(void **state)
{
	/* What a manager sells at the counter is placed, paid, invoiced and shipped at once: the stock falls. */
	struct shop_fixture *f = *state;
	struct screen *screen = orders_open(f, SHOP_MANAGER);

	key_in_sale(screen);
	screen_expect(screen, "placed, paid, invoiced and handed over");
	screen_send(screen, "y");
	screen_expect(screen, "Order SO-XINYI-");
	screen_expect(screen, "* Order complete");
	screen_expect(screen, "Ordered 3  Outstanding 0  Invoiced 3  Shipped 2");
	shop_fixture_sync(f);
	assert_int_equal(on_hand_at_hq(f, "A1"), 98000);
	assert_int_equal(on_hand_at_hq(f, "V1"), 9000);
	assert_int_equal(db_get_int(f->hq.db, -1, "SELECT SUM(qty) FROM reservation", ""), 0);
	screen_expect_gone(screen, "* Order complete");
	screen_end(screen);
}

static void test_long_number(void **state)
{
	/* Orders keyed in at a store have numbers that begin alike: at 80 columns the end of one is seen too. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	shop_fixture_do(f, "order.place", "xinyi", "lin",
		"{'number':'SO-XINYI-20260302-1000-ABCDE','channel':'web',"
		"'lines':[{'sku':'A1','qty':1}]}");
	screen = orders_open(f, SHOP_MANAGER);
	screen_expect(screen, "SO-…00-ABCDE");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Order SO-XINYI-20260302-1000-ABCDE");
	screen_end(screen);
}

static void test_sale_of_clerk(void **state)
{
	/* A clerk sells too; the invoice, which a clerk has no right to, is left for a manager. */
	struct shop_fixture *f = *state;
	struct screen *screen = orders_open(f, SHOP_CLERK);

	key_in_sale(screen);
	screen_expect(screen, "A manager invoices it");
	screen_send(screen, "y");
	screen_expect(screen, "* Order in progress");
	shop_fixture_sync(f);
	assert_int_equal(on_hand_at_hq(f, "A1"), 98000);
	assert_int_equal(on_hand_at_hq(f, "V1"), 10000);
	assert_int_equal(db_get_int(f->hq.db, -1, "SELECT SUM(qty) FROM reservation", ""), -1000);
	screen_end(screen);
}

static void test_sale_refused_whole(void **state)
{
	/* A sale of which one step would be refused is not saved at all, and its draft stays. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	shop_fixture_do(f, "channel.put", NULL, "ho",
		"{'id':'counter','name':'Counter','stores':['xinyi','ec']}");
	fixture_set_on_hand(&f->hq, "xinyi", "A1", 1000);
	screen = orders_open(f, SHOP_MANAGER);
	key_in_sale(screen);
	screen_expect(screen, "handed over");
	screen_send(screen, "y");
	screen_expect(screen, "2 lines, 3 pieces");
	screen_expect_gone(screen, "handed over");
	assert_int_equal(shop_fixture_unsent(f), 0);
	screen_expect(screen, "Sale at the counter");
	screen_end(screen);
}

static void test_scanned(void **state)
{
	/* The number of a sales order, scanned or keyed in where it is no search, opens its page. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "WEB-10023");
	screen = orders_open(f, SHOP_CLERK);
	screen_send(screen, "<f2>");
	screen_expect(screen, "Outbound orders");
	screen_scan(screen, "web-10023");
	screen_expect(screen, "Order WEB-10023");
	screen_end(screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		order_test(test_list),
		order_test(test_place),
		order_test(test_sale),
		order_test(test_sale_of_clerk),
		order_test(test_long_number),
		order_test(test_sale_refused_whole),
		order_test(test_scanned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
