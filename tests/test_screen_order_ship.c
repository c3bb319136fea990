/* Shipping a sales order from this store by scanning its goods. */
#include <stdio.h>
#include <string.h>

#include "tests/folder.h"
#include "tests/screen/order_steps.h"

static struct screen *open_shipping(struct shop_fixture *f, const char *staff, const char *pin)
{
	struct screen *screen = orders_open(f, staff, pin);

	screen_send(screen, "s");
	screen_expect(screen, "Shipping of W-1");
	return screen;
}

static void test_scanned(void **state)
{
	/* Scans count up line by line; Enter ships just what was scanned, and the rest stays to be shipped. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	screen = open_shipping(f, SHOP_CLERK);
	screen_expect(screen, "信義店 to Blake Sanders");
	screen_expect(screen, "Now 0 of 8");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 1 of 5.");
	screen_send(screen, "=A2<enter>");
	screen_expect(screen, "A2 綠茶 Green tea: 1 of 3.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 2 of 5.");
	screen_expect(screen, "Now 3 of 8");
	assert_int_equal(shop_fixture_sent(f, "order.ship", ""), 0);
	screen_send(screen, "<enter>");
	screen_expect(screen, "W-1: 2 lines, 3 pieces");
	screen_expect(screen, "Still to ship afterwards: 5");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: W-1, 3. Status: Order in progress.");
	assert_int_equal(shop_fixture_sent(f, "order.ship", "\"store\":\"xinyi\""), 1);
	shop_fixture_sync(f);
	assert_int_equal(shop_fixture_unsent(f), 0);
	assert_int_equal(fixture_on_hand(&f->hq, "xinyi", "A1"), 98000);
	assert_int_equal(fixture_on_hand(&f->hq, "xinyi", "A2"), 99000);
	assert_int_equal(fixture_int(&f->hq, "SELECT SUM(qty) FROM reservation"), -5000);
	screen_end(screen);
}

static void test_too_many(void **state)
{
	/* One scan more than is outstanding rings the alarm and counts nothing; neither does what was not ordered,
	 * has no goods or was cancelled. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	shop_fixture_do(f, "order.place", "xinyi", "lin",
		"{'number':'W-1','channel':'web','lines':[{'sku':'A1','qty':2},{'sku':'A2','qty':1},"
		"{'sku':'V1','qty':1}]}");
	shop_fixture_do(f, "order.cancel", "xinyi", "lin",
		"{'order':'W-1','lines':[{'sku':'A1','qty':1},{'sku':'A2'}]}");
	screen = open_shipping(f, SHOP_CLERK);
	screen_expect(screen, "Now 0 of 1");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea: 1 of 1.");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1: no more of it is left to ship.");
	screen_send(screen, "=A2<enter>");
	screen_expect(screen, "A2: no more of it is left to ship.");
	screen_send(screen, "=V1<enter>");
	screen_expect(screen, "V1 is not on this order: not counted.");
	screen_send(screen, "=A3<enter>");
	screen_expect(screen, "A3 is not on this order: not counted.");
	screen_expect(screen, "Now 1 of 1");
	screen_send(screen, "<enter>y");
	screen_expect(screen, "Saved: W-1, 1.");
	shop_fixture_sync(f);
	assert_int_equal(fixture_on_hand(&f->hq, "xinyi", "A1"), 99000);
	assert_int_equal(fixture_on_hand(&f->hq, "xinyi", "A3"), 100000);
	screen_end(screen);
}

static void test_kept(void **state)
{
	/* The last scan can be taken back; what was scanned is there again after leaving the page. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	screen = open_shipping(f, SHOP_CLERK);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "1 of 5.");
	screen_send(screen, "=A2<enter>");
	screen_expect(screen, "1 of 3.");
	screen_send(screen, "u");
	screen_expect(screen, "Taken back: A2 +1.");
	screen_send(screen, "<esc>");
	screen_expect(screen, "goes on here next time");
	screen_send(screen, "s");
	screen_expect(screen, "Going on with what was counted before: 1.");
	screen_expect(screen, "Now 1 of 8");
	screen_end(screen);
}

static void test_lacks(void **state)
{
	/* More than this store has is refused before anything is stored, and every line that lacks is named. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	shop_fixture_do(f, "stock.open", NULL, "ho",
		"{'store':'ec','lines':[{'sku':'A1','qty':100},{'sku':'A2','qty':100}]}");
	orders_place(f, "W-1");
	fixture_set_on_hand(&f->hq, "xinyi", "A1", 4000);
	fixture_set_on_hand(&f->hq, "xinyi", "A2", 1000);
	screen = open_shipping(f, SHOP_CLERK);
	screen_send(screen, "a");
	screen_expect(screen, "A1 ×5, A2 ×3");
	screen_send(screen, "y");
	screen_expect(screen, "Now 8 of 8");
	screen_send(screen, "<enter>");
	screen_expect(screen, "A1: 5 to ship, 4 on hand");
	screen_expect(screen, "A2: 3 to ship, 1 on hand");
	assert_int_equal(shop_fixture_sent(f, "order.ship", ""), 0);
	screen_end(screen);
}

static void test_other_store(void **state)
{
	/* What another store ships meanwhile is said, and is not asked for here any more. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	orders_place(f, "W-1");
	screen = open_shipping(f, SHOP_CLERK);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Now 1 of 8");
	shop_fixture_do(f, "order.ship", "ec", "dai",
		"{'order':'W-1','store':'ec','lines':[{'sku':'A1','qty':4}]}");
	shop_fixture_land(f);
	screen_expect(screen, "has shipped: A1 ×4. Below is the rest.");
	screen_expect(screen, "Now 1 of 4");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1: no more of it is left to ship.");
	screen_end(screen);
}

/* ---- the pick list ---- */

static void read_whole(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "rb");
	size_t got;

	assert_non_null(file);
	got = fread(out, 1, size - 1, file);
	out[got] = '\0';
	fclose(file);
}

/* W-1 as it is placed, and W-2 with as much A1 as there is left at this store, the second of the channel; the
 * first one has 4 A1, and no A2. */
static struct screen *open_picks(struct shop_fixture *f)
{
	struct screen *screen;

	fixture_set_on_hand(&f->hq, "ec", "A1", 4000);
	fixture_set_on_hand(&f->hq, "ec", "A2", 0);
	fixture_set_on_hand(&f->hq, "xinyi", "A1", 3000);
	orders_place(f, "W-1");
	shop_fixture_do(f, "order.place", "xinyi", "lin",
		"{'number':'W-2','channel':'web','customer':'Mei','lines':[{'sku':'A1','qty':1.5}]}");
	screen = orders_open(f, SHOP_CLERK);
	screen_send(screen, "o");
	screen_expect(screen, "Sales orders > Pick list");
	return screen;
}

static void test_pick_list(void **state)
{
	/* The list holds what earlier stores do not have; an order on it is shipped from there, and leaves it. */
	struct shop_fixture *f = *state;
	struct screen *screen = open_picks(f);

	screen_expect(screen, "[To pick 3] All that could be shipped 3");
	screen_expect_row(screen, 4, "A1");
	screen_expect_row(screen, 4, "1        5         3  W-1");
	screen_expect_row(screen, 5, "1.5      1.5         3  W-2");
	screen_expect_row(screen, 6, "3        3       100  W-1");
	screen_send(screen, "<down>s");
	screen_expect(screen, "Shipping of W-2");
	screen_send(screen, "l");
	screen_expect(screen, "Now 1.5 of 1.5");
	screen_send(screen, "<enter>y");
	screen_expect(screen, "Saved: W-2, 1.5.");
	screen_expect(screen, "[To pick 2] All that could be shipped 2");
	screen_expect_gone(screen, "W-2 ");
	shop_fixture_sync(f);
	assert_int_equal(fixture_on_hand(&f->hq, "xinyi", "A1"), 1500);
	screen_end(screen);
}

static void test_pick_paper(void **state)
{
	/* The list is written as a text to print: what to pick, for whom, and a box to tick. */
	struct shop_fixture *f = *state;
	char folder[200], path[300], paper[8000];
	struct screen *screen = open_picks(f);

	folder_make(folder, sizeof(folder));
	snprintf(path, sizeof(path), "%s/picks.txt", folder);
	screen_send(screen, "y");
	screen_expect(screen, "What this store is proposed to pick");
	screen_send(screen, "<ctrl+u>");
	screen_paste(screen, path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "3 rows written to /");
	read_whole(path, paper, sizeof(paper));
	assert_non_null(strstr(paper, "Pick list "));
	assert_non_null(strstr(paper, "page 1 of 1"));
	assert_non_null(strstr(paper, "信義店 (xinyi)"));
	assert_non_null(strstr(paper, "Picked by: "));
	assert_non_null(strstr(paper, "\nA1 "));
	assert_non_null(strstr(paper, "W-1 Blake Sanders"));
	assert_non_null(strstr(paper, "  [ ]            1\n"));
	assert_non_null(strstr(paper, "  [ ]          1.5\n"));
	folder_remove(folder);
	screen_end(screen);
}

static void test_small(void **state)
{
	/* At 60 by 16 and in Chinese the figures, the order and the keys are still there. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	fixture_set_on_hand(&f->hq, "ec", "A1", 0);
	orders_place(f, "W-1");
	shop_fixture_land(f);
	screen = shop_fixture_start(f, 16, 60, "zh_TW");
	screen_expect(screen, "登入");
	screen_send(screen, "chen<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "1111<enter>");
	screen_expect(screen, "出倉單");
	screen_send(screen, "<f11>o");
	screen_expect(screen, "撿貨單");
	screen_expect(screen, "W-1");
	screen_expect(screen, "s 出貨");
	screen_send(screen, "s");
	screen_expect(screen, "W-1 出貨");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "A1 烏龍茶 Oolong tea：1／5。");
	screen_expect(screen, "Enter 出貨");
	screen_end(screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		order_test(test_scanned),
		order_test(test_too_many),
		order_test(test_kept),
		order_test(test_lacks),
		order_test(test_other_store),
		order_test(test_pick_list),
		order_test(test_pick_paper),
		order_test(test_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
