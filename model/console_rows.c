/* One row of HQ at a time into a cache, with what belongs to it: the sum and position of its feeds, what
 * this program cannot read, and which products the search index is to look at again. */
#include "model/console_rows.h"

#include "model/catalogue.h"
#include "model/command.h"
#include "model/json.h"
#include "model/text.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

int64_t landing_hash(const char *bytes, size_t length)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	uint64_t value = 0;
	crypto_hash_sha256(hash, (const unsigned char *)bytes, length);
	for (int i = 0; i < 8; i++)
		value = value << 8 | hash[i];
	return (int64_t)value;
}

void landing_begin(struct landing *landing, struct db *db)
{
	*landing = (struct landing){.db = db,
		.aside = db_has(db, "SELECT 1 FROM unknown_row LIMIT 1", ""),
		.again = db_has(db, "SELECT 1 FROM reindex LIMIT 1", ""),
		.product_n = db_get_int(db, 0, "SELECT max(n) FROM search_text", "")};
}

/* ---- sums and positions ---- */

void landing_write(struct landing *landing)
{
	for (int i = 0; i < landing->sum_count; i++)
		db_run(landing->db,
			"INSERT INTO feed_state (feed, sum, seq) VALUES ($1, $2, $3) ON CONFLICT (feed) "
			"DO UPDATE SET sum = excluded.sum, seq = max(seq, excluded.seq)",
			"tii", landing->sums[i].feed, (int64_t)landing->sums[i].sum,
			landing->sums[i].seq);
	landing->sum_count = 0;
}

/* The place of a feed among those at hand. */
static int sum_of(struct landing *landing, const char *feed)
{
	int i = 0;
	while (i < landing->sum_count && strcmp(landing->sums[i].feed, feed) != 0)
		i++;
	if (i == LANDING_SUMS) {
		landing_write(landing);
		i = 0;
	}
	if (i == landing->sum_count) {
		landing->sums[i].sum = (uint64_t)db_get_int(
			landing->db, 0, "SELECT sum FROM feed_state WHERE feed = $1", "t", feed);
		landing->sums[i].seq = 0;
		snprintf(landing->sums[i].feed, sizeof landing->sums[i].feed, "%s", feed);
		landing->sum_count++;
	}
	return i;
}

static void add_to_sum(void *ctx, const char *feed)
{
	struct landing *landing = ctx;
	int i = sum_of(landing, feed);
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
static void land_unknown(struct landing *landing, const struct incoming *in)
{
	drop_unknown(landing, in->tbl, in->key, in->feed);
	if (!in->json || strlen(in->feed) >= FEED_NAME_MAX)
		return;
	landing->aside = true;
	landing->hash = in->hash;
	add_to_sum(landing, in->feed);
	db_run(landing->db,
		"INSERT INTO unknown_row (tbl, key, feed, row, hash) VALUES ($1, $2, $3, $4, $5)",
		"tttti", in->tbl, in->key, in->feed, in->json, in->hash);
}

/* ---- the row ---- */

static void note_position(struct landing *landing, const struct incoming *in)
{
	if (strlen(in->feed) >= FEED_NAME_MAX)
		return;
	int i = sum_of(landing, in->feed);
	if (landing->sums[i].seq < in->seq)
		landing->sums[i].seq = in->seq;
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

static void put_known(struct landing *landing, const struct table *table, const struct incoming *in)
{
	struct db *db = landing->db;
	int64_t old_hash;
	bool had = table_hash(db, table, in->key, &old_hash);
	if (had && in->json && old_hash == in->hash)
		return;
	if (had)
		sum_off_old(landing, table, in->key, old_hash);
	bool put = in->json && put_row(landing, table, in->json, in->hash);
	if (had && !put)
		table_delete(db, table, in->key);
	if (!in->json || put) {
		if (landing->aside)
			drop_unknown(landing, table->name, in->key, NULL);
	} else if (db_failed(db) == DB_OK) {
		land_unknown(landing, in);
	}
	if (strcmp(table->name, "product") != 0)
		return;
	landing->again = true;
	db_run(db, "INSERT INTO reindex SELECT $1 WHERE true ON CONFLICT DO NOTHING", "t", in->key);
}

void landing_row(struct landing *landing, const struct incoming *in)
{
	const struct table *table = table_find(in->tbl);
	note_position(landing, in);
	if (table)
		put_known(landing, table, in);
	else
		land_unknown(landing, in);
}

/* A row that was kept aside before, or a product that will be indexed again, takes the other way. */
static bool is_plain(struct landing *landing, const struct table *table, bool product)
{
	if (product && landing->again)
		return false;
	return !landing->aside ||
		!db_has(landing->db, "SELECT 1 FROM unknown_row WHERE tbl = $1", "t", table->name);
}

bool landing_add(struct landing *landing, const struct incoming *in, const cJSON *row)
{
	const struct table *table = table_find(in->tbl);
	bool product = table && strcmp(table->name, "product") == 0;
	int unknown = 0;
	if (!table || !is_plain(landing, table, product) ||
		!table_add(landing->db, table, row, in->hash, &unknown))
		return false;
	note_position(landing, in);
	sum_row(landing, table, row, in->hash);
	if (product)
		catalogue_add(landing->db, ++landing->product_n, row);
	return true;
}
