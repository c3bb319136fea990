/* GET /v1/health and GET /metrics. */
#ifndef COUNTERTOP_HQ_METRICS_H
#define COUNTERTOP_HQ_METRICS_H

#include "hq/core.h"

void metrics_health(struct turn *turn);
void metrics_get(struct turn *turn);

#endif
