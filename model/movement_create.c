/* Making a movement. It has an outbound and an inbound number, but none for the side of a third
 * party; with a third party nobody has to consent, and who asked for the goods has done so, so it
 * starts `accepted` (product.md §2). */
#include "model/movement.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/stock.h"

#include <stdio.h>
#include <string.h>

#define SKUS_NAMED 5    /* in one refusal */
#define NAMES_BYTES 200 /* of them, so that the message holds them and the store */

static bool is_blank(const char *text)
{
	return !text || !text[strspn(text, " \t")];
}

/* Where the goods go, and what is written on the document. */
struct plan {
	const char *from, *to; /* "": a third party */
	const char *third_party, *expected_on, *note;
	const char *transfer, *transfer_number; /* NULL: born of none */
};

/* Who asked for the goods by a transfer order has consented to them. */
static enum movement_status first_status(const struct plan *plan)
{
	bool asks = *plan->from && *plan->to && !plan->transfer;
	return asks ? MOVEMENT_PENDING : MOVEMENT_ACCEPTED;
}

static void start(struct call *call, struct movement *movement, const struct plan *plan)
{
	memset(movement, 0, sizeof(*movement));
	snprintf(movement->id, sizeof(movement->id), "%s", call->command->id);
	snprintf(movement->from, sizeof(movement->from), "%s", plan->from);
	snprintf(movement->to, sizeof(movement->to), "%s", plan->to);
	if (*plan->from)
		call_number(call, "OUT", plan->from, movement->out_number);
	if (*plan->to)
		call_number(call, "IN", plan->to, movement->in_number);
	movement->status = first_status(plan);
	movement_point_doc(call, movement);
	db_run(call->db,
		"INSERT INTO movement (id, out_number, in_number, transfer, transfer_number,"
		" from_store, to_store, third_party, status, expected_on, note, created_at, created_by)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
		"tttttttttttit", movement->id, movement_or_null(movement->out_number),
		movement_or_null(movement->in_number), plan->transfer, plan->transfer_number,
		movement_or_null(movement->from), movement_or_null(movement->to), plan->third_party,
		movement_word(movement->status), plan->expected_on, plan->note ? plan->note : "",
		call->at_ms, call->command->actor);
}

/* What an SKU lacks, and at which end. */
struct lack {
	enum refusal refusal;
	const char *store;
};

static struct lack lack_of(struct call *call, const char *from, const char *to, const char *sku)
{
	const char *ends[] = {from, to};
	bool bought = !*from;
	if (!call_knows_sku(call, sku) && (bought || !stock_has_line(call->db, from, sku)))
		return (struct lack){REFUSED_unknown_sku, ""};
	for (int i = 0; i < 2 && !bought; i++)
		if (*ends[i] && call_follows(call, ends[i]) &&
			!stock_has_line(call->db, ends[i], sku))
			return (struct lack){REFUSED_not_stocked, ends[i]};
	return (struct lack){REFUSAL_NONE, ""};
}

/* The first few SKUs that lack the same, "A1, A2, …". */
struct lacking {
	char names[NAMES_BYTES];
	size_t used;
	const char *skus[SKUS_NAMED];
	size_t count;
	bool is_cut;
};

static void name_sku(struct lacking *lacking, const char *sku)
{
	size_t need = strlen(sku) + strlen(", ");
	for (size_t i = 0; i < lacking->count; i++)
		if (strcmp(lacking->skus[i], sku) == 0)
			return;
	if (lacking->is_cut)
		return;
	lacking->is_cut = lacking->count == SKUS_NAMED ||
		lacking->used + need + sizeof(", …") > sizeof(lacking->names);
	if (!lacking->is_cut)
		lacking->skus[lacking->count++] = sku;
	lacking->used += (size_t)snprintf(lacking->names + lacking->used,
		sizeof(lacking->names) - lacking->used, "%s%s", lacking->used > 0 ? ", " : "",
		lacking->is_cut ? "…" : sku);
}

enum refusal movement_check_ends(struct call *call, const char *from, const char *to)
{
	struct lack first = {REFUSAL_NONE, ""};
	struct lacking lacking = {.used = 0};
	const cJSON *line;
	cJSON_ArrayForEach(line, call_lines(call))
	{
		struct lack lack = lack_of(call, from, to, json_text(line, "sku"));
		if (!first.refusal)
			first = lack;
		if (lack.refusal && lack.refusal == first.refusal &&
			strcmp(lack.store, first.store) == 0)
			name_sku(&lacking, json_text(line, "sku"));
	}
	if (first.refusal == REFUSED_unknown_sku)
		return call_refuse(call, first.refusal, "no product %s", lacking.names);
	if (first.refusal)
		return call_refuse(call, first.refusal, "%s has no %s", first.store, lacking.names);
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
	struct plan plan = {.from = from,
		.to = to,
		.third_party = call_text(call, "third_party"),
		.expected_on = call_text(call, "expected_on"),
		.note = call_text(call, "note")};
	struct movement movement;
	start(call, &movement, &plan);
	enum refusal refusal = movement_check_ends(call, from, to);
	if (refusal)
		return refusal;
	int no = 0;
	const cJSON *line;
	cJSON_ArrayForEach(line, call_lines(call)) write_line(call, &movement, line, ++no);
	movement_show(call, &movement);
	call_log(call, &movement.doc, plan.note);
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

void movement_from_transfer(struct call *call, const char *transfer)
{
	struct movement movement;
	struct db_rows *rows = db_query(call->db,
		"SELECT from_store, to_store, expected_on, note, number FROM transfer WHERE id = $1",
		"t", transfer);
	if (db_next(rows)) {
		start(call, &movement,
			&(struct plan){.from = db_text(rows, 0),
				.to = db_text(rows, 1),
				.expected_on = db_text(rows, 2),
				.note = db_text(rows, 3),
				.transfer = transfer,
				.transfer_number = db_text(rows, 4)});
		db_run(call->db,
			"INSERT INTO movement_line (movement, sku, no, from_store, to_store, ordered)"
			" SELECT $1, sku, no, from_store, to_store, agreed FROM transfer_line"
			" WHERE transfer = $2 AND agreed > 0",
			"tt", movement.id, transfer);
		call_log(call, &movement.doc, db_text(rows, 4));
	}
	db_done(rows);
}
