/* An import that is killed while it saves: all of its documents are there afterwards, or none. */
#include "model/db.h"
#include "model/text.h"
#include "tests/cli_desk.h"
#include "tests/fault_vfs.h"
#include "tests/folder.h"
#include "tui/import_run.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ORDERS 60
#define FATES_MAX 3000 /* writes and syncs of one import; far more than there are */

struct office {
	struct desk *desk;
	char path[300];
};

static int set_up(void **state)
{
	static struct office office;
	void *desk;
	FILE *file;

	assert_int_equal(desk_open(&desk), 0);
	office = (struct office){.desk = desk};
	snprintf(office.path, sizeof office.path, "%s/orders.csv", office.desk->folder);
	db_run(office.desk->world.console.cache, "UPDATE staff SET role = 'manager'", "");
	db_run(office.desk->world.console.cache,
		"INSERT INTO product (sku, name) VALUES ('A1', 'Apple')", "");
	file = fopen(office.path, "wb");
	assert_non_null(file);
	fputs("expected_on,source,to,sku,qty\n", file);
	for (int i = 0; i < ORDERS; i++)
		fprintf(file, "2026-12-01,Partner %d,,A1,1\n", i);
	assert_int_equal(fclose(file), 0);
	*state = &office;
	return 0;
}

static int tear_down(void **state)
{
	struct office *office = *state;
	void *desk = office->desk;

	return desk_close(&desk);
}

/* ---- homes ---- */

static void copy_file(const char *from, const char *to)
{
	char bytes[65536];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t got;

	assert_non_null(out);
	while (in && (got = fread(bytes, 1, sizeof bytes, in)) > 0)
		assert_int_equal(fwrite(bytes, 1, got, out), got);
	if (in)
		fclose(in);
	assert_int_equal(fclose(out), 0);
}

/* The home as it was before any import, for each process that is killed. */
static void copy_home(const struct office *office, char home[300])
{
	static const char *const files[] = {
		"outbox.db", "outbox.db-wal", "cache.db", "cache.db-wal"};
	char from[400], to[400];

	snprintf(home, 300, "%s/home", office->desk->folder);
	folder_remove(home);
	assert_int_equal(mkdir(home, 0700), 0);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(from, sizeof from, "%s/%s", office->desk->world.home, files[i]);
		snprintf(to, sizeof to, "%s/%s", home, files[i]);
		copy_file(from, to);
	}
}

/* ---- the process that is killed ---- */

static int fate; /* writes and syncs left to it */

static int die_of_fate(const char *path, enum fault_op op)
{
	(void)path;
	if (op != FAULT_READ && fate-- == 0)
		raise(SIGKILL);
	return 0;
}

/* Reads the file whole, and is killed behind so many writes of its saving. */
static _Noreturn void import_and_die(const struct office *office, const char *home, int writes)
{
	const struct sync_world *world = &office->desk->world;
	struct console console = {.random = world->console.random};
	struct import_run run = {
		.console = &console, .store = "xinyi", .staff = "lin", .now_ms = world->now_ms};
	struct console_verdict verdict;
	char error[300];

	if (!console_open(&console, home, fault_vfs(), error, sizeof error) ||
		!import_run_begin(&run, office->path))
		_exit(2);
	while (import_run_step(&run))
		;
	if (!import_run_end(&run) || run.import.order_count != ORDERS)
		_exit(3);
	fate = writes;
	fault_hook = die_of_fate;
	_exit(import_run_save(&run, &verdict) ? 0 : 4);
}

/* True if it lived to its end. */
static bool run_until_killed(const struct office *office, const char *home, int writes)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		import_and_die(office, home, writes);
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status))
		assert_int_equal(WTERMSIG(status), SIGKILL);
	else
		assert_int_equal(WEXITSTATUS(status), 0);
	return WIFEXITED(status);
}

/* ---- what is left ---- */

static int64_t count_saved(const struct office *office, const char *home)
{
	struct console console = {.random = office->desk->world.console.random};
	char error[300];
	int64_t saved, shown;

	assert_true(console_open(&console, home, NULL, error, sizeof error));
	saved = db_get_int(console.outbox, -1, "SELECT COUNT(*) FROM command", "");
	assert_true(console_catch_up(&console, office->desk->world.now_ms));
	shown = db_get_int(console.cache, -1, "SELECT COUNT(*) FROM movement", "");
	assert_int_equal(shown, saved);
	console_close(&console);
	return saved;
}

static void killed_anywhere_it_is_all_or_nothing(void **state)
{
	/* Whichever write of an import is its last, all documents are in the queue and on the screen, or none. */
	struct office *office = *state;
	int nothing = 0, all = 0;
	bool lived = false;

	for (int writes = 0; !lived; writes++) {
		char home[300];
		int64_t saved;

		assert_true(writes < FATES_MAX);
		copy_home(office, home);
		lived = run_until_killed(office, home, writes);
		saved = count_saved(office, home);
		if (saved != 0 && saved != ORDERS)
			fail_msg("killed behind %d writes it left %lld of %d documents", writes,
				(long long)saved, ORDERS);
		nothing += saved == 0;
		all += saved != 0 && !lived;
	}
	print_message("# %d kills left nothing, %d left all\n", nothing, all);
	/* It was killed before the commit and behind it, and in the middle. */
	assert_true(nothing > 5);
	assert_true(all > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			killed_anywhere_it_is_all_or_nothing, set_up, tear_down),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("an import that is killed", tests, NULL, NULL);
}
