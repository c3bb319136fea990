/*
 * What can be done to a sales order, from the list or from the order itself: one table of keys. Each action
 * says why it may not run, and asks a second time, naming order, customer and quantities.
 */
#ifndef COUNTERTOP_TUI_ORDER_ACT_H
#define COUNTERTOP_TUI_ORDER_ACT_H

#include "tui/order_data.h"

struct order_rule;

#define ORDER_MEMOS_SHOWN \
	12 /* open credit memos of one order that the question about a refund names */

/* Stands in a pane that shows sales orders; ctx of order_actions. */
struct order_act {
	struct shop *shop;
	/* The order the keys mean now; NULL if there is none. */
	const struct order_face *(*face)(void *ctx);
	void *ctx;

	/* Private: the question that is open. */
	struct order_data order;
	const struct order_rule *rule;
	char memos[ORDER_MEMOS_SHOWN][COMMAND_ID_MAX + 1]; /* ids of those a refund may be of */
	char memo[COMMAND_ID_MAX + 1];                     /* "": the refund is of lines */
	size_t memo_count;
};

void order_act_init(struct order_act *act, struct shop *shop,
	const struct order_face *(*face)(void *ctx), void *ctx);
void order_act_free(struct order_act *act);

/* NULL, or why the command cannot be done to this order by whoever is signed in, as far as its row tells. */
const char *order_why_not(const struct shop *shop, const struct order_face *face, const char *op);

#endif
