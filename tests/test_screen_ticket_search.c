/* The advanced search for tickets holds for every list and its count, one line says it, and Esc takes it back. */
#include "tests/screen/ticket_counter.h"

/* Opens the form; its first field has the focus. */
static void ask(struct screen *screen)
{
	screen_send(screen, "f");
	screen_expect(screen, "Advanced search for tickets");
}

static void take_back(struct screen *screen)
{
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "Only:");
	screen_expect(screen, "Ticket orders 4");
}

/* One redemption and one refused scan of each of two orders. */
static void make_uses(struct counter *world)
{
	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-MANY','qty':1,'mode':'online'}");
	shop_fixture_do(&world->shop, "ticket.redeem", "xinyi", "chen",
		"{'code':'TK-LOOSE','qty':2,'mode':'online'}");
	shop_fixture_do(&world->shop, "ticket.refused", "xinyi", "chen",
		"{'code':'TK-MANY','qty':9,'result':'insufficient'}");
	shop_fixture_do(&world->shop, "ticket.refused", "xinyi", "chen",
		"{'code':'TK-OLD','qty':1,'result':'expired'}");
	shop_fixture_land(&world->shop);
}

static void test_fields(void **state)
{
	/* Order number, name, phone, code and product each narrow all four lists and their counts. */
	static const struct {
		const char *keys; /* from the first field on */
		const char *counts;
		const char *words;
	} cases[] = {
		{"T-1", "Ticket orders 1] Not redeemed 2  Redemption records 1  Refused scans 1",
			"Only: Order number T-1"},
		{"<tab>mrs",
			"Ticket orders 1] Not redeemed 5  Redemption records 0  Refused scans 1",
			"Only: Name mrs"},
		{"<tab><tab>345678",
			"Ticket orders 4] Not redeemed 8  Redemption records 2  Refused scans 2",
			"Only: Phone 345678"},
		{"<tab><tab>999",
			"Ticket orders 0] Not redeemed 0  Redemption records 0  Refused scans 0",
			"Only: Phone 999"},
		{"<tab><tab><tab>tk-many",
			"Ticket orders 1] Not redeemed 1  Redemption records 1  Refused scans 1",
			"Only: Code TK-MANY"},
		{"<tab><tab><tab><tab>green",
			"Ticket orders 1] Not redeemed 1  Redemption records 1  Refused scans 1",
			"Only: Product green"},
	};
	struct counter *world = *state;
	struct screen *screen;

	make_uses(world);
	screen = counter_open_tickets(world, SHOP_MANAGER);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ask(screen);
		screen_send(screen, cases[i].keys);
		screen_send(screen, "<ctrl+s>");
		screen_expect(screen, cases[i].words);
		screen_expect(screen, cases[i].counts);
		take_back(screen);
	}
}

static void test_all_hold(void **state)
{
	/* What is set holds together, stands in the form again, and one line says all of it. */
	struct counter *world = *state;
	struct screen *screen;

	make_uses(world);
	screen = counter_open_tickets(world, SHOP_MANAGER);
	ask(screen);
	screen_send(screen, "T-<tab>lin<tab><tab><tab>tea<ctrl+s>");
	screen_expect(screen, "Only: Order number T- | Name lin | Product tea (Esc shows all)");
	screen_expect(screen, "Ticket orders 1] Not redeemed 2");
	ask(screen);
	screen_send(screen, "<tab><ctrl+u>chen<ctrl+s>");
	screen_expect(screen, "Only: Order number T- | Name chen | Product tea");
	screen_expect(
		screen, "Ticket orders 1] Not redeemed 1  Redemption records 1  Refused scans 0");
	screen_send(screen, "<tab>");
	screen_expect(screen, "TK-LOOSE");
	take_back(screen);
}

static void test_days(void **state)
{
	/* First and last day are both included; orders go by their own day, records by theirs. */
	struct counter *world = *state;
	struct screen *screen;

	make_uses(world);
	screen = counter_open_tickets(world, SHOP_MANAGER);
	ask(screen);
	screen_send(screen, "<backtab><backtab>2026-03-02<tab>2026-03-02<ctrl+s>");
	screen_expect(screen, "2026-03-02 \xe2\x80\xa6 2026-03-02");
	screen_expect(
		screen, "Ticket orders 4] Not redeemed 8  Redemption records 2  Refused scans 2");
	ask(screen);
	screen_send(screen, "<backtab><backtab><ctrl+u>2026-03-03<tab><ctrl+u><ctrl+s>");
	screen_expect(
		screen, "Ticket orders 0] Not redeemed 0  Redemption records 0  Refused scans 0");
	screen_expect(screen, "Nothing fits what is searched for.");
	ask(screen);
	screen_send(screen, "<backtab><ctrl+u>2026-01-01<ctrl+s>");
	screen_expect(screen, "The last day is before the first.");
}

static void test_word(void **state)
{
	/* The word of the search key finds part of a name, and a code only as a whole, however it is written. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	screen_send(screen, "/");
	screen_expect(screen, "Search tickets");
	screen_send(screen, "TK-MAN<enter>");
	screen_expect(screen, "Only: Search TK-MAN");
	screen_expect(screen, "Ticket orders 0]");
	screen_send(screen, "/");
	screen_expect(screen, "Search tickets");
	screen_send(screen, "tk- many<enter>");
	screen_expect(screen, "Only: Code TK-MANY");
	screen_expect(screen, "Ticket orders 1] Not redeemed 1");
	screen_send(screen, "/");
	screen_expect(screen, "Search tickets");
	screen_send(screen, "johnson<enter>");
	screen_expect(screen, "Only: Search johnson (");
	screen_expect(screen, "Ticket orders 1] Not redeemed 0");
	take_back(screen);
}

static void test_masked(void **state)
{
	/* The line hides from clerks what the lists hide from them; what is no code is refused in the form. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	ask(screen);
	screen_send(screen, "<tab><tab>0912345678<tab>no%code<ctrl+s>");
	screen_expect(screen, "This is not a ticket code");
	screen_send(screen, "<ctrl+u>TK-MANY<ctrl+s>");
	screen_expect(screen, "Only: Phone *******678 | Code ****NY");
	screen_expect(screen, "Ticket orders 1]");
	assert_false(screen_has(screen, "TK-MANY"));
}

static void test_next_person(void **state)
{
	/* What a manager searched for still holds for the clerk who signs in next, but masked. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	screen_send(screen, "/");
	screen_expect(screen, "Search tickets");
	screen_send(screen, "TK-MANY<enter>");
	screen_expect(screen, "Only: Code TK-MANY");
	screen_send(screen, "<f9>");
	shop_fixture_sign_in(screen, SHOP_CLERK);
	screen_send(screen, "<f4>");
	screen_expect(screen, "Only: Code ****NY");
	assert_false(screen_has(screen, "TK-MANY"));
	ask(screen);
	screen_expect(screen, "Product");
	assert_false(screen_has(screen, "TK-MANY"));
}

static void test_scanned_code(void **state)
{
	/* A scan fills the field of the code and presses nothing. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	ask(screen);
	screen_send(screen, "<tab><tab><tab>");
	screen_expect(screen, "The whole code; it can be scanned");
	screen_scan(screen, "https://t.example/r?code=tk-loose");
	screen_expect(screen, "Advanced search for tickets");
	screen_send(screen, "<ctrl+s>");
	screen_expect(screen, "Only: Code TK-LOOSE");
	screen_expect(screen, "Ticket orders 1]");
}

static void test_own_store(void **state)
{
	/* s shows the records of this store only, and on the codes what may be redeemed here. */
	struct counter *world = *state;
	struct screen *screen;

	make_uses(world);
	screen = counter_open_tickets(world, SHOP_MANAGER);
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "[Redemption records 2]");
	screen_send(screen, "s");
	screen_expect(screen, "[Redemption records 1]");
	screen_expect_row(screen, 1, "Tickets, this store");
	screen_send(screen, "s");
	screen_expect(screen, "[Redemption records 2]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		counter_test(test_fields),
		counter_test(test_all_hold),
		counter_test(test_days),
		counter_test(test_word),
		counter_test(test_masked),
		counter_test(test_next_person),
		counter_test(test_scanned_code),
		counter_test(test_own_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
