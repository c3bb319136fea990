/* What the files of the screen share; nobody else includes this. */
#ifndef COUNTERTOP_TUI_SCREEN_PARTS_H
#define COUNTERTOP_TUI_SCREEN_PARTS_H

#include "tui/screen.h"
#include "tui/shop.h"

/* What waits for this store. */
enum to_do {
	TO_DO_CONFIRM,
	TO_DO_TRANSFERS,
	TO_DO_SHIP,
	TO_DO_RECEIVE,
	TO_DO_COUNT,
	TO_DO_REST,
	TO_DO_PROBLEMS,
	TO_DO_KINDS
};

struct screen {
	const struct screen_options *options;
	struct shop shop;
	struct keymap *keymap;
	void *documents; /* the pane, for the to-do page */
	int documents_index;
	int inbox_index;

	/* Counted once a second and after each change, not for each frame. */
	struct console_counts counts;
	long to_do[TO_DO_KINDS];
	long to_do_seen;            /* the sum when it last rang; negative: not counted yet */
	enum staff_role to_do_role; /* whose sum that was: each role sees its own kinds */
	unsigned changes_seen;
	bool is_counted;
	int64_t offline_since_ms; /* 0 while online */
};

/* Counts anew, and rings if more waits than before. */
void screen_count(struct screen *screen);
void screen_status(void *ctx, struct app_status *out);
/* A page of what waits; choosing a row goes there. */
void screen_show_to_do(struct screen *screen);

/* For app_config.on_scan: a code that no pane took. ctx is the struct shop. */
enum scan_use screen_route_scan(void *ctx, const char *code);

/* For app_config.why_hidden; ctx is the struct screen. */
struct pane_ops;
const char *screen_why_hidden(void *ctx, const struct pane_ops *ops);

/* A box that asks for one of the device's stores; it is gone when chosen() is called. */
struct pane screen_store_new(
	struct shop *shop, void (*chosen)(void *ctx, const char *store), void *ctx);
extern const struct action_table store_choice_actions;

/* Keys that work everywhere; ctx is the struct screen. */
extern const struct action_table screen_actions;

#endif
