/* The lines of one sales order as a list: every figure of product.md §5. */
#ifndef COUNTERTOP_TUI_ORDER_LINES_H
#define COUNTERTOP_TUI_ORDER_LINES_H

#include "tui/order_data.h"

enum order_lines_column {
	ORDER_LINE_SKU,
	ORDER_LINE_NAME,
	ORDER_LINE_ORDERED,
	ORDER_LINE_INVOICED,
	ORDER_LINE_SHIPPED,
	ORDER_LINE_CANCELLED,
	ORDER_LINE_REFUNDED,
	ORDER_LINE_OUTSTANDING,
	ORDER_LINE_MARK,
	ORDER_LINE_COLUMNS
};

struct order_lines {
	struct order_data *data; /* not owned */
	struct list list;

	/* Private. */
	struct list_column columns[ORDER_LINE_COLUMNS];
	int name_cols; /* of the longest name */
};

/* False when out of memory; it may be freed then. */
bool order_lines_init(struct order_lines *lines, struct order_data *data);
void order_lines_free(struct order_lines *lines);
/* The order was read anew. */
void order_lines_read(struct order_lines *lines);
/* As list_recalc, with the whole width there is for names. */
void order_lines_recalc(struct order_lines *lines, int height_rows, int width_cols);

#endif
