/* The rehearsal of a correction: all its lines, before and after, what would go below zero, and the lines
 * another sheet counted later, which the manager may pick. The sheet's number, typed, commits it. */
#include "tui/panes.h"

#include "model/field.h"
#include "model/i18n.h"
#include "model/text.h"
#include "tui/cols.h"
#include "tui/correction_view.h"
#include "tui/dialog.h"
#include "tui/sheet.h"
#include "tui/stocktake_tables.h"

#include <stdlib.h>
#include <string.h>

#define LEFT_OUT_ROWS 2
#define OP "stocktake.correct"

static const char *const order_words[CORRECTION_ORDERS] = {
	[CORRECTION_BY_SKU] = NULL,
	[CORRECTION_BY_CHANGE] = N_("largest difference first"),
	[CORRECTION_BY_VALUE] = N_("largest value first"),
};

struct rehearsal {
	struct shop *shop;
	char number[SHOP_NAME_BYTES];
	char status[24];
	long uncounted;
	struct correction correction;
	struct list list;
	bool is_stale;
	char facts[512], facts_short[256], left_out[512];
};

static const struct correction_line *line_now(const struct rehearsal *self)
{
	const struct correction_row *row = list_row(&self->list);
	return row ? row->line : NULL;
}

static bool is_open(const struct rehearsal *self)
{
	return strcmp(self->status, "mismatched") == 0;
}

/* ---- reading ---- */

static void read_sheet(struct rehearsal *self, struct db *db)
{
	struct db_rows *rows = db_query(db, "SELECT number, status FROM stocktake WHERE id = $1",
		"t", self->correction.sheet);
	if (db_next(rows)) {
		snprintf(self->number, sizeof self->number, "%s", db_text(rows, 0));
		snprintf(self->status, sizeof self->status, "%s", db_text(rows, 1));
	}
	db_done(rows);
	self->uncounted = (long)db_get_int(db, 0,
		"SELECT COUNT(*) FROM stocktake_line WHERE stocktake = $1 AND counted IS NULL", "t",
		self->correction.sheet);
}

static void read_again(struct rehearsal *self)
{
	struct db *db = shop_db(self->shop);
	self->is_stale = false;
	if (!db)
		return;
	read_sheet(self, db);
	if (!correction_read(&self->correction))
		app_say(self->shop->app, ROLE_ERROR, "%s", _("There is not enough memory."));
	list_changed(&self->list);
}

static void show_again(struct rehearsal *self)
{
	const struct correction_sums *sums = &self->correction.sums;

	correction_facts(sums, true, self->facts, sizeof self->facts);
	correction_facts(sums, false, self->facts_short, sizeof self->facts_short);
	correction_left_out(
		&self->correction, self->uncounted, self->left_out, sizeof self->left_out);
	list_changed(&self->list);
}

/* ---- actions ---- */

static const char *row_why_not(void *ctx, int arg)
{
	(void)arg;
	return line_now(ctx) ? NULL : _("The list is empty.");
}

static const char *pick_why_not(void *ctx, int arg)
{
	const struct correction_line *line = line_now(ctx);
	(void)arg;
	if (!line)
		return _("The list is empty.");
	if (line->is_unknown)
		return _("It is in no catalogue: it cannot be corrected.");
	return correction_is_pickable(line)
		? NULL
		: _("Only a line another sheet counted later, or one out of scope, is picked.");
}

static void pick(void *ctx, int arg)
{
	struct rehearsal *self = ctx;
	(void)arg;
	if (!correction_pick(&self->correction, line_now(self)))
		app_say(self->shop->app, ROLE_WARN, _("No more than %d lines can be marked."),
			MARKS_MAX);
	show_again(self);
}

static void turn_below_zero(void *ctx, int arg)
{
	struct rehearsal *self = ctx;
	(void)arg;
	self->correction.only_below_zero = !self->correction.only_below_zero;
	correction_show(&self->correction);
	list_restart(&self->list);
}

static void sort(void *ctx, int arg)
{
	struct rehearsal *self = ctx;
	(void)arg;
	self->correction.order = (self->correction.order + 1) % CORRECTION_ORDERS;
	correction_show(&self->correction);
	list_restart(&self->list);
}

static void show_product(void *ctx, int arg)
{
	struct rehearsal *self = ctx;
	(void)arg;
	shop_open_document(self->shop, "product", line_now(self)->sku);
}

static const char *commit_why_not(void *ctx, int arg)
{
	struct rehearsal *self = ctx;
	const char *missing = shop_may(self->shop, OP);
	(void)arg;
	if (!is_open(self))
		return _("Only a mismatched sheet can be corrected.");
	return missing;
}

/* What was read on the screen; a command cannot say more than it may hold. */
static void add_rehearsed(cJSON *data, const char *name, int64_t qty_milli)
{
	if (qty_milli <= FIELD_QTY_MILLI_MAX)
		cJSON_AddNumberToObject(data, name, (double)qty_milli / 1000.0);
}

static const char *commit_now(void *ctx, const char *value)
{
	struct rehearsal *self = ctx;
	cJSON *data = cJSON_CreateObject(), *later = correction_picked(&self->correction);
	(void)value;
	cJSON_AddStringToObject(data, "stocktake", self->correction.sheet);
	if (later)
		cJSON_AddItemToObject(data, "later", later);
	add_rehearsed(data, "gain", self->correction.sums.gain);
	add_rehearsed(data, "loss", -self->correction.sums.loss);
	if (shop_do(self->shop, OP, data, NULL))
		app_close(self->shop->app, self);
	return NULL;
}

static void commit(void *ctx, int arg)
{
	struct rehearsal *self = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);
	(void)arg;
	text_addf(&text, "%s\n%s%s", self->facts, self->left_out, *self->left_out ? "\n" : "");
	text_addf(&text, _("This cannot be undone. Type the sheet's number to commit:\n%s"),
		self->number);
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = _("Correct the book"),
			.text = text_get(&text),
			.word = self->number,
			.submit = commit_now,
			.ctx = self});
	text_free(&text);
}

static const struct action rows[] = {
	{.name = "commit-correction",
		.label = N_("Commit"),
		.help = N_("Write the differences to the book; it cannot be undone"),
		.flags = ACTION_HINT,
		.why_not = commit_why_not,
		.run = commit},
	{.name = "pick-later",
		.label = N_("Pick"),
		.help = N_("Correct a line that would be left out all the same, or leave it out"),
		.flags = ACTION_HINT,
		.why_not = pick_why_not,
		.run = pick},
	{.name = "below-zero",
		.label = N_("Below zero"),
		.help = N_("Show only lines that would go below zero, or all"),
		.flags = ACTION_HINT,
		.run = turn_below_zero},
	{.name = "sort-lines",
		.label = N_("Sort"),
		.help = N_("Sort by SKU, by difference or by value"),
		.flags = ACTION_HINT,
		.run = sort},
	{.name = "line-product",
		.label = N_("Product"),
		.help = N_("Open the product under the cursor"),
		.why_not = row_why_not,
		.run = show_product},
};

const struct action_table correct_actions = {
	.context = "correct", .title = N_("Rehearsal of a correction"), ACTION_TABLE_ROWS(rows)};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	const struct rehearsal *self = ctx;
	const char *order = order_words[self->correction.order];
	struct text text = TEXT_INIT(TEXT_SMALL);
	text_add(&text, _("Rehearsal"));
	if (order)
		text_addf(&text, " | %s", gettext(order));
	if (self->correction.only_below_zero)
		text_addf(&text, " | %s", _("only below zero"));
	text_addf(&text, " | %s", self->number);
	snprintf(out, size, "%s", text_get(&text));
	text_free(&text);
}

static void note(void *ctx, char *out, size_t size)
{
	list_position(&((struct rehearsal *)ctx)->list, out, size);
}

static const char *help(void *ctx)
{
	(void)ctx;
	return _(
		"What the correction would write to the book, as things are at this moment; nothing is written yet. A line's change is what was counted less the book at the count, so what was sold or received since stays. A line that another sheet counted later, or that is not in the scope of a sheet of part of the store, is left out unless it is picked.");
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct rehearsal *self = ctx;
	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&correct_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	return 2;
}

/* The line under the cursor: its whole name, and below it what a narrow screen has no column for. */
static int words_rows(int body_rows)
{
	return body_rows >= 14 ? 2 : 0;
}

static void repaint_words(const struct rehearsal *self, const struct rect *at)
{
	const struct correction_row *row = list_row(&self->list);
	char text[SHOP_NAME_BYTES * 4];
	if (at->rows < 2 || !row)
		return;
	snprintf(text, sizeof text, "%s %s", row->line->sku, row->name);
	draw_text(at->y, at->x + 1, at->cols - 2, ROLE_BOLD, text);
	correction_line_words(&self->correction, row->line, text, sizeof text);
	draw_text(at->y + 1, at->x + 1, at->cols - 2, ROLE_NORMAL, text);
}

static int left_out_rows(const struct rehearsal *self)
{
	return *self->left_out ? LEFT_OUT_ROWS : 0;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct rehearsal *self = ctx;
	if (self->is_stale) {
		read_again(self);
		show_again(self);
	}
	self->list.empty = !is_open(self) ? _("Only a mismatched sheet can be corrected.")
		: self->correction.only_below_zero
		? _("No line would go below zero.")
		: _("No line differs: the correction writes nothing.");
	list_recalc(&self->list,
		layout->body.rows - 1 - left_out_rows(self) - words_rows(layout->body.rows));
}

static void repaint(void *ctx, const struct rect *area)
{
	struct rehearsal *self = ctx;
	struct rect body = *area;
	struct rect facts = layout_take_top(&body, 1),
		    left = layout_take_top(&body, left_out_rows(self));
	left.x++, left.cols--;
	facts.x++, facts.cols--;
	draw_text(facts.y, facts.x, facts.cols, ROLE_BOLD,
		cols_width(self->facts) <= facts.cols ? self->facts : self->facts_short);
	draw_paragraph(&left, ROLE_WARN, self->left_out, 0);
	struct rect words = layout_take_bottom(&body, words_rows(area->rows));
	list_repaint(&self->list, &body);
	repaint_words(self, &words);
}

static void on_change(void *ctx)
{
	struct rehearsal *self = ctx;
	self->is_stale = true;
}

static void close_pane(void *ctx)
{
	struct rehearsal *self = ctx;
	list_free(&self->list);
	correction_free(&self->correction);
	free(self);
}

static const struct pane_ops ops = {
	.context = "correct",
	.title = title,
	.note = note,
	.help = help,
	.close = close_pane,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.on_change = on_change,
};

struct pane pane_correct_new(struct shop *shop, const char *sheet)
{
	struct rehearsal *self = calloc(1, sizeof *self);
	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	self->correction.shop = shop;
	snprintf(self->correction.sheet, sizeof self->correction.sheet, "%s", sheet);
	self->is_stale = true;
	if (!list_init(&self->list, &correction_list, &self->correction, correction_columns,
		    CORRECTION_COLUMNS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	return (struct pane){&ops, self};
}
