/*
 * What was done with the goods and the money of one sales order, line by line, as lists: its shipments, credit
 * memos and invoices, and its rows in the reservation ledger, each SKU for itself with the sum so far.
 */
#ifndef COUNTERTOP_TUI_ORDER_ENTRIES_H
#define COUNTERTOP_TUI_ORDER_ENTRIES_H

#include "tui/document_rows.h"
#include "tui/shop.h"

enum order_entries_kind {
	ORDER_SHIPMENTS,
	ORDER_MEMOS,
	ORDER_INVOICES,
	ORDER_LEDGER,
	ORDER_ENTRIES_KINDS
};

struct order_entry {
	char key[LIST_KEY_BYTES];
	char number[80]; /* of the shipment, memo or invoice */
	char word[24];   /* the memo's status, or the ledger's event */
	char store[SHOP_NAME_BYTES];
	char sku[COMMAND_ID_MAX + 1];
	char name[SHOP_NAME_BYTES];
	char who[SHOP_NAME_BYTES];
	char when[SHOP_WHEN_BYTES];
	int64_t qty;
	int64_t sum; /* of the ledger: of this SKU, so far */
	bool to_stock;
};

struct order_entries {
	struct document_rows
		rows; /* of struct order_entry; must stay first: it is the list's ctx */
	enum order_entries_kind kind;
	struct shop *shop;
	struct list list;
};

/* False when out of memory; it may be freed then. */
bool order_entries_init(
	struct order_entries *entries, struct shop *shop, enum order_entries_kind kind);
void order_entries_free(struct order_entries *entries);
void order_entries_read(struct order_entries *entries, const char *number);

/* The view that holds the same as rows for a file, filtered by `order`. */
const char *order_entries_view(enum order_entries_kind kind);

#endif
