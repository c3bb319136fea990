/* One stocktake sheet on the screen: what its files share. The pane is pane_stocktake.c, counting is
 * sheet_count.c, the steps of its status are sheet_steps.c. */
#ifndef COUNTERTOP_TUI_SHEET_H
#define COUNTERTOP_TUI_SHEET_H

#include "model/stocktake_progress.h"
#include "model/stocktake_zone.h"
#include "tui/explain_here.h"
#include "tui/export.h"
#include "tui/marks.h"
#include "tui/source.h"
#include "tui/stocktake_tables.h"
#include "tui/tabs.h"

#define SHEET_TAPE_MAX 3
#define SHEET_ZONE_BYTES (STOCKTAKE_ZONE_MAX + 1)
#define SHEET_TYPED_BYTES 64
#define SHEET_LOST_BYTES 24  /* enough to know a label by */
#define SHEET_TIMES_MAX 9999 /* pieces one scan or typed quantity counts without a question */
#define SHEET_COLUMNS 9
#define SHEET_MILLI_OF_MINOR 10 /* an amount in minor units is written as a quantity: 4.50 */

/* Extras of a line's row: while a zone is counted again, what that has of the product. */
enum { SHEET_AGAIN_SUM, SHEET_AGAIN_ANY };

/* Another sheet this one reverses, or is reversed by; "" if there is none. */
struct sheet_link {
	char id[COMMAND_ID_MAX + 1];
	char number[SHOP_NAME_BYTES];
};

/* What is typed on the sheet itself: sheet_typed.c. */
struct sheet_typed {
	char text[SHEET_TYPED_BYTES];
	int64_t times; /* what the next scan counts; 0: one */
	int64_t asked; /* a question is open for it */
};

/* Since the sheet was opened on this screen: scans that were to be counted, and those of them that stand on
 * the disk. They must be equal. */
struct sheet_sitting {
	int64_t received, stored;
	char lost[SHEET_LOST_BYTES]; /* the last one that does not; "" where that is no code */
};

/* The pass in which the person signed in counts a zone once more. */
struct sheet_again {
	char zone[SHEET_ZONE_BYTES];
	int64_t pass; /* 0: none */
};

/* The newest entry that could be undone, as far as it was looked for: sheet_tape.c. */
struct sheet_mine {
	char entry[COMMAND_ID_MAX + 1]; /* "": none */
	char searched[COMMAND_ID_MAX + 1];
	char staff[COMMAND_ID_MAX + 1];
	int64_t round;
};

/* The product that was scanned last, whether the list shows it or not: until a key moves the cursor the keys of
 * a line mean it. sheet_line.c. */
struct sheet_scanned {
	char sku[COMMAND_ID_MAX + 1]; /* "": none */
	unsigned moves;               /* of the list, at the scan */
	struct source_row row;
	bool has_row;
};

struct sheet_pane {
	struct shop *shop;
	char id[COMMAND_ID_MAX + 1];
	struct source head; /* the sheet itself */
	struct source_row row;
	bool found;
	char store_name[SHOP_NAME_BYTES];
	struct stocktake_progress progress;
	bool is_unread; /* the data changed: what is above must be read again, */
	bool is_stale;  /* and what is made from it */
	struct source lines;
	struct list_source lines_list;
	struct list list;
	struct list_column columns[SHEET_COLUMNS]; /* as wide as the screen allows */
	int order;                                 /* of sheet_result.c */
	struct marks marks;                        /* SKUs */
	struct sheet_scanned scanned;
	char line_sku[COMMAND_ID_MAX + 1]; /* the line that is told in words */
	char line_name[SHOP_NAME_BYTES];
	char line_words[512];
	struct marks recount; /* those a dialog asks about; none: all that differ */
	bool shows_recount;   /* its lines, once the round is open */
	struct sheet_link reverses, reversed_by;
	struct export export;
	struct export paper; /* the sheet to count with */
	struct explain_here explain;
	struct tabs tabs;
	int tab_of[TABS_MAX]; /* which tab of sheet_result.c each is */
	struct source tape;   /* what was counted, newest first */
	char tape_lines[SHEET_TAPE_MAX][LIST_CELL_BYTES];
	int tape_count;
	struct sheet_mine mine;
	char zone[SHEET_ZONE_BYTES]; /* what is counted now belongs to this zone; "" is none */
	int64_t pass;                /* which counting of the zone it is, in this round: */
	int64_t zone_round;
	struct stocktake_zone held; /* who has the zone, if anybody */
	bool has_holder;
	char seated[COMMAND_ID_MAX + 1]; /* whose zone, number and scans these are */
	struct sheet_again again;
	char asked_zone[SHEET_ZONE_BYTES]; /* a dialog is open for it, */
	bool asked_open;                   /* which somebody else still counts */
	struct sheet_typed typed;
	struct sheet_sitting sitting;
	char wish[COMMAND_ID_MAX + 1]; /* the SKU a dialog is open for */
	const char *mode;              /* and how its quantity is taken */
	char reason[256];
};

/* The sheet's own columns: "number", "status" … */
const char *sheet_text(const struct sheet_pane *self, const char *column);
bool sheet_is(const struct sheet_pane *self, const char *status);
/* Counting is possible now: a sheet of this store, counting or recounting. */
bool sheet_is_open(const struct sheet_pane *self);
/* Why nothing can be done with it here: it is another store's; NULL if it is this one's. */
const char *sheet_elsewhere_why_not(const struct sheet_pane *self);
/* {"stocktake": id} */
cJSON *sheet_data(const struct sheet_pane *self);

/* sheet_result.c: the lines, by result. False when out of memory. */
bool sheet_result_init(struct sheet_pane *self);
void sheet_result_free(struct sheet_pane *self);
void sheet_result_title(const struct sheet_pane *self, char *out, size_t size);
/* "2 marked, 3 of 98": stands at the end of the heading, where nothing cuts it. */
void sheet_result_note(const struct sheet_pane *self, char *out, size_t size);
/* Behind what is read of the sheet itself. As list_recalc. */
void sheet_result_recalc(struct sheet_pane *self, const struct layout *layout, int height_rows);
void sheet_show_uncounted(struct sheet_pane *self);
void sheet_show_recount(struct sheet_pane *self);
bool sheet_is_recount(const struct sheet_pane *self);
void sheet_show_all(struct sheet_pane *self);
/* The difference is not to be seen: the count is blind, or the zone is counted once more. */
bool sheet_hides_result(const struct sheet_pane *self);
const char *sheet_line_why_not(void *ctx, int arg);
const char *sheet_page_why_not(void *ctx, int arg);
const char *sheet_product_why_not(void *ctx, int arg);
void sheet_sort(void *ctx, int arg);
const char *sheet_take_search(void *ctx, const char *value);
void sheet_search(void *ctx, int arg);

/* sheet_line.c. The line that keys mean: that of the last scan, or the one under the cursor. "" and NULL if there
 * is none; a product just scanned may have no row yet. */
const char *sheet_line_sku(const struct sheet_pane *self);
const struct source_row *sheet_line_row(const struct sheet_pane *self);
/* Keys mean the product from now on; the cursor goes to its line where the list shows it. */
void sheet_show_line(struct sheet_pane *self, const char *sku);
/* Keys mean the line under the cursor again. */
void sheet_forget_scanned(struct sheet_pane *self);
bool sheet_means_scanned(const struct sheet_pane *self);
/* That line in words, read again where it is another or stale. */
void sheet_line_recalc(struct sheet_pane *self, bool with_flags);
void sheet_line_page(void *ctx, int arg);

/* sheet_mark.c: lines that a person marks. */
void sheet_mark(void *ctx, int arg);
void sheet_mark_all(void *ctx, int arg);

/* sheet_flag.c: what may be the matter with a line, the weightiest first. */
struct sheet_flag {
	const char *column;        /* of the view */
	const char *label, *about; /* N_ */
};
enum {
	SHEET_FLAG_UNKNOWN,
	SHEET_FLAG_DISPUTED,
	SHEET_FLAG_SUGGESTED,
	SHEET_FLAG_EXTRA,
	SHEET_FLAG_MOVED,
	SHEET_FLAG_LATER,
	SHEET_FLAG_RECOUNT,
	SHEET_FLAG_ZEROED,
	SHEET_FLAGS
};
extern const struct sheet_flag sheet_flags[SHEET_FLAGS];
/* Translated; NULL if the line does not carry it. */
const char *sheet_flag_label(
	const struct sheet_pane *self, const struct source_row *row, const struct sheet_flag *flag);
/* What it says of a line that carries it. */
const char *sheet_flag_about(
	const struct sheet_pane *self, const struct source_row *row, const struct sheet_flag *flag);

/* Reads the sheet and its figures again if the data changed: for its own pane, and for those above it. */
void sheet_read(struct sheet_pane *self);

/* sheet_count.c. `arg` as the action table gives it. */
enum scan_use sheet_scan(struct sheet_pane *self, const char *code);
/* The same code typed by hand: one that nobody knows may be a slip of the finger, and is asked about. */
enum scan_use sheet_code(struct sheet_pane *self, const char *code);
/* A scan was swallowed by a question over the sheet: it was received all the same. */
void sheet_lost_scan(struct sheet_pane *self, const char *code);
const char *sheet_count_why_not(void *ctx, int arg);
void sheet_count_set(void *ctx, int arg);
void sheet_count_add(void *ctx, int arg);

/* sheet_typed.c. The first two as in pane_ops. */
bool sheet_is_typing(void *ctx);
bool sheet_on_text(void *ctx, const char *utf8);
/* Is this so much that it is asked about? */
bool sheet_is_much(int64_t qty_milli);
/* False if nothing was typed. */
bool sheet_drop_typed(struct sheet_pane *self);
void sheet_typed_words(const struct sheet_pane *self, char *out, size_t size); /* "": nothing */

/* sheet_tape.c: what was counted last, at the foot of the sheet; undo. */
void sheet_tape(struct sheet_pane *self);
void sheet_tape_repaint(const struct sheet_pane *self, const struct rect *area);
/* A row of the view count_entries in words. */
void sheet_tape_line(struct sheet_pane *self, const struct source_row *row, char *out, size_t size);
/* Filters of a source over the view count_entries: all that may be seen, or what can be undone. */
void sheet_tape_all(struct sheet_pane *self, struct source *tape);
void sheet_tape_mine(struct sheet_pane *self, struct source *tape);
const char *sheet_undo_why_not(void *ctx, int arg);
void sheet_undo(void *ctx, int arg);
bool sheet_undo_entry(struct sheet_pane *self, const char *entry); /* says why not */

/* sheet_zone.c */
void sheet_zone_read(struct sheet_pane *self); /* with sheet_read */
/* While a zone is counted again by whoever is signed in, nothing that was counted before is shown. */
bool sheet_is_double_blind(const struct sheet_pane *self);
const char *sheet_double_blind_why_not(const struct sheet_pane *self); /* NULL if it is not so */
/* Who else holds the zone counted in now; false if nobody does. */
bool sheet_zone_holder(struct sheet_pane *self, char who[SHOP_NAME_BYTES]);
/* "zone A3, counting 2", "" without one. */
void sheet_zone_words(const struct sheet_pane *self, char *out, size_t size);
/* What this counting of the zone has of a SKU, thousandths; and what each zone has, in words. */
int64_t sheet_zone_sum(struct sheet_pane *self, const char *sku);
/* The same of the pass that is counted again; false if it has not counted the SKU. */
bool sheet_again_sum(struct sheet_pane *self, const char *sku, int64_t *sum_milli);
void sheet_zones_now(struct sheet_pane *self, const char *sku, struct text *out);
/* As it is kept; "" if it is no name. Returns what is wrong with one that is too long, else NULL. */
const char *sheet_zone_name(const char *typed, char zone[SHEET_ZONE_BYTES]);
/* Is the code the label of a zone, "ZONE:A3" or "ZONE A3"? The zone is "" where its name is too long. */
bool sheet_zone_label(const char *code, char zone[SHEET_ZONE_BYTES]);
void sheet_zone_scanned(struct sheet_pane *self, const char *zone);
/* Claims the zone and counts in it; asks if it is done or somebody else has it; "": no zone. */
void sheet_zone_enter(struct sheet_pane *self, const char *zone);
/* The same without a question; how: "again", "take" or NULL. */
void sheet_zone_take(struct sheet_pane *self, const char *zone, const char *how);
/* Counts in it without claiming it. */
void sheet_zone_set(struct sheet_pane *self, const char *zone);
/* Before a count: where a new round made the zone nobody's it is claimed again. */
void sheet_zone_keep(struct sheet_pane *self);
/* Adds a sentence about zones that somebody still counts; nothing if there are none. */
void sheet_zones_left(struct sheet_pane *self, struct text *out);

/* sheet_steps.c. `arg` is a row of its table of steps. */
enum sheet_step {
	SHEET_START,
	SHEET_PAUSE,
	SHEET_RESUME,
	SHEET_FINISH,
	SHEET_RECOUNT,
	SHEET_CORRECT,
	SHEET_REVERSE,
	SHEET_VOID,
	SHEET_STEPS
};
const char *sheet_step_why_not(void *ctx, int step);
void sheet_step_run(void *ctx, int step);

/* While HQ cannot be reached: what that means for a result; NULL otherwise. */
const char *sheet_offline_words(const struct shop *shop);

/* sheet_info.c */
void sheet_info(void *ctx, int arg);
/* The same of a sheet that is not open. */
void sheet_info_of(struct shop *shop, const char *id);
void sheet_links_read(struct sheet_pane *self);
void sheet_links_words(
	const struct sheet_pane *self, char *out, size_t size); /* "" if there is none */
const char *sheet_link_why_not(void *ctx, int arg);
void sheet_link_open(void *ctx, int arg);

#endif
