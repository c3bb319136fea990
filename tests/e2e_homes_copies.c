/* Copies: outboxes put back, homes cloned, HQs restored or exchanged. Each command still counts once, and
 * new ones get through. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e_homes.h"

#define PART_CHARS 80
#define PARTS 3

static struct e2e_output output;

/* ---- outboxes ---- */

/* Puts back what was copied: an outbox without the log of what came after. */
static void put_outbox_back(const struct e2e_home *from, const struct e2e_home *to)
{
	assert_true(home_copy_file(from, to, "outbox.db"));
	home_copy_file(from, to, "outbox.db-wal");
	home_remove(to, "outbox.db-shm");
}

static void an_old_outbox_put_back_is_offered_again(void **state)
{
	/* What HQ has already counts once, and the terminal goes on from there. */
	struct e2e_home home, old;
	struct shelf shelf;

	(void)state;
	e2e_enrol(&home, "xinyi");
	shelf_open(&shelf);
	shelf_find_some(&shelf, &home, 3);
	home_copy(&home, &old, "old");
	home_sync(&home, 0);
	shelf_find_some(&shelf, &home, 2);
	home_sync(&home, 0);
	put_outbox_back(&old, &home);
	assert_int_equal(e2e_unsent(&home), 3);
	shelf_find_some(&shelf, &home, 2);
	home_sync(&home, 0);
	assert_int_equal(e2e_unsent(&home), 0);
	shelf_expect_all(&shelf);
	home_expect_doctor(&home, 0, "outbox");
}

static void two_homes_of_one_copy_end_in_peace(void **state)
{
	/* Both send what they share and what is their own: each counts once, and both show it. */
	struct e2e_home homes[2];
	struct shelf shelf;

	(void)state;
	e2e_enrol(&homes[0], "xinyi");
	shelf_open(&shelf);
	shelf_find_some(&shelf, &homes[0], 3);
	home_copy(&homes[0], &homes[1], "clone");
	for (int i = 0; i < 4; i++) {
		shelf_find_some(&shelf, &homes[i % 2], 2);
		home_sync(&homes[i % 2], 0);
	}
	shelf_expect_all(&shelf);
	for (int i = 0; i < 2; i++) {
		cJSON *rows, *row;

		home_sync(&homes[i], 0);
		assert_int_equal(e2e_unsent(&homes[i]), 0);
		rows = e2e_show(&homes[i], "stock", "sku=TE0101");
		row = cJSON_GetArrayItem(rows, 0);
		assert_true(cJSON_GetObjectItem(row, "on_hand")->valuedouble ==
			shelf.before + shelf.saved);
		cJSON_Delete(rows);
	}
}

static void an_outbox_in_the_home_of_another_store(void **state)
{
	/* The home becomes the one the outbox came from: its store, its commands, each once. */
	struct e2e_home xinyi, ximen;
	struct shelf shelf;

	(void)state;
	e2e_enrol(&xinyi, "xinyi");
	e2e_enrol(&ximen, "ximen");
	shelf_open(&shelf);
	shelf_find_some(&shelf, &xinyi, 2);
	put_outbox_back(&xinyi, &ximen);
	home_sync(&ximen, 0);
	shelf_find_some(&shelf, &ximen, 1);
	home_sync(&ximen, 0);
	home_sync(&xinyi, 0);
	assert_int_equal(e2e_unsent(&xinyi) + e2e_unsent(&ximen), 0);
	shelf_expect_all(&shelf);
}

/* ---- HQs ---- */

static void move_file(const char *from, const char *to)
{
	char source[E2E_PATH_BYTES], target[E2E_PATH_BYTES];

	e2e_path(source, from);
	e2e_path(target, to);
	assert_int_equal(rename(source, target), 0);
}

static void hq_command(const char *verb, const char *database, const char *word)
{
	char url[E2E_PATH_BYTES + 16], path[E2E_PATH_BYTES];

	e2e_path(path, database);
	snprintf(url, sizeof url, "sqlite:%s", path);
	e2e_path(path, word ? word : "");
	e2e_run(&output, "countertop-hq", verb, "--db", url, word ? path : NULL, NULL);
	if (output.code != 0)
		fail_msg("countertop-hq %s: %s", verb, output.err);
}

/* Serves another database in the place of the one there is, which becomes `aside`. */
static void exchange_hq(const char *other, const char *aside)
{
	static const char *const logs[] = {"hq.db-wal", "hq.db-shm"};

	e2e_hq_stop();
	move_file("hq.db", aside);
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		char path[E2E_PATH_BYTES];

		e2e_path(path, logs[i]);
		if (unlink(path) != 0)
			assert_int_equal(errno, ENOENT);
	}
	move_file(other, "hq.db");
	e2e_hq_start();
}

static void an_hq_from_a_backup_is_made_whole(void **state)
{
	/* What HQ took after the backup is offered again by itself, once, and new commands follow. */
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	e2e_enrol(&home, "xinyi");
	shelf_open(&shelf);
	shelf_find_some(&shelf, &home, 2);
	home_sync(&home, 0);
	hq_command("backup", "hq.db", "backup.db");
	shelf_find_some(&shelf, &home, 3);
	home_sync(&home, 0);
	exchange_hq("backup.db", "newer.db");
	shelf_find_some(&shelf, &home, 1);
	home_sync(&home, 0);
	assert_int_equal(e2e_unsent(&home), 0);
	shelf_expect_all(&shelf);
}

static void a_strange_hq_gets_nothing(void **state)
{
	/* Another HQ at the same address is told apart, everything waits, and the right one gets it once. */
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	e2e_enrol(&home, "xinyi");
	shelf_open(&shelf);
	shelf_find_some(&shelf, &home, 1);
	home_sync(&home, 0);
	hq_command("demo", "strange.db", NULL);
	exchange_hq("strange.db", "right.db");
	shelf_find_some(&shelf, &home, 2);
	home_sync(&home, 1);
	assert_int_not_equal(home_said()[0], '\0');
	print_message("# %s", home_said());
	assert_int_equal(e2e_unsent(&home), 2);
	home_expect_doctor(&home, 1, "FAIL  token");
	exchange_hq("right.db", "strange.db");
	home_sync(&home, 0);
	assert_int_equal(e2e_unsent(&home), 0);
	shelf_expect_all(&shelf);
}

/* ---- paths ---- */

/* Moves a home to a folder of this name below the world's. */
static void move_home(struct e2e_home *home, const char *name)
{
	struct e2e_home from = *home;
	char path[E2E_PATH_BYTES];

	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(path, sizeof path, "%.100s/%.*s", e2e_folder(), (int)(slash - name), name);
		if (mkdir(path, 0700) != 0)
			assert_int_equal(errno, EEXIST);
	}
	home_copy(&from, home, name);
}

static void a_home_may_be_called_anything(void **state)
{
	/* Spaces, quotes, Chinese, signs of URIs and a path too long for a socket: screen and syncer work there. */
	static char deep[PARTS * (PART_CHARS + 1) + 1];
	const char *const names[] = {
		"with a space/and 'quotes' \"\"", "信義店/一樓 收銀台", "100% ?mode=ro#x&y", deep};
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	memset(deep, 'x', sizeof deep - 1);
	for (int i = 1; i < PARTS; i++)
		deep[i * (PART_CHARS + 1)] = '/';
	e2e_enrol(&home, "xinyi");
	shelf_open(&shelf);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct screen *screen;

		print_message("# %s\n", names[i]);
		move_home(&home, names[i]);
		screen = e2e_console_of(&home, "chen");
		shelf_find_some(&shelf, &home, 1);
		screen_expect_row(screen, -1, "unsent 0");
		home_expect_doctor(&home, 0, "syncer");
		e2e_close(screen);
		home_end_syncer(&home);
		shelf_expect_all(&shelf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(an_old_outbox_put_back_is_offered_again),
		e2e_test(two_homes_of_one_copy_end_in_peace),
		e2e_test(an_outbox_in_the_home_of_another_store),
		e2e_test(an_hq_from_a_backup_is_made_whole),
		e2e_test(a_strange_hq_gets_nothing),
		e2e_test(a_home_may_be_called_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
