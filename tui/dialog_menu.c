#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/box.h"
#include "tui/cols.h"
#include "tui/dialog.h"

#define MENU_LEAST_COLS 36
#define MENU_GUTTER_COLS 2

struct menu_item {
	char *label;
	char *why_not;
};

struct menu {
	struct box box;
	struct menu_item items[DIALOG_MENU_MAX];
	size_t count;
	size_t now;
	size_t first; /* the first row shown */
	void (*pick)(void *ctx, size_t index);
	void *ctx;
};

static void menu_title(void *self, char *out, size_t size)
{
	box_title(&((struct menu *)self)->box, out, size);
}

static void menu_close(void *self)
{
	struct menu *menu = self;

	for (size_t i = 0; i < menu->count; i++) {
		free(menu->items[i].label);
		free(menu->items[i].why_not);
	}
	box_free(&menu->box);
	free(menu);
}

static void menu_recalc(void *self, const struct layout *layout)
{
	struct menu *menu = self;
	int cols = MENU_LEAST_COLS;
	size_t shown;

	for (size_t i = 0; i < menu->count; i++) {
		int item_cols = cols_width(menu->items[i].label) + MENU_GUTTER_COLS;

		cols = item_cols > cols ? item_cols : cols;
	}
	box_place(&menu->box, layout, (int)menu->count, cols);
	shown = menu->box.inner.rows > 0 ? (size_t)menu->box.inner.rows : 1;
	if (menu->now < menu->first)
		menu->first = menu->now;
	if (menu->now >= menu->first + shown)
		menu->first = menu->now - shown + 1;
}

static void menu_repaint(void *self, const struct rect *area)
{
	const struct menu *menu = self;
	const struct rect *inner = &menu->box.inner;

	(void)area;
	box_repaint(&menu->box);
	for (int row = 0; row < inner->rows && menu->first + (size_t)row < menu->count; row++) {
		size_t index = menu->first + (size_t)row;
		const struct menu_item *item = &menu->items[index];
		bool is_now = index == menu->now;
		enum role role = item->why_not ? ROLE_DIM : is_now ? ROLE_CURSOR_KEY : ROLE_NORMAL;

		if (is_now)
			draw_text(inner->y + row, inner->x, 1, ROLE_MARK, ">");
		draw_text(inner->y + row, inner->x + MENU_GUTTER_COLS,
			inner->cols - MENU_GUTTER_COLS, role, item->label);
	}
	draw_scroll(inner, (long)menu->first, inner->rows, (long)menu->count);
}

static const char *menu_why_not_pick(void *self, int arg)
{
	const struct menu *menu = self;

	(void)arg;
	return menu->items[menu->now].why_not;
}

static void menu_run_pick(void *self, int arg)
{
	struct menu *menu = self;

	(void)arg;
	app_close(menu->box.app, menu);
	menu->pick(menu->ctx, menu->now);
}

enum menu_step { MENU_UP, MENU_DOWN, MENU_FIRST, MENU_LAST };

static void menu_run_move(void *self, int step)
{
	struct menu *menu = self;

	switch ((enum menu_step)step) {
	case MENU_UP:
		menu->now = (menu->now + menu->count - 1) % menu->count;
		break;
	case MENU_DOWN:
		menu->now = (menu->now + 1) % menu->count;
		break;
	case MENU_FIRST:
		menu->now = 0;
		break;
	case MENU_LAST:
		menu->now = menu->count - 1;
		break;
	}
}

static const struct action menu_rows[] = {
	{"pick", N_("Choose"), N_("Choose this"), ACTION_HINT, 0, menu_why_not_pick, menu_run_pick,
		NULL},
	{"menu-up", "", N_("Previous row"), 0, MENU_UP, NULL, menu_run_move, NULL},
	{"menu-down", "", N_("Next row"), 0, MENU_DOWN, NULL, menu_run_move, NULL},
	{"menu-first", "", N_("First row"), 0, MENU_FIRST, NULL, menu_run_move, NULL},
	{"menu-last", "", N_("Last row"), 0, MENU_LAST, NULL, menu_run_move, NULL},
};
const struct action_table dialog_menu_actions = {
	.context = "menu",
	.title = N_("In a menu"),
	ACTION_TABLE_ROWS(menu_rows),
};

static size_t menu_scopes(void *self, struct action_scope *out, size_t max)
{
	if (max < 1)
		return 0;
	out[0] = (struct action_scope){&dialog_menu_actions, self};
	return 1;
}

static const struct pane_ops menu_ops = {
	.context = "menu",
	.is_box = true,
	.title = menu_title,
	.close = menu_close,
	.scopes = menu_scopes,
	.recalc = menu_recalc,
	.repaint = menu_repaint,
};

static bool menu_copy_items(struct menu *menu, const struct dialog_menu_spec *spec)
{
	for (size_t i = 0; i < spec->count && i < DIALOG_MENU_MAX; i++) {
		struct menu_item *item = &menu->items[menu->count++];

		item->label = strdup(spec->items[i].label);
		item->why_not = spec->items[i].why_not ? strdup(spec->items[i].why_not) : NULL;
		if (!item->label || (spec->items[i].why_not && !item->why_not))
			return false;
	}
	return menu->count > 0;
}

bool dialog_menu(struct app *app, const struct dialog_menu_spec *spec)
{
	struct menu *menu = calloc(1, sizeof(*menu));

	if (!menu)
		return false;
	if (!box_init(&menu->box, app, spec->title, spec->text) || !menu_copy_items(menu, spec)) {
		menu_close(menu);
		return false;
	}
	menu->now = spec->initial < menu->count ? spec->initial : 0;
	menu->pick = spec->pick;
	menu->ctx = spec->ctx;
	app_push(app, (struct pane){&menu_ops, menu});
	return app_has(app, menu);
}
