/* The full-screen console. It has no network code: main.c gives it what it needs of it. */
#ifndef COUNTERTOP_TUI_SCREEN_H
#define COUNTERTOP_TUI_SCREEN_H

#include "model/console.h"

struct screen_options {
	struct console *console; /* open; stays the caller's */
	const char *keys;        /* --keys: a name in keymaps/ or a file; NULL: the default */
	const char *store;       /* --store; NULL: the only one, or asked for */
	int wake_fd;             /* readable when another process changed something; -1: none */
	void (*wake_drain)(void *ctx);
	void (*poke)(void *ctx);        /* something was saved here: tell the other processes */
	void (*each_second)(void *ctx); /* keeps a syncer running */
	void *ctx;                      /* for the three above */
	int64_t (*wall_ms)(void);       /* the two clocks console_hq_time asks for */
	int64_t (*boot_ms)(void);
};

/* Runs until the person leaves or the terminal is gone. The exit code: 0, or 1 if the screen could
 * not be opened; the reason was said on stderr. */
int screen_run(const struct screen_options *options);

#endif
