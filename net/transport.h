/* How a request gets to HQ and its answer back, without saying by what means: libcurl in the real
 * syncer, a seeded simulation in tests. Three requests may be under way at once, one a slot. */
#ifndef COUNTERTOP_NET_TRANSPORT_H
#define COUNTERTOP_NET_TRANSPORT_H

#include "model/text.h"

enum transport_slot { SLOT_PUSH, SLOT_PULL, SLOT_POLL, SLOT_COUNT };

/* Why there is no complete answer. */
enum transport_fault {
	FAULT_NONE,
	FAULT_UNREACHABLE, /* no such host, nobody listens, no route */
	FAULT_TIMEOUT,
	FAULT_CUT,       /* the connection ended in the middle of the answer */
	FAULT_TLS,       /* the certificate is not trusted */
	FAULT_NO_TLS,    /* no encrypted line came about */
	FAULT_NOT_HTTP,  /* what answers speaks something else */
	FAULT_TOO_LARGE, /* more than TRANSPORT_BODY_MAX, inflated, or TRANSPORT_HEAD_MAX */
	FAULT_INSECURE,  /* plain http to a machine that is not this one: refused here */
	FAULT_BAD_URL,
	FAULT_OTHER,
	FAULT_COUNT
};

/* Of the contract between console and HQ, as hello says it. */
#define NET_API_VERSION "1"

#define TRANSPORT_BODY_MAX ((size_t)32 * 1024 * 1024)
#define TRANSPORT_HEAD_MAX ((size_t)64 * 1024)

struct request {
	const char *method; /* GET or POST */
	const char *base;   /* https://hq.example:8443, without a slash at the end */
	const char *path;   /* /v1/… with its parameters */
	const char *token;  /* NULL: none */
	const char *epoch;  /* NULL or "": no header */
	const char *etag;   /* for If-None-Match; NULL or "": no header */
	const char *type;   /* of the body */
	const char *body;   /* NULL for GET */
	size_t length;
	int timeout_ms; /* of the whole exchange */
	bool waits;     /* HQ may be silent on purpose (a long-poll) */
	bool fresh;     /* over a new connection: an open one may be dead */
};

struct response {
	enum transport_fault fault;
	int status; /* 0 with a fault */
	struct text body;
	char type[64];
	char etag[128];
	int64_t retry_after_ms; /* -1: HQ did not say */
};

/* submit copies what it needs and is called only for a slot with nothing under way. Every request
 * ends: take gives its answer or its fault once, and false before. The body of a taken response is
 * the caller's to free. cancel forgets a request. bytes says how much of it went up and came down so
 * far; it may be NULL. */
struct transport {
	void *ctx;
	void (*submit)(void *ctx, enum transport_slot slot, const struct request *request);
	bool (*take)(void *ctx, enum transport_slot slot, struct response *response);
	void (*cancel)(void *ctx, enum transport_slot slot);
	int64_t (*bytes)(void *ctx, enum transport_slot slot);
};

#endif
