/* Whatever is killed and whenever, what the console called saved reaches HQ once. */
#include "tests/sync_stage.h"

#include "model/db.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char count_entries[] = "SELECT count(*) FROM count_entry";

/* A child that counts as fast as it can and is killed with SIGKILL after it told of `wanted` saves.
 * Returns how many it told of. */
static int count_until_killed(struct stage *stage, const char *sheet, int wanted)
{
	int pipes[2], told = 0;
	char id[UUID_SIZE];
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		struct console console;

		stage_console(stage, &console);
		for (;;) {
			stage_count(stage, &console, sheet, id);
			if (write(pipes[1], id, UUID_SIZE) != UUID_SIZE)
				_exit(1);
		}
	}
	close(pipes[1]);
	while (told < wanted && read(pipes[0], id, UUID_SIZE) == UUID_SIZE)
		told++;
	kill(child, SIGKILL);
	while (read(pipes[0], id, UUID_SIZE) == UUID_SIZE)
		told++;
	close(pipes[0]);
	waitpid(child, NULL, 0);
	return told;
}

/* Every id of the outbox is at HQ once, and nothing waits. */
static void expect_each_once(struct stage *stage)
{
	struct console console;
	int64_t saved;

	stage_console(stage, &console);
	saved = db_get_int(console.outbox, -1,
		"SELECT count(*) FROM command WHERE op = 'stocktake.count'", "");
	assert_int_equal(db_get_int(console.outbox, -1,
				 "SELECT count(*) FROM command WHERE status = 'applied'", ""),
		saved);
	console_close(&console);
	assert_int_equal(stage_unsent(stage), 0);
	assert_int_equal(stage_hq_int(stage, count_entries), saved);
	assert_int_equal(stage_hq_int(stage, "SELECT sum(qty) FROM count_entry"), saved * 1000);
}

static void two_hundred_scans_survive_hq_down_and_the_console_killed(void **state)
{
	struct stage *stage = *state;
	char sheet[UUID_SIZE], word[80];
	int told;

	stage_sheet(stage, sheet);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	stage_stop_hq(stage, SIGTERM);
	snprintf(word, sizeof word, "stocktake=%s", sheet);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(stage_run(stage, "do", "stocktake.count", word, "sku=A1", "qty=1",
					 "mode=add", "--staff", STAGE_STAFF, NULL),
			4);
		assert_non_null(strstr(stage->out, "\"queued\""));
	}
	told = 3 + count_until_killed(stage, sheet, 197);
	assert_true(told >= 200);
	assert_true(stage_unsent(stage) >= told); /* one more may have been saved and not told of */
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 1);
	assert_non_null(strstr(stage->err, "cannot be reached"));
	assert_true(stage_unsent(stage) >= told);
	stage_start_hq(stage);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	expect_each_once(stage);
	assert_true(stage_hq_int(stage, count_entries) >= told);
}

struct more_than {
	struct stage *stage;
	int64_t entries;
	pid_t process;
};

static bool more_arrived(void *ctx)
{
	const struct more_than *more = ctx;

	return stage_hq_int(more->stage, count_entries) > more->entries ||
		!stage_lives(more->process);
}

static void hq_killed_while_it_answers_takes_each_once(void **state)
{
	struct stage *stage = *state;
	char sheet[UUID_SIZE];

	stage_sheet(stage, sheet);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	count_until_killed(stage, sheet, 900);
	for (int round = 0; round < 4; round++) {
		struct more_than more = {stage, stage_hq_int(stage, count_entries),
			stage_spawn(stage, "sync", "--once", NULL)};

		/* A batch is in HQ's database; its verdicts may be on the way, or not yet. */
		stage_until(more_arrived, &more);
		stage_stop_hq(stage, SIGKILL);
		stage_end(stage, more.process);
		stage_start_hq(stage);
	}
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	expect_each_once(stage);
}

static void a_syncer_killed_at_any_moment_sends_each_once(void **state)
{
	struct stage *stage = *state;
	char sheet[UUID_SIZE];

	stage_sheet(stage, sheet);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	count_until_killed(stage, sheet, 700);
	for (int round = 0; round < 3; round++) {
		struct more_than more = {stage, stage_hq_int(stage, count_entries),
			stage_spawn(stage, "sync", NULL)};

		stage_until(more_arrived, &more);
		kill(more.process, SIGKILL);
		stage_end(stage, more.process);
	}
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	expect_each_once(stage);
}

static void a_deleted_cache_is_rebuilt_and_what_waits_is_sent(void **state)
{
	static const char *const names[] = {"cache.db", "cache.db-wal", "cache.db-shm"};
	struct stage *stage = *state;
	char sheet[UUID_SIZE], id[UUID_SIZE], path[sizeof stage->home + 16];
	struct console console;

	stage_sheet(stage, sheet);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	stage_stop_hq(stage, SIGTERM);
	stage_console(stage, &console);
	for (int i = 0; i < 50; i++)
		stage_count(stage, &console, sheet, id);
	console_close(&console);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", stage->home, names[i]);
		unlink(path);
	}
	assert_int_equal(stage_unsent(stage), 50);
	stage_start_hq(stage);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	expect_each_once(stage);
	assert_int_equal(stage_run(stage, "show", "count_entries", "--json", NULL), 0);
	assert_non_null(strstr(stage->out, id));
	assert_int_equal(stage_run(stage, "show", "stock", NULL), 0);
	assert_non_null(strstr(stage->out, "茶"));
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
		TEST(two_hundred_scans_survive_hq_down_and_the_console_killed),
		TEST(hq_killed_while_it_answers_takes_each_once),
		TEST(a_syncer_killed_at_any_moment_sends_each_once),
		TEST(a_deleted_cache_is_rebuilt_and_what_waits_is_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
