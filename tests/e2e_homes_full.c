/* Disks that are full or cannot be written: every program says so, nothing is called saved that is not,
 * and all goes on by itself once there is room. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e_homes.h"

#define KIB 1024L
#define TRIES_MAX 200

/* Mounts that only this test and what it starts can see, and that go with it; false: not allowed here. */
static bool can_mount;

static bool own_mounts(void)
{
	return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static long size_of(const struct e2e_home *home, const char *name)
{
	char path[E2E_PATH_BYTES];
	struct stat info;

	home_file(path, home, name);
	return stat(path, &info) == 0 ? (long)info.st_size : 0;
}

/* ---- `do` ---- */

static void do_on_a_full_disk_saves_nothing(void **state)
{
	/* What is refused for want of room is not there later; what was saved before is. */
	struct e2e_home home;
	struct shelf shelf;
	int code = 4, tries = 0;

	(void)state;
	e2e_enrol(&home, "xinyi");
	shelf_open(&shelf);
	homes_limit(getpid(), size_of(&home, "outbox.db") + 8 * KIB);
	while (code == 4 && tries++ < TRIES_MAX)
		code = shelf_find(&shelf, &home);
	home_expect_said("Is the disk full?");
	assert_int_equal(code, 1);
	home_expect_doctor(&home, 0, "outbox");
	homes_limit(getpid(), 0);
	assert_int_equal(e2e_unsent(&home), shelf.saved);
	shelf_find_some(&shelf, &home, 1);
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
}

static void no_room_at_all_is_named_at_the_start(void **state)
{
	/* Where not even the files can be opened for writing every verb says why, and exits 1. */
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	e2e_enrol(&home, "xinyi");
	shelf_open(&shelf);
	homes_limit(getpid(), 4 * KIB);
	assert_int_equal(shelf_find(&shelf, &home), 1);
	home_expect_said("is the disk full?");
	home_sync(&home, 1);
	home_expect_said("is the disk full?");
	homes_limit(getpid(), 0);
	shelf_find_some(&shelf, &home, 1);
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
}

/* ---- the screen ---- */

static void make_sheet(const struct e2e_home *home, char number[64], char id[64])
{
	static struct e2e_output output;
	char word[100];
	cJSON *verdict, *result;

	setenv("COUNTERTOP_PIN", "1200", 1);
	e2e_countertop(&output, home, "do", "stocktake.create", "scope=full", "--staff", "chen",
		"--wait", NULL);
	verdict = cJSON_Parse(output.out);
	result = cJSON_GetObjectItem(verdict, "result");
	snprintf(id, 64, "%s", cJSON_GetStringValue(cJSON_GetObjectItem(result, "id")));
	snprintf(number, 64, "%s", cJSON_GetStringValue(cJSON_GetObjectItem(result, "number")));
	cJSON_Delete(verdict);
	snprintf(word, sizeof word, "stocktake=%s", id);
	e2e_countertop(
		&output, home, "do", "stocktake.start", word, "--staff", "chen", "--wait", NULL);
	assert_int_equal(output.code, 0);
}

static void read_code(char code[64])
{
	cJSON *product = e2e_get("/v1/products/TE0101");
	const cJSON *codes = cJSON_GetObjectItem(product, "barcodes");

	snprintf(code, 64, "%s", cJSON_GetStringValue(cJSON_GetArrayItem(codes, 0)));
	cJSON_Delete(product);
}

static int scans_shown(struct screen *screen)
{
	const char *at = strstr(screen_text(screen), "scans ");
	int scans = -1;

	assert_non_null(at);
	assert_int_equal(sscanf(at, "scans %d", &scans), 1);
	return scans;
}

struct scanning {
	struct screen *screen;
	char saved[64];
};

static bool scan_is_answered(void *ctx)
{
	const struct scanning *scanning = ctx;

	return screen_has(scanning->screen, scanning->saved) ||
		screen_has(scanning->screen, "Not saved");
}

/* Scans until one is refused; how many were saved. The sheet may follow later: the cache has no room too. */
static int scan_until_refused(struct screen *screen, const char *code)
{
	struct scanning scanning = {.screen = screen};

	for (int scans = 1; scans < TRIES_MAX; scans++) {
		screen_scan(screen, code);
		snprintf(scanning.saved, sizeof scanning.saved, "unsent %d ", scans);
		e2e_wait(scan_is_answered, &scanning, "the answer to a scan");
		if (screen_has(screen, "Not saved"))
			return scans - 1;
	}
	fail_msg("the disk never was full");
	return 0;
}

static double counted_at_hq(const char *id)
{
	cJSON *sheet = e2e_get("/v1/stocktakes/%s", id);
	const cJSON *line;
	double sum = 0;

	cJSON_ArrayForEach(line, cJSON_GetObjectItem(sheet, "lines"))
	{
		const cJSON *counted = cJSON_GetObjectItem(line, "counted");

		sum += cJSON_IsNumber(counted) ? counted->valuedouble : 0;
	}
	cJSON_Delete(sheet);
	return sum;
}

static void a_screen_on_a_full_disk_says_not_saved(void **state)
{
	/* A scan for which there is no room is refused in words and not counted, and the next one after there is room counts. */
	static const struct e2e_look wide = {.rows = 30, .cols = 120};
	struct e2e_home home;
	struct screen *screen;
	char number[64], id[64], code[64], text[64];
	int scans;

	(void)state;
	e2e_enrol(&home, "xinyi");
	make_sheet(&home, number, id);
	read_code(code);
	screen = e2e_console(&home, &wide);
	e2e_sign_in(screen, "chen");
	screen_scan(screen, number);
	screen_expect(screen, "scans 0");
	e2e_line_down(&home);
	homes_limit(screen_pid(screen), size_of(&home, "outbox.db-wal") + 16 * KIB);
	scans = scan_until_refused(screen, code);
	screen_expect(screen, "Is the disk full?");
	assert_true(scans > 0 && scans_shown(screen) <= scans);
	homes_limit(screen_pid(screen), 0);
	screen_scan(screen, code);
	snprintf(text, sizeof text, "scans %d", scans + 1);
	screen_expect(screen, text);
	e2e_line_up(&home);
	screen_expect_row(screen, -1, "unsent 0");
	e2e_close(screen);
	home_sync(&home, 0);
	assert_true(counted_at_hq(id) == scans + 1);
}

/* ---- the syncer and HQ ---- */

struct syncer_of {
	const struct e2e_home *home;
	pid_t pid;
};

static bool has_syncer(void *ctx)
{
	struct syncer_of *syncer = ctx;

	syncer->pid = e2e_lock_holder(syncer->home->path, "syncer.lock");
	return syncer->pid > 0;
}

static void a_syncer_on_a_full_disk_goes_on_later(void **state)
{
	/* While its machine takes nothing it says so to who asks; then it sends and fetches all, once. */
	struct e2e_home home;
	struct shelf shelf;
	struct syncer_of syncer = {.home = &home};
	struct screen *screen;

	(void)state;
	e2e_enrol(&home, "xinyi");
	shelf_open(&shelf);
	screen = e2e_console_of(&home, "chen");
	e2e_wait(has_syncer, &syncer, "the syncer");
	homes_limit(syncer.pid, 4 * KIB);
	shelf_find_some(&shelf, &home, 3);
	home_sync(&home, 1);
	home_expect_said("disk");
	homes_limit(syncer.pid, 0);
	home_sync(&home, 0);
	assert_int_equal(e2e_lock_holder(home.path, "syncer.lock"), syncer.pid);
	assert_int_equal(e2e_unsent(&home), 0);
	shelf_expect_all(&shelf);
	e2e_close(screen);
}

static void a_first_sync_on_a_full_disk_says_so(void **state)
{
	/* A copy of the shop for which there is no room fails in words, and is made when there is. */
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	e2e_enrol(&home, "xinyi");
	shelf_open(&shelf);
	home_remove_cache(&home);
	homes_limit(getpid(), 600 * KIB);
	home_sync(&home, 1);
	home_expect_said("disk");
	homes_limit(getpid(), 0);
	home_sync(&home, 0);
	shelf_find_some(&shelf, &home, 1);
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
}

static void hq_on_a_full_disk_stores_nothing_and_goes_on(void **state)
{
	/* HQ says that it cannot, the console keeps all, and the same HQ takes each once when there is room. */
	struct e2e_home home;
	struct shelf shelf;

	(void)state;
	e2e_enrol(&home, "xinyi");
	shelf_open(&shelf);
	homes_limit(e2e_hq_pid(), 8 * KIB);
	shelf_find_some(&shelf, &home, 3);
	home_sync(&home, 1);
	assert_int_not_equal(home_said()[0], '\0');
	print_message("# %s", home_said());
	assert_int_equal(e2e_unsent(&home), 3);
	homes_limit(e2e_hq_pid(), 0);
	home_sync(&home, 0);
	assert_int_equal(e2e_unsent(&home), 0);
	shelf_expect_all(&shelf);
}

/* ---- real disks ---- */

/* A disk of so many KiB in the folder of the world. */
static void mount_small(const char *name, long kib, char path[E2E_PATH_BYTES])
{
	char options[32];

	e2e_path(path, name);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(options, sizeof options, "size=%ldk", kib);
	assert_int_equal(mount("countertop", path, "tmpfs", 0, options), 0);
}

static void fill(const char *folder, char path[E2E_PATH_BYTES])
{
	static const char block[4096];

	snprintf(path, E2E_PATH_BYTES, "%.400s/fill", folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	while (write(fd, block, sizeof block) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static void a_disk_that_is_really_full(void **state)
{
	/* The same on a file system without room, where one can be made; doctor names it. */
	struct e2e_home made, home;
	struct shelf shelf;
	char disk[E2E_PATH_BYTES], filler[E2E_PATH_BYTES];

	(void)state;
	e2e_enrol(&made, "xinyi");
	shelf_open(&shelf);
	home = made;
	if (can_mount) {
		mount_small("disk", 8192, disk);
		home_copy(&made, &home, "disk/home");
		fill(disk, filler);
	} else {
		homes_limit(getpid(), 4 * KIB);
	}
	assert_int_equal(shelf_find(&shelf, &home), 1);
	home_expect_said("is the disk full?");
	home_sync(&home, 1);
	if (can_mount) {
		home_expect_doctor(&home, 1, "FAIL  disk");
		unlink(filler);
	}
	homes_limit(getpid(), 0);
	shelf_find_some(&shelf, &home, 2);
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
	if (can_mount)
		assert_int_equal(umount(disk), 0);
}

/* Makes the home unwritable; false if that binds nobody here. */
static bool forbid_writing(const struct e2e_home *home, const char *disk)
{
	if (can_mount)
		return mount(NULL, disk, NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0;
	return chmod(home->path, 0500) == 0 && geteuid() != 0;
}

static void a_home_that_cannot_be_written_saves_nothing(void **state)
{
	/* Each verb says that nothing can be saved here and why, and all waits untouched. */
	struct e2e_home made, home;
	struct shelf shelf;
	char disk[E2E_PATH_BYTES] = "";

	(void)state;
	e2e_enrol(&made, "xinyi");
	shelf_open(&shelf);
	home = made;
	if (can_mount) {
		mount_small("disk", 8192, disk);
		home_copy(&made, &home, "disk/home");
	}
	shelf_find_some(&shelf, &home, 2);
	if (forbid_writing(&home, disk)) {
		assert_int_equal(shelf_find(&shelf, &home), 1);
		home_expect_said("Nothing can be saved here");
		home_sync(&home, 1);
		home_expect_doctor(&home, 1, "nothing can be saved here");
	}
	if (can_mount)
		assert_int_equal(mount(NULL, disk, NULL, MS_REMOUNT, NULL), 0);
	else
		assert_int_equal(chmod(home.path, 0700), 0);
	home_sync(&home, 0);
	shelf_expect_all(&shelf);
	if (can_mount)
		assert_int_equal(umount(disk), 0);
}

static void survive(int number)
{
	(void)number;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(do_on_a_full_disk_saves_nothing),
		e2e_test(no_room_at_all_is_named_at_the_start),
		e2e_test(a_screen_on_a_full_disk_says_not_saved),
		e2e_test(a_syncer_on_a_full_disk_goes_on_later),
		e2e_test(a_first_sync_on_a_full_disk_says_so),
		e2e_test(hq_on_a_full_disk_stores_nothing_and_goes_on),
		e2e_test(a_disk_that_is_really_full),
		e2e_test(a_home_that_cannot_be_written_saves_nothing),
	};

	/* A handler, unlike SIG_IGN, is not handed on: the programs must mind themselves. */
	signal(SIGXFSZ, survive);
	can_mount = own_mounts();
	print_message("# %s\n", can_mount ? "with disks of its own" : "without mounts");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
