/* Counts that stand and may yet be wrong suggest a recount; zones and codes however they are written
 * (product.md §3). */
#include "tests/sheets.h"

#include "model/json.h"
#include "model/stocktake_zone.h"
#include "model/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *on_sheet(
	struct fixture *f, const char *op, const char *who, const char *sheet, const char *more)
{
	return fixture_try(f, op, "xinyi", who, "{'stocktake':'%s'%s}", sheet, more);
}

static void apply(struct fixture *f, const char *op, const char *sheet, const char *more)
{
	fixture_do(f, op, "xinyi", "lin", "{'stocktake':'%s'%s}", sheet, more);
}

/* chen counts; more is the rest of the data. Is the verdict that it was stray? */
static bool count(struct fixture *f, const char *sheet, const char *sku, const char *more)
{
	char data[300];
	snprintf(data, sizeof data, "{'stocktake':'%s','sku':'%s'%s}", sheet, sku, more);
	struct verdict verdict = fixture_run(f, "stocktake.count", "xinyi", "chen", data);
	assert_string_equal(refusal_code(verdict.refusal), "");
	bool stray = json_bool(verdict.result, "stray", false);
	verdict_free(&verdict);
	return stray;
}

static void expect_line(
	struct fixture *f, const char *sheet, const char *sku, int64_t pieces, int64_t suggest)
{
	assert_int_equal(sheets_figure(f, sheet, sku, "counted"), pieces * 1000);
	assert_int_equal(sheets_figure(f, sheet, sku, "suggest"), suggest);
}

#define ADD(qty) ",'mode':'add','qty':" #qty
#define SET(qty) ",'mode':'set','qty':" #qty
#define IN_A ",'zone':'A'"

/* A1 is equal, A2 differs and is recounted. */
static const char *recounting(struct fixture *f)
{
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", ADD(100));
	count(f, sheet, "A2", ADD(40));
	count(f, sheet, "A4", ADD(90));
	apply(f, "stocktake.finish", sheet, ",'uncounted':'zero'");
	apply(f, "stocktake.recount", sheet, ",'skus':['A2']");
	return sheet;
}

/* ---- strays ---- */

static void a_stray_scan_in_a_recount_is_told(void **state)
{
	/* A scan of a line that is not in the recount replaces its count, is told, and the line is marked. */
	struct fixture *f = *state;
	const char *sheet = recounting(f);
	assert_false(count(f, sheet, "A2", ADD(1)));
	expect_line(f, sheet, "A2", 1, 0);
	assert_true(count(f, sheet, "A1", ADD(1)));
	expect_line(f, sheet, "A1", 1, 1);
	assert_true(count(f, sheet, "A1", ADD(2)));
	expect_line(f, sheet, "A1", 3, 1);
	/* What was typed is meant. */
	assert_false(count(f, sheet, "A1", SET(99)));
	expect_line(f, sheet, "A1", 99, 0);
	assert_false(count(f, sheet, "A1", ADD(1)));
	/* No count of these is lost: A3 was nowhere, B1 is found only now. */
	assert_false(count(f, sheet, "A3", ADD(1)));
	expect_line(f, sheet, "A3", 1, 0);
	assert_false(count(f, sheet, "B1", ADD(1)));
	assert_false(count(f, sheet, "B1", ADD(1)));
	expect_line(f, sheet, "B1", 2, 0);
}

static void a_stray_scan_that_comes_late_is_marked(void **state)
{
	/* Behind the end of its round nobody can tell what was in it: a count that takes the place of one is marked. */
	struct fixture *f = *state;
	const char *sheet = recounting(f);
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	assert_false(count(f, sheet, "A2", ADD(1) ",'round':1"));
	expect_line(f, sheet, "A2", 41, 0);
	assert_true(count(f, sheet, "A4", ADD(1) ",'round':2"));
	expect_line(f, sheet, "A4", 1, 1);
	apply(f, "stocktake.recount", sheet, "");
	assert_int_equal(sheets_figure(f, sheet, "A4", "recount"), 1);
	assert_false(count(f, sheet, "A4", ADD(1)));
	expect_line(f, sheet, "A4", 1, 0);
}

/* ---- zones ---- */

static void two_who_count_one_zone_are_found_out(void **state)
{
	/* Counts of whoever does not hold the zone add up like any, and suggest a recount. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	assert_string_equal(on_sheet(f, "stocktake.claim", "lin", sheet, IN_A), "");
	apply(f, "stocktake.count", sheet, ",'sku':'A1'" ADD(60) IN_A ",'pass':1");
	apply(f, "stocktake.count", sheet, ",'sku':'A2'" ADD(60) IN_A ",'pass':1");
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, IN_A), "zone_taken");
	count(f, sheet, "A1", ADD(60) IN_A ",'pass':1");
	expect_line(f, sheet, "A1", 120, 1);
	expect_line(f, sheet, "A2", 60, 0);
	/* Also behind its release; another zone is another matter. */
	apply(f, "stocktake.release", sheet, IN_A);
	count(f, sheet, "A2", ADD(60) IN_A ",'pass':1");
	expect_line(f, sheet, "A2", 120, 1);
	count(f, sheet, "A4", ADD(1) ",'zone':'B'");
	expect_line(f, sheet, "A4", 1, 0);
	/* The next counting of the zone is chen's. */
	assert_string_equal(
		on_sheet(f, "stocktake.claim", "chen", sheet, IN_A ",'again':true"), "");
	count(f, sheet, "A1", ADD(60) IN_A);
	expect_line(f, sheet, "A1", 60, 0);
}

/* chen has counted A1 in zone A and in B, and A is counted again in the second round. */
static const char *zone_recounted(struct fixture *f, const char *other)
{
	const char *sheet = sheets_started(f, SHEETS_FULL);
	char more[100];
	count(f, sheet, "A1", ADD(60) IN_A);
	snprintf(more, sizeof more, "%s%s", ADD(30), other);
	count(f, sheet, "A1", more);
	count(f, sheet, "A2", ADD(40) IN_A);
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	apply(f, "stocktake.recount", sheet, "");
	count(f, sheet, "A1", ADD(65) IN_A);
	count(f, sheet, "A2", ADD(41) IN_A);
	expect_line(f, sheet, "A1", 65, 0);
	return sheet;
}

static void a_zone_left_out_of_a_recount_is_found_out(void **state)
{
	/* A recount of one zone that leaves out what another had before suggests one more, once it is finished; one that has all zones, or no zone, does not. */
	struct fixture *f = *state;
	const char *sheet = zone_recounted(f, ",'zone':'B'");
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	expect_line(f, sheet, "A1", 65, 1);
	expect_line(f, sheet, "A2", 41, 0);
	sheet = zone_recounted(f, "");
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	expect_line(f, sheet, "A1", 65, 1);
	sheet = zone_recounted(f, ",'zone':'B'");
	count(f, sheet, "A1", ADD(30) ",'zone':'B'");
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	expect_line(f, sheet, "A1", 95, 0);
	sheet = zone_recounted(f, ",'zone':'B'");
	count(f, sheet, "A1", ADD(30));
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	expect_line(f, sheet, "A1", 95, 0);
}

static void a_late_count_that_leaves_a_zone_out_is_found_out(void **state)
{
	/* The same where the only count of the newer round arrives when that is finished. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", ADD(60) IN_A);
	count(f, sheet, "A1", ADD(30) ",'zone':'B'");
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	apply(f, "stocktake.recount", sheet, "");
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	expect_line(f, sheet, "A1", 90, 0);
	count(f, sheet, "A1", SET(65) IN_A ",'round':2");
	expect_line(f, sheet, "A1", 65, 1);
}

static void a_pass_is_never_ahead_of_its_zone(void **state)
{
	/* A count of a pass that the zone has not come to counts in the one it has, and suggests a recount. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", ADD(5) IN_A);
	count(f, sheet, "A1", ADD(1) IN_A ",'pass':9");
	expect_line(f, sheet, "A1", 6, 1);
	assert_int_equal(fixture_int(f, "SELECT max(pass) FROM count_entry"), 1);
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, IN_A), "");
	assert_string_equal(on_sheet(f, "stocktake.release", "chen", sheet, IN_A), "");
	assert_string_equal(
		on_sheet(f, "stocktake.claim", "chen", sheet, IN_A ",'again':true"), "");
	count(f, sheet, "A2", ADD(5) IN_A ",'pass':2");
	expect_line(f, sheet, "A2", 5, 0);
	/* In an older round than the zone's last claim what was not released is not known any more. */
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	apply(f, "stocktake.recount", sheet, "");
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, IN_A), "");
	count(f, sheet, "A2", ADD(1) IN_A ",'pass':2,'round':1");
	expect_line(f, sheet, "A2", 6, 0);
}

static void a_zone_has_one_name(void **state)
{
	/* Case, width and blanks around make no other zone, in claims, counts, releases, rezones and lists. */
	struct fixture *f = *state;
	char error[200], more[200];
	const char *sheet = sheets_started(f, SHEETS_FULL);
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, ",'zone':' a3 '"), "");
	assert_string_equal(
		on_sheet(f, "stocktake.claim", "lin", sheet, ",'zone':'Ａ３'"), "zone_taken");
	count(f, sheet, "A1", ADD(5) ",'zone':'ａ3'");
	const char *other = fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','mode':'add','qty':1,'zone':'é２'}", sheet);
	fixture_expect_text(f, "É2", "SELECT zone FROM count_entry WHERE id = '%s'", other);
	snprintf(more, sizeof more, ",'counts':['%s'],'zone':'a3　'", other);
	assert_string_equal(on_sheet(f, "stocktake.rezone", "chen", sheet, more), "");
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM count_entry WHERE zone = 'A3'"), 2);
	assert_string_equal(on_sheet(f, "stocktake.release", "chen", sheet, ",'zone':'a３'"), "");
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM count_zone"), 1);
	static const char *const views[] = {"count_zones", "count_entries", "stocktake_lines"};
	for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
		struct view_query query = {.view = view_find(views[i]), .limit = 5};
		view_where(&query, "stocktake", sheet);
		view_where(&query, "zone", " ａ3");
		struct db_rows *rows = view_select(f->db, &query, error, sizeof error);
		assert_non_null(rows);
		assert_true(db_next(rows));
		db_done(rows);
	}
}

static void a_blank_is_no_zone(void **state)
{
	/* Blanks name nothing: refused wherever a zone is named, and nothing is counted. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	const char *blank = ",'zone':' 　'";
	char more[200];
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, blank), "bad_data");
	assert_string_equal(on_sheet(f, "stocktake.release", "chen", sheet, blank), "bad_data");
	snprintf(more, sizeof more, ",'sku':'A1'" ADD(1) "%s", blank);
	assert_string_equal(on_sheet(f, "stocktake.count", "chen", sheet, more), "bad_data");
	snprintf(more, sizeof more, ",'counts':['x']%s", blank);
	assert_string_equal(on_sheet(f, "stocktake.rezone", "chen", sheet, more), "bad_data");
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM count_entry"), 0);
}

static void expect_complete(struct fixture *f, const char *data, const char *expected)
{
	cJSON *count = json_parse(data, strlen(data), NULL, 0);
	stocktake_zone_complete(f->db, count);
	char *text = cJSON_PrintUnformatted(count);
	assert_string_equal(text, expected);
	cJSON_free(text);
	cJSON_Delete(count);
}

static void a_count_is_completed_by_where_it_is_made(void **state)
{
	/* What a count leaves out of round and pass is what the terminal's copy says; what it says itself stays. */
	struct fixture *f = *state;
	sheets_started(f, SHEETS_FULL);
	fixture_sql(f, "UPDATE stocktake SET id = 's', round = 2");
	apply(f, "stocktake.claim", "s", IN_A);
	apply(f, "stocktake.release", "s", IN_A);
	apply(f, "stocktake.claim", "s", IN_A ",'again':true");
	expect_complete(f, "{\"stocktake\":\"s\"}", "{\"stocktake\":\"s\",\"round\":2}");
	expect_complete(f, "{\"stocktake\":\"s\",\"zone\":\" a\"}",
		"{\"stocktake\":\"s\",\"zone\":\" a\",\"round\":2,\"pass\":2}");
	expect_complete(f, "{\"stocktake\":\"s\",\"zone\":\"A\",\"round\":1}",
		"{\"stocktake\":\"s\",\"zone\":\"A\",\"round\":1,\"pass\":1}");
	expect_complete(f, "{\"stocktake\":\"s\",\"zone\":\"A\",\"pass\":1}",
		"{\"stocktake\":\"s\",\"zone\":\"A\",\"pass\":1,\"round\":2}");
	expect_complete(f, "{\"stocktake\":\"none\"}", "{\"stocktake\":\"none\"}");
}

/* ---- lists ---- */

/* Of the row that a filter finds: filter, its value, column. */
static char *cell_of(
	struct fixture *f, const char *view, const char *sheet, const char *const where[3])
{
	char error[200];
	struct view_query query = {.view = view_find(view), .limit = 5};
	view_where(&query, "stocktake", sheet);
	view_where(&query, where[0], where[1]);
	struct db_rows *rows = view_select(f->db, &query, error, sizeof error);
	assert_non_null(rows);
	char *found = db_next(rows) ? strdup(db_text(rows, view_column_index(query.view, where[2])))
				    : NULL;
	assert_false(found && db_next(rows));
	db_done(rows);
	return found;
}

static void expect_cell(
	struct fixture *f, const char *sheet, const char *const where[3], const char *expected)
{
	char *found = cell_of(f, "stocktake_lines", sheet, where);
	if (expected)
		assert_string_equal(found, expected);
	else
		assert_null(found);
	free(found);
}

static void unknown_codes_are_found_by_search(void **state)
{
	/* Part of a code that no catalogue knows finds its line, on its own sheet, and products as ever. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL), *other = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "XQ-4711", ADD(2));
	count(f, other, "XQ-4712", ADD(2));
	expect_cell(f, sheet, (const char *const[]){"q", "q-47", "sku"}, "XQ-4711");
	expect_cell(f, sheet, (const char *const[]){"q", "4712", "sku"}, NULL);
	expect_cell(f, sheet, (const char *const[]){"q", "A3", "sku"}, "A3");
	expect_cell(f, sheet, (const char *const[]){"q", "%", "sku"}, NULL);
}

static void a_line_without_counts_shows_the_present_book(void **state)
{
	/* Once all its counts are undone the book of a line follows the sales, until the sheet is finished. */
	struct fixture *f = *state;
	static const char *const book[] = {"sku", "A1", "book"};
	static const char sale[] =
		"{'kind':'write_off','reason':'sold','lines':[{'sku':'A1','qty':5}]}";
	const char *sheet = sheets_started(f, SHEETS_FULL);
	char more[200];
	count(f, sheet, "A1", ADD(2));
	snprintf(more, sizeof more, ",'count':'%s'", fixture_last_id(f));
	apply(f, "stocktake.undo", sheet, more);
	fixture_do(f, "stock.adjust", "xinyi", "lin", sale);
	expect_cell(f, sheet, book, "95000");
	apply(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	fixture_do(f, "stock.adjust", "xinyi", "lin", sale);
	expect_cell(f, sheet, book, "95000");
}

/* ---- resolved codes ---- */

static const char *resolve(struct fixture *f, const char *sheet)
{
	return on_sheet(f, "stocktake.resolve", "chen", sheet, ",'code':'4711','sku':'A1'");
}

static void a_resolve_into_a_typed_quantity_is_marked(void **state)
{
	/* A quantity typed later in the same zone swallows what comes from the code: somebody should look. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "4711", ADD(2) IN_A);
	count(f, sheet, "A1", SET(50) IN_A);
	assert_string_equal(resolve(f, sheet), "");
	expect_line(f, sheet, "A1", 50, 1);
	/* In another zone, and before it, it takes nothing away. */
	sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", SET(50) IN_A);
	count(f, sheet, "4711", ADD(2) IN_A);
	count(f, sheet, "4711", ADD(2) ",'zone':'B'");
	count(f, sheet, "A1", SET(7) ",'zone':'C'");
	assert_string_equal(resolve(f, sheet), "");
	expect_line(f, sheet, "A1", 61, 0);
	/* And the other way round: typed for the code, behind scans of the product. */
	sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", ADD(50) IN_A);
	count(f, sheet, "4711", SET(2) IN_A);
	assert_string_equal(resolve(f, sheet), "");
	expect_line(f, sheet, "A1", 2, 1);
}

static void a_resolve_into_a_line_of_an_older_round_is_marked(void **state)
{
	/* What was recounted under the code alone takes the place of the product's count: somebody should look. */
	struct fixture *f = *state;
	const char *sheet = recounting(f);
	count(f, sheet, "4711", ADD(2));
	assert_string_equal(resolve(f, sheet), "");
	expect_line(f, sheet, "A1", 2, 1);
	/* Recounted itself, the product has both. */
	sheet = recounting(f);
	count(f, sheet, "A2", ADD(90));
	count(f, sheet, "4711", ADD(10));
	assert_string_equal(
		on_sheet(f, "stocktake.resolve", "chen", sheet, ",'code':'4711','sku':'A2'"), "");
	expect_line(f, sheet, "A2", 100, 0);
}

/* The pieces of all zones listed, and how many zones that is. */
static int64_t pieces_listed(struct fixture *f, const char *sheet, int *zones)
{
	char error[256];
	struct view_query query = {.view = view_find("count_zones"), .limit = 20};
	int64_t pieces = 0;
	view_where(&query, "stocktake", sheet);
	struct db_rows *rows = view_select(f->db, &query, error, sizeof error);
	assert_non_null(rows);
	for (*zones = 0; db_next(rows); ++*zones)
		pieces += db_int(rows, view_column_index(query.view, "pieces"));
	db_done(rows);
	return pieces;
}

static void expect_zone_a(
	struct fixture *f, const char *sheet, const char *column, const char *expected)
{
	char *found = cell_of(f, "count_zones", sheet, (const char *[]){"zone", "A", column});
	assert_string_equal(found, expected);
	free(found);
}

static void zones_nobody_claimed_are_listed(void **state)
{
	/* Whatever has entries in the round is listed, claimed or not, so that the pieces listed are those of the sheet. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	int zones;
	apply(f, "stocktake.claim", sheet, IN_A);
	count(f, sheet, "A1", ADD(4) IN_A);
	count(f, sheet, "A2", ADD(5) IN_A);
	count(f, sheet, "A1", ADD(2) ",'zone':'B'");
	count(f, sheet, "A1", ADD(1));
	assert_int_equal(pieces_listed(f, sheet, &zones), 12000);
	assert_int_equal(zones, 3);
	apply(f, "stocktake.release", sheet, IN_A);
	apply(f, "stocktake.claim", sheet, IN_A ",'again':true");
	count(f, sheet, "A1", ADD(3) IN_A ",'pass':2");
	assert_int_equal(pieces_listed(f, sheet, &zones), 11000);
	expect_zone_a(f, sheet, "lines", "2");
	apply(f, "stocktake.finish", sheet, ",'uncounted':'zero'");
	assert_int_equal(pieces_listed(f, sheet, &zones), 11000);
	assert_int_equal(zones, 3);
	apply(f, "stocktake.recount", sheet, "");
	count(f, sheet, "A1", ADD(6) IN_A);
	expect_zone_a(f, sheet, "status", "unclaimed");
	expect_zone_a(f, sheet, "round", "2");
	expect_zone_a(f, sheet, "pieces", "6000");
	apply(f, "stocktake.claim", sheet, IN_A);
	expect_zone_a(f, sheet, "status", "open");
	expect_zone_a(f, sheet, "pieces", "6000");
}

static void what_a_pass_lacks_is_found(void **state)
{
	/* The lines that the present pass of a zone lacks are found, whatever the passes before it and other zones have. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	const char *const lacks_a1[] = {"lacks", "a", "sku"};
	apply(f, "stocktake.claim", sheet, IN_A);
	count(f, sheet, "A1", ADD(4) IN_A);
	count(f, sheet, "A2", ADD(4) IN_A);
	apply(f, "stocktake.release", sheet, IN_A);
	apply(f, "stocktake.claim", sheet, IN_A ",'again':true");
	for (int i = 2; i <= 9; i++) {
		char sku[8];
		snprintf(sku, sizeof sku, "A%d", i);
		count(f, sheet, sku, ADD(1) IN_A ",'pass':2");
	}
	count(f, sheet, "A1", ADD(1) ",'zone':'B'");
	expect_cell(f, sheet, lacks_a1, "A1");
	count(f, sheet, "A1", ADD(1) IN_A ",'pass':2");
	expect_cell(f, sheet, lacks_a1, NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_stray_scan_in_a_recount_is_told),
		TEST(a_stray_scan_that_comes_late_is_marked),
		TEST(two_who_count_one_zone_are_found_out),
		TEST(a_zone_left_out_of_a_recount_is_found_out),
		TEST(a_late_count_that_leaves_a_zone_out_is_found_out),
		TEST(a_pass_is_never_ahead_of_its_zone),
		TEST(a_zone_has_one_name),
		TEST(a_blank_is_no_zone),
		TEST(a_count_is_completed_by_where_it_is_made),
		TEST(zones_nobody_claimed_are_listed),
		TEST(what_a_pass_lacks_is_found),
		TEST(unknown_codes_are_found_by_search),
		TEST(a_line_without_counts_shows_the_present_book),
		TEST(a_resolve_into_a_typed_quantity_is_marked),
		TEST(a_resolve_into_a_line_of_an_older_round_is_marked),
	};
	return cmocka_run_group_tests_name("stocktake doubts", tests, NULL, NULL);
}
