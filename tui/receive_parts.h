/* What the two files of counting a stock document share. */
#ifndef COUNTERTOP_TUI_RECEIVE_PARTS_H
#define COUNTERTOP_TUI_RECEIVE_PARTS_H

#include "tui/document_count_view.h"
#include "tui/list.h"

struct receive {
	struct count_list counted; /* must stay first: it is the list's ctx */
	struct shop *shop;
	struct list list;
	char sku[COMMAND_ID_MAX + 1]; /* of the line the open question is about */
	struct draft_entry last;      /* which undo asks about */
	int tape_rows;                /* its title included */
	bool is_wide;
};

/* The list follows the count; the cursor goes to this SKU if it is not NULL. */
void receive_refresh(struct receive *self, const char *sku);

/* ---- receive_keys.c: for the table of actions ---- */

const char *receive_why_no_line(void *ctx, int arg);
const char *receive_why_no_damage(void *ctx, int arg);
const char *receive_why_no_fill(void *ctx, int arg);
const char *receive_why_no_undo(void *ctx, int arg);
void receive_run_more(void *ctx, int by);
void receive_run_quantity(void *ctx, int arg);
void receive_run_damaged(void *ctx, int arg);
void receive_run_add(void *ctx, int arg);
void receive_run_fill(void *ctx, int arg);
void receive_run_fill_all(void *ctx, int arg);
void receive_run_undo(void *ctx, int arg);

#endif
