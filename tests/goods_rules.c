#include "tests/goods_rules.h"

#include <stddef.h>

#define LINES "SELECT 1 FROM movement_line l JOIN movement m ON m.id = l.movement WHERE "
#define BETWEEN_STORES "l.from_store IS NOT NULL AND l.to_store IS NOT NULL AND "
#define STOPPED "m.status IN ('rejected', 'cancelled')"
/* Is the ledger of this end here? */
#define HERE(store) "($1 = '' OR $1 = " store ") AND "
#define POSTED(what, store)                                              \
	"(SELECT COALESCE(SUM(" what                                     \
	"), 0) FROM ledger g WHERE g.doc = l.movement AND g.sku = l.sku" \
	" AND g.store = " store ")"

struct rule {
	const char *words, *sql;
};

/* Each names a rule and finds the rows that break it; every text mentions $1. */
static const struct rule rules[] = {
	{"no figure is below zero",
		LINES "$1 = $1 AND MIN(l.ordered, l.shipped, l.received, l.damaged, l.written_off,"
		      " l.sent_back) < 0"},
	{"damaged is a part", LINES "$1 = $1 AND l.damaged > MAX(l.received, l.shipped)"},
	{"no more is shipped than was ordered", LINES "$1 = $1 AND l.shipped > l.ordered"},
	{"what left the sender is in the ledger",
		LINES HERE("l.from_store") BETWEEN_STORES POSTED("g.qty",
			"l.from_store") " <>"
					" l.sent_back - MAX(l.shipped, l.received + l.written_off + l.sent_back)"},
	{"no damaged units leave between stores",
		LINES HERE("l.from_store")
			BETWEEN_STORES POSTED("g.damaged", "l.from_store") " <> 0"},
	{"what left for a third party is in the ledger",
		LINES HERE("l.from_store") "l.to_store IS NULL AND (" POSTED("g.qty + g.damaged",
			"l.from_store") " <> -l.shipped OR " POSTED("g.damaged",
			"l.from_store") " <> -l.damaged)"},
	{"what was received is in the ledger",
		LINES HERE("l.to_store") "l.to_store IS NOT NULL AND (" POSTED(
			"g.qty + g.damaged", "l.to_store") " <> l.received OR " POSTED("g.damaged",
			"l.to_store") " <> l.damaged)"},
	{"third parties neither send back nor lose",
		LINES "$1 = $1 AND (l.from_store IS NULL OR l.to_store IS NULL)"
		      " AND l.written_off + l.sent_back > 0"},
	{"what is given up is what had left and did not come",
		LINES "$1 = $1 AND l.written_off + l.sent_back > 0"
		      " AND l.received + l.written_off + l.sent_back <> l.shipped"},
	{"what is given up has a reason, and nothing else has",
		LINES BETWEEN_STORES
		"$1 = $1 AND (l.written_off + l.sent_back > 0) <> (l.reason IS NOT NULL)"},
	{"what came above is flagged, and nothing else is",
		LINES "$1 = $1 AND l.extra <> (l.ordered = 0 OR l.received >"
		      " CASE WHEN l.from_store IS NULL OR l.to_store IS NULL OR " STOPPED
		      " THEN l.ordered ELSE l.shipped END)"},
	{"nothing moved before consent",
		LINES "$1 = $1 AND m.status = 'pending' AND l.shipped + l.received > 0"},
	{"nothing is counted before it is partial",
		LINES
		"$1 = $1 AND m.status IN ('accepted', 'shipped', 'arrived') AND l.received > 0"},
	{"nothing was shipped where it was stopped",
		LINES "$1 = $1 AND " STOPPED " AND l.shipped > 0"},
	{"shipped is in full", LINES "$1 = $1 AND m.status = 'shipped' AND l.shipped <> l.ordered"},
	{"nothing is left on the road at the end",
		LINES BETWEEN_STORES "$1 = $1 AND m.status = 'received' AND"
				     " l.shipped > l.received + l.written_off + l.sent_back"},
	{"nothing is given up before the end",
		LINES "$1 = $1 AND m.status <> 'received' AND l.written_off + l.sent_back > 0"},
	{"partial lacks something",
		"SELECT 1 FROM movement m WHERE $1 = $1 AND m.status = 'partial' AND NOT EXISTS (SELECT 1 FROM"
		" movement_line l WHERE l.movement = m.id AND l.received <"
		" CASE WHEN l.from_store IS NULL THEN l.ordered ELSE l.shipped END)"},
	{"below zero someone is told",
		"SELECT 1 FROM stock s WHERE $1 = $1 AND MIN(s.on_hand, s.damaged) < 0 AND NOT EXISTS (SELECT 1 FROM"
		" exception e WHERE e.kind = 'negative_stock' AND e.store = s.store AND e.sku = s.sku)"},
	{"who receives what was stopped is told",
		LINES "$1 = $1 AND " STOPPED
		      " AND l.received > 0 AND NOT EXISTS (SELECT 1 FROM exception e"
		      " WHERE e.kind = 'received_after_cancel' AND e.doc = m.id)"},
	{"at most what was asked for is agreed to, and only by agreeing",
		"SELECT 1 FROM transfer_line l JOIN transfer t ON t.id = l.transfer WHERE $1 = $1 AND"
		" (l.agreed > l.ordered OR l.agreed < 0 OR (t.status <> 'agreed' AND l.agreed > 0))"},
	{"an agreement has its movement, and nothing else has one",
		"SELECT 1 FROM transfer t WHERE $1 = $1 AND (t.status = 'agreed') <> EXISTS (SELECT 1 FROM movement m"
		" WHERE m.id = t.movement AND m.transfer = t.id)"},
	{"the movement is of what was agreed to",
		"SELECT 1 FROM transfer_line l JOIN transfer t ON t.id = l.transfer WHERE $1 = $1 AND"
		" t.status = 'agreed' AND l.agreed <> COALESCE((SELECT k.ordered FROM movement_line k"
		" WHERE k.movement = t.movement AND k.sku = l.sku), 0)"},
};

const char *goods_broken_rule(struct db *db, const char *store)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (db_has(db, rules[i].sql, "t", store ? store : ""))
			return rules[i].words;
	}
	return NULL;
}

const char *goods_broken_ledger(struct db *db)
{
	return db_has(db,
		       "SELECT 1 FROM stock s WHERE (s.on_hand, s.damaged) <> (SELECT"
		       " COALESCE(SUM(g.qty), 0), COALESCE(SUM(g.damaged), 0) FROM ledger g"
		       " WHERE g.store = s.store AND g.sku = s.sku)",
		       "")
		? "stock is the sum of its ledger"
		: NULL;
}
