/* The history of a document as a list: who did what to it, when and on which terminal. */
#ifndef COUNTERTOP_TUI_DOCUMENT_HISTORY_H
#define COUNTERTOP_TUI_DOCUMENT_HISTORY_H

#include "tui/source.h"

struct document_history {
	struct source source;
	struct list list;
};

/* `doc` is the document's id. False when out of memory; it may be freed then. */
bool document_history_init(struct document_history *history, struct shop *shop, const char *doc);
void document_history_free(struct document_history *history);
/* The row under the cursor on a page of its own: a count's figures may be long. */
void document_history_show(struct document_history *history);

#endif
