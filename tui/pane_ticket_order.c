/* The tickets of one order: what was redeemed, what is left, every code. */
#include "tui/panes.h"

#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/source.h"
#include "tui/tabs.h"
#include "tui/ticket_redeem.h"

enum part { REDEEMED, LEFT, CODES, PARTS };

struct order {
	struct shop *shop;
	char number[COMMAND_ID_MAX + 1];
	struct source head;
	struct source_row head_row;
	bool is_there;
	struct tabs tabs;
	struct source sources[PARTS];
	struct list lists[PARTS];
};

static const struct source_column head_cells[] = {{.column = "order_number"}};

static const struct source_column code_cells[] = {
	{.column = "code"},
	{.column = "product_name"},
	{.column = "remaining", .kind = SOURCE_INT},
	{.column = "units", .kind = SOURCE_INT},
	{.column = "status", .kind = SOURCE_WORD, .group = "ticket"},
	{.column = "valid_from"},
	{.column = "valid_until"},
	{.column = "parent"},
};
#define CODE_CELLS (sizeof(code_cells) / sizeof(code_cells[0]))

static const struct list_column code_columns[CODE_CELLS] = {
	{.title = N_("Code"), .width_cols = 14, .is_key = true},
	{.title = N_("Product"), .width_cols = 18, .flex = 1, .drop = 2},
	{.title = N_("Left"), .width_cols = 4, .align = LIST_RIGHT},
	{.title = N_("Units"), .width_cols = 5, .align = LIST_RIGHT},
	{.title = N_("Status"), .width_cols = 8},
	{.title = N_("Valid from"), .width_cols = 10, .drop = 3},
	{.title = N_("Valid until"), .width_cols = 11, .drop = 1},
	{.title = N_("Split from"), .width_cols = 14, .drop = 4},
};

static bool init_part(struct order *self, enum part part)
{
	struct source *source = &self->sources[part];

	if (part == REDEEMED) {
		source_init(source, self->shop, "redemptions", ticket_record_cells,
			TICKET_RECORD_CELLS);
		ticket_records_init(source);
		source_where(source, "order", self->number);
		self->tabs.items[part].label = N_("Redeemed");
		return list_init(&self->lists[part], &source_list, source, ticket_record_columns,
			TICKET_RECORD_CELLS);
	}
	source_init(source, self->shop, "tickets", code_cells, CODE_CELLS);
	source_where(source, "order", self->number);
	if (part == LEFT)
		source_where(source, "left", "yes");
	self->tabs.items[part].label = part == LEFT ? N_("Not redeemed") : N_("All codes");
	return list_init(&self->lists[part], &source_list, source, code_columns, CODE_CELLS);
}

static struct list *list_now(struct order *self)
{
	return &self->lists[self->tabs.now];
}

static struct source *source_now(struct order *self)
{
	return &self->sources[self->tabs.now];
}

/* ---- actions ---- */

static const char *why_not_redeem(void *ctx, int arg)
{
	struct order *self = ctx;
	const char *why_not = shop_may(self->shop, "ticket.redeem");

	(void)arg;
	if (why_not)
		return why_not;
	return list_row(list_now(self)) ? NULL : _("The list is empty.");
}

static void run_redeem(void *ctx, int arg)
{
	struct order *self = ctx;

	(void)arg;
	pane_tickets_redeem(
		self->shop, source_text(source_now(self), list_row(list_now(self)), "code"));
}

static const char *why_not_void(void *ctx, int arg)
{
	struct order *self = ctx;

	(void)arg;
	if (self->tabs.now != REDEEMED)
		return _("Only what was redeemed can be voided.");
	return ticket_record_why_not_void(self->shop, source_now(self), list_row(list_now(self)));
}

static void run_void(void *ctx, int arg)
{
	struct order *self = ctx;

	(void)arg;
	ticket_record_void(self->shop, source_now(self), list_row(list_now(self)));
}

static const struct action rows[] = {
	{"redeem-ticket", N_("Redeem"), N_("Redeem the ticket under the cursor"), ACTION_HINT, 0,
		why_not_redeem, run_redeem, NULL},
	{"void-redemption", N_("Void redemption"), N_("Void the redemption under the cursor"),
		ACTION_HINT, 0, why_not_void, run_void, NULL},
};
const struct action_table ticket_order_actions = {
	.context = "ticket-order",
	.title = N_("One ticket order"),
	ACTION_TABLE_ROWS(rows),
};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	const struct order *self = ctx;

	snprintf(out, size, _("Ticket order %s"), self->number);
}

static void close_pane(void *ctx)
{
	struct order *self = ctx;

	for (int part = 0; part < PARTS; part++)
		list_free(&self->lists[part]);
	free(self);
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct order *self = ctx;

	if (max < 3)
		return 0;
	out[0] = (struct action_scope){&ticket_order_actions, self};
	out[1] = (struct action_scope){&list_actions, list_now(self)};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	return 3;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct order *self = ctx;

	self->is_there = source_find(&self->head, &self->head_row);
	for (int part = 0; part < PARTS; part++)
		self->tabs.items[part].count = source_count(&self->sources[part]);
	list_recalc(list_now(self), layout->body.rows - 3);
}

static void repaint_head(const struct order *self, const struct rect *area)
{
	const struct source_row *row = &self->head_row;
	char when[SHOP_WHEN_BYTES];
	char text[512];

	if (!self->is_there) {
		draw_text(area->y, area->x + 1, area->cols - 1, ROLE_WARN,
			_("This order is not on this terminal."));
		return;
	}
	shop_when(self->shop, source_int(&self->head, row, "issued_at"), when);
	/* TRANSLATORS: the buyer, the phone number, when the tickets were issued. */
	snprintf(text, sizeof(text), _("%s  %s   issued %s"),
		source_text(&self->head, row, "buyer"), source_text(&self->head, row, "phone"),
		when);
	draw_text(area->y, area->x + 1, area->cols - 1, ROLE_BOLD, text);
	snprintf(text, sizeof(text), _("Units %lld: redeemed %lld, refunded %lld, left %lld"),
		(long long)source_int(&self->head, row, "units"),
		(long long)source_int(&self->head, row, "redeemed"),
		(long long)source_int(&self->head, row, "refunded"),
		(long long)source_int(&self->head, row, "remaining"));
	draw_text(area->y + 1, area->x + 1, area->cols - 1, ROLE_NORMAL, text);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct order *self = ctx;
	struct rect body = *area;
	struct rect head = layout_take_top(&body, 2);
	struct rect tabs = layout_take_top(&body, 1);

	repaint_head(self, &head);
	tabs_repaint(&self->tabs, tabs.y, tabs.x + 1, tabs.cols - 2);
	list_repaint(list_now(self), &body);
}

static void on_change(void *ctx)
{
	struct order *self = ctx;

	for (int part = 0; part < PARTS; part++)
		list_changed(&self->lists[part]);
}

static const struct pane_ops ops = {
	.context = "ticket-order",
	.title = title,
	.close = close_pane,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.on_change = on_change,
};

struct pane pane_ticket_order_new(struct shop *shop, const char *order_number)
{
	struct order *self = calloc(1, sizeof(*self));
	bool good = self != NULL;

	if (self) {
		self->shop = shop;
		snprintf(self->number, sizeof(self->number), "%s", order_number);
		source_init(&self->head, shop, "ticket_orders", head_cells, 1);
		source_where(&self->head, "order", self->number);
	}
	for (int part = 0; good && part < PARTS; part++)
		good = init_part(self, (enum part)part);
	if (!good) {
		if (self)
			close_pane(self);
		return (struct pane){NULL, NULL};
	}
	self->lists[REDEEMED].empty = _("Nothing was redeemed yet.");
	self->lists[LEFT].empty = _("Nothing is left to redeem.");
	self->lists[CODES].empty = _("No code of this order is here.");
	self->tabs.count = PARTS;
	self->tabs.now = source_count(&self->sources[LEFT]) > 0 ? LEFT : REDEEMED;
	return (struct pane){&ops, self};
}
