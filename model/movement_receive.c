/* The receive count 點收: a fact. What was counted is here, whatever the document says. */
#include "model/movement.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/stock.h"

struct count {
	struct call *call;
	struct movement *movement;
	struct text figures;
	bool stopped; /* the document was rejected or cancelled before */
};

/* Off the sender's on hand, which a fact may take below zero. */
static void take_from_sender(struct count *count, const char *sku, int64_t qty, const char *reason)
{
	stock_post(count->call,
		&(struct stock_change){.store = count->movement->from,
			.sku = sku,
			.on_hand = -qty,
			.reason = reason,
			.doc = &count->movement->doc,
			.fact = true});
}

static int64_t take(int64_t *from, int64_t most)
{
	int64_t taken = *from < most ? *from : most;
	*from -= taken;
	return taken;
}

/* Where qty units between two stores came from: from the road first, then from what a short close
 * had given up (that close is undone so far), and only the rest is more than the sender shipped. */
static void trace_units(struct count *count, struct movement_line *line, int64_t qty)
{
	int64_t road = movement_line_road(line);
	int64_t left = qty - take(&road, qty);
	left -= take(&line->written_off, left);
	int64_t returned = take(&line->sent_back, left);
	left -= returned;
	take_from_sender(count, line->sku, returned, "close");
	take_from_sender(count, line->sku, left, count->stopped ? "ship" : "extra");
	if (left > 0 && !count->stopped)
		line->extra = true;
}

static void receive_units(
	struct count *count, struct movement_line *line, int64_t qty, int64_t damaged)
{
	bool bought = !*count->movement->from;
	if (!bought)
		trace_units(count, line, qty);
	line->received += qty;
	line->damaged += damaged;
	if ((bought || count->stopped) && line->received > line->ordered)
		line->extra = true;
	if (bought ? line->received >= line->ordered : line->written_off + line->sent_back == 0)
		line->reason[0] = '\0';
	stock_post(count->call,
		&(struct stock_change){.store = count->movement->to,
			.sku = line->sku,
			.on_hand = qty - damaged,
			.damaged = damaged,
			.reason = "receive",
			.doc = &count->movement->doc,
			.fact = true});
}

static void receive_line(struct count *count, const cJSON *counted)
{
	struct call *call = count->call;
	const char *sku = json_text(counted, "sku");
	int64_t qty = line_qty(counted, "qty"), damaged = line_qty(counted, "damaged");
	struct movement_line line;
	if (!movement_line_find(call, count->movement, sku, &line)) {
		line.extra = true;
		line.unknown = !call_knows_sku(call, sku);
	}
	receive_units(count, &line, qty, damaged);
	movement_line_save(call, count->movement, &line);
	movement_line_tell(&count->figures, sku, qty, damaged);
}

/* Before anything is written: a terminal refuses a fact only where it stands so (model/console_do.c). */
static enum refusal check_lines(struct call *call)
{
	const cJSON *line;
	cJSON_ArrayForEach(line, call_lines(call))
	{
		if (line_qty(line, "damaged") > line_qty(line, "qty"))
			return call_refuse(call, REFUSED_bad_data, "%s: more damaged than arrived",
				json_text(line, "sku"));
	}
	return REFUSAL_NONE;
}

/* Has every line all that is expected: what the sender shipped, or what the third party is to bring? */
static bool is_complete(struct call *call, const struct movement *movement)
{
	const char *sql = *movement->from
		? "SELECT 1 FROM movement_line WHERE movement = $1 AND received < shipped"
		: "SELECT 1 FROM movement_line WHERE movement = $1 AND received < ordered";
	return !db_has(call->db, sql, "t", movement->id);
}

static void raise_stopped(struct count *count)
{
	cJSON *detail = cJSON_CreateObject();
	cJSON_AddStringToObject(detail, "status", movement_word(count->movement->status));
	cJSON_AddStringToObject(detail, "counted", text_get(&count->figures));
	call_raise(count->call, "received_after_cancel", &count->movement->doc, NULL, detail);
}

static void settle(struct count *count)
{
	struct movement *movement = count->movement;
	enum movement_status next = movement->next;
	if (next == MOVEMENT_PARTIAL && is_complete(count->call, movement))
		next = MOVEMENT_RECEIVED;
	if (count->stopped)
		raise_stopped(count);
	movement_move(count->call, movement, next, NULL);
	call_log(count->call, &movement->doc, text_get(&count->figures));
}

static void receive_lines(struct count *count)
{
	const cJSON *line;
	cJSON_ArrayForEach(line, call_lines(count->call)) receive_line(count, line);
	settle(count);
}

enum refusal movement_receive(struct call *call)
{
	struct movement movement;
	enum refusal refusal = movement_open(call, MOVEMENT_RECEIVE, &movement);
	if (!refusal)
		refusal = check_lines(call);
	if (refusal)
		return refusal;
	struct count count = {call, &movement, TEXT_INIT(COMMAND_LINE_MAX),
		movement.status == MOVEMENT_REJECTED || movement.status == MOVEMENT_CANCELLED};
	if (movement.status == MOVEMENT_PENDING || movement.status == MOVEMENT_ACCEPTED)
		refusal = movement_ship_implied(call, &movement, true);
	if (!refusal)
		receive_lines(&count);
	text_free(&count.figures);
	return refusal;
}
