#include "tests/screen/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/screen/screen_cells.h"
#include "tests/screen/screen_keys.h"

/* Longer than any hold time of scan.c, also over ssh. */
#define SCREEN_APART_MS 75
/* A frame comes in one go; a pause as long as this is its end. */
#define SCREEN_FRAME_MS 15
/* Above the hints and the status. */
#define SCREEN_MESSAGE_ROW (-3)
/* Runs of fewer keys are never a scan. */
#define SCREEN_RUN_MAX 5

struct screen {
	VTerm *vterm;
	VTermScreen *cells;
	int fd;
	pid_t pid;
	int rows;
	int cols;
	const char *term;
	bool has_cursor;
	bool is_alternate;
	bool is_closed;
	size_t bytes_read;
	int bells;
	long flashes; /* cells of the message line that were painted inverted */
	char text[SCREEN_TEXT_BYTES];
	char row[SCREEN_TEXT_BYTES / 16];
};

static long screen_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------------------------ the program */

static void screen_set_environment(const struct screen_options *options)
{
	static const char *const unset[] = {"NO_COLOR", "SSH_CONNECTION", "SSH_TTY", "ESCDELAY",
		"COLORTERM", "LINES", "COLUMNS", "LANGUAGE"};

	for (size_t i = 0; i < sizeof(unset) / sizeof(unset[0]); i++)
		unsetenv(unset[i]);
	setenv("TERM", options->term ? options->term : "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	for (size_t i = 0; options->env && options->env[i]; i++) {
		char *copy = strdup(options->env[i]);
		char *equals = copy ? strchr(copy, '=') : NULL;

		if (!equals) {
			unsetenv(options->env[i]);
			continue;
		}
		*equals = '\0';
		setenv(copy, equals + 1, 1);
		free(copy);
	}
}

static void screen_run(const struct screen_options *options)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	screen_set_environment(options);
	execvp(options->argv[0], (char *const *)options->argv);
	fprintf(stderr, "cannot start %s: %s\n", options->argv[0], strerror(errno));
	_exit(127);
}

/* What the terminal answers to questions of the program. */
static void screen_on_answer(const char *bytes, size_t count, void *user)
{
	struct screen *screen = user;

	if (write(screen->fd, bytes, count) < 0)
		return;
}

static int screen_on_property(VTermProp property, VTermValue *value, void *user)
{
	struct screen *screen = user;

	if (property == VTERM_PROP_CURSORVISIBLE)
		screen->has_cursor = value->boolean;
	if (property == VTERM_PROP_ALTSCREEN)
		screen->is_alternate = value->boolean;
	return 1;
}

static int screen_on_bell(void *user)
{
	((struct screen *)user)->bells++;
	return 1;
}

/* What is painted and painted over before anybody looks has been there all the same. */
static int screen_on_damage(VTermRect rect, void *user)
{
	struct screen *screen = user;

	if (rect.start_row == screen->rows + SCREEN_MESSAGE_ROW &&
		screen_cell_is_inverted(screen, rect.start_row, rect.start_col))
		screen->flashes++;
	return 1;
}

static const VTermScreenCallbacks screen_callbacks = {
	.damage = screen_on_damage, .settermprop = screen_on_property, .bell = screen_on_bell};

struct screen *screen_start(const struct screen_options *options)
{
	struct screen *screen = calloc(1, sizeof(*screen));
	struct winsize size = {0};

	assert_non_null(screen);
	screen->rows = options->rows ? options->rows : 24;
	screen->cols = options->cols ? options->cols : 80;
	screen->term = options->term ? options->term : "xterm-256color";
	size.ws_row = (unsigned short)screen->rows;
	size.ws_col = (unsigned short)screen->cols;
	screen->pid = forkpty(&screen->fd, NULL, NULL, &size);
	assert_true(screen->pid >= 0);
	if (screen->pid == 0)
		screen_run(options);
	fcntl(screen->fd, F_SETFL, O_NONBLOCK);
	fcntl(screen->fd, F_SETFD, FD_CLOEXEC);
	screen->vterm = vterm_new(screen->rows, screen->cols);
	vterm_set_utf8(screen->vterm, 1);
	vterm_output_set_callback(screen->vterm, screen_on_answer, screen);
	screen->cells = vterm_obtain_screen(screen->vterm);
	screen->has_cursor = true;
	vterm_screen_enable_altscreen(screen->cells, 1);
	vterm_screen_set_callbacks(screen->cells, &screen_callbacks, screen);
	vterm_screen_reset(screen->cells, 1);
	return screen;
}

/* Reads what has come. False when nothing had come after `wait_ms`, or nothing will any more. */
static bool screen_pump(struct screen *screen, int wait_ms)
{
	struct pollfd fd = {.fd = screen->fd, .events = POLLIN};
	char bytes[4096];
	ssize_t count;

	if (screen->is_closed || poll(&fd, 1, wait_ms) <= 0)
		return false;
	count = read(screen->fd, bytes, sizeof(bytes));
	if (count <= 0) {
		screen->is_closed = count == 0 || errno != EAGAIN;
		return false;
	}
	screen->bytes_read += (size_t)count;
	vterm_input_write(screen->vterm, bytes, (size_t)count);
	vterm_screen_flush_damage(screen->cells);
	return true;
}

static bool screen_reap(struct screen *screen, int *status)
{
	if (screen->pid <= 0 || waitpid(screen->pid, status, WNOHANG) != screen->pid)
		return false;
	screen->pid = 0;
	return true;
}

/* Reads until it has ended. False if it has not when the deadline passes. */
static bool screen_wait_end(struct screen *screen, int *status, int wait_ms)
{
	long deadline = screen_now_ms() + wait_ms;

	while (screen_now_ms() < deadline) {
		/* A closed terminal says nothing any more: poll without descriptors paces the asking. */
		if (!screen_pump(screen, 20) && screen->is_closed)
			poll(NULL, 0, 5);
		if (screen_reap(screen, status)) {
			while (screen_pump(screen, 0))
				;
			return true;
		}
	}
	return false;
}

void screen_end(struct screen *screen)
{
	int status;

	if (screen->pid > 0) {
		kill(screen->pid, SIGHUP);
		if (!screen_wait_end(screen, &status, SCREEN_DEADLINE_MS)) {
			kill(screen->pid, SIGKILL);
			waitpid(screen->pid, &status, 0);
		}
	}
	close(screen->fd);
	vterm_free(screen->vterm);
	free(screen);
}

int screen_wait_exit(struct screen *screen)
{
	int status;

	if (!screen_wait_end(screen, &status, SCREEN_DEADLINE_MS)) {
		print_error("the program did not end\n");
		screen_print(screen);
		fail();
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

pid_t screen_pid(const struct screen *screen)
{
	return screen->pid;
}

bool screen_is_restored(const struct screen *screen)
{
	return !screen->is_alternate && screen->has_cursor;
}

size_t screen_bytes_read(struct screen *screen)
{
	return screen->bytes_read;
}

int screen_bells(const struct screen *screen)
{
	return screen->bells;
}

long screen_flashes(const struct screen *screen)
{
	return screen->flashes;
}

/* ------------------------------------------------------------------ typing */

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

/* ------------------------------------------------------------------ looking */

VTermScreenCell screen_cell(struct screen *screen, int row, int col)
{
	VTermScreenCell cell;
	VTermPos at = {.row = row, .col = col};

	memset(&cell, 0, sizeof(cell));
	vterm_screen_get_cell(screen->cells, at, &cell);
	return cell;
}

/* Appends a character as UTF-8. */
static size_t screen_put(uint32_t code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* Writes a row. `starts` (may be NULL) gets the byte where each column begins. */
static size_t screen_print_row(
	struct screen *screen, int row, char *out, size_t size, size_t *starts)
{
	size_t used = 0;

	for (int col = 0; col < screen->cols; col++) {
		VTermScreenCell cell = screen_cell(screen, row, col);

		if (starts)
			starts[col] = used;
		if (cell.chars[0] == (uint32_t)-1)
			continue; /* The right half of a double-width character. */
		if (used + 4 * VTERM_MAX_CHARS_PER_CELL >= size)
			break;
		if (cell.chars[0] == 0)
			out[used++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			used += screen_put(cell.chars[i], out + used);
	}
	while (used > 0 && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return used;
}

const char *screen_text(struct screen *screen)
{
	size_t used = 0;

	for (int row = 0; row < screen->rows && used + 2 < sizeof(screen->text); row++) {
		used += screen_print_row(
			screen, row, screen->text + used, sizeof(screen->text) - used - 1, NULL);
		screen->text[used++] = '\n';
	}
	screen->text[used] = '\0';
	return screen->text;
}

const char *screen_row(struct screen *screen, int row)
{
	screen_print_row(
		screen, row < 0 ? screen->rows + row : row, screen->row, sizeof(screen->row), NULL);
	return screen->row;
}

bool screen_has(struct screen *screen, const char *text)
{
	return strstr(screen_text(screen), text) != NULL;
}

enum screen_question { SCREEN_HAS, SCREEN_PASSING, SCREEN_HAS_NOT, SCREEN_ROW_HAS };

static bool screen_answer(
	struct screen *screen, enum screen_question question, int row, const char *text)
{
	if (question == SCREEN_ROW_HAS)
		return strstr(screen_row(screen, row), text) != NULL;
	return screen_has(screen, text) == (question != SCREEN_HAS_NOT);
}

/* Reads until the answer is yes. */
static bool screen_wait_for(
	struct screen *screen, enum screen_question question, int row, const char *text)
{
	long deadline = screen_now_ms() + SCREEN_DEADLINE_MS;

	for (;;) {
		long now = screen_now_ms();

		/* Half a frame may show what the other half takes away: look again when it is whole. */
		if (screen_answer(screen, question, row, text)) {
			if (question == SCREEN_PASSING)
				return true;
			screen_settle(screen, SCREEN_FRAME_MS);
			if (screen_answer(screen, question, row, text))
				return true;
		}
		if (now >= deadline)
			return false;
		if (!screen_pump(screen, (int)(deadline - now)) && screen->is_closed)
			return screen_answer(screen, question, row, text);
	}
}

void screen_print(struct screen *screen)
{
	/* A line at a time: cmocka cuts what it prints at a kilobyte. */
	for (int row = 0; row < screen->rows; row++)
		print_error("%s\n", screen_row(screen, row));
}

static void screen_fail(
	struct screen *screen, const char *what, const char *text, const char *file, int line)
{
	print_error("%s “%s”; the screen is:\n", what, text);
	screen_print(screen);
	_fail(file, line);
}

void screen_expect_at_line(struct screen *screen, const char *text, const char *file, int line)
{
	if (!screen_wait_for(screen, SCREEN_HAS, 0, text))
		screen_fail(screen, "waited in vain for", text, file, line);
}

void screen_expect_gone_at_line(struct screen *screen, const char *text, const char *file, int line)
{
	if (!screen_wait_for(screen, SCREEN_HAS_NOT, 0, text))
		screen_fail(screen, "still there:", text, file, line);
}

void screen_expect_row_at_line(
	struct screen *screen, int row, const char *text, const char *file, int line)
{
	if (!screen_wait_for(screen, SCREEN_ROW_HAS, row, text))
		screen_fail(screen, "not on its row:", text, file, line);
}

void screen_expect_passing_at_line(
	struct screen *screen, const char *text, const char *file, int line)
{
	if (!screen_wait_for(screen, SCREEN_PASSING, 0, text))
		screen_fail(screen, "waited in vain for", text, file, line);
}

int screen_column(struct screen *screen, int row, const char *text)
{
	size_t starts[1024];
	const char *at;

	screen_print_row(screen, row, screen->row, sizeof(screen->row), starts);
	at = strstr(screen->row, text);
	for (int col = 0; at && col < screen->cols; col++)
		if (starts[col] == (size_t)(at - screen->row))
			return col;
	return -1;
}

bool screen_find(struct screen *screen, const char *text, int *row, int *col)
{
	for (*row = 0; *row < screen->rows; (*row)++)
		if ((*col = screen_column(screen, *row, text)) >= 0)
			return true;
	return false;
}

bool screen_cursor(struct screen *screen, int *row, int *col)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->vterm), &at);
	*row = at.row;
	*col = at.col;
	return screen->has_cursor;
}
