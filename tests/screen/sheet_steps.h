/* What the screen tests of counting on a sheet have in common; sheets.h is their HQ's part, on f.hq. Any failure
 * here fails the test. */
#ifndef COUNTERTOP_TESTS_SHEET_STEPS_H
#define COUNTERTOP_TESTS_SHEET_STEPS_H

#include "tests/screen/shop_fixture.h"
#include "tests/sheets.h"

/* A full sheet that is mismatched: A1 3 short of 100, A2 5 over, A3 equal, the others not counted. */
const char *sheet_mismatched(struct shop_fixture *f);
/* The till sells, at HQ: a ledger row and less on hand. */
void sheet_till_sells(struct shop_fixture *f, const char *sku, int qty);

/* Lands what HQ has, starts the program, signs in and opens the newest sheet; rows and cols 0: 24 x 80. */
struct screen *sheet_open(
	struct shop_fixture *f, int rows, int cols, const char *staff, const char *pin);
/* Opens the newest sheet on a screen where somebody is signed in. */
void sheet_show(struct screen *screen);

#endif
