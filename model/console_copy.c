/* A whole copy: HQ's rows go straight into cache.new, which nobody else reads, and then it takes the place
 * of cache.db. So screens go on with the cache they have, none waits for a lock, and rows are written
 * once. States of cache.new:
 *
 *   filling   rows without indexes, before-images or triggers; `staged_cursor` tells how far
 *   indexing  all rows are there; one index after the other is made, each by itself
 *   ready     all of them made, own commands applied on top, `cursor` set: it only has to be moved
 *
 * Pages are committed together (console_stage_keep), so an interruption costs the last of them, or the
 * index that was being made. */
#include "model/far_stock.h"
#include "model/catalogue.h"
#include "model/console_parts.h"
#include "model/console_rows.h"
#include "model/json.h"
#include "model/stocktake_progress.h"
#include "model/table.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COPY_BUSY_MS 1000
#define COPY_PATH_SIZE 4096

struct console_copy {
	struct db *db;
	struct landing landing;
	bool begun;   /* pages wait for their commit */
	bool torn;    /* pages were lost since one was staged last: not all of HQ is here */
	bool careful; /* a page was bad: each good one is kept at once from now on */
	int made;     /* of the indexes, in the order of their DDL */
};

static void copy_path(const struct console *console, const char *name, char path[COPY_PATH_SIZE])
{
	snprintf(path, COPY_PATH_SIZE, "%s/%s", console->home, name);
}

bool copy_is_wanted(struct console *console)
{
	return console->cache && db_failed(console->cache) == DB_OK &&
		!db_has(console->cache, "SELECT 1 FROM state WHERE name = 'cursor'", "");
}

/* ---- the file ---- */

/* Nobody else opens it: no log and no shared memory, and pages at its end are written only once. */
static bool copy_usable(struct db *db)
{
	struct text sql = TEXT_INIT(TEXT_LARGE);
	db_script(db,
		"PRAGMA journal_mode = delete;"
		"PRAGMA synchronous = normal; PRAGMA cache_size = -16000");
	if (db_version(db) == 0 && db_begin(db)) {
		table_rows_ddl(&sql, true);
		catalogue_rows_ddl(&sql);
		parts_cache_ddl(&sql);
		text_add(&sql,
			"CREATE TABLE reindex (sku TEXT PRIMARY KEY);"
			"INSERT INTO product_search (product_search, rank) VALUES ('hashsize', 16000000);");
		db_script(db, text_get(&sql));
		db_set_version(db, CONSOLE_CACHE_VERSION);
		if (!text_ok(&sql) || !db_commit(db))
			db_rollback(db);
	}
	text_free(&sql);
	return db_version(db) == CONSOLE_CACHE_VERSION && db_failed(db) == DB_OK;
}

static struct db *open_file(struct console *console)
{
	char path[COPY_PATH_SIZE], error[300];
	struct db_options options = {
		.durability = DB_RELAXED, .busy_ms = COPY_BUSY_MS, .vfs = console->vfs};
	copy_path(console, "cache.new", path);
	for (int attempt = 0; attempt < 2; attempt++) {
		struct db *db = db_open(path, &options, error, sizeof error);
		if (db && copy_usable(db))
			return db;
		db_close(db);
		db_remove(path, console->vfs);
	}
	return NULL;
}

void copy_close(struct console *console)
{
	struct console_copy *copy = console->copy;
	if (!copy)
		return;
	copy_keep(console);
	db_close(copy->db);
	free(copy);
	console->copy = NULL;
}

void copy_drop(struct console *console)
{
	char path[COPY_PATH_SIZE];
	if (console->copy) {
		db_rollback(console->copy->db);
		console->copy->begun = false;
	}
	copy_close(console);
	copy_path(console, "cache.new", path);
	db_remove(path, console->vfs);
}

/* Moves a ready copy to cache.db. Whoever has the old one open sees that it is gone. The old file stays
 * until the new one replaces it, so that at no moment there is none; its log goes before, as on the new
 * file it would be another one's, and so what the log holds goes into the old file first. */
static bool move_in(struct console *console)
{
	char from[COPY_PATH_SIZE], to[COPY_PATH_SIZE];
	copy_path(console, "cache.new", from);
	copy_path(console, "cache.db", to);
	copy_close(console);
	int lock = parts_lock_cache(console, true);
	bool folded = db_checkpoint(console->cache);
	db_close(console->cache);
	console->cache = NULL;
	bool moved = folded && access(from, F_OK) == 0 && db_remove_log(to, console->vfs) &&
		rename(from, to) == 0;
	parts_unlock_cache(lock);
	return parts_open_cache(console) && moved;
}

/* Opens the copy if there is one or it is to be begun; NULL if there is none. */
static struct console_copy *copy_of(struct console *console, bool begin)
{
	char path[COPY_PATH_SIZE];
	if (!copy_is_wanted(console)) {
		copy_close(console);
		return NULL;
	}
	copy_path(console, "cache.new", path);
	if (console->copy || (!begin && access(path, F_OK) != 0))
		return console->copy;
	struct console_copy *copy = calloc(1, sizeof *copy);
	struct db *db = copy ? open_file(console) : NULL;
	if (!db) {
		free(copy);
		return NULL;
	}
	copy->db = db;
	console->copy = copy;
	if (!db_has(db, "SELECT 1 FROM state WHERE name = 'cursor'", ""))
		return copy;
	move_in(console); /* it was ready when we were interrupted */
	return NULL;
}

char *copy_cursor(struct console *console)
{
	struct console_copy *copy = copy_of(console, false);
	return copy
		? db_get_text(copy->db, "SELECT value FROM state WHERE name = 'staged_cursor'", "")
		: NULL;
}

/* ---- pages ---- */

bool copy_page_begin(struct console *console)
{
	struct console_copy *copy = copy_of(console, true);
	if (!copy)
		return false;
	if (!copy->begun) {
		db_forget_failure(copy->db);
		copy->begun = db_begin(copy->db);
	}
	if (copy->begun)
		landing_begin(&copy->landing, copy->db);
	return copy->begun;
}

/* The way that works for every row: one that came before, is gone, or cannot be read here. */
static bool add_slowly(struct console_copy *copy, struct incoming *in, const cJSON *line,
	const char *json, size_t length)
{
	struct text text = TEXT_INIT(COMMAND_LINE_MAX * 4);
	char *key = cJSON_PrintUnformatted(json_list(line, "key"));
	text_add_bytes(&text, json, length);
	in->key = key;
	in->json = json ? text_get(&text) : NULL;
	bool good = key && text_ok(&text);
	if (good)
		landing_row(&copy->landing, in);
	text_free(&text);
	cJSON_free(key);
	return good;
}

bool copy_page_row(struct console *console, const cJSON *line, const char *json, size_t length)
{
	struct console_copy *copy = console->copy;
	const cJSON *row = cJSON_GetObjectItemCaseSensitive(line, "row");
	cJSON *owned = NULL;
	struct incoming in = {.feed = json_text(line, "feed"),
		.seq = (int64_t)strtoll(json_text(line, "seq"), NULL, 10),
		.tbl = json_text(line, "table"),
		.hash = json ? landing_hash(json, length) : 0};
	if (json && !row)
		row = owned = json_parse(json, length, NULL, 0);
	bool good = (json && landing_add(&copy->landing, &in, row)) ||
		add_slowly(copy, &in, line, json, length);
	cJSON_Delete(owned);
	return good && db_failed(copy->db) == DB_OK;
}

bool copy_page_is_down(const struct console *console)
{
	return db_failed(console->copy->db) != DB_OK;
}

static bool set_state(struct db *db, const char *name, const char *value)
{
	return db_run(db,
		"INSERT INTO state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = "
		"excluded.value",
		"tt", name, value);
}

bool copy_page_end(struct console *console, const char *cursor)
{
	struct console_copy *copy = console->copy;
	landing_write(&copy->landing);
	copy->torn = false;
	if (!set_state(copy->db, "staged_cursor", cursor)) {
		copy_page_abort(console);
		return false;
	}
	return !copy->careful || copy_keep(console);
}

/* All since the last commit is asked for again: the cursor went back with the rows. */
void copy_page_abort(struct console *console)
{
	struct console_copy *copy = console->copy;
	db_rollback(copy->db);
	copy->begun = false;
	copy->torn = true;
	copy->careful = true;
}

bool copy_keep(struct console *console)
{
	struct console_copy *copy = console->copy;
	if (!copy->begun)
		return !copy->torn;
	copy->begun = false;
	if (db_commit(copy->db))
		return true;
	db_rollback(copy->db);
	copy->torn = true;
	return false;
}

/* ---- how far ---- */

void console_set_progress(struct console *console, const struct console_progress *progress)
{
	char value[150];
	if (!console->cache)
		return;
	parts_fresh(console);
	snprintf(value, sizeof value, "%lld %lld %lld %lld %lld %lld", (long long)progress->rows,
		(long long)progress->rows_expected, (long long)progress->rows_per_s,
		(long long)progress->left_s, (long long)progress->indexes,
		(long long)progress->indexes_all);
	parts_set_state(console, "progress", value);
	db_forget_failure(console->cache);
}

bool console_progress(struct console *console, struct console_progress *progress)
{
	*progress = (struct console_progress){.rows = 0};
	parts_fresh(console);
	char *value = copy_is_wanted(console) ? parts_state(console, "progress") : NULL;
	int64_t *const figures[] = {&progress->rows, &progress->rows_expected,
		&progress->rows_per_s, &progress->left_s, &progress->indexes,
		&progress->indexes_all};
	char *at = value;
	for (size_t i = 0; value && i < sizeof figures / sizeof *figures; i++)
		*figures[i] = (int64_t)strtoll(at, &at, 10);
	free(value);
	progress->is_first = value && parts_state_int(console, "pulled_ms") == 0;
	return progress->rows > 0;
}

/* ---- the end ---- */

/* What this terminal knows of line and clock goes along. */
static void take_state_along(struct console *console, struct db *db)
{
	struct db_rows *rows = db_query(console->cache,
		"SELECT name, value FROM state WHERE name NOT IN "
		"('cursor', 'staged_cursor', 'whole_copy', 'pulled_ms', 'rebase', 'progress')",
		"");
	while (db_next(rows))
		set_state(db, db_text(rows, 0), db_text(rows, 1));
	db_done(rows);
}

/* The DDL of all indexes; one ends with ";\n". */
static void add_indexes(struct text *sql)
{
	table_index_ddl(sql, false);
	catalogue_index_ddl(sql);
}

static int count_indexes(void)
{
	struct text sql = TEXT_INIT(TEXT_LARGE);
	int count = 0;
	add_indexes(&sql);
	for (const char *at = text_get(&sql); (at = strchr(at, '\n')); at++)
		count++;
	text_free(&sql);
	return count;
}

/* Makes the index of that number, which does nothing where an interrupted run made it already. */
static bool make_index(struct db *db, int number)
{
	struct text sql = TEXT_INIT(TEXT_LARGE);
	add_indexes(&sql);
	char *all = text_take(&sql), *at = all, *end = NULL;
	for (int i = 0; at && i < number; i++)
		at = strchr(at, '\n') + 1;
	end = at ? strchr(at, '\n') : NULL;
	if (end)
		*end = '\0';
	bool made = end && db_script(db, at);
	free(all);
	return made;
}

bool console_land_prepare(struct console *console, struct console_progress *progress)
{
	struct console_copy *copy = copy_of(console, false);
	if (!copy || copy->torn || !copy_keep(console))
		return false;
	int all = count_indexes();
	bool made = copy->made < all && make_index(copy->db, copy->made);
	copy->made += made;
	progress->indexes = copy->made;
	progress->indexes_all = all;
	return made;
}

/* Before-images and triggers, the products that came twice, the own commands on top. */
static bool make_ready(struct console *console, const cJSON *sums, int64_t now_ms, bool *differs)
{
	struct console_copy *copy = console->copy;
	struct db *live = console->cache, *db = copy->db;
	struct text sql = TEXT_INIT(TEXT_LARGE);
	table_index_ddl(&sql, true);
	stocktake_progress_ddl(&sql);
	if (text_ok(&sql))
		db_script(db, text_get(&sql));
	text_free(&sql);
	db_run(db, "UPDATE local_work SET on_ = 0", "");
	parts_reindex(db);
	db_run(db, "DROP TABLE reindex", "");
	*differs = parts_follow(db, sums);
	take_state_along(console, db);
	far_stock_copy(live, db);
	db_run(db, "UPDATE state SET name = 'cursor' WHERE name = 'staged_cursor'", "");
	console->cache = db;
	parts_set_state_int(console, "pulled_ms", now_ms);
	bool good = parts_replay(console, now_ms);
	console->cache = live;
	return good;
}

bool copy_land(struct console *console, const cJSON *sums, int64_t now_ms, bool *differs)
{
	struct console_progress progress = {.rows = 0};
	while (console_land_prepare(console, &progress))
		;
	struct console_copy *copy = copy_of(console, false);
	if (!copy)
		return false;
	if (copy->torn || !copy_keep(console) || !db_begin(copy->db)) {
		db_forget_failure(copy->db);
		return false;
	}
	if (!make_ready(console, sums, now_ms, differs) || !db_commit(copy->db)) {
		db_rollback(copy->db);
		return false;
	}
	return move_in(console);
}
