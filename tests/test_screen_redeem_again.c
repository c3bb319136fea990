/* A redemption that is seen again: by the same scan, after a crash, at another screen, after its page was left. */
#include <signal.h>

#include "tests/screen/ticket_counter.h"

/* ---- repeated ---- */

static void test_own_earlier(void **state)
{
	/* A code redeemed here just now shows that redemption and asks nothing; a key redeems another unit. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-MANY");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_scan(screen, "tk-many");
	screen_expect_row(screen, 2, "REDEEMED HERE ALREADY");
	screen_expect(screen, "hand out once");
	screen_expect(screen, "at this terminal, by 陳小美");
	screen_expect(screen, "4 left: m redeems another unit");
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
	screen_send(screen, "m");
	screen_expect(screen, "of 4 left");
	counter_redeem_with_hq(world);
	screen_expect_row(screen, 2, "OK: REDEEMED");
	screen_expect(screen, "1, 3 left");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-MANY"), 2);
}

static void test_earlier_elsewhere(void **state)
{
	/* What another terminal redeemed is no redemption of one's own: the code is asked about. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-MANY");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	fixture_sql(&world->shop.hq, "UPDATE redemption SET device = 'till-0123456789abcdef'");
	shop_fixture_land(&world->shop);
	screen_send(screen, "<esc>");
	screen_expect(screen, "Ticket orders 4");
	screen_scan(screen, "TK-MANY");
	screen_expect(screen, "of 4 left");
	screen_expect(screen, "陳小美, 信義店, till-0123");
}

static void test_bounce(void **state)
{
	/* A trigger that bounces at any stage makes no second redemption. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	/* Written in two ways, else a scan at once after another is taken for its echo before it gets here. */
	screen_scan(screen, "TK-MANY");
	screen_expect(screen, "of 5 left");
	screen_scan(screen, "tk-many");
	screen_expect(screen, "here already");
	screen_send(screen, "<enter>");
	counter_wait_for_unsent(world, 1);
	counter_send(world);
	screen_scan(screen, "TK-MANY");
	screen_settle(screen, 20);
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 1);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "4 left");
	screen_scan(screen, "tk-many");
	screen_expect(screen, "REDEEMED HERE ALREADY");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Ticket orders 4");
	screen_scan(screen, "TK-MANY");
	screen_expect(screen, "REDEEMED HERE ALREADY");
	screen_send(screen, "<enter>");
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
	assert_int_equal(counter_redeemed_at_hq(world, "TK-MANY"), 1);
}

/* The program dies at once, and is started again. */
static struct screen *crash(struct counter *world)
{
	kill(screen_pid(world->screen), SIGKILL);
	screen_wait_exit(world->screen);
	screen_end(world->screen);
	world->screen = NULL;
	return counter_open_tickets(world, SHOP_CLERK);
}

static void test_crash_while_asking(void **state)
{
	/* A console that died while HQ was asked goes on with the same redemption when the code is scanned again. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-MANY");
	screen_send(screen, "2<enter>");
	counter_wait_for_unsent(world, 1);
	counter_send(world);
	screen = crash(world);
	screen_scan(screen, "TK-MANY");
	screen_expect(screen, "NO ANSWER FROM HQ");
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 1);
	shop_fixture_sync(&world->shop);
	screen_expect_row(screen, 2, "REDEEMED HERE ALREADY");
	screen_expect(screen, "3 left");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-MANY"), 2);
}

static void test_crash_and_fallback(void **state)
{
	/* The same with a ticket that may go out without HQ: one fallback, however often the console dies. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-LOOSE");
	screen_send(screen, "2<enter>");
	counter_wait_for_unsent(world, 1);
	screen = crash(world);
	screen_scan(screen, "TK-LOOSE");
	screen_expect_row(screen, 2, "REDEEMED HERE ALREADY, NOT CONFIRMED");
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 2);
	screen = crash(world);
	screen_scan(screen, "TK-LOOSE");
	screen_expect_row(screen, 2, "REDEEMED HERE ALREADY, NOT CONFIRMED");
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 2);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "HQ has confirmed it");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-LOOSE"), 2);
}

static void test_two_seats(void **state)
{
	/* The same code at a second screen of the terminal, while HQ is asked, is the same redemption. */
	struct counter *world = *state;
	struct screen *first = counter_open_tickets(world, SHOP_CLERK);
	struct screen *second;

	counter_key_in(first, "TK-LOOSE");
	second = shop_fixture_start_as(&world->shop, SHOP_MANAGER);
	screen_send(first, "<enter>");
	counter_wait_for_unsent(world, 1);
	screen_scan(second, "TK-LOOSE");
	screen_expect(first, "ACCEPTED, NOT CONFIRMED");
	screen_expect(second, "REDEEMED HERE ALREADY, NOT CONFIRMED");
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 2);
	shop_fixture_sync(&world->shop);
	screen_expect(first, "OK: REDEEMED");
	screen_expect(second, "HQ has confirmed it");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-LOOSE"), 1);
	screen_end(second);
}

static void test_two_questions(void **state)
{
	/* A question that stood on another screen while the code was redeemed makes no second redemption. */
	struct counter *world = *state;
	struct screen *first = counter_open_tickets(world, SHOP_CLERK);
	struct screen *second;

	counter_key_in(first, "TK-MANY");
	second = shop_fixture_start_as(&world->shop, SHOP_MANAGER);
	screen_scan(second, "TK-MANY");
	screen_expect(second, "of 5 left");
	counter_redeem_with_hq(world);
	screen_expect(first, "OK: REDEEMED");
	screen_send(second, "<enter>");
	screen_expect(second, "REDEEMED HERE ALREADY");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-MANY"), 1);
	screen_end(second);
}

static void test_offered_again(void **state)
{
	/* What an HQ that was restored is offered again is shown as one's own, and never taken back. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Ticket orders 4");
	db_run(world->shop.console.outbox,
		"UPDATE command SET state = 'queued', sent = 0, status = NULL, verdict = NULL, "
		"at = at - 3600000",
		"");
	screen_scan(screen, "TK-PLAIN");
	screen_expect(screen, "NO ANSWER FROM HQ");
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 1);
	assert_int_equal(counter_waiting(world, "ticket.refused"), 0);
}

/* ---- after the page was left ---- */

static void test_late_confirmed(void **state)
{
	/* What was accepted offline is told when HQ has confirmed it, though its page was left. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-LOOSE");
	screen_send(screen, "<enter>");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Ticket orders 4");
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "HQ has confirmed the redemption of ticket ****SE.");
}

static void test_late_answer(void **state)
{
	/* An answer that came too late for its page is told, and the scan shows it. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-PLAIN");
	screen_send(screen, "<enter>");
	counter_wait_for_unsent(world, 1);
	counter_send(world);
	screen_expect(screen, "NO ANSWER FROM HQ");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Ticket orders 4");
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "ticket ****IN is redeemed, 1 units");
	screen_scan(screen, "TK-PLAIN");
	screen_expect(screen, "REDEEMED HERE ALREADY");
}

static void test_late_refusal(void **state)
{
	/* A refusal that came too late for its page is told, and stands in the inbox. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-BLOCKED");
	screen_send(screen, "<enter>");
	counter_wait_for_unsent(world, 1);
	counter_send(world);
	screen_expect(screen, "NO ANSWER FROM HQ");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Ticket orders 4");
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "HQ on ticket ****CKED: BLOCKED. The inbox has it.");
	screen_expect_row(screen, -1, "problems 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		counter_test(test_own_earlier),
		counter_test(test_earlier_elsewhere),
		counter_test(test_bounce),
		counter_test(test_crash_while_asking),
		counter_test(test_crash_and_fallback),
		counter_test(test_two_seats),
		counter_test(test_two_questions),
		counter_test(test_offered_again),
		counter_test(test_late_confirmed),
		counter_test(test_late_answer),
		counter_test(test_late_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
