/* The outbox as the inbox pane and the syncer see it: what waits, what was refused, how the line is. */
#include "model/console_parts.h"
#include "model/json.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OFFER_AT_ONCE 500
/* Ends a change of the outbox: true if the disk took it. */
static bool outbox_took(struct console *console)
{
	bool took = db_failed(console->outbox) == DB_OK;
	db_forget_failure(console->outbox);
	return took;
}

struct db_rows *console_box(
	struct console *console, enum console_box box, int64_t before_n, int most)
{
	static const char *const wheres[] = {
		[CONSOLE_UNSENT] = OUTBOX_LIVE " AND state = 'queued'",
		[CONSOLE_REFUSED] = "status IN ('rejected', 'parked') AND dismissed = 0",
		[CONSOLE_EVERY] = "true",
	};
	char sql[400];
	parts_fresh(console);
	snprintf(sql, sizeof sql,
		"SELECT n, id, op, store, actor, at, status, code, message, line, sent, state FROM command "
		"WHERE %s AND n < $1 ORDER BY n DESC LIMIT $2",
		wheres[box]);
	return db_query(
		console->outbox, sql, "ii", before_n > 0 ? before_n : INT64_MAX, (int64_t)most);
}

struct db_rows *console_visible(struct console *console, const char *op)
{
	parts_fresh(console);
	return db_query(console->outbox,
		"SELECT id, actor, at, line, state FROM command WHERE " OUTBOX_LIVE
		" AND op = $1 ORDER BY n DESC",
		"t", op);
}

bool console_amber(struct console *console, const char *id, char code[40])
{
	char *found = console->cache
		? db_get_text(console->cache, "SELECT code FROM amber WHERE id = $1", "t", id)
		: NULL;
	snprintf(code, 40, "%s", found ? found : "");
	free(found);
	return code[0] != '\0';
}

static bool is_dismissed(struct console *console, const char *id)
{
	return db_has(console->outbox, "SELECT 1 FROM dismissed WHERE id = $1", "t", id);
}

bool console_dismiss(struct console *console, const char *id)
{
	parts_fresh(console);
	db_run(console->outbox, "UPDATE command SET dismissed = 1 WHERE id = $1", "t", id);
	if (db_changed(console->outbox) == 0)
		db_run(console->outbox,
			"INSERT INTO dismissed (id) VALUES ($1) ON CONFLICT DO NOTHING", "t", id);
	return outbox_took(console);
}

bool console_withdraw(struct console *console, const char *id)
{
	parts_fresh(console);
	/* First, so that what is withdrawn cannot stay on the screen. */
	if (console->cache && !parts_set_state(console, "rebase", "1")) {
		db_forget_failure(console->cache);
		return false;
	}
	db_run(console->outbox,
		"UPDATE command SET state = 'withdrawn', status = NULL WHERE id = $1 AND state = 'queued' AND sent = 0",
		"t", id);
	bool withdrawn = db_changed(console->outbox) == 1;
	return outbox_took(console) && withdrawn;
}

char *console_verdict_of(struct console *console, const char *id)
{
	parts_fresh(console);
	return db_get_text(console->outbox,
		"SELECT verdict FROM command WHERE id = $1 AND status IS NOT NULL", "t", id);
}

/* In a JSON list a name stands between quotation marks. */
struct db_rows *console_exceptions(struct console *console, const char *store)
{
	if (!console->cache)
		return NULL;
	return db_query(console->cache,
		"SELECT * FROM (SELECT e.id, e.kind, e.doc_kind, e.doc, e.sku, e.at, e.actor, e.store,"
		" e.detail, 0 FROM exception e WHERE (e.store = $1 OR e.other_store = $1)"
		" AND (e.kind <> 'duplicate_redemption'"
		"  OR NOT EXISTS (SELECT 1 FROM dossier d WHERE d.code = e.doc))"
		" ORDER BY e.id DESC LIMIT $2) AS raised"
		" UNION ALL SELECT d.code, '" CONSOLE_DOSSIER "', 'ticket', d.code, d.product,"
		" d.opened_at, NULL, $1, d.status,"
		" (SELECT COUNT(*) FROM redemption r WHERE r.code = d.code AND r.kind = 'redeem')"
		" FROM dossier d WHERE d.status IN ('open', 'reported')"
		" AND INSTR(d.stores, '\"' || $1 || '\"') > 0",
		"ti", store, (int64_t)CONSOLE_EXCEPTIONS_MAX);
}

bool console_exceptions_next(struct console *console, struct db_rows *rows)
{
	while (rows && db_next(rows))
		if (strcmp(db_text(rows, 1), CONSOLE_DOSSIER) == 0 ||
			!is_dismissed(console, db_text(rows, 0)))
			return true;
	return false;
}

static int count_exceptions(struct console *console, const char *store)
{
	int count = 0;
	struct db_rows *rows = console_exceptions(console, store);
	while (console_exceptions_next(console, rows))
		count++;
	db_done(rows);
	return count;
}

void console_count(struct console *console, const char *store, struct console_counts *counts)
{
	*counts = (struct console_counts){.unsent = 0};
	parts_fresh(console);
	struct db_rows *rows = db_query(console->outbox,
		"SELECT count(*), min(at) FROM command WHERE " OUTBOX_LIVE " AND state = 'queued'",
		"");
	if (db_next(rows)) {
		counts->unsent = (int)db_int(rows, 0);
		counts->oldest_ms = db_int(rows, 1);
	}
	db_done(rows);
	counts->refused = (int)db_get_int(console->outbox, 0,
		"SELECT count(*) FROM command WHERE status IN ('rejected', 'parked') "
		"AND dismissed = 0",
		"");
	if (!console->cache || db_failed(console->outbox)) {
		snprintf(counts->trouble, sizeof counts->trouble, "%.199s",
			db_failed(console->outbox) ? db_message(console->outbox)
						   : console->trouble);
		return;
	}
	counts->amber = (int)db_get_int(console->cache, 0, "SELECT count(*) FROM amber", "");
	counts->exceptions = count_exceptions(console, store);
	counts->pulled_ms = parts_state_int(console, "pulled_ms");
	counts->online = parts_state_int(console, "online") == 1;
	char *trouble = parts_state(console, "trouble");
	snprintf(counts->trouble, sizeof counts->trouble, "%s", trouble ? trouble : "");
	free(trouble);
}

/* ---- the device and the line ---- */

bool console_enrol(struct console *console, const char *url, const char *token, const char *device,
	const char *const *stores, int store_count)
{
	cJSON *list = cJSON_CreateStringArray(stores, store_count);
	char *json = cJSON_PrintUnformatted(list);
	parts_fresh(console);
	db_begin(console->outbox);
	/* The epoch stays: an HQ that was restored to before it knew this device, or that is another one, is
	 * known by it, and is then offered again what the one before had answered. */
	char *epoch = db_get_text(console->outbox, "SELECT epoch FROM device", "");
	db_run(console->outbox, "DELETE FROM device", "");
	db_run(console->outbox,
		"INSERT INTO device (url, token, device, epoch, stores) VALUES ($1, $2, $3, $4, $5)",
		"ttttt", url, token, device, epoch ? epoch : "", json);
	free(epoch);
	bool good = db_commit(console->outbox);
	if (!good)
		db_rollback(console->outbox);
	cJSON_free(json);
	cJSON_Delete(list);
	console->outbox_seen = -1; /* the stores are read again */
	console_changed(console);
	return good;
}

bool console_device(struct console *console, struct console_device *device)
{
	*device = (struct console_device){NULL, NULL, NULL, NULL};
	parts_fresh(console);
	struct db_rows *rows = db_query(
		console->outbox, "SELECT url, token, device, epoch FROM device", "");
	bool enrolled = db_next(rows);
	if (enrolled) {
		device->url = text_copy(db_text(rows, 0));
		device->token = text_copy(db_text(rows, 1));
		device->device = text_copy(db_text(rows, 2));
		device->epoch = text_copy(db_text(rows, 3));
	}
	db_done(rows);
	return enrolled;
}

void console_device_free(struct console_device *device)
{
	free(device->url);
	free(device->token);
	free(device->device);
	free(device->epoch);
	*device = (struct console_device){NULL, NULL, NULL, NULL};
}

bool console_set_epoch(struct console *console, const char *epoch)
{
	parts_fresh(console);
	db_run(console->outbox, "UPDATE device SET epoch = $1", "t", epoch);
	return outbox_took(console);
}

/* The last one stays readable after it has passed. */
static void keep_trouble(struct console *console, const char *trouble)
{
	if (trouble[0] == '\0')
		return;
	parts_set_state(console, "last_trouble", trouble);
	parts_set_state_int(console, "last_trouble_ms", parts_state_int(console, "link_told_ms"));
}

void console_set_link(struct console *console, bool online, const char *trouble)
{
	if (!console->cache)
		return;
	parts_fresh(console);
	char *before = parts_state(console, "trouble");
	if (parts_state_int(console, "online") != online)
		parts_set_state_int(console, "online", online);
	if (!before || strcmp(before, trouble) != 0) {
		parts_set_state(console, "trouble", trouble);
		keep_trouble(console, trouble);
	}
	free(before);
	db_forget_failure(console->cache);
}

void console_set_tries(struct console *console, bool online, int64_t now_ms, int64_t next_ms)
{
	if (!console->cache)
		return;
	parts_fresh(console);
	if (parts_state_int(console, "line_since") == 0 ||
		(parts_state_int(console, "online") == 1) != online)
		parts_set_state_int(console, "line_since", now_ms);
	if (parts_state_int(console, "line_next") != next_ms)
		parts_set_state_int(console, "line_next", next_ms);
	parts_set_state_int(console, "link_told_ms", now_ms);
	db_forget_failure(console->cache);
}

static const char *const odd_names[CONSOLE_ODD_COUNT] = {
	[CONSOLE_ODD_VERDICTS] = "odd_verdicts",
	[CONSOLE_ODD_SLOWED] = "odd_slowed",
	[CONSOLE_ODD_RESTARTS] = "odd_restarts",
};

int64_t console_odd(struct console *console, enum console_odd odd)
{
	return console->cache ? parts_state_int(console, odd_names[odd]) : 0;
}

void console_note_odd(struct console *console, enum console_odd odd, int64_t count)
{
	if (!console->cache)
		return;
	parts_fresh(console);
	parts_set_state_int(console, odd_names[odd], console_odd(console, odd) + count);
	db_forget_failure(console->cache);
}

/* One value, so that none of it is ever of another hello. */
void console_set_clock(
	struct console *console, int64_t hq_ms, int64_t error_ms, int64_t boot_ms, int64_t wall_ms)
{
	char value[180];
	if (!console->cache)
		return;
	parts_fresh(console);
	snprintf(value, sizeof value, "%lld %lld %lld %lld %.60s", (long long)hq_ms,
		(long long)error_ms, (long long)boot_ms, (long long)wall_ms,
		console->boot ? console->boot : "");
	parts_set_state(console, "clock", value);
	db_forget_failure(console->cache);
}

struct hello_clock {
	int64_t hq_ms, error_ms, boot_ms, wall_ms;
	bool is_of_this_boot; /* has the machine run on since? */
};

/* False where HQ was never heard. */
static bool read_clock(struct console *console, int64_t boot_ms, struct hello_clock *clock)
{
	char *value = console->cache ? parts_state(console, "clock") : NULL;
	char *at = value;
	if (!value)
		return false;
	clock->hq_ms = strtoll(at, &at, 10);
	clock->error_ms = strtoll(at, &at, 10);
	clock->boot_ms = strtoll(at, &at, 10);
	clock->wall_ms = strtoll(at, &at, 10);
	clock->is_of_this_boot = boot_ms >= clock->boot_ms && *at == ' ' &&
		strcmp(at + 1, console->boot ? console->boot : "") == 0;
	free(value);
	return true;
}

int64_t console_hq_time(struct console *console, int64_t boot_ms, int64_t wall_ms)
{
	struct hello_clock clock;
	if (!read_clock(console, boot_ms, &clock))
		return wall_ms;
	int64_t now = clock.is_of_this_boot ? clock.hq_ms + (boot_ms - clock.boot_ms)
					    : clock.hq_ms + (wall_ms - clock.wall_ms);
	return now > clock.hq_ms ? now : clock.hq_ms;
}

/* The kernel may be told to run its clock faster or slower by as much as this. */
#define DRIFT_PER_MILLION 500

int64_t console_hq_time_error(struct console *console, int64_t boot_ms)
{
	struct hello_clock clock;
	if (!read_clock(console, boot_ms, &clock) || !clock.is_of_this_boot)
		return CONSOLE_CLOCK_UNKNOWN_MS;
	int64_t error = clock.error_ms + (boot_ms - clock.boot_ms) * DRIFT_PER_MILLION / 1000000 +
		1;
	return error < CONSOLE_CLOCK_UNKNOWN_MS ? error : CONSOLE_CLOCK_UNKNOWN_MS;
}

/* ---- pushing ---- */

/* Marks the oldest as sent before they are read: from then on none of them can be withdrawn. */
static void mark_sent(struct db *outbox, int most)
{
	static const char oldest[] = "SELECT n FROM command WHERE " OUTBOX_LIVE
				     " AND state = 'queued' ORDER BY n LIMIT 1 OFFSET $1";
	int64_t last = db_get_int(outbox, INT64_MAX, oldest, "i", (int64_t)most - 1);
	if (db_has(outbox,
		    "SELECT 1 FROM command WHERE n <= $1 AND " OUTBOX_LIVE
		    " AND state = 'queued' AND sent = 0",
		    "i", last))
		db_run(outbox,
			"UPDATE command SET sent = 1 WHERE n <= $1 AND " OUTBOX_LIVE
			" AND state = 'queued' AND sent = 0",
			"i", last);
}

int console_next_lines(struct console *console, int most, size_t most_bytes, struct text *out)
{
	int count = 0;
	parts_fresh(console);
	mark_sent(console->outbox, most);
	struct db_rows *rows = db_query(console->outbox,
		"SELECT line FROM command WHERE " OUTBOX_LIVE
		" AND state = 'queued' AND sent = 1 ORDER BY n LIMIT $1",
		"i", (int64_t)most);
	while (db_next(rows)) {
		const char *line = db_text(rows, 0);
		if (count > 0 && out->length + strlen(line) + 1 > most_bytes)
			break;
		text_add(out, line);
		text_add(out, "\n");
		count++;
	}
	db_done(rows);
	return outbox_took(console) && text_ok(out) ? count : 0;
}

enum taken { NOT_TAKEN, TAKEN_APPLIED, TAKEN_REFUSED };

/* Inside the transaction. */
static enum taken take_verdict(struct console *console, const cJSON *verdict, int64_t now_ms)
{
	const char *id = json_text(verdict, "id"), *status = json_text(verdict, "status");
	if (status && strcmp(status, "replayed") == 0)
		status = json_text(verdict, "first");
	bool final = status &&
		(strcmp(status, "applied") == 0 || strcmp(status, "rejected") == 0 ||
			strcmp(status, "parked") == 0);
	if (!id || !final)
		return NOT_TAKEN;
	bool applied = strcmp(status, "applied") == 0;
	char *json = cJSON_PrintUnformatted(verdict);
	db_run(console->outbox,
		"UPDATE command SET state = $1, status = $2, code = $3, message = $4, verdict = $5, answered_at = $6 "
		"WHERE id = $7 AND state = 'queued'",
		"tttttit", applied ? "answered" : "done", status, json_text(verdict, "code"),
		json_text(verdict, "message"), json, now_ms, id);
	cJSON_free(json);
	if (db_failed(console->outbox) || db_changed(console->outbox) != 1)
		return NOT_TAKEN;
	return applied ? TAKEN_APPLIED : TAKEN_REFUSED;
}

int console_take_verdicts(
	struct console *console, cJSON *const *verdicts, int count, int64_t now_ms)
{
	int taken[3] = {0};
	parts_fresh(console);
	db_begin(console->outbox);
	for (int i = 0; i < count; i++)
		taken[take_verdict(console, verdicts[i], now_ms)]++;
	if (!db_commit(console->outbox)) {
		db_rollback(console->outbox);
		return 0;
	}
	/* What was refused is undone on the screen by the next landing. */
	if (taken[TAKEN_REFUSED] > 0 && console->cache) {
		parts_set_state(console, "rebase", "1");
		db_forget_failure(console->cache);
	}
	return taken[TAKEN_APPLIED] + taken[TAKEN_REFUSED];
}

int64_t console_next_parked(struct console *console, int64_t n, char id[UUID_SIZE])
{
	parts_fresh(console);
	struct db_rows *rows = db_query(console->outbox,
		"SELECT n, id FROM command WHERE status IN ('rejected', 'parked') AND dismissed = 0 "
		"AND status = 'parked' AND n > $1 ORDER BY n LIMIT 1",
		"i", n);
	n = db_next(rows) ? db_int(rows, 0) : 0;
	if (n > 0)
		snprintf(id, UUID_SIZE, "%s", db_text(rows, 1));
	db_done(rows);
	return n;
}

bool console_take_outcome(struct console *console, const cJSON *verdict, int64_t now_ms)
{
	const char *id = json_text(verdict, "id"), *status = json_text(verdict, "status");
	if (!id || !status || (strcmp(status, "applied") != 0 && strcmp(status, "rejected") != 0))
		return false;
	char *json = cJSON_PrintUnformatted(verdict);
	bool applied = strcmp(status, "applied") == 0;
	parts_fresh(console);
	db_run(console->outbox,
		"UPDATE command SET status = $1, code = $2, message = $3, verdict = $4, answered_at = $5, "
		"state = $7 WHERE id = $6 AND state = 'done' AND status = 'parked'",
		"ttttitt", status, json_text(verdict, "code"), json_text(verdict, "message"), json,
		now_ms, id, applied ? "answered" : "done");
	bool taken = db_changed(console->outbox) == 1;
	cJSON_free(json);
	taken = outbox_took(console) && taken;
	/* What was applied is shown from here until HQ's own rows show it. */
	if (taken && applied && console->cache) {
		parts_set_state(console, "rebase", "1");
		db_forget_failure(console->cache);
	}
	return taken;
}

bool console_needs_rebase(struct console *console)
{
	parts_fresh(console);
	return console->cache && parts_state_int(console, "rebase") == 1;
}

/* A piece at a time, so that a screen that saves meanwhile waits for one of them only. Pieces that were
 * lost are offered when it is called again. */
bool console_offer_again(struct console *console, int64_t now_ms)
{
	parts_fresh(console);
	int64_t last = db_get_int(console->outbox, 0, "SELECT max(n) FROM command", "");
	for (int64_t n = 0; n < last && !db_failed(console->outbox); n += OFFER_AT_ONCE)
		db_run(console->outbox,
			"UPDATE command SET state = 'queued', sent = 0, status = NULL, code = NULL, "
			"message = NULL, verdict = NULL, answered_at = 0 "
			"WHERE n > $1 AND n <= $2 AND state IN ('answered', 'done') AND answered_at > $3",
			"iii", n, n + OFFER_AT_ONCE, now_ms - CONSOLE_OFFER_AGAIN_MS);
	return outbox_took(console);
}
