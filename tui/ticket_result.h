/*
 * What a person reads and hears before and after asking HQ for a redemption: each result has a word, a
 * colour and a sound of its own (product.md section 4).
 */
#ifndef COUNTERTOP_TUI_TICKET_RESULT_H
#define COUNTERTOP_TUI_TICKET_RESULT_H

#include "tui/ticket_asking.h"
#include "tui/ticket_facts.h"
#include "tui/ticket_page.h"

struct ticket_headline {
	const char *words; /* translated */
	enum role role;
	enum app_signal_kind signal;
};

/* Of a refusal's code; an unknown one is shown as HQ gave it. */
struct ticket_headline ticket_headline_of(const char *code);
struct ticket_headline ticket_headline(const struct asking *asking);

/* Before asking: what the cache already holds against it, and what happens if HQ does not answer. */
void ticket_result_warn(
	const struct shop *shop, const struct ticket_facts *facts, struct ticket_page *page);
/* After asking: what happened, what was not checked, what to do now. */
void ticket_result_explain(const struct shop *shop, const struct asking *asking,
	const struct ticket_facts *facts, struct ticket_page *page);
void ticket_result_malformed(struct ticket_page *page);
/* The ticket itself and its earlier uses, which come first where they are the reason. */
void ticket_result_facts(const struct shop *shop, const struct asking *asking,
	const struct ticket_facts *facts, struct ticket_page *page);

/* The smaller quantity that may be offered after a refusal; 0 if there is none. */
int64_t ticket_result_rest(const struct asking *asking, const struct ticket_facts *facts);

#endif
