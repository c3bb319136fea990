/*
 * A program without business that uses every part of the kit; its tests drive it.
 *
 * Panes: Rows (100,000 rows, tabs, details), Counter (counts scans), Questions (every kind of box).
 */
#include "tests/screen/kit_demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/edit.h"
#include "tui/form.h"
#include "tui/list.h"
#include "tui/tabs.h"

#define DEMO_ROWS 100000

static const char demo_keys[] = "bind demo-rows <enter> open\n"
				"bind demo-rows a accept\n"
				"bind demo-rows g go-middle\n"
				"bind demo-rows x remove\n"
				"bind demo-rows zz sequence\n"
				"bind demo-ask c confirm\n"
				"bind demo-ask d danger\n"
				"bind demo-ask w word\n"
				"bind demo-ask q quantity\n"
				"bind demo-ask m menu\n"
				"bind demo-ask f form\n"
				"bind demo-ask t text\n"
				"bind demo-ask ! crash\n";

struct app *demo_app;

/* ------------------------------------------------------------------ the rows */

struct demo_row {
	char key[LIST_KEY_BYTES];
	long number;
};

struct demo_rows {
	struct list list;
	struct tabs tabs;
	long removed; /* the row that was taken away, or -1 */
};
static struct demo_rows demo_rows = {.removed = -1};

static long demo_step(void)
{
	/* The second tab shows every third row, the third none. */
	return demo_rows.tabs.now == 1 ? 3 : 1;
}

static long demo_total(void)
{
	return demo_rows.tabs.now == 2 ? 0 : DEMO_ROWS / demo_step();
}

static long demo_count(void *ctx)
{
	(void)ctx;
	return demo_total() - (demo_rows.removed >= 0 && demo_rows.removed < demo_total());
}

static size_t demo_fetch(void *ctx, const struct list_want *want, void *rows)
{
	struct demo_row *out = rows;
	bool is_back = want->direction == LIST_BEFORE || want->direction == LIST_LAST;
	long anchor = want->anchor ? strtol(want->anchor, NULL, 10) : 0;
	long at = want->direction == LIST_LAST ? demo_total() - 1 : anchor;
	size_t count = 0;

	(void)ctx;
	if (want->direction == LIST_AFTER)
		at++;
	else if (want->direction == LIST_BEFORE)
		at--;
	for (; count < want->limit && at >= 0 && at < demo_total(); at += is_back ? -1 : 1) {
		if (at == demo_rows.removed)
			continue;
		snprintf(out[count].key, sizeof(out[count].key), "%08ld", at);
		out[count++].number = at * demo_step();
	}
	return count;
}

static long demo_rank(void *ctx, const char *key)
{
	long number = strtol(key, NULL, 10);

	(void)ctx;
	return number - (demo_rows.removed >= 0 && demo_rows.removed < number);
}

static void demo_cell(void *ctx, const void *row, int column, struct list_cell *out)
{
	static const char *const names[] = {"Steel kettle 1.5 L", "高山烏龍茶 150 公克",
		"\033[31mred\033[0m \u202eevil\u202c name",
		"抹茶牛奶餅乾禮盒(大)十二入裝 Matcha gift box", "Umbrella", "bad \xff\xfe bytes"};
	long number = ((const struct demo_row *)row)->number;
	long difference = number % 7 - 3;

	(void)ctx;
	switch (column) {
	case 0:
		snprintf(out->text, sizeof(out->text), "OUT-%06ld", number);
		break;
	case 1:
		snprintf(out->text, sizeof(out->text), "%s", names[number % 6]);
		break;
	case 2:
		snprintf(out->text, sizeof(out->text), "%ld", number % 50);
		break;
	case 3:
		snprintf(out->text, sizeof(out->text), "%+ld", difference);
		out->role = difference < 0 ? ROLE_LOSS : difference > 0 ? ROLE_GAIN : ROLE_NORMAL;
		break;
	default:
		snprintf(out->text, sizeof(out->text), "信義店");
		break;
	}
}

static const struct list_source demo_source = {
	.row_bytes = sizeof(struct demo_row),
	.count = demo_count,
	.fetch = demo_fetch,
	.rank = demo_rank,
	.cell = demo_cell,
};
static const struct list_column demo_columns[] = {
	{"Number", 10, 0, LIST_LEFT, 0, true},
	{"Product", 18, 1, LIST_LEFT, 0, false},
	{"Quantity", 8, 0, LIST_RIGHT, 0, false},
	{"Difference", 10, 0, LIST_RIGHT, 1, false},
	{"Store", 12, 0, LIST_LEFT, 2, false},
};

static void detail_title(void *self, char *out, size_t size)
{
	snprintf(out, size, "Details of %s", (const char *)self);
}

static void detail_close(void *self)
{
	free(self);
}

static void detail_repaint(void *self, const struct rect *area)
{
	draw_text(area->y + 1, area->x + 2, area->cols - 4, ROLE_NORMAL, self);
	draw_bar(area->y + 3, area->x + 2, 30, 400);
}

static const struct pane_ops detail_ops = {
	.context = "demo-detail",
	.title = detail_title,
	.close = detail_close,
	.repaint = detail_repaint,
};

static void rows_run_open(void *self, int arg)
{
	const struct demo_row *row = list_row(&((struct demo_rows *)self)->list);
	char *number = malloc(32);

	(void)arg;
	if (!row || !number) {
		free(number);
		return;
	}
	snprintf(number, 32, "OUT-%06ld", row->number);
	app_push(demo_app, (struct pane){&detail_ops, number});
}

static const char *rows_why_not_accept(void *self, int arg)
{
	const struct demo_row *row = list_row(&((struct demo_rows *)self)->list);

	(void)arg;
	return row && row->number % 2 ? "Odd rows cannot be accepted." : NULL;
}

static void rows_run_accept(void *self, int arg)
{
	const struct demo_row *row = list_row(&((struct demo_rows *)self)->list);

	(void)arg;
	if (row)
		app_say(demo_app, ROLE_OK, "OUT-%06ld accepted: saved", row->number);
}

static void rows_run_middle(void *self, int arg)
{
	(void)arg;
	list_go_to(&((struct demo_rows *)self)->list, "00050000");
}

static void rows_run_remove(void *self, int arg)
{
	struct demo_rows *rows = self;

	(void)arg;
	rows->removed = strtol(((const struct demo_row *)list_row(&rows->list))->key, NULL, 10);
	app_changed(demo_app);
}

static void rows_run_sequence(void *self, int arg)
{
	(void)self;
	(void)arg;
	app_say(demo_app, ROLE_OK, "the sequence ran");
}

static const struct action rows_actions_rows[] = {
	{"open", "Open", "Open the details", ACTION_HINT_FIRST, 0, NULL, rows_run_open, NULL},
	{"accept", "Accept", "Accept the row", ACTION_HINT, 0, rows_why_not_accept, rows_run_accept,
		NULL},
	{"go-middle", "Middle", "Go to the middle", ACTION_HINT, 0, NULL, rows_run_middle, NULL},
	{"remove", "Remove", "Take the row away", ACTION_HINT, 0, NULL, rows_run_remove, NULL},
	{"sequence", "Sequence", "A key of two letters", 0, 0, NULL, rows_run_sequence, NULL},
};
static const struct action_table rows_actions = {
	.context = "demo-rows",
	.title = "Rows",
	ACTION_TABLE_ROWS(rows_actions_rows),
};

static size_t rows_scopes(void *self, struct action_scope *out, size_t max)
{
	struct demo_rows *rows = self;

	(void)max;
	out[0] = (struct action_scope){&rows_actions, rows};
	out[1] = (struct action_scope){&tabs_actions, &rows->tabs};
	out[2] = (struct action_scope){&list_actions, &rows->list};
	return 3;
}

static void rows_title(void *self, char *out, size_t size)
{
	(void)self;
	snprintf(out, size, "All rows");
}

static void rows_note(void *self, char *out, size_t size)
{
	list_position(&((struct demo_rows *)self)->list, out, size);
}

static void rows_recalc(void *self, const struct layout *layout)
{
	struct demo_rows *rows = self;

	rows->tabs.items[1].count = DEMO_ROWS / 3;
	list_recalc(&rows->list, layout->body.rows - 1);
}

static void rows_repaint(void *self, const struct rect *area)
{
	struct demo_rows *rows = self;
	struct rect left = *area;

	tabs_repaint(&rows->tabs, left.y, left.x + 1, left.cols - 2);
	layout_take_top(&left, 1);
	list_repaint(&rows->list, &left);
}

static void rows_on_change(void *self)
{
	list_changed(&((struct demo_rows *)self)->list);
}

static void rows_close(void *self)
{
	list_free(&((struct demo_rows *)self)->list);
}

static const struct pane_ops rows_ops = {
	.context = "demo-rows",
	.title = rows_title,
	.note = rows_note,
	.scopes = rows_scopes,
	.recalc = rows_recalc,
	.repaint = rows_repaint,
	.on_change = rows_on_change,
	.close = rows_close,
};

static void rows_tab_changed(void *ctx)
{
	list_restart(&((struct demo_rows *)ctx)->list);
}

/* ------------------------------------------------------------------ the counter */

static int counted;
static int woken;
static char counted_last[64];

static void count_title(void *self, char *out, size_t size)
{
	(void)self;
	snprintf(out, size, "Counter");
}

static bool count_is_counting(void *self)
{
	(void)self;
	return true;
}

static enum scan_use count_on_scan(void *self, const char *code)
{
	(void)self;
	if (strcmp(code, "BAD-CODE-1") == 0)
		return SCAN_NOT_MINE;
	counted++;
	snprintf(counted_last, sizeof(counted_last), "%s", code);
	return SCAN_USED;
}

static void count_repaint(void *self, const struct rect *area)
{
	char text[128];

	(void)self;
	snprintf(text, sizeof(text), "counted %d, last %s", counted, counted_last);
	draw_text(area->y + 2, area->x + 2, area->cols - 4, ROLE_BOLD, text);
	snprintf(text, sizeof(text), "woken %d", woken);
	draw_text(area->y + 3, area->x + 2, area->cols - 4, ROLE_NORMAL, text);
	draw_bar(area->y + 4, area->x + 2, area->cols - 4, counted * 100);
}

static const struct pane_ops count_ops = {
	.context = "demo-count",
	.title = count_title,
	.is_counting = count_is_counting,
	.on_scan = count_on_scan,
	.repaint = count_repaint,
};

/* ------------------------------------------------------------------ the program */

static void demo_status(void *ctx, struct app_status *out)
{
	(void)ctx;
	snprintf(out->store, sizeof(out->store), "信義店 Xinyi");
	snprintf(out->staff, sizeof(out->staff), "陳美玲 Chen Meiling");
	snprintf(out->link, sizeof(out->link), "online");
	out->link_role = ROLE_STATUS_OK;
	snprintf(out->cache_age, sizeof(out->cache_age), "data 2 s old");
	out->unsent = 3;
	out->problems = 0;
	snprintf(out->to_do, sizeof(out->to_do), "to do: 2 to confirm, 1 to ship");
	snprintf(out->clock, sizeof(out->clock), "14:05");
}

/* One byte a time, so that a test can see how often it was heard. */
static void demo_drain(void *ctx)
{
	char byte;

	woken += read(*(int *)ctx, &byte, 1) == 1;
}

static enum scan_use demo_on_scan(void *ctx, const char *code)
{
	(void)ctx;
	if (strncmp(code, "BAD", 3) == 0)
		return SCAN_NOT_MINE;
	app_say(demo_app, ROLE_OK, "routed %s", code);
	return SCAN_USED;
}

static const struct action_table *const demo_tables[] = {
	&app_actions,
	&list_actions,
	&tabs_actions,
	&edit_actions,
	&form_actions,
	&form_choice_actions,
	&form_pick_actions,
	&dialog_confirm_actions,
	&dialog_entry_actions,
	&dialog_menu_actions,
	&dialog_page_actions,
	&rows_actions,
	&ask_actions,
};
static const struct action_catalog demo_catalog = {
	demo_tables, sizeof(demo_tables) / sizeof(demo_tables[0])};

static struct keymap *demo_load_keys(void)
{
	struct keymap *keymap = keymap_new(&demo_catalog);
	char errors[KEYMAP_ERRORS_BYTES];

	if (!keymap)
		return NULL;
	keymap_skip_unknown_contexts(keymap);
	if (keymap_load(keymap, "default", errors) &&
		keymap_load_text(keymap, "demo", demo_keys, errors))
		return keymap;
	fputs(errors, stderr);
	keymap_free(keymap);
	return NULL;
}

static void demo_add_panes(void)
{
	list_init(&demo_rows.list, &demo_source, &demo_rows, demo_columns, 5);
	demo_rows.tabs = (struct tabs){
		.items = {{"All", DEMO_ROWS, ROLE_NORMAL}, {"待確認", 0, ROLE_WARN},
			{"Nothing", 0, ROLE_NORMAL}},
		.count = 3,
		.changed = rows_tab_changed,
		.ctx = &demo_rows,
	};
	app_add_pane(demo_app, "Rows", (struct pane){&rows_ops, &demo_rows});
	app_add_pane(demo_app, "Counter", (struct pane){&count_ops, &counted});
	app_add_pane(demo_app, "Questions", (struct pane){&ask_ops, NULL});
}

int main(void)
{
	const char *wake = getenv("DEMO_WAKE");
	int wake_fd = wake ? atoi(wake) : -1;
	struct keymap *keymap;
	struct app_config config = {
		.catalog = &demo_catalog,
		.wake = {wake_fd, demo_drain, &wake_fd},
		.status = demo_status,
		.on_scan = demo_on_scan,
	};
	enum app_end end;

	i18n_start();
	keymap = demo_load_keys();
	if (!keymap)
		return 2;
	config.keymap = keymap;
	config.theme = getenv("DEMO_THEME");
	config.dump_path = getenv("DEMO_DUMP");
	demo_app = app_new(&config);
	if (!demo_app)
		return 2;
	demo_add_panes();
	end = app_run(demo_app);
	if (end == APP_END_NO_TERMINAL)
		fprintf(stderr, "kit_demo: %s\n", app_error(demo_app));
	app_free(demo_app);
	keymap_free(keymap);
	return end == APP_END_QUIT ? 0 : 10 + (int)end;
}
