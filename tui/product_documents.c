#include "tui/product_documents.h"

#include <stdio.h>
#include <string.h>

#include "model/i18n.h"

#define UNDER_WAY "pending|accepted|shipped|arrived|partial"

static const struct source_column document_source[] = {
	{.kind = SOURCE_MARK},
	{.column = NULL}, /* the number of this store's side */
	{.column = NULL}, /* ordered, of this product */
	{.column = NULL}, /* received, of this product */
	{.column = "status", .kind = SOURCE_WORD, .group = "movement"},
	{.column = "to_store", .kind = SOURCE_STORE},
	{.column = "expected_on"},
	/* Behind the columns of the list, for its name: the other end is one of two. */
	{.column = "from_store", .kind = SOURCE_STORE},
};

enum { NUMBER = 1, ORDERED, RECEIVED, OTHER_END = 5, FROM_STORE = 7 };

static const struct list_column document_columns[PRODUCT_DOCUMENTS_COLUMNS] = {
	{.title = "", .width_cols = 1},
	{.title = N_("Number"), .width_cols = 29, .is_key = true},
	{.title = N_("Ordered"), .width_cols = 7, .align = LIST_RIGHT},
	{.title = N_("Rec'd"), .width_cols = 6, .align = LIST_RIGHT, .drop = 2},
	{.title = N_("Status"), .width_cols = 12, .flex = 2},
	{.title = N_("Other end"), .width_cols = 8, .flex = 1, .drop = 1},
	{.title = N_("Expected"), .width_cols = 10, .drop = 3},
};

/* What the document holds of this product; the list's own figures are of all its lines. */
static void read_line(void *ctx, struct source_row *row)
{
	const struct product_documents *self = ctx;
	struct db *cache = shop_db(self->shop);
	struct db_rows *rows;

	if (!cache)
		return;
	rows = db_query(cache,
		"SELECT ordered, received FROM movement_line WHERE movement = $1 AND sku = $2",
		"tt", source_text(self->source, row, "id"), self->sku);
	if (db_next(rows)) {
		row->extras[ORDERED] = db_int(rows, 0);
		row->extras[RECEIVED] = db_int(rows, 1);
	}
	db_done(rows);
}

static bool comes_here(const struct product_documents *self, const struct source_row *row)
{
	return strcmp(source_text(self->source, row, "to_store"), self->shop->store) == 0;
}

static const char *own_number(const struct product_documents *self, const struct source_row *row)
{
	const char *out_number = source_text(self->source, row, "out_number");
	const char *in_number = source_text(self->source, row, "in_number");

	if (comes_here(self, row) && in_number[0])
		return in_number;
	return out_number[0] ? out_number : in_number;
}

/* Where no store stands it is the third party. */
static const char *other_end(const struct product_documents *self, const struct source_row *row)
{
	int column = comes_here(self, row) ? FROM_STORE : OTHER_END;
	const char *name = row->bytes + row->names[column];

	return name[0] ? name : source_text(self->source, row, "third_party");
}

static void put_document_cell(
	void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct product_documents *self = ctx;

	if (column == NUMBER)
		snprintf(out->text, sizeof(out->text), "%s", own_number(self, row));
	else if (column == ORDERED || column == RECEIVED)
		shop_qty(row->extras[column], out->text);
	else if (column == OTHER_END)
		snprintf(out->text, sizeof(out->text), "%s", other_end(self, row));
}

void product_documents_init(
	struct product_documents *self, struct source *source, struct shop *shop, const char *sku)
{
	*self = (struct product_documents){.shop = shop, .source = source, .sku = sku};
	source_init(source, shop, "movements", document_source,
		sizeof(document_source) / sizeof(document_source[0]));
	/* Of a store and a few statuses: indexes find them among any number of closed ones. */
	source_where(source, "store", shop->store);
	source_where(source, "sku", sku);
	source_where(source, "status", UNDER_WAY);
	source->pending_table = "movement";
	source->pending_child = "movement_line";
	source->pending_key = "id";
	source->fetched = read_line;
	source->cell = put_document_cell;
	source->ctx = self;
	memcpy(self->columns, document_columns, sizeof(document_columns));
	self->columns[NUMBER].width_cols = SHOP_NUMBER_COLS + (int)strlen(shop->store);
}
