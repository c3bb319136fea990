#include "model/table.h"

#include "model/json.h"
#include "model/when.h"

#include <stdlib.h>
#include <string.h>

/* ---- tables.def becomes arrays ---- */

static const struct column columns[] = {
#define TABLE(name, feeds)
#define KEY(name, type) {#name, COLUMN_##type, true},
#define COL(name, type) {#name, COLUMN_##type, false},
#define INDEX(name, on)
#include "model/tables.def"
#undef TABLE
#undef KEY
#undef COL
#undef INDEX
};

static const struct entry {
	enum { ENTRY_TABLE, ENTRY_COLUMN, ENTRY_INDEX } kind;
	const char *name;
	const char *text;
} entries[] = {
#define TABLE(name, feeds) {ENTRY_TABLE, #name, feeds},
#define KEY(name, type) {ENTRY_COLUMN, #name, NULL},
#define COL(name, type) {ENTRY_COLUMN, #name, NULL},
#define INDEX(name, on) {ENTRY_INDEX, #name, on},
#include "model/tables.def"
#undef TABLE
#undef KEY
#undef COL
#undef INDEX
};

#define ENTRY_COUNT ((int)(sizeof entries / sizeof *entries))

static const struct {
	const char *sqlite;
} type_sql[] = {
	[COLUMN_TEXT] = {"TEXT"},
	[COLUMN_INT] = {"INTEGER NOT NULL DEFAULT 0"},
	[COLUMN_MONEY] = {"INTEGER NOT NULL DEFAULT 0"},
	[COLUMN_QTY] = {"INTEGER NOT NULL DEFAULT 0"},
	[COLUMN_QTYN] = {"INTEGER"},
	[COLUMN_BOOL] = {"INTEGER NOT NULL DEFAULT 0"},
	[COLUMN_JSON] = {"TEXT"},
	[COLUMN_TIME] = {"INTEGER NOT NULL DEFAULT 0"},
};

const struct table *table_all(int *count)
{
	static struct table tables[TABLES_MAX];
	static int table_count;
	if (table_count == 0) {
		const struct column *next = columns;
		for (int i = 0; i < ENTRY_COUNT; i++) {
			if (entries[i].kind == ENTRY_TABLE)
				tables[table_count++] = (struct table){.name = entries[i].name,
					.feeds = entries[i].text,
					.columns = next};
			if (entries[i].kind != ENTRY_COLUMN)
				continue;
			struct table *table = &tables[table_count - 1];
			table->column_count++;
			table->key_count += next->key;
			next++;
		}
	}
	*count = table_count;
	return tables;
}

const struct table *table_find(const char *name)
{
	int count;
	const struct table *tables = table_all(&count);
	for (int i = 0; i < count; i++) {
		if (strcmp(tables[i].name, name) == 0)
			return &tables[i];
	}
	return NULL;
}

/* ---- pieces of SQL ---- */

/* The names of the columns from first to last, each with what stands before it. */
static void add_names(struct text *sql, const struct table *table, int count, const char *before)
{
	for (int i = 0; i < count; i++)
		text_addf(sql, "%s%s\"%s\"", i ? ", " : "", before, table->columns[i].name);
}

static void add_placeholders(struct text *sql, int first, int count)
{
	for (int i = 0; i < count; i++)
		text_addf(sql, "%s$%d", i ? ", " : "", first + i);
}

static void add_key_match(struct text *sql, const struct table *table)
{
	for (int i = 0; i < table->key_count; i++)
		text_addf(sql, "%s\"%s\" = $%d", i ? " AND " : "", table->columns[i].name, i + 1);
}

static void add_columns(struct text *sql, const struct table *table, bool constraints)
{
	for (int i = 0; i < table->column_count; i++)
		text_addf(sql, "%s\"%s\" %s", i ? ", " : "", table->columns[i].name,
			constraints ? type_sql[table->columns[i].type].sqlite
				: type_sql[table->columns[i].type].sqlite[0] == 'T' ? "TEXT"
										    : "INTEGER");
}

/* ---- DDL ---- */

static void add_table(struct text *sql, const struct table *table, bool console)
{
	text_addf(sql, "CREATE TABLE \"%s\" (", table->name);
	add_columns(sql, table, true);
	text_add(sql,
		console ? ", hash_ INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (" : ", PRIMARY KEY (");
	add_names(sql, table, table->key_count, "");
	text_add(sql, ")) STRICT;\n");
}

/* One trigger that keeps the row as it was (from: OLD), or that it was not there (from: NEW). */
static void add_before_trigger(
	struct text *sql, const struct table *table, const char *event, const char *from)
{
	bool was_there = from[0] == 'O';
	int count = was_there ? table->column_count : table->key_count;
	text_addf(sql,
		"CREATE TRIGGER IF NOT EXISTS \"before_%s_%s\" AFTER %s ON \"%s\" WHEN (SELECT on_ FROM local_work) BEGIN "
		"INSERT INTO \"before_%s\" (",
		table->name, event, event, table->name, table->name);
	add_names(sql, table, count, "");
	text_add(sql, ", hash_, present_) SELECT ");
	add_names(sql, table, count, was_there ? "OLD." : "NEW.");
	text_addf(sql, ", %s, %d WHERE NOT EXISTS (SELECT 1 FROM \"before_%s\" b WHERE ",
		was_there ? "OLD.hash_" : "0", was_there, table->name);
	for (int i = 0; i < table->key_count; i++)
		text_addf(sql, "%sb.\"%s\" = %s.\"%s\"", i ? " AND " : "", table->columns[i].name,
			from, table->columns[i].name);
	text_add(sql, "); END;\n");
}

static void add_before(struct text *sql, const struct table *table)
{
	text_addf(sql, "CREATE TABLE IF NOT EXISTS \"before_%s\" (", table->name);
	add_columns(sql, table, false);
	text_add(sql, ", hash_ INTEGER, present_ INTEGER NOT NULL, PRIMARY KEY (");
	add_names(sql, table, table->key_count, "");
	/* Only ever read by its key or as a whole, and written once for every row touched here. */
	text_add(sql, ")) STRICT, WITHOUT ROWID;\n");
	add_before_trigger(sql, table, "INSERT", "NEW");
	add_before_trigger(sql, table, "UPDATE", "OLD");
	add_before_trigger(sql, table, "DELETE", "OLD");
}

void table_rows_ddl(struct text *sql, bool console)
{
	int count;
	const struct table *tables = table_all(&count);
	if (console)
		text_add(sql,
			"CREATE TABLE local_work (on_ INTEGER NOT NULL) STRICT;\n"
			"INSERT INTO local_work VALUES (1);\n");
	for (int i = 0; i < count; i++)
		add_table(sql, &tables[i], console);
}

void table_index_ddl(struct text *sql, bool console)
{
	int count;
	const struct table *tables = table_all(&count);
	for (int i = 0, at = -1; i < ENTRY_COUNT; i++) {
		at += entries[i].kind == ENTRY_TABLE;
		if (entries[i].kind == ENTRY_INDEX)
			text_addf(sql, "CREATE INDEX IF NOT EXISTS \"%s\" ON \"%s\" (%s);\n",
				entries[i].name, tables[at].name, entries[i].text);
	}
	for (int i = 0; console && i < count; i++)
		add_before(sql, &tables[i]);
}

void table_ddl(struct text *sql, bool console)
{
	table_rows_ddl(sql, console);
	table_index_ddl(sql, console);
}

/* True if the table got a column. */
static bool add_missing_columns(struct db *db, const struct table *table)
{
	bool added = false;
	for (int i = 0; i < table->column_count; i++) {
		const struct column *column = &table->columns[i];
		struct text sql = TEXT_INIT(TEXT_SMALL);
		if (db_has(db, "SELECT 1 FROM pragma_table_info($1) WHERE name = $2", "tt",
			    table->name, column->name))
			continue;
		text_addf(&sql, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s", table->name,
			column->name, type_sql[column->type].sqlite);
		added = db_run(db, text_get(&sql), "");
		text_free(&sql);
	}
	return added;
}

bool table_add_missing(struct db *db, const struct table_upgrade *upgrade)
{
	struct text sql = TEXT_INIT(TEXT_LARGE);
	int count;
	const struct table *tables = table_all(&count);
	for (int i = 0; i < count; i++) {
		if (!db_has(db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1",
			    "t", tables[i].name))
			add_table(&sql, &tables[i], false);
		else if (add_missing_columns(db, &tables[i]))
			upgrade->each(upgrade->ctx, tables[i].name);
	}
	table_index_ddl(&sql, false);
	bool good = text_ok(&sql) && db_script(db, text_get(&sql));
	text_free(&sql);
	return good;
}

/* The key as the text of a JSON array, in SQL. */
static void add_key_sql(struct text *sql, const struct table *table, const char *row)
{
	text_add(sql, "json_array(");
	for (int i = 0; i < table->key_count; i++)
		text_addf(sql, "%s%s.\"%s\"", i ? ", " : "", row, table->columns[i].name);
	text_add(sql, ")");
}

void table_touch_ddl(struct text *sql)
{
	static const struct {
		const char *event, *row;
	} events[] = {{"INSERT", "NEW"}, {"UPDATE", "NEW"}, {"DELETE", "OLD"}};
	int count;
	const struct table *tables = table_all(&count);
	for (int i = 0; i < count; i++) {
		for (int e = 0; e < 3; e++) {
			text_addf(sql,
				"CREATE TEMP TRIGGER \"touch_%s_%s\" AFTER %s ON \"%s\" BEGIN "
				"INSERT INTO touched (n, tbl, key) SELECT t.n, '%s', ",
				tables[i].name, events[e].event, events[e].event, tables[i].name,
				tables[i].name);
			add_key_sql(sql, &tables[i], events[e].row);
			text_add(sql, " FROM touching t; END;\n");
		}
	}
}

/* ---- rows and JSON ---- */

/* The text of one of the SQL statements every table needs, made once and kept. */
enum table_sql { SQL_SELECT, SQL_ADD, SQL_PUT, SQL_DELETE, SQL_HASH, SQL_KINDS };

static void make_add(struct text *sql, const struct table *table)
{
	text_addf(sql, "INSERT INTO \"%s\" (", table->name);
	add_names(sql, table, table->column_count, "");
	text_add(sql, ", hash_) VALUES (");
	add_placeholders(sql, 1, table->column_count + 1);
	text_add(sql, ") ON CONFLICT (");
	add_names(sql, table, table->key_count, "");
	text_add(sql, ") DO ");
}

static void make_put(struct text *sql, const struct table *table)
{
	make_add(sql, table);
	text_add(sql, "UPDATE SET hash_ = excluded.hash_");
	for (int i = table->key_count; i < table->column_count; i++)
		text_addf(sql, ", \"%s\" = excluded.\"%s\"", table->columns[i].name,
			table->columns[i].name);
}

static const char *table_sql(const struct table *table, enum table_sql kind)
{
	static char *made[TABLES_MAX][SQL_KINDS];
	int count;
	char **sql = &made[table - table_all(&count)][kind];
	if (*sql)
		return *sql;
	struct text text = TEXT_INIT(TEXT_SMALL);
	if (kind == SQL_ADD) {
		make_add(&text, table);
		text_add(&text, "NOTHING");
	} else if (kind == SQL_PUT) {
		make_put(&text, table);
	} else if (kind == SQL_SELECT) {
		text_add(&text, "SELECT ");
		add_names(&text, table, table->column_count, "");
		text_addf(&text, " FROM \"%s\" WHERE ", table->name);
		add_key_match(&text, table);
	} else {
		text_addf(&text, "%s FROM \"%s\" WHERE ",
			kind == SQL_DELETE ? "DELETE" : "SELECT hash_", table->name);
		add_key_match(&text, table);
	}
	*sql = text_take(&text);
	return *sql ? *sql : "";
}

/* Reads a key into values; the cJSON that owns the texts is returned, NULL if it does not fit. */
static cJSON *key_values(const struct table *table, const char *key, struct db_value *values)
{
	char error[80];
	cJSON *list = json_parse(key, strlen(key), error, sizeof error);
	int i = 0;
	const cJSON *part;
	cJSON_ArrayForEach(part, list)
	{
		if (i < table->key_count && cJSON_IsString(part))
			values[i] = (struct db_value){.kind = 't', .text = part->valuestring};
		i++;
	}
	if (i == table->key_count && cJSON_IsArray(list))
		return list;
	cJSON_Delete(list);
	return NULL;
}

void table_value_json(struct text *json, enum column_type type, struct db_rows *rows, int column)
{
	char when[WHEN_SIZE];
	if (db_null(rows, column)) {
		text_add(json, "null");
		return;
	}
	switch (type) {
	case COLUMN_TEXT:
		text_add_json(json, db_text(rows, column));
		break;
	case COLUMN_INT:
	case COLUMN_MONEY:
		text_addf(json, "%lld", (long long)db_int(rows, column));
		break;
	case COLUMN_QTY:
	case COLUMN_QTYN:
		text_add_qty(json, db_int(rows, column));
		break;
	case COLUMN_BOOL:
		text_add(json, db_int(rows, column) ? "true" : "false");
		break;
	case COLUMN_JSON:
		text_add(json, db_text(rows, column));
		break;
	case COLUMN_TIME:
		when_format(db_int(rows, column), when);
		text_add_json(json, db_int(rows, column) ? when : NULL);
		break;
	}
}

bool table_row_feeds(struct db *db, const struct table *table, const char *key, struct text *json,
	const struct table_feeds *feeds)
{
	struct db_value values[TABLE_COLUMNS_MAX];
	cJSON *owner = key_values(table, key, values);
	if (!owner)
		return false;
	struct db_rows *rows = db_query_values(
		db, table_sql(table, SQL_SELECT), values, table->key_count);
	bool found = db_next(rows);
	for (int i = 0; found && i < table->column_count; i++) {
		text_add(json, i ? "," : "{");
		text_add_json(json, table->columns[i].name);
		text_add(json, ":");
		table_value_json(json, table->columns[i].type, rows, i);
	}
	if (found)
		text_add(json, "}");
	if (found && feeds)
		table_feeds_of(table, rows, feeds);
	db_done(rows);
	cJSON_Delete(owner);
	return found;
}

bool table_row_json(struct db *db, const struct table *table, const char *key, struct text *json)
{
	return table_row_feeds(db, table, key, json, NULL);
}

/* One member of a row as a value to bind. owned gets what must be freed. */
static bool member_value(
	const struct column *column, const cJSON *member, struct db_value *value, char **owned)
{
	bool absent = !member || cJSON_IsNull(member);
	*value = (struct db_value){
		.kind = column->type == COLUMN_TEXT || column->type == COLUMN_JSON ? 't' : 'i'};
	if (absent) {
		if (column->type == COLUMN_QTYN)
			value->kind = 't'; /* a null text is NULL */
		return !column->key;
	}
	switch (column->type) {
	case COLUMN_TEXT:
		value->text = cJSON_GetStringValue(member);
		return value->text != NULL;
	case COLUMN_JSON:
		value->text = *owned = cJSON_PrintUnformatted(member);
		return *owned != NULL;
	case COLUMN_BOOL:
		value->number = cJSON_IsTrue(member);
		return cJSON_IsBool(member);
	case COLUMN_QTY:
	case COLUMN_QTYN:
		return json_qty(member, &value->number);
	case COLUMN_TIME:
		return cJSON_IsString(member) && when_parse(member->valuestring, &value->number);
	case COLUMN_INT:
	case COLUMN_MONEY:
		value->number = json_number(member, INT64_MIN);
		return value->number != INT64_MIN;
	}
	return false;
}

static bool write_row(struct db *db, const struct table *table, enum table_sql kind,
	const cJSON *row, int64_t hash, int *unknown)
{
	struct db_value values[TABLE_COLUMNS_MAX + 1];
	char *owned[TABLE_COLUMNS_MAX] = {NULL};
	bool good = cJSON_IsObject(row);
	int known = 0;
	const cJSON *expected = good ? row->child : NULL;
	for (int i = 0; i < table->column_count; i++) {
		const char *name = table->columns[i].name;
		/* Mostly the members stand in the order of the columns. */
		const cJSON *member = expected && strcmp(expected->string, name) == 0
			? expected
			: cJSON_GetObjectItemCaseSensitive(row, name);
		known += member != NULL;
		good = good && member_value(&table->columns[i], member, &values[i], &owned[i]);
		expected = member ? member->next : expected;
	}
	values[table->column_count] = (struct db_value){.kind = 'i', .number = hash};
	if (good)
		*unknown += cJSON_GetArraySize(row) - known;
	good = good && db_run_values(db, table_sql(table, kind), values, table->column_count + 1);
	for (int i = 0; i < table->column_count; i++)
		cJSON_free(owned[i]);
	return good;
}

bool table_put(
	struct db *db, const struct table *table, const cJSON *row, int64_t hash, int *unknown)
{
	return write_row(db, table, SQL_PUT, row, hash, unknown);
}

bool table_add(
	struct db *db, const struct table *table, const cJSON *row, int64_t hash, int *unknown)
{
	return write_row(db, table, SQL_ADD, row, hash, unknown) && db_changed(db) == 1;
}

bool table_delete(struct db *db, const struct table *table, const char *key)
{
	struct db_value values[TABLE_COLUMNS_MAX];
	cJSON *owner = key_values(table, key, values);
	bool good = owner &&
		db_run_values(db, table_sql(table, SQL_DELETE), values, table->key_count);
	cJSON_Delete(owner);
	return good;
}

bool table_hash(struct db *db, const struct table *table, const char *key, int64_t *hash)
{
	struct db_value values[TABLE_COLUMNS_MAX];
	cJSON *owner = key_values(table, key, values);
	if (!owner)
		return false;
	struct db_rows *rows = db_query_values(
		db, table_sql(table, SQL_HASH), values, table->key_count);
	bool found = db_next(rows);
	if (found)
		*hash = db_int(rows, 0);
	db_done(rows);
	cJSON_Delete(owner);
	return found;
}

/* ---- before-images ---- */

static bool restore(struct db *db, const struct table *table)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	text_addf(&sql, "DELETE FROM \"%s\" WHERE (", table->name);
	add_names(&sql, table, table->key_count, "");
	text_add(&sql, ") IN (SELECT ");
	add_names(&sql, table, table->key_count, "");
	text_addf(&sql, " FROM \"before_%s\" WHERE present_ = 0)", table->name);
	db_run(db, text_get(&sql), "");
	text_clear(&sql);
	text_addf(&sql, "INSERT INTO \"%s\" (", table->name);
	add_names(&sql, table, table->column_count, "");
	text_add(&sql, ", hash_) SELECT ");
	add_names(&sql, table, table->column_count, "");
	text_addf(&sql, ", hash_ FROM \"before_%s\" WHERE present_ = 1 ON CONFLICT (", table->name);
	add_names(&sql, table, table->key_count, "");
	text_add(&sql, ") DO UPDATE SET hash_ = excluded.hash_");
	for (int i = table->key_count; i < table->column_count; i++)
		text_addf(&sql, ", \"%s\" = excluded.\"%s\"", table->columns[i].name,
			table->columns[i].name);
	db_run(db, text_get(&sql), "");
	text_clear(&sql);
	text_addf(&sql, "DELETE FROM \"before_%s\"", table->name);
	db_run(db, text_get(&sql), "");
	text_free(&sql);
	return db_failed(db) == DB_OK;
}

bool table_restore_all(struct db *db)
{
	int count;
	const struct table *tables = table_all(&count);
	for (int i = 0; i < count; i++) {
		struct text sql = TEXT_INIT(256);
		text_addf(&sql, "SELECT 1 FROM \"before_%s\" LIMIT 1", tables[i].name);
		bool dirty = db_has(db, text_get(&sql), "");
		text_free(&sql);
		if (dirty && !restore(db, &tables[i]))
			return false;
	}
	return db_failed(db) == DB_OK;
}
