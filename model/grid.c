#include "model/grid_parts.h"
#include "model/i18n.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <utf8proc.h>

#define REPLACEMENT "\xEF\xBF\xBD"

bool grid_fail(struct grid_reader *reader, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(reader->error, reader->size, format, args);
	va_end(args);
	return false;
}

void grid_start_row(struct grid_reader *reader, int64_t number)
{
	text_clear(&reader->bytes);
	reader->count = 0;
	reader->number = number;
	reader->fault = GRID_SOUND;
}

void grid_mark_fault(struct grid_reader *reader, enum grid_fault fault)
{
	if (reader->fault == GRID_SOUND)
		reader->fault = fault;
}

/* What is no character of a text becomes a replacement character. */
static void add_text(struct grid_reader *reader, const char *bytes, size_t length)
{
	utf8proc_int32_t codepoint;
	for (size_t at = 0; at < length;) {
		utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)bytes + at,
			(utf8proc_ssize_t)(length - at), &codepoint);
		bool is_text = step > 0 && codepoint != 0;
		if (!is_text)
			grid_mark_fault(reader, step > 0 ? GRID_NUL : GRID_NO_TEXT);
		text_add_bytes(&reader->bytes, is_text ? bytes + at : REPLACEMENT,
			is_text ? (size_t)step : sizeof REPLACEMENT - 1);
		at += is_text ? (size_t)step : 1;
	}
}

static void begin_cell(struct grid_reader *reader, int64_t column)
{
	while (reader->count <= column) {
		reader->cells[reader->count++] = reader->bytes.length;
		if (reader->count <= column)
			text_add_bytes(&reader->bytes, "", 1);
	}
}

bool grid_add_cell(struct grid_reader *reader, int64_t column, const char *bytes, size_t length)
{
	for (; length > 0 && strchr(" \t\r\n", bytes[length - 1]); length--)
		;
	for (; length > 0 && strchr(" \t\r\n", *bytes); length--)
		bytes++;
	if (length == 0)
		return true;
	if (column >= GRID_COLUMNS_MAX)
		return grid_fail(reader, _("Row %lld has more than %d columns."),
			(long long)reader->number, GRID_COLUMNS_MAX);
	if (length > GRID_CELL_MAX)
		return grid_fail(reader, _("Row %lld has a cell of more than %d bytes."),
			(long long)reader->number, GRID_CELL_MAX);
	begin_cell(reader, column);
	add_text(reader, bytes, length);
	text_add_bytes(&reader->bytes, "", 1);
	return text_ok(&reader->bytes) || grid_fail(reader, _("There is not enough memory."));
}

bool grid_end_row(struct grid_reader *reader, int percent)
{
	const char *cells[GRID_COLUMNS_MAX];
	if (reader->count == 0 && reader->fault == GRID_SOUND)
		return true;
	if (reader->count == 0) {
		begin_cell(reader, 0);
		text_add_bytes(&reader->bytes, "", 1);
	}
	if (++reader->rows > GRID_ROWS_MAX)
		return grid_fail(
			reader, _("The file has more than %d rows: divide it."), GRID_ROWS_MAX);
	for (int i = 0; i < reader->count; i++)
		cells[i] = reader->bytes.bytes + reader->cells[i];
	reader->stopped = !reader->take(reader->ctx,
		&(struct grid_row){reader->number, reader->count, cells, percent, reader->fault});
	return !reader->stopped;
}

/* An XLSX is a ZIP, and no text begins like one. */
static bool is_zip(FILE *file)
{
	char head[4] = "";
	bool zip = fread(head, 1, 4, file) == 4 && memcmp(head, "PK\3\4", 4) == 0;
	rewind(file);
	return zip;
}

struct grid_reading {
	struct grid_reader reader;
	const struct grid_format *format;
	void *state;
};

/* The file, if it is one and not too large; NULL, told. */
static FILE *open_file(struct grid_reader *reader, const char *path)
{
	FILE *file = fopen(path, "rbe");
	struct stat info;
	if (!file) {
		grid_fail(reader, _("%s cannot be opened: %s"), path, strerror(errno));
		return NULL;
	}
	bool is_file = fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode);
	if (is_file && (size_t)info.st_size <= GRID_FILE_MAX)
		return file;
	if (is_file)
		grid_fail(reader, _("%s is larger than %d MiB: divide it."), path,
			(int)(GRID_FILE_MAX >> 20));
	else
		grid_fail(reader, _("%s is not a file."), path);
	fclose(file);
	return NULL;
}

struct grid_reading *grid_open(const char *path,
	bool (*take)(void *ctx, const struct grid_row *row), void *ctx, char *error, size_t size)
{
	struct grid_reading *reading = calloc(1, sizeof *reading);
	if (!reading) {
		snprintf(error, size, "%s", _("There is not enough memory."));
		return NULL;
	}
	reading->reader = (struct grid_reader){.take = take,
		.ctx = ctx,
		.error = error,
		.size = size,
		.bytes = TEXT_INIT(
			(size_t)GRID_COLUMNS_MAX * (GRID_CELL_MAX * (sizeof REPLACEMENT - 1) + 1))};
	FILE *file = open_file(&reading->reader, path);
	if (file) {
		reading->format = is_zip(file) ? &grid_xlsx : &grid_csv;
		reading->state = reading->format->open(&reading->reader, file, path);
		fclose(file);
	}
	if (reading->state)
		return reading;
	free(reading);
	return NULL;
}

bool grid_step(struct grid_reading *reading)
{
	return reading->format->step(reading->state);
}

bool grid_close(struct grid_reading *reading)
{
	bool good = reading->reader.is_whole || reading->reader.stopped;
	reading->format->close(reading->state);
	text_free(&reading->reader.bytes);
	free(reading);
	return good;
}
