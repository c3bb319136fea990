/* Movements: what the files of this subject share. One row is an outbound and an inbound order at
 * once (product.md §2). The state table stands at the top of movement.c; the handlers are in
 *
 *   movement_create.c   outbound.create inbound.create, and what a transfer order leads to
 *   movement.c          inbound.accept inbound.reject outbound.cancel inbound.arrive
 *   movement_ship.c     outbound.ship, and the shipping that an arrival or a count implies
 *   movement_receive.c  inbound.receive
 *   movement_close.c    inbound.close
 *   movement_line.c     reading and writing lines
 *
 * Invariants:
 *  1. Goods are conserved. On hand and damaged everywhere + in transit changes only by lines of
 *     third parties, and by a short close as lost or destroyed (and its undoing).
 *  2. Between two stores a line takes off the sender, in sum,
 *     max(shipped, received + written off + sent back) − sent back: what was counted above what the
 *     sender says it shipped came from the sender all the same. `shipped` stays the sender's word.
 *  3. A status is left only by the table; `received`, `rejected` and `cancelled` are never left.
 *  4. A short close between two stores ends `received`, also where nothing ever arrived: the goods
 *     had left, the lines say what became of them, and a late arrival undoes that without an
 *     exception. Only a third party's inbound of which nothing was counted ends `cancelled`.
 *
 * Quantities are thousandths. */
#ifndef COUNTERTOP_MODEL_MOVEMENT_H
#define COUNTERTOP_MODEL_MOVEMENT_H

#include "model/command.h"
#include "model/text.h"

enum movement_status {
	MOVEMENT_PENDING,
	MOVEMENT_ACCEPTED,
	MOVEMENT_SHIPPED,
	MOVEMENT_ARRIVED,
	MOVEMENT_PARTIAL,
	MOVEMENT_RECEIVED,
	MOVEMENT_REJECTED,
	MOVEMENT_CANCELLED,
	MOVEMENT_STATUSES /* how many; as a status: one only a newer HQ knows */
};

enum movement_action {
	MOVEMENT_ACCEPT,
	MOVEMENT_REJECT,
	MOVEMENT_CANCEL,
	MOVEMENT_SHIP,
	MOVEMENT_SHIP_OUT, /* ship, to a third party */
	MOVEMENT_ARRIVE,
	MOVEMENT_RECEIVE,
	MOVEMENT_CLOSE,
	MOVEMENT_CLOSE_IN, /* close, of a third party's inbound */
	MOVEMENT_ACTIONS
};

#define MOVEMENT_NUMBER_SIZE 80

struct movement {
	char id[COMMAND_ID_MAX + 1];
	char from[COMMAND_ID_MAX + 1];         /* "": a third party */
	char to[COMMAND_ID_MAX + 1];           /* "": a third party */
	char out_number[MOVEMENT_NUMBER_SIZE]; /* "": none */
	char in_number[MOVEMENT_NUMBER_SIZE];  /* "": none */
	enum movement_status status;           /* as it is now */
	enum movement_status next;             /* where the table leads from there */
	struct call_doc doc;                   /* for history and stock; points into this struct */
};

struct movement_line {
	char sku[COMMAND_ID_MAX + 1];
	int64_t no;
	int64_t ordered, shipped, received, damaged, written_off, sent_back;
	bool extra, unknown;
	char reason[16]; /* of a short close; "": none */
};

/* Reads the movement the command names and judges who may do what to it when. Refuses
 * unknown_document, wrong_store, no_right (clerk_receives), or what the state table says. The result
 * carries the present state from here on, in a refusal too. `movement` must not be copied. */
enum refusal movement_open(
	struct call *call, enum movement_action action, struct movement *movement);
/* Gives the movement its new status. reason, if not NULL, is kept with the document. */
void movement_move(struct call *call, struct movement *movement, enum movement_status status,
	const char *reason);
/* Sets doc from the acting store's point of view. */
void movement_point_doc(struct call *call, struct movement *movement);
/* Puts id, numbers and status into the result. */
void movement_show(struct call *call, const struct movement *movement);
const char *movement_word(enum movement_status status);

/* ---- movement_create.c ---- */

/* All SKUs of the command's lines must exist at both ends ("": a third party), as far as this database can tell. It does once
 * the store has a stock line of it; what a third party brings makes one when it is counted. The refusal names those that do not exist, and the end. */
enum refusal movement_check_ends(struct call *call, const char *from, const char *to);
/* Makes the movement of what was agreed to of a transfer order; its id is the command's. */
void movement_from_transfer(struct call *call, const char *transfer);

/* ---- movement_line.c ---- */

/* False if the SKU is not on the document; then *line is an empty one for it, to be added. */
bool movement_line_find(struct call *call, const struct movement *movement, const char *sku,
	struct movement_line *line);
/* Inserts or updates. */
void movement_line_save(
	struct call *call, const struct movement *movement, const struct movement_line *line);
/* All lines in order, in memory of their own: the caller frees *lines. Their number, or -1 without
 * memory: a fault. */
int movement_line_all(
	struct call *call, const struct movement *movement, struct movement_line **lines);
/* Shipped and not accounted for; never below 0. */
int64_t movement_line_road(const struct movement_line *line);
/* Appends "A1 10 (2 damaged)", behind a comma if something stands there. */
void movement_line_tell(struct text *figures, const char *sku, int64_t qty, int64_t damaged);

/* ---- movement_ship.c ---- */

/* Ships in full as ordered if the sender has not pressed ship at all; else does nothing. With fact
 * the sender's on hand may go below zero, otherwise not_enough is refused. */
enum refusal movement_ship_implied(struct call *call, struct movement *movement, bool fact);

/* ---- movement_close.c ---- */

/* Why goods of a short close are missing, as commands and rows say it. */
struct movement_reason {
	const char *word;
	bool goes_back; /* to the sender's on hand; otherwise they are written off */
};
#define MOVEMENT_REASONS 5
extern const struct movement_reason movement_reasons[MOVEMENT_REASONS];
bool movement_goes_back(const char *reason);

static inline const char *movement_or_null(const char *text)
{
	return *text ? text : NULL;
}

#endif
