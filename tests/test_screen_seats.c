/* What a person sees of other seats: while one has the cache for itself, and while all count one document. */
#include <stdio.h>
#include <string.h>

#include "model/db.h"
#include "tests/screen/document_steps.h"
#include "tests/screen/sheet_steps.h"

static void test_a_scan_is_saved_while_the_cache_is_busy(void **state)
{
	/* While another process has the cache locked a scan is saved all the same, no figure is invented,
	 * and the sheet shows it once the cache is free. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	sheets_started(&f.hq, SHEETS_FULL);
	screen = sheet_open(&f, 0, 0, SHOP_CLERK);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Saved: A1 烏龍茶 Oolong tea: counted 1.");
	assert_true(db_begin(f.console.cache));
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Saved: A1 烏龍茶 Oolong tea. The sheet follows.");
	assert_true(screen_has(screen, "pieces 1, scans 1"));
	assert_int_equal(shop_fixture_unsent(&f), 2);
	db_rollback(f.console.cache);
	screen_expect(screen, "pieces 2, scans 2");
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_two_seats(void **state)
{
	/* Two seats of one home count the same document; each sees what the other scanned. */
	struct shop_fixture f;
	struct screen *one, *two;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	one = shop_fixture_start_as(&f, SHOP_CLERK);
	two = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(one, "i<tab>c");
	screen_expect(one, "Now 0 of 8");
	screen_send(two, "i<tab>c");
	screen_expect(two, "Now 0 of 8");
	screen_scan(one, SHOP_BARCODE);
	screen_expect(one, "Now 1 of 8");
	screen_expect(two, "Now 1 of 8");
	screen_expect(two, "+1 A1 烏龍茶 Oolong tea (chen)");
	screen_scan(two, SHOP_BARCODE);
	screen_expect(two, "Now 2 of 8");
	screen_expect(one, "Now 2 of 8");
	screen_send(two, "f");
	screen_expect(two, "1 line, 2 pieces");
	screen_send(one, "fy");
	screen_expect(one, "Status: Partly received.");
	screen_send(two, "y");
	screen_expect(two, "it was changed or sent at another seat");
	screen_expect(two, "Now 0 of 6");
	assert_int_equal(shop_fixture_sent(&f, "inbound.receive", ""), 1);
	shop_fixture_expect_sent(&f, "inbound.receive", "{\"sku\":\"A1\",\"qty\":2}");
	shop_fixture_quit(one);
	shop_fixture_quit(two);
	shop_fixture_close(&f);
}

static void test_undo_of_others(void **state)
{
	/* Undo takes back one's own last scan; somebody else's only after a question that names who counted it. */
	struct shop_fixture f;
	struct screen *one, *two;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	one = shop_fixture_start_as(&f, SHOP_CLERK);
	two = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(one, "i<tab>c");
	screen_expect(one, "Now 0 of 8");
	screen_send(two, "i<tab>c");
	screen_expect(two, "Now 0 of 8");
	screen_scan(one, SHOP_BARCODE);
	screen_expect(one, "Now 1 of 8");
	screen_expect(two, "Now 1 of 8");
	screen_send(two, "<end>+");
	screen_expect(two, "Now 2 of 8");
	screen_expect(one, "Now 2 of 8");
	screen_send(one, "u");
	screen_expect(one, "Taken back: A1 +1.");
	screen_expect(two, "Now 1 of 8");
	screen_send(one, "u");
	screen_expect(one, "林店長 counted this. Take it back?");
	screen_expect(one, "A2 +1");
	screen_expect(one, "[ Back ]");
	screen_send(one, "n");
	screen_expect_gone(one, "Take it back?");
	screen_expect(one, "Now 1 of 8");
	screen_send(one, "u");
	screen_expect(one, "Take it back?");
	screen_send(two, "u");
	screen_expect(two, "Taken back: A2 +1.");
	screen_send(one, "y");
	screen_expect(one, "It was taken back already.");
	shop_fixture_quit(one);
	shop_fixture_quit(two);
	shop_fixture_close(&f);
}

static void test_hand_over(void **state)
{
	/* What one seat began another goes on with; who submits is told to the other, which shows the rest. */
	struct shop_fixture f;
	struct screen *one, *two;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, true);
	one = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(one, "i<tab>c");
	screen_expect(one, "Now 0 of 8");
	screen_scan(one, SHOP_BARCODE);
	screen_scan(one, SHOP_BARCODE);
	screen_expect(one, "Now 2 of 8");
	screen_send(one, "<esc>");
	screen_expect(one, "What was counted is kept");

	two = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_send(two, "i<tab>c");
	screen_expect(two, "Going on with what was counted before: 2.");
	screen_expect(two, "+1 A1 烏龍茶 Oolong tea (chen)");
	screen_send(two, "<end>+");
	screen_expect(two, "+1 A2 綠茶 Green tea (lin)");
	screen_send(one, "c");
	screen_expect(one, "Now 3 of 8");
	screen_send(two, "u");
	screen_expect(one, "Something was taken back at another seat.");
	screen_expect(one, "Now 2 of 8");
	screen_send(two, "fy");
	screen_expect(two, "Status: Partly received.");
	screen_expect(one, "林店長 has submitted: A1 ×2. Below is the rest.");
	screen_expect(one, "Now 0 of 6");
	screen_expect(one, "Whole order 2 of 8");
	screen_scan(one, SHOP_BARCODE);
	screen_expect(one, "Oolong tea: 3 of 5");
	screen_send(one, "fy");
	screen_expect(one, "Saved: ");
	shop_fixture_expect_sent(&f, "inbound.receive", "{\"sku\":\"A1\",\"qty\":2}");
	shop_fixture_expect_sent(&f, "inbound.receive", "{\"sku\":\"A1\",\"qty\":1}");
	assert_int_equal(shop_fixture_sent(&f, "inbound.receive", ""), 2);
	shop_fixture_quit(one);
	shop_fixture_quit(two);
	shop_fixture_close(&f);
}

static void test_another_terminal(void **state)
{
	/* A count that another terminal of the store submitted is told, and what was counted here stays. */
	struct shop_fixture f;
	struct screen *screen;
	char id[UUID_SIZE];

	(void)state;
	shop_fixture_open(&f);
	snprintf(id, sizeof(id), "%s", documents_order_from_ec(&f, true));
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "i<tab>c");
	screen_expect(screen, "Now 0 of 8");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Now 1 of 8");
	shop_fixture_do(&f, "inbound.receive", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','qty':4},{'sku':'A2','qty':1}]}", id);
	shop_fixture_land(&f);
	screen_expect(screen, "林店長 has submitted: A1 ×4, A2 ×1. Below is the rest.");
	screen_expect(screen, "Now 1 of 3");
	screen_expect(screen, "Whole order 6 of 8");
	shop_fixture_quit(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_scan_is_saved_while_the_cache_is_busy),
		cmocka_unit_test(test_two_seats),
		cmocka_unit_test(test_undo_of_others),
		cmocka_unit_test(test_hand_over),
		cmocka_unit_test(test_another_terminal),
	};

	return cmocka_run_group_tests_name("seats in each other's way", tests, NULL, NULL);
}
