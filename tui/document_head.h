/* The head of a stock document: its status, numbers, ends, dates, sums and what else to know. */
#ifndef COUNTERTOP_TUI_DOCUMENT_HEAD_H
#define COUNTERTOP_TUI_DOCUMENT_HEAD_H

#include "tui/document_data.h"

struct document_head {
	const struct document *document; /* not owned */
	int64_t draft_milli;             /* counted and not submitted yet */
	bool is_partner;                 /* seen from the other end */
	bool is_narrow;                  /* few rows: the last one only if it says something */
};

int document_head_rows(const struct document_head *head);
void document_head_repaint(const struct document_head *head, struct rect area);

#endif
