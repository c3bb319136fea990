/* Sales orders (product.md §5): what the files of this subject share. The state table and the statuses
 * stand at the top of order.c; the handlers are in
 *
 *   order_place.c    order.place
 *   order.c          the actions that touch no line: payment steps, hold, release, archive …
 *   order_cancel.c   order.cancel
 *   order_invoice.c  order.invoice
 *   order_ship.c     order.ship
 *   order_refund.c   order.credit order.refund
 *   order_mend.c     order.compensate
 *   order_line.c     lines: reading, writing, and what may still be done with one
 *   salable.c        the reservation ledger and what may still be promised
 *   channel.c        the stores of a channel
 *
 * Invariants, of every line, with `unsent` for what was refunded before it was shipped:
 *  1. cancelled + shipped + unsent + outstanding = ordered; of a virtual line cancelled + invoiced +
 *     outstanding. None of them is ever below 0.
 *  2. The reservations of an order and SKU sum to −outstanding, always.
 *  3. refunded, and what open credit memos hold, never exceed invoiced.
 *  4. No command of this subject takes on hand below zero.
 *
 * Quantities are thousandths. */
#ifndef COUNTERTOP_MODEL_ORDER_H
#define COUNTERTOP_MODEL_ORDER_H

#include "model/command.h"
#include "model/text.h"

enum order_status {
	ORDER_OPEN,
	ORDER_PENDING,
	ORDER_PENDING_PAYMENT,
	ORDER_PAYMENT_REVIEW,
	ORDER_PROCESSING,
	ORDER_COMPLETE,
	ORDER_ON_HOLD,
	ORDER_SUSPECTED_FRAUD,
	ORDER_CLOSED,
	ORDER_CANCELED,
	ORDER_STATUSES /* how many; as a status: none, or one only a newer HQ knows */
};

struct order {
	char number[COMMAND_ID_MAX + 1];
	char id[COMMAND_ID_MAX + 1];
	char channel[COMMAND_ID_MAX + 1];
	enum order_status status;
	enum order_status step; /* open … payment_review, as the last step said */
	enum order_status flag; /* on_hold, suspected_fraud; ORDER_STATUSES: none */
	bool paid, denied, archived;
	struct call_doc doc; /* for history and stock; points into this struct */
};

struct order_line {
	char sku[COMMAND_ID_MAX + 1];
	int64_t no;
	bool is_virtual; /* as the product was when the order was placed */
	int64_t ordered, invoiced, shipped, cancelled, refunded;
	int64_t unsent; /* refunded before shipping */
	int64_t price;  /* minor units; 0: not known */
};

const char *order_word(enum order_status status);

/* May the action of that name (order.hold …) be done in this status? What else stands in its way only
 * its handler knows. False for what is no action on an order. */
bool order_allows(const char *op, enum order_status status);

/* Reads the order the command names and judges who may do it and when: unknown_document, wrong_store,
 * or what the state table says. The result carries the present state from here on, in a refusal too.
 * `order` must not be copied. */
enum refusal order_open(struct call *call, struct order *order);
/* Only shows in the result how the order it names stands, if there is one and it concerns who asks. */
void order_show_present(struct call *call);
/* Only reads it; false if there is none. */
bool order_read(struct call *call, const char *number, struct order *order);
/* Works out the status anew, writes it with the steps and flags, and shows it in the result. */
void order_settle(struct call *call, struct order *order);
/* Adds a line to the order's history. */
void order_log(struct call *call, const struct order *order, const char *text);

/* ---- order_line.c ---- */

/* What is left to ship, or of a virtual line to invoice. */
int64_t order_line_outstanding(const struct order_line *line);
int64_t order_line_to_cancel(const struct order_line *line);
int64_t order_line_to_invoice(const struct order_line *line);
int64_t order_line_to_ship(const struct order_line *line);

bool order_line_find(
	struct call *call, const struct order *order, const char *sku, struct order_line *line);
void order_line_save(struct call *call, const struct order *order, const struct order_line *line);
/* All lines in order, in memory of their own: the caller frees *lines. Their number, or -1 without
 * memory: a fault. */
int order_line_all(struct db *db, const char *number, struct order_line **lines);

/* Refuses too_many, with both figures in the message. */
enum refusal order_line_refuse(
	struct call *call, const struct order_line *line, int64_t wanted, int64_t left);

/* One action over the lines the command names, or over all that remain. */
struct order_work {
	struct call *call;
	struct order *order;
	int64_t (*most)(const struct order_line *line); /* of one line */
	/* Does it to one line; qty is above 0 and at most `most`. The line is saved behind it. */
	enum refusal (*each)(struct order_work *work, struct order_line *line, int64_t qty);
	const char *store;   /* order.ship: from where */
	bool may_be_nothing; /* else nothing_to_do is refused */
	struct text figures;
	int done; /* lines */
};

/* A named quantity above what is left is refused too_many; a line without a quantity means what is left
 * of it. Stops at the first refusal. */
enum refusal order_work_lines(struct order_work *work);
/* Settles and logs what was done; refuses nothing_to_do if that is nothing. Frees the work. */
enum refusal order_work_end(struct order_work *work, enum refusal refusal);

#endif
