#include "tui/layout.h"

static enum layout_kind layout_kind_of(int rows, int cols)
{
	if (rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS)
		return LAYOUT_TOO_SMALL;
	if (cols < LAYOUT_NORMAL_COLS)
		return LAYOUT_NARROW;
	return cols < LAYOUT_WIDE_COLS ? LAYOUT_NORMAL : LAYOUT_WIDE;
}

struct layout layout_of(int rows, int cols)
{
	struct layout layout = {.kind = layout_kind_of(rows, cols), .rows = rows, .cols = cols};
	struct rect left = {0, 0, rows, cols};

	layout.top = layout_take_top(&left, 1);
	layout.heading = layout_take_top(&left, 1);
	layout.status = layout_take_bottom(&left, 1);
	layout.hints = layout_take_bottom(&left, 1);
	layout.message = layout_take_bottom(&left, 1);
	layout.body = left;
	return layout;
}

static int layout_at_most(int wanted, int there_is)
{
	if (there_is < 0)
		there_is = 0;
	return wanted < there_is ? wanted : there_is;
}

struct rect layout_centre(const struct rect *outer, int rows, int cols)
{
	struct rect box = {
		0, 0, layout_at_most(rows, outer->rows), layout_at_most(cols, outer->cols)};

	box.y = outer->y + (outer->rows - box.rows) / 2;
	box.x = outer->x + (outer->cols - box.cols) / 2;
	return box;
}

struct rect layout_take_right(struct rect *area, int cols)
{
	struct rect taken = *area;

	taken.cols = layout_at_most(cols, area->cols);
	taken.x = area->x + area->cols - taken.cols;
	area->cols -= taken.cols;
	return taken;
}

struct rect layout_take_top(struct rect *area, int rows)
{
	struct rect taken = *area;

	taken.rows = layout_at_most(rows, area->rows);
	area->y += taken.rows;
	area->rows -= taken.rows;
	return taken;
}

struct rect layout_take_bottom(struct rect *area, int rows)
{
	struct rect taken = *area;

	taken.rows = layout_at_most(rows, area->rows);
	taken.y = area->y + area->rows - taken.rows;
	area->rows -= taken.rows;
	return taken;
}
