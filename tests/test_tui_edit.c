#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/edit.h"
#include "model/field.h"

static void test_typing(void **state)
{
	/* Characters go in before the cursor, and the cursor moves by whole characters. */
	struct edit edit;

	(void)state;
	edit_init(&edit, 0);
	edit_insert(&edit, "烏茶");
	edit_step(&edit, EDIT_LEFT);
	edit_insert(&edit, "龍");
	assert_string_equal(edit.text, "烏龍茶");
	edit_step(&edit, EDIT_BACKSPACE);
	assert_string_equal(edit.text, "烏茶");
	edit_step(&edit, EDIT_DELETE);
	assert_string_equal(edit.text, "烏");
	edit_step(&edit, EDIT_DELETE);
	edit_step(&edit, EDIT_RIGHT);
	assert_string_equal(edit.text, "烏");
	edit_step(&edit, EDIT_HOME);
	edit_step(&edit, EDIT_BACKSPACE);
	edit_step(&edit, EDIT_LEFT);
	assert_string_equal(edit.text, "烏");
}

static void test_marks(void **state)
{
	/* A letter and the marks on it are one step and are deleted together. */
	struct edit edit;

	(void)state;
	edit_init(&edit, 0);
	edit_insert(&edit, "ae\u0301b");
	edit_step(&edit, EDIT_LEFT);
	edit_step(&edit, EDIT_BACKSPACE);
	assert_string_equal(edit.text, "ab");
}

static void test_what_goes_in(void **state)
{
	/* Full-width digits and letters are folded, newlines are blanks, controls stay out. */
	struct edit edit;

	(void)state;
	edit_init(&edit, 0);
	edit_insert(&edit, "ＡＢ１２，\n\033[31m\u202e\u200bx\xff");
	assert_string_equal(edit.text, "AB12， [31mx\ufffd");
}

static void test_limit(void **state)
{
	/* The limit counts characters, and a full buffer refuses the rest without harm. */
	struct edit edit;

	(void)state;
	edit_init(&edit, 3);
	assert_false(edit_insert(&edit, "烏龍茶包"));
	assert_string_equal(edit.text, "烏龍茶");
	edit_init(&edit, 0);
	for (int i = 0; i < EDIT_BYTES; i++)
		edit_insert(&edit, "茶");
	assert_true(edit.length < EDIT_BYTES);
	assert_int_equal(edit.length % 3, 0);
	assert_int_equal(strlen(edit.text), edit.length);
}

static void test_kills(void **state)
{
	/* Words, the rest and the whole line can be deleted at once. */
	struct edit edit;

	(void)state;
	edit_init(&edit, 0);
	edit_insert(&edit, "one two 三  ");
	edit_step(&edit, EDIT_KILL_WORD);
	assert_string_equal(edit.text, "one two ");
	edit_step(&edit, EDIT_HOME);
	edit_step(&edit, EDIT_RIGHT);
	edit_step(&edit, EDIT_KILL_REST);
	assert_string_equal(edit.text, "o");
	edit_step(&edit, EDIT_KILL_LINE);
	assert_string_equal(edit.text, "");
}

static void test_view(void **state)
{
	/* The cursor is always inside the field, in columns, however long the text is. */
	struct edit edit;

	(void)state;
	edit_init(&edit, 0);
	edit_insert(&edit, "a烏龍茶bcdef");
	for (int width_cols = 3; width_cols < 20; width_cols++) {
		edit_step(&edit, EDIT_END);
		for (int i = 0; i < 12; i++) {
			struct edit_view view = edit_view_of(&edit, width_cols);

			assert_true(view.cursor_col >= 0 && view.cursor_col < width_cols);
			assert_true(view.first <= edit.cursor);
			edit_step(&edit, EDIT_LEFT);
		}
	}
	edit_set(&edit, "烏龍茶");
	assert_int_equal(edit_view_of(&edit, 20).cursor_col, 6);
	edit_step(&edit, EDIT_LEFT);
	assert_int_equal(edit_view_of(&edit, 20).cursor_col, 4);
}

static void test_quantities(void **state)
{
	/* Quantities have at most three decimals; anything doubtful is refused, not guessed. */
	static const struct {
		const char *text;
		int64_t qty_milli; /* -1: refused */
	} cases[] = {
		{"12", 12000},
		{"0.5", 500},
		{" 1,200 ", 1200000},
		{"1.250", 1250},
		{"1.2500", 1250},
		{"1.2345", -1},
		{"1.", -1},
		{".5", -1},
		{"1,5", -1},
		{"1e3", -1},
		{"-3", -1},
		{"", -1},
		{"12 x", -1},
		{"999999999", 999999999000},
		{"9999999999", -1},
		{"99999999999999999999", -1},
	};
	int64_t qty_milli;
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_good = field_parse_quantity(cases[i].text, false, &qty_milli);

		assert_int_equal(is_good, cases[i].qty_milli >= 0);
		if (is_good)
			assert_int_equal(qty_milli, cases[i].qty_milli);
	}
	assert_true(field_parse_quantity("-3.5", true, &qty_milli));
	assert_int_equal(qty_milli, -3500);
	field_print_quantity(-1250, out, sizeof(out));
	assert_string_equal(out, "-1.25");
	field_print_quantity(12000, out, sizeof(out));
	assert_string_equal(out, "12");
	field_print_quantity(5, out, sizeof(out));
	assert_string_equal(out, "0.005");
}

static void test_dates(void **state)
{
	/* A date may be written in the usual ways, ROC years included, and must exist. */
	static const struct {
		const char *text;
		const char *date; /* NULL: refused */
	} cases[] = {
		{"2026-01-31", "2026-01-31"},
		{"2026/1/31", "2026-01-31"},
		{"2026.1.31", "2026-01-31"},
		{"20260131", "2026-01-31"},
		{"115/1/31", "2026-01-31"},
		{"115-01-31", "2026-01-31"},
		{"1150131", "2026-01-31"},
		{" 2024/2/29 ", "2024-02-29"},
		{"2026/2/29", NULL},
		{"2026-13-01", NULL},
		{"2026-1-0", NULL},
		{"2026-1/31", NULL},
		{"1/31", NULL},
		{"31/1/2026", NULL},
		{"2026-01-31x", NULL},
		{"", NULL},
		{"99999999999", NULL},
		{"0/1/1", NULL},
		{"26/12/01", NULL},
		{"01/12/26", NULL},
		{"2026年12月1日", "2026-12-01"},
		{"民國115年12月1日", "2026-12-01"},
		{"中華民國 115 年 12 月 1 日", "2026-12-01"},
		{"115年12月1日", "2026-12-01"},
		{"民國99年2月28日", "2010-02-28"},
		{"民國 115/12/1", "2026-12-01"},
		{"2026-12-01 00:00:00", "2026-12-01"},
		{"2026/12/1 9:05", "2026-12-01"},
		{"2026/12/1 上午 12:00:00", "2026-12-01"},
		{"2026/12/1 12:00:00 AM", "2026-12-01"},
		{"2026-12-01T00:00:00.000Z", "2026-12-01"},
		{"20261201 00:00", "2026-12-01"},
		{"26年12月1日", NULL},
		{"2026年12月", NULL},
		{"2026年12-1", NULL},
		{"2026年2月30日", NULL},
		{"民國2026年12月1日", NULL},
		{"民國", NULL},
		{"2026-12-01 00", NULL},
		{"2026-12-01 00:00:00:00", NULL},
		{"2026-12-01 00:", NULL},
		{"2026-12-01 tomorrow", NULL},
	};
	char date[FIELD_DATE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_good = field_parse_date(cases[i].text, date);

		if (is_good != (cases[i].date != NULL))
			print_error("%s\n", cases[i].text);
		assert_int_equal(is_good, cases[i].date != NULL);
		if (is_good)
			assert_string_equal(date, cases[i].date);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_typing),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_what_goes_in),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_kills),
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_quantities),
		cmocka_unit_test(test_dates),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
