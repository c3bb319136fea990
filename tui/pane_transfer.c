/* One transfer order: its head, its lines with what either end has, and who did what to it when. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/document_history.h"
#include "tui/export.h"
#include "tui/tabs.h"
#include "tui/transfer_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_ROWS 5
#define NARROW_BODY_ROWS 16
#define FACT_COLS_MAX 56 /* where the second fact stands on wide screens */

enum transfer_view { VIEW_LINES, VIEW_HISTORY, VIEWS };
enum { LINE_SKU, LINE_NAME, LINE_ORDERED, LINE_AGREED, LINE_SOURCE, LINE_HERE, LINE_COLUMNS };

struct detail {
	struct transfer transfer; /* must stay first: its rows are the list of lines */
	struct shop *shop;
	struct transfer_act act;
	struct tabs tabs;
	struct list lines;
	struct list_column columns[LINE_COLUMNS];
	struct document_history history;
	struct source lines_source; /* for the file only */
	struct export export;
	int name_cols; /* of the longest name */
	bool is_narrow;
	char id[COMMAND_ID_MAX + 1];
};

/* ---- lines ---- */

static const struct list_column line_columns[LINE_COLUMNS] = {
	[LINE_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},
	[LINE_NAME] = {N_("Product"), 10, 1, LIST_LEFT, 0, false},
	[LINE_ORDERED] = {N_("Asked for"), 9, 0, LIST_RIGHT, 0, false},
	[LINE_AGREED] = {N_("Agreed"), 7, 0, LIST_RIGHT, 0, false},
	/* TRANSLATORS: what the store that is asked has available. */
	[LINE_SOURCE] = {N_("At source"), 9, 0, LIST_RIGHT, 0, false},
	/* TRANSLATORS: what this store has available. */
	[LINE_HERE] = {N_("Here"), 8, 0, LIST_RIGHT, 1, false},
};

static void put_figure(const struct detail *self, const struct transfer_line *line, int column,
	struct list_cell *out)
{
	const int64_t figures[LINE_COLUMNS] = {
		[LINE_ORDERED] = line->ordered,
		[LINE_AGREED] = line->agreed,
		[LINE_SOURCE] = line->at_source,
		[LINE_HERE] = line->here,
	};
	enum transfer_status status = self->transfer.face.status;
	bool is_unknown = (column == LINE_SOURCE && !line->is_source_known) ||
		(column == LINE_AGREED && status != TRANSFER_AGREED);
	char qty[SHOP_QTY_BYTES] = "–";

	if (!is_unknown)
		shop_qty(figures[column], qty);
	if (column == LINE_SOURCE && !is_unknown && status == TRANSFER_PENDING &&
		line->at_source < line->ordered)
		out->role = ROLE_WARN;
	if ((column == LINE_SOURCE || column == LINE_HERE) && !is_unknown && figures[column] < 0)
		out->role = ROLE_LOSS;
	if (column == LINE_AGREED && !is_unknown && line->agreed < line->ordered)
		out->role = ROLE_WARN;
	snprintf(out->text, sizeof(out->text), "%s", qty);
}

static void line_cell(void *ctx, const void *row, int column, struct list_cell *out)
{
	const struct transfer_line *line = row;

	if (column == LINE_SKU)
		snprintf(out->text, sizeof(out->text), "%s", line->sku);
	else if (column == LINE_NAME)
		snprintf(out->text, sizeof(out->text), "%s", line->name);
	else
		put_figure(ctx, line, column, out);
}

static const struct list_source line_source = {
	.row_bytes = sizeof(struct transfer_line),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = line_cell,
};

/* At the source both stores' figures would be the same one. Where there is little room, what is agreed gives
 * way before the answer, and what is available after it. */
static void choose_columns(struct detail *self)
{
	bool is_open = self->transfer.face.status == TRANSFER_PENDING;

	memcpy(self->columns, line_columns, sizeof(self->columns));
	self->lines.column_count = self->transfer.face.is_source ? LINE_HERE : LINE_COLUMNS;
	if (self->transfer.face.is_source)
		self->columns[LINE_SOURCE].title = N_("Available");
	self->columns[is_open ? LINE_AGREED : LINE_SOURCE].drop = LINE_COLUMNS;
	self->name_cols = 0;
	for (size_t i = 0; i < self->transfer.rows.count; i++) {
		int cols = cols_width(transfer_line_at(&self->transfer, i)->name);

		self->name_cols = cols > self->name_cols ? cols : self->name_cols;
	}
}

/* ---- keys ---- */

static const struct transfer_face *detail_face(void *ctx)
{
	const struct detail *self = ctx;

	return self->transfer.is_here ? &self->transfer.face : NULL;
}

static struct list *shown_list(struct detail *self)
{
	return self->tabs.now == VIEW_LINES ? &self->lines : &self->history.list;
}

static const char *why_no_row(void *ctx, int arg)
{
	(void)arg;
	return list_row(shown_list(ctx)) ? NULL : _("There is no line here.");
}

static void run_row(void *ctx, int arg)
{
	struct detail *self = ctx;
	const struct transfer_line *line = list_row(shown_list(self));

	(void)arg;
	if (self->tabs.now == VIEW_HISTORY)
		document_history_show(&self->history);
	else
		shop_open_document(self->shop, "product", line->sku);
}

static const struct action detail_rows[] = {
	{"open-line", N_("Open"), N_("Open the product of this line, or all of this entry"),
		ACTION_HINT, 0, why_no_row, run_row, NULL},
};
const struct action_table transfer_lines_actions = {
	.context = "transfer-lines",
	.title = N_("Lines of a transfer order"),
	ACTION_TABLE_ROWS(detail_rows),
};

/* ---- reading ---- */

static void detail_changed(void *ctx)
{
	struct detail *self = ctx;

	transfer_load(&self->transfer, self->id);
	choose_columns(self);
	self->tabs.items[VIEW_LINES].count = (long)self->transfer.rows.count;
	self->tabs.items[VIEW_HISTORY].count = source_count(&self->history.source);
	list_changed(&self->lines);
	list_changed(&self->history.list);
}

/* ---- painting ---- */

static int put(int y, int x, int cols, const char *label, const char *value)
{
	int used = draw_text(y, x, cols, ROLE_DIM, label);

	return used + 1 + draw_text(y, x + used + 1, cols - used - 1, ROLE_NORMAL, value) + 2;
}

static int half_of(const struct rect *row)
{
	return row->cols / 2 < FACT_COLS_MAX ? row->cols / 2 : FACT_COLS_MAX;
}

static void paint_status(const struct detail *self, const struct rect *row)
{
	const struct transfer_face *face = &self->transfer.face;
	int x = row->x;
	int end = row->x + row->cols;

	if (self->transfer.is_pending)
		x += 1 + draw_text(row->y, x, 1, ROLE_PENDING, SHOP_PENDING_MARK);
	x += 2 +
		draw_text(row->y, x, end - x, shop_status_role("transfer", face->status_word),
			shop_word("transfer", face->status_word));
	draw_text(row->y, x, end - x, ROLE_NORMAL, transfer_next_step(self->shop, face));
}

static void paint_way(const struct detail *self, const struct rect *row)
{
	char from[SHOP_NAME_BYTES], to[SHOP_NAME_BYTES];
	int half = half_of(row);

	shop_store_name(self->shop, self->transfer.face.from, from, sizeof(from));
	shop_store_name(self->shop, self->transfer.face.to, to, sizeof(to));
	put(row->y, row->x, half - 1, _("Source"), from);
	put(row->y, row->x + half, row->cols - half, _("Destination"), to);
}

static void paint_dates(const struct detail *self, const struct rect *row)
{
	const struct transfer *transfer = &self->transfer;
	char when[SHOP_WHEN_BYTES], who[SHOP_NAME_BYTES];
	char created[SHOP_WHEN_BYTES + SHOP_NAME_BYTES + 2];
	int half = half_of(row);

	shop_when_full(self->shop, transfer->created_ms, when);
	shop_staff_name(self->shop, transfer->created_by, who, sizeof(who));
	snprintf(created, sizeof(created), "%s %s", when, who);
	put(row->y, row->x, half, _("Expected"),
		transfer->expected_on[0] ? transfer->expected_on : "–");
	put(row->y, row->x + half, row->cols - half, _("Created"), created);
}

static void paint_sums(const struct detail *self, const struct rect *row)
{
	const struct transfer *transfer = &self->transfer;
	char qty[SHOP_QTY_BYTES], when[SHOP_WHEN_BYTES];
	int x = row->x;
	int end = row->x + row->cols;

	shop_qty(transfer->ordered, qty);
	x += put(row->y, x, end - x, _("Asked for"), qty);
	if (transfer->face.status == TRANSFER_AGREED) {
		shop_qty(transfer->agreed, qty);
		x += put(row->y, x, end - x, _("Agreed"), qty);
	}
	if (transfer->source_told_ms > 0 && transfer->face.status == TRANSFER_PENDING) {
		shop_when(self->shop, transfer->source_told_ms, when);
		put(row->y, x, end - x, _("At source as of"), when);
	}
	if (transfer->movement_number[0])
		put(row->y, x, end - x, _("Stock document"), transfer->movement_number);
}

/* What a person should know beyond the figures; the most pressing first. */
static void paint_note(const struct detail *self, const struct rect *row)
{
	const struct transfer *transfer = &self->transfer;

	if (transfer->reason[0])
		put(row->y, row->x, row->cols, _("Reason"), transfer->reason);
	else if (transfer->note[0])
		put(row->y, row->x, row->cols, _("Note"), transfer->note);
	else if (!transfer->knows_source && transfer->face.status == TRANSFER_PENDING)
		draw_text(row->y, row->x, row->cols, ROLE_DIM,
			_("What the source has is not known here yet: HQ is asked while the line is up."));
}

static void paint_head(const struct detail *self, struct rect head)
{
	static void (*const rows[])(const struct detail *, const struct rect *) = {
		paint_status, paint_way, paint_dates, paint_sums, paint_note};

	head.x += 1;
	head.cols -= 2;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && head.rows > 0; i++) {
		struct rect row = layout_take_top(&head, 1);

		rows[i](self, &row);
	}
}

/* Where rows are few the last one stands there only if it says something. */
static int head_rows(const struct detail *self)
{
	const struct transfer *transfer = &self->transfer;
	bool has_note = transfer->reason[0] || transfer->note[0] ||
		(!transfer->knows_source && transfer->face.status == TRANSFER_PENDING);

	return self->is_narrow && !has_note ? HEAD_ROWS - 1 : HEAD_ROWS;
}

static void detail_repaint(void *ctx, const struct rect *area)
{
	struct detail *self = ctx;
	struct rect body = *area;
	struct rect head, tabs;

	if (!self->transfer.is_here) {
		draw_paragraph(area, ROLE_WARN, _("This document is no longer here."), 0);
		return;
	}
	head = layout_take_top(&body, head_rows(self));
	tabs = layout_take_top(&body, 1);
	paint_head(self, head);
	tabs_repaint(&self->tabs, tabs.y, tabs.x + 1, tabs.cols - 2);
	list_repaint(shown_list(self), &body);
}

static void detail_recalc(void *ctx, const struct layout *layout)
{
	struct detail *self = ctx;
	int height;

	self->is_narrow = layout->body.rows < NARROW_BODY_ROWS;
	height = layout->body.rows - head_rows(self) - 1;
	document_rows_fit_name(self->columns, self->lines.column_count, LINE_NAME, self->name_cols,
		layout->body.cols);
	list_recalc(&self->lines, height);
	list_recalc(&self->history.list, height);
}

/* ---- pane ---- */

static void detail_title(void *ctx, char *out, size_t size)
{
	const struct detail *self = ctx;

	snprintf(out, size, "%s", self->transfer.is_here ? self->transfer.face.number : self->id);
}

static const char *detail_help(void *ctx)
{
	(void)ctx;
	return _(
		"One store asks another for goods. Where the other agrees, maybe to less, an accepted "
		"stock document is made, and the goods go by that.");
}

static void detail_close(void *ctx)
{
	struct detail *self = ctx;

	transfer_act_free(&self->act);
	list_free(&self->lines);
	document_history_free(&self->history);
	transfer_free(&self->transfer);
	free(self);
}

static size_t detail_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct detail *self = ctx;

	if (max < 5)
		return 0;
	out[0] = (struct action_scope){&transfer_actions, &self->act};
	out[1] = (struct action_scope){&transfer_lines_actions, self};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&list_actions, shown_list(self)};
	out[4] = (struct action_scope){&export_actions, &self->export};
	return 5;
}

static const struct pane_ops detail_ops = {
	.context = "transfer",
	.title = detail_title,
	.help = detail_help,
	.close = detail_close,
	.scopes = detail_scopes,
	.recalc = detail_recalc,
	.repaint = detail_repaint,
	.on_change = detail_changed,
};

struct pane pane_transfer_new(struct shop *shop, const char *id)
{
	struct detail *self = calloc(1, sizeof(*self));

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	snprintf(self->id, sizeof(self->id), "%s", id);
	transfer_init(&self->transfer, shop);
	transfer_act_init(&self->act, shop, detail_face, self);
	source_init(&self->lines_source, shop, "transfer_lines", NULL, 0);
	source_where(&self->lines_source, "transfer", id);
	export_list(&self->export, shop, &self->lines_source, &self->lines);
	self->export.name = detail_title;
	self->export.ctx = self;
	self->tabs.count = VIEWS;
	self->tabs.items[VIEW_LINES].label = N_("Lines");
	self->tabs.items[VIEW_HISTORY].label = N_("History");
	if (!list_init(&self->lines, &line_source, self, self->columns, LINE_COLUMNS) ||
		!document_history_init(&self->history, shop, id)) {
		detail_close(self);
		return (struct pane){NULL, NULL};
	}
	detail_changed(self);
	return (struct pane){&detail_ops, self};
}
