/* The real console in a pseudo-terminal, over a home that a benchmark has filled. Run in the build folder,
 * where ./countertop is. */
#ifndef COUNTERTOP_BENCH_SCREEN_H
#define COUNTERTOP_BENCH_SCREEN_H

#include "model/console.h"

#include <sys/types.h>

struct bench_screen {
	pid_t program;
	int terminal;
	int lock; /* the syncer's, held so that the screen starts none */
};

/* Gives the staff of the home a PIN, so that bench_screen_open can sign in. */
void bench_screen_pin(struct console *console);
/* Starts the console, signs in as the clerk of kit.h. */
void bench_screen_open(struct bench_screen *screen, const char *home, int rows, int cols);
void bench_screen_close(struct bench_screen *screen);
/* Types, and reads what is drawn until nothing more comes: the seconds until the last of it came, 0 if
 * nothing was drawn. */
double bench_screen_type(struct bench_screen *screen, const char *keys);
/* A figure of /proc/PID/status, as "VmRSS:". */
double bench_screen_mb(const struct bench_screen *screen, const char *name);

#endif
