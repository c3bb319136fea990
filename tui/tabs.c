#include "tui/tabs.h"

#include <stdio.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/cols.h"

#define TABS_ARROW_COLS 2 /* "< " or " >" where more tabs stand beyond the edge */

void tabs_choose(struct tabs *tabs, int index)
{
	if (index < 0 || index >= tabs->count || index == tabs->now)
		return;
	tabs->now = index;
	if (tabs->changed)
		tabs->changed(tabs->ctx);
}

void tabs_step(struct tabs *tabs, int by)
{
	if (tabs->count > 0)
		tabs_choose(tabs, ((tabs->now + by) % tabs->count + tabs->count) % tabs->count);
}

/* "[To confirm 3]" or " To confirm 3 ": the brackets say it where there is no colour. */
static void tabs_print(const struct tabs *tabs, int index, char *out, size_t size)
{
	const struct tab *tab = &tabs->items[index];
	bool is_now = index == tabs->now;
	char count[24] = "";

	if (tab->count >= 0)
		snprintf(count, sizeof(count), " %ld", tab->count);
	snprintf(out, size, "%s%s%s%s", is_now ? "[" : " ",
		tab->label[0] ? gettext(tab->label) : "", count, is_now ? "]" : " ");
}

static int tabs_cols(const struct tabs *tabs, int index)
{
	char text[128];

	tabs_print(tabs, index, text, sizeof(text));
	return cols_width(text);
}

int tabs_first_visible(const struct tabs *tabs, int width_cols)
{
	int first = 0;
	int cols = 0;

	for (int i = 0; i < tabs->count; i++)
		cols += tabs_cols(tabs, i);
	if (cols <= width_cols)
		return 0;
	cols = 0;
	for (int i = 0; i <= tabs->now; i++)
		cols += tabs_cols(tabs, i);
	while (first < tabs->now && cols > width_cols - 2 * TABS_ARROW_COLS)
		cols -= tabs_cols(tabs, first++);
	return first;
}

void tabs_repaint(const struct tabs *tabs, int y, int x, int width_cols)
{
	int first = tabs_first_visible(tabs, width_cols);
	int end = x + width_cols;
	int index;

	if (first > 0)
		x += draw_text(y, x, TABS_ARROW_COLS, ROLE_DIM, "< ");
	for (index = first; index < tabs->count; index++) {
		bool is_now = index == tabs->now;
		bool is_last = index == tabs->count - 1;
		char text[128];
		enum role role = is_now ? ROLE_TAB_NOW : tabs->items[index].role;

		if (role == ROLE_NORMAL)
			role = ROLE_TAB;
		tabs_print(tabs, index, text, sizeof(text));
		if (!is_now && cols_width(text) > end - x - (is_last ? 0 : TABS_ARROW_COLS))
			break;
		x += draw_text(y, x, end - x, role, text);
	}
	if (index < tabs->count)
		draw_text(y, end - TABS_ARROW_COLS, TABS_ARROW_COLS, ROLE_DIM, " >");
}

static const char *tabs_why_not(void *ctx, int arg)
{
	const struct tabs *tabs = ctx;

	(void)arg;
	return tabs->count < 2 ? _("There is only one tab.") : NULL;
}

static void tabs_run_step(void *ctx, int arg)
{
	tabs_step(ctx, arg);
}

static const struct action tabs_rows[] = {
	{"next-tab", N_("Tabs"), N_("Next tab"), ACTION_HINT, 1, tabs_why_not, tabs_run_step, NULL},
	{"previous-tab", "", N_("Previous tab"), 0, -1, tabs_why_not, tabs_run_step, NULL},
};
const struct action_table tabs_actions = {
	.context = "tabs",
	.title = N_("Tabs"),
	ACTION_TABLE_ROWS(tabs_rows),
};
