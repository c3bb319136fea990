/*
 * Redeeming one ticket: a page that shows it, asks for the quantity, waits for HQ without stopping
 * anything else, and shows the answer. How the asking goes is in ticket_asking.c, what the keys do in
 * ticket_redeem_keys.c.
 *
 *     confirm ──Enter──> asking ──> result ──scan, rest, try again──> confirm or asking
 *        └── redeemed here just now, or not answered yet ──> asking or result of that redemption
 *
 * HQ's answer is looked for on every change, of which the syncer tells; the only timer is the one that ends the
 * waiting. What is left before HQ has said all goes on in ticket_late.h.
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
#include "tui/ticket_earlier.h"
#include "tui/ticket_late.h"
#include "tui/ticket_redeem_parts.h"
#include "tui/ticket_result.h"

#define BOUNCE_MS 1500 /* a code scanned again so soon was not meant to wipe its refusal away */
#define ROOMY_ROWS 12  /* from here on a blank row stands under the headline */

enum redeem_stage redeem_stage(const struct redeem *self)
{
	if (self->is_malformed)
		return STAGE_RESULT;
	if (self->asking.state == ASKING_NOT)
		return STAGE_CONFIRM;
	return self->asking.state == ASKING_HQ ? STAGE_ASKING : STAGE_RESULT;
}

int64_t redeem_quantity(const struct redeem *self)
{
	return self->typed[0] ? strtoll(self->typed, NULL, 10) : 1;
}

void redeem_set_quantity(struct redeem *self, int64_t qty)
{
	if (qty > 0 && qty <= REDEEM_QTY_MAX)
		snprintf(self->typed, sizeof(self->typed), "%lld", (long long)qty);
	self->is_spoiled = false;
}

/* ---- which ticket ---- */

const char *redeem_why_malformed(void)
{
	return _("This is not a ticket code: 6 to 40 letters, digits and -.");
}

/* What was there goes on by itself. */
static void clear(struct redeem *self)
{
	app_timer_drop(self->shop->app, self);
	app_hurry(self->shop->app, NULL);
	ticket_late_keep(self->shop, &self->asking);
	memset(&self->page, 0, sizeof(self->page));
	self->typed[0] = '\0';
	self->is_spoiled = false;
	self->is_another = false;
	self->has_record = false;
	self->shown_ms = app_now_ms();
}

/* The word once more on the message line, where the eyes of whoever types are, and its sound. */
static void signal_headline(struct redeem *self, const struct ticket_headline *headline)
{
	app_say(self->shop->app, headline->role, "%s", headline->words);
	app_signal(self->shop->app, headline->signal);
}

static void signal_malformed(struct redeem *self)
{
	struct ticket_headline headline = ticket_headline_of("malformed");

	signal_headline(self, &headline);
}

void redeem_start(struct redeem *self, const char *scanned)
{
	char code[TICKET_CODE_SIZE];

	clear(self);
	self->facts.is_listed = false;
	/* A malformed code never leaves the terminal. */
	self->is_malformed = !ticket_code_normal(scanned, code, sizeof(code));
	ticket_facts_read(self->shop, code, &self->facts);
	if (self->is_malformed)
		signal_malformed(self);
	else
		redeem_show_earlier(self);
}

void redeem_another(struct redeem *self)
{
	char code[TICKET_CODE_SIZE];

	snprintf(code, sizeof(code), "%s", self->facts.code);
	clear(self);
	ticket_facts_read(self->shop, code, &self->facts);
	self->is_another = true;
}

void redeem_key_in(
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

static void read_again(struct redeem *self)
{
	char code[TICKET_CODE_SIZE];

	snprintf(code, sizeof(code), "%s", self->facts.code);
	ticket_facts_read(self->shop, code, &self->facts);
}

static void read_record(struct redeem *self)
{
	char id[UUID_SIZE];

	self->has_record = false;
	if (self->asking.state != ASKING_CONFIRMED && self->asking.state != ASKING_OFFLINE)
		return;
	asking_redemption(&self->asking, id);
	source_where(&self->records, "id", id);
	self->has_record = id[0] && source_find(&self->records, &self->record);
}

/* What is known of the ticket by now: HQ's word of the moment it answered. The cache has it later, and may hold
 * what was taken back a moment longer. */
static void read_result(struct redeem *self)
{
	if (self->asking.is_earlier || self->asking.is_voided)
		read_again(self);
	else if (self->asking.result)
		ticket_facts_take(self->shop, self->asking.result, &self->facts);
	else if (self->asking.state == ASKING_OFFLINE)
		self->facts.remaining = self->asking.offline.remaining - self->asking.qty;
	read_record(self);
}

/* It has answered, or changed its answer. */
static void show_result(struct redeem *self)
{
	struct ticket_headline headline = ticket_headline(&self->asking);

	read_result(self);
	self->page.scroll_rows = 0;
	self->shown_ms = app_now_ms();
	signal_headline(self, &headline);
}

static void settle(struct redeem *self)
{
	enum asking_state before = self->asking.state;
	bool had_word = self->asking.exception[0] || self->asking.is_voided;

	if (!asking_look(&self->asking))
		return;
	app_hurry(self->shop->app, NULL);
	if (self->asking.state != before ||
		(!had_word && (self->asking.exception[0] || self->asking.is_voided)))
		show_result(self);
	else
		read_result(self);
}

static void look(void *ctx)
{
	settle(ctx);
}

static void wait_or_show(struct redeem *self)
{
	if (self->asking.state != ASKING_HQ) {
		show_result(self);
		return;
	}
	app_hurry(self->shop->app, self);
	app_timer(self->shop->app, self->asking.asked_ms + ASKING_WAIT_MS, look, self);
}

void redeem_ask(struct redeem *self, int64_t qty)
{
	char code[TICKET_CODE_SIZE];

	snprintf(code, sizeof(code), "%s", self->facts.code);
	self->is_another = false;
	asking_start(&self->asking, self->shop, code, qty);
	wait_or_show(self);
}

void redeem_again(struct redeem *self)
{
	asking_again(&self->asking);
	wait_or_show(self);
}

bool redeem_show_earlier(struct redeem *self)
{
	if (self->is_another || !ticket_earlier_find(self->shop, self->facts.code, &self->asking))
		return false;
	ticket_late_forget(self->shop, self->facts.code);
	wait_or_show(self);
	return true;
}

/* ---- keys and scans ---- */

static bool on_text(void *ctx, const char *utf8)
{
	struct redeem *self = ctx;
	size_t length = strlen(self->typed);

	if (redeem_stage(self) != STAGE_CONFIRM)
		return false;
	/* A code keyed in letter by letter must not end as a quantity with Enter behind it. */
	if (!isdigit((unsigned char)utf8[0]) || length == REDEEM_QTY_DIGITS) {
		self->is_spoiled = true;
	} else {
		self->typed[length] = utf8[0];
		self->typed[length + 1] = '\0';
	}
	return true;
}

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
	return read.kind == BARCODE_OTHER && !catalogue_resolve(cache, scanned, sku, sizeof(sku)) &&
		!db_has(cache, "SELECT 1 FROM ticket WHERE order_number = $1", "t", read.text);
}

/* On the result: the next ticket, or the same one seen again. */
static enum scan_use scan_next(struct redeem *self, const char *scanned, bool is_same)
{
	if (!is_ticket(self->shop, scanned))
		return SCAN_NOT_MINE;
	if (is_same && self->asking.state == ASKING_REFUSED &&
		app_now_ms() < self->shown_ms + BOUNCE_MS) {
		app_say(self->shop->app, ROLE_WARN, "%s",
			_("This is the answer to it. Scan it once more to ask again."));
		app_bell(self->shop->app);
		return SCAN_REFUSED;
	}
	redeem_start(self, scanned);
	return SCAN_USED;
}

static enum scan_use on_scan(void *ctx, const char *scanned)
{
	struct redeem *self = ctx;
	char code[TICKET_CODE_SIZE];
	bool is_same = ticket_code_normal(scanned, code, sizeof(code)) &&
		strcmp(code, self->facts.code) == 0;

	if (redeem_stage(self) == STAGE_RESULT)
		return scan_next(self, scanned, is_same);
	if (redeem_stage(self) == STAGE_ASKING && is_same)
		app_say(self->shop->app, ROLE_WARN, "%s",
			_("HQ is being asked about it. However often it is scanned, it is one redemption."));
	else if (redeem_stage(self) == STAGE_ASKING)
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
	char code[TICKET_CODE_SIZE];

	ticket_facts_code(self->shop, &self->facts, code, sizeof(code));
	snprintf(out, size, _("Redeem %s"), code);
}

static void close_pane(void *ctx)
{
	struct redeem *self = ctx;

	app_timer_drop(self->shop->app, self);
	app_hurry(self->shop->app, NULL);
	ticket_late_keep(self->shop, &self->asking);
	free(self);
}

static bool may_leave(void *ctx)
{
	struct redeem *self = ctx;

	if (redeem_stage(self) != STAGE_ASKING)
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
		redeem_stage(self) == STAGE_RESULT ? &redeem_result_actions : &redeem_actions,
		self};
	out[1] = (struct action_scope){&ticket_page_actions, &self->page};
	return 2;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct redeem *self = ctx;

	(void)layout;
	ticket_page_clear(&self->page);
	if (redeem_stage(self) == STAGE_CONFIRM)
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
	snprintf(text, sizeof(text), " %s ",
		self->is_spoiled         ? "?"
			: self->typed[0] ? self->typed
					 : "1");
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
	if (redeem_stage(self) == STAGE_CONFIRM) {
		repaint_quantity(self, &head);
	} else {
		headline = self->is_malformed ? ticket_headline_of("malformed")
					      : ticket_headline(&self->asking);
		draw_fill(&head, headline.role);
		draw_text(head.y, head.x + 1, head.cols - 1, headline.role, headline.words);
	}
	ticket_page_repaint(&self->page, &body);
}

static void on_change(void *ctx)
{
	struct redeem *self = ctx;
	bool was_down = self->asking.line_is_down;

	if (redeem_stage(self) == STAGE_CONFIRM)
		read_again(self);
	else if (!self->is_malformed)
		settle(self);
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

static void push(struct shop *shop, const char *code, bool is_listed)
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
		source_init(&self->records, shop, "redemptions", ticket_record_cells,
			TICKET_RECORD_CELLS);
		redeem_start(self, code);
		self->facts.is_listed = is_listed;
	}
	shop_push(shop, (struct pane){self ? &ops : NULL, self});
}

void pane_tickets_redeem(struct shop *shop, const char *code)
{
	push(shop, code, false);
}

void pane_tickets_redeem_listed(struct shop *shop, const char *code)
{
	push(shop, code, true);
}

static const char *take_code(void *ctx, const char *value)
{
	struct shop *shop = ctx;
	char code[TICKET_CODE_SIZE];

	if (!ticket_code_normal(value, code, sizeof(code)))
		return redeem_why_malformed();
	pane_tickets_redeem(shop, code);
	return NULL;
}

void ticket_redeem_key_in(struct shop *shop)
{
	redeem_key_in(shop, take_code, shop);
}
