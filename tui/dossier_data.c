/* The dossier and its redemptions as the cache has them. */
#include "tui/dossier.h"

#include <string.h>

#include "model/json.h"
#include "model/when.h"

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

/* ---- redemptions ---- */

enum {
	USE_ID,
	USE_STORE,
	USE_ACTOR,
	USE_DEVICE,
	USE_AT,
	USE_RECORDED,
	USE_QTY,
	USE_MODE,
	USE_BASIS,
	USE_VOIDED_AT,
	USE_VOIDED_BY,
	USE_REASON
};

static void read_basis(struct dossier_use *use, const char *bytes)
{
	cJSON *basis = bytes ? json_parse(bytes, strlen(bytes), NULL, 0) : NULL;
	const char *cache_at = json_text(basis, "cache_at");
	const char *claimed_at = json_text(basis, "claimed_at");

	use->clock_error_ms = json_int(basis, "clock_error_ms", DOSSIER_NOT_KNOWN);
	use->cache_age_s = json_int(basis, "cache_age_s", DOSSIER_NOT_KNOWN);
	use->remaining = json_int(basis, "remaining", DOSSIER_NOT_KNOWN);
	if (cache_at)
		when_parse(cache_at, &use->cache_ms);
	if (claimed_at)
		when_parse(claimed_at, &use->claimed_ms);
	copy(use->line, sizeof(use->line), json_text(basis, "line"));
	copy(use->shown, sizeof(use->shown), json_text(basis, "shown"));
	cJSON_Delete(basis);
}

static void read_use(const struct shop *shop, struct db_rows *rows, struct dossier_use *use)
{
	const char *mode = db_text(rows, USE_MODE);

	*use = (struct dossier_use){.at_ms = db_int(rows, USE_AT),
		.recorded_ms = db_int(rows, USE_RECORDED),
		.qty = db_int(rows, USE_QTY),
		.is_offline = mode && strcmp(mode, "offline") == 0,
		.is_voided = !db_null(rows, USE_VOIDED_AT),
		.voided_ms = db_int(rows, USE_VOIDED_AT)};
	copy(use->id, sizeof(use->id), db_text(rows, USE_ID));
	copy(use->store, sizeof(use->store), db_text(rows, USE_STORE));
	copy(use->actor, sizeof(use->actor), db_text(rows, USE_ACTOR));
	copy(use->device, sizeof(use->device), db_text(rows, USE_DEVICE));
	copy(use->voided_by, sizeof(use->voided_by), db_text(rows, USE_VOIDED_BY));
	copy(use->void_reason, sizeof(use->void_reason), db_text(rows, USE_REASON));
	read_basis(use, db_text(rows, USE_BASIS));
	use->is_pending = shop_is_pending(shop, "redemption", use->id);
}

static void read_uses(const struct shop *shop, struct db *cache, struct dossier *dossier)
{
	struct db_rows *rows = db_query(cache,
		"SELECT r.id, r.store, r.actor, r.device, r.at, r.recorded_at, r.qty, r.mode, r.basis,"
		" v.at, v.actor, v.reason FROM redemption r LEFT JOIN redemption v ON v.of = r.id"
		" WHERE r.code = $1 AND r.kind = 'redeem' ORDER BY r.at, r.id",
		"t", dossier->code);

	for (; db_next(rows); dossier->use_total++)
		if (dossier->use_count < DOSSIER_USES_MAX)
			read_use(shop, rows, &dossier->uses[dossier->use_count++]);
	db_done(rows);
}

/* ---- the dossier ---- */

bool dossier_read(const struct shop *shop, const char *code, struct dossier *dossier)
{
	struct db *cache = shop_db(shop);
	struct db_rows *rows;

	memset(dossier, 0, sizeof(*dossier));
	copy(dossier->code, sizeof(dossier->code), code);
	if (!cache)
		return false;
	rows = db_query(cache,
		"SELECT order_number, product, stores, units, spent, status, opened_at, settled_at,"
		" settled_by, settled_store, charged, redemption, note FROM dossier WHERE code = $1",
		"t", code);
	dossier->is_there = db_next(rows);
	if (dossier->is_there) {
		copy(dossier->order, sizeof(dossier->order), db_text(rows, 0));
		copy(dossier->product, sizeof(dossier->product), db_text(rows, 1));
		copy(dossier->stores, sizeof(dossier->stores), db_text(rows, 2));
		dossier->units = db_int(rows, 3);
		dossier->spent = db_int(rows, 4);
		copy(dossier->status, sizeof(dossier->status), db_text(rows, 5));
		dossier->opened_ms = db_int(rows, 6);
		dossier->settled_ms = db_int(rows, 7);
		copy(dossier->settled_by, sizeof(dossier->settled_by), db_text(rows, 8));
		copy(dossier->settled_store, sizeof(dossier->settled_store), db_text(rows, 9));
		copy(dossier->charged, sizeof(dossier->charged), db_text(rows, 10));
		copy(dossier->redemption, sizeof(dossier->redemption), db_text(rows, 11));
		copy(dossier->note, sizeof(dossier->note), db_text(rows, 12));
	}
	db_done(rows);
	dossier->is_pending = shop_is_pending(shop, "dossier", code);
	if (dossier->is_there)
		read_uses(shop, cache, dossier);
	return dossier->is_there;
}

bool dossier_is(const struct dossier *dossier, const char *status)
{
	return strcmp(dossier->status, status) == 0;
}

bool dossier_is_unsettled(const struct dossier *dossier)
{
	return dossier_is(dossier, "open") || dossier_is(dossier, "reported");
}

bool dossier_names(const struct dossier *dossier, const char *store)
{
	char quoted[COMMAND_ID_MAX + 3];

	snprintf(quoted, sizeof(quoted), "\"%s\"", store);
	return strstr(dossier->stores, quoted) != NULL;
}

int dossier_latest(const struct dossier *dossier)
{
	for (int i = dossier->use_count - 1; i >= 0; i--)
		if (!dossier->uses[i].is_voided)
			return i;
	return -1;
}
