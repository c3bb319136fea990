#include "tui/document_pick.h"

#include "model/catalogue.h"
#include "tui/shop_stock.h"
#include "model/view.h"

#include <stdio.h>
#include <string.h>

/* Columns of a view that make a suggestion, and the id that is left out. */
struct pick_view {
	const char *view, *id, *name;
	const char *enabled; /* a column that must be true, or NULL */
	const char *except;
};

static size_t pick_rows(struct shop *shop, const struct pick_view *from, const char *text,
	const struct picks *picks)
{
	struct db *db = shop_db(shop);
	struct view_query query = {.view = view_find(from->view), .limit = (int)picks->max + 1};
	int id = view_column_index(query.view, from->id);
	int name = view_column_index(query.view, from->name);
	int enabled = from->enabled ? view_column_index(query.view, from->enabled) : -1;
	struct db_rows *rows;
	char error[200];
	size_t count = 0;

	view_where(&query, "q", text);
	rows = db ? view_select(db, &query, error, sizeof(error)) : NULL;
	while (rows && count < picks->max && db_next(rows)) {
		struct form_pick *pick = &picks->rows[count];
		const char *label = db_text(rows, name);

		if (strcmp(db_text(rows, id), from->except) == 0 ||
			(enabled >= 0 && !db_int(rows, enabled)))
			continue;
		snprintf(pick->id, sizeof(pick->id), "%s", db_text(rows, id));
		snprintf(pick->label, sizeof(pick->label), "%s %s", pick->id, label ? label : "");
		count++;
	}
	if (rows)
		db_done(rows);
	return count;
}

size_t document_pick_store(struct shop *shop, const char *text, struct form_pick *out, size_t max)
{
	return pick_rows(shop, &(struct pick_view){"stores", "id", "name", "enabled", shop->store},
		text, &(struct picks){out, max});
}

static void add_stock(struct shop *shop, const struct pick_stock *stock, struct form_pick *pick)
{
	char qty[SHOP_QTY_BYTES], label[sizeof(pick->label)];
	struct shop_stock known;

	shop_stock_of(shop, stock->store, pick->id, &known);
	if (!known.is_stocked)
		return;
	shop_qty(stock->is_available ? known.figures.available : known.figures.on_hand, qty);
	snprintf(label, sizeof(label), "%s", pick->label);
	snprintf(pick->label, sizeof(pick->label), "[%s] %.150s", qty, label);
}

size_t document_pick_product(struct shop *shop, const struct pick_stock *stock, const char *text,
	const struct picks *picks)
{
	struct db *db = shop_db(shop);
	char sku[COMMAND_ID_MAX + 1] = "";
	size_t count = 0;

	if (db && *text && catalogue_resolve(db, text, sku, sizeof(sku))) {
		char name[SHOP_NAME_BYTES];

		shop_product_name(shop, sku, name, sizeof(name));
		snprintf(picks->rows[0].id, sizeof(picks->rows[0].id), "%s", sku);
		snprintf(
			picks->rows[0].label, sizeof(picks->rows[0].label), "%s %.126s", sku, name);
		count = 1;
	}
	count += pick_rows(shop, &(struct pick_view){"products", "sku", "name", NULL, sku}, text,
		&(struct picks){picks->rows + count, picks->max - count});
	for (size_t i = 0; i < count; i++)
		add_stock(shop, stock, &picks->rows[i]);
	return count;
}
