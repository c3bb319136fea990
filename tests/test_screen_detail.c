/* One stock document on the screen: figures that add up, exceptions, history with terminals, links. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/document_steps.h"

static void receive_some(struct shop_fixture *f, const char *id)
{
	shop_fixture_do(f, "inbound.receive", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','qty':7,'damaged':1},{'sku':'A2','qty':1},"
		"{'sku':'A3','qty':2},{'sku':'X9','qty':1}]}",
		id);
	shop_fixture_land(f);
}

static struct screen *open_inbound(struct shop_fixture *f, const char *tab)
{
	struct screen *screen = shop_fixture_start_as(f, SHOP_MANAGER);

	screen_send(screen, "i");
	screen_expect(screen, "[Inbound orders]");
	screen_send(screen, tab);
	screen_send(screen, "<enter>");
	return screen;
}

static void test_exceptions(void **state)
{
	/* Lines that were counted otherwise than expected, damaged, extra or unknown stand on a tab of their own with their number. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s",
		shop_fixture_do(&f, "outbound.create", "ec", "dai",
			"{'to':'xinyi','lines':[{'sku':'A1','qty':5},{'sku':'A2','qty':3},"
			"{'sku':'A4','qty':4}]}"));
	shop_fixture_do(&f, "inbound.accept", "xinyi", "lin", "{'movement':'%s'}", id);
	shop_fixture_do(&f, "outbound.ship", "ec", "dai", "{'movement':'%s'}", id);
	shop_fixture_land(&f);
	screen = open_inbound(&f, "<tab>");
	screen_expect(screen, "[Lines 3] Exceptions 0  History 3");
	screen_expect(screen, "In transit 12");
	screen_send(screen, "<tab>");
	screen_expect(screen, "Nothing differs from what was expected.");
	shop_fixture_do(&f, "inbound.receive", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A4','qty':4}]}", id);
	receive_some(&f, id);
	screen_expect(screen, "Lines 5 [Exceptions 4] History 5");
	screen_expect(screen, "Rec'd 15  Damaged 1  In transit 2");
	screen_expect(screen, "4 exceptions");
	screen_expect(screen, "Extra");
	screen_expect(screen, "Unknown");
	assert_false(screen_has(screen, "A4 "));
	screen_send(screen, "<backtab>");
	screen_expect(screen, "A4 ");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_history_in_chinese(void **state)
{
	/* What the history tells of goods is in the language of whoever reads it; notes stay as they were written. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s", documents_order_from_ec(&f, false));
	shop_fixture_do(&f, "inbound.accept", "xinyi", "lin", "{'movement':'%s'}", id);
	shop_fixture_do(&f, "outbound.ship", "ec", "dai",
		"{'movement':'%s','lines':[{'sku':'A1','qty':4}]}", id);
	shop_fixture_do(&f, "inbound.receive", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','qty':3,'damaged':2},{'sku':'A2','qty':1}]}",
		id);
	shop_fixture_do(&f, "inbound.close", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','reason':'lost'}]}", id);
	shop_fixture_land(&f);
	screen = shop_fixture_start(&f, 50, 200, "zh_TW");
	screen_expect(screen, "登入");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "2222<enter>");
	screen_expect(screen, "出倉單");
	screen_send(screen, "i<backtab><backtab>");
	screen_expect(screen, "[已入庫 1]");
	screen_send(screen, "<enter>");
	screen_expect(screen, "歷程");
	screen_send(screen, "<backtab>");
	screen_expect(screen, "A1 ×3（不良品 2）、A2 ×1");
	screen_expect(screen, "A1 ×1 途中遺失");
	screen_expect(screen, "for the weekend");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_figures(void **state)
{
	/* What is to come is what is on its way and what can still be shipped; it is nothing once the document has ended. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s", documents_order_from_ec(&f, false));
	screen = open_inbound(&f, "");
	screen_expect(screen, "Ordered 8  Shipped 0  Rec'd 0  To come 8");
	shop_fixture_do(&f, "inbound.accept", "xinyi", "lin", "{'movement':'%s'}", id);
	shop_fixture_do(&f, "outbound.ship", "ec", "dai",
		"{'movement':'%s','lines':[{'sku':'A1','qty':4}]}", id);
	shop_fixture_land(&f);
	screen_expect(screen, "Ordered 8  Shipped 4  Rec'd 0  In transit 4  To come 8");
	shop_fixture_do(&f, "inbound.receive", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','qty':1}]}", id);
	shop_fixture_land(&f);
	screen_expect(screen, "Ordered 8  Shipped 4  Rec'd 1  In transit 3");
	screen_expect_gone(screen, "To come");
	shop_fixture_do(&f, "inbound.close", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','reason':'lost'}]}", id);
	shop_fixture_land(&f);
	screen_expect(screen, "Ordered 8  Shipped 4  Rec'd 1  Written off 3");
	screen_expect(screen, "Lost on the way");
	screen_expect_gone(screen, "To come");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_third_party(void **state)
{
	/* Of what goes to a third party the lines say what is to ship; its other end has no document. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s",
		shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
			"{'third_party':'Tea House','lines':[{'sku':'A1','qty':5}]}"));
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "o<tab><enter>");
	screen_expect(screen, "Ordered 5  Shipped 0  Rec'd 0  To ship 5");
	screen_send(screen, "p");
	screen_expect(screen, "The other end is a third party");
	screen_send(screen, "t");
	screen_expect(screen, "No transfer order led to this document.");
	shop_fixture_do(&f, "outbound.ship", "xinyi", "lin", "{'movement':'%s'}", id);
	shop_fixture_land(&f);
	screen_expect(screen, "Ordered 5  Shipped 5  Rec'd 0");
	screen_expect_gone(screen, "To ship 5");
	screen_expect(screen, "Exceptions 0");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_third_party_short(void **state)
{
	/* What a third party did not bring is short once closed: in the head, its line and the exceptions; nobody shipped it. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s",
		shop_fixture_do(&f, "inbound.create", "xinyi", "lin",
			"{'third_party':'Tea House','lines':[{'sku':'A1','qty':60}]}"));
	shop_fixture_do(&f, "inbound.receive", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','qty':30}]}", id);
	shop_fixture_land(&f);
	screen = open_inbound(&f, "<tab><tab><tab>");
	screen_expect(screen, "Ordered 60  Rec'd 30  To come 30");
	screen_expect_gone(screen, "Short");
	shop_fixture_do(&f, "inbound.close", "xinyi", "lin", "{'movement':'%s'}", id);
	shop_fixture_land(&f);
	screen_expect(screen, "Ordered 60  Rec'd 30  Short 30");
	screen_expect(screen, "Closed short");
	screen_expect(screen, "Exceptions 1");
	screen_expect_gone(screen, "Shipped");
	screen_expect_gone(screen, "To come");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

#define HISTORY_ROW "json_array(id, doc_kind, doc, store, other_store, op, actor, at, text, device)"

static void test_history(void **state)
{
	/* The history says who did what on which terminal, before HQ has heard of it and after, and shows an entry whole. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];
	char *row;

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s", documents_order_from_ec(&f, false));
	f.hq.world.device = "counter2-0123456789abcdef";
	shop_fixture_do(&f, "inbound.accept", "xinyi", "lin", "{'movement':'%s'}", id);
	shop_fixture_do(&f, "outbound.ship", "ec", "dai", "{'movement':'%s'}", id);
	shop_fixture_land(&f);
	screen = open_inbound(&f, "<tab>");
	screen_send(screen, "v");
	screen_expect(screen, "The goods are here");
	screen_send(screen, "y");
	screen_expect(screen, "* Arrived");
	screen_send(screen, "<backtab>");
	screen_expect(screen, "[History 4]");
	screen_expect(screen, "counter2-0123");
	screen_expect(screen, "This terminal");
	/* What stands here before HQ has heard of it is HQ's row to come, byte for byte. */
	row = db_get_text(f.console.cache,
		"SELECT " HISTORY_ROW " FROM history WHERE doc = $1 AND op = 'inbound.arrive'", "t",
		id);
	assert_non_null(row);
	shop_fixture_sync(&f);
	screen_expect_gone(screen, "* Arrived");
	screen_expect(screen, "This terminal");
	fixture_expect_text(&f.hq, row,
		"SELECT " HISTORY_ROW " FROM history WHERE doc = '%s' AND op = 'inbound.arrive'",
		id);
	assert_non_null(strstr(row, "device-1"));
	free(row);
	screen_send(screen, "<home><down><down><enter>");
	screen_expect(screen, "Terminal: counter2-0123 (counter2-0123456789abcdef)");
	screen_expect(screen, "A1 ×5, A2 ×3");
	screen_send(screen, "<esc>");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_links(void **state)
{
	/* From a document to its partner and back, and to the transfer order it was born from. */
	struct shop_fixture f;
	struct screen *screen;
	char transfer[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(transfer, sizeof(transfer), "%s",
		shop_fixture_do(&f, "transfer.request", "xinyi", "lin",
			"{'from':'ec','lines':[{'sku':'A1','qty':2}]}"));
	shop_fixture_do(&f, "transfer.agree", "ec", "dai", "{'transfer':'%s'}", transfer);
	shop_fixture_land(&f);
	screen = open_inbound(&f, "<tab>");
	screen_expect(screen, "Transfer order TR-XINYI-");
	screen_send(screen, "p");
	screen_expect(screen, "> OUT-EC-");
	screen_expect(screen, "EC倉 has it under: To ship.");
	screen_send(screen, "p");
	screen_expect_gone(screen, "> OUT-EC-");
	screen_expect(screen, "EC倉 ships it next.");
	screen_send(screen, "t");
	screen_expect(screen, "> TR-XINYI-");
	screen_send(screen, "<esc>");
	screen_expect(screen, "EC倉 ships it next.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exceptions),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_third_party),
		cmocka_unit_test(test_third_party_short),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_history_in_chinese),
		cmocka_unit_test(test_links),
	};

	return cmocka_run_group_tests_name("one stock document", tests, NULL, NULL);
}
