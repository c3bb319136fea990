/* The real programs with a proxy in between that spoils what passes: the console says what is wrong,
 * and then everything is at HQ once and HQ's rows are here. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_kit.h"
#include "tests/fault_proxy.h"

#define STORE "xinyi"

static struct proxy *proxy;

struct shop {
	struct e2e_home home;
	char sku[64];
	double on_hand; /* as it must be at HQ */
};

static const char *text_of(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);

	return cJSON_IsString(member) ? member->valuestring : "";
}

static void open_shop(struct shop *shop)
{
	cJSON *stock = e2e_get("/v1/stock?store=" STORE "&limit=1");

	snprintf(shop->sku, sizeof shop->sku, "%s", text_of(cJSON_GetArrayItem(stock, 0), "sku"));
	cJSON_Delete(stock);
	shop->on_hand = e2e_stock_of(STORE, shop->sku).on_hand;
	e2e_enrol_at(&shop->home, STORE, proxy_url(proxy));
}

/* One piece was found: saved here, and one more to be at HQ. */
static void find_one(struct shop *shop)
{
	struct e2e_output output;
	char lines[128];

	snprintf(lines, sizeof lines, "lines=[{\"sku\":\"%s\",\"qty\":1}]", shop->sku);
	e2e_countertop(&output, &shop->home, "do", "stock.adjust", "kind=found",
		"reason=behind the shelf", lines, "--staff", "chen", NULL);
	if (output.code != 4 && output.code != 0)
		fail_msg("do: exit code %d, said: %s", output.code, output.err);
	shop->on_hand++;
}

/* The same at HQ, for the console to hear of. */
static void find_one_at_hq(struct shop *shop)
{
	char data[200];

	snprintf(data, sizeof data,
		"{\"kind\":\"found\",\"reason\":\"at the truck\",\"lines\":[{\"sku\":\"%s\",\"qty\":1}]}",
		shop->sku);
	e2e_command(STORE, "stock.adjust", data);
	shop->on_hand++;
}

/* said: NULL if it must succeed. */
static void sync_once(struct shop *shop, const char *fault, const char *said)
{
	struct e2e_output output;

	e2e_countertop(&output, &shop->home, "sync", "--once", NULL);
	if (said ? output.code != 1 || !strstr(output.err, said) : output.code != 0)
		fail_msg("%s: sync --once: exit code %d, said: %s, not: %s", fault, output.code,
			output.err, said ? said : "nothing");
}

/* Nothing waits, HQ has each piece once, and so has this console. */
static void expect_all_once(struct shop *shop, const char *fault)
{
	double at_hq = e2e_stock_of(STORE, shop->sku).on_hand, here = -1;
	char filter[80];
	const cJSON *row;
	cJSON *rows;

	snprintf(filter, sizeof filter, "sku=%s", shop->sku);
	rows = e2e_show(&shop->home, "stock", filter);
	cJSON_ArrayForEach(row, rows)
	{
		if (strcmp(text_of(row, "store"), STORE) == 0)
			here = cJSON_GetObjectItemCaseSensitive(row, "on_hand")->valuedouble;
	}
	cJSON_Delete(rows);
	if (here != shop->on_hand || at_hq != shop->on_hand)
		fail_msg("%s: on hand must be %g, is %g here and %g at HQ", fault, shop->on_hand,
			here, at_hq);
	assert_int_equal(e2e_unsent(&shop->home), 0);
}

/* ---- each fault, for a while ---- */

#define BROKE "The line broke"
#define PAGE "A web page answers at HQ's address"
#define UNREADABLE "cannot be read or was cut short"
#define STRANGE "Something else than HQ"
#define LARGE "larger than this console takes"

/* What the console says while every answer is so; NULL: nothing is wrong. What would hang until a
 * limit of time is not here. */
static const struct {
	const char *fault, *said;
} cases[] = {
	{"close", BROKE},
	{"reset", BROKE},
	{"torn-request", BROKE},
	{"straggler", BROKE},
	{"twice", NULL},
	{"reset-after", BROKE},
	{"cut", ""},    /* in the middle of the head it only cannot be read */
	{"garble", ""}, /* compressed it breaks, plain it cannot be read */
	{"delay", NULL},
	{"500", "HQ answered 500"},
	{"502-page", PAGE},
	{"503", "HQ cannot work now"},
	{"429", "HQ asks to be left alone"},
	{"429-date", "HQ asks to be left alone"},
	{"401", "HQ does not accept this console any more"},
	{"403", "HQ does not let this console do that"},
	{"409-epoch", "HQ answered 409"},
	{"410-resync", "HQ answered 410"},
	{"redirect", PAGE},
	{"page", PAGE},
	{"empty", UNREADABLE},
	{"http-0.9", STRANGE},
	{"bad-status", STRANGE},
	{"bad-length", STRANGE},
	{"short-length", UNREADABLE},
	{"long-length", BROKE},
	{"huge-length", LARGE},
	{"bad-chunk", BROKE},
	{"half-chunk", BROKE},
	{"no-gzip", BROKE},
	{"unknown-encoding", BROKE},
	{"continue-flood", LARGE},
	{"header-flood", LARGE},
	{"header-line-flood", LARGE},
	{"line-flood", UNREADABLE},
	{"gzip-bomb", LARGE},
};

static void every_fault_of_the_proxy_is_tried(void **state)
{
	/* A fault that is added to the proxy is tried too. */
	static const char *const elsewhere[] = {"none", "drip", "hang", "hang-half", "die"};
	int count = 0;

	(void)state;
	while (proxy_fault_name(count))
		count++;
	assert_int_equal(
		count, sizeof cases / sizeof *cases + sizeof elsewhere / sizeof *elsewhere);
}

static void what_is_pushed_into_a_fault_arrives_once(void **state)
{
	/* Whatever becomes of the answers to a push, it is said in words, and in peace HQ has it once. */
	struct shop shop;

	(void)state;
	open_shop(&shop);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		find_one(&shop);
		proxy_order(proxy, cases[i].fault, "/v1/commands", PROXY_ALWAYS);
		sync_once(&shop, cases[i].fault, cases[i].said);
		proxy_peace(proxy);
		sync_once(&shop, "peace", NULL);
		expect_all_once(&shop, cases[i].fault);
	}
	assert_int_equal(proxy_requests(proxy, "/stolen"), 0);
}

static void what_is_pulled_out_of_a_fault_is_whole(void **state)
{
	/* Whatever becomes of a page of rows, it is said in words, nothing of it shows, and in peace
	 * HQ's rows are here. */
	struct shop shop;

	(void)state;
	open_shop(&shop);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		find_one_at_hq(&shop);
		proxy_order(proxy, cases[i].fault, "/v1/changes", PROXY_ALWAYS);
		sync_once(&shop, cases[i].fault, cases[i].said);
		proxy_peace(proxy);
		sync_once(&shop, "peace", NULL);
		expect_all_once(&shop, cases[i].fault);
	}
	assert_int_equal(proxy_requests(proxy, "/stolen"), 0);
}

/* ---- */

static int set_up(void **state)
{
	e2e_set_up(state);
	proxy = proxy_start(e2e_hq_url());
	return 0;
}

static int tear_down(void **state)
{
	proxy_end(proxy);
	return e2e_tear_down(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_of_the_proxy_is_tried),
		TEST(what_is_pushed_into_a_fault_arrives_once),
		TEST(what_is_pulled_out_of_a_fault_is_whole),
	};

	setenv("COUNTERTOP_PIN", "1200", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
