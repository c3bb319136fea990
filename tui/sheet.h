/* One stocktake sheet on the screen: what its files share. The pane is pane_stocktake.c, counting is
 * sheet_count.c, the steps of its status are sheet_steps.c. */
#ifndef COUNTERTOP_TUI_SHEET_H
#define COUNTERTOP_TUI_SHEET_H

#include "model/stocktake_progress.h"
#include "tui/export.h"
#include "tui/marks.h"
#include "tui/source.h"
#include "tui/stocktake_tables.h"
#include "tui/tabs.h"

#define SHEET_TAPE_MAX 3
#define SHEET_ZONE_BYTES 64
#define SHEET_COLUMNS 7

struct sheet_pane {
	struct shop *shop;
	char id[COMMAND_ID_MAX + 1];
	struct source head; /* the sheet itself */
	struct source_row row;
	bool found;
	struct stocktake_progress progress;
	bool is_stale; /* the data changed: what is above and the figures must be read again */
	struct source lines;
	struct list list;
	struct list_column columns[SHEET_COLUMNS]; /* as wide as the screen allows */
	struct marks marks;                        /* SKUs */
	struct export export;
	struct tabs tabs;
	int tab_of[TABS_MAX]; /* which tab of sheet_result.c each is */
	struct source tape;   /* what was counted, newest first */
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

/* sheet_result.c: the lines, by result. False when out of memory. */
bool sheet_result_init(struct sheet_pane *self);
void sheet_result_free(struct sheet_pane *self);
void sheet_result_title(const struct sheet_pane *self, char *out, size_t size);
/* Behind what is read of the sheet itself. As list_recalc. */
void sheet_result_recalc(struct sheet_pane *self, const struct layout *layout, int height_rows);
/* Puts the cursor on the line, in whatever order the lines stand. */
void sheet_show_line(struct sheet_pane *self, const char *sku);
void sheet_show_uncounted(struct sheet_pane *self);
void sheet_show_all(struct sheet_pane *self);
const char *sheet_line_why_not(void *ctx, int arg);
void sheet_mark(void *ctx, int arg);
const char *sheet_take_search(void *ctx, const char *value);
void sheet_search(void *ctx, int arg);

/* What may be the matter with a line, the weightiest first. */
struct sheet_mark {
	const char *column;        /* of the view */
	const char *label, *about; /* N_ */
};
#define SHEET_MARKS 6
extern const struct sheet_mark sheet_marks[SHEET_MARKS];

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
