/* Which store is this? Asked once at the start, where the device has several and nobody said. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/document_rows.h"
#include "tui/list.h"
#include "tui/panes.h"
#include "tui/screen_parts.h"

#define STORE_COLS 56
#define STORE_ROWS_MAX 18

struct store_row {
	char key[LIST_KEY_BYTES];
	char id[COMMAND_ID_MAX + 1];
};

struct store_choice {
	struct document_rows rows; /* first, as document_rows.h asks */
	struct shop *shop;
	void (*chosen)(void *ctx, const char *store);
	void *ctx;
	struct list list;
	struct rect frame;
};

static void store_cell(void *ctx, const void *row, int column, struct list_cell *out)
{
	const struct store_choice *choice = ctx;
	const struct store_row *it = row;

	if (column == 0)
		snprintf(out->text, sizeof(out->text), "%s", it->id);
	else
		shop_store_name(choice->shop, it->id, out->text, sizeof(out->text));
}

static const struct list_source store_source = {
	.row_bytes = sizeof(struct store_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = store_cell,
};

static const struct list_column store_columns[] = {
	{.title = N_("Id"), .width_cols = 14, .is_key = true},
	{.title = N_("Name"), .width_cols = 20, .flex = 1},
};

static void run_choose(void *ctx, int arg)
{
	struct store_choice *choice = ctx;
	const struct store_row *row = list_row(&choice->list);
	char store[COMMAND_ID_MAX + 1];

	(void)arg;
	if (!row)
		return;
	snprintf(store, sizeof(store), "%s", row->id);
	app_close(choice->shop->app, choice);
	choice->chosen(choice->ctx, store);
}

static void run_quit(void *ctx, int arg)
{
	const struct store_choice *choice = ctx;

	(void)arg;
	app_quit(choice->shop->app);
}

static const struct action store_rows[] = {
	{"choose", N_("Choose"), N_("Work for this store"), ACTION_HINT_FIRST, 0, NULL, run_choose,
		NULL},
	{"quit", N_("Quit"), N_("Leave Countertop"), ACTION_HINT, 0, NULL, run_quit, NULL},
};
const struct action_table store_choice_actions = {
	.context = "store",
	.title = N_("Choosing the store"),
	ACTION_TABLE_ROWS(store_rows),
};

static size_t store_scopes(void *self, struct action_scope *out, size_t max)
{
	struct store_choice *choice = self;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&store_choice_actions, choice};
	out[1] = (struct action_scope){&list_actions, &choice->list};
	return 2;
}

static bool store_may_leave(void *self)
{
	const struct store_choice *choice = self;

	app_say(choice->shop->app, ROLE_DIM, "%s", _("Choose the store first."));
	return false;
}

static void store_recalc(void *self, const struct layout *layout)
{
	struct store_choice *choice = self;
	int rows = (int)choice->rows.count + 5;

	if (rows > STORE_ROWS_MAX)
		rows = STORE_ROWS_MAX;
	choice->frame = layout_centre(&layout->body, rows, STORE_COLS);
	list_recalc(&choice->list, choice->frame.rows - 3);
}

static void store_repaint(void *self, const struct rect *area)
{
	struct store_choice *choice = self;
	struct rect inner = {choice->frame.y + 1, choice->frame.x + 1, choice->frame.rows - 3,
		choice->frame.cols - 2};

	draw_fill(area, ROLE_NORMAL);
	draw_frame(&choice->frame, ROLE_FRAME, _("Which store is this?"));
	inner.y++;
	list_repaint(&choice->list, &inner);
}

static void store_title(void *self, char *out, size_t size)
{
	(void)self;
	snprintf(out, size, "%s", _("Which store is this?"));
}

static const char *store_help(void *self)
{
	(void)self;
	return _(
		"This console may act for several stores. To start with one of them at once, start it with --store ID.");
}

static void store_close(void *self)
{
	struct store_choice *choice = self;

	list_free(&choice->list);
	document_rows_free(&choice->rows);
	free(choice);
}

static void store_on_change(void *self)
{
	list_changed(&((struct store_choice *)self)->list);
}

static const struct pane_ops store_ops = {
	.context = "store",
	.is_box = true,
	.title = store_title,
	.help = store_help,
	.close = store_close,
	.may_leave = store_may_leave,
	.scopes = store_scopes,
	.recalc = store_recalc,
	.repaint = store_repaint,
	.on_change = store_on_change,
};

static void add_stores(struct store_choice *choice)
{
	const struct console *console = choice->shop->console;

	for (int i = 0; i < console->store_count; i++) {
		struct store_row *row = document_rows_add(&choice->rows);

		if (!row)
			return;
		snprintf(row->id, sizeof(row->id), "%s", console->stores[i]);
		document_rows_key(row->key, i, row->id);
	}
}

struct pane screen_store_new(
	struct shop *shop, void (*chosen)(void *ctx, const char *store), void *ctx)
{
	struct store_choice *choice = calloc(1, sizeof(*choice));

	if (!choice)
		return (struct pane){NULL, NULL};
	choice->shop = shop;
	choice->chosen = chosen;
	choice->ctx = ctx;
	document_rows_init(&choice->rows, sizeof(struct store_row));
	if (!list_init(&choice->list, &store_source, choice, store_columns,
		    sizeof(store_columns) / sizeof(store_columns[0]))) {
		free(choice);
		return (struct pane){NULL, NULL};
	}
	add_stores(choice);
	return (struct pane){&store_ops, choice};
}
