/*
 * How many pages there will be is said on each of them, but lines may be added while a screen writes in
 * slices. So the first lines of all pages are written once more at the end if that number was wrong.
 */
#include "tui/count_sheet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/i18n.h"
#include "model/json.h"
#include "model/stocktake.h"
#include "model/text.h"
#include "model/when.h"
#include "model/whole_file.h"
#include "tui/cols.h"
#include "tui/shop.h"

#define ENDING ".txt"
#define HEAD_LINES 6
#define PAGE_ROWS (COUNT_SHEET_PAGE_LINES - HEAD_LINES)
#define GAP_COLS 2
#define SKU_COLS 14
#define BARCODE_COLS 14
#define BOX_COLS 16
#define TEXT_COLS (COUNT_SHEET_COLS - BOX_COLS - GAP_COLS) /* what stands before the box */
#define NAME_COLS_MIN 4                                    /* less says nothing */
#define CODE_COLS_MAX 44
#define PAGE_COLS 22 /* "page n of m" */
#define TOTAL_DIGITS "7"
#define BOX "[______________]"
#define BLANK "____________________"
#define LINE_BYTES 512

struct count_sheet {
	struct view_query query;
	struct whole_file file;
	char title[LINE_BYTES];  /* without the page */
	char about[LINE_BYTES];  /* the store, and which lines */
	char blanks[LINE_BYTES]; /* zone and counter, to be written by hand */
	int64_t rows, rows_max;  /* written; to be written, 0 for all */
	int64_t pages_said;
	long *pages; /* where each begins */
	int64_t page_count;
	char after[VIEW_KEY_MAX];
	char error[300]; /* "" while all is well */
};

bool count_sheet_is_writable(const char *path)
{
	size_t length = strlen(path), most = strlen(ENDING);

	return length > most && strcasecmp(path + length - most, ENDING) == 0;
}

/* ---- the head of a page ---- */

static const char *stocktake_of(const struct view_query *query)
{
	for (int i = 0; i < query->arg_count; i++)
		if (strcmp(query->args[i].name, "stocktake") == 0)
			return query->args[i].value;
	return "";
}

/* The words of a list that the sheet is limited to. */
static void add_words(struct text *line, const char *json)
{
	struct text words = TEXT_INIT(TEXT_SMALL);

	json_add_words(&words, json, ", ");
	if (words.length > 0)
		text_addf(line, " \u00b7 %s", text_get(&words));
	text_free(&words);
}

/* The day it is printed and whose hand it takes are on every page: pages get parted. */
static bool read_head(struct count_sheet *sheet, struct db *db, const struct count_sheet_wish *wish)
{
	struct db_rows *rows = db_query(db,
		"SELECT s.number, (SELECT o.name FROM store o WHERE o.id = s.store), s.store, s.scope,"
		" s.categories, s.vendors, s.round FROM stocktake s WHERE s.id = $1",
		"t", stocktake_of(wish->query));
	bool found = db_next(rows);
	struct text about = TEXT_INIT(TEXT_SMALL);
	char day[WHEN_SIZE], line[LINE_BYTES];

	if (found) {
		const char *name = db_text(rows, 1);

		snprintf(line, sizeof line, "%s %s", _("Count sheet"), db_text(rows, 0));
		cols_pad(sheet->title, sizeof sheet->title, COUNT_SHEET_COLS - PAGE_COLS, line);
		text_addf(&about, "%s (%s) \u00b7 %s", name ? name : "", db_text(rows, 2),
			shop_word("scope", db_text(rows, 3)));
		if (db_int(rows, 6) > 1)
			text_addf(&about, " \u00b7 %s", _("Recount"));
		add_words(&about, db_text(rows, 4));
		add_words(&about, db_text(rows, 5));
	}
	db_done(rows);
	when_local_date(wish->now_ms, wish->tz_minutes, day);
	cols_fit(sheet->about, sizeof sheet->about, COUNT_SHEET_COLS, text_get(&about));
	text_free(&about);
	/* TRANSLATORS: of a sheet of paper: a blank for the zone, the day, a blank for a name. */
	snprintf(line, sizeof line, _("Zone: %s  Day: %s  Counted by: %s"), BLANK, day, BLANK);
	cols_fit(sheet->blanks, sizeof sheet->blanks, COUNT_SHEET_COLS, line);
	return found;
}

/* As long in bytes whatever the number of all pages, so that it can be written over. */
static void write_title(struct count_sheet *sheet, int64_t page, int64_t pages)
{
	char of[24], words[LINE_BYTES];

	snprintf(of, sizeof of, "%-" TOTAL_DIGITS "lld", (long long)pages);
	/* TRANSLATORS: of a sheet of paper: page 3 of 12. */
	snprintf(words, sizeof words, _("page %lld of %s"), (long long)page, of);
	fprintf(sheet->file.out, "%s%s\n", sheet->title, words);
}

static void write_columns(struct count_sheet *sheet, const char *sku, const char *name,
	const char *barcode, const char *box);

static bool keep_place(struct count_sheet *sheet)
{
	int64_t count = sheet->page_count;
	long *pages = sheet->pages;

	/* Doubling at powers of two. */
	if ((count & (count - 1)) == 0)
		pages = realloc(pages, (size_t)(count ? count * 2 : 1) * sizeof *pages);
	if (!pages) {
		snprintf(sheet->error, sizeof sheet->error, "%s", _("There is not enough memory."));
		return false;
	}
	sheet->pages = pages;
	pages[sheet->page_count++] = ftell(sheet->file.out);
	return true;
}

static void begin_page(struct count_sheet *sheet)
{
	char rule[COUNT_SHEET_COLS + 1];

	if (sheet->page_count > 0)
		fputc('\f', sheet->file.out);
	if (!keep_place(sheet))
		return;
	memset(rule, '-', COUNT_SHEET_COLS);
	rule[COUNT_SHEET_COLS] = '\0';
	write_title(sheet, sheet->page_count, sheet->pages_said);
	fprintf(sheet->file.out, "%s\n%s\n\n", sheet->about, sheet->blanks);
	write_columns(sheet, _("SKU"), _("Product"), _("Barcode"), _("Quantity"));
	fprintf(sheet->file.out, "%s\n", rule);
}

/* ---- lines ---- */

/* A code is never cut for a name's sake: whoever counts compares it with the label. */
static void write_columns(struct count_sheet *sheet, const char *sku, const char *name,
	const char *barcode, const char *box)
{
	char codes[2][LINE_BYTES], words[LINE_BYTES] = "";
	int sku_cols = cols_fit(codes[0], LINE_BYTES, CODE_COLS_MAX, sku);
	int barcode_cols, left;

	sku_cols = sku_cols > SKU_COLS ? sku_cols : SKU_COLS;
	barcode_cols = cols_fit(
		codes[1], LINE_BYTES, TEXT_COLS - GAP_COLS - sku_cols - GAP_COLS, barcode);
	barcode_cols = barcode_cols > BARCODE_COLS ? barcode_cols : BARCODE_COLS;
	left = TEXT_COLS - sku_cols - barcode_cols - 2 * GAP_COLS;
	if (left >= NAME_COLS_MIN)
		cols_fit(words, sizeof words, left, name);
	cols_pad(codes[0], LINE_BYTES, sku_cols, sku);
	fprintf(sheet->file.out, "%s%*s", codes[0], GAP_COLS, "");
	if (left > 0)
		fprintf(sheet->file.out, "%s%*s", words, left - cols_width(words) + GAP_COLS, "");
	fprintf(sheet->file.out, "%s%*s%s\n", codes[1],
		barcode_cols - cols_width(codes[1]) + GAP_COLS, "", box);
}

/* The first of them: the one on the label, as HQ lists them. */
static void read_barcode(struct db *db, const char *sku, char *out, size_t size)
{
	char *json = db_get_text(db, "SELECT barcodes FROM product WHERE sku = $1", "t", sku);
	cJSON *list = json ? json_parse(json, strlen(json), NULL, 0) : NULL;
	const cJSON *first = cJSON_GetArrayItem(list, 0);

	snprintf(out, size, "%s", cJSON_IsString(first) ? first->valuestring : "");
	cJSON_Delete(list);
	free(json);
}

static void write_line(struct count_sheet *sheet, struct db *db, struct db_rows *rows)
{
	const struct view *view = sheet->query.view;
	const char *sku = db_text(rows, view_column_index(view, "sku"));
	const char *name = db_text(rows, view_column_index(view, "name"));
	char barcode[LINE_BYTES];

	if (sheet->rows > 0 && sheet->rows % PAGE_ROWS == 0)
		begin_page(sheet);
	read_barcode(db, sku, barcode, sizeof barcode);
	write_columns(sheet, sku, name ? name : "", barcode, BOX);
	view_key(&sheet->query, rows, sheet->after);
	sheet->rows++;
}

bool count_sheet_rows(struct count_sheet *sheet, struct db *db, int most)
{
	int64_t left = sheet->rows_max > 0 ? sheet->rows_max - sheet->rows : most;
	struct db_rows *rows;
	int64_t before = sheet->rows;

	if (sheet->error[0] || left <= 0)
		return false;
	sheet->query.limit = left < most ? (int)left : most;
	sheet->query.after = before > 0 ? sheet->after : NULL;
	rows = view_select(db, &sheet->query, sheet->error, sizeof sheet->error);
	if (!rows)
		return false;
	while (!sheet->error[0] && db_next(rows))
		write_line(sheet, db, rows);
	db_done(rows);
	if (!sheet->error[0] && db_failed(db) != DB_OK)
		snprintf(sheet->error, sizeof sheet->error, "%s", db_message(db));
	return !sheet->error[0] && sheet->rows - before == sheet->query.limit;
}

int64_t count_sheet_count(const struct count_sheet *sheet)
{
	return sheet->rows;
}

/* ---- from beginning to end ---- */

static int64_t pages_of(int64_t rows)
{
	return rows > 0 ? (rows + PAGE_ROWS - 1) / PAGE_ROWS : 1;
}

struct count_sheet *count_sheet_open(
	struct db *db, const struct count_sheet_wish *wish, char *error, size_t size)
{
	struct count_sheet *sheet = calloc(1, sizeof *sheet);
	int64_t rows;

	if (!sheet) {
		snprintf(error, size, "%s", _("There is not enough memory."));
		return NULL;
	}
	sheet->query = *wish->query;
	sheet->rows_max = wish->query->limit;
	if (!read_head(sheet, db, wish)) {
		snprintf(error, size, "%s", _("This sheet is not here (any more)."));
		free(sheet);
		return NULL;
	}
	if (!whole_file_open(&sheet->file, wish->path)) {
		snprintf(error, size, _("%s cannot be written: %s"), wish->path, strerror(errno));
		whole_file_end(&sheet->file, false);
		free(sheet);
		return NULL;
	}
	rows = view_count(db, wish->query);
	if (sheet->rows_max > 0 && rows > sheet->rows_max)
		rows = sheet->rows_max;
	sheet->pages_said = pages_of(rows);
	begin_page(sheet);
	return sheet;
}

static void number_again(struct count_sheet *sheet)
{
	for (int64_t i = 0; i < sheet->page_count; i++) {
		fseek(sheet->file.out, sheet->pages[i], SEEK_SET);
		write_title(sheet, i + 1, sheet->page_count);
	}
}

bool count_sheet_end(struct count_sheet *sheet, char *error, size_t size)
{
	bool is_good = !sheet->error[0];
	char *path = text_copy(sheet->file.path);

	if (is_good && sheet->page_count != sheet->pages_said)
		number_again(sheet);
	errno = EIO; /* of what could not be written long ago */
	is_good = whole_file_close(&sheet->file) && is_good;
	is_good = whole_file_end(&sheet->file, is_good);
	if (sheet->error[0])
		snprintf(error, size, "%s", sheet->error);
	else if (!is_good)
		snprintf(error, size, _("%s cannot be written: %s"), path, strerror(errno));
	free(path);
	free(sheet->pages);
	free(sheet);
	return is_good;
}

void count_sheet_abandon(struct count_sheet *sheet)
{
	whole_file_close(&sheet->file);
	whole_file_end(&sheet->file, false);
	free(sheet->pages);
	free(sheet);
}
