/* One seed: the world, its clock, its disks, and what befalls it. */
#include "tests/folder.h"
#include "tests/sim.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_MS INT64_C(1795000000000)
#define BUSY_MS 600000  /* of virtual time with faults and work */
#define REST_MS 7200000 /* at most, until everything is quiet */
#define SKEW_MOST_MS (INT64_C(10) * 365 * 86400 * 1000)
#define DOOM_WRITES 60

/* console and HQ take their random bytes from a function without context. */
static struct sim *running;

/* splitmix64 */
static uint64_t draw(struct sim *sim)
{
	uint64_t z = (sim->random += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

uint32_t sim_draw(struct sim *sim, uint32_t below)
{
	return (uint32_t)(draw(sim) >> 33) % below;
}

bool sim_chance(struct sim *sim, uint32_t percent)
{
	return sim_draw(sim, 100) < percent;
}

void sim_random_bytes(void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)bytes)[i] = (uint8_t)draw(running);
}

void sim_fail(struct sim *sim, const char *format, ...)
{
	va_list args;

	if (sim->failure[0] != '\0')
		return;
	va_start(args, format);
	vsnprintf(sim->failure, sizeof sim->failure, format, args);
	va_end(args);
}

void sim_tell(const struct sim *sim, const char *format, ...)
{
	va_list args;

	if (!getenv("SIM_TRACE"))
		return;
	fprintf(stderr, "%10lld ", (long long)(sim->now_ms - START_MS));
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* FNV-1a, by words. */
void sim_note(struct sim *sim, const void *bytes, size_t size)
{
	uint64_t word;
	const char *at = bytes;

	for (; size > 0; size -= size < 8 ? size : 8, at += 8) {
		word = size;
		memcpy(&word, at, size < 8 ? size : 8);
		sim->digest = (sim->digest ^ word) * UINT64_C(0x100000001B3);
		sim->digest ^= sim->digest >> 29;
	}
}

uint64_t sim_hash(const char *bytes, size_t size)
{
	struct sim sum = {.digest = size};

	sim_note(&sum, bytes, size);
	return sum.digest;
}

int sim_enter(struct sim *sim, int process)
{
	int before = sim->running;

	sim->running = process;
	return before;
}

/* ---- the disks and the power ---- */

bool sim_disk_bad(const struct sim_home *home)
{
	const struct sim *sim = running;

	return sim->bad_file && sim->bad_home == home && sim->now_ms < sim->bad_until_ms;
}

void sim_doom(struct sim *sim, int process, bool power)
{
	sim->processes[process].left = 1 + (int)sim_draw(sim, DOOM_WRITES);
	sim->processes[process].power = power;
}

/* A dead process writes no more; it is taken away when its step returns. */
static bool is_dead(struct sim *sim, enum fault_op op)
{
	struct sim_process *process;

	if (sim->running == SIM_NOBODY)
		return false;
	process = &sim->processes[sim->running];
	if (op != FAULT_READ && process->left > 0 && --process->left == 0)
		process->dead = true;
	return process->dead;
}

static int disk_answer(const char *path, enum fault_op op)
{
	static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_FULL};
	struct sim *sim = running;
	const char *folder = sim->bad_home ? sim->bad_home->folder : sim->hq_folder;

	if (is_dead(sim, op))
		return op == FAULT_READ ? SQLITE_IOERR_READ : SQLITE_IOERR_WRITE;
	if (op == FAULT_READ || sim->running == SIM_NOBODY || !sim_disk_bad(sim->bad_home) ||
		strncmp(path, folder, strlen(folder)) != 0 ||
		strncmp(path + strlen(folder), sim->bad_file, strlen(sim->bad_file)) != 0)
		return SQLITE_OK;
	if (!sim_chance(sim, 40))
		return SQLITE_OK;
	return op == FAULT_SYNC ? SQLITE_IOERR_FSYNC : codes[sim_draw(sim, 3)];
}

static void disk_turns_bad(struct sim *sim)
{
	static const char *const files[] = {"/outbox.db", "/cache.db", "/cache.new", "/hq.db"};
	uint32_t file = sim_draw(sim, 4);

	sim->bad_file = files[file];
	sim->bad_home = file == 3 ? NULL : &sim->homes[sim_draw(sim, (uint32_t)sim->home_count)];
	sim->bad_until_ms = sim->now_ms + 1 + sim_draw(sim, 30000);
	if (file != 3)
		sim->homes[sim->bad_home - sim->homes].shaken_ms = sim->bad_until_ms;
}

/* ---- time goes by ---- */

static int64_t sooner(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

static bool has_answer(const struct sim_home *home)
{
	for (int i = 0; i < SLOT_COUNT; i++)
		if (home->slots[i].busy && home->slots[i].answered &&
			home->slots[i].ready_ms <= home->sim->now_ms)
			return true;
	return false;
}

/* No fault of line or disk makes a landing wrong but a row damaged on the way: a new copy would only
 * hide that. */
static void watch_sums(struct sim_home *home)
{
	if (home->tainted && home->syncer.resyncs == 0 && sim_landed_ms(home) > home->tainted_ms)
		home->tainted = false;
	if (home->syncer.resyncs > 0 && !home->tainted)
		sim_fail(home->sim, "rule 3: %s landed rows whose sums are not HQ's", home->store);
}

static void turn_home(struct sim_home *home)
{
	struct sim *sim = home->sim;
	struct sync_time now = {sim->now_ms + home->skew_ms, sim->now_ms - home->boot_base_ms};
	int64_t landed_ms = home->syncer.landed_ms;

	if (home->wake_ms > sim->now_ms && !has_answer(home))
		return;
	int before = sim_enter(sim, sim_syncer(home));
	home->wake_ms = sync_step(&home->syncer, now) + home->boot_base_ms;
	sim_enter(sim, before);
	sim_home_reap(home);
	watch_sums(home);
	if (home->syncer.landed_ms != landed_ms && sim_chance(sim, 15))
		sim_rule_4_cursor(home);
}

/* One instant of virtual time. */
static void turn(struct sim *sim)
{
	int64_t next = sim_network(sim);

	sim_hq_reap(sim);
	for (int i = 0; i < sim->home_count; i++) {
		turn_home(&sim->homes[i]);
		next = sooner(next, sim->homes[i].wake_ms);
	}
	next = sooner(next, sim_network(sim));
	sim_hq_reap(sim);
	sim->now_ms = next > sim->now_ms ? next : sim->now_ms + 1;
	if (++sim->steps == SIM_STEPS_MAX)
		sim_fail(sim, "it does not come to rest: %s | %s",
			sync_trouble(&sim->homes[0].syncer), sync_trouble(&sim->homes[1].syncer));
}

/* ---- what befalls ---- */

static void process_dies(struct sim *sim)
{
	const struct sim_home *home = &sim->homes[sim_draw(sim, (uint32_t)sim->home_count)];
	int process = sim_chance(sim, 25) ? SIM_HQ
		: sim_chance(sim, 50)
		? sim_syncer(home)
		: sim_seat(home, (int)sim_draw(sim, (uint32_t)home->seat_count));

	sim_doom(sim, process, sim_chance(sim, 30));
}

static void home_mishap(struct sim *sim)
{
	sim_home_mishap(&sim->homes[sim_draw(sim, (uint32_t)sim->home_count)]);
}

static void backup(struct sim *sim)
{
	if (!sim->hq)
		return;
	if (!sim->backed_up)
		sim_hq_back_up(sim);
	else if (sim->backup[0] != '\0')
		sim_hq_restore(sim);
}

static void token_trouble(struct sim *sim)
{
	struct sim_home *home = &sim->homes[sim_draw(sim, (uint32_t)sim->home_count)];

	if (!sim->hq)
		return;
	/* Good again, or, where it was revoked for good, the device is enrolled anew. */
	if (home->shut_out && sim_chance(sim, 40))
		sim_home_enrol(home);
	else
		sim_shut_out(home, !home->shut_out);
}

static const struct {
	uint32_t weight;
	void (*happens)(struct sim *sim);
} mishaps[] = {{40, process_dies}, {20, home_mishap}, {20, disk_turns_bad}, {14, backup},
	{10, token_trouble}};

static void mishap(struct sim *sim)
{
	uint32_t all = 0, drawn;
	size_t i = 0;

	for (size_t j = 0; j < sizeof mishaps / sizeof *mishaps; j++)
		all += mishaps[j].weight;
	for (drawn = sim_draw(sim, all); drawn >= mishaps[i].weight; i++)
		drawn -= mishaps[i].weight;
	sim_note(sim, &i, sizeof i);
	sim_tell(sim, "mishap %zu", i);
	mishaps[i].happens(sim);
}

static void people_act(struct sim *sim)
{
	for (int i = 0; i < sim->home_count; i++) {
		struct sim_home *home = &sim->homes[i];

		if (home->next_command_ms > sim->now_ms &&
			(home->late.id[0] == '\0' || home->late.due_ms > sim->now_ms))
			continue;
		sim_act(home);
		sim_home_reap(home);
		if (home->next_command_ms <= sim->now_ms)
			home->next_command_ms = sim->now_ms +
				sim_draw(sim, sim_chance(sim, 85) ? 2200 : 40000);
	}
	if (sim->office_ms <= sim->now_ms) {
		sim_office(sim);
		sim->office_ms = sim->now_ms + sim_draw(sim, 60000);
	}
}

static void busy_hours(struct sim *sim)
{
	int64_t end_ms = sim->now_ms + BUSY_MS, mishap_ms = sim->now_ms + 40000;

	while (sim->now_ms < end_ms && sim->failure[0] == '\0') {
		turn(sim);
		if (sim->failure[0] == '\0')
			people_act(sim);
		if (sim->now_ms >= mishap_ms && sim->failure[0] == '\0') {
			mishap(sim);
			mishap_ms = sim->now_ms + sim_draw(sim, 60000);
		}
	}
}

static bool at_rest(const struct sim *sim)
{
	for (int i = 0; i < sim->home_count; i++)
		if (sync_answer(&sim->homes[i].syncer) != SYNC_DONE ||
			!sync_idle(&sim->homes[i].syncer))
			return false;
	return true;
}

/* Nothing fails any more, nobody dies, and every token is good. */
static void calm_down(struct sim *sim)
{
	sim->calm = true;
	sim->bad_file = NULL;
	for (int i = 0; i < SIM_PROCESSES; i++)
		sim->processes[i].left = 0;
	sim_hq_reap(sim); /* it may have died just now */
	sim->hq_up_ms = sim->now_ms;
	sim_hq_reap(sim);
	for (int i = 0; i < sim->home_count; i++) {
		struct sim_home *home = &sim->homes[i];

		if (home->shut_out)
			sim_shut_out(home, false);
		sim_home_enrol(home);
	}
}

static void ask_all(struct sim *sim)
{
	for (int i = 0; i < sim->home_count; i++) {
		sync_ask(&sim->homes[i].syncer);
		sim->homes[i].wake_ms = sim->now_ms;
	}
}

/* The network is well again. More than once, because what one store sends the others have to fetch. */
static void come_to_rest(struct sim *sim)
{
	int64_t end_ms = sim->now_ms + REST_MS;

	calm_down(sim);
	for (int round = 0; round < 3 && sim->failure[0] == '\0'; round++) {
		int64_t ask_ms = sim->now_ms;

		do {
			if (sim->now_ms >= ask_ms) {
				ask_all(sim);
				ask_ms = sim->now_ms + 120000;
			}
			turn(sim);
		} while (!at_rest(sim) && sim->now_ms < end_ms && sim->failure[0] == '\0');
	}
	/* Time enough to hear what became of everything HQ had parked. */
	end_ms = sim->now_ms + 300000;
	while ((sim->now_ms < end_ms || !at_rest(sim)) && sim->now_ms < end_ms + REST_MS &&
		sim->failure[0] == '\0')
		turn(sim);
	if (!at_rest(sim))
		sim_fail(sim, "it does not come to rest: %s | %s",
			sync_trouble(&sim->homes[0].syncer), sync_trouble(&sim->homes[1].syncer));
}

/* ---- one seed ---- */

static void draw_world(struct sim *sim)
{
	sim->store_count = sim_chance(sim, 65) ? 2 : sim_chance(sim, 70) ? 3 : SIM_STORES_MAX;
	sim->home_count = sim->store_count;
	sim->office_ms = sim->now_ms + 30000;
	sim->page_rows = sim_chance(sim, 50) ? 10000 : 3 + (int)sim_draw(sim, 60);
	for (int i = 0; i < sim->home_count; i++) {
		struct sim_home *home = &sim->homes[i];

		home->skew_ms = sim_chance(sim, 50)
			? 0
			: (int64_t)(draw(sim) % (uint64_t)(2 * SKEW_MOST_MS)) - SKEW_MOST_MS;
		home->boot_base_ms = sim->now_ms - (int64_t)sim_draw(sim, 1000000);
		home->next_command_ms = sim->now_ms + 5000;
		home->seat_count = sim_chance(sim, 70) ? 1 : 2 + (int)sim_draw(sim, 2);
	}
}

static void end_world(struct sim *sim)
{
	sim_enter(sim, SIM_NOBODY);
	for (int i = 0; i < sim->home_count; i++) {
		sim_home_close(&sim->homes[i]);
		sim_home_free(&sim->homes[i]);
	}
	sim_network_free(sim);
	sim_hq_close(sim);
	for (int i = 0; i < sim->command_count; i++)
		free(sim->commands[i].line);
	disk_forget();
	folder_remove(sim->folder);
}

bool sim_run(struct sim *sim, uint64_t seed)
{
	memset(sim, 0, sizeof *sim);
	sim->seed = seed;
	sim->random = seed * UINT64_C(0xD1342543DE82EF95);
	sim->now_ms = START_MS;
	sim->running = SIM_NOBODY;
	running = sim;
	disk_hook = disk_answer;
	folder_make(sim->folder, sizeof sim->folder);
	draw_world(sim);
	sim_begin_world(sim);
	if (sim->failure[0] == '\0')
		busy_hours(sim);
	if (sim->failure[0] == '\0')
		come_to_rest(sim);
	if (sim->failure[0] == '\0')
		sim_check(sim);
	end_world(sim);
	return sim->failure[0] == '\0';
}
