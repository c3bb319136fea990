/* However HQ and the line behave, the console asks seldom, waits its turn, and loses nothing. */
#include "tests/sync_world.h"

#include "model/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BURST 30
#define MINUTE_MS INT64_C(60000)

/* ---- an HQ that answers at once and always ---- */

/* The body of an answer to the request that waits on the lane, the n-th of all; NULL leaves it waiting. */
typedef const char *answer_call(
	struct sync_world *world, enum transport_slot slot, int n, int *status);

struct hostile {
	const char *does;
	answer_call *answer;
	bool pushes; /* a command waits to be sent */
};

static bool is_asked_for(const struct sync_world *world, enum transport_slot slot, const char *path)
{
	return strncmp(world->slots[slot].path, path, strlen(path)) == 0;
}

static void cursor_asked_behind(const struct sync_world *world, char cursor[40])
{
	const char *after = strstr(world->slots[SLOT_PULL].path, "after=") + 6;

	snprintf(cursor, 40, "%.*s", (int)strcspn(after, "&"), after);
}

static const char *page_from_here(
	struct sync_world *world, const char *to, const char *rows, int count, bool more)
{
	char from[40];

	cursor_asked_behind(world, from);
	return world_page(from, to ? to : from, rows, count, more);
}

/* What all of them answer well; the long-poll waits. */
static const char *answer_well(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	(void)n;
	*status = 200;
	if (slot == SLOT_PULL && is_asked_for(world, slot, "/v1/hello"))
		return WORLD_HELLO;
	if (slot == SLOT_PULL)
		return page_from_here(world, NULL, "", 0, false);
	return NULL;
}

static const char *always_news(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	const char *answer = answer_well(world, slot, n, status);

	return slot == SLOT_POLL ? "{}" : answer;
}

static const char *never_waits(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	const char *answer = answer_well(world, slot, n, status);

	if (slot == SLOT_POLL)
		*status = 304;
	return slot == SLOT_POLL ? "" : answer;
}

static bool is_page(const struct sync_world *world, enum transport_slot slot)
{
	return slot == SLOT_PULL && is_asked_for(world, slot, "/v1/changes");
}

static const char *more_of_nothing(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	if (!is_page(world, slot))
		return answer_well(world, slot, n, status);
	return page_from_here(world, NULL, "", 0, true);
}

static const char *more_of_nothing_elsewhere(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	char to[40];

	if (!is_page(world, slot))
		return answer_well(world, slot, n, status);
	snprintf(to, sizeof to, "c%d", 100 + n);
	return page_from_here(world, to, "", 0, true);
}

static const char *more_of_the_same(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	if (!is_page(world, slot))
		return answer_well(world, slot, n, status);
	return page_from_here(world, NULL,
		"{\"feed\":\"store:xinyi\",\"seq\":\"2\",\"table\":\"stock\",\"key\":[\"xinyi\",\"A1\"],"
		"\"row\":{\"store\":\"xinyi\",\"sku\":\"A1\",\"on_hand\":5,\"damaged\":0,"
		"\"in_stock\":true,\"opened\":true}}\n",
		1, true);
}

static const char *other_epoch(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	const char *answer = answer_well(world, slot, n, status);

	if (slot != SLOT_PUSH && !is_page(world, slot))
		return answer;
	*status = 409;
	return "{\"type\":\"urn:countertop:problem:epoch_changed\"}";
}

static const char *start_anew(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	const char *answer = answer_well(world, slot, n, status);

	if (!is_page(world, slot))
		return answer;
	*status = 410;
	return "{\"type\":\"urn:countertop:problem:resync\"}";
}

static const char *always_unable(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	return slot == SLOT_PUSH ? world_verdict(world->syncer.sent[0], "error", "")
				 : answer_well(world, slot, n, status);
}

static const char *no_verdicts(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	const char *answer = answer_well(world, slot, n, status);

	return slot == SLOT_PUSH ? "" : answer;
}

static const char *verdict_without_end(
	struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	const char *answer = answer_well(world, slot, n, status);

	return slot == SLOT_PUSH ? world_verdict(world->syncer.sent[0], "replayed", "") : answer;
}

static const char *no_hello(struct sync_world *world, enum transport_slot slot, int n, int *status)
{
	(void)world;
	(void)slot;
	(void)n;
	*status = 500;
	return "{}";
}

static const struct hostile hostiles[] = {
	{"always has news", always_news, false},
	{"never lets a long-poll wait", never_waits, false},
	{"has more, of nothing, behind the same cursor", more_of_nothing, false},
	{"has more, of nothing, behind ever new cursors", more_of_nothing_elsewhere, false},
	{"has more of the same row for ever", more_of_the_same, false},
	{"says each time that it is another one", other_epoch, true},
	{"wants everything fetched anew each time", start_anew, false},
	{"is unable to take any command", always_unable, true},
	{"answers without verdicts", no_verdicts, true},
	{"answers replayed and not what came of it", verdict_without_end, true},
	{"fails at everything", no_hello, true},
};

/* Answers all that is asked, at once, for so long; how many requests that were. */
static int let_answer(struct sync_world *world, answer_call *answer, int64_t ms)
{
	int64_t end_ms = world->now_ms + ms;
	int n = 0;

	while (world->now_ms < end_ms) {
		bool answered = false;

		for (int slot = 0; slot < SLOT_COUNT; slot++) {
			char etag[20];
			int status = 200;
			const char *body = world_asks(world, (enum transport_slot)slot)
				? answer(world, (enum transport_slot)slot, n, &status)
				: NULL;

			if (!body)
				continue;
			snprintf(etag, sizeof etag, "\"t%d\"", n++);
			world_tell(world, (enum transport_slot)slot, status, etag, body);
			answered = true;
		}
		if (!answered)
			world_wait(world, world->wake_ms - world->now_ms);
	}
	return n;
}

static void no_answer_makes_the_console_ask_without_end(void **state)
{
	/* Whatever HQ answers at once and always, three minutes bring a burst and then one request a second
	 * at most; what was saved stays saved. */
	(void)state;
	for (size_t i = 0; i < sizeof hostiles / sizeof *hostiles; i++) {
		static struct sync_world world;
		char id[UUID_SIZE];
		int asked;

		world_open(&world);
		world_begin(&world);
		if (hostiles[i].pushes)
			world_save(&world, id);
		sync_ask(&world.syncer);
		world_step(&world);
		asked = let_answer(&world, hostiles[i].answer, 3 * MINUTE_MS);
		print_message(
			"%d requests in 3 minutes of an HQ that %s\n", asked, hostiles[i].does);
		assert_true(asked <= 2 * BURST + 180);
		assert_int_equal(world_unsent(&world), hostiles[i].pushes ? 1 : 0);
		world_close(&world);
	}
}

static void an_hq_with_real_news_is_asked_as_often_as_it_has_some(void **state)
{
	/* Rows behind a new cursor are no waste: a hundred such pages come without a pause. */
	struct sync_world *world = *state;
	int64_t began_ms;
	char rows[400], to[40];

	world_begin(world);
	sync_ask(&world->syncer);
	world_step(world);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	began_ms = world->now_ms;
	for (int i = 0; i < 100; i++) {
		snprintf(rows, sizeof rows,
			"{\"feed\":\"catalogue\",\"seq\":\"%d\",\"table\":\"product\",\"key\":[\"P%d\"],"
			"\"row\":{\"sku\":\"P%d\",\"name\":\"Tea\",\"barcodes\":[],\"category\":\"\","
			"\"vendor\":\"\",\"price\":0,\"is_virtual\":false,\"threshold\":0,"
			"\"backorders\":false}}\n",
			i + 2, i, i);
		snprintf(to, sizeof to, "d%d", i);
		world_answer(world, SLOT_PULL, "/v1/changes", 200,
			page_from_here(world, to, rows, 1, i < 99));
	}
	assert_int_equal(world->now_ms, began_ms);
	assert_int_equal(world_rows(world, "product"), 100);
}

static void retry_now_pressed_by_everybody_is_not_a_storm(void **state)
{
	/* Twenty seats ask for a sync ten times a second while HQ fails: a burst, then one a second. */
	struct sync_world *world = *state;
	int asked = 0;

	world_begin(world);
	for (int i = 0; i < 600; i++) {
		for (int seat = 0; seat < 20; seat++)
			sync_ask(&world->syncer);
		world_wait(world, 100);
		for (int slot = 0; slot < SLOT_COUNT; slot++) {
			if (!world_asks(world, (enum transport_slot)slot))
				continue;
			world_tell(world, (enum transport_slot)slot, 500, "", "{}");
			asked++;
		}
	}
	assert_true(asked > 0);
	assert_true(asked <= BURST + 60 + SLOT_COUNT);
}

static void each_press_is_a_try(void **state)
{
	/* A person who presses "retry now" again while a wait runs is heard, pokes by programs only once. */
	struct sync_world *world = *state;

	world_begin(world);
	for (int i = 0; i < 5; i++) {
		if (world_asks(world, SLOT_POLL))
			world_fault(world, SLOT_POLL, FAULT_UNREACHABLE);
		sync_press(&world->syncer);
		world_step(world);
		assert_true(world_asks(world, SLOT_PULL));
		world_fault(world, SLOT_PULL, FAULT_UNREACHABLE);
	}
	for (int i = 0; i < 5; i++) {
		sync_poke(&world->syncer);
		world_step(world);
		assert_false(world_asks(world, SLOT_PULL));
	}
}

/* ---- the line ---- */

static int lanes_asking(const struct sync_world *world)
{
	int count = 0;

	for (int slot = 0; slot < SLOT_COUNT; slot++)
		count += world_asks(world, (enum transport_slot)slot);
	return count;
}

/* Everything under way fails. */
static void line_goes(struct sync_world *world)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		if (world_asks(world, (enum transport_slot)slot))
			world_fault(world, (enum transport_slot)slot, FAULT_UNREACHABLE);
}

static void one_lane_alone_tries_a_line_that_is_down(void **state)
{
	/* While HQ cannot be reached one request at a time tries it, ever more seldom; once it answers all
	 * lanes are back. */
	struct sync_world *world = *state;
	int tries = 0;

	world_begin(world);
	sync_ask(&world->syncer);
	world_step(world);
	assert_int_equal(lanes_asking(world), 2);
	line_goes(world);
	world->jitter = 30000;
	for (int64_t end_ms = world->now_ms + 60 * MINUTE_MS; world->now_ms < end_ms;) {
		assert_true(lanes_asking(world) <= 1);
		tries += lanes_asking(world);
		line_goes(world);
		world_wait(world, world->wake_ms - world->now_ms);
	}
	print_message("%d tries in an hour\n", tries);
	assert_in_range(tries, 60, 120);
	while (lanes_asking(world) == 0)
		world_wait(world, world->wake_ms - world->now_ms);
	assert_true(world_asks(world, SLOT_PULL));
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	assert_int_equal(lanes_asking(world), 2);
	world_answer(
		world, SLOT_PULL, "/v1/changes", 200, page_from_here(world, NULL, "", 0, false));
	assert_string_equal(sync_trouble(&world->syncer), "");
}

static void a_push_does_not_wait_for_the_try_of_another_lane(void **state)
{
	/* A pull tries the line and hangs; a command that is saved meanwhile is tried as well. */
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	world_begin(world);
	sync_ask(&world->syncer);
	world_step(world);
	line_goes(world);
	while (lanes_asking(world) == 0)
		world_wait(world, world->wake_ms - world->now_ms);
	assert_true(world_asks(world, SLOT_PULL));
	world_save(world, id);
	assert_true(world_asks(world, SLOT_PUSH));
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
	assert_int_equal(world_unsent(world), 0);
}

static void a_lane_that_hq_asks_to_wait_does_not_stop_the_others(void **state)
{
	/* 429 and 503 with Retry-After on a pull: it waits that long, and commands go up meanwhile. */
	static const int statuses[] = {429, 503};
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	world_begin(world);
	for (int i = 0; i < 2; i++) {
		sync_ask(&world->syncer);
		world_step(world);
		world->slots[SLOT_PULL].response.retry_after_ms = 90000;
		world_answer(world, SLOT_PULL, "/v1/", statuses[i], "{}");
		sync_poke(&world->syncer);
		world_save(world, id);
		world_answer(
			world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
		assert_int_equal(world_unsent(world), 0);
		world_wait(world, 89000);
		assert_false(world_asks(world, SLOT_PULL));
		world_wait(world, 2000);
		assert_true(world_asks(world, SLOT_PULL));
		world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
		world_tell(world, SLOT_PULL, 200, "", page_from_here(world, NULL, "", 0, false));
	}
}

/* ---- the watchdog ---- */

static void a_silent_hq_is_given_up_after_three_minutes(void **state)
{
	/* No byte comes and the transport never ends the request: it is cancelled, said in words, counted,
	 * and the command goes up over a fresh connection. */
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	world->silent = true;
	world_begin(world);
	world_save(world, id);
	assert_true(world_asks(world, SLOT_PUSH));
	assert_false(world->slots[SLOT_PUSH].fresh);
	world_wait(world, 179000);
	assert_string_equal(sync_trouble(&world->syncer), "");
	world_wait(world, 1000);
	assert_non_null(strstr(sync_trouble(&world->syncer), "made anew"));
	assert_int_equal(console_odd(&world->console, CONSOLE_ODD_RESTARTS), 1);
	assert_int_equal(world_unsent(world), 1);
	world_wait(world, 1000);
	assert_true(world_asks(world, SLOT_PUSH));
	assert_true(world->slots[SLOT_PUSH].fresh);
	assert_true(is_asked_for(world, SLOT_PULL, "/v1/hello") || !world_asks(world, SLOT_PULL));
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
	assert_int_equal(world_unsent(world), 0);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	assert_int_equal(console_odd(&world->console, CONSOLE_ODD_RESTARTS), 1);
}

static void a_slow_answer_is_no_silent_one(void **state)
{
	/* A page that trickles in for an hour is left alone. */
	struct sync_world *world = *state;

	world->silent = true;
	world_begin(world);
	sync_ask(&world->syncer);
	world_step(world);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	for (int i = 0; i < 30; i++) {
		world->slots[SLOT_PULL].bytes++;
		world->slots[SLOT_POLL].bytes++;
		world_wait(world, 2 * MINUTE_MS);
	}
	assert_int_equal(console_odd(&world->console, CONSOLE_ODD_RESTARTS), 0);
	world_answer(
		world, SLOT_PULL, "/v1/changes", 200, page_from_here(world, NULL, "", 0, false));
	assert_string_equal(sync_trouble(&world->syncer), "");
}

static void what_can_never_land_is_fetched_anew(void **state)
{
	/* The cache takes a product by no means: after minutes sync begins anew, and when that does not
	 * help a whole copy takes the place of the cache. */
	static const char product[] =
		"{\"feed\":\"catalogue\",\"seq\":\"2\",\"table\":\"product\",\"key\":[\"A1\"],"
		"\"row\":{\"sku\":\"A1\",\"name\":\"Tea\",\"barcodes\":[],\"category\":\"\","
		"\"vendor\":\"\",\"price\":0,\"is_virtual\":false,\"threshold\":0,"
		"\"backorders\":false}}\n";
	struct sync_world *world = *state;

	world_begin(world);
	assert_true(db_run(world->console.cache,
		"CREATE TRIGGER never BEFORE INSERT ON product BEGIN "
		"INSERT INTO nowhere VALUES (1); END",
		""));
	sync_ask(&world->syncer);
	world_step(world);
	for (int i = 0; i < 60 && world_rows(world, "product") == 0; i++) {
		if (!world_asks(world, SLOT_PULL))
			world_wait(world, MINUTE_MS / 2);
		else if (is_asked_for(world, SLOT_PULL, "/v1/hello"))
			world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
		else if (is_asked_for(world, SLOT_PULL, "/v1/changes?after=c2&"))
			world_tell(world, SLOT_PULL, 200, "",
				page_from_here(world, NULL, "", 0, false));
		else
			world_tell(world, SLOT_PULL, 200, "",
				page_from_here(world, "c2", product, 1, false));
	}
	assert_int_equal(world_rows(world, "product"), 1);
	assert_int_equal(console_odd(&world->console, CONSOLE_ODD_RESTARTS), 2);
	assert_string_equal(sync_trouble(&world->syncer), "");
}

static void a_machine_that_slept_has_no_full_disk(void **state)
{
	/* What was to land when the machine went to sleep lands when it wakes: the time nobody worked in is
	 * none in which the work did not succeed. */
	struct sync_world *world = *state;

	world_begin(world);
	sync_ask(&world->syncer);
	world_step(world);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	world->now_ms += 60 * MINUTE_MS;
	world_answer(
		world, SLOT_PULL, "/v1/changes", 200, page_from_here(world, NULL, "", 0, false));
	assert_string_equal(sync_trouble(&world->syncer), "");
	assert_int_equal(console_odd(&world->console, CONSOLE_ODD_RESTARTS), 0);
	assert_int_equal(sync_answer(&world->syncer), SYNC_DONE);
}

static void a_cache_that_cannot_be_opened_is_tried_once_a_second(void **state)
{
	/* While something stands in the cache's place the syncer looks no oftener than for anything else. */
	struct sync_world *world = *state;
	char path[300];

	world_begin(world);
	snprintf(path, sizeof path, "%s/cache.db", world->home);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	world_wait(world, 1000);
	assert_null(world->console.cache);
	assert_int_equal(world->wake_ms, world->now_ms + 1000);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_answer_makes_the_console_ask_without_end),
		TEST(an_hq_with_real_news_is_asked_as_often_as_it_has_some),
		TEST(retry_now_pressed_by_everybody_is_not_a_storm),
		TEST(each_press_is_a_try),
		TEST(one_lane_alone_tries_a_line_that_is_down),
		TEST(a_push_does_not_wait_for_the_try_of_another_lane),
		TEST(a_lane_that_hq_asks_to_wait_does_not_stop_the_others),
		TEST(a_silent_hq_is_given_up_after_three_minutes),
		TEST(a_slow_answer_is_no_silent_one),
		TEST(what_can_never_land_is_fetched_anew),
		TEST(a_machine_that_slept_has_no_full_disk),
		TEST(a_cache_that_cannot_be_opened_is_tried_once_a_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
