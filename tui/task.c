/*
 *   begun ──> done within a moment ─────────────> ended, whole
 *     └─────> box open ──> last step ──> closed ──> ended, whole
 *                 ├──Esc, where it is optional ─> closed ──> ended, whole
 *                 └──Esc, or the program leaves──> closed ──> ended, stopped
 *
 * A slice runs in a timer of the loop; keys are read and the frame is painted between two of them.
 */
#include "tui/task.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/i18n.h"
#include "tui/box.h"

#define TASK_MOMENT_MS 150
#define TASK_SLICE_MS 40
#define TASK_FIRST_MS 10
#define TASK_COLS 52
#define TASK_ROWS 2 /* the bar, and what Esc does */

struct task {
	struct box box;
	struct task_spec spec;
	int permille;
	bool is_ended;
};

/* Steps until it is done or the time is over; true while there is more. */
static bool task_work(const struct task_spec *spec, int *permille, int64_t most_ms)
{
	int64_t until_ms = app_now_ms() + most_ms;
	bool more;

	do
		more = spec->step(spec->ctx, permille);
	while (more && spec->pause_ms == 0 && app_now_ms() < until_ms);
	return more;
}

static void task_end(struct task *task, bool is_whole)
{
	if (task->is_ended)
		return;
	task->is_ended = true;
	app_close(task->box.app, task);
	task->spec.end(task->spec.ctx, is_whole);
}

static void task_slice(void *ctx)
{
	struct task *task = ctx;

	if (task->is_ended)
		return;
	if (task_work(&task->spec, &task->permille, TASK_SLICE_MS))
		app_timer(task->box.app, app_now_ms() + task->spec.pause_ms, task_slice, task);
	else
		task_end(task, true);
}

/* ------------------------------------------------------------------ the box */

static void task_title(void *self, char *out, size_t size)
{
	box_title(&((struct task *)self)->box, out, size);
}

static bool task_may_leave(void *self)
{
	const struct task *task = self;

	if (!task->spec.is_one)
		task_end(self, task->spec.is_optional);
	return false;
}

static void task_forget(void *ctx)
{
	(void)ctx;
}

static void task_close(void *self)
{
	struct task *task = self;

	/* The last timer set for a context counts, and this one does nothing. */
	app_timer(task->box.app, 0, task_forget, task);
	task_end(task, false);
	box_free(&task->box);
	free(task);
}

static void task_recalc(void *self, const struct layout *layout)
{
	box_place(&((struct task *)self)->box, layout, TASK_ROWS, TASK_COLS);
}

static void task_repaint(void *self, const struct rect *area)
{
	const struct task *task = self;
	const struct rect *inner = &task->box.inner;
	char percent[16];

	(void)area;
	box_repaint(&task->box);
	if (task->spec.is_one) {
		draw_text(inner->y, inner->x, inner->cols, ROLE_DIM, _("This takes a moment."));
		return;
	}
	snprintf(percent, sizeof(percent), "%d %%", task->permille / 10);
	draw_bar(inner->y, inner->x, inner->cols - 7, task->permille);
	draw_text_right(inner->y, inner->x + inner->cols - 6, 6, ROLE_NORMAL, percent);
	draw_text(inner->y + 1, inner->x, inner->cols, ROLE_DIM,
		task->spec.is_optional ? _("Esc goes on without it.") : _("Esc stops it."));
}

static const struct pane_ops task_ops = {
	.context = "task",
	.is_box = true,
	.title = task_title,
	.close = task_close,
	.may_leave = task_may_leave,
	.recalc = task_recalc,
	.repaint = task_repaint,
};

void task_run(struct app *app, const struct task_spec *spec)
{
	int permille = 0;
	struct task *task;

	if (!spec->is_one && !task_work(spec, &permille, TASK_MOMENT_MS)) {
		spec->end(spec->ctx, true);
		return;
	}
	task = calloc(1, sizeof(*task));
	if (!task || !box_init(&task->box, app, spec->title, spec->text)) {
		free(task);
		spec->end(spec->ctx, false);
		return;
	}
	task->spec = *spec;
	task->permille = permille;
	app_push(app, (struct pane){&task_ops, task});
	/* Later than this round of the loop, so that the box is painted first. */
	if (app_has(app, task))
		app_timer(app, app_now_ms() + TASK_FIRST_MS, task_slice, task);
}
