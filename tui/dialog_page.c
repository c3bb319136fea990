#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/box.h"
#include "tui/cols.h"
#include "tui/dialog.h"

#define PAGE_COLS 76
#define PAGE_SCROLL_COLS 2

struct page {
	struct box box; /* its text stays empty: the page scrolls its own */
	char *text;
	int first; /* the first line shown */
	int lines;
};

/* A line of the text as it is to be drawn: its role, and where it begins. */
static enum role page_role(const char **line)
{
	if (**line == DIALOG_PAGE_HEADING[0]) {
		(*line)++;
		return ROLE_HEADING;
	}
	if (**line == DIALOG_PAGE_DIM[0]) {
		(*line)++;
		return ROLE_DIM;
	}
	return ROLE_NORMAL;
}

/* Copies the line at `*text` and goes on to the next. False at the end. */
static bool page_next_line(const char **text, char *out, size_t size)
{
	size_t length = strcspn(*text, "\n");

	if (!**text)
		return false;
	snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), *text);
	*text += length + ((*text)[length] == '\n');
	return true;
}

/*
 * A line such as "key    what it does" wraps under the second column: what stands before the first
 * wide gap (or the leading blanks) hangs out. Gives the bytes of that head and its columns; 0 if
 * there is none, or if it would leave less than half of the width.
 */
static size_t page_head(const char *line, int width_cols, int *cols)
{
	const char *gap = strstr(line, "  ");
	char head[COLS_LINE_BYTES];
	size_t bytes;

	*cols = 0;
	if (!gap)
		return 0;
	bytes = (size_t)(gap - line) + strspn(gap, " ");
	snprintf(head, sizeof(head), "%.*s", (int)bytes, line);
	if (!line[bytes] || cols_width(head) > width_cols / 2)
		return 0;
	*cols = cols_width(head);
	return bytes;
}

/* Rows that a line takes on a page of this width. */
static int page_line_rows(const char *line, int width_cols)
{
	int cols;
	size_t head = page_head(line, width_cols, &cols);
	int rows = cols_wrap_count(line + head, width_cols - cols);

	return rows > 0 ? rows : 1;
}

static int page_count_lines(const char *text, int width_cols)
{
	char line[COLS_LINE_BYTES];
	int count = 0;

	while (page_next_line(&text, line, sizeof(line))) {
		const char *start = line;

		page_role(&start);
		count += page_line_rows(start, width_cols);
	}
	return count;
}

/* Draws a line from its row `skip` on. */
static void page_draw_line(const struct rect *area, enum role role, const char *line, int skip)
{
	struct rect body = *area;
	char head[COLS_LINE_BYTES];
	int cols;
	size_t bytes = page_head(line, area->cols, &cols);

	snprintf(head, sizeof(head), "%.*s", (int)bytes, line);
	if (skip == 0 && cols > 0)
		draw_text(area->y, area->x, cols, role, head);
	body.x += cols;
	body.cols -= cols;
	draw_paragraph(&body, role, line + bytes, skip);
}

static void page_title(void *self, char *out, size_t size)
{
	box_title(&((struct page *)self)->box, out, size);
}

static void page_close(void *self)
{
	struct page *page = self;

	box_free(&page->box);
	free(page->text);
	free(page);
}

static int page_last_first(const struct page *page)
{
	int last = page->lines - page->box.inner.rows;

	return last > 0 ? last : 0;
}

static void page_recalc(void *self, const struct layout *layout)
{
	struct page *page = self;

	box_place(&page->box, layout, page->lines, PAGE_COLS);
	page->lines = page_count_lines(page->text, page->box.inner.cols - PAGE_SCROLL_COLS);
	box_place(&page->box, layout, page->lines, PAGE_COLS);
	if (page->first > page_last_first(page))
		page->first = page_last_first(page);
}

static void page_repaint(void *self, const struct rect *area)
{
	const struct page *page = self;
	struct rect left = page->box.inner;
	const char *text = page->text;
	char line[COLS_LINE_BYTES];
	int skip = page->first;

	(void)area;
	box_repaint(&page->box);
	left.cols -= PAGE_SCROLL_COLS;
	while (left.rows > 0 && page_next_line(&text, line, sizeof(line))) {
		const char *start = line;
		enum role role = page_role(&start);
		int lines = page_line_rows(start, left.cols);

		if (skip >= lines) {
			skip -= lines;
			continue;
		}
		page_draw_line(&left, role, start, skip);
		left.y += lines - skip;
		left.rows -= lines - skip;
		skip = 0;
	}
	draw_scroll(&page->box.inner, page->first, page->box.inner.rows, page->lines);
}

/* Whatever is read here, a scan is for the pane below. */
static enum scan_use page_on_scan(void *self, const char *code)
{
	struct page *page = self;

	app_close(page->box.app, page);
	app_scan(page->box.app, code);
	return SCAN_USED;
}

enum page_step { PAGE_UP, PAGE_DOWN, PAGE_PAGE_UP, PAGE_PAGE_DOWN, PAGE_HOME, PAGE_END };

static void page_run_scroll(void *self, int step)
{
	struct page *page = self;
	int rows = page->box.inner.rows > 1 ? page->box.inner.rows - 1 : 1;
	const int firsts[] = {
		[PAGE_UP] = page->first - 1,
		[PAGE_DOWN] = page->first + 1,
		[PAGE_PAGE_UP] = page->first - rows,
		[PAGE_PAGE_DOWN] = page->first + rows,
		[PAGE_HOME] = 0,
		[PAGE_END] = page_last_first(page),
	};

	page->first = firsts[step];
	if (page->first > page_last_first(page))
		page->first = page_last_first(page);
	if (page->first < 0)
		page->first = 0;
}

static void page_run_close(void *self, int arg)
{
	struct page *page = self;

	(void)arg;
	app_close(page->box.app, page);
}

static const struct action page_rows[] = {
	{"close", N_("Close"), N_("Close the page"), ACTION_HINT, 0, NULL, page_run_close, NULL},
	{"scroll-up", "", N_("One line up"), 0, PAGE_UP, NULL, page_run_scroll, NULL},
	{"scroll-down", N_("Scroll"), N_("One line down"), ACTION_HINT, PAGE_DOWN, NULL,
		page_run_scroll, NULL},
	{"scroll-page-up", "", N_("One page up"), 0, PAGE_PAGE_UP, NULL, page_run_scroll, NULL},
	{"scroll-page-down", "", N_("One page down"), 0, PAGE_PAGE_DOWN, NULL, page_run_scroll,
		NULL},
	{"scroll-first", "", N_("To the start"), 0, PAGE_HOME, NULL, page_run_scroll, NULL},
	{"scroll-last", "", N_("To the end"), 0, PAGE_END, NULL, page_run_scroll, NULL},
};
const struct action_table dialog_page_actions = {
	.context = "page",
	.title = N_("On a page of text"),
	ACTION_TABLE_ROWS(page_rows),
};

static size_t page_scopes(void *self, struct action_scope *out, size_t max)
{
	if (max < 1)
		return 0;
	out[0] = (struct action_scope){&dialog_page_actions, self};
	return 1;
}

static const struct pane_ops page_ops = {
	.context = "page",
	.is_box = true,
	.title = page_title,
	.close = page_close,
	.scopes = page_scopes,
	.recalc = page_recalc,
	.repaint = page_repaint,
	.on_scan = page_on_scan,
};

bool dialog_page(struct app *app, const char *title, const char *text)
{
	struct page *page = calloc(1, sizeof(*page));

	if (!page)
		return false;
	page->text = strdup(text);
	if (!box_init(&page->box, app, title, NULL) || !page->text) {
		page_close(page);
		return false;
	}
	page->lines = 1;
	app_push(app, (struct pane){&page_ops, page});
	return app_has(app, page);
}
