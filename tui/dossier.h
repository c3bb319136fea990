/*
 * A code of which more units were redeemed than it has (product.md section 4): the dossier HQ opened, and
 * the redemptions it is about, oldest first. Texts are untrusted data.
 */
#ifndef COUNTERTOP_TUI_DOSSIER_H
#define COUNTERTOP_TUI_DOSSIER_H

#include "model/ticket.h"
#include "tui/shop.h"

#define DOSSIER_USES_MAX 64 /* the oldest of one code; more of them are only counted */
#define DOSSIER_NOT_KNOWN (-1)

/* One redemption, and what the terminal went by. */
struct dossier_use {
	char id[64];
	char store[COMMAND_ID_MAX + 1];
	char actor[COMMAND_ID_MAX + 1];
	char device[COMMAND_ID_MAX + 1]; /* "" if it is not known */
	int64_t at_ms;                   /* online by HQ's clock, offline as the terminal says */
	int64_t recorded_ms;             /* when HQ had it */
	int64_t qty;                     /* units */
	bool is_pending;                 /* HQ has not confirmed it */
	bool is_offline;
	/* Of an offline one; DOSSIER_NOT_KNOWN or "" where the terminal did not say. */
	int64_t claimed_ms; /* what its clock said, where that cannot be: at_ms is when it reached HQ; else 0 */
	int64_t clock_error_ms;
	int64_t cache_ms;
	int64_t cache_age_s;
	int64_t remaining; /* units it took for left */
	char line[24];     /* as group "value" of shop_word: why HQ was not asked */
	char shown[24];    /* the headline of the result page, as ticket_headline_of */
	/* Of one that was voided. */
	bool is_voided;
	int64_t voided_ms;
	char voided_by[COMMAND_ID_MAX + 1];
	char void_reason[256];
};

struct dossier {
	bool is_there;
	bool is_pending; /* changed here, and HQ has not confirmed it */
	char code[TICKET_CODE_SIZE];
	char order[COMMAND_ID_MAX + 1];
	char product[COMMAND_ID_MAX + 1];
	char stores[512]; /* a JSON list of their ids */
	int64_t units;
	int64_t spent;
	char status[24]; /* open, reported, honoured, charged_back or void */
	int64_t opened_ms;
	int64_t settled_ms; /* 0 if it never was; of an open one: it was reopened since */
	char settled_by[COMMAND_ID_MAX + 1];
	char settled_store[COMMAND_ID_MAX + 1];
	char charged[COMMAND_ID_MAX + 1];
	char redemption[64]; /* the one charged back */
	char note[256];
	struct dossier_use uses[DOSSIER_USES_MAX];
	int use_count;
	long use_total;
};

/* Reads the cache. False, with only the code set, if there is no such dossier. */
bool dossier_read(const struct shop *shop, const char *code, struct dossier *dossier);

bool dossier_is(const struct dossier *dossier, const char *status);
/* Is there something left to decide? */
bool dossier_is_unsettled(const struct dossier *dossier);
/* Does it name the store? */
bool dossier_names(const struct dossier *dossier, const char *store);
/* The redemption whose store bears it if nobody says another: the latest that was not voided; -1 if none. */
int dossier_latest(const struct dossier *dossier);

/* ---- in words, translated ---- */

/* How far a time may be off: "± 2 s", "± 3 min". */
void dossier_error_words(int64_t error_ms, char *out, size_t size);
/* One redemption on one line: "信義店, 陳小美, 11-21 14:02, offline". */
void dossier_use_line(
	const struct shop *shop, const struct dossier_use *use, char *out, size_t size);
/* What became of it, in one paragraph: open and since when, reopened, or settled by whom, when and how. */
void dossier_state(const struct shop *shop, const struct dossier *dossier, char *out, size_t size);
/* What was done with the code, a line each, oldest first. */
void dossier_history(const struct shop *shop, const struct dossier *dossier,
	void (*each)(void *ctx, const char *line), void *ctx);
/* All that is behind it, for a dialog_page: what was done with the code, and HQ's exceptions. */
struct text;
void dossier_tell(const struct shop *shop, const struct dossier *dossier, struct text *out);

#endif
