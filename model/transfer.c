#include "model/transfer.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/movement.h"

#include <stdio.h>
#include <string.h>

struct transfer {
	char id[COMMAND_ID_MAX + 1];
	char number[MOVEMENT_NUMBER_SIZE];
	char from[COMMAND_ID_MAX + 1]; /* who is asked */
	char to[COMMAND_ID_MAX + 1];   /* who asks */
	enum transfer_status status;
	struct call_doc doc;
};

static const char *const words[TRANSFER_STATUSES + 1] = {
	[TRANSFER_PENDING] = "pending",
	[TRANSFER_AGREED] = "agreed",
	[TRANSFER_REFUSED] = "refused",
	[TRANSFER_CANCELLED] = "cancelled",
	[TRANSFER_STATUSES] = "unknown",
};

const char *transfer_word(enum transfer_status status)
{
	return words[status];
}

static enum transfer_status status_parse(const char *word)
{
	int status = 0;
	while (status < TRANSFER_STATUSES && strcmp(words[status], word ? word : "") != 0)
		status++;
	return (enum transfer_status)status;
}

/* ---- the document ---- */

static void point_doc(struct call *call, struct transfer *transfer)
{
	bool asked = strcmp(transfer->from, call->store) == 0;
	transfer->doc = (struct call_doc){
		.kind = "transfer",
		.id = transfer->id,
		.store = call->store,
		.other_store = asked ? transfer->to : transfer->from,
	};
}

static void show(struct call *call, const struct transfer *transfer)
{
	cJSON *result = call_result(call);
	cJSON_DeleteItemFromObjectCaseSensitive(result, "status");
	cJSON_DeleteItemFromObjectCaseSensitive(result, "id");
	cJSON_DeleteItemFromObjectCaseSensitive(result, "number");
	cJSON_AddStringToObject(result, "id", transfer->id);
	cJSON_AddStringToObject(result, "number", transfer->number);
	cJSON_AddStringToObject(result, "status", transfer_word(transfer->status));
}

static bool read_transfer(struct call *call, const char *id, struct transfer *transfer)
{
	memset(transfer, 0, sizeof(*transfer));
	struct db_rows *rows = db_query(call->db,
		"SELECT id, number, from_store, to_store, status FROM transfer WHERE id = $1", "t",
		id);
	bool found = db_next(rows);
	if (found) {
		snprintf(transfer->id, sizeof(transfer->id), "%s", db_text(rows, 0));
		snprintf(transfer->number, sizeof(transfer->number), "%s", db_text(rows, 1));
		snprintf(transfer->from, sizeof(transfer->from), "%s", db_text(rows, 2));
		snprintf(transfer->to, sizeof(transfer->to), "%s", db_text(rows, 3));
		transfer->status = status_parse(db_text(rows, 4));
	}
	db_done(rows);
	return found;
}

/* Reads what the command names. Only the store whose turn it is may act, and only while it is
 * pending; the present state is in the result of a refusal too. */
static enum refusal open_transfer(struct call *call, bool by_source, struct transfer *transfer)
{
	const char *id = call_text(call, "transfer");
	if (!read_transfer(call, id, transfer))
		return call_refuse(call, REFUSED_unknown_document, "no transfer order %s", id);
	if (strcmp(by_source ? transfer->from : transfer->to, call->store) != 0)
		return call_refuse(call, REFUSED_wrong_store, "%s is not the store that %s",
			call->store, by_source ? "is asked" : "asks");
	point_doc(call, transfer);
	show(call, transfer);
	if (transfer->status != TRANSFER_PENDING)
		return call_refuse(call, REFUSED_wrong_status, "the transfer order is %s",
			transfer_word(transfer->status));
	return REFUSAL_NONE;
}

static void end_transfer(struct call *call, struct transfer *transfer, enum transfer_status status,
	const char *movement)
{
	const char *reason = call_text(call, "reason");
	transfer->status = status;
	db_run(call->db,
		"UPDATE transfer SET status = $2, movement = $3, reason = $4 WHERE id = $1", "tttt",
		transfer->id, transfer_word(status), movement, reason);
	show(call, transfer);
	call_log(call, &transfer->doc, reason);
}

/* ---- asking ---- */

static void write_transfer(struct call *call, const struct transfer *transfer)
{
	const char *note = call_text(call, "note");
	db_run(call->db,
		"INSERT INTO transfer (id, number, from_store, to_store, status, expected_on, note,"
		" created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		"tttttttit", transfer->id, transfer->number, transfer->from, transfer->to,
		transfer_word(transfer->status), call_text(call, "expected_on"), note ? note : "",
		call->at_ms, call->command->actor);
}

/* A SKU named twice is one line with the sum. */
static void write_line(
	struct call *call, const struct transfer *transfer, const cJSON *line, int no)
{
	db_run(call->db,
		"INSERT INTO transfer_line (transfer, sku, no, from_store, to_store, ordered)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (transfer, sku) DO UPDATE SET"
		" ordered = transfer_line.ordered + excluded.ordered",
		"ttitti", transfer->id, json_text(line, "sku"), (int64_t)no, transfer->from,
		transfer->to, line_qty(line, "qty"));
}

enum refusal transfer_request(struct call *call)
{
	const char *from = call_text(call, "from");
	struct transfer transfer = {.status = TRANSFER_PENDING};
	if (strcmp(from, call->store) == 0)
		return call_refuse(call, REFUSED_bad_data, "from is the asking store itself");
	if (!db_has(call->db, "SELECT 1 FROM store WHERE id = $1", "t", from))
		return call_refuse(call, REFUSED_unknown_store, "no store %s", from);
	snprintf(transfer.id, sizeof(transfer.id), "%s", call->command->id);
	snprintf(transfer.from, sizeof(transfer.from), "%s", from);
	snprintf(transfer.to, sizeof(transfer.to), "%s", call->store);
	call_number(call, "TR", call->store, transfer.number);
	point_doc(call, &transfer);
	write_transfer(call, &transfer);
	enum refusal refusal = movement_check_ends(call, transfer.from, transfer.to);
	if (refusal)
		return refusal;
	int no = 0;
	const cJSON *line;
	cJSON_ArrayForEach(line, call_lines(call)) write_line(call, &transfer, line, ++no);
	show(call, &transfer);
	call_log(call, &transfer.doc, call_text(call, "note"));
	return REFUSAL_NONE;
}

/* ---- answering ---- */

static enum refusal agree_line(
	struct call *call, const struct transfer *transfer, const cJSON *line)
{
	const char *sku = json_text(line, "sku");
	int64_t left = db_get_int(call->db, INT64_MIN,
		"UPDATE transfer_line SET agreed = agreed + $3 WHERE transfer = $1 AND sku = $2"
		" RETURNING ordered - agreed",
		"tti", transfer->id, sku, line_qty(line, "qty"));
	if (left == INT64_MIN)
		return call_refuse(call, REFUSED_not_on_document, "%s was not asked for", sku);
	if (left < 0)
		return call_refuse(call, REFUSED_bad_data, "more of %s than was asked for", sku);
	return REFUSAL_NONE;
}

static enum refusal agree_lines(struct call *call, const struct transfer *transfer)
{
	const cJSON *lines = call_lines(call), *line;
	if (!lines) {
		db_run(call->db, "UPDATE transfer_line SET agreed = ordered WHERE transfer = $1",
			"t", transfer->id);
		return REFUSAL_NONE;
	}
	cJSON_ArrayForEach(line, lines)
	{
		enum refusal refusal = agree_line(call, transfer, line);
		if (refusal)
			return refusal;
	}
	if (!db_has(call->db, "SELECT 1 FROM transfer_line WHERE transfer = $1 AND agreed > 0", "t",
		    transfer->id))
		return call_refuse(
			call, REFUSED_bad_data, "nothing is agreed to: refuse it instead");
	return REFUSAL_NONE;
}

enum refusal transfer_agree(struct call *call)
{
	struct transfer transfer;
	enum refusal refusal = open_transfer(call, true, &transfer);
	if (!refusal)
		refusal = agree_lines(call, &transfer);
	if (refusal)
		return refusal;
	end_transfer(call, &transfer, TRANSFER_AGREED, call->command->id);
	movement_from_transfer(call, transfer.id);
	return REFUSAL_NONE;
}

enum refusal transfer_refuse(struct call *call)
{
	struct transfer transfer;
	enum refusal refusal = open_transfer(call, true, &transfer);
	if (!refusal)
		end_transfer(call, &transfer, TRANSFER_REFUSED, NULL);
	return refusal;
}

enum refusal transfer_cancel(struct call *call)
{
	struct transfer transfer;
	enum refusal refusal = open_transfer(call, false, &transfer);
	if (!refusal)
		end_transfer(call, &transfer, TRANSFER_CANCELLED, NULL);
	return refusal;
}
