#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tui/marks.h"

static void test_turned(void **state)
{
	/* A name turned once is marked, turned again it is not; others keep their marks, in order. */
	struct marks marks = {0};

	(void)state;
	assert_true(marks_turn(&marks, "B2"));
	assert_true(marks_turn(&marks, "A1"));
	assert_true(marks_turn(&marks, "C3"));
	assert_true(marks_turn(&marks, "B2"));
	assert_int_equal(marks.count, 2);
	assert_true(marks_has(&marks, "A1"));
	assert_false(marks_has(&marks, "B2"));
	assert_string_equal(marks_at(&marks, 0), "A1");
	assert_string_equal(marks_at(&marks, 1), "C3");
	assert_null(marks_at(&marks, 2));
	marks_free(&marks);
}

static void test_twice(void **state)
{
	/* What is marked already stays one mark; what is not marked can be taken away without harm. */
	struct marks marks = {0};

	(void)state;
	assert_true(marks_add(&marks, "A1"));
	assert_true(marks_add(&marks, "A1"));
	marks_remove(&marks, "A2");
	assert_int_equal(marks.count, 1);
	marks_clear(&marks);
	assert_false(marks_has(&marks, "A1"));
	assert_int_equal(marks.count, 0);
	marks_free(&marks);
}

static void test_full(void **state)
{
	/* There is a most; who asks for more is told, and none of the others is lost. */
	struct marks marks = {0};
	char name[16];

	(void)state;
	for (int i = 0; i < MARKS_MAX; i++) {
		snprintf(name, sizeof(name), "%04d", (i * 7919) % MARKS_MAX);
		assert_true(marks_add(&marks, name));
	}
	assert_false(marks_add(&marks, "one more"));
	assert_true(marks_add(&marks, "0007"));
	assert_int_equal(marks.count, MARKS_MAX);
	for (int i = 0; i < MARKS_MAX; i++) {
		snprintf(name, sizeof(name), "%04d", i);
		assert_string_equal(marks_at(&marks, (size_t)i), name);
	}
	marks_free(&marks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_turned),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
