#include "tui/order_act.h"

#include "model/i18n.h"
#include "model/json.h"
#include "tui/dialog.h"
#include "tui/document_data.h"
#include "tui/panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which action when ---- */

/* What a question says its quantities are of. */
enum amount { OF_NOTHING, OF_INVOICE, OF_CANCEL, OF_SHIP };

struct order_rule {
	const char *op;
	const char *title; /* N_: of the question, and its button */
	const char *then;  /* N_: what it brings about */
	enum amount amount;
	bool is_dangerous;
};

enum order_action {
	ORDER_ACCEPT,
	ORDER_AWAIT,
	ORDER_REVIEW,
	ORDER_PAY,
	ORDER_HOLD,
	ORDER_RELEASE,
	ORDER_SUSPECT,
	ORDER_APPROVE,
	ORDER_DENY,
	ORDER_INVOICE,
	ORDER_SHIP,
	ORDER_CANCEL,
	ORDER_CREDIT,
	ORDER_REFUND,
	ORDER_ARCHIVE
};

static const struct order_rule rules[] = {
	[ORDER_ACCEPT] = {"order.accept", N_("Accept the order"),
		N_("The order stands to be done. No goods move."), OF_NOTHING, false},
	[ORDER_AWAIT] = {"order.await_payment", N_("Await payment"),
		N_("The order waits for its payment. No goods move."), OF_NOTHING, false},
	[ORDER_REVIEW] = {"order.review_payment", N_("Review payment"),
		N_("The payment is looked into. No goods move."), OF_NOTHING, false},
	[ORDER_PAY] = {"order.pay", N_("Mark as paid"),
		N_("The order is paid and goes into progress. No goods move."), OF_NOTHING, false},
	[ORDER_HOLD] = {"order.hold", N_("Hold the order"),
		N_("Nothing more is done to it until it is released, approved or cancelled. Its goods stay reserved."),
		OF_NOTHING, false},
	[ORDER_RELEASE] = {"order.release", N_("Release the order"),
		N_("The order goes on where it stood."), OF_NOTHING, false},
	[ORDER_SUSPECT] = {"order.suspect", N_("Suspect fraud"),
		N_("Nothing more is done to it until it is released, approved or cancelled. Its goods stay reserved."),
		OF_NOTHING, false},
	[ORDER_APPROVE] = {"order.approve", N_("Approve the order"),
		N_("The order goes on where it stood."), OF_NOTHING, false},
	[ORDER_DENY] = {"order.deny", N_("Deny the order"),
		N_("The order stays as it is, its goods reserved, until it is approved or cancelled."),
		OF_NOTHING, true},
	[ORDER_INVOICE] = {"order.invoice", N_("Invoice"),
		N_("Virtual goods are delivered by it and leave the channel's stores. Physical goods stay where they are."),
		OF_INVOICE, false},
	[ORDER_SHIP] = {"order.ship", N_("Ship the order"),
		N_("The goods leave the stock of this store."), OF_SHIP, false},
	[ORDER_CANCEL] = {"order.cancel", N_("Cancel the order"),
		N_("These units may be promised to others again. That cannot be taken back."),
		OF_CANCEL, true},
	[ORDER_CREDIT] = {"order.credit", N_("Open a credit memo"), "", OF_NOTHING, false},
	[ORDER_REFUND] = {"order.refund", N_("Refund units"), "", OF_NOTHING, true},
	[ORDER_ARCHIVE] = {"order.archive", N_("Archive the order"),
		N_("The order is closed: nothing of it can be changed any more."), OF_NOTHING,
		true},
};

static bool is(const char *op, enum order_action action)
{
	return strcmp(rules[action].op, op) == 0;
}

/* What the state table of the model does not hold. */
static const char *why_flags(const struct order_face *face, const char *op)
{
	bool is_payment = is(op, ORDER_PAY) || is(op, ORDER_AWAIT) || is(op, ORDER_REVIEW);

	if (face->archived && !is(op, ORDER_CANCEL))
		return _("The order is archived: nothing of it can be changed any more.");
	if (face->paid && is_payment)
		return _("The order is paid already.");
	if (face->denied && (is(op, ORDER_DENY) || is(op, ORDER_RELEASE)))
		return _("The order was denied: approve it, or cancel it.");
	return NULL;
}

static const char *why_figures(const struct order_face *face, const char *op)
{
	const struct order_sums *sums = &face->sums;

	if (is(op, ORDER_INVOICE) && sums->to_invoice <= 0)
		return _("Nothing of it is left to invoice.");
	if (is(op, ORDER_SHIP) && sums->to_ship <= 0)
		return _("Nothing of it is left to ship.");
	if (is(op, ORDER_CANCEL) && sums->to_cancel <= 0)
		return _(
			"Nothing of it can be cancelled: it was invoiced, shipped, refunded or cancelled.");
	if (is(op, ORDER_CREDIT) && sums->to_credit <= 0)
		return _("Nothing that was invoiced is left to credit.");
	if (is(op, ORDER_REFUND) && sums->to_credit <= 0 && face->open_memos == 0)
		return _("Nothing that was invoiced is left to refund.");
	if (is(op, ORDER_ARCHIVE) && sums->outstanding > 0)
		return _("Something of it is outstanding: ship it, or cancel it.");
	if (is(op, ORDER_ARCHIVE) && face->open_memos > 0)
		return _("A credit memo of it waits for its refund.");
	return NULL;
}

const char *order_why_not(const struct shop *shop, const struct order_face *face, const char *op)
{
	static char text[ORDER_TEXT_BYTES];
	const char *why_not = shop_may(shop, op);

	if (why_not)
		return why_not;
	if (!face->is_served && shop->role < ROLE_HQ)
		return _("This store does not serve the channel of the order.");
	why_not = why_flags(face, op);
	if (why_not)
		return why_not;
	if (!order_allows(op, face->status)) {
		/* TRANSLATORS: the status of a sales order in which an action cannot be done. */
		snprintf(text, sizeof(text), _("Not in this status: %s."),
			shop_word("sales_order", face->status_word));
		return text;
	}
	return why_figures(face, op);
}

static const char *act_why_not(void *ctx, int arg)
{
	struct order_act *act = ctx;
	const struct order_face *face = act->face(act->ctx);

	if (!face)
		return _("There is no sales order here.");
	return order_why_not(act->shop, face, rules[arg].op);
}

/* ---- doing ---- */

static cJSON *act_data(const struct order_act *act)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "order", act->order.face.number);
	if (act->rule == &rules[ORDER_SHIP])
		cJSON_AddStringToObject(data, "store", act->shop->store);
	if (act->memo[0])
		cJSON_AddStringToObject(data, "memo", act->memo);
	return data;
}

static void act_yes(void *ctx)
{
	struct order_act *act = ctx;

	shop_do(act->shop, act->rule->op, act_data(act), NULL);
}

/* ---- asking ---- */

static int64_t amount_of(const struct order_act *act, const struct order_line *line)
{
	switch (act->rule->amount) {
	case OF_INVOICE:
		return order_line_to_invoice(line);
	case OF_CANCEL:
		return order_line_to_cancel(line);
	case OF_SHIP:
		return order_line_to_ship(line);
	default:
		return line->ordered;
	}
}

/* "2 lines, 8 pieces: A1 ×3, A2 ×5" */
static void add_amounts(const struct order_act *act, struct text *text)
{
	struct text items = TEXT_INIT(TEXT_SMALL);
	int64_t total = 0;
	size_t count = 0;

	for (size_t i = 0; i < act->order.items.count; i++) {
		const struct order_line *line = &order_data_item(&act->order, i)->line;
		int64_t amount = amount_of(act, line);

		if (amount <= 0)
			continue;
		document_add_item(&items, count++, line->sku, amount);
		total += amount;
	}
	document_add_figures(text, count, total);
	text_addf(text, _(": %s"), text_get(&items));
	text_add(text, "\n");
	text_free(&items);
}

static void ask(struct order_act *act, const char *then, const struct text *amounts)
{
	struct text text = TEXT_INIT(TEXT_SMALL);

	order_add_head(act->shop, &act->order.face, &text);
	text_add(&text, text_get(amounts));
	text_add(&text, then);
	dialog_confirm(act->shop->app,
		&(struct dialog_confirm_spec){
			.title = gettext(act->rule->title),
			.text = text_get(&text),
			.yes_label = gettext(act->rule->title),
			.is_dangerous = act->rule->is_dangerous,
			.yes = act_yes,
			.ctx = act,
		});
	text_free(&text);
}

static void act_confirm(struct order_act *act)
{
	struct text amounts = TEXT_INIT(TEXT_SMALL);

	if (!shop_would(act->shop, act->rule->op, act_data(act)))
		return;
	add_amounts(act, &amounts);
	ask(act, gettext(act->rule->then), &amounts);
	text_free(&amounts);
}

/* ---- all of it, or line by line ---- */

enum how_much { ALL_OF_IT, PART_OF_IT, HOW_MUCH };

static void open_part(struct order_act *act)
{
	enum order_part part = act->rule == &rules[ORDER_INVOICE] ? ORDER_PART_INVOICE
		: act->rule == &rules[ORDER_CANCEL]               ? ORDER_PART_CANCEL
		: act->rule == &rules[ORDER_CREDIT]               ? ORDER_PART_CREDIT
								  : ORDER_PART_REFUND;

	shop_push(act->shop, pane_order_part_new(act->shop, act->order.face.number, part));
}

static void pick_how_much(void *ctx, size_t index)
{
	struct order_act *act = ctx;

	if (index == ALL_OF_IT)
		act_confirm(act);
	else
		open_part(act);
}

static void act_ask_how_much(struct order_act *act)
{
	const struct dialog_menu_item items[HOW_MUCH] = {
		[ALL_OF_IT] = {_("All that is left of it"), NULL},
		[PART_OF_IT] = {_("Part of it: choose the quantities"), NULL},
	};
	struct text text = TEXT_INIT(TEXT_SMALL);

	order_add_head(act->shop, &act->order.face, &text);
	add_amounts(act, &text);
	dialog_menu(act->shop->app,
		&(struct dialog_menu_spec){
			.title = gettext(act->rule->title),
			.text = text_get(&text),
			.items = items,
			.count = HOW_MUCH,
			.pick = pick_how_much,
			.ctx = act,
		});
	text_free(&text);
}

/* ---- refunding ---- */

/* "CM-…: A1 ×2, A2 ×1" */
static void memo_words(const struct order_act *act, size_t index, struct text *out)
{
	struct db *db = shop_db(act->shop);
	char *number;
	struct db_rows *rows;
	size_t count = 0;

	if (!db)
		return;
	number = db_get_text(
		db, "SELECT number FROM credit_memo WHERE id = $1", "t", act->memos[index]);
	text_addf(out, "%s: ", number ? number : "");
	free(number);
	rows = db_query(db, "SELECT sku, qty FROM credit_memo_line WHERE memo = $1 ORDER BY id",
		"t", act->memos[index]);
	while (db_next(rows))
		document_add_item(out, count++, db_text(rows, 0), db_int(rows, 1));
	db_done(rows);
}

static void read_memos(struct order_act *act)
{
	struct db *db = shop_db(act->shop);
	struct db_rows *rows;

	act->memo_count = 0;
	if (!db)
		return;
	rows = db_query(db,
		"SELECT id FROM credit_memo WHERE order_number = $1 AND status = 'open' ORDER BY id",
		"t", act->order.face.number);
	while (act->memo_count < ORDER_MEMOS_SHOWN && db_next(rows)) {
		char *id = act->memos[act->memo_count++];

		snprintf(id, sizeof(act->memos[0]), "%s", db_text(rows, 0));
	}
	db_done(rows);
}

static void confirm_memo(struct order_act *act, size_t index)
{
	struct text amounts = TEXT_INIT(TEXT_SMALL);

	snprintf(act->memo, sizeof(act->memo), "%s", act->memos[index]);
	if (!shop_would(act->shop, act->rule->op, act_data(act)))
		return;
	memo_words(act, index, &amounts);
	text_add(&amounts, "\n");
	ask(act,
		_("The money is given back, and each line goes to stock or not as the memo says. That cannot be taken back."),
		&amounts);
	text_free(&amounts);
}

static void pick_refund(void *ctx, size_t index)
{
	struct order_act *act = ctx;

	if (index < act->memo_count)
		confirm_memo(act, index);
	else
		open_part(act);
}

/* Without an open memo the lines are asked for at once. */
static void act_refund(struct order_act *act)
{
	struct dialog_menu_item items[ORDER_MEMOS_SHOWN + 1];
	struct text labels[ORDER_MEMOS_SHOWN];
	struct text text = TEXT_INIT(TEXT_SMALL);

	read_memos(act);
	if (act->memo_count == 0) {
		open_part(act);
		return;
	}
	for (size_t i = 0; i < act->memo_count; i++) {
		labels[i] = TEXT_INIT(TEXT_SMALL);
		memo_words(act, i, &labels[i]);
		items[i] = (struct dialog_menu_item){text_get(&labels[i]), NULL};
	}
	items[act->memo_count] = (struct dialog_menu_item){
		_("Other units: choose the quantities"),
		act->order.face.sums.to_credit > 0 ? NULL
						   : _("The open memos hold all that is left."),
	};
	order_add_head(act->shop, &act->order.face, &text);
	text_add(&text, _("Which credit memo is refunded?"));
	dialog_menu(act->shop->app,
		&(struct dialog_menu_spec){
			.title = gettext(act->rule->title),
			.text = text_get(&text),
			.items = items,
			.count = act->memo_count + 1,
			.pick = pick_refund,
			.ctx = act,
		});
	for (size_t i = 0; i < act->memo_count; i++)
		text_free(&labels[i]);
	text_free(&text);
}

/* What goes is scanned first; all that is left of it is one key there. */
static void act_ship(struct order_act *act)
{
	shop_push(act->shop, pane_order_ship_new(act->shop, act->order.face.number));
}

/* ---- the table ---- */

static void act_run(void *ctx, int arg)
{
	static void (*const starts[])(struct order_act *) = {
		[ORDER_INVOICE] = act_ask_how_much,
		[ORDER_CANCEL] = act_ask_how_much,
		[ORDER_SHIP] = act_ship,
		[ORDER_CREDIT] = open_part,
		[ORDER_REFUND] = act_refund,
		[ORDER_ARCHIVE] = act_confirm,
	};
	struct order_act *act = ctx;

	act->rule = &rules[arg];
	act->memo[0] = '\0';
	if (!order_data_load(&act->order, act->face(act->ctx)->number))
		app_say(act->shop->app, ROLE_WARN, "%s", _("This order is no longer here."));
	else if (starts[arg])
		starts[arg](act);
	else
		act_confirm(act);
}

static const struct action act_rows[] = {
	{"accept-order", N_("Accept order"), N_("Accept the order: it stands to be done"),
		ACTION_HINT, ORDER_ACCEPT, act_why_not, act_run, NULL},
	{"pay-order", N_("Paid"), N_("The order was paid"), ACTION_HINT, ORDER_PAY, act_why_not,
		act_run, NULL},
	{"ship-order", N_("Ship"), N_("Ship the order from this store, by scanning its goods"),
		ACTION_HINT, ORDER_SHIP, act_why_not, act_run, NULL},
	{"invoice-order", N_("Invoice"), N_("Invoice the order, all or in part"), ACTION_HINT,
		ORDER_INVOICE, act_why_not, act_run, NULL},
	{"cancel-order", N_("Cancel"), N_("Cancel the order, all or in part"), ACTION_HINT,
		ORDER_CANCEL, act_why_not, act_run, NULL},
	{"refund-order", N_("Refund units"), N_("Refund invoiced units, or an open credit memo"),
		ACTION_HINT, ORDER_REFUND, act_why_not, act_run, NULL},
	{"credit-order", N_("Credit memo"),
		N_("Open a credit memo: it holds units until they are refunded"), 0, ORDER_CREDIT,
		act_why_not, act_run, NULL},
	{"await-payment", N_("Await payment"), N_("The order waits for its payment"), 0,
		ORDER_AWAIT, act_why_not, act_run, NULL},
	{"review-payment", N_("Review payment"), N_("The payment of the order is looked into"), 0,
		ORDER_REVIEW, act_why_not, act_run, NULL},
	{"hold-order", N_("Hold"), N_("Nothing more is done to the order for now"), 0, ORDER_HOLD,
		act_why_not, act_run, NULL},
	{"release-order", N_("Release"), N_("The order goes on where it stood"), 0, ORDER_RELEASE,
		act_why_not, act_run, NULL},
	{"suspect-order", N_("Suspect fraud"), N_("The order may be a fraud: nothing more is done"),
		0, ORDER_SUSPECT, act_why_not, act_run, NULL},
	{"approve-order", N_("Approve"), N_("The order is good and goes on where it stood"), 0,
		ORDER_APPROVE, act_why_not, act_run, NULL},
	{"deny-order", N_("Deny"), N_("The order stays stopped until it is approved or cancelled"),
		0, ORDER_DENY, act_why_not, act_run, NULL},
	{"archive-order", N_("Archive"), N_("Close the order for good"), 0, ORDER_ARCHIVE,
		act_why_not, act_run, NULL},
};
const struct action_table order_actions = {
	.context = "order",
	.title = N_("Sales order"),
	ACTION_TABLE_ROWS(act_rows),
};

void order_act_init(struct order_act *act, struct shop *shop,
	const struct order_face *(*face)(void *ctx), void *ctx)
{
	memset(act, 0, sizeof(*act));
	act->shop = shop;
	act->face = face;
	act->ctx = ctx;
	order_data_init(&act->order, shop);
}

void order_act_free(struct order_act *act)
{
	order_data_free(&act->order);
}
