/*
 * One sales order as the panes look at it: read from the cache, never written. What may still be done with
 * its lines is the model's arithmetic (model/order.h).
 *
 * Quantities are thousandths.
 */
#ifndef COUNTERTOP_TUI_ORDER_DATA_H
#define COUNTERTOP_TUI_ORDER_DATA_H

#include "model/order.h"
#include "tui/document_rows.h"
#include "tui/form.h"
#include "tui/shop.h"

#define ORDER_TEXT_BYTES 256

/* Sums over all lines. */
struct order_sums {
	int64_t ordered, invoiced, shipped, cancelled, refunded, outstanding;
	/* What may still be done; to_credit is what was invoiced and is neither refunded nor held by a memo. */
	int64_t to_invoice, to_ship, to_cancel, to_credit;
};

struct order_face {
	char number[COMMAND_ID_MAX + 1];
	char id[COMMAND_ID_MAX +
		1]; /* of the command that placed it; history and stock know it by that */
	char channel[COMMAND_ID_MAX + 1];
	char customer[ORDER_TEXT_BYTES]; /* "": none was given */
	char store[COMMAND_ID_MAX + 1];  /* where it was keyed; "": by a program */
	char status_word[24];            /* as it stands in the row */
	enum order_status status;        /* ORDER_STATUSES: one only a newer HQ knows */
	bool paid, denied, archived;
	bool is_here;    /* the cache holds it */
	bool is_pending; /* HQ has not confirmed all of it */
	bool is_served;  /* this store is one of its channel's */
	int open_memos;
	int64_t created_ms;
	char created_by[COMMAND_ID_MAX + 1];
	struct order_sums sums;
};

struct order_item {
	char key[LIST_KEY_BYTES];
	struct order_line line;
	char name[ORDER_TEXT_BYTES];
	int64_t held; /* by open credit memos */
};

struct order_data {
	struct document_rows
		items; /* of struct order_item; must stay first: it may be a list's ctx */
	struct shop *shop;
	struct order_face face;
};

/* Only what a row of the list tells, and the sums. False, and is_here is false, if it is not here. */
bool order_face_read(const struct shop *shop, const char *number, struct order_face *face);

void order_data_init(struct order_data *data, struct shop *shop);
void order_data_free(struct order_data *data);
/* Reads it anew with its lines; false if the cache does not hold it (any more). */
bool order_data_load(struct order_data *data, const char *number);
const struct order_item *order_data_item(const struct order_data *data, size_t index);

/* What may still be credited of a line. */
int64_t order_item_to_credit(const struct order_item *item);

/* "Blake Sanders", or what stands where none was given. */
const char *order_customer(const struct order_face *face);
/* "paid · denied · 1 credit memo open", appended: what the status does not tell; nothing if that is all. */
void order_add_flags(const struct order_face *face, struct text *text);
/* Channels by part of their name or id, for a pick field; only those this store serves. */
size_t order_pick_channel(
	const struct shop *shop, const char *text, struct form_pick *out, size_t max);
/* The channel a new order begins with: one that this store serves alone is its counter; else the first. */
void order_first_channel(const struct shop *shop, char out[COMMAND_ID_MAX + 1]);
/* The order's number, customer and channel, appended: how every question about it begins. */
void order_add_head(const struct shop *shop, const struct order_face *face, struct text *text);

#endif
