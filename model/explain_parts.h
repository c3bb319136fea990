/* What the files of explain.h share among themselves; nobody else includes this. */
#ifndef COUNTERTOP_MODEL_EXPLAIN_PARTS_H
#define COUNTERTOP_MODEL_EXPLAIN_PARTS_H

#include "model/explain.h"
#include "model/text.h"

/* One query of entries. Texts are SQL; `{table}` stands for the rows of a shared table, either as they are or as
 * HQ last sent them. $1 is explain.of, $2 explain.sku, $3 the stores of this console as JSON (null at HQ). */
struct explain_source {
	const char *from; /* FROM and WHERE */
	const char *key;  /* names the entry within the source */
	const char *qty;
	const char *at;    /* NULL: none; so the others */
	const char *group; /* no SQL: of the word */
	const char *word;
	const char *doc_kind, *doc;
	const char *actor, *store;
	const char *order; /* the list is long, and this column its order; NULL: it is short */
	char order_type;   /* 't' or 'i' */
	enum explain_kind next;
	const char *next_of;
};

#define EXPLAIN_SOURCES_MAX 6

struct explain_rule {
	/* Yields the figure as one cell; no row or null: it is not known. A second cell that is not 0: without
	 * limit. */
	const char *figure;
	struct explain_source sources[EXPLAIN_SOURCES_MAX]; /* up to one without `from` */
	bool is_count; /* the entries are worked out by explain_count.c */
};

const struct explain_rule *explain_rule_of(enum explain_kind kind);

struct explain_list {
	struct explain_entry *entries;
	size_t count, room;
	bool broken; /* no memory */
};

struct explain_entry *explain_list_add(struct explain_list *list); /* NULL without memory */

/* The tables as they are, or as HQ last sent them. */
struct explain_reader {
	struct db *db;
	const struct explain *what;
	char *stores; /* $3 */
	bool as_hq_sent;
};

/* The SQL with its tables named; the caller frees it. */
char *explain_sql(const struct explain_reader *reader, const char *sql);
/* Adds the entries of a count, in their order. */
void explain_count(const struct explain_reader *reader, struct explain_list *list);

#endif
