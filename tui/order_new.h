/*
 * A sales order that is being keyed in: its head and its lines, kept in a draft (document_draft.h) from the
 * first keystroke on, so that a hang-up loses nothing. One draft for each store and member of staff. Its number
 * is made with its head, so that it cannot be placed twice. Quantities are thousandths.
 */
#ifndef COUNTERTOP_TUI_ORDER_NEW_H
#define COUNTERTOP_TUI_ORDER_NEW_H

#include "model/salable.h"
#include "tui/document_data.h"
#include "tui/document_draft.h"

struct order_new_row {
	char key[LIST_KEY_BYTES];
	char sku[COMMAND_ID_MAX + 1];
	char name[DOCUMENT_TEXT_BYTES];
	int64_t qty;
	int64_t price; /* minor units; 0: not known */
	bool is_virtual;
	struct salable salable;
};

struct order_new_head {
	char number[COMMAND_ID_MAX + 1]; /* "": not made yet */
	char channel[COMMAND_ID_MAX + 1];
	char customer[DOCUMENT_TEXT_BYTES];
	bool is_taken; /* sold at the counter: paid, and taken along from this store */
};

struct order_new {
	struct document_rows
		rows; /* of struct order_new_row; must stay first: it is a list's ctx */
	struct shop *shop;
	struct order_new_head head;
	struct document_draft draft;
	int64_t last_entry; /* the newest entry of the draft; 0: none */
	int64_t total;
};

/* Trouble with the disk is said on the message line, here and below. */
void order_new_open(struct order_new *new, struct shop *shop);
void order_new_close(struct order_new *new);
void order_new_read(struct order_new *new);

bool order_new_has_head(const struct order_new *new);
/* The number is kept, or made. */
void order_new_set_head(struct order_new *new, const struct order_new_head *head);
struct order_new_row *order_new_row_of(const struct order_new *new, const char *sku);
/* May less of it be promised than the line asks for, as far as this terminal knows? */
bool order_new_is_short(const struct order_new_row *row);
/* More of a SKU; or, with is_sum, exactly as much; 0 takes the line away. */
void order_new_put(struct order_new *new, const char *sku, int64_t qty_milli, bool is_sum);
void order_new_undo(struct order_new *new);
void order_new_discard(struct order_new *new);

/* The question that names it all, appended; false, and said, if it would be refused. */
bool order_new_ask(struct order_new *new, struct text *question);
/* Places it, and what goes with it, or nothing of all that. False, and said, if it was not saved. */
bool order_new_create(struct order_new *new, char number[COMMAND_ID_MAX + 1]);

#endif
