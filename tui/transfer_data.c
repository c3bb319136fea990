#include "tui/transfer_data.h"

#include "model/i18n.h"
#include "model/stock.h"
#include "tui/shop_stock.h"

#include <stdio.h>
#include <string.h>

#define KEEP(field, text) snprintf(field, sizeof(field), "%s", (text) ? (text) : "")

void transfer_init(struct transfer *transfer, struct shop *shop)
{
	memset(transfer, 0, sizeof(*transfer));
	transfer->shop = shop;
	document_rows_init(&transfer->rows, sizeof(struct transfer_line));
}

void transfer_free(struct transfer *transfer)
{
	document_rows_free(&transfer->rows);
}

/* ---- the head ---- */

static enum transfer_status status_of(const char *word)
{
	int status = 0;

	while (status < TRANSFER_STATUSES &&
		strcmp(transfer_word((enum transfer_status)status), word) != 0)
		status++;
	return (enum transfer_status)status;
}

void transfer_face_settle(struct transfer_face *face, const struct shop *shop)
{
	face->status = status_of(face->status_word);
	face->is_source = strcmp(face->from, shop->store) == 0;
	face->is_asker = strcmp(face->to, shop->store) == 0;
}

static bool read_head(struct transfer *transfer, struct db *db, const char *id)
{
	struct transfer_face *face = &transfer->face;
	struct db_rows *rows = db_query(db,
		"SELECT id, number, from_store, to_store, status, movement, expected_on, note,"
		" reason, created_by, created_at FROM transfer WHERE id = $1",
		"t", id);
	bool found = db_next(rows);

	if (found) {
		KEEP(face->id, db_text(rows, 0));
		KEEP(face->number, db_text(rows, 1));
		KEEP(face->from, db_text(rows, 2));
		KEEP(face->to, db_text(rows, 3));
		KEEP(face->status_word, db_text(rows, 4));
		KEEP(face->movement, db_text(rows, 5));
		KEEP(transfer->expected_on, db_text(rows, 6));
		KEEP(transfer->note, db_text(rows, 7));
		KEEP(transfer->reason, db_text(rows, 8));
		KEEP(transfer->created_by, db_text(rows, 9));
		transfer->created_ms = db_int(rows, 10);
		transfer_face_settle(face, transfer->shop);
	}
	db_done(rows);
	return found;
}

/* ---- the lines ---- */

static void read_line(struct db_rows *rows, struct transfer_line *line)
{
	KEEP(line->sku, db_text(rows, 0));
	KEEP(line->name, db_text(rows, 1));
	line->no = db_int(rows, 2);
	line->ordered = db_int(rows, 3);
	line->agreed = db_int(rows, 4);
	document_rows_key(line->key, line->no, line->sku);
}

static void read_stock(struct transfer *transfer, struct db *db, struct transfer_line *line)
{
	const struct shop *shop = transfer->shop;
	struct shop_stock stock;

	line->here = stock_figures_of(db, shop->store, line->sku).available;
	if (transfer->face.status == TRANSFER_PENDING && line->no <= SHOP_STOCK_ASK_LINES &&
		!shop_follows(shop, transfer->face.from))
		shop_stock_ask(shop, line->sku);
	shop_stock_of(shop, transfer->face.from, line->sku, &stock);
	line->is_source_known = stock.is_known;
	transfer->knows_source = transfer->knows_source || stock.is_known;
	line->at_source = stock.figures.available;
	if (stock.told_ms > 0 &&
		(transfer->source_told_ms == 0 || stock.told_ms < transfer->source_told_ms))
		transfer->source_told_ms = stock.told_ms;
}

static void read_lines(struct transfer *transfer, struct db *db)
{
	struct db_rows *rows = db_query(db,
		"SELECT l.sku, (SELECT p.name FROM product p WHERE p.sku = l.sku), l.no, l.ordered,"
		" l.agreed FROM transfer_line l WHERE l.transfer = $1 ORDER BY l.no, l.sku",
		"t", transfer->face.id);

	while (db_next(rows)) {
		struct transfer_line *line = document_rows_add(&transfer->rows);

		if (!line)
			break;
		read_line(rows, line);
		transfer->ordered += line->ordered;
		transfer->agreed += line->agreed;
	}
	db_done(rows);
	for (size_t i = 0; i < transfer->rows.count; i++)
		read_stock(transfer, db, document_rows_at(&transfer->rows, i));
}

bool transfer_load(struct transfer *transfer, const char *id)
{
	struct shop *shop = transfer->shop;
	struct db *db = shop_db(shop);

	document_rows_clear(&transfer->rows);
	transfer->ordered = transfer->agreed = 0;
	transfer->is_here = db && read_head(transfer, db, id);
	if (!transfer->is_here)
		return false;
	transfer->knows_source = false;
	transfer->source_told_ms = 0;
	transfer->movement_number[0] = '\0';
	if (transfer->face.movement[0])
		shop_document_name(shop, "movement", transfer->face.movement,
			transfer->movement_number, sizeof(transfer->movement_number));
	read_lines(transfer, db);
	transfer->is_pending = shop_is_pending(shop, "transfer", id) ||
		shop_is_pending(shop, "transfer_line", id);
	return true;
}

const struct transfer_line *transfer_line_at(const struct transfer *transfer, size_t index)
{
	return document_rows_at(&transfer->rows, index);
}

/* ---- whose turn it is ---- */

const char *transfer_next_step(const struct shop *shop, const struct transfer_face *face)
{
	static char step[DOCUMENT_TEXT_BYTES];
	char store[SHOP_NAME_BYTES];

	shop_store_name(shop, face->from, store, sizeof(store));
	step[0] = '\0';
	if (face->status == TRANSFER_PENDING)
		snprintf(step, sizeof(step), _("%s agrees or refuses next."), store);
	else if (face->status == TRANSFER_AGREED)
		snprintf(step, sizeof(step), "%s", _("The goods go by its stock document."));
	return step;
}
