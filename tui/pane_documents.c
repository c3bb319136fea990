/* Stock documents by status: the outbound orders of this store, its inbound ones and its transfer orders,
 * each list with the tabs of product.md section 2. What is looked at is document_list.h's. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/document_act.h"
#include "tui/document_list.h"
#include "tui/document_pick.h"
#include "tui/export.h"
#include "tui/import_ask.h"
#include "tui/transfer_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct documents {
	struct document_list looked; /* what is shown */
	struct shop *shop;
	struct document_act act;
	struct document_face face;
	struct transfer_act transfer_act;
	struct transfer_face transfer_face;
	struct tabs sides; /* 出倉單 進倉單 調倉單; drawn by this pane */
	struct export export;
	struct import_ask import;
	char side_keys[DOCUMENT_SIDES][KEY_SEQUENCE_BYTES];
};

static void show_side(void *ctx)
{
	struct documents *self = ctx;

	document_list_show_side(&self->looked, (enum document_side_id)self->sides.now);
}

static const char *row_text(const struct documents *self, const char *column)
{
	return source_text(&self->looked.source, list_row(&self->looked.list), column);
}

/* ---- keys ---- */

#define TAKE(field, column) snprintf(field, sizeof(field), "%s", row_text(self, column))

static const struct document_face *face_now(void *ctx)
{
	struct documents *self = ctx;
	struct document_face *face = &self->face;

	if (self->looked.side == TRANSFERS || !list_row(&self->looked.list))
		return NULL;
	TAKE(face->id, "id");
	TAKE(face->out_number, "out_number");
	TAKE(face->in_number, "in_number");
	TAKE(face->from, "from_store");
	TAKE(face->to, "to_store");
	TAKE(face->third_party, "third_party");
	TAKE(face->status_word, "status");
	document_face_settle(face, self->shop);
	return face;
}

static const struct transfer_face *transfer_now(void *ctx)
{
	struct documents *self = ctx;
	struct transfer_face *face = &self->transfer_face;

	if (self->looked.side != TRANSFERS || !list_row(&self->looked.list))
		return NULL;
	TAKE(face->id, "id");
	TAKE(face->number, "number");
	TAKE(face->from, "from_store");
	TAKE(face->to, "to_store");
	TAKE(face->movement, "movement");
	TAKE(face->status_word, "status");
	transfer_face_settle(face, self->shop);
	return face;
}
#undef TAKE

static const char *why_no_row(void *ctx, int arg)
{
	const struct documents *self = ctx;

	(void)arg;
	return list_row(&self->looked.list) ? NULL : _("There is no document here.");
}

static void run_open(void *ctx, int arg)
{
	struct documents *self = ctx;

	(void)arg;
	shop_push(self->shop,
		self->looked.side == TRANSFERS
			? pane_transfer_new(self->shop, row_text(self, "id"))
			: pane_movement_new(self->shop, row_text(self, "id")));
}

static const char *why_no_new(void *ctx, int arg)
{
	const struct documents *self = ctx;

	(void)arg;
	return shop_may(self->shop, "outbound.create");
}

static void pick_new(void *ctx, size_t index)
{
	struct documents *self = ctx;

	shop_push(self->shop, pane_new_document_new(self->shop, (enum new_document)index));
}

static void run_new(void *ctx, int arg)
{
	struct documents *self = ctx;
	const struct dialog_menu_item items[] = {
		[NEW_OUTBOUND] = {_("Outbound order to another store"), NULL},
		[NEW_OUTBOUND_THIRD_PARTY] = {_("Outbound order to a third party"), NULL},
		[NEW_INBOUND_THIRD_PARTY] = {_("Inbound order from a third party"), NULL},
		[NEW_TRANSFER] = {_("Transfer order: ask another store for goods"), NULL},
	};
	static const enum new_document usual[DOCUMENT_SIDES] = {
		[OUTBOUND] = NEW_OUTBOUND,
		[INBOUND] = NEW_INBOUND_THIRD_PARTY,
		[TRANSFERS] = NEW_TRANSFER,
	};

	(void)arg;
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){
			.title = _("New stock document"),
			.items = items,
			.count = sizeof(items) / sizeof(items[0]),
			.initial = usual[self->looked.side],
			.pick = pick_new,
			.ctx = self,
		});
}

static const char *why_not_side(void *ctx, int arg)
{
	const struct documents *self = ctx;

	return (int)self->looked.side == arg ? gettext(document_sides[arg].present) : NULL;
}

static void run_side(void *ctx, int arg)
{
	struct documents *self = ctx;

	tabs_choose(&self->sides, arg);
}

static const char *take_search(void *ctx, const char *value)
{
	struct documents *self = ctx;
	struct document_narrowing narrow = self->looked.narrow;

	snprintf(narrow.search, sizeof(narrow.search), "%s", value);
	document_list_narrow(&self->looked, &narrow);
	return NULL;
}

static void run_search(void *ctx, int arg)
{
	struct documents *self = ctx;

	(void)arg;
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){
			.title = _("Search"),
			.text = _(
				"Part of a number, of a note or of a third party's name; or a product in it, by name or SKU. Empty shows all."),
			.initial = self->looked.narrow.search,
			.kind = DIALOG_TEXT,
			.submit = take_search,
			.ctx = self,
		});
}

static size_t pick_store(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	struct documents *self = ctx;

	return document_pick_store(self->shop, text, out, max);
}

static const char *submit_narrow(void *ctx, struct form *form)
{
	struct documents *self = ctx;
	struct document_narrowing narrow = self->looked.narrow;
	const char *wrong;

#define TAKE(field) snprintf(narrow.field, sizeof(narrow.field), "%s", form_value(form, #field))
	TAKE(source);
	TAKE(destination);
	TAKE(number);
#undef TAKE
	wrong = list_days_take(&narrow.days, form);
	if (wrong)
		return wrong;
	if (narrow.source[0] && narrow.destination[0])
		return _("One end is always this store: choose the other end only.");
	document_list_narrow(&self->looked, &narrow);
	return NULL;
}

#define NARROW_FIELDS 5

/* Where this store is always the same end, only the other one can be chosen. */
static void run_narrow(void *ctx, int arg)
{
	struct documents *self = ctx;
	const struct document_narrowing *narrow = &self->looked.narrow;
	unsigned own = document_list_side(&self->looked)->ends;
	struct form_field fields[NARROW_FIELDS];
	size_t count = LIST_DAYS_FIELDS;

	(void)arg;
	list_days_fields(&narrow->days, fields);
	if (own != END_SOURCE)
		fields[count++] = (struct form_field){.name = "source",
			.kind = FORM_PICK,
			.label = N_("Source"),
			.hint = N_("Part of the store's name or id"),
			.initial = narrow->source[0] ? narrow->source : NULL,
			.pick = pick_store};
	if (own != END_DESTINATION)
		fields[count++] = (struct form_field){.name = "destination",
			.kind = FORM_PICK,
			.label = N_("Destination"),
			.hint = N_("Part of the store's name or id"),
			.initial = narrow->destination[0] ? narrow->destination : NULL,
			.pick = pick_store};
	fields[count++] = (struct form_field){.name = "number",
		.kind = FORM_TEXT,
		.label = N_("Number"),
		.hint = N_(
			"How a number of the document begins, such as OUT-XINYI-202601; may be empty"),
		.initial = narrow->number,
		.max_chars = 60};
	form_open(self->shop->app,
		&(struct form_spec){
			.title = _("Only some documents"),
			.fields = fields,
			.field_count = count,
			.submit = submit_narrow,
			.ctx = self,
		});
}

static void run_sort(void *ctx, int arg)
{
	struct documents *self = ctx;

	(void)arg;
	document_list_sort(&self->looked);
}

static void run_in_transit(void *ctx, int arg)
{
	struct documents *self = ctx;

	(void)arg;
	shop_push(self->shop, pane_report_new(self->shop, "in_transit"));
}

static void run_reports(void *ctx, int arg)
{
	struct documents *self = ctx;

	(void)arg;
	pane_reports_show(self->shop);
}

static const struct action documents_rows[] = {
	{"open", N_("Open"), N_("Open the document"), ACTION_HINT, 0, why_no_row, run_open, NULL},
	{"new", N_("New"), N_("New outbound, third-party inbound or transfer order"), ACTION_HINT,
		0, why_no_new, run_new, NULL},
	{"outbound", N_("Outbound"), N_("Outbound orders of this store"), 0, OUTBOUND, why_not_side,
		run_side, NULL},
	{"inbound", N_("Inbound"), N_("Inbound orders of this store"), 0, INBOUND, why_not_side,
		run_side, NULL},
	{"transfers", N_("Transfers"), N_("Transfer orders of this store"), 0, TRANSFERS,
		why_not_side, run_side, NULL},
	{"search", N_("Search"), N_("Search numbers, notes, third parties and products"),
		ACTION_HINT, 0, NULL, run_search, NULL},
	{"narrow", N_("Filter"), N_("Only some days, one store at the other end, or one number"),
		ACTION_HINT, 0, NULL, run_narrow, NULL},
	{"sort", N_("Sort"), N_("Newest first, oldest first, by expected day, or by number"), 0, 0,
		NULL, run_sort, NULL},
	{"in-transit", N_("In transit"), N_("What left and has not arrived, and who must act"), 0,
		0, NULL, run_in_transit, NULL},
	{"reports", N_("Reports"), N_("Show the reports"), 0, 0, NULL, run_reports, NULL},
};
const struct action_table documents_actions = {
	.context = "documents",
	.title = N_("Stock documents"),
	ACTION_TABLE_ROWS(documents_rows),
};

/* ---- pane ---- */

static void documents_title(void *ctx, char *out, size_t size)
{
	const struct documents *self = ctx;

	document_list_title(&self->looked, out, size);
}

static const char *documents_help(void *ctx)
{
	(void)ctx;
	return _(
		"Goods between stores, and to and from third parties. A tab holds the documents of "
		"one status; amber ones wait for this store. * stands where HQ has not confirmed yet, + "
		"where a count was begun here and is not submitted.");
}

static void file_name(void *ctx, char *out, size_t size)
{
	const struct documents *self = ctx;

	snprintf(out, size, "%s", document_list_side(&self->looked)->file);
}

static void documents_close(void *ctx)
{
	struct documents *self = ctx;

	document_act_free(&self->act);
	transfer_act_free(&self->transfer_act);
	document_list_free(&self->looked);
	free(self);
}

static void show_all(struct documents *self)
{
	document_list_narrow(&self->looked, &(struct document_narrowing){.number = ""});
}

static bool documents_may_leave(void *ctx)
{
	struct documents *self = ctx;

	if (!document_list_is_narrowed(&self->looked))
		return true;
	show_all(self);
	return false;
}

static size_t documents_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct documents *self = ctx;

	if (max < 6)
		return 0;
	out[0] = (struct action_scope){&documents_actions, self};
	out[1] = self->looked.side == TRANSFERS
		? (struct action_scope){&transfer_actions, &self->transfer_act}
		: (struct action_scope){&document_actions, &self->act};
	out[2] = (struct action_scope){&tabs_actions, &self->looked.tabs};
	out[3] = (struct action_scope){&list_actions, &self->looked.list};
	out[4] = (struct action_scope){&export_actions, &self->export};
	out[5] = (struct action_scope){&import_ask_actions, &self->import};
	return 6;
}

static void documents_changed(void *ctx)
{
	struct documents *self = ctx;

	document_list_changed(&self->looked);
}

/* Under a question the keys mean nothing, but stay where they are. */
static void read_side_keys(struct documents *self)
{
	for (int i = 0; i < DOCUMENT_SIDES; i++) {
		char key[KEY_SEQUENCE_BYTES];

		app_key_label(self->shop->app, document_sides[i].action, key, sizeof(key));
		if (key[0])
			snprintf(self->side_keys[i], sizeof(self->side_keys[i]), "%s", key);
	}
}

static void documents_recalc(void *ctx, const struct layout *layout)
{
	struct documents *self = ctx;

	read_side_keys(self);
	document_list_recalc(&self->looked, layout->body.rows - 3);
}

/* Each side with its key: they are changed too often to look for it. */
static void repaint_sides(const struct documents *self, const struct rect *row)
{
	int x = row->x + 1;
	int end = row->x + row->cols - 1;

	for (int i = 0; i < DOCUMENT_SIDES; i++) {
		bool is_now = (int)self->looked.side == i;
		char label[DOCUMENT_TEXT_BYTES];

		snprintf(label, sizeof(label), is_now ? "[%s]" : " %s ",
			gettext(document_sides[i].label));
		x += draw_text(row->y, x, end - x, ROLE_KEY, self->side_keys[i]);
		x += draw_text(row->y, x, end - x, is_now ? ROLE_TAB_NOW : ROLE_TAB, label) + 2;
	}
}

static void paint_kept(int64_t milli, const struct rect *row)
{
	char qty[SHOP_QTY_BYTES], text[DOCUMENT_TEXT_BYTES];

	shop_qty(milli, qty);
	snprintf(text, sizeof(text), _("A count of %s is kept here and not submitted yet."), qty);
	draw_text(row->y, row->x, row->cols, ROLE_WARN, text);
}

static void repaint_foot(struct documents *self, const struct rect *foot)
{
	const struct document_face *face = face_now(self);
	const struct transfer_face *transfer = transfer_now(self);
	int64_t kept = document_list_kept(&self->looked);
	char position[64];
	int cols;

	list_position(&self->looked.list, position, sizeof(position));
	cols = draw_text_right(foot->y, foot->x, foot->cols - 1, ROLE_DIM, position);
	if (kept > 0)
		paint_kept(kept, &(struct rect){foot->y, foot->x + 2, 1, foot->cols - cols - 5});
	else if (face || transfer)
		draw_text(foot->y, foot->x + 2, foot->cols - cols - 5, ROLE_DIM,
			face ? document_next_step(self->shop, face)
			     : transfer_next_step(self->shop, transfer));
}

static void documents_repaint(void *ctx, const struct rect *area)
{
	struct documents *self = ctx;
	struct rect body = *area;
	struct rect sides_row = layout_take_top(&body, 1);
	struct rect tabs_row = layout_take_top(&body, 1);
	struct rect foot = layout_take_bottom(&body, 1);

	repaint_sides(self, &sides_row);
	tabs_repaint(&self->looked.tabs, tabs_row.y, tabs_row.x + 1, tabs_row.cols - 2);
	list_repaint(&self->looked.list, &body);
	repaint_foot(self, &foot);
}

static const struct pane_ops documents_ops = {
	.context = "documents",
	.title = documents_title,
	.help = documents_help,
	.open = documents_changed,
	.close = documents_close,
	.may_leave = documents_may_leave,
	.scopes = documents_scopes,
	.recalc = documents_recalc,
	.repaint = documents_repaint,
	.on_change = documents_changed,
};

struct pane pane_documents_new(struct shop *shop)
{
	struct documents *self = calloc(1, sizeof(*self));

	if (!self || !document_list_init(&self->looked, shop)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->shop = shop;
	document_act_init(&self->act, shop, face_now, self);
	transfer_act_init(&self->transfer_act, shop, transfer_now, self);
	self->sides = (struct tabs){.count = DOCUMENT_SIDES, .changed = show_side, .ctx = self};
	import_ask_init(&self->import, shop);
	export_list(&self->export, shop, &self->looked.source, &self->looked.list);
	self->export.name = file_name;
	self->export.ctx = self;
	return (struct pane){&documents_ops, self};
}

void pane_documents_show(void *documents, enum document_side_id side, const char *status)
{
	struct documents *self = documents;

	show_all(self);
	tabs_choose(&self->sides, (int)side);
	document_list_count(&self->looked);
	tabs_choose(&self->looked.tabs,
		document_side_waiting_tab(document_list_side(&self->looked), status));
}
