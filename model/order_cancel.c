/* order.cancel gives promised units free again: of a line at most what was neither shipped, nor refunded
 * before shipping, nor invoiced. Asked for whatever can be cancelled it is done even when that is nothing;
 * a named quantity is cancelled or refused. */
#include "model/order.h"

#include "model/handlers.h"
#include "model/salable.h"

static enum refusal cancel_line(struct order_work *work, struct order_line *line, int64_t qty)
{
	line->cancelled += qty;
	reservation_write(work->call,
		&(struct reservation){.channel = work->order->channel,
			.sku = line->sku,
			.qty = qty,
			.event = "order_canceled",
			.order = work->order->number});
	return REFUSAL_NONE;
}

enum refusal order_cancel(struct call *call)
{
	struct order order;
	enum refusal refusal = order_open(call, &order);
	if (refusal)
		return refusal;
	struct order_work work = {.call = call,
		.order = &order,
		.most = order_line_to_cancel,
		.each = cancel_line,
		.figures = TEXT_INIT(COMMAND_LINE_MAX),
		.may_be_nothing = true};
	return order_work_end(&work, order_work_lines(&work));
}
