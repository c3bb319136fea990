/* What other stores have is fetched when somebody looks, kept with its age, and told without inventing. */
#include "tests/sync_world.h"

#include "model/db.h"
#include "model/far_stock.h"

#include <stdio.h>
#include <string.h>

#define TOLD                                                                                           \
	"[{\"store\":\"xinyi\",\"sku\":\"A1\",\"on_hand\":5,\"in_transit_in\":0,\"in_transit_out\":0," \
	"\"damaged\":0,\"available\":5},{\"store\":\"ximen\",\"sku\":\"A1\",\"on_hand\":7.5,"          \
	"\"in_transit_in\":2,\"in_transit_out\":1,\"damaged\":3,\"available\":6.5}]\n"

static int set_up(void **state)
{
	static struct sync_world world;

	world_open(&world);
	world_begin(&world);
	world_wait(&world, 60000); /* what is due by itself has been asked */
	if (world_asks(&world, SLOT_PULL))
		world_answer(&world, SLOT_PULL, "/v1/changes", 200,
			world_page("c1", "c1", "", 0, false));
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	world_close(*state);
	return 0;
}

static bool look(struct sync_world *world, const char *sku)
{
	bool asks = far_stock_ask(world->console.cache, sku, world->now_ms);

	sync_poke(&world->syncer);
	world_step(world);
	return asks;
}

static struct far_stock known(struct sync_world *world, const char *store, const char *sku)
{
	struct far_stock stock;

	far_stock_of(world->console.cache, store, sku, &stock);
	return stock;
}

static void what_somebody_looks_at_is_asked_for_once(void **state)
{
	/* A look has the syncer ask HQ; looking again meanwhile, or within a minute, does not. */
	struct sync_world *world = *state;
	struct far_stock stock;
	int changes = world->changes;

	assert_int_equal(known(world, "ximen", "A1").at_ms, 0);
	assert_true(look(world, "A1"));
	assert_false(look(world, "A1"));
	world_answer(world, SLOT_PULL, "/v1/stock?sku=A1", 200, TOLD);
	assert_true(world->changes > changes);
	stock = known(world, "ximen", "A1");
	assert_true(stock.at_ms > 0 && stock.is_stocked);
	assert_int_equal(stock.figures.on_hand, 7500);
	assert_int_equal(stock.figures.available, 6500);
	assert_int_equal(stock.figures.in_transit_in, 2000);
	assert_int_equal(stock.figures.in_transit_out, 1000);
	assert_int_equal(stock.figures.damaged, 3000);
	assert_false(
		far_stock_ask(world->console.cache, "A1", stock.at_ms + FAR_STOCK_FRESH_MS - 1));
	assert_true(far_stock_ask(world->console.cache, "A1", stock.at_ms + FAR_STOCK_FRESH_MS));
}

static void a_sku_is_asked_for_as_it_is_written(void **state)
{
	/* Signs that mean something in a URL reach HQ as part of the SKU. */
	struct sync_world *world = *state;

	look(world, "A 1/b&c");
	world_answer(world, SLOT_PULL, "/v1/stock?sku=A%201%2Fb%26c", 200, "[]");
	assert_true(known(world, "ximen", "A 1/b&c").at_ms > 0);
}

static void what_no_store_has_is_told_from_what_is_not_known(void **state)
{
	/* Only HQ's answer says that a SKU is nowhere else; before it nothing is claimed. */
	struct sync_world *world = *state;
	struct db *cache = world->console.cache;

	assert_false(far_stock_is_nowhere(cache, "xinyi", "A1"));
	look(world, "A1");
	world_answer(world, SLOT_PULL, "/v1/stock?sku=A1", 200, TOLD);
	assert_false(far_stock_is_nowhere(cache, "xinyi", "A1"));
	assert_false(known(world, "tainan", "A1").is_stocked);
	assert_true(known(world, "tainan", "A1").at_ms > 0);
	look(world, "A2");
	world_answer(world, SLOT_PULL, "/v1/stock?sku=A2", 200, "[]");
	assert_true(far_stock_is_nowhere(cache, "xinyi", "A2"));
}

static void what_is_known_stays_when_the_line_is_down(void **state)
{
	/* The figures keep their age, and are asked for again once HQ is back. */
	struct sync_world *world = *state;
	char sku[COMMAND_ID_MAX + 1];
	int64_t at_ms;

	look(world, "A1");
	world_answer(world, SLOT_PULL, "/v1/stock?sku=A1", 200, TOLD);
	at_ms = known(world, "ximen", "A1").at_ms;
	world_wait(world, FAR_STOCK_FRESH_MS + 1000);
	while (world_asks(world, SLOT_PULL))
		world_answer(
			world, SLOT_PULL, "/v1/changes", 200, world_page("c1", "c1", "", 0, false));
	assert_true(look(world, "A1"));
	world_fault(world, SLOT_PULL, FAULT_UNREACHABLE);
	assert_int_equal(known(world, "ximen", "A1").at_ms, at_ms);
	world_wait(world, 60000);
	if (strncmp(world->slots[SLOT_PULL].path, "/v1/hello", 9) == 0)
		world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	while (strncmp(world->slots[SLOT_PULL].path, "/v1/changes", 11) == 0)
		world_answer(
			world, SLOT_PULL, "/v1/changes", 200, world_page("c1", "c1", "", 0, false));
	assert_true(far_stock_next(world->console.cache, sku));
	world_answer(world, SLOT_PULL, "/v1/stock?sku=A1", 200, TOLD);
	assert_false(far_stock_next(world->console.cache, sku));
}

static void an_hq_that_will_not_tell_is_not_asked_for_ever(void **state)
{
	/* A refusal ends the asking without trouble on the line; nonsense is trouble. */
	struct sync_world *world = *state;

	look(world, "A1");
	world_answer(world, SLOT_PULL, "/v1/stock?sku=A1", 404,
		"{\"type\":\"urn:countertop:problem:not_found\",\"status\":404}");
	assert_string_equal(sync_trouble(&world->syncer), "");
	world_wait(world, 5000);
	assert_false(world_asks(world, SLOT_PULL));
	assert_int_equal(known(world, "ximen", "A1").at_ms, 0);
	look(world, "A1");
	world_answer(world, SLOT_PULL, "/v1/stock?sku=A1", 200, "{\"not\":\"a list\"}");
	assert_string_not_equal(sync_trouble(&world->syncer), "");
}

static void a_whole_copy_takes_it_along(void **state)
{
	/* A cache that is fetched anew knows of other stores what the old one knew. */
	struct sync_world *world = *state;

	look(world, "A1");
	world_answer(world, SLOT_PULL, "/v1/stock?sku=A1", 200, TOLD);
	assert_true(console_resync(&world->console));
	world_wait(world, 60000);
	for (int i = 0; i < 5 && world_asks(world, SLOT_PULL); i++)
		world_answer(world, SLOT_PULL, "/v1/changes", 200,
			world_page(i == 0 ? "" : "c9", "c9", "", 0, false));
	console_changed(&world->console);
	assert_int_equal(known(world, "ximen", "A1").figures.on_hand, 7500);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_somebody_looks_at_is_asked_for_once),
		TEST(a_sku_is_asked_for_as_it_is_written),
		TEST(what_no_store_has_is_told_from_what_is_not_known),
		TEST(what_is_known_stays_when_the_line_is_down),
		TEST(an_hq_that_will_not_tell_is_not_asked_for_ever),
		TEST(a_whole_copy_takes_it_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
