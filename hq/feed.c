#include "hq/feed.h"

#include "model/json.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* One row in one feed on its way to a new position. */
struct stamp {
	char *feed;
	const char *tbl; /* of the row */
	const char *key;
	int row; /* its number among the touched ones: the order within a feed */
	bool live, was_live;
	uint64_t hash, old_hash;
	int64_t seq;
};

struct touched_row {
	char *tbl;
	char *key;
	int *lines; /* numbers of the commands that touched it */
	int line_count;
	int first_stamp, stamp_count;
};

struct stamper {
	struct db *db;
	int64_t now_ms;
	struct touched_row *rows;
	int row_count;
	struct stamp *stamps;
	int stamp_count;
	struct text json; /* of the row at hand */
	bool short_of_memory;
};

/* Room for one more in an array that doubles; NULL and noted if memory is short. */
static void *grow(struct stamper *stamper, void *array, int count, size_t size)
{
	if (count > 0 && (count & (count - 1)) != 0)
		return array;
	void *grown = realloc(array, (count ? (size_t)count * 2 : 1) * size);

	if (!grown)
		stamper->short_of_memory = true;
	return grown;
}

uint64_t feed_hash(const char *json, size_t length)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	uint64_t hash = 0;

	crypto_hash_sha256(digest, (const unsigned char *)json, length);
	for (int i = 0; i < 8; i++)
		hash = hash << 8 | digest[i];
	return hash;
}

void feed_begin(struct db *db)
{
	db_run(db, "DELETE FROM touched", "");
}

void feed_number(struct db *db, int n)
{
	db_run(db, "UPDATE touching SET n = $1", "i", (int64_t)n);
}

/* ---- 1: what was touched, and by whom ---- */

static bool row_is(const struct touched_row *row, const char *tbl, const char *key)
{
	return strcmp(row->tbl, tbl) == 0 && strcmp(row->key, key) == 0;
}

static void row_add(struct stamper *stamper, const char *tbl, const char *key, int n)
{
	struct touched_row *row = stamper->row_count ? &stamper->rows[stamper->row_count - 1]
						     : NULL;

	if (!row || !row_is(row, tbl, key)) {
		struct touched_row *rows = grow(
			stamper, stamper->rows, stamper->row_count, sizeof(*rows));

		if (!rows)
			return;
		stamper->rows = rows;
		row = &rows[stamper->row_count++];
		*row = (struct touched_row){.tbl = text_copy(tbl), .key = text_copy(key)};
	}
	int *lines = grow(stamper, row->lines, row->line_count, sizeof(*lines));

	if (!lines)
		return;
	row->lines = lines;
	lines[row->line_count++] = n;
}

static void read_touched(struct stamper *stamper)
{
	struct db_rows *rows = db_query(
		stamper->db, "SELECT DISTINCT tbl, key, n FROM touched ORDER BY tbl, key, n", "");

	while (!stamper->short_of_memory && db_next(rows))
		row_add(stamper, db_text(rows, 0), db_text(rows, 1), (int)db_int(rows, 2));
	db_done(rows);
}

/* ---- 2: the feeds each row was in and is in now ---- */

static struct stamp *stamp_add(struct stamper *stamper, const char *feed)
{
	struct stamp *stamps = grow(
		stamper, stamper->stamps, stamper->stamp_count, sizeof(*stamps));

	if (!stamps)
		return NULL;
	struct touched_row *row = &stamper->rows[stamper->row_count];
	struct stamp *stamp = &stamps[stamper->stamp_count++];

	stamper->stamps = stamps;
	*stamp = (struct stamp){.feed = text_copy(feed),
		.tbl = row->tbl,
		.key = row->key,
		.row = stamper->row_count};
	row->stamp_count++;
	return stamp;
}

static void stamp_live(void *ctx, const char *feed)
{
	struct stamper *stamper = ctx;
	struct stamp *stamp = stamp_add(stamper, feed);

	if (stamp)
		stamp->live = true;
}

static void find_present(struct stamper *stamper, const struct touched_row *row)
{
	const struct table *table = table_find(row->tbl);
	const struct table_feeds feeds = {stamp_live, stamper};
	struct text *json = &stamper->json;

	text_clear(json);
	if (!table || !table_row_feeds(stamper->db, table, row->key, json, &feeds))
		return;
	uint64_t hash = feed_hash(text_get(json), json->length);

	for (int i = row->first_stamp; i < stamper->stamp_count; i++)
		stamper->stamps[i].hash = hash;
	stamper->short_of_memory = stamper->short_of_memory || !text_ok(json);
}

static void find_former(struct stamper *stamper, const struct touched_row *row)
{
	struct db_rows *rows = db_query(stamper->db,
		"SELECT feed, hash FROM feed WHERE tbl = $1 AND key = $2 AND hash IS NOT NULL",
		"tt", row->tbl, row->key);

	while (!stamper->short_of_memory && db_next(rows)) {
		struct stamp *stamp = NULL;

		for (int i = row->first_stamp; i < row->first_stamp + row->stamp_count && !stamp;
			i++)
			if (strcmp(stamper->stamps[i].feed, db_text(rows, 0)) == 0)
				stamp = &stamper->stamps[i];
		if (!stamp)
			stamp = stamp_add(stamper, db_text(rows, 0));
		if (!stamp)
			break;
		stamp->was_live = true;
		stamp->old_hash = (uint64_t)db_int(rows, 1);
	}
	db_done(rows);
}

static void find_feeds(struct stamper *stamper)
{
	int count = stamper->row_count;

	/* While it runs, row_count is the number of the row at hand. */
	for (stamper->row_count = 0; stamper->row_count < count; stamper->row_count++) {
		struct touched_row *row = &stamper->rows[stamper->row_count];

		row->first_stamp = stamper->stamp_count;
		find_present(stamper, row);
		find_former(stamper, row);
	}
}

/* ---- 3: positions, feed by feed in the order of their names ---- */

static int compare_stamps(const void *a, const void *b)
{
	const struct stamp *x = a, *y = b;
	int order = strcmp(x->feed, y->feed);

	return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* Takes `count` positions of one feed and brings its head in line; the first of them. */
static int64_t advance(struct stamper *stamper, const struct stamp *stamps, int count)
{
	uint64_t change = 0;
	int64_t rows_change = 0, seq = 0;

	for (int i = 0; i < count; i++) {
		change += stamps[i].hash - stamps[i].old_hash;
		rows_change += (int)stamps[i].live - (int)stamps[i].was_live;
	}
	struct db_rows *rows = db_query(stamper->db,
		"INSERT INTO feed_head AS h (feed, seq, sum, row_count, floor) VALUES ($1, $2, 0, $3, 0)"
		" ON CONFLICT (feed) DO UPDATE SET seq = h.seq + excluded.seq,"
		" row_count = h.row_count + excluded.row_count RETURNING seq, sum",
		"tii", stamps[0].feed, (int64_t)count, rows_change);

	if (db_next(rows)) {
		seq = db_int(rows, 0);
		change += (uint64_t)db_int(rows, 1);
	}
	db_done(rows);
	/* The sum wraps round in C: SQL would make a float of it. */
	db_run(stamper->db, "UPDATE feed_head SET sum = $2 WHERE feed = $1", "ti", stamps[0].feed,
		(int64_t)change);
	return seq - count + 1;
}

static void write_stamp(struct stamper *stamper, const struct stamp *stamp)
{
	static const char sql[] =
		"INSERT INTO feed(feed, seq, tbl, key, hash, at) VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (feed, tbl, key) DO UPDATE SET seq = excluded.seq,"
		" hash = excluded.hash, at = excluded.at";
	struct db_value values[] = {
		{.kind = 't', .text = stamp->feed},
		{.kind = 'i', .number = stamp->seq},
		{.kind = 't', .text = stamp->tbl},
		{.kind = 't', .text = stamp->key},
		{.kind = 't', .text = NULL},
		{.kind = 'i', .number = stamper->now_ms},
	};

	if (stamp->live)
		values[4] = (struct db_value){.kind = 'i', .number = (int64_t)stamp->hash};
	db_run_values(stamper->db, sql, values, (int)(sizeof(values) / sizeof(*values)));
}

static void take_positions(struct stamper *stamper)
{
	if (stamper->stamp_count > 1)
		qsort(stamper->stamps, (size_t)stamper->stamp_count, sizeof(*stamper->stamps),
			compare_stamps);
	for (int from = 0, to; from < stamper->stamp_count; from = to) {
		struct stamp *stamps = &stamper->stamps[from];

		for (to = from; to < stamper->stamp_count &&
			strcmp(stamper->stamps[to].feed, stamps->feed) == 0;)
			to++;
		int64_t seq = advance(stamper, stamps, to - from);

		for (int i = 0; i < to - from; i++)
			stamps[i].seq = seq + i;
	}
	for (int i = 0; i < stamper->stamp_count; i++)
		write_stamp(stamper, &stamper->stamps[i]);
}

/* ---- 4: the positions of each command ---- */

static int compare_positions(const void *a, const void *b)
{
	const struct feed_position *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	int order = strcmp(x->feed, y->feed);

	return order ? order : (x->seq > y->seq) - (x->seq < y->seq);
}

/* Stamps are sorted by feed, so a name that differs from the last one is new. */
static const char *keep_feed(struct stamper *stamper, struct feed_stamping *out, const char *feed)
{
	if (out->feed_count && strcmp(out->feeds[out->feed_count - 1], feed) == 0)
		return out->feeds[out->feed_count - 1];
	char **feeds = grow(stamper, out->feeds, out->feed_count, sizeof(*feeds));

	if (!feeds)
		return NULL;
	out->feeds = feeds;
	feeds[out->feed_count] = text_copy(feed);
	return feeds[out->feed_count++];
}

static void collect_positions(struct stamper *stamper, struct feed_stamping *out)
{
	int kept = 0;

	for (int i = 0; i < stamper->stamp_count && !stamper->short_of_memory; i++) {
		const struct stamp *stamp = &stamper->stamps[i];
		const struct touched_row *row = &stamper->rows[stamp->row];
		const char *feed = keep_feed(stamper, out, stamp->feed);

		for (int j = 0; feed && j < row->line_count; j++) {
			struct feed_position *positions = grow(
				stamper, out->positions, out->position_count, sizeof(*positions));

			if (!positions)
				return;
			out->positions = positions;
			positions[out->position_count++] = (struct feed_position){
				.n = row->lines[j], .feed = feed, .seq = stamp->seq};
		}
	}
	if (out->position_count > 1)
		qsort(out->positions, (size_t)out->position_count, sizeof(*out->positions),
			compare_positions);
	/* Of each command and feed the last is the highest. */
	for (int i = 0; i < out->position_count; i++) {
		const struct feed_position *next = i + 1 < out->position_count
			? &out->positions[i + 1]
			: NULL;

		if (!next || next->n != out->positions[i].n ||
			strcmp(next->feed, out->positions[i].feed) != 0)
			out->positions[kept++] = out->positions[i];
	}
	out->position_count = kept;
}

static void stamper_free(struct stamper *stamper)
{
	for (int i = 0; i < stamper->stamp_count; i++)
		free(stamper->stamps[i].feed);
	for (int i = 0; i < stamper->row_count; i++) {
		free(stamper->rows[i].tbl);
		free(stamper->rows[i].key);
		free(stamper->rows[i].lines);
	}
	free(stamper->stamps);
	free(stamper->rows);
	text_free(&stamper->json);
}

bool feed_stamp(struct db *db, int64_t now_ms, struct feed_stamping *stamping)
{
	struct stamper stamper = {.db = db, .now_ms = now_ms, .json = TEXT_INIT(TEXT_LARGE)};

	*stamping = (struct feed_stamping){0};
	read_touched(&stamper);
	find_feeds(&stamper);
	take_positions(&stamper);
	collect_positions(&stamper, stamping);
	stamper_free(&stamper);
	return !stamper.short_of_memory && !db_failed(db);
}

void feed_stamping_free(struct feed_stamping *stamping)
{
	for (int i = 0; i < stamping->feed_count; i++)
		free(stamping->feeds[i]);
	free(stamping->feeds);
	free(stamping->positions);
	*stamping = (struct feed_stamping){0};
}

void feed_positions_json(const struct feed_stamping *stamping, int n, struct text *json)
{
	int low = 0, high = stamping->position_count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (stamping->positions[middle].n < n)
			low = middle + 1;
		else
			high = middle;
	}
	text_add(json, "{");
	for (int i = low; i < stamping->position_count && stamping->positions[i].n == n; i++) {
		text_add(json, i > low ? "," : "");
		text_add_json(json, stamping->positions[i].feed);
		text_addf(json, ":\"%" PRId64 "\"", stamping->positions[i].seq);
	}
	text_add(json, "}");
}

/* ---- heads and tombstones ---- */

/* It goes by the tombstones, which are few and have an index, and never looks through a feed: that
 * of a big catalogue takes seconds, in which nobody is answered. */
void feed_purge(struct db *db, int64_t now_ms)
{
	struct db_rows *rows = db_query(db,
		"DELETE FROM feed WHERE hash IS NULL AND at < $1 RETURNING feed, seq", "i",
		now_ms - FEED_TOMBSTONE_MS);

	while (db_next(rows))
		db_run(db, "UPDATE feed_head SET floor = $2 WHERE feed = $1 AND floor < $2", "ti",
			db_text(rows, 0), db_int(rows, 1));
	db_done(rows);
}

struct feed_head feed_head_of(struct db *db, const char *feed)
{
	struct feed_head head = {0};
	struct db_rows *rows = db_query(
		db, "SELECT seq, sum, row_count, floor FROM feed_head WHERE feed = $1", "t", feed);

	if (db_next(rows))
		head = (struct feed_head){.seq = db_int(rows, 0),
			.sum = (uint64_t)db_int(rows, 1),
			.rows = db_int(rows, 2),
			.floor = db_int(rows, 3)};
	db_done(rows);
	return head;
}
