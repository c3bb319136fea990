#include "tui/document_new.h"

#include "model/i18n.h"
#include "model/json.h"
#include "model/stock.h"
#include "tui/shop_stock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct new_kind kinds[NEW_DOCUMENTS] = {
	[NEW_OUTBOUND] = {"outbound.create", "outbound", "to", false, STOCK_AVAILABLE,
		N_("New outbound order"), N_("Destination"), N_("The destination is missing."),
		N_("Available"), pane_movement_new},
	[NEW_OUTBOUND_THIRD_PARTY] = {"outbound.create", "outbound-third-party", "third_party",
		true, STOCK_AVAILABLE, N_("New outbound order to a third party"), N_("Third party"),
		N_("The name of the third party is missing."), N_("Available"), pane_movement_new},
	[NEW_INBOUND_THIRD_PARTY] = {"inbound.create", "inbound-third-party", "third_party", true,
		STOCK_ON_HAND, N_("New inbound order from a third party"), N_("Third party"),
		N_("The name of the third party is missing."), N_("On hand"), pane_movement_new},
	[NEW_TRANSFER] = {"transfer.request", "transfer", "from", false, STOCK_AT_SOURCE,
		N_("New transfer order"), N_("Source"),
		N_("The source, the store to ask, is missing."), N_("At source"),
		pane_transfer_new},
};

static void say_trouble(struct document_new *new)
{
	app_say(new->shop->app, ROLE_ERROR, _("Not stored: %s"), new->draft.error);
	app_bell(new->shop->app);
}

/* ---- the head, as JSON in the draft ---- */

static void keep(const cJSON *json, const char *name, char *out, size_t size)
{
	const char *text = json_text(json, name);

	snprintf(out, size, "%s", text ? text : "");
}

static void read_head(struct document_new *new)
{
	char *text = document_draft_head(&new->draft);
	char error[DRAFT_ERROR_BYTES];
	cJSON *json = text && *text ? json_parse(text, strlen(text), error, sizeof(error)) : NULL;

	keep(json, new->kind->end, new->head.end, sizeof(new->head.end));
	keep(json, "expected_on", new->head.expected_on, sizeof(new->head.expected_on));
	keep(json, "note", new->head.note, sizeof(new->head.note));
	cJSON_Delete(json);
	free(text);
}

static void add_text(cJSON *json, const char *name, const char *value)
{
	if (*value)
		cJSON_AddStringToObject(json, name, value);
}

static cJSON *head_json(const struct document_new *new)
{
	cJSON *json = cJSON_CreateObject();

	add_text(json, new->kind->end, new->head.end);
	add_text(json, "expected_on", new->head.expected_on);
	add_text(json, "note", new->head.note);
	return json;
}

bool document_new_has_head(const struct document_new *new)
{
	return new->head.end[0] != '\0';
}

void document_new_end_name(const struct document_new *new, char *out, size_t size)
{
	if (new->kind->is_third_party)
		snprintf(out, size, "%s", new->head.end);
	else
		shop_store_name(new->shop, new->head.end, out, size);
}

void document_new_set_head(struct document_new *new, const struct new_head *head)
{
	cJSON *json;
	char *text;

	new->head = *head;
	json = head_json(new);
	text = cJSON_PrintUnformatted(json);
	if (!text || !document_draft_set_head(&new->draft, text))
		say_trouble(new);
	cJSON_free(text);
	cJSON_Delete(json);
}

/* ---- the lines ---- */

struct new_row *document_new_row_of(const struct document_new *new, const char *sku)
{
	for (size_t i = 0; i < new->rows.count; i++) {
		struct new_row *row = document_rows_at(&new->rows, i);

		if (strcmp(row->sku, sku) == 0)
			return row;
	}
	return NULL;
}

static void read_stock(struct document_new *new, struct new_row *row)
{
	const struct shop *shop = new->shop;
	struct db *db = shop_db(shop);
	bool is_asking = new->kind->stock == STOCK_AT_SOURCE;
	bool is_sending = new->kind->stock == STOCK_AVAILABLE && !new->kind->is_third_party;
	const char *store = is_asking ? new->head.end : shop->store;
	struct shop_stock stock, there;

	if (!db)
		return;
	/* Not of a thousand lines at once: of the rest it is asked for when they are touched. */
	if ((is_asking || is_sending) && new->rows.count <= SHOP_STOCK_ASK_LINES)
		shop_stock_ask(shop, row->sku);
	shop_stock_of(shop, store, row->sku, &stock);
	row->is_known = stock.is_known;
	if (stock.told_ms > 0 && (new->told_ms == 0 || stock.told_ms < new->told_ms))
		new->told_ms = stock.told_ms;
	row->is_stocked = stock_has_line(db, shop->store, row->sku);
	row->is_at_source = is_asking && stock.is_stocked;
	row->is_elsewhere = is_asking && !shop_stock_is_nowhere_else(shop, row->sku);
	shop_stock_of(shop, is_sending ? new->head.end : "", row->sku, &there);
	row->is_unwanted = there.is_known && !there.is_stocked;
	row->stock = new->kind->stock == STOCK_ON_HAND ? stock.figures.on_hand
						       : stock.figures.available;
}

const struct new_row *document_new_unwanted(const struct document_new *new)
{
	for (size_t i = 0; i < new->rows.count; i++) {
		const struct new_row *row = document_rows_at(&new->rows, i);

		if (row->is_unwanted)
			return row;
	}
	return NULL;
}

bool document_new_is_short(const struct document_new *new, const struct new_row *row)
{
	return new->kind->stock != STOCK_ON_HAND && row->is_known && row->qty > row->stock;
}

static void take_sum(void *ctx, const struct draft_entry *sum)
{
	struct document_new *new = ctx;
	struct new_row *row;

	if (sum->id > new->last_entry)
		new->last_entry = sum->id;
	if (sum->qty_milli <= 0)
		return;
	row = document_rows_add(&new->rows);
	if (!row)
		return;
	document_rows_key(row->key, (long long)new->rows.count, sum->sku);
	snprintf(row->sku, sizeof(row->sku), "%s", sum->sku);
	shop_product_name(new->shop, sum->sku, row->name, sizeof(row->name));
	row->qty = sum->qty_milli;
	new->total += row->qty;
	read_stock(new, row);
}

static void read_new(struct document_new *new)
{
	document_rows_clear(&new->rows);
	new->total = 0;
	new->told_ms = 0;
	new->last_entry = 0;
	read_head(new);
	if (!document_draft_sums(&new->draft, take_sum, new))
		say_trouble(new);
}

/* The document another seat made of this draft; "" if none was made since it was opened here. */
static void made_elsewhere(const struct document_new *new, char *out, size_t size)
{
	const char *kind = strncmp(new->kind->op, "transfer", 8) == 0 ? "transfer" : "movement";
	char *id = db_get_text(new->shop->console->outbox,
		"SELECT id FROM command WHERE n > $1 AND op = $2 AND actor = $3 AND store = $4"
		" ORDER BY n DESC LIMIT 1",
		"ittt", new->outbox_n, new->kind->op, new->shop->staff, new->shop->store);

	out[0] = '\0';
	if (id)
		shop_document_name(new->shop, kind, id, out, size);
	free(id);
}

void document_new_look_again(struct document_new *new)
{
	bool was_empty = new->rows.count == 0;
	char number[SHOP_NAME_BYTES];

	read_new(new);
	if (was_empty || new->rows.count > 0 || new->is_sending)
		return;
	made_elsewhere(new, number, sizeof(number));
	if (number[0])
		app_say(new->shop->app, ROLE_WARN, _("Created at another seat: %s."), number);
	else
		app_say(new->shop->app, ROLE_WARN, "%s",
			_("The lines were taken off at another seat."));
	app_bell(new->shop->app);
}

static void tell_seats(const struct document_new *new)
{
	if (new->shop->poke)
		new->shop->poke(new->shop->poke_ctx, false);
}

void document_new_open(struct document_new *new, struct shop *shop, enum new_document kind)
{
	char name[DRAFT_NAME_BYTES];

	memset(new, 0, sizeof(*new));
	new->kind = &kinds[kind];
	new->shop = shop;
	document_rows_init(&new->rows, sizeof(struct new_row));
	snprintf(name, sizeof(name), "%s:%s:%s", new->kind->draft, shop->store, shop->staff);
	if (!document_draft_open(&new->draft, shop->console, name))
		say_trouble(new);
	new->outbox_n = db_get_int(
		shop->console->outbox, 0, "SELECT COALESCE(MAX(n), 0) FROM command", "");
	read_new(new);
}

void document_new_close(struct document_new *new)
{
	document_draft_close(&new->draft);
	document_rows_free(&new->rows);
}

static void say_row(struct document_new *new, const struct new_row *row)
{
	char qty[SHOP_QTY_BYTES], available[SHOP_QTY_BYTES], other[DOCUMENT_TEXT_BYTES];

	shop_qty(row->qty, qty);
	shop_qty(row->stock, available);
	if (row->is_known && new->kind->stock == STOCK_AT_SOURCE && !row->is_elsewhere) {
		app_say(new->shop->app, ROLE_WARN,
			_("%s %s: no other store known here has it. Check the SKU."), row->sku,
			row->name);
		app_bell(new->shop->app);
	} else if (row->is_unwanted) {
		document_new_end_name(new, other, sizeof(other));
		app_say(new->shop->app, ROLE_WARN, _("%s %s: %s does not stock it."), row->sku,
			row->name, other);
		app_bell(new->shop->app);
	} else if (document_new_is_short(new, row)) {
		app_say(new->shop->app, ROLE_WARN, _("%s %s: %s, but only %s available."), row->sku,
			row->name, qty, available);
		app_bell(new->shop->app);
	} else {
		app_say(new->shop->app, ROLE_OK, _("%s %s: %s."), row->sku, row->name, qty);
	}
}

void document_new_put(struct document_new *new, const char *sku, int64_t qty_milli, bool is_sum)
{
	struct draft_entry entry = {.qty_milli = qty_milli, .at_ms = shop_now(new->shop)};
	const struct new_row *row;
	bool is_stored;

	snprintf(entry.sku, sizeof(entry.sku), "%s", sku);
	snprintf(entry.actor, sizeof(entry.actor), "%s", new->shop->staff);
	is_stored = is_sum ? document_draft_set(&new->draft, &entry)
			   : document_draft_add(&new->draft, &entry);
	if (!is_stored) {
		say_trouble(new);
		return;
	}
	read_new(new);
	tell_seats(new);
	row = document_new_row_of(new, sku);
	if (row)
		say_row(new, row);
	else
		app_say(new->shop->app, ROLE_OK, _("Taken off: %s."), sku);
}

void document_new_undo(struct document_new *new)
{
	struct draft_entry last, undone;
	char qty[SHOP_QTY_BYTES];

	if (!document_draft_last(&new->draft, "", &last) ||
		!document_draft_undo(&new->draft, &last, &undone)) {
		say_trouble(new);
		return;
	}
	read_new(new);
	tell_seats(new);
	shop_qty_signed(undone.qty_milli, qty);
	app_say(new->shop->app, ROLE_OK, _("Taken back: %s %s."), undone.sku, qty);
}

void document_new_discard(struct document_new *new)
{
	if (!document_draft_discard(&new->draft))
		say_trouble(new);
	read_new(new);
	tell_seats(new);
}

/* ---- taking up again what was refused ---- */

enum new_document document_new_kind_of(const char *op, const cJSON *data)
{
	int kind = 0;

	while (kind < NEW_DOCUMENTS &&
		!(strcmp(kinds[kind].op, op) == 0 && json_text(data, kinds[kind].end)))
		kind++;
	return (enum new_document)kind;
}

void document_new_about(
	const struct shop *shop, enum new_document kind, const cJSON *data, char *out, size_t size)
{
	const char *end = json_text(data, kinds[kind].end);
	char name[DOCUMENT_TEXT_BYTES];

	if (kinds[kind].is_third_party)
		snprintf(name, sizeof(name), "%s", end);
	else
		shop_store_name(shop, end, name, sizeof(name));
	snprintf(out, size, kinds[kind].stock == STOCK_AVAILABLE ? _("To %s") : _("From %s"), name);
}

/* One entry a SKU, as a document has one line. */
static size_t read_entries(
	const struct document_new *new, const cJSON *lines, struct draft_entry *entries)
{
	const cJSON *line;
	size_t count = 0;

	cJSON_ArrayForEach(line, lines)
	{
		const char *sku = json_text(line, "sku");
		const cJSON *qty = cJSON_GetObjectItemCaseSensitive(line, "qty");
		size_t at = 0;

		if (!sku || !cJSON_IsNumber(qty))
			continue;
		while (at < count && strcmp(entries[at].sku, sku) != 0)
			at++;
		if (at == count) {
			entries[count] = (struct draft_entry){.at_ms = shop_now(new->shop)};
			snprintf(entries[count].sku, sizeof(entries[count].sku), "%s", sku);
			snprintf(entries[count].actor, sizeof(entries[count].actor), "%s",
				new->shop->staff);
			count++;
		}
		entries[at].qty_milli += (int64_t)(qty->valuedouble * 1000 + 0.5);
	}
	return count;
}

static bool fill(struct document_new *new, const cJSON *data)
{
	const cJSON *lines = cJSON_GetObjectItemCaseSensitive(data, "lines");
	struct draft_entry *entries = calloc(
		(size_t)cJSON_GetArraySize(lines) + 1, sizeof(*entries));
	struct new_head head;
	bool is_stored;

	keep(data, new->kind->end, head.end, sizeof(head.end));
	keep(data, "expected_on", head.expected_on, sizeof(head.expected_on));
	keep(data, "note", head.note, sizeof(head.note));
	is_stored = entries &&
		document_draft_fill(&new->draft, entries, read_entries(new, lines, entries));
	free(entries);
	if (is_stored)
		document_new_set_head(new, &head);
	else
		say_trouble(new);
	return is_stored;
}

bool document_new_take_up(struct shop *shop, enum new_document kind, const cJSON *data)
{
	struct document_new new;
	bool is_empty, is_stored = false;

	document_new_open(&new, shop, kind);
	is_empty = document_draft_is_empty(&new.draft);
	if (is_empty)
		is_stored = fill(&new, data);
	else
		app_say(shop->app, ROLE_WARN, "%s",
			_("Another draft of this kind is kept here. Create or discard it first."));
	document_new_close(&new);
	return is_stored;
}

/* ---- making it ---- */

static cJSON *new_data(const struct document_new *new)
{
	cJSON *data = head_json(new);
	cJSON *lines = cJSON_AddArrayToObject(data, "lines");

	for (size_t i = 0; i < new->rows.count; i++) {
		const struct new_row *row = document_rows_at(&new->rows, i);
		cJSON *line = cJSON_CreateObject();

		cJSON_AddStringToObject(line, "sku", row->sku);
		cJSON_AddNumberToObject(line, "qty", (double)row->qty / 1000);
		cJSON_AddItemToArray(lines, line);
	}
	return data;
}

static void add_question(const struct document_new *new, struct text *text)
{
	struct text items = TEXT_INIT(TEXT_SMALL);
	char other[DOCUMENT_TEXT_BYTES];

	document_new_end_name(new, other, sizeof(other));
	text_addf(text, new->kind->stock == STOCK_AVAILABLE ? _("To %s") : _("From %s"), other);
	text_add(text, "\n");
	document_add_figures(text, new->rows.count, new->total);
	for (size_t i = 0; i < new->rows.count; i++) {
		const struct new_row *row = document_rows_at(&new->rows, i);

		document_add_item(&items, i, row->sku, row->qty);
	}
	text_addf(text, _(": %s"), text_get(&items));
	text_free(&items);
	if (new->head.expected_on[0]) {
		text_add(text, "\n");
		text_addf(text, _("Expected on %s"), new->head.expected_on);
	}
}

bool document_new_ask(struct document_new *new, struct text *question)
{
	read_new(new);
	if (!shop_would(new->shop, new->kind->op, new_data(new)))
		return false;
	add_question(new, question);
	return true;
}

bool document_new_create(struct document_new *new, char id[UUID_SIZE])
{
	struct console_verdict verdict;
	cJSON *data = new_data(new);
	bool is_saved;

	if (!document_draft_send(
		    &new->draft, new->shop->console, new->kind->op, data, new->last_entry)) {
		say_trouble(new);
		cJSON_Delete(data);
		return false;
	}
	new->is_sending = true;
	is_saved = shop_do(new->shop, new->kind->op, data, &verdict);
	document_draft_sent(&new->draft, is_saved);
	new->is_sending = false;
	tell_seats(new);
	snprintf(id, UUID_SIZE, "%s", verdict.id);
	console_verdict_free(&verdict);
	read_new(new);
	return is_saved;
}
