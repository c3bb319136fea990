/* The opaque place of a console in its feeds: "<epoch>.<feeds>.<place>-<place>…", one place a feed
 * in the order of their names. It tells which database and which set of feeds it belongs to. */
#ifndef COUNTERTOP_HQ_CURSOR_H
#define COUNTERTOP_HQ_CURSOR_H

#include "hq/core.h"

struct place {
	int64_t seq; /* everything up to here was sent */
	int64_t floor; /* the feed's floor when the pull from nothing began: older tombstones are not missed */
};

struct cursor {
	struct place *places; /* owned, one a feed */
	int count;
};

enum cursor_state {
	CURSOR_GOOD,
	CURSOR_NOTHING, /* the empty text: from nothing; places are zero */
	CURSOR_OTHER_EPOCH,
	CURSOR_OTHER_FEEDS,
	CURSOR_UNREADABLE,
};

/* feeds: the caller's, sorted. cursor_free whatever it returns. */
enum cursor_state cursor_read(
	struct hq *hq, const struct names *feeds, const char *text, struct cursor *cursor);
void cursor_write(
	struct hq *hq, const struct names *feeds, const struct cursor *cursor, struct text *text);
void cursor_free(struct cursor *cursor);

#endif
