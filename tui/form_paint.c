/*
 * How a form looks: labels on the left, fields on the right, below them the suggestions of a pick
 * field, the hint of the field in focus or what is wrong, and the button.
 */
#include <stdio.h>

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/form_parts.h"

#define FORM_COLS 66
#define FORM_LABEL_GAP_COLS 2
#define FORM_FOOT_ROWS 4 /* a blank, hint or error, a blank, the button */
#define FORM_PICK_ROWS 5

static bool form_has_pick(const struct form *form)
{
	for (size_t i = 0; i < form->count; i++)
		if (form->items[i].field.kind == FORM_PICK)
			return true;
	return false;
}

void form_recalc(void *self, const struct layout *layout)
{
	struct form *form = self;
	int rows = (int)form->count + FORM_FOOT_ROWS + (form_has_pick(form) ? FORM_PICK_ROWS : 0);

	box_place(&form->box, layout, rows, FORM_COLS);
}

static int form_label_cols(const struct form *form, int most_cols)
{
	int cols = 0;

	for (size_t i = 0; i < form->count; i++) {
		int label_cols = cols_width(gettext(form->items[i].field.label));

		cols = label_cols > cols ? label_cols : cols;
	}
	return cols < most_cols ? cols : most_cols;
}

static int form_value_cols(const struct form_item *item, int room_cols)
{
	int wanted = room_cols;

	if (item->field.kind == FORM_QUANTITY)
		wanted = 14;
	else if (item->field.kind == FORM_DATE)
		wanted = 12;
	else if (item->field.kind == FORM_PASSWORD)
		wanted = 20;
	return wanted < room_cols ? wanted : room_cols;
}

/* "< this >" in focus, so that the arrow keys suggest themselves. */
static void form_paint_choice(const struct form_item *item, const struct rect *at, bool is_now)
{
	char text[256];
	const char *label = "";

	if (item->field.choice_count > 0)
		label = gettext(item->field.choices[item->choice].label);
	snprintf(text, sizeof(text), is_now ? "< %s >" : "  %s  ", label);
	draw_text(at->y, at->x, at->cols, is_now ? ROLE_FIELD_NOW : ROLE_NORMAL, text);
}

static void form_paint_item(const struct form *form, size_t index, int y, int label_cols)
{
	const struct form_item *item = &form->items[index];
	const struct rect *inner = &form->box.inner;
	int x = inner->x + label_cols + FORM_LABEL_GAP_COLS;
	int room_cols = inner->x + inner->cols - x;
	bool is_now = index == form->now;
	struct box_field field = {
		y, x, form_value_cols(item, room_cols), is_now, item->field.kind == FORM_PASSWORD};

	draw_text(y, inner->x, label_cols, is_now ? ROLE_BOLD : ROLE_NORMAL,
		gettext(item->field.label));
	if (is_now)
		draw_text(y, inner->x - 2, 1, ROLE_MARK, ">");
	if (form_item_is_edit(item))
		box_edit(&field, &item->edit);
	else
		form_paint_choice(item, &(struct rect){y, x, 1, room_cols}, is_now);
}

static void form_paint_picks(const struct form *form, const struct rect *area)
{
	size_t first = form->pick_now >= (size_t)area->rows
		? form->pick_now - (size_t)area->rows + 1
		: 0;

	for (int row = 0; row < area->rows && first + (size_t)row < form->pick_count; row++) {
		size_t index = first + (size_t)row;
		bool is_now = index == form->pick_now;

		if (is_now)
			draw_text(area->y + row, area->x, 1, ROLE_MARK, ">");
		draw_text(area->y + row, area->x + 2, area->cols - 2,
			is_now ? ROLE_CURSOR_KEY : ROLE_NORMAL, form->picks[index].label);
	}
}

static void form_paint_foot(const struct form *form, const struct rect *foot)
{
	const struct form_item *item = &form->items[form->now];
	const char *submit = form->submit_label ? form->submit_label : _("OK");
	int x = foot->x + (foot->cols - box_button_cols(submit)) / 2;

	if (form->error[0])
		draw_text(foot->y + 1, foot->x, foot->cols, ROLE_ERROR, form->error);
	else if (item->field.hint)
		draw_text(foot->y + 1, foot->x, foot->cols, ROLE_DIM, gettext(item->field.hint));
	box_button(foot->y + foot->rows - 1, x, submit, form->now + 1 == form->count);
}

/* On a small screen suggestions take room only where there are some, and leave half of it to the
 * fields. */
static int form_pick_rows_of(const struct form *form, int room_rows)
{
	if (!form_has_pick(form) || room_rows < 2)
		return 0;
	if (room_rows >= (int)form->count + FORM_PICK_ROWS)
		return FORM_PICK_ROWS;
	if (form->pick_count == 0)
		return 0;
	return room_rows / 2 < FORM_PICK_ROWS ? room_rows / 2 : FORM_PICK_ROWS;
}

void form_repaint(void *self, const struct rect *area)
{
	const struct form *form = self;
	struct rect fields = form->box.inner;
	struct rect foot;
	struct rect picks;
	int label_cols = form_label_cols(form, fields.cols / 2);
	size_t shown;
	size_t first;

	(void)area;
	box_repaint(&form->box);
	foot = layout_take_bottom(&fields, FORM_FOOT_ROWS);
	picks = layout_take_bottom(&fields, form_pick_rows_of(form, fields.rows));
	/* On a small screen the fields scroll so that the one in focus is seen. */
	shown = fields.rows > 0 ? (size_t)fields.rows : 1;
	first = form->now >= shown ? form->now - shown + 1 : 0;
	for (size_t i = first; i < form->count && i < first + shown; i++)
		form_paint_item(form, i, fields.y + (int)(i - first), label_cols);
	form_paint_picks(form, &picks);
	form_paint_foot(form, &foot);
}
