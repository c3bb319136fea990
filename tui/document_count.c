#include "tui/document_count.h"

#include "model/barcode.h"
#include "model/catalogue.h"
#include "model/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXTRA_NO 1000000 /* behind all lines of the document */

const struct count_kind count_receiving = {
	.op = "inbound.receive",
	.key = "movement",
	.words = "movement",
	.draft = "receive",
	.title = N_("Count of %s"),
	.finish = N_("Submit the count"),
	.due = N_("Due"),
	.help = N_("Scan what arrived: each scan is one unit. A typed quantity replaces what was "
		   "counted of the line in this part. Every scan is kept at once, also when the "
		   "terminal dies; submitting sends them all together."),
	.load = document_load,
	.stock = document_stock_of,
};
const struct count_kind count_shipping = {
	.op = "outbound.ship",
	.key = "movement",
	.words = "movement",
	.draft = "ship",
	.is_shipping = true,
	.title = N_("Shipping of %s"),
	.finish = N_("Ship"),
	.due = N_("Ordered"),
	.help = N_(
		"Scan what goes on the truck: each scan is one unit. What is not shipped now can be "
		"shipped later. Nothing leaves the stock before it is submitted."),
	.load = document_load,
	.stock = document_stock_of,
};

/* ---- rows ---- */

struct count_row *document_count_row_at(const struct document_count *count, size_t index)
{
	return document_rows_at(&count->rows, index);
}

struct count_row *document_count_row_of(const struct document_count *count, const char *sku)
{
	for (size_t i = 0; i < count->rows.count; i++) {
		struct count_row *row = document_count_row_at(count, i);

		if (strcmp(row->sku, sku) == 0)
			return row;
	}
	return NULL;
}

static void add_line(struct document_count *count, const struct document_line *line)
{
	struct count_row *row = document_rows_add(&count->rows);
	bool is_shipping = count->kind->is_shipping;

	if (!row)
		return;
	snprintf(row->key, sizeof(row->key), "%s", line->key);
	snprintf(row->sku, sizeof(row->sku), "%s", line->sku);
	snprintf(row->name, sizeof(row->name), "%s", line->name);
	row->expected = is_shipping ? line->ordered
				    : document_line_expected(&count->document, line);
	row->before = is_shipping ? line->shipped : line->received;
	row->is_extra = line->extra && line->ordered == 0;
	row->is_unknown = line->unknown;
	if (is_shipping) {
		struct document_stock stock = count->kind->stock(&count->document, line);

		row->can_leave = stock.can_leave;
		row->available = stock.available;
	}
}

bool document_count_is_catalogued(const struct document_count *count, const char *sku)
{
	struct db *db = shop_db(count->shop);

	return db && db_has(db, "SELECT 1 FROM product WHERE sku = $1", "t", sku);
}

static struct count_row *add_extra(struct document_count *count, const char *sku)
{
	struct count_row *row = document_rows_add(&count->rows);

	if (!row)
		return NULL;
	document_rows_key(row->key, EXTRA_NO + (long long)count->rows.count, sku);
	snprintf(row->sku, sizeof(row->sku), "%s", sku);
	row->is_extra = true;
	row->is_unknown = !document_count_is_catalogued(count, sku);
	if (!row->is_unknown)
		shop_product_name(count->shop, sku, row->name, sizeof(row->name));
	return row;
}

static void take_sum(void *ctx, const struct draft_entry *sum)
{
	struct document_count *count = ctx;
	struct count_row *row = document_count_row_of(count, sum->sku);

	if (sum->id > count->last_entry)
		count->last_entry = sum->id;
	if (!row)
		row = add_extra(count, sum->sku);
	if (!row)
		return;
	row->now = sum->qty_milli;
	row->damaged = sum->damaged_milli;
}

static int64_t above_0(int64_t qty_milli)
{
	return qty_milli > 0 ? qty_milli : 0;
}

static void add_up(struct document_count *count)
{
	struct count_sums *sums = &count->sums;

	*sums = (struct count_sums){0};
	for (size_t i = 0; i < count->rows.count; i++) {
		const struct count_row *row = document_count_row_at(count, i);

		sums->expected += row->expected;
		sums->before += row->before;
		sums->now += row->now;
		sums->damaged += row->damaged;
		sums->open += above_0(row->expected - row->before);
		sums->over += row->now > 0 ? above_0(row->before + row->now - row->expected) : 0;
		sums->lines += row->now > 0;
	}
}

/* ---- reading ---- */

static void say_trouble(struct document_count *count)
{
	app_say(count->shop->app, ROLE_ERROR, _("Not stored: %s"), count->draft.error);
	app_signal(count->shop->app, APP_SIGNAL_BAD);
}

void document_count_read(struct document_count *count)
{
	count->kind->load(&count->document, count->id);
	document_rows_clear(&count->rows);
	for (size_t i = 0; i < count->document.lines.count; i++)
		add_line(count, document_line_at(&count->document, i));
	document_draft_changed(&count->draft);
	count->last_entry = 0;
	if (!document_draft_sums(&count->draft, take_sum, count))
		say_trouble(count);
	count->tape_count = document_draft_tape(&count->draft, count->tape, DOCUMENT_TAPE_MAX);
	count->steps = document_count_steps(count);
	add_up(count);
}

void document_count_open(struct document_count *count, struct shop *shop,
	const struct count_kind *kind, const char *id)
{
	char name[DRAFT_NAME_BYTES];

	memset(count, 0, sizeof(*count));
	count->kind = kind;
	count->shop = shop;
	snprintf(count->id, sizeof(count->id), "%s", id);
	snprintf(name, sizeof(name), "%s:%s", kind->draft, id);
	document_init(&count->document, shop);
	document_rows_init(&count->rows, sizeof(struct count_row));
	if (!document_draft_open(&count->draft, shop->console, name))
		say_trouble(count);
	document_count_read(count);
	document_count_tell(count);
}

void document_count_close(struct document_count *count)
{
	document_draft_close(&count->draft);
	document_free(&count->document);
	document_rows_free(&count->rows);
	cJSON_Delete(count->asked);
	count->asked = NULL;
}

/* ---- counting ---- */

#define MARK_BYTES 160

/* What is out of order with a line; "" if nothing is. */
static void mark_of(
	const struct document_count *count, const struct count_row *row, char out[MARK_BYTES])
{
	int64_t over = row->before + row->now - row->expected;
	char qty[SHOP_QTY_BYTES];

	out[0] = '\0';
	if (row->is_unknown) {
		snprintf(out, MARK_BYTES, "%s", _("In no catalogue, kept as unknown."));
	} else if (row->is_extra) {
		snprintf(out, MARK_BYTES, "%s", _("Not on this order, kept as extra."));
	} else if (over > 0) {
		shop_qty(over, qty);
		snprintf(out, MARK_BYTES, _("%s more than expected."), qty);
	} else if (count->kind->is_shipping && row->now > row->available) {
		shop_qty(row->available, qty);
		snprintf(out, MARK_BYTES, _("Only %s available."), qty);
	}
}

/* Rung as it is in a stocktake, because nobody looks at the screen. */
static void say_row(struct document_count *count, const struct count_row *row)
{
	char now[SHOP_QTY_BYTES], expected[SHOP_QTY_BYTES], mark[MARK_BYTES];
	char what[COMMAND_ID_MAX + DOCUMENT_TEXT_BYTES + 2];

	if (!row)
		return;
	shop_qty(row->before + row->now, now);
	shop_qty(row->expected, expected);
	mark_of(count, row, mark);
	app_signal(count->shop->app, *mark ? APP_SIGNAL_ODD : APP_SIGNAL_GOOD);
	snprintf(what, sizeof(what), "%s%s%s", row->sku, row->name[0] ? " " : "", row->name);
	/* Of what is not on the order nothing is expected. */
	if (row->expected == 0 && *mark) {
		/* TRANSLATORS: the SKU, counted, a remark, the product's name. */
		app_say(count->shop->app, ROLE_WARN, _("%s: %s. %s %s"), row->sku, now, mark,
			row->name);
		return;
	}
	/* A remark stands before the name: that one may be cut off. */
	if (*mark)
		/* TRANSLATORS: the SKU, counted, expected, a remark, the product's name. */
		app_say(count->shop->app, ROLE_WARN, _("%s: %s of %s. %s %s"), row->sku, now,
			expected, mark, row->name);
	else
		/* TRANSLATORS: the product, counted, expected. */
		app_say(count->shop->app, ROLE_OK, _("%s: %s of %s."), what, now, expected);
}

static void say_unfit(struct document_count *count, const char *format, const char *what)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	/* The formats are ours, from the calls below. */
	app_say(count->shop->app, ROLE_WARN, format, what);
#pragma GCC diagnostic pop
	app_signal(count->shop->app, APP_SIGNAL_BAD);
}

bool document_count_sku_of(struct document_count *count, const char *code, char *sku, size_t size)
{
	struct db *db = shop_db(count->shop);
	struct barcode barcode;
	bool is_known = db && catalogue_resolve(db, code, sku, size);

	if (count->kind->is_shipping && (!is_known || !document_count_row_of(count, sku))) {
		say_unfit(count, _("%s is not on this order: not counted."), is_known ? sku : code);
		return false;
	}
	if (is_known)
		return true;
	barcode_read(code, &barcode);
	if (!barcode.text[0] || strlen(barcode.text) > COMMAND_ID_MAX ||
		strchr(barcode.text, BARCODE_GS)) {
		say_unfit(count, _("%s is no product code: not counted. Type the SKU instead."),
			code);
		return false;
	}
	snprintf(sku, size, "%s", barcode.text);
	return true;
}

bool document_count_has_room(
	const struct document_count *count, const char *sku, int64_t more_milli)
{
	const struct count_row *row = document_count_row_of(count, sku);

	return !count->kind->is_shipping ||
		(row && row->before + row->now + more_milli <= row->expected);
}

static struct draft_entry new_entry(const struct document_count *count, const char *sku)
{
	struct draft_entry entry = {.at_ms = shop_now(count->shop)};

	snprintf(entry.sku, sizeof(entry.sku), "%s", sku);
	snprintf(entry.actor, sizeof(entry.actor), "%s", count->shop->staff);
	return entry;
}

void document_count_tell(struct document_count *count)
{
	if (count->shop->poke)
		count->shop->poke(count->shop->poke_ctx, false);
}

/* One more entry, without reading all others again: a scan costs the same in a long document. */
static void take_entry(struct document_count *count, const struct draft_entry *entry)
{
	struct count_row *row = document_count_row_of(count, entry->sku);

	if (!row)
		row = add_extra(count, entry->sku);
	if (!row)
		return;
	row->now += entry->qty_milli;
	row->damaged += entry->damaged_milli;
	count->last_entry = entry->id;
	if (count->tape_count < DOCUMENT_TAPE_MAX)
		count->tape_count++;
	memmove(&count->tape[1], &count->tape[0], (count->tape_count - 1) * sizeof(count->tape[0]));
	count->tape[0] = *entry;
	add_up(count);
	say_row(count, row);
}

static bool show_stored(
	struct document_count *count, const struct draft_entry *entry, bool is_stored)
{
	if (!is_stored) {
		say_trouble(count);
		return false;
	}
	/* What someone else counted meanwhile came before this one. */
	if (document_draft_changed(&count->draft)) {
		document_count_look_again(count);
		say_row(count, document_count_row_of(count, entry->sku));
	} else {
		take_entry(count, entry);
	}
	document_count_tell(count);
	return true;
}

bool document_count_add(struct document_count *count, const char *sku, int64_t qty_milli)
{
	struct draft_entry entry = new_entry(count, sku);

	if (!document_count_has_room(count, sku, qty_milli)) {
		say_unfit(count, _("%s: no more of it is left to ship."), sku);
		return false;
	}
	entry.qty_milli = qty_milli;
	return show_stored(count, &entry, document_draft_add(&count->draft, &entry));
}

bool document_count_set(
	struct document_count *count, const char *sku, int64_t qty_milli, int64_t damaged_milli)
{
	struct draft_entry entry = new_entry(count, sku);

	entry.qty_milli = qty_milli;
	entry.damaged_milli = damaged_milli;
	return show_stored(count, &entry, document_draft_set(&count->draft, &entry));
}

int64_t document_count_lacks(const struct document_count *count, const struct count_row *row)
{
	switch (count->document.face.status) {
	case MOVEMENT_RECEIVED:
	case MOVEMENT_REJECTED:
	case MOVEMENT_CANCELLED:
		return 0;
	default:
		return above_0(row->expected - row->before - row->now);
	}
}

bool document_count_fill(struct document_count *count)
{
	struct draft_entry *entries = calloc(count->rows.count + 1, sizeof(*entries));
	size_t lines = 0;
	bool is_stored;

	for (size_t i = 0; entries && i < count->rows.count; i++) {
		const struct count_row *row = document_count_row_at(count, i);
		int64_t lacks = document_count_lacks(count, row);

		if (lacks <= 0)
			continue;
		entries[lines] = new_entry(count, row->sku);
		entries[lines++].qty_milli = row->now + lacks;
	}
	is_stored = entries && document_draft_fill(&count->draft, entries, lines);
	free(entries);
	if (!is_stored)
		say_trouble(count);
	document_count_read(count);
	document_count_tell(count);
	return is_stored;
}

void document_count_add_entry(const struct draft_entry *entry, struct text *text)
{
	char qty[SHOP_QTY_BYTES];

	shop_qty_signed(entry->qty_milli ? entry->qty_milli : entry->damaged_milli, qty);
	if (entry->lines > 1)
		document_add_figures(text, entry->lines, entry->qty_milli);
	else if (entry->qty_milli)
		text_addf(text, "%s %s", entry->sku, qty);
	else
		/* TRANSLATORS: a SKU, how many. */
		text_addf(text, _("%s %s damaged"), entry->sku, qty);
}

static void say_undone(struct document_count *count, const struct draft_entry *undone)
{
	struct text text = TEXT_INIT(TEXT_SMALL);

	document_count_add_entry(undone, &text);
	app_say(count->shop->app, ROLE_OK, _("Taken back: %s."), text_get(&text));
	text_free(&text);
}

bool document_count_last(struct document_count *count, struct draft_entry *last)
{
	bool is_read = document_draft_last(&count->draft, count->shop->staff, last);

	if (is_read && last->id == 0)
		is_read = document_draft_last(&count->draft, "", last);
	if (!is_read)
		say_trouble(count);
	return is_read && last->id > 0;
}

bool document_count_undo(struct document_count *count, const struct draft_entry *last)
{
	struct draft_entry undone;

	if (!document_draft_undo(&count->draft, last, &undone)) {
		app_say(count->shop->app, ROLE_ERROR, _("Not taken back: %s"), count->draft.error);
		app_signal(count->shop->app, APP_SIGNAL_BAD);
		return false;
	}
	document_count_read(count);
	document_count_tell(count);
	if (undone.id > 0)
		say_undone(count, &undone);
	else
		app_say(count->shop->app, ROLE_WARN, "%s", _("It was taken back already."));
	return true;
}

void document_count_discard(struct document_count *count)
{
	if (!document_draft_discard(&count->draft))
		say_trouble(count);
	document_count_read(count);
	document_count_tell(count);
}
