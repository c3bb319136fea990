/*
 * What HQ does to tickets from the page of their order: refund a code or the order, block and unblock, split a
 * code into single ones, bind a product to stores. Each is asked about by name, with what will happen; whoever is
 * not HQ sees them with the right that is missing.
 */
#ifndef COUNTERTOP_TUI_TICKET_ADMIN_H
#define COUNTERTOP_TUI_TICKET_ADMIN_H

#include "tui/ticket_lists.h"

struct ticket_admin {
	struct shop *shop;
	const char *order; /* its number */
	const struct ticket_list *(*codes)(
		const void *ctx); /* the list of codes shown now; NULL: none is */
	const void *ctx;

	/* Private: what the open question is about. */
	const char *op;
	char code[COMMAND_ID_MAX + 1];
	char shown[COMMAND_ID_MAX + 1]; /* the code as the person may see it */
	char product[COMMAND_ID_MAX + 1];
	char sold[8];
	int64_t left;      /* units of the code */
	char stores[1024]; /* ids, as the form begins */
	cJSON *list;       /* new codes, or stores */
};

void ticket_admin_free(struct ticket_admin *admin);

/* For key files, context "ticket-admin"; ctx is the struct ticket_admin. */
extern const struct action_table ticket_admin_actions;

#endif
