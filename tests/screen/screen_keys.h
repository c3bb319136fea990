/*
 * The bytes a terminal sends for a key.
 */
#ifndef COUNTERTOP_TESTS_SCREEN_KEYS_H
#define COUNTERTOP_TESTS_SCREEN_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#define SCREEN_KEY_BYTES 16

/*
 * Reads one key as key files write it and gives the bytes TERM=term sends for it. Returns how much
 * of `keys` it took, 0 if there is no such key.
 */
size_t screen_key_bytes(
	const char *term, const char *keys, char bytes[SCREEN_KEY_BYTES], bool *is_named);

#endif
