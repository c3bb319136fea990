#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/list.h"

#define ROWS_MAX 2000
#define HEIGHT_ROWS 11 /* ten rows and the titles */

/* Rows are the numbers that are present, in order. */
struct fake {
	bool is_there[ROWS_MAX];
	size_t fetched;
	size_t most_at_once;
};

struct fake_row {
	char key[LIST_KEY_BYTES];
	int number;
};

static long fake_count(void *ctx)
{
	struct fake *fake = ctx;
	long count = 0;

	for (int i = 0; i < ROWS_MAX; i++)
		count += fake->is_there[i];
	return count;
}

static long fake_rank(void *ctx, const char *key)
{
	struct fake *fake = ctx;
	long count = 0;

	for (int i = 0; i < (int)strtol(key, NULL, 10); i++)
		count += fake->is_there[i];
	return count;
}

static size_t fake_fetch(void *ctx, const struct list_want *want, void *rows)
{
	struct fake *fake = ctx;
	struct fake_row *out = rows;
	bool is_back = want->direction == LIST_BEFORE || want->direction == LIST_LAST;
	int at = want->anchor ? (int)strtol(want->anchor, NULL, 10) : is_back ? ROWS_MAX - 1 : 0;
	size_t count = 0;

	at += want->direction == LIST_AFTER ? 1 : want->direction == LIST_BEFORE ? -1 : 0;
	for (; count < want->limit && at >= 0 && at < ROWS_MAX; at += is_back ? -1 : 1) {
		if (!fake->is_there[at])
			continue;
		snprintf(out[count].key, LIST_KEY_BYTES, "%06d", at);
		out[count++].number = at;
	}
	fake->fetched += count;
	if (want->limit > fake->most_at_once)
		fake->most_at_once = want->limit;
	return count;
}

static void fake_cell(void *ctx, const void *row, int column, struct list_cell *out)
{
	(void)ctx;
	(void)row;
	(void)column;
	(void)out;
}

static const struct list_source source = {
	sizeof(struct fake_row), fake_count, fake_fetch, fake_rank, fake_cell};
static const struct list_source source_without_rank = {
	sizeof(struct fake_row), fake_count, fake_fetch, NULL, fake_cell};
static const struct list_column columns[] = {{"n", 6, 0, LIST_LEFT, 0, true}};

static struct fake fake;
static struct list list;

static void open_list(const struct list_source *from, int rows)
{
	memset(&fake, 0, sizeof(fake));
	for (int i = 0; i < rows; i++)
		fake.is_there[i] = true;
	list_init(&list, from, &fake, columns, 1);
	list_recalc(&list, HEIGHT_ROWS);
}

static int now(void)
{
	const struct fake_row *row = list_row(&list);

	return row ? row->number : -1;
}

static void expect_position(const char *expected)
{
	char position[64];

	list_position(&list, position, sizeof(position));
	assert_string_equal(position, expected);
}

static void move(enum list_move step, int times)
{
	for (int i = 0; i < times; i++)
		list_move(&list, step);
}

static void test_moving(void **state)
{
	/* Every movement lands on the right row and knows its position. */
	(void)state;
	open_list(&source, 1500);
	expect_position("1 of 1,500");
	move(LIST_UP, 1);
	assert_int_equal(now(), 0);
	move(LIST_DOWN, 25);
	assert_int_equal(now(), 25);
	expect_position("26 of 1,500");
	move(LIST_UP, 20);
	assert_int_equal(now(), 5);
	move(LIST_PAGE_DOWN, 3);
	assert_int_equal(now(), 35);
	move(LIST_PAGE_UP, 1);
	assert_int_equal(now(), 25);
	move(LIST_PAGE_UP, 9);
	assert_int_equal(now(), 0);
	move(LIST_END, 1);
	assert_int_equal(now(), 1499);
	expect_position("1,500 of 1,500");
	move(LIST_DOWN, 2);
	assert_int_equal(now(), 1499);
	move(LIST_PAGE_DOWN, 1);
	assert_int_equal(now(), 1499);
	move(LIST_UP, 15);
	assert_int_equal(now(), 1484);
	move(LIST_HOME, 1);
	assert_int_equal(now(), 0);
	list_free(&list);
}

static void test_walk(void **state)
{
	/* Any walk ends where the same walk over plain numbers ends, with or without ranks. */
	const struct list_source *const sources[] = {&source, &source_without_rank};
	uint32_t seed = 3;

	(void)state;
	for (int s = 0; s < 2; s++) {
		open_list(sources[s], 137);
		for (int i = 0; i < 3000; i++) {
			char position[64];
			char expected[64];

			seed = seed * 1664525u + 1013904223u;
			list_move(&list, (enum list_move)((seed >> 24) % 6));
			snprintf(expected, sizeof(expected), "%d of 137", now() + 1);
			list_position(&list, position, sizeof(position));
			assert_string_equal(position, expected);
			assert_true(list.rows_held == 10);
		}
		list_free(&list);
	}
}

static void test_window(void **state)
{
	/* Only what is seen is ever read: a screenful at the start, a row for a step. */
	(void)state;
	open_list(&source, ROWS_MAX);
	assert_int_equal(fake.fetched, 10);
	move(LIST_DOWN, 9);
	assert_int_equal(fake.fetched, 10);
	move(LIST_DOWN, 5);
	assert_int_equal(fake.fetched, 15);
	move(LIST_END, 1);
	assert_true(fake.most_at_once <= 10);
	list_free(&list);
}

static void test_change(void **state)
{
	/* The cursor stays on its row, and on its place on the screen, when rows come and go. */
	(void)state;
	open_list(&source, 100);
	for (int i = 0; i < ROWS_MAX; i++)
		fake.is_there[i] = i >= 500 && i < 600;
	list_restart(&list);
	list_recalc(&list, HEIGHT_ROWS);
	move(LIST_DOWN, 25);
	assert_int_equal(now(), 525);
	assert_int_equal(list.cursor, 9);
	fake.is_there[5] = fake.is_there[6] = true;
	list_changed(&list);
	list_recalc(&list, HEIGHT_ROWS);
	assert_int_equal(now(), 525);
	assert_int_equal(list.cursor, 9);
	expect_position("28 of 102");
	fake.is_there[525] = false;
	list_changed(&list);
	list_recalc(&list, HEIGHT_ROWS);
	assert_int_equal(now(), 526);
	for (int i = 526; i < 600; i++)
		fake.is_there[i] = false;
	list_changed(&list);
	list_recalc(&list, HEIGHT_ROWS);
	assert_int_equal(now(), 524);
	assert_int_equal(list.rows_held, 10);
	memset(fake.is_there, 0, sizeof(fake.is_there));
	list_changed(&list);
	list_recalc(&list, HEIGHT_ROWS);
	assert_int_equal(now(), -1);
	expect_position("");
	move(LIST_DOWN, 1);
	fake.is_there[7] = true;
	list_changed(&list);
	list_recalc(&list, HEIGHT_ROWS);
	assert_int_equal(now(), 7);
	list_free(&list);
}

static void test_new_on_top(void **state)
{
	/* At the top of the list a new first row comes into view, and the cursor keeps its row. */
	(void)state;
	open_list(&source, 0);
	for (int i = 10; i < 60; i++)
		fake.is_there[i] = true;
	list_changed(&list);
	list_recalc(&list, HEIGHT_ROWS);
	assert_int_equal(now(), 10);
	fake.is_there[3] = true;
	list_changed(&list);
	list_recalc(&list, HEIGHT_ROWS);
	assert_int_equal(now(), 10);
	assert_int_equal(list.cursor, 1);
	list_free(&list);
}

static void test_unknown_rank(void **state)
{
	/* A source that cannot tell a place leaves it out, until an end of the list is reached. */
	(void)state;
	open_list(&source_without_rank, 1000);
	list_go_to(&list, "000500");
	list_recalc(&list, HEIGHT_ROWS);
	expect_position("of 1,000");
	move(LIST_PAGE_DOWN, 1);
	assert_int_equal(now(), 510);
	move(LIST_PAGE_UP, 2);
	move(LIST_UP, 20);
	move(LIST_DOWN, 3);
	assert_int_equal(now(), 473);
	expect_position("of 1,000");
	move(LIST_END, 1);
	expect_position("1,000 of 1,000");
	list_free(&list);
}

static void test_resize(void **state)
{
	/* The cursor's row stays on the screen whatever its height becomes. */
	(void)state;
	open_list(&source, 1000);
	move(LIST_DOWN, 500);
	for (int height = 40; height >= 0; height--) {
		list_recalc(&list, height);
		assert_int_equal(now(), 500);
		assert_true(list.cursor < list.rows_held);
	}
	list_go_to(&list, "000900");
	list_recalc(&list, HEIGHT_ROWS);
	assert_int_equal(now(), 900);
	assert_int_equal(list.cursor, 5);
	list_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moving),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_new_on_top),
		cmocka_unit_test(test_unknown_rank),
		cmocka_unit_test(test_resize),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
