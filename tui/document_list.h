/*
 * What the pane of stock documents looks at: one side (outbound, inbound, transfer orders), a tab of
 * its statuses with counts, what it is narrowed to, and which way round it is sorted.
 */
#ifndef COUNTERTOP_TUI_DOCUMENT_LIST_H
#define COUNTERTOP_TUI_DOCUMENT_LIST_H

#include "tui/document_draft.h"
#include "tui/document_sides.h"
#include "tui/list_days.h"
#include "tui/tabs.h"

#define DOCUMENT_SEARCH_BYTES 128
#define KEPT_COUNTS_MAX 64

/* Which documents are looked at; "" is all. All that is set must hold. */
struct document_narrowing {
	struct list_days days;
	char source[COMMAND_ID_MAX + 1];
	char destination[COMMAND_ID_MAX + 1];
	char number[DOCUMENT_SEARCH_BYTES]; /* the beginning of any number of the document */
	/* A part of a number, a note or a third party's name; words of a line's product. */
	char search[DOCUMENT_SEARCH_BYTES];
};

struct document_list {
	struct source source; /* of `list` */
	struct list list;
	struct shop *shop;
	enum document_side_id side;
	struct tabs tabs;
	int tab_of[DOCUMENT_SIDES]; /* where one was on each side */
	struct document_narrowing narrow;
	struct draft_kept kept[KEPT_COUNTS_MAX]; /* counts begun here and not submitted */
	size_t kept_count;

	/* Private. */
	int order;
	struct list_column columns[SIDE_COLUMNS_MAX];
	char other[200];       /* statuses only a newer HQ knows, for a tab of their own */
	unsigned counted_ends; /* while counting */
	long other_count;
	bool is_stale; /* the counts must be read again */
};

/* False when out of memory. */
bool document_list_init(struct document_list *self, struct shop *shop);
void document_list_free(struct document_list *self);
const struct document_side *document_list_side(const struct document_list *self);

void document_list_show_side(struct document_list *self, enum document_side_id side);
/* Shows another part of it. */
void document_list_narrow(struct document_list *self, const struct document_narrowing *narrowing);
bool document_list_is_narrowed(const struct document_list *self);
/* The next order: newest first, oldest first, by expected day, by number. */
void document_list_sort(struct document_list *self);

/* How much was counted of the document under the cursor and is not submitted; 0: nothing. */
int64_t document_list_kept(const struct document_list *self);

/* The data changed; they are counted anew in the next recalc. */
void document_list_changed(struct document_list *self);
void document_list_count(struct document_list *self);
void document_list_recalc(struct document_list *self, int height_rows);

/* What it shows, what it is narrowed to and how it is sorted, so that nobody takes a part for all. */
void document_list_title(const struct document_list *self, char *out, size_t size);

#endif
