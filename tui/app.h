/*
 * The loop: one thread, one blocking call. Input, timers, signals and wake-ups come in; then every
 * visible pane recalculates, then repaints, and the terminal is updated once.
 *
 * Nothing here knows the business: status, scans that no pane takes and quitting are callbacks.
 */
#ifndef COUNTERTOP_TUI_APP_H
#define COUNTERTOP_TUI_APP_H

#include <stdint.h>

#include "tui/action.h"
#include "tui/keymap.h"
#include "tui/pane.h"

#define APP_PANES_MAX 9
#define APP_DEPTH_MAX 12
#define APP_BOXES_MAX 8
#define APP_MESSAGE_BYTES 512

struct app;

/* Something else to wait for: readable `fd` calls drain, then panes get on_change. fd -1: none. */
struct app_wake {
	int fd;
	void (*drain)(void *ctx);
	void *ctx;
};

/* The status line. Texts are translated; an empty one is left out, a negative number too. */
struct app_status {
	char store[64];
	char staff[64];
	char link[48];       /* "online", "offline since 14:02" */
	enum role link_role; /* ROLE_STATUS_OK, _WARN or _BAD */
	char cache_age[48];
	long unsent;
	char unsent_age[24]; /* of the oldest, if that is worth a word; else "" */
	long problems;
	char to_do[128];
	char to_do_sum
		[48]; /* stands there instead where to_do has no room: a figure cut is another figure */
	char clock[16]; /* "14:05": minutes, not seconds */
};

struct app_config {
	const struct action_catalog *catalog;
	struct keymap *keymap; /* loaded; stays the caller's */
	const char *theme;     /* NULL: chosen by the terminal */
	const char *dump_path; /* NULL, or a file that gets the screen as text after each frame */
	struct app_wake wake;
	/* Actions of the program itself, which work wherever a pane does not use their keys. */
	struct action_scope own; /* table NULL: none */
	void *ctx;               /* given to the functions below */
	/* Once a second. True if data changed: panes get on_change and the screen is painted. */
	bool (*tick)(void *ctx);
	void (*status)(void *ctx, struct app_status *out);
	/* A scan, or a code typed with Enter, that the top pane did not take. */
	enum scan_use (*on_scan)(void *ctx, const char *code);
	/* NULL, or a translated question to ask before quitting. */
	const char *(*ask_before_quit)(void *ctx);
	/* NULL, or why the person at the screen may not look at this pane, translated, valid until the next
	 * call. Such a pane is not opened; one that is open already, and the boxes over it, stay as they
	 * are, unseen and without keys, until somebody comes who may. Of a box itself it is not asked. */
	const char *(*why_hidden)(void *ctx, const struct pane_ops *ops);
};

/* The result of a run, for the exit code. */
enum app_end {
	APP_END_QUIT,
	APP_END_SIGNAL, /* SIGTERM or SIGHUP: everything was closed in order */
	APP_END_TTY_GONE,
	APP_END_NO_TERMINAL /* it never started; app_error says why */
};

/* NULL when out of memory. `config` is copied. */
struct app *app_new(const struct app_config *config);
void app_free(struct app *app);

/* Adds a top-level pane; the first gets F2 and so on as the key file says. `name` is N_, short. */
void app_add_pane(struct app *app, const char *name, struct pane pane);

/* Starts the terminal, runs until the end, restores the terminal, closes all panes. */
enum app_end app_run(struct app *app);
const char *app_error(const struct app *app);

/* Asks the loop to end after this round, without a question. */
void app_quit(struct app *app);

/* Shows top-level pane `index` (from 0), closing nothing. */
void app_show(struct app *app, int index);
/* Puts a pane on the stack of the current top-level pane, or, if it is a box, over everything. */
void app_push(struct app *app, struct pane pane);
/* Takes away the top box, or else the top pane of the stack. It may be called by the pane itself. */
void app_pop(struct app *app);
/* Takes away this pane wherever it stands; nothing if it is gone already. */
void app_close(struct app *app, const void *self);
/* Whether a box (a question, a form) is open over the panes. */
bool app_has_box(const struct app *app);
/* Whether `self` is still on a stack. */
bool app_has(const struct app *app, const void *self);

/* The message line: what happened, to which document, and what to do now. Translated. */
void app_say(struct app *app, enum role role, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void app_bell(struct app *app);

/* What came of a scan. */
enum app_signal_kind {
	APP_SIGNAL_GOOD, /* one bell */
	APP_SIGNAL_ODD,  /* two: taken, but it is not expected here */
	APP_SIGNAL_BAD   /* three: unknown, or not taken */
};
/* Rings for it and inverts the message line for half a second; what it says in words was said just before. */
void app_signal(struct app *app, enum app_signal_kind kind);

/* Tells all panes that data changed; they recalculate before the next frame. */
void app_changed(struct app *app);

/* While `ctx` waits for an answer, what others change is followed at once, without the rest from one time to the
 * next; NULL: nobody waits any more. */
void app_hurry(struct app *app, const void *ctx);

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t app_now_ms(void);
/* Calls `run` once at or after `at_ms`; one timer for each `ctx`, the last call counts. */
void app_timer(struct app *app, int64_t at_ms, void (*run)(void *ctx), void *ctx);
/* Forgets that timer: its ctx goes away. */
void app_timer_drop(struct app *app, const void *ctx);

/* Runs a code as if it had been scanned: first the top pane, then the router. */
void app_scan(struct app *app, const char *code);

/* The keys of all contexts that the kit brings; a program's catalogue must list them. */
extern const struct action_table app_actions;

/* The label of the first key of an action in the present scopes, "" if it has none. */
void app_key_label(struct app *app, const char *action_name, char *out, size_t size);

#endif
