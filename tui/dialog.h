/*
 * Boxes that ask or tell: confirm, typed word, one line, menu, page of text. All texts are
 * translated by the caller and copied. A scan never presses a button of a dialog.
 */
#ifndef COUNTERTOP_TUI_DIALOG_H
#define COUNTERTOP_TUI_DIALOG_H

#include "tui/app.h"

struct dialog_confirm_spec {
	const char *title;
	const char *text;      /* a paragraph: what will happen to what */
	const char *yes_label; /* the verb: "Accept"; NULL: "Yes" */
	const char *no_label;  /* NULL: "Back" */
	bool is_dangerous;     /* the focus starts on no */
	void (*yes)(void *ctx);
	void (*no)(void *ctx); /* may be NULL */
	void *ctx;
};
bool dialog_confirm(struct app *app, const struct dialog_confirm_spec *spec);

enum dialog_entry_kind {
	DIALOG_TEXT,
	DIALOG_PATH,     /* text that people paste: what comes as fast as a scan is typed too */
	DIALOG_QUANTITY, /* the value is printed again: "1.5" */
	DIALOG_CODE      /* a scan is taken as the value and submits: it is what the box asks for */
};

struct dialog_entry_spec {
	const char *title;
	const char *text;    /* a paragraph, or NULL */
	const char *initial; /* NULL: empty; replaced by the first character typed */
	bool keeps_initial;  /* what is typed goes behind it instead */
	const char *word;    /* not NULL: only exactly this text (case folded for ASCII) is taken */
	enum dialog_entry_kind kind;
	/* NULL: done, the box closes; else what is wrong, and it stays. */
	const char *(*submit)(void *ctx, const char *value);
	void *ctx;
};
bool dialog_entry(struct app *app, const struct dialog_entry_spec *spec);

#define DIALOG_MENU_MAX 64
struct dialog_menu_item {
	const char *label;
	const char *why_not; /* NULL, or why it cannot be picked now */
};
struct dialog_menu_spec {
	const char *title;
	const char *text; /* a paragraph, or NULL */
	const struct dialog_menu_item *items;
	size_t count;
	size_t initial;
	void (*pick)(void *ctx, size_t index);
	void *ctx;
};
bool dialog_menu(struct app *app, const struct dialog_menu_spec *spec);

/* A page of text that can be scrolled; lines wrap. A line is a heading, or dimmed, if it begins with one of
 * these, which no key and no name begins with. */
#define DIALOG_PAGE_HEADING "\001"
#define DIALOG_PAGE_DIM "\002"
bool dialog_page(struct app *app, const char *title, const char *text);

/* Contexts "confirm", "entry", "menu", "page". */
extern const struct action_table dialog_confirm_actions;
extern const struct action_table dialog_entry_actions;
extern const struct action_table dialog_menu_actions;
extern const struct action_table dialog_page_actions;

#endif
