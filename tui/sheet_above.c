#include "tui/sheet_above.h"

void sheet_above_note(void *ctx, char *out, size_t size)
{
	list_position(&((struct sheet_above *)ctx)->list, out, size);
}

enum scan_use sheet_above_on_scan(void *ctx, const char *code)
{
	return sheet_scan(((struct sheet_above *)ctx)->sheet, code);
}

enum scan_use sheet_above_on_code(void *ctx, const char *code)
{
	return sheet_code(((struct sheet_above *)ctx)->sheet, code);
}

void sheet_above_on_lost_scan(void *ctx, const char *code)
{
	sheet_lost_scan(((struct sheet_above *)ctx)->sheet, code);
}

bool sheet_above_is_counting(void *ctx)
{
	return sheet_is_open(((struct sheet_above *)ctx)->sheet);
}

void sheet_above_on_change(void *ctx)
{
	list_changed(&((struct sheet_above *)ctx)->list);
}

void sheet_above_open(void *ctx, int kind)
{
	static struct pane (*const makers[])(struct sheet_pane *) = {
		[SHEET_TAPE] = pane_tape_new,
		[SHEET_ZONES] = pane_zones_new,
		[SHEET_UNKNOWN] = pane_unknown_new,
	};
	struct sheet_pane *sheet = ctx;

	shop_push(sheet->shop, makers[kind](sheet));
}
