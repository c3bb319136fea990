/* Between the two files that read an XLSX; nobody else includes this. */
#ifndef COUNTERTOP_MODEL_GRID_XLSX_H
#define COUNTERTOP_MODEL_GRID_XLSX_H

#include "model/grid_parts.h"

#include <expat.h>
#include <zip.h>

#define XLSX_FORMATS_MAX 256
#define XLSX_STYLES_MAX 4096
#define XLSX_PATH_SIZE 256

struct xlsx;

struct xlsx_part {
	const char *name;
	void (*begin)(struct xlsx *xlsx, const char *name, const char *const *attributes);
	void (*end)(struct xlsx *xlsx, const char *name); /* may be NULL */
};

struct xlsx {
	struct grid_reader *reader;
	zip_t *zip;
	size_t inflated; /* bytes of all parts so far */
	size_t done,
		expected; /* bytes of this part; the latter as the ZIP claims, 0 if it does not */

	/* the part under way */
	size_t stage;
	zip_file_t *entry; /* NULL: it is not open yet */
	const struct xlsx_part *part;
	XML_Parser parser;
	int depth;
	bool failed;
	bool collects; /* text goes into `text` */
	struct text text;

	/* workbook */
	bool from_1904;
	char sheet_id[XLSX_PATH_SIZE], sheet_path[XLSX_PATH_SIZE];
	/* styles */
	bool in_cell_formats;
	long own_dates[XLSX_FORMATS_MAX];
	int own_date_count;
	bool style_is_date[XLSX_STYLES_MAX];
	int style_count;
	/* shared strings: where each begins in string_bytes, ended by a NUL */
	struct text string_bytes;
	size_t *strings;
	size_t string_count, string_room;
	int phonetic;

	/* the cell under way */
	int64_t row, column;
	char type; /* s shared, i inline, b true or false, n number, t any other text */
	long style;
	bool in_cell;
};

const char *xlsx_attribute(const char *const *attributes, const char *name);
/* Ends the parsing; the error is said already. */
void xlsx_stop(struct xlsx *xlsx);

/* grid_xlsx_sheet.c */
extern const struct xlsx_part xlsx_sheet;

#endif
