/*
 * A pane: a page of the console, as a struct of functions.
 *
 * The app keeps top-level panes side by side (function keys switch) and a stack on each: a pane may
 * push a detail pane; Esc goes back. Dialogs and forms are panes with `is_box`, on a stack of their
 * own above everything. Any function but repaint may be NULL.
 *
 * recalc computes structs from the model (it may read the database); repaint only draws them. Both
 * are called in that order after each batch of input. Keys come to a pane only as actions of its scopes,
 * as text for on_text, or as scans.
 */
#ifndef COUNTERTOP_TUI_PANE_H
#define COUNTERTOP_TUI_PANE_H

#include "tui/action.h"
#include "tui/draw.h"
#include "tui/layout.h"

enum scan_use {
	SCAN_NOT_MINE, /* let the next one look: the app's router in the end */
	SCAN_USED,
	SCAN_REFUSED /* the pane said why on the message line; nobody else gets it */
};

struct pane_ops {
	const char *context; /* the name of the pane in tests and key files */
	bool is_box;         /* drawn over what is below */

	/* A translated title, at most `size` bytes. */
	void (*title)(void *self, char *out, size_t size);
	/* A short text for the right end of the heading: the position in a list. */
	void (*note)(void *self, char *out, size_t size);
	/* A translated paragraph for the head of the help page, or NULL. */
	const char *(*help)(void *self);

	/* It came to the top: first shown, switched to, or what was above it closed. */
	void (*open)(void *self);
	/* It is taken away: frees `self`. Nothing is called afterwards. */
	void (*close)(void *self);
	/* Esc was pressed: false if the pane handled it (asked a question, cleared a search). */
	bool (*may_leave)(void *self);

	/* What works now, innermost first; at most `max`; returns how many. */
	size_t (*scopes)(void *self, struct action_scope *out, size_t max);

	void (*recalc)(void *self, const struct layout *layout);
	void (*repaint)(void *self, const struct rect *area);

	/* Whether a text field has the focus, so printable keys are text and never actions. */
	bool (*is_typing)(void *self);
	/* One typed character (UTF-8) that no action takes. False if the pane has no use for it. */
	bool (*on_text)(void *self, const char *utf8);
	/* A bracketed paste: text for the field in focus, never keys. False if there is no field. */
	bool (*on_paste)(void *self, const char *utf8);
	enum scan_use (*on_scan)(void *self, const char *code);
	/* The same code typed by hand, where it may be a slip of the finger; else on_scan gets it. */
	enum scan_use (*on_code)(void *self, const char *code);
	/* A scan came while a box was open over the pane, or was no code ("" then), and was not used. */
	void (*on_lost_scan)(void *self, const char *code);
	/* The same code twice at once counts twice (counting panes). */
	bool (*is_counting)(void *self);

	/* The data changed under it. */
	void (*on_change)(void *self);
};

struct pane {
	const struct pane_ops *ops;
	void *self;
};

#endif
