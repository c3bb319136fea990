#include "tui/dossier_settle.h"

#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"

#define NOTE_BYTES 200

static const struct {
	const char *word;  /* of ticket.settle */
	const char *title; /* N_: of the boxes, and the button */
} outcomes[] = {
	[DOSSIER_HONOUR] = {"honour", N_("Honour both")},
	[DOSSIER_CHARGE_BACK] = {"charge_back", N_("Charge back")},
	[DOSSIER_REPORT] = {"report", N_("Report to HQ")},
};

/* ---- whether ---- */

const char *dossier_why_not_settle(
	const struct shop *shop, const struct dossier *dossier, enum dossier_outcome outcome)
{
	const char *why_not = shop_may(shop, "ticket.settle");
	bool is_hq = shop->role >= ROLE_HQ;

	if (!dossier->is_there)
		return _("There is no such dossier on this terminal.");
	if (why_not)
		return why_not;
	if (dossier_is(dossier, "void"))
		return _(
			"A void brought the code back within its units: there is nothing to settle.");
	if (!dossier_is_unsettled(dossier))
		return _("It is settled already.");
	if (!is_hq && !dossier_names(dossier, shop->store))
		return _("Only a manager of a store that redeemed it, or HQ, can settle it.");
	if (dossier_is(dossier, "reported") && outcome == DOSSIER_REPORT)
		return _("It is reported already.");
	if (dossier_is(dossier, "reported") && !is_hq)
		return _("It was reported: now only HQ settles it.");
	return NULL;
}

/* ---- asking ---- */

/* What the boxes ask about; it lives until the last is answered. Only one can be asked about at a time: the
 * boxes cover everything. */
static struct {
	enum dossier_outcome outcome;
	char code[TICKET_CODE_SIZE];
	char about[SHOP_NAME_BYTES]; /* the code as this person may see it */
	int64_t over;                /* units */
	char uses[DIALOG_MENU_MAX][64];
	char lines[DIALOG_MENU_MAX][SHOP_NAME_BYTES * 3];
	char stores[DIALOG_MENU_MAX][SHOP_NAME_BYTES];
	size_t use_count;
	size_t chosen; /* of them */
	char note[NOTE_BYTES + 1];
} settling;

static cJSON *settle_data(void)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "code", settling.code);
	cJSON_AddStringToObject(data, "outcome", outcomes[settling.outcome].word);
	if (settling.outcome == DOSSIER_CHARGE_BACK)
		cJSON_AddStringToObject(data, "redemption", settling.uses[settling.chosen]);
	if (settling.note[0])
		cJSON_AddStringToObject(data, "note", settling.note);
	return data;
}

static void do_settle(void *ctx)
{
	struct shop *shop = ctx;

	if (shop_do_quietly(shop, "ticket.settle", settle_data(), NULL))
		/* TRANSLATORS: what was decided; the code. */
		app_say(shop->app, ROLE_OK, _("Saved: %s, %s."),
			gettext(outcomes[settling.outcome].title), settling.about);
}

static void put_consequence(struct text *text)
{
	long long over = settling.over;

	switch (settling.outcome) {
	case DOSSIER_HONOUR:
		text_addf(text,
			ngettext(
				"%s: all its redemptions stand. %lld unit more than it has was handed out, and no store is charged for it.",
				"%s: all its redemptions stand. %lld units more than it has were handed out, and no store is charged for them.",
				(unsigned long)over),
			settling.about, over);
		break;
	case DOSSIER_CHARGE_BACK:
		/* TRANSLATORS: the code, the store, units, the redemption it is charged with. */
		text_addf(text,
			ngettext(
				"%s: %s bears the %lld unit too many, for this redemption: %s. All of them stay on record.",
				"%s: %s bears the %lld units too many, for this redemption: %s. All of them stay on record.",
				(unsigned long)over),
			settling.about, settling.stores[settling.chosen], over,
			settling.lines[settling.chosen]);
		break;
	default:
		text_addf(text,
			_("%s: it goes to HQ, and only HQ can settle it then. It stays in the inbox until that is done."),
			settling.about);
		break;
	}
}

static const char *take_note(void *ctx, const char *value)
{
	struct shop *shop = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	if (strlen(value) > NOTE_BYTES)
		return _("At most 200 bytes.");
	snprintf(settling.note, sizeof(settling.note), "%s", value);
	put_consequence(&text);
	if (value[0])
		text_addf(&text, _(" Note: %s"), value);
	dialog_confirm(shop->app,
		&(struct dialog_confirm_spec){
			.title = gettext(outcomes[settling.outcome].title),
			.text = text_get(&text),
			.yes_label = gettext(outcomes[settling.outcome].title),
			.yes = do_settle,
			.ctx = shop,
		});
	text_free(&text);
	return NULL;
}

/* What would be refused anyway is said before anyone types a note. */
static void ask_note(struct shop *shop)
{
	struct console_verdict verdict;
	struct text text = TEXT_INIT(TEXT_SMALL);

	settling.note[0] = '\0';
	if (!shop_rehearse(shop, "ticket.settle", settle_data(), &verdict)) {
		shop_say_refused(shop, &verdict);
	} else {
		put_consequence(&text);
		text_addf(&text, "\n%s", _("A note, if there is something to say:"));
		dialog_entry(shop->app,
			&(struct dialog_entry_spec){
				.title = gettext(outcomes[settling.outcome].title),
				.text = text_get(&text),
				.submit = take_note,
				.ctx = shop,
			});
	}
	text_free(&text);
	console_verdict_free(&verdict);
}

static void pick_use(void *ctx, size_t index)
{
	settling.chosen = index;
	ask_note(ctx);
}

static void ask_use(struct shop *shop, const struct dossier *dossier)
{
	struct dialog_menu_item items[DIALOG_MENU_MAX];
	const char *voided = _("This redemption was voided: its store bears nothing.");

	for (size_t i = 0; i < settling.use_count; i++)
		items[i] = (struct dialog_menu_item){
			settling.lines[i], dossier->uses[i].is_voided ? voided : NULL};
	dialog_menu(shop->app,
		&(struct dialog_menu_spec){
			.title = _("Which redemption is charged back?"),
			.text = _("Its store bears what was handed out too much."),
			.items = items,
			.count = settling.use_count,
			.initial = settling.chosen,
			.pick = pick_use,
			.ctx = shop,
		});
}

static void take_uses(const struct shop *shop, const struct dossier *dossier)
{
	int latest = dossier_latest(dossier);

	settling.use_count = 0;
	settling.chosen = latest > 0 ? (size_t)latest : 0;
	for (int i = 0; i < dossier->use_count && i < DIALOG_MENU_MAX; i++) {
		const struct dossier_use *use = &dossier->uses[i];
		size_t at = settling.use_count++;

		snprintf(settling.uses[at], sizeof(settling.uses[at]), "%s", use->id);
		dossier_use_line(shop, use, settling.lines[at], sizeof(settling.lines[at]));
		shop_store_name(shop, use->store, settling.stores[at], sizeof(settling.stores[at]));
	}
}

void dossier_settle(struct shop *shop, const struct dossier *dossier, enum dossier_outcome outcome)
{
	settling.outcome = outcome;
	settling.over = dossier->spent - dossier->units;
	snprintf(settling.code, sizeof(settling.code), "%s", dossier->code);
	shop_code(shop, dossier->code, settling.about, sizeof(settling.about));
	take_uses(shop, dossier);
	if (outcome == DOSSIER_CHARGE_BACK)
		ask_use(shop, dossier);
	else
		ask_note(shop);
}
