/* Keying in a new stock document: the other end, then lines by scan, SKU or name. */
#include "model/barcode.h"
#include "model/catalogue.h"
#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/document_new_view.h"
#include "tui/document_pick.h"
#include "tui/document_tables.h"
#include "model/field.h"
#include "tui/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct keying {
	struct document_new new; /* must stay first: its rows are the list's */
	struct shop *shop;
	struct document_new_view view;
	char sku[COMMAND_ID_MAX + 1]; /* of the line the open question is about */
	bool has_asked;               /* for the head, by itself */
	char why[2 * DOCUMENT_TEXT_BYTES];
};

static void refresh(struct keying *self, const char *sku)
{
	const struct new_row *row = sku ? document_new_row_of(&self->new, sku) : NULL;

	list_changed(&self->view.list);
	if (row)
		list_go_to(&self->view.list, row->key);
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
	struct new_head head = {.end = ""};

	snprintf(head.end, sizeof(head.end), "%s", form_value(form, self->new.kind->end));
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
	const struct new_kind *kind = self->new.kind;
	const struct form_field end = {.name = kind->end,
		.kind = kind->is_third_party ? FORM_TEXT : FORM_PICK,
		.label = kind->end_label,
		.hint = kind->is_third_party ? N_("The partner's name, as it stands on the paper")
					     : N_("Part of the store's name or id"),
		.initial = kind->is_third_party || head->end[0] ? head->end : NULL,
		.is_required = true,
		.max_chars = kind->is_third_party ? 60 : 0,
		.pick = pick_store};
	const struct form_field fields[] = {
		end,
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

	const struct new_kind *kind = self->new.kind;
	const char *store = kind->stock == STOCK_AT_SOURCE ? self->new.head.end : self->shop->store;

	return document_pick_product(self->shop,
		&(struct pick_stock){store, kind->stock != STOCK_ON_HAND}, text,
		&(struct picks){out, max});
}

/* What the figure before a suggestion is. */
static const char *figures_words(const struct keying *self)
{
	if (self->new.kind->stock == STOCK_AVAILABLE)
		return _("In brackets: what is available at this store.");
	if (self->new.kind->stock == STOCK_ON_HAND)
		return _("In brackets: what this store has on hand.");
	return _("In brackets: what is available at the source, where that is known here.");
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
			.intro = figures_words(self),
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
	return list_row(&self->view.list);
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
	struct keying *self = ctx;
	const struct new_row *unwanted = document_new_unwanted(&self->new);
	char other[DOCUMENT_TEXT_BYTES];

	(void)arg;
	if (!document_new_has_head(&self->new))
		return gettext(self->new.kind->end_missing);
	if (self->new.rows.count == 0)
		return _("There is no line yet. Scan something, or add a line.");
	if (unwanted) {
		document_new_end_name(&self->new, other, sizeof(other));
		snprintf(self->why, sizeof(self->why),
			_("%s: %s does not stock it. Take the line off."), unwanted->sku, other);
		return self->why;
	}
	return shop_may(self->shop, self->new.kind->op);
}

static void finish_yes(void *ctx)
{
	struct keying *self = ctx;
	struct shop *shop = self->shop;
	const struct new_kind *kind = self->new.kind;
	char id[UUID_SIZE];

	if (!document_new_create(&self->new, id)) {
		refresh(self, NULL);
		return;
	}
	app_close(shop->app, self);
	shop_push(shop, kind->made(shop, id));
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
	{"head", N_("Header"), N_("Change the other end, date and note"), ACTION_HINT, 0, NULL,
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

	/* The same person may be at work on it at another seat. */
	if (document_draft_changed(&self->new.draft)) {
		document_new_look_again(&self->new);
		refresh(self, NULL);
	}
	document_new_view_recalc(&self->view, &self->new, layout);
}

static void keying_repaint(void *ctx, const struct rect *area)
{
	struct keying *self = ctx;

	document_new_view_repaint(&self->view, &self->new, area);
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
	out[1] = (struct action_scope){&list_actions, &self->view.list};
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

	document_new_look_again(&self->new);
	refresh(self, NULL);
}

static void keying_close(void *ctx)
{
	struct keying *self = ctx;

	document_new_close(&self->new);
	document_new_view_free(&self->view);
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

	if (!self || !document_new_view_init(&self->view, &self->new)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->shop = shop;
	document_new_open(&self->new, shop, kind);
	document_new_view_start(&self->view, &self->new);
	if (self->new.draft.was_damaged)
		app_say(shop->app, ROLE_ERROR, "%s",
			_("What was kept before could not be read and was set aside as drafts.db.damaged."));
	else if (self->new.rows.count > 0 || document_new_has_head(&self->new))
		app_say(shop->app, ROLE_OK, "%s", _("Going on with the draft kept here."));
	return (struct pane){&keying_ops, self};
}
