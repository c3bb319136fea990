/* GET /v1/movements and its like: lists and single documents, read through model/view.h. */
#ifndef COUNTERTOP_HQ_LISTS_H
#define COUNTERTOP_HQ_LISTS_H

#include "hq/core.h"

#define LISTS_LIMIT_MAX 50000

void lists_many(struct turn *turn); /* /v1/<view> */
void lists_one(struct turn *turn);  /* /v1/<view>/<name> */

#endif
