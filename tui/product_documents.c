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
	{.column = "from_store", .kind = SOURCE_STORE},
	{.column = "to_store", .kind = SOURCE_STORE},
	{.column = "expected_on"},
};

enum { DOCUMENT_NUMBER = 1, DOCUMENT_ORDERED, DOCUMENT_RECEIVED, DOCUMENT_FROM = 5, DOCUMENT_TO };

static const struct list_column document_columns[PRODUCT_DOCUMENTS_COLUMNS] = {
	{.title = "", .width_cols = 1},
	{.title = N_("Number"), .width_cols = 29, .is_key = true},
	{.title = N_("Ordered"), .width_cols = 7, .align = LIST_RIGHT},
	{.title = N_("Received"), .width_cols = 7, .align = LIST_RIGHT, .drop = 2},
	{.title = N_("Status"), .width_cols = 12, .flex = 2},
	{.title = N_("Source"), .width_cols = 8, .flex = 1, .drop = 3},
	{.title = N_("Destination"), .width_cols = 8, .flex = 1, .drop = 1},
	{.title = N_("Expected"), .width_cols = 10, .drop = 4},
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
		row->extras[DOCUMENT_ORDERED] = db_int(rows, 0);
		row->extras[DOCUMENT_RECEIVED] = db_int(rows, 1);
	}
	db_done(rows);
}

static const char *own_number(const struct product_documents *self, const struct source_row *row)
{
	const struct source *source = self->source;
	bool is_to = strcmp(source_text(source, row, "to_store"), self->shop->store) == 0;
	const char *out_number = source_text(source, row, "out_number");
	const char *in_number = source_text(source, row, "in_number");

	if (is_to && in_number[0])
		return in_number;
	return out_number[0] ? out_number : in_number;
}

static void put_document_cell(
	void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct product_documents *self = ctx;
	const struct source *source = self->source;

	if (column == DOCUMENT_NUMBER)
		snprintf(out->text, sizeof(out->text), "%s", own_number(self, row));
	else if (column == DOCUMENT_ORDERED || column == DOCUMENT_RECEIVED)
		shop_qty(row->extras[column], out->text);
	else if ((column == DOCUMENT_FROM || column == DOCUMENT_TO) && !out->text[0])
		/* Where no store stands it is the third party. */
		snprintf(out->text, sizeof(out->text), "%s",
			source_text(source, row, "third_party"));
}

void product_documents_init(
	struct product_documents *self, struct source *source, struct shop *shop, const char *sku)
{
	*self = (struct product_documents){.shop = shop, .source = source, .sku = sku};
	source_init(source, shop, "movements", document_source, PRODUCT_DOCUMENTS_COLUMNS);
	source_where(source, "sku", sku);
	source_where(source, "status", UNDER_WAY);
	source->pending_table = "movement";
	source->pending_child = "movement_line";
	source->pending_key = "id";
	source->fetched = read_line;
	source->cell = put_document_cell;
	source->ctx = self;
	memcpy(self->columns, document_columns, sizeof(document_columns));
	self->columns[DOCUMENT_NUMBER].width_cols = SHOP_NUMBER_COLS + (int)strlen(shop->store);
}
