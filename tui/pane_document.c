/* One stock document: its head, its lines, and who did what to it when. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/document_act.h"
#include "tui/document_draft.h"
#include "tui/export.h"
#include "tui/source.h"
#include "tui/tabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_ROWS 6
#define HEAD_ROWS_NARROW 5
#define SKU_COLS_MIN 8
#define SKU_COLS_MAX 14
#define REASON_COLS 16

enum detail_view { VIEW_LINES, VIEW_HISTORY, VIEWS };

enum line_column {
	LINE_SKU,
	LINE_NAME,
	LINE_ORDERED,
	LINE_SHIPPED,
	LINE_RECEIVED,
	LINE_DAMAGED,
	LINE_ROAD,
	LINE_WRITTEN_OFF,
	LINE_SENT_BACK,
	LINE_FLAGS,
	LINE_COLUMNS
};

struct detail {
	struct document document; /* must stay first: its rows are the list of lines */
	struct shop *shop;
	struct document_act act;
	struct tabs tabs;
	struct list lines;
	struct list_column columns[LINE_COLUMNS]; /* those of line_columns that say something */
	enum line_column shown[LINE_COLUMNS];     /* which of them each is */
	struct source history_source;
	struct source lines_source; /* for the file only */
	struct export export;
	struct list history;
	int64_t draft_milli; /* counted and not submitted yet */
	int name_cols;       /* of the longest name */
	bool is_narrow;
	char id[COMMAND_ID_MAX + 1];
};

/* ---- lines ---- */

static const struct list_column line_columns[LINE_COLUMNS] = {
	[LINE_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},
	[LINE_NAME] = {N_("Product"), 14, 1, LIST_LEFT, 0, false},
	[LINE_ORDERED] = {N_("Ordered"), 7, 0, LIST_RIGHT, 0, false},
	[LINE_SHIPPED] = {N_("Shipped"), 7, 0, LIST_RIGHT, 2, false},
	/* TRANSLATORS: short for received: the quantity counted in. */
	[LINE_RECEIVED] = {N_("Rec'd"), 8, 0, LIST_RIGHT, 0, false},
	[LINE_DAMAGED] = {N_("Damaged"), 7, 0, LIST_RIGHT, 3, false},
	[LINE_ROAD] = {N_("In transit"), 10, 0, LIST_RIGHT, 4, false},
	[LINE_WRITTEN_OFF] = {N_("Written off"), 11, 0, LIST_RIGHT, 5, false},
	[LINE_SENT_BACK] = {N_("Sent back"), 9, 0, LIST_RIGHT, 6, false},
	[LINE_FLAGS] = {N_("Mark"), 8, 0, LIST_LEFT, 1, false},
};

static void put_flags(const struct document_line *line, struct list_cell *out)
{
	const char *flag = line->unknown ? _("Unknown")
		: line->extra            ? _("Extra")
		: line->reason[0]        ? shop_word("close", line->reason)
					 : "";

	out->role = ROLE_WARN;
	snprintf(out->text, sizeof(out->text), "%s", flag);
}

static int64_t line_figure(
	const struct document *document, const struct document_line *line, int column)
{
	switch (column) {
	case LINE_ORDERED:
		return line->ordered;
	case LINE_SHIPPED:
		return line->shipped;
	case LINE_RECEIVED:
		return line->received;
	case LINE_DAMAGED:
		return line->damaged;
	case LINE_ROAD:
		return document_line_road(document, line);
	case LINE_WRITTEN_OFF:
		return line->written_off;
	default:
		return line->sent_back;
	}
}

/* Zeros of what is seldom are left blank, so that the others stand out. */
static void put_figure(const struct document *document, const struct document_line *line,
	int column, struct list_cell *out)
{
	int64_t qty = line_figure(document, line, column);
	char text[SHOP_QTY_BYTES];

	if (qty == 0 && column >= LINE_DAMAGED)
		return;
	shop_qty(qty, text);
	snprintf(out->text, sizeof(out->text), "%s", text);
	if (column == LINE_DAMAGED || column == LINE_WRITTEN_OFF)
		out->role = ROLE_LOSS;
	else if (qty == 0)
		out->role = ROLE_DIM;
}

static void line_cell(void *ctx, const void *row, int index, struct list_cell *out)
{
	const struct detail *self = ctx;
	const struct document_line *line = row;
	enum line_column column = self->shown[index];

	if (column == LINE_SKU)
		snprintf(out->text, sizeof(out->text), "%s", line->sku);
	else if (column == LINE_NAME)
		snprintf(out->text, sizeof(out->text), "%s", line->name);
	else if (column == LINE_FLAGS)
		put_flags(line, out);
	else
		put_figure(&self->document, line, (int)column, out);
}

static const struct list_source line_source = {
	.row_bytes = sizeof(struct document_line),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = line_cell,
};

/* SKUs as wide as they are, within reason; reasons of a short close need more than a flag does. */
static void fit_columns(struct detail *self)
{
	bool has_reason = false;
	int sku_cols = SKU_COLS_MIN;

	self->name_cols = 0;
	for (size_t i = 0; i < self->document.lines.count; i++) {
		const struct document_line *line = document_line_at(&self->document, i);
		int cols = (int)strlen(line->sku);

		sku_cols = cols > sku_cols ? cols : sku_cols;
		cols = cols_width(line->name);
		self->name_cols = cols > self->name_cols ? cols : self->name_cols;
		has_reason |= line->reason[0] != '\0';
	}
	self->columns[LINE_SKU].width_cols = sku_cols < SKU_COLS_MAX ? sku_cols : SKU_COLS_MAX;
	if (has_reason)
		self->columns[self->lines.column_count - 1].width_cols = REASON_COLS;
}

/* Columns that would be blank from top to bottom leave their room to the others. */
static void choose_columns(struct detail *self)
{
	const struct document_sums *sums = &self->document.sums;
	const bool is_blank[LINE_COLUMNS] = {
		[LINE_DAMAGED] = sums->damaged == 0,
		[LINE_ROAD] = sums->road == 0,
		[LINE_WRITTEN_OFF] = sums->written_off == 0,
		[LINE_SENT_BACK] = sums->sent_back == 0,
	};
	size_t count = 0;

	for (int i = 0; i < LINE_COLUMNS; i++) {
		if (is_blank[i])
			continue;
		self->columns[count] = line_columns[i];
		self->shown[count++] = (enum line_column)i;
	}
	self->lines.column_count = count;
	fit_columns(self);
}

/* ---- history ---- */

static const struct source_column history_source[] = {
	{.column = "at", .kind = SOURCE_WHEN},
	{.column = "actor", .kind = SOURCE_STAFF},
	{.column = "op", .kind = SOURCE_WORD, .group = "op"},
	{.column = "text"},
	{.column = "store", .kind = SOURCE_STORE},
};
static const struct list_column history_columns[] = {
	{N_("When"), 11, 0, LIST_LEFT, 0, true},
	{N_("Who"), 14, 1, LIST_LEFT, 0, false},
	{N_("What"), 22, 0, LIST_LEFT, 0, false},
	{N_("Details"), 12, 2, LIST_LEFT, 1, false},
	{N_("Store"), 12, 0, LIST_LEFT, 2, false},
};
#define HISTORY_COLUMNS (sizeof(history_columns) / sizeof(history_columns[0]))

/* ---- keys ---- */

static const struct document_face *detail_face(void *ctx)
{
	const struct detail *self = ctx;

	return self->document.is_here ? &self->document.face : NULL;
}

static struct list *shown_list(struct detail *self)
{
	return self->tabs.now == VIEW_LINES ? &self->lines : &self->history;
}

static const char *why_no_product(void *ctx, int arg)
{
	struct detail *self = ctx;

	(void)arg;
	if (self->tabs.now != VIEW_LINES || !list_row(&self->lines))
		return _("There is no line here.");
	return NULL;
}

static void run_product(void *ctx, int arg)
{
	struct detail *self = ctx;
	const struct document_line *line = list_row(&self->lines);

	(void)arg;
	shop_open_document(self->shop, "product", line->sku);
}

static const struct action detail_rows[] = {
	{"product", N_("Product"), N_("Open the product of this line"), ACTION_HINT, 0,
		why_no_product, run_product, NULL},
};
const struct action_table document_lines_actions = {
	.context = "document-lines",
	.title = N_("Lines of a stock document"),
	ACTION_TABLE_ROWS(detail_rows),
};

/* ---- reading ---- */

static void read_draft(struct detail *self)
{
	char name[DRAFT_NAME_BYTES];

	snprintf(name, sizeof(name), "receive:%s", self->id);
	self->draft_milli = document_draft_pieces(self->shop->console, name);
}

static void detail_changed(void *ctx)
{
	struct detail *self = ctx;

	document_load(&self->document, self->id);
	choose_columns(self);
	read_draft(self);
	self->tabs.items[VIEW_LINES].count = (long)self->document.lines.count;
	self->tabs.items[VIEW_HISTORY].count = source_count(&self->history_source);
	list_changed(&self->lines);
	list_changed(&self->history);
}

/* ---- painting ---- */

/* Facts stand two in a line; on wide screens the second is not sent to the far half. */
#define FACT_COLS_MAX 56

static int half_of(const struct rect *row)
{
	return row->cols / 2 < FACT_COLS_MAX ? row->cols / 2 : FACT_COLS_MAX;
}

static int put(int y, int x, int cols, const char *label, const char *value)
{
	int used = draw_text(y, x, cols, ROLE_DIM, label);

	return used + 1 + draw_text(y, x + used + 1, cols - used - 1, ROLE_NORMAL, value) + 2;
}

static void paint_status(const struct detail *self, const struct rect *row)
{
	const struct document_face *face = &self->document.face;
	int x = row->x;
	int end = row->x + row->cols;

	if (self->document.is_pending)
		x += 1 + draw_text(row->y, x, 1, ROLE_PENDING, SHOP_PENDING_MARK);
	x += 2 +
		draw_text(row->y, x, end - x, shop_status_role("movement", face->status_word),
			shop_word("movement", face->status_word));
	draw_text(row->y, x, end - x, ROLE_NORMAL, document_next_step(self->shop, face));
}

/* Both numbers; where there is no room for two, the one that is not in the title. */
static void paint_numbers(const struct detail *self, const struct rect *row)
{
	const struct document_face *face = &self->document.face;
	const char *out = *face->out_number ? face->out_number : "–";
	const char *in = *face->in_number ? face->in_number : "–";
	int half = half_of(row);
	bool has_room = cols_width(_("Outbound")) + cols_width(out) + 2 <= half &&
		cols_width(_("Inbound")) + cols_width(in) + 1 <= row->cols - half;

	if (has_room || !face->is_sender)
		put(row->y, row->x, has_room ? half : row->cols, _("Outbound"), out);
	if (has_room || face->is_sender)
		put(row->y, has_room ? row->x + half : row->x, row->cols, _("Inbound"), in);
}

static void paint_way(const struct detail *self, const struct rect *row)
{
	char from[DOCUMENT_TEXT_BYTES], to[DOCUMENT_TEXT_BYTES];
	int half = half_of(row);

	document_from_name(self->shop, &self->document.face, from, sizeof(from));
	document_to_name(self->shop, &self->document.face, to, sizeof(to));
	put(row->y, row->x, half - 1, _("Source"), from);
	put(row->y, row->x + half, row->cols - half, _("Destination"), to);
}

static void paint_dates(const struct detail *self, const struct rect *row)
{
	const struct document *document = &self->document;
	char when[SHOP_WHEN_BYTES], who[SHOP_NAME_BYTES];
	char created[SHOP_WHEN_BYTES + SHOP_NAME_BYTES + 2];
	int half = half_of(row);

	shop_when_full(self->shop, document->created_ms, when);
	shop_staff_name(self->shop, document->created_by, who, sizeof(who));
	snprintf(created, sizeof(created), "%s %s", when, who);
	put(row->y, row->x, half, _("Expected"),
		*document->expected_on ? document->expected_on : "–");
	put(row->y, row->x + half, row->cols - half, _("Created"), created);
}

static void paint_sums(const struct detail *self, const struct rect *row)
{
	const struct document_sums *sums = &self->document.sums;
	const struct {
		const char *label;
		int64_t qty_milli;
		bool always;
	} parts[] = {
		{_("Ordered"), sums->ordered, true},
		{_("Shipped"), sums->shipped, true},
		{_("Rec'd"), sums->received, true},
		{_("Damaged"), sums->damaged, false},
		{_("In transit"), sums->road, false},
		{_("Written off"), sums->written_off, false},
		{_("Sent back"), sums->sent_back, false},
	};
	int x = row->x;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char qty[SHOP_QTY_BYTES];

		if (!parts[i].always && parts[i].qty_milli == 0)
			continue;
		shop_qty(parts[i].qty_milli, qty);
		x += put(row->y, x, row->x + row->cols - x, parts[i].label, qty);
	}
}

/* What a person should know beyond the figures; the most pressing first. */
static void paint_note(const struct detail *self, const struct rect *row)
{
	const struct document *document = &self->document;
	char qty[SHOP_QTY_BYTES], text[DOCUMENT_TEXT_BYTES];

	if (self->draft_milli > 0) {
		shop_qty(self->draft_milli, qty);
		snprintf(text, sizeof(text), _("A count of %s is kept here and not submitted yet."),
			qty);
		draw_text(row->y, row->x, row->cols, ROLE_WARN, text);
	} else if (document->reason[0]) {
		put(row->y, row->x, row->cols, _("Reason"), document->reason);
	} else if (document->note[0]) {
		put(row->y, row->x, row->cols, _("Note"), document->note);
	} else if (document->transfer_number[0]) {
		put(row->y, row->x, row->cols, _("Transfer order"), document->transfer_number);
	}
}

static void paint_head(const struct detail *self, struct rect head)
{
	static void (*const rows[])(const struct detail *, const struct rect *) = {
		paint_status, paint_numbers, paint_way, paint_dates, paint_sums, paint_note};

	head.x += 1;
	head.cols -= 2;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && head.rows > 0; i++) {
		struct rect row;

		/* Where rows are few the dates give way, unless there is nothing to note. */
		if (self->is_narrow && rows[i] == paint_dates)
			continue;
		row = layout_take_top(&head, 1);
		rows[i](self, &row);
	}
}

static void detail_repaint(void *ctx, const struct rect *area)
{
	struct detail *self = ctx;
	struct rect body = *area;
	struct rect head, tabs;

	if (!self->document.is_here) {
		draw_paragraph(area, ROLE_WARN, _("This document is no longer here."), 0);
		return;
	}
	head = layout_take_top(&body, self->is_narrow ? HEAD_ROWS_NARROW : HEAD_ROWS);
	tabs = layout_take_top(&body, 1);
	paint_head(self, head);
	tabs_repaint(&self->tabs, tabs.y, tabs.x + 1, tabs.cols - 2);
	list_repaint(shown_list(self), &body);
}

static void detail_recalc(void *ctx, const struct layout *layout)
{
	struct detail *self = ctx;
	int head;

	self->is_narrow = layout->body.rows < 16;
	head = (self->is_narrow ? HEAD_ROWS_NARROW : HEAD_ROWS) + 1;
	document_rows_fit_name(self->columns, self->lines.column_count, LINE_NAME, self->name_cols,
		layout->body.cols);
	list_recalc(&self->lines, layout->body.rows - head);
	list_recalc(&self->history, layout->body.rows - head);
}

/* ---- pane ---- */

static void detail_title(void *ctx, char *out, size_t size)
{
	const struct detail *self = ctx;

	snprintf(out, size, "%s",
		self->document.is_here ? document_number(&self->document.face) : self->id);
}

static const char *detail_help(void *ctx)
{
	(void)ctx;
	return _(
		"One stock document. A count may come in several parts; what is missing in the end is "
		"closed short with a reason. Marked lines were not on the order, came in excess, or "
		"are in no catalogue.");
}

static void detail_open(void *ctx)
{
	struct detail *self = ctx;

	read_draft(self);
}

/* By the number of this store's side. */
static void file_name(void *ctx, char *out, size_t size)
{
	const struct detail *self = ctx;

	shop_document_name(self->shop, "movement", self->id, out, size);
}

static void detail_close(void *ctx)
{
	struct detail *self = ctx;

	document_act_free(&self->act);
	list_free(&self->lines);
	list_free(&self->history);
	document_free(&self->document);
	free(self);
}

static size_t detail_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct detail *self = ctx;

	if (max < 5)
		return 0;
	out[0] = (struct action_scope){&document_actions, &self->act};
	out[1] = (struct action_scope){&document_lines_actions, self};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&list_actions, shown_list(self)};
	out[4] = (struct action_scope){&export_actions, &self->export};
	return 5;
}

static const struct pane_ops detail_ops = {
	.context = "document",
	.title = detail_title,
	.help = detail_help,
	.open = detail_open,
	.close = detail_close,
	.scopes = detail_scopes,
	.recalc = detail_recalc,
	.repaint = detail_repaint,
	.on_change = detail_changed,
};

struct pane pane_movement_new(struct shop *shop, const char *id)
{
	struct detail *self = calloc(1, sizeof(*self));

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	snprintf(self->id, sizeof(self->id), "%s", id);
	document_init(&self->document, shop);
	document_act_init(&self->act, shop, detail_face, self);
	source_init(&self->history_source, shop, "history", history_source, HISTORY_COLUMNS);
	source_where(&self->history_source, "doc", id);
	source_init(&self->lines_source, shop, "movement_lines", NULL, 0);
	source_where(&self->lines_source, "movement", id);
	export_list(&self->export, shop, &self->lines_source, &self->lines);
	self->export.name = file_name;
	self->export.ctx = self;
	self->tabs.count = VIEWS;
	self->tabs.items[VIEW_LINES].label = N_("Lines");
	self->tabs.items[VIEW_HISTORY].label = N_("History");
	if (!list_init(&self->lines, &line_source, self, self->columns, LINE_COLUMNS) ||
		!list_init(&self->history, &source_list, &self->history_source, history_columns,
			HISTORY_COLUMNS)) {
		detail_close(self);
		return (struct pane){NULL, NULL};
	}
	detail_changed(self);
	return (struct pane){&detail_ops, self};
}
