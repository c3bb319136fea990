#include "bench/kit.h"

#include "model/barcode.h"
#include "model/json.h"

#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NOW INT64_C(1772416800000)
#define FIXED_ROWS 2

double bench_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int bench_size(int full, int small)
{
	const char *wish = getenv("BENCH_FULL");
	return wish && strcmp(wish, "1") == 0 ? full : small;
}

void bench_random(void *bytes, size_t size)
{
	randombytes_buf(bytes, size);
}

_Noreturn void bench_give_up(const char *why)
{
	fprintf(stderr, "bench: %s\n", why);
	exit(1);
}

void bench_at_least(const char *what, double ratio, double budget)
{
	printf("%s: ratio %.2f, budget %.2f or more%s\n", what, ratio, budget,
		ratio < budget ? "  MISSED" : "");
	fflush(stdout);
}

void bench_at_most(const char *what, double value, double budget, const char *unit)
{
	printf("%s: %.2f%s, budget %.2f%s or less%s\n", what, value, unit, budget, unit,
		value > budget ? "  MISSED" : "");
	fflush(stdout);
}

/* ---- folders ---- */

void bench_folder(char folder[BENCH_FOLDER_SIZE])
{
	snprintf(folder, BENCH_FOLDER_SIZE, "/var/tmp/countertop-bench-XXXXXX");
	if (sodium_init() < 0 || !mkdtemp(folder))
		bench_give_up("no folder");
}

static int sweep_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
	(void)info;
	(void)kind;
	(void)at;
	return remove(path);
}

void bench_sweep(const char *folder)
{
	nftw(folder, sweep_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- rows ---- */

static const char *const words[] = {"Green", "Tea", "Oolong", "Bottle", "Organic", "Large",
	"烏龍茶", "綠茶", "咖啡", "Coffee", "Dark", "Roast", "保溫杯", "筆記本", "Notebook", "Blue",
	"洗髮精", "Shampoo", "Mint", "Family", "茶葉", "禮盒", "Gift", "Box", "陶瓷", "Ceramic",
	"Mug", "毛巾", "Towel", "Soft", "牛奶", "Milk"};

#define WORDS ((unsigned)(sizeof words / sizeof *words))

static void product_row(int i, struct bench_row *row)
{
	unsigned h = (unsigned)i * 2654435761u;
	char gtin[16];
	snprintf(gtin, sizeof gtin, "47%010u", (unsigned)i % 1000000000u);
	row->feed = "catalogue";
	row->table = "product";
	text_addf(&row->key, "[\"P%07d\"]", i);
	text_addf(&row->json,
		"{\"sku\":\"P%07d\",\"name\":\"%s %s %s %d\",\"barcodes\":[\"%s%c\"],\"category\":\"C%02d\","
		"\"vendor\":\"V%03d\",\"price\":%d,\"is_virtual\":false,\"threshold\":0,\"backorders\":false}",
		i, words[h % WORDS], words[(h >> 8) % WORDS], words[(h >> 16) % WORDS], i % 5000,
		gtin, barcode_check_digit(gtin, 12), i % 40, i % 300, 100 + i % 900);
}

static void stock_row(int i, struct bench_row *row)
{
	row->feed = "store:x";
	row->table = "stock";
	text_addf(&row->key, "[\"x\",\"P%07d\"]", i * 5);
	text_addf(&row->json,
		"{\"store\":\"x\",\"sku\":\"P%07d\",\"on_hand\":%d,\"damaged\":0,\"in_stock\":true,\"opened\":true}",
		i * 5, i % 100);
}

int bench_row_count(int products)
{
	return FIXED_ROWS + products + products / 5;
}

void bench_row(int products, int i, struct bench_row *row)
{
	text_clear(&row->key);
	text_clear(&row->json);
	if (i == 0) {
		row->feed = "catalogue";
		row->table = "store";
		text_add(&row->key, "[\"x\"]");
		text_add(&row->json,
			"{\"id\":\"x\",\"name\":\"X\",\"kind\":\"shop\",\"enabled\":true,\"tz_minutes\":480,\"clerk_receives\":true}");
	} else if (i == 1) {
		row->feed = "store:x";
		row->table = "staff";
		text_add(&row->key, "[\"a\"]");
		text_add(&row->json,
			"{\"id\":\"a\",\"name\":\"A\",\"role\":\"manager\",\"stores\":[\"x\"],\"pin_hash\":\"\",\"active\":true}");
	} else if (i - FIXED_ROWS < products) {
		product_row(i - FIXED_ROWS, row);
	} else {
		stock_row(i - FIXED_ROWS - products, row);
	}
}

/* ---- a console ---- */

void bench_console(struct console *console, const char *home, const char *url)
{
	static const char *const stores[] = {"x"};
	char error[300];
	console->random = bench_random;
	if (!console_open(console, home, NULL, error, sizeof error))
		bench_give_up(error);
	if (!console_enrolled(console) && !console_enrol(console, url, "t", "d", stores, 1))
		bench_give_up("not enrolled");
}

void bench_fill(struct console *console, int products)
{
	struct bench_row row = {.key = TEXT_INIT(TEXT_SMALL), .json = TEXT_INIT(TEXT_SMALL)};
	struct text line = TEXT_INIT(TEXT_SMALL);
	bool differs, good = console_stage_begin(console);
	for (int i = 0; good && i < bench_row_count(products); i++) {
		bench_row(products, i, &row);
		text_clear(&line);
		text_addf(&line,
			"{\"feed\":\"%s\",\"seq\":\"%d\",\"table\":\"%s\",\"key\":%s,\"row\":%s}",
			row.feed, i + 1, row.table, text_get(&row.key), text_get(&row.json));
		cJSON *json = json_parse(text_get(&line), line.length, NULL, 0);
		good = json &&
			console_stage_row(console, json, text_get(&row.json), row.json.length);
		cJSON_Delete(json);
	}
	cJSON *sums = cJSON_Parse("{\"catalogue\":null,\"store:x\":null}");
	if (!good || !console_stage_end(console, "c") ||
		!console_land(console, sums, NOW, &differs))
		bench_give_up("the cache was not filled");
	cJSON_Delete(sums);
	text_free(&row.key);
	text_free(&row.json);
	text_free(&line);
}
