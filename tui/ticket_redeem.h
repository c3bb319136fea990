/* Keying in a code from anywhere. */
#ifndef COUNTERTOP_TUI_TICKET_REDEEM_H
#define COUNTERTOP_TUI_TICKET_REDEEM_H

#include "tui/ticket_record.h"

/* Asks for a code and starts to redeem it. */
void ticket_redeem_key_in(struct shop *shop);

#endif
