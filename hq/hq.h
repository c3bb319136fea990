/* The HQ core: one step function over an injected clock, random source and SQLite VFS. It knows no
 * socket: http.c is the shell that carries requests to it, tests and the simulator call it directly.
 * The contract it serves is design.md §2; doc/hq-api.yaml describes it for other programs.
 *
 * One thread. An answer that changed something is given after the commit, never before. */
#ifndef COUNTERTOP_HQ_HQ_H
#define COUNTERTOP_HQ_HQ_H

#include "model/db.h"
#include "model/text.h"

struct hq;

#define HQ_BODY_MAX ((size_t)1024 * 1024) /* of a request; more is answered 413 */
#define HQ_ANSWER_MAX ((size_t)32 * 1024 * 1024)
#define HQ_LINES_MAX 200  /* commands in one request */
#define HQ_SECRET_SIZE 64 /* a token, an enrolment code, an epoch */
#define HQ_WAIT_MAX_S 60  /* of a long-poll */

struct hq_options {
	const char *url; /* sqlite:PATH */
	const char *vfs; /* NULL: the operating system's */
	bool create;     /* true: the database must not exist yet; false: it must */
	bool relaxed;    /* commits need not be on the disk at once: only while demo data is made */
	void (*random)(void *bytes, size_t size); /* NULL: the operating system's */
};

/* NULL and a sentence in error if it cannot be opened, has another version or exists already. */
struct hq *hq_open(const struct hq_options *options, char *error, size_t size);
void hq_close(struct hq *hq);

/* Mints the epoch where the database has none. Called once before the first request is served. */
bool hq_start(struct hq *hq);
const char *hq_epoch(struct hq *hq); /* "" where there is none */

struct hq_request {
	const char *method;        /* GET HEAD POST */
	const char *path;          /* decoded, without the query: /v1/changes */
	const char *query;         /* raw, behind the question mark; NULL or "" if none */
	const char *authorization; /* headers, NULL if absent */
	const char *epoch;
	const char *if_none_match;
	const char *accept_encoding;
	const char *content_type;
	const char *body; /* NULL if none; need not end in NUL */
	size_t body_length;
	int64_t waited_ms; /* since the request came; 0 in the first call */
};

struct hq_answer {
	int status;      /* 0: not answered yet, see wait_ms */
	int64_t wait_ms; /* status 0: call again, with waited_ms advanced, when hq_generation
				     has changed, and after this many milliseconds at the latest */
	const char *content_type; /* NULL without a body */
	struct text body;
	bool gzip;         /* the body is compressed: Content-Encoding: gzip */
	bool no_store;     /* Cache-Control: no-store */
	const char *allow; /* 405: the methods; NULL if none */
	int retry_after_s; /* 0: none */
	char etag[64];     /* with its quotes; "" if none */
	struct text link;  /* the value of Link; empty if none */
};

/* Answers one request. The answer is followed by hq_answer_free, also while status is 0.
 *
 * Errors are problems (RFC 9457): {"type":"urn:countertop:problem:CODE","title","status","detail",
 * "code":"CODE"}. Codes: unauthorized forbidden not_found not_allowed bad_request too_large
 * epoch_changed (409, with "epoch") resync (410) code_unknown (404, enrol) unavailable (503).
 *
 * POST /v1/enrol   {"code":"…","name"?:"…"} gives {"device","token","stores":["xinyi"]}
 * GET /v1/hello    {"epoch","time","versions":["1"],"device","stores":[…],
 *                   "feeds":[{"feed","head":"12","rows":1505}]}; the header Epoch is not judged here
 * GET /v1/heads    {"epoch","heads":{"catalogue":"12"}} and an ETag; 304 after `wait` seconds
 * GET /v1/changes  sums are decimal text of the unsigned 64-bit sum */
void hq_handle(
	struct hq *hq, const struct hq_request *request, struct hq_answer *answer, int64_t now_ms);
void hq_answer_free(struct hq_answer *answer);

/* Requests that are ready at one time are handled by one call: the commands of all of them share one
 * transaction, so one commit, and are run request by request. Every answer is followed by
 * hq_answer_free. */
#define HQ_TOGETHER_MAX 128
struct hq_exchange {
	struct hq_request request;
	struct hq_answer answer;
};
void hq_handle_together(
	struct hq *hq, struct hq_exchange *const *exchanges, int count, int64_t now_ms);
/* Is it worth waiting for others of its kind? */
bool hq_goes_together(const struct hq_request *request);

/* Changes whenever a feed may have moved, by this process or another one on the same database. */
uint64_t hq_generation(struct hq *hq);

/* A code for POST /v1/enrol: good once, for 24 hours. False and a sentence if a store is unknown. */
bool hq_make_enrol_code(struct hq *hq, const char *const *stores, int store_count, int64_t now_ms,
	char code[HQ_SECRET_SIZE], char *error, size_t size);

struct hq_token_wish {
	const char *role;          /* hq | manager | clerk | ticket_clerk */
	const char *const *stores; /* the stores it is for; none for hq */
	int store_count;
};
/* A service token. With hq it has every right at every store and its actor is a label; with another
 * role it is for its stores only, the actor is a staff id, and its role caps what he may do. */
bool hq_make_token(struct hq *hq, const struct hq_token_wish *wish, int64_t now_ms,
	char token[HQ_SECRET_SIZE], char *error, size_t size);

/* Shuts out a device or a service token by the id that hq_list_tokens gives it, from the next request
 * on. What it sent before stays. False and a sentence if there is no such one, or it is shut out. */
bool hq_revoke(struct hq *hq, const char *id, int64_t now_ms, char *error, size_t size);
/* Appends one line for each: id, `device` or the role, its stores as JSON, since when, `revoked` and
 * since when or `-`, and the name a device gave itself, as JSON; tabs between them. */
bool hq_list_tokens(struct hq *hq, struct text *list, char *error, size_t size);

/* Where the reservations of an order do not sum as they should: appends one line for each order, channel and
 * SKU with what is reserved, what should be, and what order.compensate would add; tabs between them, or
 * everything as a JSON array. */
struct hq_audit {
	bool as_json;
	struct text *list;
	int found;
};
bool hq_audit(struct hq *hq, struct hq_audit *audit, char *error, size_t size);

/* A consistent copy, made while others write, whose epoch is empty. The file must not exist. */
bool hq_backup(struct hq *hq, const char *path, char *error, size_t size);

#endif
