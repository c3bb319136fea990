#include "tui/draw.h"

#include <curses.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "tui/cols.h"

#define DRAW_NONE (-1) /* the terminal's own foreground or background */

/* How a role looks: on 8 colours, and, where it gains by it, on 256. */
struct draw_look {
	short fg;
	short bg;
	short fg_256;
	short bg_256;
	attr_t attributes;
};

#define DRAW_8(fg, bg, attributes)         \
	{                                  \
		fg, bg, fg, bg, attributes \
	}
#define DRAW_PLAIN(attributes) DRAW_8(DRAW_NONE, DRAW_NONE, attributes)

static const struct draw_look theme_default[ROLE_COUNT] = {
	[ROLE_NORMAL] = DRAW_PLAIN(A_NORMAL),
	[ROLE_TITLE] = {COLOR_WHITE, COLOR_BLUE, 252, 24, A_NORMAL},
	[ROLE_TITLE_NOW] = {COLOR_WHITE, COLOR_BLUE, 231, 31, A_BOLD},
	[ROLE_HEADING] = {COLOR_CYAN, DRAW_NONE, 75, DRAW_NONE, A_BOLD},
	[ROLE_COLUMN] = {COLOR_CYAN, DRAW_NONE, 109, DRAW_NONE, A_UNDERLINE},
	[ROLE_TAB] = {DRAW_NONE, DRAW_NONE, 250, DRAW_NONE, A_NORMAL},
	[ROLE_TAB_NOW] = {COLOR_WHITE, COLOR_BLUE, 231, 31, A_BOLD},
	[ROLE_STATUS] = {COLOR_WHITE, COLOR_BLUE, 250, 236, A_NORMAL},
	[ROLE_STATUS_OK] = {COLOR_WHITE, COLOR_BLUE, 114, 236, A_BOLD},
	[ROLE_STATUS_WARN] = {COLOR_YELLOW, COLOR_BLUE, 214, 236, A_BOLD},
	[ROLE_STATUS_BAD] = {COLOR_WHITE, COLOR_RED, 231, 160, A_BOLD},
	[ROLE_OK] = {COLOR_GREEN, DRAW_NONE, 114, DRAW_NONE, A_NORMAL},
	[ROLE_WARN] = {COLOR_YELLOW, DRAW_NONE, 214, DRAW_NONE, A_BOLD},
	[ROLE_ERROR] = {COLOR_RED, DRAW_NONE, 203, DRAW_NONE, A_BOLD},
	[ROLE_LOSS] = {COLOR_RED, DRAW_NONE, 203, DRAW_NONE, A_NORMAL},
	[ROLE_GAIN] = {COLOR_GREEN, DRAW_NONE, 114, DRAW_NONE, A_NORMAL},
	[ROLE_KEY] = {COLOR_CYAN, DRAW_NONE, 81, DRAW_NONE, A_BOLD},
	[ROLE_DIM] = {DRAW_NONE, DRAW_NONE, 245, DRAW_NONE, A_NORMAL},
	[ROLE_BOLD] = DRAW_PLAIN(A_BOLD),
	/* A patch of one colour: it moves with every step in a list, and attributes are bytes. */
	[ROLE_MARK] = DRAW_8(DRAW_NONE, COLOR_CYAN, A_NORMAL),
	[ROLE_CURSOR_KEY] = {COLOR_CYAN, DRAW_NONE, 81, DRAW_NONE, A_BOLD},
	[ROLE_PENDING] = {COLOR_YELLOW, DRAW_NONE, 180, DRAW_NONE, A_NORMAL},
	[ROLE_OFFLINE_OK] = {COLOR_MAGENTA, DRAW_NONE, 177, DRAW_NONE, A_BOLD},
	[ROLE_FIELD] = {DRAW_NONE, DRAW_NONE, 252, 236, A_UNDERLINE},
	[ROLE_FIELD_NOW] = {COLOR_WHITE, COLOR_BLUE, 231, 25, A_NORMAL},
	[ROLE_BUTTON] = {DRAW_NONE, DRAW_NONE, 250, 238, A_NORMAL},
	[ROLE_BUTTON_NOW] = {COLOR_WHITE, COLOR_BLUE, 231, 31, A_BOLD},
	[ROLE_FLASH_OK] = {COLOR_BLACK, COLOR_GREEN, 16, 114, A_NORMAL},
	[ROLE_FLASH_WARN] = {COLOR_BLACK, COLOR_YELLOW, 16, 214, A_BOLD},
	[ROLE_FLASH_ERROR] = {COLOR_WHITE, COLOR_RED, 231, 160, A_BOLD},
	[ROLE_FRAME] = {COLOR_CYAN, DRAW_NONE, 67, DRAW_NONE, A_NORMAL},
	[ROLE_BAR] = {COLOR_GREEN, DRAW_NONE, 114, DRAW_NONE, A_BOLD},
	[ROLE_BAR_REST] = {DRAW_NONE, DRAW_NONE, 240, DRAW_NONE, A_NORMAL},
};

/* No colour: what must be seen is bold, reversed or underlined; text carries signs of its own. */
static const struct draw_look theme_mono[ROLE_COUNT] = {
	[ROLE_NORMAL] = DRAW_PLAIN(A_NORMAL),
	[ROLE_TITLE] = DRAW_PLAIN(A_REVERSE),
	[ROLE_TITLE_NOW] = DRAW_PLAIN(A_BOLD),
	[ROLE_HEADING] = DRAW_PLAIN(A_BOLD),
	[ROLE_COLUMN] = DRAW_PLAIN(A_UNDERLINE),
	[ROLE_TAB] = DRAW_PLAIN(A_NORMAL),
	[ROLE_TAB_NOW] = DRAW_PLAIN(A_REVERSE),
	[ROLE_STATUS] = DRAW_PLAIN(A_REVERSE),
	[ROLE_STATUS_OK] = DRAW_PLAIN(A_REVERSE),
	[ROLE_STATUS_WARN] = DRAW_PLAIN(A_REVERSE | A_BOLD),
	[ROLE_STATUS_BAD] = DRAW_PLAIN(A_BOLD),
	[ROLE_OK] = DRAW_PLAIN(A_NORMAL),
	[ROLE_WARN] = DRAW_PLAIN(A_BOLD),
	[ROLE_ERROR] = DRAW_PLAIN(A_BOLD),
	[ROLE_LOSS] = DRAW_PLAIN(A_BOLD),
	[ROLE_GAIN] = DRAW_PLAIN(A_NORMAL),
	[ROLE_KEY] = DRAW_PLAIN(A_BOLD),
	[ROLE_DIM] = DRAW_PLAIN(A_NORMAL),
	[ROLE_BOLD] = DRAW_PLAIN(A_BOLD),
	[ROLE_MARK] = DRAW_PLAIN(A_REVERSE),
	[ROLE_CURSOR_KEY] = DRAW_PLAIN(A_BOLD),
	[ROLE_PENDING] = DRAW_PLAIN(A_UNDERLINE),
	[ROLE_OFFLINE_OK] = DRAW_PLAIN(A_BOLD | A_UNDERLINE),
	[ROLE_FIELD] = DRAW_PLAIN(A_UNDERLINE),
	[ROLE_FIELD_NOW] = DRAW_PLAIN(A_UNDERLINE | A_BOLD),
	[ROLE_BUTTON] = DRAW_PLAIN(A_NORMAL),
	[ROLE_BUTTON_NOW] = DRAW_PLAIN(A_REVERSE),
	[ROLE_FLASH_OK] = DRAW_PLAIN(A_REVERSE),
	[ROLE_FLASH_WARN] = DRAW_PLAIN(A_REVERSE | A_BOLD),
	[ROLE_FLASH_ERROR] = DRAW_PLAIN(A_REVERSE | A_BOLD | A_UNDERLINE),
	[ROLE_FRAME] = DRAW_PLAIN(A_NORMAL),
	[ROLE_BAR] = DRAW_PLAIN(A_BOLD),
	[ROLE_BAR_REST] = DRAW_PLAIN(A_NORMAL),
};

/* Black and white with full colours, nothing dim: for bright shops and tired eyes. */
static const struct draw_look theme_contrast[ROLE_COUNT] = {
	[ROLE_NORMAL] = DRAW_8(COLOR_WHITE, COLOR_BLACK, A_BOLD),
	[ROLE_TITLE] = DRAW_8(COLOR_BLACK, COLOR_WHITE, A_NORMAL),
	[ROLE_TITLE_NOW] = DRAW_8(COLOR_YELLOW, COLOR_BLACK, A_BOLD),
	[ROLE_HEADING] = DRAW_8(COLOR_YELLOW, COLOR_BLACK, A_BOLD),
	[ROLE_COLUMN] = DRAW_8(COLOR_WHITE, COLOR_BLACK, A_BOLD | A_UNDERLINE),
	[ROLE_TAB] = DRAW_8(COLOR_WHITE, COLOR_BLACK, A_BOLD),
	[ROLE_TAB_NOW] = DRAW_8(COLOR_BLACK, COLOR_YELLOW, A_NORMAL),
	[ROLE_STATUS] = DRAW_8(COLOR_BLACK, COLOR_WHITE, A_NORMAL),
	[ROLE_STATUS_OK] = DRAW_8(COLOR_BLACK, COLOR_WHITE, A_NORMAL),
	[ROLE_STATUS_WARN] = DRAW_8(COLOR_BLACK, COLOR_YELLOW, A_NORMAL),
	[ROLE_STATUS_BAD] = DRAW_8(COLOR_WHITE, COLOR_RED, A_BOLD),
	[ROLE_OK] = DRAW_8(COLOR_GREEN, COLOR_BLACK, A_BOLD),
	[ROLE_WARN] = DRAW_8(COLOR_YELLOW, COLOR_BLACK, A_BOLD),
	[ROLE_ERROR] = DRAW_8(COLOR_WHITE, COLOR_RED, A_BOLD),
	[ROLE_LOSS] = DRAW_8(COLOR_RED, COLOR_BLACK, A_BOLD),
	[ROLE_GAIN] = DRAW_8(COLOR_GREEN, COLOR_BLACK, A_BOLD),
	[ROLE_KEY] = DRAW_8(COLOR_YELLOW, COLOR_BLACK, A_BOLD),
	[ROLE_DIM] = DRAW_8(COLOR_WHITE, COLOR_BLACK, A_NORMAL),
	[ROLE_BOLD] = DRAW_8(COLOR_WHITE, COLOR_BLACK, A_BOLD),
	[ROLE_MARK] = DRAW_8(COLOR_BLACK, COLOR_YELLOW, A_NORMAL),
	[ROLE_CURSOR_KEY] = DRAW_8(COLOR_YELLOW, COLOR_BLACK, A_BOLD),
	[ROLE_PENDING] = DRAW_8(COLOR_YELLOW, COLOR_BLACK, A_BOLD | A_UNDERLINE),
	[ROLE_OFFLINE_OK] = DRAW_8(COLOR_MAGENTA, COLOR_BLACK, A_BOLD),
	[ROLE_FIELD] = DRAW_8(COLOR_WHITE, COLOR_BLACK, A_BOLD | A_UNDERLINE),
	[ROLE_FIELD_NOW] = DRAW_8(COLOR_BLACK, COLOR_YELLOW, A_NORMAL),
	[ROLE_BUTTON] = DRAW_8(COLOR_WHITE, COLOR_BLACK, A_BOLD),
	[ROLE_BUTTON_NOW] = DRAW_8(COLOR_BLACK, COLOR_YELLOW, A_NORMAL),
	[ROLE_FLASH_OK] = DRAW_8(COLOR_BLACK, COLOR_GREEN, A_NORMAL),
	[ROLE_FLASH_WARN] = DRAW_8(COLOR_BLACK, COLOR_YELLOW, A_NORMAL),
	[ROLE_FLASH_ERROR] = DRAW_8(COLOR_WHITE, COLOR_RED, A_BOLD | A_UNDERLINE),
	[ROLE_FRAME] = DRAW_8(COLOR_WHITE, COLOR_BLACK, A_BOLD),
	[ROLE_BAR] = DRAW_8(COLOR_GREEN, COLOR_BLACK, A_BOLD),
	[ROLE_BAR_REST] = DRAW_8(COLOR_WHITE, COLOR_BLACK, A_NORMAL),
};

static const struct {
	const char *name;
	const struct draw_look *looks;
	bool needs_colour;
} draw_themes[] = {
	{"default", theme_default, true},
	{"mono", theme_mono, false},
	{"contrast", theme_contrast, true},
};
#define DRAW_MONO 1

static attr_t draw_attributes[ROLE_COUNT];
static short draw_pairs[ROLE_COUNT];
static bool draw_has_caret;
static int draw_caret_y;
static int draw_caret_x;

static bool draw_wants_colour(void)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (no_colour && *no_colour)
		return false;
	if (!term || strcmp(term, "dumb") == 0)
		return false;
	return has_colors();
}

static void draw_use(const struct draw_look *looks, bool has_colour)
{
	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct draw_look *look = &looks[role];
		bool is_rich = COLORS >= 256;
		short pair = (short)(role + 1);

		draw_attributes[role] = look->attributes;
		draw_pairs[role] = 0;
		if (!has_colour || pair >= COLOR_PAIRS)
			continue;
		init_pair(
			pair, is_rich ? look->fg_256 : look->fg, is_rich ? look->bg_256 : look->bg);
		draw_pairs[role] = pair;
	}
	bkgdset(' ');
}

bool draw_theme(const char *name)
{
	bool has_colour = draw_wants_colour();
	size_t chosen = has_colour ? 0 : DRAW_MONO;
	bool is_known = name == NULL;

	for (size_t i = 0; name && i < sizeof(draw_themes) / sizeof(draw_themes[0]); i++) {
		if (strcmp(draw_themes[i].name, name) != 0)
			continue;
		is_known = true;
		if (has_colour || !draw_themes[i].needs_colour)
			chosen = i;
	}
	draw_use(draw_themes[chosen].looks, has_colour && draw_themes[chosen].needs_colour);
	return is_known;
}

static void draw_look_as(enum role role)
{
	attr_set(draw_attributes[role], draw_pairs[role], NULL);
}

void draw_begin(void)
{
	struct rect screen = {0, 0, LINES, COLS};

	erase();
	draw_has_caret = false;
	if (draw_pairs[ROLE_NORMAL] || draw_attributes[ROLE_NORMAL])
		draw_fill(&screen, ROLE_NORMAL);
}

void draw_end(void)
{
	/* A cursor that need not come back anywhere saves bytes on every frame. */
	leaveok(stdscr, !draw_has_caret);
	curs_set(draw_has_caret ? 1 : 0);
	if (draw_has_caret)
		move(draw_caret_y, draw_caret_x);
	wnoutrefresh(stdscr);
	doupdate();
}

/* Cuts a run to the screen. False if nothing of it is left. */
static bool draw_clip(int y, int x, int *width_cols)
{
	if (y < 0 || y >= LINES || x < 0 || x >= COLS)
		return false;
	if (*width_cols > COLS - x)
		*width_cols = COLS - x;
	return *width_cols > 0;
}

/* Draws text that is clean and fits. */
static void draw_put(int y, int x, enum role role, const char *clean)
{
	draw_look_as(role);
	mvaddstr(y, x, clean);
	attrset(A_NORMAL);
}

int draw_text(int y, int x, int width_cols, enum role role, const char *utf8)
{
	char line[COLS_LINE_BYTES];
	int used;

	if (!draw_clip(y, x, &width_cols))
		return 0;
	used = cols_fit(line, sizeof(line), width_cols, utf8);
	draw_put(y, x, role, line);
	return used;
}

int draw_text_right(int y, int x, int width_cols, enum role role, const char *utf8)
{
	int used = cols_width(utf8);

	if (used > width_cols)
		used = width_cols;
	return draw_text(y, x + width_cols - used, used, role, utf8);
}

int draw_text_centre(int y, int x, int width_cols, enum role role, const char *utf8)
{
	int used = cols_width(utf8);

	if (used > width_cols)
		used = width_cols;
	return draw_text(y, x + (width_cols - used) / 2, used, role, utf8);
}

int draw_paragraph(const struct rect *area, enum role role, const char *utf8, int skip_lines)
{
	size_t line_bytes;
	size_t step;
	int drawn = 0;

	while (drawn < area->rows && (step = cols_wrap(utf8, area->cols, &line_bytes)) > 0) {
		char line[COLS_LINE_BYTES];

		if (skip_lines > 0) {
			skip_lines--;
		} else if (line_bytes < sizeof(line)) {
			memcpy(line, utf8, line_bytes);
			line[line_bytes] = '\0';
			draw_text(area->y + drawn++, area->x, area->cols, role, line);
		}
		utf8 += step;
	}
	return drawn;
}

void draw_fill(const struct rect *area, enum role role)
{
	draw_look_as(role);
	for (int row = 0; row < area->rows; row++) {
		int width_cols = area->cols;

		if (draw_clip(area->y + row, area->x, &width_cols))
			mvhline(area->y + row, area->x,
				' ' | draw_attributes[role] | (chtype)COLOR_PAIR(draw_pairs[role]),
				width_cols);
	}
	attrset(A_NORMAL);
}

void draw_rule(int y, int x, int width_cols, enum role role)
{
	if (!draw_clip(y, x, &width_cols))
		return;
	draw_look_as(role);
	mvhline_set(y, x, WACS_HLINE, width_cols);
	attrset(A_NORMAL);
}

void draw_frame(const struct rect *area, enum role role, const char *title)
{
	int bottom = area->y + area->rows - 1;
	int right = area->x + area->cols - 1;

	if (area->rows < 2 || area->cols < 2)
		return;
	draw_fill(area, ROLE_NORMAL);
	draw_rule(area->y, area->x, area->cols, role);
	draw_rule(bottom, area->x, area->cols, role);
	draw_look_as(role);
	mvvline_set(area->y, area->x, WACS_VLINE, area->rows);
	mvvline_set(area->y, right, WACS_VLINE, area->rows);
	mvadd_wch(area->y, area->x, WACS_ULCORNER);
	mvadd_wch(area->y, right, WACS_URCORNER);
	mvadd_wch(bottom, area->x, WACS_LLCORNER);
	mvadd_wch(bottom, right, WACS_LRCORNER);
	attrset(A_NORMAL);
	if (title && *title && area->cols > 8) {
		int used = draw_text(area->y, area->x + 3, area->cols - 6, ROLE_HEADING, title);

		draw_text(area->y, area->x + 2, 1, role, " ");
		draw_text(area->y, area->x + 3 + used, 1, role, " ");
	}
}

/* Terminals that surely have more than ASCII: old ones show a box where they lack a character. */
static bool draw_has_lines(void)
{
	const char *term = getenv("TERM");

	return term && strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && strncmp(term, "vt", 2) != 0 &&
		strcmp(term, "linux") != 0 && strcmp(term, "dumb") != 0;
}

void draw_bar(int y, int x, int width_cols, int permille)
{
	bool has_lines = draw_has_lines();
	int done;

	if (!draw_clip(y, x, &width_cols))
		return;
	permille = permille < 0 ? 0 : permille > 1000 ? 1000 : permille;
	done = width_cols * permille / 1000;
	for (int col = 0; col < width_cols; col++) {
		if (col < done)
			draw_put(y, x + col, ROLE_BAR, has_lines ? "\u2501" : "#");
		else
			draw_put(y, x + col, ROLE_BAR_REST, has_lines ? "\u2500" : "-");
	}
}

void draw_scroll(const struct rect *area, long first, long shown, long total)
{
	int column = area->x + area->cols - 1;
	long top;
	long size;

	if (total <= shown || area->rows < 2 || area->cols < 2 || shown <= 0)
		return;
	size = (long)area->rows * shown / total;
	if (size < 1)
		size = 1;
	top = (area->rows - size) * first / (total - shown);
	if (top < 0)
		top = 0;
	for (long row = 0; row < area->rows; row++)
		if (row >= top && row < top + size)
			draw_put(area->y + (int)row, column, ROLE_FRAME,
				draw_has_lines() ? "\u2503" : "|");
}

void draw_caret(int y, int x)
{
	if (y < 0 || y >= LINES || x < 0 || x >= COLS)
		return;
	draw_has_caret = true;
	draw_caret_y = y;
	draw_caret_x = x;
}

void draw_bell(void)
{
	beep();
}

/* One cell as UTF-8. */
static void draw_dump_cell(const cchar_t *cell, FILE *out)
{
	wchar_t characters[CCHARW_MAX + 1];
	attr_t attributes;
	short pair;

	if (getcchar(cell, characters, &attributes, &pair, NULL) == ERR)
		return;
	for (int i = 0; i < CCHARW_MAX && characters[i]; i++) {
		char bytes[5];

		cols_encode((uint32_t)characters[i], bytes);
		fputs(bytes, out);
	}
}

bool draw_dump(FILE *out)
{
	int cells_max = COLS + 1;
	cchar_t *cells = calloc((size_t)cells_max, sizeof(*cells));
	char *line = NULL;
	size_t size = 0;

	if (!cells)
		return false;
	for (int y = 0; y < LINES; y++) {
		FILE *memory = open_memstream(&line, &size);

		if (!memory)
			break;
		memset(cells, 0, (size_t)cells_max * sizeof(*cells));
		mvin_wchnstr(y, 0, cells, COLS);
		for (int x = 0; x < COLS && cells[x].chars[0]; x++)
			draw_dump_cell(&cells[x], memory);
		fclose(memory);
		while (size > 0 && line[size - 1] == ' ')
			size--;
		fprintf(out, "%.*s\n", (int)size, line);
		free(line);
		line = NULL;
	}
	free(cells);
	return !ferror(out);
}
