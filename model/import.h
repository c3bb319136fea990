/* Batch import: many stock documents out of one file of rows (product.md §2, seed 001).
 *
 * The first row names the columns, in English or Chinese: expected date, source, destination, product
 * name, SKU, quantity. An empty source or destination is this store. A row is
 *
 *   from this store to others          a line of an outbound order to each of them (commas between)
 *   from another store to this one     a line of a transfer order
 *   from a name that is no store       a line of an inbound order from that third party
 *
 * Rows of the same date, source and destination make one document. Each row is judged by the command
 * it would become, so that no rule stands here twice. Every bad row is kept with its reason; whether
 * the good ones are worth importing without them is for a person to say. */
#ifndef COUNTERTOP_MODEL_IMPORT_H
#define COUNTERTOP_MODEL_IMPORT_H

#include "model/command.h"

#define IMPORT_LINES_MAX 5000 /* of one document, as in a command */
#define IMPORT_REASON_SIZE 200

struct import_order {
	const char *op; /* outbound.create, transfer.request or inbound.create */
	char *store;    /* the other end's id; NULL: a third party */
	char *third_party;
	char *expected_on;
	cJSON *lines; /* as in the command */
	int line_count;
};

struct import_bad {
	int64_t row; /* as a spreadsheet shows it */
	char reason[IMPORT_REASON_SIZE];
};

struct import {
	struct import_order *orders;
	int order_count, order_room;
	struct import_bad *bad;
	int bad_count, bad_room;
	int64_t rows; /* read, without the headings */
	int64_t lines;
};

struct import_from {
	struct db *db; /* knows the stores */
	const char *store;
	const char *path;
	/* Would this command be taken? If not, the reason for a person. data is consumed. */
	bool (*judge)(void *ctx, const char *op, cJSON *data, char reason[IMPORT_REASON_SIZE]);
	void (*progress)(void *ctx, int percent); /* now and then; may be NULL */
	void *ctx;
};

/* Reads the file whole. False, with a sentence, if it cannot be read or names no columns; bad rows are
 * no reason. import_free in either case. */
bool import_read(struct import *import, const struct import_from *from, char *error, size_t size);
void import_free(struct import *import);
/* The data of the command that makes the order; the caller's. */
cJSON *import_data(const struct import_order *order);

/* The headings a template has, in the user's language; NULL behind the last. */
const char *const *import_headings(void);

#endif
