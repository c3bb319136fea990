#include "tests/goods_world.h"

#include "model/json.h"
#include "model/when.h"
#include "tests/folder.h"
#include "tests/memory_disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define START_MS INT64_C(1795000000000)
#define TURNS_MAX 2000
#define ASKED_MOST 3

/* console and HQ take their random bytes from a function without context. */
static struct goods_world *running;

/* splitmix64 */
static uint64_t draw(struct goods_world *world)
{
	uint64_t z = (world->random += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

int goods_draw(struct goods_world *world, int below)
{
	return (int)((draw(world) >> 33) % (uint64_t)below);
}

static void random_bytes(void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)bytes)[i] = (uint8_t)draw(running);
}

/* ---- HQ ---- */

static void open_hq(struct goods_world *world, bool create)
{
	char url[400], error[300] = "";
	struct hq_options options = {.url = url,
		.vfs = disk_vfs(),
		.create = create,
		.relaxed = true,
		.random = random_bytes};

	snprintf(url, sizeof url, "sqlite:%s", world->hq_file);
	world->hq = hq_open(&options, error, sizeof error);
	if (!world->hq || !hq_start(world->hq))
		fail_msg("HQ does not start: %s", error);
	world->look = db_open(world->hq_file,
		&(struct db_options){.must_exist = true, .busy_ms = 1000, .vfs = disk_vfs()}, error,
		sizeof error);
	if (!world->look)
		fail_msg("HQ's database: %s", error);
}

static void close_hq(struct goods_world *world)
{
	db_close(world->look);
	hq_close(world->hq);
	world->look = NULL;
	world->hq = NULL;
}

static char *bearer(const char *token)
{
	struct text text = TEXT_INIT(TEXT_SMALL);

	text_addf(&text, "Bearer %s", token);
	return text_take(&text);
}

static void ask(struct goods_world *world, struct hq_request *request, const char *token,
	struct hq_answer *answer)
{
	char *authorization = token ? bearer(token) : NULL;

	request->authorization = authorization;
	hq_handle(world->hq, request, answer, world->now_ms);
	free(authorization);
}

/* The body, if HQ has no objections. */
static char *ask_for_body(struct goods_world *world, struct hq_request *request, const char *token)
{
	struct hq_answer answer;
	char *body;

	ask(world, request, token, &answer);
	body = text_copy(text_get(&answer.body));
	if (answer.status != 200)
		fail_msg("HQ answers %d: %s", answer.status, body);
	hq_answer_free(&answer);
	return body;
}

char *goods_post(struct goods_world *world, const char *token, const char *lines)
{
	struct hq_request request = {.method = "POST",
		.path = "/v1/commands",
		.content_type = "application/x-ndjson",
		.body = lines,
		.body_length = strlen(lines)};

	return ask_for_body(world, &request, token);
}

char *goods_get(struct goods_world *world, const char *path, const char *query)
{
	struct hq_request request = {.method = "GET", .path = path, .query = query};

	return ask_for_body(world, &request, world->token);
}

char *goods_line(struct goods_world *world, const char *op, const char *store, const char *data,
	char id[UUID_SIZE])
{
	struct text line = TEXT_INIT(TEXT_LARGE);
	char at[WHEN_SIZE];
	uint8_t bytes[10];

	random_bytes(bytes, sizeof bytes);
	uuid_make(&world->ids, world->now_ms, bytes, id);
	when_format(world->now_ms, at);
	text_addf(
		&line, "{\"id\":\"%s\",\"op\":\"%s\",\"v\":1,\"at\":\"%s\",\"store\":", id, op, at);
	text_add_json(&line, store);
	text_add(&line, ",\"actor\":");
	text_add_json(&line, world->actor);
	text_add(&line, ",\"data\":");
	for (; *data; data++)
		text_add_bytes(&line, *data == '\'' ? "\"" : data, 1);
	text_add(&line, "}\n");
	return text_take(&line);
}

bool goods_office(struct goods_world *world, const char *op, const char *store, const char *data,
	char id[UUID_SIZE])
{
	char made[UUID_SIZE];
	char *line = goods_line(world, op, store, data, made);
	char *answer = goods_post(world, world->token, line);
	bool applied = strstr(answer, "\"status\":\"applied\"") != NULL;

	if (id)
		memcpy(id, made, UUID_SIZE);
	free(answer);
	free(line);
	return applied;
}

/* ---- the line ---- */

static void slot_clear(struct goods_slot *slot)
{
	free(slot->path);
	free(slot->epoch);
	free(slot->etag);
	free(slot->token);
	if (slot->answered)
		text_free(&slot->response.body);
	memset(slot, 0, sizeof *slot);
}

/* Asks HQ; a long-poll may be left without an answer. */
static void slot_ask(
	struct goods_home *home, struct goods_slot *slot, const char *body, size_t length)
{
	struct goods_world *world = home->world;
	char *path = text_copy(slot->path), *question = strchr(path, '?');
	struct hq_request request = {.method = body ? "POST" : "GET",
		.path = path,
		.query = question ? question + 1 : NULL,
		.epoch = slot->epoch,
		.if_none_match = slot->etag,
		.content_type = body ? "application/x-ndjson" : NULL,
		.body = body,
		.body_length = length,
		.waited_ms = world->now_ms - slot->began_ms};
	struct hq_answer answer;

	if (question)
		*question = '\0';
	ask(world, &request, slot->token, &answer);
	slot->answered = answer.status != 0;
	if (slot->answered) {
		struct response *response = &slot->response;

		*response = (struct response){.status = answer.status,
			.retry_after_ms = -1,
			.body = TEXT_INIT(TEXT_LARGE)};
		text_add_bytes(&response->body, text_get(&answer.body), answer.body.length);
		snprintf(response->etag, sizeof response->etag, "%s", answer.etag);
		snprintf(response->type, sizeof response->type, "%s",
			answer.content_type ? answer.content_type : "");
	}
	hq_answer_free(&answer);
	free(path);
}

/* The connection ends before the answer, or before the request. */
static bool is_cut(struct goods_home *home, struct goods_slot *slot, const struct request *request)
{
	struct goods_world *world = home->world;

	if (world->cuts == 0 || goods_draw(world, world->cuts) > 0)
		return false;
	if (goods_draw(world, 2) == 0) {
		slot_ask(home, slot, request->body, request->length);
		if (slot->answered)
			text_free(&slot->response.body);
	}
	slot->answered = true;
	slot->response = (struct response){
		.fault = FAULT_CUT, .retry_after_ms = -1, .body = TEXT_INIT(TEXT_SMALL)};
	return true;
}

static char *copy_if(const char *string)
{
	return string && *string ? text_copy(string) : NULL;
}

static void line_submit(void *ctx, enum transport_slot at, const struct request *request)
{
	struct goods_home *home = ctx;
	struct goods_slot *slot = &home->slots[at];

	*slot = (struct goods_slot){.busy = true,
		.path = text_copy(request->path),
		.epoch = copy_if(request->epoch),
		.etag = copy_if(request->etag),
		.token = copy_if(request->token),
		.began_ms = home->world->now_ms};
	if (!is_cut(home, slot, request))
		slot_ask(home, slot, request->body, request->length);
}

static bool line_take(void *ctx, enum transport_slot at, struct response *response)
{
	struct goods_home *home = ctx;
	struct goods_slot *slot = &home->slots[at];

	if (slot->busy && !slot->answered)
		slot_ask(home, slot, NULL, 0);
	if (!slot->answered)
		return false;
	*response = slot->response;
	slot->answered = false;
	slot_clear(slot);
	return true;
}

static void line_cancel(void *ctx, enum transport_slot at)
{
	slot_clear(&((struct goods_home *)ctx)->slots[at]);
}

/* ---- homes ---- */

static void env_random(void *ctx, void *bytes, size_t size)
{
	(void)ctx;
	random_bytes(bytes, size);
}

static int64_t env_boot_ms(void *ctx)
{
	return ((struct goods_home *)ctx)->world->now_ms;
}

static void env_changed(void *ctx)
{
	(void)ctx; /* the test looks by itself */
}

static void open_home(struct goods_home *home)
{
	struct sync_env env = {.transport = {.ctx = home,
				       .submit = line_submit,
				       .take = line_take,
				       .cancel = line_cancel},
		.ctx = home,
		.random = env_random,
		.boot_ms = env_boot_ms,
		.changed = env_changed};
	char error[300];

	home->console.random = random_bytes;
	if (!console_open(&home->console, home->folder, disk_vfs(), error, sizeof error))
		fail_msg("%s", error);
	sync_init(&home->syncer, &home->console, &env);
}

static void close_home(struct goods_home *home)
{
	sync_free(&home->syncer);
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		slot_clear(&home->slots[slot]);
	console_close(&home->console);
}

static void enrol(struct goods_home *home)
{
	struct goods_world *world = home->world;
	char code[HQ_SECRET_SIZE], error[200], body[200];
	const char *store = home->store;
	struct hq_answer answer;

	assert_true(
		hq_make_enrol_code(world->hq, &store, 1, world->now_ms, code, error, sizeof error));
	snprintf(body, sizeof body, "{\"code\":\"%s\"}", code);
	ask(world,
		&(struct hq_request){.method = "POST",
			.path = "/v1/enrol",
			.content_type = "application/json",
			.body = body,
			.body_length = strlen(body)},
		NULL, &answer);
	assert_int_equal(answer.status, 200);
	cJSON *json = json_parse(text_get(&answer.body), answer.body.length, error, sizeof error);
	assert_true(console_enrol(&home->console, "http://127.0.0.1", json_text(json, "token"),
		json_text(json, "device"), &store, 1));
	cJSON_Delete(json);
	hq_answer_free(&answer);
	goods_sync(home);
}

void goods_restart(struct goods_home *home, bool cache_lost)
{
	char cache[320];

	close_home(home);
	snprintf(cache, sizeof cache, "%s/cache.db", home->folder);
	if (cache_lost)
		assert_true(db_remove(cache, disk_vfs()));
	open_home(home);
}

static bool has_answer(const struct goods_home *home)
{
	return home->slots[SLOT_PUSH].answered || home->slots[SLOT_PULL].answered;
}

void goods_step(struct goods_home *home, int steps)
{
	struct goods_world *world = home->world;

	for (int i = 0; i < steps; i++) {
		int64_t wake_ms = sync_step(
			&home->syncer, (struct sync_time){world->now_ms, world->now_ms});
		bool waits = !has_answer(home) && wake_ms > world->now_ms + 1;

		world->now_ms += waits && wake_ms < world->now_ms + 1000 ? wake_ms - world->now_ms
									 : 1 + (waits ? 999 : 0);
	}
}

void goods_sync(struct goods_home *home)
{
	/* One that stood still for long takes what it had under way for lost, and says so once. */
	int asked = 0, cuts = home->world->cuts;

	home->world->cuts = 0;
	do {
		sync_ask(&home->syncer);
		for (int i = 0; i < TURNS_MAX && sync_answer(&home->syncer) == SYNC_WORKING; i++)
			goods_step(home, 1);
	} while (sync_answer(&home->syncer) != SYNC_DONE && ++asked < ASKED_MOST);
	home->world->cuts = cuts;
	if (sync_answer(&home->syncer) != SYNC_DONE)
		fail_msg("%s does not come to rest: %s", home->store, sync_trouble(&home->syncer));
	if (home->syncer.resyncs > 0)
		fail_msg("%s landed rows whose sums are not HQ's", home->store);
}

/* ---- the beginning, made once ---- */

static struct {
	bool made;
	struct disk_image hq, outboxes[GOODS_HOMES], caches[GOODS_HOMES];
	char token[HQ_SECRET_SIZE];
} beginning;

__attribute__((format(printf, 3, 4))) static void office_format(
	struct goods_world *world, const char *op, const char *format, ...)
{
	char data[1000];
	va_list args;

	va_start(args, format);
	vsnprintf(data, sizeof data, format, args);
	va_end(args);
	if (!goods_office(world, op, NULL, data, NULL))
		fail_msg("%s %s was refused", op, data);
}

static void populate(struct goods_world *world)
{
	office_format(world, "product.put", "{'sku':'N0','name':'New'}");
	for (int sku = 0; sku < 5; sku++)
		office_format(world, "product.put", "{'sku':'A%d','name':'Thing %d'}", sku, sku);
	for (int i = 0; i < GOODS_STORES; i++) {
		office_format(world, "store.put", "{'id':'g%d','name':'Store %d','kind':'%s'}", i,
			i, i == 0 ? "online" : "shop");
		office_format(world, "staff.put",
			"{'id':'b%d','name':'Boss','role':'manager','stores':['g%d']}", i, i);
		office_format(world, "staff.put",
			"{'id':'c%d','name':'Clerk','role':'clerk','stores':['g%d']}", i, i);
		for (int sku = 0; sku < 5; sku++)
			office_format(world, "stock.open",
				"{'store':'g%d','lines':[{'sku':'A%d','qty':20}]}", i, sku);
	}
}

static void home_files(const struct goods_home *home, char outbox[320], char cache[320])
{
	snprintf(outbox, 320, "%s/outbox.db", home->folder);
	snprintf(cache, 320, "%s/cache.db", home->folder);
}

static void make_beginning(struct goods_world *world)
{
	char outbox[320], cache[320], error[200];

	open_hq(world, true);
	assert_true(hq_make_token(world->hq, &(struct hq_token_wish){.role = "hq"}, world->now_ms,
		world->token, error, sizeof error));
	memcpy(beginning.token, world->token, sizeof beginning.token);
	populate(world);
	for (int i = 0; i < GOODS_HOMES; i++) {
		struct goods_home *home = &world->homes[i];

		open_home(home);
		enrol(home);
		close_home(home);
		home_files(home, outbox, cache);
		assert_true(disk_save(outbox, &beginning.outboxes[i]));
		assert_true(disk_save(cache, &beginning.caches[i]));
	}
	close_hq(world);
	assert_true(disk_save(world->hq_file, &beginning.hq));
	beginning.made = true;
}

static void place_homes(struct goods_world *world)
{
	for (int i = 0; i < GOODS_HOMES; i++) {
		struct goods_home *home = &world->homes[i];
		int store = i % GOODS_STORES;

		home->world = world;
		snprintf(home->store, sizeof home->store, "g%d", store);
		snprintf(home->manager, sizeof home->manager, "b%d", store);
		snprintf(home->clerk, sizeof home->clerk, "c%d", store);
		snprintf(home->folder, sizeof home->folder, "%s/home%d", world->folder, i);
		mkdir(home->folder, 0700);
	}
}

void goods_open(struct goods_world *world, uint64_t seed, bool homes)
{
	char outbox[320], cache[320];

	memset(world, 0, sizeof *world);
	running = world;
	world->now_ms = START_MS;
	world->actor = "office";
	folder_make(world->folder, sizeof world->folder);
	snprintf(world->hq_file, sizeof world->hq_file, "%s/hq.db", world->folder);
	place_homes(world);
	if (!beginning.made)
		make_beginning(world);
	world->random = seed * UINT64_C(0xD1342543DE82EF95);
	world->now_ms = START_MS + 3600000;
	memcpy(world->token, beginning.token, sizeof world->token);
	disk_load(world->hq_file, &beginning.hq);
	open_hq(world, false);
	for (int i = 0; homes && i < GOODS_HOMES; i++) {
		home_files(&world->homes[i], outbox, cache);
		disk_load(outbox, &beginning.outboxes[i]);
		disk_load(cache, &beginning.caches[i]);
		open_home(&world->homes[i]);
		world->home_count++;
	}
}

void goods_close(struct goods_world *world)
{
	for (int i = 0; i < world->home_count; i++)
		close_home(&world->homes[i]);
	close_hq(world);
	disk_forget();
	folder_remove(world->folder);
}

/* ---- moments ---- */

struct goods_moment {
	struct disk_image hq;
	int64_t now_ms;
};

struct goods_moment *goods_keep(struct goods_world *world)
{
	struct goods_moment *moment = calloc(1, sizeof *moment);

	assert_non_null(moment);
	moment->now_ms = world->now_ms;
	close_hq(world);
	assert_true(disk_save(world->hq_file, &moment->hq));
	open_hq(world, false);
	return moment;
}

void goods_go_back(struct goods_world *world, const struct goods_moment *moment)
{
	close_hq(world);
	assert_true(db_remove(world->hq_file, disk_vfs()));
	disk_load(world->hq_file, &moment->hq);
	world->now_ms = moment->now_ms;
	open_hq(world, false);
}

void goods_forget(struct goods_moment *moment)
{
	disk_image_free(&moment->hq);
	free(moment);
}
