/* 10,000 scans that HQ has not seen: what it costs to put HQ's rows back and to apply the scans again, beside
 * the least SQLite needs for the same rows. No budget stands in design.md for it but that pulling takes a twentieth
 * of the time; the figures are for comparison. */
#include "bench/kit.h"
#include "model/json.h"

#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1772416800000)
#define PRODUCTS 1000
#define ROUNDS 3

static void do_one(struct console *console, const char *op, const char *data, char id[UUID_SIZE])
{
	struct console_verdict verdict;
	console_do(console, op, "x", "a", cJSON_Parse(data), NOW, &verdict);
	if (!verdict.saved)
		bench_give_up(verdict.message);
	memcpy(id, verdict.id, UUID_SIZE);
	console_verdict_free(&verdict);
}

static void scan_all(struct console *console, int scans)
{
	char sheet[UUID_SIZE], other[UUID_SIZE], data[200];
	do_one(console, "stocktake.create", "{\"scope\":\"full\"}", sheet);
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", sheet);
	do_one(console, "stocktake.start", data, other);
	for (int i = 0; i < scans; i++) {
		snprintf(data, sizeof data,
			"{\"stocktake\":\"%s\",\"sku\":\"P%07d\",\"qty\":1,\"mode\":\"add\"}",
			sheet, i % (PRODUCTS / 5) * 5);
		do_one(console, "stocktake.count", data, other);
	}
}

static double bare_seconds(const char *home, int rows)
{
	char path[BENCH_FOLDER_SIZE + 16], error[200], id[UUID_SIZE];
	struct db_options options = {.durability = DB_RELAXED};
	snprintf(path, sizeof path, "%s/bare.db", home);
	struct db *db = db_open(path, &options, error, sizeof error);
	if (!db)
		bench_give_up(error);
	db_script(db,
		"CREATE TABLE IF NOT EXISTS entry (id TEXT PRIMARY KEY, sku TEXT, qty INTEGER) STRICT;"
		"CREATE TABLE IF NOT EXISTS line (sku TEXT PRIMARY KEY, counted INTEGER) STRICT;");
	double start = bench_seconds();
	db_begin(db);
	db_run(db, "DELETE FROM entry", "");
	db_run(db, "DELETE FROM line", "");
	for (int i = 0; i < rows; i++) {
		char sku[16];
		snprintf(id, sizeof id, "019a0000-0000-7000-8000-%012d", i);
		snprintf(sku, sizeof sku, "P%07d", i % (PRODUCTS / 5) * 5);
		db_run(db, "INSERT INTO entry VALUES ($1, $2, 1)", "tt", id, sku);
		db_run(db,
			"INSERT INTO line VALUES ($1, 1) ON CONFLICT (sku) DO UPDATE SET counted = counted + 1",
			"t", sku);
	}
	db_commit(db);
	double took = bench_seconds() - start;
	db_close(db);
	return took;
}

int main(void)
{
	char home[BENCH_FOLDER_SIZE];
	struct console console = {0};
	cJSON *sums = cJSON_Parse("{\"catalogue\":null,\"store:x\":null}");
	int scans = bench_size(10000, 3000);
	bool differs;
	bench_folder(home);
	bench_console(&console, home, "http://127.0.0.1:1");
	bench_fill(&console, PRODUCTS);
	scan_all(&console, scans);
	for (int i = 0; i < ROUNDS; i++) {
		double start = bench_seconds();
		if (!console_land(&console, sums, NOW, &differs))
			bench_give_up("nothing landed");
		double took = bench_seconds() - start, bare = bare_seconds(home, scans);
		printf("restore and replay of %d scans: %.0f ms (%.0f us each), bare rows %.0f ms, ratio %.2f\n",
			scans, took * 1e3, took * 1e6 / scans, bare * 1e3, bare / took);
	}
	cJSON_Delete(sums);
	console_close(&console);
	bench_sweep(home);
	return 0;
}
