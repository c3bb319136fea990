#include "model/grid_write.h"

#include "model/i18n.h"
#include "model/text.h"
#include "model/whole_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <xlsxwriter.h>
#include <zip.h>

struct grid_writer {
	const struct grid_column *columns;
	int count;
	struct whole_file file;
	FILE *csv; /* the file's own stream, or NULL for a book */
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *bold;
	lxw_row_t row;
	int64_t filled; /* rows with a cell: no others stand in the file */
	bool failed;
	bool lost; /* not all of it reached the disk */
};

static bool ends_in(const char *path, const char *ending)
{
	size_t length = strlen(path), most = strlen(ending);
	return length > most && strcasecmp(path + length - most, ending) == 0;
}

bool grid_is_writable(const char *path)
{
	return ends_in(path, ".csv") || ends_in(path, ".xlsx");
}

/* ---- CSV ---- */

static bool looks_like_formula(const char *cell)
{
	return strchr("=+-@\t\r", *cell) != NULL;
}

static void csv_cell(FILE *file, const char *cell, bool number)
{
	bool guarded = !number && *cell && looks_like_formula(cell);
	if (!guarded && !strpbrk(cell, ",;\t\"\r\n")) {
		fputs(cell, file);
		return;
	}
	fputs(guarded ? "\"'" : "\"", file);
	for (; *cell; cell++) {
		if (*cell == '"')
			fputc('"', file);
		fputc(*cell, file);
	}
	fputc('"', file);
}

static void csv_row(struct grid_writer *writer, const char *const *cells)
{
	for (int i = 0; i < writer->count; i++) {
		if (i > 0)
			fputc(',', writer->csv);
		csv_cell(writer->csv, cells[i] ? cells[i] : "", writer->columns[i].number);
	}
	fputs("\r\n", writer->csv);
}

/* ---- XLSX ---- */

static bool is_number(const char *cell)
{
	char *end;
	strtod(cell, &end);
	return end != cell && *end == '\0';
}

static void xlsx_row(struct grid_writer *writer, const char *const *cells, lxw_format *format)
{
	bool is_filled = false;
	for (int i = 0; i < writer->count; i++) {
		const char *cell = cells[i] ? cells[i] : "";
		lxw_col_t column = (lxw_col_t)i;
		lxw_error code = LXW_NO_ERROR;
		if (writer->columns[i].number && is_number(cell))
			code = worksheet_write_number(
				writer->sheet, writer->row, column, strtod(cell, NULL), format);
		else if (*cell)
			code = worksheet_write_string(
				writer->sheet, writer->row, column, cell, format);
		if (code != LXW_NO_ERROR)
			writer->failed = true;
		is_filled |= *cell != '\0';
	}
	writer->filled += is_filled;
	writer->row++;
}

/* How many rows stand in the sheet from begin to end; -1 if it cannot be read. */
static int64_t count_rows(zip_file_t *entry)
{
	static const char ending[] = "</row>";
	char piece[65536];
	size_t matched = 0;
	int64_t rows = 0;
	zip_int64_t got;
	while ((got = zip_fread(entry, piece, sizeof piece)) > 0)
		for (zip_int64_t i = 0; i < got; i++) {
			matched = piece[i] == ending[matched] ? matched + 1 : piece[i] == '<';
			if (!ending[matched]) {
				rows++;
				matched = 0;
			}
		}
	return got < 0 ? -1 : rows;
}

/* The library tells of no full disk below its temporary files, so the rows are counted in the end. */
static bool has_all_rows(const struct grid_writer *writer)
{
	zip_t *zip = zip_open(writer->file.beside, ZIP_RDONLY, NULL);
	zip_file_t *entry = zip ? zip_fopen(zip, "xl/worksheets/sheet1.xml", 0) : NULL;
	bool has_all = entry && count_rows(entry) == writer->filled;
	if (entry)
		zip_fclose(entry);
	if (zip)
		zip_discard(zip);
	return has_all;
}

static bool xlsx_close(struct grid_writer *writer)
{
	FILE *rows = writer->sheet ? writer->sheet->optimize_tmpfile : NULL;
	bool broken = rows && (fflush(rows) != 0 || ferror(rows));
	bool good = workbook_close(writer->book) == LXW_NO_ERROR;
	writer->lost = broken || (good && !writer->failed && !has_all_rows(writer));
	return good && !writer->lost;
}

static bool xlsx_open(struct grid_writer *writer)
{
	/* Constant memory: a list may have 100,000 rows. */
	lxw_workbook_options options = {.constant_memory = LXW_TRUE};
	writer->book = workbook_new_opt(writer->file.beside, &options);
	writer->sheet = writer->book ? workbook_add_worksheet(writer->book, NULL) : NULL;
	if (!writer->sheet)
		return false;
	writer->bold = workbook_add_format(writer->book);
	format_set_bold(writer->bold);
	worksheet_freeze_panes(writer->sheet, 1, 0);
	for (int i = 0; i < writer->count; i++)
		worksheet_set_column(writer->sheet, (lxw_col_t)i, (lxw_col_t)i,
			writer->columns[i].width_cols, NULL);
	return true;
}

/* ---- both ---- */

static void write_headings(struct grid_writer *writer)
{
	const char **cells = calloc((size_t)writer->count, sizeof *cells);
	if (!cells) {
		writer->failed = true;
		return;
	}
	for (int i = 0; i < writer->count; i++)
		cells[i] = writer->columns[i].heading;
	if (writer->csv)
		csv_row(writer, cells);
	else
		xlsx_row(writer, cells, writer->bold);
	free(cells);
}

/* Closes the file beside; false if something of it did not get to the disk. */
static bool close_file(struct grid_writer *writer)
{
	bool good = !writer->failed;
	if (writer->book)
		return xlsx_close(writer) && good;
	return whole_file_close(&writer->file) && good;
}

struct grid_writer *grid_writer_open(
	const char *path, const struct grid_column *columns, int count, char *error, size_t size)
{
	struct grid_writer *writer;
	bool is_csv = ends_in(path, ".csv"), is_open;
	if (!grid_is_writable(path)) {
		snprintf(error, size, _("%s ends in neither .csv nor .xlsx."), path);
		return NULL;
	}
	writer = calloc(1, sizeof *writer);
	if (!writer) {
		snprintf(error, size, "%s", _("There is not enough memory."));
		return NULL;
	}
	writer->columns = columns;
	writer->count = count;
	errno = 0;
	if (is_csv) {
		is_open = whole_file_open(&writer->file, path);
		writer->csv = writer->file.out;
	} else {
		whole_file_name(&writer->file, path);
		is_open = writer->file.beside && xlsx_open(writer);
	}
	if (!is_open) {
		snprintf(error, size, _("%s cannot be written: %s"), path, strerror(errno));
		whole_file_end(&writer->file, false);
		free(writer);
		return NULL;
	}
	if (writer->csv)
		fputs("\xEF\xBB\xBF",
			writer->csv); /* or spreadsheets take it for another encoding */
	write_headings(writer);
	return writer;
}

void grid_writer_row(struct grid_writer *writer, const char *const *cells)
{
	if (writer->csv)
		csv_row(writer, cells);
	else
		xlsx_row(writer, cells, NULL);
}

bool grid_writer_end(struct grid_writer *writer, char *error, size_t size)
{
	char *path = text_copy(writer->file.path);
	errno = 0;
	bool good = close_file(writer);
	good = whole_file_end(&writer->file, good);
	if (!good)
		snprintf(error, size, _("%s cannot be written: %s"), path,
			writer->lost    ? _("not all rows reached the disk; is it full?")
				: errno ? strerror(errno)
					: _("it has too many rows"));
	free(path);
	free(writer);
	return good;
}

void grid_writer_abandon(struct grid_writer *writer)
{
	writer->failed = true; /* nobody counts its rows */
	close_file(writer);
	whole_file_end(&writer->file, false);
	free(writer);
}
