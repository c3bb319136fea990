/* What ticket.c and ticket_redeem.c share; no one else includes it. */
#ifndef COUNTERTOP_MODEL_TICKET_PARTS_H
#define COUNTERTOP_MODEL_TICKET_PARTS_H

#include "model/ticket.h"

enum ticket_text {
	TICKET_CODE,
	TICKET_ORDER,
	TICKET_PRODUCT,
	TICKET_BUYER,
	TICKET_PHONE,
	TICKET_STATUS,
	TICKET_FROM,
	TICKET_UNTIL,
	TICKET_STORES,
	TICKET_OFFLINE,
	TICKET_TEXTS
};

struct ticket {
	bool found;
	char *texts[TICKET_TEXTS]; /* owned; NULL where the row has null */
	int64_t units;
	int64_t refunded;
	int64_t spent; /* sum of its redemptions and voids */
};

/* Reads the ticket and what was spent of it; of an unknown code only that. Always followed by
 * ticket_free. */
void ticket_read(struct db *db, const char *code, struct ticket *ticket);
void ticket_free(struct ticket *ticket);

/* Units that may still be redeemed, never below 0. What is left of a split ticket lives on in its
 * new codes. */
int64_t ticket_remaining(const struct ticket *ticket);
/* superseded, refunded or blocked, or none. */
enum refusal ticket_dead(const struct ticket *ticket);

#endif
