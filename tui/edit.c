#include "tui/edit.h"

#include <string.h>

#include "model/i18n.h"
#include "tui/cols.h"

void edit_init(struct edit *edit, size_t max_chars)
{
	memset(edit, 0, sizeof(*edit));
	edit->max_chars = max_chars;
}

static bool edit_is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t edit_char_count(const struct edit *edit)
{
	size_t count = 0;

	for (size_t i = 0; i < edit->length; i++)
		count += !edit_is_continuation(edit->text[i]);
	return count;
}

/* Puts one clean character before the cursor. False if there is no room. */
static bool edit_insert_char(struct edit *edit, const char *bytes, size_t length)
{
	if (edit->length + length >= sizeof(edit->text))
		return false;
	if (edit->max_chars > 0 && edit_char_count(edit) >= edit->max_chars)
		return false;
	memmove(edit->text + edit->cursor + length, edit->text + edit->cursor,
		edit->length - edit->cursor + 1);
	memcpy(edit->text + edit->cursor, bytes, length);
	edit->cursor += length;
	edit->length += length;
	return true;
}

bool edit_insert(struct edit *edit, const char *utf8)
{
	while (*utf8) {
		uint32_t code_point;
		char bytes[5];

		utf8 += cols_decode(utf8, &code_point);
		if (code_point == '\n' || code_point == '\r' || code_point == '\t')
			code_point = ' ';
		code_point = cols_fold_width(code_point);
		/* A mark alone has nothing to stand on. */
		if (cols_char_width(code_point) < (edit->cursor == 0 ? 1 : 0))
			continue;
		if (!edit_insert_char(edit, bytes, cols_encode(code_point, bytes)))
			return false;
		edit->is_changed = true;
	}
	return true;
}

void edit_set(struct edit *edit, const char *utf8)
{
	edit->text[0] = '\0';
	edit->length = 0;
	edit->cursor = 0;
	edit_insert(edit, utf8);
	edit->is_changed = false;
}

/* The start of the character before `at`; marks belong to the letter they stand on. */
static size_t edit_before(const struct edit *edit, size_t at)
{
	uint32_t code_point;

	while (at > 0) {
		do
			at--;
		while (at > 0 && edit_is_continuation(edit->text[at]));
		cols_decode(edit->text + at, &code_point);
		if (cols_char_width(code_point) != 0)
			break;
	}
	return at;
}

static size_t edit_after(const struct edit *edit, size_t at)
{
	uint32_t code_point;

	if (at < edit->length)
		at += cols_decode(edit->text + at, &code_point);
	while (at < edit->length) {
		size_t step = cols_decode(edit->text + at, &code_point);

		if (cols_char_width(code_point) != 0)
			break;
		at += step;
	}
	return at;
}

static void edit_remove(struct edit *edit, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(edit->text + from, edit->text + to, edit->length - to + 1);
	edit->length -= to - from;
	edit->cursor = from;
	edit->is_changed = true;
}

static size_t edit_word_start(const struct edit *edit)
{
	size_t at = edit->cursor;

	while (at > 0 && edit->text[at - 1] == ' ')
		at--;
	while (at > 0 && edit->text[at - 1] != ' ')
		at--;
	return at;
}

void edit_step(struct edit *edit, enum edit_step step)
{
	switch (step) {
	case EDIT_LEFT:
		edit->cursor = edit_before(edit, edit->cursor);
		break;
	case EDIT_RIGHT:
		edit->cursor = edit_after(edit, edit->cursor);
		break;
	case EDIT_HOME:
		edit->cursor = 0;
		break;
	case EDIT_END:
		edit->cursor = edit->length;
		break;
	case EDIT_BACKSPACE:
		edit_remove(edit, edit_before(edit, edit->cursor), edit->cursor);
		break;
	case EDIT_DELETE:
		edit_remove(edit, edit->cursor, edit_after(edit, edit->cursor));
		break;
	case EDIT_KILL_LINE:
		edit_remove(edit, 0, edit->length);
		break;
	case EDIT_KILL_REST:
		edit_remove(edit, edit->cursor, edit->length);
		break;
	case EDIT_KILL_WORD:
		edit_remove(edit, edit_word_start(edit), edit->cursor);
		break;
	}
}

/* Columns of text[from, to). */
static int edit_cols(const struct edit *edit, size_t from, size_t to)
{
	int cols = 0;

	while (from < to) {
		uint32_t code_point;
		int width;

		from += cols_decode(edit->text + from, &code_point);
		width = cols_char_width(code_point);
		cols += width > 0 ? width : 0;
	}
	return cols;
}

struct edit_view edit_view_of(const struct edit *edit, int width_cols)
{
	struct edit_view view = {0, edit_cols(edit, 0, edit->cursor)};

	/* The cursor needs a column of its own behind the last character. */
	while (view.cursor_col >= width_cols && view.first < edit->cursor) {
		size_t next = edit_after(edit, view.first);

		view.cursor_col -= edit_cols(edit, view.first, next);
		view.first = next;
	}
	return view;
}

static void edit_run(void *ctx, int arg)
{
	edit_step(ctx, (enum edit_step)arg);
}

#define EDIT_ROW(name, help, step)                                       \
	{                                                                \
		name, "", help, ACTION_QUIET, step, NULL, edit_run, NULL \
	}
static const struct action edit_rows[] = {
	EDIT_ROW("text-left", N_("Move left in the text"), EDIT_LEFT),
	EDIT_ROW("text-right", N_("Move right in the text"), EDIT_RIGHT),
	EDIT_ROW("text-home", N_("Go to the start of the text"), EDIT_HOME),
	EDIT_ROW("text-end", N_("Go to the end of the text"), EDIT_END),
	EDIT_ROW("text-backspace", N_("Delete the character before the cursor"), EDIT_BACKSPACE),
	EDIT_ROW("text-delete", N_("Delete the character under the cursor"), EDIT_DELETE),
	EDIT_ROW("text-clear", N_("Delete the whole text"), EDIT_KILL_LINE),
	EDIT_ROW("text-clear-rest", N_("Delete to the end of the text"), EDIT_KILL_REST),
	EDIT_ROW("text-clear-word", N_("Delete the word before the cursor"), EDIT_KILL_WORD),
};
const struct action_table edit_actions = {
	.context = "text",
	.title = N_("Typing"),
	.is_text = true,
	ACTION_TABLE_ROWS(edit_rows),
};
