/*
 * Products: searched as one types, by words, SKU or barcode; a page for each with its figures here
 * and what moved it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/catalogue.h"
#include "model/i18n.h"
#include "model/stock.h"
#include "tui/box.h"
#include "tui/edit.h"
#include "tui/explain_here.h"
#include "tui/export.h"
#include "tui/list.h"
#include "tui/panes.h"
#include "tui/source.h"

/* The figures stand in the extras of a row under the number of their column. */
enum {
	EXTRA_STOCKED,
	COLUMN_ON_HAND = 2,
	COLUMN_GOING,
	COLUMN_COMING,
	COLUMN_DAMAGED,
	COLUMN_AVAILABLE
};

/* Counting all that a short word finds takes longer than finding the first of it, so the count comes
 * when the typing pauses. */
#define COUNT_AFTER_MS 250

struct products {
	struct source source; /* first: the list's functions get it as ctx */
	struct shop *shop;
	struct edit search;
	bool is_typing;
	bool is_counted;
	struct list_source rows; /* source_list, but for the count */
	struct export export;
	struct explain_here explain;
	struct list list;
};

static const struct source_column source_columns[] = {
	{.column = "sku"},
	{.column = "name"},
	{.column = NULL}, /* on hand */
	{.column = NULL}, /* in transit out */
	{.column = NULL}, /* in transit in */
	{.column = NULL}, /* damaged */
	{.column = NULL}, /* available */
	{.column = "category"},
	{.column = "vendor"},
};

static const struct list_column list_columns[] = {
	{.title = N_("SKU"), .width_cols = 12, .is_key = true},
	{.title = N_("Product"), .width_cols = 20, .flex = 3},
	{.title = N_("On hand"), .width_cols = 7, .align = LIST_RIGHT, .drop = 1},
	{.title = N_("Leaving"), .width_cols = 7, .align = LIST_RIGHT, .drop = 3},
	{.title = N_("Coming"), .width_cols = 6, .align = LIST_RIGHT, .drop = 3},
	{.title = N_("Damaged"), .width_cols = 7, .align = LIST_RIGHT, .drop = 4},
	{.title = N_("Available"), .width_cols = 7, .align = LIST_RIGHT, .drop = 2},
	{.title = N_("Category"), .width_cols = 14, .flex = 1, .drop = 5},
	{.title = N_("Vendor"), .width_cols = 12, .flex = 1, .drop = 6},
};

/* Figures of this store; a product it has no stock line of has none. */
static void read_figures(void *ctx, struct source_row *row)
{
	const struct products *products = ctx;
	struct db *cache = shop_db(products->shop);
	const char *sku = source_text(&products->source, row, "sku");
	struct stock_figures figures;

	if (!cache || !stock_has_line(cache, products->shop->store, sku))
		return;
	figures = stock_figures_of(cache, products->shop->store, sku);
	row->extras[EXTRA_STOCKED] = 1;
	row->extras[COLUMN_ON_HAND] = figures.on_hand;
	row->extras[COLUMN_GOING] = figures.in_transit_out;
	row->extras[COLUMN_COMING] = figures.in_transit_in;
	row->extras[COLUMN_DAMAGED] = figures.damaged;
	row->extras[COLUMN_AVAILABLE] = figures.available;
}

static void put_figures(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	char text[SHOP_QTY_BYTES] = "\u2013";

	(void)ctx;
	if (column < COLUMN_ON_HAND || column > COLUMN_AVAILABLE)
		return;
	if (row->extras[EXTRA_STOCKED])
		shop_qty(row->extras[column], text);
	else
		out->role = ROLE_DIM;
	if (row->extras[column] < 0)
		out->role = ROLE_LOSS;
	snprintf(out->text, sizeof(out->text), "%s", text);
}

/* ------------------------------------------------------------------ searching */

static long count_products(void *ctx)
{
	const struct products *products = ctx;

	return products->is_counted ? source_list.count(ctx) : -1;
}

static void count_now(void *ctx)
{
	struct products *products = ctx;

	products->is_counted = true;
	list_changed(&products->list);
}

static void apply_search(struct products *products)
{
	products->is_counted = !products->search.text[0];
	if (!products->is_counted)
		app_timer(products->shop->app, app_now_ms() + COUNT_AFTER_MS, count_now, products);
	source_where(&products->source, "q", products->search.text);
	list_restart(&products->list);
}

static void run_search(void *ctx, int arg)
{
	struct products *products = ctx;

	(void)arg;
	products->is_typing = true;
}

/* A barcode typed or pasted in full goes straight to its product. */
static void run_take(void *ctx, int arg)
{
	struct products *products = ctx;
	struct db *cache = shop_db(products->shop);
	char sku[COMMAND_ID_MAX + 1];

	(void)arg;
	products->is_typing = false;
	if (products->search.text[0] && cache &&
		catalogue_resolve(cache, products->search.text, sku, sizeof(sku)))
		shop_open_document(products->shop, "product", sku);
}

static void run_clear(void *ctx, int arg)
{
	struct products *products = ctx;

	(void)arg;
	products->is_typing = false;
	edit_set(&products->search, "");
}

static void run_open(void *ctx, int arg)
{
	struct products *products = ctx;
	const void *row = list_row(&products->list);

	(void)arg;
	if (row)
		shop_open_document(
			products->shop, "product", source_text(&products->source, row, "sku"));
}

static const char *why_not_open(void *ctx, int arg)
{
	const struct products *products = ctx;

	(void)arg;
	return list_row(&products->list) ? NULL : _("There is no product under the cursor.");
}

/* The letter that writes other lists begins a search here. */
static const char *why_not_write(void *ctx, int arg)
{
	const struct products *products = ctx;

	(void)arg;
	return export_why_not(&products->export);
}

static void run_write(void *ctx, int arg)
{
	struct products *products = ctx;

	(void)arg;
	export_ask(&products->export);
}

static const struct action products_rows[] = {
	{"open", N_("Open"), N_("Open the product"), ACTION_HINT, 0, why_not_open, run_open, NULL},
	{"search", N_("Search"), N_("Search by name, SKU or barcode"), ACTION_HINT, 0, NULL,
		run_search, NULL},
	{"write-file", N_("To file"), N_("Write this list to a CSV or XLSX file"), 0, 0,
		why_not_write, run_write, NULL},
};
const struct action_table products_actions = {
	.context = "products",
	.title = N_("Products"),
	ACTION_TABLE_ROWS(products_rows),
};

static const struct action search_rows[] = {
	{"take", N_("Done"), N_("Stop typing, keep what was found"), ACTION_HINT, 0, NULL, run_take,
		NULL},
	{"clear", N_("Clear"), N_("Forget the search"), ACTION_HINT, 0, NULL, run_clear, NULL},
};
const struct action_table products_search_actions = {
	.context = "search",
	.title = N_("Searching"),
	.is_text = true,
	ACTION_TABLE_ROWS(search_rows),
};

/* ------------------------------------------------------------------ the list */

static size_t products_numbers(void *ctx, struct explain *out, size_t max)
{
	const struct products *products = ctx;
	const void *row = list_row(&products->list);

	return row ? explain_here_stock(products->shop, products->shop->store,
			     source_text(&products->source, row, "sku"), out, max)
		   : 0;
}

static size_t products_scopes(void *self, struct action_scope *out, size_t max)
{
	struct products *products = self;
	size_t count = 0;

	if (max < 4)
		return 0;
	if (products->is_typing) {
		out[count++] = (struct action_scope){&products_search_actions, products};
		out[count++] = (struct action_scope){&edit_actions, &products->search};
	} else {
		out[count++] = (struct action_scope){&products_actions, products};
		out[count++] = (struct action_scope){&explain_here_actions, &products->explain};
	}
	out[count++] = (struct action_scope){&list_actions, &products->list};
	return count;
}

static bool products_may_leave(void *self)
{
	struct products *products = self;

	if (!products->search.text[0])
		return true;
	run_clear(products, 0);
	return false;
}

static bool products_is_typing(void *self)
{
	return ((struct products *)self)->is_typing;
}

/* No letter does anything in the list, so that typing one begins the search. */
static bool products_on_text(void *self, const char *utf8)
{
	struct products *products = self;

	products->is_typing = true;
	edit_insert(&products->search, utf8);
	return true;
}

static void products_recalc(void *self, const struct layout *layout)
{
	struct products *products = self;

	if (strcmp(source_filter(&products->source, "q"), products->search.text) != 0)
		apply_search(products);
	products->list.empty = products->search.text[0]
		? _("No product is called that. Esc clears the search.")
		: shop_empty_words(products->shop, _("There are no products yet."));
	list_recalc(&products->list, layout->body.rows - 2);
}

static void products_repaint(void *self, const struct rect *area)
{
	struct products *products = self;
	struct rect rows = *area;
	struct rect top = layout_take_top(&rows, 2);
	char position[64];
	const char *label = _("Search");
	int label_cols = draw_text(top.y, top.x + 2, top.cols / 3, ROLE_DIM, label) + 2;
	struct box_field field = {top.y, top.x + 2 + label_cols, 32, products->is_typing, false};

	box_edit(&field, &products->search);
	list_position(&products->list, position, sizeof(position));
	draw_text_right(top.y, top.x, top.cols - 1, ROLE_DIM, "");
	draw_text_right(top.y, top.x + top.cols - 22, 21, ROLE_DIM, position);
	list_repaint(&products->list, &rows);
}

static void products_title(void *self, char *out, size_t size)
{
	(void)self;
	snprintf(out, size, "%s", _("Products"));
}

static const char *products_help(void *self)
{
	(void)self;
	return _(
		"Type any part of a name, a SKU or a barcode, or scan: the list follows. On hand and available are this store's; available leaves out what own outbound orders have promised.");
}

static void products_close(void *self)
{
	struct products *products = self;

	list_free(&products->list);
	free(products);
}

static void products_on_change(void *self)
{
	list_changed(&((struct products *)self)->list);
}

static const struct pane_ops products_ops = {
	.context = "products",
	.title = products_title,
	.help = products_help,
	.close = products_close,
	.may_leave = products_may_leave,
	.scopes = products_scopes,
	.recalc = products_recalc,
	.repaint = products_repaint,
	.is_typing = products_is_typing,
	.on_text = products_on_text,
	.on_paste = products_on_text,
	.on_change = products_on_change,
};

struct pane pane_products_new(struct shop *shop)
{
	struct products *products = calloc(1, sizeof(*products));

	if (!products)
		return (struct pane){NULL, NULL};
	products->shop = shop;
	products->is_counted = true;
	products->rows = source_list;
	products->rows.count = count_products;
	edit_init(&products->search, 64);
	source_init(&products->source, shop, "products", source_columns,
		sizeof(source_columns) / sizeof(source_columns[0]));
	products->source.fetched = read_figures;
	products->source.cell = put_figures;
	products->source.ctx = products;
	if (!list_init(&products->list, &products->rows, &products->source, list_columns,
		    sizeof(list_columns) / sizeof(list_columns[0]))) {
		free(products);
		return (struct pane){NULL, NULL};
	}
	explain_here_init(&products->explain, shop, products_numbers, products);
	export_list(&products->export, shop, &products->source, &products->list);
	return (struct pane){&products_ops, products};
}
