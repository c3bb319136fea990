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

/* What was ordered of a document; an extra line was not. */
static const char *const lines_of[][2] = {
	{"outbound.create",
		"SELECT sku, ordered FROM movement_line WHERE movement = $1 AND ordered > 0"},
	{"inbound.create",
		"SELECT sku, ordered FROM movement_line WHERE movement = $1 AND ordered > 0"},
	{"transfer.request",
		"SELECT sku, ordered FROM transfer_line WHERE transfer = $1 AND ordered > 0"},
};

static const char *find_lines(const char *op)
{
	for (size_t i = 0; i < sizeof lines_of / sizeof *lines_of; i++)
		if (strcmp(lines_of[i][0], op) == 0)
			return lines_of[i][1];
	return NULL;
}

/* Is every line of the document one of the order's? The order may have more: a file whose good rows were
 * imported comes again whole, once its bad rows are mended. */
static bool is_part_of(const struct import_book *book, struct db *db, int at, const char *id)
{
	const struct import_order *order = &book->import->orders[at];
	struct db_rows *rows = db_query(db, find_lines(order->op), "t", id);
	bool is_part = false, differs = false;
	while (!differs && db_next(rows)) {
		int line = import_book_line(book, at, db_text(rows, 0));
		is_part = line >= 0 && order->lines[line].qty_milli == db_int(rows, 1);
		differs = !is_part;
	}
	db_done(rows);
	return is_part;
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
	if (at < 0 || import->orders[at].made || !is_part_of(book, db, at, db_text(rows, 0)))
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
