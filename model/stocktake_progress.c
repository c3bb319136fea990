/* Invariant: stocktake_sum has for every sheet the sums of its rows as they are, whoever changed them:
 * triggers of the cache keep it, since nobody can walk 100,000 lines for each scan. */
#include "model/stocktake_progress.h"

#include "model/stocktake.h"

#include <stddef.h>
#include <string.h>

#define VALUED_MOST 2000 /* differing lines whose values are summed while more are counted */

/* What a row, written @, adds to a figure. */
struct figure {
	const char *name, *adds;
	size_t at;
};
/* clang-format off */
#define FIGURE(name, adds) {#name, adds, offsetof(struct stocktake_progress, name)}
/* clang-format on */

static const struct figure line_figures[] = {
	FIGURE(lines, "1"),
	FIGURE(counted, "(@.counted IS NOT NULL)"),
	FIGURE(loss, "COALESCE(@.counted < @.book, 0)"),
	FIGURE(gain, "COALESCE(@.counted > @.book, 0)"),
	FIGURE(equal, "COALESCE(@.counted = @.book, 0)"),
	FIGURE(pieces, "COALESCE(@.counted, 0)"),
	FIGURE(loss_qty, "CASE WHEN @.counted < @.book THEN @.counted - @.book ELSE 0 END"),
	FIGURE(gain_qty, "CASE WHEN @.counted > @.book THEN @.counted - @.book ELSE 0 END"),
	FIGURE(moved, "@.moved"),
	FIGURE(suggest, "@.suggest"),
	FIGURE(disputed, "@.disputed"),
	FIGURE(later, "@.later"),
	FIGURE(unknown, "@.unknown"),
	FIGURE(extra, "@.extra"),
};
static const struct figure entry_figures[] = {
	FIGURE(entries, "(@.undone = 0 AND @.mode <> 'zero')"),
};

static const struct summed {
	const char *table;
	const struct figure *figures;
	size_t count;
} summed[] = {
	{"stocktake_line", line_figures, sizeof line_figures / sizeof *line_figures},
	{"count_entry", entry_figures, sizeof entry_figures / sizeof *entry_figures},
};
#define SUMMED (sizeof summed / sizeof *summed)

/* ---- the sums ---- */

static void add_names(struct text *sql, const struct summed *of)
{
	for (size_t i = 0; i < of->count; i++)
		text_addf(sql, ", %s", of->figures[i].name);
}

static void add_value(struct text *sql, const char *adds, const char *row)
{
	for (; *adds; adds++) {
		if (*adds == '@')
			text_add(sql, row);
		else
			text_add_bytes(sql, adds, 1);
	}
}

static void add_upsert(struct text *sql, const struct summed *of)
{
	text_add(sql, " ON CONFLICT (stocktake) DO UPDATE SET ");
	for (size_t i = 0; i < of->count; i++)
		text_addf(sql, "%s%s = %s + excluded.%s", i ? ", " : "", of->figures[i].name,
			of->figures[i].name, of->figures[i].name);
}

static void add_insert_trigger(struct text *sql, const struct summed *of)
{
	text_addf(sql,
		"CREATE TRIGGER IF NOT EXISTS sum_%s_insert AFTER INSERT ON %s BEGIN "
		"INSERT INTO stocktake_sum (stocktake",
		of->table, of->table);
	add_names(sql, of);
	text_add(sql, ") VALUES (NEW.stocktake");
	for (size_t i = 0; i < of->count; i++) {
		text_add(sql, ", ");
		add_value(sql, of->figures[i].adds, "NEW");
	}
	text_add(sql, ")");
	add_upsert(sql, of);
	text_add(sql, "; END;\n");
}

static void add_change_trigger(struct text *sql, const struct summed *of, bool deletes)
{
	const char *event = deletes ? "DELETE" : "UPDATE";
	text_addf(sql,
		"CREATE TRIGGER IF NOT EXISTS sum_%s_%s AFTER %s ON %s BEGIN UPDATE stocktake_sum SET ",
		of->table, event, event, of->table);
	for (size_t i = 0; i < of->count; i++) {
		text_addf(
			sql, "%s%s = %s", i ? ", " : "", of->figures[i].name, of->figures[i].name);
		if (!deletes) {
			text_add(sql, " + ");
			add_value(sql, of->figures[i].adds, "NEW");
		}
		text_add(sql, " - ");
		add_value(sql, of->figures[i].adds, "OLD");
	}
	text_add(sql, " WHERE stocktake = OLD.stocktake; END;\n");
}

/* The sums of the rows that are there already. */
static void add_fill(struct text *sql, const struct summed *of)
{
	text_add(sql, "INSERT INTO stocktake_sum (stocktake");
	add_names(sql, of);
	text_add(sql, ") SELECT r.stocktake");
	for (size_t i = 0; i < of->count; i++) {
		text_add(sql, ", sum(");
		add_value(sql, of->figures[i].adds, "r");
		text_add(sql, ")");
	}
	text_addf(sql, " FROM %s r WHERE true GROUP BY r.stocktake", of->table);
	add_upsert(sql, of);
	text_add(sql, ";\n");
}

void stocktake_progress_ddl(struct text *sql)
{
	text_add(sql,
		"DROP TABLE IF EXISTS stocktake_sum;\nCREATE TABLE stocktake_sum (stocktake TEXT PRIMARY KEY");
	for (size_t i = 0; i < SUMMED; i++) {
		for (size_t n = 0; n < summed[i].count; n++)
			text_addf(
				sql, ", %s INTEGER NOT NULL DEFAULT 0", summed[i].figures[n].name);
	}
	text_add(sql, ") STRICT, WITHOUT ROWID;\n");
	for (size_t i = 0; i < SUMMED; i++) {
		add_fill(sql, &summed[i]);
		add_insert_trigger(sql, &summed[i]);
		add_change_trigger(sql, &summed[i], false);
		add_change_trigger(sql, &summed[i], true);
	}
}

static void read_sums(struct db *db, const char *stocktake, struct stocktake_progress *p)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	text_add(&sql, "SELECT stocktake");
	for (size_t i = 0; i < SUMMED; i++)
		add_names(&sql, &summed[i]);
	text_add(&sql, " FROM stocktake_sum WHERE stocktake = $1");
	struct db_rows *rows = db_query(db, text_get(&sql), "t", stocktake);
	text_free(&sql);
	if (db_next(rows)) {
		int column = 1;
		for (size_t i = 0; i < SUMMED; i++) {
			for (size_t n = 0; n < summed[i].count; n++, column++) {
				int64_t number = db_int(rows, column);
				memcpy((char *)p + summed[i].figures[n].at, &number, sizeof number);
			}
		}
	}
	db_done(rows);
}

/* ---- what is no sum ---- */

/* The differing lines stand first in their index. */
static void read_values(struct db *db, const char *stocktake, struct stocktake_progress *p)
{
	struct db_rows *rows = db_query(db,
		"SELECT COALESCE(sum(CASE WHEN l.counted < l.book THEN (l.counted - l.book) * p.price ELSE 0 END), 0) / 1000,"
		" COALESCE(sum(CASE WHEN l.counted > l.book THEN (l.counted - l.book) * p.price ELSE 0 END), 0) / 1000 "
		"FROM stocktake_line l JOIN product p ON p.sku = l.sku WHERE l.stocktake = $1 AND " STOCKTAKE_BY_DIFFERENCE
		" < 0",
		"t", stocktake);
	if (db_next(rows)) {
		p->loss_value = db_int(rows, 0);
		p->gain_value = db_int(rows, 1);
	}
	db_done(rows);
	p->valued = true;
}

#define ROWS_OF(scope) "(SELECT count(*) FROM " scope " AND s.id = $1)"

/* Lines an unfinished sheet does not have yet: stock rows of its scope that nobody counted. All lines are
 * such rows but the extra ones, and some of those may have become one. */
static int64_t lines_to_come(
	struct db *db, const char *stocktake, const struct stocktake_progress *p)
{
	int64_t rows = db_get_int(db, 0,
		"SELECT " ROWS_OF(STOCKTAKE_FULL) " + " ROWS_OF(
			STOCKTAKE_BY_CATEGORY) " + " ROWS_OF(STOCKTAKE_BY_VENDOR),
		"t", stocktake);
	int64_t became = p->extra == 0
		? 0
		: db_get_int(db, 0,
			  "SELECT count(*) FROM stocktake_line l JOIN stocktake s ON s.id = l.stocktake JOIN stock k ON "
			  "k.sku = l.sku LEFT JOIN product p ON p.sku = k.sku WHERE l.stocktake = $1 AND l.extra = 1 AND " STOCKTAKE_IN_SCOPE,
			  "t", stocktake);
	int64_t left = rows - (p->lines - p->extra + became);
	return left > 0 ? left : 0;
}

/* In a recount only the lines that differed are to be counted. */
static void read_recount(struct db *db, const char *stocktake, struct stocktake_progress *p)
{
	struct db_rows *rows = db_query(db,
		"SELECT count(*), COALESCE(sum(l.round = s.round), 0) FROM stocktake_line l JOIN stocktake s ON "
		"s.id = l.stocktake WHERE l.stocktake = $1 AND l.extra IN (0, 1) AND l.recount = 1",
		"t", stocktake);
	if (db_next(rows) && db_int(rows, 0) > 0) {
		p->to_count = db_int(rows, 0);
		p->done = db_int(rows, 1);
	}
	db_done(rows);
}

/* Nothing that tells of the book. */
static void hide(struct stocktake_progress *p)
{
	p->hidden = true;
	p->loss = p->gain = p->equal = p->loss_qty = p->gain_qty = 0;
	p->loss_value = p->gain_value = 0;
	p->moved = p->suggest = 0;
}

bool stocktake_progress(struct db *db, const char *stocktake, struct stocktake_progress *progress)
{
	struct stocktake_progress *p = progress;
	*p = (struct stocktake_progress){0};
	struct db_rows *rows = db_query(
		db, "SELECT status, blind FROM stocktake WHERE id = $1", "t", stocktake);
	bool found = db_next(rows);
	bool finished = found && stocktake_status_named(db_text(rows, 0)) >= STOCKTAKE_MATCHED;
	bool blind = found && db_int(rows, 1) != 0;
	db_done(rows);
	if (!found)
		return false;
	read_sums(db, stocktake, p);
	if (!finished)
		p->lines += lines_to_come(db, stocktake, p);
	p->to_count = p->lines;
	p->done = p->counted;
	read_recount(db, stocktake, p);
	if (blind && !finished)
		hide(p);
	else if (finished || p->loss + p->gain <= VALUED_MOST)
		read_values(db, stocktake, p);
	return true;
}
