/* One syncer a home: it carries changes between stores by itself, is asked by `sync --once`, and
 * goes when nobody needs it. */
#include "tests/sync_stage.h"

#include "model/db.h"
#include "net/poke.h"
#include "net/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool runs(void *ctx)
{
	return run_is_running(((struct stage *)ctx)->home);
}

static bool nothing_waits(void *ctx)
{
	return stage_unsent(ctx) == 0;
}

static void a_service_ends_cleanly_on_sigterm(void **state)
{
	struct stage *stage = *state;
	pid_t service = stage_spawn(stage, "sync", NULL);

	stage_until(runs, stage);
	assert_int_equal(stage_run(stage, "sync", NULL), 0); /* a second one has nothing to do */
	kill(service, SIGTERM);
	assert_int_equal(stage_end(stage, service), 0);
	assert_false(run_is_running(stage->home));
}

static void once_asks_the_service_that_runs(void **state)
{
	struct stage *stage = *state;
	char sheet[UUID_SIZE], id[UUID_SIZE];
	struct console console;
	pid_t service;

	service = stage_spawn(stage, "sync", NULL);
	stage_until(runs, stage);
	stage_sheet(stage, sheet);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	stage_console(stage, &console);
	stage_count(stage, &console, sheet, id);
	console_close(&console);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	assert_int_equal(stage_hq_int(stage, "SELECT count(*) FROM count_entry"), 1);
	stage_stop_hq(stage, SIGTERM);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 1);
	assert_non_null(strstr(stage->err, "cannot be reached"));
	kill(service, SIGTERM);
	assert_int_equal(stage_end(stage, service), 0);
}

static void a_service_that_nobody_needs_sends_what_waits_and_goes(void **state)
{
	struct stage *stage = *state;
	char sheet[UUID_SIZE], id[UUID_SIZE];
	struct console console;
	pid_t service;
	int screen;

	stage_sheet(stage, sheet);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	stage_stop_hq(stage, SIGTERM);
	screen = run_screen_enter(stage->home);
	assert_true(screen >= 0);
	service = stage_spawn(stage, "sync", "--service", NULL);
	stage_until(runs, stage);
	stage_console(stage, &console);
	stage_count(stage, &console, sheet, id);
	console_close(&console);
	close(screen); /* the ssh session ends */
	assert_true(stage_lives(service));
	stage_start_hq(stage);
	assert_int_equal(stage_end(stage, service), 0);
	assert_int_equal(stage_unsent(stage), 0);
	assert_int_equal(stage_hq_int(stage, "SELECT count(*) FROM count_entry"), 1);
}

static void a_service_that_waits_for_a_dead_hq_goes_with_the_last_screen(void **state)
{
	/* Nothing is left to send, and what is still to be fetched is not worth waiting for without end. */
	struct stage *stage = *state;
	char path[sizeof stage->home + 16];
	pid_t service;
	int screen;

	stage_stop_hq(stage, SIGKILL);
	snprintf(path, sizeof path, "%s/cache.db", stage->home);
	assert_int_equal(unlink(path), 0);
	screen = run_screen_enter(stage->home);
	assert_true(screen >= 0);
	service = stage_spawn(stage, "sync", "--service", NULL);
	stage_until(runs, stage);
	close(screen);
	assert_int_equal(stage_end(stage, service), 0);
	assert_int_equal(stage_unsent(stage), 0);
}

static void a_service_goes_with_its_home(void **state)
{
	/* Whose home is taken away ends, and says nothing to the one that is put in its place. */
	struct stage *stage = *state;
	char elsewhere[300];
	pid_t service = stage_spawn(stage, "sync", NULL);

	stage_until(runs, stage);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0); /* it is at work */
	snprintf(elsewhere, sizeof elsewhere, "%s.gone", stage->home);
	assert_int_equal(rename(stage->home, elsewhere), 0);
	assert_int_equal(stage_end(stage, service), 0);
	assert_int_equal(rename(elsewhere, stage->home), 0);
}

struct other_home {
	struct stage *stage;
	struct console console;
};

static bool sees_the_movement(void *ctx)
{
	struct other_home *other = ctx;

	console_changed(&other->console);
	return db_get_int(other->console.cache, 0,
		       "SELECT count(*) FROM movement WHERE status = 'pending'", "") == 1;
}

static void another_store_sees_a_change_within_a_second(void **state)
{
	struct stage *stage = *state;
	struct other_home other = {.stage = stage};
	struct stage ximen = *stage;
	char code[64];
	int64_t began_ms;
	pid_t here, there;

	snprintf(ximen.home, sizeof ximen.home, "%s/ximen", stage->folder);
	stage_code(&ximen, "ximen", code);
	assert_int_equal(stage_run(&ximen, "enrol", stage->url, code, NULL), 0);
	assert_int_equal(stage_run(&ximen, "sync", "--once", NULL), 0);
	here = stage_spawn(stage, "sync", NULL);
	there = stage_spawn(&ximen, "sync", NULL);
	stage_until(runs, stage);
	stage_until(runs, &ximen);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	assert_int_equal(stage_run(&ximen, "sync", "--once", NULL), 0);
	stage_console(&ximen, &other.console);
	assert_int_equal(
		stage_run(stage, "do", "outbound.create", "to=ximen",
			"lines=[{\"sku\":\"A1\",\"qty\":2}]", "--staff", STAGE_STAFF, NULL),
		4);
	began_ms = run_now().boot_ms;
	stage_until(sees_the_movement, &other);
	print_message("seen after %lld ms\n", (long long)(run_now().boot_ms - began_ms));
	stage_until(nothing_waits, stage);
	console_close(&other.console);
	kill(here, SIGTERM);
	kill(there, SIGTERM);
	assert_int_equal(stage_end(stage, here), 0);
	assert_int_equal(stage_end(&ximen, there), 0);
}

static void waiting_for_the_answer_prints_it(void **state)
{
	struct stage *stage = *state;

	assert_int_equal(stage_run(stage, "do", "stocktake.create", "scope=full", "--staff",
				 STAGE_STAFF, "--wait", NULL),
		0);
	assert_non_null(strstr(stage->out, "\"status\":\"applied\""));
	assert_non_null(strstr(stage->out, "\"number\""));
	stage_stop_hq(stage, SIGTERM);
	assert_int_equal(stage_run(stage, "do", "stocktake.create", "scope=full", "--staff",
				 STAGE_STAFF, "--wait", NULL),
		4);
	assert_non_null(strstr(stage->err, "cannot be reached"));
}

static bool poked(void *ctx)
{
	return poke_drain(ctx);
}

static void pokes_reach_every_process_of_a_home(void **state)
{
	struct stage *stage = *state;
	struct poke one, other;
	struct poke_message message;
	char deep[sizeof stage->folder + 202];

	assert_true(poke_open(&one, stage->home));
	assert_true(poke_open(&other, stage->home));
	poke_all(&one, POKE_CHANGED);
	stage_until(poked, &other);
	assert_false(poke_drain(&one));
	assert_true(poke_one(&other, one.name, POKE_FAILED, "why"));
	assert_true(poke_take(&one, &message));
	assert_int_equal(message.word, POKE_FAILED);
	assert_string_equal(message.from, other.name);
	assert_string_equal(message.text, "why");
	poke_close(&one);
	poke_close(&other);
	/* A path longer than a socket's address may be. */
	memset(deep, 'x', sizeof deep);
	snprintf(deep, sizeof deep, "%s/%0200d", stage->folder, 1);
	assert_int_equal(mkdir(deep, 0700), 0);
	assert_true(poke_open(&one, deep));
	assert_true(poke_open(&other, deep));
	poke_all(&one, POKE_CHANGED);
	assert_true(poke_drain(&other));
	poke_close(&one);
	poke_close(&other);
}

static int set_up(void **state)
{
	static struct stage stage;

	stage_open(&stage);
	*state = &stage;
	return 0;
}

static int tear_down(void **state)
{
	stage_close(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_service_ends_cleanly_on_sigterm),
		TEST(once_asks_the_service_that_runs),
		TEST(a_service_that_nobody_needs_sends_what_waits_and_goes),
		TEST(a_service_that_waits_for_a_dead_hq_goes_with_the_last_screen),
		TEST(a_service_goes_with_its_home),
		TEST(another_store_sees_a_change_within_a_second),
		TEST(waiting_for_the_answer_prints_it),
		TEST(pokes_reach_every_process_of_a_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
