#include "hq/core.h"

#include "hq/auth.h"
#include "hq/schema.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_MS 2000 /* how long another process may hold the lock: they write little */

static const char sqlite_scheme[] = "sqlite:";

/* The path in the URL; NULL and a sentence if it is no URL HQ can open. */
static const char *path_of(const char *url, char *error, size_t size)
{
	if (strncmp(url, sqlite_scheme, strlen(sqlite_scheme)) == 0 && url[strlen(sqlite_scheme)])
		return url + strlen(sqlite_scheme);
	if (strncmp(url, "postgresql:", 11) == 0 || strncmp(url, "postgres:", 9) == 0)
		snprintf(error, size, "PostgreSQL is not built in: use a database sqlite:PATH");
	else
		snprintf(error, size, "%s is not a database: write it as sqlite:PATH", url);
	return NULL;
}

static bool make_schema(struct hq *hq, const char *path, char *error, size_t size)
{
	if (db_version(hq->db) != 0 || db_has(hq->db, "SELECT 1 FROM sqlite_schema", ""))
		snprintf(error, size, "there is a database at %s already", path);
	else if (schema_make(hq->db))
		return true;
	else
		snprintf(error, size, "cannot make the tables in %s: %s", path, db_message(hq->db));
	return false;
}

static bool check_schema(struct hq *hq, const char *path, char *error, size_t size)
{
	int64_t version = db_version(hq->db);

	if (version == SCHEMA_VERSION ||
		(version > 0 && version < SCHEMA_VERSION && schema_upgrade(hq->db)))
		return true;
	if (version > 0 && version < SCHEMA_VERSION)
		snprintf(error, size, "cannot bring %s up to date: %s", path, db_message(hq->db));
	else if (version == 0)
		snprintf(error, size,
			"%s is not a database of countertop-hq: make one with init or demo", path);
	else
		snprintf(error, size, "%s has version %lld; this program knows version %d", path,
			(long long)version, SCHEMA_VERSION);
	return false;
}

static void read_epoch(struct hq *hq)
{
	char *epoch = db_get_text(hq->db, "SELECT value FROM meta WHERE name = 'epoch'", "");

	snprintf(hq->epoch, sizeof(hq->epoch), "%s", epoch ? epoch : "");
	free(epoch);
}

struct hq *hq_open(const struct hq_options *options, char *error, size_t size)
{
	const char *path = path_of(options->url, error, size);
	struct db_options how = {
		.durability = options->relaxed ? DB_RELAXED : DB_DURABLE,
		.must_exist = !options->create,
		.busy_ms = BUSY_MS,
		.vfs = options->vfs,
	};
	if (path && !options->create && !options->vfs && access(path, F_OK) != 0) {
		snprintf(error, size, "there is no database at %s: make one with init or demo",
			path);
		return NULL;
	}
	struct hq *hq = path ? calloc(1, sizeof(*hq)) : NULL;

	if (!hq)
		return NULL;
	if (sodium_init() < 0)
		snprintf(error, size, "the random source does not work");
	else
		hq->db = db_open(path, &how, error, size);
	hq->random = options->random ? options->random : randombytes_buf;
	if (!hq->db ||
		!(options->create ? make_schema(hq, path, error, size)
				  : check_schema(hq, path, error, size))) {
		hq_close(hq);
		return NULL;
	}
	schema_watch(hq->db);
	schema_restamp(hq->db);
	read_epoch(hq);
	if (!db_failed(hq->db))
		return hq;
	snprintf(error, size, "cannot use %s: %s", path, db_message(hq->db));
	hq_close(hq);
	return NULL;
}

void hq_close(struct hq *hq)
{
	if (!hq)
		return;
	db_close(hq->db);
	free(hq);
}

bool hq_start(struct hq *hq)
{
	char minted[HQ_SECRET_SIZE];

	db_begin(hq->db);
	read_epoch(hq);
	if (!hq->epoch[0]) {
		auth_secret(hq, "", minted);
		db_run(hq->db,
			"INSERT INTO meta(name, value) VALUES ('epoch', $1)"
			" ON CONFLICT (name) DO UPDATE SET value = excluded.value",
			"t", minted);
	}
	if (!db_commit(hq->db)) {
		db_rollback(hq->db);
		return false;
	}
	if (!hq->epoch[0])
		memcpy(hq->epoch, minted, sizeof(minted));
	return true;
}

const char *hq_epoch(struct hq *hq)
{
	return hq->epoch;
}

uint64_t hq_generation(struct hq *hq)
{
	return hq->moved + (uint64_t)db_data_version(hq->db);
}

/* ---- backup ---- */

static bool empty_epoch(const char *path, char *error, size_t size)
{
	struct db *copy = db_open(
		path, &(struct db_options){.must_exist = true, .busy_ms = BUSY_MS}, error, size);

	if (!copy)
		return false;
	bool emptied = db_run(copy, "UPDATE meta SET value = '' WHERE name = 'epoch'", "");

	if (!emptied)
		snprintf(error, size, "cannot write %s: %s", path, db_message(copy));
	db_close(copy);
	return emptied;
}

/* The copy gets its name only when it is whole and its epoch empty: a restored database that kept
 * its epoch would pass for the one the consoles know. */
bool hq_backup(struct hq *hq, const char *path, char *error, size_t size)
{
	char part[4096];

	if (access(path, F_OK) == 0) {
		snprintf(error, size, "%s exists already", path);
		return false;
	}
	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part)) {
		snprintf(error, size, "the path is too long");
		return false;
	}
	unlink(part);
	/* Reading first pins one snapshot: writers do not make the copy start again. */
	db_begin_read(hq->db);
	db_get_int(hq->db, 0, "SELECT COUNT(*) FROM meta", "");
	bool copied = db_copy(hq->db, part, error, size) && empty_epoch(part, error, size);

	db_rollback(hq->db);
	if (copied && link(part, path) != 0) {
		snprintf(error, size, "cannot make %s", path);
		copied = false;
	}
	unlink(part);
	return copied;
}
