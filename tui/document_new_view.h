/* A new document as the screen shows it: its head, the list of its lines, their sum. */
#ifndef COUNTERTOP_TUI_DOCUMENT_NEW_VIEW_H
#define COUNTERTOP_TUI_DOCUMENT_NEW_VIEW_H

#include "tui/document_new.h"

enum { NEW_SKU, NEW_NAME, NEW_QTY, NEW_STOCK, NEW_MARK, NEW_COLUMNS };

struct document_new_view {
	struct list list;
	struct list_column columns[NEW_COLUMNS];
};

/* The list is of the rows of `new`, which may be opened later. False when out of memory. */
bool document_new_view_init(struct document_new_view *view, struct document_new *new);
void document_new_view_free(struct document_new_view *view);
/* Once its kind is known. */
void document_new_view_start(struct document_new_view *view, const struct document_new *new);

void document_new_view_recalc(struct document_new_view *view, const struct document_new *new,
	const struct layout *layout);
void document_new_view_repaint(
	struct document_new_view *view, const struct document_new *new, const struct rect *area);

#endif
