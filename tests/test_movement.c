#include "tests/movement_steps.h"

#include "model/stock.h"

#include <stdio.h>
#include <string.h>

/* ---- making ---- */

static void create_numbers_both_faces(void **state)
{
	/* An outbound order is pending, has an outbound and an inbound number, and its lines are summed. */
	struct fixture *fx = *state;
	struct verdict verdict = fixture_run(fx, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','expected_on':'2026-03-05','note':'urgent',"
		"'lines':[{'sku':'A1','qty':3},{'sku':'A2','qty':1},{'sku':'A1','qty':0.5}]}");
	const char *id = fixture_last_id(fx);
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	const cJSON *result = verdict.result;
	assert_string_equal(cJSON_GetObjectItem(result, "id")->valuestring, id);
	assert_string_equal(cJSON_GetObjectItem(result, "status")->valuestring, "pending");
	const char *out = cJSON_GetObjectItem(result, "out_number")->valuestring;
	assert_ptr_equal(strstr(out, "OUT-XINYI-20260302-1000-"), out);
	const char *in = cJSON_GetObjectItem(result, "in_number")->valuestring;
	assert_ptr_equal(strstr(in, "IN-XIMEN-20260302-1000-"), in);
	fixture_expect_text(fx, out, "SELECT out_number FROM movement WHERE id = '%s'", id);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM movement_line"), 2);
	assert_int_equal(
		fixture_int(fx, "SELECT ordered FROM movement_line WHERE sku = 'A1'"), 3500);
	steps_expect_on_hand(fx, "A1", 100, 100);
	verdict_free(&verdict);
}

static const struct {
	const char *op, *data, *code;
} bad_orders[] = {
	{"outbound.create", "{'lines':[{'sku':'A1','qty':1}]}", "bad_data"},
	{"outbound.create", "{'third_party':' ','lines':[{'sku':'A1','qty':1}]}", "bad_data"},
	{"outbound.create", "{'to':'ec','third_party':'L','lines':[{'sku':'A1','qty':1}]}",
		"bad_data"},
	{"outbound.create", "{'to':'xinyi','lines':[{'sku':'A1','qty':1}]}", "bad_data"},
	{"outbound.create", "{'to':'ec','lines':[]}", "bad_data"},
	{"outbound.create", "{'to':'mars','lines':[{'sku':'A1','qty':1}]}", "unknown_store"},
	{"outbound.create", "{'to':'ec','lines':[{'sku':'ZZ','qty':1}]}", "unknown_sku"},
	{"outbound.create", "{'to':'ec','lines':[{'sku':'B1','qty':1}]}", "not_stocked"},
	{"outbound.create", "{'third_party':'L','lines':[{'sku':'B1','qty':1}]}", "not_stocked"},
	{"inbound.create", "{'third_party':' ','lines':[{'sku':'A1','qty':1}]}", "bad_data"},
	{"inbound.create", "{'lines':[{'sku':'A1','qty':1}]}", "bad_data"},
	{"inbound.create", "{'third_party':'L','lines':[{'sku':'ZZ','qty':1}]}", "unknown_sku"},
};

static void create_refusals(void **state)
{
	/* An order without a proper other end or with an SKU missing at an end is refused and not kept. */
	struct fixture *fx = *state;
	for (size_t i = 0; i < sizeof bad_orders / sizeof *bad_orders; i++)
		assert_string_equal(
			fixture_try(fx, bad_orders[i].op, "xinyi", "lin", "%s", bad_orders[i].data),
			bad_orders[i].code);
	fixture_sql(fx, "DELETE FROM stock WHERE store = 'ximen' AND sku = 'A2'");
	assert_string_equal(
		fixture_try(fx, "outbound.create", "xinyi", "lin", SEND), "not_stocked");
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM movement"), 0);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM movement_line"), 0);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM history"), 0);
}

static void refusal_names_all(void **state)
{
	/* A refusal for missing SKUs names each of them once, up to five, and the end that lacks them. */
	static const struct {
		const char *lines, *message;
	} cases[] = {
		{"{'sku':'A1','qty':1},{'sku':'A2','qty':1},{'sku':'A3','qty':1},{'sku':'A2','qty':1}",
			"ximen has no A2, A3"},
		{"{'sku':'A2','qty':1},{'sku':'Z1','qty':1},{'sku':'A4','qty':1}",
			"ximen has no A2, A4"},
		{"{'sku':'Z1','qty':1},{'sku':'Z2','qty':1},{'sku':'Z3','qty':1},{'sku':'Z4','qty':1},"
		 "{'sku':'Z5','qty':1},{'sku':'Z6','qty':1},{'sku':'Z7','qty':1}",
			"no product Z1, Z2, Z3, Z4, Z5, …"},
	};
	struct fixture *fx = *state;
	fixture_sql(fx, "DELETE FROM stock WHERE store = 'ximen' AND sku IN ('A2', 'A3', 'A4')");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char data[400];
		snprintf(data, sizeof data, "{'to':'ximen','lines':[%s]}", cases[i].lines);
		struct verdict verdict = fixture_run(fx, "outbound.create", "xinyi", "lin", data);
		assert_string_equal(verdict.message, cases[i].message);
		verdict_free(&verdict);
	}
}

static void refusal_carries_state(void **state)
{
	/* A refused request leaves nothing behind and says what the document's status is. */
	struct fixture *fx = *state;
	const char *id = steps_by_receiver(fx, "inbound.reject", steps_sent(fx));
	char data[120];
	snprintf(data, sizeof data, DOC, id);
	struct verdict verdict = fixture_run(fx, "inbound.accept", "ximen", "huang", data);
	assert_string_equal(refusal_code(verdict.refusal), "wrong_status");
	assert_string_equal(cJSON_GetObjectItem(verdict.result, "status")->valuestring, "rejected");
	verdict_free(&verdict);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM history"), 2);
}

/* ---- between two stores ---- */

static void whole_way(void **state)
{
	/* Shipping takes off the sender into transit, counting adds to the receiver, the last count ends it. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	steps_expect_status(fx, id, "shipped");
	steps_expect_on_hand(fx, "A1", 90, 100);
	assert_int_equal(steps_on_the_road(fx, "A1"), 10);
	fixture_do(fx, "inbound.arrive", "ximen", "wang", DOC, id);
	steps_expect_status(fx, id, "arrived");
	steps_receive(fx, id, "A1", 4);
	steps_expect_status(fx, id, "partial");
	steps_expect_on_hand(fx, "A1", 90, 104);
	assert_int_equal(steps_on_the_road(fx, "A1"), 6);
	steps_receive(fx, id, "A2", 5);
	steps_expect_status(fx, id, "partial");
	steps_receive(fx, id, "A1", 6);
	steps_expect_status(fx, id, "received");
	steps_expect_on_hand(fx, "A1", 90, 110);
	steps_expect_line(fx, id, "A1", "10 10 10 0 0 0");
	assert_int_equal(steps_on_the_road(fx, "A1"), 0);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM exception"), 0);
}

static void history_tells_who_and_what(void **state)
{
	/* Every action stands in the history of both stores, counts with their figures. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	fixture_do(fx, "inbound.receive", "ximen", "wang",
		"{'movement':'%s','lines':[{'sku':'A1','qty':10,'damaged':2},{'sku':'A2','qty':0.5}]}",
		id);
	fixture_expect_text(fx, "A1 10 (2 damaged), A2 0.5",
		"SELECT text FROM history WHERE doc = '%s' AND op = 'inbound.receive'", id);
	fixture_expect_text(fx, "outbound.create,inbound.accept,outbound.ship,inbound.receive",
		"SELECT group_concat(op, ',') FROM (SELECT op FROM history WHERE doc = '%s'"
		" AND doc_kind = 'movement' AND store IN ('xinyi', 'ximen')"
		" AND other_store IN ('xinyi', 'ximen') AND store <> other_store ORDER BY id)",
		id);
	fixture_expect_text(fx, "wang", "SELECT actor FROM history WHERE op = 'inbound.receive'");
}

static void history_tells_the_terminal(void **state)
{
	/* Every action stands in the history with the terminal it came from; HQ's own programs have none. */
	struct fixture *fx = *state;
	fx->world.device = "counter1-5f0c";
	const char *id = steps_accepted(fx);
	fx->world.device = NULL;
	fixture_do(fx, "outbound.ship", "xinyi", "lin", DOC, id);
	fixture_expect_text(fx, "counter1-5f0c counter1-5f0c none",
		"SELECT group_concat(COALESCE(device, 'none'), ' ') FROM"
		" (SELECT device FROM history WHERE doc = '%s' ORDER BY id)",
		id);
}

static void ship_in_parts(void **state)
{
	/* Partly shipped it stays accepted, can be shipped further, and cannot be cancelled. */
	struct fixture *fx = *state;
	const char *id = steps_accepted(fx);
	fixture_do(fx, "outbound.ship", "xinyi", "lin", ONE, id, "A1", 4);
	steps_expect_status(fx, id, "accepted");
	steps_expect_line(fx, id, "A1", "10 4 0 0 0 0");
	steps_expect_on_hand(fx, "A1", 96, 100);
	assert_string_equal(
		fixture_try(fx, "outbound.cancel", "xinyi", "lin", DOC, id), "already_shipped");
	steps_by_sender(fx, "outbound.ship", id);
	steps_expect_status(fx, id, "shipped");
	steps_expect_line(fx, id, "A1", "10 10 0 0 0 0");
	steps_expect_line(fx, id, "A2", "5 5 0 0 0 0");
}

static void ship_refusals(void **state)
{
	/* Only what is on the order and still to be shipped can be shipped, and only what is on hand. */
	struct fixture *fx = *state;
	const char *id = steps_accepted(fx);
	assert_string_equal(fixture_try(fx, "outbound.ship", "xinyi", "lin", ONE, id, "A3", 1),
		"not_on_document");
	assert_string_equal(
		fixture_try(fx, "outbound.ship", "xinyi", "lin", ONE, id, "A1", 11), "bad_data");
	assert_string_equal(
		fixture_try(fx, "outbound.ship", "xinyi", "lin",
			"{'movement':'%s','lines':[{'sku':'A1','qty':6},{'sku':'A1','qty':6}]}",
			id),
		"bad_data");
	assert_string_equal(
		fixture_try(fx, "outbound.ship", "xinyi", "lin", BROKEN, id, "A1", 2, 1),
		"bad_data");
	fixture_do(fx, "outbound.ship", "xinyi", "lin", ONE, id, "A1", 10);
	assert_string_equal(fixture_try(fx, "outbound.ship", "xinyi", "lin", ONE, id, "A1", 1),
		"nothing_to_do");
	fixture_set_on_hand(fx, "xinyi", "A2", 4999);
	assert_string_equal(
		fixture_try(fx, "outbound.ship", "xinyi", "lin", DOC, id), "not_enough");
	steps_expect_line(fx, id, "A2", "5 0 0 0 0 0");
	fixture_set_on_hand(fx, "xinyi", "A2", 5000);
	steps_by_sender(fx, "outbound.ship", id);
	assert_int_equal(fixture_on_hand(fx, "xinyi", "A2"), 0);
}

static void arrive_means_shipped(void **state)
{
	/* Arriving before the sender pressed ship ships in full; after a part it arrives with that part. */
	struct fixture *fx = *state;
	const char *all = steps_by_receiver(fx, "inbound.arrive", steps_accepted(fx));
	steps_expect_status(fx, all, "arrived");
	steps_expect_line(fx, all, "A1", "10 10 0 0 0 0");
	steps_expect_on_hand(fx, "A1", 90, 100);
	const char *part = steps_accepted(fx);
	fixture_do(fx, "outbound.ship", "xinyi", "lin", ONE, part, "A1", 4);
	steps_by_receiver(fx, "inbound.arrive", part);
	steps_expect_line(fx, part, "A1", "10 4 0 0 0 0");
	steps_expect_line(fx, part, "A2", "5 0 0 0 0 0");
	steps_receive(fx, part, "A1", 4);
	steps_expect_status(fx, part, "received");
}

static void arrive_is_a_request(void **state)
{
	/* Arriving may not take the sender below zero; the count, a fact, may, and raises negative_stock. */
	struct fixture *fx = *state;
	const char *id = steps_accepted(fx);
	fixture_set_on_hand(fx, "xinyi", "A1", 9000);
	assert_string_equal(
		fixture_try(fx, "inbound.arrive", "ximen", "huang", DOC, id), "not_enough");
	steps_expect_status(fx, id, "accepted");
	steps_receive(fx, id, "A1", 10);
	steps_expect_on_hand(fx, "A1", -1, 110);
	steps_expect_status(fx, id, "partial");
	fixture_expect_text(
		fx, "xinyi", "SELECT store FROM exception WHERE kind = 'negative_stock'");
	fixture_expect_text(fx, id, "SELECT doc FROM exception WHERE kind = 'negative_stock'");
}

static void count_means_arrived(void **state)
{
	/* A count against a document nobody accepted or shipped means all that: shipped in full. */
	struct fixture *fx = *state;
	const char *pending = steps_sent(fx);
	steps_receive(fx, pending, "A1", 4);
	steps_expect_status(fx, pending, "partial");
	steps_expect_line(fx, pending, "A1", "10 10 4 0 0 0");
	steps_expect_line(fx, pending, "A2", "5 5 0 0 0 0");
	steps_expect_on_hand(fx, "A2", 95, 100);
	const char *whole = steps_accepted(fx);
	fixture_do(fx, "inbound.receive", "ximen", "wang", ALL, whole);
	steps_expect_status(fx, whole, "received");
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM exception"), 0);
}

static void damaged_is_a_part(void **state)
{
	/* Of what arrived the damaged part goes to damaged, not on hand; more than arrived is bad data. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	assert_string_equal(
		fixture_try(fx, "inbound.receive", "ximen", "wang", BROKEN, id, "A1", 3, 4),
		"bad_data");
	fixture_do(fx, "inbound.receive", "ximen", "wang", BROKEN, id, "A1", 10, 2);
	steps_expect_on_hand(fx, "A1", 90, 108);
	steps_expect_line(fx, id, "A1", "10 10 10 2 0 0");
	assert_int_equal(stock_figures_of(fx->db, "ximen", "A1").damaged, 2000);
}

static void duplicates_are_summed(void **state)
{
	/* The same SKU twice in one count is counted twice. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	fixture_do(fx, "inbound.receive", "ximen", "wang",
		"{'movement':'%s','lines':[{'sku':'A1','qty':4},{'sku':'A2','qty':5},{'sku':'A1','qty':6}]}",
		id);
	steps_expect_status(fx, id, "received");
	steps_expect_line(fx, id, "A1", "10 10 10 0 0 0");
}

static void extras_come_from_the_sender(void **state)
{
	/* More than was shipped, and an SKU not on the order, are kept, flagged, and taken off the sender. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	steps_receive(fx, id, "A1", 12);
	steps_expect_line(fx, id, "A1", "10 10 12 0 0 0 extra");
	steps_expect_on_hand(fx, "A1", 88, 112);
	steps_receive(fx, id, "A3", 2);
	steps_expect_line(fx, id, "A3", "0 0 2 0 0 0 extra");
	steps_expect_on_hand(fx, "A3", 98, 102);
	steps_expect_status(fx, id, "partial");
	steps_receive(fx, id, "A2", 5);
	steps_expect_status(fx, id, "received");
	steps_receive(fx, id, "A2", 1);
	steps_expect_status(fx, id, "received");
	steps_expect_line(fx, id, "A2", "5 5 6 0 0 0 extra");
	steps_expect_on_hand(fx, "A2", 94, 106);
}

static void unknown_sku_is_kept(void **state)
{
	/* An SKU in no catalogue is kept, flagged as extra and unknown. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	steps_receive(fx, id, "ZZ", 2);
	steps_expect_line(fx, id, "ZZ", "0 0 2 0 0 0 extra unknown");
	steps_expect_on_hand(fx, "ZZ", -2, 2);
	assert_int_equal(steps_exceptions(fx, "negative_stock"), 1);
}

static void count_after_cancel(void **state)
{
	/* A count against a rejected or cancelled document moves what was counted and raises an exception. */
	struct fixture *fx = *state;
	const char *cancelled = steps_by_sender(fx, "outbound.cancel", steps_accepted(fx));
	steps_receive(fx, cancelled, "A1", 4);
	steps_expect_status(fx, cancelled, "cancelled");
	steps_expect_line(fx, cancelled, "A1", "10 0 4 0 0 0");
	steps_expect_line(fx, cancelled, "A2", "5 0 0 0 0 0");
	steps_expect_on_hand(fx, "A1", 96, 104);
	assert_int_equal(steps_on_the_road(fx, "A1"), 0);
	const char *rejected = steps_by_receiver(fx, "inbound.reject", steps_sent(fx));
	steps_receive(fx, rejected, "A1", 11);
	steps_expect_status(fx, rejected, "rejected");
	steps_expect_line(fx, rejected, "A1", "10 0 11 0 0 0 extra");
	steps_expect_on_hand(fx, "A1", 85, 115);
	assert_int_equal(steps_exceptions(fx, "received_after_cancel"), 2);
	fixture_expect_text(fx, "ximen xinyi",
		"SELECT store || ' ' || other_store FROM exception WHERE doc = '%s'", rejected);
}

/* ---- who, where ---- */

static void store_may_bar_clerks(void **state)
{
	/* Where HQ switched it off clerks may neither arrive nor receive; managers still may. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	fixture_sql(fx, "UPDATE store SET clerk_receives = 0 WHERE id = 'ximen'");
	assert_string_equal(
		fixture_try(fx, "inbound.arrive", "ximen", "wang", DOC, id), "no_right");
	assert_string_equal(
		fixture_try(fx, "inbound.receive", "ximen", "wang", ONE, id, "A1", 1), "no_right");
	steps_by_receiver(fx, "inbound.arrive", id);
	fixture_do(fx, "inbound.receive", "ximen", "huang", ONE, id, "A1", 1);
}

static void unknown_document_parks_a_fact(void **state)
{
	/* A request naming an unknown document is refused; a count of one is parked. */
	struct fixture *fx = *state;
	assert_string_equal(fixture_try(fx, "inbound.accept", "ximen", "huang", DOC, "nothing"),
		"unknown_document");
	struct verdict verdict = fixture_run(fx, "inbound.receive", "ximen", "wang",
		"{'movement':'nothing','lines':[{'sku':'A1','qty':1}]}");
	assert_string_equal(refusal_code(verdict.refusal), "unknown_document");
	assert_true(verdict.parked);
	verdict_free(&verdict);
}

static void console_knows_its_own_stores(void **state)
{
	/* A console judges and moves the stock of the stores it follows, and no other. */
	struct fixture *fx = *state;
	static const char *const ximen[] = {"ximen"}, *const xinyi[] = {"xinyi"};
	fixture_sql(fx, "DELETE FROM stock WHERE store = 'ximen'");
	fx->world = (struct world){.at_hq = false, .stores = xinyi, .store_count = 1};
	const char *id = steps_sent(fx);
	fixture_sql(fx, "DELETE FROM stock WHERE store = 'xinyi'");
	fx->world.stores = ximen;
	steps_by_receiver(fx, "inbound.accept", id);
	steps_by_receiver(fx, "inbound.arrive", id);
	steps_receive(fx, id, "A1", 12);
	steps_expect_line(fx, id, "A1", "10 10 12 0 0 0 extra");
	assert_int_equal(fixture_on_hand(fx, "ximen", "A1"), 12000);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM stock WHERE store = 'xinyi'"), 0);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM exception"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(create_numbers_both_faces),
		TEST(create_refusals),
		TEST(refusal_names_all),
		TEST(refusal_carries_state),
		TEST(whole_way),
		TEST(history_tells_who_and_what),
		TEST(history_tells_the_terminal),
		TEST(ship_in_parts),
		TEST(ship_refusals),
		TEST(arrive_means_shipped),
		TEST(arrive_is_a_request),
		TEST(count_means_arrived),
		TEST(damaged_is_a_part),
		TEST(duplicates_are_summed),
		TEST(extras_come_from_the_sender),
		TEST(unknown_sku_is_kept),
		TEST(count_after_cancel),
		TEST(store_may_bar_clerks),
		TEST(unknown_document_parks_a_fact),
		TEST(console_knows_its_own_stores),
	};
	return cmocka_run_group_tests_name("movement", tests, NULL, NULL);
}
