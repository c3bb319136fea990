/* The routes HQ serves. */
#ifndef COUNTERTOP_HQ_HANDLE_H
#define COUNTERTOP_HQ_HANDLE_H

#include "hq/core.h"

enum route_flag {
	ROUTE_OPEN = 1,      /* asked without a token */
	ROUTE_ANY_EPOCH = 2, /* the header Epoch is not judged */
	ROUTE_FILTERS = 4,   /* the parameters are the filters of a view */
	ROUTE_TOGETHER = 8,  /* requests that are ready at one time share a transaction */
	ROUTE_TICKETS =
		16 /* a token of the role ticket_clerk may ask it, and nothing without this */
};

struct route {
	const char *method;
	const char *path; /* ends in * where a name stands in its place */
	unsigned flags;
	void (*serve)(struct turn *turn);
	const char *params; /* names separated by spaces */
};

const struct route *route_all(int *count);

#endif
