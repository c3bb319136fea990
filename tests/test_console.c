/* The local side: outbox, cache, catch-up, before-images, landing, replay (design.md §1). */
#include "model/text.h"
#include "tests/console_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Does a command; returns its id. */
static const char *did(struct place *place, const char *op, const char *data, const char *expected)
{
	static char id[UUID_SIZE];
	struct console_verdict verdict;
	place_run(place, op, data, &verdict);
	assert_string_equal(refusal_code(verdict.refusal), expected);
	assert_int_equal(verdict.saved, *expected == '\0');
	strcpy(id, verdict.id);
	return id;
}

static void what_is_done_here_shows_at_once_and_waits(void **state)
{
	/* A command done here changes the cache at once and waits in the outbox. */
	struct place *place = *state;
	place_start_sheet(place);
	place_scan(place, true);
	place_scan(place, true);
	assert_int_equal(place_shown(place, COUNTED), 2000);
	assert_int_equal(place_unsent(place), 4);
}

static void a_refused_request_leaves_nothing(void **state)
{
	/* A request refused in rehearsal is not stored and changes nothing. */
	struct place *place = *state;
	did(place, "stocktake.start", "{\"stocktake\":\"nope\"}", "unknown_document");
	did(place, "stocktake.create", "{\"scope\":\"partial\"}", "bad_data");
	did(place, "outbound.create", "{\"to\":\"ximen\",\"lines\":[{\"sku\":\"A1\",\"qty\":1}]}",
		"no_right");
	assert_int_equal(place_unsent(place), 0);
	assert_int_equal(place_shown(place, "SELECT count(*) FROM stocktake"), 0);
}

static bool is_saved(
	struct place *place, const char *op, const char *data, struct console_verdict *verdict)
{
	place_run(place, op, data, verdict);
	return verdict->saved;
}

static void what_is_done_while_another_seat_writes_waits_for_no_one(void **state)
{
	/* With the cache locked by another seat a request says so and stores nothing; a fact is saved, and
	 * counted once the lock is free. */
	struct place *place = *state;
	struct place other;
	struct console_verdict verdict;
	char data[200];
	place_start_sheet(place);
	place_join(&other, place);
	assert_true(db_begin(other.console.cache));
	assert_false(is_saved(place, "stocktake.create", "{\"scope\":\"full\"}", &verdict));
	assert_int_equal(verdict.refusal, REFUSAL_BUSY);
	snprintf(data, sizeof data,
		"{\"stocktake\":\"%s\",\"sku\":\"A1\",\"qty\":1,\"mode\":\"add\"}", place->sheet);
	assert_true(is_saved(place, "stocktake.count", data, &verdict));
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	assert_int_equal(place_unsent(place), 3);
	db_rollback(other.console.cache);
	console_close(&other.console);
	console_changed(&place->console);
	assert_true(console_catch_up(&place->console, place->now_ms));
	assert_true(console_changed(&place->console));
	assert_int_equal(place_shown(place, COUNTED), 1000);
	assert_true(is_saved(place, "stocktake.create", "{\"scope\":\"full\"}", &verdict));
}

static void a_long_backlog_is_applied_in_slices(void **state)
{
	/* Thousands of commands that the cache has not seen are applied by and by, each once, and between the
	 * slices the lock is free. */
	struct place *place = *state;
	int rounds = 1;
	place_start_sheet(place);
	db_run(place->console.outbox,
		"WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 5000) "
		"INSERT INTO command (id, op, store, actor, at, line) SELECT "
		"printf('019a0000-0000-7000-8000-%012d', i), 'stocktake.count', 'xinyi', 'chen', $2, "
		"printf('{\"id\":\"019a0000-0000-7000-8000-%012d\",\"op\":\"stocktake.count\",\"v\":1,"
		"\"at\":\"2026-03-02T02:00:00.000Z\",\"store\":\"xinyi\",\"actor\":\"chen\",\"data\":"
		"{\"stocktake\":\"%s\",\"sku\":\"A1\",\"qty\":1,\"mode\":\"add\"}}', i, $1) FROM c",
		"ti", place->sheet, place->now_ms);
	assert_int_equal(place_unsent(place), 5002);
	while (!console_catch_up(&place->console, place->now_ms)) {
		assert_false(db_in_transaction(place->console.cache));
		assert_in_range(++rounds, 2, 50);
	}
	assert_true(rounds > 1);
	assert_int_equal(place_shown(place, COUNTED), 5000 * 1000);
	assert_int_equal(place_shown(place, "SELECT count(*) FROM count_entry"), 5000);
}

static void a_kill_loses_nothing(void **state)
{
	/* Whatever was saved is there after the process is gone, even if the cache never heard of it. */
	struct place *place = *state;
	place_start_sheet(place);
	db_run(place->console.outbox,
		"INSERT INTO command (id, op, store, actor, at, line) SELECT '019a0000-0000-7000-8000-000000000001', op, store, "
		"actor, at, replace(line, id, '019a0000-0000-7000-8000-000000000001') FROM command WHERE op = "
		"'stocktake.create'",
		"");
	console_close(&place->console);
	place_open_again(place);
	assert_true(console_catch_up(&place->console, place->now_ms));
	assert_int_equal(place_shown(place, "SELECT count(*) FROM stocktake"), 2);
}

static void a_deleted_cache_comes_back(void **state)
{
	/* cache.db deleted while 50 commands wait: HQ's rows come again, the 50 are visible and still sent. */
	struct place *place = *state;
	char path[300];
	struct text lines = TEXT_INIT(TEXT_LARGE);
	place_start_sheet(place);
	for (int i = 0; i < 48; i++)
		place_scan(place, true);
	snprintf(path, sizeof path, "%s/cache.db", place->home);
	assert_int_equal(unlink(path), 0);
	assert_true(console_changed(&place->console));
	assert_int_equal(place_shown(place, "SELECT count(*) FROM stock"), 0);
	console_catch_up(&place->console, place->now_ms);
	place_stage_base(place);
	assert_false(place_land(place, FOLLOWED));
	assert_int_equal(place_shown(place, COUNTED), 48000);
	assert_int_equal(place_unsent(place), 50);
	assert_int_equal(console_next_lines(&place->console, 200, 1 << 20, &lines), 50);
	text_free(&lines);
}

static void a_rejected_command_is_undone(void **state)
{
	/* What HQ rejects is undone by the next landing and stands in the inbox until dismissed. */
	struct place *place = *state;
	struct console_counts counts;
	const char *id = did(place, "stocktake.create", "{\"scope\":\"full\"}", "");
	place_answer(place, id, "rejected", ",\"code\":\"no_right\"");
	assert_true(console_needs_rebase(&place->console));
	bool differs;
	assert_true(console_land(&place->console, NULL, place->now_ms, &differs));
	assert_int_equal(place_shown(place, "SELECT count(*) FROM stocktake"), 0);
	console_count(&place->console, "xinyi", &counts);
	assert_int_equal(counts.refused, 1);
	assert_true(console_dismiss(&place->console, id));
	console_count(&place->console, "xinyi", &counts);
	assert_int_equal(counts.refused, 0);
}

static void an_applied_command_is_never_seen_twice_or_missing(void **state)
{
	/* An applied command stays visible until its feeds were pulled that far, and is never added to HQ's
	 * own row of it. */
	struct place *place = *state;
	place_start_sheet(place);
	const char *id = place_scan(place, true);
	place_answer(place, id, "applied", ",\"feeds\":{\"store:xinyi\":\"1000\"}");
	assert_true(console_stage_begin(&place->console));
	assert_false(place_land(place, FOLLOWED));
	assert_int_equal(place_shown(place, COUNTED), 1000);
	assert_true(console_stage_begin(&place->console));
	place->seq = 999;
	char key[100], row[600];
	snprintf(key, sizeof key, "[\"%s\",\"A1\"]", place->sheet);
	snprintf(row, sizeof row,
		"{\"stocktake\":\"%s\",\"sku\":\"A1\",\"store\":\"xinyi\",\"round\":1,\"book\":10,\"counted\":1,\"corrected\":0,"
		"\"recount\":false,\"moved\":false,\"zeroed\":false,\"extra\":false,\"unknown\":false,\"later\":false,"
		"\"posted\":null}",
		place->sheet);
	place_stage(place, "store:xinyi", "stocktake_line", key, row);
	assert_false(place_land(place, FOLLOWED));
	assert_int_equal(place_shown(place, COUNTED), 1000);
	assert_int_equal(db_get_int(place->console.outbox, 0,
				 "SELECT count(*) FROM command WHERE state = 'done'", ""),
		1);
}

static void hq_rows_and_own_work_do_not_mix(void **state)
{
	/* New rows of HQ land under the own commands: book from HQ, count from here. */
	struct place *place = *state;
	place_start_sheet(place);
	place_scan(place, true);
	assert_true(console_stage_begin(&place->console));
	place_stage_stock(place, "A1", 7);
	assert_false(place_land(place, FOLLOWED));
	assert_int_equal(place_shown(place, "SELECT on_hand FROM stock WHERE sku = 'A1'"), 7000);
	assert_int_equal(place_shown(place, COUNTED), 1000);
	assert_int_equal(
		place_shown(place, "SELECT book FROM stocktake_line WHERE sku = 'A1'"), 7000);
}

static void a_replay_refused_now_is_amber(void **state)
{
	/* A queued command that the new rows refuse turns amber and is still sent. */
	struct place *place = *state;
	char code[40];
	const char *id = did(place, "stocktake.create", "{\"scope\":\"full\"}", "");
	assert_true(console_stage_begin(&place->console));
	place_stage(place, "store:xinyi", "staff", "[\"chen\"]",
		"{\"id\":\"chen\",\"name\":\"Chen\",\"role\":\"clerk\",\"stores\":[\"xinyi\"],\"pin_hash\":\"\",\"active\":false}");
	assert_false(place_land(place, FOLLOWED));
	assert_true(console_amber(&place->console, id, code));
	assert_string_equal(code, "unknown_staff");
	assert_int_equal(place_unsent(place), 1);
}

static void only_an_unsent_command_is_withdrawn(void **state)
{
	/* A command can be taken back until it was handed to the syncer. */
	struct place *place = *state;
	struct text lines = TEXT_INIT(TEXT_LARGE);
	char first[UUID_SIZE];
	strcpy(first, did(place, "stocktake.create", "{\"scope\":\"full\"}", ""));
	assert_true(console_withdraw(&place->console, first));
	const char *second = did(place, "stocktake.create", "{\"scope\":\"full\"}", "");
	console_next_lines(&place->console, 200, 1 << 20, &lines);
	assert_false(console_withdraw(&place->console, second));
	assert_int_equal(place_unsent(place), 1);
	text_free(&lines);
}

static void two_seats_share_one_home(void **state)
{
	/* Two screens on one home see each other's work, in one order. */
	struct place *place = *state;
	struct place other;
	place_join(&other, place);
	place_start_sheet(place);
	strcpy(other.sheet, place->sheet);
	assert_true(console_changed(&other.console));
	place_scan(&other, true);
	place_scan(place, true);
	assert_int_equal(place_shown(&other, COUNTED), 2000);
	assert_int_equal(db_get_int(other.console.cache, 0, "SELECT n FROM applied", ""), 4);
	console_close(&other.console);
}

static void a_busy_cache_does_not_stop_a_scan(void **state)
{
	/* While another process holds the cache, a scan is saved and applied later. */
	struct place *place = *state;
	struct place other;
	place_join(&other, place);
	place_start_sheet(place);
	assert_true(db_begin(other.console.cache));
	place_scan(place, true);
	assert_int_equal(place_shown(place, "SELECT count(*) FROM count_entry"), 0);
	db_rollback(other.console.cache);
	assert_true(console_catch_up(&place->console, place->now_ms));
	assert_int_equal(place_shown(place, COUNTED), 1000);
	console_close(&other.console);
}

static void rows_nobody_knows_are_kept_aside(void **state)
{
	/* Unknown tables and columns of a newer HQ are kept out of the way and counted in the sums. */
	struct place *place = *state;
	assert_true(console_stage_begin(&place->console));
	place_stage(place, "catalogue", "loyalty", "[\"x\"]", "{\"id\":\"x\"}");
	place_stage(place, "catalogue", "product", "[\"A2\"]",
		"{\"sku\":\"A2\",\"name\":\"New\",\"colour\":\"red\",\"barcodes\":[],\"category\":null,\"vendor\":null,\"price\":0,"
		"\"is_virtual\":false,\"threshold\":0,\"backorders\":false}");
	place_stage(place, "catalogue", "product", "[\"A3\"]", "{\"sku\":\"A3\",\"name\":7}");
	assert_false(place_land(place, FOLLOWED));
	assert_int_equal(place_shown(place, "SELECT count(*) FROM unknown_row"), 2);
	assert_int_equal(place_shown(place, "SELECT count(*) FROM product"), 2);
	assert_true(console_stage_begin(&place->console));
	assert_true(place_land(place, "{\"catalogue\":\"1\"}"));
}

static void a_whole_copy_drops_what_is_gone(void **state)
{
	/* After a resync only what HQ sends again is there. */
	struct place *place = *state;
	assert_true(console_resync(&place->console));
	char *cursor = console_cursor(&place->console);
	assert_string_equal(cursor, "");
	free(cursor);
	assert_true(console_stage_begin(&place->console));
	place_stage_stock(place, "B9", 3);
	assert_false(place_land(place, "{\"store:xinyi\":null}"));
	assert_int_equal(place_shown(place, "SELECT count(*) FROM stock"), 1);
	assert_int_equal(place_shown(place, "SELECT count(*) FROM product"), 0);
}

static void spoil(struct place *place, const char *name)
{
	char path[300];
	snprintf(path, sizeof path, "%s/%s", place->home, name);
	FILE *file = fopen(path, "w");
	for (int i = 0; i < 9000; i++)
		fputc('x', file);
	fclose(file);
	snprintf(path, sizeof path, "%s/%s-wal", place->home, name);
	unlink(path);
}

static void a_damaged_cache_is_made_anew_and_an_outbox_refused(void **state)
{
	/* A damaged cache is rebuilt; a damaged outbox is refused with a sentence and left as it is. */
	struct place *place = *state;
	char error[300];
	place_start_sheet(place);
	console_close(&place->console);
	spoil(place, "cache.db");
	place_open_again(place);
	assert_int_equal(place_unsent(place), 2);
	console_close(&place->console);
	spoil(place, "outbox.db");
	place->console.random = place_random;
	assert_false(console_open(&place->console, place->home, NULL, error, sizeof error));
	assert_non_null(strstr(error, "outbox.db"));
}

static void an_outbox_of_a_newer_program_is_refused(void **state)
{
	/* An outbox of another version is refused and told, never rebuilt. */
	struct place *place = *state;
	char error[300];
	db_set_version(place->console.outbox, 99);
	console_close(&place->console);
	place->console.random = place_random;
	assert_false(console_open(&place->console, place->home, NULL, error, sizeof error));
	assert_non_null(strstr(error, "version 99"));
}

static void all_of_a_long_history_is_offered_again(void **state)
{
	/* It goes piece by piece, and none is left out. */
	struct place *place = *state;
	assert_true(db_run(place->console.outbox,
		"WITH RECURSIVE some (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM some WHERE i < 1733) "
		"INSERT INTO command (id, op, at, line, state, sent, status, verdict, answered_at) "
		"SELECT 'c' || i, 'stocktake.create', 1, '{}', 'done', 1, 'applied', '{}', $1 FROM some",
		"i", NOW));
	assert_true(console_offer_again(&place->console, NOW + 1));
	assert_int_equal(db_get_int(place->console.outbox, -1,
				 "SELECT count(*) FROM command WHERE state = 'queued'", ""),
		1733);
}

static void after_a_restored_hq_everything_is_offered_again(void **state)
{
	/* console_offer_again makes answered commands unanswered, in their order. */
	struct place *place = *state;
	struct text lines = TEXT_INIT(TEXT_LARGE);
	place_start_sheet(place);
	place_answer(place, place->sheet, "applied", ",\"feeds\":{}");
	assert_int_equal(place_unsent(place), 1);
	assert_true(console_offer_again(&place->console, place->now_ms));
	assert_int_equal(console_next_lines(&place->console, 200, 1 << 20, &lines), 2);
	assert_non_null(strstr(text_get(&lines), place->sheet));
	text_free(&lines);
}

static void hqs_time_survives_a_restart_of_the_machine(void **state)
{
	/* The boot clock carries HQ's time only within one run of the machine, however late the next run
	 * looks; else the terminal's clock does, by how far it was off, and never backwards. */
	struct place *place = *state;
	const int64_t wall = NOW - 600000, hour = 3600000;

	place->console.boot = "first";
	console_set_clock(&place->console, NOW, 0, 1000, wall);
	assert_int_equal(console_hq_time(&place->console, 1000 + hour, 77), NOW + hour);
	place->console.boot = "second";
	assert_int_equal(console_hq_time(&place->console, 500, wall + hour), NOW + hour);
	assert_int_equal(
		console_hq_time(&place->console, 1000 + 9 * hour, wall + hour), NOW + hour);
	assert_int_equal(console_hq_time(&place->console, 1000, 0), NOW);
	place->console.boot = NULL;
	assert_int_equal(
		console_hq_time(&place->console, 1000 + 9 * hour, wall + hour), NOW + hour);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up_fresh, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_done_here_shows_at_once_and_waits),
		TEST(a_refused_request_leaves_nothing),
		TEST(what_is_done_while_another_seat_writes_waits_for_no_one),
		TEST(a_long_backlog_is_applied_in_slices),
		TEST(a_kill_loses_nothing),
		TEST(a_deleted_cache_comes_back),
		TEST(a_rejected_command_is_undone),
		TEST(an_applied_command_is_never_seen_twice_or_missing),
		TEST(hq_rows_and_own_work_do_not_mix),
		TEST(a_replay_refused_now_is_amber),
		TEST(only_an_unsent_command_is_withdrawn),
		TEST(two_seats_share_one_home),
		TEST(a_busy_cache_does_not_stop_a_scan),
		TEST(rows_nobody_knows_are_kept_aside),
		TEST(a_whole_copy_drops_what_is_gone),
		TEST(a_damaged_cache_is_made_anew_and_an_outbox_refused),
		TEST(an_outbox_of_a_newer_program_is_refused),
		TEST(all_of_a_long_history_is_offered_again),
		TEST(hqs_time_survives_a_restart_of_the_machine),
		TEST(after_a_restored_hq_everything_is_offered_again),
	};
	return cmocka_run_group_tests_name("console", tests, NULL, NULL);
}
