/*
 * What the lists of tickets are narrowed to: a word from the search key, and the form of the advanced search.
 * All that is set must hold. Each list takes of it what its view knows; every view of tickets knows all of it.
 */
#ifndef COUNTERTOP_TUI_TICKET_SEARCH_H
#define COUNTERTOP_TUI_TICKET_SEARCH_H

#include "tui/list_days.h"

#define TICKET_SEARCH_BYTES 128

struct ticket_search {
	char word
		[TICKET_SEARCH_BYTES]; /* part of an order number, a name, a phone or a product; or a code */
	char order[TICKET_SEARCH_BYTES];   /* the beginning of the number */
	char buyer[TICKET_SEARCH_BYTES];   /* part of the name */
	char phone[TICKET_SEARCH_BYTES];   /* part of the number */
	char code[TICKET_SEARCH_BYTES];    /* whole, in its normal form */
	char product[TICKET_SEARCH_BYTES]; /* part of the name */
	struct list_days days;             /* of the order; of a record or a scan its own */

	/* Private. */
	char by[COMMAND_ID_MAX + 1]; /* who set it */
	struct shop *shop;
	void (*changed)(void *ctx);
	void *ctx;
};

/* Nothing is set. changed(ctx) is called whenever something else was asked for; both live as long as the search. */
void ticket_search_init(
	struct ticket_search *search, struct shop *shop, void (*changed)(void *ctx), void *ctx);
bool ticket_search_is_set(const struct ticket_search *search);
/* Sets nothing again; changed is not called. */
void ticket_search_forget(struct ticket_search *search);
/* Sets the filters of a list, or takes them away; then list_restart. */
void ticket_search_where(const struct ticket_search *search, struct source *source);
/* What is shown, in one line, codes and phone numbers as the person may see them; "" if nothing is set. */
void ticket_search_words(const struct ticket_search *search, char *out, size_t size);

/* The form of the advanced search; the word alone. */
void ticket_search_ask(struct ticket_search *search);
void ticket_search_ask_word(struct ticket_search *search);

#endif
