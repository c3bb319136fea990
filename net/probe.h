/* What `countertop doctor` asks of the network: one question to HQ, and whether a syncer runs. Changes
 * nothing here or there. */
#ifndef COUNTERTOP_NET_PROBE_H
#define COUNTERTOP_NET_PROBE_H

#include "net/trouble.h"

#include <stdbool.h>
#include <stdint.h>

struct probe {
	bool reached;      /* something that looks like HQ answered */
	bool let_in;       /* it took the token */
	bool read;         /* its answer could be read; what follows is set */
	bool speaks;       /* NET_API_VERSION is among its versions */
	char versions[80]; /* of its contract, as HQ says them */
	int64_t ahead_ms;  /* HQ's clock before this machine's; negative: behind it */
	int64_t took_ms;
	char trouble[TROUBLE_SIZE]; /* translated; "" if all is well */
};

/* Asks HQ at url for hello; waits at most some seconds. */
void probe_hq(const char *url, const char *token, struct probe *probe);

/* Does a syncer hold this home? Unlike run_is_running it makes no file. */
bool probe_syncer(const char *home);

#endif
