/* The worked order flows of tests/data/order_flows.json, each through the HTTP API of a real HQ: a product, a
 * channel and stores of its own, the steps, and then what HQ says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/json.h"
#include "model/text.h"
#include "tests/e2e_kit.h"

#define NAME_BYTES 160
#define LEAST_CASES 27

struct flow {
	const cJSON *given, *steps, *expect;
	const char *name; /* of the case: also of its product, channel and order */
};

static cJSON *read_flows(void)
{
	struct text json = TEXT_INIT(TEXT_LARGE);
	char path[E2E_PATH_BYTES], bytes[4096];
	const char *srcdir = getenv("srcdir");
	size_t count;

	snprintf(path, sizeof path, "%s/tests/data/order_flows.json", srcdir ? srcdir : ".");
	FILE *file = fopen(path, "r");

	if (!file)
		fail_msg("cannot read %s", path);
	while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
		text_add_bytes(&json, bytes, count);
	fclose(file);
	cJSON *flows = cJSON_Parse(text_get(&json));

	assert_non_null(flows);
	text_free(&json);
	return flows;
}

/* Its own name for a store of the case. */
static void name_store(const struct flow *flow, const char *store, char out[NAME_BYTES])
{
	snprintf(out, NAME_BYTES, "%.3s-%s", flow->name, store);
}

static const char *words(bool value)
{
	return value ? "true" : "false";
}

/* ---- what is given ---- */

static void make_store(const struct flow *flow, const cJSON *given)
{
	char store[NAME_BYTES], data[600];

	name_store(flow, json_text(given, "id"), store);
	snprintf(data, sizeof data, "{\"id\":\"%s\",\"name\":\"%s\",\"kind\":\"shop\"}", store,
		store);
	e2e_command(NULL, "store.put", data);
	snprintf(data, sizeof data,
		"{\"store\":\"%s\",\"lines\":[{\"sku\":\"%s\",\"qty\":%g,\"in_stock\":%s}]}", store,
		flow->name, cJSON_GetObjectItem(given, "on_hand")->valuedouble,
		words(json_bool(given, "in_stock", true)));
	e2e_command(NULL, "stock.open", data);
	snprintf(data, sizeof data,
		"{\"id\":\"%s\",\"name\":\"%s\",\"kind\":\"shop\",\"enabled\":%s}", store, store,
		words(json_bool(given, "enabled", true)));
	e2e_command(NULL, "store.put", data);
}

static int by_priority(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return (int)(json_int(*x, "priority", 0) - json_int(*y, "priority", 0));
}

static void make_channel(const struct flow *flow)
{
	const cJSON *list[8], *store;
	struct text data = TEXT_INIT(TEXT_SMALL);
	size_t count = 0;

	cJSON_ArrayForEach(store, json_list(flow->given, "stores"))
	{
		assert_true(count < sizeof list / sizeof *list);
		list[count++] = store;
		make_store(flow, store);
	}
	qsort(list, count, sizeof *list, by_priority);
	text_addf(&data, "{\"id\":\"%s\",\"name\":\"x\",\"stores\":[", flow->name);
	for (size_t i = 0; i < count; i++) {
		char name[NAME_BYTES];

		name_store(flow, json_text(list[i], "id"), name);
		text_addf(&data, "%s\"%s\"", i ? "," : "", name);
	}
	text_add(&data, "]}");
	e2e_command(NULL, "channel.put", text_get(&data));
	text_free(&data);
}

static void make_given(const struct flow *flow)
{
	char data[300];

	snprintf(data, sizeof data, "{\"sku\":\"%s\",\"name\":\"%s\",\"virtual\":%s}", flow->name,
		flow->name, words(json_bool(flow->given, "virtual", false)));
	e2e_command(NULL, "product.put", data);
	make_channel(flow);
}

/* ---- what is done ---- */

static void do_step(const struct flow *flow, const cJSON *step)
{
	const char *op = json_text(step, "op"), *store = json_text(step, "store");
	const cJSON *qty = cJSON_GetObjectItem(step, "qty"),
		    *to_stock = cJSON_GetObjectItem(step, "return_to_stock");
	struct text data = TEXT_INIT(TEXT_SMALL);
	char name[NAME_BYTES];
	bool places = strcmp(op, "order.place") == 0;

	text_addf(&data, "{\"%s\":\"%s\"", places ? "number" : "order", flow->name);
	if (places)
		text_addf(&data, ",\"channel\":\"%s\"", flow->name);
	if (store) {
		name_store(flow, store, name);
		text_addf(&data, ",\"store\":\"%s\"", name);
	}
	if (qty)
		text_addf(&data, ",\"lines\":[{\"sku\":\"%s\",\"qty\":%g", flow->name,
			qty->valuedouble);
	if (qty && to_stock)
		text_addf(&data, ",\"return_to_stock\":%s", words(cJSON_IsTrue(to_stock)));
	text_add(&data, qty ? "}]}" : "}");
	/* A web shop stands in no store. */
	e2e_command(NULL, op, text_get(&data));
	text_free(&data);
}

/* ---- what HQ says then ---- */

static void expect_number(
	const struct flow *flow, const char *what, const cJSON *found, double expected)
{
	if (!cJSON_IsNumber(found) || found->valuedouble != expected)
		fail_msg("%s: %s is %g, not %g", flow->name, what,
			cJSON_IsNumber(found) ? found->valuedouble : -1, expected);
}

static void expect_stock(const struct flow *flow)
{
	const cJSON *expected;

	cJSON_ArrayForEach(expected, json_object(flow->expect, "on_hand"))
	{
		char store[NAME_BYTES];

		name_store(flow, expected->string, store);
		cJSON *rows = e2e_get("/v1/stock?store=%s&sku=%s", store, flow->name);

		expect_number(flow, store,
			cJSON_GetObjectItem(cJSON_GetArrayItem(rows, 0), "on_hand"),
			expected->valuedouble);
		cJSON_Delete(rows);
	}
}

static void expect_salable(const struct flow *flow)
{
	static const char *const figures[] = {"salable", "reserved"};
	cJSON *found = e2e_get("/v1/salable?channel=%s&sku=%s", flow->name, flow->name);

	assert_non_null(found);
	for (int i = 0; i < 2; i++) {
		const cJSON *expected = cJSON_GetObjectItem(flow->expect, figures[i]);

		if (expected)
			expect_number(flow, figures[i], cJSON_GetObjectItem(found, figures[i]),
				expected->valuedouble);
	}
	cJSON_Delete(found);
}

/* Always: the ledger sums to what is reserved and to what is outstanding, below 0. */
static void expect_ledger(const struct flow *flow, double outstanding)
{
	const cJSON *expected = json_list(flow->expect, "ledger"), *row;
	cJSON *rows = e2e_get("/v1/reservations?order=%s", flow->name);
	double sum = 0;
	int count = 0;

	cJSON_ArrayForEach(row, rows)
	{
		const cJSON *qty = cJSON_GetObjectItem(row, "qty");

		if (expected)
			expect_number(flow, "a row of the ledger", qty,
				cJSON_GetArrayItem(expected, count)
					? cJSON_GetArrayItem(expected, count)->valuedouble
					: 0);
		assert_string_equal(json_text(row, "order"), flow->name);
		assert_string_equal(json_text(row, "channel"), flow->name);
		sum += qty->valuedouble;
		count++;
	}
	if (expected)
		assert_int_equal(count, cJSON_GetArraySize(expected));
	if (sum != -outstanding)
		fail_msg("%s: the ledger sums to %g with %g outstanding", flow->name, sum,
			outstanding);
	cJSON_Delete(rows);
}

static void expect_order(const struct flow *flow)
{
	const char *expected = json_text(flow->expect, "order_status");
	cJSON *order = e2e_get("/v1/orders/%s", flow->name);
	const cJSON *line = cJSON_GetArrayItem(json_list(order, "lines"), 0);

	assert_non_null(line);
	if (expected && strcasecmp(json_text(order, "status"), expected) != 0)
		fail_msg("%s: the order is %s, not %s", flow->name, json_text(order, "status"),
			expected);
	expect_ledger(flow, cJSON_GetObjectItem(line, "outstanding")->valuedouble);
	cJSON_Delete(order);
}

static void every_flow_ends_as_it_is_worked_out(void **state)
{
	/* On hand of every store, salable, reserved, the rows of the ledger and the status are those of the
	 * worked case, for each case. */
	cJSON *flows = read_flows();
	const cJSON *each;
	int count = 0;

	(void)state;
	cJSON_ArrayForEach(each, json_list(flows, "cases"))
	{
		struct flow flow = {.given = json_object(each, "given"),
			.steps = json_list(each, "steps"),
			.expect = json_object(each, "expect"),
			.name = json_text(each, "id")};
		const cJSON *step;

		make_given(&flow);
		cJSON_ArrayForEach(step, flow.steps) do_step(&flow, step);
		expect_stock(&flow);
		expect_salable(&flow);
		expect_order(&flow);
		count++;
	}
	assert_true(count >= LEAST_CASES);
	cJSON_Delete(flows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {e2e_test(every_flow_ends_as_it_is_worked_out)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
