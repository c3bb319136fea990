/* What a terminal may decide alone, with the line down: HQ's policy of the ticket (product.md §4). */
#include "model/ticket_parts.h"

#include "model/json.h"
#include "model/when.h"

#include <string.h>

#define HOUR_MS INT64_C(3600000)

/* Units taken here that HQ had not confirmed when the cache was last brought up to date: offline, or online
 * without an answer, which the fallback then accepted. */
static int64_t taken_here(struct db *cache, const struct ticket_ask *ask, const char *code)
{
	return db_get_int(cache, 0,
		"SELECT CAST(SUM(qty) AS BIGINT) FROM redemption WHERE code = $1"
		" AND recorded_at >= $2 AND id <> $3",
		"tit", code, ask->cache_ms, ask->but ? ask->but : "");
}

static int64_t units_of(struct db *cache, const char *redemption)
{
	return redemption
		? db_get_int(cache, 0, "SELECT qty FROM redemption WHERE id = $1", "t", redemption)
		: 0;
}

/* HQ's policy: {"allowed":bool,"most":units,"cache_hours":n}. What it leaves out it does not limit
 * beyond the ticket's own units and one day. */
static void apply_policy(struct ticket_offline *verdict, const struct ticket *ticket,
	const struct ticket_ask *ask, int64_t taken)
{
	const char *text = ticket->texts[TICKET_OFFLINE];
	cJSON *policy = text ? json_parse(text, strlen(text), NULL, 0) : NULL;
	bool allowed = json_bool(policy, "allowed", false);
	verdict->cache_hours = json_int(policy, "cache_hours", 24);
	verdict->most = allowed ? json_int(policy, "most", ticket->units) - taken : 0;
	cJSON_Delete(policy);
	if (verdict->most < 0)
		verdict->most = 0;
	if (verdict->most > verdict->remaining)
		verdict->most = verdict->remaining;
	bool fresh = ask->cache_ms > 0 &&
		ask->now_ms - ask->cache_ms <= verdict->cache_hours * HOUR_MS;
	verdict->allowed = allowed && fresh && ask->qty <= verdict->most;
	verdict->refusal = verdict->allowed ? REFUSAL_NONE : REFUSED_needs_online;
}

struct ticket_offline ticket_offline_verdict(struct db *cache, const struct ticket_ask *ask)
{
	char code[TICKET_CODE_SIZE], day[WHEN_SIZE];
	struct ticket_offline verdict = {.refusal = REFUSED_malformed};
	if (!ticket_code_normal(ask->code, code, sizeof(code)))
		return verdict;
	struct ticket ticket;
	ticket_read(cache, code, &ticket);
	ticket.spent -= units_of(cache, ask->but);
	ticket_store_day(cache, ask->store, ask->now_ms, day);
	struct ticket_circumstances now = {.store = ask->store, .day = day, .qty = ask->qty};
	verdict.refusal = ticket_judge(&ticket, &now);
	verdict.remaining = ticket_remaining(&ticket);
	verdict.unchecked_from_ms = ask->cache_ms;
	verdict.unchecked_elsewhere = ticket_any_store(ticket.texts[TICKET_STORES]) ||
		strchr(ticket.texts[TICKET_STORES], ',') != NULL;
	verdict.unchecked_clock = ticket.texts[TICKET_FROM] || ticket.texts[TICKET_UNTIL];
	/* A ticket this cache has never seen may have been issued since. */
	if (verdict.refusal == REFUSED_unknown)
		verdict.refusal = REFUSED_needs_online;
	else if (verdict.refusal == REFUSAL_NONE)
		apply_policy(&verdict, &ticket, ask, taken_here(cache, ask, code));
	ticket_free(&ticket);
	return verdict;
}
