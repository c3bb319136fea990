/*
 * What a ticket clerk may look at (product.md §4): "ticket clerks who may only list and redeem". It is the
 * list of the few pages that are about tickets, so that every page that is added is closed to them unless it
 * is put here. What a command needs stands in command.def.
 */
#include <string.h>

#include "tui/pane.h"
#include "tui/screen_parts.h"

static const char *const ticket_pages[] = {
	"tickets", "ticket-order", "redeem", "ticket-page", "dossier", "dossiers", "explained",
	"inbox", /* of it only what is about tickets */
};

const char *screen_why_hidden(void *ctx, const struct pane_ops *ops)
{
	const struct screen *screen = ctx;

	if (screen->shop.role == ROLE_NONE)
		return NULL; /* the sign-in lies over everything */
	for (size_t i = 0; i < sizeof(ticket_pages) / sizeof(ticket_pages[0]); i++)
		if (strcmp(ticket_pages[i], ops->context) == 0)
			return NULL;
	return shop_needs(&screen->shop, ROLE_CLERK);
}
