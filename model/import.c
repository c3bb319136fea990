#include "model/import.h"

#include "model/field.h"
#include "model/grid.h"
#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DESTINATIONS_MAX 100 /* of one row */

enum { DATE, SOURCE, DESTINATION, NAME, SKU, QUANTITY, COLUMNS };

/* The first word of each is the template's; the others are what people call it as well. */
static const struct {
	const char *heading;
	const char *others; /* separated by | */
	bool required;
} columns[COLUMNS] = {
	[DATE] = {N_("Expected date"), "expected_on|expected date|預計到貨日|預計到倉日期", true},
	[SOURCE] = {N_("Source"), "source|from|來源|來源店家", false},
	[DESTINATION] = {N_("Destination"), "destination|to|目的|目的店家", false},
	[NAME] = {N_("Product name"), "name|product name|product|品名|商品名稱", false},
	[SKU] = {N_("SKU"), "sku|品號|sku碼", true},
	[QUANTITY] = {N_("Quantity"), "qty|quantity|數量", true},
};

const char *const *import_headings(void)
{
	static const char *headings[COLUMNS + 1];
	for (int i = 0; i < COLUMNS; i++)
		headings[i] = _(columns[i].heading);
	return headings;
}

struct reading {
	struct import *import;
	const struct import_from *from;
	int place[COLUMNS]; /* of each column in a row; -1: the file has none */
	bool has_headings;
	int percent;
	char *error;
	size_t size;
	/* The row under way. */
	int64_t row;
	char *cells[COLUMNS]; /* folded; never NULL while a row is read */
	int64_t qty_milli;
};

/* ---- bad rows ---- */

static void *grow(void *list, int count, int *room, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 64;
	list = realloc(list, (size_t)*room * size);
	if (!list)
		abort(); /* a few megabytes: nothing else would go on either */
	return list;
}

/* Always false, so that a check can end with it. */
static bool bad(struct reading *reading, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static bool bad(struct reading *reading, const char *format, ...)
{
	struct import *import = reading->import;
	va_list args;
	import->bad = grow(import->bad, import->bad_count, &import->bad_room, sizeof *import->bad);
	struct import_bad *entry = &import->bad[import->bad_count++];
	entry->row = reading->row;
	va_start(args, format);
	vsnprintf(entry->reason, sizeof entry->reason, format, args);
	va_end(args);
	return false;
}

/* ---- the headings ---- */

/* words: separated by | */
static bool is_one_of(const char *word, const char *words)
{
	size_t length = strlen(word);
	for (;; words++) {
		size_t size = strcspn(words, "|");
		if (size == length && strncasecmp(word, words, size) == 0)
			return true;
		words += size;
		if (!*words)
			return false;
	}
}

static int column_named(const char *heading)
{
	char *folded = field_fold(heading);
	int found = -1;
	for (int i = 0; folded && i < COLUMNS && found < 0; i++)
		if (strcasecmp(folded, _(columns[i].heading)) == 0 ||
			is_one_of(folded, columns[i].others))
			found = i;
	free(folded);
	return found;
}

static bool read_headings(struct reading *reading, const struct grid_row *row)
{
	for (int i = 0; i < COLUMNS; i++)
		reading->place[i] = -1;
	for (int i = 0; i < row->count; i++) {
		int column = column_named(row->cells[i]);
		if (column >= 0 && reading->place[column] < 0)
			reading->place[column] = i;
	}
	for (int i = 0; i < COLUMNS; i++) {
		if (!columns[i].required || reading->place[i] >= 0)
			continue;
		snprintf(reading->error, reading->size,
			_("The first row names no column \"%s\". Export the template to see them all."),
			_(columns[i].heading));
		return false;
	}
	reading->has_headings = true;
	return true;
}

/* ---- orders ---- */

static bool same(const char *one, const char *other)
{
	return strcmp(one ? one : "", other ? other : "") == 0;
}

static bool is_like(const struct import_order *one, const struct import_order *other)
{
	return strcmp(one->op, other->op) == 0 && same(one->store, other->store) &&
		same(one->third_party, other->third_party) &&
		same(one->expected_on, other->expected_on);
}

/* NULL: there is none yet. */
static struct import_order *find_order(struct import *import, const struct import_order *like)
{
	for (int i = import->order_count - 1; i >= 0; i--)
		if (is_like(&import->orders[i], like))
			return &import->orders[i];
	return NULL;
}

static struct import_order *make_order(struct import *import, const struct import_order *like)
{
	import->orders = grow(
		import->orders, import->order_count, &import->order_room, sizeof *import->orders);
	struct import_order *order = &import->orders[import->order_count++];
	*order = (struct import_order){.op = like->op,
		.store = like->store ? text_copy(like->store) : NULL,
		.third_party = like->third_party ? text_copy(like->third_party) : NULL,
		.expected_on = text_copy(like->expected_on),
		.lines = cJSON_CreateArray()};
	return order;
}

static cJSON *make_line(const struct reading *reading)
{
	cJSON *line = cJSON_CreateObject();
	cJSON_AddStringToObject(line, "sku", reading->cells[SKU]);
	cJSON_AddNumberToObject(line, "qty", (double)reading->qty_milli / 1000.0);
	return line;
}

/* Would the row's line be taken, alone and in the order it belongs to? The rules are the command's. */
static bool check_line(struct reading *reading, const struct import_order *like)
{
	const struct import_from *from = reading->from;
	const struct import_order *order = find_order(reading->import, like);
	struct import_order alone = *like;
	char reason[IMPORT_REASON_SIZE];
	const cJSON *lines = order ? order->lines : NULL, *line;
	alone.lines = cJSON_CreateArray();
	cJSON_AddItemToArray(alone.lines, make_line(reading));
	bool good = from->judge(from->ctx, like->op, import_data(&alone), reason);
	cJSON_Delete(alone.lines);
	if (!good)
		return bad(reading, "%s", reason);
	if (order && order->line_count == IMPORT_LINES_MAX)
		return bad(
			reading, _("the order has %d lines already: divide it"), IMPORT_LINES_MAX);
	cJSON_ArrayForEach(line, lines)
	{
		if (same(json_text(line, "sku"), reading->cells[SKU]))
			return bad(reading, _("%s is in this order already"), reading->cells[SKU]);
	}
	return true;
}

static void add_line(struct reading *reading, const struct import_order *like)
{
	struct import_order *order = find_order(reading->import, like);
	if (!order)
		order = make_order(reading->import, like);
	cJSON_AddItemToArray(order->lines, make_line(reading));
	order->line_count++;
	reading->import->lines++;
}

/* ---- where from, where to ---- */

/* The id of the store that is called so by id or name, owned; NULL if none is. */
static char *store_called(struct reading *reading, const char *called)
{
	char *id = NULL;
	struct db_rows *rows = db_query(reading->from->db,
		"SELECT id FROM store WHERE id = $1 OR lower(name) = lower($1)"
		" ORDER BY id = $1 DESC LIMIT 1",
		"t", called);
	if (db_next(rows))
		id = text_copy(db_text(rows, 0));
	db_done(rows);
	return id;
}

static struct import_order outbound_to(const struct reading *reading, char *store)
{
	return (struct import_order){
		.op = "outbound.create", .store = store, .expected_on = reading->cells[DATE]};
}

/* The names between commas, as any keyboard makes them, cut out of the cell; -1 if they are too many. */
static int split(struct reading *reading, char *names[DESTINATIONS_MAX])
{
	char *rest = NULL;
	int count = 0;
	for (char *one = strtok_r(reading->cells[DESTINATION], ",;\n", &rest); one;
		one = strtok_r(NULL, ",;\n", &rest)) {
		one += strspn(one, " ");
		for (size_t length = strlen(one); length > 0 && one[length - 1] == ' '; length--)
			one[length - 1] = '\0';
		if (!*one)
			continue;
		if (count == DESTINATIONS_MAX)
			return -1;
		names[count++] = one;
	}
	return count;
}

/* All of its destinations or none. */
static bool take_outbound(struct reading *reading)
{
	char *names[DESTINATIONS_MAX], *stores[DESTINATIONS_MAX];
	int count = split(reading, names), known = 0;
	bool good = count > 0;
	if (count == 0)
		bad(reading, _("the destination is missing"));
	if (count < 0)
		bad(reading, _("there are more than %d destinations"), DESTINATIONS_MAX);
	for (; good && known < count; known++) {
		stores[known] = store_called(reading, names[known]);
		struct import_order like = outbound_to(reading, stores[known]);
		good = stores[known] ? check_line(reading, &like)
				     : bad(reading, _("there is no store %.80s"), names[known]);
	}
	for (int i = 0; i < known; i++) {
		struct import_order like = outbound_to(reading, stores[i]);
		if (good)
			add_line(reading, &like);
		free(stores[i]);
	}
	return good;
}

/* To this store: from another one that is asked, or from a third party. */
static bool take_inbound(struct reading *reading, char *source)
{
	const char *named = reading->cells[DESTINATION];
	char *destination = *named ? store_called(reading, named) : NULL;
	bool here = !*named || (destination && strcmp(destination, reading->from->store) == 0);
	struct import_order like = {.op = source ? "transfer.request" : "inbound.create",
		.store = source,
		.third_party = source ? NULL : reading->cells[SOURCE],
		.expected_on = reading->cells[DATE]};
	free(destination);
	if (!here)
		return bad(reading, _("neither source nor destination is this store"));
	if (!check_line(reading, &like))
		return false;
	add_line(reading, &like);
	return true;
}

/* ---- rows ---- */

static bool take_date(struct reading *reading)
{
	char date[FIELD_DATE_BYTES];
	if (!*reading->cells[DATE])
		return bad(reading, _("the expected date is missing"));
	if (!field_parse_date(reading->cells[DATE], date))
		return bad(reading, _("%.40s is no date"), reading->cells[DATE]);
	free(reading->cells[DATE]);
	reading->cells[DATE] = text_copy(date);
	return true;
}

static bool take_cells(struct reading *reading)
{
	const char *qty = reading->cells[QUANTITY];
	if (!take_date(reading))
		return false;
	if (!*reading->cells[SKU])
		return bad(reading, _("the SKU is missing"));
	if (!field_parse_quantity(qty, false, &reading->qty_milli) || reading->qty_milli <= 0)
		return bad(reading, _("%.40s is no quantity above 0"), *qty ? qty : "\"\"");
	char *source = *reading->cells[SOURCE] ? store_called(reading, reading->cells[SOURCE])
					       : text_copy(reading->from->store);
	bool own = source && strcmp(source, reading->from->store) == 0;
	bool good = own ? take_outbound(reading) : take_inbound(reading, source);
	free(source);
	return good;
}

static void read_row(struct reading *reading, const struct grid_row *row)
{
	bool readable = true;
	reading->row = row->number;
	reading->import->rows++;
	for (int i = 0; i < COLUMNS; i++) {
		int place = reading->place[i];
		reading->cells[i] = field_fold(
			place >= 0 && place < row->count ? row->cells[place] : "");
		readable = readable && reading->cells[i];
	}
	if (readable)
		take_cells(reading);
	else
		bad(reading, _("it cannot be read"));
	for (int i = 0; i < COLUMNS; i++)
		free(reading->cells[i]);
}

static bool take_row(void *ctx, const struct grid_row *row)
{
	struct reading *reading = ctx;
	const struct import_from *from = reading->from;
	if (!reading->has_headings)
		return read_headings(reading, row);
	read_row(reading, row);
	if (from->progress && row->percent > reading->percent)
		from->progress(from->ctx, row->percent);
	reading->percent = row->percent;
	return true;
}

bool import_read(struct import *import, const struct import_from *from, char *error, size_t size)
{
	struct reading reading = {.import = import, .from = from, .error = error, .size = size};
	memset(import, 0, sizeof *import);
	error[0] = '\0';
	if (!grid_read(from->path, take_row, &reading, error, size))
		return false;
	if (reading.has_headings && import->rows == 0)
		snprintf(error, size, "%s", _("The file has no rows below its headings."));
	else if (!reading.has_headings && !error[0])
		snprintf(error, size, "%s", _("The file is empty."));
	return !error[0];
}

void import_free(struct import *import)
{
	for (int i = 0; i < import->order_count; i++) {
		free(import->orders[i].store);
		free(import->orders[i].third_party);
		free(import->orders[i].expected_on);
		cJSON_Delete(import->orders[i].lines);
	}
	free(import->orders);
	free(import->bad);
	memset(import, 0, sizeof *import);
}

cJSON *import_data(const struct import_order *order)
{
	cJSON *data = cJSON_CreateObject();
	bool asks = strcmp(order->op, "transfer.request") == 0;
	if (order->store)
		cJSON_AddStringToObject(data, asks ? "from" : "to", order->store);
	if (order->third_party)
		cJSON_AddStringToObject(data, "third_party", order->third_party);
	cJSON_AddStringToObject(data, "expected_on", order->expected_on);
	cJSON_AddItemToObject(data, "lines", cJSON_Duplicate(order->lines, true));
	return data;
}
