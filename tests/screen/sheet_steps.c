#include "tests/screen/sheet_steps.h"

#include <stdio.h>

const char *sheet_started(struct shop_fixture *f, const char *data)
{
	static char sheet[UUID_SIZE];

	snprintf(sheet, sizeof(sheet), "%s",
		shop_fixture_do(f, "stocktake.create", "xinyi", "chen", "%s", data));
	shop_fixture_do(f, "stocktake.start", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	shop_fixture_land(f);
	return sheet;
}

void sheet_show(struct screen *screen)
{
	screen_send(screen, "<f3>");
	screen_expect(screen, "STK-XINYI-");
	screen_send(screen, "<enter>");
	screen_expect(screen, "of 9 lines");
}

int64_t sheet_sent(struct shop_fixture *f, const char *op, const char *part)
{
	return db_get_int(f->console.outbox, -1,
		"SELECT count(*) FROM command WHERE op = $1 AND instr(line, $2) > 0", "tt", op,
		part);
}
