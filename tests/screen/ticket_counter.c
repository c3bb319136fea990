#include "tests/screen/ticket_counter.h"

#include <stdlib.h>
#include <string.h>

#include "model/text.h"

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

int counter_set_up(void **state)
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

int counter_tear_down(void **state)
{
	struct counter *world = *state;

	if (world->screen)
		screen_end(world->screen);
	shop_fixture_close(&world->shop);
	free(world);
	return 0;
}

struct screen *counter_open_tickets(struct counter *world, const char *staff, const char *pin)
{
	world->screen = shop_fixture_start_as(&world->shop, staff, pin);
	screen_send(world->screen, "<f4>");
	screen_expect(world->screen, "Ticket orders 4");
	return world->screen;
}

/* From the pane of tickets, or from a result. */
void counter_key_in(struct screen *screen, const char *code)
{
	screen_send(screen, screen_has(screen, "Ticket orders") ? "c" : "r");
	screen_expect(screen, "Scan the ticket");
	screen_send(screen, code);
	screen_send(screen, "<enter>");
	screen_expect(screen, "Quantity");
}

void counter_wait_for_unsent(struct counter *world, int count)
{
	for (int i = 0; i < 2000 && shop_fixture_unsent(&world->shop) != count; i++)
		screen_settle(world->screen, 2);
	assert_int_equal(shop_fixture_unsent(&world->shop), count);
}

void counter_redeem_with_hq(struct counter *world)
{
	screen_send(world->screen, "<enter>");
	counter_wait_for_unsent(world, 1);
	shop_fixture_sync(&world->shop);
}

int64_t counter_redeemed_at_hq(struct counter *world, const char *code)
{
	return fixture_int(&world->shop.hq,
		"SELECT COALESCE(SUM(qty), 0) FROM redemption WHERE code = '%s'", code);
}

void counter_set_line(struct counter *world, bool online)
{
	console_set_link(&world->shop.console, online, online ? "" : "HQ cannot be reached");
}

void counter_send(struct counter *world)
{
	struct text lines = TEXT_INIT(TEXT_SMALL);

	assert_true(console_next_lines(&world->shop.console, 10, TEXT_SMALL / 2, &lines) > 0);
	text_free(&lines);
}

int counter_waiting(struct counter *world, const char *op)
{
	return (int)db_get_int(world->shop.console.outbox, -1,
		"SELECT count(*) FROM command WHERE op = $1 AND state = 'queued'", "t", op);
}
