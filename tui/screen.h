/*
 * The screen: everything between a terminal and a home that is enrolled. It signs people in, keeps
 * the panes, the status line and the way of a scan. It never speaks to HQ: the program that starts
 * it also starts the syncer, and the two tell each other about changes through `wake` and `saved`.
 */
#ifndef COUNTERTOP_TUI_SCREEN_H
#define COUNTERTOP_TUI_SCREEN_H

#include <stdio.h>

#include "model/console.h"
#include "tui/app.h"

struct screen_options {
	struct console *console; /* open; stays the caller's */
	const char *store;       /* --store, or NULL: the only one, else a person picks */
	const char *keys;        /* --keys, a name or a file; NULL: "default" */
	const char *dump_path;   /* NULL, or a file that gets each frame as text */
	struct app_wake wake;    /* readable when another process changed something; fd -1: none */
	/* Something was saved: tell the syncer and the other screens. May be NULL. */
	void (*saved)(void *ctx);
	void *ctx;
	FILE *err; /* why it could not start, in a sentence, with what to do */
};

/* Every action table of the program, for checking key files (`countertop doctor`). */
extern const struct action_catalog screen_catalog;

/*
 * Runs until the person leaves, the terminal goes away or a signal ends it. APP_END_NO_TERMINAL if
 * it never started: not enrolled, a store that is not this device's, a bad key file, no terminal.
 */
enum app_end screen_run(const struct screen_options *options);

#endif
