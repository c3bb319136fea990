#include "model/console.h"

#include "model/catalogue.h"
#include "model/console_parts.h"
#include "model/i18n.h"
#include "model/json.h"
#include "model/stocktake_progress.h"
#include "model/table.h"
#include "model/text.h"
#include "model/when.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CACHE_BUSY_MS 50
#define OUTBOX_BUSY_MS 5000

static const char outbox_ddl[] =
	"CREATE TABLE command (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, op TEXT NOT NULL,"
	" store TEXT, actor TEXT, at INTEGER NOT NULL, line TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued',"
	" sent INTEGER NOT NULL DEFAULT 0, status TEXT, code TEXT, message TEXT, verdict TEXT,"
	" answered_at INTEGER NOT NULL DEFAULT 0, dismissed INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE INDEX command_live ON command (n) WHERE state IN ('queued', 'answered');"
	"CREATE INDEX command_refused ON command (n) WHERE status IN ('rejected', 'parked') AND dismissed = 0;"
	"CREATE TABLE device (url TEXT NOT NULL, token TEXT NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL,"
	" stores TEXT NOT NULL) STRICT;"
	"CREATE TABLE dismissed (id TEXT PRIMARY KEY) STRICT;";

/* far_stock is explained in far_stock.h. told: HQ's list as it came; at: when; asked: since when somebody waits
 * for it, 0 if nobody does. */
static const char cache_ddl[] =
	"CREATE TABLE applied (n INTEGER NOT NULL, id TEXT NOT NULL) STRICT;"
	"INSERT INTO applied VALUES (0, '');"
	"CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT) STRICT;"
	"CREATE TABLE staged (n INTEGER PRIMARY KEY, feed TEXT NOT NULL, seq INTEGER NOT NULL, tbl TEXT NOT NULL,"
	" key TEXT NOT NULL, row TEXT, hash INTEGER NOT NULL) STRICT;"
	"CREATE TABLE feed_state (feed TEXT PRIMARY KEY, seq INTEGER NOT NULL DEFAULT 0,"
	" sum INTEGER NOT NULL DEFAULT 0, followed INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE TABLE amber (id TEXT PRIMARY KEY, code TEXT NOT NULL) STRICT;"
	"CREATE TABLE unknown_row (tbl TEXT NOT NULL, key TEXT NOT NULL, feed TEXT NOT NULL, row TEXT,"
	" hash INTEGER NOT NULL, PRIMARY KEY (tbl, key, feed)) STRICT;"
	"CREATE TABLE far_stock (sku TEXT PRIMARY KEY, told TEXT, at INTEGER NOT NULL DEFAULT 0,"
	" asked INTEGER NOT NULL DEFAULT 0) STRICT;";

/* ---- opening ---- */

static void console_path(const struct console *console, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", console->home, name);
}

/* Makes the tables of a new, empty database; another process may be doing the same. */
static bool make_tables(struct db *db, const char *sql, int64_t version)
{
	db_begin(db);
	if (db_version(db) == 0) {
		db_script(db, sql);
		db_set_version(db, version);
	}
	if (db_commit(db))
		return true;
	db_rollback(db);
	return false;
}

bool parts_make_outbox(struct db *db)
{
	return make_tables(db, outbox_ddl, CONSOLE_OUTBOX_VERSION);
}

/* The reason in words, of a file that opened or not. */
static void say_trouble(const struct console *console, const struct db *db,
	struct parts_trouble *trouble, char *error, size_t size)
{
	char technical[300];
	if (db)
		trouble->failure = db_failed(db) ? db_failed(db) : DB_DISK;
	snprintf(technical, sizeof technical, "%s", db ? db_message(db) : error);
	trouble->technical = technical;
	parts_say_trouble(console, trouble, error, size);
}

static bool open_outbox(struct console *console, char *error, size_t size)
{
	char path[4096];
	struct parts_trouble trouble = {.name = "outbox.db", .failure = DB_CORRUPT};
	console_path(console, "outbox.db", path, sizeof path);
	struct db_options options = {.durability = DB_DURABLE,
		.busy_ms = OUTBOX_BUSY_MS,
		.vfs = console->vfs,
		.failure = &trouble.failure};
	if (parts_outbox_lost(console)) {
		say_trouble(console, NULL, &trouble, error, size);
		return false;
	}
	console->outbox = db_open(path, &options, error, size);
	if (console->outbox && db_version(console->outbox) == 0)
		parts_make_outbox(console->outbox);
	int64_t version = console->outbox ? db_version(console->outbox) : 0;
	/* It is written at its end and read from where the syncer is: many of its pages in memory would only
	 * make a screen bigger with each scan. */
	if (version == CONSOLE_OUTBOX_VERSION) {
		db_script(console->outbox, "PRAGMA cache_size = -256");
		return true;
	}
	/* Without a version the tables could not be made, or nothing could be read. */
	if (version <= 0)
		say_trouble(console, console->outbox, &trouble, error, size);
	else
		snprintf(error, size,
			_("%s has version %lld and this program reads %d: use the program that wrote it"),
			path, (long long)version, CONSOLE_OUTBOX_VERSION);
	return false;
}

void parts_cache_ddl(struct text *sql)
{
	text_add(sql, cache_ddl);
}

static bool cache_usable(struct db *cache)
{
	if (db_version(cache) == 0) {
		struct text sql = TEXT_INIT(TEXT_LARGE);
		table_ddl(&sql, true);
		catalogue_ddl(&sql);
		stocktake_progress_ddl(&sql);
		text_add(&sql, cache_ddl);
		if (text_ok(&sql))
			make_tables(cache, text_get(&sql), CONSOLE_CACHE_VERSION);
		text_free(&sql);
	}
	return db_version(cache) == CONSOLE_CACHE_VERSION &&
		db_has(cache, "SELECT n FROM applied", "");
}

static bool open_cache(struct console *console, char *error, size_t size)
{
	char path[4096];
	struct stat info;
	console_path(console, "cache.db", path, sizeof path);
	struct parts_trouble trouble = {.name = "cache.db"};
	struct db_options options = {.durability = DB_RELAXED,
		.busy_ms = OUTBOX_BUSY_MS,
		.vfs = console->vfs,
		.failure = &trouble.failure};
	for (int attempt = 0; attempt < 2; attempt++) {
		trouble.failure = DB_OK;
		console->cache = db_open(path, &options, error, size);
		if (console->cache && cache_usable(console->cache)) {
			console->cache_inode = stat(path, &info) == 0 ? (uint64_t)info.st_ino : 0;
			db_wait(console->cache, CACHE_BUSY_MS);
			return true;
		}
		enum db_failure failure = console->cache ? db_failed(console->cache)
							 : trouble.failure;
		say_trouble(console, console->cache, &trouble, error, size);
		db_close(console->cache);
		console->cache = NULL;
		/* Another version, or damaged: it holds nothing that HQ and the outbox do not. A lock or a
		 * full disk is no reason to throw it away. */
		if ((failure != DB_OK && failure != DB_CORRUPT && failure != DB_ERROR) ||
			!db_remove(path, console->vfs))
			break;
	}
	return false;
}

int parts_lock_cache(const struct console *console, bool alone)
{
	int lock = open(console->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (lock >= 0 && flock(lock, alone ? LOCK_EX : LOCK_SH) != 0 && errno == EINTR)
		;
	return lock;
}

void parts_unlock_cache(int lock)
{
	if (lock >= 0)
		close(lock);
}

bool parts_open_cache(struct console *console)
{
	char error[300];
	int lock = parts_lock_cache(console, false);
	bool opened = open_cache(console, error, sizeof error);
	parts_unlock_cache(lock);
	snprintf(console->trouble, sizeof console->trouble, "%s", opened ? "" : error);
	console->cache_seen = opened ? db_data_version(console->cache) : 0;
	return opened;
}

/* SQLite removes the log behind whoever closes last, by its name: not while another file is being moved to
 * where the cache stood, whose log it would be. */
static void close_cache(struct console *console)
{
	int lock = console->cache ? parts_lock_cache(console, false) : -1;
	db_close(console->cache);
	console->cache = NULL;
	parts_unlock_cache(lock);
}

static void forget_device(struct console *console)
{
	for (int i = 0; i < console->store_count; i++)
		free(console->stores[i]);
	console->store_count = 0;
	console->device[0] = '\0';
}

static void load_device(struct console *console)
{
	forget_device(console);
	struct db_rows *rows = db_query(console->outbox, "SELECT device, stores FROM device", "");
	if (db_next(rows)) {
		char error[80];
		snprintf(console->device, sizeof console->device, "%s", db_text(rows, 0));
		cJSON *stores = json_parse(
			db_text(rows, 1), strlen(db_text(rows, 1)), error, sizeof error);
		const cJSON *store;
		cJSON_ArrayForEach(store, stores)
		{
			if (cJSON_IsString(store) && console->store_count < CONSOLE_STORES_MAX)
				console->stores[console->store_count++] = text_copy(
					store->valuestring);
		}
		cJSON_Delete(stores);
	}
	db_done(rows);
}

bool console_open(
	struct console *console, const char *home, const char *vfs, char *error, size_t size)
{
	*console = (struct console){.home = text_copy(home),
		.vfs = vfs,
		.random = console->random,
		.boot = console->boot};
	bool opened = open_outbox(console, error, size);
	if (opened && !parts_open_cache(console)) {
		snprintf(error, size, "%s", console->trouble);
		opened = false;
	}
	if (!opened) {
		console_close(console);
		return false;
	}
	load_device(console);
	console->outbox_seen = db_data_version(console->outbox);
	return true;
}

void console_close(struct console *console)
{
	copy_close(console);
	forget_device(console);
	close_cache(console);
	db_close(console->outbox);
	free(console->home);
	*console = (struct console){.random = console->random, .boot = console->boot};
}

bool console_enrolled(const struct console *console)
{
	return console->store_count > 0;
}

struct world console_world(const struct console *console)
{
	return (struct world){.stores = (const char *const *)console->stores,
		.store_count = console->store_count,
		.device = console->device[0] ? console->device : NULL};
}

bool console_changed(struct console *console)
{
	char path[4096];
	struct stat info;
	parts_fresh(console);
	console_path(console, "cache.db", path, sizeof path);
	bool gone = !console->cache ||
		(console->cache_inode &&
			(stat(path, &info) != 0 || (uint64_t)info.st_ino != console->cache_inode));
	/* A page deep inside may be damaged while the file still opens: whoever met it removes it. */
	bool damaged = !gone && db_is_damaged(console->cache);
	if (gone || damaged) {
		close_cache(console);
		int lock = damaged ? parts_lock_cache(console, true) : -1;
		if (damaged)
			db_remove(path, console->vfs);
		parts_unlock_cache(lock);
		parts_open_cache(console);
	}
	int64_t outbox = db_data_version(console->outbox);
	int64_t cache = console->cache ? db_data_version(console->cache) : 0;
	bool changed = gone || damaged || outbox != console->outbox_seen ||
		cache != console->cache_seen;
	if (outbox != console->outbox_seen)
		load_device(console);
	console->outbox_seen = outbox;
	console->cache_seen = cache;
	return changed;
}
