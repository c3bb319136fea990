#include "tui/ticket_asking.h"

#include <stdlib.h>
#include <string.h>

#include "model/json.h"
#include "model/when.h"

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
	return object;
}

/* A fact: it stays on record whatever HQ finds. If HQ had applied the first after all, this one
 * changes nothing. */
static void accept_offline(struct asking *asking)
{
	cJSON *data = redemption(asking, "offline");

	if (asking->first[0])
		cJSON_AddStringToObject(data, "of", asking->first);
	cJSON_AddItemToObject(data, "basis", basis(asking));
	if (store(asking, data, asking->second))
		asking->state = ASKING_OFFLINE;
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

/* The person at the counter sees the answer right here, so the inbox need not show it again. */
static void take_refusal(struct asking *asking, const cJSON *verdict, const char *id)
{
	const char *code = json_text(verdict, "code");

	refuse(asking, code ? code : "", true);
	console_dismiss(asking->shop->console, id);
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

static bool look_at_second(struct asking *asking)
{
	bool applied;
	cJSON *verdict = verdict_of(asking, asking->second, &applied);

	if (!verdict)
		return false;
	asking->was_offline = true;
	if (applied)
		asking->state = ASKING_CONFIRMED;
	else
		take_refusal(asking, verdict, asking->second);
	take_result(asking, verdict);
	cJSON_Delete(verdict);
	/* The first was refused only because the second carries its exception. */
	if (asking->first[0])
		console_dismiss(asking->shop->console, asking->first);
	return true;
}

/* The exception arrives with the rows, a little after the verdict. */
static bool look_at_exception(struct asking *asking)
{
	struct db *cache = shop_db(asking->shop);
	char *kind = cache && !asking->exception[0]
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

/* ---- the clock ---- */

static void fall_back(struct asking *asking)
{
	if (asking->offline.allowed) {
		accept_offline(asking);
	} else if (!asking->first[0]) {
		refuse(asking, refusal_code(asking->offline.refusal), false);
	} else if (console_withdraw(asking->shop->console, asking->first)) {
		refuse(asking, refusal_code(asking->offline.refusal), false);
		shop_tell_changed(asking->shop);
	} else if (!look_at_first(asking)) {
		asking->state = ASKING_UNANSWERED;
	}
}

void asking_start(struct asking *asking, struct shop *shop, const char *code, int64_t qty)
{
	struct console_counts counts;
	struct db *cache = shop_db(shop);

	asking_free(asking);
	asking->shop = shop;
	asking->qty = qty;
	asking->asked_ms = app_now_ms();
	snprintf(asking->code, sizeof(asking->code), "%s", code);
	console_count(shop->console, shop->store, &counts);
	asking->cache_ms = counts.pulled_ms;
	asking->line_is_down = asking_line_is_down(shop);
	asking->offline.refusal = REFUSED_needs_online;
	/* Judged before the command is in the cache, or it would count against itself. */
	if (cache)
		asking->offline = ticket_offline_verdict(cache,
			&(struct ticket_ask){
				asking->code, shop->store, qty, shop_now(shop), counts.pulled_ms});
	if (asking->line_is_down) {
		fall_back(asking);
		shop_tell_changed(shop); /* the syncer tries the line again now */
	} else if (store(asking, redemption(asking, "online"), asking->first)) {
		asking->state = ASKING_HQ;
	}
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
			return false;
		look_at_exception(asking);
		return true;
	case ASKING_CONFIRMED:
		return asking->was_offline && look_at_exception(asking);
	default:
		return false;
	}
}

void asking_free(struct asking *asking)
{
	cJSON_Delete(asking->result);
	memset(asking, 0, sizeof(*asking));
}
