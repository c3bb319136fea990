#include "tui/document_act.h"

#include "model/i18n.h"
#include "model/json.h"
#include "tui/dialog.h"
#include "tui/document_stock.h"
#include "tui/panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which action when ---- */

enum document_action {
	DOCUMENT_ACCEPT,
	DOCUMENT_REJECT,
	DOCUMENT_CANCEL,
	DOCUMENT_SHIP,
	DOCUMENT_ARRIVE,
	DOCUMENT_RECEIVE,
	DOCUMENT_CLOSE
};

#define ON(status) (1u << MOVEMENT_##status)
#define ON_ANY (~0u)

/* The same as the state table of model/movement.c, for a key that must say beforehand why it would
 * be refused. */
struct document_rule {
	const char *op;
	bool is_senders;
	unsigned statuses; /* between two stores */
	unsigned third_party_statuses;
	const char *only;  /* N_: which documents it is for */
	const char *title; /* N_: of the question */
	const char *yes;   /* N_: its button */
	const char *then;  /* N_: what it brings about */
};

static const struct document_rule rules[] = {
	[DOCUMENT_ACCEPT] = {"inbound.accept", false, ON(PENDING), 0,
		N_("Only an inbound order to confirm can be accepted."), N_("Accept"), N_("Accept"),
		N_("The sender may ship it then.")},
	[DOCUMENT_REJECT] = {"inbound.reject", false, ON(PENDING), 0,
		N_("Only an inbound order to confirm can be rejected."), N_("Reject"), N_("Reject"),
		N_("That ends the order; the sender sees the reason.")},
	[DOCUMENT_CANCEL] = {"outbound.cancel", true, ON(PENDING) | ON(ACCEPTED),
		ON(PENDING) | ON(ACCEPTED),
		N_("Only an order of which nothing was shipped can be cancelled."),
		N_("Cancel the order"), N_("Cancel the order"), N_("That ends the order.")},
	[DOCUMENT_SHIP] = {"outbound.ship", true, ON(ACCEPTED), ON(ACCEPTED),
		N_("Only an accepted outbound order can be shipped."), N_("Ship"), N_("Ship"),
		N_("The goods leave the stock of this store.")},
	[DOCUMENT_ARRIVE] = {"inbound.arrive", false, ON(ACCEPTED) | ON(SHIPPED), ON(ACCEPTED),
		N_("Only an inbound order that is on its way can arrive."), N_("Arrived"),
		N_("Arrived"), N_("The goods are here and are counted next.")},
	[DOCUMENT_RECEIVE] = {"inbound.receive", false, ON_ANY, ON_ANY, "", "", "", ""},
	[DOCUMENT_CLOSE] = {"inbound.close", false, ON(SHIPPED) | ON(ARRIVED) | ON(PARTIAL),
		ON(ACCEPTED) | ON(ARRIVED) | ON(PARTIAL),
		N_("Only an inbound order that was shipped and is not complete can be closed short."),
		N_("Close short"), N_("Close short"), ""},
};

static const char *why_not_side(const struct document_rule *rule, const struct document_face *face)
{
	if (rule->is_senders ? face->is_sender : face->is_receiver)
		return NULL;
	return rule->is_senders ? _("Only the store that sends the goods can do this.")
				: _("Only the store that gets the goods can do this.");
}

static const char *act_why_not(void *ctx, int arg)
{
	struct document_act *act = ctx;
	const struct document_rule *rule = &rules[arg];
	const struct document_face *face = act->face(act->ctx);
	const char *why_not;
	unsigned statuses;

	if (!face)
		return _("There is no document here.");
	why_not = why_not_side(rule, face);
	if (why_not)
		return why_not;
	statuses = *face->from && *face->to ? rule->statuses : rule->third_party_statuses;
	if (!(statuses & (1u << face->status)))
		return gettext(rule->only);
	return shop_may(act->shop, rule->op);
}

/* ---- doing ---- */

static cJSON *act_data(const struct document_act *act)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "movement", act->document.face.id);
	if (*act->reason)
		cJSON_AddStringToObject(data, "reason", act->reason);
	return data;
}

static void act_yes(void *ctx)
{
	struct document_act *act = ctx;

	shop_do(act->shop, act->rule->op, act_data(act), NULL);
}

static bool act_would(struct document_act *act)
{
	return shop_would(act->shop, act->rule->op, act_data(act));
}

/* ---- asking ---- */

/* What of a line the action is about. */
static int64_t amount_of(const struct document_act *act, const struct document_line *line)
{
	if (act->rule == &rules[DOCUMENT_SHIP])
		return document_line_unshipped(line);
	if (act->rule == &rules[DOCUMENT_CLOSE])
		return document_line_missing(&act->document, line);
	return line->ordered;
}

/* "3 lines, 40 pieces: A1 × 5, B2 × 3 …" */
static void add_amounts(const struct document_act *act, struct text *text)
{
	struct text items = TEXT_INIT(TEXT_SMALL);
	int64_t total = 0;
	size_t count = 0;

	for (size_t i = 0; i < act->document.lines.count; i++) {
		const struct document_line *line = document_line_at(&act->document, i);
		int64_t amount = amount_of(act, line);

		if (amount <= 0)
			continue;
		document_add_item(&items, count++, line->sku, amount);
		total += amount;
	}
	document_add_figures(text, count, total);
	text_addf(text, _(": %s"), text_get(&items));
	text_free(&items);
}

static void add_way(const struct document_act *act, struct text *text)
{
	char from[SHOP_NAME_BYTES], to[SHOP_NAME_BYTES];

	document_from_name(act->shop, &act->document.face, from, sizeof(from));
	document_to_name(act->shop, &act->document.face, to, sizeof(to));
	/* TRANSLATORS: the stores a document goes from and to. */
	text_addf(text, _("%s to %s"), from, to);
}

static void add_close_outcome(const struct document_act *act, struct text *text)
{
	if (!*act->document.face.from) {
		text_add(text, _("What was not counted is no longer expected; no stock changes."));
		return;
	}
	text_addf(text, _("Reason: %s."), shop_word("close", act->reason));
	text_add(text, " ");
	text_add(text,
		movement_goes_back(act->reason)
			? _("The missing goods go back to the stock of the sender.")
			: _("The missing goods are written off."));
}

static void add_outcome(const struct document_act *act, struct text *text)
{
	if (act->rule == &rules[DOCUMENT_CLOSE]) {
		add_close_outcome(act, text);
		return;
	}
	if (*act->reason) {
		text_addf(text, _("Reason: %s."), act->reason);
		text_add(text, " ");
	}
	if (act->rule == &rules[DOCUMENT_ARRIVE] && *act->document.face.from &&
		act->document.sums.shipped == 0) {
		text_add(text,
			_("The sender has not shipped it yet: this counts as shipped in full."));
		text_add(text, " ");
	}
	text_add(text, gettext(act->rule->then));
}

static void act_confirm(struct document_act *act)
{
	struct text text = TEXT_INIT(TEXT_SMALL);
	bool is_end = act->rule == &rules[DOCUMENT_REJECT] ||
		act->rule == &rules[DOCUMENT_CANCEL] || act->rule == &rules[DOCUMENT_CLOSE];

	if (!act_would(act))
		return;
	text_addf(&text, "%s\n", document_number(&act->document.face));
	add_way(act, &text);
	text_add(&text, "\n");
	add_amounts(act, &text);
	text_add(&text, "\n");
	add_outcome(act, &text);
	dialog_confirm(act->shop->app,
		&(struct dialog_confirm_spec){
			.title = gettext(act->rule->title),
			.text = text_get(&text),
			.yes_label = gettext(act->rule->yes),
			.is_dangerous = is_end,
			.yes = act_yes,
			.ctx = act,
		});
	text_free(&text);
}

/* ---- reasons ---- */

static const char *act_take_reason(void *ctx, const char *value)
{
	struct document_act *act = ctx;

	if (!*value && act->rule == &rules[DOCUMENT_REJECT])
		return _("Say why, so that the sender knows what to do.");
	snprintf(act->reason, sizeof(act->reason), "%s", value);
	act_confirm(act);
	return NULL;
}

static void act_ask_reason(struct document_act *act)
{
	struct text text = TEXT_INIT(TEXT_SMALL);

	if (!act_would(act))
		return;
	text_addf(&text, "%s\n", document_number(&act->document.face));
	add_amounts(act, &text);
	text_addf(&text, "\n%s",
		act->rule == &rules[DOCUMENT_REJECT]
			? _("Why is it rejected?")
			: _("Why is it cancelled? It may be left empty."));
	dialog_entry(act->shop->app,
		&(struct dialog_entry_spec){
			.title = gettext(act->rule->title),
			.text = text_get(&text),
			.kind = DIALOG_TEXT,
			.submit = act_take_reason,
			.ctx = act,
		});
	text_free(&text);
}

static void act_pick_close(void *ctx, size_t index)
{
	struct document_act *act = ctx;

	if (index == MOVEMENT_REASONS) {
		shop_push(act->shop, pane_document_close_new(act->shop, act->document.face.id));
		return;
	}
	snprintf(act->reason, sizeof(act->reason), "%s", movement_reasons[index].word);
	act_confirm(act);
}

static void act_close(struct document_act *act)
{
	struct dialog_menu_item items[MOVEMENT_REASONS + 1];
	char labels[MOVEMENT_REASONS][DOCUMENT_TEXT_BYTES];
	struct text text = TEXT_INIT(TEXT_SMALL);

	if (!*act->document.face.from) {
		act_confirm(act);
		return;
	}
	for (size_t i = 0; i < MOVEMENT_REASONS; i++) {
		snprintf(labels[i], sizeof(labels[i]), "%s",
			shop_word("close", movement_reasons[i].word));
		items[i] = (struct dialog_menu_item){labels[i], NULL};
	}
	items[MOVEMENT_REASONS] = (struct dialog_menu_item){_("A reason for each line"), NULL};
	text_addf(&text, "%s\n", document_number(&act->document.face));
	add_amounts(act, &text);
	text_addf(&text, "\n%s", _("What became of them?"));
	dialog_menu(act->shop->app,
		&(struct dialog_menu_spec){
			.title = gettext(act->rule->title),
			.text = text_get(&text),
			.items = items,
			.count = MOVEMENT_REASONS + 1,
			.pick = act_pick_close,
			.ctx = act,
		});
	text_free(&text);
}

/* ---- shipping ---- */

enum ship_choice { SHIP_ALL, SHIP_SOME, SHIP_CHOICES };

static void act_pick_ship(void *ctx, size_t index)
{
	struct document_act *act = ctx;

	if (index == SHIP_ALL)
		act_confirm(act);
	else
		shop_push(act->shop, pane_ship_new(act->shop, act->document.face.id));
}

static void act_ship(struct document_act *act)
{
	struct dialog_menu_item items[SHIP_CHOICES] = {
		[SHIP_ALL] = {_("All that is left of it"), NULL},
		[SHIP_SOME] = {_("Part of it: scan or type the quantities"), NULL},
	};
	struct text text = TEXT_INIT(TEXT_SMALL);
	char why_not[DOCUMENT_TEXT_BYTES];
	struct console_verdict verdict;

	if (!shop_rehearse(act->shop, act->rule->op, act_data(act), &verdict)) {
		snprintf(why_not, sizeof(why_not), "%s", shop_refusal(&verdict));
		items[SHIP_ALL].why_not = why_not;
	}
	text_addf(&text, "%s\n", document_number(&act->document.face));
	add_amounts(act, &text);
	if (verdict.refusal == REFUSED_not_enough)
		document_add_lacks(&act->document, &text);
	console_verdict_free(&verdict);
	dialog_menu(act->shop->app,
		&(struct dialog_menu_spec){
			.title = gettext(act->rule->title),
			.text = text_get(&text),
			.items = items,
			.count = SHIP_CHOICES,
			.initial = items[SHIP_ALL].why_not ? SHIP_SOME : SHIP_ALL,
			.pick = act_pick_ship,
			.ctx = act,
		});
	text_free(&text);
}

static void act_receive(struct document_act *act)
{
	shop_push(act->shop, pane_receive_new(act->shop, act->document.face.id));
}

/* ---- the table ---- */

static void act_run(void *ctx, int arg)
{
	static void (*const starts[])(struct document_act *) = {
		[DOCUMENT_ACCEPT] = act_confirm,
		[DOCUMENT_REJECT] = act_ask_reason,
		[DOCUMENT_CANCEL] = act_ask_reason,
		[DOCUMENT_SHIP] = act_ship,
		[DOCUMENT_ARRIVE] = act_confirm,
		[DOCUMENT_RECEIVE] = act_receive,
		[DOCUMENT_CLOSE] = act_close,
	};
	struct document_act *act = ctx;

	act->rule = &rules[arg];
	act->reason[0] = '\0';
	if (document_load(&act->document, act->face(act->ctx)->id))
		starts[arg](act);
	else
		app_say(act->shop->app, ROLE_WARN, "%s", _("This document is no longer here."));
}

static const struct action act_rows[] = {
	{"accept", N_("Accept"), N_("Accept the inbound order"), ACTION_HINT, DOCUMENT_ACCEPT,
		act_why_not, act_run, NULL},
	{"reject", N_("Reject"), N_("Reject the inbound order, with a reason"), ACTION_HINT,
		DOCUMENT_REJECT, act_why_not, act_run, NULL},
	{"ship", N_("Ship"), N_("Ship the outbound order, all or in part"), ACTION_HINT,
		DOCUMENT_SHIP, act_why_not, act_run, NULL},
	{"arrive", N_("Arrived"), N_("Say that the goods have arrived"), ACTION_HINT,
		DOCUMENT_ARRIVE, act_why_not, act_run, NULL},
	{"receive", N_("Receive"), N_("Count what arrived"), ACTION_HINT, DOCUMENT_RECEIVE,
		act_why_not, act_run, NULL},
	{"close-short", N_("Close short"), N_("Give up what is missing, with a reason"),
		ACTION_HINT, DOCUMENT_CLOSE, act_why_not, act_run, NULL},
	{"cancel", N_("Cancel"), N_("Cancel the outbound order"), ACTION_HINT, DOCUMENT_CANCEL,
		act_why_not, act_run, NULL},
};
const struct action_table document_actions = {
	.context = "document",
	.title = N_("Stock document"),
	ACTION_TABLE_ROWS(act_rows),
};

void document_act_init(struct document_act *act, struct shop *shop,
	const struct document_face *(*face)(void *ctx), void *ctx)
{
	memset(act, 0, sizeof(*act));
	act->shop = shop;
	act->face = face;
	act->ctx = ctx;
	document_init(&act->document, shop);
}

void document_act_free(struct document_act *act)
{
	document_free(&act->document);
}

/* ---- whose turn it is ---- */

const char *document_next_step(const struct shop *shop, const struct document_face *face)
{
	static char step[DOCUMENT_TEXT_BYTES];
	static const struct {
		bool is_senders;
		const char *format; /* N_: %s is the store */
	} steps[MOVEMENT_STATUSES] = {
		[MOVEMENT_PENDING] = {false, N_("%s accepts or rejects it next.")},
		[MOVEMENT_ACCEPTED] = {true, N_("%s ships it next.")},
		[MOVEMENT_SHIPPED] = {false, N_("On its way to %s.")},
		[MOVEMENT_ARRIVED] = {false, N_("%s counts it next.")},
		[MOVEMENT_PARTIAL] = {false, N_("%s counts the rest or closes it short.")},
	};
	char store[SHOP_NAME_BYTES];
	bool is_bought = !*face->from && face->status == MOVEMENT_ACCEPTED;

	step[0] = '\0';
	if (face->status >= MOVEMENT_STATUSES || !steps[face->status].format)
		return step;
	if (steps[face->status].is_senders && !is_bought)
		document_from_name(shop, face, store, sizeof(store));
	else
		document_to_name(shop, face, store, sizeof(store));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	/* The formats are ours, from the table above. */
	snprintf(step, sizeof(step),
		gettext(is_bought ? steps[MOVEMENT_ARRIVED].format : steps[face->status].format),
		store);
#pragma GCC diagnostic pop
	return step;
}
