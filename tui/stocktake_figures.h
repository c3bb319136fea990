/*
 * How far the sheets of a list are. To add up 100,000 lines takes a moment, so the figures of a sheet are
 * kept: those of one that is done do not change, and those of one that is being counted are read again at
 * a pace that leaves the screen to the person.
 */
#ifndef COUNTERTOP_TUI_STOCKTAKE_FIGURES_H
#define COUNTERTOP_TUI_STOCKTAKE_FIGURES_H

#include "model/stocktake_progress.h"
#include "tui/list.h"
#include "tui/shop.h"

struct stocktake_figures {
	struct shop *shop;

	/* Private. */
	struct sheet_figures {
		char id[COMMAND_ID_MAX + 1];
		char status[24]; /* it had when it was asked for */
		bool is_read, is_stale;
		struct stocktake_progress progress;
	} slots[LIST_ROWS_MAX];
	int count;
	int next;              /* the slot that is given away when all are taken */
	int64_t stale_from_ms; /* what is stale is not read again before */
};

/* A row shows this sheet. */
void stocktake_figures_want(struct stocktake_figures *self, const char *id, const char *status);
/* NULL while they were not read. */
const struct stocktake_progress *stocktake_figures_of(
	const struct stocktake_figures *self, const char *id);
/* The data changed. */
void stocktake_figures_changed(struct stocktake_figures *self);
/* When the next figures are to be read (app_now_ms); negative if none are. */
int64_t stocktake_figures_due_ms(const struct stocktake_figures *self);
/* Reads those of one sheet. */
void stocktake_figures_read(struct stocktake_figures *self);

#endif
