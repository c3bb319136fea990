#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/layout.h"
#include "tui/list.h"
#include "tui/tabs.h"

static void test_kinds(void **state)
{
	/* Rows and columns alone decide which of the layouts is used. */
	static const struct {
		int rows;
		int cols;
		enum layout_kind kind;
	} cases[] = {
		{24, 80, LAYOUT_NORMAL},
		{16, 60, LAYOUT_NARROW},
		{16, 79, LAYOUT_NARROW},
		{24, 119, LAYOUT_NORMAL},
		{24, 120, LAYOUT_WIDE},
		{50, 200, LAYOUT_WIDE},
		{15, 80, LAYOUT_TOO_SMALL},
		{24, 59, LAYOUT_TOO_SMALL},
		{5, 20, LAYOUT_TOO_SMALL},
		{0, 0, LAYOUT_TOO_SMALL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(layout_of(cases[i].rows, cases[i].cols).kind, cases[i].kind);
}

static void test_parts(void **state)
{
	/* The parts lie below one another and fill the screen, at any size. */
	(void)state;
	for (int rows = 0; rows < 70; rows++) {
		struct layout layout = layout_of(rows, 80);
		const struct rect *parts[] = {&layout.top, &layout.heading, &layout.body,
			&layout.message, &layout.hints, &layout.status};
		int y = 0;

		for (size_t i = 0; i < 6; i++) {
			assert_int_equal(parts[i]->y, y);
			assert_true(parts[i]->rows >= 0);
			assert_int_equal(parts[i]->cols, 80);
			y += parts[i]->rows;
		}
		assert_int_equal(y, rows);
	}
	assert_int_equal(layout_of(24, 80).body.rows, 19);
}

static void test_columns(void **state)
{
	/* Narrow lists drop their least needed columns; wide ones share what is left. */
	static const struct list_column columns[] = {
		{"a", 10, 0, LIST_LEFT, 0, true},
		{"b", 10, 1, LIST_LEFT, 0, false},
		{"c", 8, 0, LIST_RIGHT, 1, false},
		{"d", 8, 3, LIST_LEFT, 2, false},
	};
	int cols[4];

	(void)state;
	list_fit_columns(columns, 4, 42, cols);
	assert_int_equal(cols[0] + cols[1] + cols[2] + cols[3], 36);
	list_fit_columns(columns, 4, 46, cols);
	assert_int_equal(cols[1], 11);
	assert_int_equal(cols[3], 11);
	list_fit_columns(columns, 4, 41, cols);
	assert_int_equal(cols[3], 0);
	assert_int_equal(cols[2], 8);
	list_fit_columns(columns, 4, 23, cols);
	assert_int_equal(cols[2], 0);
	assert_int_equal(cols[1], 11);
	list_fit_columns(columns, 4, 5, cols);
	assert_int_equal(cols[0], 10);
}

static void test_absent_column(void **state)
{
	/* A column that is not there now takes no room, however wide the list is. */
	static const struct list_column columns[] = {
		{"a", 10, 0, LIST_LEFT, 0, true},
		{"b", 10, 0, LIST_RIGHT, LIST_ABSENT, false},
		{"c", 8, 1, LIST_LEFT, 0, false},
	};
	int cols[3];

	(void)state;
	list_fit_columns(columns, 3, 60, cols);
	assert_int_equal(cols[0], 10);
	assert_int_equal(cols[1], 0);
	assert_int_equal(cols[2], 48);
}

static void test_tabs(void **state)
{
	/* However narrow it is, the chosen tab is among those drawn. */
	struct tabs tabs = {
		.items = {{"To confirm", 3, ROLE_NORMAL}, {"待入庫", 12, ROLE_NORMAL},
			{"In progress", 100000, ROLE_NORMAL}, {"Done", -1, ROLE_NORMAL}},
		.count = 4};

	(void)state;
	assert_int_equal(tabs_first_visible(&tabs, 80), 0);
	for (int i = 0; i < 4; i++, tabs_step(&tabs, 1)) {
		assert_int_equal(tabs.now, i);
		assert_true(tabs_first_visible(&tabs, 30) <= i);
		assert_true(tabs_first_visible(&tabs, 1) <= i);
	}
	assert_int_equal(tabs.now, 0);
	tabs_step(&tabs, -1);
	assert_int_equal(tabs.now, 3);
	assert_true(tabs_first_visible(&tabs, 30) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_absent_column),
		cmocka_unit_test(test_tabs),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
