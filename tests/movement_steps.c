#include "tests/movement_steps.h"

#include "model/stock.h"

const char *steps_by_sender(struct fixture *fx, const char *op, const char *id)
{
	fixture_do(fx, op, "xinyi", "lin", DOC, id);
	return id;
}

const char *steps_by_receiver(struct fixture *fx, const char *op, const char *id)
{
	fixture_do(fx, op, "ximen", "huang", DOC, id);
	return id;
}

const char *steps_sent(struct fixture *fx)
{
	return fixture_do(fx, "outbound.create", "xinyi", "lin", SEND);
}

const char *steps_accepted(struct fixture *fx)
{
	return steps_by_receiver(fx, "inbound.accept", steps_sent(fx));
}

const char *steps_shipped(struct fixture *fx)
{
	return steps_by_sender(fx, "outbound.ship", steps_accepted(fx));
}

void steps_receive(struct fixture *fx, const char *id, const char *sku, int qty)
{
	fixture_do(fx, "inbound.receive", "ximen", "wang", ONE, id, sku, qty);
}

void steps_expect_status(struct fixture *fx, const char *id, const char *status)
{
	fixture_expect_text(fx, status, "SELECT status FROM movement WHERE id = '%s'", id);
}

void steps_expect_line(struct fixture *fx, const char *id, const char *sku, const char *figures)
{
	fixture_expect_text(fx, figures,
		"SELECT (ordered / 1000) || ' ' || (shipped / 1000) || ' ' || (received / 1000) || ' ' ||"
		" (damaged / 1000) || ' ' || (written_off / 1000) || ' ' || (sent_back / 1000) ||"
		" CASE extra WHEN 1 THEN ' extra' ELSE '' END ||"
		" CASE unknown WHEN 1 THEN ' unknown' ELSE '' END"
		" FROM movement_line WHERE movement = '%s' AND sku = '%s'",
		id, sku);
}

void steps_expect_on_hand(struct fixture *fx, const char *sku, int at_xinyi, int at_ximen)
{
	assert_int_equal(fixture_on_hand(fx, "xinyi", sku), at_xinyi * 1000);
	assert_int_equal(fixture_on_hand(fx, "ximen", sku), at_ximen * 1000);
}

int64_t steps_on_the_road(struct fixture *fx, const char *sku)
{
	return stock_figures_of(fx->db, "ximen", sku).in_transit_in / 1000;
}

int64_t steps_exceptions(struct fixture *fx, const char *kind)
{
	return fixture_int(fx, "SELECT COUNT(*) FROM exception WHERE kind = '%s'", kind);
}

#define LINES "FROM movement_line l JOIN movement m ON m.id = l.movement WHERE "
#define BETWEEN_STORES "l.from_store IS NOT NULL AND l.to_store IS NOT NULL AND "
#define POSTED(what, store)                                              \
	"(SELECT COALESCE(SUM(" what                                     \
	"), 0) FROM ledger g WHERE g.doc = l.movement AND g.sku = l.sku" \
	" AND g.store = " store ")"

/* Each names a rule and finds the rows that break it. */
static const struct {
	const char *rule, *sql;
} rules[] = {
	{"no figure is below zero",
		LINES
		"MIN(l.ordered, l.shipped, l.received, l.damaged, l.written_off, l.sent_back) < 0"},
	{"damaged is a part", LINES "l.damaged > MAX(l.received, l.shipped)"},
	{"what left the sender is in the ledger",
		LINES BETWEEN_STORES POSTED("g.qty",
			"l.from_store") " <>"
					" l.sent_back - MAX(l.shipped, l.received + l.written_off + l.sent_back)"},
	{"what left for a third party is in the ledger",
		LINES "l.to_store IS NULL AND (" POSTED("g.qty + g.damaged",
			"l.from_store") " <>"
					" -l.shipped OR " POSTED(
						"g.damaged", "l.from_store") " <> -l.damaged)"},
	{"what was received is in the ledger",
		LINES "l.to_store IS NOT NULL AND (" POSTED(
			"g.qty + g.damaged", "l.to_store") " <>"
							   " l.received OR " POSTED("g.damaged",
								   "l.to_store") " <> l.damaged)"},
	{"third parties neither send back nor lose",
		LINES
		"(l.from_store IS NULL OR l.to_store IS NULL) AND l.written_off + l.sent_back > 0"},
	{"nothing moved before consent",
		LINES "m.status = 'pending' AND l.shipped + l.received > 0"},
	{"nothing was shipped where it was stopped",
		LINES "m.status IN ('rejected', 'cancelled') AND l.shipped > 0"},
	{"shipped is in full", LINES "m.status = 'shipped' AND l.shipped <> l.ordered"},
	{"nothing is left on the road at the end",
		LINES BETWEEN_STORES "m.status = 'received' AND"
				     " l.shipped > l.received + l.written_off + l.sent_back"},
	{"nothing is given up before the end",
		LINES "m.status <> 'received' AND l.written_off + l.sent_back > 0"},
	{"partial lacks something",
		"FROM movement m WHERE m.status = 'partial' AND NOT EXISTS (SELECT 1 FROM"
		" movement_line l WHERE l.movement = m.id AND l.received <"
		" CASE WHEN l.from_store IS NULL THEN l.ordered ELSE l.shipped END)"},
	{"below zero someone is told",
		"FROM stock s WHERE MIN(s.on_hand, s.damaged) < 0 AND NOT EXISTS (SELECT 1 FROM"
		" exception e WHERE e.kind = 'negative_stock' AND e.store = s.store AND e.sku = s.sku)"},
};

const char *steps_broken_rule(struct fixture *fx)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (fixture_int(fx, "SELECT COUNT(*) %s", rules[i].sql) != 0)
			return rules[i].rule;
	return NULL;
}
