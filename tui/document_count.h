/*
 * A count against a document: what arrived (點收), what goes on the truck, or what a sales order is sent.
 * The document's lines, what earlier parts counted, and what is in the draft of this part.
 *
 * Each scan is an entry of the draft (document_draft.h), on the disk before it is seen; only
 * finishing makes a command, one for all that was counted. Quantities are thousandths.
 */
#ifndef COUNTERTOP_TUI_DOCUMENT_COUNT_H
#define COUNTERTOP_TUI_DOCUMENT_COUNT_H

#include "tui/document_data.h"
#include "tui/document_draft.h"
#include "tui/document_stock.h"

#define DOCUMENT_TAPE_MAX 40

/* What differs between them. */
struct count_kind {
	const char *op;
	const char *key;    /* what the command calls the document */
	const char *words;  /* of its statuses, for shop_word */
	const char *draft;  /* the beginning of the draft's name */
	bool is_shipping;   /* no extras, no damaged units, never more than is left */
	const char *title;  /* N_: %s is the number */
	const char *finish; /* N_: the button */
	const char *due;    /* N_: the column of what is expected */
	const char *help;   /* N_ */
	bool says_store;    /* the command names this store */
	bool (*load)(struct document *document, const char *id);
	struct document_stock (*stock)(
		const struct document *document, const struct document_line *line);
};
extern const struct count_kind count_receiving, count_shipping;
extern const struct count_kind count_order; /* order_ship.c */

struct count_row {
	char key[LIST_KEY_BYTES];
	char sku[COMMAND_ID_MAX + 1];
	char name[DOCUMENT_TEXT_BYTES];
	int64_t expected, before;     /* of the document */
	int64_t now, damaged;         /* of this part */
	int64_t can_leave, available; /* at the source; only of a shipping (document_stock.h) */
	bool is_extra;                /* not on the order */
	bool is_unknown;              /* in no catalogue */
};

struct count_sums {
	int64_t expected, before, now, damaged;
	int64_t open; /* expected of this part when it began: what no earlier part had */
	int64_t over; /* counted above what is expected, extra lines included */
	size_t lines; /* with something counted now */
};

struct document_count {
	struct document_rows rows; /* of struct count_row; must stay first: it is a list's ctx */
	const struct count_kind *kind;
	struct shop *shop;
	struct document document;
	struct document_draft draft;
	struct draft_entry tape[DOCUMENT_TAPE_MAX]; /* newest first */
	size_t tape_count;
	struct count_sums sums;
	int64_t last_entry;  /* the newest that is in the rows */
	int64_t steps;       /* how often it was submitted before, by anybody */
	cJSON *asked;        /* what the open question would send */
	int64_t asked_last;  /* the newest entry that is in it */
	int64_t asked_milli; /* its sum */
	bool is_sending;     /* what happens now is this seat's own doing */
	bool is_taken; /* another seat has sent what is still in the draft: it leaves it next */
	char id[COMMAND_ID_MAX + 1];
};

/* What goes wrong with the disk is said on the message line, here and below. */
void document_count_open(struct document_count *count, struct shop *shop,
	const struct count_kind *kind, const char *id);
void document_count_close(struct document_count *count);
/* Reads document and draft anew. */
void document_count_read(struct document_count *count);

struct count_row *document_count_row_at(const struct document_count *count, size_t index);
struct count_row *document_count_row_of(const struct document_count *count, const char *sku);

/* The SKU a code means; false, and said, if nothing can be counted by it. A code in no catalogue is
 * kept as it was read, as an unknown product, but never shipped. */
bool document_count_sku_of(struct document_count *count, const char *code, char *sku, size_t size);
bool document_count_is_catalogued(const struct document_count *count, const char *sku);
/* Is there as much more of it left to ship? Always true of what arrives. */
bool document_count_has_room(
	const struct document_count *count, const char *sku, int64_t more_milli);
/* Counts, and says what stands there now. False, and said, if it was not stored. */
bool document_count_add(struct document_count *count, const char *sku, int64_t qty_milli);
bool document_count_set(
	struct document_count *count, const char *sku, int64_t qty_milli, int64_t damaged_milli);
/* What undo means now: the last entry of the person signed in, else the last of anybody; false if there is
 * none. */
bool document_count_last(struct document_count *count, struct draft_entry *last);
/* "A1 +2", or "2 lines, 7 pieces" of what was filled together; appended. */
void document_count_add_entry(const struct draft_entry *entry, struct text *text);
/* Takes that back. False, and said, if it cannot be. */
bool document_count_undo(struct document_count *count, const struct draft_entry *last);
/* What a line still lacks; 0 when the document has ended: nothing is expected then. */
int64_t document_count_lacks(const struct document_count *count, const struct count_row *row);
/* Counts all lines up to what is expected, as one step. */
bool document_count_fill(struct document_count *count);
void document_count_discard(struct document_count *count);
/* Other seats may look at the same count: they read it anew. */
void document_count_tell(struct document_count *count);

/* ---- document_count_seats.c ---- */

/* Reads anew after someone else was at work, and says what they did if it was more than counting. */
void document_count_look_again(struct document_count *count);
/* How often the document was submitted so far; for document_count_read. */
int64_t document_count_steps(const struct document_count *count);

/* ---- document_count_end.c ---- */

/* Makes ready to send what is counted now; the question for it is appended. False, and said, if the
 * model refuses it as things stand. */
bool document_count_ask(struct document_count *count, struct text *question);
/* Sends what was asked about, and nothing that was counted since. True if it is saved. */
bool document_count_send(struct document_count *count);

#endif
