#include "tests/folder.h"
#include "tests/sync_world.h"

#include "model/db.h"
#include "model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_MS INT64_C(1795000000000)

static uint8_t next_random;

static void console_random(void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)bytes)[i] = next_random++;
}

static void env_random(void *ctx, void *bytes, size_t size)
{
	const struct sync_world *world = ctx;

	memset(bytes, 0, size);
	memcpy(bytes, &world->jitter, size < sizeof world->jitter ? size : sizeof world->jitter);
}

static int64_t env_boot_ms(void *ctx)
{
	struct sync_world *world = ctx;

	world->now_ms += world->land_cost_ms;
	return world->now_ms;
}

static void env_changed(void *ctx)
{
	struct sync_world *world = ctx;

	world->changes++;
}

/* ---- the transport ---- */

static void submit(void *ctx, enum transport_slot slot, const struct request *request)
{
	struct sync_world *world = ctx;

	assert_false(world->slots[slot].asked);
	world->slots[slot].asked = true;
	world->slots[slot].fresh = request->fresh;
	world->slots[slot].bytes = 0;
	snprintf(world->slots[slot].path, sizeof world->slots[slot].path, "%s", request->path);
	snprintf(world->slots[slot].epoch, sizeof world->slots[slot].epoch, "%s",
		request->epoch ? request->epoch : "");
	snprintf(world->slots[slot].etag, sizeof world->slots[slot].etag, "%s",
		request->etag ? request->etag : "");
	text_free(&world->slots[slot].body);
	world->slots[slot].body = TEXT_INIT(TEXT_LARGE);
	if (request->body)
		text_add_bytes(&world->slots[slot].body, request->body, request->length);
}

static bool take(void *ctx, enum transport_slot slot, struct response *response)
{
	struct sync_world *world = ctx;

	if (!world->slots[slot].given)
		return false;
	*response = world->slots[slot].response;
	world->slots[slot].given = false;
	world->slots[slot].asked = false;
	return true;
}

static void cancel(void *ctx, enum transport_slot slot)
{
	struct sync_world *world = ctx;

	world->slots[slot].asked = false;
}

static int64_t bytes(void *ctx, enum transport_slot slot)
{
	const struct sync_world *world = ctx;

	return world->silent ? world->slots[slot].bytes : world->now_ms;
}

/* ---- the world ---- */

void world_open(struct sync_world *world)
{
	const char *store = "xinyi";
	char error[200];
	struct sync_env env = {.transport = {world, submit, take, cancel, bytes},
		.ctx = world,
		.random = env_random,
		.boot_ms = env_boot_ms,
		.changed = env_changed};

	memset(world, 0, sizeof *world);
	world->now_ms = START_MS;
	folder_make(world->home, sizeof world->home);
	world->console.random = console_random;
	assert_true(console_open(&world->console, world->home, NULL, error, sizeof error));
	assert_true(
		console_enrol(&world->console, "http://127.0.0.1:1", "secret", "dev1", &store, 1));
	sync_init(&world->syncer, &world->console, &env);
}

void world_close(struct sync_world *world)
{
	sync_free(&world->syncer);
	console_close(&world->console);
	folder_remove(world->home);
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		text_free(&world->slots[slot].body);
}

void world_step(struct sync_world *world)
{
	world->wake_ms = sync_step(
		&world->syncer, (struct sync_time){world->now_ms, world->now_ms});
	assert_true(world->wake_ms > world->now_ms - 100 * world->land_cost_ms - 1);
}

void world_wait(struct sync_world *world, int64_t ms)
{
	world->now_ms += ms;
	world_step(world);
}

bool world_asks(const struct sync_world *world, enum transport_slot slot)
{
	return world->slots[slot].asked;
}

void world_answer(struct sync_world *world, enum transport_slot slot, const char *path, int status,
	const char *body)
{
	struct response *response = &world->slots[slot].response;

	assert_true(world->slots[slot].asked);
	assert_memory_equal(world->slots[slot].path, path, strlen(path));
	if (!world->slots[slot].given) {
		int64_t retry_ms = response->retry_after_ms;

		*response = (struct response){
			.status = status, .retry_after_ms = retry_ms ? retry_ms : -1};
		snprintf(response->type, sizeof response->type, "%s",
			body[0] == '<' ? "text/html" : "application/x-ndjson");
	}
	response->body = TEXT_INIT(TEXT_LARGE);
	text_add(&response->body, body);
	world->slots[slot].given = true;
	world_step(world);
	response->retry_after_ms = 0;
}

void world_tell(struct sync_world *world, enum transport_slot slot, int status, const char *etag,
	const char *body)
{
	struct response *response = &world->slots[slot].response;

	assert_true(world->slots[slot].asked);
	*response = (struct response){.status = status, .retry_after_ms = -1};
	snprintf(response->etag, sizeof response->etag, "%s", etag);
	response->body = TEXT_INIT(TEXT_LARGE);
	text_add(&response->body, body);
	world->slots[slot].given = true;
	world_step(world);
}

void world_fault(struct sync_world *world, enum transport_slot slot, enum transport_fault fault)
{
	assert_true(world->slots[slot].asked);
	world->slots[slot].response = (struct response){.fault = fault, .retry_after_ms = -1};
	world->slots[slot].given = true;
	world_step(world);
}

const char *world_page(const char *from, const char *to, const char *rows, int count, bool more)
{
	static char page[8192];

	snprintf(page, sizeof page,
		"{\"epoch\":\"e1\",\"from\":\"%s\",\"to\":\"%s\"}\n%s{\"end\":true,\"rows\":%d,\"more\":%s}\n",
		from, to, rows, count, more ? "true" : "false");
	return page;
}

static const char first_rows[] =
	"{\"feed\":\"catalogue\",\"seq\":\"1\",\"table\":\"store\",\"key\":[\"xinyi\"],\"row\":" WORLD_STORE
	"}\n"
	"{\"feed\":\"store:xinyi\",\"seq\":\"1\",\"table\":\"staff\",\"key\":[\"lin\"],\"row\":{\"id\":\"lin\","
	"\"name\":\"Lin\",\"role\":\"manager\",\"stores\":[\"xinyi\"],\"pin_hash\":\"\",\"active\":true}}\n"
	"{\"feed\":\"store:xinyi\",\"seq\":\"2\",\"table\":\"stock\",\"key\":[\"xinyi\",\"A1\"],\"row\":{\"store\":\"xinyi\","
	"\"sku\":\"A1\",\"on_hand\":5,\"damaged\":0,\"in_stock\":true,\"opened\":true}}\n";

void world_begin(struct sync_world *world)
{
	world_step(world);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	world_answer(world, SLOT_PULL, "/v1/changes?after=&", 200,
		world_page("", "c1", first_rows, 3, false));
	assert_int_equal(world_rows(world, "staff"), 1);
}

void world_save(struct sync_world *world, char id[UUID_SIZE])
{
	struct console_verdict verdict;
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "scope", "full");
	console_do(
		&world->console, "stocktake.create", "xinyi", "lin", data, world->now_ms, &verdict);
	assert_string_equal(verdict.message, "");
	assert_true(verdict.saved);
	memcpy(id, verdict.id, UUID_SIZE);
	console_verdict_free(&verdict);
	sync_poke(&world->syncer);
	world_step(world);
}

const char *world_verdict(const char *id, const char *status, const char *code)
{
	static char line[400];

	snprintf(line, sizeof line,
		"{\"id\":\"%s\",\"status\":\"%s\",\"code\":\"%s\",\"message\":\"\",\"feeds\":{\"store:xinyi\":\"9\"},"
		"\"result\":{}}\n",
		id, status, code);
	return line;
}

int world_unsent(struct sync_world *world)
{
	struct console_counts counts;

	console_count(&world->console, "xinyi", &counts);
	return counts.unsent;
}

int64_t world_rows(struct sync_world *world, const char *table)
{
	char sql[100];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\"", table);
	return db_get_int(world->console.cache, -1, sql, "");
}
