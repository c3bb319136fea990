#include "tests/movement_steps.h"

#include "model/stock.h"

/* ---- close short ---- */

static const struct {
	const char *reason, *a1;
	int sender;
} closings[] = {
	{"not_sent", "10 10 6 0 0 4", 94},
	{"miscounted", "10 10 6 0 0 4", 94},
	{"came_back", "10 10 6 0 0 4", 94},
	{"lost", "10 10 6 0 4 0", 90},
	{"destroyed", "10 10 6 0 4 0", 90},
};

static void close_by_reason(void **state)
{
	/* Not sent, miscounted, came back go back to the sender; lost and destroyed are written off. */
	struct fixture *fx = *state;
	for (size_t i = 0; i < sizeof closings / sizeof *closings; i++) {
		fixture_set_on_hand(fx, "xinyi", "A1", 100000);
		const char *id = steps_shipped(fx);
		steps_receive(fx, id, "A1", 6);
		steps_receive(fx, id, "A2", 5);
		fixture_do(fx, "inbound.close", "ximen", "huang", CLOSE, id, closings[i].reason);
		steps_expect_status(fx, id, "received");
		steps_expect_line(fx, id, "A1", closings[i].a1);
		steps_expect_line(fx, id, "A2", "5 5 5 0 0 0");
		assert_int_equal(fixture_on_hand(fx, "xinyi", "A1"), closings[i].sender * 1000);
		assert_int_equal(steps_on_the_road(fx, "A1"), 0);
		fixture_expect_text(fx, closings[i].reason,
			"SELECT reason FROM movement_line WHERE movement = '%s' AND sku = 'A1'",
			id);
	}
}

static void close_reason_per_line(void **state)
{
	/* Each short line needs a reason, its own or the one for all; a line not on it is refused. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	assert_string_equal(
		fixture_try(fx, "inbound.close", "ximen", "huang", DOC, id), "bad_data");
	assert_string_equal(fixture_try(fx, "inbound.close", "ximen", "huang",
				    "{'movement':'%s','lines':[{'sku':'A1','reason':'lost'}]}", id),
		"bad_data");
	assert_string_equal(
		fixture_try(fx, "inbound.close", "ximen", "huang",
			"{'movement':'%s','reason':'lost','lines':[{'sku':'A3','reason':'lost'}]}",
			id),
		"not_on_document");
	fixture_do(fx, "inbound.close", "ximen", "huang",
		"{'movement':'%s','reason':'came_back','lines':[{'sku':'A1','reason':'lost'}]}",
		id);
	steps_expect_line(fx, id, "A1", "10 10 0 0 10 0");
	steps_expect_line(fx, id, "A2", "5 5 0 0 0 5");
	fixture_expect_text(fx, "A1 10 lost, A2 5 came_back",
		"SELECT text FROM history WHERE doc = '%s' AND op = 'inbound.close'", id);
}

static void close_of_a_truck_that_turned_back(void **state)
{
	/* A truck that turned back, or arrive pressed by mistake, is closed short and ends received. */
	struct fixture *fx = *state;
	const char *turned = steps_shipped(fx);
	fixture_do(fx, "inbound.close", "ximen", "huang", CLOSE, turned, "came_back");
	steps_expect_status(fx, turned, "received");
	steps_expect_on_hand(fx, "A1", 100, 100);
	const char *mistake = steps_by_receiver(fx, "inbound.arrive", steps_accepted(fx));
	fixture_do(fx, "inbound.close", "ximen", "huang", CLOSE, mistake, "not_sent");
	steps_expect_status(fx, mistake, "received");
	steps_expect_on_hand(fx, "A1", 100, 100);
}

static void late_goods_undo_the_close(void **state)
{
	/* Goods that turn up after a short close first undo it; only the rest is an extra. */
	struct fixture *fx = *state;
	const char *lost = steps_shipped(fx);
	fixture_do(fx, "inbound.close", "ximen", "huang", CLOSE, lost, "lost");
	steps_receive(fx, lost, "A1", 4);
	steps_expect_line(fx, lost, "A1", "10 10 4 0 6 0");
	steps_expect_on_hand(fx, "A1", 90, 104);
	steps_receive(fx, lost, "A1", 8);
	steps_expect_line(fx, lost, "A1", "10 10 12 0 0 0 extra");
	steps_expect_on_hand(fx, "A1", 88, 112);
	steps_expect_status(fx, lost, "received");
	const char *back = steps_shipped(fx);
	fixture_do(fx, "inbound.close", "ximen", "huang", CLOSE, back, "came_back");
	steps_expect_on_hand(fx, "A2", 95, 100);
	steps_receive(fx, back, "A2", 5);
	steps_expect_line(fx, back, "A2", "5 5 5 0 0 0");
	steps_expect_on_hand(fx, "A2", 90, 105);
	fixture_expect_text(fx, NULL,
		"SELECT reason FROM movement_line WHERE movement = '%s' AND sku = 'A2'", back);
	assert_int_equal(steps_exceptions(fx, "received_after_cancel"), 0);
}

/* ---- third parties ---- */

static void third_party_inbound(void **state)
{
	/* What a third party brings starts accepted, is never in transit, and makes the stock line. */
	struct fixture *fx = *state;
	const char *id = fixture_do(fx, "inbound.create", "ximen", "huang", BUY);
	steps_expect_status(fx, id, "accepted");
	fixture_expect_text(
		fx, NULL, "SELECT out_number FROM movement WHERE in_number IS NOT NULL");
	steps_by_receiver(fx, "inbound.arrive", id);
	assert_int_equal(steps_on_the_road(fx, "A1"), 0);
	assert_int_equal(fixture_on_hand(fx, "ximen", "A1"), 100000);
	fixture_do(fx, "inbound.receive", "ximen", "wang", BROKEN, id, "B1", 6, 1);
	steps_expect_status(fx, id, "partial");
	assert_int_equal(fixture_on_hand(fx, "ximen", "B1"), 5000);
	steps_expect_line(fx, id, "B1", "5 0 6 1 0 0 extra");
	steps_receive(fx, id, "A1", 10);
	steps_expect_status(fx, id, "received");
	steps_expect_on_hand(fx, "A1", 100, 110);
	steps_receive(fx, id, "A1", 1);
	steps_expect_line(fx, id, "A1", "10 0 11 0 0 0 extra");
	steps_expect_on_hand(fx, "A1", 100, 111);
}

static void third_party_that_does_not_come(void **state)
{
	/* Closed short before anything was counted it is cancelled; after a count it is received. */
	struct fixture *fx = *state;
	const char *never = fixture_do(fx, "inbound.create", "ximen", "huang", BUY);
	steps_by_receiver(fx, "inbound.close", never);
	steps_expect_status(fx, never, "cancelled");
	steps_receive(fx, never, "A1", 3);
	steps_expect_status(fx, never, "cancelled");
	steps_expect_on_hand(fx, "A1", 100, 103);
	assert_int_equal(steps_exceptions(fx, "received_after_cancel"), 1);
	const char *arrived = fixture_do(fx, "inbound.create", "ximen", "huang", BUY);
	steps_by_receiver(fx, "inbound.arrive", arrived);
	steps_by_receiver(fx, "inbound.close", arrived);
	steps_expect_status(fx, arrived, "cancelled");
	const char *part = fixture_do(fx, "inbound.create", "ximen", "huang", BUY);
	steps_receive(fx, part, "A1", 3);
	fixture_do(fx, "inbound.close", "ximen", "huang", CLOSE, part, "not_sent");
	steps_expect_status(fx, part, "received");
	steps_expect_line(fx, part, "A1", "10 0 3 0 0 0");
	steps_expect_on_hand(fx, "A1", 100, 106);
	steps_receive(fx, part, "A1", 7);
	steps_expect_line(fx, part, "A1", "10 0 10 0 0 0");
}

static void third_party_outbound(void **state)
{
	/* To a third party the goods leave when shipped, and the last shipment ends it. */
	struct fixture *fx = *state;
	const char *id = fixture_do(fx, "outbound.create", "xinyi", "lin", SELL);
	steps_expect_status(fx, id, "accepted");
	fixture_do(fx, "outbound.ship", "xinyi", "lin", ONE, id, "A1", 10);
	steps_expect_status(fx, id, "accepted");
	assert_int_equal(stock_figures_of(fx->db, "xinyi", "A1").in_transit_out, 0);
	assert_string_equal(
		fixture_try(fx, "outbound.cancel", "xinyi", "lin", DOC, id), "already_shipped");
	steps_by_sender(fx, "outbound.ship", id);
	steps_expect_status(fx, id, "received");
	steps_expect_on_hand(fx, "A2", 95, 100);
	const char *dropped = fixture_do(fx, "outbound.create", "xinyi", "lin", SELL);
	steps_by_sender(fx, "outbound.cancel", dropped);
	steps_expect_status(fx, dropped, "cancelled");
	assert_string_equal(
		fixture_try(fx, "inbound.close", "xinyi", "lin", CLOSE, dropped, "lost"),
		"wrong_store");
}

static void damaged_leave_to_a_third_party(void **state)
{
	/* Damaged units leave with a third-party outbound: those named, or what on hand does not cover. */
	struct fixture *fx = *state;
	fixture_sql(fx,
		"UPDATE stock SET on_hand = 8000, damaged = 3000"
		" WHERE store = 'xinyi' AND sku = 'A1'");
	const char *named = fixture_do(fx, "outbound.create", "xinyi", "lin", SELL);
	fixture_do(fx, "outbound.ship", "xinyi", "lin", BROKEN, named, "A1", 1, 1);
	assert_int_equal(fixture_on_hand(fx, "xinyi", "A1"), 8000);
	steps_expect_line(fx, named, "A1", "10 1 0 1 0 0");
	steps_by_sender(fx, "outbound.ship", named);
	steps_expect_line(fx, named, "A1", "10 10 0 2 0 0");
	struct stock_figures left = stock_figures_of(fx->db, "xinyi", "A1");
	assert_int_equal(left.on_hand, 0);
	assert_int_equal(left.damaged, 1000);
	const char *more = fixture_do(fx, "outbound.create", "xinyi", "lin", SELL);
	assert_string_equal(
		fixture_try(fx, "outbound.ship", "xinyi", "lin", ONE, more, "A1", 2), "not_enough");
	fixture_do(fx, "outbound.ship", "xinyi", "lin", ONE, more, "A1", 1);
	assert_int_equal(stock_figures_of(fx->db, "xinyi", "A1").damaged, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(close_by_reason),
		TEST(close_reason_per_line),
		TEST(close_of_a_truck_that_turned_back),
		TEST(late_goods_undo_the_close),
		TEST(third_party_inbound),
		TEST(third_party_that_does_not_come),
		TEST(third_party_outbound),
		TEST(damaged_leave_to_a_third_party),
	};
	return cmocka_run_group_tests_name("movement ends", tests, NULL, NULL);
}
