/* order.compensate: the reservations of an order and SKU sum to −outstanding in the order's channel and to
 * nothing in any other. Where they do not, which no command brings about, one row more mends it; the view
 * order_audit finds them. It also works for reservations whose order is gone: they should sum to nothing. */
#include "model/order.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/order_sql.h"
#include "model/salable.h"

#include <stdlib.h>

/* Read whole before any is written. The caller deletes it. */
static cJSON *find_lacks(struct db *db, const char *number)
{
	cJSON *lacks = cJSON_CreateArray();
	struct db_rows *rows = db_query(db,
		"SELECT a.channel, a.sku, a.expected - a.reserved FROM " ORDER_SQL_AUDIT_OF(
			"WHERE l.order_number = $1",
			"WHERE r.order_number = $1") " a ORDER BY a.channel, a.sku",
		"t", number);
	while (db_next(rows)) {
		cJSON *lack = cJSON_CreateObject();
		cJSON_AddStringToObject(lack, "channel", db_text(rows, 0));
		cJSON_AddStringToObject(lack, "sku", db_text(rows, 1));
		cJSON_AddNumberToObject(lack, "qty", (double)db_int(rows, 2) / 1000);
		cJSON_AddItemToArray(lacks, lack);
	}
	db_done(rows);
	return lacks;
}

static void mend(struct call *call, const char *number, const cJSON *lack)
{
	const char *channel = json_text(lack, "channel"), *sku = json_text(lack, "sku");
	reservation_write(call,
		&(struct reservation){.channel = channel,
			.sku = sku,
			.qty = line_qty(lack, "qty"),
			.event = "compensation",
			.order = number});
	salable_recount_reserved(call, channel, sku);
}

enum refusal order_compensate(struct call *call)
{
	const char *number = call_text(call, "order");
	struct order order;
	bool found = order_read(call, number, &order);
	if (!found &&
		!db_has(call->db, "SELECT 1 FROM reservation WHERE order_number = $1", "t", number))
		return call_refuse(call, REFUSED_unknown_document, "no order %s", number);
	cJSON *lacks = find_lacks(call->db, number);
	const cJSON *lack;
	int count = cJSON_GetArraySize(lacks);
	cJSON_ArrayForEach(lack, lacks) mend(call, number, lack);
	if (found && count > 0) {
		order_settle(call, &order);
		order_log(call, &order, NULL);
	}
	cJSON_AddItemToObject(call_result(call), "compensated", lacks);
	if (count > 0)
		return REFUSAL_NONE;
	return call_refuse(
		call, REFUSED_nothing_to_do, "the ledger of %s sums as it should", number);
}
