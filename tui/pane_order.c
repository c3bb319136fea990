/* One sales order: its lines, what was shipped, credited and invoiced of them, its rows in the reservation
 * ledger, and who did what to it when. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/document_history.h"
#include "tui/explain_here.h"
#include "tui/export.h"
#include "tui/order_act.h"
#include "tui/order_entries.h"
#include "tui/order_head.h"
#include "tui/order_lines.h"
#include "tui/tabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kinds of entries stand between the lines and the history. */
enum { VIEW_LINES, VIEW_ENTRIES, VIEW_HISTORY = VIEW_ENTRIES + ORDER_ENTRIES_KINDS, VIEWS };

static const char *const labels[VIEWS] = {
	[VIEW_LINES] = N_("Lines"),
	[VIEW_ENTRIES + ORDER_SHIPMENTS] = N_("Shipments"),
	[VIEW_ENTRIES + ORDER_MEMOS] = N_("Credit memos"),
	[VIEW_ENTRIES + ORDER_INVOICES] = N_("Invoices"),
	[VIEW_ENTRIES + ORDER_LEDGER] = N_("Reservations"),
	[VIEW_HISTORY] = N_("History"),
};

struct page {
	struct shop *shop;
	struct order_data data;
	struct order_act act;
	struct order_head head;
	struct tabs tabs;
	struct order_lines lines;
	struct order_entries entries[ORDER_ENTRIES_KINDS];
	struct document_history history;
	struct source files[VIEWS]; /* for the file only */
	struct export exports[VIEWS];
	struct explain_here explain;
	char number[COMMAND_ID_MAX + 1];
};

static struct list *shown_list(struct page *self)
{
	if (self->tabs.now == VIEW_LINES)
		return &self->lines.list;
	return self->tabs.now == VIEW_HISTORY ? &self->history.list
					      : &self->entries[self->tabs.now - VIEW_ENTRIES].list;
}

/* ---- keys ---- */

static const struct order_face *page_face(void *ctx)
{
	const struct page *self = ctx;

	return self->data.face.is_here ? &self->data.face : NULL;
}

static const char *why_no_row(void *ctx, int arg)
{
	(void)arg;
	return list_row(shown_list(ctx)) ? NULL : _("There is no line here.");
}

static void run_row(void *ctx, int arg)
{
	struct page *self = ctx;
	const void *row = list_row(shown_list(self));

	(void)arg;
	if (self->tabs.now == VIEW_HISTORY)
		document_history_show(&self->history);
	else if (self->tabs.now == VIEW_LINES)
		shop_open_document(
			self->shop, "product", ((const struct order_item *)row)->line.sku);
	else
		shop_open_document(self->shop, "product", ((const struct order_entry *)row)->sku);
}

/* The figures of the line or entry under the cursor, then what may still be promised of its product. */
static size_t page_numbers(void *ctx, struct explain *out, size_t max)
{
	struct page *self = ctx;
	const void *row = list_row(shown_list(self));
	const char *sku;
	size_t count = 0;

	if (!row || self->tabs.now == VIEW_HISTORY)
		return 0;
	sku = self->tabs.now == VIEW_LINES ? ((const struct order_item *)row)->line.sku
					   : ((const struct order_entry *)row)->sku;
	for (int kind = EXPLAIN_ORDER_ORDERED; kind <= EXPLAIN_ORDER_RESERVED && count < max;
		kind++)
		out[count++] = explain_of((enum explain_kind)kind, self->number, sku);
	for (int kind = EXPLAIN_SALABLE; kind <= EXPLAIN_RESERVED && count < max; kind++)
		out[count++] = explain_of((enum explain_kind)kind, self->data.face.channel, sku);
	return count;
}

static const struct action page_rows[] = {
	{"open-line", N_("Open"), N_("Open the product of this line, or all of this entry"),
		ACTION_HINT, 0, why_no_row, run_row, NULL},
};
const struct action_table order_page_actions = {
	.context = "order-page",
	.title = N_("Lines of a sales order"),
	ACTION_TABLE_ROWS(page_rows),
};

/* ---- reading ---- */

static void page_changed(void *ctx)
{
	struct page *self = ctx;

	order_data_load(&self->data, self->number);
	order_head_read(&self->head, self->shop, &self->data.face);
	order_lines_read(&self->lines);
	self->tabs.items[VIEW_LINES].count = (long)self->data.items.count;
	for (int i = 0; i < ORDER_ENTRIES_KINDS; i++) {
		order_entries_read(&self->entries[i], self->number);
		self->tabs.items[VIEW_ENTRIES + i].count = (long)self->entries[i].rows.count;
	}
	self->tabs.items[VIEW_ENTRIES + ORDER_MEMOS].role = self->data.face.open_memos > 0
		? ROLE_WARN
		: ROLE_NORMAL;
	/* An order that was not there yet has no id to find its history by. */
	source_where(
		&self->history.source, "doc", self->data.face.is_here ? self->data.face.id : "-");
	list_changed(&self->history.list);
	self->tabs.items[VIEW_HISTORY].count = source_count(&self->history.source);
}

/* ---- painting ---- */

static void page_recalc(void *ctx, const struct layout *layout)
{
	struct page *self = ctx;
	int rows = layout->body.rows - ORDER_HEAD_ROWS - 1;

	order_lines_recalc(&self->lines, rows, layout->body.cols);
	for (int i = 0; i < ORDER_ENTRIES_KINDS; i++)
		list_recalc(&self->entries[i].list, rows);
	list_recalc(&self->history.list, rows);
}

static void page_repaint(void *ctx, const struct rect *area)
{
	struct page *self = ctx;
	struct rect body = *area;
	struct rect head, tabs;

	if (!self->data.face.is_here) {
		draw_paragraph(area, ROLE_WARN, _("This order is no longer here."), 0);
		return;
	}
	head = layout_take_top(&body, ORDER_HEAD_ROWS);
	tabs = layout_take_top(&body, 1);
	order_head_repaint(&self->head, head);
	tabs_repaint(&self->tabs, tabs.y, tabs.x + 1, tabs.cols - 2);
	list_repaint(shown_list(self), &body);
}

/* ---- pane ---- */

static void page_title(void *ctx, char *out, size_t size)
{
	const struct page *self = ctx;

	/* TRANSLATORS: a sales order by its number. */
	snprintf(out, size, _("Order %s"), self->number);
}

static const char *page_help(void *ctx)
{
	(void)ctx;
	return _(
		"One sales order. Of each line, ordered = cancelled + shipped + refunded before it was "
		"shipped + outstanding; what is virtual is delivered by its invoice instead of a shipment. "
		"The reservations of a SKU sum to what is outstanding, below zero. An action that cannot "
		"be done now says why.");
}

static void file_name(void *ctx, char *out, size_t size)
{
	const struct page *self = ctx;

	snprintf(out, size, "%s-%s", self->number, self->files[self->tabs.now].view->name);
}

static void page_close(void *ctx)
{
	struct page *self = ctx;

	order_act_free(&self->act);
	order_lines_free(&self->lines);
	for (int i = 0; i < ORDER_ENTRIES_KINDS; i++)
		order_entries_free(&self->entries[i]);
	document_history_free(&self->history);
	order_data_free(&self->data);
	free(self);
}

static size_t page_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct page *self = ctx;

	if (max < 6)
		return 0;
	out[0] = (struct action_scope){&order_actions, &self->act};
	out[1] = (struct action_scope){&order_page_actions, self};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&list_actions, shown_list(self)};
	out[4] = (struct action_scope){&export_actions, &self->exports[self->tabs.now]};
	out[5] = (struct action_scope){&explain_here_actions, &self->explain};
	return 6;
}

static const struct pane_ops page_ops = {
	.context = "order",
	.title = page_title,
	.help = page_help,
	.close = page_close,
	.scopes = page_scopes,
	.recalc = page_recalc,
	.repaint = page_repaint,
	.on_change = page_changed,
};

static void init_files(struct page *self)
{
	const char *views[VIEWS] = {[VIEW_LINES] = "order_lines", [VIEW_HISTORY] = "history"};

	for (int i = 0; i < ORDER_ENTRIES_KINDS; i++)
		views[VIEW_ENTRIES + i] = order_entries_view((enum order_entries_kind)i);
	for (int i = 0; i < VIEWS; i++) {
		source_init(&self->files[i], self->shop, views[i], NULL, 0);
		source_where(&self->files[i], i == VIEW_HISTORY ? "doc" : "order",
			i == VIEW_HISTORY ? self->data.face.id : self->number);
		self->tabs.now = i;
		export_list(&self->exports[i], self->shop, &self->files[i], shown_list(self));
		self->exports[i].name = file_name;
		self->exports[i].ctx = self;
	}
	self->tabs.now = VIEW_LINES;
}

static bool init_lists(struct page *self)
{
	bool good = order_lines_init(&self->lines, &self->data);

	for (int i = 0; i < ORDER_ENTRIES_KINDS; i++)
		good = order_entries_init(
			       &self->entries[i], self->shop, (enum order_entries_kind)i) &&
			good;
	return document_history_init(&self->history, self->shop, "") && good;
}

struct pane pane_order_new(struct shop *shop, const char *number)
{
	struct page *self = calloc(1, sizeof(*self));

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	snprintf(self->number, sizeof(self->number), "%s", number);
	order_data_init(&self->data, shop);
	order_act_init(&self->act, shop, page_face, self);
	explain_here_init(&self->explain, shop, page_numbers, self);
	self->tabs.count = VIEWS;
	for (int i = 0; i < VIEWS; i++)
		self->tabs.items[i].label = labels[i];
	if (!init_lists(self)) {
		page_close(self);
		return (struct pane){NULL, NULL};
	}
	page_changed(self);
	init_files(self);
	return (struct pane){&page_ops, self};
}
