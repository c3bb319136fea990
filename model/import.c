#include "model/import.h"

#include "model/catalogue.h"
#include "model/field.h"
#include "model/grid.h"
#include "model/i18n.h"
#include "model/import_book.h"
#include "model/import_store.h"
#include "model/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DESTINATIONS_MAX 100 /* of one row */
#define DATE_FIRST "2000-01-01"
#define DATE_LAST "2100-12-31"

enum { DATE, SOURCE, DESTINATION, NAME, SKU, QUANTITY, COLUMNS };
_Static_assert(COLUMNS == IMPORT_COLUMNS, "the header tells how many");

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

/* A row that was read and waits to be judged. */
struct row {
	int64_t number;
	bool is_too_long; /* something stands beyond the headings */
	enum grid_fault fault;
	char *cells[COLUMNS]; /* folded; NULL where that could not be */
};

struct import_reading {
	struct import *import; /* the book's */
	struct import_from from;
	struct grid_reading *grid;
	int place[COLUMNS]; /* of each column in a row; -1: the file has none */
	int heading_count;  /* up to the last, of whatever name */
	bool has_headings;
	bool is_over; /* the file is read; rows may wait */
	bool failed;
	int percent;
	char *error;
	size_t size;
	/* What was read of the file and is not judged yet. */
	struct row *rows;
	int row_at, row_count, row_room;
	struct import_book book;
	/* The row under way. */
	int64_t row;
	char **cells;
	char date[FIELD_DATE_BYTES];
	char sku[IMPORT_CELL_SIZE + 1]; /* as the catalogue writes it */
	int64_t qty_milli;
};

/* ---- bad rows ---- */

/* A copy of at most IMPORT_CELL_SIZE bytes, cut between two characters. */
static char *copy_cell(const char *cell)
{
	struct text copy = TEXT_INIT(IMPORT_CELL_SIZE + 1);
	size_t length = cell ? strlen(cell) : 0;
	if (length > IMPORT_CELL_SIZE)
		for (length = IMPORT_CELL_SIZE; length > 0 && (cell[length] & 0xC0) == 0x80;)
			length--;
	text_add_bytes(&copy, cell, length);
	return text_take(&copy);
}

/* Always false, so that a check can end with it. */
static bool bad(struct import_reading *reading, const char *kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static bool bad(struct import_reading *reading, const char *kind, const char *format, ...)
{
	struct import *import = reading->import;
	va_list args;
	import->bad = import_grow(
		import->bad, import->bad_count, &import->bad_room, sizeof *import->bad);
	struct import_bad *entry = &import->bad[import->bad_count++];
	entry->row = reading->row;
	entry->kind = kind;
	for (int i = 0; i < COLUMNS; i++)
		entry->cells[i] = copy_cell(reading->cells[i]);
	va_start(args, format);
	vsnprintf(entry->reason, sizeof entry->reason, format, args);
	va_end(args);
	return false;
}

static const struct {
	const char *kind, *reason;
} faults[] = {
	[GRID_NO_TEXT] = {N_("Unreadable"), N_("it is neither UTF-8 nor Big5")},
	[GRID_NUL] = {N_("Unreadable"), N_("a NUL byte stands in it, which no text has")},
	[GRID_FORMULA] = {N_("Formula"), N_("it has a formula: put its value there instead")},
};

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

static bool read_headings(struct import_reading *reading, const struct grid_row *row)
{
	if (row->fault != GRID_SOUND) {
		snprintf(reading->error, reading->size, _("The first row cannot be read: %s."),
			_(faults[row->fault].reason));
		return false;
	}
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
	reading->heading_count = row->count;
	reading->has_headings = true;
	return true;
}

/* ---- orders ---- */

static void add_line(struct import_reading *reading, const struct import_order *like)
{
	import_book_add(&reading->book, like, reading->sku, reading->qty_milli);
}

/* Would the row's line be taken, alone and in the order it belongs to? The rules are the command's. */
static bool check_line(struct import_reading *reading, const struct import_order *like)
{
	const struct import_from *from = &reading->from;
	struct import_line line = {reading->sku, reading->qty_milli};
	struct import_order alone = *like;
	int order = import_book_find(&reading->book, like);
	char reason[IMPORT_REASON_SIZE];
	const char *kind = "";
	alone.lines = &line;
	alone.line_count = 1;
	if (!from->judge(from->ctx, like->op, import_data(&alone), reason, &kind))
		return bad(reading, kind, "%s", reason);
	if (order < 0)
		return true;
	if (reading->import->orders[order].line_count == IMPORT_LINES_MAX)
		return bad(reading, _("Order too long"),
			_("the order has %d lines already: divide it"), IMPORT_LINES_MAX);
	return import_book_line(&reading->book, order, reading->sku) < 0 ||
		bad(reading, _("Duplicate"), _("%s is in this order already"), reading->sku);
}

/* ---- where from, where to ---- */

/* True, with the id of the store that is called so, owned. Otherwise *id is NULL: a third party, or a
 * bad row where it looks like a store's name that was mistyped. */
static bool take_store(
	struct import_reading *reading, const char *called, const char *kind, char **id)
{
	struct import_store store = import_store_called(
		reading->from.db(reading->from.ctx), called);
	bool good = !store.like ||
		bad(reading, kind, _("%.80s is no store; did you mean %.80s?"), called, store.like);
	free(store.like);
	*id = store.id;
	return good;
}

static struct import_order outbound_to(struct import_reading *reading, char *store)
{
	return (struct import_order){
		.op = "outbound.create", .store = store, .expected_on = reading->date};
}

/* The names between commas, as any keyboard makes them, cut out of the list; -1 if they are too many.
 * Folding has made commas of all but the enumeration comma. */
static int split(char *list, char *names[DESTINATIONS_MAX])
{
	static const char enumeration_comma[] = "、";
	char *rest = NULL;
	int count = 0;
	for (char *at = list; (at = strstr(at, enumeration_comma));)
		memset(at, ',', sizeof enumeration_comma - 1);
	for (char *one = strtok_r(list, ",;\n", &rest); one; one = strtok_r(NULL, ",;\n", &rest)) {
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
static bool take_outbound(struct import_reading *reading)
{
	char *names[DESTINATIONS_MAX], *stores[DESTINATIONS_MAX];
	char *list = text_copy(reading->cells[DESTINATION]);
	int count = split(list, names), known = 0;
	bool good = count > 0;
	if (count == 0)
		bad(reading, _("Bad destination"), _("the destination is missing"));
	if (count < 0)
		bad(reading, _("Bad destination"), _("there are more than %d destinations"),
			DESTINATIONS_MAX);
	for (; good && known < count; known++) {
		const char *kind = _("Bad destination");
		good = take_store(reading, names[known], kind, &stores[known]);
		struct import_order like = outbound_to(reading, stores[known]);
		if (good && !stores[known])
			good = bad(reading, kind, _("there is no store %.80s"), names[known]);
		good = good && check_line(reading, &like);
	}
	for (int i = 0; i < known; i++) {
		struct import_order like = outbound_to(reading, stores[i]);
		/* A store that is named twice gets the line once. */
		int order = good ? import_book_find(&reading->book, &like) : -1;
		if (good &&
			(order < 0 || import_book_line(&reading->book, order, reading->sku) < 0))
			add_line(reading, &like);
		free(stores[i]);
	}
	free(list);
	return good;
}

/* To this store: from another one that is asked, or from a third party. */
static bool take_inbound(struct import_reading *reading, char *source)
{
	const char *named = reading->cells[DESTINATION];
	char *destination = NULL;
	if (*named && !take_store(reading, named, _("Bad destination"), &destination))
		return false;
	bool here = !*named || (destination && strcmp(destination, reading->from.store) == 0);
	struct import_order like = {.op = source ? "transfer.request" : "inbound.create",
		.store = source,
		.third_party = source ? NULL : reading->cells[SOURCE],
		.expected_on = reading->date};
	free(destination);
	if (!here)
		return bad(reading, _("Not of this store"),
			_("neither source nor destination is this store"));
	if (!check_line(reading, &like))
		return false;
	add_line(reading, &like);
	return true;
}

/* ---- rows ---- */

static bool take_date(struct import_reading *reading)
{
	const char *date = reading->cells[DATE];
	if (!*date)
		return bad(reading, _("Bad date"), _("the expected date is missing"));
	if (!field_parse_date(date, reading->date))
		return bad(reading, _("Bad date"),
			_("%.40s is no date: write 2026-12-01 or 115-12-01"), date);
	/* A slip of a digit; what is late or far ahead may be meant. */
	return (strcmp(reading->date, DATE_FIRST) >= 0 && strcmp(reading->date, DATE_LAST) <= 0) ||
		bad(reading, _("Bad date"), _("%s is not between %s and %s"), reading->date,
			DATE_FIRST, DATE_LAST);
}

/* What the catalogue does not know stays as it is: the command says what is wrong with it. */
static bool take_sku(struct import_reading *reading)
{
	const char *written = reading->cells[SKU];
	struct db *db = reading->from.db(reading->from.ctx);
	if (!*written)
		return bad(reading, _("SKU missing"), _("the SKU is missing"));
	if (strlen(written) >= sizeof reading->sku)
		return bad(reading, _("SKU too long"), _("the SKU is longer than %d bytes"),
			IMPORT_CELL_SIZE);
	if (!db || !catalogue_sku(db, written, reading->sku, sizeof reading->sku))
		snprintf(reading->sku, sizeof reading->sku, "%s", written);
	return true;
}

static bool take_cells(struct import_reading *reading)
{
	const char *qty = reading->cells[QUANTITY];
	if (!take_date(reading) || !take_sku(reading))
		return false;
	if (!field_parse_quantity(qty, false, &reading->qty_milli) || reading->qty_milli <= 0)
		return bad(reading, _("Bad quantity"), _("%.40s is no quantity above 0"),
			*qty ? qty : "\"\"");
	char *source = NULL;
	if (!*reading->cells[SOURCE])
		source = text_copy(reading->from.store);
	else if (!take_store(reading, reading->cells[SOURCE], _("Bad source"), &source))
		return false;
	bool own = source && strcmp(source, reading->from.store) == 0;
	bool good = own ? take_outbound(reading) : take_inbound(reading, source);
	free(source);
	return good;
}

static void judge_row(struct import_reading *reading, struct row *row)
{
	bool readable = true;
	reading->row = row->number;
	reading->cells = row->cells;
	reading->import->rows++;
	for (int i = 0; i < COLUMNS; i++)
		readable = readable && row->cells[i];
	if (row->fault != GRID_SOUND)
		bad(reading, _(faults[row->fault].kind), "%s", _(faults[row->fault].reason));
	else if (!readable)
		bad(reading, _("Unreadable"), _("it cannot be read"));
	else if (row->is_too_long)
		bad(reading, _("Too many cells"),
			_("it has more cells than there are headings: put quotes around \"1,000\""));
	else
		take_cells(reading);
	if (reading->import->lines <= IMPORT_LINES_ALL_MAX)
		return;
	snprintf(reading->error, reading->size, _("The file makes more than %d lines: divide it."),
		IMPORT_LINES_ALL_MAX);
	reading->failed = true;
}

static void free_row(struct row *row)
{
	for (int i = 0; i < COLUMNS; i++)
		free(row->cells[i]);
}

static bool take_row(void *ctx, const struct grid_row *row)
{
	struct import_reading *reading = ctx;
	if (!reading->has_headings)
		return read_headings(reading, row);
	reading->rows = import_grow(
		reading->rows, reading->row_count, &reading->row_room, sizeof *reading->rows);
	struct row *kept = &reading->rows[reading->row_count++];
	kept->number = row->number;
	kept->fault = row->fault;
	kept->is_too_long = row->count > reading->heading_count;
	for (int i = 0; i < COLUMNS; i++) {
		int place = reading->place[i];
		kept->cells[i] = field_fold(
			place >= 0 && place < row->count ? row->cells[place] : "");
	}
	reading->percent = row->percent;
	return true;
}

/* ---- the reading ---- */

struct import_reading *import_open(
	struct import *import, const struct import_from *from, char *error, size_t size)
{
	struct import_reading *reading = calloc(1, sizeof *reading);
	memset(import, 0, sizeof *import);
	error[0] = '\0';
	if (!reading) {
		snprintf(error, size, "%s", _("There is not enough memory."));
		return NULL;
	}
	reading->import = import;
	reading->book = (struct import_book){.import = import};
	reading->from = *from;
	reading->error = error;
	reading->size = size;
	reading->grid = grid_open(from->path, take_row, reading, error, size);
	if (reading->grid)
		return reading;
	free(reading);
	return NULL;
}

/* The rows that wait first: a piece of the file may hold thousands. */
bool import_step(struct import_reading *reading)
{
	if (reading->row_at < reading->row_count) {
		struct row *row = &reading->rows[reading->row_at++];
		judge_row(reading, row);
		free_row(row);
		return !reading->failed;
	}
	reading->row_at = reading->row_count = 0;
	if (!reading->is_over)
		reading->is_over = !grid_step(reading->grid);
	return !reading->is_over || reading->row_count > 0;
}

int import_percent(const struct import_reading *reading)
{
	return reading->percent;
}

bool import_close(struct import_reading *reading)
{
	bool good = grid_close(reading->grid) && !reading->failed;
	if (good && reading->has_headings && reading->import->rows == 0)
		snprintf(reading->error, reading->size, "%s",
			_("The file has no rows below its headings."));
	else if (good && !reading->has_headings && !reading->error[0])
		snprintf(reading->error, reading->size, "%s", _("The file is empty."));
	good = good && !reading->error[0];
	while (reading->row_at < reading->row_count)
		free_row(&reading->rows[reading->row_at++]);
	free(reading->rows);
	import_book_close(&reading->book);
	free(reading);
	return good;
}
