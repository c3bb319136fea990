/* Damaged files of a home: the cache comes back by itself, the outbox is refused and kept, and nothing
 * that was called saved is lost or sent twice. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/db.h"
#include "tests/e2e_homes.h"

#define PAGE 4096
#define WAITING 5
#define MORE 35

/* A home in which a few commands wait. */
static void open_home(struct shelf *shelf, struct e2e_home *home)
{
	e2e_enrol(home, "xinyi");
	shelf_open(shelf);
	shelf_find_some(shelf, home, WAITING);
	assert_int_equal(e2e_unsent(home), WAITING);
}

/* ---- the outbox ---- */

static void make_folder(const struct e2e_home *home, const char *name)
{
	char path[E2E_PATH_BYTES];

	home_remove(home, name);
	home_file(path, home, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void empty_outbox(const struct e2e_home *home)
{
	home_truncate(home, "outbox.db", 0);
}

static void cut_outbox(const struct e2e_home *home)
{
	home_truncate(home, "outbox.db", 3 * PAGE + 100);
}

static void spoil_head(const struct e2e_home *home)
{
	home_spoil(home, "outbox.db", 0, PAGE);
}

static void make_text(const struct e2e_home *home)
{
	home_truncate(home, "outbox.db", 0);
	home_spoil(home, "outbox.db", 0, 50);
}

static void make_newer(const struct e2e_home *home)
{
	const struct db_options options = {.durability = DB_DURABLE, .must_exist = true};
	char path[E2E_PATH_BYTES], error[200];
	struct db *db;

	home_file(path, home, "outbox.db");
	db = db_open(path, &options, error, sizeof error);
	assert_non_null(db);
	assert_true(db_set_version(db, 77));
	db_close(db);
}

static const struct {
	const char *what;
	void (*damage)(const struct e2e_home *home);
	const char *said;
} outbox_damages[] = {
	{"empty", empty_outbox, "outbox.db is damaged. Do not delete it"},
	{"cut", cut_outbox, "outbox.db is damaged. Do not delete it"},
	{"without its first page", spoil_head, "outbox.db is damaged. Do not delete it"},
	{"no database", make_text, "outbox.db is damaged. Do not delete it"},
	{"of a newer program", make_newer, "use the program that wrote it"},
};

/* A console that must not start, and says why on the terminal. */
static void expect_no_screen(const struct e2e_home *home, const char *said)
{
	char program[E2E_PATH_BYTES];
	const char *argv[] = {program, "--home", home->path, NULL};
	struct screen *screen;

	e2e_program(program, "countertop");
	screen = screen_start(&(struct screen_options){.rows = 24, .cols = 200, .argv = argv});
	screen_expect(screen, said);
	assert_int_equal(screen_wait_exit(screen), 1);
	screen_end(screen);
}

static void a_damaged_outbox_is_refused_and_kept(void **state)
{
	/* Every verb says what is damaged and what to do, exits 1, and leaves the file as it is. */
	struct e2e_home home, copy;
	struct shelf shelf;

	(void)state;
	open_home(&shelf, &home);
	for (size_t i = 0; i < sizeof outbox_damages / sizeof *outbox_damages; i++) {
		char name[32];
		uint64_t print;

		snprintf(name, sizeof name, "damaged%zu", i);
		home_copy(&home, &copy, name);
		outbox_damages[i].damage(&copy);
		print = home_print(&copy, "outbox.db");
		print_message("# an outbox that is %s\n", outbox_damages[i].what);
		assert_int_equal(shelf_find(&shelf, &copy), 1);
		home_expect_said(outbox_damages[i].said);
		home_sync(&copy, 1);
		home_expect_said(outbox_damages[i].said);
		expect_no_screen(&copy, outbox_damages[i].said);
		home_expect_doctor(&copy, 1, "FAIL  outbox");
		assert_true(home_print(&copy, "outbox.db") == print);
	}
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
}

/* What `rescue` says it took out of a damaged outbox: all its commands. */
static int rescue(const struct e2e_home *home)
{
	static struct e2e_output output;
	int rows = 0, found = 0;

	e2e_countertop(&output, home, "rescue", NULL);
	if (output.code != 0)
		fail_msg("rescue: %d %s", output.code, output.err);
	print_message("# %s", output.out);
	assert_int_equal(
		sscanf(output.out, "%d commands were saved as they were, and %d", &rows, &found),
		2);
	return rows + found;
}

static void enrol_again(const struct e2e_home *home)
{
	static struct e2e_output output;
	char code[100], database[E2E_PATH_BYTES + 32];

	snprintf(database, sizeof database, "sqlite:%s/hq.db", e2e_folder());
	e2e_run(&output, "countertop-hq", "enrol-code", "--db", database, "--store", "xinyi", NULL);
	snprintf(code, sizeof code, "%.*s", (int)strcspn(output.out, "\n"), output.out);
	e2e_countertop(&output, home, "enrol", e2e_hq_url(), code, NULL);
	assert_int_equal(output.code, 0);
}

static void spoil_middle(const struct e2e_home *home)
{
	home_spoil(home, "outbox.db", 6 * PAGE, PAGE);
}

static void what_can_be_read_is_rescued(void **state)
{
	/* Commands whose pages are whole leave a damaged outbox, each counts once, and the damaged file is kept. */
	static const struct {
		void (*damage)(const struct e2e_home *home);
		int least; /* commands that stand on whole pages */
	} cases[] = {{spoil_head, 2 * WAITING + MORE}, {spoil_middle, 1}};
	struct e2e_home home, copy;
	struct shelf shelf;

	(void)state;
	open_home(&shelf, &home);
	home_sync(&home, 0);
	shelf_find_some(&shelf, &home, WAITING + MORE);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char name[32];
		int saved;

		snprintf(name, sizeof name, "rescued%zu", i);
		home_copy(&home, &copy, name);
		cases[i].damage(&copy);
		saved = rescue(&copy);
		assert_in_range(saved, cases[i].least, 2 * WAITING + MORE);
		assert_true(home_print(&copy, "outbox.damaged.1") != 0);
		assert_in_range(e2e_unsent(&copy), saved - WAITING, saved);
		enrol_again(&copy);
		shelf_find_some(&shelf, &copy, 1);
		home_sync(&copy, 0);
		assert_int_equal(e2e_unsent(&copy), 0);
		home_expect_doctor(&copy, 0, "outbox");
	}
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
}

static void a_sound_outbox_is_not_touched_by_rescue(void **state)
{
	/* Rescue says that there is nothing to do, and while somebody works there it waits for them. */
	static struct e2e_output output;
	struct e2e_home home;
	struct shelf shelf;
	struct screen *screen;
	uint64_t print;

	(void)state;
	open_home(&shelf, &home);
	print = home_print(&home, "outbox.db");
	e2e_countertop(&output, &home, "rescue", NULL);
	assert_int_equal(output.code, 1);
	assert_non_null(strstr(output.err, "not damaged"));
	assert_true(home_print(&home, "outbox.db") == print);
	screen = e2e_console_of(&home, "chen");
	e2e_countertop(&output, &home, "rescue", NULL);
	assert_int_equal(output.code, 1);
	assert_non_null(strstr(output.err, "another process has this home open"));
	e2e_close(screen);
}

static void a_page_of_the_outbox_that_turns_bad_is_named(void **state)
{
	/* Damage found only while it is used: what is not on the disk is not called saved, and sync names the file. */
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	open_home(&shelf, &home);
	home_spoil(&home, "outbox.db", PAGE, PAGE);
	assert_int_equal(shelf_find(&shelf, &home), 1);
	home_expect_said("countertop doctor");
	home_sync(&home, 1);
	home_expect_said("outbox.db is damaged");
	home_expect_doctor(&home, 1, "FAIL  outbox");
}

static void a_log_of_noise_is_no_log(void **state)
{
	/* A log beside either file that no one wrote there counts for nothing. */
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	open_home(&shelf, &home);
	home_sync(&home, 0);
	home_spoil(&home, "outbox.db-wal", 0, 7 * PAGE);
	home_spoil(&home, "cache.db-wal", 0, 7 * PAGE);
	shelf_find_some(&shelf, &home, 2);
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
}

/* ---- the cache ---- */

static void spoil_cache_head(const struct e2e_home *home)
{
	home_spoil(home, "cache.db", 0, PAGE);
}

static void spoil_cache_pages(const struct e2e_home *home)
{
	for (long page = 3; page < 300; page += 7)
		home_spoil(home, "cache.db", page * PAGE, PAGE);
}

static void cut_cache(const struct e2e_home *home)
{
	home_truncate(home, "cache.db", 20 * PAGE + 1);
}

static void empty_cache(const struct e2e_home *home)
{
	home_truncate(home, "cache.db", 0);
}

static void make_cache_text(const struct e2e_home *home)
{
	home_truncate(home, "cache.db", 0);
	home_spoil(home, "cache.db", 0, 100);
}

static void half_a_copy(const struct e2e_home *home)
{
	home_remove_cache(home);
	home_spoil(home, "cache.new", 0, 10 * PAGE);
}

static const struct {
	const char *what;
	void (*damage)(const struct e2e_home *home);
} cache_damages[] = {
	{"without its first page", spoil_cache_head},
	{"with bad pages", spoil_cache_pages},
	{"cut", cut_cache},
	{"empty", empty_cache},
	{"no database", make_cache_text},
	{"away, with rubbish for a new one", half_a_copy},
};

static void a_damaged_cache_comes_back(void **state)
{
	/* Whatever is wrong with it: after a sync it is HQ's again, and what waited was sent once. */
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	open_home(&shelf, &home);
	for (size_t i = 0; i < sizeof cache_damages / sizeof *cache_damages; i++) {
		print_message("# a cache that is %s\n", cache_damages[i].what);
		cache_damages[i].damage(&home);
		home_sync(&home, 0);
		assert_int_equal(e2e_unsent(&home), 0);
		home_expect_doctor(&home, 0, "cache");
		shelf_find_some(&shelf, &home, 1);
	}
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
}

static void a_cache_that_is_a_folder_is_named(void **state)
{
	/* What cannot be removed by the program is named, and the outbox is left in peace. */
	struct e2e_home home;
	struct shelf shelf;
	char path[E2E_PATH_BYTES];

	(void)state;
	open_home(&shelf, &home);
	home_remove_cache(&home);
	make_folder(&home, "cache.db");
	assert_int_equal(shelf_find(&shelf, &home), 1);
	home_expect_said("cache.db");
	home_sync(&home, 1);
	home_expect_said("cache.db");
	home_file(path, &home, "cache.db");
	assert_int_equal(rmdir(path), 0);
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
}

static void a_lock_that_cannot_be_had_is_named(void **state)
{
	/* Nobody holds it and nobody can: sync says so at once. */
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	open_home(&shelf, &home);
	make_folder(&home, "syncer.lock");
	home_sync(&home, 1);
	home_expect_said("cannot be locked");
	assert_int_equal(e2e_unsent(&home), WAITING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_damaged_outbox_is_refused_and_kept),
		e2e_test(a_page_of_the_outbox_that_turns_bad_is_named),
		e2e_test(what_can_be_read_is_rescued),
		e2e_test(a_sound_outbox_is_not_touched_by_rescue),
		e2e_test(a_log_of_noise_is_no_log),
		e2e_test(a_damaged_cache_comes_back),
		e2e_test(a_cache_that_is_a_folder_is_named),
		e2e_test(a_lock_that_cannot_be_had_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
