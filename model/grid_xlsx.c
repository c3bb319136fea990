/* The first sheet of an XLSX (ECMA-376), streamed: a ZIP of XML parts.
 *
 *   xl/workbook.xml            which sheet is the first, and do dates count from 1904?
 *   xl/_rels/workbook.xml.rels where that sheet lies
 *   xl/styles.xml              which styles make a number a date
 *   xl/sharedStrings.xml       texts that cells name by number
 *   xl/worksheets/…            the rows
 *
 * Each part is read by a table of two functions, for an element's begin and end; text is collected
 * where an element asks for it. */
#include "model/grid_parts.h"
#include "model/grid_xlsx.h"
#include "model/i18n.h"

#include <stdlib.h>
#include <string.h>

#define PART_NAME_MAX 256

/* ---- parts ---- */

static const char *local_name(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon ? colon + 1 : name;
}

const char *xlsx_attribute(const char *const *attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(local_name(attributes[0]), name) == 0)
			return attributes[1];
	return NULL;
}

void xlsx_stop(struct xlsx *xlsx)
{
	xlsx->failed = true;
	XML_StopParser(xlsx->parser, XML_FALSE);
}

static void XMLCALL on_begin(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct xlsx *xlsx = ctx;
	if (++xlsx->depth > GRID_DEPTH_MAX) {
		grid_fail(xlsx->reader, _("The file is nested too deep to be a spreadsheet."));
		xlsx_stop(xlsx);
		return;
	}
	xlsx->part->begin(xlsx, local_name(name), (const char *const *)attributes);
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
	struct xlsx *xlsx = ctx;
	xlsx->depth--;
	if (!xlsx->failed && xlsx->part->end)
		xlsx->part->end(xlsx, local_name(name));
}

static void XMLCALL on_text(void *ctx, const XML_Char *bytes, int length)
{
	struct xlsx *xlsx = ctx;
	if (xlsx->collects)
		text_add_bytes(&xlsx->text, bytes, (size_t)length);
}

/* Entities are where XML bombs live, and no spreadsheet needs a DTD. */
static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *system_id,
	const XML_Char *public_id, int has_internal)
{
	struct xlsx *xlsx = ctx;
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal;
	grid_fail(xlsx->reader, _("The file declares a document type, which no spreadsheet does."));
	xlsx_stop(xlsx);
}

/* A part that is not there is empty: styles and shared strings may be missing. */
static bool open_part(struct xlsx *xlsx, const struct xlsx_part *part, const char *path)
{
	zip_stat_t info;
	if (zip_stat(xlsx->zip, path, 0, &info) != 0) {
		xlsx->stage++;
		return true;
	}
	xlsx->entry = zip_fopen(xlsx->zip, path, 0);
	if (!xlsx->entry)
		return grid_fail(
			xlsx->reader, _("The file is damaged: its ZIP cannot be unpacked."));
	xlsx->part = part;
	xlsx->depth = 0;
	xlsx->collects = false;
	xlsx->done = 0;
	xlsx->expected = info.valid & ZIP_STAT_SIZE ? (size_t)info.size : 0;
	xlsx->parser = XML_ParserCreate(NULL);
	XML_SetUserData(xlsx->parser, xlsx);
	XML_SetElementHandler(xlsx->parser, on_begin, on_end);
	XML_SetCharacterDataHandler(xlsx->parser, on_text);
	XML_SetStartDoctypeDeclHandler(xlsx->parser, on_doctype);
	return true;
}

static void close_part(struct xlsx *xlsx)
{
	if (!xlsx->entry)
		return;
	XML_ParserFree(xlsx->parser);
	zip_fclose(xlsx->entry);
	xlsx->entry = NULL;
}

/* A piece of the part that is open. */
static bool parse_piece(struct xlsx *xlsx)
{
	static char piece[65536];
	zip_int64_t got = zip_fread(xlsx->entry, piece, sizeof piece);
	if (got < 0)
		return grid_fail(
			xlsx->reader, _("The file is damaged: its ZIP cannot be unpacked."));
	xlsx->inflated += (size_t)got;
	xlsx->done += (size_t)got;
	if (xlsx->inflated > GRID_INFLATED_MAX)
		return grid_fail(xlsx->reader,
			_("The file unfolds to more than %d MiB: divide it."),
			(int)(GRID_INFLATED_MAX >> 20));
	if (XML_Parse(xlsx->parser, piece, (int)got, got == 0) == XML_STATUS_OK) {
		if (got == 0) {
			close_part(xlsx);
			xlsx->stage++;
		}
		return true;
	}
	if (!xlsx->failed)
		grid_fail(xlsx->reader, _("The file is damaged: %s in its part %s."),
			XML_ErrorString(XML_GetErrorCode(xlsx->parser)), xlsx->part->name);
	return false;
}

/* ---- the workbook and where its first sheet lies ---- */

static void workbook_begin(struct xlsx *xlsx, const char *name, const char *const *attributes)
{
	const char *value;
	if (strcmp(name, "workbookPr") == 0) {
		value = xlsx_attribute(attributes, "date1904");
		xlsx->from_1904 = value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
	} else if (strcmp(name, "sheet") == 0 && !xlsx->sheet_id[0]) {
		value = xlsx_attribute(attributes, "id");
		snprintf(xlsx->sheet_id, sizeof xlsx->sheet_id, "%s", value ? value : "");
	}
}

static void relations_begin(struct xlsx *xlsx, const char *name, const char *const *attributes)
{
	const char *id = xlsx_attribute(attributes, "Id");
	const char *target = xlsx_attribute(attributes, "Target");
	if (strcmp(name, "Relationship") != 0 || !id || !target || strcmp(id, xlsx->sheet_id) != 0)
		return;
	if (*target == '/')
		snprintf(xlsx->sheet_path, sizeof xlsx->sheet_path, "%s", target + 1);
	else
		snprintf(xlsx->sheet_path, sizeof xlsx->sheet_path, "xl/%s", target);
}

/* ---- styles: is a number a date? ---- */

/* The numbers of formats that are dates by definition (ECMA-376 part 1, 18.8.30, East Asian ones
 * included). */
static bool is_builtin_date(long format)
{
	return (format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 36) ||
		(format >= 50 && format <= 58);
}

/* A format of one's own is a date if a year or a day stands in it, outside quotes and brackets. */
static bool says_date(const char *code)
{
	char inside = '\0';
	for (; *code; code++) {
		if (inside) {
			if (*code == inside)
				inside = '\0';
		} else if (*code == '"') {
			inside = '"';
		} else if (*code == '[') {
			inside = ']';
		} else if (*code == '\\' && code[1]) {
			code++;
		} else if (strchr("yYdDeE", *code) && code[0] != 'E') {
			return true;
		}
	}
	return false;
}

static void styles_begin(struct xlsx *xlsx, const char *name, const char *const *attributes)
{
	const char *id = xlsx_attribute(attributes, "numFmtId");
	const char *code = xlsx_attribute(attributes, "formatCode");
	long format = id ? strtol(id, NULL, 10) : 0;
	if (strcmp(name, "cellXfs") == 0) {
		xlsx->in_cell_formats = true;
	} else if (strcmp(name, "numFmt") == 0 && code && says_date(code)) {
		if (xlsx->own_date_count < XLSX_FORMATS_MAX)
			xlsx->own_dates[xlsx->own_date_count++] = format;
	} else if (strcmp(name, "xf") == 0 && xlsx->in_cell_formats &&
		xlsx->style_count < XLSX_STYLES_MAX) {
		bool date = is_builtin_date(format);
		for (int i = 0; i < xlsx->own_date_count; i++)
			date = date || xlsx->own_dates[i] == format;
		xlsx->style_is_date[xlsx->style_count++] = date;
	}
}

static void styles_end(struct xlsx *xlsx, const char *name)
{
	if (strcmp(name, "cellXfs") == 0)
		xlsx->in_cell_formats = false;
}

/* ---- shared strings ---- */

static void strings_begin(struct xlsx *xlsx, const char *name, const char *const *attributes)
{
	(void)attributes;
	if (strcmp(name, "si") == 0)
		text_clear(&xlsx->text);
	/* Phonetic runs (rPh) hold a reading of the text, not text. */
	xlsx->phonetic += strcmp(name, "rPh") == 0;
	xlsx->collects = strcmp(name, "t") == 0 && xlsx->phonetic == 0;
}

static void keep_string(struct xlsx *xlsx)
{
	if (xlsx->string_count == xlsx->string_room) {
		size_t room = xlsx->string_room ? xlsx->string_room * 2 : 1024;
		size_t *strings = realloc(xlsx->strings, room * sizeof *strings);
		if (!strings) {
			grid_fail(xlsx->reader, _("There is not enough memory."));
			xlsx_stop(xlsx);
			return;
		}
		xlsx->strings = strings;
		xlsx->string_room = room;
	}
	xlsx->strings[xlsx->string_count++] = xlsx->string_bytes.length;
	text_add_bytes(&xlsx->string_bytes, text_get(&xlsx->text), xlsx->text.length);
	text_add_bytes(&xlsx->string_bytes, "", 1);
	if (text_ok(&xlsx->text) && text_ok(&xlsx->string_bytes))
		return;
	grid_fail(xlsx->reader, _("The file has a text of more than %d bytes."), GRID_CELL_MAX);
	xlsx_stop(xlsx);
}

static void strings_end(struct xlsx *xlsx, const char *name)
{
	xlsx->collects = false;
	xlsx->phonetic -= strcmp(name, "rPh") == 0;
	if (strcmp(name, "si") == 0)
		keep_string(xlsx);
}

/* ---- the whole ---- */

static const struct xlsx_part workbook = {"workbook.xml", workbook_begin, NULL};
static const struct xlsx_part relations = {"workbook.xml.rels", relations_begin, NULL};
static const struct xlsx_part styles = {"styles.xml", styles_begin, styles_end};
static const struct xlsx_part strings = {"sharedStrings.xml", strings_begin, strings_end};

/* In this order; the path of the sheet stands in the parts before it. */
static const struct {
	const struct xlsx_part *part;
	const char *path;
} stages[] = {
	{&workbook, "xl/workbook.xml"},
	{&relations, "xl/_rels/workbook.xml.rels"},
	{&styles, "xl/styles.xml"},
	{&strings, "xl/sharedStrings.xml"},
	{&xlsx_sheet, NULL},
};
#define STAGES (sizeof stages / sizeof *stages)

static bool begin_stage(struct xlsx *xlsx)
{
	const char *path = stages[xlsx->stage].path;
	if (!path)
		path = xlsx->sheet_path;
	if (stages[xlsx->stage].part == &styles &&
		(!xlsx->sheet_path[0] || zip_name_locate(xlsx->zip, xlsx->sheet_path, 0) < 0))
		return grid_fail(xlsx->reader, _("The file holds no sheet; is it an XLSX?"));
	return open_part(xlsx, stages[xlsx->stage].part, path);
}

static bool xlsx_step(void *state)
{
	struct xlsx *xlsx = state;
	bool good = xlsx->entry ? parse_piece(xlsx) : begin_stage(xlsx);
	xlsx->reader->is_whole = good && xlsx->stage == STAGES;
	return good && !xlsx->reader->is_whole;
}

static void xlsx_close(void *state)
{
	struct xlsx *xlsx = state;
	close_part(xlsx);
	if (xlsx->zip)
		zip_discard(xlsx->zip);
	text_free(&xlsx->text);
	text_free(&xlsx->string_bytes);
	free(xlsx->strings);
	free(xlsx);
}

static void *xlsx_open(struct grid_reader *reader, FILE *file, const char *path)
{
	struct xlsx *xlsx = calloc(1, sizeof *xlsx);
	(void)file;
	if (!xlsx) {
		grid_fail(reader, _("There is not enough memory."));
		return NULL;
	}
	xlsx->reader = reader;
	xlsx->text = TEXT_INIT(GRID_CELL_MAX);
	xlsx->string_bytes = TEXT_INIT(GRID_INFLATED_MAX);
	xlsx->zip = zip_open(path, ZIP_RDONLY, NULL);
	if (xlsx->zip)
		return xlsx;
	grid_fail(reader, _("The file is damaged: its ZIP cannot be unpacked."));
	xlsx_close(xlsx);
	return NULL;
}

const struct grid_format grid_xlsx = {xlsx_open, xlsx_step, xlsx_close};
