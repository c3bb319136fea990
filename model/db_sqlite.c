/* db.h over SQLite. */
#include "model/db.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATEMENTS_MAX 256 /* kept prepared at once; more are prepared afresh */
#define BIND_MAX 40
#define HASH_BYTES 24
#define BUSY_LOOK_MS 1 /* how often somebody else's lock is tried */

struct db_rows {
	struct db *db;
	sqlite3_stmt *stmt; /* NULL: the query failed; yields nothing */
	char *sql;
	bool busy;
	bool kept;                     /* in the table of prepared statements */
	unsigned char place[BIND_MAX]; /* where $1, $2 … are bound; 0: the text does not use it */
};

struct db {
	sqlite3 *handle;
	struct db_rows *kept[STATEMENTS_MAX]; /* open addressing by the text's hash */
	int kept_count;
	struct db_rows nothing; /* what a query yields after a failure */
	enum db_failure failure;
	char message[300];
	int64_t changed;
	int marks;
	int busy_ms; /* how long to wait for a lock */
	bool begun;  /* between a begin and its commit or rollback */
	bool lost;   /* SQLite ended the transaction itself */
	bool damaged;
	bool looking;
};

static const struct {
	int code;
	enum db_failure failure;
} failures[] = {
	{SQLITE_BUSY, DB_BUSY},
	{SQLITE_LOCKED, DB_BUSY},
	{SQLITE_FULL, DB_FULL},
	{SQLITE_CORRUPT, DB_CORRUPT},
	{SQLITE_NOTADB, DB_CORRUPT},
	{SQLITE_READONLY, DB_READONLY},
	{SQLITE_IOERR, DB_DISK},
	{SQLITE_CANTOPEN, DB_DISK},
	{SQLITE_NOMEM, DB_DISK},
	{SQLITE_PROTOCOL, DB_BUSY},
	{SQLITE_CONSTRAINT, DB_CONSTRAINT},
};

static bool db_fail(struct db *db, const char *sql)
{
	if (db->failure != DB_OK)
		return false;
	int code = sqlite3_errcode(db->handle) & 0xff;
	db->failure = DB_ERROR;
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
		if (failures[i].code == code)
			db->failure = failures[i].failure;
	}
	db->damaged = db->damaged || db->failure == DB_CORRUPT;
	db->lost = db->begun && sqlite3_get_autocommit(db->handle);
	snprintf(db->message, sizeof db->message, "%s (%.120s)", sqlite3_errmsg(db->handle), sql);
	return false;
}

/* SQLite's own handler sleeps up to 100 ms between two tries, so that whoever waits among many is
 * passed over again and again by those who have just come. */
static int db_still_busy(void *ctx, int tries)
{
	const struct db *db = ctx;
	if (tries * BUSY_LOOK_MS >= db->busy_ms)
		return 0;
	sqlite3_sleep(BUSY_LOOK_MS);
	return 1;
}

/* Settings no connection goes without: words in double quotes are names, the schema of a damaged or
 * hostile file runs no functions, and integers of the cache are not wiped on delete. What a savepoint
 * may have to put back stays in memory: once in a file, it stays there for the whole transaction, and
 * every command that is applied again would write its pages to it. */
static bool db_configure(struct db *db, const struct db_options *options)
{
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	db->busy_ms = options->busy_ms;
	sqlite3_busy_handler(db->handle, db_still_busy, db);
	sqlite3_extended_result_codes(db->handle, 1);
	if (options->durability == DB_READ_ONLY || options->durability == DB_STILL)
		return db_script(db, "PRAGMA query_only = on");
	return db_script(db,
		options->durability == DB_DURABLE
			? "PRAGMA journal_mode = wal; PRAGMA synchronous = full"
			: "PRAGMA journal_mode = wal; PRAGMA synchronous = normal;"
			  "PRAGMA secure_delete = off; PRAGMA temp_store = memory");
}

/* The path as a URI; false if it is too long for one. */
static bool still_uri(const char *path, char *uri, size_t size)
{
	size_t used = (size_t)snprintf(uri, size, "file:");
	for (; *path && used + 24 < size; path++)
		used += (size_t)snprintf(uri + used, size - used,
			strchr("%?#", *path) ? "%%%02X" : "%c", (unsigned char)*path);
	snprintf(uri + used, size - used, "?immutable=1");
	return *path == '\0';
}

struct db *db_open(const char *path, const struct db_options *options, char *error, size_t size)
{
	struct db *db = calloc(1, sizeof *db);
	if (!db) {
		snprintf(error, size, "not enough memory");
		return NULL;
	}
	db->nothing.db = db;
	/* Nobody asks SQLite how much memory it uses, and counting takes a lock each time. Refused once
	 * SQLite runs, then as well. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	int flags = SQLITE_OPEN_READWRITE | (options->must_exist ? 0 : SQLITE_OPEN_CREATE);
	char uri[4200];
	if (options->durability == DB_READ_ONLY || options->durability == DB_STILL)
		flags = SQLITE_OPEN_READONLY;
	bool still = options->durability == DB_STILL && still_uri(path, uri, sizeof uri);
	if (still)
		flags |= SQLITE_OPEN_URI;
	int code = sqlite3_open_v2(
		still ? uri : path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, options->vfs);
	if (code != SQLITE_OK && db->handle)
		db_fail(db, "opening");
	if (code != SQLITE_OK)
		snprintf(error, size, "cannot open %s: %s", path,
			db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code));
	else if (db_configure(db, options) &&
		db_get_int(db, -1, "SELECT count(*) FROM sqlite_schema", "") >= 0)
		return db;
	else
		snprintf(error, size, "cannot use %s: %s", path, db->message);
	if (options->failure)
		*options->failure = db->failure;
	db_close(db);
	return NULL;
}

static void rows_free(struct db_rows *rows)
{
	if (!rows)
		return;
	sqlite3_finalize(rows->stmt);
	free(rows->sql);
	free(rows);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (int i = 0; i < STATEMENTS_MAX; i++)
		rows_free(db->kept[i]);
	sqlite3_close(db->handle);
	free(db);
}

/* Of both ends and the length: texts that agree in these are told apart by comparing them. */
static unsigned sql_hash(const char *sql)
{
	size_t length = strlen(sql),
	       skip = length > 2 * HASH_BYTES ? length - HASH_BYTES : HASH_BYTES;
	unsigned hash = 2166136261u ^ (unsigned)length;
	for (size_t i = 0; i < length; i = i + 1 == HASH_BYTES ? skip : i + 1)
		hash = (hash ^ (unsigned char)sql[i]) * 16777619u;
	return hash;
}

/* SQLite numbers parameters by first appearance; here they are found by the number in their name. */
static void find_places(struct db_rows *rows)
{
	int count = sqlite3_bind_parameter_count(rows->stmt);
	for (int i = 1; i <= count; i++) {
		const char *name = sqlite3_bind_parameter_name(rows->stmt, i);
		long number = name && name[0] == '$' ? strtol(name + 1, NULL, 10) : 0;
		if (number > 0 && number <= BIND_MAX)
			rows->place[number - 1] = (unsigned char)i;
	}
}

/* A statement ready to be bound: a kept one that is idle, or a new one. */
static struct db_rows *rows_prepare(struct db *db, const char *sql)
{
	unsigned slot = sql_hash(sql) % STATEMENTS_MAX;
	struct db_rows *rows;
	for (; (rows = db->kept[slot]); slot = (slot + 1) % STATEMENTS_MAX) {
		if (!rows->busy && strcmp(rows->sql, sql) == 0)
			return rows;
	}
	rows = calloc(1, sizeof *rows);
	if (!rows || !(rows->sql = strdup(sql)) ||
		sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &rows->stmt,
			NULL) != SQLITE_OK ||
		!rows->stmt) {
		rows_free(rows);
		return NULL;
	}
	rows->db = db;
	find_places(rows);
	rows->kept = db->kept_count < STATEMENTS_MAX * 3 / 4;
	if (rows->kept) {
		db->kept[slot] = rows;
		db->kept_count++;
	}
	return rows;
}

/* With `stays` the values outlive the statement's run, and none is copied. */
static struct db_rows *rows_bind(
	struct db *db, const char *sql, const struct db_value *values, int count, bool stays)
{
	sqlite3_destructor_type copied = stays ? SQLITE_STATIC : SQLITE_TRANSIENT;
	if (db->failure != DB_OK)
		return &db->nothing;
	struct db_rows *rows = rows_prepare(db, sql);
	if (!rows) {
		db_fail(db, sql);
		return &db->nothing;
	}
	if (db->looking && !sqlite3_stmt_readonly(rows->stmt)) {
		db->failure = DB_READONLY;
		db_done(rows);
		return &db->nothing;
	}
	rows->busy = true;
	for (int i = 0; i < count && i < BIND_MAX; i++) {
		int index = rows->place[i];
		if (index == 0)
			continue; /* a value the text does not use */
		if (values[i].kind == 'i')
			sqlite3_bind_int64(rows->stmt, index, values[i].number);
		else if (values[i].kind == 'b')
			sqlite3_bind_blob64(rows->stmt, index, values[i].text,
				(sqlite3_uint64)values[i].number, copied);
		else
			sqlite3_bind_text(rows->stmt, index, values[i].text, -1, copied);
	}
	return rows;
}

static int values_take(struct db_value values[BIND_MAX], const char *format, va_list args)
{
	int count = 0;
	for (; *format && count < BIND_MAX; format++, count++) {
		struct db_value *value = &values[count];
		*value = (struct db_value){.kind = *format};
		if (*format == 'i') {
			value->number = va_arg(args, int64_t);
		} else if (*format == 'b') {
			value->text = va_arg(args, const void *);
			value->number = (int64_t)va_arg(args, size_t);
		} else {
			value->text = va_arg(args, const char *);
		}
	}
	return count;
}

bool db_next(struct db_rows *rows)
{
	if (!rows->stmt || rows->db->failure != DB_OK)
		return false;
	int code = sqlite3_step(rows->stmt);
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		db_fail(rows->db, rows->sql);
	return false;
}

void db_done(struct db_rows *rows)
{
	if (!rows->stmt)
		return;
	sqlite3_reset(rows->stmt);
	sqlite3_clear_bindings(rows->stmt);
	rows->busy = false;
	if (!rows->kept)
		rows_free(rows);
}

struct db_rows *db_query_values(
	struct db *db, const char *sql, const struct db_value *values, int count)
{
	return rows_bind(db, sql, values, count, false);
}

struct db_rows *db_query(struct db *db, const char *sql, const char *format, ...)
{
	struct db_value values[BIND_MAX];
	va_list args;
	va_start(args, format);
	int count = values_take(values, format, args);
	va_end(args);
	return rows_bind(db, sql, values, count, false);
}

bool db_run_values(struct db *db, const char *sql, const struct db_value *values, int count)
{
	struct db_rows *rows = rows_bind(db, sql, values, count, true);
	while (db_next(rows))
		;
	db->changed = db->failure == DB_OK ? sqlite3_changes64(db->handle) : 0;
	db_done(rows);
	return db->failure == DB_OK;
}

bool db_run(struct db *db, const char *sql, const char *format, ...)
{
	struct db_value values[BIND_MAX];
	va_list args;
	va_start(args, format);
	int count = values_take(values, format, args);
	va_end(args);
	return db_run_values(db, sql, values, count);
}

bool db_script(struct db *db, const char *sql)
{
	if (db->failure != DB_OK)
		return false;
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK || db_fail(db, sql);
}

int64_t db_changed(const struct db *db)
{
	return db->changed;
}

int db_columns(const struct db_rows *rows)
{
	return rows->stmt ? sqlite3_column_count(rows->stmt) : 0;
}

const char *db_text(struct db_rows *rows, int column)
{
	return (const char *)sqlite3_column_text(rows->stmt, column);
}

int64_t db_int(struct db_rows *rows, int column)
{
	return sqlite3_column_int64(rows->stmt, column);
}

bool db_null(struct db_rows *rows, int column)
{
	return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

int64_t db_get_int(struct db *db, int64_t otherwise, const char *sql, const char *format, ...)
{
	struct db_value values[BIND_MAX];
	va_list args;
	va_start(args, format);
	int count = values_take(values, format, args);
	va_end(args);
	struct db_rows *rows = rows_bind(db, sql, values, count, false);
	int64_t number = db_next(rows) && !db_null(rows, 0) ? db_int(rows, 0) : otherwise;
	db_done(rows);
	return number;
}

char *db_get_text(struct db *db, const char *sql, const char *format, ...)
{
	struct db_value values[BIND_MAX];
	va_list args;
	va_start(args, format);
	int count = values_take(values, format, args);
	va_end(args);
	struct db_rows *rows = rows_bind(db, sql, values, count, false);
	const char *text = db_next(rows) ? db_text(rows, 0) : NULL;
	char *copy = text ? strdup(text) : NULL;
	db_done(rows);
	return copy;
}

bool db_has(struct db *db, const char *sql, const char *format, ...)
{
	struct db_value values[BIND_MAX];
	va_list args;
	va_start(args, format);
	int count = values_take(values, format, args);
	va_end(args);
	struct db_rows *rows = rows_bind(db, sql, values, count, false);
	bool has = db_next(rows);
	db_done(rows);
	return has;
}

static bool begin_run(struct db *db, const char *sql)
{
	bool begun = db_run(db, sql, "");
	db->begun = db->begun || begun;
	return begun;
}

bool db_begin(struct db *db)
{
	return begin_run(db, "BEGIN IMMEDIATE");
}

bool db_begin_read(struct db *db)
{
	return begin_run(db, "BEGIN");
}

bool db_commit(struct db *db)
{
	bool committed = db_run(db, "COMMIT", "");
	if (committed)
		db->begun = false;
	return committed;
}

void db_rollback(struct db *db)
{
	db->begun = db->lost = false;
	db_forget_failure(db);
	db->marks = 0;
	if (db_in_transaction(db))
		db_run(db, "ROLLBACK", "");
	db_forget_failure(db);
}

/* Savepoints are named by their depth; `marks` counts those of this connection that are open. */
static bool mark_run(struct db *db, const char *verb, int depth)
{
	char sql[48];
	snprintf(sql, sizeof sql, "%s mark%d", verb, depth);
	return db_run(db, sql, "");
}

bool db_mark(struct db *db)
{
	return mark_run(db, "SAVEPOINT", ++db->marks);
}

bool db_keep(struct db *db)
{
	return mark_run(db, "RELEASE SAVEPOINT", db->marks--);
}

void db_undo(struct db *db)
{
	db_forget_failure(db);
	int depth = db->marks--;
	if (db_in_transaction(db)) {
		mark_run(db, "ROLLBACK TO SAVEPOINT", depth);
		mark_run(db, "RELEASE SAVEPOINT", depth);
	}
}

bool db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

enum db_failure db_failed(const struct db *db)
{
	return db->failure;
}

const char *db_message(const struct db *db)
{
	return db->message;
}

void db_forget_failure(struct db *db)
{
	if (!db->lost)
		db->failure = DB_OK;
}

bool db_is_down(const struct db *db)
{
	return db->failure != DB_OK &&
		(db->lost || (db->failure != DB_CONSTRAINT && db->failure != DB_ERROR));
}

bool db_is_damaged(const struct db *db)
{
	return db->damaged;
}

int64_t db_version(struct db *db)
{
	return db_get_int(db, -1, "PRAGMA user_version", "");
}

bool db_set_version(struct db *db, int64_t version)
{
	char sql[48];
	snprintf(sql, sizeof sql, "PRAGMA user_version = %lld", (long long)version);
	return db_script(db, sql);
}

int64_t db_data_version(struct db *db)
{
	return db_get_int(db, -1, "PRAGMA data_version", "");
}

bool db_checkpoint(struct db *db)
{
	int logged = 0, folded = 0;
	return db->failure == DB_OK &&
		sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &logged,
			&folded) == SQLITE_OK &&
		logged == folded;
}

bool db_copy(struct db *db, const char *path, char *error, size_t size)
{
	sqlite3 *to = NULL;
	int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	sqlite3_backup *backup = code == SQLITE_OK
		? sqlite3_backup_init(to, "main", db->handle, "main")
		: NULL;
	if (backup) {
		while (sqlite3_backup_step(backup, 1000) == SQLITE_OK)
			;
		sqlite3_backup_finish(backup);
	}
	code = to ? sqlite3_errcode(to) : SQLITE_NOMEM;
	if (code != SQLITE_OK)
		snprintf(error, size, "cannot write %s: %s", path,
			to ? sqlite3_errmsg(to) : "not enough memory");
	sqlite3_close(to);
	return code == SQLITE_OK;
}

static bool remove_files(const char *path, const char *vfs, const char *const *endings)
{
	sqlite3_vfs *files = sqlite3_vfs_find(vfs);
	bool removed = files != NULL;
	for (int i = 0; removed && endings[i]; i++) {
		char name[4096];
		snprintf(name, sizeof name, "%s%s", path, endings[i]);
		int code = files->xDelete(files, name, 1);
		removed = code == SQLITE_OK || code == SQLITE_IOERR_DELETE_NOENT;
	}
	return removed;
}

bool db_remove_log(const char *path, const char *vfs)
{
	static const char *const endings[] = {"-wal", "-shm", "-journal", NULL};
	return remove_files(path, vfs, endings);
}

bool db_remove(const char *path, const char *vfs)
{
	static const char *const itself[] = {"", NULL};
	return remove_files(path, vfs, itself) && db_remove_log(path, vfs);
}

bool db_sound(struct db *db)
{
	char *answer = db_get_text(db, "PRAGMA quick_check(1)", "");
	bool sound = answer && strcmp(answer, "ok") == 0;
	free(answer);
	return sound;
}

void db_look(struct db *db, bool looking)
{
	db->looking = looking;
}

void db_wait(struct db *db, int busy_ms)
{
	db->busy_ms = busy_ms;
}
