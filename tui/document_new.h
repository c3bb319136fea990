/*
 * A stock document that is being made: its head and its lines, kept in a draft (document_draft.h)
 * from the first keystroke on, so that a hang-up loses nothing. One draft for each kind, store and
 * member of staff. Quantities are thousandths.
 */
#ifndef COUNTERTOP_TUI_DOCUMENT_NEW_H
#define COUNTERTOP_TUI_DOCUMENT_NEW_H

#include "tui/document_data.h"
#include "tui/document_draft.h"
#include "tui/panes.h"

/* Which stock stands beside a line, and what of it. */
enum new_stock {
	STOCK_AVAILABLE, /* at this store, where the goods are taken from */
	STOCK_ON_HAND,   /* at this store, where they go */
	STOCK_AT_SOURCE  /* available at the store that is asked */
};

/* What differs between the kinds. */
struct new_kind {
	const char *op;
	const char *draft;   /* the beginning of the draft's name */
	const char *end;     /* the other end, as the command calls it: to, from, third_party */
	bool is_third_party; /* that is a name, not a store */
	enum new_stock stock;
	const char *title;                                      /* N_ */
	const char *end_label;                                  /* N_ */
	const char *end_missing;                                /* N_ */
	const char *stock_title;                                /* N_: of the column */
	struct pane (*made)(struct shop *shop, const char *id); /* shows what was made */
};

struct new_row {
	char key[LIST_KEY_BYTES];
	char sku[COMMAND_ID_MAX + 1];
	char name[DOCUMENT_TEXT_BYTES];
	int64_t qty;
	int64_t stock;     /* as the kind says */
	bool is_known;     /* that figure: of other stores this terminal may know nothing */
	bool is_stocked;   /* this store has a stock line of it */
	bool is_at_source; /* the store that is asked has one */
	bool is_elsewhere; /* some other store that is known here has one */
	bool is_unwanted;  /* the store it is sent to is known to have none: HQ would refuse it */
};

struct new_head {
	char end[DOCUMENT_TEXT_BYTES]; /* the other end: a store's id, or a third party's name */
	char expected_on[16];
	char note[DOCUMENT_NOTE_BYTES];
};

struct document_new {
	struct document_rows rows; /* of struct new_row; must stay first: it is a list's ctx */
	const struct new_kind *kind;
	struct shop *shop;
	struct new_head head;
	struct document_draft draft;
	int64_t last_entry; /* the newest entry of the draft; 0: none */
	int64_t total;
	int64_t outbox_n; /* the last command that stood in the outbox when it was opened */
	bool is_sending;  /* what happens now is this seat's own doing */
	int64_t told_ms;  /* when HQ told the oldest figure of another store; 0: none is told */
};

/* Trouble with the disk is said on the message line, here and below. */
void document_new_open(struct document_new *new, struct shop *shop, enum new_document kind);
void document_new_close(struct document_new *new);
/* The same after another seat of this person was at work; says so if nothing is left of the draft. */
void document_new_look_again(struct document_new *new);

struct new_row *document_new_row_of(const struct document_new *new, const char *sku);
/* Is the other end named? */
bool document_new_has_head(const struct document_new *new);
void document_new_set_head(struct document_new *new, const struct new_head *head);
/* Is there less of it than the line takes or asks for, as far as this terminal knows? */
bool document_new_is_short(const struct document_new *new, const struct new_row *row);
/* The first line that the store it is sent to is known not to stock; NULL if there is none. */
const struct new_row *document_new_unwanted(const struct document_new *new);
/* The other end by name; "" if it is not named. */
void document_new_end_name(const struct document_new *new, char *out, size_t size);
/* More of a SKU; or, with is_sum, exactly as much; 0 takes the line away. */
void document_new_put(struct document_new *new, const char *sku, int64_t qty_milli, bool is_sum);
void document_new_undo(struct document_new *new);
void document_new_discard(struct document_new *new);

/* ---- taking up again what was refused ---- */

/* The kind of document a command makes; NEW_DOCUMENTS if it makes none. */
enum new_document document_new_kind_of(const char *op, const cJSON *data);
/* The other end of what the command would make: "To 西門店". */
void document_new_about(
	const struct shop *shop, enum new_document kind, const cJSON *data, char *out, size_t size);
/* Puts the command's head and lines into the draft of its kind, unless something is kept there. False, and
 * said, if they are not in it. */
bool document_new_take_up(struct shop *shop, enum new_document kind, const cJSON *data);

/* The question that names it all, appended; false, and said, if it would be refused. */
bool document_new_ask(struct document_new *new, struct text *question);
/* Makes the document; its id is written to `id`. False, and said, if it was not saved. */
bool document_new_create(struct document_new *new, char id[UUID_SIZE]);

#endif
