/* Keying in a new stock document: the other end, then lines by scan, SKU or name. */
#include "model/barcode.h"
#include "model/catalogue.h"
#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/document_new.h"
#include "tui/document_pick.h"
#include "tui/document_tables.h"
#include "model/field.h"
#include "tui/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEW_SKU, NEW_NAME, NEW_QTY, NEW_STOCK, NEW_MARK, NEW_COLUMNS };

struct keying {
	struct document_new new; /* must stay first: its rows are the list's */
	struct shop *shop;
	struct list list;
	struct list_column columns[NEW_COLUMNS];
	char sku[COMMAND_ID_MAX + 1]; /* of the line the open question is about */
	bool has_asked;               /* for the head, by itself */
};

static void refresh(struct keying *self, const char *sku)
{
	const struct new_row *row = sku ? document_new_row_of(&self->new, sku) : NULL;

	list_changed(&self->list);
	if (row)
		list_go_to(&self->list, row->key);
}

/* ---- the head ---- */

static size_t pick_store(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	struct keying *self = ctx;

	return document_pick_store(self->shop, text, out, max);
}

static const char *submit_head(void *ctx, struct form *form)
{
	struct keying *self = ctx;
	struct new_head head = {.to = ""};

	snprintf(head.to, sizeof(head.to), "%s", form_value(form, "to"));
	snprintf(head.third_party, sizeof(head.third_party), "%s", form_value(form, "third_party"));
	snprintf(head.expected_on, sizeof(head.expected_on), "%s", form_value(form, "expected_on"));
	snprintf(head.note, sizeof(head.note), "%s", form_value(form, "note"));
	document_new_set_head(&self->new, &head);
	return NULL;
}

/* Who gives up at the first question wants no document. */
static void cancel_head(void *ctx)
{
	struct keying *self = ctx;

	if (!document_new_has_head(&self->new) && self->new.rows.count == 0)
		app_close(self->shop->app, self);
}

static void run_head(void *ctx, int arg)
{
	struct keying *self = ctx;
	const struct new_head *head = &self->new.head;
	const struct form_field other = self->new.kind->is_third_party
		? (struct form_field){.name = "third_party",
			  .kind = FORM_TEXT,
			  .label = N_("Third party"),
			  .hint = N_("The partner's name, as it stands on the paper"),
			  .initial = head->third_party,
			  .is_required = true,
			  .max_chars = 60}
		: (struct form_field){.name = "to",
			  .kind = FORM_PICK,
			  .label = N_("Destination"),
			  .hint = N_("Part of the store's name or id"),
			  .initial = head->to[0] ? head->to : NULL,
			  .is_required = true,
			  .pick = pick_store};
	const struct form_field fields[] = {
		other,
		{.name = "expected_on",
			.kind = FORM_DATE,
			.label = N_("Expected"),
			.hint = N_("The day it should arrive, such as 2026-01-31; may be empty"),
			.initial = head->expected_on},
		{.name = "note",
			.kind = FORM_TEXT,
			.label = N_("Note"),
			.initial = head->note,
			.max_chars = 500},
	};

	(void)arg;
	self->has_asked = true;
	form_open(self->shop->app,
		&(struct form_spec){
			.title = gettext(self->new.kind->title),
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
	struct keying *self = ctx;

	return document_pick_product(
		self->shop, self->new.kind->is_outbound, text, &(struct picks){out, max});
}

static const char *submit_line(void *ctx, struct form *form)
{
	struct keying *self = ctx;
	int64_t qty = *form_value(form, "qty") ? form_quantity_milli(form, "qty") : 1000;

	if (qty <= 0)
		return _("The quantity must be above 0.");
	snprintf(self->sku, sizeof(self->sku), "%s", form_value(form, "sku"));
	document_new_put(&self->new, self->sku, qty, false);
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
	struct keying *self = ctx;

	(void)arg;
	form_open(self->shop->app,
		&(struct form_spec){
			.title = _("Add a line"),
			.intro = self->new.kind->is_outbound
				? _("In brackets: what is available at this store.")
				: _("In brackets: what this store has on hand."),
			.fields = fields,
			.field_count = sizeof(fields) / sizeof(fields[0]),
			.submit = submit_line,
			.ctx = self,
		});
}

static enum scan_use keying_on_scan(void *ctx, const char *code)
{
	struct keying *self = ctx;
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
	document_new_put(&self->new, sku, 1000, false);
	refresh(self, sku);
	return SCAN_USED;
}

static const struct new_row *row_now(const struct keying *self)
{
	return list_row(&self->list);
}

static const char *why_no_line(void *ctx, int arg)
{
	(void)arg;
	return row_now(ctx) ? NULL : _("There is no line here. Scan something.");
}

static const char *take_quantity(void *ctx, const char *value)
{
	struct keying *self = ctx;
	int64_t qty;

	field_parse_quantity(value, false, &qty);
	document_new_put(&self->new, self->sku, qty, true);
	refresh(self, self->sku);
	return NULL;
}

static void run_quantity(void *ctx, int arg)
{
	struct keying *self = ctx;
	const struct new_row *row = row_now(self);
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

static void run_more(void *ctx, int by)
{
	struct keying *self = ctx;
	struct new_row row = *row_now(self);

	document_new_put(&self->new, row.sku, (int64_t)by * 1000, false);
	refresh(self, row.sku);
}

static void run_remove(void *ctx, int arg)
{
	struct keying *self = ctx;
	struct new_row row = *row_now(self);

	(void)arg;
	document_new_put(&self->new, row.sku, 0, true);
	refresh(self, NULL);
}

static const char *why_no_undo(void *ctx, int arg)
{
	const struct keying *self = ctx;

	(void)arg;
	return self->new.last_entry > 0 ? NULL : _("There is nothing to take back.");
}

static void run_undo(void *ctx, int arg)
{
	struct keying *self = ctx;

	(void)arg;
	document_new_undo(&self->new);
	refresh(self, NULL);
}

/* ---- finishing ---- */

static const char *why_no_finish(void *ctx, int arg)
{
	const struct keying *self = ctx;

	(void)arg;
	if (!document_new_has_head(&self->new))
		return self->new.kind->is_third_party ? _("The name of the third party is missing.")
						      : _("The destination is missing.");
	if (self->new.rows.count == 0)
		return _("There is no line yet. Scan something, or add a line.");
	return shop_may(self->shop, self->new.kind->op);
}

static void finish_yes(void *ctx)
{
	struct keying *self = ctx;
	struct shop *shop = self->shop;
	char id[UUID_SIZE];

	if (!document_new_create(&self->new, id)) {
		refresh(self, NULL);
		return;
	}
	app_close(shop->app, self);
	shop_push(shop, pane_movement_new(shop, id));
}

static void run_finish(void *ctx, int arg)
{
	struct keying *self = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	if (document_new_ask(&self->new, &text))
		dialog_confirm(self->shop->app,
			&(struct dialog_confirm_spec){
				.title = gettext(self->new.kind->title),
				.text = text_get(&text),
				.yes_label = _("Create"),
				.yes = finish_yes,
				.ctx = self,
			});
	refresh(self, NULL);
	text_free(&text);
}

static void discard_yes(void *ctx)
{
	struct keying *self = ctx;

	document_new_discard(&self->new);
	app_close(self->shop->app, self);
}

static void run_discard(void *ctx, int arg)
{
	struct keying *self = ctx;

	(void)arg;
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Discard"),
			.text = _(
				"The head and the lines keyed in here are forgotten. No document was made yet."),
			.yes_label = _("Discard"),
			.is_dangerous = true,
			.yes = discard_yes,
			.ctx = self,
		});
}

static const struct action keying_rows[] = {
	{"finish", N_("Create"), N_("Create the document"), ACTION_HINT | ACTION_HINT_FIRST, 0,
		why_no_finish, run_finish, NULL},
	{"add-line", N_("Add"), N_("Add a line by SKU, barcode or name"), ACTION_HINT, 0, NULL,
		run_add, NULL},
	{"quantity", N_("Quantity"), N_("Change the quantity of this line"), ACTION_HINT, 0,
		why_no_line, run_quantity, NULL},
	{"remove-line", N_("Remove"), N_("Take this line off"), ACTION_HINT, 0, why_no_line,
		run_remove, NULL},
	{"head", N_("Header"), N_("Change destination, date and note"), ACTION_HINT, 0, NULL,
		run_head, NULL},
	{"undo", N_("Undo"), N_("Take back the last scan or quantity"), ACTION_HINT, 0, why_no_undo,
		run_undo, NULL},
	{"one-more", N_("One more"), N_("One more of this line"), 0, 1, why_no_line, run_more,
		NULL},
	{"one-less", N_("One less"), N_("One less of this line"), 0, -1, why_no_line, run_more,
		NULL},
	{"discard", N_("Discard"), N_("Forget this draft"), 0, 0, NULL, run_discard, NULL},
};
const struct action_table new_document_actions = {
	.context = "new-document",
	.title = N_("New stock document"),
	ACTION_TABLE_ROWS(keying_rows),
};

/* ---- the list ---- */

#define NEW_COLUMNS_WITH(stock_title)                                     \
	{                                                                 \
		[NEW_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},       \
		[NEW_NAME] = {N_("Product"), 14, 1, LIST_LEFT, 0, false}, \
		[NEW_QTY] = {N_("Quantity"), 8, 0, LIST_RIGHT, 0, false}, \
		[NEW_STOCK] = {stock_title, 9, 0, LIST_RIGHT, 0, false},  \
		[NEW_MARK] = {N_("Mark"), 12, 0, LIST_LEFT, 1, false},    \
	}
static const struct list_column outbound_columns[NEW_COLUMNS] = NEW_COLUMNS_WITH(N_("Available"));
static const struct list_column inbound_columns[NEW_COLUMNS] = NEW_COLUMNS_WITH(N_("On hand"));

static const char *mark_of(const struct document_new *new, const struct new_row *row)
{
	if (!new->kind->is_outbound)
		return row->is_stocked ? "" : _("New here");
	if (!row->is_stocked)
		return _("Not stocked");
	return row->qty > row->available ? _("Too few") : "";
}

static void new_cell(void *ctx, const void *of, int column, struct list_cell *out)
{
	const struct document_new *new = ctx;
	const struct new_row *row = of;
	bool is_over = new->kind->is_outbound && row->qty > row->available;
	char qty[SHOP_QTY_BYTES];
	const char *text = qty;

	switch (column) {
	case NEW_SKU:
		text = row->sku;
		break;
	case NEW_NAME:
		text = row->name;
		break;
	case NEW_MARK:
		text = mark_of(new, row);
		out->role = ROLE_WARN;
		break;
	default:
		shop_qty(column == NEW_QTY ? row->qty : row->available, qty);
		out->role = column == NEW_QTY ? ROLE_BOLD : is_over ? ROLE_WARN : ROLE_NORMAL;
		break;
	}
	snprintf(out->text, sizeof(out->text), "%s", text);
}

static const struct list_source new_source = {
	.row_bytes = sizeof(struct new_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = new_cell,
};

/* ---- pane ---- */

static void keying_title(void *ctx, char *out, size_t size)
{
	const struct keying *self = ctx;

	snprintf(out, size, "%s", gettext(self->new.kind->title));
}

static const char *keying_help(void *ctx)
{
	(void)ctx;
	return _("Scan each piece, or add lines by SKU, barcode or name. What is keyed in is kept "
		 "until it is created or discarded.");
}

static void keying_recalc(void *ctx, const struct layout *layout)
{
	struct keying *self = ctx;
	int name_cols = 0;

	for (size_t i = 0; i < self->new.rows.count; i++) {
		const struct new_row *row = document_rows_at(&self->new.rows, i);
		int cols = cols_width(row->name);

		name_cols = cols > name_cols ? cols : name_cols;
	}
	document_rows_fit_name(self->columns, NEW_COLUMNS, NEW_NAME, name_cols, layout->body.cols);
	list_recalc(&self->list, layout->body.rows - 3);
}

static void put(const struct rect *row, const char *label, const char *value)
{
	int used = draw_text(row->y, row->x, row->cols, ROLE_DIM, label) + 1;

	draw_text(row->y, row->x + used, row->cols - used, ROLE_NORMAL, value);
}

#define HEAD_COLS_MAX 56 /* where the second fact stands on wide screens */

static void paint_head(const struct keying *self, struct rect row)
{
	const struct new_head *head = &self->new.head;
	char other[DOCUMENT_TEXT_BYTES];
	int half = row.cols / 2 < HEAD_COLS_MAX ? row.cols / 2 : HEAD_COLS_MAX;

	if (self->new.kind->is_third_party)
		snprintf(other, sizeof(other), "%s", head->third_party);
	else
		shop_store_name(self->shop, head->to, other, sizeof(other));
	put(&(struct rect){row.y, row.x, 1, half},
		self->new.kind->is_third_party ? _("Third party") : _("Destination"),
		other[0] ? other : "–");
	put(&(struct rect){row.y, row.x + half, 1, row.cols - half}, _("Expected"),
		head->expected_on[0] ? head->expected_on : "–");
}

static void keying_repaint(void *ctx, const struct rect *area)
{
	struct keying *self = ctx;
	struct rect body = *area;
	struct rect head = layout_take_top(&body, 2);
	struct rect foot = layout_take_bottom(&body, 1);
	struct text sums = TEXT_INIT(TEXT_SMALL);

	paint_head(self, (struct rect){head.y, head.x + 1, 1, head.cols - 2});
	put(&(struct rect){head.y + 1, head.x + 1, 1, head.cols - 2}, _("Note"),
		self->new.head.note[0] ? self->new.head.note : "–");
	list_repaint(&self->list, &body);
	document_add_figures(&sums, self->new.rows.count, self->new.total);
	draw_text(foot.y, foot.x + 2, foot.cols - 3, ROLE_BOLD, text_get(&sums));
	text_free(&sums);
}

static void keying_open(void *ctx)
{
	struct keying *self = ctx;

	if (!self->has_asked && !document_new_has_head(&self->new))
		run_head(self, 0);
}

static bool keying_may_leave(void *ctx)
{
	struct keying *self = ctx;

	if (self->new.rows.count > 0 || document_new_has_head(&self->new))
		app_say(self->shop->app, ROLE_OK, "%s",
			_("The draft is kept, and goes on with the next new order of this kind."));
	return true;
}

static size_t keying_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct keying *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&new_document_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	return 2;
}

static bool keying_is_counting(void *ctx)
{
	(void)ctx;
	return true;
}

static void keying_changed(void *ctx)
{
	struct keying *self = ctx;

	document_new_read(&self->new);
	refresh(self, NULL);
}

static void keying_close(void *ctx)
{
	struct keying *self = ctx;

	document_new_close(&self->new);
	list_free(&self->list);
	free(self);
}

static const struct pane_ops keying_ops = {
	.context = "new-document",
	.title = keying_title,
	.help = keying_help,
	.open = keying_open,
	.close = keying_close,
	.may_leave = keying_may_leave,
	.scopes = keying_scopes,
	.recalc = keying_recalc,
	.repaint = keying_repaint,
	.on_scan = keying_on_scan,
	.is_counting = keying_is_counting,
	.on_change = keying_changed,
};

struct pane pane_new_document_new(struct shop *shop, enum new_document kind)
{
	struct keying *self = calloc(1, sizeof(*self));
	const struct list_column *columns = kind == NEW_INBOUND_THIRD_PARTY ? inbound_columns
									    : outbound_columns;

	if (!self || !list_init(&self->list, &new_source, self, self->columns, NEW_COLUMNS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	memcpy(self->columns, columns, sizeof(self->columns));
	self->shop = shop;
	self->list.empty = _("Scan the first piece, or add a line.");
	document_new_open(&self->new, shop, kind);
	if (self->new.draft.was_damaged)
		app_say(shop->app, ROLE_ERROR, "%s",
			_("What was kept before could not be read and was set aside as drafts.db.damaged."));
	else if (self->new.rows.count > 0 || document_new_has_head(&self->new))
		app_say(shop->app, ROLE_OK, "%s", _("Going on with the draft kept here."));
	return (struct pane){&keying_ops, self};
}
