#include "tui/order_new.h"

#include "model/i18n.h"
#include "model/json.h"
#include "model/uuid.h"
#include "model/when.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OP "order.place"

static void say_trouble(struct order_new *new)
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

static void read_head(struct order_new *new)
{
	char *text = document_draft_head(&new->draft);
	char error[DRAFT_ERROR_BYTES];
	cJSON *json = text && *text ? json_parse(text, strlen(text), error, sizeof(error)) : NULL;

	keep(json, "number", new->head.number, sizeof(new->head.number));
	keep(json, "channel", new->head.channel, sizeof(new->head.channel));
	keep(json, "customer", new->head.customer, sizeof(new->head.customer));
	new->head.is_taken = json_bool(json, "taken", false);
	cJSON_Delete(json);
	free(text);
}

bool order_new_has_head(const struct order_new *new)
{
	return new->head.channel[0] != '\0';
}

/* As numbers of documents are: kind, store, local time, and a suffix that makes a clash impossible. */
static void make_number(const struct order_new *new, char *out, size_t size)
{
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	char stamp[WHEN_SIZE], suffix[6];
	unsigned char random[5];
	int used;

	new->shop->console->random(random, sizeof(random));
	for (int i = 0; i < 5; i++)
		suffix[i] = letters[random[i] & 31];
	suffix[5] = '\0';
	when_local_stamp(shop_now(new->shop), new->shop->tz_minutes, stamp);
	used = snprintf(out, size, "SO-%.24s", new->shop->store);
	for (char *c = out; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	snprintf(out + used, size - (size_t)used, "-%.20s-%s", stamp, suffix);
}

void order_new_set_head(struct order_new *new, const struct order_new_head *head)
{
	char number[sizeof(new->head.number)];
	cJSON *json = cJSON_CreateObject();
	char *text;

	memcpy(number, new->head.number, sizeof(number));
	new->head = *head;
	memcpy(new->head.number, number, sizeof(number));
	if (!number[0])
		make_number(new, new->head.number, sizeof(new->head.number));
	cJSON_AddStringToObject(json, "number", new->head.number);
	cJSON_AddStringToObject(json, "channel", head->channel);
	cJSON_AddStringToObject(json, "customer", head->customer);
	cJSON_AddBoolToObject(json, "taken", head->is_taken);
	text = cJSON_PrintUnformatted(json);
	if (!text || !document_draft_set_head(&new->draft, text))
		say_trouble(new);
	cJSON_free(text);
	cJSON_Delete(json);
	order_new_read(new);
}

/* ---- the lines ---- */

struct order_new_row *order_new_row_of(const struct order_new *new, const char *sku)
{
	for (size_t i = 0; i < new->rows.count; i++) {
		struct order_new_row *row = document_rows_at(&new->rows, i);

		if (strcmp(row->sku, sku) == 0)
			return row;
	}
	return NULL;
}

bool order_new_is_short(const struct order_new_row *row)
{
	return row->salable.known && !row->salable.unlimited && row->qty > row->salable.salable;
}

/* Does this terminal hold the stock of all stores of the channel? */
static bool is_whole(const struct order_new *new, struct db *db)
{
	struct db_rows *rows = db_query(
		db, "SELECT store FROM channel_store WHERE channel = $1", "t", new->head.channel);
	bool whole = true;

	while (db_next(rows))
		whole = whole && shop_follows(new->shop, db_text(rows, 0));
	db_done(rows);
	return whole;
}

static void read_product(const struct order_new *new, struct order_new_row *row)
{
	struct db *db = shop_db(new->shop);

	if (!db)
		return;
	row->is_virtual = db_has(
		db, "SELECT 1 FROM product WHERE sku = $1 AND is_virtual = 1", "t", row->sku);
	row->price = db_get_int(
		db, 0, "SELECT COALESCE(price, 0) FROM product WHERE sku = $1", "t", row->sku);
	if (order_new_has_head(new))
		row->salable = salable_of(db, new->head.channel, row->sku, is_whole(new, db));
}

static void take_sum(void *ctx, const struct draft_entry *sum)
{
	struct order_new *new = ctx;
	struct order_new_row *row;

	if (sum->id > new->last_entry)
		new->last_entry = sum->id;
	row = sum->qty_milli > 0 ? document_rows_add(&new->rows) : NULL;
	if (!row)
		return;
	document_rows_key(row->key, (long long)new->rows.count, sum->sku);
	snprintf(row->sku, sizeof(row->sku), "%s", sum->sku);
	shop_product_name(new->shop, sum->sku, row->name, sizeof(row->name));
	row->qty = sum->qty_milli;
	new->total += row->qty;
	read_product(new, row);
}

void order_new_read(struct order_new *new)
{
	document_rows_clear(&new->rows);
	new->total = 0;
	new->last_entry = 0;
	read_head(new);
	if (!document_draft_sums(&new->draft, take_sum, new))
		say_trouble(new);
}

void order_new_open(struct order_new *new, struct shop *shop)
{
	char name[DRAFT_NAME_BYTES];

	memset(new, 0, sizeof(*new));
	new->shop = shop;
	document_rows_init(&new->rows, sizeof(struct order_new_row));
	snprintf(name, sizeof(name), "order:%s:%s", shop->store, shop->staff);
	if (!document_draft_open(&new->draft, shop->console, name))
		say_trouble(new);
	order_new_read(new);
}

void order_new_close(struct order_new *new)
{
	document_draft_close(&new->draft);
	document_rows_free(&new->rows);
}

static void say_row(const struct order_new *new, const struct order_new_row *row)
{
	char qty[SHOP_QTY_BYTES], salable[SHOP_QTY_BYTES];

	shop_qty(row->qty, qty);
	shop_qty(row->salable.salable, salable);
	if (!order_new_is_short(row)) {
		app_say(new->shop->app, ROLE_OK, _("%s %s: %s."), row->sku, row->name, qty);
		return;
	}
	app_say(new->shop->app, ROLE_WARN, _("%s %s: %s, but only %s may still be promised."),
		row->sku, row->name, qty, salable);
	app_bell(new->shop->app);
}

/* Another seat of the same person looks at the same draft. */
static void tell_seats(const struct order_new *new)
{
	if (new->shop->poke)
		new->shop->poke(new->shop->poke_ctx, false);
}

void order_new_put(struct order_new *new, const char *sku, int64_t qty_milli, bool is_sum)
{
	struct draft_entry entry = {.qty_milli = qty_milli, .at_ms = shop_now(new->shop)};
	const struct order_new_row *row;

	snprintf(entry.sku, sizeof(entry.sku), "%s", sku);
	snprintf(entry.actor, sizeof(entry.actor), "%s", new->shop->staff);
	if (!(is_sum ? document_draft_set(&new->draft, &entry)
		     : document_draft_add(&new->draft, &entry))) {
		say_trouble(new);
		return;
	}
	order_new_read(new);
	tell_seats(new);
	row = order_new_row_of(new, sku);
	if (row)
		say_row(new, row);
	else
		app_say(new->shop->app, ROLE_OK, _("Taken off: %s."), sku);
}

void order_new_undo(struct order_new *new)
{
	struct draft_entry last, undone;
	char qty[SHOP_QTY_BYTES];

	if (!document_draft_last(&new->draft, "", &last) ||
		!document_draft_undo(&new->draft, &last, &undone)) {
		say_trouble(new);
		return;
	}
	order_new_read(new);
	tell_seats(new);
	shop_qty_signed(undone.qty_milli, qty);
	app_say(new->shop->app, ROLE_OK, _("Taken back: %s %s."), undone.sku, qty);
}

void order_new_discard(struct order_new *new)
{
	if (!document_draft_discard(&new->draft))
		say_trouble(new);
	order_new_read(new);
	tell_seats(new);
}

/* ---- placing it ---- */

static cJSON *place_data(const struct order_new *new)
{
	cJSON *data = cJSON_CreateObject();
	cJSON *lines;

	cJSON_AddStringToObject(data, "number", new->head.number);
	cJSON_AddStringToObject(data, "channel", new->head.channel);
	if (new->head.customer[0])
		cJSON_AddStringToObject(data, "customer", new->head.customer);
	lines = cJSON_AddArrayToObject(data, "lines");
	for (size_t i = 0; i < new->rows.count; i++) {
		const struct order_new_row *row = document_rows_at(&new->rows, i);
		cJSON *line = cJSON_CreateObject();

		cJSON_AddStringToObject(line, "sku", row->sku);
		cJSON_AddNumberToObject(line, "qty", (double)row->qty / 1000);
		if (row->price > 0)
			cJSON_AddNumberToObject(line, "price", (double)row->price);
		cJSON_AddItemToArray(lines, line);
	}
	return data;
}

static cJSON *order_data_json(const struct order_new *new)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "order", new->head.number);
	return data;
}

static bool has_kind(const struct order_new *new, bool is_virtual)
{
	for (size_t i = 0; i < new->rows.count; i++)
		if (((const struct order_new_row *)document_rows_at(&new->rows, i))->is_virtual ==
			is_virtual)
			return true;
	return false;
}

/* A clerk may not invoice: that is left for a manager. */
static bool invoices_too(const struct order_new *new)
{
	return shop_may(new->shop, "order.invoice") == NULL;
}

#define TASKS_MAX 4

static int all_tasks(const struct order_new *new, struct console_task tasks[TASKS_MAX])
{
	int count = 0;

	tasks[count++] = (struct console_task){OP, place_data(new)};
	if (!new->head.is_taken)
		return count;
	tasks[count++] = (struct console_task){"order.pay", order_data_json(new)};
	if (invoices_too(new))
		tasks[count++] = (struct console_task){"order.invoice", order_data_json(new)};
	if (has_kind(new, false)) {
		cJSON *ship = order_data_json(new);

		cJSON_AddStringToObject(ship, "store", new->shop->store);
		tasks[count++] = (struct console_task){"order.ship", ship};
	}
	return count;
}

static const char *outcome(const struct order_new *new)
{
	if (!new->head.is_taken)
		return _("The goods are reserved. No goods move yet.");
	if (invoices_too(new))
		return _(
			"The order is placed, paid, invoiced and handed over: the goods leave the stock of this store.");
	return has_kind(new, true)
		? _("The order is placed, paid and handed over: the goods leave the stock of this store. A manager invoices it; what is virtual is delivered then.")
		: _("The order is placed, paid and handed over: the goods leave the stock of this store. A manager invoices it.");
}

bool order_new_ask(struct order_new *new, struct text *question)
{
	struct text items = TEXT_INIT(TEXT_SMALL);
	char channel[SHOP_NAME_BYTES];

	order_new_read(new);
	if (!shop_would(new->shop, OP, place_data(new)))
		return false;
	shop_channel_name(new->shop, new->head.channel, channel, sizeof(channel));
	text_addf(question, "%s\n%s \u00b7 %s\n", new->head.number,
		new->head.customer[0] ? new->head.customer : "\u2013", channel);
	document_add_figures(question, new->rows.count, new->total);
	for (size_t i = 0; i < new->rows.count; i++) {
		const struct order_new_row *row = document_rows_at(&new->rows, i);

		document_add_item(&items, i, row->sku, row->qty);
	}
	text_addf(question, _(": %s"), text_get(&items));
	text_addf(question, "\n%s", outcome(new));
	text_free(&items);
	return true;
}

static bool do_all(struct order_new *new, const struct console_task *tasks, int count)
{
	struct shop *shop = new->shop;
	struct console_verdict verdict;
	bool is_saved;

	console_do_all(shop->console,
		&(struct console_batch){shop->store, shop->staff, tasks, count}, shop_now(shop),
		&verdict);
	is_saved = verdict.saved;
	if (is_saved)
		app_say(shop->app, ROLE_OK, _("Saved: %s, %s."), shop_word("op", OP),
			new->head.number);
	else
		shop_say_refused(shop, &verdict);
	console_verdict_free(&verdict);
	if (is_saved)
		shop_tell_changed(shop);
	return is_saved;
}

static void free_tasks(struct console_task *tasks, int count)
{
	for (int i = 0; i < count; i++)
		cJSON_Delete(tasks[i].data);
}

bool order_new_create(struct order_new *new, char number[COMMAND_ID_MAX + 1])
{
	struct console_task tasks[TASKS_MAX];
	int count = all_tasks(new, tasks);
	bool is_saved;

	snprintf(number, COMMAND_ID_MAX + 1, "%s", new->head.number);
	if (!document_draft_send(
		    &new->draft, new->shop->console, OP, tasks[0].data, new->last_entry)) {
		say_trouble(new);
		free_tasks(tasks, count);
		return false;
	}
	is_saved = do_all(new, tasks, count);
	document_draft_sent(&new->draft, is_saved);
	tell_seats(new);
	order_new_read(new);
	return is_saved;
}
