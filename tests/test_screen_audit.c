/* The audit of reservations on the screen. */
#include "tests/screen/order_steps.h"

#define HQ_STAFF "ho", "1111"

/* A row of W-1 is lost, and one of W-2 says too much. */
static void break_ledger(struct shop_fixture *f)
{
	fixture_sql(&f->hq,
		"UPDATE staff SET pin_hash = (SELECT c.pin_hash FROM staff c"
		" WHERE c.id = 'chen') WHERE id = 'ho'");
	orders_place(f, "W-1");
	orders_place(f, "W-2");
	fixture_sql(&f->hq, "DELETE FROM reservation WHERE order_number = 'W-1'");
	fixture_sql(&f->hq,
		"UPDATE reservation SET qty = -7500 WHERE order_number = 'W-2' AND sku = 'A2'");
}

static void test_a_sound_ledger(void **state)
{
	/* While the ledger is right there is nothing to tell, and the keys say so. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	screen = orders_open(f, SHOP_MANAGER);
	screen_send(screen, "t");
	screen_expect_row(screen, 1, "Sales orders > Audit of reservations");
	screen_expect(screen, "Nothing to report.");
	screen_send(screen, "c");
	screen_expect(screen, "There is no row under the cursor.");
	screen_end(screen);
}

static void test_hq_mends(void **state)
{
	/* What is wrong stands with what is needed; HQ's staff mend an order whole, after a question that names all of
	 * it. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	break_ledger(f);
	screen = orders_open(f, HQ_STAFF);
	screen_send(screen, "t");
	screen_expect(screen, "1 of 3");
	screen_expect(screen, "W-2");
	screen_send(screen, "c");
	screen_expect(screen, "A1, 網店 Web: 0 is reserved, −5 should be; needed: −5");
	screen_expect(screen, "A2, 網店 Web: 0 is reserved, −3 should be; needed: −3");
	screen_expect(screen, "No goods move.");
	screen_send(screen, "<enter>");
	screen_expect(screen, "1 of 1");
	shop_fixture_expect_sent(f, "order.compensate", "W-1");
	shop_fixture_sync(f);
	assert_int_equal(fixture_int(&f->hq,
				 "SELECT COUNT(*) FROM reservation WHERE event = 'compensation'"),
		2);
	screen_send(screen, "<enter>");
	screen_expect_row(screen, 1, "> Order W-2");
	screen_end(screen);
}

static void test_others_look(void **state)
{
	/* A manager reads it and is told who mends it. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	break_ledger(f);
	screen = orders_open(f, SHOP_MANAGER);
	screen_send(screen, "t");
	screen_expect(screen, "1 of 3");
	screen_send(screen, "c");
	screen_expect(screen, "This needs the right of: HQ.");
	assert_int_equal(shop_fixture_unsent(f), 0);
	screen_end(screen);
}

static void test_narrow_and_chinese(void **state)
{
	/* Where it is narrow the order, the product and what is needed stay; the question fits, in Chinese too. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	break_ledger(f);
	shop_fixture_land(f);
	screen = shop_fixture_start(f, 16, 60, "zh_TW");
	screen_expect(screen, "何總部");
	screen_send(screen, "ho<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "1111<enter>");
	screen_expect_gone(screen, "PIN");
	screen_send(screen, "<f11>");
	screen_expect(screen, "銷售訂單");
	screen_send(screen, "t");
	screen_expect_row(screen, 1, "預留量稽核");
	screen_expect(screen, "W-1");
	screen_expect(screen, "−5");
	screen_send(screen, "c");
	screen_expect(screen, "A1，網店 Web：預留量 0，應為 −5；需補 −5");
	screen_expect(screen, "不會移動任何商品");
	screen_send(screen, "<enter>");
	screen_expect(screen, "第 1 筆，共 1 筆");
	screen_expect(screen, "W-2");
	screen_end(screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		order_test(test_a_sound_ledger),
		order_test(test_hq_mends),
		order_test(test_others_look),
		order_test(test_narrow_and_chinese),
	};

	return cmocka_run_group_tests_name(
		"the audit of reservations on the screen", tests, NULL, NULL);
}
