/* Tickets are listed, redeemed and voided on the screen, with HQ on the line and without. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "tests/screen/shop_fixture.h"

#define ISSUE(order, buyer, lines) \
	"{'order':'" order "','buyer':'" buyer "','phone':'0912345678','lines':[" lines "]}"
#define OFFLINE "'offline':{'allowed':true,'most':2,'cache_hours':24}"

static const char *const orders[] = {
	ISSUE("T-1", "Ms Lin 林小姐",
		"{'code':'TK-PLAIN','product':'A1','units':1},{'code':'TK-MANY','product':'A2','units':5}"),
	ISSUE("T-2", "Mr Chen 陳先生",
		"{'code':'TK-LOOSE','product':'A1','units':4,'valid_until':'2099-12-31'," OFFLINE
		"}"),
	ISSUE("T-3", "Mrs Wang",
		"{'code':'TK-OLD','product':'A1','units':1,'valid_until':'2026-01-31'},"
		"{'code':'TK-EARLY','product':'A1','units':1,'valid_from':'2099-01-01'},"
		"{'code':'TK-XIMEN','product':'A1','units':1,'stores':['ximen']},"
		"{'code':'TK-BLOCKED','product':'A1','units':1},{'code':'TK-SPLIT','product':'A1','units':2}"),
	ISSUE("T-4", "Alex Johnson", "{'code':'TK-REFUNDED','product':'A1','units':1}"),
};

struct counter {
	struct shop_fixture shop;
	struct screen *screen;
};

static int set_up(void **state)
{
	struct counter *world = calloc(1, sizeof(*world));
	struct shop_fixture *shop = &world->shop;

	shop_fixture_open_bare(shop, (const char *const[]){"xinyi", NULL});
	fixture_sql(&shop->hq,
		"UPDATE staff SET pin_hash = (SELECT pin_hash FROM staff WHERE id = 'chen')"
		" WHERE id = 'kiosk'");
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		shop_fixture_do(shop, "ticket.issue", NULL, "ho", "%s", orders[i]);
	shop_fixture_do(shop, "ticket.block", NULL, "ho", "{'code':'TK-BLOCKED'}");
	shop_fixture_do(shop, "ticket.split", NULL, "ho",
		"{'code':'TK-SPLIT','into':['TK-SPLIT-1','TK-SPLIT-2']}");
	shop_fixture_do(shop, "ticket.refund", NULL, "ho", "{'order':'T-4'}");
	shop_fixture_land(shop);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct counter *world = *state;

	if (world->screen)
		screen_end(world->screen);
	shop_fixture_close(&world->shop);
	free(world);
	return 0;
}

/* Signs in and opens the tickets pane. */
static struct screen *open_tickets(struct counter *world, const char *staff, const char *pin)
{
	world->screen = shop_fixture_start_as(&world->shop, staff, pin);
	screen_send(world->screen, "<f4>");
	screen_expect(world->screen, "Ticket orders 4");
	return world->screen;
}

/* From the pane of tickets, or from a result. */
static void key_in(struct screen *screen, const char *code)
{
	screen_send(screen, screen_has(screen, "Ticket orders") ? "c" : "r");
	screen_expect(screen, "Scan the ticket");
	screen_send(screen, code);
	screen_send(screen, "<enter>");
	screen_expect(screen, "Quantity");
}

/* Waits for this many commands in the outbox while the screen goes on. */
static void wait_for_unsent(struct counter *world, int count)
{
	for (int i = 0; i < 2000 && shop_fixture_unsent(&world->shop) != count; i++)
		screen_settle(world->screen, 2);
	assert_int_equal(shop_fixture_unsent(&world->shop), count);
}

/* Presses Enter on the quantity and has HQ answer. */
static void redeem_with_hq(struct counter *world)
{
	screen_send(world->screen, "<enter>");
	wait_for_unsent(world, 1);
	shop_fixture_sync(&world->shop);
}

static int64_t redeemed_at_hq(struct counter *world, const char *code)
{
	return fixture_int(&world->shop.hq,
		"SELECT COALESCE(SUM(qty), 0) FROM redemption WHERE code = '%s'", code);
}

static void set_line(struct counter *world, bool online)
{
	console_set_link(&world->shop.console, online, online ? "" : "HQ cannot be reached");
}

/* ---- with HQ ---- */

static void test_redeem(void **state)
{
	/* A code keyed in shows the ticket, and Enter redeems one unit of it at HQ. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	key_in(screen, "tk-many");
	screen_expect(screen, "of 5 left");
	screen_expect(screen, "綠茶 Green tea");
	screen_expect(screen, "Ms Lin 林小姐");
	redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_expect(screen, "1, 4 left");
	assert_int_equal(redeemed_at_hq(world, "TK-MANY"), 1);
}

static void test_second_press(void **state)
{
	/* Pressing Enter again while HQ is asked is the same redemption. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	key_in(screen, "TK-MANY");
	screen_send(screen, "<enter><enter>");
	screen_expect(screen, "it is one redemption");
	assert_int_equal(shop_fixture_unsent(&world->shop), 1);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
	assert_int_equal(redeemed_at_hq(world, "TK-MANY"), 1);
}

static void test_quantity(void **state)
{
	/* Digits are the quantity, a takes all that remain, and what is no quantity redeems nothing. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	key_in(screen, "TK-MANY");
	screen_send(screen, "9<enter>");
	screen_expect(screen, "never had that many");
	screen_send(screen, "z<enter>");
	screen_expect(screen, "no quantity");
	screen_send(screen, "<backspace>a");
	screen_expect(screen, "Quantity  5");
	screen_send(screen, "-");
	screen_expect(screen, "Quantity  4");
	redeem_with_hq(world);
	screen_expect(screen, "4, 1 left");
}

static void test_used_up(void **state)
{
	/* A ticket used up elsewhere says when, by whom and where, though this terminal knew nothing. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-PLAIN','qty':1,'mode':'online'}");
	key_in(screen, "TK-PLAIN");
	redeem_with_hq(world);
	screen_expect(screen, "USED UP");
	screen_expect(screen, "03-02 10:00  1 × wang, 西門店");
	assert_int_equal(redeemed_at_hq(world, "TK-PLAIN"), 1);
}

static void test_rest(void **state)
{
	/* Too few units left offers the rest, and one key redeems it. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-MANY','qty':3,'mode':'online'}");
	key_in(screen, "TK-MANY");
	screen_send(screen, "a");
	redeem_with_hq(world);
	screen_expect(screen, "NOT ENOUGH UNITS LEFT");
	screen_expect(screen, "Asked for 5; 2 can be redeemed: e does it");
	screen_send(screen, "e");
	wait_for_unsent(world, 1);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
	assert_int_equal(redeemed_at_hq(world, "TK-MANY"), 5);
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
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		key_in(screen, cases[i].code);
		redeem_with_hq(world);
		screen_expect_row(screen, 2, cases[i].headline);
		screen_expect(screen, "Nothing was redeemed.");
	}
}

/* ---- scans ---- */

static void test_scans(void **state)
{
	/* A scan never presses anything: refused while a question is open, the next ticket afterwards. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	screen_scan(screen, "TK-PLAIN");
	screen_expect(screen, "Redeem TK-PLAIN");
	screen_scan(screen, "TK-LOOSE");
	screen_expect(screen, "TK-LOOSE was not used");
	screen_scan(screen, "TK-PLAIN");
	screen_expect(screen, "here already");
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
	redeem_with_hq(world);
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
	struct screen *screen = open_tickets(world, SHOP_CLERK);

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
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	key_in(screen, "TK-LOOSE");
	screen_send(screen, "2<enter>");
	screen_expect(screen, "Asking HQ");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_expect(screen, "Whether another store redeemed it since");
	assert_int_equal(shop_fixture_unsent(&world->shop), 2);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
	screen_expect(screen, "HQ has confirmed it");
	assert_int_equal(redeemed_at_hq(world, "TK-LOOSE"), 2);
}

static void test_offline_collision(void **state)
{
	/* An offline acceptance that HQ finds spent stays on record and says so when the rows come. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-LOOSE','qty':4,'mode':'online'}");
	key_in(screen, "TK-LOOSE");
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
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	key_in(screen, "TK-PLAIN");
	screen_send(screen, "<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	screen_expect(screen, "this ticket may not be redeemed");
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
	shop_fixture_sync(&world->shop);
	assert_int_equal(redeemed_at_hq(world, "TK-PLAIN"), 0);
}

static void test_unanswered(void **state)
{
	/* What has left may still be answered: the page says so, and shows the answer when it comes. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);
	struct text lines = TEXT_INIT(TEXT_SMALL);

	key_in(screen, "TK-PLAIN");
	screen_send(screen, "<enter>");
	wait_for_unsent(world, 1);
	assert_int_equal(console_next_lines(&world->shop.console, 10, TEXT_SMALL / 2, &lines), 1);
	text_free(&lines);
	screen_expect(screen, "NO ANSWER FROM HQ");
	screen_send(screen, "t");
	screen_expect(screen, "could redeem twice");
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
	assert_int_equal(redeemed_at_hq(world, "TK-PLAIN"), 1);
}

static void test_line_down(void **state)
{
	/* With the line known to be down nobody waits and nothing is stored that HQ must judge. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	set_line(world, false);
	key_in(screen, "TK-PLAIN");
	screen_expect(screen, "and this ticket needs it");
	screen_send(screen, "<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	assert_false(screen_has(screen, "Asking HQ"));
	assert_string_equal(shop_fixture_last_sent(&world->shop), "");
	set_line(world, true);
	screen_expect(screen, "line to HQ is back");
	screen_send(screen, "t");
	wait_for_unsent(world, 1);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
}

static void test_offline_limit(void **state)
{
	/* More than the policy allows offline offers what it does allow. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	set_line(world, false);
	key_in(screen, "TK-LOOSE");
	screen_expect(screen, "can be accepted offline");
	screen_send(screen, "3<enter>");
	screen_expect(screen, "at most 2 more without HQ");
	screen_send(screen, "e");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	assert_int_equal(shop_fixture_unsent(&world->shop), 1);
}

/* ---- lists, voiding, rights ---- */

static void test_order(void **state)
{
	/* A search finds an order by its buyer; its detail redeems and then shows the record. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, SHOP_CLERK);

	screen_send(screen, "/");
	screen_expect(screen, "Search tickets");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "Ticket orders 1");
	screen_send(screen, "<enter>");
	screen_expect(screen, "[Not redeemed 2]");
	screen_send(screen, "<end>r");
	screen_expect(screen, "Redeem TK-PLAIN");
	redeem_with_hq(world);
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
	struct screen *screen = open_tickets(world, SHOP_MANAGER);

	key_in(screen, "TK-PLAIN");
	redeem_with_hq(world);
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
	assert_int_equal(redeemed_at_hq(world, "TK-PLAIN"), 0);
	screen_send(screen, "<end>x");
	screen_expect(screen, "voided already");
}

static void test_ticket_clerk(void **state)
{
	/* A ticket clerk lists and redeems; voiding names the right that is missing. */
	struct counter *world = *state;
	struct screen *screen = open_tickets(world, "kiosk", "1111");

	key_in(screen, "TK-PLAIN");
	redeem_with_hq(world);
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
	redeem_with_hq(world);
	screen_expect(world->screen, "核銷成功");
}

#define ticket_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ticket_test(test_redeem),
		ticket_test(test_second_press),
		ticket_test(test_quantity),
		ticket_test(test_used_up),
		ticket_test(test_rest),
		ticket_test(test_every_refusal),
		ticket_test(test_scans),
		ticket_test(test_malformed),
		ticket_test(test_offline),
		ticket_test(test_offline_collision),
		ticket_test(test_withdrawn),
		ticket_test(test_unanswered),
		ticket_test(test_line_down),
		ticket_test(test_offline_limit),
		ticket_test(test_order),
		ticket_test(test_void),
		ticket_test(test_ticket_clerk),
		ticket_test(test_narrow_chinese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
