/* Redeeming on the screen: a scan and a key, with HQ on the line, slow, and without. What is repeated is in
 * test_screen_redeem_again.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/ticket_counter.h"

/* ---- with HQ ---- */

static void test_redeem(void **state)
{
	/* A code keyed in shows the ticket, and Enter redeems one unit of it at HQ. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "tk-many");
	screen_expect(screen, "of 5 left");
	screen_expect(screen, "綠茶 Green tea");
	screen_expect(screen, "Ms Lin 林小姐");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_expect(screen, "1, 4 left");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-MANY"), 1);
}

static void test_second_press(void **state)
{
	/* Pressing Enter again while HQ is asked is the same redemption. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-MANY");
	screen_send(screen, "<enter><enter>");
	screen_expect(screen, "it is one redemption");
	assert_int_equal(shop_fixture_unsent(&world->shop), 1);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-MANY"), 1);
}

static void test_quantity(void **state)
{
	/* Digits are the quantity, a takes all that remain, and what is no quantity redeems nothing. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-MANY");
	screen_send(screen, "9<enter>");
	screen_expect(screen, "never had that many");
	screen_send(screen, "z<enter>");
	screen_expect(screen, "no quantity");
	screen_send(screen, "<backspace>a");
	screen_expect(screen, "Quantity  5");
	screen_send(screen, "-");
	screen_expect(screen, "Quantity  4");
	counter_redeem_with_hq(world);
	screen_expect(screen, "4, 1 left");
}

static void test_used_up(void **state)
{
	/* A ticket used up elsewhere says when, by whom and where, though this terminal knew nothing. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-PLAIN','qty':1,'mode':'online'}");
	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "USED UP");
	screen_expect(screen, "03-02 10:00  1 × wang, 西門店");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-PLAIN"), 1);
}

static void test_rest(void **state)
{
	/* Too few units left offers the rest, and one key redeems it. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-MANY','qty':3,'mode':'online'}");
	counter_key_in(screen, "TK-MANY");
	screen_send(screen, "a");
	counter_redeem_with_hq(world);
	screen_expect(screen, "NOT ENOUGH UNITS LEFT");
	screen_expect(screen, "Asked for 5; 2 can be redeemed: e does it");
	screen_send(screen, "e");
	counter_wait_for_unsent(world, 1);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-MANY"), 5);
}

static void test_every_refusal(void **state)
{
	/* Each reason HQ gives has a headline of its own. */
	static const struct {
		const char *code;
		const char *headline;
	} cases[] = {
		{"TK-REFUNDED", "REFUNDED"},
		{"TK-BLOCKED", "BLOCKED"},
		{"TK-SPLIT", "SPLIT INTO NEW CODES"},
		{"TK-XIMEN", "FOR OTHER STORES"},
		{"TK-EARLY", "NOT VALID YET"},
		{"TK-OLD", "EXPIRED"},
		{"TK-NOWHERE", "UNKNOWN TICKET"},
	};
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		counter_key_in(screen, cases[i].code);
		counter_redeem_with_hq(world);
		screen_expect_row(screen, 2, cases[i].headline);
		screen_expect(screen, "Nothing was redeemed.");
	}
}

/* ---- scans ---- */

static void test_scans(void **state)
{
	/* A scan never presses anything: refused while a question is open, the next ticket afterwards. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	screen_scan(screen, "TK-PLAIN");
	screen_expect(screen, "Redeem TK-PLAIN");
	screen_scan(screen, "TK-LOOSE");
	screen_expect(screen, "TK-LOOSE was not used");
	screen_scan(screen, "TK-PLAIN");
	screen_expect(screen, "here already");
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_scan(screen, "https://t.example/r?code=tk-loose");
	screen_expect(screen, "Redeem TK-LOOSE");
	screen_expect(screen, "of 4 left");
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
}

static void test_malformed(void **state)
{
	/* What cannot be a ticket code never leaves the terminal. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	screen_send(screen, "c");
	screen_expect(screen, "Scan the ticket");
	screen_send(screen, "no%code<enter>");
	screen_expect(screen, "This is not a ticket code");
	assert_string_equal(shop_fixture_last_sent(&world->shop), "");
}

/* ---- without HQ ---- */

static void test_offline(void **state)
{
	/* Without an answer the ticket's policy accepts it, not confirmed, until HQ confirms: once. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-LOOSE");
	screen_send(screen, "2<enter>");
	screen_expect(screen, "Asking HQ");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_expect(screen, "Whether another store redeemed it since");
	assert_int_equal(shop_fixture_unsent(&world->shop), 2);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
	screen_expect(screen, "HQ has confirmed it");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-LOOSE"), 2);
}

static void test_offline_collision(void **state)
{
	/* An offline acceptance that HQ finds spent stays on record and says so when the rows come. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-LOOSE','qty':4,'mode':'online'}");
	counter_key_in(screen, "TK-LOOSE");
	screen_send(screen, "<enter>");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	shop_fixture_sync(&world->shop);
	screen_expect_row(screen, 2, "Ticket redeemed twice");
	screen_expect(screen, "HQ finds this against it");
}

static void test_withdrawn(void **state)
{
	/* A ticket that needs HQ is taken back if it had not left, and nothing is sent later. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-PLAIN");
	screen_send(screen, "<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	screen_expect(screen, "this ticket may not be redeemed");
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 0);
	shop_fixture_sync(&world->shop);
	assert_int_equal(counter_redeemed_at_hq(world, "TK-PLAIN"), 0);
}

static void test_unanswered(void **state)
{
	/* What has left may still be answered: the page says so, and shows the answer when it comes. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-PLAIN");
	screen_send(screen, "<enter>");
	counter_wait_for_unsent(world, 1);
	counter_send(world);
	screen_expect(screen, "NO ANSWER FROM HQ");
	screen_send(screen, "t");
	screen_expect(screen, "Asking HQ");
	screen_expect(screen, "NO ANSWER FROM HQ");
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 1);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-PLAIN"), 1);
}

static void test_line_down(void **state)
{
	/* With the line known to be down nobody waits and nothing is stored that HQ must judge. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_set_line(world, false);
	counter_key_in(screen, "TK-PLAIN");
	screen_expect(screen, "and this ticket needs it");
	screen_send(screen, "<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	assert_false(screen_has(screen, "Asking HQ"));
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 0);
	counter_set_line(world, true);
	screen_expect(screen, "line to HQ is back");
	screen_send(screen, "t");
	counter_wait_for_unsent(world, 2);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
}

static void test_offline_limit(void **state)
{
	/* More than the policy allows offline offers what it does allow. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_set_line(world, false);
	counter_key_in(screen, "TK-LOOSE");
	screen_expect(screen, "can be accepted offline");
	screen_send(screen, "3<enter>");
	screen_expect(screen, "at most 2 more without HQ");
	screen_send(screen, "e");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	assert_int_equal(counter_waiting(world, "ticket.redeem"), 1);
}

static void test_offline_limit_counts_unanswered(void **state)
{
	/* What went out without an answer counts against what may go out without HQ. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-LOOSE");
	screen_send(screen, "2<enter>");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_send(screen, "m");
	screen_expect(screen, "of 2 left");
	screen_send(screen, "<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	shop_fixture_sync(&world->shop);
	assert_int_equal(counter_redeemed_at_hq(world, "TK-LOOSE"), 2);
}

/* ---- sounds ---- */

/* Rings so often, and no more than that. */
static void expect_bells(struct screen *screen, int before, int bells)
{
	for (int i = 0; i < 500 && screen_bells(screen) < before + bells; i++)
		screen_settle(screen, 10);
	screen_settle(screen, 400);
	assert_int_equal(screen_bells(screen) - before, bells);
}

static void test_sounds(void **state)
{
	/* One bell for a redemption, two for what is odd, three for what is bad; and the message line flashes. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);
	int before = screen_bells(screen);

	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	expect_bells(screen, before, 1);
	assert_true(screen_flashes(screen) > 0);
	before = screen_bells(screen);
	screen_scan(screen, "TK-PLAIN");
	screen_expect(screen, "REDEEMED HERE ALREADY");
	expect_bells(screen, before, 2);
	before = screen_bells(screen);
	screen_scan(screen, "TK-BLOCKED");
	counter_redeem_with_hq(world);
	screen_expect(screen, "BLOCKED");
	expect_bells(screen, before, 3);
}

/* ---- what HQ is told ---- */

/* The line of the newest command of the kind, as it will be sent. */
static const char *last_line(struct counter *world, const char *op)
{
	static char line[2048];
	char *found = db_get_text(world->shop.console.outbox,
		"SELECT line FROM command WHERE op = $1 ORDER BY n DESC LIMIT 1", "t", op);

	snprintf(line, sizeof(line), "%s", found ? found : "");
	free(found);
	return line;
}

static void test_refused_here(void **state)
{
	/* A scan that this terminal refuses by itself is told to HQ once; what is no code never is. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_set_line(world, false);
	counter_key_in(screen, "TK-OLD");
	screen_send(screen, "<enter>");
	screen_expect_row(screen, 2, "EXPIRED");
	assert_int_equal(counter_waiting(world, "ticket.refused"), 1);
	assert_non_null(strstr(last_line(world, "ticket.refused"), "\"result\":\"expired\""));
	counter_set_line(world, true);
	screen_expect(screen, "line to HQ is back");
	screen_scan(screen, "TK-PLAIN");
	screen_expect(screen, "of 1 left");
	screen_send(screen, "<enter>");
	screen_expect_row(screen, 2, "NEEDS HQ ON THE LINE");
	assert_int_equal(counter_waiting(world, "ticket.refused"), 2);
	assert_non_null(strstr(last_line(world, "ticket.refused"), "\"of\":"));
	screen_scan(screen, "no%code");
	screen_settle(screen, 50);
	assert_int_equal(counter_waiting(world, "ticket.refused"), 2);
	shop_fixture_sync(&world->shop);
	assert_int_equal(
		fixture_int(&world->shop.hq, "SELECT count(*) FROM refused_scan WHERE by_hq = 0"),
		2);
}

static void test_basis(void **state)
{
	/* An offline redemption tells HQ what it rested on, and how far the terminal's time may be off. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);
	const char *line;

	counter_set_line(world, false);
	counter_key_in(screen, "TK-LOOSE");
	screen_send(screen, "<enter>");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_expect(screen, "by this terminal's own clock");
	line = last_line(world, "ticket.redeem");
	assert_non_null(strstr(line, "\"clock_error_ms\":86400000"));
	assert_non_null(strstr(line, "\"shown\":\"offline\""));
	assert_non_null(strstr(line, "\"line\":\"down\""));
}

/* ---- what the page offers ---- */

static void test_freshness(void **state)
{
	/* Before the key it is said whether the ticket could be redeemed without HQ, and by data of when. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-LOOSE");
	screen_expect(screen, "Offline-ready as of");
	screen_expect(screen, "up to 2");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Ticket orders 4");
	counter_key_in(screen, "TK-PLAIN");
	screen_expect(screen, "Only with HQ on the line");
}

static void test_void_here(void **state)
{
	/* A manager voids what was redeemed from its page; a clerk is told the right that is missing. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "x");
	screen_expect(screen, "Void a redemption");
	screen_send(screen, "wrong one<enter>");
	screen_expect(screen, "Void this redemption?");
	screen_send(screen, "y");
	screen_expect_row(screen, 2, "REDEMPTION VOIDED");
	screen_expect(screen, "1 left of 1");
	shop_fixture_sync(&world->shop);
	assert_int_equal(counter_redeemed_at_hq(world, "TK-PLAIN"), 0);
	screen_scan(screen, "TK-PLAIN");
	screen_expect(screen, "of 1 left");
}

static void test_clerk_voids_not(void **state)
{
	/* A clerk reads which right voiding needs. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "x");
	screen_expect(screen, "This needs the right of: Manager");
}

static void test_collision_leads_to_dossier(void **state)
{
	/* An offline acceptance that HQ finds spent names the key to its dossier. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-LOOSE");
	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-LOOSE','qty':4,'mode':'online'}");
	screen_send(screen, "<enter>");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_send(screen, "d");
	screen_expect(screen, "no dossier about this");
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "d opens the dossier");
	screen_send(screen, "d");
	screen_expect_row(screen, 1, "Dossier ****SE");
	screen_send(screen, "<esc>");
	screen_expect_row(screen, 2, "Ticket redeemed twice");
}

static void test_split_names_its_heirs(void **state)
{
	/* A code that was split says into which, masked for a clerk. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_key_in(screen, "TK-SPLIT");
	counter_redeem_with_hq(world);
	screen_expect(screen, "one of the new codes");
	screen_expect(screen, "2: ****IT-1, ****IT-2");
}

static void test_written_forms(void **state)
{
	/* A code is the same in lower case, with blanks, behind an ECI prefix and inside a URL. */
	static const char *const forms[] = {
		"TK-MANY",
		"tk-many",
		" TK -MANY ",
		"]Q1\\000026TK-MANY",
		"\\000026tk-many",
		"https://t.example/r?x=1&code=tk-many",
		"https://t.example/t/TK-MANY/",
		"\uff34\uff2b-many",
	};
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		screen_scan(screen, forms[i]);
		screen_expect(screen, "Redeem TK-MANY");
		screen_expect(screen, "of 5 left");
		screen_send(screen, "<esc>");
		screen_expect(screen, "Ticket orders 4");
	}
	screen_scan(screen, forms[5]);
	screen_expect(screen, "of 5 left");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_scan(screen, forms[3]);
	screen_expect(screen, "REDEEMED HERE ALREADY");
	assert_int_equal(counter_redeemed_at_hq(world, "TK-MANY"), 1);
}

/* Redeems another unit; is HQ's answer the first thing painted once it is known? */
static bool answer_is_first(struct counter *world)
{
	struct screen *screen = world->screen;
	size_t before;
	bool is_first;

	screen_send(screen, "<enter>");
	counter_wait_for_unsent(world, 1);
	screen_expect_passing(screen, "Asking HQ");
	before = screen_bytes_read(screen);
	shop_fixture_sync(&world->shop);
	for (int i = 0; i < 1000 && screen_bytes_read(screen) == before; i++)
		screen_settle(screen, 5);
	is_first = screen_has(screen, "OK: REDEEMED");
	screen_expect(screen, "OK: REDEEMED");
	return is_first;
}

static void test_first_frame(void **state)
{
	/* The first thing painted after HQ's answer is known is that answer. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);
	bool is_first;

	counter_key_in(screen, "TK-MANY");
	is_first = answer_is_first(world);
	/* A machine that is too busy to answer within 1.5 s, or the minute of the clock, may come in between. */
	for (int again = 0; again < 3 && !is_first; again++) {
		screen_send(screen, "m");
		screen_expect(screen, "Quantity");
		is_first = answer_is_first(world);
	}
	assert_true(is_first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		counter_test(test_redeem),
		counter_test(test_second_press),
		counter_test(test_quantity),
		counter_test(test_used_up),
		counter_test(test_rest),
		counter_test(test_every_refusal),
		counter_test(test_scans),
		counter_test(test_malformed),
		counter_test(test_offline),
		counter_test(test_offline_collision),
		counter_test(test_withdrawn),
		counter_test(test_unanswered),
		counter_test(test_line_down),
		counter_test(test_offline_limit),
		counter_test(test_offline_limit_counts_unanswered),
		counter_test(test_sounds),
		counter_test(test_refused_here),
		counter_test(test_basis),
		counter_test(test_freshness),
		counter_test(test_void_here),
		counter_test(test_clerk_voids_not),
		counter_test(test_collision_leads_to_dossier),
		counter_test(test_split_names_its_heirs),
		counter_test(test_written_forms),
		counter_test(test_first_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
