#include "tui/order_entries.h"

#include "model/i18n.h"

#include <stdio.h>
#include <string.h>

enum entry_field {
	ENTRY_WHEN,
	ENTRY_NUMBER,
	ENTRY_STATUS,
	ENTRY_EVENT,
	ENTRY_STORE,
	ENTRY_SKU,
	ENTRY_NAME,
	ENTRY_QTY,
	ENTRY_CHANGE,
	ENTRY_SUM,
	ENTRY_STOCK,
	ENTRY_WHO
};
#define ENTRY_COLUMNS_MAX 8

/* Columns of each query: number, word, store, sku, qty, at, actor, to_stock. */
static const struct kind {
	const char *view;
	const char *sql;
	const char *empty; /* N_ */
	enum entry_field fields[ENTRY_COLUMNS_MAX];
	struct list_column columns[ENTRY_COLUMNS_MAX];
	size_t count;
} kinds[ORDER_ENTRIES_KINDS] = {
	[ORDER_SHIPMENTS] = {"shipment_lines",
		"SELECT h.number, '', h.store, l.sku, l.qty, h.at, h.actor, 0 FROM shipment h"
		" JOIN shipment_line l ON l.shipment = h.id WHERE h.order_number = $1"
		" ORDER BY h.id, l.sku",
		N_("Nothing was shipped yet."),
		{ENTRY_WHEN, ENTRY_SKU, ENTRY_QTY, ENTRY_STORE, ENTRY_NUMBER, ENTRY_NAME,
			ENTRY_WHO},
		{{N_("When"), 11, 0, LIST_LEFT, 0, false}, {N_("SKU"), 10, 0, LIST_LEFT, 0, true},
			{N_("Quantity"), 8, 0, LIST_RIGHT, 0, false},
			{N_("Store"), 10, 1, LIST_LEFT, 0, false},
			{N_("Shipment"), 12, 2, LIST_LEFT, 1, false},
			{N_("Product"), 12, 2, LIST_LEFT, 3, false},
			{N_("Who"), 8, 1, LIST_LEFT, 2, false}},
		7},
	[ORDER_MEMOS] = {"credit_memo_lines",
		"SELECT m.number, m.status, '', l.sku, l.qty, COALESCE(m.refunded_at, m.opened_at),"
		" COALESCE(m.refunded_by, m.opened_by), l.return_to_stock FROM credit_memo m"
		" JOIN credit_memo_line l ON l.memo = m.id WHERE m.order_number = $1"
		" ORDER BY m.id, l.id",
		N_("There is no credit memo yet."),
		{ENTRY_WHEN, ENTRY_SKU, ENTRY_QTY, ENTRY_STATUS, ENTRY_STOCK, ENTRY_NUMBER,
			ENTRY_NAME, ENTRY_WHO},
		{{N_("When"), 11, 0, LIST_LEFT, 0, false}, {N_("SKU"), 8, 0, LIST_LEFT, 0, true},
			{N_("Quantity"), 8, 0, LIST_RIGHT, 0, false},
			{N_("Status"), 10, 0, LIST_LEFT, 0, false},
			{N_("Goods"), 12, 0, LIST_LEFT, 0, false},
			{N_("Credit memo"), 12, 2, LIST_LEFT, 1, false},
			{N_("Product"), 12, 2, LIST_LEFT, 3, false},
			{N_("Who"), 8, 1, LIST_LEFT, 2, false}},
		8},
	[ORDER_INVOICES] = {"invoices",
		"SELECT COALESCE(v.number, ''), '', '', l.sku, l.qty, v.at, v.actor, 0"
		" FROM invoice v JOIN invoice_line l ON l.invoice = v.id"
		" WHERE v.order_number = $1 ORDER BY v.id, l.sku",
		N_("Nothing was invoiced yet."),
		{ENTRY_WHEN, ENTRY_SKU, ENTRY_QTY, ENTRY_NAME, ENTRY_NUMBER, ENTRY_WHO},
		{{N_("When"), 11, 0, LIST_LEFT, 0, false}, {N_("SKU"), 10, 0, LIST_LEFT, 0, true},
			{N_("Quantity"), 8, 0, LIST_RIGHT, 0, false},
			{N_("Product"), 12, 2, LIST_LEFT, 0, false},
			{N_("Invoice"), 10, 1, LIST_LEFT, 2, false},
			{N_("Who"), 8, 1, LIST_LEFT, 1, false}},
		6},
	[ORDER_LEDGER] = {"reservations",
		"SELECT '', r.event, '', r.sku, r.qty, r.at, r.actor, 0 FROM reservation r"
		" WHERE r.order_number = $1 ORDER BY r.sku, r.no, r.id",
		N_("Nothing was reserved."),
		{ENTRY_SKU, ENTRY_WHEN, ENTRY_EVENT, ENTRY_CHANGE, ENTRY_SUM, ENTRY_NAME,
			ENTRY_WHO},
		{{N_("SKU"), 10, 0, LIST_LEFT, 0, true}, {N_("When"), 11, 0, LIST_LEFT, 0, false},
			{N_("What"), 14, 1, LIST_LEFT, 0, false},
			{N_("Quantity"), 8, 0, LIST_RIGHT, 0, false},
			{N_("Sum so far"), 8, 0, LIST_RIGHT, 0, false},
			{N_("Product"), 12, 1, LIST_LEFT, 2, false},
			{N_("Who"), 8, 1, LIST_LEFT, 1, false}},
		7},
};

/* ---- cells ---- */

static void put(struct list_cell *out, const char *text)
{
	snprintf(out->text, sizeof(out->text), "%s", text);
}

static void put_qty(const struct order_entry *entry, enum entry_field field, struct list_cell *out)
{
	char qty[SHOP_QTY_BYTES];

	if (field == ENTRY_QTY) {
		shop_qty(entry->qty, qty);
	} else {
		int64_t value = field == ENTRY_SUM ? entry->sum : entry->qty;

		shop_qty_signed(value, qty);
		out->role = field == ENTRY_SUM ? ROLE_BOLD : shop_qty_role(value);
	}
	put(out, qty);
}

static void entry_cell(void *ctx, const void *row, int column, struct list_cell *out)
{
	const struct order_entries *self = ctx;
	const struct order_entry *entry = row;
	enum entry_field field = kinds[self->kind].fields[column];
	const char *const texts[] = {
		[ENTRY_WHEN] = entry->when,
		[ENTRY_NUMBER] = entry->number,
		[ENTRY_STORE] = entry->store,
		[ENTRY_SKU] = entry->sku,
		[ENTRY_NAME] = entry->name,
		[ENTRY_WHO] = entry->who,
	};

	switch (field) {
	case ENTRY_QTY:
	case ENTRY_CHANGE:
	case ENTRY_SUM:
		put_qty(entry, field, out);
		break;
	case ENTRY_STATUS:
		put(out, shop_word("credit_memo", entry->word));
		out->role = shop_status_role("credit_memo", entry->word);
		break;
	case ENTRY_EVENT:
		put(out, shop_word("reservation", entry->word));
		break;
	case ENTRY_STOCK:
		put(out, entry->to_stock ? _("to stock") : _("not to stock"));
		break;
	default:
		put(out, texts[field]);
		break;
	}
}

static const struct list_source entry_source = {
	.row_bytes = sizeof(struct order_entry),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = entry_cell,
};

/* ---- reading ---- */

static void keep(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static void take_row(struct order_entries *self, struct db_rows *rows)
{
	const struct order_entry *last = self->rows.count > 0
		? document_rows_at(&self->rows, self->rows.count - 1)
		: NULL;
	const char *sku = db_text(rows, 3);
	int64_t sum = last && sku && strcmp(last->sku, sku) == 0 ? last->sum : 0;
	struct order_entry *entry = document_rows_add(&self->rows);

	if (!entry)
		return;
	keep(entry->number, sizeof(entry->number), db_text(rows, 0));
	keep(entry->word, sizeof(entry->word), db_text(rows, 1));
	keep(entry->store, sizeof(entry->store), db_text(rows, 2));
	keep(entry->sku, sizeof(entry->sku), sku);
	entry->qty = db_int(rows, 4);
	entry->sum = sum + entry->qty;
	shop_when(self->shop, db_int(rows, 5), entry->when);
	keep(entry->who, sizeof(entry->who), db_text(rows, 6));
	entry->to_stock = db_int(rows, 7) != 0;
	document_rows_key(entry->key, (long long)self->rows.count, entry->sku);
}

/* Once the rows are read: a name is a query of its own. */
static void name_row(const struct order_entries *self, struct order_entry *entry)
{
	char id[SHOP_NAME_BYTES];

	keep(id, sizeof(id), entry->who);
	shop_staff_name(self->shop, id, entry->who, sizeof(entry->who));
	keep(id, sizeof(id), entry->store);
	if (id[0])
		shop_store_name(self->shop, id, entry->store, sizeof(entry->store));
	shop_product_name(self->shop, entry->sku, entry->name, sizeof(entry->name));
}

void order_entries_read(struct order_entries *self, const char *number)
{
	struct db *db = shop_db(self->shop);
	struct db_rows *rows;

	document_rows_clear(&self->rows);
	list_changed(&self->list);
	if (!db)
		return;
	rows = db_query(db, kinds[self->kind].sql, "t", number);
	while (db_next(rows))
		take_row(self, rows);
	db_done(rows);
	for (size_t i = 0; i < self->rows.count; i++)
		name_row(self, document_rows_at(&self->rows, i));
}

/* ---- from beginning to end ---- */

bool order_entries_init(struct order_entries *self, struct shop *shop, enum order_entries_kind kind)
{
	memset(self, 0, sizeof(*self));
	self->shop = shop;
	self->kind = kind;
	document_rows_init(&self->rows, sizeof(struct order_entry));
	if (!list_init(&self->list, &entry_source, self, kinds[kind].columns, kinds[kind].count))
		return false;
	self->list.empty = gettext(kinds[kind].empty);
	return true;
}

void order_entries_free(struct order_entries *self)
{
	list_free(&self->list);
	document_rows_free(&self->rows);
}

const char *order_entries_view(enum order_entries_kind kind)
{
	return kinds[kind].view;
}
