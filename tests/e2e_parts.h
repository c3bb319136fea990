/* What the files of the end-to-end kit share. */
#ifndef COUNTERTOP_TESTS_E2E_PARTS_H
#define COUNTERTOP_TESTS_E2E_PARTS_H

#include "tests/e2e_kit.h"

/* Starts the process that cleans up once this one is gone or says so; makes the folder. */
void e2e_keeper_start(char folder[E2E_PATH_BYTES]);
/* All processes that name the folder end, and the folder goes. */
void e2e_keeper_end(void);

/* Sends the signal (0: none) to every process that has both words on its command line; how many. */
int e2e_signal_all(const char *word, const char *other, int signal);
/* The process that holds a lock on a file of the home, as the kernel says; 0 if none does. */
int e2e_lock_holder(const char *home, const char *name);
/* For a child that runs on: the world is not kept for its sake. */
void e2e_keeper_leave(void);

/* Called while something is waited for. */
void e2e_pump(void);

/* The secret of a service with every right. */
const char *e2e_token(void);

#endif
