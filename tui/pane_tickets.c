/* Tickets: the orders they were sold in, and the records of what was redeemed. */
#include "tui/panes.h"

#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/form.h"
#include "tui/export.h"
#include "tui/source.h"
#include "tui/tabs.h"
#include "tui/ticket_redeem.h"

enum side { ORDERS, RECORDS, SIDES };

struct tickets {
	struct shop *shop;
	struct tabs tabs;
	struct source sources[SIDES];
	struct export exports[SIDES];
	struct list lists[SIDES];
	bool is_counted; /* counts and freshness are those of the data shown */
	char freshness[128];
	enum role freshness_role;
};

static const struct source_column order_cells[] = {
	{.column = "order_number"},
	{.column = "buyer"},
	{.column = "phone"},
	{.column = "codes", .kind = SOURCE_INT},
	{.column = "units", .kind = SOURCE_INT},
	{.column = "redeemed", .kind = SOURCE_INT},
	{.column = "remaining", .kind = SOURCE_INT},
	{.column = "issued_at", .kind = SOURCE_WHEN},
};
#define ORDER_CELLS (sizeof(order_cells) / sizeof(order_cells[0]))

static const struct list_column order_columns[ORDER_CELLS] = {
	{.title = N_("Order"), .width_cols = 12, .is_key = true},
	{.title = N_("Buyer"), .width_cols = 14, .flex = 1},
	{.title = N_("Phone"), .width_cols = 12, .drop = 2},
	{.title = N_("Codes"), .width_cols = 5, .align = LIST_RIGHT, .drop = 3},
	{.title = N_("Units"), .width_cols = 5, .align = LIST_RIGHT},
	{.title = N_("Redeemed"), .width_cols = 8, .align = LIST_RIGHT, .drop = 1},
	{.title = N_("Left"), .width_cols = 4, .align = LIST_RIGHT},
	{.title = N_("Issued"), .width_cols = 11, .drop = 4},
};

struct side_spec {
	const char *label;
	const char *view;
	const char *empty;
	const struct source_column *cells;
	const struct list_column *columns;
	size_t count;
};

static struct side_spec side_spec(enum side side)
{
	if (side == ORDERS)
		return (struct side_spec){N_("Ticket orders"), "ticket_orders",
			N_("No ticket order here."), order_cells, order_columns, ORDER_CELLS};
	return (struct side_spec){N_("Redemption records"), "redemptions",
		N_("Nothing was redeemed yet."), ticket_record_cells, ticket_record_columns,
		TICKET_RECORD_CELLS};
}

static struct list *list_now(struct tickets *self)
{
	return &self->lists[self->tabs.now];
}

static struct source *source_now(struct tickets *self)
{
	return &self->sources[self->tabs.now];
}

/* ---- searching ---- */

static void filter(struct tickets *self, const char *name, const char *value)
{
	for (int side = 0; side < SIDES; side++) {
		source_where(&self->sources[side], name, value);
		list_restart(&self->lists[side]);
	}
	self->is_counted = false;
}

static const char *take_search(void *ctx, const char *value)
{
	filter(ctx, "q", value);
	return NULL;
}

static void run_search(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){
			.title = _("Search tickets"),
			.text = _(
				"Part of an order number, a name, a phone number, a code or a product. Empty shows all."),
			.initial = source_filter(source_now(self), "q"),
			.submit = take_search,
			.ctx = self,
		});
}

static const char *take_dates(void *ctx, struct form *form)
{
	const char *since = form_value(form, "since");
	const char *until = form_value(form, "until");

	if (since[0] && until[0] && strcmp(since, until) > 0)
		return _("The first day is after the last one.");
	filter(ctx, "since", since);
	filter(ctx, "until", until);
	return NULL;
}

static void run_dates(void *ctx, int arg)
{
	struct tickets *self = ctx;
	struct form_field fields[] = {
		{.name = "since",
			.kind = FORM_DATE,
			.label = N_("From day"),
			.hint = N_("The day of the order, or of the redemption"),
			.initial = source_filter(source_now(self), "since")},
		{.name = "until",
			.kind = FORM_DATE,
			.label = N_("To day"),
			.hint = N_("This day is included; empty shows all"),
			.initial = source_filter(source_now(self), "until")},
	};

	(void)arg;
	form_open(self->shop->app,
		&(struct form_spec){
			.title = _("Tickets of some days"),
			.fields = fields,
			.field_count = sizeof(fields) / sizeof(fields[0]),
			.submit_label = _("Show"),
			.submit = take_dates,
			.ctx = self,
		});
}

static const char *why_not_own(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	return self->tabs.now == RECORDS ? NULL : _("Only records belong to a store.");
}

static void run_own(void *ctx, int arg)
{
	struct tickets *self = ctx;
	bool is_own = source_filter(source_now(self), "store")[0] != '\0';

	(void)arg;
	source_where(source_now(self), "store", is_own ? NULL : self->shop->store);
	list_restart(list_now(self));
	self->is_counted = false;
}

/* ---- other actions ---- */

static const char *why_not_open(void *ctx, int arg)
{
	(void)arg;
	return list_row(list_now(ctx)) ? NULL : _("The list is empty.");
}

static void run_open(void *ctx, int arg)
{
	struct tickets *self = ctx;
	const void *row = list_row(list_now(self));

	(void)arg;
	shop_push(self->shop,
		pane_ticket_order_new(
			self->shop, source_text(source_now(self), row, "order_number")));
}

static const char *why_not_redeem(void *ctx, int arg)
{
	const struct tickets *self = ctx;

	(void)arg;
	return shop_may(self->shop, "ticket.redeem");
}

static void run_redeem(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	ticket_redeem_key_in(self->shop);
}

static const char *why_not_void(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	if (self->tabs.now != RECORDS)
		return _("A redemption is voided in the redemption records.");
	return ticket_record_why_not_void(self->shop, source_now(self), list_row(list_now(self)));
}

static void run_void(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	ticket_record_void(self->shop, source_now(self), list_row(list_now(self)));
}

static const struct action rows[] = {
	{"open-ticket-order", N_("Open"), N_("Open the order of the row under the cursor"),
		ACTION_HINT, 0, why_not_open, run_open, NULL},
	{"redeem-code", N_("Redeem"), N_("Key in the code of a ticket and redeem it"), ACTION_HINT,
		0, why_not_redeem, run_redeem, NULL},
	{"search-tickets", N_("Search"), N_("Search by order, name, phone, code or product"),
		ACTION_HINT, 0, NULL, run_search, NULL},
	{"void-redemption", N_("Void redemption"), N_("Void the redemption under the cursor"),
		ACTION_HINT, 0, why_not_void, run_void, NULL},
	{"ticket-days", N_("Days"), N_("Show only some days"), ACTION_HINT, 0, NULL, run_dates,
		NULL},
	{"own-store", N_("This store"), N_("Records of this store, or of all stores"), ACTION_HINT,
		0, why_not_own, run_own, NULL},
};
const struct action_table tickets_actions = {
	.context = "tickets",
	.title = N_("Tickets"),
	ACTION_TABLE_ROWS(rows),
};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	struct tickets *self = ctx;
	const struct source *source = source_now(self);
	const char *q = source_filter(source, "q");
	const char *since = source_filter(source, "since");
	const char *until = source_filter(source, "until");
	size_t used;

	snprintf(out, size, "%s", _("Tickets"));
	used = strlen(out);
	if (q[0])
		snprintf(out + used, size - used, _(" with “%s”"), q);
	used = strlen(out);
	if (since[0] || until[0])
		snprintf(out + used, size - used, _(", %s to %s"), since, until);
	used = strlen(out);
	if (self->tabs.now == RECORDS && source_filter(source, "store")[0])
		snprintf(out + used, size - used, "%s", _(", this store"));
}

static const char *help(void *ctx)
{
	(void)ctx;
	return _(
		"A ticket is redeemed from anywhere: scan its code, or key it in here. HQ is asked first; if it does not answer, the ticket's offline policy decides.");
}

static void close_pane(void *ctx)
{
	struct tickets *self = ctx;

	for (int side = 0; side < SIDES; side++)
		list_free(&self->lists[side]);
	free(self);
}

/* Esc takes back the filters first. */
static bool may_leave(void *ctx)
{
	struct tickets *self = ctx;
	const struct source *source = source_now(self);

	if (!source_filter(source, "q")[0] && !source_filter(source, "since")[0] &&
		!source_filter(source, "until")[0])
		return true;
	filter(self, "q", NULL);
	filter(self, "since", NULL);
	filter(self, "until", NULL);
	return false;
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct tickets *self = ctx;

	if (max < 4)
		return 0;
	out[0] = (struct action_scope){&tickets_actions, self};
	out[1] = (struct action_scope){&list_actions, list_now(self)};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&export_actions, &self->exports[self->tabs.now]};
	return 4;
}

/* How far an offline acceptance could rely on what is here. */
static void note_freshness(struct tickets *self)
{
	struct console_counts counts;
	char when[SHOP_WHEN_BYTES];

	console_count(self->shop->console, self->shop->store, &counts);
	shop_when(self->shop, counts.pulled_ms, when);
	self->freshness_role = counts.online ? ROLE_DIM : ROLE_WARN;
	if (counts.pulled_ms == 0)
		snprintf(self->freshness, sizeof(self->freshness), "%s",
			_("Not offline-ready: nothing has come from HQ yet"));
	else
		snprintf(self->freshness, sizeof(self->freshness), _("Offline-ready as of %s"),
			when);
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct tickets *self = ctx;

	for (int side = 0; !self->is_counted && side < SIDES; side++)
		self->tabs.items[side].count = source_count(&self->sources[side]);
	if (!self->is_counted)
		note_freshness(self);
	self->is_counted = true;
	list_recalc(list_now(self), layout->body.rows - 2);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct tickets *self = ctx;
	struct rect body = *area;
	struct rect head = layout_take_top(&body, 1);
	struct rect fresh = layout_take_top(&body, 1);

	tabs_repaint(&self->tabs, head.y, head.x + 1, head.cols - 2);
	draw_text(fresh.y, fresh.x + 1, fresh.cols - 1, self->freshness_role, self->freshness);
	list_repaint(list_now(self), &body);
}

static void on_change(void *ctx)
{
	struct tickets *self = ctx;

	for (int side = 0; side < SIDES; side++)
		list_changed(&self->lists[side]);
	self->is_counted = false;
}

static const struct pane_ops ops = {
	.context = "tickets",
	.title = title,
	.help = help,
	.close = close_pane,
	.may_leave = may_leave,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.on_change = on_change,
};

struct pane pane_tickets_new(struct shop *shop)
{
	struct tickets *self = calloc(1, sizeof(*self));
	bool good = self != NULL;

	for (int i = 0; good && i < SIDES; i++) {
		struct side_spec spec = side_spec((enum side)i);

		source_init(&self->sources[i], shop, spec.view, spec.cells, spec.count);
		good = list_init(
			&self->lists[i], &source_list, &self->sources[i], spec.columns, spec.count);
		self->lists[i].empty = gettext(spec.empty);
		export_list(&self->exports[i], shop, &self->sources[i], &self->lists[i]);
		self->tabs.items[i].label = spec.label;
	}
	if (!good) {
		if (self)
			close_pane(self);
		return (struct pane){NULL, NULL};
	}
	ticket_records_init(&self->sources[RECORDS]);
	self->shop = shop;
	self->tabs.count = SIDES;
	return (struct pane){&ops, self};
}
