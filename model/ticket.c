/* Issuing tickets and what HQ does to them: refund, split, block, unblock (product.md §4).
 *
 *   active ──split──> superseded (its units live on in the new codes)
 *   active, blocked ──refund──> refunded (its unredeemed units are given back)
 *   active ──block──> blocked ──unblock──> active
 *
 * Used up is no status: it is units − refunded − redeemed = 0, and a void undoes it. Invariant:
 * refunded + redeemed never exceeds units, but for offline redemptions, which are facts. */
#include "model/ticket_parts.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/text.h"

#include <stdlib.h>
#include <string.h>

void ticket_read(struct db *db, const char *code, struct ticket *ticket)
{
	memset(ticket, 0, sizeof(*ticket));
	struct db_rows *rows = db_query(db,
		"SELECT code, order_number, product, buyer, phone, status, valid_from, valid_until,"
		" stores, offline, units, refunded FROM ticket WHERE code = $1",
		"t", code);
	ticket->found = db_next(rows);
	for (int i = 0; ticket->found && i < TICKET_TEXTS; i++)
		ticket->texts[i] = db_null(rows, i) ? NULL : text_copy(db_text(rows, i));
	if (ticket->found) {
		ticket->units = db_int(rows, TICKET_TEXTS);
		ticket->refunded = db_int(rows, TICKET_TEXTS + 1);
	} else {
		ticket->texts[TICKET_CODE] = text_copy(code);
	}
	db_done(rows);
	ticket->spent = db_get_int(db, 0,
		"SELECT CAST(SUM(qty) AS BIGINT) FROM redemption WHERE code = $1", "t", code);
}

void ticket_free(struct ticket *ticket)
{
	for (int i = 0; i < TICKET_TEXTS; i++)
		free(ticket->texts[i]);
	memset(ticket, 0, sizeof(*ticket));
}

static bool has_status(const struct ticket *ticket, const char *status)
{
	const char *own = ticket->texts[TICKET_STATUS];
	return own && strcmp(own, status) == 0;
}

int64_t ticket_remaining(const struct ticket *ticket)
{
	int64_t remaining = ticket->units - ticket->refunded - ticket->spent;
	return remaining < 0 || has_status(ticket, "superseded") ? 0 : remaining;
}

enum refusal ticket_malformed(struct call *call, const char *typed)
{
	char masked[TICKET_MASK_SIZE];
	ticket_code_mask(typed, masked, sizeof(masked));
	return call_refuse(call, REFUSED_malformed, "%s is no ticket code", masked);
}

enum refusal ticket_is_dead(struct call *call, const struct ticket *ticket, enum refusal dead)
{
	char masked[TICKET_MASK_SIZE];
	ticket_code_mask(ticket->texts[TICKET_CODE], masked, sizeof(masked));
	return call_refuse(call, dead, "ticket %s is %s", masked, refusal_code(dead));
}

enum refusal ticket_dead(const struct ticket *ticket)
{
	static const struct {
		const char *status;
		enum refusal refusal;
	} dead[] = {
		{"superseded", REFUSED_superseded},
		{"refunded", REFUSED_refunded},
		{"blocked", REFUSED_blocked},
	};
	for (size_t i = 0; i < sizeof(dead) / sizeof(dead[0]); i++)
		if (has_status(ticket, dead[i].status))
			return dead[i].refusal;
	return REFUSAL_NONE;
}

/* ---- issue ---- */

static enum refusal check_offline(struct call *call, const cJSON *offline)
{
	if (!offline)
		return REFUSAL_NONE;
	const cJSON *allowed = cJSON_GetObjectItemCaseSensitive(offline, "allowed");
	if (!cJSON_IsBool(allowed) || json_int(offline, "most", 1) < 1 ||
		json_int(offline, "cache_hours", 1) < 1)
		return call_refuse(call, REFUSED_bad_data,
			"offline must be {\"allowed\":bool,\"most\":units,\"cache_hours\":hours}");
	return REFUSAL_NONE;
}

static enum refusal check_issue(struct call *call, const cJSON *line, const char *masked)
{
	const char *from = json_text(line, "valid_from"), *until = json_text(line, "valid_until");
	const char *product = json_text(line, "product");
	if (!call_knows_sku(call, product))
		return call_refuse(call, REFUSED_unknown_sku, "no product %s", product);
	if (from && until && strcmp(from, until) > 0)
		return call_refuse(
			call, REFUSED_bad_data, "%s: valid_from is after valid_until", masked);
	enum refusal refusal = check_offline(call, json_object(line, "offline"));
	return refusal == REFUSAL_NONE ? ticket_check_stores(call, json_list(line, "stores"))
				       : refusal;
}

/* Brings a code into its normal form and makes sure it is new. */
static enum refusal new_code(struct call *call, const char *typed, char code[TICKET_CODE_SIZE])
{
	char masked[TICKET_MASK_SIZE];
	if (!ticket_code_normal(typed, code, TICKET_CODE_SIZE))
		return ticket_malformed(call, typed);
	ticket_code_mask(code, masked, sizeof(masked));
	if (db_has(call->db, "SELECT 1 FROM ticket WHERE code = $1", "t", code))
		return call_refuse(call, REFUSED_already_exists, "code %s exists already", masked);
	return REFUSAL_NONE;
}

/* It may have been redeemed offline before it was known, and more than once: whom it is for learns of
 * that, and what of. */
static void review_new(struct call *call, const char *code)
{
	struct ticket ticket;
	ticket_read(call->db, code, &ticket);
	db_run(call->db,
		"UPDATE redemption SET order_number = $2, product = $3 WHERE code = $1 AND product IS NULL",
		"ttt", code, ticket.texts[TICKET_ORDER], ticket.texts[TICKET_PRODUCT]);
	if (ticket.spent > 0)
		ticket_dossier_review(call, &ticket);
	ticket_route(call->db, code);
	ticket_free(&ticket);
}

#define INSERT_TICKET                                                                             \
	"INSERT INTO ticket (code, order_number, product, buyer, phone, units, refunded, status," \
	" parent, valid_from, valid_until, stores, offline, issued_at)"                           \
	" VALUES ($1, $2, $3, $4, $5, $6, 0, 'active', $7, $8, $9, $10, $11, $12)"

static enum refusal issue_line(struct call *call, const cJSON *line)
{
	char code[TICKET_CODE_SIZE], masked[TICKET_MASK_SIZE];
	const char *product = json_text(line, "product");
	enum refusal refusal = new_code(call, json_text(line, "code"), code);
	ticket_code_mask(code, masked, sizeof(masked));
	if (refusal == REFUSAL_NONE)
		refusal = check_issue(call, line, masked);
	if (refusal != REFUSAL_NONE)
		return refusal;
	const cJSON *list = json_list(line, "stores"), *object = json_object(line, "offline");
	char *stores = list ? cJSON_PrintUnformatted(list)
			    : ticket_product_stores(call->db, product);
	char *offline = object ? cJSON_PrintUnformatted(object) : NULL;
	db_run(call->db, INSERT_TICKET, "tttttittttti", code, call_text(call, "order"), product,
		call_text(call, "buyer"), call_text(call, "phone"), json_int(line, "units", 0),
		NULL, json_text(line, "valid_from"), json_text(line, "valid_until"), stores,
		offline, call->now_ms);
	free(stores);
	free(offline);
	review_new(call, code);
	return REFUSAL_NONE;
}

enum refusal ticket_issue(struct call *call)
{
	const cJSON *line;
	cJSON_ArrayForEach(line, call_lines(call))
	{
		enum refusal refusal = issue_line(call, line);
		if (refusal != REFUSAL_NONE)
			return refusal;
	}
	return REFUSAL_NONE;
}

/* ---- refund, split, block ---- */

/* HQ's own doings are in its history; they belong to no store. */
static void log_ticket(struct call *call, const char *id, const char *text)
{
	struct call_doc doc = {.kind = "ticket", .id = id, .store = call->store};
	call_log(call, &doc, text);
}

/* Reads the ticket the command names. */
static enum refusal known_ticket(struct call *call, struct ticket *ticket)
{
	char code[TICKET_CODE_SIZE], masked[TICKET_MASK_SIZE];
	const char *typed = call_text(call, "code");
	bool normal = ticket_code_normal(typed, code, sizeof(code));
	ticket_read(call->db, code, ticket);
	if (!normal)
		return ticket_malformed(call, typed);
	ticket_code_mask(code, masked, sizeof(masked));
	return ticket->found ? REFUSAL_NONE
			     : call_refuse(call, REFUSED_unknown, "no ticket %s", masked);
}

/* The same; refuses what no longer lives. */
static enum refusal living_ticket(struct call *call, struct ticket *ticket)
{
	enum refusal refusal = known_ticket(call, ticket);
	enum refusal dead = ticket_dead(ticket);
	return refusal == REFUSAL_NONE && dead != REFUSAL_NONE ? ticket_is_dead(call, ticket, dead)
							       : refusal;
}

/* Gives back what is left of one code; returns the units. */
static int64_t refund_code(struct call *call, const char *code, cJSON *codes)
{
	struct ticket ticket;
	ticket_read(call->db, code, &ticket);
	int64_t units = ticket_remaining(&ticket);
	db_run(call->db,
		"UPDATE ticket SET refunded = refunded + $2, status = 'refunded' WHERE code = $1",
		"ti", code, units);
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "code", code);
	cJSON_AddNumberToObject(item, "units", (double)units);
	cJSON_AddItemToArray(codes, item);
	ticket_free(&ticket);
	return units;
}

/* The codes of the order that are alive, read before any of them changes. */
static cJSON *living_codes(struct call *call, const char *order)
{
	cJSON *codes = cJSON_CreateArray();
	struct db_rows *rows = db_query(call->db,
		"SELECT code FROM ticket WHERE order_number = $1"
		" AND status IN ('active', 'blocked') ORDER BY code",
		"t", order);
	while (db_next(rows))
		cJSON_AddItemToArray(codes, cJSON_CreateString(db_text(rows, 0)));
	db_done(rows);
	return codes;
}

/* The one code that the command names, if it is alive and of the order. */
static enum refusal named_code(struct call *call, const char *order, cJSON *codes)
{
	struct ticket ticket;
	enum refusal refusal = known_ticket(call, &ticket);
	enum refusal dead = ticket_dead(&ticket);
	char masked[TICKET_MASK_SIZE];
	ticket_code_mask(ticket.texts[TICKET_CODE], masked, sizeof(masked));
	if (refusal == REFUSAL_NONE && strcmp(ticket.texts[TICKET_ORDER], order) != 0)
		refusal = call_refuse(call, REFUSED_not_on_document, "ticket %s is not of order %s",
			masked, order);
	else if (refusal == REFUSAL_NONE && dead != REFUSAL_NONE && dead != REFUSED_blocked)
		refusal = ticket_is_dead(call, &ticket, dead);
	else if (refusal == REFUSAL_NONE)
		cJSON_AddItemToArray(codes, cJSON_CreateString(ticket.texts[TICKET_CODE]));
	ticket_free(&ticket);
	return refusal;
}

/* Gives back what is left of all of them; refuses if that is nothing. */
static enum refusal refund_codes(struct call *call, const char *order, const cJSON *living)
{
	cJSON *done = cJSON_CreateArray();
	const cJSON *code;
	int64_t units = 0;
	cJSON_ArrayForEach(code, living) units += refund_code(call, code->valuestring, done);
	cJSON_AddStringToObject(call_result(call), "order", order);
	cJSON_AddNumberToObject(call_result(call), "units", (double)units);
	cJSON_AddItemToObject(call_result(call), "codes", done);
	if (units == 0)
		return call_refuse(call, REFUSED_nothing_to_do,
			"every unit of order %s is redeemed or refunded", order);
	log_ticket(call, call_text(call, "code") ? living->child->valuestring : order, NULL);
	return REFUSAL_NONE;
}

enum refusal ticket_refund(struct call *call)
{
	const char *order = call_text(call, "order");
	if (!db_has(call->db, "SELECT 1 FROM ticket WHERE order_number = $1", "t", order))
		return call_refuse(call, REFUSED_unknown_document, "no ticket of order %s", order);
	bool one = call_text(call, "code") != NULL;
	cJSON *living = one ? cJSON_CreateArray() : living_codes(call, order);
	enum refusal refusal = one ? named_code(call, order, living) : REFUSAL_NONE;
	if (refusal == REFUSAL_NONE)
		refusal = refund_codes(call, order, living);
	cJSON_Delete(living);
	return refusal;
}

static enum refusal split_into(struct call *call, const struct ticket *ticket, const cJSON *into)
{
	const cJSON *typed;
	char *const *texts = ticket->texts;
	cJSON_ArrayForEach(typed, into)
	{
		char code[TICKET_CODE_SIZE];
		enum refusal refusal = new_code(call, typed->valuestring, code);
		if (refusal != REFUSAL_NONE)
			return refusal;
		db_run(call->db, INSERT_TICKET, "tttttittttti", code, texts[TICKET_ORDER],
			texts[TICKET_PRODUCT], texts[TICKET_BUYER], texts[TICKET_PHONE], INT64_C(1),
			texts[TICKET_CODE], texts[TICKET_FROM], texts[TICKET_UNTIL],
			texts[TICKET_STORES], texts[TICKET_OFFLINE], call->now_ms);
		review_new(call, code);
	}
	return REFUSAL_NONE;
}

static enum refusal split(struct call *call, const struct ticket *ticket)
{
	const char *code = ticket->texts[TICKET_CODE];
	char masked[TICKET_MASK_SIZE];
	const cJSON *into = json_list(call->command->data, "into");
	int64_t remaining = ticket_remaining(ticket);
	ticket_code_mask(code, masked, sizeof(masked));
	if (remaining == 0)
		return call_refuse(call, REFUSED_used_up, "nothing is left of ticket %s", masked);
	if (cJSON_GetArraySize(into) != remaining)
		return call_refuse(call, REFUSED_bad_data,
			"into: ticket %s has %lld units left, name a code for each", masked,
			(long long)remaining);
	enum refusal refusal = split_into(call, ticket, into);
	if (refusal != REFUSAL_NONE)
		return refusal;
	db_run(call->db, "UPDATE ticket SET status = 'superseded' WHERE code = $1", "t", code);
	log_ticket(call, code, NULL);
	return REFUSAL_NONE;
}

enum refusal ticket_split(struct call *call)
{
	struct ticket ticket;
	enum refusal refusal = living_ticket(call, &ticket);
	if (refusal == REFUSAL_NONE)
		refusal = split(call, &ticket);
	ticket_free(&ticket);
	return refusal;
}

static void set_status(struct call *call, const struct ticket *ticket, const char *status)
{
	const char *code = ticket->texts[TICKET_CODE];
	db_run(call->db, "UPDATE ticket SET status = $2 WHERE code = $1", "tt", code, status);
	log_ticket(call, code, call_text(call, "reason"));
}

enum refusal ticket_block(struct call *call)
{
	struct ticket ticket;
	enum refusal refusal = living_ticket(call, &ticket);
	if (refusal == REFUSAL_NONE)
		set_status(call, &ticket, "blocked");
	ticket_free(&ticket);
	return refusal;
}

enum refusal ticket_unblock(struct call *call)
{
	struct ticket ticket;
	enum refusal refusal = known_ticket(call, &ticket);
	char masked[TICKET_MASK_SIZE];
	ticket_code_mask(ticket.texts[TICKET_CODE], masked, sizeof(masked));
	if (refusal == REFUSAL_NONE && !has_status(&ticket, "blocked"))
		refusal = call_refuse(call, REFUSED_wrong_status, "ticket %s is %s", masked,
			ticket.texts[TICKET_STATUS]);
	if (refusal == REFUSAL_NONE)
		set_status(call, &ticket, "active");
	ticket_free(&ticket);
	return refusal;
}
