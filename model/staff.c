/* staff.h, and the command that keeps the list of staff.
 *
 * Who may put whom (product.md §7): hq anyone; a manager only clerks and ticket clerks who work at
 * the manager's own stores and nowhere else, before the change and after it. */
#include "model/staff.h"

#include "model/handlers.h"
#include "model/json.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(STAFF_HASH_SIZE >= crypto_pwhash_argon2id_STRBYTES, "a hash does not fit");

bool staff_pin_hash(const char *pin, char hash[STAFF_HASH_SIZE])
{
	size_t length = strlen(pin);
	hash[0] = '\0';
	if (length < STAFF_PIN_MIN || length > STAFF_PIN_MAX || sodium_init() < 0)
		return false;
	return crypto_pwhash_argon2id_str(hash, pin, length,
		       crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
		       crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE) == 0;
}

bool staff_pin_matches(const char *hash, const char *pin)
{
	/* libsodium reads the whole field; a longer or shorter text is no hash of ours. */
	char field[crypto_pwhash_argon2id_STRBYTES] = "";
	size_t length = hash ? strlen(hash) : 0;
	if (length == 0 || length >= sizeof(field) || sodium_init() < 0)
		return false;
	memcpy(field, hash, length);
	return crypto_pwhash_argon2id_str_verify(field, pin, strlen(pin)) == 0;
}

static bool list_has(const cJSON *list, const char *word)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, list)
	{
		if (cJSON_IsString(item) && strcmp(item->valuestring, word) == 0)
			return true;
	}
	return false;
}

/* The stores in a row's text; the caller frees it. NULL stands for none. */
static cJSON *stores_parse(const char *text)
{
	return text ? json_parse(text, strlen(text), NULL, 0) : NULL;
}

enum staff_role staff_role(struct db *db, const char *staff, const char *store)
{
	struct db_rows *rows = db_query(
		db, "SELECT role, stores FROM staff WHERE id = $1 AND active <> 0", "t", staff);
	enum staff_role role = ROLE_NONE;
	if (db_next(rows)) {
		cJSON *stores = stores_parse(db_text(rows, 1));
		role = role_parse(db_text(rows, 0));
		/* hq works at every store. */
		if (role != ROLE_HQ && !(store && list_has(stores, store)))
			role = ROLE_NONE;
		cJSON_Delete(stores);
	}
	db_done(rows);
	return role;
}

/* ---- the command ---- */

static bool all_in(const cJSON *some, const cJSON *all)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, some)
	{
		if (!cJSON_IsString(item) || !list_has(all, item->valuestring))
			return false;
	}
	return true;
}

static enum refusal check_manager(struct call *call, enum staff_role had, const cJSON *had_stores)
{
	const char *id = call_text(call, "id"), *actor = call->command->actor;
	char *text = db_get_text(call->db, "SELECT stores FROM staff WHERE id = $1", "t", actor);
	cJSON *own = stores_parse(text);
	bool low = had < ROLE_MANAGER && role_parse(call_text(call, "role")) < ROLE_MANAGER;
	bool here = all_in(json_list(call->command->data, "stores"), own) &&
		all_in(had_stores, own);
	cJSON_Delete(own);
	free(text);
	if (!low)
		return call_refuse(call, REFUSED_no_right,
			"only hq may add or change a manager or hq: %s", id);
	if (!here)
		return call_refuse(call, REFUSED_no_right,
			"%s works or would work at a store that %s does not manage", id, actor);
	return REFUSAL_NONE;
}

static enum refusal check_stores(struct call *call)
{
	const cJSON *stores = json_list(call->command->data, "stores"), *store;
	bool is_hq = role_parse(call_text(call, "role")) == ROLE_HQ;
	if (cJSON_GetArraySize(stores) == 0 && !is_hq)
		return call_refuse(
			call, REFUSED_bad_data, "stores: name at least one; only hq works at all");
	cJSON_ArrayForEach(store, stores)
	{
		if (!db_has(call->db, "SELECT 1 FROM store WHERE id = $1", "t", store->valuestring))
			return call_refuse(
				call, REFUSED_unknown_store, "no store %s", store->valuestring);
	}
	return REFUSAL_NONE;
}

static enum refusal check_pin(struct call *call)
{
	const char *hash = call_text(call, "pin_hash");
	if (call_text(call, "pin"))
		return call_refuse(call, REFUSED_bad_data,
			"pin: a PIN is hashed before it is sent, as pin_hash");
	if (hash && (strlen(hash) >= STAFF_HASH_SIZE || strncmp(hash, "$argon2id$", 10) != 0))
		return call_refuse(call, REFUSED_bad_data, "pin_hash is not an argon2id hash");
	return REFUSAL_NONE;
}

/* A PIN or a suspension the command does not speak of stays as it was. */
static void staff_write(struct call *call, const char *had_hash, bool had_active)
{
	const char *hash = call_text(call, "pin_hash");
	char *stores = cJSON_PrintUnformatted(json_list(call->command->data, "stores"));
	db_run(call->db,
		"INSERT INTO staff (id, name, role, stores, pin_hash, active)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET"
		" name = excluded.name, role = excluded.role, stores = excluded.stores,"
		" pin_hash = excluded.pin_hash, active = excluded.active",
		"ttttti", call_text(call, "id"), call_text(call, "name"), call_text(call, "role"),
		stores, hash ? hash : had_hash, (int64_t)call_bool(call, "active", had_active));
	cJSON_free(stores);
}

enum refusal staff_put(struct call *call)
{
	struct db_rows *rows = db_query(call->db,
		"SELECT role, stores, pin_hash, active FROM staff WHERE id = $1", "t",
		call_text(call, "id"));
	bool had = db_next(rows);
	cJSON *had_stores = had ? stores_parse(db_text(rows, 1)) : NULL;
	enum staff_role had_role = had ? role_parse(db_text(rows, 0)) : ROLE_NONE;
	enum refusal refusal = check_pin(call);
	if (refusal == REFUSAL_NONE)
		refusal = check_stores(call);
	if (refusal == REFUSAL_NONE && call->role < ROLE_HQ)
		refusal = check_manager(call, had_role, had_stores);
	if (refusal == REFUSAL_NONE) {
		const char *hash = had ? db_text(rows, 2) : NULL;
		staff_write(call, hash ? hash : "", !had || db_int(rows, 3));
	}
	cJSON_Delete(had_stores);
	db_done(rows);
	return refusal;
}
