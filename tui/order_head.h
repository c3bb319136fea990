/* The head of a sales order's page: where it stands, for whom, and the sums of its lines. */
#ifndef COUNTERTOP_TUI_ORDER_HEAD_H
#define COUNTERTOP_TUI_ORDER_HEAD_H

#include "tui/order_data.h"

#define ORDER_HEAD_ROWS 4

/* Names in the head, read with the order: painting reads no database. */
struct order_head {
	const struct order_face *face; /* not owned */
	char channel[SHOP_NAME_BYTES];
	char placed[SHOP_WHEN_BYTES + SHOP_NAME_BYTES + 2];
	char store[SHOP_NAME_BYTES];
};

void order_head_read(
	struct order_head *head, const struct shop *shop, const struct order_face *face);
void order_head_repaint(const struct order_head *head, struct rect area);

#endif
