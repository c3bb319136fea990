/*
 * Redeeming one ticket: a page that shows it, asks for the quantity, waits for HQ without stopping
 * anything else, and shows the answer. How the asking goes is in ticket_asking.c.
 *
 *     confirm ──Enter──> asking ──> result ──scan, rest, try again──> confirm or asking
 *
 * A scan never presses anything here: while a question is open it is refused with a word; on the
 * result a ticket starts its own page in place of this one.
 */
#include "tui/ticket_redeem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "model/barcode.h"
#include "model/catalogue.h"
#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/panes.h"
#include "tui/ticket_asking.h"
#include "tui/ticket_facts.h"
#include "tui/ticket_page.h"
#include "tui/ticket_result.h"

#define QTY_DIGITS_MAX 4
#define LOOK_EVERY_MS 100
#define ROOMY_ROWS 12 /* from here on a blank row stands under the headline */
#define SECOND_PRESS_MS 600 /* the key that asked, pressed twice, does not close the answer */

struct redeem {
	struct shop *shop;
	struct ticket_facts facts;
	struct asking asking;
	struct ticket_page page;
	char typed[QTY_DIGITS_MAX + 1]; /* the quantity; "" is 1 */
	bool is_spoiled;                /* something that is no quantity was typed */
	bool is_malformed;
	int64_t shown_ms;
};

enum stage { STAGE_CONFIRM, STAGE_ASKING, STAGE_RESULT };

static enum stage stage_of(const struct redeem *self)
{
	if (self->is_malformed)
		return STAGE_RESULT;
	if (self->asking.state == ASKING_NOT)
		return STAGE_CONFIRM;
	return self->asking.state == ASKING_HQ ? STAGE_ASKING : STAGE_RESULT;
}

static int64_t quantity(const struct redeem *self)
{
	return self->typed[0] ? strtoll(self->typed, NULL, 10) : 1;
}

static void set_quantity(struct redeem *self, int64_t qty)
{
	if (qty > 0 && qty <= 9999)
		snprintf(self->typed, sizeof(self->typed), "%lld", (long long)qty);
	self->is_spoiled = false;
}

/* ---- which ticket ---- */

static const char *const why_malformed = N_("This is not a ticket code: 6 to 40 letters, digits and -.");

static void start(struct redeem *self, const char *scanned)
{
	char code[TICKET_CODE_SIZE];

	asking_free(&self->asking);
	memset(&self->page, 0, sizeof(self->page));
	self->typed[0] = '\0';
	self->is_spoiled = false;
	self->shown_ms = app_now_ms();
	/* A malformed code never leaves the terminal. */
	self->is_malformed = !ticket_code_normal(scanned, code, sizeof(code));
	ticket_facts_read(self->shop, code, &self->facts);
	if (self->is_malformed)
		app_bell(self->shop->app);
}

static void key_in(
	struct shop *shop, const char *(*submit)(void *ctx, const char *value), void *ctx)
{
	dialog_entry(shop->app,
		&(struct dialog_entry_spec){
			.title = _("Redeem a ticket"),
			.text = _("Scan the ticket, or key in its code."),
			.kind = DIALOG_CODE,
			.submit = submit,
			.ctx = ctx,
		});
}

/* ---- asking ---- */

/* It has answered, or changed its answer. */
static void show_result(struct redeem *self)
{
	if (self->asking.result)
		ticket_facts_take(self->shop, self->asking.result, &self->facts);
	else if (self->asking.state == ASKING_OFFLINE)
		self->facts.remaining = self->asking.offline.remaining - self->asking.qty;
	self->page.scroll_rows = 0;
	self->shown_ms = app_now_ms();
	if (self->asking.state != ASKING_CONFIRMED || self->asking.exception[0])
		app_bell(self->shop->app);
}

static void look(void *ctx)
{
	struct redeem *self = ctx;

	if (asking_look(&self->asking))
		show_result(self);
	if (self->asking.state == ASKING_HQ)
		app_timer(self->shop->app, app_now_ms() + LOOK_EVERY_MS, look, self);
}

static void ask(struct redeem *self, int64_t qty)
{
	char code[TICKET_CODE_SIZE];

	snprintf(code, sizeof(code), "%s", self->facts.code);
	asking_start(&self->asking, self->shop, code, qty);
	if (self->asking.state == ASKING_HQ)
		app_timer(self->shop->app, app_now_ms() + LOOK_EVERY_MS, look, self);
	else
		show_result(self);
}

/* ---- before HQ is asked ---- */

static const char *why_not_now(const struct redeem *self)
{
	if (stage_of(self) == STAGE_ASKING)
		return _("HQ is being asked. However often you press, it is one redemption.");
	return shop_may(self->shop, "ticket.redeem");
}

static const char *why_not_redeem(void *ctx, int arg)
{
	struct redeem *self = ctx;
	const char *why = why_not_now(self);
	int64_t qty = quantity(self);

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
	ask(self, quantity(self));
}

static const char *why_not_change(void *ctx, int by)
{
	const struct redeem *self = ctx;
	const char *why = why_not_now(self);

	if (why)
		return why;
	if (by == 0 && self->facts.remaining < 1)
		return _("How many units are left is not known here.");
	return by < 0 && quantity(self) <= 1 ? _("The quantity must be at least 1.") : NULL;
}

/* by 0: all that remain. */
static void run_change(void *ctx, int by)
{
	struct redeem *self = ctx;

	set_quantity(self, by == 0 ? self->facts.remaining : quantity(self) + by);
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

static bool on_text(void *ctx, const char *utf8)
{
	struct redeem *self = ctx;
	size_t length = strlen(self->typed);

	if (stage_of(self) != STAGE_CONFIRM)
		return false;
	/* A code keyed in letter by letter must not end as a quantity with Enter behind it. */
	if (!isdigit((unsigned char)utf8[0]) || length == QTY_DIGITS_MAX) {
		self->is_spoiled = true;
	} else {
		self->typed[length] = utf8[0];
		self->typed[length + 1] = '\0';
	}
	return true;
}

/* ---- afterwards ---- */

static void run_done(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	if (app_now_ms() >= self->shown_ms + SECOND_PRESS_MS)
		app_close(self->shop->app, self);
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
	set_quantity(self, ticket_result_rest(&self->asking, &self->facts));
	ask(self, quantity(self));
}

static const char *why_not_again(void *ctx, int arg)
{
	const struct redeem *self = ctx;

	(void)arg;
	if (self->asking.state == ASKING_UNANSWERED)
		return _("It has left already, and HQ may still answer. Asking again could redeem twice.");
	if (self->asking.state != ASKING_REFUSED || self->asking.by_hq)
		return _("This is the answer. A ticket scanned again starts anew.");
	return NULL;
}

static void run_again(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	ask(self, self->asking.qty);
}

static const char *take_next(void *ctx, const char *value)
{
	struct redeem *self = ctx;
	char code[TICKET_CODE_SIZE];

	if (!ticket_code_normal(value, code, sizeof(code)))
		return _(why_malformed);
	start(self, code);
	return NULL;
}

static void run_next(void *ctx, int arg)
{
	struct redeem *self = ctx;

	(void)arg;
	key_in(self->shop, take_next, self);
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
	{"redeem-next", N_("Next code"), N_("Key in the code of another ticket"), ACTION_HINT, 0,
		NULL, run_next, NULL},
	{"redeem-order", N_("Order"), N_("Open the order of the ticket"), ACTION_HINT, 0,
		why_not_order, run_order, NULL},
};
const struct action_table redeem_result_actions = {
	.context = "redeem-result",
	.title = N_("After redeeming"),
	ACTION_TABLE_ROWS(result_rows),
};

/* ---- scans ---- */

/* What else a code may be goes the way of all scans. */
static bool is_ticket(const struct shop *shop, const char *scanned)
{
	char code[TICKET_CODE_SIZE];
	char sku[COMMAND_ID_MAX + 1];
	struct barcode read;
	struct db *cache = shop_db(shop);

	if (!ticket_code_normal(scanned, code, sizeof(code)) || !cache)
		return false;
	if (db_has(cache, "SELECT 1 FROM ticket WHERE code = $1", "t", code))
		return true;
	barcode_read(scanned, &read);
	return read.kind == BARCODE_OTHER &&
		!catalogue_resolve(cache, scanned, sku, sizeof(sku)) &&
		!db_has(cache, "SELECT 1 FROM ticket WHERE order_number = $1", "t", read.text);
}

static enum scan_use on_scan(void *ctx, const char *scanned)
{
	struct redeem *self = ctx;
	char code[TICKET_CODE_SIZE];
	bool is_same = ticket_code_normal(scanned, code, sizeof(code)) &&
		strcmp(code, self->facts.code) == 0;

	if (stage_of(self) == STAGE_RESULT) {
		if (!is_ticket(self->shop, scanned))
			return SCAN_NOT_MINE;
		start(self, scanned);
		return SCAN_USED;
	}
	if (stage_of(self) == STAGE_ASKING)
		app_say(self->shop->app, ROLE_WARN, "%s",
			_("HQ is being asked: scan the next one when the answer is here."));
	else if (is_same)
		app_say(self->shop->app, ROLE_WARN, "%s",
			_("This ticket is here already: redeem it, or go back."));
	else
		app_say(self->shop->app, ROLE_WARN,
			_("The scan %s was not used: redeem this ticket first, or go back."),
			scanned);
	app_bell(self->shop->app);
	return SCAN_REFUSED;
}

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	const struct redeem *self = ctx;

	snprintf(out, size, _("Redeem %s"), self->facts.code);
}

static void forget_timer(void *ctx)
{
	(void)ctx;
}

static void close_pane(void *ctx)
{
	struct redeem *self = ctx;

	/* The last timer set for a context counts, and this one does nothing. */
	app_timer(self->shop->app, 0, forget_timer, self);
	asking_free(&self->asking);
	free(self);
}

static bool may_leave(void *ctx)
{
	struct redeem *self = ctx;

	if (stage_of(self) != STAGE_ASKING)
		return true;
	app_say(self->shop->app, ROLE_WARN, "%s",
		_("HQ is being asked. The answer is here in a moment."));
	return false;
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct redeem *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){
		stage_of(self) == STAGE_RESULT ? &redeem_result_actions : &redeem_actions, self};
	out[1] = (struct action_scope){&ticket_page_actions, &self->page};
	return 2;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct redeem *self = ctx;

	(void)layout;
	ticket_page_clear(&self->page);
	if (stage_of(self) == STAGE_CONFIRM)
		ticket_result_warn(self->shop, &self->facts, &self->page);
	else if (self->is_malformed)
		ticket_result_malformed(&self->page);
	else
		ticket_result_explain(self->shop, &self->asking, &self->facts, &self->page);
	if (!self->is_malformed)
		ticket_result_facts(self->shop, &self->asking, &self->facts, &self->page);
}

static void repaint_quantity(const struct redeem *self, const struct rect *area)
{
	const char *label = _("Quantity");
	char text[96];
	int x = area->x + 1;

	x += draw_text(area->y, x, area->cols - 1, ROLE_HEADING, label) + 1;
	snprintf(text, sizeof(text), " %s ", self->is_spoiled ? "?" : self->typed[0] ? self->typed : "1");
	x += draw_text(area->y, x, area->x + area->cols - x, ROLE_FIELD_NOW, text) + 1;
	draw_caret(area->y, x - 2);
	if (self->facts.is_known)
		snprintf(text, sizeof(text), _("of %lld left"), (long long)self->facts.remaining);
	else
		snprintf(text, sizeof(text), "%s", _("not known here: HQ will be asked"));
	draw_text(area->y, x, area->x + area->cols - x, ROLE_NORMAL, text);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct redeem *self = ctx;
	struct rect body = *area;
	struct rect head = layout_take_top(&body, 1);
	struct ticket_headline headline;

	if (body.rows > ROOMY_ROWS)
		layout_take_top(&body, 1);
	if (stage_of(self) == STAGE_CONFIRM) {
		repaint_quantity(self, &head);
	} else {
		headline = self->is_malformed ? ticket_headline_of("malformed")
					      : ticket_headline(&self->asking);
		draw_fill(&head, headline.role);
		draw_text(head.y, head.x + 1, head.cols - 1, headline.role, headline.words);
	}
	ticket_page_repaint(&self->page, &body);
}

static void read_again(struct redeem *self)
{
	char code[TICKET_CODE_SIZE];

	snprintf(code, sizeof(code), "%s", self->facts.code);
	ticket_facts_read(self->shop, code, &self->facts);
}

static void on_change(void *ctx)
{
	struct redeem *self = ctx;
	bool was_down = self->asking.line_is_down;

	if (stage_of(self) == STAGE_CONFIRM)
		read_again(self);
	if (asking_look(&self->asking))
		show_result(self);
	if (self->asking.state != ASKING_REFUSED || !was_down || asking_line_is_down(self->shop))
		return;
	self->asking.line_is_down = false;
	app_say(self->shop->app, ROLE_OK, "%s", _("The line to HQ is back: try again."));
}

static const struct pane_ops ops = {
	.context = "redeem",
	.title = title,
	.close = close_pane,
	.may_leave = may_leave,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.on_text = on_text,
	.on_scan = on_scan,
	.on_change = on_change,
};

/* ---- the way in ---- */

void pane_tickets_redeem(struct shop *shop, const char *code)
{
	const char *why_not = shop_may(shop, "ticket.redeem");
	struct redeem *self;

	if (why_not) {
		app_say(shop->app, ROLE_WARN, "%s", why_not);
		return;
	}
	self = calloc(1, sizeof(*self));
	if (self) {
		self->shop = shop;
		start(self, code);
	}
	shop_push(shop, (struct pane){self ? &ops : NULL, self});
}

static const char *take_code(void *ctx, const char *value)
{
	struct shop *shop = ctx;
	char code[TICKET_CODE_SIZE];

	if (!ticket_code_normal(value, code, sizeof(code)))
		return _(why_malformed);
	pane_tickets_redeem(shop, code);
	return NULL;
}

void ticket_redeem_key_in(struct shop *shop)
{
	key_in(shop, take_code, shop);
}
