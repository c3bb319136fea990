/* Counting while the shop sells: random sales, receipts and counts at several terminals, some of them offline
 * for a while, in zones and rounds. After the correction, and once everybody has told HQ everything, the book
 * is what stands on the shelf, or the line says that it may not be. Never silently wrong.
 *
 * tests/test_stocktake_property [SEEDS] [FIRST] runs so many seeds of each; a failure names seed and step. */
#include "tests/shelf.h"
#include "tests/sanitized.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if SANITIZED
#define SEEDS 5
#else
#define SEEDS 25
#endif
#define STEPS 60
#define BUSY 30        /* of a hundred acts are sales and the like, at most */
#define REACH_SEEDS 20 /* so many see everything that can happen */
#define LEAVE ",'uncounted':'leave'"

static long seeds = SEEDS, first = 1;

/* How many lines said nothing and were right, and how many were marked; over all seeds. */
static struct {
	int right, marked, corrected;
} tally;

/* ---- what must hold at the end ---- */

/* The marks by which a line says that it may be wrong, and what is said of a count that came when all was
 * over. $1 the sheet, $2 the SKU. */
#define MARKED                                                                                   \
	"SELECT 1 FROM stocktake_line WHERE stocktake = $1 AND sku = $2 AND (moved OR later"     \
	" OR suggest) UNION ALL SELECT 1 FROM exception WHERE doc = $1 AND sku = $2 AND kind = " \
	"'recount_suggested' UNION ALL " CAME_LATE
#define CAME_LATE "SELECT 1 FROM exception WHERE doc = $1 AND sku = $2 AND kind = 'late_count'"

static bool any_sheet(struct shelf *shelf, const char *sku, const char *says)
{
	bool any = false;

	for (int sheet = 0; sheet < SHELF_SHEETS; sheet++)
		any = any || db_has(shelf->world.look, says, "tt", shelf->sheets[sheet].id, sku);
	return any;
}

/* The sheet vouches for the book of this SKU. */
#define SETTLED                                                                            \
	"SELECT 1 FROM stocktake_line l JOIN stocktake s ON s.id = l.stocktake WHERE"      \
	" s.id = $1 AND l.sku = $2 AND l.counted IS NOT NULL AND (s.status = 'matched' OR" \
	" (s.status = 'corrected' AND (l.posted IS NOT NULL OR l.counted = l.book)))"

static int64_t book_of(struct shelf *shelf, const char *sku)
{
	return db_get_int(shelf->world.look, 0,
		"SELECT on_hand FROM stock WHERE store = '" SHELF_STORE "' AND sku = $1", "t", sku);
}

/* excuses: what a wrong book may be excused by. */
static void expect_truth(struct shelf *shelf, int sku, const char *excuses)
{
	char name[8];

	snprintf(name, sizeof name, "A%d", sku);
	bool settled = any_sheet(shelf, name, SETTLED), excused = any_sheet(shelf, name, excuses);
	tally.right += settled && !excused;
	tally.marked += settled && excused;
	if (!settled || excused)
		return;
	if (book_of(shelf, name) != shelf_sum(shelf, sku) * 1000)
		shelf_fail(shelf, "of %s %lld are there, the book says %lld, and no mark", name,
			(long long)shelf_sum(shelf, sku), (long long)book_of(shelf, name) / 1000);
}

static void expect_truths(struct shelf *shelf, const char *excuses)
{
	shelf_arrive_all(shelf);
	shelf_deliver_all(shelf);
	for (int sku = 0; sku < SHELF_SKUS; sku++)
		expect_truth(shelf, sku, excuses);
	if (db_failed(shelf->world.look))
		shelf_fail(shelf, "%s", db_message(shelf->world.look));
}

/* ---- one sheet ---- */

static void close_sheet(struct shelf *shelf, int sheet)
{
	shelf_count_rest(shelf, sheet);
	if (shelf_chance(shelf, 70))
		shelf_deliver_all(shelf);
	if (!shelf_step(shelf, sheet, "stocktake.finish", LEAVE))
		shelf_fail(shelf, "HQ does not finish");
}

/* A quiet shop marks few lines, a busy one many. */
static void steps(struct shelf *shelf, int sheets, int most_moves)
{
	int moves = most_moves > 0 ? goods_draw(&shelf->world, most_moves) : 0;

	for (int i = 0; i < STEPS; i++, shelf->step++) {
		int what = goods_draw(&shelf->world, 100);

		if (what < moves)
			shelf_move(shelf);
		else if (what < moves + 12)
			shelf_deliver_some(shelf);
		else if (what < moves + 15)
			shelf_count_again(shelf, goods_draw(&shelf->world, sheets));
		else
			shelf_count(shelf, goods_draw(&shelf->world, sheets));
	}
}

static void run_busy(struct shelf *shelf)
{
	shelf_lose_some(shelf);
	shelf_begin_sheet(shelf, 0);
	steps(shelf, 1, BUSY);
	close_sheet(shelf, 0);
	while (shelf_chance(shelf, 40) && shelf_recount(shelf, 0)) {
		steps(shelf, 1, BUSY);
		close_sheet(shelf, 0);
	}
	if (shelf_chance(shelf, 50))
		shelf_deliver_all(shelf);
	tally.corrected += shelf_correct(shelf, 0, false);
	for (int i = 0; i < 5; i++)
		shelf_move(shelf);
	expect_truths(shelf, MARKED);
}

static void the_book_is_what_is_there(void **state)
{
	/* Whatever is sold and received while people count, online and offline, a corrected line is true or
	 * marked. */
	static struct shelf shelf;

	(void)state;
	for (long i = 0; i < seeds; i++) {
		shelf_open(&shelf, (unsigned long long)first + (unsigned long long)i);
		run_busy(&shelf);
		shelf_close(&shelf);
	}
}

/* ---- two sheets ---- */

/* Now and then one of them is made void instead. */
static void correct_both(struct shelf *shelf, bool picks)
{
	int begin = goods_draw(&shelf->world, 2);

	for (int i = 0; i < SHELF_SHEETS; i++) {
		int sheet = (begin + i) % 2;

		if (shelf_chance(shelf, 30))
			shelf_deliver_some(shelf);
		if (shelf_chance(shelf, 10))
			shelf_step(shelf, sheet, "stocktake.void", ",'reason':'twice'");
		else
			tally.corrected += shelf_correct(shelf, sheet, picks);
	}
}

static void run_two(struct shelf *shelf, bool busy)
{
	shelf_lose_some(shelf);
	shelf_begin_sheet(shelf, 0);
	shelf_begin_sheet(shelf, 1);
	steps(shelf, 2, busy ? BUSY : 0);
	close_sheet(shelf, 0);
	if (shelf_chance(shelf, 30))
		tally.corrected += shelf_correct(shelf, 0, false);
	close_sheet(shelf, 1);
	if (shelf_chance(shelf, 50))
		shelf_deliver_all(shelf);
	correct_both(shelf, shelf_chance(shelf, 50));
	expect_truths(shelf, busy ? MARKED : CAME_LATE);
}

static void one_difference_is_applied_once(void **state)
{
	/* Two sheets find the same goods missing, at any terminals and in any order: the book loses them
	 * once, whichever is corrected first, and whatever was told late. */
	static struct shelf shelf;

	(void)state;
	for (long i = 0; i < seeds; i++) {
		shelf_open(&shelf, (unsigned long long)first + (unsigned long long)i);
		run_two(&shelf, false);
		shelf_close(&shelf);
	}
}

static void two_sheets_while_the_shop_sells(void **state)
{
	/* The same with sales and receipts in between: true or marked. */
	static struct shelf shelf;

	(void)state;
	for (long i = 0; i < seeds; i++) {
		shelf_open(&shelf, (unsigned long long)first + (unsigned long long)i);
		run_two(&shelf, true);
		shelf_close(&shelf);
	}
}

/* The first sheet is counted; then more is lost; the second is counted. */
static void run_newer(struct shelf *shelf)
{
	shelf_lose_some(shelf);
	shelf_begin_sheet(shelf, 0);
	steps(shelf, 1, 0);
	close_sheet(shelf, 0);
	shelf_lose_some(shelf);
	shelf_begin_sheet(shelf, 1);
	for (int i = 0; i < STEPS; i++, shelf->step++) {
		if (shelf_chance(shelf, 80))
			shelf_count(shelf, 1);
		else
			shelf_deliver_some(shelf);
	}
	close_sheet(shelf, 1);
	shelf_deliver_all(shelf);
	correct_both(shelf, false);
	shelf->sheets[0].id[0] = '\0'; /* it vouches for nothing any more */
	expect_truths(shelf, CAME_LATE);
}

static void the_newer_count_stands(void **state)
{
	/* Of two sheets that found different things at different times, the later count is the book's,
	 * whichever sheet is corrected first. */
	static struct shelf shelf;

	(void)state;
	for (long i = 0; i < seeds; i++) {
		shelf_open(&shelf, (unsigned long long)first + (unsigned long long)i);
		run_newer(&shelf);
		shelf_close(&shelf);
	}
}

static void enough_was_tried(void **state)
{
	/* Marks are the exception: what these seeds say of unmarked lines would otherwise be nothing. */
	(void)state;
	print_message("# %d lines right without a mark, %d marked, %d corrections\n", tally.right,
		tally.marked, tally.corrected);
	if (seeds >= REACH_SEEDS && (tally.right < seeds * 3 || tally.corrected < seeds))
		fail_msg("the test lost its reach");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_book_is_what_is_there),
		cmocka_unit_test(one_difference_is_applied_once),
		cmocka_unit_test(two_sheets_while_the_shop_sells),
		cmocka_unit_test(the_newer_count_stands),
		cmocka_unit_test(enough_was_tried),
	};

	seeds = argc > 1 ? strtol(argv[1], NULL, 10) : SEEDS;
	first = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	return cmocka_run_group_tests_name("a stocktake while the shop sells", tests, NULL, NULL);
}
