#include "tests/model_fixture.h"

#include "model/json.h"
#include "model/ticket.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))
#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

/* ---- helpers ---- */

static void issue(struct fixture *fx, const char *code, int units, const char *rest)
{
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'ORD-1','buyer':'Blake','phone':'0912345678','lines':["
		"{'code':'%s','product':'A1','units':%d%s}]}",
		code, units, rest);
}

static const char *redeem(struct fixture *fx, const char *code, int qty)
{
	return fixture_try(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'%s','qty':%d,'mode':'online'}", code, qty);
}

#define OFFLINE "{'code':'%s','qty':%d,'mode':'offline'}"

static double number(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!cJSON_IsNumber(member))
		fail_msg("%s is no number", name);
	return member->valuedouble;
}

static int64_t exceptions(struct fixture *fx)
{
	return fixture_int(fx, "SELECT COUNT(*) FROM exception");
}

/* ---- issue ---- */

static void issue_refusals(void **state)
{
	/* A ticket needs a new code, a known product and stores, and days in order; a refusal leaves none. */
	static const struct {
		const char *line, *code;
	} cases[] = {
		{"'code':'TICKET-1','product':'A1','units':1", "already_exists"},
		{"'code':'ticket-1 ','product':'A1','units':1", "already_exists"},
		{"'code':'T_CKET','product':'A1','units':1", "malformed"},
		{"'code':'TICKET-2','product':'NONE','units':1", "unknown_sku"},
		{"'code':'TICKET-2','product':'A1','units':0", "bad_data"},
		{"'code':'TICKET-2','product':'A1','units':1.5", "bad_data"},
		{"'code':'TICKET-2','product':'A1','units':1,'stores':['mars']", "unknown_store"},
		{"'code':'TICKET-2','product':'A1','units':1,'valid_from':'2026-05-02',"
		 "'valid_until':'2026-05-01'",
			"bad_data"},
		{"'code':'TICKET-2','product':'A1','units':1,'offline':{'allowed':'yes'}",
			"bad_data"},
		{"'code':'TICKET-2','product':'A1','units':1,'offline':{'allowed':true,'most':0}",
			"bad_data"},
	};
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 1, "");
	for (int i = 0; i < COUNT_OF(cases); i++) {
		const char *code = fixture_try(fx, "ticket.issue", NULL, "ho",
			"{'order':'O','buyer':'B','lines':[{'code':'GOOD-1','product':'A1','units':1},"
			"{%s}]}",
			cases[i].line);
		if (strcmp(code, cases[i].code) != 0)
			fail_msg("%s: expected %s, got %s", cases[i].line, cases[i].code, code);
	}
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM ticket"), 1);
}

/* ---- redeem ---- */

static void redeems_in_parts(void **state)
{
	/* Units are redeemed in parts until none are left, and the answer shows every earlier use. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 5, "");
	assert_string_equal(redeem(fx, "ticket-1", 2), "");
	struct verdict verdict = fixture_run(fx, "ticket.redeem", "ximen", "wang",
		"{'code':'https://t.example/TICKET-1','qty':1,'mode':'online'}");
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	assert_string_equal(json_text(verdict.result, "redemption"), fixture_last_id(fx));
	assert_string_equal(json_text(verdict.result, "code"), "TICKET-1");
	assert_string_equal(json_text(verdict.result, "mode"), "online");
	assert_true(number(verdict.result, "qty") == 1);
	assert_true(number(verdict.result, "remaining") == 2);
	const cJSON *uses = json_list(verdict.result, "uses");
	assert_int_equal(cJSON_GetArraySize(uses), 1);
	verdict_free(&verdict);
	verdict = fixture_run(fx, "ticket.redeem", "xinyi", "chen",
		"{'code':'TICKET-1','qty':3,'mode':'online'}");
	assert_int_equal(verdict.refusal, REFUSED_insufficient);
	assert_true(number(verdict.result, "remaining") == 2);
	uses = json_list(verdict.result, "uses");
	assert_int_equal(cJSON_GetArraySize(uses), 2);
	const cJSON *first = cJSON_GetArrayItem(uses, 0);
	assert_string_equal(json_text(first, "store"), "xinyi");
	assert_string_equal(json_text(first, "actor"), "kiosk");
	assert_string_equal(json_text(first, "at"), "2026-03-02T02:00:01.000Z");
	assert_true(number(first, "qty") == 2);
	assert_false(json_bool(first, "voided", true));
	verdict_free(&verdict);
	assert_string_equal(redeem(fx, "TICKET-1", 2), "");
	assert_string_equal(redeem(fx, "TICKET-1", 1), "used_up");
	assert_int_equal(fixture_int(fx, "SELECT SUM(qty) FROM redemption"), 5);
}

static void days_are_the_stores(void **state)
{
	/* The first and last day are whole local days, and HQ's clock alone judges an online request. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 9, ",'valid_from':'2026-03-05','valid_until':'2026-03-06'");
	int64_t first = FIXTURE_START_MS + 2 * DAY_MS + 14 * 60 * MINUTE_MS; /* 03-05 00:00 there */
	fx->at_ms = first + DAY_MS; /* what the terminal says changes nothing */
	fx->now_ms = first - 1;
	assert_string_equal(redeem(fx, "TICKET-1", 1), "not_yet");
	fx->now_ms = first;
	assert_string_equal(redeem(fx, "TICKET-1", 1), "");
	fx->now_ms = first + 2 * DAY_MS - 1;
	assert_string_equal(redeem(fx, "TICKET-1", 1), "");
	fx->now_ms = first + 2 * DAY_MS;
	assert_string_equal(redeem(fx, "TICKET-1", 1), "expired");
	fixture_sql(fx, "UPDATE store SET tz_minutes = 0 WHERE id = 'xinyi'");
	assert_string_equal(redeem(fx, "TICKET-1", 1), "");
}

/* ---- void ---- */

static void void_gives_units_back_once(void **state)
{
	/* A void is its own record, gives the units back, and happens once, at the same store. */
	struct fixture *fx = *state;
	char id[UUID_SIZE];
	issue(fx, "TICKET-1", 2, "");
	assert_string_equal(redeem(fx, "TICKET-1", 2), "");
	snprintf(id, sizeof(id), "%s", fixture_last_id(fx));
	assert_string_equal(fixture_try(fx, "ticket.void", "ximen", "huang",
				    "{'redemption':'%s','reason':'x'}", id),
		"wrong_store");
	assert_string_equal(fixture_try(fx, "ticket.void", "xinyi", "chen",
				    "{'redemption':'%s','reason':'x'}", id),
		"no_right");
	const char *made = fixture_do(
		fx, "ticket.void", "xinyi", "lin", "{'redemption':'%s','reason':'wrong one'}", id);
	fixture_expect_text(fx, "void -2 wrong one",
		"SELECT kind || ' ' || qty || ' ' || reason FROM redemption WHERE id = '%s'", made);
	assert_string_equal(fixture_try(fx, "ticket.void", "xinyi", "lin",
				    "{'redemption':'%s','reason':'x'}", id),
		"already_void");
	assert_string_equal(fixture_try(fx, "ticket.void", "xinyi", "lin",
				    "{'redemption':'%s','reason':'x'}", made),
		"unknown_document");
	struct verdict verdict = fixture_run(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':2,'mode':'online'}");
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	const cJSON *uses = json_list(verdict.result, "uses");
	assert_int_equal(cJSON_GetArraySize(uses), 1);
	assert_true(json_bool(cJSON_GetArrayItem(uses, 0), "voided", false));
	verdict_free(&verdict);
}

static void void_in_time(void **state)
{
	/* The limit is 15 minutes by HQ's clock, whatever the terminal's clock said at the redemption. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 9, "");
	for (int late = 0; late < 2; late++) {
		for (int wrong = -1; wrong <= 1; wrong++) {
			fx->at_ms = wrong ? fx->now_ms + wrong * 4 * MINUTE_MS : 0;
			int64_t then = fx->now_ms;
			const char *id = fixture_do(
				fx, "ticket.redeem", "xinyi", "kiosk", OFFLINE, "TICKET-1", 1);
			fx->now_ms = then + 15 * MINUTE_MS + late;
			assert_string_equal(fixture_try(fx, "ticket.void", "xinyi", "lin",
						    "{'redemption':'%s','reason':'x'}", id),
				late ? "too_late" : "");
		}
	}
}

/* ---- refund, split ---- */

static void refund_takes_every_code(void **state)
{
	/* A refund gives back what is left of each code of the order and ends them all. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 5, "");
	issue(fx, "TICKET-2", 2, "");
	issue(fx, "TICKET-3", 1, "");
	assert_string_equal(redeem(fx, "TICKET-1", 2), "");
	assert_string_equal(redeem(fx, "TICKET-3", 1), "");
	struct verdict verdict = fixture_run(fx, "ticket.refund", NULL, "ho", "{'order':'ORD-1'}");
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	assert_true(number(verdict.result, "units") == 5);
	verdict_free(&verdict);
	assert_int_equal(fixture_int(fx, "SELECT SUM(refunded) FROM ticket"), 5);
	assert_int_equal(
		fixture_int(fx, "SELECT COUNT(*) FROM ticket WHERE status = 'refunded'"), 3);
	assert_string_equal(redeem(fx, "TICKET-2", 1), "refunded");
	assert_string_equal(
		fixture_try(fx, "ticket.refund", NULL, "ho", "{'order':'ORD-1'}"), "nothing_to_do");
}

static void split_makes_codes_for_the_rest(void **state)
{
	/* A split needs one new code for each unit left; they inherit what the old code was bound by. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 3, ",'stores':['xinyi'],'valid_until':'2026-12-31'");
	assert_string_equal(redeem(fx, "TICKET-1", 1), "");
	static const struct {
		const char *into, *code;
	} cases[] = {
		{"'NEW-001'", "bad_data"},
		{"'NEW-001','NEW-002','NEW-003'", "bad_data"},
		{"'NEW-001','new-001'", "already_exists"},
		{"'NEW-001','TICKET-1'", "already_exists"},
		{"'NEW-001','N_W-002'", "malformed"},
		{"'NEW-001','NEW-002'", ""},
		{"'NEW-003','NEW-004'", "superseded"},
	};
	for (int i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(fixture_try(fx, "ticket.split", NULL, "ho",
					    "{'code':'TICKET-1','into':[%s]}", cases[i].into),
			cases[i].code);
	assert_int_equal(
		fixture_int(fx,
			"SELECT COUNT(*) FROM ticket WHERE parent = 'TICKET-1' AND units = 1"
			" AND stores = '[\"xinyi\"]' AND valid_until = '2026-12-31'"
			" AND order_number = 'ORD-1' AND buyer = 'Blake'"),
		2);
	assert_string_equal(redeem(fx, "NEW-001", 1), "");
	assert_string_equal(redeem(fx, "NEW-001", 1), "used_up");
}

/* ---- offline ---- */

static void duplicate_dossier(void **state)
{
	/* Units spent twice stay on record, and a dossier naming both goes to both stores. */
	struct fixture *fx = *state;
	char first[UUID_SIZE];
	issue(fx, "TICKET-1", 2, "");
	snprintf(first, sizeof(first), "%s",
		fixture_do(fx, "ticket.redeem", "ximen", "wang", OFFLINE, "TICKET-1", 1));
	assert_int_equal(exceptions(fx), 0);
	const char *second = fixture_do(
		fx, "ticket.redeem", "xinyi", "kiosk", OFFLINE, "TICKET-1", 2);
	assert_int_equal(fixture_int(fx, "SELECT SUM(qty) FROM redemption"), 3);
	fixture_expect_text(fx, "duplicate_redemption xinyi ximen TICKET-1",
		"SELECT kind || ' ' || store || ' ' || other_store || ' ' || doc FROM exception");
	assert_int_equal(fixture_int(fx,
				 "SELECT COUNT(*) FROM exception WHERE detail LIKE '%%%s%%'"
				 " AND detail LIKE '%%%s%%'",
				 first, second),
		1);
	assert_string_equal(redeem(fx, "TICKET-1", 1), "used_up");
}

static void too_many_at_once(void **state)
{
	/* More units than the ticket ever had, with none used before, is no duplicate but insufficient. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 2, "");
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk", OFFLINE, "TICKET-1", 3);
	fixture_expect_text(fx, "offline_insufficient", "SELECT kind FROM exception");
}

static void offline_is_always_recorded(void **state)
{
	/* Offline, an unknown ticket and even a code that is none are recorded, each with an exception. */
	struct fixture *fx = *state;
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk", OFFLINE, "TICKET-9", 1);
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk", OFFLINE, "?", 1);
	fixture_expect_text(
		fx, "TICKET-9", "SELECT doc FROM exception WHERE kind = 'offline_unknown'");
	fixture_expect_text(fx, "?", "SELECT doc FROM exception WHERE kind = 'offline_malformed'");
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM redemption"), 2);
	/* What was taken before the ticket was known is spent once it is. */
	issue(fx, "TICKET-9", 1, "");
	assert_string_equal(redeem(fx, "TICKET-9", 1), "used_up");
}

static void wrong_clock(void **state)
{
	/* A terminal's impossible time changes nothing but raises an exception. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 2, ",'valid_until':'2026-03-31'");
	fx->at_ms = fx->now_ms + 3650 * DAY_MS;
	const char *id = fixture_do(fx, "ticket.redeem", "xinyi", "kiosk", OFFLINE, "TICKET-1", 1);
	assert_int_equal(fixture_int(fx, "SELECT at FROM redemption WHERE id = '%s'", id),
		fx->now_ms - FIXTURE_STEP_MS);
	fixture_expect_text(fx, "clock", "SELECT kind FROM exception");
	/* What it claimed is kept beside the time that counts; a time that can be is not. */
	fixture_expect_text(fx, "{\"claimed_at\":\"2036-02-28T02:00:01.000Z\"}",
		"SELECT basis FROM redemption WHERE id = '%s'", id);
	fx->at_ms = 0;
	id = fixture_do(fx, "ticket.redeem", "xinyi", "kiosk", OFFLINE, "TICKET-1", 1);
	fixture_expect_text(fx, NULL, "SELECT basis FROM redemption WHERE id = '%s'", id);
}

static void late_fallback(void **state)
{
	/* The second command of a late answer has no effect if the first was applied, else it is a fact. */
	struct fixture *fx = *state;
	char first[UUID_SIZE], data[256];
	issue(fx, "TICKET-1", 1, "");
	assert_string_equal(redeem(fx, "TICKET-1", 1), "");
	snprintf(first, sizeof(first), "%s", fixture_last_id(fx));
	snprintf(data, sizeof(data), "{'code':'TICKET-1','qty':1,'mode':'offline','of':'%s'}",
		first);
	struct verdict verdict = fixture_run(fx, "ticket.redeem", "xinyi", "kiosk", data);
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	assert_string_equal(json_text(verdict.result, "redemption"), first);
	assert_string_equal(json_text(verdict.result, "mode"), "online");
	assert_true(number(verdict.result, "qty") == 1);
	assert_int_equal(cJSON_GetArraySize(json_list(verdict.result, "uses")), 0);
	verdict_free(&verdict);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM redemption"), 1);
	assert_int_equal(exceptions(fx), 0);
	/* Refused first: the second is a fact that collides. */
	assert_string_equal(redeem(fx, "TICKET-1", 1), "used_up");
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':1,'mode':'offline','of':'%s'}", fixture_last_id(fx));
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM redemption"), 2);
	assert_int_equal(exceptions(fx), 1);
}

static void fallback_of_another(void **state)
{
	/* Naming the redemption of another store, or of another code, hides nothing: the second is a fact. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 1, "");
	issue(fx, "TICKET-2", 1, "");
	const char *id = fixture_do(fx, "ticket.redeem", "ximen", "wang", OFFLINE, "TICKET-1", 1);
	char first[UUID_SIZE];
	snprintf(first, sizeof(first), "%s", id);
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-2','qty':1,'mode':'offline','of':'%s'}", first);
	assert_int_equal(exceptions(fx), 0);
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':1,'mode':'offline','of':'%s'}", first);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM redemption"), 3);
	fixture_expect_text(fx, "duplicate_redemption", "SELECT kind FROM exception");
}

static void one_fallback_counts(void **state)
{
	/* Two seats that gave up on the same question accept it once. */
	struct fixture *fx = *state;
	char first[UUID_SIZE], second[UUID_SIZE], data[256];
	issue(fx, "TICKET-1", 3, "");
	assert_string_equal(redeem(fx, "TICKET-1", 4), "insufficient");
	snprintf(first, sizeof(first), "%s", fixture_last_id(fx));
	snprintf(data, sizeof(data), "{'code':'TICKET-1','qty':1,'mode':'offline','of':'%s'}",
		first);
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk", "%s", data);
	snprintf(second, sizeof(second), "%s", fixture_last_id(fx));
	struct verdict verdict = fixture_run(fx, "ticket.redeem", "xinyi", "kiosk", data);
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	assert_string_equal(json_text(verdict.result, "redemption"), second);
	assert_string_equal(json_text(verdict.result, "mode"), "offline");
	verdict_free(&verdict);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM redemption"), 1);
	/* That of another store is another redemption. */
	fixture_do(fx, "ticket.redeem", "ximen", "wang", "%s", data);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM redemption"), 2);
}

static void console_judges_its_own(void **state)
{
	/* A console does not call a ticket unknown that HQ may know. */
	static const char *const stores[] = {"xinyi"};
	struct fixture *fx = *state;
	fx->world = (struct world){.stores = stores, .store_count = 1};
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk", OFFLINE, "TICKET-9", 1);
	assert_int_equal(exceptions(fx), 0);
}

/* ---- with the line down ---- */

#define POLICY ",'offline':{'allowed':true,'most':2,'cache_hours':12}"

static void expect_offline(
	struct fixture *fx, const struct ticket_ask *ask, enum refusal refusal, int64_t most)
{
	struct ticket_offline verdict = ticket_offline_verdict(fx->db, ask);
	assert_string_equal(refusal_code(verdict.refusal), refusal_code(refusal));
	assert_int_equal(verdict.allowed, refusal == REFUSAL_NONE);
	assert_int_equal(verdict.most, most);
}

static struct ticket_ask ask_of(const struct fixture *fx, const char *code, int64_t qty)
{
	return (struct ticket_ask){.code = code,
		.store = "xinyi",
		.qty = qty,
		.now_ms = fx->now_ms,
		.cache_ms = fx->now_ms - 60 * MINUTE_MS};
}

static void offline_policy(void **state)
{
	/* With the line down HQ's policy decides: allowed or not, how many, how old a cache. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 5, POLICY);
	issue(fx, "TICKET-2", 5, "");
	issue(fx, "TICKET-3", 5, ",'offline':{'allowed':false}");
	struct ticket_ask ask = ask_of(fx, "ticket-1", 2);
	expect_offline(fx, &ask, REFUSAL_NONE, 2);
	ask.qty = 3;
	expect_offline(fx, &ask, REFUSED_needs_online, 2);
	ask.qty = 1;
	ask.cache_ms = fx->now_ms - 12 * 60 * MINUTE_MS;
	expect_offline(fx, &ask, REFUSAL_NONE, 2);
	ask.cache_ms -= 1;
	expect_offline(fx, &ask, REFUSED_needs_online, 2);
	ask.cache_ms = 0;
	expect_offline(fx, &ask, REFUSED_needs_online, 2);
	ask = ask_of(fx, "TICKET-2", 1);
	expect_offline(fx, &ask, REFUSED_needs_online, 0);
	ask = ask_of(fx, "TICKET-3", 1);
	expect_offline(fx, &ask, REFUSED_needs_online, 0);
	ask = ask_of(fx, "TICKET-4", 1); /* issued since, perhaps */
	expect_offline(fx, &ask, REFUSED_needs_online, 0);
	ask = ask_of(fx, "T", 1);
	expect_offline(fx, &ask, REFUSED_malformed, 0);
}

static void offline_units_add_up(void **state)
{
	/* What was taken offline since the cache was fresh counts against the policy's most. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 5, POLICY);
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk", OFFLINE, "TICKET-1", 1);
	struct ticket_ask ask = ask_of(fx, "TICKET-1", 1);
	expect_offline(fx, &ask, REFUSAL_NONE, 1);
	ask.qty = 2;
	expect_offline(fx, &ask, REFUSED_needs_online, 1);
	ask.cache_ms = fx->now_ms; /* HQ has confirmed it since */
	expect_offline(fx, &ask, REFUSAL_NONE, 2);
}

static void offline_says_what_it_did_not_check(void **state)
{
	/* An offline acceptance says what HQ alone could have known; what the cache knows is final. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 1, POLICY);
	issue(fx, "TICKET-2", 1, POLICY ",'stores':['xinyi'],'valid_until':'2026-03-31'");
	struct ticket_ask ask = ask_of(fx, "TICKET-1", 1);
	struct ticket_offline verdict = ticket_offline_verdict(fx->db, &ask);
	assert_true(verdict.unchecked_elsewhere);
	assert_false(verdict.unchecked_clock);
	assert_int_equal(verdict.unchecked_from_ms, ask.cache_ms);
	ask = ask_of(fx, "TICKET-2", 1);
	verdict = ticket_offline_verdict(fx->db, &ask);
	assert_false(verdict.unchecked_elsewhere);
	assert_true(verdict.unchecked_clock);
	ask.store = "ximen";
	expect_offline(fx, &ask, REFUSED_not_here, 0);
	assert_string_equal(redeem(fx, "TICKET-1", 1), "");
	ask = ask_of(fx, "TICKET-1", 1);
	expect_offline(fx, &ask, REFUSED_used_up, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(issue_refusals, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			redeems_in_parts, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			days_are_the_stores, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			void_gives_units_back_once, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(void_in_time, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			refund_takes_every_code, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			split_makes_codes_for_the_rest, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			duplicate_dossier, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			too_many_at_once, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			offline_is_always_recorded, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(wrong_clock, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(late_fallback, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			one_fallback_counts, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			fallback_of_another, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			console_judges_its_own, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(offline_policy, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			offline_units_add_up, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			offline_says_what_it_did_not_check, fixture_set_up, fixture_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
