/* One product: what it is, its figures at this store, and the ledger entries that made them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/json.h"
#include "model/stock.h"
#include "tui/cols.h"
#include "tui/export.h"
#include "tui/list.h"
#include "tui/panes.h"
#include "tui/source.h"

#define FIGURES 5
#define FIGURE_GAP_COLS 1
#define FIGURE_COLS_MAX 16
#define FIGURE_COLS_SHORT 14 /* less than this, and the names are the short ones */
#define LABEL_COLS 12

/* What is shown above the entries, read in recalc. */
struct facts {
	char name[256];
	char barcodes[256];
	char category[128];
	char vendor[128];
	char price[32];
	bool is_here; /* the catalogue has it */
	bool is_stocked;
	struct stock_figures figures;
};

struct product {
	struct shop *shop;
	char sku[COMMAND_ID_MAX + 1];
	struct facts facts;
	struct source source;
	struct list list;
	struct export export;
};

static const struct source_column source_columns[] = {
	{.kind = SOURCE_MARK},
	{.column = "at", .kind = SOURCE_WHEN},
	{.column = "reason", .kind = SOURCE_WORD, .group = "ledger"},
	{.column = "qty", .kind = SOURCE_SIGNED_QTY},
	{.column = "damaged", .kind = SOURCE_SIGNED_QTY},
	{.column = NULL}, /* the document's number */
	{.column = "actor", .kind = SOURCE_STAFF},
};

enum { COLUMN_DAMAGED = 4, COLUMN_DOCUMENT = 5 };

static const struct list_column list_columns[] = {
	{.title = "", .width_cols = 1},
	{.title = N_("When"), .width_cols = 11, .is_key = true},
	{.title = N_("Why"), .width_cols = 16, .flex = 1},
	{.title = N_("On hand"), .width_cols = 9, .align = LIST_RIGHT},
	{.title = N_("Damaged"), .width_cols = 8, .align = LIST_RIGHT, .drop = 2},
	{.title = N_("Document"), .width_cols = 20, .flex = 1, .drop = 1},
	{.title = N_("By"), .width_cols = 8, .flex = 1, .drop = 3},
};

static void put_cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct product *product = ctx;

	if (column == COLUMN_DAMAGED && source_int(&product->source, row, "damaged") == 0)
		out->text[0] = '\0';
	if (column == COLUMN_DOCUMENT)
		shop_document_name(product->shop, source_text(&product->source, row, "doc_kind"),
			source_text(&product->source, row, "doc"), out->text, sizeof(out->text));
}

/* ------------------------------------------------------------------ reading */

static void join_barcodes(const char *json, char *out, size_t size)
{
	cJSON *list = json ? json_parse(json, strlen(json), NULL, 0) : NULL;
	const cJSON *item;
	size_t used = 0;

	out[0] = '\0';
	cJSON_ArrayForEach(item, list)
	{
		if (cJSON_IsString(item) && used < size)
			used += (size_t)snprintf(out + used, size - used, "%s%s", used ? "  " : "",
				item->valuestring);
	}
	cJSON_Delete(list);
}

static void put_text(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text && text[0] ? text : "\u2013");
}

/* Minor units; whole amounts are shown without the zeros behind the point. */
static void put_price(struct facts *facts, int64_t price)
{
	char text[SHOP_QTY_BYTES];

	if (price <= 0)
		return;
	shop_qty(price * 10, text);
	snprintf(facts->price, sizeof(facts->price), "%s", text);
}

static void read_facts(struct product *product)
{
	struct facts *facts = &product->facts;
	struct db *cache = shop_db(product->shop);
	struct db_rows *rows;

	memset(facts, 0, sizeof(*facts));
	if (!cache)
		return;
	rows = db_query(cache,
		"SELECT name, barcodes, category, vendor, price FROM product WHERE sku = $1", "t",
		product->sku);
	if (db_next(rows)) {
		facts->is_here = true;
		put_text(facts->name, sizeof(facts->name), db_text(rows, 0));
		join_barcodes(db_text(rows, 1), facts->barcodes, sizeof(facts->barcodes));
		put_text(facts->category, sizeof(facts->category), db_text(rows, 2));
		put_text(facts->vendor, sizeof(facts->vendor), db_text(rows, 3));
		put_price(facts, db_int(rows, 4));
	}
	db_done(rows);
	facts->is_stocked = stock_has_line(cache, product->shop->store, product->sku);
	facts->figures = stock_figures_of(cache, product->shop->store, product->sku);
}

/* ------------------------------------------------------------------ actions */

static const char *why_no_document(void *ctx, int arg)
{
	const struct product *product = ctx;
	const void *row = list_row(&product->list);

	(void)arg;
	return row && source_text(&product->source, row, "doc")[0]
		? NULL
		: _("No document belongs to this entry.");
}

static void run_document(void *ctx, int arg)
{
	struct product *product = ctx;
	const void *row = list_row(&product->list);

	(void)arg;
	shop_open_document(product->shop, source_text(&product->source, row, "doc_kind"),
		source_text(&product->source, row, "doc"));
}

static const struct action product_rows[] = {
	{"document", N_("Document"), N_("Open the document of this entry"), ACTION_HINT, 0,
		why_no_document, run_document, NULL},
};
const struct action_table product_actions = {
	.context = "product",
	.title = N_("A product"),
	ACTION_TABLE_ROWS(product_rows),
};

static size_t product_scopes(void *self, struct action_scope *out, size_t max)
{
	struct product *product = self;

	if (max < 3)
		return 0;
	out[0] = (struct action_scope){&product_actions, product};
	out[1] = (struct action_scope){&list_actions, &product->list};
	out[2] = (struct action_scope){&export_actions, &product->export};
	return 3;
}

/* ------------------------------------------------------------------ painting */

static int head_rows(const struct product *product, const struct layout *layout)
{
	(void)product;
	return layout->kind == LAYOUT_NARROW ? 6 : 8;
}

static void product_recalc(void *self, const struct layout *layout)
{
	struct product *product = self;

	read_facts(product);
	list_recalc(&product->list, layout->body.rows - head_rows(product, layout));
}

static void paint_fact(const struct rect *area, int row, const char *label, const char *text)
{
	if (row >= area->rows)
		return;
	draw_text(area->y + row, area->x, LABEL_COLS, ROLE_DIM, label);
	draw_text(area->y + row, area->x + LABEL_COLS, area->cols - LABEL_COLS, ROLE_NORMAL, text);
}

/* Five figures side by side, each under its name; never one number alone. */
static void paint_figures(const struct product *product, const struct rect *area)
{
	const struct stock_figures *figures = &product->facts.figures;
	int width_cols = (area->cols - (FIGURES - 1) * FIGURE_GAP_COLS) / FIGURES;
	bool is_short = width_cols < FIGURE_COLS_SHORT;
	const struct {
		const char *label;
		int64_t qty;
		enum role role;
	} shown[FIGURES] = {
		{_("On hand"), figures->on_hand, ROLE_BOLD},
		{is_short ? _("Leaving") : _("In transit out"), figures->in_transit_out,
			ROLE_NORMAL},
		{is_short ? _("Coming") : _("In transit in"), figures->in_transit_in, ROLE_NORMAL},
		{_("Damaged"), figures->damaged, ROLE_NORMAL},
		{_("Available"), figures->available, ROLE_BOLD},
	};

	if (width_cols > FIGURE_COLS_MAX)
		width_cols = FIGURE_COLS_MAX;
	for (int i = 0; i < FIGURES; i++) {
		int x = area->x + i * (width_cols + FIGURE_GAP_COLS);
		char text[SHOP_QTY_BYTES];

		shop_qty(shown[i].qty, text);
		draw_text_right(area->y, x, width_cols, ROLE_COLUMN, shown[i].label);
		draw_text_right(area->y + 1, x, width_cols,
			shown[i].qty < 0 ? ROLE_LOSS : shown[i].role, text);
	}
}

static void product_repaint(void *self, const struct rect *area)
{
	struct product *product = self;
	const struct facts *facts = &product->facts;
	struct rect rows = *area;
	bool is_narrow = area->cols < LAYOUT_NORMAL_COLS;
	struct rect head = layout_take_top(&rows, is_narrow ? 6 : 8);
	struct rect figures;
	char kind[300];

	head.x += 2;
	head.cols -= 4;
	snprintf(kind, sizeof(kind), "%s \u00b7 %s", facts->category, facts->vendor);
	paint_fact(
		&head, 0, _("Product"), facts->is_here ? facts->name : _("not in the catalogue"));
	paint_fact(&head, 1, _("Barcodes"), facts->barcodes[0] ? facts->barcodes : "\u2013");
	if (!is_narrow) {
		paint_fact(&head, 2, _("Kind"), facts->is_here ? kind : "\u2013");
		paint_fact(&head, 3, _("Price"), facts->price[0] ? facts->price : "\u2013");
	}
	figures = head;
	figures.y += is_narrow ? 3 : 5;
	if (facts->is_stocked)
		paint_figures(product, &figures);
	else
		draw_text(figures.y, figures.x, figures.cols, ROLE_DIM,
			_("This store does not stock it. A third-party inbound makes the first stock line."));
	list_repaint(&product->list, &rows);
}

/* ------------------------------------------------------------------ the pane */

static void product_title(void *self, char *out, size_t size)
{
	snprintf(out, size, "%s", ((struct product *)self)->sku);
}

static const char *product_help(void *self)
{
	(void)self;
	return _(
		"The figures are this store's. Available is on hand without what own outbound orders have promised and not shipped. Below stands every change of the stock, newest first; one marked * is not confirmed by HQ yet.");
}

static void file_name(void *self, char *out, size_t size)
{
	snprintf(out, size, "%s", ((struct product *)self)->sku);
}

static void product_close(void *self)
{
	struct product *product = self;

	list_free(&product->list);
	free(product);
}

static void product_on_change(void *self)
{
	list_changed(&((struct product *)self)->list);
}

static const struct pane_ops product_ops = {
	.context = "product",
	.title = product_title,
	.help = product_help,
	.close = product_close,
	.scopes = product_scopes,
	.recalc = product_recalc,
	.repaint = product_repaint,
	.on_change = product_on_change,
};

struct pane pane_product_new(struct shop *shop, const char *sku)
{
	struct product *product = calloc(1, sizeof(*product));

	if (!product)
		return (struct pane){NULL, NULL};
	product->shop = shop;
	snprintf(product->sku, sizeof(product->sku), "%s", sku);
	source_init(&product->source, shop, "ledger", source_columns,
		sizeof(source_columns) / sizeof(source_columns[0]));
	source_where(&product->source, "store", shop->store);
	source_where(&product->source, "sku", product->sku);
	product->source.pending_table = "ledger";
	product->source.pending_key = "id";
	product->source.cell = put_cell;
	product->source.ctx = product;
	if (!list_init(&product->list, &source_list, &product->source, list_columns,
		    sizeof(list_columns) / sizeof(list_columns[0]))) {
		free(product);
		return (struct pane){NULL, NULL};
	}
	export_list(&product->export, shop, &product->source, &product->list);
	product->export.name = file_name;
	product->export.ctx = product;
	product->list.empty = _("Nothing has moved it at this store yet.");
	return (struct pane){&product_ops, product};
}
