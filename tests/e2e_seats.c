/* Many seats on one home: all count on one sheet, one syncer serves them, and whatever is killed, every
 * scan is at HQ once and every screen says the same. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e_parts.h"
#include "tests/sanitized.h"

/* The sanitizers make a console five times as big and as slow. */
#define SEATS (SANITIZED ? 6 : 20)

#define ROUNDS 10
#define KILLED 3 /* seats of each killing */
#define PRODUCTS 20
#define CODE_BYTES 32

struct seats {
	struct e2e_home home;
	struct screen *screens[SEATS];
	int count;
	char sheet[64];
	char codes[PRODUCTS][CODE_BYTES];
	int scanned;  /* codes that scanners sent */
	int unheard;  /* of these, sent to seats that were killed before they saved it */
	int expected; /* for waits */
};

/* ---- the syncer of the home ---- */

static int syncers(const struct e2e_home *home)
{
	return e2e_signal_all(home->path, "--service", 0);
}

static bool has_one_syncer(void *ctx)
{
	return syncers(ctx) == 1 &&
		e2e_lock_holder(((struct e2e_home *)ctx)->path, "syncer.lock") > 0;
}

/* The process that holds the home's lock, once it is the only syncer. */
static int syncer_of(struct e2e_home *home)
{
	e2e_wait(has_one_syncer, home, "one syncer");
	return e2e_lock_holder(home->path, "syncer.lock");
}

struct succession {
	struct e2e_home *home;
	int old;
};

static bool has_successor(void *ctx)
{
	const struct succession *succession = ctx;
	int now = e2e_lock_holder(succession->home->path, "syncer.lock");

	return now > 0 && now != succession->old;
}

/* Whoever takes over from a syncer that was killed. */
static int successor_of(struct e2e_home *home, int old)
{
	struct succession succession = {home, old};

	e2e_wait(has_successor, &succession, "another syncer");
	return syncer_of(home);
}

static bool has_no_syncer(void *ctx)
{
	return syncers(ctx) == 0;
}

static bool nothing_waits(void *ctx)
{
	return e2e_unsent(ctx) == 0;
}

/* ---- seats ---- */

static void read_products(struct seats *seats)
{
	cJSON *list = e2e_get("/v1/products?number=BI0&limit=%d", PRODUCTS);

	assert_int_equal(cJSON_GetArraySize(list), PRODUCTS);
	for (int i = 0; i < PRODUCTS; i++) {
		const cJSON *product = cJSON_GetArrayItem(list, i);
		const cJSON *codes = cJSON_GetObjectItemCaseSensitive(product, "barcodes");

		snprintf(seats->codes[i], CODE_BYTES, "%s",
			cJSON_GetArrayItem(codes, 0)->valuestring);
	}
	cJSON_Delete(list);
}

/* A new sheet of the whole store, open for counting, made at HQ; the home has it. */
static void start_sheet(struct seats *seats)
{
	struct e2e_output output;
	char data[128];

	snprintf(seats->sheet, sizeof seats->sheet, "%s",
		e2e_command("xinyi", "stocktake.create", "{\"scope\":\"full\"}"));
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", seats->sheet);
	e2e_command("xinyi", "stocktake.start", data);
	e2e_countertop(&output, &seats->home, "sync", "--once", NULL);
	assert_int_equal(output.code, 0);
}

/* The newest sheet of the list. */
static void open_sheet(struct screen *screen)
{
	screen_send(screen, "<f3>");
	screen_expect(screen, "Stocktakes");
	screen_send(screen, "<home><enter>");
	screen_expect(screen, "pieces");
}

static void sit_down(struct seats *seats, int seat)
{
	e2e_sign_in(seats->screens[seat], seat % 2 ? "lee" : "chen");
	open_sheet(seats->screens[seat]);
}

static void open_home(struct seats *seats)
{
	memset(seats, 0, sizeof *seats);
	read_products(seats);
	e2e_enrol(&seats->home, "xinyi");
	start_sheet(seats);
}

/* All start at the same moment, so that each of them finds no syncer. */
static void open_screens(struct seats *seats, int count)
{
	for (int i = 0; i < count; i++)
		seats->screens[i] = e2e_console(&seats->home, NULL);
	seats->count = count;
	for (int i = 0; i < count; i++)
		sit_down(seats, i);
}

static void open_seats(struct seats *seats, int count)
{
	open_home(seats);
	open_screens(seats, count);
}

/* A scan at one seat, as fast as its scanner gives it. */
static void scan(struct seats *seats, int seat)
{
	char bytes[CODE_BYTES + 1];

	snprintf(bytes, sizeof bytes, "%s\r", seats->codes[seats->scanned % PRODUCTS]);
	screen_send_bytes(seats->screens[seat], bytes, strlen(bytes));
	seats->scanned++;
	e2e_pump();
}

static void scan_everywhere(struct seats *seats, int rounds)
{
	for (int round = 0; round < rounds; round++)
		for (int seat = 0; seat < seats->count; seat++)
			scan(seats, seat);
}

static int saved_scans(const struct seats *seats)
{
	return (int)e2e_outbox(
		&seats->home, "SELECT count(*) FROM command WHERE op = 'stocktake.count'");
}

static bool scans_are_saved(void *ctx)
{
	const struct seats *seats = ctx;

	return saved_scans(seats) >= seats->expected;
}

static void wait_until_saved(struct seats *seats, int scans)
{
	seats->expected = scans;
	e2e_wait(scans_are_saved, seats, "all scans in the outbox");
}

/* Some seats die while they scan, and are opened again. What their scanners sent before is saved; of what they
 * sent last each has saved it or never will. */
static void kill_seats(struct seats *seats)
{
	wait_until_saved(seats, seats->scanned);
	for (int seat = 0; seat < KILLED; seat++) {
		scan(seats, seat);
		e2e_kill(seats->screens[seat]);
	}
	seats->unheard = seats->scanned - saved_scans(seats);
	assert_in_range(seats->unheard, 0, KILLED);
	for (int seat = 0; seat < KILLED; seat++)
		seats->screens[seat] = e2e_console(&seats->home, NULL);
	for (int seat = 0; seat < KILLED; seat++)
		sit_down(seats, seat);
}

/* ---- what came of it ---- */

/* No key is pressed: a screen hears of the others' scans. */
static void expect_pieces(struct screen *screen, int scans)
{
	char text[64];

	snprintf(text, sizeof text, "pieces %d, scans %d", scans, scans);
	screen_expect(screen, text);
}

static void expect_on_every_screen(struct seats *seats, int scans)
{
	int64_t begin_ms = e2e_now_ms();

	for (int seat = 0; seat < seats->count; seat++)
		expect_pieces(seats->screens[seat], scans);
	print_message("# %d screens show all %d after %lld ms\n", seats->count, scans,
		(long long)(e2e_now_ms() - begin_ms));
}

/* ---- the sockets they poke each other by ---- */

/* How many there are; removes them if asked, and then no poke arrives any more. */
static int sockets(const struct e2e_home *home, bool is_removing)
{
	char path[E2E_PATH_BYTES + 16];
	struct dirent *entry;
	DIR *folder;
	int count = 0;

	snprintf(path, sizeof path, "%s/poke", home->path);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		if (!strstr(entry->d_name, ".sock"))
			continue;
		count++;
		if (is_removing)
			assert_int_equal(unlinkat(dirfd(folder), entry->d_name, 0), 0);
	}
	closedir(folder);
	return count;
}

static bool sockets_are_of_the_living(void *ctx)
{
	const struct seats *seats = ctx;

	return sockets(&seats->home, false) == seats->count + 1;
}

static void expect_each_once_at_hq(struct seats *seats, int scans)
{
	cJSON *sheet;
	const cJSON *line;
	int pieces = 0;

	print_message("# HQ had everything after %lld ms\n",
		(long long)e2e_wait(nothing_waits, &seats->home, "an empty outbox"));
	assert_int_equal(
		e2e_outbox(&seats->home,
			"SELECT count(*) FROM command WHERE op = 'stocktake.count' AND status = 'applied'"),
		scans);
	sheet = e2e_get("/v1/stocktakes/%s", seats->sheet);
	cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(sheet, "lines"))
	{
		const cJSON *counted = cJSON_GetObjectItemCaseSensitive(line, "counted");

		pieces += cJSON_IsNumber(counted) ? counted->valueint : 0;
	}
	cJSON_Delete(sheet);
	assert_int_equal(pieces, scans);
}

/* ---- tests ---- */

static void all_seats_count_one_sheet_whatever_is_killed(void **state)
{
	/* Twenty seats scan at once; the syncer is killed and replaced, seats are killed and opened again:
	 * every scan is at HQ once, and every screen says the same without a key. */
	static struct seats seats;
	int first, second, scans;

	(void)state;
	open_seats(&seats, SEATS);
	first = syncer_of(&seats.home);
	scan_everywhere(&seats, ROUNDS / 2);
	assert_int_equal(kill(first, SIGKILL), 0);
	scan_everywhere(&seats, 1);
	second = successor_of(&seats.home, first);
	kill_seats(&seats);
	scan_everywhere(&seats, ROUNDS - ROUNDS / 2);
	scans = seats.scanned - seats.unheard;
	wait_until_saved(&seats, scans);
	expect_each_once_at_hq(&seats, scans);
	expect_on_every_screen(&seats, scans);
	assert_int_equal(syncer_of(&seats.home), second);
}

static void the_syncer_outlives_the_seats_until_all_is_sent(void **state)
{
	/* Each of two seats keeps the syncer; without seats it stays while something waits for HQ, and then
	 * ends by itself. A lock file that a dead process left is no hindrance. */
	static struct seats seats;
	int syncer;

	(void)state;
	open_seats(&seats, 2);
	e2e_write("home1/syncer.lock", "4711\n");
	syncer = syncer_of(&seats.home);
	e2e_hq_stop();
	screen_expect_row(seats.screens[0], -1, "offline");
	scan_everywhere(&seats, 5);
	wait_until_saved(&seats, seats.scanned);
	e2e_close(seats.screens[0]);
	expect_pieces(seats.screens[1], seats.scanned);
	e2e_close(seats.screens[1]);
	assert_int_equal(syncer_of(&seats.home), syncer);
	assert_int_equal(e2e_unsent(&seats.home), seats.scanned);
	e2e_hq_start();
	e2e_wait(has_no_syncer, &seats.home, "the end of the syncer");
	assert_int_equal(e2e_lock_holder(seats.home.path, "syncer.lock"), 0);
	expect_each_once_at_hq(&seats, seats.scanned);
}

static void seats_hear_of_each_other_under_any_path(void **state)
{
	/* A home whose path is longer than a socket's address may be: pokes arrive all the same. A poke
	 * that gets lost is made good a second later, and sockets of the dead are swept away. */
	static struct seats seats;
	char deep[E2E_PATH_BYTES];

	(void)state;
	open_home(&seats);
	snprintf(deep, sizeof deep, "%s/%0150d", e2e_folder(), 1);
	assert_int_equal(rename(seats.home.path, deep), 0);
	snprintf(seats.home.path, sizeof seats.home.path, "%s", deep);
	open_screens(&seats, 3);
	scan(&seats, 0);
	for (int seat = 0; seat < seats.count; seat++)
		expect_pieces(seats.screens[seat], 1);
	e2e_kill(seats.screens[2]);
	seats.count = 2;
	scan(&seats, 1);
	e2e_wait(sockets_are_of_the_living, &seats, "the sockets of two seats and a syncer");

	sockets(&seats.home, true);
	scan(&seats, 1);
	expect_pieces(seats.screens[0], 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(all_seats_count_one_sheet_whatever_is_killed),
		e2e_test(the_syncer_outlives_the_seats_until_all_is_sent),
		e2e_test(seats_hear_of_each_other_under_any_path),
	};

	return cmocka_run_group_tests_name("many seats on one home", tests, NULL, NULL);
}
