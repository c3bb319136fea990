/* Was a file imported before? Nothing is kept of files for that: what a file makes are documents, and the
 * ones that stand already are known to every seat, also after a restart. */
#include "model/import_book.h"
#include "model/text.h"

#include <stdlib.h>
#include <string.h>

/* The documents that may be the same: id, number, op, the other store, third party, date. */
static const char documents[] =
	"SELECT id, out_number, 'outbound.create', to_store, third_party, expected_on"
	" FROM movement WHERE from_store = $1 AND transfer IS NULL"
	" AND status NOT IN ('rejected', 'cancelled') AND expected_on >= $2 AND expected_on <= $3"
	" UNION ALL SELECT id, in_number, 'inbound.create', NULL, third_party, expected_on"
	" FROM movement WHERE to_store = $1 AND from_store IS NULL"
	" AND status NOT IN ('rejected', 'cancelled') AND expected_on >= $2 AND expected_on <= $3"
	" UNION ALL SELECT id, number, 'transfer.request', from_store, NULL, expected_on"
	" FROM transfer WHERE to_store = $1"
	" AND status NOT IN ('refused', 'cancelled') AND expected_on >= $2 AND expected_on <= $3";

/* What was ordered of a document's lines; an extra line was not. */
struct lines_of {
	const char *op;
	const char *count, *has;
};

#define LINES_(table, document)                                                   \
	"SELECT COUNT(*) FROM " table " WHERE " document " = $1 AND ordered > 0", \
		"SELECT 1 FROM " table " WHERE " document " = $1 AND sku = $2 AND ordered = $3"

static const struct lines_of lines_of[] = {
	{"outbound.create", LINES_("movement_line", "movement")},
	{"inbound.create", LINES_("movement_line", "movement")},
	{"transfer.request", LINES_("transfer_line", "transfer")},
};

static const struct lines_of *find_lines(const char *op)
{
	for (size_t i = 0; i < sizeof lines_of / sizeof *lines_of; i++)
		if (strcmp(lines_of[i].op, op) == 0)
			return &lines_of[i];
	return NULL;
}

/* Is every line of the document one of the order's? The order may have more: a file whose good rows were
 * imported comes again whole, once its bad rows are mended. */
static bool is_part_of(struct db *db, const struct import_order *order, const char *id)
{
	const struct lines_of *sql = find_lines(order->op);
	int64_t left = sql ? db_get_int(db, 0, sql->count, "t", id) : 0;
	if (left == 0 || left > order->line_count)
		return false;
	for (int i = 0; i < order->line_count && left > 0; i++)
		left -= db_has(
			db, sql->has, "tti", id, order->lines[i].sku, order->lines[i].qty_milli);
	return left == 0;
}

static void forget_made(struct import *import)
{
	for (int i = 0; i < import->order_count; i++) {
		free(import->orders[i].made);
		import->orders[i].made = NULL;
	}
	import->made_count = 0;
}

static void take_document(struct import_book *book, struct db *db, struct db_rows *rows)
{
	struct import *import = book->import;
	const struct import_order like = {.op = db_text(rows, 2),
		.store = (char *)(uintptr_t)db_text(rows, 3),
		.third_party = (char *)(uintptr_t)db_text(rows, 4),
		.expected_on = (char *)(uintptr_t)db_text(rows, 5)};
	int at = import_book_find(book, &like);
	if (at < 0 || import->orders[at].made ||
		!is_part_of(db, &import->orders[at], db_text(rows, 0)))
		return;
	import->orders[at].made = text_copy(db_text(rows, 1));
	import->made_count++;
}

void import_find_made(struct import *import, struct db *db, const char *store)
{
	const char *first = NULL, *last = NULL;
	struct import_book book;
	forget_made(import);
	for (int i = 0; i < import->order_count; i++) {
		const char *date = import->orders[i].expected_on;
		first = !first || strcmp(date, first) < 0 ? date : first;
		last = !last || strcmp(date, last) > 0 ? date : last;
	}
	if (!db || !first)
		return;
	import_book_open(&book, import);
	struct db_rows *rows = db_query(db, documents, "ttt", store, first, last);
	while (db_next(rows))
		take_document(&book, db, rows);
	db_done(rows);
	import_book_close(&book);
}
