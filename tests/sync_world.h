/* A syncer whose HQ is the test: every request stands still until the test answers it, and time is
 * what the test says. */
#ifndef COUNTERTOP_TESTS_SYNC_WORLD_H
#define COUNTERTOP_TESTS_SYNC_WORLD_H

#include "model/console.h"
#include "net/syncer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct sync_world {
	char home[256];
	struct console console;
	struct syncer syncer;
	int64_t now_ms;       /* both clocks */
	int64_t wake_ms;      /* what the last step said */
	uint32_t jitter;      /* what the injected random gives */
	int64_t land_cost_ms; /* the clock moves so much between the looks at it */
	bool silent;          /* no byte moves but those the test counts */
	int changes;          /* how often the screens were poked */
	struct {
		bool asked; /* a request waits for the test's answer */
		bool given;
		bool fresh;    /* over a new connection */
		int64_t bytes; /* came so far, as the test says */
		char path[300], epoch[64], etag[64];
		struct text body;
		struct response response;
	} slots[SLOT_COUNT];
};

/* Enrolled for the store xinyi, nothing pulled. */
void world_open(struct sync_world *world);
void world_close(struct sync_world *world);
/* One step now, or after some time. */
void world_step(struct sync_world *world);
void world_wait(struct sync_world *world, int64_t ms);

/* The request that waits on the lane must be this path (its beginning); answers it and steps. */
void world_answer(struct sync_world *world, enum transport_slot slot, const char *path, int status,
	const char *body);
/* Whatever waits on the lane: answers it with this tag and steps. */
void world_tell(struct sync_world *world, enum transport_slot slot, int status, const char *etag,
	const char *body);
void world_fault(struct sync_world *world, enum transport_slot slot, enum transport_fault fault);
bool world_asks(const struct sync_world *world, enum transport_slot slot);

/* Answers hello and lands one page with a store, a member of staff, a product and its stock, so
 * that commands can be given. */
void world_begin(struct sync_world *world);
/* A page: header, rows (each ended by a newline) and trailer. "sums" are left out. The text lives
 * until the next call. */
const char *world_page(const char *from, const char *to, const char *rows, int count, bool more);
/* Saves the command stocktake.create and steps; its id lives in `id`. */
void world_save(struct sync_world *world, char id[UUID_SIZE]);
/* A verdict line for the id. The text lives until the next call. */
const char *world_verdict(const char *id, const char *status, const char *code);
int world_unsent(struct sync_world *world);
int64_t world_rows(struct sync_world *world, const char *table);

/* The one row of the catalogue that world_begin lands. */
#define WORLD_STORE                                                                \
	"{\"id\":\"xinyi\",\"name\":\"Xinyi\",\"kind\":\"shop\",\"enabled\":true," \
	"\"tz_minutes\":480,\"clerk_receives\":true}"

#define WORLD_HELLO \
	"{\"epoch\":\"e1\",\"time\":\"2026-11-21T08:00:00.000Z\",\"versions\":[\"1\"],\"feeds\":[]}"

#endif
