/* A console beside an HQ that is newer or older: what it cannot read is kept out of the way and counted,
 * sums still agree, and nothing is lost. */
#include "tests/sync_world.h"

#include "model/console_report.h"
#include "model/console_rows.h"
#include "model/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELLO(versions)                                                                       \
	"{\"epoch\":\"e1\",\"time\":\"2026-11-21T08:00:00.000Z\",\"mood\":\"well\"," versions \
	"\"feeds\":[{\"feed\":\"catalogue\",\"head\":\"9\",\"rows\":1,\"colour\":\"red\"}]}"

struct row {
	const char *feed, *table, *key, *json;
};

/* A page behind c1 with these rows, and the sums that HQ makes of what it sent, by feed. */
static const char *page_of(const struct row *rows, int count, const char *header_more)
{
	static char page[8192];
	uint64_t catalogue = 0, holidays = 0;
	size_t used = (size_t)snprintf(page, sizeof page,
		"{\"epoch\":\"e1\",\"from\":\"c1\",\"to\":\"c2\"%s}\n", header_more);

	for (int i = 0; i < count; i++) {
		uint64_t hash = (uint64_t)landing_hash(rows[i].json, strlen(rows[i].json));

		*(strcmp(rows[i].feed, "catalogue") == 0 ? &catalogue : &holidays) += hash;
		used += (size_t)snprintf(page + used, sizeof page - used,
			"{\"feed\":\"%s\",\"seq\":\"%d\",\"table\":\"%s\",\"key\":[\"%s\"],\"row\":%s,"
			"\"why\":\"x\"}\n",
			rows[i].feed, i + 2, rows[i].table, rows[i].key, rows[i].json);
	}
	/* What world_begin landed is of the catalogue, too: one store. */
	catalogue += (uint64_t)landing_hash(WORLD_STORE, strlen(WORLD_STORE));
	snprintf(page + used, sizeof page - used,
		"{\"end\":true,\"rows\":%d,\"more\":false,\"took_ms\":3,"
		"\"sums\":{\"catalogue\":\"%llu\",\"holidays\":\"%llu\"}}\n",
		count, (unsigned long long)catalogue, (unsigned long long)holidays);
	return page;
}

/* Has it pull behind c1. */
static void let_it_pull(struct sync_world *world)
{
	world_begin(world);
	world_tell(world, SLOT_POLL, 200, "\"t2\"", "{\"heads\":{},\"mood\":\"well\"}");
	assert_true(world_asks(world, SLOT_PULL));
}

static void expect_at_peace(struct sync_world *world)
{
	assert_string_equal(sync_trouble(&world->syncer), "");
	assert_int_equal(world->syncer.resyncs, 0);
	for (int i = 0; i < 10; i++)
		world_wait(world, 1000);
	assert_false(world_asks(world, SLOT_PULL));
}

static void columns_of_a_newer_hq_are_left_out_until_this_program_knows_them(void **state)
{
	/* The known part of the row is used and the sum agrees; a program with another cache asks for all
	 * rows again, and so gets the column. */
	static const struct row row = {"catalogue", "product", "A1",
		"{\"sku\":\"A1\",\"name\":\"Tea\",\"barcodes\":[],\"category\":\"\",\"vendor\":\"\",\"price\":0,"
		"\"is_virtual\":false,\"threshold\":0,\"backorders\":false,\"colour\":\"red\"}"};
	struct sync_world *world = *state;
	char *cursor, *name, error[200];

	let_it_pull(world);
	world_answer(
		world, SLOT_PULL, "/v1/changes?after=c1&", 200, page_of(&row, 1, ",\"shard\":4"));
	name = db_get_text(world->console.cache, "SELECT name FROM product", "");
	assert_string_equal(name, "Tea");
	free(name);
	expect_at_peace(world);
	assert_true(db_set_version(world->console.cache, 99));
	console_close(&world->console);
	assert_true(console_open(&world->console, world->home, NULL, error, sizeof error));
	cursor = console_cursor(&world->console);
	assert_string_equal(cursor, "");
	free(cursor);
}

static void columns_that_an_older_hq_lacks_have_their_default(void **state)
{
	static const struct row row = {
		"catalogue", "product", "A1", "{\"sku\":\"A1\",\"name\":\"Tea\"}"};
	struct sync_world *world = *state;
	char *barcodes;

	let_it_pull(world);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200, page_of(&row, 1, ""));
	assert_int_equal(world_rows(world, "product"), 1);
	assert_int_equal(db_get_int(world->console.cache, -1, "SELECT price FROM product", ""), 0);
	barcodes = db_get_text(
		world->console.cache, "SELECT COALESCE(barcodes, '[]') FROM product", "");
	assert_string_equal(barcodes, "[]");
	free(barcodes);
	expect_at_peace(world);
}

static void tables_and_feeds_of_a_newer_hq_are_counted_and_kept_aside(void **state)
{
	/* The sync pane says how many rows of which table wait for a newer program. */
	static const struct row rows[] = {
		{"holidays", "holiday", "x", "{\"id\":\"x\",\"day\":\"2027-01-01\"}"},
		{"holidays", "holiday", "y", "{\"id\":\"y\",\"day\":\"2027-02-17\"}"}};
	struct sync_world *world = *state;
	struct console_line line;

	let_it_pull(world);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200, page_of(rows, 2, ""));
	console_read_line(&world->console, &line);
	assert_int_equal(line.aside, 2);
	assert_string_equal(line.aside_tables, "holiday");
	expect_at_peace(world);
}

static void a_verdict_in_unknown_words_ends_nothing(void **state)
{
	/* The command stays and goes up again; those beside it are ended by their own verdicts. */
	struct sync_world *world = *state;
	char ids[3][UUID_SIZE], lines[2000];

	world_begin(world);
	for (int i = 0; i < 3; i++)
		world_save(world, ids[i]);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(ids[0], "applied", ""));
	snprintf(lines, sizeof lines, "%s", world_verdict(ids[1], "deferred", "until_monday"));
	snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "%s",
		world_verdict(ids[2], "applied", ""));
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, lines);
	assert_int_equal(world_unsent(world), 1);
	assert_non_null(strstr(sync_trouble(&world->syncer), "HQ is newer"));
	assert_int_equal(console_odd(&world->console, CONSOLE_ODD_VERDICTS), 1);
	world_wait(world, 1000);
	assert_non_null(strstr(text_get(&world->slots[SLOT_PUSH].body), ids[1]));
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(ids[1], "replayed", ""));
	assert_int_equal(world_unsent(world), 1);
	world_wait(world, 2000);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(ids[1], "applied", ""));
	assert_int_equal(world_unsent(world), 0);
	assert_string_equal(sync_trouble(&world->syncer), "");
}

static void a_verdict_may_say_more_than_this_console_reads(void **state)
{
	/* Members and feeds it does not know: the command is covered by the feeds it does follow. */
	struct sync_world *world = *state;
	char id[UUID_SIZE], line[600];

	world_begin(world);
	world_save(world, id);
	snprintf(line, sizeof line,
		"{\"id\":\"%s\",\"status\":\"applied\",\"code\":\"\",\"message\":\"\",\"mood\":{\"a\":[1]},"
		"\"feeds\":{\"elsewhere\":\"77\"},\"result\":{\"new\":true}}\n",
		id);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, line);
	assert_int_equal(world_unsent(world), 0);
	world_wait(world, 1000);
	world_answer(world, SLOT_PULL, "/v1/changes?after=c1&", 200, page_of(NULL, 0, ""));
	assert_int_equal(db_get_int(world->console.outbox, -1,
				 "SELECT count(*) FROM command WHERE state = 'done'", ""),
		1);
	expect_at_peace(world);
}

static void an_hq_of_several_versions_is_spoken_to_in_ours(void **state)
{
	/* With ours among them, or without a word about versions, all goes on. */
	struct sync_world *world = *state;

	world_step(world);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, HELLO("\"versions\":[\"2\",\"1\"],"));
	assert_true(world_asks(world, SLOT_POLL));
	sync_ask(&world->syncer);
	world_tell(world, SLOT_PULL, 200, "", "{}");
	world_wait(world, 60000);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, HELLO(""));
	assert_string_equal(sync_trouble(&world->syncer), "");
}

static void without_a_version_in_common_nothing_goes_and_nothing_is_lost(void **state)
{
	/* Said in words; what is saved waits, and goes up once one of the two was brought up to date. */
	struct sync_world *world = *state;
	char id[UUID_SIZE];

	world_begin(world);
	sync_ask(&world->syncer);
	world_step(world);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, HELLO("\"versions\":[\"2\",\"3\"],"));
	assert_non_null(strstr(sync_trouble(&world->syncer), "no version in common"));
	assert_int_equal(sync_answer(&world->syncer), SYNC_FAILED);
	world_save(world, id);
	assert_false(world_asks(world, SLOT_PUSH));
	world_wait(world, 60000);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, HELLO("\"versions\":[],"));
	assert_int_equal(world_unsent(world), 1);
	world_wait(world, 60000);
	world_answer(world, SLOT_PULL, "/v1/hello", 200, WORLD_HELLO);
	world_answer(world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "applied", ""));
	assert_int_equal(world_unsent(world), 0);
}

static void an_operation_that_an_older_hq_does_not_know_is_refused_with_a_reason(void **state)
{
	/* `unknown_op` is a verdict like any other: the command leaves the screen and stands in the inbox. */
	struct sync_world *world = *state;
	struct console_counts counts;
	char id[UUID_SIZE];

	world_begin(world);
	world_save(world, id);
	world_answer(
		world, SLOT_PUSH, "/v1/commands", 200, world_verdict(id, "rejected", "unknown_op"));
	world_wait(world, 1);
	console_count(&world->console, "xinyi", &counts);
	assert_int_equal(counts.unsent, 0);
	assert_int_equal(counts.refused, 1);
	assert_int_equal(world_rows(world, "stocktake"), 0);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(columns_of_a_newer_hq_are_left_out_until_this_program_knows_them),
		TEST(columns_that_an_older_hq_lacks_have_their_default),
		TEST(tables_and_feeds_of_a_newer_hq_are_counted_and_kept_aside),
		TEST(a_verdict_in_unknown_words_ends_nothing),
		TEST(a_verdict_may_say_more_than_this_console_reads),
		TEST(an_hq_of_several_versions_is_spoken_to_in_ours),
		TEST(without_a_version_in_common_nothing_goes_and_nothing_is_lost),
		TEST(an_operation_that_an_older_hq_does_not_know_is_refused_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
