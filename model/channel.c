#include "model/channel.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/salable.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the stores of a channel ---- */

/* A stock line in stock, of an enabled store of the channel. */
#define STOCKS                                              \
	" FROM channel_store c"                             \
	" JOIN store s ON s.id = c.store AND s.enabled = 1" \
	" JOIN stock k ON k.store = c.store AND k.sku = $2 AND k.in_stock = 1 WHERE c.channel = $1"

int channel_stocks(
	struct db *db, const char *channel, const char *sku, struct channel_stock **stocks)
{
	int64_t size = db_get_int(db, 0, "SELECT COUNT(*)" STOCKS, "tt", channel, sku);
	*stocks = calloc((size_t)size + 1, sizeof(**stocks));
	if (!*stocks)
		return -1;
	struct db_rows *rows = db_query(db,
		"SELECT c.store, k.on_hand" STOCKS " ORDER BY c.no, c.store", "tt", channel, sku);
	int count = 0;
	while (count < size && db_next(rows)) {
		struct channel_stock *stock = &(*stocks)[count++];
		snprintf(stock->store, sizeof(stock->store), "%s", db_text(rows, 0));
		stock->on_hand = db_int(rows, 1);
	}
	db_done(rows);
	return count;
}

bool channel_is_whole(struct call *call, const char *channel)
{
	if (call->world->at_hq)
		return true;
	struct db_rows *rows = db_query(
		call->db, "SELECT store FROM channel_store WHERE channel = $1", "t", channel);
	bool whole = true;
	while (db_next(rows))
		whole = whole && call_follows(call, db_text(rows, 0));
	db_done(rows);
	return whole;
}

bool channel_serves(struct db *db, const char *channel, const char *store)
{
	return store &&
		db_has(db, "SELECT 1 FROM channel_store WHERE channel = $1 AND store = $2", "tt",
			channel, store);
}

static enum refusal post(
	struct call *call, const struct channel_goods *goods, const char *store, int64_t change)
{
	return stock_post(call,
		&(struct stock_change){.store = store,
			.sku = goods->sku,
			.on_hand = change,
			.reason = goods->reason,
			.doc = goods->doc});
}

static enum refusal take_from(struct call *call, const struct channel_goods *goods,
	const struct channel_stock *stocks, int count)
{
	int64_t left = goods->qty;
	for (int i = 0; i < count && left > 0; i++) {
		int64_t qty = stocks[i].on_hand < left ? stocks[i].on_hand : left;
		if (qty <= 0)
			continue;
		enum refusal refusal = post(call, goods, stocks[i].store, -qty);
		if (refusal)
			return refusal;
		left -= qty;
	}
	if (left == 0)
		return REFUSAL_NONE;
	struct text lacks = TEXT_INIT(TEXT_SMALL);
	text_add_qty(&lacks, left);
	enum refusal refusal = call_refuse(call, REFUSED_not_enough,
		"%s: the stores of the channel %s lack %s", goods->sku, goods->channel,
		text_get(&lacks));
	text_free(&lacks);
	return refusal;
}

/* Where not all stores are held, only HQ can tell which of them it is; what is left to promise is known
 * all the same. */
enum refusal channel_take(struct call *call, const struct channel_goods *goods)
{
	struct channel_stock *stocks;
	if (!channel_is_whole(call, goods->channel)) {
		salable_note_somewhere(call, goods->channel, goods->sku, -goods->qty);
		return REFUSAL_NONE;
	}
	int count = channel_stocks(call->db, goods->channel, goods->sku, &stocks);
	enum refusal refusal = count < 0 ? REFUSAL_FAULT : take_from(call, goods, stocks, count);
	free(stocks);
	return refusal;
}

enum refusal channel_put_back(struct call *call, const struct channel_goods *goods)
{
	struct channel_stock *stocks;
	if (!channel_is_whole(call, goods->channel)) {
		salable_note_somewhere(call, goods->channel, goods->sku, goods->qty);
		return REFUSAL_NONE;
	}
	int count = channel_stocks(call->db, goods->channel, goods->sku, &stocks);
	enum refusal refusal = count < 0 ? REFUSAL_FAULT
		: count == 0
		? call_refuse(call, REFUSED_not_stocked, "no store of the channel %s stocks %s",
			  goods->channel, goods->sku)
		: post(call, goods, stocks[0].store, goods->qty);
	free(stocks);
	return refusal;
}

/* ---- channel.put ---- */

static enum refusal check_stores(struct call *call, const cJSON *stores)
{
	const cJSON *store, *other;
	if (cJSON_GetArraySize(stores) == 0)
		return call_refuse(call, REFUSED_bad_data,
			"stores must name one store or more, first come first");
	cJSON_ArrayForEach(store, stores)
	{
		if (!db_has(call->db, "SELECT 1 FROM store WHERE id = $1", "t", store->valuestring))
			return call_refuse(
				call, REFUSED_unknown_store, "no store %s", store->valuestring);
		for (other = store->next; other; other = other->next)
			if (strcmp(other->valuestring, store->valuestring) == 0)
				return call_refuse(call, REFUSED_bad_data, "stores names %s twice",
					store->valuestring);
	}
	return REFUSAL_NONE;
}

static void write_stores(struct call *call, const char *channel, const cJSON *stores)
{
	const cJSON *store;
	int64_t no = 0;
	db_run(call->db, "DELETE FROM channel_store WHERE channel = $1", "t", channel);
	cJSON_ArrayForEach(store, stores) db_run(call->db,
		"INSERT INTO channel_store (channel, store, no) VALUES ($1, $2, $3)", "tti",
		channel, store->valuestring, ++no);
}

enum refusal channel_put(struct call *call)
{
	const char *id = call_text(call, "id");
	const cJSON *stores = json_list(call->command->data, "stores");
	enum refusal refusal = check_stores(call, stores);
	if (refusal)
		return refusal;
	char *list = cJSON_PrintUnformatted(stores);
	db_run(call->db,
		"INSERT INTO channel (id, name, stores) VALUES ($1, $2, $3) ON CONFLICT (id)"
		" DO UPDATE SET name = excluded.name, stores = excluded.stores",
		"ttt", id, call_text(call, "name"), list);
	cJSON_free(list);
	write_stores(call, id, stores);
	salable_recount_channel(call, id);
	return REFUSAL_NONE;
}
