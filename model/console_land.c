/* Pages of HQ's rows pile up in `staged` and become visible all at once (design.md §1, step 5). */
#include "model/catalogue.h"
#include "model/console_parts.h"
#include "model/console_rows.h"
#include "model/json.h"
#include "model/table.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REINDEX_ALL_FROM 5000 /* product rows; more than these are indexed in one sweep */

bool console_copies(struct console *console)
{
	return copy_is_wanted(console);
}

char *console_cursor(struct console *console)
{
	char *cursor = console->cache ? copy_cursor(console) : NULL;
	if (!cursor && console->cache)
		cursor = parts_state(console, "staged_cursor");
	if (!cursor && console->cache)
		cursor = parts_state(console, "cursor");
	return cursor ? cursor : text_copy("");
}

bool console_stage_begin(struct console *console)
{
	if (!console->cache)
		return false;
	parts_fresh(console);
	if (copy_is_wanted(console))
		return copy_page_begin(console);
	copy_close(console);
	if (db_begin(console->cache))
		return true;
	db_forget_failure(console->cache);
	return false;
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
	if (console->copy)
		return copy_page_row(console, line, gone ? NULL : row_json, gone ? 0 : row_length);
	char *key_text = cJSON_PrintUnformatted(key);
	struct text row = TEXT_INIT(COMMAND_LINE_MAX * 4);
	text_add_bytes(&row, row_json, row_length);
	bool good = text_ok(&row) &&
		db_run(console->cache,
			"INSERT INTO staged (feed, seq, tbl, key, row, hash) VALUES ($1, $2, $3, $4, $5, $6)",
			"tittti", feed, (int64_t)strtoll(seq, NULL, 10), tbl, key_text,
			gone ? NULL : text_get(&row),
			gone ? INT64_C(0) : landing_hash(row_json, row_length));
	text_free(&row);
	cJSON_free(key_text);
	return good;
}

bool console_stage_is_down(const struct console *console)
{
	return console->copy ? copy_page_is_down(console) : db_failed(console->cache) != DB_OK;
}

bool console_stage_end(struct console *console, const char *cursor)
{
	if (console->copy)
		return copy_page_end(console, cursor);
	parts_set_state(console, "staged_cursor", cursor);
	if (db_commit(console->cache))
		return true;
	db_rollback(console->cache);
	return false;
}

void console_stage_abort(struct console *console)
{
	if (console->copy)
		copy_page_abort(console);
	else
		db_rollback(console->cache);
}

bool console_stage_keep(struct console *console)
{
	return !console->copy || copy_keep(console);
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
	db_run(cache, "DELETE FROM state WHERE name IN ('staged_cursor', 'cursor', 'progress')",
		"");
	/* HQ may be another by now: what it will say of a position says nothing about these rows. */
	db_run(cache, "UPDATE feed_state SET seq = 0", "");
	parts_set_state(console, "whole_copy", "1");
	if (!db_commit(cache)) {
		db_rollback(cache);
		return false;
	}
	/* On the disk, or the power could bring back the positions in an HQ that is no more. */
	db_checkpoint(cache);
	copy_drop(console);
	return true;
}

/* ---- landing ---- */

/* The search index, brought in line with the products that came. reindex holds keys. */
void parts_reindex(struct db *db)
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

static void land_rows(struct console *console)
{
	struct db *db = console->cache;
	struct landing landing;
	landing_begin(&landing, db);
	struct db_rows *rows = db_query(
		db, "SELECT feed, seq, tbl, key, row, hash FROM staged ORDER BY n", "");
	while (db_next(rows)) {
		struct incoming in = {.feed = db_text(rows, 0),
			.seq = db_int(rows, 1),
			.tbl = db_text(rows, 2),
			.key = db_text(rows, 3),
			.json = db_text(rows, 4),
			.hash = db_int(rows, 5)};
		landing_row(&landing, &in);
	}
	db_done(rows);
	landing_write(&landing);
	parts_reindex(db);
	db_run(db, "DELETE FROM staged", "");
	char *cursor = parts_state(console, "staged_cursor");
	if (cursor) {
		parts_set_state(console, "cursor", cursor);
		db_run(db, "DELETE FROM state WHERE name = 'staged_cursor'", "");
	}
	free(cursor);
}

bool parts_follow(struct db *db, const cJSON *sums)
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
#define FORGOTTEN_AT_ONCE 200

/* Marks those of the next answered rows behind n that are covered; the last row looked at, 0 at the
 * end, and where the rows that cover them are not on the disk: the power would take those and leave
 * the mark. */
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
	if (count > 0 && !db_checkpoint(console->cache))
		return 0;
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
 * this lost, they would merely be found covered again by the next landing. */
static void finish_covered(struct console *console)
{
	int64_t n = 0;
	do
		n = finish_some(console, n);
	while (n > 0);
}

/* What HQ applied longer ago than it would be offered again serves nobody here: a few at each landing
 * go, oldest first. Refused ones stay readable. Nothing goes that lies behind a younger row, nor the last
 * of all, whose number tells a cache which outbox it belongs to. */
static void forget_old(struct console *console, int64_t now_ms)
{
	struct db *outbox = console->outbox;
	int64_t young = db_get_int(outbox, 0,
		"SELECT n FROM command WHERE " OUTBOX_LIVE
		" OR (state = 'done' AND answered_at >= $1) OR n = (SELECT max(n) FROM command) "
		"ORDER BY n LIMIT 1",
		"i", now_ms - CONSOLE_OFFER_AGAIN_MS);
	if (young <= parts_applied(console))
		db_run(outbox,
			"DELETE FROM command WHERE n IN (SELECT n FROM command WHERE n < $1 AND state = 'done' "
			"AND status = 'applied' ORDER BY n LIMIT $2)",
			"ii", young, (int64_t)FORGOTTEN_AT_ONCE);
	db_forget_failure(outbox);
}

/* Takes in what is staged, or without sums only undoes and replays, inside the transaction. */
static bool land_locked(struct console *console, const cJSON *sums, int64_t now_ms, bool *differs)
{
	parts_restore(console);
	if (sums) {
		land_rows(console);
		*differs = parts_follow(console->cache, sums);
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
	if (sums && cache && copy_is_wanted(console)) {
		bool landed = copy_land(console, sums, now_ms, differs);
		if (landed)
			finish_covered(console);
		return landed;
	}
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
	if (sums)
		forget_old(console, now_ms);
	return true;
}
