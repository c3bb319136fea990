#include "model/uuid.h"

#include <stdio.h>
#include <string.h>

void uuid_make(
	struct uuid_source *source, int64_t now_ms, const uint8_t random[10], char out[UUID_SIZE])
{
	if (now_ms > source->last_ms) {
		source->last_ms = now_ms;
		source->counter = random[0] &
			0x3f; /* small, so that a burst has room to count up */
	} else if (++source->counter > 0xfff) {
		source->last_ms++;
		source->counter = 0;
	}
	uint64_t ms = (uint64_t)source->last_ms & UINT64_C(0xffffffffffff);
	snprintf(out, UUID_SIZE, "%08x-%04x-7%03x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		(unsigned)(ms >> 16), (unsigned)(ms & 0xffff), source->counter,
		(random[2] & 0x3f) | 0x80, random[3], random[4], random[5], random[6], random[7],
		random[8], random[9]);
}

bool uuid_valid(const char *id)
{
	if (strlen(id) != UUID_SIZE - 1)
		return false;
	for (int i = 0; i < UUID_SIZE - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? id[i] != '-' : !strchr("0123456789abcdef", id[i]))
			return false;
	}
	return id[14] == '7' && strchr("89ab", id[19]);
}
