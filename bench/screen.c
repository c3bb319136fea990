#include "bench/screen.h"

#include "bench/kit.h"
#include "model/staff.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_MS 2000 /* until something is drawn */
#define QUIET_MS 150  /* then nothing more is */

void bench_screen_pin(struct console *console)
{
	char hash[STAFF_HASH_SIZE];
	if (!staff_pin_hash("1234", hash) ||
		!db_run(console->cache, "UPDATE staff SET pin_hash = $1", "t", hash))
		bench_give_up("no PIN");
}

/* Reads what the program draws until it draws no more; when the last of it came. */
static double drain(const struct bench_screen *screen, double begin)
{
	char bytes[65536];
	struct pollfd wait = {.fd = screen->terminal, .events = POLLIN};
	double last = begin;
	for (int ms = FIRST_MS; poll(&wait, 1, ms) > 0; ms = QUIET_MS) {
		if (read(screen->terminal, bytes, sizeof bytes) <= 0)
			break;
		last = bench_seconds();
	}
	return last;
}

double bench_screen_type(struct bench_screen *screen, const char *keys)
{
	double begin = bench_seconds();
	if (write(screen->terminal, keys, strlen(keys)) < 0)
		bench_give_up("the program is gone");
	return drain(screen, begin) - begin;
}

static int hold_syncer(const char *home)
{
	char path[BENCH_FOLDER_SIZE + 16];
	snprintf(path, sizeof path, "%s/syncer.lock", home);
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0 || flock(lock, LOCK_EX) != 0)
		bench_give_up("no lock");
	return lock;
}

void bench_screen_open(struct bench_screen *screen, const char *home, int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	screen->lock = hold_syncer(home);
	screen->program = forkpty(&screen->terminal, NULL, NULL, &size);
	if (screen->program == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execl("./countertop", "countertop", "--home", home, (char *)NULL);
		_exit(127);
	}
	drain(screen, 0);
	bench_screen_type(screen, "a\r");
	bench_screen_type(screen, "1234\r");
}

void bench_screen_close(struct bench_screen *screen)
{
	kill(screen->program, SIGKILL);
	waitpid(screen->program, NULL, 0);
	close(screen->terminal);
	close(screen->lock);
}

double bench_screen_mb(const struct bench_screen *screen, const char *name)
{
	char path[64], line[200];
	double kilobytes = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)screen->program);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		if (strncmp(line, name, strlen(name)) == 0)
			kilobytes = strtod(line + strlen(name), NULL);
	if (file)
		fclose(file);
	if (kilobytes == 0)
		bench_give_up("the screen ended");
	return kilobytes / 1024;
}
