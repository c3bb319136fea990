#include "tui/report_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/layout.h"

#define LIST_EDGE_COLS 3 /* of a list, besides its columns */
#define CELL_COLS_MAX 40
#define BAR_COLS_MIN 8
#define BAR_COLS_MAX 80
#define BAR_DROP 2 /* columns that may be missed go before the bars, needed ones behind them */
#define LATE_MARK "!"

_Static_assert(BAR_COLS_MAX * 3 < LIST_CELL_BYTES, "a bar fits into a cell");
_Static_assert(REPORT_COLUMNS_MAX + 2 <= LIST_COLUMNS_MAX, "a report fits into a list");

enum { COLUMN_MARK, COLUMN_FIRST };

struct report_row {
	char key[LIST_KEY_BYTES];
	int index; /* into the report's rows */
	bool is_pending;
	bool is_late;
};

/* ---- reading ---- */

static void put_word(void *ctx, enum report_type type, char *out, size_t size)
{
	const struct report_view *self = ctx;
	char raw[REPORT_CELL_BYTES];

	snprintf(raw, sizeof(raw), "%s", out);
	if (type == REPORT_STORE)
		shop_store_name(self->shop, raw, out, size);
	else if (!report_is_text(type) && raw[0] == '-')
		snprintf(out, size, "\u2212%s", raw + 1);
	else
		report_rows_word(ctx, type, out, size);
}

static struct report_range range_of(const struct report_view *self, struct db *cache)
{
	const struct report_wish *wish = &self->wish;
	const char *store = wish->is_all ? NULL : self->shop->store;
	struct report_range range = report_recent(cache, store, shop_now(self->shop));

	if (wish->since[0])
		report_day_parse(cache, store, wish->since, &range.since_ms);
	if (wish->until[0] && report_day_parse(cache, store, wish->until, &range.until_ms))
		range.until_ms += REPORT_DAY_MS;
	return range;
}

static bool is_late(const struct report_view *self, int row)
{
	for (int i = 0; i < self->report->column_count; i++)
		if (self->report->columns[i].type == REPORT_AGE)
			return strtol(report_rows_cell(&self->read, row, i), NULL, 10) >=
				REPORT_LATE_DAYS;
	return false;
}

static void fill_list(struct report_view *self)
{
	document_rows_clear(&self->rows);
	for (int i = 0; i < self->read.count; i++) {
		struct report_row *row = document_rows_add(&self->rows);
		const char *opens = self->read.opens[i];

		if (!row)
			return;
		document_rows_key(row->key, i, opens ? opens : "");
		row->index = i;
		row->is_late = is_late(self, i);
		row->is_pending = opens && shop_is_pending(self->shop, self->report->opens, opens);
	}
}

static void put_head(struct report_view *self)
{
	char store[SHOP_NAME_BYTES];
	char since[SHOP_WHEN_BYTES], until[SHOP_WHEN_BYTES];

	shop_store_name(self->shop, self->shop->store, store, sizeof(store));
	if (self->wish.is_all)
		snprintf(store, sizeof(store), "%s", _("All my stores"));
	shop_day(self->shop, self->range.since_ms, since);
	shop_day(self->shop, self->range.until_ms - REPORT_DAY_MS, until);
	if (report_has_period(self->report))
		snprintf(self->head, sizeof(self->head), "%s \u00b7 %s \u2026 %s", store, since,
			until);
	else
		snprintf(self->head, sizeof(self->head), "%s", store);
	shop_when(self->shop, self->range.now_ms, self->as_of);
}

bool report_view_read(struct report_view *self)
{
	struct report_words words = {put_word, self};
	struct db *cache = shop_db(self->shop);
	bool good = false;

	report_rows_free(&self->read);
	if (cache) {
		self->range = range_of(self, cache);
		good = report_rows_read(&self->read, cache, self->report, &self->range, &words);
	}
	if (!good)
		report_rows_free(&self->read);
	fill_list(self);
	put_head(self);
	self->fits_cols = 0;
	list_changed(&self->list);
	return good;
}

bool report_view_write(struct report_view *self, struct report_file *file)
{
	struct db *cache = shop_db(self->shop);
	struct report_range range;

	if (!cache) {
		snprintf(file->error, sizeof(file->error), "%s",
			_("The copy of HQ's data cannot be read now."));
		return false;
	}
	range = range_of(self, cache);
	return report_rows_write(cache, self->report, &range, file);
}

/* ---- the list ---- */

static struct list_column column_of(const struct report_view *self, int index, int name_cols)
{
	const struct report_column *from = &self->report->columns[index];
	bool is_name = from->type == REPORT_STORE || (from->type == REPORT_TEXT && from->drop > 0);

	return (struct list_column){
		.title = from->heading,
		.width_cols = report_rows_cols(
			&self->read, index, is_name ? name_cols : CELL_COLS_MAX),
		.flex = is_name && name_cols < CELL_COLS_MAX,
		.align = report_is_text(from->type) ? LIST_LEFT : LIST_RIGHT,
		.drop = from->drop < BAR_DROP ? from->drop : from->drop + 1,
		.is_key = index == 0,
	};
}

static bool is_whole(const struct report_view *self, const int *widths)
{
	for (size_t i = 0; i < self->column_count; i++)
		if (widths[i] == 0)
			return false;
	return true;
}

/* Two quantities beside each other that go at the same time are a pair, such as loss and gain: one without
 * the other misleads. */
static bool drop_torn_pairs(struct report_view *self, const int *widths)
{
	const struct report_column *from = self->report->columns;
	bool is_torn = false;

	for (int k = 1; k < self->report->column_count; k++) {
		int left = COLUMN_FIRST + k - 1, right = left + 1;

		if (from[k].type != REPORT_QTY || from[k - 1].type != REPORT_QTY ||
			from[k].drop == 0 || from[k].drop != from[k - 1].drop ||
			(widths[left] == 0) == (widths[right] == 0))
			continue;
		self->columns[left].drop = self->columns[right].drop = LIST_ABSENT;
		is_torn = true;
	}
	return is_torn;
}

/* Contents say how wide a column is, and bars get what is left. Names are cut before a column goes. */
void report_view_fit(struct report_view *self, int body_cols)
{
	static const int name_cols[] = {CELL_COLS_MAX, 20, 14, 10, 7};
	int widths[LIST_COLUMNS_MAX] = {0};

	if (self->fits_cols == body_cols)
		return;
	self->fits_cols = body_cols;
	for (size_t i = 0; i < sizeof(name_cols) / sizeof(name_cols[0]); i++) {
		for (int k = 0; k < self->report->column_count; k++)
			self->columns[COLUMN_FIRST + k] = column_of(self, k, name_cols[i]);
		list_fit_columns(
			self->columns, self->column_count, body_cols - LIST_EDGE_COLS, widths);
		if (is_whole(self, widths))
			break;
	}
	if (drop_torn_pairs(self, widths))
		list_fit_columns(
			self->columns, self->column_count, body_cols - LIST_EDGE_COLS, widths);
	self->bar_cols = widths[self->column_count - 1];
	if (self->bar_cols > BAR_COLS_MAX)
		self->bar_cols = BAR_COLS_MAX;
}

static void put_bar(const struct report_view *self, int row, struct list_cell *out)
{
	out->role = self->read.charted[row] < 0 ? ROLE_LOSS : ROLE_BAR;
	if (self->bar_cols > 0)
		report_rows_bar(&self->read, row, self->bar_cols, out->text);
}

static void put_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct report_view *self = ctx;
	const struct report_row *row = it;
	const char *text;

	if (column == COLUMN_MARK) {
		out->role = row->is_pending ? ROLE_PENDING : ROLE_WARN;
		snprintf(out->text, sizeof(out->text), "%s",
			row->is_pending        ? SHOP_PENDING_MARK
				: row->is_late ? LATE_MARK
					       : "");
		return;
	}
	if ((size_t)column == self->column_count - 1) {
		put_bar(self, row->index, out);
		return;
	}
	text = report_rows_cell(&self->read, row->index, column - COLUMN_FIRST);
	snprintf(out->text, sizeof(out->text), "%.*s", LIST_CELL_BYTES - 1, text);
	if (row->is_late)
		out->role = ROLE_WARN;
	else if (strncmp(text, "\u2212", 3) == 0)
		out->role = ROLE_LOSS;
}

static const struct list_source row_source = {
	.row_bytes = sizeof(struct report_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = put_cell,
};

/* The sum of what the bars show. */
void report_view_sum(const struct report_view *self, char *out, size_t size)
{
	const struct report *report = self->report;
	char qty[SHOP_QTY_BYTES];

	out[0] = '\0';
	for (int i = 0; i < report->column_count && self->read.count > 0; i++) {
		if (strcmp(report->columns[i].name, report->chart) != 0)
			continue;
		if (report->columns[i].type == REPORT_INT)
			snprintf(qty, sizeof(qty), "%lld", (long long)self->read.sum);
		else
			shop_qty(self->read.sum, qty);
		/* TRANSLATORS: what is summed up, the sum. */
		snprintf(out, size, _("%s in all: %s"), gettext(report->columns[i].heading), qty);
	}
}

const char *report_view_opens(const struct report_view *self)
{
	const struct report_row *row = list_row(&self->list);

	return row && row->index < self->read.count ? self->read.opens[row->index] : NULL;
}

/* ---- start and end ---- */

bool report_view_init(struct report_view *self, struct shop *shop, const struct report *report)
{
	self->shop = shop;
	self->report = report;
	self->read.report = report;
	self->column_count = COLUMN_FIRST + (size_t)report->column_count + 1;
	self->columns[COLUMN_MARK] = (struct list_column){.title = "", .width_cols = 1};
	self->columns[self->column_count - 1] = (struct list_column){
		.title = "", .width_cols = BAR_COLS_MIN, .flex = 4, .drop = BAR_DROP};
	document_rows_init(&self->rows, sizeof(struct report_row));
	report_view_fit(self, LAYOUT_NORMAL_COLS);
	return list_init(&self->list, &row_source, self, self->columns, self->column_count);
}

void report_view_free(struct report_view *self)
{
	report_rows_free(&self->read);
	list_free(&self->list);
	document_rows_free(&self->rows);
}
