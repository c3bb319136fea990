/*
 * Lists as text, to be printed and written on. 80 columns, pages of 60 lines with a form feed between them,
 * the head and "page n of m" on each. The lines of a stocktake are a count sheet: it has no figure of the
 * book, nor what was counted, for whoever counts writes what stands on the shelf. Picks are a pick list: what
 * a store is proposed to ship, in the order of the shelf, with a box to tick.
 *
 * Lines are read in slices, each anew behind the last one's key, as export_view.h does it.
 */
#ifndef COUNTERTOP_TUI_COUNT_SHEET_H
#define COUNTERTOP_TUI_COUNT_SHEET_H

#include "model/view.h"

#define COUNT_SHEET_COLS 80
#define COUNT_SHEET_PAGE_LINES 60

/* True if the path ends in .txt, in any case. */
bool count_sheet_is_writable(const char *path);

struct count_sheet_wish {
	/* Of stocktake_lines with the filter `stocktake`, or of picks with the filter `store`; its texts must
	 * outlive the writing. */
	const struct view_query *query;
	int64_t tz_minutes;
	int64_t now_ms; /* its day stands on each page */
	const char *path;
};

struct count_sheet;

/* Can the rows of this query be written so? */
bool count_sheet_fits(const struct view_query *query);
/* NULL with a sentence if there is no such sheet or the file cannot be written. */
struct count_sheet *count_sheet_open(
	struct db *db, const struct count_sheet_wish *wish, char *error, size_t size);
/* Writes at most this many further lines. False once the last one is written, or at trouble: that is told
 * by the end. */
bool count_sheet_rows(struct count_sheet *sheet, struct db *db, int most);
int64_t count_sheet_count(const struct count_sheet *sheet); /* lines written so far */
/* Puts the file in its place and frees. False with a sentence: then nothing has changed there. */
bool count_sheet_end(struct count_sheet *sheet, char *error, size_t size);
/* Removes what was written, and frees. */
void count_sheet_abandon(struct count_sheet *sheet);

#endif
