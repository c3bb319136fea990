/* The form that opens a new stocktake, full or partial. */
#ifndef COUNTERTOP_TUI_STOCKTAKE_NEW_H
#define COUNTERTOP_TUI_STOCKTAKE_NEW_H

#include "tui/shop.h"

/* Asks, and shows the new sheet. */
void stocktake_new_open(struct shop *shop);

#endif
