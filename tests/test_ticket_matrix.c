#include "tests/model_fixture.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* ---- the states a ticket of two units can be in ---- */

enum state {
	UNKNOWN,
	ACTIVE,
	PART_USED,
	USED_UP,
	SUPERSEDED,
	REFUNDED,
	BLOCKED,
	ELSEWHERE,
	NOT_YET,
	EXPIRED,
	DISPUTED,
	REPORTED,
	STATES
};

struct ticket_case {
	struct fixture *fx;
	char code[24];
	char order[24];
	char redemption[UUID_SIZE]; /* one made before; of no ticket where there was none */
	int left;
};

/* How each state comes about: the ticket's own data, what was redeemed of it at which store, and
 * what hq did then. */
static const struct {
	const char *name, *fields, *store, *actor;
	int redeemed;
	const char *then; /* what was done then */
} states[STATES] = {
	[UNKNOWN] = {"unknown", NULL, NULL, NULL, 0, NULL},
	[ACTIVE] = {"active", "", NULL, NULL, 0, NULL},
	[PART_USED] = {"part used", "", "xinyi", "kiosk", 1, NULL},
	[USED_UP] = {"used up", "", "xinyi", "kiosk", 2, NULL},
	[SUPERSEDED] = {"superseded", "", "xinyi", "kiosk", 1, "ticket.split"},
	[REFUNDED] = {"refunded", "", "xinyi", "kiosk", 1, "ticket.refund"},
	[BLOCKED] = {"blocked", "", "xinyi", "kiosk", 1, "ticket.block"},
	[ELSEWHERE] = {"bound elsewhere", ",'stores':['ximen','ec']", "ximen", "wang", 1, NULL},
	[NOT_YET] = {"not yet valid", ",'valid_from':'2026-03-03'", NULL, NULL, 0, NULL},
	[EXPIRED] = {"expired", ",'valid_until':'2026-03-02'", "xinyi", "kiosk", 1, NULL},
	[DISPUTED] = {"disputed", "", "xinyi", "kiosk", 2, "offline"},
	[REPORTED] = {"reported", "", "xinyi", "kiosk", 2, "report"},
};

static void arrange(struct fixture *fx, enum state state, int number, struct ticket_case *out)
{
	*out = (struct ticket_case){.fx = fx, .left = 2 - states[state].redeemed};
	snprintf(out->code, sizeof(out->code), "TICKET-%d", number);
	snprintf(out->order, sizeof(out->order), "ORDER-%d", number);
	snprintf(out->redemption, sizeof(out->redemption), "none");
	if (!states[state].fields)
		return;
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'%s','buyer':'B','lines':[{'code':'%s','product':'A1','units':2%s}]}",
		out->order, out->code, states[state].fields);
	if (states[state].redeemed > 0)
		snprintf(out->redemption, sizeof(out->redemption), "%s",
			fixture_do(fx, "ticket.redeem", states[state].store, states[state].actor,
				"{'code':'%s','qty':%d,'mode':'online'}", out->code,
				states[state].redeemed));
	if (state >= DISPUTED)
		fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
			"{'code':'%s','qty':1,'mode':'offline'}", out->code);
	if (state == REPORTED)
		fixture_do(fx, "ticket.settle", "xinyi", "lin", "{'code':'%s','outcome':'report'}",
			out->code);
	else if (state == REFUNDED)
		fixture_do(fx, states[state].then, NULL, "ho", "{'order':'%s'}", out->order);
	else if (state == SUPERSEDED)
		fixture_do(fx, states[state].then, NULL, "ho", "{'code':'%s','into':['%s-N']}",
			out->code, out->code);
	else if (state == BLOCKED)
		fixture_do(fx, states[state].then, NULL, "ho", "{'code':'%s'}", out->code);
	if (state == EXPIRED)
		fixture_sql(fx,
			"UPDATE ticket SET valid_until = '2026-03-01'"
			" WHERE valid_until = '2026-03-02'");
}

/* ---- what can be done to it ---- */

enum step {
	REDEEM_1,
	REDEEM_2,
	OFFLINE_1,
	VOID,
	REFUND,
	REFUND_CODE,
	SPLIT,
	BLOCK,
	UNBLOCK,
	BIND,
	REFUSED,
	SETTLE,
	REPORT,
	STEPS
};

static const struct {
	const char *name, *op;
	enum staff_role right;
} steps[STEPS] = {
	[REDEEM_1] = {"redeem 1 online", "ticket.redeem", ROLE_TICKETS},
	[REDEEM_2] = {"redeem 2 online", "ticket.redeem", ROLE_TICKETS},
	[OFFLINE_1] = {"redeem 1 offline", "ticket.redeem", ROLE_TICKETS},
	[VOID] = {"void", "ticket.void", ROLE_MANAGER},
	[REFUND] = {"refund", "ticket.refund", ROLE_HQ},
	[REFUND_CODE] = {"refund of the code", "ticket.refund", ROLE_HQ},
	[SPLIT] = {"split", "ticket.split", ROLE_HQ},
	[BLOCK] = {"block", "ticket.block", ROLE_HQ},
	[UNBLOCK] = {"unblock", "ticket.unblock", ROLE_HQ},
	[BIND] = {"bind", "ticket.bind", ROLE_HQ},
	[REFUSED] = {"refused", "ticket.refused", ROLE_TICKETS},
	[SETTLE] = {"settle", "ticket.settle", ROLE_MANAGER},
	[REPORT] = {"report", "ticket.settle", ROLE_MANAGER},
};

static const struct {
	const char *id;
	enum staff_role role;
} actors[] = {
	{"kiosk", ROLE_TICKETS},
	{"chen", ROLE_CLERK},
	{"lin", ROLE_MANAGER},
	{"ho", ROLE_HQ},
};

#define NONE "unknown_document"

static const char *const expected[STATES][STEPS] = {
	/* redeem 1, 2, offline, void, refund, of the code, split, block, unblock, bind, refused, settle, report */
	[UNKNOWN] = {"unknown", "unknown", "", NONE, NONE, NONE, "unknown", "unknown", "unknown",
		"", "", NONE, NONE},
	[ACTIVE] = {"", "", "", NONE, "", "", "", "", "wrong_status", "", "", NONE, NONE},
	[PART_USED] = {"", "insufficient", "", "", "", "", "", "", "wrong_status", "", "", NONE,
		NONE},
	[USED_UP] = {"used_up", "used_up", "", "", "nothing_to_do", "nothing_to_do", "used_up", "",
		"wrong_status", "", "", NONE, NONE},
	/* The order's refund takes the new code. */
	[SUPERSEDED] = {"superseded", "superseded", "", "superseded", "", "superseded",
		"superseded", "superseded", "wrong_status", "", "", NONE, NONE},
	[REFUNDED] = {"refunded", "refunded", "", "refunded", "nothing_to_do", "refunded",
		"refunded", "refunded", "wrong_status", "", "", NONE, NONE},
	[BLOCKED] = {"blocked", "blocked", "", "", "", "", "blocked", "blocked", "", "", "", NONE,
		NONE},
	[ELSEWHERE] = {"not_here", "not_here", "", "wrong_store", "", "", "", "", "wrong_status",
		"", "", NONE, NONE},
	[NOT_YET] = {"not_yet", "not_yet", "", NONE, "", "", "", "", "wrong_status", "", "", NONE,
		NONE},
	[EXPIRED] = {"expired", "expired", "", "", "", "", "", "", "wrong_status", "", "", NONE,
		NONE},
	[DISPUTED] = {"used_up", "used_up", "", "", "nothing_to_do", "nothing_to_do", "used_up", "",
		"wrong_status", "", "", "", ""},
	/* By hq: a manager lacks the right for what was reported. */
	[REPORTED] = {"used_up", "used_up", "", "", "nothing_to_do", "nothing_to_do", "used_up", "",
		"wrong_status", "", "", "", "wrong_status"},
};

/* What an offline redemption of one unit raises. */
static const char *const raised[STATES] = {
	[UNKNOWN] = "offline_unknown",
	[USED_UP] = "duplicate_redemption",
	[SUPERSEDED] = "offline_superseded",
	[REFUNDED] = "offline_refunded",
	[BLOCKED] = "offline_blocked",
	[ELSEWHERE] = "offline_not_here",
	[NOT_YET] = "offline_not_yet",
	[EXPIRED] = "offline_expired",
	[DISPUTED] = "duplicate_redemption",
	[REPORTED] = "duplicate_redemption",
};

/* What the dossier is once the step was taken; NULL: there is none. */
static const char *dossier_after(enum state state, enum step step)
{
	static const char *const now[STATES][STEPS] = {
		[USED_UP] = {[OFFLINE_1] = "open"},
		[DISPUTED] = {[VOID] = "void", [SETTLE] = "honoured", [REPORT] = "reported"},
		[REPORTED] = {[VOID] = "void", [SETTLE] = "honoured"},
	};
	if (now[state][step])
		return now[state][step];
	return state == DISPUTED ? "open" : state == REPORTED ? "reported" : NULL;
}

static void write_data(const struct ticket_case *c, enum step step, char *out, size_t size)
{
	switch (step) {
	case REDEEM_1:
	case REDEEM_2:
	case OFFLINE_1:
		snprintf(out, size, "{'code':'%s','qty':%d,'mode':'%s'}", c->code,
			step == REDEEM_2 ? 2 : 1, step == OFFLINE_1 ? "offline" : "online");
		break;
	case VOID:
		snprintf(out, size, "{'redemption':'%s','reason':'wrong'}", c->redemption);
		break;
	case REFUND:
		snprintf(out, size, "{'order':'%s'}", c->order);
		break;
	case REFUND_CODE:
		snprintf(out, size, "{'order':'%s','code':'%s'}", c->order, c->code);
		break;
	case BIND:
		snprintf(out, size, "{'product':'A1','stores':['xinyi'],'sold':'bind'}");
		break;
	case REFUSED:
		snprintf(out, size, "{'code':'%s','qty':1,'result':'needs_online'}", c->code);
		break;
	case SETTLE:
	case REPORT:
		snprintf(out, size, "{'code':'%s','outcome':'%s'}", c->code,
			step == SETTLE ? "honour" : "report");
		break;
	case SPLIT:
		snprintf(out, size,
			c->left == 2 ? "{'code':'%s','into':['%s-X','%s-Y']}"
				     : "{'code':'%s','into':['%s-X']}",
			c->code, c->code, c->code);
		break;
	default:
		snprintf(out, size, "{'code':'%s'}", c->code);
	}
}

/* The exceptions of the code since there were so many. */
static void expect_exception(const struct ticket_case *c, int64_t before, const char *kind)
{
	assert_int_equal(
		fixture_int(c->fx, "SELECT COUNT(*) FROM exception WHERE doc = '%s'", c->code),
		before + (kind ? 1 : 0));
	if (kind)
		fixture_expect_text(c->fx, kind,
			"SELECT kind FROM exception WHERE doc = '%s' ORDER BY id DESC LIMIT 1",
			c->code);
}

static const char *wanted(enum state state, enum step step, enum staff_role role)
{
	if (role < steps[step].right || (state == REPORTED && step == SETTLE && role < ROLE_HQ))
		return "no_right";
	return expected[state][step];
}

static void try_step(struct fixture *fx, enum state state, enum step step, int actor)
{
	static int number;
	struct ticket_case c;
	char data[256];
	arrange(fx, state, ++number, &c);
	write_data(&c, step, data, sizeof(data));
	int64_t before = fixture_int(fx, "SELECT COUNT(*) FROM exception WHERE doc = '%s'", c.code);
	const char *want = wanted(state, step, actors[actor].role);
	const char *code = fixture_try(fx, steps[step].op, "xinyi", actors[actor].id, "%s", data);
	if (strcmp(code, want) != 0)
		fail_msg("%s, %s by %s: expected '%s', got '%s'", states[state].name,
			steps[step].name, actors[actor].id, want, code);
	bool done = !*want;
	expect_exception(&c, before, done && step == OFFLINE_1 ? raised[state] : NULL);
	/* A step that is refused leaves all as it was: UNBLOCK of what is not blocked is one. */
	fixture_expect_text(fx, dossier_after(state, done ? step : UNBLOCK),
		"SELECT status FROM dossier WHERE code = '%s'", c.code);
	fixture_sql(fx, "DELETE FROM ticket_product");
}

static void every_state_and_command(void **state)
{
	/* Every state of a ticket answers every command of every role with the code of product.md §4. */
	struct fixture fx;
	(void)state;
	fixture_open(&fx);
	for (int s = 0; s < STATES; s++)
		for (int step = 0; step < STEPS; step++)
			for (int actor = 0; actor < COUNT_OF(actors); actor++)
				try_step(&fx, (enum state)s, (enum step)step, actor);
	fixture_close(&fx);
}

/* ---- the order of the reasons ---- */

static void first_reason_wins(void **state)
{
	/* Of several reasons to refuse, the first in the order of product.md §4 is the answer. */
	static const struct {
		const char *code, *sets;
	} reasons[] = {
		{"insufficient", "units = 2"},
		{"used_up", "units = 1"},
		{"expired", "valid_until = '2026-03-01'"},
		{"not_yet", "valid_from = '2026-03-03'"},
		{"not_here", "stores = '[\"ximen\"]'"},
		{"blocked", "status = 'blocked'"},
		{"refunded", "status = 'refunded'"},
		{"superseded", "status = 'superseded'"},
	};
	struct fixture fx;
	(void)state;
	fixture_open(&fx);
	fixture_do(&fx, "ticket.issue", NULL, "ho",
		"{'order':'O','buyer':'B','lines':[{'code':'TICKET','product':'A1','units':9}]}");
	fixture_do(&fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET','qty':1,'mode':'online'}");
	/* Each reason is added to those before it, which it comes ahead of. */
	for (int i = 0; i < COUNT_OF(reasons); i++) {
		char sql[128];
		snprintf(sql, sizeof(sql), "UPDATE ticket SET %s", reasons[i].sets);
		fixture_sql(&fx, sql);
		assert_string_equal(fixture_try(&fx, "ticket.redeem", "xinyi", "kiosk",
					    "{'code':'TICKET','qty':2,'mode':'online'}"),
			reasons[i].code);
	}
	assert_string_equal(fixture_try(&fx, "ticket.redeem", "xinyi", "kiosk",
				    "{'code':'TICKETS','qty':2,'mode':'online'}"),
		"unknown");
	assert_string_equal(fixture_try(&fx, "ticket.redeem", "xinyi", "kiosk",
				    "{'code':'T_CKET','qty':2,'mode':'online'}"),
		"malformed");
	fixture_close(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_and_command),
		cmocka_unit_test(first_reason_wins),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
