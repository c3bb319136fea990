/* What keeps an eye on sales orders: the audit of the ledger and its compensation, and the proposal of where to
 * ship from. */
#include "tests/model_fixture.h"

#include "model/json.h"
#include "model/order_source.h"
#include "model/view.h"

#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
	static struct fixture f;
	fixture_open(&f);
	fixture_do(&f, "channel.put", NULL, "ho",
		"{'id':'web','name':'Web','stores':['ximen','ec','xinyi']}");
	fixture_do(&f, "order.place", "xinyi", "ho",
		"{'number':'N1','channel':'web','lines':[{'sku':'A1','qty':5},{'sku':'A2','qty':2.5}]}");
	fixture_do(&f, "order.place", "xinyi", "ho",
		"{'number':'N2','channel':'web','lines':[{'sku':'A1','qty':1}]}");
	fixture_do(&f, "order.ship", "xinyi", "ho",
		"{'order':'N1','store':'xinyi','lines':[{'sku':'A1','qty':2}]}");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

/* The audit as JSON; the caller deletes it. */
static cJSON *audit(struct fixture *f)
{
	struct view_query query = {.view = view_find("order_audit")};
	struct text json = TEXT_INIT(TEXT_LARGE);
	char error[200], *next = NULL;
	assert_true(view_json_list(f->db, &query, &json, &next, error, sizeof(error)));
	cJSON *list = json_parse(text_get(&json), json.length, error, sizeof(error));
	assert_non_null(list);
	text_free(&json);
	free(next);
	return list;
}

static void expect_findings(struct fixture *f, int count)
{
	cJSON *list = audit(f);
	assert_int_equal(cJSON_GetArraySize(list), count);
	cJSON_Delete(list);
}

static void expect_finding(struct fixture *f, int i, const char *words, double needed)
{
	cJSON *list = audit(f), *found = cJSON_GetArrayItem(list, i);
	struct text said = TEXT_INIT(TEXT_SMALL);
	text_addf(&said, "%s %s %s", json_text(found, "order"), json_text(found, "channel"),
		json_text(found, "sku"));
	assert_string_equal(text_get(&said), words);
	assert_float_equal(cJSON_GetObjectItem(found, "needed")->valuedouble, needed, 0.0001);
	text_free(&said);
	cJSON_Delete(list);
}

static const char *compensate(struct fixture *f, const char *order, const char *actor)
{
	return fixture_try(f, "order.compensate", "xinyi", actor, "{'order':'%s'}", order);
}

static void a_sound_ledger_needs_nothing(void **state)
{
	/* Whatever commands did, the audit is empty and there is nothing to compensate. */
	struct fixture *f = *state;
	expect_findings(f, 0);
	assert_string_equal(compensate(f, "N1", "ho"), "nothing_to_do");
	assert_string_equal(compensate(f, "N9", "ho"), "unknown_document");
	assert_string_equal(compensate(f, "N1", "lin"), "no_right");
}

static void what_the_audit_finds_one_command_mends(void **state)
{
	/* A row that is lost, and one in a wrong channel, are found per order, channel and SKU with what they need;
	 * compensating adds that, and then ledger and sums are as they should be. */
	struct fixture *f = *state;
	fixture_sql(f, "DELETE FROM reservation WHERE event = 'shipment_created'");
	fixture_sql(f, "UPDATE reservation SET channel = 'old' WHERE sku = 'A2'");
	expect_findings(f, 3);
	expect_finding(f, 0, "N1 old A2", 2.5);
	expect_finding(f, 1, "N1 web A1", 2);
	expect_finding(f, 2, "N1 web A2", -2.5);
	struct verdict verdict = fixture_run(f, "order.compensate", NULL, "ho", "{'order':'N1'}");
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	assert_int_equal(cJSON_GetArraySize(json_list(verdict.result, "compensated")), 3);
	verdict_free(&verdict);
	expect_findings(f, 0);
	assert_int_equal(
		fixture_int(f, "SELECT COUNT(*) FROM reservation WHERE event = 'compensation'"), 3);
	assert_int_equal(
		fixture_int(f,
			"SELECT COUNT(*) FROM salable x WHERE x.reserved <> (SELECT SUM(r.qty)"
			" FROM reservation r WHERE r.channel = x.channel AND r.sku = x.sku)"),
		0);
	assert_string_equal(compensate(f, "N1", "ho"), "nothing_to_do");
}

static void reservations_without_an_order_are_mended_too(void **state)
{
	/* What an order that is gone had reserved should sum to nothing. */
	struct fixture *f = *state;
	fixture_sql(f, "DELETE FROM sales_order WHERE number = 'N2'");
	fixture_sql(f, "DELETE FROM order_line WHERE order_number = 'N2'");
	expect_finding(f, 0, "N2 web A1", 1);
	assert_string_equal(compensate(f, "N2", "ho"), "");
	expect_findings(f, 0);
}

static void a_status_waits_for_a_sound_ledger(void **state)
{
	/* An order whose ledger is wrong is not complete before that is compensated. */
	struct fixture *f = *state;
	fixture_do(f, "order.invoice", "xinyi", "ho", "{'order':'N2'}");
	fixture_sql(f,
		"UPDATE reservation SET qty = -2000 WHERE order_number = 'N2' AND event = 'order_placed'");
	fixture_do(f, "order.ship", "xinyi", "ho", "{'order':'N2','store':'ec'}");
	fixture_expect_text(f, "processing", "SELECT status FROM sales_order WHERE number = 'N2'");
	assert_string_equal(compensate(f, "N2", "ho"), "");
	fixture_expect_text(f, "complete", "SELECT status FROM sales_order WHERE number = 'N2'");
}

/* ---- where to ship from ---- */

static void expect_sources(struct fixture *f, const char *order, const char *expected)
{
	struct order_source *sources;
	struct text said = TEXT_INIT(TEXT_SMALL);
	int count = order_sources(f->db, order, &sources);
	for (int i = 0; i < count; i++) {
		text_addf(&said, "%s%s %s ", i ? ", " : "", sources[i].sku,
			sources[i].store[0] ? sources[i].store : "nowhere");
		text_add_qty(&said, sources[i].qty);
	}
	assert_string_equal(text_get(&said), expected);
	text_free(&said);
	free(sources);
}

static void stores_are_asked_in_the_order_of_the_channel(void **state)
{
	/* What is outstanding comes from the first store as far as that has it, then from the next; what nobody
	 * has is said behind. */
	struct fixture *f = *state;
	expect_sources(f, "N1", "A1 ximen 3, A2 ximen 2.5");
	fixture_set_on_hand(f, "ximen", "A1", 1000);
	fixture_set_on_hand(f, "ec", "A1", -3000);
	expect_sources(f, "N1", "A1 ximen 1, A1 xinyi 2, A2 ximen 2.5");
	fixture_set_on_hand(f, "xinyi", "A1", 500);
	expect_sources(f, "N1", "A1 ximen 1, A1 xinyi 0.5, A2 ximen 2.5, A1 nowhere 1.5");
	fixture_do(f, "store.put", NULL, "ho",
		"{'id':'ximen','name':'X','kind':'shop','enabled':false}");
	expect_sources(f, "N1", "A1 xinyi 0.5, A2 ec 2.5, A1 nowhere 2.5");
	fixture_do(f, "order.cancel", "xinyi", "ho", "{'order':'N1'}");
	expect_sources(f, "N1", "");
	expect_sources(f, "N9", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_sound_ledger_needs_nothing),
		TEST(what_the_audit_finds_one_command_mends),
		TEST(reservations_without_an_order_are_mended_too),
		TEST(a_status_waits_for_a_sound_ledger),
		TEST(stores_are_asked_in_the_order_of_the_channel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
