/* The local side in trouble: full and failing disks, damaged files, failed queries (design.md §1, rules 1,
 * 3 and 11 of §4). */
#include "model/console_rescue.h"
#include "model/json.h"
#include "tests/console_place.h"
#include "tests/fault_vfs.h"
#include "tests/folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmocka.h>

static void a_failed_query_of_a_pane_stops_no_scan(void **state)
{
	/* After a query that failed, on either database, the next scan is saved and shown all the same. */
	struct place *place = *state;
	assert_false(db_run(place->console.outbox, "SELECT nothing FROM nowhere", ""));
	place_scan(place, true);
	assert_false(db_run(place->console.cache, "SELECT nothing FROM nowhere", ""));
	place_scan(place, true);
	assert_int_equal(place_shown(place, COUNTED), 2000);
	assert_false(db_run(place->console.outbox, "SELECT nothing FROM nowhere", ""));
	assert_int_equal(place_unsent(place), 4);
}

static void a_rehearsal_while_the_cache_is_busy_blinds_no_pane(void **state)
{
	/* Lists still read after a rehearsal that found the cache locked. */
	struct place *place = *state;
	struct place other = *place;
	struct console_verdict verdict;
	memset(&other.console, 0, sizeof other.console);
	place_open_again(&other);
	assert_true(db_begin(other.console.cache));
	console_rehearse(&place->console, "stocktake.create", "xinyi", "chen",
		cJSON_Parse("{\"scope\":\"full\"}"), place->now_ms, &verdict);
	console_verdict_free(&verdict);
	assert_int_equal(place_shown(place, "SELECT count(*) FROM stocktake"), 1);
	db_rollback(other.console.cache);
	console_close(&other.console);
}

static void a_look_that_stops_keeps_nothing_open(void **state)
{
	/* However many statements are kept prepared, one that would write while looking leaves nothing behind:
	 * closing takes the log away, as it does where nobody has the file open any more. */
	struct place *place = *state;
	char path[300], sql[60], error[200];
	snprintf(path, sizeof path, "%s/looked.db", place->home);
	struct db *db = db_open(
		path, &(struct db_options){.durability = DB_RELAXED}, error, sizeof error);
	assert_non_null(db);
	assert_true(db_run(db, "CREATE TABLE t (n INTEGER)", ""));
	for (int i = 0; i < 300; i++) {
		snprintf(sql, sizeof sql, "SELECT n FROM t WHERE n = %d", i);
		assert_false(db_has(db, sql, ""));
	}
	db_look(db, true);
	assert_false(db_run(db, "INSERT INTO t (n) VALUES (1)", ""));
	assert_int_equal(db_failed(db), DB_READONLY);
	db_look(db, false);
	db_close(db);
	snprintf(path, sizeof path, "%s/looked.db-wal", place->home);
	assert_int_not_equal(access(path, F_OK), 0);
}

/* Another seat, that takes the cache's lock whenever this one's outbox waits for the disk. */
static struct {
	struct db *cache;
	int taken, missed;
} seat;

static int take_the_cache(const char *path, enum fault_op op)
{
	if (op != FAULT_SYNC || !strstr(path, "outbox.db") || !seat.cache)
		return SQLITE_OK;
	if (db_begin(seat.cache))
		seat.taken++;
	else
		seat.missed++;
	db_rollback(seat.cache);
	return SQLITE_OK;
}

static void nobody_holds_the_cache_while_the_outbox_waits_for_the_disk(void **state)
{
	/* Another seat gets the cache's lock at every moment at which a scan or a request waits for the disk. */
	struct place *place = *state;
	struct place other = *place;
	memset(&other.console, 0, sizeof other.console);
	place_open_again(&other);
	db_wait(other.console.cache, 0);
	seat.cache = other.console.cache;
	fault_hook = take_the_cache;
	place_scan(place, true);
	place_start_sheet(place);
	fault_hook = NULL;
	assert_int_equal(seat.taken, 3);
	assert_int_equal(seat.missed, 0);
	console_close(&other.console);
}

static void a_full_disk_saves_nothing_and_says_so(void **state)
{
	/* While outbox.db cannot grow no scan is called saved; when it can again, counting goes on. */
	struct place *place = *state;
	static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		place_disk_is("outbox.db", codes[i], 0);
		place_scan(place, false);
		place_disk_is(NULL, 0, 0);
		assert_int_equal(place_unsent(place), 2 + (int)i);
		assert_int_equal(
			place_shown(place, "SELECT count(*) FROM count_entry"), (int64_t)i);
		place_scan(place, true);
	}
	assert_int_equal(place_shown(place, COUNTED), 3000);
}

static void a_full_disk_under_the_cache_shows_late_but_once(void **state)
{
	/* Wherever cache.db stops growing, scans are saved, and shown exactly once when it grows again. */
	struct place *place = *state;
	static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE};
	int scans = 0;
	for (int after = 0; after < 24; after++) {
		place_disk_is("cache.db", codes[after % 2], after);
		for (int i = 0; i < 3; i++, scans++)
			place_scan(place, true);
		console_catch_up(&place->console, place->now_ms);
		place_disk_is(NULL, 0, 0);
		assert_true(console_catch_up(&place->console, place->now_ms));
		assert_int_equal(place_shown(place, COUNTED), scans * 1000);
	}
	assert_int_equal(place_shown(place, "SELECT count(*) FROM amber"), 0);
	assert_int_equal(place_unsent(place), scans + 2);
}

static void a_long_catch_up_on_a_full_disk_is_all_or_nothing(void **state)
{
	/* A catch-up that outgrows memory and meets a full disk in its middle leaves nothing behind. */
	struct place *place = *state;
	assert_true(db_run(place->console.cache, "PRAGMA cache_size = 10", ""));
	struct place other = *place;
	memset(&other.console, 0, sizeof other.console);
	place_open_again(&other);
	assert_true(db_begin(other.console.cache));
	for (int i = 0; i < 40; i++)
		place_scan(place, true);
	db_rollback(other.console.cache);
	console_close(&other.console);
	for (int after = 0; after < 60; after += 3) {
		place_disk_is("cache.db", SQLITE_FULL, after);
		bool caught_up = console_catch_up(&place->console, place->now_ms);
		place_disk_is(NULL, 0, 0);
		int64_t seen = place_shown(place, "SELECT count(*) FROM count_entry");
		assert_int_equal(seen, caught_up ? 40 : 0);
		if (caught_up)
			break;
	}
	assert_true(console_catch_up(&place->console, place->now_ms));
	assert_int_equal(place_shown(place, COUNTED), 40000);
}

static void a_transaction_the_disk_ended_stays_ended(void **state)
{
	/* After SQLite rolled a transaction back by itself nothing of its rest is written on its own. */
	struct place *place = *state;
	struct db *db = place->console.outbox;
	static const char insert[] = "INSERT INTO dismissed (id) VALUES (hex(randomblob(1500)))";
	assert_true(db_run(db, "PRAGMA cache_size = 2", ""));
	assert_true(db_begin(db));
	place_disk_is("outbox.db", SQLITE_IOERR_WRITE, 20);
	int written = 0;
	while (db_run(db, insert, ""))
		assert_true(++written < 10000);
	place_disk_is(NULL, 0, 0);
	assert_true(db_is_down(db));
	db_forget_failure(db);
	assert_false(db_run(db, insert, ""));
	assert_false(db_mark(db));
	db_undo(db);
	assert_false(db_run(db, insert, ""));
	assert_false(db_commit(db));
	db_rollback(db);
	assert_int_equal(db_get_int(db, -1, "SELECT count(*) FROM dismissed", ""), 0);
	assert_true(db_run(db, insert, ""));
}

static void a_full_disk_at_the_first_start_is_named(void **state)
{
	/* A home that cannot be made says that the disk is full, and not that the version is wrong. */
	struct place *place = *state;
	struct console console = {.random = place_random};
	char home[256], error[300] = "";
	(void)place;
	folder_make(home, sizeof home);
	place_disk_is("outbox.db", SQLITE_FULL, 2);
	assert_false(console_open(&console, home, fault_vfs(), error, sizeof error));
	assert_null(strstr(error, "version"));
	assert_non_null(strstr(error, "full"));
	place_disk_is(NULL, 0, 0);
	folder_remove(home);
}

/* Spoils every page of the cache but the first few, behind SQLite's back. */
static void spoil_pages(struct place *place)
{
	char path[300];
	assert_true(db_checkpoint(place->console.cache));
	snprintf(path, sizeof path, "%s/cache.db", place->home);
	FILE *file = fopen(path, "r+");
	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	fseek(file, 40960, SEEK_SET);
	for (long i = 40960; i < size; i++)
		fputc('x', file);
	fclose(file);
}

static void a_page_damaged_deep_inside_makes_a_new_cache(void **state)
{
	/* A cache that opens and then turns out damaged is thrown away and comes back from HQ. */
	struct place *place = *state;
	place_scan(place, true);
	spoil_pages(place);
	console_close(&place->console);
	char error[300] = "";
	place->console.random = place_random;
	if (!console_open(&place->console, place->home, fault_vfs(), error, sizeof error))
		fail_msg("%s", error);
	for (int i = 0; i < 3; i++) {
		console_catch_up(&place->console, place->now_ms);
		place_scan(place, true);
		place_shown(place, "SELECT count(*) FROM stock WHERE sku > ''");
		console_changed(&place->console);
	}
	place_stage_base(place);
	assert_false(place_land(place, FOLLOWED));
	assert_int_equal(place_shown(place, COUNTED), 4000);
}

/* Overwrites the page on which the ids are indexed, and gives the last row a number as a flipped bit would. */
static void garble_outbox(const char *home)
{
	char path[320];
	struct db_options options = {.durability = DB_DURABLE, .must_exist = true};
	snprintf(path, sizeof path, "%s/outbox.db", home);
	struct db *db = db_open(path, &options, path, sizeof path);
	assert_non_null(db);
	assert_true(db_run(db,
		"UPDATE command SET n = 4611686018427387904 WHERE n = (SELECT max(n) FROM command)",
		""));
	int64_t page = db_get_int(db, 0,
		"SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_command_1'", "");
	db_close(db);
	snprintf(path, sizeof path, "%s/outbox.db", home);
	FILE *file = fopen(path, "r+");
	assert_non_null(file);
	fseek(file, (long)(page - 1) * 4096, SEEK_SET);
	for (int i = 0; i < 4096; i++)
		fputc('x', file);
	fclose(file);
}

static void a_garbled_number_holds_up_no_rescue(void **state)
{
	/* Rows are found by those before them and not by counting up to the last number, which may be any. */
	struct place *place = *state;
	struct console_rescued rescued;
	char home[300], error[300] = "";
	snprintf(home, sizeof home, "%s", place->home);
	place_scan(place, true);
	place_scan(place, true);
	int unsent = place_unsent(place);
	console_close(&place->console);
	garble_outbox(home);
	if (!console_rescue(home, &rescued, error, sizeof error))
		fail_msg("%s", error);
	assert_int_equal(rescued.rows, unsent);
	place_open_again(place);
	assert_int_equal(place_unsent(place), unsent);
}

/* Whether another could move a file to the cache's place while this one is being closed. */
static struct {
	const char *home;
	int held, free;
} mover;

static int try_to_move(const char *path, enum fault_op op)
{
	if (op != FAULT_SYNC || !strstr(path, "cache.db"))
		return SQLITE_OK;
	int fd = open(mover.home, O_RDONLY | O_DIRECTORY);
	bool locked = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
	mover.free += locked;
	mover.held += !locked;
	close(fd);
	return SQLITE_OK;
}

static void no_file_takes_the_caches_place_while_its_log_is_removed(void **state)
{
	/* Who closes the cache last removes its log, and must not remove that of a new one. */
	struct place *place = *state;
	place_scan(place, true);
	mover.home = place->home;
	fault_hook = try_to_move;
	console_close(&place->console);
	fault_hook = NULL;
	assert_true(mover.held > 0);
	assert_int_equal(mover.free, 0);
	place_open_again(place);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_failed_query_of_a_pane_stops_no_scan),
		TEST(a_look_that_stops_keeps_nothing_open),
		TEST(a_rehearsal_while_the_cache_is_busy_blinds_no_pane),
		TEST(nobody_holds_the_cache_while_the_outbox_waits_for_the_disk),
		TEST(a_full_disk_saves_nothing_and_says_so),
		TEST(a_full_disk_under_the_cache_shows_late_but_once),
		TEST(a_long_catch_up_on_a_full_disk_is_all_or_nothing),
		TEST(a_transaction_the_disk_ended_stays_ended),
		TEST(a_full_disk_at_the_first_start_is_named),
		TEST(no_file_takes_the_caches_place_while_its_log_is_removed),
		TEST(a_garbled_number_holds_up_no_rescue),
		TEST(a_page_damaged_deep_inside_makes_a_new_cache),
	};
	return cmocka_run_group_tests_name("console in trouble", tests, NULL, NULL);
}
