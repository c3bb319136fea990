#include "tui/ticket_page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/panes.h"

#define LABEL_GAP_COLS 2

void ticket_page_clear(struct ticket_page *page)
{
	page->count = 0;
}

void ticket_page_add(
	struct ticket_page *page, enum role role, const char *label, const char *format, ...)
{
	struct ticket_line *line;
	va_list args;

	if (page->count == TICKET_PAGE_LINES)
		return;
	line = &page->lines[page->count++];
	line->role = role;
	snprintf(line->label, sizeof(line->label), "%s", label ? label : "");
	va_start(args, format);
	vsnprintf(line->text, sizeof(line->text), format, args);
	va_end(args);
}

/* As wide as the widest label, but never more than a third of the page. */
static int label_cols(const struct ticket_page *page, int width_cols)
{
	int cols = 0;

	for (int i = 0; i < page->count; i++)
		if (cols_width(page->lines[i].label) > cols)
			cols = cols_width(page->lines[i].label);
	return cols < width_cols / 3 ? cols : width_cols / 3;
}

static int line_rows(const struct ticket_line *line, int width_cols)
{
	int rows = cols_wrap_count(line->text, width_cols);

	return rows > 0 ? rows : 1;
}

static void settle_scroll(struct ticket_page *page, int text_cols, int area_rows)
{
	page->rows = 0;
	page->area_rows = area_rows;
	for (int i = 0; i < page->count; i++)
		page->rows += line_rows(&page->lines[i], text_cols);
	if (page->scroll_rows > page->rows - area_rows)
		page->scroll_rows = page->rows - area_rows;
	if (page->scroll_rows < 0)
		page->scroll_rows = 0;
}

void ticket_page_repaint(struct ticket_page *page, const struct rect *area)
{
	int label = label_cols(page, area->cols);
	int gap = label > 0 ? LABEL_GAP_COLS : 0;
	int text_cols = area->cols - 2 - label - gap; /* a margin, and the scroll mark */
	int y = area->y;

	settle_scroll(page, text_cols, area->rows);
	y -= page->scroll_rows;
	for (int i = 0; i < page->count; i++) {
		const struct ticket_line *line = &page->lines[i];
		int rows = line_rows(line, text_cols);
		int hidden = y < area->y ? area->y - y : 0;
		int x = area->x + 1;

		if (hidden < rows && y < area->y + area->rows) {
			struct rect text = {y + hidden, x + label + gap, rows - hidden, text_cols};

			if (text.rows > area->y + area->rows - text.y)
				text.rows = area->y + area->rows - text.y;
			if (hidden == 0)
				draw_text(y, x, label, ROLE_DIM, line->label);
			draw_paragraph(&text, line->role, line->text, hidden);
		}
		y += rows;
	}
	draw_scroll(area, page->scroll_rows, area->rows, page->rows);
}

static const char *why_not_scroll(void *ctx, int by)
{
	const struct ticket_page *page = ctx;

	(void)by;
	return page->rows <= page->area_rows ? _("Everything is on the screen.") : NULL;
}

/* One row, or with ±2 a page. */
static void scroll(void *ctx, int by)
{
	struct ticket_page *page = ctx;

	page->scroll_rows += by == 2 || by == -2 ? by / 2 * page->area_rows : by;
}

static const struct action rows[] = {
	{"text-up", N_("Up"), N_("One line up"), 0, -1, why_not_scroll, scroll, NULL},
	{"text-down", N_("Down"), N_("One line down"), 0, 1, why_not_scroll, scroll, NULL},
	{"text-page-up", N_("Page up"), N_("One page up"), 0, -2, why_not_scroll, scroll, NULL},
	{"text-page-down", N_("Page down"), N_("One page down"), 0, 2, why_not_scroll, scroll,
		NULL},
};
const struct action_table ticket_page_actions = {
	.context = "ticket-page",
	.title = N_("About a ticket"),
	ACTION_TABLE_ROWS(rows),
};
