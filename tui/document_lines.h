/*
 * The lines of one document as a list: all of them, or only its exceptions. Columns that would be blank
 * from top to bottom leave their room to the others.
 *
 * The figures of a line add up: document_data.h says how.
 */
#ifndef COUNTERTOP_TUI_DOCUMENT_LINES_H
#define COUNTERTOP_TUI_DOCUMENT_LINES_H

#include "tui/document_data.h"

enum line_column {
	LINE_SKU,
	LINE_NAME,
	LINE_ORDERED,
	LINE_SHIPPED,
	LINE_RECEIVED,
	LINE_OUTSTANDING,
	LINE_DAMAGED,
	LINE_ROAD,
	LINE_WRITTEN_OFF,
	LINE_SENT_BACK,
	LINE_SHORT,
	LINE_FLAGS,
	LINE_COLUMNS
};

struct document_lines {
	struct document *document; /* not owned */
	bool only_exceptions;
	struct list list;

	/* Private. */
	struct document_rows exceptions; /* copies; of the whole the document's own are shown */
	struct list_column columns[LINE_COLUMNS]; /* those that say something */
	enum line_column shown[LINE_COLUMNS];     /* which of them each is */
	int name_cols;                            /* of the longest name */
};

/* False when out of memory; it may be freed then. */
bool document_lines_init(
	struct document_lines *lines, struct document *document, bool only_exceptions);
void document_lines_free(struct document_lines *lines);
/* The document was read anew. */
void document_lines_read(struct document_lines *lines);
/* What the list shows, whole, as a file. */
bool document_lines_write(
	struct document_lines *lines, const char *path, int64_t *rows, char *error, size_t size);
/* As list_recalc, with the whole width there is for names. */
void document_lines_recalc(struct document_lines *lines, int height_rows, int width_cols);

#endif
