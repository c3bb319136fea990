/*
 * A page is written when it is full, as the width of its columns depends on all of its lines. How many
 * pages there will be is said on each of them, but names may take several lines, and lines may be added
 * while a screen writes in slices. So the first lines of all pages are written once more at the end if
 * that number was wrong.
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
#define SKU_COLS_MIN 6
#define SKU_COLS_MAX 20 /* a longer one takes the room of its own line only */
#define BARCODE_COLS 14
#define BOX_COLS 16
#define TEXT_COLS (COUNT_SHEET_COLS - BOX_COLS - GAP_COLS) /* what stands before the box */
#define NAME_COLS_MIN 8 /* where there is less, a name begins in the second line */
#define NAME_LINES_MAX 4
#define CODE_COLS_MAX 44
#define PAGE_COLS 22 /* "page n of m" */
#define TOTAL_DIGITS 7
#define BOX "[______________]"
#define BLANK "____________________"
#define LINE_BYTES 512

/* Texts are cleaned. */
struct paper_line {
	char sku[LINE_BYTES];
	char name[LINE_BYTES];
	char barcode[LINE_BYTES];
	char box[LINE_BYTES];
};

struct count_sheet;

/* What is written: the rows of a view that are of one thing. */
struct paper {
	const char *view;
	const char *of;   /* the filter that says of what */
	const char *only; /* a filter that is yes; NULL: all rows */
	/* Title and the line about it; false if it is not here. */
	bool (*read_head)(struct count_sheet *sheet, struct db *db, struct text *about);
	/* Changes a line that has SKU, name and an empty box. */
	void (*read_more)(const struct view *view, struct db_rows *rows, struct paper_line *line);
};

struct count_sheet {
	const struct paper *paper;
	struct view_query query;
	struct whole_file file;
	char title[LINE_BYTES];  /* without the page */
	char about[LINE_BYTES];  /* the store, and which lines */
	char blanks[LINE_BYTES]; /* zone and counter, to be written by hand */
	int64_t rows, rows_max;  /* written; to be written, 0 for all */
	int64_t pages_said;
	long *pages; /* where each begins */
	int64_t page_count;
	struct paper_line lines[PAGE_ROWS]; /* of the page that is gathered */
	int line_count;
	int line_rows; /* what they take of the page */
	int sku_cols;  /* the widest of them */
	char after[VIEW_KEY_MAX];
	char error[300]; /* "" while all is well */
};

bool count_sheet_is_writable(const char *path)
{
	size_t length = strlen(path), most = strlen(ENDING);

	return length > most && strcasecmp(path + length - most, ENDING) == 0;
}

/* ---- the head of a page ---- */

/* "" if it is not set. */
static const char *filter_of(const struct view_query *query, const char *name)
{
	for (int i = 0; i < query->arg_count; i++)
		if (strcmp(query->args[i].name, name) == 0)
			return query->args[i].value;
	return "";
}

static void put_title(struct count_sheet *sheet, const char *title)
{
	cols_pad(sheet->title, sizeof sheet->title, COUNT_SHEET_COLS - PAGE_COLS, title);
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

static bool read_stocktake(struct count_sheet *sheet, struct db *db, struct text *about)
{
	struct db_rows *rows = db_query(db,
		"SELECT s.number, (SELECT o.name FROM store o WHERE o.id = s.store), s.store, s.scope,"
		" s.categories, s.vendors, s.round FROM stocktake s WHERE s.id = $1",
		"t", filter_of(&sheet->query, sheet->paper->of));
	bool found = db_next(rows);
	char line[LINE_BYTES];

	if (found) {
		const char *name = db_text(rows, 1);

		snprintf(line, sizeof line, "%s %s", _("Count sheet"), db_text(rows, 0));
		put_title(sheet, line);
		text_addf(about, "%s (%s) \u00b7 %s", name ? name : "", db_text(rows, 2),
			shop_word("scope", db_text(rows, 3)));
		if (db_int(rows, 6) > 1)
			text_addf(about, " \u00b7 %s", _("Recount"));
		add_words(about, db_text(rows, 4));
		add_words(about, db_text(rows, 5));
	}
	db_done(rows);
	return found;
}

static bool read_store(struct count_sheet *sheet, struct db *db, struct text *about)
{
	const char *store = filter_of(&sheet->query, sheet->paper->of);
	char *name = db_get_text(db, "SELECT name FROM store WHERE id = $1", "t", store);

	put_title(sheet, _("Pick list"));
	text_addf(about, "%s (%s)", name ? name : "", store);
	free(name);
	return true;
}

/* What goes into which box: the order and its customer go on behind the product's name. */
static void read_pick(const struct view *view, struct db_rows *rows, struct paper_line *line)
{
	const char *order = db_text(rows, view_column_index(view, "order"));
	const char *customer = db_text(rows, view_column_index(view, "customer"));
	char name[LINE_BYTES], qty[SHOP_QTY_BYTES];

	snprintf(name, sizeof name, "%.200s \u00b7 %s %.100s", line->name, order,
		customer ? customer : "");
	cols_clean(line->name, sizeof line->name, name);
	shop_qty(db_int(rows, view_column_index(view, "pick")), qty);
	snprintf(line->box, sizeof line->box, "[ ]%*s", BOX_COLS - 3, qty);
}

static const struct paper papers[] = {
	{"stocktake_lines", "stocktake", NULL, read_stocktake, NULL},
	{"picks", "store", "proposed", read_store, read_pick},
};

static const struct paper *paper_of(const struct view_query *query)
{
	for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
		if (strcmp(papers[i].view, query->view->name) == 0 &&
			*filter_of(query, papers[i].of))
			return &papers[i];
	return NULL;
}

bool count_sheet_fits(const struct view_query *query)
{
	return paper_of(query) != NULL;
}

/* The day it is printed and whose hand it takes are on every page: pages get parted. */
static bool read_head(struct count_sheet *sheet, struct db *db, const struct count_sheet_wish *wish)
{
	struct text about = TEXT_INIT(TEXT_SMALL);
	bool found = sheet->paper->read_head(sheet, db, &about);
	char day[WHEN_SIZE], line[LINE_BYTES];

	when_local_date(wish->now_ms, wish->tz_minutes, day);
	cols_fit(sheet->about, sizeof sheet->about, COUNT_SHEET_COLS, text_get(&about));
	text_free(&about);
	if (sheet->paper->read_more)
		/* TRANSLATORS: of a pick list on paper: the day, a blank for a name. */
		snprintf(line, sizeof line, _("Day: %s  Picked by: %s"), day, BLANK);
	else
		/* TRANSLATORS: of a sheet of paper: a blank for the zone, the day, a blank for a name. */
		snprintf(line, sizeof line, _("Zone: %s  Day: %s  Counted by: %s"), BLANK, day,
			BLANK);
	cols_fit(sheet->blanks, sizeof sheet->blanks, COUNT_SHEET_COLS, line);
	return found;
}

/* As long in bytes whatever the number of all pages, so that it can be written over. */
static void write_title(struct count_sheet *sheet, int64_t page, int64_t pages)
{
	char of[24], words[LINE_BYTES];
	int digits = snprintf(of, sizeof of, "%lld", (long long)pages);

	/* TRANSLATORS: of a sheet of paper: page 3 of 12. */
	snprintf(words, sizeof words, _("page %lld of %s"), (long long)page, of);
	fprintf(sheet->file.out, "%s%*s%s\n", sheet->title,
		digits < TOTAL_DIGITS ? TOTAL_DIGITS - digits : 0, "", words);
}

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

/* ---- lines of a page ---- */

static int cols_of_sku(const struct paper_line *line)
{
	int cols = cols_width(line->sku);

	cols = cols > SKU_COLS_MIN ? cols : SKU_COLS_MIN;
	return cols < SKU_COLS_MAX ? cols : SKU_COLS_MAX;
}

/* The columns of one line. A code is never cut for a name's sake: whoever counts compares it with the label. */
struct room {
	int sku, barcode;
	int name; /* beside them; 0: it begins in the line below */
};

static struct room room_of(const struct paper_line *line, int sku_cols)
{
	struct room room = {.sku = cols_width(line->sku), .barcode = cols_width(line->barcode)};
	int most;

	room.sku = room.sku > sku_cols ? room.sku : sku_cols;
	most = TEXT_COLS - room.sku - GAP_COLS;
	room.barcode = room.barcode > BARCODE_COLS ? room.barcode : BARCODE_COLS;
	room.barcode = room.barcode < most ? room.barcode : most;
	room.name = most - room.barcode - GAP_COLS;
	room.name = room.name < NAME_COLS_MIN ? 0 : room.name;
	return room;
}

/* Products may differ at the end of their names only, so a name goes on below. Takes the part of `rest` that
 * stands in this row; where no row follows what is left is cut. */
static const char *take_part(const char *rest, int cols, bool is_last, char part[LINE_BYTES])
{
	size_t bytes = 0, used = cols_wrap(rest, cols, &bytes);

	if (is_last) {
		cols_fit(part, LINE_BYTES, cols, rest);
		return "";
	}
	snprintf(part, LINE_BYTES, "%.*s", (int)bytes, rest);
	return rest + used;
}

static int rows_of(const struct paper_line *line, int sku_cols)
{
	struct room room = room_of(line, sku_cols);
	const char *rest = line->name;
	char part[LINE_BYTES];
	int rows = 1;

	if (room.name > 0)
		rest = take_part(rest, room.name, false, part);
	for (; *rest; rows++)
		rest = take_part(
			rest, TEXT_COLS - sku_cols - GAP_COLS, rows + 1 == NAME_LINES_MAX, part);
	return rows;
}

static void write_columns(struct count_sheet *sheet, const struct paper_line *line, const char *box)
{
	struct room room = room_of(line, sheet->sku_cols);
	FILE *out = sheet->file.out;
	const char *rest = line->name;
	char sku[LINE_BYTES], barcode[LINE_BYTES], part[LINE_BYTES] = "";

	cols_pad(sku, sizeof sku, room.sku, line->sku);
	cols_pad(barcode, sizeof barcode, room.barcode, line->barcode);
	if (room.name > 0)
		rest = take_part(rest, room.name, false, part);
	fprintf(out, "%s%*s%s%*s%s%*s%s\n", sku, GAP_COLS, "", part,
		TEXT_COLS - room.sku - GAP_COLS - cols_width(part) - room.barcode, "", barcode,
		GAP_COLS, "", box);
	for (int row = 1; *rest; row++) {
		rest = take_part(rest, TEXT_COLS - sheet->sku_cols - GAP_COLS,
			row + 1 == NAME_LINES_MAX, part);
		fprintf(out, "%*s%s\n", sheet->sku_cols + GAP_COLS, "", part);
	}
}

static void put_line(
	struct paper_line *line, const char *sku, const char *name, const char *barcode)
{
	cols_fit(line->sku, sizeof line->sku, CODE_COLS_MAX, sku);
	cols_clean(line->name, sizeof line->name, name);
	cols_fit(line->barcode, sizeof line->barcode, CODE_COLS_MAX, barcode);
}

static void write_page(struct count_sheet *sheet)
{
	char rule[COUNT_SHEET_COLS + 1];
	struct paper_line titles;

	if (sheet->page_count > 0)
		fputc('\f', sheet->file.out);
	if (!keep_place(sheet))
		return;
	memset(rule, '-', COUNT_SHEET_COLS);
	rule[COUNT_SHEET_COLS] = '\0';
	if (sheet->sku_cols == 0)
		sheet->sku_cols = SKU_COLS_MIN;
	write_title(sheet, sheet->page_count, sheet->pages_said);
	fprintf(sheet->file.out, "%s\n%s\n\n", sheet->about, sheet->blanks);
	put_line(&titles, _("SKU"), _("Product"), _("Barcode"));
	write_columns(sheet, &titles, _("Quantity"));
	fprintf(sheet->file.out, "%s\n", rule);
	for (int i = 0; i < sheet->line_count; i++)
		write_columns(sheet, &sheet->lines[i], sheet->lines[i].box);
	sheet->line_count = sheet->line_rows = sheet->sku_cols = 0;
}

/* What the page takes with this line too; a longer SKU leaves less room for the names of all. */
static int rows_with(const struct count_sheet *sheet, const struct paper_line *line, int sku_cols)
{
	int rows = sheet->line_rows;

	if (sku_cols > sheet->sku_cols) {
		rows = 0;
		for (int i = 0; i < sheet->line_count; i++)
			rows += rows_of(&sheet->lines[i], sku_cols);
	}
	return rows + rows_of(line, sku_cols);
}

static void add_line(struct count_sheet *sheet, const struct paper_line *line)
{
	int own = cols_of_sku(line);
	int sku_cols = own > sheet->sku_cols ? own : sheet->sku_cols;
	int rows = rows_with(sheet, line, sku_cols);

	if (rows > PAGE_ROWS) {
		write_page(sheet);
		sku_cols = own;
		rows = rows_of(line, own);
	}
	if (sheet->error[0])
		return;
	sheet->lines[sheet->line_count++] = *line;
	sheet->sku_cols = sku_cols;
	sheet->line_rows = rows;
}

/* ---- rows of the list ---- */

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

static void read_line(struct count_sheet *sheet, struct db *db, struct db_rows *rows)
{
	const struct view *view = sheet->query.view;
	const char *sku = db_text(rows, view_column_index(view, "sku"));
	const char *name = db_text(rows, view_column_index(view, "name"));
	char barcode[LINE_BYTES];
	struct paper_line line;

	read_barcode(db, sku, barcode, sizeof barcode);
	put_line(&line, sku, name ? name : "", barcode);
	snprintf(line.box, sizeof line.box, "%s", BOX);
	if (sheet->paper->read_more)
		sheet->paper->read_more(view, rows, &line);
	add_line(sheet, &line);
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
		read_line(sheet, db, rows);
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
	sheet->paper = paper_of(wish->query);
	sheet->query = *wish->query;
	sheet->rows_max = wish->query->limit;
	if (sheet->paper && sheet->paper->only && !*filter_of(&sheet->query, sheet->paper->only))
		view_where(&sheet->query, sheet->paper->only, "yes");
	if (!sheet->paper || !read_head(sheet, db, wish)) {
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
	rows = view_count(db, &sheet->query);
	if (sheet->rows_max > 0 && rows > sheet->rows_max)
		rows = sheet->rows_max;
	sheet->pages_said = pages_of(rows);
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
	bool is_good;
	char *path = text_copy(sheet->file.path);

	if (!sheet->error[0] && (sheet->line_count > 0 || sheet->page_count == 0))
		write_page(sheet);
	is_good = !sheet->error[0];
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
