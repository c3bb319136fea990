/* The same facts in any order leave the same stock. Facts are receipts, damaged units among them, extras, what
 * is counted too late, write-offs and finds; each scenario sends them in every order to an HQ that begins at
 * the same moment. Requests come before them in their own order, because what they may do depends on what they
 * find (product.md §2) — but for those two whose order does not matter either: making the document, which facts
 * wait for, and closing it short, which what comes later undoes.
 *
 * tests/test_goods_order [SHUFFLES] [STRIDE] sends so many orders of each larger set. Of five facts every order
 * is sent, of six only each STRIDE-th, so that a check is quick; 1 sends all of those too. */
#include "tests/goods_rules.h"
#include "tests/goods_world.h"
#include "tests/sanitized.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEFORE_MAX 24
#define FACTS_MAX 6
#define SETS 5
#define SET_FACTS 18
#define THINGS_MAX (BEFORE_MAX + SET_FACTS)

#if SANITIZED
static long shuffles = 12, stride = 11; /* each takes four times as long */
#else
static long shuffles = 40, stride = 3;
#endif

/* $1, $2 … in data stand for the id of the first, second … thing of its scenario. */
struct thing {
	const char *op, *store, *data;
};

#define LINE(sku, qty) "{'sku':'" sku "','qty':" #qty "}"
#define BROKEN(sku, qty, damaged) "{'sku':'" sku "','qty':" #qty ",'damaged':" #damaged "}"
#define SEND(lines) "outbound.create", "g1", "{'to':'g2','lines':[" lines "]}"
#define SENT SEND(LINE("A1", 10) "," LINE("A2", 5))
#define BOUGHT                  \
	"inbound.create", "g2", \
		"{'third_party':'Luma','lines':[" LINE("A1", 10) "," LINE("N0", 5) "]}"
#define ACCEPT(doc) "inbound.accept", "g2", "{'movement':'" doc "'}"
#define REJECT(doc) "inbound.reject", "g2", "{'movement':'" doc "'}"
#define CANCEL(doc) "outbound.cancel", "g1", "{'movement':'" doc "'}"
#define SHIP(doc) "outbound.ship", "g1", "{'movement':'" doc "'}"
#define SHIP_PART(doc, lines) "outbound.ship", "g1", "{'movement':'" doc "','lines':[" lines "]}"
#define RECEIVE(doc, lines) "inbound.receive", "g2", "{'movement':'" doc "','lines':[" lines "]}"
#define CLOSE(doc, reason) "inbound.close", "g2", "{'movement':'" doc "','reason':'" reason "'}"
#define CLOSE_BOTH(doc)                                                                    \
	"inbound.close", "g2",                                                             \
		"{'movement':'" doc "','lines':[{'sku':'A1','reason':'lost'},{'sku':'A2'," \
		"'reason':'came_back'}]}"
#define ADJUST(store, kind, line) \
	"stock.adjust", store, "{'kind':'" kind "','reason':'seen','lines':[" line "]}"

static const struct scenario {
	const char *name;
	struct thing before[BEFORE_MAX];
	struct thing facts[FACTS_MAX];
} scenarios[] = {
	{"parts, damaged and extras of what nobody shipped yet", {{SENT}, {ACCEPT("$1")}},
		{{RECEIVE("$1", LINE("A1", 4))}, {RECEIVE("$1", BROKEN("A1", 6, 2))},
			{RECEIVE("$1", LINE("A2", 5) "," LINE("A3", 2))},
			{RECEIVE("$1", BROKEN("ZZ", 1.5, 0.5))},
			{ADJUST("g2", "write_off", LINE("A1", 3))},
			{ADJUST("g1", "found", LINE("A1", 1))}}},
	{"counts of what nobody agreed to yet", {{SENT}},
		{{RECEIVE("$1", LINE("A1", 4))}, {RECEIVE("$1", LINE("A1", 7))},
			{RECEIVE("$1", BROKEN("A2", 1, 1))}, {RECEIVE("$1", LINE("A4", 25))},
			{ADJUST("g1", "write_off", LINE("A4", 9))}}},
	{"more than was shipped, and what becomes of damaged units",
		{{SENT}, {ACCEPT("$1")}, {SHIP("$1")}},
		{{RECEIVE("$1", LINE("A1", 7))}, {RECEIVE("$1", BROKEN("A1", 7, 3))},
			{ADJUST("g2", "write_off_damaged", LINE("A1", 2))},
			{ADJUST("g2", "release_damaged", LINE("A1", 1))},
			{ADJUST("g1", "write_off", LINE("A1", 25))},
			{RECEIVE("$1", LINE("A2", 4.125))}}},
	{"counts of what was shipped in part",
		{{SENT}, {ACCEPT("$1")}, {SHIP_PART("$1", LINE("A1", 4))}},
		{{RECEIVE("$1", LINE("A1", 3))}, {RECEIVE("$1", BROKEN("A1", 2, 1))},
			{RECEIVE("$1", LINE("A2", 1))}, {RECEIVE("$1", LINE("ZZ", 2))},
			{ADJUST("g2", "found", LINE("A2", 2))}}},
	{"what turns up after a close short",
		{{SENT}, {ACCEPT("$1")}, {SHIP("$1")}, {RECEIVE("$1", LINE("A1", 2))},
			{CLOSE_BOTH("$1")}},
		{{RECEIVE("$1", LINE("A1", 3))}, {RECEIVE("$1", BROKEN("A1", 6, 1))},
			{RECEIVE("$1", LINE("A2", 2))}, {RECEIVE("$1", LINE("A2", 4))},
			{RECEIVE("$1", LINE("A3", 1))},
			{ADJUST("g1", "write_off", LINE("A2", 1))}}},
	{"a close short at any moment, what came back", {{SENT}, {ACCEPT("$1")}, {SHIP("$1")}},
		{{CLOSE("$1", "came_back")}, {RECEIVE("$1", LINE("A1", 6))},
			{RECEIVE("$1", BROKEN("A1", 5, 2))}, {RECEIVE("$1", LINE("A2", 3))},
			{RECEIVE("$1", LINE("ZZ", 1))},
			{ADJUST("g2", "write_off", LINE("A2", 2))}}},
	{"a close short at any moment, a reason a line", {{SENT}, {ACCEPT("$1")}, {SHIP("$1")}},
		{{CLOSE_BOTH("$1")}, {RECEIVE("$1", LINE("A1", 4))}, {RECEIVE("$1", LINE("A1", 6))},
			{RECEIVE("$1", BROKEN("A2", 5, 5))},
			{ADJUST("g2", "write_off_damaged", LINE("A2", 5))}}},
	{"counts of what was cancelled and of what was rejected",
		{{SENT}, {SENT}, {CANCEL("$1")}, {REJECT("$2")}},
		{{RECEIVE("$1", LINE("A1", 4))}, {RECEIVE("$1", LINE("A1", 8))},
			{RECEIVE("$2", BROKEN("A2", 3, 1))}, {RECEIVE("$2", LINE("A2", 2))},
			{RECEIVE("$1", LINE("ZZ", 1))}, {ADJUST("g1", "found", LINE("A1", 5))}}},
	{"what a third party brings, some of it after all was given up",
		{{BOUGHT}, {BOUGHT}, {CLOSE("$2", "not_sent")}},
		{{RECEIVE("$1", LINE("A1", 12))}, {RECEIVE("$1", BROKEN("N0", 3, 1))},
			{RECEIVE("$1", LINE("N0", 2))}, {RECEIVE("$2", LINE("A1", 1))},
			{RECEIVE("$2", BROKEN("ZZ", 2, 2))},
			{ADJUST("g2", "write_off_damaged", LINE("N0", 1))}}},
	{"what a third party stopped bringing at any moment",
		{{BOUGHT}, {RECEIVE("$1", LINE("A1", 1))}},
		{{CLOSE("$1", "not_sent")}, {RECEIVE("$1", LINE("A1", 5))},
			{RECEIVE("$1", LINE("A1", 6))}, {RECEIVE("$1", BROKEN("N0", 5, 4))},
			{ADJUST("g2", "write_off", LINE("A1", 30))}}},
	{"counts for documents that HQ has not heard of",
		{{"transfer.request", "g2", "{'from':'g1','lines':[" LINE("A1", 9) "]}"}},
		{{SENT}, {BOUGHT}, {RECEIVE("$2", BROKEN("A1", 10, 1))},
			{RECEIVE("$2", LINE("A2", 5))}, {RECEIVE("$3", LINE("N0", 2))},
			{ADJUST("g1", "write_off", LINE("A2", 20))}}},
	{"counts of what was born of a transfer order, agreed to for less",
		{{"transfer.request", "g2",
			 "{'from':'g1','lines':[" LINE("A1", 10) "," LINE("A2", 5) "]}"},
			{"transfer.agree", "g1", "{'transfer':'$1','lines':[" LINE("A1", 6) "]}"}},
		{{RECEIVE("$2", LINE("A1", 2))}, {RECEIVE("$2", BROKEN("A1", 5, 1))},
			{RECEIVE("$2", LINE("A2", 5))},
			{ADJUST("g2", "release_damaged", LINE("A1", 1))},
			{ADJUST("g1", "write_off", LINE("A1", 15))}}},
};
#define SCENARIOS ((int)(sizeof scenarios / sizeof *scenarios))

/* ---- sending ---- */

struct stage {
	struct goods_world world;
	struct goods_moment *moment; /* before the facts */
	const char *name;
	char ids[THINGS_MAX][UUID_SIZE];
	int things; /* that have an id */
	char *lines[SET_FACTS];
	int line_count;
};

/* The line of a thing, with the ids of those before it. */
static char *line_of(struct stage *stage, const struct thing *thing)
{
	struct text data = TEXT_INIT(TEXT_SMALL);
	char *line;

	for (const char *c = thing->data; *c; c++) {
		char *behind = NULL;
		long number = *c == '$' ? strtol(c + 1, &behind, 10) : 0;

		if (number > 0)
			text_add(&data, stage->ids[number - 1]);
		else
			text_add_bytes(&data, c, 1);
		c = behind ? behind - 1 : c;
	}
	line = goods_line(&stage->world, thing->op, thing->store, text_get(&data),
		stage->ids[stage->things++]);
	text_free(&data);
	stage->world.now_ms += 1000;
	return line;
}

static void do_before(struct stage *stage, const struct thing *thing)
{
	char *line = line_of(stage, thing);
	char *answer = goods_post(&stage->world, stage->world.token, line);

	if (!strstr(answer, "\"status\":\"applied\""))
		fail_msg("%s: %s%s", stage->name, line, answer);
	free(answer);
	free(line);
}

/* Posts the facts in the given order, in two requests. */
static void send(struct stage *stage, const int *order, int cut)
{
	struct text lines = TEXT_INIT(TEXT_LARGE);

	for (int i = 0; i < stage->line_count; i++) {
		text_add(&lines, stage->lines[order[i]]);
		if (i != cut && i != stage->line_count - 1)
			continue;
		free(goods_post(&stage->world, stage->world.token, text_get(&lines)));
		text_clear(&lines);
	}
	text_free(&lines);
}

/* Everything the order must not change, as one text, which the caller frees. */
static char *outcome(struct goods_world *world)
{
	static const char *const queries[] = {
		"SELECT store, sku, on_hand, damaged FROM stock ORDER BY 1, 2",
		"SELECT movement, sku, ordered, shipped, received, damaged, written_off, sent_back,"
		" extra, unknown, reason FROM movement_line ORDER BY 1, 2",
		"SELECT id, status FROM movement ORDER BY 1",
		"SELECT kind, doc, COUNT(*) FROM exception WHERE kind = 'received_after_cancel'"
		" GROUP BY 1, 2 ORDER BY 1, 2",
		"SELECT id, status FROM command WHERE op IN ('inbound.receive', 'stock.adjust')"
		" ORDER BY 1"};
	struct text all = TEXT_INIT(TEXT_LARGE);

	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		struct db_rows *rows = db_query(world->look, queries[i], "");

		while (db_next(rows)) {
			for (int c = 0; c < db_columns(rows); c++)
				text_addf(&all, "%s ", db_text(rows, c) ? db_text(rows, c) : "-");
			text_add(&all, "\n");
		}
		db_done(rows);
	}
	return text_take(&all);
}

static void fail_for(const struct stage *stage, const int *order, const char *words)
{
	char digits[4 * SET_FACTS + 1] = "";
	size_t used = 0;

	for (int i = 0; i < stage->line_count; i++)
		used += (size_t)snprintf(digits + used, sizeof digits - used, " %d", order[i] + 1);
	fail_msg("%s, in the order%s: %s", stage->name, digits, words);
}

static void expect_same(
	const struct stage *stage, const int *order, const char *first, const char *now)
{
	char words[500];
	size_t at = 0, line = 0;

	for (; first[at] && first[at] == now[at]; at++)
		line = first[at] == '\n' ? at + 1 : line;
	if (first[at] == now[at])
		return;
	snprintf(words, sizeof words, "%.*s, where the first order leaves %.*s",
		(int)strcspn(now + line, "\n"), now + line, (int)strcspn(first + line, "\n"),
		first + line);
	fail_for(stage, order, words);
}

/* The facts in this order lead to the first outcome, which is set if it is the first one. */
static void try_order(struct stage *stage, const int *order, int cut, char **first)
{
	const char *broken;
	char *now;

	goods_go_back(&stage->world, stage->moment);
	send(stage, order, cut);
	now = outcome(&stage->world);
	broken = goods_broken_rule(stage->world.look, NULL);
	if (broken)
		fail_for(stage, order, broken);
	if (*first) {
		expect_same(stage, order, *first, now);
		free(now);
	} else {
		*first = now;
	}
}

static void swap(int *one, int *other)
{
	int kept = *one;

	*one = *other;
	*other = kept;
}

/* The next order behind this one, as numbers grow; false behind the last. */
static bool next_order(int *order, int count)
{
	int at = count - 2, with = count - 1;

	while (at >= 0 && order[at] > order[at + 1])
		at--;
	if (at < 0)
		return false;
	while (order[with] < order[at])
		with--;
	swap(&order[at], &order[with]);
	for (int low = at + 1, high = count - 1; low < high; low++, high--)
		swap(&order[low], &order[high]);
	return true;
}

static void begin(struct stage *stage, const char *name, uint64_t seed)
{
	memset(stage, 0, sizeof *stage);
	stage->name = name;
	goods_open(&stage->world, seed, false);
}

static void end(struct stage *stage)
{
	for (int i = 0; i < stage->line_count; i++)
		free(stage->lines[i]);
	goods_forget(stage->moment);
	goods_close(&stage->world);
}

static int try_scenario(const struct scenario *scenario)
{
	static struct stage stage;
	int order[FACTS_MAX], orders = 0;
	char *first = NULL;

	begin(&stage, scenario->name, 1);
	for (int i = 0; i < BEFORE_MAX && scenario->before[i].op; i++)
		do_before(&stage, &scenario->before[i]);
	for (int i = 0; i < FACTS_MAX && scenario->facts[i].op; i++) {
		order[i] = i;
		stage.lines[stage.line_count++] = line_of(&stage, &scenario->facts[i]);
	}
	stage.moment = goods_keep(&stage.world);
	do {
		if (stage.line_count < FACTS_MAX || orders % stride == 0)
			try_order(&stage, order, orders % stage.line_count, &first);
		orders++;
	} while (next_order(order, stage.line_count));
	free(first);
	end(&stage);
	return orders;
}

static void every_order_of_the_same_facts(void **state)
{
	/* Every order of a scenario's facts leaves the same stock, figures of lines and statuses, and HQ gives
	 * each fact the same verdict. */
	(void)state;
	for (int i = 0; i < SCENARIOS; i++) {
		int orders = try_scenario(&scenarios[i]);

		print_message("# %d orders: %s\n", orders, scenarios[i].name);
		assert_true(orders == 120 || orders == 720);
	}
}

/* ---- larger sets, of which a few orders are tried ---- */

/* One document in each of the ways it can be: 1 … 9. */
static const struct thing many[BEFORE_MAX] = {{SENT}, {SENT}, {SENT}, {SENT}, {SENT}, {SENT},
	{SENT}, {BOUGHT}, {BOUGHT}, {ADJUST("g1", "found", LINE("A1", 60))}, {ACCEPT("$2")},
	{ACCEPT("$3")}, {SHIP("$3")}, {ACCEPT("$4")}, {SHIP_PART("$4", LINE("A1", 4))},
	{ACCEPT("$5")}, {SHIP("$5")}, {CLOSE_BOTH("$5")}, {CANCEL("$6")}, {REJECT("$7")},
	{CLOSE("$9", "not_sent")}};
#define MANY_DOCUMENTS 9

static void draw_lines(struct goods_world *world, struct text *data, bool damaged, int skus)
{
	static const char *const names[] = {"A1", "A2", "A3", "N0", "ZZ"};
	int count = 1 + goods_draw(world, 2), first = goods_draw(world, skus);

	text_add(data, "'lines':[");
	for (int i = 0; i < count; i++) {
		int halves = 1 + goods_draw(world, 14);

		text_addf(data, "%s{'sku':'%s','qty':%.1f", i > 0 ? "," : "",
			names[(first + i) % skus], halves / 2.0);
		if (damaged && goods_draw(world, 3) == 0)
			text_addf(data, ",'damaged':%.1f", (1 + goods_draw(world, halves)) / 2.0);
		text_add(data, "}");
	}
	text_add(data, "]}");
}

static char *draw_fact(struct stage *stage)
{
	static const char *const kinds[] = {
		"write_off", "found", "release_damaged", "write_off_damaged"};
	struct goods_world *world = &stage->world;
	struct text data = TEXT_INIT(TEXT_SMALL);
	bool receives = goods_draw(world, 4) > 0;
	struct thing fact = {receives ? "inbound.receive" : "stock.adjust",
		receives || goods_draw(world, 2) ? "g2" : "g1", NULL};

	if (receives)
		text_addf(&data, "{'movement':'$%d',", 1 + goods_draw(world, MANY_DOCUMENTS));
	else
		text_addf(&data, "{'kind':'%s','reason':'seen',", kinds[goods_draw(world, 4)]);
	/* A product that is in no catalogue can be counted, but not adjusted before some of it is there. */
	draw_lines(world, &data, receives, receives ? 5 : 4);
	fact.data = text_get(&data);
	char *line = line_of(stage, &fact);
	text_free(&data);
	return line;
}

static void shuffle(struct goods_world *world, int *order, int count)
{
	for (int i = count - 1; i > 0; i--)
		swap(&order[i], &order[goods_draw(world, i + 1)]);
}

static void many_orders_of_many_facts(void **state)
{
	/* Facts about documents in every status, shuffled again and again, leave the same each time. */
	static struct stage stage;
	char name[40];

	(void)state;
	for (int set = 0; set < SETS; set++) {
		int order[SET_FACTS];
		char *first = NULL;

		snprintf(name, sizeof name, "set %d", set + 1);
		begin(&stage, name, (uint64_t)set + 1);
		for (int i = 0; i < BEFORE_MAX && many[i].op; i++)
			do_before(&stage, &many[i]);
		for (int i = 0; i < SET_FACTS; i++) {
			order[i] = i;
			stage.lines[stage.line_count++] = draw_fact(&stage);
		}
		stage.moment = goods_keep(&stage.world);
		for (long i = 0; i < shuffles; i++) {
			try_order(&stage, order, goods_draw(&stage.world, SET_FACTS), &first);
			shuffle(&stage.world, order, SET_FACTS);
		}
		free(first);
		end(&stage);
	}
}

/* ---- where order matters ---- */

/* A request may be refused for what it finds, and then the sender's side differs: the fact has shipped in full
 * what was cancelled otherwise. What was counted is on hand where it was counted all the same. */
static const struct {
	const char *name;
	struct thing before[3], request, fact;
	const char *late; /* the request behind the fact */
	const char *statuses[2];
	double sender[2],
		receiver; /* on hand of A1 in the end: the request first, the fact first */
} pairs[] = {
	{"cancel", {{SENT}, {ACCEPT("$1")}}, {CANCEL("$1")}, {RECEIVE("$1", LINE("A1", 4))},
		"already_shipped", {"cancelled", "partial"}, {16, 10}, 24},
	{"reject", {{SENT}}, {REJECT("$1")}, {RECEIVE("$1", LINE("A1", 4))}, "wrong_status",
		{"rejected", "partial"}, {16, 10}, 24},
	{"ship a part", {{SENT}, {ACCEPT("$1")}}, {SHIP_PART("$1", LINE("A1", 3))},
		{RECEIVE("$1", LINE("A1", 4))}, "wrong_status", {"received", "partial"}, {16, 10},
		24},
	{"accept", {{SENT}}, {ACCEPT("$1")}, {RECEIVE("$1", LINE("A1", 4))}, "wrong_status",
		{"partial", "partial"}, {10, 10}, 24},
	{"arrive", {{SENT}, {ACCEPT("$1")}}, {"inbound.arrive", "g2", "{'movement':'$1'}"},
		{RECEIVE("$1", LINE("A1", 4))}, "wrong_status", {"partial", "partial"}, {10, 10},
		24},
	{"close what was not counted", {{BOUGHT}}, {CLOSE("$1", "not_sent")},
		{RECEIVE("$1", LINE("A1", 4))}, "", {"cancelled", "received"}, {20, 20}, 24},
};

static double on_hand(struct goods_world *world, const char *store)
{
	return (double)db_get_int(world->look, -1,
		       "SELECT on_hand FROM stock WHERE store = $1 AND sku = 'A1'", "t", store) /
		1000;
}

static void expect_pair(struct stage *stage, size_t i, bool fact_first)
{
	struct goods_world *world = &stage->world;
	const int orders[2][2] = {{0, 1}, {1, 0}};
	char code[40] = "", *verdict, *status;

	goods_go_back(world, stage->moment);
	send(stage, orders[fact_first], 0);
	verdict = db_get_text(world->look, "SELECT verdict FROM command WHERE id = $1", "t",
		stage->ids[stage->things - 2]);
	status = db_get_text(
		world->look, "SELECT status FROM movement WHERE id = $1", "t", stage->ids[0]);
	if (strstr(verdict, "\"code\":\""))
		sscanf(strstr(verdict, "\"code\":\""), "\"code\":\"%39[a-z_]", code);
	if (strcmp(code, fact_first ? pairs[i].late : "") != 0 ||
		strcmp(status, pairs[i].statuses[fact_first]) != 0 ||
		on_hand(world, "g1") != pairs[i].sender[fact_first] ||
		on_hand(world, "g2") != pairs[i].receiver)
		fail_msg("%s, the %s first: %s, %g and %g on hand, %s", pairs[i].name,
			fact_first ? "fact" : "request", status, on_hand(world, "g1"),
			on_hand(world, "g2"), verdict);
	assert_null(goods_broken_rule(world->look, NULL));
	free(verdict);
	free(status);
}

static void a_request_sees_what_was_counted_before(void **state)
{
	/* A request behind a count may be refused or lead elsewhere than before it, as the table says; what was
	 * counted is on hand at the receiver either way. */
	static struct stage stage;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		begin(&stage, pairs[i].name, 1);
		for (int j = 0; j < 3 && pairs[i].before[j].op; j++)
			do_before(&stage, &pairs[i].before[j]);
		stage.lines[stage.line_count++] = line_of(&stage, &pairs[i].request);
		stage.lines[stage.line_count++] = line_of(&stage, &pairs[i].fact);
		stage.moment = goods_keep(&stage.world);
		expect_pair(&stage, i, false);
		expect_pair(&stage, i, true);
		end(&stage);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_order_of_the_same_facts),
		cmocka_unit_test(many_orders_of_many_facts),
		cmocka_unit_test(a_request_sees_what_was_counted_before),
	};

	shuffles = argc > 1 ? strtol(argv[1], NULL, 10) : shuffles;
	stride = argc > 2 ? strtol(argv[2], NULL, 10) : stride;
	return cmocka_run_group_tests_name("the order of facts", tests, NULL, NULL);
}
