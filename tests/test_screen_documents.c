#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/shop_fixture.h"

/* ---- steps ---- */

static void open_home(struct shop_fixture *f)
{
	shop_fixture_open(f);
}

/* An order of 5 A1 and 3 A2 from ec to xinyi, made and, as far as asked, accepted and shipped. */
static const char *order_from_ec(struct shop_fixture *f, bool is_shipped)
{
	const char *id = shop_fixture_do(f, "outbound.create", "ec", "dai",
		"{'to':'xinyi','note':'for the weekend','expected_on':'2026-03-05',"
		"'lines':[{'sku':'A1','qty':5},{'sku':'A2','qty':3}]}");

	if (is_shipped) {
		shop_fixture_do(f, "inbound.accept", "xinyi", "lin", "{'movement':'%s'}", id);
		shop_fixture_do(f, "outbound.ship", "ec", "dai", "{'movement':'%s'}", id);
	}
	shop_fixture_land(f);
	return id;
}

static void quit(struct screen *screen)
{
	screen_send(screen, "<f10>");
	screen_settle(screen, 100);
	if (screen_has(screen, "[ Leave ]") || screen_has(screen, "Leave   "))
		screen_send(screen, "y");
	assert_int_equal(screen_wait_exit(screen), 0);
	assert_true(screen_is_restored(screen));
	screen_end(screen);
}

/* The outbox's commands of one kind. */
static int64_t sent(struct shop_fixture *f, const char *op)
{
	return db_get_int(
		f->console.outbox, -1, "SELECT count(*) FROM command WHERE op = $1", "t", op);
}

static void expect_line_has(struct shop_fixture *f, const char *op, const char *part)
{
	if (!db_has(f->console.outbox,
		    "SELECT 1 FROM command WHERE op = $1 AND instr(line, $2) > 0", "tt", op, part))
		fail_msg("no %s has %s", op, part);
}

/* ---- the lists ---- */

static void test_lists(void **state)
{
	/* The pane opens on the outbound list; tabs count each status, both sides; a search narrows them. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','note':'spring sale','lines':[{'sku':'A3','qty':2}]}");
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'third_party':'Tea House','lines':[{'sku':'A4','qty':1}]}");
	order_from_ec(&f, false);
	order_from_ec(&f, true);
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
	screen_send(screen, "/spring<enter>");
	screen_expect(screen, "Outbound orders | search \"spring\"");
	screen_expect(screen, "To confirm 1 [To ship 0]");
	screen_expect(screen, "No outbound order here.");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To ship 1]");
	screen_send(screen, "f2026-03-03<enter><enter>ximen");
	screen_expect(screen, "> ximen");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Outbound orders | ximen | 2026-03-03 …");
	screen_expect(screen, "To confirm 0 [To ship 0]");
	screen_send(screen, "<esc>");
	screen_expect(screen, "To confirm 1 [To ship 1]");
	quit(screen);
	shop_fixture_close(&f);
}

static void test_small_and_large(void **state)
{
	/* At 60 columns number, total and other end stay; at 200 the partner number and dates join. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	order_from_ec(&f, false);
	screen = shop_fixture_start(&f, 16, 60, "en");
	screen_expect(screen, "Your name or id");
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
	quit(screen);
	shop_fixture_close(&f);
}

/* ---- the inbound way ---- */

static void test_inbound_way(void **state)
{
	/* An inbound is accepted, arrives, is counted in two parts and closed short, by keys only. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	open_home(&f);
	snprintf(id, sizeof(id), "%s", order_from_ec(&f, false));
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "i<enter>");
	screen_expect(screen, "Waits for the receiver");
	screen_expect(screen, "for the weekend");
	screen_send(screen, "a");
	screen_expect(screen, "2 lines, 8 pieces: A1 ×5, A2 ×3");
	screen_expect(screen, "[ Accept ]");
	assert_int_equal(sent(&f, "inbound.accept"), 0);
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Accept inbound order, IN-XINYI-");
	screen_expect(screen, "* Accepted");
	assert_int_equal(sent(&f, "inbound.accept"), 1);
	shop_fixture_sync(&f);
	screen_expect_gone(screen, "* Accepted");

	/* The other store's step appears without a key. */
	shop_fixture_do(&f, "outbound.ship", "ec", "dai", "{'movement':'%s'}", id);
	shop_fixture_land(&f);
	screen_expect(screen, "On the way");
	screen_send(screen, "v");
	screen_expect(screen, "The goods are here");
	screen_send(screen, "y");
	screen_expect(screen, "* Arrived");

	screen_send(screen, "c");
	screen_expect(screen, "Count of IN-XINYI-");
	screen_expect(screen, "now 0, before 0, expected 8");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 1 of 5.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 2 of 5.");
	screen_expect(screen, "now 2, before 0, expected 8");
	screen_send(screen, "<end><enter>3<enter>");
	screen_expect(screen, "A2 綠茶 Green tea: 3 of 3.");
	screen_send(screen, "f");
	screen_expect(screen, "2 lines, 5 pieces");
	screen_expect(screen, "Still missing afterwards: 3");
	assert_int_equal(sent(&f, "inbound.receive"), 0);
	screen_send(screen, "y");
	screen_expect(screen, "Status: Partly received.");
	screen_expect(screen, "Rec'd 5");
	assert_int_equal(sent(&f, "inbound.receive"), 1);

	screen_send(screen, "c");
	screen_expect(screen, "now 0, before 5, expected 8");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "3 of 5");
	screen_send(screen, "fy");
	screen_expect(screen, "Rec'd 6");
	screen_send(screen, "k");
	screen_expect(screen, "What became of them?");
	screen_send(screen, "<down><down><down><enter>");
	screen_expect(screen, "1 line, 2 pieces: A1 ×2");
	screen_expect(screen, "Reason: Lost on the way.");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Close short");
	screen_expect(screen, "Written off 2");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[History 7]");
	shop_fixture_sync(&f);
	assert_int_equal(shop_fixture_unsent(&f), 0);
	fixture_expect_text(&f.hq, "received", "SELECT status FROM movement WHERE id = '%s'", id);
	assert_int_equal(fixture_on_hand(&f.hq, "xinyi", "A1"), 103000);
	assert_int_equal(fixture_on_hand(&f.hq, "xinyi", "A2"), 103000);
	quit(screen);
	shop_fixture_close(&f);
}

static void test_complete(void **state)
{
	/* A count that completes every line shows received at once, and counts as arrived. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "i<tab>c");
	screen_expect(screen, "Count of IN-XINYI-");
	screen_send(screen, "l<down>l");
	screen_expect(screen, "now 8, before 0, expected 8");
	screen_send(screen, "f");
	screen_expect(screen, "this also marks it as");
	screen_send(screen, "y");
	screen_expect(screen, "Status: Received.");
	screen_expect(screen, "Received 1");
	quit(screen);
	shop_fixture_close(&f);
}

static void test_odd_goods(void **state)
{
	/* What is unknown, not on the order, in excess or damaged is kept and flagged; the last step can be undone. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "i<tab>c");
	screen_expect(screen, "Count of IN-XINYI-");
	screen_scan(screen, "9999999999994");
	screen_expect(screen, "It is in no catalogue");
	screen_expect(screen, "Unknown");
	screen_send(screen, "=A3<enter>");
	screen_expect(screen, "It is not on this order");
	screen_send(screen, "<home><enter>6<enter>");
	screen_expect(screen, "6 of 5. That is more than expected.");
	screen_expect(screen, "+1");
	screen_send(screen, "d2<enter>");
	screen_expect(screen, "Damaged");
	screen_expect(screen, "+2 damaged A1");
	screen_send(screen, "d7<enter>");
	screen_expect(screen, "That is more than was counted.");
	screen_send(screen, "<esc>+");
	screen_expect(screen, "7 of 5");
	screen_send(screen, "u");
	screen_expect(screen, "Taken back: A1 +1.");
	screen_send(screen, "f");
	screen_expect(screen, "Damaged: 2");
	screen_expect(screen, "Not on the order: A3 ×1");
	screen_expect(screen, "In no catalogue: 9999999999994 ×1");
	screen_send(screen, "y");
	screen_expect(screen, "Status: Partly received.");
	expect_line_has(&f, "inbound.receive", "{\"sku\":\"A1\",\"qty\":6,\"damaged\":2}");
	expect_line_has(&f, "inbound.receive", "{\"sku\":\"9999999999994\",\"qty\":1}");
	quit(screen);
	shop_fixture_close(&f);
}

static void test_count_survives(void **state)
{
	/* A count that was not submitted survives a kill, and is sent once. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "i<tab>c");
	screen_expect(screen, "Count of IN-XINYI-");
	for (int i = 1; i <= 4; i++) {
		char said[40];

		screen_scan(screen, SHOP_BARCODE);
		snprintf(said, sizeof(said), "Oolong tea: %d of 5", i);
		screen_expect(screen, said);
	}
	assert_int_equal(kill(screen_pid(screen), SIGKILL), 0);
	assert_int_equal(screen_wait_exit(screen), -SIGKILL);
	screen_end(screen);
	assert_int_equal(sent(&f, "inbound.receive"), 0);

	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "i<tab><enter>");
	screen_expect(screen, "A count of 4 is kept here");
	screen_send(screen, "c");
	screen_expect(screen, "Going on with what was counted before: 4.");
	screen_expect(screen, "now 4, before 0, expected 8");
	screen_send(screen, "fy");
	screen_expect(screen, "Status: Partly received.");
	expect_line_has(&f, "inbound.receive", "{\"sku\":\"A1\",\"qty\":4}");
	screen_send(screen, "c");
	screen_expect(screen, "now 0, before 4, expected 8");
	assert_int_equal(sent(&f, "inbound.receive"), 1);
	quit(screen);
	shop_fixture_close(&f);
}

/* ---- the outbound way ---- */

static void test_new_outbound(void **state)
{
	/* A new outbound is keyed in and scanned, survives a kill as a draft, and is created once. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "n<enter>");
	screen_expect(screen, "Destination");
	screen_send(screen, "ximen");
	screen_expect(screen, "> ximen");
	screen_send(screen, "<enter>2026/3/9<enter>for the fair<enter>");
	screen_expect(screen, "Expected 2026-03-09");
	screen_expect(screen, "Note for the fair");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 1.");
	screen_send(screen, "nA2");
	screen_expect(screen, "[100] A2");
	screen_send(screen, "<enter>7<enter>");
	screen_expect(screen, "2 lines, 8 pieces");
	assert_int_equal(kill(screen_pid(screen), SIGKILL), 0);
	screen_wait_exit(screen);
	screen_end(screen);

	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "n<enter>");
	screen_expect(screen, "Going on with the draft kept here.");
	screen_expect(screen, "2 lines, 8 pieces");
	screen_send(screen, "<home><enter>200<enter>");
	screen_expect(screen, "200, but only 100 available");
	screen_expect(screen, "Too few");
	screen_send(screen, "u");
	screen_expect(screen, "2 lines, 8 pieces");
	screen_send(screen, "f");
	screen_expect(screen, "2 lines, 8 pieces: A1 ×1, A2 ×7");
	screen_expect(screen, "Expected on 2026-03-09");
	assert_int_equal(sent(&f, "outbound.create"), 0);
	screen_send(screen, "y");
	screen_expect(screen, "Saved: New outbound order, OUT-XINYI-");
	screen_expect(screen, "Waits for the receiver");
	assert_int_equal(sent(&f, "outbound.create"), 1);
	screen_send(screen, "<esc>");
	screen_expect(screen, "* ");
	screen_expect(screen, "[To confirm 1]");
	screen_send(screen, "n<enter>");
	screen_expect(screen, "0 lines, 0 pieces");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To confirm 1]");
	shop_fixture_sync(&f);
	assert_int_equal(fixture_int(&f.hq, "SELECT count(*) FROM movement"), 1);
	quit(screen);
	shop_fixture_close(&f);
}

static void test_third_parties(void **state)
{
	/* Goods from and to third parties need the partner's name, and skip consent. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "in<enter>");
	screen_expect(screen, "Third party");
	screen_send(screen, "<ctrl+s>");
	screen_expect(screen, "This must be filled in.");
	screen_send(screen, "茶行 Tea Ltd<ctrl+s>");
	screen_expect(screen, "Third party 茶行 Tea Ltd");
	screen_send(screen, "nB1<enter>10<enter>");
	screen_expect(screen, "New here");
	screen_send(screen, "f");
	screen_expect(screen, "From 茶行 Tea Ltd");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: New third-party inbound, IN-XINYI-");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To confirm 0] To receive 1");
	screen_send(screen, "<tab>k");
	screen_expect(screen, "What was not counted is no longer expected");
	screen_send(screen, "y");
	screen_expect(screen, "Cancelled 1");
	quit(screen);
	shop_fixture_close(&f);
}

static void test_ship_in_parts(void **state)
{
	/* An outbound is shipped in part by scanning, never more than is left, then all that remains. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	open_home(&f);
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
	assert_int_equal(sent(&f, "outbound.ship"), 2);
	shop_fixture_sync(&f);
	assert_int_equal(fixture_on_hand(&f.hq, "xinyi", "A2"), 91000);
	quit(screen);
	shop_fixture_close(&f);
}

static void test_reasons(void **state)
{
	/* A rejection needs a reason; a cancellation may have one; both ask a second time. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	order_from_ec(&f, false);
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
	expect_line_has(&f, "inbound.reject", "\"reason\":\"no room\"");
	quit(screen);
	shop_fixture_close(&f);
}

static void test_close_by_line(void **state)
{
	/* A short close may give each line its own reason, and says what is still without one. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "i<tab><enter>k<end><enter>");
	screen_expect(screen, "Missing");
	screen_send(screen, "f");
	screen_expect(screen, "A line has no reason yet");
	screen_send(screen, "<enter><enter>");
	screen_expect(screen, "Not sent");
	screen_send(screen, "<down><enter><end><enter>f");
	screen_expect(screen, "A1 ×5: Not sent");
	screen_expect(screen, "A2 ×3: Destroyed on the way");
	screen_send(screen, "y");
	screen_expect(screen, "Written off 3");
	screen_expect(screen, "Sent back 5");
	quit(screen);
	shop_fixture_close(&f);
}

/* ---- why not ---- */

static void test_why_not(void **state)
{
	/* A key that may not do it says why: the role, the side, the status. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	open_home(&f);
	order_from_ec(&f, false);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "a");
	screen_expect(screen, "There is no document here.");
	screen_send(screen, "n");
	screen_expect(screen, "This needs the right of: Manager.");
	screen_send(screen, "ia");
	screen_expect(screen, "This needs the right of: Manager.");
	screen_send(screen, "s");
	screen_expect(screen, "Only the store that sends the goods can do this.");
	screen_send(screen, "v");
	screen_expect(screen, "Only an inbound order that is on its way can arrive.");
	quit(screen);
	shop_fixture_close(&f);
}

static void test_refused_later(void **state)
{
	/* What HQ refuses is undone on the screen without a key. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	open_home(&f);
	snprintf(id, sizeof(id), "%s", order_from_ec(&f, false));
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
	quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_small_and_large),
		cmocka_unit_test(test_inbound_way),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_odd_goods),
		cmocka_unit_test(test_count_survives),
		cmocka_unit_test(test_new_outbound),
		cmocka_unit_test(test_third_parties),
		cmocka_unit_test(test_ship_in_parts),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_close_by_line),
		cmocka_unit_test(test_why_not),
		cmocka_unit_test(test_refused_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
