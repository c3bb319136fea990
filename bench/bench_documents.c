/* The lists of stock documents over 100,000 of them: a page, the counts on the tabs, the jump to the last page,
 * beside the bare SQLite query for the ids alone. A page and all counts together must be there within a frame of
 * a sixtieth of a second and a tenth of a second (design, section 5). */
#include "bench/kit.h"
#include "model/view.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRODUCTS 1000
#define ROWS_SHOWN 50
#define TIMES 25
#define FRAME_MS 16.7
#define COUNTS_MS 100.0

/* Nearly all documents have ended, as after years; a few are in each other status. */
static const char fill_sql[] =
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
	" INSERT INTO movement (id, out_number, in_number, from_store, to_store, status,"
	" expected_on, note, created_at, created_by)"
	" SELECT printf('019a%08d-0000-7000-8000-000000000000', i),"
	" printf('OUT-X-20260101-0000-%05d', i), printf('IN-Y-20260101-0000-%05d', i),"
	" CASE WHEN i % 2 THEN 'x' ELSE 'y' END, CASE WHEN i % 2 THEN 'y' ELSE 'x' END,"
	" CASE WHEN i % 50 > 5 THEN 'received' WHEN i % 50 > 3 THEN 'cancelled'"
	" WHEN i % 500 = 1 OR i % 500 = 2 THEN 'pending' WHEN i % 500 = 51 THEN 'shipped'"
	" WHEN i % 500 = 52 THEN 'partial' ELSE 'received' END,"
	" '2026-01-31', '', 1767225600000 + i * 1000, 'a' FROM n";

static const char lines_sql[] =
	"INSERT INTO movement_line (movement, sku, no, from_store, to_store, ordered, shipped,"
	" received) SELECT m.id, printf('P%07d', k.i * 5), k.i, m.from_store, m.to_store, 5000,"
	" 5000, 5000 FROM movement m, (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3) k";

static const char transfers_sql[] =
	"INSERT INTO transfer (id, number, from_store, to_store, status, note, created_at,"
	" created_by) SELECT id, 'TR' || substr(out_number, 4), from_store, to_store,"
	" CASE status WHEN 'pending' THEN 'pending' WHEN 'cancelled' THEN 'refused'"
	" ELSE 'agreed' END, '', created_at, created_by FROM movement";

static const char transfer_lines_sql[] =
	"INSERT INTO transfer_line (transfer, sku, no, from_store, to_store, ordered, agreed)"
	" SELECT movement, sku, no, from_store, to_store, ordered, ordered FROM movement_line";

/* What the pane looks at: a view, an end of this store, a tab; and the ids of the same, as bare as can be. */
static const struct looked {
	const char *name, *view, *end, *statuses;
	const char *bare;
} looked[] = {
	{"outbound, few", "movements", "from", "pending",
		"SELECT id FROM movement WHERE from_store = 'x' AND status = 'pending'"},
	{"outbound, ended", "movements", "from", "received",
		"SELECT id FROM movement WHERE from_store = 'x' AND status = 'received'"},
	{"inbound, two statuses", "movements", "to", "rejected|cancelled",
		"SELECT id FROM movement WHERE to_store = 'x' AND status IN ('rejected', 'cancelled')"},
	{"transfers, to answer", "transfers", "from", "pending",
		"SELECT id FROM transfer WHERE from_store = 'x' AND status = 'pending'"},
	{"transfers, agreed", "transfers", "either", "agreed",
		"SELECT id FROM transfer WHERE 'x' IN (from_store, to_store) AND status = 'agreed'"},
	{"transfers, refused", "transfers", "either", "refused|cancelled",
		"SELECT id FROM transfer WHERE 'x' IN (from_store, to_store) AND status IN ('refused',"
		" 'cancelled')"},
	/* Few are found by their ends instead, as the pane does it. */
	{"transfers, none", "transfers", "store", "cancelled",
		"SELECT id FROM transfer WHERE 'x' IN (from_store, to_store) AND status = 'cancelled'"},
};
#define LOOKED (sizeof looked / sizeof *looked)

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *times)
{
	qsort(times, TIMES, sizeof *times, compare);
	return times[TIMES / 2] * 1e3;
}

static void fill(struct db *db, int documents)
{
	db_begin(db);
	db_run(db, fill_sql, "i", (int64_t)documents);
	db_run(db, lines_sql, "");
	db_run(db, transfers_sql, "");
	db_run(db, transfer_lines_sql, "");
	if (!db_commit(db))
		bench_give_up(db_message(db));
}

static void start(struct view_query *query, const struct looked *at)
{
	*query = (struct view_query){.view = view_find(at->view), .limit = ROWS_SHOWN};
	view_where(query, at->end, "x");
	view_where(query, "status", at->statuses);
}

/* Reads a page as the screen does; the key of its last row is written to `key`. */
static int page(struct db *db, const struct view_query *query, char key[VIEW_KEY_MAX])
{
	char error[200];
	struct db_rows *rows = view_select(db, query, error, sizeof error);
	int count = 0;
	if (!rows)
		bench_give_up(error);
	for (; db_next(rows); count++)
		view_key(query, rows, key);
	db_done(rows);
	return count;
}

static double bare_ms(sqlite3 *db, const char *sql)
{
	double times[TIMES];
	sqlite3_stmt *stmt;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		bench_give_up(sqlite3_errmsg(db));
	for (int i = 0; i < TIMES; i++) {
		double begin = bench_seconds();
		while (sqlite3_step(stmt) == SQLITE_ROW)
			sqlite3_column_text(stmt, 0);
		sqlite3_reset(stmt);
		times[i] = bench_seconds() - begin;
	}
	sqlite3_finalize(stmt);
	return median(times);
}

static double page_ms(struct db *db, const struct view_query *query)
{
	double times[TIMES];
	char key[VIEW_KEY_MAX];
	for (int i = 0; i < TIMES; i++) {
		double begin = bench_seconds();
		page(db, query, key);
		times[i] = bench_seconds() - begin;
	}
	return median(times);
}

static void measure_pages(struct db *db, sqlite3 *bare, const struct looked *at)
{
	struct view_query query;
	char key[VIEW_KEY_MAX], sql[400];
	double first, last, reversed, far;
	bool has_any;
	start(&query, at);
	first = page_ms(db, &query);
	query.backwards = true;
	last = page_ms(db, &query);
	query.limit = ROWS_SHOWN * 20;
	has_any = page(db, &query, key) > 0;
	start(&query, at);
	query.after = has_any ? key : NULL;
	far = page_ms(db, &query);
	query.after = NULL;
	query.reversed = true;
	reversed = page_ms(db, &query);
	snprintf(sql, sizeof sql, "%s ORDER BY id DESC LIMIT %d", at->bare, ROWS_SHOWN);
	printf("%s: first page %.2f ms, last %.2f, far inside %.2f, oldest first %.2f; bare %.2f\n",
		at->name, first, last, far, reversed, bare_ms(bare, sql));
	first = last > first ? last : first;
	first = far > first ? far : first;
	bench_at_most("the slowest page", reversed > first ? reversed : first, FRAME_MS, " ms");
}

/* By status, each end for itself, as the pane does it. */
static void count_tabs(struct db *db, const struct looked *at)
{
	static const char *const ends[] = {"from", "to"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct view_query query = {.view = view_find(at->view)};
		struct db_rows *rows;
		if (strcmp(at->view, "movements") == 0 && strcmp(at->end, ends[i]) != 0)
			continue;
		view_where(&query, ends[i], "x");
		rows = view_group(db, &query, "status");
		while (rows && db_next(rows))
			db_int(rows, 1);
		db_done(rows);
	}
}

/* What a change of the data costs a list: the counts of all tabs, of this one, and the place in it. */
static void measure_counts(struct db *db, sqlite3 *bare, const struct looked *at)
{
	double times[TIMES];
	struct view_query tab;
	char key[VIEW_KEY_MAX], sql[400];
	bool has_any;
	start(&tab, at);
	has_any = page(db, &tab, key) > 0;
	for (int i = 0; i < TIMES; i++) {
		double begin = bench_seconds();
		count_tabs(db, at);
		view_count(db, &tab);
		if (has_any)
			view_rank(db, &tab, key);
		times[i] = bench_seconds() - begin;
	}
	snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM (%s)", at->bare);
	printf("%s: all counts %.2f ms; the bare count of one tab %.2f\n", at->name, median(times),
		bare_ms(bare, sql));
	bench_at_most("all counts", times[TIMES / 2] * 1e3, COUNTS_MS, " ms");
}

int main(void)
{
	char home[BENCH_FOLDER_SIZE], path[BENCH_FOLDER_SIZE + 16];
	struct console console = {0};
	sqlite3 *bare;
	bench_folder(home);
	bench_console(&console, home, "http://127.0.0.1:1");
	bench_fill(&console, PRODUCTS);
	fill(console.cache, bench_size(100000, 100000));
	snprintf(path, sizeof path, "%s/cache.db", home);
	if (sqlite3_open(path, &bare) != SQLITE_OK)
		bench_give_up("no bare database");
	for (size_t i = 0; i < LOOKED; i++) {
		measure_pages(console.cache, bare, &looked[i]);
		measure_counts(console.cache, bare, &looked[i]);
	}
	sqlite3_close(bare);
	console_close(&console);
	bench_sweep(home);
	return 0;
}
