/*
 * Tickets: the orders they were sold in, the codes not redeemed, the records of what was redeemed, and the scans
 * that were refused. One search holds for all four.
 */
#include "tui/panes.h"

#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/tabs.h"
#include "tui/ticket_lists.h"
#include "tui/ticket_redeem.h"
#include "tui/ticket_search.h"

#define COUNT_REST 9 /* times as long as it took to count, nothing is counted */

enum side { ORDERS, LEFT, RECORDS, REFUSED, SIDES };

static const struct {
	enum ticket_list_kind kind;
	const char *label;
} sides[SIDES] = {
	[ORDERS] = {TICKET_ORDERS, N_("Ticket orders")},
	[LEFT] = {TICKET_CODES, N_("Not redeemed")},
	[RECORDS] = {TICKET_RECORDS, N_("Redemption records")},
	[REFUSED] = {TICKET_REFUSED, N_("Refused scans")},
};

struct tickets {
	struct shop *shop;
	struct tabs tabs;
	struct ticket_list lists[SIDES];
	struct ticket_search search;
	struct ticket_about about; /* of the row under the cursor */
	int64_t count_at_ms;       /* app_now_ms; nothing is counted before */
	bool is_fresh;             /* freshness is that of the data shown */
	char freshness[128];
	enum role freshness_role;
	char searched[256];
	char disputed[COMMAND_ID_MAX + 1]; /* the code a menu asks about */
	char order[COMMAND_ID_MAX + 1];    /* and its order */
};

static struct ticket_list *now(struct tickets *self)
{
	return &self->lists[self->tabs.now];
}

static const char *why_empty(void *ctx, int arg)
{
	(void)arg;
	return ticket_list_row(now(ctx)) ? NULL : _("The list is empty.");
}

/* ---- searching ---- */

static void search_changed(void *ctx)
{
	struct tickets *self = ctx;

	for (int side = 0; side < SIDES; side++) {
		struct ticket_list *list = &self->lists[side];

		ticket_search_where(&self->search, &list->source);
		ticket_list_restart(list);
		list->list.empty = ticket_search_is_set(&self->search)
			? _("Nothing fits what is searched for.")
			: ticket_list_empty(list);
	}
}

static void run_search(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	ticket_search_ask_word(&self->search);
}

static void run_narrow(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	ticket_search_ask(&self->search);
}

static bool is_own(const struct tickets *self)
{
	return source_filter(&self->lists[self->tabs.now].source, "store")[0] != '\0';
}

static void run_own(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	source_where(&now(self)->source, "store", is_own(self) ? NULL : self->shop->store);
	ticket_list_restart(now(self));
}

/* ---- opening ---- */

static void open_order(struct tickets *self, const char *number)
{
	shop_push(self->shop, pane_ticket_order_new(self->shop, number));
}

static void pick_dossier(void *ctx, size_t index)
{
	struct tickets *self = ctx;

	if (index == 0)
		shop_open_document(self->shop, "dossier", self->disputed);
	else
		open_order(self, self->order);
}

/* Its code was redeemed more often than it has units: that wants a look before anything else. */
static void offer_dossier(struct tickets *self)
{
	const struct dialog_menu_item items[] = {
		{_("The dossier: who redeemed it, where and when"), NULL},
		{_("The ticket order"), NULL},
	};

	snprintf(self->disputed, sizeof(self->disputed), "%s", ticket_list_text(now(self), "code"));
	snprintf(self->order, sizeof(self->order), "%s",
		ticket_list_text(now(self), "order_number"));
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){
			.title = _("This redemption is disputed"),
			.text = _(
				"More units were redeemed than the ticket has: a dossier is open."),
			.items = items,
			.count = sizeof(items) / sizeof(items[0]),
			.pick = pick_dossier,
			.ctx = self,
		});
}

static const char *why_not_order(void *ctx, int arg)
{
	struct tickets *self = ctx;
	const char *why_not = why_empty(ctx, arg);

	if (why_not)
		return why_not;
	return ticket_list_text(now(self), "order_number")[0]
		? NULL
		: _("No order with this code is known here.");
}

static void run_order(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	open_order(self, ticket_list_text(now(self), "order_number"));
}

static void redeem(struct tickets *self)
{
	pane_tickets_redeem_listed(self->shop, ticket_list_text(now(self), "code"));
}

static const char *why_not_open(void *ctx, int arg)
{
	struct tickets *self = ctx;

	if (self->tabs.now == LEFT && ticket_list_row(now(self)))
		return shop_may(self->shop, "ticket.redeem");
	return why_not_order(ctx, arg);
}

static void run_open(void *ctx, int arg)
{
	struct tickets *self = ctx;
	const struct source_row *row = ticket_list_row(now(self));

	if (self->tabs.now == LEFT)
		redeem(self);
	else if (self->tabs.now == RECORDS && source_int(&now(self)->source, row, "disputed"))
		offer_dossier(self);
	else
		run_order(ctx, arg);
}

/* ---- redeeming and voiding ---- */

static const char *why_not_redeem(void *ctx, int arg)
{
	struct tickets *self = ctx;
	const char *why_not = shop_may(self->shop, "ticket.redeem");

	if (why_not)
		return why_not;
	if (self->tabs.now == RECORDS)
		return _("This was redeemed. What is left stands under Not redeemed.");
	return why_empty(ctx, arg);
}

/* An order's only code that is left is redeemed; of several, one is chosen on the order's page. */
static void redeem_order(struct tickets *self)
{
	const char *number = ticket_list_text(now(self), "order_number");
	struct source left;
	struct source_row row;
	static const struct source_column cells[] = {{.column = "code"}};

	source_init(&left, self->shop, "tickets", cells, 1);
	source_where(&left, "order", number);
	source_where(&left, "left", "yes");
	if (source_count(&left) == 1 && source_find(&left, &row))
		pane_tickets_redeem_listed(self->shop, source_text(&left, &row, "code"));
	else
		open_order(self, number);
}

static void run_redeem(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	if (self->tabs.now == ORDERS)
		redeem_order(self);
	else
		redeem(self);
}

static const char *why_not_key_in(void *ctx, int arg)
{
	const struct tickets *self = ctx;

	(void)arg;
	return shop_may(self->shop, "ticket.redeem");
}

static void run_key_in(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	ticket_redeem_key_in(self->shop);
}

static const char *why_not_void(void *ctx, int arg)
{
	struct tickets *self = ctx;
	const char *why_not = shop_may(self->shop, "ticket.void");

	(void)arg;
	if (why_not)
		return why_not;
	if (self->tabs.now != RECORDS)
		return _("A redemption is voided in the redemption records.");
	return ticket_record_why_not_void(
		self->shop, &now(self)->source, ticket_list_row(now(self)));
}

static void run_void(void *ctx, int arg)
{
	struct tickets *self = ctx;

	(void)arg;
	ticket_record_void(self->shop, &now(self)->source, ticket_list_row(now(self)));
}

static const struct action rows[] = {
	{"open-ticket-order", N_("Open"),
		N_("Open the order; redeem the code; look into a disputed record"), ACTION_HINT, 0,
		why_not_open, run_open, NULL},
	{"redeem-ticket", N_("Redeem"),
		N_("Redeem the code under the cursor; of an order its only code, or one you choose"),
		ACTION_HINT, 0, why_not_redeem, run_redeem, NULL},
	{"redeem-code", N_("Key in"), N_("Key in the code of a ticket and redeem it"), ACTION_HINT,
		0, why_not_key_in, run_key_in, NULL},
	{"search-tickets", N_("Search"), N_("Search by order, name, phone, code or product"),
		ACTION_HINT, 0, NULL, run_search, NULL},
	{"narrow-tickets", N_("Filter"),
		N_("Only one order, name, phone number, code or product, or some days"),
		ACTION_HINT, 0, NULL, run_narrow, NULL},
	{"void-redemption", N_("Void redemption"), N_("Void the redemption under the cursor"),
		ACTION_HINT, 0, why_not_void, run_void, NULL},
	{"ticket-order", N_("Order"), N_("Open the order of the row under the cursor"), ACTION_HINT,
		0, why_not_order, run_order, NULL},
	{"own-store", N_("This store"),
		N_("Only what belongs to this store or may be redeemed here, or everything"), 0, 0,
		NULL, run_own, NULL},
};
const struct action_table tickets_actions = {
	.context = "tickets",
	.title = N_("Tickets"),
	ACTION_TABLE_ROWS(rows),
};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	const struct tickets *self = ctx;

	snprintf(out, size, "%s%s", _("Tickets"), is_own(self) ? _(", this store") : "");
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
		ticket_list_free(&self->lists[side]);
	app_timer_drop(self->shop->app, self);
	free(self);
}

/* Esc takes back the search first. */
static bool may_leave(void *ctx)
{
	struct tickets *self = ctx;

	if (!ticket_search_is_set(&self->search))
		return true;
	ticket_search_forget(&self->search);
	search_changed(self);
	return false;
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct tickets *self = ctx;

	if (max < 5)
		return 0;
	out[0] = (struct action_scope){&tickets_actions, self};
	out[1] = (struct action_scope){&list_actions, &now(self)->list};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&export_actions, &now(self)->export};
	out[4] = (struct action_scope){&explain_here_actions, &now(self)->explain};
	return 5;
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

/* The loop paints again after a timer, and recalculates before. */
static void go_on_counting(void *ctx)
{
	(void)ctx;
}

/* Counts for the tabs, the present one first. Of very many tickets that takes a while, so that it is done between
 * keys and takes at most a tenth of the time. */
static void count_tabs(struct tickets *self)
{
	for (int i = 0; i < SIDES; i++) {
		struct ticket_list *list = &self->lists[(self->tabs.now + i) % SIDES];
		int64_t began_ms = app_now_ms();

		if (list->is_counted)
			continue;
		if (began_ms < self->count_at_ms) {
			app_timer(self->shop->app, self->count_at_ms, go_on_counting, self);
			break;
		}
		ticket_list_count(list);
		self->count_at_ms = app_now_ms() + COUNT_REST * (app_now_ms() - began_ms);
	}
	for (int i = 0; i < SIDES; i++)
		self->tabs.items[i].count = self->lists[i].total;
}

/* Rows above and below the list. */
static int rows_around(struct tickets *self)
{
	return 2 + (self->searched[0] ? 1 : 0) + ticket_list_about_rows(now(self));
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct tickets *self = ctx;

	if (!self->is_fresh)
		note_freshness(self);
	self->is_fresh = true;
	/* Somebody else may have signed in since, who may not see a code that was searched for. */
	ticket_search_words(&self->search, self->searched, sizeof(self->searched));
	count_tabs(self);
	list_recalc(&now(self)->list, layout->body.rows - rows_around(self));
	ticket_list_about(now(self), &self->about);
}

static void repaint_searched(const struct tickets *self, const struct rect *area)
{
	char key[32];
	char text[400];

	app_key_label(self->shop->app, "back", key, sizeof(key));
	/* TRANSLATORS: what is searched for, a key. */
	snprintf(text, sizeof(text), _("Only: %s (%s shows all)"), self->searched, key);
	draw_text(area->y, area->x + 1, area->cols - 1, ROLE_WARN, text);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct tickets *self = ctx;
	struct rect body = *area;
	struct rect head = layout_take_top(&body, 1);
	struct rect fresh = layout_take_top(&body, 1);

	tabs_repaint(&self->tabs, head.y, head.x + 1, head.cols - 2);
	draw_text(fresh.y, fresh.x + 1, fresh.cols - 1, self->freshness_role, self->freshness);
	if (self->searched[0]) {
		struct rect line = layout_take_top(&body, 1);

		repaint_searched(self, &line);
	}
	ticket_list_repaint(now(self), &self->about, &body);
}

static void on_change(void *ctx)
{
	struct tickets *self = ctx;

	for (int side = 0; side < SIDES; side++)
		ticket_list_changed(&self->lists[side]);
	self->is_fresh = false;
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

	if (self)
		self->shop = shop;
	for (int i = 0; good && i < SIDES; i++) {
		good = ticket_list_init(&self->lists[i], shop, sides[i].kind);
		self->tabs.items[i].label = sides[i].label;
	}
	if (!good) {
		if (self)
			close_pane(self);
		return (struct pane){NULL, NULL};
	}
	self->tabs.count = SIDES;
	ticket_search_init(&self->search, shop, search_changed, self);
	source_where(&self->lists[LEFT].source, "left", "yes");
	return (struct pane){&ops, self};
}
