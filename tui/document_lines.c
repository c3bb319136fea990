#include "tui/document_lines.h"

#include "model/grid_write.h"
#include "model/i18n.h"
#include "tui/cols.h"

#include <stdio.h>
#include <string.h>

#define SKU_COLS_MIN 8
#define SKU_COLS_MAX 14
#define REASON_COLS 16

static const struct list_column line_columns[LINE_COLUMNS] = {
	[LINE_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},
	[LINE_NAME] = {N_("Product"), 14, 1, LIST_LEFT, 0, false},
	[LINE_ORDERED] = {N_("Ordered"), 7, 0, LIST_RIGHT, 0, false},
	[LINE_SHIPPED] = {N_("Shipped"), 7, 0, LIST_RIGHT, 2, false},
	/* TRANSLATORS: short for received: the quantity counted in. */
	[LINE_RECEIVED] = {N_("Rec'd"), 6, 0, LIST_RIGHT, 0, false},
	/* TRANSLATORS: the quantity that is still to come. */
	[LINE_OUTSTANDING] = {N_("To come"), 7, 0, LIST_RIGHT, 0, false},
	[LINE_DAMAGED] = {N_("Damaged"), 7, 0, LIST_RIGHT, 3, false},
	[LINE_ROAD] = {N_("In transit"), 10, 0, LIST_RIGHT, 6, false},
	[LINE_WRITTEN_OFF] = {N_("Written off"), 11, 0, LIST_RIGHT, 4, false},
	[LINE_SENT_BACK] = {N_("Sent back"), 9, 0, LIST_RIGHT, 5, false},
	/* TRANSLATORS: the quantity a short close gave up. */
	[LINE_SHORT] = {N_("Short"), 7, 0, LIST_RIGHT, 0, false},
	[LINE_FLAGS] = {N_("Mark"), 8, 0, LIST_LEFT, 1, false},
};

static struct document_rows *rows_of(struct document_lines *self)
{
	return self->only_exceptions ? &self->exceptions : &self->document->lines;
}

/* ---- cells ---- */

static const char *flag_of(const struct document *document, const struct document_line *line)
{
	if (line->unknown)
		return _("Unknown");
	if (line->extra)
		return _("Extra");
	if (line->reason[0])
		return shop_word("close", line->reason);
	/* Of a third party's goods no reason need be given. */
	return document_line_short(document, line) > 0 ? _("Closed short") : "";
}

static int64_t line_figure(
	const struct document *document, const struct document_line *line, enum line_column column)
{
	const int64_t figures[LINE_COLUMNS] = {
		[LINE_ORDERED] = line->ordered,
		[LINE_SHIPPED] = line->shipped,
		[LINE_RECEIVED] = line->received,
		[LINE_OUTSTANDING] = document_line_outstanding(document, line),
		[LINE_DAMAGED] = line->damaged,
		[LINE_ROAD] = document_line_road(document, line),
		[LINE_WRITTEN_OFF] = line->written_off,
		[LINE_SENT_BACK] = line->sent_back,
		[LINE_SHORT] = document_line_short(document, line),
	};

	return figures[column];
}

/* Zeros of what is seldom are left blank, so that the others stand out. */
static void put_figure(const struct document *document, const struct document_line *line,
	enum line_column column, struct list_cell *out)
{
	int64_t qty = line_figure(document, line, column);
	char text[SHOP_QTY_BYTES];

	if (qty == 0 && column >= LINE_DAMAGED)
		return;
	shop_qty(qty, text);
	snprintf(out->text, sizeof(out->text), "%s", text);
	if (column == LINE_DAMAGED || column == LINE_WRITTEN_OFF || column == LINE_SHORT)
		out->role = ROLE_LOSS;
	else if (qty == 0)
		out->role = ROLE_DIM;
}

static void line_cell(void *ctx, const void *row, int index, struct list_cell *out)
{
	const struct document_lines *self = ctx;
	const struct document_line *line = row;
	enum line_column column = self->shown[index];

	switch (column) {
	case LINE_SKU:
		snprintf(out->text, sizeof(out->text), "%s", line->sku);
		break;
	case LINE_NAME:
		snprintf(out->text, sizeof(out->text), "%s", line->name);
		break;
	case LINE_FLAGS:
		snprintf(out->text, sizeof(out->text), "%s", flag_of(self->document, line));
		out->role = ROLE_WARN;
		break;
	default:
		put_figure(self->document, line, column, out);
		break;
	}
}

static long line_count(void *ctx)
{
	return document_rows_count(rows_of(ctx));
}

static size_t line_fetch(void *ctx, const struct list_want *want, void *out)
{
	return document_rows_fetch(rows_of(ctx), want, out);
}

static long line_rank(void *ctx, const char *key)
{
	return document_rows_rank(rows_of(ctx), key);
}

static const struct list_source line_source = {
	.row_bytes = sizeof(struct document_line),
	.count = line_count,
	.fetch = line_fetch,
	.rank = line_rank,
	.cell = line_cell,
};

/* ---- columns ---- */

/* SKUs as wide as they are, within reason; reasons of a short close need more than a flag does. */
static void fit_columns(struct document_lines *self)
{
	bool has_reason = false;
	int sku_cols = SKU_COLS_MIN;

	self->name_cols = 0;
	for (size_t i = 0; i < rows_of(self)->count; i++) {
		const struct document_line *line = document_rows_at(rows_of(self), i);
		int cols = (int)strlen(line->sku);

		sku_cols = cols > sku_cols ? cols : sku_cols;
		cols = cols_width(line->name);
		self->name_cols = cols > self->name_cols ? cols : self->name_cols;
		has_reason |= line->reason[0] || document_line_short(self->document, line) > 0;
	}
	has_reason = has_reason && self->shown[self->list.column_count - 1] == LINE_FLAGS;
	self->columns[LINE_SKU].width_cols = sku_cols < SKU_COLS_MAX ? sku_cols : SKU_COLS_MAX;
	if (has_reason)
		self->columns[self->list.column_count - 1].width_cols = REASON_COLS;
}

static bool has_flags(struct document_lines *self)
{
	for (size_t i = 0; i < rows_of(self)->count; i++)
		if (*flag_of(self->document, document_rows_at(rows_of(self), i)))
			return true;
	return false;
}

static void choose_columns(struct document_lines *self)
{
	const struct document_sums *sums = &self->document->sums;
	const bool is_blank[LINE_COLUMNS] = {
		/* What a third party brings is never shipped. */
		[LINE_SHIPPED] = !*self->document->face.from && sums->shipped == 0,
		/* Where all that is to come is on the road, it is called so, as in the head. */
		[LINE_OUTSTANDING] = sums->outstanding == sums->road,
		[LINE_DAMAGED] = sums->damaged == 0,
		[LINE_ROAD] = sums->road == 0,
		[LINE_WRITTEN_OFF] = sums->written_off == 0,
		[LINE_SENT_BACK] = sums->sent_back == 0,
		[LINE_SHORT] = sums->given_up == 0,
		[LINE_FLAGS] = !has_flags(self),
	};
	size_t count = 0;

	for (int i = 0; i < LINE_COLUMNS; i++) {
		if (is_blank[i])
			continue;
		self->columns[count] = line_columns[i];
		if (i == LINE_OUTSTANDING && !*self->document->face.to)
			self->columns[count].title = N_("To ship");
		if (i == LINE_ROAD && is_blank[LINE_OUTSTANDING])
			self->columns[count].drop = 0;
		self->shown[count++] = (enum line_column)i;
	}
	self->list.column_count = count;
	fit_columns(self);
}

/* ---- to a file ---- */

enum { WRITTEN_TEXTS = 3, WRITTEN_COLUMNS = WRITTEN_TEXTS + LINE_FLAGS - LINE_ORDERED };

static void write_line(const struct document_lines *self, struct grid_writer *writer,
	const struct document_line *line)
{
	struct text figures[WRITTEN_COLUMNS - WRITTEN_TEXTS];
	const char *cells[WRITTEN_COLUMNS];
	char name[COLS_LINE_BYTES], sku[COLS_LINE_BYTES];
	int count = WRITTEN_COLUMNS - WRITTEN_TEXTS;

	/* Names are hostile input for whoever opens the file, too. */
	cols_clean(sku, sizeof(sku), line->sku);
	cols_clean(name, sizeof(name), line->name);
	cells[0] = sku;
	cells[1] = name;
	for (int i = 0; i < count; i++) {
		figures[i] = TEXT_INIT(SHOP_QTY_BYTES);
		text_add_qty(&figures[i],
			line_figure(self->document, line, (enum line_column)(LINE_ORDERED + i)));
		cells[2 + i] = text_get(&figures[i]);
	}
	cells[WRITTEN_COLUMNS - 1] = flag_of(self->document, line);
	grid_writer_row(writer, cells);
	for (int i = 0; i < count; i++)
		text_free(&figures[i]);
}

bool document_lines_write(
	struct document_lines *lines, const char *path, int64_t *rows, char *error, size_t size)
{
	/* In the order of enum line_column, and named as the view of all lines names them. */
	static const struct grid_column columns[WRITTEN_COLUMNS] = {
		{"sku", false, 20},
		{"name", false, 20},
		{"ordered", true, 10},
		{"shipped", true, 10},
		{"received", true, 10},
		{"outstanding", true, 10},
		{"damaged", true, 10},
		{"in_transit", true, 10},
		{"written_off", true, 10},
		{"sent_back", true, 10},
		{"short", true, 10},
		{"mark", false, 20},
	};
	struct grid_writer *writer = grid_writer_open(path, columns, WRITTEN_COLUMNS, error, size);
	size_t count = rows_of(lines)->count;

	if (!writer)
		return false;
	for (size_t i = 0; i < count; i++)
		write_line(lines, writer, document_rows_at(rows_of(lines), i));
	*rows = (int64_t)count;
	return grid_writer_end(writer, error, size);
}

/* ---- the list ---- */

bool document_lines_init(
	struct document_lines *lines, struct document *document, bool only_exceptions)
{
	document_rows_init(&lines->exceptions, sizeof(struct document_line));
	lines->document = document;
	lines->only_exceptions = only_exceptions;
	if (!list_init(&lines->list, &line_source, lines, lines->columns, LINE_COLUMNS))
		return false;
	lines->list.empty = only_exceptions ? _("Nothing differs from what was expected.")
					    : _("This document has no line.");
	return true;
}

void document_lines_free(struct document_lines *lines)
{
	list_free(&lines->list);
	document_rows_free(&lines->exceptions);
}

void document_lines_read(struct document_lines *lines)
{
	document_rows_clear(&lines->exceptions);
	for (size_t i = 0; lines->only_exceptions && i < lines->document->lines.count; i++) {
		const struct document_line *line = document_line_at(lines->document, i);
		struct document_line *row = NULL;

		if (document_line_is_exception(lines->document, line))
			row = document_rows_add(&lines->exceptions);
		if (row)
			*row = *line;
	}
	choose_columns(lines);
	list_changed(&lines->list);
}

void document_lines_recalc(struct document_lines *lines, int height_rows, int width_cols)
{
	document_rows_fit_name(
		lines->columns, lines->list.column_count, LINE_NAME, lines->name_cols, width_cols);
	list_recalc(&lines->list, height_rows);
}
