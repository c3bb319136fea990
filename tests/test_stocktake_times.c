/* Counts, sales and undos carry their own times: what they add up to does not depend on the order in which
 * they reach HQ, and what came too late to be known at the count is said (product.md §3). */
#include "model_fixture.h"

#include "model/stock.h"
#include "model/text.h"
#include "model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
	static struct fixture fixture;
	fixture_open(&fixture);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

#define MINUTE_MS INT64_C(60000)

static const char *started(struct fixture *f)
{
	const char *sheet = fixture_do(f, "stocktake.create", "xinyi", "chen", "{'scope':'full'}");
	fixture_do(f, "stocktake.start", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	return sheet;
}

/* The next commands carry a time so many minutes after the start of the fixture. */
static void at_minute(struct fixture *f, int64_t minute)
{
	f->at_ms = FIXTURE_START_MS + minute * MINUTE_MS;
	if (f->now_ms < f->at_ms)
		f->now_ms = f->at_ms;
}

static const char *count(
	struct fixture *f, const char *sheet, const char *qty, const char *mode, const char *more)
{
	return fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','qty':%s,'mode':'%s'%s}", sheet, qty, mode, more);
}

static void sell(struct fixture *f, const char *qty)
{
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'sold','lines':[{'sku':'A1','qty':%s}]}", qty);
}

static void finish(struct fixture *f, const char *sheet)
{
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
}

static void correct(struct fixture *f, const char *sheet)
{
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
}

static int64_t line_int(struct fixture *f, const char *sheet, const char *column)
{
	return fixture_int(f, "SELECT %s FROM stocktake_line WHERE stocktake = '%s' AND sku = 'A1'",
		column, sheet);
}

/* ---- the book of a count ---- */

static void stock_as_of_a_time(void **state)
{
	/* On hand as of a time leaves out what was posted with a later one, whenever that came. */
	struct fixture *f = *state;
	at_minute(f, 20);
	sell(f, "5");
	at_minute(f, 10);
	sell(f, "3");
	int64_t start = FIXTURE_START_MS;
	assert_int_equal(stock_on_hand_at(f->db, "xinyi", "A1", start), 100000);
	assert_int_equal(
		stock_on_hand_at(f->db, "xinyi", "A1", start + 10 * MINUTE_MS - 1), 100000);
	assert_int_equal(stock_on_hand_at(f->db, "xinyi", "A1", start + 10 * MINUTE_MS), 97000);
	assert_int_equal(stock_on_hand_at(f->db, "xinyi", "A1", start + 20 * MINUTE_MS), 92000);
	assert_true(stock_moved_between(
		f->db, &(struct stock_span){"xinyi", "A1", start, start + 10 * MINUTE_MS}));
	assert_false(stock_moved_between(f->db,
		&(struct stock_span){
			"xinyi", "A1", start + 10 * MINUTE_MS, start + 20 * MINUTE_MS - 1}));
}

static void a_late_count_has_the_book_of_its_time(void **state)
{
	/* A count that reaches HQ after a sale made since is compared with the book before that sale. */
	struct fixture *f = *state;
	const char *sheet = started(f);
	at_minute(f, 30);
	sell(f, "5");
	at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	assert_int_equal(line_int(f, sheet, "book"), 100000);
	assert_int_equal(line_int(f, sheet, "suggest"), 0);
	assert_int_equal(line_int(f, sheet, "moved"), 0);
	assert_int_equal(line_int(f, sheet, "counted_at"), FIXTURE_START_MS + 20 * MINUTE_MS);
	at_minute(f, 40);
	finish(f, sheet);
	correct(f, sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 85000);
}

static void a_late_scan_does_not_turn_the_book_back(void **state)
{
	/* The line keeps the book of the entry made last when an earlier one comes after it. */
	struct fixture *f = *state;
	const char *sheet = started(f);
	at_minute(f, 10);
	sell(f, "5");
	at_minute(f, 20);
	count(f, sheet, "1", "add", "");
	at_minute(f, 5);
	count(f, sheet, "1", "add", "");
	assert_int_equal(line_int(f, sheet, "counted"), 2000);
	assert_int_equal(line_int(f, sheet, "book"), 95000);
	assert_int_equal(line_int(f, sheet, "moved"), 1);
}

/* ---- recount suggested ---- */

static void a_late_sale_suggests_a_recount(void **state)
{
	/* A sale from before a count that comes after it is in the line's book, and the line is marked. */
	struct fixture *f = *state;
	const char *sheet = started(f);
	at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	at_minute(f, 10);
	sell(f, "10");
	assert_int_equal(line_int(f, sheet, "book"), 90000);
	assert_int_equal(line_int(f, sheet, "suggest"), 1);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM exception WHERE kind = 'recount_suggested'"),
		0);
	at_minute(f, 30);
	finish(f, sheet);
	fixture_expect_text(f, "mismatched", "SELECT status FROM stocktake");
	correct(f, sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
}

static void a_sale_after_the_count_suggests_nothing(void **state)
{
	/* What is sold after the count marks no line, and a correction of another sheet never does. */
	struct fixture *f = *state;
	const char *sheet = started(f), *other = started(f);
	at_minute(f, 20);
	count(f, other, "95", "set", "");
	at_minute(f, 21);
	count(f, sheet, "90", "set", "");
	at_minute(f, 30);
	sell(f, "10");
	finish(f, other);
	at_minute(f, 15);
	fixture_do(
		f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s','later':['A1']}", other);
	assert_int_equal(line_int(f, sheet, "suggest"), 0);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 85000);
	/* Both the book and the corrections of the count's time have it: nothing is posted twice. */
	at_minute(f, 40);
	finish(f, sheet);
	correct(f, sheet);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 80000);
}

static void a_late_sale_tells_of_a_corrected_sheet(void **state)
{
	/* A corrected or matched sheet stays as it was; somebody is told, once a line. */
	struct fixture *f = *state;
	const char *sheet = started(f);
	at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	at_minute(f, 30);
	finish(f, sheet);
	correct(f, sheet);
	at_minute(f, 10);
	sell(f, "10");
	sell(f, "1");
	assert_int_equal(line_int(f, sheet, "book"), 100000);
	assert_int_equal(line_int(f, sheet, "counted"), 90000);
	assert_int_equal(line_int(f, sheet, "posted"), -10000);
	assert_int_equal(line_int(f, sheet, "suggest"), 1);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM exception WHERE kind = 'recount_suggested'"),
		1);
	fixture_expect_text(f, "{\"qty\":-10}",
		"SELECT detail FROM exception WHERE kind = 'recount_suggested' AND doc = '%s' AND "
		"doc_kind = 'stocktake' AND sku = 'A1' AND store = 'xinyi'",
		sheet);
}

static void a_void_sheet_is_left_alone(void **state)
{
	/* Nobody is told of a sheet that was voided. */
	struct fixture *f = *state;
	const char *sheet = started(f);
	at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	fixture_do(f, "stocktake.void", "xinyi", "lin", "{'stocktake':'%s','reason':'no'}", sheet);
	at_minute(f, 10);
	sell(f, "10");
	assert_int_equal(line_int(f, sheet, "suggest"), 0);
	assert_int_equal(line_int(f, sheet, "book"), 100000);
}

/* A line with the mark, its last entry at minute 20. */
static const char *suggested(struct fixture *f)
{
	const char *sheet = started(f);
	at_minute(f, 20);
	count(f, sheet, "90", "set", ",'zone':'A'");
	at_minute(f, 10);
	sell(f, "10");
	assert_int_equal(line_int(f, sheet, "suggest"), 1);
	at_minute(f, 25);
	return sheet;
}

/* The zone A is in its second pass. */
static void count_a_again(struct fixture *f, const char *sheet)
{
	static const char *const steps[][2] = {{"stocktake.claim", ""}, {"stocktake.release", ""},
		{"stocktake.claim", ",'again':true"}};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		fixture_do(f, steps[i][0], "xinyi", "chen", "{'stocktake':'%s','zone':'A'%s}",
			sheet, steps[i][1]);
}

static void counting_anew_takes_the_mark_away(void **state)
{
	/* The mark goes with a typed quantity, a newer pass or a newer round; a scan more leaves it. */
	struct fixture *f = *state;
	const char *sheet = suggested(f);
	count(f, sheet, "1", "add", ",'zone':'A'");
	assert_int_equal(line_int(f, sheet, "suggest"), 1);
	count(f, sheet, "90", "set", ",'zone':'A'");
	assert_int_equal(line_int(f, sheet, "suggest"), 0);
	sheet = suggested(f);
	count_a_again(f, sheet);
	count(f, sheet, "90", "add", ",'zone':'A','pass':2");
	assert_int_equal(line_int(f, sheet, "suggest"), 0);
	sheet = suggested(f);
	at_minute(f, 30);
	finish(f, sheet);
	fixture_do(f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	count(f, sheet, "1", "add", ",'zone':'A'");
	assert_int_equal(line_int(f, sheet, "suggest"), 0);
}

static void a_marked_line_is_recounted_though_it_is_equal(void **state)
{
	/* By its name a line with the mark gets into the recount, also where it does not differ. */
	struct fixture *f = *state;
	const char *sheet = started(f);
	at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	at_minute(f, 10);
	sell(f, "10");
	at_minute(f, 30);
	finish(f, sheet);
	assert_int_equal(line_int(f, sheet, "counted - book"), 0);
	fixture_do(
		f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s','skus':['A1']}", sheet);
	assert_int_equal(line_int(f, sheet, "recount"), 1);
	count(f, sheet, "90", "set", "");
	assert_int_equal(line_int(f, sheet, "suggest"), 0);
}

static void an_old_count_leaves_the_mark(void **state)
{
	/* A typed quantity from before the marked count, come late, does not take the mark away. */
	struct fixture *f = *state;
	const char *sheet = suggested(f);
	at_minute(f, 15);
	count(f, sheet, "80", "set", ",'zone':'A'");
	assert_int_equal(line_int(f, sheet, "suggest"), 1);
	assert_int_equal(line_int(f, sheet, "counted"), 90000);
}

/* ---- two sheets ---- */

static void the_sheet_counted_last_speaks_whenever_it_comes(void **state)
{
	/* A line is left out when another sheet counted later by the clock, not by the post. */
	struct fixture *f = *state;
	const char *first = started(f), *second = started(f);
	at_minute(f, 30);
	count(f, first, "95", "set", "");
	at_minute(f, 20);
	const char *late = count(f, second, "90", "set", "");
	assert_int_equal(line_int(f, first, "later"), 0);
	assert_int_equal(line_int(f, second, "later"), 1);
	at_minute(f, 40);
	const char *newest = count(f, second, "1", "add", "");
	assert_int_equal(line_int(f, first, "later"), 1);
	assert_int_equal(line_int(f, second, "later"), 0);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", second,
		newest);
	assert_int_equal(line_int(f, first, "later"), 0);
	assert_int_equal(line_int(f, second, "later"), 1);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", second,
		late);
	assert_int_equal(line_int(f, second, "later"), 0);
}

/* ---- any order ---- */

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
	at_minute(&shop->f, fact->minute);
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
		shop->sheets[i] = started(f);
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
	finish(f, sheet);
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

static void a_clock_put_back_keeps_what_was_typed_last(void **state)
{
	/* What one terminal counts stays in its order: a quantity typed after a scan replaces it, whatever the
	 * clock says by then. */
	struct fixture *f = *state;
	const char *sheet = started(f);
	f->world.device = "box-0";
	at_minute(f, 50);
	count(f, sheet, "3", "add", "");
	at_minute(f, 10);
	count(f, sheet, "40", "set", "");
	count(f, sheet, "1", "add", "");
	assert_int_equal(line_int(f, sheet, "counted"), 41000);
	f->world.device = "box-1";
	count(f, sheet, "1", "add", "");
	assert_int_equal(line_int(f, sheet, "counted"), 41000);
}

static void a_count_without_a_time_suggests_a_recount(void **state)
{
	/* Where the terminal's clock cannot be right nobody knows the book of the count: the line is marked. */
	struct fixture *f = *state;
	const char *sheet = started(f);
	f->at_ms = f->now_ms - INT64_C(40) * 24 * 60 * MINUTE_MS;
	count(f, sheet, "90", "set", "");
	assert_int_equal(line_int(f, sheet, "suggest"), 1);
	assert_int_equal(line_int(f, sheet, "book"), 100000);
	f->at_ms = 0;
	count(f, sheet, "90", "set", "");
	assert_int_equal(line_int(f, sheet, "suggest"), 0);
}

static void what_comes_late_is_marked_in_any_order(void **state)
{
	/* However a sale and a count change places, the result is the same, and only the late one is marked. */
	struct fixture *f = *state;
	const char *sheet = started(f);
	at_minute(f, 10);
	sell(f, "10");
	at_minute(f, 20);
	count(f, sheet, "90", "set", "");
	assert_int_equal(line_int(f, sheet, "suggest"), 0);
	const char *other = suggested(f);
	assert_int_equal(line_int(f, other, "counted - book"), 10000);
	assert_int_equal(line_int(f, sheet, "book"), 80000);
	assert_int_equal(line_int(f, sheet, "suggest"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(stock_as_of_a_time),
		TEST(a_late_count_has_the_book_of_its_time),
		TEST(a_late_scan_does_not_turn_the_book_back),
		TEST(a_late_sale_suggests_a_recount),
		TEST(a_sale_after_the_count_suggests_nothing),
		TEST(a_late_sale_tells_of_a_corrected_sheet),
		TEST(a_void_sheet_is_left_alone),
		TEST(counting_anew_takes_the_mark_away),
		TEST(a_marked_line_is_recounted_though_it_is_equal),
		TEST(an_old_count_leaves_the_mark),
		TEST(the_sheet_counted_last_speaks_whenever_it_comes),
		cmocka_unit_test(facts_add_up_in_any_order),
		TEST(a_clock_put_back_keeps_what_was_typed_last),
		TEST(a_count_without_a_time_suggests_a_recount),
		TEST(what_comes_late_is_marked_in_any_order),
	};
	return cmocka_run_group_tests_name("stocktake times", tests, NULL, NULL);
}
