/* For the person who mistyped a name: the one that was probably meant. */
#ifndef COUNTERTOP_MODEL_NEAREST_H
#define COUNTERTOP_MODEL_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *wanted;
	const char *name; /* the nearest so far; NULL while none is near */
	size_t distance;
};
/* Offer every name there is; one is near if at most a third of it, rounded up, differs. */
void nearest_offer(struct nearest *nearest, const char *name);

#endif
