/* Every action on a sales order in every status. */
#include "tests/model_fixture.h"

#include <stdio.h>
#include <string.h>

static int setup(void **state)
{
	static struct fixture fixture;
	fixture_open(&fixture);
	fixture_sql(&fixture, "UPDATE stock SET on_hand = 1000000000");
	fixture_do(&fixture, "channel.put", NULL, "ho",
		"{'id':'web','name':'Web','stores':['xinyi','ec']}");
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* ---- how an order of 10 gets into each state ---- */

enum {
	OPEN,
	PENDING,
	AWAITING,
	REVIEW,
	PAID,
	PART, /* 6 invoiced, 4 shipped, not paid */
	COMPLETE,
	HELD,
	SUSPECTED,
	DENIED,
	CLOSED,
	ARCHIVED,
	CANCELED,
	STATES
};

struct step {
	const char *op, *data;
};

#define ALL ""
#define SHIP_ALL ",'store':'xinyi'"
#define SOME(qty) ",'lines':[{'sku':'A1','qty':" qty "}]"
#define SHIP_SOME(qty) ",'store':'xinyi','lines':[{'sku':'A1','qty':" qty "}]"
#define CREDIT(qty) ",'lines':[{'sku':'A1','qty':" qty ",'return_to_stock':true}]"

static const struct {
	const char *name, *status;
	struct step steps[5];
} states[STATES] = {
	[OPEN] = {"open", "open", {{NULL, NULL}}},
	[PENDING] = {"pending", "pending", {{"order.accept", ALL}}},
	[AWAITING] = {"awaiting", "pending_payment", {{"order.await_payment", ALL}}},
	[REVIEW] = {"review", "payment_review", {{"order.review_payment", ALL}}},
	[PAID] = {"paid", "processing", {{"order.pay", ALL}}},
	[PART] = {"part", "processing",
		{{"order.invoice", SOME("6")}, {"order.ship", SHIP_SOME("4")}}},
	[COMPLETE] = {"complete", "complete", {{"order.invoice", ALL}, {"order.ship", SHIP_ALL}}},
	[HELD] = {"held", "on_hold", {{"order.hold", ALL}}},
	[SUSPECTED] = {"suspected", "suspected_fraud", {{"order.suspect", ALL}}},
	[DENIED] = {"denied", "suspected_fraud", {{"order.suspect", ALL}, {"order.deny", ALL}}},
	[CLOSED] = {"closed", "closed",
		{{"order.invoice", ALL}, {"order.ship", SHIP_ALL}, {"order.refund", CREDIT("10")}}},
	[ARCHIVED] = {"archived", "closed",
		{{"order.invoice", ALL}, {"order.ship", SHIP_ALL}, {"order.archive", ALL}}},
	[CANCELED] = {"canceled", "canceled", {{"order.cancel", ALL}}},
};

static void expect_status(struct fixture *fx, int number, const char *status)
{
	fixture_expect_text(
		fx, status, "SELECT status FROM sales_order WHERE number = 'N%d'", number);
}

/* The number of a new order in that state. */
static int make_state(struct fixture *fx, int state)
{
	static int made;
	int number = ++made;
	fixture_do(fx, "order.place", "xinyi", "ho",
		"{'number':'N%d','channel':'web','lines':[{'sku':'A1','qty':10}]}", number);
	for (const struct step *step = states[state].steps; step->op; step++)
		fixture_do(fx, step->op, "xinyi", "ho", "{'order':'N%d'%s}", number, step->data);
	expect_status(fx, number, states[state].status);
	return number;
}

/* ---- what: the status an action leads to, or its refusal ---- */

#define NO "!wrong_status"
#define MUCH "!too_many"
#define NONE "!nothing_to_do"
#define SAME NULL

/* clang-format off */
static const struct row {
	const char *op, *data;
	const char *becomes[STATES];
} rows[] = {
	/* open               pending            awaiting           review             paid          part          complete    held       suspected          denied      closed     archived  canceled */
	{"order.accept", ALL,
	  {"pending",         NO,                "pending",         "pending",         SAME,         SAME,         NO,         NO,        NO,                NO,         NO,        NO,       NO}},
	{"order.await_payment", ALL,
	  {"pending_payment", "pending_payment", NO,                "pending_payment", NO,           SAME,         NO,         NO,        NO,                NO,         NO,        NO,       NO}},
	{"order.review_payment", ALL,
	  {"payment_review",  "payment_review",  "payment_review",  NO,                NO,           SAME,         NO,         NO,        NO,                NO,         NO,        NO,       NO}},
	{"order.pay", ALL,
	  {"processing",      "processing",      "processing",      "processing",      NO,           SAME,         SAME,       NO,        NO,                NO,         NO,        NO,       NO}},
	{"order.hold", ALL,
	  {"on_hold",         "on_hold",         "on_hold",         "on_hold",         "on_hold",    "on_hold",    NO,         NO,        NO,                NO,         NO,        NO,       NO}},
	{"order.suspect", ALL,
	  {"suspected_fraud", "suspected_fraud", "suspected_fraud", "suspected_fraud", "suspected_fraud", "suspected_fraud", NO, NO,     NO,                NO,         NO,        NO,       NO}},
	{"order.release", ALL,
	  {NO,                NO,                NO,                NO,                NO,           NO,           NO,         "open",    "open",            NO,         NO,        NO,       NO}},
	{"order.approve", ALL,
	  {NO,                NO,                NO,                NO,                NO,           NO,           NO,         "open",    "open",            "open",     NO,        NO,       NO}},
	{"order.deny", ALL,
	  {NO,                NO,                NO,                NO,                NO,           NO,           NO,         SAME,      SAME,              NO,         NO,        NO,       NO}},
	{"order.cancel", ALL,
	  {"canceled",        "canceled",        "canceled",        "canceled",        "canceled",   SAME,         SAME,       "canceled", "canceled",       "canceled", SAME,      SAME,     SAME}},
	{"order.cancel", SOME("5"),
	  {SAME,              SAME,              SAME,              SAME,              SAME,         MUCH,         MUCH,       SAME,      SAME,              SAME,       MUCH,      MUCH,     MUCH}},
	{"order.invoice", ALL,
	  {"processing",      "processing",      "processing",      "processing",      SAME,         SAME,         NONE,       NO,        NO,                NO,         NONE,      NO,       NONE}},
	{"order.ship", SHIP_ALL,
	  {"processing",      "processing",      "processing",      "processing",      SAME,         SAME,         NONE,       NO,        NO,                NO,         NONE,      NO,       NONE}},
	{"order.ship", SHIP_SOME("7"),
	  {"processing",      "processing",      "processing",      "processing",      SAME,         MUCH,         MUCH,       NO,        NO,                NO,         MUCH,      NO,       MUCH}},
	{"order.refund", CREDIT("1"),
	  {MUCH,              MUCH,              MUCH,              MUCH,              MUCH,         SAME,         SAME,       NO,        NO,                NO,         MUCH,      NO,       MUCH}},
	{"order.credit", CREDIT("1"),
	  {MUCH,              MUCH,              MUCH,              MUCH,              MUCH,         SAME,         SAME,       NO,        NO,                NO,         MUCH,      NO,       MUCH}},
	{"order.archive", ALL,
	  {NO,                NO,                NO,                NO,                NO,           NO,           "closed",   NO,        NO,                NO,         SAME,      NO,       SAME}},
};
/* clang-format on */

static void check_cell(struct fixture *fx, const struct row *row, int state)
{
	int number = make_state(fx, state);
	int64_t written = fixture_int(fx, "SELECT COUNT(*) FROM history");
	const char *code = fixture_try(
		fx, row->op, "xinyi", "ho", "{'order':'N%d'%s}", number, row->data);
	const char *becomes = row->becomes[state];
	bool refused = becomes && *becomes == '!';
	if (strcmp(code, refused ? becomes + 1 : "") != 0)
		fail_msg("%s %s of %s: was \"%s\"", row->op, row->data, states[state].name, code);
	expect_status(fx, number, refused || !becomes ? states[state].status : becomes);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM history") - written, !refused);
	assert_int_equal(
		fixture_int(fx,
			"SELECT -SUM(ordered - cancelled - shipped - unsent) - (SELECT SUM(qty)"
			" FROM reservation WHERE order_number = 'N%d') FROM order_line"
			" WHERE order_number = 'N%d'",
			number, number),
		0);
}

static void every_action_in_every_status(void **state)
{
	/* Each action leads where the table says or is refused with the reason, and what it leaves behind is
	 * one line of history or nothing; the ledger always sums to what is outstanding. */
	struct fixture *fx = *state;
	for (int i = 0; i < COUNT_OF(rows); i++)
		for (int s = 0; s < STATES; s++)
			check_cell(fx, &rows[i], s);
}

static void payment_steps_show_through_what_came_later(void **state)
{
	/* The first status that holds is shown: what a step said comes back once nothing stands before it. */
	struct fixture *fx = *state;
	static const struct step steps[] = {
		{"order.review_payment", "payment_review"},
		{"order.hold", "on_hold"},
		{"order.release", "payment_review"},
		{"order.suspect", "suspected_fraud"},
		{"order.deny", "suspected_fraud"},
		{"order.approve", "payment_review"},
		{"order.pay", "processing"},
		{"order.hold", "on_hold"},
		{"order.approve", "processing"},
	};
	fixture_do(fx, "order.place", "xinyi", "ho",
		"{'number':'N0','channel':'web','lines':[{'sku':'A1','qty':10}]}");
	for (int i = 0; i < COUNT_OF(steps); i++) {
		fixture_do(fx, steps[i].op, "xinyi", "ho", "{'order':'N0'}");
		expect_status(fx, 0, steps[i].data);
	}
}

static void an_order_is_complete_line_by_line(void **state)
{
	/* Physical and virtual lines of one order: complete once each is invoiced and the physical one has
	 * left; closed once all that was invoiced is refunded. */
	struct fixture *fx = *state;
	fixture_do(fx, "product.put", NULL, "ho", "{'sku':'A2','name':'V','virtual':true}");
	fixture_do(fx, "order.place", "xinyi", "ho",
		"{'number':'N0','channel':'web','lines':[{'sku':'A1','qty':2},{'sku':'A2','qty':3}]}");
	fixture_do(fx, "order.ship", "xinyi", "ho", "{'order':'N0','store':'xinyi'}");
	expect_status(fx, 0, "processing");
	fixture_do(fx, "order.invoice", "xinyi", "ho", "{'order':'N0'}");
	expect_status(fx, 0, "complete");
	fixture_do(fx, "order.refund", "xinyi", "ho",
		"{'order':'N0','lines':[{'sku':'A1','qty':2,'return_to_stock':true}]}");
	expect_status(fx, 0, "complete");
	fixture_do(fx, "order.refund", "xinyi", "ho",
		"{'order':'N0','lines':[{'sku':'A2','qty':3,'return_to_stock':false}]}");
	expect_status(fx, 0, "closed");
}

static void an_open_memo_keeps_an_order_from_the_archive(void **state)
{
	/* What a credit memo holds can still be refunded, so its order is not archived. */
	struct fixture *fx = *state;
	int number = make_state(fx, COMPLETE);
	fixture_do(fx, "order.credit", "xinyi", "ho", "{'order':'N%d','memo':'M'%s}", number,
		CREDIT("1"));
	assert_string_equal(
		fixture_try(fx, "order.archive", "xinyi", "ho", "{'order':'N%d'}", number),
		"wrong_status");
	fixture_do(fx, "order.refund", "xinyi", "ho", "{'order':'N%d','memo':'M'}", number);
	fixture_do(fx, "order.archive", "xinyi", "ho", "{'order':'N%d'}", number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_action_in_every_status, setup, teardown),
		cmocka_unit_test_setup_teardown(
			payment_steps_show_through_what_came_later, setup, teardown),
		cmocka_unit_test_setup_teardown(an_order_is_complete_line_by_line, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_open_memo_keeps_an_order_from_the_archive, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
