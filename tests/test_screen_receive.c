#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/document_steps.h"

/* Two pieces by the scanner, three typed, sent as one count. */
static void count_the_first_part(struct shop_fixture *fixture, struct screen *screen)
{
	screen_send(screen, "c");
	screen_expect(screen, "Count of IN-XINYI-");
	screen_expect(screen, "Now 0 of 8");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 1 of 5.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 2 of 5.");
	screen_expect(screen, "Now 2 of 8");
	screen_send(screen, "<end><enter>3<enter>");
	screen_expect(screen, "A2 綠茶 Green tea: 3 of 3.");
	screen_send(screen, "f");
	screen_expect(screen, "2 lines, 5 pieces");
	screen_expect(screen, "Still missing afterwards: 3");
	assert_int_equal(shop_fixture_sent(fixture, "inbound.receive", ""), 0);
	screen_send(screen, "y");
	screen_expect(screen, "Status: Partly received.");
	screen_expect(screen, "Rec'd 5");
	assert_int_equal(shop_fixture_sent(fixture, "inbound.receive", ""), 1);
}

static void test_inbound_way(void **state)
{
	/* An inbound is accepted, arrives, is counted in two parts and closed short, by keys only. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s", documents_order_from_ec(&f, false));
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "i<enter>");
	screen_expect(screen, "Waits for the receiver");
	screen_expect(screen, "for the weekend");
	screen_send(screen, "a");
	screen_expect(screen, "2 lines, 8 pieces: A1 ×5, A2 ×3");
	screen_expect(screen, "[ Accept ]");
	assert_int_equal(shop_fixture_sent(&f, "inbound.accept", ""), 0);
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Accept inbound order, IN-XINYI-");
	screen_expect(screen, "* Accepted");
	assert_int_equal(shop_fixture_sent(&f, "inbound.accept", ""), 1);
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

	count_the_first_part(&f, screen);

	screen_send(screen, "c");
	screen_expect(screen, "Now 0 of 3");
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
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "[History 7]");
	shop_fixture_sync(&f);
	assert_int_equal(shop_fixture_unsent(&f), 0);
	fixture_expect_text(&f.hq, "received", "SELECT status FROM movement WHERE id = '%s'", id);
	assert_int_equal(fixture_on_hand(&f.hq, "xinyi", "A1"), 103000);
	assert_int_equal(fixture_on_hand(&f.hq, "xinyi", "A2"), 103000);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_complete(void **state)
{
	/* A count that completes every line shows received at once, and counts as arrived. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "i<tab>c");
	screen_expect(screen, "Count of IN-XINYI-");
	screen_send(screen, "l<down>l");
	screen_expect(screen, "Now 8 of 8");
	screen_send(screen, "f");
	screen_expect(screen, "this also marks it as");
	screen_send(screen, "y");
	screen_expect(screen, "Status: Received.");
	screen_expect(screen, "Received 1");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_odd_goods(void **state)
{
	/* What is unknown, not on the order, in excess or damaged is kept and flagged; the last step can be undone. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "i<tab>c");
	screen_expect(screen, "Count of IN-XINYI-");
	screen_scan(screen, "9999999999994");
	screen_expect(screen, "In no catalogue");
	screen_expect(screen, "Unknown");
	screen_send(screen, "=A3<enter>");
	screen_expect(screen, "Not on this order");
	screen_send(screen, "nBlack");
	screen_expect(screen, "[100] A3 紅茶 Black tea");
	screen_send(screen, "<enter>2<enter>");
	screen_expect(screen, "A3: 3. Not on this order, kept as extra.");
	screen_send(screen, "uu");
	screen_expect(screen, "Taken back: A3 +1.");
	screen_send(screen, "=A3<enter>");
	screen_expect(screen, "A3: 1. Not on this order, kept as extra.");
	screen_send(screen, "<home><enter>6<enter>");
	screen_expect(screen, "6 of 5. 1 more than expected.");
	screen_expect(screen, "Over");
	screen_expect(screen, "Now 5 of 8 +3");
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
	screen_expect(screen, "More than expected: A1 ×1");
	screen_expect(screen, "Not on the order: A3 ×1");
	screen_expect(screen, "In no catalogue: 9999999999994 ×1");
	screen_send(screen, "y");
	screen_expect(screen, "Status: Partly received.");
	shop_fixture_expect_sent(&f, "inbound.receive", "{\"sku\":\"A1\",\"qty\":6,\"damaged\":2}");
	shop_fixture_expect_sent(&f, "inbound.receive", "{\"sku\":\"9999999999994\",\"qty\":1}");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_count_survives(void **state)
{
	/* A count that was not submitted survives a kill, and is sent once. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
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
	assert_int_equal(shop_fixture_sent(&f, "inbound.receive", ""), 0);

	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "i<tab>");
	screen_expect(screen, "> +  IN-XINYI-");
	screen_expect_row(screen, 20, "A count of 4 is kept here and not submitted yet.");
	screen_send(screen, "<enter>");
	screen_expect(screen, "A count of 4 is kept here");
	screen_send(screen, "c");
	screen_expect(screen, "Going on with what was counted before: 4.");
	screen_expect(screen, "Now 4 of 8");
	screen_send(screen, "fy");
	screen_expect(screen, "Status: Partly received.");
	shop_fixture_expect_sent(&f, "inbound.receive", "{\"sku\":\"A1\",\"qty\":4}");
	screen_send(screen, "c");
	screen_expect(screen, "Now 0 of 4");
	assert_int_equal(shop_fixture_sent(&f, "inbound.receive", ""), 1);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

/* Waits until the bell rang this often more. */
static void expect_bells(struct screen *screen, int *rung, int more)
{
	*rung += more;
	for (int i = 0; screen_bells(screen) < *rung && i < SCREEN_DEADLINE_MS / 20; i++)
		screen_settle(screen, 20);
	screen_settle(screen, 500);
	assert_int_equal(screen_bells(screen), *rung);
}

static void test_rung(void **state)
{
	/* A scan rings as in a stocktake: once as expected, twice where it is odd, three times where it is not counted. */
	struct shop_fixture f;
	struct screen *screen;
	int rung;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'third_party':'Tea House','lines':[{'sku':'A2','qty':1}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "i<tab>c");
	screen_expect(screen, "Now 0 of 8");
	rung = screen_bells(screen);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "1 of 5");
	expect_bells(screen, &rung, 1);
	screen_scan(screen, "9999999999994");
	screen_expect(screen, "In no catalogue");
	expect_bells(screen, &rung, 2);
	screen_send(screen, "<esc>o<tab>s<down><enter>");
	screen_expect(screen, "Now 0 of 1");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 is not on this order: not counted.");
	expect_bells(screen, &rung, 3);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_slip_of_the_finger(void **state)
{
	/* A short code typed by hand that no product has is counted only after a question; a scanned one is kept at once. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "i<tab>c");
	screen_expect(screen, "Now 0 of 8");
	screen_send(screen, "5<enter>");
	screen_expect(screen, "No product known here has the code 5.");
	screen_expect(screen, "[ Back ]");
	screen_send(screen, "<enter>");
	screen_expect_gone(screen, "has the code 5");
	screen_expect(screen, "Now 0 of 8");
	screen_send(screen, "=A2<enter>");
	screen_expect(screen, "A2 綠茶 Green tea: 1 of 3.");
	screen_send(screen, "=X7<enter>");
	screen_expect(screen, "has the code X7.");
	screen_send(screen, "y");
	screen_expect(screen, "X7: 1. In no catalogue");
	screen_send(screen, "=X7<enter>");
	screen_expect(screen, "X7: 2. In no catalogue");
	screen_scan(screen, "9999999999994");
	screen_expect(screen, "9999999999994: 1. In no catalogue");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_receive_all(void **state)
{
	/* One key counts all that is missing, after a question with lines and pieces; it is one step of the tape and of undo. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "i<tab>c");
	screen_expect(screen, "Now 0 of 8");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Now 1 of 8");
	screen_send(screen, "a");
	screen_expect(screen, "2 lines, 7 pieces: A1 ×4, A2 ×3");
	screen_send(screen, "y");
	screen_expect(screen, "Now 8 of 8");
	screen_expect(screen, "+7 all of 2 lines (chen)");
	screen_send(screen, "a");
	screen_expect(screen, "Nothing more is expected.");
	screen_send(screen, "u");
	screen_expect(screen, "Taken back: 2 lines, 7 pieces.");
	screen_expect(screen, "Now 1 of 8");
	screen_send(screen, "ayf");
	screen_expect(screen, "2 lines, 8 pieces");
	screen_send(screen, "y");
	screen_expect(screen, "Status: Received.");
	shop_fixture_expect_sent(
		&f, "inbound.receive", "{\"sku\":\"A1\",\"qty\":5},{\"sku\":\"A2\",\"qty\":3}");
	screen_send(screen, "<tab><tab><tab>c");
	screen_expect(screen, "Count of IN-XINYI-");
	screen_send(screen, "a");
	screen_expect(screen, "Nothing more is expected.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_ship_by_line(void **state)
{
	/* Shipping in part shows what is available, and what is lacking is told of each line with its figures. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'third_party':'Tea House','lines':[{'sku':'A1','qty':150},{'sku':'A2','qty':120},"
		"{'sku':'A3','qty':5}]}");
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ec','lines':[{'sku':'A3','qty':98}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "o<tab>");
	screen_expect(screen, "Tea House");
	screen_send(screen, "s");
	screen_expect(screen, "A1: 150 to ship, 100 on hand");
	screen_expect(screen, "A2: 120 to ship, 100 on hand");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Available");
	screen_send(screen, "<end><enter>5<enter>");
	screen_expect(screen, "Only 2 available.");
	screen_send(screen, "ay");
	screen_expect(screen, "Now 275 of 275");
	screen_send(screen, "f");
	screen_expect(screen, "A1: 150 to ship, 100 on hand");
	screen_expect(screen, "A2: 120 to ship, 100 on hand");
	assert_false(screen_has(screen, "A3: "));
	screen_send(screen, "<esc><home><enter>100<enter><down><enter>99<enter>f");
	screen_expect(screen, "Still to ship afterwards: 71");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: ");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_less_than_nothing(void **state)
{
	/* Stock below zero is shown as it is where goods are shipped, as everywhere; none of it can leave. */
	struct shop_fixture f;
	struct screen *screen;
	int row, column;

	(void)state;
	shop_fixture_open(&f);
	fixture_set_on_hand(&f.hq, "xinyi", "A1", -3000);
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'third_party':'Tea House','lines':[{'sku':'A1','qty':5}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "o<tab>s");
	screen_expect(screen, "A1: 5 to ship, \u22123 on hand");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Available");
	assert_true(screen_find(screen, " \u22123 ", &row, &column));
	assert_int_equal(screen_cell_fg(screen, row, column + 1), 203);
	screen_send(screen, "<enter>1<enter>");
	screen_expect(screen, "Only \u22123 available.");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_close_narrow(void **state)
{
	/* On the smallest screen each line gets its reason and the question names them. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	screen = shop_fixture_start(&f, 16, 60, "en");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_send(screen, "i<tab>k<end><enter>");
	screen_expect(screen, "Missing");
	screen_send(screen, "<enter><enter>");
	screen_expect(screen, "Not sent");
	screen_send(screen, "<down><enter><end><enter>f");
	screen_expect(screen, "A1 ×5: Not sent");
	screen_expect(screen, "A2 ×3: Destroyed on the way");
	screen_expect(screen, "[ Back ]");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: Close short");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_close_by_line(void **state)
{
	/* A short close may give each line its own reason, and says what is still without one. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "i<tab><enter>k<end><enter>");
	screen_expect(screen, "> Short close of IN-XINYI-");
	screen_expect(screen, "Missing");
	screen_send(screen, "f");
	screen_expect(screen, "A line has no reason yet");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "Missing");
	screen_send(screen, "k<end><enter>");
	screen_expect(screen, "Missing");
	screen_send(screen, "<enter><enter>");
	screen_expect(screen, "Not sent");
	screen_send(screen, "<esc>");
	screen_expect(screen, "The reasons given here are forgotten.");
	screen_send(screen, "n");
	screen_expect_gone(screen, "are forgotten");
	screen_send(screen, "<down><enter><end><enter>f");
	screen_expect(screen, "A1 ×5: Not sent");
	screen_expect(screen, "A2 ×3: Destroyed on the way");
	screen_send(screen, "y");
	screen_expect(screen, "Written off 3");
	screen_expect(screen, "Sent back 5");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inbound_way),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_odd_goods),
		cmocka_unit_test(test_count_survives),
		cmocka_unit_test(test_rung),
		cmocka_unit_test(test_slip_of_the_finger),
		cmocka_unit_test(test_receive_all),
		cmocka_unit_test(test_ship_by_line),
		cmocka_unit_test(test_less_than_nothing),
		cmocka_unit_test(test_close_by_line),
		cmocka_unit_test(test_close_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
