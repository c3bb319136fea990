/* What the files of the console share among themselves; nobody else includes this. */
#ifndef COUNTERTOP_MODEL_CONSOLE_PARTS_H
#define COUNTERTOP_MODEL_CONSOLE_PARTS_H

#include "model/console.h"
#include "model/text.h"

/* Of the two files, in PRAGMA user_version. */
#define CONSOLE_OUTBOX_VERSION 1
#define CONSOLE_CACHE_VERSION 8

/* How far back commands are offered again to an HQ that was restored. */
#define CONSOLE_OFFER_AGAIN_MS (INT64_C(14) * 24 * 3600 * 1000)

struct console_wish {
	const char *op, *store, *actor;
	cJSON *data;
};

/* First thing in whatever the console is asked: an earlier failure, of a pane's query or of a disk that
 * was full, says nothing about this one. */
void parts_fresh(struct console *console);

/* One command among those that are applied, to learn what came of it. */
struct parts_watch {
	const struct command *command;
	bool met;
	struct verdict verdict; /* once met; the caller frees it */
};

/* Applies the outbox rows behind applied.n, in transactions of its own that hold the cache's lock for
 * less than 10 ms. DB_BUSY if another had the lock for 50 ms, or if more is left than a screen should wait
 * for. watch may be NULL. */
enum db_failure parts_apply(struct console *console, int64_t now_ms, struct parts_watch *watch);
/* The same inside the caller's cache transaction: at most `most` rows, and how many it were; -1 if it is to
 * be rolled back and tried later. If the outbox is not the one the applied rows came from, all are undone
 * first. */
int parts_catch_up(struct console *console, int64_t now_ms, int most, struct parts_watch *watch);
/* Puts back HQ's rows; local work is off until parts_replay. */
void parts_restore(struct console *console);
/* Applies every visible command in outbox order and switches local work on again. */
bool parts_replay(struct console *console, int64_t now_ms);

/* Why a file of the home cannot be used, and what to do now. */
struct parts_trouble {
	const char *name; /* of the file: outbox.db or cache.db */
	enum db_failure failure;
	const char *technical; /* what SQLite says */
};
void parts_say_trouble(const struct console *console, const struct parts_trouble *trouble,
	char *error, size_t size);
/* Makes the tables of an outbox in an empty database. */
bool parts_make_outbox(struct db *db);
/* Is outbox.db an empty file in a home that was in use? Then it was emptied by somebody else. */
bool parts_outbox_lost(const struct console *console);

int64_t parts_applied(struct console *console);

/* SQL: an outbox row that still matters here. A query that says so in these words is answered from the
 * index of such rows, however long the history. */
#define OUTBOX_LIVE "state IN ('queued', 'answered')"

/* Does HQ's own copy show what the command did that got this verdict? */
bool parts_covered(struct console *console, const char *verdict);

/* The search index, brought in line with the products whose keys stand in reindex. */
void parts_reindex(struct db *db);
/* Notes which feeds this device follows, as the trailer's sums name them. True if one differs. */
bool parts_follow(struct db *db, const cJSON *sums);
/* Appends the DDL of what only the cache has. */
void parts_cache_ddl(struct text *sql);
/* Opens cache.db, or makes it anew. False with the reason in console->trouble. */
bool parts_open_cache(struct console *console);
/* While one process moves or removes cache.db no other opens it: a lock on the home folder itself, -1
 * where it cannot be had. */
int parts_lock_cache(const struct console *console, bool alone);
void parts_unlock_cache(int lock);

/* A whole copy on its way, see console_copy.c. Wanted is one while the cache has no cursor. The functions
 * of a page are called between copy_page_begin and copy_page_end or copy_page_abort. */
bool copy_is_wanted(struct console *console);
char *copy_cursor(struct console *console); /* NULL: nothing is there; the caller frees it */
bool copy_page_begin(struct console *console);
bool copy_page_row(struct console *console, const cJSON *line, const char *json, size_t length);
bool copy_page_is_down(const struct console *console);
bool copy_page_end(struct console *console, const char *cursor);
void copy_page_abort(struct console *console);
bool copy_keep(struct console *console);
bool copy_land(struct console *console, const cJSON *sums, int64_t now_ms, bool *differs);
void copy_close(struct console *console);
void copy_drop(struct console *console);

char *parts_state(struct console *console, const char *name); /* caller frees; NULL if unset */
int64_t parts_state_int(struct console *console, const char *name);
bool parts_set_state(struct console *console, const char *name, const char *value);
bool parts_set_state_int(struct console *console, const char *name, int64_t value);

#endif
