/*
 * An import as `countertop import` and the screen run it: the file is read and every row judged, step by
 * step; then what was read is looked at, and imported whole or not at all. See model/import.h.
 */
#ifndef COUNTERTOP_TUI_IMPORT_RUN_H
#define COUNTERTOP_TUI_IMPORT_RUN_H

#include "model/console.h"
#include "model/import.h"

struct import_run {
	struct console *console;
	const char *store, *staff; /* who imports, and for which store; live as long */
	int64_t now_ms;            /* HQ's time */

	struct import import; /* what was read */
	char error[300];      /* why it was not; translated, "" if it was */
	enum refusal barred;  /* no row can be judged, for this reason; told in error as well */
	/* Whether another store has a product only HQ knows. What it told lately counts; may be set: what it
	 * did not is asked for, by the syncer, so that reading the file once more finds it out. */
	bool asks_far;
	int far_asked;       /* products HQ is asked about because of this file */
	int64_t far_unknown; /* lines that only HQ can judge */

	/* Private. */
	struct import_reading *reading;
};

/* The four above are set. False, with error, if the file cannot be opened. */
bool import_run_begin(struct import_run *run, const char *path);
/* Reads or judges a little; false when there is no more. */
bool import_run_step(struct import_run *run);
int import_run_percent(const struct import_run *run);
/* Ends the reading, wherever it is. False, with error, if it was not read whole. */
bool import_run_end(struct import_run *run);
/* Which documents stand already is found when the reading ends; another seat may make some meanwhile. */
void import_run_find_made(struct import_run *run);
void import_run_free(struct import_run *run);

/* Makes all the documents or none. True if they are saved; the caller frees the verdict. */
bool import_run_save(struct import_run *run, struct console_verdict *verdict);

/* "outbound order", "transfer order", "inbound order from a third party", translated. */
const char *import_run_kind(const struct import_order *order);

/* The bad rows as a file that can be mended and imported again: the columns of the template, and before
 * them the number of the row and its reason. False with a sentence. */
bool import_run_write_bad(
	const struct import *import, const char *path, int64_t *rows, char *error, size_t size);
/* The headings an import reads, and nothing below. */
bool import_run_write_template(const char *path, char *error, size_t size);

#endif
