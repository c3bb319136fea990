/* Goods are conserved: random commands, valid and not, at six consoles of five stores whose lines to HQ are
 * down most of the time, and in every other seed are cut in the middle; programs end and caches are lost. After
 * every step the rules of goods_rules.h hold at HQ and at the console, and what there is of every SKU is what
 * came in less what went out.
 *
 * tests/test_goods_property [SEEDS] [FIRST] runs so many seeds; a failure names the seed and the step. */
#include "tests/goods_acts.h"
#include "tests/goods_rules.h"
#include "tests/sanitized.h"

#include "model/json.h"
#include "model/stock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if SANITIZED
#define SEEDS 4
#else
#define SEEDS 16
#endif
#define STEPS 500
#define REACH_SEEDS 16 /* so many see everything that can happen */

static long seeds = SEEDS, first = 1;

/* What fails now, with the seed and the step to find it again by. */
struct run {
	struct goods_world world;
	unsigned long long seed;
	int step;
	uint64_t generation; /* of HQ's feeds, when its rows were looked at last */
};

__attribute__((format(printf, 2, 3), noreturn)) static void broken(
	const struct run *run, const char *format, ...)
{
	char words[600];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	fail_msg("step %d: %s. Again: tests/test_goods_property 1 %llu", run->step, words,
		run->seed);
	abort();
}

/* ---- the rules at HQ ---- */

#define APPLIED \
	"(command = 'start' OR command IN (SELECT id FROM command WHERE status = 'applied'))"

static const struct {
	const char *words, *sql; /* finds what breaks it; the first column says which */
} hq_rules[] = {
	/* On hand and damaged everywhere, and what is in transit, are what was opened and found, less what
	 * was written off, and what third parties brought, less what they took. */
	{"goods come and go only as they may",
		"SELECT sku FROM (SELECT sku, on_hand + damaged AS q FROM stock"
		" UNION ALL SELECT sku, max(shipped - received - written_off - sent_back, 0)"
		" FROM movement_line WHERE from_store IS NOT NULL AND to_store IS NOT NULL"
		" UNION ALL SELECT sku, written_off FROM movement_line"
		" UNION ALL SELECT sku, shipped FROM movement_line WHERE to_store IS NULL"
		" UNION ALL SELECT sku, -received FROM movement_line WHERE from_store IS NULL"
		" UNION ALL SELECT sku, -qty FROM temp.told WHERE kind <> 'received' AND " APPLIED
		") GROUP BY sku HAVING SUM(q) <> 0"},
	{"what was counted is on its line, once",
		"SELECT doc || ' ' || sku FROM (SELECT movement AS doc, sku, received AS q,"
		" CASE WHEN to_store IS NULL THEN 0 ELSE damaged END AS d FROM movement_line"
		" UNION ALL SELECT doc, sku, -qty, -damaged FROM temp.told WHERE kind = 'received'"
		" AND " APPLIED ") GROUP BY doc, sku HAVING SUM(q) <> 0 OR SUM(d) <> 0"},
	{"only a fact takes stock below zero",
		"SELECT c.op FROM exception x JOIN command c ON c.id = x.command"
		" WHERE x.kind = 'negative_stock' AND c.op NOT IN ('inbound.receive', 'stock.adjust')"},
	{"a fact is refused for bad data, a right or a store that is missing",
		"SELECT verdict FROM command WHERE op IN ('inbound.receive', 'stock.adjust')"
		" AND status = 'rejected' AND json_extract(verdict, '$.code') NOT IN"
		" ('bad_data', 'no_right', 'unknown_staff', 'unknown_store', 'wrong_store')"},
	{"nothing fails for no reason of the contract",
		"SELECT verdict FROM command WHERE json_extract(verdict, '$.code') = 'fault'"},
};

static void check_hq(struct run *run)
{
	struct db *db = run->world.look;
	const char *rule = goods_broken_rule(db, NULL);

	rule = rule ? rule : goods_broken_ledger(db);
	if (rule)
		broken(run, "not so at HQ: %s", rule);
	for (size_t i = 0; i < sizeof hq_rules / sizeof *hq_rules; i++) {
		char *what = db_get_text(db, hq_rules[i].sql, "");

		if (what)
			broken(run, "not so at HQ: %s: %.300s", hq_rules[i].words, what);
	}
	if (db_failed(db))
		broken(run, "HQ's database: %s", db_message(db));
}

static void check_console(struct run *run, const struct goods_home *home)
{
	struct db *cache = home->console.cache;
	const char *rule = goods_broken_rule(cache, home->store);

	rule = rule ? rule : goods_broken_ledger(cache);
	if (rule)
		broken(run, "not so at %s: %s", home->store, rule);
	if (db_failed(cache))
		broken(run, "the cache of %s: %s", home->store, db_message(cache));
}

/* ---- a console that has everything is as HQ ---- */

#define ENDS "$1 IN (from_store, to_store)"
#define EITHER "$1 IN (store, other_store)"

static const struct {
	const char *table, *columns, *of_store;
} same[] = {
	{"stock", "store, sku, on_hand, damaged", "store = $1"},
	{"ledger", "id, store, sku, qty, damaged, reason, doc", "store = $1"},
	{"movement", "id, out_number, in_number, from_store, to_store, status, transfer", ENDS},
	{"movement_line",
		"movement, sku, no, ordered, shipped, received, damaged, written_off, sent_back, extra,"
		" unknown, reason",
		ENDS},
	{"transfer", "id, number, from_store, to_store, status, movement", ENDS},
	{"transfer_line", "transfer, sku, no, ordered, agreed", ENDS},
	{"history", "id, doc, store, op, actor, text", EITHER},
	{"exception", "id, kind, store, doc, sku", EITHER},
};

/* All rows of a table as one text, which the caller frees. */
static char *rows_of(struct db *db, size_t table, const char *store)
{
	struct text sql = TEXT_INIT(TEXT_SMALL), all = TEXT_INIT((size_t)4 * 1024 * 1024);
	struct db_rows *rows;

	text_addf(&sql, "SELECT %s FROM %s WHERE %s ORDER BY 1, 2", same[table].columns,
		same[table].table, store ? same[table].of_store : "$1 = ''");
	rows = db_query(db, text_get(&sql), "t", store ? store : "");
	while (db_next(rows)) {
		for (int i = 0; i < db_columns(rows); i++)
			text_addf(&all, "%s ", db_text(rows, i) ? db_text(rows, i) : "-");
		text_add(&all, "\n");
	}
	db_done(rows);
	text_free(&sql);
	return text_take(&all);
}

static void expect_same(struct run *run, const struct goods_home *home)
{
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		char *ours = rows_of(home->console.cache, i, home->store);
		char *theirs = rows_of(run->world.look, i, home->store);
		size_t at = 0;

		while (ours[at] && ours[at] == theirs[at])
			at++;
		if (ours[at] || theirs[at])
			broken(run, "%s of %s differ: …%.200s… here, …%.200s… at HQ", same[i].table,
				home->store, ours + (at > 60 ? at - 60 : 0),
				theirs + (at > 60 ? at - 60 : 0));
		free(ours);
		free(theirs);
	}
}

/* It has sent and fetched everything, and nobody did anything since. */
static void drain(struct run *run, struct goods_home *home)
{
	struct console_counts counts;

	goods_sync(home);
	console_count(&home->console, home->store, &counts);
	if (counts.unsent + counts.amber > 0)
		broken(run, "%s has %d unsent and %d amber commands", home->store, counts.unsent,
			counts.amber);
	expect_same(run, home);
}

/* ---- what HQ tells of stock is what its rules reckon with ---- */

static int64_t told(const cJSON *row, const char *name)
{
	int64_t qty = INT64_MIN;
	double number = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(row, name));

	if (number > -1e9 && number < 1e9)
		qty = (int64_t)(number * 1000 + (number < 0 ? -0.5 : 0.5));
	return qty;
}

static void expect_told(struct run *run)
{
	char *body = goods_get(&run->world, "/v1/stock", "limit=200");
	cJSON *rows = cJSON_Parse(body);
	const cJSON *row;
	int64_t lines = db_get_int(run->world.look, -1, "SELECT COUNT(*) FROM stock", "");

	if (cJSON_GetArraySize(rows) != lines)
		broken(run, "HQ tells of %d stock lines and has %lld", cJSON_GetArraySize(rows),
			(long long)lines);
	cJSON_ArrayForEach(row, rows)
	{
		const char *store = json_text(row, "store"), *sku = json_text(row, "sku");
		struct stock_figures f = stock_figures_of(run->world.look, store, sku);

		if (told(row, "on_hand") != f.on_hand || told(row, "damaged") != f.damaged ||
			told(row, "in_transit_in") != f.in_transit_in ||
			told(row, "in_transit_out") != f.in_transit_out ||
			told(row, "available") != f.available)
			broken(run, "HQ tells other figures of %s at %s than it reckons with", sku,
				store);
	}
	cJSON_Delete(rows);
	free(body);
}

/* ---- the run ---- */

static void step(struct run *run)
{
	struct goods_world *world = &run->world;
	struct goods_home *home = &world->homes[goods_draw(world, GOODS_HOMES)];
	int what = goods_draw(world, 100);

	if (what < 78)
		goods_act(home);
	else if (what < 90)
		goods_step(home, 1 + goods_draw(world, 8));
	else if (what < 91)
		goods_restart(home, goods_draw(world, 2) == 0);
	else if (what < 98)
		drain(run, home);
	else
		goods_act_office(world);
	check_console(run, home);
	if (hq_generation(world->hq) != run->generation)
		check_hq(run);
	run->generation = hq_generation(world->hq);
}

/* What became of the commands of this seed, for the tallies. */
static void tally(struct run *run)
{
	int count;
	struct goods_tally *tallies = goods_tallies(&count);
	struct db *db = run->world.look;

	for (int i = 0; i < count; i++) {
		tallies[i].applied += (int)db_get_int(db, 0,
			"SELECT count(*) FROM command WHERE op = $1 AND status = 'applied'", "t",
			tallies[i].op);
		tallies[i].refused += (int)db_get_int(db, 0,
			"SELECT count(*) FROM command WHERE op = $1 AND status <> 'applied'", "t",
			tallies[i].op);
	}
}

static void run_seed(struct run *run)
{
	struct goods_world *world = &run->world;

	goods_open(world, run->seed, true);
	goods_begin_telling(world);
	world->cuts = run->seed % 2 ? 6 : 0;
	for (run->step = 0; run->step < STEPS; run->step++)
		step(run);
	for (int i = 0; i < GOODS_HOMES; i++)
		goods_sync(&world->homes[i]);
	check_hq(run);
	for (int i = 0; i < GOODS_HOMES; i++)
		drain(run, &world->homes[i]);
	expect_told(run);
	tally(run);
	goods_close(world);
}

/* Every command was saved, refused here, applied and refused at HQ; else the test lost its reach. */
static void expect_reach(void)
{
	int count;
	const struct goods_tally *tallies = goods_tallies(&count);

	for (int i = 0; i < count; i++) {
		const struct goods_tally *t = &tallies[i];
		/* What makes a document without asking anybody, or adjusts, is refused here or never. */
		bool asks = strstr(t->op, ".create") == NULL &&
			strcmp(t->op, "stock.adjust") != 0 &&
			strcmp(t->op, "transfer.request") != 0;

		print_message("# %-18s here: %d saved, %d not; HQ: %d applied, %d refused\n", t->op,
			t->saved, t->unsaved, t->applied, t->refused);
		if (t->saved == 0 || t->unsaved == 0 || t->applied == 0 ||
			(asks && t->refused == 0))
			fail_msg("the test lost its reach: %s", t->op);
	}
}

static void goods_are_conserved(void **state)
{
	/* Whatever is done at five stores, offline or not, goods come and go only by third parties, openings,
	 * adjustments and write-offs, figures add up, and a console that has everything equals HQ. */
	static struct run run;

	(void)state;
	for (long i = 0; i < seeds; i++) {
		memset(&run, 0, sizeof run);
		run.seed = (unsigned long long)first + (unsigned long long)i;
		run_seed(&run);
	}
	if (seeds >= REACH_SEEDS)
		expect_reach();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goods_are_conserved),
	};

	seeds = argc > 1 ? strtol(argv[1], NULL, 10) : SEEDS;
	first = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	return cmocka_run_group_tests_name("goods are conserved", tests, NULL, NULL);
}
