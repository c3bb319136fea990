/* Keys, scans and pastes for the program, and whether it has taken them. */
#include "tests/screen/screen.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/screen/screen_keys.h"
#include "tests/screen/screen_parts.h"

/* Longer than any hold time of scan.c, also over ssh. */
#define SCREEN_APART_MS 75
/* Runs of fewer keys are never a scan. */
#define SCREEN_RUN_MAX 5

void screen_send_bytes(struct screen *screen, const char *bytes, size_t count)
{
	long deadline = screen_now_ms() + SCREEN_DEADLINE_MS;

	while (count > 0 && screen_now_ms() < deadline) {
		ssize_t written = write(screen->fd, bytes, count);

		if (written > 0) {
			bytes += written;
			count -= (size_t)written;
		} else {
			screen_pump(screen, 10); /* It must be able to write before it reads. */
		}
	}
	assert_int_equal(count, 0);
}

/* Whether the program computes, or waits for the processor or a disk, rather than for a key. */
static bool screen_is_working(const struct screen *screen)
{
	char path[64], line[512];
	const char *name_end;
	bool is_working = false;
	FILE *file;

	if (screen->pid <= 0)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)screen->pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fgets(line, sizeof(line), file) && (name_end = strrchr(line, ')')) != NULL)
		is_working = name_end[1] && (name_end[2] == 'R' || name_end[2] == 'D');
	fclose(file);
	return is_working;
}

void screen_settle(struct screen *screen, int quiet_ms)
{
	long deadline = screen_now_ms() + SCREEN_DEADLINE_MS;

	while (screen_pump(screen, quiet_ms) ||
		(quiet_ms > 0 && screen_is_working(screen) && screen_now_ms() < deadline))
		;
}

/* Do keys wait at the terminal that the program has not read? */
static bool screen_has_unread(const struct screen *screen)
{
	char name[64];
	int bytes = 0;
	int fd = ptsname_r(screen->fd, name, sizeof(name)) == 0
		? open(name, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
		: -1;

	if (fd < 0)
		return false;
	if (ioctl(fd, FIONREAD, &bytes) != 0)
		bytes = 0;
	close(fd);
	return bytes > 0;
}

/* Lets the hold time pass, whatever the program writes meanwhile, and on a busy machine from when it has
 * taken what was sent: keys that it reads all at once would be a scan. */
static void screen_let_pass(struct screen *screen, int ms)
{
	long latest = screen_now_ms() + SCREEN_DEADLINE_MS, deadline;

	while (screen_has_unread(screen) && screen_now_ms() < latest)
		if (!screen_pump(screen, 1) && screen->is_closed)
			return;
	deadline = screen_now_ms() + ms;
	latest = deadline + SCREEN_DEADLINE_MS;
	for (long now = screen_now_ms(); now < deadline; now = screen_now_ms()) {
		if (!screen_pump(screen, (int)(deadline - now)) && screen->is_closed)
			return;
		if (deadline <= screen_now_ms() && deadline < latest && screen_is_working(screen))
			deadline = screen_now_ms() + 1;
	}
}

void screen_send(struct screen *screen, const char *keys)
{
	int run = 0;

	while (*keys) {
		char bytes[SCREEN_KEY_BYTES];
		bool is_named;
		size_t used = screen_key_bytes(screen->term, keys, bytes, &is_named);

		if (used == 0) {
			print_error("no such key: %s\n", keys);
			fail();
		}
		run = is_named ? 0 : run + 1;
		if (run > SCREEN_RUN_MAX) {
			screen_let_pass(screen, SCREEN_APART_MS);
			run = 1;
		}
		/* An Esc together with a letter would be Alt. */
		screen_send_bytes(screen, bytes, strlen(bytes));
		if (strcmp(bytes, "\033") == 0)
			screen_let_pass(screen, SCREEN_APART_MS);
		keys += used;
	}
}

void screen_scan(struct screen *screen, const char *code)
{
	char bytes[4096];

	snprintf(bytes, sizeof(bytes), "%s\r", code);
	screen_let_pass(screen, SCREEN_APART_MS);
	screen_send_bytes(screen, bytes, strlen(bytes));
}

void screen_paste(struct screen *screen, const char *text)
{
	screen_send_bytes(screen, "\033[200~", 6);
	screen_send_bytes(screen, text, strlen(text));
	screen_send_bytes(screen, "\033[201~", 6);
}

void screen_resize(struct screen *screen, int rows, int cols)
{
	struct winsize size = {0};

	size.ws_row = (unsigned short)rows;
	size.ws_col = (unsigned short)cols;
	screen->rows = rows;
	screen->cols = cols;
	vterm_set_size(screen->vterm, rows, cols);
	ioctl(screen->fd, TIOCSWINSZ, &size);
}

void screen_size(struct screen *screen, int *rows, int *cols)
{
	*rows = screen->rows;
	*cols = screen->cols;
}
