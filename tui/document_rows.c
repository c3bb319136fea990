#include "tui/document_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 32
#define NAME_COLS_MIN 14
#define NAME_COLS_MAX 60
#define EDGE_COLS 3 /* of a list, besides its columns */
#define GAP_COLS 2

void document_rows_init(struct document_rows *rows, size_t row_bytes)
{
	*rows = (struct document_rows){.row_bytes = row_bytes};
}

void document_rows_free(struct document_rows *rows)
{
	free(rows->bytes);
	document_rows_init(rows, rows->row_bytes);
}

void document_rows_clear(struct document_rows *rows)
{
	rows->count = 0;
}

static bool grow(struct document_rows *rows)
{
	size_t capacity = rows->capacity ? rows->capacity * 2 : FIRST_CAPACITY;
	unsigned char *bytes;

	if (rows->count >= DOCUMENT_ROWS_MAX)
		return false;
	bytes = realloc(rows->bytes, capacity * rows->row_bytes);
	if (!bytes)
		return false;
	rows->bytes = bytes;
	rows->capacity = capacity;
	return true;
}

void *document_rows_add(struct document_rows *rows)
{
	void *row;

	if (rows->count == rows->capacity && !grow(rows))
		return NULL;
	row = rows->bytes + rows->count++ * rows->row_bytes;
	memset(row, 0, rows->row_bytes);
	return row;
}

void *document_rows_at(const struct document_rows *rows, size_t index)
{
	return index < rows->count ? rows->bytes + index * rows->row_bytes : NULL;
}

void document_rows_key(char key[LIST_KEY_BYTES], long long no, const char *sku)
{
	snprintf(key, LIST_KEY_BYTES, "%08lld|%s", no, sku);
}

void document_rows_fit_name(
	struct list_column *columns, size_t count, size_t index, int longest_cols, int width_cols)
{
	struct list_column *name = &columns[index];
	int needed = EDGE_COLS;

	if (longest_cols < NAME_COLS_MIN)
		longest_cols = NAME_COLS_MIN;
	if (longest_cols > NAME_COLS_MAX)
		longest_cols = NAME_COLS_MAX;
	for (size_t i = 0; i < count; i++)
		needed += GAP_COLS + (i == index ? longest_cols : list_least_cols(&columns[i]));
	name->flex = needed <= width_cols ? 0 : 1;
	name->width_cols = name->flex ? NAME_COLS_MIN : longest_cols;
}

/* ---- the list's side ---- */

/* The first row whose key is not before `key`. */
static size_t find(const struct document_rows *rows, const char *key)
{
	size_t low = 0, high = rows->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(document_rows_at(rows, middle), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct document_rows *rows, size_t index, const char *key)
{
	const char *found = document_rows_at(rows, index);

	return found && strcmp(found, key) == 0;
}

long document_rows_count(void *ctx)
{
	const struct document_rows *rows = ctx;

	return (long)rows->count;
}

long document_rows_rank(void *ctx, const char *key)
{
	return (long)find(ctx, key);
}

/* Where a window going down starts. */
static size_t start_of(const struct document_rows *rows, const struct list_want *want)
{
	size_t index;

	if (want->direction == LIST_FIRST)
		return 0;
	index = find(rows, want->anchor);
	if (want->direction == LIST_AFTER && is_at(rows, index, want->anchor))
		index++;
	return index;
}

size_t document_rows_fetch(void *ctx, const struct list_want *want, void *out)
{
	const struct document_rows *rows = ctx;
	bool is_up = want->direction == LIST_BEFORE || want->direction == LIST_LAST;
	size_t end = want->direction == LIST_BEFORE ? find(rows, want->anchor) : rows->count;
	size_t start = is_up ? 0 : start_of(rows, want);
	size_t count = start < end ? end - start : 0;

	if (count > want->limit)
		count = want->limit;
	for (size_t i = 0; i < count; i++)
		memcpy((unsigned char *)out + i * rows->row_bytes,
			document_rows_at(rows, is_up ? end - 1 - i : start + i), rows->row_bytes);
	return count;
}
