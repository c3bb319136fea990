/* Reading the sum of a number, by its rule (explain_rules.c).
 *
 * The figure and its entries are read by queries of their own, once from the rows HQ has sent and, where this
 * terminal changed any of them, once more as they are now. What the two lists do not have in common is what
 * is pending. An entry of its own says what the entries do not add up to; else it is not there.
 *
 * Invariants: the confirmed entries sum to `hq`, the others to `pending`, and all of them to `figure`. */
#include "model/explain_parts.h"

#include "model/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct explain explain_of(enum explain_kind kind, const char *of, const char *sku)
{
	struct explain what = {.kind = kind};
	snprintf(what.of, sizeof(what.of), "%s", of ? of : "");
	snprintf(what.sku, sizeof(what.sku), "%s", sku ? sku : "");
	return what;
}

/* ---- a list of entries ---- */

struct explain_entry *explain_list_add(struct explain_list *list)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 32;
		struct explain_entry *more = realloc(list->entries, room * sizeof(*more));
		if (!more) {
			list->broken = true;
			return NULL;
		}
		list->entries = more;
		list->room = room;
	}
	struct explain_entry *entry = &list->entries[list->count++];
	memset(entry, 0, sizeof(*entry));
	entry->group = "explain";
	return entry;
}

static int64_t list_sum(const struct explain_list *list)
{
	int64_t sum = 0;
	for (size_t i = 0; i < list->count; i++)
		sum += list->entries[i].qty;
	return sum;
}

/* ---- tables ---- */

static void add_columns(struct text *sql, const struct table *table)
{
	for (int i = 0; i < table->column_count; i++)
		text_addf(sql, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
}

/* The rows as HQ last sent them: those this terminal did not touch, and the before-images of the others. */
static void add_sent_rows(struct text *sql, const struct table *table)
{
	text_add(sql, "(SELECT ");
	add_columns(sql, table);
	text_addf(sql, " FROM \"%s\" t WHERE NOT EXISTS (SELECT 1 FROM \"before_%s\" b WHERE ",
		table->name, table->name);
	for (int i = 0; i < table->key_count; i++)
		text_addf(sql, "%sb.\"%s\" = t.\"%s\"", i ? " AND " : "", table->columns[i].name,
			table->columns[i].name);
	text_add(sql, ") UNION ALL SELECT ");
	add_columns(sql, table);
	text_addf(sql, " FROM \"before_%s\" WHERE present_ = 1)", table->name);
}

/* The table named between braces at `at`, and what is behind it. */
static const struct table *named_table(const char *at, const char **behind)
{
	char name[40];
	const char *end = strchr(at, '}');
	snprintf(name, sizeof(name), "%.*s", (int)(end - at - 1), at + 1);
	*behind = end + 1;
	return table_find(name);
}

char *explain_sql(const struct explain_reader *reader, const char *sql)
{
	struct text out = TEXT_INIT(TEXT_SMALL);
	for (const char *at; (at = strchr(sql, '{'));) {
		text_add_bytes(&out, sql, (size_t)(at - sql));
		const struct table *table = named_table(at, &sql);
		if (reader->as_hq_sent)
			add_sent_rows(&out, table);
		else
			text_addf(&out, "\"%s\"", table->name);
	}
	text_add(&out, sql);
	return text_take(&out);
}

/* Did this terminal change any row of the tables that the text names? */
static bool touches(struct db *db, const char *sql)
{
	for (const char *at = sql; at && (at = strchr(at, '{'));) {
		char query[80];
		const struct table *table = named_table(at, &at);
		snprintf(query, sizeof(query), "SELECT 1 FROM \"before_%s\" LIMIT 1", table->name);
		if (db_has(db, query, ""))
			return true;
	}
	return false;
}

static bool has_pending(const struct explain_reader *reader, const struct explain_rule *rule)
{
	if (touches(reader->db, rule->figure) ||
		(rule->is_count && touches(reader->db, "{count_entry}")))
		return true;
	for (int i = 0; i < EXPLAIN_SOURCES_MAX && rule->sources[i].from; i++) {
		if (touches(reader->db, rule->sources[i].from) ||
			touches(reader->db, rule->sources[i].qty))
			return true;
	}
	return false;
}

/* ---- queries ---- */

/* $1 to $3, and in $4 where a long list begins. */
static struct db_rows *ask(
	const struct explain_reader *reader, const char *sql, const struct db_value *cut)
{
	struct db_value values[] = {{'t', reader->what->of, 0}, {'t', reader->what->sku, 0},
		{'t', reader->stores, 0}, cut ? *cut : (struct db_value){'i', NULL, 0}};
	char *text = explain_sql(reader, sql);
	struct db_rows *rows = db_query_values(reader->db, text ? text : "", values, 4);
	free(text);
	return rows;
}

struct figure {
	bool is_known, is_unlimited;
	int64_t qty;
};

static struct figure read_figure(
	const struct explain_reader *reader, const struct explain_rule *rule)
{
	struct figure figure = {false, false, 0};
	struct db_rows *rows = ask(reader, rule->figure, NULL);
	if (db_next(rows) && !db_null(rows, 0)) {
		figure.is_known = true;
		figure.qty = db_int(rows, 0);
		figure.is_unlimited = db_columns(rows) > 1 && db_int(rows, 1) != 0;
	}
	db_done(rows);
	return figure;
}

/* Columns of a query of entries. */
enum { KEY, QTY, AT, WORD, DOC_KIND, DOC, ACTOR, STORE, NEXT_OF, ORDER };

static const char *or_null(const char *sql)
{
	return sql ? sql : "NULL";
}

static void add_query(struct text *sql, const struct explain_source *source)
{
	text_addf(sql, "SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM %s", source->key,
		source->qty, or_null(source->at), or_null(source->word), or_null(source->doc_kind),
		or_null(source->doc), or_null(source->actor), or_null(source->store),
		or_null(source->next_of), or_null(source->order), source->from);
}

static void put_text(char *out, size_t size, struct db_rows *rows, int column)
{
	const char *text = db_text(rows, column);
	snprintf(out, size, "%s", text ? text : "");
}

static void read_entry(struct explain_list *list, const struct explain_reader *reader,
	const struct explain_source *source, struct db_rows *rows)
{
	struct explain_entry *entry = explain_list_add(list);
	if (!entry)
		return;
	const char *key = db_text(rows, KEY), *next = db_text(rows, NEXT_OF);
	int no = (int)(source - explain_rule_of(reader->what->kind)->sources);
	snprintf(entry->key, sizeof(entry->key), "%d|%s", no, key ? key : "");
	entry->qty = db_int(rows, QTY);
	entry->at_ms = db_int(rows, AT);
	entry->group = source->group;
	put_text(entry->word, sizeof(entry->word), rows, WORD);
	put_text(entry->doc_kind, sizeof(entry->doc_kind), rows, DOC_KIND);
	put_text(entry->doc, sizeof(entry->doc), rows, DOC);
	put_text(entry->actor, sizeof(entry->actor), rows, ACTOR);
	put_text(entry->store, sizeof(entry->store), rows, STORE);
	if (source->next != EXPLAIN_NONE)
		entry->next = explain_of(source->next, next, reader->what->sku);
}

/* ---- long lists ---- */

/* Where the shown part of a long list begins. */
struct cut {
	bool is_cut;
	char text[EXPLAIN_KEY_MAX];
	struct db_value value; /* of the first entry shown */
};

/* The newest EXPLAIN_ENTRIES_MAX entries are shown. Counted in what HQ sent, so that what is pending, which is
 * newer, begins at the same place. */
static void find_cut(
	const struct explain_reader *reader, const struct explain_source *source, struct cut *cut)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	cut->is_cut = false;
	text_addf(&sql, "SELECT %s FROM %s ORDER BY %s DESC LIMIT 1 OFFSET %d", source->order,
		source->from, source->order, EXPLAIN_ENTRIES_MAX - 1);
	struct db_rows *rows = ask(reader, text_get(&sql), NULL);
	if (db_next(rows)) {
		cut->is_cut = true;
		put_text(cut->text, sizeof(cut->text), rows, 0);
		cut->value = (struct db_value){source->order_type, cut->text, db_int(rows, 0)};
	}
	db_done(rows);
	text_free(&sql);
}

/* All that stands before the cut, as one entry. */
static void read_earlier(struct explain_list *list, const struct explain_reader *reader,
	const struct explain_source *source, const struct cut *cut)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	text_addf(&sql, "SELECT COUNT(*), COALESCE(SUM(%s), 0) FROM %s AND %s < $4", source->qty,
		source->from, source->order);
	struct db_rows *rows = ask(reader, text_get(&sql), &cut->value);
	if (db_next(rows) && db_int(rows, 0) > 0) {
		struct explain_entry *entry = explain_list_add(list);
		if (entry) {
			snprintf(entry->key, sizeof(entry->key), "earlier|%s", source->order);
			snprintf(entry->word, sizeof(entry->word), "earlier");
			entry->count = db_int(rows, 0);
			entry->qty = db_int(rows, 1);
		}
	}
	db_done(rows);
	text_free(&sql);
}

static void read_source(struct explain_list *list, const struct explain_reader *reader,
	const struct explain_source *source, struct cut *cut)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	if (cut->is_cut)
		read_earlier(list, reader, source, cut);
	add_query(&sql, source);
	if (cut->is_cut)
		text_addf(&sql, " AND %s >= $4", source->order);
	text_addf(&sql, " ORDER BY %s, 1 LIMIT %d", source->order ? source->order : "3",
		10 * EXPLAIN_ENTRIES_MAX);
	struct db_rows *rows = ask(reader, text_get(&sql), cut->is_cut ? &cut->value : NULL);
	while (db_next(rows))
		read_entry(list, reader, source, rows);
	db_done(rows);
	text_free(&sql);
}

/* What the entries do not add up to, as an entry. */
static void add_missing(struct explain_list *list, const struct figure *figure)
{
	int64_t missing = figure->is_known ? figure->qty - list_sum(list) : 0;
	struct explain_entry *entry = missing != 0 ? explain_list_add(list) : NULL;
	if (!entry)
		return;
	snprintf(entry->key, sizeof(entry->key), "missing");
	snprintf(entry->word, sizeof(entry->word), "missing");
	entry->qty = missing;
}

static void read_list(struct explain_list *list, const struct explain_reader *reader,
	struct cut cuts[EXPLAIN_SOURCES_MAX], const struct figure *figure)
{
	const struct explain_rule *rule = explain_rule_of(reader->what->kind);
	if (rule->is_count)
		explain_count(reader, list);
	for (int i = 0; i < EXPLAIN_SOURCES_MAX && rule->sources[i].from; i++)
		read_source(list, reader, &rule->sources[i], &cuts[i]);
	add_missing(list, figure);
}

/* ---- what is pending ---- */

static int by_key(const void *a, const void *b)
{
	const struct explain_entry *const *left = a, *const *right = b;
	return strcmp((*left)->key, (*right)->key);
}

/* Pointers to the entries, by their keys; NULL without memory. The caller frees it. */
static const struct explain_entry **sorted(const struct explain_list *list)
{
	const struct explain_entry **index = calloc(list->count + 1, sizeof(*index));
	for (size_t i = 0; index && i < list->count; i++)
		index[i] = &list->entries[i];
	if (index && list->count > 0)
		qsort(index, list->count, sizeof(*index), by_key);
	return index;
}

static const struct explain_entry *find(
	const struct explain_entry **index, size_t count, const struct explain_entry *entry)
{
	const struct explain_entry **found = count > 0
		? bsearch(&entry, index, count, sizeof(*index), by_key)
		: NULL;
	return found ? *found : NULL;
}

static void add_pending(struct explain_list *list, const struct explain_entry *entry, int64_t qty)
{
	struct explain_entry *added = explain_list_add(list);
	if (!added)
		return;
	*added = *entry;
	added->qty = qty;
	added->pending = true;
}

/* Appends to what HQ sent what this terminal made of it. */
static void add_changes(struct explain_list *sent, const struct explain_list *now)
{
	const struct explain_entry **of_sent = sorted(sent), **of_now = sorted(now);
	struct explain_list changes = {NULL, 0, 0, !of_sent || !of_now};
	for (size_t i = 0; !changes.broken && i < now->count; i++) {
		const struct explain_entry *entry = &now->entries[i];
		const struct explain_entry *old = find(of_sent, sent->count, entry);
		if (!old || old->qty != entry->qty)
			add_pending(&changes, entry, entry->qty - (old ? old->qty : 0));
	}
	for (size_t i = 0; !changes.broken && i < sent->count; i++) {
		const struct explain_entry *entry = &sent->entries[i];
		if (!find(of_now, now->count, entry) && entry->qty != 0)
			add_pending(&changes, entry, -entry->qty);
	}
	free(of_sent);
	free(of_now);
	for (size_t i = 0; i < changes.count; i++) {
		struct explain_entry *entry = explain_list_add(sent);
		if (entry)
			*entry = changes.entries[i];
	}
	sent->broken = sent->broken || changes.broken;
	free(changes.entries);
}

/* More confirmed entries than a list should have: the earliest become one. */
static void fold_earlier(struct explain_list *list, size_t *confirmed)
{
	if (*confirmed <= EXPLAIN_ENTRIES_MAX)
		return;
	size_t folded = *confirmed - EXPLAIN_ENTRIES_MAX + 1;
	struct explain_entry earlier = {.group = "explain", .count = (int64_t)folded};
	snprintf(earlier.word, sizeof(earlier.word), "earlier");
	for (size_t i = 0; i < folded; i++)
		earlier.qty += list->entries[i].qty;
	memmove(&list->entries[1], &list->entries[folded],
		(list->count - folded) * sizeof(*list->entries));
	list->entries[0] = earlier;
	list->count -= folded - 1;
	*confirmed = EXPLAIN_ENTRIES_MAX;
}

/* ---- all of it ---- */

static char *stores_json(const struct world *world)
{
	struct text json = TEXT_INIT(TEXT_SMALL);
	if (world->at_hq)
		return NULL;
	text_add(&json, "[");
	for (int i = 0; i < world->store_count; i++) {
		text_add(&json, i ? "," : "");
		text_add_json(&json, world->stores[i]);
	}
	text_add(&json, "]");
	return text_take(&json);
}

static void add_up(struct explained *out)
{
	int64_t total = 0;
	for (size_t i = 0; i < out->count; i++) {
		struct explain_entry *entry = &out->entries[i];
		total += entry->qty;
		entry->total = total;
		*(entry->pending ? &out->pending : &out->hq) += entry->qty;
		if (strcmp(entry->word, "missing") == 0)
			out->missing += entry->qty;
	}
}

static void read_both(struct explain_reader *reader, bool pending, struct explained *out,
	struct explain_list *list)
{
	const struct explain_rule *rule = explain_rule_of(reader->what->kind);
	struct explain_list now = {NULL, 0, 0, false};
	struct cut cuts[EXPLAIN_SOURCES_MAX] = {{0}};
	struct figure figure = read_figure(reader, rule), sent;
	out->is_known = figure.is_known;
	out->is_unlimited = figure.is_unlimited;
	out->figure = figure.qty;
	reader->as_hq_sent = pending;
	for (int i = 0; i < EXPLAIN_SOURCES_MAX && rule->sources[i].from; i++) {
		if (rule->sources[i].order)
			find_cut(reader, &rule->sources[i], &cuts[i]);
	}
	sent = pending ? read_figure(reader, rule) : figure;
	read_list(list, reader, cuts, &sent);
	out->confirmed = list->count;
	if (pending) {
		reader->as_hq_sent = false;
		read_list(&now, reader, cuts, &figure);
		add_changes(list, &now);
	}
	if (rule->is_count)
		fold_earlier(list, &out->confirmed);
	list->broken = list->broken || now.broken;
	free(now.entries);
}

bool explain_read(
	struct db *db, const struct world *world, const struct explain *what, struct explained *out)
{
	struct explain_reader reader = {db, what, stores_json(world), false};
	struct explain_list list = {NULL, 0, 0, false};
	memset(out, 0, sizeof(*out));
	if (what->kind <= EXPLAIN_NONE || what->kind >= EXPLAIN_KINDS)
		return false;
	/* The figure and its entries are of one moment: another process lands rows meanwhile. */
	bool still = !db_in_transaction(db) && db_begin_read(db);
	read_both(&reader, !world->at_hq && has_pending(&reader, explain_rule_of(what->kind)), out,
		&list);
	list.broken = list.broken || db_failed(db) != DB_OK;
	if (still)
		db_rollback(db);
	free(reader.stores);
	out->entries = list.entries;
	out->count = list.count;
	add_up(out);
	return !list.broken;
}

void explain_free(struct explained *explained)
{
	free(explained->entries);
	memset(explained, 0, sizeof(*explained));
}
