#include "tui/stocktake_list.h"

#include <stdio.h>
#include <string.h>

#include "model/i18n.h"
#include "model/staff.h"
#include "model/stocktake.h"
#include "tui/cols.h"

#define NUMBER_COLS_MAX 34
#define NO_STORE "-" /* of no sheet */

/* The first tab is every status; the others stand in the order of a sheet's life. */
static const char *const tab_labels[] = {
	N_("All"),
	N_("New"),
	N_("In count"),
	N_("Paused"),
	N_("Recounting"),
	N_("Matched"),
	N_("Mismatched"),
	N_("Corrected"),
	N_("Void"),
};
#define TAB_COUNT ((int)(sizeof(tab_labels) / sizeof(tab_labels[0])))
_Static_assert(sizeof(tab_labels) / sizeof(tab_labels[0]) == STOCKTAKE_STATUSES + 1,
	"a tab for each status");

/* ---- columns ---- */

/* clang-format off */
static const struct {
	struct source_column cell;
	struct list_column column;
} table[] = {
#define CELL_MARK 0
	{{.kind = SOURCE_MARK}, {"", 1, 0, LIST_LEFT, 0, false}},
#define CELL_NUMBER 1
	{{.column = "number"}, {N_("Number"), SHOP_NUMBER_COLS, 0, LIST_LEFT, 0, true}},
#define CELL_STORE 2 /* only where all stores are shown */
	{{.column = "store", .kind = SOURCE_STORE}, {N_("Store"), 8, 2, LIST_LEFT, 0, false}},
#define CELL_STATUS 3
	{{.column = "status", .kind = SOURCE_WORD, .group = "stocktake"},
		{N_("Status"), 0, 0, LIST_LEFT, 0, false}},
#define CELL_KIND 4
	{{.column = "scope", .kind = SOURCE_WORD, .group = "scope"},
		{N_("Kind"), 0, 1, LIST_LEFT, 1, false}},
#define CELL_BLIND 5
	{{.column = "blind"}, {N_("Blind"), 0, 0, LIST_LEFT, 5, false}},
#define CELL_LINES 6
	{{.column = NULL}, {N_("Lines"), 9, 0, LIST_RIGHT, 4, false}},
#define CELL_LOSS 7
	{{.column = NULL}, {N_("Loss"), 6, 0, LIST_RIGHT, 2, false}},
#define CELL_GAIN 8
	{{.column = NULL}, {N_("Gain"), 6, 0, LIST_RIGHT, 3, false}},
	{{.column = "creator", .kind = SOURCE_STAFF}, {N_("Creator"), 8, 1, LIST_LEFT, 7, false}},
	{{.column = "created_at", .kind = SOURCE_WHEN}, {N_("Created"), 11, 0, LIST_LEFT, 6, false}},
	{{.column = "started_at", .kind = SOURCE_WHEN}, {N_("Started"), 11, 0, LIST_LEFT, 8, false}},
	{{.column = "ended_at", .kind = SOURCE_WHEN}, {N_("Ended"), 11, 0, LIST_LEFT, 9, false}},
	{{.column = "note"}, {N_("Note"), 10, 2, LIST_LEFT, 10, false}},
};
/* clang-format on */
#define CELLS ((int)(sizeof(table) / sizeof(table[0])))
_Static_assert(sizeof(table) / sizeof(table[0]) == STOCKTAKE_COLUMNS_MAX, "all columns have room");

/* A word that is longer and seldom may be cut where the screen is narrow. */
static const char *const usual_kinds[] = {"full", "partial"};

/* Which of the table a column of the list is. */
static int cell_of(const struct stocktake_list *self, int column)
{
	return column >= CELL_STORE && !self->is_all ? column + 1 : column;
}

/* Numbers are as wide as the ids of the stores in them. */
static int number_cols(const struct stocktake_list *self)
{
	const struct console *console = self->shop->console;
	size_t longest = strlen(self->shop->store);
	int cols;

	for (int i = 0; self->is_all && i < console->store_count; i++)
		if (strlen(console->stores[i]) > longest)
			longest = strlen(console->stores[i]);
	cols = SHOP_NUMBER_COLS + (int)longest;
	return cols < NUMBER_COLS_MAX ? cols : NUMBER_COLS_MAX;
}

/* The widest of these words in the person's language. */
static int word_cols(const char *group, const char *const *words, int count)
{
	int widest = 0;

	for (int i = 0; i < count; i++) {
		int cols = cols_width(shop_word(group, words[i]));

		widest = cols > widest ? cols : widest;
	}
	return widest;
}

static int fit_columns(struct stocktake_list *self)
{
	int count = CELLS - !self->is_all;

	for (int i = 0; i < count; i++) {
		int cell = cell_of(self, i);

		self->cells[i] = table[cell].cell;
		self->columns[i] = table[cell].column;
		if (cell == CELL_NUMBER)
			self->columns[i].width_cols = number_cols(self);
		else if (cell == CELL_STATUS)
			self->columns[i].width_cols = word_cols(
				"stocktake", stocktake_words, STOCKTAKE_STATUSES);
		else if (cell == CELL_KIND)
			self->columns[i].width_cols = word_cols("scope", usual_kinds, 2);
	}
	return count;
}

/* As the sheet itself tells it: in a recount, of the lines that are to be counted again. */
static void put_lines(const struct stocktake_progress *progress, struct list_cell *out)
{
	snprintf(out->text, sizeof(out->text), "%lld/%lld", (long long)progress->done,
		(long long)progress->to_count);
}

static void put_difference(int64_t qty_milli, bool is_hidden, struct list_cell *out)
{
	char text[SHOP_QTY_BYTES];

	shop_qty_signed(qty_milli, text);
	snprintf(out->text, sizeof(out->text), "%s", is_hidden ? "\u2013" : text);
	out->role = is_hidden ? ROLE_DIM : shop_qty_role(qty_milli);
}

const char *stocktake_list_blind(const struct source *source, const struct source_row *row)
{
	if (!source_int(source, row, "blind"))
		return "";
	return stocktake_status_named(source_text(source, row, "status")) >= STOCKTAKE_MATCHED
		? _("book and difference were hidden while it was counted")
		: _("book and difference are hidden until it is finished");
}

static void fill_cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct stocktake_list *self = ctx;
	const struct stocktake_progress *progress;
	int cell = cell_of(self, column);

	if (cell == CELL_KIND && !source_is_null(&self->source, row, "reverses"))
		snprintf(out->text, sizeof(out->text), "%s", shop_word("scope", "reversal"));
	if (cell == CELL_BLIND)
		snprintf(out->text, sizeof(out->text), "%s",
			source_int(&self->source, row, "blind") ? _("yes") : "");
	if (cell < CELL_LINES || cell > CELL_GAIN)
		return;
	progress = stocktake_figures_of(&self->figures, source_text(&self->source, row, "id"));
	if (!progress)
		return;
	if (cell == CELL_LINES)
		put_lines(progress, out);
	else
		put_difference(cell == CELL_LOSS ? progress->loss_qty : progress->gain_qty,
			progress->hidden, out);
}

static void row_fetched(void *ctx, struct source_row *row)
{
	struct stocktake_list *self = ctx;

	stocktake_figures_want(&self->figures, source_text(&self->source, row, "id"),
		source_text(&self->source, row, "status"));
}

/* ---- stores ---- */

static bool may_see(const struct stocktake_list *self, struct db *cache, const char *store)
{
	return staff_role(cache, self->shop->staff, store) >= ROLE_MANAGER;
}

/* The stores of this terminal that the person answers for. */
static void read_stores(struct stocktake_list *self)
{
	const struct console *console = self->shop->console;
	struct db *cache = shop_db(self->shop);
	struct text list = TEXT_INIT(SOURCE_FILTER_BYTES - 1);
	int count = 0;

	for (int i = 0; cache && i < console->store_count; i++)
		if (may_see(self, cache, console->stores[i]))
			text_addf(&list, "%s%s", count++ ? "|" : "", console->stores[i]);
	/* Of more than a filter takes only this one is left, rather than some. */
	if (count == console->store_count)
		text_clear(&list);
	else if (!text_ok(&list) || count > VIEW_LIST_MAX)
		count = 1;
	snprintf(self->stores, sizeof(self->stores), "%s",
		count > 1 ? text_get(&list) : self->shop->store);
	text_free(&list);
	self->answers_for = count;
	snprintf(self->staff, sizeof(self->staff), "%s", self->shop->staff);
}

const char *stocktake_list_why_one_store(const struct stocktake_list *self)
{
	const char *missing;

	if (self->shop->console->store_count < 2)
		return _("This terminal has only this store's stocktakes.");
	missing = shop_needs(self->shop, ROLE_MANAGER);
	if (missing)
		return missing;
	return self->answers_for > 1 ? NULL : _("You answer for no other store of this terminal.");
}

bool stocktake_list_has_store(const struct stocktake_list *self, const char *store)
{
	struct db *cache = shop_db(self->shop);

	return cache && shop_follows(self->shop, store) && may_see(self, cache, store);
}

/* Somebody else may have signed in, or the rights of the person may have changed. */
static void check_stores(struct stocktake_list *self)
{
	bool is_other = strcmp(self->staff, self->shop->staff) != 0;

	if (!is_other && !self->is_stale)
		return;
	read_stores(self);
	if (self->is_all && (is_other || self->answers_for < 2))
		stocktake_list_show_all(self, false);
}

/* ---- filters ---- */

static void set_filters(struct stocktake_list *self)
{
	const struct stocktake_narrowing *narrow = &self->narrow;
	const char *store = self->shop->store;

	if (self->is_all)
		store = !narrow->store[0]                               ? self->stores
			: stocktake_list_has_store(self, narrow->store) ? narrow->store
									: NO_STORE;
	source_where(&self->source, "store", store);
	list_days_where(&self->source, &narrow->days);
	source_where(&self->source, "kind", narrow->kind);
	source_where(&self->source, "number", narrow->number);
	source_where(&self->source, "q", narrow->search);
	source_where(&self->source, "status",
		self->tabs.now > 0 ? stocktake_words[self->tabs.now - 1] : NULL);
}

static void show_tab(void *ctx)
{
	struct stocktake_list *self = ctx;

	set_filters(self);
	list_restart(&self->list);
}

/* All of them are orders of the view. */
static const struct {
	const char *name;  /* NULL: by when they were made */
	const char *words; /* N_; NULL: what everybody expects */
	bool is_reversed;
} orders[] = {
	{NULL, NULL, false},
	{NULL, N_("oldest first"), true},
	{"ended", N_("by their end"), false},
	{"number", N_("by number"), true},
};
#define ORDERS ((int)(sizeof(orders) / sizeof(orders[0])))

static void set_order(struct stocktake_list *self)
{
	source_order(&self->source, orders[self->order].name);
	self->source.is_reversed = orders[self->order].is_reversed;
}

static void start_source(struct stocktake_list *self)
{
	int count = fit_columns(self);

	source_init(&self->source, self->shop, "stocktakes", self->cells, (size_t)count);
	self->source.pending_table = "stocktake";
	self->source.pending_child = "stocktake_line";
	self->source.pending_key = "id";
	self->source.fetched = row_fetched;
	self->source.cell = fill_cell;
	self->source.ctx = self;
	set_order(self);
	self->list.column_count = (size_t)count;
	show_tab(self);
	self->is_stale = true;
}

void stocktake_list_show_all(struct stocktake_list *self, bool is_all)
{
	self->is_all = is_all;
	self->narrow.store[0] = '\0';
	start_source(self);
}

void stocktake_list_narrow(struct stocktake_list *self, const struct stocktake_narrowing *narrowing)
{
	self->narrow = *narrowing;
	shop_store_name(self->shop, self->narrow.store, self->store_name, sizeof(self->store_name));
	set_filters(self);
	list_restart(&self->list);
	self->is_stale = true;
}

bool stocktake_list_is_narrowed(const struct stocktake_list *self)
{
	const struct stocktake_narrowing *narrow = &self->narrow;

	return narrow->days.since[0] || narrow->days.until[0] || narrow->store[0] ||
		narrow->kind[0] || narrow->number[0] || narrow->search[0];
}

void stocktake_list_sort(struct stocktake_list *self)
{
	self->order = (self->order + 1) % ORDERS;
	set_order(self);
	list_restart(&self->list);
}

/* ---- counts ---- */

static void add_count(void *ctx, const char *status, long count)
{
	struct tabs *tabs = ctx;

	for (int i = 0; i < STOCKTAKE_STATUSES; i++)
		if (strcmp(stocktake_words[i], status) == 0)
			tabs->items[i + 1].count = count;
	tabs->items[0].count += count;
}

static void count_tabs(struct stocktake_list *self)
{
	for (int i = 0; i < TAB_COUNT; i++)
		self->tabs.items[i].count = 0;
	source_where(&self->source, "status", NULL);
	source_group(&self->source, "status", add_count, &self->tabs);
	set_filters(self);
	self->is_stale = false;
}

void stocktake_list_changed(struct stocktake_list *self)
{
	self->is_stale = true;
	stocktake_figures_changed(&self->figures);
	list_changed(&self->list);
}

void stocktake_list_recalc(struct stocktake_list *self, int height_rows)
{
	check_stores(self);
	if (self->is_stale)
		count_tabs(self);
	self->list.empty = shop_empty_words(
		self->shop, _("No stocktake here. n opens a new sheet."));
	list_recalc(&self->list, height_rows);
}

/* ---- heading ---- */

void stocktake_list_title(const struct stocktake_list *self, char *out, size_t size)
{
	const struct stocktake_narrowing *narrow = &self->narrow;
	struct text title = TEXT_INIT(TEXT_SMALL);

	text_add(&title, _("Stocktakes"));
	if (narrow->search[0])
		text_addf(&title, _(" | search \"%s\""), narrow->search);
	if (narrow->number[0])
		text_addf(&title, " | %s\u2026", narrow->number);
	if (narrow->kind[0])
		text_addf(&title, " | %s", shop_word("scope", narrow->kind));
	if (narrow->store[0])
		text_addf(&title, " | %s", self->store_name);
	else if (self->is_all)
		text_addf(&title, " | %s", _("All my stores"));
	list_days_title(&narrow->days, &title);
	if (orders[self->order].words)
		text_addf(&title, " | %s", gettext(orders[self->order].words));
	snprintf(out, size, "%s", text_get(&title));
	text_free(&title);
}

/* ---- from beginning to end ---- */

bool stocktake_list_init(struct stocktake_list *self, struct shop *shop)
{
	memset(self, 0, sizeof(*self));
	self->shop = shop;
	self->figures.shop = shop;
	for (int i = 0; i < TAB_COUNT; i++)
		self->tabs.items[i].label = tab_labels[i];
	self->tabs.count = TAB_COUNT;
	self->tabs.changed = show_tab;
	self->tabs.ctx = self;
	if (!list_init(
		    &self->list, &source_list, &self->source, self->columns, STOCKTAKE_COLUMNS_MAX))
		return false;
	stocktake_list_show_all(self, false);
	return true;
}

void stocktake_list_free(struct stocktake_list *self)
{
	list_free(&self->list);
}
