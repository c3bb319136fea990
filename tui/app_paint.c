/*
 * The frame around a pane: bar of panes, heading, message, hints, status.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/i18n.h"
#include "tui/app_parts.h"
#include "tui/cols.h"
#include "tui/term.h"

#define APP_GAP_COLS 2
#define APP_WAY " > " /* between the titles of panes */
#define APP_WAY_COLS 4

/* A line under way, written from the left. */
struct app_line {
	int y;
	int x;
	int end; /* the first column that is no longer its own */
};

static bool app_line_has(const struct app_line *line, int cols)
{
	return line->x + cols <= line->end;
}

static void app_line_add(struct app_line *line, enum role role, const char *text)
{
	line->x += draw_text(line->y, line->x, line->end - line->x, role, text);
}

/* ------------------------------------------------------------------ top */

#define WHO_LEAST_COLS 11

/* As many bytes of a name as its first word has. */
static int app_first_word(const char *name)
{
	return (int)strcspn(name, " ");
}

/* Who is signed in and where: whole names where there is room, else the first word of each, else the
 * person alone, since half a name says less. Names are often written in two scripts, the people's own
 * first. */
static void app_who(struct app *app, int most_cols, char *out, size_t size)
{
	const char *staff = app->status.staff, *store = app->status.store;
	const char *between = store[0] && staff[0] ? " \u00b7 " : "";

	snprintf(out, size, "%s%s%s ", staff, between, store);
	if (cols_width(out) > most_cols)
		snprintf(out, size, "%.*s%s%.*s ", app_first_word(staff), staff, between,
			app_first_word(store), store);
	if (cols_width(out) > most_cols && staff[0])
		snprintf(out, size, "%.*s ", app_first_word(staff), staff);
}

/* In at most `most_cols`; returns the columns it takes at the right. */
static int app_paint_who(struct app *app, int most_cols)
{
	const struct rect *top = &app->layout.top;
	char who[160];
	int cols;

	app_who(app, most_cols, who, sizeof(who));
	cols = cols_width(who);
	if (cols > most_cols)
		cols = most_cols;
	draw_text_right(top->y, top->x, top->cols, ROLE_TITLE, "");
	draw_text(top->y, top->x + top->cols - cols, cols, ROLE_TITLE, who);
	return cols;
}

/* A pane with its key; `end` is what keeps it from the next one. */
static void app_pane_label(
	struct app *app, int index, bool has_name, const char *end, char *out, size_t size)
{
	const struct action_scope global = {&app_actions, app};
	char key[KEY_SEQUENCE_BYTES] = "";
	char name[24];

	snprintf(name, sizeof(name), "pane-%d", index + 1);
	for (size_t row = 0; row < app_actions.count; row++)
		if (strcmp(app_actions.rows[row].name, name) == 0)
			app_first_key_of(app, &global, &app_actions.rows[row], key);
	if (has_name)
		snprintf(out, size, " %s%s%s%s", key, key[0] ? " " : "",
			gettext(app->tops[index].name), end);
	else
		snprintf(out, size, " %s%s", key[0] ? key : gettext(app->tops[index].name), end);
}

/* Columns of all names of panes with their keys. */
static int app_names_cols(struct app *app, const char *end)
{
	char label[128];
	int cols = 0;

	for (int i = 0; i < app->top_count; i++) {
		app_pane_label(app, i, true, end, label, sizeof(label));
		cols += cols_width(label);
	}
	return cols;
}

static void app_paint_top(struct app *app)
{
	struct app_line line = {app->layout.top.y, 0, app->layout.cols};
	const char *end = " ";
	bool has_names = true;
	char label[128];
	int all_cols = app_names_cols(app, end);

	draw_fill(&app->layout.top, ROLE_TITLE);
	/* Names of panes come before the name of who works here, as long as enough of that is left, and
	 * closer together if need be; else only the present pane has a name. */
	if (all_cols + WHO_LEAST_COLS > line.end)
		all_cols = app_names_cols(app, end = "");
	if (all_cols + WHO_LEAST_COLS > line.end)
		has_names = false;
	line.end -= app_paint_who(app, has_names ? line.end - all_cols : line.end / 2);
	for (int i = 0; i < app->top_count; i++) {
		bool is_now = i == app->now;

		app_pane_label(app, i, has_names || is_now, end, label, sizeof(label));
		app_line_add(&line, is_now ? ROLE_TITLE_NOW : ROLE_TITLE, label);
	}
}

/* Plain, so that a changing number costs few bytes. Returns the columns it takes. */
static int app_paint_note(struct app *app, const struct pane *pane)
{
	const struct rect *area = &app->layout.heading;
	char note[64] = "";

	if (pane->ops->note)
		pane->ops->note(pane->self, note, sizeof(note));
	return draw_text_right(
		area->y, area->x + area->cols / 2, area->cols / 2 - 1, ROLE_NORMAL, note);
}

#define APP_TITLE_BYTES 512

static void app_pane_title(const struct pane *pane, char out[APP_TITLE_BYTES])
{
	out[0] = '\0';
	if (pane->ops->title)
		pane->ops->title(pane->self, out, APP_TITLE_BYTES);
}

/* Where one is matters more than how one came there: the way is cut at its beginning. */
static int app_first_title(struct pane *const *pages, int count, int cols)
{
	char title[APP_TITLE_BYTES];
	int first = count;
	int used = 0;

	while (first > 0) {
		int before = first > 1 ? APP_WAY_COLS
				       : 0; /* the sign that something was left out */

		app_pane_title(pages[first - 1], title);
		used += cols_width(title);
		if (first < count && used + before > cols)
			break;
		used += cols_width(APP_WAY);
		first--;
	}
	return first;
}

static void app_paint_heading(struct app *app)
{
	struct pane *pages[APP_DEPTH_MAX];
	int count = app_pages(app, pages);
	struct app_line line = {app->layout.heading.y, 1, app->layout.cols - 1};
	int first;

	if (count > 0)
		line.end -= app_paint_note(app, pages[count - 1]) + 1;
	first = app_first_title(pages, count, line.end - line.x);
	if (first > 0)
		app_line_add(&line, ROLE_DIM, "…" APP_WAY);
	for (int i = first; i < count; i++) {
		bool is_last = i == count - 1;
		char title[APP_TITLE_BYTES];

		app_pane_title(pages[i], title);
		app_line_add(&line, is_last ? ROLE_HEADING : ROLE_DIM, title);
		if (!is_last)
			app_line_add(&line, ROLE_DIM, APP_WAY);
	}
}

/* ------------------------------------------------------------------ hints */

static void app_hint(struct app *app, struct app_line *line, const struct action_scope *scope,
	const struct action *action)
{
	bool is_off = action_why_not(action, scope->ctx) != NULL;
	const char *label = gettext(action->label);
	char key[KEY_SEQUENCE_BYTES];

	app_first_key_of(app, scope, action, key);
	if (!key[0] || !app_line_has(line, cols_width(key) + 1 + cols_width(label)))
		return;
	app_line_add(line, is_off ? ROLE_DIM : ROLE_KEY, key);
	line->x++;
	app_line_add(line, is_off ? ROLE_DIM : ROLE_NORMAL, label);
	line->x += APP_GAP_COLS;
}

/* Help stands at the right end, whatever else there is room for. */
static void app_paint_help_hint(struct app *app, struct app_line *line)
{
	char key[KEY_SEQUENCE_BYTES];
	const char *label = _("Help");
	int cols;

	app_key_label(app, "help", key, sizeof(key));
	cols = cols_width(key) + 1 + cols_width(label);
	line->end -= cols + APP_GAP_COLS;
	draw_text(line->y, line->end + APP_GAP_COLS, cols, ROLE_KEY, key);
	draw_text(
		line->y, line->end + APP_GAP_COLS + cols_width(key) + 1, cols, ROLE_NORMAL, label);
}

/* In which pass a row gets its hint: the pane's own first ones, then what works now, then what would
 * only say why not. APP_HINT_PASSES: it has none. */
enum app_hint_pass { APP_HINT_FIRST, APP_HINT_WORKS, APP_HINT_OFF, APP_HINT_PASSES };

static enum app_hint_pass app_hint_pass_of(
	const struct action_scope *scope, const struct action *action)
{
	if (scope->table == &app_actions || !(action->flags & (ACTION_HINT | ACTION_HINT_FIRST)))
		return APP_HINT_PASSES;
	if (action->flags & ACTION_HINT_FIRST)
		return APP_HINT_FIRST;
	return action_why_not(action, scope->ctx) ? APP_HINT_OFF : APP_HINT_WORKS;
}

static void app_paint_hints(struct app *app)
{
	struct action_scope scopes[ACTION_SCOPES_MAX];
	size_t count = app_scopes(app, scopes);
	struct app_line line = {app->layout.hints.y, 1, app->layout.cols - 1};

	app_paint_help_hint(app, &line);
	for (int pass = 0; pass < APP_HINT_PASSES; pass++)
		for (size_t i = 0; i < count; i++)
			for (size_t row = 0; row < scopes[i].table->count; row++) {
				const struct action *action = &scopes[i].table->rows[row];

				if ((int)app_hint_pass_of(&scopes[i], action) == pass)
					app_hint(app, &line, &scopes[i], action);
			}
}

/* ------------------------------------------------------------------ message and status */

static void app_paint_message(struct app *app)
{
	const struct rect *area = &app->layout.message;
	char keys[KEY_SEQUENCE_BYTES + 8];

	if (app->pressed.count > 0) {
		key_sequence_label(&app->pressed, keys);
		strncat(keys, " \u2026", sizeof(keys) - strlen(keys) - 1);
		draw_text(area->y, 1, area->cols - 2, ROLE_KEY, keys);
		return;
	}
	if (app->signalling.flash_steps > 0 && app->message[0]) {
		draw_fill(area, app->signalling.role);
		draw_text(area->y, 1, area->cols - 2, app->signalling.role, app->message);
		return;
	}
	draw_text(area->y, 1, area->cols - 2, app->message_role, app->message);
}

static void app_status_part(struct app_line *line, enum role role, const char *text)
{
	if (!text[0] || !app_line_has(line, cols_width(text) + APP_GAP_COLS))
		return;
	app_line_add(line, role, text);
	line->x += APP_GAP_COLS;
}

/* How many there are, and the age of the oldest if that is worth a word. */
static void app_unsent(const struct app_status *status, char *out, size_t size)
{
	if (status->unsent_age[0])
		/* TRANSLATORS: how many commands wait, the age of the oldest. */
		snprintf(out, size, _("unsent %ld (%s)"), status->unsent, status->unsent_age);
	else
		snprintf(out, size, _("unsent %ld"), status->unsent);
}

static void app_paint_status(struct app *app)
{
	const struct app_status *status = &app->status;
	const struct rect *area = &app->layout.status;
	struct app_line line = {area->y, 1, area->cols - 1};
	char unsent[96] = "", problems[96] = "";
	int needed_cols;

	draw_fill(area, ROLE_STATUS);
	if (status->clock[0]) {
		line.end -= cols_width(status->clock);
		draw_text(area->y, line.end, area->cols, ROLE_STATUS, status->clock);
		line.end -= 1;
	}
	if (status->unsent >= 0)
		app_unsent(status, unsent, sizeof(unsent));
	if (status->problems >= 0)
		snprintf(problems, sizeof(problems), _("problems %ld"), status->problems);
	app_status_part(&line, status->link_role, status->link);
	/* What waits and what was refused comes before how old the data are. */
	needed_cols = cols_width(status->cache_age) + cols_width(unsent) + cols_width(problems) +
		3 * APP_GAP_COLS;
	if (app_line_has(&line, needed_cols))
		app_status_part(&line, ROLE_STATUS, status->cache_age);
	app_status_part(&line, status->unsent > 0 ? ROLE_STATUS_WARN : ROLE_STATUS, unsent);
	app_status_part(&line, status->problems > 0 ? ROLE_STATUS_WARN : ROLE_STATUS, problems);
	if (status->to_do[0] && app_line_has(&line, cols_width(status->to_do)))
		app_line_add(&line, ROLE_STATUS_OK, status->to_do);
	else if (line.x < line.end)
		draw_text(area->y, line.x, line.end - line.x, ROLE_STATUS_OK,
			status->to_do_sum[0] ? status->to_do_sum : status->to_do);
}

/* ------------------------------------------------------------------ all of it */

static void app_paint_too_small(struct app *app)
{
	struct rect screen = {0, 0, app->layout.rows, app->layout.cols};
	char text[160];

	snprintf(text, sizeof(text), _("Countertop needs %dx%d; this is %dx%d."), LAYOUT_MIN_COLS,
		LAYOUT_MIN_ROWS, app->layout.cols, app->layout.rows);
	draw_paragraph(&screen, ROLE_NORMAL, text, 0);
}

static void app_paint_panes(struct app *app)
{
	struct pane *pages[APP_DEPTH_MAX];
	int count = app_pages(app, pages);
	const struct rect *body = &app->layout.body;

	if (count > 0 && pages[count - 1]->ops->repaint)
		pages[count - 1]->ops->repaint(pages[count - 1]->self, body);
	for (int i = 0; i < app->box_count; i++)
		if (app_box_is_shown(app, i) && app->boxes[i].ops->repaint)
			app->boxes[i].ops->repaint(app->boxes[i].self, body);
}

/* The file is replaced as a whole, so that a reader never sees half a screen. */
static void app_dump(const char *path)
{
	char part[4096];
	FILE *file;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return;
	file = fopen(part, "we");
	if (!file)
		return;
	draw_dump(file);
	if (fclose(file) == 0)
		rename(part, path);
	else
		unlink(part);
}

void app_paint(struct app *app)
{
	draw_begin();
	if (app->layout.kind == LAYOUT_TOO_SMALL) {
		app_paint_too_small(app);
	} else {
		app_paint_top(app);
		app_paint_heading(app);
		app_paint_message(app);
		app_paint_hints(app);
		app_paint_status(app);
		app_paint_panes(app);
	}
	if (app->has_bell)
		draw_bell();
	app->has_bell = false;
	draw_end();
	if (app->config.dump_path)
		app_dump(app->config.dump_path);
}
