#include "model/far_stock.h"

#include "model/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More SKUs than anybody looks at in a day; the oldest go. */
#define KEPT_MOST 2000
/* What nobody could be told for so long is not waited for any more. */
#define ASKED_MOST_MS INT64_C(86400000)

static bool settled(struct db *cache)
{
	bool good = db_failed(cache) == DB_OK;

	if (!good)
		db_forget_failure(cache);
	return good;
}

bool far_stock_ask(struct db *cache, const char *sku, int64_t now_ms)
{
	if (db_has(cache,
		    "SELECT 1 FROM far_stock WHERE sku = $1 AND (asked > 0 OR (at > $2 AND at <= $3))",
		    "tii", sku, now_ms - FAR_STOCK_FRESH_MS, now_ms))
		return false;
	db_run(cache,
		"INSERT INTO far_stock (sku, asked) VALUES ($1, $2)"
		" ON CONFLICT (sku) DO UPDATE SET asked = excluded.asked",
		"ti", sku, now_ms);
	return settled(cache);
}

static cJSON *list_of(struct db *cache, const char *sku, int64_t *at_ms)
{
	struct db_rows *rows = db_query(cache,
		"SELECT told, at FROM far_stock WHERE sku = $1 AND told IS NOT NULL", "t", sku);
	cJSON *list = NULL;

	*at_ms = 0;
	if (db_next(rows)) {
		list = json_parse(db_text(rows, 0), strlen(db_text(rows, 0)), NULL, 0);
		*at_ms = list ? db_int(rows, 1) : 0;
	}
	db_done(rows);
	return list;
}

/* A decimal of HQ's; 0 if it is none. */
static int64_t milli_of(const cJSON *row, const char *name)
{
	int64_t milli = 0;

	json_qty_of(row, name, &milli);
	return milli;
}

static void read_row(const cJSON *row, struct far_stock *out)
{
	out->is_stocked = true;
	out->figures = (struct stock_figures){
		.on_hand = milli_of(row, "on_hand"),
		.in_transit_in = milli_of(row, "in_transit_in"),
		.in_transit_out = milli_of(row, "in_transit_out"),
		.damaged = milli_of(row, "damaged"),
		.available = milli_of(row, "available"),
	};
}

static bool is_of(const cJSON *row, const char *member, const char *value)
{
	const char *text = json_text(row, member);

	return text && strcmp(text, value) == 0;
}

void far_stock_of(struct db *cache, const char *store, const char *sku, struct far_stock *out)
{
	cJSON *list;
	const cJSON *row;

	*out = (struct far_stock){.at_ms = 0};
	list = list_of(cache, sku, &out->at_ms);
	cJSON_ArrayForEach(row, list)
	{
		if (is_of(row, "store", store) && is_of(row, "sku", sku))
			read_row(row, out);
	}
	cJSON_Delete(list);
}

bool far_stock_is_nowhere(struct db *cache, const char *but_store, const char *sku)
{
	int64_t at_ms;
	cJSON *list = list_of(cache, sku, &at_ms);
	const cJSON *row;
	bool nowhere = at_ms > 0;

	cJSON_ArrayForEach(row, list)
		nowhere = nowhere && (is_of(row, "store", but_store) || !is_of(row, "sku", sku));
	cJSON_Delete(list);
	return nowhere;
}

int64_t far_stock_waiting(struct db *cache)
{
	return db_get_int(cache, 0, "SELECT COUNT(*) FROM far_stock WHERE asked > 0", "");
}

bool far_stock_next(struct db *cache, char sku[COMMAND_ID_MAX + 1])
{
	char *next = db_get_text(
		cache, "SELECT sku FROM far_stock WHERE asked > 0 ORDER BY asked, sku LIMIT 1", "");

	snprintf(sku, COMMAND_ID_MAX + 1, "%s", next ? next : "");
	free(next);
	return sku[0] != '\0';
}

bool far_stock_take(struct db *cache, const char *sku, const cJSON *list, int64_t now_ms)
{
	char *told = list ? cJSON_PrintUnformatted(list) : NULL;

	if (!db_begin(cache)) {
		cJSON_free(told);
		settled(cache);
		return false;
	}
	if (told)
		db_run(cache, "UPDATE far_stock SET told = $2, at = $3, asked = 0 WHERE sku = $1",
			"tti", sku, told, now_ms);
	else
		db_run(cache, "UPDATE far_stock SET asked = 0 WHERE sku = $1", "t", sku);
	db_run(cache, "UPDATE far_stock SET asked = 0 WHERE asked > 0 AND asked < $1", "i",
		now_ms - ASKED_MOST_MS);
	db_run(cache,
		"DELETE FROM far_stock WHERE sku IN (SELECT sku FROM far_stock WHERE asked = 0"
		" ORDER BY at DESC LIMIT -1 OFFSET $1)",
		"i", (int64_t)KEPT_MOST);
	cJSON_free(told);
	if (db_commit(cache))
		return true;
	db_rollback(cache);
	return false;
}

void far_stock_copy(struct db *cache, struct db *into)
{
	struct db_rows *rows = db_query(cache, "SELECT sku, told, at, asked FROM far_stock", "");

	while (db_next(rows))
		db_run(into, "INSERT INTO far_stock (sku, told, at, asked) VALUES ($1, $2, $3, $4)",
			"ttii", db_text(rows, 0), db_null(rows, 1) ? NULL : db_text(rows, 1),
			db_int(rows, 2), db_int(rows, 3));
	db_done(rows);
}
