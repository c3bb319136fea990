/* SQL of sales orders that lists and reports have in common. */
#ifndef COUNTERTOP_MODEL_ORDER_SQL_H
#define COUNTERTOP_MODEL_ORDER_SQL_H

/* Of a line `l`; order_line_outstanding says the same. */
#define ORDER_SQL_OUTSTANDING \
	"(l.ordered - l.cancelled - CASE WHEN l.is_virtual <> 0 THEN l.invoiced ELSE l.shipped + l.unsent END)"

/* Where the ledger of an order does not sum as it should, (order_number, channel, sku, reserved, expected): to what is
 * outstanding, below 0, in its channel, and to nothing elsewhere. Empty, or something went wrong that no command
 * does; order.compensate writes the difference. */
#define ORDER_SQL_AUDIT ORDER_SQL_AUDIT_OF("", "")
/* The same of one order: a condition on `l` and on `r`, which SQLite would not carry that far by itself. */
#define ORDER_SQL_AUDIT_OF(lines, reservations)                                                            \
	"(SELECT y.order_number AS order_number, y.channel AS channel, y.sku AS sku,"                      \
	" CAST(SUM(y.reserved) AS BIGINT) AS reserved, CAST(SUM(y.expected) AS BIGINT) AS expected"        \
	" FROM (SELECT l.order_number AS order_number, l.channel AS channel, l.sku AS sku, 0 AS reserved," \
	"  -" ORDER_SQL_OUTSTANDING " AS expected FROM order_line l " lines                                \
	"  UNION ALL SELECT r.order_number, r.channel, r.sku, r.qty, 0 FROM reservation r " reservations   \
	") y GROUP BY y.order_number, y.channel, y.sku HAVING SUM(y.reserved) <> SUM(y.expected))"

#endif
