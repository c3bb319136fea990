#include "model/console.h"

#include "model/catalogue.h"
#include "model/console_parts.h"
#include "model/i18n.h"
#include "model/json.h"
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
	" hash INTEGER NOT NULL, PRIMARY KEY (tbl, key, feed)) STRICT;";

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
		make_tables(console->outbox, outbox_ddl, CONSOLE_OUTBOX_VERSION);
	int64_t version = console->outbox ? db_version(console->outbox) : 0;
	if (version == CONSOLE_OUTBOX_VERSION)
		return true;
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
	db_close(console->cache);
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
		.device = console->device};
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
		db_close(console->cache);
		console->cache = NULL;
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

/* ---- doing ---- */

/* The line as it will be sent; its bytes are the command's identity at HQ. */
static char *make_line(struct console *console, const struct console_wish *wish, int64_t now_ms,
	char id[UUID_SIZE])
{
	uint8_t random[10];
	char at[WHEN_SIZE];
	console->random(random, sizeof random);
	uuid_make(&console->uuids, now_ms, random, id);
	when_format(now_ms, at);
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "id", id);
	cJSON_AddStringToObject(json, "op", wish->op);
	cJSON_AddNumberToObject(json, "v", 1);
	cJSON_AddStringToObject(json, "at", at);
	if (wish->store)
		cJSON_AddStringToObject(json, "store", wish->store);
	if (wish->actor)
		cJSON_AddStringToObject(json, "actor", wish->actor);
	cJSON_AddItemToObject(json, "data", wish->data ? wish->data : cJSON_CreateObject());
	char *line = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	return line;
}

/* Refusals that hold for a fact as well: they do not depend on what others did. */
static bool refused_outright(const struct command *command, enum refusal refusal)
{
	const char *mode = json_text(command->data, "mode");
	if (refusal == REFUSAL_NONE || command->op->kind == OP_REQUEST)
		return refusal != REFUSAL_NONE;
	if (refusal == REFUSED_malformed)
		return !mode || strcmp(mode, "offline") != 0;
	return refusal == REFUSED_bad_data || refusal == REFUSED_wrong_status ||
		refusal == REFUSED_no_right || refusal == REFUSED_unknown_staff ||
		refusal == REFUSED_wrong_store;
}

/* Puts the line into the outbox, on the disk. Returns its n, 0 if the disk would not take it. */
static int64_t store_line(struct console *console, const struct command *command, const char *line,
	struct console_verdict *verdict)
{
	struct db *outbox = console->outbox;
	struct db_rows *rows = db_query(outbox,
		"INSERT INTO command (id, op, store, actor, at, line) "
		"VALUES ($1, $2, $3, $4, $5, $6) RETURNING n",
		"ttttit", command->id, command->op->name, command->store, command->actor,
		command->at_ms, line);
	int64_t n = db_next(rows) ? db_int(rows, 0) : 0;
	while (db_next(rows))
		; /* the commit happens when the statement is through */
	db_done(rows);
	if (db_failed(outbox)) {
		n = 0;
		verdict->refusal = REFUSAL_FAULT;
		/* Without the statement, which is in parentheses behind it: a screen has one line. */
		const char *said = db_message(outbox), *end = strstr(said, " (");
		snprintf(verdict->message, sizeof verdict->message, "%.*s",
			end ? (int)(end - said) : (int)strlen(said), said);
		db_forget_failure(outbox);
	}
	verdict->saved = n > 0;
	return n;
}

static void take_local(struct console_verdict *verdict, struct verdict *local)
{
	verdict->refusal = local->refusal;
	snprintf(verdict->message, sizeof verdict->message, "%s", local->message);
	verdict->result = local->result;
	local->result = NULL;
}

/* Runs it on the cache inside the open transaction, under a mark that stays open. */
static void run_marked(struct console *console, const struct command *command, int64_t now_ms,
	struct verdict *local)
{
	struct world world = console_world(console);
	world.by_hand = true;
	db_mark(console->cache);
	command_run(console->cache, command, &world, now_ms, local);
}

/* A fact is kept even while the cache cannot show it. */
static void store_unapplied(struct console *console, const struct command *command,
	const char *line, struct console_verdict *verdict)
{
	verdict->refusal = REFUSAL_NONE;
	verdict->message[0] = '\0';
	store_line(console, command, line, verdict);
}

/* With the cache locked: one run of the handler is both rehearsal and application. The outbox row
 * is committed in between, so whatever breaks after it, the command is there. */
static void do_locked(struct console *console, const struct command *command, const char *line,
	int64_t now_ms, struct console_verdict *verdict)
{
	struct db *cache = console->cache;
	struct verdict local = {.refusal = REFUSAL_FAULT};
	if (parts_catch_up(console, now_ms))
		run_marked(console, command, now_ms, &local);
	else
		snprintf(local.message, sizeof local.message, "%s", db_message(cache));
	db_forget_failure(console->outbox);
	take_local(verdict, &local);
	if (refused_outright(command, local.refusal) || local.refusal == REFUSAL_FAULT) {
		/* A cache that never heard from HQ knows no staff and cannot judge a fact. */
		bool blind = local.refusal == REFUSAL_FAULT ||
			parts_state_int(console, "pulled_ms") == 0;
		db_rollback(cache);
		if (blind && command->op->kind == OP_FACT)
			store_unapplied(console, command, line, verdict);
		return;
	}
	bool amber = local.refusal != REFUSAL_NONE;
	int64_t n = store_line(console, command, line, verdict);
	if (n == 0) {
		db_rollback(cache);
		return;
	}
	if (!amber && n == parts_applied(console) + 1) {
		db_keep(cache);
		parts_set_applied(console, n, command->id);
	} else {
		/* Refused for now, or another seat's row came in between: in outbox order, then. */
		db_undo(cache);
		if (!parts_catch_up(console, now_ms)) {
			db_rollback(cache);
			return;
		}
	}
	if (!db_commit(cache))
		db_rollback(cache);
}

static void do_command(struct console *console, const struct command *command, const char *line,
	int64_t now_ms, struct console_verdict *verdict)
{
	int tries = command->op->kind == OP_REQUEST ? 20 : 1; /* of 50 ms */
	for (int i = 0; console->cache && i < tries; i++) {
		if (db_begin(console->cache)) {
			do_locked(console, command, line, now_ms, verdict);
			return;
		}
		db_forget_failure(console->cache);
	}
	if (command->op->kind == OP_REQUEST) {
		verdict->refusal = REFUSAL_FAULT;
		snprintf(verdict->message, sizeof verdict->message, "the cache is busy");
		return;
	}
	store_unapplied(console, command, line, verdict);
}

static void parse_and(struct console *console, const struct console_wish *wish, int64_t now_ms,
	bool keep, struct console_verdict *verdict)
{
	struct command command;
	parts_fresh(console);
	*verdict = (struct console_verdict){.saved = false};
	char *line = make_line(console, wish, now_ms, verdict->id);
	verdict->refusal = command_parse(
		line, strlen(line), &command, verdict->message, sizeof verdict->message);
	if (verdict->refusal == REFUSAL_NONE && keep) {
		do_command(console, &command, line, now_ms, verdict);
	} else if (verdict->refusal == REFUSAL_NONE && console->cache && db_begin(console->cache)) {
		struct verdict local;
		parts_catch_up(console, now_ms);
		run_marked(console, &command, now_ms, &local);
		take_local(verdict, &local);
		db_rollback(console->cache);
	}
	parts_fresh(console);
	command_free(&command);
	cJSON_free(line);
}

void console_do(struct console *console, const char *op, const char *store, const char *actor,
	cJSON *data, int64_t now_ms, struct console_verdict *verdict)
{
	parse_and(console, &(struct console_wish){op, store, actor, data}, now_ms, true, verdict);
}

void console_rehearse(struct console *console, const char *op, const char *store, const char *actor,
	cJSON *data, int64_t now_ms, struct console_verdict *verdict)
{
	parse_and(console, &(struct console_wish){op, store, actor, data}, now_ms, false, verdict);
}

void console_verdict_free(struct console_verdict *verdict)
{
	cJSON_Delete(verdict->result);
	verdict->result = NULL;
}

bool console_catch_up(struct console *console, int64_t now_ms)
{
	parts_fresh(console);
	int64_t last = db_get_int(console->outbox, 0, "SELECT max(n) FROM command", "");
	if (!console->cache || db_failed(console->outbox))
		return false;
	if (last == parts_applied(console))
		return db_failed(console->cache) == DB_OK;
	if (!db_begin(console->cache)) {
		db_forget_failure(console->cache);
		return false;
	}
	if (parts_catch_up(console, now_ms) && db_commit(console->cache)) {
		console->cache_seen = -1; /* SQLite tells only of what others changed */
		return true;
	}
	db_rollback(console->cache);
	return false;
}
