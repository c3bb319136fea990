/* What the files of tickets share; no one else includes it. */
#ifndef COUNTERTOP_MODEL_TICKET_PARTS_H
#define COUNTERTOP_MODEL_TICKET_PARTS_H

#include "model/ticket.h"
#include "model/when.h"

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
/* Refuses it for that. */
enum refusal ticket_is_dead(struct call *call, const struct ticket *ticket, enum refusal dead);
/* Refuses what is no code, as malformed. */
enum refusal ticket_malformed(struct call *call, const char *typed);

/* ---- ticket_redeem.c: the rules ---- */

struct ticket_circumstances {
	const char *store;
	const char *day; /* local to the store */
	int64_t qty;
};
/* The first rule that speaks against it, in the order of product.md §4; malformed was before. */
enum refusal ticket_judge(const struct ticket *ticket, const struct ticket_circumstances *c);
/* The store's day at that time. */
void ticket_store_day(struct db *db, const char *store, int64_t ms, char day[WHEN_SIZE]);

/* ---- ticket_bind.c: stores, as JSON lists ---- */

bool ticket_any_store(const char *list); /* the list names none: for any store */
bool ticket_names_store(const char *list, const char *store);
/* Are they stores, and not too many? NULL is fine. */
enum refusal ticket_check_stores(struct call *call, const cJSON *stores);
/* The stores that new tickets of the product are for; the caller frees it. */
char *ticket_product_stores(struct db *db, const char *product);

/* ---- ticket_dossier.c ---- */

/* Brings the code's dossier in line with what is spent of it by now. */
void ticket_dossier_review(struct call *call, const struct ticket *ticket);

#endif
