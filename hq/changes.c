#include "hq/changes.h"

#include "hq/answer.h"
#include "hq/auth.h"
#include "hq/cursor.h"
#include "hq/feed.h"
#include "hq/query.h"
#include "model/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- GET /v1/hello ---- */

void changes_hello(struct turn *turn)
{
	struct text *body = answer_json(turn->answer, 200);
	struct names feeds = {0};
	char now[WHEN_SIZE];

	db_begin_read(turn->hq->db);
	caller_feeds(turn->hq, &turn->caller, &feeds);
	when_format(turn->now_ms, now);
	text_add(body, "{\"epoch\":");
	text_add_json(body, hq_epoch(turn->hq));
	text_addf(body, ",\"time\":\"%s\",\"versions\":[\"1\"],\"device\":", now);
	text_add_json(body, turn->caller.device[0] ? turn->caller.device : NULL);
	text_add(body, ",\"stores\":");
	names_json(&turn->caller.stores, body);
	text_add(body, ",\"feeds\":[");
	for (int i = 0; i < feeds.count; i++) {
		struct feed_head head = feed_head_of(turn->hq->db, feeds.items[i]);

		text_add(body, i ? ",{\"feed\":" : "{\"feed\":");
		text_add_json(body, feeds.items[i]);
		text_addf(body, ",\"head\":\"%" PRId64 "\",\"rows\":%" PRId64 "}", head.seq,
			head.rows);
	}
	text_add(body, "]}\n");
	turn->answer->no_store = true;
	names_free(&feeds);
}

/* ---- GET /v1/heads ---- */

/* The heads, and an ETag that changes with any of them. */
static void write_heads(struct turn *turn, const struct names *feeds)
{
	struct hq_answer *answer = turn->answer;
	struct text *body = answer_json(answer, 200);

	text_add(body, "{\"epoch\":");
	text_add_json(body, hq_epoch(turn->hq));
	text_add(body, ",\"heads\":{");
	for (int i = 0; i < feeds->count; i++) {
		text_add(body, i ? "," : "");
		text_add_json(body, feeds->items[i]);
		text_addf(
			body, ":\"%" PRId64 "\"", feed_head_of(turn->hq->db, feeds->items[i]).seq);
	}
	text_add(body, "}}\n");
	snprintf(answer->etag, sizeof(answer->etag), "\"%016" PRIx64 "\"",
		feed_hash(text_get(body), body->length));
	answer->no_store = true;
}

void changes_heads(struct turn *turn)
{
	const char *known = turn->request->if_none_match;
	struct names feeds = {0};
	int64_t wait_s = 0;

	if (!query_int(turn, "wait", &(struct query_range){0, HQ_WAIT_MAX_S}, &wait_s))
		return;
	db_begin_read(turn->hq->db);
	caller_feeds(turn->hq, &turn->caller, &feeds);
	write_heads(turn, &feeds);
	names_free(&feeds);
	if (db_failed(turn->hq->db) || !known || strcmp(known, turn->answer->etag) != 0)
		return;
	text_clear(&turn->answer->body);
	turn->answer->content_type = NULL;
	turn->answer->no_store = false;
	turn->answer->status = 304;
	if (turn->request->waited_ms < wait_s * 1000) {
		turn->answer->status = 0;
		turn->answer->wait_ms = wait_s * 1000 - turn->request->waited_ms;
	}
}

/* ---- GET /v1/changes ---- */

struct page {
	struct turn *turn;
	struct names feeds;
	struct cursor cursor;
	struct feed_head *heads; /* owned, one a feed */
	struct text rows;
	int64_t limit;
	int64_t count;
};

/* Is the row still in a feed of the caller? */
static bool row_followed(struct page *page, const char *tbl, const char *key)
{
	struct db_rows *rows = db_query(page->turn->hq->db,
		"SELECT feed FROM feed WHERE tbl = $1 AND key = $2 AND hash IS NOT NULL", "tt", tbl,
		key);
	bool followed = false;

	while (!followed && db_next(rows))
		followed = names_have(&page->feeds, db_text(rows, 0));
	db_done(rows);
	return followed;
}

static void add_row(struct page *page, const char *feed, struct db_rows *rows)
{
	struct text *out = &page->rows;
	const char *tbl = db_text(rows, 1), *key = db_text(rows, 2);
	const struct table *table = table_find(tbl);
	bool live = !db_null(rows, 3) || row_followed(page, tbl, key);

	text_add(out, "{\"feed\":");
	text_add_json(out, feed);
	text_addf(out,
		",\"seq\":\"%" PRId64 "\",\"table\":\"%s\",\"key\":%s,\"row\":", db_int(rows, 0),
		tbl, key);
	if (!live || !table || !table_row_json(page->turn->hq->db, table, key, out))
		text_add(out, "null");
	text_add(out, "}\n");
	page->count++;
}

static bool page_full(const struct page *page)
{
	return page->count >= page->limit || page->rows.length > CHANGES_BYTES;
}

static void add_feed(struct page *page, int i)
{
	const char *feed = page->feeds.items[i];
	struct place *place = &page->cursor.places[i];
	struct db_rows *rows = db_query(page->turn->hq->db,
		"SELECT seq, tbl, key, hash FROM feed WHERE feed = $1 AND seq > $2 ORDER BY seq LIMIT $3",
		"tii", feed, place->seq, page->limit - page->count + 1);
	bool all = true;

	while (db_next(rows)) {
		if (page_full(page)) {
			all = false;
			break;
		}
		place->seq = db_int(rows, 0);
		add_row(page, feed, rows);
	}
	db_done(rows);
	/* The last positions of a feed may have been left by rows that moved on or were purged. */
	if (all)
		place->seq = page->heads[i].seq;
}

static bool page_more(const struct page *page)
{
	for (int i = 0; i < page->feeds.count; i++)
		if (page->cursor.places[i].seq < page->heads[i].seq)
			return true;
	return false;
}

static void write_page(struct page *page, const char *from)
{
	struct text *body = answer_begin(page->turn->answer, 200, "application/x-ndjson");
	bool more = page_more(page);

	text_add(body, "{\"epoch\":");
	text_add_json(body, hq_epoch(page->turn->hq));
	text_add(body, ",\"from\":");
	text_add_json(body, from);
	text_add(body, ",\"to\":\"");
	cursor_write(page->turn->hq, &page->feeds, &page->cursor, body);
	text_add(body, "\"}\n");
	text_add_bytes(body, text_get(&page->rows), page->rows.length);
	text_addf(body, "{\"end\":true,\"rows\":%" PRId64 ",\"more\":%s", page->count,
		more ? "true" : "false");
	for (int i = 0; !more && i < page->feeds.count; i++) {
		text_add(body, i ? "," : ",\"sums\":{");
		text_add_json(body, page->feeds.items[i]);
		text_addf(body, ":\"%" PRIu64 "\"", page->heads[i].sum);
	}
	text_add(body, more ? "}\n" : "}}\n");
	page->turn->answer->no_store = true;
	page->turn->hq->counters.rows_sent += page->count;
	if (!text_ok(&page->rows) || !text_ok(body))
		answer_problem(page->turn->answer, PROBLEM_FAULT,
			"The page grew past %zu bytes: ask with a lower limit.", HQ_ANSWER_MAX);
}

/* Judges the cursor against heads and floors; false if a problem was answered. */
static bool page_begin(struct page *page, const char *after)
{
	struct hq *hq = page->turn->hq;
	struct hq_answer *answer = page->turn->answer;
	enum cursor_state state = cursor_read(hq, &page->feeds, after, &page->cursor);
	bool ahead = false, behind = false;

	page->heads = calloc((size_t)page->feeds.count + 1, sizeof(*page->heads));
	for (int i = 0; page->heads && i < page->feeds.count; i++) {
		struct place *place = &page->cursor.places[i];
		struct feed_head head = page->heads[i] = feed_head_of(hq->db, page->feeds.items[i]);

		if (state == CURSOR_NOTHING)
			place->floor = head.floor;
		ahead = ahead || place->seq > head.seq;
		behind = behind || (place->seq < head.floor && place->floor < head.floor);
	}
	if (state == CURSOR_UNREADABLE)
		answer_problem(answer, PROBLEM_BAD_REQUEST,
			"The cursor in `after` is not one of this HQ.");
	else if (state == CURSOR_OTHER_EPOCH || (state == CURSOR_GOOD && ahead))
		answer_epoch_changed(hq, answer);
	else if (state == CURSOR_OTHER_FEEDS)
		answer_problem(answer, PROBLEM_RESYNC,
			"The feeds of this device have changed. Pull from nothing.");
	else if (behind)
		answer_problem(answer, PROBLEM_RESYNC,
			"The cursor is older than what HQ remembers of deleted rows. Pull from nothing.");
	else
		return page->heads != NULL;
	return false;
}

void changes_get(struct turn *turn)
{
	struct page page = {.turn = turn, .rows = TEXT_INIT(HQ_ANSWER_MAX), .limit = CHANGES_ROWS};
	const char *after = query_value(turn, "after");

	if (!query_int(turn, "limit", &(struct query_range){1, CHANGES_ROWS_MAX}, &page.limit))
		return;
	db_begin_read(turn->hq->db);
	caller_feeds(turn->hq, &turn->caller, &page.feeds);
	if (page_begin(&page, after)) {
		for (int i = 0; i < page.feeds.count && !page_full(&page); i++)
			add_feed(&page, i);
		write_page(&page, after ? after : "");
	}
	free(page.heads);
	text_free(&page.rows);
	cursor_free(&page.cursor);
	names_free(&page.feeds);
}
