/* A code redeemed twice: one row of the inbox, its redemptions side by side, and the three outcomes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/shop_fixture.h"

#define MINUTE_MS INT64_C(60000)
#define REDEEM "{'code':'TK-TWICE-01','qty':1,'mode':'online'}"
#define REDEEM_OFFLINE                                                                   \
	"{'code':'TK-TWICE-01','qty':1,'mode':'offline','basis':{'cache_at':"            \
	"'2026-03-02T01:48:00.000Z','cache_age_s':720,'remaining':1,'line':'no_answer'," \
	"'clock_error_ms':1500,'shown':'offline'}}"

struct counter {
	struct shop_fixture shop;
	struct screen *screen;
};

static void open_counter(struct counter *world, const char *const *stores)
{
	struct shop_fixture *shop = &world->shop;

	shop_fixture_open_bare(shop, stores);
	fixture_sql(&shop->hq,
		"UPDATE staff SET pin_hash = (SELECT pin_hash FROM staff WHERE id = 'lin')"
		" WHERE id IN ('ho', 'dai')");
	shop_fixture_do(shop, "ticket.issue", NULL, "ho",
		"{'order':'T-77','buyer':'Ms Lin','phone':'0912345678','lines':["
		"{'code':'TK-TWICE-01','product':'A1','units':1,"
		"'offline':{'allowed':true,'most':1,'cache_hours':24}}]}");
}

static int set_up(void **state)
{
	struct counter *world = calloc(1, sizeof(*world));

	open_counter(world, (const char *const[]){"xinyi", NULL});
	*state = world;
	return 0;
}

/* At a terminal of two stores. */
static int set_up_two_stores(void **state)
{
	struct counter *world = calloc(1, sizeof(*world));

	open_counter(world, (const char *const[]){"ec", "xinyi", NULL});
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

/* What the terminal of a store did with the line down: HQ hears of it eight minutes later. */
static const char *redeem_offline(struct shop_fixture *shop, const char *store, const char *actor)
{
	const char *id;

	shop->hq.world.device = strcmp(store, "xinyi") == 0 ? "device-1" : NULL;
	shop->hq.at_ms = shop->hq.now_ms + 5000;
	shop->hq.now_ms += 8 * MINUTE_MS;
	id = shop_fixture_do(shop, "ticket.redeem", store, actor, REDEEM_OFFLINE);
	shop->hq.at_ms = 0;
	return id;
}

static void redeem_online(struct shop_fixture *shop)
{
	shop->hq.world.device = "ximen-box-0123456789abcdef";
	shop_fixture_do(shop, "ticket.redeem", "ximen", "wang", REDEEM);
}

/* Online at ximen, then offline at xinyi. */
static void redeem_twice(struct shop_fixture *shop)
{
	redeem_online(shop);
	redeem_offline(shop, "xinyi", "chen");
}

static struct screen *open_inbox(struct counter *world, const char *staff, const char *pin)
{
	shop_fixture_land(&world->shop);
	world->screen = shop_fixture_start_as(&world->shop, staff, pin);
	screen_send(world->screen, "<f6>");
	screen_expect(world->screen, "Exceptions ");
	return world->screen;
}

static struct screen *open_dossier(struct counter *world, const char *staff, const char *pin)
{
	struct screen *screen = open_inbox(world, staff, pin);

	screen_expect(screen, "[Exceptions 1]");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Redemption 1/");
	return screen;
}

static void expect_status(struct counter *world, const char *status)
{
	fixture_expect_text(
		&world->shop.hq, status, "SELECT status FROM dossier WHERE code = 'TK-TWICE-01'");
}

/* Both texts on one row, the first before the second. */
static void expect_beside(struct screen *screen, const char *left, const char *right)
{
	int row, left_col, right_col;

	screen_expect(screen, left);
	assert_true(screen_find(screen, left, &row, &left_col));
	right_col = screen_column(screen, row, right);
	if (right_col <= left_col)
		screen_print(screen);
	assert_true(right_col > left_col);
}

/* ---- the page ---- */

static void test_side_by_side(void **state)
{
	/* Two redemptions of one unit stand beside each other: who, where, terminal, when and how sure that is,
	 * how, on data how old, what it saw left and what its screen said. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	screen = open_dossier(world, SHOP_MANAGER);
	screen_expect_row(screen, 1, "Inbox > Dossier TK-TWICE-01");
	screen_expect_row(screen, 2, "烏龍茶 Oolong tea  order T-77");
	screen_expect_row(screen, 3, "Units 1, redeemed 2: 1 too many");
	screen_expect_row(screen, 3, "To decide");
	expect_beside(screen, "Redemption 1/2", "Redemption 2/2");
	expect_beside(screen, "西門店", "信義店");
	expect_beside(screen, "wang", "陳小美");
	expect_beside(screen, "ximen-box-0123", "This terminal");
	expect_beside(screen, "2026-03-02 10:00:01, HQ's clock", "2026-03-02 10:00:07 ± 2 s");
	expect_beside(screen, "at once", "2026-03-02 10:08:02");
	expect_beside(screen, "Online", "Offline: HQ did not answer");
	expect_beside(screen, "HQ's own", "12 min old, as of 03-02 09:48");
	expect_beside(screen, "as HQ had it", "1");
	expect_beside(screen, "OK: REDEEMED", "ACCEPTED, NOT CONFIRMED");
	screen_resize(screen, 50, 200);
	screen_expect_row(screen, 49, "problems 1");
	expect_beside(screen, "2026-03-02 10:00:01, HQ's clock", "2026-03-02 10:00:07 ± 2 s");
}

static void test_one_above_the_other(void **state)
{
	/* At 60 by 16 the two stand one above the other, and both are on the screen. */
	struct counter *world = *state;
	struct screen *screen;
	int first, second, col;

	redeem_twice(&world->shop);
	screen = open_dossier(world, SHOP_MANAGER);
	screen_resize(screen, 16, 60);
	screen_expect_row(screen, 15, "problems 1");
	screen_expect(screen, "Decide who bears it");
	screen_expect(screen, "Redemption 2/2 · 信義店 · 陳小美 · This terminal");
	assert_true(screen_find(screen, "Redemption 1/2 · 西門店", &first, &col));
	assert_true(screen_find(screen, "Redemption 2/2 · 信義店", &second, &col));
	assert_true(first < second);
	screen_expect(screen, "2026-03-02 10:00:07 ± 2 s");
	screen_expect(screen, "CONFIRMED");
}

static void test_wrong_clock(void **state)
{
	/* Of a redemption whose terminal's clock could not be right the time is that of arrival, and says so. */
	struct counter *world = *state;
	struct shop_fixture *shop = &world->shop;
	struct screen *screen;

	redeem_online(shop);
	shop->hq.at_ms = shop->hq.now_ms + 400 * 24 * 60 * MINUTE_MS;
	shop_fixture_do(shop, "ticket.redeem", "xinyi", "chen", REDEEM_OFFLINE);
	shop->hq.at_ms = 0;
	screen = open_inbox(world, SHOP_MANAGER);
	screen_expect(screen, "[Exceptions 2]");
	screen_expect(screen, "The terminal's clock i");
	screen_send(screen, "<end><home>");
	if (!screen_has(screen, "Enter opens it"))
		screen_send(screen, "<end>");
	screen_expect(screen, "Enter opens it");
	screen_send(screen, "<enter>");
	screen_expect(screen, "2026-03-02 10:00:02, when it");
	screen_expect(screen, "2027-04-06 10:00");
}

static void test_more_than_two(void **state)
{
	/* Of three redemptions the keys choose which two stand beside each other, and none stands on both sides. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	redeem_offline(&world->shop, "ec", "dai");
	screen = open_dossier(world, SHOP_MANAGER);
	expect_beside(screen, "Redemption 1/3", "Redemption 2/3");
	screen_send(screen, "<right>");
	screen_expect(screen, "Redemption 3/3");
	expect_beside(screen, "Redemption 1/3", "Redemption 3/3");
	expect_beside(screen, "ximen-box-0123", "not recorded");
	screen_send(screen, "<tab>");
	screen_expect(screen, "Redemption 2/3");
	expect_beside(screen, "Redemption 2/3", "Redemption 3/3");
	screen_send(screen, "<right>");
	screen_expect(screen, "Redemption 1/3");
	expect_beside(screen, "Redemption 2/3", "Redemption 1/3");
}

static void test_only_two(void **state)
{
	/* With two redemptions there is no other pair, and the key says so. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	screen = open_dossier(world, SHOP_MANAGER);
	screen_send(screen, "<right>");
	screen_expect(screen, "There are no further redemptions.");
}

/* ---- the inbox ---- */

static void test_one_row(void **state)
{
	/* Three redemptions of one unit are two exceptions at HQ and one row of the inbox, and the counts of the tab
	 * and of the status line agree with it; what HQ raised is behind the dossier. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	redeem_offline(&world->shop, "xinyi", "chen");
	assert_int_equal(2,
		fixture_int(&world->shop.hq,
			"SELECT COUNT(*) FROM exception WHERE kind = 'duplicate_redemption'"));
	screen = open_inbox(world, SHOP_MANAGER);
	screen_expect(screen, "[Exceptions 1]");
	screen_expect(screen, "3 redemptions, ");
	screen_expect_row(screen, 23, "problems 1");
	screen_send(screen, "d");
	screen_expect(screen, "leaves the inbox when it is settled");
	screen_send(screen, "o");
	screen_expect(screen, "Ticket order T-77");
	screen_send(screen, "<esc><enter>");
	screen_expect(screen, "Redemption 1/3");
	screen_send(screen, "i");
	screen_expect(screen, "Behind the dossier");
	screen_expect(screen, "Redeem a ticket: the dossier was");
	screen_expect(screen, "Ticket redeemed twice");
}

static void test_masked(void **state)
{
	/* A clerk reads the dossier with the code masked, everywhere, and every outcome says which right is missing. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	screen = open_inbox(world, SHOP_CLERK);
	screen_expect(screen, "****E-01");
	assert_false(screen_has(screen, "TK-TWICE-01"));
	screen_send(screen, "<enter>");
	screen_expect_row(screen, 1, "Inbox > Dossier ****E-01");
	assert_false(screen_has(screen, "TK-TWICE-01"));
	screen_send(screen, "i");
	screen_expect(screen, "Behind the dossier");
	screen_expect(screen, "Code                   ****E-01");
	screen_expect(screen, "Redeemed in all        2");
	assert_false(screen_has(screen, "TK-TWICE-01"));
	screen_send(screen, "<esc>");
	for (const char *key = "hcr"; *key; key++) {
		screen_send(screen, "<esc><enter>");
		screen_expect(screen, "Redemption 1/2");
		screen_send(screen, (char[]){*key, '\0'});
		screen_expect(screen, "This needs the right of: Manager. You are: Clerk.");
	}
}

/* ---- outcomes ---- */

static void test_honour(void **state)
{
	/* Honouring says what will happen, takes a note, leaves the inbox and stays readable with who, when and how. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	screen = open_dossier(world, SHOP_MANAGER);
	screen_send(screen, "h");
	screen_expect(screen, "no store is charged");
	screen_expect(screen, "A note");
	screen_send(screen, "our fault<enter>");
	screen_expect(screen, "Note: our fault");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Honour both, TK-TWICE-01.");
	screen_expect_row(screen, 3, "* Honoured");
	shop_fixture_sync(&world->shop);
	screen_expect_gone(screen, "* Honoured");
	screen_expect(screen, "All honoured, ");
	screen_expect(screen, "by 林店長, 信義店. Note: our");
	screen_expect_row(screen, 23, "problems 0");
	screen_send(screen, "h");
	screen_expect(screen, "It is settled already.");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[Exceptions 0]");
	expect_status(world, "honoured");
}

static void test_charge_back(void **state)
{
	/* Charging back asks whose redemption it is for, and the store of the one chosen bears it. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	screen = open_dossier(world, SHOP_MANAGER);
	screen_send(screen, "c");
	screen_expect(screen, "Which redemption is charged back?");
	screen_expect(screen, "> 信義店, 陳小美, 03-02 10:00, offline");
	screen_send(screen, "<up><enter>");
	screen_expect(screen, "西門店 bears the 1 unit too many");
	screen_send(screen, "<enter>");
	screen_expect(screen, "[ Charge back ]");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Charge back");
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "Charged back to 西門店, ");
	screen_expect(screen, "Redemption 1/2: bears it");
	expect_status(world, "charged_back");
	fixture_expect_text(
		&world->shop.hq, "ximen", "SELECT charged FROM dossier WHERE code = 'TK-TWICE-01'");
}

static void test_report(void **state)
{
	/* A reported dossier stays in the inbox; the manager reads that HQ decides, and hq settles it. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	screen = open_dossier(world, SHOP_MANAGER);
	screen_send(screen, "r");
	screen_expect(screen, "only HQ can settle");
	screen_send(screen, "<enter>");
	screen_expect(screen, "[ Report to HQ ]");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Report to HQ");
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "HQ decides.");
	screen_send(screen, "h");
	screen_expect(screen, "It was reported: now only HQ settles it.");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[Exceptions 1]");
	screen_expect(screen, "Ticket redeemed twice: Reported to HQ");
	screen_send(screen, "<f9>");
	screen_expect(screen, "Your name or id");
	shop_fixture_sign_in(screen, "ho", "2222");
	screen_send(screen, "<f6><enter>");
	screen_expect(screen, "Redemption 1/2");
	screen_send(screen, "r");
	screen_expect(screen, "It is reported already.");
	screen_send(screen, "h");
	screen_expect(screen, "A note");
	screen_send(screen, "<enter>");
	screen_expect(screen, "[ Honour both ]");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Honour both");
	shop_fixture_sync(&world->shop);
	expect_status(world, "honoured");
}

static void test_voided(void **state)
{
	/* A void of one of them brings the code back within its units: the dossier ends, and nothing is left to
	 * settle. */
	struct counter *world = *state;
	struct shop_fixture *shop = &world->shop;
	const char *late;
	struct screen *screen;

	redeem_online(shop);
	late = redeem_offline(shop, "xinyi", "chen");
	screen = open_dossier(world, SHOP_MANAGER);
	shop_fixture_do(shop, "ticket.void", "xinyi", "lin",
		"{'redemption':'%s','reason':'gave it back'}", late);
	shop_fixture_land(shop);
	screen_expect(screen, "Nothing to decide any more");
	screen_expect(screen, "by 林店長: gave it");
	screen_expect_row(screen, 23, "problems 0");
	screen_send(screen, "c");
	screen_expect(screen, "there is nothing to settle");
}

static void test_settled_list(void **state)
{
	/* A settled dossier is found again in the list of all, with its outcome, whom it was charged to and who decided. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	shop_fixture_do(&world->shop, "ticket.settle", "xinyi", "lin",
		"{'code':'TK-TWICE-01','outcome':'charge_back'}");
	screen = open_inbox(world, SHOP_CLERK);
	screen_expect(screen, "Exceptions 0");
	screen_send(screen, "a");
	screen_expect_row(screen, 1, "Inbox > Dossiers");
	screen_expect_row(screen, 3, "****E-01");
	screen_expect_row(screen, 3, "2      1");
	screen_expect_row(screen, 3, "Charged back");
	screen_expect_row(screen, 3, "信義店");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Charged back to 信義店, 2026-03-02 10:08 by 林店長, 信義店.");
	screen_resize(screen, 50, 200);
	screen_send(screen, "<esc>");
	screen_expect_row(screen, 3, "林店長");
}

static void test_uninvolved(void **state)
{
	/* At a terminal of two stores the inbox of the one that did not redeem it has no dossier; its manager reads it
	 * in the list of all, and reads who can settle it. */
	struct counter *world = *state;
	struct screen *screen;

	redeem_twice(&world->shop);
	shop_fixture_land(&world->shop);
	screen = world->screen = shop_fixture_start(&world->shop, 0, 0, "en");
	screen_expect(screen, "Which store is this?");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Your name or id");
	shop_fixture_sign_in(screen, "dai", "2222");
	screen_send(screen, "<f6>");
	screen_expect(screen, "Exceptions 0");
	screen_expect_row(screen, 23, "problems 0");
	screen_send(screen, "a");
	screen_expect_row(screen, 3, "TK-TWICE-01");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Redemption 1/2");
	screen_send(screen, "h");
	screen_expect(screen, "Only a manager of a store that redeemed it, or HQ, can settle it.");
}

static void test_open_again(void **state)
{
	/* A settled dossier that one more redemption opens again is back in the inbox and says so. */
	struct counter *world = *state;
	struct shop_fixture *shop = &world->shop;
	struct screen *screen;

	redeem_twice(shop);
	shop_fixture_do(
		shop, "ticket.settle", "xinyi", "lin", "{'code':'TK-TWICE-01','outcome':'honour'}");
	redeem_offline(shop, "ec", "dai");
	screen = open_dossier(world, SHOP_MANAGER);
	screen_expect(screen, "Redemption 1/3");
	screen_expect(screen, "Open again: ");
	screen_expect_row(screen, 3, "To decide");
}

#define dossier_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		dossier_test(test_side_by_side),
		dossier_test(test_one_above_the_other),
		dossier_test(test_wrong_clock),
		dossier_test(test_more_than_two),
		dossier_test(test_only_two),
		dossier_test(test_one_row),
		dossier_test(test_masked),
		dossier_test(test_honour),
		dossier_test(test_charge_back),
		dossier_test(test_report),
		dossier_test(test_voided),
		dossier_test(test_settled_list),
		cmocka_unit_test_setup_teardown(test_uninvolved, set_up_two_stores, tear_down),
		dossier_test(test_open_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
