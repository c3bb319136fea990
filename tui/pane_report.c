/*
 * One report as a table with bars.
 *
 *     WAITING ──the frame that says so is shown──> READ <──> the same, while it is read anew
 *
 * A report may go over years of documents. So it is read behind a frame that says "reading", and what
 * it showed stays until the next is there. One that was read in a moment follows the data by itself; a
 * slow one only says that there are newer data.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/export.h"
#include "tui/form.h"
#include "tui/panes.h"
#include "tui/order_audit.h"
#include "tui/report_view.h"

#define SLOW_MS 100
#define STATE_BYTES 200

struct report_pane {
	struct shop *shop;
	struct report_view view;
	struct export export;
	struct order_audit audit; /* of that report only */
	bool is_wanted;           /* to be read anew */
	bool is_read;             /* there is something to show */
	bool is_slow;
	bool is_newer; /* the data changed since */
	bool has_failed;
};

static void read_now(void *ctx)
{
	struct report_pane *self = ctx;
	int64_t from_ms = app_now_ms();

	self->is_wanted = false;
	self->is_newer = false;
	self->has_failed = !report_view_read(&self->view);
	self->is_read = true;
	self->is_slow = app_now_ms() - from_ms > SLOW_MS;
}

static void want(struct report_pane *self)
{
	self->is_wanted = true;
	app_changed(self->shop->app);
}

/* ---- actions ---- */

static const char *why_no_document(void *ctx, int arg)
{
	const struct report_pane *self = ctx;

	(void)arg;
	if (!list_row(&self->view.list))
		return _("There is no row under the cursor.");
	return report_view_opens(&self->view)
		? NULL
		: _("This row is a sum: no single document belongs to it.");
}

static void run_document(void *ctx, int arg)
{
	struct report_pane *self = ctx;

	(void)arg;
	shop_open_document(self->shop, self->view.report->opens, report_view_opens(&self->view));
}

static const char *why_no_days(void *ctx, int arg)
{
	const struct report_pane *self = ctx;

	(void)arg;
	return report_has_period(self->view.report)
		? NULL
		: _("This report tells how things are now: it asks for no days.");
}

static const char *submit_days(void *ctx, struct form *form)
{
	struct report_pane *self = ctx;
	const char *since = form_value(form, "since");
	const char *until = form_value(form, "until");

	if (since[0] && until[0] && strcmp(since, until) > 0)
		return _("The last day is before the first.");
	snprintf(self->view.wish.since, sizeof(self->view.wish.since), "%s", since);
	snprintf(self->view.wish.until, sizeof(self->view.wish.until), "%s", until);
	want(self);
	return NULL;
}

static void run_days(void *ctx, int arg)
{
	struct report_pane *self = ctx;
	const struct form_field fields[] = {
		{.name = "since",
			.kind = FORM_DATE,
			.label = N_("From day"),
			.hint = N_("Such as 2026-01-31; empty: thirty days back"),
			.initial = self->view.wish.since},
		{.name = "until",
			.kind = FORM_DATE,
			.label = N_("To day"),
			.hint = N_("The last day, itself included; empty: today"),
			.initial = self->view.wish.until},
	};

	(void)arg;
	form_open(self->shop->app,
		&(struct form_spec){
			.title = _("The days of the report"),
			.fields = fields,
			.field_count = sizeof(fields) / sizeof(fields[0]),
			.submit = submit_days,
			.ctx = self,
		});
}

static const char *why_one_store(void *ctx, int arg)
{
	const struct report_pane *self = ctx;

	(void)arg;
	return self->shop->console->store_count > 1
		? NULL
		: _("This terminal has only this store's figures.");
}

static void run_stores(void *ctx, int arg)
{
	struct report_pane *self = ctx;

	(void)arg;
	self->view.wish.is_all = !self->view.wish.is_all;
	want(self);
}

static void run_again(void *ctx, int arg)
{
	struct report_pane *self = ctx;

	(void)arg;
	want(self);
}

static const struct action report_rows_of_keys[] = {
	{"row-document", N_("Open"), N_("Open the document of this row"), ACTION_HINT, 0,
		why_no_document, run_document, NULL},
	{"days", N_("Days"), N_("Choose the days"), ACTION_HINT, 0, why_no_days, run_days, NULL},
	{"stores", N_("All stores"), N_("This store, or all stores of this terminal"), ACTION_HINT,
		0, why_one_store, run_stores, NULL},
	{"read-again", N_("Read again"), N_("Read the report again from the data of now"),
		ACTION_HINT, 0, NULL, run_again, NULL},
};
const struct action_table report_actions = {
	.context = "report",
	.title = N_("A report"),
	ACTION_TABLE_ROWS(report_rows_of_keys),
};

/* ---- to a file ---- */

static bool write_file(void *ctx, const char *path, int64_t *rows, char *error, size_t size)
{
	struct report_pane *self = ctx;
	struct report_file file = {.path = path};
	bool written = report_view_write(&self->view, &file);

	*rows = file.rows;
	snprintf(error, size, "%s", file.error);
	return written;
}

static void name_file(void *ctx, char *out, size_t size)
{
	snprintf(out, size, "%s", ((const struct report_pane *)ctx)->view.report->name);
}

static const char *why_not_write(void *ctx)
{
	const struct report_pane *self = ctx;

	return self->view.read.count > 0 ? NULL
					 : _("The report is empty: there is nothing to write.");
}

/* ---- painting ---- */

static void report_recalc(void *ctx, const struct layout *layout)
{
	struct report_pane *self = ctx;

	if (self->is_wanted)
		app_timer(self->shop->app, app_now_ms(), read_now, self);
	report_view_fit(&self->view, layout->body.cols);
	if (!self->is_read)
		self->view.list.empty = _("Reading\u2026");
	else if (self->has_failed)
		self->view.list.empty = _("The data could not be read. Read it again in a moment.");
	else
		self->view.list.empty = shop_empty_words(self->shop, _("Nothing to report."));
	list_recalc(&self->view.list, layout->body.rows - 2);
}

static const char *state_words(
	const struct report_pane *self, enum role *role, char text[STATE_BYTES])
{
	*role = ROLE_DIM;
	text[0] = '\0';
	/* What is read in a moment follows the data without a word. */
	if (self->is_wanted && (self->is_slow || !self->is_read))
		return _("Reading\u2026");
	if (self->is_newer) {
		*role = ROLE_WARN;
		snprintf(text, STATE_BYTES, _("As of %s; there are newer data"), self->view.as_of);
	} else if (self->is_read) {
		snprintf(text, STATE_BYTES, _("As of %s"), self->view.as_of);
	}
	return text;
}

static void repaint_head(const struct report_pane *self, const struct rect *row)
{
	char text[STATE_BYTES];
	enum role role;
	const char *words = state_words(self, &role, text);
	int cols = draw_text_right(row->y, row->x, row->cols - 1, role, words);

	draw_text(row->y, row->x + 2, row->cols - cols - 5, ROLE_NORMAL, self->view.head);
}

static void repaint_foot(const struct report_pane *self, const struct rect *row)
{
	char position[64];
	char text[STATE_BYTES];
	enum role role = ROLE_NORMAL;
	int cols;

	list_position(&self->view.list, position, sizeof(position));
	cols = draw_text_right(row->y, row->x, row->cols - 1, ROLE_DIM, position);
	report_view_sum(&self->view, text, sizeof(text));
	if (self->view.read.is_cut) {
		role = ROLE_WARN;
		snprintf(text, sizeof(text), _("Only the first %d rows; write a file to have all."),
			REPORT_ROWS_MAX);
	}
	draw_text(row->y, row->x + 2, row->cols - cols - 5, role, text);
}

static void report_repaint(void *ctx, const struct rect *area)
{
	struct report_pane *self = ctx;
	struct rect body = *area;
	struct rect head = layout_take_top(&body, 1);
	struct rect foot = layout_take_bottom(&body, 1);

	repaint_head(self, &head);
	list_repaint(&self->view.list, &body);
	repaint_foot(self, &foot);
}

/* ---- pane ---- */

static void report_title(void *ctx, char *out, size_t size)
{
	snprintf(out, size, "%s", gettext(((const struct report_pane *)ctx)->view.report->title));
}

static const char *report_help(void *ctx)
{
	return gettext(((const struct report_pane *)ctx)->view.report->about);
}

static void report_close(void *ctx)
{
	struct report_pane *self = ctx;

	report_view_free(&self->view);
	free(self);
}

static size_t report_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct report_pane *self = ctx;

	if (max < 4)
		return 0;
	out[0] = (struct action_scope){&report_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->view.list};
	out[2] = (struct action_scope){&export_actions, &self->export};
	if (strcmp(self->view.report->name, ORDER_AUDIT_REPORT) != 0)
		return 3;
	out[3] = (struct action_scope){&order_audit_actions, &self->audit};
	return 4;
}

static void report_on_change(void *ctx)
{
	struct report_pane *self = ctx;

	if (self->is_read && self->is_slow)
		self->is_newer = true;
	else
		self->is_wanted = true;
}

static const struct pane_ops report_ops = {
	.context = "report",
	.title = report_title,
	.help = report_help,
	.close = report_close,
	.scopes = report_scopes,
	.recalc = report_recalc,
	.repaint = report_repaint,
	.on_change = report_on_change,
};

struct pane pane_report_new(struct shop *shop, const char *name)
{
	struct report_pane *self = calloc(1, sizeof(*self));

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	self->is_wanted = true;
	if (!report_view_init(&self->view, shop, report_find(name))) {
		report_close(self);
		return (struct pane){NULL, NULL};
	}
	self->audit = (struct order_audit){.shop = shop, .view = &self->view};
	export_call(&self->export, shop, write_file, self);
	self->export.name = name_file;
	self->export.why_not = why_not_write;
	return (struct pane){&report_ops, self};
}
