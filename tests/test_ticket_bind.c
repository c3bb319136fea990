/* Tickets for certain stores: bound with their product, and what leaves and enters the stores' feeds then. */
#include "tests/feed_copy.h"
#include "tests/model_fixture.h"

#include "model/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

static void issue(struct fixture *fx, const char *code, const char *product, const char *rest)
{
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'ORD-1','buyer':'Blake','lines':[{'code':'%s','product':'%s','units':3%s}]}",
		code, product, rest);
}

/* The number of tickets bound. */
static int64_t bind(struct fixture *fx, const char *stores, const char *sold)
{
	char data[200];
	snprintf(data, sizeof(data), "{'product':'A1','stores':[%s],'sold':'%s'}", stores, sold);
	struct verdict verdict = fixture_run(fx, "ticket.bind", NULL, "ho", data);
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	assert_string_equal(json_text(verdict.result, "product"), "A1");
	int64_t tickets = json_int(verdict.result, "tickets", -1);
	verdict_free(&verdict);
	return tickets;
}

static void expect_stores(struct fixture *fx, const char *code, const char *stores)
{
	fixture_expect_text(fx, stores, "SELECT stores FROM ticket WHERE code = '%s'", code);
}

/* ---- what is bound ---- */

static void later_tickets_take_the_products(void **state)
{
	/* Tickets issued later are for the product's stores unless they name their own; other products' are not. */
	struct fixture *fx = *state;
	assert_int_equal(bind(fx, "'ximen','xinyi','ximen'", "keep"), 0);
	issue(fx, "TICKET-1", "A1", "");
	issue(fx, "TICKET-2", "A1", ",'stores':['ec']");
	issue(fx, "TICKET-3", "A1", ",'stores':[]");
	issue(fx, "TICKET-4", "A2", "");
	expect_stores(fx, "TICKET-1", "[\"ximen\",\"xinyi\"]");
	expect_stores(fx, "TICKET-2", "[\"ec\"]");
	expect_stores(fx, "TICKET-3", "[]");
	expect_stores(fx, "TICKET-4", "[]");
	fixture_do(fx, "ticket.split", NULL, "ho",
		"{'code':'TICKET-1','into':['PART-01','PART-02','PART-03']}");
	expect_stores(fx, "PART-02", "[\"ximen\",\"xinyi\"]");
	assert_int_equal(bind(fx, "", "keep"), 0);
	issue(fx, "TICKET-5", "A1", "");
	expect_stores(fx, "TICKET-5", "[]");
}

static void what_becomes_of_sold_ones(void **state)
{
	/* Kept, tickets sold already stay as they were sold; bound, every living one of the product is for these stores. */
	struct fixture *fx = *state;
	static const char *const codes[] = {"TICKET-1", "BLOCKED-1", "SPLIT-01", "REFUND-1"};
	for (int i = 0; i < COUNT_OF(codes); i++)
		issue(fx, codes[i], "A1", "");
	issue(fx, "OTHER-1", "A2", "");
	fixture_do(fx, "ticket.block", NULL, "ho", "{'code':'BLOCKED-1'}");
	fixture_do(fx, "ticket.split", NULL, "ho",
		"{'code':'SPLIT-01','into':['PART-01','PART-02','PART-03']}");
	fixture_do(fx, "ticket.refund", NULL, "ho", "{'order':'ORD-1','code':'REFUND-1'}");
	assert_int_equal(bind(fx, "'ximen'", "keep"), 0);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM ticket WHERE stores <> '[]'"), 0);
	assert_int_equal(bind(fx, "'ximen'", "bind"), 5);
	assert_int_equal(fixture_int(fx,
				 "SELECT COUNT(*) FROM ticket WHERE stores = '[\"ximen\"]'"
				 " AND product = 'A1' AND status IN ('active', 'blocked')"),
		5);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM ticket WHERE stores <> '[]'"), 5);
	assert_string_equal(fixture_try(fx, "ticket.redeem", "xinyi", "kiosk",
				    "{'code':'TICKET-1','qty':1,'mode':'online'}"),
		"not_here");
	assert_int_equal(bind(fx, "'ximen'", "bind"), 0);
	assert_int_equal(bind(fx, "", "bind"), 5);
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':1,'mode':'online'}");
}

static void bind_refusals(void **state)
{
	/* Only hq binds, a known product to known stores, and to not more than a row can reach. */
	struct fixture *fx = *state;
	struct text many = TEXT_INIT(TEXT_SMALL);
	for (int i = 0; i < 61; i++)
		text_add(&many, i ? ",'xinyi'" : "'xinyi'");
	const struct {
		const char *actor, *product, *stores, *sold, *code;
	} cases[] = {
		{"lin", "A1", "'xinyi'", "keep", "no_right"},
		{"ho", "NONE", "'xinyi'", "keep", "unknown_sku"},
		{"ho", "A1", "'mars'", "keep", "unknown_store"},
		{"ho", "A1", "'xinyi'", "ask", "bad_data"},
		{"ho", "A1", text_get(&many), "keep", "bad_data"},
	};
	for (int i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(fixture_try(fx, "ticket.bind", "xinyi", cases[i].actor,
					    "{'product':'%s','stores':[%s],'sold':'%s'}",
					    cases[i].product, cases[i].stores, cases[i].sold),
			cases[i].code);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM ticket_product"), 0);
	text_free(&many);
}

/* ---- refund of one code, unblock ---- */

static void refund_of_one_code(void **state)
{
	/* With a code only that one of the order is refunded, whatever is left of it; a blocked one too. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", "A1", "");
	issue(fx, "TICKET-2", "A1", "");
	issue(fx, "TICKET-3", "A1", "");
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'ORD-2','buyer':'B','lines':[{'code':'OTHER-1','product':'A1','units':1}]}");
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':1,'mode':'online'}");
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-2','qty':3,'mode':'online'}");
	fixture_do(fx, "ticket.block", NULL, "ho", "{'code':'TICKET-3','reason':'stolen'}");
	static const struct {
		const char *code, *answer;
	} cases[] = {
		{"OTHER-1", "not_on_document"},
		{"NOBODY-1", "unknown"},
		{"?", "malformed"},
		{"TICKET-2", "nothing_to_do"},
		{"ticket-1", ""},
		{"TICKET-1", "refunded"},
		{"TICKET-3", ""},
	};
	for (int i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(fixture_try(fx, "ticket.refund", NULL, "ho",
					    "{'order':'ORD-1','code':'%s'}", cases[i].code),
			cases[i].answer);
	fixture_expect_text(fx,
		"OTHER-1 active 0;TICKET-1 refunded 2;TICKET-2 active 0;TICKET-3 refunded 3",
		"SELECT group_concat(code || ' ' || status || ' ' || refunded, ';')"
		" FROM (SELECT * FROM ticket ORDER BY code)");
}

static void unblock_gives_it_back(void **state)
{
	/* What was blocked can be redeemed again once it is unblocked; both say why in the log. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", "A1", "");
	fixture_do(fx, "ticket.block", NULL, "ho", "{'code':'TICKET-1','reason':'stolen'}");
	fixture_do(fx, "ticket.unblock", NULL, "ho", "{'code':'TICKET-1','reason':'found'}");
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':1,'mode':'online'}");
	fixture_expect_text(fx, "stolen;found",
		"SELECT group_concat(text, ';') FROM (SELECT text FROM history ORDER BY id)");
	assert_string_equal(fixture_try(fx, "ticket.unblock", NULL, "ho", "{'code':'TICKET-1'}"),
		"wrong_status");
}

static void messages_hide_codes(void **state)
{
	/* No message holds a whole code, whatever is refused: messages reach logs. */
	struct fixture *fx = *state;
	static const struct {
		const char *op, *data;
	} cases[] = {
		{"ticket.issue",
			"{'order':'O','buyer':'B','lines':[{'code':'TICKET-12345','product':'A1','units':1}]}"},
		{"ticket.issue",
			"{'order':'O','buyer':'B','lines':[{'code':'TICKET-99999','product':'A1','units':1,"
			"'valid_from':'2026-03-02','valid_until':'2026-03-01'}]}"},
		{"ticket.issue",
			"{'order':'O','buyer':'B','lines':[{'code':'TICKET_12345','product':'A1','units':1}]}"},
		{"ticket.redeem", "{'code':'TICKET_12345','qty':1,'mode':'online'}"},
		{"ticket.redeem", "{'code':'TICKET-12345','qty':9,'mode':'online'}"},
		{"ticket.refund", "{'order':'O','code':'TICKET-12345'}"},
		{"ticket.refund", "{'order':'ORD-2','code':'TICKET-12345'}"},
		{"ticket.refund", "{'order':'ORD-1','code':'TICKET-77777'}"},
		{"ticket.split", "{'code':'TICKET-12345','into':['TICKET-77777']}"},
		{"ticket.split", "{'code':'TICKET-77777','into':['TICKET-88888']}"},
		{"ticket.block", "{'code':'TICKET-77777'}"},
		{"ticket.unblock", "{'code':'TICKET-12345'}"},
		{"ticket.refused", "{'code':'TICKET_12345','qty':1,'result':'expired'}"},
		{"ticket.settle", "{'code':'TICKET-12345','outcome':'honour'}"},
		{"ticket.settle", "{'code':'TICKET-66666','outcome':'report'}"},
	};
	issue(fx, "TICKET-12345", "A1", "");
	issue(fx, "TICKET-66666", "A1", "");
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'ORD-2','buyer':'B','lines':[{'code':'OTHER-1','product':'A1','units':1}]}");
	for (int i = 0; i < 2; i++)
		fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
			"{'code':'TICKET-66666','qty':3,'mode':'offline'}");
	fixture_do(
		fx, "ticket.settle", "xinyi", "lin", "{'code':'TICKET-66666','outcome':'report'}");
	for (int i = 0; i < COUNT_OF(cases); i++) {
		struct verdict verdict = fixture_run(fx, cases[i].op, "xinyi", "ho", cases[i].data);
		if (verdict.refusal == REFUSAL_NONE || !*verdict.message ||
			strstr(verdict.message, "TICKET"))
			fail_msg("%s %s: %s", cases[i].op, cases[i].data, verdict.message);
		verdict_free(&verdict);
	}
}

/* ---- feeds ---- */

/* What a device of a store has of the world. */
struct shop {
	char device[HQ_SECRET_SIZE];
	struct copy copy;
};

static void expect_row(struct hq_fixture *f, struct shop *shop, const char *name, bool there)
{
	assert_int_equal(copy_pull(f, shop->device, &shop->copy, 1000), 200);
	copy_check_sums(&shop->copy);
	if ((copy_row(&shop->copy, name) != NULL) != there)
		fail_msg("%s is %s", name, there ? "missing" : "still there");
}

static void rows_leave_and_enter(void **state)
{
	/* A store that loses a ticket drops it, and one that gains it gets it with its redemptions; one's own stay. */
	struct hq_fixture *f = *state;
	struct shop xinyi = {.copy = {.cursor = ""}}, ximen = {.copy = {.cursor = ""}};
	static const struct {
		const char *stores;
		bool xinyi, ximen;
	} binds[] = {
		{"'xinyi'", true, false},
		{"'ximen'", false, true},
		{"'xinyi','ximen'", true, true},
		{"'ximen'", false, true},
		{"", true, true},
	};
	static const char ticket[] = "ticket[\"TICKET-1\"]";
	char use[100], data[200];
	hq_enrol(f, "xinyi", xinyi.device);
	hq_enrol(f, "ximen", ximen.device);
	hq_do(f, "ticket.issue", NULL,
		"{'order':'O','buyer':'B','lines':[{'code':'TICKET-1','product':'A1','units':9}]}");
	hq_do(f, "ticket.redeem", "xinyi", "{'code':'TICKET-1','qty':2,'mode':'online'}");
	snprintf(use, sizeof(use), "redemption[\"%s\"]", f->id);
	expect_row(f, &xinyi, ticket, true);
	expect_row(f, &ximen, use, true);
	for (int i = 0; i < COUNT_OF(binds); i++) {
		snprintf(data, sizeof(data), "{'product':'A1','stores':[%s],'sold':'bind'}",
			binds[i].stores);
		hq_do(f, "ticket.bind", NULL, data);
		expect_row(f, &xinyi, "ticket_product[\"A1\"]", true);
		expect_row(f, &xinyi, ticket, binds[i].xinyi);
		expect_row(f, &ximen, ticket, binds[i].ximen);
		/* Whoever redeemed it knows that for ever. */
		expect_row(f, &xinyi, use, true);
		expect_row(f, &ximen, use, binds[i].ximen);
	}
	copy_free(&xinyi.copy);
	copy_free(&ximen.copy);
}

static void keeping_moves_no_row(void **state)
{
	/* Where sold tickets are kept as they were, no row of theirs is sent again. */
	struct hq_fixture *f = *state;
	struct shop xinyi = {.copy = {.cursor = ""}};
	hq_enrol(f, "xinyi", xinyi.device);
	hq_do(f, "ticket.issue", NULL,
		"{'order':'O','buyer':'B','lines':[{'code':'TICKET-1','product':'A1','units':9}]}");
	expect_row(f, &xinyi, "ticket[\"TICKET-1\"]", true);
	int lines = xinyi.copy.lines;
	hq_do(f, "ticket.bind", NULL, "{'product':'A1','stores':['ximen'],'sold':'keep'}");
	expect_row(f, &xinyi, "ticket[\"TICKET-1\"]", true);
	assert_int_equal(xinyi.copy.lines, lines + 1);
	copy_free(&xinyi.copy);
}

#define MODEL(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
#define HQ(name) cmocka_unit_test_setup_teardown(name, hq_fixture_open, hq_fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MODEL(later_tickets_take_the_products),
		MODEL(what_becomes_of_sold_ones),
		MODEL(bind_refusals),
		MODEL(refund_of_one_code),
		MODEL(unblock_gives_it_back),
		MODEL(messages_hide_codes),
		HQ(rows_leave_and_enter),
		HQ(keeping_moves_no_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
