/* One sales order on the screen: its figures, and what is done to it. */
#include "tests/screen/order_steps.h"

static void open_first(struct screen *screen)
{
	screen_send(screen, "<enter>");
	screen_expect(screen, "[Lines ");
}

static void test_page(void **state)
{
	/* The page shows the lines with all figures, shipments, memos, invoices, the ledger with its sums and the
	 * history. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	shop_fixture_do(f, "order.pay", "xinyi", "chen", "{'order':'W-1'}");
	shop_fixture_do(f, "order.cancel", "xinyi", "lin",
		"{'order':'W-1','lines':[{'sku':'A1','qty':1}]}");
	shop_fixture_do(f, "order.invoice", "xinyi", "lin", "{'order':'W-1'}");
	shop_fixture_do(f, "order.ship", "xinyi", "chen",
		"{'order':'W-1','store':'xinyi','lines':[{'sku':'A1','qty':2}]}");
	shop_fixture_do(f, "order.credit", "xinyi", "lin",
		"{'order':'W-1','lines':[{'sku':'A2','qty':1,'return_to_stock':true}]}");
	screen = orders_open(f, SHOP_MANAGER);
	open_first(screen);
	screen_expect(screen, "Order W-1");
	screen_expect(screen, "Order in progress");
	screen_expect(screen, "paid");
	screen_expect(screen, "Customer Blake Sanders");
	screen_expect(screen, "Channel 網店 Web");
	screen_expect(screen, "Ordered 8  Outstanding 5  Invoiced 7  Shipped 2  Cancelled 1");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[Shipments 1]");
	screen_expect(screen, "SH-XINYI");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[Credit memos 1]");
	screen_expect(screen, "To refund");
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "[Reservations 4]");
	screen_expect(screen, "Order placed");
	screen_expect(screen, "−5");
	screen_expect(screen, "+2");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[History 6]");
	screen_end(screen);
}

static int64_t at_hq(struct shop_fixture *f, const char *sql)
{
	return db_get_int(f->hq.db, -1, sql, "");
}

static void test_steps(void **state)
{
	/* Each step asks, is saved, and is on the page at once with the mark of what HQ has not confirmed; what a status
	 * does not allow says so. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	screen = orders_open(f, SHOP_MANAGER);
	open_first(screen);
	screen_send(screen, "l");
	screen_expect(screen, "Not in this status: New order");
	screen_send(screen, "a");
	screen_expect(screen, "Accept the order");
	screen_expect(screen, "Blake Sanders · 網店 Web");
	screen_expect(screen, "2 lines, 8 pieces: A1 ×5, A2 ×3");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Accept sales order, W-1");
	screen_expect(screen, "* Order to do");
	screen_send(screen, "hy");
	screen_expect(screen, "* On hold");
	screen_send(screen, "p");
	screen_expect(screen, "Not in this status: On hold");
	screen_send(screen, "d<tab><enter>");
	screen_expect(screen, "denied: approve or cancel it");
	screen_send(screen, "l");
	screen_expect(screen, "The order was denied");
	screen_send(screen, "vy");
	screen_expect(screen, "* Order to do");
	screen_send(screen, "py");
	screen_expect(screen, "* Order in progress");
	screen_send(screen, "p");
	screen_expect(screen, "The order is paid already.");
	screen_send(screen, "g");
	screen_expect(screen, "This needs the right of: HQ");
	shop_fixture_sync(f);
	screen_expect_gone(screen, "* Order in progress");
	screen_expect(screen, "Order in progress");
	assert_int_equal(
		at_hq(f, "SELECT COUNT(*) FROM sales_order WHERE status = 'processing'"), 1);
	screen_end(screen);
}

static void test_part(void **state)
{
	/* A part of an order is invoiced and cancelled line by line, never more than is left. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	screen = orders_open(f, SHOP_MANAGER);
	open_first(screen);
	screen_send(screen, "i");
	screen_expect(screen, "All that is left of it");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Invoice a part of W-1");
	screen_send(screen, "f");
	screen_expect(screen, "No line has a quantity yet.");
	screen_send(screen, "<enter>6<enter>");
	screen_expect(screen, "Only 5 are left for it.");
	screen_send(screen, "<ctrl+u>2.5<enter>");
	screen_expect(screen, "Chosen: 2.5");
	screen_send(screen, "f");
	screen_expect(screen, "A1 ×2.5");
	screen_send(screen, "y");
	screen_expect(screen, "Invoiced 2.5");
	screen_send(screen, "x<down><enter>");
	screen_expect(screen, "Cancel a part of W-1");
	screen_send(screen, "<end>l");
	screen_expect(screen, "Chosen: 3");
	screen_send(screen, "f");
	screen_expect(screen, "A2 ×3");
	screen_send(screen, "<tab><enter>");
	screen_expect(screen, "Cancelled 3");
	shop_fixture_sync(f);
	assert_int_equal(at_hq(f, "SELECT SUM(qty) FROM reservation"), -5000);
	assert_int_equal(at_hq(f, "SELECT invoiced FROM order_line WHERE sku = 'A1'"), 2500);
	screen_end(screen);
}

static void test_refund(void **state)
{
	/* A credit memo is opened for units, refunded later as it says, and other units are refunded without stock. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	shop_fixture_do(f, "order.invoice", "xinyi", "lin", "{'order':'W-1'}");
	screen = orders_open(f, SHOP_MANAGER);
	open_first(screen);
	screen_send(screen, "c");
	screen_expect(screen, "Credit memo for W-1");
	screen_send(screen, "<enter>2<enter>f");
	screen_expect(screen, "Back to stock: A1 ×2");
	screen_send(screen, "y");
	screen_expect(screen, "1 credit memo waits for its refund");
	screen_expect(screen, "Credit memos 1");
	screen_send(screen, "r");
	screen_expect(screen, "Which credit memo is refunded?");
	screen_send(screen, "<enter>");
	screen_expect(screen, "as the memo says");
	screen_send(screen, "<tab><enter>");
	screen_expect(screen, "Refunded 2");
	screen_expect_gone(screen, "waits for its refund");
	screen_send(screen, "r");
	screen_expect(screen, "Refund of W-1");
	screen_send(screen, "<end>+t");
	screen_expect(screen, "not to stock");
	screen_send(screen, "f");
	screen_expect(screen, "Not to stock: A2 ×1 (what never left is written off)");
	screen_send(screen, "<tab><enter>");
	screen_expect(screen, "Refunded 3");
	shop_fixture_sync(f);
	assert_int_equal(at_hq(f, "SELECT COUNT(*) FROM credit_memo WHERE status = 'refunded'"), 2);
	assert_int_equal(at_hq(f, "SELECT SUM(unsent) FROM order_line"), 3000);
	assert_int_equal(at_hq(f, "SELECT SUM(qty) FROM reservation"), -5000);
	screen_end(screen);
}

static void test_clerk(void **state)
{
	/* A clerk sees every action; those of a manager name the right that is missing. */
	static const char *const keys[] = {"i", "x", "r", "c", "h", "l", "u", "v", "d"};
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	screen = orders_open(f, SHOP_CLERK);
	open_first(screen);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		screen_send(screen, "<esc><enter>");
		screen_expect_gone(screen, "This needs");
		screen_send(screen, keys[i]);
		screen_expect(screen, "This needs the right of: Manager");
	}
	screen_send(screen, "py");
	screen_expect(screen, "* Order in progress");
	assert_int_equal(shop_fixture_unsent(f), 1);
	screen_end(screen);
}

static void test_chinese_and_small(void **state)
{
	/* The page is whole in Chinese and at 60 columns by 16 rows: status, sums and the figures of a line. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	shop_fixture_land(f);
	screen = shop_fixture_start(f, 16, 60, "zh_TW");
	screen_expect(screen, "您的姓名或代號");
	screen_send(screen, "lin<enter>2222<enter>");
	screen_expect(screen, "林店長");
	screen_expect_gone(screen, "您的姓名或代號");
	screen_send(screen, "<f11>");
	screen_expect(screen, "F11 銷售訂單");
	screen_expect(screen, "新訂單");
	screen_send(screen, "<enter>");
	screen_expect(screen, "訂單 W-1");
	screen_expect(screen, "訂購量 8  未完成 8");
	screen_expect(screen, "A1");
	screen_expect(screen, "A2");
	screen_resize(screen, 50, 200);
	screen_expect(screen, "烏龍茶 Oolong tea");
	screen_end(screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		order_test(test_page),
		order_test(test_steps),
		order_test(test_part),
		order_test(test_refund),
		order_test(test_clerk),
		order_test(test_chinese_and_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
