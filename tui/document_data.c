#include "tui/document_data.h"

#include "model/i18n.h"

#include <stdio.h>
#include <string.h>

static void keep(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}
#define KEEP(field, text) keep(field, sizeof(field), text)

void document_init(struct document *document, struct shop *shop)
{
	memset(document, 0, sizeof(*document));
	document->shop = shop;
	document_rows_init(&document->lines, sizeof(struct document_line));
}

void document_free(struct document *document)
{
	document_rows_free(&document->lines);
}

/* ---- the head ---- */

static enum movement_status status_of(const char *word)
{
	int status = 0;

	while (status < MOVEMENT_STATUSES &&
		strcmp(movement_word((enum movement_status)status), word) != 0)
		status++;
	return (enum movement_status)status;
}

void document_face_settle(struct document_face *face, const struct shop *shop)
{
	face->status = status_of(face->status_word);
	face->is_sender = strcmp(face->from, shop->store) == 0;
	face->is_receiver = strcmp(face->to, shop->store) == 0;
}

const char *document_number(const struct document_face *face)
{
	const char *own = face->is_sender ? face->out_number : face->in_number;
	const char *other = face->is_sender ? face->in_number : face->out_number;

	return *own ? own : *other ? other : face->id;
}

const char *document_partner_number(const struct document_face *face)
{
	const char *own = document_number(face);

	return own == face->out_number ? face->in_number : face->out_number;
}

static void place_name(
	const struct shop *shop, const char *store, const char *third_party, char *out, size_t size)
{
	if (*store)
		shop_store_name(shop, store, out, size);
	else
		snprintf(out, size, "%s", third_party);
}

void document_from_name(
	const struct shop *shop, const struct document_face *face, char *out, size_t size)
{
	place_name(shop, face->from, face->third_party, out, size);
}

void document_to_name(
	const struct shop *shop, const struct document_face *face, char *out, size_t size)
{
	place_name(shop, face->to, face->third_party, out, size);
}

static bool read_head(struct document *document, struct db *db, const char *id)
{
	struct document_face *face = &document->face;
	struct db_rows *rows = db_query(db,
		"SELECT id, out_number, in_number, from_store, to_store, third_party, status,"
		" transfer_number, expected_on, note, reason, created_by, created_at, transfer"
		" FROM movement WHERE id = $1",
		"t", id);
	bool found = db_next(rows);

	if (found) {
		KEEP(face->id, db_text(rows, 0));
		KEEP(face->out_number, db_text(rows, 1));
		KEEP(face->in_number, db_text(rows, 2));
		KEEP(face->from, db_text(rows, 3));
		KEEP(face->to, db_text(rows, 4));
		KEEP(face->third_party, db_text(rows, 5));
		KEEP(face->status_word, db_text(rows, 6));
		KEEP(document->transfer_number, db_text(rows, 7));
		KEEP(document->expected_on, db_text(rows, 8));
		KEEP(document->note, db_text(rows, 9));
		KEEP(document->reason, db_text(rows, 10));
		KEEP(document->created_by, db_text(rows, 11));
		document->created_ms = db_int(rows, 12);
		KEEP(document->transfer, db_text(rows, 13));
		document_face_settle(face, document->shop);
	}
	db_done(rows);
	return found;
}

/* ---- the lines ---- */

static void read_line(struct db_rows *rows, struct document_line *line)
{
	KEEP(line->sku, db_text(rows, 0));
	KEEP(line->name, db_text(rows, 1));
	line->no = db_int(rows, 2);
	line->ordered = db_int(rows, 3);
	line->shipped = db_int(rows, 4);
	line->received = db_int(rows, 5);
	line->damaged = db_int(rows, 6);
	line->written_off = db_int(rows, 7);
	line->sent_back = db_int(rows, 8);
	line->extra = db_int(rows, 9) != 0;
	line->unknown = db_int(rows, 10) != 0;
	KEEP(line->reason, db_text(rows, 11));
	document_rows_key(line->key, line->no, line->sku);
}

static void read_lines(struct document *document, struct db *db)
{
	struct db_rows *rows = db_query(db,
		"SELECT l.sku, (SELECT p.name FROM product p WHERE p.sku = l.sku), l.no, l.ordered,"
		" l.shipped, l.received, l.damaged, l.written_off, l.sent_back, l.extra, l.unknown,"
		" l.reason FROM movement_line l WHERE l.movement = $1 ORDER BY l.no, l.sku",
		"t", document->face.id);

	while (db_next(rows)) {
		struct document_line *line = document_rows_add(&document->lines);

		if (!line)
			break;
		read_line(rows, line);
	}
	db_done(rows);
}

static void add_up(struct document *document)
{
	struct document_sums *sums = &document->sums;

	memset(sums, 0, sizeof(*sums));
	for (size_t i = 0; i < document->lines.count; i++) {
		const struct document_line *line = document_line_at(document, i);

		sums->ordered += line->ordered;
		sums->shipped += line->shipped;
		sums->received += line->received;
		sums->damaged += line->damaged;
		sums->written_off += line->written_off;
		sums->sent_back += line->sent_back;
		sums->road += document_line_road(document, line);
		sums->outstanding += document_line_outstanding(document, line);
		sums->given_up += document_line_short(document, line);
	}
	/* What is expected of a line depends on whether anything was shipped at all. */
	for (size_t i = 0; i < document->lines.count; i++) {
		const struct document_line *line = document_line_at(document, i);

		sums->exceptions += document_line_is_exception(document, line);
	}
}

bool document_load(struct document *document, const char *id)
{
	struct db *db = shop_db(document->shop);

	document_rows_clear(&document->lines);
	document->is_here = db && read_head(document, db, id);
	if (document->is_here)
		read_lines(document, db);
	add_up(document);
	document->is_pending = document->is_here &&
		(shop_is_pending(document->shop, "movement", id) ||
			shop_is_pending(document->shop, "movement_line", id));
	return document->is_here;
}

const struct document_line *document_line_at(const struct document *document, size_t index)
{
	return document_rows_at(&document->lines, index);
}

/* ---- figures ---- */

static int64_t above_0(int64_t qty_milli)
{
	return qty_milli > 0 ? qty_milli : 0;
}

static bool between_stores(const struct document *document)
{
	return *document->face.from && *document->face.to;
}

int64_t document_line_unshipped(const struct document_line *line)
{
	return above_0(line->ordered - line->shipped);
}

int64_t document_line_road(const struct document *document, const struct document_line *line)
{
	return between_stores(document)
		? above_0(line->shipped - line->received - line->written_off - line->sent_back)
		: 0;
}

int64_t document_line_expected(const struct document *document, const struct document_line *line)
{
	if (!*document->face.from || document->sums.shipped == 0)
		return line->ordered;
	return line->shipped;
}

int64_t document_line_outstanding(const struct document *document, const struct document_line *line)
{
	if (!*document->face.to)
		return document->face.status == MOVEMENT_ACCEPTED ? document_line_unshipped(line)
								  : 0;
	switch (document->face.status) {
	case MOVEMENT_RECEIVED:
	case MOVEMENT_REJECTED:
	case MOVEMENT_CANCELLED:
		return 0;
	case MOVEMENT_PENDING:
	case MOVEMENT_ACCEPTED:
		return *document->face.from
			? document_line_road(document, line) + document_line_unshipped(line)
			: document_line_missing(document, line);
	default:
		return document_line_missing(document, line);
	}
}

/* Has anybody counted yet? Before that nothing is short. */
static bool is_counted(const struct document_face *face)
{
	return *face->to && (face->status == MOVEMENT_PARTIAL || face->status == MOVEMENT_RECEIVED);
}

bool document_line_is_exception(const struct document *document, const struct document_line *line)
{
	int64_t expected = document_line_expected(document, line);

	if (line->extra || line->unknown || line->written_off > 0 || line->sent_back > 0 ||
		document_line_short(document, line) > 0)
		return true;
	/* What is shipped to a third party as damaged was known to be. */
	if (!*document->face.to)
		return false;
	return line->damaged > 0 || line->received > expected ||
		(is_counted(&document->face) && line->received < expected);
}

/* Closed before anything was counted it is cancelled; then only its reasons tell of the close. */
int64_t document_line_short(const struct document *document, const struct document_line *line)
{
	enum movement_status status = document->face.status;
	bool is_closed = status == MOVEMENT_RECEIVED ||
		(status == MOVEMENT_CANCELLED && line->reason[0]);

	return is_closed && !*document->face.from ? above_0(line->ordered - line->received) : 0;
}

int64_t document_line_missing(const struct document *document, const struct document_line *line)
{
	return between_stores(document) ? document_line_road(document, line)
					: above_0(line->ordered - line->received);
}

void document_add_figures(struct text *text, size_t lines, int64_t qty_milli)
{
	char qty[SHOP_QTY_BYTES], lines_text[64], pieces[64];

	shop_qty(qty_milli, qty);
	snprintf(lines_text, sizeof(lines_text),
		ngettext("%zu line", "%zu lines", (unsigned long)lines), lines);
	snprintf(pieces, sizeof(pieces),
		ngettext("%s piece", "%s pieces", qty_milli == 1000 ? 1 : 2), qty);
	/* TRANSLATORS: so many lines, so many pieces. */
	text_addf(text, _("%s, %s"), lines_text, pieces);
}

void document_add_item(struct text *text, size_t index, const char *sku, int64_t qty_milli)
{
	char qty[SHOP_QTY_BYTES];

	if (index > DOCUMENT_ITEMS_SHOWN)
		return;
	shop_qty(qty_milli, qty);
	if (index == DOCUMENT_ITEMS_SHOWN)
		text_add(text, " …");
	else
		text_addf(text, "%s%s ×%s", index > 0 ? ", " : "", sku, qty);
}
