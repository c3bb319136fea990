#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/box.h"
#include "tui/cols.h"
#include "tui/dialog.h"

#define CONFIRM_COLS 56
#define CONFIRM_GAP_COLS 3

struct confirm {
	struct box box;
	char *yes_label;
	char *no_label;
	bool is_on_yes;
	void (*yes)(void *ctx);
	void (*no)(void *ctx);
	void *ctx;
};

static void confirm_title(void *self, char *out, size_t size)
{
	box_title(&((struct confirm *)self)->box, out, size);
}

static void confirm_close(void *self)
{
	struct confirm *confirm = self;

	box_free(&confirm->box);
	free(confirm->yes_label);
	free(confirm->no_label);
	free(confirm);
}

/* The box goes first: what follows may open another. It is freed only at the end of the round. */
static void confirm_answer(struct confirm *confirm, bool is_yes)
{
	void (*follow)(void *ctx) = is_yes ? confirm->yes : confirm->no;

	app_close(confirm->box.app, confirm);
	if (follow)
		follow(confirm->ctx);
}

static bool confirm_may_leave(void *self)
{
	confirm_answer(self, false);
	return false;
}

static void confirm_recalc(void *self, const struct layout *layout)
{
	struct confirm *confirm = self;

	box_place(&confirm->box, layout, 1, CONFIRM_COLS);
}

static void confirm_repaint(void *self, const struct rect *area)
{
	const struct confirm *confirm = self;
	const struct rect *inner = &confirm->box.inner;
	int cols = box_button_cols(confirm->yes_label) + CONFIRM_GAP_COLS +
		box_button_cols(confirm->no_label);
	int x = inner->x + (inner->cols - cols) / 2;

	(void)area;
	box_repaint(&confirm->box);
	x += box_button(inner->y, x, confirm->yes_label, confirm->is_on_yes) + CONFIRM_GAP_COLS;
	box_button(inner->y, x, confirm->no_label, !confirm->is_on_yes);
}

enum confirm_step { CONFIRM_YES, CONFIRM_NO, CONFIRM_PRESS, CONFIRM_OTHER };

static void confirm_run(void *self, int step)
{
	struct confirm *confirm = self;

	if (step == CONFIRM_OTHER)
		confirm->is_on_yes = !confirm->is_on_yes;
	else
		confirm_answer(confirm,
			step == CONFIRM_YES || (step == CONFIRM_PRESS && confirm->is_on_yes));
}

static const struct action confirm_rows[] = {
	{"yes", N_("Yes"), N_("Yes, do it"), ACTION_HINT, CONFIRM_YES, NULL, confirm_run, NULL},
	{"no", N_("No"), N_("No, leave it as it is"), ACTION_HINT, CONFIRM_NO, NULL, confirm_run,
		NULL},
	{"press", N_("Choose"), N_("Press the chosen button"), ACTION_HINT, CONFIRM_PRESS, NULL,
		confirm_run, NULL},
	{"other-button", N_("Other button"), N_("Choose the other button"), ACTION_HINT,
		CONFIRM_OTHER, NULL, confirm_run, NULL},
};
const struct action_table dialog_confirm_actions = {
	.context = "confirm",
	.title = N_("In a question"),
	ACTION_TABLE_ROWS(confirm_rows),
};

static size_t confirm_scopes(void *self, struct action_scope *out, size_t max)
{
	if (max < 1)
		return 0;
	out[0] = (struct action_scope){&dialog_confirm_actions, self};
	return 1;
}

static const struct pane_ops confirm_ops = {
	.context = "confirm",
	.is_box = true,
	.title = confirm_title,
	.close = confirm_close,
	.may_leave = confirm_may_leave,
	.scopes = confirm_scopes,
	.recalc = confirm_recalc,
	.repaint = confirm_repaint,
};

bool dialog_confirm(struct app *app, const struct dialog_confirm_spec *spec)
{
	struct confirm *confirm = calloc(1, sizeof(*confirm));

	if (!confirm)
		return false;
	confirm->yes_label = strdup(spec->yes_label ? spec->yes_label : _("Yes"));
	confirm->no_label = strdup(spec->no_label ? spec->no_label : _("Back"));
	if (!box_init(&confirm->box, app, spec->title, spec->text) || !confirm->yes_label ||
		!confirm->no_label) {
		confirm_close(confirm);
		return false;
	}
	confirm->is_on_yes = !spec->is_dangerous;
	confirm->yes = spec->yes;
	confirm->no = spec->no;
	confirm->ctx = spec->ctx;
	app_push(app, (struct pane){&confirm_ops, confirm});
	return app_has(app, confirm);
}
