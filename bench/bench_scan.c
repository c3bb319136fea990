/* Durable scans a second beside bare one-row commits of SQLite with synchronous=FULL, in the same run and folder.
 * A scan is all that the clerk waits for: judged, on the disk, applied to the cache, its result at hand. Both take
 * turns, a few at a time, so that whatever else the disk does is to both the same. Then the same with the queue
 * of a week without HQ. The budget is 0.8 of the bare rate (design, section 5). */
#include "bench/kit.h"
#include "model/json.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define NOW INT64_C(1772416800000)
#define PRODUCTS 1000
#define TURN 50
#define WEEK 50000

struct shop {
	struct console console;
	struct db *bare;
	char sheet[UUID_SIZE];
	int scanned;
};

static double processor_seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void open_bare(struct shop *shop, const char *home)
{
	char path[BENCH_FOLDER_SIZE + 16], error[200];
	struct db_options options = {.durability = DB_DURABLE};
	snprintf(path, sizeof path, "%s/bare.db", home);
	shop->bare = db_open(path, &options, error, sizeof error);
	if (!shop->bare ||
		!db_script(shop->bare, "CREATE TABLE t (n INTEGER PRIMARY KEY, line TEXT) STRICT"))
		bench_give_up("no bare database");
}

static void do_one(struct shop *shop, const char *op, const char *data, char id[UUID_SIZE])
{
	struct console_verdict verdict;
	console_do(&shop->console, op, "x", "a", cJSON_Parse(data), NOW, &verdict);
	if (!verdict.saved)
		bench_give_up(verdict.message);
	memcpy(id, verdict.id, UUID_SIZE);
	console_verdict_free(&verdict);
}

static void start_sheet(struct shop *shop)
{
	char data[100], id[UUID_SIZE];
	do_one(shop, "stocktake.create", "{\"scope\":\"full\"}", shop->sheet);
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", shop->sheet);
	do_one(shop, "stocktake.start", data, id);
}

static void scan(struct shop *shop)
{
	char data[200], id[UUID_SIZE];
	snprintf(data, sizeof data,
		"{\"stocktake\":\"%s\",\"sku\":\"P%07d\",\"qty\":1,\"mode\":\"add\"}", shop->sheet,
		shop->scanned++ / 3 % (PRODUCTS / 5) * 5);
	do_one(shop, "stocktake.count", data, id);
}

/* What a scan costs at the least: one row of as many bytes as a scan's line, on the disk. */
static void commit_bare(struct shop *shop)
{
	char line[300];
	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	if (!db_run(shop->bare, "INSERT INTO t (line) VALUES ($1)", "t", line))
		bench_give_up("no bare commit");
}

/* Both in turns; seconds a scan took, and a bare commit. */
static double measure(struct shop *shop, int scans, double *bare_s, double *processor_s)
{
	double scans_s = 0;
	*bare_s = *processor_s = 0;
	for (int i = 0; i < scans; i += TURN) {
		double start = bench_seconds(), processor = processor_seconds();
		for (int k = 0; k < TURN; k++)
			commit_bare(shop);
		double middle = bench_seconds();
		*processor_s -= processor_seconds() - processor;
		processor = processor_seconds();
		for (int k = 0; k < TURN; k++)
			scan(shop);
		scans_s += bench_seconds() - middle;
		*bare_s += middle - start;
		*processor_s += processor_seconds() - processor;
	}
	*bare_s /= scans;
	*processor_s /= scans;
	return scans_s / scans;
}

static double report(struct shop *shop, const char *what, int scans)
{
	double bare_s, processor_s, scan_s = measure(shop, scans, &bare_s, &processor_s);
	printf("%s: %.0f us, a bare commit %.0f us; %.0f us more of the processor\n", what,
		scan_s * 1e6, bare_s * 1e6, processor_s * 1e6);
	bench_at_least(what, bare_s / scan_s, 0.8);
	return scan_s;
}

/* A week without HQ: as many commands wait, and are on the screen. */
static void queue_week(struct shop *shop, int commands)
{
	if (!db_run(shop->console.outbox,
		    "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < $1) "
		    "INSERT INTO command (id, op, store, actor, at, line) SELECT "
		    "printf('019a0000-0000-7000-8000-%012d', i), 'stocktake.count', 'x', 'a', $2, "
		    "printf('{\"id\":\"019a0000-0000-7000-8000-%012d\",\"op\":\"stocktake.count\",\"v\":1,"
		    "\"at\":\"2026-03-02T02:00:00.000Z\",\"store\":\"x\",\"actor\":\"a\",\"data\":{\"stocktake\":"
		    "\"%s\",\"sku\":\"P%07d\",\"qty\":1,\"mode\":\"add\"}}', i, $3, i % $4 * 5) FROM c",
		    "iiti", (int64_t)commands, NOW, shop->sheet, (int64_t)PRODUCTS / 5))
		bench_give_up("no queue");
	double start = bench_seconds();
	while (!console_catch_up(&shop->console, NOW))
		;
	printf("a backlog of %d commands is applied in %.0f ms\n", commands,
		(bench_seconds() - start) * 1e3);
}

int main(void)
{
	char home[BENCH_FOLDER_SIZE];
	struct shop shop = {.scanned = 0};
	struct console_counts counts;
	int scans = bench_size(6000, 3000);
	bench_folder(home);
	bench_console(&shop.console, home, "http://127.0.0.1:1");
	bench_fill(&shop.console, PRODUCTS);
	open_bare(&shop, home);
	start_sheet(&shop);
	double empty_s = report(&shop, "durable scan", scans);
	queue_week(&shop, bench_size(WEEK, WEEK / 5));
	double full_s = report(&shop, "durable scan, a week queued", scans);
	bench_at_least("a scan with a week queued beside one without", empty_s / full_s, 0.8);
	double start = bench_seconds();
	console_count(&shop.console, "x", &counts);
	printf("the status line counts %d unsent in %.2f ms\n", counts.unsent,
		(bench_seconds() - start) * 1e3);
	db_close(shop.bare);
	console_close(&shop.console);
	bench_sweep(home);
	return 0;
}
