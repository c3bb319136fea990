#include "tui/document_list.h"

#include "model/i18n.h"

#include <stdio.h>
#include <string.h>

#define FAR_COLS_UNCOUNTED 16
#define NUMBER_COLS_MAX 34
#define FEW_ROWS 1000
#define LAST_DROP 8 /* goes before all other columns */
#define KEPT_MARK "+"
#define NO_STATUS "-" /* of no document */

const struct document_side *document_list_side(const struct document_list *self)
{
	return &document_sides[self->side];
}

/* The tab of the table; NULL on that of statuses only a newer HQ knows. */
static const struct status_tab *tab_now(const struct document_list *self)
{
	const struct document_side *side = document_list_side(self);

	return self->tabs.now < side->tab_count ? &side->tabs[self->tabs.now] : NULL;
}

/* ---- filters ---- */

/* Where the search asks for another store at an end, this store cannot be it. */
static unsigned open_ends(const struct document_list *self, unsigned ends)
{
	const struct document_narrowing *narrow = &self->narrow;

	if (narrow->source[0] && strcmp(narrow->source, self->shop->store) != 0)
		ends &= ~END_SOURCE;
	if (narrow->destination[0] && strcmp(narrow->destination, self->shop->store) != 0)
		ends &= ~END_DESTINATION;
	return ends;
}

/* Documents of which this store is one of these ends. */
static void set_ends(struct document_list *self, unsigned ends)
{
	const struct document_narrowing *narrow = &self->narrow;
	const char *own = self->shop->store;
	/* Few are found by their ends and sorted, many are read in the order of their key. */
	bool is_few = self->tabs.items[self->tabs.now].count < FEW_ROWS;

	source_where(&self->source, "from", ends == END_SOURCE ? own : narrow->source);
	source_where(&self->source, "to", ends == END_DESTINATION ? own : narrow->destination);
	source_where(&self->source, "store", ends == END_ANY && is_few ? own : NULL);
	source_where(&self->source, "either", ends == END_ANY && !is_few ? own : NULL);
}

static void set_filters(struct document_list *self)
{
	const struct status_tab *tab = tab_now(self);
	const struct document_narrowing *narrow = &self->narrow;
	unsigned ends = open_ends(self, tab ? tab->ends : document_list_side(self)->ends);

	set_ends(self, ends);
	list_days_where(&self->source, &narrow->days);
	source_where(&self->source, "number", narrow->number);
	source_where(&self->source, "q", narrow->search);
	source_where(&self->source, "status",
		ends == 0     ? NO_STATUS
			: tab ? tab->statuses
			      : self->other);
}

/* ---- columns ---- */

/* Numbers are as wide as the ids of the stores in them. Own ones have this store's, those of partners and of
 * transfer orders may have any's. */
static void fit_numbers(struct document_list *self)
{
	const struct document_side *side = document_list_side(self);
	struct db *db = shop_db(self->shop);
	int64_t own = (int64_t)strlen(self->shop->store);
	int64_t longest = own;

	if (db)
		longest = db_get_int(db, own, "SELECT MAX(length(id)) FROM store", "");
	for (int i = 0; i < side->column_count; i++) {
		enum number_kind kind = side->numbers[i];
		int cols = SHOP_NUMBER_COLS + (int)(kind == NUMBER_OWN ? own : longest) -
			(kind == NUMBER_TRANSFER); /* TR-, not OUT- */

		if (kind != NUMBER_NONE)
			self->columns[i].width_cols = cols < NUMBER_COLS_MAX ? cols
									     : NUMBER_COLS_MAX;
	}
}

/* Where nothing can have been checked yet, the name of the other end may take that figure's place;
 * where this store is always the same end, it need not be named. */
static void fit_columns(struct document_list *self)
{
	const struct document_side *side = document_list_side(self);
	const struct status_tab *tab = tab_now(self);
	unsigned ends = tab ? tab->ends : side->ends;

	memcpy(self->columns, side->columns, sizeof(self->columns));
	fit_numbers(self);
	if (self->side != TRANSFERS) {
		if (tab && tab->is_uncounted)
			self->columns[ends == END_SOURCE ? side->destination_column
							 : side->source_column]
				.width_cols = FAR_COLS_UNCOUNTED;
		return;
	}
	if (tab && tab->is_uncounted)
		self->columns[COLUMN_CHECKED].drop = LAST_DROP;
	/* The store that asks stands in the number too. */
	self->columns[ends == END_SOURCE ? side->source_column : side->destination_column]
		.drop = ends == END_ANY ? 1 : LAST_DROP;
}

static void put_end(const struct document_list *self, const struct source_row *row, int column,
	struct list_cell *out)
{
	const struct document_side *side = document_list_side(self);

	/* Where no store stands it is the third party. */
	if ((column == side->source_column || column == side->destination_column) && !out->text[0])
		snprintf(out->text, sizeof(out->text), "%s",
			source_text(&self->source, row, "third_party"));
}

static void put_number(const struct document_list *self, const struct source_row *row, int column,
	struct list_cell *out)
{
	bool is_source = strcmp(source_text(&self->source, row, "from_store"), self->shop->store) ==
		0;

	if (column == NUMBER_EXTRA_COLUMN)
		snprintf(out->text, sizeof(out->text), "%s",
			source_text(&self->source, row, is_source ? "out_number" : "in_number"));
}

static int64_t kept_of(const struct document_list *self, const void *row)
{
	const char *id = source_text(&self->source, row, "id");

	for (size_t i = 0; i < self->kept_count; i++)
		if (strcmp(self->kept[i].id, id) == 0)
			return self->kept[i].milli;
	return 0;
}

int64_t document_list_kept(const struct document_list *self)
{
	const void *row = list_row(&self->list);

	return row ? kept_of(self, row) : 0;
}

static void put_kept(const struct document_list *self, const struct source_row *row, int column,
	struct list_cell *out)
{
	if (column != COLUMN_MARK || out->text[0] || kept_of(self, row) == 0)
		return;
	snprintf(out->text, sizeof(out->text), "%s", KEPT_MARK);
	out->role = ROLE_WARN;
}

static void fill_cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct document_list *self = ctx;

	if (self->side == TRANSFERS)
		put_number(self, row, column, out);
	else
		put_end(self, row, column, out);
	put_kept(self, row, column, out);
}

/* ---- counts ---- */

static void count_one(void *ctx, const char *status, long count)
{
	struct document_list *self = ctx;
	int tab = document_side_tab(document_list_side(self), status, self->counted_ends);
	size_t used = strlen(self->other);

	if (tab < document_list_side(self)->tab_count) {
		self->tabs.items[tab].count += count;
		return;
	}
	self->other_count += count;
	if (!document_has_status(self->other, status) &&
		used + strlen(status) + 2 <= sizeof(self->other))
		snprintf(self->other + used, sizeof(self->other) - used, "%s%s", used ? "|" : "",
			status);
}

/* By status over what the search leaves, without the tab's own filter; each end for itself, since the same
 * status may stand on another tab there. */
static void count_ends(struct document_list *self)
{
	static const unsigned each[] = {END_SOURCE, END_DESTINATION};

	set_filters(self);
	source_where(&self->source, "status", NULL);
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		self->counted_ends = open_ends(self, document_list_side(self)->ends & each[i]);
		if (!self->counted_ends)
			continue;
		set_ends(self, self->counted_ends);
		source_group(&self->source, "status", count_one, self);
	}
}

void document_list_count(struct document_list *self)
{
	static const char *const kinds[] = {"receive", "ship", NULL};
	const struct document_side *side = document_list_side(self);

	for (int i = 0; i < side->tab_count; i++)
		self->tabs.items[i] = (struct tab){side->tabs[i].label, 0, ROLE_NORMAL};
	self->other[0] = '\0';
	self->other_count = 0;
	self->kept_count = document_draft_kept(
		self->shop->console, kinds, self->kept, KEPT_COUNTS_MAX);
	count_ends(self);
	for (int i = 0; i < side->tab_count; i++)
		if (side->tabs[i].is_waiting && self->tabs.items[i].count > 0)
			self->tabs.items[i].role = ROLE_WARN;
	self->tabs.count = side->tab_count;
	if (self->other_count > 0)
		self->tabs.items[self->tabs.count++] = (struct tab){
			N_("Other"), self->other_count, ROLE_NORMAL};
	if (self->tabs.now >= self->tabs.count)
		self->tabs.now = 0;
	set_filters(self);
	self->is_stale = false;
}

void document_list_changed(struct document_list *self)
{
	self->is_stale = true;
	list_changed(&self->list);
}

/* ---- what is looked at ---- */

static void show_tab(void *ctx)
{
	struct document_list *self = ctx;

	self->tab_of[self->side] = self->tabs.now;
	fit_columns(self);
	set_filters(self);
	list_restart(&self->list);
}

/* All of them are orders of each side's view. */
static const struct {
	const char *name; /* NULL: by when they were made */
	bool is_reversed;
	const char *words; /* N_; NULL: the usual one needs none */
} orders[] = {
	{NULL, false, NULL},
	{NULL, true, N_("oldest first")},
	{"expected", true, N_("by expected day")},
	{"number", true, N_("by number")},
};
#define ORDERS ((int)(sizeof(orders) / sizeof(orders[0])))

static void set_order(struct document_list *self)
{
	source_order(&self->source, orders[self->order].name);
	self->source.is_reversed = orders[self->order].is_reversed;
}

static void start_source(struct document_list *self)
{
	const struct document_side *side = document_list_side(self);

	source_init(
		&self->source, self->shop, side->view, side->source, (size_t)side->column_count);
	self->source.pending_table = side->table;
	self->source.pending_child = side->lines;
	self->source.pending_key = "id";
	self->source.cell = fill_cell;
	self->source.ctx = self;
	set_order(self);
	self->list.column_count = (size_t)side->column_count;
	self->tabs.now = self->tab_of[self->side];
	show_tab(self);
	self->is_stale = true;
}

/* The store one looks for stays the other end. */
static void turn_narrowing(struct document_list *self)
{
	struct document_narrowing *narrow = &self->narrow;
	char source[sizeof(narrow->source)];

	if (open_ends(self, document_list_side(self)->ends))
		return;
	memcpy(source, narrow->source, sizeof(source));
	memcpy(narrow->source, narrow->destination, sizeof(source));
	memcpy(narrow->destination, source, sizeof(source));
}

void document_list_show_side(struct document_list *self, enum document_side_id side)
{
	self->side = side;
	turn_narrowing(self);
	start_source(self);
	document_list_count(self);
}

void document_list_narrow(struct document_list *self, const struct document_narrowing *narrowing)
{
	self->narrow = *narrowing;
	set_filters(self);
	list_restart(&self->list);
	self->is_stale = true;
}

bool document_list_is_narrowed(const struct document_list *self)
{
	const struct document_narrowing *narrow = &self->narrow;

	return narrow->days.since[0] || narrow->days.until[0] || narrow->source[0] ||
		narrow->destination[0] || narrow->number[0] || narrow->search[0];
}

void document_list_sort(struct document_list *self)
{
	self->order = (self->order + 1) % ORDERS;
	set_order(self);
	list_restart(&self->list);
}

void document_list_recalc(struct document_list *self, int height_rows)
{
	if (self->is_stale)
		document_list_count(self);
	self->list.empty = shop_empty_words(self->shop, gettext(document_list_side(self)->empty));
	list_recalc(&self->list, height_rows);
}

void document_list_title(const struct document_list *self, char *out, size_t size)
{
	const struct document_narrowing *narrow = &self->narrow;
	struct text title = TEXT_INIT(TEXT_SMALL);

	text_add(&title, gettext(document_list_side(self)->label));
	if (narrow->search[0])
		text_addf(&title, _(" | search \"%s\""), narrow->search);
	if (narrow->number[0])
		text_addf(&title, " | %s…", narrow->number);
	if (narrow->source[0])
		text_addf(&title, _(" | from %s"), narrow->source);
	if (narrow->destination[0])
		text_addf(&title, _(" | to %s"), narrow->destination);
	list_days_title(&narrow->days, &title);
	if (orders[self->order].words)
		text_addf(&title, " | %s", gettext(orders[self->order].words));
	snprintf(out, size, "%s", text_get(&title));
	text_free(&title);
}

/* ---- from beginning to end ---- */

bool document_list_init(struct document_list *self, struct shop *shop)
{
	memset(self, 0, sizeof(*self));
	self->shop = shop;
	self->tabs.changed = show_tab;
	self->tabs.ctx = self;
	if (!list_init(&self->list, &source_list, &self->source, self->columns, SIDE_COLUMNS_MAX))
		return false;
	start_source(self);
	return true;
}

void document_list_free(struct document_list *self)
{
	list_free(&self->list);
}
