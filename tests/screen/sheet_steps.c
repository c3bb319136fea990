#include "tests/screen/sheet_steps.h"

#include <stdio.h>

const char *sheet_mismatched(struct shop_fixture *f)
{
	const char *sheet = sheets_started(&f->hq, SHEETS_FULL);

	sheets_count(&f->hq, sheet, "A1", "97");
	sheets_count(&f->hq, sheet, "A2", "105");
	sheets_count(&f->hq, sheet, "A3", "100");
	sheets_finish(&f->hq, sheet);
	return sheet;
}

void sheet_till_sells(struct shop_fixture *f, const char *sku, int qty)
{
	char sql[400];

	f->hq.now_ms += FIXTURE_STEP_MS;
	snprintf(sql, sizeof(sql),
		"INSERT INTO ledger (id, store, sku, qty, damaged, reason, doc_kind, doc, at, actor) "
		"VALUES ('sale.%lld', 'xinyi', '%s', %d, 0, 'sale', '', '', %lld, 'till')",
		(long long)f->hq.now_ms, sku, -qty * 1000, (long long)f->hq.now_ms);
	fixture_sql(&f->hq, sql);
	fixture_set_on_hand(
		&f->hq, "xinyi", sku, fixture_on_hand(&f->hq, "xinyi", sku) - qty * 1000);
	f->hq.now_ms += FIXTURE_STEP_MS;
}

struct screen *sheet_open(
	struct shop_fixture *f, int rows, int cols, const char *staff, const char *pin)
{
	struct screen *screen;

	shop_fixture_land(f);
	screen = shop_fixture_start(f, rows, cols, "en");
	shop_fixture_sign_in(screen, staff, pin);
	sheet_show(screen);
	return screen;
}

void sheet_show(struct screen *screen)
{
	screen_send(screen, "<f3>");
	screen_expect(screen, "STK-XINYI-");
	screen_send(screen, "<enter>");
	screen_expect(screen, " lines ");
}
