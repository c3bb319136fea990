#include "tests/screen/sheet_steps.h"

#include <stdio.h>

const char *sheet_begun(struct shop_fixture *f, const char *data)
{
	const char *sheet = shop_fixture_do(f, "stocktake.create", "xinyi", "chen", "%s", data);

	shop_fixture_do(f, "stocktake.start", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	return sheet;
}

void sheet_count(struct shop_fixture *f, const char *sheet, const char *sku, int qty)
{
	shop_fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'%s','qty':%d,'mode':'set'}", sheet, sku, qty);
}

void sheet_finish(struct shop_fixture *f, const char *sheet)
{
	shop_fixture_do(f, "stocktake.finish", "xinyi", "lin",
		"{'stocktake':'%s','uncounted':'leave'}", sheet);
}

const char *sheet_mismatched(struct shop_fixture *f)
{
	const char *sheet = sheet_begun(f, SHEET_FULL);

	sheet_count(f, sheet, "A1", 97);
	sheet_count(f, sheet, "A2", 105);
	sheet_count(f, sheet, "A3", 100);
	sheet_finish(f, sheet);
	return sheet;
}

void sheet_sell(struct shop_fixture *f, const char *sku, int qty)
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
