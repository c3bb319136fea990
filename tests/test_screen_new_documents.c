/* New stock documents on the screen: keyed in, kept as drafts, created once, taken up again when refused. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/far_stock.h"
#include "tests/screen/shop_fixture.h"

static void test_new_outbound(void **state)
{
	/* A new outbound is keyed in and scanned, survives a kill as a draft, and is created once. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
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
	assert_int_equal(shop_fixture_sent(&f, "outbound.create", ""), 0);
	screen_send(screen, "y");
	screen_expect(screen, "Saved: New outbound order, OUT-XINYI-");
	screen_expect(screen, "Waits for the receiver");
	assert_int_equal(shop_fixture_sent(&f, "outbound.create", ""), 1);
	screen_send(screen, "<esc>");
	screen_expect(screen, "* ");
	screen_expect(screen, "[To confirm 1]");
	screen_send(screen, "n<enter>");
	screen_expect(screen, "0 lines, 0 pieces");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[To confirm 1]");
	shop_fixture_sync(&f);
	assert_int_equal(fixture_int(&f.hq, "SELECT count(*) FROM movement"), 1);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_new_at_two_seats(void **state)
{
	/* The draft of a new order is the same at two seats of one person; when one makes it, the other says so. */
	struct shop_fixture f;
	struct screen *one, *two;

	(void)state;
	shop_fixture_open(&f);
	one = shop_fixture_start_as(&f, SHOP_MANAGER);
	two = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(one, "n<enter>ximen");
	screen_expect(one, "> ximen");
	screen_send(one, "<enter><ctrl+s>nA2<enter>7<enter>");
	screen_expect(one, "1 line, 7 pieces");
	screen_send(two, "n<enter>");
	screen_expect(two, "Going on with the draft kept here.");
	screen_expect(two, "1 line, 7 pieces");
	screen_send(one, "+");
	screen_expect(two, "1 line, 8 pieces");
	screen_send(one, "f");
	screen_expect(one, "1 line, 8 pieces: A2 ×8");
	screen_send(one, "y");
	screen_expect(one, "Saved: New outbound order, OUT-XINYI-");
	screen_expect(two, "Created at another seat: OUT-XINYI-");
	screen_expect(two, "0 lines, 0 pieces");
	assert_int_equal(shop_fixture_sent(&f, "outbound.create", ""), 1);
	shop_fixture_quit(one);
	shop_fixture_quit(two);
	shop_fixture_close(&f);
}

/* HQ answers what was asked about: only `store` has it. */
static void tell_only(struct shop_fixture *f, const char *store, const char *sku)
{
	char json[200];
	cJSON *list;

	snprintf(json, sizeof(json),
		"[{\"store\":\"%s\",\"sku\":\"%s\",\"on_hand\":5,\"in_transit_in\":0,"
		"\"in_transit_out\":0,\"damaged\":0,\"available\":5}]",
		store, sku);
	list = cJSON_Parse(json);
	assert_non_null(list);
	console_changed(&f->console);
	assert_true(far_stock_take(f->console.cache, sku, list, FIXTURE_START_MS));
	cJSON_Delete(list);
}

static void test_not_at_destination(void **state)
{
	/* A line that HQ says the destination does not stock is marked and ends no order; unknown may go. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "n<enter>ximen");
	screen_expect(screen, "> ximen");
	screen_send(screen, "<enter><ctrl+s>nA2<enter>7<enter>nA3<enter>2<enter>");
	screen_expect(screen, "2 lines, 9 pieces");
	screen_expect_gone(screen, "Not at destination");
	screen_send(screen, "f");
	screen_expect(screen, "2 lines, 9 pieces: A2 ×7, A3 ×2");
	screen_send(screen, "<esc>");
	tell_only(&f, "ximen", "A3");
	tell_only(&f, "ec", "A2");
	screen_expect(screen, "Not at destination");
	screen_send(screen, "f");
	screen_expect(screen, "A2: 西門店 does not stock it. Take the line off.");
	screen_send(screen, "<home><enter>1<enter>");
	screen_expect(screen, "does not stock it");
	screen_send(screen, "<home><delete>");
	screen_expect_gone(screen, "Not at destination");
	screen_send(screen, "f");
	screen_expect(screen, "1 line, 2 pieces: A3 ×2");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: New outbound order, OUT-XINYI-");
	assert_int_equal(shop_fixture_sent(&f, "outbound.create", ""), 1);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_taken_up_again(void **state)
{
	/* A new order that HQ refused stands in the inbox by kind and other end, and is keyed in again by one key. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(screen, "n<enter>ximen");
	screen_expect(screen, "> ximen");
	screen_send(screen,
		"<enter>2026-03-09<enter>for the fair<enter>nA2<enter>7<enter>nA3<enter>2<enter>");
	screen_expect(screen, "2 lines, 9 pieces");
	screen_send(screen, "f");
	screen_expect(screen, "[ Create ]");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: New outbound order, OUT-XINYI-");
	fixture_sql(&f.hq, "DELETE FROM stock WHERE store = 'ximen' AND sku = 'A2'");
	shop_fixture_sync(&f);
	screen_expect_row(screen, -1, "problems 1");
	screen_send(screen, "<esc><f6>");
	screen_expect(screen, "New outbound order       To 西門店");
	screen_send(screen, "o");
	screen_expect(screen, "It was refused: there is no such document.");
	screen_send(screen, "e");
	screen_expect(screen, "This was refused. Correct it and create it anew.");
	screen_expect(screen, "Expected 2026-03-09");
	screen_expect(screen, "Note for the fair");
	screen_expect(screen, "2 lines, 9 pieces");
	screen_send(screen, "<esc>");
	screen_expect(screen, "New outbound order       To 西門店");
	screen_send(screen, "e");
	screen_expect(screen, "Another draft of this kind is kept here.");
	screen_send(screen, "<f2>n<enter><home><delete>");
	screen_expect(screen, "1 line, 2 pieces");
	screen_send(screen, "f");
	screen_expect(screen, "1 line, 2 pieces: A3 ×2");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: New outbound order, OUT-XINYI-");
	shop_fixture_sync(&f);
	assert_int_equal(fixture_int(&f.hq, "SELECT SUM(ordered) FROM movement_line"), 2000);
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

static void test_third_parties(void **state)
{
	/* Goods from and to third parties need the partner's name, and skip consent. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
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
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_outbound),
		cmocka_unit_test(test_new_at_two_seats),
		cmocka_unit_test(test_not_at_destination),
		cmocka_unit_test(test_taken_up_again),
		cmocka_unit_test(test_third_parties),
	};

	return cmocka_run_group_tests_name("new stock documents", tests, NULL, NULL);
}
