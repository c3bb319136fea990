/* Finding a product, and its page: at each store, what moved it, what is under way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/far_stock.h"
#include "model/text.h"
#include "tests/movement_steps.h"
#include "tests/screen/document_steps.h"
#include "tests/grid_rows.h"

static const char *const two_stores[] = {"xinyi", "ximen", NULL};

/* The program on a terminal of two stores, at xinyi, with the manager signed in. */
static struct screen *start_at_xinyi(struct shop_fixture *f)
{
	struct screen *screen = shop_fixture_start(f, 0, 0, "en");

	screen_expect(screen, "Which store is this?");
	screen_send(screen, "<enter>");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	return screen;
}

/* A line of the screen that begins with the store and its five figures; their columns do not matter. */
static void expect_figures(struct screen *screen, const char *store, const char *figures)
{
	char found[300] = "";
	int row, col;

	screen_expect(screen, store);
	screen_settle(screen, 50);
	assert_true(screen_find(screen, store, &row, &col));
	for (const char *at = screen_row(screen, row) + col; *at && strlen(found) < 290;) {
		size_t word = strcspn(at, " ");
		size_t used = strlen(found);

		if (word > 0)
			snprintf(found + used, sizeof(found) - used, "%s%.*s", used ? " " : "",
				(int)word, at);
		at += word + strspn(at + word, " ");
	}
	if (!strstr(found, figures)) {
		screen_print(screen);
		fail_msg("%s: expected %s, found %s", store, figures, found);
	}
}

static void test_every_way_to_find_it(void **state)
{
	/* A prefix, a word inside a Chinese or Latin name, two characters inside one, a SKU, a barcode,
	 * full-width digits and a scan all find the product. */
	static const struct {
		const char *typed, *found, *gone;
	} searches[] = {
		{"烏龍", "A1", "A2"},
		{"龍茶", "A1", "A2"},
		{"oolong", "A1", "A2"},
		{"ool", "A1", "A3"},
		{"TEA gre", "A2", "A1"},
		{"a3", "A3", "A2"},
		{"4710088412348", "A1", "A2"},
		{"４７１００８８", "A1", "A2"},
		{"96385", "A2", "A1"},
	};
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_send(screen, "<f5>");
	screen_expect(screen, "紅茶 Black tea");
	for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
		char row[64];

		snprintf(row, sizeof(row), "/%s", searches[i].typed);
		screen_send(screen, row);
		snprintf(row, sizeof(row), "%s     ", searches[i].gone);
		screen_expect_gone(screen, row);
		snprintf(row, sizeof(row), "%s     ", searches[i].found);
		screen_expect(screen, row);
		screen_send(screen, "<esc>");
		screen_expect(screen, "A9     ");
	}
	screen_send(screen, "/茶龍");
	screen_expect(screen, "No product is called that.");
	screen_send(screen, "<esc>");
	screen_scan(screen, "９６３８５０７４");
	screen_expect_row(screen, 1, "Products > A2");
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_search_follows_the_typing(void **state)
{
	/* The list of products follows what is typed, in Chinese and in English. */
	struct screen *screen = shop_fixture_start_as(*state, SHOP_CLERK);

	screen_send(screen, "<f5>green");
	screen_expect(screen, "綠茶 Green tea");
	screen_expect_gone(screen, "Oolong");
	screen_send(screen, "<esc>");
	screen_expect(screen, "Oolong");
	screen_send(screen, "紅茶");
	screen_expect_gone(screen, "Oolong");
	screen_expect(screen, "Black tea");
	screen_send(screen, "<enter><enter>");
	screen_expect_row(screen, 1, "A3");
	screen_end(screen);
}

static void test_at_each_store(void **state)
{
	/* Each store known here shows all five figures; one that is not known is not shown as zero. */
	struct shop_fixture f;
	struct screen *screen;
	const char *id;

	(void)state;
	shop_fixture_open_bare(&f, two_stores);
	id = steps_shipped(&f.hq);
	fixture_do(&f.hq, "inbound.receive", "ximen", "wang", BROKEN, id, "A1", 4, 1);
	shop_fixture_do(&f, "outbound.create", "xinyi", "lin",
		"{'to':'ec','lines':[{'sku':'A1','qty':30}]}");
	shop_fixture_land(&f);
	screen = start_at_xinyi(&f);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "[At each store]");
	expect_figures(screen, ">    信義店", "90 6 0 0 60");
	expect_figures(screen, "西門店", "103 0 6 1 103");
	expect_figures(screen, "EC倉", "? ? ? ? ?");
	screen_expect(screen, "? not known here");
	screen_send(screen, "<end><enter>");
	screen_expect(screen, "What moved it at EC倉 is not known here.");
	screen_send(screen, "<up><enter>");
	screen_expect_row(screen, 1, "A1 · 西門店");
	screen_expect(screen, "[Movements 1]");
	screen_expect(screen, "OUT-XINYI-20260302-1000-");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[At each store]");
	screen_expect_row(screen, 1, " > A1");
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_other_stores(void **state)
{
	/* Opening a product asks for the stock of stores that are not followed; the answer appears with its age,
	 * and tells no movements. */
	struct shop_fixture f;
	struct screen *screen;
	char sku[COMMAND_ID_MAX + 1];
	cJSON *list = cJSON_Parse(
		"[{\"store\":\"ec\",\"sku\":\"A1\",\"on_hand\":12,\"in_transit_in\":3,"
		"\"in_transit_out\":2,\"damaged\":1,\"available\":10}]");

	(void)state;
	shop_fixture_open_bare(&f, two_stores);
	shop_fixture_land(&f);
	screen = start_at_xinyi(&f);
	screen_scan(screen, SHOP_BARCODE);
	expect_figures(screen, "EC倉", "? ? ? ? ?");
	console_changed(&f.console);
	assert_true(far_stock_next(f.console.cache, sku));
	assert_string_equal(sku, "A1");
	assert_true(far_stock_take(f.console.cache, sku, list, FIXTURE_START_MS));
	screen_expect(screen, "Other stores as HQ told at");
	expect_figures(screen, "EC倉", "12 2 3 1 10");
	screen_send(screen, "<end><enter>");
	screen_expect(screen, "What moved it at EC倉 is not known here.");
	screen_expect(screen, "[At each store]");
	cJSON_Delete(list);
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_stores_to_a_file(void **state)
{
	/* The stores are written as they are shown; of one that is not known the figures stay empty. */
	struct shop_fixture f;
	struct screen *screen;
	struct text rows = TEXT_INIT(TEXT_SMALL);
	char path[300];

	(void)state;
	shop_fixture_open_bare(&f, two_stores);
	steps_shipped(&f.hq);
	shop_fixture_land(&f);
	screen = start_at_xinyi(&f);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "[At each store]");
	snprintf(path, sizeof(path), "%s/stores.csv", f.home);
	screen_send(screen, "w");
	screen_expect(screen, "A1-");
	screen_paste(screen, path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "3 rows written to");
	grid_rows_add(path, &rows);
	assert_string_equal(text_get(&rows),
		"store|on_hand|in_transit_out|in_transit_in|damaged|available\n"
		"xinyi|90|10|0|0|90\n"
		"ximen|100|0|10|0|100\n"
		"ec\n");
	text_free(&rows);
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_check_the_sku(void **state)
{
	/* A SKU that no other store known here has says so; one that is there does not. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open_bare(&f, two_stores);
	shop_fixture_do(
		&f, "stock.open", NULL, "ho", "{'store':'xinyi','lines':[{'sku':'B1','qty':3}]}");
	shop_fixture_land(&f);
	screen = start_at_xinyi(&f);
	screen_send(screen, "<f5>/B1<enter>");
	screen_expect_row(screen, 1, "Products > B1");
	screen_expect(screen, "No other store known here has it: check the SKU.");
	expect_figures(screen, "西門店", "– – – – –");
	screen_send(screen, "<esc><esc>/A4<enter>");
	screen_expect_row(screen, 1, "Products > A4");
	screen_expect(screen, "? not known here");
	assert_false(screen_has(screen, "check the SKU"));
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_entries_open_their_documents(void **state)
{
	/* An entry of the ledger opens its document; a write-off is its own, and says that. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	steps_shipped(&f.hq);
	shop_fixture_do(&f, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'broken','lines':[{'sku':'A1','qty':2}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_CLERK);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "At each store");
	screen_send(screen, "<tab>");
	screen_expect(screen, "[Movements 2]");
	screen_expect(screen, "−2");
	screen_send(screen, "<enter>");
	screen_expect(screen, "This entry is its own document");
	screen_expect_row(screen, 1, " > A1");
	screen_send(screen, "<down><enter>");
	screen_expect_row(screen, 1, "A1 > OUT-XINYI-");
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_documents_under_way(void **state)
{
	/* Documents under way that hold the product stand on its page with its own figures, and open. */
	struct shop_fixture f;
	struct screen *screen;
	const char *id;

	(void)state;
	shop_fixture_open(&f);
	documents_order_from_ec(&f, false);
	id = steps_shipped(&f.hq);
	fixture_do(&f.hq, "inbound.receive", "ximen", "wang", ALL, id);
	shop_fixture_do(&f, "inbound.create", "xinyi", "lin",
		"{'third_party':'Tea House','lines':[{'sku':'A2','qty':40}]}");
	shop_fixture_do(&f, "inbound.create", "xinyi", "lin",
		"{'third_party':'Cake House','lines':[{'sku':'A4','qty':40}]}");
	shop_fixture_land(&f);
	screen = shop_fixture_start_as(&f, SHOP_MANAGER);
	screen_scan(screen, "96385074");
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "[Under way 2]");
	screen_expect(screen, "Waits for t");
	screen_expect(screen, "Tea House");
	screen_expect(screen, "EC倉");
	expect_figures(screen, "IN-XINYI-", " 40 ");
	screen_send(screen, "<down>");
	screen_resize(screen, 50, 200);
	screen_expect(screen, "Waits for the receiver");
	assert_false(screen_has(screen, "Cake House"));
	screen_send(screen, "<enter>");
	screen_expect_row(screen, 1, "A2 > IN-XINYI-");
	screen_expect(screen, "for the weekend");
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_small_and_chinese(void **state)
{
	/* At 60 columns all five figures and their tab stay; in Chinese nothing English is left. */
	static const char *const english[] = {"At each", "Movements", "Under way", "On hand",
		"Leaving", "Damaged", "not known", NULL};
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	screen = shop_fixture_start(&f, 16, 60, "en");
	shop_fixture_sign_in(screen, SHOP_CLERK);
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "[At each store] Movements 0  Under way 0");
	screen_expect(screen, "On hand  Leaving  Coming  Damaged  Available");
	expect_figures(screen, ">    信義店", "100 0 0 0 100");
	screen_end(screen);
	screen = shop_fixture_start(&f, 16, 60, "zh_TW");
	screen_send(screen, "chen<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "1111<enter>");
	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "[各店庫存]");
	screen_expect(screen, "庫存量");
	for (int i = 0; english[i]; i++)
		if (screen_has(screen, english[i]))
			fail_msg("English left: %s\n%s", english[i], screen_text(screen));
	screen_end(screen);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_way_to_find_it),
		cmocka_unit_test_setup_teardown(test_search_follows_the_typing, shop_fixture_set_up,
			shop_fixture_tear_down),
		cmocka_unit_test(test_at_each_store),
		cmocka_unit_test(test_other_stores),
		cmocka_unit_test(test_stores_to_a_file),
		cmocka_unit_test(test_check_the_sku),
		cmocka_unit_test(test_entries_open_their_documents),
		cmocka_unit_test(test_documents_under_way),
		cmocka_unit_test(test_small_and_chinese),
	};

	return cmocka_run_group_tests_name("products on the screen", tests, NULL, NULL);
}
