/* The rows of an XLSX sheet. */
#include "model/grid_xlsx.h"
#include "model/i18n.h"
#include "model/when.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define DAYS_BEFORE_1970 25569 /* of a serial date that counts from 1899-12-30 */
#define DAYS_FROM_1904 1462
#define SERIAL_MOST 2958465 /* 9999-12-31 */

/* A1 is column 0; without a reference it is the one behind the last. */
static int64_t column_of(const char *reference, int64_t behind)
{
	int64_t column = 0;
	if (!reference)
		return behind;
	for (; *reference >= 'A' && *reference <= 'Z' && column < 100000; reference++)
		column = column * 26 + (*reference - 'A' + 1);
	return column > 0 ? column - 1 : behind;
}

static char type_of(const char *word)
{
	static const struct {
		const char *word;
		char type;
	} types[] = {{"s", 's'}, {"inlineStr", 'i'}, {"b", 'b'}, {"n", 'n'}};
	if (!word)
		return 'n';
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].word, word) == 0)
			return types[i].type;
	return 't';
}

static void begin_row(struct xlsx *xlsx, const char *const *attributes)
{
	const char *number = xlsx_attribute(attributes, "r");
	int64_t row = number ? strtoll(number, NULL, 10) : 0;
	xlsx->row = row > xlsx->row ? row : xlsx->row + 1;
	xlsx->column = -1;
	grid_start_row(xlsx->reader, xlsx->row);
}

static void begin_cell(struct xlsx *xlsx, const char *const *attributes)
{
	const char *style = xlsx_attribute(attributes, "s");
	int64_t column = column_of(xlsx_attribute(attributes, "r"), xlsx->column + 1);
	if (column <= xlsx->column) {
		grid_fail(xlsx->reader,
			_("The file is damaged: the cells of row %lld are out of order."),
			(long long)xlsx->row);
		xlsx_stop(xlsx);
	}
	xlsx->column = column;
	xlsx->type = type_of(xlsx_attribute(attributes, "t"));
	xlsx->style = style ? strtol(style, NULL, 10) : 0;
	xlsx->in_cell = true;
	text_clear(&xlsx->text);
}

static void sheet_begin(struct xlsx *xlsx, const char *name, const char *const *attributes)
{
	if (strcmp(name, "row") == 0)
		begin_row(xlsx, attributes);
	else if (strcmp(name, "c") == 0)
		begin_cell(xlsx, attributes);
	else if (strcmp(name, "f") == 0 && xlsx->in_cell)
		grid_mark_fault(xlsx->reader, GRID_FORMULA);
	xlsx->phonetic += strcmp(name, "rPh") == 0;
	xlsx->collects = xlsx->in_cell && xlsx->phonetic == 0 &&
		strcmp(name, xlsx->type == 'i' ? "t" : "v") == 0;
}

/* ---- values ---- */

static bool is_date(const struct xlsx *xlsx)
{
	return xlsx->style >= 0 && xlsx->style < xlsx->style_count &&
		xlsx->style_is_date[xlsx->style];
}

static bool add(struct xlsx *xlsx, const char *text)
{
	return grid_add_cell(xlsx->reader, xlsx->column, text, strlen(text));
}

static bool add_number(struct xlsx *xlsx)
{
	char *end, out[64];
	double value = strtod(text_get(&xlsx->text), &end);
	if (end == text_get(&xlsx->text) || *end != '\0' || !isfinite(value))
		return add(xlsx, text_get(&xlsx->text));
	if (is_date(xlsx) && value >= 1 && value <= SERIAL_MOST) {
		int64_t days = (int64_t)value + (xlsx->from_1904 ? DAYS_FROM_1904 : 0);
		when_local_date((days - DAYS_BEFORE_1970) * DAY_MS, 0, out);
	} else if (fabs(value) < 1e15 && value == floor(value)) {
		snprintf(out, sizeof out, "%.0f", value);
	} else {
		/* 15 digits are what a spreadsheet shows of 0.1 + 0.2. */
		snprintf(out, sizeof out, "%.15g", value);
	}
	return add(xlsx, out);
}

static bool add_shared(struct xlsx *xlsx)
{
	char *end;
	unsigned long long number = strtoull(text_get(&xlsx->text), &end, 10);
	if (end == text_get(&xlsx->text) || number >= xlsx->string_count)
		return grid_fail(xlsx->reader,
			_("The file is damaged: a text that row %lld names is missing."),
			(long long)xlsx->row);
	return add(xlsx, xlsx->string_bytes.bytes + xlsx->strings[number]);
}

static bool add_value(struct xlsx *xlsx)
{
	if (!text_ok(&xlsx->text))
		return grid_fail(xlsx->reader, _("Row %lld has a cell of more than %d bytes."),
			(long long)xlsx->row, GRID_CELL_MAX);
	if (xlsx->text.length == 0)
		return true;
	if (xlsx->type == 's')
		return add_shared(xlsx);
	if (xlsx->type == 'n')
		return add_number(xlsx);
	if (xlsx->type == 'b')
		return add(xlsx, strcmp(text_get(&xlsx->text), "1") == 0 ? "TRUE" : "FALSE");
	return grid_add_cell(xlsx->reader, xlsx->column, text_get(&xlsx->text), xlsx->text.length);
}

static int percent_of(const struct xlsx *xlsx)
{
	if (xlsx->expected == 0 || xlsx->done >= xlsx->expected)
		return 100;
	return (int)(xlsx->done * 100 / xlsx->expected);
}

static void sheet_end(struct xlsx *xlsx, const char *name)
{
	bool good = true;
	xlsx->collects = false;
	xlsx->phonetic -= strcmp(name, "rPh") == 0;
	if (strcmp(name, "c") == 0) {
		xlsx->in_cell = false;
		good = add_value(xlsx);
	} else if (strcmp(name, "row") == 0) {
		good = grid_end_row(xlsx->reader, percent_of(xlsx));
	}
	if (!good)
		xlsx_stop(xlsx);
}

const struct xlsx_part xlsx_sheet = {"worksheet", sheet_begin, sheet_end};
