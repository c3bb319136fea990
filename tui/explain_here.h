/*
 * The key that explains a number: a pane says which numbers stand under its cursor, and this asks which of
 * them is meant if there are several. See model/explain.h.
 *
 *     static size_t numbers_of(void *ctx, struct explain *out, size_t max) { … }
 *     explain_here_init(&pane->explain, shop, numbers_of, pane);
 *     out[n] = (struct action_scope){&explain_here_actions, &pane->explain};
 */
#ifndef COUNTERTOP_TUI_EXPLAIN_HERE_H
#define COUNTERTOP_TUI_EXPLAIN_HERE_H

#include "model/explain.h"
#include "tui/shop.h"

#define EXPLAIN_HERE_MAX 24
#define EXPLAIN_LABEL_BYTES 200

struct explain_here {
	struct shop *shop;
	/* Fills in the numbers under the cursor; returns how many. It may read the database. */
	size_t (*numbers)(void *ctx, struct explain *out, size_t max);
	void *ctx;
	/* Private: what a menu asks about. */
	struct explain asked[EXPLAIN_HERE_MAX];
	size_t asked_count;
};

void explain_here_init(struct explain_here *self, struct shop *shop,
	size_t (*numbers)(void *ctx, struct explain *out, size_t max), void *ctx);

/* The figures of a SKU at a store, then what the channels of the store may still promise of it. How many. */
size_t explain_here_stock(const struct shop *shop, const char *store, const char *sku,
	struct explain *out, size_t max);

/* The figures of a line of a stock document, by its id. How many. */
size_t explain_here_movement(const char *id, const char *sku, struct explain *out, size_t max);

/* What the number is called: "On hand", "Salable · Web shop". */
void explain_label(const struct shop *shop, const struct explain *what, char *out, size_t size);

/* Context "explain"; ctx is the struct explain_here. */
extern const struct action_table explain_here_actions;

#endif
