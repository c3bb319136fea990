/* The rules of stock documents (product.md §2, model/movement.h, model/transfer.h) as queries: what must be
 * so in the rows of HQ and in those of every console at any instant, whatever anybody did. */
#ifndef COUNTERTOP_TESTS_GOODS_RULES_H
#define COUNTERTOP_TESTS_GOODS_RULES_H

#include "model/db.h"

/* The rule that the rows break now, in words; NULL if none. store names the only one whose ledger these rows
 * hold, as in a console's cache; NULL: all of them, as at HQ.
 *
 * The equations of a line between two stores, all in the ledger of its document:
 *     off the sender  = max(shipped, received + written off + sent back) − sent back
 *     at the receiver = received, damaged units as such
 *     in transit      = shipped − received − written off − sent back, never below 0
 * so that off the sender = at the receiver + in transit + written off. Of a line with a third party there is
 * one end: at the receiver = received, or off the sender = shipped, and nothing is ever in transit. */
const char *goods_broken_rule(struct db *db, const char *store);
/* The same of stock lines whose every change, the first one too, stands in the ledger. */
const char *goods_broken_ledger(struct db *db);

#endif
