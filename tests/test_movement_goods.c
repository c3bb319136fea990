/* Goods are conserved: random commands over three stores and third parties, from numbered seeds. A
 * failure names the seed and the step; run one seed with COUNTERTOP_SEED=n. */
#include "tests/movement_steps.h"

#include "model/stock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS 300
#define STEPS 40
#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

static const char *const stores[] = {"xinyi", "ximen", "ec"};
static const char *const managers[] = {"lin", "huang", "dai"};
static const char *const skus[] = {"A1", "A2", "A3", "B1", "ZZ"}; /* ZZ is in no catalogue */
#define STORES COUNT_OF(stores)
#define SKUS COUNT_OF(skus)

struct run {
	struct fixture fx;
	uint64_t random;
	const char *documents[STEPS];
	int document_count;
	int64_t brought[SKUS]; /* by openings and adjustments, and at the start */
};

/* xorshift64*: the same numbers everywhere */
static int pick(struct run *run, int below)
{
	run->random ^= run->random >> 12;
	run->random ^= run->random << 25;
	run->random ^= run->random >> 27;
	return (int)((run->random * UINT64_C(2685821657736338717)) >> 33) % below;
}

/* ---- what happened so far, over all seeds ---- */

static const char *const ops[] = {"outbound.create", "inbound.create", "inbound.accept",
	"inbound.reject", "outbound.cancel", "outbound.ship", "inbound.arrive", "inbound.receive",
	"inbound.close", "stock.adjust", "stock.open"};
static int applied[COUNT_OF(ops)], refused[COUNT_OF(ops)];

static bool note(const char *op, const char *code)
{
	for (int i = 0; i < COUNT_OF(ops); i++)
		if (strcmp(ops[i], op) == 0)
			(*code ? refused : applied)[i]++;
	if (strcmp(code, "bad_line") == 0 || strcmp(code, "unknown_op") == 0)
		fail_msg("%s: %s", op, code);
	return *code == '\0';
}

/* ---- the commands ---- */

struct random_line {
	int sku;
	int64_t qty, damaged;
};

static struct random_line random_line(struct run *run)
{
	struct random_line line = {pick(run, SKUS), 500 * (1 + pick(run, 24)), 0};
	if (pick(run, 3) == 0)
		line.damaged = 500 * pick(run, (int)(line.qty / 500) + 1);
	return line;
}

static void write_lines(struct run *run, char *out, size_t size, bool damaged)
{
	int count = 1 + pick(run, 3);
	size_t length = 0;
	for (int i = 0; i < count; i++) {
		struct random_line line = random_line(run);
		length += (size_t)snprintf(out + length, size - length, "%s{'sku':'%s','qty':%.1f",
			i ? "," : "", skus[line.sku], (double)line.qty / 1000);
		if (damaged)
			length += (size_t)snprintf(out + length, size - length, ",'damaged':%.1f",
				(double)line.damaged / 1000);
		length += (size_t)snprintf(out + length, size - length, "}");
	}
}

static void create(struct run *run)
{
	char lines[400];
	int at = pick(run, STORES), to = pick(run, STORES);
	bool inbound = pick(run, 4) == 0, sell = pick(run, 4) == 0;
	const char *op = inbound ? "inbound.create" : "outbound.create";
	write_lines(run, lines, sizeof lines, false);
	if (note(op,
		    fixture_try(&run->fx, op, stores[at], managers[at], "{'%s':'%s','lines':[%s]}",
			    inbound || sell ? "third_party" : "to",
			    inbound || sell ? "Luma" : stores[to], lines)))
		run->documents[run->document_count++] = fixture_last_id(&run->fx);
}

/* Mostly by whoever may, at the end that acts: otherwise little would happen. */
static void act(struct run *run, const char *op, const char *data)
{
	if (run->document_count == 0)
		return;
	const char *id = run->documents[pick(run, run->document_count)];
	bool sender = strncmp(op, "outbound", 8) == 0;
	int at = pick(run, STORES);
	for (int i = 0; i < STORES && pick(run, 50) > 0; i++)
		if (fixture_int(&run->fx,
			    "SELECT COUNT(*) FROM movement WHERE id = '%s' AND %s = '%s'", id,
			    sender ? "from_store" : "to_store", stores[i]) == 1)
			at = i;
	note(op,
		fixture_try(&run->fx, op, stores[at], managers[at], "{'movement':'%s'%s%s}", id,
			*data ? "," : "", data));
}

static void ship(struct run *run)
{
	char lines[400], data[420] = "";
	write_lines(run, lines, sizeof lines, false);
	if (pick(run, 2) == 0)
		snprintf(data, sizeof data, "'lines':[%s]", lines);
	act(run, "outbound.ship", data);
}

static void receive(struct run *run)
{
	char lines[400], data[420];
	write_lines(run, lines, sizeof lines, true);
	snprintf(data, sizeof data, "'lines':[%s]", lines);
	act(run, "inbound.receive", data);
}

static void close_short(struct run *run)
{
	static const char *const reasons[] = {
		"not_sent", "miscounted", "came_back", "lost", "destroyed"};
	char data[100];
	snprintf(data, sizeof data, "'reason':'%s'", reasons[pick(run, COUNT_OF(reasons))]);
	act(run, "inbound.close", data);
}

static void adjust(struct run *run)
{
	static const struct {
		const char *kind;
		int sign;
	} kinds[] = {
		{"write_off", -1}, {"found", 1}, {"release_damaged", 0}, {"write_off_damaged", -1}};
	int at = pick(run, STORES), kind = pick(run, COUNT_OF(kinds));
	struct random_line line = random_line(run);
	if (note("stock.adjust",
		    fixture_try(&run->fx, "stock.adjust", stores[at], managers[at],
			    "{'kind':'%s','reason':'x','lines':[{'sku':'%s','qty':%.1f}]}",
			    kinds[kind].kind, skus[line.sku], (double)line.qty / 1000)))
		run->brought[line.sku] += kinds[kind].sign * line.qty;
}

static void open_stock(struct run *run)
{
	struct random_line line = random_line(run);
	if (note("stock.open",
		    fixture_try(&run->fx, "stock.open", NULL, "ho",
			    "{'store':'%s','lines':[{'sku':'%s','qty':%.1f}]}",
			    stores[pick(run, STORES)], skus[line.sku], (double)line.qty / 1000)))
		run->brought[line.sku] += line.qty;
}

static void random_command(struct run *run)
{
	int n = pick(run, 100);
	if (n < 20)
		create(run);
	else if (n < 30)
		act(run, "inbound.accept", "");
	else if (n < 32)
		act(run, "inbound.reject", "");
	else if (n < 35)
		act(run, "outbound.cancel", "");
	else if (n < 52)
		ship(run);
	else if (n < 60)
		act(run, "inbound.arrive", "");
	else if (n < 84)
		receive(run);
	else if (n < 92)
		close_short(run);
	else if (n < 97)
		adjust(run);
	else
		open_stock(run);
}

/* ---- the rules ---- */

/* Everything there is of a SKU, wherever it is. */
static int64_t goods(struct run *run, const char *sku)
{
	int64_t sum = 0;
	for (int i = 0; i < STORES; i++) {
		struct stock_figures at = stock_figures_of(run->fx.db, stores[i], sku);
		sum += at.on_hand + at.damaged + at.in_transit_in;
	}
	return sum;
}

/* What third parties brought and took, and what a short close wrote off. */
static int64_t crossed(struct run *run, const char *sku)
{
	return fixture_int(&run->fx,
		"SELECT COALESCE(SUM(CASE WHEN from_store IS NULL THEN received WHEN to_store IS NULL"
		" THEN -shipped ELSE -written_off END), 0) FROM movement_line WHERE sku = '%s'",
		sku);
}

static void check_goods(struct run *run, int seed, int step)
{
	for (int i = 0; i < SKUS; i++)
		if (goods(run, skus[i]) != run->brought[i] + crossed(run, skus[i]))
			fail_msg("seed %d step %d: %s is not conserved", seed, step, skus[i]);
	if (fixture_int(&run->fx,
		    "SELECT COUNT(*) FROM stock s WHERE (s.on_hand, s.damaged) <> (SELECT SUM(g.qty),"
		    " SUM(g.damaged) FROM ledger g WHERE g.store = s.store AND g.sku = s.sku)"))
		fail_msg("seed %d step %d: stock is not the sum of its ledger", seed, step);
	const char *broken = steps_broken_rule(&run->fx);
	if (broken)
		fail_msg("seed %d step %d: not so: %s", seed, step, broken);
}

static void start(struct run *run, int seed)
{
	memset(run, 0, sizeof *run);
	run->random = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(seed + 1);
	fixture_open(&run->fx);
	fixture_sql(&run->fx,
		"UPDATE stock SET on_hand = 20000;"
		"INSERT INTO ledger (id, store, sku, qty, damaged, reason, at)"
		" SELECT 'start.' || store || sku, store, sku, on_hand, damaged,"
		" 'opening', 0 FROM stock");
	for (int i = 0; i < SKUS; i++)
		run->brought[i] = goods(run, skus[i]);
}

static void goods_are_conserved(void **state)
{
	/* After every command goods changed only by third parties, openings, adjustments and write-offs. */
	(void)state;
	static struct run run;
	const char *only = getenv("COUNTERTOP_SEED");
	int first = only ? (int)strtol(only, NULL, 10) : 0, end = only ? first + 1 : SEEDS;
	for (int seed = first; seed < end; seed++) {
		start(&run, seed);
		for (int step = 0; step < STEPS; step++) {
			random_command(&run);
			check_goods(&run, seed, step);
		}
		fixture_close(&run.fx);
	}
	/* An adjustment is a fact: nothing that comes up here is a reason to refuse it. */
	for (int i = 0; i < COUNT_OF(ops) && !only; i++)
		if (applied[i] == 0 || (refused[i] == 0) != (strcmp(ops[i], "stock.adjust") == 0))
			fail_msg("%s: %d applied, %d refused: the test lost its reach", ops[i],
				applied[i], refused[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goods_are_conserved),
	};
	return cmocka_run_group_tests_name("movement goods", tests, NULL, NULL);
}
