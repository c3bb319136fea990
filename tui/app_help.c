/*
 * The help page: what works here and now, made from the action tables and the key file.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/app_parts.h"
#include "tui/cols.h"
#include "tui/dialog.h"

#define APP_HELP_BYTES 32768
#define APP_HELP_KEYS_COLS 18

struct app_help_text {
	char bytes[APP_HELP_BYTES];
	size_t used;
};

static void app_help_add(struct app_help_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void app_help_add(struct app_help_text *text, const char *format, ...)
{
	size_t room = sizeof(text->bytes) - text->used;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text->bytes + text->used, room, format, args);
	va_end(args);
	if (length > 0)
		text->used += (size_t)length < room ? (size_t)length : room - 1;
}

static const char *app_help_of(
	struct app *app, const struct action_scope *scope, const struct action *action)
{
	const char *help = keymap_help_of(app->config.keymap, scope->table, action);

	if (action->help_now)
		return action->help_now(scope->ctx, action->arg);
	return help ? gettext(help) : gettext(action->help);
}

static void app_help_row(struct app *app, struct app_help_text *text,
	const struct action_scope *scope, const struct action *action)
{
	const char *help = app_help_of(app, scope, action);
	const char *why_not;
	char keys[128];
	char padded[COLS_LINE_BYTES];

	if (!help)
		return;
	app_keys_of(app, scope, action, keys, sizeof(keys));
	if (!keys[0])
		return;
	cols_pad(padded, sizeof(padded), APP_HELP_KEYS_COLS, keys);
	app_help_add(text, "%s %s\n", padded, help);
	why_not = action_why_not(action, scope->ctx);
	if (why_not)
		app_help_add(text, DIALOG_PAGE_DIM "%*s %s\n", APP_HELP_KEYS_COLS, "", why_not);
}

static void app_help_scope(
	struct app *app, struct app_help_text *text, const struct action_scope *scope)
{
	size_t start = text->used;
	size_t body;

	app_help_add(text, DIALOG_PAGE_HEADING "%s\n", gettext(scope->table->title));
	body = text->used;
	for (size_t row = 0; row < scope->table->count; row++)
		if (!(scope->table->rows[row].flags & ACTION_QUIET))
			app_help_row(app, text, scope, &scope->table->rows[row]);
	if (text->used == body)
		text->used = start; /* Nothing of it can be reached: no heading either. */
	else
		app_help_add(text, "\n");
	text->bytes[text->used] = '\0';
}

void app_help(struct app *app)
{
	static struct app_help_text text; /* Too large for the stack; the page copies it. */
	struct action_scope scopes[ACTION_SCOPES_MAX];
	size_t count = app_scopes(app, scopes);
	struct pane *top = app_top(app);
	const char *about = top && top->ops->help ? top->ops->help(top->self) : NULL;

	text.used = 0;
	text.bytes[0] = '\0';
	if (about)
		app_help_add(&text, "%s\n\n", about);
	for (size_t i = 0; i < count; i++)
		app_help_scope(app, &text, &scopes[i]);
	dialog_page(app, _("Keys that work here"), text.bytes);
}
