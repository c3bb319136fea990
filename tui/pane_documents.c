/* Stock documents by status: the outbound orders of this store and its inbound ones, each list with
 * the tabs of product.md section 2. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/document_act.h"
#include "tui/source.h"
#include "tui/tabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- tabs ---- */

struct status_tab {
	const char *label;    /* N_ */
	const char *statuses; /* of the view's filter */
	bool is_waiting;      /* for this store */
};

static const struct status_tab outbound_tabs[] = {
	{N_("To confirm"), "pending", false},
	{N_("To ship"), "accepted", true},
	{N_("In progress"), "shipped|arrived|partial", false},
	{N_("Completed"), "received", false},
	{N_("Cancelled"), "rejected|cancelled", false},
};

static const struct status_tab inbound_tabs[] = {
	{N_("To confirm"), "pending", true},
	{N_("To receive"), "accepted|shipped", true},
	{N_("Counting"), "arrived", true},
	{N_("Partial"), "partial", true},
	{N_("Received"), "received", false},
	{N_("Cancelled"), "rejected|cancelled", false},
};

enum side { OUTBOUND, INBOUND, SIDES };

/* ---- columns ---- */

/* What both lists show, in the order of their columns; the numbers and ends change places. */
#define SIDE_SOURCE(own, partner, near, far)                                           \
	{                                                                              \
		{.kind = SOURCE_MARK}, {.column = own},                                \
			{.column = "total_qty", .kind = SOURCE_QTY},                   \
			{.column = "counted_qty", .kind = SOURCE_QTY},                 \
			{.column = far, .kind = SOURCE_STORE},                         \
			{.column = "created_at", .kind = SOURCE_WHEN},                 \
			{.column = "expected_on"}, {.column = partner},                \
			{.column = "transfer_number"},                                 \
			{.column = near, .kind = SOURCE_STORE},                        \
			{.column = "status", .kind = SOURCE_WORD, .group = "movement"} \
	}
#define SIDE_COLUMNS(partner_title, near_title, far_title)                         \
	{                                                                          \
		{"", 1, 0, LIST_LEFT, 0, false},                                   \
			{N_("Number"), 29, 1, LIST_LEFT, 0, true},                 \
			{N_("Total"), 8, 0, LIST_RIGHT, 0, false},                 \
			{N_("Checked"), 8, 0, LIST_RIGHT, 2, false},               \
			{far_title, 10, 4, LIST_LEFT, 0, false},                   \
			{N_("Created"), 11, 0, LIST_LEFT, 1, false},               \
			{N_("Expected"), 10, 0, LIST_LEFT, 4, false},              \
			{partner_title, 29, 0, LIST_LEFT, 3, false},               \
			{N_("Transfer order"), 14, 0, LIST_LEFT, 7, false},        \
			{near_title, 10, 2, LIST_LEFT, 6, false},                  \
			{N_("Status"), 22, 0, LIST_LEFT, 5, false},                \
	}
/* Of a number, without the store in it: OUT-…-20261121-1531-ABCDE */
#define NUMBER_COLS 24
enum { COLUMN_NUMBER = 1, COLUMN_FAR = 4, COLUMN_NEAR = 9, SIDE_COLUMN_COUNT = 11 };

static const struct side_spec {
	const char *label;  /* N_ */
	const char *filter; /* the view's, for this store */
	const char *empty;  /* N_ */
	const char *own_number;
	const struct status_tab *tabs;
	int tab_count;
	struct source_column source[SIDE_COLUMN_COUNT];
	struct list_column columns[SIDE_COLUMN_COUNT];
} sides[SIDES] = {
	[OUTBOUND] = {
		.label = N_("Outbound orders"),
		.filter = "from",
		.empty = N_("No outbound order here."),
		.own_number = "out_number",
		.tabs = outbound_tabs,
		.tab_count = (int)(sizeof(outbound_tabs) / sizeof(outbound_tabs[0])),
		.source = SIDE_SOURCE("out_number", "in_number", "from_store", "to_store"),
		.columns = SIDE_COLUMNS(N_("Inbound order"), N_("Source"), N_("Destination")),
	},
	[INBOUND] = {
		.label = N_("Inbound orders"),
		.filter = "to",
		.empty = N_("No inbound order here."),
		.own_number = "in_number",
		.tabs = inbound_tabs,
		.tab_count = (int)(sizeof(inbound_tabs) / sizeof(inbound_tabs[0])),
		.source = SIDE_SOURCE("in_number", "out_number", "to_store", "from_store"),
		.columns = SIDE_COLUMNS(N_("Outbound order"), N_("Destination"), N_("Source")),
	},
};

/* ---- the pane ---- */

#define SEARCH_BYTES 128
#define OTHER_BYTES 200

struct documents {
	struct shop *shop;
	struct document_act act;
	struct document_face face;
	enum side side;
	struct tabs sides; /* 出倉單 進倉單; drawn by this pane */
	struct tabs tabs;  /* the statuses of the side */
	int tab_of[SIDES]; /* where one was on the other side */
	struct source source;
	struct list list;
	struct list_column columns[SIDE_COLUMN_COUNT];
	char search[SEARCH_BYTES];
	char other[OTHER_BYTES]; /* statuses only a newer HQ knows, for a tab of their own */
	long other_count;
	char side_keys[SIDES][KEY_SEQUENCE_BYTES];
	bool is_stale; /* the counts must be read again */
};

static const struct side_spec *side_of(const struct documents *self)
{
	return &sides[self->side];
}

/* ---- what is shown ---- */

static bool tab_has(const char *statuses, const char *status)
{
	size_t length = strlen(status);

	for (const char *at = statuses; *at;) {
		size_t word = strcspn(at, "|");

		if (word == length && strncmp(at, status, length) == 0)
			return true;
		at += word + (at[word] == '|');
	}
	return false;
}

static int tab_of_status(const struct documents *self, const char *status)
{
	const struct side_spec *side = side_of(self);

	for (int i = 0; i < side->tab_count; i++)
		if (tab_has(side->tabs[i].statuses, status))
			return i;
	return side->tab_count;
}

static void set_filters(struct documents *self)
{
	const struct side_spec *side = side_of(self);
	int tab = self->tabs.now;

	source_where(&self->source, side->filter, self->shop->store);
	source_where(&self->source, "q", self->search);
	source_where(&self->source, "status",
		tab < side->tab_count ? side->tabs[tab].statuses : self->other);
}

static void show_tab(void *ctx)
{
	struct documents *self = ctx;

	self->tab_of[self->side] = self->tabs.now;
	set_filters(self);
	list_restart(&self->list);
}

static void count_one(void *ctx, const char *status, long count)
{
	struct documents *self = ctx;
	int tab = tab_of_status(self, status);
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
	const struct side_spec *side = side_of(self);

	for (int i = 0; i < side->tab_count; i++)
		self->tabs.items[i] = (struct tab){side->tabs[i].label, 0, ROLE_NORMAL};
	self->other[0] = '\0';
	self->other_count = 0;
	source_where(&self->source, "status", NULL);
	source_group(&self->source, "status", count_one, self);
	for (int i = 0; i < side->tab_count; i++)
		if (side->tabs[i].is_waiting && self->tabs.items[i].count > 0)
			self->tabs.items[i].role = ROLE_WARN;
	self->tabs.count = side->tab_count;
	if (self->other_count > 0)
		self->tabs.items[self->tabs.count++] =
			(struct tab){N_("Other"), self->other_count, ROLE_NORMAL};
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
	const struct side_spec *side = side_of(self);

	source_init(&self->source, self->shop, "movements", side->source, SIDE_COLUMN_COUNT);
	self->source.pending_table = "movement";
	self->source.pending_child = "movement_line";
	self->source.pending_key = "id";
	self->source.cell = fill_end;
	self->source.ctx = self;
	memcpy(self->columns, side->columns, sizeof(self->columns));
	self->columns[COLUMN_NUMBER].width_cols = NUMBER_COLS + (int)strlen(self->shop->store);
	self->list.empty = gettext(side->empty);
	self->tabs.now = self->tab_of[self->side];
	set_filters(self);
	list_restart(&self->list);
	self->is_stale = true;
}

static void show_side(void *ctx)
{
	struct documents *self = ctx;

	self->side = (enum side)self->sides.now;
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

static void set_search(struct documents *self, const char *value)
{
	snprintf(self->search, sizeof(self->search), "%s", value);
	source_where(&self->source, "q", self->search);
	list_restart(&self->list);
	self->is_stale = true;
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
			.text = _("Part of a number, of a note or of a third party's name. Empty shows all."),
			.initial = self->search,
			.kind = DIALOG_TEXT,
			.submit = take_search,
			.ctx = self,
		});
}

static const struct action documents_rows[] = {
	{"open", N_("Open"), N_("Open the document"), ACTION_HINT, 0, why_no_row, run_open, NULL},
	{"new", N_("New"), N_("New outbound order, or third-party inbound"), ACTION_HINT, 0,
		why_no_new, run_new, NULL},
	{"outbound", N_("Outbound"), N_("Outbound orders of this store"), 0, OUTBOUND,
		why_not_side, run_side, NULL},
	{"inbound", N_("Inbound"), N_("Inbound orders of this store"), 0, INBOUND,
		why_not_side, run_side, NULL},
	{"search", N_("Search"), N_("Search numbers, notes and third parties"), ACTION_HINT, 0,
		NULL, run_search, NULL},
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

	if (self->search[0])
		/* TRANSLATORS: a list, and what it was searched for. */
		snprintf(out, size, _("%s: search \"%s\""), gettext(side_of(self)->label),
			self->search);
	else
		snprintf(out, size, "%s", gettext(side_of(self)->label));
}

static const char *documents_help(void *ctx)
{
	(void)ctx;
	return _("Goods between stores, and to and from third parties. A tab holds the documents of "
		 "one status; amber ones wait for this store. * stands where HQ has not confirmed yet.");
}

static void documents_close(void *ctx)
{
	struct documents *self = ctx;

	document_act_free(&self->act);
	list_free(&self->list);
	free(self);
}

static bool documents_may_leave(void *ctx)
{
	struct documents *self = ctx;

	if (!self->search[0])
		return true;
	set_search(self, "");
	return false;
}

static size_t documents_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct documents *self = ctx;

	if (max < 4)
		return 0;
	out[0] = (struct action_scope){&documents_actions, self};
	out[1] = (struct action_scope){&document_actions, &self->act};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&list_actions, &self->list};
	return 4;
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

		snprintf(label, sizeof(label), is_now ? "[%s]" : " %s ", gettext(sides[i].label));
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

	if (!self || !list_init(&self->list, &source_list, &self->source, self->columns,
			     SIDE_COLUMN_COUNT)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->shop = shop;
	document_act_init(&self->act, shop, face_now, self);
	self->sides = (struct tabs){.count = SIDES, .changed = show_side, .ctx = self};
	self->tabs.changed = show_tab;
	self->tabs.ctx = self;
	start_source(self);
	return (struct pane){&documents_ops, self};
}

void pane_documents_show(void *documents, bool is_outbound, const char *status)
{
	struct documents *self = documents;

	set_search(self, "");
	tabs_choose(&self->sides, is_outbound ? OUTBOUND : INBOUND);
	count_tabs(self);
	tabs_choose(&self->tabs, tab_of_status(self, status));
}
