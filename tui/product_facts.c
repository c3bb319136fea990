#include "tui/product_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/grid_write.h"
#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"

#define DASH "\u2013"

/* ---- the catalogue's row ---- */

static void join_barcodes(const char *json, char *out, size_t size)
{
	struct text words = TEXT_INIT(TEXT_SMALL);

	json_add_words(&words, json, "  ");
	snprintf(out, size, "%s", text_get(&words));
	text_free(&words);
}

static const char *or_dash(const char *text)
{
	return text && text[0] ? text : DASH;
}

/* Minor units; whole amounts are shown without the zeros behind the point. */
static void put_price(struct product_facts *facts, int64_t price)
{
	char text[SHOP_QTY_BYTES];

	if (price <= 0)
		return;
	shop_qty(price * 10, text);
	snprintf(facts->price, sizeof(facts->price), "%s", text);
}

void product_facts_read(struct product_facts *facts, const struct shop *shop, const char *sku)
{
	struct db *cache = shop_db(shop);
	struct db_rows *rows;

	memset(facts, 0, sizeof(*facts));
	if (!cache)
		return;
	rows = db_query(cache,
		"SELECT name, barcodes, category, vendor, price FROM product WHERE sku = $1", "t",
		sku);
	if (db_next(rows)) {
		facts->is_known = true;
		snprintf(facts->name, sizeof(facts->name), "%s", or_dash(db_text(rows, 0)));
		join_barcodes(db_text(rows, 1), facts->barcodes, sizeof(facts->barcodes));
		snprintf(facts->kind, sizeof(facts->kind), "%s \u00b7 %s",
			or_dash(db_text(rows, 2)), or_dash(db_text(rows, 3)));
		put_price(facts, db_int(rows, 4));
	}
	db_done(rows);
	facts->is_stocked = stock_has_line(cache, shop->store, sku);
	facts->figures = stock_figures_of(cache, shop->store, sku);
}

/* ---- at each store ---- */

void product_stores_init(struct product_stores *stores)
{
	memset(stores, 0, sizeof(*stores));
	document_rows_init(&stores->rows, sizeof(struct product_store));
}

void product_stores_free(struct product_stores *stores)
{
	document_rows_free(&stores->rows);
}

static void add_store(
	struct product_stores *stores, const struct shop *shop, const char *id, const char *name)
{
	struct product_store *row = document_rows_add(&stores->rows);
	bool is_own = strcmp(id, shop->store) == 0;
	bool is_followed = shop_follows(shop, id);

	if (!row)
		return;
	/* This store, then those that are followed, then the others. */
	snprintf(row->key, sizeof(row->key), "%d|%s", is_own ? 0 : is_followed ? 1 : 2, id);
	snprintf(row->id, sizeof(row->id), "%s", id);
	snprintf(row->name, sizeof(row->name), "%s", name && name[0] ? name : id);
}

static void read_stock(
	struct product_stores *stores, struct db *cache, struct product_store *row, const char *sku)
{
	struct shop_stock stock;

	shop_stock_of(stores->shop, row->id, sku, &stock);
	row->known = !stock.is_known ? PRODUCT_NOT_KNOWN
		: stock.is_stocked   ? PRODUCT_STOCKED
				     : PRODUCT_NOT_STOCKED;
	row->figures = stock.figures;
	stores->unknown += !stock.is_known;
	if (stock.told_ms > 0)
		stores->told_ms = stock.told_ms;
	row->is_pending = db_has(cache, "SELECT 1 FROM before_stock WHERE store = $1 AND sku = $2",
		"tt", row->id, sku);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

void product_stores_read(struct product_stores *stores, const struct shop *shop, const char *sku)
{
	struct db *cache = shop_db(shop);
	struct db_rows *rows;

	document_rows_clear(&stores->rows);
	stores->shop = shop;
	stores->unknown = 0;
	stores->told_ms = 0;
	stores->is_nowhere_else = shop_stock_is_nowhere_else(shop, sku);
	if (!cache)
		return;
	rows = db_query(cache, "SELECT id, name FROM store WHERE enabled <> 0 OR id = $1", "t",
		shop->store);
	while (db_next(rows))
		add_store(stores, shop, db_text(rows, 0), db_text(rows, 1));
	db_done(rows);
	for (size_t i = 0; i < stores->rows.count; i++)
		read_stock(stores, cache, document_rows_at(&stores->rows, i), sku);
	if (stores->rows.count > 0)
		qsort(stores->rows.bytes, stores->rows.count, stores->rows.row_bytes, compare);
}

void product_stores_words(
	const struct product_stores *stores, char *out, size_t size, enum role *role)
{
	char when[SHOP_WHEN_BYTES], age[32];
	int64_t age_ms = shop_now(stores->shop) - stores->told_ms;

	*role = ROLE_DIM;
	out[0] = '\0';
	if (stores->is_nowhere_else) {
		*role = ROLE_WARN;
		snprintf(out, size, "%s",
			stores->unknown > 0 ? _("No other store known here has it: check the SKU.")
					    : _("No other store has it: check the SKU."));
	} else if (stores->unknown > 0) {
		snprintf(out, size, "%s",
			_("? not known here yet: HQ is asked while the line is up."));
	} else if (stores->told_ms > 0) {
		shop_when(stores->shop, stores->told_ms, when);
		shop_age(age_ms > 0 ? age_ms : 0, age, sizeof(age));
		/* TRANSLATORS: a time, and how long ago that is: "5 min", "now". */
		snprintf(out, size, _("Other stores as HQ told at %s (%s)."), when, age);
	}
}

/* ---- to a file ---- */

#define WRITTEN_COLUMNS (1 + WRITTEN_FIGURES)
#define WRITTEN_FIGURES 5

static void write_store(struct grid_writer *writer, const struct product_store *row)
{
	const struct stock_figures *figures = &row->figures;
	const int64_t shown[WRITTEN_FIGURES] = {figures->on_hand, figures->in_transit_out,
		figures->in_transit_in, figures->damaged, figures->available};
	struct text texts[WRITTEN_FIGURES];
	const char *cells[WRITTEN_COLUMNS] = {row->id};

	for (int i = 0; i < WRITTEN_FIGURES; i++) {
		texts[i] = TEXT_INIT(SHOP_QTY_BYTES);
		if (row->known == PRODUCT_STOCKED)
			text_add_qty(&texts[i], shown[i]);
		cells[1 + i] = text_get(&texts[i]);
	}
	grid_writer_row(writer, cells);
	for (int i = 0; i < WRITTEN_FIGURES; i++)
		text_free(&texts[i]);
}

bool product_stores_write(const struct product_stores *stores, const char *path, int64_t *rows,
	char *error, size_t size)
{
	static const struct grid_column columns[WRITTEN_COLUMNS] = {
		{"store", false, 20},
		{"on_hand", true, 12},
		{"in_transit_out", true, 12},
		{"in_transit_in", true, 12},
		{"damaged", true, 12},
		{"available", true, 12},
	};
	struct grid_writer *writer = grid_writer_open(path, columns, WRITTEN_COLUMNS, error, size);

	if (!writer)
		return false;
	for (size_t i = 0; i < stores->rows.count; i++)
		write_store(writer, document_rows_at(&stores->rows, i));
	*rows = (int64_t)stores->rows.count;
	return grid_writer_end(writer, error, size);
}

/* ---- the list ---- */

enum { MARK, STORE, ON_HAND, GOING, COMING, DAMAGED, AVAILABLE };

const struct list_column product_stores_columns[PRODUCT_STORES_COLUMNS] = {
	{.title = "", .width_cols = 1},
	{.title = N_("Store"), .width_cols = 8, .flex = 1, .is_key = true},
	{.title = N_("On hand"), .width_cols = 7, .align = LIST_RIGHT},
	{.title = N_("Leaving"), .width_cols = 7, .align = LIST_RIGHT},
	{.title = N_("Coming"), .width_cols = 6, .align = LIST_RIGHT},
	{.title = N_("Damaged"), .width_cols = 7, .align = LIST_RIGHT},
	{.title = N_("Available"), .width_cols = 7, .align = LIST_RIGHT},
};

static void put_figure(const struct product_store *row, int column, struct list_cell *out)
{
	const int64_t figures[] = {
		[ON_HAND] = row->figures.on_hand,
		[GOING] = row->figures.in_transit_out,
		[COMING] = row->figures.in_transit_in,
		[DAMAGED] = row->figures.damaged,
		[AVAILABLE] = row->figures.available,
	};
	char text[SHOP_QTY_BYTES];

	if (row->known != PRODUCT_STOCKED) {
		snprintf(out->text, sizeof(out->text), "%s",
			row->known == PRODUCT_NOT_KNOWN ? "?" : DASH);
		out->role = ROLE_DIM;
		return;
	}
	shop_qty(figures[column], text);
	snprintf(out->text, sizeof(out->text), "%s", text);
	if (figures[column] < 0)
		out->role = ROLE_LOSS;
}

static void put_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct product_store *row = it;

	(void)ctx;
	if (column == MARK) {
		snprintf(out->text, sizeof(out->text), "%s",
			row->is_pending ? SHOP_PENDING_MARK : "");
		out->role = ROLE_PENDING;
	} else if (column == STORE) {
		snprintf(out->text, sizeof(out->text), "%s", row->name);
	} else {
		put_figure(row, column, out);
	}
}

const struct list_source product_stores_source = {
	.row_bytes = sizeof(struct product_store),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = put_cell,
};
