/* Whatever the network, the clocks and the power do, every command ends in one verdict, every cache
 * equals HQ, and no goods appear or vanish.
 *
 * tests/sim [SEEDS] [FIRST] runs that many seeds from the first one and prints TAP. */
#include "tests/sim.h"

#include "model/json.h"
#include "tests/fault_vfs.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define START_MS INT64_C(1795000000000)
#define BUSY_MS 600000  /* of virtual time with faults and work */
#define REST_MS 7200000 /* at most, until everything is quiet */
#define SKEW_MOST_MS (INT64_C(10) * 365 * 86400 * 1000)

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

void sim_fail(struct sim *sim, const char *format, ...)
{
	va_list args;

	if (sim->failure[0] != '\0')
		return;
	va_start(args, format);
	vsnprintf(sim->failure, sizeof sim->failure, format, args);
	va_end(args);
}

static void random_bytes(void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)bytes)[i] = (uint8_t)draw(running);
}

static void env_random(void *ctx, void *bytes, size_t size)
{
	(void)ctx;
	random_bytes(bytes, size);
}

static int64_t env_boot_ms(void *ctx)
{
	const struct sim_store *store = ctx;

	return store->sim->now_ms - store->boot_base_ms;
}

static void env_changed(void *ctx)
{
	(void)ctx; /* the screens look by themselves before they act */
}

/* ---- the disks ---- */

bool sim_disk_bad(const struct sim_store *store)
{
	const struct sim *sim = running;

	return sim->bad_file && sim->bad_store == store && sim->now_ms < sim->bad_until_ms;
}

static int disk_answer(const char *path, enum fault_op op)
{
	static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_FULL};
	struct sim *sim = running;
	const char *folder = sim->bad_store ? sim->bad_store->home : sim->folder;

	if (op == FAULT_READ || !sim_disk_bad(sim->bad_store) ||
		strncmp(path, folder, strlen(folder)) != 0 || !strstr(path, sim->bad_file))
		return SQLITE_OK;
	if (!sim_chance(sim, 40))
		return SQLITE_OK;
	return op == FAULT_SYNC ? SQLITE_IOERR_FSYNC : codes[sim_draw(sim, 3)];
}

static void disk_turns_bad(struct sim *sim)
{
	static const char *const files[] = {"/outbox.db", "/cache.db", "/hq.db"};

	sim->bad_file = files[sim_draw(sim, 3)];
	sim->bad_store = strcmp(sim->bad_file, "/hq.db") == 0
		? NULL
		: &sim->stores[sim_draw(sim, SIM_STORES)];
	sim->bad_until_ms = sim->now_ms + 1 + sim_draw(sim, 30000);
}

/* ---- the parts of the world ---- */

bool sim_hq_open(struct sim *sim, bool create)
{
	char error[200];

	sim->hq = hq_open(&(struct hq_options){.url = sim->hq_url,
				  .vfs = fault_vfs(),
				  .create = create,
				  .relaxed = true,
				  .random = random_bytes},
		error, sizeof error);
	if (sim->hq && hq_start(sim->hq))
		return true;
	sim_fail(sim, "HQ does not start: %s", sim->hq ? "hq_start" : error);
	return false;
}

static void remove_database(const char *path)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		struct text whole = TEXT_INIT(TEXT_SMALL);

		text_addf(&whole, "%s%s", path, tails[i]);
		unlink(text_get(&whole));
		text_free(&whole);
	}
}

/* HQ's machine is replaced by one restored from last night's backup. */
static void restore_hq(struct sim *sim)
{
	hq_close(sim->hq);
	sim->bad_file = NULL;
	remove_database(sim->hq_file);
	if (rename(sim->backup, sim->hq_file) != 0)
		sim_fail(sim, "the backup is gone");
	sim->backup[0] = '\0';
	sim->restores++;
	sim_hq_open(sim, false);
}

static void back_up_hq(struct sim *sim)
{
	sim->bad_file = NULL;
	snprintf(sim->backup, sizeof sim->backup, "%.4000s/backup.db", sim->folder);
	if (!hq_backup(sim->hq, sim->backup, sim->failure, sizeof sim->failure))
		sim_fail(sim, "the backup failed");
}

static void store_open(struct sim_store *store)
{
	char error[300];
	struct sync_env env = {.transport = sim_transport(store),
		.ctx = store,
		.random = env_random,
		.boot_ms = env_boot_ms,
		.changed = env_changed};

	store->screen.random = random_bytes;
	store->behind.random = random_bytes;
	if (!console_open(&store->screen, store->home, fault_vfs(), error, sizeof error) ||
		!console_open(&store->behind, store->home, fault_vfs(), error, sizeof error)) {
		sim_fail(store->sim, "%s: %s", store->name, error);
		return;
	}
	sync_init(&store->syncer, &store->behind, &env);
	store->wake_ms = store->sim->now_ms;
}

static void store_close(struct sim_store *store)
{
	if (store->syncer.console)
		sync_free(&store->syncer);
	sim_abandon(store);
	if (store->behind.outbox)
		console_close(&store->behind);
	if (store->screen.outbox)
		console_close(&store->screen);
}

/* The processes of a store die and come back; sometimes the machine with them, or the cache. */
static void store_crash(struct sim_store *store)
{
	struct sim *sim = store->sim;

	/* It dies on the bad disk, if there is one, and finds a good one when it comes back. */
	store_close(store);
	sim->bad_file = NULL;
	sim->crashes++;
	if (sim_chance(sim, 30))
		store->boot_base_ms = sim->now_ms;
	if (sim_chance(sim, 25)) {
		char path[SIM_PATH + 16];

		snprintf(path, sizeof path, "%s/cache.db", store->home);
		remove_database(path);
	}
	store_open(store);
}

static void store_enrol(struct sim_store *store)
{
	struct sim *sim = store->sim;
	char code[HQ_SECRET_SIZE], error[200], body[200];
	struct hq_answer answer;
	cJSON *json = NULL;

	if (!hq_make_enrol_code(sim->hq, &store->name, 1, sim->now_ms, code, error, sizeof error)) {
		sim_fail(sim, "no code: %s", error);
		return;
	}
	snprintf(body, sizeof body, "{\"code\":\"%s\"}", code);
	sim_ask(sim,
		&(struct hq_request){.method = "POST",
			.path = "/v1/enrol",
			.content_type = "application/json",
			.body = body,
			.body_length = strlen(body)},
		&answer);
	if (answer.status == 200)
		json = json_parse(text_get(&answer.body), answer.body.length, error, sizeof error);
	if (!json ||
		!console_enrol(&store->screen, "http://127.0.0.1", json_text(json, "token"),
			json_text(json, "device"), &store->name, 1))
		sim_fail(sim, "enrolling answers %d %.200s", answer.status, text_get(&answer.body));
	cJSON_Delete(json);
	hq_answer_free(&answer);
}

/* ---- time goes by ---- */

static int64_t sooner(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

static bool has_answer(const struct sim_store *store)
{
	for (int i = 0; i < SLOT_COUNT; i++)
		if (store->slots[i].busy && store->slots[i].answered &&
			store->slots[i].ready_ms <= store->sim->now_ms)
			return true;
	return false;
}

static void turn_store(struct sim_store *store)
{
	struct sim *sim = store->sim;
	struct sync_time now = {sim->now_ms + store->skew_ms, env_boot_ms(store)};

	if (store->wake_ms <= sim->now_ms || has_answer(store))
		store->wake_ms = sync_step(&store->syncer, now) + store->boot_base_ms;
	/* No fault of line or disk makes a landing wrong: a new copy would only hide that. */
	if (store->syncer.resyncs > 0)
		sim_fail(sim, "%s landed rows whose sums are not HQ's", store->name);
}

/* One instant of virtual time. */
static void turn(struct sim *sim)
{
	int64_t next = sim_network(sim);

	for (int i = 0; i < SIM_STORES; i++) {
		turn_store(&sim->stores[i]);
		next = sooner(next, sim->stores[i].wake_ms);
	}
	next = sooner(next, sim_network(sim));
	sim->now_ms = next > sim->now_ms ? next : sim->now_ms + 1;
}

static void mishap(struct sim *sim)
{
	if (sim_chance(sim, 30)) {
		store_crash(&sim->stores[sim_draw(sim, SIM_STORES)]);
	} else if (sim_chance(sim, 30)) {
		disk_turns_bad(sim);
	} else if (sim_chance(sim, 40)) {
		hq_close(sim->hq);
		sim->bad_file = NULL;
		sim_hq_open(sim, false);
	} else if (sim->backup[0] == '\0' && sim->restores == 0) {
		back_up_hq(sim);
	} else if (sim->backup[0] != '\0' && sim_chance(sim, 30)) {
		restore_hq(sim);
	}
}

static void busy_hours(struct sim *sim)
{
	int64_t end_ms = sim->now_ms + BUSY_MS, mishap_ms = sim->now_ms + 60000;

	while (sim->now_ms < end_ms && sim->failure[0] == '\0') {
		turn(sim);
		for (int i = 0; i < SIM_STORES; i++) {
			struct sim_store *store = &sim->stores[i];

			if (store->next_command_ms > sim->now_ms)
				continue;
			sim_act(store);
			store->next_command_ms = sim->now_ms +
				sim_draw(sim, sim_chance(sim, 85) ? 1500 : 40000);
		}
		if (sim->now_ms >= mishap_ms && sim->failure[0] == '\0') {
			mishap(sim);
			mishap_ms = sim->now_ms + sim_draw(sim, 90000);
		}
	}
}

static bool at_rest(const struct sim *sim)
{
	for (int i = 0; i < SIM_STORES; i++)
		if (sync_answer(&sim->stores[i].syncer) != SYNC_DONE ||
			!sync_idle(&sim->stores[i].syncer))
			return false;
	return true;
}

/* The network is well again. Twice, because what one store sends the other has to fetch. */
static void come_to_rest(struct sim *sim)
{
	int64_t end_ms = sim->now_ms + REST_MS;

	sim->calm = true;
	sim->bad_file = NULL;
	for (int round = 0; round < 3 && sim->failure[0] == '\0'; round++) {
		int64_t ask_ms = sim->now_ms;

		do {
			for (int i = 0; sim->now_ms >= ask_ms && i < SIM_STORES; i++) {
				sync_ask(&sim->stores[i].syncer);
				sim->stores[i].wake_ms = sim->now_ms;
			}
			if (sim->now_ms >= ask_ms)
				ask_ms = sim->now_ms + 120000;
			turn(sim);
		} while (!at_rest(sim) && sim->now_ms < end_ms && sim->failure[0] == '\0');
	}
	/* Time enough to hear what became of everything HQ had parked. */
	end_ms = sim->now_ms + 300000;
	while (sim->now_ms < end_ms || !at_rest(sim))
		if (turn(sim), sim->now_ms > end_ms + REST_MS)
			break;
	if (!at_rest(sim))
		sim_fail(sim, "it does not come to rest: %s | %s",
			sync_trouble(&sim->stores[0].syncer), sync_trouble(&sim->stores[1].syncer));
}

/* ---- one seed ---- */

static void make_folder(struct sim *sim)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");

	snprintf(sim->folder, sizeof sim->folder, "%s/countertop-sim-XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(sim->folder))
		sim_fail(sim, "no folder");
	snprintf(sim->hq_file, sizeof sim->hq_file, "%.4000s/hq.db", sim->folder);
	snprintf(sim->hq_url, sizeof sim->hq_url, "sqlite:%.4000s", sim->hq_file);
}

static void empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	while (folder && (entry = readdir(folder)) != NULL) {
		struct text whole = TEXT_INIT(TEXT_SMALL);
		struct stat info;

		text_addf(&whole, "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.' && lstat(text_get(&whole), &info) == 0) {
			if (S_ISDIR(info.st_mode))
				empty_folder(text_get(&whole));
			else
				unlink(text_get(&whole));
		}
		text_free(&whole);
	}
	if (folder)
		closedir(folder);
	rmdir(path);
}

static void begin(struct sim *sim)
{
	static const char *const names[SIM_STORES] = {"north", "south"};

	make_folder(sim);
	for (int i = 0; i < SIM_STORES; i++) {
		struct sim_store *store = &sim->stores[i];

		store->sim = sim;
		store->name = names[i];
		store->skew_ms = sim_chance(sim, 50)
			? 0
			: (int64_t)(draw(sim) % (uint64_t)(2 * SKEW_MOST_MS)) - SKEW_MOST_MS;
		store->boot_base_ms = sim->now_ms - (int64_t)sim_draw(sim, 1000000);
		store->next_command_ms = sim->now_ms + 5000;
		snprintf(store->home, sizeof store->home, "%.4000s/%s", sim->folder, store->name);
		mkdir(store->home, 0700);
	}
	if (!sim_hq_open(sim, true))
		return;
	sim_populate(sim);
	for (int i = 0; i < SIM_STORES && sim->failure[0] == '\0'; i++) {
		store_open(&sim->stores[i]);
		store_enrol(&sim->stores[i]);
	}
}

bool sim_run(struct sim *sim, uint64_t seed)
{
	memset(sim, 0, sizeof *sim);
	sim->seed = seed;
	sim->random = seed * UINT64_C(0xD1342543DE82EF95);
	sim->now_ms = START_MS;
	running = sim;
	fault_hook = disk_answer;
	begin(sim);
	if (sim->failure[0] == '\0') {
		busy_hours(sim);
		come_to_rest(sim);
	}
	if (sim->failure[0] == '\0')
		sim_check(sim);
	for (int i = 0; i < SIM_STORES; i++)
		store_close(&sim->stores[i]);
	sim_network_free(sim);
	if (sim->hq)
		hq_close(sim->hq);
	if (!getenv("SIM_KEEP"))
		empty_folder(sim->folder);
	return sim->failure[0] == '\0';
}

int main(int argc, char **argv)
{
	static struct sim sim;
	long seeds = argc > 1 ? strtol(argv[1], NULL, 10) : 50;
	long first = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	int failed = 0;

	printf("1..%ld\n", seeds);
	for (long i = 0; i < seeds; i++) {
		bool good = sim_run(&sim, (uint64_t)(first + i));

		printf("%s %ld - seed %ld: %d commands, %d faults, %d crashes, %d restores\n",
			good ? "ok" : "not ok", i + 1, first + i, sim.saved_count, sim.faults,
			sim.crashes, sim.restores);
		if (!good)
			printf("# %s\n# again: tests/sim 1 %ld\n", sim.failure, first + i);
		fflush(stdout);
		failed += !good;
	}
	return failed > 0;
}
