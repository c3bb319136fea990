/* Two shops whose every line to HQ goes through a storm of faults: what they saved is at HQ once, and
 * what HQ has is there. `tests/e2e_faults_storm [COMMANDS] [SEED]` */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_truth.h"
#include "tests/fault_shop.h"

#define SHOPS 2
#define COMMANDS_MAX 100000
#define STORM_PERCENT 40
#define ORDERS_PERCENT 20
#define AT_HQ_PERCENT 10
#define ASK_EVERY 8
#define TRIES_MAX 10

static int commands = 32;
static uint64_t seed = 1;

static const struct {
	const char *store, *other, *staff, *pin;
} people[SHOPS] = {
	{"xinyi", "ximen", "chen", "1200"},
	{"ximen", "xinyi", "chang", "1300"},
};

static char (*saved)[40];
static int saved_count;

static bool chance(uint64_t percent)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % 100 < percent;
}

/* A request beside all the facts: HQ may refuse it, but has it once. */
static void order_goods(const struct fault_shop *shop, int who)
{
	struct e2e_output output;
	char to[40], lines[128];
	cJSON *verdict;

	snprintf(to, sizeof to, "to=%s", people[who].other);
	snprintf(lines, sizeof lines, "lines=[{\"sku\":\"%s\",\"qty\":1}]", shop->sku);
	e2e_countertop(&output, &shop->home, "do", "outbound.create", to, lines, "--staff",
		people[who].staff, NULL);
	if (output.code != 4 && output.code != 0)
		fail_msg("do: exit code %d, said: %s", output.code, output.err);
	verdict = cJSON_Parse(output.out);
	snprintf(saved[saved_count++], 40, "%s",
		cJSON_GetObjectItemCaseSensitive(verdict, "id")->valuestring);
	cJSON_Delete(verdict);
}

static void work(struct fault_shop shops[SHOPS])
{
	for (int i = 0; i < commands; i++) {
		int who = chance(50);
		struct fault_shop *shop = &shops[who];
		struct e2e_output output;

		setenv("COUNTERTOP_PIN", people[who].pin, 1);
		if (chance(ORDERS_PERCENT))
			order_goods(shop, who);
		else
			fault_shop_find(shop, people[who].staff, saved[saved_count++]);
		if (chance(AT_HQ_PERCENT))
			fault_shop_find_at_hq(shop);
		/* The syncer is to try, whatever it fears; how that ends is the storm's. */
		if (i % ASK_EVERY == 0)
			e2e_countertop(&output, &shop->home, "sync", "--once", NULL);
	}
}

/* What was under way when peace came may still end badly. */
static void sync_in_peace(const struct fault_shop *shop)
{
	struct e2e_output output = {.code = 1};

	for (int i = 0; i < TRIES_MAX && output.code != 0; i++)
		e2e_countertop(&output, &shop->home, "sync", "--once", NULL);
	if (output.code != 0)
		fail_msg("in peace sync --once says: %s", output.err);
}

static void what_was_saved_in_a_storm_is_at_hq_once(void **state)
{
	/* Two shops work while four of ten requests meet a fault; in peace all rules hold. */
	static struct fault_shop shops[SHOPS];
	struct proxy *proxy = fault_shop_proxy();

	(void)state;
	print_message("# seed %llu, %d commands\n", (unsigned long long)seed, commands);
	for (int i = 0; i < SHOPS; i++) {
		fault_shop_open(&shops[i], people[i].store);
		e2e_console(&shops[i].home, NULL); /* it brings the syncer with it */
	}
	proxy_storm(proxy, seed, STORM_PERCENT);
	work(shops);
	print_message(
		"# %d requests, %d faults\n", proxy_requests(proxy, "/"), proxy_faults(proxy));
	proxy_peace(proxy);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < SHOPS; i++)
			sync_in_peace(&shops[i]);
	for (int i = 0; i < SHOPS; i++) {
		e2e_wait(fault_shop_nothing_waits, &shops[i], "an empty outbox");
		fault_shop_expect_all_once(&shops[i], people[i].store);
		e2e_truth_expect(&shops[i].home);
	}
	for (int i = 0; i < saved_count; i++)
		if (!e2e_truth_has_verdict(saved[i]))
			fail_msg("%s was called saved, and HQ has no verdict for it", saved[i]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		fault_test(what_was_saved_in_a_storm_is_at_hq_once),
	};
	int result;

	if (argc > 1)
		commands = atoi(argv[1]);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	if (commands < 1 || commands > COMMANDS_MAX)
		return 2;
	saved = calloc((size_t)commands, sizeof *saved);
	if (!saved)
		return 1;
	result = cmocka_run_group_tests(tests, NULL, NULL);
	free(saved);
	return result;
}
