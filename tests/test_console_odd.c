/* What HQ sends in odd order or odd shape: rows, verdicts, copies, and an HQ that is not the one it was
 * (design.md §1, rules 3, 5 and 8 of §4). */
#include "tests/console_place.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void rows_that_were_kept_aside_leave_the_sum_again(void **state)
{
	/* A row that could not be read counts in its feed's sum until it can be, or is gone. */
	struct place *place = *state;
	int64_t before = place_shown(place, "SELECT sum FROM feed_state WHERE feed = 'catalogue'");
	assert_true(console_stage_begin(&place->console));
	place_stage(place, "catalogue", "product", "[\"A3\"]", "{\"sku\":\"A3\",\"name\":7}");
	place_stage(place, "catalogue", "loyalty", "[\"x\"]", "{\"id\":\"x\"}");
	place_stage(place, "catalogue", "product", "[\"A4\"]",
		"{\"sku\":\"A4\",\"name\":7,\"price\":1e300}");
	place_land(place, FOLLOWED);
	assert_int_equal(place_shown(place, "SELECT count(*) FROM unknown_row"), 3);
	assert_true(console_stage_begin(&place->console));
	place_stage(place, "catalogue", "product", "[\"A3\"]", PRODUCT("A3"));
	place_stage(place, "catalogue", "product", "[\"A3\"]", NULL);
	place_stage(place, "catalogue", "loyalty", "[\"x\"]", NULL);
	place_stage(place, "catalogue", "product", "[\"A4\"]", NULL);
	place_land(place, FOLLOWED);
	assert_int_equal(place_shown(place, "SELECT count(*) FROM unknown_row"), 0);
	assert_int_equal(
		place_shown(place, "SELECT sum FROM feed_state WHERE feed = 'catalogue'"), before);
}

static void a_row_that_turns_unreadable_is_not_shown_as_it_was(void **state)
{
	/* A newer HQ's row of a type not known here takes the place of the old one, sum and all. */
	struct place *place = *state;
	int64_t before = place_shown(place, "SELECT sum FROM feed_state WHERE feed = 'catalogue'");
	assert_true(console_stage_begin(&place->console));
	place_stage(place, "catalogue", "product", "[\"A1\"]", "{\"sku\":\"A1\",\"name\":7}");
	place_land(place, FOLLOWED);
	assert_int_equal(place_shown(place, "SELECT count(*) FROM product"), 0);
	assert_true(console_stage_begin(&place->console));
	place_stage(place, "catalogue", "product", "[\"A1\"]", PRODUCT("A1"));
	place_land(place, FOLLOWED);
	assert_int_equal(
		place_shown(place, "SELECT sum FROM feed_state WHERE feed = 'catalogue'"), before);
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
	place_stage(place, "store:xinyi", "stocktake_line", key, row);
}

static void nothing_shows_twice_while_a_whole_copy_is_on_its_way(void **state)
{
	/* HQ was restored: what is offered again still stands in the old rows, so a rebase that comes
	 * before the new copy does not replay it on top of them. */
	struct place *place = *state;
	char first[UUID_SIZE];
	bool differs;
	strcpy(first, place_scan(place, true));
	place_answer(place, first, "applied", ",\"feeds\":{\"store:xinyi\":\"50\"}");
	assert_true(console_stage_begin(&place->console));
	place->seq = 49;
	stage_line(place, 1);
	place_land(place, FOLLOWED);
	assert_int_equal(place_shown(place, COUNTED), 1000);
	assert_true(console_offer_again(&place->console, place->now_ms));
	assert_true(console_resync(&place->console));
	assert_true(console_land(&place->console, NULL, place->now_ms, &differs));
	assert_int_equal(place_shown(place, COUNTED), 1000);
	place->seq = 0;
	place_stage_base(place);
	place_land(place, FOLLOWED);
	assert_int_equal(place_shown(place, COUNTED), 1000);
}

static void rows_that_come_before_their_verdict_are_no_trouble(void **state)
{
	/* HQ applied a scan and its answer was lost: its rows land first, and nothing is amber or twice. */
	struct place *place = *state;
	struct console_counts counts;
	char key[100], row[600];
	const char *id = place_scan(place, true);
	assert_true(console_stage_begin(&place->console));
	stage_line(place, 1);
	snprintf(key, sizeof key, "[\"%s\"]", id);
	snprintf(row, sizeof row,
		"{\"id\":\"%s\",\"stocktake\":\"%s\",\"store\":\"xinyi\",\"sku\":\"A1\",\"round\":1,\"no\":1,"
		"\"zone\":\"\",\"mode\":\"add\",\"qty\":1,\"book\":10,\"corrected\":0,\"undone\":false,"
		"\"at\":\"2026-03-02T02:00:00.000Z\",\"actor\":\"chen\"}",
		id, place->sheet);
	place_stage(place, "store:xinyi", "count_entry", key, row);
	place_land(place, FOLLOWED);
	assert_int_equal(place_shown(place, COUNTED), 1000);
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
	const char *id = place_scan(place, true);
	assert_true(console_stage_begin(&place->console));
	snprintf(key, sizeof key, "[\"%s\"]", place->sheet);
	snprintf(row, sizeof row,
		"{\"id\":\"%s\",\"number\":\"S-1\",\"store\":\"xinyi\",\"scope\":\"full\",\"categories\":[],"
		"\"vendors\":[],\"blind\":false,\"creator\":\"chen\",\"note\":\"\",\"status\":\"void\","
		"\"resumes_to\":null,\"round\":1,\"reason\":\"no\",\"created_at\":\"2026-03-02T02:00:00.000Z\","
		"\"created_by\":\"chen\",\"started_at\":null,\"ended_at\":null}",
		place->sheet);
	place_stage(place, "store:xinyi", "stocktake", key, row);
	snprintf(key, sizeof key, "[\"%s.1\"]", id);
	snprintf(row, sizeof row,
		"{\"id\":\"%s.1\",\"kind\":\"late_count\",\"store\":\"xinyi\",\"other_store\":null,"
		"\"doc_kind\":\"stocktake\",\"doc\":\"%s\",\"sku\":\"A1\",\"detail\":{},\"command\":\"%s\","
		"\"at\":\"2026-03-02T02:00:00.000Z\",\"actor\":\"chen\"}",
		id, place->sheet, id);
	place_stage(place, "store:xinyi", "exception", key, row);
	place_land(place, FOLLOWED);
	assert_false(console_amber(&place->console, id, code));
}

static void positions_of_another_hq_cover_nothing(void **state)
{
	/* A verdict of the restored HQ names low positions; those reached at the old one do not count. */
	struct place *place = *state;
	char first[UUID_SIZE];
	bool differs;
	strcpy(first, place_scan(place, true));
	assert_true(console_resync(&place->console));
	place_answer(place, first, "applied", ",\"feeds\":{\"store:xinyi\":\"2\"}");
	assert_true(console_land(&place->console, NULL, place->now_ms, &differs));
	assert_int_equal(db_get_int(place->console.outbox, 0,
				 "SELECT count(*) FROM command WHERE state = 'answered'", ""),
		1);
	assert_int_equal(place_shown(place, COUNTED), 1000);
}

static void an_answer_before_the_first_landing_is_not_covered(void **state)
{
	/* A new cache follows nothing yet: what HQ applied stays visible until its rows are here. */
	struct place *place = *state;
	char path[300];
	bool differs;
	const char *id = place_scan(place, true);
	place_answer(place, id, "applied", ",\"feeds\":{\"store:xinyi\":\"50\"}");
	console_close(&place->console);
	snprintf(path, sizeof path, "rm -f %s/cache.db*", place->home);
	assert_int_equal(system(path), 0);
	place_open_again(place);
	console_catch_up(&place->console, place->now_ms);
	assert_true(console_land(&place->console, NULL, place->now_ms, &differs));
	place->seq = 0;
	place_stage_base(place);
	place_land(place, FOLLOWED);
	assert_int_equal(place_shown(place, COUNTED), 1000);
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
	place_land(place, FOLLOWED);
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
		place_scan(place, true);
	db_run(place->console.outbox,
		"UPDATE command SET state = 'done', status = CASE n WHEN 2 THEN 'rejected' ELSE 'applied' END, "
		"answered_at = $1 WHERE n <> 4",
		"i", place->now_ms);
	place->now_ms += 13 * day_ms;
	assert_true(console_stage_begin(&place->console));
	place_land(place, FOLLOWED);
	assert_int_equal(kept(place, "true"), 5);
	place->now_ms += 2 * day_ms;
	assert_true(console_stage_begin(&place->console));
	place_land(place, FOLLOWED);
	assert_int_equal(kept(place, "n = 2 OR n >= 4"), 3);
	assert_int_equal(kept(place, "true"), 3);
	db_run(place->console.outbox,
		"UPDATE command SET state = 'done', status = 'applied', answered_at = $1", "i",
		place->now_ms - 20 * day_ms);
	assert_true(console_stage_begin(&place->console));
	place_land(place, FOLLOWED);
	assert_int_equal(kept(place, "true"), 1);
	assert_int_equal(kept(place, "n = 5"), 1);
}

static void half_of_the_clock_is_never_kept(void **state)
{
	/* HQ's time and the boot clock are kept together or not at all. */
	struct place *place = *state;
	console_set_clock(&place->console, NOW, 0, 1000, 0);
	for (int after = 0; after < 8; after++) {
		place_disk_is("cache.db", SQLITE_FULL, after);
		console_set_clock(&place->console, NOW + 3600000, 0, 3601000, 0);
		place_disk_is(NULL, 0, 0);
		assert_int_equal(console_hq_time(&place->console, 3601000, 0), NOW + 3600000);
	}
}

static void the_error_of_the_clock_is_known(void **state)
{
	/* What a hello left open grows by the drift of a clock; where nobody checked the clock it is a day. */
	struct place *place = *state;
	int64_t hour = 3600000;
	assert_int_equal(console_hq_time_error(&place->console, 1000), CONSOLE_CLOCK_UNKNOWN_MS);
	console_set_clock(&place->console, NOW, 40, 1000, 0);
	assert_in_range(console_hq_time_error(&place->console, 1000), 40, 45);
	assert_in_range(console_hq_time_error(&place->console, 1000 + hour), 1000, 3000);
	assert_true(console_hq_time_error(&place->console, 1000 + 24 * hour) >
		console_hq_time_error(&place->console, 1000 + hour));
	/* The machine was started anew: its clock was set by nobody knows whom. */
	assert_int_equal(console_hq_time_error(&place->console, 500), CONSOLE_CLOCK_UNKNOWN_MS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)
	const struct CMUnitTest tests[] = {
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
		TEST(the_error_of_the_clock_is_known),
	};
	return cmocka_run_group_tests_name("console and odd answers", tests, NULL, NULL);
}
