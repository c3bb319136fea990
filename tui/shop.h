/*
 * What the panes share: who works where, doing things and saying how it went, names, words and
 * figures as a person reads them.
 *
 * Texts given back as `const char *` are translated and live until the next call of the same
 * function. Texts of data (names, notes, messages of HQ) are untrusted: only through draw_text, list
 * cells and dialogs, which clean them.
 */
#ifndef COUNTERTOP_TUI_SHOP_H
#define COUNTERTOP_TUI_SHOP_H

#include "model/console.h"
#include "tui/app.h"

#define SHOP_NUMBER_COLS 24 /* of a number without the store in it: OUT-…-20261121-1531-ABCDE */
#define SHOP_NAME_BYTES 128
#define SHOP_WHEN_BYTES 32
#define SHOP_QTY_BYTES 32

/* One a screen; made by screen.c, given to every pane. */
struct shop {
	struct app *app;
	struct console *console;
	char store[COMMAND_ID_MAX + 1];
	char staff[COMMAND_ID_MAX + 1]; /* "" while nobody is signed in */
	char staff_name[SHOP_NAME_BYTES];
	enum staff_role role; /* ROLE_NONE while nobody is signed in */
	int64_t tz_minutes;   /* of the store, east of UTC */
	/* Kept from one sign-in to the next, so that nobody tries PINs by signing out. */
	int wrong_pins;
	int64_t pins_locked_until_ms; /* app_now_ms */
	unsigned changes; /* grows with everything saved here: the status line counts anew */
	/* Private: who scanned last on an open sheet, and on which. */
	struct {
		char sheet[COMMAND_ID_MAX + 1], staff[COMMAND_ID_MAX + 1];
	} counting;
	struct ticket_late *late;                /* private to ticket_late.c; NULL at first */
	void (*poke)(void *ctx, bool tries_now); /* tells syncer and other screens; may be NULL */
	void *poke_ctx;
	int64_t (*wall_ms)(void); /* as in screen.h */
	int64_t (*boot_ms)(void);
};

/* ---- counting ---- */

/* Whoever scans does not look. So it is kept on which sheet the last scan was counted, "" where one was used
 * for something else; a scan elsewhere is then told to count nothing. */
void shop_counting(struct shop *shop, const char *sheet);
/* Is the person signed in counting on a sheet that is open still? */
bool shop_is_counting(const struct shop *shop);

/* ---- doing ---- */

/* HQ's time, as well as it is known here. */
int64_t shop_now(const struct shop *shop);

/* The cache, ready for queries; NULL while it cannot be opened. Never keep it: it may be replaced. */
struct db *shop_db(const struct shop *shop);

/*
 * Does what the user asked, as the person signed in, at this store. data is consumed. Says the outcome
 * on the message line: "Saved: …" with the document's number, and only if it stands on the disk; or
 * what was refused, the figures and the way out. Wakes the syncer and tells all panes that data
 * changed. Returns verdict.saved. out may be NULL; otherwise the caller frees it with
 * console_verdict_free (out->id is the new document's id, out->result what the handler told).
 */
bool shop_do(struct shop *shop, const char *op, cJSON *data, struct console_verdict *out);
/* The same, but it says nothing when all went well: for scans, and for panes that say it better. */
bool shop_do_quietly(struct shop *shop, const char *op, cJSON *data, struct console_verdict *out);
/* What would happen; stores and says nothing. The caller frees out. True if it would be done. */
bool shop_rehearse(struct shop *shop, const char *op, cJSON *data, struct console_verdict *out);
/* The same, for asking before a question is asked: what speaks against it is said as shop_do says it. */
bool shop_would(struct shop *shop, const char *op, cJSON *data);
/* A refused verdict on the message line, as shop_do says it. */
void shop_say_refused(struct shop *shop, const struct console_verdict *verdict);
/* The same sentence as text: for the error line of a form, which stays open. */
const char *shop_refusal(const struct console_verdict *verdict);

/* What was told with a refusal (verdict.message), in the person's language where it is known. */
void shop_told(const char *message, char *out, size_t size);

/* The figures of goods that a history row of the command tells ("A1 20 (2 damaged)"), in the person's language;
 * as many as there is room for in out. False if it tells none: a note or reason, which stays as it is. */
struct text;
bool shop_told_history(const char *op, const char *text, struct text *out);
/* The same of figures from elsewhere; see movement_line_tell. */
void shop_told_figures(const char *figures, struct text *out);

/* Something changed that no command made (a dismissal): the syncer and all panes look again. */
void shop_tell_changed(struct shop *shop);
/* The same, and the syncer is to try HQ now. */
void shop_try_now(struct shop *shop);

/* ---- rights ---- */

/* NULL if the person signed in has at least this role, or which right is missing. */
const char *shop_needs(const struct shop *shop, enum staff_role role);
/* The same for a command by its name ("inbound.accept"), the store's own rules included. */
const char *shop_may(const struct shop *shop, const char *op);
/* Managers and hq see codes of tickets and phone numbers whole; the others see them masked in lists, files and
 * questions, and whole only on the page of a ticket whose code they scanned or keyed in. */
bool shop_sees_codes(const struct shop *shop);
/* A code or a phone number as the person signed in may see it; "" stays so. */
void shop_code(const struct shop *shop, const char *code, char *out, size_t size);
void shop_phone(const struct shop *shop, const char *phone, char *out, size_t size);

/* ---- opening ---- */

/* Pushes a pane; one that could not be made (no ops) is only said. */
void shop_push(struct shop *shop, struct pane pane);
/*
 * Opens what a number, an exception, a history row or a ledger row names. Kinds: "movement" "transfer"
 * "stocktake" "ticket" "order" (tickets of an order) "sales_order" "dossier" "product"; id: the document's id or number, a
 * code, an order's number, a SKU. False, and said, if it is not here.
 */
bool shop_open_document(struct shop *shop, const char *kind, const char *id);
/* A number for people: the movement's number of this store's side, the sheet's, the code as shop_code. */
void shop_document_name(
	const struct shop *shop, const char *kind, const char *id, char *out, size_t size);

/* What a command is about, by the fields of its data that name a document; a command that makes one
 * is about the one it made. False if it is about none. */
struct shop_subject {
	const char *kind; /* as above; "" if none */
	char id[SHOP_NAME_BYTES];
};
bool shop_subject(const char *op, const char *id, const cJSON *data, struct shop_subject *out);

/* ---- names; the id itself if it is not known here ---- */

void shop_channel_name(const struct shop *shop, const char *id, char *out, size_t size);
void shop_store_name(const struct shop *shop, const char *id, char *out, size_t size);
void shop_staff_name(const struct shop *shop, const char *id, char *out, size_t size);
void shop_product_name(const struct shop *shop, const char *sku, char *out, size_t size);
/* A terminal, by its device's id: "This terminal", or its host's name and a little of what tells it apart.
 * "" if there is none. */
void shop_device_name(const struct shop *shop, const char *id, char *out, size_t size);

/* Are the stock and the documents of this store sent to this terminal? Of other stores nothing is known but what
 * they share with one that is. */
bool shop_follows(const struct shop *shop, const char *store);

/* Was the row, or a row below it, changed by a command that HQ has not confirmed? `table` as in
 * tables.def, `key` its first key column: "movement" and "movement_line" both take a movement's id. Also
 * "ticket_uses": a redemption of the code; "ticket_order": a ticket of the order or a redemption of one. */
bool shop_is_pending(const struct shop *shop, const char *table, const char *key);
/* Mark for such rows, one column wide, drawn with ROLE_PENDING. */
#define SHOP_PENDING_MARK "*"

/* ---- words ---- */

/*
 * A word of the data in the person's language; the word itself if it is unknown (a newer HQ). Groups:
 * "op" (commands), "exception", "ledger" (reasons), "movement" "stocktake" "ticket" (the document's
 * own status; "transfer" too), "outbound" "inbound" (the tab a movement stands on), "scope", "role", "document" (kinds),
 * "close" (reasons of a short close), "adjust" (kinds of stock.adjust), "mode", "way_out" (of an
 * exception: what to do), "detail" (names of an exception's figures).
 */
const char *shop_word(const char *group, const char *word);
/* The status as its list calls it; kind "movement" reads from the sender's side or the receiver's. */
const char *shop_status_label(const char *kind, const char *status, bool from_side);
enum role shop_status_role(const char *kind, const char *status);

/* ---- figures ---- */

/* "14:02" today, "11-20 14:02" in this year, else "2025-11-20"; store time. "" for 0. */
void shop_when(const struct shop *shop, int64_t ms, char out[SHOP_WHEN_BYTES]);
/* "2026-11-21 14:02", store time. "" for 0. */
void shop_when_full(const struct shop *shop, int64_t ms, char out[SHOP_WHEN_BYTES]);
/* "2026-11-21", the store's day. "" for 0. */
void shop_day(const struct shop *shop, int64_t ms, char out[SHOP_WHEN_BYTES]);
/* How far a whole copy of HQ's data is: "43 %, 12000 rows/s, 40 s left". */
void shop_copy_words(const struct console_progress *copied, char *out, size_t size);
/* What an empty list says: how far the first copy is while there is one, else the text given. Valid until
 * the next call. */
const char *shop_empty_words(const struct shop *shop, const char *otherwise);
/* How long ago, in the largest whole unit: "now", "5 min", "3 h", "2 days". */
void shop_age(int64_t age_ms, char *out, size_t size);
/* 12, 0.5 */
void shop_qty(int64_t qty_milli, char out[SHOP_QTY_BYTES]);
/* "+3", "−2" (a real minus sign), "0". */
void shop_qty_signed(int64_t qty_milli, char out[SHOP_QTY_BYTES]);
/* ROLE_LOSS below zero, ROLE_GAIN above, else normal. */
enum role shop_qty_role(int64_t qty_milli);

#endif
