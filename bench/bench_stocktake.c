/* A stocktake of 100,000 lines, half of them counted, on the real screen in a pseudo-terminal: from a key or a
 * scan to the last byte that is drawn for it, beside the bare SQLite query for the ids of a page and the bare
 * commit of a row, both on the same files. Nobody notices a tenth of a second. Then 10,000 scans, after which
 * the screen is to be as big as before. */
#include "bench/kit.h"
#include "bench/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1772416800000)
#define LINES 100000
#define TIMES 9
#define PERSON_MS 100.0
#define SCANS 10000
#define BURST 20
#define GROWTH_MB 0.5
#define CODES 200

struct bench {
	char home[BENCH_FOLDER_SIZE];
	char sheet[UUID_SIZE], number[64];
	struct db *bare; /* the cache, without anything around it */
	struct bench_screen screen;
	char codes[CODES][24];
	int scanned;
};

/* ---- the sheet ---- */

/* Every second product is counted: most as the book says, some short, some over. */
static const char *const fill[] = {
	"INSERT INTO stock (store, sku, on_hand, damaged, in_stock, opened) SELECT 'x', p.sku, 20000, 0, 1, 1 "
	"FROM product p WHERE true ON CONFLICT (store, sku) DO NOTHING",
	"INSERT INTO stocktake_line (stocktake, sku, store, round, book, counted, corrected, counted_at) "
	"SELECT (SELECT id FROM stocktake), sku, 'x', 1, on_hand, on_hand + CASE rowid % 20 WHEN 0 THEN -3000 "
	"WHEN 2 THEN 2000 ELSE 0 END, 0, 1772416800000 + rowid FROM stock WHERE rowid % 2 = 0",
	"INSERT INTO count_entry (id, stocktake, store, sku, round, no, zone, mode, qty, book, corrected, at, "
	"actor, pass) SELECT printf('019a%08d-0000-7000-8000-000000000000', rowid), stocktake, store, sku, 1, 1, "
	"'', 'set', counted, book, 0, counted_at, 'a', 1 FROM stocktake_line",
};

static void do_one(
	struct console *console, const char *op, const char *data, struct console_verdict *verdict)
{
	console_do(console, op, "x", "a", cJSON_Parse(data), NOW, verdict);
	if (!verdict->saved)
		bench_give_up(verdict->message);
}

static void start_sheet(struct bench *bench, struct console *console)
{
	struct console_verdict verdict;
	char data[100];
	do_one(console, "stocktake.create", "{\"scope\":\"full\"}", &verdict);
	memcpy(bench->sheet, verdict.id, UUID_SIZE);
	console_verdict_free(&verdict);
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", bench->sheet);
	do_one(console, "stocktake.start", data, &verdict);
	console_verdict_free(&verdict);
	char *number = db_get_text(console->cache, "SELECT number FROM stocktake", "");
	snprintf(bench->number, sizeof bench->number, "%s", number ? number : "");
	free(number);
}

static void read_codes(struct bench *bench, struct db *db)
{
	struct db_rows *rows = db_query(db,
		"SELECT json_extract(barcodes, '$[0]') FROM product ORDER BY sku DESC LIMIT $1",
		"i", (int64_t)CODES);
	for (int i = 0; i < CODES && db_next(rows); i++)
		snprintf(bench->codes[i], sizeof bench->codes[i], "%s\r", db_text(rows, 0));
	db_done(rows);
}

static void make_shop(struct bench *bench)
{
	struct console console = {0};
	bench_folder(bench->home);
	bench_console(&console, bench->home, "http://127.0.0.1:1");
	bench_fill(&console, LINES);
	bench_screen_pin(&console);
	start_sheet(bench, &console);
	db_begin(console.cache);
	for (size_t i = 0; i < sizeof fill / sizeof *fill; i++)
		db_run(console.cache, fill[i], "");
	if (!db_commit(console.cache))
		bench_give_up(db_message(console.cache));
	read_codes(bench, console.cache);
	console_close(&console);
}

/* ---- the bare limits ---- */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median_ms(double *times)
{
	qsort(times, TIMES, sizeof *times, compare);
	return times[TIMES / 2] * 1e3;
}

static struct db *open_bare(const struct bench *bench, const char *name)
{
	struct db_options options = {.durability = DB_DURABLE, .busy_ms = 5000};
	char path[BENCH_FOLDER_SIZE + 16], error[200];
	snprintf(path, sizeof path, "%s/%s", bench->home, name);
	struct db *db = db_open(path, &options, error, sizeof error);
	if (!db)
		bench_give_up(error);
	return db;
}

static double bare_page_ms(struct bench *bench)
{
	double times[TIMES];
	for (int i = 0; i < TIMES; i++) {
		double begin = bench_seconds();
		struct db_rows *rows = db_query(bench->bare,
			"SELECT sku, book, counted FROM stocktake_line WHERE stocktake = $1 AND "
			"sku > 'P0050000' ORDER BY sku LIMIT 50",
			"t", bench->sheet);
		while (db_next(rows))
			db_text(rows, 0);
		db_done(rows);
		times[i] = bench_seconds() - begin;
	}
	return median_ms(times);
}

static double bare_commit_ms(const struct bench *bench)
{
	double times[TIMES];
	char line[256]; /* as long as a scan's */
	struct db *db = open_bare(bench, "bare.db");
	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	db_script(db, "CREATE TABLE t (n INTEGER PRIMARY KEY, line TEXT) STRICT");
	for (int i = 0; i < TIMES; i++) {
		double begin = bench_seconds();
		if (!db_run(db, "INSERT INTO t (line) VALUES ($1)", "t", line))
			bench_give_up(db_message(db));
		times[i] = bench_seconds() - begin;
	}
	db_close(db);
	return median_ms(times);
}

/* ---- on the screen ---- */

static double open_sheet(struct bench *bench)
{
	char keys[80];
	bench_screen_type(&bench->screen, "\033OR");
	bench_screen_type(&bench->screen, "\033");
	snprintf(keys, sizeof keys, "%s\r", bench->number);
	return bench_screen_type(&bench->screen, keys);
}

static double scan(struct bench *bench)
{
	return bench_screen_type(&bench->screen, bench->codes[bench->scanned++ % CODES]);
}

/* The keys are pressed so often; `back` undoes each and is not measured. */
static void press(struct bench *bench, const char *what, const char *keys, const char *back)
{
	double times[TIMES];
	for (int i = 0; i < TIMES; i++) {
		times[i] = bench_screen_type(&bench->screen, keys);
		if (back)
			bench_screen_type(&bench->screen, back);
	}
	bench_at_most(what, median_ms(times), PERSON_MS, " ms");
}

static void measure_opening(struct bench *bench)
{
	double times[TIMES];
	for (int i = 0; i < TIMES; i++)
		times[i] = open_sheet(bench);
	bench_at_most("the sheet opens", median_ms(times), PERSON_MS, " ms");
}

static void measure_scans(struct bench *bench, const char *what)
{
	double times[TIMES];
	for (int i = 0; i < TIMES; i++)
		times[i] = scan(bench);
	bench_at_most(what, median_ms(times), PERSON_MS, " ms");
}

static void measure_keys(struct bench *bench)
{
	bench_screen_type(&bench->screen, "\033OH");
	press(bench, "one down", "\033OB", NULL);
	press(bench, "a page down", "\033[6~", NULL);
	press(bench, "to the last line", "\033OF", "\033OH");
	press(bench, "to the first line", "\033OH", "\033OF");
	press(bench, "the next tab", "\033OC", NULL);
	bench_screen_type(&bench->screen, "\033OH");
	press(bench, "another order", "s", NULL);
}

/* Nine tabs and orders later the sheet stands somewhere: it is opened anew. */
static void measure_search(struct bench *bench)
{
	open_sheet(bench);
	bench_screen_type(&bench->screen, "/");
	press(bench, "a letter of a search", "o", "\177");
	bench_screen_type(&bench->screen, "\033");
}

static void expect_saved(struct bench *bench)
{
	struct db *outbox = open_bare(bench, "outbox.db");
	int64_t saved = db_get_int(
		outbox, -1, "SELECT count(*) FROM command WHERE op = 'stocktake.count'", "");
	if (saved != bench->scanned) {
		printf("%d scans, %lld saved\n", bench->scanned, (long long)saved);
		bench_give_up("scans are missing");
	}
	db_close(outbox);
}

static void measure_growth(struct bench *bench)
{
	double before = bench_screen_mb(&bench->screen, "RssAnon:"), begin = bench_seconds();
	for (int i = 0; i < SCANS; i += BURST) {
		char burst[BURST * 24] = "";
		for (int k = 0; k < BURST; k++)
			strncat(burst, bench->codes[bench->scanned++ % CODES],
				sizeof burst - strlen(burst) - 1);
		bench_screen_type(&bench->screen, burst);
	}
	printf("%d scans in bursts of %d, waiting behind each: %.0f s\n", SCANS, BURST,
		bench_seconds() - begin);
	bench_at_most("own memory grew over 10000 scans",
		bench_screen_mb(&bench->screen, "RssAnon:") - before, GROWTH_MB, " MB");
	bench_at_most("resident memory", bench_screen_mb(&bench->screen, "VmRSS:"), 16, " MB");
	expect_saved(bench);
}

int main(void)
{
	struct bench bench = {.scanned = 0};
	make_shop(&bench);
	bench.bare = open_bare(&bench, "cache.db");
	printf("bare: %.2f ms for the ids of a page, %.2f ms for the commit of a row\n",
		bare_page_ms(&bench), bare_commit_ms(&bench));
	bench_screen_open(&bench.screen, bench.home, 24, 80);
	measure_opening(&bench);
	measure_scans(&bench, "a scan");
	measure_keys(&bench);
	measure_search(&bench);
	open_sheet(&bench);
	measure_growth(&bench);
	measure_scans(&bench, "a scan behind 10000 others");
	bench_screen_close(&bench.screen);
	db_close(bench.bare);
	bench_sweep(bench.home);
	return 0;
}
