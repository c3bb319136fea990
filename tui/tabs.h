/*
 * A row of tabs with counts: "To confirm 3 | To ship 1 | …". Scrolls by whole tabs when narrow.
 */
#ifndef COUNTERTOP_TUI_TABS_H
#define COUNTERTOP_TUI_TABS_H

#include <stddef.h>

#include "tui/action.h"
#include "tui/draw.h"

#define TABS_MAX 12

struct tab {
	const char *label; /* translated or N_: passed through gettext once */
	long count;        /* negative: none is shown */
	enum role role;    /* ROLE_NORMAL, or ROLE_WARN where something waits */
};

struct tabs {
	struct tab items[TABS_MAX];
	int count;
	int now;
	void (*changed)(void *ctx); /* called when another tab is chosen */
	void *ctx;
};

/* Wraps around at both ends. */
void tabs_step(struct tabs *tabs, int by);
void tabs_choose(struct tabs *tabs, int index);

/* Which tab is drawn first so that the chosen one is whole. Pure. */
int tabs_first_visible(const struct tabs *tabs, int width_cols);
void tabs_repaint(const struct tabs *tabs, int y, int x, int width_cols);

/* For key files, context "tabs"; ctx is the struct tabs. */
extern const struct action_table tabs_actions;

#endif
