/* A sales order as something to ship from this store: its lines with goods, read into the same figures as those
 * of an outbound order, so that one way of scanning serves both. */
#include "tui/document_count.h"

#include "model/i18n.h"
#include "model/stock.h"
#include "tui/order_data.h"

#include <stdio.h>

static void take_face(struct document *document, const struct order_face *order)
{
	struct document_face *face = &document->face;

	*face = (struct document_face){.status = MOVEMENT_STATUSES, .is_sender = true};
	/* History knows the order by its id; people know it by its number. */
	snprintf(face->id, sizeof(face->id), "%s", order->id);
	snprintf(face->out_number, sizeof(face->out_number), "%s", order->number);
	snprintf(face->from, sizeof(face->from), "%s", document->shop->store);
	snprintf(face->third_party, sizeof(face->third_party), "%s", order_customer(order));
	snprintf(face->status_word, sizeof(face->status_word), "%s", order->status_word);
	document->is_here = order->is_here;
	document->is_pending = order->is_pending;
}

/* What was cancelled, or refunded before it left, is not shipped any more. */
static void add_line(struct document *document, const struct order_item *item)
{
	struct document_line *line = document_rows_add(&document->lines);

	if (!line)
		return;
	snprintf(line->key, sizeof(line->key), "%s", item->key);
	snprintf(line->sku, sizeof(line->sku), "%s", item->line.sku);
	snprintf(line->name, sizeof(line->name), "%s", item->name);
	line->no = item->line.no;
	line->ordered = item->line.shipped + order_line_to_ship(&item->line);
	line->shipped = item->line.shipped;
}

static bool load(struct document *document, const char *number)
{
	struct order_data order;

	document_rows_clear(&document->lines);
	order_data_init(&order, document->shop);
	order_data_load(&order, number);
	take_face(document, &order.face);
	for (size_t i = 0; i < order.items.count; i++)
		if (!order_data_item(&order, i)->line.is_virtual)
			add_line(document, order_data_item(&order, i));
	order_data_free(&order);
	return document->is_here;
}

static struct document_stock stock_of(
	const struct document *document, const struct document_line *line)
{
	struct db *db = shop_db(document->shop);
	struct stock_figures figures = {0};

	if (db)
		figures = stock_figures_of(db, document->face.from, line->sku);
	/* Damaged units are not sold. */
	return (struct document_stock){figures.on_hand, figures.available};
}

const struct count_kind count_order = {
	.op = "order.ship",
	.key = "order",
	.words = "sales_order",
	.draft = "order-ship",
	.is_shipping = true,
	.title = N_("Shipping of %s"),
	.finish = N_("Ship"),
	.due = N_("Due"),
	.help = N_(
		"Scan what goes to the customer: each scan is one unit; more than is outstanding is refused. "
		"Nothing leaves the stock before Enter ships it. What is not shipped now can be shipped later, "
		"or from another store."),
	.says_store = true,
	.load = load,
	.stock = stock_of,
};
