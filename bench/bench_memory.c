/* Resident memory of a screen over a big store: the real program in a pseudo-terminal, signed in, every pane
 * looked at and products searched. The budget is 16 MB with 1,000,000 products (design, section 5). */
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

#define QUIET_MS 400

/* Reads what the program draws until it draws no more. */
static void drain(int terminal)
{
	char bytes[65536];
	struct pollfd wait = {.fd = terminal, .events = POLLIN};
	while (poll(&wait, 1, QUIET_MS) > 0 && read(terminal, bytes, sizeof bytes) > 0)
		;
}

static void type(int terminal, const char *keys)
{
	if (write(terminal, keys, strlen(keys)) < 0)
		bench_give_up("the program is gone");
	drain(terminal);
}

static double status_mb(pid_t program, const char *name)
{
	char path[64], line[200];
	double kilobytes = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)program);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		if (strncmp(line, name, strlen(name)) == 0)
			kilobytes = strtod(line + strlen(name), NULL);
	if (file)
		fclose(file);
	return kilobytes / 1024;
}

static void make_home(const char *home, int products)
{
	struct console console = {0};
	char hash[STAFF_HASH_SIZE];
	bench_console(&console, home, "http://127.0.0.1:1");
	bench_fill(&console, products);
	if (!staff_pin_hash("1234", hash) ||
		!db_run(console.cache, "UPDATE staff SET pin_hash = $1", "t", hash))
		bench_give_up("no PIN");
	console_close(&console);
}

/* With the syncer's lock held the screen starts none. */
static int hold_syncer(const char *home)
{
	char path[BENCH_FOLDER_SIZE + 16];
	snprintf(path, sizeof path, "%s/syncer.lock", home);
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0 || flock(lock, LOCK_EX) != 0)
		bench_give_up("no lock");
	return lock;
}

int main(void)
{
	static const char *const panes[] = {
		"\033OQ", "\033OR", "\033OS", "\033[15~", "\033[17~", "\033[18~", "\033[19~"};
	char home[BENCH_FOLDER_SIZE];
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	int terminal, products = bench_size(1000000, 100000);
	bench_folder(home);
	make_home(home, products);
	int lock = hold_syncer(home);
	pid_t program = forkpty(&terminal, NULL, NULL, &size);
	if (program == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execl("./countertop", "countertop", "--home", home, (char *)NULL);
		_exit(127);
	}
	drain(terminal);
	type(terminal, "a\r");
	type(terminal, "1234\r");
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
		type(terminal, panes[i]);
		type(terminal, "/green tea");
		type(terminal, "\r");
		type(terminal, "\033[6~\033[6~\033[6~\033[F");
		type(terminal, "\033");
	}
	double resident = status_mb(program, "VmRSS:"), own = status_mb(program, "RssAnon:");
	if (resident == 0)
		bench_give_up("the screen ended");
	printf("a screen over %d products: %.1f MB of its own, the rest are libraries and mapped files\n",
		products, own);
	bench_at_most("resident memory of a screen", resident, 16, " MB");
	kill(program, SIGKILL);
	waitpid(program, NULL, 0);
	close(terminal);
	close(lock);
	bench_sweep(home);
	return 0;
}
