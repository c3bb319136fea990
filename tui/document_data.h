/*
 * One stock document as the panes look at it: read from the cache, never written. A document is a
 * movement seen from this store: its outbound side, its inbound side, or both.
 *
 * The figures of a line add up at every moment (model/movement.h has the rules behind it):
 *
 *     ordered     = shipped + not shipped
 *     shipped     = received + written off + sent back + in transit − what came in excess
 *     outstanding = in transit + what is not shipped and still can be
 *
 * What a third party brings is never shipped: there ordered = received + outstanding + short − excess,
 * and short is what a short close gave up. Damaged units are a part of what was received. Nothing is outstanding of a
 * document that has ended.
 *
 * Quantities are thousandths.
 */
#ifndef COUNTERTOP_TUI_DOCUMENT_DATA_H
#define COUNTERTOP_TUI_DOCUMENT_DATA_H

#include "model/movement.h"
#include "model/text.h"
#include "tui/document_rows.h"
#include "tui/shop.h"

#define DOCUMENT_TEXT_BYTES 256
#define DOCUMENT_NOTE_BYTES 2048

/* What a row of the list tells as well. */
struct document_face {
	char id[COMMAND_ID_MAX + 1];
	char out_number[MOVEMENT_NUMBER_SIZE]; /* "": none */
	char in_number[MOVEMENT_NUMBER_SIZE];  /* "": none */
	char from[COMMAND_ID_MAX + 1];         /* "": a third party */
	char to[COMMAND_ID_MAX + 1];           /* "": a third party */
	char third_party[DOCUMENT_TEXT_BYTES];
	char status_word[24];        /* as it stands in the row */
	enum movement_status status; /* MOVEMENT_STATUSES: one only a newer HQ knows */
	bool is_sender, is_receiver; /* this store */
};

struct document_line {
	char key[LIST_KEY_BYTES];
	char sku[COMMAND_ID_MAX + 1];
	char name[DOCUMENT_TEXT_BYTES];
	int64_t no;
	int64_t ordered, shipped, received, damaged, written_off, sent_back;
	bool extra, unknown;
	char reason[16]; /* of a short close; "": none */
};

struct document_sums {
	int64_t ordered, shipped, received, damaged, written_off, sent_back, road, outstanding,
		given_up;
	size_t exceptions; /* lines */
};

struct document {
	struct document_rows lines; /* of struct document_line */
	struct shop *shop;
	struct document_face face;
	char transfer[COMMAND_ID_MAX + 1]; /* it was born from; "": none */
	char transfer_number[MOVEMENT_NUMBER_SIZE];
	char expected_on[16];
	char note[DOCUMENT_NOTE_BYTES];
	char reason[DOCUMENT_NOTE_BYTES];
	int64_t created_ms;
	char created_by[COMMAND_ID_MAX + 1];
	struct document_sums sums;
	bool is_here; /* the cache holds it */
	bool is_pending;
};

void document_init(struct document *document, struct shop *shop);
void document_free(struct document *document);
/* Reads it anew; false, and is_here is false, if the cache does not hold it (any more). */
bool document_load(struct document *document, const char *id);

/* Fills sides and status from the texts; for faces made from a list's row. */
void document_face_settle(struct document_face *face, const struct shop *shop);
/* The number of this store's side, or the other one, or the id. */
const char *document_number(const struct document_face *face);
/* The number of the side that is not in document_number; "" if there is none. */
const char *document_partner_number(const struct document_face *face);
/* Where it comes from and goes to: a store's name or the third party's. */
void document_from_name(
	const struct shop *shop, const struct document_face *face, char *out, size_t size);
void document_to_name(
	const struct shop *shop, const struct document_face *face, char *out, size_t size);

const struct document_line *document_line_at(const struct document *document, size_t index);
/* Still to be shipped of a line. */
int64_t document_line_unshipped(const struct document_line *line);
/* Sent between two stores, and nobody knows yet where it is. */
int64_t document_line_road(const struct document *document, const struct document_line *line);
/* What a receive count expects of it: what was shipped, as long as nothing was what was ordered. */
int64_t document_line_expected(const struct document *document, const struct document_line *line);
/* What is still to come of it; to be shipped, if it goes to a third party. */
int64_t document_line_outstanding(
	const struct document *document, const struct document_line *line);
/* Was it counted otherwise than expected, or is there something else a person should look into? A line
 * that is short is one once counting has begun. */
bool document_line_is_exception(const struct document *document, const struct document_line *line);
/* What a short close of a third party's goods gave up; nothing moved by it. */
int64_t document_line_short(const struct document *document, const struct document_line *line);
/* What a short close would give up. */
int64_t document_line_missing(const struct document *document, const struct document_line *line);

/* "3 lines, 40 pieces", appended. */
void document_add_figures(struct text *text, size_t lines, int64_t qty_milli);
/* Appended one by one: "A1 ×5, B2 ×3", at most DOCUMENT_ITEMS_SHOWN of them, then an ellipsis. */
void document_add_item(struct text *text, size_t index, const char *sku, int64_t qty_milli);
#define DOCUMENT_ITEMS_SHOWN 6

#endif
