/* Batch import: many stock documents out of one file of rows (product.md §2, seed 001).
 *
 * The first row names the columns, in English or Chinese: expected date, source, destination, product
 * name, SKU, quantity. An empty source or destination is this store. A row is
 *
 *   from this store to others          a line of an outbound order to each of them (commas between)
 *   from another store to this one     a line of a transfer order
 *   from a name that is no store       a line of an inbound order from that third party, unless it
 *                                      looks like a store's that was mistyped
 *
 * Rows of the same date, source and destination make one document. Each row is judged by the command
 * it would become, so that no rule stands here twice. Every bad row is kept with its reason; whether
 * the good ones are worth importing without them is for a person to say. */
#ifndef COUNTERTOP_MODEL_IMPORT_H
#define COUNTERTOP_MODEL_IMPORT_H

#include "model/command.h"

#define IMPORT_LINES_MAX 5000       /* of one document, as in a command */
#define IMPORT_LINES_ALL_MAX 200000 /* of all documents together */
#define IMPORT_REASON_SIZE 200
#define IMPORT_CELL_SIZE 120 /* of a bad row's cell as it is kept; a longer one is cut */
#define IMPORT_COLUMNS 6

struct import_line {
	char *sku;
	int64_t qty_milli;
};

struct import_order {
	const char *op; /* outbound.create, transfer.request or inbound.create */
	char *store;    /* the other end's id; NULL: a third party */
	char *third_party;
	char *expected_on;
	struct import_line *lines;
	int line_count, line_room;
	int64_t qty_milli; /* of all lines */
	char *made; /* the number of a document that has its lines, or some of them and no others */
};

struct import_bad {
	int64_t row; /* as a spreadsheet shows it */
	const char *
		kind; /* what the reason is an example of, translated: the same text for the same kind */
	char reason[IMPORT_REASON_SIZE];
	char *cells[IMPORT_COLUMNS]; /* in the order of import_headings */
};

struct import {
	struct import_order *orders;
	int order_count, order_room;
	struct import_bad *bad;
	int bad_count, bad_room;
	int made_count; /* of the orders; see import_find_made */
	int64_t rows;   /* read, without the headings */
	int64_t lines;
};

struct import_from {
	struct db *(*db)(
		void *ctx); /* knows the stores; asked for each row, for it may be replaced */
	const char *store;
	const char *path;
	/* Would this command be taken? If not, the reason for a person and its kind. data is consumed. */
	bool (*judge)(void *ctx, const char *op, cJSON *data, char reason[IMPORT_REASON_SIZE],
		const char **kind);
	void *ctx;
};

/* Reading, a row or a piece of the file at a time. What `from` points to must live as long; error is
 * written to until import_close. */
struct import_reading;
/* NULL, with a sentence, if the file cannot be opened. import_free in either case. */
struct import_reading *import_open(
	struct import *import, const struct import_from *from, char *error, size_t size);
/* False when it has come to its end, good or bad. */
bool import_step(struct import_reading *reading);
int import_percent(const struct import_reading *reading); /* of the file */
/* False, with a sentence, if it could not be read whole or names no columns; bad rows are no reason. */
bool import_close(struct import_reading *reading);

/* Finds which orders were made before, whole or in part, by whatever means, at this or another seat: a
 * document of the same ends and date, whose lines are all in the order, that is neither cancelled nor refused. Sets made of each and made_count; may be
 * called again. */
void import_find_made(struct import *import, struct db *db, const char *store);

void import_free(struct import *import);
/* The data of the command that makes the order; the caller's. */
cJSON *import_data(const struct import_order *order);

/* The headings a template has, in the user's language; NULL behind the last. */
const char *const *import_headings(void);

#endif
