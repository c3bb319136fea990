/* Agreeing to a transfer order for less, line by line: never more than was asked for. */
#include "tui/panes.h"

#include "model/field.h"
#include "model/i18n.h"
#include "model/json.h"
#include "tui/dialog.h"
#include "tui/transfer_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OP "transfer.agree"

struct agreed_row {
	struct transfer_line line; /* must stay first: it begins with the key */
	int64_t qty;
	int64_t first; /* what stood there before anybody typed */
};

struct agreeing {
	struct document_rows rows; /* of struct agreed_row; must stay first: it is the list's ctx */
	struct shop *shop;
	struct transfer transfer;
	struct list list;
	int64_t total;
	char sku[COMMAND_ID_MAX + 1]; /* of the line the open question is about */
	char id[COMMAND_ID_MAX + 1];
};

static struct agreed_row *row_of(const struct document_rows *rows, const char *sku)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct agreed_row *row = document_rows_at(rows, i);

		if (strcmp(row->line.sku, sku) == 0)
			return row;
	}
	return NULL;
}

/* ---- reading ---- */

/* At first as much as is asked for and there is. */
static int64_t first_qty(const struct transfer_line *line)
{
	if (line->at_source >= line->ordered)
		return line->ordered;
	return line->at_source > 0 ? line->at_source : 0;
}

/* A line keeps the quantity it was given. */
static void read_rows(struct agreeing *self)
{
	struct document_rows had = self->rows;

	document_rows_init(&self->rows, sizeof(struct agreed_row));
	transfer_load(&self->transfer, self->id);
	self->total = 0;
	for (size_t i = 0; i < self->transfer.rows.count; i++) {
		const struct transfer_line *line = transfer_line_at(&self->transfer, i);
		const struct agreed_row *old = row_of(&had, line->sku);
		struct agreed_row *row = document_rows_add(&self->rows);

		if (!row)
			break;
		row->line = *line;
		row->first = old ? old->first : first_qty(line);
		row->qty = old ? old->qty : row->first;
		self->total += row->qty;
	}
	document_rows_free(&had);
	list_changed(&self->list);
}

/* ---- keys ---- */

static const char *why_no_line(void *ctx, int arg)
{
	const struct agreeing *self = ctx;

	(void)arg;
	return list_row(&self->list) ? NULL : _("There is no line here.");
}

static void set_qty(struct agreeing *self, const char *sku, int64_t qty_milli)
{
	struct agreed_row *row = row_of(&self->rows, sku);

	if (!row)
		return;
	self->total += qty_milli - row->qty;
	row->qty = qty_milli;
	list_changed(&self->list);
}

static const char *take_quantity(void *ctx, const char *value)
{
	static char text[DOCUMENT_TEXT_BYTES];
	struct agreeing *self = ctx;
	const struct agreed_row *row = row_of(&self->rows, self->sku);
	char asked[SHOP_QTY_BYTES];
	int64_t qty;

	field_parse_quantity(value, false, &qty);
	if (row && qty > row->line.ordered) {
		shop_qty(row->line.ordered, asked);
		snprintf(text, sizeof(text), _("Only %s are asked for."), asked);
		return text;
	}
	set_qty(self, self->sku, qty);
	list_move(&self->list, LIST_DOWN);
	return NULL;
}

static void run_quantity(void *ctx, int arg)
{
	struct agreeing *self = ctx;
	const struct agreed_row *row = list_row(&self->list);
	char text[2 * DOCUMENT_TEXT_BYTES], asked[SHOP_QTY_BYTES], has[SHOP_QTY_BYTES];
	char qty[SHOP_QTY_BYTES];

	(void)arg;
	snprintf(self->sku, sizeof(self->sku), "%s", row->line.sku);
	shop_qty(row->line.ordered, asked);
	shop_qty(row->line.at_source, has);
	shop_qty(row->qty, qty);
	snprintf(text, sizeof(text), _("%s %s: %s asked for, %s available."), row->line.sku,
		row->line.name, asked, has);
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
	struct agreeing *self = ctx;
	const struct agreed_row *row = list_row(&self->list);
	int64_t qty = row->qty + (int64_t)by * 1000;

	if (qty > row->line.ordered)
		qty = row->line.ordered;
	set_qty(self, row->line.sku, qty > 0 ? qty : 0);
}

static const char *why_no_finish(void *ctx, int arg)
{
	const struct agreeing *self = ctx;

	(void)arg;
	if (!self->transfer.is_here || self->transfer.face.status != TRANSFER_PENDING)
		return _("This transfer order was answered or cancelled meanwhile.");
	if (self->total <= 0)
		return _("Nothing is agreed to. Give a line a quantity, or refuse the order.");
	return shop_may(self->shop, OP);
}

static cJSON *agree_data(const struct agreeing *self)
{
	cJSON *data = cJSON_CreateObject();
	cJSON *lines;

	cJSON_AddStringToObject(data, "transfer", self->id);
	lines = cJSON_AddArrayToObject(data, "lines");
	for (size_t i = 0; i < self->rows.count; i++) {
		const struct agreed_row *row = document_rows_at(&self->rows, i);
		cJSON *line = cJSON_CreateObject();

		cJSON_AddStringToObject(line, "sku", row->line.sku);
		cJSON_AddNumberToObject(line, "qty", (double)row->qty / 1000);
		cJSON_AddItemToArray(lines, line);
	}
	return data;
}

static void agree_yes(void *ctx)
{
	struct agreeing *self = ctx;

	if (shop_do(self->shop, OP, agree_data(self), NULL))
		app_close(self->shop->app, self);
}

/* "2 lines, 8 pieces: A1 ×3, A2 ×5" of so many asked for. */
static void add_amounts(const struct agreeing *self, struct text *text)
{
	struct text items = TEXT_INIT(TEXT_SMALL);
	char asked[SHOP_QTY_BYTES];
	size_t count = 0, lacks = 0;

	for (size_t i = 0; i < self->rows.count; i++) {
		const struct agreed_row *row = document_rows_at(&self->rows, i);

		if (row->qty > 0)
			document_add_item(&items, count++, row->line.sku, row->qty);
	}
	document_add_figures(text, count, self->total);
	text_addf(text, _(": %s"), text_get(&items));
	text_add(text, "\n");
	shop_qty(self->transfer.ordered, asked);
	text_addf(text, _("Asked for: %s."), asked);
	for (size_t i = 0; i < self->rows.count; i++) {
		const struct agreed_row *row = document_rows_at(&self->rows, i);

		if (row->qty > 0)
			transfer_add_lack(text, &lacks, &row->line, row->qty);
	}
	text_free(&items);
}

static void run_finish(void *ctx, int arg)
{
	struct agreeing *self = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	if (!shop_would(self->shop, OP, agree_data(self)))
		return;
	transfer_add_head(&self->transfer, &text);
	add_amounts(self, &text);
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Agree"),
			.text = text_get(&text),
			.yes_label = _("Agree"),
			.yes = agree_yes,
			.ctx = self,
		});
	text_free(&text);
}

static const struct action agree_rows[] = {
	{"finish", N_("Agree"), N_("Agree to these quantities"), ACTION_HINT | ACTION_HINT_FIRST, 0,
		why_no_finish, run_finish, NULL},
	{"quantity", N_("Quantity"), N_("Type how many of this line are agreed to"), ACTION_HINT, 0,
		why_no_line, run_quantity, NULL},
	{"one-more", N_("One more"), N_("One more of this line"), 0, 1, why_no_line, run_more,
		NULL},
	{"one-less", N_("One less"), N_("One less of this line"), 0, -1, why_no_line, run_more,
		NULL},
};
const struct action_table transfer_agree_actions = {
	.context = "transfer-agree",
	.title = N_("Agreeing to less"),
	ACTION_TABLE_ROWS(agree_rows),
};

/* ---- the list ---- */

enum { AGREE_SKU, AGREE_NAME, AGREE_ASKED, AGREE_QTY, AGREE_AVAILABLE, AGREE_COLUMNS };

static const struct list_column agree_columns[AGREE_COLUMNS] = {
	[AGREE_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},
	[AGREE_NAME] = {N_("Product"), 10, 1, LIST_LEFT, 0, false},
	[AGREE_ASKED] = {N_("Asked for"), 9, 0, LIST_RIGHT, 0, false},
	[AGREE_QTY] = {N_("Agreed"), 7, 0, LIST_RIGHT, 0, false},
	[AGREE_AVAILABLE] = {N_("Available"), 9, 0, LIST_RIGHT, 0, false},
};

static void agree_cell(void *ctx, const void *of, int column, struct list_cell *out)
{
	const struct agreed_row *row = of;
	char qty[SHOP_QTY_BYTES];
	const char *text = qty;

	(void)ctx;
	if (column == AGREE_SKU) {
		text = row->line.sku;
	} else if (column == AGREE_NAME) {
		text = row->line.name;
	} else {
		const int64_t figures[AGREE_COLUMNS] = {
			[AGREE_ASKED] = row->line.ordered,
			[AGREE_QTY] = row->qty,
			[AGREE_AVAILABLE] = row->line.at_source,
		};

		shop_qty(figures[column], qty);
		out->role = column == AGREE_QTY ? ROLE_BOLD : ROLE_NORMAL;
		if (column == AGREE_AVAILABLE && row->qty > row->line.at_source)
			out->role = ROLE_WARN;
		if (column == AGREE_AVAILABLE && row->line.at_source < 0)
			out->role = ROLE_LOSS;
	}
	snprintf(out->text, sizeof(out->text), "%s", text);
}

static const struct list_source agree_source = {
	.row_bytes = sizeof(struct agreed_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = agree_cell,
};

/* ---- pane ---- */

static void agreeing_title(void *ctx, char *out, size_t size)
{
	const struct agreeing *self = ctx;

	/* TRANSLATORS: agreeing to less than a transfer order asks for; its number. */
	snprintf(out, size, _("Agree to less of %s"), self->transfer.face.number);
}

static void leave_yes(void *ctx)
{
	struct agreeing *self = ctx;

	app_close(self->shop->app, self);
}

static void ask_to_leave(struct agreeing *self)
{
	char text[2 * DOCUMENT_TEXT_BYTES];

	snprintf(text, sizeof(text), "%s\n%s", self->transfer.face.number,
		_("The quantities typed here are forgotten. Nothing was agreed to."));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Throw away"),
			.text = text,
			.yes_label = _("Throw away"),
			.is_dangerous = true,
			.yes = leave_yes,
			.ctx = self,
		});
}

/* Quantities stand nowhere but here. */
static bool agreeing_may_leave(void *ctx)
{
	struct agreeing *self = ctx;
	bool is_changed = false;

	for (size_t i = 0; i < self->rows.count; i++) {
		const struct agreed_row *row = document_rows_at(&self->rows, i);

		is_changed |= row->qty != row->first;
	}
	if (is_changed)
		ask_to_leave(self);
	return !is_changed;
}

static void agreeing_recalc(void *ctx, const struct layout *layout)
{
	list_recalc(&((struct agreeing *)ctx)->list, layout->body.rows - 1);
}

static void agreeing_repaint(void *ctx, const struct rect *area)
{
	struct agreeing *self = ctx;
	struct rect body = *area;
	struct rect foot = layout_take_bottom(&body, 1);
	char total[SHOP_QTY_BYTES], asked[SHOP_QTY_BYTES], text[DOCUMENT_TEXT_BYTES];

	list_repaint(&self->list, &body);
	shop_qty(self->total, total);
	shop_qty(self->transfer.ordered, asked);
	/* TRANSLATORS: the quantity agreed to, of the quantity asked for. */
	snprintf(text, sizeof(text), _("Agreed: %s of %s"), total, asked);
	draw_text(foot.y, foot.x + 2, foot.cols - 3, ROLE_BOLD, text);
}

static size_t agreeing_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct agreeing *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&transfer_agree_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	return 2;
}

static void agreeing_changed(void *ctx)
{
	read_rows(ctx);
}

static void agreeing_close(void *ctx)
{
	struct agreeing *self = ctx;

	transfer_free(&self->transfer);
	document_rows_free(&self->rows);
	list_free(&self->list);
	free(self);
}

static const struct pane_ops agreeing_ops = {
	.context = "transfer-agree",
	.title = agreeing_title,
	.close = agreeing_close,
	.may_leave = agreeing_may_leave,
	.scopes = agreeing_scopes,
	.recalc = agreeing_recalc,
	.repaint = agreeing_repaint,
	.on_change = agreeing_changed,
};

struct pane pane_transfer_agree_new(struct shop *shop, const char *id)
{
	struct agreeing *self = calloc(1, sizeof(*self));

	if (!self || !list_init(&self->list, &agree_source, self, agree_columns, AGREE_COLUMNS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->shop = shop;
	snprintf(self->id, sizeof(self->id), "%s", id);
	transfer_init(&self->transfer, shop);
	document_rows_init(&self->rows, sizeof(struct agreed_row));
	self->list.empty = _("There is no line here.");
	read_rows(self);
	return (struct pane){&agreeing_ops, self};
}
