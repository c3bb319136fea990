/* Random lives of sales orders at HQ: whatever is asked for, wanted or not, at three stores of two channels that
 * change meanwhile. After every command the rules below hold, each worked out from scratch, and what may still
 * be promised is what its definition says.
 *
 * tests/test_order_property [SEEDS] [FIRST] runs so many seeds; a failure names the seed and the step. */
#include "tests/model_fixture.h"
#include "tests/sanitized.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if SANITIZED
#define SEEDS 4
#else
#define SEEDS 12
#endif
#define STEPS 400
#define LINE_BYTES 120
#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

static long seeds = SEEDS, first = 1;

struct life {
	struct fixture fx;
	unsigned long long seed, random;
	int step, orders;
	int applied, refused;
};

static int draw(struct life *life, int below)
{
	life->random = life->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (int)((life->random >> 33) % (unsigned)below);
}

/* ---- the rules ---- */

#define OUTSTANDING \
	"(l.ordered - l.cancelled - CASE l.is_virtual WHEN 1 THEN l.invoiced ELSE l.shipped + l.unsent END)"
#define LEDGER_OF_LINE                                                                         \
	"COALESCE((SELECT SUM(r.qty) FROM reservation r WHERE r.order_number = l.order_number" \
	" AND r.sku = l.sku), 0)"
#define SUM_OF(what, table, where) \
	"COALESCE((SELECT SUM(" what ") FROM " table " WHERE " where "), 0)"
#define OF_LINE(t) t ".order_number = l.order_number AND " t ".sku = l.sku"

static const struct {
	const char *words, *sql; /* finds what breaks it; the first column says which */
} rules[] = {
	{"the ledger of an order and SKU sums to what is outstanding, below 0",
		"SELECT l.order_number FROM order_line l WHERE " LEDGER_OF_LINE
		" <> -" OUTSTANDING},
	{"no figure of a line is below 0 or above what it is a part of",
		"SELECT l.order_number FROM order_line l WHERE " OUTSTANDING
		" < 0 OR l.cancelled < 0"
		" OR l.shipped < 0 OR l.unsent < 0 OR l.invoiced > l.ordered - l.cancelled"
		" OR l.refunded > l.invoiced OR l.unsent > l.refunded"},
	{"what open memos hold and what is refunded was invoiced",
		"SELECT l.order_number FROM order_line l WHERE l.refunded + " SUM_OF("c.qty",
			"credit_memo_line c JOIN credit_memo m ON m.id = c.memo",
			OF_LINE("c") " AND m.status = 'open'") " > l.invoiced"},
	{"shipments, invoices and memos say what the line says",
		"SELECT l.order_number FROM order_line l WHERE l.shipped <> " SUM_OF("s.qty",
			"shipment_line s", OF_LINE("s")) " OR l.invoiced <> " SUM_OF("i.qty",
			"invoice_line i", OF_LINE("i")) " OR l.refunded <> " SUM_OF("c.qty",
			"credit_memo_line c JOIN credit_memo m ON m.id = c.memo",
			OF_LINE("c") " AND m.status = 'refunded'") " OR l.unsent <> " SUM_OF("c.unsent",
			"credit_memo_line c", OF_LINE("c")) " OR l.cancelled <> " SUM_OF("r.qty",
			"reservation r", OF_LINE("r") " AND r.event = 'order_canceled'")},
	{"no row of the ledger is 0, and its rows have places of their own",
		"SELECT id FROM reservation WHERE qty = 0 UNION ALL SELECT channel FROM reservation"
		" GROUP BY channel, no HAVING COUNT(*) > 1"},
	{"an order that is finished has nothing reserved",
		"SELECT o.number FROM sales_order o JOIN reservation r ON r.order_number = o.number"
		" WHERE o.status IN ('complete', 'closed', 'canceled')"
		" GROUP BY o.number, r.sku HAVING SUM(r.qty) <> 0"},
	{"no store has less than nothing", "SELECT store FROM stock WHERE on_hand < 0"},
	{"on hand is what was there and what the stock ledger says",
		"SELECT k.store FROM stock k WHERE k.on_hand <> 100000 + " SUM_OF(
			"g.qty", "ledger g", "g.store = k.store AND g.sku = k.sku")},
	{"goods leave by shipments, virtual invoices and write-offs, and come back by refunds",
		"SELECT k.sku FROM stock k WHERE k.store = 'ec' AND " SUM_OF("g.qty", "ledger g",
			"g.sku = k.sku AND g.doc_kind = 'sales_order'") " <> " SUM_OF("CASE l.is_virtual WHEN 1 THEN -l.invoiced ELSE -l.shipped END",
			"order_line l",
			"l.sku = k.sku") " + " SUM_OF("CASE WHEN c.return_to_stock = 1 THEN c.qty - c.unsent ELSE -c.unsent END",
			"credit_memo_line c JOIN credit_memo m ON m.id = c.memo",
			"c.sku = k.sku AND m.status = 'refunded'")},
	{"the sums of the salable quantity are those of ledger and stock",
		"SELECT x.channel FROM salable x WHERE x.reserved <> " SUM_OF("r.qty",
			"reservation r",
			"r.channel = x.channel AND r.sku = x.sku") " OR x.on_hand IS NOT " SUM_OF("k.on_hand",
			"channel_store c JOIN store s ON s.id = c.store JOIN stock k"
			" ON k.store = c.store",
			"c.channel = x.channel AND k.sku = x.sku"
			" AND s.enabled = 1 AND k.in_stock = 1")},
	{"whatever was reserved has its sums",
		"SELECT r.id FROM reservation r WHERE NOT EXISTS (SELECT 1 FROM salable x"
		" WHERE x.channel = r.channel AND x.sku = r.sku)"},
	{"the status is the first of the page that holds",
		"SELECT o.number FROM sales_order o WHERE o.status <> (WITH f AS (SELECT"
		" SUM(l.ordered > l.cancelled) AS kept, SUM(l.invoiced) AS invoiced, SUM(l.shipped) AS shipped,"
		" SUM(l.invoiced <> l.refunded) AS unrefunded, SUM(" OUTSTANDING
		" <> 0) AS waiting,"
		" SUM(l.invoiced <> l.ordered - l.cancelled OR (l.is_virtual = 0 AND"
		" l.shipped + l.unsent <> l.ordered - l.cancelled)) AS undone"
		" FROM order_line l WHERE l.order_number = o.number) SELECT"
		" CASE WHEN f.kept = 0 THEN 'canceled'"
		" WHEN o.archived OR (f.invoiced > 0 AND f.unrefunded = 0 AND f.waiting = 0) THEN 'closed'"
		" WHEN o.flag <> '' THEN o.flag WHEN f.undone = 0 THEN 'complete'"
		" WHEN f.invoiced > 0 OR f.shipped > 0 OR o.paid THEN 'processing'"
		" ELSE o.step END FROM f)"},
};

static void check(struct life *life)
{
	for (int i = 0; i < COUNT_OF(rules); i++) {
		char *broken = db_get_text(life->fx.db, rules[i].sql, "");
		if (db_failed(life->fx.db))
			fail_msg("%s: %s", rules[i].words, db_message(life->fx.db));
		if (broken)
			fail_msg(
				"step %d: not so: %s (%s). Again: tests/test_order_property 1 %llu",
				life->step, rules[i].words, broken, life->seed);
	}
}

/* ---- what happens ---- */

static const char *const skus[] = {"A1", "A2", "A3", "V1", "V2"};
static const char *const stores[] = {"ec", "xinyi", "ximen"};
static const char *const channels[] = {"web", "shops"};
static const char *const quantities[] = {"1", "0.5", "2.125", "7", "19", "40", "0.001", "100"};

static const char *any(struct life *life, const char *const *words, int count)
{
	return words[draw(life, count)];
}
#define ANY(life, words) any(life, words, COUNT_OF(words))

/* A command of hq; what it was told is judged by the rules. */
__attribute__((format(printf, 4, 5))) static const char *act(
	struct life *life, const char *op, const char *store, const char *format, ...)
{
	static char data[2000];
	va_list args;
	va_start(args, format);
	vsnprintf(data, sizeof data, format, args);
	va_end(args);
	int64_t written = fixture_int(&life->fx,
		"SELECT (SELECT COUNT(*) FROM history) + (SELECT COUNT(*) FROM ledger)"
		" + (SELECT COUNT(*) FROM reservation)");
	const char *code = fixture_try(&life->fx, op, store, "ho", "%s", data);
	if (*code)
		assert_int_equal(fixture_int(&life->fx,
					 "SELECT (SELECT COUNT(*) FROM history) +"
					 " (SELECT COUNT(*) FROM ledger)"
					 " + (SELECT COUNT(*) FROM reservation)"),
			written);
	life->applied += !*code;
	life->refused += *code != '\0';
	return code;
}

/* One of the newest: most that happens to an order happens while it is young. */
static int number_of(struct life *life)
{
	int young = life->orders < 8 ? life->orders : 8;
	return young ? life->orders - draw(life, young) : 1;
}

/* Mostly a SKU that the order has. */
static int add_line(struct life *life, char *text, int number, const char *more)
{
	char *own = db_get_text(life->fx.db,
		"SELECT sku FROM order_line WHERE order_number = 'N' || $1 ORDER BY sku DESC LIMIT 1",
		"i", (int64_t)number);
	int length = snprintf(text, LINE_BYTES, "{'sku':'%s','qty':%s%s}",
		own && draw(life, 4) ? own : ANY(life, skus), ANY(life, quantities), more);
	free(own);
	assert_in_range(length, 1, LINE_BYTES - 2);
	return length;
}

/* One line or two. */
static const char *lines(struct life *life, int number, const char *more)
{
	static char text[2 * LINE_BYTES];
	int length = add_line(life, text, number, more);
	if (draw(life, 3) == 0) {
		text[length++] = ',';
		add_line(life, text + length, number, more);
	}
	return text;
}

/* What the definition says; -1 where there is no limit. */
static int64_t salable_by_definition(struct life *life, const char *channel, const char *sku)
{
	return fixture_int(&life->fx,
		"SELECT CASE WHEN p.backorders = 1 AND MIN(p.threshold, 0) = 0 THEN -1 ELSE"
		" MAX(0, (SELECT COALESCE(SUM(k.on_hand), 0) FROM channel_store c, store s, stock k"
		" WHERE c.channel = '%s' AND s.id = c.store AND s.enabled = 1 AND k.store = c.store"
		" AND k.sku = p.sku AND k.in_stock = 1) + (SELECT COALESCE(SUM(r.qty), 0) FROM"
		" reservation r WHERE r.channel = '%s' AND r.sku = p.sku) - CASE p.backorders WHEN 1"
		" THEN MIN(p.threshold, 0) ELSE MAX(p.threshold, 0) END) END FROM product p"
		" WHERE p.sku = '%s'",
		channel, channel, sku);
}

/* An order of one line is taken if, and only if, that much is salable. */
static void place_one(struct life *life)
{
	const char *channel = ANY(life, channels), *sku = ANY(life, skus);
	int64_t most = salable_by_definition(life, channel, sku);
	int64_t qty = most > 0 && draw(life, 4) == 0 ? most + draw(life, 2) : 1 + draw(life, 40000);
	const char *code = act(life, "order.place", ANY(life, stores),
		"{'number':'N%d','channel':'%s','lines':[{'sku':'%s','qty':%lld.%03lld}]}",
		life->orders + 1, channel, sku, (long long)(qty / 1000), (long long)(qty % 1000));
	if (most >= 0 && qty > most)
		assert_string_equal(code, "not_salable");
	else
		assert_string_equal(code, "");
	life->orders += !*code;
}

static void place_many(struct life *life)
{
	const char *list = lines(life, 0, ",'price':100");
	life->orders += !*act(life, "order.place", NULL,
		"{'number':'N%d','channel':'%s','lines':[%s,{'sku':'A1','qty':3,'price':100}]}",
		life->orders + 1, ANY(life, channels), list);
}

static void step_lines(struct life *life)
{
	static const char *const ops[] = {
		"order.cancel", "order.invoice", "order.invoice", "order.invoice"};
	int number = number_of(life);
	const char *op = ANY(life, ops);
	if (draw(life, 3) == 0)
		act(life, op, "xinyi", "{'order':'N%d'}", number);
	else
		act(life, op, "xinyi", "{'order':'N%d','lines':[%s]}", number,
			lines(life, number, ""));
}

static void step_ship(struct life *life)
{
	int number = number_of(life);
	const char *store = ANY(life, stores);
	if (draw(life, 2) == 0)
		act(life, "order.ship", store, "{'order':'N%d','store':'%s'}", number, store);
	else
		act(life, "order.ship", store, "{'order':'N%d','store':'%s','lines':[%s]}", number,
			store, lines(life, number, ""));
}

static void step_refund(struct life *life)
{
	int number = number_of(life);
	const char *to_stock = draw(life, 2) ? ",'return_to_stock':true"
					     : ",'return_to_stock':false";
	const char *op = draw(life, 3) ? "order.refund" : "order.credit";
	act(life, op, "xinyi", "{'order':'N%d','lines':[%s]}", number,
		lines(life, number, to_stock));
}

/* Some open memo, with its own lines or with others. */
static void step_memo(struct life *life)
{
	char *memo = db_get_text(life->fx.db,
		"SELECT order_number || '\",\"memo\":\"' || id FROM credit_memo"
		" WHERE status = 'open' ORDER BY id LIMIT 1",
		"");
	if (memo && draw(life, 2))
		act(life, "order.refund", "xinyi", "{'order':'%s'}", memo);
	else if (memo)
		act(life, "order.refund", "xinyi", "{'order':'%s','lines':[%s]}", memo,
			lines(life, number_of(life), ",'return_to_stock':true"));
	free(memo);
}

static void step_flag(struct life *life)
{
	static const char *const ops[] = {"order.accept", "order.await_payment",
		"order.review_payment", "order.pay", "order.hold", "order.suspect", "order.release",
		"order.release", "order.approve", "order.approve", "order.deny", "order.archive"};
	act(life, ANY(life, ops), "xinyi", "{'order':'N%d'}", number_of(life));
}

static void step_stock(struct life *life)
{
	const char *store = ANY(life, stores), *sku = ANY(life, skus);
	int64_t on_hand = fixture_on_hand(&life->fx, store, sku);
	bool found = draw(life, 3) > 0 || on_hand < 30000;
	act(life, "stock.adjust", store,
		"{'kind':'%s','reason':'r','lines':[{'sku':'%s','qty':30}]}",
		found ? "found" : "write_off", sku);
}

static void step_settings(struct life *life)
{
	static const char *const orders[] = {"'ec','xinyi','ximen'", "'xinyi','ec'", "'ximen'",
		"'ximen','xinyi'", "'ec','ximen','xinyi'"};
	static const char *const limits[] = {"0", "5", "-5", "12.5"};
	switch (draw(life, 3)) {
	case 0:
		act(life, "channel.put", NULL, "{'id':'%s','name':'C','stores':[%s]}",
			ANY(life, channels), ANY(life, orders));
		break;
	case 1:
		act(life, "store.put", NULL, "{'id':'%s','name':'S','kind':'shop','enabled':%s}",
			ANY(life, stores), draw(life, 3) ? "true" : "false");
		break;
	default:
		act(life, "product.put", NULL,
			"{'sku':'A3','name':'A3','threshold':%s,'backorders':%s}",
			ANY(life, limits), draw(life, 2) ? "true" : "false");
	}
}

static void (*const happenings[])(struct life *life) = {place_one, place_one, place_many,
	step_lines, step_lines, step_lines, step_ship, step_ship, step_refund, step_refund,
	step_memo, step_flag, step_flag, step_stock, step_settings};

static void begin(struct life *life, unsigned long long seed)
{
	memset(life, 0, sizeof(*life));
	life->seed = seed;
	life->random = seed * 1234567;
	fixture_open(&life->fx);
	for (int i = 1; i <= 2; i++) {
		fixture_do(&life->fx, "product.put", NULL, "ho",
			"{'sku':'V%d','name':'V','virtual':true}", i);
		for (int s = 0; s < COUNT_OF(stores); s++) {
			char sku[8];
			snprintf(sku, sizeof sku, "V%d", i);
			fixture_set_on_hand(&life->fx, stores[s], sku, 100000);
		}
	}
	fixture_do(&life->fx, "channel.put", NULL, "ho",
		"{'id':'web','name':'Web','stores':['ec','xinyi']}");
	fixture_do(&life->fx, "channel.put", NULL, "ho",
		"{'id':'shops','name':'Shops','stores':['xinyi','ximen','ec']}");
	fixture_sql(
		&life->fx, "UPDATE stock SET in_stock = 0 WHERE store = 'ximen' AND sku = 'A2'");
}

static void rules_hold_whatever_happens(void **state)
{
	/* After every command of a random life the ledger, the lines, the stock and the status agree, an order
	 * is taken if and only if it may be promised, and what is refused leaves nothing behind. */
	int64_t finished = 0, refunded = 0, applied = 0, refused = 0;
	static struct life life;
	(void)state;
	for (long i = 0; i < seeds; i++) {
		begin(&life, (unsigned long long)first + (unsigned long long)i);
		for (life.step = 1; life.step <= STEPS; life.step++) {
			happenings[draw(&life, COUNT_OF(happenings))](&life);
			check(&life);
		}
		finished += fixture_int(&life.fx,
			"SELECT COUNT(*) FROM sales_order WHERE status IN ('complete', 'closed', 'canceled')");
		refunded += fixture_int(
			&life.fx, "SELECT COUNT(*) FROM credit_memo_line WHERE unsent > 0");
		applied += life.applied;
		refused += life.refused;
		fixture_close(&life.fx);
	}
	/* Lives that come to nothing would prove nothing. */
	assert_true(seeds < 4 || (finished > 10 * seeds / 4 && refunded > seeds));
	assert_true(seeds < 4 || (applied > STEPS / 4 * seeds && refused > STEPS / 10 * seeds));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(rules_hold_whatever_happens)};

	seeds = argc > 1 ? strtol(argv[1], NULL, 10) : SEEDS;
	first = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
