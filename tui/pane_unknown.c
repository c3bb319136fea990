/* Codes that were counted and that no catalogue knows, and the products they turned out to be. Nothing of
 * them is lost: what was counted under a code counts under its product once that is said, also after the
 * count was finished. */
#include "tui/sheet_above.h"

#include "model/i18n.h"
#include "model/text.h"
#include "tui/document_pick.h"
#include "tui/document_rows.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define ZONES_BYTES 128

struct unknown_row {
	char key[LIST_KEY_BYTES];
	char code[COMMAND_ID_MAX + 1];
	char sku[COMMAND_ID_MAX + 1]; /* what it turned out to be; "": not said yet */
	char name[SHOP_NAME_BYTES];
	char zones[ZONES_BYTES];
	int64_t times;
	int64_t qty_milli;
	bool is_pending;
};

struct unknown {
	struct sheet_above above;      /* must stay first */
	struct document_rows rows;     /* of struct unknown_row; the list's ctx */
	char code[COMMAND_ID_MAX + 1]; /* a form is open for it */
	bool is_stale;
};

/* ---- reading ---- */

static bool is_pending(const struct unknown *self, const char *code)
{
	return db_has(shop_db(self->above.sheet->shop),
		"SELECT 1 FROM before_count_code WHERE stocktake = $1 AND code = $2 UNION ALL "
		"SELECT 1 FROM before_stocktake_line WHERE stocktake = $1 AND sku = $2",
		"tt", self->above.sheet->id, code);
}

static void add_row(struct unknown *self, const char *code, const char *sku)
{
	struct unknown_row *row = document_rows_add(&self->rows);

	if (!row)
		return;
	row->is_pending = is_pending(self, code);
	document_rows_key(row->key, (long long)self->rows.count, code);
	snprintf(row->code, sizeof row->code, "%s", code);
	snprintf(row->sku, sizeof row->sku, "%s", sku);
	if (*sku)
		shop_product_name(self->above.sheet->shop, sku, row->name, sizeof row->name);
}

/* How often and where the code was counted; an entry keeps its code when it gets its product. `no` keeps
 * SQLite on the index of the line. */
static void add_figures(struct unknown *self, struct db *db, struct unknown_row *row)
{
	struct text zones = TEXT_INIT(ZONES_BYTES * 4);
	struct db_rows *entries = db_query(db,
		"SELECT zone, COUNT(*), SUM(qty) FROM count_entry WHERE stocktake = $1 AND sku = $2 AND no > 0 AND "
		"(sku = $3 OR code = $3) AND undone = 0 AND mode <> 'zero' GROUP BY zone ORDER BY zone",
		"ttt", self->above.sheet->id, *row->sku ? row->sku : row->code, row->code);

	while (db_next(entries)) {
		const char *zone = db_text(entries, 0);

		row->times += db_int(entries, 1);
		row->qty_milli += db_int(entries, 2);
		if (*zone)
			text_addf(&zones, "%s%s", zones.length ? ", " : "", zone);
	}
	db_done(entries);
	if (text_ok(&zones))
		snprintf(row->zones, sizeof row->zones, "%s", text_get(&zones));
	text_free(&zones);
}

static void add_rows(struct unknown *self, struct db *db, const char *sql)
{
	struct db_rows *rows = db_query(db, sql, "t", self->above.sheet->id);

	while (db_next(rows))
		add_row(self, db_text(rows, 0), db_text(rows, 1));
	db_done(rows);
}

static void read_rows(struct unknown *self)
{
	struct db *db = shop_db(self->above.sheet->shop);

	document_rows_clear(&self->rows);
	if (!db)
		return;
	add_rows(self, db,
		"SELECT sku, '' FROM stocktake_line WHERE stocktake = $1 AND unknown <> 0 ORDER BY sku");
	add_rows(self, db, "SELECT code, sku FROM count_code WHERE stocktake = $1 ORDER BY code");
	for (size_t i = 0; i < self->rows.count; i++)
		add_figures(self, db, document_rows_at(&self->rows, i));
}

/* ---- the list ---- */

enum { CELL_MARK, CELL_CODE, CELL_TIMES, CELL_QTY, CELL_ZONES, CELL_PRODUCT, CELLS };

static const struct list_column columns[CELLS] = {
	[CELL_MARK] = {.title = "", .width_cols = 1},
	[CELL_CODE] = {.title = N_("Code"), .width_cols = 14, .is_key = true},
	[CELL_TIMES] = {.title = N_("Times"), .width_cols = 5, .align = LIST_RIGHT},
	[CELL_QTY] = {.title = N_("Counted"), .width_cols = 7, .align = LIST_RIGHT},
	[CELL_ZONES] = {.title = N_("Zones"), .width_cols = 6, .drop = 1},
	[CELL_PRODUCT] = {.title = N_("Is the product"), .width_cols = 14, .flex = 1},
};

static void put_product(const struct unknown_row *row, struct list_cell *out)
{
	snprintf(out->text, sizeof out->text, "%s%s%s", *row->sku ? row->sku : _("not known yet"),
		*row->name ? " " : "", row->name);
	out->role = *row->sku ? ROLE_NORMAL : ROLE_WARN;
}

static void cell(void *ctx, const void *of, int column, struct list_cell *out)
{
	const struct unknown *self = (const struct unknown *)((const char *)ctx -
		offsetof(struct unknown, rows));
	const struct unknown_row *row = of;
	char qty[SHOP_QTY_BYTES];

	shop_qty(row->qty_milli, qty);
	if (column == CELL_MARK) {
		snprintf(out->text, sizeof out->text, "%s",
			row->is_pending ? SHOP_PENDING_MARK : "");
		out->role = ROLE_PENDING;
	} else if (column == CELL_CODE)
		snprintf(out->text, sizeof out->text, "%s", row->code);
	else if (column == CELL_ZONES)
		snprintf(out->text, sizeof out->text, "%s", row->zones);
	else if (column == CELL_PRODUCT)
		put_product(row, out);
	else if (sheet_is_double_blind(self->above.sheet))
		out->role = ROLE_DIM;
	else if (column == CELL_TIMES)
		snprintf(out->text, sizeof out->text, "%lld", (long long)row->times);
	else
		snprintf(out->text, sizeof out->text, "%s", qty);
}

static const struct list_source unknown_source = {
	.row_bytes = sizeof(struct unknown_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = cell,
};

/* ---- what it is ---- */

static const char *why_not_resolve(void *ctx, int arg)
{
	struct unknown *self = ctx;

	(void)arg;
	if (!list_row(&self->above.list))
		return _("The list is empty.");
	if (sheet_elsewhere_why_not(self->above.sheet))
		return sheet_elsewhere_why_not(self->above.sheet);
	if (sheet_is(self->above.sheet, "corrected") || sheet_is(self->above.sheet, "void") ||
		sheet_is(self->above.sheet, "matched"))
		return _("The sheet has ended. Nothing on it changes any more.");
	return shop_may(self->above.sheet->shop, "stocktake.resolve");
}

/* What stands beside a product is the book, which a blind count must not see. */
static size_t pick_product(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	struct unknown *self = ctx;
	bool hides = self->above.sheet->progress.hidden;

	return document_pick_product(self->above.sheet->shop,
		&(struct pick_stock){hides ? "" : self->above.sheet->shop->store, false}, text,
		&(struct picks){out, max});
}

static const char *submit(void *ctx, struct form *form)
{
	struct unknown *self = ctx;
	cJSON *data = sheet_data(self->above.sheet);

	cJSON_AddStringToObject(data, "code", self->code);
	cJSON_AddStringToObject(data, "sku", form_value(form, "sku"));
	if (shop_do_quietly(self->above.sheet->shop, "stocktake.resolve", data, NULL))
		app_say(self->above.sheet->shop->app, ROLE_OK,
			/* TRANSLATORS: an unknown code, a SKU. */
			_("Saved: %s is %s. What was counted under the code counts for it."),
			self->code, form_value(form, "sku"));
	return NULL;
}

static void run_resolve(void *ctx, int arg)
{
	static const struct form_field fields[] = {
		{.name = "sku",
			.kind = FORM_PICK,
			.label = N_("Product"),
			.hint = N_("SKU, barcode or part of the name"),
			.is_required = true,
			.pick = pick_product},
	};
	struct unknown *self = ctx;
	const struct unknown_row *row = list_row(&self->above.list);
	char text[400], heading[COMMAND_ID_MAX + 64];

	(void)arg;
	snprintf(self->code, sizeof self->code, "%s", row->code);
	/* A small screen has no room for the sentence below it.
	 * TRANSLATORS: an unknown code. */
	snprintf(heading, sizeof heading, _("Which product is %s?"), self->code);
	/* TRANSLATORS: the sheet's number, an unknown code, how often it was counted. */
	snprintf(text, sizeof text,
		_("%s: code %s, counted %lld times. What was counted under it will count for this product."),
		sheet_text(self->above.sheet, "number"), self->code, (long long)row->times);
	form_open(self->above.sheet->shop->app,
		&(struct form_spec){.title = heading,
			.intro = text,
			.fields = fields,
			.field_count = sizeof fields / sizeof *fields,
			.submit_label = _("This product"),
			.submit = submit,
			.ctx = self});
}

static const struct action rows[] = {
	{.name = "resolve",
		.label = N_("Which product"),
		.help = N_("Say which product the code is"),
		.flags = ACTION_HINT,
		.why_not = why_not_resolve,
		.run = run_resolve},
};

const struct action_table unknown_actions = {
	.context = "unknown", .title = N_("Unknown codes"), ACTION_TABLE_ROWS(rows)};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	(void)ctx;
	snprintf(out, size, "%s", _("Unknown codes"));
}

static void close_pane(void *ctx)
{
	struct unknown *self = ctx;

	list_free(&self->above.list);
	document_rows_free(&self->rows);
	free(self);
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct unknown *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&unknown_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->above.list};
	return 2;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct unknown *self = ctx;

	sheet_read(self->above.sheet);
	if (self->is_stale)
		read_rows(self);
	self->is_stale = false;
	list_recalc(&self->above.list, layout->body.rows);
}

static void repaint(void *ctx, const struct rect *area)
{
	list_repaint(&((struct unknown *)ctx)->above.list, area);
}

static void on_change(void *ctx)
{
	struct unknown *self = ctx;

	self->is_stale = true;
	sheet_above_on_change(&self->above);
}

static const struct pane_ops ops = {
	.context = "unknown",
	.title = title,
	.close = close_pane,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	SHEET_ABOVE_OPS,
	.on_change = on_change,
};

struct pane pane_unknown_new(struct sheet_pane *sheet)
{
	struct unknown *self = calloc(1, sizeof *self);

	if (!self)
		return (struct pane){NULL, NULL};
	self->above.sheet = sheet;
	self->is_stale = true;
	document_rows_init(&self->rows, sizeof(struct unknown_row));
	if (!list_init(&self->above.list, &unknown_source, &self->rows, columns, CELLS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->above.list.empty = _("No unknown code was counted on this sheet.");
	return (struct pane){&ops, self};
}
