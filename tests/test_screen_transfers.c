#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/far_stock.h"
#include "tests/screen/shop_fixture.h"

/* 西門 asks 信義 for goods. */
static const char *asked_of_us(struct shop_fixture *f)
{
	const char *id = shop_fixture_do(f, "transfer.request", "ximen", "huang",
		"{'from':'xinyi','note':'for the fair','expected_on':'2026-03-05',"
		"'lines':[{'sku':'A1','qty':5},{'sku':'A2','qty':3}]}");

	shop_fixture_land(f);
	return id;
}

/* 信義 asks 西門. */
static const char *asked_by_us(struct shop_fixture *f)
{
	const char *id = shop_fixture_do(f, "transfer.request", "xinyi", "lin",
		"{'from':'ximen','expected_on':'2026-03-07','lines':[{'sku':'A3','qty':4}]}");

	shop_fixture_land(f);
	return id;
}

static void number_of(struct shop_fixture *f, const char *id, char number[80])
{
	char *found = db_get_text(f->hq.db, "SELECT number FROM transfer WHERE id = $1", "t", id);

	snprintf(number, 80, "%s", found ? found : "");
	free(found);
}

static void test_tabs(void **state)
{
	/* Pending orders stand on two tabs by who is asked; the others whichever end this store is. */
	struct shop_fixture f;
	struct screen *screen;
	const char *id;

	(void)state;
	shop_fixture_open(&f);
	id = asked_by_us(&f);
	shop_fixture_do(&f, "transfer.cancel", "xinyi", "lin", "{'transfer':'%s'}", id);
	id = asked_of_us(&f);
	shop_fixture_do(&f, "transfer.refuse", "xinyi", "lin",
		"{'transfer':'%s','reason':'none left'}", id);
	id = asked_of_us(&f);
	shop_fixture_do(&f, "transfer.agree", "xinyi", "lin", "{'transfer':'%s'}", id);
	asked_of_us(&f);
	asked_by_us(&f);
	asked_by_us(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_expect(screen, "answer 1");
	screen_send(screen, "t");
	screen_expect(screen, "t[Transfer orders]");
	screen_expect(screen, "[They confirm 2] We confirm 1  Confirmed 1  Cancelled 2");
	screen_expect(screen, "西門店 agrees or refuses next.");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[We confirm 1]");
	screen_expect(screen, "TR-XIMEN-");
	screen_expect(screen, "信義店 agrees or refuses next.");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[Confirmed 1]");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[Cancelled 2]");
	screen_expect(screen, "1 of 2");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_narrowed(void **state)
{
	/* A source or destination narrows the tabs to the orders of which this store is the other end. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	asked_of_us(&f);
	asked_by_us(&f);
	shop_fixture_do(&f, "transfer.request", "ec", "dai",
		"{'from':'xinyi','lines':[{'sku':'A3','qty':4}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "t");
	screen_expect(screen, "[They confirm 1] We confirm 2");
	screen_send(screen, "f<tab><tab><tab>ximen");
	screen_expect(screen, "> ximen");
	screen_send(screen, "<enter><enter>");
	screen_expect(screen, "Transfer orders | to ximen");
	screen_expect(screen, "[They confirm 0] We confirm 1");
	screen_expect(screen, "No transfer order here.");
	screen_send(screen, "<tab>");
	screen_expect(screen, "1 of 1");
	screen_send(screen, "f<tab><tab>ec");
	screen_expect(screen, "> ec");
	screen_send(screen, "<ctrl+s>");
	screen_expect(screen, "One end is always this store");
	screen_send(screen, "<esc>y");
	screen_expect(screen, "Transfer orders | to ximen");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_ask(void **state)
{
	/* Goods are asked for by scan and SKU; the draft survives a kill; it is created once. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "tn<enter>");
	screen_expect(screen, "New transfer order");
	screen_send(screen, "ximen");
	screen_expect(screen, "> ximen");
	screen_send(screen, "<enter>2026/3/9<enter>for the fair<enter>");
	screen_expect(screen, "Source 西門店");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 1.");
	screen_expect(screen, "At source");
	screen_send(screen, "n");
	screen_expect(screen, "where that is known");
	screen_send(screen, "A2<enter>7<enter>");
	screen_expect(screen, "2 lines, 8 pieces");
	assert_int_equal(kill(screen_pid(screen), SIGKILL), 0);
	screen_wait_exit(screen);
	screen_end(screen);

	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "tn<enter>");
	screen_expect(screen, "Going on with the draft kept here.");
	screen_expect(screen, "2 lines, 8 pieces");
	screen_send(screen, "f");
	screen_expect(screen, "From 西門店");
	screen_expect(screen, "2 lines, 8 pieces: A1 ×1, A2 ×7");
	assert_int_equal(shop_fixture_sent(&f, "transfer.request", ""), 0);
	screen_send(screen, "y");
	screen_expect(screen, "Saved: New transfer order, TR-XINYI-");
	screen_expect(screen, "* Waits for an answer");
	shop_fixture_expect_sent(&f, "transfer.request", "\"from\":\"ximen\"");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[They confirm 1]");
	shop_fixture_sync(&f);
	screen_expect_gone(screen, "* ");
	assert_int_equal(fixture_int(&f.hq, "SELECT count(*) FROM transfer"), 1);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_known_source(void **state)
{
	/* Where the source's stock is known here, it stands beside each line; what no store has is doubted. */
	static const char *const stores[] = {"xinyi", "ximen", NULL};
	struct shop_fixture f;
	struct screen *screen;
	const char *id;

	(void)state;
	shop_fixture_open_bare(&f, stores);
	fixture_set_on_hand(&f.hq, "ximen", "A2", 6000);
	id = shop_fixture_do(&f, "transfer.request", "ximen", "huang",
		"{'from':'ec','lines':[{'sku':'A1','qty':5}]}");
	shop_fixture_do(&f, "transfer.agree", "ec", "dai", "{'transfer':'%s'}", id);
	fixture_sql(&f.hq, "DELETE FROM stock WHERE sku = 'A4' AND store = 'ximen'");
	shop_fixture_land(&f);
	screen = shop_fixture_start(&f, 0, 0, "en");
	screen_expect(screen, "xinyi");
	screen_send(screen, "xinyi<enter>");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	/* What other stores of this terminal settle among themselves is not this store's. */
	screen_send(screen, "t<tab><tab>");
	screen_expect(screen, "[Confirmed 0]");
	screen_expect(screen, "No transfer order here.");
	screen_send(screen, "n<enter>ximen");
	screen_expect(screen, "> ximen");
	screen_send(screen, "<enter><ctrl+s>");
	screen_expect(screen, "Source 西門店");
	screen_send(screen, "n");
	screen_expect(screen, "what is available at the source");
	screen_send(screen, "A2");
	screen_expect(screen, "[6] A2");
	screen_send(screen, "<enter>7<enter>");
	screen_expect(screen, "7, but only 6 available");
	screen_expect(screen, "Too few");
	screen_send(screen, "nB1<enter><enter>");
	screen_expect(screen, "no other store known here has it. Check the SKU.");
	screen_send(screen, "nA4<enter><enter>");
	screen_expect(screen, "3 lines, 9 pieces");
	screen_send(screen, "f");
	screen_expect(screen, "ximen has no B1");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* HQ answers what was asked about; 西門 has five of it. */
static void tell_far(struct shop_fixture *f)
{
	cJSON *list = cJSON_Parse("[{\"store\":\"ximen\",\"sku\":\"A3\",\"on_hand\":5,"
				  "\"in_transit_in\":0,\"in_transit_out\":0,\"damaged\":0,"
				  "\"available\":5}]");

	assert_non_null(list);
	console_changed(&f->console);
	assert_true(far_stock_take(f->console.cache, "A3", list, FIXTURE_START_MS));
	cJSON_Delete(list);
}

static void test_told_source(void **state)
{
	/* What HQ told of the source stands there with its age; of what it told nothing, a dash. */
	struct shop_fixture f;
	struct screen *screen;
	int row, column;

	(void)state;
	shop_fixture_open(&f);
	shop_fixture_do(&f, "transfer.request", "xinyi", "lin",
		"{'from':'ximen','lines':[{'sku':'A3','qty':4},{'sku':'A5','qty':2}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "t<enter>");
	screen_expect(screen, "not known here yet");
	tell_far(&f);
	screen_expect(screen, "At source as of 03-02 10:00");
	assert_true(screen_find(screen, " A5 ", &row, &column));
	screen_expect_row(screen, row, "\u2013          \u2013       100");
	screen_expect_row(screen, row - 1, "\u2013          5       100");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_agree(void **state)
{
	/* Agreeing asks a second time and makes an accepted movement; keys lead there and back. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	asked_of_us(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "t<tab><enter>");
	screen_expect(screen, "Waits for an answer");
	screen_expect(screen, "Asked for 8");
	screen_expect(screen, "Note for the fair");
	screen_send(screen, "p");
	screen_expect(screen, "It has no stock document");
	screen_send(screen, "a");
	screen_expect(screen, "All that is asked for");
	screen_send(screen, "<enter>");
	screen_expect(screen, "信義店 to 西門店");
	screen_expect(screen, "2 lines, 8 pieces: A1 ×5, A2 ×3");
	assert_int_equal(shop_fixture_sent(&f, "transfer.agree", ""), 0);
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Agree to transfer order, TR-XIMEN-");
	screen_expect(screen, "* Confirmed");
	screen_expect(screen, "Stock document OUT-XINYI-");
	screen_send(screen, "p");
	screen_expect(screen, "信義店 ships it next.");
	screen_send(screen, "t");
	screen_expect(screen, "* Confirmed");
	screen_send(screen, "<esc><esc><esc>");
	screen_expect(screen, "[We confirm 0] Confirmed 1");
	shop_fixture_sync(&f);
	assert_int_equal(
		fixture_int(&f.hq, "SELECT count(*) FROM movement WHERE status = 'accepted'"), 1);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_agree_to_less(void **state)
{
	/* Less is agreed to line by line, never more than was asked for, and not nothing at all. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	fixture_set_on_hand(&f.hq, "xinyi", "A1", 4000);
	asked_of_us(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "t<tab>a");
	screen_expect(screen, "A1 ×5, but only 4 available.");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Agree to less");
	screen_expect(screen, "7 of 8");
	screen_send(screen, "<enter>6<enter>");
	screen_expect(screen, "Only 5 are asked for.");
	screen_send(screen, "<ctrl+u>0<enter>");
	screen_expect(screen, "3 of 8");
	screen_send(screen, "+");
	screen_expect(screen, "3 of 8");
	screen_send(screen, "<enter>0<enter>f");
	screen_expect(screen, "Nothing is agreed to.");
	screen_send(screen, "<home>++<end>+f");
	screen_expect(screen, "2 lines, 3 pieces: A1 ×2, A2 ×1");
	screen_expect(screen, "Asked for: 8.");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Agree to transfer order");
	screen_expect(screen, "Confirmed 1");
	shop_fixture_sync(&f);
	assert_int_equal(fixture_int(&f.hq, "SELECT SUM(ordered) FROM movement_line"), 3000);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_short_of_it(void **state)
{
	/* Agreeing to all asks a second time and names number, ends, lines, pieces and what there is too little of. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	fixture_set_on_hand(&f.hq, "xinyi", "A1", 4000);
	fixture_set_on_hand(&f.hq, "xinyi", "A2", -1000);
	asked_of_us(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "t<tab>a<enter>");
	screen_expect(screen, "[ Agree ]");
	screen_expect(screen, "TR-XIMEN-");
	screen_expect(screen, "信義店 to 西門店");
	screen_expect(screen, "2 lines, 8 pieces: A1 ×5, A2 ×3");
	screen_expect(screen, "A1 ×5, but only 4 available.");
	screen_expect(screen, "A2 ×3, but only \u22121 available.");
	assert_int_equal(shop_fixture_sent(&f, "transfer.agree", ""), 0);
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Agree to transfer order, TR-XIMEN-");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_less_is_not_lost(void **state)
{
	/* Where less is agreed to the title names the order, and quantities that were typed are not thrown away unasked. */
	struct shop_fixture f;
	struct screen *screen;
	char number[80], title[120];

	(void)state;
	shop_fixture_open(&f);
	number_of(&f, asked_of_us(&f), number);
	snprintf(title, sizeof(title), "> Agree to less of %s", number);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "t<tab>a<down><enter>");
	screen_expect(screen, title);
	screen_expect(screen, "8 of 8");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "8 of 8");
	screen_send(screen, "a<down><enter>");
	screen_expect(screen, "8 of 8");
	screen_send(screen, "-");
	screen_expect(screen, "7 of 8");
	screen_send(screen, "<esc>");
	screen_expect(screen, "The quantities typed here are forgotten.");
	screen_expect(screen, "[ Back ]");
	screen_send(screen, "n");
	screen_expect_gone(screen, "are forgotten");
	screen_expect(screen, "7 of 8");
	screen_send(screen, "<esc>y");
	screen_expect_gone(screen, "7 of 8");
	screen_expect(screen, "[We confirm 1]");
	assert_int_equal(shop_fixture_sent(&f, "transfer.agree", ""), 0);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_reasons(void **state)
{
	/* A refusal needs a reason, a cancellation may have one, and the other end sees it. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	asked_of_us(&f);
	asked_by_us(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "t<tab>r");
	screen_expect(screen, "Why is it refused?");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Say why");
	screen_send(screen, "none left<enter>");
	screen_expect(screen, "Reason: none left.");
	screen_expect(screen, "[ Back ]");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Refuse transfer order, TR-XIMEN-");
	screen_expect(screen, "Cancelled 1");
	screen_send(screen, "<backtab>x");
	screen_expect(screen, "Why is it cancelled?");
	screen_send(screen, "<enter>y");
	screen_expect(screen, "Saved: Cancel transfer order, TR-XINYI-");
	screen_expect(screen, "Cancelled 2");
	shop_fixture_expect_sent(&f, "transfer.refuse", "\"reason\":\"none left\"");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_why_not(void **state)
{
	/* A key that may not do it says why: the role, the end, the status. */
	struct shop_fixture f;
	struct screen *screen;
	const char *id;

	(void)state;
	shop_fixture_open(&f);
	asked_by_us(&f);
	id = asked_of_us(&f);
	shop_fixture_do(&f, "transfer.agree", "xinyi", "lin", "{'transfer':'%s'}", id);
	asked_of_us(&f);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "ta");
	screen_expect(screen, "Only the store that is asked can do this.");
	screen_send(screen, "x");
	screen_expect(screen, "This needs the right of: Manager.");
	screen_send(screen, "<tab>x");
	screen_expect(screen, "Only the store that asks can do this.");
	screen_send(screen, "a");
	screen_expect(screen, "This needs the right of: Manager.");
	screen_send(screen, "<tab>a");
	screen_expect(screen, "Only a transfer order that waits for an answer can be agreed to.");
	screen_send(screen, "n");
	screen_expect(screen, "This needs the right of: Manager.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_answered_meanwhile(void **state)
{
	/* What the other end cancelled while quantities are typed cannot be agreed to any more. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s", asked_of_us(&f));
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "t<tab>a<down><enter>");
	screen_expect(screen, "8 of 8");
	shop_fixture_do(&f, "transfer.cancel", "ximen", "huang", "{'transfer':'%s'}", id);
	shop_fixture_land(&f);
	screen_expect_gone(screen, "answer 1");
	screen_send(screen, "f");
	screen_expect(screen, "This transfer order was answered or cancelled meanwhile.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_found(void **state)
{
	/* A scanned number opens the order, and the to-do page leads to those that wait. */
	struct shop_fixture f;
	struct screen *screen;
	char number[80];

	(void)state;
	shop_fixture_open(&f);
	number_of(&f, asked_of_us(&f), number);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_scan(screen, number);
	screen_expect(screen, "信義店 agrees or refuses next.");
	screen_send(screen, "<tab>");
	screen_expect(screen, "New transfer order");
	screen_send(screen, "<esc><f7>");
	screen_expect(screen, "1  Transfer orders to agree to");
	screen_send(screen, "<enter>");
	screen_expect(screen, "[We confirm 1]");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_sizes(void **state)
{
	/* At 60 columns number, total and the other end stay; at 200 the movement's number joins. */
	struct shop_fixture f;
	struct screen *screen;
	const char *id;

	(void)state;
	shop_fixture_open(&f);
	asked_by_us(&f);
	id = asked_of_us(&f);
	shop_fixture_do(&f, "transfer.agree", "xinyi", "lin", "{'transfer':'%s'}", id);
	shop_fixture_land(&f);
	screen = shop_fixture_start(&f, 16, 60, "en");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_send(screen, "t");
	screen_expect(screen, "t[Transfer orders]");
	screen_expect(screen, "[They confirm 1]");
	screen_expect(screen, "Total  Source");
	screen_expect(screen, "西門店");
	screen_send(screen, "<enter>");
	screen_expect(screen, "At source");
	screen_expect(screen, "Expected 2026-03-07");
	screen_expect(screen, "not known here yet");
	screen_send(screen, "<esc><right><right>");
	screen_expect(screen, "[Confirmed 1]");
	screen_expect_row(screen, 4, "Source");
	screen_expect_row(screen, 5, "信義店");
	screen_resize(screen, 50, 200);
	screen_expect(screen, "[Confirmed 1]");
	screen_expect(screen, "OUT-XINYI-");
	screen_expect(screen, "2026-03-05");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_chinese(void **state)
{
	/* In Chinese the tabs, the order and the question are Chinese. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	asked_of_us(&f);
	screen = shop_fixture_start(&f, 24, 80, "zh_TW");
	screen_expect(screen, "登入");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "2222<enter>");
	screen_expect(screen, "t 調倉單");
	screen_send(screen, "t");
	screen_expect(screen, "[待他方確認 0] 待我方確認 1  已確認 0  已取消 0");
	screen_send(screen, "<tab>a<enter>");
	screen_expect(screen, "2 項，8 件");
	screen_send(screen, "y");
	screen_expect(screen, "已儲存");
	screen_expect(screen, "已確認 1");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tabs),
		cmocka_unit_test(test_narrowed),
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_known_source),
		cmocka_unit_test(test_told_source),
		cmocka_unit_test(test_agree),
		cmocka_unit_test(test_agree_to_less),
		cmocka_unit_test(test_short_of_it),
		cmocka_unit_test(test_less_is_not_lost),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_why_not),
		cmocka_unit_test(test_answered_meanwhile),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_chinese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
