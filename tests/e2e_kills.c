/*
 * SIGKILL at random moments of the real programs under load: tests/e2e_kills [KILLS] [SEED].
 *
 * An HQ, two homes with a syncer each, a screen on each that is scanned into without end, and
 * `countertop do` without end. A victim is chosen by the seed, and the moment by what went on since the
 * last: polls, bytes drawn, scans shown, steps of `do`, writes to the databases. Every victim is started
 * again. At the end all that was called saved is at HQ once, and nothing else is.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e_kills.h"
#include "tests/sanitized.h"

/* The sanitizers make each start several times as long. */
#define KILLS (SANITIZED ? 40 : 150)

#define TURNS_MAX 150 /* between two kills */
#define TELL_EVERY 100

static int kills_wanted = KILLS;
static int seed = 1;

struct kills {
	struct load *load;
	struct kills_home homes[KILLS_HOMES];
	struct seat seats[KILLS_HOMES];
	uint64_t random;
	bool hq_is_down;
	int64_t turns, writes;
	int64_t written_ns; /* when the databases were seen to change last */
	int killed;
};

static int draw(struct kills *kills, int below)
{
	return kills_random(&kills->random, below);
}

/* ---- moments ---- */

static int64_t changed_ns(const char *folder, const char *name)
{
	char path[E2E_PATH_BYTES + 32];
	struct stat info;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	if (stat(path, &info) != 0)
		return 0;
	return (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}

static void look_for_writes(struct kills *kills)
{
	int64_t sum = changed_ns(e2e_folder(), "hq.db-wal");

	for (int i = 0; i < KILLS_HOMES; i++)
		sum += changed_ns(kills->homes[i].home.path, "outbox.db-wal") +
			changed_ns(kills->homes[i].home.path, "cache.db-wal");
	kills->writes += sum != kills->written_ns;
	kills->written_ns = sum;
}

static int64_t count_turns(struct kills *kills)
{
	return kills->turns;
}

static int64_t count_writes(struct kills *kills)
{
	return kills->writes;
}

static int64_t count_scans(struct kills *kills)
{
	return kills->seats[0].shown + kills->seats[1].shown;
}

static int64_t count_steps(struct kills *kills)
{
	return atomic_load(&kills->load->steps);
}

static int64_t count_bytes(struct kills *kills)
{
	return (int64_t)(screen_bytes_read(kills->seats[0].screen) +
		screen_bytes_read(kills->seats[1].screen));
}

static const struct {
	int64_t (*count)(struct kills *kills);
	int most;
} clocks[] = {
	{count_turns, 40},
	{count_writes, 20},
	{count_scans, 15},
	{count_steps, 8},
	{count_bytes, 3000},
};

#define CLOCK_COUNT ((int)(sizeof clocks / sizeof *clocks))

static void take_turn(struct kills *kills)
{
	for (int i = 0; i < KILLS_HOMES; i++)
		seat_turn(&kills->seats[i], &kills->random);
	look_for_writes(kills);
	kills->turns++;
}

static void wait_for_a_moment(struct kills *kills)
{
	int clock = draw(kills, CLOCK_COUNT);
	int64_t due = clocks[clock].count(kills) + draw(kills, clocks[clock].most) + 1;

	for (int i = 0; i < TURNS_MAX && clocks[clock].count(kills) < due; i++)
		take_turn(kills);
}

/* ---- victims ---- */

static void start_syncer(struct kills_home *home)
{
	char program[E2E_PATH_BYTES];

	e2e_program(program, "countertop");
	home->syncer = fork();
	assert_true(home->syncer >= 0);
	if (home->syncer > 0)
		return;
	e2e_keeper_leave();
	if (!freopen("/dev/null", "r", stdin) || !freopen("/dev/null", "w", stdout) ||
		!freopen("/dev/null", "w", stderr))
		_exit(126);
	setsid();
	execl(program, "countertop", "--home", home->home.path, "sync", "--service", (char *)NULL);
	_exit(127);
}

static int kill_syncer(struct kills_home *home)
{
	/* The lock of a home lets one live; one that is just starting may stand beside it, and ours may not
	 * even have its name yet. */
	int count = e2e_signal_all(home->home.path, "--service", SIGKILL);

	if (home->syncer > 0) {
		kill(home->syncer, SIGKILL);
		waitpid(home->syncer, NULL, 0);
	}
	home->syncer = 0;
	return count > 0;
}

/* Ours ended by itself if the screen's came first. */
static void reap_syncer(struct kills_home *home)
{
	if (home->syncer > 0 && waitpid(home->syncer, NULL, WNOHANG) == home->syncer)
		home->syncer = 0;
}

static void strike_syncer(struct kills *kills)
{
	struct kills_home *home = &kills->homes[draw(kills, KILLS_HOMES)];

	reap_syncer(home);
	kills->killed += kill_syncer(home);
	start_syncer(home);
}

static void strike_do(struct kills *kills)
{
	int home = draw(kills, KILLS_HOMES);

	atomic_store(&kills->load->wishes[home], 1 + draw(kills, 400));
}

static void strike_screen(struct kills *kills)
{
	struct seat *seat = &kills->seats[draw(kills, KILLS_HOMES)];

	seat_kill(seat);
	kills->killed++;
	seat_reopen(seat);
}

static void raise_hq(struct kills *kills)
{
	if (kills->hq_is_down)
		e2e_hq_start();
	kills->hq_is_down = false;
}

static void strike_hq(struct kills *kills)
{
	raise_hq(kills);
	e2e_hq_kill();
	kills->killed++;
	kills->hq_is_down = true;
}

/* The power of the whole house. */
static void strike_all(struct kills *kills)
{
	if (!kills->hq_is_down)
		strike_hq(kills);
	for (int i = 0; i < KILLS_HOMES; i++) {
		atomic_store(&kills->load->wishes[i], 1);
		kills->killed += 1 + kill_syncer(&kills->homes[i]);
		seat_kill(&kills->seats[i]);
	}
	if (draw(kills, 2))
		raise_hq(kills);
	for (int i = 0; i < KILLS_HOMES; i++)
		seat_reopen(&kills->seats[i]);
}

static const struct {
	int share; /* of a hundred */
	void (*strike)(struct kills *kills);
} victims[] = {
	{32, strike_do},
	{32, strike_syncer},
	{22, strike_hq},
	{11, strike_screen},
	{3, strike_all},
};

static void strike(struct kills *kills)
{
	int at = draw(kills, 100), i = 0;

	while (at >= victims[i].share)
		at -= victims[i++].share;
	victims[i].strike(kills);
}

/* ---- the test ---- */

static void open_homes(struct kills *kills)
{
	static const struct kills_home made[KILLS_HOMES] = {
		{.staff = "chen", .pin = "1200", .other_store = "ximen"},
		{.staff = "chang", .pin = "1300", .other_store = "xinyi"},
	};
	static const char *const stores[KILLS_HOMES] = {"xinyi", "ximen"};

	for (int i = 0; i < KILLS_HOMES; i++) {
		kills->homes[i] = made[i];
		e2e_enrol(&kills->homes[i].home, stores[i]);
		load_prepare(&kills->homes[i]);
	}
	seat_open(&kills->seats[0], SEAT_COUNTS, &kills->homes[0]);
	seat_open(&kills->seats[1], SEAT_RECEIVES, &kills->homes[1]);
}

static int killed_so_far(const struct kills *kills)
{
	return kills->killed + atomic_load(&kills->load->killed);
}

static void sync_once(const struct kills_home *home)
{
	static struct e2e_output output;

	e2e_countertop(&output, &home->home, "sync", "--once", NULL);
	if (output.code != 0)
		fail_msg("sync --once of %s: %s", home->home.store, output.err);
}

/* Twice: what one home sends first, the other has to pull. */
static void make_peace(struct kills *kills)
{
	raise_hq(kills);
	load_end(kills->load, kills->homes);
	for (int i = 0; i < KILLS_HOMES; i++)
		seat_finish(&kills->seats[i]);
	for (int i = 0; i < 2 * KILLS_HOMES; i++)
		sync_once(&kills->homes[i % KILLS_HOMES]);
	for (int i = 0; i < KILLS_HOMES; i++)
		kill_syncer(&kills->homes[i]);
}

static void tell(const struct kills *kills, int64_t took_ms)
{
	print_message(
		"# %d processes killed in %lld s; %d commands of `do` saved, %d and %d scans\n",
		killed_so_far(kills), (long long)took_ms / 1000,
		atomic_load(&kills->load->saved_count), kills->seats[0].typed,
		kills->seats[1].typed);
}

static void nothing_saved_is_lost_or_doubled(void **state)
{
	/* Whatever is killed and whenever, what was called saved is at HQ once, and all files are sound. */
	static struct kills kills;
	int64_t begin_ms = e2e_now_ms();

	(void)state;
	kills = (struct kills){.load = load_make(), .random = (uint64_t)seed * 7919};
	open_homes(&kills);
	load_start(kills.load, kills.homes, (uint64_t)seed);
	for (int told = 0; killed_so_far(&kills) < kills_wanted;) {
		wait_for_a_moment(&kills);
		if (killed_so_far(&kills) - told >= TELL_EVERY) {
			told = killed_so_far(&kills);
			tell(&kills, e2e_now_ms() - begin_ms);
		}
		if (kills.hq_is_down && draw(&kills, 2))
			raise_hq(&kills);
		else
			strike(&kills);
	}
	make_peace(&kills);
	tell(&kills, e2e_now_ms() - begin_ms);
	kills_check(kills.load, kills.homes, kills.seats);
	load_free(kills.load);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		e2e_test(nothing_saved_is_lost_or_doubled),
	};

	if (argc > 1)
		kills_wanted = atoi(argv[1]);
	if (argc > 2)
		seed = atoi(argv[2]);
	print_message("# %d kills, seed %d\n", kills_wanted, seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
