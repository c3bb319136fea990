/* A merchant with a web shop and nothing else: its only staff are ticket clerks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_kit.h"

#define CODE "WB-2000-CAFE"

static void found_web_shop(void)
{
	e2e_command(NULL, "store.put",
		"{\"id\":\"webonly\",\"name\":\"Web only\",\"kind\":\"online\",\"enabled\":true}");
	e2e_command(NULL, "staff.put",
		"{\"id\":\"mei\",\"name\":\"Mei\",\"role\":\"ticket_clerk\",\"stores\":[\"webonly\"],"
		"\"pin\":\"4321\"}");
	e2e_command(NULL, "ticket.issue",
		"{\"order\":\"WB-1\",\"buyer\":\"Ms Web\",\"phone\":\"0911222333\",\"lines\":[{\"code\":"
		"\"" CODE "\",\"product\":\"TK0101\",\"units\":3,\"stores\":[\"webonly\"]}]}");
}

static void sign_in(struct screen *screen)
{
	screen_expect(screen, "Mei");
	screen_send(screen, "mei<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "4321<enter>");
	screen_expect(screen, "Signed in: Mei");
}

static int remaining(void)
{
	cJSON *ticket = e2e_get("/v1/tickets/" CODE);
	const cJSON *units = cJSON_GetObjectItemCaseSensitive(ticket, "remaining");
	int count = cJSON_IsNumber(units) ? units->valueint : -1;

	cJSON_Delete(ticket);
	return count;
}

static void on_the_screen(const struct e2e_home *home)
{
	struct screen *screen = e2e_console(home, NULL);

	sign_in(screen);
	screen_expect(screen, "WB-1");
	screen_expect_row(screen, -1, "online");
	screen_scan(screen, CODE);
	screen_expect(screen, "of 3 left");
	screen_send(screen, "<enter>");
	screen_expect(screen, "OK: REDEEMED");
	assert_int_equal(remaining(), 2);
	screen_send(screen, "<esc><f2>");
	screen_expect(screen, "This needs the right of: Clerk. You are: Ticket clerk.");
	screen_scan(screen, "TE0101");
	screen_expect(screen, "This needs the right of: Clerk. You are: Ticket clerk.");
	e2e_close(screen);
}

static void on_the_command_line(const struct e2e_home *home)
{
	static struct e2e_output output;

	setenv("COUNTERTOP_PIN", "4321", 1);
	e2e_countertop(&output, home, "do", "ticket.redeem", "code=wb-2000-cafe", "qty=1",
		"mode=online", "--staff", "mei", "--wait", NULL);
	assert_int_equal(output.code, 0);
	assert_int_equal(remaining(), 1);
	e2e_countertop(&output, home, "show", "tickets", CODE, "--staff", "mei", NULL);
	assert_int_equal(output.code, 0);
	assert_non_null(strstr(output.out, "****CAFE"));
	e2e_countertop(&output, home, "show", "stock", "--staff", "mei", NULL);
	assert_int_equal(output.code, 3);
	e2e_countertop(&output, home, "do", "stocktake.create", "scope=full", "--staff", "mei",
		"--wait", NULL);
	assert_int_equal(output.code, 3);
	assert_non_null(strstr(output.out, "\"no_right\""));
}

static void ticket_clerks_run_a_web_shop(void **state)
{
	/* They redeem at the terminal and on the command line, and everything else names the right they lack. */
	struct e2e_home home;

	(void)state;
	found_web_shop();
	e2e_enrol(&home, "webonly");
	on_the_screen(&home);
	on_the_command_line(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(ticket_clerks_run_a_web_shop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
