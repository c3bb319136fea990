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
	parts_fresh(console);
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
	parts_fresh(console);
	if (!cache || !db_begin(cache)) {
		if (cache)
			db_forget_failure(cache);
		return false;
	}
	db_run(cache, "DELETE FROM staged", "");
	db_run(cache, "DELETE FROM state WHERE name IN ('staged_cursor', 'cursor')", "");
	/* HQ may be another by now: what it will say of a position says nothing about these rows. */
	db_run(cache, "UPDATE feed_state SET seq = 0", "");
	parts_set_state(console, "whole_copy", "1");
	if (db_commit(cache))
		return true;
	db_rollback(cache);
	return false;
}

/* ---- landing ---- */

/* Sums are modulo 2^64, which SQL cannot add: they are kept here while rows land. */
#define SUMS_KEPT 64

struct landing {
	struct db *db;
	bool aside;   /* rows may be kept aside */
	int64_t hash; /* to be added to the sum of each feed the row at hand is in */
	struct {
		char feed[FEED_NAME_MAX];
		uint64_t sum;
	} sums[SUMS_KEPT];
	int sum_count;
};

static void write_sum(struct db *db, const char *feed, uint64_t sum)
{
	db_run(db,
		"INSERT INTO feed_state (feed, sum) VALUES ($1, $2) ON CONFLICT (feed) DO UPDATE SET sum = excluded.sum",
		"ti", feed, (int64_t)sum);
}

static uint64_t read_sum(struct db *db, const char *feed)
{
	return (uint64_t)db_get_int(db, 0, "SELECT sum FROM feed_state WHERE feed = $1", "t", feed);
}

static void write_sums(struct landing *landing)
{
	for (int i = 0; i < landing->sum_count; i++)
		write_sum(landing->db, landing->sums[i].feed, landing->sums[i].sum);
	landing->sum_count = 0;
}

static void add_to_sum(void *ctx, const char *feed)
{
	struct landing *landing = ctx;
	int i = 0;
	while (i < landing->sum_count && strcmp(landing->sums[i].feed, feed) != 0)
		i++;
	if (i == SUMS_KEPT) {
		write_sums(landing);
		i = 0;
	}
	if (i == landing->sum_count) {
		snprintf(landing->sums[i].feed, sizeof landing->sums[i].feed, "%s", feed);
		landing->sums[i].sum = read_sum(landing->db, feed);
		landing->sum_count++;
	}
	landing->sums[i].sum += (uint64_t)landing->hash;
}

/* Adds the row's hash to the sums of its feeds. */
static void sum_row(
	struct landing *landing, const struct table *table, const cJSON *row, int64_t hash)
{
	landing->hash = hash;
	table_feeds(table, row, add_to_sum, landing);
}

static int64_t negative(int64_t hash)
{
	return (int64_t)(0 - (uint64_t)hash);
}

static void sum_off_old(
	struct landing *landing, const struct table *table, const char *key, int64_t hash)
{
	struct text json = TEXT_INIT(COMMAND_LINE_MAX * 4);
	char error[80];
	if (table_row_json(landing->db, table, key, &json)) {
		cJSON *row = json_parse(text_get(&json), json.length, error, sizeof error);
		sum_row(landing, table, row, negative(hash));
		cJSON_Delete(row);
	}
	text_free(&json);
}

/* Forgets what was kept aside of this row, in one feed or, without one, in all. */
static void drop_unknown(
	struct landing *landing, const char *tbl, const char *key, const char *feed)
{
	struct db_rows *rows = db_query(landing->db,
		"SELECT feed, hash FROM unknown_row WHERE tbl = $1 AND key = $2 AND feed = COALESCE($3, feed)",
		"ttt", tbl, key, feed);
	while (db_next(rows)) {
		landing->hash = negative(db_int(rows, 1));
		add_to_sum(landing, db_text(rows, 0));
	}
	db_done(rows);
	db_run(landing->db,
		"DELETE FROM unknown_row WHERE tbl = $1 AND key = $2 AND feed = COALESCE($3, feed)",
		"ttt", tbl, key, feed);
}

/* A row this program cannot read (a newer table, another type) is kept aside, and counted in its feed's sum. */
static void land_unknown(struct landing *landing, struct db_rows *staged)
{
	const char *feed = db_text(staged, 0), *tbl = db_text(staged, 2), *key = db_text(staged, 3);
	drop_unknown(landing, tbl, key, feed);
	if (db_null(staged, 4) || strlen(feed) >= FEED_NAME_MAX)
		return;
	landing->aside = true;
	landing->hash = db_int(staged, 5);
	add_to_sum(landing, feed);
	db_run(landing->db,
		"INSERT INTO unknown_row (tbl, key, feed, row, hash) VALUES ($1, $2, $3, $4, $5)",
		"tttti", tbl, key, feed, db_text(staged, 4), db_int(staged, 5));
}

/* False if the row has a column of a type that was not expected. */
static bool put_row(
	struct landing *landing, const struct table *table, const char *json, int64_t hash)
{
	char error[80];
	int unknown = 0;
	cJSON *row = json_parse(json, strlen(json), error, sizeof error);
	bool put = table_put(landing->db, table, row, hash, &unknown);
	if (put)
		sum_row(landing, table, row, hash);
	cJSON_Delete(row);
	return put;
}

static void land_row(struct landing *landing, struct db_rows *staged)
{
	struct db *db = landing->db;
	const struct table *table = table_find(db_text(staged, 2));
	const char *key = db_text(staged, 3), *json = db_text(staged, 4);
	int64_t hash = db_int(staged, 5), old_hash;
	if (!table) {
		land_unknown(landing, staged);
		return;
	}
	bool had = table_hash(db, table, key, &old_hash);
	if (had && json && old_hash == hash)
		return;
	if (had)
		sum_off_old(landing, table, key, old_hash);
	bool put = json && put_row(landing, table, json, hash);
	if (had && !put)
		table_delete(db, table, key);
	if (!json || put) {
		if (landing->aside)
			drop_unknown(landing, table->name, key, NULL);
	} else if (db_failed(db) == DB_OK) {
		land_unknown(landing, staged);
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
	struct landing landing = {
		.db = db, .aside = db_has(db, "SELECT 1 FROM unknown_row LIMIT 1", "")};
	struct db_rows *rows = db_query(
		db, "SELECT feed, seq, tbl, key, row, hash FROM staged ORDER BY n", "");
	while (db_next(rows))
		land_row(&landing, rows);
	db_done(rows);
	write_sums(&landing);
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

#define DONE_AT_ONCE 256

/* Marks those of the next answered rows behind n that are covered; the last row looked at, 0 at the
 * end. */
static int64_t finish_some(struct console *console, int64_t n)
{
	struct db *outbox = console->outbox;
	int64_t done[DONE_AT_ONCE], last = 0;
	int looked = 0, count = 0;
	struct db_rows *rows = db_query(outbox,
		"SELECT n, verdict FROM command WHERE n > $1 AND " OUTBOX_LIVE
		" AND state = 'answered' ORDER BY n LIMIT $2",
		"ii", n, (int64_t)DONE_AT_ONCE);
	for (; db_next(rows); looked++) {
		last = db_int(rows, 0);
		if (parts_covered(console, db_text(rows, 1)))
			done[count++] = last;
	}
	db_done(rows);
	if (count > 0)
		db_begin(outbox);
	for (int i = 0; i < count; i++)
		db_run(outbox,
			"UPDATE command SET state = 'done' WHERE n = $1 AND state = 'answered'",
			"i", done[i]);
	if (count > 0 && !db_commit(outbox))
		db_rollback(outbox);
	return looked == DONE_AT_ONCE ? last : 0;
}

/* Outbox rows whose effects HQ's own rows now show are done. The cache is committed already: were
 * this lost, they would merely be found covered again. */
static void finish_covered(struct console *console)
{
	int64_t n = 0;
	do
		n = finish_some(console, n);
	while (n > 0);
}

/* Takes in what is staged, or without sums only undoes and replays, inside the transaction. */
static bool land_locked(struct console *console, const cJSON *sums, int64_t now_ms, bool *differs)
{
	parts_restore(console);
	if (sums) {
		land_rows(console);
		*differs = sums_differ(console->cache, sums);
		parts_set_state_int(console, "pulled_ms", now_ms);
	}
	db_run(console->cache, "DELETE FROM state WHERE name = 'rebase'", "");
	return parts_replay(console, now_ms);
}

bool console_land(struct console *console, const cJSON *sums, int64_t now_ms, bool *differs)
{
	struct db *cache = console->cache;
	parts_fresh(console);
	*differs = false;
	if (!cache || !db_begin(cache)) {
		if (cache)
			db_forget_failure(cache);
		return false;
	}
	/* Until a whole copy is there, HQ's rows hold the effects of commands that are offered again:
	 * to replay those now would show them twice. */
	if (!sums && parts_state_int(console, "whole_copy") == 1) {
		db_rollback(cache);
		return true;
	}
	if (!land_locked(console, sums, now_ms, differs) || !db_commit(cache)) {
		db_rollback(cache);
		return false;
	}
	finish_covered(console);
	return true;
}
