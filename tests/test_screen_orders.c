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
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		order_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
