/* Counts, undos and sales of several terminals give the same lines in whatever order they reach HQ
 * (product.md §3). */
#include "tests/sheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What happened at three terminals and a till, of two sheets, the first of them in round 2. What one terminal
 * did reaches HQ in that order. An undo names the fact it takes back by its place. */
static const struct fact {
	int minute, device;
	const char *op, *sku, *rest; /* rest: of the data; a sale: how many */
	int sheet;
	int undoes; /* place + 1; 0: none */
} facts[] = {
	{11, 0, "stocktake.count", "A1", "'qty':40,'mode':'add','zone':'A','pass':1,'round':1", 0,
		0},
	{12, 1, "stocktake.count", "A1", "'qty':1,'mode':'add','zone':'A','pass':1,'round':1", 0,
		0},
	{13, 3, "stock.adjust", "A1", "4", 0, 0},
	{14, 0, "stocktake.count", "A1", "'qty':50,'mode':'set','zone':'A','pass':1,'round':1", 0,
		0},
	{15, 0, "stocktake.count", "A1", "'qty':2,'mode':'add','zone':'A','pass':1,'round':1", 0,
		0},
	{16, 1, "stocktake.count", "A1", "'qty':9,'mode':'add','zone':'B','round':1", 0, 0},
	{17, 2, "stocktake.undo", NULL, NULL, 0, 5},
	{18, 1, "stocktake.count", "A1", "'qty':49,'mode':'add','zone':'A','pass':2,'round':1", 0,
		0},
	{19, 3, "stock.adjust", "A1", "2", 0, 0},
	{20, 2, "stocktake.count", "A1", "'qty':30,'mode':'set','round':1", 1, 0},
	{21, 0, "stocktake.count", "A2", "'qty':7,'mode':'add','zone':'A','pass':1,'round':1", 0,
		0},
	{22, 1, "stocktake.count", "A2", "'qty':8,'mode':'add','zone':'A','pass':2,'round':1", 0,
		0},
	{23, 0, "stocktake.count", "A2", "'qty':1,'mode':'add','zone':'A','pass':1,'round':1", 0,
		0},
	{31, 0, "stocktake.count", "A3", "'qty':7,'mode':'add','zone':'A','pass':1,'round':1", 0,
		0},
	{32, 1, "stocktake.count", "A3", "'qty':6,'mode':'add','zone':'A','pass':2,'round':1", 0,
		0},
	{33, 2, "stocktake.count", "A3", "'qty':5,'mode':'set','zone':'A','round':2", 0, 0},
	{34, 3, "stock.adjust", "A3", "1", 0, 0},
	{35, 1, "stocktake.count", "A3", "'qty':1,'mode':'add','zone':'A','round':2", 0, 0},
	{36, 0, "stocktake.undo", NULL, NULL, 0, 16},
	{41, 1, "stocktake.count", "4711", "'qty':3,'mode':'add','zone':'B','round':1", 0, 0},
	{42, 0, "stocktake.count", "A4", "'qty':5,'mode':'set','zone':'B','round':1", 0, 0},
	{43, 2, "stocktake.count", "4711", "'qty':1,'mode':'add','zone':'B','round':1", 0, 0},
	{44, 0, "stocktake.undo", NULL, NULL, 0, 20},
};
#define FACTS ((int)(sizeof facts / sizeof *facts))

/* A small generator of its own, so that a failure can be had again. */
static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

#define DEVICES 4

/* The place of the terminal's next fact behind `from`; FACTS if there is none. */
static int next_of(int device, int from)
{
	while (from < FACTS && facts[from].device != device)
		from++;
	return from;
}

/* Order 0 is that of their times, in order 1 one terminal after the other has its line back, the others are
 * mixed at random. */
static void make_order(int order[FACTS], unsigned number)
{
	unsigned seed = number;
	int next[DEVICES];
	for (int d = 0; d < DEVICES; d++)
		next[d] = next_of(d, 0);
	for (int i = 0; i < FACTS; i++) {
		int d = number == 0   ? facts[i].device
			: number == 1 ? 0
				      : (int)(next_random(&seed) % DEVICES);
		while (next[d] == FACTS)
			d = (d + 1) % DEVICES;
		order[i] = next[d];
		next[d] = next_of(d, next[d] + 1);
	}
}

struct shop {
	struct fixture f;
	const char *sheets[2];
	char ids[FACTS][UUID_SIZE]; /* of what arrived; "" before */
};

/* False if it is an undo of what has not arrived: HQ parks it until then. */
static bool deliver(struct shop *shop, int place)
{
	const struct fact *fact = &facts[place];
	const char *id, *sheet = shop->sheets[fact->sheet];
	if (fact->undoes && !*shop->ids[fact->undoes - 1])
		return false;
	fixture_at_minute(&shop->f, fact->minute);
	shop->f.world.device = (const char *const[DEVICES]){
		"box-0", "box-1", "box-2", "till"}[fact->device];
	if (fact->undoes)
		id = fixture_do(&shop->f, fact->op, "xinyi", "chen",
			"{'stocktake':'%s','count':'%s'}", sheet, shop->ids[fact->undoes - 1]);
	else if (strcmp(fact->op, "stocktake.count") == 0)
		id = fixture_do(&shop->f, fact->op, "xinyi", "chen",
			"{'stocktake':'%s','sku':'%s',%s}", sheet, fact->sku, fact->rest);
	else
		id = fixture_do(&shop->f, fact->op, "xinyi", "lin",
			"{'kind':'write_off','reason':'sold','lines':[{'sku':'%s','qty':%s}]}",
			fact->sku, fact->rest);
	snprintf(shop->ids[place], UUID_SIZE, "%s", id);
	return true;
}

static void resolve(struct shop *shop)
{
	fixture_do(&shop->f, "stocktake.resolve", "xinyi", "chen",
		"{'stocktake':'%s','code':'4711','sku':'A4'}", shop->sheets[0]);
}

/* Zone A of the first sheet was counted twice in round 1 and is claimed in round 2. */
static void prepare(struct shop *shop, bool resolved)
{
	struct fixture *f = &shop->f;
	fixture_open(f);
	for (int i = 0; i < 2; i++)
		shop->sheets[i] = sheets_started(f, SHEETS_FULL);
	const char *sheet = shop->sheets[0];
	static const char *const claims[] = {"", ",'again':true"};
	for (int i = 0; i < 2; i++) {
		fixture_do(f, "stocktake.claim", "xinyi", "chen", "{'stocktake':'%s','zone':'A'%s}",
			sheet, claims[i]);
		fixture_do(f, "stocktake.release", "xinyi", "chen", "{'stocktake':'%s','zone':'A'}",
			sheet);
	}
	if (resolved) {
		/* Somebody has met the code before. */
		const char *seen = fixture_do(f, "stocktake.count", "xinyi", "chen",
			"{'stocktake':'%s','sku':'4711','qty':1,'mode':'add'}", sheet);
		resolve(shop);
		fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}",
			sheet, seen);
	}
	sheets_finish(f, sheet);
	fixture_do(f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	fixture_do(f, "stocktake.claim", "xinyi", "chen", "{'stocktake':'%s','zone':'A'}", sheet);
}

/* All lines as text, without what says that something came late. The code is resolved before or after. The caller frees it. */
static char *lines_after(unsigned number)
{
	static struct shop shop;
	int order[FACTS], left = FACTS;
	memset(&shop, 0, sizeof shop);
	prepare(&shop, number % 2 == 0);
	make_order(order, number);
	/* Whatever was parked is tried again after each arrival. */
	for (int i = 0; i < FACTS; i++) {
		left -= deliver(&shop, order[i]);
		for (int k = 0; k < i; k++)
			if (!*shop.ids[order[k]])
				left -= deliver(&shop, order[k]);
	}
	assert_int_equal(left, 0);
	if (number % 2 == 1)
		resolve(&shop);
	char *lines = db_get_text(shop.f.db,
		"SELECT group_concat(t, char(10)) FROM (SELECT (stocktake = $1) || ' ' || sku || ' round ' || round || "
		"' book ' || book || ' counted ' || COALESCE(counted, 'no') || ' corrected ' || corrected || ' moved ' || "
		"moved || ' disputed ' || disputed || ' later ' || later || ' at ' || counted_at AS t FROM stocktake_line "
		"WHERE sku IN ('A1', 'A2', 'A3', 'A4', '4711') ORDER BY 1)",
		"t", shop.sheets[0]);
	assert_non_null(lines);
	fixture_close(&shop.f);
	return lines;
}

static void facts_add_up_in_any_order(void **state)
{
	/* The same counts, undos and sales give the same lines in whatever order they arrive. */
	(void)state;
	char *expected = lines_after(0);
	assert_non_null(strstr(expected, "1 A1 round 1 book 96000 counted 58000"));
	assert_non_null(strstr(expected,
		"1 A2 round 1 book 100000 counted 8000 corrected 0 moved 0 "
		"disputed 0"));
	assert_non_null(strstr(expected, "1 A3 round 2 book 99000 counted 1000"));
	assert_non_null(strstr(expected, "1 A4 round 1 book 100000 counted 6000"));
	assert_non_null(strstr(expected, "0 A1 round 1 book 94000 counted 30000"));
	for (unsigned number = 1; number <= 60; number++) {
		char *lines = lines_after(number);
		if (strcmp(lines, expected) != 0)
			fail_msg("order %u:\n%s\ninstead of\n%s", number, lines, expected);
		free(lines);
	}
	free(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_add_up_in_any_order),
	};
	return cmocka_run_group_tests_name("order of the facts of a stocktake", tests, NULL, NULL);
}
