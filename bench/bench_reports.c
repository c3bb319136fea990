/* Every report over two years of stock documents, as a console reads it, beside one bare scan of the documents'
 * lines. No budget stands in design.md for it: the screen shows that it reads, and this says for how long. */
#include "bench/kit.h"
#include "model/report.h"

#include <stdio.h>
#include <string.h>

#define PRODUCTS 1000
#define DAYS 730
#define SINCE INT64_C(1700000000000)
#define UNTIL (SINCE + DAYS * REPORT_DAY_MS)

/* $1 documents, evenly over the days: nearly all have ended, one in 300 is on the road, one in 50 came short. */
static const char *const fill_sql[] = {
	"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)"
	" INSERT INTO movement (id, out_number, in_number, from_store, to_store, status,"
	" created_at, created_by)"
	" SELECT printf('019a%08d-0000-7000-8000-000000000000', i), printf('OUT-%06d', i),"
	" printf('IN-%06d', i), CASE WHEN i % 2 THEN 'x' ELSE 'y' END,"
	" CASE WHEN i % 2 THEN 'y' ELSE 'x' END, CASE WHEN i % 300 THEN 'received' ELSE 'shipped' END,"
	" $2 + CAST(i AS BIGINT) * $3 / $1, 'a' FROM n",
	"INSERT INTO movement_line (movement, sku, no, from_store, to_store, ordered, shipped,"
	" received) SELECT m.id, printf('P%07d', k.i * 5), k.i, m.from_store, m.to_store, 5000, 5000,"
	" CASE WHEN m.status = 'shipped' THEN 0 WHEN m.out_number LIKE '%50' THEN 4000 ELSE 5000 END"
	" FROM movement m, (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3) k"
	" WHERE $1 + $2 + $3 > 0",
	"INSERT INTO history (id, doc_kind, doc, store, other_store, op, actor, at)"
	" SELECT m.id || k.op, 'movement', m.id, m.from_store, m.to_store, k.op, 'a', m.created_at"
	" FROM movement m, (SELECT 'outbound.create' AS op UNION SELECT 'inbound.accept'"
	" UNION SELECT 'outbound.ship' UNION SELECT 'inbound.receive') k WHERE $1 + $2 + $3 > 0",
	"INSERT INTO ledger (id, store, sku, qty, reason, doc_kind, doc, at, actor)"
	" SELECT l.movement || '.' || l.no, 'x', l.sku,"
	" CASE WHEN l.from_store = 'x' THEN -l.shipped ELSE l.received END, 'ship', 'movement',"
	" l.movement, m.created_at, 'a' FROM movement_line l JOIN movement m ON m.id = l.movement"
	" WHERE $1 + $2 + $3 > 0",
};

static void fill(struct db *cache, int64_t documents)
{
	db_begin(cache);
	for (size_t i = 0; i < sizeof fill_sql / sizeof fill_sql[0]; i++)
		db_run(cache, fill_sql[i], "iii", documents, SINCE, UNTIL - SINCE);
	if (!db_commit(cache))
		bench_give_up(db_message(cache));
}

static int count_rows(struct db_rows *rows)
{
	int count = 0;
	while (db_next(rows))
		count++;
	db_done(rows);
	return count;
}

static double bare_seconds(struct db *cache)
{
	double start = bench_seconds();
	count_rows(db_query(cache, "SELECT SUM(shipped - received) FROM movement_line", ""));
	return bench_seconds() - start;
}

int main(void)
{
	char home[BENCH_FOLDER_SIZE];
	struct console console = {0};
	struct report_range range = {
		.store = "x", .since_ms = SINCE, .until_ms = UNTIL, .now_ms = UNTIL};
	int documents = bench_size(100000, 20000), count;
	const struct report *reports = report_all(&count);
	bench_folder(home);
	bench_console(&console, home, "http://127.0.0.1:1");
	bench_fill(&console, PRODUCTS);
	fill(console.cache, documents);
	bare_seconds(console.cache);
	for (int i = 0; i < count; i++) {
		double bare = bare_seconds(console.cache), start = bench_seconds();
		int rows = count_rows(report_select(console.cache, &reports[i], &range));
		double took = bench_seconds() - start;
		if (rows == 0)
			bench_give_up(db_message(console.cache));
		printf("report %s of %d documents: %d rows, %.0f ms, %.1f bare scans of their lines\n",
			reports[i].name, documents, rows, took * 1e3, took / bare);
	}
	console_close(&console);
	bench_sweep(home);
	return 0;
}
