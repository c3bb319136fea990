#include "tests/console_place.h"

#include "model/json.h"
#include "model/text.h"
#include "tests/fault_vfs.h"
#include "tests/folder.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void place_random(void *bytes, size_t size)
{
	static uint64_t state = 88172645463325252u;
	for (size_t i = 0; i < size; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		((uint8_t *)bytes)[i] = (uint8_t)(state >> 32);
	}
}

/* What the disk does, and from which write to files of this name on. */
static struct {
	const char *part;
	int code, after;
} disk;

static int failing(const char *path, enum fault_op op)
{
	if (!disk.part || op == FAULT_READ || !strstr(path, disk.part))
		return SQLITE_OK;
	return disk.after-- > 0 ? SQLITE_OK : disk.code;
}

void place_disk_is(const char *part, int code, int after)
{
	disk.part = part;
	disk.code = code;
	disk.after = after;
	fault_hook = part ? failing : NULL;
}

void place_open_again(struct place *place)
{
	char error[300] = "";
	place->console.random = place_random;
	if (!console_open(&place->console, place->home, fault_vfs(), error, sizeof error))
		fail_msg("console_open: %s", error);
}

void place_stage(
	struct place *place, const char *feed, const char *table, const char *key, const char *row)
{
	struct text line = TEXT_INIT(TEXT_SMALL);
	char error[100];
	text_addf(&line, "{\"feed\":\"%s\",\"seq\":\"%d\",\"table\":\"%s\",\"key\":%s}", feed,
		++place->seq, table, key);
	cJSON *json = json_parse(text_get(&line), line.length, error, sizeof error);
	assert_non_null(json);
	assert_true(console_stage_row(
		&place->console, json, row ? row : "null", strlen(row ? row : "null")));
	cJSON_Delete(json);
	text_free(&line);
}

bool place_land(struct place *place, const char *sums)
{
	char error[100];
	bool differs;
	cJSON *json = json_parse(sums, strlen(sums), error, sizeof error);
	assert_true(console_stage_end(&place->console, "cursor"));
	assert_true(console_land(&place->console, json, place->now_ms, &differs));
	cJSON_Delete(json);
	return differs;
}

void place_stage_stock(struct place *place, const char *sku, int on_hand)
{
	char key[80], row[300];
	snprintf(key, sizeof key, "[\"xinyi\",\"%s\"]", sku);
	snprintf(row, sizeof row,
		"{\"store\":\"xinyi\",\"sku\":\"%s\",\"on_hand\":%d,\"damaged\":0,\"in_stock\":true,\"opened\":true}",
		sku, on_hand);
	place_stage(place, "store:xinyi", "stock", key, row);
}

void place_stage_base(struct place *place)
{
	assert_true(console_stage_begin(&place->console));
	place_stage(place, "catalogue", "store", "[\"xinyi\"]",
		"{\"id\":\"xinyi\",\"name\":\"Xinyi\",\"kind\":\"shop\",\"enabled\":true,\"tz_minutes\":480,"
		"\"clerk_receives\":true}");
	place_stage(place, "catalogue", "product", "[\"A1\"]", PRODUCT("A1"));
	place_stage(place, "store:xinyi", "staff", "[\"chen\"]",
		"{\"id\":\"chen\",\"name\":\"Chen\",\"role\":\"clerk\",\"stores\":[\"xinyi\"],\"pin_hash\":\"\","
		"\"active\":true}");
	place_stage_stock(place, "A1", 10);
}

void place_run(
	struct place *place, const char *op, const char *data, struct console_verdict *verdict)
{
	char error[100];
	place->now_ms += 1000;
	console_do(&place->console, op, "xinyi", "chen",
		json_parse(data, strlen(data), error, sizeof error), place->now_ms, verdict);
	console_verdict_free(verdict);
}

const char *place_scan(struct place *place, bool saved)
{
	static char id[UUID_SIZE];
	struct console_verdict verdict;
	char data[200];
	snprintf(data, sizeof data,
		"{\"stocktake\":\"%s\",\"sku\":\"A1\",\"qty\":1,\"mode\":\"add\"}", place->sheet);
	place_run(place, "stocktake.count", data, &verdict);
	assert_int_equal(verdict.saved, saved);
	assert_int_equal(verdict.refusal, saved ? REFUSAL_NONE : REFUSAL_FAULT);
	assert_true(saved || verdict.message[0]);
	strcpy(id, verdict.id);
	return id;
}

void place_start_sheet(struct place *place)
{
	struct console_verdict verdict;
	char data[100];
	place_run(place, "stocktake.create", "{\"scope\":\"full\"}", &verdict);
	assert_true(verdict.saved);
	strcpy(place->sheet, verdict.id);
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", place->sheet);
	place_run(place, "stocktake.start", data, &verdict);
	assert_true(verdict.saved);
}

void place_open(struct place *place)
{
	static const char *const stores[] = {"xinyi"};
	*place = (struct place){.now_ms = NOW};
	folder_make(place->home, sizeof place->home);
	place_disk_is(NULL, 0, 0);
	place_open_again(place);
	assert_true(console_enrol(&place->console, "http://127.0.0.1:1", "t", "d1", stores, 1));
}

void place_join(struct place *seat, const struct place *place)
{
	*seat = (struct place){.now_ms = place->now_ms};
	strcpy(seat->home, place->home);
	strcpy(seat->sheet, place->sheet);
	place_open_again(seat);
}

void place_close(struct place *place)
{
	place_disk_is(NULL, 0, 0);
	if (place->console.outbox)
		console_close(&place->console);
	folder_remove(place->home);
}

int place_set_up_fresh(void **state)
{
	static struct place place;
	place_open(&place);
	place_stage_base(&place);
	assert_false(place_land(&place, FOLLOWED));
	*state = &place;
	return 0;
}

int place_set_up(void **state)
{
	place_set_up_fresh(state);
	place_start_sheet(*state);
	return 0;
}

int place_tear_down(void **state)
{
	place_close(*state);
	return 0;
}

int64_t place_shown(struct place *place, const char *sql)
{
	return db_get_int(place->console.cache, -1, sql, "");
}

int place_unsent(struct place *place)
{
	struct console_counts counts;
	console_count(&place->console, "xinyi", &counts);
	return counts.unsent;
}

void place_answer(struct place *place, const char *id, const char *status, const char *more)
{
	struct text line = TEXT_INIT(TEXT_SMALL), sent = TEXT_INIT(TEXT_LARGE);
	char error[100];
	console_next_lines(&place->console, 200, 1 << 20, &sent);
	text_addf(&line, "{\"id\":\"%s\",\"status\":\"%s\"%s}", id, status, more);
	cJSON *json = json_parse(text_get(&line), line.length, error, sizeof error);
	assert_int_equal(console_take_verdicts(&place->console, &json, 1, place->now_ms), 1);
	cJSON_Delete(json);
	text_free(&line);
	text_free(&sent);
}
