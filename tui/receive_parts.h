/* What the files of counting a document share. */
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
	const struct action_table *actions;
};

/* The pane of a count: a kind's document, under these keys. */
struct pane receive_pane_new(struct shop *shop, const struct count_kind *kind,
	const struct action_table *actions, const char *id);

/* The list follows the count; the cursor goes to this SKU if it is not NULL. */
void receive_refresh(struct receive *self, const char *sku);

/* ---- for tables of actions; what begins and ends the whole is in pane_receive.c ---- */

const char *receive_why_no_finish(void *ctx, int arg);
void receive_run_finish(void *ctx, int arg);
void receive_run_discard(void *ctx, int arg);

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
