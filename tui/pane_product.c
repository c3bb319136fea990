/*
 * One product: what it is, its figures here, and below them, a tab each: the figures at each store, the
 * ledger entries that made them, and the documents under way that hold it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/explain_here.h"
#include "tui/export.h"
#include "tui/panes.h"
#include "tui/product_documents.h"
#include "tui/product_facts.h"
#include "tui/source.h"
#include "tui/tabs.h"

#define FIGURES 5
#define FIGURE_GAP_COLS 1
#define FIGURE_COLS_MAX 16
#define FIGURE_COLS_SHORT 14 /* less than this, and the names are the short ones */
#define LABEL_COLS 12
#define LEDGER_COLUMNS 7
#define ROOMY_ROWS 30 /* so high, and there are blank lines between the parts */

enum part_id { STORES, LEDGER, DOCUMENTS, PARTS };

/* A tab: what is in its list, and how that goes to a file. */
struct part {
	struct source source; /* of STORES it is not used: they are rows of their own */
	struct list list;
	struct export export;
};

struct product {
	struct shop *shop;
	char sku[COMMAND_ID_MAX + 1];
	struct product_facts facts;
	struct product_stores stores;
	struct tabs tabs;
	struct part parts[PARTS];
	struct product_documents documents;
	struct explain_here explain;
	struct list_column ledger_columns[LEDGER_COLUMNS];
	char ledger_store[COMMAND_ID_MAX + 1]; /* whose movements */
	char ledger_name[SHOP_NAME_BYTES];     /* its name if it is another than this */
	bool is_stale;
};

/* ------------------------------------------------------------------ the ledger */

static const struct source_column ledger_source[] = {
	{.kind = SOURCE_MARK},
	{.column = "at", .kind = SOURCE_WHEN},
	{.column = "reason", .kind = SOURCE_WORD, .group = "ledger"},
	{.column = "qty", .kind = SOURCE_SIGNED_QTY},
	{.column = "damaged", .kind = SOURCE_SIGNED_QTY},
	{.column = "doc", .kind = SOURCE_DOCUMENT, .group = "doc_kind"},
	{.column = "actor", .kind = SOURCE_STAFF},
};

enum { LEDGER_DAMAGED = 4, LEDGER_DOCUMENT };

static const struct list_column ledger_columns[LEDGER_COLUMNS] = {
	{.title = "", .width_cols = 1},
	{.title = N_("When"), .width_cols = 11, .is_key = true},
	{.title = N_("Why"), .width_cols = 12, .flex = 1},
	{.title = N_("On hand"), .width_cols = 7, .align = LIST_RIGHT},
	{.title = N_("Damaged"), .width_cols = 7, .align = LIST_RIGHT, .drop = 2},
	{.title = N_("Document"), .width_cols = SHOP_NUMBER_COLS, .drop = 1},
	{.title = N_("By"), .width_cols = 8, .flex = 1, .drop = 3},
};

static void put_ledger_cell(
	void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct product *product = ctx;
	const struct source *source = &product->parts[LEDGER].source;

	if (column == LEDGER_DAMAGED && source_int(source, row, "damaged") == 0)
		out->text[0] = '\0';
	/* A write-off is its own document, without a number. */
	if (column == LEDGER_DOCUMENT && strcmp(source_text(source, row, "doc_kind"), "stock") == 0)
		out->text[0] = '\0';
}

static void start_ledger(struct product *product)
{
	struct source *source = &product->parts[LEDGER].source;

	source_init(source, product->shop, "ledger", ledger_source,
		sizeof(ledger_source) / sizeof(ledger_source[0]));
	source_where(source, "store", product->ledger_store);
	source_where(source, "sku", product->sku);
	source->pending_table = "ledger";
	source->pending_key = "id";
	source->cell = put_ledger_cell;
	source->ctx = product;
	memcpy(product->ledger_columns, ledger_columns, sizeof(ledger_columns));
	product->ledger_columns[LEDGER_DOCUMENT].width_cols += (int)strlen(product->shop->store);
}

/* Whose movements are looked at. */
static void show_movements_of(struct product *product, const char *store, const char *name)
{
	bool is_own = strcmp(store, product->shop->store) == 0;

	snprintf(product->ledger_store, sizeof(product->ledger_store), "%s", store);
	snprintf(product->ledger_name, sizeof(product->ledger_name), "%s", is_own ? "" : name);
	source_where(&product->parts[LEDGER].source, "store", product->ledger_store);
	list_restart(&product->parts[LEDGER].list);
	product->is_stale = true;
}

/* ------------------------------------------------------------------ actions */

static struct part *part_now(struct product *product)
{
	return &product->parts[product->tabs.now];
}

static const char *why_no_store(void *ctx, int arg)
{
	static char text[SHOP_NAME_BYTES + 100];
	const struct product *product = ctx;
	const struct product_store *row = list_row(&product->parts[STORES].list);

	(void)arg;
	if (!row)
		return _("There is no row under the cursor.");
	/* HQ tells the figures of other stores, not what made them. */
	if (shop_follows(product->shop, row->id))
		return NULL;
	snprintf(text, sizeof(text), _("What moved it at %s is not known here."), row->name);
	return text;
}

static void run_store(void *ctx, int arg)
{
	struct product *product = ctx;
	const struct product_store *row = list_row(&product->parts[STORES].list);

	(void)arg;
	show_movements_of(product, row->id, row->name);
	tabs_choose(&product->tabs, LEDGER);
}

static const struct action store_rows[] = {
	{"store-movements", N_("Movements"), N_("Show what moved it at this store"), ACTION_HINT, 0,
		why_no_store, run_store, NULL},
};
const struct action_table product_stores_actions = {
	.context = "product-stores",
	.title = N_("A product at each store"),
	ACTION_TABLE_ROWS(store_rows),
};

static const char *why_no_entry(const struct source *source, const void *row)
{
	const char *kind = source_text(source, row, "doc_kind");

	if (strcmp(kind, "stock") == 0)
		return _("This entry is its own document: there is no more of it than this row.");
	return source_text(source, row, "doc")[0] ? NULL : _("No document belongs to this entry.");
}

static const char *why_no_document(void *ctx, int arg)
{
	struct product *product = ctx;
	struct part *part = part_now(product);
	const void *row = list_row(&part->list);

	(void)arg;
	if (!row)
		return _("There is no row under the cursor.");
	return product->tabs.now == LEDGER ? why_no_entry(&part->source, row) : NULL;
}

static void run_document(void *ctx, int arg)
{
	struct product *product = ctx;
	struct part *part = part_now(product);
	const void *row = list_row(&part->list);

	(void)arg;
	if (product->tabs.now == LEDGER)
		shop_open_document(product->shop, source_text(&part->source, row, "doc_kind"),
			source_text(&part->source, row, "doc"));
	else
		shop_open_document(
			product->shop, "movement", source_text(&part->source, row, "id"));
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

/* Of the store of the row; of the document of the row; else of the store whose movements are shown. */
static size_t product_numbers(void *ctx, struct explain *out, size_t max)
{
	struct product *product = ctx;
	struct part *part = part_now(product);
	const void *row = list_row(&part->list);

	if (product->tabs.now == DOCUMENTS && row)
		return explain_here_movement(
			source_text(&part->source, row, "id"), product->sku, out, max);
	if (product->tabs.now == STORES && row)
		return explain_here_stock(product->shop, ((const struct product_store *)row)->id,
			product->sku, out, max);
	return explain_here_stock(product->shop, product->ledger_store, product->sku, out, max);
}

static size_t product_scopes(void *self, struct action_scope *out, size_t max)
{
	struct product *product = self;
	struct part *part = part_now(product);

	if (max < 5)
		return 0;
	out[0] = product->tabs.now == STORES
		? (struct action_scope){&product_stores_actions, product}
		: (struct action_scope){&product_actions, product};
	out[1] = (struct action_scope){&tabs_actions, &product->tabs};
	out[2] = (struct action_scope){&list_actions, &part->list};
	out[3] = (struct action_scope){&export_actions, &part->export};
	out[4] = (struct action_scope){&explain_here_actions, &product->explain};
	return 5;
}

/* From another store's movements one comes back to this store's. */
static bool product_may_leave(void *self)
{
	struct product *product = self;

	if (!product->ledger_name[0])
		return true;
	show_movements_of(product, product->shop->store, "");
	tabs_choose(&product->tabs, STORES);
	return false;
}

/* ------------------------------------------------------------------ painting */

struct places {
	int figures, tabs, rows; /* lines from the top */
};

static struct places places_of(int body_rows, int body_cols)
{
	int facts = body_cols < LAYOUT_NORMAL_COLS ? 2 : 4;
	int gap = body_rows >= ROOMY_ROWS;

	return (struct places){facts + gap, facts + 2 * gap + 2, facts + 2 * gap + 3};
}

static void read_again(struct product *product)
{
	product_facts_read(&product->facts, product->shop, product->sku);
	shop_stock_ask(product->shop, product->sku);
	product_stores_read(&product->stores, product->shop, product->sku);
	product->tabs.items[LEDGER].count = source_count(&product->parts[LEDGER].source);
	product->tabs.items[DOCUMENTS].count = source_count(&product->parts[DOCUMENTS].source);
	product->is_stale = false;
}

static void product_recalc(void *self, const struct layout *layout)
{
	struct product *product = self;
	struct places places = places_of(layout->body.rows, layout->body.cols);
	int foot = product->tabs.now == STORES;

	if (product->is_stale)
		read_again(product);
	list_recalc(&part_now(product)->list, layout->body.rows - places.rows - foot);
}

static void paint_fact(const struct rect *area, int row, const char *label, const char *text)
{
	draw_text(area->y + row, area->x, LABEL_COLS, ROLE_DIM, label);
	draw_text(area->y + row, area->x + LABEL_COLS, area->cols - LABEL_COLS, ROLE_NORMAL,
		text[0] ? text : "\u2013");
}

/* Five figures side by side, each under its name; never one number alone. */
static void paint_figures(const struct product *product, const struct rect *area, int y)
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
		draw_text_right(y, x, width_cols, ROLE_COLUMN, shown[i].label);
		draw_text_right(
			y + 1, x, width_cols, shown[i].qty < 0 ? ROLE_LOSS : shown[i].role, text);
	}
}

static void paint_head(const struct product *product, const struct rect *area)
{
	const struct product_facts *facts = &product->facts;
	struct rect head = {area->y, area->x + 2, area->rows, area->cols - 4};
	int figures_y = head.y + places_of(area->rows, area->cols).figures;

	paint_fact(
		&head, 0, _("Product"), facts->is_known ? facts->name : _("not in the catalogue"));
	paint_fact(&head, 1, _("Barcodes"), facts->barcodes);
	if (area->cols >= LAYOUT_NORMAL_COLS) {
		paint_fact(&head, 2, _("Kind"), facts->kind);
		paint_fact(&head, 3, _("Price"), facts->price);
	}
	if (facts->is_stocked)
		paint_figures(product, &head, figures_y);
	else
		draw_text(figures_y, head.x, head.cols, ROLE_DIM,
			_("This store does not stock it. A third-party inbound makes the first stock line."));
}

static void product_repaint(void *self, const struct rect *area)
{
	struct product *product = self;
	struct places places = places_of(area->rows, area->cols);
	struct rect rows = *area;
	enum role role;
	char words[200];

	product_stores_words(&product->stores, words, sizeof(words), &role);
	paint_head(product, area);
	tabs_repaint(&product->tabs, area->y + places.tabs, area->x + 1, area->cols - 2);
	layout_take_top(&rows, places.rows);
	if (product->tabs.now == STORES) {
		struct rect foot = layout_take_bottom(&rows, 1);

		draw_text(foot.y, foot.x + 2, foot.cols - 3, role, words);
	}
	list_repaint(&part_now(product)->list, &rows);
}

/* ------------------------------------------------------------------ the pane */

static void product_title(void *self, char *out, size_t size)
{
	const struct product *product = self;

	if (product->ledger_name[0])
		snprintf(out, size, "%s \u00b7 %s", product->sku, product->ledger_name);
	else
		snprintf(out, size, "%s", product->sku);
}

static const char *product_help(void *self)
{
	(void)self;
	return _(
		"The figures above are this store's. Available is on hand without what own outbound orders have promised and not shipped. Below: the same at each store, as far as it is known here; every change of the stock, newest first; the documents under way that hold it. A row marked * is not confirmed by HQ yet.");
}

static void file_name(void *self, char *out, size_t size)
{
	snprintf(out, size, "%s", ((struct product *)self)->sku);
}

static void product_close(void *self)
{
	struct product *product = self;

	for (int i = 0; i < PARTS; i++)
		list_free(&product->parts[i].list);
	product_stores_free(&product->stores);
	free(product);
}

static void product_on_change(void *self)
{
	struct product *product = self;

	product->is_stale = true;
	for (int i = 0; i < PARTS; i++)
		list_changed(&product->parts[i].list);
}

static const struct pane_ops product_ops = {
	.context = "product",
	.title = product_title,
	.help = product_help,
	.close = product_close,
	.may_leave = product_may_leave,
	.scopes = product_scopes,
	.recalc = product_recalc,
	.repaint = product_repaint,
	.on_change = product_on_change,
};

static bool write_stores(void *self, const char *path, int64_t *rows, char *error, size_t size)
{
	return product_stores_write(&((struct product *)self)->stores, path, rows, error, size);
}

static bool start_lists(struct product *product)
{
	struct part *parts = product->parts;
	bool good = list_init(&parts[STORES].list, &product_stores_source, &product->stores,
			    product_stores_columns, PRODUCT_STORES_COLUMNS) &&
		list_init(&parts[LEDGER].list, &source_list, &parts[LEDGER].source,
			product->ledger_columns, LEDGER_COLUMNS) &&
		list_init(&parts[DOCUMENTS].list, &source_list, &parts[DOCUMENTS].source,
			product->documents.columns, PRODUCT_DOCUMENTS_COLUMNS);

	for (int i = 0; good && i < PARTS; i++) {
		if (i == STORES)
			export_call(&parts[i].export, product->shop, write_stores, product);
		else
			export_list(
				&parts[i].export, product->shop, &parts[i].source, &parts[i].list);
		parts[i].export.name = file_name;
		parts[i].export.ctx = product;
	}
	parts[LEDGER].list.empty = _("Nothing has moved it at this store yet.");
	parts[DOCUMENTS].list.empty = _("No document under way holds it.");
	return good;
}

struct pane pane_product_new(struct shop *shop, const char *sku)
{
	struct product *product = calloc(1, sizeof(*product));

	if (!product)
		return (struct pane){NULL, NULL};
	product->shop = shop;
	snprintf(product->sku, sizeof(product->sku), "%s", sku);
	snprintf(product->ledger_store, sizeof(product->ledger_store), "%s", shop->store);
	product->tabs = (struct tabs){
		.items = {[STORES] = {.label = N_("At each store"), .count = -1},
			[LEDGER] = {.label = N_("Movements")},
			[DOCUMENTS] = {.label = N_("Under way")}},
		.count = PARTS,
	};
	product->is_stale = true;
	explain_here_init(&product->explain, shop, product_numbers, product);
	product_stores_init(&product->stores);
	start_ledger(product);
	product_documents_init(
		&product->documents, &product->parts[DOCUMENTS].source, shop, product->sku);
	if (!start_lists(product)) {
		product_close(product);
		return (struct pane){NULL, NULL};
	}
	return (struct pane){&product_ops, product};
}
