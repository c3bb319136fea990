/* Lists of names: stores, feeds. */
#include "hq/core.h"

#include "model/json.h"

#include <stdlib.h>
#include <string.h>

bool names_add(struct names *names, const char *name)
{
	if (names->count >= NAMES_MAX)
		return false;
	/* Doubles whenever the count is a power of two, so that no size needs keeping. */
	if ((names->count & (names->count - 1)) == 0) {
		size_t size = names->count ? (size_t)names->count * 2 : 1;
		char **items = realloc(names->items, size * sizeof(*items));

		if (!items)
			return false;
		names->items = items;
	}
	names->items[names->count++] = text_copy(name);
	return true;
}

bool names_have(const struct names *names, const char *name)
{
	for (int i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct names *names)
{
	if (names->count > 1)
		qsort(names->items, (size_t)names->count, sizeof(*names->items), compare_names);
}

void names_free(struct names *names)
{
	for (int i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){0};
}

void names_add_json(struct names *names, const char *json)
{
	char error[128];
	cJSON *list = json ? json_parse(json, strlen(json), error, sizeof(error)) : NULL;
	const cJSON *item;

	cJSON_ArrayForEach(item, list) if (cJSON_IsString(item) &&
		!names_have(names, item->valuestring)) names_add(names, item->valuestring);
	cJSON_Delete(list);
}

void names_json(const struct names *names, struct text *json)
{
	text_add(json, "[");
	for (int i = 0; i < names->count; i++) {
		text_add(json, i ? "," : "");
		text_add_json(json, names->items[i]);
	}
	text_add(json, "]");
}
