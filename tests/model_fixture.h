/* A small world for tests of the model: an in-memory database as HQ has it, seeded with
 *
 *   stores    xinyi, ximen (shops), ec (online); UTC+8; clerks may receive
 *   staff     chen clerk and lin manager of xinyi, kiosk ticket clerk of xinyi, wang clerk and huang
 *             manager of ximen, dai manager of ec, ho hq of all three
 *   products  A1 … A9, each 100 on hand at every store; B1 in the catalogue, stocked nowhere
 *
 * Command ids and times are derived from a counter, so a run is the same every time. Any failure
 * here fails the test. In JSON handed to these functions ' stands for ". */
#ifndef COUNTERTOP_TESTS_MODEL_FIXTURE_H
#define COUNTERTOP_TESTS_MODEL_FIXTURE_H

#include "model/command.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define FIXTURE_IDS 256                         /* ids that stay readable after fixture_do */
#define FIXTURE_START_MS INT64_C(1772416800000) /* 2026-03-02T02:00:00Z, 10:00 in the stores */
#define FIXTURE_STEP_MS 1000                    /* between two commands */
#define FIXTURE_MINUTE_MS INT64_C(60000)

struct fixture {
	struct db *db;
	struct world world; /* HQ, and a device of all three stores; a test may change it */
	int64_t now_ms;     /* of the next command; a test may move it */
	int64_t at_ms;      /* the terminal's claim for the next commands; 0: now_ms */
	int made;           /* commands so far */
	bool rehearses;     /* the next commands are undone */
	char ids[FIXTURE_IDS][UUID_SIZE];
};

void fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);
/* For cmocka: *state is a struct fixture that each test gets new. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* Parses and runs one command on a savepoint, kept if it was applied. store may be NULL. The
 * caller frees the verdict with verdict_free. */
struct verdict fixture_run(struct fixture *fixture, const char *op, const char *store,
	const char *actor, const char *data);
/* Runs it, expects it to be applied, and returns its id (readable for FIXTURE_IDS commands). */
const char *fixture_do(struct fixture *fixture, const char *op, const char *store,
	const char *actor, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Runs it and returns the code: "" if applied. */
const char *fixture_try(struct fixture *fixture, const char *op, const char *store,
	const char *actor, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The id of the last command run. */
const char *fixture_last_id(const struct fixture *fixture);

/* The next commands carry a time so many minutes after the start of the fixture. */
void fixture_at_minute(struct fixture *fixture, int64_t minute);

/* One statement without parameters; ' is SQL's own here. */
void fixture_sql(struct fixture *fixture, const char *sql);
/* The number a query of one cell gives; -1 if it gives no row. */
int64_t fixture_int(struct fixture *fixture, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Fails unless the text a query of one cell gives is the expected one; NULL expects none. */
void fixture_expect_text(struct fixture *fixture, const char *expected, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* On hand in thousandths. */
int64_t fixture_on_hand(struct fixture *fixture, const char *store, const char *sku);
/* Sets on hand, in thousandths, without a ledger row; makes the line if need be. */
void fixture_set_on_hand(struct fixture *fixture, const char *store, const char *sku, int64_t qty);

#endif
