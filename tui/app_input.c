/*
 * From keys and scans to actions. A key is, in this order: text for a field that has the focus, an
 * action of the innermost scope that binds it, text the pane can use, the start of a code, or
 * nothing; and then the message line says so.
 */
#include <stdio.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/app_parts.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/term.h"

/* ------------------------------------------------------------------ which key for what */

static bool app_reaches(struct app *app, const struct key_sequence *keys,
	const struct action *action, const void *ctx)
{
	struct action_scope scopes[ACTION_SCOPES_MAX];
	size_t count = app_scopes(app, scopes);
	struct pane *top = app_top(app);
	struct keymap_hit hit;

	if (key_is_printable(keys->keys[0]) && top && top->ops->is_typing &&
		top->ops->is_typing(top->self))
		return false;
	return keymap_look_up(app->config.keymap, keys, scopes, count, &hit) == KEYMAP_FOUND &&
		hit.action == action && hit.ctx == ctx;
}

void app_keys_of(struct app *app, const struct action_scope *scope, const struct action *action,
	char *out, size_t size)
{
	struct key_sequence keys[APP_KEYS_SHOWN_MAX];
	size_t count = keymap_keys_of(
		app->config.keymap, scope->table, action, keys, APP_KEYS_SHOWN_MAX);
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		char label[KEY_SEQUENCE_BYTES];

		if (!app_reaches(app, &keys[i], action, scope->ctx))
			continue;
		key_sequence_label(&keys[i], label);
		if (used + strlen(label) + 3 > size)
			return;
		used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", label);
	}
}

void app_first_key_of(struct app *app, const struct action_scope *scope,
	const struct action *action, char out[KEY_SEQUENCE_BYTES])
{
	struct key_sequence keys[APP_KEYS_SHOWN_MAX];
	size_t count = keymap_keys_of(
		app->config.keymap, scope->table, action, keys, APP_KEYS_SHOWN_MAX);

	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (!app_reaches(app, &keys[i], action, scope->ctx))
			continue;
		key_sequence_label(&keys[i], out);
		return;
	}
}

void app_key_label(struct app *app, const char *action_name, char *out, size_t size)
{
	struct action_scope scopes[ACTION_SCOPES_MAX];
	size_t count = app_scopes(app, scopes);
	char label[KEY_SEQUENCE_BYTES];

	if (size > 0)
		out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		for (size_t row = 0; row < scopes[i].table->count; row++) {
			const struct action *action = &scopes[i].table->rows[row];

			if (strcmp(action->name, action_name) != 0)
				continue;
			app_first_key_of(app, &scopes[i], action, label);
			snprintf(out, size, "%s", label);
			return;
		}
	}
}

/* ------------------------------------------------------------------ keys */

static void app_say_useless(struct app *app, const struct key_sequence *pressed)
{
	char label[KEY_SEQUENCE_BYTES];
	char help[KEY_SEQUENCE_BYTES];

	if (pressed->keys[pressed->count - 1] == KEY_CODE_UNKNOWN) {
		app_say(app, ROLE_WARN, "%s",
			_("The terminal sent something unreadable. Is it set to UTF-8?"));
		return;
	}
	key_sequence_label(pressed, label);
	app_key_label(app, "help", help, sizeof(help));
	/* TRANSLATORS: the first is a key, the second the key of the help. */
	app_say(app, ROLE_WARN, _("%s does nothing here. %s shows the keys."), label, help);
}

/* The pane below the boxes may keep count of what was scanned. */
static void app_tell_lost(struct app *app, const char *code)
{
	struct pane *pages[APP_DEPTH_MAX];
	int count = app_pages(app, pages);
	const struct pane *pane = count > 0 ? pages[count - 1] : NULL;

	if (pane && pane->ops->on_lost_scan)
		pane->ops->on_lost_scan(pane->self, code);
}

void app_refuse_flood(struct app *app)
{
	app->pressed.count = 0;
	app_say(app, ROLE_ERROR, _("The scanner sent more than %d characters: nothing was taken."),
		SCAN_HELD_MAX);
	app_signal(app, APP_SIGNAL_BAD);
	app_tell_lost(app, "");
}

/* To the top pane, else to the router. */
static void app_take_code(struct app *app, const char *code, bool is_typed)
{
	struct pane *top = app_top(app);
	enum scan_use use = SCAN_NOT_MINE;
	bool is_box = app_has_box(app);

	app->is_dirty = true;
	app->pressed.count = 0;
	if (top && is_typed && top->ops->on_code)
		use = top->ops->on_code(top->self, code);
	else if (top && top->ops->on_scan)
		use = top->ops->on_scan(top->self, code);
	if (use != SCAN_NOT_MINE)
		return;
	if (is_box) {
		/* A scan never presses a button, and never acts behind an open question. */
		app_say(app, ROLE_WARN, _("The scan %s was not used: answer the question first."),
			code);
		app_bell(app);
		app_tell_lost(app, code);
		return;
	}
	if (app->config.on_scan)
		use = app->config.on_scan(app->config.ctx, code);
	if (use != SCAN_NOT_MINE)
		return;
	app_say(app, ROLE_WARN, _("The code %s is not known."), code);
	app_bell(app);
}

static const char *app_submit_code(void *ctx, const char *value)
{
	struct app *app = ctx;

	/* The entry is still on top; it goes away first, so that the pane below gets the code. */
	app_pop(app);
	app_take_code(app, value, true);
	return NULL;
}

static void app_open_code(struct app *app, const char *first)
{
	struct dialog_entry_spec spec = {
		.title = _("Enter a code"),
		.text = _("A barcode, a document number or a ticket: works like a scan."),
		.kind = DIALOG_CODE,
		.submit = app_submit_code,
		.ctx = app,
	};
	struct pane *top;

	if (!dialog_entry(app, &spec) || !first)
		return;
	top = app_top(app);
	if (top && top->ops->on_text)
		top->ops->on_text(top->self, first);
}

/* A character that no action takes. */
static bool app_use_text(struct app *app, int32_t key)
{
	struct pane *top = app_top(app);
	char utf8[5];

	cols_encode((uint32_t)key, utf8);
	if (top && top->ops->on_text && top->ops->on_text(top->self, utf8))
		return true;
	key = (int32_t)cols_fold_width((uint32_t)key);
	if (app_has_box(app) || key < '0' || key > '9')
		return false;
	/* A scanner too slow to be recognized, or a person with the label in hand. */
	app_open_code(app, utf8);
	return true;
}

static void app_run_hit(struct app *app, const struct keymap_hit *hit)
{
	const char *why_not = action_why_not(hit->action, hit->ctx);

	if (why_not)
		app_say(app, ROLE_WARN, "%s", why_not);
	else
		hit->action->run(hit->ctx, hit->action->arg);
}

static void app_press(struct app *app, int32_t key)
{
	struct action_scope scopes[ACTION_SCOPES_MAX];
	size_t count = app_scopes(app, scopes);
	struct key_sequence pressed = app->pressed;
	struct keymap_hit hit;

	if (pressed.count < KEY_SEQUENCE_MAX)
		pressed.keys[pressed.count++] = key;
	app->pressed.count = 0;
	switch (keymap_look_up(app->config.keymap, &pressed, scopes, count, &hit)) {
	case KEYMAP_FOUND:
		app_run_hit(app, &hit);
		break;
	case KEYMAP_PREFIX:
		app->pressed = pressed;
		break;
	case KEYMAP_NONE:
		if (pressed.count > 1 && key == KEY_CODE_ESC)
			break; /* Esc takes back the beginning of a sequence. */
		if (pressed.count > 1 || !key_is_printable(key) || !app_use_text(app, key))
			app_say_useless(app, &pressed);
		break;
	}
}

void app_handle_key(struct app *app, int32_t key)
{
	struct pane *top = app_top(app);
	bool is_typing = top && top->ops->is_typing && top->ops->is_typing(top->self);
	char utf8[5];

	app->message[0] = '\0';
	if (!is_typing || !key_is_printable(key)) {
		app_press(app, key);
		return;
	}
	cols_encode((uint32_t)key, utf8);
	if (!top->ops->on_text || !top->ops->on_text(top->self, utf8)) {
		struct key_sequence pressed = {{key}, 1};

		app_say_useless(app, &pressed);
	}
}

void app_handle_paste(struct app *app, const char *text)
{
	struct pane *top = app_top(app);

	app->message[0] = '\0';
	app->is_dirty = true;
	if (!top || !top->ops->on_paste || !top->ops->on_paste(top->self, text))
		app_say(app, ROLE_WARN, "%s", _("There is no field here to paste into."));
}

/* ------------------------------------------------------------------ scans */

void app_scan(struct app *app, const char *code)
{
	app_take_code(app, code, false);
}

/* ------------------------------------------------------------------ the app's own actions */

static const char *app_why_not_with_box(void *ctx, int arg)
{
	const struct app *app = ctx;

	(void)arg;
	return app_has_box(app) ? _("First answer the open question, or close it with Esc.") : NULL;
}

static const char *app_why_no_pane(void *ctx, int arg)
{
	const struct app *app = ctx;

	const char *why_hidden;

	if (arg >= app->top_count)
		return _("No pane belongs to this key.");
	why_hidden = app_why_hidden(app, &app->tops[arg].panes[0]);
	return why_hidden ? why_hidden : app_why_not_with_box(ctx, arg);
}

static const char *app_help_pane(void *ctx, int arg)
{
	const struct app *app = ctx;

	return arg < app->top_count ? gettext(app->tops[arg].name) : NULL;
}

static void app_run_pane(void *ctx, int arg)
{
	app_show(ctx, arg);
}

static void app_run_help(void *ctx, int arg)
{
	(void)arg;
	app_help(ctx);
}

static void app_run_back(void *ctx, int arg)
{
	struct app *app = ctx;
	struct pane *top = app_top(app);
	struct pane *pages[APP_DEPTH_MAX];
	char quit[KEY_SEQUENCE_BYTES];

	(void)arg;
	if (top && top->ops->may_leave && !top->ops->may_leave(top->self))
		return;
	if (app_has_box(app) || app_pages(app, pages) > 1) {
		app_pop(app);
		return;
	}
	app_key_label(app, "quit", quit, sizeof(quit));
	app_say(app, ROLE_DIM, _("There is nothing to go back to. %s leaves Countertop."), quit);
}

static void app_confirm_quit(void *ctx)
{
	app_quit(ctx);
}

static void app_run_quit(void *ctx, int arg)
{
	struct app *app = ctx;
	const char *question = NULL;

	(void)arg;
	if (app->config.ask_before_quit)
		question = app->config.ask_before_quit(app->config.ctx);
	if (!question) {
		app_quit(app);
		return;
	}
	dialog_confirm(app,
		&(struct dialog_confirm_spec){
			.title = _("Leave Countertop"),
			.text = question,
			.yes_label = _("Leave"),
			.no_label = _("Stay"),
			.yes = app_confirm_quit,
			.ctx = app,
		});
}

static void app_run_code(void *ctx, int arg)
{
	(void)arg;
	app_open_code(ctx, NULL);
}

static void app_run_redraw(void *ctx, int arg)
{
	(void)ctx;
	(void)arg;
	term_redraw();
}

static void app_run_suspend(void *ctx, int arg)
{
	(void)ctx;
	(void)arg;
	term_suspend();
}

#define APP_PANE_ROW(number)                                                             \
	{                                                                                \
		"pane-" #number, "", N_("Another pane"), 0, (number)-1, app_why_no_pane, \
			app_run_pane, app_help_pane                                      \
	}

static const struct action app_rows[] = {
	{"help", N_("Help"), N_("Show the keys that work here and now"),
		ACTION_HINT | ACTION_ESSENTIAL, 0, NULL, app_run_help, NULL},
	{"back", N_("Back"), N_("Go back, close what is open"), 0, 0, NULL, app_run_back, NULL},
	{"enter-code", N_("Code"), N_("Type a code instead of scanning it; any digit does too"), 0,
		0, app_why_not_with_box, app_run_code, NULL},
	APP_PANE_ROW(1),
	APP_PANE_ROW(2),
	APP_PANE_ROW(3),
	APP_PANE_ROW(4),
	APP_PANE_ROW(5),
	APP_PANE_ROW(6),
	APP_PANE_ROW(7),
	APP_PANE_ROW(8),
	APP_PANE_ROW(9),
	{"redraw", N_("Redraw"), N_("Paint the whole screen anew"), 0, 0, NULL, app_run_redraw,
		NULL},
	{"suspend", N_("Shell"), N_("Back to the shell; fg returns"), 0, 0, NULL, app_run_suspend,
		NULL},
	{"quit", N_("Quit"), N_("Leave Countertop"), ACTION_ESSENTIAL, 0, app_why_not_with_box,
		app_run_quit, NULL},
};
const struct action_table app_actions = {
	.context = "global",
	.title = N_("Everywhere"),
	ACTION_TABLE_ROWS(app_rows),
};
