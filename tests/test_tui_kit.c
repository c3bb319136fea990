#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/folder.h"
#include "tests/screen/screen.h"

static struct screen *start_as(int rows, int cols, const char *term, const char *env)
{
	static char path[4096];
	const char *argv[] = {path, NULL};
	const char *environment[] = {env, NULL};
	struct screen_options options = {rows, cols, term, argv, env ? environment : NULL};

	snprintf(path, sizeof(path), "%s/tests/kit_demo", getenv("builddir"));
	return screen_start(&options);
}

static struct screen *start(void)
{
	return start_as(24, 80, NULL, NULL);
}

static void quit(struct screen *screen)
{
	screen_send(screen, "<f10>");
	assert_int_equal(screen_wait_exit(screen), 0);
	assert_true(screen_is_restored(screen));
	screen_end(screen);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_sizes_and_terminals(void **state)
{
	/* Every part of the frame is there at every size and on every terminal, with and without colour. */
	static const struct {
		int rows;
		int cols;
		const char *term;
		const char *env;
	} cases[] = {
		{24, 80, "xterm-256color", NULL},
		{24, 80, "linux", NULL},
		{24, 80, "vt220", NULL},
		{24, 80, "xterm", "NO_COLOR=1"},
		{24, 80, "xterm", "DEMO_THEME=contrast"},
		{24, 80, "xterm", "LC_ALL=C"},
		{24, 80, "tmux-256color", NULL},
		{16, 60, "xterm-256color", NULL},
		{50, 200, "xterm-256color", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct screen *screen = start_as(
			cases[i].rows, cases[i].cols, cases[i].term, cases[i].env);

		screen_expect_row(screen, 0, "F2 Rows  F3 Counter  F4 Questions");
		screen_expect_row(screen, 0, "信義店");
		screen_expect_row(screen, 0, "陳美玲");
		screen_expect_row(screen, 1, " All rows");
		screen_expect_row(screen, 1, "1 of 100,000");
		screen_expect_row(screen, 2, "[All 100000] 待確認 33333");
		screen_expect_row(screen, 4, "> OUT-000000  Steel kettle");
		screen_expect_row(screen, -2, "Enter Open  a Accept");
		screen_expect_row(screen, -2, "? Help");
		screen_expect_row(screen, -1, "online  data 2 s old  unsent 3  problems 0");
		screen_expect_row(screen, -1, "14:05");
		screen_send(screen, "<down><down><f3>");
		screen_expect(screen, "counted 0");
		screen_send(screen, "<f2>");
		screen_expect_row(screen, 6, "> OUT-000002");
		screen_send(screen, "<f1>");
		screen_expect(screen, "Keys that work here");
		screen_send(screen, "<esc>");
		screen_expect_gone(screen, "Keys that work here");
		quit(screen);
	}
}

static void test_who_works_where(void **state)
{
	/* The names of person and store stand whole where there is room, else by their first words. */
	struct screen *screen = start();

	(void)state;
	screen_expect_row(screen, 0, "  陳美玲 Chen Meiling · 信義店 Xinyi");
	screen_resize(screen, 16, 60);
	screen_expect_row(screen, 0, "  陳美玲 · 信義店");
	screen_expect_row(screen, -1, "online  data 2 s old  unsent 3  problems 0");
	quit(screen);
}

static void test_too_small(void **state)
{
	/* A terminal too small says what it needs, and what was typed is there when it is large again. */
	struct screen *screen = start_as(5, 20, NULL, NULL);

	(void)state;
	screen_expect(screen, "Countertop needs");
	screen_expect(screen, "60x16; this is 20x5");
	screen_resize(screen, 24, 80);
	screen_expect_row(screen, 4, "> OUT-000000");
	screen_send(screen, "<f4>f");
	screen_expect(screen, "New thing");
	screen_send(screen, "half a note");
	screen_expect(screen, "half a note");
	screen_resize(screen, 5, 20);
	screen_expect(screen, "this is 20x5");
	screen_send(screen, "!");
	screen_resize(screen, 16, 60);
	screen_expect(screen, "half a note!");
	screen_resize(screen, 24, 80);
	screen_expect(screen, "half a note!");
	screen_send(screen, "<esc>y");
	screen_expect_gone(screen, "New thing");
	quit(screen);
}

static void test_list(void **state)
{
	/* The list moves by row, page and end, keeps its row when data changes, and never shows hostile text. */
	struct screen *screen = start();

	(void)state;
	screen_expect(screen, "[31mred[0m evil name");
	screen_expect(screen, "bad \xef\xbf\xbd\xef\xbf\xbd bytes");
	screen_send(screen, "<end>");
	screen_expect(screen, "> OUT-099999");
	screen_expect(screen, "100,000 of 100,000");
	screen_send(screen, "g");
	screen_expect(screen, "> OUT-050000");
	screen_send(screen, "x");
	screen_expect(screen, "> OUT-050001");
	screen_expect(screen, "50,001 of 99,999");
	screen_send(screen, "<tab>");
	screen_expect_row(screen, 2, "[待確認 33333]");
	screen_expect(screen, "> OUT-000000");
	screen_send(screen, "<down>");
	screen_expect(screen, "> OUT-000003");
	screen_send(screen, "<right>");
	screen_expect(screen, "Nothing here");
	screen_send(screen, "<right>");
	screen_expect_row(screen, 2, "[All 100000]");
	screen_send(screen, "<down><down><enter>");
	screen_expect_row(screen, 1, "Details of OUT-000002");
	screen_send(screen, "<esc>");
	screen_expect(screen, "> OUT-000002");
	quit(screen);
}

static void test_reasons(void **state)
{
	/* A key that does nothing says why: disabled, unbound, unreadable, nothing to go back to. */
	struct screen *screen = start();

	(void)state;
	screen_expect(screen, "> OUT-000000");
	screen_send(screen, "a");
	screen_expect_row(screen, -3, "OUT-000000 accepted: saved");
	screen_send(screen, "<down>a");
	screen_expect_row(screen, -3, "Odd rows cannot be accepted.");
	screen_send(screen, "<f1>");
	screen_expect(screen, "Odd rows cannot be accepted.");
	screen_send(screen, "<enter>h");
	screen_expect_row(screen, -3, "h does nothing here. ? shows the keys.");
	screen_send(screen, "<f12>");
	screen_expect_row(screen, -3, "F12 does nothing here.");
	screen_send(screen, "<f8>");
	screen_expect_row(screen, -3, "No pane belongs to this key.");
	screen_send(screen, "<esc>");
	screen_expect_row(screen, -3, "There is nothing to go back to. F10 leaves Countertop.");
	screen_send_bytes(screen, "\xff\xfe\xe7z", 4);
	screen_expect_row(screen, -3, "Is it set to UTF-8?");
	screen_send_bytes(screen, "\033[1;99X\033[?777;1$y", 17);
	screen_expect(screen, "> OUT-000001");
	screen_send(screen, "z");
	screen_expect_row(screen, -3, "z …");
	screen_send(screen, "z");
	screen_expect_row(screen, -3, "the sequence ran");
	screen_send(screen, "zx");
	screen_expect_row(screen, -3, "zx does nothing here.");
	/* Nobody could bring it back here, so it does not stop. */
	screen_send(screen, "<ctrl+z>a");
	screen_expect_row(screen, -3, "Odd rows cannot be accepted.");
	quit(screen);
}

static void test_questions(void **state)
{
	/* Questions are answered by letter, by button and by Esc; dangerous ones start on no. */
	struct screen *screen = start();

	(void)state;
	screen_expect(screen, "> OUT-000000");
	screen_send(screen, "<f4>c");
	screen_expect(screen, "The goods are on their way to 信義店.");
	screen_expect(screen, "[ Accept ]");
	screen_send(screen, "<enter>");
	screen_expect(screen, "answered yes");
	screen_send(screen, "d");
	screen_expect(screen, "[ Back ]");
	screen_send(screen, "<enter>");
	screen_expect(screen, "answered no");
	screen_send(screen, "c<esc>");
	screen_expect_gone(screen, "The goods are");
	screen_send(screen, "cy");
	screen_expect(screen, "answered yes");
	screen_send(screen, "w");
	screen_expect(screen, "Cannot be undone");
	screen_send(screen, "wrong<enter>");
	screen_expect(screen, "Type ST-42, or press Esc.");
	screen_send(screen, "<ctrl+u>st-42<enter>");
	screen_expect(screen, "answered <st-42>");
	screen_send(screen, "q");
	screen_expect(screen, "Type it below.");
	screen_send(screen, "1.5000<enter>");
	screen_expect(screen, "answered <1.5>");
	screen_send(screen, "m<down><enter>");
	screen_expect_row(screen, -3, "The second is sold out.");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "picked 2");
	screen_send(screen, "t");
	screen_expect(screen, "Line 2");
	screen_send(screen, "<end>");
	screen_expect(screen, "Line 60");
	screen_send(screen, "<enter>");
	screen_expect_gone(screen, "Line 60");
	quit(screen);
}

static void test_form(void **state)
{
	/* A form takes every kind of value, names what is wrong, and asks before it throws anything away. */
	struct screen *screen = start();

	(void)state;
	screen_expect(screen, "> OUT-000000");
	screen_send(screen, "<f4>f");
	screen_expect(screen, "New thing");
	screen_send(screen, "<enter>");
	screen_expect(screen, "This must be filled in.");
	screen_send(screen, "烏龍abc<left><left><left><left>X");
	screen_expect(screen, "烏X龍abc");
	screen_send(screen, "<enter>K");
	screen_expect_gone(screen, "Umbrella");
	screen_expect(screen, "> Kettle");
	screen_send(screen, "<down>");
	screen_expect(screen, "> Kite");
	screen_send(screen, "<enter>2,5<enter>");
	screen_expect(screen, "A quantity is a number");
	screen_send(screen, "<ctrl+u>2.5<enter>115/1/31<enter><right>");
	screen_expect(screen, "< Partial >");
	screen_send(screen, "<enter>1234");
	screen_expect(screen, "****");
	assert_false(screen_has(screen, "1234"));
	screen_send(screen, "<enter>");
	screen_expect(screen, "form: 烏X龍abc|sku-1|2500|2026-01-31|part|1234");
	screen_send(screen, "f<esc>");
	screen_expect_gone(screen, "New thing");
	screen_send(screen, "fx<esc>");
	screen_expect(screen, "Throw away what was typed here?");
	screen_send(screen, "<enter>");
	screen_expect_gone(screen, "Throw away");
	screen_send(screen, "<esc>y");
	screen_expect_gone(screen, "New thing");
	quit(screen);
}

static void test_paste(void **state)
{
	/* A paste is text for the field in focus: newlines are blanks, nothing in it is a key or a scan. */
	struct screen *screen = start();

	(void)state;
	screen_expect(screen, "> OUT-000000");
	screen_paste(screen, "4710088410016\na\n");
	screen_expect_row(screen, -3, "There is no field here to paste into.");
	screen_send(screen, "<f4>f");
	screen_expect(screen, "New thing");
	screen_paste(screen, "two\nlines\033[31m\r烏龍");
	screen_expect(screen, "two lines");
	screen_expect(screen, "烏龍");
	screen_expect(screen, "New thing");
	screen_send(screen, "<esc>y");
	screen_expect_gone(screen, "New thing");
	quit(screen);
}

static void test_scans(void **state)
{
	/* A scan goes to the pane, then to the router; it never presses a button; typed it does the same. */
	struct screen *screen = start();

	(void)state;
	screen_expect(screen, "> OUT-000000");
	screen_scan(screen, "4710088410016");
	screen_expect_row(screen, -3, "routed 4710088410016");
	screen_scan(screen, "BAD-CODE-1");
	screen_expect_row(screen, -3, "The code BAD-CODE-1 is not known.");
	screen_send(screen, "12345");
	screen_expect(screen, "Enter a code");
	screen_send(screen, "678<enter>");
	screen_expect_row(screen, -3, "routed 12345678");
	screen_send(screen, "<f3>");
	for (int i = 0; i < 3; i++)
		screen_scan(screen, "4710088410016");
	screen_expect(screen, "counted 3, last 4710088410016");
	screen_send(screen, "4710088410017<enter>");
	screen_expect(screen, "counted 4, last 4710088410017");
	screen_send(screen, "<f4>c");
	screen_expect(screen, "[ Accept ]");
	screen_scan(screen, "4710088410023");
	screen_expect_row(screen, -3, "was not used");
	screen_expect(screen, "[ Accept ]");
	screen_send(screen, "n");
	screen_expect(screen, "answered no");
	screen_send(screen, "f");
	screen_expect(screen, "New thing");
	screen_scan(screen, "4710088410030");
	screen_expect(screen, "> Note                      4710088410030");
	screen_send(screen, "<tab><tab>");
	screen_scan(screen, "4710088410047");
	screen_expect_row(screen, -3, "was not used");
	screen_send(screen, "<esc>y");
	screen_send(screen, "<f2><f1>");
	screen_expect(screen, "Keys that work here");
	screen_scan(screen, "4710088410054");
	screen_expect_row(screen, -3, "routed 4710088410054");
	screen_expect_gone(screen, "Keys that work here");
	quit(screen);
}

static void test_scans_over_ssh(void **state)
{
	/* Over ssh a scan that arrives in pieces is still one. */
	struct screen *screen = start_as(24, 80, NULL, "SSH_TTY=/dev/pts/9");

	(void)state;
	screen_expect(screen, "> OUT-000000");
	screen_send_bytes(screen, "471008", 6);
	screen_settle(screen, 30);
	screen_send_bytes(screen, "8410016\r", 8);
	screen_expect_row(screen, -3, "routed 4710088410016");
	quit(screen);
}

static void test_colours(void **state)
{
	/* Loss is red and gain is green, both with a sign; without colour nothing is coloured. */
	struct screen *screen = start();
	int row;
	int col;

	(void)state;
	screen_expect_row(screen, -1, "14:05");
	assert_true(screen_find(screen, "-3  信義店", &row, &col));
	assert_int_equal(screen_cell_fg(screen, row, col), 203);
	assert_true(screen_find(screen, "+3  信義店", &row, &col));
	assert_int_equal(screen_cell_fg(screen, row, col), 114);
	assert_true(screen_cell_is_bold(screen, 4, 2));
	assert_int_equal(screen_cell_bg(screen, 4, 0), 6);
	assert_int_equal(screen_cell_bg(screen, 5, 0), -1);
	quit(screen);
	screen = start_as(24, 80, NULL, "NO_COLOR=1");
	screen_expect_row(screen, -1, "14:05");
	for (row = 0; row < 24; row++)
		for (col = 0; col < 80; col++)
			assert_int_equal(screen_cell_fg(screen, row, col), -1);
	assert_true(screen_cell_is_reverse(screen, 4, 0));
	assert_false(screen_cell_is_reverse(screen, 5, 0));
	quit(screen);
}

static void test_step_is_cheap(void **state)
{
	/* A step in a list writes few bytes, for slow lines. The clock may turn once meanwhile: then the
	 * steps back are counted. */
	struct screen *screen = start();
	size_t wrote = SIZE_MAX;

	(void)state;
	screen_expect(screen, "> OUT-000000");
	/* Even rows only: of the hints none changes either. */
	screen_send(screen, "<tab><down><down>");
	screen_expect(screen, "> OUT-000006");
	screen_send(screen, "<f3><f2>");
	screen_expect(screen, "> OUT-000006");
	screen_settle(screen, 100);
	for (int round = 0; round < 3 && wrote > 8 * 40; round++) {
		size_t before = screen_bytes_read(screen);

		for (int i = 0; i < 8; i++)
			screen_send(screen, round % 2 == 0 ? "<down>" : "<up>");
		screen_expect(screen, round % 2 == 0 ? "> OUT-000030" : "> OUT-000006");
		screen_settle(screen, 100);
		wrote = screen_bytes_read(screen) - before;
	}
	assert_true(wrote <= 8 * 40);
	quit(screen);
}

static void test_endings(void **state)
{
	/* However it ends, the terminal is put back: quit, hang-up, terminate, crash. */
	static const struct {
		int signal;
		int exit;
	} cases[] = {{SIGTERM, 11}, {SIGHUP, 11}, {SIGABRT, -SIGABRT}};
	struct screen *screen;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		screen = start();
		screen_expect(screen, "> OUT-000000");
		assert_false(screen_is_restored(screen));
		kill(screen_pid(screen), cases[i].signal);
		assert_int_equal(screen_wait_exit(screen), cases[i].exit);
		assert_true(screen_is_restored(screen));
		screen_end(screen);
	}
	screen = start();
	screen_expect(screen, "> OUT-000000");
	screen_send(screen, "<ctrl+c>");
	screen_expect_row(screen, -3, "Ctrl-C does nothing here.");
	kill(screen_pid(screen), SIGINT);
	screen_send(screen, "<down>");
	screen_expect(screen, "> OUT-000001");
	screen_send(screen, "<f4>c");
	screen_expect(screen, "[ Accept ]");
	screen_send(screen, "<f10>");
	screen_expect_row(screen, -3, "First answer the open question");
	screen_send(screen, "n<ctrl+q>");
	assert_int_equal(screen_wait_exit(screen), 0);
	screen_end(screen);
}

static void test_no_terminal(void **state)
{
	/* Where it cannot draw it says so and what to do, and ends. */
	struct screen *screen;

	(void)state;
	/* ncurses keeps some memory of a failed start. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	screen = start_as(24, 80, "no-such-terminal", NULL);
	assert_int_equal(screen_wait_exit(screen), 13);
	assert_true(screen_has(screen, "set TERM, for example"));
	screen_end(screen);
	screen = start_as(24, 80, "dumb", NULL);
	assert_int_equal(screen_wait_exit(screen), 13);
	assert_true(screen_has(screen, "cannot place its cursor"));
	screen_end(screen);
}

static void test_dump(void **state)
{
	/* The dump is the screen as text. */
	char folder[256];
	char path[sizeof(folder) + 8];
	char env[sizeof(path) + 16];
	char text[8192];
	struct screen *screen;
	size_t length;
	FILE *file;

	(void)state;
	folder_make(folder, sizeof(folder));
	snprintf(path, sizeof(path), "%s/dump", folder);
	snprintf(env, sizeof(env), "DEMO_DUMP=%s", path);
	screen = start_as(24, 80, NULL, env);
	screen_expect(screen, "> OUT-000000");
	screen_settle(screen, 100);
	file = fopen(path, "r");
	assert_non_null(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	assert_string_equal(text, screen_text(screen));
	quit(screen);
	folder_remove(folder);
}

static void test_others_are_heard_now_and_then(void **state)
{
	/* A flood of changes by others is followed at once, then ten times a second at most; keys are
	 * answered meanwhile. */
	char env[64], flood[500];
	long began_ms;
	struct screen *screen;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	snprintf(env, sizeof(env), "DEMO_WAKE=%d", ends[0]);
	screen = start_as(24, 80, NULL, env);
	close(ends[0]);
	screen_send(screen, "<f3>");
	screen_expect(screen, "woken 0");
	memset(flood, 'c', sizeof(flood));
	began_ms = now_ms();
	assert_int_equal(write(ends[1], flood, sizeof(flood)), sizeof(flood));
	screen_scan(screen, "4710088412348");
	screen_expect(screen, "counted 1");
	screen_expect(screen, "woken 6");
	assert_true(now_ms() - began_ms >= 500);
	close(ends[1]);
	quit(screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes_and_terminals),
		cmocka_unit_test(test_who_works_where),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_paste),
		cmocka_unit_test(test_scans),
		cmocka_unit_test(test_scans_over_ssh),
		cmocka_unit_test(test_colours),
		cmocka_unit_test(test_step_is_cheap),
		cmocka_unit_test(test_endings),
		cmocka_unit_test(test_no_terminal),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_others_are_heard_now_and_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
