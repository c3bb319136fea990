/* Times are milliseconds since 1970 UTC. Nothing here reads a clock. */
#ifndef COUNTERTOP_MODEL_WHEN_H
#define COUNTERTOP_MODEL_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WHEN_SIZE 32

/* "2026-11-21T07:25:41.123Z" into out[WHEN_SIZE]. */
void when_format(int64_t ms, char *out);
/* Reads RFC 3339 with any offset. False if it is not a time. */
bool when_parse(const char *text, int64_t *ms);

/* The local day "2026-11-21" and time "15:31", tz in minutes east of UTC. */
void when_local_date(int64_t ms, int64_t tz_minutes, char *out);
void when_local_time(int64_t ms, int64_t tz_minutes, char *out);
/* "20261121-1531", for document numbers. */
void when_local_stamp(int64_t ms, int64_t tz_minutes, char *out);
/* The first instant of a local day "2026-11-21"; false if it is not a date. */
bool when_day_start(const char *date, int64_t tz_minutes, int64_t *ms);
bool when_is_date(const char *date);

#endif
