#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/i18n.h"
#include "tui/box.h"
#include "tui/dialog.h"
#include "tui/edit.h"
#include "model/field.h"

#define ENTRY_COLS 52
#define ENTRY_ROWS 3 /* the field, a blank, what is wrong */

struct entry {
	struct box box;
	struct edit edit;
	char *word;
	char error[256];
	enum dialog_entry_kind kind;
	bool is_fresh; /* what stands there was given: the first character typed replaces it */
	const char *(*submit)(void *ctx, const char *value);
	void *ctx;
};

static void entry_title(void *self, char *out, size_t size)
{
	box_title(&((struct entry *)self)->box, out, size);
}

static void entry_close(void *self)
{
	struct entry *entry = self;

	box_free(&entry->box);
	free(entry->word);
	free(entry);
}

static void entry_recalc(void *self, const struct layout *layout)
{
	struct entry *entry = self;

	box_place(&entry->box, layout, ENTRY_ROWS, ENTRY_COLS);
}

static void entry_repaint(void *self, const struct rect *area)
{
	const struct entry *entry = self;
	const struct rect *inner = &entry->box.inner;
	struct box_field field = {inner->y, inner->x, inner->cols, true, false};

	(void)area;
	box_repaint(&entry->box);
	box_edit(&field, &entry->edit);
	draw_text(inner->y + 2, inner->x, inner->cols, ROLE_ERROR, entry->error);
}

static bool entry_is_typing(void *self)
{
	(void)self;
	return true;
}

static bool entry_insert(struct entry *entry, const char *utf8)
{
	entry->error[0] = '\0';
	/* Whoever moved in the text or changed it wants to keep it. */
	if (entry->is_fresh && !entry->edit.is_changed && entry->edit.cursor == entry->edit.length)
		edit_set(&entry->edit, "");
	entry->is_fresh = false;
	if (!edit_insert(&entry->edit, utf8))
		snprintf(
			entry->error, sizeof(entry->error), "%s", _("There is no more room here."));
	return true;
}

static bool entry_on_text(void *self, const char *utf8)
{
	return entry_insert(self, utf8);
}

/* The value without blanks at its ends; quantities are written one way. False if it is wrong. */
static bool entry_value(struct entry *entry, char *out, size_t size)
{
	const char *text = entry->edit.text + strspn(entry->edit.text, " ");
	size_t length = strlen(text);
	int64_t qty_milli;

	while (length > 0 && text[length - 1] == ' ')
		length--;
	snprintf(out, size, "%.*s", (int)length, text);
	if (entry->word && strcasecmp(out, entry->word) != 0) {
		snprintf(entry->error, sizeof(entry->error), _("Type %s, or press Esc."),
			entry->word);
		return false;
	}
	if (entry->kind != DIALOG_QUANTITY)
		return true;
	if (!field_parse_quantity(out, false, &qty_milli)) {
		snprintf(entry->error, sizeof(entry->error), "%s",
			strtod(out, NULL) * 1000.0 > (double)FIELD_QTY_MILLI_MAX
				? _("That is too large: a quantity is at most 999,999,999.")
				: _("A quantity is a number with at most three decimals."));
		return false;
	}
	field_print_quantity(qty_milli, out, size);
	return true;
}

static void entry_submit(struct entry *entry)
{
	char value[EDIT_BYTES];
	const char *wrong;

	if (!entry_value(entry, value, sizeof(value)))
		return;
	wrong = entry->submit(entry->ctx, value);
	if (wrong)
		snprintf(entry->error, sizeof(entry->error), "%s", wrong);
	else
		app_close(entry->box.app, entry);
}

static enum scan_use entry_on_scan(void *self, const char *code)
{
	struct entry *entry = self;

	if (entry->kind == DIALOG_PATH && entry_insert(entry, code))
		return SCAN_USED;
	if (entry->kind != DIALOG_CODE)
		return SCAN_NOT_MINE;
	edit_set(&entry->edit, code);
	entry_submit(entry);
	return SCAN_USED;
}

static void entry_run_submit(void *self, int arg)
{
	(void)arg;
	entry_submit(self);
}

static const struct action entry_rows[] = {
	{"submit", N_("OK"), N_("Take what was typed"), ACTION_HINT, 0, NULL, entry_run_submit,
		NULL},
};
const struct action_table dialog_entry_actions = {
	.context = "entry",
	.title = N_("In an entry"),
	.is_text = true,
	ACTION_TABLE_ROWS(entry_rows),
};

static size_t entry_scopes(void *self, struct action_scope *out, size_t max)
{
	struct entry *entry = self;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&edit_actions, &entry->edit};
	out[1] = (struct action_scope){&dialog_entry_actions, entry};
	return 2;
}

static const struct pane_ops entry_ops = {
	.context = "entry",
	.is_box = true,
	.title = entry_title,
	.close = entry_close,
	.scopes = entry_scopes,
	.recalc = entry_recalc,
	.repaint = entry_repaint,
	.is_typing = entry_is_typing,
	.on_text = entry_on_text,
	.on_paste = entry_on_text,
	.on_scan = entry_on_scan,
};

bool dialog_entry(struct app *app, const struct dialog_entry_spec *spec)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return false;
	entry->word = spec->word ? strdup(spec->word) : NULL;
	if (!box_init(&entry->box, app, spec->title, spec->text) || (spec->word && !entry->word)) {
		entry_close(entry);
		return false;
	}
	edit_init(&entry->edit, 0);
	if (spec->initial)
		edit_set(&entry->edit, spec->initial);
	entry->is_fresh = spec->initial != NULL && !spec->keeps_initial;
	entry->kind = spec->kind;
	entry->submit = spec->submit;
	entry->ctx = spec->ctx;
	app_push(app, (struct pane){&entry_ops, entry});
	return app_has(app, entry);
}
