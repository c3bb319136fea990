/* Sales orders beyond their lists: what may still be promised, where to ship from, and the audit. */
#include "hq/orders.h"

#include "hq/answer.h"
#include "hq/auth.h"
#include "hq/query.h"
#include "model/channel.h"
#include "model/order_source.h"
#include "model/salable.h"
#include "model/view.h"

#include <stdio.h>
#include <stdlib.h>

#define AUDIT_MOST 10000 /* findings that are told */

/* ---- GET /v1/salable ---- */

static bool param_named(struct turn *turn, const char *name, const char *sql, const char **value)
{
	*value = query_value(turn, name);
	if (!*value || !**value)
		answer_problem(
			turn->answer, PROBLEM_BAD_REQUEST, "Name one %s with %s=.", name, name);
	else if (!db_has(turn->hq->db, sql, "t", *value))
		answer_problem(
			turn->answer, PROBLEM_NOT_FOUND, "There is no %s %.100s.", name, *value);
	else
		return true;
	return false;
}

static void add_figure(struct text *body, const char *name, int64_t qty, bool known)
{
	text_addf(body, ",\"%s\":", name);
	if (known)
		text_add_qty(body, qty);
	else
		text_add(body, "null");
}

void orders_salable(struct turn *turn)
{
	const char *channel, *sku;

	db_begin_read(turn->hq->db);
	if (!param_named(turn, "channel", "SELECT 1 FROM channel WHERE id = $1", &channel) ||
		!param_named(turn, "sku", "SELECT 1 FROM product WHERE sku = $1", &sku))
		return;
	struct salable salable = salable_of(turn->hq->db, channel, sku, true);
	struct text *body = answer_json(turn->answer, 200);

	text_add(body, "{\"channel\":");
	text_add_json(body, channel);
	text_add(body, ",\"sku\":");
	text_add_json(body, sku);
	add_figure(body, "on_hand", salable.on_hand, true);
	add_figure(body, "reserved", salable.reserved, true);
	add_figure(body, "threshold", salable.threshold, true);
	add_figure(body, "salable", salable.salable, !salable.unlimited);
	text_add(body, "}\n");
	turn->answer->no_store = true;
}

/* ---- GET /v1/sources ---- */

static void write_sources(struct turn *turn, const char *order)
{
	struct order_source *sources;
	int count = order_sources(turn->hq->db, order, &sources);
	struct text *body = answer_json(turn->answer, 200);
	bool whole = true;

	if (count < 0)
		answer_problem(turn->answer, PROBLEM_FAULT, "Memory is short. Try again later.");
	if (count < 0)
		return;
	text_add(body, "{\"order\":");
	text_add_json(body, order);
	text_add(body, ",\"sources\":[");
	for (int i = 0; i < count; i++) {
		text_add(body, i ? ",{\"sku\":" : "{\"sku\":");
		text_add_json(body, sources[i].sku);
		text_add(body, ",\"store\":");
		text_add_json(body, sources[i].store[0] ? sources[i].store : NULL);
		text_add(body, ",\"qty\":");
		text_add_qty(body, sources[i].qty);
		text_add(body, "}");
		whole = whole && sources[i].store[0];
	}
	text_addf(body, "],\"shippable\":%s}\n", whole ? "true" : "false");
	free(sources);
}

void orders_sources(struct turn *turn)
{
	const char *order;

	db_begin_read(turn->hq->db);
	if (!param_named(turn, "order", "SELECT 1 FROM sales_order WHERE number = $1", &order))
		return;
	char *channel = db_get_text(
		turn->hq->db, "SELECT channel FROM sales_order WHERE number = $1", "t", order);

	if (caller_serves(turn, channel))
		write_sources(turn, order);
	else
		answer_problem(turn->answer, PROBLEM_NOT_FOUND, "There is no order %.100s.", order);
	turn->answer->no_store = true;
	free(channel);
}

/* ---- countertop-hq audit ---- */

static void add_finding(struct text *list, const struct view *view, struct db_rows *rows)
{
	for (int i = 0; i < view->column_count; i++) {
		text_add(list, i ? "\t" : "");
		if (view->columns[i].type == COLUMN_QTY)
			text_add_qty(list, db_int(rows, i));
		else
			text_add(list, db_text(rows, i));
	}
	text_add(list, "\n");
}

bool hq_audit(struct hq *hq, struct hq_audit *audit, char *error, size_t size)
{
	struct view_query query = {.view = view_find("order_audit"), .limit = AUDIT_MOST};

	db_begin_read(hq->db);
	struct db_rows *rows = view_select(hq->db, &query, error, size);

	text_add(audit->list, audit->as_json ? "[" : "");
	for (audit->found = 0; rows && db_next(rows); audit->found++) {
		if (!audit->as_json) {
			add_finding(audit->list, query.view, rows);
			continue;
		}
		text_add(audit->list, audit->found ? ",\n" : "");
		view_json(hq->db, query.view, rows, audit->list);
	}
	text_add(audit->list, audit->as_json ? "]\n" : "");
	if (rows)
		db_done(rows);
	if (db_failed(hq->db))
		snprintf(error, size, "the database cannot be read: %s", db_message(hq->db));
	bool read = rows && !db_failed(hq->db);

	db_rollback(hq->db);
	return read;
}
