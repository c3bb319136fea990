/*
 * One transfer order as the panes look at it: read from the cache, never written. The store that asks is its
 * destination, the store that is asked its source. Quantities are thousandths.
 */
#ifndef COUNTERTOP_TUI_TRANSFER_DATA_H
#define COUNTERTOP_TUI_TRANSFER_DATA_H

#include "model/transfer.h"
#include "tui/document_data.h"

/* What a row of the list tells as well. */
struct transfer_face {
	char id[COMMAND_ID_MAX + 1];
	char number[MOVEMENT_NUMBER_SIZE];
	char from[COMMAND_ID_MAX + 1]; /* who is asked */
	char to[COMMAND_ID_MAX + 1];   /* who asks */
	char movement[COMMAND_ID_MAX + 1];
	char status_word[24];        /* as it stands in the row */
	enum transfer_status status; /* TRANSFER_STATUSES: one only a newer HQ knows */
	bool is_source, is_asker;    /* this store */
};

struct transfer_line {
	char key[LIST_KEY_BYTES];
	char sku[COMMAND_ID_MAX + 1];
	char name[DOCUMENT_TEXT_BYTES];
	int64_t no;
	int64_t ordered, agreed;
	int64_t at_source, here; /* available there, and at this store */
	bool is_source_known;
};

struct transfer {
	struct document_rows
		rows; /* of struct transfer_line; must stay first: it is a list's ctx */
	struct shop *shop;
	struct transfer_face face;
	char movement_number[MOVEMENT_NUMBER_SIZE]; /* of this store's side */
	char expected_on[16];
	char note[DOCUMENT_NOTE_BYTES];
	char reason[DOCUMENT_NOTE_BYTES];
	int64_t created_ms;
	char created_by[COMMAND_ID_MAX + 1];
	int64_t ordered, agreed; /* sums */
	bool knows_source;       /* what the source has of any line is known here */
	int64_t source_told_ms;  /* when HQ told the oldest of that; 0: it is followed here */
	bool is_here;            /* the cache holds it */
	bool is_pending;
};

void transfer_init(struct transfer *transfer, struct shop *shop);
void transfer_free(struct transfer *transfer);
/* Reads it anew; false, and is_here is false, if the cache does not hold it (any more). */
bool transfer_load(struct transfer *transfer, const char *id);
const struct transfer_line *transfer_line_at(const struct transfer *transfer, size_t index);

/* Fills sides and status from the texts; for faces made from a list's row. */
void transfer_face_settle(struct transfer_face *face, const struct shop *shop);
/* Whom it waits for, or what became of it, translated; valid until the next call. */
const char *transfer_next_step(const struct shop *shop, const struct transfer_face *face);

#endif
