/* Rows of HQ on their way into a cache; for the files of the console only. */
#ifndef COUNTERTOP_MODEL_CONSOLE_ROWS_H
#define COUNTERTOP_MODEL_CONSOLE_ROWS_H

#include "model/db.h"
#include "model/table.h"

/* Sums are modulo 2^64, which SQL cannot add: they are kept here while rows land. */
#define LANDING_SUMS 64

struct landing {
	struct db *db;
	bool aside;        /* rows may be kept aside */
	bool again;        /* products are noted for another look */
	int64_t product_n; /* of the last product that landing_add indexed */
	int64_t hash;      /* to be added to the sum of each feed the row at hand is in */
	struct {
		char feed[FEED_NAME_MAX];
		uint64_t sum;
		int64_t seq; /* the highest position that came */
	} sums[LANDING_SUMS];
	int sum_count;
};

struct incoming {
	const char *feed;
	int64_t seq;
	const char *tbl;
	const char *key;  /* the text of a JSON array */
	const char *json; /* NULL: the row is gone */
	int64_t hash;     /* landing_hash of json */
};

/* Begins at the rows the cache has; everything happens inside the caller's transaction. */
void landing_begin(struct landing *landing, struct db *db);
/* Puts or deletes the row. Its product is noted in the table reindex, by key. */
void landing_row(struct landing *landing, const struct incoming *in);
/* The quick way for a table that is being filled: adds the row, of which only feed, seq, tbl and hash
 * are read, and indexes a product at once. False if that cannot be; then nothing is done, and
 * landing_row is to do it. */
bool landing_add(struct landing *landing, const struct incoming *in, const cJSON *row);
/* Writes sums and positions; before a commit. */
void landing_write(struct landing *landing);

/* The first eight bytes of SHA-256, as HQ sums them. */
int64_t landing_hash(const char *bytes, size_t length);

#endif
