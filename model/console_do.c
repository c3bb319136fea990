/* Doing what a person asked (design.md §1):
 *
 *   judged ──> stored in the outbox ──> applied to the cache by console_catch_up
 *      └─ refused: nothing is stored
 *
 * A request is rehearsed whole, under the cache's lock, and undone. A fact has happened: it is judged as
 * far as that goes without writing, and so needs no lock. Nobody holds the cache's lock while the outbox
 * waits for the disk, and nobody holds it for longer than one slice of catching up. */
#include "model/console_parts.h"
#include "model/json.h"
#include "model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line as it will be sent; its bytes are the command's identity at HQ. */
static char *make_line(struct console *console, const struct console_wish *wish, int64_t now_ms,
	char id[UUID_SIZE])
{
	uint8_t random[10];
	char at[WHEN_SIZE];
	console->random(random, sizeof random);
	uuid_make(&console->uuids, now_ms, random, id);
	when_format(now_ms, at);
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "id", id);
	cJSON_AddStringToObject(json, "op", wish->op);
	cJSON_AddNumberToObject(json, "v", 1);
	cJSON_AddStringToObject(json, "at", at);
	if (wish->store)
		cJSON_AddStringToObject(json, "store", wish->store);
	if (wish->actor)
		cJSON_AddStringToObject(json, "actor", wish->actor);
	cJSON_AddItemToObject(json, "data", wish->data ? wish->data : cJSON_CreateObject());
	char *line = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	return line;
}

/* Refusals that hold for a fact as well: they do not depend on what others did. */
static bool refused_outright(const struct command *command, enum refusal refusal)
{
	const char *mode = json_text(command->data, "mode");
	if (refusal == REFUSED_malformed)
		return !mode || strcmp(mode, "offline") != 0;
	return refusal == REFUSED_bad_data || refusal == REFUSED_wrong_status ||
		refusal == REFUSED_no_right || refusal == REFUSED_unknown_staff ||
		refusal == REFUSED_wrong_store || refusal == REFUSED_unknown_sku;
}

/* Puts the line into the outbox, on the disk. */
static bool store_line(struct console *console, const struct command *command, const char *line,
	struct console_verdict *verdict)
{
	struct db *outbox = console->outbox;
	verdict->saved = db_run(outbox,
		"INSERT INTO command (id, op, store, actor, at, line) VALUES ($1, $2, $3, $4, $5, $6)",
		"ttttit", command->id, command->op->name, command->store, command->actor,
		command->at_ms, line);
	if (!verdict->saved) {
		verdict->refusal = REFUSAL_FAULT;
		/* Without the statement, which is in parentheses behind it: a screen has one line. */
		const char *said = db_message(outbox), *end = strstr(said, " (");
		snprintf(verdict->message, sizeof verdict->message, "%.*s",
			end ? (int)(end - said) : (int)strlen(said), said);
		db_forget_failure(outbox);
	}
	return verdict->saved;
}

static void take_local(struct console_verdict *verdict, struct verdict *local)
{
	cJSON_Delete(verdict->result);
	verdict->refusal = local->refusal;
	snprintf(verdict->message, sizeof verdict->message, "%s", local->message);
	verdict->result = local->result;
	local->result = NULL;
}

static void run_by_hand(struct console *console, const struct command *command, int64_t now_ms,
	struct console_verdict *verdict)
{
	struct verdict local;
	struct world world = console_world(console);
	world.by_hand = true;
	command_run(console->cache, command, &world, now_ms, &local);
	take_local(verdict, &local);
}

/* What HQ would say of it now, or why that cannot be told. */
static void rehearse(struct console *console, const struct command *command, int64_t now_ms,
	struct console_verdict *verdict)
{
	struct db *cache = console->cache;
	enum db_failure failure = parts_apply(console, now_ms, NULL);
	if (failure == DB_OK && !db_begin(cache))
		failure = db_failed(cache);
	if (failure == DB_OK) {
		run_by_hand(console, command, now_ms, verdict);
		db_rollback(cache);
		return;
	}
	verdict->refusal = failure == DB_BUSY ? REFUSAL_BUSY : REFUSAL_FAULT;
	if (failure != DB_BUSY)
		snprintf(verdict->message, sizeof verdict->message, "%.255s",
			cache ? db_message(cache) : console->trouble);
}

/* Runs it up to where it would write: what speaks against a fact at this counter stands before that. */
static void look_at(struct console *console, const struct command *command, int64_t now_ms,
	struct console_verdict *verdict)
{
	db_begin_read(console->cache);
	db_look(console->cache, true);
	run_by_hand(console, command, now_ms, verdict);
	db_look(console->cache, false);
	db_rollback(console->cache);
	if (refused_outright(command, verdict->refusal))
		return;
	console_verdict_free(verdict);
	verdict->refusal = REFUSAL_NONE;
	verdict->message[0] = '\0';
}

/* May it be stored? */
static bool judge(struct console *console, const struct command *command, int64_t now_ms,
	struct console_verdict *verdict)
{
	if (command->op->kind == OP_REQUEST) {
		rehearse(console, command, now_ms, verdict);
	} else if (console->cache) {
		look_at(console, command, now_ms, verdict);
		/* The cache may lag behind what was done at another screen. */
		if (verdict->refusal != REFUSAL_NONE && console_catch_up(console, now_ms))
			look_at(console, command, now_ms, verdict);
	}
	return verdict->refusal == REFUSAL_NONE;
}

static void do_command(struct console *console, const struct command *command, const char *line,
	int64_t now_ms, struct console_verdict *verdict)
{
	struct parts_watch watch = {.command = command};
	/* A cache that never heard from HQ knows no staff and cannot judge a fact. */
	bool blind = command->op->kind == OP_FACT &&
		(!console->cache || parts_state_int(console, "pulled_ms") == 0);
	if ((!blind && !judge(console, command, now_ms, verdict)) ||
		!store_line(console, command, line, verdict))
		return;
	parts_apply(console, now_ms, &watch);
	if (watch.met && !blind)
		take_local(verdict, &watch.verdict);
	verdict_free(&watch.verdict);
}

static void parse_and(struct console *console, const struct console_wish *wish, int64_t now_ms,
	bool keep, struct console_verdict *verdict)
{
	struct command command;
	parts_fresh(console);
	*verdict = (struct console_verdict){.saved = false};
	char *line = make_line(console, wish, now_ms, verdict->id);
	verdict->refusal = command_parse(
		line, strlen(line), &command, verdict->message, sizeof verdict->message);
	if (verdict->refusal == REFUSAL_NONE && keep)
		do_command(console, &command, line, now_ms, verdict);
	else if (verdict->refusal == REFUSAL_NONE)
		rehearse(console, &command, now_ms, verdict);
	parts_fresh(console);
	command_free(&command);
	cJSON_free(line);
}

void console_do(struct console *console, const char *op, const char *store, const char *actor,
	cJSON *data, int64_t now_ms, struct console_verdict *verdict)
{
	parse_and(console, &(struct console_wish){op, store, actor, data}, now_ms, true, verdict);
}

void console_rehearse(struct console *console, const char *op, const char *store, const char *actor,
	cJSON *data, int64_t now_ms, struct console_verdict *verdict)
{
	parse_and(console, &(struct console_wish){op, store, actor, data}, now_ms, false, verdict);
}

void console_verdict_free(struct console_verdict *verdict)
{
	cJSON_Delete(verdict->result);
	verdict->result = NULL;
}

/* ---- several at once ---- */

struct made {
	struct command command;
	char *line;
};

static bool make_all(struct console *console, const struct console_batch *batch, int64_t now_ms,
	struct made *made, struct console_verdict *verdict)
{
	bool good = true;
	for (int i = 0; i < batch->count; i++) {
		const struct console_task *task = &batch->tasks[i];
		made[i].line = make_line(console,
			&(struct console_wish){task->op, batch->store, batch->actor, task->data},
			now_ms, verdict->id);
		if (!good)
			continue;
		verdict->refusal = command_parse(made[i].line, strlen(made[i].line),
			&made[i].command, verdict->message, sizeof verdict->message);
		good = verdict->refusal == REFUSAL_NONE;
	}
	return good;
}

/* One behind the other, so that each sees what those before it do. */
static bool judge_all(struct console *console, const struct made *made, int count, int64_t now_ms,
	struct console_verdict *verdict)
{
	verdict->refusal = REFUSAL_BUSY;
	if (parts_apply(console, now_ms, NULL) != DB_OK || !db_begin(console->cache))
		return false;
	verdict->refusal = REFUSAL_NONE;
	for (int i = 0; i < count && verdict->refusal == REFUSAL_NONE; i++)
		run_by_hand(console, &made[i].command, now_ms, verdict);
	db_rollback(console->cache);
	return verdict->refusal == REFUSAL_NONE;
}

static void store_all(struct console *console, const struct made *made, int count,
	struct console_verdict *verdict)
{
	bool good = db_begin(console->outbox);
	for (int i = 0; good && i < count; i++)
		good = store_line(console, &made[i].command, made[i].line, verdict);
	verdict->saved = good && db_commit(console->outbox);
	if (verdict->saved)
		return;
	verdict->refusal = REFUSAL_FAULT;
	if (!verdict->message[0])
		snprintf(verdict->message, sizeof verdict->message, "%.255s",
			db_message(console->outbox));
	db_rollback(console->outbox);
}

void console_do_all(struct console *console, const struct console_batch *batch, int64_t now_ms,
	struct console_verdict *verdict)
{
	struct made *made = calloc((size_t)batch->count + 1, sizeof *made);
	parts_fresh(console);
	*verdict = (struct console_verdict){.refusal = REFUSAL_FAULT};
	if (made && make_all(console, batch, now_ms, made, verdict) &&
		judge_all(console, made, batch->count, now_ms, verdict)) {
		store_all(console, made, batch->count, verdict);
		parts_apply(console, now_ms, NULL);
	}
	parts_fresh(console);
	for (int i = 0; made && i < batch->count; i++) {
		command_free(&made[i].command);
		cJSON_free(made[i].line);
	}
	free(made);
}

/* ---- catching up ---- */

/* Commands applied in one transaction: less than 10 ms of them. */
#define SLICE 200
/* Slices of one call: a screen does not stand still over the backlog of a week. */
#define SLICES_MAX 10

enum db_failure parts_apply(struct console *console, int64_t now_ms, struct parts_watch *watch)
{
	struct db *cache = console->cache;
	if (!cache)
		return DB_ERROR;
	for (int i = 0; i < SLICES_MAX; i++) {
		int applied = db_begin(cache) ? parts_catch_up(console, now_ms, SLICE, watch) : -1;
		if (applied < 0 || !db_commit(cache)) {
			enum db_failure failure = db_failed(cache);
			db_rollback(cache);
			return failure != DB_OK ? failure : DB_ERROR;
		}
		if (applied < SLICE)
			return DB_OK;
	}
	return DB_BUSY;
}

bool console_catch_up(struct console *console, int64_t now_ms)
{
	parts_fresh(console);
	int64_t last = db_get_int(console->outbox, 0, "SELECT max(n) FROM command", "");
	if (!console->cache || db_failed(console->outbox))
		return false;
	int64_t applied = parts_applied(console);
	if (last == applied)
		return db_failed(console->cache) == DB_OK;
	enum db_failure failure = parts_apply(console, now_ms, NULL);
	if (parts_applied(console) != applied)
		console->cache_seen = -1; /* SQLite tells only of what others changed */
	return failure == DB_OK;
}
