/* Making this home a device of HQ, by a one-time code. */
#ifndef COUNTERTOP_NET_ENROL_H
#define COUNTERTOP_NET_ENROL_H

#include "model/console.h"

/* Asks HQ at url, checks its answer whole, and stores address, token and stores in the outbox. False
 * and a translated sentence if anything is wrong; then nothing was stored. */
bool net_enrol(
	struct console *console, const char *url, const char *code, char *error, size_t size);

#endif
