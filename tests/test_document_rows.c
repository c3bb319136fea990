#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/document_rows.h"

struct row {
	char key[LIST_KEY_BYTES];
};

static void fill(struct document_rows *rows, int count)
{
	document_rows_init(rows, sizeof(struct row));
	for (int i = 1; i <= count; i++) {
		struct row *row = document_rows_add(rows);

		assert_non_null(row);
		document_rows_key(row->key, i, "A");
	}
}

/* The numbers of the rows fetched, "3 4 5". */
static const char *fetched(
	struct document_rows *rows, enum list_direction direction, const char *anchor, size_t limit)
{
	static char text[200];
	struct row out[16];
	size_t count = document_rows_fetch(
		rows, &(struct list_want){direction, anchor, limit}, out);
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		int no = 0;

		assert_int_equal(sscanf(out[i].key, "%d", &no), 1);
		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%s%d", used ? " " : "", no);
	}
	return text;
}

static void test_windows(void **state)
{
	/* A window starts anywhere, goes both ways, and finds its place where its row is gone. */
	struct document_rows rows;
	char three[LIST_KEY_BYTES], gone[LIST_KEY_BYTES];

	(void)state;
	fill(&rows, 100);
	document_rows_key(three, 3, "A");
	document_rows_key(gone, 3, "B");
	assert_string_equal(fetched(&rows, LIST_FIRST, NULL, 3), "1 2 3");
	assert_string_equal(fetched(&rows, LIST_FROM, three, 3), "3 4 5");
	assert_string_equal(fetched(&rows, LIST_AFTER, three, 3), "4 5 6");
	assert_string_equal(fetched(&rows, LIST_BEFORE, three, 9), "2 1");
	assert_string_equal(fetched(&rows, LIST_LAST, NULL, 2), "100 99");
	assert_string_equal(fetched(&rows, LIST_FROM, gone, 2), "4 5");
	assert_string_equal(fetched(&rows, LIST_AFTER, gone, 2), "4 5");
	assert_string_equal(fetched(&rows, LIST_BEFORE, gone, 2), "3 2");
	assert_int_equal(document_rows_rank(&rows, three), 2);
	assert_int_equal(document_rows_count(&rows), 100);
	document_rows_free(&rows);
}

static void test_empty(void **state)
{
	/* Without rows there is nothing in any direction. */
	struct document_rows rows;

	(void)state;
	fill(&rows, 0);
	assert_string_equal(fetched(&rows, LIST_FIRST, NULL, 3), "");
	assert_string_equal(fetched(&rows, LIST_LAST, NULL, 3), "");
	assert_string_equal(fetched(&rows, LIST_BEFORE, "x", 3), "");
	assert_null(document_rows_at(&rows, 0));
	document_rows_free(&rows);
}

static void test_fit_name(void **state)
{
	/* Names are as wide as the longest where there is room, and share what is left where there is none. */
	struct list_column columns[] = {
		{"SKU", 10, 0, LIST_LEFT, 0, true},
		{"Name", 14, 1, LIST_LEFT, 0, false},
		{"Qty", 8, 0, LIST_RIGHT, 0, false},
	};

	(void)state;
	document_rows_fit_name(columns, 3, 1, 30, 100);
	assert_int_equal(columns[1].width_cols, 30);
	assert_int_equal(columns[1].flex, 0);
	document_rows_fit_name(columns, 3, 1, 30, 50);
	assert_int_equal(columns[1].width_cols, 14);
	assert_int_equal(columns[1].flex, 1);
	document_rows_fit_name(columns, 3, 1, 3, 60);
	assert_int_equal(columns[1].width_cols, 14);
	assert_int_equal(columns[1].flex, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_fit_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
