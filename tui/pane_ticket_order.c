/* The tickets of one order: what was redeemed, what is left, every code. */
#include "tui/panes.h"

#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/tabs.h"
#include "tui/ticket_admin.h"
#include "tui/ticket_lists.h"

enum part { REDEEMED, LEFT, CODES, PARTS };

static const struct {
	enum ticket_list_kind kind;
	const char *label;
	const char *empty; /* N_ */
} parts[PARTS] = {
	[REDEEMED] = {TICKET_RECORDS, N_("Redeemed"), N_("Nothing was redeemed yet.")},
	[LEFT] = {TICKET_CODES_OF_ORDER, N_("Not redeemed"), N_("Nothing is left to redeem.")},
	[CODES] = {TICKET_CODES_OF_ORDER, N_("All codes"), N_("No code of this order is here.")},
};

struct order {
	struct shop *shop;
	char number[COMMAND_ID_MAX + 1];
	struct source head;
	struct source_row head_row;
	bool is_there;
	struct tabs tabs;
	struct ticket_list lists[PARTS];
	struct ticket_about about; /* of the row under the cursor */
	struct ticket_admin admin;
};

static const struct source_column head_cells[] = {{.column = "order_number"}};

static struct ticket_list *now(struct order *self)
{
	return &self->lists[self->tabs.now];
}

/* For what HQ does to a code. */
static const struct ticket_list *codes_now(const void *ctx)
{
	const struct order *self = ctx;

	return self->tabs.now == REDEEMED ? NULL : &self->lists[self->tabs.now];
}

/* ---- actions ---- */

static bool is_disputed(struct order *self)
{
	const struct source_row *row = ticket_list_row(now(self));

	return self->tabs.now == REDEEMED && row &&
		source_int(&now(self)->source, row, "disputed") != 0;
}

static const char *why_not_redeem(void *ctx, int arg)
{
	struct order *self = ctx;
	const char *why_not = shop_may(self->shop, "ticket.redeem");

	(void)arg;
	if (why_not)
		return why_not;
	if (self->tabs.now == REDEEMED)
		return _("This was redeemed. What is left stands under Not redeemed.");
	return ticket_list_row(now(self)) ? NULL : _("The list is empty.");
}

static void run_redeem(void *ctx, int arg)
{
	struct order *self = ctx;

	(void)arg;
	pane_tickets_redeem_listed(self->shop, ticket_list_text(now(self), "code"));
}

/* Enter redeems a code, and opens the dossier of a record that has one. */
static const char *why_not_open(void *ctx, int arg)
{
	struct order *self = ctx;

	if (is_disputed(self))
		return NULL;
	return self->tabs.now == REDEEMED ? _("No dossier is open about this redemption.")
					  : why_not_redeem(ctx, arg);
}

static void run_open(void *ctx, int arg)
{
	struct order *self = ctx;

	if (is_disputed(self))
		shop_open_document(self->shop, "dossier", ticket_list_text(now(self), "code"));
	else
		run_redeem(ctx, arg);
}

static const char *why_not_void(void *ctx, int arg)
{
	struct order *self = ctx;
	const char *why_not = shop_may(self->shop, "ticket.void");

	(void)arg;
	if (why_not)
		return why_not;
	if (self->tabs.now != REDEEMED)
		return _("Only what was redeemed can be voided.");
	return ticket_record_why_not_void(
		self->shop, &now(self)->source, ticket_list_row(now(self)));
}

static void run_void(void *ctx, int arg)
{
	struct order *self = ctx;

	(void)arg;
	ticket_record_void(self->shop, &now(self)->source, ticket_list_row(now(self)));
}

static const struct action rows[] = {
	{"open-ticket", N_("Open"), N_("Redeem the code; look into a disputed record"), 0, 0,
		why_not_open, run_open, NULL},
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
		ticket_list_free(&self->lists[part]);
	ticket_admin_free(&self->admin);
	free(self);
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct order *self = ctx;

	if (max < 6)
		return 0;
	out[0] = (struct action_scope){&ticket_order_actions, self};
	out[1] = (struct action_scope){&ticket_admin_actions, &self->admin};
	out[2] = (struct action_scope){&list_actions, &now(self)->list};
	out[3] = (struct action_scope){&tabs_actions, &self->tabs};
	out[4] = (struct action_scope){&export_actions, &now(self)->export};
	out[5] = (struct action_scope){&explain_here_actions, &now(self)->explain};
	return 6;
}

/* Rows above and below the list. */
static int rows_around(struct order *self)
{
	return 3 + ticket_list_about_rows(now(self));
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct order *self = ctx;

	self->is_there = source_find(&self->head, &self->head_row);
	for (int part = 0; part < PARTS; part++) {
		ticket_list_count(&self->lists[part]);
		self->tabs.items[part].count = self->lists[part].total;
	}
	list_recalc(&now(self)->list, layout->body.rows - rows_around(self));
	ticket_list_about(now(self), &self->about);
}

static void repaint_head(const struct order *self, const struct rect *area)
{
	const struct source_row *row = &self->head_row;
	char when[SHOP_WHEN_BYTES];
	char phone[SHOP_NAME_BYTES];
	char text[512];

	if (!self->is_there) {
		draw_text(area->y, area->x + 1, area->cols - 1, ROLE_WARN,
			_("This order is not on this terminal."));
		return;
	}
	shop_when(self->shop, source_int(&self->head, row, "issued_at"), when);
	shop_phone(self->shop, source_text(&self->head, row, "phone"), phone, sizeof(phone));
	/* TRANSLATORS: the buyer, the phone number, when the tickets were issued. */
	snprintf(text, sizeof(text), _("%s  %s   issued %s"),
		source_text(&self->head, row, "buyer"), phone, when);
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
	ticket_list_repaint(now(self), &self->about, &body);
}

static void on_change(void *ctx)
{
	struct order *self = ctx;

	for (int part = 0; part < PARTS; part++)
		ticket_list_changed(&self->lists[part]);
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

static bool init_part(struct order *self, enum part part)
{
	struct ticket_list *list = &self->lists[part];

	if (!ticket_list_init(list, self->shop, parts[part].kind))
		return false;
	source_where(&list->source, "order", self->number);
	if (part == LEFT)
		source_where(&list->source, "left", "yes");
	list->list.empty = gettext(parts[part].empty);
	self->tabs.items[part].label = parts[part].label;
	return true;
}

struct pane pane_ticket_order_new(struct shop *shop, const char *order_number)
{
	struct order *self = calloc(1, sizeof(*self));
	bool good = self != NULL;

	if (self) {
		self->shop = shop;
		snprintf(self->number, sizeof(self->number), "%s", order_number);
		source_init(&self->head, shop, "ticket_orders", head_cells, 1);
		source_where(&self->head, "order", self->number);
		self->admin = (struct ticket_admin){
			.shop = shop, .order = self->number, .codes = codes_now, .ctx = self};
	}
	for (int part = 0; good && part < PARTS; part++)
		good = init_part(self, (enum part)part);
	if (!good) {
		if (self)
			close_pane(self);
		return (struct pane){NULL, NULL};
	}
	self->tabs.count = PARTS;
	ticket_list_count(&self->lists[LEFT]);
	self->tabs.now = self->lists[LEFT].total > 0 ? LEFT : REDEEMED;
	return (struct pane){&ops, self};
}
