/* Redeeming a ticket and voiding a redemption (product.md §4).
 *
 * Redemptions are an append-only ledger: a void is a row of negative quantity. A redemption made
 * online is a request and judged here and now. One made offline has happened: it is always
 * recorded, and what would have refused it becomes an exception. Only exceptions ever depend on a
 * terminal's clock. */
#include "model/ticket_parts.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/text.h"
#include "model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VOID_LIMIT_MS (INT64_C(15) * 60 * 1000)
#define USES_MAX 100 /* the newest of one code that an answer shows */

/* ---- the rules ---- */

/* The first rule that speaks against it, in the order of product.md §4; malformed was before. */
enum refusal ticket_judge(const struct ticket *ticket, const struct ticket_circumstances *c)
{
	const char *from = ticket->texts[TICKET_FROM], *until = ticket->texts[TICKET_UNTIL];
	enum refusal dead = ticket_dead(ticket);
	int64_t remaining = ticket_remaining(ticket);
	if (!ticket->found)
		return REFUSED_unknown;
	if (dead != REFUSAL_NONE)
		return dead;
	if (!ticket_any_store(ticket->texts[TICKET_STORES]) &&
		!ticket_names_store(ticket->texts[TICKET_STORES], c->store))
		return REFUSED_not_here;
	if (from && *from && strcmp(c->day, from) < 0)
		return REFUSED_not_yet;
	if (until && *until && strcmp(c->day, until) > 0)
		return REFUSED_expired;
	if (remaining == 0)
		return REFUSED_used_up;
	return c->qty > remaining ? REFUSED_insufficient : REFUSAL_NONE;
}

void ticket_store_day(struct db *db, const char *store, int64_t ms, char day[WHEN_SIZE])
{
	int64_t tz = db_get_int(db, 480, "SELECT tz_minutes FROM store WHERE id = $1", "t", store);
	when_local_date(ms, tz, day);
}

/* ---- results ---- */

static void add_text(cJSON *object, const char *name, const char *text)
{
	if (text)
		cJSON_AddStringToObject(object, name, text);
	else
		cJSON_AddNullToObject(object, name);
}

static cJSON *use_json(struct db_rows *rows)
{
	char at[WHEN_SIZE];
	cJSON *use = cJSON_CreateObject();
	when_format(db_int(rows, 1), at);
	cJSON_AddStringToObject(use, "redemption", db_text(rows, 0));
	cJSON_AddStringToObject(use, "at", at);
	cJSON_AddStringToObject(use, "store", db_text(rows, 2));
	add_text(use, "actor", db_text(rows, 3));
	cJSON_AddNumberToObject(use, "qty", (double)db_int(rows, 4));
	cJSON_AddStringToObject(use, "mode", db_text(rows, 5));
	cJSON_AddBoolToObject(use, "voided", db_int(rows, 6) != 0);
	add_text(use, "device", db_text(rows, 7));
	return use;
}

/* Who redeemed of the code when and where, as HQ heard of it; without the redemption `but`. Ids are
 * made by the terminals' clocks, and order nothing. */
static cJSON *uses_json(struct db *db, const char *code, const char *but)
{
	cJSON *uses = cJSON_CreateArray();
	struct db_rows *rows = db_query(db,
		"SELECT r.id, r.at, r.store, r.actor, r.qty, r.mode, CASE WHEN EXISTS"
		" (SELECT 1 FROM redemption v WHERE v.of = r.id) THEN 1 ELSE 0 END, r.device"
		" FROM redemption r WHERE r.code = $1 AND r.kind = 'redeem' AND r.id <> $2"
		" ORDER BY r.recorded_at DESC, r.id DESC LIMIT $3",
		"tti", code, but ? but : "", (int64_t)USES_MAX);
	while (db_next(rows))
		cJSON_InsertItemInArray(uses, 0, use_json(rows));
	db_done(rows);
	return uses;
}

/* The ticket as the person at the counter must see it, whatever the answer is. */
static void describe(struct call *call, const struct ticket *ticket, const char *redemption)
{
	cJSON *result = call_result(call);
	add_text(result, "code", ticket->texts[TICKET_CODE]);
	add_text(result, "product", ticket->texts[TICKET_PRODUCT]);
	add_text(result, "order", ticket->texts[TICKET_ORDER]);
	cJSON_AddNumberToObject(result, "units", (double)ticket->units);
	cJSON_AddNumberToObject(result, "remaining", (double)ticket_remaining(ticket));
	add_text(result, "valid_from", ticket->texts[TICKET_FROM]);
	add_text(result, "valid_until", ticket->texts[TICKET_UNTIL]);
	const char *list = ticket_any_store(ticket->texts[TICKET_STORES])
		? "[]"
		: ticket->texts[TICKET_STORES];
	cJSON *stores = json_parse(list, strlen(list), NULL, 0);
	cJSON_AddItemToObject(result, "stores", stores ? stores : cJSON_CreateArray());
	cJSON_AddItemToObject(
		result, "uses", uses_json(call->db, ticket->texts[TICKET_CODE], redemption));
}

static void describe_done(struct call *call, struct ticket *ticket, const char *redemption,
	const char *mode, int64_t qty)
{
	cJSON *result = call_result(call);
	cJSON_AddStringToObject(result, "redemption", redemption);
	cJSON_AddNumberToObject(result, "qty", (double)qty);
	cJSON_AddStringToObject(result, "mode", mode);
	describe(call, ticket, redemption);
}

/* ---- redeem ---- */

struct redemption {
	const char *kind;
	const char *of;
	const char *mode;
	int64_t qty; /* signed */
	int64_t at_ms;
	const char *reason;
};

/* What the terminal went by, as JSON for the row; the caller frees it. NULL online. A time that cannot be is
 * kept as what it claimed, and the command that HQ did not answer in time as `of`. */
static char *basis_json(struct call *call)
{
	const cJSON *known = json_object(call->command->data, "basis");
	const char *first = call_text(call, "of");
	bool wrong = call->at_ms != call->command->at_ms;
	char claimed[WHEN_SIZE];
	if (!known && !wrong && !first)
		return NULL;
	cJSON *basis = known ? cJSON_Duplicate(known, true) : cJSON_CreateObject();
	when_format(call->command->at_ms, claimed);
	cJSON_DeleteItemFromObjectCaseSensitive(basis, "claimed_at");
	if (wrong)
		cJSON_AddStringToObject(basis, "claimed_at", claimed);
	cJSON_DeleteItemFromObjectCaseSensitive(basis, "of");
	if (first)
		cJSON_AddStringToObject(basis, "of", first);
	char *json = cJSON_PrintUnformatted(basis);
	cJSON_Delete(basis);
	return json;
}

/* Writes the row; its id is the command's. */
static void record(struct call *call, struct ticket *ticket, const struct redemption *redemption)
{
	char *const *texts = ticket->texts;
	const char *stores = texts[TICKET_STORES];
	bool offline = strcmp(redemption->mode, "offline") == 0;
	char *basis = offline ? basis_json(call) : NULL;
	db_run(call->db,
		"INSERT INTO redemption (id, kind, of, code, order_number, product, store, stores,"
		" qty, mode, at, recorded_at, actor, reason, device, basis)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
		"ttttttttitiitttt", call->command->id, redemption->kind, redemption->of,
		texts[TICKET_CODE], texts[TICKET_ORDER], texts[TICKET_PRODUCT], call->store,
		stores ? stores : "[]", redemption->qty, redemption->mode, redemption->at_ms,
		call->now_ms, call->command->actor, redemption->reason, call->world->device, basis);
	cJSON_free(basis);
	ticket->spent += redemption->qty;
	ticket_dossier_review(call, ticket);
}

static enum refusal redeem_online(struct call *call, struct ticket *ticket, int64_t qty)
{
	char day[WHEN_SIZE];
	char masked[TICKET_MASK_SIZE];
	ticket_code_mask(ticket->texts[TICKET_CODE], masked, sizeof(masked));
	ticket_store_day(call->db, call->store, call->now_ms, day);
	struct ticket_circumstances now = {.store = call->store, .day = day, .qty = qty};
	enum refusal refusal = ticket_judge(ticket, &now);
	if (refusal != REFUSAL_NONE) {
		describe(call, ticket, NULL);
		return call_refuse(call, refusal, "ticket %s: %s, %lld of %lld units left", masked,
			refusal_code(refusal), (long long)ticket_remaining(ticket),
			(long long)ticket->units);
	}
	record(call, ticket,
		&(struct redemption){
			.kind = "redeem", .mode = "online", .qty = qty, .at_ms = call->now_ms});
	describe_done(call, ticket, call->command->id, "online", qty);
	return REFUSAL_NONE;
}

static cJSON *exception_detail(struct call *call, const struct ticket *ticket, int64_t qty)
{
	cJSON *detail = cJSON_CreateObject();
	const cJSON *basis = json_object(call->command->data, "basis");
	add_text(detail, "code", ticket->texts[TICKET_CODE]);
	cJSON_AddStringToObject(detail, "redemption", call->command->id);
	cJSON_AddNumberToObject(detail, "qty", (double)qty);
	cJSON_AddNumberToObject(detail, "units", (double)ticket->units);
	cJSON_AddNumberToObject(detail, "spent", (double)ticket->spent);
	cJSON_AddItemToObject(
		detail, "redemptions", uses_json(call->db, ticket->texts[TICKET_CODE], NULL));
	if (basis)
		cJSON_AddItemToObject(detail, "basis", cJSON_Duplicate(basis, true));
	return detail;
}

/* A collision goes to this store and to one that redeemed before,
 * another one if there is any. */
static void raise_duplicate(struct call *call, const struct ticket *ticket, int64_t qty)
{
	const char *code = ticket->texts[TICKET_CODE];
	char *other = db_get_text(call->db,
		"SELECT r.store FROM redemption r WHERE r.code = $1 AND r.kind = 'redeem'"
		" AND r.id <> $2 AND NOT EXISTS (SELECT 1 FROM redemption v WHERE v.of = r.id)"
		" ORDER BY CASE WHEN r.store = $3 THEN 1 ELSE 0 END, r.recorded_at DESC, r.id DESC"
		" LIMIT 1",
		"ttt", code, call->command->id, call->store);
	bool same = other && strcmp(other, call->store) == 0;
	struct call_doc doc = {.kind = "ticket",
		.id = code,
		.store = call->store,
		.other_store = same ? NULL : other};
	call_raise(call, "duplicate_redemption", &doc, ticket->texts[TICKET_PRODUCT],
		exception_detail(call, ticket, qty));
	free(other);
}

/* Raises what HQ would now have refused it for. `over`: earlier redemptions and this one together
 * spend more than there is. */
static void raise_offline(
	struct call *call, const struct ticket *ticket, enum refusal judged, bool over, int64_t qty)
{
	bool spent = judged == REFUSED_used_up || judged == REFUSED_insufficient;
	/* That units were really spent twice only HQ can know. */
	if (over && call->world->at_hq)
		raise_duplicate(call, ticket, qty);
	if (judged == REFUSAL_NONE || (over && spent))
		return;
	/* A ticket not known here may well be known at HQ, which alone can tell. */
	if (judged == REFUSED_unknown && !call->world->at_hq)
		return;
	char kind[64];
	snprintf(kind, sizeof(kind), "offline_%s", refusal_code(judged));
	struct call_doc doc = {
		.kind = "ticket", .id = ticket->texts[TICKET_CODE], .store = call->store};
	call_raise(call, kind, &doc, ticket->texts[TICKET_PRODUCT],
		exception_detail(call, ticket, qty));
}

/* Someone is told of a terminal whose clock cannot be right (design.md §2, Time). */
static void raise_clock(struct call *call)
{
	if (call->at_ms == call->command->at_ms)
		return;
	char claimed[WHEN_SIZE];
	cJSON *detail = cJSON_CreateObject();
	struct call_doc doc = {.kind = "", .id = "", .store = call->store};
	when_format(call->command->at_ms, claimed);
	cJSON_AddStringToObject(detail, "at", claimed);
	add_text(detail, "device", call->world->device);
	call_raise(call, "clock", &doc, NULL, detail);
}

static enum refusal redeem_offline(
	struct call *call, struct ticket *ticket, bool well_formed, int64_t qty)
{
	char day[WHEN_SIZE];
	ticket_store_day(call->db, call->store, call->at_ms, day);
	struct ticket_circumstances then = {.store = call->store, .day = day, .qty = qty};
	enum refusal judged = well_formed ? ticket_judge(ticket, &then) : REFUSED_malformed;
	bool over = ticket->found && ticket->spent > 0 && ticket->spent + qty > ticket->units;
	record(call, ticket,
		&(struct redemption){
			.kind = "redeem", .mode = "offline", .qty = qty, .at_ms = call->at_ms});
	raise_offline(call, ticket, judged, over, qty);
	raise_clock(call);
	describe_done(call, ticket, call->command->id, "offline", qty);
	return REFUSAL_NONE;
}

/* A late fallback whose first command was applied after all, or that another seat of the terminal made
 * already: nothing more happens, and the answer is that one's (design.md §2). False if there is no such
 * redemption here: what another store redeemed speaks for nobody else. */
static bool was_redeemed(struct call *call, struct ticket *ticket)
{
	const char *first = call_text(call, "of");
	if (!first)
		return false;
	struct db_rows *rows = db_query(call->db,
		"SELECT id, qty, mode FROM redemption WHERE code = $2 AND store = $3 AND kind = 'redeem'"
		" AND (id = $1 OR INSTR(basis, '\"of\":\"' || $1 || '\"') > 0) ORDER BY id LIMIT 1",
		"ttt", first, ticket->texts[TICKET_CODE], call->store);
	bool found = db_next(rows);
	if (found)
		describe_done(call, ticket, db_text(rows, 0), db_text(rows, 2), db_int(rows, 1));
	db_done(rows);
	return found;
}

enum refusal ticket_redeem(struct call *call)
{
	char code[TICKET_CODE_SIZE];
	const char *typed = call_text(call, "code");
	int64_t qty = json_int(call->command->data, "qty", 0);
	bool offline = strcmp(call_text(call, "mode"), "offline") == 0;
	bool well_formed = ticket_code_normal(typed, code, sizeof(code));
	if (!well_formed && !offline)
		return ticket_malformed(call, typed);
	struct ticket ticket;
	ticket_read(call->db, well_formed ? code : typed, &ticket);
	enum refusal refusal = REFUSAL_NONE;
	if (!offline)
		refusal = redeem_online(call, &ticket, qty);
	else if (!was_redeemed(call, &ticket))
		refusal = redeem_offline(call, &ticket, well_formed, qty);
	ticket_free(&ticket);
	return refusal;
}

/* ---- void ---- */

/* Columns: code, store, qty, recorded_at. */
static enum refusal check_void(struct call *call, struct db_rows *rows, const struct ticket *ticket)
{
	const char *id = call_text(call, "redemption");
	enum refusal dead = ticket_dead(ticket);
	if (strcmp(db_text(rows, 1), call->store) != 0)
		return call_refuse(
			call, REFUSED_wrong_store, "%s was redeemed at %s", id, db_text(rows, 1));
	if (db_has(call->db, "SELECT 1 FROM redemption WHERE of = $1", "t", id))
		return call_refuse(call, REFUSED_already_void, "%s was voided already", id);
	if (dead == REFUSED_superseded || dead == REFUSED_refunded)
		return ticket_is_dead(call, ticket, dead);
	if (call->now_ms - db_int(rows, 3) > VOID_LIMIT_MS)
		return call_refuse(
			call, REFUSED_too_late, "%s was redeemed more than 15 minutes ago", id);
	return REFUSAL_NONE;
}

static enum refusal void_row(struct call *call, struct db_rows *rows)
{
	struct ticket ticket;
	const char *id = call_text(call, "redemption");
	ticket_read(call->db, db_text(rows, 0), &ticket);
	enum refusal refusal = check_void(call, rows, &ticket);
	if (refusal == REFUSAL_NONE) {
		int64_t qty = -db_int(rows, 2);
		record(call, &ticket,
			&(struct redemption){.kind = "void",
				.of = id,
				.mode = "online",
				.qty = qty,
				.at_ms = call->now_ms,
				.reason = call_text(call, "reason")});
		add_text(call_result(call), "of", id);
		describe_done(call, &ticket, call->command->id, "online", qty);
	}
	ticket_free(&ticket);
	return refusal;
}

enum refusal ticket_void(struct call *call)
{
	const char *id = call_text(call, "redemption");
	struct db_rows *rows = db_query(call->db,
		"SELECT code, store, qty, recorded_at FROM redemption"
		" WHERE id = $1 AND kind = 'redeem'",
		"t", id);
	enum refusal refusal = db_next(rows)
		? void_row(call, rows)
		: call_refuse(call, REFUSED_unknown_document, "no redemption %s", id);
	db_done(rows);
	return refusal;
}
