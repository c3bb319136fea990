/* Every list and document a person or program can look at, described once in view.def: HQ's GET
 * lists, `countertop show`, exports and the panes all read through here. Windows go by key, so a
 * list of a million rows opens as fast as one of ten. */
#ifndef COUNTERTOP_MODEL_VIEW_H
#define COUNTERTOP_MODEL_VIEW_H

#include "model/db.h"
#include "model/table.h"

struct view_column {
	const char *name; /* the contract's */
	const char *sql;
	enum column_type type;
};

enum view_value {
	VALUE_TEXT,
	VALUE_LIST,
	VALUE_SINCE,
	VALUE_UNTIL,
	VALUE_CONTAINS,
	VALUE_ELEMENT,
	VALUE_MATCH,
	VALUE_SEARCH,
	VALUE_ZONE
};

struct view_filter {
	const char *name; /* store from to status number since until q … */
	enum view_value kind;
	const char *sql; /* with ? where the value goes, any number of times */
};

/* Another order of a list: the largest first, and by the key where it is equal. The value runs as the key
 * does, so in a list that is OLDEST first it is a number and stands negated; it is never null. */
struct view_order {
	const char *name;
	const char *sql;
	enum column_type type;
};

#define VIEW_COLUMNS_MAX 32
#define VIEW_ARGS_MAX 12
#define VIEW_LIST_MAX 16 /* values in one filter, a|b|c */
#define VIEW_KEY_MAX 200

struct view {
	const char *
		name; /* movements stocktakes tickets redemptions exceptions products stores stock staff ledger history … */
	const char *from; /* FROM and JOINs */
	const char *key;  /* one unique column or several, the list's order */
	bool newest_first;
	const char *
		named; /* the columns a person may name one by: id, numbers, code, sku; NULL: none */
	const struct view_column *columns;
	int column_count;
	const struct view_filter *filters;
	int filter_count;
	const struct view_order *orders;
	int order_count;
	const char
		*lines; /* the name of the view whose rows are this one's `lines`; NULL if none */
	const char *lines_as; /* what they are called in JSON: lines, uses */
	const char *lines_by; /* the filter of that view which takes this one's key */
};

const struct view *view_all(int *count);
const struct view *view_find(const char *name);
int view_column_index(const struct view *view, const char *name); /* -1 if none */
const struct view_filter *view_filter_find(const struct view *view, const char *name);
const struct view_order *view_order_find(const struct view *view, const char *name);

struct view_arg {
	const char *name;
	const char *value;
};

struct view_query {
	const struct view *view;
	struct view_arg args
		[VIEW_ARGS_MAX]; /* filters; `status` may be a list a|b|c; an unknown name is an error */
	int arg_count;
	const char *
		after; /* key of this order (text of a JSON array) the window starts behind; NULL: from the start */
	bool inclusive;    /* the row of `after` itself too */
	bool backwards;    /* towards the start, nearest first */
	bool reversed;     /* the whole list the other way round: oldest first instead of newest */
	const char *order; /* the name of an order of the view; NULL: the view's own, by key */
	int limit;
};

/* Adds a filter; an empty or NULL value adds none. The value is kept by reference. `since` and
 * `until` take a time or a date; a date is a day of the store named by the filter `store`, else of
 * UTC+8, and `until` includes it. */
void view_where(struct view_query *query, const char *name, const char *value);

/* Rows with the view's columns in order; view_key reads the key of the present row. NULL and a
 * sentence in error if a filter is unknown or a value is not of its kind. */
struct db_rows *view_select(
	struct db *db, const struct view_query *query, char *error, size_t size);
bool view_key(const struct view_query *query, struct db_rows *rows, char key[VIEW_KEY_MAX]);
int64_t view_count(struct db *db, const struct view_query *query);
/* How many rows stand before the key, in the list's order. */
int64_t view_rank(struct db *db, const struct view_query *query, const char *key);
/* Rows (value of the column, count) over the filtered list. */
struct db_rows *view_group(struct db *db, const struct view_query *query, const char *column);

/* One row as a JSON object, its lines included. */
void view_json(struct db *db, const struct view *view, struct db_rows *rows, struct text *json);
/* The row of a document by id, number, code or sku: it is the present one. NULL if there is none. */
struct db_rows *view_select_one(struct db *db, const struct view *view, const char *name);
/* A document by id, number, code or sku, as JSON; false if there is none. */
bool view_json_one(struct db *db, const struct view *view, const char *name, struct text *json);
/* Are its documents named by the codes of tickets, which no message may hold? */
bool view_is_named_by_code(const struct view *view);
/* What the lines of the document of that name are found by: its id, or a ticket's code. NULL if there is
 * none; the caller frees it. */
char *view_id_of(struct db *db, const struct view *view, const char *name);
/* The whole filtered list as a JSON array (up to query->limit; 0 is no limit). *next gets the key
 * to go on from if there is more (caller frees), else NULL. A limited page also ends, after at
 * least one item, where it passes VIEW_PAGE_BYTES: a sheet's lines may be very many. */
#define VIEW_PAGE_BYTES ((size_t)16 * 1024 * 1024)
bool view_json_list(struct db *db, const struct view_query *query, struct text *json, char **next,
	char *error, size_t size);

#endif
