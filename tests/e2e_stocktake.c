/* A partial stocktake by keys and scanner: from the new sheet to the corrected book at HQ. */
#include "e2e_kit.h"

#include <stdlib.h>
#include <string.h>

/* 22 lines of the demo: noodles of one vendor. NO0801 has 33 on hand, NO0802 27. */
#define SKU_SHORT "NO0801"
#define SKU_OVER "NO0802"

/* The barcode of a product at HQ; the caller frees it. */
static char *barcode_of(const char *sku)
{
	cJSON *product = e2e_get("/v1/products/%s", sku);
	const cJSON *barcodes = cJSON_GetObjectItemCaseSensitive(product, "barcodes");
	const char *code = cJSON_GetStringValue(cJSON_GetArrayItem(barcodes, 0));
	assert_non_null(code);
	char *copy = strdup(code);
	cJSON_Delete(product);
	return copy;
}

static double on_hand(const char *sku)
{
	return e2e_stock_of("xinyi", sku).on_hand;
}

static void open_sheet(struct screen *screen)
{
	screen_send(screen, "<f3>n");
	screen_expect(screen, "New stocktake");
	screen_send(screen, "<right><tab>Noodles");
	screen_expect(screen, "Noodles");
	screen_send(screen, "<enter>Old Urn");
	screen_expect(screen, "Old Urn");
	screen_send(screen, "<enter><ctrl+s>");
	screen_expect(screen, "0 of 22 lines");
}

/* A key, the question it asks, and yes. */
static void say_yes_to(struct screen *screen, const char *key, const char *question)
{
	screen_send(screen, key);
	screen_expect(screen, question);
	screen_send(screen, "y");
}

/* Three scans, one taken back; then both products as typed quantities. */
static void count_two_products(struct screen *screen)
{
	/* Not what the console says of each: where the syncer writes just then, that the sheet follows. */
	static const char *const says[] = {"pieces 1", "pieces 2", "pieces 3"};
	char *code = barcode_of(SKU_SHORT);
	for (int i = 0; i < 3; i++) {
		screen_scan(screen, code);
		screen_expect(screen, says[i]);
	}
	free(code);
	screen_send(screen, "u");
	screen_expect(screen, "undone");
	screen_send(screen, "<home>c30<enter>");
	screen_expect(screen, "pieces 30");
	screen_send(screen, "<down>c28<enter>");
	screen_expect(screen, "pieces 58");
}

static void pause_and_resume(struct screen *screen)
{
	say_yes_to(screen, "p", "Pause?");
	screen_expect(screen, "Paused");
	screen_scan(screen, "4710088000019");
	screen_expect(screen, "Resume the sheet first");
	say_yes_to(screen, "e", "Resume counting?");
	screen_expect(screen, "In count");
}

static void finish_with_lines_uncounted(struct screen *screen)
{
	screen_send(screen, "f");
	screen_expect(screen, "lines were not counted");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Mismatched");
}

/* The number of the sheet that is open, from the heading; the caller frees it. */
static char *number_shown(struct screen *screen)
{
	const char *number = NULL, *heading = screen_row(screen, 1);
	for (const char *at = heading; (at = strstr(at, "STK-")) != NULL; at++)
		number = at;
	assert_non_null(number);
	return strndup(number, strcspn(number, " "));
}

/* Rehearses, types something else than the number, then the number; gives it. */
static char *correct(struct screen *screen)
{
	char *copy = number_shown(screen);
	screen_send(screen, "t");
	screen_expect(screen, "Rehearsal | STK-XINYI-");
	screen_expect(screen, "2 lines will be corrected");
	screen_send(screen, "t");
	screen_expect(screen, "Type the sheet's number");
	screen_send(screen, "nonsense<enter>");
	screen_expect(screen, "Correct the book");
	screen_send(screen, "<ctrl+u>");
	screen_paste(screen, copy);
	screen_send(screen, "<enter>");
	return copy;
}

/* The correction is taken back by a sheet of its own, which is corrected like any other. */
static void reverse(struct screen *screen)
{
	screen_send(screen, "r");
	screen_expect(screen, "corrected 2 lines.");
	screen_send(screen, "y");
	screen_expect(screen, "· reverses STK-XINYI-");
	screen_expect(screen, "Mismatched");
	char *number = correct(screen);
	screen_expect(screen, "Corrected");
	e2e_expect_field("stocktakes", number, "status", "corrected");
	free(number);
}

static void counted_and_corrected_by_keys(void **state)
{
	/* New, start, scan, type, undo, pause, resume, finish, recount, finish, correct, reverse: all by
	 * keys, and HQ's book is what was counted, then what it was before. */
	struct e2e_home home;
	(void)state;
	e2e_enrol(&home, "xinyi");
	double short_before = on_hand(SKU_SHORT), over_before = on_hand(SKU_OVER);
	struct screen *screen = e2e_console_of(&home, "chen");
	open_sheet(screen);
	screen_send(screen, "c");
	screen_expect(screen, "Start the sheet first");
	say_yes_to(screen, "e", "Start counting?");
	screen_expect(screen, "In count");
	count_two_products(screen);
	pause_and_resume(screen);
	finish_with_lines_uncounted(screen);
	screen_expect(screen,
		"\xe2\x88\x92"
		"3"); /* a real minus sign */
	say_yes_to(screen, "o", "Recount?");
	screen_expect(screen, "Recounting");
	screen_send(screen, "<home>c31<enter>");
	screen_expect(screen, "=31  NO0801");
	finish_with_lines_uncounted(screen);
	char *number = correct(screen);
	screen_expect(screen, "Corrected");
	e2e_expect_field("stocktakes", number, "status", "corrected");
	free(number);
	assert_float_equal(on_hand(SKU_SHORT), short_before - 2, 0.0001);
	assert_float_equal(on_hand(SKU_OVER), over_before + 1, 0.0001);
	reverse(screen);
	assert_float_equal(on_hand(SKU_SHORT), short_before, 0.0001);
	assert_float_equal(on_hand(SKU_OVER), over_before, 0.0001);
	e2e_close(screen);
}

static void two_seats_count_one_sheet(void **state)
{
	/* Two screens on one home count one sheet; each sees the other's scans without a key. */
	struct e2e_home home;
	(void)state;
	e2e_enrol(&home, "xinyi");
	struct screen *one = e2e_console_of(&home, "chen");
	open_sheet(one);
	say_yes_to(one, "e", "Start counting?");
	screen_expect(one, "In count");
	struct screen *two = e2e_console_of(&home, "lee");
	screen_send(two, "<f3><enter>");
	screen_expect(two, "0 of 22 lines");
	char *code = barcode_of(SKU_SHORT);
	screen_scan(two, code);
	screen_expect(two, "pieces 1");
	e2e_follow(one, "1 of 22 lines");
	screen_scan(one, code);
	screen_expect(one, "pieces 2");
	e2e_follow(two, "pieces 2");
	free(code);
	screen_send(two, "t");
	screen_expect(two, "Only a mismatched sheet can be corrected");
	e2e_close(one);
	e2e_close(two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(counted_and_corrected_by_keys),
		e2e_test(two_seats_count_one_sheet),
	};
	return cmocka_run_group_tests_name("stocktake on the screen", tests, NULL, NULL);
}
