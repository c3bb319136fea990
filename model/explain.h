/* Explain this number (product.md §5): every quantity a screen shows as the sum of the entries it comes from,
 * oldest to newest, each naming its document. Entries are rows of this database, so it works with the line
 * down; what other stores did is not among them, and then one entry says how much is missing.
 *
 * On a console the entries come in two parts: what HQ has sent, which ends in HQ's figure, and behind it what
 * this terminal did and HQ has not confirmed. Together they end in the figure that is shown.
 *
 * Quantities are thousandths; of tickets too. */
#ifndef COUNTERTOP_MODEL_EXPLAIN_H
#define COUNTERTOP_MODEL_EXPLAIN_H

#include "model/command.h"

/* Which number, and what `of` and `sku` name. */
enum explain_kind {
	EXPLAIN_NONE,
	/* of a store: the figures of stock.h */
	EXPLAIN_ON_HAND,
	EXPLAIN_DAMAGED,
	EXPLAIN_TRANSIT_IN,
	EXPLAIN_TRANSIT_OUT,
	EXPLAIN_AVAILABLE,
	/* of a channel */
	EXPLAIN_SALABLE,
	EXPLAIN_RESERVED,
	/* of a stocktake, by its id */
	EXPLAIN_COUNTED,
	EXPLAIN_DIFFERENCE,
	/* of a movement, by its id */
	EXPLAIN_MOVEMENT_ORDERED,
	EXPLAIN_MOVEMENT_SHIPPED,
	EXPLAIN_MOVEMENT_RECEIVED,
	EXPLAIN_MOVEMENT_DAMAGED,
	EXPLAIN_MOVEMENT_ROAD,
	EXPLAIN_MOVEMENT_SENT_BACK,
	/* of a sales order, by its number */
	EXPLAIN_ORDER_ORDERED,
	EXPLAIN_ORDER_INVOICED,
	EXPLAIN_ORDER_SHIPPED,
	EXPLAIN_ORDER_CANCELLED,
	EXPLAIN_ORDER_REFUNDED,
	EXPLAIN_ORDER_OUTSTANDING,
	EXPLAIN_ORDER_RESERVED,
	/* of a ticket, by its code; no SKU */
	EXPLAIN_REDEEMED,
	EXPLAIN_LEFT,
	EXPLAIN_KINDS
};

struct explain {
	enum explain_kind kind;
	char of[COMMAND_ID_MAX + 1]; /* a store, channel, document or code */
	char sku[COMMAND_ID_MAX + 1];
};

/* `of` and `sku` may be NULL. */
struct explain explain_of(enum explain_kind kind, const char *of, const char *sku);

/* So many entries of the longest list; the sum of those before them is one entry, `earlier`. */
#define EXPLAIN_ENTRIES_MAX 2000
#define EXPLAIN_KEY_MAX 160

struct explain_entry {
	char key[EXPLAIN_KEY_MAX];
	int64_t qty;       /* signed: what it adds */
	int64_t total;     /* of all entries up to this one */
	int64_t at_ms;     /* 0: it has no time of its own */
	const char *group; /* of `word`: "ledger" "reservation" "mode" "movement" "explain" */
	char word[40];     /* why */
	char doc_kind[24]; /* "": no document */
	char doc[COMMAND_ID_MAX + 1];
	char actor[COMMAND_ID_MAX + 1];
	char store[COMMAND_ID_MAX + 1];
	int64_t count;       /* of entries, where it stands for several; else 0 */
	bool pending;        /* HQ has not confirmed it */
	bool undone;         /* a count taken back: it adds nothing */
	struct explain next; /* its own sum can be explained; EXPLAIN_NONE: it cannot */
};

struct explained {
	bool is_known;     /* this database knows the figure; else the rest says nothing */
	bool is_unlimited; /* salable: backorders without a limit; the sum is shown all the same */
	int64_t hq;        /* the figure as HQ has it */
	int64_t pending;   /* what this terminal adds */
	int64_t figure;    /* the figure that is shown: hq + pending */
	int64_t missing;   /* of `figure`, what no entry here accounts for; 0: they are all here */
	struct explain_entry *entries; /* confirmed ones first; owned */
	size_t count, confirmed;
};

/* Reads the sum. The caller frees it, whatever comes of it; false without memory. world: whose database it is. */
bool explain_read(struct db *db, const struct world *world, const struct explain *what,
	struct explained *out);
void explain_free(struct explained *explained);

#endif
