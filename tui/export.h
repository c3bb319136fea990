/*
 * A key that writes what a pane shows to a file: asks for the file's name, asks again before an older
 * file is replaced, writes, and says where the file is and how many rows it has.
 *
 *     struct export export;                                   in the pane
 *     export_list(&self->export, shop, &self->source, &self->list);   a list as it is filtered now
 *     export_call(&self->export, shop, write, self);   or what only the pane can write
 *     export_count_sheet(&self->paper, shop, &self->lines, &self->list);   lines of a stocktake, to print
 *     export_pick_list(&self->paper, shop, &self->source, &self->list);   picks, to print
 *     out[n++] = (struct action_scope){&export_actions, &self->export};
 *
 * A long list is written in slices behind a box that Esc stops; each slice is one look at the data.
 */
#ifndef COUNTERTOP_TUI_EXPORT_H
#define COUNTERTOP_TUI_EXPORT_H

#include "tui/file_name.h"
#include "tui/source.h"

struct export_way;

struct export
{
	struct shop *shop;
	/* May be set: what the file is called, without day and ending: "outbound". Of a list it is the
	 * view's name otherwise. */
	void (*name)(void *ctx, char *out, size_t size);
	/* May be set: NULL, or why nothing can be written now, translated. */
	const char *(*why_not)(void *ctx);
	void *ctx;

	/* Private. */
	const struct export_way *way;
	const struct source *source;
	const struct list *list;
	bool (*write)(void *ctx, const char *path, int64_t *rows, char *error, size_t size);
	char path[FILE_NAME_BYTES]; /* while it is asked whether to replace it */
};

/* The rows of a source with its present filters; `list` shows them and says whether there are any, NULL if
 * there always are. All live as long as the pane. */
void export_list(struct export *export, struct shop *shop, const struct source *source,
	const struct list *list);
/* Writes by a function of the pane's own, at once: the number of rows, or false and a sentence. */
void export_call(struct export *export, struct shop *shop,
	bool (*write)(void *ctx, const char *path, int64_t *rows, char *error, size_t size),
	void *ctx);

/* The count sheet of the lines of a stocktake, as text (count_sheet.h), in the order of the SKUs. */
void export_count_sheet(struct export *export, struct shop *shop, const struct source *source,
	const struct list *list);

/* The pick list of one store (count_sheet.h too), for a key of the pane's own. */
void export_pick_list(struct export *export, struct shop *shop, const struct source *source,
	const struct list *list);

/* Asks for the name and goes on from there: what the key does. */
void export_ask(struct export *export);
/* NULL, or why there is nothing to write; reads no database. */
const char *export_why_not(const struct export *export);

/* For key files, contexts "export" and "count-sheet"; ctx is the struct export. */
extern const struct action_table export_actions, count_sheet_actions;

#endif
