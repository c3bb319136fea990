/* What the screen tests of counting on a sheet have in common. Any failure here fails the test. */
#ifndef COUNTERTOP_TESTS_SHEET_STEPS_H
#define COUNTERTOP_TESTS_SHEET_STEPS_H

#include "tests/screen/shop_fixture.h"

/* A sheet of xinyi that is being counted, at HQ and in the home; `data` as of stocktake.create. Returns its id,
 * valid until the next call. */
const char *sheet_started(struct shop_fixture *f, const char *data);
/* Opens the newest sheet on a screen where somebody is signed in. */
void sheet_show(struct screen *screen);

/* How many commands of one kind with this text in their line the outbox holds. */
int64_t sheet_sent(struct shop_fixture *f, const char *op, const char *part);

#endif
