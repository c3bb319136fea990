/* Hostile names, bytes that are no text and a window too small do no harm on the screen of the real program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_fake.h"
#include "tests/e2e_kit.h"

/* ---- names ---- */

static void expect_plain(struct screen *screen)
{
	static const char *const forbidden[] = {
		"\033", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\x8b", "\xc2\x9b", "\xef\xbb\xbf"};

	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
		assert_false(screen_has(screen, forbidden[i]));
}

/* Escape sequences, bidi overrides, zero-width and 8-bit controls, as another HQ might send them. */
#define EVIL "A\\u001b[31mred\\u001b[2J\\u202egnp\\u2066\\u200b\\u009b5m\\ufeff\\r\\n茶"
#define EVIL_SHOWN "A[31mred[2Jgnp5m"

static void hostile_home(struct fake *fake, struct e2e_home *home)
{
	fake_enrol(fake, home, FAKE_PRODUCT("AEVIL", EVIL, "") FAKE_PRODUCT("APLAIN", "Plain", ""));
}

static void a_hostile_name_is_plain_text_of_the_right_width(void **state)
{
	struct e2e_home home;
	struct screen *screen;
	struct fake fake;
	int row, col;

	(void)state;
	hostile_home(&fake, &home);
	screen = e2e_console(&home, &(struct e2e_look){.rows = 24, .cols = 160});
	e2e_sign_in(screen, "chen");
	screen_send(screen, "<f5>");
	screen_expect(screen, EVIL_SHOWN);
	expect_plain(screen);
	assert_true(screen_find(screen, "[31mred", &row, &col));
	assert_int_not_equal(screen_cell_fg(screen, row, col + 5), 1);
	/* The column behind the name begins where it begins in the row below. */
	assert_true(screen_column(screen, row, "Here") > col);
	assert_non_null(strstr(screen_row(screen, row + 1), "APLAIN"));
	assert_int_equal(
		screen_column(screen, row + 1, "Here"), screen_column(screen, row, "Here"));
	screen_send(screen, "<enter>");
	screen_expect(screen, "AEVIL");
	screen_expect(screen, EVIL_SHOWN);
	expect_plain(screen);
	/* The screen goes on working. */
	screen_send(screen, "<esc>");
	screen_expect(screen, "APLAIN");
	fake_end(&fake);
}

static void a_hostile_name_is_cleaned_on_the_command_line(void **state)
{
	struct e2e_home home;
	struct screen *screen;
	struct fake fake;
	char program[E2E_PATH_BYTES];
	const char *argv[] = {program, "--home", home.path, "show", "products", NULL};
	struct screen_options options = {.argv = argv, .cols = 200};

	(void)state;
	hostile_home(&fake, &home);
	e2e_program(program, "countertop");
	screen = screen_start(&options);
	assert_int_equal(screen_wait_exit(screen), 0);
	screen_expect(screen, EVIL_SHOWN);
	expect_plain(screen);
	screen_end(screen);
	fake_end(&fake);
}

/* ---- the keyboard ---- */

static void bytes_that_are_no_text_lose_nothing(void **state)
{
	/* In a field and in a list: what was typed around them is there, and the program goes on. */
	static const char rubbish[] = "\xff\xfe\xc3\x28\xe8\x8c\xf0\x9f\x80";
	struct e2e_home home;
	struct screen *screen;

	(void)state;
	e2e_enrol(&home, "xinyi");
	screen = e2e_console_of(&home, "chen");
	screen_expect(screen, "OUT-XINYI-");
	screen_send_bytes(screen, rubbish, strlen(rubbish));
	screen_expect(screen, "UTF-8");
	screen_send(screen, "<f5>/");
	screen_send(screen, "高山");
	screen_expect(screen, "高山");
	screen_send_bytes(screen, rubbish, strlen(rubbish));
	screen_send(screen, "烏");
	screen_expect(screen, "高山烏");
	expect_plain(screen);
	assert_false(screen_has(screen, "\xff"));
	screen_expect(screen, "TE0101");
	screen_send(screen, "<enter><f10>");
	assert_int_equal(screen_wait_exit(screen), 0);
	assert_true(screen_is_restored(screen));
}

/* ---- the window ---- */

static void a_window_too_small_keeps_what_was_typed(void **state)
{
	struct e2e_home home;
	struct screen *screen;

	(void)state;
	e2e_enrol(&home, "xinyi");
	screen = e2e_console(&home, &(struct e2e_look){.rows = 5, .cols = 20});
	screen_expect(screen, "20x5");
	screen_resize(screen, 24, 80);
	e2e_sign_in(screen, "chen");
	screen_send(screen, "n");
	screen_expect(screen, "New stock document");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Part of the store's name or id");
	screen_send(screen, "ximen<enter><tab>");
	screen_send(screen, "half a note");
	screen_expect(screen, "half a note");
	screen_resize(screen, 5, 20);
	screen_expect(screen, "20x5");
	screen_send(screen, "!");
	screen_resize(screen, 16, 60);
	screen_expect(screen, "half a note!");
	screen_resize(screen, 24, 80);
	screen_expect(screen, "half a note!");
	screen_expect(screen, "西門店");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_folder_test(a_hostile_name_is_plain_text_of_the_right_width),
		e2e_folder_test(a_hostile_name_is_cleaned_on_the_command_line),
		e2e_test(bytes_that_are_no_text_lose_nothing),
		e2e_test(a_window_too_small_keeps_what_was_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
