/* What the files of the stocktake share (product.md §3). */
#ifndef COUNTERTOP_MODEL_STOCKTAKE_H
#define COUNTERTOP_MODEL_STOCKTAKE_H

#include "model/command.h"

/* SQL: is the stock row k (product p, which may be missing) in the scope of the sheet s? A full sheet
 * has every stock row of the store; a partial one those of its categories and vendors; a reversal none but
 * its own lines. The lists are JSON text, so a word is in one if taking it out changes the text. */
#define STOCKTAKE_HAS_WORD(list, word)                                                            \
	"(" list " IS NULL OR " list " = '[]' OR replace(" list ", '\"' || replace(replace(" word \
	", '\\', '\\\\'), '\"', '\\\"') || '\"', '') <> " list ")"
#define STOCKTAKE_IN_SCOPE                                                                         \
	"(k.store = s.store AND s.reverses IS NULL AND (s.scope = 'full' OR (" STOCKTAKE_HAS_WORD( \
		"s.categories", "p.category") " AND " STOCKTAKE_HAS_WORD("s.vendors",              \
		"p.vendor") ")))"

/* The same rows as FROM and WHERE of three queries, of which one at most has rows for a sheet: each starts
 * from what an index finds, so that a small sheet in a large store costs what it has itself. In the last
 * two SKUs are p.sku. json_each is SQLite's: PostgreSQL needs another text here. */
#define STOCKTAKE_WORDS(list) "(SELECT w.value FROM json_each(" list ") w)"
#define STOCKTAKE_FULL                                                                 \
	"stocktake s CROSS JOIN stock k WHERE k.store = s.store AND s.scope = 'full' " \
	"AND s.reverses IS NULL"
#define STOCKTAKE_PARTIAL                                                                                \
	"stocktake s CROSS JOIN product p CROSS JOIN stock k WHERE k.store = s.store AND k.sku = p.sku " \
	"AND s.scope <> 'full' AND s.reverses IS NULL AND COALESCE(s.categories, '[]') "
#define STOCKTAKE_BY_CATEGORY                                                                        \
	STOCKTAKE_PARTIAL "<> '[]' AND p.category IN " STOCKTAKE_WORDS(                              \
		"s.categories") " AND "                                                              \
				"(COALESCE(s.vendors, '[]') = '[]' OR p.vendor IN " STOCKTAKE_WORDS( \
					"s.vendors") ")"
#define STOCKTAKE_BY_VENDOR STOCKTAKE_PARTIAL "= '[]' AND p.vendor IN " STOCKTAKE_WORDS("s.vendors")

/* SQL: the size of the difference of the line l, negated; above 0 where it is not counted. By this, to the
 * letter, an index has the lines of a sheet, those that differ first. */
#define STOCKTAKE_BY_DIFFERENCE "CAST(-COALESCE(abs(l.counted - l.book), -1) AS BIGINT)"

enum stocktake_status {
	STOCKTAKE_NEW,
	STOCKTAKE_COUNTING,
	STOCKTAKE_PAUSED,
	STOCKTAKE_RECOUNTING,
	STOCKTAKE_MATCHED,
	STOCKTAKE_MISMATCHED,
	STOCKTAKE_CORRECTED,
	STOCKTAKE_VOID,
	STOCKTAKE_STATUSES
};
extern const char *const stocktake_words[STOCKTAKE_STATUSES];   /* the identifiers of product.md */
enum stocktake_status stocktake_status_named(const char *word); /* new if there is none such */

/* SQL: what a correction posts for the counted line l, and a rehearsal shows: counted − (book at the count +
 * corrections of that store and SKU posted since). So two sheets over one item never apply the same
 * difference twice, and what was corrected by mistake since is taken back. */
#define STOCKTAKE_POSTING(l)                                                                   \
	"(" l ".counted - " l ".book - (CAST(COALESCE((SELECT sum(g.qty) FROM ledger g WHERE " \
	"g.store = " l ".store AND g.sku = " l                                                 \
	".sku AND g.reason = 'correction'), 0) AS BIGINT) - " l ".corrected))"
/* SQL: has the line l, of the sheet s, to be picked to be posted: did another sheet count it later, or is it
 * none of what a sheet of part of the store was to count? Uncounted lines, and SKUs no catalogue knows, are
 * always left alone. */
#define STOCKTAKE_OUT_OF_SCOPE(s, l) \
	"(" l ".extra = 1 AND (" s ".scope <> 'full' OR " s ".reverses IS NOT NULL))"
#define STOCKTAKE_TO_PICK(s, l) "(" l ".later = 1 OR " STOCKTAKE_OUT_OF_SCOPE(s, l) ")"

struct sheet {
	char id[UUID_SIZE];
	char store[COMMAND_ID_MAX + 1];
	enum stocktake_status status;
	enum stocktake_status resumes_to;
	int64_t round;
};
/* Finds the sheet the command names, of the acting store. unknown_document or wrong_store else. */
enum refusal sheet_load(struct call *call, struct sheet *sheet);
/* Writes a new status, and the end time where the status ends the sheet. */
void sheet_set_status(struct call *call, struct sheet *sheet, enum stocktake_status status);
/* matched or mismatched, by the lines as they are. */
enum stocktake_status sheet_outcome(struct call *call, const struct sheet *sheet);
struct call_doc sheet_doc(const struct sheet *sheet);

#endif
