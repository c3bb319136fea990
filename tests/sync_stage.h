/* Real processes for tests of sync: countertop and countertop-hq of the build tree, each test in a
 * folder of its own. Every wait is for a condition and has an end; everything that was started is
 * ended by stage_close. */
#ifndef COUNTERTOP_TESTS_SYNC_STAGE_H
#define COUNTERTOP_TESTS_SYNC_STAGE_H

#include "model/console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>
#include <cmocka.h>

#define STAGE_PROCESSES_MAX 32
#define STAGE_WAIT_MS 60000 /* at most, for anything: slow machines and sanitizers */
#define STAGE_PIN "2468"
#define STAGE_STAFF "lin"

struct stage {
	char folder[200];
	char home[220];
	char db[240]; /* sqlite:… */
	char hq_file[220];
	char url[64];   /* of HQ, once it ran */
	char token[80]; /* of a service with the role hq */
	pid_t hq;       /* 0: it does not run */
	pid_t processes[STAGE_PROCESSES_MAX];
	char out[65536]; /* of the last stage_run */
	char err[8192];
};

/* A folder, an HQ with stores, staff, products and stock that has been started, and a home enrolled
 * for the store xinyi that has pulled everything. */
void stage_open(struct stage *stage);
void stage_close(struct stage *stage);

/* Starts HQ; on the port it had before, if it ran before. */
void stage_start_hq(struct stage *stage);
void stage_stop_hq(struct stage *stage, int signal);

/* Runs countertop with these words (NULL at the end) and --home; returns its exit code. */
int stage_run(struct stage *stage, ...);
/* The same in the background. */
pid_t stage_spawn(struct stage *stage, ...);
/* Waits for its end; the exit code, or 128 + signal. */
int stage_end(struct stage *stage, pid_t process);
bool stage_lives(pid_t process);

/* Calls `holds` until it is true; fails the test if that takes too long. */
void stage_until(bool (*holds)(void *ctx), void *ctx);
/* The number a query of HQ's database gives. */
int64_t stage_hq_int(struct stage *stage, const char *sql);
/* Opens the home as another process would. */
void stage_console(struct stage *stage, struct console *console);
int stage_unsent(struct stage *stage);

/* A code for another home of this store. */
void stage_code(struct stage *stage, const char *store, char code[64]);
/* Makes and starts a sheet, by HQ; its id. */
void stage_sheet(struct stage *stage, char id[UUID_SIZE]);
/* Counts one piece through the model, as a screen does; the id. */
void stage_count(
	struct stage *stage, struct console *console, const char *sheet, char id[UUID_SIZE]);

#endif
