/* Who asks for all to be sent and fetched is told how it ended, whatever HQ answers. */
#include "tests/sync_world.h"

#include "model/db.h"

#include <stdio.h>
#include <string.h>

static int set_up(void **state)
{
	static struct sync_world world;

	world_open(&world);
	world_begin(&world);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	world_close(*state);
	return 0;
}

/* A command is on its way to HQ, and so is a page to us. */
static void ask_for_both(struct sync_world *world, char id[UUID_SIZE])
{
	world_save(world, id);
	sync_ask(&world->syncer);
	world_step(world);
	if (strncmp(world->slots[SLOT_PULL].path, "/v1/hello", 9) == 0)
		world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	assert_true(world_asks(world, SLOT_PUSH));
	assert_true(world_asks(world, SLOT_PULL));
	assert_int_equal(sync_answer(&world->syncer), SYNC_WORKING);
}

static void a_failing_pull_lets_the_push_end(void **state)
{
	/* The verdict that is on its way is taken before the failure is told. */
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	ask_for_both(world, id);
	world_answer(world, SLOT_PULL, "/v1/changes", 503, "{}");
	assert_int_equal(sync_answer(&world->syncer), SYNC_WORKING);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
	assert_int_equal(sync_answer(&world->syncer), SYNC_FAILED);
	assert_int_equal(world_unsent(world), 0);
	assert_string_not_equal(sync_trouble(&world->syncer), "");
}

static void a_failing_push_lets_the_pull_end(void **state)
{
	/* What HQ has to say is taken in before the failure is told. */
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	ask_for_both(world, id);
	world_answer(world, SLOT_PUSH, "/v1/commands", 503, "{}");
	assert_int_equal(sync_answer(&world->syncer), SYNC_WORKING);
	world_answer(world, SLOT_PULL, "/v1/changes", 200, world_page("c1", "c2", "", 0, false));
	assert_int_equal(sync_answer(&world->syncer), SYNC_FAILED);
}

static void a_page_that_goes_nowhere_is_a_failure(void **state)
{
	/* An HQ that always has more, but never from another cursor, is not asked for ever. */
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	ask_for_both(world, id);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
	world_answer(world, SLOT_PULL, "/v1/changes", 200, world_page("c1", "c1", "", 0, true));
	assert_int_equal(sync_answer(&world->syncer), SYNC_FAILED);
}

static void sums_that_never_agree_are_a_failure(void **state)
{
	/* A second copy whose sums differ too ends the asking, and says why. */
	struct sync_world *world = *state;
	static const char page[] =
		"{\"epoch\":\"e1\",\"from\":\"%s\",\"to\":\"c2\"}\n"
		"{\"end\":true,\"rows\":0,\"more\":false,\"sums\":{\"catalogue\":\"7\"}}\n";
	char id[UUID_SIZE], body[300];

	ask_for_both(world, id);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
	snprintf(body, sizeof body, page, "c1");
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200, body);
	assert_int_equal(sync_answer(&world->syncer), SYNC_WORKING);
	snprintf(body, sizeof body, page, "");
	world_answer(world, SLOT_PULL, "/v1/changes?after=&", 200, body);
	for (int i = 0; i < 100 && sync_answer(&world->syncer) == SYNC_WORKING; i++)
		world_step(world);
	assert_int_equal(sync_answer(&world->syncer), SYNC_FAILED);
	assert_non_null(strstr(sync_trouble(&world->syncer), "sums"));
	sync_poke(&world->syncer);
	world_wait(world, 50000);
	assert_false(world_asks(world, SLOT_PULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_failing_pull_lets_the_push_end),
		TEST(a_failing_push_lets_the_pull_end),
		TEST(a_page_that_goes_nowhere_is_a_failure),
		TEST(sums_that_never_agree_are_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
