/* One stock document: its head, its lines, what differs of them, and who did what to it when. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/document_act.h"
#include "tui/document_draft.h"
#include "tui/document_head.h"
#include "tui/document_history.h"
#include "tui/document_lines.h"
#include "tui/explain_here.h"
#include "tui/export.h"
#include "tui/tabs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NARROW_BODY_ROWS 16

enum detail_view { VIEW_LINES, VIEW_EXCEPTIONS, VIEW_HISTORY, VIEWS };

struct detail {
	struct shop *shop;
	struct document document;
	struct document_act act;
	struct document_head head;
	struct tabs tabs;
	struct document_lines lines, exceptions;
	struct document_history history;
	struct source lines_source; /* for the file only */
	struct export export, exceptions_export;
	struct explain_here explain;
	char id[COMMAND_ID_MAX + 1];
};

/* ---- keys ---- */

static const struct document_face *detail_face(void *ctx)
{
	const struct detail *self = ctx;

	return self->document.is_here ? &self->document.face : NULL;
}

static struct list *shown_list(struct detail *self)
{
	return self->tabs.now == VIEW_LINES         ? &self->lines.list
		: self->tabs.now == VIEW_EXCEPTIONS ? &self->exceptions.list
						    : &self->history.list;
}

static const char *why_no_row(void *ctx, int arg)
{
	(void)arg;
	return list_row(shown_list(ctx)) ? NULL : _("There is no line here.");
}

static void run_row(void *ctx, int arg)
{
	struct detail *self = ctx;
	const struct document_line *line = list_row(shown_list(self));

	(void)arg;
	if (self->tabs.now == VIEW_HISTORY)
		document_history_show(&self->history);
	else
		shop_open_document(self->shop, "product", line->sku);
}

static const char *why_no_partner(void *ctx, int arg)
{
	const struct document *document = &((struct detail *)ctx)->document;

	(void)arg;
	if (!document->is_here)
		return _("There is no document here.");
	return *document->face.out_number && *document->face.in_number
		? NULL
		: _("The other end is a third party: it has no document.");
}

static struct pane document_pane(struct shop *shop, const char *id, bool is_partner);

/* Both faces are one document here; the partner's is seen through the other store's eyes. */
static void run_partner(void *ctx, int arg)
{
	struct detail *self = ctx;

	(void)arg;
	if (self->head.is_partner)
		app_close(self->shop->app, self);
	else
		shop_push(self->shop, document_pane(self->shop, self->id, true));
}

static const char *why_no_transfer(void *ctx, int arg)
{
	const struct detail *self = ctx;

	(void)arg;
	return *self->document.transfer ? NULL : _("No transfer order led to this document.");
}

static void run_transfer(void *ctx, int arg)
{
	struct detail *self = ctx;

	(void)arg;
	shop_open_document(self->shop, "transfer", self->document.transfer);
}

static const struct action detail_rows[] = {
	{"open-line", N_("Open"), N_("Open the product of this line, or all of this entry"),
		ACTION_HINT, 0, why_no_row, run_row, NULL},
	{"partner", N_("Partner"), N_("The document at the other end, and back"), 0, 0,
		why_no_partner, run_partner, NULL},
	{"transfer-order", N_("Transfer order"), N_("The transfer order it was born from"), 0, 0,
		why_no_transfer, run_transfer, NULL},
};
const struct action_table document_lines_actions = {
	.context = "document-lines",
	.title = N_("Lines of a stock document"),
	ACTION_TABLE_ROWS(detail_rows),
};

/* ---- reading ---- */

static void read_draft(struct detail *self)
{
	char name[DRAFT_NAME_BYTES];

	snprintf(name, sizeof(name), "receive:%s", self->id);
	self->head.draft_milli = document_draft_pieces(self->shop->console, name);
}

static void detail_changed(void *ctx)
{
	struct detail *self = ctx;
	struct tab *exceptions = &self->tabs.items[VIEW_EXCEPTIONS];

	document_load(&self->document, self->id);
	document_lines_read(&self->lines);
	document_lines_read(&self->exceptions);
	list_changed(&self->history.list);
	read_draft(self);
	self->tabs.items[VIEW_LINES].count = (long)self->document.lines.count;
	exceptions->count = (long)self->document.sums.exceptions;
	exceptions->role = exceptions->count > 0 ? ROLE_WARN : ROLE_NORMAL;
	self->tabs.items[VIEW_HISTORY].count = source_count(&self->history.source);
}

/* ---- painting ---- */

static void detail_repaint(void *ctx, const struct rect *area)
{
	struct detail *self = ctx;
	struct rect body = *area;
	struct rect head, tabs;

	if (!self->document.is_here) {
		draw_paragraph(area, ROLE_WARN, _("This document is no longer here."), 0);
		return;
	}
	head = layout_take_top(&body, document_head_rows(&self->head));
	tabs = layout_take_top(&body, 1);
	document_head_repaint(&self->head, head);
	tabs_repaint(&self->tabs, tabs.y, tabs.x + 1, tabs.cols - 2);
	list_repaint(shown_list(self), &body);
}

static void detail_recalc(void *ctx, const struct layout *layout)
{
	struct detail *self = ctx;
	int rows, cols = layout->body.cols;

	self->head.is_narrow = layout->body.rows < NARROW_BODY_ROWS;
	rows = layout->body.rows - document_head_rows(&self->head) - 1;
	document_lines_recalc(&self->lines, rows, cols);
	document_lines_recalc(&self->exceptions, rows, cols);
	list_recalc(&self->history.list, rows);
}

/* ---- pane ---- */

static void detail_title(void *ctx, char *out, size_t size)
{
	const struct detail *self = ctx;
	const struct document_face *face = &self->document.face;

	snprintf(out, size, "%s",
		!self->document.is_here         ? self->id
			: self->head.is_partner ? document_partner_number(face)
						: document_number(face));
}

static const char *detail_help(void *ctx)
{
	(void)ctx;
	return _(
		"One stock document. What was ordered is shipped or not; what was shipped is received, "
		"written off, sent back or on its way: the figures of a line add up to that. A count may "
		"come in several parts; what is missing in the end is closed short with a reason. "
		"Exceptions are lines counted otherwise than expected, damaged units, and goods that were "
		"not on the order or are in no catalogue.");
}

static void detail_open(void *ctx)
{
	struct detail *self = ctx;

	read_draft(self);
}

/* By the number of this store's side. */
static void file_name(void *ctx, char *out, size_t size)
{
	const struct detail *self = ctx;

	shop_document_name(self->shop, "movement", self->id, out, size);
}

static void detail_close(void *ctx)
{
	struct detail *self = ctx;

	document_act_free(&self->act);
	document_lines_free(&self->lines);
	document_lines_free(&self->exceptions);
	document_history_free(&self->history);
	document_free(&self->document);
	free(self);
}

static size_t detail_numbers(void *ctx, struct explain *out, size_t max)
{
	struct detail *self = ctx;
	const struct document_line *line = list_row(shown_list(self));

	return self->tabs.now != VIEW_HISTORY && line
		? explain_here_movement(self->id, line->sku, out, max)
		: 0;
}

static size_t detail_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct detail *self = ctx;

	if (max < 6)
		return 0;
	out[0] = (struct action_scope){&document_actions, &self->act};
	out[1] = (struct action_scope){&document_lines_actions, self};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&list_actions, shown_list(self)};
	out[4] = (struct action_scope){&export_actions,
		self->tabs.now == VIEW_EXCEPTIONS ? &self->exceptions_export : &self->export};
	out[5] = (struct action_scope){&explain_here_actions, &self->explain};
	return 6;
}

static const struct pane_ops detail_ops = {
	.context = "document",
	.title = detail_title,
	.help = detail_help,
	.open = detail_open,
	.close = detail_close,
	.scopes = detail_scopes,
	.recalc = detail_recalc,
	.repaint = detail_repaint,
	.on_change = detail_changed,
};

static void exceptions_name(void *ctx, char *out, size_t size)
{
	char number[MOVEMENT_NUMBER_SIZE];

	file_name(ctx, number, sizeof(number));
	snprintf(out, size, "%s-exceptions", number);
}

static const char *why_no_exceptions(void *ctx)
{
	const struct detail *self = ctx;

	return self->document.sums.exceptions > 0
		? NULL
		: _("The list is empty: there is nothing to write.");
}

static bool write_exceptions(void *ctx, const char *path, int64_t *rows, char *error, size_t size)
{
	struct detail *self = ctx;

	return document_lines_write(&self->exceptions, path, rows, error, size);
}

static void init_file(struct detail *self)
{
	export_call(&self->exceptions_export, self->shop, write_exceptions, self);
	self->exceptions_export.name = exceptions_name;
	self->exceptions_export.why_not = why_no_exceptions;
	source_init(&self->lines_source, self->shop, "movement_lines", NULL, 0);
	source_where(&self->lines_source, "movement", self->id);
	export_list(&self->export, self->shop, &self->lines_source, &self->lines.list);
	self->export.name = file_name;
	self->export.ctx = self;
}

static struct pane document_pane(struct shop *shop, const char *id, bool is_partner)
{
	static const char *const labels[VIEWS] = {N_("Lines"), N_("Exceptions"), N_("History")};
	struct detail *self = calloc(1, sizeof(*self));

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	snprintf(self->id, sizeof(self->id), "%s", id);
	document_init(&self->document, shop);
	document_act_init(&self->act, shop, detail_face, self);
	explain_here_init(&self->explain, shop, detail_numbers, self);
	self->head.document = &self->document;
	self->head.is_partner = is_partner;
	self->tabs.count = VIEWS;
	for (int i = 0; i < VIEWS; i++)
		self->tabs.items[i].label = labels[i];
	if (!document_lines_init(&self->lines, &self->document, false) ||
		!document_lines_init(&self->exceptions, &self->document, true) ||
		!document_history_init(&self->history, shop, id)) {
		detail_close(self);
		return (struct pane){NULL, NULL};
	}
	init_file(self);
	detail_changed(self);
	return (struct pane){&detail_ops, self};
}

struct pane pane_movement_new(struct shop *shop, const char *id)
{
	return document_pane(shop, id, false);
}
