/* One SQL surface. The texts handed to it run on SQLite and PostgreSQL alike (UPSERT, RETURNING,
 * row values); parameters are written $1, $2 … and bound by that number.
 *
 * Failures are sticky: after one, every call on that connection does nothing and yields nothing
 * until db_forget_failure(). So code runs its statements one after another and asks once, before
 * it commits, whether all of them worked. Nothing here prints.
 *
 * Parameter formats are a string with one letter a value: t text (const char *, NULL is null),
 * i integer (int64_t), b bytes (const void *, size_t). Statements are kept prepared. */
#ifndef COUNTERTOP_MODEL_DB_H
#define COUNTERTOP_MODEL_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct db_rows;

enum db_durability {
	DB_DURABLE,   /* a commit is on the disk when it returns */
	DB_RELAXED,   /* a commit may be lost with the power, never torn */
	DB_READ_ONLY, /* the file must exist; a write fails */
	DB_STILL,     /* the same, and nobody writes it meanwhile: no locks, no files beside it */
};

enum db_failure {
	DB_OK,
	DB_BUSY,    /* another process holds the lock: try again */
	DB_FULL,    /* no room on the disk */
	DB_CORRUPT, /* the file is damaged or is no database */
	DB_READONLY,
	DB_DISK, /* reading or writing failed, or memory is short */
	DB_CONSTRAINT,
	DB_ERROR, /* anything else */
};

struct db_options {
	enum db_durability durability;
	bool must_exist;
	int busy_ms;              /* how long to wait for another's lock */
	const char *vfs;          /* NULL: the operating system's */
	enum db_failure *failure; /* set where opening fails; may be NULL */
};

/* Opens or creates the database. On failure returns NULL and writes a sentence into error. */
struct db *db_open(const char *path, const struct db_options *options, char *error, size_t size);
void db_close(struct db *db);

/* Runs one statement to its end. True if it worked. */
bool db_run(struct db *db, const char *sql, const char *format, ...);
/* Runs several statements without parameters, separated by semicolons. */
bool db_script(struct db *db, const char *sql);
/* Rows changed by the last db_run. */
int64_t db_changed(const struct db *db);

/* A query's rows: while (db_next(rows)) …; db_done(rows). Texts live until the next db_next. */
struct db_rows *db_query(struct db *db, const char *sql, const char *format, ...);
/* The same with values in an array; kinds as in the format. */
struct db_value {
	char kind; /* 't', 'i' */
	const char *text;
	int64_t number;
};
struct db_rows *db_query_values(
	struct db *db, const char *sql, const struct db_value *values, int count);
bool db_run_values(struct db *db, const char *sql, const struct db_value *values, int count);
bool db_next(struct db_rows *rows);
void db_done(struct db_rows *rows);
int db_columns(const struct db_rows *rows);
const char *db_text(struct db_rows *rows, int column); /* NULL if null */
int64_t db_int(struct db_rows *rows, int column);      /* 0 if null */
bool db_null(struct db_rows *rows, int column);

/* The first column of the first row, or `otherwise` if there is none. */
int64_t db_get_int(struct db *db, int64_t otherwise, const char *sql, const char *format, ...);
/* The same as text in a new string, the caller's to free; NULL if none or null. */
char *db_get_text(struct db *db, const char *sql, const char *format, ...);
/* True if the query has a row. */
bool db_has(struct db *db, const char *sql, const char *format, ...);

/* Transactions. db_begin takes the write lock at once; db_begin_read a snapshot. A full or failing disk
 * may end a transaction by itself: then the failure stays until db_rollback, so that nothing of the
 * rest is written on its own. */
bool db_begin(struct db *db);
bool db_begin_read(struct db *db);
bool db_commit(struct db *db);
void db_rollback(struct db *db); /* also forgets a failure */
/* Savepoints nest; db_undo goes back to the last one, forgets a failure, and removes it. */
bool db_mark(struct db *db);
bool db_keep(struct db *db);
void db_undo(struct db *db);
bool db_in_transaction(const struct db *db);
/* While looking, a statement that would write fails with DB_READONLY, and so what follows it. */
void db_look(struct db *db, bool looking);
/* How long to wait for another's lock from now on. */
void db_wait(struct db *db, int busy_ms);

enum db_failure db_failed(const struct db *db);
const char *db_message(const struct db *db); /* of the failure; for a log or a person's screen */
void db_forget_failure(struct db *db);
/* Is it the machine that failed (disk, lock, memory), and not the statement? */
bool db_is_down(const struct db *db);
/* Was the file ever found damaged? Forgetting the failure does not forget this. */
bool db_is_damaged(const struct db *db);

int64_t db_version(struct db *db); /* PRAGMA user_version */
bool db_set_version(struct db *db, int64_t version);
int64_t db_data_version(struct db *db); /* changes when another connection commits */
bool db_checkpoint(struct db *db);      /* folds the log back into the file; true if all of it */
bool db_copy(struct db *db, const char *path, char *error, size_t size); /* a consistent copy */
/* Deletes a database that nobody has open, its log included. */
bool db_remove(const char *path, const char *vfs);
bool db_remove_log(const char *path, const char *vfs); /* only what belongs to the file */
bool db_sound(struct db *db);                          /* PRAGMA quick_check finds nothing */

#endif
