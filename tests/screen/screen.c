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

#include "tests/screen/screen_parts.h"

long screen_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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

static struct screen *open_screens;

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
	screen->next = open_screens;
	open_screens = screen;
	return screen;
}

bool screen_pump(struct screen *screen, int wait_ms)
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
	struct screen **link = &open_screens;
	int status;

	while (*link && *link != screen)
		link = &(*link)->next;
	if (*link)
		*link = screen->next;
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

void screen_end_all(void)
{
	while (open_screens)
		screen_end(open_screens);
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
