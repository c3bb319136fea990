/* The page that redeems one ticket; shared by ticket_redeem.c and ticket_redeem_keys.c alone. */
#ifndef COUNTERTOP_TUI_TICKET_REDEEM_PARTS_H
#define COUNTERTOP_TUI_TICKET_REDEEM_PARTS_H

#include "tui/source.h"
#include "tui/ticket_asking.h"
#include "tui/ticket_facts.h"
#include "tui/ticket_page.h"

#define REDEEM_QTY_DIGITS 6
#define REDEEM_QTY_MAX 999999

struct redeem {
	struct shop *shop;
	struct ticket_facts facts;
	struct asking asking;
	struct ticket_page page;
	char typed[REDEEM_QTY_DIGITS + 1]; /* the quantity; "" is 1 */
	bool is_spoiled;                   /* something that is no quantity was typed */
	bool is_malformed;
	bool is_another;  /* asked for on purpose after an earlier redemption of one's own */
	int64_t shown_ms; /* since when the answer is on the screen; app_now_ms */
	/* The redemption's record, for voiding it. */
	struct source records;
	struct source_row record;
	bool has_record;
};

enum redeem_stage { STAGE_CONFIRM, STAGE_ASKING, STAGE_RESULT };
enum redeem_stage redeem_stage(const struct redeem *self);

/* Units. */
int64_t redeem_quantity(const struct redeem *self);
void redeem_set_quantity(struct redeem *self, int64_t qty);

/* Shows the ticket of a code in place of what was there: one's own earlier redemption, or the question. */
void redeem_start(struct redeem *self, const char *scanned);
/* The question in any case: another unit of the ticket shown. */
void redeem_another(struct redeem *self);
/* Asks HQ for the ticket shown. */
void redeem_ask(struct redeem *self, int64_t qty);
/* HQ is asked the same once more. */
void redeem_again(struct redeem *self);
/* Shows what was redeemed here of the ticket shown, if anything was. */
bool redeem_show_earlier(struct redeem *self);

/* Asks for a code; submit as in dialog.h. */
void redeem_key_in(
	struct shop *shop, const char *(*submit)(void *ctx, const char *value), void *ctx);
const char *redeem_why_malformed(void); /* translated */

#endif
