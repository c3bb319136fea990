#include "tests/screen/order_steps.h"

#include <stdio.h>

int orders_set_up(void **state)
{
	struct shop_fixture *f;

	shop_fixture_set_up(state);
	f = *state;
	shop_fixture_do(f, "channel.put", NULL, "ho",
		"{'id':'web','name':'網店 Web','stores':['ec','xinyi']}");
	shop_fixture_do(f, "channel.put", NULL, "ho",
		"{'id':'counter','name':'櫃台 Counter','stores':['xinyi']}");
	shop_fixture_do(f, "product.put", NULL, "ho",
		"{'sku':'V1','name':'Gift card','category':'cards','vendor':'house','price':1000,'virtual':true}");
	shop_fixture_do(
		f, "stock.open", NULL, "ho", "{'store':'xinyi','lines':[{'sku':'V1','qty':10}]}");
	return 0;
}

void orders_place(struct shop_fixture *f, const char *number)
{
	shop_fixture_do(f, "order.place", "xinyi", "lin",
		"{'number':'%s','channel':'web','customer':'Blake Sanders',"
		"'lines':[{'sku':'A1','qty':5},{'sku':'A2','qty':3}]}",
		number);
}

struct screen *orders_open(struct shop_fixture *f, const char *staff, const char *pin)
{
	struct screen *screen;

	shop_fixture_land(f);
	screen = shop_fixture_start_as(f, staff, pin);
	screen_send(screen, "<f11>");
	screen_expect(screen, "Sales orders");
	return screen;
}
