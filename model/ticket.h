/* Electronic tickets (product.md §4): what terminal and HQ both need to know of them. */
#ifndef COUNTERTOP_MODEL_TICKET_H
#define COUNTERTOP_MODEL_TICKET_H

#include "model/command.h"

#define TICKET_CODE_SIZE 41

/* The code in anything typed or scanned: trimmed, without blanks, upper case, full-width forms
 * folded, without AIM identifier and ECI prefix; of a URL its parameter `code`, else the last part
 * of its path. False if what is left is not 6 to 40 of A-Z 0-9 and -: malformed, which never leaves
 * the terminal. out then holds what could be read of it. */
bool ticket_code_normal(const char *typed, char *out, size_t size);

/* Codes are personal data. What a message, a log or a list for roles without the right shows of one:
 * "****" and its last 4 characters, the last 2 of a code shorter than 10. */
#define TICKET_MASK_SIZE 24
void ticket_code_mask(const char *code, char *out, size_t size);
/* All of a phone but its last 3 digits; nothing of one of 6 digits or fewer. As long as the phone. */
void ticket_phone_mask(const char *phone, char *out, size_t size);

/* HQ refused an online redemption: whoever refuses a scan records it. On a savepoint of its own, after
 * that of the command was undone. */
void ticket_note_refused(struct call *call, enum refusal refusal);

/* Brings the redemptions of a code to all that must learn of them: the stores of the ticket and of its dossier. */
void ticket_route(struct db *db, const char *code);

/* A redemption someone wants to make while HQ is not to be had. */
struct ticket_ask {
	const char *code; /* as typed or scanned */
	const char *store;
	int64_t qty;      /* units */
	int64_t now_ms;   /* HQ's time as the terminal knows it */
	int64_t cache_ms; /* when the cache last was up to date; 0: never */
	const char *
		but; /* may be NULL: a redemption that does not count, as it is the one in question */
};

/* May it be accepted, not confirmed? What was not checked is said on the screen. */
struct ticket_offline {
	bool allowed;
	enum refusal refusal; /* if not allowed: needs_online, or what the cache says already */
	int64_t remaining;    /* units, by the cache */
	int64_t most;         /* units the policy still allows offline; 0: none */
	int64_t cache_hours;  /* the oldest cache the policy allows */
	int64_t unchecked_from_ms; /* nothing HQ did since then is known here */
	bool unchecked_elsewhere;  /* it may have been redeemed at another store since */
	bool unchecked_clock;      /* its days of validity were judged by the terminal's clock */
};
struct ticket_offline ticket_offline_verdict(struct db *cache, const struct ticket_ask *ask);

#endif
