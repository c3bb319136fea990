/* Tickets are listed and voided on the screen; who may do what. Redeeming is in test_screen_redeem.c. */
#include "tests/screen/ticket_counter.h"

static void test_order(void **state)
{
	/* A search finds an order by its buyer; its detail redeems and then shows the record. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	screen_send(screen, "/");
	screen_expect(screen, "Search tickets");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "Ticket orders 1");
	screen_send(screen, "<enter>");
	screen_expect(screen, "[Not redeemed 2]");
	screen_send(screen, "<end>r");
	screen_expect(screen, "Redeem TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[Not redeemed 1]");
	screen_send(screen, "<backtab>");
	screen_expect(screen, "[Redeemed 1]");
	screen_expect(screen, "陳小美");
}

static void test_void(void **state)
{
	/* A manager voids a redemption with a reason; it is a record of its own, and the units are back. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "<esc><backtab><backtab>");
	screen_expect(screen, "[Redemption records 1]");
	screen_send(screen, "x");
	screen_expect(screen, "TK-PLAIN, 1 units");
	screen_send(screen, "<enter>");
	screen_expect(screen, "A void needs a reason");
	screen_send(screen, "wrong one<enter>");
	screen_expect(screen, "Void this redemption?");
	screen_send(screen, "y");
	screen_expect(screen, "[Redemption records 2]");
	screen_expect(screen, "Voided");
	shop_fixture_sync(&world->shop);
	assert_int_equal(counter_redeemed_at_hq(world, "TK-PLAIN"), 0);
	screen_send(screen, "<end>x");
	screen_expect(screen, "voided already");
}

static void test_ticket_clerk(void **state)
{
	/* A ticket clerk lists and redeems; voiding names the right that is missing. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, "kiosk", "1111");

	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "<esc><backtab><backtab>");
	screen_expect(screen, "[Redemption records 1]");
	screen_send(screen, "x");
	screen_expect(screen, "This needs the right of: Manager");
}

static void test_narrow_chinese(void **state)
{
	/* At 60 by 16 in Chinese the lists and the freshness fit, and a redemption goes through. */
	struct counter *world = *state;

	world->screen = shop_fixture_start(&world->shop, 16, 60, "zh_TW");
	screen_expect(world->screen, "chen");
	screen_send(world->screen, "chen<enter>");
	screen_expect(world->screen, "PIN");
	screen_send(world->screen, "1111<enter><f4>");
	screen_expect(world->screen, "[票券訂單 4] 未核銷 8  核銷紀錄 0");
	screen_expect(world->screen, "離線可用");
	screen_scan(world->screen, "TK-MANY");
	screen_expect(world->screen, "剩餘 5");
	counter_redeem_with_hq(world);
	screen_expect(world->screen, "核銷成功");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		counter_test(test_order),
		counter_test(test_void),
		counter_test(test_ticket_clerk),
		counter_test(test_narrow_chinese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
