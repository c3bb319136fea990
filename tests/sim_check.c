/* What must hold once everything has come to rest (design.md §4). */
#include "model/json.h"
#include "model/table.h"
#include "net/ndjson.h"
#include "tests/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- every command has its one verdict ---- */

static void check_verdict(struct sim *sim, const char *id)
{
	char path[80], error[80];
	struct text token = TEXT_INIT(TEXT_SMALL);
	struct hq_answer answer;
	cJSON *verdict;
	const char *status;

	snprintf(path, sizeof path, "/v1/commands/%s", id);
	text_addf(&token, "Bearer %s", sim->token);
	sim_ask(sim,
		&(struct hq_request){
			.method = "GET", .path = path, .authorization = text_get(&token)},
		&answer);
	verdict = answer.status == 200
		? json_parse(text_get(&answer.body), answer.body.length, error, sizeof error)
		: NULL;
	status = verdict ? json_text(verdict, "status") : NULL;
	if (status && strcmp(status, "replayed") == 0)
		status = json_text(verdict, "first");
	if (!status ||
		(strcmp(status, "applied") && strcmp(status, "rejected") &&
			strcmp(status, "parked")))
		sim_fail(sim, "command %s has no verdict at HQ: %d %.200s", id, answer.status,
			text_get(&answer.body));
	cJSON_Delete(verdict);
	text_free(&token);
	hq_answer_free(&answer);
}

static void check_outbox(struct sim *sim, struct sim_store *store)
{
	struct console_counts counts;
	int64_t open;

	console_count(&store->screen, store->name, &counts);
	if (counts.unsent > 0 || counts.amber > 0)
		sim_fail(sim, "%s still has %d unsent and %d amber commands", store->name,
			counts.unsent, counts.amber);
	open = db_get_int(
		store->screen.outbox, -1, "SELECT count(*) FROM command WHERE state <> 'done'", "");
	if (open != 0)
		sim_fail(sim, "%s has %lld commands that are not done", store->name,
			(long long)open);
}

/* What HQ parked and applied later is parked no longer here. */
static void check_parked(struct sim *sim, struct sim_store *store)
{
	char id[UUID_SIZE], path[80];
	struct text token = TEXT_INIT(TEXT_SMALL);
	int64_t n = 0;

	text_addf(&token, "Bearer %s", sim->token);
	while ((n = console_next_parked(&store->screen, n, id)) > 0) {
		struct hq_answer answer;

		snprintf(path, sizeof path, "/v1/commands/%s", id);
		sim_ask(sim,
			&(struct hq_request){
				.method = "GET", .path = path, .authorization = text_get(&token)},
			&answer);
		if (!strstr(text_get(&answer.body), "\"status\":\"parked\""))
			sim_fail(sim, "%s holds %s for parked, HQ says %.200s", store->name, id,
				text_get(&answer.body));
		hq_answer_free(&answer);
	}
	text_free(&token);
}

/* ---- what the screen shows ---- */

/* What each command leaves for ever, with a count excused where its sheet was ended before. */
static const struct {
	const char *op, *sql;
} traces[] = {
	{"stocktake.create", "SELECT 1 FROM stocktake WHERE id = $1"},
	{"outbound.create", "SELECT 1 FROM movement WHERE id = $1"},
	{"stocktake.count",
		"SELECT 1 FROM count_entry WHERE id = $1 UNION ALL SELECT 1 FROM exception WHERE command = $1"},
	{"inbound.receive", "SELECT 1 FROM ledger WHERE id >= $1 || '.' AND id < $1 || '/'"},
};

static void check_traces(struct sim *sim, struct sim_store *store, size_t of)
{
	struct console *screen = &store->screen;
	struct db_rows *rows = db_query(screen->outbox,
		"SELECT id, state, status FROM command WHERE op = $1 AND (state = 'queued' OR status = 'applied')",
		"t", traces[of].op);

	while (db_next(rows) && sim->failure[0] == '\0') {
		char code[40];

		if (!db_has(screen->cache, traces[of].sql, "t", db_text(rows, 0)) &&
			!console_amber(screen, db_text(rows, 0), code))
			sim_fail(sim, "%s does not show its %s %s, which is %s %s", store->name,
				traces[of].op, db_text(rows, 0), db_text(rows, 1),
				db_text(rows, 2) ? db_text(rows, 2) : "");
	}
	db_done(rows);
}

void sim_check_screen(struct sim_store *store)
{
	struct console *screen = &store->screen;
	struct sim *sim = store->sim;
	struct console_counts counts;

	console_count(screen, store->name, &counts);
	if (!screen->cache || counts.pulled_ms == 0 || sim_disk_bad(store))
		return;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++)
		check_traces(sim, store, i);
	if (db_get_int(screen->cache, 0, "SELECT count(*) FROM amber WHERE code = 'fault'", "") !=
		0)
		sim_fail(sim, "%s cannot replay a command", store->name);
	if (db_get_int(screen->cache, 0,
		    "SELECT count(*) FROM stock s WHERE on_hand <> (SELECT COALESCE(sum(qty), 0) FROM"
		    " ledger l WHERE l.store = s.store AND l.sku = s.sku)",
		    "") != 0)
		sim_fail(sim, "%s shows stock that is not the sum of its ledger", store->name);
}

/* ---- the cache is HQ's rows ---- */

/* One page of everything the device may see; returns the cursor to go on from, NULL at the end. */
static char *compare_page(
	struct sim *sim, struct sim_store *store, const char *page, size_t length, int64_t *rows)
{
	struct ndjson lines = {page, length};
	struct span line, bytes;
	char error[80];
	char *to = NULL;
	bool more = false;

	while (ndjson_next(&lines, &line) && sim->failure[0] == '\0') {
		cJSON *json = json_parse(line.bytes, line.length, error, sizeof error);
		const char *table = json_text(json, "table");

		if (json_text(json, "to"))
			to = text_copy(json_text(json, "to"));
		more = json_bool(json, "more", more);
		if (table && ndjson_member(line, "row", &bytes) && bytes.bytes[0] == '{') {
			struct text ours = TEXT_INIT(TEXT_LARGE);
			char *key = cJSON_PrintUnformatted(json_list(json, "key"));

			if (!table_row_json(store->screen.cache, table_find(table), key, &ours))
				sim_fail(sim, "%s lacks %s %s", store->name, table, key);
			else if (ours.length != bytes.length ||
				memcmp(ours.bytes, bytes.bytes, bytes.length) != 0)
				sim_fail(sim, "%s has %s %s as %.150s, HQ as %.*s", store->name,
					table, key, text_get(&ours),
					bytes.length > 150 ? 150 : (int)bytes.length, bytes.bytes);
			(*rows)++;
			text_free(&ours);
			cJSON_free(key);
		}
		cJSON_Delete(json);
	}
	if (more)
		return to;
	free(to);
	return NULL;
}

/* A row in two feeds comes twice; here each is counted once a feed, so the cache may have fewer. */
static int64_t cache_rows(struct db *db)
{
	int count;
	const struct table *tables = table_all(&count);
	int64_t rows = 0;

	for (int i = 0; i < count; i++) {
		struct text sql = TEXT_INIT(TEXT_SMALL);

		text_addf(&sql, "SELECT count(*) FROM \"%s\"", tables[i].name);
		rows += db_get_int(db, 0, text_get(&sql), "");
		text_free(&sql);
	}
	return rows;
}

static void check_cache(struct sim *sim, struct sim_store *store)
{
	struct console_device device;
	struct text token = TEXT_INIT(TEXT_SMALL), query = TEXT_INIT(TEXT_SMALL);
	char *cursor = text_copy("");
	int64_t rows = 0;

	console_device(&store->screen, &device);
	text_addf(&token, "Bearer %s", device.token);
	while (cursor && sim->failure[0] == '\0') {
		struct hq_answer answer;
		struct hq_request request = {.method = "GET",
			.path = "/v1/changes",
			.authorization = text_get(&token),
			.epoch = device.epoch};

		text_clear(&query);
		text_addf(&query, "after=%s&limit=200", cursor);
		request.query = text_get(&query);
		free(cursor);
		cursor = NULL;
		sim_ask(sim, &request, &answer);
		if (answer.status != 200)
			sim_fail(sim, "changes answers %d %.200s", answer.status,
				text_get(&answer.body));
		else
			cursor = compare_page(
				sim, store, text_get(&answer.body), answer.body.length, &rows);
		hq_answer_free(&answer);
	}
	if (sim->failure[0] == '\0' && cache_rows(store->screen.cache) != rows)
		sim_fail(sim, "%s has %lld rows, HQ sends %lld", store->name,
			(long long)cache_rows(store->screen.cache), (long long)rows);
	free(cursor);
	text_free(&token);
	text_free(&query);
	console_device_free(&device);
}

/* ---- goods are conserved ---- */

static void check_goods(struct sim *sim)
{
	struct db_options options = {
		.durability = DB_READ_ONLY, .must_exist = true, .busy_ms = 1000};
	char error[200];
	struct db *db = db_open(sim->hq_file, &options, error, sizeof error);
	int64_t here, came;

	if (!db) {
		sim_fail(sim, "HQ's database: %s", error);
		return;
	}
	for (int i = 0; i < SIM_SKUS; i++) {
		char sku[16];

		snprintf(sku, sizeof sku, "S%d", i);
		here = db_get_int(db, 0, "SELECT sum(on_hand + damaged) FROM stock WHERE sku = $1",
			       "t", sku) +
			db_get_int(db, 0,
				"SELECT COALESCE(sum(max(shipped - received - written_off - sent_back, 0)), 0)"
				" FROM movement_line WHERE sku = $1",
				"t", sku);
		came = db_get_int(db, 0,
			       "SELECT COALESCE(sum(qty + damaged), 0) FROM ledger WHERE sku = $1"
			       " AND reason IN ('opening', 'correction')",
			       "t", sku) -
			db_get_int(db, 0,
				"SELECT COALESCE(sum(written_off), 0) FROM movement_line WHERE sku = $1",
				"t", sku);
		if (here != came)
			sim_fail(sim, "of %s there are %lld thousandths, and %lld came", sku,
				(long long)here, (long long)came);
	}
	if (db_get_int(db, 0,
		    "SELECT count(*) FROM stock s WHERE on_hand <>"
		    " (SELECT COALESCE(sum(qty), 0) FROM ledger l WHERE l.store = s.store AND l.sku = s.sku)",
		    "") != 0)
		sim_fail(sim, "a stock line is not the sum of its ledger");
	if (db_failed(db))
		sim_fail(sim, "%s", db_message(db));
	db_close(db);
}

void sim_check(struct sim *sim)
{
	for (int i = 0; i < sim->saved_count && sim->failure[0] == '\0'; i++)
		check_verdict(sim, sim->saved[i]);
	for (int i = 0; i < SIM_STORES && sim->failure[0] == '\0'; i++) {
		console_changed(&sim->stores[i].screen); /* a whole copy may have come */
		check_outbox(sim, &sim->stores[i]);
		check_parked(sim, &sim->stores[i]);
		check_cache(sim, &sim->stores[i]);
	}
	if (sim->failure[0] == '\0')
		check_goods(sim);
}
