/* Lines of a sheet that a person marks, for a recount of just these. */
#include "tui/sheet.h"

#include "model/i18n.h"

#include <stdlib.h>

#define MARK_WINDOW 100 /* lines read at once to be marked */

static void say_marked(struct sheet_pane *self)
{
	app_say(self->shop->app, ROLE_NORMAL,
		ngettext("%zu line is marked.", "%zu lines are marked.",
			(unsigned long)self->marks.count),
		self->marks.count);
}

static void say_full(struct sheet_pane *self)
{
	app_say(self->shop->app, ROLE_WARN, _("No more than %d lines can be marked."), MARKS_MAX);
}

void sheet_mark(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	(void)arg;
	if (!marks_turn(&self->marks, source_text(&self->lines, list_row(&self->list), "sku"))) {
		say_full(self);
		return;
	}
	list_move(&self->list, LIST_DOWN);
	say_marked(self);
}

/* One window of what is listed after the other. False where no more can be marked. */
static bool mark_listed(struct sheet_pane *self)
{
	struct source_row *rows = calloc(MARK_WINDOW, sizeof *rows);
	struct list_want want = {LIST_FIRST, NULL, MARK_WINDOW};
	char anchor[LIST_KEY_BYTES];
	size_t count = MARK_WINDOW;
	bool good = rows != NULL;
	while (good && count == MARK_WINDOW) {
		count = source_list.fetch(&self->lines, &want, rows);
		for (size_t i = 0; good && i < count; i++)
			good = marks_add(&self->marks, source_text(&self->lines, &rows[i], "sku"));
		if (count > 0)
			snprintf(anchor, sizeof anchor, "%s", rows[count - 1].key);
		want = (struct list_want){LIST_AFTER, anchor, MARK_WINDOW};
	}
	free(rows);
	return good;
}

/* Where all that is listed is marked, it takes the marks away. */
void sheet_mark_all(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	(void)arg;
	size_t before = self->marks.count;
	bool good = mark_listed(self);
	if (self->marks.count == before)
		marks_clear(&self->marks);
	if (!good && self->marks.count > 0)
		say_full(self);
	else
		say_marked(self);
}
