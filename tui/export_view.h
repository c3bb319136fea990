/*
 * The rows of a view into a file, CSV or XLSX by its ending: what `countertop export` and the lists on
 * the screen write. Headings are the names of the contract, for programs read such files too.
 *
 * Rows are written in slices, each read anew behind the last one's key, so that a screen goes on
 * meanwhile. A slice is one look at the database; who wants all of them to be the same look begins a
 * transaction around them.
 */
#ifndef COUNTERTOP_TUI_EXPORT_VIEW_H
#define COUNTERTOP_TUI_EXPORT_VIEW_H

#include "model/text.h"
#include "model/view.h"

struct export_view;

/* The texts of the query must outlive it; its limit is that of the whole, 0 for none. NULL with a
 * sentence if the file cannot be written. */
struct export_view *export_view_open(const struct view_query *query, int64_t tz_minutes,
	const char *path, char *error, size_t size);
/* From here on codes of tickets and phone numbers are masked (personal.h). */
void export_view_mask(struct export_view *export);
/* Writes at most this many further rows. False once the last one is written, or at trouble: that is told
 * by the end. */
bool export_view_rows(struct export_view *export, struct db *db, int most);
int64_t export_view_count(const struct export_view *export); /* rows written so far */
/* Puts the file in its place and frees. False with a sentence: then nothing has changed there. */
bool export_view_end(struct export_view *export, char *error, size_t size);
/* Removes what was written, and frees. */
void export_view_abandon(struct export_view *export);

/* The value of a column as a person reads it, appended; nothing if it is null. */
void export_view_cell(const struct view *view, struct db_rows *rows, int column, int64_t tz_minutes,
	struct text *cell);
/* Is it a number, to be set to the right? */
bool export_view_is_number(enum column_type type);

#endif
