/* A command leaves the outbox only by a verdict of its own in an answer that came whole; whatever
 * else HQ or the line does, it is sent again. */
#include "tests/sync_world.h"

#include "model/db.h"

#include <stdio.h>
#include <string.h>

#define IDS 5

/* Saves several while the first is under way, so that the rest make one batch. */
static void save_some(struct sync_world *world, char ids[IDS][UUID_SIZE])
{
	world_begin(world);
	for (int i = 0; i < IDS; i++)
		world_save(world, ids[i]);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(ids[0], "applied", ""));
	assert_true(world_asks(world, SLOT_PUSH));
	assert_int_equal(world_unsent(world), IDS - 1);
}

/* Verdicts for ids[from…to). */
static const char *verdicts(char ids[IDS][UUID_SIZE], int from, int to, const char *status)
{
	static char lines[4096];

	lines[0] = '\0';
	for (int i = from; i < to; i++) {
		size_t length = strlen(lines);

		snprintf(lines + length, sizeof lines - length, "%s",
			world_verdict(ids[i], status, ""));
	}
	return lines;
}

static void lines_go_up_in_outbox_order(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];
	const char *at;

	save_some(world, ids);
	at = text_get(&world->slots[SLOT_PUSH].body);
	for (int i = 1; i < IDS; i++) {
		at = strstr(at, ids[i]);
		assert_non_null(at);
	}
	assert_string_equal(world->slots[SLOT_PUSH].epoch, "e1");
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, verdicts(ids, 1, IDS, "applied"));
	assert_int_equal(world_unsent(world), 0);
	assert_false(world_asks(world, SLOT_PUSH));
}

/* Nothing of the answer counts, and the same bytes go up again after a wait. */
static void expect_sent_again(struct sync_world *world, int unsent)
{
	char before[8192];

	assert_int_equal(world_unsent(world), unsent);
	assert_string_not_equal(sync_trouble(&world->syncer), "");
	snprintf(before, sizeof before, "%s", text_get(&world->slots[SLOT_PUSH].body));
	assert_false(world_asks(world, SLOT_PUSH));
	world_wait(world, 60000);
	assert_true(world_asks(world, SLOT_PUSH));
	assert_string_equal(text_get(&world->slots[SLOT_PUSH].body), before);
}

static void an_answer_that_lacks_a_verdict_does_not_count(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];

	save_some(world, ids);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, verdicts(ids, 1, IDS - 1, "applied"));
	expect_sent_again(world, IDS - 1);
}

static void an_answer_cut_inside_a_line_does_not_count(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE], lines[4096];

	save_some(world, ids);
	snprintf(lines, sizeof lines, "%s", verdicts(ids, 1, IDS, "applied"));
	lines[strlen(lines) - 3] = '\0';
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, lines);
	expect_sent_again(world, IDS - 1);
}

static void a_web_page_does_not_count(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];

	save_some(world, ids);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, "<html>hello</html>");
	assert_non_null(strstr(sync_trouble(&world->syncer), "web page"));
	expect_sent_again(world, IDS - 1);
}

static void a_verdict_nobody_asked_for_is_ignored_and_counted(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE], lines[8192];

	save_some(world, ids);
	snprintf(lines, sizeof lines, "%s",
		world_verdict("01a00000-0000-7000-8000-000000000000", "applied", ""));
	snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "%s",
		verdicts(ids, 1, IDS, "applied"));
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, lines);
	assert_int_equal(world_unsent(world), 0);
	assert_int_equal(console_odd(&world->console, CONSOLE_ODD_VERDICTS), 1);
}

static void an_error_verdict_keeps_that_line_and_all_behind_it(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE], lines[8192];

	save_some(world, ids);
	snprintf(lines, sizeof lines, "%s", verdicts(ids, 1, 3, "applied"));
	snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "%s",
		verdicts(ids, 3, IDS, "error"));
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, lines);
	assert_int_equal(world_unsent(world), 2);
	assert_false(world_asks(world, SLOT_PUSH));
	world_wait(world, 1000);
	assert_true(world_asks(world, SLOT_PUSH));
	assert_null(strstr(text_get(&world->slots[SLOT_PUSH].body), ids[2]));
	assert_non_null(strstr(text_get(&world->slots[SLOT_PUSH].body), ids[3]));
}

static void what_was_refused_is_undone_at_once(void **state)
{
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	world_begin(world);
	world_save(world, id);
	assert_int_equal(world_rows(world, "stocktake"), 1);
	world_answer(
		world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "rejected", "no_right"));
	world_wait(world, 1);
	assert_int_equal(world_rows(world, "stocktake"), 0);
	assert_int_equal(world_unsent(world), 0);
}

static void pushing_does_not_wait_for_a_pull(void **state)
{
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	world_begin(world);
	sync_ask(&world->syncer);
	world_step(world);
	assert_true(world_asks(world, SLOT_PULL));
	world_save(world, id);
	assert_true(world_asks(world, SLOT_PUSH));
}

static void too_large_makes_batches_smaller(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];

	save_some(world, ids);
	world_answer(world, SLOT_PUSH, "/v1/commands", 413, "{}");
	assert_true(world_asks(world, SLOT_PUSH));
	assert_non_null(strstr(text_get(&world->slots[SLOT_PUSH].body), ids[2]));
	assert_null(strstr(text_get(&world->slots[SLOT_PUSH].body), ids[3]));
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, verdicts(ids, 1, 3, "applied"));
	assert_non_null(strstr(text_get(&world->slots[SLOT_PUSH].body), ids[4]));
}

static void backoff_doubles_to_a_minute_with_equal_jitter(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];
	static const int64_t least[] = {500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000};

	save_some(world, ids);
	world->jitter = 0;
	for (size_t i = 0; i < sizeof least / sizeof *least; i++) {
		world_fault(world, SLOT_PUSH, FAULT_UNREACHABLE);
		assert_int_equal(world->syncer.lanes[SLOT_PUSH].next_ms - world->now_ms, least[i]);
		world_wait(world, least[i] - 1);
		assert_false(world_asks(world, SLOT_PUSH));
		world_wait(world, 1);
	}
	world->jitter = 30000;
	world_fault(world, SLOT_PUSH, FAULT_UNREACHABLE);
	assert_int_equal(world->syncer.lanes[SLOT_PUSH].next_ms - world->now_ms, 60000);
}

static void a_poke_gives_one_try_out_of_turn(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];

	save_some(world, ids);
	for (int i = 0; i < 7; i++) {
		world_fault(world, SLOT_PUSH, FAULT_UNREACHABLE);
		world_wait(world, i < 6 ? 60000 : 1);
	}
	assert_false(world_asks(world, SLOT_PUSH));
	sync_poke(&world->syncer);
	world_wait(world, 1);
	assert_true(world_asks(world, SLOT_PUSH));
	world_fault(world, SLOT_PUSH, FAULT_UNREACHABLE);
	sync_poke(&world->syncer);
	world_wait(world, 1);
	assert_false(world_asks(world, SLOT_PUSH));
}

static void an_answer_on_one_lane_brings_back_the_others(void **state)
{
	/* The long-poll fails, and hello fails often and would wait for half a minute; a push that HQ answers
	 * ends that, and screens hear at once that the line is up. */
	struct sync_world *world = *state;
	struct console_counts counts;
	char ids[IDS][UUID_SIZE];

	save_some(world, ids);
	world_answer(world, SLOT_PULL, "/v1/changes", 200, world_page("c1", "c1", "", 0, false));
	world_fault(world, SLOT_POLL, FAULT_UNREACHABLE);
	for (int i = 0; i < 7; i++) {
		world_wait(world, 60000);
		assert_false(world_asks(world, SLOT_POLL));
		world_fault(world, SLOT_PULL, FAULT_UNREACHABLE);
	}
	console_count(&world->console, "xinyi", &counts);
	assert_false(counts.online);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, verdicts(ids, 1, IDS, "applied"));
	assert_true(world_asks(world, SLOT_POLL));
	assert_true(world_asks(world, SLOT_PULL));
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	console_count(&world->console, "xinyi", &counts);
	assert_true(counts.online);
	assert_string_equal(counts.trouble, "");
}

static void a_restored_hq_ends_what_was_asked_of_the_one_before(void **state)
{
	/* A push is under way when HQ turns out to be another one: its late answer must not count, so it
	 * is forgotten, and all is sent again. */
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE], late[UUID_SIZE];

	save_some(world, ids);
	world_save(world, late);
	assert_null(strstr(text_get(&world->slots[SLOT_PUSH].body), late));
	world_answer(world, SLOT_POLL, "/v1/heads", 409,
		"{\"type\":\"urn:countertop:problem:epoch_changed\"}");
	assert_true(world_asks(world, SLOT_PUSH));
	assert_non_null(strstr(text_get(&world->slots[SLOT_PUSH].body), late));
}

static void a_console_that_is_shut_out_waits_and_loses_nothing(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];

	save_some(world, ids);
	world_answer(world, SLOT_PUSH, "/v1/commands", 401,
		"{\"type\":\"urn:countertop:problem:unauthorized\"}");
	assert_non_null(strstr(sync_trouble(&world->syncer), "Enrol it again"));
	sync_poke(&world->syncer);
	world_wait(world, 59000);
	assert_false(world_asks(world, SLOT_PUSH));
	assert_int_equal(world_unsent(world), IDS - 1);
	world_wait(world, 2000);
	assert_true(world_asks(world, SLOT_PUSH));
}

static void no_refusal_at_the_door_touches_what_waits(void **state)
{
	/* Expired, revoked, role lost: whatever HQ says to the token, the same bytes go up again by the same
	 * actor once it lets the console in. */
	static const int statuses[] = {401, 403, 401, 403};
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];

	save_some(world, ids);
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		world_answer(world, SLOT_PUSH, "/v1/commands", statuses[i],
			"{\"type\":\"urn:countertop:problem:unauthorized\"}");
		expect_sent_again(world, IDS - 1);
	}
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, verdicts(ids, 1, IDS, "applied"));
	assert_int_equal(world_unsent(world), 0);
}

static void retry_after_is_a_floor_with_a_ceiling(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];

	save_some(world, ids);
	world->slots[SLOT_PUSH].response.retry_after_ms = 20000;
	world_answer(world, SLOT_PUSH, "/v1/commands", 503, "{}");
	sync_poke(&world->syncer);
	world_wait(world, 19000);
	assert_false(world_asks(world, SLOT_PUSH));
	world_wait(world, 1000);
	assert_true(world_asks(world, SLOT_PUSH));
	world->slots[SLOT_PUSH].response.retry_after_ms = INT64_C(86400000);
	world_answer(world, SLOT_PUSH, "/v1/commands", 429, "{}");
	world_wait(world, 300000);
	assert_true(world_asks(world, SLOT_PUSH));
}

static void asking_ignores_the_backoff_and_tells_the_end(void **state)
{
	struct sync_world *world = *state;
	char ids[IDS][UUID_SIZE];

	save_some(world, ids);
	world_fault(world, SLOT_PUSH, FAULT_TIMEOUT);
	sync_ask(&world->syncer);
	world_step(world);
	assert_int_equal(sync_answer(&world->syncer), SYNC_WORKING);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, verdicts(ids, 1, IDS, "applied"));
	if (strncmp(world->slots[SLOT_PULL].path, "/v1/changes", 11) == 0)
		world_answer(
			world, SLOT_PULL, "/v1/changes", 200, world_page("c1", "c1", "", 0, false));
	else
		world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	for (int i = 0; i < 5 && sync_answer(&world->syncer) == SYNC_WORKING; i++) {
		if (world_asks(world, SLOT_PULL) &&
			strncmp(world->slots[SLOT_PULL].path, "/v1/hello", 9) == 0)
			world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
		else if (world_asks(world, SLOT_PULL))
			world_answer(world, SLOT_PULL, "/v1/changes", 200,
				world_page("c1", "c1", "", 0, false));
	}
	assert_int_equal(sync_answer(&world->syncer), SYNC_DONE);
	sync_ask(&world->syncer);
	world_step(world);
	world_fault(world, SLOT_PULL, FAULT_UNREACHABLE);
	assert_int_equal(sync_answer(&world->syncer), SYNC_FAILED);
	assert_string_not_equal(sync_trouble(&world->syncer), "");
}

static int set_up(void **state)
{
	static struct sync_world world;

	world_open(&world);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	world_close(*state);
	return 0;
}

static void enrolled_anew_at_a_restored_hq_offers_again(void **state)
{
	/* Where a restored HQ knows neither the device nor what it sent, enrolling the home anew offers again
	 * what was answered. */
	struct sync_world *world = *state;
	struct console other = {.random = world->console.random};
	const char *store = "xinyi";
	char id[UUID_SIZE], error[200];

	world_begin(world);
	world_save(world, id);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
	assert_int_equal(world_unsent(world), 0);
	assert_true(console_open(&other, world->home, NULL, error, sizeof error));
	assert_true(console_enrol(&other, "http://127.0.0.1:1", "another", "dev2", &store, 1));
	console_close(&other);
	world_wait(world, 2000);
	world_fault(world, SLOT_PULL, FAULT_CUT); /* what the old token asked for */
	world_wait(world, 2000);
	world_answer(world, SLOT_PULL, "/v1/hello", 200,
		"{\"epoch\":\"e2\",\"time\":\"2026-11-21T08:00:00.000Z\",\"feeds\":[]}");
	assert_int_equal(world_unsent(world), 1);
}

static void a_false_alarm_does_not_hide_a_restore(void **state)
{
	/* Somebody says wrongly that HQ was restored, all is offered again and answered, and only then HQ is
	 * restored: that is offered again too. */
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	world_begin(world);
	world_save(world, id);
	world_answer(world, SLOT_PUSH, "/v1/commands", 409,
		"{\"type\":\"urn:countertop:problem:epoch_changed\"}");
	world_step(world);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
	assert_int_equal(world_unsent(world), 0);
	world_answer(world, SLOT_PULL, "/v1/hello", 200,
		"{\"epoch\":\"e2\",\"time\":\"2026-11-21T08:00:00.000Z\",\"feeds\":[]}");
	assert_int_equal(world_unsent(world), 1);
}

static void nothing_is_copied_before_all_is_offered(void **state)
{
	/* HQ was restored while the disk of the outbox takes nothing: the new copy waits, or it would come
	 * without what is offered again only later. */
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	world_begin(world);
	world_save(world, id);
	assert_true(db_run(world->console.outbox, "PRAGMA query_only = on", ""));
	world_answer(world, SLOT_PUSH, "/v1/commands", 409,
		"{\"type\":\"urn:countertop:problem:epoch_changed\"}");
	world_wait(world, 2000);
	assert_false(world_asks(world, SLOT_PULL));
	assert_true(db_run(world->console.outbox, "PRAGMA query_only = off", ""));
	world_wait(world, 2000);
	assert_true(world_asks(world, SLOT_PULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_copied_before_all_is_offered),
		TEST(a_false_alarm_does_not_hide_a_restore),
		TEST(enrolled_anew_at_a_restored_hq_offers_again),
		TEST(lines_go_up_in_outbox_order),
		TEST(an_answer_that_lacks_a_verdict_does_not_count),
		TEST(an_answer_cut_inside_a_line_does_not_count),
		TEST(a_web_page_does_not_count),
		TEST(a_verdict_nobody_asked_for_is_ignored_and_counted),
		TEST(an_error_verdict_keeps_that_line_and_all_behind_it),
		TEST(what_was_refused_is_undone_at_once),
		TEST(pushing_does_not_wait_for_a_pull),
		TEST(too_large_makes_batches_smaller),
		TEST(backoff_doubles_to_a_minute_with_equal_jitter),
		TEST(an_answer_on_one_lane_brings_back_the_others),
		TEST(a_restored_hq_ends_what_was_asked_of_the_one_before),
		TEST(a_poke_gives_one_try_out_of_turn),
		TEST(a_console_that_is_shut_out_waits_and_loses_nothing),
		TEST(no_refusal_at_the_door_touches_what_waits),
		TEST(retry_after_is_a_floor_with_a_ceiling),
		TEST(asking_ignores_the_backoff_and_tells_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
