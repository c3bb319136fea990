/*
 * What the files of the app share; nobody else includes this.
 */
#ifndef COUNTERTOP_TUI_APP_PARTS_H
#define COUNTERTOP_TUI_APP_PARTS_H

#include "tui/app.h"
#include "tui/scan.h"

#define APP_TIMERS_MAX 16
#define APP_GRAVES_MAX (APP_PANES_MAX * APP_DEPTH_MAX + APP_BOXES_MAX)
#define APP_KEYS_SHOWN_MAX 4

/* A top-level pane and what was opened from it. */
struct app_stack {
	const char *name;
	struct pane panes[APP_DEPTH_MAX];
	int depth;
};

struct app_timer {
	int64_t at_ms;
	void (*run)(void *ctx);
	void *ctx;
};

/* What a signal still has to do. */
struct app_signalling {
	struct app *app;
	enum role role; /* of the message line while flash_steps last */
	int bells_left;
	int flash_steps;
	bool is_running;
};

struct app {
	struct app_config config;
	char error[256];
	struct app_stack tops[APP_PANES_MAX];
	int top_count;
	int now;
	struct pane boxes[APP_BOXES_MAX];
	const struct pane_ops
		*box_over[APP_BOXES_MAX]; /* the pane each was opened over; NULL: none */
	int box_count;
	/* Taken away in this round; closed at its end, because their own code may still be running. */
	struct pane graves[APP_GRAVES_MAX];
	int grave_count;

	struct scan scan;
	struct scan_clock clock;
	struct key_sequence pressed;
	struct app_timer timers[APP_TIMERS_MAX];
	int timer_count;
	int64_t next_tick_ms;
	int64_t follows_since_us; /* changes of others are on their way to the screen; 0: none */
	int64_t rest_until_us;    /* others are not heard until then; 0: they are */
	const void *hurried_by;   /* but while this is set there is no rest */

	struct layout layout;
	struct app_status status;
	char message[APP_MESSAGE_BYTES];
	enum role message_role;
	struct app_signalling signalling;
	bool has_bell;
	bool is_changed; /* panes must hear on_change before the next recalc */
	bool is_dirty;   /* a frame must be painted */
	bool has_ended;
	enum app_end end;
};

/* NULL, or why the person may not look at the pane. */
const char *app_why_hidden(const struct app *app, const struct pane *pane);
/* The index of the topmost pane that is not hidden; -1 if all are. */
int app_page_at(const struct app *app, const struct app_stack *stack);
/* The panes of the current stack that are not hidden, the first one first; returns how many. */
int app_pages(struct app *app, struct pane *out[APP_DEPTH_MAX]);
/* Is the box not over a hidden pane? */
bool app_box_is_shown(const struct app *app, int index);
/* The pane that gets keys: the top box, or else the top of the current stack; NULL if none. Hidden ones are
 * passed over. */
struct pane *app_top(struct app *app);
/* Its scopes and the app's own, innermost first. */
size_t app_scopes(struct app *app, struct action_scope out[ACTION_SCOPES_MAX]);
/* The top pane is another one. */
void app_opened(struct app *app);
/* Where somebody else left off may be hidden from whoever works here now. */
void app_leave_hidden(struct app *app);
/* Closes what was taken away; the second takes everything away first. */
void app_close_graves(struct app *app);
void app_close_all(struct app *app);
void app_recalc(struct app *app);

void app_handle_key(struct app *app, int32_t key);
/* A scanner sent more than can be a code: said, rung, and told to the pane that counts scans. */
void app_refuse_flood(struct app *app);
void app_handle_paste(struct app *app, const char *text);

/* Labels of the keys of a row that reach it now, joined by commas; "" if none does. */
void app_keys_of(struct app *app, const struct action_scope *scope, const struct action *action,
	char *out, size_t size);
/* The first of them. */
void app_first_key_of(struct app *app, const struct action_scope *scope,
	const struct action *action, char out[KEY_SEQUENCE_BYTES]);

void app_paint(struct app *app);
void app_help(struct app *app);

#endif
