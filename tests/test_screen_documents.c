#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/document_steps.h"

static void test_lists(void **state)
{
	/* The pane opens on the outbound list; tabs count each status, both sides; a search narrows them. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','note':'spring sale','lines':[{'sku':'A3','qty':2}]}");
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'third_party':'Tea House','lines':[{'sku':'A4','qty':1}]}");
	documents_order_from_ec(&f, false);
	documents_order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_expect(screen, "o[Outbound orders]  i Inbound orders");
	screen_expect(screen, "[To confirm 1] To ship 1  In progress 0  Completed 0  Cancelled 0");
	screen_expect(screen, "> ");
	screen_expect(screen, "OUT-XINYI-");
	screen_expect(screen, "西門");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[To ship 1]");
	screen_expect(screen, "Tea House");
	screen_send(screen, "i");
	screen_expect(screen,
		"[To confirm 1] To receive 1  Counting 0  Partial 0  Received 0  Cancelled 0");
	screen_expect(screen, "IN-XINYI-");
	screen_send(screen, "o");
	screen_expect(screen, "[To ship 1]");
	screen_send(screen, "/black tea<enter>");
	screen_expect(screen, "Outbound orders | search \"black tea\"");
	screen_expect(screen, "To confirm 1 [To ship 0]");
	screen_send(screen, "/a4<enter>");
	screen_expect(screen, "To confirm 0 [To ship 1]");
	screen_send(screen, "/spring<enter>");
	screen_expect(screen, "Outbound orders | search \"spring\"");
	screen_expect(screen, "To confirm 1 [To ship 0]");
	screen_expect(screen, "No outbound order here.");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To ship 1]");
	screen_send(screen, "f2026-03-03<enter><enter>ximen");
	screen_expect(screen, "> ximen");
	screen_send(screen, "<enter><enter>");
	screen_expect(screen, "Outbound orders | to ximen | 2026-03-03 …");
	screen_expect(screen, "To confirm 0 [To ship 0]");
	screen_send(screen, "<esc>");
	screen_expect(screen, "To confirm 1 [To ship 1]");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_narrowed_together(void **state)
{
	/* Days, other end, number and words narrow the list together; the tabs count what is left of it. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','note':'spring sale','lines':[{'sku':'A3','qty':2}]}");
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','note':'autumn','lines':[{'sku':'A3','qty':2}]}");
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ec','note':'spring sale','lines':[{'sku':'A3','qty':2}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_expect(screen, "[To confirm 3]");
	screen_send(screen, "f2026-03-02<enter>2026-03-02<enter>ximen");
	screen_expect(screen, "> ximen");
	screen_send(screen, "<enter>out-xinyi-2026<enter>");
	screen_expect(screen, "| out-xinyi-2026… | to ximen | 2026-03-02 … 2026-03-02");
	screen_expect(screen, "[To confirm 2]");
	screen_send(screen, "/spring<enter>");
	screen_expect(screen, "[To confirm 1]");
	screen_expect(screen, "1 of 1");
	screen_send(screen, "i");
	screen_expect(screen, "Inbound orders | search \"spring\" | out-xinyi-2026… | from ximen");
	screen_expect(screen, "[To confirm 0]");
	screen_send(screen, "of<ctrl+u><tab><ctrl+u><tab><tab><ctrl+u>IN-<enter>");
	screen_expect(screen, "search \"spring\" | IN-… | to ximen");
	screen_expect(screen, "[To confirm 1]");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To confirm 3]");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_days_of_the_store(void **state)
{
	/* The days a list is narrowed to begin at the store's own midnight. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	fixture_sql(&f.hq, "UPDATE store SET tz_minutes = 0 WHERE id = 'xinyi'");
	f.hq.now_ms = FIXTURE_START_MS - INT64_C(6) * 3600000; /* 2026-03-01T20:00Z */
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','lines':[{'sku':'A3','qty':2}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_expect(screen, "[To confirm 1]");
	screen_send(screen, "f2026-03-02<ctrl+s>");
	screen_expect(screen, "[To confirm 0]");
	screen_send(screen, "f<ctrl+u>2026-03-01<tab>2026-03-01<ctrl+s>");
	screen_expect(screen, "[To confirm 1]");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_sorted(void **state)
{
	/* One key turns the list round, then sorts it by expected day and by number; it says so, and keeps its counts. */
	struct shop_fixture f;
	struct screen *screen;
	int first, second, column;

	(void)state;
	shop_fixture_open(&f);
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','expected_on':'2026-03-08','lines':[{'sku':'A3','qty':11}]}");
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','expected_on':'2026-03-05','lines':[{'sku':'A3','qty':22}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_expect(screen, "1 of 2");
	assert_true(screen_find(screen, " 22 ", &first, &column));
	assert_true(screen_find(screen, " 11 ", &second, &column));
	assert_true(first < second);
	screen_send(screen, "z");
	screen_expect(screen, "| oldest first");
	screen_expect(screen, "[To confirm 2]");
	screen_expect(screen, "1 of 2");
	assert_true(screen_find(screen, " 22 ", &first, &column));
	assert_true(screen_find(screen, " 11 ", &second, &column));
	assert_true(second < first);
	screen_send(screen, "<end>");
	screen_expect(screen, "2 of 2");
	screen_send(screen, "z");
	screen_expect(screen, "Outbound orders | by expected day");
	screen_expect(screen, "1 of 2");
	assert_true(screen_find(screen, " 22 ", &first, &column));
	assert_true(screen_find(screen, " 11 ", &second, &column));
	assert_true(first < second);
	screen_send(screen, "<down>");
	screen_expect(screen, "2 of 2");
	screen_send(screen, "t");
	screen_expect(screen, "Transfer orders | by expected day");
	screen_send(screen, "oz");
	screen_expect(screen, "Outbound orders | by number");
	screen_send(screen, "z");
	screen_expect_gone(screen, "| by");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_small_and_large(void **state)
{
	/* At 60 columns number, total and other end stay; at 200 the partner number and dates join. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, false);
	screen = shop_fixture_start(&f, 16, 60, "en");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_send(screen, "i");
	screen_expect(screen, "[To confirm 1]");
	screen_expect(screen, "Number");
	screen_expect(screen, "Total  Source");
	assert_false(screen_has(screen, "Expected"));
	screen_resize(screen, 50, 200);
	screen_expect(screen, "Outbound order ");
	screen_expect(screen, "OUT-EC-");
	screen_expect(screen, "2026-03-05");
	screen_expect(screen, "Waits for the receiver");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_whole_numbers(void **state)
{
	/* On a wide screen no number is cut, however long the ids of stores are; on the smallest the detail keeps the expected day. */
	struct shop_fixture f;
	struct screen *screen;
	char transfer[UUID_SIZE], *number, *partner;

	(void)state;
	shop_fixture_open(&f);
	fixture_sql(&f.hq,
		"INSERT INTO store (id, name, kind, enabled, tz_minutes) SELECT"
		" 'taichung', '台中店', kind, 1, tz_minutes FROM store WHERE id = 'ximen'");
	snprintf(transfer, sizeof(transfer), "%s",
		shop_fixture_do(&f, "transfer.request", "xinyi", "lin",
			"{'from':'ec','expected_on':'2026-03-05','lines':[{'sku':'A1','qty':2}]}"));
	shop_fixture_do(&f, "transfer.agree", "ec", "dai", "{'transfer':'%s'}", transfer);
	fixture_sql(&f.hq,
		"UPDATE movement SET out_number = 'OUT-TAICHUNG-20260302-1000-ABCDE',"
		" transfer_number = 'TR-TAICHUNG-20260302-1000-FGHJK'");
	shop_fixture_land(&f);
	number = db_get_text(f.hq.db, "SELECT transfer_number FROM movement", "");
	partner = db_get_text(f.hq.db, "SELECT out_number FROM movement", "");
	screen = shop_fixture_start(&f, 50, 200, "en");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_send(screen, "i<tab>");
	screen_expect(screen, "[To receive 1]");
	screen_expect(screen, number);
	screen_expect(screen, partner);
	screen_resize(screen, 16, 60);
	screen_send(screen, "<enter>");
	screen_expect(screen, "Expected 2026-03-05");
	screen_expect(screen, "A1 ");
	shop_fixture_quit(screen);
	free(number);
	free(partner);
	shop_fixture_close(&f);
}

static void test_unknown_status(void **state)
{
	/* A status only a newer HQ knows stands as it is, on a tab of its own. */
	struct shop_fixture f;
	struct screen *screen;
	const char *id;

	(void)state;
	shop_fixture_open(&f);
	id = documents_order_from_ec(&f, true);
	assert_true(db_run(
		f.hq.db, "UPDATE movement SET status = 'quarantined' WHERE id = $1", "t", id));
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "i<backtab>");
	screen_expect(screen, "[Other 1]");
	screen_send(screen, "<enter>");
	screen_expect(screen, "quarantined");
	screen_send(screen, "a");
	screen_expect(screen, "Only an inbound order to confirm can be accepted.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_chinese(void **state)
{
	/* In Chinese the tabs, the question and the count are Chinese, and aligned. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	screen = shop_fixture_start(&f, 24, 80, "zh_TW");
	screen_expect(screen, "登入");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "2222<enter>");
	screen_expect(screen, "o[出倉單]  i 進倉單");
	screen_expect(screen, "[待確認 0] 待出庫 0  處理中 0  已出庫 0  已取消 0");
	screen_send(screen, "i<tab>");
	screen_expect(screen, "待確認 0 [待入庫 1] 處理中 0  部份點收 0  已入庫 0  已取消 0");
	screen_expect(screen, "商品總量  盤點總量  來源店家");
	screen_send(screen, "c");
	screen_expect(screen, "整張單 0／8");
	screen_expect(screen, "應點量");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "1／5");
	screen_send(screen, "f");
	screen_expect(screen, "1 項，1 件");
	screen_expect(screen, "點收後尚缺：7");
	screen_send(screen, "y");
	screen_expect(screen, "已儲存");
	screen_expect(screen, "部份點收 1");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_ship_in_parts(void **state)
{
	/* An outbound is shipped in part by scanning, never more than is left, then all that remains. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s",
		shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
			"{'to':'ximen','lines':[{'sku':'A1','qty':2},{'sku':'A2','qty':9}]}"));
	shop_fixture_do(&f, "inbound.accept", "ximen", "huang", "{'movement':'%s'}", id);
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "<tab>s");
	screen_expect(screen, "All that is left of it");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Shipping of OUT-XINYI-");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Oolong tea: 1 of 2");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Oolong tea: 2 of 2");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1: no more of it is left to ship.");
	screen_send(screen, "=A3<enter>");
	screen_expect(screen, "A3 is not on this order: not counted.");
	screen_send(screen, "f");
	screen_expect(screen, "Still to ship afterwards: 9");
	screen_send(screen, "y");
	screen_expect(screen, "Status: Accepted.");
	screen_send(screen, "x");
	screen_expect(screen, "Part of it was shipped already");
	screen_send(screen, "s<enter>");
	screen_expect(screen, "1 line, 9 pieces: A2 ×9");
	screen_send(screen, "y");
	screen_expect(screen, "To confirm 0 [To ship 0] In progress 1");
	assert_int_equal(shop_fixture_sent(&f, "outbound.ship", ""), 2);
	shop_fixture_sync(&f);
	assert_int_equal(fixture_on_hand(&f.hq, "xinyi", "A2"), 91000);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_the_to_do_page_leads_to_the_documents(void **state)
{
	/* F7 lists what waits for the store, and Enter shows those documents. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, false);
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "<f5>");
	screen_expect(screen, "Oolong");
	screen_send(screen, "<f7>");
	screen_expect(screen, "1  Inbound orders to confirm");
	screen_send(screen, "<enter>");
	screen_expect(screen, "IN-XINYI-");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_work_is_counted_by_tab(void **state)
{
	/* What the status line and the to-do page count is what stands on the tab they lead to. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	for (int i = 0; i < 4; i++) {
		snprintf(id, sizeof(id), "%s",
			shop_fixture_do(&f, "outbound.create", "ximen", "huang",
				"{'to':'xinyi','lines':[{'sku':'A1','qty':3}]}"));
		shop_fixture_do(&f, "inbound.accept", "xinyi", "lin", "{'movement':'%s'}", id);
		if (i > 0)
			shop_fixture_do(
				&f, "outbound.ship", "ximen", "huang", "{'movement':'%s'}", id);
		if (i > 1)
			shop_fixture_do(
				&f, "inbound.arrive", "xinyi", "lin", "{'movement':'%s'}", id);
	}
	shop_fixture_do(&f, "inbound.receive", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','qty':1}]}", id);
	shop_fixture_land(&f);
	screen = shop_fixture_start(&f, 24, 100, "en");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_expect_row(screen, -1, "receive 2 \u00b7 counting 1 \u00b7 partial 1");
	screen_send(screen, "<f7>");
	screen_expect(screen, "2  Inbound orders to receive");
	screen_expect(screen, "1  Inbound orders to count");
	screen_expect(screen, "1  Inbound orders received in part");
	screen_send(screen, "<enter>");
	screen_expect(screen, "[To receive 2] Counting 1  Partial 1");
	screen_send(screen, "<f7><down><enter>");
	screen_expect(screen, "To receive 2 [Counting 1] Partial 1");
	screen_send(screen, "<f7><down><down><enter>");
	screen_expect(screen, "To receive 2  Counting 1 [Partial 1]");
	screen_resize(screen, 16, 60);
	screen_expect_row(screen, -1, "to do 4");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_reasons(void **state)
{
	/* A rejection needs a reason; a cancellation may have one; both ask a second time. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, false);
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','lines':[{'sku':'A3','qty':2}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "ir");
	screen_expect(screen, "Why is it rejected?");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Say why");
	screen_send(screen, "no room<enter>");
	screen_expect(screen, "Reason: no room.");
	screen_expect(screen, "[ Back ]");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Reject inbound order");
	screen_expect(screen, "Cancelled 1");
	screen_send(screen, "ox");
	screen_expect(screen, "Why is it cancelled?");
	screen_send(screen, "<enter>y");
	screen_expect(screen, "Saved: Cancel outbound order");
	shop_fixture_expect_sent(&f, "inbound.reject", "\"reason\":\"no room\"");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_why_not(void **state)
{
	/* A key that may not do it says why: the role, the side, the status. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, false);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "a");
	screen_expect(screen, "There is no document here.");
	screen_send(screen, "n");
	screen_expect(screen, "This needs the right of: Manager.");
	screen_send(screen, "<f6>e");
	screen_expect(screen, "There is nothing under the cursor.");
	screen_send(screen, "<f2>ia");
	screen_expect(screen, "This needs the right of: Manager.");
	screen_send(screen, "s");
	screen_expect(screen, "Only the store that sends the goods can do this.");
	screen_send(screen, "v");
	screen_expect(screen, "Only an inbound order that is on its way can arrive.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_refused_later(void **state)
{
	/* What HQ refuses is undone on the screen without a key. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s", documents_order_from_ec(&f, false));
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "i<enter>a");
	screen_expect(screen, "[ Accept ]");
	screen_send(screen, "y");
	screen_expect(screen, "* Accepted");
	shop_fixture_do(&f, "outbound.cancel", "ec", "dai", "{'movement':'%s'}", id);
	shop_fixture_sync(&f);
	screen_expect_gone(screen, "* Accepted");
	screen_expect(screen, " Cancelled");
	screen_expect(screen, "problems 1");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_narrowed_together),
		cmocka_unit_test(test_days_of_the_store),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_small_and_large),
		cmocka_unit_test(test_whole_numbers),
		cmocka_unit_test(test_unknown_status),
		cmocka_unit_test(test_chinese),
		cmocka_unit_test(test_ship_in_parts),
		cmocka_unit_test(test_the_to_do_page_leads_to_the_documents),
		cmocka_unit_test(test_work_is_counted_by_tab),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_why_not),
		cmocka_unit_test(test_refused_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
