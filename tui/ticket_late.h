/*
 * Redemptions whose page was left before HQ had said all about them. What it says then is told on the message line,
 * to whoever sits there; what went wrong with it stands in the inbox besides.
 */
#ifndef COUNTERTOP_TUI_TICKET_LATE_H
#define COUNTERTOP_TUI_TICKET_LATE_H

#include "tui/ticket_asking.h"

#define TICKET_LATE_MAX \
	32 /* the oldest is given up for one more: the records and the inbox have it */

struct ticket_late {
	struct asking askings[TICKET_LATE_MAX]; /* oldest first */
	int count;
};

/* Takes over what is open; the asking is empty afterwards. The page of another screen, or one opened again, may look
 * at the same redemption. */
void ticket_late_keep(struct shop *shop, struct asking *asking);
/* Somebody looks at it again: nothing more is told of it. */
void ticket_late_forget(struct shop *shop, const char *code);
/* Looks at all of them: on every change of the data. */
void ticket_late_look(struct shop *shop);
void ticket_late_free(struct shop *shop);

#endif
