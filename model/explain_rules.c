/* Where every number comes from: one rule a kind. */
#include "model/explain_parts.h"

/* ---- stock ---- */

#define LEDGER(what)                                                                      \
	.key = "g.id", .at = "g.at", .group = "ledger", .word = "g.reason",               \
	.doc_kind = "g.doc_kind", .doc = "g.doc", .actor = "g.actor", .store = "g.store", \
	.qty = what
#define LEDGER_OF_STOCK(what)                                                                     \
	{                                                                                         \
		LEDGER(what),                                                                     \
			.from = "{ledger} g WHERE g.store = $1 AND g.sku = $2 AND " what " <> 0", \
			.order = "g.id", .order_type = 't'                                        \
	}
/* Is the stock of the store among the rows that are sent here? Else nothing is known of it, which is not zero. */
#define FOLLOWS(store) "($3 IS NULL OR " store " IN (SELECT j.value FROM json_each($3) j))"
#define IF_FOLLOWED(figure) "SELECT CASE WHEN " FOLLOWS("$1") " THEN " figure " END"
#define IN_STOCK(what) \
	"COALESCE((SELECT " what " FROM {stock} k WHERE k.store = $1 AND k.sku = $2), 0)"

/* The state of a movement as the lines are read. */
#define STATUS_OF(line) "(SELECT m.status FROM {movement} m WHERE m.id = " line ".movement)"
#define CREATED_AT(line) "(SELECT m.created_at FROM movement m WHERE m.id = " line ".movement)"
#define CREATED_BY(line) "(SELECT m.created_by FROM movement m WHERE m.id = " line ".movement)"
#define ROAD "l.shipped - l.received - l.written_off - l.sent_back"
#define MOVING(end)                                                                           \
	"{movement_line} l WHERE l." end " = $1 AND l.sku = $2 AND l.from_store IS NOT NULL " \
	"AND l.to_store IS NOT NULL AND l.shipped > l.received + l.written_off + l.sent_back"
#define MOVEMENT_ENTRY                                                        \
	.key = "l.movement", .at = CREATED_AT("l"), .actor = CREATED_BY("l"), \
	.doc_kind = "'movement'", .doc = "l.movement"
#define TRANSIT(end, other)                                                                 \
	.figure = IF_FOLLOWED("(SELECT COALESCE(SUM(" ROAD "), 0) FROM " MOVING(end) ")"),  \
	.sources = {{MOVEMENT_ENTRY, .from = MOVING(end), .qty = ROAD, .group = "movement", \
		.word = STATUS_OF("l"), .store = "l." other}}

#define UNSHIPPED                                                                                            \
	"{movement_line} l WHERE l.from_store = $1 AND l.sku = $2 AND l.ordered > l.shipped AND " STATUS_OF( \
		"l") " IN ('pending', 'accepted')"

/* ---- channels ---- */

#define RESERVATION(quantity)                                                   \
	.key = "r.id", .at = "r.at", .group = "reservation", .word = "r.event", \
	.actor = "r.actor", .doc_kind = "'sales_order'", .doc = "r.order_number", .qty = quantity
#define RESERVATIONS                                                                   \
	{                                                                              \
		RESERVATION("r.qty"),                                                  \
			.from = "{reservation} r WHERE r.channel = $1 AND r.sku = $2", \
			.order = "r.no", .order_type = 'i'                             \
	}
#define STOCK_AT(what) "(SELECT k." what " FROM {stock} k WHERE k.store = c.store AND k.sku = $2)"
#define SERVING                                                                                          \
	"channel_store c WHERE c.channel = $1 AND (SELECT s.enabled FROM store s WHERE s.id = c.store) " \
	"= 1 AND " STOCK_AT("in_stock") " = 1"
#define SUM_HERE "COALESCE((SELECT SUM(" STOCK_AT("on_hand") ") FROM " SERVING "), 0)"
/* A store of the channel whose stock is not sent here. */
#define SERVED_ELSEWHERE \
	"EXISTS (SELECT 1 FROM channel_store c WHERE c.channel = $1 AND NOT " FOLLOWS("c.store") ")"
/* As salable.c has it: it counts below 0 with backorders, above 0 without. */
#define THRESHOLD                                                                                         \
	"COALESCE((SELECT CASE WHEN (p.threshold > 0) = (p.backorders <> 0) THEN 0 ELSE p.threshold END " \
	"FROM product p WHERE p.sku = $2), 0)"
#define UNLIMITED \
	"COALESCE((SELECT p.backorders <> 0 AND p.threshold >= 0 FROM product p WHERE p.sku = $2), 0)"
#define KEPT(what) "(SELECT x." what " FROM {salable} x WHERE x.channel = $1 AND x.sku = $2)"
/* A pair that was never promised is not kept; then it is the sum, if all stores are here. */
#define SALABLE_ON_HAND                                                                                \
	"CASE WHEN EXISTS (SELECT 1 FROM {salable} x WHERE x.channel = $1 AND x.sku = $2) THEN " KEPT( \
		"on_hand") " WHEN NOT " SERVED_ELSEWHERE " THEN " SUM_HERE " END"

/* ---- sales orders ---- */

#define ORDER_LINE "{order_line} l WHERE l.order_number = $1 AND l.sku = $2"
#define ORDER_FIGURE(what) "SELECT " what " FROM " ORDER_LINE
#define ORDER_RESERVATIONS(quantity, which)                                                      \
	{                                                                                        \
		RESERVATION(quantity),                                                           \
			.from = "{reservation} r WHERE r.order_number = $1 AND r.sku = $2" which \
	}
#define ORDER_PART(word_, quantity, condition, kind)                                               \
	{                                                                                          \
		.from = ORDER_LINE condition, .key = "l.sku", .qty = quantity, .group = "explain", \
		.word = word_, .next = kind, .next_of = "l.order_number"                           \
	}

/* ---- tickets ---- */

#define TICKET "{ticket} t WHERE t.code = $1"
#define SPENT "COALESCE((SELECT SUM(r.qty) FROM {redemption} r WHERE r.code = t.code), 0)"
#define NOT_SPENT "(t.units - t.refunded - " SPENT ")"

/* ---- lines of a movement ---- */

#define LINE "{movement_line} l WHERE l.movement = $1 AND l.sku = $2"
#define LINE_FIGURE(what) "SELECT " what " FROM " LINE
#define LINE_LEDGER(quantity, which)                                                              \
	{                                                                                         \
		LEDGER(quantity), .from = "{ledger} g WHERE g.doc = $1 AND g.sku = $2 AND " which \
	}
/* Received after it was rejected or cancelled, goods leave the sender without being shipped. */
#define AS_SHIPPED                                                                             \
	"g.reason = 'ship' AND (SELECT m.status FROM {movement} m WHERE m.id = g.doc) NOT IN " \
	"('rejected', 'cancelled')"
#define LINE_PART(word_, quantity, kind)                                                \
	{                                                                               \
		MOVEMENT_ENTRY, .from = LINE " AND " quantity " <> 0", .qty = quantity, \
				.group = "explain", .word = word_, .next = kind,        \
				.next_of = "l.movement"                                 \
	}
#define BETWEEN "(l.from_store IS NOT NULL AND l.to_store IS NOT NULL)"

static const struct explain_rule rules[EXPLAIN_KINDS] = {
	[EXPLAIN_ON_HAND] = {.figure = IF_FOLLOWED(IN_STOCK("k.on_hand")),
		.sources = {LEDGER_OF_STOCK("g.qty")}},
	[EXPLAIN_DAMAGED] = {.figure = IF_FOLLOWED(IN_STOCK("k.damaged")),
		.sources = {LEDGER_OF_STOCK("g.damaged")}},
	[EXPLAIN_TRANSIT_IN] = {TRANSIT("to_store", "from_store")},
	[EXPLAIN_TRANSIT_OUT] = {TRANSIT("from_store", "to_store")},
	[EXPLAIN_AVAILABLE] =
		{.figure = IF_FOLLOWED(IN_STOCK(
			 "k.on_hand") " - COALESCE((SELECT SUM(l.ordered - l.shipped) FROM " UNSHIPPED
				      "), 0)"),
			.sources = {{.from = "{stock} k WHERE k.store = $1 AND k.sku = $2",
					    .key = "k.store",
					    .qty = "k.on_hand",
					    .group = "explain",
					    .word = "'on_hand'",
					    .store = "k.store",
					    .next = EXPLAIN_ON_HAND,
					    .next_of = "k.store"},
				{MOVEMENT_ENTRY, .from = UNSHIPPED, .qty = "l.shipped - l.ordered",
					.group = "explain", .word = "'not_shipped'",
					.store = "l.to_store"}}},
	[EXPLAIN_SALABLE] = {.figure = "SELECT " SALABLE_ON_HAND " + COALESCE(" KEPT(
				     "reserved") ", 0) - " THRESHOLD ", " UNLIMITED,
		.sources = {{.from = SERVING,
				    .key = "c.no",
				    .qty = STOCK_AT("on_hand"),
				    .group = "explain",
				    .word = "'on_hand'",
				    .store = "c.store",
				    .next = EXPLAIN_ON_HAND,
				    .next_of = "c.store"},
			{.from = "{salable} x WHERE x.channel = $1 AND x.sku = $2 AND x.on_hand IS NOT "
				 "NULL AND " SERVED_ELSEWHERE,
				.key = "x.channel",
				.qty = "x.on_hand - " SUM_HERE,
				.group = "explain",
				.word = "'elsewhere'"},
			RESERVATIONS,
			{.from = "product p WHERE p.sku = $2 AND " THRESHOLD " <> 0",
				.key = "p.sku",
				.qty = "-" THRESHOLD,
				.group = "explain",
				.word = "'threshold'"}}},
	[EXPLAIN_RESERVED] = {.figure = "SELECT COALESCE(" KEPT("reserved") ", 0)",
		.sources = {RESERVATIONS}},
	[EXPLAIN_COUNTED] =
		{.figure = "SELECT l.counted FROM {stocktake_line} l WHERE l.stocktake = "
			   "$1 AND l.sku = $2",
			.is_count = true},
	[EXPLAIN_DIFFERENCE] = {.figure = "SELECT l.counted - l.book FROM {stocktake_line} l WHERE "
					  "l.stocktake = $1 AND l.sku = $2",
		.sources = {{.from = "{stocktake_line} l WHERE l.stocktake = $1 AND l.sku = $2 AND "
				     "l.counted IS NOT NULL",
				    .key = "l.sku",
				    .qty = "l.counted",
				    .at = "l.counted_at",
				    .group = "explain",
				    .word = "'counted'",
				    .next = EXPLAIN_COUNTED,
				    .next_of = "l.stocktake"},
			{.from = "{stocktake_line} l WHERE l.stocktake = $1 AND l.sku = $2 AND "
				 "l.counted IS NOT NULL",
				.key = "l.sku",
				.qty = "-l.book",
				.at = "l.counted_at",
				.group = "explain",
				.word = "'book'",
				.store = "l.store",
				.next = EXPLAIN_ON_HAND,
				.next_of = "l.store"}}},
	[EXPLAIN_MOVEMENT_ORDERED] = {.figure = LINE_FIGURE("l.ordered"),
		.sources = {LINE_PART("'ordered'", "l.ordered", EXPLAIN_NONE)}},
	[EXPLAIN_MOVEMENT_SHIPPED] = {.figure = LINE_FIGURE("l.shipped"),
		.sources = {LINE_LEDGER("-g.qty - g.damaged", AS_SHIPPED)}},
	[EXPLAIN_MOVEMENT_RECEIVED] = {.figure = LINE_FIGURE("l.received"),
		.sources = {LINE_LEDGER("g.qty + g.damaged", "g.reason = 'receive'")}},
	[EXPLAIN_MOVEMENT_DAMAGED] = {.figure = LINE_FIGURE("l.damaged"),
		.sources = {LINE_LEDGER("abs(g.damaged)", "g.damaged <> 0")}},
	[EXPLAIN_MOVEMENT_ROAD] = {.figure = LINE_FIGURE("CASE WHEN " BETWEEN " AND " ROAD
							 " > 0 THEN " ROAD " ELSE 0 END"),
		.sources = {LINE_PART("'shipped'", "l.shipped", EXPLAIN_MOVEMENT_SHIPPED),
			LINE_PART("'received'", "-l.received", EXPLAIN_MOVEMENT_RECEIVED),
			LINE_PART("'written_off'", "-l.written_off", EXPLAIN_NONE),
			LINE_PART("'sent_back'", "-l.sent_back", EXPLAIN_MOVEMENT_SENT_BACK),
			/* What came and was never shipped was not on the road. */
			LINE_PART("'never_on_the_way'",
				"(CASE WHEN NOT " BETWEEN " OR " ROAD " < 0 THEN -(" ROAD
				") ELSE 0 END)",
				EXPLAIN_NONE)}},
	[EXPLAIN_MOVEMENT_SENT_BACK] = {.figure = LINE_FIGURE("l.sent_back"),
		.sources = {LINE_LEDGER("g.qty", "g.reason = 'close'")}},
	[EXPLAIN_ORDER_ORDERED] = {.figure = ORDER_FIGURE("l.ordered"),
		.sources = {ORDER_RESERVATIONS("-r.qty", " AND r.event = 'order_placed'")}},
	[EXPLAIN_ORDER_INVOICED] = {.figure = ORDER_FIGURE("l.invoiced"),
		.sources = {{.from = "{invoice} v WHERE v.order_number = $1 AND EXISTS (SELECT 1 FROM "
				     "{invoice_line} l WHERE l.invoice = v.id AND l.sku = $2)",
			.key = "v.id",
			.qty = "(SELECT l.qty FROM {invoice_line} l WHERE l.invoice = v.id AND l.sku "
			       "= $2)",
			.at = "v.at",
			.group = "explain",
			.word = "'invoiced'",
			.doc_kind = "'sales_order'",
			.doc = "v.order_number",
			.actor = "v.actor"}}},
	[EXPLAIN_ORDER_SHIPPED] = {.figure = ORDER_FIGURE("l.shipped"),
		.sources = {{.from = "{shipment_line} l WHERE l.order_number = $1 AND l.sku = $2",
			.key = "l.shipment",
			.qty = "l.qty",
			.at = "(SELECT h.at FROM shipment h WHERE h.id = l.shipment)",
			.group = "explain",
			.word = "'shipped'",
			.doc_kind = "'sales_order'",
			.doc = "l.order_number",
			.actor = "(SELECT h.actor FROM shipment h WHERE h.id = l.shipment)",
			.store = "l.store"}}},
	[EXPLAIN_ORDER_CANCELLED] = {.figure = ORDER_FIGURE("l.cancelled"),
		.sources = {ORDER_RESERVATIONS("r.qty", " AND r.event = 'order_canceled'")}},
	[EXPLAIN_ORDER_REFUNDED] = {.figure = ORDER_FIGURE("l.refunded"),
		.sources = {{.from = "{credit_memo_line} l WHERE l.order_number = $1 AND l.sku = $2 AND "
				     "(SELECT m.status FROM {credit_memo} m WHERE m.id = l.memo) = "
				     "'refunded'",
			.key = "l.id",
			.qty = "l.qty",
			.at = "(SELECT m.refunded_at FROM credit_memo m WHERE m.id = l.memo)",
			.group = "explain",
			.word = "CASE WHEN l.return_to_stock <> 0 THEN 'to_stock' ELSE 'not_to_stock' "
				"END",
			.doc_kind = "'sales_order'",
			.doc = "l.order_number",
			.actor = "(SELECT m.refunded_by FROM credit_memo m WHERE m.id = l.memo)"}}},
	[EXPLAIN_ORDER_OUTSTANDING] =
		{.figure = ORDER_FIGURE("l.ordered - l.cancelled - CASE WHEN l.is_virtual "
					"<> 0 THEN l.invoiced ELSE l.shipped + l.unsent END"),
			.sources = {ORDER_PART("'ordered'", "l.ordered", "", EXPLAIN_ORDER_ORDERED),
				ORDER_PART("'cancelled'", "-l.cancelled", " AND l.cancelled <> 0",
					EXPLAIN_ORDER_CANCELLED),
				ORDER_PART("'shipped'", "-l.shipped",
					" AND l.is_virtual = 0 AND l.shipped <> 0",
					EXPLAIN_ORDER_SHIPPED),
				ORDER_PART("'unsent'", "-l.unsent",
					" AND l.is_virtual = 0 AND l.unsent <> 0",
					EXPLAIN_ORDER_REFUNDED),
				ORDER_PART("'invoiced'", "-l.invoiced",
					" AND l.is_virtual <> 0 AND l.invoiced <> 0",
					EXPLAIN_ORDER_INVOICED)}},
	[EXPLAIN_ORDER_RESERVED] = {.figure = "SELECT COALESCE(SUM(r.qty), 0) FROM {reservation} r "
					      "WHERE r.order_number = $1 AND r.sku = $2",
		.sources = {ORDER_RESERVATIONS("r.qty", "")}},
	[EXPLAIN_REDEEMED] = {.figure = "SELECT 1000 * " SPENT " FROM " TICKET,
		.sources = {{.from = "{redemption} r WHERE r.code = $1",
			.key = "r.id",
			.qty = "1000 * r.qty",
			.at = "r.at",
			.group = "mode",
			.word = "r.kind",
			.doc_kind = "'order'",
			.doc = "r.order_number",
			.actor = "r.actor",
			.store = "r.store"}}},
	[EXPLAIN_LEFT] = {.figure = "SELECT CASE WHEN t.status = 'superseded' OR " NOT_SPENT
				    " < 0 THEN 0 ELSE 1000 * " NOT_SPENT " END FROM " TICKET,
		.sources = {{.from = TICKET,
				    .key = "t.code",
				    .qty = "1000 * t.units",
				    .at = "t.issued_at",
				    .group = "explain",
				    .word = "'units'",
				    .doc_kind = "'order'",
				    .doc = "t.order_number"},
			{.from = TICKET " AND t.refunded <> 0",
				.key = "t.code",
				.qty = "-1000 * t.refunded",
				.group = "explain",
				.word = "'given_back'"},
			{.from = TICKET " AND " SPENT " <> 0",
				.key = "t.code",
				.qty = "-1000 * " SPENT,
				.group = "explain",
				.word = "'redeemed'",
				.next = EXPLAIN_REDEEMED,
				.next_of = "t.code"},
			{.from = TICKET " AND t.status = 'superseded' AND " NOT_SPENT " <> 0",
				.key = "t.code",
				.qty = "-1000 * " NOT_SPENT,
				.group = "explain",
				.word = "'split'"},
			{.from = TICKET " AND t.status <> 'superseded' AND " NOT_SPENT " < 0",
				.key = "t.code",
				.qty = "-1000 * " NOT_SPENT,
				.group = "explain",
				.word = "'overspent'"}}},
};

const struct explain_rule *explain_rule_of(enum explain_kind kind)
{
	return &rules[kind];
}
