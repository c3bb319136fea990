/* The limit program for commands at HQ: bare libmicrohttpd with group commit.
 *
 * It runs, on a database of the same tables and indexes, the statements that a `stock.adjust` cannot do
 * without: was the id seen, are store and SKU known, what is on hand; the stock, ledger and history row; a
 * position in the feed for each of the three; the command with its verdict; once a commit the feed's
 * counter. What came in during one turn of the loop is one transaction. It parses with cJSON alone, judges
 * nothing but what those statements say, and has no savepoints, triggers, hashes or rights: whatever
 * Countertop does beyond this is its own cost. */
#ifndef COUNTERTOP_BENCH_BARE_HQ_H
#define COUNTERTOP_BENCH_BARE_HQ_H

/* Serves the database of HQ at the path for ever; the address is told once it answers. */
_Noreturn void bare_hq_serve(const char *path, void (*tell)(const char *url));

#endif
