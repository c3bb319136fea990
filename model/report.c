#include "model/report.h"

#include "model/i18n.h"
#include "model/order_sql.h"
#include "model/stocktake.h"
#include "model/text.h"
#include "model/when.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define TZ_DEFAULT_MINUTES 480

/* ---- the table ---- */

#define REPORT(id, title, about, chart, opens, sql) \
	static const struct report_column columns_of_##id[] = {
#define SHOWN(id, heading, type, drop) {#id, heading, REPORT_##type, drop},
#define END \
	}   \
	;
#include "model/report.def"
#undef REPORT
#undef SHOWN
#undef END

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

#define REPORT(id, title, about, chart, opens, sql) \
	{#id, title, about, #chart, opens, sql, columns_of_##id, COUNT_OF(columns_of_##id)},
#define SHOWN(id, heading, type, drop)
#define END
static const struct report reports[] = {
#include "model/report.def"
};
#undef REPORT
#undef SHOWN
#undef END

const struct report *report_all(int *count)
{
	*count = COUNT_OF(reports);
	return reports;
}

const struct report *report_find(const char *name)
{
	for (int i = 0; i < COUNT_OF(reports); i++)
		if (strcmp(reports[i].name, name) == 0)
			return &reports[i];
	return NULL;
}

bool report_is_text(enum report_type type)
{
	return type == REPORT_TEXT || type == REPORT_STORE || type == REPORT_STATUS ||
		type == REPORT_ORDER_STATUS || type == REPORT_REASON;
}

bool report_has_period(const struct report *report)
{
	return strstr(report->sql, "asked.since") != NULL;
}

/* ---- days ---- */

/* What to add to a time so that a day of the store begins at a multiple of a day. */
static int64_t shift_ms(struct db *db, const char *store)
{
	return MINUTE_MS *
		db_get_int(db, TZ_DEFAULT_MINUTES,
			"SELECT tz_minutes - day_minutes FROM store WHERE id = $1", "t",
			store ? store : "");
}

int64_t report_day_start(struct db *db, const char *store, int64_t ms)
{
	int64_t shift = shift_ms(db, store);
	return (ms + shift) / REPORT_DAY_MS * REPORT_DAY_MS - shift;
}

bool report_day_parse(struct db *db, const char *store, const char *date, int64_t *ms)
{
	if (!when_day_start(date, 0, ms))
		return false;
	*ms -= shift_ms(db, store);
	return true;
}

struct report_range report_recent(struct db *db, const char *store, int64_t now_ms)
{
	int64_t today = report_day_start(db, store, now_ms);
	return (struct report_range){.store = store,
		.since_ms = today - (REPORT_RECENT_DAYS - 1) * REPORT_DAY_MS,
		.until_ms = today + REPORT_DAY_MS,
		.now_ms = now_ms};
}

/* ---- rows ---- */

struct db_rows *report_select(
	struct db *db, const struct report *report, const struct report_range *range)
{
	struct text sql = TEXT_INIT(TEXT_SMALL);
	text_add(&sql,
		"WITH asked (store, since, until, now, shift) AS (SELECT CAST($1 AS TEXT),"
		" CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT)) ");
	text_add(&sql, report->sql);
	struct db_rows *rows = db_query(db, text_get(&sql), "tiiii",
		range->store ? range->store : "", range->since_ms, range->until_ms, range->now_ms,
		shift_ms(db, range->store));
	text_free(&sql);
	return rows;
}

void report_cell(const struct report *report, struct db_rows *rows, int column, struct text *cell,
	int64_t *number)
{
	char day[WHEN_SIZE];
	enum report_type type = report->columns[column].type;
	*number = report_is_text(type) ? 0 : db_int(rows, column);
	if (db_null(rows, column))
		return;
	switch (type) {
	case REPORT_TEXT:
	case REPORT_STORE:
	case REPORT_STATUS:
	case REPORT_ORDER_STATUS:
	case REPORT_REASON:
		text_add(cell, db_text(rows, column));
		break;
	case REPORT_QTY:
		text_add_qty(cell, *number);
		break;
	case REPORT_INT:
	case REPORT_AGE:
		text_addf(cell, "%lld", (long long)*number);
		break;
	case REPORT_DAY:
		when_local_date(*number * REPORT_DAY_MS, 0, day);
		text_add(cell, day);
		break;
	case REPORT_TIME:
		when_format(*number, day);
		text_add(cell, day);
		break;
	}
}

const char *report_opens(const struct report *report, struct db_rows *rows)
{
	return report->opens ? db_text(rows, report->column_count) : NULL;
}
