/* One sheet: its progress, its lines by result, the tape of what was counted. */
#include "tui/panes.h"
#include "tui/sheet_above.h"

#include "model/i18n.h"
#include "model/stocktake.h"
#include "tui/cols.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_NAME_COLS 6 /* less of a name tells nothing */

/* ---- the sheet's own columns ---- */

const char *sheet_text(const struct sheet_pane *self, const char *column)
{
	return self->found ? source_text(&self->head, &self->row, column) : "";
}

bool sheet_is(const struct sheet_pane *self, const char *status)
{
	return strcmp(sheet_text(self, "status"), status) == 0;
}

bool sheet_is_open(const struct sheet_pane *self)
{
	return !sheet_elsewhere_why_not(self) &&
		(sheet_is(self, stocktake_words[STOCKTAKE_COUNTING]) ||
			sheet_is(self, stocktake_words[STOCKTAKE_RECOUNTING]));
}

const char *sheet_elsewhere_why_not(const struct sheet_pane *self)
{
	return !self->found || strcmp(sheet_text(self, "store"), self->shop->store) == 0
		? NULL
		: _("This is a sheet of another store: it can only be read here.");
}

cJSON *sheet_data(const struct sheet_pane *self)
{
	cJSON *data = cJSON_CreateObject();
	cJSON_AddStringToObject(data, "stocktake", self->id);
	return data;
}

static const struct source_column head_cells[] = {{.column = "number"}};

static void show_product(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	(void)arg;
	shop_open_document(
		self->shop, "product", source_text(&self->lines, list_row(&self->list), "sku"));
}

#define STEP(n, l, h, step)                                                          \
	{                                                                            \
		.name = n, .label = l, .help = h, .flags = ACTION_HINT, .arg = step, \
		.why_not = sheet_step_why_not, .run = sheet_step_run                 \
	}

static const struct action rows[] = {
	{.name = "count-line",
		.label = N_("Count"),
		.help = N_("Type the counted quantity of the line under the cursor"),
		.flags = ACTION_HINT,
		.arg = 1,
		.why_not = sheet_count_why_not,
		.run = sheet_count_set},
	{.name = "add-to-line",
		.label = N_("Add"),
		.help = N_("Add a quantity to the line under the cursor"),
		.flags = ACTION_HINT,
		.arg = 1,
		.why_not = sheet_count_why_not,
		.run = sheet_count_add},
	{.name = "undo-count",
		.label = N_("Undo"),
		.help = N_("Take back your last scan or typed quantity"),
		.flags = ACTION_HINT,
		.why_not = sheet_undo_why_not,
		.run = sheet_undo},
	STEP("start-sheet", N_("Start/resume"),
		N_("Start counting, or go on with it after a pause"), SHEET_START),
	STEP("pause-sheet", N_("Pause"), N_("Pause counting"), SHEET_PAUSE),
	STEP("finish-sheet", N_("Finish"), N_("Finish counting and work out the result"),
		SHEET_FINISH),
	STEP("recount-sheet", N_("Recount"), N_("Count the lines that differ again"),
		SHEET_RECOUNT),
	STEP("correct-sheet", N_("Correct"),
		N_("Write the differences to the book; it cannot be undone"), SHEET_CORRECT),
	{.name = "reverse-sheet",
		.label = N_("Reverse"),
		.help = N_("Make a sheet that takes back what this one corrected"),
		.flags = ACTION_HINT,
		.arg = SHEET_REVERSE,
		.why_not = sheet_step_why_not,
		.run = sheet_step_run},
	STEP("void-sheet", N_("Void it"), N_("Make the sheet void, with a reason"), SHEET_VOID),
	{.name = "zone",
		.label = N_("Zones"),
		.help = N_("Say which zone you are counting; who counts which"),
		.flags = ACTION_HINT,
		.arg = SHEET_ZONES,
		.run = sheet_above_open},
	{.name = "tape",
		.label = N_("Tape"),
		.help = N_("Show what was counted, newest first"),
		.flags = ACTION_HINT,
		.arg = SHEET_TAPE,
		.run = sheet_above_open},
	{.name = "unknown-codes",
		.label = N_("Unknown"),
		.help = N_("Show codes that no catalogue knows, and say which products they are"),
		.arg = SHEET_UNKNOWN,
		.run = sheet_above_open},
	{.name = "search-lines",
		.label = N_("Search"),
		.help = N_("Search the lines of this sheet"),
		.flags = ACTION_HINT,
		.run = sheet_search},
	{.name = "mark-line",
		.label = N_("Mark"),
		.help = N_("Mark the line under the cursor, for a recount, or take its mark away"),
		.why_not = sheet_line_why_not,
		.run = sheet_mark},
	{.name = "mark-all",
		.label = N_("Mark all"),
		.help = N_("Mark all lines that are listed, or take all marks away"),
		.why_not = sheet_line_why_not,
		.run = sheet_mark_all},
	{.name = "sort-lines",
		.label = N_("Sort"),
		.help = N_("Sort by SKU, by difference, by value or by the time of the count"),
		.run = sheet_sort},
	{.name = "line-page",
		.label = N_("Line page"),
		.help = N_("Show how the line under the cursor was counted, round by round"),
		.flags = ACTION_HINT,
		.why_not = sheet_page_why_not,
		.run = sheet_line_page},
	{.name = "sheet-info",
		.label = N_("Info"),
		.help = N_("Who opened it, who counted, what was done when"),
		.flags = ACTION_HINT,
		.run = sheet_info},
	{.name = "linked-sheet",
		.label = N_("Linked"),
		.help = N_("Open the sheet that this one reverses, or is reversed by"),
		.why_not = sheet_link_why_not,
		.run = sheet_link_open},
	{.name = "line-product",
		.label = N_("Product"),
		.help = N_("Open the product under the cursor"),
		.why_not = sheet_product_why_not,
		.run = show_product},
};

const struct action_table sheet_actions = {
	.context = "sheet", .title = N_("Stocktake sheet"), ACTION_TABLE_ROWS(rows)};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	sheet_result_title(ctx, out, size);
}

static void note(void *ctx, char *out, size_t size)
{
	sheet_result_note(ctx, out, size);
}

static const char *help(void *ctx)
{
	static char text[2400];
	(void)ctx;
	snprintf(text, sizeof text, "%s\n%s",
		_("A scan counts one; 12* typed before it makes it twelve. One bell: counted. Two: not on this "
		  "sheet, kept and marked. Three: a code nobody knows, kept too, or a scan that was not counted. "
		  "A label “ZONE:A3” switches to zone A3. Scans received here and those stored stand at the "
		  "foot: they must be equal."),
		_("Loss and gain are what was counted less the book of that moment, so the shop may go on selling meanwhile. The line below the list tells the line under the cursor: what was counted when, what moved since and what should be there now. Not counted is not zero. A line marked x is chosen for a recount; a row marked * is not confirmed by HQ yet."));
	return text;
}

static void file_name(void *ctx, char *out, size_t size)
{
	snprintf(out, size, "%s", sheet_text(ctx, "number"));
}

static const char *export_why(void *ctx)
{
	return sheet_double_blind_why_not(ctx);
}

static void close_pane(void *ctx)
{
	struct sheet_pane *self = ctx;
	sheet_result_free(self);
	free(self);
}

static bool may_leave(void *ctx)
{
	struct sheet_pane *self = ctx;
	if (sheet_drop_typed(self))
		return false;
	if (!*source_filter(&self->lines, "q"))
		return true;
	sheet_take_search(self, NULL);
	return false;
}

/* Nobody is told here what a blind count hides. */
static size_t numbers_of(void *ctx, struct explain *out, size_t max)
{
	struct sheet_pane *self = ctx;
	const struct source_row *row = sheet_line_row(self);
	const char *sku = sheet_line_sku(self);
	if (max < 2 || !*sku || !row || source_is_null(&self->lines, row, "counted") ||
		sheet_is_double_blind(self))
		return 0;
	out[0] = explain_of(EXPLAIN_COUNTED, self->id, sku);
	if (sheet_hides_result(self))
		return 1;
	out[1] = explain_of(EXPLAIN_DIFFERENCE, self->id, sku);
	return 2;
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct sheet_pane *self = ctx;
	size_t count = 0;
	if (max < 7)
		return 0;
	if (sheet_is_typing(self))
		out[count++] = (struct action_scope){&sheet_typed_actions, self};
	out[count++] = (struct action_scope){&sheet_actions, self};
	out[count++] = (struct action_scope){&list_actions, &self->list};
	out[count++] = (struct action_scope){&tabs_actions, &self->tabs};
	out[count++] = (struct action_scope){&export_actions, &self->export};
	out[count++] = (struct action_scope){&count_sheet_actions, &self->paper};
	out[count++] = (struct action_scope){&explain_here_actions, &self->explain};
	return count;
}

/* The line in words: with its whole name above them where there is room for it. */
static int words_rows(int body_rows)
{
	return body_rows >= 16 ? 2 : body_rows >= 9;
}

static int tape_rows(const struct sheet_pane *self, int body_rows)
{
	return sheet_is_open(self) && body_rows >= 14   ? SHEET_TAPE_MAX
		: sheet_is_open(self) && body_rows >= 9 ? 1
							: 0;
}

void sheet_read(struct sheet_pane *self)
{
	struct db *db = shop_db(self->shop);
	if (!self->is_unread && strcmp(self->seated, self->shop->staff) == 0)
		return;
	self->found = source_find(&self->head, &self->row);
	if (!db || !stocktake_progress(db, self->id, &self->progress))
		memset(&self->progress, 0, sizeof self->progress);
	shop_store_name(
		self->shop, sheet_text(self, "store"), self->store_name, sizeof self->store_name);
	sheet_links_read(self);
	sheet_tape(self);
	self->is_unread = false;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct sheet_pane *self = ctx;
	sheet_read(self);
	sheet_result_recalc(self, layout,
		layout->body.rows - 3 - words_rows(layout->body.rows) -
			tape_rows(self, layout->body.rows));
	self->is_stale = false;
}

static void skip_cols(struct rect *area, int cols)
{
	area->x += cols;
	area->cols -= cols;
}

static void repaint_facts(struct sheet_pane *self, const struct rect *at)
{
	const char *status = sheet_text(self, "status");
	bool is_own = sheet_elsewhere_why_not(self) == NULL;
	char rest[1000], when[SHOP_WHEN_BYTES], zone[SHEET_ZONE_BYTES + 64], links[300];
	sheet_zone_words(self, zone, sizeof zone);
	shop_when(self->shop, source_int(&self->head, &self->row, "started_at"), when);
	sheet_links_words(self, links, sizeof links);
	snprintf(rest, sizeof rest, "%s%s%s%s%s%s%s%s%s%s", is_own ? "" : self->store_name,
		is_own ? "" : " · ", shop_word("scope", sheet_text(self, "scope")),
		*when ? " · " : "", *when ? _("since ") : "", when, *zone ? " · " : "", zone,
		self->progress.hidden ? _(" · blind") : "", links);
	int used = draw_text(at->y, at->x, at->cols, shop_status_role("stocktake", status),
		shop_word("stocktake", status));
	used += draw_text(at->y, at->x + used, at->cols - used, ROLE_DIM, " · ");
	draw_text(at->y, at->x + used, at->cols - used, ROLE_NORMAL, rest);
}

/* "  loss −3 (−45)"; the value only where there is room for it. Returns its columns. */
static int repaint_total(const struct rect *at, const char *label, int64_t qty_milli, int64_t value)
{
	char text[160], qty[SHOP_QTY_BYTES], amount[SHOP_QTY_BYTES];
	shop_qty_signed(qty_milli, qty);
	shop_qty_signed(value * SHEET_MILLI_OF_MINOR, amount);
	if (value != 0)
		snprintf(text, sizeof text, "  %s %s (%s)", label, qty, amount);
	else
		snprintf(text, sizeof text, "  %s %s", label, qty);
	enum role role = qty_milli == 0 ? ROLE_DIM : shop_qty_role(qty_milli);
	return draw_text(at->y, at->x, at->cols, role, text);
}

static bool is_finished(const struct sheet_pane *self)
{
	return stocktake_status_named(sheet_text(self, "status")) >= STOCKTAKE_MATCHED;
}

/* "12 of 40 lines [#####-----]  loss −3  gain +5  pieces 350, scans 120": what matters least stands
 * last, where a narrow screen cuts. Of a result the values matter more than a bar. */
static void repaint_progress(struct sheet_pane *self, const struct rect *at)
{
	const struct stocktake_progress *p = &self->progress;
	struct rect rest = *at;
	char text[160], qty[SHOP_QTY_BYTES];
	bool is_wide = at->cols >= LAYOUT_WIDE_COLS - 1;
	bool has_values = is_wide || (is_finished(self) && at->cols >= LAYOUT_NORMAL_COLS - 1);
	int bar = at->cols >= 99 ? 30 : at->cols >= 76 && !has_values ? 14 : 4;
	snprintf(text, sizeof text, _("%lld of %lld lines "), (long long)p->done,
		(long long)p->to_count);
	skip_cols(&rest, draw_text(rest.y, rest.x, rest.cols, ROLE_BOLD, text));
	draw_bar(rest.y, rest.x, bar, p->to_count > 0 ? (int)(p->done * 1000 / p->to_count) : 0);
	skip_cols(&rest, bar);
	if (!sheet_hides_result(self)) {
		skip_cols(&rest,
			repaint_total(
				&rest, _("loss"), p->loss_qty, has_values ? p->loss_value : 0));
		skip_cols(&rest,
			repaint_total(
				&rest, _("gain"), p->gain_qty, has_values ? p->gain_value : 0));
	}
	shop_qty(p->pieces, qty);
	snprintf(text, sizeof text, _("  pieces %s, scans %lld"), qty, (long long)p->entries);
	if (cols_width(text) > rest.cols)
		snprintf(text, sizeof text, _("  pieces %s"), qty);
	if (!sheet_is_double_blind(self))
		draw_text(rest.y, rest.x, rest.cols, ROLE_NORMAL, text);
}

/* "SN0101 Rice, 5 kg" and behind or below it what was counted. What was scanned last and is not in the list says
 * that it is meant all the same. */
static void repaint_words(struct sheet_pane *self, const struct rect *at)
{
	const struct source_row *row = list_row(&self->list);
	bool is_listed = row && strcmp(source_text(&self->lines, row, "sku"), self->line_sku) == 0;
	bool is_named = strcmp(self->line_sku, self->line_name) != 0;
	char what[SHOP_NAME_BYTES * 2 + 64];
	int room = at->rows > 1 ? at->cols : at->cols - cols_width(self->line_words) - 2;
	int least = cols_width(self->line_sku);
	if (at->rows < 1 || !*self->line_sku)
		return;
	snprintf(what, sizeof what, "%s%s%s%s", is_listed ? "" : _("Scanned: "), self->line_sku,
		is_named ? " " : "", is_named ? self->line_name : "");
	if (is_listed && room < least + WORDS_NAME_COLS)
		snprintf(what, sizeof what, "%s", self->line_sku);
	if (room < least)
		room = least;
	int used = draw_text(at->y, at->x, room < at->cols ? room : at->cols, ROLE_BOLD, what) + 2;
	if (at->rows > 1)
		draw_text(at->y + 1, at->x, at->cols, ROLE_NORMAL, self->line_words);
	else if (used < at->cols)
		draw_text(at->y, at->x + used, at->cols - used, ROLE_NORMAL, self->line_words);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct sheet_pane *self = ctx;
	struct rect body = *area;
	if (!self->found) {
		draw_text(body.y, body.x, body.cols, ROLE_WARN,
			_("This sheet is not here (any more)."));
		return;
	}
	struct rect facts = layout_take_top(&body, 1), progress = layout_take_top(&body, 1),
		    head = layout_take_top(&body, 1);
	int tape = tape_rows(self, area->rows);
	struct rect below = layout_take_bottom(&body, tape),
		    words = layout_take_bottom(&body, words_rows(area->rows));
	facts.x++, facts.cols--, progress.x++, progress.cols--;
	repaint_facts(self, &facts);
	repaint_progress(self, &progress);
	tabs_repaint(&self->tabs, head.y, head.x + 1, head.cols - 2);
	list_repaint(&self->list, &body);
	words.x++, words.cols -= 2;
	repaint_words(self, &words);
	below.x++, below.cols -= 2;
	sheet_tape_repaint(self, &below);
}

static enum scan_use on_scan(void *ctx, const char *code)
{
	return sheet_scan(ctx, code);
}

static enum scan_use on_code(void *ctx, const char *code)
{
	return sheet_code(ctx, code);
}

static void on_lost_scan(void *ctx, const char *code)
{
	sheet_lost_scan(ctx, code);
}

static bool is_counting(void *ctx)
{
	return sheet_is_open(ctx);
}

static void on_change(void *ctx)
{
	struct sheet_pane *self = ctx;
	self->is_unread = self->is_stale = true;
	list_changed(&self->list);
}

static const struct pane_ops ops = {
	.context = "sheet",
	.title = title,
	.help = help,
	.note = note,
	.close = close_pane,
	.may_leave = may_leave,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.is_typing = sheet_is_typing,
	.on_text = sheet_on_text,
	.on_scan = on_scan,
	.on_code = on_code,
	.on_lost_scan = on_lost_scan,
	.is_counting = is_counting,
	.on_change = on_change,
};

struct pane pane_stocktake_new(struct shop *shop, const char *id)
{
	struct sheet_pane *self = calloc(1, sizeof *self);
	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	snprintf(self->id, sizeof self->id, "%s", id);
	source_init(&self->head, shop, "stocktakes", head_cells, 1);
	source_where(&self->head, "id", id);
	source_init(&self->tape, shop, "count_entries", head_cells, 0);
	source_where(&self->tape, "stocktake", id);
	self->is_unread = self->is_stale = true;
	if (!sheet_result_init(self)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	export_list(&self->export, shop, &self->lines, &self->list);
	self->export.name = file_name;
	self->export.why_not = export_why;
	self->export.ctx = self;
	export_count_sheet(&self->paper, shop, &self->lines, &self->list);
	self->paper.name = file_name;
	self->paper.ctx = self;
	explain_here_init(&self->explain, shop, numbers_of, self);
	self->list.empty = _("No line here.");
	return (struct pane){&ops, self};
}
