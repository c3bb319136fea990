/* Every number of every kind is the sum of its entries: in worlds where anything happens, on consoles that are
 * ahead of HQ and behind it, and at HQ.
 *
 * tests/test_explain [SEEDS] [FIRST] */
#include "tests/goods_acts.h"

#include "model/explain.h"
#include "model/json.h"
#include "model/stock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))
#define SEEDS 5
#define STEPS 200
#define LOOK_EVERY 4
#define NUMBERS_MAX 2000

static long seeds = SEEDS, first = 1;
static struct goods_world world;

/* ---- what people do ---- */

/* Saved or refused: both are right. */
static void act(struct goods_home *home, const char *op, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void act(struct goods_home *home, const char *op, const char *format, ...)
{
	struct console_verdict verdict;
	char data[600], error[80];
	va_list args;
	va_start(args, format);
	vsnprintf(data, sizeof data, format, args);
	va_end(args);
	for (char *c = data; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	cJSON *json = json_parse(data, strlen(data), error, sizeof error);
	assert_non_null(json);
	console_do(&home->console, op, home->store, home->manager, json, world.now_ms, &verdict);
	if (verdict.refusal == REFUSAL_FAULT || verdict.refusal == REFUSAL_BUSY)
		fail_msg("%s: %s", op, verdict.message);
	console_verdict_free(&verdict);
	sync_poke(&home->syncer);
	world.now_ms += 1000;
}

static int draw(int below)
{
	return goods_draw(&world, below);
}

/* One of the first cells of a query of the home's rows, "" if there is none; valid until the next call. */
static const char *any(struct goods_home *home, const char *sql)
{
	static char chosen[80];
	struct db_rows *rows = db_query(home->console.cache, sql, "t", home->store);
	chosen[0] = '\0';
	for (int seen = 1; db_next(rows); seen++) {
		if (draw(seen) == 0)
			snprintf(chosen, sizeof chosen, "%s", db_text(rows, 0));
	}
	db_done(rows);
	return chosen;
}

static void act_on_orders(struct goods_home *home)
{
	static int placed;
	static const char *const skus[] = {"A0", "A1", "V0"};
	const char *order = any(home, "SELECT number FROM sales_order WHERE $1 <> ''"),
		   *sku = skus[draw(3)];
	switch (draw(8)) {
	case 0:
	case 1:
		act(home, "order.place",
			"{'number':'N%d','channel':'web','lines':[{'sku':'%s','qty':%d},{'sku':'A2','qty':1.5}]}",
			++placed, sku, 1 + draw(6));
		break;
	case 2:
		act(home, "order.invoice", "{'order':'%s'}", order);
		break;
	case 3:
		act(home, "order.ship", "{'order':'%s','store':'%s'}", order, home->store);
		break;
	case 4:
		act(home, "order.ship",
			"{'order':'%s','store':'%s','lines':[{'sku':'%s','qty':1}]}", order,
			home->store, sku);
		break;
	case 5:
		act(home, "order.cancel", "{'order':'%s','lines':[{'sku':'A2','qty':0.5}]}", order);
		break;
	case 6:
		act(home, "order.refund",
			"{'order':'%s','lines':[{'sku':'%s','qty':0.5,'return_to_stock':%s}]}",
			order, draw(2) ? sku : "A2", draw(2) ? "true" : "false");
		break;
	default:
		act(home, "order.credit",
			"{'order':'%s','lines':[{'sku':'A2','qty':0.5,'return_to_stock':true}]}",
			order);
	}
}

static void act_on_sheets(struct goods_home *home)
{
	static const char *const zones[] = {"", "A", "B"};
	char sheet[80], zone[40] = "", entry[80];
	snprintf(sheet, sizeof sheet, "%s",
		any(home,
			"SELECT id FROM stocktake WHERE store = $1 AND status NOT IN ('void', 'corrected')"));
	snprintf(entry, sizeof entry, "%s",
		any(home, "SELECT id FROM count_entry WHERE store = $1"));
	const char *named = zones[draw(3)];
	if (*named)
		snprintf(zone, sizeof zone, ",'zone':'%s'", named);
	switch (draw(*sheet ? 14 : 1)) {
	case 0:
		act(home, "stocktake.create", "{'scope':'full','creator':'%s','note':''}",
			home->manager);
		break;
	case 1:
		act(home, "stocktake.start", "{'stocktake':'%s'}", sheet);
		break;
	case 2:
		act(home, "stocktake.finish", "{'stocktake':'%s','uncounted':'%s'}", sheet,
			draw(2) ? "leave" : "zero");
		break;
	case 3:
		act(home, "stocktake.recount", "{'stocktake':'%s'}", sheet);
		break;
	case 4:
		act(home, "stocktake.correct", "{'stocktake':'%s'}", sheet);
		break;
	case 5:
		act(home, "stocktake.undo", "{'stocktake':'%s','count':'%s'}", sheet, entry);
		break;
	case 6:
		act(home, "stocktake.claim", "{'stocktake':'%s','zone':'A','again':true}", sheet);
		break;
	case 7:
		act(home, "stocktake.release", "{'stocktake':'%s','zone':'A'}", sheet);
		break;
	default:
		act(home, "stocktake.count",
			"{'stocktake':'%s','sku':'A%d','qty':%d,'mode':'%s'%s}", sheet, draw(3),
			1 + draw(9), draw(3) ? "add" : "set", zone);
	}
}

static void act_on_tickets(struct goods_home *home)
{
	char code[80];
	snprintf(code, sizeof code, "%s", any(home, "SELECT code FROM ticket WHERE $1 <> ''"));
	switch (draw(4)) {
	case 0:
		act(home, "ticket.void", "{'redemption':'%s','reason':'slip'}",
			any(home,
				"SELECT id FROM redemption WHERE store = $1 AND kind = 'redeem'"));
		break;
	default:
		act(home, "ticket.redeem", "{'code':'%s','qty':%d,'mode':'%s'}", code, 1 + draw(3),
			draw(2) ? "online" : "offline");
	}
}

static void act_at_office(void)
{
	char data[300];
	switch (draw(4)) {
	case 0:
		snprintf(data, sizeof data, "{'order':'T1','code':'TICKET%d'}", draw(6));
		goods_office(&world, "ticket.refund", NULL, data, NULL);
		break;
	case 1:
		goods_office(&world, "ticket.split", NULL,
			"{'code':'TICKET5','into':['SPLIT1','SPLIT2']}", NULL);
		break;
	case 2:
		snprintf(data, sizeof data,
			"{'sku':'A1','name':'Thing 1','threshold':%d,'backorders':%s}", draw(3) - 1,
			draw(2) ? "true" : "false");
		goods_office(&world, "product.put", NULL, data, NULL);
		break;
	default:
		goods_act_office(&world);
	}
}

static void begin(uint64_t seed)
{
	goods_open(&world, seed, true);
	goods_begin_telling(&world);
	assert_true(goods_office(&world, "product.put", NULL,
		"{'sku':'V0','name':'Voucher','virtual':true,'threshold':2}", NULL));
	for (int i = 0; i < GOODS_STORES; i++) {
		char data[100];
		snprintf(data, sizeof data, "{'store':'g%d','lines':[{'sku':'V0','qty':20}]}", i);
		assert_true(goods_office(&world, "stock.open", NULL, data, NULL));
	}
	assert_true(goods_office(&world, "channel.put", NULL,
		"{'id':'web','name':'Web','stores':['g1','g0']}", NULL));
	for (int i = 0; i < 6; i++) {
		char data[300];
		snprintf(data, sizeof data,
			"{'order':'T1','buyer':'Wu','phone':'0912345678','lines':[{'code':'TICKET%d','product':'V0',"
			"'units':%d,'offline':{'allowed':true,'most':9,'cache_hours':99}}]}",
			i, 3 + i);
		assert_true(goods_office(&world, "ticket.issue", NULL, data, NULL));
	}
	for (int i = 0; i < GOODS_HOMES; i++)
		goods_sync(&world.homes[i]);
}

/* ---- every number there is ---- */

struct numbers {
	struct explain what[NUMBERS_MAX];
	int64_t hq[NUMBERS_MAX]; /* HQ's figure at the last sync */
	bool known[NUMBERS_MAX];
	int count;
};

static void add_numbers(struct numbers *numbers, struct db *db, const char *sql,
	enum explain_kind from, enum explain_kind to)
{
	struct db_rows *rows = db_query(db, sql, "");
	while (db_next(rows)) {
		for (int kind = (int)from; kind <= (int)to; kind++) {
			assert_true(numbers->count < NUMBERS_MAX);
			numbers->what[numbers->count++] = explain_of(
				(enum explain_kind)kind, db_text(rows, 0), db_text(rows, 1));
		}
	}
	db_done(rows);
}

static void find_numbers(struct numbers *numbers, struct db *db)
{
	numbers->count = 0;
	add_numbers(
		numbers, db, "SELECT store, sku FROM stock", EXPLAIN_ON_HAND, EXPLAIN_AVAILABLE);
	add_numbers(
		numbers, db, "SELECT channel, sku FROM salable", EXPLAIN_SALABLE, EXPLAIN_RESERVED);
	add_numbers(numbers, db,
		"SELECT stocktake, sku FROM stocktake_line ORDER BY stocktake DESC LIMIT 60",
		EXPLAIN_COUNTED, EXPLAIN_DIFFERENCE);
	add_numbers(numbers, db,
		"SELECT movement, sku FROM movement_line ORDER BY movement DESC LIMIT 150",
		EXPLAIN_MOVEMENT_ORDERED, EXPLAIN_MOVEMENT_SENT_BACK);
	add_numbers(numbers, db, "SELECT order_number, sku FROM order_line LIMIT 60",
		EXPLAIN_ORDER_ORDERED, EXPLAIN_ORDER_RESERVED);
	add_numbers(numbers, db, "SELECT code, '' FROM ticket", EXPLAIN_REDEEMED, EXPLAIN_LEFT);
}

static void read_number(
	struct db *db, const struct world *whose, const struct explain *what, struct explained *out)
{
	if (!explain_read(db, whose, what, out))
		fail_msg("kind %d of %s %s: %s", what->kind, what->of, what->sku, db_message(db));
}

/* Goods of a movement that only the other store's ledger tells. */
static bool may_be_missing(const struct world *whose, const struct explain *what)
{
	return !whose->at_hq && what->kind >= EXPLAIN_MOVEMENT_SHIPPED &&
		what->kind <= EXPLAIN_MOVEMENT_SENT_BACK;
}

static void expect_sum(
	const struct world *whose, const struct explain *what, const struct explained *sum)
{
	int64_t hq = 0, total = 0;
	for (size_t i = 0; i < sum->count; i++) {
		const struct explain_entry *entry = &sum->entries[i];
		total += entry->qty;
		hq += entry->pending ? 0 : entry->qty;
		assert_int_equal(entry->total, total);
		assert_int_equal(entry->pending, i >= sum->confirmed);
		assert_true(*entry->word);
	}
	if (!sum->is_known)
		return;
	if (total != sum->figure || hq != sum->hq || sum->hq + sum->pending != sum->figure ||
		(sum->missing != 0 && !may_be_missing(whose, what)))
		fail_msg(
			"kind %d of %s %s: %lld shown, %lld summed, HQ %lld and %lld, pending %lld, missing %lld",
			what->kind, what->of, what->sku, (long long)sum->figure, (long long)total,
			(long long)sum->hq, (long long)hq, (long long)sum->pending,
			(long long)sum->missing);
}

/* The figures of stock as the screens read them. */
static void expect_figure(struct db *db, const struct explain *what, const struct explained *sum)
{
	if (what->kind > EXPLAIN_AVAILABLE)
		return;
	struct stock_figures figures = stock_figures_of(db, what->of, what->sku);
	const int64_t shown[] = {[EXPLAIN_ON_HAND] = figures.on_hand,
		[EXPLAIN_DAMAGED] = figures.damaged,
		[EXPLAIN_TRANSIT_IN] = figures.in_transit_in,
		[EXPLAIN_TRANSIT_OUT] = figures.in_transit_out,
		[EXPLAIN_AVAILABLE] = figures.available};
	assert_int_equal(sum->figure, shown[what->kind]);
}

/* How often a number of each kind was not 0, and how often something of it was pending. */
static struct {
	int filled, pending;
} seen[EXPLAIN_KINDS];

static void expect_numbers(struct db *db, const struct world *whose)
{
	static struct numbers numbers;
	find_numbers(&numbers, db);
	for (int i = 0; i < numbers.count; i++) {
		struct explained sum;
		read_number(db, whose, &numbers.what[i], &sum);
		expect_sum(whose, &numbers.what[i], &sum);
		expect_figure(db, &numbers.what[i], &sum);
		seen[numbers.what[i].kind].filled += sum.figure != 0 && sum.missing == 0;
		seen[numbers.what[i].kind].pending += sum.count > sum.confirmed;
		explain_free(&sum);
	}
}

/* ---- HQ's figure, on a console that is ahead ---- */

static struct numbers sent; /* of the first home */

static void remember_hq(void)
{
	struct goods_home *home = &world.homes[0];
	struct world at_hq = {.at_hq = true}, here = console_world(&home->console);
	goods_sync(home);
	find_numbers(&sent, home->console.cache);
	for (int i = 0; i < sent.count; i++) {
		struct explained sum, there;
		read_number(home->console.cache, &here, &sent.what[i], &sum);
		read_number(world.look, &at_hq, &sent.what[i], &there);
		assert_int_equal(sum.pending, 0);
		assert_int_equal(sum.confirmed, sum.count);
		if (sum.is_known && sum.figure != there.figure)
			fail_msg("kind %d of %s %s: %lld here, %lld at HQ", sent.what[i].kind,
				sent.what[i].of, sent.what[i].sku, (long long)sum.figure,
				(long long)there.figure);
		sent.hq[i] = sum.figure;
		sent.known[i] = sum.is_known;
		explain_free(&sum);
		explain_free(&there);
	}
}

/* What HQ sent stays what it was until the next pull, whatever is done here. How many numbers differ by now. */
static int expect_remembered(void)
{
	struct goods_home *home = &world.homes[0];
	struct world here = console_world(&home->console);
	int pending = 0;
	for (int i = 0; i < sent.count; i++) {
		struct explained sum;
		read_number(home->console.cache, &here, &sent.what[i], &sum);
		if (sent.known[i] && sum.is_known)
			assert_int_equal(sum.hq, sent.hq[i]);
		pending += sum.is_known && sum.figure != sum.hq;
		seen[sent.what[i].kind].filled += sum.figure != 0 && sum.missing == 0;
		seen[sent.what[i].kind].pending += sum.count > sum.confirmed;
		explain_free(&sum);
	}
	return pending;
}

/* ---- tests ---- */

/* The home where something was done. */
static struct goods_home *act_somewhere(void)
{
	struct goods_home *home = &world.homes[draw(GOODS_HOMES)];
	switch (draw(11)) {
	case 0:
		act_at_office();
		break;
	case 1:
	case 10:
		home = &world.homes[draw(2)];
		act_on_orders(home);
		break;
	case 2:
		act_on_tickets(home);
		break;
	case 3:
	case 4:
		home = &world.homes[draw(2) ? 0 : GOODS_HOMES - 1];
		act_on_sheets(home);
		break;
	default:
		goods_act(home);
	}
	return home;
}

static void entries_sum_to_every_number(void **state)
{
	/* Whatever happened, every number of every kind is the sum of its entries, on every console and at HQ. */
	struct world at_hq = {.at_hq = true};
	(void)state;
	for (long seed = first; seed < first + seeds; seed++) {
		begin((uint64_t)seed);
		for (int step = 1; step <= STEPS; step++) {
			struct goods_home *home = act_somewhere();
			if (step % LOOK_EVERY == 0) {
				struct world here = console_world(&home->console);
				expect_numbers(home->console.cache, &here);
			}
			goods_step(&world.homes[draw(GOODS_HOMES)], draw(30));
		}
		for (int i = 0; i < 2 * GOODS_HOMES; i++)
			goods_sync(&world.homes[i % GOODS_HOMES]);
		expect_numbers(world.look, &at_hq);
		goods_close(&world);
	}
}

static void what_is_pending_stands_apart(void **state)
{
	/* While the line is down the entries that HQ has sent end in the figure HQ had, and behind them stands what
	 * this terminal did since. */
	int pending = 0;
	(void)state;
	begin(77);
	for (int round = 0; round < 8; round++) {
		for (int i = 0; i < 20; i++) {
			act_somewhere();
			goods_step(&world.homes[1 + draw(GOODS_HOMES - 1)], 10);
		}
		remember_hq();
		for (int i = 0; i < 15; i++) {
			goods_act(&world.homes[0]);
			act_on_orders(&world.homes[0]);
			act_on_sheets(&world.homes[0]);
			act_on_tickets(&world.homes[0]);
			pending += expect_remembered();
		}
	}
	assert_true(pending > 100);
	for (int kind = EXPLAIN_ON_HAND; seeds >= SEEDS && kind < EXPLAIN_KINDS; kind++) {
		/* Rare: the next test has one. */
		if (kind != EXPLAIN_MOVEMENT_SENT_BACK &&
			(seen[kind].filled == 0 || seen[kind].pending == 0))
			fail_msg("kind %d: %d numbers, %d with something pending", kind,
				seen[kind].filled, seen[kind].pending);
	}
	goods_close(&world);
}

static void expect_entries(
	enum explain_kind kind, const char *of, const char *sku, const char *expected)
{
	struct world at_hq = {.at_hq = true};
	struct explain what = explain_of(kind, of, sku);
	struct explained sum;
	char said[300] = "";
	read_number(world.look, &at_hq, &what, &sum);
	for (size_t i = 0; i < sum.count; i++) {
		size_t used = strlen(said);
		snprintf(said + used, sizeof said - used, "%s%s %+.1f", used ? ", " : "",
			sum.entries[i].word, (double)sum.entries[i].qty / 1000);
	}
	assert_string_equal(said, expected);
	assert_int_equal(sum.missing, 0);
	explain_free(&sum);
}

static void a_line_says_where_its_goods_went(void **state)
{
	/* What was shipped, what of it came, and what went back are entries, each with its name. */
	char id[UUID_SIZE], data[200];
	(void)state;
	begin(1);
	assert_true(goods_office(
		&world, "outbound.create", "g0", "{'to':'g1','lines':[{'sku':'A0','qty':5}]}", id));
	snprintf(data, sizeof data, "{'movement':'%s'}", id);
	assert_true(goods_office(&world, "inbound.accept", "g1", data, NULL));
	assert_true(goods_office(&world, "outbound.ship", "g0", data, NULL));
	snprintf(data, sizeof data, "{'movement':'%s','lines':[{'sku':'A0','qty':2,'damaged':1}]}",
		id);
	assert_true(goods_office(&world, "inbound.receive", "g1", data, NULL));
	expect_entries(EXPLAIN_TRANSIT_IN, "g1", "A0", "partial +3.0");
	snprintf(data, sizeof data, "{'movement':'%s','reason':'came_back'}", id);
	assert_true(goods_office(&world, "inbound.close", "g1", data, NULL));
	expect_entries(EXPLAIN_ON_HAND, "g0", "A0", "opening +20.0, ship -5.0, close +3.0");
	expect_entries(EXPLAIN_DAMAGED, "g1", "A0", "receive +1.0");
	expect_entries(EXPLAIN_MOVEMENT_SHIPPED, id, "A0", "ship +5.0");
	expect_entries(EXPLAIN_MOVEMENT_RECEIVED, id, "A0", "receive +2.0");
	expect_entries(EXPLAIN_MOVEMENT_SENT_BACK, id, "A0", "close +3.0");
	expect_entries(
		EXPLAIN_MOVEMENT_ROAD, id, "A0", "shipped +5.0, received -2.0, sent_back -3.0");
	goods_close(&world);
}

static void another_store_is_not_known(void **state)
{
	/* Of a store whose stock is not sent here no figure is known, rather than 0. */
	struct explained sum;
	struct world here;
	(void)state;
	begin(1);
	here = console_world(&world.homes[2].console);
	for (int kind = EXPLAIN_ON_HAND; kind <= EXPLAIN_AVAILABLE; kind++) {
		struct explain what = explain_of((enum explain_kind)kind, "g3", "A0");
		read_number(world.homes[2].console.cache, &here, &what, &sum);
		assert_false(sum.is_known);
		explain_free(&sum);
	}
	goods_close(&world);
}

static void the_longest_ledger_is_shown_from_its_end(void **state)
{
	/* Of more entries than a list holds the earliest are one entry, which says how many they are. */
	struct world at_hq = {.at_hq = true};
	struct explain what = explain_of(EXPLAIN_ON_HAND, "g0", "A0");
	struct explained sum;
	(void)state;
	begin(1);
	db_run(world.look,
		"INSERT INTO ledger (id, store, sku, qty, damaged, reason, doc_kind, doc, at, actor) "
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
		"SELECT 'z' || printf('%06d', i), 'g0', 'A0', 1000, 0, 'found', '', '', i, 'chen' FROM n",
		"");
	db_run(world.look,
		"UPDATE stock SET on_hand = on_hand + 5000000 WHERE store = 'g0' AND sku = 'A0'",
		"");
	read_number(world.look, &at_hq, &what, &sum);
	assert_int_equal(sum.count, EXPLAIN_ENTRIES_MAX + 1);
	assert_string_equal(sum.entries[0].word, "earlier");
	assert_int_equal(sum.entries[0].count, 5001 - EXPLAIN_ENTRIES_MAX);
	assert_int_equal(sum.missing, 0);
	assert_int_equal(sum.entries[sum.count - 1].total, 5020000);
	explain_free(&sum);
	goods_close(&world);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_sum_to_every_number),
		cmocka_unit_test(what_is_pending_stands_apart),
		cmocka_unit_test(a_line_says_where_its_goods_went),
		cmocka_unit_test(another_store_is_not_known),
		cmocka_unit_test(the_longest_ledger_is_shown_from_its_end),
	};
	if (argc > 1)
		seeds = strtol(argv[1], NULL, 10);
	if (argc > 2)
		first = strtol(argv[2], NULL, 10);
	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
