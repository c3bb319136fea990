/* What HQ refuses is undone on the screen and stands in the inbox, with the reason and the way out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_kit.h"

struct order {
	char id[64], out_number[64], in_number[64];
};

/* The demo's order from xinyi to ximen that waits for ximen. */
static void find_order(struct order *order)
{
	cJSON *list = e2e_get("/v1/movements?from=xinyi&to=ximen&status=pending");
	const cJSON *movement = cJSON_GetArrayItem(list, 0);

	assert_int_equal(cJSON_GetArraySize(list), 1);
	snprintf(order->id, sizeof order->id, "%s",
		cJSON_GetObjectItemCaseSensitive(movement, "id")->valuestring);
	snprintf(order->out_number, sizeof order->out_number, "%s",
		cJSON_GetObjectItemCaseSensitive(movement, "out_number")->valuestring);
	snprintf(order->in_number, sizeof order->in_number, "%s",
		cJSON_GetObjectItemCaseSensitive(movement, "in_number")->valuestring);
	cJSON_Delete(list);
}

/* At ximen, whose line is down. */
static void accept_it(struct screen *ximen, const struct order *order)
{
	screen_send(ximen, "i");
	screen_expect(ximen, "[To confirm 1]");
	screen_send(ximen, "<enter>");
	screen_expect(ximen, "Waits for the receiver");
	screen_expect(ximen, order->in_number);
	screen_send(ximen, "a");
	screen_expect(ximen, "The sender may ship it then.");
	screen_send(ximen, "y");
	screen_expect(ximen, "Accepted");
	screen_expect_row(ximen, -1, "unsent 1");
}

/* Meanwhile at xinyi. */
static void cancel_it(struct screen *xinyi, const struct order *order)
{
	int row, col;

	screen_expect(xinyi, "[To confirm 2]");
	screen_send(xinyi, "<home>");
	screen_expect(xinyi, order->out_number);
	assert_true(screen_find(xinyi, order->out_number, &row, &col));
	while (!strstr(screen_row(xinyi, row), ">")) {
		screen_send(xinyi, "<down>");
		screen_expect_row(xinyi, row, ">");
	}
	screen_send(xinyi, "x");
	screen_expect(xinyi, "Why is it cancelled?");
	screen_send(xinyi, "wrong goods<enter>");
	screen_expect(xinyi, "That ends the order.");
	screen_send(xinyi, "y");
	screen_expect(xinyi, "[To confirm 1]");
	e2e_expect_field("movements", order->id, "status", "cancelled");
}

static void accepting_what_was_cancelled_meanwhile_is_undone(void **state)
{
	struct e2e_home xinyi_home, ximen_home;
	struct screen *xinyi, *ximen;
	struct order order;

	(void)state;
	find_order(&order);
	e2e_enrol(&xinyi_home, "xinyi");
	e2e_enrol(&ximen_home, "ximen");
	ximen = e2e_console_of(&ximen_home, "chang");
	screen_expect_row(ximen, -1, "online");
	e2e_line_down(&ximen_home);
	accept_it(ximen, &order);
	xinyi = e2e_console_of(&xinyi_home, "chen");
	cancel_it(xinyi, &order);
	screen_expect(ximen, "Accepted");

	e2e_line_up(&ximen_home);
	e2e_follow(ximen, "Cancelled");
	screen_expect_gone(ximen, "Accepted");
	screen_expect_row(ximen, -1, "unsent 0");
	assert_string_equal(e2e_field("movements", order.id, "status"), "cancelled");

	screen_send(ximen, "<f6>");
	screen_expect(ximen, "[Refused 1]");
	screen_expect(ximen, "Accept inbound order");
	screen_expect(ximen, "IN-XIMEN-");
	screen_expect(ximen, "The document's status does not allow this");
	screen_expect(ximen, "Look at its present status and choose again.");
	screen_send(ximen, "<enter>");
	screen_expect(ximen, order.in_number);
	screen_expect(ximen, "Look at its present status and choose again.");
	screen_send(ximen, "<esc>o");
	screen_expect_row(ximen, 1, order.in_number);
	screen_expect(ximen, "Cancelled");
	screen_send(ximen, "<esc>");
	screen_expect(ximen, "[Refused 1]");
	screen_send(ximen, "d");
	screen_expect(ximen, "Has it been dealt with?");
	screen_send(ximen, "y");
	screen_expect(ximen, "[Refused 0]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(accepting_what_was_cancelled_meanwhile_is_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
