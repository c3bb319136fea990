/*
 * A redemption that was made at this terminal already: the same scan repeated, by a second press, by a bouncing
 * trigger, after a time-out or after the console broke off, is one redemption and shows as one's own (product.md
 * section 4). The outbox and the cache know it, so it holds for every screen of the home and across restarts.
 */
#ifndef COUNTERTOP_TUI_TICKET_EARLIER_H
#define COUNTERTOP_TUI_TICKET_EARLIER_H

#include "tui/ticket_asking.h"

/* Within this time a code is rather scanned again by mistake than on purpose. */
#define TICKET_EARLIER_MS (INT64_C(2) * 60 * 1000)

/* Opens the newest redemption of the code if it was made here within that time, or if HQ has not answered it yet;
 * an unanswered one goes on as the same command. False if there is none; then nothing was touched. */
bool ticket_earlier_find(struct shop *shop, const char *code, struct asking *asking);

#endif
