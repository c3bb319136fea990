#include "tui/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/form_parts.h"

static struct form_item *form_now(struct form *form)
{
	return &form->items[form->now];
}

static struct form_item *form_find(struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->items[i].field.name, name) == 0)
			return &form->items[i];
	return NULL;
}

const char *form_value(struct form *form, const char *name)
{
	struct form_item *item = form_find(form, name);

	return item ? item->value : "";
}

int64_t form_quantity_milli(struct form *form, const char *name)
{
	struct form_item *item = form_find(form, name);

	return item ? item->qty_milli : 0;
}

/* ------------------------------------------------------------------ suggestions */

static void form_search(struct form *form)
{
	struct form_item *item = form_now(form);

	form->pick_count = 0;
	form->pick_now = 0;
	if (item->field.kind != FORM_PICK || !item->field.pick || item->is_picked)
		return;
	form->pick_count = item->field.pick(
		form->ctx, item->edit.text, form->picks, FORM_PICKS_MAX);
}

/* Takes the suggestion under the mark. False if there is none. */
static bool form_take_pick(struct form *form)
{
	struct form_item *item = form_now(form);
	struct form_pick pick;

	if (form->pick_now >= form->pick_count)
		return false;
	pick = form->picks[form->pick_now];
	edit_set(&item->edit, pick.label);
	snprintf(item->picked_id, sizeof(item->picked_id), "%s", pick.id);
	item->is_picked = true;
	item->is_changed = true;
	form->pick_count = 0;
	return true;
}

static void form_touched(struct form *form)
{
	struct form_item *item = form_now(form);

	form->error[0] = '\0';
	item->edit.is_changed = false;
	item->is_changed = true;
	item->is_picked = false;
	form_search(form);
}

static void form_go_to(struct form *form, size_t index)
{
	form->now = index;
	form_search(form);
}

/* ------------------------------------------------------------------ going on and submitting */

/* Whether the field in focus is good; says what is wrong otherwise. */
static bool form_check_now(struct form *form)
{
	struct form_item *item = form_now(form);
	const char *wrong;

	if (item->field.kind == FORM_PICK && !item->is_picked && item->edit.length > 0)
		form_take_pick(form);
	wrong = form_item_check(item, form->ctx);
	snprintf(form->error, sizeof(form->error), "%s", wrong ? wrong : "");
	return wrong == NULL;
}

static void form_submit(struct form *form)
{
	const char *wrong;

	for (size_t i = 0; i < form->count; i++) {
		size_t before = form->now;

		form->now = i;
		if (!form_check_now(form)) {
			form_search(form);
			return;
		}
		form->now = before;
	}
	wrong = form->submit(form->ctx, form);
	if (wrong)
		snprintf(form->error, sizeof(form->error), "%s", wrong);
	else
		app_close(form->box.app, form);
}

enum form_step { FORM_NEXT, FORM_PREVIOUS, FORM_ENTER, FORM_SUBMIT };

static void form_run_step(void *self, int step)
{
	struct form *form = self;

	switch ((enum form_step)step) {
	case FORM_NEXT:
		form_go_to(form, (form->now + 1) % form->count);
		break;
	case FORM_PREVIOUS:
		form_go_to(form, (form->now + form->count - 1) % form->count);
		break;
	case FORM_ENTER:
		if (!form_check_now(form))
			break;
		if (form->now + 1 < form->count)
			form_go_to(form, form->now + 1);
		else
			form_submit(form);
		break;
	case FORM_SUBMIT:
		form_submit(form);
		break;
	}
}

static const struct action form_rows[] = {
	{"enter-field", N_("Next"), N_("Next field; in the last one, done"), ACTION_HINT,
		FORM_ENTER, NULL, form_run_step, NULL},
	{"submit-form", N_("Done"), N_("Done with the form"), ACTION_HINT, FORM_SUBMIT, NULL,
		form_run_step, NULL},
	{"next-field", "", N_("Next field"), 0, FORM_NEXT, NULL, form_run_step, NULL},
	{"previous-field", "", N_("Previous field"), 0, FORM_PREVIOUS, NULL, form_run_step, NULL},
};
const struct action_table form_actions = {
	.context = "form",
	.title = N_("In a form"),
	.is_text = true,
	ACTION_TABLE_ROWS(form_rows),
};

/* ------------------------------------------------------------------ choices and picks */

static void form_run_choice(void *self, int by)
{
	struct form *form = self;
	struct form_item *item = form_now(form);
	size_t count = item->field.choice_count;

	if (count == 0)
		return;
	item->choice = (item->choice + count + (size_t)(by > 0 ? 1 : count - 1)) % count;
	item->is_changed = true;
	form->error[0] = '\0';
}

static const struct action form_choice_rows[] = {
	{"next-choice", N_("Change"), N_("Next choice"), ACTION_HINT, 1, NULL, form_run_choice,
		NULL},
	{"previous-choice", "", N_("Previous choice"), 0, -1, NULL, form_run_choice, NULL},
};
const struct action_table form_choice_actions = {
	.context = "choice",
	.title = N_("In a choice"),
	ACTION_TABLE_ROWS(form_choice_rows),
};

static void form_run_pick(void *self, int by)
{
	struct form *form = self;
	size_t count = form->pick_count;

	if (count > 0)
		form->pick_now = (form->pick_now + count + (size_t)(by > 0 ? 1 : count - 1)) %
			count;
}

static const struct action form_pick_rows[] = {
	{"next-suggestion", N_("Suggestions"), N_("Next suggestion"), ACTION_HINT, 1, NULL,
		form_run_pick, NULL},
	{"previous-suggestion", "", N_("Previous suggestion"), 0, -1, NULL, form_run_pick, NULL},
};
const struct action_table form_pick_actions = {
	.context = "pick",
	.title = N_("In suggestions"),
	.is_text = true,
	ACTION_TABLE_ROWS(form_pick_rows),
};

/* ------------------------------------------------------------------ the pane */

static void form_title(void *self, char *out, size_t size)
{
	box_title(&((struct form *)self)->box, out, size);
}

static void form_close(void *self)
{
	struct form *form = self;

	/* Passwords do not stay in memory that is given back. */
	explicit_bzero(form->items, sizeof(form->items));
	box_free(&form->box);
	free(form->submit_label);
	free(form);
}

static void form_throw_away(void *self)
{
	struct form *form = self;

	app_close(form->box.app, form);
	if (form->cancel)
		form->cancel(form->ctx);
}

static bool form_is_changed(const struct form *form)
{
	for (size_t i = 0; i < form->count; i++)
		if (form->items[i].is_changed || form->items[i].edit.is_changed)
			return true;
	return false;
}

static bool form_may_leave(void *self)
{
	struct form *form = self;

	if (!form_is_changed(form)) {
		form_throw_away(form);
		return false;
	}
	dialog_confirm(form->box.app,
		&(struct dialog_confirm_spec){
			.title = form->box.title,
			.text = _("Throw away what was typed here?"),
			.yes_label = _("Throw away"),
			.no_label = _("Go on typing"),
			.is_dangerous = true,
			.yes = form_throw_away,
			.ctx = form,
		});
	return false;
}

static size_t form_scopes(void *self, struct action_scope *out, size_t max)
{
	struct form *form = self;
	struct form_item *item = form_now(form);
	size_t count = 0;

	if (max < 3)
		return 0;
	if (item->field.kind == FORM_CHOICE)
		out[count++] = (struct action_scope){&form_choice_actions, form};
	else
		out[count++] = (struct action_scope){&edit_actions, &item->edit};
	/* Up and down belong to the suggestions only while there are some. */
	if (item->field.kind == FORM_PICK && form->pick_count > 0)
		out[count++] = (struct action_scope){&form_pick_actions, form};
	out[count++] = (struct action_scope){&form_actions, form};
	return count;
}

static bool form_is_typing(void *self)
{
	return form_item_is_edit(form_now(self));
}

/* In a choice a letter goes to the next label that begins with it. */
static bool form_type_ahead(struct form_item *item, const char *utf8)
{
	for (size_t i = 1; i <= item->field.choice_count; i++) {
		size_t index = (item->choice + i) % item->field.choice_count;

		if (strncasecmp(gettext(item->field.choices[index].label), utf8, strlen(utf8)) != 0)
			continue;
		item->is_changed = item->is_changed || index != item->choice;
		item->choice = index;
		return true;
	}
	return false;
}

static bool form_on_text(void *self, const char *utf8)
{
	struct form *form = self;
	struct form_item *item = form_now(form);
	bool has_room;

	if (!form_item_is_edit(item))
		return form_type_ahead(item, utf8);
	/* What was picked is one thing: typing begins a new search. */
	if (item->is_picked)
		edit_set(&item->edit, "");
	has_room = edit_insert(&item->edit, utf8);
	form_touched(form);
	if (!has_room)
		snprintf(form->error, sizeof(form->error), "%s", _("There is no more room here."));
	return true;
}

static bool form_on_paste(void *self, const char *utf8)
{
	struct form *form = self;

	return form_item_is_edit(form_now(form)) && form_on_text(form, utf8);
}

static enum scan_use form_on_scan(void *self, const char *code)
{
	struct form *form = self;
	struct form_item *item = form_now(form);
	enum scan_use use = SCAN_NOT_MINE;

	if (form->on_scan)
		use = form->on_scan(form->ctx, form, code);
	if (use != SCAN_NOT_MINE)
		return use;
	if (item->field.kind != FORM_TEXT && item->field.kind != FORM_PICK)
		return SCAN_NOT_MINE;
	edit_set(&item->edit, code);
	form_touched(form);
	if (item->field.kind == FORM_PICK && form->pick_count == 1)
		form_take_pick(form);
	return SCAN_USED;
}

/* A key of the text may have changed it: the suggestions follow. */
static void form_recalc_all(void *self, const struct layout *layout)
{
	struct form *form = self;
	struct form_item *item = form_now(form);

	if (item->edit.is_changed) {
		item->edit.is_changed = false;
		form_touched(form);
	}
	form_recalc(form, layout);
}

static const struct pane_ops form_ops = {
	.context = "form",
	.is_box = true,
	.title = form_title,
	.close = form_close,
	.may_leave = form_may_leave,
	.scopes = form_scopes,
	.recalc = form_recalc_all,
	.repaint = form_repaint,
	.is_typing = form_is_typing,
	.on_text = form_on_text,
	.on_paste = form_on_paste,
	.on_scan = form_on_scan,
};

bool form_open(struct app *app, const struct form_spec *spec)
{
	struct form *form = calloc(1, sizeof(*form));

	if (!form)
		return false;
	if (spec->submit_label)
		form->submit_label = strdup(spec->submit_label);
	if (!box_init(&form->box, app, spec->title, spec->intro) || spec->field_count == 0) {
		form_close(form);
		return false;
	}
	for (size_t i = 0; i < spec->field_count && i < FORM_FIELDS_MAX; i++)
		form_item_init(&form->items[form->count++], &spec->fields[i]);
	form->submit = spec->submit;
	form->cancel = spec->cancel;
	form->on_scan = spec->on_scan;
	form->ctx = spec->ctx;
	form_search(form);
	app_push(app, (struct pane){&form_ops, form});
	return app_has(app, form);
}
