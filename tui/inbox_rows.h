/*
 * What the inbox holds: commands HQ refused or could not place, commands it will probably refuse,
 * its exceptions, and what has not left yet. Read as a whole; a person works on tens of them, and the
 * most that is shown is stated here.
 */
#ifndef COUNTERTOP_TUI_INBOX_ROWS_H
#define COUNTERTOP_TUI_INBOX_ROWS_H

#include "tui/document_rows.h"
#include "tui/panes.h"
#include "tui/shop.h"

#define INBOX_ROWS_MAX 2000

enum inbox_tab { INBOX_REFUSED, INBOX_EXCEPTIONS, INBOX_UNSENT, INBOX_TABS };

enum inbox_kind {
	INBOX_IS_REJECTED,
	INBOX_IS_PARKED, /* a fact about a document HQ does not know yet */
	INBOX_IS_AMBER,  /* not answered, but what HQ sent since speaks against it */
	INBOX_IS_EXCEPTION,
	INBOX_IS_WAITING, /* in the outbox, never sent */
	INBOX_IS_SENT     /* sent, no answer yet */
};

struct inbox_row {
	char key[LIST_KEY_BYTES];
	enum inbox_kind kind;
	char id[64];   /* of the command or the exception */
	char what[64]; /* the operation, or the kind of exception; of a dossier CONSOLE_DOSSIER */
	char code[40]; /* why it was refused; "" if it was not */
	char message[256];   /* the figures */
	int64_t redemptions; /* of a dossier: how many of its code there are; else 0 */
	bool is_at_sender;   /* of an exception: the other end raised it, and the goods left here */
	char actor[COMMAND_ID_MAX + 1];
	char sku[COMMAND_ID_MAX + 1];
	struct shop_subject subject;
	char about[SHOP_NAME_BYTES];    /* the other end of a document that was not made; else "" */
	char store[COMMAND_ID_MAX + 1]; /* where a command was made */
	enum new_document makes;        /* of a command; NEW_DOCUMENTS: no document */
	int64_t at_ms;
};

/* Fills `rows` (of struct inbox_row) for a tab; newest first, but the unsent oldest first. A ticket clerk sees
 * what is about tickets and nothing else. */
void inbox_read(const struct shop *shop, enum inbox_tab tab, struct document_rows *rows);
/* How many rows each tab has for the person signed in, `all` being the figures of console_count. */
void inbox_count(
	const struct shop *shop, const struct console_counts *all, long counts[INBOX_TABS]);

/* The reason in words, without figures: of a refusal, of an exception; "" for the unsent. */
const char *inbox_reason(const struct inbox_row *row);
/* What to do about it, translated. */
const char *inbox_way_out(const struct inbox_row *row);

bool inbox_is_dossier(const struct inbox_row *row);

/* All there is to say of it, as the text of a dialog_page. */
struct text;
void inbox_tell(const struct shop *shop, const struct inbox_row *row, struct text *out);
/* The figures of an exception, by its id, for such a page. */
void inbox_tell_figures(const struct shop *shop, const char *exception, struct text *out);

#endif
