/* Reports (product.md §6): each is a row of report.def. They read the rows that are held here: on a
 * console those of its stores, at HQ all. */
#ifndef COUNTERTOP_MODEL_REPORT_H
#define COUNTERTOP_MODEL_REPORT_H

#include "model/db.h"

#define REPORT_COLUMNS_MAX 14
#define REPORT_DAY_MS INT64_C(86400000)

#define REPORT_RECENT_DAYS 30
#define REPORT_LATE_DAYS 3 /* so long on the road is too long */

enum report_type {
	REPORT_TEXT,
	REPORT_STORE,        /* its id */
	REPORT_STATUS,       /* of a movement */
	REPORT_ORDER_STATUS, /* of a sales order */
	REPORT_REASON,       /* of a short close */
	REPORT_QTY,          /* thousandths */
	REPORT_INT,
	REPORT_AGE, /* whole days */
	REPORT_DAY,
	REPORT_TIME
};

struct report_column {
	const char *name;    /* for files and programs */
	const char *heading; /* a msgid */
	enum report_type type;
	int drop; /* as in the columns of a list: 0 stays where it is narrow */
};

struct report {
	const char *name;
	const char *title; /* a msgid */
	const char *about; /* a msgid: what it tells, in a few words */
	const char *chart; /* the name of the column whose bars are drawn */
	const char *opens; /* the kind of the document a row is about; NULL: of none */
	const char *sql;
	const struct report_column *columns;
	int column_count;
};

const struct report *report_all(int *count);
const struct report *report_find(const char *name); /* NULL if there is none */
bool report_is_text(enum report_type type);         /* and no figure, day or time */
/* Does it ask for a period at all? The others tell how things are now. */
bool report_has_period(const struct report *report);

struct report_range {
	const char *store;          /* NULL: all that are held here */
	int64_t since_ms, until_ms; /* the first instant, and the first one behind */
	int64_t now_ms;             /* HQ's time */
};

/* The last REPORT_RECENT_DAYS days of the store, today included. */
struct report_range report_recent(struct db *db, const char *store, int64_t now_ms);
/* Rows with the report's columns; db_done when read. */
struct db_rows *report_select(
	struct db *db, const struct report *report, const struct report_range *range);
/* The business day of the store that begins at or before the time, as its first instant. A store's day
 * begins at its own hour (store.put day_minutes). */
int64_t report_day_start(struct db *db, const char *store, int64_t ms);
/* The first instant of the store's business day of that date, 2026-01-31; false if it is none. */
bool report_day_parse(struct db *db, const char *store, const char *date, int64_t *ms);
/* A cell as text: decimals, whole numbers, 2026-01-31; "" where null. Of columns that are numbers the
 * number itself is put into *number, else 0. */
struct text;
void report_cell(const struct report *report, struct db_rows *rows, int column, struct text *cell,
	int64_t *number);
/* The id of the document the row is about, of the kind report->opens; NULL if there is none. */
const char *report_opens(const struct report *report, struct db_rows *rows);

#endif
