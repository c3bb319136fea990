/*
 * The lists of tickets: the orders they were sold in, their codes, the records of redemptions, the scans that
 * were refused. The pane of all tickets and the page of one order show the same ones.
 */
#ifndef COUNTERTOP_TUI_TICKET_LISTS_H
#define COUNTERTOP_TUI_TICKET_LISTS_H

#include "tui/explain_here.h"
#include "tui/export.h"
#include "tui/ticket_record.h"

enum ticket_list_kind {
	TICKET_ORDERS,
	TICKET_CODES,
	TICKET_CODES_OF_ORDER, /* without what is the same in all of them */
	TICKET_RECORDS,
	TICKET_REFUSED,
	TICKET_LISTS
};

struct ticket_list {
	struct source source;
	enum ticket_list_kind kind;
	struct list list;
	struct export export;
	struct explain_here explain;
	long total; /* rows, as last counted; negative: not yet */
	bool is_counted;
	char today[SHOP_WHEN_BYTES]; /* of the rows that were read */
};

/* It must not move afterwards. False when out of memory. */
bool ticket_list_init(struct ticket_list *self, struct shop *shop, enum ticket_list_kind kind);
void ticket_list_free(struct ticket_list *self);

/* The data changed; something else is asked for: in the list of another filter nothing is where it was. */
void ticket_list_changed(struct ticket_list *self);
void ticket_list_restart(struct ticket_list *self);
/* Counts its rows if that has to be done. The list itself shows at once what is in its window. */
void ticket_list_count(struct ticket_list *self);

/* What it says when there is no row and nothing is searched for. */
const char *ticket_list_empty(const struct ticket_list *self);

/* The row under the cursor; NULL if there is none. Its columns as source_text and source_int. */
const struct source_row *ticket_list_row(const struct ticket_list *self);
const char *ticket_list_text(
	const struct ticket_list *self, const char *column); /* "" without a row */

/* What the columns have no room for, of the row under the cursor; nothing where they say all. Reads names: for
 * recalc. It takes so many rows below the list. */
void ticket_list_about(const struct ticket_list *self, struct ticket_about *out);
int ticket_list_about_rows(const struct ticket_list *self);

/* The list and, below it, its row in words. */
void ticket_list_repaint(
	struct ticket_list *self, const struct ticket_about *about, const struct rect *area);

#endif
