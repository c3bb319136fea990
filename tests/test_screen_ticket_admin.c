/* What HQ does to tickets on the page of their order: each is asked about by name and with what will happen. */
#include "tests/screen/ticket_counter.h"

#define HQ_STAFF "ho", "1111"

static int set_up(void **state)
{
	int failed = counter_set_up(state);
	struct counter *world = *state;

	fixture_sql(&world->shop.hq,
		"UPDATE staff SET pin_hash = (SELECT pin_hash FROM staff WHERE id = 'chen')"
		" WHERE id = 'ho'");
	shop_fixture_land(&world->shop);
	return failed;
}

/* The page of the order, at its codes that are not redeemed. */
static struct screen *open_order(struct counter *world, const char *number)
{
	struct screen *screen = counter_open_tickets(world, HQ_STAFF);

	screen_send(screen, "/");
	screen_expect(screen, "Search tickets");
	screen_send(screen, number);
	screen_send(screen, "<enter>");
	screen_expect(screen, "Ticket orders 1");
	screen_send(screen, "<enter>");
	screen_expect(screen, "[Not redeemed");
	return screen;
}

static void expect_status(struct counter *world, const char *code, const char *status)
{
	assert_int_equal(fixture_int(&world->shop.hq,
				 "SELECT COUNT(*) FROM ticket WHERE code = '%s' AND status = '%s'",
				 code, status),
		1);
}

static void test_refund_code(void **state)
{
	/* Refunding one code says how many units are given back and leaves the order's other codes alone. */
	struct counter *world = *state;
	struct screen *screen = open_order(world, "T-1");

	screen_expect(screen, "[Not redeemed 2]");
	screen_send(screen, "g");
	screen_expect(screen, "Refund this code?");
	screen_expect(screen, "Code TK-MANY of order T-1: 5 units are given back");
	screen_send(screen, "y");
	screen_expect(screen, "[Not redeemed 1]");
	screen_expect(screen, "refunded 5");
	shop_fixture_sync(&world->shop);
	expect_status(world, "TK-MANY", "refunded");
	expect_status(world, "TK-PLAIN", "active");
}

static void test_refund_order(void **state)
{
	/* Refunding the order gives back all codes that are left; Esc gives back none. */
	struct counter *world = *state;
	struct screen *screen = open_order(world, "T-1");

	screen_send(screen, "a");
	screen_expect(screen, "Order T-1: all that is not redeemed is given back, 6");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "Refund this order?");
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
	screen_send(screen, "a");
	screen_expect(screen, "Refund this order?");
	screen_send(screen, "y");
	screen_expect(screen, "[Not redeemed 0]");
	shop_fixture_sync(&world->shop);
	expect_status(world, "TK-MANY", "refunded");
	expect_status(world, "TK-PLAIN", "refunded");
	screen_send(screen, "a");
	screen_expect(screen, "redeemed or refunded");
}

static void test_block(void **state)
{
	/* A code is blocked with a reason and unblocked again; the other of the two says why it cannot be. */
	struct counter *world = *state;
	struct screen *screen = open_order(world, "T-1");

	screen_send(screen, "u");
	screen_expect(screen, "This code is not blocked.");
	screen_send(screen, "b");
	screen_expect(screen, "Block this code?");
	screen_expect(screen, "TK-MANY, 綠茶 Green tea, 5 left. No store can redeem");
	screen_send(screen, "stolen<enter>");
	screen_expect(screen, "Blocked");
	screen_expect(screen, "Saved: Block a ticket, TK-MANY.");
	screen_expect(screen, "TK-MANY         *");
	shop_fixture_sync(&world->shop);
	screen_expect_gone(screen, "TK-MANY         *");
	expect_status(world, "TK-MANY", "blocked");
	screen_send(screen, "b");
	screen_expect(screen, "This ticket is blocked");
	screen_send(screen, "u");
	screen_expect(screen, "Unblock this code?");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Saved: Unblock a ticket, TK-MANY.");
	screen_expect_gone(screen, "Blocked");
	shop_fixture_sync(&world->shop);
	expect_status(world, "TK-MANY", "active");
}

static void test_split_made(void **state)
{
	/* Split without naming the new codes makes them: the code and -1 to -n, one unit each. */
	struct counter *world = *state;
	struct screen *screen = open_order(world, "T-1");

	screen_send(screen, "p");
	screen_expect(screen, "TK-MANY-1 to TK-MANY-5.");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Code TK-MANY becomes 5 codes of one unit each");
	screen_expect(screen, "TK-MANY-5");
	screen_send(screen, "y");
	screen_expect(screen, "[Not redeemed 6]");
	shop_fixture_sync(&world->shop);
	expect_status(world, "TK-MANY", "superseded");
	expect_status(world, "TK-MANY-5", "active");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[All codes 7]");
	screen_send(screen, "p");
	screen_expect(screen, "This code was split into others");
}

static void test_split_named(void **state)
{
	/* The new codes may be keyed in; too few are refused with the box open. */
	struct counter *world = *state;
	struct screen *screen = open_order(world, "T-2");

	screen_send(screen, "p");
	screen_expect(screen, "Split a code");
	screen_send(screen, "NEW-AA1 NEW-AA2<enter>");
	screen_expect(screen, "It takes 4 codes, one for each unit.");
	screen_send(screen, " NEW-AA3, NEW-AA4<enter>");
	screen_expect(screen, "becomes 4 codes");
	screen_expect(screen, "redeemed: NEW-AA1, NEW-AA2, NEW-AA3,");
	screen_send(screen, "y");
	screen_expect(screen, "[Not redeemed 4]");
	shop_fixture_sync(&world->shop);
	expect_status(world, "NEW-AA4", "active");
}

static void test_bind(void **state)
{
	/* Binding a product asks what becomes of the tickets sold, names the stores and counts the tickets. */
	struct counter *world = *state;
	struct screen *screen = open_order(world, "T-1");

	screen_send(screen, "t");
	screen_expect(screen, "Stores for the tickets of a product");
	screen_send(screen, "xinyi nowhere<ctrl+s>");
	screen_expect(screen, "nowhere");
	screen_send(screen, "<ctrl+u>xinyi ec<tab><right><ctrl+s>");
	screen_expect(screen, "Bind this product to stores?");
	screen_expect(screen, "信義店");
	screen_expect(screen, "1 ticket already sold");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Bind tickets to stores.");
	shop_fixture_sync(&world->shop);
	assert_int_equal(fixture_int(&world->shop.hq,
				 "SELECT COUNT(*) FROM ticket WHERE code = 'TK-MANY' AND stores = "
				 "'[\"xinyi\",\"ec\"]'"),
		1);
	screen_send(screen, "t");
	screen_expect(screen, "xinyi ec");
	screen_send(screen, "<ctrl+u><ctrl+s>");
	screen_expect(screen, "any store");
	screen_expect(screen, "Those already sold stay as they");
	screen_send(screen, "y");
	screen_expect_gone(screen, "Bind this product");
	shop_fixture_sync(&world->shop);
	assert_int_equal(
		fixture_int(&world->shop.hq,
			"SELECT COUNT(*) FROM ticket_product WHERE sku = 'A2' AND stores = '[]'"),
		1);
}

static void test_rights(void **state)
{
	/* A manager sees all six with the right that is missing, and none of them does anything. */
	static const char *const keys[] = {"g", "a", "b", "u", "p", "t"};
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	screen_send(screen, "<enter>");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		screen_send(screen, "<esc><enter>");
		screen_expect_gone(screen, "This needs");
		screen_send(screen, keys[i]);
		screen_expect(screen, "This needs the right of: HQ. You are: Manager.");
	}
	screen_send(screen, "<f1>");
	screen_expect(screen, "What HQ does to tickets");
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
}

static void test_narrow_chinese(void **state)
{
	/* At 60 by 16 in Chinese the question still names the code and what happens. */
	struct counter *world = *state;

	world->screen = shop_fixture_start(&world->shop, 16, 60, "zh_TW");
	screen_expect(world->screen, "chen");
	screen_send(world->screen, "ho<enter>");
	screen_expect(world->screen, "PIN");
	screen_send(world->screen, "1111<enter><f4>");
	screen_expect(world->screen, "[票券訂單 4]");
	screen_send(world->screen, "<end><enter>");
	screen_expect(world->screen, "[未核銷 2]");
	screen_send(world->screen, "g");
	screen_expect(world->screen, "TK-MANY");
	screen_expect(world->screen, "5");
	screen_send(world->screen, "<esc>p");
	screen_expect(world->screen, "TK-MANY-5");
}

#define admin_test(test) cmocka_unit_test_setup_teardown(test, set_up, counter_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		admin_test(test_refund_code),
		admin_test(test_refund_order),
		admin_test(test_block),
		admin_test(test_split_made),
		admin_test(test_split_named),
		admin_test(test_bind),
		admin_test(test_rights),
		admin_test(test_narrow_chinese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
