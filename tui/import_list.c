#include "tui/import_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/import_run.h"

#define OTHER_BYTES 256

struct row {
	char key[LIST_KEY_BYTES]; /* its number in the list */
	int index;                /* its place in the import */
	char other[OTHER_BYTES];  /* of a document */
};

/* ------------------------------------------------------------------ cells */

enum { BAD_ROW, BAD_REASON, BAD_SKU, BAD_DATE, BAD_DESTINATION, BAD_COLUMNS };

static const struct list_column bad_columns[BAD_COLUMNS] = {
	[BAD_ROW] = {.title = N_("Row"), .width_cols = 6, .align = LIST_RIGHT, .is_key = true},
	[BAD_REASON] = {.title = N_("What is wrong"), .width_cols = 34, .flex = 3},
	[BAD_SKU] = {.title = N_("SKU"), .width_cols = 10, .flex = 1, .drop = 1},
	[BAD_DATE] = {.title = N_("Expected"), .width_cols = 10, .drop = 2},
	[BAD_DESTINATION] = {.title = N_("Destination"), .width_cols = 12, .flex = 1, .drop = 3},
};

/* Where the cells of a row stand: the order of import_headings. */
static const int cell_of[BAD_COLUMNS] = {[BAD_DATE] = 0, [BAD_DESTINATION] = 2, [BAD_SKU] = 4};

static void bad_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct import_list *self = ctx;
	const struct import_bad *bad = &self->import->bad[((const struct row *)it)->index];
	const char *cell;

	if (column == BAD_ROW) {
		snprintf(out->text, sizeof(out->text), "%lld", (long long)bad->row);
		return;
	}
	cell = column == BAD_REASON ? bad->reason : bad->cells[cell_of[column]];
	snprintf(out->text, sizeof(out->text), "%s", cell ? cell : "");
}

enum {
	ORDER_KIND,
	ORDER_OTHER,
	ORDER_EXPECTED,
	ORDER_LINES,
	ORDER_PIECES,
	ORDER_MADE, /* only where one is */
	ORDER_COLUMNS
};

static const struct list_column order_columns[ORDER_COLUMNS] = {
	[ORDER_KIND] = {.title = N_("Document"), .width_cols = 16, .flex = 1, .drop = 1},
	[ORDER_OTHER] = {.title = N_("Other end"), .width_cols = 16, .flex = 2, .is_key = true},
	[ORDER_EXPECTED] = {.title = N_("Expected"), .width_cols = 10},
	[ORDER_LINES] = {.title = N_("Lines"), .width_cols = 6, .align = LIST_RIGHT},
	[ORDER_PIECES] = {.title = N_("Total"), .width_cols = 8, .align = LIST_RIGHT},
	[ORDER_MADE] = {.title = N_("Stands already"), .width_cols = 12, .flex = 2},
};

static void order_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct import_list *self = ctx;
	const struct row *row = it;
	const struct import_order *order = &self->import->orders[row->index];
	char pieces[SHOP_QTY_BYTES];

	shop_qty(order->qty_milli, pieces);
	out->role = order->made ? ROLE_WARN : ROLE_NORMAL;
	if (column == ORDER_MADE)
		snprintf(out->text, sizeof(out->text), "%s", order->made ? order->made : "");
	else if (column == ORDER_LINES)
		snprintf(out->text, sizeof(out->text), "%d", order->line_count);
	else
		snprintf(out->text, sizeof(out->text), "%s",
			column == ORDER_KIND               ? import_run_kind(order)
				: column == ORDER_OTHER    ? row->other
				: column == ORDER_EXPECTED ? order->expected_on
							   : pieces);
}

void import_list_other(
	const struct shop *shop, const struct import_order *order, char *out, size_t size)
{
	if (order->store)
		shop_store_name(shop, order->store, out, size);
	else
		snprintf(out, size, "%s", order->third_party);
}

/* ------------------------------------------------------------------ rows */

static long count_rows(void *ctx)
{
	return ((const struct import_list *)ctx)->shown_count;
}

static long rank_of(void *ctx, const char *key)
{
	(void)ctx;
	return strtol(key, NULL, 10);
}

static void read_row(const struct import_list *self, long at, struct row *row)
{
	memset(row, 0, sizeof(*row));
	snprintf(row->key, sizeof(row->key), "%08ld", at);
	row->index = self->shown[at];
	if (self->view == IMPORT_ORDERS)
		import_list_other(self->shop, &self->import->orders[row->index], row->other,
			sizeof(row->other));
}

static size_t fetch_rows(void *ctx, const struct list_want *want, void *out)
{
	const struct import_list *self = ctx;
	struct row *rows = out;
	bool is_up = want->direction == LIST_BEFORE || want->direction == LIST_LAST;
	long at = want->anchor ? rank_of(ctx, want->anchor) : is_up ? self->shown_count : 0;
	size_t count = 0;

	if (is_up)
		at--;
	else if (want->direction == LIST_AFTER)
		at++;
	for (; count < want->limit && at >= 0 && at < self->shown_count; at += is_up ? -1 : 1)
		read_row(self, at, &rows[count++]);
	return count;
}

static const struct list_source sources[IMPORT_VIEWS] = {
	[IMPORT_BAD] = {sizeof(struct row), count_rows, fetch_rows, rank_of, bad_cell},
	[IMPORT_ORDERS] = {sizeof(struct row), count_rows, fetch_rows, rank_of, order_cell},
};

/* ------------------------------------------------------------------ the list */

static bool is_shown(const struct import_list *self, int index)
{
	return self->view == IMPORT_ORDERS || !self->kind ||
		strcmp(self->import->bad[index].kind, self->kind) == 0;
}

static int count_all(const struct import_list *self)
{
	return self->view == IMPORT_BAD ? self->import->bad_count : self->import->order_count;
}

void import_list_show(struct import_list *self, const char *kind)
{
	self->kind = kind;
	self->shown_count = 0;
	for (int i = 0; i < count_all(self); i++)
		if (is_shown(self, i))
			self->shown[self->shown_count++] = i;
	list_restart(&self->list);
}

bool import_list_init(struct import_list *self, const struct shop *shop,
	const struct import *import, enum import_list_view view)
{
	const struct {
		const struct list_column *columns;
		size_t count;
		const char *empty;
	} looks[IMPORT_VIEWS] = {
		{bad_columns, BAD_COLUMNS, N_("Every row is good.")},
		{order_columns, import->made_count > 0 ? ORDER_COLUMNS : ORDER_MADE,
			N_("No row is good: nothing can be imported.")},
	};

	*self = (struct import_list){.shop = shop, .import = import, .view = view};
	self->shown = calloc((size_t)count_all(self) + 1, sizeof(*self->shown));
	if (!list_init(&self->list, &sources[view], self, looks[view].columns, looks[view].count) ||
		!self->shown)
		return false;
	self->list.empty = gettext(looks[view].empty);
	import_list_show(self, NULL);
	return true;
}

void import_list_free(struct import_list *self)
{
	list_free(&self->list);
	free(self->shown);
}

int import_list_now(const struct import_list *self)
{
	const struct row *row = list_row(&self->list);

	return row ? row->index : -1;
}
