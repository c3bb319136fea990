#include "feed_copy.h"

#include "hq/feed.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void copy_put(struct copy *copy, const char *name, const char *json, size_t length)
{
	int i = 0;

	while (i < copy->count && strcmp(copy->rows[i].name, name) != 0)
		i++;
	assert_true(i < COPY_ROWS_MAX);
	if (i == copy->count)
		copy->count++;
	snprintf(copy->rows[i].name, sizeof(copy->rows[i].name), "%s", name);
	free(copy->rows[i].json);
	copy->rows[i].json = strncmp(json, "null", 4) == 0 ? NULL : strndup(json, length);
}

const char *copy_row(const struct copy *copy, const char *name)
{
	for (int i = 0; i < copy->count; i++)
		if (strcmp(copy->rows[i].name, name) == 0)
			return copy->rows[i].json;
	return NULL;
}

void copy_free(struct copy *copy)
{
	for (int i = 0; i < copy->count; i++)
		free(copy->rows[i].json);
	cJSON_Delete(copy->sums);
	*copy = (struct copy){.cursor = ""};
}

static void take_row(struct copy *copy, const char *line, size_t length)
{
	cJSON *row = cJSON_Parse(line);
	char *key = cJSON_PrintUnformatted(cJSON_GetObjectItem(row, "key"));
	const char *json = strstr(line, ",\"row\":") + strlen(",\"row\":");
	char name[200];

	assert_true(cJSON_IsString(cJSON_GetObjectItem(row, "seq")));
	snprintf(name, sizeof(name), "%s%s",
		cJSON_GetStringValue(cJSON_GetObjectItem(row, "table")), key);
	copy_put(copy, name, json, (size_t)(line + length - json) - 1);
	copy->lines++;
	free(key);
	cJSON_Delete(row);
}

bool copy_take_page(struct hq_fixture *f, struct copy *copy)
{
	bool more = true;

	for (const char *at = text_get(&f->answer.body); *at; at += strcspn(at, "\n") + 1) {
		cJSON *line = cJSON_Parse(at);

		assert_non_null(line);
		if (cJSON_HasObjectItem(line, "from")) {
			assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(line, "from")),
				copy->cursor);
			snprintf(copy->cursor, sizeof(copy->cursor), "%s",
				cJSON_GetStringValue(cJSON_GetObjectItem(line, "to")));
		} else if (cJSON_HasObjectItem(line, "end")) {
			more = cJSON_IsTrue(cJSON_GetObjectItem(line, "more"));
			cJSON_Delete(copy->sums);
			copy->sums = cJSON_DetachItemFromObject(line, "sums");
			assert_int_equal(more, copy->sums == NULL);
		} else {
			take_row(copy, at, strcspn(at, "\n"));
		}
		cJSON_Delete(line);
	}
	copy->pages++;
	return more;
}

int copy_pull(struct hq_fixture *f, const char *token, struct copy *copy, int limit)
{
	char target[700];
	int status;

	do {
		snprintf(target, sizeof(target), "/v1/changes?after=%s&limit=%d", copy->cursor,
			limit);
		status = hq_get(f, token, target);
	} while (status == 200 && copy_take_page(f, copy));
	return status;
}

struct sum_of {
	const char *feed;
	uint64_t sum, hash;
};

static void add_to_sum(void *ctx, const char *feed)
{
	struct sum_of *sum = ctx;

	if (strcmp(feed, sum->feed) == 0)
		sum->sum += sum->hash;
}

void copy_check_sums(const struct copy *copy)
{
	const cJSON *sent;

	assert_non_null(copy->sums);
	cJSON_ArrayForEach(sent, copy->sums)
	{
		struct sum_of sum = {.feed = sent->string};

		for (int i = 0; i < copy->count; i++) {
			char table[64];

			if (!copy->rows[i].json)
				continue;
			cJSON *row = cJSON_Parse(copy->rows[i].json);

			snprintf(table, sizeof(table), "%.*s",
				(int)strcspn(copy->rows[i].name, "["), copy->rows[i].name);
			sum.hash = feed_hash(copy->rows[i].json, strlen(copy->rows[i].json));
			table_feeds(table_find(table), row, add_to_sum, &sum);
			cJSON_Delete(row);
		}
		assert_int_equal(sum.sum, strtoull(sent->valuestring, NULL, 10));
	}
}
