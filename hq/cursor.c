#include "hq/cursor.h"

#include "hq/feed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_LETTERS 8 /* of the epoch, enough to tell two apart */

static uint32_t feeds_mark(const struct names *feeds)
{
	struct text all = TEXT_INIT(TEXT_LARGE);

	for (int i = 0; i < feeds->count; i++) {
		text_add(&all, feeds->items[i]);
		text_add(&all, "\n");
	}
	uint32_t mark = (uint32_t)feed_hash(text_get(&all), all.length);

	text_free(&all);
	return mark;
}

/* What every cursor of this database and these feeds begins with. */
static void add_head(struct hq *hq, const struct names *feeds, struct text *text)
{
	text_addf(text, "%.*s.%08" PRIx32 ".", EPOCH_LETTERS, hq_epoch(hq), feeds_mark(feeds));
}

/* Reads decimal digits that fit; false if there are none. */
static bool take_number(const char **at, int64_t *number)
{
	char *end;

	if (**at < '0' || **at > '9')
		return false;
	*number = strtoll(*at, &end, 10);
	*at = end;
	return *number >= 0 && *number < INT64_MAX;
}

static bool read_places(const char *at, struct cursor *cursor)
{
	for (int i = 0; i < cursor->count; i++) {
		struct place *place = &cursor->places[i];

		if (i > 0 && *at++ != '-')
			return false;
		if (!take_number(&at, &place->seq))
			return false;
		if (*at == '~' && (at++, !take_number(&at, &place->floor)))
			return false;
	}
	return *at == '\0';
}

enum cursor_state cursor_read(
	struct hq *hq, const struct names *feeds, const char *text, struct cursor *cursor)
{
	struct text head = TEXT_INIT(TEXT_SMALL);
	enum cursor_state state = CURSOR_UNREADABLE;

	cursor->count = feeds->count;
	cursor->places = calloc((size_t)feeds->count + 1, sizeof(*cursor->places));
	add_head(hq, feeds, &head);
	size_t epoch_length = strcspn(text_get(&head), ".");
	const char *dot = text ? strchr(text, '.') : NULL;

	if (!cursor->places)
		state = CURSOR_UNREADABLE;
	else if (!text || !text[0])
		state = CURSOR_NOTHING;
	else if (!dot || !strchr(dot + 1, '.'))
		state = CURSOR_UNREADABLE;
	else if ((size_t)(dot - text) != epoch_length ||
		strncmp(text, text_get(&head), epoch_length) != 0)
		state = CURSOR_OTHER_EPOCH;
	else if (strncmp(text, text_get(&head), head.length) != 0)
		state = CURSOR_OTHER_FEEDS;
	else if (read_places(text + head.length, cursor))
		state = CURSOR_GOOD;
	text_free(&head);
	return state;
}

void cursor_write(
	struct hq *hq, const struct names *feeds, const struct cursor *cursor, struct text *text)
{
	add_head(hq, feeds, text);
	for (int i = 0; i < cursor->count; i++) {
		const struct place *place = &cursor->places[i];

		text_addf(text, "%s%" PRId64, i ? "-" : "", place->seq);
		if (place->floor > place->seq)
			text_addf(text, "~%" PRId64, place->floor);
	}
}

void cursor_free(struct cursor *cursor)
{
	free(cursor->places);
	*cursor = (struct cursor){0};
}
