/* Zones of a stocktake: who counts which, counting one twice, control totals, and what was counted in the
 * wrong zone or under an unknown code (product.md §3). */
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
	return fixture_try(f, op, "xinyi", who, "{'stocktake':'%s',%s}", sheet, more);
}

static void apply(struct fixture *f, const char *op, const char *sheet, const char *more)
{
	fixture_do(f, op, "xinyi", "chen", "{'stocktake':'%s',%s}", sheet, more);
}

/* more is the rest of the data: zone, pass. */
static const char *count(
	struct fixture *f, const char *sheet, const char *sku, const char *qty, const char *more)
{
	return fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'%s','qty':%s,'mode':'add'%s}", sheet, sku, qty, more);
}

static int64_t counted(struct fixture *f, const char *sheet, const char *sku)
{
	return sheets_figure(f, sheet, sku, "counted");
}

static int64_t disputed(struct fixture *f, const char *sheet, const char *sku)
{
	return sheets_figure(f, sheet, sku, "disputed");
}

#define A "'zone':'A'"
#define IN_A ",'zone':'A'"
#define IN_B ",'zone':'B'"
#define AGAIN A ",'again':true"

/* Claims and releases A once more. */
static void release_and_claim_again(struct fixture *f, const char *sheet)
{
	apply(f, "stocktake.release", sheet, A);
	apply(f, "stocktake.claim", sheet, AGAIN);
}

static const char *log_of(struct fixture *f, const char *sheet, const char *op)
{
	static char text[256];
	char *found = db_get_text(f->db,
		"SELECT text FROM history WHERE doc = $1 AND op = $2 ORDER BY id DESC LIMIT 1",
		"tt", sheet, op);
	snprintf(text, sizeof text, "%s", found ? found : "nothing");
	free(found);
	return text;
}

/* A column of the list of zones, for its only row. */
static char *zone_cell(struct fixture *f, const char *sheet, const char *zone, const char *column)
{
	char error[256];
	struct view_query query = {.view = view_find("count_zones"), .limit = 1};
	view_where(&query, "stocktake", sheet);
	view_where(&query, "zone", zone);
	struct db_rows *rows = view_select(f->db, &query, error, sizeof error);
	if (!rows || !db_next(rows))
		fail_msg("no zone %s", zone);
	char *cell = strdup(db_text(rows, view_column_index(query.view, column)));
	db_done(rows);
	assert_non_null(cell);
	return cell;
}

static void expect_zone(struct fixture *f, const char *sheet, const char *column, const char *value)
{
	char *cell = zone_cell(f, sheet, "A", column);
	assert_string_equal(cell, value);
	free(cell);
}

/* ---- claims ---- */

static void a_zone_has_one_holder(void **state)
{
	/* Who claims a zone holds it; another is refused and told who has it since when. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	struct stocktake_zone zone;
	f->world.device = "box-1";
	fixture_do(f, "stocktake.claim", "xinyi", "chen", "{'stocktake':'%s'," A "}", sheet);
	assert_true(stocktake_zone_find(f->db, sheet, "A", &zone));
	assert_true(zone.open);
	assert_string_equal(zone.holder, "chen");
	assert_string_equal(zone.device, "box-1");
	assert_int_equal(stocktake_zone_pass(f->db, sheet, "A"), 1);
	char data[200];
	snprintf(data, sizeof data, "{'stocktake':'%s'," A "}", sheet);
	struct verdict verdict = fixture_run(f, "stocktake.claim", "xinyi", "lin", data);
	assert_string_equal(refusal_code(verdict.refusal), "zone_taken");
	assert_non_null(strstr(verdict.message, "chen since 2026-03-02T02:00:02"));
	assert_string_equal(json_text(verdict.result, "holder"), "chen");
	verdict_free(&verdict);
	assert_string_equal(on_sheet(f, "stocktake.claim", "lin", sheet, "'zone':'B'"), "");
}

static void claiming_what_one_holds_changes_nothing(void **state)
{
	/* A second claim by the holder is applied and keeps the time; the terminal is the new one. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	f->world.device = "box-1";
	apply(f, "stocktake.claim", sheet, A);
	int64_t since = fixture_int(f, "SELECT since FROM count_zone");
	f->world.device = "box-2";
	apply(f, "stocktake.claim", sheet, AGAIN);
	assert_int_equal(fixture_int(f, "SELECT since FROM count_zone"), since);
	assert_int_equal(fixture_int(f, "SELECT pass FROM count_zone"), 1);
	fixture_expect_text(f, "box-2", "SELECT device FROM count_zone");
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM history WHERE op = 'stocktake.claim'"), 1);
}

static void a_manager_hands_a_zone_over(void **state)
{
	/* Only a manager who says so takes a zone from its holder, and the log names both. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	assert_string_equal(on_sheet(f, "stocktake.claim", "lin", sheet, A), "");
	assert_string_equal(
		on_sheet(f, "stocktake.claim", "chen", sheet, A ",'take':true"), "no_right");
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, A), "zone_taken");
	assert_string_equal(on_sheet(f, "stocktake.release", "lin", sheet, A), "");
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, AGAIN), "");
	assert_string_equal(on_sheet(f, "stocktake.claim", "lin", sheet, A ",'take':true"), "");
	fixture_expect_text(f, "lin", "SELECT holder FROM count_zone");
	assert_int_equal(stocktake_zone_pass(f->db, sheet, "A"), 2);
	assert_string_equal(log_of(f, sheet, "stocktake.claim"), "A (2): chen → lin");
}

static void a_released_zone_is_counted_again_only_if_said(void **state)
{
	/* Counted is counted: the same zone twice is a recount, asked for, by whomever. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	assert_string_equal(on_sheet(f, "stocktake.release", "chen", sheet, A), "");
	assert_string_equal(on_sheet(f, "stocktake.release", "chen", sheet, A), "nothing_to_do");
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, A), "zone_done");
	assert_string_equal(on_sheet(f, "stocktake.claim", "lin", sheet, AGAIN), "");
	assert_int_equal(stocktake_zone_pass(f->db, sheet, "A"), 2);
	assert_int_equal(stocktake_zone_released(f->db, sheet, "A", 1), 1);
	assert_string_equal(on_sheet(f, "stocktake.release", "chen", sheet, A), "zone_taken");
	assert_string_equal(on_sheet(f, "stocktake.release", "lin", sheet, A), "");
	assert_int_equal(stocktake_zone_released(f->db, sheet, "A", 1), 2);
}

static void passes_have_an_end(void **state)
{
	/* The ninth counting of a zone in one round is the last, for claims and counts alike. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	for (int i = 2; i <= STOCKTAKE_PASSES_MAX; i++)
		release_and_claim_again(f, sheet);
	apply(f, "stocktake.release", sheet, A);
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, AGAIN), "zone_done");
	assert_string_equal(on_sheet(f, "stocktake.count", "chen", sheet,
				    "'sku':'A1','qty':1,'mode':'add','pass':10"),
		"bad_data");
}

static void a_new_round_begins_with_nobody(void **state)
{
	/* In a recount a zone is claimed anew and counted for the first time; what was before stays known. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	count(f, sheet, "A1", "90", IN_A);
	release_and_claim_again(f, sheet);
	apply(f, "stocktake.release", sheet, A);
	apply(f, "stocktake.finish", sheet, "'uncounted':'leave'");
	assert_string_equal(on_sheet(f, "stocktake.claim", "chen", sheet, A), "wrong_status");
	fixture_do(f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	assert_int_equal(stocktake_zone_pass(f->db, sheet, "A"), 1);
	apply(f, "stocktake.claim", sheet, A);
	assert_int_equal(stocktake_zone_pass_in(f->db, sheet, "A", 2), 1);
	assert_int_equal(stocktake_zone_pass_in(f->db, sheet, "A", 1), 2);
	assert_int_equal(stocktake_zone_released(f->db, sheet, "A", 1), 2);
	assert_int_equal(stocktake_zone_released(f->db, sheet, "A", 2), 0);
}

/* ---- passes ---- */

static void a_zone_counted_twice_is_not_a_sum(void **state)
{
	/* The newest pass of a zone that counted the line counts; other zones are added as ever. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	count(f, sheet, "A1", "40", IN_A);
	count(f, sheet, "A2", "7", IN_A);
	count(f, sheet, "A1", "5", IN_B);
	release_and_claim_again(f, sheet);
	assert_int_equal(counted(f, sheet, "A1"), 45000);
	count(f, sheet, "A1", "30", IN_A);
	count(f, sheet, "A1", "8", IN_A);
	assert_int_equal(counted(f, sheet, "A1"), 43000);
	assert_int_equal(counted(f, sheet, "A2"), 7000);
	count(f, sheet, "A1", "1", IN_A ",'pass':1");
	assert_int_equal(counted(f, sheet, "A1"), 43000);
	count(f, sheet, "A1", "1", IN_B);
	assert_int_equal(counted(f, sheet, "A1"), 44000);
}

static void undoing_the_second_pass_leaves_the_first(void **state)
{
	/* With nothing of the second pass left, the line has what the first one counted. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	count(f, sheet, "A1", "40", IN_A);
	release_and_claim_again(f, sheet);
	const char *second = count(f, sheet, "A1", "39", IN_A);
	assert_int_equal(counted(f, sheet, "A1"), 39000);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		second);
	assert_int_equal(counted(f, sheet, "A1"), 40000);
}

static void two_passes_that_differ_are_a_dispute(void **state)
{
	/* Once two passes are released, lines on which they differ are disputed, also where one found none. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	count(f, sheet, "A1", "40", IN_A);
	count(f, sheet, "A2", "7", IN_A);
	count(f, sheet, "A3", "3", IN_A);
	release_and_claim_again(f, sheet);
	count(f, sheet, "A1", "40", IN_A);
	count(f, sheet, "A2", "6", IN_A);
	count(f, sheet, "A4", "1", IN_A);
	assert_int_equal(disputed(f, sheet, "A2"), 0);
	apply(f, "stocktake.release", sheet, A);
	assert_int_equal(disputed(f, sheet, "A1"), 0);
	assert_int_equal(disputed(f, sheet, "A2"), 1);
	assert_int_equal(disputed(f, sheet, "A3"), 1);
	assert_int_equal(disputed(f, sheet, "A4"), 1);
	expect_zone(f, sheet, "disputed", "3");
}

static void a_third_pass_settles_a_dispute(void **state)
{
	/* A third pass settles what it counts the same as an earlier one, and leaves the rest as it was. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	count(f, sheet, "A1", "40", IN_A);
	count(f, sheet, "A2", "7", IN_A);
	count(f, sheet, "A3", "3", IN_A);
	release_and_claim_again(f, sheet);
	count(f, sheet, "A1", "40", IN_A);
	count(f, sheet, "A2", "6", IN_A);
	count(f, sheet, "A3", "2", IN_A);
	release_and_claim_again(f, sheet);
	count(f, sheet, "A2", "7", IN_A);
	count(f, sheet, "A3", "1", IN_A);
	assert_int_equal(disputed(f, sheet, "A2"), 1);
	apply(f, "stocktake.release", sheet, A);
	assert_int_equal(disputed(f, sheet, "A1"), 0);
	assert_int_equal(disputed(f, sheet, "A2"), 0);
	assert_int_equal(counted(f, sheet, "A2"), 7000);
	assert_int_equal(disputed(f, sheet, "A3"), 1);
}

static void a_late_count_settles_or_opens_a_dispute(void **state)
{
	/* A count that reaches a released pass late is compared as if it had been there. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	count(f, sheet, "A1", "40", IN_A);
	count(f, sheet, "A2", "5", IN_A);
	release_and_claim_again(f, sheet);
	count(f, sheet, "A1", "39", IN_A);
	count(f, sheet, "A2", "5", IN_A);
	apply(f, "stocktake.release", sheet, A);
	count(f, sheet, "A1", "1", IN_A ",'pass':2");
	assert_int_equal(disputed(f, sheet, "A1"), 0);
	assert_int_equal(counted(f, sheet, "A1"), 40000);
	count(f, sheet, "A2", "1", IN_A ",'pass':2");
	assert_int_equal(disputed(f, sheet, "A2"), 1);
}

static void a_count_belongs_to_the_round_it_says(void **state)
{
	/* A count of the first round that comes during the recount counts in the first, and only there. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", "90", "");
	count(f, sheet, "A2", "90", "");
	apply(f, "stocktake.finish", sheet, "'uncounted':'leave'");
	fixture_do(f, "stocktake.recount", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	count(f, sheet, "A1", "95", "");
	count(f, sheet, "A1", "4", ",'round':1");
	count(f, sheet, "A2", "4", ",'round':1");
	assert_int_equal(counted(f, sheet, "A1"), 95000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "round"), 2);
	assert_int_equal(counted(f, sheet, "A2"), 94000);
	assert_int_equal(sheets_figure(f, sheet, "A2", "round"), 1);
	count(f, sheet, "A3", "1", ",'round':7");
	assert_int_equal(sheets_figure(f, sheet, "A3", "round"), 2);
}

/* ---- control totals ---- */

static void a_control_total_is_compared(void **state)
{
	/* The total typed at the release is kept; a zone that holds another number is marked, until it does not. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	count(f, sheet, "A1", "40", IN_A);
	fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','qty':38,'mode':'set'" IN_A "}", sheet);
	count(f, sheet, "A1", "1", IN_A);
	count(f, sheet, "A2", "2.5", IN_A);
	count(f, sheet, "A2", "99", IN_B);
	expect_zone(f, sheet, "pieces", "41500");
	expect_zone(f, sheet, "lines", "2");
	apply(f, "stocktake.release", sheet, A ",'total':42.5");
	expect_zone(f, sheet, "status", "done");
	expect_zone(f, sheet, "done_by", "chen");
	expect_zone(f, sheet, "sum", "41500");
	expect_zone(f, sheet, "total", "42500");
	expect_zone(f, sheet, "differs", "1");
	assert_string_equal(log_of(f, sheet, "stocktake.release"), "A: 41.5 ≠ 42.5");
	count(f, sheet, "A2", "1", IN_A);
	expect_zone(f, sheet, "differs", "0");
	expect_zone(f, sheet, "sum", "41500");
	/* What was counted stands until it is counted again. */
	apply(f, "stocktake.claim", sheet, AGAIN);
	expect_zone(f, sheet, "pieces", "42500");
	expect_zone(f, sheet, "differs", "0");
	apply(f, "stocktake.release", sheet, A);
	assert_string_equal(log_of(f, sheet, "stocktake.release"), "A (2): 0");
}

static void the_figures_of_a_zone_are_those_of_its_lines(void **state)
{
	/* At an equal time a typed quantity and scans around it add up the same in line, release and list. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	apply(f, "stocktake.claim", sheet, A);
	f->at_ms = f->now_ms;
	count(f, sheet, "A1", "3", IN_A);
	fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','qty':10,'mode':'set'" IN_A "}", sheet);
	count(f, sheet, "A1", "1", IN_A);
	f->at_ms = 0;
	assert_int_equal(counted(f, sheet, "A1"), 11000);
	expect_zone(f, sheet, "pieces", "11000");
	apply(f, "stocktake.release", sheet, A);
	expect_zone(f, sheet, "sum", "11000");
}

/* ---- rezone ---- */

static void counts_move_to_another_zone(void **state)
{
	/* Named counts, anyone's, get the zone and its present pass, and the lines are worked out again. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	char more[200];
	count(f, sheet, "A1", "3", IN_B);
	const char *wrong = count(f, sheet, "A1", "40", IN_B);
	apply(f, "stocktake.claim", sheet, A);
	count(f, sheet, "A1", "39", IN_A);
	release_and_claim_again(f, sheet);
	assert_int_equal(counted(f, sheet, "A1"), 82000);
	snprintf(more, sizeof more, "'counts':['%s']," A, wrong);
	assert_string_equal(on_sheet(f, "stocktake.rezone", "lin", sheet, more), "");
	assert_int_equal(counted(f, sheet, "A1"), 43000);
	assert_int_equal(fixture_int(f, "SELECT pass FROM count_entry WHERE id = '%s'", wrong), 2);
	assert_string_equal(log_of(f, sheet, "stocktake.rezone"), "1 → A");
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		wrong);
	assert_int_equal(counted(f, sheet, "A1"), 42000);
}

static void rezone_moves_all_or_none(void **state)
{
	/* A count that is not on the sheet, or none at all, is refused, and nothing moved. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL), *other = sheets_started(f, SHEETS_FULL);
	char more[200];
	const char *mine = count(f, sheet, "A1", "1", IN_B),
		   *theirs = count(f, other, "A1", "1", IN_B);
	snprintf(more, sizeof more, "'counts':['%s','%s']," A, mine, theirs);
	assert_string_equal(
		on_sheet(f, "stocktake.rezone", "chen", sheet, more), "unknown_document");
	assert_int_equal(fixture_int(f, "SELECT count(*) FROM count_entry WHERE zone = 'A'"), 0);
	assert_string_equal(
		on_sheet(f, "stocktake.rezone", "chen", sheet, "'counts':[]," A), "bad_data");
	apply(f, "stocktake.finish", sheet, "'uncounted':'leave'");
	snprintf(more, sizeof more, "'counts':['%s']," A, mine);
	assert_string_equal(on_sheet(f, "stocktake.rezone", "chen", sheet, more), "wrong_status");
}

/* ---- unknown codes ---- */

#define RESOLVE "'code':'4711','sku':'A1'"

static void an_unknown_code_is_resolved(void **state)
{
	/* What was counted under a code counts under the product, with the product's book of that time. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "4711", "2", IN_B);
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'sold','lines':[{'sku':'A1','qty':5}]}");
	count(f, sheet, "A1", "90", IN_A);
	assert_string_equal(on_sheet(f, "stocktake.resolve", "chen", sheet, RESOLVE), "");
	assert_int_equal(counted(f, sheet, "A1"), 92000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "book"), 95000);
	assert_int_equal(sheets_figure(f, sheet, "A1", "moved"), 1);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM stocktake_line WHERE sku = '4711'"), 0);
	assert_int_equal(
		fixture_int(f, "SELECT book FROM count_entry WHERE code = '4711'"), 100000);
	assert_string_equal(log_of(f, sheet, "stocktake.resolve"), "4711 → A1 (1)");
}

static void a_resolved_code_stays_resolved(void **state)
{
	/* Facts with the code that come later count for the product, and undo still finds those before. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	const char *before = count(f, sheet, "4711", "2", IN_A);
	assert_string_equal(on_sheet(f, "stocktake.resolve", "chen", sheet, RESOLVE), "");
	count(f, sheet, "4711", "3", IN_A);
	assert_int_equal(counted(f, sheet, "A1"), 5000);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM stocktake_line WHERE sku = '4711'"), 0);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		before);
	assert_int_equal(counted(f, sheet, "A1"), 3000);
}

static void a_code_resolved_wrongly_is_resolved_again(void **state)
{
	/* The second product gets what was counted under the code, whenever it came, and only that. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A1", "10", IN_A);
	count(f, sheet, "4711", "2", IN_A);
	assert_string_equal(on_sheet(f, "stocktake.resolve", "chen", sheet, RESOLVE), "");
	count(f, sheet, "4711", "3", IN_A);
	assert_string_equal(
		on_sheet(f, "stocktake.resolve", "chen", sheet, RESOLVE), "nothing_to_do");
	assert_string_equal(
		on_sheet(f, "stocktake.resolve", "chen", sheet, "'code':'4711','sku':'A2'"), "");
	assert_int_equal(counted(f, sheet, "A1"), 10000);
	assert_int_equal(counted(f, sheet, "A2"), 5000);
}

static void what_cannot_be_resolved(void **state)
{
	/* Only a code that stands unknown on an open sheet is resolved, and only to a known product. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "A2", "2", "");
	count(f, sheet, "4711", "2", "");
	assert_string_equal(
		on_sheet(f, "stocktake.resolve", "chen", sheet, "'code':'4712','sku':'A1'"),
		"not_on_document");
	assert_string_equal(
		on_sheet(f, "stocktake.resolve", "chen", sheet, "'code':'A2','sku':'A1'"),
		"not_on_document");
	assert_string_equal(
		on_sheet(f, "stocktake.resolve", "chen", sheet, "'code':'4711','sku':'NO'"),
		"unknown_sku");
	apply(f, "stocktake.finish", sheet, "'uncounted':'zero'");
	assert_string_equal(on_sheet(f, "stocktake.resolve", "chen", sheet, RESOLVE), "");
	/* A1 was counted as zero, which gives way. */
	assert_int_equal(counted(f, sheet, "A1"), 2000);
	fixture_do(f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
	assert_string_equal(
		on_sheet(f, "stocktake.resolve", "chen", sheet, RESOLVE), "wrong_status");
}

static void a_code_that_became_a_product(void **state)
{
	/* A code that the catalogue knows by now resolves to itself: the line counts as any other. */
	struct fixture *f = *state;
	const char *sheet = sheets_started(f, SHEETS_FULL);
	count(f, sheet, "4711", "2", "");
	fixture_do(f, "product.put", NULL, "ho", "{'sku':'4711','name':'New'}");
	assert_string_equal(
		on_sheet(f, "stocktake.resolve", "chen", sheet, "'code':'4711','sku':'4711'"), "");
	assert_int_equal(sheets_figure(f, sheet, "4711", "unknown"), 0);
	assert_int_equal(counted(f, sheet, "4711"), 2000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_zone_has_one_holder),
		TEST(claiming_what_one_holds_changes_nothing),
		TEST(a_manager_hands_a_zone_over),
		TEST(a_released_zone_is_counted_again_only_if_said),
		TEST(passes_have_an_end),
		TEST(a_new_round_begins_with_nobody),
		TEST(a_zone_counted_twice_is_not_a_sum),
		TEST(undoing_the_second_pass_leaves_the_first),
		TEST(two_passes_that_differ_are_a_dispute),
		TEST(a_third_pass_settles_a_dispute),
		TEST(a_late_count_settles_or_opens_a_dispute),
		TEST(a_count_belongs_to_the_round_it_says),
		TEST(a_control_total_is_compared),
		TEST(the_figures_of_a_zone_are_those_of_its_lines),
		TEST(counts_move_to_another_zone),
		TEST(rezone_moves_all_or_none),
		TEST(an_unknown_code_is_resolved),
		TEST(a_resolved_code_stays_resolved),
		TEST(a_code_resolved_wrongly_is_resolved_again),
		TEST(what_cannot_be_resolved),
		TEST(a_code_that_became_a_product),
	};
	return cmocka_run_group_tests_name("stocktake zones", tests, NULL, NULL);
}
