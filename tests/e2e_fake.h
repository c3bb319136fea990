/*
 * A server that answers like no HQ should: what a test gives it, byte for byte. A process of its own,
 * gone with the test.
 */
#ifndef COUNTERTOP_TESTS_E2E_FAKE_H
#define COUNTERTOP_TESTS_E2E_FAKE_H

#include <stdbool.h>
#include <stddef.h>

/* The answer to requests whose path begins so; the first that fits counts. */
struct fake_answer {
	const char *path;
	int status;
	const char *type;
	const char *body;
	bool is_cut; /* the connection ends before the length that was announced */
};

struct fake {
	char url[64];
	int listener;
};

/* answers must live as long as the call only. What no answer fits gets 404 and no body. */
void fake_start(struct fake *fake, const struct fake_answer *answers, size_t count);
/* From now on it answers otherwise, at the same address. */
void fake_restart(struct fake *fake, const struct fake_answer *answers, size_t count);
void fake_end(struct fake *fake);

#endif
