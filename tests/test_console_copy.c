/* A whole copy of HQ's rows survives any interruption, equals what lands row by row, and loses nothing done
 * here when it takes the cache's place. */
#include "model/catalogue.h"
#include "model/json.h"
#include "model/text.h"
#include "tests/console_place.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PRODUCTS 40

static void stage_product(struct place *place, int i, const char *name)
{
	char key[40], row[400];
	snprintf(key, sizeof key, "[\"P%02d\"]", i);
	snprintf(row, sizeof row,
		"{\"sku\":\"P%02d\",\"name\":\"%s %d\",\"barcodes\":[\"471%d\"],\"category\":\"c\",\"vendor\":\"v\","
		"\"price\":%d,\"is_virtual\":false,\"threshold\":0,\"backorders\":false}",
		i, name, i, i, i);
	place_stage(place, "catalogue", "product", key, row);
}

static void stage_staff_and_store(struct place *place)
{
	place_stage(place, "catalogue", "store", "[\"xinyi\"]",
		"{\"id\":\"xinyi\",\"name\":\"Xinyi\",\"kind\":\"shop\",\"enabled\":true,\"tz_minutes\":480,"
		"\"clerk_receives\":true}");
	place_stage(place, "store:xinyi", "staff", "[\"chen\"]",
		"{\"id\":\"chen\",\"name\":\"Chen\",\"role\":\"clerk\",\"stores\":[\"xinyi\"],\"pin_hash\":\"\","
		"\"active\":true}");
}

/* A line of the sheet s1 and a scan of it. */
static void stage_count(struct place *place, int i, int counted)
{
	char key[40], row[500];
	snprintf(key, sizeof key, "[\"s1\",\"P%02d\"]", i);
	snprintf(row, sizeof row,
		"{\"stocktake\":\"s1\",\"sku\":\"P%02d\",\"store\":\"xinyi\",\"round\":1,\"book\":5,"
		"\"counted\":%d,\"moved\":%s}",
		i, counted, i % 2 ? "true" : "false");
	place_stage(place, "store:xinyi", "stocktake_line", key, row);
	snprintf(key, sizeof key, "[\"e%02d\"]", i);
	snprintf(row, sizeof row,
		"{\"id\":\"e%02d\",\"stocktake\":\"s1\",\"store\":\"xinyi\",\"sku\":\"P%02d\",\"round\":1,"
		"\"no\":1,\"zone\":\"\",\"mode\":\"add\",\"qty\":%d,\"pass\":1,\"actor\":\"chen\"}",
		i, i, counted);
	place_stage(place, "store:xinyi", "count_entry", key, row);
}

/* Page 0 to 3; the last has what makes trouble: rows that come again, are gone, or cannot be read. */
static void stage_page(struct place *place, int page)
{
	char cursor[16];
	assert_true(console_stage_begin(&place->console));
	if (page == 0)
		stage_staff_and_store(place);
	for (int i = 0; page < 3 && i < PRODUCTS; i++)
		if (i % 3 == page)
			stage_product(place, i, i % 2 ? "Green Tea" : "烏龍茶");
	for (int i = 0; page < 3 && i < 5; i++)
		stage_count(place, page * 5 + i, i + 3);
	if (page == 3) {
		stage_count(place, 1, 9);
		place_stage(place, "store:xinyi", "stocktake_line", "[\"s1\",\"P02\"]", NULL);
		stage_product(place, 4, "Coffee");
		place_stage(place, "catalogue", "product", "[\"P05\"]", NULL);
		place_stage(place, "catalogue", "product", "[\"P06\"]", NULL);
		stage_product(place, 6, "Milk");
		stage_product(place, 50, "Late");
		place_stage(place, "store:xinyi", "robot", "[\"r\"]", "{\"id\":\"r\"}");
		place_stage(place, "catalogue", "store", "[\"odd\"]",
			"{\"id\":\"odd\",\"enabled\":\"yes\"}");
	}
	snprintf(cursor, sizeof cursor, "c%d", page + 1);
	assert_true(console_stage_end(&place->console, cursor));
}

static void land(struct place *place)
{
	bool differs;
	cJSON *sums = json_parse(FOLLOWED, strlen(FOLLOWED), NULL, 0);
	assert_true(console_land(&place->console, sums, NOW, &differs));
	assert_false(differs);
	cJSON_Delete(sums);
}

static void expect_cursor(struct console *console, const char *expected)
{
	char *cursor = console_cursor(console);
	assert_string_equal(cursor, expected);
	free(cursor);
}

static bool has_file(const struct place *place, const char *name)
{
	char path[300];
	snprintf(path, sizeof path, "%s/%s", place->home, name);
	return access(path, F_OK) == 0;
}

static void killed_between_pages_it_goes_on_where_it_was(void **state)
{
	/* What was kept is not asked for again, what was not is, and all of it lands once. */
	struct place place;
	int status;
	(void)state;
	place_open(&place);
	console_close(&place.console);
	pid_t child = fork();
	if (child == 0) {
		place_open_again(&place);
		stage_page(&place, 0);
		stage_page(&place, 1);
		if (!console_stage_keep(&place.console))
			_exit(1);
		stage_page(&place, 2);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	place_open_again(&place);
	expect_cursor(&place.console, "c2");
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM product"), 0);
	place.seq = 100;
	stage_page(&place, 2);
	land(&place);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM product"), PRODUCTS);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM search_text"), PRODUCTS);
	expect_cursor(&place.console, "c3");
	assert_false(has_file(&place, "cache.new"));
	place_close(&place);
}

static void a_page_given_up_takes_no_other_with_it_for_good(void **state)
{
	/* The cursor goes back with the rows, and from then on each good page is kept at once. */
	struct place place;
	(void)state;
	place_open(&place);
	stage_page(&place, 0);
	assert_true(console_stage_begin(&place.console));
	stage_product(&place, 1, "Half");
	console_stage_abort(&place.console);
	expect_cursor(&place.console, "");
	stage_page(&place, 0);
	assert_true(console_stage_begin(&place.console));
	console_stage_abort(&place.console);
	expect_cursor(&place.console, "c1");
	stage_page(&place, 1);
	stage_page(&place, 2);
	land(&place);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM product"), PRODUCTS);
	place_close(&place);
}

static void killed_while_indexes_are_made_it_goes_on_there(void **state)
{
	/* Each index is kept by itself; meanwhile the old cache is shown, and in the end none is missing. */
	static const char indexes[] =
		"SELECT count(*) FROM sqlite_schema WHERE type IN ('index', 'trigger')";
	struct place place;
	struct console_progress progress = {.rows = 1};
	int status;
	(void)state;
	place_open(&place);
	int64_t all = place_shown(&place, indexes);
	console_close(&place.console);
	pid_t child = fork();
	if (child == 0) {
		place_open_again(&place);
		for (int page = 0; page < 3; page++)
			stage_page(&place, page);
		for (int i = 0; i < 3; i++)
			if (!console_land_prepare(&place.console, &progress))
				_exit(1);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	place_open_again(&place);
	expect_cursor(&place.console, "c3");
	assert_true(console_land_prepare(&place.console, &progress));
	assert_int_equal(progress.indexes, 1);
	assert_true(progress.indexes_all > 10);
	assert_int_equal(progress.rows, 1);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM product"), 0);
	place.seq = 100;
	stage_page(&place, 3);
	while (console_land_prepare(&place.console, &progress))
		;
	assert_int_equal(progress.indexes, progress.indexes_all);
	land(&place);
	assert_int_equal(place_shown(&place, indexes), all);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM before_product"), 0);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM product"), PRODUCTS);
	assert_false(console_land_prepare(&place.console, &progress));
	place_close(&place);
}

/* ---- the same as row by row ---- */

/* Everything the query yields, a line a row. */
static char *dump(struct console *console, const char *sql)
{
	struct text out = TEXT_INIT(TEXT_LARGE);
	struct db_rows *rows = db_query(console->cache, sql, "");
	while (db_next(rows)) {
		for (int i = 0; i < db_columns(rows); i++)
			text_addf(&out, "%s|", db_text(rows, i) ? db_text(rows, i) : "");
		text_add(&out, "\n");
	}
	db_done(rows);
	assert_int_equal(db_failed(console->cache), DB_OK);
	return text_take(&out);
}

static void expect_alike(struct place *one, struct place *other, const char *sql)
{
	char *first = dump(&one->console, sql), *second = dump(&other->console, sql);
	assert_non_null(first);
	assert_string_equal(first, second);
	free(first);
	free(second);
}

static void expect_found(struct place *one, struct place *other, const char *typed)
{
	struct text match = TEXT_INIT(TEXT_SMALL), sql = TEXT_INIT(TEXT_SMALL);
	assert_true(catalogue_match(typed, &match));
	text_addf(&sql,
		"SELECT w.sku FROM search_text w WHERE w.n IN"
		" (SELECT rowid FROM product_search WHERE product_search MATCH '%s') ORDER BY w.sku",
		text_get(&match));
	expect_alike(one, other, text_get(&sql));
	text_free(&match);
	text_free(&sql);
}

static void a_whole_copy_equals_what_lands_row_by_row(void **state)
{
	/* Rows, sums, positions, figures of sheets, indexes, triggers, barcodes and what a search finds. */
	static const char *const same[] = {"SELECT * FROM product ORDER BY sku",
		"SELECT * FROM store ORDER BY id", "SELECT * FROM staff ORDER BY id",
		"SELECT * FROM feed_state ORDER BY feed",
		"SELECT * FROM unknown_row ORDER BY tbl, key",
		"SELECT * FROM barcode ORDER BY code, sku",
		"SELECT sku, words FROM search_text ORDER BY sku",
		"SELECT * FROM stocktake_sum ORDER BY stocktake",
		"SELECT type, name, tbl_name FROM sqlite_schema ORDER BY type, name"};
	static const char *const typed[] = {
		"gre", "green tea", "茶", "烏龍", "p1", "milk", "late", "471"};
	struct place copied, rowwise;
	(void)state;
	place_open(&copied);
	place_open(&rowwise);
	assert_true(console_stage_begin(&rowwise.console));
	assert_true(console_stage_end(&rowwise.console, "c0"));
	land(&rowwise);
	for (int page = 0; page < 4; page++) {
		stage_page(&copied, page);
		stage_page(&rowwise, page);
		if (page != 1)
			land(&rowwise);
	}
	land(&copied);
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		expect_alike(&copied, &rowwise, same[i]);
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
		expect_found(&copied, &rowwise, typed[i]);
	assert_int_equal(place_shown(&copied, "SELECT lines FROM stocktake_sum"), 14);
	assert_int_equal(place_shown(&copied, "SELECT gain_qty FROM stocktake_sum"), 13000);
	assert_int_equal(place_shown(&copied, "SELECT entries FROM stocktake_sum"), 15);
	assert_true(db_sound(copied.console.cache));
	place_close(&copied);
	place_close(&rowwise);
}

/* ---- it takes the cache's place ---- */

static void what_was_done_here_is_shown_before_and_after(void **state)
{
	/* Another seat sees its command all the while, in the old cache and in the new one, and by closing the old
	 * one it takes nothing from the new. */
	struct place place;
	struct place seat;
	struct console_verdict verdict;
	(void)state;
	place_open(&place);
	for (int page = 0; page < 3; page++)
		stage_page(&place, page);
	land(&place);
	place_join(&seat, &place);
	place_run(&seat, "stocktake.create", "{\"scope\":\"full\"}", &verdict);
	assert_true(verdict.saved);
	assert_true(console_resync(&place.console));
	for (int page = 0; page < 3; page++)
		stage_page(&place, page);
	console_changed(&seat.console);
	assert_int_equal(place_shown(&seat, "SELECT count(*) FROM stocktake"), 1);
	assert_int_equal(place_shown(&seat, "SELECT count(*) FROM product"), PRODUCTS);
	land(&place);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM stocktake"), 1);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM before_stocktake"), 1);
	assert_true(console_changed(&seat.console));
	assert_int_equal(place_shown(&seat, "SELECT count(*) FROM stocktake"), 1);
	place_run(&seat, "stocktake.create", "{\"scope\":\"full\"}", &verdict);
	assert_true(verdict.saved);
	console_close(&seat.console);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM stocktake"), 2);
	assert_true(has_file(&place, "cache.db-wal"));
	assert_true(db_sound(place.console.cache));
	place_close(&place);
}

static void a_cache_deleted_meanwhile_stops_no_copy(void **state)
{
	/* cache.db went away while the copy was on its way: nothing is lost by that. */
	struct place place;
	char path[300];
	(void)state;
	place_open(&place);
	stage_page(&place, 0);
	snprintf(path, sizeof path, "%s/cache.db", place.home);
	assert_int_equal(unlink(path), 0);
	assert_true(console_changed(&place.console));
	expect_cursor(&place.console, "c1");
	stage_page(&place, 1);
	stage_page(&place, 2);
	land(&place);
	assert_int_equal(place_shown(&place, "SELECT count(*) FROM product"), PRODUCTS);
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_between_pages_it_goes_on_where_it_was),
		cmocka_unit_test(killed_while_indexes_are_made_it_goes_on_there),
		cmocka_unit_test(a_page_given_up_takes_no_other_with_it_for_good),
		cmocka_unit_test(a_whole_copy_equals_what_lands_row_by_row),
		cmocka_unit_test(what_was_done_here_is_shown_before_and_after),
		cmocka_unit_test(a_cache_deleted_meanwhile_stops_no_copy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
