/* F8 shows the line to HQ: how it is, what waits, what came, and what HQ answered to each command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/console_report.h"
#include "model/json.h"
#include "model/table.h"
#include "model/text.h"
#include "net/poke.h"
#include "tests/screen/shop_fixture.h"
#include "tests/screen/ticket_counter.h"

#define MINUTE_MS INT64_C(60000)

static int64_t wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Something the manager did `ago_ms` ago and nobody has sent. */
static const char *saved(struct shop_fixture *f, const char *op, const char *data, int64_t ago_ms)
{
	struct console_verdict verdict;
	cJSON *json = json_parse(data, strlen(data), NULL, 0);

	assert_non_null(json);
	console_do(&f->console, op, "xinyi", "lin", json, wall_ms() - ago_ms, &verdict);
	assert_true(verdict.saved);
	console_verdict_free(&verdict);
	return shop_fixture_last_sent(f);
}

static const char *a_sheet(struct shop_fixture *f)
{
	return saved(f, "stocktake.create", "{\"scope\":\"full\"}", 0);
}

static struct screen *open_pane(struct shop_fixture *f)
{
	struct screen *screen = shop_fixture_start_as(f, SHOP_MANAGER);

	screen_send(screen, "<f8>");
	screen_expect(screen, "The line to HQ");
	return screen;
}

/* ------------------------------------------------------------------ the line */

static void test_the_line_says_since_when_why_and_when_next(void **state)
{
	/* It says since when the line is down, why, and how long until HQ is tried again; and follows. */
	struct shop_fixture *f = *state;
	struct screen *screen = open_pane(f);

	screen_expect(screen, "online");
	assert_false(screen_has(screen, "Next try"));
	console_set_tries(&f->console, false, wall_ms(), wall_ms() + MINUTE_MS);
	console_set_link(&f->console, false, "no route to HQ");
	screen_expect(screen, "offline since");
	screen_expect(screen, "no route to HQ");
	screen_expect(screen, "in 58 s");
	screen_expect(screen, "in 57 s"); /* counted down */
	console_set_tries(&f->console, true, wall_ms(), 0);
	console_set_link(&f->console, true, "");
	screen_expect(screen, "online since");
	screen_expect_gone(screen, "Next try");
	screen_end(screen);
}

static void test_the_status_line_says_since_when_it_waits(void **state)
{
	/* Every seat says since when the line is down, also one that starts later; and with the line up how
	 * long the oldest unsent command has waited. */
	struct shop_fixture *f = *state;
	int64_t since_ms = wall_ms() - 2 * 24 * 60 * MINUTE_MS;
	time_t there = (time_t)((since_ms + 8 * 60 * MINUTE_MS) / 1000); /* the store's clock */
	struct screen *screen;
	char text[64];

	strftime(text, sizeof(text), "offline since %m-%d %H:%M", gmtime(&there));
	console_set_tries(&f->console, false, since_ms, 0);
	console_set_link(&f->console, false, "no route to HQ");
	saved(f, "stocktake.create", "{\"scope\":\"full\"}", 12 * MINUTE_MS);
	screen = shop_fixture_start_as(f, SHOP_MANAGER);
	screen_expect_row(screen, -1, text);
	screen_expect_row(screen, -1, "  unsent 1  problems");
	screen_resize(screen, 16, 60); /* how old the data are gives way to what waits */
	screen_expect_row(screen, -1, "  unsent 1  problems 0");
	screen_resize(screen, 24, 80);
	console_set_tries(&f->console, true, wall_ms(), 0);
	console_set_link(&f->console, true, "");
	screen_expect_row(screen, -1, "online  data: now  unsent 1 (12 min)  problems");
	screen_end(screen);
}

static void test_why_the_line_is_down_is_said_in_chinese(void **state)
{
	/* Everywhere the person's language says why HQ is not on the line. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	console_set_tries(&f->console, false, wall_ms(), 0);
	console_set_link(
		&f->console, false, "HQ cannot be reached. Work goes on here and is sent later.");
	a_sheet(f);
	screen = shop_fixture_start(f, 0, 0, "zh_TW");
	screen_expect(screen, "林店長");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "2222<enter>");
	screen_expect_gone(screen, "PIN");
	screen_send(screen, "<f7>");
	screen_expect(screen, "總部未連線：無法連上總部。");
	screen_send(screen, "<esc><f6>");
	screen_expect(screen, "無法連上總部。可繼續作業");
	screen_end(screen);
}

static void test_a_try_that_does_not_come_is_said(void **state)
{
	/* When a try is long overdue the pane asks whether a syncer runs at all. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	console_set_tries(&f->console, false, wall_ms(), wall_ms() - MINUTE_MS);
	console_set_link(&f->console, false, "no route to HQ");
	screen = open_pane(f);
	screen_expect(screen, "Does a syncer run?");
	screen_end(screen);
}

static void test_the_last_trouble_stays_readable_and_the_syncer_is_named(void **state)
{
	/* What was wrong last, and when, when the line is up again; who syncs, or that nobody does. */
	struct shop_fixture *f = *state;
	struct screen *screen = open_pane(f);
	char path[600], pid[40];
	FILE *file;

	screen_send(screen, "<pagedown>");
	screen_expect(screen, "none runs here");
	console_set_tries(&f->console, false, wall_ms(), wall_ms() + MINUTE_MS);
	console_set_link(&f->console, false, "no route to HQ");
	console_set_tries(&f->console, true, wall_ms(), 0);
	console_set_link(&f->console, true, "");
	snprintf(path, sizeof(path), "%s/syncer.lock", f->console.home);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "%d\n", (int)getpid());
	fclose(file);
	screen_expect(screen, ": no route to HQ");
	snprintf(pid, sizeof(pid), "process %d, since", (int)getpid());
	screen_expect(screen, pid);
	screen_end(screen);
}

static void test_since_when_is_kept_while_nothing_changes(void **state)
{
	/* Another failed try does not make the line look as if it had just gone down. */
	struct shop_fixture *f = *state;
	struct console_line line;

	console_set_tries(&f->console, true, 1000, 0);
	console_set_link(&f->console, true, "");
	console_set_tries(&f->console, false, 2000, 3000);
	console_set_link(&f->console, false, "no route to HQ");
	console_set_tries(&f->console, false, 3000, 5000);
	console_set_link(&f->console, false, "no route to HQ");
	console_read_line(&f->console, &line);
	assert_int_equal(line.since_ms, 2000);
	assert_int_equal(line.next_ms, 5000);
	assert_false(line.online);
}

static void test_the_queue_is_counted_by_state(void **state)
{
	/* What waits is counted with the age of the oldest, apart from what was sent, refused and parked. */
	struct shop_fixture *f = *state;
	struct text lines = TEXT_INIT(TEXT_LARGE);
	struct screen *screen;
	char refused[64];

	saved(f, "stocktake.create", "{\"scope\":\"full\"}", 12 * MINUTE_MS);
	snprintf(refused, sizeof(refused), "%s", a_sheet(f));
	a_sheet(f);
	assert_int_equal(console_next_lines(&f->console, 2, TEXT_LARGE, &lines), 2);
	text_free(&lines);
	shop_fixture_answer(f, refused, "rejected", "no_right");
	screen = open_pane(f);
	screen_expect(screen, "2, the oldest of");
	screen_expect(screen, "(12 min)");
	screen_expect(screen, "Of these sent         1");
	screen_expect(screen, "Refused               1");
	screen_expect(screen, "Parked                0");
	screen_expect(screen, "Made here in all      3");
	screen_end(screen);
}

/* ------------------------------------------------------------------ trying */

static void test_retry_tells_the_syncer(void **state)
{
	/* r wakes the syncer at once; with the line up and nothing waiting it says why not. */
	struct shop_fixture *f = *state;
	struct screen *screen = open_pane(f);
	struct poke syncer;

	assert_true(poke_open(&syncer, f->home));
	screen_send(screen, "r");
	screen_expect(screen, "nothing waits for a try");
	assert_false(poke_drain(&syncer));
	console_set_link(&f->console, false, "no route to HQ");
	screen_expect(screen, "no route to HQ");
	screen_send(screen, "r");
	screen_expect(screen, "HQ is tried now");
	assert_true(poke_drain(&syncer));
	poke_close(&syncer);
	screen_end(screen);
}

/* Does the screen ask for a try at once, not just say that something changed? */
static bool asks_for_a_try(struct screen *screen, struct poke *syncer)
{
	struct poke_message message;

	for (int i = 0; i < 500; i++) {
		while (poke_take(syncer, &message))
			if (message.word == POKE_PRESS)
				return true;
		screen_settle(screen, 10);
	}
	return false;
}

static void test_redeeming_tells_the_syncer(void **state)
{
	/* Redeeming with the line down has the syncer try it at once, each time: it may have been back for a while. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);
	struct poke syncer;

	assert_true(poke_open(&syncer, world->shop.home));
	counter_set_line(world, false);
	counter_key_in(screen, "TK-PLAIN");
	screen_expect(screen, "and this ticket needs it");
	screen_send(screen, "<enter>");
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	assert_true(asks_for_a_try(screen, &syncer));
	screen_send(screen, "t");
	assert_true(asks_for_a_try(screen, &syncer));
	poke_close(&syncer);
}

/* ------------------------------------------------------------------ feeds */

struct tally {
	const char *feed;
	int64_t rows;
};

static void tally_feed(void *ctx, const char *feed)
{
	struct tally *tally = ctx;

	tally->rows += strcmp(feed, tally->feed) == 0;
}

static void tally_table(struct db *db, const struct table *table, struct tally *tally)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	struct db_rows *rows;

	text_addf(&sql, "SELECT ");
	for (int i = 0; i < table->key_count; i++)
		text_addf(&sql, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
	text_addf(&sql, " FROM \"%s\"", table->name);
	rows = db_query(db, text_get(&sql), "");
	while (db_next(rows)) {
		struct text key = TEXT_INIT(TEXT_SMALL), row = TEXT_INIT(TEXT_LARGE);
		cJSON *json;

		for (int i = 0; i < table->key_count; i++) {
			text_add(&key, i ? "," : "[");
			table_value_json(&key, table->columns[i].type, rows, i);
		}
		text_add(&key, "]");
		assert_true(table_row_json(db, table, text_get(&key), &row));
		json = json_parse(text_get(&row), row.length, NULL, 0);
		table_feeds(table, json, tally_feed, tally);
		cJSON_Delete(json);
		text_free(&key);
		text_free(&row);
	}
	db_done(rows);
	text_free(&sql);
}

static void test_rows_are_counted_by_the_rule_of_their_table(void **state)
{
	/* A feed has as many rows as the rule of each table puts into it, one row at a time. */
	struct shop_fixture *f = *state;
	struct console_feed feeds[CONSOLE_FEEDS_MAX];
	int feed_count, table_count;
	const struct table *tables = table_all(&table_count);
	int64_t all = 0;

	shop_fixture_do(f, "outbound.create", "ximen", "huang",
		"{'to':'xinyi','lines':[{'sku':'A1','qty':3}]}");
	shop_fixture_do(f, "ticket.issue", NULL, "ho",
		"{'order':'O-1','buyer':'Wu','phone':'0912','lines':["
		"{'code':'TICKET-1','product':'A1','units':1},"
		"{'code':'TICKET-2','product':'A1','units':1,'stores':['xinyi']},"
		"{'code':'TICKET-3','product':'A1','units':1,'stores':['ximen','xinyi']},"
		"{'code':'TICKET-4','product':'A1','units':1,'stores':['ximen']}]}");
	shop_fixture_land(f);
	feed_count = console_feeds(&f->console, feeds, CONSOLE_FEEDS_MAX);
	assert_int_equal(feed_count, 3);
	for (int i = 0; i < feed_count; i++) {
		struct tally tally = {feeds[i].name, 0};

		for (int j = 0; j < table_count; j++)
			tally_table(f->console.cache, &tables[j], &tally);
		if (feeds[i].rows != tally.rows)
			fail_msg("%s: %lld rows, not %lld", feeds[i].name, (long long)feeds[i].rows,
				(long long)tally.rows);
		assert_true(feeds[i].is_followed);
		all += feeds[i].rows;
	}
	assert_true(all > 20);
}

/* A row of a table that this program does not know. */
static void land_unknown(struct shop_fixture *f)
{
	const char *row = "{\"number\":\"7\",\"points\":12}";
	cJSON *line = cJSON_Parse("{\"feed\":\"catalogue\",\"seq\":\"9000\","
				  "\"table\":\"loyalty_card\",\"key\":[\"7\"]}");

	assert_true(console_stage_begin(&f->console));
	assert_true(console_stage_row(&f->console, line, row, strlen(row)));
	assert_true(console_stage_end(&f->console, "9000"));
	cJSON_Delete(line);
	shop_fixture_land(f);
}

static void test_feeds_show_position_rows_and_what_is_kept_aside(void **state)
{
	/* Each feed has its position and rows; rows of a newer HQ are counted and named. */
	struct shop_fixture *f = *state;
	struct screen *screen;
	int row, col;

	land_unknown(f);
	screen = open_pane(f);
	screen_expect(screen, "1 rows of a newer HQ");
	screen_send(screen, "<tab>");
	screen_expect(screen, "store:xinyi");
	screen_expect(screen, "信義店");
	assert_true(screen_find(screen, "catalogue", &row, &col));
	screen_expect_row(screen, row, "9000");
	screen_expect_row(screen, row, " 1  products and stores");
	screen_end(screen);
}

/* ------------------------------------------------------------------ commands */

static void test_what_is_odd_is_counted_where_it_happened(void **state)
{
	/* An HQ that answers for nothing, or a line on which nothing moves, is told to the person. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	console_note_odd(&f->console, CONSOLE_ODD_SLOWED, 7);
	console_note_odd(&f->console, CONSOLE_ODD_RESTARTS, 3);
	screen = open_pane(f);
	screen_expect(screen, "7 ×: HQ answered often");
	screen_expect(screen, "3 ×: nothing had moved");
	assert_false(screen_has(screen, "cannot place"));
	screen_end(screen);
}

static void test_every_command_has_its_verdict(void **state)
{
	/* The newest commands stand with what became of them; Enter shows line and verdict as they went. */
	struct shop_fixture *f = *state;
	struct screen *screen;
	char applied[64], refused[64], waiting[64];

	snprintf(applied, sizeof(applied), "%s", a_sheet(f));
	shop_fixture_sync(f);
	snprintf(refused, sizeof(refused), "%s", a_sheet(f));
	shop_fixture_answer(f, refused, "rejected", "unknown_sku");
	snprintf(waiting, sizeof(waiting), "%s", a_sheet(f));
	screen = open_pane(f);
	screen_send(screen, "<tab><tab>");
	screen_expect_row(screen, 5, "not sent yet");
	screen_expect_row(screen, 6, "refused: ");
	screen_expect_row(screen, 7, "applied");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "The line as it was sent");
	screen_expect(screen, "\"op\":\"stocktake.create\"");
	screen_expect(screen, refused);
	screen_send(screen, "<end>");
	screen_expect(screen, "HQ's verdict");
	screen_expect(screen, "rejected");
	screen_end(screen);
}

static void test_commands_follow_what_happens(void **state)
{
	/* A verdict that comes while one looks shows by itself. */
	struct shop_fixture *f = *state;
	struct screen *screen;
	const char *id = a_sheet(f);

	screen = open_pane(f);
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "not sent yet");
	shop_fixture_answer(f, id, "rejected", "no_right");
	screen_expect_row(screen, 5, "refused: ");
	screen_end(screen);
}

static void test_what_is_parked_has_its_own_list(void **state)
{
	/* Facts HQ could not place are counted and listed by themselves. */
	struct shop_fixture *f = *state;
	struct screen *screen;
	const char *id = a_sheet(f);

	shop_fixture_answer(f, id, "parked", "unknown_document");
	a_sheet(f);
	screen = open_pane(f);
	screen_expect(screen, "Parked 1");
	screen_send(screen, "<backtab>");
	screen_expect_row(screen, 5, "HQ waits for the document");
	assert_false(screen_has(screen, "not sent yet"));
	screen_end(screen);
}

static void test_what_a_pin_was_made_into_is_not_shown(void **state)
{
	/* The line of a new PIN is shown without its hash. */
	struct shop_fixture *f = *state;
	struct screen *screen;
	char *hash = db_get_text(f->hq.db, "SELECT pin_hash FROM staff WHERE id = 'chen'", "");
	char data[400];

	snprintf(data, sizeof(data),
		"{\"id\":\"chen\",\"name\":\"Chen\",\"role\":\"clerk\",\"stores\":[\"xinyi\"],"
		"\"active\":true,\"pin_hash\":\"%s\"}",
		hash);
	free(hash);
	saved(f, "staff.put", data, 0);
	screen = open_pane(f);
	screen_send(screen, "<tab><tab><enter>");
	screen_expect(screen, "\"op\":\"staff.put\"");
	assert_false(screen_has(screen, "argon2"));
	screen_end(screen);
}

/* ------------------------------------------------------------------ around it */

static void test_a_copy_on_its_way_says_how_far_it_is(void **state)
{
	/* Rows, rate and the time left; then indexes. While all is empty the status line and the lists say it
	 * too, and what is saved meanwhile is saved. */
	struct shop_fixture *f = *state;
	struct console_progress copied = {
		.rows = 43000, .rows_expected = 100000, .rows_per_s = 12000, .left_s = 40};
	struct screen *screen = open_pane(f);

	assert_true(console_resync(&f->console));
	console_set_progress(&f->console, &copied);
	screen_expect(screen, "New copy              43 %, 12000 rows/s, 40 s left");
	assert_non_null(a_sheet(f));
	copied.left_s = 180;
	console_set_progress(&f->console, &copied);
	screen_expect(screen, "3 min left");
	copied.indexes_all = 20;
	copied.indexes = 4;
	console_set_progress(&f->console, &copied);
	screen_expect(screen, "making indexes: 4 of 20");
	db_run(f->console.cache, "DELETE FROM state WHERE name = 'pulled_ms'", "");
	db_run(f->console.cache, "DELETE FROM product", "");
	screen_expect_row(screen, -1, "making indexes");
	copied.indexes_all = 0;
	console_set_progress(&f->console, &copied);
	screen_expect_row(screen, -1, "first copy 43 %");
	screen_send(screen, "<esc><f5>");
	screen_expect(screen, "The first copy from HQ is on its way: 43 %");
	screen_end(screen);
}

static void test_f8_again_does_not_pile_up(void **state)
{
	/* F8 from anywhere shows the pane once; Esc goes back to where one was. */
	struct shop_fixture *f = *state;
	struct screen *screen = open_pane(f);

	screen_send(screen, "<f8>");
	screen_settle(screen, 50);
	screen_expect(screen, "How it is");
	screen_send(screen, "<f6>");
	screen_expect_gone(screen, "How it is");
	screen_send(screen, "<f8>");
	screen_expect(screen, "How it is");
	screen_send(screen, "<esc>");
	screen_expect_gone(screen, "How it is");
	screen_expect_row(screen, 1, "Inbox");
	screen_send(screen, "<f2>");
	screen_expect_row(screen, 1, "Outbound");
	assert_false(screen_has(screen, "How it is"));
	screen_end(screen);
}

static void test_small_and_chinese(void **state)
{
	/* At 60x16 and in Chinese the line still says why it is down. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	console_set_tries(&f->console, false, wall_ms(), wall_ms() + MINUTE_MS);
	console_set_link(&f->console, false, "no route to HQ");
	screen = shop_fixture_start(f, 16, 60, "zh_TW");
	screen_expect(screen, "林店長");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "PIN");
	screen_send(screen, "2222<enter>");
	screen_expect(screen, "已登入");
	screen_send(screen, "<f8>");
	screen_expect(screen, "總部連線");
	screen_expect(screen, "no route to HQ");
	screen_expect(screen, "下次嘗試");
	screen_expect(screen, "立即重試");
	screen_end(screen);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, shop_fixture_set_up, shop_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_line_says_since_when_why_and_when_next),
		TEST(test_the_status_line_says_since_when_it_waits),
		TEST(test_why_the_line_is_down_is_said_in_chinese),
		TEST(test_a_try_that_does_not_come_is_said),
		TEST(test_the_last_trouble_stays_readable_and_the_syncer_is_named),
		TEST(test_since_when_is_kept_while_nothing_changes),
		TEST(test_the_queue_is_counted_by_state),
		TEST(test_retry_tells_the_syncer),
		counter_test(test_redeeming_tells_the_syncer),
		TEST(test_rows_are_counted_by_the_rule_of_their_table),
		TEST(test_feeds_show_position_rows_and_what_is_kept_aside),
		TEST(test_what_is_odd_is_counted_where_it_happened),
		TEST(test_every_command_has_its_verdict),
		TEST(test_commands_follow_what_happens),
		TEST(test_what_is_parked_has_its_own_list),
		TEST(test_what_a_pin_was_made_into_is_not_shown),
		TEST(test_a_copy_on_its_way_says_how_far_it_is),
		TEST(test_f8_again_does_not_pile_up),
		TEST(test_small_and_chinese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
