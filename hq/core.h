/* What the files of the HQ core share: the open HQ, who is asking, and the turn, which is one
 * request on its way to an answer. Nothing outside hq/ includes this. */
#ifndef COUNTERTOP_HQ_CORE_H
#define COUNTERTOP_HQ_CORE_H

#include "hq/hq.h"
#include "model/command.h"

struct hq_counters {
	int64_t requests;
	int64_t problems;                                    /* answers of 400 and above */
	int64_t applied, rejected, parked, errors, replayed; /* verdicts given */
	int64_t rows_sent;
};

struct hq {
	struct db *db;
	void (*random)(void *bytes, size_t size);
	char epoch[HQ_SECRET_SIZE]; /* "" where there is none */
	uint64_t moved;             /* commits here that advanced a feed */
	int64_t purged_ms;          /* when tombstones were last looked through; 0: not yet */
	struct hq_counters counters;
};

/* A list of strings, owned. */
#define NAMES_MAX 1000
struct names {
	char **items;
	int count;
};
bool names_add(struct names *names, const char *name); /* false if full */
bool names_have(const struct names *names, const char *name);
void names_sort(struct names *names);
void names_free(struct names *names);
/* Adds the elements of a JSON list of text. */
void names_add_json(struct names *names, const char *json);
void names_json(const struct names *names, struct text *json);

/* Who asks. A service token of role hq has every right; every other caller is bound to stores. */
struct caller {
	char token[HQ_SECRET_SIZE];  /* the token's id, never the token */
	char device[HQ_SECRET_SIZE]; /* "" for a service token */
	enum staff_role cap; /* the highest right it may use; ROLE_HQ for hq's and for devices */
	bool every_right;
	struct names stores; /* empty with every_right */
};

/* The parameters of the query, decoded. */
#define QUERY_PARAMS_MAX 16
struct query_param {
	char *name;
	char *value;
};
struct query {
	struct query_param params[QUERY_PARAMS_MAX];
	int count;
};

struct turn {
	struct hq *hq;
	const struct hq_request *request;
	struct hq_answer *answer;
	struct caller caller;
	struct query query;
	const char *tail; /* what stood for * in the route's path, decoded; "" if nothing */
	int64_t now_ms;
};

#endif
