/* What a product's page says of it: its row of the catalogue, and where it is in stock as far as this
 * terminal knows. */
#ifndef COUNTERTOP_TUI_PRODUCT_FACTS_H
#define COUNTERTOP_TUI_PRODUCT_FACTS_H

#include "tui/shop_stock.h"
#include "tui/document_rows.h"
#include "tui/shop.h"

struct product_facts {
	char name[256];
	char barcodes[256];
	char kind[300]; /* category and vendor */
	char price[32]; /* "" if it is not known */
	bool is_known;  /* the catalogue has it */
	bool is_stocked;
	struct stock_figures figures; /* of this store */
};

void product_facts_read(struct product_facts *facts, const struct shop *shop, const char *sku);

/*
 * One row a store, this one first. HQ sends a terminal the stock of its own stores only; of the others it
 * tells when somebody looks. What is not known is not zero.
 */
enum product_known { PRODUCT_NOT_KNOWN, PRODUCT_NOT_STOCKED, PRODUCT_STOCKED };

struct product_store {
	char key[LIST_KEY_BYTES];
	char id[COMMAND_ID_MAX + 1];
	char name[SHOP_NAME_BYTES];
	enum product_known known;
	bool is_pending;
	struct stock_figures figures;
};

struct product_stores {
	struct document_rows rows; /* of struct product_store; first, as document_rows.h asks */
	int unknown;               /* stores nothing is known of */
	int64_t told_ms;           /* when HQ told of those that are not followed; 0: not yet */
	bool is_nowhere_else;
	const struct shop *shop;
};

void product_stores_init(struct product_stores *stores);
void product_stores_free(struct product_stores *stores);
void product_stores_read(struct product_stores *stores, const struct shop *shop, const char *sku);
/* What there is to say below the rows, translated; "" if nothing. */
void product_stores_words(
	const struct product_stores *stores, char *out, size_t size, enum role *role);
/* The rows as they are shown, into a file; of a store nothing is known of the figures stay empty. */
bool product_stores_write(const struct product_stores *stores, const char *path, int64_t *rows,
	char *error, size_t size);
/* The list of the rows; ctx is the struct product_stores. */
extern const struct list_source product_stores_source;
#define PRODUCT_STORES_COLUMNS 7
extern const struct list_column product_stores_columns[PRODUCT_STORES_COLUMNS];

#endif
