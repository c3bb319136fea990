/*
 * The line to HQ: how it is, what waits, what each feed has brought, and what became of every command.
 * It reads what the syncer has left in the databases; of the network it can only ask for a try.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"
#include "tui/list.h"
#include "tui/panes.h"
#include "tui/sync_rows.h"
#include "tui/tabs.h"

enum sync_tab { TAB_LINE, TAB_FEEDS, TAB_COMMANDS, TAB_PARKED, TABS };

/* A rule, and the row under the cursor in words. */
#define ABOUT_ROWS 4
#define ABOUT_ROWS_LOW 3
#define LOOK_EVERY_MS 1000
#define LOOK_SELDOM_MS 10000
#define COUNT_EVERY_MS 5000 /* counting the rows of all feeds reads every one of them */

struct sync;

struct part {
	struct document_rows rows; /* first, as document_rows.h asks */
	struct sync *pane;
	struct list list;
	bool is_stale;
	int64_t read_ms; /* app_now_ms */
};

struct sync {
	struct shop *shop;
	struct tabs tabs;
	struct part parts[TABS];
	struct console_line line;
	struct console_queue queue;
	int about_rows;
};

/* There is one at most; it may be gone before its timer rings. */
static struct sync *shown;

static const struct list_column line_columns[] = {
	{.title = N_("What"), .width_cols = 20, .is_key = true},
	{.title = N_("How it is"), .width_cols = 20, .flex = 1},
};
static const struct list_column feed_columns[] = {
	{.title = N_("Feed"), .width_cols = 16, .flex = 2, .is_key = true},
	{.title = N_("Position"), .width_cols = 10, .align = LIST_RIGHT},
	{.title = N_("Rows here"), .width_cols = 10, .align = LIST_RIGHT},
	{.title = N_("Aside"), .width_cols = 6, .align = LIST_RIGHT, .drop = 2},
	{.title = N_("Brings"), .width_cols = 14, .flex = 2, .drop = 1},
};
static const struct list_column command_columns[] = {
	{.title = N_("When"), .width_cols = 11, .is_key = true},
	{.title = N_("What"), .width_cols = 20, .flex = 2},
	{.title = N_("Verdict"), .width_cols = 20, .flex = 3},
	{.title = N_("By"), .width_cols = 8, .flex = 1, .drop = 1},
};

/* ------------------------------------------------------------------ rows */

static void line_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct sync_fact *fact = it;

	(void)ctx;
	snprintf(out->text, sizeof(out->text), "%.255s", column == 0 ? fact->label : fact->value);
	out->role = column == 0 ? ROLE_NORMAL : fact->role;
}

static void feed_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct part *part = ctx;
	const struct console_feed *feed = &((const struct sync_feed *)it)->feed;
	const int64_t numbers[] = {0, feed->position, feed->rows, feed->aside};

	if (column == 0)
		snprintf(out->text, sizeof(out->text), "%s", feed->name);
	else if (column < 4)
		snprintf(out->text, sizeof(out->text), "%lld", (long long)numbers[column]);
	else if (feed->is_followed)
		sync_feed_words(part->pane->shop, feed->name, out->text, sizeof(out->text));
	else
		snprintf(out->text, sizeof(out->text), "%s", _("not followed any more"));
	if (!feed->is_followed)
		out->role = ROLE_DIM;
	else if (column == 3 && feed->aside > 0)
		out->role = ROLE_WARN;
}

static void command_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct shop *shop = ((const struct part *)ctx)->pane->shop;
	const struct sync_command *command = it;
	char when[SHOP_WHEN_BYTES];

	switch (column) {
	case 0:
		shop_when(shop, command->at_ms, when);
		snprintf(out->text, sizeof(out->text), "%s", when);
		break;
	case 1:
		snprintf(out->text, sizeof(out->text), "%s", shop_word("op", command->op));
		break;
	case 2:
		snprintf(out->text, sizeof(out->text), "%.255s", sync_verdict_words(command));
		out->role = sync_verdict_role(command->verdict);
		break;
	default:
		shop_staff_name(shop, command->actor, out->text, sizeof(out->text));
		break;
	}
}

#define SOURCE(row, cells)                                                                \
	{                                                                                 \
		.row_bytes = sizeof(struct row), .count = document_rows_count,            \
		.fetch = document_rows_fetch, .rank = document_rows_rank, .cell = (cells) \
	}

static const struct list_source sources[TABS] = {
	[TAB_LINE] = SOURCE(sync_fact, line_cell),
	[TAB_FEEDS] = SOURCE(sync_feed, feed_cell),
	[TAB_COMMANDS] = SOURCE(sync_command, command_cell),
	[TAB_PARKED] = SOURCE(sync_command, command_cell),
};

#define COLUMNS(array) (array), sizeof(array) / sizeof((array)[0])

static const struct {
	const struct list_column *columns;
	size_t count;
} columns[TABS] = {
	[TAB_LINE] = {COLUMNS(line_columns)},
	[TAB_FEEDS] = {COLUMNS(feed_columns)},
	[TAB_COMMANDS] = {COLUMNS(command_columns)},
	[TAB_PARKED] = {COLUMNS(command_columns)},
};

static const char *empty_text(enum sync_tab tab)
{
	if (tab == TAB_FEEDS)
		return _("No feed has been taken in yet.");
	return tab == TAB_PARKED ? _("HQ has parked nothing.") : _("Nothing was done here yet.");
}

static void read_part(struct sync *sync, enum sync_tab tab)
{
	struct part *part = &sync->parts[tab];

	if (tab == TAB_LINE)
		sync_read_facts(sync->shop, &sync->line, &sync->queue, &part->rows);
	else if (tab == TAB_FEEDS)
		sync_read_feeds(sync->shop, &part->rows);
	else
		sync_read_commands(sync->shop,
			tab == TAB_COMMANDS ? CONSOLE_EVERY : CONSOLE_REFUSED, &part->rows);
	part->is_stale = false;
	part->read_ms = app_now_ms();
	list_changed(&part->list);
	part->list.empty = empty_text(tab);
}

/* Only has a frame painted; that reads what is old. */
static void look_again(void *ctx)
{
	if (ctx == shown)
		shown->parts[TAB_LINE].is_stale = true;
}

static void read_again(struct sync *sync)
{
	enum sync_tab tab = (enum sync_tab)sync->tabs.now;
	struct part *part = &sync->parts[tab];
	int64_t age_ms = app_now_ms() - part->read_ms;
	bool is_due = tab == TAB_FEEDS ? age_ms >= COUNT_EVERY_MS : part->is_stale;

	if (part->read_ms == 0 || (part->is_stale && is_due)) {
		console_read_line(sync->shop->console, &sync->line);
		console_read_queue(sync->shop->console, &sync->queue);
		sync->tabs.items[TAB_PARKED].count = (long)sync->queue.parked;
		sync->tabs.items[TAB_PARKED].role = sync->queue.parked > 0 ? ROLE_WARN
									   : ROLE_NORMAL;
		read_part(sync, tab);
	}
	/* The time to a try is counted down; ages pass by themselves. */
	if (tab == TAB_LINE || part->is_stale)
		app_timer(sync->shop->app,
			app_now_ms() +
				(sync->line.next_ms > 0 || part->is_stale ? LOOK_EVERY_MS
									  : LOOK_SELDOM_MS),
			look_again, sync);
}

static struct part *part_now(struct sync *sync)
{
	return &sync->parts[sync->tabs.now];
}

static void sync_on_change(void *self)
{
	struct sync *sync = self;

	for (int i = 0; i < TABS; i++)
		sync->parts[i].is_stale = true;
}

/* ------------------------------------------------------------------ actions */

static const char *why_not_retry(void *ctx, int arg)
{
	const struct sync *sync = ctx;

	(void)arg;
	if (sync->line.online && !sync->line.trouble[0] && sync->queue.waiting == 0)
		return _("HQ is on the line, and nothing waits for a try.");
	return NULL;
}

static void run_retry(void *ctx, int arg)
{
	struct sync *sync = ctx;

	(void)arg;
	shop_try_now(sync->shop);
	app_say(sync->shop->app, ROLE_NORMAL, "%s",
		_("HQ is tried now, unless it asked to be left alone for a while."));
}

static const char *why_not_open(void *ctx, int arg)
{
	struct sync *sync = ctx;

	(void)arg;
	if (!list_row(&part_now(sync)->list))
		return _("There is nothing under the cursor.");
	return sync->tabs.now == TAB_FEEDS ? _("There is no more to a feed than this.") : NULL;
}

static void run_open(void *ctx, int arg)
{
	struct sync *sync = ctx;
	const void *row = list_row(&part_now(sync)->list);
	struct text text = TEXT_INIT(TEXT_LARGE);

	(void)arg;
	if (sync->tabs.now == TAB_LINE) {
		const struct sync_fact *fact = row;

		dialog_page(sync->shop->app, fact->label, fact->value);
		return;
	}
	sync_tell(sync->shop, row, &text);
	dialog_page(sync->shop->app, shop_word("op", ((const struct sync_command *)row)->op),
		text_get(&text));
	text_free(&text);
}

static const struct action sync_rows[] = {
	{"retry", N_("Retry now"), N_("Try HQ now instead of waiting"), ACTION_HINT, 0,
		why_not_retry, run_retry, NULL},
	{"open", N_("Details"), N_("Show the whole of it, as it went over the line"), ACTION_HINT,
		0, why_not_open, run_open, NULL},
};
const struct action_table sync_actions = {
	.context = "sync",
	.title = N_("The line to HQ"),
	ACTION_TABLE_ROWS(sync_rows),
};

static size_t sync_scopes(void *self, struct action_scope *out, size_t max)
{
	struct sync *sync = self;

	if (max < 3)
		return 0;
	out[0] = (struct action_scope){&sync_actions, sync};
	out[1] = (struct action_scope){&tabs_actions, &sync->tabs};
	out[2] = (struct action_scope){&list_actions, &part_now(sync)->list};
	return 3;
}

/* ------------------------------------------------------------------ painting */

static void sync_recalc(void *self, const struct layout *layout)
{
	struct sync *sync = self;

	read_again(sync);
	sync->about_rows = layout->rows < LAYOUT_NORMAL_ROWS ? ABOUT_ROWS_LOW : ABOUT_ROWS;
	list_recalc(&part_now(sync)->list, layout->body.rows - 2 - sync->about_rows);
}

static void paint_command(const struct sync_command *command, const struct rect *area)
{
	char words[600];
	int used;

	snprintf(words, sizeof(words), "%s%s%s", sync_verdict_words(command),
		command->message[0] ? ". " : "", command->message);
	used = draw_paragraph(area, sync_verdict_role(command->verdict), words, 0);
	if (command->verdict == SYNC_REJECTED)
		draw_paragraph(
			&(struct rect){area->y + used, area->x, area->rows - used, area->cols},
			ROLE_NORMAL, refusal_way_out(command->code), 0);
}

static void paint_about(struct sync *sync, const struct rect *area)
{
	const void *row = list_row(&part_now(sync)->list);
	struct rect text = {area->y + 1, area->x + 2, area->rows - 1, area->cols - 4};
	char words[SHOP_NAME_BYTES];

	if (!row)
		return;
	draw_rule(area->y, area->x, area->cols, ROLE_DIM);
	if (sync->tabs.now == TAB_LINE) {
		const struct sync_fact *fact = row;

		/* That the line is down does not say why, and that is what one wants to know. */
		bool is_why = fact->is_line && sync->line.trouble[0];

		draw_paragraph(
			&text, fact->role, is_why ? gettext(sync->line.trouble) : fact->value, 0);
	} else if (sync->tabs.now == TAB_FEEDS) {
		sync_feed_words(sync->shop, ((const struct sync_feed *)row)->feed.name, words,
			sizeof(words));
		draw_paragraph(&text, ROLE_NORMAL, words, 0);
	} else {
		paint_command(row, &text);
	}
}

static void sync_repaint(void *self, const struct rect *area)
{
	struct sync *sync = self;
	struct rect rows = *area;
	struct rect top = layout_take_top(&rows, 2);
	struct rect about = layout_take_bottom(&rows, sync->about_rows);

	tabs_repaint(&sync->tabs, top.y, top.x + 1, top.cols - 2);
	list_repaint(&part_now(sync)->list, &rows);
	paint_about(sync, &about);
}

/* ------------------------------------------------------------------ the pane */

static void sync_title(void *self, char *out, size_t size)
{
	(void)self;
	snprintf(out, size, "%s", _("The line to HQ"));
}

static void sync_note(void *self, char *out, size_t size)
{
	struct sync *sync = self;

	if (sync->tabs.now != TAB_LINE)
		list_position(&part_now(sync)->list, out, size);
}

static const char *sync_help(void *self)
{
	(void)self;
	return _(
		"How the line to HQ is and since when, how old the data are, what waits to be sent, how far each feed has come, and what HQ answered to every command, the newest first. Nothing here has to be looked after: what is saved goes to HQ by itself. What was refused is in the inbox, with the way out.");
}

static void sync_close(void *self)
{
	struct sync *sync = self;

	for (int i = 0; i < TABS; i++) {
		list_free(&sync->parts[i].list);
		document_rows_free(&sync->parts[i].rows);
	}
	if (shown == sync)
		shown = NULL;
	free(sync);
}

static const struct pane_ops sync_ops = {
	.context = "sync",
	.title = sync_title,
	.note = sync_note,
	.help = sync_help,
	.close = sync_close,
	.scopes = sync_scopes,
	.recalc = sync_recalc,
	.repaint = sync_repaint,
	.on_change = sync_on_change,
};

static struct pane sync_new(struct shop *shop)
{
	static const size_t row_bytes[TABS] = {sizeof(struct sync_fact), sizeof(struct sync_feed),
		sizeof(struct sync_command), sizeof(struct sync_command)};
	struct sync *sync = calloc(1, sizeof(*sync));

	if (!sync)
		return (struct pane){NULL, NULL};
	sync->shop = shop;
	sync->tabs = (struct tabs){
		.items = {{.label = N_("Line"), .count = -1}, {.label = N_("Feeds"), .count = -1},
			{.label = N_("Commands"), .count = -1}, {.label = N_("Parked")}},
		.count = TABS,
	};
	for (int i = 0; i < TABS; i++) {
		struct part *part = &sync->parts[i];

		part->pane = sync;
		document_rows_init(&part->rows, row_bytes[i]);
		if (!list_init(
			    &part->list, &sources[i], part, columns[i].columns, columns[i].count)) {
			sync_close(sync);
			return (struct pane){NULL, NULL};
		}
	}
	return (struct pane){&sync_ops, sync};
}

void pane_sync_show(struct shop *shop)
{
	struct pane pane = sync_new(shop);

	/* It may stand below another pane, or on another stack. */
	if (shown)
		app_close(shop->app, shown);
	shown = pane.self;
	shop_push(shop, pane);
}
