/*
 * A server that answers like no HQ should: what a test gives it, byte for byte. A process of its own,
 * gone with the test.
 */
#ifndef COUNTERTOP_TESTS_E2E_FAKE_H
#define COUNTERTOP_TESTS_E2E_FAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/e2e_kit.h"

/* Bodies of answers that are as they should be. */
#define FAKE_ENROLLED "{\"device\":\"d1\",\"token\":\"secret\",\"stores\":[\"xinyi\"]}"
#define FAKE_HELLO \
	"{\"epoch\":\"e1\",\"time\":\"2026-11-21T08:00:00.000Z\",\"versions\":[\"1\"],\"feeds\":[]}"
#define FAKE_ROW(feed, table, key, row)                                              \
	"{\"feed\":\"" feed "\",\"seq\":\"1\",\"table\":\"" table "\",\"key\":[" key \
	"],\"row\":{" row "}}\n"
#define FAKE_PRODUCT(sku, name, more)                                       \
	FAKE_ROW("catalogue", "product", "\"" sku "\"",                     \
		"\"sku\":\"" sku "\",\"name\":\"" name                      \
		"\",\"barcodes\":[],\"category\":\"Here\",\"vendor\":\"\"," \
		"\"price\":0,\"is_virtual\":false,\"threshold\":0,\"backorders\":false" more)
#define FAKE_TRAILER(rows) "{\"end\":true,\"rows\":" rows ",\"more\":false}\n"

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
/*
 * Starts one and enrols a home at it, for the store xinyi; there are the store, the manager chen whose
 * PIN is 1200, and these rows, each on its line. The cursor then is c1.
 */
void fake_enrol(struct fake *fake, struct e2e_home *home, const char *rows);

#endif
