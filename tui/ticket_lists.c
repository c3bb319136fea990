#include "tui/ticket_lists.h"

#include <stdio.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/ticket_result.h"

/* ---- orders ---- */

static const struct source_column order_cells[] = {
	{.column = "order_number"},
	{.kind = SOURCE_MARK},
	{.column = "buyer"},
	{.column = "phone", .kind = SOURCE_PHONE},
	{.column = "codes", .kind = SOURCE_INT},
	{.column = "units", .kind = SOURCE_INT},
	{.column = "redeemed", .kind = SOURCE_INT},
	{.column = "remaining", .kind = SOURCE_INT},
	{.column = "issued_at", .kind = SOURCE_WHEN},
};
#define ORDER_CELLS (sizeof(order_cells) / sizeof(order_cells[0]))

static const struct list_column order_columns[ORDER_CELLS] = {
	{.title = N_("Order"), .width_cols = 12, .is_key = true},
	{.title = "", .width_cols = 1},
	{.title = N_("Buyer"), .width_cols = 14, .flex = 1},
	{.title = N_("Phone"), .width_cols = 12, .drop = 2},
	{.title = N_("Codes"), .width_cols = 5, .align = LIST_RIGHT, .drop = 3},
	{.title = N_("Units"), .width_cols = 5, .align = LIST_RIGHT},
	{.title = N_("Redeemed"), .width_cols = 8, .align = LIST_RIGHT, .drop = 1},
	{.title = N_("Left"), .width_cols = 4, .align = LIST_RIGHT},
	{.title = N_("Issued"), .width_cols = 11, .drop = 4},
};

/* ---- codes ---- */

/* What is the same in all codes of an order stands at the end. */
static const struct source_column code_cells[] = {
	{.column = "code", .kind = SOURCE_CODE},
	{.kind = SOURCE_MARK},
	{.column = "product_name"},
	{.column = "remaining", .kind = SOURCE_INT},
	{.column = "units", .kind = SOURCE_INT},
	{.column = "status", .kind = SOURCE_WORD, .group = "ticket"},
	{.column = "valid_from"},
	{.column = "valid_until"},
	{.column = "parent", .kind = SOURCE_CODE},
	{.column = "buyer"},
	{.column = "order_number"},
};
#define CODE_CELLS (sizeof(code_cells) / sizeof(code_cells[0]))
#define CODE_CELLS_OF_ORDER (CODE_CELLS - 2)

static const struct list_column code_columns[CODE_CELLS] = {
	{.title = N_("Code"), .width_cols = 14, .is_key = true},
	{.title = "", .width_cols = 1},
	{.title = N_("Product"), .width_cols = 14, .flex = 2, .drop = 2},
	{.title = N_("Left"), .width_cols = 4, .align = LIST_RIGHT},
	{.title = N_("Units"), .width_cols = 5, .align = LIST_RIGHT},
	{.title = N_("Status"), .width_cols = 8},
	{.title = N_("Valid from"), .width_cols = 10, .drop = 6},
	{.title = N_("Valid until"), .width_cols = 11, .drop = 1},
	{.title = N_("Split from"), .width_cols = 14, .drop = 7},
	{.title = N_("Buyer"), .width_cols = 12, .flex = 1, .drop = 3},
	{.title = N_("Order"), .width_cols = 12, .drop = 4},
};

#define CODE_STATUS 5 /* which of them it is */

/* The status says what was done with a code; its days pass by themselves. */
static void code_cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct ticket_list *self = ctx; /* its source is its first member */
	const struct source *source = &self->source;
	const char *from = source_text(source, row, "valid_from");
	const char *until = source_text(source, row, "valid_until");

	if (column != CODE_STATUS || strcmp(source_text(source, row, "status"), "active") != 0)
		return;
	if (until[0] && strcmp(self->today, until) > 0) {
		snprintf(out->text, sizeof(out->text), "%s", _("Expired"));
		out->role = ROLE_DIM;
	} else if (from[0] && strcmp(self->today, from) < 0) {
		/* TRANSLATORS: the state of a ticket before its first day. */
		snprintf(out->text, sizeof(out->text), "%s", _("Too soon"));
		out->role = ROLE_WARN;
	}
}

/* ---- refused scans ---- */

enum {
	SCAN_AT,
	SCAN_CODE,
	SCAN_QTY,
	SCAN_RESULT,
	SCAN_MARK,
	SCAN_BY,
	SCAN_PRODUCT,
	SCAN_STAFF,
	SCAN_STORE,
	SCAN_DEVICE,
	SCAN_ORDER,
	SCAN_CELLS
};

static const struct source_column scan_cells[SCAN_CELLS] = {
	[SCAN_AT] = {.column = "at", .kind = SOURCE_WHEN},
	[SCAN_CODE] = {.column = "code", .kind = SOURCE_CODE},
	[SCAN_QTY] = {.column = "qty", .kind = SOURCE_INT},
	[SCAN_RESULT] = {.column = "result"},
	[SCAN_MARK] = {.kind = SOURCE_MARK},
	[SCAN_BY] = {.column = NULL},
	[SCAN_PRODUCT] = {.column = "product_name"},
	[SCAN_STAFF] = {.column = "actor", .kind = SOURCE_STAFF},
	[SCAN_STORE] = {.column = "store", .kind = SOURCE_STORE},
	[SCAN_DEVICE] = {.column = "device"},
	[SCAN_ORDER] = {.column = "order_number"},
};

static const struct list_column scan_columns[SCAN_CELLS] = {
	[SCAN_AT] = {.title = N_("When"), .width_cols = 11},
	[SCAN_CODE] = {.title = N_("Code"), .width_cols = 12, .is_key = true},
	[SCAN_QTY] = {.title = N_("Units"), .width_cols = 5, .align = LIST_RIGHT},
	[SCAN_RESULT] = {.title = N_("Result"), .width_cols = 21},
	[SCAN_MARK] = {.title = "", .width_cols = 1},
	[SCAN_BY] = {.title = N_("Refused by"), .width_cols = 10, .drop = 4},
	[SCAN_PRODUCT] = {.title = N_("Product"), .width_cols = 12, .flex = 2, .drop = 3},
	[SCAN_STAFF] = {.title = N_("Staff"), .width_cols = 8, .flex = 1, .drop = 2},
	[SCAN_STORE] = {.title = N_("Store"), .width_cols = 10, .flex = 1, .drop = 1},
	[SCAN_DEVICE] = {.title = N_("Terminal"), .width_cols = 13, .flex = 1, .drop = 6},
	[SCAN_ORDER] = {.title = N_("Order"), .width_cols = 12, .drop = 5},
};

static bool is_by_hq(const struct source *source, const struct source_row *row)
{
	return source_int(source, row, "by_hq") != 0;
}

static void scan_cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct source *source = ctx;
	struct ticket_headline headline;

	if (column == SCAN_RESULT) {
		headline = ticket_headline_of(source_text(source, row, "result"));
		snprintf(out->text, sizeof(out->text), "%s", headline.words);
		out->role = headline.role == ROLE_ERROR ? ROLE_NORMAL : headline.role;
	} else if (column == SCAN_BY) {
		snprintf(out->text, sizeof(out->text), "%s",
			is_by_hq(source, row) ? _("HQ") : _("terminal"));
	} else if (column == SCAN_DEVICE) {
		shop_device_name(source->shop, source_text(source, row, "device"), out->text,
			sizeof(out->text));
	}
}

static void scan_about(
	const struct source *source, const struct source_row *row, struct ticket_about *out)
{
	const char *result = source_text(source, row, "result");

	ticket_about_who(source, row, out->lines[0], sizeof(out->lines[0]));
	/* TRANSLATORS: what was found, what to do. */
	snprintf(out->lines[1], sizeof(out->lines[1]), _("%s. %s"), refusal_what(result),
		refusal_way_out(result));
	out->role = ROLE_NORMAL;
}

/* ---- all of them ---- */

static const struct {
	const char *view;
	const struct source_column *cells;
	const struct list_column *columns;
	size_t count;
	const char *empty;         /* N_ */
	const char *pending_table; /* NULL: as ticket_records_init has it */
	const char *pending_child; /* as struct source */
	const char *pending_key;
	void (*cell)(void *ctx, const struct source_row *row, int column, struct list_cell *out);
	void (*about)(const struct source *source, const struct source_row *row,
		struct ticket_about *out);
} specs[TICKET_LISTS] = {
	[TICKET_ORDERS] = {.view = "ticket_orders",
		.cells = order_cells,
		.columns = order_columns,
		.count = ORDER_CELLS,
		.empty = N_("No ticket order here."),
		.pending_table = "ticket_order",
		.pending_key = "order_number"},
	[TICKET_CODES] = {.view = "tickets",
		.cells = code_cells,
		.columns = code_columns,
		.count = CODE_CELLS,
		.empty = N_("No code here."),
		.pending_table = "ticket",
		.pending_child = "ticket_uses",
		.pending_key = "code",
		.cell = code_cell},
	[TICKET_CODES_OF_ORDER] = {.view = "tickets",
		.cells = code_cells,
		.columns = code_columns,
		.count = CODE_CELLS_OF_ORDER,
		.empty = N_("No code of this order is here."),
		.pending_table = "ticket",
		.pending_child = "ticket_uses",
		.pending_key = "code",
		.cell = code_cell},
	[TICKET_RECORDS] = {.view = "redemptions",
		.cells = ticket_record_cells,
		.columns = ticket_record_columns,
		.count = TICKET_RECORD_CELLS,
		.empty = N_("Nothing was redeemed yet."),
		.about = ticket_record_about},
	[TICKET_REFUSED] = {.view = "refused_scans",
		.cells = scan_cells,
		.columns = scan_columns,
		.count = SCAN_CELLS,
		.empty = N_("No scan was refused."),
		.pending_table = "refused_scan",
		.pending_key = "id",
		.cell = scan_cell,
		.about = scan_about},
};

/* Counting many tickets takes longer than reading a window of them: the list takes what was counted. */
static long counted_before(void *ctx)
{
	const struct ticket_list *self = ctx; /* its source is its first member */

	return self->total;
}

static size_t fetch(void *ctx, const struct list_want *want, void *rows)
{
	struct ticket_list *self = ctx;

	shop_day(self->source.shop, shop_now(self->source.shop), self->today);
	return source_list.fetch(ctx, want, rows);
}

static void cell(void *ctx, const void *row, int column, struct list_cell *out)
{
	source_list.cell(ctx, row, column, out);
}

static const struct list_source rows_of_tickets = {
	.row_bytes = sizeof(struct source_row),
	.count = counted_before,
	.fetch = fetch,
	.cell = cell,
};

/* Of the code of the row; an order has many. */
static size_t numbers_of(void *ctx, struct explain *out, size_t max)
{
	const struct ticket_list *self = ctx;
	const char *code = self->kind != TICKET_ORDERS ? ticket_list_text(self, "code") : "";

	if (max < 2 || !*code)
		return 0;
	out[0] = explain_of(EXPLAIN_REDEEMED, code, NULL);
	out[1] = explain_of(EXPLAIN_LEFT, code, NULL);
	return 2;
}

bool ticket_list_init(struct ticket_list *self, struct shop *shop, enum ticket_list_kind kind)
{
	self->kind = kind;
	source_init(&self->source, shop, specs[kind].view, specs[kind].cells, specs[kind].count);
	self->source.pending_table = specs[kind].pending_table;
	self->source.pending_child = specs[kind].pending_child;
	self->source.pending_key = specs[kind].pending_key;
	self->source.cell = specs[kind].cell;
	self->source.ctx = &self->source;
	if (kind == TICKET_RECORDS)
		ticket_records_init(&self->source);
	self->total = -1;
	if (!list_init(&self->list, &rows_of_tickets, self, specs[kind].columns, specs[kind].count))
		return false;
	self->list.empty = ticket_list_empty(self);
	export_list(&self->export, shop, &self->source, &self->list);
	explain_here_init(&self->explain, shop, numbers_of, self);
	return true;
}

void ticket_list_free(struct ticket_list *self)
{
	list_free(&self->list);
}

void ticket_list_changed(struct ticket_list *self)
{
	list_changed(&self->list);
	self->is_counted = false;
}

void ticket_list_restart(struct ticket_list *self)
{
	list_restart(&self->list);
	self->total = -1;
	self->is_counted = false;
}

void ticket_list_count(struct ticket_list *self)
{
	if (self->is_counted)
		return;
	self->total = source_count(&self->source);
	self->is_counted = true;
}

const char *ticket_list_empty(const struct ticket_list *self)
{
	return gettext(specs[self->kind].empty);
}

const struct source_row *ticket_list_row(const struct ticket_list *self)
{
	return list_row(&self->list);
}

const char *ticket_list_text(const struct ticket_list *self, const char *column)
{
	const struct source_row *row = ticket_list_row(self);

	return row ? source_text(&self->source, row, column) : "";
}

int ticket_list_about_rows(const struct ticket_list *self)
{
	return specs[self->kind].about ? 1 + TICKET_ABOUT_ROWS : 0;
}

void ticket_list_about(const struct ticket_list *self, struct ticket_about *out)
{
	const struct source_row *row = ticket_list_row(self);

	memset(out, 0, sizeof(*out));
	if (row && specs[self->kind].about)
		specs[self->kind].about(&self->source, row, out);
}

static void repaint_about(const struct ticket_about *about, const struct rect *area)
{
	draw_rule(area->y, area->x, area->cols, ROLE_DIM);
	for (int i = 0; i < TICKET_ABOUT_ROWS && i + 1 < area->rows; i++)
		draw_text(area->y + 1 + i, area->x + 1, area->cols - 1,
			i == TICKET_ABOUT_ROWS - 1 ? about->role : ROLE_NORMAL, about->lines[i]);
}

void ticket_list_repaint(
	struct ticket_list *self, const struct ticket_about *about, const struct rect *area)
{
	struct rect body = *area;
	struct rect below = layout_take_bottom(&body, ticket_list_about_rows(self));

	if (below.rows > 0)
		repaint_about(about, &below);
	list_repaint(&self->list, &body);
}
