/*
 * From a view to the rows of a list. A row is read once, when it comes into the window: numbers as
 * they are, texts into the row's own bytes. Cells are made from that when they are drawn.
 */
#include "tui/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"

_Static_assert(LIST_KEY_BYTES >= VIEW_KEY_MAX, "a list's key holds a view's");

#define SOURCE_NULL INT64_MIN

/* A name that the program itself got wrong. */
static void fault(const char *what, const char *name)
{
	fprintf(stderr, "countertop: there is no %s %s\n", what, name);
	abort();
}

static size_t column_of(const struct source *source, const char *name)
{
	int index = view_column_index(source->view, name);

	if (index < 0 || index >= VIEW_COLUMNS_MAX)
		fault("column", name);
	return (size_t)index;
}

void source_init(struct source *source, struct shop *shop, const char *view,
	const struct source_column *columns, size_t column_count)
{
	memset(source, 0, sizeof(*source));
	source->shop = shop;
	source->view = view_find(view);
	source->columns = columns;
	source->column_count = column_count;
	if (!source->view)
		fault("view", view);
	for (size_t i = 0; i < column_count; i++)
		if (columns[i].column)
			column_of(source, columns[i].column);
}

/* ------------------------------------------------------------------ filters */

static int filter_at(const struct source *source, const char *filter)
{
	for (int i = 0; i < source->filter_count; i++)
		if (strcmp(source->filters[i].name, filter) == 0)
			return i;
	return source->filter_count;
}

void source_where(struct source *source, const char *filter, const char *value)
{
	int at = filter_at(source, filter);

	if (value && value[0] && at < SOURCE_FILTERS_MAX) {
		snprintf(source->filters[at].name, sizeof(source->filters[at].name), "%s", filter);
		snprintf(source->filters[at].value, sizeof(source->filters[at].value), "%s", value);
		if (at == source->filter_count)
			source->filter_count++;
	} else if (at < source->filter_count) {
		source->filters[at] = source->filters[--source->filter_count];
	}
}

const char *source_filter(const struct source *source, const char *filter)
{
	int at = filter_at(source, filter);

	return at < source->filter_count ? source->filters[at].value : "";
}

void source_order(struct source *source, const char *name)
{
	const struct view_order *order = name ? view_order_find(source->view, name) : NULL;

	if (name && !order)
		fault("order", name);
	source->order = order ? order->name : NULL;
}

void source_query(const struct source *source, struct view_query *query)
{
	memset(query, 0, sizeof(*query));
	query->view = source->view;
	query->reversed = source->is_reversed;
	query->order = source->order;
	for (int i = 0; i < source->filter_count; i++)
		view_where(query, source->filters[i].name, source->filters[i].value);
}

/* ------------------------------------------------------------------ reading rows */

static bool is_text(enum column_type type)
{
	return type == COLUMN_TEXT || type == COLUMN_JSON;
}

/* Puts a text into the row's bytes, cut if there is no room; returns where, 0 if there is none. */
static uint16_t keep_text(struct source_row *row, const char *text)
{
	size_t at = row->used;
	size_t room = sizeof(row->bytes) - at;
	int length;

	if (room < 2)
		return 0;
	length = snprintf(row->bytes + at, room, "%s", text);
	row->used = (uint16_t)(at + ((size_t)length < room ? (size_t)length + 1 : room));
	return (uint16_t)at;
}

static void read_row(const struct source *source, const struct view_query *query,
	struct db_rows *rows, struct source_row *row)
{
	memset(row, 0, sizeof(*row) - sizeof(row->bytes));
	row->bytes[0] = '\0';
	row->used = 1; /* offset 0 says null */
	for (int i = 0; i < source->view->column_count && i < VIEW_COLUMNS_MAX; i++) {
		if (db_null(rows, i))
			row->numbers[i] = SOURCE_NULL;
		else if (is_text(source->view->columns[i].type))
			row->texts[i] = keep_text(row, db_text(rows, i));
		else
			row->numbers[i] = db_int(rows, i);
	}
	view_key(query, rows, row->key);
}

static void read_names(const struct source *source, struct source_row *row)
{
	for (size_t i = 0; i < source->column_count && i < LIST_COLUMNS_MAX; i++) {
		const struct source_column *column = &source->columns[i];
		const char *id;
		char name[SHOP_NAME_BYTES];

		if (column->kind != SOURCE_STORE && column->kind != SOURCE_STAFF &&
			column->kind != SOURCE_CHANNEL && column->kind != SOURCE_DOCUMENT)
			continue;
		id = row->bytes + row->texts[column_of(source, column->column)];
		if (column->kind == SOURCE_STORE)
			shop_store_name(source->shop, id, name, sizeof(name));
		else if (column->kind == SOURCE_CHANNEL)
			shop_channel_name(source->shop, id, name, sizeof(name));
		else if (column->kind == SOURCE_DOCUMENT)
			shop_document_name(source->shop, source_text(source, row, column->group),
				id, name, sizeof(name));
		else
			shop_staff_name(source->shop, id, name, sizeof(name));
		row->names[i] = keep_text(row, name);
	}
}

static void note_pending(const struct source *source, struct source_row *row)
{
	const char *key;

	if (!source->pending_table)
		return;
	key = source_text(source, row, source->pending_key);
	row->is_pending = shop_is_pending(source->shop, source->pending_table, key) ||
		(source->pending_child &&
			shop_is_pending(source->shop, source->pending_child, key));
}

static size_t read_rows(
	const struct source *source, const struct view_query *query, struct source_row *out)
{
	struct db *cache = shop_db(source->shop);
	char error[200];
	struct db_rows *rows = cache ? view_select(cache, query, error, sizeof(error)) : NULL;
	size_t count = 0;

	if (!rows)
		return 0;
	while (count < (size_t)query->limit && db_next(rows))
		read_row(source, query, rows, &out[count++]);
	db_done(rows);
	for (size_t i = 0; i < count; i++) {
		note_pending(source, &out[i]);
		read_names(source, &out[i]);
		if (source->fetched)
			source->fetched(source->ctx, &out[i]);
	}
	return count;
}

static size_t source_fetch(void *ctx, const struct list_want *want, void *rows)
{
	const struct source *source = ctx;
	struct view_query query;

	source_query(source, &query);
	query.limit = (int)want->limit;
	query.inclusive = want->direction == LIST_FROM;
	query.backwards = want->direction == LIST_BEFORE || want->direction == LIST_LAST;
	if (want->direction != LIST_FIRST && want->direction != LIST_LAST)
		query.after = want->anchor;
	return read_rows(source, &query, rows);
}

long source_count(const struct source *source)
{
	struct db *cache = shop_db(source->shop);
	struct view_query query;
	int64_t count;

	source_query(source, &query);
	count = cache ? view_count(cache, &query) : 0;
	return count > 0 ? (long)count : 0;
}

static long source_list_count(void *ctx)
{
	return source_count(ctx);
}

static long source_rank(void *ctx, const char *key)
{
	const struct source *source = ctx;
	struct db *cache = shop_db(source->shop);
	struct view_query query;

	source_query(source, &query);
	return cache ? (long)view_rank(cache, &query, key) : -1;
}

void source_group(const struct source *source, const char *column,
	void (*each)(void *ctx, const char *value, long count), void *ctx)
{
	struct db *cache = shop_db(source->shop);
	struct view_query query;
	struct db_rows *rows;

	source_query(source, &query);
	rows = cache ? view_group(cache, &query, column) : NULL;
	if (!rows)
		return;
	while (db_next(rows))
		each(ctx, db_text(rows, 0) ? db_text(rows, 0) : "", (long)db_int(rows, 1));
	db_done(rows);
}

bool source_find(const struct source *source, struct source_row *row)
{
	struct view_query query;

	source_query(source, &query);
	query.limit = 1;
	return read_rows(source, &query, row) == 1;
}

/* ------------------------------------------------------------------ cells */

const char *source_text(const struct source *source, const void *row, const char *column)
{
	const struct source_row *it = row;

	return it->bytes + it->texts[column_of(source, column)];
}

int64_t source_int(const struct source *source, const void *row, const char *column)
{
	const struct source_row *it = row;
	int64_t number = it->numbers[column_of(source, column)];

	return number == SOURCE_NULL ? 0 : number;
}

bool source_is_null(const struct source *source, const void *row, const char *column)
{
	const struct source_row *it = row;

	return it->numbers[column_of(source, column)] == SOURCE_NULL;
}

static void put_quantity(bool is_signed, int64_t qty_milli, struct list_cell *out)
{
	char text[SHOP_QTY_BYTES];

	if (is_signed) {
		shop_qty_signed(qty_milli, text);
		out->role = shop_qty_role(qty_milli);
	} else {
		shop_qty(qty_milli, text);
	}
	snprintf(out->text, sizeof(out->text), "%s", text);
}

static void put_time(
	const struct shop *shop, enum source_kind kind, int64_t ms, struct list_cell *out)
{
	char text[SHOP_WHEN_BYTES];

	if (kind == SOURCE_DAY)
		shop_day(shop, ms, text);
	else
		shop_when(shop, ms, text);
	snprintf(out->text, sizeof(out->text), "%s", text);
}

static void put_text(const struct source *source, const struct source_column *column,
	const char *text, struct list_cell *out)
{
	if (column->kind == SOURCE_CODE) {
		shop_code(source->shop, text, out->text, sizeof(out->text));
	} else if (column->kind == SOURCE_PHONE) {
		shop_phone(source->shop, text, out->text, sizeof(out->text));
	} else if (column->kind == SOURCE_WORD) {
		snprintf(out->text, sizeof(out->text), "%s", shop_word(column->group, text));
		out->role = shop_status_role(column->group, text);
	} else {
		snprintf(out->text, sizeof(out->text), "%s", text);
	}
}

static void put_value(const struct source *source, size_t index, const struct source_row *row,
	struct list_cell *out)
{
	const struct source_column *column = &source->columns[index];
	size_t at = column_of(source, column->column);
	int64_t number = row->numbers[at];

	if (number == SOURCE_NULL)
		return;
	switch (column->kind) {
	case SOURCE_INT:
		snprintf(out->text, sizeof(out->text), "%lld", (long long)number);
		break;
	case SOURCE_QTY:
	case SOURCE_SIGNED_QTY:
		put_quantity(column->kind == SOURCE_SIGNED_QTY, number, out);
		break;
	case SOURCE_WHEN:
	case SOURCE_DAY:
		put_time(source->shop, column->kind, number, out);
		break;
	case SOURCE_STORE:
	case SOURCE_STAFF:
	case SOURCE_CHANNEL:
	case SOURCE_DOCUMENT:
		put_text(source, column, row->bytes + row->names[index], out);
		break;
	default:
		put_text(source, column, row->bytes + row->texts[at], out);
		break;
	}
}

static bool is_quantity(enum source_kind kind)
{
	return kind == SOURCE_QTY || kind == SOURCE_SIGNED_QTY;
}

static void source_cell(void *ctx, const void *row, int index, struct list_cell *out)
{
	const struct source *source = ctx;
	const struct source_row *it = row;
	const struct source_column *column = &source->columns[index];

	if (column->kind == SOURCE_MARK) {
		snprintf(out->text, sizeof(out->text), "%s",
			it->is_pending ? SHOP_PENDING_MARK : "");
		out->role = ROLE_PENDING;
	} else if (column->column) {
		put_value(source, (size_t)index, it, out);
		if (is_quantity(column->kind) && !out->text[0])
			snprintf(out->text, sizeof(out->text), "%s", "\u2013");
	}
	if (source->cell)
		source->cell(source->ctx, it, index, out);
}

const struct list_source source_list = {
	.row_bytes = sizeof(struct source_row),
	.count = source_list_count,
	.fetch = source_fetch,
	.rank = source_rank,
	.cell = source_cell,
};
