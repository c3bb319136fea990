/* Feeds: what consoles follow. Before a commit every touched row is stamped once for each feed it
 * was in and each it is in now (design.md §1 HQ).
 *
 * Invariants: (1) a feed's counter is advanced in the transaction that changed its rows, last, and in
 * feed-name order, so that commit order is feed order; (2) feed keeps only a row's newest position;
 * (3) feed_head.sum is the sum of the hashes of its live rows mod 2^64, row_count their number. */
#ifndef COUNTERTOP_HQ_FEED_H
#define COUNTERTOP_HQ_FEED_H

#include "model/db.h"
#include "model/table.h"

#define FEED_TOMBSTONE_MS ((int64_t)45 * 24 * 60 * 60 * 1000)
#define FEED_PURGE_EVERY_MS ((int64_t)60 * 60 * 1000)

/* The first 8 bytes, big-endian, of the SHA-256 of a row's JSON as sent. */
uint64_t feed_hash(const char *json, size_t length);

/* Forgets what was touched: first thing in a transaction. */
void feed_begin(struct db *db);
/* Rows touched from now on belong to command number n of the group. */
void feed_number(struct db *db, int n);

/* Where the rows of one command went: the highest position in each feed. */
struct feed_position {
	int n;
	const char *feed; /* owned by the stamping */
	int64_t seq;
};

struct feed_stamping {
	struct feed_position *positions; /* sorted by n, then feed */
	int position_count;
	char **feeds; /* owned names, sorted */
	int feed_count;
};

/* Stamps every row touched since feed_begin. False if the database failed or memory is short. */
bool feed_stamp(struct db *db, int64_t now_ms, struct feed_stamping *stamping);
void feed_stamping_free(struct feed_stamping *stamping);
/* {"store:xinyi":"12"} for command n. */
void feed_positions_json(const struct feed_stamping *stamping, int n, struct text *json);

/* Drops tombstones older than 45 days and moves the floors. Inside a transaction. */
void feed_purge(struct db *db, int64_t now_ms);

struct feed_head {
	int64_t seq;
	uint64_t sum;
	int64_t rows;
	int64_t floor;
};
/* All zero for a feed that never had a row. */
struct feed_head feed_head_of(struct db *db, const char *feed);

#endif
