#include "tests/screen/shop_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "model/json.h"
#include "model/staff.h"
#include "model/table.h"
#include "model/text.h"
#include "tests/folder.h"

static const char *const only_xinyi[] = {"xinyi", NULL};

static void random_bytes(void *bytes, size_t size)
{
	assert_int_equal(getrandom(bytes, size, 0), (ssize_t)size);
}

static int64_t wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------------------------ HQ */

/* Hashing takes its time on purpose, so each PIN is hashed once a run. */
static const char *hash_of(const char *pin)
{
	static struct {
		char pin[16];
		char hash[STAFF_HASH_SIZE];
	} known[4];
	size_t i = 0;

	while (known[i].pin[0] && strcmp(known[i].pin, pin) != 0)
		assert_true(++i < sizeof(known) / sizeof(known[0]));
	if (!known[i].pin[0]) {
		snprintf(known[i].pin, sizeof(known[i].pin), "%s", pin);
		assert_true(staff_pin_hash(pin, known[i].hash));
	}
	return known[i].hash;
}

static void set_pin(struct shop_fixture *f, const char *staff, const char *pin)
{
	assert_true(db_run(f->hq.db, "UPDATE staff SET pin_hash = $1 WHERE id = $2", "tt",
		hash_of(pin), staff));
}

static void seed(struct shop_fixture *f)
{
	static const char *const products[][3] = {
		{"A1", "烏龍茶 Oolong tea", "[\"" SHOP_BARCODE "\"]"},
		{"A2", "綠茶 Green tea", "[\"96385074\"]"},
		{"A3", "紅茶 Black tea", "[]"},
	};

	set_pin(f, SHOP_CLERK);
	set_pin(f, SHOP_MANAGER);
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++)
		assert_true(db_run(f->hq.db,
			"UPDATE product SET name = $1, barcodes = $2, vendor = '茶行' WHERE sku = $3",
			"ttt", products[i][1], products[i][2], products[i][0]));
}

/* ------------------------------------------------------------------ landing */

struct stage {
	struct shop_fixture *f;
	const struct table *table;
	const char *key;
	const char *row;
	bool is_staged;
};

static bool follows(const struct shop_fixture *f, const char *feed)
{
	for (int i = 0; i < f->console.store_count; i++)
		if ((strncmp(feed, "store:", 6) == 0 &&
			    strcmp(feed + 6, f->console.stores[i]) == 0) ||
			(strncmp(feed, "channel:", 8) == 0 &&
				db_has(f->hq.db,
					"SELECT 1 FROM channel_store WHERE channel = $1 AND store = $2",
					"tt", feed + 8, f->console.stores[i])))
			return true;
	return strcmp(feed, "catalogue") == 0 || strcmp(feed, "tickets") == 0;
}

static void stage_feed(void *ctx, const char *feed)
{
	struct stage *stage = ctx;
	struct text line = TEXT_INIT(TEXT_SMALL);
	cJSON *json;

	if (!follows(stage->f, feed))
		return;
	text_addf(&line, "{\"feed\":\"%s\",\"seq\":\"%d\",\"table\":\"%s\",\"key\":%s}", feed,
		++stage->f->seq, stage->table->name, stage->key);
	json = json_parse(text_get(&line), line.length, NULL, 0);
	assert_non_null(json);
	assert_true(console_stage_row(&stage->f->console, json, stage->row, strlen(stage->row)));
	cJSON_Delete(json);
	text_free(&line);
}

static void stage_row(struct shop_fixture *f, const struct table *table, const char *key)
{
	struct text row = TEXT_INIT(TEXT_LARGE);
	struct stage stage = {.f = f, .table = table, .key = key};
	cJSON *json;

	assert_true(table_row_json(f->hq.db, table, key, &row));
	stage.row = text_get(&row);
	json = json_parse(stage.row, row.length, NULL, 0);
	assert_non_null(json);
	table_feeds(table, json, stage_feed, &stage);
	cJSON_Delete(json);
	text_free(&row);
}

static void stage_table(struct shop_fixture *f, const struct table *table)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	struct db_rows *rows;

	text_add(&sql, "SELECT ");
	for (int i = 0; i < table->key_count; i++)
		text_addf(&sql, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
	text_addf(&sql, " FROM \"%s\"", table->name);
	rows = db_query(f->hq.db, text_get(&sql), "");
	while (db_next(rows)) {
		struct text key = TEXT_INIT(TEXT_SMALL);

		for (int i = 0; i < table->key_count; i++) {
			text_add(&key, i ? "," : "[");
			table_value_json(&key, table->columns[i].type, rows, i);
		}
		text_add(&key, "]");
		stage_row(f, table, text_get(&key));
		text_free(&key);
	}
	db_done(rows);
	text_free(&sql);
}

/* Those that a store of the home serves. */
static void add_channels(const struct shop_fixture *f, cJSON *feeds)
{
	struct db_rows *rows = db_query(
		f->hq.db, "SELECT DISTINCT channel, store FROM channel_store", "");

	while (db_next(rows)) {
		char feed[COMMAND_ID_MAX + 10];

		snprintf(feed, sizeof(feed), "channel:%s", db_text(rows, 0));
		if (follows(f, feed) && !cJSON_HasObjectItem(feeds, feed))
			cJSON_AddNullToObject(feeds, feed);
	}
	db_done(rows);
}

/* The trailer's feeds, without sums to compare. */
static cJSON *followed(const struct shop_fixture *f)
{
	cJSON *feeds = cJSON_CreateObject();

	cJSON_AddNullToObject(feeds, "catalogue");
	cJSON_AddNullToObject(feeds, "tickets");
	for (int i = 0; i < f->console.store_count; i++) {
		char feed[COMMAND_ID_MAX + 10];

		snprintf(feed, sizeof(feed), "store:%s", f->console.stores[i]);
		cJSON_AddNullToObject(feeds, feed);
	}
	add_channels(f, feeds);
	return feeds;
}

void shop_fixture_land(struct shop_fixture *f)
{
	int count;
	const struct table *tables = table_all(&count);
	cJSON *feeds = followed(f);
	char cursor[40];
	bool differs;

	assert_true(console_stage_begin(&f->console));
	for (int i = 0; i < count; i++)
		stage_table(f, &tables[i]);
	snprintf(cursor, sizeof(cursor), "%d", f->seq);
	assert_true(console_stage_end(&f->console, cursor));
	assert_true(console_land(&f->console, feeds, wall_ms(), &differs));
	cJSON_Delete(feeds);
	console_set_link(&f->console, true, "");
}

/* ------------------------------------------------------------------ the home */

static void hold_syncer(struct shop_fixture *f)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/syncer.lock", f->home);
	f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(f->lock >= 0);
	assert_int_equal(flock(f->lock, LOCK_EX | LOCK_NB), 0);
}

void shop_fixture_open_bare(struct shop_fixture *f, const char *const *stores)
{
	char error[300] = "";
	int count = 0;

	memset(f, 0, sizeof(*f));
	fixture_open(&f->hq);
	seed(f);
	folder_make(f->home, sizeof(f->home));
	hold_syncer(f);
	f->console.random = random_bytes;
	if (!console_open(&f->console, f->home, NULL, error, sizeof(error)))
		fail_msg("console_open: %s", error);
	while (stores[count])
		count++;
	assert_true(console_enrol(
		&f->console, "http://127.0.0.1:1", "token", "device-1", stores, count));
}

void shop_fixture_open(struct shop_fixture *f)
{
	shop_fixture_open_bare(f, only_xinyi);
	shop_fixture_land(f);
}

void shop_fixture_close(struct shop_fixture *f)
{
	console_close(&f->console);
	fixture_close(&f->hq);
	close(f->lock);
	folder_remove(f->home);
}

int shop_fixture_set_up(void **state)
{
	static struct shop_fixture f;

	shop_fixture_open(&f);
	*state = &f;
	return 0;
}

int shop_fixture_tear_down(void **state)
{
	/* Of a test that has seen all it wanted: no program outlives its home. */
	screen_end_all();
	shop_fixture_close(*state);
	return 0;
}

/* ------------------------------------------------------------------ commands */

const char *shop_fixture_do(struct shop_fixture *f, const char *op, const char *store,
	const char *actor, const char *format, ...)
{
	char data[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(data, sizeof(data), format, args);
	va_end(args);
	return fixture_do(&f->hq, op, store, actor, "%s", data);
}

const char *shop_fixture_last_sent(struct shop_fixture *f)
{
	static char id[64];
	char *found = db_get_text(
		f->console.outbox, "SELECT id FROM command ORDER BY n DESC LIMIT 1", "");

	snprintf(id, sizeof(id), "%s", found ? found : "");
	free(found);
	return id;
}

int64_t shop_fixture_sent(struct shop_fixture *f, const char *op, const char *part)
{
	return db_get_int(f->console.outbox, -1,
		"SELECT count(*) FROM command WHERE op = $1 AND instr(line, $2) > 0", "tt", op,
		part);
}

void shop_fixture_expect_sent(struct shop_fixture *f, const char *op, const char *part)
{
	if (shop_fixture_sent(f, op, part) < 1)
		fail_msg("no %s has %s", op, part);
}

int shop_fixture_unsent(struct shop_fixture *f)
{
	return (int)db_get_int(
		f->console.outbox, 0, "SELECT count(*) FROM command WHERE state = 'queued'", "");
}

static void answer(
	struct shop_fixture *f, const char *id, const char *status, const struct verdict *verdict)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "id", id);
	cJSON_AddStringToObject(json, "status", status);
	cJSON_AddStringToObject(json, "code", refusal_code(verdict->refusal));
	cJSON_AddStringToObject(json, "message", verdict->message);
	cJSON_AddItemToObject(json, "feeds", cJSON_CreateObject());
	if (verdict->result)
		cJSON_AddItemToObject(json, "result", cJSON_Duplicate(verdict->result, true));
	assert_int_equal(console_take_verdicts(&f->console, &json, 1, wall_ms()), 1);
	cJSON_Delete(json);
}

void shop_fixture_answer(
	struct shop_fixture *f, const char *id, const char *status, const char *code)
{
	struct verdict verdict = {.message = "told by HQ"};

	for (int i = 0; i < REFUSAL_COUNT; i++)
		if (strcmp(refusal_code((enum refusal)i), code) == 0)
			verdict.refusal = (enum refusal)i;
	answer(f, id, status, &verdict);
}

/* What HQ would do with one line. */
static void run_line(struct shop_fixture *f, const char *line)
{
	struct command command;
	struct verdict verdict;
	struct world world = f->hq.world;
	char message[256];

	world.device = f->console.device;
	assert_int_equal(command_parse(line, strlen(line), &command, message, sizeof(message)),
		REFUSAL_NONE);
	db_begin(f->hq.db);
	db_mark(f->hq.db);
	command_run(f->hq.db, &command, &world, wall_ms(), &verdict);
	if (verdict.refusal == REFUSAL_NONE)
		db_keep(f->hq.db);
	else
		db_undo(f->hq.db);
	assert_true(db_commit(f->hq.db));
	answer(f, command.id,
		verdict.refusal == REFUSAL_NONE ? "applied"
			: verdict.parked        ? "parked"
						: "rejected",
		&verdict);
	verdict_free(&verdict);
	command_free(&command);
}

void shop_fixture_sync(struct shop_fixture *f)
{
	struct text lines = TEXT_INIT(TEXT_LARGE);
	char *next;

	console_next_lines(&f->console, 1000, TEXT_LARGE / 2, &lines);
	for (char *line = lines.bytes; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		run_line(f, line);
		if (!next)
			break;
	}
	text_free(&lines);
	shop_fixture_land(f);
}

/* ------------------------------------------------------------------ the program */

struct screen *shop_fixture_start(struct shop_fixture *f, int rows, int cols, const char *language)
{
	char path[1024];
	char language_line[40];
	const char *argv[] = {path, "--home", f->home, NULL};
	const char *env[] = {language_line, "LANG=C.UTF-8", "LC_ALL", NULL};

	snprintf(path, sizeof(path), "%s/countertop", getenv("builddir"));
	snprintf(language_line, sizeof(language_line), "LANGUAGE=%s", language);
	return screen_start(
		&(struct screen_options){.rows = rows, .cols = cols, .argv = argv, .env = env});
}

void shop_fixture_sign_in(struct screen *screen, const char *staff, const char *pin)
{
	screen_expect(screen, "Your name or id");
	screen_send(screen, staff);
	screen_expect(screen, staff);
	screen_send(screen, "<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, pin);
	screen_send(screen, "<enter>");
	screen_expect(screen, "Signed in");
}

struct screen *shop_fixture_start_as(struct shop_fixture *f, const char *staff, const char *pin)
{
	struct screen *screen = shop_fixture_start(f, 0, 0, "en");

	shop_fixture_sign_in(screen, staff, pin);
	return screen;
}

void shop_fixture_quit(struct screen *screen)
{
	screen_send(screen, "<f10>");
	screen_settle(screen, 100);
	if (screen_has(screen, "Leave"))
		screen_send(screen, "y");
	assert_int_equal(screen_wait_exit(screen), 0);
	assert_true(screen_is_restored(screen));
	screen_end(screen);
}
