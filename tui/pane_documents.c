/* Stock documents by status: the outbound orders of this store and its inbound ones, each list with
 * the tabs of product.md section 2. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/document_act.h"
#include "tui/document_pick.h"
#include "tui/document_sides.h"
#include "tui/export.h"
#include "model/field.h"
#include "tui/tabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the pane ---- */

#define SEARCH_BYTES 128
#define FAR_COLS_UNCOUNTED 16
#define OTHER_BYTES 200

/* Which documents are looked at; "" is all. */
struct narrowing {
	char since[FIELD_DATE_BYTES], until[FIELD_DATE_BYTES]; /* the day they were made */
	char other[COMMAND_ID_MAX + 1];                        /* the store at the other end */
};

struct documents {
	struct shop *shop;
	struct document_act act;
	struct document_face face;
	enum document_side_id side;
	struct tabs sides; /* 出倉單 進倉單; drawn by this pane */
	struct tabs tabs;  /* the statuses of the side */
	int tab_of[SIDES]; /* where one was on the other side */
	struct source source;
	struct list list;
	struct export export;
	struct list_column columns[SIDE_COLUMN_COUNT];
	char search[SEARCH_BYTES];
	struct narrowing narrow;
	char other[OTHER_BYTES]; /* statuses only a newer HQ knows, for a tab of their own */
	long other_count;
	char side_keys[SIDES][KEY_SEQUENCE_BYTES];
	bool is_stale; /* the counts must be read again */
};

static const struct document_side *side_of(const struct documents *self)
{
	return &document_sides[self->side];
}

/* ---- what is shown ---- */

static void set_filters(struct documents *self)
{
	const struct document_side *side = side_of(self);
	int tab = self->tabs.now;

	source_where(&self->source, side->filter, self->shop->store);
	source_where(&self->source, side->other, self->narrow.other);
	source_where(&self->source, "since", self->narrow.since);
	source_where(&self->source, "until", self->narrow.until);
	source_where(&self->source, "q", self->search);
	source_where(&self->source, "status",
		tab < side->tab_count ? side->tabs[tab].statuses : self->other);
}

/* Where nothing can have been counted yet, the name of the other end may take that figure's place. */
static void fit_columns(struct documents *self)
{
	const struct document_side *side = side_of(self);
	const char *statuses = self->tabs.now < side->tab_count
		? side->tabs[self->tabs.now].statuses
		: "";
	bool is_uncounted = strcmp(statuses, "pending") == 0 || strcmp(statuses, "accepted") == 0;

	self->columns[COLUMN_FAR].width_cols = is_uncounted ? FAR_COLS_UNCOUNTED
							    : side->columns[COLUMN_FAR].width_cols;
}

static void show_tab(void *ctx)
{
	struct documents *self = ctx;

	self->tab_of[self->side] = self->tabs.now;
	fit_columns(self);
	set_filters(self);
	list_restart(&self->list);
}

static void count_one(void *ctx, const char *status, long count)
{
	struct documents *self = ctx;
	int tab = document_side_tab(side_of(self), status);
	size_t used = strlen(self->other);

	if (tab < side_of(self)->tab_count) {
		self->tabs.items[tab].count += count;
		return;
	}
	if (used + strlen(status) + 2 > sizeof(self->other))
		return;
	snprintf(self->other + used, sizeof(self->other) - used, "%s%s", used ? "|" : "", status);
	self->other_count += count;
}

/* Counts by status over what the search leaves, without the tab's own filter. */
static void count_tabs(struct documents *self)
{
	const struct document_side *side = side_of(self);

	for (int i = 0; i < side->tab_count; i++)
		self->tabs.items[i] = (struct tab){side->tabs[i].label, 0, ROLE_NORMAL};
	self->other[0] = '\0';
	self->other_count = 0;
	set_filters(self);
	source_where(&self->source, "status", NULL);
	source_group(&self->source, "status", count_one, self);
	for (int i = 0; i < side->tab_count; i++)
		if (side->tabs[i].is_waiting && self->tabs.items[i].count > 0)
			self->tabs.items[i].role = ROLE_WARN;
	self->tabs.count = side->tab_count;
	if (self->other_count > 0)
		self->tabs.items[self->tabs.count++] = (struct tab){
			N_("Other"), self->other_count, ROLE_NORMAL};
	if (self->tabs.now >= self->tabs.count)
		self->tabs.now = 0;
	set_filters(self);
	self->is_stale = false;
}

static void fill_end(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct documents *self = ctx;

	/* Where no store stands it is the third party. */
	if ((column == COLUMN_FAR || column == COLUMN_NEAR) && !out->text[0])
		snprintf(out->text, sizeof(out->text), "%s",
			source_text(&self->source, row, "third_party"));
}

static void start_source(struct documents *self)
{
	const struct document_side *side = side_of(self);

	source_init(&self->source, self->shop, "movements", side->source, SIDE_COLUMN_COUNT);
	self->source.pending_table = "movement";
	self->source.pending_child = "movement_line";
	self->source.pending_key = "id";
	self->source.cell = fill_end;
	self->source.ctx = self;
	memcpy(self->columns, side->columns, sizeof(self->columns));
	self->columns[COLUMN_NUMBER].width_cols = SHOP_NUMBER_COLS + (int)strlen(self->shop->store);
	self->tabs.now = self->tab_of[self->side];
	fit_columns(self);
	set_filters(self);
	list_restart(&self->list);
	self->is_stale = true;
}

static void show_side(void *ctx)
{
	struct documents *self = ctx;

	self->side = (enum document_side_id)self->sides.now;
	start_source(self);
	count_tabs(self);
}

/* ---- keys ---- */

static const struct document_face *face_now(void *ctx)
{
	struct documents *self = ctx;
	struct document_face *face = &self->face;
	const void *row = list_row(&self->list);
#define TAKE(field, column) \
	snprintf(field, sizeof(field), "%s", source_text(&self->source, row, column))

	if (!row)
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
#undef TAKE
}

static const char *why_no_row(void *ctx, int arg)
{
	const struct documents *self = ctx;

	(void)arg;
	return list_row(&self->list) ? NULL : _("There is no document here.");
}

static void run_open(void *ctx, int arg)
{
	struct documents *self = ctx;

	(void)arg;
	shop_push(self->shop, pane_movement_new(self->shop, face_now(self)->id));
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
	};

	(void)arg;
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){
			.title = _("New stock document"),
			.items = items,
			.count = sizeof(items) / sizeof(items[0]),
			.initial = self->side == INBOUND ? NEW_INBOUND_THIRD_PARTY : NEW_OUTBOUND,
			.pick = pick_new,
			.ctx = self,
		});
}

static const char *why_not_side(void *ctx, int arg)
{
	const struct documents *self = ctx;

	if ((int)self->side != arg)
		return NULL;
	return arg == OUTBOUND ? _("These are the outbound orders.")
			       : _("These are the inbound orders.");
}

static void run_side(void *ctx, int arg)
{
	struct documents *self = ctx;

	tabs_choose(&self->sides, arg);
}

static void look_anew(struct documents *self)
{
	set_filters(self);
	list_restart(&self->list);
	self->is_stale = true;
}

static void set_search(struct documents *self, const char *value)
{
	snprintf(self->search, sizeof(self->search), "%s", value);
	look_anew(self);
}

static const char *take_search(void *ctx, const char *value)
{
	set_search(ctx, value);
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
				"Part of a number, of a note or of a third party's name. Empty shows all."),
			.initial = self->search,
			.kind = DIALOG_TEXT,
			.submit = take_search,
			.ctx = self,
		});
}

static void show_all(struct documents *self)
{
	memset(&self->narrow, 0, sizeof(self->narrow));
	set_search(self, "");
}

static size_t pick_store(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	struct documents *self = ctx;

	return document_pick_store(self->shop, text, out, max);
}

static const char *submit_narrow(void *ctx, struct form *form)
{
	struct documents *self = ctx;
	struct narrowing *narrow = &self->narrow;

	if (*form_value(form, "until") &&
		strcmp(form_value(form, "since"), form_value(form, "until")) > 0)
		return _("The last day is before the first.");
	snprintf(narrow->since, sizeof(narrow->since), "%s", form_value(form, "since"));
	snprintf(narrow->until, sizeof(narrow->until), "%s", form_value(form, "until"));
	snprintf(narrow->other, sizeof(narrow->other), "%s", form_value(form, "other"));
	look_anew(self);
	return NULL;
}

static void run_narrow(void *ctx, int arg)
{
	struct documents *self = ctx;
	const struct form_field fields[] = {
		{.name = "since",
			.kind = FORM_DATE,
			.label = N_("From day"),
			.hint = N_("The day it was made, such as 2026-01-31; may be empty"),
			.initial = self->narrow.since},
		{.name = "until",
			.kind = FORM_DATE,
			.label = N_("To day"),
			.hint = N_("The last day, itself included; may be empty"),
			.initial = self->narrow.until},
		{.name = "other",
			.kind = FORM_PICK,
			.label = self->side == OUTBOUND ? N_("Destination") : N_("Source"),
			.hint = N_("Part of the store's name or id"),
			.initial = self->narrow.other[0] ? self->narrow.other : NULL,
			.pick = pick_store},
	};

	(void)arg;
	form_open(self->shop->app,
		&(struct form_spec){
			.title = _("Only some documents"),
			.fields = fields,
			.field_count = sizeof(fields) / sizeof(fields[0]),
			.submit = submit_narrow,
			.ctx = self,
		});
}

static const struct action documents_rows[] = {
	{"open", N_("Open"), N_("Open the document"), ACTION_HINT, 0, why_no_row, run_open, NULL},
	{"new", N_("New"), N_("New outbound order, or third-party inbound"), ACTION_HINT, 0,
		why_no_new, run_new, NULL},
	{"outbound", N_("Outbound"), N_("Outbound orders of this store"), 0, OUTBOUND, why_not_side,
		run_side, NULL},
	{"inbound", N_("Inbound"), N_("Inbound orders of this store"), 0, INBOUND, why_not_side,
		run_side, NULL},
	{"search", N_("Search"), N_("Search numbers, notes and third parties"), ACTION_HINT, 0,
		NULL, run_search, NULL},
	{"narrow", N_("Filter"), N_("Only some days, or one store at the other end"), ACTION_HINT,
		0, NULL, run_narrow, NULL},
};
const struct action_table documents_actions = {
	.context = "documents",
	.title = N_("Stock documents"),
	ACTION_TABLE_ROWS(documents_rows),
};

/* ---- pane ---- */

/* What the list is narrowed to, so that nobody takes a part for all. */
static void documents_title(void *ctx, char *out, size_t size)
{
	const struct documents *self = ctx;
	const struct narrowing *narrow = &self->narrow;
	struct text title = TEXT_INIT(TEXT_SMALL);

	text_add(&title, gettext(side_of(self)->label));
	if (self->search[0])
		text_addf(&title, _(" | search \"%s\""), self->search);
	if (narrow->other[0])
		text_addf(&title, " | %s", narrow->other);
	if (narrow->since[0] || narrow->until[0])
		text_addf(&title, " | %s … %s", narrow->since, narrow->until);
	snprintf(out, size, "%s", text_get(&title));
	text_free(&title);
}

static const char *documents_help(void *ctx)
{
	(void)ctx;
	return _(
		"Goods between stores, and to and from third parties. A tab holds the documents of "
		"one status; amber ones wait for this store. * stands where HQ has not confirmed yet.");
}

static void file_name(void *ctx, char *out, size_t size)
{
	static const char *const names[SIDES] = {"outbound", "inbound"};
	const struct documents *self = ctx;

	snprintf(out, size, "%s", names[self->side]);
}

static void documents_close(void *ctx)
{
	struct documents *self = ctx;

	document_act_free(&self->act);
	list_free(&self->list);
	free(self);
}

static bool is_narrowed(const struct documents *self)
{
	return self->search[0] || self->narrow.since[0] || self->narrow.until[0] ||
		self->narrow.other[0];
}

static bool documents_may_leave(void *ctx)
{
	struct documents *self = ctx;

	if (!is_narrowed(self))
		return true;
	show_all(self);
	return false;
}

static size_t documents_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct documents *self = ctx;

	if (max < 5)
		return 0;
	out[0] = (struct action_scope){&documents_actions, self};
	out[1] = (struct action_scope){&document_actions, &self->act};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&list_actions, &self->list};
	out[4] = (struct action_scope){&export_actions, &self->export};
	return 5;
}

static void documents_changed(void *ctx)
{
	struct documents *self = ctx;

	self->is_stale = true;
	list_changed(&self->list);
}

/* Under a question the keys mean nothing, but stay where they are. */
static void read_side_keys(struct documents *self)
{
	static const char *const actions[SIDES] = {"outbound", "inbound"};

	for (int i = 0; i < SIDES; i++) {
		char key[KEY_SEQUENCE_BYTES];

		app_key_label(self->shop->app, actions[i], key, sizeof(key));
		if (key[0])
			snprintf(self->side_keys[i], sizeof(self->side_keys[i]), "%s", key);
	}
}

static void documents_recalc(void *ctx, const struct layout *layout)
{
	struct documents *self = ctx;

	read_side_keys(self);
	if (self->is_stale)
		count_tabs(self);
	self->list.empty = shop_empty_words(self->shop, gettext(side_of(self)->empty));
	list_recalc(&self->list, layout->body.rows - 3);
}

/* Each side with its key: they are changed too often to look for it. */
static void repaint_sides(const struct documents *self, const struct rect *row)
{
	int x = row->x + 1;
	int end = row->x + row->cols - 1;

	for (int i = 0; i < SIDES; i++) {
		bool is_now = (int)self->side == i;
		char label[DOCUMENT_TEXT_BYTES];

		snprintf(label, sizeof(label), is_now ? "[%s]" : " %s ",
			gettext(document_sides[i].label));
		x += draw_text(row->y, x, end - x, ROLE_KEY, self->side_keys[i]);
		x += draw_text(row->y, x, end - x, is_now ? ROLE_TAB_NOW : ROLE_TAB, label) + 2;
	}
}

static void repaint_foot(struct documents *self, const struct rect *foot)
{
	const struct document_face *face = face_now(self);
	char position[64];
	int cols;

	list_position(&self->list, position, sizeof(position));
	cols = draw_text_right(foot->y, foot->x, foot->cols - 1, ROLE_DIM, position);
	if (face)
		draw_text(foot->y, foot->x + 2, foot->cols - cols - 5, ROLE_DIM,
			document_next_step(self->shop, face));
}

static void documents_repaint(void *ctx, const struct rect *area)
{
	struct documents *self = ctx;
	struct rect body = *area;
	struct rect sides_row = layout_take_top(&body, 1);
	struct rect tabs_row = layout_take_top(&body, 1);
	struct rect foot = layout_take_bottom(&body, 1);

	repaint_sides(self, &sides_row);
	tabs_repaint(&self->tabs, tabs_row.y, tabs_row.x + 1, tabs_row.cols - 2);
	list_repaint(&self->list, &body);
	repaint_foot(self, &foot);
}

static const struct pane_ops documents_ops = {
	.context = "documents",
	.title = documents_title,
	.help = documents_help,
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

	if (!self ||
		!list_init(&self->list, &source_list, &self->source, self->columns,
			SIDE_COLUMN_COUNT)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->shop = shop;
	document_act_init(&self->act, shop, face_now, self);
	self->sides = (struct tabs){.count = SIDES, .changed = show_side, .ctx = self};
	self->tabs.changed = show_tab;
	self->tabs.ctx = self;
	export_list(&self->export, shop, &self->source, &self->list);
	self->export.name = file_name;
	self->export.ctx = self;
	start_source(self);
	return (struct pane){&documents_ops, self};
}

void pane_documents_show(void *documents, bool is_outbound, const char *status)
{
	struct documents *self = documents;

	show_all(self);
	tabs_choose(&self->sides, is_outbound ? OUTBOUND : INBOUND);
	count_tabs(self);
	tabs_choose(&self->tabs, document_side_tab(side_of(self), status));
}
