/* What goes on in the simulator's world: its goods and people, and what they do at random. */
#include "model/json.h"
#include "model/uuid.h"
#include "model/when.h"
#include "tests/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTOR "boss"

/* ---- at HQ, before the stores open ---- */

struct setup {
	struct sim *sim;
	struct uuid_source uuids;
	struct text lines;
};

static void add_line(struct setup *setup, const char *op, const char *data)
{
	char id[UUID_SIZE], at[WHEN_SIZE];
	uint8_t random[10];

	for (size_t i = 0; i < sizeof random; i++)
		random[i] = (uint8_t)sim_draw(setup->sim, 256);
	uuid_make(&setup->uuids, setup->sim->now_ms, random, id);
	when_format(setup->sim->now_ms, at);
	text_addf(&setup->lines,
		"{\"id\":\"%s\",\"op\":\"%s\",\"v\":1,\"at\":\"%s\",\"actor\":\"setup\",\"data\":%s}\n",
		id, op, at, data);
}

static void add_lines(struct setup *setup)
{
	char data[400];

	for (int i = 0; i < SIM_STORES; i++) {
		const char *name = setup->sim->stores[i].name;

		snprintf(data, sizeof data, "{\"id\":\"%s\",\"name\":\"%s\",\"kind\":\"shop\"}",
			name, name);
		add_line(setup, "store.put", data);
	}
	add_line(setup, "staff.put",
		"{\"id\":\"" ACTOR
		"\",\"name\":\"Boss\",\"role\":\"manager\",\"stores\":[\"north\",\"south\"]}");
	for (int i = 0; i < SIM_SKUS; i++) {
		snprintf(data, sizeof data,
			"{\"sku\":\"S%d\",\"name\":\"Thing %d\",\"category\":\"c%d\"}", i, i,
			i % 2);
		add_line(setup, "product.put", data);
		for (int j = 0; j < SIM_STORES; j++) {
			snprintf(data, sizeof data,
				"{\"store\":\"%s\",\"lines\":[{\"sku\":\"S%d\",\"qty\":%d}]}",
				setup->sim->stores[j].name, i, 20 + i);
			add_line(setup, "stock.open", data);
		}
	}
}

static void post_lines(struct setup *setup)
{
	struct text token = TEXT_INIT(TEXT_SMALL);
	struct hq_answer answer;

	text_addf(&token, "Bearer %s", setup->sim->token);
	sim_ask(setup->sim,
		&(struct hq_request){.method = "POST",
			.path = "/v1/commands",
			.authorization = text_get(&token),
			.content_type = "application/x-ndjson",
			.body = text_get(&setup->lines),
			.body_length = setup->lines.length},
		&answer);
	if (answer.status != 200 || strstr(text_get(&answer.body), "\"rejected\"") ||
		strstr(text_get(&answer.body), "\"error\""))
		sim_fail(setup->sim, "setup: %d %.300s", answer.status, text_get(&answer.body));
	hq_answer_free(&answer);
	text_free(&token);
}

void sim_populate(struct sim *sim)
{
	struct setup setup = {.sim = sim, .lines = TEXT_INIT(TEXT_LARGE)};
	char error[200];

	if (!hq_make_token(sim->hq, &(struct hq_token_wish){.role = "hq"}, sim->now_ms, sim->token,
		    error, sizeof error)) {
		sim_fail(sim, "token: %s", error);
		return;
	}
	add_lines(&setup);
	post_lines(&setup);
	text_free(&setup.lines);
}

/* ---- in the stores ---- */

/* A document of the screen's cache, chosen at random: mostly one that fits ($1 is this store), now
 * and then any. NULL if there is none. The caller frees it. */
static char *pick(struct sim_store *store, const char *table, const char *fits)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	struct db_rows *rows;
	char *chosen = NULL;
	uint32_t seen = 0;

	text_addf(&sql, "SELECT id FROM %s WHERE $1 <> '' AND %s ORDER BY id", table,
		sim_chance(store->sim, 80) ? fits : "true");
	rows = db_query(store->screen.cache, text_get(&sql), "t", store->name);
	text_free(&sql);

	while (db_next(rows)) {
		if (sim_draw(store->sim, ++seen) == 0) {
			free(chosen);
			chosen = text_copy(db_text(rows, 0));
		}
	}
	db_done(rows);
	return chosen;
}

static cJSON *lines_of(struct sim *sim, bool damaged)
{
	cJSON *lines = cJSON_CreateArray();
	uint32_t first = sim_draw(sim, SIM_SKUS);
	int count = 1 + (int)sim_draw(sim, 3);

	for (int i = 0; i < count; i++) {
		cJSON *line = cJSON_CreateObject();
		char sku[16];

		snprintf(sku, sizeof sku, "S%u", (first + (uint32_t)i) % SIM_SKUS);
		cJSON_AddStringToObject(line, "sku", sku);
		cJSON_AddNumberToObject(line, "qty", 1 + sim_draw(sim, 5));
		if (damaged && sim_chance(sim, 20))
			cJSON_AddNumberToObject(line, "damaged", 1);
		cJSON_AddItemToArray(lines, line);
	}
	return lines;
}

static cJSON *about(const char *field, char *id)
{
	cJSON *data = cJSON_CreateObject();

	if (!id) {
		cJSON_Delete(data);
		return NULL;
	}
	cJSON_AddStringToObject(data, field, id);
	free(id);
	return data;
}

static cJSON *data_outbound(struct sim_store *store, const char *fits)
{
	cJSON *data = cJSON_CreateObject();
	const struct sim *sim = store->sim;

	(void)fits;
	cJSON_AddStringToObject(
		data, "to", store == &sim->stores[0] ? sim->stores[1].name : sim->stores[0].name);
	cJSON_AddItemToObject(data, "lines", lines_of(store->sim, false));
	return data;
}

static cJSON *data_movement(struct sim_store *store, const char *fits)
{
	return about("movement", pick(store, "movement", fits));
}

static cJSON *data_receive(struct sim_store *store, const char *fits)
{
	cJSON *data = data_movement(store, fits);

	if (data)
		cJSON_AddItemToObject(data, "lines", lines_of(store->sim, true));
	return data;
}

static cJSON *data_close(struct sim_store *store, const char *fits)
{
	static const char *const reasons[] = {
		"not_sent", "miscounted", "came_back", "lost", "destroyed"};
	cJSON *data = data_movement(store, fits);

	if (data)
		cJSON_AddStringToObject(data, "reason", reasons[sim_draw(store->sim, 5)]);
	return data;
}

static cJSON *data_new_sheet(struct sim_store *store, const char *fits)
{
	cJSON *data = cJSON_CreateObject();
	bool full = sim_chance(store->sim, 60);

	(void)fits;
	cJSON_AddStringToObject(data, "scope", full ? "full" : "partial");
	if (!full)
		cJSON_AddItemToObject(
			data, "categories", cJSON_CreateStringArray(&(const char *){"c1"}, 1));
	return data;
}

static cJSON *data_sheet(struct sim_store *store, const char *fits)
{
	return about("stocktake", pick(store, "stocktake", fits));
}

static cJSON *data_count(struct sim_store *store, const char *fits)
{
	cJSON *data = data_sheet(store, fits);
	char sku[16];

	if (!data)
		return NULL;
	snprintf(sku, sizeof sku, "S%u", sim_draw(store->sim, SIM_SKUS));
	cJSON_AddStringToObject(data, "sku", sku);
	cJSON_AddNumberToObject(data, "qty", sim_draw(store->sim, 25));
	cJSON_AddStringToObject(data, "mode", sim_chance(store->sim, 50) ? "add" : "set");
	return data;
}

static cJSON *data_finish(struct sim_store *store, const char *fits)
{
	cJSON *data = data_sheet(store, fits);

	if (data)
		cJSON_AddStringToObject(
			data, "uncounted", sim_chance(store->sim, 50) ? "leave" : "zero");
	return data;
}

#define COUNTABLE "status IN ('counting', 'recounting')"

static const struct act {
	const char *op;
	uint32_t weight;
	cJSON *(*data)(struct sim_store *store, const char *fits);
	const char *fits;
} acts[] = {
	{"outbound.create", 12, data_outbound, ""},
	{"inbound.accept", 14, data_movement, "to_store = $1 AND status = 'pending'"},
	{"inbound.reject", 2, data_movement, "to_store = $1 AND status = 'pending'"},
	{"outbound.cancel", 3, data_movement,
		"from_store = $1 AND status IN ('pending', 'accepted')"},
	{"outbound.ship", 16, data_movement, "from_store = $1 AND status = 'accepted'"},
	{"inbound.arrive", 8, data_movement, "to_store = $1 AND status = 'shipped'"},
	{"inbound.receive", 14, data_receive,
		"to_store = $1 AND status IN ('shipped', 'arrived', 'partial')"},
	{"inbound.close", 6, data_close,
		"to_store = $1 AND status IN ('shipped', 'arrived', 'partial')"},
	{"stocktake.create", 3, data_new_sheet, ""},
	{"stocktake.start", 5, data_sheet, "status = 'new'"},
	{"stocktake.count", 30, data_count, COUNTABLE},
	{"stocktake.finish", 5, data_finish, COUNTABLE},
	{"stocktake.pause", 2, data_sheet, COUNTABLE},
	{"stocktake.resume", 4, data_sheet, "status = 'paused'"},
	{"stocktake.recount", 3, data_sheet, "status = 'mismatched'"},
	{"stocktake.correct", 5, data_sheet, "status = 'mismatched'"},
};

static size_t draw_act(struct sim *sim)
{
	uint32_t all = 0, drawn;
	size_t i = 0;

	for (size_t j = 0; j < sizeof acts / sizeof *acts; j++)
		all += acts[j].weight;
	for (drawn = sim_draw(sim, all); drawn >= acts[i].weight; i++)
		drawn -= acts[i].weight;
	return i;
}

void sim_act(struct sim_store *store)
{
	struct sim *sim = store->sim;
	size_t act = draw_act(sim);
	cJSON *data = NULL;
	struct console_verdict verdict;
	int64_t wall_ms = sim->now_ms + store->skew_ms;
	int64_t now_ms = console_hq_time(
		&store->screen, sim->now_ms - store->boot_base_ms, wall_ms);

	console_changed(&store->screen);
	console_catch_up(&store->screen, now_ms);
	sim_check_screen(store);
	if (store->screen.cache)
		data = acts[act].data(store, acts[act].fits);
	if (!data || sim->saved_count == SIM_COMMANDS_MAX) {
		cJSON_Delete(data);
		return;
	}
	console_do(&store->screen, acts[act].op, store->name, ACTOR, data, now_ms, &verdict);
	if (verdict.saved)
		memcpy(sim->saved[sim->saved_count++], verdict.id, UUID_SIZE);
	else if (verdict.refusal == REFUSAL_FAULT && !sim_disk_bad(store))
		sim_fail(sim, "%s %s: %s", store->name, acts[act].op, verdict.message);
	console_verdict_free(&verdict);
	sync_poke(&store->syncer);
	store->wake_ms = sim->now_ms;
}
