/*
 * A home for the real program, filled without any HQ process: an in-memory HQ (model_fixture.h) runs
 * commands, and its rows are staged and landed in the home's cache as the syncer would do it.
 *
 *     store     xinyi 信義店 (the home's), and ximen, ec on the other side
 *     staff     chen 陳小美, clerk, PIN 1111; lin 林店長, manager, PIN 2222
 *     products  A1 烏龍茶 Oolong tea (barcode SHOP_BARCODE), A2 … A9, each 100 on hand; B1 stocked nowhere
 *
 * The fixture holds the lock of the syncer, so that the program starts none: nothing is sent, and no
 * process is left behind. Any failure here fails the test.
 */
#ifndef COUNTERTOP_TESTS_SHOP_FIXTURE_H
#define COUNTERTOP_TESTS_SHOP_FIXTURE_H

#include "model/console.h"
#include "tests/model_fixture.h"
#include "tests/screen/screen.h"

#define SHOP_BARCODE "4710088412348"
#define SHOP_CLERK "chen", "1111"
#define SHOP_MANAGER "lin", "2222"

struct shop_fixture {
	struct fixture hq;
	struct console console; /* open on the home, as the syncer would have it */
	char home[256];
	int seq;
	int lock;
};

/* Enrolled for the stores named (ends in NULL), nothing landed: the first sync has not come. */
void shop_fixture_open_bare(struct shop_fixture *f, const char *const *stores);
/* Enrolled for xinyi, and HQ's rows are there. */
void shop_fixture_open(struct shop_fixture *f);
void shop_fixture_close(struct shop_fixture *f);
/* For cmocka: *state is a struct shop_fixture that each test gets new. */
int shop_fixture_set_up(void **state);
int shop_fixture_tear_down(void **state);

/* A command at HQ, of any store; applied. ' stands for a quotation mark. Returns the command's id,
 * which is the id of a document it makes. It is in the home after shop_fixture_land. */
const char *shop_fixture_do(struct shop_fixture *f, const char *op, const char *store,
	const char *actor, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* All rows of HQ that the home follows become visible there, as after a pull. */
void shop_fixture_land(struct shop_fixture *f);

/* The newest command of the home's outbox, by its id; "" if there is none. */
const char *shop_fixture_last_sent(struct shop_fixture *f);
/* HQ's verdict for a command of the outbox: "applied", "rejected" or "parked", and its code. */
void shop_fixture_answer(
	struct shop_fixture *f, const char *id, const char *status, const char *code);
/* Runs every waiting command of the outbox at HQ, in order, answers each, and lands the outcome. */
void shop_fixture_sync(struct shop_fixture *f);
/* How many commands of one kind with this text in their line the outbox holds; "": with any. */
int64_t shop_fixture_sent(struct shop_fixture *f, const char *op, const char *part);
/* One of them at least. */
void shop_fixture_expect_sent(struct shop_fixture *f, const char *op, const char *part);
/* How many commands wait in the outbox. */
int shop_fixture_unsent(struct shop_fixture *f);

/* Starts the real program on the home; `language` "en" or "zh_TW"; rows and cols 0: 24 x 80. */
struct screen *shop_fixture_start(struct shop_fixture *f, int rows, int cols, const char *language);
/* The same, past the sign-in: SHOP_CLERK or SHOP_MANAGER. */
struct screen *shop_fixture_start_as(struct shop_fixture *f, const char *staff, const char *pin);
void shop_fixture_sign_in(struct screen *screen, const char *staff, const char *pin);
/* Leaves the program and says yes if it asks. */
void shop_fixture_quit(struct screen *screen);

#endif
