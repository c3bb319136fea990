/* The pick list: what this store is proposed to ship of all orders, in the order of the shelf; and all that it
 * could ship, for a person may overrule the proposal. On paper it is the one of count_sheet.h. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/explain_here.h"
#include "tui/export.h"
#include "tui/order_act.h"
#include "tui/tabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAB_PROPOSED, TAB_ALL, TABS };

struct picks {
	struct source source; /* of `list` */
	struct list list;
	struct shop *shop;
	struct tabs tabs;
	bool is_stale;          /* the counts must be read again */
	struct order_face face; /* of the order under the cursor */
	bool is_face_stale;
	struct export export, paper;
	struct explain_here explain;
};

/* ---- the list ---- */

enum {
	COLUMN_MARK,
	COLUMN_SKU,
	COLUMN_NAME,
	COLUMN_PICK,
	COLUMN_TO_SHIP,
	COLUMN_ON_HAND,
	COLUMN_ORDER,
	COLUMN_CUSTOMER,
	COLUMN_CHANNEL,
	COLUMNS
};

static const struct source_column source_columns[COLUMNS] = {
	[COLUMN_MARK] = {.kind = SOURCE_MARK},
	[COLUMN_SKU] = {.column = "sku"},
	[COLUMN_NAME] = {.column = "name"},
	[COLUMN_PICK] = {.column = "pick", .kind = SOURCE_QTY},
	[COLUMN_TO_SHIP] = {.column = "to_ship", .kind = SOURCE_QTY},
	[COLUMN_ON_HAND] = {.column = "on_hand", .kind = SOURCE_QTY},
	[COLUMN_ORDER] = {.column = "order"},
	[COLUMN_CUSTOMER] = {.column = "customer"},
	[COLUMN_CHANNEL] = {.column = "channel", .kind = SOURCE_CHANNEL},
};

static const struct list_column list_columns[COLUMNS] = {
	[COLUMN_MARK] = {"", 1, 0, LIST_LEFT, 0, false},
	[COLUMN_SKU] = {N_("SKU"), 10, 0, LIST_LEFT, 0, true},
	[COLUMN_NAME] = {N_("Product"), 10, 2, LIST_LEFT, 0, false},
	[COLUMN_PICK] = {N_("To pick"), 7, 0, LIST_RIGHT, 0, false},
	[COLUMN_TO_SHIP] = {N_("Owed"), 7, 0, LIST_RIGHT, 3, false},
	[COLUMN_ON_HAND] = {N_("On hand"), 8, 0, LIST_RIGHT, 1, false},
	[COLUMN_ORDER] = {N_("Order"), 10, 1, LIST_LEFT, 0, false},
	[COLUMN_CUSTOMER] = {N_("Customer"), 8, 1, LIST_LEFT, 2, false},
	[COLUMN_CHANNEL] = {N_("Channel"), 8, 1, LIST_LEFT, 4, false},
};

/* Others are asked for the rest of an order, or nobody has it. */
static void cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct picks *self = ctx;
	int64_t pick = source_int(&self->source, row, "pick");

	if (column == COLUMN_PICK)
		out->role = pick > 0 ? ROLE_BOLD : ROLE_DIM;
	else if (column == COLUMN_TO_SHIP && pick < source_int(&self->source, row, "to_ship"))
		out->role = ROLE_WARN;
}

/* Read when it is first asked for, and again after a change; NULL: there is no row. */
static const struct order_face *face_now(struct picks *self)
{
	const void *row = list_row(&self->list);
	const char *number = row ? source_text(&self->source, row, "order") : "";

	if (!number[0])
		return NULL;
	if (self->is_face_stale || strcmp(self->face.number, number) != 0)
		order_face_read(self->shop, number, &self->face);
	self->is_face_stale = false;
	return self->face.is_here ? &self->face : NULL;
}

static void tab_changed(void *ctx)
{
	struct picks *self = ctx;

	source_where(&self->source, "proposed", self->tabs.now == TAB_PROPOSED ? "yes" : NULL);
	list_restart(&self->list);
}

static void count_tabs(struct picks *self)
{
	source_where(&self->source, "proposed", "yes");
	self->tabs.items[TAB_PROPOSED].count = source_count(&self->source);
	source_where(&self->source, "proposed", NULL);
	self->tabs.items[TAB_ALL].count = source_count(&self->source);
	source_where(&self->source, "proposed", self->tabs.now == TAB_PROPOSED ? "yes" : NULL);
	self->is_stale = false;
}

/* ---- keys ---- */

static const char *why_no_row(void *ctx, int arg)
{
	const struct picks *self = ctx;

	(void)arg;
	return list_row(&self->list) ? NULL : _("There is nothing to pick here.");
}

static void run_open(void *ctx, int arg)
{
	struct picks *self = ctx;

	(void)arg;
	shop_push(self->shop,
		pane_order_new(
			self->shop, source_text(&self->source, list_row(&self->list), "order")));
}

static const char *why_no_ship(void *ctx, int arg)
{
	struct picks *self = ctx;
	const struct order_face *face = face_now(self);

	return face ? order_why_not(self->shop, face, "order.ship") : why_no_row(ctx, arg);
}

static void run_ship(void *ctx, int arg)
{
	struct picks *self = ctx;

	(void)arg;
	shop_push(self->shop, pane_order_ship_new(self->shop, self->face.number));
}

static const char *why_no_paper(void *ctx, int arg)
{
	const struct picks *self = ctx;

	(void)arg;
	return export_why_not(&self->paper);
}

static void run_print(void *ctx, int arg)
{
	(void)arg;
	export_ask(&((struct picks *)ctx)->paper);
}

/* What is here of it, what the order still asks for, and what may be promised. */
static size_t pick_numbers(void *ctx, struct explain *out, size_t max)
{
	struct picks *self = ctx;
	const void *row = list_row(&self->list);
	const char *sku, *order;

	if (!row || max < 4)
		return 0;
	sku = source_text(&self->source, row, "sku");
	order = source_text(&self->source, row, "order");
	out[0] = explain_of(EXPLAIN_ON_HAND, self->shop->store, sku);
	out[1] = explain_of(EXPLAIN_ORDER_OUTSTANDING, order, sku);
	out[2] = explain_of(EXPLAIN_ORDER_RESERVED, order, sku);
	out[3] = explain_of(EXPLAIN_SALABLE, source_text(&self->source, row, "channel"), sku);
	return 4;
}

static const struct action rows[] = {
	{"open", N_("Open"), N_("Open the order"), ACTION_HINT, 0, why_no_row, run_open, NULL},
	{"ship-picked", N_("Ship"), N_("Ship the order from this store, by scanning its goods"),
		ACTION_HINT | ACTION_HINT_FIRST, 0, why_no_ship, run_ship, NULL},
	{"print-picks", N_("Print"), N_("Write the pick list as a text to print"), ACTION_HINT, 0,
		why_no_paper, run_print, NULL},
};
const struct action_table order_pick_actions = {
	.context = "order-pick",
	.title = N_("Pick list"),
	ACTION_TABLE_ROWS(rows),
};

/* ---- pane ---- */

static void picks_title(void *ctx, char *out, size_t size)
{
	(void)ctx;
	snprintf(out, size, "%s", _("Pick list"));
}

static const char *picks_help(void *ctx)
{
	(void)ctx;
	return _(
		"What this store is to ship, by SKU. Older orders are served first, from the stores of "
		"the channel in priority order; what other stores have is known here only as a sum. The "
		"second tab holds all that could be shipped from here too: s ships an order from here all "
		"the same.");
}

static void picks_close(void *ctx)
{
	struct picks *self = ctx;

	list_free(&self->list);
	free(self);
}

static size_t picks_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct picks *self = ctx;

	if (max < 5)
		return 0;
	out[0] = (struct action_scope){&order_pick_actions, self};
	out[1] = (struct action_scope){&tabs_actions, &self->tabs};
	out[2] = (struct action_scope){&list_actions, &self->list};
	out[3] = (struct action_scope){&export_actions, &self->export};
	out[4] = (struct action_scope){&explain_here_actions, &self->explain};
	return 5;
}

static void picks_changed(void *ctx)
{
	struct picks *self = ctx;

	self->is_stale = true;
	self->is_face_stale = true;
	list_changed(&self->list);
}

static void picks_recalc(void *ctx, const struct layout *layout)
{
	struct picks *self = ctx;

	if (self->is_stale)
		count_tabs(self);
	self->list.empty = shop_empty_words(self->shop, _("Nothing is to be shipped from here."));
	list_recalc(&self->list, layout->body.rows - 2);
	face_now(self);
}

static void picks_repaint(void *ctx, const struct rect *area)
{
	struct picks *self = ctx;
	struct rect body = *area;
	struct rect tabs_row = layout_take_top(&body, 1);
	struct rect foot = layout_take_bottom(&body, 1);
	char position[64];

	tabs_repaint(&self->tabs, tabs_row.y, tabs_row.x + 1, tabs_row.cols - 2);
	list_repaint(&self->list, &body);
	list_position(&self->list, position, sizeof(position));
	draw_text_right(foot.y, foot.x, foot.cols - 1, ROLE_DIM, position);
}

static const struct pane_ops ops = {
	.context = "order-pick",
	.title = picks_title,
	.help = picks_help,
	.open = picks_changed,
	.close = picks_close,
	.scopes = picks_scopes,
	.recalc = picks_recalc,
	.repaint = picks_repaint,
	.on_change = picks_changed,
};

static void init_source(struct picks *self)
{
	source_init(&self->source, self->shop, "picks", source_columns, COLUMNS);
	self->source.pending_table = "sales_order";
	self->source.pending_child = "order_line";
	self->source.pending_key = "order";
	self->source.cell = cell;
	self->source.ctx = self;
	source_where(&self->source, "store", self->shop->store);
}

struct pane pane_order_pick_new(struct shop *shop)
{
	struct picks *self = calloc(1, sizeof(*self));

	if (!self || !list_init(&self->list, &source_list, &self->source, list_columns, COLUMNS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->shop = shop;
	init_source(self);
	self->tabs = (struct tabs){.count = TABS, .changed = tab_changed, .ctx = self};
	self->tabs.items[TAB_PROPOSED].label = N_("To pick");
	self->tabs.items[TAB_ALL].label = N_("All that could be shipped");
	export_list(&self->export, shop, &self->source, &self->list);
	export_pick_list(&self->paper, shop, &self->source, &self->list);
	explain_here_init(&self->explain, shop, pick_numbers, self);
	self->is_stale = true;
	tab_changed(self);
	return (struct pane){&ops, self};
}
