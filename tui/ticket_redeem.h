/* What the ticket panes share: keying in a code, the records of redemptions and voiding them. */
#ifndef COUNTERTOP_TUI_TICKET_REDEEM_H
#define COUNTERTOP_TUI_TICKET_REDEEM_H

#include "tui/source.h"

/* Asks for a code and starts to redeem it. */
void ticket_redeem_key_in(struct shop *shop);

/* Columns of a list over the view "redemptions". */
#define TICKET_RECORD_CELLS 9
extern const struct source_column ticket_record_cells[TICKET_RECORD_CELLS];
extern const struct list_column ticket_record_columns[TICKET_RECORD_CELLS];
/* After source_init: marks what HQ has not confirmed, what is void, what was offline. */
void ticket_records_init(struct source *source);

/* NULL if this row of the view "redemptions" may be voided now, or why not. NULL row: none. */
const char *ticket_record_why_not_void(
	const struct shop *shop, const struct source *source, const struct source_row *row);
/* Asks for the reason, asks again, and voids it. */
void ticket_record_void(
	struct shop *shop, const struct source *source, const struct source_row *row);

#endif
