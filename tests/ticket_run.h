/* A run of test_ticket_property, and what HQ's rows must be at any moment of it. */
#ifndef COUNTERTOP_TESTS_TICKET_RUN_H
#define COUNTERTOP_TESTS_TICKET_RUN_H

#include "tests/ticket_acts.h"

#define TICKET_LINES_MAX 6 /* of one request */

struct ticket_sent {
	struct ticket_act *act;
	char *line;
	const char *expected; /* "applied", "replayed" or the code of the refusal */
};

struct ticket_run {
	struct goods_world world;
	struct oracle oracle;
	struct ticket_acts acts;
	unsigned long long seed;
	int step;
	struct ticket_sent sent[TICKET_LINES_MAX];
	int sent_count;
};

/* Fails the test with the words, the seed and the step. */
__attribute__((format(printf, 2, 3), noreturn)) void ticket_run_broken(
	const struct ticket_run *run, const char *format, ...);

/* Tickets, redemptions, exceptions, dossiers and refused scans at HQ are what the oracle says; the units of every
 * code add up by what HQ tells alone. */
void ticket_run_check(struct ticket_run *run);

#endif
