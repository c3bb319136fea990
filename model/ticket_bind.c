/* Tickets that are for certain stores only (product.md §4), and who learns of their redemptions.
 *
 * A redemption is in the feeds of the ticket's stores, so that each knows what the others took; the
 * row keeps a copy of them for that. A store that redeemed a ticket bound elsewhere, and is in its
 * dossier, learns of the other redemptions too. */
#include "model/ticket_parts.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/text.h"

#include <stdlib.h>
#include <string.h>

/* Each store of a row is a feed of the row, and a row is in so many feeds at most. */
#define STORES_MAX 60

bool ticket_names_store(const char *list, const char *store)
{
	cJSON *stores = list ? json_parse(list, strlen(list), NULL, 0) : NULL;
	const cJSON *item;
	bool named = false;
	cJSON_ArrayForEach(item, stores) named = named ||
		(store && cJSON_IsString(item) && strcmp(item->valuestring, store) == 0);
	cJSON_Delete(stores);
	return named;
}

bool ticket_any_store(const char *list)
{
	return !list || !*list || strcmp(list, "[]") == 0;
}

enum refusal ticket_check_stores(struct call *call, const cJSON *stores)
{
	const cJSON *store;
	if (cJSON_GetArraySize(stores) > STORES_MAX)
		return call_refuse(call, REFUSED_bad_data,
			"stores: at most %d; leave them out for any store", STORES_MAX);
	cJSON_ArrayForEach(store, stores)
	{
		if (!db_has(call->db, "SELECT 1 FROM store WHERE id = $1", "t", store->valuestring))
			return call_refuse(
				call, REFUSED_unknown_store, "no store %s", store->valuestring);
	}
	return REFUSAL_NONE;
}

char *ticket_product_stores(struct db *db, const char *product)
{
	char *stores = db_get_text(
		db, "SELECT stores FROM ticket_product WHERE sku = $1", "t", product);
	return stores ? stores : text_copy("[]");
}

/* ---- routing ---- */

/* Adds what is not in the list yet. */
static void add_stores(cJSON *all, const char *list)
{
	cJSON *stores = list ? json_parse(list, strlen(list), NULL, 0) : NULL;
	const cJSON *store, *other;
	cJSON_ArrayForEach(store, stores)
	{
		bool there = !cJSON_IsString(store);
		cJSON_ArrayForEach(other, all)
			there = there || strcmp(other->valuestring, store->valuestring) == 0;
		if (!there)
			cJSON_AddItemToArray(all, cJSON_CreateString(store->valuestring));
	}
	cJSON_Delete(stores);
}

void ticket_route(struct db *db, const char *code)
{
	char *bound = db_get_text(db, "SELECT stores FROM ticket WHERE code = $1", "t", code);
	char *involved = db_get_text(db, "SELECT stores FROM dossier WHERE code = $1", "t", code);
	cJSON *all = cJSON_CreateArray();
	add_stores(all, bound);
	if (!ticket_any_store(bound))
		add_stores(all, involved);
	char *stores = cJSON_PrintUnformatted(all);
	db_run(db, "UPDATE redemption SET stores = $2 WHERE code = $1 AND stores <> $2", "tt", code,
		stores);
	cJSON_free(stores);
	cJSON_Delete(all);
	free(involved);
	free(bound);
}

/* ---- binding ---- */

/* The codes of the product that have a dossier, as a list that the caller deletes. */
static cJSON *disputed_codes(struct db *db, const char *product)
{
	cJSON *codes = cJSON_CreateArray();
	struct db_rows *rows = db_query(
		db, "SELECT code FROM dossier WHERE product = $1 ORDER BY code", "t", product);
	while (db_next(rows))
		cJSON_AddItemToArray(codes, cJSON_CreateString(db_text(rows, 0)));
	db_done(rows);
	return codes;
}

#define LIVING "product = $1 AND status IN ('active', 'blocked')"

/* Binds every living ticket of the product that is for other stores; their number. They may be very many,
 * so all go in one statement: each statement of a savepoint takes the longer the more were before it. */
static int64_t bind_sold(struct call *call, const char *product, const char *stores)
{
	const cJSON *code;
	db_run(call->db,
		"UPDATE ticket SET stores = $2 WHERE " LIVING " AND COALESCE(stores, '[]') <> $2",
		"tt", product, stores);
	int64_t bound = db_changed(call->db);
	db_run(call->db,
		"UPDATE redemption SET stores = $2 WHERE code IN (SELECT code FROM ticket WHERE " LIVING
		") AND stores <> $2",
		"tt", product, stores);
	cJSON *codes = disputed_codes(call->db, product);
	cJSON_ArrayForEach(code, codes) ticket_route(call->db, code->valuestring);
	cJSON_Delete(codes);
	return bound;
}

enum refusal ticket_bind(struct call *call)
{
	const char *product = call_text(call, "product");
	const cJSON *named = json_list(call->command->data, "stores");
	if (!call_knows_sku(call, product))
		return call_refuse(call, REFUSED_unknown_sku, "no product %s", product);
	enum refusal refusal = ticket_check_stores(call, named);
	if (refusal != REFUSAL_NONE)
		return refusal;
	cJSON *list = cJSON_CreateArray();
	char *typed = cJSON_PrintUnformatted(named);
	add_stores(list, typed);
	char *stores = cJSON_PrintUnformatted(list);
	db_run(call->db,
		"INSERT INTO ticket_product (sku, stores) VALUES ($1, $2)"
		" ON CONFLICT (sku) DO UPDATE SET stores = excluded.stores",
		"tt", product, stores);
	bool sold = strcmp(call_text(call, "sold"), "bind") == 0;
	int64_t bound = sold ? bind_sold(call, product, stores) : 0;
	cJSON_AddStringToObject(call_result(call), "product", product);
	cJSON_AddItemToObject(call_result(call), "stores", list);
	cJSON_AddNumberToObject(call_result(call), "tickets", (double)bound);
	struct call_doc doc = {.kind = "product", .id = product, .store = call->store};
	call_log(call, &doc, sold ? "bind" : "keep");
	cJSON_free(typed);
	cJSON_free(stores);
	return REFUSAL_NONE;
}
