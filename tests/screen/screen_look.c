/* What the screen shows, as text, and waiting for it. */
#include "tests/screen/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/screen/screen_parts.h"

/* A frame comes in one go; a pause as long as this is its end. */
#define SCREEN_FRAME_MS 15

/* Appends a character as UTF-8. */
static size_t screen_put(uint32_t code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* Writes a row. `starts` (may be NULL) gets the byte where each column begins. */
static size_t screen_print_row(
	struct screen *screen, int row, char *out, size_t size, size_t *starts)
{
	size_t used = 0;

	for (int col = 0; col < screen->cols; col++) {
		VTermScreenCell cell = screen_cell(screen, row, col);

		if (starts)
			starts[col] = used;
		if (cell.chars[0] == (uint32_t)-1)
			continue; /* The right half of a double-width character. */
		if (used + 4 * VTERM_MAX_CHARS_PER_CELL >= size)
			break;
		if (cell.chars[0] == 0)
			out[used++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			used += screen_put(cell.chars[i], out + used);
	}
	while (used > 0 && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return used;
}

const char *screen_text(struct screen *screen)
{
	size_t used = 0;

	for (int row = 0; row < screen->rows && used + 2 < sizeof(screen->text); row++) {
		used += screen_print_row(
			screen, row, screen->text + used, sizeof(screen->text) - used - 1, NULL);
		screen->text[used++] = '\n';
	}
	screen->text[used] = '\0';
	return screen->text;
}

const char *screen_row(struct screen *screen, int row)
{
	screen_print_row(
		screen, row < 0 ? screen->rows + row : row, screen->row, sizeof(screen->row), NULL);
	return screen->row;
}

bool screen_has(struct screen *screen, const char *text)
{
	return strstr(screen_text(screen), text) != NULL;
}

enum screen_question { SCREEN_HAS, SCREEN_PASSING, SCREEN_HAS_NOT, SCREEN_ROW_HAS };

static bool screen_answer(
	struct screen *screen, enum screen_question question, int row, const char *text)
{
	if (question == SCREEN_ROW_HAS)
		return strstr(screen_row(screen, row), text) != NULL;
	return screen_has(screen, text) == (question != SCREEN_HAS_NOT);
}

/* Reads until the answer is yes. */
static bool screen_wait_for(
	struct screen *screen, enum screen_question question, int row, const char *text)
{
	long deadline = screen_now_ms() + SCREEN_DEADLINE_MS;

	for (;;) {
		long now = screen_now_ms();

		/* Half a frame may show what the other half takes away: look again when it is whole. */
		if (screen_answer(screen, question, row, text)) {
			if (question == SCREEN_PASSING)
				return true;
			screen_settle(screen, SCREEN_FRAME_MS);
			if (screen_answer(screen, question, row, text))
				return true;
		}
		if (now >= deadline)
			return false;
		if (!screen_pump(screen, (int)(deadline - now)) && screen->is_closed)
			return screen_answer(screen, question, row, text);
	}
}

void screen_print(struct screen *screen)
{
	/* A line at a time: cmocka cuts what it prints at a kilobyte. */
	for (int row = 0; row < screen->rows; row++)
		print_error("%s\n", screen_row(screen, row));
}

static void screen_fail(
	struct screen *screen, const char *what, const char *text, const char *file, int line)
{
	print_error("%s “%s”; the screen is:\n", what, text);
	screen_print(screen);
	_fail(file, line);
}

void screen_expect_at_line(struct screen *screen, const char *text, const char *file, int line)
{
	if (!screen_wait_for(screen, SCREEN_HAS, 0, text))
		screen_fail(screen, "waited in vain for", text, file, line);
}

void screen_expect_gone_at_line(struct screen *screen, const char *text, const char *file, int line)
{
	if (!screen_wait_for(screen, SCREEN_HAS_NOT, 0, text))
		screen_fail(screen, "still there:", text, file, line);
}

void screen_expect_row_at_line(
	struct screen *screen, int row, const char *text, const char *file, int line)
{
	if (!screen_wait_for(screen, SCREEN_ROW_HAS, row, text))
		screen_fail(screen, "not on its row:", text, file, line);
}

void screen_expect_passing_at_line(
	struct screen *screen, const char *text, const char *file, int line)
{
	if (!screen_wait_for(screen, SCREEN_PASSING, 0, text))
		screen_fail(screen, "waited in vain for", text, file, line);
}

int screen_column(struct screen *screen, int row, const char *text)
{
	size_t starts[1024];
	const char *at;

	screen_print_row(screen, row, screen->row, sizeof(screen->row), starts);
	at = strstr(screen->row, text);
	for (int col = 0; at && col < screen->cols; col++)
		if (starts[col] == (size_t)(at - screen->row))
			return col;
	return -1;
}

bool screen_find(struct screen *screen, const char *text, int *row, int *col)
{
	for (*row = 0; *row < screen->rows; (*row)++)
		if ((*col = screen_column(screen, *row, text)) >= 0)
			return true;
	return false;
}

bool screen_cursor(struct screen *screen, int *row, int *col)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->vterm), &at);
	*row = at.row;
	*col = at.col;
	return screen->has_cursor;
}
