/* Commands: parsing, rights, dispatch. A command is one immutable JSON line (design.md §2); the list
 * of them is command.def, the reasons to refuse them refusal.def. */
#ifndef COUNTERTOP_MODEL_COMMAND_H
#define COUNTERTOP_MODEL_COMMAND_H

#include "model/db.h"
#include "model/uuid.h"

#include <cjson/cJSON.h>

enum refusal {
	REFUSAL_NONE, /* applied */
#define REFUSAL(code, what, way_out) REFUSED_##code,
#include "model/refusal.def"
#undef REFUSAL
	REFUSAL_FAULT, /* not a verdict: the database or the program failed; see db_message */
	REFUSAL_BUSY,  /* not a verdict either: another process is at work on the database */
	REFUSAL_COUNT
};

const char *refusal_code(enum refusal refusal); /* "" for none */
const char *refusal_what(const char *code);     /* translated; the code itself if unknown */
const char *refusal_way_out(const char *code);  /* translated; "" if unknown */

enum staff_role { ROLE_NONE, ROLE_TICKETS, ROLE_CLERK, ROLE_MANAGER, ROLE_HQ };
enum staff_role role_parse(const char *word); /* "ticket_clerk" "clerk" "manager" "hq" */
const char *role_word(enum staff_role role);

enum op_kind { OP_FACT, OP_REQUEST, OP_ASK };
enum field_type {
	FIELD_ID,
	FIELD_TEXT,
	FIELD_NOTE,
	FIELD_CODE,
	FIELD_DATE,
	FIELD_QTY,
	FIELD_QTY0,
	FIELD_SQTY,
	FIELD_UNITS,
	FIELD_MONEY,
	FIELD_BOOL,
	FIELD_ENUM,
	FIELD_TEXTS,
	FIELD_CODES,
	FIELD_LINES,
	FIELD_OBJECT,
	FIELD_PIN
};

struct field {
	const char *name;
	enum field_type type;
	bool required;
	bool item;      /* a field of the LINES field above it */
	const char *of; /* ENUM: the words */
};

struct call;
struct op {
	const char *name;
	enum op_kind kind;
	enum staff_role right; /* the lowest role that may */
	enum refusal (*handle)(struct call *call);
	const struct field *fields;
	int field_count;
};

const struct op *op_all(int *count);
const struct op *op_find(const char *name);

#define COMMAND_LINE_MAX ((size_t)256 * 1024)
#define COMMAND_ID_MAX 64 /* of store and staff ids, SKUs, document ids, in bytes */

struct command {
	char id[UUID_SIZE];
	const struct op *op;
	const char *store; /* NULL if left out; points into json */
	const char *actor;
	int64_t at_ms;
	const cJSON *data;
	cJSON *json; /* owned */
};

/* Reads one line. REFUSAL_NONE, or bad_line, unknown_op, bad_data with a sentence in `message`;
 * command->id is set whenever it could be read. Always followed by command_free. */
enum refusal command_parse(
	const char *line, size_t length, struct command *command, char *message, size_t size);
void command_free(struct command *command);

/* Where a command runs. */
struct world {
	bool at_hq;          /* HQ holds every store; a console only those it follows */
	bool by_hand;        /* a person does it at this terminal right now: not HQ, not a replay */
	bool every_right;    /* a service token: no staff is looked up */
	enum staff_role cap; /* no actor has more rights here; ROLE_NONE: no limit */
	const char *const *stores; /* the stores of the device; unused with every_right */
	int store_count;
	const char *device; /* its id, for history and exceptions; NULL: none */
};

struct verdict {
	enum refusal refusal;
	bool parked;       /* a fact naming an unknown document */
	char message[256]; /* what was refused; English, for logs and API users */
	cJSON *result;     /* owned; NULL if none */
};

/* Runs the command inside the caller's transaction (the caller keeps or undoes it). now_ms is HQ's
 * time. Everything a handler writes follows from command, database and now_ms. */
void command_run(struct db *db, const struct command *command, const struct world *world,
	int64_t now_ms, struct verdict *verdict);
void verdict_free(struct verdict *verdict);
/* The present state of what a command is about that says what it cannot (bad_data) and was not run, for its
 * refusal: only to who may do such a thing to it. Nothing is written. The caller deletes it; may be NULL. */
cJSON *command_show_present(
	struct db *db, const struct command *command, const struct world *world);
/* What a refusal by HQ leaves behind. The command's own effects are undone by now; what is written here
 * stays, so the caller runs it on a savepoint of its own. */
void command_refused(struct db *db, const struct command *command, const struct world *world,
	int64_t now_ms, enum refusal refusal);

/* ---- for handlers ---- */
struct call {
	struct db *db;
	const struct command *command;
	const struct world *world;
	int64_t now_ms;
	int64_t at_ms;     /* the terminal's claim if plausible, else now_ms (design.md §2 Time) */
	const char *store; /* the acting store; NULL for hq-only operations without one */
	enum staff_role role;
	struct verdict *verdict;
	int made; /* ids derived so far */
};

/* Sets the message and returns the refusal. */
enum refusal call_refuse(struct call *call, enum refusal refusal, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Fields of data; parsing has checked types and presence. */
const char *call_text(const struct call *call, const char *name); /* NULL if left out */
bool call_bool(const struct call *call, const char *name, bool otherwise);
const cJSON *call_lines(const struct call *call);      /* NULL if left out */
int64_t line_qty(const cJSON *line, const char *name); /* thousandths; 0 if left out */
/* The result object, made on first use. */
cJSON *call_result(struct call *call);
/* "<command id>.<n>", a fresh one each time. */
void call_new_id(struct call *call, char out[UUID_SIZE + 8]);
/* Does this database hold the store's rows? Always at HQ. */
bool call_follows(const struct call *call, const char *store);
/* Is the SKU in the catalogue? */
bool call_knows_sku(struct call *call, const char *sku);
/* A document's number: kind, store, local date and time, short suffix (product.md §2). */
void call_number(struct call *call, const char *kind, const char *store, char out[80]);

struct call_doc {
	const char *kind;
	const char *id;
	const char *store;
	const char *other_store; /* NULL if none */
	const char *channel;     /* of a sales order; NULL if none */
};
/* Adds a line to the document's history. */
void call_log(struct call *call, const struct call_doc *doc, const char *text);
/* Raises an exception: detail is consumed and may be NULL. */
void call_raise(struct call *call, const char *kind, const struct call_doc *doc, const char *sku,
	cJSON *detail);

#endif
