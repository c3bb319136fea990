/* What the people in the simulator's stores do at random. */
#include "model/json.h"
#include "model/stocktake_zone.h"
#include "model/uuid.h"
#include "tests/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 1500 /* until a redemption without an answer is done offline */

/* What somebody at a screen is about to do. */
struct scene {
	struct sim *sim;
	struct sim_home *home;
	struct console *seat;
	int process;
	const char *fits;
};

/* A document of the screen's cache by that column, chosen at random: mostly one that fits ($1 is this
 * store), now and then any. NULL if there is none. The caller frees it. */
static char *pick_by(struct scene *scene, const char *column, const char *table)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	struct db_rows *rows;
	char *chosen = NULL;
	uint32_t seen = 0;

	text_addf(&sql, "SELECT %s FROM %s WHERE $1 <> '' AND %s ORDER BY 1", column, table,
		sim_chance(scene->sim, 80) ? scene->fits : "true");
	rows = db_query(scene->seat->cache, text_get(&sql), "t", scene->home->store);
	text_free(&sql);

	while (db_next(rows)) {
		if (sim_draw(scene->sim, ++seen) == 0) {
			free(chosen);
			chosen = text_copy(db_text(rows, 0));
		}
	}
	db_done(rows);
	return chosen;
}

static char *pick(struct scene *scene, const char *table)
{
	return pick_by(scene, "id", table);
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

static cJSON *data_outbound(struct scene *scene)
{
	cJSON *data = cJSON_CreateObject();
	const struct sim *sim = scene->sim;
	int to = (scene->home->index + 1) % sim->store_count;

	/* A copy of a home may send to its own store; that is refused. */
	cJSON_AddStringToObject(data, "to", sim->homes[to].store);
	cJSON_AddItemToObject(data, "lines", lines_of(scene->sim, false));
	return data;
}

static cJSON *data_movement(struct scene *scene)
{
	return about("movement", pick(scene, "movement"));
}

static cJSON *data_receive(struct scene *scene)
{
	cJSON *data = data_movement(scene);

	if (data)
		cJSON_AddItemToObject(data, "lines", lines_of(scene->sim, true));
	return data;
}

static cJSON *data_close(struct scene *scene)
{
	static const char *const reasons[] = {
		"not_sent", "miscounted", "came_back", "lost", "destroyed"};
	cJSON *data = data_movement(scene);

	if (data)
		cJSON_AddStringToObject(data, "reason", reasons[sim_draw(scene->sim, 5)]);
	return data;
}

static cJSON *data_new_sheet(struct scene *scene)
{
	cJSON *data = cJSON_CreateObject();
	bool full = sim_chance(scene->sim, 60);

	cJSON_AddStringToObject(data, "scope", full ? "full" : "partial");
	if (!full)
		cJSON_AddItemToObject(
			data, "categories", cJSON_CreateStringArray(&(const char *){"c1"}, 1));
	return data;
}

static cJSON *data_sheet(struct scene *scene)
{
	return about("stocktake", pick(scene, "stocktake"));
}

#define SIM_ZONES 3
#define SIM_CODES 2 /* that no catalogue knows */

static void add_zone(struct scene *scene, cJSON *data)
{
	char zone[16];

	snprintf(zone, sizeof zone, "Z%u", sim_draw(scene->sim, SIM_ZONES));
	cJSON_AddStringToObject(data, "zone", zone);
}

/* A screen says which pass and round it counts in; other programs may leave it to HQ. */
static void add_pass(struct scene *scene, cJSON *data)
{
	const char *sheet = json_text(data, "stocktake");

	cJSON_AddNumberToObject(data, "pass",
		(double)stocktake_zone_pass(scene->seat->cache, sheet, json_text(data, "zone")));
	cJSON_AddNumberToObject(data, "round",
		(double)db_get_int(scene->seat->cache, 1,
			"SELECT max(round, 1) FROM stocktake WHERE id = $1", "t", sheet));
}

static cJSON *data_count(struct scene *scene)
{
	cJSON *data = data_sheet(scene);
	char sku[16];

	if (!data)
		return NULL;
	if (sim_chance(scene->sim, 8))
		snprintf(sku, sizeof sku, "U%u", sim_draw(scene->sim, SIM_CODES));
	else
		snprintf(sku, sizeof sku, "S%u", sim_draw(scene->sim, SIM_SKUS));
	cJSON_AddStringToObject(data, "sku", sku);
	cJSON_AddNumberToObject(data, "qty", sim_draw(scene->sim, 25));
	cJSON_AddStringToObject(data, "mode", sim_chance(scene->sim, 50) ? "add" : "set");
	if (sim_chance(scene->sim, 50)) {
		add_zone(scene, data);
		if (sim_chance(scene->sim, 70))
			add_pass(scene, data);
	}
	return data;
}

static cJSON *data_claim(struct scene *scene)
{
	cJSON *data = data_sheet(scene);

	if (!data)
		return NULL;
	add_zone(scene, data);
	cJSON_AddBoolToObject(data, "again", sim_chance(scene->sim, 60));
	cJSON_AddBoolToObject(data, "take", sim_chance(scene->sim, 20));
	return data;
}

static cJSON *data_release(struct scene *scene)
{
	cJSON *data = data_sheet(scene);

	if (!data)
		return NULL;
	add_zone(scene, data);
	if (sim_chance(scene->sim, 30))
		cJSON_AddNumberToObject(data, "total", sim_draw(scene->sim, 60));
	return data;
}

static cJSON *data_resolve(struct scene *scene)
{
	cJSON *data = data_sheet(scene);
	char word[16];

	if (!data)
		return NULL;
	snprintf(word, sizeof word, "U%u", sim_draw(scene->sim, SIM_CODES));
	cJSON_AddStringToObject(data, "code", word);
	snprintf(word, sizeof word, "S%u", sim_draw(scene->sim, SIM_SKUS));
	cJSON_AddStringToObject(data, "sku", word);
	return data;
}

static cJSON *data_finish(struct scene *scene)
{
	cJSON *data = data_sheet(scene);

	if (data)
		cJSON_AddStringToObject(
			data, "uncounted", sim_chance(scene->sim, 50) ? "leave" : "zero");
	return data;
}

/* The sheet of a count, which is named too. */
static cJSON *data_of_count(struct scene *scene, char **count)
{
	*count = pick(scene, "count_entry");
	return about("stocktake",
		*count ? db_get_text(scene->seat->cache,
				 "SELECT stocktake FROM count_entry WHERE id = $1", "t", *count)
		       : NULL);
}

static cJSON *data_undo(struct scene *scene)
{
	char *count;
	cJSON *data = data_of_count(scene, &count);

	if (data)
		cJSON_AddStringToObject(data, "count", count);
	free(count);
	return data;
}

static cJSON *data_rezone(struct scene *scene)
{
	char *count;
	cJSON *data = data_of_count(scene, &count);

	if (data) {
		cJSON_AddItemToObject(
			data, "counts", cJSON_CreateStringArray(&(const char *){count}, 1));
		add_zone(scene, data);
	}
	free(count);
	return data;
}

static cJSON *data_adjust(struct scene *scene)
{
	static const char *const kinds[] = {
		"write_off", "found", "release_damaged", "write_off_damaged"};
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "kind", kinds[sim_draw(scene->sim, 4)]);
	cJSON_AddStringToObject(data, "reason", "broken");
	cJSON_AddItemToObject(data, "lines", lines_of(scene->sim, false));
	return data;
}

static cJSON *redemption(const char *code, const char *mode, const char *of)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "code", code);
	cJSON_AddNumberToObject(data, "qty", 1);
	cJSON_AddStringToObject(data, "mode", mode);
	if (of)
		cJSON_AddStringToObject(data, "of", of);
	return data;
}

static cJSON *data_redeem(struct scene *scene)
{
	char code[16];

	snprintf(code, sizeof code, "TICKET-%u", sim_draw(scene->sim, SIM_TICKETS));
	return redemption(code, sim_chance(scene->sim, 70) ? "online" : "offline", NULL);
}

static cJSON *data_void(struct scene *scene)
{
	cJSON *data = about("redemption", pick(scene, "redemption"));

	if (data)
		cJSON_AddStringToObject(data, "reason", "by mistake");
	return data;
}

static cJSON *data_settle(struct scene *scene)
{
	static const char *const outcomes[] = {"honour", "charge_back", "report"};
	cJSON *data = about("code", pick_by(scene, "code", "dossier"));

	if (data)
		cJSON_AddStringToObject(data, "outcome", outcomes[sim_draw(scene->sim, 3)]);
	return data;
}

/* A scan the terminal refuses by itself; `of`: HQ was asked first, and did not answer. */
static cJSON *refusal_of(const char *code, const char *of)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "code", code);
	cJSON_AddNumberToObject(data, "qty", 1);
	cJSON_AddStringToObject(data, "result", "needs_online");
	if (of)
		cJSON_AddStringToObject(data, "of", of);
	return data;
}

static cJSON *data_refused(struct scene *scene)
{
	char code[16];

	/* One more than there are is a ticket nobody knows. */
	snprintf(code, sizeof code, "TICKET-%u", sim_draw(scene->sim, SIM_TICKETS + 1));
	return refusal_of(code, NULL);
}

/* Numbers are few, so that two stores now and then place the same one. */
static cJSON *data_place(struct scene *scene)
{
	cJSON *data = cJSON_CreateObject();
	char number[16];

	snprintf(number, sizeof number, "N%u", sim_draw(scene->sim, 60));
	cJSON_AddStringToObject(data, "number", number);
	cJSON_AddStringToObject(data, "channel", SIM_CHANNEL);
	cJSON_AddItemToObject(data, "lines", lines_of(scene->sim, false));
	return data;
}

static cJSON *data_order(struct scene *scene)
{
	return about("order", pick_by(scene, "number", "sales_order"));
}

static cJSON *data_order_ship(struct scene *scene)
{
	cJSON *data = data_order(scene);

	if (data)
		cJSON_AddStringToObject(data, "store", scene->home->store);
	return data;
}

static cJSON *data_order_refund(struct scene *scene)
{
	cJSON *data = data_order(scene), *line;

	if (!data)
		return NULL;
	cJSON_AddItemToObject(data, "lines", lines_of(scene->sim, false));
	cJSON_ArrayForEach(line, cJSON_GetObjectItem(data, "lines"))
		cJSON_AddBoolToObject(line, "return_to_stock", sim_chance(scene->sim, 60));
	return data;
}

#define ORDER_LIVES "status NOT IN ('complete', 'closed', 'canceled')"
#define COUNTABLE "status IN ('counting', 'recounting')"

static const struct act {
	const char *op;
	uint32_t weight;
	cJSON *(*data)(struct scene *scene);
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
	{"stocktake.undo", 4, data_undo, "undone = 0"},
	{"stocktake.claim", 6, data_claim, COUNTABLE},
	{"stocktake.release", 4, data_release, COUNTABLE},
	{"stocktake.rezone", 2, data_rezone, "undone = 0"},
	{"stocktake.resolve", 2, data_resolve, COUNTABLE},
	{"stocktake.reverse", 1, data_sheet, "status = 'corrected'"},
	{"stock.adjust", 5, data_adjust, ""},
	{"ticket.redeem", 10, data_redeem, ""},
	{"ticket.void", 3, data_void, "store = $1 AND kind = 'redeem'"},
	{"ticket.refused", 2, data_refused, ""},
	{"ticket.settle", 3, data_settle, "status IN ('open', 'reported')"},
	{"order.place", 8, data_place, ""},
	{"order.pay", 2, data_order, "paid = 0"},
	{"order.hold", 1, data_order, ORDER_LIVES},
	{"order.release", 2, data_order, "flag <> ''"},
	{"order.invoice", 4, data_order, ORDER_LIVES},
	{"order.ship", 6, data_order_ship, ORDER_LIVES},
	{"order.cancel", 2, data_order, ORDER_LIVES},
	{"order.refund", 5, data_order_refund, "status IN ('processing', 'complete')"},
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

/* ---- doing it ---- */

int64_t sim_home_time(struct sim_home *home, struct console *seat)
{
	int64_t now_ms = home->sim->now_ms;

	return console_hq_time(seat, now_ms - home->boot_base_ms, now_ms + home->skew_ms);
}

static void remember(struct scene *scene, const struct console_verdict *verdict)
{
	struct sim *sim = scene->sim;
	struct sim_command *command = &sim->commands[sim->command_count];
	bool died = sim->processes[scene->process].dead;

	sim_note(sim, verdict->id, UUID_SIZE);
	sim_note(sim, &verdict->saved, sizeof verdict->saved);
	/* Nobody knows whether one was stored whose screen died over it. */
	if (!verdict->saved && !died)
		return;
	*command = (struct sim_command){.home = scene->home->index, .saved = verdict->saved};
	memcpy(command->id, verdict->id, UUID_SIZE);
	if (verdict->saved && !died)
		command->line = db_get_text(scene->seat->outbox,
			"SELECT line FROM command WHERE id = $1", "t", verdict->id);
	sim->command_count++;
}

static bool do_it(struct scene *scene, const char *op, cJSON *data, char id[UUID_SIZE])
{
	struct sim *sim = scene->sim;
	struct sim_home *home = scene->home;
	const char *actor = sim_chance(sim, 85) ? "boss" : "anna";
	struct console_verdict verdict;

	if (!data || sim->command_count == SIM_COMMANDS_MAX) {
		cJSON_Delete(data);
		return false;
	}
	console_do(scene->seat, op, home->store, actor, data, sim_home_time(home, scene->seat),
		&verdict);
	sim_tell(sim, "%s does %s: %s %s", home->folder, op, verdict.saved ? "saved" : "not saved",
		verdict.message);
	remember(scene, &verdict);
	memcpy(id, verdict.id, UUID_SIZE);
	if (!verdict.saved && verdict.refusal == REFUSAL_FAULT && !sim_disk_bad(home) &&
		!sim->processes[scene->process].dead)
		sim_fail(sim, "%s %s: %s", home->store, op, verdict.message);
	console_verdict_free(&verdict);
	sync_poke(&home->syncer);
	home->wake_ms = sim->now_ms;
	return verdict.saved;
}

/* No answer in time: the redemption is done offline, in the same breath as HQ may be doing it, or the scan is
 * refused. */
static void fall_back(struct scene *scene)
{
	struct sim_home *home = scene->home;
	char *answer = console_verdict_of(scene->seat, home->late.id), id[UUID_SIZE];
	bool refuses = sim_chance(scene->sim, 15);

	if (!answer && refuses)
		do_it(scene, "ticket.refused", refusal_of(home->late.code, home->late.id), id);
	else if (!answer)
		do_it(scene, "ticket.redeem", redemption(home->late.code, "offline", home->late.id),
			id);
	free(answer);
	home->late.id[0] = '\0';
}

static void act(struct scene *scene)
{
	size_t drawn = draw_act(scene->sim);
	struct sim_home *home = scene->home;
	cJSON *data;
	char id[UUID_SIZE], code[16] = "";

	scene->fits = acts[drawn].fits;
	data = scene->seat->cache ? acts[drawn].data(scene) : NULL;
	if (data && json_text(data, "code") && json_text(data, "mode") &&
		strcmp(json_text(data, "mode"), "online") == 0)
		snprintf(code, sizeof code, "%s", json_text(data, "code"));
	if (!do_it(scene, acts[drawn].op, data, id) || code[0] == '\0')
		return;
	memcpy(home->late.id, id, UUID_SIZE);
	memcpy(home->late.code, code, sizeof code);
	home->late.due_ms = scene->sim->now_ms + PATIENCE_MS;
}

void sim_act(struct sim_home *home)
{
	struct sim *sim = home->sim;
	int at = (int)sim_draw(sim, (uint32_t)home->seat_count);
	struct scene scene = {
		.sim = sim, .home = home, .seat = &home->seats[at], .process = sim_seat(home, at)};
	int before = sim_enter(sim, scene.process);

	console_changed(scene.seat);
	console_catch_up(scene.seat, sim_home_time(home, scene.seat));
	if (!sim->processes[scene.process].dead)
		sim_rule_5_screen(home, scene.seat, false);
	if (home->late.id[0] != '\0' && home->late.due_ms <= sim->now_ms)
		fall_back(&scene);
	if (home->next_command_ms <= sim->now_ms)
		act(&scene);
	sim_enter(sim, before);
}
