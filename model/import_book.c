#include "model/import_book.h"

#include "model/import_place.h"
#include "model/text.h"

#include <stdlib.h>
#include <string.h>

void *import_grow(void *list, int count, int *room, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 64;
	list = realloc(list, (size_t)*room * size);
	if (!list)
		abort(); /* a few megabytes: nothing else would go on either */
	return list;
}

/* ---- orders by name ---- */

static const char *or_none(const char *text)
{
	return text ? text : "";
}

/* Only the third part is free text, so that they cannot run together. */
static void add_order_name(struct text *name, const struct import_order *order)
{
	text_addf(name, "%s\n%s\n%s\n%s", order->op, or_none(order->store),
		or_none(order->third_party), order->expected_on);
}

int import_book_find(const struct import_book *book, const struct import_order *like)
{
	struct text name = TEXT_INIT(TEXT_SMALL);
	add_order_name(&name, like);
	int index = import_place_find(&book->order_places, &name);
	text_free(&name);
	return index;
}

static void put_order(struct import_book *book, int at)
{
	struct text name = TEXT_INIT(TEXT_SMALL);
	add_order_name(&name, &book->import->orders[at]);
	import_place_put(&book->order_places, &name, at);
}

static int make_order(struct import_book *book, const struct import_order *like)
{
	struct import *import = book->import;
	import->orders = import_grow(
		import->orders, import->order_count, &import->order_room, sizeof *import->orders);
	import->orders[import->order_count] = (struct import_order){.op = like->op,
		.store = like->store ? text_copy(like->store) : NULL,
		.third_party = like->third_party ? text_copy(like->third_party) : NULL,
		.expected_on = text_copy(like->expected_on)};
	put_order(book, import->order_count);
	return import->order_count++;
}

/* ---- lines ---- */

static void add_line_name(struct text *name, int order, const char *sku)
{
	text_addf(name, "%d\n%s", order, sku);
}

int import_book_line(const struct import_book *book, int order, const char *sku)
{
	struct text name = TEXT_INIT(TEXT_SMALL);
	add_line_name(&name, order, sku);
	int line = import_place_find(&book->line_places, &name);
	text_free(&name);
	return line;
}

static void put_line(struct import_book *book, int order, int line)
{
	struct text name = TEXT_INIT(TEXT_SMALL);
	add_line_name(&name, order, book->import->orders[order].lines[line].sku);
	import_place_put(&book->line_places, &name, line);
}

void import_book_add(struct import_book *book, const struct import_order *like, const char *sku,
	int64_t qty_milli)
{
	int at = import_book_find(book, like);
	if (at < 0)
		at = make_order(book, like);
	struct import_order *order = &book->import->orders[at];
	order->lines = import_grow(
		order->lines, order->line_count, &order->line_room, sizeof *order->lines);
	order->lines[order->line_count++] = (struct import_line){text_copy(sku), qty_milli};
	order->qty_milli += qty_milli;
	put_line(book, at, order->line_count - 1);
	book->import->lines++;
}

void import_book_open(struct import_book *book, struct import *import)
{
	*book = (struct import_book){.import = import};
	for (int i = 0; i < import->order_count; i++) {
		put_order(book, i);
		for (int line = 0; line < import->orders[i].line_count; line++)
			put_line(book, i, line);
	}
}

void import_book_close(struct import_book *book)
{
	import_place_free(book->order_places);
	import_place_free(book->line_places);
	*book = (struct import_book){.import = NULL};
}

/* ---- of the import itself ---- */

void import_free(struct import *import)
{
	for (int i = 0; i < import->order_count; i++) {
		struct import_order *order = &import->orders[i];
		free(order->store);
		free(order->third_party);
		free(order->expected_on);
		free(order->made);
		for (int line = 0; line < order->line_count; line++)
			free(order->lines[line].sku);
		free(order->lines);
	}
	for (int i = 0; i < import->bad_count; i++)
		for (int cell = 0; cell < IMPORT_COLUMNS; cell++)
			free(import->bad[i].cells[cell]);
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
	cJSON *lines = cJSON_AddArrayToObject(data, "lines");
	for (int i = 0; i < order->line_count; i++) {
		cJSON *line = cJSON_CreateObject();
		cJSON_AddStringToObject(line, "sku", order->lines[i].sku);
		cJSON_AddNumberToObject(line, "qty", (double)order->lines[i].qty_milli / 1000.0);
		cJSON_AddItemToArray(lines, line);
	}
	return data;
}
