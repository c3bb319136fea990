/* The lines of a sheet by result: their columns, tabs and order. Painting and counting know nothing of it. */
#include "tui/sheet.h"

#include "model/i18n.h"
#include "model/stocktake.h"
#include "model/text.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>

#define NAME_COLS_NARROW 10
#define NAME_COLS 20

/* ---- tabs ---- */

enum {
	TAB_ALL,
	TAB_UNCOUNTED,
	TAB_LOSS,
	TAB_GAIN,
	TAB_EQUAL,
	TAB_RECOUNT,
	TAB_SUGGESTED,
	TAB_DISPUTED,
	TABS
};

static const struct {
	const char *label, *is, *mark;
} tabs[TABS] = {
	[TAB_ALL] = {N_("All"), NULL, NULL},
	[TAB_UNCOUNTED] = {N_("Uncounted"), "uncounted", NULL},
	[TAB_LOSS] = {N_("Loss"), "loss", NULL},
	[TAB_GAIN] = {N_("Gain"), "gain", NULL},
	[TAB_EQUAL] = {N_("Equal"), "equal", NULL},
	[TAB_RECOUNT] = {N_("To recount"), NULL, "waiting"},
	[TAB_SUGGESTED] = {N_("Recount suggested"), NULL, "suggest"},
	[TAB_DISPUTED] = {N_("Disputed"), NULL, "disputed"},
};

static int tab_now(const struct sheet_pane *self)
{
	return self->tab_of[self->tabs.now];
}

/* ---- cells ---- */

enum {
	CELL_MARK,
	CELL_SKU,
	CELL_NAME,
	CELL_BOOK,
	CELL_COUNTED,
	CELL_DIFFERENCE,
	CELL_VALUE,
	CELL_WHEN,
	CELL_FLAGS
};

static const struct source_column cells[SHEET_COLUMNS] = {
	[CELL_MARK] = {.column = NULL},
	[CELL_SKU] = {.column = "sku"},
	[CELL_NAME] = {.column = "name"},
	[CELL_BOOK] = {.column = "book", .kind = SOURCE_QTY},
	[CELL_COUNTED] = {.column = "counted", .kind = SOURCE_QTY},
	[CELL_DIFFERENCE] = {.column = "difference", .kind = SOURCE_SIGNED_QTY},
	[CELL_VALUE] = {.column = NULL},
	[CELL_WHEN] = {.column = "counted_at", .kind = SOURCE_WHEN},
	[CELL_FLAGS] = {.column = NULL},
};

static const struct list_column columns[SHEET_COLUMNS] = {
	[CELL_MARK] = {.title = "", .width_cols = 2},
	[CELL_SKU] = {.title = N_("SKU"), .width_cols = 10, .is_key = true},
	[CELL_NAME] = {.title = N_("Product"), .width_cols = NAME_COLS, .flex = 3},
	[CELL_BOOK] = {.title = N_("Book"), .width_cols = 6, .align = LIST_RIGHT},
	[CELL_COUNTED] = {.title = N_("Counted"), .width_cols = 7, .align = LIST_RIGHT},
	[CELL_DIFFERENCE] = {.title = N_("Diff"), .width_cols = 7, .align = LIST_RIGHT},
	[CELL_VALUE] = {.title = N_("Value"), .width_cols = 10, .align = LIST_RIGHT, .drop = 2},
	[CELL_WHEN] = {.title = N_("Counted at"), .width_cols = 11, .drop = 3},
	[CELL_FLAGS] = {.title = N_("Marks"), .width_cols = 10, .flex = 1, .drop = 1},
};

/* All of them, the weightiest first: a narrow column cuts the others. */
static void put_flags(
	const struct sheet_pane *self, const struct source_row *row, struct list_cell *out)
{
	size_t used = 0;
	for (size_t i = 0; i < SHEET_FLAGS && used < sizeof out->text; i++) {
		const char *label = sheet_flag_label(self, row, &sheet_flags[i]);
		/* The tab of what is to be recounted says it of all its lines. */
		if (!label || (i == SHEET_FLAG_RECOUNT && tab_now(self) == TAB_RECOUNT))
			continue;
		used += (size_t)snprintf(
			out->text + used, sizeof out->text - used, "%s%s", used ? ", " : "", label);
		out->role = ROLE_WARN;
	}
}

static void put_mark(
	const struct sheet_pane *self, const struct source_row *row, struct list_cell *out)
{
	bool is_marked = marks_has(&self->marks, source_text(&self->lines, row, "sku"));
	snprintf(out->text, sizeof out->text, "%s%s", is_marked ? MARKS_SIGN : "",
		row->is_pending ? SHOP_PENDING_MARK : "");
	out->role = is_marked ? ROLE_MARK : ROLE_PENDING;
}

static void put_value(
	const struct sheet_pane *self, const struct source_row *row, struct list_cell *out)
{
	int64_t value = source_int(&self->lines, row, "value") * SHEET_MILLI_OF_MINOR;
	char text[SHOP_QTY_BYTES];
	shop_qty_signed(value, text);
	snprintf(out->text, sizeof out->text, "%s",
		source_is_null(&self->lines, row, "value") ? "\u2013" : text);
	out->role = shop_qty_role(value);
}

/* What must not be seen: the book of a blind count, or what somebody else counted before. */
static bool hides(const struct sheet_pane *self, int column)
{
	bool again = sheet_is_double_blind(self);
	switch (column) {
	case CELL_BOOK:
		return self->progress.hidden;
	case CELL_DIFFERENCE:
	case CELL_VALUE:
		return self->progress.hidden || again;
	case CELL_WHEN:
		return again;
	default:
		return false;
	}
}

bool sheet_hides_result(const struct sheet_pane *self)
{
	return hides(self, CELL_DIFFERENCE);
}

static void put_own(const struct source_row *row, struct list_cell *out)
{
	char qty[SHOP_QTY_BYTES];
	shop_qty(row->extras[SHEET_AGAIN_SUM], qty);
	snprintf(out->text, sizeof out->text, "%s", row->extras[SHEET_AGAIN_ANY] ? qty : "\u2013");
}

static void cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	struct sheet_pane *self = ctx;
	if (hides(self, column))
		*out = (struct list_cell){.text = "", .role = ROLE_DIM};
	else if (column == CELL_MARK)
		put_mark(self, row, out);
	else if (column == CELL_COUNTED && sheet_is_double_blind(self))
		put_own(row, out);
	else if (column == CELL_VALUE)
		put_value(self, row, out);
	else if (column == CELL_FLAGS)
		put_flags(self, row, out);
}

/* A line is pending by itself, not with its sheet. */
static void fetched(void *ctx, struct source_row *row)
{
	struct sheet_pane *self = ctx;
	struct db *db = shop_db(self->shop);
	const char *sku = source_text(&self->lines, row, "sku");
	row->is_pending = db &&
		db_has(db, "SELECT 1 FROM before_stocktake_line WHERE stocktake = $1 AND sku = $2",
			"tt", self->id, sku);
	if (sheet_is_double_blind(self))
		row->extras[SHEET_AGAIN_ANY] = sheet_again_sum(
			self, sku, &row->extras[SHEET_AGAIN_SUM]);
}

static void put_tab(struct sheet_pane *self)
{
	int tab = tab_now(self);
	bool again = sheet_is_double_blind(self) && (tab == TAB_UNCOUNTED || tab == TAB_RECOUNT);
	source_where(&self->lines, "lacks", again ? self->again.zone : NULL);
	source_where(&self->lines, "is", again ? NULL : tabs[tab].is);
	source_where(
		&self->lines, "mark", again && tab == TAB_RECOUNT ? "recount" : tabs[tab].mark);
	list_restart(&self->list);
}

/* Whoever counts a zone again looks for what that pass lacks, not for what the sheet does. */
static void follow_again(struct sheet_pane *self)
{
	int tab = tab_now(self);
	bool again = sheet_is_double_blind(self) && (tab == TAB_UNCOUNTED || tab == TAB_RECOUNT);
	if (strcmp(source_filter(&self->lines, "lacks"), again ? self->again.zone : "") != 0)
		put_tab(self);
}

static void tab_changed(void *ctx)
{
	struct sheet_pane *self = ctx;
	sheet_forget_scanned(self);
	put_tab(self);
}

/* How many lines stand on a tab; negative if it is not there now. What a book says is on no tab while
 * that is hidden, and the others are there while they have lines. */
static long tab_count(const struct sheet_pane *self, int tab)
{
	const struct stocktake_progress *p = &self->progress;
	bool hidden = sheet_hides_result(self);
	switch (tab) {
	case TAB_UNCOUNTED:
		return (long)(p->lines - p->counted);
	case TAB_LOSS:
		return hidden ? -1 : (long)p->loss;
	case TAB_GAIN:
		return hidden ? -1 : (long)p->gain;
	case TAB_EQUAL:
		return hidden ? -1 : (long)p->equal;
	case TAB_RECOUNT:
		return sheet_is_recount(self) ? (long)(p->to_count - p->done) : -1;
	case TAB_SUGGESTED:
		return !hidden && p->suggest > 0 ? (long)p->suggest : -1;
	case TAB_DISPUTED:
		return p->disputed > 0 ? (long)p->disputed : -1;
	default:
		return (long)p->lines;
	}
}

static void show_tab(struct sheet_pane *self, int tab)
{
	for (int i = 0; i < self->tabs.count; i++) {
		if (self->tab_of[i] == tab)
			tabs_choose(&self->tabs, i);
	}
}

/* Whoever looks at a tab keeps it while it is there. One that goes is no key: what was scanned stays meant. */
static void count_tabs(struct sheet_pane *self)
{
	int before = tab_now(self), now = -1;
	self->tabs.count = 0;
	for (int tab = 0; tab < TABS; tab++) {
		long count = tab_count(self, tab);
		if (count < 0)
			continue;
		if (tab == before)
			now = self->tabs.count;
		self->tab_of[self->tabs.count] = tab;
		self->tabs.items[self->tabs.count++] = (struct tab){
			.label = tabs[tab].label, .count = count};
	}
	self->tabs.now = now < 0 ? 0 : now;
	if (now < 0)
		put_tab(self);
	if (now < 0 && sheet_means_scanned(self))
		sheet_show_line(self, self->scanned.sku);
}

/* Whoever has a round opened goes on with its lines, once they are there. */
static void show_recount(struct sheet_pane *self)
{
	if (!self->shows_recount || !sheet_is_recount(self))
		return;
	self->shows_recount = false;
	show_tab(self, TAB_RECOUNT);
}

/* ---- how many, and where ---- */

#define RANKED_MOST 5000

/* The figures have counted the lines of a tab already; what a search leaves is counted. */
static long count_lines(void *ctx)
{
	const struct sheet_pane *self = ((struct source *)ctx)->ctx;
	return *source_filter(&self->lines, "q") ? source_count(&self->lines)
						 : tab_count(self, tab_now(self));
}

/* Counting what stands before a line takes longer than a scan may where there are very many: there the
 * list knows its place from both ends. */
static long rank_line(void *ctx, const char *key)
{
	return count_lines(ctx) <= RANKED_MOST ? source_list.rank(ctx, key) : -1;
}

void sheet_show_uncounted(struct sheet_pane *self)
{
	show_tab(self, TAB_UNCOUNTED);
}

void sheet_show_recount(struct sheet_pane *self)
{
	show_tab(self, TAB_RECOUNT);
}

bool sheet_is_recount(const struct sheet_pane *self)
{
	return sheet_is(self, stocktake_words[STOCKTAKE_RECOUNTING]);
}

void sheet_show_all(struct sheet_pane *self)
{
	show_tab(self, TAB_ALL);
}

/* ---- what may be looked at ---- */

const char *sheet_line_why_not(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	(void)arg;
	return list_row(&self->list) ? NULL : _("The list is empty.");
}

const char *sheet_page_why_not(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	(void)arg;
	if (!sheet_line_row(self))
		return list_row(&self->list) ? _("This product has no line on the sheet.")
					     : _("The list is empty.");
	return NULL;
}

const char *sheet_product_why_not(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	if (self->progress.hidden)
		return _(
			"Blind: the product's page would show the book. It opens when the count is finished.");
	return sheet_line_why_not(self, arg);
}

/* ---- order ---- */

static const struct {
	const char *name;  /* of the view */
	const char *words; /* N_ */
	bool is_of_result, is_of_value;
} orders[] = {
	{NULL, NULL, false, false},
	{"difference", N_("largest difference first"), true, false},
	{"value", N_("largest value first"), true, true},
	{"counted_at", N_("counted last first"), false, false},
};
#define ORDERS ((int)(sizeof orders / sizeof *orders))
#define ORDER_COUNTED_AT (ORDERS - 1)

/* An order by what is hidden now would tell it. Values have no index: where they are too many to be
 * summed at each scan they are too many to be sorted at each. */
static bool can_order(const struct sheet_pane *self, int order)
{
	return !(orders[order].is_of_result && sheet_hides_result(self)) &&
		!(orders[order].is_of_value && !self->progress.valued) &&
		!(order == ORDER_COUNTED_AT && sheet_is_double_blind(self));
}

static void set_order(struct sheet_pane *self, int order)
{
	if (self->order == order)
		return;
	self->order = order;
	source_order(&self->lines, orders[order].name);
	list_restart(&self->list);
}

void sheet_sort(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	int order = self->order;
	(void)arg;
	do
		order = (order + 1) % ORDERS;
	while (!can_order(self, order));
	sheet_forget_scanned(self);
	set_order(self, order);
	app_say(self->shop->app, ROLE_NORMAL, "%s",
		orders[order].words ? gettext(orders[order].words) : _("By SKU."));
}

/* ---- search ---- */

const char *sheet_take_search(void *ctx, const char *value)
{
	struct sheet_pane *self = ctx;
	sheet_forget_scanned(self);
	source_where(&self->lines, "q", value);
	list_restart(&self->list);
	return NULL;
}

void sheet_search(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	(void)arg;
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = _("Search this sheet"),
			.text = _(
				"Words of the name, SKU, barcode, vendor or category. Empty shows all."),
			.initial = source_filter(&self->lines, "q"),
			.submit = sheet_take_search,
			.ctx = self});
}

/* ---- from beginning to end ---- */

void sheet_result_title(const struct sheet_pane *self, char *out, size_t size)
{
	struct text title = TEXT_INIT(TEXT_SMALL);
	const char *q = source_filter(&self->lines, "q"), *order = orders[self->order].words;
	if (*q)
		text_addf(&title, _("%s, lines with “%s”"), sheet_text(self, "number"), q);
	else
		text_add(&title, sheet_text(self, "number"));
	if (order)
		text_addf(&title, " | %s", gettext(order));
	snprintf(out, size, "%s", text_get(&title));
	text_free(&title);
}

void sheet_result_note(const struct sheet_pane *self, char *out, size_t size)
{
	char position[64];
	list_position(&self->list, position, sizeof position);
	if (self->marks.count > 0)
		snprintf(out, size, _("%zu marked, %s"), self->marks.count, position);
	else
		snprintf(out, size, "%s", position);
}

/* A column whose figures are hidden is not there, and its room is the name's. */
static void fit_columns(struct sheet_pane *self, bool is_narrow)
{
	struct list_column *name = &self->columns[CELL_NAME];
	name->width_cols = is_narrow ? NAME_COLS_NARROW : NAME_COLS;
	for (int column = 0; column < SHEET_COLUMNS; column++) {
		bool is_hidden = hides(self, column);
		self->columns[column].drop = is_hidden ? LIST_ABSENT : columns[column].drop;
		if (is_hidden && columns[column].drop == 0)
			name->width_cols += columns[column].width_cols;
	}
}

void sheet_result_recalc(struct sheet_pane *self, const struct layout *layout, int height_rows)
{
	if (self->is_stale) {
		count_tabs(self);
		follow_again(self);
		show_recount(self);
	}
	if (!can_order(self, self->order))
		set_order(self, 0);
	fit_columns(self, layout->kind == LAYOUT_NARROW);
	list_recalc(&self->list, height_rows);
	sheet_line_recalc(self, layout->kind != LAYOUT_WIDE);
}

bool sheet_result_init(struct sheet_pane *self)
{
	memcpy(self->columns, columns, sizeof self->columns);
	source_init(&self->lines, self->shop, "stocktake_lines", cells, SHEET_COLUMNS);
	source_where(&self->lines, "stocktake", self->id);
	self->lines.cell = cell;
	self->lines.fetched = fetched;
	self->lines.ctx = self;
	self->tabs.items[0].label = tabs[TAB_ALL].label;
	self->tabs.count = 1;
	self->tabs.changed = tab_changed;
	self->tabs.ctx = self;
	self->list.empty = "";
	self->lines_list = source_list;
	self->lines_list.count = count_lines;
	self->lines_list.rank = rank_line;
	return list_init(
		&self->list, &self->lines_list, &self->lines, self->columns, SHEET_COLUMNS);
}

void sheet_result_free(struct sheet_pane *self)
{
	marks_free(&self->marks);
	marks_free(&self->recount);
	list_free(&self->list);
}
