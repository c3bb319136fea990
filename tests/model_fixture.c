#include "tests/model_fixture.h"

#include "model/catalogue.h"
#include "model/stocktake_progress.h"
#include "model/table.h"
#include "model/text.h"
#include "model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIXTURE_DATA_MAX ((size_t)64 * 1024)

static const char *const stores[][3] = {
	{"xinyi", "信義店", "shop"},
	{"ximen", "西門店", "shop"},
	{"ec", "EC倉", "online"},
};

static const char *const store_ids[] = {"xinyi", "ximen", "ec"};

static const char *const staff[][4] = {
	{"chen", "陳小美", "clerk", "[\"xinyi\"]"},
	{"lin", "林店長", "manager", "[\"xinyi\"]"},
	{"kiosk", "票務", "ticket_clerk", "[\"xinyi\"]"},
	{"wang", "王大明", "clerk", "[\"ximen\"]"},
	{"huang", "黃店長", "manager", "[\"ximen\"]"},
	{"dai", "戴倉管", "manager", "[\"ec\"]"},
	{"ho", "何總部", "hq", "[\"xinyi\",\"ximen\",\"ec\"]"},
};

static const char *const skus[] = {"A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "B1"};
#define STOCKED 9 /* the first of them */

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

static void expect_working(struct fixture *fixture)
{
	if (db_failed(fixture->db) != DB_OK)
		fail_msg("database: %s", db_message(fixture->db));
}

static void make_tables(struct fixture *fixture)
{
	struct text sql = TEXT_INIT(TEXT_LARGE);
	table_ddl(&sql, false);
	catalogue_ddl(&sql);
	stocktake_progress_ddl(&sql);
	assert_true(text_ok(&sql));
	db_script(fixture->db, text_get(&sql));
	text_free(&sql);
	expect_working(fixture);
}

static void seed_people(struct db *db)
{
	for (int i = 0; i < COUNT_OF(stores); i++)
		db_run(db,
			"INSERT INTO store (id, name, kind, enabled, tz_minutes, clerk_receives)"
			" VALUES ($1, $2, $3, 1, 480, 1)",
			"ttt", stores[i][0], stores[i][1], stores[i][2]);
	for (int i = 0; i < COUNT_OF(staff); i++)
		db_run(db,
			"INSERT INTO staff (id, name, role, stores, pin_hash, active)"
			" VALUES ($1, $2, $3, $4, '', 1)",
			"tttt", staff[i][0], staff[i][1], staff[i][2], staff[i][3]);
}

static void seed_goods(struct fixture *fixture)
{
	for (int i = 0; i < COUNT_OF(skus); i++) {
		db_run(fixture->db,
			"INSERT INTO product (sku, name, barcodes, category, vendor, price, is_virtual,"
			" threshold, backorders) VALUES ($1, $2, '[]', 'bikes', 'Luma', 0, 0, 0, 0)",
			"tt", skus[i], skus[i]);
		catalogue_index(fixture->db, skus[i]);
		for (int s = 0; i < STOCKED && s < COUNT_OF(stores); s++)
			fixture_set_on_hand(fixture, stores[s][0], skus[i], 100000);
	}
}

void fixture_open(struct fixture *fixture)
{
	char error[256] = "";
	memset(fixture, 0, sizeof(*fixture));
	fixture->db = db_open(
		":memory:", &(struct db_options){.durability = DB_RELAXED}, error, sizeof(error));
	if (!fixture->db)
		fail_msg("no database: %s", error);
	fixture->world = (struct world){.at_hq = true, .stores = store_ids, .store_count = 3};
	fixture->now_ms = FIXTURE_START_MS;
	make_tables(fixture);
	db_begin(fixture->db);
	seed_people(fixture->db);
	seed_goods(fixture);
	db_commit(fixture->db);
	expect_working(fixture);
}

void fixture_close(struct fixture *fixture)
{
	db_close(fixture->db);
	fixture->db = NULL;
}

int fixture_set_up(void **state)
{
	static struct fixture fixture;
	fixture_open(&fixture);
	*state = &fixture;
	return 0;
}

int fixture_tear_down(void **state)
{
	fixture_close(*state);
	return 0;
}

void fixture_at_minute(struct fixture *fixture, int64_t minute)
{
	fixture->at_ms = FIXTURE_START_MS + minute * FIXTURE_MINUTE_MS;
	if (fixture->now_ms < fixture->at_ms)
		fixture->now_ms = fixture->at_ms;
}

static void next_id(struct fixture *fixture)
{
	int n = fixture->made++;
	uint64_t ms = (uint64_t)FIXTURE_START_MS + (uint64_t)n;
	snprintf(fixture->ids[n % FIXTURE_IDS], UUID_SIZE, "%08x-%04x-7000-8000-%012x",
		(unsigned)(ms >> 16), (unsigned)(ms & 0xffff), (unsigned)n & 0xffffffffu);
}

const char *fixture_last_id(const struct fixture *fixture)
{
	assert_true(fixture->made > 0);
	return fixture->ids[(fixture->made - 1) % FIXTURE_IDS];
}

static void add_data(struct text *line, const char *data)
{
	for (const char *c = data; *c; c++)
		text_add_bytes(line, *c == '\'' ? "\"" : c, 1);
}

static void write_line(
	struct fixture *fixture, struct text *line, const char *const words[3], const char *data)
{
	char at[WHEN_SIZE];
	when_format(fixture->at_ms ? fixture->at_ms : fixture->now_ms, at);
	text_addf(line, "{\"id\":\"%s\",\"op\":\"%s\",\"v\":1,\"at\":\"%s\",\"store\":",
		fixture_last_id(fixture), words[0], at);
	text_add_json(line, words[1]);
	text_add(line, ",\"actor\":");
	text_add_json(line, words[2]);
	text_add(line, ",\"data\":");
	add_data(line, data);
	text_add(line, "}");
	assert_true(text_ok(line));
}

static void run_line(struct fixture *fixture, const struct text *line, struct verdict *verdict)
{
	struct command command;
	enum refusal refusal = command_parse(
		line->bytes, line->length, &command, verdict->message, sizeof(verdict->message));
	if (refusal != REFUSAL_NONE) {
		verdict->refusal = refusal;
		command_free(&command);
		return;
	}
	db_begin(fixture->db);
	db_mark(fixture->db);
	command_run(fixture->db, &command, &fixture->world, fixture->now_ms, verdict);
	if (verdict->refusal == REFUSAL_FAULT)
		fail_msg("%s: fault: %s %s", command.op->name, verdict->message,
			db_message(fixture->db));
	if (verdict->refusal == REFUSAL_NONE && !verdict->parked && !fixture->rehearses)
		db_keep(fixture->db);
	else
		db_undo(fixture->db);
	db_commit(fixture->db);
	expect_working(fixture);
	command_free(&command);
}

struct verdict fixture_run(struct fixture *fixture, const char *op, const char *store,
	const char *actor, const char *data)
{
	struct verdict verdict;
	memset(&verdict, 0, sizeof(verdict));
	next_id(fixture);
	struct text line = TEXT_INIT(FIXTURE_DATA_MAX);
	write_line(fixture, &line, (const char *const[3]){op, store, actor}, data);
	run_line(fixture, &line, &verdict);
	text_free(&line);
	fixture->now_ms += FIXTURE_STEP_MS;
	return verdict;
}

__attribute__((format(printf, 2, 0))) static void format_text(
	char *out, const char *format, va_list args)
{
	int length = vsnprintf(out, FIXTURE_DATA_MAX, format, args);
	assert_true(length >= 0 && (size_t)length < FIXTURE_DATA_MAX);
}

const char *fixture_do(struct fixture *fixture, const char *op, const char *store,
	const char *actor, const char *format, ...)
{
	static char data[FIXTURE_DATA_MAX];
	va_list args;
	va_start(args, format);
	format_text(data, format, args);
	va_end(args);
	struct verdict verdict = fixture_run(fixture, op, store, actor, data);
	if (verdict.refusal != REFUSAL_NONE || verdict.parked)
		fail_msg("%s %s: %s: %s", op, data, refusal_code(verdict.refusal), verdict.message);
	verdict_free(&verdict);
	return fixture_last_id(fixture);
}

const char *fixture_try(struct fixture *fixture, const char *op, const char *store,
	const char *actor, const char *format, ...)
{
	static char data[FIXTURE_DATA_MAX];
	va_list args;
	va_start(args, format);
	format_text(data, format, args);
	va_end(args);
	struct verdict verdict = fixture_run(fixture, op, store, actor, data);
	const char *code = refusal_code(verdict.refusal);
	verdict_free(&verdict);
	return code;
}

void fixture_sql(struct fixture *fixture, const char *sql)
{
	db_script(fixture->db, sql);
	expect_working(fixture);
}

int64_t fixture_int(struct fixture *fixture, const char *format, ...)
{
	static char sql[FIXTURE_DATA_MAX];
	va_list args;
	va_start(args, format);
	format_text(sql, format, args);
	va_end(args);
	int64_t number = db_get_int(fixture->db, -1, sql, "");
	expect_working(fixture);
	return number;
}

void fixture_expect_text(struct fixture *fixture, const char *expected, const char *format, ...)
{
	static char sql[FIXTURE_DATA_MAX];
	va_list args;
	va_start(args, format);
	format_text(sql, format, args);
	va_end(args);
	char *found = db_get_text(fixture->db, sql, "");
	expect_working(fixture);
	if (!found || !expected) {
		if (found || expected)
			fail_msg("%s: expected %s, found %s", sql, expected ? expected : "none",
				found ? found : "none");
		return;
	}
	assert_string_equal(found, expected);
	free(found);
}

int64_t fixture_on_hand(struct fixture *fixture, const char *store, const char *sku)
{
	return fixture_int(
		fixture, "SELECT on_hand FROM stock WHERE store = '%s' AND sku = '%s'", store, sku);
}

void fixture_set_on_hand(struct fixture *fixture, const char *store, const char *sku, int64_t qty)
{
	db_run(fixture->db,
		"INSERT INTO stock (store, sku, on_hand, damaged, in_stock, opened) VALUES ($1, $2, $3, 0, 1, 0)"
		" ON CONFLICT (store, sku) DO UPDATE SET on_hand = excluded.on_hand",
		"tti", store, sku, qty);
	expect_working(fixture);
}
