/* Durable scans a second beside bare one-row commits of SQLite with synchronous=FULL, in the same run
 * and folder. The budget is 0.8 of the bare rate (design, section 5). */
#include "model/console.h"
#include "model/json.h"
#include "model/table.h"
#include "model/text.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SCANS 3000
#define ROUNDS 3
#define NOW INT64_C(1772416800000)

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void random_bytes(void *bytes, size_t size)
{
	randombytes_buf(bytes, size);
}

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "bench_scan: %s\n", what);
	exit(1);
}

/* What a scan costs at the least: one row of the same size, on the disk. */
static double bare_rate(const char *home)
{
	char path[200], error[200], line[256];
	struct db_options options = {.durability = DB_DURABLE, .busy_ms = 1000};
	snprintf(path, sizeof path, "%s/bare.db", home);
	struct db *db = db_open(path, &options, error, sizeof error);
	if (!db ||
		!db_script(db,
			"CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT) STRICT"))
		give_up("no bare database");
	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	double start = seconds();
	for (int i = 0; i < SCANS; i++)
		db_run(db, "INSERT INTO t (line) VALUES ($1)", "t", line);
	double took = seconds() - start;
	db_close(db);
	return SCANS / took;
}

static void stage(struct console *console, const char *table, const char *key, const char *row)
{
	char text[300], error[100];
	snprintf(text, sizeof text,
		"{\"feed\":\"store:x\",\"seq\":\"1\",\"table\":\"%s\",\"key\":%s}", table, key);
	cJSON *line = json_parse(text, strlen(text), error, sizeof error);
	if (!line || !console_stage_row(console, line, row, strlen(row)))
		give_up("a row was not staged");
	cJSON_Delete(line);
}

/* A home with one store, one person, one product, and a sheet that is counting; its id in `sheet`. */
static void make_shop(struct console *console, const char *home, char sheet[UUID_SIZE])
{
	static const char *const stores[] = {"x"};
	char error[200], data[100];
	bool differs;
	console->random = random_bytes;
	if (!console_open(console, home, NULL, error, sizeof error))
		give_up(error);
	console_enrol(console, "http://127.0.0.1:1", "t", "d", stores, 1);
	console_stage_begin(console);
	stage(console, "store", "[\"x\"]",
		"{\"id\":\"x\",\"name\":\"X\",\"kind\":\"shop\",\"enabled\":true,\"tz_minutes\":480,\"clerk_receives\":true}");
	stage(console, "staff", "[\"a\"]",
		"{\"id\":\"a\",\"name\":\"A\",\"role\":\"clerk\",\"stores\":[\"x\"],\"pin_hash\":\"\",\"active\":true}");
	stage(console, "stock", "[\"x\",\"A1\"]",
		"{\"store\":\"x\",\"sku\":\"A1\",\"on_hand\":1,\"damaged\":0,\"in_stock\":true,\"opened\":true}");
	console_stage_end(console, "c");
	cJSON *sums = json_parse("{\"store:x\":null}", 16, error, sizeof error);
	if (!console_land(console, sums, NOW, &differs))
		give_up("the rows did not land");
	cJSON_Delete(sums);
	struct console_verdict verdict;
	console_do(console, "stocktake.create", "x", "a", cJSON_Parse("{\"scope\":\"full\"}"), NOW,
		&verdict);
	strcpy(sheet, verdict.id);
	console_verdict_free(&verdict);
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", sheet);
	console_do(console, "stocktake.start", "x", "a", cJSON_Parse(data), NOW, &verdict);
	if (!verdict.saved)
		give_up("the sheet did not start");
	console_verdict_free(&verdict);
}

static double scan_rate(struct console *console, const char *sheet)
{
	char data[200];
	snprintf(data, sizeof data,
		"{\"stocktake\":\"%s\",\"sku\":\"A1\",\"qty\":1,\"mode\":\"add\"}", sheet);
	double start = seconds();
	for (int i = 0; i < SCANS; i++) {
		struct console_verdict verdict;
		console_do(
			console, "stocktake.count", "x", "a", cJSON_Parse(data), NOW + i, &verdict);
		if (!verdict.saved)
			give_up("a scan was not saved");
		console_verdict_free(&verdict);
	}
	return SCANS / (seconds() - start);
}

int main(void)
{
	char home[] = "/var/tmp/countertop-bench-XXXXXX", command[100], sheet[UUID_SIZE];
	struct console console;
	double best = 0;
	if (sodium_init() < 0 || !mkdtemp(home))
		give_up("cannot start");
	make_shop(&console, home, sheet);
	for (int i = 0; i < ROUNDS; i++) {
		double bare = bare_rate(home), scans = scan_rate(&console, sheet);
		printf("durable scan: %.0f/s, bare commit %.0f/s, ratio %.2f\n", scans, bare,
			scans / bare);
		best = scans / bare > best ? scans / bare : best;
	}
	console_close(&console);
	snprintf(command, sizeof command, "rm -rf '%s'", home);
	printf("durable scan: best ratio %.2f, budget 0.80\n", best);
	return system(command);
}
