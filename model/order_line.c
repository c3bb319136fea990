/* Lines of sales orders: what may still be done with one, and one action over many of them. */
#include "model/order.h"

#include "model/json.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- arithmetic (product.md §5) ---- */

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t order_line_outstanding(const struct order_line *line)
{
	return line->ordered - line->cancelled -
		(line->is_virtual ? line->invoiced : line->shipped + line->unsent);
}

int64_t order_line_to_cancel(const struct order_line *line)
{
	int64_t gone = larger(line->shipped + line->unsent, line->invoiced);
	return larger(line->ordered - gone - line->cancelled, 0);
}

int64_t order_line_to_invoice(const struct order_line *line)
{
	return line->ordered - line->cancelled - line->invoiced;
}

int64_t order_line_to_ship(const struct order_line *line)
{
	return line->is_virtual ? 0 : order_line_outstanding(line);
}

/* ---- rows ---- */

#define LINE_COLUMNS \
	"sku, no, is_virtual, ordered, invoiced, shipped, cancelled, refunded, unsent, price"

static void read_line(struct db_rows *rows, struct order_line *line)
{
	*line = (struct order_line){
		.no = db_int(rows, 1),
		.is_virtual = db_int(rows, 2) != 0,
		.ordered = db_int(rows, 3),
		.invoiced = db_int(rows, 4),
		.shipped = db_int(rows, 5),
		.cancelled = db_int(rows, 6),
		.refunded = db_int(rows, 7),
		.unsent = db_int(rows, 8),
		.price = db_int(rows, 9),
	};
	snprintf(line->sku, sizeof(line->sku), "%s", db_text(rows, 0));
}

bool order_line_find(
	struct call *call, const struct order *order, const char *sku, struct order_line *line)
{
	struct db_rows *rows = db_query(call->db,
		"SELECT " LINE_COLUMNS " FROM order_line WHERE order_number = $1 AND sku = $2",
		"tt", order->number, sku);
	bool found = db_next(rows);
	if (found)
		read_line(rows, line);
	db_done(rows);
	return found;
}

void order_line_save(struct call *call, const struct order *order, const struct order_line *line)
{
	db_run(call->db,
		"INSERT INTO order_line (order_number, sku, no, channel, is_virtual, ordered, invoiced,"
		" shipped, cancelled, refunded, unsent, price)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
		" ON CONFLICT (order_number, sku) DO UPDATE SET ordered = excluded.ordered,"
		" invoiced = excluded.invoiced, shipped = excluded.shipped,"
		" cancelled = excluded.cancelled, refunded = excluded.refunded,"
		" unsent = excluded.unsent",
		"ttitiiiiiiii", order->number, line->sku, line->no, order->channel,
		(int64_t)line->is_virtual, line->ordered, line->invoiced, line->shipped,
		line->cancelled, line->refunded, line->unsent, line->price);
}

int order_line_all(struct db *db, const char *number, struct order_line **lines)
{
	int64_t size = db_get_int(
		db, 0, "SELECT COUNT(*) FROM order_line WHERE order_number = $1", "t", number);
	*lines = calloc((size_t)size + 1, sizeof(**lines));
	if (!*lines)
		return -1;
	struct db_rows *rows = db_query(db,
		"SELECT " LINE_COLUMNS " FROM order_line WHERE order_number = $1 ORDER BY no, sku",
		"t", number);
	int count = 0;
	while (count < size && db_next(rows))
		read_line(rows, &(*lines)[count++]);
	db_done(rows);
	return count;
}

/* ---- one action over many lines ---- */

enum refusal order_line_refuse(
	struct call *call, const struct order_line *line, int64_t wanted, int64_t left)
{
	struct text have = TEXT_INIT(TEXT_SMALL), want = TEXT_INIT(TEXT_SMALL);
	text_add_qty(&have, left);
	text_add_qty(&want, wanted);
	enum refusal refusal = call_refuse(call, REFUSED_too_many, "%s: %s wanted, %s left",
		line->sku, text_get(&want), text_get(&have));
	text_free(&have);
	text_free(&want);
	return refusal;
}

static enum refusal work_line(struct order_work *work, struct order_line *line, int64_t qty)
{
	enum refusal refusal = work->each(work, line, qty);
	if (refusal)
		return refusal;
	order_line_save(work->call, work->order, line);
	text_addf(&work->figures, "%s%s ", work->figures.length > 0 ? ", " : "", line->sku);
	text_add_qty(&work->figures, qty);
	work->done++;
	return REFUSAL_NONE;
}

static enum refusal work_named(struct order_work *work, const cJSON *named)
{
	struct order_line line;
	const char *sku = json_text(named, "sku");
	if (!order_line_find(work->call, work->order, sku, &line))
		return call_refuse(work->call, REFUSED_not_on_document, "%s is not on it", sku);
	int64_t left = work->most(&line), qty = left;
	if (json_qty_of(named, "qty", &qty) && qty > left)
		return order_line_refuse(work->call, &line, qty, left);
	return qty > 0 ? work_line(work, &line, qty) : REFUSAL_NONE;
}

static enum refusal work_rest(struct order_work *work)
{
	struct order_line *lines;
	int count = order_line_all(work->call->db, work->order->number, &lines);
	enum refusal refusal = count < 0 ? REFUSAL_FAULT : REFUSAL_NONE;
	for (int i = 0; i < count && !refusal; i++) {
		int64_t qty = work->most(&lines[i]);
		if (qty > 0)
			refusal = work_line(work, &lines[i], qty);
	}
	free(lines);
	return refusal;
}

enum refusal order_work_lines(struct order_work *work)
{
	const cJSON *lines = call_lines(work->call), *line;
	if (!lines)
		return work_rest(work);
	cJSON_ArrayForEach(line, lines)
	{
		enum refusal refusal = work_named(work, line);
		if (refusal)
			return refusal;
	}
	return REFUSAL_NONE;
}

enum refusal order_work_end(struct order_work *work, enum refusal refusal)
{
	if (!refusal && work->done == 0 && !work->may_be_nothing)
		refusal = call_refuse(
			work->call, REFUSED_nothing_to_do, "nothing of the order is left for it");
	if (!refusal) {
		order_settle(work->call, work->order);
		order_log(work->call, work->order, text_get(&work->figures));
	}
	text_free(&work->figures);
	return refusal;
}
