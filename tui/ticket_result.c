#include "tui/ticket_result.h"

#include <string.h>

#include "model/i18n.h"

/* ---- headlines ---- */

static const struct {
	const char *code;
	const char *words;
	enum role role;
	enum app_signal_kind signal;
} headlines[] = {
	{"ok", N_("OK: REDEEMED"), ROLE_OK, APP_SIGNAL_GOOD},
	{"offline", N_("ACCEPTED, NOT CONFIRMED"), ROLE_OFFLINE_OK, APP_SIGNAL_ODD},
	{"earlier", N_("REDEEMED HERE ALREADY"), ROLE_WARN, APP_SIGNAL_ODD},
	{"earlier_offline", N_("REDEEMED HERE ALREADY, NOT CONFIRMED"), ROLE_OFFLINE_OK,
		APP_SIGNAL_ODD},
	{"voided", N_("REDEMPTION VOIDED"), ROLE_WARN, APP_SIGNAL_ODD},
	{"asking", N_("Asking HQ…"), ROLE_PENDING, APP_SIGNAL_ODD},
	{"unconfirmed", N_("NO ANSWER FROM HQ"), ROLE_WARN, APP_SIGNAL_BAD},
	{"needs_online", N_("NEEDS HQ ON THE LINE"), ROLE_WARN, APP_SIGNAL_ODD},
	{"used_up", N_("USED UP"), ROLE_ERROR, APP_SIGNAL_BAD},
	{"insufficient", N_("NOT ENOUGH UNITS LEFT"), ROLE_WARN, APP_SIGNAL_ODD},
	{"superseded", N_("SPLIT INTO NEW CODES"), ROLE_WARN, APP_SIGNAL_BAD},
	{"refunded", N_("REFUNDED"), ROLE_ERROR, APP_SIGNAL_BAD},
	{"blocked", N_("BLOCKED"), ROLE_ERROR, APP_SIGNAL_BAD},
	{"not_here", N_("FOR OTHER STORES"), ROLE_WARN, APP_SIGNAL_ODD},
	{"not_yet", N_("NOT VALID YET"), ROLE_WARN, APP_SIGNAL_ODD},
	{"expired", N_("EXPIRED"), ROLE_ERROR, APP_SIGNAL_BAD},
	{"unknown", N_("UNKNOWN TICKET"), ROLE_ERROR, APP_SIGNAL_BAD},
	{"malformed", N_("NOT A TICKET CODE"), ROLE_WARN, APP_SIGNAL_BAD},
	{"fault", N_("NOT SAVED, NOT REDEEMED"), ROLE_ERROR, APP_SIGNAL_BAD},
};

struct ticket_headline ticket_headline_of(const char *code)
{
	for (size_t i = 0; i < sizeof(headlines) / sizeof(headlines[0]); i++)
		if (strcmp(headlines[i].code, code) == 0)
			return (struct ticket_headline){gettext(headlines[i].words),
				headlines[i].role, headlines[i].signal};
	return (struct ticket_headline){refusal_what(code), ROLE_ERROR, APP_SIGNAL_BAD};
}

struct ticket_headline ticket_headline(const struct asking *asking)
{
	if (asking->is_voided)
		return ticket_headline_of("voided");
	switch (asking->state) {
	case ASKING_HQ:
		return ticket_headline_of("asking");
	case ASKING_CONFIRMED:
		if (asking->exception[0])
			return (struct ticket_headline){shop_word("exception", asking->exception),
				ROLE_ERROR, APP_SIGNAL_BAD};
		return ticket_headline_of(asking->is_earlier ? "earlier" : "ok");
	case ASKING_OFFLINE:
		return ticket_headline_of(asking->is_earlier ? "earlier_offline" : "offline");
	case ASKING_UNANSWERED:
		return ticket_headline_of("unconfirmed");
	default:
		return ticket_headline_of(asking->refusal);
	}
}

/* ---- explanations ---- */

static void ago(const struct shop *shop, int64_t then_ms, char *out, size_t size)
{
	int64_t age_s = (shop_now(shop) - then_ms) / 1000;

	if (age_s < 120)
		snprintf(out, size, _("%lld s"), (long long)(age_s > 0 ? age_s : 0));
	else
		shop_age(age_s * 1000, out, size);
}

/* Nobody is to hand out twice for one redemption that was seen twice. */
static void explain_earlier(const struct shop *shop, const struct asking *asking,
	const struct ticket_facts *facts, struct ticket_page *page)
{
	char age[SHOP_WHEN_BYTES];
	char actor[SHOP_NAME_BYTES];
	char key[24];

	ago(shop, asking->made_ms, age, sizeof(age));
	shop_staff_name(shop, asking->actor, actor, sizeof(actor));
	app_key_label(shop->app, "redeem-more", key, sizeof(key));
	ticket_page_add(page, ROLE_BOLD, NULL, "%s",
		_("It is one redemption: hand out once, nothing for this scan."));
	/* TRANSLATORS: units, how long ago ("40 s"), who. */
	ticket_page_add(page, ROLE_NORMAL, _("Redeemed"),
		_("%lld, %s ago, at this terminal, by %s"), (long long)asking->qty, age, actor);
	if (facts->remaining > 0)
		ticket_page_add(page, ROLE_WARN, NULL, _("%lld left: %s redeems another unit."),
			(long long)facts->remaining, key);
}

static void explain_confirmed(const struct shop *shop, const struct asking *asking,
	const struct ticket_facts *facts, struct ticket_page *page)
{
	char key[24];

	app_key_label(shop->app, "redeem-dossier", key, sizeof(key));
	if (asking->is_earlier && !asking->exception[0])
		explain_earlier(shop, asking, facts, page);
	else
		ticket_page_add(page, ROLE_NORMAL, _("Redeemed"), _("%lld, %lld left"),
			(long long)asking->qty, (long long)facts->remaining);
	if (asking->exception[0])
		ticket_page_add(page, ROLE_WARN, NULL, "%s",
			_("It was accepted offline, and HQ finds this against it. Both stay on record; the inbox has the case."));
	else if (asking->was_offline)
		ticket_page_add(page, ROLE_OK, NULL, "%s",
			_("It was accepted offline, and HQ has confirmed it."));
	if (asking->has_dossier)
		ticket_page_add(page, ROLE_WARN, NULL,
			_("%s opens the dossier with all its redemptions."), key);
}

static void explain_voided(const struct asking *asking, struct ticket_page *page)
{
	ticket_page_add(page, ROLE_BOLD, NULL, "%s",
		_("The redemption is void; it stays on record, and its units can be redeemed again."));
	ticket_page_add(page, ROLE_NORMAL, _("Units"), "%lld", (long long)asking->qty);
}

static void add_clock(const struct asking *asking, struct ticket_page *page)
{
	if (asking->clock_error_ms >= CONSOLE_CLOCK_UNKNOWN_MS)
		ticket_page_add(page, ROLE_NORMAL, NULL, "%s",
			_("Its days, but by this terminal's own clock, which nobody has compared"));
	else
		ticket_page_add(page, ROLE_NORMAL, NULL,
			_("Its days, but by this terminal's clock, right to %lld s"),
			(long long)(asking->clock_error_ms + 999) / 1000);
}

/* An offline acceptance says what it does not know (product.md section 4). */
static void explain_offline(const struct shop *shop, const struct asking *asking,
	const struct ticket_facts *facts, struct ticket_page *page)
{
	const struct ticket_offline *offline = &asking->offline;
	char when[SHOP_WHEN_BYTES];
	char age[SHOP_WHEN_BYTES];

	shop_when(shop, offline->unchecked_from_ms, when);
	shop_age(shop_now(shop) - offline->unchecked_from_ms, age, sizeof(age));
	if (asking->is_earlier)
		explain_earlier(shop, asking, facts, page);
	else
		ticket_page_add(page, ROLE_OFFLINE_OK, _("Redeemed"),
			_("%lld, by the ticket's offline policy"), (long long)asking->qty);
	ticket_page_add(page, ROLE_NORMAL, _("Not checked"),
		_("What HQ did with the ticket since %s (%s)"), when, age);
	if (offline->unchecked_elsewhere)
		ticket_page_add(page, ROLE_NORMAL, NULL, "%s",
			_("Whether another store redeemed it since"));
	if (offline->unchecked_clock)
		add_clock(asking, page);
	ticket_page_add(page, ROLE_DIM, NULL, "%s",
		_("It is saved and goes to HQ by itself. This page changes when HQ has confirmed it."));
}

/* Why the offline policy says no, as exactly as it is known. */
static void explain_needs_online(
	const struct shop *shop, const struct asking *asking, struct ticket_page *page)
{
	const struct ticket_offline *offline = &asking->offline;
	char when[SHOP_WHEN_BYTES];

	shop_when(shop, asking->cache_ms, when);
	if (offline->most > 0 && asking->qty > offline->most)
		ticket_page_add(page, ROLE_NORMAL, _("Offline"), _("at most %lld more without HQ"),
			(long long)offline->most);
	else if (offline->most > 0)
		ticket_page_add(page, ROLE_NORMAL, _("Offline"),
			_("only with data younger than %lld hours; these are of %s"),
			(long long)offline->cache_hours, when[0] ? when : _("never"));
	else
		ticket_page_add(page, ROLE_NORMAL, _("Offline"), "%s",
			_("this ticket may not be redeemed"));
}

/* What the person at the counter can do now; the way out of refusal.def is for whoever reads it later. */
static const struct {
	const char *code;
	const char *words;
} next_steps[] = {
	{"used_up",
		N_("Show the customer when and where it was used. Whoever doubts it asks the store named there, or HQ.")},
	{"superseded", N_("Ask the customer for one of the new codes, and scan that.")},
	{"refunded", N_("Hand nothing out: its money was given back. The customer may buy anew.")},
	{"blocked", N_("Hand nothing out. Ask HQ why it is blocked, with the order number below.")},
	{"not_here", N_("Send the customer to a store it is for.")},
	{"not_yet", N_("Ask the customer to come back on its first day.")},
	{"expired", N_("Hand nothing out. Only HQ can refund it, with the order number below.")},
	{"unknown",
		N_("Compare the code with the customer's, and scan it again. The order number finds all codes of an order.")},
	{"needs_online", N_("Try again when the line is back.")},
};

static const char *next_step(const char *code)
{
	for (size_t i = 0; i < sizeof(next_steps) / sizeof(next_steps[0]); i++)
		if (strcmp(next_steps[i].code, code) == 0)
			return gettext(next_steps[i].words);
	return refusal_way_out(code);
}

static void add_next_step(const struct shop *shop, const struct asking *asking,
	const struct ticket_facts *facts, struct ticket_page *page)
{
	char heirs[TICKET_LINE_BYTES];

	if (strcmp(asking->refusal, "not_here") == 0 && facts->stores[0])
		ticket_page_add(page, ROLE_NORMAL, _("What now"), _("Send the customer to: %s"),
			facts->stores);
	else
		ticket_page_add(page, ROLE_NORMAL, _("What now"), "%s", next_step(asking->refusal));
	if (strcmp(asking->refusal, "superseded") != 0)
		return;
	ticket_facts_heirs(shop, facts, heirs, sizeof(heirs));
	if (heirs[0])
		ticket_page_add(page, ROLE_NORMAL, _("New codes"), "%s", heirs);
}

static void explain_refused(const struct shop *shop, const struct asking *asking,
	const struct ticket_facts *facts, struct ticket_page *page)
{
	int64_t rest = ticket_result_rest(asking, facts);
	bool is_fault = strcmp(asking->refusal, "fault") == 0;
	char key[24];

	app_key_label(shop->app, "redeem-rest", key, sizeof(key));
	ticket_page_add(page, ROLE_BOLD, NULL, "%s", _("Nothing was redeemed."));
	if (rest > 0)
		ticket_page_add(page, ROLE_WARN, _("What now"),
			_("Asked for %lld; %lld can be redeemed: %s does it."),
			(long long)asking->qty, (long long)rest, key);
	else if (is_fault)
		ticket_page_add(page, ROLE_ERROR, NULL, "%s", asking->message);
	else
		add_next_step(shop, asking, facts, page);
	if (!asking->by_hq && asking->offline.refusal == REFUSED_needs_online)
		explain_needs_online(shop, asking, page);
	else if (!asking->by_hq && !is_fault)
		ticket_page_add(
			page, ROLE_DIM, NULL, "%s", _("By what is known here: HQ did not answer."));
}

static void explain_unanswered(
	const struct shop *shop, const struct asking *asking, struct ticket_page *page)
{
	char key[24];

	app_key_label(shop->app, "redeem-again", key, sizeof(key));
	ticket_page_add(page, ROLE_BOLD, NULL, "%s", _("Hand nothing out yet."));
	ticket_page_add(page, ROLE_NORMAL, NULL, "%s",
		_("The question has left and HQ may still answer; this page changes when it does. The records show it too."));
	ticket_page_add(page, ROLE_NORMAL, _("What now"),
		_("%s asks again: it stays the same redemption, however often."), key);
	if (asking->offline.refusal == REFUSED_needs_online)
		explain_needs_online(shop, asking, page);
	else
		ticket_page_add(page, ROLE_NORMAL, _("Known here"), "%s",
			refusal_what(refusal_code(asking->offline.refusal)));
}

void ticket_result_explain(const struct shop *shop, const struct asking *asking,
	const struct ticket_facts *facts, struct ticket_page *page)
{
	if (asking->is_voided) {
		explain_voided(asking, page);
		return;
	}
	switch (asking->state) {
	case ASKING_CONFIRMED:
		explain_confirmed(shop, asking, facts, page);
		break;
	case ASKING_OFFLINE:
		explain_offline(shop, asking, facts, page);
		break;
	case ASKING_REFUSED:
		explain_refused(shop, asking, facts, page);
		break;
	case ASKING_UNANSWERED:
		explain_unanswered(shop, asking, page);
		break;
	default:
		ticket_page_add(page, ROLE_NORMAL, _("Quantity"), "%lld", (long long)asking->qty);
		break;
	}
}

void ticket_result_malformed(struct ticket_page *page)
{
	ticket_page_add(page, ROLE_BOLD, NULL, "%s", _("Nothing was redeemed."));
	ticket_page_add(page, ROLE_NORMAL, NULL, "%s", refusal_way_out("malformed"));
}

/* ---- the ticket ---- */

static void warn_of_line(
	const struct shop *shop, const struct ticket_offline *known, struct ticket_page *page)
{
	const char *words = _("HQ is not reached.");

	if (!asking_line_is_down(shop))
		return;
	if (known->allowed)
		words = _("HQ is not reached: this ticket can be accepted offline.");
	else if (known->refusal == REFUSED_needs_online)
		words = _("HQ is not reached, and this ticket needs it.");
	ticket_page_add(page, ROLE_WARN, _("Line"), "%s", words);
}

/* Known before the line goes down: whether it could be redeemed then, and by data of when. */
static void add_freshness(const struct shop *shop, const struct ticket_offline *known,
	int64_t cache_ms, struct ticket_page *page)
{
	char when[SHOP_WHEN_BYTES];

	shop_when(shop, cache_ms, when);
	if (known->allowed)
		ticket_page_add(page, ROLE_NORMAL, _("Offline"),
			_("Offline-ready as of %s, up to %lld"), when, (long long)known->most);
	else if (known->most > 0)
		ticket_page_add(page, ROLE_WARN, _("Offline"),
			_("Not offline-ready: the data are of %s"), when[0] ? when : _("never"));
	else if (known->refusal == REFUSED_needs_online)
		ticket_page_add(page, ROLE_DIM, _("Offline"), "%s", _("Only with HQ on the line"));
}

void ticket_result_warn(
	const struct shop *shop, const struct ticket_facts *facts, struct ticket_page *page)
{
	struct ticket_offline known = {.refusal = REFUSED_needs_online};
	struct console_counts counts;
	struct db *cache = shop_db(shop);

	console_count(shop->console, shop->store, &counts);
	if (cache && facts->is_known)
		known = ticket_offline_verdict(cache,
			&(struct ticket_ask){.code = facts->code,
				.store = shop->store,
				.qty = 1,
				.now_ms = shop_now(shop),
				.cache_ms = counts.pulled_ms});
	if (known.refusal != REFUSAL_NONE && known.refusal != REFUSED_needs_online)
		ticket_page_add(page, ROLE_WARN, _("Known here"), _("%s. HQ decides."),
			refusal_what(refusal_code(known.refusal)));
	warn_of_line(shop, &known, page);
	if (facts->is_known)
		add_freshness(shop, &known, counts.pulled_ms, page);
}

static void add_uses(
	const struct shop *shop, const struct ticket_facts *facts, struct ticket_page *page)
{
	char text[TICKET_LINE_BYTES];

	for (int i = 0; i < facts->use_count; i++) {
		ticket_use_words(shop, &facts->uses[i], text, sizeof(text));
		ticket_page_add(page, facts->uses[i].is_voided ? ROLE_DIM : ROLE_NORMAL,
			i == 0 ? _("Earlier uses") : NULL, "%s", text);
	}
	if (facts->use_count == 0)
		ticket_page_add(page, ROLE_DIM, _("Earlier uses"), "%s", _("none"));
}

static void add_ticket(
	const struct shop *shop, const struct ticket_facts *facts, struct ticket_page *page)
{
	char text[TICKET_LINE_BYTES];

	shop_product_name(shop, facts->product, text, sizeof(text));
	ticket_page_add(page, ROLE_BOLD, _("Product"), "%s  %s", text, facts->product);
	ticket_page_add(page, ROLE_NORMAL, _("Units"), _("%lld left of %lld"),
		(long long)facts->remaining, (long long)facts->units);
	ticket_facts_validity(shop, facts, text, sizeof(text));
	ticket_page_add(page, ROLE_NORMAL, _("Valid"), "%s", text);
	ticket_page_add(
		page, ROLE_NORMAL, _("Stores"), "%s", facts->stores[0] ? facts->stores : _("any"));
	/* HQ's answer names no buyer; only stores that have the ticket know one. */
	ticket_facts_buyer(shop, facts, text, sizeof(text));
	if (facts->buyer[0])
		ticket_page_add(page, ROLE_NORMAL, _("Buyer"), "%s", text);
	ticket_page_add(page, ROLE_NORMAL, _("Order"), "%s", facts->order);
}

void ticket_result_facts(const struct shop *shop, const struct asking *asking,
	const struct ticket_facts *facts, struct ticket_page *page)
{
	bool is_spent = asking->state == ASKING_REFUSED &&
		(strcmp(asking->refusal, "used_up") == 0 ||
			strcmp(asking->refusal, "insufficient") == 0);
	char code[TICKET_CODE_SIZE];

	if (is_spent)
		add_uses(shop, facts, page);
	ticket_facts_code(shop, facts, code, sizeof(code));
	ticket_page_add(page, ROLE_KEY, _("Ticket"), "%s", code);
	if (!facts->is_known) {
		ticket_page_add(page, ROLE_NORMAL, NULL, "%s",
			_("Not known on this terminal; it may be new."));
		return;
	}
	add_ticket(shop, facts, page);
	if (!is_spent)
		add_uses(shop, facts, page);
	if (asking->state == ASKING_NOT && !facts->stores[0])
		ticket_page_add(page, ROLE_DIM, NULL, "%s",
			_("What other stores redeemed is known to HQ."));
}

int64_t ticket_result_rest(const struct asking *asking, const struct ticket_facts *facts)
{
	int64_t rest = 0;

	if (asking->state != ASKING_REFUSED)
		return 0;
	if (strcmp(asking->refusal, "insufficient") == 0)
		rest = asking->by_hq ? facts->remaining : asking->offline.remaining;
	else if (strcmp(asking->refusal, "needs_online") == 0)
		rest = asking->offline.most;
	return rest < asking->qty ? rest : 0;
}
