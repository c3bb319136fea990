/* Making a movement. It has an outbound and an inbound number, but none for the side of a third
 * party; with a third party nobody has to consent, so it starts `accepted` (product.md §2). */
#include "model/movement.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/stock.h"

#include <stdio.h>
#include <string.h>

static bool is_blank(const char *text)
{
	return !text || !text[strspn(text, " \t")];
}

static void start(struct call *call, struct movement *movement, const char *from, const char *to)
{
	memset(movement, 0, sizeof(*movement));
	snprintf(movement->id, sizeof(movement->id), "%s", call->command->id);
	snprintf(movement->from, sizeof(movement->from), "%s", from);
	snprintf(movement->to, sizeof(movement->to), "%s", to);
	if (*from)
		call_number(call, "OUT", from, movement->out_number);
	if (*to)
		call_number(call, "IN", to, movement->in_number);
	movement->status = *from && *to ? MOVEMENT_PENDING : MOVEMENT_ACCEPTED;
	movement_point_doc(call, movement);
}

static void write_movement(struct call *call, const struct movement *movement)
{
	const char *note = call_text(call, "note");
	db_run(call->db,
		"INSERT INTO movement (id, out_number, in_number, from_store, to_store, third_party,"
		" status, expected_on, note, created_at, created_by)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		"tttttttttit", movement->id, movement_or_null(movement->out_number),
		movement_or_null(movement->in_number), movement_or_null(movement->from),
		movement_or_null(movement->to), call_text(call, "third_party"),
		movement_word(movement->status), call_text(call, "expected_on"), note ? note : "",
		call->at_ms, call->command->actor);
}

/* An SKU must exist at both ends, as far as this database can tell. It does once the store has a
 * stock line of it; what a third party brings makes one when it is counted. */
static enum refusal check_ends(struct call *call, const struct movement *movement, const char *sku)
{
	const char *ends[] = {movement->from, movement->to};
	bool bought = !*movement->from;
	if (!call_knows_sku(call, sku) &&
		(bought || !stock_has_line(call->db, movement->from, sku)))
		return call_refuse(call, REFUSED_unknown_sku, "no product %s", sku);
	for (int i = 0; i < 2 && !bought; i++) {
		if (!*ends[i] || !call_follows(call, ends[i]) ||
			stock_has_line(call->db, ends[i], sku))
			continue;
		return call_refuse(call, REFUSED_not_stocked, "%s has no %s", ends[i], sku);
	}
	return REFUSAL_NONE;
}

/* A SKU named twice is one line with the sum. */
static void write_line(
	struct call *call, const struct movement *movement, const cJSON *line, int no)
{
	db_run(call->db,
		"INSERT INTO movement_line (movement, sku, no, from_store, to_store, ordered)"
		" VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (movement, sku) DO UPDATE SET"
		" ordered = movement_line.ordered + excluded.ordered",
		"ttitti", movement->id, json_text(line, "sku"), (int64_t)no,
		movement_or_null(movement->from), movement_or_null(movement->to),
		line_qty(line, "qty"));
}

static enum refusal make(struct call *call, const char *from, const char *to)
{
	struct movement movement;
	start(call, &movement, from, to);
	write_movement(call, &movement);
	int no = 0;
	const cJSON *line;
	cJSON_ArrayForEach(line, call_lines(call))
	{
		enum refusal refusal = check_ends(call, &movement, json_text(line, "sku"));
		if (refusal)
			return refusal;
		write_line(call, &movement, line, ++no);
	}
	movement_show(call, &movement);
	call_log(call, &movement.doc, call_text(call, "note"));
	return REFUSAL_NONE;
}

enum refusal movement_outbound_create(struct call *call)
{
	const char *to = call_text(call, "to");
	const char *third_party = call_text(call, "third_party");
	if (to && third_party)
		return call_refuse(call, REFUSED_bad_data, "to and third_party exclude each other");
	if (!to && is_blank(third_party))
		return call_refuse(
			call, REFUSED_bad_data, "to, or the name of a third party, is missing");
	if (to && strcmp(to, call->store) == 0)
		return call_refuse(call, REFUSED_bad_data, "to is the sending store itself");
	if (to && !db_has(call->db, "SELECT 1 FROM store WHERE id = $1", "t", to))
		return call_refuse(call, REFUSED_unknown_store, "no store %s", to);
	return make(call, call->store, to ? to : "");
}

enum refusal movement_inbound_create(struct call *call)
{
	if (is_blank(call_text(call, "third_party")))
		return call_refuse(
			call, REFUSED_bad_data, "third_party, the partner's name, is missing");
	return make(call, "", call->store);
}
