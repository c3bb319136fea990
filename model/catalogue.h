/* Products by SKU, barcode and words: the indexes beside the product table, derived from it at both
 * ends (they are never sent). */
#ifndef COUNTERTOP_MODEL_CATALOGUE_H
#define COUNTERTOP_MODEL_CATALOGUE_H

#include "model/db.h"
#include "model/text.h"

#include <cjson/cJSON.h>

/* DDL of barcode(code, sku) and the search index product_search; both derived. */
void catalogue_ddl(struct text *sql);
/* The same in two parts, for a load of many products: what catalogue_add needs, and the rest. */
void catalogue_rows_ddl(struct text *sql);
void catalogue_index_ddl(struct text *sql);
/* Brings the indexes of one product in line with its row, or drops them if the row is gone. */
bool catalogue_index(struct db *db, const char *sku);
/* Indexes a product that never was before, by its row as HQ sends it; n is larger than that of any
 * product yet. */
bool catalogue_add(struct db *db, int64_t n, const cJSON *product);
/* Rebuilds them for all products. */
bool catalogue_index_all(struct db *db);

/* SKU for anything scanned or typed: a barcode (GTIN-8/12/13/14 are one key), or the SKU itself,
 * whatever its case. False if nothing matches. */
bool catalogue_resolve(struct db *db, const char *scanned, char *sku, size_t size);
/* Only the SKU, for lists that name products by it: as it is written or, where one product alone goes by it,
 * whatever its case. */
bool catalogue_sku(struct db *db, const char *written, char *sku, size_t size);

/* The FTS query for what a person typed: folded, words and Han characters as prefixes and phrases.
 * False if nothing to search for is left. For the filter `q` of the view products. */
bool catalogue_match(const char *typed, struct text *match);
/* Text folded for search: case, width, marks; a space between Han characters. */
bool catalogue_fold(const char *text, struct text *folded);

#endif
