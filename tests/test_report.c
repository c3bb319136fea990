#include "model/report.h"
#include "model/text.h"
#include "tests/movement_steps.h"

#include <stdio.h>
#include <string.h>

#define REDEEM "{'code':'%s','qty':%d,'mode':'%s'}"

/* The rows as a|b|c, a line each, of the days from that of `since_ms` on. */
static void expect_since(struct fixture *fx, const char *name, const char *store, int64_t since_ms,
	const char *expected)
{
	const struct report *report = report_find(name);
	struct text out = TEXT_INIT(TEXT_SMALL);
	struct report_range range = {.store = store,
		.since_ms = report_day_start(fx->db, store, since_ms),
		.until_ms = report_day_start(fx->db, store, fx->now_ms) + REPORT_DAY_MS,
		.now_ms = fx->now_ms};
	int64_t number;
	assert_non_null(report);
	struct db_rows *rows = report_select(fx->db, report, &range);
	while (db_next(rows)) {
		for (int i = 0; i < report->column_count; i++) {
			text_add(&out, i ? "|" : "");
			report_cell(report, rows, i, &out, &number);
		}
		text_add(&out, "\n");
	}
	db_done(rows);
	if (db_failed(fx->db))
		fail_msg("%s: %s", name, db_message(fx->db));
	assert_string_equal(text_get(&out), expected);
	text_free(&out);
}

static void expect(struct fixture *fx, const char *name, const char *store, const char *expected)
{
	expect_since(fx, name, store, FIXTURE_START_MS, expected);
}

static void stock_by_store(void **state)
{
	/* On hand, damaged and what is on the road either way, a line for each store; what went to a third
	 * party is not on the road. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	steps_receive(fx, id, "A1", 4);
	fixture_do(fx, "outbound.ship", "ec", "dai", DOC,
		fixture_do(fx, "outbound.create", "ec", "dai", SELL));
	expect(fx, "stock_by_store", NULL,
		"ec|9|885|0|0|0\n"
		"ximen|9|904|0|11|0\n"
		"xinyi|9|885|0|0|11\n");
	expect(fx, "stock_by_store", "ximen", "ximen|9|904|0|11|0\n");
}

static void movements_by_day(void **state)
{
	/* What came, went, was corrected or otherwise changed, by business days of the store. */
	struct fixture *fx = *state;
	steps_shipped(fx);
	fixture_do(fx, "inbound.receive", "xinyi", "lin", ONE,
		fixture_do(fx, "inbound.create", "xinyi", "lin", BUY), "A1", 7);
	fx->now_ms += REPORT_DAY_MS;
	fixture_do(fx, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'broken','lines':[{'sku':'A1','qty':2}]}");
	expect(fx, "movements", "xinyi",
		"2026-03-02|0|7|-15|0|0|-8\n"
		"2026-03-03|0|0|0|0|-2|-2\n");
	expect(fx, "movements", "ec", "");
}

static void an_opening_balance_is_no_movement(void **state)
{
	/* What was opened stands in a column of its own and is not part of the net, so that no bar is dwarfed. */
	struct fixture *fx = *state;
	fixture_sql(fx, "INSERT INTO product (sku, name) VALUES ('N1', 'New')");
	fixture_do(fx, "stock.open", NULL, "ho",
		"{'store':'xinyi','lines':[{'sku':'N1','qty':5000}]}");
	fixture_do(fx, "stock.adjust", "xinyi", "lin",
		"{'kind':'found','reason':'shelf','lines':[{'sku':'A1','qty':1}]}");
	expect(fx, "movements", "xinyi", "2026-03-02|5000|0|0|0|1|1\n");
}

static void a_day_begins_when_the_store_says(void **state)
{
	/* A sale at two in the morning belongs to the day before where the day begins at five. */
	struct fixture *fx = *state;
	fixture_do(fx, "store.put", "ec", "ho",
		"{'id':'xinyi','name':'Xinyi','kind':'shop','day_minutes':300}");
	fx->now_ms = FIXTURE_START_MS + 16 * 3600000; /* 02:00 of 2026-03-03 in the store */
	fixture_do(fx, "stock.adjust", "xinyi", "lin",
		"{'kind':'found','reason':'shelf','lines':[{'sku':'A1','qty':1}]}");
	expect(fx, "movements", "xinyi", "2026-03-02|0|0|0|0|1|1\n");
	int64_t ms;
	assert_true(report_day_parse(fx->db, "xinyi", "2026-03-02", &ms));
	assert_int_equal(ms, report_day_start(fx->db, "xinyi", fx->now_ms));
	assert_false(report_day_parse(fx->db, "xinyi", "2026-03-32", &ms));
	assert_string_equal(fixture_try(fx, "store.put", "ec", "ho",
				    "{'id':'xinyi','name':'X','kind':'shop','day_minutes':-1}"),
		"bad_data");
}

static void on_the_road_by_age(void **state)
{
	/* What left and has not arrived, the oldest first, with who must act. */
	struct fixture *fx = *state;
	char expected[300];
	const char *old = steps_shipped(fx);
	fx->now_ms += 3 * REPORT_DAY_MS;
	const char *part = steps_accepted(fx);
	fixture_do(fx, "outbound.ship", "xinyi", "lin", ONE, part, "A1", 4);
	fixture_sql(fx,
		"UPDATE movement SET out_number = 'OUT-' || (SELECT COUNT(*) FROM movement n"
		" WHERE n.id <= movement.id)");
	assert_non_null(old);
	snprintf(expected, sizeof expected,
		"3|OUT-1|xinyi|ximen|shipped|ximen|15\n0|OUT-2|xinyi|ximen|accepted|xinyi|4\n");
	expect(fx, "in_transit", NULL, expected);
	expect(fx, "in_transit", "ximen", expected);
	expect(fx, "in_transit", "ec", "");
}

static void number_them(struct fixture *fx)
{
	fixture_sql(fx,
		"UPDATE movement SET in_number = 'IN-' || (SELECT COUNT(*) FROM movement n"
		" WHERE n.id <= movement.id)");
	fixture_sql(fx, "UPDATE movement SET out_number = 'OUT' || SUBSTR(in_number, 3)");
	fixture_sql(fx, "UPDATE product SET name = ''");
}

static void discrepancies(void **state)
{
	/* Of what has been received: lines that are not what was sent, and damaged ones. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	fixture_do(fx, "inbound.receive", "ximen", "wang", BROKEN, id, "A1", 10, 3);
	steps_receive(fx, id, "A2", 6);
	steps_expect_status(fx, id, "received");
	const char *short_one = steps_shipped(fx);
	steps_receive(fx, short_one, "A1", 10);
	fixture_do(fx, "inbound.close", "ximen", "huang", CLOSE, short_one, "lost");
	number_them(fx);
	expect(fx, "discrepancies", "ximen",
		"IN-1|xinyi|ximen||A1||10|10|3|0|\n"
		"IN-1|xinyi|ximen||A2||5|6|0|1|\n"
		"IN-2|xinyi|ximen||A2||5|0|0|-5|lost\n");
	expect(fx, "discrepancies", "xinyi",
		"OUT-1|xinyi|ximen||A1||10|10|3|0|\n"
		"OUT-1|xinyi|ximen||A2||5|6|0|1|\n"
		"OUT-2|xinyi|ximen||A2||5|0|0|-5|lost\n");
	expect(fx, "discrepancies", "ec", "");
}

static void discrepancies_before_the_end(void **state)
{
	/* While more may come only what is damaged or too much is told; what a cancelled document brought
	 * all the same is told too, and nothing of one that nobody counted. */
	struct fixture *fx = *state;
	const char *open = steps_shipped(fx);
	fixture_do(fx, "inbound.receive", "ximen", "wang", BROKEN, open, "A1", 4, 1);
	steps_receive(fx, open, "B1", 2);
	const char *cancelled = steps_by_sender(fx, "outbound.cancel", steps_accepted(fx));
	steps_receive(fx, cancelled, "A1", 4);
	steps_by_sender(fx, "outbound.cancel", steps_accepted(fx));
	steps_shipped(fx);
	number_them(fx);
	expect(fx, "discrepancies", "ximen",
		"IN-1|xinyi|ximen||A1||10|4|1|-6|\n"
		"IN-1|xinyi|ximen||B1||0|2|0|2|\n"
		"IN-2|xinyi|ximen||A1||0|4|0|4|\n");
}

static void discrepancies_by_day_of_receipt(void **state)
{
	/* The day of a discrepancy is that of the last receipt or of the close, not that of the document. */
	struct fixture *fx = *state;
	const char *early = steps_shipped(fx);
	const char *late = steps_shipped(fx);
	steps_receive(fx, early, "A1", 12);
	fx->now_ms += 2 * REPORT_DAY_MS;
	steps_receive(fx, late, "A1", 11);
	number_them(fx);
	expect_since(
		fx, "discrepancies", "ximen", fx->now_ms, "IN-2|xinyi|ximen||A1||10|11|0|1|\n");
	fixture_do(fx, "inbound.close", "ximen", "huang", CLOSE, early, "lost");
	expect_since(fx, "discrepancies", "ximen", fx->now_ms,
		"IN-1|xinyi|ximen||A1||10|12|0|2|\n"
		"IN-1|xinyi|ximen||A2||5|0|0|-5|lost\n"
		"IN-2|xinyi|ximen||A1||10|11|0|1|\n");
}

static const char *sheet_of(
	struct fixture *fx, const char *store, const char *actor, int a1, int a2)
{
	const char *sheet = fixture_do(fx, "stocktake.create", store, actor, "{'scope':'full'}");
	fixture_do(fx, "stocktake.start", store, actor, "{'stocktake':'%s'}", sheet);
	fixture_do(fx, "stocktake.count", store, actor,
		"{'stocktake':'%s','sku':'A1','qty':%d,'mode':'set'}", sheet, a1);
	fixture_do(fx, "stocktake.count", store, actor,
		"{'stocktake':'%s','sku':'A2','qty':%d,'mode':'set'}", sheet, a2);
	fixture_do(fx, "stocktake.finish", store, actor, "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
	return sheet;
}

static void correct(struct fixture *fx, const char *store, const char *actor, const char *sheet)
{
	fixture_do(fx, "stocktake.correct", store, actor, "{'stocktake':'%s'}", sheet);
}

/* Prices of 12.50 and 3, and the sheets by short numbers. */
static void price_and_number(struct fixture *fx)
{
	fixture_sql(fx,
		"UPDATE product SET price = CASE sku WHEN 'A1' THEN 1250 WHEN 'A2' THEN 300 ELSE 0 END,"
		" vendor = CASE sku WHEN 'A1' THEN 'V1' ELSE vendor END,"
		" category = CASE sku WHEN 'A2' THEN 'hats' ELSE category END");
	fixture_sql(fx,
		"UPDATE stocktake SET number = 'STK-' || (SELECT COUNT(*) FROM stocktake n"
		" WHERE n.id <= stocktake.id)");
}

static void gain_and_loss(void **state)
{
	/* What corrections posted, by sheet, vendor, category and day of the correction; a reversal is a sheet
	 * of its own that takes it back, and what is not corrected is not told. */
	struct fixture *fx = *state;
	const char *first = sheet_of(fx, "xinyi", "lin", 90, 103);
	correct(fx, "xinyi", "lin", first);
	correct(fx, "ximen", "huang", sheet_of(fx, "ximen", "huang", 98, 100));
	sheet_of(fx, "ec", "dai", 1, 1);
	fx->now_ms += REPORT_DAY_MS;
	correct(fx, "xinyi", "lin",
		fixture_do(fx, "stocktake.reverse", "xinyi", "lin", "{'stocktake':'%s'}", first));
	price_and_number(fx);
	expect(fx, "stocktake_sheets", NULL,
		"STK-1|xinyi|2026-03-02|2|-10|3|-7|-125|9\n"
		"STK-2|ximen|2026-03-02|1|-2|0|-2|-25|0\n"
		"STK-4|xinyi|2026-03-03|2|-3|10|7|-9|125\n");
	expect(fx, "stocktake_sheets", "ximen", "STK-2|ximen|2026-03-02|1|-2|0|-2|-25|0\n");
	expect(fx, "stocktake_vendors", "xinyi", "Luma|2|-3|3|0|-9|9\nV1|2|-10|10|0|-125|125\n");
	expect(fx, "stocktake_categories", "xinyi",
		"bikes|2|-10|10|0|-125|125\nhats|2|-3|3|0|-9|9\n");
	expect(fx, "stocktake_days", NULL,
		"2026-03-02|2|3|-12|3|-9|-150|9\n2026-03-03|1|2|-3|10|7|-9|125\n");
	expect_since(fx, "stocktake_days", NULL, fx->now_ms, "2026-03-03|1|2|-3|10|7|-9|125\n");
	expect(fx, "stocktake_sheets", "ec", "");
}

/* Tickets of A1 and A2, redeemed at two stores on two days, offline, voided, refused, and a code nobody knows. */
static void redeem_some(struct fixture *fx)
{
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'T-1','buyer':'b','phone':'0912345678','lines':["
		"{'code':'TICKET-1','product':'A1','units':9},{'code':'TICKET-2','product':'A2','units':9}]}");
	const char *wrong = fixture_do(
		fx, "ticket.redeem", "xinyi", "chen", REDEEM, "TICKET-1", 4, "online");
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk", REDEEM, "TICKET-1", 3, "online");
	fixture_do(fx, "ticket.redeem", "ximen", "wang", REDEEM, "TICKET-2", 2, "offline");
	fixture_do(fx, "ticket.void", "xinyi", "lin", "{'redemption':'%s','reason':'slip'}", wrong);
	fixture_do(fx, "ticket.refused", "xinyi", "chen",
		"{'code':'TICKET-2','qty':5,'result':'needs_online'}");
	fx->now_ms += REPORT_DAY_MS;
	fixture_do(fx, "ticket.redeem", "xinyi", "chen", REDEEM, "TICKET-2", 1, "online");
	fixture_do(fx, "ticket.refused", "xinyi", "chen",
		"{'code':'NOBODY-KNOWS','qty':1,'result':'unknown'}");
}

static void redemptions(void **state)
{
	/* Units redeemed, of them voided and offline, refused scans and what stands, by day, product, store and
	 * person; a void counts with whoever redeemed, and all four tell the same sum. */
	struct fixture *fx = *state;
	redeem_some(fx);
	fixture_sql(fx, "UPDATE staff SET name = 'Chen' WHERE id = 'chen'");
	fixture_sql(fx, "UPDATE product SET name = 'Tea' WHERE sku = 'A1'");
	fixture_sql(fx, "UPDATE product SET name = '' WHERE sku = 'A2'");
	fixture_sql(fx, "UPDATE staff SET name = '' WHERE id <> 'chen'");
	expect(fx, "redemptions_days", NULL, "2026-03-02|9|4|2|1|5\n2026-03-03|1|0|0|1|1\n");
	expect(fx, "redemptions_products", NULL, "||0|0|0|1|0\nA1|Tea|7|4|0|0|3\nA2||3|0|2|1|3\n");
	expect(fx, "redemptions_stores", NULL, "ximen|2|0|2|0|2\nxinyi|8|4|0|2|4\n");
	expect(fx, "redemptions_staff", NULL,
		"chen|Chen|5|4|0|2|1\nkiosk||3|0|0|0|3\nwang||2|0|2|0|2\n");
}

static void redemptions_of_a_store_and_a_period(void **state)
{
	/* Only what was redeemed or refused at the store and in the days asked for is told. */
	struct fixture *fx = *state;
	redeem_some(fx);
	expect(fx, "redemptions_days", "ximen", "2026-03-02|2|0|2|0|2\n");
	expect(fx, "redemptions_stores", "ximen", "ximen|2|0|2|0|2\n");
	expect(fx, "redemptions_days", "ec", "");
	expect_since(fx, "redemptions_days", NULL, fx->now_ms, "2026-03-03|1|0|0|1|1\n");
	expect_since(fx, "redemptions_stores", NULL, fx->now_ms, "xinyi|1|0|0|1|1\n");
}

static void a_late_void_counts_on_the_day_of_the_redemption(void **state)
{
	/* A redemption before midnight and its void behind it are one day's, so that no day is below zero. */
	struct fixture *fx = *state;
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'T-1','buyer':'b','phone':'1','lines':["
		"{'code':'TICKET-1','product':'A1','units':2}]}");
	fx->now_ms = FIXTURE_START_MS + 14 * 3600000 - 60000; /* 23:59 in the stores */
	const char *late = fixture_do(
		fx, "ticket.redeem", "xinyi", "chen", REDEEM, "TICKET-1", 2, "online");
	fx->now_ms += 5 * 60000;
	fixture_do(fx, "ticket.void", "xinyi", "lin", "{'redemption':'%s','reason':'slip'}", late);
	expect(fx, "redemptions_days", NULL, "2026-03-02|2|2|0|0|0\n");
}

static void what_an_equal_line_took_back_is_told(void **state)
{
	/* A line that found the shelf as the book had been, and took back what another sheet had corrected since, is
	 * in the figures like any other. */
	struct fixture *fx = *state;
	const char *wrong = sheet_of(fx, "xinyi", "lin", 90, 100);
	int64_t counted_ms = fx->now_ms;
	fx->now_ms += 60000;
	correct(fx, "xinyi", "lin", wrong);
	fx->at_ms = counted_ms;
	const char *right = sheet_of(fx, "xinyi", "lin", 100, 100);
	fx->at_ms = 0;
	correct(fx, "xinyi", "lin", right);
	price_and_number(fx);
	expect(fx, "stocktake_sheets", NULL,
		"STK-1|xinyi|2026-03-02|1|-10|0|-10|-125|0\n"
		"STK-2|xinyi|2026-03-02|1|0|10|10|0|125\n");
}

static void an_amount_has_no_more_decimals_than_its_price(void **state)
{
	/* 0.333 pieces at 12.50 are 4.16 and not 4.1625. */
	struct fixture *fx = *state;
	const char *sheet = sheet_of(fx, "xinyi", "lin", 100, 100);
	fixture_do(fx, "stocktake.count", "xinyi", "lin",
		"{'stocktake':'%s','sku':'A1','qty':99.667,'mode':'set'}", sheet);
	correct(fx, "xinyi", "lin", sheet);
	price_and_number(fx);
	expect(fx, "stocktake_sheets", NULL, "STK-1|xinyi|2026-03-02|1|-0.333|0|-0.333|-4.16|0\n");
}

static void a_row_names_its_document(void **state)
{
	/* A row about a document gives its id, a sum gives none; only some reports ask for a period. */
	struct fixture *fx = *state;
	const char *id = steps_shipped(fx);
	const struct report *on_the_road = report_find("in_transit");
	const struct report *stock = report_find("stock_by_store");
	struct report_range range = report_recent(fx->db, NULL, fx->now_ms);
	struct db_rows *rows = report_select(fx->db, on_the_road, &range);
	assert_string_equal(on_the_road->opens, "movement");
	assert_true(db_next(rows));
	assert_string_equal(report_opens(on_the_road, rows), id);
	db_done(rows);
	rows = report_select(fx->db, stock, &range);
	assert_true(db_next(rows));
	assert_null(report_opens(stock, rows));
	db_done(rows);
	assert_false(report_has_period(on_the_road));
	assert_true(report_has_period(report_find("movements")));
}

/* Three orders of the channel of xinyi and ec, one of that of ximen; the second is a day younger, the last shipped. */
static void sell_some(struct fixture *fx)
{
	fixture_sql(fx, "UPDATE product SET name = ''");
	fixture_do(
		fx, "channel.put", NULL, "ho", "{'id':'web','name':'Web','stores':['ec','xinyi']}");
	fixture_do(fx, "channel.put", NULL, "ho", "{'id':'west','name':'West','stores':['ximen']}");
	fixture_do(fx, "order.place", "xinyi", "chen",
		"{'number':'N1','channel':'web','customer':'Blake','lines':[{'sku':'A1','qty':5},{'sku':'A2','qty':2.5}]}");
	fixture_do(fx, "order.ship", "xinyi", "lin",
		"{'order':'N1','store':'xinyi','lines':[{'sku':'A1','qty':2}]}");
	fixture_do(fx, "order.place", "ximen", "huang",
		"{'number':'N4','channel':'west','lines':[{'sku':'A1','qty':7}]}");
	fx->now_ms += REPORT_DAY_MS;
	fixture_do(fx, "order.place", "xinyi", "chen",
		"{'number':'N2','channel':'web','lines':[{'sku':'A1','qty':1}]}");
	fixture_do(fx, "order.place", "xinyi", "chen",
		"{'number':'N3','channel':'web','lines':[{'sku':'A3','qty':4}]}");
	fixture_do(fx, "order.invoice", "xinyi", "lin", "{'order':'N3'}");
	fixture_do(fx, "order.ship", "xinyi", "lin", "{'order':'N3','store':'xinyi'}");
}

static void sales_orders_by_status(void **state)
{
	/* How many orders of the store's channels stand where, from new to done, with what is still to do and since
	 * when; of the days they were placed in. */
	struct fixture *fx = *state;
	sell_some(fx);
	fixture_do(fx, "order.hold", "xinyi", "lin", "{'order':'N2'}");
	expect(fx, "orders_status", "xinyi",
		"on_hold|1|1|1|2026-03-03\n"
		"processing|1|7.5|5.5|2026-03-02\n"
		"complete|1|4|0|2026-03-03\n");
	expect(fx, "orders_status", "ximen", "open|1|7|7|2026-03-02\n");
	expect(fx, "orders_status", NULL,
		"open|1|7|7|2026-03-02\n"
		"on_hold|1|1|1|2026-03-03\n"
		"processing|1|7.5|5.5|2026-03-02\n"
		"complete|1|4|0|2026-03-03\n");
	expect_since(fx, "orders_status", "xinyi", FIXTURE_START_MS + REPORT_DAY_MS,
		"on_hold|1|1|1|2026-03-03\n"
		"complete|1|4|0|2026-03-03\n");
}

static void salable_and_on_hand(void **state)
{
	/* Why of what is there not all may be promised, what runs out first; no limit is an empty cell, and comes last. */
	struct fixture *fx = *state;
	sell_some(fx);
	fixture_do(fx, "product.put", NULL, "ho",
		"{'sku':'A1','name':'A1','threshold':190,'backorders':false}");
	fixture_do(fx, "product.put", NULL, "ho",
		"{'sku':'A2','name':'A2','threshold':-3,'backorders':true}");
	expect(fx, "salable", "xinyi",
		"A1|A1|Web|198|-4|190|4\n"
		"A3||Web|196|0|0|196\n"
		"A2|A2|Web|200|-2.5|-3|200.5\n");
	fixture_do(fx, "product.put", NULL, "ho",
		"{'sku':'A1','name':'A1','threshold':0,'backorders':true}");
	expect(fx, "salable", NULL,
		"A3||Web|196|0|0|196\n"
		"A2|A2|Web|200|-2.5|-3|200.5\n"
		"A1|A1|Web|198|-4|0|\n"
		"A1|A1|West|100|-7|0|\n");
}

static void open_reservations(void **state)
{
	/* What is promised and has not left, an order a row, the oldest first; those that are over have none. */
	struct fixture *fx = *state;
	sell_some(fx);
	fx->now_ms += 2 * REPORT_DAY_MS;
	expect(fx, "reservations_age", "xinyi",
		"3|N1|Web|Blake|processing|5.5\n"
		"2|N2|Web||open|1\n");
	expect(fx, "reservations_age", "ximen", "3|N4|West||open|7\n");
	fixture_do(fx, "order.cancel", "xinyi", "lin", "{'order':'N2'}");
	expect(fx, "reservations_age", NULL,
		"3|N1|Web|Blake|processing|5.5\n"
		"3|N4|West||open|7\n");
}

static void the_audit_of_reservations(void **state)
{
	/* Nothing while the ledger is right; else what is needed, of the store's channels, of a channel nobody knows
	 * for all stores. */
	struct fixture *fx = *state;
	sell_some(fx);
	expect(fx, "order_audit", NULL, "");
	fixture_sql(fx,
		"DELETE FROM reservation WHERE event = 'shipment_created' AND order_number = 'N1'");
	fixture_sql(fx, "UPDATE reservation SET qty = -6500 WHERE order_number = 'N4'");
	fixture_sql(fx, "UPDATE reservation SET channel = 'old' WHERE sku = 'A2'");
	expect(fx, "order_audit", "xinyi",
		"N1|A1||Web|-5|-3|2\n"
		"N1|A2||Web|0|-2.5|-2.5\n");
	expect(fx, "order_audit", NULL,
		"N1|A2||old|-2.5|0|2.5\n"
		"N1|A1||Web|-5|-3|2\n"
		"N1|A2||Web|0|-2.5|-2.5\n"
		"N4|A1||West|-6.5|-7|-0.5\n");
}

static void recent_days(void **state)
{
	/* The recent days are thirty business days of the store, and the present one is the last. */
	struct fixture *fx = *state;
	struct report_range range = report_recent(fx->db, "xinyi", fx->now_ms);
	assert_int_equal(range.until_ms - range.since_ms, 30 * REPORT_DAY_MS);
	assert_true(range.until_ms > fx->now_ms && range.until_ms <= fx->now_ms + REPORT_DAY_MS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(stock_by_store),
		TEST(movements_by_day),
		TEST(an_opening_balance_is_no_movement),
		TEST(a_day_begins_when_the_store_says),
		TEST(on_the_road_by_age),
		TEST(discrepancies),
		TEST(discrepancies_before_the_end),
		TEST(discrepancies_by_day_of_receipt),
		TEST(gain_and_loss),
		TEST(redemptions),
		TEST(redemptions_of_a_store_and_a_period),
		TEST(a_late_void_counts_on_the_day_of_the_redemption),
		TEST(what_an_equal_line_took_back_is_told),
		TEST(an_amount_has_no_more_decimals_than_its_price),
		TEST(a_row_names_its_document),
		TEST(sales_orders_by_status),
		TEST(salable_and_on_hand),
		TEST(open_reservations),
		TEST(the_audit_of_reservations),
		TEST(recent_days),
	};
	return cmocka_run_group_tests_name("reports", tests, NULL, NULL);
}
