/* What the screen tests of counting on a sheet have in common. Any failure here fails the test. */
#ifndef COUNTERTOP_TESTS_SHEET_STEPS_H
#define COUNTERTOP_TESTS_SHEET_STEPS_H

#include "tests/screen/shop_fixture.h"

/* A sheet of xinyi that is being counted, at HQ and in the home; `data` as of stocktake.create. Returns its id,
 * valid until the next call. */
const char *sheet_started(struct shop_fixture *f, const char *data);
/* The same at HQ only; the id is the fixture's, which keeps it. */
const char *sheet_begun(struct shop_fixture *f, const char *data);
/* A clerk's typed quantity, and the end of the count by the manager, at HQ. */
void sheet_count(struct shop_fixture *f, const char *sheet, const char *sku, int qty);
void sheet_finish(struct shop_fixture *f, const char *sheet);
/* A full sheet that is mismatched: A1 3 short of 100, A2 5 over, A3 equal, the others not counted. */
const char *sheet_mismatched(struct shop_fixture *f);
/* The till sells, at HQ: a ledger row and less on hand. */
void sheet_sell(struct shop_fixture *f, const char *sku, int qty);
/* Lands what HQ has, starts the program, signs the manager in and opens the newest sheet. */
struct screen *sheet_open(struct shop_fixture *f, int rows, int cols);

/* Opens the newest sheet on a screen where somebody is signed in. */
void sheet_show(struct screen *screen);

/* How many commands of one kind with this text in their line the outbox holds. */
int64_t sheet_sent(struct shop_fixture *f, const char *op, const char *part);

#endif
