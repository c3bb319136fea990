/* Names and figures as a person reads them. */
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/text.h"
#include "model/when.h"
#include "tui/personal.h"
#include "tui/shop.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* ------------------------------------------------------------------ names */

/* Takes `found`; without it the id stands for the name. */
static void put_name(char *found, const char *id, char *out, size_t size)
{
	snprintf(out, size, "%s", found && found[0] ? found : id ? id : "");
	free(found);
}

static char *find_name(const struct shop *shop, const char *sql, const char *id)
{
	struct db *cache = id ? shop_db(shop) : NULL;

	return cache ? db_get_text(cache, sql, "t", id) : NULL;
}

void shop_store_name(const struct shop *shop, const char *id, char *out, size_t size)
{
	put_name(find_name(shop, "SELECT name FROM store WHERE id = $1", id), id, out, size);
}

void shop_channel_name(const struct shop *shop, const char *id, char *out, size_t size)
{
	put_name(find_name(shop, "SELECT name FROM channel WHERE id = $1", id), id, out, size);
}

void shop_staff_name(const struct shop *shop, const char *id, char *out, size_t size)
{
	put_name(find_name(shop, "SELECT name FROM staff WHERE id = $1", id), id, out, size);
}

void shop_product_name(const struct shop *shop, const char *sku, char *out, size_t size)
{
	put_name(find_name(shop, "SELECT name FROM product WHERE sku = $1", sku), sku, out, size);
}

#define DEVICE_HEX 16      /* digits at the end of a device's id (hq/auth.c) */
#define DEVICE_HEX_SHOWN 4 /* of them where a name stands before */

void shop_device_name(const struct shop *shop, const char *id, char *out, size_t size)
{
	size_t length = strlen(id);
	bool has_name = length > DEVICE_HEX && id[length - DEVICE_HEX - 1] == '-';

	if (*id && strcmp(id, shop->console->device) == 0)
		snprintf(out, size, "%s", _("This terminal"));
	else
		snprintf(out, size, "%.*s",
			(int)(has_name ? length - DEVICE_HEX + DEVICE_HEX_SHOWN : length), id);
}

bool shop_follows(const struct shop *shop, const char *store)
{
	const struct console *console = shop->console;

	for (int i = 0; i < console->store_count; i++)
		if (strcmp(console->stores[i], store) == 0)
			return true;
	return false;
}

void shop_code(const struct shop *shop, const char *code, char *out, size_t size)
{
	personal_mask(shop_sees_codes(shop) ? PERSONAL_NOT : PERSONAL_CODE, code, out, size);
}

void shop_phone(const struct shop *shop, const char *phone, char *out, size_t size)
{
	personal_mask(shop_sees_codes(shop) ? PERSONAL_NOT : PERSONAL_PHONE, phone, out, size);
}

/* Both numbers of a movement exist but where a side is a third party; ours comes first. */
static char *movement_number(const struct shop *shop, const char *id)
{
	struct db *cache = shop_db(shop);

	if (!cache || !id)
		return NULL;
	return db_get_text(cache,
		"SELECT CASE WHEN to_store = $2 AND in_number IS NOT NULL THEN in_number "
		"ELSE COALESCE(out_number, in_number) END FROM movement WHERE id = $1",
		"tt", id, shop->store);
}

void shop_document_name(
	const struct shop *shop, const char *kind, const char *id, char *out, size_t size)
{
	bool is_code = strcmp(kind, "ticket") == 0 || strcmp(kind, "dossier") == 0;
	char name[SHOP_NAME_BYTES];
	char *found = NULL;

	if (strcmp(kind, "movement") == 0)
		found = movement_number(shop, id);
	else if (strcmp(kind, "transfer") == 0)
		found = find_name(shop, "SELECT number FROM transfer WHERE id = $1", id);
	else if (strcmp(kind, "stocktake") == 0)
		found = find_name(shop, "SELECT number FROM stocktake WHERE id = $1", id);
	else if (strcmp(kind, "sales_order") == 0)
		found = find_name(shop, "SELECT number FROM sales_order WHERE id = $1", id);
	else if (strcmp(kind, "redemption") == 0)
		found = find_name(shop, "SELECT code FROM redemption WHERE id = $1", id);
	is_code = is_code || (found && strcmp(kind, "redemption") == 0);
	put_name(found, id, name, sizeof(name));
	if (is_code)
		shop_code(shop, name, out, size);
	else
		snprintf(out, size, "%s", name);
}

bool shop_is_pending(const struct shop *shop, const char *table, const char *key)
{
	static const struct {
		const char *table;
		const char *sql;
	} queries[] = {
		{"movement", "SELECT 1 FROM before_movement WHERE id = $1"},
		{"movement_line", "SELECT 1 FROM before_movement_line WHERE movement = $1"},
		{"transfer", "SELECT 1 FROM before_transfer WHERE id = $1"},
		{"transfer_line", "SELECT 1 FROM before_transfer_line WHERE transfer = $1"},
		{"stocktake", "SELECT 1 FROM before_stocktake WHERE id = $1"},
		{"stocktake_line", "SELECT 1 FROM before_stocktake_line WHERE stocktake = $1"},
		{"count_entry", "SELECT 1 FROM before_count_entry WHERE id = $1"},
		{"sales_order", "SELECT 1 FROM before_sales_order WHERE number = $1"},
		{"order_line", "SELECT 1 FROM before_order_line WHERE order_number = $1"},
		{"redemption", "SELECT 1 FROM before_redemption WHERE id = $1"},
		{"refused_scan", "SELECT 1 FROM before_refused_scan WHERE id = $1"},
		{"ticket", "SELECT 1 FROM before_ticket WHERE code = $1"},
		{"ticket_uses",
			"SELECT 1 FROM redemption r JOIN before_redemption b ON b.id = r.id "
			"WHERE r.code = $1"},
		{"ticket_order",
			"SELECT 1 FROM ticket t WHERE t.order_number = $1 AND (EXISTS "
			"(SELECT 1 FROM before_ticket b WHERE b.code = t.code) OR EXISTS "
			"(SELECT 1 FROM redemption r JOIN before_redemption b ON b.id = r.id "
			"WHERE r.code = t.code))"},
		{"dossier", "SELECT 1 FROM before_dossier WHERE code = $1"},
		{"ledger", "SELECT 1 FROM before_ledger WHERE id = $1"},
		{"staff", "SELECT 1 FROM before_staff WHERE id = $1"},
	};
	struct db *cache = shop_db(shop);

	for (size_t i = 0; cache && key && i < sizeof(queries) / sizeof(queries[0]); i++)
		if (strcmp(queries[i].table, table) == 0)
			return db_has(cache, queries[i].sql, "t", key);
	return false;
}

/* ------------------------------------------------------------------ times */

void shop_when_full(const struct shop *shop, int64_t ms, char out[SHOP_WHEN_BYTES])
{
	char day[WHEN_SIZE];
	char time[WHEN_SIZE];

	out[0] = '\0';
	if (ms == 0)
		return;
	when_local_date(ms, shop->tz_minutes, day);
	when_local_time(ms, shop->tz_minutes, time);
	snprintf(out, SHOP_WHEN_BYTES, "%.10s %.5s", day, time);
}

void shop_day(const struct shop *shop, int64_t ms, char out[SHOP_WHEN_BYTES])
{
	shop_when_full(shop, ms, out);
	if (out[0])
		out[10] = '\0';
}

/* The store's day and time now, asked once a second: a screen full of times is painted with each key. */
static const char *now_full(const struct shop *shop)
{
	static char text[SHOP_WHEN_BYTES];
	static int64_t asked_ms;
	static int64_t tz_minutes;

	if (!text[0] || app_now_ms() - asked_ms >= SECOND_MS || tz_minutes != shop->tz_minutes) {
		shop_when_full(shop, shop_now(shop), text);
		asked_ms = app_now_ms();
		tz_minutes = shop->tz_minutes;
	}
	return text;
}

void shop_when(const struct shop *shop, int64_t ms, char out[SHOP_WHEN_BYTES])
{
	const char *now = now_full(shop);
	char full[SHOP_WHEN_BYTES];

	shop_when_full(shop, ms, full);
	if (!full[0])
		out[0] = '\0';
	else if (strncmp(full, now, 10) == 0)
		snprintf(out, SHOP_WHEN_BYTES, "%s", full + 11);
	else if (strncmp(full, now, 4) == 0)
		snprintf(out, SHOP_WHEN_BYTES, "%s", full + 5);
	else
		snprintf(out, SHOP_WHEN_BYTES, "%.10s", full);
}

void shop_age(int64_t age_ms, char *out, size_t size)
{
	if (age_ms < MINUTE_MS)
		snprintf(out, size, "%s", _("now"));
	else if (age_ms < HOUR_MS)
		snprintf(out, size, _("%d min"), (int)(age_ms / MINUTE_MS));
	else if (age_ms < DAY_MS)
		snprintf(out, size, _("%d h"), (int)(age_ms / HOUR_MS));
	else
		snprintf(out, size, ngettext("%d day", "%d days", (unsigned long)(age_ms / DAY_MS)),
			(int)(age_ms / DAY_MS));
}

/* ------------------------------------------------------------------ a copy on its way */

void shop_copy_words(const struct console_progress *copied, char *out, size_t size)
{
	char left[32];
	int64_t percent = copied->rows_expected > 0 ? copied->rows * 100 / copied->rows_expected
						    : 0;

	snprintf(left, sizeof(left), copied->left_s < 2 * 60 ? _("%lld s") : _("%lld min"),
		(long long)(copied->left_s < 2 * 60 ? copied->left_s : copied->left_s / 60));
	if (copied->indexes_all > 0)
		snprintf(out, size, _("making indexes: %lld of %lld"), (long long)copied->indexes,
			(long long)copied->indexes_all);
	else if (copied->left_s > 0)
		/* TRANSLATORS: the last is a time: "40 s", "3 min". */
		snprintf(out, size, _("%lld %%, %lld rows/s, %s left"), (long long)percent,
			(long long)copied->rows_per_s, left);
	else
		snprintf(out, size, _("%lld rows so far"), (long long)copied->rows);
}

const char *shop_empty_words(const struct shop *shop, const char *otherwise)
{
	static char words[200];
	struct console_progress copied;
	char how_far[150];

	if (!shop_db(shop) || !console_progress(shop->console, &copied) || !copied.is_first)
		return otherwise;
	shop_copy_words(&copied, how_far, sizeof(how_far));
	snprintf(words, sizeof(words), _("The first copy from HQ is on its way: %s."), how_far);
	return words;
}

/* ------------------------------------------------------------------ quantities */

void shop_qty(int64_t qty_milli, char out[SHOP_QTY_BYTES])
{
	struct text text = TEXT_INIT(SHOP_QTY_BYTES);

	text_add_qty(&text, qty_milli);
	snprintf(out, SHOP_QTY_BYTES, "%s%s", qty_milli < 0 ? "\u2212" : "",
		text_get(&text) + (qty_milli < 0));
	text_free(&text);
}

void shop_qty_signed(int64_t qty_milli, char out[SHOP_QTY_BYTES])
{
	char plain[SHOP_QTY_BYTES];

	shop_qty(qty_milli, plain);
	snprintf(out, SHOP_QTY_BYTES, "%s%.30s", qty_milli > 0 ? "+" : "", plain);
}

enum role shop_qty_role(int64_t qty_milli)
{
	if (qty_milli < 0)
		return ROLE_LOSS;
	return qty_milli > 0 ? ROLE_GAIN : ROLE_NORMAL;
}
