/* The feeds a row is in, by the rule of its table (tables.def). */
#include "model/json.h"
#include "model/table.h"

#include <string.h>

struct feed_call {
	const struct table *table;
	const cJSON *row;     /* the row: as JSON */
	struct db_rows *rows; /* or, if row is NULL, all columns as a query gives them */
	struct table_feeds feeds;
	char seen[ROW_FEEDS_MAX][FEED_NAME_MAX];
	int count;
	bool yielded; /* by the word that is read */
};

static void feed_add(
	struct feed_call *call, const char *prefix, size_t prefix_length, const char *rest)
{
	char feed[FEED_NAME_MAX];
	if (prefix_length + strlen(rest) >= sizeof feed || call->count == ROW_FEEDS_MAX)
		return;
	memcpy(feed, prefix, prefix_length);
	memcpy(feed + prefix_length, rest, strlen(rest) + 1);
	call->yielded = true;
	for (int i = 0; i < call->count; i++) {
		if (strcmp(call->seen[i], feed) == 0)
			return;
	}
	memcpy(call->seen[call->count++], feed, sizeof feed);
	call->feeds.each(call->feeds.ctx, feed);
}

/* The text of a column; NULL if it is null or no text. */
static const char *feed_text(struct feed_call *call, const char *name)
{
	if (call->row)
		return json_text(call->row, name);
	for (int i = 0; i < call->table->column_count; i++) {
		if (strcmp(call->table->columns[i].name, name) == 0)
			return db_text(call->rows, i);
	}
	return NULL;
}

static void feed_list(struct feed_call *call, const char *word, size_t prefix, const char *name)
{
	const char *text = call->row ? NULL : feed_text(call, name);
	cJSON *parsed = text ? json_parse(text, strlen(text), NULL, 0) : NULL;
	const cJSON *list = call->row ? json_list(call->row, name) : parsed, *part;
	cJSON_ArrayForEach(part, list)
	{
		if (cJSON_IsString(part))
			feed_add(call, word, prefix, part->valuestring);
	}
	cJSON_Delete(parsed);
}

/* One word of a rule: `name`, `name:$column` or `name:$column[]`. */
static void feed_word(struct feed_call *call, const char *word, size_t length)
{
	const char *dollar = memchr(word, '$', length);
	if (!dollar) {
		feed_add(call, word, length, "");
		return;
	}
	size_t prefix = (size_t)(dollar - word);
	char name[64];
	size_t name_length = length - prefix - 1;
	bool list = name_length > 2 && memcmp(dollar + name_length - 1, "[]", 2) == 0;
	name_length -= list ? 2 : 0;
	memcpy(name, dollar + 1, name_length);
	name[name_length] = '\0';
	const char *value = list ? NULL : feed_text(call, name);
	if (value)
		feed_add(call, word, prefix, value);
	if (list)
		feed_list(call, word, prefix, name);
}

static void feed_rule(struct feed_call *call)
{
	bool skip = false;
	for (const char *word = call->table->feeds; *word;) {
		size_t length = strcspn(word, " ");
		if (*word == '|') {
			skip = call->yielded;
		} else if (!skip) {
			call->yielded = false;
			feed_word(call, word, length);
		} else {
			skip = false;
		}
		word += length;
		word += strspn(word, " ");
	}
}

void table_feeds(const struct table *table, const cJSON *row,
	void (*each)(void *ctx, const char *feed), void *ctx)
{
	struct feed_call call = {.table = table, .row = row, .feeds = {each, ctx}};
	feed_rule(&call);
}

void table_feeds_of(
	const struct table *table, struct db_rows *rows, const struct table_feeds *feeds)
{
	struct feed_call call = {.table = table, .rows = rows, .feeds = *feeds};
	feed_rule(&call);
}
