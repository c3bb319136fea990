#include "model/console_parts.h"

#include "model/catalogue.h"
#include "model/json.h"
#include "model/table.h"
#include "model/text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void parts_fresh(struct console *console)
{
	db_forget_failure(console->outbox);
	if (console->cache && !db_in_transaction(console->cache))
		db_forget_failure(console->cache);
}

char *parts_state(struct console *console, const char *name)
{
	return db_get_text(console->cache, "SELECT value FROM state WHERE name = $1", "t", name);
}

int64_t parts_state_int(struct console *console, const char *name)
{
	char *value = parts_state(console, name);
	int64_t number = value ? strtoll(value, NULL, 10) : 0;
	free(value);
	return number;
}

bool parts_set_state(struct console *console, const char *name, const char *value)
{
	return db_run(console->cache,
		"INSERT INTO state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = "
		"excluded.value",
		"tt", name, value);
}

bool parts_set_state_int(struct console *console, const char *name, int64_t value)
{
	char text[24];
	snprintf(text, sizeof text, "%lld", (long long)value);
	return parts_set_state(console, name, text);
}

int64_t parts_applied(struct console *console)
{
	return db_get_int(console->cache, 0, "SELECT n FROM applied", "");
}

static void set_applied(struct console *console, int64_t n, const char *id)
{
	db_run(console->cache, "UPDATE applied SET n = $1, id = $2", "it", n, id);
}

/* Have all feeds that the verdict names, as far as this device follows them, been pulled to the
 * position it names? Then HQ's own rows show what the command did. Before the first landing nothing is
 * followed and nothing covered. */
bool parts_covered(struct console *console, const char *verdict)
{
	char error[80];
	cJSON *json = verdict ? json_parse(verdict, strlen(verdict), error, sizeof error) : NULL;
	bool covered = json != NULL &&
		db_has(console->cache, "SELECT 1 FROM feed_state WHERE followed = 1", "");
	const cJSON *feed;
	cJSON_ArrayForEach(feed, json_object(json, "feeds"))
	{
		int64_t position = cJSON_IsString(feed) ? strtoll(feed->valuestring, NULL, 10) : 0;
		covered = covered &&
			!db_has(console->cache,
				"SELECT 1 FROM feed_state WHERE feed = $1 AND followed = 1 AND seq < $2",
				"ti", feed->string, position);
	}
	cJSON_Delete(json);
	return covered;
}

static bool row_visible(struct console *console, struct db_rows *rows)
{
	const char *status = db_text(rows, 3);
	return strcmp(db_text(rows, 2), "queued") == 0 ||
		(status && strcmp(status, "applied") == 0 &&
			!parts_covered(console, db_text(rows, 4)));
}

static void note_amber(struct db *cache, const char *id, enum refusal refusal)
{
	if (refusal == REFUSAL_NONE)
		db_run(cache, "DELETE FROM amber WHERE id = $1", "t", id);
	else
		db_run(cache,
			"INSERT INTO amber (id, code) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET code = excluded.code",
			"tt", id, refusal_code(refusal));
}

/* Do HQ's rows show the command already? They may be pulled before its verdict has come. What it made is
 * called <id> or <id>.<number>. */
static bool came_back(struct db *cache, const char *id)
{
	return db_has(cache,
		"SELECT 1 FROM history WHERE id > $1 || '.' AND id < $1 || '/' UNION ALL "
		"SELECT 1 FROM ledger WHERE id > $1 || '.' AND id < $1 || '/' UNION ALL "
		"SELECT 1 FROM exception WHERE id > $1 || '.' AND id < $1 || '/' UNION ALL "
		"SELECT 1 FROM count_entry WHERE id = $1 UNION ALL "
		"SELECT 1 FROM redemption WHERE id = $1 UNION ALL "
		"SELECT 1 FROM refused_scan WHERE id = $1",
		"t", id);
}

/* Runs it under a savepoint of its own. A refusal is noted, unless HQ's rows show the command already. */
static enum refusal run_line(struct console *console, const struct command *command, int64_t now_ms,
	struct verdict *verdict)
{
	struct db *cache = console->cache;
	struct world world = console_world(console);
	db_mark(cache);
	command_run(cache, command, &world, now_ms, verdict);
	if (db_is_down(cache))
		return REFUSAL_FAULT;
	if (verdict->refusal == REFUSAL_NONE) {
		db_keep(cache);
		return REFUSAL_NONE;
	}
	db_undo(cache);
	return came_back(cache, command->id) ? REFUSAL_NONE : verdict->refusal;
}

/* False if the machine failed, and not the command: then nothing is known of it yet. */
static bool apply_line(
	struct console *console, struct db_rows *row, int64_t now_ms, struct parts_watch *watch)
{
	struct command parsed = {.op = NULL};
	struct verdict verdict = {.refusal = REFUSAL_NONE};
	const char *id = db_text(row, 1), *line = db_text(row, 5);
	bool watched = watch && strcmp(watch->command->id, id) == 0;
	enum refusal refusal = watched ? REFUSAL_NONE
				       : command_parse(line, strlen(line), &parsed, verdict.message,
						 sizeof verdict.message);
	if (refusal == REFUSAL_NONE)
		refusal = run_line(console, watched ? watch->command : &parsed, now_ms, &verdict);
	bool down = db_is_down(console->cache);
	if (!down)
		note_amber(console->cache, id, refusal);
	if (watched && !down) {
		watch->met = true;
		watch->verdict = verdict;
		verdict.result = NULL;
	}
	verdict_free(&verdict);
	command_free(&parsed);
	return !down;
}

/* Applies the visible rows behind n, at most so many, and notes how far it came. How many it were, -1 after
 * a failure. */
static int apply_behind(
	struct console *console, int64_t n, int64_t now_ms, int most, struct parts_watch *watch)
{
	struct db *outbox = console->outbox;
	char id[UUID_SIZE] = "";
	int count = 0;
	bool good = db_begin_read(outbox); /* what comes in between is applied the next time */
	struct db_rows *rows = db_query(outbox,
		"SELECT n, id, state, status, verdict, line FROM command WHERE n > $1 AND " OUTBOX_LIVE
		" ORDER BY n LIMIT $2",
		"ii", n, (int64_t)most);
	for (; good && db_next(rows); count++) {
		if (row_visible(console, rows))
			good = apply_line(console, rows, now_ms, watch);
		n = db_int(rows, 0);
		snprintf(id, sizeof id, "%s", db_text(rows, 1));
	}
	db_done(rows);
	/* Behind the last live row there is nothing to do. */
	rows = db_query(outbox, "SELECT n, id FROM command ORDER BY n DESC LIMIT 1", "");
	if (count < most && db_next(rows)) {
		n = db_int(rows, 0);
		snprintf(id, sizeof id, "%s", db_text(rows, 1));
	}
	db_done(rows);
	good = good && !db_failed(outbox);
	db_rollback(outbox);
	set_applied(console, n, id);
	return good && !db_failed(console->cache) ? count : -1;
}

static bool same_outbox(struct console *console, int64_t n)
{
	char *here = db_get_text(console->cache, "SELECT id FROM applied", "");
	char *there = db_get_text(console->outbox, "SELECT id FROM command WHERE n = $1", "i", n);
	bool same = here && there && strcmp(here, there) == 0;
	free(here);
	free(there);
	return same;
}

int parts_catch_up(struct console *console, int64_t now_ms, int most, struct parts_watch *watch)
{
	int64_t n = parts_applied(console);
	if (n > 0 && !same_outbox(console, n)) {
		parts_restore(console);
		db_run(console->cache, "UPDATE local_work SET on_ = 1", "");
		n = 0;
	}
	return apply_behind(console, n, now_ms, most, watch);
}

void parts_restore(struct console *console)
{
	struct db *cache = console->cache;
	db_run(cache, "UPDATE local_work SET on_ = 0", "");
	db_run(cache, "CREATE TEMP TABLE IF NOT EXISTS reindex (sku TEXT PRIMARY KEY)", "");
	db_run(cache,
		"INSERT INTO reindex SELECT sku FROM before_product WHERE true ON CONFLICT DO NOTHING",
		"");
	table_restore_all(cache);
	struct db_rows *rows = db_query(cache, "SELECT sku FROM reindex", "");
	while (db_next(rows))
		catalogue_index(cache, db_text(rows, 0));
	db_done(rows);
	db_run(cache, "DELETE FROM reindex", "");
	db_run(cache, "DELETE FROM amber", "");
}

bool parts_replay(struct console *console, int64_t now_ms)
{
	db_run(console->cache, "UPDATE local_work SET on_ = 1", "");
	return apply_behind(console, 0, now_ms, INT_MAX, NULL) >= 0;
}
