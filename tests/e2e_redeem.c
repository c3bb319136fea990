/* A ticket is redeemed by a scan anywhere, once; with the line down its own policy decides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fault_shop.h"

/* Of the demo: one unit; ten, three of them spent at two stores, and up to two at once with the line down; one, only with HQ. */
#define SINGLE "CT1001-A7K2"
#define TEN "CT1002-M4PX"
#define STRICT "CT1012-BBBB"

static int remaining(const char *code)
{
	cJSON *ticket = e2e_get("/v1/tickets/%s", code);
	const cJSON *units = cJSON_GetObjectItemCaseSensitive(ticket, "remaining");
	int count = cJSON_IsNumber(units) ? units->valueint : -1;

	cJSON_Delete(ticket);
	return count;
}

static int rows_about(const char *kind, const char *code)
{
	cJSON *rows = e2e_get("/v1/%s?code=%s&limit=200", kind, code);
	int count = cJSON_GetArraySize(rows);

	cJSON_Delete(rows);
	return count;
}

static int redemptions(const char *code)
{
	return rows_about("redemptions", code);
}

static int refused_scans(const char *code)
{
	return rows_about("refused_scans", code);
}

static bool is_past(void *ctx)
{
	return e2e_now_ms() > *(int64_t *)ctx;
}

/* The same code twice within 300 ms is one scan. */
static void scan_again(struct screen *screen, const char *code)
{
	int64_t end_ms = e2e_now_ms() + 350;

	e2e_wait(is_past, &end_ms, "the time between two scans");
	screen_scan(screen, code);
}

struct units {
	const char *code;
	int left;
};

static bool has_left(void *ctx)
{
	const struct units *units = ctx;

	return remaining(units->code) == units->left;
}

static void expect_remaining(const char *code, int left)
{
	struct units units = {code, left};

	e2e_wait(has_left, &units, "the redemption at HQ");
}

static void a_ticket_is_redeemed_once(void **state)
{
	/* By a scan on the documents; a second time, and at another store, it is used up, with who and where. */
	struct e2e_home xinyi_home, ximen_home;
	struct screen *xinyi, *ximen;

	(void)state;
	e2e_enrol(&xinyi_home, "xinyi");
	e2e_enrol(&ximen_home, "ximen");
	xinyi = e2e_console_of(&xinyi_home, "lee");
	ximen = e2e_console_of(&ximen_home, "wu");
	screen_expect_row(xinyi, -1, "online");
	screen_scan(xinyi, SINGLE);
	screen_expect(xinyi, "of 1 left");
	screen_expect(xinyi, "Coffee Voucher");
	screen_send(xinyi, "<enter>");
	e2e_follow(xinyi, "OK: REDEEMED");
	expect_remaining(SINGLE, 0);

	screen_send(xinyi, "<esc>");
	screen_expect(xinyi, "[To confirm 2]");
	scan_again(xinyi, SINGLE);
	screen_expect(xinyi, "REDEEMED HERE ALREADY");
	screen_expect(xinyi, "at this terminal, by 李家豪");
	screen_send(xinyi, "m");
	screen_expect(xinyi, "No unit of this ticket is left");
	expect_remaining(SINGLE, 0);

	screen_expect(ximen, "OUT-XIMEN-");
	screen_scan(ximen, SINGLE);
	screen_expect(ximen, "Quantity");
	screen_send(ximen, "<enter>");
	screen_expect(ximen, "USED UP");
	screen_expect(ximen, "信義店");
	screen_expect(ximen, "lee");
	assert_false(screen_has(ximen, "This terminal"));
	assert_int_equal(remaining(SINGLE), 0);
	assert_int_equal(redemptions(SINGLE), 1);
	assert_int_equal(refused_scans(SINGLE), 1);
}

static void what_another_store_redeemed_is_known_here(void **state)
{
	/* Seven of ten are left: xinyi spent two of a ticket that is bound to no store, ximen one. */
	struct e2e_home home;
	struct screen *screen;

	(void)state;
	e2e_enrol(&home, "xinyi");
	screen = e2e_console_of(&home, "lee");
	e2e_hq_stop();
	screen_expect_row(screen, -1, "offline");
	screen_scan(screen, TEN);
	screen_expect(screen, "of 7 left");
	screen_expect(screen, "西門店");
}

static void with_the_line_down_the_policy_decides(void **state)
{
	/* What it allows is accepted, not confirmed; each scan it refuses is told to HQ, once. */
	struct e2e_home home;
	struct screen *screen;
	int scans = refused_scans(STRICT);

	(void)state;
	e2e_enrol(&home, "xinyi");
	screen = e2e_console_of(&home, "lee");
	screen_expect_row(screen, -1, "online");
	e2e_hq_stop();
	screen_expect_row(screen, -1, "offline");

	screen_scan(screen, TEN);
	screen_expect(screen, "of 7 left");
	screen_send(screen, "<enter>");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_expect(screen, "Not checked");
	screen_expect_row(screen, -1, "unsent 1");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To confirm 2]");

	screen_scan(screen, STRICT);
	screen_expect(screen, "of 1 left");
	screen_send(screen, "<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	screen_expect(screen, "Nothing was redeemed.");
	screen_expect_row(screen, -1, "unsent 2");

	/* Up to two may go out before HQ is heard again, and one of them has. */
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To confirm 2]");
	scan_again(screen, TEN);
	screen_expect(screen, "REDEEMED HERE ALREADY, NOT CONFIRMED");
	screen_send(screen, "m");
	screen_expect(screen, "of 6 left");
	screen_send(screen, "3<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	screen_expect(screen, "Asked for 3; 1 can be redeemed");
	screen_expect_row(screen, -1, "unsent 3");

	e2e_hq_start();
	screen_expect_row(screen, -1, "unsent 0");
	expect_remaining(TEN, 6);
	assert_int_equal(remaining(STRICT), 1);
	assert_int_equal(refused_scans(STRICT), scans + 1);
	assert_int_equal(refused_scans(TEN), 1);
}

static void an_offline_acceptance_is_confirmed_on_the_screen(void **state)
{
	struct e2e_home home;
	struct screen *screen;

	(void)state;
	e2e_enrol(&home, "xinyi");
	screen = e2e_console_of(&home, "lee");
	screen_expect_row(screen, -1, "online");
	e2e_hq_stop();
	screen_expect_row(screen, -1, "offline");
	screen_scan(screen, TEN);
	screen_expect(screen, "of 7 left");
	screen_send(screen, "<enter>");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	e2e_hq_start();
	e2e_follow(screen, "OK: REDEEMED");
	screen_expect(screen, "HQ has confirmed it");
	expect_remaining(TEN, 6);
}

/* ---- a slow HQ ---- */

#define SLOW_MS 3000
#define HELD_MS 600000 /* until it is let go */

/* A console of xinyi whose questions HQ answers when it is let go. */
static struct screen *slow_console(struct e2e_home *home)
{
	struct screen *screen;

	e2e_enrol_at(home, "xinyi", proxy_url(fault_shop_proxy()));
	screen = e2e_console_of(home, "lee");
	screen_expect_row(screen, -1, "online");
	proxy_delay(fault_shop_proxy(), HELD_MS);
	proxy_order(fault_shop_proxy(), "delay", "/v1/commands", PROXY_ALWAYS);
	return screen;
}

static void let_go(int64_t asked_ms)
{
	int64_t end_ms = asked_ms + SLOW_MS;

	e2e_wait(is_past, &end_ms, "a slow HQ");
	proxy_calm(fault_shop_proxy());
	proxy_delay(fault_shop_proxy(), 0);
}

static int64_t ask(struct screen *screen, const char *code)
{
	screen_scan(screen, code);
	screen_expect(screen, "Quantity");
	screen_send(screen, "<enter>");
	return e2e_now_ms();
}

static void a_slow_answer_does_not_double(void **state)
{
	/* After 1.5 s the policy accepts it by a second command that names the first; the late answer is the same one. */
	struct e2e_home home;
	struct screen *screen = slow_console(&home);
	int before = redemptions(TEN);
	int64_t asked_ms = ask(screen, TEN);

	(void)state;
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	assert_int_equal(
		e2e_outbox(&home,
			"SELECT count(*) FROM command a JOIN command b ON "
			"json_extract(b.line, '$.data.of') = a.id WHERE a.op = 'ticket.redeem'"),
		1);
	let_go(asked_ms);
	e2e_follow(screen, "OK: REDEEMED");
	screen_expect(screen, "HQ has confirmed it");
	screen_expect_row(screen, -1, "unsent 0");
	screen_expect_row(screen, -1, "problems 1");
	expect_remaining(TEN, 6);
	assert_int_equal(redemptions(TEN), before + 1);
}

static void a_slow_answer_is_shown_when_it_comes(void **state)
{
	/* A ticket that needs HQ waits for the answer; asking again is the same question. */
	struct e2e_home home;
	struct screen *screen = slow_console(&home);
	int64_t asked_ms = ask(screen, STRICT);

	(void)state;
	screen_expect(screen, "NO ANSWER FROM HQ");
	screen_send(screen, "t");
	screen_expect(screen, "NO ANSWER FROM HQ");
	let_go(asked_ms);
	e2e_follow(screen, "OK: REDEEMED");
	expect_remaining(STRICT, 0);
	assert_int_equal(redemptions(STRICT), 1);
}

static void what_had_not_left_is_taken_back(void **state)
{
	/* Behind a question that HQ does not answer another one waits in the outbox, and is not asked any more. */
	struct e2e_home home;
	struct screen *screen = slow_console(&home);
	int scans = refused_scans(STRICT);
	int64_t asked_ms = ask(screen, TEN);

	(void)state;
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	ask(screen, STRICT);
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	let_go(asked_ms);
	screen_expect_row(screen, -1, "unsent 0");
	expect_remaining(TEN, 6);
	assert_int_equal(remaining(STRICT), 1);
	assert_int_equal(refused_scans(STRICT), scans + 1);
}

/* ---- a console that dies ---- */

static void killed_after_it_left_it_is_one_redemption(void **state)
{
	/* The question is on its way when the console is killed; the scan afterwards shows that redemption as one's own. */
	struct e2e_home home;
	struct screen *screen = slow_console(&home);
	int64_t asked_ms = ask(screen, SINGLE);

	(void)state;
	screen_expect_passing(screen, "Asking HQ");
	e2e_kill(screen);
	screen = e2e_console_of(&home, "lee");
	let_go(asked_ms);
	screen_scan(screen, SINGLE);
	screen_expect(screen, "REDEEMED HERE ALREADY");
	screen_expect(screen, "hand out once");
	expect_remaining(SINGLE, 0);
	assert_int_equal(redemptions(SINGLE), 1);
	assert_int_equal(
		e2e_outbox(&home, "SELECT count(*) FROM command WHERE op = 'ticket.redeem'"), 1);
}

static void killed_before_it_left_it_is_one_redemption(void **state)
{
	/* The same before the syncer has taken the question along. */
	struct e2e_home home;
	struct screen *screen;

	(void)state;
	e2e_enrol(&home, "xinyi");
	screen = e2e_console_of(&home, "lee");
	screen_expect_row(screen, -1, "online");
	e2e_line_down(&home);
	ask(screen, SINGLE);
	screen_expect_passing(screen, "Asking HQ");
	e2e_kill(screen);
	e2e_line_up(&home);
	screen = e2e_console_of(&home, "lee");
	screen_scan(screen, SINGLE);
	screen_expect(screen, "REDEEMED HERE ALREADY");
	expect_remaining(SINGLE, 0);
	assert_int_equal(redemptions(SINGLE), 1);
	assert_int_equal(
		e2e_outbox(&home, "SELECT count(*) FROM command WHERE op = 'ticket.redeem'"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_ticket_is_redeemed_once),
		e2e_test(what_another_store_redeemed_is_known_here),
		e2e_test(with_the_line_down_the_policy_decides),
		e2e_test(an_offline_acceptance_is_confirmed_on_the_screen),
		fault_test(a_slow_answer_does_not_double),
		fault_test(a_slow_answer_is_shown_when_it_comes),
		fault_test(what_had_not_left_is_taken_back),
		fault_test(killed_after_it_left_it_is_one_redemption),
		e2e_test(killed_before_it_left_it_is_one_redemption),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
