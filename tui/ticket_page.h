/*
 * A page of lines, each with a label in a column of its own, wrapped and scrolled: what is known of
 * a ticket. Pure but for ticket_page_repaint.
 */
#ifndef COUNTERTOP_TUI_TICKET_PAGE_H
#define COUNTERTOP_TUI_TICKET_PAGE_H

#include "tui/action.h"
#include "tui/draw.h"

#define TICKET_PAGE_LINES 48
#define TICKET_LABEL_BYTES 64
#define TICKET_LINE_BYTES 512

struct ticket_line {
	char label[TICKET_LABEL_BYTES]; /* "" stands under the label above */
	char text[TICKET_LINE_BYTES];
	enum role role;
};

struct ticket_page {
	struct ticket_line lines[TICKET_PAGE_LINES];
	int count;
	int scroll_rows;
	int area_rows; /* of the last frame */
	int rows;      /* all lines, wrapped, in the last frame */
};

/* Empties it; the scroll position stays. */
void ticket_page_clear(struct ticket_page *page);
/* A line too many is left out. label may be NULL; both are translated by the caller. */
void ticket_page_add(struct ticket_page *page, enum role role, const char *label,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Remembers what scrolling, context "ticket-page" of panes.h, needs. */
void ticket_page_repaint(struct ticket_page *page, const struct rect *area);

#endif
