/* What the loss of power does to a home: a commit of the cache may be gone, one of the outbox never. */
#include "model/console.h"
#include "model/json.h"
#include "model/text.h"
#include "tests/folder.h"
#include "tests/memory_disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795000000000)

struct place {
	struct console console;
	char home[256];
};

static void count_up(void *bytes, size_t size)
{
	static uint8_t next;

	for (size_t i = 0; i < size; i++)
		((uint8_t *)bytes)[i] = next++;
}

static void place_open(struct place *place)
{
	char error[300];

	place->console.random = count_up;
	assert_true(console_open(&place->console, place->home, disk_vfs(), error, sizeof error));
}

static void place_close(struct place *place)
{
	console_close(&place->console);
	disk_forget();
	folder_remove(place->home);
}

static int no_power(const char *path, enum fault_op op)
{
	(void)path;
	(void)op;
	return 10; /* SQLITE_IOERR: who closes its files now writes nothing any more */
}

/* All that was not synced is lost. */
static uint32_t lose_all(void *ctx, uint32_t below)
{
	(void)ctx;
	(void)below;
	return 0;
}

static void power_fails(struct place *place)
{
	disk_hook = no_power;
	console_close(&place->console);
	disk_hook = NULL;
	disk_power_cut(place->home, lose_all, NULL);
	place_open(place);
}

/* Lands one page: the lines of rows, each ended by a newline. */
static void land(struct place *place, const char *rows, const char *cursor)
{
	struct console *console = &place->console;
	cJSON *sums = cJSON_Parse("{\"catalogue\":null,\"store:xinyi\":null}");
	bool differs;

	assert_true(console_stage_begin(console));
	for (const char *at = rows; *at; at += strcspn(at, "\n") + 1) {
		cJSON *line = json_parse(at, strcspn(at, "\n"), NULL, 0);
		char *row = cJSON_PrintUnformatted(cJSON_GetObjectItem(line, "row"));

		assert_true(console_stage_row(console, line, row, strlen(row)));
		cJSON_free(row);
		cJSON_Delete(line);
	}
	assert_true(console_stage_end(console, cursor));
	assert_true(console_land(console, sums, NOW, &differs));
	cJSON_Delete(sums);
}

static const char first_rows[] =
	"{\"feed\":\"catalogue\",\"seq\":\"1\",\"table\":\"store\",\"key\":[\"xinyi\"],\"row\":{\"id\":\"xinyi\","
	"\"name\":\"Xinyi\",\"kind\":\"shop\",\"enabled\":true,\"tz_minutes\":480,\"clerk_receives\":true}}\n"
	"{\"feed\":\"store:xinyi\",\"seq\":\"1\",\"table\":\"staff\",\"key\":[\"lin\"],\"row\":{\"id\":\"lin\","
	"\"name\":\"Lin\",\"role\":\"manager\",\"stores\":[\"xinyi\"],\"pin_hash\":\"\",\"active\":true}}\n";

/* A home that has pulled, and a sheet made in it. */
static void begin(struct place *place, char id[UUID_SIZE])
{
	const char *store = "xinyi";
	struct console_verdict verdict;
	cJSON *data = cJSON_CreateObject();

	memset(place, 0, sizeof *place);
	folder_make(place->home, sizeof place->home);
	place_open(place);
	assert_true(console_enrol(&place->console, "http://127.0.0.1", "secret", "d1", &store, 1));
	land(place, first_rows, "c1");
	console_changed(&place->console);
	cJSON_AddStringToObject(data, "scope", "full");
	console_do(&place->console, "stocktake.create", store, "lin", data, NOW, &verdict);
	assert_true(verdict.saved);
	memcpy(id, verdict.id, UUID_SIZE);
	console_verdict_free(&verdict);
}

static bool shows(struct place *place, const char *id)
{
	return db_has(place->console.cache, "SELECT 1 FROM stocktake WHERE id = $1", "t", id);
}

/* HQ applies the sheet, and its row comes back. */
static void answer(struct place *place, const char *id)
{
	char text[1200];
	struct text lines = TEXT_INIT(TEXT_LARGE);
	cJSON *verdict;

	snprintf(text, sizeof text,
		"{\"id\":\"%s\",\"status\":\"applied\",\"feeds\":{\"store:xinyi\":\"2\"},\"result\":{}}",
		id);
	verdict = cJSON_Parse(text);
	assert_int_equal(console_take_verdicts(&place->console, &verdict, 1, NOW), 1);
	cJSON_Delete(verdict);
	text_addf(&lines,
		"{\"feed\":\"store:xinyi\",\"seq\":\"2\",\"table\":\"stocktake\",\"key\":[\"%s\"],\"row\":{\"id\":\"%s\","
		"\"number\":\"ST-1\",\"store\":\"xinyi\",\"scope\":\"full\",\"categories\":[],\"vendors\":[],\"blind\":false,"
		"\"creator\":\"lin\",\"note\":null,\"status\":\"new\",\"resumes_to\":null,\"round\":0,\"reason\":null,"
		"\"created_at\":\"2026-11-18T10:26:40.000Z\",\"created_by\":\"lin\",\"started_at\":null,"
		"\"ended_at\":null}}\n",
		id, id);
	land(place, text_get(&lines), "c2");
	text_free(&lines);
}

static void test_saved_is_there(void **state)
{
	/* What was saved is there after the power failed, in the queue and on the screen. */
	struct place place;
	char id[UUID_SIZE];

	(void)state;
	begin(&place, id);
	power_fails(&place);
	assert_true(console_catch_up(&place.console, NOW));
	assert_true(db_has(place.console.outbox,
		"SELECT 1 FROM command WHERE id = $1 AND state = 'queued'", "t", id));
	assert_true(shows(&place, id));
	place_close(&place);
}

static void test_covered_is_shown(void **state)
{
	/* Where the power takes back HQ's rows that showed a command, the command is shown again. */
	struct place place;
	char id[UUID_SIZE];

	(void)state;
	begin(&place, id);
	answer(&place, id);
	assert_true(shows(&place, id));
	power_fails(&place);
	console_catch_up(&place.console, NOW);
	assert_true(shows(&place, id));
	place_close(&place);
}

static void test_new_start_stays(void **state)
{
	/* A new start is not forgotten with the power: the positions in the cache are those of an HQ that is no
	 * more, and would call covered what only the new one has. */
	struct place place;
	char id[UUID_SIZE], *cursor;

	(void)state;
	begin(&place, id);
	assert_true(console_resync(&place.console));
	power_fails(&place);
	cursor = console_cursor(&place.console);
	assert_string_equal(cursor, "");
	free(cursor);
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_saved_is_there),
		cmocka_unit_test(test_covered_is_shown),
		cmocka_unit_test(test_new_start_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
