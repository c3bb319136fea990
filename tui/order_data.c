#include "tui/order_data.h"

#include "model/channel.h"
#include "model/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DASH "\u2013"

static enum order_status status_of(const char *word)
{
	int status = 0;

	while (status < ORDER_STATUSES && strcmp(order_word((enum order_status)status), word) != 0)
		status++;
	return (enum order_status)status;
}

static void keep(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

/* ---- the order ---- */

static void take_row(struct order_face *face, struct db_rows *rows)
{
	keep(face->id, sizeof(face->id), db_text(rows, 0));
	keep(face->channel, sizeof(face->channel), db_text(rows, 1));
	keep(face->customer, sizeof(face->customer), db_text(rows, 2));
	keep(face->store, sizeof(face->store), db_text(rows, 3));
	keep(face->status_word, sizeof(face->status_word), db_text(rows, 4));
	face->paid = db_int(rows, 5) != 0;
	face->denied = db_int(rows, 6) != 0;
	face->archived = db_int(rows, 7) != 0;
	face->created_ms = db_int(rows, 8);
	keep(face->created_by, sizeof(face->created_by), db_text(rows, 9));
	face->status = status_of(face->status_word);
	face->is_here = true;
}

static void read_head(const struct shop *shop, struct db *db, struct order_face *face)
{
	struct db_rows *rows = db_query(db,
		"SELECT id, channel, customer, store, status, paid, denied, archived, created_at,"
		" created_by FROM sales_order WHERE number = $1",
		"t", face->number);

	if (db_next(rows))
		take_row(face, rows);
	db_done(rows);
	if (!face->is_here)
		return;
	face->is_served = channel_serves(db, face->channel, shop->store);
	face->is_pending = shop_is_pending(shop, "sales_order", face->number) ||
		shop_is_pending(shop, "order_line", face->number);
	face->open_memos = (int)db_get_int(db, 0,
		"SELECT COUNT(*) FROM credit_memo WHERE order_number = $1 AND status = 'open'", "t",
		face->number);
}

/* ---- its lines ---- */

int64_t order_item_to_credit(const struct order_item *item)
{
	return item->line.invoiced - item->line.refunded - item->held;
}

static int64_t held_of(struct db *db, const char *number, const char *sku)
{
	return db_get_int(db, 0,
		"SELECT CAST(COALESCE(SUM(l.qty), 0) AS BIGINT) FROM credit_memo_line l"
		" JOIN credit_memo m ON m.id = l.memo"
		" WHERE l.order_number = $1 AND l.sku = $2 AND m.status = 'open'",
		"tt", number, sku);
}

static void add_to_sums(struct order_sums *sums, const struct order_item *item)
{
	const struct order_line *line = &item->line;

	sums->ordered += line->ordered;
	sums->invoiced += line->invoiced;
	sums->shipped += line->shipped;
	sums->cancelled += line->cancelled;
	sums->refunded += line->refunded;
	sums->outstanding += order_line_outstanding(line);
	sums->to_invoice += order_line_to_invoice(line);
	sums->to_ship += order_line_to_ship(line);
	sums->to_cancel += order_line_to_cancel(line);
	sums->to_credit += order_item_to_credit(item);
}

/* Calls take with each line; its name and key are not filled in. */
static void each_line(struct db *db, struct order_face *face,
	void (*take)(void *ctx, const struct order_item *item), void *ctx)
{
	struct order_line *lines = NULL;
	int count = order_line_all(db, face->number, &lines);

	for (int i = 0; i < count; i++) {
		struct order_item item = {.line = lines[i]};

		if (face->open_memos > 0)
			item.held = held_of(db, face->number, item.line.sku);
		add_to_sums(&face->sums, &item);
		if (take)
			take(ctx, &item);
	}
	free(lines);
}

static void start_face(struct order_face *face, const char *number)
{
	char kept[sizeof(face->number)];

	/* The number may be the face's own. */
	keep(kept, sizeof(kept), number);
	memset(face, 0, sizeof(*face));
	memcpy(face->number, kept, sizeof(kept));
	face->status = ORDER_STATUSES;
}

bool order_face_read(const struct shop *shop, const char *number, struct order_face *face)
{
	struct db *db = shop_db(shop);

	start_face(face, number);
	if (!db)
		return false;
	read_head(shop, db, face);
	if (face->is_here)
		each_line(db, face, NULL, NULL);
	return face->is_here;
}

static void take_item(void *ctx, const struct order_item *item)
{
	struct order_data *data = ctx;
	struct order_item *row = document_rows_add(&data->items);

	if (!row)
		return;
	*row = *item;
	document_rows_key(row->key, (long long)row->line.no, row->line.sku);
	shop_product_name(data->shop, row->line.sku, row->name, sizeof(row->name));
}

void order_data_init(struct order_data *data, struct shop *shop)
{
	memset(data, 0, sizeof(*data));
	data->shop = shop;
	document_rows_init(&data->items, sizeof(struct order_item));
}

void order_data_free(struct order_data *data)
{
	document_rows_free(&data->items);
}

bool order_data_load(struct order_data *data, const char *number)
{
	struct db *db = shop_db(data->shop);

	document_rows_clear(&data->items);
	start_face(&data->face, number);
	if (!db)
		return false;
	read_head(data->shop, db, &data->face);
	if (data->face.is_here)
		each_line(db, &data->face, take_item, data);
	return data->face.is_here;
}

const struct order_item *order_data_item(const struct order_data *data, size_t index)
{
	return document_rows_at(&data->items, index);
}

/* ---- in words ---- */

const char *order_customer(const struct order_face *face)
{
	return face->customer[0] ? face->customer : DASH;
}

void order_add_head(const struct shop *shop, const struct order_face *face, struct text *text)
{
	char channel[SHOP_NAME_BYTES];

	shop_channel_name(shop, face->channel, channel, sizeof(channel));
	text_addf(text, "%s\n%s \u00b7 %s\n", face->number, order_customer(face), channel);
}

static void add_flag(struct text *text, const char *flag)
{
	text_addf(text, "%s%s", text->length > 0 ? " \u00b7 " : "", flag);
}

void order_add_flags(const struct order_face *face, struct text *text)
{
	char memos[64];

	if (face->paid)
		add_flag(text, _("paid"));
	if (face->denied)
		add_flag(text, _("denied: approve or cancel it"));
	if (face->archived)
		add_flag(text, _("archived"));
	if (face->open_memos == 0)
		return;
	snprintf(memos, sizeof(memos),
		ngettext("%d credit memo waits for its refund",
			"%d credit memos wait for their refund", (unsigned long)face->open_memos),
		face->open_memos);
	add_flag(text, memos);
}

/* ---- channels ---- */

size_t order_pick_channel(
	const struct shop *shop, const char *text, struct form_pick *out, size_t max)
{
	struct db *db = shop_db(shop);
	struct db_rows *rows;
	size_t count = 0;

	if (!db)
		return 0;
	rows = db_query(db,
		"SELECT c.id, c.name FROM channel c JOIN channel_store s ON s.channel = c.id"
		" WHERE s.store = $1 AND (instr(lower(c.id), lower($2)) > 0"
		" OR instr(lower(c.name), lower($2)) > 0) ORDER BY c.id",
		"tt", shop->store, text);
	while (count < max && db_next(rows)) {
		struct form_pick *pick = &out[count++];

		snprintf(pick->id, sizeof(pick->id), "%s", db_text(rows, 0));
		snprintf(pick->label, sizeof(pick->label), "%s %s", pick->id,
			db_text(rows, 1) ? db_text(rows, 1) : "");
	}
	db_done(rows);
	return count;
}

void order_first_channel(const struct shop *shop, char out[COMMAND_ID_MAX + 1])
{
	struct db *db = shop_db(shop);
	char *found = db
		? db_get_text(db,
			  "SELECT c.channel FROM channel_store c WHERE c.store = $1 ORDER BY"
			  " (SELECT COUNT(*) FROM channel_store o WHERE o.channel = c.channel), c.channel",
			  "t", shop->store)
		: NULL;

	snprintf(out, COMMAND_ID_MAX + 1, "%s", found ? found : "");
	free(found);
}
