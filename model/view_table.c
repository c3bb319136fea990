/* The rows of view.def, to be found by name. */
#include "model/order_sql.h"
#include "model/stocktake.h"
#include "model/view.h"

#include <string.h>

/* The columns, filters and orders of each view, each array ended by an empty entry. */
/* clang-format off */
#define OLDEST false
#define NEWEST true
#define VIEW(id, from_, key_, order, named_, lines_, as, by) \
	static const struct view_column columns_of_##id[] = {
#define COLUMN(name, sql, type) {#name, sql, COLUMN_##type},
#define FILTER(name, kind, sql)
#define ORDER(name, sql, type)
#define END {NULL, NULL, COLUMN_TEXT}};
#include "model/view.def"
#undef VIEW
#undef COLUMN
#undef FILTER
#undef END

#define VIEW(id, from_, key_, order, named_, lines_, as, by) \
	static const struct view_filter filters_of_##id[] = {
#define COLUMN(name, sql, type)
#define FILTER(name, kind, sql) {#name, VALUE_##kind, sql},
#define END {NULL, VALUE_TEXT, NULL}};
#include "model/view.def"
#undef VIEW
#undef FILTER
#undef ORDER
#undef END

#define VIEW(id, from_, key_, order, named_, lines_, as, by) \
	static const struct view_order orders_of_##id[] = {
#define FILTER(name, kind, sql)
#define ORDER(name, sql, type) {#name, sql, COLUMN_##type},
#define END {NULL, NULL, COLUMN_TEXT}};
#include "model/view.def"
#undef VIEW
#undef ORDER
#undef END
/* clang-format on */

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))
#define VIEW(id, from_, key_, order, named_, lines_, as, by)                              \
	{#id, from_, key_, order, named_, columns_of_##id, COUNT_OF(columns_of_##id) - 1, \
		filters_of_##id, COUNT_OF(filters_of_##id) - 1, orders_of_##id,           \
		COUNT_OF(orders_of_##id) - 1, sizeof(#lines_) > 1 ? #lines_ : NULL, as, by},
#define ORDER(name, sql, type)
#define END
static const struct view views[] = {
#include "model/view.def"
};
#undef VIEW

#define CHECK_COLUMNS(id) \
	_Static_assert(COUNT_OF(columns_of_##id) <= VIEW_COLUMNS_MAX, "too many columns in " #id);
#define VIEW(id, from_, key_, order, named_, lines_, as, by) CHECK_COLUMNS(id)
#include "model/view.def"
#undef VIEW
#undef COLUMN
#undef FILTER
#undef ORDER
#undef END

const struct view *view_all(int *count)
{
	*count = COUNT_OF(views);
	return views;
}

const struct view *view_find(const char *name)
{
	for (int i = 0; i < COUNT_OF(views); i++)
		if (strcmp(views[i].name, name) == 0)
			return &views[i];
	return NULL;
}

int view_column_index(const struct view *view, const char *name)
{
	for (int i = 0; i < view->column_count; i++)
		if (strcmp(view->columns[i].name, name) == 0)
			return i;
	return -1;
}

const struct view_filter *view_filter_find(const struct view *view, const char *name)
{
	for (int i = 0; i < view->filter_count; i++)
		if (strcmp(view->filters[i].name, name) == 0)
			return &view->filters[i];
	return NULL;
}

const struct view_order *view_order_find(const struct view *view, const char *name)
{
	for (int i = 0; i < view->order_count; i++)
		if (strcmp(view->orders[i].name, name) == 0)
			return &view->orders[i];
	return NULL;
}
