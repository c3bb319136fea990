/* Pages of HQ's rows pile up in `staged` and become visible all at once (design.md §1, step 5). */
#include "model/catalogue.h"
#include "model/console_parts.h"
#include "model/json.h"
#include "model/table.h"
#include "model/text.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REINDEX_ALL_FROM 5000 /* product rows; more than these are indexed in one sweep */

char *console_cursor(struct console *console)
{
	char *cursor = console->cache ? parts_state(console, "staged_cursor") : NULL;
	if (!cursor && console->cache)
		cursor = parts_state(console, "cursor");
	return cursor ? cursor : text_copy("");
}

bool console_stage_begin(struct console *console)
{
	if (!console->cache)
		return false;
	if (db_begin(console->cache))
		return true;
	db_forget_failure(console->cache);
	return false;
}

/* The first eight bytes of SHA-256, as HQ sums them. */
static int64_t row_hash(const char *bytes, size_t length)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	uint64_t value = 0;
	crypto_hash_sha256(hash, (const unsigned char *)bytes, length);
	for (int i = 0; i < 8; i++)
		value = value << 8 | hash[i];
	return (int64_t)value;
}

bool console_stage_row(
	struct console *console, const cJSON *line, const char *row_json, size_t row_length)
{
	const char *feed = json_text(line, "feed"), *seq = json_text(line, "seq"),
		   *tbl = json_text(line, "table");
	const cJSON *key = json_list(line, "key");
	if (!feed || !seq || !tbl || !key)
		return false;
	bool gone = row_length == 4 && memcmp(row_json, "null", 4) == 0;
	char *key_text = cJSON_PrintUnformatted(key);
	struct text row = TEXT_INIT(COMMAND_LINE_MAX * 4);
	text_add_bytes(&row, row_json, row_length);
	bool good = text_ok(&row) &&
		db_run(console->cache,
			"INSERT INTO staged (feed, seq, tbl, key, row, hash) VALUES ($1, $2, $3, $4, $5, $6)",
			"tittti", feed, (int64_t)strtoll(seq, NULL, 10), tbl, key_text,
			gone ? NULL : text_get(&row),
			gone ? INT64_C(0) : row_hash(row_json, row_length));
	text_free(&row);
	cJSON_free(key_text);
	return good;
}

bool console_stage_end(struct console *console, const char *cursor)
{
	parts_set_state(console, "staged_cursor", cursor);
	if (db_commit(console->cache))
		return true;
	db_rollback(console->cache);
	return false;
}

void console_stage_abort(struct console *console)
{
	db_rollback(console->cache);
}

bool console_resync(struct console *console)
{
	struct db *cache = console->cache;
	if (!cache || !db_begin(cache)) {
		if (cache)
			db_forget_failure(cache);
		return false;
	}
	db_run(cache, "DELETE FROM staged", "");
	db_run(cache, "DELETE FROM state WHERE name IN ('staged_cursor', 'cursor')", "");
	parts_set_state(console, "whole_copy", "1");
	if (db_commit(cache))
		return true;
	db_rollback(cache);
	return false;
}

/* ---- landing ---- */

struct sum_call {
	struct db *db;
	int64_t hash; /* added to the sum of each feed the row is in */
};

static void add_to_sum(void *ctx, const char *feed)
{
	struct sum_call *call = ctx;
	/* Sums are modulo 2^64, and SQLite's + is not: it is done here. */
	uint64_t sum = (uint64_t)db_get_int(
		call->db, 0, "SELECT sum FROM feed_state WHERE feed = $1", "t", feed);
	db_run(call->db,
		"INSERT INTO feed_state (feed, sum) VALUES ($1, $2) ON CONFLICT (feed) DO UPDATE SET sum = excluded.sum",
		"ti", feed, (int64_t)(sum + (uint64_t)call->hash));
}

/* Adds the row's hash to the sums of its feeds, or takes it off. */
static void sum_row(struct db *db, const struct table *table, const cJSON *row, int64_t hash)
{
	table_feeds(table, row, add_to_sum, &(struct sum_call){db, hash});
}

static void sum_off_old(struct db *db, const struct table *table, const char *key, int64_t hash)
{
	struct text json = TEXT_INIT(COMMAND_LINE_MAX * 4);
	char error[80];
	if (table_row_json(db, table, key, &json)) {
		cJSON *row = json_parse(text_get(&json), json.length, error, sizeof error);
		sum_row(db, table, row, (int64_t)(0 - (uint64_t)hash));
		cJSON_Delete(row);
	}
	text_free(&json);
}

/* A row this program cannot read (a newer table, another type) is kept aside, and counted in its feed's sum. */
static void land_unknown(struct console *console, struct db_rows *staged)
{
	struct db *db = console->cache;
	const char *feed = db_text(staged, 0), *tbl = db_text(staged, 2), *key = db_text(staged, 3);
	int64_t before = db_get_int(db, 0,
		"SELECT hash FROM unknown_row WHERE tbl = $1 AND key = $2 AND feed = $3", "ttt",
		tbl, key, feed);
	add_to_sum(
		&(struct sum_call){db, (int64_t)((uint64_t)db_int(staged, 5) - (uint64_t)before)},
		feed);
	db_run(db,
		"INSERT INTO unknown_row (tbl, key, feed, row, hash) VALUES ($1, $2, $3, $4, $5) "
		"ON CONFLICT (tbl, key, feed) DO UPDATE SET row = excluded.row, hash = excluded.hash",
		"tttti", tbl, key, feed, db_text(staged, 4), db_int(staged, 5));
}

static void land_row(struct console *console, struct db_rows *staged)
{
	struct db *db = console->cache;
	const struct table *table = table_find(db_text(staged, 2));
	const char *key = db_text(staged, 3), *json = db_text(staged, 4);
	int64_t hash = db_int(staged, 5), old_hash;
	if (!table) {
		land_unknown(console, staged);
		return;
	}
	bool had = table_hash(db, table, key, &old_hash);
	if (had && json && old_hash == hash)
		return;
	if (had)
		sum_off_old(db, table, key, old_hash);
	if (!json) {
		table_delete(db, table, key);
	} else {
		char error[80];
		int unknown = 0;
		cJSON *row = json_parse(json, strlen(json), error, sizeof error);
		if (table_put(db, table, row, hash, &unknown))
			sum_row(db, table, row, hash);
		else if (db_failed(db) == DB_OK)
			land_unknown(console, staged);
		cJSON_Delete(row);
	}
	if (strcmp(table->name, "product") == 0)
		db_run(db, "INSERT INTO reindex SELECT $1 WHERE true ON CONFLICT DO NOTHING", "t",
			key);
}

static void land_positions(struct db *db)
{
	db_run(db,
		"INSERT INTO feed_state (feed, seq) SELECT feed, max(seq) FROM staged WHERE true GROUP BY feed "
		"ON CONFLICT (feed) DO UPDATE SET seq = max(seq, excluded.seq)",
		"");
}

/* The search index, brought in line with the products that came. reindex holds keys. */
static void land_index(struct db *db)
{
	if (db_get_int(db, 0, "SELECT count(*) FROM reindex", "") >= REINDEX_ALL_FROM) {
		catalogue_index_all(db);
	} else {
		struct db_rows *rows = db_query(db, "SELECT sku FROM reindex", "");
		while (db_next(rows)) {
			char error[80];
			const char *key = db_text(rows, 0);
			cJSON *parts = json_parse(key, strlen(key), error, sizeof error);
			const char *sku = cJSON_GetStringValue(cJSON_GetArrayItem(parts, 0));
			if (sku)
				catalogue_index(db, sku);
			cJSON_Delete(parts);
		}
		db_done(rows);
	}
	db_run(db, "DELETE FROM reindex", "");
}

static void drop_everything(struct console *console)
{
	int count;
	const struct table *tables = table_all(&count);
	for (int i = 0; i < count; i++) {
		struct text sql = TEXT_INIT(256);
		text_addf(&sql, "DELETE FROM \"%s\"", tables[i].name);
		db_run(console->cache, text_get(&sql), "");
		text_free(&sql);
	}
	db_run(console->cache, "DELETE FROM feed_state", "");
	db_run(console->cache, "DELETE FROM unknown_row", "");
	catalogue_index_all(console->cache);
	db_run(console->cache, "DELETE FROM state WHERE name = 'whole_copy'", "");
}

static void land_rows(struct console *console)
{
	struct db *db = console->cache;
	if (parts_state_int(console, "whole_copy") == 1)
		drop_everything(console);
	struct db_rows *rows = db_query(
		db, "SELECT feed, seq, tbl, key, row, hash FROM staged ORDER BY n", "");
	while (db_next(rows))
		land_row(console, rows);
	db_done(rows);
	land_positions(db);
	land_index(db);
	db_run(db, "DELETE FROM staged", "");
	char *cursor = parts_state(console, "staged_cursor");
	if (cursor) {
		parts_set_state(console, "cursor", cursor);
		db_run(db, "DELETE FROM state WHERE name = 'staged_cursor'", "");
	}
	free(cursor);
}

/* The trailer names the feeds this device follows, each with its sum. */
static bool sums_differ(struct db *db, const cJSON *sums)
{
	bool differ = false;
	const cJSON *sum;
	db_run(db, "UPDATE feed_state SET followed = 0", "");
	cJSON_ArrayForEach(sum, sums)
	{
		db_run(db,
			"INSERT INTO feed_state (feed, followed) VALUES ($1, 1) "
			"ON CONFLICT (feed) DO UPDATE SET followed = 1",
			"t", sum->string);
		uint64_t ours = (uint64_t)db_get_int(
			db, 0, "SELECT sum FROM feed_state WHERE feed = $1", "t", sum->string);
		uint64_t theirs = cJSON_IsString(sum) ? strtoull(sum->valuestring, NULL, 10) : ours;
		differ = differ || ours != theirs;
	}
	return differ;
}

/* Outbox rows whose effects HQ's own rows now show are done. The cache is committed already: were
 * this lost, they would merely be found covered again. */
static void finish_covered(struct console *console)
{
	struct db *outbox = console->outbox;
	int64_t done[256];
	int count = 0;
	struct db_rows *rows = db_query(
		outbox, "SELECT n, verdict FROM command WHERE state = 'answered' ORDER BY n", "");
	while (db_next(rows) && count < (int)(sizeof done / sizeof *done)) {
		if (parts_covered(console, db_text(rows, 1)))
			done[count++] = db_int(rows, 0);
	}
	db_done(rows);
	if (count == 0)
		return;
	db_begin(outbox);
	for (int i = 0; i < count; i++)
		db_run(outbox,
			"UPDATE command SET state = 'done' WHERE n = $1 AND state = 'answered'",
			"i", done[i]);
	if (!db_commit(outbox))
		db_rollback(outbox);
}

bool console_land(struct console *console, const cJSON *sums, int64_t now_ms, bool *differs)
{
	struct db *cache = console->cache;
	*differs = false;
	if (!cache || !db_begin(cache)) {
		if (cache)
			db_forget_failure(cache);
		return false;
	}
	parts_restore(console);
	if (sums) {
		land_rows(console);
		*differs = sums_differ(cache, sums);
		parts_set_state_int(console, "pulled_ms", now_ms);
	}
	db_run(cache, "DELETE FROM state WHERE name = 'rebase'", "");
	parts_replay(console, now_ms);
	if (!db_commit(cache)) {
		db_rollback(cache);
		return false;
	}
	finish_covered(console);
	return true;
}
