#include "model/movement.h"

#include "model/handlers.h"

#include <stdio.h>
#include <string.h>

/* ---- states ---- */

enum side { SENDER, RECEIVER };

/* What an action does to each status: where it leads, or the refusal. Some rows say more than the
 * table can: `ship` leads on only once every line is shipped in full; `cancel` of what was shipped in
 * part is refused already_shipped; a count ends at `received` once every line is complete; closing a
 * third party's inbound of which something was counted ends at `received`. */
struct step {
	enum refusal refusal;
	enum movement_status next;
};

#define GO(status)                              \
	{                                       \
		REFUSAL_NONE, MOVEMENT_##status \
	}
#define NO                                              \
	{                                               \
		REFUSED_wrong_status, MOVEMENT_STATUSES \
	}
#define SENT                                               \
	{                                                  \
		REFUSED_already_shipped, MOVEMENT_STATUSES \
	}

/* clang-format off */
static const struct rule {
	enum side side;
	bool receiving; /* clerks only where the store lets them */
	struct step steps[MOVEMENT_STATUSES];
} rules[MOVEMENT_ACTIONS] = {
	/*                                     pending        accepted       shipped        arrived        partial        received       rejected      cancelled */
	[MOVEMENT_ACCEPT]   = {RECEIVER, false, {GO(ACCEPTED),  NO,            NO,            NO,            NO,            NO,            NO,           NO}},
	[MOVEMENT_REJECT]   = {RECEIVER, false, {GO(REJECTED),  NO,            NO,            NO,            NO,            NO,            NO,           NO}},
	[MOVEMENT_CANCEL]   = {SENDER,   false, {GO(CANCELLED), GO(CANCELLED), SENT,          SENT,          SENT,          NO,            NO,           NO}},
	[MOVEMENT_SHIP]     = {SENDER,   false, {NO,            GO(SHIPPED),   NO,            NO,            NO,            NO,            NO,           NO}},
	[MOVEMENT_SHIP_OUT] = {SENDER,   false, {NO,            GO(RECEIVED),  NO,            NO,            NO,            NO,            NO,           NO}},
	[MOVEMENT_ARRIVE]   = {RECEIVER, true,  {NO,            GO(ARRIVED),   GO(ARRIVED),   NO,            NO,            NO,            NO,           NO}},
	[MOVEMENT_RECEIVE]  = {RECEIVER, true,  {GO(PARTIAL),   GO(PARTIAL),   GO(PARTIAL),   GO(PARTIAL),   GO(PARTIAL),   GO(RECEIVED),  GO(REJECTED), GO(CANCELLED)}},
	[MOVEMENT_CLOSE]    = {RECEIVER, false, {NO,            NO,            GO(RECEIVED),  GO(RECEIVED),  GO(RECEIVED),  NO,            NO,           NO}},
	[MOVEMENT_CLOSE_IN] = {RECEIVER, false, {NO,            GO(CANCELLED), NO,            GO(CANCELLED), GO(CANCELLED), NO,            NO,           NO}},
};
/* clang-format on */

static const char *const words[MOVEMENT_STATUSES + 1] = {
	[MOVEMENT_PENDING] = "pending",
	[MOVEMENT_ACCEPTED] = "accepted",
	[MOVEMENT_SHIPPED] = "shipped",
	[MOVEMENT_ARRIVED] = "arrived",
	[MOVEMENT_PARTIAL] = "partial",
	[MOVEMENT_RECEIVED] = "received",
	[MOVEMENT_REJECTED] = "rejected",
	[MOVEMENT_CANCELLED] = "cancelled",
	[MOVEMENT_STATUSES] = "unknown",
};

const char *movement_word(enum movement_status status)
{
	return words[status];
}

static enum movement_status status_parse(const char *word)
{
	int status = 0;
	while (status < MOVEMENT_STATUSES && strcmp(words[status], word ? word : "") != 0)
		status++;
	return (enum movement_status)status;
}

/* ---- the document ---- */

static void keep(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static bool movement_read(struct call *call, const char *id, struct movement *movement)
{
	memset(movement, 0, sizeof(*movement));
	struct db_rows *rows = db_query(call->db,
		"SELECT id, from_store, to_store, out_number, in_number, status FROM movement"
		" WHERE id = $1",
		"t", id);
	bool found = db_next(rows);
	if (found) {
		keep(movement->id, sizeof(movement->id), db_text(rows, 0));
		keep(movement->from, sizeof(movement->from), db_text(rows, 1));
		keep(movement->to, sizeof(movement->to), db_text(rows, 2));
		keep(movement->out_number, sizeof(movement->out_number), db_text(rows, 3));
		keep(movement->in_number, sizeof(movement->in_number), db_text(rows, 4));
		movement->status = status_parse(db_text(rows, 5));
	}
	db_done(rows);
	return found;
}

void movement_point_doc(struct call *call, struct movement *movement)
{
	bool sender = strcmp(movement->from, call->store) == 0;
	movement->doc = (struct call_doc){
		.kind = "movement",
		.id = movement->id,
		.store = call->store,
		.other_store = movement_or_null(sender ? movement->to : movement->from),
	};
}

static void show_text(cJSON *result, const char *name, const char *text)
{
	cJSON_DeleteItemFromObjectCaseSensitive(result, name);
	cJSON_AddItemToObject(result, name, *text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

void movement_show(struct call *call, const struct movement *movement)
{
	cJSON *result = call_result(call);
	show_text(result, "id", movement->id);
	show_text(result, "out_number", movement->out_number);
	show_text(result, "in_number", movement->in_number);
	show_text(result, "status", movement_word(movement->status));
}

static enum refusal check_right(struct call *call, const struct rule *rule)
{
	if (!rule->receiving || call->role >= ROLE_MANAGER ||
		!db_has(call->db, "SELECT 1 FROM store WHERE id = $1 AND clerk_receives = 0", "t",
			call->store))
		return REFUSAL_NONE;
	return call_refuse(call, REFUSED_no_right, "clerks of %s may not receive", call->store);
}

static const struct rule *rule_for(enum movement_action action, const struct movement *movement)
{
	if (action == MOVEMENT_SHIP && !*movement->to)
		action = MOVEMENT_SHIP_OUT;
	if (action == MOVEMENT_CLOSE && !*movement->from)
		action = MOVEMENT_CLOSE_IN;
	return &rules[action];
}

enum refusal movement_open(
	struct call *call, enum movement_action action, struct movement *movement)
{
	const char *id = call_text(call, "movement");
	if (!movement_read(call, id, movement))
		return call_refuse(call, REFUSED_unknown_document, "no movement %s", id);
	const struct rule *rule = rule_for(action, movement);
	const char *owner = rule->side == SENDER ? movement->from : movement->to;
	if (strcmp(owner, call->store) != 0)
		return call_refuse(call, REFUSED_wrong_store, "%s is not the %s", call->store,
			rule->side == SENDER ? "sender" : "receiver");
	enum refusal refusal = check_right(call, rule);
	if (refusal != REFUSAL_NONE)
		return refusal;
	movement_point_doc(call, movement);
	movement_show(call, movement);
	struct step step = {REFUSED_wrong_status, MOVEMENT_STATUSES};
	if (movement->status < MOVEMENT_STATUSES)
		step = rule->steps[movement->status];
	movement->next = step.next;
	if (step.refusal == REFUSAL_NONE)
		return REFUSAL_NONE;
	return call_refuse(
		call, step.refusal, "the movement is %s", movement_word(movement->status));
}

void movement_move(struct call *call, struct movement *movement, enum movement_status status,
	const char *reason)
{
	if (status != movement->status || reason)
		db_run(call->db,
			"UPDATE movement SET status = $2, reason = COALESCE($3, reason) WHERE id = $1",
			"ttt", movement->id, movement_word(status), reason);
	movement->status = status;
	movement_show(call, movement);
}

/* ---- the actions that touch no line ---- */

/* Ends or continues the document as the table says. */
static enum refusal move_and_log(struct call *call, struct movement *movement, const char *kept)
{
	movement_move(call, movement, movement->next, kept);
	call_log(call, &movement->doc, call_text(call, "reason"));
	return REFUSAL_NONE;
}

enum refusal movement_accept(struct call *call)
{
	struct movement movement;
	enum refusal refusal = movement_open(call, MOVEMENT_ACCEPT, &movement);
	return refusal ? refusal : move_and_log(call, &movement, NULL);
}

enum refusal movement_reject(struct call *call)
{
	struct movement movement;
	enum refusal refusal = movement_open(call, MOVEMENT_REJECT, &movement);
	return refusal ? refusal : move_and_log(call, &movement, call_text(call, "reason"));
}

enum refusal movement_cancel(struct call *call)
{
	struct movement movement;
	enum refusal refusal = movement_open(call, MOVEMENT_CANCEL, &movement);
	if (refusal)
		return refusal;
	if (db_has(call->db, "SELECT 1 FROM movement_line WHERE movement = $1 AND shipped > 0", "t",
		    movement.id))
		return call_refuse(call, REFUSED_already_shipped, "part of it was shipped");
	return move_and_log(call, &movement, call_text(call, "reason"));
}

enum refusal movement_arrive(struct call *call)
{
	struct movement movement;
	enum refusal refusal = movement_open(call, MOVEMENT_ARRIVE, &movement);
	if (!refusal && movement.status == MOVEMENT_ACCEPTED)
		refusal = movement_ship_implied(call, &movement, false);
	return refusal ? refusal : move_and_log(call, &movement, NULL);
}
