/* The dossier of a code that was spent beyond its units (product.md §4). One a code, kept in line
 * with its redemptions; who bears the loss is for people to settle:
 *
 *   (none) ──more spent than there is──> open ──honour────────> honoured
 *                                        open ──charge_back───> charged_back
 *                                        open ──report──> reported ──by hq──> honoured, charged_back
 *   any ──a void, no longer more than there is──> void
 *   honoured, charged_back, void ──spent once more──> open
 *   charged_back ──a void of the one charged, still more than there is──> open
 *
 * Whether units were really spent twice only HQ can know, so HQ alone opens one. */
#include "model/ticket_parts.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dossier {
	char *status; /* owned, and NULL if there is none */
	char *stores; /* owned: a JSON list */
	int64_t spent;
};

/* ---- its life ---- */

/* The stores that redeemed the code and did not void that, as a JSON list; the caller frees it. */
static char *redeeming_stores(struct db *db, const char *code)
{
	cJSON *stores = cJSON_CreateArray();
	struct db_rows *rows = db_query(db,
		"SELECT DISTINCT r.store FROM redemption r WHERE r.code = $1 AND r.kind = 'redeem'"
		" AND NOT EXISTS (SELECT 1 FROM redemption v WHERE v.of = r.id) ORDER BY r.store",
		"t", code);
	while (db_next(rows))
		cJSON_AddItemToArray(stores, cJSON_CreateString(db_text(rows, 0)));
	db_done(rows);
	char *json = cJSON_PrintUnformatted(stores);
	cJSON_Delete(stores);
	return json;
}

static struct dossier read_dossier(struct db *db, const char *code)
{
	struct dossier dossier = {.status = NULL};
	struct db_rows *rows = db_query(
		db, "SELECT status, stores, spent FROM dossier WHERE code = $1", "t", code);
	if (db_next(rows))
		dossier = (struct dossier){.status = text_copy(db_text(rows, 0)),
			.stores = text_copy(db_null(rows, 1) ? "[]" : db_text(rows, 1)),
			.spent = db_int(rows, 2)};
	db_done(rows);
	return dossier;
}

static void dossier_free(struct dossier *dossier)
{
	free(dossier->status);
	free(dossier->stores);
}

/* The first store of the list but this one; the caller frees it. */
static char *another_store(const char *list, const char *store)
{
	cJSON *stores = json_parse(list, strlen(list), NULL, 0);
	const cJSON *item;
	char *other = NULL;
	cJSON_ArrayForEach(item, stores)
	{
		if (!other && strcmp(item->valuestring, store ? store : "") != 0)
			other = text_copy(item->valuestring);
	}
	cJSON_Delete(stores);
	return other;
}

/* Goes to the store it happened at and to the one that is charged, else to another of the dossier's. */
static void log_dossier(struct call *call, const char *code, const char *charged, const char *text)
{
	struct dossier dossier = read_dossier(call->db, code);
	bool other = charged && strcmp(charged, call->store ? call->store : "") != 0;
	char *another = other || !dossier.stores ? NULL
						 : another_store(dossier.stores, call->store);
	struct call_doc doc = {.kind = "ticket",
		.id = code,
		.store = call->store,
		.other_store = other ? charged : another};
	call_log(call, &doc, text);
	free(another);
	dossier_free(&dossier);
}

/* The stores and figures of now. Whoever was in it when it ended keeps it, to learn of that. */
static void write_figures(struct call *call, const struct ticket *ticket, bool over)
{
	const char *code = ticket->texts[TICKET_CODE];
	char *stores = over ? redeeming_stores(call->db, code) : NULL;
	db_run(call->db,
		"UPDATE dossier SET units = $2, spent = $3, stores = COALESCE($4, stores)"
		" WHERE code = $1",
		"tiit", code, ticket->units, ticket->spent, stores);
	ticket_route(call->db, code);
	cJSON_free(stores);
}

static void open_dossier(struct call *call, const struct ticket *ticket)
{
	char *const *texts = ticket->texts;
	db_run(call->db,
		"INSERT INTO dossier (code, order_number, product, status, opened_at)"
		" VALUES ($1, $2, $3, 'open', $4)",
		"ttti", texts[TICKET_CODE], texts[TICKET_ORDER], texts[TICKET_PRODUCT],
		call->now_ms);
	write_figures(call, ticket, true);
	log_dossier(call, texts[TICKET_CODE], NULL, "open");
}

static void end_dossier(struct call *call, const char *code)
{
	db_run(call->db,
		"UPDATE dossier SET status = 'void', settled_at = $2, settled_by = $3,"
		" settled_store = $4, charged = NULL, redemption = NULL, note = NULL WHERE code = $1",
		"titt", code, call->now_ms, call->command->actor, call->store);
	log_dossier(call, code, NULL, "void");
}

static bool is_settled(const char *status)
{
	return strcmp(status, "open") != 0 && strcmp(status, "reported") != 0;
}

/* Was the redemption that it was charged for voided since? */
static bool is_charged_for_nothing(struct db *db, const char *code)
{
	return db_has(db,
		"SELECT 1 FROM dossier d JOIN redemption v ON v.of = d.redemption"
		" WHERE d.code = $1 AND d.status = 'charged_back'",
		"t", code);
}

static void update_dossier(
	struct call *call, const struct ticket *ticket, const struct dossier *dossier)
{
	const char *code = ticket->texts[TICKET_CODE];
	bool over = ticket->spent > ticket->units;
	write_figures(call, ticket, over);
	if (!over && strcmp(dossier->status, "void") != 0)
		end_dossier(call, code);
	bool again = ticket->spent > dossier->spent || is_charged_for_nothing(call->db, code);
	if (over && again && is_settled(dossier->status) && call->world->at_hq) {
		db_run(call->db, "UPDATE dossier SET status = 'open' WHERE code = $1", "t", code);
		log_dossier(call, code, NULL, "open again");
	}
}

void ticket_dossier_review(struct call *call, const struct ticket *ticket)
{
	struct dossier dossier = read_dossier(call->db, ticket->texts[TICKET_CODE]);
	bool over = ticket->found && ticket->spent > ticket->units;
	if (dossier.status)
		update_dossier(call, ticket, &dossier);
	else if (over && call->world->at_hq)
		open_dossier(call, ticket);
	dossier_free(&dossier);
}

/* ---- settling ---- */

static const struct {
	const char *word, *status;
} outcomes[] = {
	{"honour", "honoured"},
	{"charge_back", "charged_back"},
	{"report", "reported"},
};

static const char *status_of(const char *outcome)
{
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (strcmp(outcomes[i].word, outcome) == 0)
			return outcomes[i].status;
	return NULL;
}

static enum refusal check_settle(
	struct call *call, const struct dossier *dossier, const char *masked)
{
	const char *outcome = call_text(call, "outcome");
	bool by_hq = call->role == ROLE_HQ;
	if (!dossier->status)
		return call_refuse(
			call, REFUSED_unknown_document, "no dossier of ticket %s", masked);
	if (!by_hq && !ticket_names_store(dossier->stores, call->store))
		return call_refuse(call, REFUSED_wrong_store,
			"store %s is not in the dossier of ticket %s", call->store, masked);
	bool reported = strcmp(dossier->status, "reported") == 0;
	if (is_settled(dossier->status) || (reported && strcmp(outcome, "report") == 0))
		return call_refuse(call, REFUSED_wrong_status, "the dossier of ticket %s is %s",
			masked, dossier->status);
	if (reported && !by_hq)
		return call_refuse(call, REFUSED_no_right,
			"the dossier of ticket %s is reported: to settle it needs the role %s",
			masked, role_word(ROLE_HQ));
	if (call_text(call, "redemption") && strcmp(outcome, "charge_back") != 0)
		return call_refuse(
			call, REFUSED_bad_data, "redemption is named for charge_back only");
	return REFUSAL_NONE;
}

/* The redemption to charge back: the one named, else the one HQ heard of last. NULL if it is none of
 * the code, or was voided; the caller frees it. */
static char *charged_redemption(struct call *call, const char *code)
{
	return db_get_text(call->db,
		"SELECT r.id FROM redemption r WHERE r.code = $1 AND r.kind = 'redeem'"
		" AND NOT EXISTS (SELECT 1 FROM redemption v WHERE v.of = r.id)"
		" AND ($2 IS NULL OR r.id = $2) ORDER BY r.recorded_at DESC, r.id DESC LIMIT 1",
		"tt", code, call_text(call, "redemption"));
}

static void log_settled(
	struct call *call, const char *code, const char *status, const char *charged)
{
	const char *note = call_text(call, "note");
	struct text text = TEXT_INIT(TEXT_SMALL);
	text_addf(&text, "%s%s%s", status, charged ? " " : "", charged ? charged : "");
	text_addf(&text, "%s%s", note && *note ? ": " : "", note ? note : "");
	log_dossier(call, code, charged, text_get(&text));
	text_free(&text);
}

static enum refusal settle(struct call *call, const char *code)
{
	const char *status = status_of(call_text(call, "outcome"));
	bool charges = strcmp(status, "charged_back") == 0;
	const char *named = call_text(call, "redemption");
	char *redemption = charges ? charged_redemption(call, code) : NULL;
	if (charges && !redemption)
		return call_refuse(
			call, REFUSED_unknown_document, "no redemption %s", named ? named : "");
	char *charged = charges
		? db_get_text(
			  call->db, "SELECT store FROM redemption WHERE id = $1", "t", redemption)
		: NULL;
	db_run(call->db,
		"UPDATE dossier SET status = $2, settled_at = $3, settled_by = $4, settled_store = $5,"
		" charged = $6, redemption = $7, note = $8 WHERE code = $1",
		"ttittttt", code, status, call->now_ms, call->command->actor, call->store, charged,
		redemption, call_text(call, "note"));
	log_settled(call, code, status, charged);
	cJSON *result = call_result(call);
	cJSON_AddStringToObject(result, "code", code);
	cJSON_AddStringToObject(result, "status", status);
	if (charges) {
		cJSON_AddStringToObject(result, "charged", charged ? charged : "");
		cJSON_AddStringToObject(result, "redemption", redemption);
	}
	free(charged);
	free(redemption);
	return REFUSAL_NONE;
}

enum refusal ticket_settle(struct call *call)
{
	char code[TICKET_CODE_SIZE], masked[TICKET_MASK_SIZE];
	if (!ticket_code_normal(call_text(call, "code"), code, sizeof(code)))
		return ticket_malformed(call, call_text(call, "code"));
	struct dossier dossier = read_dossier(call->db, code);
	ticket_code_mask(code, masked, sizeof(masked));
	enum refusal refusal = check_settle(call, &dossier, masked);
	dossier_free(&dossier);
	return refusal == REFUSAL_NONE ? settle(call, code) : refusal;
}
