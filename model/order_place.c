/* order.place: a promise against the channel, as a whole or not at all. The store it was keyed at moves
 * nothing. A console that does not hold all the channel's stores may know too little to judge; HQ does. */
#include "model/order.h"

#include "model/channel.h"
#include "model/handlers.h"
#include "model/json.h"
#include "model/salable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum refusal check_place(struct call *call)
{
	const char *number = call_text(call, "number"), *channel = call_text(call, "channel");
	if (!db_has(call->db, "SELECT 1 FROM channel WHERE id = $1", "t", channel))
		return call_refuse(call, REFUSED_unknown_channel, "no channel %s", channel);
	char *status = db_get_text(
		call->db, "SELECT status FROM sales_order WHERE number = $1", "t", number);
	if (!status)
		return REFUSAL_NONE;
	cJSON_AddStringToObject(call_result(call), "order", number);
	cJSON_AddStringToObject(call_result(call), "status", status);
	free(status);
	return call_refuse(call, REFUSED_already_exists, "there is an order %s", number);
}

/* A SKU named twice makes one line, if its price is one. */
static enum refusal add_line(
	struct call *call, const struct order *order, const cJSON *named, int no)
{
	struct order_line line;
	const char *sku = json_text(named, "sku");
	int64_t qty = line_qty(named, "qty"), price = json_int(named, "price", 0);
	if (!call_knows_sku(call, sku))
		return call_refuse(call, REFUSED_unknown_sku, "no product %s", sku);
	if (order_line_find(call, order, sku, &line)) {
		if (price != line.price)
			return call_refuse(call, REFUSED_bad_data,
				"lines: %s stands twice, at two prices", sku);
	} else {
		memset(&line, 0, sizeof(line));
		snprintf(line.sku, sizeof(line.sku), "%s", sku);
		line.no = no;
		line.price = price;
		line.is_virtual = db_has(call->db,
			"SELECT 1 FROM product WHERE sku = $1 AND is_virtual = 1", "t", sku);
	}
	line.ordered += qty;
	order_line_save(call, order, &line);
	return REFUSAL_NONE;
}

static cJSON *shortage_json(const struct order_line *line, const struct salable *salable)
{
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "sku", line->sku);
	cJSON_AddNumberToObject(json, "ordered", (double)line->ordered / 1000);
	cJSON_AddNumberToObject(json, "salable", (double)salable->salable / 1000);
	return json;
}

/* Refuses the order if any line asks for more than may still be promised; the result names them all. */
static enum refusal check_salable(
	struct call *call, const struct order *order, const struct order_line *lines, int count)
{
	bool whole = channel_is_whole(call, order->channel);
	cJSON *shortages = cJSON_CreateArray();
	for (int i = 0; i < count; i++) {
		struct salable salable = salable_of(call->db, order->channel, lines[i].sku, whole);
		if (salable.known && !salable.unlimited && lines[i].ordered > salable.salable)
			cJSON_AddItemToArray(shortages, shortage_json(&lines[i], &salable));
	}
	int short_of = cJSON_GetArraySize(shortages);
	const char *sku = json_text(cJSON_GetArrayItem(shortages, 0), "sku");
	if (short_of == 0) {
		cJSON_Delete(shortages);
		return REFUSAL_NONE;
	}
	enum refusal refusal = call_refuse(call, REFUSED_not_salable,
		"%d of its lines ask for more than may still be promised, first %s", short_of, sku);
	cJSON_AddStringToObject(call_result(call), "order", order->number);
	cJSON_AddStringToObject(call_result(call), "channel", order->channel);
	cJSON_AddItemToObject(call_result(call), "lines", shortages);
	return refusal;
}

static void reserve(
	struct call *call, const struct order *order, const struct order_line *lines, int count)
{
	for (int i = 0; i < count; i++)
		reservation_write(call,
			&(struct reservation){.channel = order->channel,
				.sku = lines[i].sku,
				.qty = -lines[i].ordered,
				.event = "order_placed",
				.order = order->number});
}

static enum refusal promise(struct call *call, const struct order *order)
{
	struct order_line *lines;
	int count = order_line_all(call->db, order->number, &lines);
	enum refusal refusal = count < 0 ? REFUSAL_FAULT : check_salable(call, order, lines, count);
	if (!refusal)
		reserve(call, order, lines, count);
	free(lines);
	return refusal;
}

static void write_order(struct call *call, const struct order *order)
{
	db_run(call->db,
		"INSERT INTO sales_order (number, id, channel, customer, store, status, step, flag, paid,"
		" denied, archived, created_at, created_by)"
		" VALUES ($1, $2, $3, $4, $5, 'open', 'open', '', 0, 0, 0, $6, $7)",
		"tttttit", order->number, order->id, order->channel, call_text(call, "customer"),
		call->store, call->at_ms, call->command->actor);
}

enum refusal order_place(struct call *call)
{
	struct order order = {.step = ORDER_OPEN, .flag = ORDER_STATUSES};
	enum refusal refusal = check_place(call);
	const cJSON *line;
	int no = 0;
	if (refusal)
		return refusal;
	snprintf(order.number, sizeof(order.number), "%s", call_text(call, "number"));
	snprintf(order.id, sizeof(order.id), "%s", call->command->id);
	snprintf(order.channel, sizeof(order.channel), "%s", call_text(call, "channel"));
	order.doc = (struct call_doc){.kind = "sales_order",
		.id = order.id,
		.store = call->store,
		.channel = order.channel};
	write_order(call, &order);
	cJSON_ArrayForEach(line, call_lines(call))
	{
		refusal = add_line(call, &order, line, ++no);
		if (refusal)
			return refusal;
	}
	refusal = promise(call, &order);
	if (!refusal) {
		order_settle(call, &order);
		order_log(call, &order, NULL);
	}
	return refusal;
}
