#include "hq/group.h"

#include "hq/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int count_lines(const char *body, size_t length)
{
	int count = 0;
	const char *end = body + length;

	for (const char *at = body; at < end; count++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline ? newline + 1 : end;
	}
	return count;
}

bool group_room(struct group *group, int more)
{
	size_t count = (size_t)group->total + (size_t)more;
	struct line *lines = realloc(group->lines, (count ? count : 1) * sizeof(*lines));

	if (!lines)
		return false;
	group->lines = lines;
	memset(lines + group->total, 0, (size_t)more * sizeof(*lines));
	return true;
}

bool group_add(struct group *group, const struct caller *caller, const char *body, size_t length)
{
	const char *at = body, *end = body + length;
	int count = count_lines(body, length), n = group->count;

	if (count > HQ_LINES_MAX || !group_room(group, count))
		return false;
	group->count = group->total = n + count;
	for (; at < end; n++) {
		struct line *line = &group->lines[n];
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		line->caller = caller;
		line->bytes = at;
		line->length = (size_t)((newline ? newline : end) - at);
		line_read(line);
		at = newline ? newline + 1 : end;
	}
	return true;
}

void group_free(struct group *group)
{
	for (int i = 0; i < group->total; i++) {
		struct line *line = &group->lines[i];

		command_free(&line->command);
		cJSON_Delete(line->result);
		free(line->verdict);
		free(line->owned);
	}
	free(group->lines);
}

/* ---- storing ---- */

/* The line as it may be kept: without a PIN. The caller frees it. */
static char *keepable_line(const struct line *line)
{
	if (line->had_pin)
		return cJSON_PrintUnformatted(line->command.json);
	char *copy = malloc(line->length + 1);

	if (copy) {
		memcpy(copy, line->bytes, line->length);
		copy[line->length] = '\0';
	}
	return copy;
}

static void store_new(struct group *group, const struct line *line)
{
	static const char sql[] =
		"INSERT INTO command(id, hash, op, status, verdict, at, token, line, waits, arrived)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $9 IS NULL THEN NULL ELSE"
		" (SELECT COALESCE(MAX(c.arrived), 0) + 1 FROM command c WHERE c.waits IS NOT NULL) END)";
	bool parked = line->state == LINE_PARKED;
	char *kept = parked ? keepable_line(line) : NULL;

	db_run(group->hq->db, sql, "tttttittt", line->command.id, line->hash,
		line->command.op ? line->command.op->name : NULL, verdict_word(line->state),
		line->verdict, group->now_ms, line->caller->token, kept,
		parked && line->waits[0] ? line->waits : NULL);
	free(kept);
}

static void store_again(struct group *group, const struct line *line)
{
	db_run(group->hq->db,
		"UPDATE command SET status = $2, verdict = $3, line = NULL, waits = NULL, arrived = NULL WHERE id = $1",
		"ttt", line->command.id, verdict_word(line->state), line->verdict);
}

static void store_verdicts(struct group *group, const struct feed_stamping *stamping)
{
	struct text feeds = TEXT_INIT(TEXT_LARGE);

	for (int i = 0; i < group->total; i++) {
		struct line *line = &group->lines[i];

		if (line->state == LINE_REPLAYED || line->state == LINE_ERROR ||
			line->state == LINE_READ)
			continue;
		if (line->refusal == REFUSED_key_reuse)
			continue;
		text_clear(&feeds);
		feed_positions_json(stamping, i, &feeds);
		verdict_make(line, text_get(&feeds));
		if (line->stored && line->again)
			store_again(group, line);
		else if (line->stored)
			store_new(group, line);
	}
	text_free(&feeds);
}

/* ---- the transaction ---- */

static void fail_all(struct group *group)
{
	if (!group->down_message[0])
		snprintf(group->down_message, sizeof(group->down_message), "HQ cannot work now: %s",
			db_message(group->hq->db));
	db_rollback(group->hq->db);
	for (int i = 0; i < group->total; i++)
		group->lines[i].state = LINE_ERROR;
}

static void count_verdicts(struct group *group)
{
	struct hq_counters *counters = &group->hq->counters;

	for (int i = 0; i < group->count; i++) {
		enum line_state state = group->lines[i].state;

		counters->applied += state == LINE_APPLIED;
		counters->rejected += state == LINE_REJECTED;
		counters->parked += state == LINE_PARKED;
		counters->replayed += state == LINE_REPLAYED;
		counters->errors += state == LINE_ERROR;
	}
}

/* Tombstones are looked through once an hour, by whoever writes then. */
static void purge_if_due(struct group *group)
{
	struct hq *hq = group->hq;

	if (hq->purged_ms && group->now_ms - hq->purged_ms < FEED_PURGE_EVERY_MS &&
		group->now_ms >= hq->purged_ms)
		return;
	feed_purge(hq->db, group->now_ms);
	hq->purged_ms = group->now_ms;
}

void group_run(struct group *group)
{
	struct db *db = group->hq->db;
	struct feed_stamping stamping = {0};

	db_begin(db);
	feed_begin(db);
	for (int i = 0; i < group->count; i++)
		line_run(group, i);
	parked_retry(group);
	purge_if_due(group);
	bool stamped = feed_stamp(db, group->now_ms, &stamping);

	if (stamped)
		store_verdicts(group, &stamping);
	if (!stamped || db_failed(db) || !db_commit(db))
		fail_all(group);
	else
		group->hq->moved += stamping.position_count > 0;
	count_verdicts(group);
	feed_stamping_free(&stamping);
}
