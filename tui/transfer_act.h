/*
 * What can be done to a transfer order, from a list or from the order itself: one table of keys. Each
 * action says why it may not run, and asks a second time, naming number and quantities.
 */
#ifndef COUNTERTOP_TUI_TRANSFER_ACT_H
#define COUNTERTOP_TUI_TRANSFER_ACT_H

#include "tui/document_tables.h"
#include "tui/transfer_data.h"

struct transfer_rule;

/* Stands in a pane that shows transfer orders; ctx of transfer_actions. */
struct transfer_act {
	struct shop *shop;
	/* The order the keys mean now; NULL if there is none. */
	const struct transfer_face *(*face)(void *ctx);
	void *ctx;

	/* Private: the question that is open. */
	struct transfer transfer;
	const struct transfer_rule *rule;
	char reason[DOCUMENT_NOTE_BYTES];
};

void transfer_act_init(struct transfer_act *act, struct shop *shop,
	const struct transfer_face *(*face)(void *ctx), void *ctx);
void transfer_act_free(struct transfer_act *act);

/* "TR-…\n信義店 to 西門\n", appended: the head of each question. */
void transfer_add_head(const struct transfer *transfer, struct text *text);
/* "A1 ×5, but only 4 available.", appended on a line of its own, if the source has less than this; only of
 * the first few: *shown counts them. Agreeing to more than there is is allowed, since goods may come in
 * before they are shipped; but it is told. */
void transfer_add_lack(
	struct text *text, size_t *shown, const struct transfer_line *line, int64_t qty_milli);

#endif
