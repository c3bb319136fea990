/* One stocktake sheet on the screen: what its files share. The pane is pane_stocktake.c, counting is
 * sheet_count.c, the steps of its status are sheet_steps.c. */
#ifndef COUNTERTOP_TUI_SHEET_H
#define COUNTERTOP_TUI_SHEET_H

#include "model/stocktake_progress.h"
#include "tui/export.h"
#include "tui/source.h"
#include "tui/stocktake_tables.h"
#include "tui/tabs.h"

#define SHEET_TAPE_MAX 3
#define SHEET_ZONE_BYTES 64

struct sheet_pane {
	struct shop *shop;
	char id[COMMAND_ID_MAX + 1];
	struct source head; /* the sheet itself */
	struct source_row row;
	bool found;
	struct stocktake_progress progress;
	struct source lines;
	struct list list;
	struct export export;
	struct tabs tabs;
	struct source tape; /* what was counted, newest first */
	char tape_lines[SHEET_TAPE_MAX][LIST_CELL_BYTES];
	int tape_count;
	char zone[SHEET_ZONE_BYTES];   /* what is counted now belongs to this zone; "" is none */
	char wish[COMMAND_ID_MAX + 1]; /* the SKU a dialog is open for */
	char reason[256];
};

/* The sheet's own columns: "number", "status" … */
const char *sheet_text(const struct sheet_pane *self, const char *column);
bool sheet_is(const struct sheet_pane *self, const char *status);
/* Counting is possible now: counting or recounting. */
bool sheet_is_open(const struct sheet_pane *self);
/* {"stocktake": id} */
cJSON *sheet_data(const struct sheet_pane *self);

/* sheet_count.c. `arg` as the action table gives it. */
enum scan_use sheet_scan(struct sheet_pane *self, const char *code);
const char *sheet_count_why_not(void *ctx, int arg);
void sheet_count_set(void *ctx, int arg);
void sheet_count_add(void *ctx, int arg);
void sheet_zone(void *ctx, int arg);
const char *sheet_undo_why_not(void *ctx, int arg);
void sheet_undo(void *ctx, int arg);
void sheet_tape(struct sheet_pane *self);
void sheet_tape_page(void *ctx, int arg);

/* sheet_steps.c. `arg` is a row of its table of steps. */
enum sheet_step {
	SHEET_START,
	SHEET_PAUSE,
	SHEET_RESUME,
	SHEET_FINISH,
	SHEET_RECOUNT,
	SHEET_CORRECT,
	SHEET_VOID,
	SHEET_STEPS
};
const char *sheet_step_why_not(void *ctx, int step);
void sheet_step_run(void *ctx, int step);
void sheet_info(void *ctx, int arg);

#endif
