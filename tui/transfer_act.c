#include "tui/transfer_act.h"

#include "model/i18n.h"
#include "model/json.h"
#include "tui/dialog.h"
#include "tui/panes.h"

#include <stdio.h>
#include <string.h>

#define LACKS_SHOWN 3

/* ---- which action when ---- */

enum transfer_action { TRANSFER_AGREE, TRANSFER_REFUSE, TRANSFER_CANCEL };

/* All of them only while it is pending (model/transfer.h). */
struct transfer_rule {
	const char *op;
	bool is_sources;  /* done by the store that is asked, else by the one that asks */
	const char *only; /* N_: which orders it is for */
	const char *why;  /* N_: asks for a reason; NULL: none is asked for */
	bool needs_reason;
	const char *title; /* N_: of the question, and its button */
	const char *then;  /* N_: what it brings about */
};

static const struct transfer_rule rules[] = {
	[TRANSFER_AGREE] = {"transfer.agree", true,
		N_("Only a transfer order that waits for an answer can be agreed to."), NULL, false,
		N_("Agree"),
		N_("That makes an accepted outbound order, to be shipped by this store.")},
	[TRANSFER_REFUSE] = {"transfer.refuse", true,
		N_("Only a transfer order that waits for an answer can be refused."),
		N_("Why is it refused?"), true, N_("Refuse"),
		N_("That ends the order; the store that asked sees the reason.")},
	[TRANSFER_CANCEL] = {"transfer.cancel", false,
		N_("Only a transfer order that waits for an answer can be cancelled."),
		N_("Why is it cancelled? It may be left empty."), false, N_("Cancel the order"),
		N_("That ends the order.")},
};

static const char *act_why_not(void *ctx, int arg)
{
	struct transfer_act *act = ctx;
	const struct transfer_rule *rule = &rules[arg];
	const struct transfer_face *face = act->face(act->ctx);

	if (!face)
		return _("There is no document here.");
	if (!(rule->is_sources ? face->is_source : face->is_asker))
		return rule->is_sources ? _("Only the store that is asked can do this.")
					: _("Only the store that asks can do this.");
	if (face->status != TRANSFER_PENDING)
		return gettext(rule->only);
	return shop_may(act->shop, rule->op);
}

/* ---- doing ---- */

static cJSON *act_data(const struct transfer_act *act)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "transfer", act->transfer.face.id);
	if (act->reason[0])
		cJSON_AddStringToObject(data, "reason", act->reason);
	return data;
}

static void act_yes(void *ctx)
{
	struct transfer_act *act = ctx;

	shop_do(act->shop, act->rule->op, act_data(act), NULL);
}

static bool act_would(struct transfer_act *act)
{
	return shop_would(act->shop, act->rule->op, act_data(act));
}

/* ---- asking ---- */

void transfer_add_head(const struct transfer *transfer, struct text *text)
{
	char from[SHOP_NAME_BYTES], to[SHOP_NAME_BYTES];

	shop_store_name(transfer->shop, transfer->face.from, from, sizeof(from));
	shop_store_name(transfer->shop, transfer->face.to, to, sizeof(to));
	text_addf(text, "%s\n", transfer->face.number);
	text_addf(text, _("%s to %s"), from, to);
	text_add(text, "\n");
}

static void add_amounts(const struct transfer_act *act, struct text *text)
{
	struct text items = TEXT_INIT(TEXT_SMALL);

	for (size_t i = 0; i < act->transfer.rows.count; i++) {
		const struct transfer_line *line = transfer_line_at(&act->transfer, i);

		document_add_item(&items, i, line->sku, line->ordered);
	}
	document_add_figures(text, act->transfer.rows.count, act->transfer.ordered);
	text_addf(text, _(": %s"), text_get(&items));
	text_free(&items);
}

void transfer_add_lack(
	struct text *text, size_t *shown, const struct transfer_line *line, int64_t qty_milli)
{
	char qty[SHOP_QTY_BYTES], has[SHOP_QTY_BYTES];

	if (line->at_source >= qty_milli || *shown > LACKS_SHOWN)
		return;
	text_add(text, "\n");
	if ((*shown)++ == LACKS_SHOWN) {
		text_add(text, "…");
		return;
	}
	shop_qty(qty_milli, qty);
	shop_qty(line->at_source, has);
	text_addf(text, _("%s ×%s, but only %s available."), line->sku, qty, has);
}

static void add_lacks(const struct transfer_act *act, struct text *text)
{
	size_t shown = 0;

	for (size_t i = 0; act->transfer.face.is_source && i < act->transfer.rows.count; i++) {
		const struct transfer_line *line = transfer_line_at(&act->transfer, i);

		transfer_add_lack(text, &shown, line, line->ordered);
	}
}

static void act_confirm(struct transfer_act *act)
{
	struct text text = TEXT_INIT(TEXT_SMALL);

	if (!act_would(act))
		return;
	transfer_add_head(&act->transfer, &text);
	add_amounts(act, &text);
	if (act->rule == &rules[TRANSFER_AGREE])
		add_lacks(act, &text);
	text_add(&text, "\n");
	if (act->reason[0]) {
		text_addf(&text, _("Reason: %s."), act->reason);
		text_add(&text, " ");
	}
	text_add(&text, gettext(act->rule->then));
	dialog_confirm(act->shop->app,
		&(struct dialog_confirm_spec){
			.title = gettext(act->rule->title),
			.text = text_get(&text),
			.yes_label = gettext(act->rule->title),
			.is_dangerous = act->rule->why != NULL,
			.yes = act_yes,
			.ctx = act,
		});
	text_free(&text);
}

/* ---- reasons ---- */

static const char *act_take_reason(void *ctx, const char *value)
{
	struct transfer_act *act = ctx;

	if (!*value && act->rule->needs_reason)
		return _("Say why, so that the other store knows what to do.");
	snprintf(act->reason, sizeof(act->reason), "%s", value);
	act_confirm(act);
	return NULL;
}

static void act_ask_reason(struct transfer_act *act)
{
	struct text text = TEXT_INIT(TEXT_SMALL);

	if (!act_would(act))
		return;
	text_addf(&text, "%s\n", act->transfer.face.number);
	add_amounts(act, &text);
	text_addf(&text, "\n%s", gettext(act->rule->why));
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

/* ---- agreeing ---- */

enum agree_choice { AGREE_WHOLE, AGREE_LESS, AGREE_CHOICES };

static void act_pick_agree(void *ctx, size_t index)
{
	struct transfer_act *act = ctx;

	if (index == AGREE_WHOLE)
		act_confirm(act);
	else
		shop_push(act->shop, pane_transfer_agree_new(act->shop, act->transfer.face.id));
}

static void act_agree(struct transfer_act *act)
{
	const struct dialog_menu_item items[AGREE_CHOICES] = {
		[AGREE_WHOLE] = {_("All that is asked for"), NULL},
		[AGREE_LESS] = {_("Less of it: type the quantities"), NULL},
	};
	struct text text = TEXT_INIT(TEXT_SMALL);

	transfer_add_head(&act->transfer, &text);
	add_amounts(act, &text);
	add_lacks(act, &text);
	dialog_menu(act->shop->app,
		&(struct dialog_menu_spec){
			.title = gettext(act->rule->title),
			.text = text_get(&text),
			.items = items,
			.count = AGREE_CHOICES,
			.initial = AGREE_WHOLE,
			.pick = act_pick_agree,
			.ctx = act,
		});
	text_free(&text);
}

/* ---- its movement ---- */

static const char *movement_why_not(void *ctx, int arg)
{
	struct transfer_act *act = ctx;
	const struct transfer_face *face = act->face(act->ctx);

	(void)arg;
	if (!face)
		return _("There is no document here.");
	return face->movement[0] ? NULL : _("It has no stock document: nobody has agreed to it.");
}

static void run_movement(void *ctx, int arg)
{
	struct transfer_act *act = ctx;

	(void)arg;
	shop_open_document(act->shop, "movement", act->face(act->ctx)->movement);
}

/* ---- the table ---- */

static void act_run(void *ctx, int arg)
{
	static void (*const starts[])(struct transfer_act *) = {
		[TRANSFER_AGREE] = act_agree,
		[TRANSFER_REFUSE] = act_ask_reason,
		[TRANSFER_CANCEL] = act_ask_reason,
	};
	struct transfer_act *act = ctx;

	act->rule = &rules[arg];
	act->reason[0] = '\0';
	if (transfer_load(&act->transfer, act->face(act->ctx)->id))
		starts[arg](act);
	else
		app_say(act->shop->app, ROLE_WARN, "%s", _("This document is no longer here."));
}

static const struct action act_rows[] = {
	{"agree", N_("Agree"), N_("Agree to the transfer order, to all of it or to less"),
		ACTION_HINT, TRANSFER_AGREE, act_why_not, act_run, NULL},
	{"refuse", N_("Refuse"), N_("Refuse the transfer order, with a reason"), ACTION_HINT,
		TRANSFER_REFUSE, act_why_not, act_run, NULL},
	{"cancel", N_("Cancel"), N_("Cancel the transfer order"), ACTION_HINT, TRANSFER_CANCEL,
		act_why_not, act_run, NULL},
	{"movement", N_("Its document"), N_("Open the stock document made by agreeing"),
		ACTION_HINT, 0, movement_why_not, run_movement, NULL},
};
const struct action_table transfer_actions = {
	.context = "transfer",
	.title = N_("Transfer order"),
	ACTION_TABLE_ROWS(act_rows),
};

void transfer_act_init(struct transfer_act *act, struct shop *shop,
	const struct transfer_face *(*face)(void *ctx), void *ctx)
{
	memset(act, 0, sizeof(*act));
	act->shop = shop;
	act->face = face;
	act->ctx = ctx;
	transfer_init(&act->transfer, shop);
}

void transfer_act_free(struct transfer_act *act)
{
	transfer_free(&act->transfer);
}
