/*
 * The screen: everything between a terminal and a home that is enrolled. It signs people in, keeps
 * the panes, the status line and the way of a scan. It never speaks to HQ: the program that starts
 * it also starts the syncer, and the two tell each other about changes through `wake_fd` and `poke`.
 */
#ifndef COUNTERTOP_TUI_SCREEN_H
#define COUNTERTOP_TUI_SCREEN_H

#include "model/console.h"
#include "tui/app.h"

struct screen_options {
	struct console *console; /* open; stays the caller's */
	const char *store;       /* --store, or NULL: the only one, else a person picks */
	const char *keys;        /* --keys, a name or a file; NULL: "default" */
	int wake_fd;             /* readable when another process changed something; -1: none */
	void (*wake_drain)(void *ctx);
	/* Tells the syncer and other screens that something was saved, or that somebody wants HQ tried now. */
	void (*poke)(void *ctx, bool tries_now);
	void (*each_second)(void *ctx); /* may be NULL */
	void *ctx;
	int64_t (*wall_ms)(void); /* the terminal's clock */
	int64_t (*boot_ms)(void); /* CLOCK_BOOTTIME */
};

/* Every action table of the program, for checking key files. */
extern const struct action_catalog screen_catalog;

/*
 * Runs until the person leaves, the terminal goes away or a signal ends it. Returns the exit code: 0,
 * or 1 if it never started (not enrolled, a store that is not this device's, a bad key file, no
 * terminal), which is said on stderr with what to do.
 */
int screen_run(const struct screen_options *options);

#endif
