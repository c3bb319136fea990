/* What a console follows: GET /v1/hello, /v1/heads and /v1/changes. */
#ifndef COUNTERTOP_HQ_CHANGES_H
#define COUNTERTOP_HQ_CHANGES_H

#include "hq/core.h"

#define CHANGES_ROWS 1000 /* of a page, where `limit` does not say */
#define CHANGES_ROWS_MAX 10000
#define CHANGES_BYTES ((size_t)8 * 1024 * 1024) /* a page ends behind the row that passes this */

void changes_hello(struct turn *turn);
void changes_heads(struct turn *turn);
void changes_get(struct turn *turn);

#endif
