/*
 * Drives a program in a pseudo-terminal and looks at its screen through libvterm.
 *
 * Nothing here sleeps: every wait reads the terminal until a condition holds or a deadline passes.
 * What fails prints the screen and fails the cmocka test.
 */
#ifndef COUNTERTOP_TESTS_SCREEN_H
#define COUNTERTOP_TESTS_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SCREEN_DEADLINE_MS 10000
#define SCREEN_TEXT_BYTES 65536

struct screen;

struct screen_options {
	int rows;         /* 0: 24 */
	int cols;         /* 0: 80 */
	const char *term; /* NULL: xterm-256color */
	const char *const *argv;
	const char *const *env; /* "NAME=VALUE", or "NAME" to unset; ends in NULL; NULL: none */
};

/* Starts argv[0]. The environment has no NO_COLOR, SSH_*, ESCDELAY and COLORTERM of the caller. */
struct screen *screen_start(const struct screen_options *options);
/* Hangs up if it still runs, and waits for its end. */
void screen_end(struct screen *screen);

/* Ends all that a test left open. */
void screen_end_all(void);

/* Waits for the program to end by itself; returns its exit code, or minus the signal. */
int screen_wait_exit(struct screen *screen);
pid_t screen_pid(const struct screen *screen);

/* Keys as key files write them: "<f2>abc<enter>". Typed text never looks like a scan. */
void screen_send(struct screen *screen, const char *keys);
/* These bytes at once. */
void screen_send_bytes(struct screen *screen, const char *bytes, size_t count);
/* A scanner: the code and Enter at once, well apart from what was typed before. */
void screen_scan(struct screen *screen, const char *code);
void screen_paste(struct screen *screen, const char *text);
void screen_resize(struct screen *screen, int rows, int cols);
void screen_size(struct screen *screen, int *rows, int *cols);

/* The screen as text, a line a row, without trailing blanks. Valid until the next call. */
const char *screen_text(struct screen *screen);
/* The text of one row; negative rows count from the bottom. */
const char *screen_row(struct screen *screen, int row);
bool screen_has(struct screen *screen, const char *text);
/* Among the test's messages, for a failure. */
void screen_print(struct screen *screen);

/* Waits for a text to be on the screen, or on one row of it, or to be gone. */
void screen_expect_at_line(struct screen *screen, const char *text, const char *file, int line);
void screen_expect_gone_at_line(
	struct screen *screen, const char *text, const char *file, int line);
void screen_expect_row_at_line(
	struct screen *screen, int row, const char *text, const char *file, int line);
/* For a text that is there only while the program works: does not wait for it to come to rest. */
void screen_expect_passing_at_line(
	struct screen *screen, const char *text, const char *file, int line);
#define screen_expect_passing(screen, text) \
	screen_expect_passing_at_line(screen, text, __FILE__, __LINE__)
#define screen_expect(screen, text) screen_expect_at_line(screen, text, __FILE__, __LINE__)
#define screen_expect_gone(screen, text) \
	screen_expect_gone_at_line(screen, text, __FILE__, __LINE__)
#define screen_expect_row(screen, row, text) \
	screen_expect_row_at_line(screen, row, text, __FILE__, __LINE__)

/* Reads until nothing has come for `quiet_ms` and the program waits for more. */
void screen_settle(struct screen *screen, int quiet_ms);

/* Where a text begins; false if it is not there. */
bool screen_find(struct screen *screen, const char *text, int *row, int *col);
/* The column where a text begins on one row; -1 if it is not there. */
int screen_column(struct screen *screen, int row, const char *text);
/* The character in a cell: 0 is a blank one, SCREEN_RIGHT_HALF that of a double-width character. */
#define SCREEN_RIGHT_HALF UINT32_MAX
uint32_t screen_cell_code(struct screen *screen, int row, int col);
/* The palette index of a cell's foreground, -1 for the terminal's own. */
int screen_cell_fg(struct screen *screen, int row, int col);
int screen_cell_bg(struct screen *screen, int row, int col);
bool screen_cell_is_bold(struct screen *screen, int row, int col);
bool screen_cell_is_reverse(struct screen *screen, int row, int col);
/* Where the terminal's cursor is; false if it is hidden. */
bool screen_cursor(struct screen *screen, int *row, int *col);
/* How often the terminal's bell rang since the start. */
int screen_bells(const struct screen *screen);
/* How many cells of the message line were inverted so far, also for a moment only. */
long screen_flashes(const struct screen *screen);
/* Bytes the program has written since the start. */
size_t screen_bytes_read(struct screen *screen);
/* Whether it left the alternate screen and bracketed paste: the terminal is as it was. */
bool screen_is_restored(const struct screen *screen);

#endif
