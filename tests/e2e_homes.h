/* What the tests of broken homes share: goods found on a shelf, one piece a command, so that HQ's stock
 * says at once whether something saved was lost or came twice. */
#ifndef COUNTERTOP_TESTS_E2E_HOMES_H
#define COUNTERTOP_TESTS_E2E_HOMES_H

#include "tests/e2e_parts.h"

struct shelf {
	double before; /* pieces at HQ when it was opened */
	int saved;     /* pieces that some home called saved since */
};

void shelf_open(struct shelf *shelf);
/* One more piece is found, by `do` of this home: the exit code. Queued or applied is saved. */
int shelf_find(struct shelf *shelf, const struct e2e_home *home);
/* The same, so many times; each must be saved. */
void shelf_find_some(struct shelf *shelf, const struct e2e_home *home, int count);
/* HQ has every piece that was saved, and no other. */
void shelf_expect_all(const struct shelf *shelf);

/* `sync --once` must end with this code. */
void home_sync(const struct e2e_home *home, int code);
/* What the last program of this home said on stderr. */
const char *home_said(void);
/* Fails if it did not say this. */
void home_expect_said(const char *words);
/* `doctor`: its exit code, and what it must say. */
void home_expect_doctor(const struct e2e_home *home, int code, const char *words);
/* Ends the syncer of a home, if one runs. */
void home_end_syncer(const struct e2e_home *home);

/* ---- files of a home ---- */

void home_file(char path[E2E_PATH_BYTES], const struct e2e_home *home, const char *name);
/* Overwrites a file, or a part of it, with noise; makes it if it is not there. */
void home_spoil(const struct e2e_home *home, const char *name, long from, long bytes);
void home_truncate(const struct e2e_home *home, const char *name, long bytes);
void home_remove(const struct e2e_home *home, const char *name);
/* Removes the cache with all that stands beside it. */
void home_remove_cache(const struct e2e_home *home);
/* Copies a file of one home to another; false if there is none. */
bool home_copy_file(const struct e2e_home *from, const struct e2e_home *to, const char *name);
/* A new folder with a copy of all databases of the home. */
void home_copy(const struct e2e_home *from, struct e2e_home *to, const char *name);
/* A number that any change of the file changes. */
uint64_t home_print(const struct e2e_home *home, const char *name);

/* No file of the process may grow beyond so many bytes from now on; 0: any may. A full disk is like
 * that for it. Takes hold of what it starts too; tests of it must catch SIGXFSZ. */
void homes_limit(pid_t process, long bytes);

#endif
