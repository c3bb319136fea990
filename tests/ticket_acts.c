#include "tests/ticket_acts.h"

#include "model/text.h"
#include "model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (24 * 60 * MINUTE_MS)

static int below(struct ticket_acts *acts, int count)
{
	return goods_draw(acts->world, count);
}

static bool one_in(struct ticket_acts *acts, int count)
{
	return below(acts, count) == 0;
}

const char *ticket_code_name(int code, char out[TICKET_CODE_BYTES])
{
	snprintf(out, TICKET_CODE_BYTES, "PT-%04d-X", code);
	return out;
}

const char *ticket_store_name(int store, char out[8])
{
	snprintf(out, 8, "g%d", store);
	return out;
}

/* ---- what a command says ---- */

static void add_code(struct text *data, const char *before, int code)
{
	char name[TICKET_CODE_BYTES];

	text_addf(data, "%s'%s'", before, ticket_code_name(code, name));
}

static void add_day(struct text *data, const char *name, int64_t day)
{
	char date[WHEN_SIZE];

	if (day == NO_DAY)
		return;
	when_local_date(day * DAY_MS, 0, date);
	text_addf(data, ",'%s':'%s'", name, date);
}

static void add_stores(struct text *data, unsigned stores)
{
	const char *before = "";

	text_add(data, "'stores':[");
	for (int i = 0; i < ORACLE_STORES; i++) {
		if (!(stores & 1u << i))
			continue;
		text_addf(data, "%s'g%d'", before, i);
		before = ",";
	}
	text_add(data, "]");
}

static void say_issue(struct ticket_acts *acts, const struct ticket_act *act, struct text *data)
{
	text_addf(data, "{'order':'PO-%d','buyer':'Blake','lines':[", act->order);
	for (int i = 0; i < act->count; i++) {
		const struct oracle_code *code = &acts->oracle->codes[act->codes[i]];

		add_code(data, i ? ",{'code':" : "{'code':", act->codes[i]);
		text_addf(data, ",'product':'A%d','units':%d", code->product, code->units);
		add_day(data, "valid_from", code->from);
		add_day(data, "valid_until", code->until);
		if (code->stores) {
			text_add(data, ",");
			add_stores(data, code->stores);
		}
		text_add(data, "}");
	}
	text_add(data, "]}");
}

static void say_redeem(struct ticket_acts *acts, const struct ticket_act *act, struct text *data)
{
	(void)acts;
	add_code(data, "{'code':", act->code);
	text_addf(data, ",'qty':%d,'mode':'%s'", act->qty, act->offline ? "offline" : "online");
	if (act->of[0])
		text_addf(data, ",'of':'%s'", act->of);
	text_add(data, "}");
}

static void say_void(struct ticket_acts *acts, const struct ticket_act *act, struct text *data)
{
	(void)acts;
	text_addf(data, "{'redemption':'%s','reason':'Wrong one'}", act->of);
}

static void say_refund(struct ticket_acts *acts, const struct ticket_act *act, struct text *data)
{
	(void)acts;
	text_addf(data, "{'order':'PO-%d'", act->order);
	if (act->code >= 0)
		add_code(data, ",'code':", act->code);
	text_add(data, "}");
}

static void say_split(struct ticket_acts *acts, const struct ticket_act *act, struct text *data)
{
	(void)acts;
	add_code(data, "{'code':", act->code);
	text_add(data, ",'into':[");
	for (int i = 0; i < act->count; i++)
		add_code(data, i ? "," : "", act->codes[i]);
	text_add(data, "]}");
}

static void say_code(struct ticket_acts *acts, const struct ticket_act *act, struct text *data)
{
	(void)acts;
	add_code(data, "{'code':", act->code);
	text_add(data, "}");
}

static void say_bind(struct ticket_acts *acts, const struct ticket_act *act, struct text *data)
{
	(void)acts;
	text_addf(data, "{'product':'A%d','sold':'%s',", act->product,
		act->bind_sold ? "bind" : "keep");
	add_stores(data, act->stores);
	text_add(data, "}");
}

static void say_refused(struct ticket_acts *acts, const struct ticket_act *act, struct text *data)
{
	(void)acts;
	add_code(data, "{'code':", act->code);
	text_addf(data, ",'qty':%d,'result':'%s'", act->qty, act->word);
	if (act->of[0])
		text_addf(data, ",'of':'%s'", act->of);
	text_add(data, "}");
}

static void say_settle(struct ticket_acts *acts, const struct ticket_act *act, struct text *data)
{
	(void)acts;
	add_code(data, "{'code':", act->code);
	text_addf(data, ",'outcome':'%s'", act->word);
	if (act->of[0])
		text_addf(data, ",'redemption':'%s'", act->of);
	text_add(data, "}");
}

/* ---- what people do ---- */

static int draw_code(struct ticket_acts *acts)
{
	int recent = acts->code_count < 6 ? acts->code_count : 6;

	/* Mostly the newest: what is done to them comes close together. */
	if (one_in(acts, 3))
		return below(acts, acts->code_count);
	return acts->code_count - 1 - below(acts, recent);
}

/* A number for a code that HQ does not know; -1: there are enough. */
static int new_code(struct ticket_acts *acts)
{
	struct oracle_code *code;
	int64_t today = acts->world->now_ms / DAY_MS;

	if (acts->code_count == ORACLE_CODES)
		return -1;
	code = &acts->oracle->codes[acts->code_count];
	code->from = one_in(acts, 3) ? today - 1 + below(acts, 3) : NO_DAY;
	code->until = one_in(acts, 3) ? today + 1 + below(acts, 3) : NO_DAY;
	code->units = 1 + below(acts, ORACLE_CHILDREN);
	code->product = below(acts, ORACLE_PRODUCTS);
	code->stores = one_in(acts, 3) ? 1u + (unsigned)below(acts, (1 << ORACLE_STORES) - 1) : 0;
	code->parent = -1;
	return acts->code_count++;
}

static bool make_issue(struct ticket_acts *acts, struct ticket_act *act)
{
	act->order = acts->order_count++;
	for (int i = below(acts, 3); i >= 0; i--) {
		int code = one_in(acts, 8) && acts->code_count > 0 ? draw_code(acts) : -1;

		/* One that was only heard of, or is sold already; not twice in one command. */
		for (int k = 0; k < act->count && code >= 0; k++)
			code = act->codes[k] == code ? -1 : code;
		code = code < 0 ? new_code(acts) : code;
		if (code >= 0)
			act->codes[act->count++] = code;
	}
	return act->count > 0;
}

static bool make_redeem(struct ticket_acts *acts, struct ticket_act *act)
{
	bool unheard = one_in(acts, 40);

	act->qty = one_in(acts, 3) ? 1 + below(acts, 3) : 1;
	act->offline = below(acts, 5) < 2;
	act->code = unheard ? new_code(acts) : draw_code(acts);
	return act->code >= 0;
}

/* The late fallback of a redemption that HQ has or will have answered. */
static bool make_fallback(struct ticket_acts *acts, struct ticket_act *act)
{
	const struct ticket_act *first = ticket_act_again(acts);

	if (!first || first->op != TICKET_REDEEM || first->offline)
		return false;
	act->op = TICKET_REDEEM;
	act->code = first->code;
	act->qty = first->qty;
	/* Mostly where that was made: it is no answer for another store. */
	if (!one_in(acts, 10))
		act->store = first->store;
	act->offline = true;
	memcpy(act->of, first->id, sizeof act->of);
	return true;
}

static bool make_void(struct ticket_acts *acts, struct ticket_act *act)
{
	const struct oracle *oracle = acts->oracle;
	int count = oracle->use_count, recent = count < 8 ? count : 8;
	const struct oracle_use *use;

	if (acts->late_count > 0 && one_in(acts, 15)) {
		memcpy(act->of, acts->acts[acts->late[below(acts, acts->late_count)]].id,
			sizeof act->of);
		return true;
	}
	if (count == 0)
		return false;
	use = &oracle->uses[one_in(acts, 4) ? below(acts, count) : count - 1 - below(acts, recent)];
	memcpy(act->of, use->id, sizeof act->of);
	if (!one_in(acts, 8))
		act->store = use->store;
	return true;
}

static bool make_refund(struct ticket_acts *acts, struct ticket_act *act)
{
	int code = draw_code(acts);

	act->order = one_in(acts, 10) ? below(acts, acts->order_count + 1)
				      : acts->oracle->codes[code].order;
	act->code = one_in(acts, 2) ? code : -1;
	return true;
}

static bool make_split(struct ticket_acts *acts, struct ticket_act *act)
{
	int count = oracle_remaining(&acts->oracle->codes[act->code]);

	count += one_in(acts, 8) ? 1 : 0;
	count = count == 0 ? 1 : count > ORACLE_CHILDREN ? ORACLE_CHILDREN : count;
	if (acts->code_count + count > ORACLE_CODES)
		return false;
	while (act->count < count)
		act->codes[act->count++] = new_code(acts);
	return true;
}

static bool make_bind(struct ticket_acts *acts, struct ticket_act *act)
{
	act->product = below(acts, ORACLE_PRODUCTS);
	act->stores = one_in(acts, 2) ? 0 : (unsigned)below(acts, 1 << ORACLE_STORES);
	act->bind_sold = one_in(acts, 2);
	return true;
}

static bool make_refused(struct ticket_acts *acts, struct ticket_act *act)
{
	static const char *const words[] = {"needs_online", "used_up", "expired", "unknown"};

	const struct ticket_act *before = one_in(acts, 2) ? ticket_act_again(acts) : NULL;

	act->qty = 1 + below(acts, 2);
	act->word = words[below(acts, 4)];
	/* The terminal gave up on HQ's answer, and then refused by itself. */
	if (before && before->op == TICKET_REDEEM) {
		act->code = one_in(acts, 10) ? act->code : before->code;
		act->store = one_in(acts, 10) ? act->store : before->store;
		memcpy(act->of, before->id, sizeof act->of);
	}
	return true;
}

/* Some redemption, of the code if there is one near. */
static void draw_use(struct ticket_acts *acts, struct ticket_act *act)
{
	const struct oracle *oracle = acts->oracle;

	for (int i = 0; i < 30 && oracle->use_count > 0; i++) {
		const struct oracle_use *use = &oracle->uses[below(acts, oracle->use_count)];

		memcpy(act->of, use->id, sizeof act->of);
		if (use->code == act->code)
			return;
	}
}

static bool make_settle(struct ticket_acts *acts, struct ticket_act *act)
{
	static const char *const words[] = {"honour", "charge_back", "report"};

	/* One with a dossier, if there is any near. */
	for (int i = 0; i < 20 && !acts->oracle->codes[act->code].dossier; i++)
		act->code = draw_code(acts);
	act->word = words[below(acts, 3)];
	/* Mostly one of that code, and mostly where it is asked for. */
	if (one_in(acts, strcmp(act->word, "charge_back") == 0 ? 2 : 10))
		draw_use(acts, act);
	return true;
}

static bool make_any(struct ticket_acts *acts, struct ticket_act *act)
{
	(void)acts;
	(void)act;
	return true;
}

static const struct kind {
	const char *name;
	void (*say)(struct ticket_acts *, const struct ticket_act *, struct text *);
	bool of_store; /* somebody at a store does it */
} kinds[TICKET_OPS] = {
	[TICKET_ISSUE] = {"ticket.issue", say_issue, false},
	[TICKET_REDEEM] = {"ticket.redeem", say_redeem, true},
	[TICKET_VOID] = {"ticket.void", say_void, true},
	[TICKET_REFUND] = {"ticket.refund", say_refund, false},
	[TICKET_SPLIT] = {"ticket.split", say_split, false},
	[TICKET_BLOCK] = {"ticket.block", say_code, false},
	[TICKET_UNBLOCK] = {"ticket.unblock", say_code, false},
	[TICKET_BIND] = {"ticket.bind", say_bind, false},
	[TICKET_REFUSED] = {"ticket.refused", say_refused, true},
	[TICKET_SETTLE] = {"ticket.settle", say_settle, true},
};

static const struct {
	enum ticket_op op;
	int often;
	bool (*make)(struct ticket_acts *, struct ticket_act *);
} ways[] = {
	{TICKET_ISSUE, 6, make_issue},
	{TICKET_REDEEM, 50, make_redeem},
	{TICKET_REDEEM, 8, make_fallback},
	{TICKET_VOID, 12, make_void},
	{TICKET_REFUND, 3, make_refund},
	{TICKET_SPLIT, 3, make_split},
	{TICKET_BLOCK, 3, make_any},
	{TICKET_UNBLOCK, 4, make_any},
	{TICKET_BIND, 2, make_bind},
	{TICKET_REFUSED, 4, make_refused},
	{TICKET_SETTLE, 5, make_settle},
};
#define WAYS ((int)(sizeof ways / sizeof *ways))

/* ---- the next one ---- */

static void write_line(struct ticket_acts *acts, struct ticket_act *act)
{
	struct goods_world *world = acts->world;
	struct text data = TEXT_INIT(TEXT_LARGE);
	int64_t now_ms = world->now_ms;
	char store[8];

	kinds[act->op].say(acts, act, &data);
	/* The line is made by the terminal's clock. */
	world->now_ms = act->at_ms;
	act->line = goods_line(world, kinds[act->op].name,
		kinds[act->op].of_store ? ticket_store_name(act->store, store) : NULL,
		text_get(&data), act->id);
	world->now_ms = now_ms;
	text_free(&data);
}

static int draw_way(struct ticket_acts *acts)
{
	int all = 0, at = 0;

	for (int i = 0; i < WAYS; i++)
		all += ways[i].often;
	for (int rest = below(acts, all); rest >= ways[at].often; at++)
		rest -= ways[at].often;
	return at;
}

struct ticket_act *ticket_act_make(struct ticket_acts *acts)
{
	int way = acts->code_count == 0 ? 0 : draw_way(acts);
	struct ticket_act *act = &acts->acts[acts->count];

	assert_true(acts->count < TICKET_ACTS);
	*act = (struct ticket_act){.op = ways[way].op, .store = below(acts, ORACLE_STORES)};
	act->code = acts->code_count ? draw_code(acts) : 0;
	act->at_ms = acts->world->now_ms;
	if (one_in(acts, 3))
		act->at_ms += (int64_t)(below(acts, 2 * 1440 + 1) - 1440) * MINUTE_MS;
	if (!ways[way].make(acts, act))
		return NULL;
	write_line(acts, act);
	acts->count++;
	if (!act->offline)
		return act;
	acts->late[acts->late_count++] = acts->count - 1;
	return NULL;
}

struct ticket_act *ticket_act_late(struct ticket_acts *acts)
{
	int at = acts->late_count ? below(acts, acts->late_count) : 0;
	struct ticket_act *act = acts->late_count ? &acts->acts[acts->late[at]] : NULL;

	if (act)
		acts->late[at] = acts->late[--acts->late_count];
	return act;
}

struct ticket_act *ticket_act_again(struct ticket_acts *acts)
{
	for (int tries = 0; tries < 20 && acts->count > 0; tries++) {
		struct ticket_act *act = &acts->acts[below(acts, acts->count)];

		if (act->verdict)
			return act;
	}
	return NULL;
}

void ticket_acts_free(struct ticket_acts *acts)
{
	for (int i = 0; i < acts->count; i++) {
		free(acts->acts[i].line);
		free(acts->acts[i].verdict);
	}
}
