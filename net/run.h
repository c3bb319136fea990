/* The syncer as a process: one per home, kept by a lock file. */
#ifndef COUNTERTOP_NET_RUN_H
#define COUNTERTOP_NET_RUN_H

#include "net/syncer.h"

/* A screen holds this open while it lives: the syncer stays as long as one does. -1 if the disk
 * would not have it. */
int run_screen_enter(const char *home);

/* Does a syncer run for this home? */
bool run_is_running(const char *home);
/* Starts one if none runs: a process of its own that outlives this one and its terminal. */
bool run_start(const char *home);

struct run_progress {
	bool is_whole_copy;
	struct console_progress copied; /* of a whole copy; else only rows is set */
	int unsent;
};
/* Whoever is told how far it is, now and then; each may be NULL. It returns false to end a run_once that
 * has brought what it waited for. */
struct run_watch {
	bool (*each)(void *ctx, const struct run_progress *progress);
	void *ctx;
};

/* The syncer itself: runs until SIGTERM or SIGINT, or, unless it stays, until the outbox is empty and
 * no screen is there. 0 at a clean end, also if another syncer has the home; 1 and a sentence
 * otherwise. */
int run_service(
	const char *home, bool stays, const struct run_watch *watch, char *error, size_t size);

/* `sync --once`: pushes all and pulls all, by the running syncer if there is one. True if both
 * ended or the watch ended it; else a translated reason. */
bool run_once(const char *home, const struct run_watch *watch, char *error, size_t size);

/* True if no screen and no syncer has the home open; until this process ends none can. */
bool run_alone(const char *home);

/* Names this run of the machine, for struct console; NULL if the machine does not say. */
const char *run_boot(void);
/* The machine's clocks, for whoever needs a sync_time or console_hq_time. */
struct sync_time run_now(void);

#endif
