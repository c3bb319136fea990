/* Counting a stock document by scanner and keys: what arrived, or what goes on the truck. */
#include "tui/panes.h"

#include "model/barcode.h"
#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/document_tables.h"
#include "tui/receive_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAPE_ROWS 4
#define TAPE_ROWS_SHORT 2
#define SHORT_BODY_ROWS 16
#define HEAD_ROWS 2
#define SIDE_COLS 44

/* ---- counting ---- */

static bool is_for_router(struct receive *self, const char *code)
{
	struct db *db = shop_db(self->shop);
	struct barcode barcode;

	barcode_read(code, &barcode);
	return barcode.kind == BARCODE_DOCUMENT ||
		(barcode.kind == BARCODE_OTHER && db &&
			db_has(db, "SELECT 1 FROM ticket WHERE code = $1", "t", barcode.text));
}

static enum scan_use receive_on_scan(void *ctx, const char *code)
{
	struct receive *self = ctx;
	char sku[COMMAND_ID_MAX + 1];

	if (is_for_router(self, code))
		return SCAN_NOT_MINE;
	if (!document_count_sku_of(&self->counted.count, code, sku, sizeof(sku)) ||
		!document_count_add(&self->counted.count, sku, 1000))
		return SCAN_REFUSED;
	receive_refresh(self, sku);
	return SCAN_USED;
}

static void count_typed(void *ctx)
{
	struct receive *self = ctx;

	if (document_count_add(&self->counted.count, self->sku, 1000))
		receive_refresh(self, self->sku);
}

/* A digit typed where a quantity was meant opens the entry of codes too. */
static enum scan_use receive_on_code(void *ctx, const char *code)
{
	struct receive *self = ctx;
	const struct document_count *count = &self->counted.count;
	char text[2 * DOCUMENT_TEXT_BYTES];

	if (is_for_router(self, code))
		return SCAN_NOT_MINE;
	if (!document_count_sku_of(&self->counted.count, code, self->sku, sizeof(self->sku)))
		return SCAN_REFUSED;
	if (document_count_row_of(count, self->sku) ||
		document_count_is_catalogued(count, self->sku)) {
		count_typed(self);
		return SCAN_USED;
	}
	snprintf(text, sizeof(text),
		_("No product known here has the code %s. Count one piece of it as unknown goods?"),
		self->sku);
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = document_number(&count->document.face),
			.text = text,
			.yes_label = _("Count it"),
			.is_dangerous = true,
			.yes = count_typed,
			.ctx = self,
		});
	return SCAN_USED;
}

/* ---- finishing ---- */

const char *receive_why_no_finish(void *ctx, int arg)
{
	const struct receive *self = ctx;

	(void)arg;
	if (self->counted.count.sums.lines == 0)
		return _("Nothing was counted yet. Scan, or type a quantity.");
	return shop_may(self->shop, self->counted.count.kind->op);
}

static void finish_yes(void *ctx)
{
	struct receive *self = ctx;

	if (document_count_send(&self->counted.count))
		app_close(self->shop->app, self);
	else
		receive_refresh(self, NULL);
}

void receive_run_finish(void *ctx, int arg)
{
	struct receive *self = ctx;
	const char *finish = gettext(self->counted.count.kind->finish);
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	if (document_count_ask(&self->counted.count, &text))
		dialog_confirm(self->shop->app,
			&(struct dialog_confirm_spec){
				.title = finish,
				.text = text_get(&text),
				.yes_label = finish,
				.yes = finish_yes,
				.ctx = self,
			});
	receive_refresh(self, NULL);
	text_free(&text);
}

static void discard_yes(void *ctx)
{
	struct receive *self = ctx;

	document_count_discard(&self->counted.count);
	receive_refresh(self, NULL);
}

void receive_run_discard(void *ctx, int arg)
{
	struct receive *self = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	text_addf(&text, _("%s: "), document_number(&self->counted.count.document.face));
	document_add_figures(&text, self->counted.count.sums.lines, self->counted.count.sums.now);
	text_addf(&text, "\n%s", _("What was counted in this part is forgotten."));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Start over"),
			.text = text_get(&text),
			.yes_label = _("Start over"),
			.is_dangerous = true,
			.yes = discard_yes,
			.ctx = self,
		});
	text_free(&text);
}

static const struct action receive_rows[] = {
	{"quantity", N_("Quantity"), N_("Type how many of this line were counted"), ACTION_HINT, 0,
		receive_why_no_line, receive_run_quantity, NULL},
	{"fill-all", N_("All"), N_("All that is still missing of all lines"), ACTION_HINT, 0,
		receive_why_no_fill, receive_run_fill_all, NULL},
	{"undo", N_("Undo"), N_("Take back the last scan or quantity"), ACTION_HINT, 0,
		receive_why_no_undo, receive_run_undo, NULL},
	{"damaged", N_("Damaged"), N_("Say how many of this line are damaged"), ACTION_HINT, 0,
		receive_why_no_damage, receive_run_damaged, NULL},
	{"finish", N_("Submit"), N_("Finish this part and submit it"),
		ACTION_HINT | ACTION_HINT_FIRST, 0, receive_why_no_finish, receive_run_finish,
		NULL},
	{"add-line", N_("By name"), N_("Count by SKU, barcode or name"), ACTION_HINT, 0, NULL,
		receive_run_add, NULL},
	{"one-more", N_("One more"), N_("One more of this line"), 0, 1, receive_why_no_line,
		receive_run_more, NULL},
	{"one-less", N_("One less"), N_("One less of this line"), 0, -1, receive_why_no_line,
		receive_run_more, NULL},
	{"fill", N_("Complete"), N_("All that is still missing of this line"), ACTION_HINT, 0,
		receive_why_no_line, receive_run_fill, NULL},
	{"discard", N_("Start over"), N_("Forget what was counted and not submitted"), 0, 0,
		receive_why_no_undo, receive_run_discard, NULL},
};
const struct action_table receive_actions = {
	.context = "receive",
	.title = N_("Counting a stock document"),
	ACTION_TABLE_ROWS(receive_rows),
};

/* ---- painting ---- */

static void receive_repaint(void *ctx, const struct rect *area)
{
	struct receive *self = ctx;
	const struct document_count *count = &self->counted.count;
	struct rect body = *area;
	struct rect head, tape;

	if (!count->document.is_here) {
		draw_paragraph(area, ROLE_WARN, _("This document is no longer here."), 0);
		return;
	}
	head = layout_take_top(&body, HEAD_ROWS);
	count_paint_way(count, &(struct rect){head.y, head.x + 1, 1, head.cols - 2});
	count_paint_progress(count, &(struct rect){head.y + 1, head.x + 1, 1, head.cols - 2});
	tape = self->is_wide ? layout_take_right(&body, SIDE_COLS)
			     : layout_take_bottom(&body, self->tape_rows);
	list_repaint(&self->list, &body);
	count_paint_tape(count, &(struct rect){tape.y, tape.x + 1, tape.rows, tape.cols - 2});
}

static void receive_recalc(void *ctx, const struct layout *layout)
{
	struct receive *self = ctx;
	int rows = layout->body.rows - HEAD_ROWS;

	self->is_wide = layout->kind == LAYOUT_WIDE;
	self->tape_rows = 1 + (layout->body.rows < SHORT_BODY_ROWS ? TAPE_ROWS_SHORT : TAPE_ROWS);
	/* Someone at another seat may be counting into the same draft. */
	if (document_draft_changed(&self->counted.count.draft)) {
		document_count_look_again(&self->counted.count);
		receive_refresh(self, NULL);
	}
	document_rows_fit_name(self->counted.columns, self->counted.column_count, COUNT_NAME,
		self->counted.name_cols, layout->body.cols - (self->is_wide ? SIDE_COLS : 0));
	list_recalc(&self->list, self->is_wide ? rows : rows - self->tape_rows);
}

/* ---- pane ---- */

static void receive_title(void *ctx, char *out, size_t size)
{
	const struct document_count *count = &((struct receive *)ctx)->counted.count;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	/* The formats are ours, from the two kinds. */
	snprintf(out, size, gettext(count->kind->title),
		count->document.is_here ? document_number(&count->document.face) : count->id);
#pragma GCC diagnostic pop
}

static const char *receive_help(void *ctx)
{
	const struct receive *self = ctx;

	return gettext(self->counted.count.kind->help);
}

static bool receive_may_leave(void *ctx)
{
	struct receive *self = ctx;

	if (self->counted.count.tape_count > 0)
		app_say(self->shop->app, ROLE_OK, "%s",
			_("What was counted is kept, and goes on here next time."));
	return true;
}

static bool receive_is_counting(void *ctx)
{
	(void)ctx;
	return true;
}

static size_t receive_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct receive *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){self->actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	return 2;
}

static void receive_changed(void *ctx)
{
	struct receive *self = ctx;

	document_count_look_again(&self->counted.count);
	receive_refresh(self, NULL);
}

static void receive_close(void *ctx)
{
	struct receive *self = ctx;

	document_count_close(&self->counted.count);
	list_free(&self->list);
	free(self);
}

static const struct pane_ops receive_ops = {
	.context = "receive",
	.title = receive_title,
	.help = receive_help,
	.close = receive_close,
	.may_leave = receive_may_leave,
	.scopes = receive_scopes,
	.recalc = receive_recalc,
	.repaint = receive_repaint,
	.on_scan = receive_on_scan,
	.on_code = receive_on_code,
	.is_counting = receive_is_counting,
	.on_change = receive_changed,
};

struct pane receive_pane_new(struct shop *shop, const struct count_kind *kind,
	const struct action_table *actions, const char *id)
{
	struct receive *self = calloc(1, sizeof(*self));
	char qty[SHOP_QTY_BYTES];

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	self->actions = actions;
	if (!list_init(
		    &self->list, &count_list_source, self, self->counted.columns, COUNT_COLUMNS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->list.empty = _("Scan the first piece.");
	document_count_open(&self->counted.count, shop, kind, id);
	receive_refresh(self, NULL);
	shop_qty(self->counted.count.sums.now, qty);
	if (self->counted.count.draft.was_damaged)
		app_say(shop->app, ROLE_ERROR, "%s",
			_("What was kept before could not be read and was set aside as drafts.db.damaged."));
	else if (self->counted.count.sums.now > 0)
		app_say(shop->app, ROLE_OK, _("Going on with what was counted before: %s."), qty);
	return (struct pane){&receive_ops, self};
}

struct pane pane_receive_new(struct shop *shop, const char *movement)
{
	return receive_pane_new(shop, &count_receiving, &receive_actions, movement);
}

struct pane pane_ship_new(struct shop *shop, const char *movement)
{
	return receive_pane_new(shop, &count_shipping, &receive_actions, movement);
}
