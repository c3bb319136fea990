/* A proxy on loopback between consoles and HQ that spoils what passes, as bad lines, bad networks and
 * bad servers do: a thread of the test, with one poll. What it may do to a request and to its answer
 * stands in the table of fault_proxy_table.c; each fault has a name.
 *
 * One request a connection to HQ; consoles keep theirs open. One proxy at a time is enough. */
#ifndef COUNTERTOP_TESTS_FAULT_PROXY_H
#define COUNTERTOP_TESTS_FAULT_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#define PROXY_ALWAYS (-1)

struct proxy;

/* At a free port in front of HQ at `hq`, http://127.0.0.1:PORT. It passes everything. */
struct proxy *proxy_start(const char *hq);
void proxy_end(struct proxy *proxy);
const char *proxy_url(const struct proxy *proxy);

/* The next `times` requests whose path begins so meet this fault; the others pass. An order replaces
 * the one before. */
void proxy_order(struct proxy *proxy, const char *fault, const char *path, int times);
/* How long the fault "delay" holds an answer back, also one that is held now: 200 ms unless told. */
void proxy_delay(struct proxy *proxy, int64_t delay_ms);
/* Of a hundred requests so many meet a fault, drawn by the seed; what would hang ends soon. */
void proxy_storm(struct proxy *proxy, uint64_t seed, int percent);
/* The next requests pass; what is under way goes on. */
void proxy_calm(struct proxy *proxy);
/* Calm; what hangs is cut, and requests that were held back have reached HQ when this returns. */
void proxy_peace(struct proxy *proxy);

/* How many requests it was asked whose path begins so, and how many faults it committed. */
int proxy_requests(struct proxy *proxy, const char *path);
int proxy_faults(struct proxy *proxy);

/* The name of fault `n`, NULL behind the last. */
const char *proxy_fault_name(int n);

#endif
