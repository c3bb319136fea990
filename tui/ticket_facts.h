/*
 * What is known of one ticket, for the person at the counter (product.md section 4): from the cache
 * before HQ is asked, from HQ's answer afterwards. Texts are untrusted data.
 */
#ifndef COUNTERTOP_TUI_TICKET_FACTS_H
#define COUNTERTOP_TUI_TICKET_FACTS_H

#include "model/ticket.h"
#include "tui/shop.h"

#define TICKET_USES_SHOWN 20
#define TICKET_DAY_BYTES 11

/* An earlier redemption. */
struct ticket_use {
	int64_t at_ms;
	int64_t qty; /* units */
	char store[COMMAND_ID_MAX + 1];
	char actor[COMMAND_ID_MAX + 1];
	char device[COMMAND_ID_MAX + 1]; /* "" if it is not known */
	bool is_offline;
	bool is_voided;
};

struct ticket_facts {
	bool is_known; /* false: only the code is known here */
	bool is_listed; /* chosen from a list: code and phone number as the person may see them there */
	char code[TICKET_CODE_SIZE];
	char product[COMMAND_ID_MAX + 1];
	char order[COMMAND_ID_MAX + 1];
	char buyer[SHOP_NAME_BYTES];
	char phone[64];
	char status[24];
	int64_t units;
	int64_t remaining;
	char valid_from[TICKET_DAY_BYTES]; /* "" for no limit */
	char valid_until[TICKET_DAY_BYTES];
	char stores[512];                          /* names, joined; "" for any store */
	struct ticket_use uses[TICKET_USES_SHOWN]; /* newest first */
	int use_count;
};

/* Reads the cache; is_listed stays as it was. False, with only the code set, if the ticket is not there. */
bool ticket_facts_read(const struct shop *shop, const char *code, struct ticket_facts *facts);

/* Takes over what HQ's answer to a redemption says; what it leaves out stays as it was. */
void ticket_facts_take(const struct shop *shop, const cJSON *result, struct ticket_facts *facts);

/* Whoever scanned or keyed in the code sees it whole; name and phone number of the buyer. */
void ticket_facts_code(
	const struct shop *shop, const struct ticket_facts *facts, char *out, size_t size);
void ticket_facts_buyer(
	const struct shop *shop, const struct ticket_facts *facts, char *out, size_t size);

/* "Until 2026-12-31 (40 days left)", "Expired on 2026-11-01 (20 days ago)", "No limit". Translated. */
void ticket_facts_validity(
	const struct shop *shop, const struct ticket_facts *facts, char *out, size_t size);

/* The codes that a split one lives on in, as the person signed in may see them: "2: ****-1, ****-2"; "" if none is
 * known here. */
void ticket_facts_heirs(
	const struct shop *shop, const struct ticket_facts *facts, char *out, size_t size);

/* "11-20 14:02  2 × Chen, Xinyi, till-3, offline". */
void ticket_use_words(
	const struct shop *shop, const struct ticket_use *use, char *out, size_t size);

#endif
