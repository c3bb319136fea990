/* Which panes and boxes are open, which of them is on top, and which are hidden from whoever works here. What is
 * taken away is buried, and closed when nobody runs in it any more. */
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/app_parts.h"

static void app_bury(struct app *app, struct pane pane)
{
	if (app->grave_count < APP_GRAVES_MAX)
		app->graves[app->grave_count++] = pane;
}

void app_close_graves(struct app *app)
{
	while (app->grave_count > 0) {
		struct pane pane = app->graves[--app->grave_count];

		if (pane.ops->close)
			pane.ops->close(pane.self);
	}
}

void app_close_all(struct app *app)
{
	while (app->box_count > 0)
		app_bury(app, app->boxes[--app->box_count]);
	for (int i = 0; i < app->top_count; i++)
		while (app->tops[i].depth > 0)
			app_bury(app, app->tops[i].panes[--app->tops[i].depth]);
	app_close_graves(app);
}

const char *app_why_hidden(const struct app *app, const struct pane *pane)
{
	return app->config.why_hidden ? app->config.why_hidden(app->config.ctx, pane->ops) : NULL;
}

int app_page_at(const struct app *app, const struct app_stack *stack)
{
	int at = stack->depth - 1;

	while (at >= 0 && app_why_hidden(app, &stack->panes[at]))
		at--;
	return at;
}

int app_pages(struct app *app, struct pane *out[APP_DEPTH_MAX])
{
	struct app_stack *stack = &app->tops[app->now];
	int count = 0;

	for (int i = 0; i < stack->depth; i++)
		if (!app_why_hidden(app, &stack->panes[i]))
			out[count++] = &stack->panes[i];
	return count;
}

bool app_box_is_shown(const struct app *app, int index)
{
	const struct pane over = {app->box_over[index], NULL};

	return !over.ops || !app_why_hidden(app, &over);
}

/* The index of the topmost box that is shown; -1 if there is none. */
static int app_box_at(const struct app *app)
{
	int at = app->box_count - 1;

	while (at >= 0 && !app_box_is_shown(app, at))
		at--;
	return at;
}

struct pane *app_top(struct app *app)
{
	struct app_stack *stack = &app->tops[app->now];
	int box = app_box_at(app);
	int page = app_page_at(app, stack);

	if (box >= 0)
		return &app->boxes[box];
	return page >= 0 ? &stack->panes[page] : NULL;
}

void app_opened(struct app *app)
{
	struct pane *top = app_top(app);

	app->pressed.count = 0;
	app->is_dirty = true;
	if (top && top->ops->open)
		top->ops->open(top->self);
}

void app_add_pane(struct app *app, const char *name, struct pane pane)
{
	struct app_stack *stack = &app->tops[app->top_count];

	if (app->top_count == APP_PANES_MAX) {
		app_bury(app, pane);
		return;
	}
	stack->name = name;
	stack->panes[0] = pane;
	stack->depth = 1;
	app->top_count++;
}

void app_show(struct app *app, int index)
{
	const char *why_hidden;

	if (index < 0 || index >= app->top_count || index == app->now)
		return;
	why_hidden = app_why_hidden(app, &app->tops[index].panes[0]);
	if (why_hidden) {
		app_say(app, ROLE_WARN, "%s", why_hidden);
		return;
	}
	app->now = index;
	app_opened(app);
}

void app_leave_hidden(struct app *app)
{
	if (app_page_at(app, &app->tops[app->now]) >= 0)
		return;
	for (int i = 0; i < app->top_count; i++) {
		if (app_page_at(app, &app->tops[i]) < 0)
			continue;
		app->now = i;
		app_opened(app);
		return;
	}
}

void app_push(struct app *app, struct pane pane)
{
	struct app_stack *stack = &app->tops[app->now];
	int page = app_page_at(app, stack);
	const char *why_hidden = pane.ops->is_box ? NULL : app_why_hidden(app, &pane);

	if (why_hidden) {
		app_say(app, ROLE_WARN, "%s", why_hidden);
		app_bell(app);
		app_bury(app, pane);
		return;
	}
	if (pane.ops->is_box && app->box_count < APP_BOXES_MAX) {
		app->box_over[app->box_count] = page >= 0 ? stack->panes[page].ops : NULL;
		app->boxes[app->box_count++] = pane;
	} else if (!pane.ops->is_box && stack->depth < APP_DEPTH_MAX) {
		stack->panes[stack->depth++] = pane;
	} else {
		app_say(app, ROLE_WARN, "%s", _("Too much is open at once. Esc goes back."));
		app_bury(app, pane);
		return;
	}
	app_opened(app);
}

static void app_take_out_box(struct app *app, int index)
{
	size_t behind = (size_t)(--app->box_count - index);

	app_bury(app, app->boxes[index]);
	memmove(&app->boxes[index], &app->boxes[index + 1], behind * sizeof(app->boxes[0]));
	memmove(&app->box_over[index], &app->box_over[index + 1],
		behind * sizeof(app->box_over[0]));
	app_opened(app);
}

static void app_take_out_page(struct app *app, struct app_stack *stack, int index)
{
	size_t behind = (size_t)(--stack->depth - index);

	app_bury(app, stack->panes[index]);
	memmove(&stack->panes[index], &stack->panes[index + 1], behind * sizeof(stack->panes[0]));
	app_opened(app);
}

void app_pop(struct app *app)
{
	struct app_stack *stack = &app->tops[app->now];
	int box = app_box_at(app);
	int page = app_page_at(app, stack);

	if (box >= 0)
		app_take_out_box(app, box);
	else if (page > 0)
		app_take_out_page(app, stack, page);
}

void app_close(struct app *app, const void *self)
{
	for (int i = 0; i < app->box_count; i++) {
		if (app->boxes[i].self != self)
			continue;
		app_take_out_box(app, i);
		return;
	}
	for (int top = 0; top < app->top_count; top++) {
		struct app_stack *stack = &app->tops[top];

		for (int i = 1; i < stack->depth; i++) {
			if (stack->panes[i].self != self)
				continue;
			app_take_out_page(app, stack, i);
			return;
		}
	}
}

bool app_has_box(const struct app *app)
{
	return app_box_at(app) >= 0;
}

bool app_has(const struct app *app, const void *self)
{
	for (int i = 0; i < app->box_count; i++)
		if (app->boxes[i].self == self)
			return true;
	for (int i = 0; i < app->top_count; i++)
		for (int depth = 0; depth < app->tops[i].depth; depth++)
			if (app->tops[i].panes[depth].self == self)
				return true;
	return false;
}

size_t app_scopes(struct app *app, struct action_scope out[ACTION_SCOPES_MAX])
{
	struct pane *top = app_top(app);
	size_t count = 0;

	if (top && top->ops->scopes)
		count = top->ops->scopes(top->self, out, ACTION_SCOPES_MAX - 2);
	if (app->config.own.table)
		out[count++] = app->config.own;
	out[count++] = (struct action_scope){&app_actions, app};
	return count;
}
