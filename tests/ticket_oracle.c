#include "tests/ticket_oracle.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (24 * 60 * MINUTE_MS)
#define VOID_MS (15 * MINUTE_MS)
/* A terminal's claim is believed from 14 days ago to five minutes ahead. */
#define PAST_MS (14 * DAY_MS)
#define AHEAD_MS (5 * MINUTE_MS)

static const char ok[] = "applied";

/* ---- figures ---- */

int64_t oracle_day(const struct oracle *oracle, int store, int64_t ms)
{
	int64_t local_ms = ms + oracle->tz_minutes[store] * MINUTE_MS;

	return local_ms / DAY_MS - (local_ms % DAY_MS < 0);
}

static bool has_status(const struct oracle_code *code, const char *status)
{
	return code->status && strcmp(code->status, status) == 0;
}

int oracle_remaining(const struct oracle_code *code)
{
	int left = code->units - code->refunded - code->spent;

	return left < 0 || !code->sold || has_status(code, "superseded") ? 0 : left;
}

int oracle_given(const struct oracle *oracle, int code)
{
	int units = 0;

	for (int i = 0; i < ORACLE_CODES; i++)
		if (oracle->codes[i].sold && oracle->codes[i].parent == code)
			units += oracle->codes[i].units;
	return units;
}

struct oracle_use *oracle_use_of(struct oracle *oracle, const char *id)
{
	for (int i = 0; i < oracle->use_count; i++)
		if (strcmp(oracle->uses[i].id, id) == 0)
			return &oracle->uses[i];
	return NULL;
}

int oracle_use_count(const struct oracle *oracle, int code)
{
	int count = 0;

	for (int i = 0; i < oracle->use_count; i++)
		count += oracle->uses[i].code == code;
	return count;
}

/* The stores that redeemed it, voided redemptions apart. */
static unsigned use_stores(const struct oracle *oracle, int code)
{
	unsigned stores = 0;

	for (int i = 0; i < oracle->use_count; i++)
		if (oracle->uses[i].code == code && !oracle->uses[i].voided)
			stores |= 1u << oracle->uses[i].store;
	return stores;
}

/* ---- the dossier ---- */

/* It opens when more is spent than there is, once more when more is spent after it was settled or when what is
 * charged was voided, and is void as soon as there is enough again. */
static void review(struct oracle *oracle, int number)
{
	struct oracle_code *code = &oracle->codes[number];
	const char *now = code->dossier;
	bool over = code->sold && code->spent > code->units;
	bool settled = now && strcmp(now, "open") != 0 && strcmp(now, "reported") != 0;
	const struct oracle_use *charged = now && strcmp(now, "charged_back") == 0
		? oracle_use_of(oracle, code->charged_for)
		: NULL;
	bool again = code->spent > code->dossier_spent || (charged && charged->voided);

	if (!now && !over)
		return;
	if (!over) {
		code->charged = strcmp(now, "void") == 0 ? code->charged : 0;
		code->dossier = "void";
	} else if (!now || (settled && again))
		code->dossier = "open";
	code->dossier_spent = code->spent;
	/* Who was in it when it ended hears of that. */
	if (over)
		code->dossier_stores = use_stores(oracle, number);
}

/* ---- redeem ---- */

static const char *judge(
	const struct oracle *oracle, const struct oracle_code *code, int store, int64_t ms, int qty)
{
	int64_t day = oracle_day(oracle, store, ms);
	int left = oracle_remaining(code);

	if (!code->sold)
		return "unknown";
	if (!has_status(code, "active"))
		return code->status;
	if (code->stores && !(code->stores & 1u << store))
		return "not_here";
	if (code->from != NO_DAY && day < code->from)
		return "not_yet";
	if (code->until != NO_DAY && day > code->until)
		return "expired";
	if (left == 0)
		return "used_up";
	return qty > left ? "insufficient" : NULL;
}

static struct oracle_use *add_use(
	struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	struct oracle_use *use = &oracle->uses[oracle->use_count++];

	*use = (struct oracle_use){
		.code = act->code, .store = act->store, .qty = act->qty, .recorded_ms = now_ms};
	snprintf(use->id, sizeof use->id, "%s", act->id);
	oracle->codes[act->code].spent += act->qty;
	review(oracle, act->code);
	return use;
}

static const char *redeem_online(
	struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	struct oracle_code *code = &oracle->codes[act->code];
	const char *refused = judge(oracle, code, act->store, now_ms, act->qty);

	if (refused) {
		struct oracle_refused *scan = &oracle->refused[oracle->refused_count++];

		*scan = (struct oracle_refused){.code = act->code, .store = act->store};
		memcpy(scan->id, act->id, ORACLE_ID);
		code->refused++;
		return refused;
	}
	add_use(oracle, act, now_ms);
	return ok;
}

static const char *odd_of(const char *judged)
{
	static const char *const names[][2] = {
		{"unknown", "offline_unknown"},
		{"superseded", "offline_superseded"},
		{"refunded", "offline_refunded"},
		{"blocked", "offline_blocked"},
		{"not_here", "offline_not_here"},
		{"not_yet", "offline_not_yet"},
		{"expired", "offline_expired"},
		{"used_up", "offline_used_up"},
		{"insufficient", "offline_insufficient"},
	};

	for (unsigned i = 0; judged && i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i][0], judged) == 0)
			return names[i][1];
	return NULL;
}

/* Was the question redeemed after all, or accepted already? What another store did is no answer for this one. */
static bool is_accepted(const struct oracle *oracle, const struct ticket_act *act)
{
	bool found = false;

	for (int i = 0; i < oracle->use_count && act->of[0]; i++) {
		const struct oracle_use *use = &oracle->uses[i];

		found = found ||
			(use->code == act->code && use->store == act->store &&
				(strcmp(use->id, act->of) == 0 || strcmp(use->of, act->of) == 0));
	}
	return found;
}

static const char *redeem_offline(
	struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	struct oracle_code *code = &oracle->codes[act->code];
	bool believed = act->at_ms >= now_ms - PAST_MS && act->at_ms <= now_ms + AHEAD_MS;
	const char *judged = judge(
		oracle, code, act->store, believed ? act->at_ms : now_ms, act->qty);
	/* One redemption alone that asks for too much stands beside no other. */
	bool over = code->sold && code->spent > 0 && code->spent + act->qty > code->units;
	struct oracle_use *use;

	if (is_accepted(oracle, act))
		return ok;
	use = add_use(oracle, act, now_ms);
	memcpy(use->of, act->of, sizeof use->of);
	use->duplicate = over;
	use->clock = !believed;
	/* The dossier says already that the units are spent. */
	if (!over || (strcmp(judged, "used_up") != 0 && strcmp(judged, "insufficient") != 0))
		use->odd = odd_of(judged);
	return ok;
}

static const char *redeem(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	return act->offline ? redeem_offline(oracle, act, now_ms)
			    : redeem_online(oracle, act, now_ms);
}

/* ---- void ---- */

static const char *void_use(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	struct oracle_use *use = oracle_use_of(oracle, act->of);
	struct oracle_code *code = use ? &oracle->codes[use->code] : NULL;

	if (!use)
		return "unknown_document";
	if (use->store != act->store)
		return "wrong_store";
	if (use->voided)
		return "already_void";
	if (has_status(code, "superseded") || has_status(code, "refunded"))
		return code->status;
	if (now_ms - use->recorded_ms > VOID_MS)
		return "too_late";
	use->voided = true;
	oracle->void_count++;
	code->spent -= use->qty;
	review(oracle, use->code);
	return ok;
}

/* ---- HQ's doings ---- */

static const char *issue(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	(void)now_ms;
	for (int i = 0; i < act->count; i++)
		if (oracle->codes[act->codes[i]].sold)
			return "already_exists";
	for (int i = 0; i < act->count; i++) {
		struct oracle_code *code = &oracle->codes[act->codes[i]];

		code->sold = true;
		code->status = "active";
		code->order = act->order;
		code->parent = -1;
		if (!code->stores)
			code->stores = oracle->bound[code->product];
		review(oracle, act->codes[i]);
	}
	return ok;
}

static bool is_living(const struct oracle_code *code)
{
	return code->sold && (has_status(code, "active") || has_status(code, "blocked"));
}

static bool is_refunded_by(const struct oracle *oracle, const struct ticket_act *act, int number)
{
	const struct oracle_code *code = &oracle->codes[number];

	return is_living(code) && code->order == act->order &&
		(act->code < 0 || act->code == number);
}

static const char *check_refund(const struct oracle *oracle, const struct ticket_act *act)
{
	const struct oracle_code *named = act->code < 0 ? NULL : &oracle->codes[act->code];
	int units = 0, sold = 0;

	for (int i = 0; i < ORACLE_CODES; i++) {
		sold += oracle->codes[i].sold && oracle->codes[i].order == act->order;
		if (is_refunded_by(oracle, act, i))
			units += oracle_remaining(&oracle->codes[i]);
	}
	if (sold == 0)
		return "unknown_document";
	if (named && !named->sold)
		return "unknown";
	if (named && named->order != act->order)
		return "not_on_document";
	if (named && !is_living(named))
		return named->status;
	return units == 0 ? "nothing_to_do" : NULL;
}

static const char *refund(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	const char *refused = check_refund(oracle, act);

	(void)now_ms;
	if (refused)
		return refused;
	for (int i = 0; i < ORACLE_CODES; i++) {
		struct oracle_code *code = &oracle->codes[i];

		if (!is_refunded_by(oracle, act, i))
			continue;
		code->refunded += oracle_remaining(code);
		code->status = "refunded";
	}
	return ok;
}

/* Why nothing can be done to a code; NULL if it lives. */
static const char *dead(const struct oracle_code *code)
{
	if (!code->sold)
		return "unknown";
	return has_status(code, "active") ? NULL : code->status;
}

static const char *split(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	struct oracle_code *code = &oracle->codes[act->code];
	int left = oracle_remaining(code);

	(void)now_ms;
	if (dead(code))
		return dead(code);
	if (left == 0)
		return "used_up";
	if (act->count != left)
		return "bad_data";
	for (int i = 0; i < act->count; i++)
		if (oracle->codes[act->codes[i]].sold)
			return "already_exists";
	for (int i = 0; i < act->count; i++) {
		struct oracle_code *child = &oracle->codes[act->codes[i]];
		int spent = child->spent, refused = child->refused;

		*child = *code;
		child->parent = act->code;
		child->units = 1;
		child->spent = spent;
		child->refused = refused;
		child->dossier = NULL;
		child->charged = 0;
		review(oracle, act->codes[i]);
	}
	code->status = "superseded";
	return ok;
}

static const char *block(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	struct oracle_code *code = &oracle->codes[act->code];

	(void)now_ms;
	if (dead(code))
		return dead(code);
	code->status = "blocked";
	return ok;
}

static const char *unblock(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	struct oracle_code *code = &oracle->codes[act->code];

	(void)now_ms;
	if (!code->sold)
		return "unknown";
	if (!has_status(code, "blocked"))
		return "wrong_status";
	code->status = "active";
	return ok;
}

static const char *bind(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	(void)now_ms;
	oracle->bound[act->product] = act->stores;
	for (int i = 0; act->bind_sold && i < ORACLE_CODES; i++)
		if (is_living(&oracle->codes[i]) && oracle->codes[i].product == act->product)
			oracle->codes[i].stores = act->stores;
	return ok;
}

/* ---- what people note ---- */

static const char *refused(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	(void)now_ms;
	/* HQ refused the same scan, and its answer came too late for the terminal: it is one. */
	for (int i = 0; i < oracle->refused_count; i++) {
		const struct oracle_refused *scan = &oracle->refused[i];

		if (strcmp(scan->id, act->of) == 0 && scan->code == act->code &&
			scan->store == act->store)
			return ok;
	}
	oracle->codes[act->code].refused++;
	return ok;
}

/* Where the redemptions were made that HQ heard of last; terminals' clocks say nothing of that. Their greatest
 * id. */
static unsigned latest_stores(const struct oracle *oracle, int code, char id[ORACLE_ID])
{
	unsigned stores = 0;
	int64_t latest_ms = 0;

	for (int i = 0; i < oracle->use_count; i++) {
		const struct oracle_use *use = &oracle->uses[i];

		if (use->code != code || use->voided)
			continue;
		if (use->recorded_ms > latest_ms)
			stores = 0;
		if (stores == 0 || strcmp(use->id, id) > 0)
			memcpy(id, use->id, ORACLE_ID);
		latest_ms = use->recorded_ms;
		stores |= 1u << use->store;
	}
	return stores;
}

static const char *check_settle(const struct oracle_code *code, const struct ticket_act *act)
{
	if (!code->dossier)
		return "unknown_document";
	if (strcmp(code->dossier, "open") != 0 &&
		(strcmp(code->dossier, "reported") != 0 || strcmp(act->word, "report") == 0))
		return "wrong_status";
	return act->of[0] && strcmp(act->word, "charge_back") != 0 ? "bad_data" : NULL;
}

static const char *settle(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	static const char *const ends[][2] = {
		{"honour", "honoured"},
		{"charge_back", "charged_back"},
		{"report", "reported"},
	};
	struct oracle_code *code = &oracle->codes[act->code];
	const struct oracle_use *use = oracle_use_of(oracle, act->of);
	const char *refused = check_settle(code, act);

	(void)now_ms;
	if (refused)
		return refused;
	if (act->of[0] && (!use || use->voided || use->code != act->code))
		return "unknown_document";
	code->charged = 0;
	if (strcmp(act->word, "charge_back") == 0 && use)
		memcpy(code->charged_for, use->id, ORACLE_ID);
	if (strcmp(act->word, "charge_back") == 0)
		code->charged = use ? 1u << use->store
				    : latest_stores(oracle, act->code, code->charged_for);
	for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strcmp(ends[i][0], act->word) == 0)
			code->dossier = ends[i][1];
	return ok;
}

const char *oracle_run(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms)
{
	static const char *(*const runs[TICKET_OPS])(
		struct oracle *, const struct ticket_act *, int64_t) = {
		[TICKET_ISSUE] = issue,
		[TICKET_REDEEM] = redeem,
		[TICKET_VOID] = void_use,
		[TICKET_REFUND] = refund,
		[TICKET_SPLIT] = split,
		[TICKET_BLOCK] = block,
		[TICKET_UNBLOCK] = unblock,
		[TICKET_BIND] = bind,
		[TICKET_REFUSED] = refused,
		[TICKET_SETTLE] = settle,
	};

	return runs[act->op](oracle, act, now_ms);
}
