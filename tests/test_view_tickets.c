/* Lists of tickets, orders, redemptions, refused scans and dossiers, and what they are searched by. */
#include "tests/views.h"

#include "model/json.h"

#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* Two orders: Blake's of massages, one code of which was redeemed at two stores, and Wu's of baths. */
static void sell(struct fixture *fx)
{
	fixture_do(fx, "product.put", NULL, "ho", "{'sku':'M1','name':'Massage 按摩'}");
	fixture_do(fx, "product.put", NULL, "ho", "{'sku':'B9','name':'Hot bath'}");
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'TO-1','buyer':'Blake Sanders','phone':'0912-345 678','lines':["
		"{'code':'MASSAGE-1','product':'M1','units':1},"
		"{'code':'MASSAGE-2','product':'M1','units':2,'stores':['ximen']}]}");
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'TO-2','buyer':'Wu','phone':'0922000111','lines':["
		"{'code':'BATH-0001','product':'B9','units':1}]}");
	static const char *const uses[][3] = {{"xinyi", "kiosk", "MASSAGE-1"},
		{"ximen", "wang", "MASSAGE-1"}, {"xinyi", "chen", "BATH-0001"}};
	for (int i = 0; i < COUNT_OF(uses); i++)
		fixture_do(fx, "ticket.redeem", uses[i][0], uses[i][1],
			"{'code':'%s','qty':1,'mode':'offline'}", uses[i][2]);
	fixture_do(fx, "ticket.refused", "xinyi", "chen",
		"{'code':'BATH-0001','qty':1,'result':'used_up'}");
	fixture_do(fx, "ticket.refused", "ximen", "wang",
		"{'code':'NOBODY-1','qty':1,'result':'needs_online'}");
}

static void tickets_are_found(void **state)
{
	/* Codes and their orders are found by every field of the search, a code by the whole of it only. */
	static const struct {
		const char *name, *value, *codes, *orders;
	} cases[] = {
		{"code", "MASSAGE-2", "MASSAGE-2", "TO-1"},
		{"code", "MASSAGE", "", ""},
		{"buyer", "sander", "MASSAGE-1 MASSAGE-2", "TO-1"},
		{"buyer", "%", "", ""},
		{"phone", "0912345", "MASSAGE-1 MASSAGE-2", "TO-1"},
		{"phone", "45 67", "MASSAGE-1 MASSAGE-2", "TO-1"},
		{"phone", "2000-1", "BATH-0001", "TO-2"},
		{"product", "B9", "BATH-0001", "TO-2"},
		{"product_name", "BATH", "BATH-0001", "TO-2"},
		{"product_name", "按摩", "MASSAGE-1 MASSAGE-2", "TO-1"},
		{"store", "xinyi", "BATH-0001 MASSAGE-1", "TO-2 TO-1"},
		{"store", "ximen", "BATH-0001 MASSAGE-1 MASSAGE-2", "TO-2 TO-1"},
		{"left", "yes", "MASSAGE-2", "TO-1"},
		{"left", "no", "BATH-0001 MASSAGE-1", "TO-2"},
		{"order", "TO-2", "BATH-0001", "TO-2"},
		{"status", "active|blocked", "BATH-0001 MASSAGE-1 MASSAGE-2", "TO-2 TO-1"},
		{"q", "massage-1", "MASSAGE-1", "TO-1"},
		{"q", "bath-000", "", ""},
		{"q", "hot", "BATH-0001", "TO-2"},
	};
	struct fixture *fx = *state;
	sell(fx);
	for (int i = 0; i < COUNT_OF(cases); i++) {
		EXPECT_WHERE(fx, "tickets", cases[i].name, cases[i].value, "code", cases[i].codes);
		EXPECT_WHERE(fx, "ticket_orders", cases[i].name, cases[i].value, "order_number",
			cases[i].orders);
	}
}

static void redemptions_are_found(void **state)
{
	/* Records are found by what their tickets say, and those of a code in dispute are marked. */
	static const struct {
		const char *name, *value, *actors;
	} cases[] = {
		{"buyer", "blake", "wang kiosk"},
		{"phone", "345678", "wang kiosk"},
		{"product_name", "hot", "chen"},
		{"code", "MASSAGE-1", "wang kiosk"},
		{"q", "massage-1", "wang kiosk"},
		{"q", "massage-", ""},
		{"q", "sanders", "wang kiosk"},
	};
	struct fixture *fx = *state;
	sell(fx);
	for (int i = 0; i < COUNT_OF(cases); i++)
		EXPECT_WHERE(
			fx, "redemptions", cases[i].name, cases[i].value, "actor", cases[i].actors);
	struct view_query query = views_query("redemptions");
	cJSON *rows = views_list(fx, &query);
	const cJSON *row;
	cJSON_ArrayForEach(row, rows)
		assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItem(row, "disputed")),
			strcmp(json_text(row, "code"), "MASSAGE-1") == 0);
	cJSON_Delete(rows);
}

static void refused_scans_are_found(void **state)
{
	/* Refused scans are listed, the newest first, and found by store, result, person, code and product. */
	static const struct {
		const char *name, *value, *results;
	} cases[] = {
		{"store", "xinyi|ximen", "needs_online used_up"},
		{"store", "xinyi", "used_up"},
		{"result", "needs_online|expired", "needs_online"},
		{"actor", "chen", "used_up"},
		{"code", "NOBODY-1", "needs_online"},
		{"product", "B9", "used_up"},
		{"product_name", "bath", "used_up"},
		{"number", "to-", "used_up"},
		{"q", "nobody-1", "needs_online"},
		{"q", "nobody", ""},
		{"since", "2026-03-02", "needs_online used_up"},
		{"until", "2026-03-01", ""},
	};
	struct fixture *fx = *state;
	sell(fx);
	for (int i = 0; i < COUNT_OF(cases); i++)
		EXPECT_WHERE(fx, "refused_scans", cases[i].name, cases[i].value, "result",
			cases[i].results);
}

static void dossiers_are_found(void **state)
{
	/* Dossiers are found by the stores in them, status, order, product and the whole code; ordered by their age too. */
	static const struct {
		const char *name, *value, *codes;
	} cases[] = {
		{"store", "xinyi", "AFTER-01 MASSAGE-1"},
		{"store", "ximen", "MASSAGE-1"},
		{"store", "ec", ""},
		{"status", "open|reported", "AFTER-01 MASSAGE-1"},
		{"status", "void", ""},
		{"number", "to-1", "MASSAGE-1"},
		{"product_name", "massage", "AFTER-01 MASSAGE-1"},
		{"q", "after-01", "AFTER-01"},
		{"q", "after", ""},
		{"since", "2026-03-02", "AFTER-01 MASSAGE-1"},
	};
	struct fixture *fx = *state;
	sell(fx);
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'ZO-3','buyer':'Wu','lines':[{'code':'AFTER-01','product':'M1','units':1}]}");
	for (int i = 0; i < 2; i++)
		fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
			"{'code':'AFTER-01','qty':1,'mode':'offline'}");
	for (int i = 0; i < COUNT_OF(cases); i++)
		EXPECT_WHERE(fx, "dossiers", cases[i].name, cases[i].value, "code", cases[i].codes);
	struct view_query query = views_query("dossiers");
	query.order = "opened";
	views_expect(fx, &query, "code", "AFTER-01 MASSAGE-1");
	query.reversed = true;
	views_expect(fx, &query, "code", "MASSAGE-1 AFTER-01");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(tickets_are_found),
		TEST(redemptions_are_found),
		TEST(refused_scans_are_found),
		TEST(dossiers_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
