#include "tui/document_draft.h"

#include "model/i18n.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DRAFT_VERSION 2
#define DRAFT_BUSY_MS 2000

static const char draft_ddl[] =
	"CREATE TABLE draft (name TEXT PRIMARY KEY, head TEXT NOT NULL DEFAULT '',"
	" sending INTEGER NOT NULL DEFAULT 0, outbox_n INTEGER NOT NULL DEFAULT 0,"
	" op TEXT NOT NULL DEFAULT '', data TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, draft TEXT NOT NULL,"
	" sku TEXT NOT NULL, qty INTEGER NOT NULL, damaged INTEGER NOT NULL,"
	" actor TEXT NOT NULL, at INTEGER NOT NULL, batch INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE INDEX entry_draft ON entry (draft, sku, id);";

/* From version 1, which knew no batches. */
static const char draft_upgrade[] =
	"ALTER TABLE entry ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;";

/* ---- failures ---- */

/* Ends a piece of work: true if all of it is well, else the reason is kept and the database usable
 * again. */
static bool draft_settle(struct document_draft *draft)
{
	if (!draft->db)
		return false;
	if (db_failed(draft->db) == DB_OK)
		return true;
	snprintf(draft->error, sizeof(draft->error), "%s", db_message(draft->db));
	db_forget_failure(draft->db);
	return false;
}

/* The same for a transaction: all of it or nothing. */
static bool draft_commit(struct document_draft *draft)
{
	if (db_commit(draft->db))
		return true;
	snprintf(draft->error, sizeof(draft->error), "%s", db_message(draft->db));
	db_rollback(draft->db);
	return false;
}

/* ---- opening ---- */

static void make_tables(struct db *db)
{
	int64_t version;

	db_begin(db);
	/* Another seat may have done it meanwhile. */
	version = db_version(db);
	if (version < DRAFT_VERSION) {
		db_script(db, version == 0 ? draft_ddl : draft_upgrade);
		db_set_version(db, DRAFT_VERSION);
	}
	if (!db_commit(db))
		db_rollback(db);
}

/* Did the command get into the outbox before the power went? Its data are its bytes. */
static bool was_saved(struct document_draft *draft, struct console *console)
{
	struct db_rows *rows = db_query(draft->db,
		"SELECT outbox_n, op, data FROM draft WHERE name = $1 AND sending > 0", "t",
		draft->name);
	bool found = false;

	if (db_next(rows))
		found = db_has(console->outbox,
			"SELECT 1 FROM command WHERE n > $1 AND op = $2 AND instr(line, $3) > 0",
			"itt", db_int(rows, 0), db_text(rows, 1), db_text(rows, 2));
	db_done(rows);
	return found;
}

/* Another seat that found the draft empty has taken its row away. */
static void ensure_row(struct document_draft *draft)
{
	db_run(draft->db, "INSERT INTO draft (name) VALUES ($1) ON CONFLICT DO NOTHING", "t",
		draft->name);
}

static struct db *open_file(const char *path, char *error, size_t size)
{
	struct db_options options = {.durability = DB_DURABLE, .busy_ms = DRAFT_BUSY_MS};
	struct db *db = db_open(path, &options, error, size);

	if (db && db_version(db) < DRAFT_VERSION)
		make_tables(db);
	if (db && db_version(db) == DRAFT_VERSION && db_has(db, "SELECT COUNT(*) FROM entry", ""))
		return db;
	if (db)
		snprintf(error, size, "%s cannot be used: %s", path, db_message(db));
	db_close(db);
	return NULL;
}

/* A damaged file is kept for whoever wants to look into it, and must not end all counting. */
static void set_aside(const char *path)
{
	static const char *const parts[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char from[4096 + 8], to[4096 + 24];

		snprintf(from, sizeof(from), "%s%s", path, parts[i]);
		snprintf(to, sizeof(to), "%s.damaged%s", path, parts[i]);
		rename(from, to);
	}
}

/* A full disk or a lock must not hide a good file: only what SQLite calls damaged is. */
static bool is_damage(const char *error)
{
	return strstr(error, "not a database") || strstr(error, "malformed");
}

bool document_draft_open(struct document_draft *draft, struct console *console, const char *name)
{
	char path[4096];

	*draft = (struct document_draft){.db = NULL};
	snprintf(draft->name, sizeof(draft->name), "%s", name);
	snprintf(path, sizeof(path), "%s/drafts.db", console->home);
	draft->db = open_file(path, draft->error, sizeof(draft->error));
	if (!draft->db && is_damage(draft->error)) {
		set_aside(path);
		draft->was_damaged = true;
		draft->db = open_file(path, draft->error, sizeof(draft->error));
	}
	if (!draft->db)
		return false;
	draft->sending = db_get_int(
		draft->db, 0, "SELECT sending FROM draft WHERE name = $1", "t", name);
	if (draft->sending > 0)
		document_draft_sent(draft, was_saved(draft, console));
	ensure_row(draft);
	draft->seen = db_data_version(draft->db);
	return draft_settle(draft);
}

void document_draft_close(struct document_draft *draft)
{
	if (draft->db) {
		db_run(draft->db,
			"DELETE FROM draft WHERE name = $1 AND head = '' AND sending = 0 AND NOT"
			" EXISTS (SELECT 1 FROM entry WHERE draft = $1)",
			"t", draft->name);
		db_close(draft->db);
	}
	draft->db = NULL;
}

/* ---- entries ---- */

static void read_present(
	struct document_draft *draft, const char *sku, int64_t *qty_milli, int64_t *damaged_milli)
{
	struct db_rows *rows = db_query(draft->db,
		"SELECT COALESCE(SUM(qty), 0), COALESCE(SUM(damaged), 0) FROM entry"
		" WHERE draft = $1 AND sku = $2",
		"tt", draft->name, sku);

	*qty_milli = *damaged_milli = 0;
	if (db_next(rows)) {
		*qty_milli = db_int(rows, 0);
		*damaged_milli = db_int(rows, 1);
	}
	db_done(rows);
}

static int64_t clamp(int64_t value, int64_t most)
{
	return value < 0 ? 0 : value > most ? most : value;
}

/* Writes the entry that leads from what is there to (qty, damaged). */
static void write_change(struct document_draft *draft, struct draft_entry *entry, int64_t qty_milli,
	int64_t damaged_milli)
{
	int64_t had_qty, had_damaged;
	struct db_rows *rows;

	read_present(draft, entry->sku, &had_qty, &had_damaged);
	qty_milli = clamp(qty_milli, INT64_MAX);
	entry->qty_milli = qty_milli - had_qty;
	entry->damaged_milli = clamp(damaged_milli, qty_milli) - had_damaged;
	rows = db_query(draft->db,
		"INSERT INTO entry (draft, sku, qty, damaged, actor, at)"
		" VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
		"ttiiti", draft->name, entry->sku, entry->qty_milli, entry->damaged_milli,
		entry->actor, entry->at_ms);
	entry->id = db_next(rows) ? db_int(rows, 0) : 0;
	entry->lines = 1;
	db_done(rows);
}

bool document_draft_add(struct document_draft *draft, struct draft_entry *entry)
{
	int64_t qty, damaged;

	if (!draft->db)
		return false;
	db_begin(draft->db);
	read_present(draft, entry->sku, &qty, &damaged);
	write_change(draft, entry, qty + entry->qty_milli, damaged + entry->damaged_milli);
	return draft_commit(draft);
}

bool document_draft_set(struct document_draft *draft, struct draft_entry *entry)
{
	if (!draft->db)
		return false;
	db_begin(draft->db);
	write_change(draft, entry, entry->qty_milli, entry->damaged_milli);
	return draft_commit(draft);
}

bool document_draft_fill(struct document_draft *draft, struct draft_entry *entries, size_t count)
{
	int64_t first = 0;

	if (!draft->db)
		return false;
	db_begin(draft->db);
	for (size_t i = 0; i < count; i++) {
		int64_t qty, damaged;

		read_present(draft, entries[i].sku, &qty, &damaged);
		if (qty >= entries[i].qty_milli)
			entries[i].qty_milli = 0;
		else
			write_change(draft, &entries[i], entries[i].qty_milli, damaged);
		if (first == 0)
			first = entries[i].id;
	}
	db_run(draft->db, "UPDATE entry SET batch = $1 WHERE id >= $1 AND $1 > 0", "i", first);
	return draft_commit(draft);
}

/* Of the draft $1, what was filled together as one; the other columns are those of its last. */
#define ENTRIES                                                                              \
	"SELECT MAX(id), sku, SUM(qty), SUM(damaged), actor, at, batch, COUNT(*) FROM entry" \
	" WHERE draft = $1"
#define TOGETHER " GROUP BY CASE batch WHEN 0 THEN id ELSE batch END"

static void read_entry(struct db_rows *rows, struct draft_entry *entry)
{
	*entry = (struct draft_entry){
		.id = db_int(rows, 0),
		.qty_milli = db_int(rows, 2),
		.damaged_milli = db_int(rows, 3),
		.at_ms = db_int(rows, 5),
		.batch = db_int(rows, 6),
		.lines = (size_t)db_int(rows, 7),
	};
	snprintf(entry->sku, sizeof(entry->sku), "%s", db_text(rows, 1));
	snprintf(entry->actor, sizeof(entry->actor), "%s", db_text(rows, 4));
}

size_t document_draft_tape(struct document_draft *draft, struct draft_entry *out, size_t max)
{
	struct db_rows *rows;
	size_t count = 0;

	if (!draft->db)
		return 0;
	rows = db_query(draft->db, ENTRIES TOGETHER " ORDER BY MAX(id) DESC LIMIT $2", "ti",
		draft->name, (int64_t)max);
	while (count < max && db_next(rows))
		read_entry(rows, &out[count++]);
	db_done(rows);
	draft_settle(draft);
	return count;
}

bool document_draft_last(struct document_draft *draft, const char *actor, struct draft_entry *last)
{
	struct db_rows *rows;

	*last = (struct draft_entry){.id = 0};
	if (!draft->db)
		return false;
	rows = db_query(draft->db,
		ENTRIES " AND ($2 = '' OR actor = $2)" TOGETHER " ORDER BY MAX(id) DESC LIMIT 1",
		"tt", draft->name, actor);
	if (db_next(rows))
		read_entry(rows, last);
	db_done(rows);
	return draft_settle(draft);
}

/* An entry taken out of the middle may be one that a later one counted down from. */
static bool adds_up(struct document_draft *draft)
{
	return !db_has(draft->db,
		"SELECT 1 FROM entry WHERE draft = $1 GROUP BY sku"
		" HAVING SUM(qty) < 0 OR SUM(damaged) < 0 OR SUM(damaged) > SUM(qty)",
		"t", draft->name);
}

bool document_draft_undo(
	struct document_draft *draft, const struct draft_entry *entry, struct draft_entry *undone)
{
	struct db_rows *rows;

	*undone = (struct draft_entry){.id = 0};
	if (!draft->db)
		return false;
	db_begin(draft->db);
	rows = db_query(draft->db, ENTRIES " AND (id = $2 OR (batch = $3 AND $3 > 0))" TOGETHER,
		"tii", draft->name, entry->id, entry->batch);
	if (db_next(rows))
		read_entry(rows, undone);
	db_done(rows);
	db_run(draft->db,
		"DELETE FROM entry WHERE draft = $1 AND (id = $2 OR (batch = $3 AND $3 > 0))",
		"tii", draft->name, entry->id, entry->batch);
	if (adds_up(draft))
		return draft_commit(draft);
	db_rollback(draft->db);
	snprintf(draft->error, sizeof(draft->error), "%s",
		_("less of it was counted since. Take that back first."));
	return false;
}

bool document_draft_discard(struct document_draft *draft)
{
	if (!draft->db)
		return false;
	db_begin(draft->db);
	db_run(draft->db, "DELETE FROM entry WHERE draft = $1", "t", draft->name);
	db_run(draft->db, "UPDATE draft SET head = '', sending = 0 WHERE name = $1", "t",
		draft->name);
	return draft_commit(draft);
}

bool document_draft_sums(struct document_draft *draft,
	void (*take)(void *ctx, const struct draft_entry *sum), void *ctx)
{
	struct db_rows *rows;

	if (!draft->db)
		return false;
	rows = db_query(draft->db,
		"SELECT MAX(id), sku, SUM(qty), SUM(damaged), MAX(actor), MAX(at), 0,"
		" COUNT(*) FROM entry WHERE draft = $1 GROUP BY sku ORDER BY MIN(id)",
		"t", draft->name);
	while (db_next(rows)) {
		struct draft_entry sum;

		read_entry(rows, &sum);
		take(ctx, &sum);
	}
	db_done(rows);
	return draft_settle(draft);
}

bool document_draft_is_empty(struct document_draft *draft)
{
	bool has_any = draft->db &&
		db_has(draft->db,
			"SELECT 1 FROM draft d WHERE d.name = $1 AND (d.head <> '' OR EXISTS"
			" (SELECT 1 FROM entry e WHERE e.draft = d.name))",
			"t", draft->name);

	draft_settle(draft);
	return !has_any;
}

/* NULL if there is no file, or it cannot be read. */
static struct db *open_to_look(const struct console *console)
{
	struct db_options options = {
		.durability = DB_READ_ONLY, .must_exist = true, .busy_ms = DRAFT_BUSY_MS};
	char path[4096], error[DRAFT_ERROR_BYTES];

	snprintf(path, sizeof(path), "%s/drafts.db", console->home);
	return access(path, R_OK) == 0 ? db_open(path, &options, error, sizeof(error)) : NULL;
}

size_t document_draft_kept(
	struct console *console, const char *const *kinds, struct draft_kept *out, size_t max)
{
	struct db *db = open_to_look(console);
	size_t count = 0;

	for (; db && *kinds; kinds++) {
		struct db_rows *rows = db_query(db,
			"SELECT substr(draft, length($1) + 2), SUM(qty) FROM entry"
			" WHERE draft > $1 || ':' AND draft < $1 || ';' GROUP BY draft"
			" HAVING SUM(qty) > 0",
			"t", *kinds);

		while (count < max && db_next(rows)) {
			snprintf(out[count].id, sizeof(out[count].id), "%s", db_text(rows, 0));
			out[count++].milli = db_int(rows, 1);
		}
		db_done(rows);
	}
	db_close(db);
	return count;
}

int64_t document_draft_pieces(struct console *console, const char *name)
{
	struct db *db = open_to_look(console);
	int64_t pieces;

	if (!db)
		return 0;
	pieces = db_get_int(
		db, 0, "SELECT COALESCE(SUM(qty), 0) FROM entry WHERE draft = $1", "t", name);
	db_close(db);
	return pieces;
}

/* ---- the head ---- */

char *document_draft_head(struct document_draft *draft)
{
	char *head;

	if (!draft->db)
		return NULL;
	head = db_get_text(draft->db, "SELECT head FROM draft WHERE name = $1", "t", draft->name);
	draft_settle(draft);
	return head ? head : text_copy("");
}

bool document_draft_set_head(struct document_draft *draft, const char *head)
{
	if (!draft->db)
		return false;
	db_run(draft->db,
		"INSERT INTO draft (name, head) VALUES ($1, $2)"
		" ON CONFLICT (name) DO UPDATE SET head = excluded.head",
		"tt", draft->name, head);
	return draft_settle(draft);
}

bool document_draft_changed(struct document_draft *draft)
{
	int64_t version = draft->db ? db_data_version(draft->db) : draft->seen;
	bool is_changed = version != draft->seen;

	draft->seen = version;
	return is_changed;
}

/* ---- sending ---- */

/* Only what still stands there as it was asked about, and only once: another seat may have sent it, or
 * taken its last entry back, while the question was open. What was counted on meanwhile is left for the
 * next part, but not what says that there is less: that would be left alone, below zero. */
static bool mark_sending(struct document_draft *draft, int64_t last_id, const char *op,
	const char *data, int64_t outbox_n)
{
	bool is_marked;

	db_begin(draft->db);
	ensure_row(draft);
	db_run(draft->db,
		"UPDATE draft SET sending = $2, outbox_n = $3, op = $4, data = $5 WHERE name = $1"
		" AND sending = 0 AND EXISTS (SELECT 1 FROM entry WHERE id = $2 AND draft = $1)"
		" AND NOT EXISTS (SELECT 1 FROM entry WHERE draft = $1 AND id > $2 AND (qty < 0 OR damaged < 0))",
		"tiitt", draft->name, last_id, outbox_n, op, data);
	is_marked = db_changed(draft->db) == 1;
	if (!draft_commit(draft))
		return false;
	if (is_marked)
		draft->sending = last_id;
	else
		snprintf(draft->error, sizeof(draft->error), "%s",
			_("it was changed or sent at another seat. Look at it again."));
	return is_marked;
}

bool document_draft_send(struct document_draft *draft, struct console *console, const char *op,
	const cJSON *data, int64_t last_id)
{
	char *line = cJSON_PrintUnformatted(data);
	int64_t n = db_get_int(console->outbox, 0, "SELECT COALESCE(MAX(n), 0) FROM command", "");
	bool is_marked = draft->db && line && mark_sending(draft, last_id, op, line, n);

	cJSON_free(line);
	return is_marked;
}

bool document_draft_sent(struct document_draft *draft, bool is_saved)
{
	if (!draft->db)
		return false;
	db_begin(draft->db);
	if (is_saved) {
		db_run(draft->db, "DELETE FROM entry WHERE draft = $1 AND id <= $2", "ti",
			draft->name, draft->sending);
		db_run(draft->db, "UPDATE draft SET head = '' WHERE name = $1", "t", draft->name);
	}
	db_run(draft->db,
		"UPDATE draft SET sending = 0, outbox_n = 0, op = '', data = '' WHERE name = $1",
		"t", draft->name);
	return draft_commit(draft);
}
