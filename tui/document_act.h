/*
 * What can be done to a stock document, from a list or from the document itself: one table of keys.
 * Each action says why it may not run, and asks a second time, naming number and quantities.
 */
#ifndef COUNTERTOP_TUI_DOCUMENT_ACT_H
#define COUNTERTOP_TUI_DOCUMENT_ACT_H

#include "tui/document_data.h"
#include "tui/document_tables.h"

struct document_rule;

/* Stands in a pane that shows documents; ctx of document_actions. */
struct document_act {
	struct shop *shop;
	/* The document the keys mean now; NULL if there is none. */
	const struct document_face *(*face)(void *ctx);
	void *ctx;

	/* Private: the question that is open. */
	struct document document;
	const struct document_rule *rule;
	char reason[DOCUMENT_NOTE_BYTES];
};

void document_act_init(struct document_act *act, struct shop *shop,
	const struct document_face *(*face)(void *ctx), void *ctx);
void document_act_free(struct document_act *act);

/* What a document waits for and whom, translated: "信義店 ships it next." "" at its end. */
const char *document_next_step(const struct shop *shop, const struct document_face *face);

#endif
