/* The shared tables of tables.def at run time: their DDL, a row as JSON and back, and the feeds a
 * row is in. HQ and console use the same code, so a row reads the same at both ends. */
#ifndef COUNTERTOP_MODEL_TABLE_H
#define COUNTERTOP_MODEL_TABLE_H

#include "model/db.h"
#include "model/text.h"

#include <cjson/cJSON.h>

enum column_type {
	COLUMN_TEXT,
	COLUMN_INT,
	COLUMN_MONEY, /* whole minor units: in JSON as they are, for people as an amount */
	COLUMN_QTY,
	COLUMN_QTYN,
	COLUMN_BOOL,
	COLUMN_JSON,
	COLUMN_TIME
};

struct column {
	const char *name;
	enum column_type type;
	bool key;
};

#define TABLE_COLUMNS_MAX 24
#define TABLES_MAX 48
#define FEED_NAME_MAX 80
#define ROW_FEEDS_MAX 66

struct table {
	const char *name;
	const char *feeds; /* the rule, see tables.def */
	const struct column *columns;
	int column_count;
	int key_count; /* the key's columns come first */
};

/* All tables, in the order of tables.def. */
const struct table *table_all(int *count);
const struct table *table_find(const char *name);

/* Appends the DDL of every table and index. With console: each table has a column hash_, a
 * before_<name> that keeps the row as HQ last sent it, and the triggers that fill it. */
void table_ddl(struct text *sql, bool console);
/* The same in two parts, for a load of many rows: what rows need, and what is made faster behind them
 * (indexes, before-images and triggers; harmless where they exist). */
void table_rows_ddl(struct text *sql, bool console);
void table_index_ddl(struct text *sql, bool console);

/* Adds the tables, columns and indexes that a database of an older program lacks; each names every table
 * that got a column, as the JSON of its rows is another now. Inside a transaction. */
struct table_upgrade {
	void (*each)(void *ctx, const char *table);
	void *ctx;
};
bool table_add_missing(struct db *db, const struct table_upgrade *upgrade);

/* Appends CREATE TEMP TRIGGERs that note every changed row as (tbl, key) by inserting into
 * temp.touched(n, tbl, key), n taken from the one row of temp.touching(n). */
void table_touch_ddl(struct text *sql);

/* A row as JSON, by its key (the text of a JSON array). Appends nothing and returns false if there
 * is no such row. */
bool table_row_json(struct db *db, const struct table *table, const char *key, struct text *json);
/* The same, and then each(feed) once for every feed the row is in. */
struct table_feeds {
	void (*each)(void *ctx, const char *feed);
	void *ctx;
};
bool table_row_feeds(struct db *db, const struct table *table, const char *key, struct text *json,
	const struct table_feeds *feeds);
/* The feeds of a row whose columns a query gives, all and in their order. */
void table_feeds_of(
	const struct table *table, struct db_rows *rows, const struct table_feeds *feeds);

/* Puts a row of HQ into the table (insert or update). Columns it does not know are skipped and
 * counted in *unknown. False if a known column has the wrong type. hash is kept in hash_. */
bool table_put(
	struct db *db, const struct table *table, const cJSON *row, int64_t hash, int *unknown);
/* The same for a row that is not there yet: false too if it is, and then nothing is changed. */
bool table_add(
	struct db *db, const struct table *table, const cJSON *row, int64_t hash, int *unknown);
bool table_delete(struct db *db, const struct table *table, const char *key);
/* The hash_ of a row; false if there is none. */
bool table_hash(struct db *db, const struct table *table, const char *key, int64_t *hash);

/* Calls each(feed) once for every feed the row is in; row as table_row_json gives it. */
void table_feeds(const struct table *table, const cJSON *row,
	void (*each)(void *ctx, const char *feed), void *ctx);

/* Console only: puts every row back as HQ last sent it and empties the before-images. The caller
 * has switched local work off (see console.h). */
bool table_restore_all(struct db *db);

/* One value as JSON, by its type. */
void table_value_json(struct text *json, enum column_type type, struct db_rows *rows, int column);

#endif
