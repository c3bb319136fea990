/* Lines of newline-delimited JSON, and the bytes of one member as they were sent. */
#ifndef COUNTERTOP_NET_NDJSON_H
#define COUNTERTOP_NET_NDJSON_H

#include <stdbool.h>
#include <stddef.h>

struct ndjson {
	const char *at;
	size_t left;
};

struct span {
	const char *bytes;
	size_t length;
};

/* The next line that is not empty, without its newline; false at the end. */
bool ndjson_next(struct ndjson *lines, struct span *line);

/* The value of a member of the object in `line`, which must be valid JSON (json_parse took it).
 * The sums of a feed are made of these bytes, so they must not be printed anew. False if absent. */
bool ndjson_member(struct span line, const char *name, struct span *value);

#endif
