/* Shipping takes goods off the sender's on hand: into transit between two stores, away for good to a
 * third party. Damaged units leave only to a third party (退廠商): the part the line names, or else
 * what on hand does not cover, because what was handed over can only have come from there. */
#include "model/movement.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/stock.h"

#include <stdlib.h>

struct shipment {
	struct call *call;
	struct movement *movement;
	struct text figures;
	bool fact;
	int shipped; /* lines */
};

static int64_t split_damaged(struct shipment *shipment, const char *sku, int64_t qty)
{
	if (*shipment->movement->to)
		return 0;
	struct stock_figures have = stock_figures_of(
		shipment->call->db, shipment->movement->from, sku);
	int64_t good = have.on_hand > 0 ? have.on_hand : 0;
	return qty > good && qty - good <= have.damaged ? qty - good : 0;
}

static enum refusal ship_line(
	struct shipment *shipment, struct movement_line *line, int64_t qty, int64_t damaged)
{
	enum refusal refusal = stock_post(shipment->call,
		&(struct stock_change){.store = shipment->movement->from,
			.sku = line->sku,
			.on_hand = damaged - qty,
			.damaged = -damaged,
			.reason = "ship",
			.doc = &shipment->movement->doc,
			.fact = shipment->fact});
	if (refusal)
		return refusal;
	line->shipped += qty;
	line->damaged += damaged;
	movement_line_save(shipment->call, shipment->movement, line);
	movement_line_tell(&shipment->figures, line->sku, qty, damaged);
	shipment->shipped++;
	return REFUSAL_NONE;
}

static enum refusal ship_rest(struct shipment *shipment)
{
	struct movement_line *lines;
	int count = movement_line_all(shipment->call, shipment->movement, &lines);
	enum refusal refusal = count < 0 ? REFUSAL_FAULT : REFUSAL_NONE;
	for (int i = 0; i < count && !refusal; i++) {
		int64_t qty = lines[i].ordered - lines[i].shipped;
		if (qty > 0)
			refusal = ship_line(shipment, &lines[i], qty,
				split_damaged(shipment, lines[i].sku, qty));
	}
	free(lines);
	return refusal;
}

static enum refusal ship_named(struct shipment *shipment, const cJSON *named)
{
	struct call *call = shipment->call;
	const char *sku = json_text(named, "sku");
	int64_t qty = line_qty(named, "qty"), damaged = line_qty(named, "damaged");
	struct movement_line line;
	if (!movement_line_find(call, shipment->movement, sku, &line))
		return call_refuse(call, REFUSED_not_on_document, "%s is not on it", sku);
	if (line.shipped >= line.ordered)
		return call_refuse(call, REFUSED_nothing_to_do, "%s is shipped in full", sku);
	if (qty > line.ordered - line.shipped)
		return call_refuse(
			call, REFUSED_bad_data, "%s: more than is left to ship of it", sku);
	if (damaged > qty)
		return call_refuse(call, REFUSED_bad_data, "%s: more damaged than shipped", sku);
	if (damaged > 0 && *shipment->movement->to)
		return call_refuse(call, REFUSED_bad_data,
			"%s: damaged units leave only to a third party", sku);
	if (!json_qty_of(named, "damaged", &damaged))
		damaged = split_damaged(shipment, sku, qty);
	return ship_line(shipment, &line, qty, damaged);
}

static enum refusal ship_lines(struct shipment *shipment)
{
	const cJSON *lines = call_lines(shipment->call), *line;
	if (!lines)
		return ship_rest(shipment);
	cJSON_ArrayForEach(line, lines)
	{
		enum refusal refusal = ship_named(shipment, line);
		if (refusal)
			return refusal;
	}
	return REFUSAL_NONE;
}

static bool all_shipped(struct call *call, const struct movement *movement)
{
	return !db_has(call->db,
		"SELECT 1 FROM movement_line WHERE movement = $1 AND shipped < ordered", "t",
		movement->id);
}

enum refusal movement_ship(struct call *call)
{
	struct movement movement;
	enum refusal refusal = movement_open(call, MOVEMENT_SHIP, &movement);
	if (refusal)
		return refusal;
	struct shipment shipment = {call, &movement, TEXT_INIT(COMMAND_LINE_MAX), false, 0};
	refusal = ship_lines(&shipment);
	if (!refusal && shipment.shipped == 0)
		refusal = call_refuse(call, REFUSED_nothing_to_do, "everything is shipped");
	if (!refusal) {
		movement_move(call, &movement,
			all_shipped(call, &movement) ? movement.next : movement.status, NULL);
		call_log(call, &movement.doc, text_get(&shipment.figures));
	}
	text_free(&shipment.figures);
	return refusal;
}

enum refusal movement_ship_implied(struct call *call, struct movement *movement, bool fact)
{
	if (!*movement->from ||
		db_has(call->db, "SELECT 1 FROM movement_line WHERE movement = $1 AND shipped > 0",
			"t", movement->id))
		return REFUSAL_NONE;
	struct shipment shipment = {call, movement, TEXT_INIT(COMMAND_LINE_MAX), fact, 0};
	enum refusal refusal = ship_rest(&shipment);
	text_free(&shipment.figures);
	return refusal;
}
