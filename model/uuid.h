/* UUIDv7 (RFC 9562) that stays monotonic within a source when the clock steps back. */
#ifndef COUNTERTOP_MODEL_UUID_H
#define COUNTERTOP_MODEL_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UUID_SIZE 37

struct uuid_source {
	int64_t last_ms;
	unsigned counter; /* 12 bits within one millisecond */
};

/* random: ten fresh random bytes. */
void uuid_make(
	struct uuid_source *source, int64_t now_ms, const uint8_t random[10], char out[UUID_SIZE]);
/* Lower-case UUID of version 7? */
bool uuid_valid(const char *id);

#endif
