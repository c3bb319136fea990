/* order.invoice records that units were billed. Virtual goods are delivered by it: the promise is kept,
 * and they leave the channel's stores in priority order. */
#include "model/order.h"

#include "model/channel.h"
#include "model/handlers.h"
#include "model/salable.h"

static enum refusal deliver(struct order_work *work, struct order_line *line, int64_t qty)
{
	reservation_write(work->call,
		&(struct reservation){.channel = work->order->channel,
			.sku = line->sku,
			.qty = qty,
			.event = "invoice_created",
			.order = work->order->number});
	return channel_take(work->call,
		&(struct channel_goods){.channel = work->order->channel,
			.sku = line->sku,
			.qty = qty,
			.reason = "sale",
			.doc = &work->order->doc});
}

static enum refusal invoice_line(struct order_work *work, struct order_line *line, int64_t qty)
{
	line->invoiced += qty;
	db_run(work->call->db,
		"INSERT INTO invoice_line (invoice, sku, order_number, channel, qty)"
		" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (invoice, sku)"
		" DO UPDATE SET qty = invoice_line.qty + excluded.qty",
		"tttti", work->call->command->id, line->sku, work->order->number,
		work->order->channel, qty);
	return line->is_virtual ? deliver(work, line, qty) : REFUSAL_NONE;
}

enum refusal order_invoice(struct call *call)
{
	struct order order;
	enum refusal refusal = order_open(call, &order);
	if (refusal)
		return refusal;
	db_run(call->db,
		"INSERT INTO invoice (id, number, order_number, channel, at, actor)"
		" VALUES ($1, $2, $3, $4, $5, $6)",
		"ttttit", call->command->id, call_text(call, "number"), order.number, order.channel,
		call->at_ms, call->command->actor);
	struct order_work work = {.call = call,
		.order = &order,
		.most = order_line_to_invoice,
		.each = invoice_line,
		.figures = TEXT_INIT(COMMAND_LINE_MAX)};
	return order_work_end(&work, order_work_lines(&work));
}
