#include "tests/views.h"

#include "model/json.h"

#include <stdio.h>
#include <string.h>

struct view_query views_query(const char *view)
{
	struct view_query query = {.view = view_find(view)};
	if (!query.view)
		fail_msg("no view %s", view);
	return query;
}

static cJSON *parsed(struct text *text)
{
	char error[256] = "";
	cJSON *json = json_parse(text_get(text), text->length, error, sizeof(error));
	if (!json)
		fail_msg("%s in %s", error, text_get(text));
	text_free(text);
	return json;
}

cJSON *views_page(struct fixture *fx, const struct view_query *query, char **next)
{
	struct text text = TEXT_INIT(TEXT_LARGE);
	char error[256] = "";
	if (!view_json_list(fx->db, query, &text, next, error, sizeof(error)))
		fail_msg("%s: %s", query->view->name, error);
	if (db_failed(fx->db) != DB_OK)
		fail_msg("%s: %s", query->view->name, db_message(fx->db));
	return parsed(&text);
}

cJSON *views_list(struct fixture *fx, const struct view_query *query)
{
	char *next = NULL;
	cJSON *items = views_page(fx, query, &next);
	assert_null(next);
	return items;
}

cJSON *views_one(struct fixture *fx, const char *view, const char *name)
{
	struct text text = TEXT_INIT(TEXT_LARGE);
	if (!view_json_one(fx->db, view_find(view), name, &text))
		fail_msg("no %s in %s: %s", name, view, db_message(fx->db));
	return parsed(&text);
}

/* The named member of each item, separated by spaces. */
static void join(const cJSON *items, const char *member, char *out, size_t size)
{
	const cJSON *item;
	out[0] = '\0';
	cJSON_ArrayForEach(item, items)
	{
		size_t used = strlen(out);
		const char *text = json_text(item, member);
		snprintf(out + used, size - used, "%s%s", used ? " " : "", text ? text : "null");
	}
}

void views_expect(struct fixture *fx, const struct view_query *query, const char *member,
	const char *expected)
{
	char found[2048];
	cJSON *items = views_list(fx, query);
	join(items, member, found, sizeof(found));
	assert_string_equal(found, expected);
	assert_int_equal(view_count(fx->db, query), cJSON_GetArraySize(items));
	cJSON_Delete(items);
}

void views_expect_where(struct fixture *fx, const char *view, const struct view_arg *filter,
	const char *member, const char *expected)
{
	struct view_query query = views_query(view);
	view_where(&query, filter->name, filter->value);
	views_expect(fx, &query, member, expected);
}

double views_number(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!cJSON_IsNumber(member))
		fail_msg("%s is no number", name);
	return member->valuedouble;
}

const cJSON *views_item(const cJSON *items, const char *member, const char *value)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, items)
	{
		const char *text = json_text(item, member);
		if (text && strcmp(text, value) == 0)
			return item;
	}
	fail_msg("no item with %s %s", member, value);
	return NULL;
}
