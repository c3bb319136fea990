/* What ought to become of tickets (product.md §4), told once more without a database: a test runs every command
 * here and at HQ, and both must agree. Nothing of the model is used, so that a mistake there is not repeated
 * here. */
#ifndef COUNTERTOP_TESTS_TICKET_ORACLE_H
#define COUNTERTOP_TESTS_TICKET_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#define ORACLE_CODES 64
#define ORACLE_USES 2000
#define ORACLE_STORES 5
#define ORACLE_PRODUCTS 3
#define ORACLE_CHILDREN 4 /* a code has at most so many units */
#define ORACLE_ID 40
#define NO_DAY INT64_MIN

enum ticket_op {
	TICKET_ISSUE,
	TICKET_REDEEM,
	TICKET_VOID,
	TICKET_REFUND,
	TICKET_SPLIT,
	TICKET_BLOCK,
	TICKET_UNBLOCK,
	TICKET_BIND,
	TICKET_REFUSED,
	TICKET_SETTLE,
	TICKET_OPS
};

/* A command, as a test makes it; each op uses what it needs. */
struct ticket_act {
	enum ticket_op op;
	char id[ORACLE_ID];
	char *line;    /* as it is sent, with its newline */
	char *verdict; /* as HQ gave it at first; NULL: HQ has not heard of it */
	int64_t at_ms; /* the terminal's claim */
	int store;
	int code;  /* its number; -1: none */
	int count; /* issue, split: so many codes, which are `codes` */
	int codes[ORACLE_CHILDREN];
	int order, qty, product;
	unsigned stores; /* a bit each */
	bool offline, bind_sold;
	char of[ORACLE_ID]; /* "": none; void, settle: the redemption */
	const char *word;   /* refused: the result; settle: the outcome */
};

struct oracle_code {
	bool sold; /* HQ has issued it; else it was only ever redeemed offline */
	const char *status;
	int order, product, parent;
	int units, refunded, spent;
	unsigned stores;     /* 0: any */
	int64_t from, until; /* days since 1970, NO_DAY: no limit */
	/* Of its dossier: what was spent, and where, when it was looked at last. */
	const char *dossier; /* its status; NULL: more was never spent than there is */
	int dossier_spent;
	unsigned dossier_stores;
	unsigned
		charged; /* the stores that may bear it: more than one where none was the latest; 0: none does */
	char charged_for
		[ORACLE_ID]; /* the redemption; of several that were the latest the one with the greatest id */
	int refused; /* scans of it that were refused */
};

struct oracle_use {
	char id[ORACLE_ID],
		of[ORACLE_ID]; /* of: the question it was accepted for, offline; "": none */
	int code, store, qty;
	int64_t recorded_ms;
	bool voided;
	/* What HQ raised for it. */
	bool duplicate, clock;
	const char *odd; /* offline_…; NULL: none */
};

struct oracle {
	int tz_minutes[ORACLE_STORES];
	unsigned bound[ORACLE_PRODUCTS]; /* stores of products; 0: any */
	struct oracle_code codes[ORACLE_CODES];
	struct oracle_use uses[ORACLE_USES];
	int use_count, void_count;
	struct oracle_refused { /* a command that HQ noted as a refused scan */
		char id[ORACLE_ID];
		int code, store;
	} refused[ORACLE_USES];
	int refused_count;
};

/* "applied", or the code of the refusal. What HQ has when it gets it at now_ms is changed accordingly. */
const char *oracle_run(struct oracle *oracle, const struct ticket_act *act, int64_t now_ms);

/* Units that may still be redeemed. */
int oracle_remaining(const struct oracle_code *code);
/* Units that live on in the codes it was split into. */
int oracle_given(const struct oracle *oracle, int code);
/* The day at the store, since 1970. */
int64_t oracle_day(const struct oracle *oracle, int store, int64_t ms);
/* NULL if there is none. */
struct oracle_use *oracle_use_of(struct oracle *oracle, const char *id);
/* How often the code was redeemed, voided ones included. */
int oracle_use_count(const struct oracle *oracle, int code);
#endif
