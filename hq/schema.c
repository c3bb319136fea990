#include "hq/schema.h"

#include "hq/feed.h"
#include "model/catalogue.h"
#include "model/table.h"
#include "model/ticket.h"

#include <stdlib.h>

/* feed: the newest position of every row in every feed. hash is the first 8 bytes of the SHA-256 of
 * the row's JSON as sent; null means the row has left the feed (a tombstone).
 * feed_head: one counter a feed. sum is the sum of the hashes mod 2^64, floor the highest position
 * of a tombstone that was purged.
 * command: every id ever seen, with the verdict it got. `line` is kept only while it is parked, and
 * `waits` is the document an unknown_document waits for, in the order of `arrived`. */
static const char hq_tables[] =
	"CREATE TABLE feed(tbl TEXT NOT NULL, key TEXT NOT NULL, feed TEXT NOT NULL,"
	" seq BIGINT NOT NULL, hash BIGINT, at BIGINT NOT NULL, PRIMARY KEY(tbl, key, feed)) WITHOUT ROWID;"
	"CREATE UNIQUE INDEX feed_seq ON feed(feed, seq);"
	"CREATE INDEX feed_gone ON feed(at) WHERE hash IS NULL;"
	"CREATE TABLE feed_head(feed TEXT PRIMARY KEY, seq BIGINT NOT NULL, sum BIGINT NOT NULL,"
	" row_count BIGINT NOT NULL, floor BIGINT NOT NULL);"
	"CREATE TABLE command(id TEXT PRIMARY KEY, hash TEXT NOT NULL, op TEXT, status TEXT NOT NULL,"
	" verdict TEXT NOT NULL, at BIGINT NOT NULL, token TEXT NOT NULL, line TEXT, waits TEXT,"
	" arrived BIGINT) WITHOUT ROWID;"
	"CREATE INDEX command_waits ON command(waits, arrived) WHERE waits IS NOT NULL;"
	"CREATE INDEX command_parked ON command(at) WHERE status = 'parked';"
	"CREATE TABLE device(id TEXT PRIMARY KEY, name TEXT NOT NULL, stores TEXT NOT NULL,"
	" created_at BIGINT NOT NULL);"
	"CREATE TABLE token(hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, role TEXT NOT NULL,"
	" stores TEXT NOT NULL, device TEXT NOT NULL, created_at BIGINT NOT NULL,"
	" revoked_at BIGINT NOT NULL);"
	"CREATE TABLE enrol_code(hash TEXT PRIMARY KEY, stores TEXT NOT NULL, expires_at BIGINT NOT NULL,"
	" used_by TEXT NOT NULL);"
	"CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL);";

/* What was touched, and what a savepoint may have to put back, never leaves memory. */
static const char watch_tables[] =
	"PRAGMA temp_store = memory;"
	"CREATE TEMP TABLE touching(n BIGINT NOT NULL);"
	"CREATE TEMP TABLE touched(n BIGINT NOT NULL, tbl TEXT NOT NULL, key TEXT NOT NULL);"
	"INSERT INTO touching(n) VALUES (0);";

bool schema_make(struct db *db)
{
	struct text sql = TEXT_INIT(TEXT_LARGE);

	table_ddl(&sql, false);
	catalogue_ddl(&sql);
	text_add(&sql, hq_tables);
	db_begin(db);
	if (text_ok(&sql))
		db_script(db, text_get(&sql));
	db_set_version(db, SCHEMA_VERSION);
	bool made = text_ok(&sql) && db_commit(db);

	if (!made && !db_failed(db))
		db_rollback(db);
	text_free(&sql);
	return made;
}

bool schema_watch(struct db *db)
{
	struct text sql = TEXT_INIT(TEXT_LARGE);

	text_add(&sql, watch_tables);
	table_touch_ddl(&sql);
	bool watching = text_ok(&sql) && db_script(db, text_get(&sql));

	text_free(&sql);
	return watching;
}

#define RESTAMP "restamp:"

static void note_restamp(void *ctx, const char *table)
{
	db_run(ctx,
		"INSERT INTO meta (name, value) VALUES ('" RESTAMP
		"' || $1, $1) ON CONFLICT DO NOTHING",
		"t", table);
}

/* What new columns say of the rows that were there before: until version 4 a zone was counted in one pass,
 * and a line did not know when it was counted. */
static bool fill_columns(struct db *db)
{
	return db_version(db) >= 4 ||
		(db_run(db, "UPDATE count_entry SET pass = 1 WHERE pass = 0", "") &&
			db_run(db,
				"UPDATE stocktake_line SET counted_at = COALESCE((SELECT max(e.at) FROM count_entry e "
				"WHERE e.stocktake = stocktake_line.stocktake AND e.sku = stocktake_line.sku AND "
				"e.round = stocktake_line.round AND e.undone = 0), 0) WHERE counted IS NOT NULL",
				""));
}

/* Every store of a dossier learns of all redemptions of its code. */
static void route_disputed(struct db *db)
{
	struct db_rows *rows = db_query(db, "SELECT code FROM dossier ORDER BY code", "");

	while (db_next(rows))
		ticket_route(db, db_text(rows, 0));
	db_done(rows);
}

/* Until version 6 nothing was kept of a code spent beyond its units but exceptions. */
static bool open_dossiers(struct db *db)
{
	static const char sql[] =
		"INSERT INTO dossier (code, order_number, product, stores, units, spent, status, opened_at)"
		" SELECT t.code, t.order_number, t.product, (SELECT json_group_array(d.store) FROM"
		" (SELECT DISTINCT r.store FROM redemption r WHERE r.code = t.code AND r.kind = 'redeem'"
		" AND NOT EXISTS (SELECT 1 FROM redemption v WHERE v.of = r.id) ORDER BY r.store) d),"
		" t.units, s.spent, 'open', s.at FROM ticket t JOIN (SELECT code, SUM(qty) AS spent,"
		" MAX(recorded_at) AS at FROM redemption GROUP BY code) s ON s.code = t.code"
		" WHERE s.spent > t.units";
	if (db_version(db) >= 6)
		return true;
	note_restamp(db, "dossier");
	note_restamp(db, "redemption");
	db_run(db, sql, "");
	route_disputed(db);
	return !db_failed(db);
}

bool schema_upgrade(struct db *db)
{
	db_begin(db);
	if (table_add_missing(db, &(struct table_upgrade){note_restamp, db}) && fill_columns(db) &&
		open_dossiers(db) && db_set_version(db, SCHEMA_VERSION) && db_commit(db))
		return true;
	db_rollback(db);
	return false;
}

/* Touching a row is enough to give it a new position, and the sum its new hash. */
static bool restamp_table(struct db *db, const char *name)
{
	const struct table *table = table_find(name);
	struct feed_stamping stamping = {0};
	struct text sql = TEXT_INIT(TEXT_SMALL);
	db_begin(db);
	feed_begin(db);
	if (table) {
		text_addf(&sql, "UPDATE \"%s\" SET \"%s\" = \"%s\"", name, table->columns[0].name,
			table->columns[0].name);
		db_run(db, text_get(&sql), "");
	}
	bool good = feed_stamp(db, 0, &stamping) &&
		db_run(db, "DELETE FROM meta WHERE name = '" RESTAMP "' || $1", "t", name) &&
		db_commit(db);
	if (!good)
		db_rollback(db);
	feed_stamping_free(&stamping);
	text_free(&sql);
	return good;
}

bool schema_restamp(struct db *db)
{
	char *name;
	bool good = true;
	while (good &&
		(name = db_get_text(db,
			 "SELECT value FROM meta WHERE name LIKE '" RESTAMP "%' LIMIT 1", ""))) {
		good = restamp_table(db, name);
		free(name);
	}
	return good && !db_failed(db);
}
