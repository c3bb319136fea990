/* Scans that did not redeem (product.md §4): each is recorded once, by whoever refused it. HQ does
 * when it refuses a redemption, the terminal when it refuses by itself with the line down. */
#include "model/ticket_parts.h"

#include "model/handlers.h"
#include "model/json.h"

#include <string.h>

/* The results that HQ may give; what is malformed never leaves the terminal. */
static const enum refusal results[] = {
	REFUSED_unknown,
	REFUSED_superseded,
	REFUSED_refunded,
	REFUSED_blocked,
	REFUSED_not_here,
	REFUSED_not_yet,
	REFUSED_expired,
	REFUSED_used_up,
	REFUSED_insufficient,
};

static bool is_result(enum refusal refusal)
{
	for (size_t i = 0; i < sizeof(results) / sizeof(*results); i++)
		if (results[i] == refusal)
			return true;
	return false;
}

static void write_scan(struct call *call, const char *code, const char *result, bool by_hq)
{
	struct ticket ticket;
	ticket_read(call->db, code, &ticket);
	db_run(call->db,
		"INSERT INTO refused_scan (id, code, order_number, product, store, qty, result, by_hq,"
		" at, actor, device) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		"tttttitiitt", call->command->id, code, ticket.texts[TICKET_ORDER],
		ticket.texts[TICKET_PRODUCT], call->store, json_int(call->command->data, "qty", 0),
		result, (int64_t)by_hq, call->at_ms, call->command->actor, call->world->device);
	ticket_free(&ticket);
}

void ticket_note_refused(struct call *call, enum refusal refusal)
{
	char code[TICKET_CODE_SIZE];
	if (call->store && is_result(refusal) &&
		ticket_code_normal(call_text(call, "code"), code, sizeof(code)))
		write_scan(call, code, refusal_code(refusal), true);
}

enum refusal ticket_refused(struct call *call)
{
	char code[TICKET_CODE_SIZE];
	const char *of = call_text(call, "of");
	if (!ticket_code_normal(call_text(call, "code"), code, sizeof(code)))
		return ticket_malformed(call, call_text(call, "code"));
	/* HQ refused the same scan itself, but its answer came too late for the terminal. */
	if (of &&
		db_has(call->db,
			"SELECT 1 FROM refused_scan WHERE id = $1 AND code = $2 AND store = $3",
			"ttt", of, code, call->store))
		return REFUSAL_NONE;
	write_scan(call, code, call_text(call, "result"), false);
	return REFUSAL_NONE;
}
