/* The rehearsal of a correction as it is shown: the cells of its list and what it comes to in words, translated. */
#ifndef COUNTERTOP_TUI_CORRECTION_VIEW_H
#define COUNTERTOP_TUI_CORRECTION_VIEW_H

#include "tui/correction.h"

/* For list_init, with the struct correction as its ctx. */
#define CORRECTION_COLUMNS 8
extern const struct list_source correction_list;
extern const struct list_column correction_columns[CORRECTION_COLUMNS];

/* "12 lines will be corrected: loss −30 (−4,500), gain +5 (+230)."; the amounts are the values. */
void correction_facts(const struct correction_sums *sums, bool has_values, char *out, size_t size);
/* What the sums leave out or a person should look at: "later: 2 · disputed: 1"; "" if there is none.
 * `uncounted`: lines of the sheet nobody counted. */
void correction_left_out(
	const struct correction *correction, long uncounted, char *out, size_t size);
/* The value of a line and what may be the matter with it. */
void correction_line_words(const struct correction *correction, const struct correction_line *line,
	char *out, size_t size);

#endif
