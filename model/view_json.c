/* A view's rows as JSON: the same text for HQ's answers, `countertop show` and exports. */
#include "model/view.h"

#include <stdio.h>
#include <string.h>

static void add_row(const struct view *view, struct db_rows *rows, struct text *json)
{
	for (int i = 0; i < view->column_count; i++) {
		text_add(json, i ? "," : "{");
		text_add_json(json, view->columns[i].name);
		text_add(json, ":");
		table_value_json(json, view->columns[i].type, rows, i);
	}
}

/* The rows of the lines view that belong to the present row, as a JSON array. */
static void add_lines(
	struct db *db, const struct view *view, struct db_rows *rows, struct text *json)
{
	const struct view *lines = view_find(view->lines);
	struct view_query query = {.view = lines};
	view_where(&query, view->lines_by, db_text(rows, view->column_count));
	struct db_rows *found = view_select(db, &query, NULL, 0);
	text_add(json, "[");
	for (int n = 0; found && !json->broken && db_next(found); n++) {
		text_add(json, n ? "," : "");
		add_row(lines, found, json);
		text_add(json, "}");
	}
	text_add(json, "]");
	if (found)
		db_done(found);
}

void view_json(struct db *db, const struct view *view, struct db_rows *rows, struct text *json)
{
	add_row(view, rows, json);
	if (view->lines) {
		text_add(json, ",");
		text_add_json(json, view->lines_as);
		text_add(json, ":");
		add_lines(db, view, rows, json);
	}
	text_add(json, "}");
}

/* The row whose column is the name: the view with that as its only filter. NULL if there is none. */
static struct db_rows *select_one_by(
	struct db *db, const struct view *view, const char *column, const char *name)
{
	struct view_filter filter = {"named", VALUE_TEXT, column};
	struct view named = *view;
	named.filters = &filter;
	named.filter_count = 1;
	struct view_query query = {.view = &named};
	view_where(&query, filter.name, name);
	struct db_rows *rows = *name ? view_select(db, &query, NULL, 0) : NULL;
	if (!rows || db_next(rows))
		return rows;
	db_done(rows);
	return NULL;
}

/* One column after the other: each has its index, an OR over all would have none. */
struct db_rows *view_select_one(struct db *db, const struct view *view, const char *name)
{
	struct db_rows *rows = NULL;
	for (const char *at = view->named; !rows && at && *at;) {
		at += strspn(at, ", ");
		size_t length = strcspn(at, ",");
		char column[80];
		snprintf(column, sizeof(column), "%.*s = ?", (int)length, at);
		rows = select_one_by(db, view, column, name);
		at += length;
	}
	return rows;
}

bool view_json_one(struct db *db, const struct view *view, const char *name, struct text *json)
{
	struct db_rows *rows = view_select_one(db, view, name);
	if (!rows)
		return false;
	view_json(db, view, rows, json);
	db_done(rows);
	return true;
}

bool view_is_named_by_code(const struct view *view)
{
	size_t length = view->named ? strlen(view->named) : 0;
	return length > 5 && strcmp(view->named + length - 5, ".code") == 0;
}

char *view_id_of(struct db *db, const struct view *view, const char *name)
{
	struct db_rows *rows = view_select_one(db, view, name);
	char *id = rows ? text_copy(db_text(rows, view->column_count)) : NULL;
	if (rows)
		db_done(rows);
	return id;
}

static bool page_is_full(const struct view_query *query, int items, size_t bytes)
{
	return query->limit > 0 && items > 0 && (items == query->limit || bytes >= VIEW_PAGE_BYTES);
}

bool view_json_list(struct db *db, const struct view_query *query, struct text *json, char **next,
	char *error, size_t size)
{
	char key[VIEW_KEY_MAX] = "";
	size_t start = json->length;
	struct view_query more = *query;
	*next = NULL;
	if (more.limit > 0)
		more.limit++; /* one row further says whether there is more */
	struct db_rows *rows = view_select(db, &more, error, size);
	if (!rows)
		return false;
	text_add(json, "[");
	for (int n = 0; !json->broken && db_next(rows); n++) {
		if (page_is_full(query, n, json->length - start)) {
			*next = text_copy(key);
			break;
		}
		text_add(json, n ? "," : "");
		view_json(db, query->view, rows, json);
		view_key(query, rows, key);
	}
	text_add(json, "]");
	db_done(rows);
	if (!text_ok(json))
		snprintf(error, size, "the list is too long: ask for less of it");
	return text_ok(json);
}
