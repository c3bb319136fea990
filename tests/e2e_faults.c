/* The real programs with a proxy in between that spoils what passes: the console says what is wrong,
 * and then everything is at HQ once and HQ's rows are here. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fault_shop.h"

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
	struct proxy *proxy = fault_shop_proxy();
	struct fault_shop shop;
	char id[40];

	(void)state;
	fault_shop_open(&shop, "xinyi");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fault_shop_find(&shop, "chen", id);
		proxy_order(proxy, cases[i].fault, "/v1/commands", PROXY_ALWAYS);
		fault_shop_sync(&shop, cases[i].fault, cases[i].said);
		fault_shop_expect_all_once(&shop, cases[i].fault);
	}
	assert_int_equal(proxy_requests(proxy, "/stolen"), 0);
}

static void what_is_pulled_out_of_a_fault_is_whole(void **state)
{
	/* Whatever becomes of a page of rows, it is said in words, and in peace HQ's rows are here. */
	struct proxy *proxy = fault_shop_proxy();
	struct fault_shop shop;

	(void)state;
	fault_shop_open(&shop, "xinyi");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fault_shop_find_at_hq(&shop);
		proxy_order(proxy, cases[i].fault, "/v1/changes", PROXY_ALWAYS);
		fault_shop_sync(&shop, cases[i].fault, cases[i].said);
		fault_shop_expect_all_once(&shop, cases[i].fault);
	}
	assert_int_equal(proxy_requests(proxy, "/stolen"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_of_the_proxy_is_tried),
		fault_test(what_is_pushed_into_a_fault_arrives_once),
		fault_test(what_is_pulled_out_of_a_fault_is_whole),
	};

	setenv("COUNTERTOP_PIN", "1200", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
