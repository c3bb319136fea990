/*
 * Rows held in memory as the source of a list: the lines of one document, a count, a new order.
 *
 * A row is a struct of its owner's that begins with `char key[LIST_KEY_BYTES]`, as lists ask; the
 * rows stand in the order of their keys. The object a list source gets as ctx must begin with a
 * struct document_rows; `cell` is the owner's.
 */
#ifndef COUNTERTOP_TUI_DOCUMENT_ROWS_H
#define COUNTERTOP_TUI_DOCUMENT_ROWS_H

#include "tui/list.h"

struct document_rows {
	unsigned char *bytes; /* owned */
	size_t row_bytes;
	size_t count;
	size_t capacity;
};

/* A document's most lines; a command of that many would not fit into its limit anyway. */
#define DOCUMENT_ROWS_MAX 20000

void document_rows_init(struct document_rows *rows, size_t row_bytes);
void document_rows_free(struct document_rows *rows);
void document_rows_clear(struct document_rows *rows);
/* A new row at the end, all zero; NULL when out of memory or over the maximum. Pointers to rows are
 * valid until the next call. */
void *document_rows_add(struct document_rows *rows);
/* NULL beyond the end. */
void *document_rows_at(const struct document_rows *rows, size_t index);
/* A key that sorts as `no` does, and names `sku`. */
void document_rows_key(char key[LIST_KEY_BYTES], long long no, const char *sku);

/* Fits the column of names at `index` into a list of `width_cols`: where all columns have room it is
 * just `longest_cols` wide, so that figures stand near their names; else it takes what is left. */
void document_rows_fit_name(
	struct list_column *columns, size_t count, size_t index, int longest_cols, int width_cols);

/* For a list_source; ctx begins with a struct document_rows. */
long document_rows_count(void *ctx);
size_t document_rows_fetch(void *ctx, const struct list_want *want, void *out);
long document_rows_rank(void *ctx, const char *key);

#endif
