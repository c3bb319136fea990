/* The parameters behind the question mark. */
#ifndef COUNTERTOP_HQ_QUERY_H
#define COUNTERTOP_HQ_QUERY_H

#include "hq/core.h"

/* Reads the raw query. False and a sentence if it cannot be read or a name stands twice. */
bool query_read(struct query *query, const char *raw, char *error, size_t size);
void query_free(struct query *query);

/* NULL if absent. */
const char *query_value(const struct turn *turn, const char *name);

struct query_range {
	int64_t least, most;
};
/* Leaves *number as it is if absent. False and a problem answered if it is no number of the range. */
bool query_int(
	struct turn *turn, const char *name, const struct query_range *range, int64_t *number);

/* Decodes %XX in place; with plus, + is a space. False for a wrong escape, NUL or bad UTF-8. */
bool query_decode(char *text, bool plus);
/* Appends the text with everything but unreserved characters escaped. */
void query_encode(struct text *out, const char *text);

#endif
