/* The local side in trouble: full and failing disks, damaged files, failed queries, odd rows, and an HQ
 * that is not the one it was (design.md §1, rules 1, 3, 5 and 11 of §4). */
#include "model/console.h"
#include "model/json.h"
#include "model/text.h"
#include "tests/folder.h"
#include "tests/fault_vfs.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW INT64_C(1772416800000)
#define FOLLOWED "{\"catalogue\":null,\"store:xinyi\":null}"

struct place {
	struct console console;
	char home[256];
	int64_t now_ms;
	int seq;
	char sheet[UUID_SIZE];
};

static void fake_random(void *bytes, size_t size)
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

static void disk_is(const char *part, int code, int after)
{
	disk.part = part;
	disk.code = code;
	disk.after = after;
	fault_hook = part ? failing : NULL;
}

static void open_again(struct place *place)
{
	char error[300] = "";
	place->console.random = fake_random;
	if (!console_open(&place->console, place->home, fault_vfs(), error, sizeof error))
		fail_msg("console_open: %s", error);
}

static void stage(
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

static bool land(struct place *place, const char *sums)
{
	char error[100];
	bool differs;
	cJSON *json = json_parse(sums, strlen(sums), error, sizeof error);
	assert_true(console_stage_end(&place->console, "cursor"));
	assert_true(console_land(&place->console, json, place->now_ms, &differs));
	cJSON_Delete(json);
	return differs;
}

#define PRODUCT(sku)                                                               \
	"{\"sku\":\"" sku                                                          \
	"\",\"name\":\"Tea\",\"barcodes\":[],\"category\":\"c\",\"vendor\":\"v\"," \
	"\"price\":1,\"is_virtual\":false,\"threshold\":0,\"backorders\":false}"

static void stage_base(struct place *place)
{
	assert_true(console_stage_begin(&place->console));
	stage(place, "catalogue", "store", "[\"xinyi\"]",
		"{\"id\":\"xinyi\",\"name\":\"Xinyi\",\"kind\":\"shop\",\"enabled\":true,\"tz_minutes\":480,"
		"\"clerk_receives\":true}");
	stage(place, "catalogue", "product", "[\"A1\"]", PRODUCT("A1"));
	stage(place, "store:xinyi", "staff", "[\"chen\"]",
		"{\"id\":\"chen\",\"name\":\"Chen\",\"role\":\"clerk\",\"stores\":[\"xinyi\"],\"pin_hash\":\"\","
		"\"active\":true}");
	stage(place, "store:xinyi", "stock", "[\"xinyi\",\"A1\"]",
		"{\"store\":\"xinyi\",\"sku\":\"A1\",\"on_hand\":10,\"damaged\":0,\"in_stock\":true,\"opened\":true}");
}

static void run(
	struct place *place, const char *op, const char *data, struct console_verdict *verdict)
{
	char error[100];
	place->now_ms += 1000;
	console_do(&place->console, op, "xinyi", "chen",
		json_parse(data, strlen(data), error, sizeof error), place->now_ms, verdict);
	console_verdict_free(verdict);
}

static const char *scan(struct place *place, bool saved)
{
	static char id[UUID_SIZE];
	struct console_verdict verdict;
	char data[200];
	snprintf(data, sizeof data,
		"{\"stocktake\":\"%s\",\"sku\":\"A1\",\"qty\":1,\"mode\":\"add\"}", place->sheet);
	run(place, "stocktake.count", data, &verdict);
	assert_int_equal(verdict.saved, saved);
	assert_int_equal(verdict.refusal, saved ? REFUSAL_NONE : REFUSAL_FAULT);
	assert_true(saved || verdict.message[0]);
	strcpy(id, verdict.id);
	return id;
}

static void start_sheet(struct place *place)
{
	struct console_verdict verdict;
	char data[100];
	run(place, "stocktake.create", "{\"scope\":\"full\"}", &verdict);
	assert_true(verdict.saved);
	strcpy(place->sheet, verdict.id);
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", place->sheet);
	run(place, "stocktake.start", data, &verdict);
	assert_true(verdict.saved);
}

static int setup(void **state)
{
	static struct place place;
	static const char *const stores[] = {"xinyi"};
	place = (struct place){.now_ms = NOW};
	folder_make(place.home, sizeof place.home);
	disk_is(NULL, 0, 0);
	open_again(&place);
	assert_true(console_enrol(&place.console, "http://127.0.0.1:1", "t", "d1", stores, 1));
	stage_base(&place);
	assert_false(land(&place, FOLLOWED));
	start_sheet(&place);
	*state = &place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	disk_is(NULL, 0, 0);
	if (place->console.outbox)
		console_close(&place->console);
	folder_remove(place->home);
	return 0;
}

static int64_t shown(struct place *place, const char *sql)
{
	return db_get_int(place->console.cache, -1, sql, "");
}

#define COUNTED "SELECT counted FROM stocktake_line WHERE sku = 'A1'"

static int unsent(struct place *place)
{
	struct console_counts counts;
	console_count(&place->console, "xinyi", &counts);
	return counts.unsent;
}

static void answer(struct place *place, const char *id, const char *status, const char *more)
{
	struct text line = TEXT_INIT(TEXT_SMALL), sent = TEXT_INIT(TEXT_LARGE);
	char error[100];
	console_next_lines(&place->console, 200, 1 << 20, &sent);
	text_addf(&line, "{\"id\":\"%s\",\"status\":\"%s\"%s}", id, status, more);
	cJSON *json = json_parse(text_get(&line), line.length, error, sizeof error);
	assert_true(console_take_verdict(&place->console, json, place->now_ms));
	cJSON_Delete(json);
	text_free(&line);
	text_free(&sent);
}

static void a_failed_query_of_a_pane_stops_no_scan(void **state)
{
	/* After a query that failed, on either database, the next scan is saved and shown all the same. */
	struct place *place = *state;
	assert_false(db_run(place->console.outbox, "SELECT nothing FROM nowhere", ""));
	scan(place, true);
	assert_false(db_run(place->console.cache, "SELECT nothing FROM nowhere", ""));
	scan(place, true);
	assert_int_equal(shown(place, COUNTED), 2000);
	assert_false(db_run(place->console.outbox, "SELECT nothing FROM nowhere", ""));
	assert_int_equal(unsent(place), 4);
}

static void a_rehearsal_while_the_cache_is_busy_blinds_no_pane(void **state)
{
	/* Lists still read after a rehearsal that found the cache locked. */
	struct place *place = *state;
	struct place other = *place;
	struct console_verdict verdict;
	memset(&other.console, 0, sizeof other.console);
	open_again(&other);
	assert_true(db_begin(other.console.cache));
	console_rehearse(&place->console, "stocktake.create", "xinyi", "chen",
		cJSON_Parse("{\"scope\":\"full\"}"), place->now_ms, &verdict);
	console_verdict_free(&verdict);
	assert_int_equal(shown(place, "SELECT count(*) FROM stocktake"), 1);
	db_rollback(other.console.cache);
	console_close(&other.console);
}

/* Another seat, that takes the cache's lock whenever this one's outbox waits for the disk. */
static struct {
	struct db *cache;
	int taken, missed;
} seat;

static int take_the_cache(const char *path, enum fault_op op)
{
	if (op != FAULT_SYNC || !strstr(path, "outbox.db") || !seat.cache)
		return SQLITE_OK;
	if (db_begin(seat.cache))
		seat.taken++;
	else
		seat.missed++;
	db_rollback(seat.cache);
	return SQLITE_OK;
}

static void nobody_holds_the_cache_while_the_outbox_waits_for_the_disk(void **state)
{
	/* Another seat gets the cache's lock at every moment at which a scan or a request waits for the disk. */
	struct place *place = *state;
	struct place other = *place;
	memset(&other.console, 0, sizeof other.console);
	open_again(&other);
	db_wait(other.console.cache, 0);
	seat.cache = other.console.cache;
	fault_hook = take_the_cache;
	scan(place, true);
	start_sheet(place);
	fault_hook = NULL;
	assert_int_equal(seat.taken, 3);
	assert_int_equal(seat.missed, 0);
	console_close(&other.console);
}

static void a_full_disk_saves_nothing_and_says_so(void **state)
{
	/* While outbox.db cannot grow no scan is called saved; when it can again, counting goes on. */
	struct place *place = *state;
	static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		disk_is("outbox.db", codes[i], 0);
		scan(place, false);
		disk_is(NULL, 0, 0);
		assert_int_equal(unsent(place), 2 + (int)i);
		assert_int_equal(shown(place, "SELECT count(*) FROM count_entry"), (int64_t)i);
		scan(place, true);
	}
	assert_int_equal(shown(place, COUNTED), 3000);
}

static void a_full_disk_under_the_cache_shows_late_but_once(void **state)
{
	/* Wherever cache.db stops growing, scans are saved, and shown exactly once when it grows again. */
	struct place *place = *state;
	static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE};
	int scans = 0;
	for (int after = 0; after < 24; after++) {
		disk_is("cache.db", codes[after % 2], after);
		for (int i = 0; i < 3; i++, scans++)
			scan(place, true);
		console_catch_up(&place->console, place->now_ms);
		disk_is(NULL, 0, 0);
		assert_true(console_catch_up(&place->console, place->now_ms));
		assert_int_equal(shown(place, COUNTED), scans * 1000);
	}
	assert_int_equal(shown(place, "SELECT count(*) FROM amber"), 0);
	assert_int_equal(unsent(place), scans + 2);
}

static void a_long_catch_up_on_a_full_disk_is_all_or_nothing(void **state)
{
	/* A catch-up that outgrows memory and meets a full disk in its middle leaves nothing behind. */
	struct place *place = *state;
	assert_true(db_run(place->console.cache, "PRAGMA cache_size = 10", ""));
	struct place other = *place;
	memset(&other.console, 0, sizeof other.console);
	open_again(&other);
	assert_true(db_begin(other.console.cache));
	for (int i = 0; i < 40; i++)
		scan(place, true);
	db_rollback(other.console.cache);
	console_close(&other.console);
	for (int after = 0; after < 60; after += 3) {
		disk_is("cache.db", SQLITE_FULL, after);
		bool caught_up = console_catch_up(&place->console, place->now_ms);
		disk_is(NULL, 0, 0);
		int64_t seen = shown(place, "SELECT count(*) FROM count_entry");
		assert_int_equal(seen, caught_up ? 40 : 0);
		if (caught_up)
			break;
	}
	assert_true(console_catch_up(&place->console, place->now_ms));
	assert_int_equal(shown(place, COUNTED), 40000);
}

static void a_transaction_the_disk_ended_stays_ended(void **state)
{
	/* After SQLite rolled a transaction back by itself nothing of its rest is written on its own. */
	struct place *place = *state;
	struct db *db = place->console.outbox;
	static const char insert[] = "INSERT INTO dismissed (id) VALUES (hex(randomblob(1500)))";
	assert_true(db_run(db, "PRAGMA cache_size = 2", ""));
	assert_true(db_begin(db));
	disk_is("outbox.db", SQLITE_IOERR_WRITE, 20);
	int written = 0;
	while (db_run(db, insert, ""))
		assert_true(++written < 10000);
	disk_is(NULL, 0, 0);
	assert_true(db_is_down(db));
	db_forget_failure(db);
	assert_false(db_run(db, insert, ""));
	assert_false(db_mark(db));
	db_undo(db);
	assert_false(db_run(db, insert, ""));
	assert_false(db_commit(db));
	db_rollback(db);
	assert_int_equal(db_get_int(db, -1, "SELECT count(*) FROM dismissed", ""), 0);
	assert_true(db_run(db, insert, ""));
}

static void a_full_disk_at_the_first_start_is_named(void **state)
{
	/* A home that cannot be made says that the disk is full, and not that the version is wrong. */
	struct place *place = *state;
	struct console console = {.random = fake_random};
	char home[256], error[300] = "";
	(void)place;
	folder_make(home, sizeof home);
	disk_is("outbox.db", SQLITE_FULL, 2);
	assert_false(console_open(&console, home, fault_vfs(), error, sizeof error));
	assert_null(strstr(error, "version"));
	assert_non_null(strstr(error, "full"));
	disk_is(NULL, 0, 0);
	folder_remove(home);
}

/* Spoils every page of the cache but the first few, behind SQLite's back. */
static void spoil_pages(struct place *place)
{
	char path[300];
	assert_true(db_checkpoint(place->console.cache));
	snprintf(path, sizeof path, "%s/cache.db", place->home);
	FILE *file = fopen(path, "r+");
	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	fseek(file, 40960, SEEK_SET);
	for (long i = 40960; i < size; i++)
		fputc('x', file);
	fclose(file);
}

static void a_page_damaged_deep_inside_makes_a_new_cache(void **state)
{
	/* A cache that opens and then turns out damaged is thrown away and comes back from HQ. */
	struct place *place = *state;
	scan(place, true);
	spoil_pages(place);
	console_close(&place->console);
	char error[300] = "";
	place->console.random = fake_random;
	if (!console_open(&place->console, place->home, fault_vfs(), error, sizeof error))
		fail_msg("%s", error);
	for (int i = 0; i < 3; i++) {
		console_catch_up(&place->console, place->now_ms);
		scan(place, true);
		shown(place, "SELECT count(*) FROM stock WHERE sku > ''");
		console_changed(&place->console);
	}
	stage_base(place);
	assert_false(land(place, FOLLOWED));
	assert_int_equal(shown(place, COUNTED), 4000);
}

static void rows_that_were_kept_aside_leave_the_sum_again(void **state)
{
	/* A row that could not be read counts in its feed's sum until it can be, or is gone. */
	struct place *place = *state;
	int64_t before = shown(place, "SELECT sum FROM feed_state WHERE feed = 'catalogue'");
	assert_true(console_stage_begin(&place->console));
	stage(place, "catalogue", "product", "[\"A3\"]", "{\"sku\":\"A3\",\"name\":7}");
	stage(place, "catalogue", "loyalty", "[\"x\"]", "{\"id\":\"x\"}");
	stage(place, "catalogue", "product", "[\"A4\"]",
		"{\"sku\":\"A4\",\"name\":7,\"price\":1e300}");
	land(place, FOLLOWED);
	assert_int_equal(shown(place, "SELECT count(*) FROM unknown_row"), 3);
	assert_true(console_stage_begin(&place->console));
	stage(place, "catalogue", "product", "[\"A3\"]", PRODUCT("A3"));
	stage(place, "catalogue", "product", "[\"A3\"]", NULL);
	stage(place, "catalogue", "loyalty", "[\"x\"]", NULL);
	stage(place, "catalogue", "product", "[\"A4\"]", NULL);
	land(place, FOLLOWED);
	assert_int_equal(shown(place, "SELECT count(*) FROM unknown_row"), 0);
	assert_int_equal(
		shown(place, "SELECT sum FROM feed_state WHERE feed = 'catalogue'"), before);
}

static void a_row_that_turns_unreadable_is_not_shown_as_it_was(void **state)
{
	/* A newer HQ's row of a type not known here takes the place of the old one, sum and all. */
	struct place *place = *state;
	int64_t before = shown(place, "SELECT sum FROM feed_state WHERE feed = 'catalogue'");
	assert_true(console_stage_begin(&place->console));
	stage(place, "catalogue", "product", "[\"A1\"]", "{\"sku\":\"A1\",\"name\":7}");
	land(place, FOLLOWED);
	assert_int_equal(shown(place, "SELECT count(*) FROM product"), 0);
	assert_true(console_stage_begin(&place->console));
	stage(place, "catalogue", "product", "[\"A1\"]", PRODUCT("A1"));
	land(place, FOLLOWED);
	assert_int_equal(
		shown(place, "SELECT sum FROM feed_state WHERE feed = 'catalogue'"), before);
}

/* HQ's row of the sheet's line. */
static void stage_line(struct place *place, int counted)
{
	char key[100], row[600];
	snprintf(key, sizeof key, "[\"%s\",\"A1\"]", place->sheet);
	snprintf(row, sizeof row,
		"{\"stocktake\":\"%s\",\"sku\":\"A1\",\"store\":\"xinyi\",\"round\":1,\"book\":10,\"counted\":%d,"
		"\"corrected\":0,\"recount\":false,\"moved\":false,\"zeroed\":false,\"extra\":false,"
		"\"unknown\":false,\"later\":false,\"posted\":null}",
		place->sheet, counted);
	stage(place, "store:xinyi", "stocktake_line", key, row);
}

static void nothing_shows_twice_while_a_whole_copy_is_on_its_way(void **state)
{
	/* HQ was restored: what is offered again still stands in the old rows, so a rebase that comes
	 * before the new copy does not replay it on top of them. */
	struct place *place = *state;
	char first[UUID_SIZE];
	bool differs;
	strcpy(first, scan(place, true));
	answer(place, first, "applied", ",\"feeds\":{\"store:xinyi\":\"50\"}");
	assert_true(console_stage_begin(&place->console));
	place->seq = 49;
	stage_line(place, 1);
	land(place, FOLLOWED);
	assert_int_equal(shown(place, COUNTED), 1000);
	assert_true(console_offer_again(&place->console, place->now_ms));
	assert_true(console_resync(&place->console));
	assert_true(console_land(&place->console, NULL, place->now_ms, &differs));
	assert_int_equal(shown(place, COUNTED), 1000);
	place->seq = 0;
	stage_base(place);
	land(place, FOLLOWED);
	assert_int_equal(shown(place, COUNTED), 1000);
}

static void rows_that_come_before_their_verdict_are_no_trouble(void **state)
{
	/* HQ applied a scan and its answer was lost: its rows land first, and nothing is amber or twice. */
	struct place *place = *state;
	struct console_counts counts;
	char key[100], row[600];
	const char *id = scan(place, true);
	assert_true(console_stage_begin(&place->console));
	stage_line(place, 1);
	snprintf(key, sizeof key, "[\"%s\"]", id);
	snprintf(row, sizeof row,
		"{\"id\":\"%s\",\"stocktake\":\"%s\",\"store\":\"xinyi\",\"sku\":\"A1\",\"round\":1,\"no\":1,"
		"\"zone\":\"\",\"mode\":\"add\",\"qty\":1,\"book\":10,\"corrected\":0,\"undone\":false,"
		"\"at\":\"2026-03-02T02:00:00.000Z\",\"actor\":\"chen\"}",
		id, place->sheet);
	stage(place, "store:xinyi", "count_entry", key, row);
	land(place, FOLLOWED);
	assert_int_equal(shown(place, COUNTED), 1000);
	console_count(&place->console, "xinyi", &counts);
	assert_int_equal(counts.amber, 0);
	assert_int_equal(counts.unsent, 3);
}

static void an_exception_that_comes_before_its_verdict_is_no_trouble(void **state)
{
	/* HQ recorded a late count as an exception and its answer was lost: when the exception lands, the count
	 * that waits for its verdict is not amber. */
	struct place *place = *state;
	char key[100], row[700], code[40];
	const char *id = scan(place, true);
	assert_true(console_stage_begin(&place->console));
	snprintf(key, sizeof key, "[\"%s\"]", place->sheet);
	snprintf(row, sizeof row,
		"{\"id\":\"%s\",\"number\":\"S-1\",\"store\":\"xinyi\",\"scope\":\"full\",\"categories\":[],"
		"\"vendors\":[],\"blind\":false,\"creator\":\"chen\",\"note\":\"\",\"status\":\"void\","
		"\"resumes_to\":null,\"round\":1,\"reason\":\"no\",\"created_at\":\"2026-03-02T02:00:00.000Z\","
		"\"created_by\":\"chen\",\"started_at\":null,\"ended_at\":null}",
		place->sheet);
	stage(place, "store:xinyi", "stocktake", key, row);
	snprintf(key, sizeof key, "[\"%s.1\"]", id);
	snprintf(row, sizeof row,
		"{\"id\":\"%s.1\",\"kind\":\"late_count\",\"store\":\"xinyi\",\"other_store\":null,"
		"\"doc_kind\":\"stocktake\",\"doc\":\"%s\",\"sku\":\"A1\",\"detail\":{},\"command\":\"%s\","
		"\"at\":\"2026-03-02T02:00:00.000Z\",\"actor\":\"chen\"}",
		id, place->sheet, id);
	stage(place, "store:xinyi", "exception", key, row);
	land(place, FOLLOWED);
	assert_false(console_amber(&place->console, id, code));
}

static void positions_of_another_hq_cover_nothing(void **state)
{
	/* A verdict of the restored HQ names low positions; those reached at the old one do not count. */
	struct place *place = *state;
	char first[UUID_SIZE];
	bool differs;
	strcpy(first, scan(place, true));
	assert_true(console_resync(&place->console));
	answer(place, first, "applied", ",\"feeds\":{\"store:xinyi\":\"2\"}");
	assert_true(console_land(&place->console, NULL, place->now_ms, &differs));
	assert_int_equal(db_get_int(place->console.outbox, 0,
				 "SELECT count(*) FROM command WHERE state = 'answered'", ""),
		1);
	assert_int_equal(shown(place, COUNTED), 1000);
}

static void an_answer_before_the_first_landing_is_not_covered(void **state)
{
	/* A new cache follows nothing yet: what HQ applied stays visible until its rows are here. */
	struct place *place = *state;
	char path[300];
	bool differs;
	const char *id = scan(place, true);
	answer(place, id, "applied", ",\"feeds\":{\"store:xinyi\":\"50\"}");
	console_close(&place->console);
	snprintf(path, sizeof path, "rm -f %s/cache.db*", place->home);
	assert_int_equal(system(path), 0);
	open_again(place);
	console_catch_up(&place->console, place->now_ms);
	assert_true(console_land(&place->console, NULL, place->now_ms, &differs));
	place->seq = 0;
	stage_base(place);
	land(place, FOLLOWED);
	assert_int_equal(shown(place, COUNTED), 1000);
}

static void any_number_of_answers_is_finished_by_one_landing(void **state)
{
	/* A landing that covers a thousand commands leaves none of them open. */
	struct place *place = *state;
	db_run(place->console.outbox,
		"WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 1000) "
		"INSERT INTO command (id, op, at, line, state, status, verdict) SELECT 'x' || i, 'o', 0, '{}', "
		"'answered', 'applied', '{\"feeds\":{\"store:xinyi\":\"3\"}}' FROM k",
		"");
	assert_true(console_stage_begin(&place->console));
	land(place, FOLLOWED);
	assert_int_equal(db_get_int(place->console.outbox, -1,
				 "SELECT count(*) FROM command WHERE state = 'answered'", ""),
		0);
}

static int64_t kept(struct place *place, const char *where)
{
	char sql[200];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM command WHERE %s", where);
	return db_get_int(place->console.outbox, -1, sql, "");
}

static void what_hq_applied_long_ago_is_forgotten(void **state)
{
	/* Two weeks after its verdict an applied command leaves the outbox with the next landing; what was
	 * refused, what waits, and the newest row stay. */
	struct place *place = *state;
	const int64_t day_ms = INT64_C(24) * 3600 * 1000;
	for (int i = 0; i < 3; i++)
		scan(place, true);
	db_run(place->console.outbox,
		"UPDATE command SET state = 'done', status = CASE n WHEN 2 THEN 'rejected' ELSE 'applied' END, "
		"answered_at = $1 WHERE n <> 4",
		"i", place->now_ms);
	place->now_ms += 13 * day_ms;
	assert_true(console_stage_begin(&place->console));
	land(place, FOLLOWED);
	assert_int_equal(kept(place, "true"), 5);
	place->now_ms += 2 * day_ms;
	assert_true(console_stage_begin(&place->console));
	land(place, FOLLOWED);
	assert_int_equal(kept(place, "n = 2 OR n >= 4"), 3);
	assert_int_equal(kept(place, "true"), 3);
	db_run(place->console.outbox,
		"UPDATE command SET state = 'done', status = 'applied', answered_at = $1", "i",
		place->now_ms - 20 * day_ms);
	assert_true(console_stage_begin(&place->console));
	land(place, FOLLOWED);
	assert_int_equal(kept(place, "true"), 1);
	assert_int_equal(kept(place, "n = 5"), 1);
}

static void half_of_the_clock_is_never_kept(void **state)
{
	/* HQ's time and the boot clock are kept together or not at all. */
	struct place *place = *state;
	console_set_clock(&place->console, NOW, 1000, 0);
	for (int after = 0; after < 8; after++) {
		disk_is("cache.db", SQLITE_FULL, after);
		console_set_clock(&place->console, NOW + 3600000, 3601000, 0);
		disk_is(NULL, 0, 0);
		assert_int_equal(console_hq_time(&place->console, 3601000, 0), NOW + 3600000);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_failed_query_of_a_pane_stops_no_scan),
		TEST(a_rehearsal_while_the_cache_is_busy_blinds_no_pane),
		TEST(nobody_holds_the_cache_while_the_outbox_waits_for_the_disk),
		TEST(a_full_disk_saves_nothing_and_says_so),
		TEST(a_full_disk_under_the_cache_shows_late_but_once),
		TEST(a_long_catch_up_on_a_full_disk_is_all_or_nothing),
		TEST(a_transaction_the_disk_ended_stays_ended),
		TEST(a_full_disk_at_the_first_start_is_named),
		TEST(a_page_damaged_deep_inside_makes_a_new_cache),
		TEST(rows_that_were_kept_aside_leave_the_sum_again),
		TEST(a_row_that_turns_unreadable_is_not_shown_as_it_was),
		TEST(nothing_shows_twice_while_a_whole_copy_is_on_its_way),
		TEST(rows_that_come_before_their_verdict_are_no_trouble),
		TEST(an_exception_that_comes_before_its_verdict_is_no_trouble),
		TEST(positions_of_another_hq_cover_nothing),
		TEST(an_answer_before_the_first_landing_is_not_covered),
		TEST(any_number_of_answers_is_finished_by_one_landing),
		TEST(what_hq_applied_long_ago_is_forgotten),
		TEST(half_of_the_clock_is_never_kept),
	};
	return cmocka_run_group_tests_name("console in trouble", tests, NULL, NULL);
}
