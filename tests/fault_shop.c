#include "tests/fault_shop.h"

#include <stdio.h>
#include <string.h>

static struct proxy *proxy;

int fault_shop_set_up(void **state)
{
	e2e_set_up(state);
	proxy = proxy_start(e2e_hq_url());
	return 0;
}

int fault_shop_tear_down(void **state)
{
	int result = e2e_tear_down(state);

	proxy_end(proxy);
	return result;
}

struct proxy *fault_shop_proxy(void)
{
	return proxy;
}

static const char *text_of(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);

	return cJSON_IsString(member) ? member->valuestring : "";
}

void fault_shop_open(struct fault_shop *shop, const char *store)
{
	cJSON *stock = e2e_get("/v1/stock?store=%s&limit=1", store);

	snprintf(shop->sku, sizeof shop->sku, "%s", text_of(cJSON_GetArrayItem(stock, 0), "sku"));
	cJSON_Delete(stock);
	shop->on_hand = e2e_stock_of(store, shop->sku).on_hand;
	e2e_enrol_at(&shop->home, store, proxy_url(proxy));
}

void fault_shop_find(struct fault_shop *shop, const char *staff, char id[40])
{
	struct e2e_output output;
	char lines[128];
	cJSON *verdict;

	snprintf(lines, sizeof lines, "lines=[{\"sku\":\"%s\",\"qty\":1}]", shop->sku);
	e2e_countertop(&output, &shop->home, "do", "stock.adjust", "kind=found",
		"reason=behind the shelf", lines, "--staff", staff, NULL);
	if (output.code != 4 && output.code != 0)
		fail_msg("do: exit code %d, said: %s", output.code, output.err);
	verdict = cJSON_Parse(output.out);
	snprintf(id, 40, "%s", text_of(verdict, "id"));
	cJSON_Delete(verdict);
	shop->on_hand++;
}

void fault_shop_find_at_hq(struct fault_shop *shop)
{
	char data[200];

	snprintf(data, sizeof data,
		"{\"kind\":\"found\",\"reason\":\"at the truck\",\"lines\":[{\"sku\":\"%s\",\"qty\":1}]}",
		shop->sku);
	e2e_command(shop->home.store, "stock.adjust", data);
	shop->on_hand++;
}

bool fault_shop_hq_has_all(void *ctx)
{
	const struct fault_shop *shop = ctx;

	return e2e_stock_of(shop->home.store, shop->sku).on_hand == shop->on_hand;
}

/* -1 if the home has no such row. */
static double on_hand_here(const struct fault_shop *shop)
{
	char filter[80];
	double here = -1;
	const cJSON *row;
	cJSON *rows;

	snprintf(filter, sizeof filter, "sku=%s", shop->sku);
	rows = e2e_show(&shop->home, "stock", filter);
	cJSON_ArrayForEach(row, rows)
	{
		if (strcmp(text_of(row, "store"), shop->home.store) == 0)
			here = cJSON_GetObjectItemCaseSensitive(row, "on_hand")->valuedouble;
	}
	cJSON_Delete(rows);
	return here;
}

bool fault_shop_has_all(void *ctx)
{
	const struct fault_shop *shop = ctx;

	return on_hand_here(shop) == shop->on_hand;
}

bool fault_shop_nothing_waits(void *ctx)
{
	const struct fault_shop *shop = ctx;

	return e2e_unsent(&shop->home) == 0;
}

void fault_shop_sync(struct fault_shop *shop, const char *what, const char *said)
{
	struct e2e_output output;

	e2e_countertop(&output, &shop->home, "sync", "--once", NULL);
	if (said ? output.code != 1 || !strstr(output.err, said) : output.code != 0)
		fail_msg("%s: sync --once: exit code %d, said: %s, not: %s", what, output.code,
			output.err, said ? said : "nothing");
}

void fault_shop_expect_all_once(struct fault_shop *shop, const char *what)
{
	double at_hq, here;

	proxy_peace(proxy);
	fault_shop_sync(shop, what, NULL);
	at_hq = e2e_stock_of(shop->home.store, shop->sku).on_hand;
	here = on_hand_here(shop);
	if (here != shop->on_hand || at_hq != shop->on_hand)
		fail_msg("%s: on hand must be %g, is %g here and %g at HQ", what, shop->on_hand,
			here, at_hq);
	assert_int_equal(e2e_unsent(&shop->home), 0);
}
