/*
 * The key that imports stock documents from a file: asks for the file, reads it behind a bar, and shows
 * what was read; nothing is imported before somebody says so there. The template is written from the same
 * menu.
 */
#ifndef COUNTERTOP_TUI_IMPORT_ASK_H
#define COUNTERTOP_TUI_IMPORT_ASK_H

#include "tui/export.h"
#include "tui/import_run.h"

/* In the pane that has the key, and as long as it. */
struct import_ask {
	struct shop *shop;
	struct export template;
};

void import_ask_init(struct import_ask *ask, struct shop *shop);

/* For key files, context "import-file"; ctx is the struct import_ask. */
extern const struct action_table import_ask_actions;

/* A file that was read, with who read it for which store. */
struct import_read {
	struct shop *shop;
	struct import_run run;
	char store[COMMAND_ID_MAX + 1], staff[COMMAND_ID_MAX + 1];
	char path[FILE_NAME_BYTES];
	int64_t far_waiting;     /* products HQ is still asked about */
	int64_t far_answered_ms; /* app_now_ms when one was answered last */
};
void import_read_free(struct import_read *read);

/* pane_import.c: its bad rows and its documents. Takes `read`. */
struct pane pane_import_new(struct import_read *read);
extern const struct action_table import_review_actions;

#endif
