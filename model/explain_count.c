/* How a line of a stocktake came to its count, entry by entry. An entry need not add what it says: a typed
 * quantity takes the place of what its zone had, a later pass that of an earlier one, another round that of
 * all before it. So what an entry adds is the count with it less the count without it, in the order in which
 * the rounds were counted; stocktake_line.c says what the entries of a line make. */
#include "model/explain_parts.h"

#include "model/stocktake_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct zone {
	char name[STOCKTAKE_ZONE_MAX + 1];
	struct zone_sum sum;
	int64_t counts; /* what it adds to the line */
	struct zone *next;
};

/* The line as the entries so far make it. */
struct tally {
	int64_t round;
	bool is_real; /* of "count the rest as zero" nothing is left once anything was counted */
	int64_t counted;
	struct zone *zones; /* of the round */
};

static void tally_clear(struct tally *tally)
{
	while (tally->zones) {
		struct zone *next = tally->zones->next;
		free(tally->zones);
		tally->zones = next;
	}
	tally->is_real = false;
	tally->counted = 0;
}

static struct zone *zone_named(struct tally *tally, const char *name)
{
	struct zone *zone = tally->zones;
	while (zone && strcmp(zone->name, name) != 0)
		zone = zone->next;
	if (zone)
		return zone;
	zone = calloc(1, sizeof(*zone));
	if (!zone)
		return NULL;
	snprintf(zone->name, sizeof(zone->name), "%s", name);
	zone->next = tally->zones;
	tally->zones = zone;
	return zone;
}

/* Columns of the query below. */
enum { ID, ROUND, ZONE, MODE, COUNT_QTY, PASS, COUNTED_AT, COUNTED_BY, UNDONE, SHEET, COUNTED_IN };

/* Takes one live entry; what it adds. */
static int64_t tally_take(struct tally *tally, struct explain_list *list, struct db_rows *rows)
{
	int64_t before = tally->counted;
	bool is_real = strcmp(db_text(rows, MODE), "zero") != 0;
	if (db_int(rows, ROUND) != tally->round || (is_real && !tally->is_real))
		tally_clear(tally);
	tally->round = db_int(rows, ROUND);
	if (!is_real && tally->is_real)
		return 0;
	tally->is_real = is_real;
	struct zone *zone = zone_named(tally, db_text(rows, ZONE) ? db_text(rows, ZONE) : "");
	if (!zone) {
		list->broken = true;
		return 0;
	}
	zone_sum_take(&zone->sum, db_int(rows, PASS), db_text(rows, MODE), db_int(rows, COUNT_QTY),
		db_int(rows, COUNTED_AT));
	tally->counted -= zone->counts;
	zone->counts = zone_sum_counted(&zone->sum);
	tally->counted += zone->counts;
	return tally->counted - before;
}

static void put(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static void read_entry(struct explain_list *list, struct db_rows *rows, struct tally *tally)
{
	struct explain_entry *entry = explain_list_add(list);
	if (!entry)
		return;
	put(entry->key, sizeof(entry->key), db_text(rows, ID));
	put(entry->word, sizeof(entry->word), db_text(rows, MODE));
	put(entry->doc, sizeof(entry->doc), db_text(rows, SHEET));
	put(entry->doc_kind, sizeof(entry->doc_kind), "stocktake");
	put(entry->actor, sizeof(entry->actor), db_text(rows, COUNTED_BY));
	put(entry->store, sizeof(entry->store), db_text(rows, COUNTED_IN));
	entry->group = "mode";
	entry->at_ms = db_int(rows, COUNTED_AT);
	entry->undone = db_int(rows, UNDONE) != 0;
	if (!entry->undone)
		entry->qty = tally_take(tally, list, rows);
}

void explain_count(const struct explain_reader *reader, struct explain_list *list)
{
	struct tally tally = {0};
	char *sql = explain_sql(reader,
		"SELECT e.id, e.round, e.zone, e.mode, e.qty, e.pass, e.at, e.actor, e.undone, e.stocktake, e.store "
		"FROM {count_entry} e WHERE e.stocktake = $1 AND e.sku = $2 ORDER BY e.round, e.at, e.no, e.id");
	struct db_rows *rows = db_query(
		reader->db, sql ? sql : "", "tt", reader->what->of, reader->what->sku);
	while (db_next(rows))
		read_entry(list, rows, &tally);
	db_done(rows);
	free(sql);
	tally_clear(&tally);
}
