#include "tests/movement_steps.h"

#include <stdio.h>
#include <string.h>

static int set_up(void **state)
{
	fixture_set_up(state);
	fixture_sql(*state, "UPDATE stock SET on_hand = 1000000000");
	return 0;
}

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* ---- how a document gets into each state; `part` is accepted and shipped in part ---- */

enum { PENDING, ACCEPTED, PART, SHIPPED, ARRIVED, PARTIAL, RECEIVED, REJECTED, CANCELLED, STATES };

struct step {
	const char *op, *data;
};

static const struct {
	const char *name, *status;
	struct step steps[6];
} states[STATES] = {
	[PENDING] = {"pending", "pending", {{NULL, NULL}}},
	[ACCEPTED] = {"accepted", "accepted", {{"inbound.accept", "'reason':''"}}},
	[PART] = {"part", "accepted",
		{{"inbound.accept", "'reason':''"},
			{"outbound.ship", "'lines':[{'sku':'A1','qty':4}]"}}},
	[SHIPPED] = {"shipped", "shipped",
		{{"inbound.accept", "'reason':''"}, {"outbound.ship", "'lines':null"}}},
	[ARRIVED] = {"arrived", "arrived",
		{{"inbound.accept", "'reason':''"}, {"outbound.ship", "'lines':null"},
			{"inbound.arrive", "'reason':''"}}},
	[PARTIAL] = {"partial", "partial",
		{{"inbound.accept", "'reason':''"}, {"outbound.ship", "'lines':null"},
			{"inbound.arrive", "'reason':''"},
			{"inbound.receive", "'lines':[{'sku':'A1','qty':4}]"}}},
	[RECEIVED] = {"received", "received",
		{{"inbound.accept", "'reason':''"}, {"outbound.ship", "'lines':null"},
			{"inbound.receive",
				"'lines':[{'sku':'A1','qty':10},{'sku':'A2','qty':5}]"}}},
	[REJECTED] = {"rejected", "rejected", {{"inbound.reject", "'reason':'no room'"}}},
	[CANCELLED] = {"cancelled", "cancelled", {{"outbound.cancel", "'reason':'mistake'"}}},
};

static const char *make_state(struct fixture *fx, int state)
{
	const char *id = steps_sent(fx);
	for (const struct step *step = states[state].steps; step->op; step++) {
		bool sender = strncmp(step->op, "outbound", 8) == 0;
		fixture_do(fx, step->op, sender ? "xinyi" : "ximen", sender ? "lin" : "huang",
			"{'movement':'%s',%s}", id, step->data);
	}
	steps_expect_status(fx, id, states[state].status);
	return id;
}

/* ---- who: the actors, and what stops each before the status is asked ---- */

enum {
	SENDERS_CLERK,
	SENDERS_MANAGER,
	RECEIVERS_CLERK,
	RECEIVERS_MANAGER,
	THIRD_MANAGER,
	STRANGER,
	TICKETS,
	ACTORS
};

static const struct {
	const char *actor, *store;
} actors[ACTORS] = {
	[SENDERS_CLERK] = {"chen", "xinyi"},
	[SENDERS_MANAGER] = {"lin", "xinyi"},
	[RECEIVERS_CLERK] = {"wang", "ximen"},
	[RECEIVERS_MANAGER] = {"huang", "ximen"},
	[THIRD_MANAGER] = {"dai", "ec"},
	[STRANGER] = {"lin", "ximen"}, /* a manager, but of another store */
	[TICKETS] = {"kiosk", "xinyi"},
};

#define MAY ""
#define RIGHT "no_right"
#define STORE "wrong_store"
#define STAFF "unknown_staff"

/* ---- what: the status an action leads to, or its refusal ---- */

#define NO "!wrong_status"
#define SENT "!already_shipped"

#define NOTHING_MORE "'reason':''"
#define COUNT_ONE "'lines':[{'sku':'A1','qty':1}]"
#define COUNT_ALL "'lines':[{'sku':'A1','qty':10},{'sku':'A2','qty':5}]"
#define SHIP_ONE "'lines':[{'sku':'A1','qty':1}]"

/* clang-format off */
static const struct row {
	const char *op, *data;
	const char *who[ACTORS];
	const char *becomes[STATES];
} rows[] = {
	/*                                       sender's clerk, manager   receiver's clerk, manager  third  stranger  ticket clerk */
	{"inbound.accept", NOTHING_MORE,        {RIGHT, STORE,            RIGHT, MAY,                STORE, STAFF,    RIGHT},
	/*        pending      accepted     part         shipped      arrived      partial      received     rejected     cancelled */
		{"accepted",  NO,          NO,          NO,          NO,          NO,          NO,          NO,          NO}},
	{"inbound.reject", NOTHING_MORE,        {RIGHT, STORE,            RIGHT, MAY,                STORE, STAFF,    RIGHT},
		{"rejected",  NO,          NO,          NO,          NO,          NO,          NO,          NO,          NO}},
	{"outbound.cancel", NOTHING_MORE,       {RIGHT, MAY,              RIGHT, STORE,              STORE, STAFF,    RIGHT},
		{"cancelled", "cancelled", SENT,        SENT,        SENT,        SENT,        NO,          NO,          NO}},
	{"outbound.ship", "'lines':null",       {RIGHT, MAY,              RIGHT, STORE,              STORE, STAFF,    RIGHT},
		{NO,          "shipped",   "shipped",   NO,          NO,          NO,          NO,          NO,          NO}},
	{"outbound.ship", SHIP_ONE,             {RIGHT, MAY,              RIGHT, STORE,              STORE, STAFF,    RIGHT},
		{NO,          "accepted",  "accepted",  NO,          NO,          NO,          NO,          NO,          NO}},
	{"inbound.arrive", NOTHING_MORE,        {STORE, STORE,            MAY,   MAY,                STORE, STAFF,    RIGHT},
		{NO,          "arrived",   "arrived",   "arrived",   NO,          NO,          NO,          NO,          NO}},
	{"inbound.receive", COUNT_ONE,          {STORE, STORE,            MAY,   MAY,                STORE, STAFF,    RIGHT},
		{"partial",   "partial",   "partial",   "partial",   "partial",   "partial",   "received",  "rejected",  "cancelled"}},
	{"inbound.receive", COUNT_ALL,          {STORE, STORE,            MAY,   MAY,                STORE, STAFF,    RIGHT},
		{"received",  "received",  "received",  "received",  "received",  "received",  "received",  "rejected",  "cancelled"}},
	{"inbound.close", "'reason':'lost'",    {RIGHT, STORE,            RIGHT, MAY,                STORE, STAFF,    RIGHT},
		{NO,          NO,          NO,          "received",  "received",  "received",  NO,          NO,          NO}},
};
/* clang-format on */

static void check_cell(struct fixture *fx, const struct row *row, int actor, int state)
{
	const char *id = make_state(fx, state);
	int64_t written = fixture_int(fx, "SELECT COUNT(*) FROM history");
	const char *code = fixture_try(fx, row->op, actors[actor].store, actors[actor].actor,
		"{'movement':'%s',%s}", id, row->data);
	const char *becomes = row->becomes[state];
	bool barred = *row->who[actor] != '\0', refused = barred || *becomes == '!';
	const char *expected = barred ? row->who[actor] : refused ? becomes + 1 : "";
	if (strcmp(code, expected) != 0)
		fail_msg("%s %s by %s at %s: expected \"%s\", was \"%s\"", row->op,
			states[state].name, actors[actor].actor, actors[actor].store, expected,
			code);
	steps_expect_status(fx, id, refused ? states[state].status : becomes);
	assert_int_equal(
		fixture_int(fx, "SELECT COUNT(*) FROM history"), refused ? written : written + 1);
}

static void every_status_action_and_actor(void **state)
{
	/* Every status × every action × every actor at either end: allowed, or refused with its code. */
	struct fixture *fx = *state;
	for (int row = 0; row < COUNT_OF(rows); row++)
		for (int actor = 0; actor < ACTORS; actor++)
			for (int from = 0; from < STATES; from++)
				check_cell(fx, &rows[row], actor, from);
	assert_null(steps_broken_rule(fx));
}

/* ---- the same with a third party at one end ---- */

enum {
	IN_ACCEPTED,
	IN_ARRIVED,
	IN_PARTIAL,
	IN_RECEIVED,
	IN_CANCELLED,
	OUT_ACCEPTED,
	OUT_PART,
	OUT_RECEIVED,
	OUT_CANCELLED,
	PARTY_STATES
};

static const struct {
	const char *status;
	struct step steps[3];
} party_states[PARTY_STATES] = {
	[IN_ACCEPTED] = {"accepted", {{"inbound.create", NULL}}},
	[IN_ARRIVED] = {"arrived", {{"inbound.create", NULL}, {"inbound.arrive", NOTHING_MORE}}},
	[IN_PARTIAL] = {"partial", {{"inbound.create", NULL}, {"inbound.receive", COUNT_ONE}}},
	[IN_RECEIVED] = {"received", {{"inbound.create", NULL}, {"inbound.receive", COUNT_ALL}}},
	[IN_CANCELLED] = {"cancelled",
		{{"inbound.create", NULL}, {"inbound.close", "'lines':null"}}},
	[OUT_ACCEPTED] = {"accepted", {{"outbound.create", NULL}}},
	[OUT_PART] = {"accepted", {{"outbound.create", NULL}, {"outbound.ship", SHIP_ONE}}},
	[OUT_RECEIVED] = {"received",
		{{"outbound.create", NULL}, {"outbound.ship", "'lines':null"}}},
	[OUT_CANCELLED] = {"cancelled",
		{{"outbound.create", NULL}, {"outbound.cancel", NOTHING_MORE}}},
};

/* clang-format off */
#define AT "!wrong_store"
static const struct {
	const char *op, *data, *becomes[PARTY_STATES];
} party_rows[] = {
	/*                                      in: accepted  arrived      partial      received     cancelled    out: accepted part         received     cancelled */
	{"inbound.accept", NOTHING_MORE,       {NO,           NO,          NO,          NO,          NO,          AT,          AT,          AT,          AT}},
	{"inbound.reject", NOTHING_MORE,       {NO,           NO,          NO,          NO,          NO,          AT,          AT,          AT,          AT}},
	{"inbound.arrive", NOTHING_MORE,       {"arrived",    NO,          NO,          NO,          NO,          AT,          AT,          AT,          AT}},
	{"inbound.receive", COUNT_ONE,         {"partial",    "partial",   "partial",   "received",  "cancelled", AT,          AT,          AT,          AT}},
	{"inbound.receive", COUNT_ALL,         {"received",   "received",  "received",  "received",  "cancelled", AT,          AT,          AT,          AT}},
	{"inbound.close", "'reason':'lost'",   {"cancelled",  "cancelled", "received",  NO,          NO,          AT,          AT,          AT,          AT}},
	{"outbound.ship", "'lines':null",      {AT,           AT,          AT,          AT,          AT,          "received",  "received",  NO,          NO}},
	{"outbound.ship", SHIP_ONE,            {AT,           AT,          AT,          AT,          AT,          "accepted",  "accepted",  NO,          NO}},
	{"outbound.cancel", NOTHING_MORE,      {AT,           AT,          AT,          AT,          AT,          "cancelled", SENT,        NO,          NO}},
};
/* clang-format on */

static const char *make_party_state(struct fixture *fx, int state)
{
	const struct step *steps = party_states[state].steps;
	const char *id = fixture_do(fx, steps[0].op, "xinyi", "lin",
		"{'third_party':'Luma','lines':[{'sku':'A1','qty':10},{'sku':'A2','qty':5}]}");
	if (steps[1].op)
		fixture_do(
			fx, steps[1].op, "xinyi", "lin", "{'movement':'%s',%s}", id, steps[1].data);
	steps_expect_status(fx, id, party_states[state].status);
	return id;
}

static void every_status_with_third_parties(void **state)
{
	/* With a third party at one end every action leads on or is refused as the table says. */
	struct fixture *fx = *state;
	for (int row = 0; row < COUNT_OF(party_rows); row++) {
		for (int from = 0; from < PARTY_STATES; from++) {
			const char *id = make_party_state(fx, from);
			const char *code = fixture_try(fx, party_rows[row].op, "xinyi", "lin",
				"{'movement':'%s',%s}", id, party_rows[row].data);
			const char *becomes = party_rows[row].becomes[from];
			bool refused = *becomes == '!';
			if (strcmp(code, refused ? becomes + 1 : "") != 0)
				fail_msg("%s on state %d: %s, expected %s", party_rows[row].op,
					from, code, becomes);
			steps_expect_status(fx, id, refused ? party_states[from].status : becomes);
		}
	}
	assert_null(steps_broken_rule(fx));
}

/* ---- who may make documents ---- */

static const struct {
	const char *op, *actor, *store, *code;
} makers[] = {
	{"outbound.create", "lin", "xinyi", ""},
	{"outbound.create", "chen", "xinyi", "no_right"},
	{"outbound.create", "kiosk", "xinyi", "no_right"},
	{"outbound.create", "lin", "ximen", "unknown_staff"},
	{"inbound.create", "lin", "xinyi", ""},
	{"inbound.create", "chen", "xinyi", "no_right"},
	{"inbound.create", "huang", "xinyi", "unknown_staff"},
};

static void who_may_make(void **state)
{
	/* A manager of the store makes its documents, nobody else. */
	struct fixture *fx = *state;
	for (int i = 0; i < COUNT_OF(makers); i++)
		assert_string_equal(fixture_try(fx, makers[i].op, makers[i].store, makers[i].actor,
					    "{'third_party':'L','lines':[{'sku':'A1','qty':1}]}"),
			makers[i].code);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(every_status_action_and_actor),
		TEST(every_status_with_third_parties),
		TEST(who_may_make),
	};
	return cmocka_run_group_tests_name("movement matrix", tests, NULL, NULL);
}
