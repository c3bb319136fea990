/* Five stores and their HQ in one process, for tests of goods: real consoles, real syncers and the real core
 * of HQ, over a line that only works while goods_sync or goods_step runs. Two homes are of one store. Files
 * are in memory, time and randomness follow from the seed. Any failure here fails the test.
 *
 * HQ has the stores g0 … g4, in each of them the manager bN and the clerk cN, the products A0 … A4 (20 on hand
 * everywhere) and N0 (stocked nowhere). In JSON handed to these functions ' stands for ". */
#ifndef COUNTERTOP_TESTS_GOODS_WORLD_H
#define COUNTERTOP_TESTS_GOODS_WORLD_H

#include "hq/hq.h"
#include "model/console.h"
#include "net/syncer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define GOODS_STORES 5
#define GOODS_HOMES 6 /* the last one is of the first store too */

struct goods_slot {
	bool busy, answered;
	char *path, *epoch, *etag, *token;
	int64_t began_ms;
	struct response response;
};

struct goods_home {
	struct goods_world *world;
	char store[8], manager[8], clerk[8];
	char folder[300];
	struct console console;
	struct syncer syncer;
	struct goods_slot slots[SLOT_COUNT];
};

struct goods_world {
	uint64_t random;
	int64_t now_ms;
	char folder[256], hq_file[300];
	char token[HQ_SECRET_SIZE]; /* of role hq */
	struct hq *hq;
	struct db *look; /* another connection to HQ's database */
	struct uuid_source ids;
	const char *actor; /* of goods_line */
	int cuts;          /* see goods_step; 0: the line is well, as in goods_sync */
	struct goods_home homes[GOODS_HOMES];
	int home_count; /* 0: only HQ is there */
};

/* Begins anew from the seed; homes: with the consoles, enrolled, all rows there. Quick from the second time on. */
void goods_open(struct goods_world *world, uint64_t seed, bool homes);
void goods_close(struct goods_world *world);
/* A number below, of the seed. */
int goods_draw(struct goods_world *world, int below);

/* HQ as it is now, and again later: for many endings of one beginning. */
struct goods_moment;
struct goods_moment *goods_keep(struct goods_world *world);
void goods_go_back(struct goods_world *world, const struct goods_moment *moment);
void goods_forget(struct goods_moment *moment);

/* Posts lines (each ended by a newline) with the given token; the answer's body, which the caller frees. */
char *goods_post(struct goods_world *world, const char *token, const char *lines);
/* What HQ answers to a GET of everything; the caller frees it. query may be NULL. */
char *goods_get(struct goods_world *world, const char *path, const char *query);
/* A line of world->actor, "office" at first, with a new id, which is written into id; it is the caller's. */
char *goods_line(struct goods_world *world, const char *op, const char *store, const char *data,
	char id[UUID_SIZE]);
/* A command of HQ's people; true if it was applied. id may be NULL. */
bool goods_office(struct goods_world *world, const char *op, const char *store, const char *data,
	char id[UUID_SIZE]);

/* The home's processes end and begin anew; without its cache, if that is lost. */
void goods_restart(struct goods_home *home, bool cache_lost);
/* The home's syncer runs for so many steps and then stands still, with whatever it has under way. With `cuts`
 * one answer of so many, drawn, does not come; HQ has heard the request all the same, or it has not. */
void goods_step(struct goods_home *home, int steps);
/* Pushes and pulls everything. */
void goods_sync(struct goods_home *home);

#endif
