/* Counting a stock document by scanner and keys: what arrived, or what goes on the truck. */
#include "tui/panes.h"

#include "model/barcode.h"
#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/document_count.h"
#include "tui/document_tables.h"
#include "tui/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAPE_ROWS 4
#define TAPE_ROWS_NARROW 2
#define HEAD_ROWS 2
#define SIDE_COLS 44

struct receive {
	struct document_count count; /* must stay first: its rows are the list's */
	struct shop *shop;
	struct list list;
	char sku[COMMAND_ID_MAX + 1]; /* of the line the open question is about */
	bool is_narrow, is_wide;
};

/* ---- counting ---- */

static void refresh(struct receive *self, const char *sku)
{
	const struct count_row *row = sku ? document_count_row_of(&self->count, sku) : NULL;

	list_changed(&self->list);
	if (row)
		list_go_to(&self->list, row->key);
}

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
	if (!document_count_sku_of(&self->count, code, sku, sizeof(sku)) ||
		!document_count_add(&self->count, sku, 1000))
		return SCAN_REFUSED;
	refresh(self, sku);
	return SCAN_USED;
}

/* ---- keys on a line ---- */

static const struct count_row *row_now(const struct receive *self)
{
	return list_row(&self->list);
}

static const char *why_no_line(void *ctx, int arg)
{
	(void)arg;
	return row_now(ctx) ? NULL : _("There is no line here. Scan something.");
}

static void run_more(void *ctx, int by)
{
	struct receive *self = ctx;
	struct count_row row = *row_now(self);

	if (by < 0 && row.now <= 0)
		app_say(self->shop->app, ROLE_WARN, _("%s: nothing was counted yet."), row.sku);
	else if (document_count_add(&self->count, row.sku, (int64_t)by * 1000))
		refresh(self, row.sku);
}

static const char *take_quantity(void *ctx, const char *value)
{
	struct receive *self = ctx;
	const struct count_row *row = document_count_row_of(&self->count, self->sku);
	int64_t qty, had = row ? row->now : 0;

	field_parse_quantity(value, false, &qty);
	if (!document_count_has_room(&self->count, self->sku, qty - had))
		return _("That is more than is left to ship.");
	if (document_count_set(&self->count, self->sku, qty, row ? row->damaged : 0))
		refresh(self, self->sku);
	return NULL;
}

static const char *take_damaged(void *ctx, const char *value)
{
	struct receive *self = ctx;
	const struct count_row *row = document_count_row_of(&self->count, self->sku);
	int64_t damaged, now = row ? row->now : 0;

	field_parse_quantity(value, false, &damaged);
	if (damaged > now)
		return _("That is more than was counted. Count them first.");
	if (document_count_set(&self->count, self->sku, now, damaged))
		refresh(self, self->sku);
	return NULL;
}

struct number_question {
	const char *title;
	const char *text;
	int64_t initial_milli;
	const char *(*submit)(void *ctx, const char *value);
};

static void ask_number(struct receive *self, const struct number_question *question)
{
	char qty[SHOP_QTY_BYTES];

	shop_qty(question->initial_milli, qty);
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){
			.title = question->title,
			.text = question->text,
			.initial = qty,
			.kind = DIALOG_QUANTITY,
			.submit = question->submit,
			.ctx = self,
		});
}

static void run_quantity(void *ctx, int arg)
{
	struct receive *self = ctx;
	const struct count_row *row = row_now(self);
	char text[2 * DOCUMENT_TEXT_BYTES];

	(void)arg;
	snprintf(self->sku, sizeof(self->sku), "%s", row->sku);
	snprintf(text, sizeof(text), "%s %s", row->sku, row->name);
	ask_number(self,
		&(struct number_question){_("Counted now"), text, row->now, take_quantity});
}

static const char *why_no_damage(void *ctx, int arg)
{
	const struct receive *self = ctx;
	const struct count_row *row = row_now(self);

	if (self->count.kind->is_shipping)
		return _("Damaged units are counted where they arrive.");
	if (row && row->now <= 0)
		return _("Nothing was counted of this line yet.");
	return why_no_line(ctx, arg);
}

static void run_damaged(void *ctx, int arg)
{
	struct receive *self = ctx;
	const struct count_row *row = row_now(self);
	char text[3 * DOCUMENT_TEXT_BYTES], now[SHOP_QTY_BYTES];
	int64_t initial = row->damaged + 1000 <= row->now ? row->damaged + 1000 : row->damaged;

	(void)arg;
	snprintf(self->sku, sizeof(self->sku), "%s", row->sku);
	shop_qty(row->now, now);
	snprintf(text, sizeof(text), _("%s %s: how many of the %s counted are damaged?"), row->sku,
		row->name, now);
	ask_number(self, &(struct number_question){_("Damaged"), text, initial, take_damaged});
}

/* All that is still missing of the line. */
static void run_fill(void *ctx, int arg)
{
	struct receive *self = ctx;
	struct count_row row = *row_now(self);

	(void)arg;
	if (row.expected - row.before <= row.now)
		app_say(self->shop->app, ROLE_DIM, _("%s is complete."), row.sku);
	else if (document_count_set(
			 &self->count, row.sku, row.expected - row.before, row.damaged))
		refresh(self, row.sku);
}

static const char *why_no_undo(void *ctx, int arg)
{
	const struct receive *self = ctx;

	(void)arg;
	return self->count.tape_count > 0 ? NULL
					  : _("Nothing was counted that could be taken back.");
}

static void run_undo(void *ctx, int arg)
{
	struct receive *self = ctx;
	struct draft_entry undone;

	(void)arg;
	if (document_count_undo(&self->count, &undone))
		refresh(self, undone.sku);
}

/* ---- finishing ---- */

static const char *why_no_finish(void *ctx, int arg)
{
	const struct receive *self = ctx;

	(void)arg;
	if (self->count.sums.lines == 0)
		return _("Nothing was counted yet. Scan, or type a quantity.");
	return shop_may(self->shop, self->count.kind->op);
}

static void finish_yes(void *ctx)
{
	struct receive *self = ctx;

	if (document_count_send(&self->count))
		app_close(self->shop->app, self);
	else
		refresh(self, NULL);
}

static void run_finish(void *ctx, int arg)
{
	struct receive *self = ctx;
	const char *finish = gettext(self->count.kind->finish);
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	if (document_count_ask(&self->count, &text))
		dialog_confirm(self->shop->app,
			&(struct dialog_confirm_spec){
				.title = finish,
				.text = text_get(&text),
				.yes_label = finish,
				.no_label = _("Back"),
				.yes = finish_yes,
				.ctx = self,
			});
	refresh(self, NULL);
	text_free(&text);
}

static void discard_yes(void *ctx)
{
	struct receive *self = ctx;

	document_count_discard(&self->count);
	refresh(self, NULL);
}

static void run_discard(void *ctx, int arg)
{
	struct receive *self = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	text_addf(&text, "%s: ", document_number(&self->count.document.face));
	document_add_figures(&text, self->count.sums.lines, self->count.sums.now);
	text_addf(&text, "\n%s", _("What was counted in this part is forgotten."));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Start over"),
			.text = text_get(&text),
			.yes_label = _("Start over"),
			.no_label = _("Back"),
			.is_dangerous = true,
			.yes = discard_yes,
			.ctx = self,
		});
	text_free(&text);
}

static const struct action receive_rows[] = {
	{"quantity", N_("Quantity"), N_("Type how many of this line were counted"), ACTION_HINT, 0,
		why_no_line, run_quantity, NULL},
	{"undo", N_("Undo"), N_("Take back the last scan or quantity"), ACTION_HINT, 0, why_no_undo,
		run_undo, NULL},
	{"damaged", N_("Damaged"), N_("Say how many of this line are damaged"), ACTION_HINT, 0,
		why_no_damage, run_damaged, NULL},
	{"finish", N_("Submit"), N_("Finish this part and submit it"),
		ACTION_HINT | ACTION_HINT_FIRST, 0, why_no_finish, run_finish, NULL},
	{"one-more", N_("One more"), N_("One more of this line"), 0, 1, why_no_line, run_more, NULL},
	{"one-less", N_("One less"), N_("One less of this line"), 0, -1, why_no_line, run_more,
		NULL},
	{"fill", N_("Complete"), N_("All that is still missing of this line"), ACTION_HINT, 0,
		why_no_line, run_fill, NULL},
	{"discard", N_("Start over"), N_("Forget what was counted and not submitted"), 0, 0,
		why_no_undo, run_discard, NULL},
};
const struct action_table receive_actions = {
	.context = "receive",
	.title = N_("Counting a stock document"),
	ACTION_TABLE_ROWS(receive_rows),
};

/* ---- the list ---- */

enum count_column {
	COUNT_SKU,
	COUNT_NAME,
	COUNT_NOW,
	COUNT_BEFORE,
	COUNT_EXPECTED,
	COUNT_OPEN,
	COUNT_DAMAGED,
	COUNT_MARK,
	COUNT_COLUMNS
};

static const struct list_column count_columns[COUNT_COLUMNS] = {
	[COUNT_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},
	[COUNT_NAME] = {N_("Product"), 12, 1, LIST_LEFT, 0, false},
	[COUNT_NOW] = {N_("Now"), 6, 0, LIST_RIGHT, 0, false},
	[COUNT_BEFORE] = {N_("Before"), 6, 0, LIST_RIGHT, 1, false},
	[COUNT_EXPECTED] = {N_("Expected"), 8, 0, LIST_RIGHT, 0, false},
	[COUNT_OPEN] = {N_("Diff."), 6, 0, LIST_RIGHT, 0, false},
	[COUNT_DAMAGED] = {N_("Damaged"), 7, 0, LIST_RIGHT, 3, false},
	[COUNT_MARK] = {N_("Mark"), 8, 0, LIST_LEFT, 4, false},
};

static void put_number(const struct count_row *row, int column, struct list_cell *out)
{
	const int64_t figures[COUNT_COLUMNS] = {
		[COUNT_NOW] = row->now,
		[COUNT_BEFORE] = row->before,
		[COUNT_EXPECTED] = row->expected,
		[COUNT_OPEN] = row->before + row->now - row->expected,
		[COUNT_DAMAGED] = row->damaged,
	};
	char text[SHOP_QTY_BYTES];

	if (column == COUNT_DAMAGED && row->damaged == 0)
		return;
	if (column == COUNT_OPEN) {
		shop_qty_signed(figures[column], text);
		out->role = shop_qty_role(figures[column]);
	} else {
		shop_qty(figures[column], text);
		out->role = column == COUNT_NOW && row->now > 0 ? ROLE_BOLD
			: figures[column] == 0                  ? ROLE_DIM
								: ROLE_NORMAL;
	}
	snprintf(out->text, sizeof(out->text), "%s", text);
}

static void count_cell(void *ctx, const void *of, int column, struct list_cell *out)
{
	const struct count_row *row = of;

	(void)ctx;
	switch (column) {
	case COUNT_SKU:
		snprintf(out->text, sizeof(out->text), "%s", row->sku);
		out->role = row->is_extra ? ROLE_WARN : ROLE_NORMAL;
		break;
	case COUNT_NAME:
		snprintf(out->text, sizeof(out->text), "%s", row->name);
		break;
	case COUNT_MARK:
		snprintf(out->text, sizeof(out->text), "%s",
			row->is_unknown         ? _("Unknown")
				: row->is_extra ? _("Extra")
						: "");
		out->role = ROLE_WARN;
		break;
	default:
		put_number(row, column, out);
		break;
	}
}

static const struct list_source count_source = {
	.row_bytes = sizeof(struct count_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = count_cell,
};

/* ---- painting ---- */

static void paint_progress(const struct receive *self, const struct rect *row)
{
	const struct count_sums *sums = &self->count.sums;
	char now[SHOP_QTY_BYTES], before[SHOP_QTY_BYTES], expected[SHOP_QTY_BYTES];
	char text[3 * SHOP_QTY_BYTES + 80];
	int bar = row->cols / 4;
	int64_t done = sums->before + sums->now;
	int permille = sums->expected > 0 ? (int)(done * 1000 / sums->expected) : 0;

	shop_qty(sums->now, now);
	shop_qty(sums->before, before);
	shop_qty(sums->expected, expected);
	draw_bar(row->y, row->x, bar, done > sums->expected ? 1000 : permille);
	/* TRANSLATORS: how much was counted in this part, in earlier ones, and is expected. */
	snprintf(text, sizeof(text), _("now %s, before %s, expected %s"), now, before, expected);
	draw_text(row->y, row->x + bar + 2, row->cols - bar - 2, ROLE_BOLD, text);
}

static void paint_way(const struct receive *self, const struct rect *row)
{
	char from[DOCUMENT_TEXT_BYTES], to[DOCUMENT_TEXT_BYTES], text[3 * DOCUMENT_TEXT_BYTES];
	const char *status = self->count.document.face.status_word;

	document_from_name(self->shop, &self->count.document.face, from, sizeof(from));
	document_to_name(self->shop, &self->count.document.face, to, sizeof(to));
	snprintf(text, sizeof(text), _("%s to %s"), from, to);
	draw_text_right(row->y, row->x, row->cols, shop_status_role("movement", status),
		shop_word("movement", status));
	draw_text(row->y, row->x, row->cols - 20, ROLE_NORMAL, text);
}

static void paint_tape(const struct receive *self, const struct rect *area)
{
	int y = area->y;

	draw_text(y++, area->x, area->cols, ROLE_COLUMN, _("Last counted"));
	for (size_t i = 0; i < self->count.tape_count && y < area->y + area->rows; i++, y++) {
		const struct draft_entry *entry = &self->count.tape[i];
		const struct count_row *row = document_count_row_of(&self->count, entry->sku);
		char when[SHOP_WHEN_BYTES], qty[SHOP_QTY_BYTES], text[2 * DOCUMENT_TEXT_BYTES];
		int x = area->x;

		shop_when(self->shop, entry->at_ms, when);
		x += draw_text(y, x, area->cols, ROLE_DIM, when) + 1;
		shop_qty_signed(entry->qty_milli ? entry->qty_milli : entry->damaged_milli, qty);
		draw_text_right(y, x, 6, entry->qty_milli ? ROLE_BOLD : ROLE_LOSS, qty);
		snprintf(text, sizeof(text), "%s %s%s%s (%s)", entry->sku, row ? row->name : "",
			entry->qty_milli ? "" : " ", entry->qty_milli ? "" : _("damaged"),
			entry->actor);
		draw_text(y, x + 7, area->x + area->cols - x - 7, ROLE_NORMAL, text);
	}
}

static void receive_repaint(void *ctx, const struct rect *area)
{
	struct receive *self = ctx;
	struct rect body = *area;
	struct rect row, tape;

	if (!self->count.document.is_here) {
		draw_paragraph(area, ROLE_WARN, _("This document is no longer here."), 0);
		return;
	}
	row = layout_take_top(&body, 1);
	paint_way(self, &(struct rect){row.y, row.x + 1, 1, row.cols - 2});
	row = layout_take_top(&body, 1);
	paint_progress(self, &(struct rect){row.y, row.x + 1, 1, row.cols - 2});
	if (self->is_wide)
		tape = layout_take_right(&body, SIDE_COLS);
	else
		tape = layout_take_bottom(&body,
			1 + (self->is_narrow ? TAPE_ROWS_NARROW : TAPE_ROWS));
	list_repaint(&self->list, &body);
	paint_tape(self, &(struct rect){tape.y, tape.x + 1, tape.rows, tape.cols - 2});
}

static void receive_recalc(void *ctx, const struct layout *layout)
{
	struct receive *self = ctx;
	int rows;

	self->is_wide = layout->kind == LAYOUT_WIDE;
	self->is_narrow = layout->body.rows < 16;
	rows = layout->body.rows - HEAD_ROWS;
	if (!self->is_wide)
		rows -= 1 + (self->is_narrow ? TAPE_ROWS_NARROW : TAPE_ROWS);
	/* Someone at another seat may be counting into the same draft. */
	if (document_draft_changed(&self->count.draft)) {
		document_count_read(&self->count);
		refresh(self, NULL);
	}
	list_recalc(&self->list, rows);
}

/* ---- pane ---- */

static void receive_title(void *ctx, char *out, size_t size)
{
	const struct document_count *count = &((struct receive *)ctx)->count;

	/* The formats are ours, from the two kinds. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(out, size, gettext(count->kind->title),
		count->document.is_here ? document_number(&count->document.face) : count->id);
#pragma GCC diagnostic pop
}

static const char *receive_help(void *ctx)
{
	const struct receive *self = ctx;

	return self->count.kind->is_shipping
		? _("Scan what goes on the truck: each scan is one unit. What is not shipped now can be "
		    "shipped later. Nothing leaves the stock before it is submitted.")
		: _("Scan what arrived: each scan is one unit. A typed quantity replaces what was "
		    "counted of the line in this part. Every scan is kept at once, also when the "
		    "terminal dies; submitting sends them all together.");
}

static bool receive_may_leave(void *ctx)
{
	struct receive *self = ctx;

	if (self->count.tape_count > 0)
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
	out[0] = (struct action_scope){&receive_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	return 2;
}

static void receive_changed(void *ctx)
{
	struct receive *self = ctx;

	document_count_read(&self->count);
	refresh(self, NULL);
}

static void receive_close(void *ctx)
{
	struct receive *self = ctx;

	document_count_close(&self->count);
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
	.is_counting = receive_is_counting,
	.on_change = receive_changed,
};

static struct pane receive_new(struct shop *shop, const struct count_kind *kind, const char *id)
{
	struct receive *self = calloc(1, sizeof(*self));
	char qty[SHOP_QTY_BYTES];

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	if (!list_init(&self->list, &count_source, self, count_columns, COUNT_COLUMNS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->list.empty = _("Scan the first piece.");
	document_count_open(&self->count, shop, kind, id);
	shop_qty(self->count.sums.now, qty);
	if (self->count.sums.now > 0)
		app_say(shop->app, ROLE_OK, _("Going on with what was counted before: %s."), qty);
	return (struct pane){&receive_ops, self};
}

struct pane pane_receive_new(struct shop *shop, const char *movement)
{
	return receive_new(shop, &count_receiving, movement);
}

struct pane pane_ship_new(struct shop *shop, const char *movement)
{
	return receive_new(shop, &count_shipping, movement);
}
