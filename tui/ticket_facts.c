/* The cache's view of a ticket and HQ's answer name things alike, so one reader takes both. */
#include "tui/ticket_facts.h"

#include <string.h>

#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "model/view.h"
#include "model/when.h"
#include "tui/ticket_page.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* ---- reading ---- */

static void take_text(const cJSON *object, const char *name, char *out, size_t size)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

	if (item)
		snprintf(out, size, "%s", cJSON_IsString(item) ? item->valuestring : "");
}

static void take_stores(const struct shop *shop, const cJSON *list, char *out, size_t size)
{
	size_t used = 0;
	const cJSON *store;

	out[0] = '\0';
	cJSON_ArrayForEach(store, list)
	{
		char name[SHOP_NAME_BYTES];

		if (!cJSON_IsString(store) || used + 2 >= size)
			continue;
		shop_store_name(shop, store->valuestring, name, sizeof(name));
		snprintf(out + used, size - used, "%s%s", used ? ", " : "", name);
		used = strlen(out);
	}
}

static bool take_use(const cJSON *item, struct ticket_use *use)
{
	const char *kind = json_text(item, "kind");
	const char *at = json_text(item, "at");
	const char *mode = json_text(item, "mode");

	/* A void is seen on the redemption it undoes. */
	if (kind && strcmp(kind, "redeem") != 0)
		return false;
	memset(use, 0, sizeof(*use));
	if (at)
		when_parse(at, &use->at_ms);
	use->qty = json_int(item, "qty", 0);
	take_text(item, "store", use->store, sizeof(use->store));
	take_text(item, "actor", use->actor, sizeof(use->actor));
	take_text(item, "device", use->device, sizeof(use->device));
	use->is_offline = mode && strcmp(mode, "offline") == 0;
	use->is_voided = json_bool(item, "voided", false);
	return true;
}

static void add_use(struct ticket_facts *facts, const struct ticket_use *use)
{
	int at = 0;

	while (at < facts->use_count && facts->uses[at].at_ms > use->at_ms)
		at++;
	if (at == TICKET_USES_SHOWN)
		return;
	if (facts->use_count < TICKET_USES_SHOWN)
		facts->use_count++;
	memmove(&facts->uses[at + 1], &facts->uses[at],
		(size_t)(facts->use_count - at - 1) * sizeof(facts->uses[0]));
	facts->uses[at] = *use;
}

void ticket_facts_take(const struct shop *shop, const cJSON *result, struct ticket_facts *facts)
{
	const cJSON *stores = json_list(result, "stores");
	const cJSON *uses = json_list(result, "uses");
	const cJSON *item;

	take_text(result, "code", facts->code, sizeof(facts->code));
	take_text(result, "product", facts->product, sizeof(facts->product));
	take_text(result, "order", facts->order, sizeof(facts->order));
	take_text(result, "order_number", facts->order, sizeof(facts->order));
	take_text(result, "buyer", facts->buyer, sizeof(facts->buyer));
	take_text(result, "phone", facts->phone, sizeof(facts->phone));
	take_text(result, "status", facts->status, sizeof(facts->status));
	take_text(result, "valid_from", facts->valid_from, sizeof(facts->valid_from));
	take_text(result, "valid_until", facts->valid_until, sizeof(facts->valid_until));
	facts->units = json_int(result, "units", facts->units);
	facts->remaining = json_int(result, "remaining", facts->remaining);
	facts->is_known = facts->is_known || facts->product[0];
	if (stores)
		take_stores(shop, stores, facts->stores, sizeof(facts->stores));
	if (uses)
		facts->use_count = 0;
	cJSON_ArrayForEach(item, uses)
	{
		struct ticket_use use;

		if (take_use(item, &use))
			add_use(facts, &use);
	}
}

bool ticket_facts_read(const struct shop *shop, const char *code, struct ticket_facts *facts)
{
	struct db *cache = shop_db(shop);
	struct text json = TEXT_INIT(TEXT_LARGE);

	*facts = (struct ticket_facts){.is_listed = facts->is_listed};
	snprintf(facts->code, sizeof(facts->code), "%s", code);
	if (cache && view_json_one(cache, view_find("tickets"), code, &json)) {
		cJSON *ticket = json_parse(text_get(&json), json.length, NULL, 0);

		ticket_facts_take(shop, ticket, facts);
		cJSON_Delete(ticket);
	}
	text_free(&json);
	return facts->is_known;
}

/* ---- in words ---- */

void ticket_facts_code(
	const struct shop *shop, const struct ticket_facts *facts, char *out, size_t size)
{
	if (facts->is_listed)
		shop_code(shop, facts->code, out, size);
	else
		snprintf(out, size, "%s", facts->code);
}

void ticket_facts_buyer(
	const struct shop *shop, const struct ticket_facts *facts, char *out, size_t size)
{
	char phone[sizeof(facts->phone)];

	snprintf(phone, sizeof(phone), "%s", facts->phone);
	if (facts->is_listed)
		shop_phone(shop, facts->phone, phone, sizeof(phone));
	snprintf(out, size, "%s  %s", facts->buyer, phone);
}

/* Whole days from today to a day of the store; negative when it has passed. */
static long days_until(const struct shop *shop, const char *day)
{
	char today[SHOP_WHEN_BYTES];
	int64_t then_ms = 0;
	int64_t today_ms = 0;

	shop_day(shop, shop_now(shop), today);
	when_day_start(day, shop->tz_minutes, &then_ms);
	when_day_start(today, shop->tz_minutes, &today_ms);
	return (long)((then_ms - today_ms) / DAY_MS);
}

void ticket_facts_validity(
	const struct shop *shop, const struct ticket_facts *facts, char *out, size_t size)
{
	long to_from = facts->valid_from[0] ? days_until(shop, facts->valid_from) : 0;
	long to_until = facts->valid_until[0] ? days_until(shop, facts->valid_until) : 0;

	if (!facts->valid_from[0] && !facts->valid_until[0])
		snprintf(out, size, "%s", _("No limit"));
	else if (to_from > 0)
		snprintf(out, size,
			ngettext("From %s, in %ld day", "From %s, in %ld days",
				(unsigned long)to_from),
			facts->valid_from, to_from);
	else if (to_until < 0)
		snprintf(out, size,
			ngettext("Expired: last day was %s, %ld day ago",
				"Expired: last day was %s, %ld days ago", (unsigned long)-to_until),
			facts->valid_until, -to_until);
	else if (!facts->valid_until[0])
		snprintf(out, size, _("Valid since %s"), facts->valid_from);
	else if (to_until == 0)
		snprintf(out, size, _("Until %s, the last day is today"), facts->valid_until);
	else
		snprintf(out, size,
			ngettext("Until %s, %ld more day", "Until %s, %ld more days",
				(unsigned long)to_until),
			facts->valid_until, to_until);
}

void ticket_facts_heirs(
	const struct shop *shop, const struct ticket_facts *facts, char *out, size_t size)
{
	struct db *cache = shop_db(shop);
	char codes[TICKET_LINE_BYTES] = "";
	size_t used = 0;
	int count = 0;
	struct db_rows *rows;

	out[0] = '\0';
	if (!cache)
		return;
	rows = db_query(cache,
		"SELECT code FROM ticket WHERE order_number = $1 AND parent = $2 ORDER BY code",
		"tt", facts->order, facts->code);
	while (db_next(rows)) {
		char code[TICKET_CODE_SIZE];

		shop_code(shop, db_text(rows, 0), code, sizeof(code));
		count++;
		if (used + sizeof(code) < sizeof(codes) / 2)
			used += (size_t)snprintf(
				codes + used, sizeof(codes) - used, "%s%s", used ? ", " : "", code);
	}
	db_done(rows);
	if (count > 0)
		snprintf(out, size, "%d: %s", count, codes);
}

void ticket_use_words(const struct shop *shop, const struct ticket_use *use, char *out, size_t size)
{
	char when[SHOP_WHEN_BYTES];
	char actor[SHOP_NAME_BYTES];
	char store[SHOP_NAME_BYTES];
	char device[SHOP_NAME_BYTES];
	char terminal[SHOP_NAME_BYTES + 8] = "";

	shop_when(shop, use->at_ms, when);
	shop_staff_name(shop, use->actor, actor, sizeof(actor));
	shop_store_name(shop, use->store, store, sizeof(store));
	shop_device_name(shop, use->device, device, sizeof(device));
	if (device[0])
		/* TRANSLATORS: one thing more in a line of things: a terminal. */
		snprintf(terminal, sizeof(terminal), _(", %s"), device);
	/* TRANSLATORS: when, units, who, where, remarks such as ", This terminal" and ", offline". */
	snprintf(out, size, _("%s  %lld × %s, %s%s%s%s"), when, (long long)use->qty, actor, store,
		terminal, use->is_offline ? _(", offline") : "",
		use->is_voided ? _(", voided") : "");
}
