/* From a view's row and a query to one SELECT.
 *
 * A window's SELECT is  columns, key columns[, value]  FROM from  WHERE filters AND place beyond `after`
 * ORDER BY place LIMIT n.  The place of a row is its key, in an order of the query its value there and
 * then its key. Texts depend only on which filters are set, so they stay prepared.
 * All parts of a place run the same way, so that one comparison of rows finds where a window starts. */
#include "model/view.h"

#include "model/catalogue.h"
#include "model/json.h"
#include "model/stocktake_zone.h"
#include "model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_SQL_MAX ((size_t)32 * 1024)
#define VALUES_MAX 40 /* the most db.h binds at once */
#define KEY_PARTS_MAX 4
#define PLACE_PARTS_MAX (KEY_PARTS_MAX + 1)
#define PART_SIZE 512
#define TZ_DEFAULT_MINUTES 480
#define DAY_MS INT64_C(86400000)

void view_where(struct view_query *query, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	/* One too many is kept in the count, so that the query is refused rather than widened. */
	if (query->arg_count < VIEW_ARGS_MAX)
		query->args[query->arg_count] = (struct view_arg){name, value};
	query->arg_count++;
}

/* ---- one SELECT being built ---- */

struct build {
	struct db *db;
	const struct view_query *query;
	struct text sql;
	struct db_value values[VALUES_MAX];
	int value_count;
	char *owned[VALUES_MAX]; /* texts made here */
	int owned_count;
	char *error;
	size_t error_size;
	bool failed;
};

static void build_fail(struct build *build, const char *subject, const char *trouble)
{
	if (!build->failed && build->error)
		snprintf(build->error, build->error_size, "%s %s", subject, trouble);
	build->failed = true;
}

static void build_free(struct build *build)
{
	for (int i = 0; i < build->owned_count; i++)
		free(build->owned[i]);
	text_free(&build->sql);
}

/* Adds a value to bind and returns its number, from 1. */
static int bind(struct build *build, struct db_value value)
{
	if (build->value_count == VALUES_MAX) {
		build_fail(build, "the list", "has too many filters");
		return VALUES_MAX;
	}
	build->values[build->value_count] = value;
	return ++build->value_count;
}

static int bind_text(struct build *build, const char *text)
{
	return bind(build, (struct db_value){.kind = 't', .text = text});
}

static int bind_int(struct build *build, int64_t number)
{
	return bind(build, (struct db_value){.kind = 'i', .number = number});
}

/* Binds a text made here and keeps it until the query has run. */
static int bind_owned(struct build *build, struct text *text)
{
	char *taken = build->owned_count < VALUES_MAX ? text_take(text) : NULL;
	if (!taken) {
		text_free(text);
		build_fail(build, "a value", "is too long");
		return bind_text(build, NULL);
	}
	build->owned[build->owned_count++] = taken;
	return bind_text(build, taken);
}

/* ---- values by kind ---- */

static void add_pattern(struct text *pattern, const char *value)
{
	for (; *value; value++) {
		if (strchr("%_\\", *value))
			text_add_bytes(pattern, "\\", 1);
		text_add_bytes(pattern, value, 1);
	}
}

static int bind_contains(struct build *build, const char *value)
{
	struct text pattern = TEXT_INIT(TEXT_SMALL);
	text_add(&pattern, "%");
	add_pattern(&pattern, value);
	text_add(&pattern, "%");
	return bind_owned(build, &pattern);
}

/* The value as it stands, quoted, in the text of a JSON list. */
static int bind_element(struct build *build, const char *value)
{
	struct text quoted = TEXT_INIT(TEXT_SMALL), pattern = TEXT_INIT(TEXT_SMALL);
	text_add_json(&quoted, value);
	text_add(&pattern, "%");
	add_pattern(&pattern, text_get(&quoted));
	text_add(&pattern, "%");
	text_free(&quoted);
	return bind_owned(build, &pattern);
}

static int64_t query_tz(const struct build *build)
{
	for (int i = 0; i < build->query->arg_count; i++) {
		const struct view_arg *arg = &build->query->args[i];
		if (strcmp(arg->name, "store") == 0)
			return db_get_int(build->db, TZ_DEFAULT_MINUTES,
				"SELECT tz_minutes FROM store WHERE id = $1", "t", arg->value);
	}
	return TZ_DEFAULT_MINUTES;
}

static int bind_time(struct build *build, const struct view_arg *arg, bool until)
{
	int64_t ms;
	if (when_is_date(arg->value) && when_day_start(arg->value, query_tz(build), &ms))
		return bind_int(build, until ? ms + DAY_MS : ms);
	if (when_parse(arg->value, &ms))
		return bind_int(build, until ? ms + 1 : ms);
	build_fail(build, arg->name, "is neither a date nor a time");
	return bind_int(build, 0);
}

/* Takes the first of a|b|c off the list; false if none is left or there were too many. */
static bool next_part(struct build *build, const char **list, int n, struct text *part)
{
	if (n == VIEW_LIST_MAX && *list)
		build_fail(build, "a filter", "has too many values");
	if (!*list || build->failed)
		return false;
	size_t length = strcspn(*list, "|");
	*part = TEXT_INIT(TEXT_SMALL);
	text_add_bytes(part, *list, length);
	*list = (*list)[length] ? *list + length + 1 : NULL;
	return true;
}

/* Puts the placeholders of all values of a|b|c into list. */
static void bind_list(struct build *build, const char *value, struct text *list)
{
	struct text part;
	for (int n = 0; next_part(build, &value, n, &part); n++)
		text_addf(list, "%s$%d", n ? ", " : "", bind_owned(build, &part));
}

static int bind_zone(struct build *build, const char *value)
{
	struct text zone = TEXT_INIT(TEXT_SMALL);
	struct stocktake_zone_name name;
	text_add(&zone, stocktake_zone_fold(value, &name) ? name.text : value);
	return bind_owned(build, &zone);
}

/* An FTS query; false if the words hold nothing to search for. */
static bool bind_match(struct build *build, const char *value, int *number)
{
	struct text match = TEXT_INIT(TEXT_SMALL);
	if (!catalogue_match(value, &match)) {
		text_free(&match);
		return false;
	}
	*number = bind_owned(build, &match);
	return true;
}

/* Appends the filter's SQL with every mark, such as ?, replaced. */
static void add_replaced(struct text *sql, const char *pattern, char mark, const char *with)
{
	for (const char *at; (at = strchr(pattern, mark)); pattern = at + 1) {
		text_add_bytes(sql, pattern, (size_t)(at - pattern));
		text_add(sql, with);
	}
	text_add(sql, pattern);
}

#define MATCHES_NOTHING "\"\"" /* as an FTS query */

static void add_search(struct build *build, const struct view_filter *filter, const char *value)
{
	struct text sql = TEXT_INIT(VIEW_SQL_MAX);
	char with[16];
	int number;
	snprintf(with, sizeof(with), "$%d", bind_contains(build, value));
	add_replaced(&sql, filter->sql, '?', with);
	if (!bind_match(build, value, &number))
		number = bind_text(build, MATCHES_NOTHING);
	snprintf(with, sizeof(with), "$%d", number);
	add_replaced(&build->sql, text_get(&sql), '#', with);
	text_free(&sql);
}

/* The filter once for each value of a|b|c. */
static void add_elements(struct build *build, const struct view_filter *filter, const char *value)
{
	struct text part;
	for (int n = 0; next_part(build, &value, n, &part); n++) {
		char with[16];
		snprintf(with, sizeof(with), "$%d", bind_element(build, text_get(&part)));
		text_add(&build->sql, n ? " OR " : "(");
		add_replaced(&build->sql, filter->sql, '?', with);
		text_free(&part);
	}
	text_add(&build->sql, ")");
}

static void add_filter(struct build *build, const struct view_arg *arg)
{
	const struct view_filter *filter = view_filter_find(build->query->view, arg->name);
	if (!filter) {
		build_fail(build, arg->name, "is no filter of this list");
		return;
	}
	struct text with = TEXT_INIT(TEXT_SMALL);
	int number = 0;
	switch (filter->kind) {
	case VALUE_TEXT:
		number = bind_text(build, arg->value);
		break;
	case VALUE_ZONE:
		number = bind_zone(build, arg->value);
		break;
	case VALUE_LIST:
		bind_list(build, arg->value, &with);
		break;
	case VALUE_SINCE:
	case VALUE_UNTIL:
		number = bind_time(build, arg, filter->kind == VALUE_UNTIL);
		break;
	case VALUE_CONTAINS:
		number = bind_contains(build, arg->value);
		break;
	case VALUE_ELEMENT:
		add_elements(build, filter, arg->value);
		return;
	case VALUE_SEARCH:
		add_search(build, filter, arg->value);
		return;
	case VALUE_MATCH:
		if (!bind_match(build, arg->value, &number)) {
			text_add(&build->sql, "1 = 0");
			return;
		}
		break;
	}
	if (number)
		text_addf(&with, "$%d", number);
	add_replaced(&build->sql, filter->sql, '?', text_get(&with));
	text_free(&with);
}

/* ---- places ---- */

struct place {
	int count;
	bool valued; /* its first part is the value of an order */
	struct place_part {
		char sql[PART_SIZE];
		bool is_number;
	} parts[PLACE_PARTS_MAX];
};

static bool part_is_number(const struct view *view, const char *part)
{
	for (int i = 0; i < view->column_count; i++)
		if (strcmp(view->columns[i].sql, part) == 0)
			return view->columns[i].type == COLUMN_INT;
	return false;
}

static const struct view_order *order_of(const struct view_query *query)
{
	return query->order ? view_order_find(query->view, query->order) : NULL;
}

/* What places a row of the query in its list. */
static void place_of(const struct view_query *query, struct place *place)
{
	const struct view *view = query->view;
	const struct view_order *order = order_of(query);
	*place = (struct place){.count = order ? 1 : 0, .valued = order != NULL};
	if (order) {
		snprintf(place->parts[0].sql, PART_SIZE, "%s", order->sql);
		place->parts[0].is_number = order->type != COLUMN_TEXT;
	}
	for (const char *at = view->key; *at && place->count < PLACE_PARTS_MAX; place->count++) {
		struct place_part *part = &place->parts[place->count];
		at += strspn(at, ", ");
		size_t length = strcspn(at, ",");
		snprintf(part->sql, PART_SIZE, "%.*s", (int)length, at);
		part->is_number = part_is_number(view, part->sql);
		at += length;
	}
}

static void bind_key_part(struct build *build, const cJSON *member, bool number, struct text *out)
{
	if (number ? !cJSON_IsNumber(member) : !cJSON_IsString(member)) {
		build_fail(build, "after", "is not a key of this list");
		return;
	}
	if (number) {
		text_addf(out, "$%d", bind_int(build, (int64_t)member->valuedouble));
		return;
	}
	struct text copy = TEXT_INIT(TEXT_SMALL);
	text_add(&copy, member->valuestring);
	text_addf(out, "$%d", bind_owned(build, &copy));
}

/* Appends "(k1, k2) > ($3, $4)"; with one part the parentheses are only that. */
static void add_beyond(struct build *build, const char *key, const char *comparison)
{
	struct place place;
	place_of(build->query, &place);
	cJSON *list = json_parse(key, strlen(key), NULL, 0);
	struct text numbers = TEXT_INIT(TEXT_SMALL);
	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) != place.count)
		build_fail(build, "after", "is not a key of this list");
	text_add(&build->sql, "(");
	for (int i = 0; i < place.count && !build->failed; i++) {
		text_addf(&build->sql, "%s%s", i ? ", " : "", place.parts[i].sql);
		text_add(&numbers, i ? ", " : "");
		bind_key_part(
			build, cJSON_GetArrayItem(list, i), place.parts[i].is_number, &numbers);
	}
	text_addf(&build->sql, ") %s (%s)", comparison, text_get(&numbers));
	text_free(&numbers);
	cJSON_Delete(list);
}

bool view_key(const struct view_query *query, struct db_rows *rows, char key[VIEW_KEY_MAX])
{
	struct place place;
	place_of(query, &place);
	int keys = place.count - place.valued, first = query->view->column_count;
	struct text text = TEXT_INIT(VIEW_KEY_MAX - 1);
	for (int i = 0; i < place.count; i++) {
		/* The value stands behind the key's columns in the row, and before them in the key. */
		int column = !place.valued ? first + i : i == 0 ? first + keys : first + i - 1;
		text_add(&text, i ? "," : "[");
		table_value_json(
			&text, place.parts[i].is_number ? COLUMN_INT : COLUMN_TEXT, rows, column);
	}
	text_add(&text, "]");
	bool whole = text_ok(&text);
	snprintf(key, VIEW_KEY_MAX, "%s", whole ? text_get(&text) : "");
	text_free(&text);
	return whole;
}

/* ---- queries ---- */

static void build_begin(struct build *build, struct db *db, const struct view_query *query,
	char *error, size_t size)
{
	memset(build, 0, sizeof(*build));
	build->db = db;
	build->query = query;
	build->error = error;
	build->error_size = size;
	build->sql = TEXT_INIT(VIEW_SQL_MAX);
	if (query->order && !order_of(query))
		build_fail(build, query->order, "is no order of this list");
	text_add(&build->sql, "SELECT ");
}

/* Appends FROM and WHERE; beyond with a comparison adds the key's condition. */
static void add_from(struct build *build, const char *beyond, const char *comparison)
{
	const struct view_query *query = build->query;
	text_addf(&build->sql, " FROM %s", query->view->from);
	if (query->arg_count > VIEW_ARGS_MAX)
		build_fail(build, "the list", "has too many filters");
	for (int i = 0; i < query->arg_count && !build->failed; i++) {
		text_add(&build->sql, i ? " AND " : " WHERE ");
		add_filter(build, &query->args[i]);
	}
	if (beyond && !build->failed) {
		text_add(&build->sql, query->arg_count ? " AND " : " WHERE ");
		add_beyond(build, beyond, comparison);
	}
}

static void add_columns(struct build *build)
{
	const struct view *view = build->query->view;
	for (int i = 0; i < view->column_count; i++)
		text_addf(&build->sql, "%s%s", i ? ", " : "", view->columns[i].sql);
	struct place place;
	place_of(build->query, &place);
	text_addf(&build->sql, ", %s", view->key);
	if (place.valued)
		text_addf(&build->sql, ", %s", place.parts[0].sql);
}

static void add_order(struct build *build, bool descending)
{
	struct place place;
	place_of(build->query, &place);
	for (int i = 0; i < place.count; i++)
		text_addf(&build->sql, "%s%s%s", i ? ", " : " ORDER BY ", place.parts[i].sql,
			descending ? " DESC" : "");
}

/* Runs what was built; NULL if it could not be built. */
static struct db_rows *build_run(struct build *build)
{
	struct db_rows *rows = NULL;
	if (!text_ok(&build->sql))
		build_fail(build, "the query", "is too long");
	if (!build->failed)
		rows = db_query_values(
			build->db, text_get(&build->sql), build->values, build->value_count);
	build_free(build);
	return rows;
}

static const char *beyond_comparison(bool descending, bool inclusive)
{
	if (descending)
		return inclusive ? "<=" : "<";
	return inclusive ? ">=" : ">";
}

/* Does the key fall from the start of the list to its end? */
static bool is_falling(const struct view_query *query)
{
	return query->view->newest_first != query->reversed;
}

struct db_rows *view_select(struct db *db, const struct view_query *query, char *error, size_t size)
{
	struct build build;
	bool descending = is_falling(query) != query->backwards;
	build_begin(&build, db, query, error, size);
	add_columns(&build);
	add_from(&build, query->after, beyond_comparison(descending, query->inclusive));
	add_order(&build, descending);
	if (query->limit > 0)
		text_addf(&build.sql, " LIMIT $%d", bind_int(&build, query->limit));
	return build_run(&build);
}

static int64_t count_rows(struct build *build)
{
	struct db_rows *rows = build_run(build);
	int64_t count = rows && db_next(rows) ? db_int(rows, 0) : 0;
	if (rows)
		db_done(rows);
	return count;
}

int64_t view_count(struct db *db, const struct view_query *query)
{
	struct build build;
	build_begin(&build, db, query, NULL, 0);
	text_add(&build.sql, "COUNT(*)");
	add_from(&build, NULL, NULL);
	return count_rows(&build);
}

int64_t view_rank(struct db *db, const struct view_query *query, const char *key)
{
	struct build build;
	build_begin(&build, db, query, NULL, 0);
	text_add(&build.sql, "COUNT(*)");
	add_from(&build, key, is_falling(query) ? ">" : "<");
	return count_rows(&build);
}

struct db_rows *view_group(struct db *db, const struct view_query *query, const char *column)
{
	struct build build;
	int index = view_column_index(query->view, column);
	build_begin(&build, db, query, NULL, 0);
	if (index < 0) {
		build_free(&build);
		return NULL;
	}
	const char *sql = query->view->columns[index].sql;
	text_addf(&build.sql, "%s, COUNT(*)", sql);
	add_from(&build, NULL, NULL);
	text_addf(&build.sql, " GROUP BY %s ORDER BY %s", sql, sql);
	return build_run(&build);
}
