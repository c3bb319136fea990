#include "tui/document_count_view.h"

#include "model/i18n.h"
#include "tui/cols.h"

#include <stdio.h>
#include <string.h>

#define SKU_COLS_MIN 8
#define SKU_COLS_MAX 14

/* ---- the list ---- */

static const struct list_column columns[COUNT_COLUMNS] = {
	[COUNT_SKU] = {N_("SKU"), 14, 0, LIST_LEFT, 0, true},
	[COUNT_NAME] = {N_("Product"), 12, 1, LIST_LEFT, 0, false},
	[COUNT_NOW] = {N_("Now"), 6, 0, LIST_RIGHT, 0, false},
	[COUNT_BEFORE] = {N_("Before"), 6, 0, LIST_RIGHT, 3, false},
	[COUNT_EXPECTED] = {N_("Due"), 6, 0, LIST_RIGHT, 0, false},
	[COUNT_AVAILABLE] = {N_("Available"), 9, 0, LIST_RIGHT, 0, false},
	[COUNT_OPEN] = {N_("Diff."), 6, 0, LIST_RIGHT, 0, false},
	[COUNT_DAMAGED] = {N_("Damaged"), 7, 0, LIST_RIGHT, 2, false},
	[COUNT_MARK] = {N_("Mark"), 8, 0, LIST_LEFT, 1, false},
};

static bool is_over(const struct count_row *row)
{
	return row->now > 0 && row->before + row->now > row->expected;
}

void count_list_choose(struct count_list *list)
{
	bool has_mark = false;
	bool is_shipping = list->count.kind->is_shipping;
	int sku_cols = SKU_COLS_MIN;

	list->name_cols = 0;
	for (size_t i = 0; i < list->count.rows.count; i++) {
		const struct count_row *row = document_count_row_at(&list->count, i);
		int cols = (int)strlen(row->sku);

		has_mark |= row->is_extra || is_over(row);
		sku_cols = cols > sku_cols ? cols : sku_cols;
		cols = cols_width(row->name);
		list->name_cols = cols > list->name_cols ? cols : list->name_cols;
	}
	list->column_count = 0;
	for (int i = 0; i < COUNT_COLUMNS; i++) {
		if ((i == COUNT_DAMAGED && list->count.sums.damaged == 0) ||
			(i == COUNT_AVAILABLE && !is_shipping) || (i == COUNT_MARK && !has_mark))
			continue;
		list->columns[list->column_count] = columns[i];
		if (i == COUNT_EXPECTED)
			list->columns[list->column_count].title = list->count.kind->due;
		list->shown[list->column_count++] = (enum count_column)i;
	}
	list->columns[COUNT_SKU].width_cols = sku_cols < SKU_COLS_MAX ? sku_cols : SKU_COLS_MAX;
}

/* More than expected is no gain: it wants a look. */
static enum role number_role(const struct count_list *list, const struct count_row *row,
	enum count_column column, int64_t figure)
{
	if (column == COUNT_OPEN)
		return figure > 0 ? ROLE_WARN : shop_qty_role(figure);
	if (column == COUNT_AVAILABLE && figure < 0)
		return ROLE_LOSS;
	if (column == COUNT_AVAILABLE && row->now > figure)
		return ROLE_WARN;
	if (column == COUNT_NOW && list->count.kind->is_shipping && row->now > row->available)
		return ROLE_WARN;
	if (column == COUNT_NOW && row->now > 0)
		return ROLE_BOLD;
	return figure == 0 ? ROLE_DIM : ROLE_NORMAL;
}

static void put_number(const struct count_list *list, const struct count_row *row,
	enum count_column column, struct list_cell *out)
{
	const int64_t figures[COUNT_COLUMNS] = {
		[COUNT_NOW] = row->now,
		[COUNT_BEFORE] = row->before,
		[COUNT_EXPECTED] = row->expected,
		[COUNT_AVAILABLE] = row->available,
		[COUNT_OPEN] = row->before + row->now - row->expected,
		[COUNT_DAMAGED] = row->damaged,
	};
	char text[SHOP_QTY_BYTES];

	if (column == COUNT_DAMAGED && row->damaged == 0)
		return;
	if (column == COUNT_OPEN)
		shop_qty_signed(figures[column], text);
	else
		shop_qty(figures[column], text);
	out->role = number_role(list, row, column, figures[column]);
	snprintf(out->text, sizeof(out->text), "%s", text);
}

static void put_mark(const struct count_row *row, struct list_cell *out)
{
	const char *mark = row->is_unknown ? _("Unknown")
		: row->is_extra            ? _("Extra")
		: is_over(row)             ? _("Over")
					   : "";

	snprintf(out->text, sizeof(out->text), "%s", mark);
	out->role = ROLE_WARN;
}

static void count_cell(void *ctx, const void *of, int index, struct list_cell *out)
{
	const struct count_list *list = ctx;
	const struct count_row *row = of;

	switch (list->shown[index]) {
	case COUNT_SKU:
		snprintf(out->text, sizeof(out->text), "%s", row->sku);
		out->role = row->is_extra ? ROLE_WARN : ROLE_NORMAL;
		break;
	case COUNT_NAME:
		snprintf(out->text, sizeof(out->text), "%s", row->name);
		break;
	case COUNT_MARK:
		put_mark(row, out);
		break;
	default:
		put_number(list, row, list->shown[index], out);
		break;
	}
}

const struct list_source count_list_source = {
	.row_bytes = sizeof(struct count_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = count_cell,
};

/* ---- around it ---- */

void count_paint_way(const struct document_count *count, const struct rect *row)
{
	char from[DOCUMENT_TEXT_BYTES], to[DOCUMENT_TEXT_BYTES], text[3 * DOCUMENT_TEXT_BYTES];
	const char *status = count->document.face.status_word;
	const char *words = count->kind->words;
	int cols = draw_text_right(row->y, row->x, row->cols, shop_status_role(words, status),
		shop_word(words, status));

	document_from_name(count->shop, &count->document.face, from, sizeof(from));
	document_to_name(count->shop, &count->document.face, to, sizeof(to));
	snprintf(text, sizeof(text), _("%s to %s"), from, to);
	draw_text(row->y, row->x, row->cols - cols - 1, ROLE_NORMAL, text);
}

/* A figure and a bar in one half of a row. */
struct progress {
	const char *label;
	int64_t all, of;
	int64_t done; /* what is more than expected of one line does not stand in for another */
};

#define PROGRESS_BAR_MIN 4
#define PROGRESS_BAR_MAX 24

static void paint_half(const struct progress *progress, const struct rect *half)
{
	char done[SHOP_QTY_BYTES], of[SHOP_QTY_BYTES], text[2 * SHOP_QTY_BYTES + 80];
	int permille = progress->of > 0 ? (int)(progress->done * 1000 / progress->of) : 1000;
	int x = half->x, bar;

	shop_qty(progress->done, done);
	shop_qty(progress->of, of);
	/* TRANSLATORS: "Now" or "Whole order", how much was counted, how much is expected. */
	snprintf(text, sizeof(text), _("%s %s of %s"), progress->label, done, of);
	x += draw_text(half->y, x, half->cols, ROLE_BOLD, text) + 1;
	if (progress->all > progress->done) {
		shop_qty_signed(progress->all - progress->done, done);
		x += draw_text(half->y, x, half->x + half->cols - x, ROLE_WARN, done) + 1;
	}
	bar = half->x + half->cols - x - 2;
	if (bar >= PROGRESS_BAR_MIN)
		draw_bar(half->y, x, bar < PROGRESS_BAR_MAX ? bar : PROGRESS_BAR_MAX, permille);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void count_paint_progress(const struct document_count *count, const struct rect *row)
{
	const struct count_sums *sums = &count->sums;
	struct progress now = {_("Now"), sums->now, sums->open, 0};
	struct progress whole = {_("Whole order"), sums->before + sums->now, sums->expected, 0};
	struct rect half = {row->y, row->x, 1, row->cols / 2};

	for (size_t i = 0; i < count->rows.count; i++) {
		const struct count_row *line = document_count_row_at(count, i);

		if (line->expected > line->before)
			now.done += least(line->now, line->expected - line->before);
		whole.done += least(line->before + line->now, line->expected);
	}
	paint_half(&now, &half);
	half.x += half.cols;
	paint_half(&whole, &half);
}

static void paint_entry(const struct document_count *count, const struct draft_entry *entry,
	const struct rect *line)
{
	const struct count_row *row = document_count_row_of(count, entry->sku);
	bool is_damage = entry->qty_milli == 0;
	char when[SHOP_WHEN_BYTES], qty[SHOP_QTY_BYTES], text[2 * DOCUMENT_TEXT_BYTES];
	int x = line->x;

	shop_when(count->shop, entry->at_ms, when);
	x += draw_text(line->y, x, line->cols, ROLE_DIM, when) + 1;
	shop_qty_signed(is_damage ? entry->damaged_milli : entry->qty_milli, qty);
	draw_text_right(line->y, x, 6, is_damage ? ROLE_LOSS : ROLE_BOLD, qty);
	x += 7;
	if (is_damage)
		x += draw_text(line->y, x, line->x + line->cols - x, ROLE_LOSS, _("damaged")) + 1;
	if (entry->lines > 1)
		/* TRANSLATORS: how many lines were filled up at once, and by whom. */
		snprintf(text, sizeof(text),
			ngettext("all of %zu line (%s)", "all of %zu lines (%s)",
				(unsigned long)entry->lines),
			entry->lines, entry->actor);
	else
		snprintf(text, sizeof(text), "%s %s (%s)", entry->sku, row ? row->name : "",
			entry->actor);
	draw_text(line->y, x, line->x + line->cols - x, ROLE_NORMAL, text);
}

void count_paint_tape(const struct document_count *count, const struct rect *area)
{
	draw_text(area->y, area->x, area->cols, ROLE_COLUMN, _("Last counted"));
	for (size_t i = 0; i < count->tape_count && (int)i + 1 < area->rows; i++)
		paint_entry(count, &count->tape[i],
			&(struct rect){area->y + 1 + (int)i, area->x, 1, area->cols});
}
