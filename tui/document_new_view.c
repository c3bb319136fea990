#include "tui/document_new_view.h"

#include "model/i18n.h"
#include "tui/cols.h"

#include <stdio.h>
#include <string.h>

#define HEAD_ROWS 2
#define MARK_COLS_SENDING 18 /* "Not at destination" */
#define HEAD_COLS_MAX 56     /* where the second fact stands on wide screens */

/* ---- the list ---- */

static const struct list_column new_columns[NEW_COLUMNS] = {
	[NEW_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},
	[NEW_NAME] = {N_("Product"), 14, 1, LIST_LEFT, 0, false},
	[NEW_QTY] = {N_("Quantity"), 8, 0, LIST_RIGHT, 0, false},
	[NEW_STOCK] = {"", 9, 0, LIST_RIGHT, 0, false}, /* titled by the kind */
	[NEW_MARK] = {N_("Mark"), 13, 0, LIST_LEFT, 1, false},
};

static const char *mark_of(const struct document_new *new, const struct new_row *row)
{
	if (new->kind->stock == STOCK_ON_HAND)
		return row->is_stocked ? "" : _("New here");
	if (new->kind->stock == STOCK_AT_SOURCE && row->is_known && !row->is_at_source)
		return row->is_elsewhere ? _("Not there") : _("Check the SKU");
	if (!row->is_stocked)
		return _("Not stocked");
	if (row->is_unwanted)
		return _("Not at destination");
	return document_new_is_short(new, row) ? _("Too few") : "";
}

static void new_cell(void *ctx, const void *of, int column, struct list_cell *out)
{
	const struct document_new *new = ctx;
	const struct new_row *row = of;
	char qty[SHOP_QTY_BYTES] = "\u2013";
	const char *text = qty;

	switch (column) {
	case NEW_SKU:
		text = row->sku;
		break;
	case NEW_NAME:
		text = row->name;
		break;
	case NEW_QTY:
		shop_qty(row->qty, qty);
		out->role = ROLE_BOLD;
		break;
	case NEW_STOCK:
		if (row->is_known)
			shop_qty(row->stock, qty);
		out->role = row->is_known && row->stock < 0 ? ROLE_LOSS
			: document_new_is_short(new, row)   ? ROLE_WARN
							    : ROLE_NORMAL;
		break;
	default:
		text = mark_of(new, row);
		out->role = ROLE_WARN;
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

/* ---- painting ---- */

static void put(const struct rect *row, const char *label, const char *value)
{
	int used = draw_text(row->y, row->x, row->cols, ROLE_DIM, label) + 1;

	draw_text(row->y, row->x + used, row->cols - used, ROLE_NORMAL, value);
}

static void paint_head(const struct document_new *new, const struct rect *row)
{
	char end[DOCUMENT_TEXT_BYTES];
	int half = row->cols / 2 < HEAD_COLS_MAX ? row->cols / 2 : HEAD_COLS_MAX;

	document_new_end_name(new, end, sizeof(end));
	put(&(struct rect){row->y, row->x, 1, half}, gettext(new->kind->end_label),
		end[0] ? end : "\u2013");
	put(&(struct rect){row->y, row->x + half, 1, row->cols - half}, _("Expected"),
		new->head.expected_on[0] ? new->head.expected_on : "\u2013");
	put(&(struct rect){row->y + 1, row->x, 1, row->cols}, _("Note"),
		new->head.note[0] ? new->head.note : "\u2013");
}

/* What another store has may have changed since HQ told. */
static void paint_age(const struct document_new *new, const struct rect *foot)
{
	char when[SHOP_WHEN_BYTES], text[DOCUMENT_TEXT_BYTES];

	if (new->told_ms == 0)
		return;
	shop_when(new->shop, new->told_ms, when);
	snprintf(text, sizeof(text), "%s %s", _("At source as of"), when);
	draw_text_right(foot->y, foot->x, foot->cols - 1, ROLE_DIM, text);
}

void document_new_view_repaint(
	struct document_new_view *view, const struct document_new *new, const struct rect *area)
{
	struct rect body = *area;
	struct rect head = layout_take_top(&body, HEAD_ROWS);
	struct rect foot = layout_take_bottom(&body, 1);
	struct text sums = TEXT_INIT(TEXT_SMALL);

	paint_head(new, &(struct rect){head.y, head.x + 1, 1, head.cols - 2});
	list_repaint(&view->list, &body);
	paint_age(new, &foot);
	document_add_figures(&sums, new->rows.count, new->total);
	draw_text(foot.y, foot.x + 2, foot.cols - 3, ROLE_BOLD, text_get(&sums));
	text_free(&sums);
}

void document_new_view_recalc(
	struct document_new_view *view, const struct document_new *new, const struct layout *layout)
{
	int name_cols = 0;

	for (size_t i = 0; i < new->rows.count; i++) {
		const struct new_row *row = document_rows_at(&new->rows, i);
		int cols = cols_width(row->name);

		name_cols = cols > name_cols ? cols : name_cols;
	}
	document_rows_fit_name(view->columns, NEW_COLUMNS, NEW_NAME, name_cols, layout->body.cols);
	list_recalc(&view->list, layout->body.rows - HEAD_ROWS - 1);
}

/* ---- from beginning to end ---- */

bool document_new_view_init(struct document_new_view *view, struct document_new *new)
{
	memcpy(view->columns, new_columns, sizeof(view->columns));
	return list_init(&view->list, &new_source, new, view->columns, NEW_COLUMNS);
}

void document_new_view_free(struct document_new_view *view)
{
	list_free(&view->list);
}

void document_new_view_start(struct document_new_view *view, const struct document_new *new)
{
	view->columns[NEW_STOCK].title = new->kind->stock_title;
	if (new->kind->stock == STOCK_AVAILABLE && !new->kind->is_third_party)
		view->columns[NEW_MARK].width_cols = MARK_COLS_SENDING;
	view->list.empty = _("Scan the first piece, or add a line.");
}
