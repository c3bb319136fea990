/* A ticket is redeemed by a scan anywhere, once; with the line down its own policy decides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_kit.h"

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
	screen_expect(xinyi, "OK: REDEEMED");
	expect_remaining(SINGLE, 0);

	screen_send(xinyi, "<esc>");
	screen_expect(xinyi, "[To confirm 2]");
	scan_again(xinyi, SINGLE);
	screen_expect(xinyi, "of 0 left");
	screen_send(xinyi, "<enter>");
	screen_expect(xinyi, "USED UP");
	screen_expect(xinyi, "李家豪");
	screen_expect(xinyi, "信義店");
	expect_remaining(SINGLE, 0);

	screen_expect(ximen, "OUT-XIMEN-");
	screen_scan(ximen, SINGLE);
	screen_expect(ximen, "Quantity");
	screen_send(ximen, "<enter>");
	screen_expect(ximen, "USED UP");
	screen_expect(ximen, "信義店");
	screen_expect(ximen, "lee");
	assert_int_equal(remaining(SINGLE), 0);
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
	screen_expect(screen, "Not checked");
	screen_expect_row(screen, -1, "unsent 1");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To confirm 2]");

	screen_scan(screen, STRICT);
	screen_expect(screen, "of 1 left");
	screen_send(screen, "<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	screen_expect(screen, "Nothing was redeemed.");
	screen_expect_row(screen, -1, "unsent 1");

	/* Up to two may go out before HQ is heard again, and one of them has. */
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To confirm 2]");
	scan_again(screen, TEN);
	screen_expect(screen, "of 6 left");
	screen_send(screen, "3<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	screen_expect(screen, "Asked for 3; 1 can be redeemed");
	screen_expect_row(screen, -1, "unsent 1");

	e2e_hq_start();
	screen_expect_row(screen, -1, "unsent 0");
	expect_remaining(TEN, 6);
	assert_int_equal(remaining(STRICT), 1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_ticket_is_redeemed_once),
		e2e_test(what_another_store_redeemed_is_known_here),
		e2e_test(with_the_line_down_the_policy_decides),
		e2e_test(an_offline_acceptance_is_confirmed_on_the_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
