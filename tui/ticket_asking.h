/*
 * One redemption on its way to HQ (product.md section 4, design.md section 2 Late fallback).
 *
 *   start ──line known down──────────────────────────┐
 *     │                                              ├─ policy allows ──> OFFLINE ──HQ──> CONFIRMED
 *   ASKING ──no answer for 1.5 s─────────────────────┤
 *     │                                              └─ else, withdrawn ─> REFUSED (needs_online …)
 *     └──HQ's verdict──> CONFIRMED or REFUSED <──HQ──── UNANSWERED (it had left already)
 *            ^                                              │
 *            └───────────────ASKING <───try again───────────┘ the same command
 *
 * Whatever is pressed, however often, and whatever breaks meanwhile: from start to end it is one command, and with
 * the fallback a second one that names it. What this terminal refuses by itself it records (ticket.refused); what
 * HQ refuses HQ records.
 *
 * Nothing here blocks: whoever owns it calls asking_look on every change and timer. Nothing here
 * draws or speaks, but for what shop_do says when the disk would not take the command.
 */
#ifndef COUNTERTOP_TUI_TICKET_ASKING_H
#define COUNTERTOP_TUI_TICKET_ASKING_H

#include "model/ticket.h"
#include "tui/shop.h"

#define ASKING_WAIT_MS 1500
#define ASKING_CODE_BYTES 40

enum asking_state {
	ASKING_NOT,        /* nothing was asked */
	ASKING_HQ,         /* stored and on its way */
	ASKING_CONFIRMED,  /* HQ applied it */
	ASKING_REFUSED,    /* HQ or this terminal refused it; nothing was redeemed */
	ASKING_OFFLINE,    /* accepted, not confirmed */
	ASKING_UNANSWERED, /* it left; HQ may still apply it */
};

struct asking {
	struct shop *shop;
	enum asking_state state;
	char code[TICKET_CODE_SIZE];
	int64_t qty; /* units */
	char refusal
		[ASKING_CODE_BYTES]; /* of REFUSED: its code, "fault" if nothing could be saved */
	char message[256];           /* of a fault */
	bool by_hq;                  /* of REFUSED: HQ said so */
	bool was_offline;            /* of CONFIRMED: accepted offline first */
	char exception[64];          /* of CONFIRMED: what HQ found wrong with it, or "" */
	bool has_dossier;            /* of the same, and it is here */
	bool is_voided;              /* of CONFIRMED and OFFLINE: voided since */
	bool line_is_down;           /* HQ was not asked at all */
	bool is_earlier;             /* found by ticket_earlier.h, not asked just now */
	bool is_left; /* may be set: nobody looks at it here, so the inbox keeps what HQ refuses */
	char actor[COMMAND_ID_MAX + 1]; /* who asked */
	int64_t made_ms;                /* when; HQ's time */
	/* What the cache and the ticket's policy said before anything was stored. */
	struct ticket_offline offline;
	int64_t cache_ms;
	int64_t clock_error_ms; /* how far the terminal's idea of HQ's time may be off */
	int64_t asked_ms;       /* CLOCK_MONOTONIC; HQ is waited for until ASKING_WAIT_MS later */
	cJSON *result;          /* HQ's, owned; NULL if there is none */

	/* Private, and ticket_earlier.c's. */
	char first[UUID_SIZE];
	char second[UUID_SIZE];
};

/* Asks HQ, or decides at once if the line is known to be down. The struct may be used before; what
 * was asked then goes on by itself. */
void asking_start(struct asking *asking, struct shop *shop, const char *code, int64_t qty);
/* Of UNANSWERED: the same command is offered and waited for once more. */
void asking_again(struct asking *asking);
/* Looks for verdicts and at the clock. True if something changed. */
bool asking_look(struct asking *asking);
/* Will HQ say more about it? Also an exception, which comes a little after the verdict. */
bool asking_is_open(const struct asking *asking);
void asking_free(struct asking *asking);

/* The redemption in the cache, where void and record are found; "" if there is none. */
void asking_redemption(const struct asking *asking, char id[UUID_SIZE]);

/* Does the syncer say that HQ cannot be reached? */
bool asking_line_is_down(const struct shop *shop);

#endif
