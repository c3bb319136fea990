/* Sales orders over HTTP: what may still be promised, the ledger, where to ship from, and who sees what. */
#include "hq_fixture.h"
#include "feed_copy.h"

#include "model/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int open_orders(void **state)
{
	int code = hq_fixture_open(state);
	struct hq_fixture *f = *state;

	hq_do(f, "channel.put", NULL, "{'id':'web','name':'Web','stores':['xinyi']}");
	hq_do(f, "channel.put", NULL, "{'id':'all','name':'All','stores':['ximen','xinyi']}");
	hq_do(f, "order.place", NULL,
		"{'number':'N1','channel':'web','customer':'Blake Sanders','lines':[{'sku':'A1','qty':3}]}");
	hq_do(f, "order.place", NULL,
		"{'number':'N2','channel':'all','customer':'\xe6\x9e\x97','lines':[{'sku':'A1','qty':12.5}]}");
	return code;
}

static double figure(struct hq_fixture *f, const char *name)
{
	cJSON *body = hq_body(f);
	const cJSON *number = cJSON_GetObjectItem(body, name);
	double value = cJSON_IsNumber(number) ? number->valuedouble : -99;

	cJSON_Delete(body);
	return value;
}

static int items(struct hq_fixture *f, const char *token, const char *target)
{
	if (hq_get(f, token, target) != 200)
		fail_msg("%s: %s", target, text_get(&f->answer.body));
	cJSON *body = hq_body(f);
	int count = cJSON_GetArraySize(body);

	cJSON_Delete(body);
	return count;
}

/* GET /v1/salable has all terms of the sum; it is null without a limit, and 404 for what is not there. */
static void test_salable(void **state)
{
	struct hq_fixture *f = *state;

	assert_int_equal(hq_get(f, f->token, "/v1/salable?channel=all&sku=A1"), 200);
	assert_float_equal(figure(f, "on_hand"), 20, 0.0001);
	assert_float_equal(figure(f, "reserved"), -12.5, 0.0001);
	assert_float_equal(figure(f, "threshold"), 0, 0.0001);
	assert_float_equal(figure(f, "salable"), 7.5, 0.0001);
	hq_do(f, "product.put", NULL, "{'sku':'A1','name':'Cup','threshold':2}");
	assert_int_equal(hq_get(f, f->token, "/v1/salable?channel=web&sku=A1"), 200);
	assert_float_equal(figure(f, "salable"), 5, 0.0001);
	hq_do(f, "product.put", NULL, "{'sku':'A1','name':'Cup','backorders':true}");
	assert_int_equal(hq_get(f, f->token, "/v1/salable?channel=web&sku=A1"), 200);
	assert_true(hq_says(f, "\"threshold\":0,\"salable\":null"));
	hq_do(f, "product.put", NULL, "{'sku':'B1','name':'New'}");
	assert_int_equal(hq_get(f, f->token, "/v1/salable?channel=web&sku=B1"), 200);
	assert_float_equal(figure(f, "salable"), 0, 0.0001);
	assert_int_equal(hq_get(f, f->token, "/v1/salable?channel=no&sku=A1"), 404);
	assert_int_equal(hq_get(f, f->token, "/v1/salable?channel=web&sku=no"), 404);
	assert_int_equal(hq_get(f, f->token, "/v1/salable?channel=web"), 400);
	assert_int_equal(hq_get(f, f->token, "/v1/salable?channel=web&sku=A1&store=xinyi"), 400);
}

/* Orders and reservations are found by channel, order, status, customer, SKU and number. */
static void test_lists(void **state)
{
	struct hq_fixture *f = *state;
	static const struct {
		const char *target;
		int count;
	} cases[] = {
		{"/v1/orders", 2},
		{"/v1/orders?channel=web", 1},
		{"/v1/orders?channel=web%7Call&status=open", 2},
		{"/v1/orders?status=complete", 0},
		{"/v1/orders?customer=sand", 1},
		{"/v1/orders?q=%E6%9E%97", 1},
		{"/v1/orders?sku=A1", 2},
		{"/v1/orders?number=N", 2},
		{"/v1/orders?store=ximen", 1},
		{"/v1/reservations", 2},
		{"/v1/reservations?order=N1", 1},
		{"/v1/reservations?channel=all&sku=A1", 1},
		{"/v1/reservations?event=order_canceled", 0},
		{"/v1/channels", 2},
		{"/v1/channels?store=ximen", 1},
		{"/v1/order_audit", 0},
		{"/v1/shipments", 0},
		{"/v1/invoices?order=N1", 0},
		{"/v1/credit_memos", 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (items(f, f->token, cases[i].target) != cases[i].count)
			fail_msg("%s: %s", cases[i].target, text_get(&f->answer.body));
	assert_int_equal(hq_get(f, f->token, "/v1/orders/N1"), 200);
	assert_true(hq_says(f, "\"customer\":\"Blake Sanders\""));
	assert_true(hq_says(f, "\"ordered\":3,\"invoiced\":0,\"shipped\":0,\"cancelled\":0"));
	assert_int_equal(hq_get(f, f->token, "/v1/orders/N9"), 404);
}

/* Shipments, invoices and credit memos are documents of their own, with their lines. */
static void test_documents(void **state)
{
	struct hq_fixture *f = *state;

	hq_do(f, "order.invoice", NULL, "{'order':'N1','number':'AB-12345678'}");
	hq_do(f, "order.ship", NULL,
		"{'order':'N1','store':'xinyi','lines':[{'sku':'A1','qty':2}]}");
	hq_do(f, "order.credit", NULL,
		"{'order':'N1','memo':'CM-1','lines':[{'sku':'A1','qty':1,'return_to_stock':true}]}");
	assert_int_equal(items(f, f->token, "/v1/invoices?order=N1"), 1);
	assert_true(hq_says(f, "\"number\":\"AB-12345678\""));
	assert_int_equal(items(f, f->token, "/v1/shipments?order=N1&from=xinyi"), 1);
	assert_true(hq_says(f, "\"qty\":2"));
	assert_int_equal(hq_get(f, f->token, "/v1/credit_memos/CM-1"), 200);
	assert_true(hq_says(f, "\"status\":\"open\""));
	hq_do(f, "order.refund", NULL, "{'order':'N1','memo':'CM-1'}");
	assert_int_equal(items(f, f->token, "/v1/credit_memos?status=refunded"), 1);
	assert_true(hq_says(f, "\"before_shipping\":1"));
}

/* The proposal names the stores in the channel's order and says what nobody has. */
static void test_sources(void **state)
{
	struct hq_fixture *f = *state;

	assert_int_equal(hq_get(f, f->token, "/v1/sources?order=N2"), 200);
	assert_true(hq_says(f,
		"\"sources\":[{\"sku\":\"A1\",\"store\":\"ximen\",\"qty\":10},"
		"{\"sku\":\"A1\",\"store\":\"xinyi\",\"qty\":2.5}],\"shippable\":true"));
	hq_do(f, "stock.adjust", "ximen",
		"{'kind':'write_off','reason':'r','lines':[{'sku':'A1','qty':8}]}");
	assert_int_equal(hq_get(f, f->token, "/v1/sources?order=N2"), 200);
	assert_true(hq_says(f, "{\"sku\":\"A1\",\"store\":null,\"qty\":0.5}],\"shippable\":false"));
	assert_int_equal(hq_get(f, f->token, "/v1/sources?order=N9"), 404);
	assert_int_equal(hq_get(f, f->token, "/v1/sources"), 400);
}

/* A device sees, and follows, the orders of the channels that its store serves. */
static void test_devices(void **state)
{
	struct hq_fixture *f = *state;
	char xinyi[HQ_SECRET_SIZE], ximen[HQ_SECRET_SIZE];
	struct copy copy = {.cursor = ""};

	hq_enrol(f, "xinyi", xinyi);
	hq_enrol(f, "ximen", ximen);
	assert_int_equal(items(f, xinyi, "/v1/orders"), 2);
	assert_int_equal(items(f, ximen, "/v1/orders"), 1);
	assert_int_equal(items(f, ximen, "/v1/reservations"), 1);
	assert_int_equal(hq_get(f, ximen, "/v1/orders/N1"), 404);
	assert_int_equal(hq_get(f, ximen, "/v1/orders/N2"), 200);
	assert_int_equal(hq_get(f, ximen, "/v1/sources?order=N1"), 404);
	assert_int_equal(hq_get(f, ximen, "/v1/sources?order=N2"), 200);
	assert_int_equal(copy_pull(f, ximen, &copy, 100), 200);
	assert_non_null(copy_row(&copy, "sales_order[\"N2\"]"));
	assert_null(copy_row(&copy, "sales_order[\"N1\"]"));
	assert_non_null(copy_row(&copy, "salable[\"all\",\"A1\"]"));
	assert_non_null(copy_row(&copy, "channel_store[\"web\",\"xinyi\"]"));
	copy_check_sums(&copy);
	copy_free(&copy);
}

/* A channel that a store joins is a feed more for its devices: they pull from nothing, others go on. */
static void test_joining(void **state)
{
	struct hq_fixture *f = *state;
	char xinyi[HQ_SECRET_SIZE], ximen[HQ_SECRET_SIZE];
	struct copy ours = {.cursor = ""}, theirs = {.cursor = ""};

	hq_enrol(f, "xinyi", xinyi);
	hq_enrol(f, "ximen", ximen);
	assert_int_equal(copy_pull(f, xinyi, &ours, 100), 200);
	assert_int_equal(copy_pull(f, ximen, &theirs, 100), 200);
	hq_do(f, "channel.put", NULL, "{'id':'web','name':'Web','stores':['xinyi','ximen']}");
	assert_int_equal(copy_pull(f, xinyi, &ours, 100), 200);
	assert_int_equal(copy_pull(f, ximen, &theirs, 100), 410);
	copy_free(&theirs);
	assert_int_equal(copy_pull(f, ximen, &theirs, 100), 200);
	assert_non_null(copy_row(&theirs, "sales_order[\"N1\"]"));
	copy_check_sums(&theirs);
	copy_check_sums(&ours);
	copy_free(&ours);
	copy_free(&theirs);
}

/* Whoever stands in no store may do with orders what a service of hq may, and nothing else without one. */
static void test_no_store(void **state)
{
	struct hq_fixture *f = *state;
	char *line = hq_line(f, "stocktake.create", NULL, "web", "{'scope':'full'}");

	assert_string_equal(hq_try(f, f->token, line), "unknown_store");
	free(line);
	line = hq_line(f, "order.ship", NULL, "web", "{'order':'N1','store':'ximen'}");
	assert_string_equal(hq_try(f, f->token, line), "wrong_store");
	free(line);
	line = hq_line(f, "order.ship", NULL, "web", "{'order':'N1','store':'xinyi'}");
	assert_string_equal(hq_try(f, f->token, line), "applied");
	free(line);
}

/* A quantity that is none is refused with the present state of the order, as over-asking is; to those only
 * who may do that to the order, and at once again to who asks again. */
static void test_bad_quantity(void **state)
{
	struct hq_fixture *f = *state;
	char device[HQ_SECRET_SIZE];
	const char *four = "{'order':'N1','store':'xinyi','lines':[{'sku':'A1','qty':1.0001}]}";
	const char *cases[][2] = {
		{"order.ship", four},
		{"order.ship", "{'order':'N1','store':'xinyi','lines':[{'sku':'A1','qty':-1}]}"},
		{"order.cancel", "{'order':'N1','lines':[{'sku':'A1','qty':0}]}"},
		{"order.refund", "{'order':'N1','lines':[{'sku':'A1','qty':'1'}]}"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *line = hq_line(f, cases[i][0], NULL, "web", cases[i][1]);

		for (int again = 0; again < 2; again++) {
			assert_string_equal(
				hq_try(f, f->token, line), again ? "replayed" : "bad_data");
			assert_true(hq_says(f, "\"order\":\"N1\""));
			assert_true(hq_says(f, "\"status\":\"open\""));
			assert_true(hq_says(f, "\"outstanding\":3"));
		}
		free(line);
	}
	hq_enrol(f, "ximen", device);
	char *line = hq_line(f, "order.ship", "ximen", "chang", four);

	assert_string_equal(hq_try(f, device, line), "bad_data");
	assert_true(hq_says(f, "\"result\":{}"));
	free(line);
	line = hq_line(f, "order.ship", NULL, "web", "{'order':5,'store':'xinyi'}");
	assert_string_equal(hq_try(f, f->token, line), "bad_data");
	assert_true(hq_says(f, "\"result\":{}"));
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_orders, hq_fixture_close)
		TEST(test_salable),
		TEST(test_lists),
		TEST(test_documents),
		TEST(test_sources),
		TEST(test_devices),
		TEST(test_joining),
		TEST(test_no_store),
		TEST(test_bad_quantity),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
