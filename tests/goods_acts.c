#include "tests/goods_acts.h"

#include "model/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MOST 3

static const char *const skus[] = {
	"A0", "A1", "A2", "A3", "A4", "N0", "ZZ"}; /* ZZ: in no catalogue */
#define SKUS ((int)(sizeof skus / sizeof *skus))

static const char *const reasons[] = {"not_sent", "miscounted", "came_back", "lost", "destroyed"};
#define REASONS ((int)(sizeof reasons / sizeof *reasons))

/* Somebody about to do something. */
struct scene {
	struct goods_world *world;
	struct goods_home *home;
	struct db *cache;
	const char *fits;
	char *doc; /* the one that was picked */
};

static bool chance(struct scene *scene, int percent)
{
	return goods_draw(scene->world, 100) < percent;
}

/* ---- what they do it to ---- */

/* One of the ids a query gives, $1 being this store. NULL if it gives none. */
static char *pick_of(struct scene *scene, struct db *db, const char *sql)
{
	struct db_rows *rows = db_query(db, sql, "t", scene->home->store);
	char *chosen = NULL;

	for (int seen = 1; db_next(rows); seen++) {
		if (goods_draw(scene->world, seen) > 0)
			continue;
		free(chosen);
		chosen = text_copy(db_text(rows, 0));
	}
	db_done(rows);
	return chosen;
}

/* A document of the home's cache, mostly one that fits. Now and then the paper that came with the goods
 * names one that only HQ knows, or that nobody has told HQ about. */
static void pick(struct scene *scene, const char *table)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	bool fits = chance(scene, 85);
	struct db *db = scene->cache;

	if (!fits && chance(scene, 30))
		db = chance(scene, 50)
			? scene->world->look
			: scene->world->homes[goods_draw(scene->world, GOODS_HOMES)].console.cache;
	text_addf(&sql, "SELECT id FROM %s WHERE $1 <> '' AND %s ORDER BY id", table,
		fits ? scene->fits : "true");
	scene->doc = pick_of(scene, db, text_get(&sql));
	text_free(&sql);
}

/* ---- lines ---- */

static void add_line(cJSON *lines, const char *sku, int64_t qty, int64_t damaged)
{
	cJSON *line = cJSON_CreateObject();

	cJSON_AddStringToObject(line, "sku", sku);
	cJSON_AddNumberToObject(line, "qty", (double)qty / 1000);
	if (damaged > 0)
		cJSON_AddNumberToObject(line, "damaged", (double)damaged / 1000);
	cJSON_AddItemToArray(lines, line);
}

static int64_t some(struct scene *scene, int64_t most)
{
	int64_t halves = most / 500;

	return halves > 1 ? 500 * (1 + goods_draw(scene->world, (int)halves)) : 500;
}

static cJSON *any_lines(struct scene *scene, bool damaged)
{
	cJSON *lines = cJSON_CreateArray();
	int count = 1 + goods_draw(scene->world, LINES_MOST);

	for (int i = 0; i < count; i++) {
		/* Mostly goods that are there. */
		const char *sku = skus[goods_draw(scene->world, chance(scene, 80) ? 5 : SKUS)];
		int64_t qty = some(scene, 12000);

		add_line(lines, sku, qty, damaged && chance(scene, 25) ? some(scene, qty) : 0);
	}
	return lines;
}

/* What the lines of the document still lack in a figure, as this home sees it: all of it or a part. */
static cJSON *lacking_lines(struct scene *scene, const char *sql, bool damaged)
{
	cJSON *lines = cJSON_CreateArray();
	struct db_rows *rows = db_query(scene->cache, sql, "t", scene->doc);
	bool whole = chance(scene, 50);

	while (db_next(rows)) {
		int64_t qty = whole ? db_int(rows, 1) : some(scene, db_int(rows, 1));

		if (whole || chance(scene, 70))
			add_line(lines, db_text(rows, 0), qty,
				damaged && chance(scene, 20) ? some(scene, qty) : 0);
	}
	db_done(rows);
	if (cJSON_GetArraySize(lines) > 0)
		return lines;
	cJSON_Delete(lines);
	return any_lines(scene, damaged);
}

/* ---- data of commands; NULL: there is nothing to do it to ---- */

static cJSON *about(struct scene *scene, const char *field, const char *table)
{
	cJSON *data;

	pick(scene, table);
	if (!scene->doc)
		return NULL;
	data = cJSON_CreateObject();
	cJSON_AddStringToObject(data, field, scene->doc);
	return data;
}

static cJSON *data_movement(struct scene *scene)
{
	return about(scene, "movement", "movement");
}

static cJSON *data_transfer(struct scene *scene)
{
	return about(scene, "transfer", "transfer");
}

static cJSON *new_document(struct scene *scene, const char *where, bool party)
{
	cJSON *data = cJSON_CreateObject();
	char store[8];

	snprintf(store, sizeof store, "g%d", goods_draw(scene->world, GOODS_STORES));
	cJSON_AddStringToObject(data, where, party ? "Luma" : store);
	cJSON_AddStringToObject(data, "note", "by hand");
	cJSON_AddItemToObject(data, "lines", any_lines(scene, false));
	return data;
}

static cJSON *data_outbound(struct scene *scene)
{
	return new_document(scene, "to", false);
}

static cJSON *data_sell(struct scene *scene)
{
	return new_document(scene, "third_party", true);
}

static cJSON *data_ask(struct scene *scene)
{
	return new_document(scene, "from", false);
}

static cJSON *data_ship(struct scene *scene)
{
	cJSON *data = data_movement(scene);

	if (data && chance(scene, 50))
		cJSON_AddItemToObject(data, "lines",
			lacking_lines(scene,
				"SELECT sku, ordered - shipped FROM movement_line WHERE movement = $1"
				" AND ordered > shipped ORDER BY sku",
				chance(scene, 20)));
	return data;
}

static cJSON *data_receive(struct scene *scene)
{
	cJSON *data = data_movement(scene);

	if (!data)
		return NULL;
	cJSON_AddItemToObject(data, "lines",
		chance(scene, 75)
			? lacking_lines(scene,
				  "SELECT sku, max(ordered, shipped) - received FROM movement_line"
				  " WHERE movement = $1 AND max(ordered, shipped) > received ORDER BY sku",
				  true)
			: any_lines(scene, true));
	return data;
}

static cJSON *data_close(struct scene *scene)
{
	cJSON *data = data_movement(scene), *lines;
	struct db_rows *rows;

	if (!data)
		return NULL;
	if (chance(scene, 70))
		cJSON_AddStringToObject(data, "reason", reasons[goods_draw(scene->world, REASONS)]);
	if (chance(scene, 50))
		return data;
	lines = cJSON_AddArrayToObject(data, "lines");
	rows = db_query(
		scene->cache, "SELECT sku FROM movement_line WHERE movement = $1", "t", scene->doc);
	while (db_next(rows)) {
		cJSON *line = cJSON_CreateObject();

		cJSON_AddStringToObject(line, "sku", db_text(rows, 0));
		cJSON_AddStringToObject(line, "reason", reasons[goods_draw(scene->world, REASONS)]);
		cJSON_AddItemToArray(lines, line);
	}
	db_done(rows);
	return data;
}

static cJSON *data_agree(struct scene *scene)
{
	cJSON *data = data_transfer(scene);

	if (data && chance(scene, 50))
		cJSON_AddItemToObject(data, "lines",
			lacking_lines(scene,
				"SELECT sku, ordered FROM transfer_line WHERE transfer = $1 ORDER BY sku",
				false));
	return data;
}

static cJSON *data_adjust(struct scene *scene)
{
	static const char *const kinds[] = {
		"write_off", "found", "release_damaged", "write_off_damaged"};
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "kind", kinds[goods_draw(scene->world, 4)]);
	cJSON_AddStringToObject(data, "reason", "seen on the shelf");
	cJSON_AddItemToObject(data, "lines", any_lines(scene, false));
	return data;
}

static const struct act {
	const char *op;
	int weight;
	cJSON *(*data)(struct scene *scene);
	const char *fits;
} acts[] = {
	{"outbound.create", 14, data_outbound, ""},
	{"outbound.create", 4, data_sell, ""},
	{"inbound.create", 6, data_sell, ""},
	{"inbound.accept", 14, data_movement, "to_store = $1 AND status = 'pending'"},
	{"inbound.reject", 4, data_movement, "to_store = $1 AND status = 'pending'"},
	{"outbound.cancel", 4, data_movement,
		"from_store = $1 AND status IN ('pending', 'accepted')"},
	{"outbound.ship", 22, data_ship, "from_store = $1 AND status = 'accepted'"},
	{"inbound.arrive", 8, data_movement, "to_store = $1 AND status IN ('accepted', 'shipped')"},
	{"inbound.receive", 24, data_receive,
		"to_store = $1 AND status IN ('accepted', 'shipped', 'arrived', 'partial')"},
	{"inbound.receive", 5, data_receive,
		"to_store = $1 AND status IN ('pending', 'received', 'cancelled', 'rejected')"},
	{"inbound.receive", 6, data_receive,
		"to_store = $1 AND id IN (SELECT movement FROM movement_line WHERE written_off + "
		"sent_back > 0)"},
	{"inbound.close", 10, data_close,
		"to_store = $1 AND status IN ('shipped', 'arrived', 'partial')"},
	{"transfer.request", 8, data_ask, ""},
	{"transfer.agree", 8, data_agree, "from_store = $1 AND status = 'pending'"},
	{"transfer.refuse", 4, data_transfer, "from_store = $1 AND status = 'pending'"},
	{"transfer.cancel", 3, data_transfer, "to_store = $1 AND status = 'pending'"},
	{"stock.adjust", 10, data_adjust, ""},
};
#define ACTS ((int)(sizeof acts / sizeof *acts))

static const struct act *draw_act(struct goods_world *world)
{
	int all = 0, drawn, i = 0;

	for (int j = 0; j < ACTS; j++)
		all += acts[j].weight;
	for (drawn = goods_draw(world, all); drawn >= acts[i].weight; i++)
		drawn -= acts[i].weight;
	return &acts[i];
}

/* ---- what is remembered of it ---- */

struct goods_tally *goods_tallies(int *count)
{
	static struct goods_tally tallies[] = {{.op = "outbound.create"}, {.op = "inbound.create"},
		{.op = "inbound.accept"}, {.op = "inbound.reject"}, {.op = "outbound.cancel"},
		{.op = "outbound.ship"}, {.op = "inbound.arrive"}, {.op = "inbound.receive"},
		{.op = "inbound.close"}, {.op = "transfer.request"}, {.op = "transfer.agree"},
		{.op = "transfer.refuse"}, {.op = "transfer.cancel"}, {.op = "stock.adjust"}};

	*count = (int)(sizeof tallies / sizeof *tallies);
	return tallies;
}

static void note(const char *op, bool saved)
{
	int count;
	struct goods_tally *tallies = goods_tallies(&count);

	for (int i = 0; i < count; i++)
		if (strcmp(tallies[i].op, op) == 0)
			(*(saved ? &tallies[i].saved : &tallies[i].unsaved))++;
}

void goods_begin_telling(struct goods_world *world)
{
	db_run(world->look,
		"CREATE TEMP TABLE told(command TEXT, kind TEXT, doc TEXT, sku TEXT, qty INTEGER,"
		" damaged INTEGER)",
		"");
	db_run(world->look,
		"INSERT INTO temp.told SELECT id, 'opened', '', sku, on_hand, 0 FROM"
		" (SELECT 'start' AS id, sku, SUM(on_hand) AS on_hand FROM stock GROUP BY sku)",
		"");
}

static void tell(struct goods_world *world, const char *id, const char *kind, const cJSON *data)
{
	const char *doc = json_text(data, "movement"), *how = json_text(data, "kind");
	/* What an adjustment adds to the goods of its store, damaged ones included. */
	int sign = !how || strcmp(how, "found") == 0             ? 1
		: strncmp(how, "write_off", strlen("write_off")) ? 0
								 : -1;
	const cJSON *line;

	cJSON_ArrayForEach(line, json_list(data, "lines"))
	{
		int64_t qty = 0, damaged = 0;

		json_qty_of(line, "qty", &qty);
		json_qty_of(line, "damaged", &damaged);
		db_run(world->look, "INSERT INTO temp.told VALUES ($1, $2, $3, $4, $5, $6)",
			"ttttii", id, kind, doc ? doc : "", json_text(line, "sku"), sign * qty,
			damaged);
	}
}

/* ---- doing it ---- */

/* No terminal makes such a thing, but `countertop do` may be told to. */
static void spoil(struct scene *scene, cJSON *data)
{
	cJSON *lines = cJSON_GetObjectItemCaseSensitive(data, "lines");
	cJSON *first = cJSON_GetArrayItem(lines, 0);
	static const double bad[] = {0, -1, 0.0005, 1e18};

	cJSON_DeleteItemFromObjectCaseSensitive(first, "qty");
	if (first)
		cJSON_AddNumberToObject(first, "qty", bad[goods_draw(scene->world, 4)]);
	else
		cJSON_AddItemToObject(data, "lines", cJSON_CreateString("all"));
}

static const char *somebody(struct scene *scene)
{
	struct goods_world *world = scene->world;

	if (chance(scene, 3)) /* of any store */
		return world->homes[goods_draw(world, GOODS_HOMES)].manager;
	return chance(scene, 88) ? scene->home->manager : scene->home->clerk;
}

static void do_it(struct scene *scene, const char *op, cJSON *data)
{
	struct goods_world *world = scene->world;
	struct console_verdict verdict;
	cJSON *copy = cJSON_Duplicate(data, true);
	bool adjusts = strcmp(op, "stock.adjust") == 0;

	console_do(&scene->home->console, op, scene->home->store, somebody(scene), data,
		world->now_ms, &verdict);
	if (verdict.refusal == REFUSAL_FAULT || verdict.refusal == REFUSAL_BUSY)
		fail_msg("%s at %s: %s", op, scene->home->store, verdict.message);
	note(op, verdict.saved);
	if (verdict.saved && (adjusts || strcmp(op, "inbound.receive") == 0))
		tell(world, verdict.id, adjusts ? "adjusted" : "received", copy);
	cJSON_Delete(copy);
	console_verdict_free(&verdict);
	sync_poke(&scene->home->syncer);
	world->now_ms += 1 + goods_draw(world, 60000);
}

/* Several orders at once, as an import makes them. */
static void do_several(struct scene *scene)
{
	struct console_task tasks[3];
	struct console_batch batch = {.store = scene->home->store,
		.actor = scene->home->manager,
		.tasks = tasks,
		.count = 3};
	struct console_verdict verdict;

	for (int i = 0; i < batch.count; i++) {
		bool buys = chance(scene, 30);

		tasks[i] = (struct console_task){buys ? "inbound.create" : "outbound.create",
			buys ? data_sell(scene) : data_outbound(scene)};
	}
	console_do_all(&scene->home->console, &batch, scene->world->now_ms, &verdict);
	console_verdict_free(&verdict);
}

void goods_act(struct goods_home *home)
{
	struct scene scene = {.world = home->world, .home = home, .cache = home->console.cache};
	const struct act *act = draw_act(home->world);

	if (chance(&scene, 3)) {
		do_several(&scene);
		return;
	}
	scene.fits = act->fits[0] ? act->fits : "true";
	cJSON *data = act->data(&scene);
	if (data && chance(&scene, 3))
		spoil(&scene, data);
	if (data)
		do_it(&scene, act->op, data);
	free(scene.doc);
}

void goods_act_office(struct goods_world *world)
{
	const char *sku = skus[goods_draw(world, SKUS)];
	int store = goods_draw(world, GOODS_STORES), qty = goods_draw(world, 9);
	char data[200], id[UUID_SIZE];

	snprintf(data, sizeof data, "{'store':'g%d','lines':[{'sku':'%s','qty':%d}]}", store, sku,
		qty);
	if (goods_office(world, "stock.open", NULL, data, id))
		db_run(world->look, "INSERT INTO temp.told VALUES ($1, 'opened', '', $2, $3, 0)",
			"tti", id, sku, (int64_t)qty * 1000);
}
