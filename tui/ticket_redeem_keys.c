/* What the keys do on the page of ticket_redeem.c, before HQ is asked and afterwards. */
#include <stdio.h>

#include "model/i18n.h"
#include "tui/panes.h"
#include "tui/ticket_redeem.h"
#include "tui/ticket_redeem_parts.h"
#include "tui/ticket_result.h"

#define SECOND_PRESS_MS 600 /* the key that asked, pressed twice, does not close the answer */

/* ---- before HQ is asked ---- */

static const char *why_not_now(const struct redeem *self)
{
	if (redeem_stage(self) == STAGE_ASKING)
		return _("HQ is being asked. However often you press, it is one redemption.");
	return shop_may(self->shop, "ticket.redeem");
}

static const char *why_not_redeem(void *ctx, int arg)
{
	struct redeem *self = ctx;
	const char *why = why_not_now(self);
	int64_t qty = redeem_quantity(self);

	(void)arg;
	if (why)
		return why;
	if (self->is_spoiled)
		return _("That is no quantity: erase it first.");
	if (qty < 1)
		return _("The quantity must be at least 1.");
	if (self->facts.is_known && qty > self->facts.units)
		return _("The ticket never had that many units.");
	return NULL;
}

static void run_redeem(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	/* Another seat, or another page, may have redeemed it while this question stood here. */
	if (!redeem_show_earlier(self))
		redeem_ask(self, redeem_quantity(self));
}

static const char *why_not_change(void *ctx, int by)
{
	const struct redeem *self = ctx;
	const char *why = why_not_now(self);

	if (why)
		return why;
	if (by == 0 && self->facts.remaining < 1)
		return _("How many units are left is not known here.");
	return by < 0 && redeem_quantity(self) <= 1 ? _("The quantity must be at least 1.") : NULL;
}

/* by 0: all that remain. */
static void run_change(void *ctx, int by)
{
	struct redeem *self = ctx;

	redeem_set_quantity(self, by == 0 ? self->facts.remaining : redeem_quantity(self) + by);
}

static const char *why_not_erase(void *ctx, int arg)
{
	(void)arg;
	return why_not_now(ctx);
}

static void run_erase(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	self->typed[0] = '\0';
	self->is_spoiled = false;
}

static const struct action redeem_rows[] = {
	{"redeem-now", N_("Redeem"), N_("Redeem the quantity shown"), ACTION_HINT_FIRST, 0,
		why_not_redeem, run_redeem, NULL},
	{"redeem-all", N_("All"), N_("Set the quantity to all units that remain"), ACTION_HINT, 0,
		why_not_change, run_change, NULL},
	{"more-units", N_("More"), N_("One unit more"), ACTION_HINT, 1, why_not_change, run_change,
		NULL},
	{"fewer-units", N_("Fewer"), N_("One unit less"), ACTION_HINT, -1, why_not_change,
		run_change, NULL},
	{"erase-units", N_("Erase"), N_("Take back the quantity that was typed"), 0, 0,
		why_not_erase, run_erase, NULL},
};
const struct action_table redeem_actions = {
	.context = "redeem",
	.title = N_("Redeeming a ticket"),
	ACTION_TABLE_ROWS(redeem_rows),
};

/* ---- afterwards ---- */

static void run_done(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	if (app_now_ms() >= self->shown_ms + SECOND_PRESS_MS)
		app_close(self->shop->app, self);
	else
		app_say(self->shop->app, ROLE_NORMAL,
			_("This is the answer. Press again to close it."));
}

static const char *why_not_rest(void *ctx, int arg)
{
	const struct redeem *self = ctx;

	(void)arg;
	return ticket_result_rest(&self->asking, &self->facts) > 0
		? NULL
		: _("There is no smaller quantity to offer.");
}

static void run_rest(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	redeem_set_quantity(self, ticket_result_rest(&self->asking, &self->facts));
	redeem_ask(self, redeem_quantity(self));
}

static const char *why_not_again(void *ctx, int arg)
{
	const struct redeem *self = ctx;

	(void)arg;
	if (self->asking.state == ASKING_UNANSWERED)
		return NULL;
	if (self->asking.state != ASKING_REFUSED || self->asking.by_hq)
		return _("This is the answer. A ticket scanned again starts anew.");
	return NULL;
}

/* What has left stays the one command; what was taken back is asked anew. */
static void run_again(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	if (self->asking.state == ASKING_UNANSWERED)
		redeem_again(self);
	else
		redeem_ask(self, self->asking.qty);
}

static const char *why_not_more(void *ctx, int arg)
{
	const struct redeem *self = ctx;
	bool is_redeemed = self->asking.state == ASKING_CONFIRMED ||
		self->asking.state == ASKING_OFFLINE;

	(void)arg;
	if (!is_redeemed)
		return _("Nothing was redeemed yet of which there could be another unit.");
	return self->facts.remaining > 0 ? NULL : _("No unit of this ticket is left.");
}

static void run_more(void *ctx, int arg)
{
	(void)arg;
	redeem_another(ctx);
}

static const char *why_not_void(void *ctx, int arg)
{
	const struct redeem *self = ctx;
	const char *why_not = shop_may(self->shop, "ticket.void");

	(void)arg;
	if (why_not)
		return why_not;
	if (!self->has_record)
		return _("Nothing was redeemed here that could be voided.");
	return ticket_record_why_not_void(self->shop, &self->records, &self->record);
}

static void run_void(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	ticket_record_void(self->shop, &self->records, &self->record);
}

static const char *why_not_dossier(void *ctx, int arg)
{
	const struct redeem *self = ctx;

	(void)arg;
	return self->asking.has_dossier ? NULL : _("There is no dossier about this redemption.");
}

static void run_dossier(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	shop_open_document(self->shop, "dossier", self->facts.code);
}

static const char *take_next(void *ctx, const char *value)
{
	struct redeem *self = ctx;
	char code[TICKET_CODE_SIZE];

	if (!ticket_code_normal(value, code, sizeof(code)))
		return redeem_why_malformed();
	redeem_start(self, code);
	return NULL;
}

static void run_next(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	redeem_key_in(self->shop, take_next, self);
}

static const char *why_not_order(void *ctx, int arg)
{
	const struct redeem *self = ctx;

	(void)arg;
	return self->facts.order[0] ? NULL : _("The order of this ticket is not known here.");
}

static void run_order(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	shop_open_document(self->shop, "order", self->facts.order);
}

static const struct action result_rows[] = {
	{"redeem-done", N_("Done"), N_("Close the result"), ACTION_HINT_FIRST, 0, NULL, run_done,
		NULL},
	{"redeem-rest", N_("The rest"), N_("Redeem the smaller quantity that is possible"),
		ACTION_HINT, 0, why_not_rest, run_rest, NULL},
	{"redeem-again", N_("Try again"), N_("Try again what could not be asked"), ACTION_HINT, 0,
		why_not_again, run_again, NULL},
	{"redeem-more", N_("Another unit"), N_("Redeem another unit of the same ticket"),
		ACTION_HINT, 0, why_not_more, run_more, NULL},
	{"redeem-next", N_("Next code"), N_("Key in the code of another ticket"), ACTION_HINT, 0,
		NULL, run_next, NULL},
	{"redeem-order", N_("Order"), N_("Open the order of the ticket"), ACTION_HINT, 0,
		why_not_order, run_order, NULL},
	{"redeem-dossier", N_("Dossier"), N_("Open the dossier of a ticket redeemed twice"),
		ACTION_HINT, 0, why_not_dossier, run_dossier, NULL},
	{"void-redemption", N_("Void redemption"), N_("Void this redemption"), ACTION_HINT, 0,
		why_not_void, run_void, NULL},
};
const struct action_table redeem_result_actions = {
	.context = "redeem-result",
	.title = N_("After redeeming"),
	ACTION_TABLE_ROWS(result_rows),
};
