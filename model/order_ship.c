/* order.ship: physical units leave one store of the channel for the customer. A request never takes on
 * hand below zero, so a backordered line waits for stock. */
#include "model/order.h"

#include "model/channel.h"
#include "model/handlers.h"
#include "model/json.h"
#include "model/salable.h"
#include "model/stock.h"

#include <stdlib.h>
#include <string.h>

/* From where: an enabled store of the channel, for all but hq the own one. */
static enum refusal check_source(struct call *call, const struct order *order, const char *store)
{
	if (call->role < ROLE_HQ && strcmp(store, call->store) != 0)
		return call_refuse(
			call, REFUSED_wrong_store, "%s does not ship for %s", call->store, store);
	if (!channel_serves(call->db, order->channel, store))
		return call_refuse(call, REFUSED_wrong_store, "%s does not serve the channel %s",
			store, order->channel);
	if (!db_has(call->db, "SELECT 1 FROM store WHERE id = $1 AND enabled = 1", "t", store))
		return call_refuse(call, REFUSED_wrong_store, "%s is switched off", store);
	return REFUSAL_NONE;
}

static enum refusal ship_line(struct order_work *work, struct order_line *line, int64_t qty)
{
	struct call *call = work->call;
	const char *store = work->store;
	if (call_follows(call, store) &&
		!db_has(call->db,
			"SELECT 1 FROM stock WHERE store = $1 AND sku = $2 AND in_stock = 1", "tt",
			store, line->sku))
		return call_refuse(
			call, REFUSED_not_stocked, "%s does not stock %s", store, line->sku);
	line->shipped += qty;
	reservation_write(call,
		&(struct reservation){.channel = work->order->channel,
			.sku = line->sku,
			.qty = qty,
			.event = "shipment_created",
			.order = work->order->number});
	db_run(call->db,
		"INSERT INTO shipment_line (shipment, sku, order_number, channel, store, qty)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (shipment, sku)"
		" DO UPDATE SET qty = shipment_line.qty + excluded.qty",
		"ttttti", call->command->id, line->sku, work->order->number, work->order->channel,
		store, qty);
	return stock_post(call,
		&(struct stock_change){.store = store,
			.sku = line->sku,
			.on_hand = -qty,
			.reason = "sale",
			.doc = &work->order->doc});
}

static void write_shipment(struct call *call, const struct order *order, const char *store)
{
	char number[80];
	call_number(call, "SH", store, number);
	db_run(call->db,
		"INSERT INTO shipment (id, number, order_number, channel, store, at, actor)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7)",
		"tttttit", call->command->id, number, order->number, order->channel, store,
		call->at_ms, call->command->actor);
}

static void show_shipment(struct call *call)
{
	char *number = db_get_text(
		call->db, "SELECT number FROM shipment WHERE id = $1", "t", call->command->id);
	cJSON_AddStringToObject(call_result(call), "shipment", number ? number : "");
	free(number);
}

enum refusal order_ship(struct call *call)
{
	struct order order;
	const char *store = call_text(call, "store");
	enum refusal refusal = order_open(call, &order);
	if (!refusal)
		refusal = check_source(call, &order, store);
	if (refusal)
		return refusal;
	order.doc.store = store;
	write_shipment(call, &order, store);
	struct order_work work = {.call = call,
		.order = &order,
		.most = order_line_to_ship,
		.each = ship_line,
		.store = store,
		.figures = TEXT_INIT(COMMAND_LINE_MAX)};
	refusal = order_work_end(&work, order_work_lines(&work));
	if (!refusal)
		show_shipment(call);
	return refusal;
}
