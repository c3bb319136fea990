#include "tui/order_lines.h"

#include "model/i18n.h"
#include "tui/cols.h"

#include <stdio.h>
#include <string.h>

#define SKU_COLS_MIN 6
#define SKU_COLS_MAX 14

/* At 60 columns the five figures of a physical line just fit. */
static const struct list_column line_columns[ORDER_LINE_COLUMNS] = {
	[ORDER_LINE_SKU] = {N_("SKU"), 8, 0, LIST_LEFT, 0, true},
	[ORDER_LINE_NAME] = {N_("Product"), 8, 1, LIST_LEFT, 3, false},
	[ORDER_LINE_ORDERED] = {N_("Ordered"), 7, 0, LIST_RIGHT, 0, false},
	[ORDER_LINE_INVOICED] = {N_("Invoiced"), 7, 0, LIST_RIGHT, 0, false},
	[ORDER_LINE_SHIPPED] = {N_("Shipped"), 7, 0, LIST_RIGHT, 0, false},
	/* TRANSLATORS: the cancelled quantity; short. */
	[ORDER_LINE_CANCELLED] = {N_("Canc'd"), 6, 0, LIST_RIGHT, 1, false},
	[ORDER_LINE_REFUNDED] = {N_("Refunded"), 6, 0, LIST_RIGHT, 2, false},
	/* TRANSLATORS: what the customer has not got yet; short for outstanding. */
	[ORDER_LINE_OUTSTANDING] = {N_("Owed"), 6, 0, LIST_RIGHT, 0, false},
	[ORDER_LINE_MARK] = {N_("Mark"), 7, 0, LIST_LEFT, 4, false},
};

static int64_t figure(const struct order_item *item, int column)
{
	const struct order_line *line = &item->line;
	const int64_t figures[ORDER_LINE_COLUMNS] = {
		[ORDER_LINE_ORDERED] = line->ordered,
		[ORDER_LINE_INVOICED] = line->invoiced,
		[ORDER_LINE_SHIPPED] = line->shipped,
		[ORDER_LINE_CANCELLED] = line->cancelled,
		[ORDER_LINE_REFUNDED] = line->refunded,
		[ORDER_LINE_OUTSTANDING] = order_line_outstanding(line),
	};

	return figures[column];
}

static void put_figure(const struct order_item *item, int column, struct list_cell *out)
{
	int64_t qty = figure(item, column);
	char text[SHOP_QTY_BYTES];

	shop_qty(qty, text);
	snprintf(out->text, sizeof(out->text), "%s", text);
	if (qty == 0)
		out->role = ROLE_DIM;
	else if (column == ORDER_LINE_OUTSTANDING)
		out->role = ROLE_BOLD;
}

static void line_cell(void *ctx, const void *row, int column, struct list_cell *out)
{
	const struct order_item *item = row;

	(void)ctx;
	if (column == ORDER_LINE_SKU)
		snprintf(out->text, sizeof(out->text), "%s", item->line.sku);
	else if (column == ORDER_LINE_NAME)
		snprintf(out->text, sizeof(out->text), "%s", item->name);
	else if (column == ORDER_LINE_MARK)
		snprintf(out->text, sizeof(out->text), "%s",
			item->line.is_virtual ? _("virtual") : "");
	else
		put_figure(item, column, out);
}

/* ctx is the struct order_data, which begins with its rows. */
static const struct list_source line_source = {
	.row_bytes = sizeof(struct order_item),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = line_cell,
};

bool order_lines_init(struct order_lines *lines, struct order_data *data)
{
	lines->data = data;
	memcpy(lines->columns, line_columns, sizeof(line_columns));
	if (!list_init(&lines->list, &line_source, data, lines->columns, ORDER_LINE_COLUMNS))
		return false;
	lines->list.empty = _("This order has no line.");
	return true;
}

void order_lines_free(struct order_lines *lines)
{
	list_free(&lines->list);
}

void order_lines_read(struct order_lines *lines)
{
	int sku_cols = SKU_COLS_MIN;
	bool has_mark = false;

	lines->name_cols = 0;
	for (size_t i = 0; i < lines->data->items.count; i++) {
		const struct order_item *item = order_data_item(lines->data, i);
		int cols = cols_width(item->line.sku);

		sku_cols = cols > sku_cols ? cols : sku_cols;
		cols = cols_width(item->name);
		lines->name_cols = cols > lines->name_cols ? cols : lines->name_cols;
		has_mark |= item->line.is_virtual;
	}
	lines->columns[ORDER_LINE_SKU].width_cols = sku_cols < SKU_COLS_MAX ? sku_cols
									    : SKU_COLS_MAX;
	lines->list.column_count = has_mark ? ORDER_LINE_COLUMNS : ORDER_LINE_MARK;
	list_changed(&lines->list);
}

void order_lines_recalc(struct order_lines *lines, int height_rows, int width_cols)
{
	document_rows_fit_name(lines->columns, lines->list.column_count, ORDER_LINE_NAME,
		lines->name_cols, width_cols);
	list_recalc(&lines->list, height_rows);
}
