/* Orders: the state table, the statuses, and the actions that touch no line. */
#include "model/order.h"

#include "model/handlers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- states ---- */

/* Which action is possible in which status, and what it sets. A status follows from lines and flags (see
 * below) and moves nothing by itself. The figures of the lines say the rest: nothing more is invoiced,
 * shipped or refunded than there is. Besides the table: no step is taken twice in a row; a paid order is not
 * paid, awaited or reviewed once more; a denied one is not released or denied again, it waits for an approval or a cancellation; an
 * archived one only answers a cancellation that asks for nothing. */
enum setting {
	SETS_NOTHING,
	SETS_STEP,
	SETS_PAID,
	SETS_FLAG,
	CLEARS_FLAG,
	SETS_DENIED,
	SETS_ARCHIVED
};

/* clang-format off */
static const struct rule {
	const char *op;
	char when[ORDER_STATUSES + 1]; /* y where it is possible */
	enum setting sets;
	enum order_status to;
} rules[] = {
	/*                       open
	 *                       |pending
	 *                       ||pending_payment
	 *                       |||payment_review
	 *                       ||||processing
	 *                       |||||complete
	 *                       ||||||on_hold
	 *                       |||||||suspected_fraud
	 *                       ||||||||closed
	 *                       |||||||||canceled */
	{"order.accept",         "y.yyy.....", SETS_STEP,     ORDER_PENDING},
	{"order.await_payment",  "yy.yy.....", SETS_STEP,     ORDER_PENDING_PAYMENT},
	{"order.review_payment", "yyy.y.....", SETS_STEP,     ORDER_PAYMENT_REVIEW},
	{"order.pay",            "yyyyyy....", SETS_PAID,     ORDER_STATUSES},
	{"order.hold",           "yyyyy.....", SETS_FLAG,     ORDER_ON_HOLD},
	{"order.suspect",        "yyyyy.....", SETS_FLAG,     ORDER_SUSPECTED_FRAUD},
	{"order.release",        "......yy..", CLEARS_FLAG,   ORDER_STATUSES},
	{"order.approve",        "......yy..", CLEARS_FLAG,   ORDER_STATUSES},
	{"order.deny",           "......yy..", SETS_DENIED,   ORDER_STATUSES},
	{"order.cancel",         "yyyyyyyyyy", SETS_NOTHING,  ORDER_STATUSES},
	{"order.invoice",        "yyyyyy..yy", SETS_NOTHING,  ORDER_STATUSES},
	{"order.ship",           "yyyyyy..yy", SETS_NOTHING,  ORDER_STATUSES},
	{"order.credit",         "yyyyyy..yy", SETS_NOTHING,  ORDER_STATUSES},
	{"order.refund",         "yyyyyy..yy", SETS_NOTHING,  ORDER_STATUSES},
	{"order.archive",        "yyyyyy..yy", SETS_ARCHIVED, ORDER_STATUSES},
};
/* clang-format on */

static const char *const words[ORDER_STATUSES + 1] = {
	[ORDER_OPEN] = "open",
	[ORDER_PENDING] = "pending",
	[ORDER_PENDING_PAYMENT] = "pending_payment",
	[ORDER_PAYMENT_REVIEW] = "payment_review",
	[ORDER_PROCESSING] = "processing",
	[ORDER_COMPLETE] = "complete",
	[ORDER_ON_HOLD] = "on_hold",
	[ORDER_SUSPECTED_FRAUD] = "suspected_fraud",
	[ORDER_CLOSED] = "closed",
	[ORDER_CANCELED] = "canceled",
	[ORDER_STATUSES] = "",
};

const char *order_word(enum order_status status)
{
	return words[status];
}

static enum order_status status_parse(const char *word)
{
	int status = 0;
	while (status < ORDER_STATUSES && strcmp(words[status], word ? word : "") != 0)
		status++;
	return (enum order_status)status;
}

static const struct rule *rule_find(const char *op)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(rules[i].op, op) == 0)
			return &rules[i];
	return NULL;
}

bool order_allows(const char *op, enum order_status status)
{
	const struct rule *rule = rule_find(op);
	return rule && status < ORDER_STATUSES && rule->when[status] == 'y';
}

/* ---- the status, from lines and flags ---- */

struct facts {
	const struct order *order;
	bool all_cancelled, any_invoiced, any_shipped, all_refunded, any_outstanding, all_done;
	bool ledger_is_zero;
};

static void note_line(struct facts *facts, const struct order_line *line)
{
	int64_t due = line->ordered - line->cancelled;
	bool sent = line->is_virtual || line->shipped + line->unsent == due;
	facts->all_cancelled = facts->all_cancelled && due == 0;
	facts->any_invoiced = facts->any_invoiced || line->invoiced > 0;
	facts->any_shipped = facts->any_shipped || line->shipped > 0;
	facts->all_refunded = facts->all_refunded && line->refunded == line->invoiced;
	facts->any_outstanding = facts->any_outstanding || order_line_outstanding(line) != 0;
	facts->all_done = facts->all_done && line->invoiced == due && sent;
}

static bool is_canceled(const struct facts *facts)
{
	return facts->all_cancelled;
}

static bool is_closed(const struct facts *facts)
{
	return facts->order->archived ||
		(facts->any_invoiced && facts->all_refunded && !facts->any_outstanding);
}

static bool is_on_hold(const struct facts *facts)
{
	return facts->order->flag == ORDER_ON_HOLD;
}

static bool is_suspected(const struct facts *facts)
{
	return facts->order->flag == ORDER_SUSPECTED_FRAUD;
}

static bool is_complete(const struct facts *facts)
{
	return facts->all_done && facts->ledger_is_zero;
}

static bool is_processing(const struct facts *facts)
{
	return facts->any_invoiced || facts->any_shipped || facts->order->paid;
}

static bool is_in_review(const struct facts *facts)
{
	return facts->order->step == ORDER_PAYMENT_REVIEW;
}

static bool is_awaiting(const struct facts *facts)
{
	return facts->order->step == ORDER_PENDING_PAYMENT;
}

static bool is_accepted(const struct facts *facts)
{
	return facts->order->step == ORDER_PENDING;
}

static bool is_just_placed(const struct facts *facts)
{
	(void)facts;
	return true;
}

/* The first that holds. */
static const struct {
	enum order_status status;
	bool (*holds)(const struct facts *facts);
} statuses[] = {
	{ORDER_CANCELED, is_canceled},
	{ORDER_CLOSED, is_closed},
	{ORDER_ON_HOLD, is_on_hold},
	{ORDER_SUSPECTED_FRAUD, is_suspected},
	{ORDER_COMPLETE, is_complete},
	{ORDER_PROCESSING, is_processing},
	{ORDER_PAYMENT_REVIEW, is_in_review},
	{ORDER_PENDING_PAYMENT, is_awaiting},
	{ORDER_PENDING, is_accepted},
	{ORDER_OPEN, is_just_placed},
};

static enum order_status derive(
	struct db *db, const struct order *order, const struct order_line *lines, int count)
{
	struct facts facts = {
		.order = order, .all_cancelled = true, .all_refunded = true, .all_done = true};
	for (int i = 0; i < count; i++)
		note_line(&facts, &lines[i]);
	facts.ledger_is_zero = !db_has(db,
		"SELECT 1 FROM reservation WHERE order_number = $1 GROUP BY sku HAVING SUM(qty) <> 0",
		"t", order->number);
	int i = 0;
	while (!statuses[i].holds(&facts))
		i++;
	return statuses[i].status;
}

/* ---- the document ---- */

static void keep(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

bool order_read(struct call *call, const char *number, struct order *order)
{
	memset(order, 0, sizeof(*order));
	struct db_rows *rows = db_query(call->db,
		"SELECT number, id, channel, status, step, flag, paid, denied, archived"
		" FROM sales_order WHERE number = $1",
		"t", number);
	bool found = db_next(rows);
	if (found) {
		keep(order->number, sizeof(order->number), db_text(rows, 0));
		keep(order->id, sizeof(order->id), db_text(rows, 1));
		keep(order->channel, sizeof(order->channel), db_text(rows, 2));
		order->status = status_parse(db_text(rows, 3));
		order->step = status_parse(db_text(rows, 4));
		order->flag = status_parse(db_text(rows, 5));
		order->paid = db_int(rows, 6) != 0;
		order->denied = db_int(rows, 7) != 0;
		order->archived = db_int(rows, 8) != 0;
	}
	db_done(rows);
	order->doc = (struct call_doc){.kind = "sales_order",
		.id = order->id,
		.store = call->store,
		.channel = order->channel};
	return found;
}

static cJSON *line_json(const struct order_line *line)
{
	const struct {
		const char *name;
		int64_t qty;
	} figures[] = {
		{"ordered", line->ordered},
		{"invoiced", line->invoiced},
		{"shipped", line->shipped},
		{"cancelled", line->cancelled},
		{"refunded", line->refunded},
		{"outstanding", order_line_outstanding(line)},
	};
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "sku", line->sku);
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		cJSON_AddNumberToObject(json, figures[i].name, (double)figures[i].qty / 1000);
	return json;
}

static void show_item(cJSON *result, const char *name, cJSON *item)
{
	cJSON_DeleteItemFromObjectCaseSensitive(result, name);
	cJSON_AddItemToObject(result, name, item);
}

static void order_show(
	struct call *call, const struct order *order, const struct order_line *lines, int count)
{
	cJSON *result = call_result(call), *list = cJSON_CreateArray();
	show_item(result, "id", cJSON_CreateString(order->id));
	show_item(result, "order", cJSON_CreateString(order->number));
	show_item(result, "channel", cJSON_CreateString(order->channel));
	show_item(result, "status", cJSON_CreateString(order_word(order->status)));
	for (int i = 0; i < count; i++)
		cJSON_AddItemToArray(list, line_json(&lines[i]));
	show_item(result, "lines", list);
}

/* Orders are done by the stores of their channel, and by hq. */
static enum refusal check_store(struct call *call, const struct order *order)
{
	if (call->role >= ROLE_HQ ||
		db_has(call->db, "SELECT 1 FROM channel_store WHERE channel = $1 AND store = $2",
			"tt", order->channel, call->store))
		return REFUSAL_NONE;
	return call_refuse(call, REFUSED_wrong_store, "%s does not serve the channel %s",
		call->store, order->channel);
}

static enum refusal check_rule(struct call *call, const struct order *order)
{
	const char *op = call->command->op->name;
	const struct rule *rule = rule_find(op);
	if (!order_allows(op, order->status) ||
		(order->archived && strcmp(op, "order.cancel") != 0))
		return call_refuse(call, REFUSED_wrong_status, "the order is %s",
			order->archived ? "archived" : order_word(order->status));
	bool of_payment = rule->sets == SETS_PAID ||
		(rule->sets == SETS_STEP && rule->to != ORDER_PENDING);
	if (order->paid && of_payment)
		return call_refuse(call, REFUSED_wrong_status, "the order is paid");
	if (rule->sets == SETS_STEP && order->step == rule->to)
		return call_refuse(
			call, REFUSED_wrong_status, "the order was taken that step already");
	if (order->denied && (rule->sets == SETS_DENIED || strcmp(op, "order.release") == 0))
		return call_refuse(
			call, REFUSED_wrong_status, "the order was denied: approve or cancel it");
	return REFUSAL_NONE;
}

/* Reads it and shows its present state to whom it concerns. */
static enum refusal read_and_show(struct call *call, struct order *order)
{
	const char *number = call_text(call, "order");
	if (!order_read(call, number, order))
		return call_refuse(call, REFUSED_unknown_document, "no order %s", number);
	enum refusal refusal = check_store(call, order);
	if (refusal)
		return refusal;
	struct order_line *lines;
	int count = order_line_all(call->db, order->number, &lines);
	if (count < 0)
		return REFUSAL_FAULT;
	order_show(call, order, lines, count);
	free(lines);
	return REFUSAL_NONE;
}

enum refusal order_open(struct call *call, struct order *order)
{
	enum refusal refusal = read_and_show(call, order);
	return refusal ? refusal : check_rule(call, order);
}

void order_show_present(struct call *call)
{
	struct order order;
	if (call_text(call, "order"))
		read_and_show(call, &order);
}

void order_settle(struct call *call, struct order *order)
{
	struct order_line *lines;
	int count = order_line_all(call->db, order->number, &lines);
	if (count < 0)
		return;
	order->status = derive(call->db, order, lines, count);
	db_run(call->db,
		"UPDATE sales_order SET status = $2, step = $3, flag = $4, paid = $5, denied = $6,"
		" archived = $7 WHERE number = $1",
		"ttttiii", order->number, order_word(order->status), order_word(order->step),
		order_word(order->flag), (int64_t)order->paid, (int64_t)order->denied,
		(int64_t)order->archived);
	order_show(call, order, lines, count);
	free(lines);
}

void order_log(struct call *call, const struct order *order, const char *text)
{
	call_log(call, &order->doc, text);
}

/* ---- the actions that touch no line ---- */

static void set(struct order *order, const struct rule *rule)
{
	switch (rule->sets) {
	case SETS_STEP:
		order->step = rule->to;
		break;
	case SETS_PAID:
		order->paid = true;
		break;
	case SETS_FLAG:
		order->flag = rule->to;
		break;
	case CLEARS_FLAG:
		order->flag = ORDER_STATUSES;
		order->denied = false;
		break;
	case SETS_DENIED:
		order->denied = true;
		break;
	case SETS_ARCHIVED:
		order->archived = true;
		break;
	case SETS_NOTHING:
		break;
	}
}

enum refusal order_step(struct call *call)
{
	struct order order;
	enum refusal refusal = order_open(call, &order);
	if (refusal)
		return refusal;
	set(&order, rule_find(call->command->op->name));
	order_settle(call, &order);
	order_log(call, &order, NULL);
	return REFUSAL_NONE;
}

/* Nothing of an archived order moves any more, so nothing may wait: no line, and no credit memo. */
enum refusal order_archive(struct call *call)
{
	struct order order;
	struct order_line *lines;
	enum refusal refusal = order_open(call, &order);
	if (refusal)
		return refusal;
	int count = order_line_all(call->db, order.number, &lines), waiting = 0;
	for (int i = 0; i < count; i++)
		waiting += order_line_outstanding(&lines[i]) != 0;
	free(lines);
	if (count < 0)
		return REFUSAL_FAULT;
	if (waiting > 0)
		return call_refuse(
			call, REFUSED_wrong_status, "%d of its lines are outstanding", waiting);
	if (db_has(call->db,
		    "SELECT 1 FROM credit_memo WHERE order_number = $1 AND status = 'open'", "t",
		    order.number))
		return call_refuse(call, REFUSED_wrong_status, "a credit memo of it is open");
	set(&order, rule_find(call->command->op->name));
	order_settle(call, &order);
	order_log(call, &order, NULL);
	return REFUSAL_NONE;
}
