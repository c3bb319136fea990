/* A part of a sales order, line by line: to invoice, to cancel, to hold in a credit memo, to refund. Never more
 * than is left of a line. Quantities stand nowhere but here until they are confirmed. */
#include "tui/panes.h"

#include "model/field.h"
#include "model/i18n.h"
#include "model/json.h"
#include "tui/dialog.h"
#include "tui/document_data.h"
#include "tui/order_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct part_row {
	struct order_item item; /* must stay first: it begins with the key */
	int64_t most;
	int64_t qty;
	bool to_stock;
};

static const struct part_kind {
	const char *op;
	const char *title; /* N_: %s is the number */
	const char *yes;   /* N_ */
	const char *most;  /* N_: the column of what is left */
	const char *then;  /* N_: what it brings about */
	bool is_credit;
	bool is_dangerous;
} kinds[] = {
	[ORDER_PART_INVOICE] = {"order.invoice", N_("Invoice a part of %s"), N_("Invoice"),
		N_("To invoice"),
		N_("Virtual goods are delivered by it and leave the channel's stores. Physical goods stay where they are."),
		false, false},
	[ORDER_PART_CANCEL] = {"order.cancel", N_("Cancel a part of %s"), N_("Cancel these"),
		N_("Can be"),
		N_("These units may be promised to others again. That cannot be taken back."),
		false, true},
	[ORDER_PART_CREDIT] = {"order.credit", N_("Credit memo for %s"), N_("Open the memo"),
		N_("To credit"),
		N_("The memo holds these units for a refund. No money and no goods move yet."),
		true, false},
	[ORDER_PART_REFUND] = {"order.refund", N_("Refund of %s"), N_("Refund units"),
		N_("To refund"), N_("The money is given back. That cannot be taken back."), true,
		true},
};

struct parting {
	struct document_rows rows; /* of struct part_row; must stay first: it is the list's ctx */
	struct shop *shop;
	const struct part_kind *kind;
	struct order_data order;
	struct list list;
	struct list_column columns[LIST_COLUMNS_MAX];
	int64_t total;
	char sku[COMMAND_ID_MAX + 1]; /* of the line the open question is about */
	char number[COMMAND_ID_MAX + 1];
};

static struct part_row *row_of(const struct document_rows *rows, const char *sku)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct part_row *row = document_rows_at(rows, i);

		if (strcmp(row->item.line.sku, sku) == 0)
			return row;
	}
	return NULL;
}

/* ---- reading ---- */

static int64_t most_of(const struct parting *self, const struct order_item *item)
{
	if (self->kind->is_credit)
		return order_item_to_credit(item);
	return self->kind == &kinds[ORDER_PART_CANCEL] ? order_line_to_cancel(&item->line)
						       : order_line_to_invoice(&item->line);
}

/* A line keeps the quantity it was given, as far as that is still left of it. */
static void read_rows(struct parting *self)
{
	struct document_rows had = self->rows;

	document_rows_init(&self->rows, sizeof(struct part_row));
	order_data_load(&self->order, self->number);
	self->total = 0;
	for (size_t i = 0; i < self->order.items.count; i++) {
		const struct order_item *item = order_data_item(&self->order, i);
		const struct part_row *old = row_of(&had, item->line.sku);
		int64_t most = most_of(self, item);
		struct part_row *row = most > 0 ? document_rows_add(&self->rows) : NULL;

		if (!row)
			continue;
		row->item = *item;
		row->most = most;
		row->qty = old ? old->qty : 0;
		row->qty = row->qty < most ? row->qty : most;
		row->to_stock = old ? old->to_stock : true;
		self->total += row->qty;
	}
	document_rows_free(&had);
	list_changed(&self->list);
}

/* ---- keys ---- */

static const char *why_no_line(void *ctx, int arg)
{
	const struct parting *self = ctx;

	(void)arg;
	return list_row(&self->list) ? NULL : _("There is no line here.");
}

static void set_qty(struct parting *self, const char *sku, int64_t qty_milli)
{
	struct part_row *row = row_of(&self->rows, sku);

	if (!row)
		return;
	self->total += qty_milli - row->qty;
	row->qty = qty_milli;
	list_changed(&self->list);
}

static const char *take_quantity(void *ctx, const char *value)
{
	static char text[DOCUMENT_TEXT_BYTES];
	struct parting *self = ctx;
	const struct part_row *row = row_of(&self->rows, self->sku);
	char most[SHOP_QTY_BYTES];
	int64_t qty;

	field_parse_quantity(value, false, &qty);
	if (row && qty > row->most) {
		shop_qty(row->most, most);
		snprintf(text, sizeof(text), _("Only %s are left for it."), most);
		return text;
	}
	set_qty(self, self->sku, qty);
	list_move(&self->list, LIST_DOWN);
	return NULL;
}

static void run_quantity(void *ctx, int arg)
{
	struct parting *self = ctx;
	const struct part_row *row = list_row(&self->list);
	char text[2 * DOCUMENT_TEXT_BYTES], most[SHOP_QTY_BYTES], qty[SHOP_QTY_BYTES];

	(void)arg;
	snprintf(self->sku, sizeof(self->sku), "%s", row->item.line.sku);
	shop_qty(row->most, most);
	shop_qty(row->qty, qty);
	/* TRANSLATORS: a SKU, its name, how many at most. */
	snprintf(text, sizeof(text), _("%s %s: at most %s."), row->item.line.sku, row->item.name,
		most);
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){
			.title = _("Quantity"),
			.text = text,
			.initial = qty,
			.kind = DIALOG_QUANTITY,
			.submit = take_quantity,
			.ctx = self,
		});
}

static void run_more(void *ctx, int by)
{
	struct parting *self = ctx;
	const struct part_row *row = list_row(&self->list);
	int64_t qty = row->qty + (int64_t)by * 1000;

	if (qty > row->most)
		qty = row->most;
	set_qty(self, row->item.line.sku, qty > 0 ? qty : 0);
}

static void run_fill(void *ctx, int arg)
{
	struct parting *self = ctx;
	const struct part_row *row = list_row(&self->list);

	(void)arg;
	set_qty(self, row->item.line.sku, row->most);
}

static const char *why_no_stock(void *ctx, int arg)
{
	const struct parting *self = ctx;

	if (!self->kind->is_credit)
		return _("Only what is refunded goes back to stock or not.");
	return why_no_line(ctx, arg);
}

static void run_stock(void *ctx, int arg)
{
	struct parting *self = ctx;
	const struct part_row *shown = list_row(&self->list);
	struct part_row *row = row_of(&self->rows, shown->item.line.sku);

	(void)arg;
	if (row)
		row->to_stock = !row->to_stock;
	list_changed(&self->list);
}

/* ---- finishing ---- */

static const char *why_no_finish(void *ctx, int arg)
{
	const struct parting *self = ctx;

	(void)arg;
	if (!self->order.face.is_here)
		return _("This order is no longer here.");
	if (self->rows.count > 0 && self->total <= 0)
		return _("No line has a quantity yet.");
	return order_why_not(self->shop, &self->order.face, self->kind->op);
}

static cJSON *part_data(const struct parting *self)
{
	cJSON *data = cJSON_CreateObject();
	cJSON *lines;

	cJSON_AddStringToObject(data, "order", self->number);
	lines = cJSON_AddArrayToObject(data, "lines");
	for (size_t i = 0; i < self->rows.count; i++) {
		const struct part_row *row = document_rows_at(&self->rows, i);
		cJSON *line = row->qty > 0 ? cJSON_CreateObject() : NULL;

		if (!line)
			continue;
		cJSON_AddStringToObject(line, "sku", row->item.line.sku);
		cJSON_AddNumberToObject(line, "qty", (double)row->qty / 1000);
		if (self->kind->is_credit)
			cJSON_AddBoolToObject(line, "return_to_stock", row->to_stock);
		cJSON_AddItemToArray(lines, line);
	}
	return data;
}

static void part_yes(void *ctx)
{
	struct parting *self = ctx;

	if (shop_do(self->shop, self->kind->op, part_data(self), NULL))
		app_close(self->shop->app, self);
}

/* "A1 ×2, A2 ×1" of the lines that go to stock, or of those that do not. */
static bool add_items(const struct parting *self, bool to_stock, struct text *text)
{
	size_t count = 0;

	for (size_t i = 0; i < self->rows.count; i++) {
		const struct part_row *row = document_rows_at(&self->rows, i);

		if (row->qty > 0 && row->to_stock == to_stock)
			document_add_item(text, count++, row->item.line.sku, row->qty);
	}
	return count > 0;
}

static void add_amounts(const struct parting *self, struct text *text)
{
	struct text kept = TEXT_INIT(TEXT_SMALL), lost = TEXT_INIT(TEXT_SMALL);
	bool has_kept = add_items(self, true, &kept);
	bool has_lost = add_items(self, false, &lost);

	if (!self->kind->is_credit) {
		text_addf(text, "%s\n", text_get(&kept));
	} else {
		if (has_kept)
			text_addf(text, _("Back to stock: %s"), text_get(&kept));
		if (has_kept && has_lost)
			text_add(text, "\n");
		if (has_lost)
			text_addf(text, _("Not to stock: %s"), text_get(&lost));
		if (has_lost && self->kind == &kinds[ORDER_PART_REFUND])
			text_addf(text, " %s", _("(what never left is written off)"));
		text_add(text, "\n");
	}
	text_free(&kept);
	text_free(&lost);
}

static void run_finish(void *ctx, int arg)
{
	struct parting *self = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	if (!shop_would(self->shop, self->kind->op, part_data(self)))
		return;
	order_add_head(self->shop, &self->order.face, &text);
	add_amounts(self, &text);
	text_add(&text, gettext(self->kind->then));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = gettext(self->kind->yes),
			.text = text_get(&text),
			.yes_label = gettext(self->kind->yes),
			.is_dangerous = self->kind->is_dangerous,
			.yes = part_yes,
			.ctx = self,
		});
	text_free(&text);
}

static const struct action part_rows[] = {
	{"finish", N_("Finish"), N_("Do it with these quantities"), ACTION_HINT | ACTION_HINT_FIRST,
		0, why_no_finish, run_finish, NULL},
	{"quantity", N_("Quantity"), N_("Type how many of this line"), ACTION_HINT, 0, why_no_line,
		run_quantity, NULL},
	{"fill", N_("All of it"), N_("All that is left of this line"), ACTION_HINT, 0, why_no_line,
		run_fill, NULL},
	{"to-stock", N_("To stock"), N_("This line goes back to stock, or it does not"),
		ACTION_HINT, 0, why_no_stock, run_stock, NULL},
	{"one-more", N_("One more"), N_("One more of this line"), 0, 1, why_no_line, run_more,
		NULL},
	{"one-less", N_("One less"), N_("One less of this line"), 0, -1, why_no_line, run_more,
		NULL},
};
const struct action_table order_part_actions = {
	.context = "order-part",
	.title = N_("A part of a sales order"),
	ACTION_TABLE_ROWS(part_rows),
};

/* ---- the list ---- */

enum { PART_SKU, PART_NAME, PART_MOST, PART_QTY, PART_STOCK, PART_COLUMNS };

static const struct list_column part_columns[PART_COLUMNS] = {
	[PART_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},
	[PART_NAME] = {N_("Product"), 10, 1, LIST_LEFT, 0, false},
	[PART_MOST] = {"", 9, 0, LIST_RIGHT, 0, false},
	[PART_QTY] = {N_("Quantity"), 8, 0, LIST_RIGHT, 0, false},
	[PART_STOCK] = {N_("To stock"), 12, 0, LIST_LEFT, 0, false},
};

static void part_cell(void *ctx, const void *of, int column, struct list_cell *out)
{
	const struct part_row *row = of;
	char qty[SHOP_QTY_BYTES];

	(void)ctx;
	shop_qty(column == PART_MOST ? row->most : row->qty, qty);
	switch (column) {
	case PART_SKU:
		snprintf(out->text, sizeof(out->text), "%s", row->item.line.sku);
		break;
	case PART_NAME:
		snprintf(out->text, sizeof(out->text), "%s", row->item.name);
		break;
	case PART_STOCK:
		snprintf(out->text, sizeof(out->text), "%s",
			row->to_stock ? _("to stock") : _("not to stock"));
		out->role = row->to_stock ? ROLE_NORMAL : ROLE_WARN;
		break;
	default:
		snprintf(out->text, sizeof(out->text), "%s", qty);
		out->role = column == PART_QTY && row->qty > 0 ? ROLE_BOLD : ROLE_NORMAL;
		break;
	}
}

static const struct list_source part_source = {
	.row_bytes = sizeof(struct part_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = part_cell,
};

/* ---- pane ---- */

static void part_title(void *ctx, char *out, size_t size)
{
	const struct parting *self = ctx;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	/* The titles are ours, from the table above. */
	snprintf(out, size, gettext(self->kind->title), self->number);
#pragma GCC diagnostic pop
}

static const char *part_help(void *ctx)
{
	const struct parting *self = ctx;

	if (!self->kind->is_credit)
		return _(
			"Give each line the quantity it is about. Lines of which nothing is left are not listed.");
	return _(
		"Give each line the quantity to refund. What never left the stores and goes to stock is "
		"free for others again; not to stock, it is written off. What had left comes back to the "
		"store that shipped it, or to none.");
}

static void leave_yes(void *ctx)
{
	struct parting *self = ctx;

	app_close(self->shop->app, self);
}

static bool part_may_leave(void *ctx)
{
	struct parting *self = ctx;
	char text[2 * DOCUMENT_TEXT_BYTES];

	if (self->total <= 0)
		return true;
	snprintf(text, sizeof(text), "%s\n%s", self->number,
		_("The quantities typed here are forgotten. Nothing was done."));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Throw away"),
			.text = text,
			.yes_label = _("Throw away"),
			.is_dangerous = true,
			.yes = leave_yes,
			.ctx = self,
		});
	return false;
}

static void part_recalc(void *ctx, const struct layout *layout)
{
	list_recalc(&((struct parting *)ctx)->list, layout->body.rows - 1);
}

static void part_repaint(void *ctx, const struct rect *area)
{
	struct parting *self = ctx;
	struct rect body = *area;
	struct rect foot = layout_take_bottom(&body, 1);
	char total[SHOP_QTY_BYTES], text[DOCUMENT_TEXT_BYTES];

	list_repaint(&self->list, &body);
	shop_qty(self->total, total);
	snprintf(text, sizeof(text), _("Chosen: %s"), total);
	draw_text(foot.y, foot.x + 2, foot.cols - 3, ROLE_BOLD, text);
}

static size_t part_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct parting *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&order_part_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	return 2;
}

static void part_changed(void *ctx)
{
	read_rows(ctx);
}

static void part_close(void *ctx)
{
	struct parting *self = ctx;

	order_data_free(&self->order);
	document_rows_free(&self->rows);
	list_free(&self->list);
	free(self);
}

static const struct pane_ops part_ops = {
	.context = "order-part",
	.title = part_title,
	.help = part_help,
	.close = part_close,
	.may_leave = part_may_leave,
	.scopes = part_scopes,
	.recalc = part_recalc,
	.repaint = part_repaint,
	.on_change = part_changed,
};

struct pane pane_order_part_new(struct shop *shop, const char *number, enum order_part part)
{
	struct parting *self = calloc(1, sizeof(*self));
	bool is_credit = kinds[part].is_credit;

	if (!self ||
		!list_init(&self->list, &part_source, self, self->columns,
			is_credit ? PART_COLUMNS : PART_STOCK)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	memcpy(self->columns, part_columns, sizeof(part_columns));
	self->columns[PART_MOST].title = kinds[part].most;
	self->shop = shop;
	self->kind = &kinds[part];
	snprintf(self->number, sizeof(self->number), "%s", number);
	order_data_init(&self->order, shop);
	document_rows_init(&self->rows, sizeof(struct part_row));
	self->list.empty = _("No line has anything left for it.");
	read_rows(self);
	return (struct pane){&part_ops, self};
}
