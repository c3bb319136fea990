/* Verdicts as JSON. A stored verdict begins {"id":"<36>","status":"<word>" and a replay answers the
 * rest of it byte by byte. */
#include "hq/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[] = {
	[LINE_READ] = "",
	[LINE_APPLIED] = "applied",
	[LINE_REJECTED] = "rejected",
	[LINE_PARKED] = "parked",
	[LINE_REPLAYED] = "replayed",
	[LINE_ERROR] = "error",
};

const char *verdict_word(enum line_state state)
{
	return words[state];
}

enum line_state verdict_state(const char *word)
{
	for (size_t i = LINE_APPLIED; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], word) == 0)
			return (enum line_state)i;
	return LINE_READ;
}

static void add_head(struct text *json, const char *id, enum line_state state)
{
	text_add(json, "{\"id\":");
	text_add_json(json, id[0] ? id : NULL);
	text_addf(json, ",\"status\":\"%s\"", words[state]);
}

static void add_reason(struct text *json, const char *code, const char *message)
{
	text_add(json, ",\"code\":");
	text_add_json(json, code);
	text_add(json, ",\"message\":");
	text_add_json(json, message);
}

void verdict_make(struct line *line, const char *feeds)
{
	struct text json = TEXT_INIT(TEXT_LARGE);
	char *result = line->result ? cJSON_PrintUnformatted(line->result) : NULL;

	add_head(&json, line->command.id, line->state);
	if (line->state != LINE_APPLIED)
		add_reason(&json,
			line->refusal == REFUSAL_FAULT ? "fault" : refusal_code(line->refusal),
			line->message);
	text_addf(&json, ",\"feeds\":%s,\"result\":%s}", feeds, result ? result : "{}");
	cJSON_free(result);
	free(line->verdict);
	line->verdict = text_take(&json);
}

static void add_replay(
	struct text *json, const struct line *line, const char *verdict, enum line_state first)
{
	struct text head = TEXT_INIT(TEXT_SMALL);

	add_head(&head, line->command.id, first);
	add_head(json, line->command.id, LINE_REPLAYED);
	text_addf(json, ",\"first\":\"%s\"%s", words[first], verdict + head.length);
	text_free(&head);
}

void verdict_write(const struct group *group, const struct line *line, struct text *out)
{
	if (line->state == LINE_REPLAYED && line->first >= 0) {
		const struct line *first = &group->lines[line->first];

		add_replay(out, line, first->verdict, first->state);
	} else if (line->state == LINE_REPLAYED) {
		add_replay(out, line, line->verdict, line->first_state);
	} else if (line->state == LINE_ERROR) {
		add_head(out, line->command.id, LINE_ERROR);
		add_reason(out, "unavailable", group->down_message);
		text_add(out, ",\"feeds\":{},\"result\":{}}");
	} else {
		text_add(out, line->verdict);
	}
}
