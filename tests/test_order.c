/* Sales orders, command by command: what each does to lines, ledger, stock and status, and what it refuses. */
#include "tests/model_fixture.h"

#include "model/json.h"

#include <stdio.h>
#include <string.h>

/* The channel web is served by ec, then xinyi, then ximen; A1 is physical, V1 virtual, with 100 at each. */
static int setup(void **state)
{
	static struct fixture f;
	fixture_open(&f);
	fixture_do(&f, "product.put", NULL, "ho", "{'sku':'V1','name':'Voucher','virtual':true}");
	fixture_do(&f, "channel.put", NULL, "ho",
		"{'id':'web','name':'Web','stores':['ec','xinyi','ximen']}");
	fixture_set_on_hand(&f, "ec", "V1", 100000);
	fixture_set_on_hand(&f, "xinyi", "V1", 100000);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

/* ---- steps ---- */

static void place(struct fixture *f, const char *number, const char *sku, const char *qty)
{
	fixture_do(f, "order.place", "xinyi", "chen",
		"{'number':'%s','channel':'web','lines':[{'sku':'%s','qty':%s}]}", number, sku,
		qty);
}

/* By the manager of xinyi; the code, "" if applied. */
static const char *act(struct fixture *f, const char *op, const char *sku, const char *qty)
{
	return fixture_try(
		f, op, "xinyi", "lin", "{'order':'N1','lines':[{'sku':'%s','qty':%s}]}", sku, qty);
}

static const char *ship(struct fixture *f, const char *sku, const char *qty)
{
	return fixture_try(f, "order.ship", "xinyi", "chen",
		"{'order':'N1','store':'xinyi','lines':[{'sku':'%s','qty':%s}]}", sku, qty);
}

static const char *refund(struct fixture *f, const char *sku, const char *qty, bool to_stock)
{
	return fixture_try(f, "order.refund", "xinyi", "lin",
		"{'order':'N1','lines':[{'sku':'%s','qty':%s,'return_to_stock':%s}]}", sku, qty,
		to_stock ? "true" : "false");
}

static const char *step(struct fixture *f, const char *op)
{
	return fixture_try(f, op, "xinyi", "lin", "{'order':'N1'}");
}

#define OK(code) assert_string_equal(code, "")

static void expect_status(struct fixture *f, const char *status)
{
	fixture_expect_text(f, status, "SELECT status FROM sales_order WHERE number = 'N1'");
}

static void expect_ledger(struct fixture *f, const char *quantities)
{
	fixture_expect_text(f, quantities,
		"SELECT group_concat(qty / 1000, ' ') FROM (SELECT qty FROM reservation ORDER BY no)");
}

static int64_t figure(struct fixture *f, const char *column)
{
	return fixture_int(f, "SELECT %s FROM order_line WHERE order_number = 'N1'", column);
}

/* ---- placing ---- */

static void placing_reserves_and_moves_nothing(void **state)
{
	/* A placed order is one reservation a SKU; no store's stock moves, and a SKU named twice is one line. */
	struct fixture *f = *state;
	fixture_do(f, "order.place", "xinyi", "chen",
		"{'number':'N1','channel':'web','customer':'Blake','lines':[{'sku':'A1','qty':2.5},"
		"{'sku':'A2','qty':1,'price':100},{'sku':'A1','qty':0.125}]}");
	expect_status(f, "open");
	assert_int_equal(fixture_int(f, "SELECT COUNT(*) FROM order_line"), 2);
	assert_int_equal(
		fixture_int(f,
			"SELECT qty FROM reservation WHERE sku = 'A1' AND event = 'order_placed'"),
		-2625);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	assert_int_equal(fixture_int(f, "SELECT COUNT(*) FROM ledger"), 0);
	fixture_expect_text(f, "xinyi", "SELECT store FROM sales_order");
}

static void the_last_unit_may_be_sold_and_no_more(void **state)
{
	/* Exactly what is salable can be ordered; a thousandth more refuses the whole order, and the
	 * result names what is left. */
	struct fixture *f = *state;
	place(f, "N1", "A1", "299.999");
	struct verdict verdict = fixture_run(f, "order.place", "xinyi", "chen",
		"{'number':'N2','channel':'web','lines':[{'sku':'A2','qty':1},{'sku':'A1','qty':0.002}]}");
	assert_int_equal(verdict.refusal, REFUSED_not_salable);
	const cJSON *line = cJSON_GetArrayItem(json_list(verdict.result, "lines"), 0);
	assert_string_equal(json_text(line, "sku"), "A1");
	assert_float_equal(cJSON_GetObjectItem(line, "salable")->valuedouble, 0.001, 0.00001);
	verdict_free(&verdict);
	assert_int_equal(fixture_int(f, "SELECT COUNT(*) FROM reservation"), 1);
	place(f, "N2", "A1", "0.001");
	assert_int_equal(fixture_int(f, "SELECT on_hand + reserved FROM salable"), 0);
}

static void thresholds_keep_back_or_lend(void **state)
{
	/* Without backorders a threshold above 0 is kept back and one below counts as 0; with backorders one
	 * below 0 is lent, one above counts as 0, and 0 is no limit. */
	static const struct {
		const char *threshold;
		bool backorders;
		int most; /* of 300 on hand; 0: no limit */
	} cases[] = {{"0", false, 300}, {"10", false, 290}, {"-10", false, 300}, {"-10", true, 310},
		{"0", true, 0}, {"10", true, 0}};
	struct fixture *f = *state;
	for (int i = 0; i < (int)(sizeof(cases) / sizeof(cases[0])); i++) {
		fixture_do(f, "product.put", NULL, "ho",
			"{'sku':'A1','name':'A1','threshold':%s,'backorders':%s}",
			cases[i].threshold, cases[i].backorders ? "true" : "false");
		f->rehearses = true;
		assert_string_equal(
			fixture_try(f, "order.place", "xinyi", "chen",
				"{'number':'T','channel':'web','lines':[{'sku':'A1','qty':%d}]}",
				cases[i].most ? cases[i].most : 900000),
			"");
		assert_string_equal(
			fixture_try(f, "order.place", "xinyi", "chen",
				"{'number':'T','channel':'web','lines':[{'sku':'A1','qty':%d.001}]}",
				cases[i].most ? cases[i].most : 900000),
			cases[i].most ? "not_salable" : "");
		f->rehearses = false;
	}
}

static void only_enabled_stores_in_stock_count(void **state)
{
	/* A store that is switched off, or whose stock line is out of stock, promises nothing; it does
	 * again when that changes, and so does a store that joins the channel. */
	struct fixture *f = *state;
	place(f, "N1", "A1", "1");
	assert_int_equal(fixture_int(f, "SELECT on_hand FROM salable"), 300000);
	fixture_do(f, "store.put", NULL, "ho",
		"{'id':'ximen','name':'X','kind':'shop','enabled':false}");
	assert_int_equal(fixture_int(f, "SELECT on_hand FROM salable"), 200000);
	fixture_do(f, "stock.open", NULL, "ho",
		"{'store':'ec','lines':[{'sku':'A1','qty':5,'in_stock':false}]}");
	assert_int_equal(fixture_int(f, "SELECT on_hand FROM salable"), 100000);
	fixture_do(f, "store.put", NULL, "ho",
		"{'id':'ximen','name':'X','kind':'shop','enabled':true}");
	assert_int_equal(fixture_int(f, "SELECT on_hand FROM salable"), 200000);
	fixture_do(f, "channel.put", NULL, "ho", "{'id':'web','name':'Web','stores':['ximen']}");
	assert_int_equal(fixture_int(f, "SELECT on_hand FROM salable"), 100000);
	fixture_do(f, "stock.adjust", "ximen", "huang",
		"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':2}]}");
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':2}]}");
	assert_int_equal(fixture_int(f, "SELECT on_hand FROM salable"), 102000);
}

static void what_cannot_be_placed_is_refused(void **state)
{
	/* An unknown channel, product or quantity, or a number that is taken, is refused with its code. */
	struct fixture *f = *state;
	static const struct {
		const char *data, *code;
	} cases[] = {
		{"{'number':'N2','channel':'no','lines':[{'sku':'A1','qty':1}]}",
			"unknown_channel"},
		{"{'number':'N2','channel':'web','lines':[{'sku':'no','qty':1}]}", "unknown_sku"},
		{"{'number':'N1','channel':'web','lines':[{'sku':'A1','qty':1}]}",
			"already_exists"},
		{"{'number':'N2','channel':'web','lines':[{'sku':'A1','qty':0}]}", "bad_data"},
		{"{'number':'N2','channel':'web','lines':[{'sku':'A1','qty':-1}]}", "bad_data"},
		{"{'number':'N2','channel':'web','lines':[{'sku':'A1','qty':0.0001}]}", "bad_data"},
		{"{'number':'N2','channel':'web','lines':[]}", "bad_data"},
		{"{'number':'N2','channel':'web','lines':[{'sku':'A1','qty':1,'price':1},"
		 "{'sku':'A1','qty':1,'price':2}]}",
			"bad_data"},
		{"{'number':'N2','channel':'web','lines':[{'sku':'B1','qty':1}]}", "not_salable"},
	};
	place(f, "N1", "A1", "1");
	for (int i = 0; i < (int)(sizeof(cases) / sizeof(cases[0])); i++)
		assert_string_equal(
			fixture_try(f, "order.place", "xinyi", "chen", "%s", cases[i].data),
			cases[i].code);
	assert_int_equal(fixture_int(f, "SELECT COUNT(*) FROM reservation"), 1);
}

/* ---- lines ---- */

static void a_life_from_placing_to_shipping(void **state)
{
	/* Cancelling and shipping give the promise back; shipping takes the goods of the store it names. */
	struct fixture *f = *state;
	place(f, "N1", "A1", "25");
	OK(act(f, "order.cancel", "A1", "5"));
	OK(ship(f, "A1", "20"));
	expect_ledger(f, "-25 5 20");
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 80000);
	expect_status(f, "processing");
	OK(step(f, "order.invoice"));
	expect_status(f, "complete");
	assert_int_equal(fixture_int(f, "SELECT qty FROM invoice_line"), 20000);
	assert_int_equal(
		fixture_int(f, "SELECT qty FROM shipment_line WHERE store = 'xinyi'"), 20000);
	fixture_expect_text(f, "sale", "SELECT reason FROM ledger WHERE doc_kind = 'sales_order'");
}

static void virtual_goods_leave_by_the_invoice(void **state)
{
	/* A virtual line is never shipped: its invoice takes from the stores in priority order, all or nothing. */
	struct fixture *f = *state;
	place(f, "N1", "V1", "150");
	assert_string_equal(ship(f, "V1", "1"), "too_many");
	OK(act(f, "order.invoice", "V1", "140"));
	assert_int_equal(fixture_on_hand(f, "ec", "V1"), 0);
	assert_int_equal(fixture_on_hand(f, "xinyi", "V1"), 60000);
	expect_ledger(f, "-150 140");
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'r','lines':[{'sku':'V1','qty':55}]}");
	assert_string_equal(act(f, "order.invoice", "V1", "10"), "not_enough");
	assert_int_equal(fixture_on_hand(f, "xinyi", "V1"), 5000);
	OK(step(f, "order.cancel"));
	expect_status(f, "complete");
}

static void goods_are_taken_in_the_order_of_the_channel(void **state)
{
	/* Stores are asked in the order the channel names them, without those that are out of stock or off. */
	struct fixture *f = *state;
	fixture_set_on_hand(f, "ximen", "V1", 100000);
	fixture_do(f, "channel.put", NULL, "ho",
		"{'id':'web','name':'Web','stores':['ximen','xinyi','ec']}");
	place(f, "N1", "V1", "250");
	OK(act(f, "order.invoice", "V1", "10"));
	assert_int_equal(fixture_on_hand(f, "ximen", "V1"), 90000);
	fixture_sql(f, "UPDATE stock SET in_stock = 0 WHERE store = 'ximen' AND sku = 'V1'");
	OK(act(f, "order.invoice", "V1", "20"));
	assert_int_equal(fixture_on_hand(f, "xinyi", "V1"), 80000);
	fixture_do(f, "store.put", NULL, "ho",
		"{'id':'xinyi','name':'X','kind':'shop','enabled':false}");
	OK(act(f, "order.invoice", "V1", "30"));
	assert_int_equal(fixture_on_hand(f, "ec", "V1"), 70000);
	assert_string_equal(act(f, "order.invoice", "V1", "71"), "not_enough");
	assert_string_equal(ship(f, "V1", "1"), "wrong_store");
}

static void refunds_return_what_left_and_free_what_did_not(void **state)
{
	/* Units that never left come first: back to stock they are a promise given up, the others on hand
	 * where they were shipped. */
	struct fixture *f = *state;
	place(f, "N1", "A1", "10");
	OK(act(f, "order.invoice", "A1", "7"));
	OK(ship(f, "A1", "3"));
	OK(refund(f, "A1", "5", true));
	expect_ledger(f, "-10 3 4");
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 98000);
	assert_int_equal(figure(f, "unsent"), 4000);
	assert_string_equal(refund(f, "A1", "2.001", true), "too_many");
	OK(refund(f, "A1", "2", true));
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	assert_string_equal(ship(f, "A1", "3.001"), "too_many");
	OK(ship(f, "A1", "3"));
	assert_int_equal(
		fixture_int(f, "SELECT SUM(qty) FROM reservation WHERE order_number = 'N1'"), 0);
}

static void refunds_without_return_write_off(void **state)
{
	/* Not to stock: what never left is written off in priority order, what left changes nothing. */
	struct fixture *f = *state;
	place(f, "N1", "A1", "10");
	OK(step(f, "order.invoice"));
	OK(ship(f, "A1", "4"));
	fixture_set_on_hand(f, "ec", "A1", 2000);
	OK(refund(f, "A1", "7", false));
	assert_int_equal(fixture_on_hand(f, "ec", "A1"), 0);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 92000);
	expect_ledger(f, "-10 4 6");
	fixture_expect_text(f, "-6000",
		"SELECT SUM(qty) FROM ledger WHERE reason = 'write_off' AND doc_kind = 'sales_order'");
	OK(refund(f, "A1", "3", false));
	expect_status(f, "closed");
}

static void a_virtual_return_goes_to_the_first_store(void **state)
{
	/* Virtual goods come back to the channel's first store in stock, or not at all. */
	struct fixture *f = *state;
	place(f, "N1", "V1", "120");
	OK(step(f, "order.invoice"));
	OK(refund(f, "V1", "30", true));
	assert_int_equal(fixture_on_hand(f, "ec", "V1"), 30000);
	OK(refund(f, "V1", "90", false));
	assert_int_equal(fixture_on_hand(f, "ec", "V1"), 30000);
	expect_ledger(f, "-120 120");
	expect_status(f, "closed");
}

static void goods_come_back_to_the_first_store_that_shipped(void **state)
{
	/* Of the stores that shipped the SKU the return goes to the one of the highest priority. */
	struct fixture *f = *state;
	place(f, "N1", "A1", "10");
	OK(fixture_try(f, "order.ship", "ximen", "wang",
		"{'order':'N1','store':'ximen','lines':[{'sku':'A1','qty':6}]}"));
	OK(ship(f, "A1", "4"));
	OK(step(f, "order.invoice"));
	OK(refund(f, "A1", "10", true));
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 106000);
	assert_int_equal(fixture_on_hand(f, "ximen", "A1"), 94000);
}

static void a_credit_memo_holds_its_units(void **state)
{
	/* An open memo changes nothing but what may still be refunded; refunding it does the rest, once. */
	struct fixture *f = *state;
	place(f, "N1", "A1", "5");
	OK(step(f, "order.invoice"));
	OK(fixture_try(f, "order.credit", "xinyi", "lin",
		"{'order':'N1','memo':'M1','lines':[{'sku':'A1','qty':2,'return_to_stock':true},"
		"{'sku':'A1','qty':1,'return_to_stock':false}]}"));
	expect_ledger(f, "-5");
	assert_int_equal(figure(f, "refunded"), 0);
	assert_string_equal(refund(f, "A1", "3", true), "too_many");
	assert_string_equal(fixture_try(f, "order.credit", "xinyi", "lin",
				    "{'order':'N1','memo':'M1','lines':[{'sku':'A1','qty':1,"
				    "'return_to_stock':true}]}"),
		"already_exists");
	OK(refund(f, "A1", "2", true));
	OK(fixture_try(f, "order.refund", "xinyi", "lin", "{'order':'N1','memo':'M1'}"));
	assert_int_equal(figure(f, "refunded"), 5000);
	assert_int_equal(fixture_on_hand(f, "ec", "A1"), 99000);
	assert_string_equal(
		fixture_try(f, "order.refund", "xinyi", "lin", "{'order':'N1','memo':'M1'}"),
		"wrong_status");
	assert_string_equal(
		fixture_try(f, "order.refund", "xinyi", "lin", "{'order':'N1','memo':'M9'}"),
		"unknown_document");
	assert_string_equal(
		fixture_try(f, "order.refund", "xinyi", "lin", "{'order':'N1'}"), "bad_data");
	fixture_expect_text(f, "refunded", "SELECT status FROM credit_memo WHERE number = 'M1'");
	expect_status(f, "closed");
}

static void an_open_memo_is_refunded_with_other_lines(void **state)
{
	/* Lines named with an open memo are what is refunded of it; the rest it held is free again. */
	struct fixture *f = *state;
	place(f, "N1", "A1", "5");
	OK(step(f, "order.invoice"));
	OK(fixture_try(f, "order.credit", "xinyi", "lin",
		"{'order':'N1','memo':'M1','lines':[{'sku':'A1','qty':5,'return_to_stock':true}]}"));
	OK(fixture_try(f, "order.refund", "xinyi", "lin",
		"{'order':'N1','memo':'M1','lines':[{'sku':'A1','qty':1,'return_to_stock':true}]}"));
	assert_int_equal(figure(f, "refunded"), 1000);
	OK(refund(f, "A1", "4", true));
	assert_string_equal(refund(f, "A1", "0.001", true), "too_many");
}

static void over_asking_is_refused_with_the_present_state(void **state)
{
	/* Whatever is more than there is, is refused with a code, and the result says how things stand. */
	struct fixture *f = *state;
	place(f, "N1", "A1", "5");
	OK(act(f, "order.invoice", "A1", "3"));
	OK(ship(f, "A1", "2"));
	static const struct {
		const char *op, *lines, *code;
	} cases[] = {
		{"order.ship", "[{'sku':'A1','qty':4}]", "too_many"},
		{"order.ship", "[{'sku':'A1','qty':2},{'sku':'A1','qty':2}]", "too_many"},
		{"order.ship", "[{'sku':'A2','qty':1}]", "not_on_document"},
		{"order.ship", "[{'sku':'A1','qty':-1}]", "bad_data"},
		{"order.ship", "[{'sku':'A1','qty':1.0001}]", "bad_data"},
		{"order.ship", "[{'sku':'A1','qty':'1'}]", "bad_data"},
		{"order.invoice", "[{'sku':'A1','qty':2.001}]", "too_many"},
		{"order.cancel", "[{'sku':'A1','qty':3}]", "too_many"},
		{"order.refund", "[{'sku':'A1','qty':4,'return_to_stock':true}]", "too_many"},
		{"order.credit", "[{'sku':'A1','qty':4,'return_to_stock':true}]", "too_many"},
	};
	for (int i = 0; i < (int)(sizeof(cases) / sizeof(cases[0])); i++) {
		char data[300];
		snprintf(data, sizeof(data), "{'order':'N1'%s,'lines':%s}",
			strcmp(cases[i].op, "order.ship") == 0 ? ",'store':'xinyi'" : "",
			cases[i].lines);
		struct verdict verdict = fixture_run(f, cases[i].op, "xinyi", "lin", data);
		assert_string_equal(refusal_code(verdict.refusal), cases[i].code);
		if (verdict.refusal != REFUSED_bad_data) {
			const cJSON *line = cJSON_GetArrayItem(
				json_list(verdict.result, "lines"), 0);
			assert_string_equal(json_text(verdict.result, "status"), "processing");
			assert_int_equal(json_int(line, "ordered", 0), 5);
			assert_int_equal(json_int(line, "shipped", 0), 2);
			assert_int_equal(json_int(line, "outstanding", 0), 3);
		}
		verdict_free(&verdict);
	}
	expect_ledger(f, "-5 2");
}

static void cancelling_takes_what_it_can(void **state)
{
	/* Without lines, or of a line without a quantity, whatever can be cancelled is; and that may be nothing. */
	struct fixture *f = *state;
	fixture_do(f, "order.place", "xinyi", "chen",
		"{'number':'N1','channel':'web','lines':[{'sku':'A1','qty':5},{'sku':'V1','qty':5},"
		"{'sku':'A2','qty':5}]}");
	OK(act(f, "order.invoice", "A1", "1"));
	OK(act(f, "order.invoice", "V1", "2"));
	OK(fixture_try(f, "order.cancel", "xinyi", "lin", "{'order':'N1','lines':[{'sku':'A1'}]}"));
	assert_int_equal(fixture_int(f, "SELECT cancelled FROM order_line WHERE sku = 'A1'"), 4000);
	OK(step(f, "order.cancel"));
	assert_int_equal(fixture_int(f, "SELECT cancelled FROM order_line WHERE sku = 'V1'"), 3000);
	assert_int_equal(fixture_int(f, "SELECT cancelled FROM order_line WHERE sku = 'A2'"), 5000);
	OK(step(f, "order.cancel"));
	expect_ledger(f, "-5 -5 -5 2 4 3 5");
	assert_int_equal(fixture_int(f, "SELECT COUNT(*) FROM reservation WHERE qty = 0"), 0);
}

static void shipping_never_takes_on_hand_below_zero(void **state)
{
	/* A backordered line waits for stock: what is not there cannot be shipped. */
	struct fixture *f = *state;
	fixture_do(f, "product.put", NULL, "ho", "{'sku':'A1','name':'A1','backorders':true}");
	place(f, "N1", "A1", "150");
	assert_string_equal(ship(f, "A1", "100.001"), "not_enough");
	OK(ship(f, "A1", "100"));
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 0);
	assert_string_equal(ship(f, "A1", "0.001"), "not_enough");
	assert_string_equal(
		fixture_try(f, "order.ship", "xinyi", "lin", "{'order':'N1','store':'xinyi'}"),
		"not_enough");
}

/* ---- who ---- */

static void rights_are_those_of_the_page(void **state)
{
	/* A clerk places, is paid and ships from the own store; a manager does the rest, hq archives. */
	struct fixture *f = *state;
	static const struct {
		const char *op, *lowest; /* who may */
	} ops[] = {
		{"order.accept", "chen"},
		{"order.await_payment", "chen"},
		{"order.review_payment", "chen"},
		{"order.pay", "chen"},
		{"order.invoice", "lin"},
		{"order.cancel", "lin"},
		{"order.hold", "lin"},
		{"order.release", "lin"},
		{"order.suspect", "lin"},
		{"order.deny", "lin"},
		{"order.approve", "lin"},
		{"order.archive", "ho"},
	};
	static const char *const people[] = {"kiosk", "chen", "lin", "ho"};
	place(f, "N1", "A1", "5");
	for (int i = 0; i < (int)(sizeof(ops) / sizeof(ops[0])); i++) {
		bool may = false;
		f->rehearses = true;
		for (int p = 0; p < 4; p++) {
			const char *code = fixture_try(
				f, ops[i].op, "xinyi", people[p], "{'order':'N1'}");
			may = may || strcmp(people[p], ops[i].lowest) == 0;
			assert_int_equal(strcmp(code, "no_right") != 0, may);
		}
		f->rehearses = false;
	}
	assert_string_equal(
		fixture_try(f, "order.place", "xinyi", "kiosk",
			"{'number':'N2','channel':'web','lines':[{'sku':'A1','qty':1}]}"),
		"no_right");
	assert_string_equal(
		fixture_try(f, "order.ship", "xinyi", "lin", "{'order':'N1','store':'ximen'}"),
		"wrong_store");
	assert_string_equal(
		fixture_try(f, "order.refund", "xinyi", "chen",
			"{'order':'N1','lines':[{'sku':'A1','qty':1,'return_to_stock':true}]}"),
		"no_right");
	OK(fixture_try(f, "order.ship", "xinyi", "ho", "{'order':'N1','store':'ximen'}"));
}

static void only_stores_of_the_channel_work_its_orders(void **state)
{
	/* A store that does not serve the channel may key an order for it and do nothing else with it. */
	struct fixture *f = *state;
	fixture_do(f, "channel.put", NULL, "ho", "{'id':'web','name':'Web','stores':['ec']}");
	place(f, "N1", "A1", "5");
	assert_string_equal(step(f, "order.pay"), "wrong_store");
	assert_string_equal(ship(f, "A1", "1"), "wrong_store");
	assert_string_equal(
		fixture_try(f, "order.ship", "ec", "ho", "{'order':'N1','store':'xinyi'}"),
		"wrong_store");
	OK(fixture_try(f, "order.ship", "ec", "dai", "{'order':'N1','store':'ec'}"));
}

static void channels_name_known_stores_once(void **state)
{
	/* A channel has one store or more, each known and named once. */
	struct fixture *f = *state;
	static const struct {
		const char *stores, *code;
	} cases[] = {{"[]", "bad_data"}, {"['ec','ec']", "bad_data"}, {"['no']", "unknown_store"},
		{"['xinyi','ec']", ""}};
	for (int i = 0; i < 4; i++)
		assert_string_equal(fixture_try(f, "channel.put", NULL, "ho",
					    "{'id':'web','name':'W','stores':%s}", cases[i].stores),
			cases[i].code);
	fixture_expect_text(f, "xinyi ec",
		"SELECT group_concat(store, ' ') FROM (SELECT store FROM channel_store ORDER BY no)");
	assert_string_equal(fixture_try(f, "channel.put", "xinyi", "lin",
				    "{'id':'web','name':'W','stores':['ec']}"),
		"no_right");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(placing_reserves_and_moves_nothing),
		TEST(the_last_unit_may_be_sold_and_no_more),
		TEST(thresholds_keep_back_or_lend),
		TEST(only_enabled_stores_in_stock_count),
		TEST(what_cannot_be_placed_is_refused),
		TEST(a_life_from_placing_to_shipping),
		TEST(virtual_goods_leave_by_the_invoice),
		TEST(goods_are_taken_in_the_order_of_the_channel),
		TEST(refunds_return_what_left_and_free_what_did_not),
		TEST(refunds_without_return_write_off),
		TEST(a_virtual_return_goes_to_the_first_store),
		TEST(goods_come_back_to_the_first_store_that_shipped),
		TEST(a_credit_memo_holds_its_units),
		TEST(an_open_memo_is_refunded_with_other_lines),
		TEST(over_asking_is_refused_with_the_present_state),
		TEST(cancelling_takes_what_it_can),
		TEST(shipping_never_takes_on_hand_below_zero),
		TEST(rights_are_those_of_the_page),
		TEST(only_stores_of_the_channel_work_its_orders),
		TEST(channels_name_known_stores_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
