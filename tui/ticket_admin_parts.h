/* What HQ does to tickets; shared by ticket_admin.c and ticket_admin_bind.c alone. */
#ifndef COUNTERTOP_TUI_TICKET_ADMIN_PARTS_H
#define COUNTERTOP_TUI_TICKET_ADMIN_PARTS_H

#include "tui/ticket_admin.h"

/* What was typed with blanks or commas between, as a list; the caller deletes it. */
cJSON *ticket_admin_words(const char *typed);
/* Rehearses admin->op; NULL, or why it would be refused, until the next call. *tickets gets how many it changes;
 * tickets may be NULL. */
const char *ticket_admin_why_refused(struct ticket_admin *admin, cJSON *data, int64_t *tickets);

/* Asks for the stores of admin->product, whose name this is. */
void ticket_admin_bind(struct ticket_admin *admin, const char *name);

#endif
