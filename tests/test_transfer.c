#include "tests/movement_steps.h"

#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* ximen lacks goods and asks xinyi. */
#define ASK "{'from':'xinyi','note':'weekend','lines':[{'sku':'A1','qty':10},{'sku':'A2','qty':5}]}"

static const char *asked(struct fixture *fx)
{
	return fixture_do(fx, "transfer.request", "ximen", "huang", ASK);
}

/* ---- what each end of it becomes ---- */

static void agreed_in_full(void **state)
{
	/* Agreeing makes a movement that is accepted already, with the lines as asked, and the two name each other. */
	struct fixture *fx = *state;
	const char *id = asked(fx);
	const char *movement = fixture_do(
		fx, "transfer.agree", "xinyi", "lin", "{'transfer':'%s'}", id);
	fixture_expect_text(fx, "agreed", "SELECT status FROM transfer WHERE id = '%s'", id);
	fixture_expect_text(fx, movement, "SELECT movement FROM transfer WHERE id = '%s'", id);
	steps_expect_status(fx, movement, "accepted");
	fixture_expect_text(fx, id, "SELECT transfer FROM movement WHERE id = '%s'", movement);
	assert_int_equal(
		fixture_int(fx,
			"SELECT COUNT(*) FROM movement m JOIN transfer t ON t.id = m.transfer"
			" WHERE m.transfer_number = t.number AND m.from_store = 'xinyi'"
			" AND m.to_store = 'ximen' AND m.note = 'weekend'"),
		1);
	steps_expect_line(fx, movement, "A1", "10 0 0 0 0 0");
	steps_expect_line(fx, movement, "A2", "5 0 0 0 0 0");
	steps_by_sender(fx, "outbound.ship", movement);
	steps_expect_on_hand(fx, "A1", 90, 100);
	assert_null(steps_broken_rule(fx));
}

static void agreed_to_less(void **state)
{
	/* The source may agree for less; what it leaves out or sets to 0 is not in the movement. */
	struct fixture *fx = *state;
	const char *id = asked(fx);
	const char *movement = fixture_do(fx, "transfer.agree", "xinyi", "lin",
		"{'transfer':'%s','lines':[{'sku':'A1','qty':4}]}", id);
	steps_expect_line(fx, movement, "A1", "4 0 0 0 0 0");
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM movement_line WHERE movement = '%s'",
				 movement),
		1);
	assert_int_equal(
		fixture_int(fx, "SELECT SUM(agreed) FROM transfer_line WHERE transfer = '%s'", id),
		4000);
	assert_int_equal(
		fixture_int(fx, "SELECT SUM(ordered) FROM transfer_line WHERE transfer = '%s'", id),
		15000);
}

static void an_agreement_is_read_closely(void **state)
{
	/* More than was asked for, something else, or nothing at all cannot be agreed to. */
	struct fixture *fx = *state;
	static const struct {
		const char *lines, *code;
	} bad[] = {
		{"{'sku':'A1','qty':11}", "bad_data"},
		{"{'sku':'A1','qty':6},{'sku':'A1','qty':5}", "bad_data"},
		{"{'sku':'A3','qty':1}", "not_on_document"},
		{"{'sku':'A1','qty':0},{'sku':'A2','qty':0}", "bad_data"},
		{"{'sku':'A1','qty':-1}", "bad_data"},
	};
	const char *id = asked(fx);
	for (int i = 0; i < COUNT_OF(bad); i++)
		assert_string_equal(fixture_try(fx, "transfer.agree", "xinyi", "lin",
					    "{'transfer':'%s','lines':[%s]}", id, bad[i].lines),
			bad[i].code);
	fixture_expect_text(fx, "pending", "SELECT status FROM transfer WHERE id = '%s'", id);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM movement"), 0);
	assert_int_equal(fixture_int(fx, "SELECT SUM(agreed) FROM transfer_line"), 0);
}

static void asking_is_read_closely(void **state)
{
	/* Asked are other stores that exist, for goods that exist at both ends. */
	struct fixture *fx = *state;
	static const struct {
		const char *data, *code;
	} bad[] = {
		{"{'from':'ximen','lines':[{'sku':'A1','qty':1}]}", "bad_data"},
		{"{'from':'nowhere','lines':[{'sku':'A1','qty':1}]}", "unknown_store"},
		{"{'from':'xinyi','lines':[{'sku':'B1','qty':1}]}", "not_stocked"},
		{"{'from':'xinyi','lines':[{'sku':'Z9','qty':1}]}", "unknown_sku"},
		{"{'from':'xinyi','lines':[]}", "bad_data"},
	};
	for (int i = 0; i < COUNT_OF(bad); i++)
		assert_string_equal(
			fixture_try(fx, "transfer.request", "ximen", "huang", "%s", bad[i].data),
			bad[i].code);
	const char *id = fixture_do(fx, "transfer.request", "ximen", "huang",
		"{'from':'xinyi','lines':[{'sku':'A1','qty':1},{'sku':'A1','qty':2}]}");
	assert_int_equal(
		fixture_int(fx, "SELECT ordered FROM transfer_line WHERE transfer = '%s'", id),
		3000);
}

static void everyone_is_told(void **state)
{
	/* History names who asked and who answered, on the transfer order and on its movement. */
	struct fixture *fx = *state;
	const char *id = asked(fx);
	const char *movement = fixture_do(
		fx, "transfer.agree", "xinyi", "lin", "{'transfer':'%s'}", id);
	fixture_expect_text(fx, "huang transfer.request, lin transfer.agree",
		"SELECT GROUP_CONCAT(actor || ' ' || op, ', ') FROM (SELECT * FROM history"
		" WHERE doc_kind = 'transfer' AND doc = '%s' ORDER BY id)",
		id);
	fixture_expect_text(
		fx, "transfer.agree", "SELECT op FROM history WHERE doc = '%s'", movement);
}

/* ---- every status × every action × every actor ---- */

enum { PENDING, AGREED, REFUSED, CANCELLED, STATES };

static const struct {
	const char *status, *op, *store, *actor;
} states[STATES] = {
	[PENDING] = {"pending", NULL, NULL, NULL},
	[AGREED] = {"agreed", "transfer.agree", "xinyi", "lin"},
	[REFUSED] = {"refused", "transfer.refuse", "xinyi", "lin"},
	[CANCELLED] = {"cancelled", "transfer.cancel", "ximen", "huang"},
};

static const struct {
	const char *store, *actor;
	bool asks;
	const char *code; /* what stops it whatever the document says; "" nothing */
} actors[] = {
	{"xinyi", "lin", false, ""},
	{"xinyi", "chen", false, "no_right"},
	{"xinyi", "kiosk", false, "no_right"},
	{"ximen", "huang", true, ""},
	{"ximen", "wang", true, "no_right"},
	{"ec", "dai", false, "wrong_store"},
	{"ximen", "lin", true, "unknown_staff"},
};

static const struct {
	const char *op;
	bool asks; /* done by who asks */
	const char *becomes;
} actions[] = {
	{"transfer.agree", false, "agreed"},
	{"transfer.refuse", false, "refused"},
	{"transfer.cancel", true, "cancelled"},
};

static void check_cell(struct fixture *fx, int from, int action, int actor)
{
	const char *id = asked(fx), *expected = actors[actor].code;
	if (states[from].op)
		fixture_do(fx, states[from].op, states[from].store, states[from].actor,
			"{'transfer':'%s'}", id);
	if (!*expected && actors[actor].asks != actions[action].asks)
		expected = "wrong_store";
	if (!*expected && from != PENDING)
		expected = "wrong_status";
	const char *code = fixture_try(fx, actions[action].op, actors[actor].store,
		actors[actor].actor, "{'transfer':'%s'}", id);
	if (strcmp(code, expected) != 0)
		fail_msg("%s of a %s one by %s at %s: expected \"%s\", was \"%s\"",
			actions[action].op, states[from].status, actors[actor].actor,
			actors[actor].store, expected, code);
	fixture_expect_text(fx, *expected ? states[from].status : actions[action].becomes,
		"SELECT status FROM transfer WHERE id = '%s'", id);
}

static void every_status_action_and_actor(void **state)
{
	/* Every status × every action × every actor: allowed, or refused with its code. */
	struct fixture *fx = *state;
	for (int from = 0; from < STATES; from++)
		for (int action = 0; action < COUNT_OF(actions); action++)
			for (int actor = 0; actor < COUNT_OF(actors); actor++)
				check_cell(fx, from, action, actor);
	assert_string_equal(fixture_try(fx, "transfer.agree", "xinyi", "lin",
				    "{'transfer':'00000000-0000-7000-8000-000000000000'}"),
		"unknown_document");
	assert_string_equal(fixture_try(fx, "transfer.request", "ximen", "wang", ASK), "no_right");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(agreed_in_full),
		TEST(agreed_to_less),
		TEST(an_agreement_is_read_closely),
		TEST(asking_is_read_closely),
		TEST(everyone_is_told),
		TEST(every_status_action_and_actor),
	};
	return cmocka_run_group_tests_name("transfer orders", tests, NULL, NULL);
}
