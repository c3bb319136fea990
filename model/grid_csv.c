/* CSV as spreadsheets write it (RFC 4180, and what they do instead). */
#include "model/grid_parts.h"
#include "model/i18n.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define PIECE_BYTES ((size_t)64 * 1024)

struct csv {
	struct grid_reader *reader;
	struct text file; /* all of it */
	const char *bytes;
	size_t length, at;
	int64_t line;
	char separator;
	struct text cell;
};

/* ---- bytes ---- */

static bool slurp(struct grid_reader *reader, FILE *file, struct text *out)
{
	char chunk[65536];
	size_t got;
	while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
		text_add_bytes(out, chunk, got);
	if (ferror(file))
		return grid_fail(reader, _("The file cannot be read: %s"), strerror(errno));
	return text_ok(out) || grid_fail(reader, _("There is not enough memory."));
}

static bool is_text(const char *bytes, size_t length)
{
	utf8proc_int32_t codepoint;
	while (length > 0) {
		utf8proc_ssize_t step = utf8proc_iterate(
			(const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)length, &codepoint);
		if (step <= 0)
			return false;
		bytes += step;
		length -= (size_t)step;
	}
	return true;
}

/* Bytes of the line at the beginning, its end included. No character of either encoding has such a byte
 * in it. */
static size_t line_length(const char *bytes, size_t length)
{
	const char *end = memchr(bytes, '\n', length);
	return end ? (size_t)(end - bytes) + 1 : length;
}

/* A line as UTF-8, in out if that is not NULL; false if it is no CP950. */
static bool convert(iconv_t conversion, const char *bytes, size_t length, struct text *out)
{
	char chunk[4096];
	char *in = (char *)(uintptr_t)bytes; /* iconv only reads it */
	size_t left = length;
	iconv(conversion, NULL, NULL, NULL, NULL);
	while (left > 0) {
		char *end = chunk;
		size_t room = sizeof chunk;
		if (iconv(conversion, &in, &left, &end, &room) == (size_t)-1 && errno != E2BIG)
			return false;
		if (out)
			text_add_bytes(out, chunk, (size_t)(end - chunk));
	}
	return true;
}

/* More lines must be CP950 than UTF-8: one line that is neither says nothing about the others. */
static bool is_cp950(iconv_t conversion, const struct text *bytes)
{
	int64_t more = 0;
	for (size_t at = 0, length; at < bytes->length; at += length) {
		length = line_length(bytes->bytes + at, bytes->length - at);
		more += convert(conversion, bytes->bytes + at, length, NULL);
		more -= is_text(bytes->bytes + at, length);
	}
	return more > 0;
}

/* Old programs in Taiwan write CP950. A line that cannot be that either stays as it is: its cells are
 * found out one by one, so that the row can be named. */
static void decode(struct text *bytes)
{
	if (is_text(text_get(bytes), bytes->length))
		return;
	iconv_t conversion = iconv_open("UTF-8", "CP950");
	if (conversion == (iconv_t)-1)
		return;
	struct text out = TEXT_INIT(bytes->max);
	bool wanted = is_cp950(conversion, bytes);
	for (size_t at = 0, length; wanted && at < bytes->length; at += length) {
		const char *line = bytes->bytes + at;
		length = line_length(line, bytes->length - at);
		if (convert(conversion, line, length, NULL))
			convert(conversion, line, length, &out);
		else
			text_add_bytes(&out, line, length);
	}
	if (wanted && text_ok(&out)) {
		text_free(bytes);
		*bytes = out;
		out = TEXT_INIT(0);
	}
	text_free(&out);
	iconv_close(conversion);
}

/* ---- cells ---- */

static char guess_separator(const char *bytes, size_t length)
{
	static const char candidates[] = ",;\t";
	size_t line = 0, most = 0;
	char best = ',';
	while (line < length && bytes[line] != '\n')
		line++;
	for (const char *candidate = candidates; *candidate; candidate++) {
		size_t count = 0;
		for (size_t i = 0; i < line; i++)
			count += bytes[i] == *candidate;
		if (count > most) {
			most = count;
			best = *candidate;
		}
	}
	return best;
}

/* Behind an opening quote: up to the closing one, two in a row being one. */
static bool read_quoted(struct csv *csv)
{
	int64_t began = csv->line;
	while (csv->at < csv->length) {
		char c = csv->bytes[csv->at++];
		if (c == '"' && (csv->at == csv->length || csv->bytes[csv->at] != '"'))
			return true;
		if (c == '"')
			csv->at++;
		csv->line += c == '\n';
		text_add_bytes(&csv->cell, &c, 1);
	}
	return grid_fail(csv->reader, _("The quote that begins in row %lld is never closed."),
		(long long)began);
}

/* Up to the separator or the end of the line, which stays to be read. */
static bool read_cell(struct csv *csv)
{
	text_clear(&csv->cell);
	if (csv->at < csv->length && csv->bytes[csv->at] == '"') {
		csv->at++;
		if (!read_quoted(csv))
			return false;
	}
	size_t from = csv->at;
	while (csv->at < csv->length && csv->bytes[csv->at] != csv->separator &&
		csv->bytes[csv->at] != '\n' && csv->bytes[csv->at] != '\r')
		csv->at++;
	text_add_bytes(&csv->cell, csv->bytes + from, csv->at - from);
	return text_ok(&csv->cell) ||
		grid_fail(csv->reader, _("Row %lld has a cell of more than %d bytes."),
			(long long)csv->line, GRID_CELL_MAX);
}

static void end_line(struct csv *csv)
{
	if (csv->at < csv->length && csv->bytes[csv->at] == '\r')
		csv->at++;
	if (csv->at < csv->length && csv->bytes[csv->at] == '\n')
		csv->at++;
	csv->line++;
}

static bool read_row(struct csv *csv)
{
	int64_t column = 0;
	grid_start_row(csv->reader, csv->line);
	for (;; csv->at++) {
		if (!read_cell(csv) ||
			!grid_add_cell(
				csv->reader, column++, text_get(&csv->cell), csv->cell.length))
			return false;
		if (csv->at >= csv->length || csv->bytes[csv->at] != csv->separator)
			break;
	}
	end_line(csv);
	return grid_end_row(csv->reader, (int)(csv->at * 100 / csv->length));
}

static void csv_close(void *state)
{
	struct csv *csv = state;
	text_free(&csv->cell);
	text_free(&csv->file);
	free(csv);
}

static void *csv_open(struct grid_reader *reader, FILE *file, const char *path)
{
	struct csv *csv = calloc(1, sizeof *csv);
	(void)path;
	if (!csv) {
		grid_fail(reader, _("There is not enough memory."));
		return NULL;
	}
	csv->reader = reader;
	csv->line = 1;
	csv->cell = TEXT_INIT(TEXT_SMALL);
	csv->file = TEXT_INIT(GRID_FILE_MAX * 3);
	if (!slurp(reader, file, &csv->file)) {
		csv_close(csv);
		return NULL;
	}
	decode(&csv->file);
	csv->bytes = text_get(&csv->file);
	csv->length = csv->file.length;
	if (csv->length >= 3 && memcmp(csv->bytes, "\xEF\xBB\xBF", 3) == 0)
		csv->at = 3;
	csv->separator = guess_separator(csv->bytes, csv->length);
	return csv;
}

static bool csv_step(void *state)
{
	struct csv *csv = state;
	size_t until = csv->at + PIECE_BYTES;
	bool good = true;
	while (good && csv->at < csv->length && csv->at < until)
		good = read_row(csv);
	csv->reader->is_whole = good && csv->at >= csv->length;
	return good && !csv->reader->is_whole;
}

const struct grid_format grid_csv = {csv_open, csv_step, csv_close};
