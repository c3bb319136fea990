/* What the files of the kill test share: homes under load, and what they were told is saved. */
#ifndef COUNTERTOP_TESTS_E2E_KILLS_H
#define COUNTERTOP_TESTS_E2E_KILLS_H

#include <stdatomic.h>

#include "model/uuid.h"
#include "tests/e2e_parts.h"

#define KILLS_HOMES 2
#define KILLS_SAVED_MAX 20000
#define KILLS_TEXT 64

/* A number below `below`, by the seed. */
int kills_random(uint64_t *state, int below);

/* ---- `countertop do`, again and again, by a process for each home ---- */

/* What the test says and hears; shared with those processes. */
struct load {
	atomic_bool ends;
	atomic_int steps;               /* starts, words and ends of `do` so far */
	atomic_int wishes[KILLS_HOMES]; /* kill the one that runs, after so many looks; 0: none */
	atomic_int killed;              /* that were */
	atomic_int saved_count;         /* ids in `saved`: what `do` said is saved */
	char saved[KILLS_SAVED_MAX][UUID_SIZE];
};

/* One home and what is done in it. */
struct kills_home {
	struct e2e_home home;
	const char *staff, *pin, *other_store;
	char sheet[KILLS_TEXT], order[KILLS_TEXT]; /* what `do` counts on and receives */
	pid_t worker;
	pid_t syncer; /* that the test started; 0: none */
};

struct load *load_make(void);
void load_free(struct load *load);
/* Makes what `do` works on, while HQ answers. */
void load_prepare(struct kills_home *home);
void load_start(struct load *load, struct kills_home homes[KILLS_HOMES], uint64_t seed);
void load_end(struct load *load, struct kills_home homes[KILLS_HOMES]);
/* `do` with these words, which must be applied; the text of a member of its result. */
void load_do(const struct kills_home *home, const char *member, char text[KILLS_TEXT], ...)
	__attribute__((sentinel));

/* ---- somebody who scans ---- */

enum seat_kind { SEAT_COUNTS, SEAT_RECEIVES };

/* A screen and who sits at it: scans as fast as the screen shows them. */
struct seat {
	enum seat_kind kind;
	const struct kills_home *home;
	struct screen *screen;
	char id[KILLS_TEXT], number[KILLS_TEXT]; /* of the document */
	int typed;     /* scans that the scanner sent, without those that a kill took along */
	int shown;     /* of these, how many the screen has shown: they are saved */
	int submitted; /* of these, how many the document shows (SEAT_RECEIVES) */
	int step;
	int64_t moved_ms; /* when it last went on */
};

/* Makes the document and opens the screen. */
void seat_open(struct seat *seat, enum seat_kind kind, const struct kills_home *home);
/* Looks, and types what comes next. Fails if nothing goes on for long. */
void seat_turn(struct seat *seat, uint64_t *random);
/* Kills the screen and opens another: it must show at least what was shown before. */
void seat_kill(struct seat *seat);
void seat_reopen(struct seat *seat);
/* No more scans: waits until all is shown, sends what is left, closes the screen. */
void seat_finish(struct seat *seat);

/* ---- the end ---- */

/* Everything of design.md §4 that can be seen from outside, once all is sent and pulled. */
void kills_check(const struct load *load, const struct kills_home homes[KILLS_HOMES],
	const struct seat seats[KILLS_HOMES]);

#endif
