/* Scans of many seats on one home at once, beside as many processes that do bare one-row commits with
 * synchronous=FULL to one database, in the same run and folder. Printed are the rate of all seats together
 * and the longest time one scan took: flat out, where each waits for all others, and at the pace of people.
 * Nobody shall wait for another more than 50 ms; the disk's own time for one commit stands beside it. */
#include "bench/kit.h"
#include "model/json.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW INT64_C(1772416800000)
#define SEATS_MAX 20
#define PRODUCTS 1000
#define ROUNDS 3
#define PACE_MS 200 /* a quick person */
#define WAIT_MOST_MS 50.0

/* Seen by all processes. */
struct shared {
	atomic_int ready;
	atomic_bool go;
	double longest_s[SEATS_MAX];
};

struct bench {
	char home[BENCH_FOLDER_SIZE];
	char sheet[UUID_SIZE];
	struct shared *shared;
	int seats, each; /* processes, and what each of them does */
	int pause_ms;    /* after each */
};

/* One process: opens its own connection, then does one scan or commit after the other. */
struct work {
	const struct bench *bench;
	struct console console;
	struct db *bare;
	int seat;
};

static void make_shop(struct bench *bench)
{
	struct console console;
	struct console_verdict verdict;
	char data[100];

	bench_folder(bench->home);
	bench_console(&console, bench->home, "http://127.0.0.1:1");
	bench_fill(&console, PRODUCTS);
	console_do(&console, "stocktake.create", "x", "a", cJSON_Parse("{\"scope\":\"full\"}"), NOW,
		&verdict);
	memcpy(bench->sheet, verdict.id, UUID_SIZE);
	console_verdict_free(&verdict);
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", bench->sheet);
	console_do(&console, "stocktake.start", "x", "a", cJSON_Parse(data), NOW, &verdict);
	if (!verdict.saved)
		bench_give_up(verdict.message);
	console_verdict_free(&verdict);
	console_close(&console);
}

/* ---- what a process does ---- */

static void scan_once(struct work *work, int i)
{
	struct console_verdict verdict;
	char data[200];

	snprintf(data, sizeof data,
		"{\"stocktake\":\"%s\",\"sku\":\"P%07d\",\"qty\":1,\"mode\":\"add\"}",
		work->bench->sheet, (i * SEATS_MAX + work->seat) % (PRODUCTS / 5) * 5);
	console_do(
		&work->console, "stocktake.count", "x", "a", cJSON_Parse(data), NOW + i, &verdict);
	if (!verdict.saved)
		bench_give_up(verdict.message);
	console_verdict_free(&verdict);
}

static void commit_once(struct work *work, int i)
{
	char line[256]; /* as long as a scan's line */

	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	(void)i;
	if (!db_run(work->bare, "INSERT INTO t (line) VALUES ($1)", "t", line))
		bench_give_up(db_message(work->bare));
}

static void open_bare(struct work *work)
{
	struct db_options options = {.durability = DB_DURABLE, .busy_ms = 5000};
	char path[BENCH_FOLDER_SIZE + 16], error[200];

	snprintf(path, sizeof path, "%s/bare.db", work->bench->home);
	work->bare = db_open(path, &options, error, sizeof error);
	if (!work->bare ||
		!db_script(work->bare,
			"CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, line TEXT) STRICT"))
		bench_give_up(error);
}

typedef void one_thing(struct work *work, int i);

static _Noreturn void be_seat(const struct bench *bench, int seat, one_thing *one)
{
	struct work work = {.bench = bench, .seat = seat};
	double longest_s = 0;

	if (one == scan_once)
		bench_console(&work.console, bench->home, "");
	else
		open_bare(&work);
	atomic_fetch_add(&bench->shared->ready, 1);
	while (!atomic_load(&bench->shared->go))
		poll(NULL, 0, 1);
	for (int i = 0; i < bench->each; i++) {
		double begin = bench_seconds(), took;

		one(&work, i);
		took = bench_seconds() - begin;
		longest_s = took > longest_s ? took : longest_s;
		poll(NULL, 0, bench->pause_ms);
	}
	bench->shared->longest_s[seat] = longest_s;
	_exit(0);
}

/* ---- all together ---- */

struct outcome {
	double per_s, longest_s;
};

static struct outcome run(const struct bench *bench, one_thing *one)
{
	struct outcome outcome = {0, 0};
	double begin;
	int status;

	memset(bench->shared, 0, sizeof *bench->shared);
	fflush(stdout);
	for (int seat = 0; seat < bench->seats; seat++)
		if (fork() == 0)
			be_seat(bench, seat, one);
	while (atomic_load(&bench->shared->ready) < bench->seats)
		poll(NULL, 0, 1);
	begin = bench_seconds();
	atomic_store(&bench->shared->go, true);
	for (int seat = 0; seat < bench->seats; seat++)
		if (wait(&status) < 0 || status != 0)
			bench_give_up("a seat failed");
	outcome.per_s = bench->seats * bench->each / (bench_seconds() - begin);
	for (int seat = 0; seat < bench->seats; seat++)
		if (bench->shared->longest_s[seat] > outcome.longest_s)
			outcome.longest_s = bench->shared->longest_s[seat];
	return outcome;
}

static void flat_out(struct bench *bench, int seats, int all)
{
	char what[64];
	double best = 0;

	bench->seats = seats;
	bench->each = all / seats;
	bench->pause_ms = 0;
	for (int i = 0; i < ROUNDS; i++) {
		struct outcome bare = run(bench, commit_once), scans = run(bench, scan_once);
		double ratio = scans.per_s / bare.per_s;

		printf("%d seats flat out: %.0f scans/s, longest %.1f ms; bare %.0f commits/s, "
		       "longest %.1f ms; ratio %.2f\n",
			seats, scans.per_s, scans.longest_s * 1000, bare.per_s,
			bare.longest_s * 1000, ratio);
		best = ratio > best ? ratio : best;
	}
	snprintf(what, sizeof what, "%d seats, durable scans of all", seats);
	bench_at_least(what, best, 0.8);
}

static void at_a_pace(struct bench *bench, int seats, int each)
{
	struct outcome bare, scans;
	char what[64];

	bench->seats = seats;
	bench->each = each;
	bench->pause_ms = PACE_MS;
	bare = run(bench, commit_once);
	scans = run(bench, scan_once);
	snprintf(what, sizeof what, "%d seats, a scan every %d ms each, longest scan", seats,
		PACE_MS);
	bench_at_most(what, scans.longest_s * 1000, WAIT_MOST_MS, " ms");
	printf("  the longest bare commit took %.2f ms\n", bare.longest_s * 1000);
}

static void one_commit(const struct bench *bench)
{
	struct work work = {.bench = bench};
	double begin;

	open_bare(&work);
	begin = bench_seconds();
	for (int i = 0; i < 1000; i++)
		commit_once(&work, i);
	printf("one commit on this disk: %.3f ms\n", bench_seconds() - begin);
	db_close(work.bare);
}

int main(void)
{
	struct bench bench = {.seats = 1};

	bench.shared = mmap(NULL, sizeof *bench.shared, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (bench.shared == MAP_FAILED)
		bench_give_up("no shared memory");
	make_shop(&bench);
	one_commit(&bench);
	flat_out(&bench, 1, 4000);
	flat_out(&bench, SEATS_MAX, 4000);
	at_a_pace(&bench, 1, 25);
	at_a_pace(&bench, SEATS_MAX, 25);
	bench_sweep(bench.home);
	return 0;
}
