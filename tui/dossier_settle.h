/* The three outcomes of a dossier (product.md section 4), each with a question that says what will happen. */
#ifndef COUNTERTOP_TUI_DOSSIER_SETTLE_H
#define COUNTERTOP_TUI_DOSSIER_SETTLE_H

#include "tui/dossier.h"

enum dossier_outcome { DOSSIER_HONOUR, DOSSIER_CHARGE_BACK, DOSSIER_REPORT };

/* NULL if the person signed in may decide so now, else why not, translated. */
const char *dossier_why_not_settle(
	const struct shop *shop, const struct dossier *dossier, enum dossier_outcome outcome);
/* Asks whose store bears it where that is the question, for a note, and then once more. */
void dossier_settle(struct shop *shop, const struct dossier *dossier, enum dossier_outcome outcome);

#endif
