/* Saves what a damaged outbox.db still holds. */
#ifndef COUNTERTOP_MODEL_CONSOLE_RESCUE_H
#define COUNTERTOP_MODEL_CONSOLE_RESCUE_H

#include <stdbool.h>
#include <stddef.h>

struct console_rescued {
	int rows;         /* commands that could be read, with what is known of them */
	int found;        /* lines found between damaged pages: they are offered to HQ again */
	bool is_enrolled; /* who this terminal is could be read too */
	char kept[64];    /* what the damaged file is called now */
};

/* While nobody else has the home open. Makes outbox.db anew of what can be read and keeps the damaged file
 * beside it; until the new one is whole nothing is changed. False with a sentence if outbox.db is not
 * damaged or the disk does not take a new one. */
bool console_rescue(const char *home, struct console_rescued *rescued, char *error, size_t size);

#endif
