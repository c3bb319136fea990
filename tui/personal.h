/* Codes of tickets and phone numbers of buyers are personal data: in lists and files, whoever has no right to
 * them reads them masked. Which columns of which views hold them stands here once, for the screen and the
 * command line. */
#ifndef COUNTERTOP_TUI_PERSONAL_H
#define COUNTERTOP_TUI_PERSONAL_H

#include "model/command.h"
#include "model/text.h"
#include "model/view.h"

enum personal {
	PERSONAL_NOT,
	PERSONAL_CODE,
	PERSONAL_PHONE,
	PERSONAL_JSON /* it may have codes and phone numbers among its members */
};

#define PERSONAL_BYTES 64

/* Managers and hq. */
bool personal_is_seen_by(enum staff_role role);

/* What a column holds in the present row: a document's is a code where the row is about a ticket. */
enum personal personal_cell(const struct view *view, struct db_rows *rows, int column);

/* "****1234"; nothing stays nothing, and what is not personal stays as it is. */
void personal_mask(enum personal what, const char *value, char *out, size_t size);
/* All of them in a JSON object, in place: of a command, a verdict, an exception. */
void personal_mask_json(cJSON *json);
/* The same of a text in place. */
void personal_mask_text(enum personal what, struct text *text);

#endif
