/* A small console: a copy of the rows that HQ sends to a device. */
#ifndef COUNTERTOP_TESTS_FEED_COPY_H
#define COUNTERTOP_TESTS_FEED_COPY_H

#include "hq_fixture.h"

#define COPY_ROWS_MAX 400

struct copy {
	char cursor[600]; /* "": nothing was pulled */
	int pages, lines;
	struct {
		char name[200]; /* table and key */
		char *json;     /* of the row, byte by byte; NULL: gone */
	} rows[COPY_ROWS_MAX];
	int count;
	cJSON *sums; /* of the last trailer */
};

/* Pulls until nothing more comes; the status. */
int copy_pull(struct hq_fixture *f, const char *token, struct copy *copy, int limit);
/* Takes the page of the last answer; true if there is more. */
bool copy_take_page(struct hq_fixture *f, struct copy *copy);
/* The row of table["key"] as it was sent; NULL if there is none. */
const char *copy_row(const struct copy *copy, const char *name);
/* Works out the sum of each feed from the rows held, as a console would. */
void copy_check_sums(const struct copy *copy);
void copy_free(struct copy *copy);

#endif
