/* GET /v1/movements and its like: lists and single documents, read through model/view.h. */
#ifndef COUNTERTOP_HQ_LISTS_H
#define COUNTERTOP_HQ_LISTS_H

#include "hq/core.h"

#define LISTS_LIMIT_MAX 50000

void lists_many(struct turn *turn); /* /v1/<view> */
void lists_one(struct turn *turn);  /* /v1/<view>/<name> */
/* What a channel may still promise of a SKU: one object; salable is null where there is no limit. */
void lists_salable(struct turn *turn);

#endif
