/* The records of redemptions as rows of a list over the view "redemptions", and voiding one of them (product.md
 * section 4). */
#ifndef COUNTERTOP_TUI_TICKET_RECORD_H
#define COUNTERTOP_TUI_TICKET_RECORD_H

#include "tui/source.h"

#define TICKET_RECORD_CELLS 10
extern const struct source_column ticket_record_cells[TICKET_RECORD_CELLS];
extern const struct list_column ticket_record_columns[TICKET_RECORD_CELLS];
/* After source_init: marks what HQ has not confirmed, what is void, what was offline, what is disputed. */
void ticket_records_init(struct source *source);

/* A row in words, below its list. */
#define TICKET_ABOUT_ROWS 2
struct ticket_about {
	char lines[TICKET_ABOUT_ROWS][512];
	enum role role; /* of the last one */
};
void ticket_record_about(
	const struct source *source, const struct source_row *row, struct ticket_about *out);
/* "02-03 10:00  陳小美, 信義店, This terminal": of a row with the columns at, actor, store and device. */
void ticket_about_who(
	const struct source *source, const struct source_row *row, char *out, size_t size);

/* NULL if this row may be voided now, or why not. NULL row: none. */
const char *ticket_record_why_not_void(
	const struct shop *shop, const struct source *source, const struct source_row *row);
/* Asks for the reason, asks again, and voids it. */
void ticket_record_void(
	struct shop *shop, const struct source *source, const struct source_row *row);

#endif
