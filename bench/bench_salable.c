/* What a channel may still promise, with a ledger of a million reservations and with one of a thousand: the time
 * of a look-up beside a bare look-up of one row by its key. What placing an order takes is for comparison. */
#include "bench/kit.h"
#include "model/catalogue.h"
#include "model/command.h"
#include "model/salable.h"
#include "model/table.h"
#include "model/uuid.h"

#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1772416800000)
#define SKUS 1000
#define STORES 5
#define LOOKS 100000
#define ORDERS 1000
#define SMALL 1000
#define LOOK_BUDGET 5.0   /* times a bare look-up: it takes two, and reckons */
#define GROWTH_BUDGET 1.5 /* times the same with a small ledger */

static struct db *open_hq(const char *home)
{
	char path[BENCH_FOLDER_SIZE + 16], error[200];
	struct db_options options = {.durability = DB_RELAXED};
	struct text sql = TEXT_INIT(TEXT_LARGE);
	snprintf(path, sizeof path, "%s/hq.db", home);
	struct db *db = db_open(path, &options, error, sizeof error);
	if (!db)
		bench_give_up(error);
	table_ddl(&sql, false);
	catalogue_ddl(&sql);
	db_script(db, text_get(&sql));
	text_free(&sql);
	return db;
}

static void name_sku(char sku[16], int i)
{
	snprintf(sku, 16, "P%07d", i % SKUS);
}

static void fill(struct db *db)
{
	char sku[16], store[8];
	db_begin(db);
	db_run(db, "INSERT INTO channel (id, name, stores) VALUES ('web', 'Web', '[]')", "");
	for (int s = 0; s < STORES; s++) {
		snprintf(store, sizeof store, "s%d", s);
		db_run(db, "INSERT INTO store (id, name, kind, enabled) VALUES ($1, $1, 'shop', 1)",
			"t", store);
		db_run(db, "INSERT INTO channel_store (channel, store, no) VALUES ('web', $1, $2)",
			"ti", store, (int64_t)s);
	}
	for (int i = 0; i < SKUS; i++) {
		name_sku(sku, i);
		db_run(db, "INSERT INTO product (sku, name) VALUES ($1, $1)", "t", sku);
		for (int s = 0; s < STORES; s++) {
			snprintf(store, sizeof store, "s%d", s);
			db_run(db,
				"INSERT INTO stock (store, sku, on_hand, in_stock) VALUES ($1, $2, 900000000, 1)",
				"tt", store, sku);
		}
	}
	db_commit(db);
}

/* Places orders of one unit each, numbered from `from`; the seconds an order takes. */
static double place(struct db *db, struct uuid_source *ids, int from, int count)
{
	static const struct world world = {.at_hq = true, .every_right = true};
	char sku[16], line[400], message[200], id[UUID_SIZE];
	double start = bench_seconds();
	db_begin(db);
	for (int i = from; i < from + count; i++) {
		struct command command;
		struct verdict verdict;
		uint8_t random[10];
		bench_random(random, sizeof random);
		uuid_make(ids, NOW, random, id);
		name_sku(sku, i);
		snprintf(line, sizeof line,
			"{\"id\":\"%s\",\"op\":\"order.place\",\"v\":1,\"at\":\"2026-03-02T02:00:00.000Z\","
			"\"actor\":\"x\",\"data\":{\"number\":\"N%d\",\"channel\":\"web\","
			"\"lines\":[{\"sku\":\"%s\",\"qty\":1}]}}",
			id, i, sku);
		if (command_parse(line, strlen(line), &command, message, sizeof message))
			bench_give_up(message);
		command_run(db, &command, &world, NOW, &verdict);
		if (verdict.refusal)
			bench_give_up(verdict.message);
		verdict_free(&verdict);
		command_free(&command);
	}
	db_commit(db);
	return (bench_seconds() - start) / count;
}

static double look(struct db *db)
{
	char sku[16];
	int64_t sum = 0;
	double start = bench_seconds();
	for (int i = 0; i < LOOKS; i++) {
		name_sku(sku, i * 7919);
		sum += salable_of(db, "web", sku, true).salable;
	}
	if (sum <= 0)
		bench_give_up("nothing is salable");
	return (bench_seconds() - start) / LOOKS;
}

static double look_barely(struct db *db)
{
	char sku[16];
	int64_t sum = 0;
	double start = bench_seconds();
	for (int i = 0; i < LOOKS; i++) {
		name_sku(sku, i * 7919);
		sum += db_get_int(db, 0,
			"SELECT on_hand FROM salable WHERE channel = $1 AND sku = $2", "tt", "web",
			sku);
	}
	if (sum <= 0)
		bench_give_up("nothing is there");
	return (bench_seconds() - start) / LOOKS;
}

int main(void)
{
	char home[BENCH_FOLDER_SIZE], what[100];
	struct uuid_source ids = {0};
	int rows = bench_size(1000000, 50000);
	bench_folder(home);
	struct db *db = open_hq(home);
	fill(db);
	place(db, &ids, 0, SMALL);
	double small_place = place(db, &ids, SMALL, ORDERS), small_look = look(db);
	place(db, &ids, SMALL + ORDERS, rows - SMALL - ORDERS);
	double large_place = place(db, &ids, rows, ORDERS), large_look = look(db);
	double bare = look_barely(db);
	snprintf(what, sizeof what, "salable with %d ledger rows, beside a bare look-up", rows);
	bench_at_most(what, large_look / bare, LOOK_BUDGET, "x");
	bench_at_most("the same, beside that with 2,000 rows", large_look / small_look,
		GROWTH_BUDGET, "x");
	printf("a look-up takes %.1f us; an order %.0f us with a small ledger, %.0f us with this\n",
		large_look * 1e6, small_place * 1e6, large_place * 1e6);
	db_close(db);
	bench_sweep(home);
	return 0;
}
