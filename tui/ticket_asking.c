#include "tui/ticket_asking.h"

#include <stdlib.h>
#include <string.h>

#include "model/json.h"
#include "model/when.h"

#define TAKE_BACK_MS 60000

bool asking_line_is_down(const struct shop *shop)
{
	struct console_counts counts;

	console_count(shop->console, shop->store, &counts);
	/* Before its first word the syncer is neither up nor down: then HQ is asked. */
	return !counts.online && counts.trouble[0];
}

static void refuse(struct asking *asking, const char *refusal, bool by_hq)
{
	asking->state = ASKING_REFUSED;
	asking->by_hq = by_hq;
	snprintf(asking->refusal, sizeof(asking->refusal), "%s", refusal);
}

/* ---- storing ---- */

static cJSON *redemption(const struct asking *asking, const char *mode)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "code", asking->code);
	cJSON_AddNumberToObject(data, "qty", (double)asking->qty);
	cJSON_AddStringToObject(data, "mode", mode);
	return data;
}

/* Stores it; what the cache thinks of it is no answer, so the message line stays empty. */
static bool store(struct asking *asking, cJSON *data, char id[UUID_SIZE])
{
	struct console_verdict verdict;
	bool saved = shop_do_quietly(asking->shop, "ticket.redeem", data, &verdict);

	if (saved) {
		memcpy(id, verdict.id, UUID_SIZE);
		app_say(asking->shop->app, ROLE_NORMAL, "%s", "");
	} else if (verdict.refusal == REFUSAL_FAULT) {
		snprintf(asking->message, sizeof(asking->message), "%s", verdict.message);
		refuse(asking, "fault", false);
	} else {
		refuse(asking, refusal_code(verdict.refusal), false);
	}
	console_verdict_free(&verdict);
	return saved;
}

/* What the decision rests on, for whoever reads the exception later. */
static cJSON *basis(const struct asking *asking)
{
	cJSON *object = cJSON_CreateObject();
	char at[WHEN_SIZE];

	when_format(asking->cache_ms, at);
	cJSON_AddStringToObject(object, "cache_at", at);
	cJSON_AddNumberToObject(
		object, "cache_age_s", (double)(shop_now(asking->shop) - asking->cache_ms) / 1000);
	cJSON_AddNumberToObject(object, "remaining", (double)asking->offline.remaining);
	cJSON_AddStringToObject(object, "line", asking->line_is_down ? "down" : "no_answer");
	cJSON_AddNumberToObject(object, "clock_error_ms", (double)asking->clock_error_ms);
	cJSON_AddStringToObject(object, "shown", "offline");
	return object;
}

/* A fact: it stays on record whatever HQ finds. If HQ had applied the first after all, this one
 * changes nothing. */
static bool accept_offline(struct asking *asking)
{
	cJSON *data = redemption(asking, "offline");

	if (asking->first[0])
		cJSON_AddStringToObject(data, "of", asking->first);
	cJSON_AddItemToObject(data, "basis", basis(asking));
	if (!store(asking, data, asking->second))
		return false;
	asking->state = ASKING_OFFLINE;
	return true;
}

/* HQ learns of a scan that this terminal refused. That it could not be saved changes nothing at the counter. */
static void record_refusal(struct asking *asking)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "code", asking->code);
	cJSON_AddNumberToObject(data, "qty", (double)asking->qty);
	cJSON_AddStringToObject(data, "result", asking->refusal);
	if (asking->first[0])
		cJSON_AddStringToObject(data, "of", asking->first);
	if (shop_do_quietly(asking->shop, "ticket.refused", data, NULL))
		app_say(asking->shop->app, ROLE_NORMAL, "%s", "");
}

/* ---- verdicts ---- */

/* The verdict of a command, parsed; NULL while there is none. *applied: HQ did it. */
static cJSON *verdict_of(const struct asking *asking, const char *id, bool *applied)
{
	char *text = id[0] ? console_verdict_of(asking->shop->console, id) : NULL;
	cJSON *verdict = text ? json_parse(text, strlen(text), NULL, 0) : NULL;
	const char *status = json_text(verdict, "status");

	if (status && strcmp(status, "replayed") == 0)
		status = json_text(verdict, "first");
	*applied = status && strcmp(status, "applied") == 0;
	free(text);
	return verdict;
}

static void take_result(struct asking *asking, cJSON *verdict)
{
	cJSON_Delete(asking->result);
	asking->result = cJSON_DetachItemFromObjectCaseSensitive(verdict, "result");
}

static void dismiss(struct asking *asking, const char *id)
{
	console_dismiss(asking->shop->console, id);
	shop_tell_changed(asking->shop);
}

/* The person at the counter sees the answer right here, so the inbox need not show it again. */
static void take_refusal(struct asking *asking, const cJSON *verdict, const char *id)
{
	const char *code = json_text(verdict, "code");

	refuse(asking, code ? code : "", true);
	if (!asking->is_left)
		dismiss(asking, id);
}

static bool look_at_first(struct asking *asking)
{
	bool applied;
	cJSON *verdict = verdict_of(asking, asking->first, &applied);

	if (!verdict)
		return false;
	if (applied)
		asking->state = ASKING_CONFIRMED;
	else
		take_refusal(asking, verdict, asking->first);
	take_result(asking, verdict);
	cJSON_Delete(verdict);
	return true;
}

/* HQ had applied the first after all: then the second changes nothing, and need not be waited for. */
static bool first_was_applied(struct asking *asking)
{
	bool applied;
	cJSON *verdict = verdict_of(asking, asking->first, &applied);

	if (applied) {
		asking->was_offline = true;
		asking->state = ASKING_CONFIRMED;
		take_result(asking, verdict);
	}
	cJSON_Delete(verdict);
	return applied;
}

static bool look_at_second(struct asking *asking)
{
	bool applied;
	cJSON *verdict = verdict_of(asking, asking->second, &applied);

	if (!verdict)
		return first_was_applied(asking);
	asking->was_offline = true;
	if (applied)
		asking->state = ASKING_CONFIRMED;
	else
		take_refusal(asking, verdict, asking->second);
	take_result(asking, verdict);
	cJSON_Delete(verdict);
	/* The first was refused only because the second carries its exception. */
	if (asking->first[0])
		dismiss(asking, asking->first);
	return true;
}

void asking_redemption(const struct asking *asking, char id[UUID_SIZE])
{
	const char *told = json_text(asking->result, "redemption");
	struct db *cache = shop_db(asking->shop);
	/* With the line down the cache has it by the first, which was applied here, or by the second. */
	char *found = cache
		? db_get_text(cache, "SELECT id FROM redemption WHERE id IN ($1, $2, $3) LIMIT 1",
			  "ttt", told ? told : "", asking->first, asking->second)
		: NULL;

	snprintf(id, UUID_SIZE, "%s", found ? found : "");
	free(found);
}

/* The exception arrives with the rows, a little after the verdict. */
static bool look_at_exception(struct asking *asking)
{
	struct db *cache = shop_db(asking->shop);
	char *kind = cache && asking->was_offline && !asking->exception[0]
		? db_get_text(cache,
			  "SELECT kind FROM exception WHERE command = $1 AND kind <> 'clock' "
			  "ORDER BY id LIMIT 1",
			  "t", asking->second)
		: NULL;
	bool found = kind != NULL;

	if (found)
		snprintf(asking->exception, sizeof(asking->exception), "%s", kind);
	free(kind);
	return found;
}

/* What became of it since. */
static bool look_at_rows(struct asking *asking)
{
	struct db *cache = shop_db(asking->shop);
	bool changed = look_at_exception(asking);
	char id[UUID_SIZE];

	if (!cache)
		return changed;
	if (asking->exception[0] && !asking->has_dossier) {
		asking->has_dossier = db_has(
			cache, "SELECT 1 FROM dossier WHERE code = $1", "t", asking->code);
		changed = changed || asking->has_dossier;
	}
	if (!asking->is_voided) {
		asking_redemption(asking, id);
		asking->is_voided = id[0] &&
			db_has(cache, "SELECT 1 FROM redemption WHERE of = $1", "t", id);
		changed = changed || asking->is_voided;
	}
	return changed;
}

bool asking_is_open(const struct asking *asking)
{
	char id[UUID_SIZE];

	if (asking->state == ASKING_CONFIRMED && asking->was_offline && !asking->exception[0]) {
		asking_redemption(asking, id);
		return shop_is_pending(asking->shop, "redemption", id);
	}
	return asking->state == ASKING_HQ || asking->state == ASKING_OFFLINE ||
		asking->state == ASKING_UNANSWERED;
}

/* ---- the clock ---- */

/* Another seat, or this one before it broke off, may have accepted it already. */
static bool was_accepted(struct asking *asking)
{
	struct db_rows *rows = console_visible(asking->shop->console, "ticket.redeem");

	while (!asking->second[0] && db_next(rows)) {
		cJSON *line = json_parse(db_text(rows, 3), strlen(db_text(rows, 3)), NULL, 0);
		const char *of = json_text(json_object(line, "data"), "of");

		if (of && strcmp(of, asking->first) == 0)
			snprintf(asking->second, UUID_SIZE, "%s", db_text(rows, 0));
		cJSON_Delete(line);
	}
	db_done(rows);
	if (asking->second[0])
		asking->state = ASKING_OFFLINE;
	return asking->second[0] != '\0';
}

/* Neither was it accepted, nor can it be any more. False if it has left: then HQ says what it is. An old one had
 * left, though it may wait again: an HQ that was restored is offered what the one before had answered. */
static bool take_back(struct asking *asking)
{
	bool is_new = shop_now(asking->shop) - asking->made_ms < TAKE_BACK_MS;

	if (!asking->first[0])
		return true;
	if (!is_new || !console_withdraw(asking->shop->console, asking->first)) {
		if (!look_at_first(asking))
			asking->state = ASKING_UNANSWERED;
		return false;
	}
	shop_tell_changed(asking->shop);
	return true;
}

static void fall_back(struct asking *asking)
{
	/* Nobody accepts it in another's name. */
	bool may = asking->offline.allowed && strcmp(asking->actor, asking->shop->staff) == 0;

	if (asking->first[0] && was_accepted(asking))
		return;
	if (may && accept_offline(asking))
		return;
	/* If it could not be saved, that stands there already. */
	if (!take_back(asking) || may)
		return;
	refuse(asking,
		refusal_code(
			asking->offline.allowed ? REFUSED_needs_online : asking->offline.refusal),
		false);
	record_refusal(asking);
}

void asking_start(struct asking *asking, struct shop *shop, const char *code, int64_t qty)
{
	struct console_counts counts;
	struct db *cache = shop_db(shop);

	asking_free(asking);
	asking->shop = shop;
	asking->qty = qty;
	asking->asked_ms = app_now_ms();
	asking->made_ms = shop_now(shop);
	asking->clock_error_ms = console_hq_time_error(shop->console, shop->boot_ms());
	snprintf(asking->actor, sizeof(asking->actor), "%s", shop->staff);
	snprintf(asking->code, sizeof(asking->code), "%s", code);
	console_count(shop->console, shop->store, &counts);
	asking->cache_ms = counts.pulled_ms;
	asking->line_is_down = asking_line_is_down(shop);
	asking->offline.refusal = REFUSED_needs_online;
	/* Judged before the command is in the cache, or it would count against itself. */
	if (cache)
		asking->offline = ticket_offline_verdict(cache,
			&(struct ticket_ask){.code = asking->code,
				.store = shop->store,
				.qty = qty,
				.now_ms = asking->made_ms,
				.cache_ms = counts.pulled_ms});
	if (asking->line_is_down) {
		fall_back(asking);
		shop_try_now(shop); /* the line may be back, and somebody waits for it */
	} else if (store(asking, redemption(asking, "online"), asking->first)) {
		asking->state = ASKING_HQ;
	}
}

void asking_again(struct asking *asking)
{
	asking->asked_ms = app_now_ms();
	asking->state = ASKING_HQ;
	shop_try_now(asking->shop);
}

bool asking_look(struct asking *asking)
{
	switch (asking->state) {
	case ASKING_HQ:
		if (look_at_first(asking))
			return true;
		if (app_now_ms() < asking->asked_ms + ASKING_WAIT_MS)
			return false;
		fall_back(asking);
		return true;
	case ASKING_UNANSWERED:
		return look_at_first(asking);
	case ASKING_OFFLINE:
		if (!look_at_second(asking))
			return look_at_rows(asking);
		look_at_rows(asking);
		return true;
	case ASKING_CONFIRMED:
		return look_at_rows(asking);
	default:
		return false;
	}
}

void asking_free(struct asking *asking)
{
	cJSON_Delete(asking->result);
	memset(asking, 0, sizeof(*asking));
}
