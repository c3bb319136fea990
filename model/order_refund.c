/* Credit memos: order.credit opens one, which holds its units against a second refund and changes nothing
 * else; order.refund on it, or directly, refunds it.
 *
 *   order.credit ──> open ──order.refund──> refunded <──order.refund──
 *
 * Refunding q of a physical line, first units that never left: u = max(0, min(q, invoiced − shipped −
 * unsent)); then b = q − u that had left.
 *
 *                  u (never left)                                   b (had left)
 *   to stock       reservation +u                                   on hand +b where it was shipped
 *   not to stock   reservation +u, and u written off from on hand   –
 *
 * A virtual line has no u and no reservation: to stock, on hand +q; else nothing. */
#include "model/order.h"

#include "model/channel.h"
#include "model/handlers.h"
#include "model/json.h"
#include "model/salable.h"
#include "model/stock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct memo {
	char id[COMMAND_ID_MAX + 1];
	char number[80];
	bool refunds; /* at once; else it only holds */
	struct call *call;
	struct order *order;
	struct text figures;
};

/* One line of a memo on its way. */
struct credit {
	char sku[COMMAND_ID_MAX + 1];
	int64_t qty, unsent;
	bool to_stock;
};

/* What may still be credited: of what was invoiced, neither refunded nor held. */
static int64_t to_credit(
	struct call *call, const struct order *order, const struct order_line *line)
{
	int64_t held = db_get_int(call->db, 0,
		"SELECT CAST(COALESCE(SUM(l.qty), 0) AS BIGINT) FROM credit_memo_line l"
		" JOIN credit_memo m ON m.id = l.memo"
		" WHERE l.order_number = $1 AND l.sku = $2 AND m.status = 'open'",
		"tt", order->number, line->sku);
	return line->invoiced - line->refunded - held;
}

/* ---- goods ---- */

/* The highest-priority store that shipped the SKU; one that serves the channel no more comes last. */
static char *first_shipper(struct call *call, const struct order *order, const char *sku)
{
	return db_get_text(call->db,
		"SELECT l.store FROM shipment_line l LEFT JOIN channel_store c ON c.channel = l.channel"
		" AND c.store = l.store WHERE l.order_number = $1 AND l.sku = $2"
		" ORDER BY COALESCE(c.no, 1000000), l.store LIMIT 1",
		"tt", order->number, sku);
}

static enum refusal return_sent(struct memo *memo, const char *sku, int64_t qty)
{
	char *store = first_shipper(memo->call, memo->order, sku);
	if (!store)
		return call_refuse(memo->call, REFUSED_wrong_status,
			"no store is known to have shipped %s", sku);
	enum refusal refusal = stock_post(memo->call,
		&(struct stock_change){.store = store,
			.sku = sku,
			.on_hand = qty,
			.reason = "return",
			.doc = &memo->order->doc});
	free(store);
	return refusal;
}

static enum refusal move_virtual(struct memo *memo, const struct credit *credit)
{
	if (!credit->to_stock)
		return REFUSAL_NONE;
	return channel_put_back(memo->call,
		&(struct channel_goods){.channel = memo->order->channel,
			.sku = credit->sku,
			.qty = credit->qty,
			.reason = "return",
			.doc = &memo->order->doc});
}

static enum refusal move_physical(struct memo *memo, const struct credit *credit)
{
	int64_t sent = credit->qty - credit->unsent;
	enum refusal refusal = REFUSAL_NONE;
	reservation_write(memo->call,
		&(struct reservation){.channel = memo->order->channel,
			.sku = credit->sku,
			.qty = credit->unsent,
			.event = "creditmemo_created",
			.order = memo->order->number});
	if (!credit->to_stock && credit->unsent > 0)
		refusal = channel_take(memo->call,
			&(struct channel_goods){.channel = memo->order->channel,
				.sku = credit->sku,
				.qty = credit->unsent,
				.reason = "write_off",
				.doc = &memo->order->doc});
	if (!refusal && credit->to_stock && sent > 0)
		refusal = return_sent(memo, credit->sku, sent);
	return refusal;
}

/* ---- lines ---- */

static void write_line(struct memo *memo, const struct credit *credit)
{
	char id[UUID_SIZE + 8];
	call_new_id(memo->call, id);
	db_run(memo->call->db,
		"INSERT INTO credit_memo_line (id, memo, order_number, channel, sku, qty,"
		" return_to_stock, unsent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		"tttttiii", id, memo->id, memo->order->number, memo->order->channel, credit->sku,
		credit->qty, (int64_t)credit->to_stock, credit->unsent);
	text_addf(&memo->figures, "%s%s ", memo->figures.length > 0 ? ", " : "", credit->sku);
	text_add_qty(&memo->figures, credit->qty);
}

static enum refusal refund_line(struct memo *memo, struct order_line *line, struct credit *credit)
{
	if (!line->is_virtual) {
		int64_t inside = line->invoiced - line->shipped - line->unsent;
		inside = inside < credit->qty ? inside : credit->qty;
		credit->unsent = inside > 0 ? inside : 0;
	}
	line->refunded += credit->qty;
	line->unsent += credit->unsent;
	order_line_save(memo->call, memo->order, line);
	return line->is_virtual ? move_virtual(memo, credit) : move_physical(memo, credit);
}

static enum refusal credit_line(struct memo *memo, struct credit *credit)
{
	struct order_line line;
	if (!order_line_find(memo->call, memo->order, credit->sku, &line))
		return call_refuse(
			memo->call, REFUSED_not_on_document, "%s is not on it", credit->sku);
	int64_t left = to_credit(memo->call, memo->order, &line);
	if (credit->qty > left)
		return order_line_refuse(memo->call, &line, credit->qty, left);
	enum refusal refusal = memo->refunds ? refund_line(memo, &line, credit) : REFUSAL_NONE;
	if (!refusal)
		write_line(memo, credit);
	return refusal;
}

static enum refusal credit_named(struct memo *memo)
{
	const cJSON *named;
	cJSON_ArrayForEach(named, call_lines(memo->call))
	{
		struct credit credit = {.qty = line_qty(named, "qty"),
			.to_stock = json_bool(named, "return_to_stock", false)};
		snprintf(credit.sku, sizeof(credit.sku), "%s", json_text(named, "sku"));
		enum refusal refusal = credit_line(memo, &credit);
		if (refusal)
			return refusal;
	}
	return REFUSAL_NONE;
}

/* The lines it was opened with; read whole, as each is written anew. The caller frees *credits. */
static int opened_lines(struct memo *memo, struct credit **credits)
{
	int64_t size = db_get_int(memo->call->db, 0,
		"SELECT COUNT(*) FROM credit_memo_line WHERE memo = $1", "t", memo->id);
	*credits = calloc((size_t)size + 1, sizeof(**credits));
	if (!*credits)
		return -1;
	struct db_rows *rows = db_query(memo->call->db,
		"SELECT sku, qty, return_to_stock FROM credit_memo_line WHERE memo = $1 ORDER BY id",
		"t", memo->id);
	int count = 0;
	while (count < size && db_next(rows)) {
		struct credit *credit = &(*credits)[count++];
		snprintf(credit->sku, sizeof(credit->sku), "%s", db_text(rows, 0));
		credit->qty = db_int(rows, 1);
		credit->to_stock = db_int(rows, 2) != 0;
	}
	db_done(rows);
	return count;
}

static enum refusal credit_opened(struct memo *memo, struct credit *credits, int count)
{
	enum refusal refusal = REFUSAL_NONE;
	for (int i = 0; i < count && !refusal; i++)
		refusal = credit_line(memo, &credits[i]);
	return refusal;
}

/* Before its lines are looked at: what it refunds it does not hold as well. */
static void close_memo(struct memo *memo)
{
	db_run(memo->call->db,
		"UPDATE credit_memo SET status = 'refunded', refunded_at = $2, refunded_by = $3"
		" WHERE id = $1",
		"tit", memo->id, memo->call->at_ms, memo->call->command->actor);
}

/* What it held is free for its own refund: in the lines it was opened with, or in those named now. */
static enum refusal refund_opened(struct memo *memo)
{
	struct credit *credits;
	int count = opened_lines(memo, &credits);
	close_memo(memo);
	db_run(memo->call->db, "DELETE FROM credit_memo_line WHERE memo = $1", "t", memo->id);
	enum refusal refusal = count < 0 ? REFUSAL_FAULT
		: call_lines(memo->call) ? credit_named(memo)
					 : credit_opened(memo, credits, count);
	free(credits);
	return refusal;
}

/* ---- memos ---- */

static void make_memo(struct memo *memo)
{
	struct call *call = memo->call;
	const char *number = memo->refunds ? NULL : call_text(call, "memo");
	snprintf(memo->id, sizeof(memo->id), "%s", call->command->id);
	if (number)
		snprintf(memo->number, sizeof(memo->number), "%s", number);
	else
		call_number(
			call, "CM", call->store ? call->store : memo->order->channel, memo->number);
	db_run(call->db,
		"INSERT INTO credit_memo (id, number, order_number, channel, status, opened_at, opened_by)"
		" VALUES ($1, $2, $3, $4, 'open', $5, $6)",
		"ttttit", memo->id, memo->number, memo->order->number, memo->order->channel,
		call->at_ms, call->command->actor);
}

/* Finds the order's memo of that number or id; status gets its status. */
static bool find_memo(struct memo *memo, const char *name, char status[16])
{
	struct db_rows *rows = db_query(memo->call->db,
		"SELECT id, number, status FROM credit_memo WHERE order_number = $1"
		" AND (id = $2 OR number = $2)",
		"tt", memo->order->number, name);
	bool found = db_next(rows);
	if (found) {
		snprintf(memo->id, sizeof(memo->id), "%s", db_text(rows, 0));
		snprintf(memo->number, sizeof(memo->number), "%s", db_text(rows, 1));
		snprintf(status, 16, "%s", db_text(rows, 2));
	}
	db_done(rows);
	return found;
}

static enum refusal memo_end(struct memo *memo, enum refusal refusal)
{
	if (!refusal) {
		order_settle(memo->call, memo->order);
		cJSON *result = cJSON_AddObjectToObject(call_result(memo->call), "memo");
		cJSON_AddStringToObject(result, "id", memo->id);
		cJSON_AddStringToObject(result, "number", memo->number);
		cJSON_AddStringToObject(result, "status", memo->refunds ? "refunded" : "open");
		order_log(memo->call, memo->order, text_get(&memo->figures));
	}
	text_free(&memo->figures);
	return refusal;
}

enum refusal order_credit(struct call *call)
{
	struct order order;
	char status[16];
	struct memo memo = {.call = call, .order = &order, .figures = TEXT_INIT(COMMAND_LINE_MAX)};
	const char *name = call_text(call, "memo");
	enum refusal refusal = order_open(call, &order);
	if (refusal)
		return refusal;
	if (name && find_memo(&memo, name, status))
		return call_refuse(call, REFUSED_already_exists,
			"the order has a credit memo %s, which is %s", name, status);
	make_memo(&memo);
	return memo_end(&memo, credit_named(&memo));
}

enum refusal order_refund(struct call *call)
{
	struct order order;
	char status[16];
	struct memo memo = {.call = call,
		.order = &order,
		.refunds = true,
		.figures = TEXT_INIT(COMMAND_LINE_MAX)};
	const char *name = call_text(call, "memo");
	enum refusal refusal = order_open(call, &order);
	if (refusal)
		return refusal;
	if (name) {
		if (!find_memo(&memo, name, status))
			return call_refuse(call, REFUSED_unknown_document,
				"the order has no credit memo %s", name);
		if (strcmp(status, "open") != 0)
			return call_refuse(
				call, REFUSED_wrong_status, "the credit memo is %s", status);
		return memo_end(&memo, refund_opened(&memo));
	}
	if (!call_lines(call))
		return call_refuse(call, REFUSED_bad_data, "lines is missing, or an open memo");
	make_memo(&memo);
	close_memo(&memo);
	return memo_end(&memo, credit_named(&memo));
}
