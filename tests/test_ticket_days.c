/* The edges of a ticket's time: its first and last day, whole and by the store's clock on the wall, and the 15
 * minutes of a void, by HQ's.
 *
 * A store's day is that of its tz_minutes, one offset all the year: Countertop knows no daylight saving time
 * (Taiwan has none), so that where there is some the day of a ticket ends an hour early or late in summer. */
#include "model/ticket.h"
#include "tests/model_fixture.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define VOID_MS (15 * MINUTE_MS)
#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* The ticket is for 5 and 6 March 2026; this is where the fifth begins in Greenwich. */
#define FIRST_MS INT64_C(1772668800000)
#define DAYS "'valid_from':'2026-03-05','valid_until':'2026-03-06'"

/* At +14 h the store is a day ahead of HQ for most of HQ's day, at −12 h a day behind. */
static const int zones[] = {480, 0, -300, 840, -720, 345};

static const struct moment {
	int64_t at_ms;    /* from the first midnight at the store */
	const char *code; /* what an online redemption then is told; "": done */
} moments[] = {
	{-DAY_MS, "not_yet"},
	{-MINUTE_MS, "not_yet"},
	{-1, "not_yet"},
	{0, ""},
	{MINUTE_MS, ""},
	{DAY_MS, ""},
	{2 * DAY_MS - MINUTE_MS, ""},
	{2 * DAY_MS - 1, ""},
	{2 * DAY_MS, "expired"},
	{2 * DAY_MS + MINUTE_MS, "expired"},
	{3 * DAY_MS, "expired"},
};

/* How far the terminal's clock is off. */
static const int64_t errors[] = {0, -DAY_MS, DAY_MS, -MINUTE_MS, MINUTE_MS};

static int setup(void **state)
{
	static struct fixture fixture;

	fixture_open(&fixture);
	*state = &fixture;
	fixture_do(&fixture, "ticket.issue", NULL, "ho",
		"{'order':'ORD-1','buyer':'Blake','lines':[{'code':'TICKET-1','product':'A1',"
		"'units':9999," DAYS ",'offline':{'allowed':true,'most':9999,'cache_hours':99}}]}");
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

static int64_t set_zone(struct fixture *fx, int minutes)
{
	char sql[100];

	snprintf(sql, sizeof sql, "UPDATE store SET tz_minutes = %d WHERE id = 'xinyi'", minutes);
	fixture_sql(fx, sql);
	return FIRST_MS - minutes * MINUTE_MS;
}

static const char *redeem(struct fixture *fx, const char *mode)
{
	return fixture_try(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':1,'mode':'%s'}", mode);
}

/* ---- first and last day ---- */

static void hq_decides_online(void **state)
{
	/* Online the day at the store by HQ's clock decides, to the millisecond, whatever the terminal's says. */
	struct fixture *fx = *state;

	for (int z = 0; z < COUNT_OF(zones); z++) {
		int64_t first_ms = set_zone(fx, zones[z]);

		for (int i = 0; i < COUNT_OF(moments) * COUNT_OF(errors); i++) {
			const struct moment *moment = &moments[i % COUNT_OF(moments)];
			int64_t error_ms = errors[i / COUNT_OF(moments)];
			const char *code;

			fx->now_ms = first_ms + moment->at_ms;
			fx->at_ms = fx->now_ms + error_ms;
			code = redeem(fx, "online");
			if (strcmp(code, moment->code) != 0)
				fail_msg(
					"zone %d, %lld ms behind midnight, clock off by %lld: %s, not %s",
					zones[z], (long long)moment->at_ms, (long long)error_ms,
					code, moment->code);
		}
	}
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM exception"), 0);
}

static void another_store_has_another_day(void **state)
{
	/* At one moment a ticket is not yet good at one store, good at the next and over at a third. */
	struct fixture *fx = *state;

	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'ORD-2','buyer':'Blake','lines':[{'code':'TICKET-2','product':'A1','units':9,"
		"'valid_from':'2026-03-05','valid_until':'2026-03-05'}]}");
	fixture_sql(fx, "UPDATE store SET tz_minutes = 840 WHERE id = 'xinyi'");
	fixture_sql(fx, "UPDATE store SET tz_minutes = 0 WHERE id = 'ximen'");
	fixture_sql(fx, "UPDATE store SET tz_minutes = -660 WHERE id = 'ec'");
	/* 10:30 in Greenwich: 00:30 of the sixth at xinyi, 23:30 of the fourth at ec. */
	fx->now_ms = FIRST_MS + 10 * HOUR_MS + 30 * MINUTE_MS;
	fx->at_ms = fx->now_ms;
#define AT(store, actor) \
	fixture_try(     \
		fx, "ticket.redeem", store, actor, "{'code':'TICKET-2','qty':1,'mode':'online'}")
	assert_string_equal(AT("xinyi", "kiosk"), "expired");
	assert_string_equal(AT("ximen", "wang"), "");
	assert_string_equal(AT("ec", "dai"), "not_yet");
#undef AT
}

static void the_terminal_decides_offline(void **state)
{
	/* Offline the terminal's clock decides what it accepts, by the day at the store. */
	struct fixture *fx = *state;

	for (int z = 0; z < COUNT_OF(zones); z++) {
		int64_t first_ms = set_zone(fx, zones[z]);

		for (int i = 0; i < COUNT_OF(moments); i++) {
			struct ticket_ask ask = {.code = "TICKET-1",
				.store = "xinyi",
				.qty = 1,
				.now_ms = first_ms + moments[i].at_ms,
				.cache_ms = first_ms + moments[i].at_ms - HOUR_MS};
			struct ticket_offline verdict = ticket_offline_verdict(fx->db, &ask);

			assert_string_equal(refusal_code(verdict.refusal), moments[i].code);
			assert_int_equal(verdict.allowed, moments[i].code[0] == '\0');
			assert_true(verdict.unchecked_clock);
		}
	}
}

/* Redeems offline when the terminal's clock says at_ms, HQ hears of it later, and raises exactly `kinds`. */
static void expect_raised(struct fixture *fx, int64_t at_ms, int64_t later_ms, const char *kinds)
{
	const char *id;

	fx->at_ms = at_ms;
	fx->now_ms = at_ms + later_ms;
	id = fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':1,'mode':'offline'}");
	fixture_expect_text(fx, kinds,
		"SELECT COALESCE((SELECT group_concat(kind, ' ') FROM (SELECT kind FROM exception"
		" WHERE command = '%s' ORDER BY kind)), '')",
		id);
}

static void hq_raises_what_was_wrong(void **state)
{
	/* HQ records what a terminal accepted outside the days, by the time the terminal claims, and says so. */
	static const int64_t later_ms[] = {0, 10 * HOUR_MS, 10 * DAY_MS};
	struct fixture *fx = *state;

	for (int z = 0; z < COUNT_OF(zones); z++) {
		int64_t first_ms = set_zone(fx, zones[z]);

		for (int i = 0; i < COUNT_OF(moments) * COUNT_OF(later_ms); i++) {
			const struct moment *moment = &moments[i % COUNT_OF(moments)];
			char kind[40] = "";

			if (moment->code[0])
				snprintf(kind, sizeof kind, "offline_%s", moment->code);
			expect_raised(fx, first_ms + moment->at_ms, later_ms[i / COUNT_OF(moments)],
				kind);
		}
	}
}

static void a_clock_that_cannot_be_decides_nothing(void **state)
{
	/* Of a terminal that is a day ahead the time of arrival counts, and somebody is told of its clock. */
	struct fixture *fx = *state;
	int64_t first_ms = set_zone(fx, 480);

	expect_raised(fx, first_ms + DAY_MS / 2, -DAY_MS, "clock offline_not_yet");
	expect_raised(fx, first_ms + 2 * DAY_MS + HOUR_MS, -DAY_MS, "clock");
	/* Five minutes ahead is nothing; one that is a day behind is believed, as if it came late. */
	expect_raised(fx, first_ms, -5 * MINUTE_MS, "");
	expect_raised(fx, first_ms, -5 * MINUTE_MS - 1, "clock offline_not_yet");
	expect_raised(fx, first_ms - 1, DAY_MS, "offline_not_yet");
	expect_raised(fx, first_ms + 2 * DAY_MS - 1, DAY_MS, "");
	/* After two weeks nothing says any more when it was. */
	expect_raised(fx, first_ms, 14 * DAY_MS, "");
	expect_raised(fx, first_ms, 14 * DAY_MS + 1, "clock offline_expired");
}

/* ---- the void ---- */

static void the_limit_of_a_void(void **state)
{
	/* A void is taken until 15:00.000 after HQ recorded the redemption and not a millisecond longer, online
	 * or offline, and whatever the terminal's clock says at either end. */
	static const char *const modes[] = {"online", "offline"};
	struct fixture *fx = *state;
	int64_t first_ms = set_zone(fx, 480) + HOUR_MS;

	for (int i = 0; i < COUNT_OF(errors) * COUNT_OF(errors) * 4; i++) {
		int64_t then_error_ms = errors[i / 4 / COUNT_OF(errors)];
		int64_t now_error_ms = errors[i / 4 % COUNT_OF(errors)];
		int late = i % 2;
		char id[UUID_SIZE];
		const char *code;

		fx->now_ms = first_ms;
		fx->at_ms = first_ms + then_error_ms;
		assert_string_equal(redeem(fx, modes[i / 2 % 2]), "");
		snprintf(id, sizeof id, "%s", fixture_last_id(fx));
		fx->now_ms = first_ms + VOID_MS + late;
		fx->at_ms = fx->now_ms + now_error_ms;
		code = fixture_try(fx, "ticket.void", "xinyi", "lin",
			"{'redemption':'%s','reason':'wrong one'}", id);
		if (strcmp(code, late ? "too_late" : "") != 0)
			fail_msg("%s, %d ms too late, clock off by %lld, then %lld: %s",
				modes[i / 2 % 2], late, (long long)then_error_ms,
				(long long)now_error_ms, code);
	}
}

static void a_void_over_midnight(void **state)
{
	/* What was redeemed in the last minute of the last day is voided in the first ones of the next: a void
	 * needs no valid ticket. The units are given back, and are as little good as any. */
	struct fixture *fx = *state;

	fx->now_ms = set_zone(fx, 480) + 2 * DAY_MS - MINUTE_MS;
	fx->at_ms = fx->now_ms;
	assert_string_equal(redeem(fx, "online"), "");
	fx->now_ms += 10 * MINUTE_MS;
	fixture_do(fx, "ticket.void", "xinyi", "lin", "{'redemption':'%s','reason':'wrong one'}",
		fixture_last_id(fx));
	assert_int_equal(fixture_int(fx, "SELECT SUM(qty) FROM redemption"), 0);
	assert_string_equal(redeem(fx, "online"), "expired");
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(hq_decides_online),
		test(another_store_has_another_day),
		test(the_terminal_decides_offline),
		test(hq_raises_what_was_wrong),
		test(a_clock_that_cannot_be_decides_nothing),
		test(the_limit_of_a_void),
		test(a_void_over_midnight),
	};

	return cmocka_run_group_tests_name("days of tickets", tests, NULL, NULL);
}
