/* The syncer takes in what HQ sends whole or not at all, and heals when HQ is not the one it was. */
#include "tests/sync_world.h"

#include "model/db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRODUCT(sku, more)                                                                                     \
	"{\"feed\":\"catalogue\",\"seq\":\"2\",\"table\":\"product\",\"key\":[\"" sku                          \
	"\"],\"row\":{\"sku\":\"" sku "\","                                                                    \
	"\"name\":\"Tea\",\"barcodes\":[],\"category\":\"\",\"vendor\":\"\",\"price\":0,\"is_virtual\":false," \
	"\"threshold\":0,\"backorders\":false" more "}}\n"

/* After world_begin: a changed etag makes the syncer pull again from c1. */
static void let_it_pull(struct sync_world *world)
{
	snprintf(world->slots[SLOT_POLL].response.etag,
		sizeof world->slots[SLOT_POLL].response.etag, "x");
	world->slots[SLOT_POLL].response = (struct response){
		.status = 200, .etag = "\"t2\"", .retry_after_ms = -1};
	world->slots[SLOT_POLL].given = true;
	world_step(world);
	assert_true(world_asks(world, SLOT_PULL));
}

static void expect_cursor(struct sync_world *world, const char *expected)
{
	char *cursor = console_cursor(&world->console);

	assert_string_equal(cursor, expected);
	free(cursor);
}

static void begin(void **state)
{
	struct sync_world *world = *state;

	world_begin(world);
	let_it_pull(world);
}

static void rows_land_and_the_cursor_moves(void **state)
{
	struct sync_world *world = *state;

	begin(state);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		world_page("c1", "c2", PRODUCT("A1", ""), 1, false));
	assert_int_equal(world_rows(world, "product"), 1);
	expect_cursor(world, "c2");
	assert_string_equal(sync_trouble(&world->syncer), "");
}

static void nothing_is_visible_before_the_last_page(void **state)
{
	struct sync_world *world = *state;

	begin(state);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		world_page("c1", "c2", PRODUCT("A1", ""), 1, true));
	assert_int_equal(world_rows(world, "product"), 0);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c2&", 200,
		world_page("c2", "c3", PRODUCT("A2", ""), 1, false));
	assert_int_equal(world_rows(world, "product"), 2);
}

/* Discarded whole, said in words, and asked for again behind the same cursor. */
static void expect_discarded(struct sync_world *world, const char *page)
{
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200, page);
	assert_int_equal(world_rows(world, "product"), 0);
	assert_int_equal(world_rows(world, "staged"), 0);
	expect_cursor(world, "c1");
	assert_string_not_equal(sync_trouble(&world->syncer), "");
	world_wait(world, 60000);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		world_page("c1", "c2", PRODUCT("A1", ""), 1, false));
	assert_int_equal(world_rows(world, "product"), 1);
	assert_string_equal(sync_trouble(&world->syncer), "");
}

static void a_page_without_its_trailer_is_discarded(void **state)
{
	begin(state);
	expect_discarded(
		*state, "{\"epoch\":\"e1\",\"from\":\"c1\",\"to\":\"c2\"}\n" PRODUCT("A1", ""));
}

static void a_page_cut_inside_a_line_is_discarded(void **state)
{
	char page[8192];

	begin(state);
	snprintf(page, sizeof page, "%s", world_page("c1", "c2", PRODUCT("A1", ""), 1, false));
	page[strlen(page) - 5] = '\0';
	expect_discarded(*state, page);
}

static void a_page_with_another_row_count_is_discarded(void **state)
{
	begin(state);
	expect_discarded(*state, world_page("c1", "c2", PRODUCT("A1", ""), 2, false));
}

static void a_page_with_a_bad_line_is_discarded(void **state)
{
	begin(state);
	expect_discarded(*state,
		world_page("c1", "c2", PRODUCT("A1", "") "{\"feed\":nonsense}\n", 2, false));
}

static void a_page_from_another_cursor_is_discarded(void **state)
{
	begin(state);
	expect_discarded(*state, world_page("c0", "c2", PRODUCT("A1", ""), 1, false));
}

static void a_page_of_another_epoch_is_discarded(void **state)
{
	/* Whatever stands in between may keep a page of the HQ that was before it was restored. */
	begin(state);
	expect_discarded(*state,
		"{\"epoch\":\"e0\",\"from\":\"c1\",\"to\":\"c2\"}\n" PRODUCT(
			"A1", "") "{\"end\":true,\"rows\":1,\"more\":false}\n");
}

static void a_page_that_promises_more_and_brings_nothing_is_discarded(void **state)
{
	/* An HQ that always has more, behind ever new cursors, but never a row, is not asked for ever. */
	begin(state);
	expect_discarded(*state, world_page("c1", "c2", "", 0, true));
}

static void a_page_with_lines_behind_the_trailer_is_discarded(void **state)
{
	char page[8192];

	begin(state);
	snprintf(page, sizeof page, "%s%s", world_page("c1", "c2", PRODUCT("A1", ""), 1, false),
		PRODUCT("A2", ""));
	expect_discarded(*state, page);
}

static void a_web_page_is_called_one(void **state)
{
	struct sync_world *world = *state;

	begin(state);
	world_answer(
		world, SLOT_PULL, "/v1/changes", 200, "<html><body>Please log in</body></html>");
	assert_non_null(strstr(sync_trouble(&world->syncer), "web page"));
	expect_cursor(world, "c1");
}

static void unknown_tables_and_columns_are_put_aside(void **state)
{
	struct sync_world *world = *state;

	begin(state);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		world_page("c1", "c2",
			"{\"feed\":\"catalogue\",\"seq\":\"3\",\"table\":\"holiday\",\"key\":[\"x\"],\"row\":{\"a\":1}}\n" PRODUCT(
				"A1", ",\"colour\":\"red\""),
			2, false));
	assert_int_equal(world_rows(world, "product"), 1);
	assert_int_equal(world->syncer.odd_rows, 1);
	expect_cursor(world, "c2");
	assert_string_equal(sync_trouble(&world->syncer), "");
}

static void a_cursor_too_old_is_forgotten_and_everything_copied(void **state)
{
	struct sync_world *world = *state;

	begin(state);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 410,
		"{\"type\":\"urn:countertop:problem:resync\"}");
	world_answer(world, SLOT_PULL, "/v1/changes?after=&", 200,
		world_page("", "d1", PRODUCT("A9", ""), 1, false));
	assert_int_equal(world_rows(world, "product"), 1);
	assert_int_equal(world_rows(world, "staff"), 0); /* HQ did not send it again */
	expect_cursor(world, "d1");
}

static void differing_sums_copy_everything_once_and_then_seldom(void **state)
{
	struct sync_world *world = *state;
	static const char page[] =
		"{\"epoch\":\"e1\",\"from\":\"%s\",\"to\":\"c2\"}\n"
		"{\"end\":true,\"rows\":0,\"more\":false,\"sums\":{\"catalogue\":\"7\"}}\n";
	char body[300];

	begin(state);
	snprintf(body, sizeof body, page, "c1");
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200, body);
	snprintf(body, sizeof body, page, "");
	world_answer(world, SLOT_PULL, "/v1/changes?after=&", 200, body);
	assert_false(world_asks(world, SLOT_PULL));
	world_wait(world, 50000);
	assert_false(world_asks(world, SLOT_PULL));
	world_wait(world, 20000);
	assert_true(world_asks(world, SLOT_PULL));
}

static void pushing_goes_on_while_indexes_are_made(void **state)
{
	/* Each index of a whole copy takes a step; what is saved meanwhile is pushed and answered before the
	 * last of them is made, and the old cache is shown until then. */
	struct sync_world *world = *state;
	struct console_progress copied;
	char id[UUID_SIZE];
	int steps = 0;

	begin(state);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 410,
		"{\"type\":\"urn:countertop:problem:resync\"}");
	world->land_cost_ms = 50;
	world_answer(world, SLOT_PULL, "/v1/changes?after=&", 200,
		world_page("", "c9", PRODUCT("A9", ""), 1, false));
	assert_true(console_progress(&world->console, &copied));
	assert_true(copied.indexes > 0 && copied.indexes < copied.indexes_all);
	world_save(world, id);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", NULL));
	assert_int_equal(world_unsent(world), 0);
	assert_true(console_progress(&world->console, &copied));
	assert_true(copied.indexes < copied.indexes_all);
	assert_int_equal(world_rows(world, "staff"), 1);
	for (; world_rows(world, "product") == 0 && steps < 100; steps++)
		world_step(world);
	assert_true(steps > 3 && steps < 100);
	assert_int_equal(world_rows(world, "staff"), 0);
	world->land_cost_ms = 0;
}

static void a_landing_that_takes_long_makes_pulls_rare(void **state)
{
	struct sync_world *world = *state;

	begin(state);
	world->land_cost_ms = 50;
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		world_page("c1", "c2", "", 0, false));
	world->land_cost_ms = 0;
	world_wait(world, 100);
	world->slots[SLOT_POLL].response = (struct response){
		.status = 200, .etag = "\"t3\"", .retry_after_ms = -1};
	world->slots[SLOT_POLL].given = true;
	world_step(world);
	assert_false(world_asks(world, SLOT_PULL));
	world_wait(world, 19 * 50);
	assert_true(world_asks(world, SLOT_PULL));
}

static void a_change_heard_of_during_a_pull_is_pulled_next(void **state)
{
	struct sync_world *world = *state;

	begin(state);
	world_wait(world, 200);
	world->slots[SLOT_POLL].response = (struct response){
		.status = 200, .etag = "\"t3\"", .retry_after_ms = -1};
	world->slots[SLOT_POLL].given = true;
	world_step(world);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		world_page("c1", "c2", "", 0, false));
	world_wait(world, 1);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c2&", 200,
		world_page("c2", "c3", "", 0, false));
	world_wait(world, 1);
	assert_false(world_asks(world, SLOT_PULL));
}

static void a_long_poll_carries_the_tag_it_got(void **state)
{
	struct sync_world *world = *state;

	begin(state);
	world_wait(world, 200);
	assert_true(world_asks(world, SLOT_POLL));
	assert_string_equal(world->slots[SLOT_POLL].etag, "\"t2\"");
	world_answer(world, SLOT_POLL, "/v1/heads?wait=25", 304, "");
	world_wait(world, 200);
	assert_true(world_asks(world, SLOT_POLL));
}

static void a_quiet_day_does_not_age_the_cache(void **state)
{
	struct sync_world *world = *state;
	struct console_counts before, after;

	begin(state);
	world_answer(world, SLOT_PULL, "/v1/changes", 200, world_page("c1", "c2", "", 0, false));
	console_count(&world->console, "xinyi", &before);
	for (int i = 0; i < 4; i++) {
		world_wait(world, 25000);
		world_answer(world, SLOT_POLL, "/v1/heads?wait=25", 304, "");
	}
	world_wait(world, 100);
	console_count(&world->console, "xinyi", &after);
	assert_true(after.pulled_ms >= before.pulled_ms + 60000);
	assert_int_equal(world_rows(world, "staff"), 1);
}

static void another_epoch_offers_again_what_was_answered(void **state)
{
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	world_begin(world);
	world_save(world, id);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
	assert_int_equal(world_unsent(world), 0);
	world_wait(world, 10);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 409,
		"{\"type\":\"urn:countertop:problem:epoch_changed\"}");
	world_answer(world, SLOT_PULL, "/v1/hello", 200,
		"{\"epoch\":\"e2\",\"time\":\"2026-11-21T08:00:00.000Z\",\"feeds\":[]}");
	assert_string_equal(world->syncer.device.epoch, "e2");
	assert_true(strstr(world->slots[SLOT_PULL].path, "after=&") != NULL);
	assert_int_equal(world_unsent(world), 1);
	world_step(world);
	assert_true(world_asks(world, SLOT_PUSH));
	assert_non_null(strstr(text_get(&world->slots[SLOT_PUSH].body), id));
}

static void a_deleted_cache_is_filled_anew(void **state)
{
	struct sync_world *world = *state;
	char path[300];

	begin(state);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		world_page("c1", "c2", "", 0, false));
	snprintf(path, sizeof path, "%s/cache.db", world->home);
	assert_int_equal(remove(path), 0);
	world_wait(world, 1000);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO); /* HQ's time was in it too */
	world_answer(world, SLOT_PULL, "/v1/changes?after=&", 200,
		world_page("", "c2", PRODUCT("A1", ""), 1, false));
	assert_int_equal(world_rows(world, "product"), 1);
}

#define MANY 230 /* more than one batch */

/* Verdicts for all that was sent last. */
static void answer_batch(struct sync_world *world)
{
	static char lines[SYNC_LINES_MAX * 300];
	size_t used = 0;

	for (int i = 0; i < world->syncer.sent_count; i++)
		used += (size_t)snprintf(lines + used, sizeof lines - used, "%s",
			world_verdict(world->syncer.sent[i], "applied", ""));
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, lines);
}

/* A whole batch is under way, more wait behind it, and a page has come that could land. */
static void push_many(struct sync_world *world)
{
	char id[UUID_SIZE];

	world_begin(world);
	for (int i = 0; i < MANY; i++)
		world_save(world, id);
	answer_batch(world);
	assert_int_equal(world->syncer.sent_count, SYNC_LINES_MAX);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		world_page("c1", "c2", PRODUCT("A1", ""), 1, false));
	assert_int_equal(world_rows(world, "product"), 0);
}

static void landings_wait_while_more_than_a_batch_is_pushed(void **state)
{
	/* Each would replay all that is not answered; one behind the last batch, with what HQ made of them,
	 * does for all. */
	struct sync_world *world = *state;

	push_many(world);
	world_wait(world, 10000);
	assert_int_equal(world_rows(world, "product"), 0);
	answer_batch(world);
	assert_int_equal(world->syncer.sent_count, MANY - 1 - SYNC_LINES_MAX);
	world_wait(world, 1);
	assert_int_equal(world_rows(world, "product"), 0);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c2&", 200,
		world_page("c2", "c3", PRODUCT("A2", ""), 1, false));
	assert_int_equal(world_rows(world, "product"), 2);
	answer_batch(world);
	assert_int_equal(world_unsent(world), 0);
}

static void landings_wait_for_pushes_a_minute_at_most(void **state)
{
	/* A push that hangs does not keep the news of others from the screen. */
	struct sync_world *world = *state;

	push_many(world);
	world_wait(world, 60000);
	assert_int_equal(world_rows(world, "product"), 1);
}

static void a_push_that_fails_holds_up_no_landing(void **state)
{
	/* While HQ cannot take commands its rows are shown at once. */
	struct sync_world *world = *state;

	push_many(world);
	world_answer(world, SLOT_PUSH, "/v1/commands", 503, "{}");
	world_wait(world, 1);
	assert_int_equal(world_rows(world, "product"), 1);
	assert_int_equal(world_unsent(world), MANY - 1);
}

static void pages_are_small_where_screens_may_wait_for_them(void **state)
{
	/* A page of changes is staged in one transaction of the cache that the screens use; a whole copy has
	 * a file of its own. */
	struct sync_world *world = *state;

	world_step(world);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	assert_non_null(strstr(world->slots[SLOT_PULL].path, "&limit=5000"));
	world_answer(world, SLOT_PULL, "/v1/changes?after=&", 200,
		world_page("", "c1", PRODUCT("A1", ""), 1, false));
	let_it_pull(world);
	assert_non_null(strstr(world->slots[SLOT_PULL].path, "&limit=400"));
}

static void a_copy_whose_sums_differ_is_replaced_behind_the_screens(void **state)
{
	/* What screens show meanwhile is what was there, with the own work once; then it is what HQ sent. */
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	begin(state);
	world_save(world, id);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		"{\"epoch\":\"e1\",\"from\":\"c1\",\"to\":\"c2\"}\n" PRODUCT("A1",
			"") "{\"end\":true,\"rows\":1,\"more\":false,\"sums\":{\"catalogue\":\"7\"}}\n");
	world_answer(world, SLOT_PULL, "/v1/changes?after=&", 200,
		world_page("", "d1", PRODUCT("A8", ""), 1, true));
	assert_int_equal(world_rows(world, "product"), 1);
	assert_int_equal(world_rows(world, "staff"), 1);
	assert_int_equal(world_rows(world, "stocktake"), 1);
	assert_true(db_has(world->console.cache, "SELECT 1 FROM product WHERE sku = 'A1'", ""));
	world_answer(world, SLOT_PULL, "/v1/changes?after=d1&", 200,
		world_page("d1", "d2",
			"{\"feed\":\"store:xinyi\",\"seq\":\"1\",\"table\":\"staff\",\"key\":[\"lin\"],"
			"\"row\":{\"id\":\"lin\",\"name\":\"Lin\",\"role\":\"manager\","
			"\"stores\":[\"xinyi\"],\"pin_hash\":\"\",\"active\":true}}\n" PRODUCT(
				"A9", ""),
			2, false));
	assert_int_equal(world_rows(world, "product"), 2);
	assert_false(db_has(world->console.cache, "SELECT 1 FROM product WHERE sku = 'A1'", ""));
	assert_int_equal(world_rows(world, "stocktake"), 1);
	assert_int_equal(world_unsent(world), 1);
	assert_int_equal(world->syncer.resyncs, 0);
}

static int set_up(void **state)
{
	static struct sync_world world;

	world_open(&world);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	world_close(*state);
	return 0;
}

/* A fact that HQ parked leaves the inbox once HQ says that it was applied after all. */
static void a_disk_that_fails_under_a_copy_is_not_hqs_fault(void **state)
{
	/* A row of a whole copy that cannot be written is this machine's trouble, and is called so. */
	struct sync_world *world = *state;
	char path[300];
	sqlite3 *copy;

	world_step(world);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	world_answer(world, SLOT_PULL, "/v1/changes?after=&", 200,
		world_page("", "c1", PRODUCT("A1", ""), 1, true));
	assert_string_equal(sync_trouble(&world->syncer), "");
	snprintf(path, sizeof path, "%s/cache.new", world->home);
	assert_int_equal(sqlite3_open(path, &copy), SQLITE_OK);
	assert_int_equal(sqlite3_exec(copy,
				 "CREATE TRIGGER never BEFORE INSERT ON product BEGIN "
				 "INSERT INTO nowhere VALUES (1); END",
				 NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(copy);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200,
		world_page("c1", "c2", PRODUCT("A2", ""), 1, false));
	assert_non_null(strstr(sync_trouble(&world->syncer), "disk"));
}

static void what_hq_parked_is_asked_about_now_and_then(void **state)
{
	struct sync_world *world = *state;
	struct console_counts counts;
	char id[UUID_SIZE], path[80];

	world_begin(world);
	world_save(world, id);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200,
		world_verdict(id, "parked", "unknown_document"));
	world_answer(world, SLOT_PULL, "/v1/changes", 200, world_page("c1", "c2", "", 0, false));
	console_count(&world->console, "xinyi", &counts);
	assert_int_equal(counts.refused, 1);
	snprintf(path, sizeof path, "/v1/commands/%s", id);
	for (int i = 0; i < 2; i++) {
		for (int s = 0; s < 130 && !world_asks(world, SLOT_PULL); s++)
			world_wait(world, 1000);
		world_answer(world, SLOT_PULL, path, i == 0 ? 404 : 200,
			i == 0 ? "" : world_verdict(id, "applied", ""));
	}
	console_count(&world->console, "xinyi", &counts);
	assert_int_equal(counts.refused, 0);
	for (int s = 0; s < 130; s++) {
		world_wait(world, 1000);
		assert_false(world_asks(world, SLOT_PULL));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_land_and_the_cursor_moves),
		TEST(nothing_is_visible_before_the_last_page),
		TEST(a_page_without_its_trailer_is_discarded),
		TEST(a_page_cut_inside_a_line_is_discarded),
		TEST(a_page_with_another_row_count_is_discarded),
		TEST(a_page_with_a_bad_line_is_discarded),
		TEST(a_page_from_another_cursor_is_discarded),
		TEST(a_page_of_another_epoch_is_discarded),
		TEST(a_page_that_promises_more_and_brings_nothing_is_discarded),
		TEST(a_page_with_lines_behind_the_trailer_is_discarded),
		TEST(a_web_page_is_called_one),
		TEST(unknown_tables_and_columns_are_put_aside),
		TEST(a_cursor_too_old_is_forgotten_and_everything_copied),
		TEST(differing_sums_copy_everything_once_and_then_seldom),
		TEST(pushing_goes_on_while_indexes_are_made),
		TEST(a_landing_that_takes_long_makes_pulls_rare),
		TEST(a_change_heard_of_during_a_pull_is_pulled_next),
		TEST(a_long_poll_carries_the_tag_it_got),
		TEST(a_quiet_day_does_not_age_the_cache),
		TEST(another_epoch_offers_again_what_was_answered),
		TEST(a_deleted_cache_is_filled_anew),
		TEST(a_disk_that_fails_under_a_copy_is_not_hqs_fault),
		TEST(what_hq_parked_is_asked_about_now_and_then),
		TEST(landings_wait_while_more_than_a_batch_is_pushed),
		TEST(landings_wait_for_pushes_a_minute_at_most),
		TEST(a_push_that_fails_holds_up_no_landing),
		TEST(pages_are_small_where_screens_may_wait_for_them),
		TEST(a_copy_whose_sums_differ_is_replaced_behind_the_screens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
