/* The console's command line, run in this process: a home with a cache, a syncer that answers as told,
 * and what was printed. */
#ifndef COUNTERTOP_TESTS_CLI_DESK_H
#define COUNTERTOP_TESTS_CLI_DESK_H

#include "tests/sync_world.h"
#include "tui/cli.h"

struct desk {
	struct sync_world world;
	struct cli cli;
	char folder[200]; /* for files */
	char *out, *err;  /* what the last run printed */
	size_t out_size, err_size;
	const char *answer; /* the verdict HQ gives when asked to sync; NULL: the line is down */
	int saves;
};

/* Of cmocka: makes the desk, with lin of xinyi signed in by PIN, and removes it. */
int desk_open(void **state);
int desk_close(void **state);

/* Runs the verb with words separated by single blanks. */
enum cli_exit desk_run(struct desk *desk, enum cli_exit (*verb)(struct cli *, int, char *const *),
	const char *words);
/* The same with the words made by a format. */
enum cli_exit desk_runf(struct desk *desk, enum cli_exit (*verb)(struct cli *, int, char *const *),
	const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A member of the JSON object that was printed; "(none)" if it has none. */
const char *desk_member(struct desk *desk, const char *name);

#endif
