/*
 * A list above a sheet: its tape, its zones, its unknown codes. The pane of the sheet lies below it on the
 * stack and outlives it; scans and typed codes count there as if nothing lay above.
 *
 * Such a pane is a struct that begins with a struct sheet_above, and has SHEET_ABOVE_OPS among its pane_ops
 * and sheet_above_on_change as its on_change, or in it; it makes the list and frees it.
 */
#ifndef COUNTERTOP_TUI_SHEET_ABOVE_H
#define COUNTERTOP_TUI_SHEET_ABOVE_H

#include "tui/sheet.h"

struct sheet_above {
	struct sheet_pane *sheet;
	struct list list;
};

/* As in pane_ops; ctx begins with a struct sheet_above. */
void sheet_above_note(void *ctx, char *out, size_t size);
enum scan_use sheet_above_on_scan(void *ctx, const char *code);
enum scan_use sheet_above_on_code(void *ctx, const char *code);
void sheet_above_on_lost_scan(void *ctx, const char *code);
bool sheet_above_is_counting(void *ctx);
void sheet_above_on_change(void *ctx);

#define SHEET_ABOVE_OPS                                                                           \
	.note = sheet_above_note, .on_scan = sheet_above_on_scan, .on_code = sheet_above_on_code, \
	.on_lost_scan = sheet_above_on_lost_scan, .is_counting = sheet_above_is_counting

/* What may lie above a sheet: pane_tape.c, pane_zones.c, pane_unknown.c. No ops if it could not be made. */
struct pane pane_tape_new(struct sheet_pane *sheet);
struct pane pane_zones_new(struct sheet_pane *sheet);
struct pane pane_unknown_new(struct sheet_pane *sheet);

/* For an action of the sheet: opens one of them; ctx is the struct sheet_pane. */
enum sheet_above_kind { SHEET_TAPE, SHEET_ZONES, SHEET_UNKNOWN };
void sheet_above_open(void *ctx, int kind);

#endif
