#include "model/movement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_COLUMNS \
	"sku, no, ordered, shipped, received, damaged, written_off, sent_back, extra, unknown, reason"

static void read_line(struct db_rows *rows, struct movement_line *line)
{
	*line = (struct movement_line){
		.no = db_int(rows, 1),
		.ordered = db_int(rows, 2),
		.shipped = db_int(rows, 3),
		.received = db_int(rows, 4),
		.damaged = db_int(rows, 5),
		.written_off = db_int(rows, 6),
		.sent_back = db_int(rows, 7),
		.extra = db_int(rows, 8) != 0,
		.unknown = db_int(rows, 9) != 0,
	};
	const char *reason = db_text(rows, 10);
	snprintf(line->sku, sizeof(line->sku), "%s", db_text(rows, 0));
	snprintf(line->reason, sizeof(line->reason), "%s", reason ? reason : "");
}

bool movement_line_find(struct call *call, const struct movement *movement, const char *sku,
	struct movement_line *line)
{
	struct db_rows *rows = db_query(call->db,
		"SELECT " LINE_COLUMNS " FROM movement_line WHERE movement = $1 AND sku = $2", "tt",
		movement->id, sku);
	bool found = db_next(rows);
	if (found)
		read_line(rows, line);
	db_done(rows);
	if (found)
		return true;
	memset(line, 0, sizeof(*line));
	snprintf(line->sku, sizeof(line->sku), "%s", sku);
	line->no = 1 +
		db_get_int(call->db, 0,
			"SELECT COALESCE(MAX(no), 0) FROM movement_line WHERE movement = $1", "t",
			movement->id);
	return false;
}

void movement_line_save(
	struct call *call, const struct movement *movement, const struct movement_line *line)
{
	db_run(call->db,
		"INSERT INTO movement_line (movement, sku, no, from_store, to_store, ordered, shipped,"
		" received, damaged, written_off, sent_back, extra, unknown, reason)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
		" ON CONFLICT (movement, sku) DO UPDATE SET ordered = excluded.ordered,"
		" shipped = excluded.shipped, received = excluded.received,"
		" damaged = excluded.damaged, written_off = excluded.written_off,"
		" sent_back = excluded.sent_back, extra = excluded.extra, reason = excluded.reason",
		"ttittiiiiiiiit", movement->id, line->sku, line->no,
		movement_or_null(movement->from), movement_or_null(movement->to), line->ordered,
		line->shipped, line->received, line->damaged, line->written_off, line->sent_back,
		(int64_t)line->extra, (int64_t)line->unknown, movement_or_null(line->reason));
}

int movement_line_all(
	struct call *call, const struct movement *movement, struct movement_line **lines)
{
	int64_t size = db_get_int(call->db, 0,
		"SELECT COUNT(*) FROM movement_line WHERE movement = $1", "t", movement->id);
	*lines = calloc((size_t)size + 1, sizeof(**lines));
	if (!*lines)
		return -1;
	struct db_rows *rows = db_query(call->db,
		"SELECT " LINE_COLUMNS " FROM movement_line WHERE movement = $1 ORDER BY no, sku",
		"t", movement->id);
	int count = 0;
	while (count < size && db_next(rows))
		read_line(rows, &(*lines)[count++]);
	db_done(rows);
	return count;
}

int64_t movement_line_road(const struct movement_line *line)
{
	int64_t road = line->shipped - line->received - line->written_off - line->sent_back;
	return road > 0 ? road : 0;
}

void movement_line_tell(struct text *figures, const char *sku, int64_t qty, int64_t damaged)
{
	text_addf(figures, "%s%s ", figures->length > 0 ? ", " : "", sku);
	text_add_qty(figures, qty);
	if (damaged == 0)
		return;
	text_add(figures, " (");
	text_add_qty(figures, damaged);
	text_add(figures, " damaged)");
}
