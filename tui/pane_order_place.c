/* Keying in a sales order, or a sale at the counter: channel and customer, then lines by scan, SKU or name. */
#include "tui/panes.h"

#include "model/barcode.h"
#include "model/catalogue.h"
#include "model/field.h"
#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/document_pick.h"
#include "tui/explain_here.h"
#include "tui/order_data.h"
#include "tui/order_new.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_SKU, PLACE_NAME, PLACE_QTY, PLACE_SALABLE, PLACE_MARK, PLACE_COLUMNS };

#define HEAD_ROWS 2
#define HEAD_COLS_MAX 56 /* where the second fact stands on wide screens */

struct placing {
	struct order_new new; /* must stay first: its rows are the list's */
	struct shop *shop;
	struct list list;
	struct list_column columns[PLACE_COLUMNS];
	struct explain_here explain;
	char sku[COMMAND_ID_MAX + 1]; /* of the line the open question is about */
	char channel[SHOP_NAME_BYTES];
	char first_channel[COMMAND_ID_MAX + 1]; /* what the form begins with */
	bool has_asked;                         /* for the head, by itself */
};

static void refresh(struct placing *self, const char *sku)
{
	const struct order_new_row *row = sku ? order_new_row_of(&self->new, sku) : NULL;

	shop_channel_name(self->shop, self->new.head.channel, self->channel, sizeof(self->channel));
	list_changed(&self->list);
	if (row)
		list_go_to(&self->list, row->key);
}

/* ---- the head ---- */

static size_t pick_channel(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	struct placing *self = ctx;

	return order_pick_channel(self->shop, text, out, max);
}

static const char *submit_head(void *ctx, struct form *form)
{
	struct placing *self = ctx;
	struct order_new_head head = {.number = ""};

	snprintf(head.channel, sizeof(head.channel), "%s", form_value(form, "channel"));
	snprintf(head.customer, sizeof(head.customer), "%s", form_value(form, "customer"));
	head.is_taken = strcmp(form_value(form, "goods"), "taken") == 0;
	order_new_set_head(&self->new, &head);
	refresh(self, NULL);
	return NULL;
}

/* Who gives up at the first question wants no order. */
static void cancel_head(void *ctx)
{
	struct placing *self = ctx;

	if (!order_new_has_head(&self->new) && self->new.rows.count == 0)
		app_close(self->shop->app, self);
}

static void run_head(void *ctx, int arg)
{
	static const struct form_choice goods[] = {
		{"later", N_("an order: shipped later")},
		{"taken", N_("sold here: paid and taken along")},
	};
	struct placing *self = ctx;
	const struct order_new_head *head = &self->new.head;
	const char *channel = head->channel[0] ? head->channel : self->first_channel;
	const struct form_field fields[] = {
		{.name = "goods",
			.kind = FORM_CHOICE,
			.label = N_("The goods"),
			.hint = N_("Left and right choose"),
			.initial = head->is_taken ? "taken" : "later",
			.choices = goods,
			.choice_count = sizeof(goods) / sizeof(goods[0])},
		{.name = "customer",
			.kind = FORM_TEXT,
			.label = N_("Customer"),
			.hint = N_("The customer's name; may be empty"),
			.initial = head->customer,
			.max_chars = 100},
		{.name = "channel",
			.kind = FORM_PICK,
			.label = N_("Channel"),
			.hint = N_("Part of the channel's name or id"),
			.initial = channel[0] ? channel : NULL,
			.is_required = true,
			.pick = pick_channel},
	};

	(void)arg;
	self->has_asked = true;
	form_open(self->shop->app,
		&(struct form_spec){
			.title = _("New sales order"),
			.fields = fields,
			.field_count = sizeof(fields) / sizeof(fields[0]),
			.submit = submit_head,
			.cancel = cancel_head,
			.ctx = self,
		});
}

/* ---- lines ---- */

static size_t pick_product(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	struct placing *self = ctx;

	return document_pick_product(self->shop, &(struct pick_stock){self->shop->store, false},
		text, &(struct picks){out, max});
}

static const char *submit_line(void *ctx, struct form *form)
{
	struct placing *self = ctx;
	int64_t qty = *form_value(form, "qty") ? form_quantity_milli(form, "qty") : 1000;

	if (qty <= 0)
		return _("The quantity must be above 0.");
	snprintf(self->sku, sizeof(self->sku), "%s", form_value(form, "sku"));
	order_new_put(&self->new, self->sku, qty, false);
	refresh(self, self->sku);
	return NULL;
}

static void run_add(void *ctx, int arg)
{
	static const struct form_field fields[] = {
		{.name = "sku",
			.kind = FORM_PICK,
			.label = N_("Product"),
			.hint = N_("SKU, barcode or part of the name"),
			.is_required = true,
			.pick = pick_product},
		{.name = "qty",
			.kind = FORM_QUANTITY,
			.label = N_("Quantity"),
			.hint = N_("Empty is 1")},
	};
	struct placing *self = ctx;

	(void)arg;
	form_open(self->shop->app,
		&(struct form_spec){
			.title = _("Add a line"),
			.intro = _("In brackets: what this store has on hand."),
			.fields = fields,
			.field_count = sizeof(fields) / sizeof(fields[0]),
			.submit = submit_line,
			.ctx = self,
		});
}

static enum scan_use placing_on_scan(void *ctx, const char *code)
{
	struct placing *self = ctx;
	struct db *db = shop_db(self->shop);
	struct barcode barcode;
	char sku[COMMAND_ID_MAX + 1];

	barcode_read(code, &barcode);
	if (barcode.kind == BARCODE_DOCUMENT)
		return SCAN_NOT_MINE;
	if (!db || !catalogue_resolve(db, code, sku, sizeof(sku))) {
		app_say(self->shop->app, ROLE_WARN, _("%s is no product known here: not added."),
			code);
		app_bell(self->shop->app);
		return SCAN_REFUSED;
	}
	order_new_put(&self->new, sku, 1000, false);
	refresh(self, sku);
	return SCAN_USED;
}

static const char *why_no_line(void *ctx, int arg)
{
	const struct placing *self = ctx;

	(void)arg;
	return list_row(&self->list) ? NULL : _("There is no line here. Scan something.");
}

static const char *take_quantity(void *ctx, const char *value)
{
	struct placing *self = ctx;
	int64_t qty;

	field_parse_quantity(value, false, &qty);
	order_new_put(&self->new, self->sku, qty, true);
	refresh(self, self->sku);
	return NULL;
}

static void run_quantity(void *ctx, int arg)
{
	struct placing *self = ctx;
	const struct order_new_row *row = list_row(&self->list);
	char text[2 * DOCUMENT_TEXT_BYTES], qty[SHOP_QTY_BYTES];

	(void)arg;
	snprintf(self->sku, sizeof(self->sku), "%s", row->sku);
	snprintf(text, sizeof(text), "%s %s", row->sku, row->name);
	shop_qty(row->qty, qty);
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

/* By 0: the line goes. */
static void run_more(void *ctx, int by)
{
	struct placing *self = ctx;
	struct order_new_row row = *(const struct order_new_row *)list_row(&self->list);

	order_new_put(&self->new, row.sku, (int64_t)by * 1000, by == 0);
	refresh(self, row.sku);
}

static const char *why_no_undo(void *ctx, int arg)
{
	const struct placing *self = ctx;

	(void)arg;
	return self->new.last_entry > 0 ? NULL : _("There is nothing to take back.");
}

static void run_undo(void *ctx, int arg)
{
	struct placing *self = ctx;

	(void)arg;
	order_new_undo(&self->new);
	refresh(self, NULL);
}

/* ---- finishing ---- */

static const char *why_no_finish(void *ctx, int arg)
{
	const struct placing *self = ctx;

	(void)arg;
	if (!self->first_channel[0])
		return _("This store serves no sales channel: HQ says which ones it serves.");
	if (!order_new_has_head(&self->new))
		return _("The channel is missing.");
	if (self->new.rows.count == 0)
		return _("There is no line yet. Scan something, or add a line.");
	return shop_may(self->shop, "order.place");
}

static void finish_yes(void *ctx)
{
	struct placing *self = ctx;
	struct shop *shop = self->shop;
	char number[COMMAND_ID_MAX + 1];

	if (!order_new_create(&self->new, number)) {
		refresh(self, NULL);
		return;
	}
	app_close(shop->app, self);
	shop_push(shop, pane_order_new(shop, number));
}

static void run_finish(void *ctx, int arg)
{
	struct placing *self = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	if (order_new_ask(&self->new, &text))
		dialog_confirm(self->shop->app,
			&(struct dialog_confirm_spec){
				.title = self->new.head.is_taken ? _("Sell") : _("Place the order"),
				.text = text_get(&text),
				.yes_label = self->new.head.is_taken ? _("Sell")
								     : _("Place the order"),
				.yes = finish_yes,
				.ctx = self,
			});
	refresh(self, NULL);
	text_free(&text);
}

static void discard_yes(void *ctx)
{
	struct placing *self = ctx;

	order_new_discard(&self->new);
	app_close(self->shop->app, self);
}

static void run_discard(void *ctx, int arg)
{
	struct placing *self = ctx;

	(void)arg;
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Discard"),
			.text = _(
				"The head and the lines keyed in here are forgotten. No order was placed yet."),
			.yes_label = _("Discard"),
			.is_dangerous = true,
			.yes = discard_yes,
			.ctx = self,
		});
}

static const struct action placing_rows[] = {
	{"finish", N_("Place order"), N_("Place the order, or sell what stands here"),
		ACTION_HINT | ACTION_HINT_FIRST, 0, why_no_finish, run_finish, NULL},
	{"add-line", N_("Add"), N_("Add a line by SKU, barcode or name"), ACTION_HINT, 0, NULL,
		run_add, NULL},
	{"quantity", N_("Quantity"), N_("Change the quantity of this line"), ACTION_HINT, 0,
		why_no_line, run_quantity, NULL},
	{"remove-line", N_("Remove"), N_("Take this line off"), ACTION_HINT, 0, why_no_line,
		run_more, NULL},
	{"head", N_("Header"), N_("Change customer, channel, and when the goods go"), ACTION_HINT,
		0, NULL, run_head, NULL},
	{"undo", N_("Undo"), N_("Take back the last scan or quantity"), ACTION_HINT, 0, why_no_undo,
		run_undo, NULL},
	{"one-more", N_("One more"), N_("One more of this line"), 0, 1, why_no_line, run_more,
		NULL},
	{"one-less", N_("One less"), N_("One less of this line"), 0, -1, why_no_line, run_more,
		NULL},
	{"discard", N_("Discard"), N_("Forget this draft"), 0, 0, NULL, run_discard, NULL},
};
const struct action_table order_place_actions = {
	.context = "order-place",
	.title = N_("New sales order"),
	ACTION_TABLE_ROWS(placing_rows),
};

/* ---- the list ---- */

static const struct list_column place_columns[PLACE_COLUMNS] = {
	[PLACE_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},
	[PLACE_NAME] = {N_("Product"), 12, 1, LIST_LEFT, 0, false},
	[PLACE_QTY] = {N_("Quantity"), 8, 0, LIST_RIGHT, 0, false},
	[PLACE_SALABLE] = {N_("Salable"), 9, 0, LIST_RIGHT, 0, false},
	[PLACE_MARK] = {N_("Mark"), 8, 0, LIST_LEFT, 1, false},
};

static void put_salable(const struct order_new_row *row, struct list_cell *out)
{
	char qty[SHOP_QTY_BYTES] = "\u2013";

	if (row->salable.known && !row->salable.unlimited)
		shop_qty(row->salable.salable, qty);
	snprintf(out->text, sizeof(out->text), "%s", row->salable.unlimited ? _("no limit") : qty);
	out->role = order_new_is_short(row) ? ROLE_WARN : ROLE_NORMAL;
}

static void place_cell(void *ctx, const void *of, int column, struct list_cell *out)
{
	const struct order_new_row *row = of;
	char qty[SHOP_QTY_BYTES];

	(void)ctx;
	switch (column) {
	case PLACE_SKU:
		snprintf(out->text, sizeof(out->text), "%s", row->sku);
		break;
	case PLACE_NAME:
		snprintf(out->text, sizeof(out->text), "%s", row->name);
		break;
	case PLACE_QTY:
		shop_qty(row->qty, qty);
		snprintf(out->text, sizeof(out->text), "%s", qty);
		out->role = ROLE_BOLD;
		break;
	case PLACE_SALABLE:
		put_salable(row, out);
		break;
	default:
		snprintf(out->text, sizeof(out->text), "%s",
			order_new_is_short(row)   ? _("Too few")
				: row->is_virtual ? _("virtual")
						  : "");
		out->role = order_new_is_short(row) ? ROLE_WARN : ROLE_NORMAL;
		break;
	}
}

static const struct list_source place_source = {
	.row_bytes = sizeof(struct order_new_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = place_cell,
};

/* ---- pane ---- */

static void placing_title(void *ctx, char *out, size_t size)
{
	const struct placing *self = ctx;

	snprintf(out, size, "%s",
		self->new.head.is_taken ? _("Sale at the counter") : _("New sales order"));
}

static const char *placing_help(void *ctx)
{
	(void)ctx;
	return _(
		"Scan each piece, or add lines by SKU, barcode or name. Salable is what may still be "
		"promised in the channel. What is sold here is placed, paid, invoiced and shipped from "
		"this store at once. What is keyed in is kept until it is placed or discarded.");
}

static void placing_recalc(void *ctx, const struct layout *layout)
{
	struct placing *self = ctx;
	int name_cols = 0;

	/* The same person may be at work on it at another seat. */
	if (document_draft_changed(&self->new.draft)) {
		order_new_read(&self->new);
		refresh(self, NULL);
	}
	for (size_t i = 0; i < self->new.rows.count; i++) {
		const struct order_new_row *row = document_rows_at(&self->new.rows, i);
		int cols = cols_width(row->name);

		name_cols = cols > name_cols ? cols : name_cols;
	}
	document_rows_fit_name(
		self->columns, PLACE_COLUMNS, PLACE_NAME, name_cols, layout->body.cols);
	list_recalc(&self->list, layout->body.rows - HEAD_ROWS - 1);
}

static void put(const struct rect *row, const char *label, const char *value)
{
	int used = draw_text(row->y, row->x, row->cols, ROLE_DIM, label) + 1;

	draw_text(
		row->y, row->x + used, row->cols - used, ROLE_NORMAL, value[0] ? value : "\u2013");
}

static void repaint_head(const struct placing *self, const struct rect *row)
{
	const struct order_new_head *head = &self->new.head;
	int half = row->cols / 2 < HEAD_COLS_MAX ? row->cols / 2 : HEAD_COLS_MAX;

	put(&(struct rect){row->y, row->x, 1, half}, _("Customer"), head->customer);
	put(&(struct rect){row->y, row->x + half, 1, row->cols - half}, _("Channel"),
		self->channel);
	put(&(struct rect){row->y + 1, row->x, 1, row->cols}, _("The goods"),
		head->is_taken ? _("sold here: paid and taken along")
			       : _("an order: shipped later"));
}

static void placing_repaint(void *ctx, const struct rect *area)
{
	struct placing *self = ctx;
	struct rect body = *area;
	struct rect head = layout_take_top(&body, HEAD_ROWS);
	struct rect foot = layout_take_bottom(&body, 1);
	struct text sums = TEXT_INIT(TEXT_SMALL);

	repaint_head(self, &(struct rect){head.y, head.x + 1, 1, head.cols - 2});
	list_repaint(&self->list, &body);
	document_add_figures(&sums, self->new.rows.count, self->new.total);
	draw_text(foot.y, foot.x + 2, foot.cols - 3, ROLE_BOLD, text_get(&sums));
	text_free(&sums);
}

static void placing_open(void *ctx)
{
	struct placing *self = ctx;

	if (!self->has_asked && !order_new_has_head(&self->new))
		run_head(self, 0);
}

static bool placing_may_leave(void *ctx)
{
	struct placing *self = ctx;

	if (self->new.rows.count > 0 || order_new_has_head(&self->new))
		app_say(self->shop->app, ROLE_OK, "%s",
			_("The draft is kept, and goes on with the next new order of this kind."));
	return true;
}

static size_t placing_numbers(void *ctx, struct explain *out, size_t max)
{
	struct placing *self = ctx;
	const struct order_new_row *row = list_row(&self->list);

	if (!row || max < 3)
		return 0;
	out[0] = explain_of(EXPLAIN_SALABLE, self->new.head.channel, row->sku);
	out[1] = explain_of(EXPLAIN_RESERVED, self->new.head.channel, row->sku);
	out[2] = explain_of(EXPLAIN_ON_HAND, self->shop->store, row->sku);
	return 3;
}

static size_t placing_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct placing *self = ctx;

	if (max < 3)
		return 0;
	out[0] = (struct action_scope){&order_place_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	out[2] = (struct action_scope){&explain_here_actions, &self->explain};
	return 3;
}

static bool placing_is_counting(void *ctx)
{
	(void)ctx;
	return true;
}

static void placing_changed(void *ctx)
{
	struct placing *self = ctx;

	order_first_channel(self->shop, self->first_channel);
	order_new_read(&self->new);
	refresh(self, NULL);
}

static void placing_close(void *ctx)
{
	struct placing *self = ctx;

	order_new_close(&self->new);
	list_free(&self->list);
	free(self);
}

static const struct pane_ops placing_ops = {
	.context = "order-place",
	.title = placing_title,
	.help = placing_help,
	.open = placing_open,
	.close = placing_close,
	.may_leave = placing_may_leave,
	.scopes = placing_scopes,
	.recalc = placing_recalc,
	.repaint = placing_repaint,
	.on_scan = placing_on_scan,
	.is_counting = placing_is_counting,
	.on_change = placing_changed,
};

struct pane pane_order_place_new(struct shop *shop)
{
	struct placing *self = calloc(1, sizeof(*self));

	if (!self || !list_init(&self->list, &place_source, self, self->columns, PLACE_COLUMNS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	memcpy(self->columns, place_columns, sizeof(place_columns));
	self->shop = shop;
	self->list.empty = _("Scan something, or add a line.");
	explain_here_init(&self->explain, shop, placing_numbers, self);
	order_new_open(&self->new, shop);
	order_first_channel(self->shop, self->first_channel);
	refresh(self, NULL);
	if (self->new.draft.was_damaged)
		app_say(shop->app, ROLE_ERROR, "%s",
			_("What was kept before could not be read and was set aside as drafts.db.damaged."));
	else if (self->new.rows.count > 0 || order_new_has_head(&self->new))
		app_say(shop->app, ROLE_OK, "%s", _("Going on with the draft kept here."));
	return (struct pane){&placing_ops, self};
}
