/*
 * The real programs together: an HQ with the demo data, homes enrolled at it, consoles in
 * pseudo-terminals. One world at a time.
 *
 * Nothing here sleeps: every wait has a condition and a deadline, and meanwhile the screens are read,
 * so that no console blocks on a full terminal. What fails says why and fails the cmocka test. Every
 * process and file of the world is gone at the end, however the test ends: a keeper outlives it.
 */
#ifndef COUNTERTOP_TESTS_E2E_KIT_H
#define COUNTERTOP_TESTS_E2E_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "tests/screen/screen.h"

#define E2E_PATH_BYTES 512
#define E2E_OUTPUT_BYTES 65536
#define E2E_DEADLINE_MS 20000
#define E2E_WORDS_MAX 32

/* For cmocka_unit_test_setup_teardown: a fresh world, its HQ serving the demo data. */
int e2e_set_up(void **state);
int e2e_tear_down(void **state);
#define e2e_test(test) cmocka_unit_test_setup_teardown(test, e2e_set_up, e2e_tear_down)
/* Only an empty folder, without an HQ. */
int e2e_set_up_folder(void **state);
#define e2e_folder_test(test) \
	cmocka_unit_test_setup_teardown(test, e2e_set_up_folder, e2e_tear_down)

/* ---- programs ---- */

struct e2e_output {
	int code; /* of the exit, or minus the signal */
	char out[E2E_OUTPUT_BYTES];
	char err[E2E_OUTPUT_BYTES];
};

/* The folder of the world, and a path in it. */
const char *e2e_folder(void);
/* Writes a text into a new file of the folder. */
void e2e_write(const char *name, const char *text);
void e2e_path(char path[E2E_PATH_BYTES], const char *name);
/* Where the program is that was built: "countertop" or "countertop-hq". */
void e2e_program(char path[E2E_PATH_BYTES], const char *name);
/* Runs a program to its end; the words end in NULL. */
void e2e_run(struct e2e_output *output, const char *program, ...) __attribute__((sentinel));
/* Milliseconds of a clock that never goes back. */
int64_t e2e_now_ms(void);

/* ---- HQ ---- */

/* What it says behind its address and on its error output is in hq.out and hq.log once it has ended. */
void e2e_hq_start(void); /* at the same address each time */
void e2e_hq_stop(void);  /* as an administrator ends it */
void e2e_hq_kill(void);  /* as the power does */
const char *e2e_hq_url(void);
pid_t e2e_hq_pid(void);

/* GET; the answer as JSON, NULL if HQ has no such thing. The caller deletes it. */
cJSON *e2e_get(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* GET with somebody else's secret: the answer as it came. The caller frees it. */
char *e2e_body(const char *secret, const char *path);
/* The same, whatever the status is. */
char *e2e_answer(const char *secret, const char *path, long *status);
/* Posts lines as they are, with every right; the answer as it came. The caller frees it. */
char *e2e_post(const char *lines);
/* A command with every right; it must be applied. Its id is valid until the next call. */
const char *e2e_command(const char *store, const char *op, const char *data);

/* Commands of the hq by the hundred: data of number `i` is written by each. They must all be applied. */
void e2e_commands(
	const char *store, const char *op, int count, void (*each)(int i, char *data, size_t size));

/* Is it so? For waits. */
typedef bool e2e_condition(void *ctx);
/* Reads the screens until it is so; fails with `what` when the deadline passes. Returns the time it took. */
int64_t e2e_wait(e2e_condition *condition, void *ctx, const char *what);

struct e2e_stock {
	double on_hand, in_transit_in, in_transit_out, damaged;
};
struct e2e_stock e2e_stock_of(const char *store, const char *sku);
/* Waits until HQ's figures are these. */
void e2e_expect_stock(const char *store, const char *sku, const struct e2e_stock *expected);
/* The text of a member of one document at HQ, "" if there is none; valid until the next call. */
const char *e2e_field(const char *kind, const char *id, const char *member);
/* Waits until a member has this text at HQ. */
void e2e_expect_field(const char *kind, const char *id, const char *member, const char *expected);

/* ---- homes ---- */

struct e2e_home {
	char path[E2E_PATH_BYTES];
	char store[32];
};

/* A home enrolled for the store, with all its rows. */
void e2e_enrol(struct e2e_home *home, const char *store);
/* The same, with another address for HQ: what stands in between sees everything. */
void e2e_enrol_at(struct e2e_home *home, const char *store, const char *url);
/* `countertop` in this home: ends in NULL. */
void e2e_countertop(struct e2e_output *output, const struct e2e_home *home, ...)
	__attribute__((sentinel));
/* The same at the same time as others: e2e_join waits for its end. */
struct e2e_job {
	int number; /* of the files it writes; 0: of a program that runs alone */
	pid_t pid;
};
void e2e_begin(struct e2e_job *job, const struct e2e_home *home, ...) __attribute__((sentinel));
void e2e_join(struct e2e_output *output, const struct e2e_job *job);
/* `countertop show KIND WORD… --json` of a home; the caller deletes it. */
cJSON *e2e_show(const struct e2e_home *home, const char *kind, const char *filter);
/* A number out of the home's outbox. */
int64_t e2e_outbox(const struct e2e_home *home, const char *sql);
/* How many commands wait there. */
int e2e_unsent(const struct e2e_home *home);

/* Cuts the home's line to HQ, and mends it: its syncer stands still meanwhile. */
void e2e_line_down(const struct e2e_home *home);
void e2e_line_up(const struct e2e_home *home);

/* ---- screens ---- */

struct e2e_look {
	int rows, cols;       /* 0: 24 by 80 */
	const char *term;     /* NULL: xterm-256color */
	const char *language; /* NULL: English */
	const char *keys;     /* --keys; NULL: none */
};

/* The console of a home; look may be NULL. */
struct screen *e2e_console(const struct e2e_home *home, const struct e2e_look *look);
/* As somebody of the demo's staff; chooses nothing else. */
void e2e_sign_in(struct screen *screen, const char *staff);
/* Both together, in English at 80 by 24. */
struct screen *e2e_console_of(const struct e2e_home *home, const char *staff);
void e2e_close(struct screen *screen); /* ends it as a closed terminal does */
void e2e_kill(struct screen *screen);  /* SIGKILL */
/* Waits for a text without touching a key; says how long it took. */
int64_t e2e_follow(struct screen *screen, const char *text);

#endif
