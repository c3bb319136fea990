#include "tui/box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/cols.h"
#include "tui/edit.h"

#define BOX_FRAME_ROWS 2
#define BOX_MARGIN_COLS 3 /* the frame and two blanks on either side */

bool box_init(struct box *box, struct app *app, const char *title, const char *text)
{
	memset(box, 0, sizeof(*box));
	box->app = app;
	box->title = strdup(title ? title : "");
	box->text = strdup(text ? text : "");
	if (box->title && box->text)
		return true;
	box_free(box);
	return false;
}

void box_free(struct box *box)
{
	free(box->title);
	free(box->text);
	box->title = NULL;
	box->text = NULL;
}

void box_place(struct box *box, const struct layout *layout, int rows, int cols)
{
	int title_cols = cols_width(box->title) + 4;
	int text_rows;

	if (cols < title_cols)
		cols = title_cols;
	if (cols > layout->body.cols - 2 * BOX_MARGIN_COLS)
		cols = layout->body.cols - 2 * BOX_MARGIN_COLS;
	text_rows = box->text[0] ? cols_wrap_count(box->text, cols) + 1 : 0;
	if (text_rows > layout->body.rows - rows - BOX_FRAME_ROWS)
		text_rows = layout->body.rows - rows - BOX_FRAME_ROWS;
	if (text_rows < 0)
		text_rows = 0;
	box->frame = layout_centre(
		&layout->body, rows + text_rows + BOX_FRAME_ROWS, cols + 2 * BOX_MARGIN_COLS);
	box->inner = (struct rect){box->frame.y + 1, box->frame.x + BOX_MARGIN_COLS,
		box->frame.rows - BOX_FRAME_ROWS, box->frame.cols - 2 * BOX_MARGIN_COLS};
	box->paragraph = layout_take_top(&box->inner, text_rows);
}

void box_repaint(const struct box *box)
{
	draw_frame(&box->frame, ROLE_FRAME, box->title);
	draw_paragraph(&box->paragraph, ROLE_NORMAL, box->text, 0);
}

int box_button_cols(const char *label)
{
	return cols_width(label) + 4;
}

int box_button(int y, int x, const char *label, bool is_now)
{
	char text[256];

	/* The brackets say where the focus is when there is no colour. */
	snprintf(text, sizeof(text), is_now ? "[ %s ]" : "  %s  ", label);
	return draw_text(y, x, COLS_LINE_BYTES, is_now ? ROLE_BUTTON_NOW : ROLE_BUTTON, text);
}

static void box_hide(const char *text, char *out, size_t size)
{
	size_t used = 0;

	for (; *text && used + 1 < size; text++)
		if (((unsigned char)*text & 0xc0) != 0x80)
			out[used++] = '*';
	out[used] = '\0';
}

/* The bytes of `text` that fit into `width_cols`; nothing is replaced by an ellipsis while typing. */
static size_t box_bytes_that_fit(const char *text, int width_cols)
{
	size_t bytes = 0;

	while (text[bytes]) {
		uint32_t code_point;
		size_t step = cols_decode(text + bytes, &code_point);
		int width = cols_char_width(code_point);

		width_cols -= width > 0 ? width : 0;
		if (width_cols < 0)
			break;
		bytes += step;
	}
	return bytes;
}

void box_edit(const struct box_field *field, const struct edit *edit)
{
	enum role role = field->is_now ? ROLE_FIELD_NOW : ROLE_FIELD;
	struct rect area = {field->y, field->x, 1, field->cols};
	struct edit shown = *edit;
	struct edit_view view;

	if (field->is_hidden) {
		box_hide(edit->text, shown.text, sizeof(shown.text));
		shown.length = strlen(shown.text);
		shown.cursor = shown.length;
	}
	draw_fill(&area, role);
	if (!field->is_now) {
		draw_text(field->y, field->x, field->cols, role, shown.text);
		return;
	}
	view = edit_view_of(&shown, field->cols);
	shown.text[view.first + box_bytes_that_fit(shown.text + view.first, field->cols)] = '\0';
	draw_text(field->y, field->x, field->cols, role, shown.text + view.first);
	draw_caret(field->y, field->x + view.cursor_col);
}

void box_title(const struct box *box, char *out, size_t size)
{
	snprintf(out, size, "%s", box->title);
}
