/* An HQ on a temporary database, asked directly without a socket. Two shops, xinyi and ximen, and
 * the product A1 with 10 on hand at both. */
#ifndef COUNTERTOP_TESTS_HQ_FIXTURE_H
#define COUNTERTOP_TESTS_HQ_FIXTURE_H

#include "hq/hq.h"

#include <cjson/cJSON.h>

struct hq_fixture {
	char dir[256];
	char url[300];
	struct hq *hq;
	char token[HQ_SECRET_SIZE]; /* of role hq */
	int64_t now_ms;
	int ids;     /* made so far */
	char id[40]; /* of the last command made */
	/* What the next requests carry; NULL or 0: nothing. */
	const char *epoch, *known, *accept;
	int64_t waited_ms;
	struct hq_answer answer; /* to the last request */
};

/* cmocka's setup and teardown: *state is a struct hq_fixture. */
int hq_fixture_open(void **state);
int hq_fixture_close(void **state);

/* Closes HQ and opens its database again. */
void hq_fixture_reopen(struct hq_fixture *f);
/* Asks; target is the path with its query. The status; f->answer holds the rest. */
int hq_ask(struct hq_fixture *f, const char *token, const char *method, const char *target,
	const char *body);
int hq_get(struct hq_fixture *f, const char *token, const char *target);
/* The body of the last answer as JSON; the caller deletes it. */
cJSON *hq_body(struct hq_fixture *f);
/* Does the last answer's body contain the text? */
bool hq_says(struct hq_fixture *f, const char *text);

/* A command line with a fresh id (in f->id) and a newline. store and actor may be NULL. In data '
 * stands for a quotation mark. The caller frees it. */
char *hq_line(struct hq_fixture *f, const char *op, const char *store, const char *actor,
	const char *data);
/* Sends the body and gives the verdicts as a JSON array, which the caller deletes. */
cJSON *hq_send(struct hq_fixture *f, const char *token, const char *body);
/* One command by the token of role hq; its verdict must be applied. */
void hq_do(struct hq_fixture *f, const char *op, const char *store, const char *data);
/* The status, or code, of one command. The text lives until the next call. */
const char *hq_try(struct hq_fixture *f, const char *token, const char *line);

/* A device of the stores a,b; its token into `token`. */
void hq_enrol(struct hq_fixture *f, const char *stores, char token[HQ_SECRET_SIZE]);
/* Runs SQL on the database by another connection. */
void hq_sql(struct hq_fixture *f, const char *sql);
int64_t hq_sql_int(struct hq_fixture *f, const char *sql);

#endif
