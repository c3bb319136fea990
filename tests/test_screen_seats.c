/* What a person sees while another seat, or the syncer, has the cache for itself. */
#include <stdio.h>
#include <string.h>

#include "model/db.h"
#include "tests/screen/shop_fixture.h"

/* A sheet that is open for counting, at HQ and here, and a screen that shows it. */
static struct screen *open_sheet(struct shop_fixture *f)
{
	char sheet[UUID_SIZE];
	struct screen *screen;

	snprintf(sheet, sizeof(sheet), "%s",
		shop_fixture_do(f, "stocktake.create", "xinyi", "chen", "{'scope':'full'}"));
	shop_fixture_do(f, "stocktake.start", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	shop_fixture_land(f);
	screen = shop_fixture_start_as(f, SHOP_CLERK);
	screen_send(screen, "<f3>");
	screen_expect(screen, "STK-XINYI-");
	screen_send(screen, "<enter>");
	screen_expect(screen, "pieces 0, scans 0");
	return screen;
}

static void test_a_scan_is_saved_while_the_cache_is_busy(void **state)
{
	/* While another process has the cache locked a scan is saved all the same, no figure is invented,
	 * and the sheet shows it once the cache is free. */
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open(&f);
	screen = open_sheet(&f);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_scan_is_saved_while_the_cache_is_busy),
	};

	return cmocka_run_group_tests_name("seats in each other's way", tests, NULL, NULL);
}
