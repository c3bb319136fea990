/* One command line: read it, find out whether it was seen before, run it in its savepoint. */
#include "hq/group.h"

#include "hq/feed.h"
#include "model/staff.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Puts the hash of a PIN where the PIN was: from here on nobody can store or log it. */
static bool hide_pin(struct line *line, const struct field *field)
{
	cJSON *data = cJSON_GetObjectItemCaseSensitive(line->command.json, "data");
	cJSON *pin = cJSON_DetachItemFromObjectCaseSensitive(data, field->name);
	char hash[STAFF_HASH_SIZE], name[40];
	bool hashed = true;

	if (cJSON_IsString(pin)) {
		hashed = staff_pin_hash(pin->valuestring, hash);
		sodium_memzero(pin->valuestring, strlen(pin->valuestring));
		snprintf(name, sizeof(name), "%s_hash", field->name);
		cJSON_DeleteItemFromObjectCaseSensitive(data, name);
		hashed = hashed && cJSON_AddStringToObject(data, name, hash);
		line->had_pin = true;
	}
	cJSON_Delete(pin);
	return hashed;
}

void line_read(struct line *line)
{
	const struct op *op;

	auth_hash(line->bytes, line->length, line->hash);
	line->first = -1;
	line->refusal = command_parse(
		line->bytes, line->length, &line->command, line->message, sizeof(line->message));
	op = line->command.op;
	for (int i = 0; op && line->refusal == REFUSAL_NONE && i < op->field_count; i++) {
		if (op->fields[i].type != FIELD_PIN || hide_pin(line, &op->fields[i]))
			continue;
		line->refusal = REFUSAL_FAULT;
		snprintf(line->message, sizeof(line->message), "the PIN cannot be hashed now");
	}
}

/* ---- seen before? ---- */

static void settle_seen(struct line *line, const char *first_hash, enum line_state first_state)
{
	line->first_state = first_state;
	line->state = LINE_REPLAYED;
	if (strcmp(line->hash, first_hash) == 0)
		return;
	line->state = LINE_REJECTED;
	line->refusal = REFUSED_key_reuse;
	snprintf(line->message, sizeof(line->message), "another command has the id %s",
		line->command.id);
	verdict_make(line, "{}");
}

static bool seen_in_group(struct group *group, int n)
{
	struct line *line = &group->lines[n];

	for (int i = 0; i < n; i++) {
		const struct line *earlier = &group->lines[i];

		if (!earlier->stored || strcmp(earlier->command.id, line->command.id) != 0)
			continue;
		line->first = i;
		settle_seen(line, earlier->hash, earlier->state);
		return true;
	}
	return false;
}

static bool seen_in_table(struct group *group, struct line *line)
{
	struct db_rows *rows = db_query(group->hq->db,
		"SELECT hash, status, verdict FROM command WHERE id = $1", "t", line->command.id);
	bool seen = db_next(rows);

	if (seen) {
		line->verdict = text_copy(db_text(rows, 2));
		settle_seen(line, db_text(rows, 0), verdict_state(db_text(rows, 1)));
	}
	db_done(rows);
	return seen;
}

/* ---- running ---- */

static void go_down(struct group *group, struct line *line, const char *message)
{
	line->state = LINE_ERROR;
	group->down = true;
	snprintf(group->down_message, sizeof(group->down_message), "HQ cannot work now: %s",
		message);
}

static void reject(struct line *line, enum refusal refusal)
{
	line->refusal = refusal;
	line->state = LINE_REJECTED;
	line->stored = line->command.id[0] != '\0';
}

/* Runs it once; false if it failed for no reason of the contract and its effects are undone. */
static bool attempt(struct group *group, int n, const struct world *world)
{
	struct line *line = &group->lines[n];
	struct db *db = group->hq->db;
	struct verdict verdict;

	db_mark(db);
	feed_number(db, n);
	command_run(db, &line->command, world, group->now_ms, &verdict);
	if (verdict.refusal == REFUSAL_NONE)
		db_keep(db);
	if (db_failed(db)) {
		verdict.refusal = REFUSAL_FAULT;
		snprintf(verdict.message, sizeof(verdict.message), "%s", db_message(db));
	}
	cJSON_Delete(line->result);
	line->result = verdict.result;
	line->refusal = verdict.refusal;
	snprintf(line->message, sizeof(line->message), "%s", verdict.message);
	line->state = verdict.refusal == REFUSAL_NONE ? LINE_APPLIED
		: verdict.parked                      ? LINE_PARKED
						      : LINE_REJECTED;
	return verdict.refusal != REFUSAL_FAULT;
}

/* Is it the database that cannot work, whatever the command? */
static bool database_is_down(const struct db *db)
{
	return db_is_down(db) || !db_in_transaction(db);
}

/* A refusal may leave something behind, on a savepoint of its own: a failure of that takes no verdict
 * away. False if the database cannot work. */
static bool leave_trace(struct group *group, int n, const struct world *world)
{
	struct line *line = &group->lines[n];
	struct db *db = group->hq->db;

	db_mark(db);
	feed_number(db, n); /* it was undone with the command */
	command_refused(db, &line->command, world, group->now_ms, line->refusal);
	if (!db_failed(db))
		db_keep(db);
	if (!db_failed(db))
		return true;
	bool down = database_is_down(db);

	if (down)
		go_down(group, line, db_message(db));
	db_undo(db);
	return !down;
}

/* A fault is tried twice: a disk may fail once, a bug fails always. The second time the line is
 * parked for a person to look at, and HQ goes on. */
static void run_in_savepoint(struct group *group, int n, const struct world *world)
{
	struct line *line = &group->lines[n];
	struct db *db = group->hq->db;

	for (int tries = 0; tries < 2; tries++) {
		if (attempt(group, n, world))
			break;
		if (database_is_down(db)) {
			go_down(group, line, db_message(db));
			db_undo(db);
			return;
		}
		if (tries == 0)
			db_undo(db);
	}
	if (line->refusal != REFUSAL_NONE)
		db_undo(db);
	if (line->refusal == REFUSAL_FAULT)
		line->state = LINE_PARKED;
	if (line->state == LINE_REJECTED && !leave_trace(group, n, world))
		return;
	line->stored = true;
	if (line->refusal == REFUSED_unknown_document && line->state == LINE_PARKED)
		parked_note(group, line);
}

static void run_new(struct group *group, int n)
{
	struct line *line = &group->lines[n];
	const struct caller *caller = line->caller;
	struct world world = {
		.at_hq = true,
		.every_right = caller->every_right,
		.cap = caller->cap,
		.stores = (const char *const *)caller->stores.items,
		.store_count = caller->stores.count,
		.device = caller->device[0] ? caller->device : NULL,
	};

	if (line->refusal == REFUSAL_FAULT) {
		go_down(group, line, line->message);
	} else if (line->refusal != REFUSAL_NONE) {
		if (line->refusal == REFUSED_bad_data && line->command.op->right <= caller->cap)
			line->result = command_show_present(group->hq->db, &line->command, &world);
		reject(line, line->refusal);
	} else if (line->command.op->right > caller->cap) {
		snprintf(line->message, sizeof(line->message), "the token is for the role %s",
			role_word(caller->cap));
		reject(line, REFUSED_no_right);
	} else {
		run_in_savepoint(group, n, &world);
	}
}

void line_run(struct group *group, int n)
{
	struct line *line = &group->lines[n];

	if (group->down) {
		line->state = LINE_ERROR;
		return;
	}
	if (line->command.id[0] && !line->again &&
		(seen_in_group(group, n) || seen_in_table(group, line)))
		return;
	if (db_failed(group->hq->db))
		go_down(group, line, db_message(group->hq->db));
	else
		run_new(group, n);
}
