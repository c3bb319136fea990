#include "tui/ticket_earlier.h"

#include <stdlib.h>
#include <string.h>

#include "model/json.h"
#include "model/when.h"

static bool is_recent(const struct shop *shop, int64_t at_ms)
{
	return llabs(shop_now(shop) - at_ms) <= TICKET_EARLIER_MS;
}

static void begin(struct shop *shop, const char *code, struct asking *asking)
{
	asking_free(asking);
	asking->shop = shop;
	asking->is_earlier = true;
	asking->asked_ms = app_now_ms();
	asking->clock_error_ms = console_hq_time_error(shop->console, shop->boot_ms());
	snprintf(asking->code, sizeof(asking->code), "%s", code);
}

/* ---- in the outbox ---- */

static bool is_of_code(const cJSON *data, const char *code)
{
	char normal[TICKET_CODE_SIZE];
	const char *typed = json_text(data, "code");

	return typed && ticket_code_normal(typed, normal, sizeof(normal)) &&
		strcmp(normal, code) == 0;
}

static bool is_voided(const struct shop *shop, const char *first, const char *second)
{
	struct db *cache = shop_db(shop);

	return cache &&
		db_has(cache, "SELECT 1 FROM redemption WHERE of IN ($1, $2)", "tt", first, second);
}

/* What the person was shown then. */
static void take_basis(const cJSON *basis, struct asking *asking)
{
	const char *at = json_text(basis, "cache_at");
	const char *line = json_text(basis, "line");

	if (at)
		when_parse(at, &asking->cache_ms);
	asking->offline.unchecked_from_ms = asking->cache_ms;
	asking->offline.remaining = json_int(basis, "remaining", asking->offline.remaining);
	asking->clock_error_ms = json_int(basis, "clock_error_ms", asking->clock_error_ms);
	asking->line_is_down = line && strcmp(line, "down") == 0;
}

/* What the policy says, as if the command itself were not there. */
static void judge(struct asking *asking)
{
	struct shop *shop = asking->shop;
	struct console_counts counts;
	struct db *cache = shop_db(shop);

	console_count(shop->console, shop->store, &counts);
	asking->cache_ms = counts.pulled_ms;
	asking->offline.refusal = REFUSED_needs_online;
	if (cache)
		asking->offline = ticket_offline_verdict(cache,
			&(struct ticket_ask){.code = asking->code,
				.store = shop->store,
				.qty = asking->qty,
				.now_ms = shop_now(shop),
				.cache_ms = counts.pulled_ms,
				.but = asking->first[0] ? asking->first : asking->second});
}

/* Columns as console_visible gives them. */
static void take_row(struct db_rows *rows, const cJSON *data, struct asking *asking)
{
	const char *of = json_text(data, "of");
	const char *mode = json_text(data, "mode");
	bool is_offline = mode && strcmp(mode, "offline") == 0;

	snprintf(asking->actor, sizeof(asking->actor), "%s",
		db_null(rows, 1) ? "" : db_text(rows, 1));
	asking->made_ms = db_int(rows, 2);
	asking->qty = json_int(data, "qty", 1);
	snprintf(is_offline ? asking->second : asking->first, UUID_SIZE, "%s", db_text(rows, 0));
	if (is_offline && of)
		snprintf(asking->first, UUID_SIZE, "%s", of);
	asking->state = is_offline ? ASKING_OFFLINE : ASKING_HQ;
}

/* False for the redemption of another ticket, and for one that is long ago or undone. */
static bool take_visible(
	struct shop *shop, const char *code, struct db_rows *rows, struct asking *asking)
{
	cJSON *line = json_parse(db_text(rows, 3), strlen(db_text(rows, 3)), NULL, 0);
	const cJSON *data = json_object(line, "data");
	const char *of = json_text(data, "of");
	bool waits = strcmp(db_text(rows, 4), "queued") == 0;
	bool found = is_of_code(data, code) && (waits || is_recent(shop, db_int(rows, 2))) &&
		!is_voided(shop, db_text(rows, 0), of ? of : "");

	if (found) {
		begin(shop, code, asking);
		take_row(rows, data, asking);
		judge(asking);
		if (asking->state == ASKING_OFFLINE)
			take_basis(json_object(data, "basis"), asking);
	}
	cJSON_Delete(line);
	return found;
}

static bool find_visible(struct shop *shop, const char *code, struct asking *asking)
{
	struct db_rows *rows = console_visible(shop->console, "ticket.redeem");
	bool found = false;

	while (!found && db_next(rows))
		found = take_visible(shop, code, rows, asking);
	db_done(rows);
	return found;
}

/* ---- in the cache ---- */

/* Was it made at this terminal? Of what programs of HQ did no terminal is known. */
static bool is_ours(const struct shop *shop, const char *device)
{
	return device && device[0] && strcmp(device, shop->console->device) == 0;
}

/* What HQ has confirmed and the outbox has forgotten. */
static bool find_recorded(struct shop *shop, const char *code, struct asking *asking)
{
	struct db *cache = shop_db(shop);
	struct db_rows *rows = cache
		? db_query(cache,
			  "SELECT id, device, at, qty, actor, mode FROM redemption r "
			  "WHERE code = $1 AND kind = 'redeem' AND NOT EXISTS "
			  "(SELECT 1 FROM redemption v WHERE v.of = r.id) "
			  "ORDER BY at DESC, id DESC LIMIT 1",
			  "t", code)
		: NULL;
	bool found = rows && db_next(rows) && is_ours(shop, db_text(rows, 1)) &&
		is_recent(shop, db_int(rows, 2));

	if (found) {
		begin(shop, code, asking);
		asking->state = ASKING_CONFIRMED;
		asking->made_ms = db_int(rows, 2);
		asking->qty = db_int(rows, 3);
		asking->was_offline = strcmp(db_text(rows, 5), "offline") == 0;
		snprintf(asking->actor, sizeof(asking->actor), "%s",
			db_null(rows, 4) ? "" : db_text(rows, 4));
		snprintf(asking->was_offline ? asking->second : asking->first, UUID_SIZE, "%s",
			db_text(rows, 0));
	}
	if (rows)
		db_done(rows);
	return found;
}

bool ticket_earlier_find(struct shop *shop, const char *code, struct asking *asking)
{
	bool found = find_visible(shop, code, asking) || find_recorded(shop, code, asking);

	if (found)
		asking_look(asking);
	return found;
}
