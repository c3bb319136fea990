/* Sales orders by status: what is not finished first, then all, then each status for itself. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/export.h"
#include "tui/list_days.h"
#include "tui/order_act.h"
#include "tui/order_audit.h"
#include "tui/tabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEARCH_BYTES 128
#define COUNT_REST 9 /* times as long as it took to count, nothing is counted */

enum { TAB_UNFINISHED, TAB_ALL, TAB_STATUSES };

/* What still wants something done. */
static const char unfinished[] =
	"open|pending|pending_payment|payment_review|processing|on_hold|suspected_fraud";

/* Which orders are looked at; "" is all. All that is set must hold. */
struct narrowing {
	struct list_days days;
	char number[SEARCH_BYTES];
	char customer[SEARCH_BYTES];
	char channel[COMMAND_ID_MAX + 1];
	char search[SEARCH_BYTES];
};

struct orders {
	struct source source; /* of `list` */
	struct list list;
	struct shop *shop;
	struct tabs tabs;
	struct narrowing narrow;
	int order;
	bool is_stale;       /* the counts must be read again */
	int64_t count_at_ms; /* app_now_ms; nothing is counted before */
	struct order_act act;
	struct order_face face; /* of the row under the cursor */
	bool is_face_stale;
	bool is_narrow; /* long numbers do not fit */
	struct export export;
};

/* ---- the list ---- */

enum {
	COLUMN_MARK,
	COLUMN_NUMBER,
	COLUMN_CUSTOMER,
	COLUMN_STATUS,
	COLUMN_OUTSTANDING,
	COLUMN_ORDERED,
	COLUMN_CHANNEL,
	COLUMN_CREATED,
	COLUMNS
};

static const struct source_column source_columns[COLUMNS] = {
	[COLUMN_MARK] = {.kind = SOURCE_MARK},
	[COLUMN_NUMBER] = {.column = "number"},
	[COLUMN_CUSTOMER] = {.column = "customer"},
	[COLUMN_STATUS] = {.column = "status", .kind = SOURCE_WORD, .group = "sales_order"},
	[COLUMN_OUTSTANDING] = {.column = "outstanding", .kind = SOURCE_QTY},
	[COLUMN_ORDERED] = {.column = "ordered", .kind = SOURCE_QTY},
	[COLUMN_CHANNEL] = {.column = "channel", .kind = SOURCE_CHANNEL},
	[COLUMN_CREATED] = {.column = "created_at", .kind = SOURCE_WHEN},
};

#define NUMBER_COLS 12
#define NUMBER_HEAD 3
#define WIDE_COLS 170 /* from here on the longest number that is made here fits */

/* Numbers that a store made begin alike and are told apart by their end: the middle is what goes. */
static void cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct orders *self = ctx;
	char tail[NUMBER_COLS];
	size_t length = strlen(out->text);

	(void)row;
	if (column != COLUMN_NUMBER || !self->is_narrow || length <= NUMBER_COLS ||
		cols_width(out->text) != (int)length)
		return;
	snprintf(tail, sizeof(tail), "%s", out->text + length - (NUMBER_COLS - NUMBER_HEAD - 1));
	snprintf(out->text + NUMBER_HEAD, sizeof(out->text) - NUMBER_HEAD, "\u2026%s", tail);
}

static const struct list_column list_columns[COLUMNS] = {
	[COLUMN_MARK] = {"", 1, 0, LIST_LEFT, 0, false},
	[COLUMN_NUMBER] = {N_("Number"), NUMBER_COLS, 1, LIST_LEFT, 0, true},
	[COLUMN_CUSTOMER] = {N_("Customer"), 13, 2, LIST_LEFT, 0, false},
	[COLUMN_STATUS] = {N_("Status"), 12, 1, LIST_LEFT, 1, false},
	[COLUMN_OUTSTANDING] = {N_("Owed"), 7, 0, LIST_RIGHT, 0, false},
	[COLUMN_ORDERED] = {N_("Ordered"), 7, 0, LIST_RIGHT, 2, false},
	[COLUMN_CHANNEL] = {N_("Channel"), 8, 1, LIST_LEFT, 4, false},
	[COLUMN_CREATED] = {N_("Created"), 11, 0, LIST_LEFT, 3, false},
};

static const char *row_number(const struct orders *self)
{
	const void *row = list_row(&self->list);

	return row ? source_text(&self->source, row, "number") : "";
}

/* Read when it is first asked for, and again after a change. */
static const struct order_face *face_now(void *ctx)
{
	struct orders *self = ctx;
	const char *number = row_number(self);

	if (!number[0])
		return NULL;
	if (self->is_face_stale || strcmp(self->face.number, number) != 0)
		order_face_read(self->shop, number, &self->face);
	self->is_face_stale = false;
	return self->face.is_here ? &self->face : NULL;
}

/* ---- what is looked at ---- */

static const char *tab_statuses(const struct orders *self)
{
	if (self->tabs.now == TAB_ALL)
		return NULL;
	return self->tabs.now == TAB_UNFINISHED
		? unfinished
		: order_word((enum order_status)(self->tabs.now - TAB_STATUSES));
}

static void set_filters(struct orders *self)
{
	const struct narrowing *narrow = &self->narrow;

	list_days_where(&self->source, &narrow->days);
	/* All of them are nearly all there are here. */
	source_where(&self->source, "store", self->tabs.now == TAB_ALL ? NULL : self->shop->store);
	source_where(&self->source, "served", self->tabs.now == TAB_ALL ? self->shop->store : NULL);
	source_where(&self->source, "number", narrow->number);
	source_where(&self->source, "customer", narrow->customer);
	source_where(&self->source, "channel", narrow->channel);
	source_where(&self->source, "q", narrow->search);
	source_where(&self->source, "status", tab_statuses(self));
}

static void count_one(void *ctx, const char *status, long count)
{
	struct orders *self = ctx;

	self->tabs.items[TAB_ALL].count += count;
	for (int i = 0; i < ORDER_STATUSES; i++) {
		enum order_status each = (enum order_status)i;

		if (strcmp(order_word(each), status) != 0)
			continue;
		self->tabs.items[TAB_STATUSES + i].count += count;
		if (each != ORDER_COMPLETE && each != ORDER_CLOSED && each != ORDER_CANCELED)
			self->tabs.items[TAB_UNFINISHED].count += count;
	}
}

/* The loop paints again after a timer, and recalculates before. */
static void go_on_counting(void *ctx)
{
	(void)ctx;
}

/* Over what the search leaves, without the tab's own filter. Of very many orders that takes a while, so that it is
 * done at most a tenth of the time. */
static void count_tabs(struct orders *self)
{
	struct tab *waiting = &self->tabs.items[TAB_UNFINISHED];
	int64_t began_ms = app_now_ms();

	if (began_ms < self->count_at_ms) {
		app_timer(self->shop->app, self->count_at_ms, go_on_counting, self);
		return;
	}
	for (int i = 0; i < self->tabs.count; i++)
		self->tabs.items[i].count = 0;
	source_where(&self->source, "status", NULL);
	source_group(&self->source, "status", count_one, self);
	set_filters(self);
	waiting->role = waiting->count > 0 ? ROLE_WARN : ROLE_NORMAL;
	self->is_stale = false;
	self->count_at_ms = app_now_ms() + COUNT_REST * (app_now_ms() - began_ms);
}

static void show_again(struct orders *self)
{
	set_filters(self);
	list_restart(&self->list);
}

static void tab_changed(void *ctx)
{
	show_again(ctx);
}

static void narrow_to(struct orders *self, const struct narrowing *narrow)
{
	self->narrow = *narrow;
	self->is_stale = true;
	show_again(self);
}

static bool is_narrowed(const struct orders *self)
{
	const struct narrowing *narrow = &self->narrow;

	return narrow->days.since[0] || narrow->days.until[0] || narrow->number[0] ||
		narrow->customer[0] || narrow->channel[0] || narrow->search[0];
}

/* ---- keys ---- */

static const char *why_no_row(void *ctx, int arg)
{
	const struct orders *self = ctx;

	(void)arg;
	return list_row(&self->list) ? NULL : _("There is no sales order here.");
}

static void run_open(void *ctx, int arg)
{
	struct orders *self = ctx;

	(void)arg;
	shop_push(self->shop, pane_order_new(self->shop, row_number(self)));
}

static const char *why_no_new(void *ctx, int arg)
{
	const struct orders *self = ctx;

	(void)arg;
	return shop_may(self->shop, "order.place");
}

static void run_new(void *ctx, int arg)
{
	struct orders *self = ctx;

	(void)arg;
	shop_push(self->shop, pane_order_place_new(self->shop));
}

static const char *take_search(void *ctx, const char *value)
{
	struct orders *self = ctx;
	struct narrowing narrow = self->narrow;

	snprintf(narrow.search, sizeof(narrow.search), "%s", value);
	narrow_to(self, &narrow);
	return NULL;
}

static void run_search(void *ctx, int arg)
{
	struct orders *self = ctx;

	(void)arg;
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){
			.title = _("Search"),
			.text = _(
				"Part of a number or of a customer's name; or a product in it, by name or SKU. Empty shows all."),
			.initial = self->narrow.search,
			.kind = DIALOG_TEXT,
			.submit = take_search,
			.ctx = self,
		});
}

static size_t pick_channel(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	struct orders *self = ctx;

	return order_pick_channel(self->shop, text, out, max);
}

static const char *submit_narrow(void *ctx, struct form *form)
{
	struct orders *self = ctx;
	struct narrowing narrow = self->narrow;
	const char *wrong = list_days_take(&narrow.days, form);

	if (wrong)
		return wrong;
#define TAKE(field) snprintf(narrow.field, sizeof(narrow.field), "%s", form_value(form, #field))
	TAKE(number);
	TAKE(customer);
	TAKE(channel);
#undef TAKE
	narrow_to(self, &narrow);
	return NULL;
}

#define NARROW_FIELDS (LIST_DAYS_FIELDS + 3)

static void run_narrow(void *ctx, int arg)
{
	struct orders *self = ctx;
	const struct narrowing *narrow = &self->narrow;
	struct form_field fields[NARROW_FIELDS];

	(void)arg;
	list_days_fields(&narrow->days, fields);
	fields[LIST_DAYS_FIELDS] = (struct form_field){.name = "number",
		.kind = FORM_TEXT,
		.label = N_("Number"),
		.hint = N_("How the number of the order begins; may be empty"),
		.initial = narrow->number,
		.max_chars = 60};
	fields[LIST_DAYS_FIELDS + 1] = (struct form_field){.name = "customer",
		.kind = FORM_TEXT,
		.label = N_("Customer"),
		.hint = N_("Part of the customer's name; may be empty"),
		.initial = narrow->customer,
		.max_chars = 60};
	fields[LIST_DAYS_FIELDS + 2] = (struct form_field){.name = "channel",
		.kind = FORM_PICK,
		.label = N_("Channel"),
		.hint = N_("Part of the channel's name or id"),
		.initial = narrow->channel[0] ? narrow->channel : NULL,
		.pick = pick_channel};
	form_open(self->shop->app,
		&(struct form_spec){
			.title = _("Only some orders"),
			.fields = fields,
			.field_count = NARROW_FIELDS,
			.submit = submit_narrow,
			.ctx = self,
		});
}

static const struct {
	const char *name; /* of the view; NULL: by when they were made */
	bool is_reversed;
	const char *words; /* N_; NULL: the usual one needs none */
} sortings[] = {
	{NULL, false, NULL},
	{NULL, true, N_("oldest first")},
	{"number", true, N_("by number")},
};
#define SORTINGS ((int)(sizeof(sortings) / sizeof(sortings[0])))

static void run_sort(void *ctx, int arg)
{
	struct orders *self = ctx;

	(void)arg;
	self->order = (self->order + 1) % SORTINGS;
	source_order(&self->source, sortings[self->order].name);
	self->source.is_reversed = sortings[self->order].is_reversed;
	list_restart(&self->list);
}

static void run_audit(void *ctx, int arg)
{
	struct orders *self = ctx;

	(void)arg;
	shop_push(self->shop, pane_report_new(self->shop, ORDER_AUDIT_REPORT));
}

static void run_picks(void *ctx, int arg)
{
	struct orders *self = ctx;

	(void)arg;
	shop_push(self->shop, pane_order_pick_new(self->shop));
}

static const struct action orders_rows[] = {
	{"open", N_("Open"), N_("Open the order"), ACTION_HINT, 0, why_no_row, run_open, NULL},
	{"new-order", N_("New"), N_("Key in a new order, or a sale at the counter"), ACTION_HINT, 0,
		why_no_new, run_new, NULL},
	{"pick-list", N_("Pick list"), N_("What this store is to pick and ship"), ACTION_HINT, 0,
		NULL, run_picks, NULL},
	{"search", N_("Search"), N_("Search numbers, customers and products"), ACTION_HINT, 0, NULL,
		run_search, NULL},
	{"narrow", N_("Filter"), N_("Only some days, one number, customer or channel"), ACTION_HINT,
		0, NULL, run_narrow, NULL},
	{"sort", N_("Sort"), N_("Newest first, oldest first, or by number"), 0, 0, NULL, run_sort,
		NULL},
	{"audit", N_("Audit"), N_("Orders whose reservations do not sum to what is outstanding"), 0,
		0, NULL, run_audit, NULL},
};
const struct action_table orders_actions = {
	.context = "orders",
	.title = N_("Sales orders"),
	ACTION_TABLE_ROWS(orders_rows),
};

/* ---- pane ---- */

static void orders_title(void *ctx, char *out, size_t size)
{
	const struct orders *self = ctx;
	const struct narrowing *narrow = &self->narrow;
	struct text title = TEXT_INIT(TEXT_SMALL);

	text_add(&title, _("Sales orders"));
	if (narrow->search[0])
		text_addf(&title, _(" | search \"%s\""), narrow->search);
	if (narrow->number[0])
		text_addf(&title, " | %s\u2026", narrow->number);
	if (narrow->customer[0])
		text_addf(&title, " | %s", narrow->customer);
	if (narrow->channel[0])
		text_addf(&title, " | %s", narrow->channel);
	list_days_title(&narrow->days, &title);
	if (sortings[self->order].words)
		text_addf(&title, " | %s", gettext(sortings[self->order].words));
	snprintf(out, size, "%s", text_get(&title));
	text_free(&title);
}

static const char *orders_help(void *ctx)
{
	(void)ctx;
	return _(
		"The orders of the channels this store serves. The first tab holds what is not "
		"finished. Outstanding is what is neither shipped, delivered, refunded nor cancelled. "
		"* stands where HQ has not confirmed yet.");
}

static void orders_close(void *ctx)
{
	struct orders *self = ctx;

	app_timer_drop(self->shop->app, self);
	order_act_free(&self->act);
	list_free(&self->list);
	free(self);
}

/* Esc takes back the search first. */
static bool orders_may_leave(void *ctx)
{
	struct orders *self = ctx;

	if (!is_narrowed(self))
		return true;
	narrow_to(self, &(struct narrowing){.number = ""});
	return false;
}

static size_t orders_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct orders *self = ctx;

	if (max < 5)
		return 0;
	out[0] = (struct action_scope){&orders_actions, self};
	out[1] = (struct action_scope){&order_actions, &self->act};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&list_actions, &self->list};
	out[4] = (struct action_scope){&export_actions, &self->export};
	return 5;
}

static void orders_changed(void *ctx)
{
	struct orders *self = ctx;

	self->is_stale = true;
	self->is_face_stale = true;
	list_changed(&self->list);
}

static void orders_recalc(void *ctx, const struct layout *layout)
{
	struct orders *self = ctx;

	if (self->is_stale)
		count_tabs(self);
	self->is_narrow = layout->body.cols < WIDE_COLS;
	self->list.empty = shop_empty_words(self->shop, _("No order here."));
	list_recalc(&self->list, layout->body.rows - 2);
	face_now(self);
}

/* What the row does not tell. */
static void repaint_foot(const struct orders *self, const struct rect *foot)
{
	const struct order_face *face = &self->face;
	struct text text = TEXT_INIT(TEXT_SMALL);
	char position[64];
	int cols;

	list_position(&self->list, position, sizeof(position));
	cols = draw_text_right(foot->y, foot->x, foot->cols - 1, ROLE_DIM, position);
	if (list_row(&self->list) && face->is_here) {
		order_add_flags(face, &text);
		draw_text(foot->y, foot->x + 2, foot->cols - cols - 5, ROLE_WARN, text_get(&text));
	}
	text_free(&text);
}

static void orders_repaint(void *ctx, const struct rect *area)
{
	struct orders *self = ctx;
	struct rect body = *area;
	struct rect tabs_row = layout_take_top(&body, 1);
	struct rect foot = layout_take_bottom(&body, 1);

	tabs_repaint(&self->tabs, tabs_row.y, tabs_row.x + 1, tabs_row.cols - 2);
	list_repaint(&self->list, &body);
	repaint_foot(self, &foot);
}

static const struct pane_ops orders_ops = {
	.context = "orders",
	.title = orders_title,
	.help = orders_help,
	.open = orders_changed,
	.close = orders_close,
	.may_leave = orders_may_leave,
	.scopes = orders_scopes,
	.recalc = orders_recalc,
	.repaint = orders_repaint,
	.on_change = orders_changed,
};

static void init_source(struct orders *self)
{
	source_init(&self->source, self->shop, "orders", source_columns, COLUMNS);
	self->source.pending_table = "sales_order";
	self->source.pending_child = "order_line";
	self->source.pending_key = "number";
	self->source.cell = cell;
	self->source.ctx = self;
}

static void init_tabs(struct orders *self)
{
	self->tabs.count = TAB_STATUSES + ORDER_STATUSES;
	self->tabs.changed = tab_changed;
	self->tabs.ctx = self;
	self->tabs.items[TAB_UNFINISHED].label = N_("Unfinished");
	/* TRANSLATORS: all sales orders. */
	self->tabs.items[TAB_ALL].label = N_("All orders");
	for (int i = 0; i < ORDER_STATUSES; i++)
		self->tabs.items[TAB_STATUSES + i].label = shop_word(
			"sales_order", order_word((enum order_status)i));
}

struct pane pane_orders_new(struct shop *shop)
{
	struct orders *self = calloc(1, sizeof(*self));

	if (!self || !list_init(&self->list, &source_list, &self->source, list_columns, COLUMNS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->shop = shop;
	init_source(self);
	init_tabs(self);
	order_act_init(&self->act, shop, face_now, self);
	export_list(&self->export, shop, &self->source, &self->list);
	self->is_stale = true;
	show_again(self);
	return (struct pane){&orders_ops, self};
}
