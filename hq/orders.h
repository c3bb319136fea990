/* GET /v1/salable and /v1/sources. */
#ifndef COUNTERTOP_HQ_ORDERS_H
#define COUNTERTOP_HQ_ORDERS_H

#include "hq/core.h"

/* What a channel may still promise of a SKU: one object; salable is null where there is no limit. */
void orders_salable(struct turn *turn);
/* Where the outstanding units of an order could be shipped from; store null: nowhere. */
void orders_sources(struct turn *turn);

#endif
