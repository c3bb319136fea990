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
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		order_test(test_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
