/* What a stocktake comes to: recounts of chosen lines, corrections, reversals, and what a blind sheet
 * keeps to itself (product.md §3). */
#include "model_fixture.h"

#include "model/report.h"
#include "model/stocktake_progress.h"
#include "model/text.h"
#include "model/view.h"

#include <stdio.h>
#include <string.h>

#define SHEET "{'stocktake':'%s'}"

static int setup(void **state)
{
	static struct fixture fixture;
	fixture_open(&fixture);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

static const char *act(struct fixture *f, const char *op, const char *sheet)
{
	return fixture_do(f, op, "xinyi", "lin", SHEET, sheet);
}

/* A sheet at xinyi, counting. */
static const char *started(struct fixture *f, const char *data)
{
	const char *sheet = fixture_do(f, "stocktake.create", "xinyi", "chen", "%s", data);
	act(f, "stocktake.start", sheet);
	return sheet;
}

static const char *count(struct fixture *f, const char *sheet, const char *sku, const char *qty)
{
	return fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'%s','qty':%s,'mode':'set'}", sheet, sku, qty);
}

static void finish(struct fixture *f, const char *sheet)
{
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
}

/* Goods that left the shelf; the fixture's clock goes on by a second. */
static void sell(struct fixture *f, const char *sku, const char *qty)
{
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'sold','lines':[{'sku':'%s','qty':%s}]}", sku, qty);
}

/* A figure of a line as the table has it; -1 if null or none. */
static int64_t figure(struct fixture *f, const char *sheet, const char *sku, const char *column)
{
	return fixture_int(f,
		"SELECT COALESCE(%s, -1) FROM stocktake_line WHERE stocktake = '%s' AND sku = '%s'",
		column, sheet, sku);
}

/* A column of the line as views show it, in thousandths; -1 if null. */
static int64_t shown(struct fixture *f, const char *sheet, const char *sku, const char *column)
{
	struct view_query query = {.view = view_find("stocktake_lines")};
	char error[100];
	view_where(&query, "stocktake", sheet);
	view_where(&query, "sku", sku);
	struct db_rows *rows = view_select(f->db, &query, error, sizeof error);
	int index = view_column_index(query.view, column);
	assert_true(index >= 0 && db_next(rows));
	int64_t number = db_null(rows, index) ? -1 : db_int(rows, index);
	db_done(rows);
	return number;
}

static void expect_status(struct fixture *f, const char *sheet, const char *status)
{
	fixture_expect_text(f, status, "SELECT status FROM stocktake WHERE id = '%s'", sheet);
}

static int64_t marked(struct fixture *f, const char *sheet)
{
	return fixture_int(f,
		"SELECT count(*) FROM stocktake_line WHERE stocktake = '%s' AND recount = 1",
		sheet);
}

/* ---- recount ---- */

static void recount_of_named_lines(void **state)
{
	/* A recount takes only the named lines that differ; the others keep their count and still differ. */
	struct fixture *f = *state;
	const char *sheet = started(f, "{'scope':'full'}");
	for (int i = 1; i <= 9; i++)
		count(f, sheet, (char[]){'A', (char)('0' + i), '\0'}, i <= 3 ? "90" : "100");
	finish(f, sheet);
	fixture_do(f, "stocktake.recount", "xinyi", "chen",
		"{'stocktake':'%s','skus':['A1','A3','A9','A1','nope']}", sheet);
	expect_status(f, sheet, "recounting");
	assert_int_equal(marked(f, sheet), 2);
	assert_int_equal(figure(f, sheet, "A2", "recount"), 0);
	struct stocktake_progress p;
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_int_equal(p.to_count, 2);
	count(f, sheet, "A1", "100");
	count(f, sheet, "A3", "100");
	finish(f, sheet);
	expect_status(f, sheet, "mismatched");
	assert_int_equal(marked(f, sheet), 0);
	assert_int_equal(figure(f, sheet, "A2", "round"), 1);
}

static void recount_of_nothing(void **state)
{
	/* A recount none of whose lines differs is refused and changes nothing. */
	struct fixture *f = *state;
	const char *sheet = started(f, "{'scope':'full'}");
	count(f, sheet, "A1", "90");
	count(f, sheet, "A2", "100");
	finish(f, sheet);
	assert_string_equal(fixture_try(f, "stocktake.recount", "xinyi", "chen",
				    "{'stocktake':'%s','skus':['A2','B1']}", sheet),
		"not_on_document");
	assert_string_equal(fixture_try(f, "stocktake.recount", "xinyi", "chen",
				    "{'stocktake':'%s','skus':[]}", sheet),
		"not_on_document");
	expect_status(f, sheet, "mismatched");
	assert_int_equal(fixture_int(f, "SELECT round FROM stocktake WHERE id = '%s'", sheet), 1);
}

/* ---- correction ---- */

static void two_sheets_over_one_item(void **state)
{
	/* Two sheets that counted the same item are corrected one after the other: the difference is posted
	 * once, and the older one leaves the line alone unless it is picked. */
	struct fixture *f = *state;
	const char *first = started(f, "{'scope':'full'}");
	const char *second = started(f, "{'scope':'full'}");
	count(f, first, "A1", "90");
	count(f, second, "A1", "90");
	finish(f, first);
	finish(f, second);
	assert_int_equal(figure(f, first, "A1", "later"), 1);
	act(f, "stocktake.correct", second);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	fixture_do(
		f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s','later':['A1']}", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	assert_int_equal(figure(f, first, "A1", "posted"), 0);
}

static void a_later_line_is_left_out_unless_picked(void **state)
{
	/* A line another sheet counted later is posted only if the manager names it; a product that is not on
	 * the sheet is refused. */
	struct fixture *f = *state;
	const char *first = started(f, "{'scope':'full'}");
	const char *second = started(f, "{'scope':'full'}");
	count(f, first, "A1", "90");
	count(f, first, "A2", "90");
	count(f, second, "A1", "95");
	count(f, second, "A2", "95");
	finish(f, first);
	assert_string_equal(fixture_try(f, "stocktake.correct", "xinyi", "lin",
				    "{'stocktake':'%s','later':['A1','B1']}", first),
		"not_on_document");
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	fixture_do(
		f, "stocktake.correct", "xinyi", "lin", "{'stocktake':'%s','later':['A1']}", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 100000);
	assert_int_equal(figure(f, first, "A2", "posted"), -1);
	finish(f, second);
	act(f, "stocktake.correct", second);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 95000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 95000);
}

static void a_line_says_what_should_be_there(void **state)
{
	/* After the count a line tells on hand now, what moved since and what should be on the shelf; its own
	 * correction, and others', are no movement. */
	struct fixture *f = *state;
	const char *sheet = started(f, "{'scope':'full'}");
	count(f, sheet, "A1", "12");
	sell(f, "A1", "2");
	finish(f, sheet);
	assert_int_equal(shown(f, sheet, "A1", "difference"), -88000);
	assert_int_equal(shown(f, sheet, "A1", "now"), 98000);
	assert_int_equal(shown(f, sheet, "A1", "since"), -2000);
	assert_int_equal(shown(f, sheet, "A1", "should"), 10000);
	act(f, "stocktake.correct", sheet);
	assert_int_equal(shown(f, sheet, "A1", "now"), 10000);
	assert_int_equal(shown(f, sheet, "A1", "since"), -2000);
	assert_int_equal(shown(f, sheet, "A1", "should"), 10000);
	assert_int_equal(shown(f, sheet, "A2", "since"), -1);
	assert_int_equal(shown(f, sheet, "A2", "should"), -1);
}

/* What of a line must stay for ever. */
static void expect_kept(struct fixture *f, const char *sheet)
{
	assert_int_equal(figure(f, sheet, "A1", "book"), 100000);
	assert_int_equal(figure(f, sheet, "A1", "counted"), 90000);
	assert_int_equal(figure(f, sheet, "A1", "posted"), -10000);
	assert_int_equal(shown(f, sheet, "A1", "difference"), -10000);
	assert_int_equal(figure(f, sheet, "A2", "counted"), -1);
	expect_status(f, sheet, "corrected");
}

static void a_corrected_sheet_stays_as_it_was(void **state)
{
	/* Late counts, undos, goods and other sheets change neither book nor count nor difference of a
	 * corrected sheet. */
	struct fixture *f = *state;
	const char *sheet = started(f, "{'scope':'full'}");
	const char *entry = count(f, sheet, "A1", "90");
	int64_t counted_ms = f->now_ms;
	finish(f, sheet);
	act(f, "stocktake.correct", sheet);
	count(f, sheet, "A1", "70");
	count(f, sheet, "A2", "70");
	expect_kept(f, sheet);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		entry);
	expect_kept(f, sheet);
	f->at_ms = counted_ms - 60000;
	sell(f, "A1", "5");
	f->at_ms = 0;
	expect_kept(f, sheet);
	const char *other = started(f, "{'scope':'full'}");
	count(f, other, "A1", "60");
	expect_kept(f, sheet);
	assert_int_equal(figure(f, sheet, "A1", "later"), 0);
}

/* ---- reversal ---- */

/* A corrected sheet that took ten of A1 off the book and found three of A2. */
static const char *corrected(struct fixture *f)
{
	const char *sheet = started(f, "{'scope':'full'}");
	count(f, sheet, "A1", "90");
	count(f, sheet, "A2", "103");
	count(f, sheet, "A3", "100");
	finish(f, sheet);
	act(f, "stocktake.correct", sheet);
	return sheet;
}

static void a_reversal_takes_back_what_was_posted(void **state)
{
	/* A reversal is a sheet of its own with a line for each posting; corrected, the book is what it would
	 * be without them, and what was sold in between stays sold. */
	struct fixture *f = *state;
	const char *sheet = corrected(f);
	sell(f, "A1", "4");
	const char *back = act(f, "stocktake.reverse", sheet);
	expect_status(f, back, "mismatched");
	fixture_expect_text(f, sheet, "SELECT reverses FROM stocktake WHERE id = '%s'", back);
	fixture_expect_text(f, "lin", "SELECT creator FROM stocktake WHERE id = '%s'", back);
	assert_int_equal(
		fixture_int(f, "SELECT count(*) FROM stocktake_line WHERE stocktake = '%s'", back),
		2);
	assert_int_equal(figure(f, back, "A1", "book"), 86000);
	assert_int_equal(figure(f, back, "A1", "counted"), 96000);
	assert_int_equal(figure(f, back, "A2", "counted"), 100000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 86000);
	sell(f, "A1", "1");
	act(f, "stocktake.correct", back);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 95000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 100000);
	expect_status(f, sheet, "corrected");
	assert_int_equal(figure(f, sheet, "A1", "posted"), -10000);
}

static void a_sheet_is_reversed_once(void **state)
{
	/* While a reversal stands there is no second one; a void one makes room, moves nothing, and a reversal
	 * can itself be reversed. */
	struct fixture *f = *state;
	const char *sheet = corrected(f);
	const char *first = act(f, "stocktake.reverse", sheet);
	assert_string_equal(fixture_try(f, "stocktake.reverse", "xinyi", "lin", SHEET, sheet),
		"already_exists");
	fixture_do(f, "stocktake.void", "xinyi", "lin", "{'stocktake':'%s','reason':'no'}", first);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	const char *second = act(f, "stocktake.reverse", sheet);
	act(f, "stocktake.correct", second);
	assert_string_equal(fixture_try(f, "stocktake.reverse", "xinyi", "lin", SHEET, sheet),
		"already_exists");
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 100000);
	const char *third = act(f, "stocktake.reverse", second);
	act(f, "stocktake.correct", third);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 90000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 103000);
}

static void nothing_to_reverse(void **state)
{
	/* A corrected sheet that posted nothing has nothing to take back. */
	struct fixture *f = *state;
	const char *sheet = started(f, "{'scope':'full'}");
	count(f, sheet, "A1", "100");
	finish(f, sheet);
	act(f, "stocktake.correct", sheet);
	assert_string_equal(
		fixture_try(f, "stocktake.reverse", "xinyi", "lin", SHEET, sheet), "nothing_to_do");
}

static void a_count_since_knows_better_than_a_reversal(void **state)
{
	/* A line that another sheet counted after the reversed one is marked in the reversal and left out; the
	 * reversal itself makes no other count an older one. */
	struct fixture *f = *state;
	const char *sheet = corrected(f);
	const char *other = started(f, "{'scope':'full'}");
	count(f, other, "A1", "98");
	const char *back = act(f, "stocktake.reverse", sheet);
	assert_int_equal(figure(f, back, "A1", "later"), 1);
	assert_int_equal(figure(f, back, "A2", "later"), 0);
	assert_int_equal(figure(f, other, "A1", "later"), 0);
	finish(f, other);
	act(f, "stocktake.correct", other);
	act(f, "stocktake.correct", back);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 98000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 100000);
}

static void goods_that_come_late_stay_out_of_a_reversal(void **state)
{
	/* A sale of before the reversal that arrives behind it is no difference of it. */
	struct fixture *f = *state;
	const char *sheet = corrected(f);
	int64_t before_ms = f->now_ms;
	f->now_ms += 60000;
	const char *back = act(f, "stocktake.reverse", sheet);
	f->at_ms = before_ms;
	sell(f, "A1", "2");
	f->at_ms = 0;
	assert_int_equal(shown(f, back, "A1", "difference"), 10000);
	assert_int_equal(shown(f, back, "A1", "since"), -2000);
	act(f, "stocktake.correct", back);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 98000);
}

static void a_reversal_is_recounted(void **state)
{
	/* A reversal can be recounted like any sheet: what the shelf has then counts. */
	struct fixture *f = *state;
	const char *sheet = corrected(f);
	const char *back = act(f, "stocktake.reverse", sheet);
	act(f, "stocktake.recount", back);
	count(f, back, "A1", "97");
	finish(f, back);
	assert_int_equal(figure(f, back, "A1", "book"), 90000);
	act(f, "stocktake.correct", back);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A1"), 97000);
	assert_int_equal(fixture_on_hand(f, "xinyi", "A2"), 100000);
}

static void both_sheets_tell_of_the_reversal(void **state)
{
	/* The history of either sheet names the other by its number. */
	struct fixture *f = *state;
	const char *sheet = corrected(f);
	const char *back = act(f, "stocktake.reverse", sheet);
	assert_int_equal(
		fixture_int(f,
			"SELECT count(*) FROM history h JOIN stocktake s ON s.number = h.text WHERE "
			"h.op = 'stocktake.reverse' AND ((h.doc = '%s' AND s.id = '%s') OR (h.doc = '%s' AND "
			"s.id = '%s'))",
			sheet, back, back, sheet),
		2);
}

/* ---- blind ---- */

/* The book of A1 while a blind sheet is counted; the digits also begin every difference to it. */
#define PLANTED 73519
#define DIGITS "735"

static void expect_none(const char *where, const char *json)
{
	if (strstr(json, DIGITS))
		fail_msg("%s tells of the book: %s", where, json);
}

/* All that is listed of anything but the stock itself and its movements. */
static void expect_no_view_tells(struct fixture *f)
{
	int count_of_views;
	const struct view *views = view_all(&count_of_views);
	for (int i = 0; i < count_of_views; i++) {
		struct view_query query = {.view = &views[i]};
		struct text json = TEXT_INIT(TEXT_LARGE);
		char error[100] = "", *next = NULL;
		if (strcmp(views[i].name, "stock") == 0 || strcmp(views[i].name, "ledger") == 0)
			continue;
		for (int o = -1; o < views[i].order_count; o++) {
			query.order = o < 0 ? NULL : views[i].orders[o].name;
			assert_true(
				view_json_list(f->db, &query, &json, &next, error, sizeof error));
			expect_none(views[i].name, text_get(&json));
		}
		text_free(&json);
	}
}

static void expect_no_report_tells(struct fixture *f)
{
	int reports;
	const struct report *all = report_all(&reports);
	struct report_range range = report_recent(f->db, NULL, f->now_ms);
	for (int i = 0; i < reports; i++) {
		struct text cell = TEXT_INIT(TEXT_LARGE);
		int64_t number;
		struct db_rows *rows = report_select(f->db, &all[i], &range);
		while (strcmp(all[i].name, "stock_by_store") != 0 && db_next(rows)) {
			for (int column = 0; column < all[i].column_count; column++)
				report_cell(&all[i], rows, column, &cell, &number);
		}
		db_done(rows);
		expect_none(all[i].name, text_get(&cell));
		text_free(&cell);
	}
}

static void expect_no_figure_tells(struct fixture *f, const char *sheet)
{
	struct stocktake_progress p;
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_true(p.hidden);
	assert_false(p.valued);
	assert_int_equal(p.loss, 0);
	assert_int_equal(p.gain, 0);
	assert_int_equal(p.equal, 0);
	assert_int_equal(p.loss_qty, 0);
	assert_int_equal(p.gain_qty, 0);
	assert_int_equal(p.loss_value, 0);
	assert_int_equal(p.gain_value, 0);
	assert_int_equal(p.moved, 0);
}

/* Runs the command and reads its verdict. */
static void tell(struct fixture *f, const char *op, const char *sheet, const char *more)
{
	char data[200];
	snprintf(data, sizeof data, "{'stocktake':'%s'%s}", sheet, more);
	struct verdict verdict = fixture_run(f, op, "xinyi", "lin", data);
	char *json = verdict.result ? cJSON_PrintUnformatted(verdict.result) : NULL;
	if (verdict.refusal != REFUSAL_NONE)
		fail_msg("%s: %s", op, verdict.message);
	expect_none(op, json ? json : "");
	if (json && strstr(json, "moved"))
		fail_msg("%s tells that the book moved: %s", op, json);
	cJSON_free(json);
	verdict_free(&verdict);
	expect_no_view_tells(f);
	expect_no_report_tells(f);
	expect_no_figure_tells(f, sheet);
}

static void a_blind_sheet_tells_nothing(void **state)
{
	/* Until a blind sheet is finished, no list, report, figure or verdict has its book or what comes of it,
	 * in no round; then all is told. */
	struct fixture *f = *state;
	fixture_sql(f, "UPDATE product SET price = 100");
	fixture_set_on_hand(f, "xinyi", "A1", PLANTED * 1000);
	const char *sheet = fixture_do(
		f, "stocktake.create", "xinyi", "chen", "{'scope':'full','blind':true}");
	tell(f, "stocktake.start", sheet, "");
	tell(f, "stocktake.claim", sheet, ",'zone':'A'");
	tell(f, "stocktake.count", sheet, ",'sku':'A1','qty':4,'mode':'set','zone':'A'");
	sell(f, "A1", "1");
	tell(f, "stocktake.count", sheet, ",'sku':'A1','qty':1,'mode':'add','zone':'A'");
	tell(f, "stocktake.count", sheet, ",'sku':'9','qty':1,'mode':'add','zone':'A'");
	tell(f, "stocktake.resolve", sheet, ",'code':'9','sku':'A1'");
	tell(f, "stocktake.release", sheet, ",'zone':'A','total':6");
	tell(f, "stocktake.pause", sheet, "");
	tell(f, "stocktake.resume", sheet, "");
	assert_int_equal(shown(f, sheet, "A1", "moved"), -1);
	finish(f, sheet);
	assert_int_equal(shown(f, sheet, "A1", "moved"), 1);
	assert_int_equal(shown(f, sheet, "A1", "book"), (PLANTED - 1) * 1000);
	tell(f, "stocktake.recount", sheet, ",'skus':['A1']");
	tell(f, "stocktake.count", sheet, ",'sku':'A1','qty':7,'mode':'set'");
	finish(f, sheet);
	assert_int_equal(shown(f, sheet, "A1", "difference"), -(PLANTED - 1 - 7) * 1000);
}

/* ---- progress ---- */

static void expect_sums_as_worked_out(struct fixture *f, const char *sheet)
{
	struct stocktake_progress kept, again;
	struct text sql = TEXT_INIT(TEXT_SMALL);
	assert_true(stocktake_progress(f->db, sheet, &kept));
	stocktake_progress_ddl(&sql);
	fixture_sql(f, text_get(&sql));
	text_free(&sql);
	assert_true(stocktake_progress(f->db, sheet, &again));
	assert_memory_equal(&kept, &again, offsetof(struct stocktake_progress, hidden));
}

static void progress_is_kept_with_every_change(void **state)
{
	/* After every step of a sheet its figures are those that its lines and entries add up to. */
	struct fixture *f = *state;
	const char *sheet = started(f, "{'scope':'full'}");
	struct stocktake_progress p;
	fixture_sql(f, "UPDATE product SET price = 250");
	const char *entry = count(f, sheet, "A1", "90");
	count(f, sheet, "A2", "101");
	count(f, sheet, "A3", "100");
	count(f, sheet, "471234", "2");
	count(f, sheet, "A2", "103");
	expect_sums_as_worked_out(f, sheet);
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_int_equal(p.lines, 10);
	assert_int_equal(p.counted, 4);
	assert_int_equal(p.entries, 5);
	assert_int_equal(p.unknown, 1);
	assert_int_equal(p.loss_value, -2500);
	assert_int_equal(p.gain_value, 750);
	assert_true(p.valued);
	fixture_do(f, "stocktake.undo", "xinyi", "chen", "{'stocktake':'%s','count':'%s'}", sheet,
		entry);
	fixture_do(f, "stocktake.resolve", "xinyi", "chen",
		"{'stocktake':'%s','code':'471234','sku':'A4'}", sheet);
	expect_sums_as_worked_out(f, sheet);
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'zero'}",
		sheet);
	expect_sums_as_worked_out(f, sheet);
	act(f, "stocktake.recount", sheet);
	count(f, sheet, "A1", "99");
	assert_true(stocktake_progress(f->db, sheet, &p));
	assert_int_equal(p.to_count, 8);
	assert_int_equal(p.done, 1);
	expect_sums_as_worked_out(f, sheet);
	finish(f, sheet);
	act(f, "stocktake.correct", sheet);
	expect_sums_as_worked_out(f, sheet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(recount_of_named_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(recount_of_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(two_sheets_over_one_item, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_later_line_is_left_out_unless_picked, setup, teardown),
		cmocka_unit_test_setup_teardown(a_line_says_what_should_be_there, setup, teardown),
		cmocka_unit_test_setup_teardown(a_corrected_sheet_stays_as_it_was, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_reversal_takes_back_what_was_posted, setup, teardown),
		cmocka_unit_test_setup_teardown(a_sheet_is_reversed_once, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_to_reverse, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_count_since_knows_better_than_a_reversal, setup, teardown),
		cmocka_unit_test_setup_teardown(
			goods_that_come_late_stay_out_of_a_reversal, setup, teardown),
		cmocka_unit_test_setup_teardown(a_reversal_is_recounted, setup, teardown),
		cmocka_unit_test_setup_teardown(both_sheets_tell_of_the_reversal, setup, teardown),
		cmocka_unit_test_setup_teardown(a_blind_sheet_tells_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			progress_is_kept_with_every_change, setup, teardown),
	};
	return cmocka_run_group_tests_name("stocktake results", tests, NULL, NULL);
}
