/* The reports there are, each with a sentence of what it tells. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/report.h"
#include "tui/document_rows.h"
#include "tui/panes.h"
#include "tui/shop.h"

struct reports_row {
	char key[LIST_KEY_BYTES];
	const struct report *report;
};

struct reports {
	struct document_rows rows; /* first, as document_rows.h asks */
	struct shop *shop;
	struct list list;
};

static struct reports *shown; /* there is one at most */

static void put_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct reports_row *row = it;

	(void)ctx;
	snprintf(out->text, sizeof(out->text), "%s",
		gettext(column == 0 ? row->report->title : row->report->about));
}

static const struct list_source row_source = {
	.row_bytes = sizeof(struct reports_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = put_cell,
};

static const struct list_column columns[] = {
	{.title = N_("Report"), .width_cols = 26, .is_key = true},
	{.title = N_("What it tells"), .width_cols = 48, .flex = 1, .drop = 1},
};

/* ---- actions ---- */

static const char *why_not_open(void *ctx, int arg)
{
	const struct reports *self = ctx;

	(void)arg;
	return list_row(&self->list) ? NULL : _("There is no row under the cursor.");
}

static void run_open(void *ctx, int arg)
{
	struct reports *self = ctx;
	const struct reports_row *row = list_row(&self->list);

	(void)arg;
	shop_push(self->shop, pane_report_new(self->shop, row->report->name));
}

static const struct action reports_rows[] = {
	{"open-report", N_("Open"), N_("Read the report"), ACTION_HINT, 0, why_not_open, run_open,
		NULL},
};
const struct action_table reports_actions = {
	.context = "reports",
	.title = N_("Reports"),
	ACTION_TABLE_ROWS(reports_rows),
};

/* ---- pane ---- */

static size_t reports_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct reports *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&reports_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	return 2;
}

static void reports_recalc(void *ctx, const struct layout *layout)
{
	struct reports *self = ctx;

	list_recalc(&self->list, layout->body.rows - 1);
}

/* Where the list has no room for what a report tells, its foot has. */
static void reports_repaint(void *ctx, const struct rect *area)
{
	struct reports *self = ctx;
	struct rect body = *area;
	struct rect foot = layout_take_bottom(&body, 1);
	const struct reports_row *row = list_row(&self->list);

	list_repaint(&self->list, &body);
	if (row && area->cols < LAYOUT_NORMAL_COLS)
		draw_text(foot.y, foot.x + 2, foot.cols - 3, ROLE_DIM, gettext(row->report->about));
}

static void reports_title(void *ctx, char *out, size_t size)
{
	(void)ctx;
	snprintf(out, size, "%s", _("Reports"));
}

static const char *reports_help(void *ctx)
{
	(void)ctx;
	return _(
		"Reports go over the documents this terminal holds: those of its stores. Each can be written to a file.");
}

static void reports_close(void *ctx)
{
	struct reports *self = ctx;

	if (shown == self)
		shown = NULL;
	list_free(&self->list);
	document_rows_free(&self->rows);
	free(self);
}

static const struct pane_ops reports_ops = {
	.context = "reports",
	.title = reports_title,
	.help = reports_help,
	.close = reports_close,
	.scopes = reports_scopes,
	.recalc = reports_recalc,
	.repaint = reports_repaint,
};

static void add_reports(struct reports *self)
{
	int count;
	const struct report *reports = report_all(&count);

	for (int i = 0; i < count; i++) {
		struct reports_row *row = document_rows_add(&self->rows);

		if (!row)
			return;
		row->report = &reports[i];
		document_rows_key(row->key, i, reports[i].name);
	}
}

static struct pane reports_new(struct shop *shop)
{
	struct reports *self = calloc(1, sizeof(*self));

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	document_rows_init(&self->rows, sizeof(struct reports_row));
	if (!list_init(&self->list, &row_source, self, columns,
		    sizeof(columns) / sizeof(columns[0]))) {
		reports_close(self);
		return (struct pane){NULL, NULL};
	}
	add_reports(self);
	return (struct pane){&reports_ops, self};
}

void pane_reports_show(struct shop *shop)
{
	struct pane pane = reports_new(shop);

	/* It may stand below another pane, or on another stack. */
	if (shown)
		app_close(shop->app, shown);
	shown = pane.self;
	shop_push(shop, pane);
}
