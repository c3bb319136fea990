
#include "model/grid_write.h"
#include "model/text.h"
#include "tests/folder.h"
#include "tests/grid_rows.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>
#include <zip.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* ---- reading a file into one line: 1:a|b 2:c||d, a faulty row 3!1:x ---- */

struct heard {
	struct text rows;
	int most; /* rows to take */
	int count, percent;
	char error[300];
};

static bool hear(void *ctx, const struct grid_row *row)
{
	struct heard *heard = ctx;
	text_addf(&heard->rows, "%s%lld", heard->rows.length ? " " : "", (long long)row->number);
	if (row->fault != GRID_SOUND)
		text_addf(&heard->rows, "!%d", (int)row->fault);
	text_add(&heard->rows, ":");
	for (int i = 0; i < row->count; i++)
		text_addf(&heard->rows, "%s%s", i ? "|" : "", row->cells[i]);
	assert_in_range(row->percent, 0, 100);
	assert_true(row->percent >= heard->percent);
	heard->percent = row->percent;
	return ++heard->count != heard->most;
}

static bool read_file(const char *path, struct heard *heard)
{
	*heard = (struct heard){.rows = TEXT_INIT(TEXT_LARGE)};
	return grid_rows_read(path, hear, heard, heard->error, sizeof heard->error);
}

static void path_in(const char *folder, const char *name, char path[300])
{
	snprintf(path, 300, "%s/%s", folder, name);
}

static void write_bytes(const char *path, const char *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* The text is in the rows, or else in the error. */
static void expect(const char *path, const char *rows, const char *error)
{
	struct heard heard;
	bool good = read_file(path, &heard);
	if (good != !error)
		fail_msg("read: %s, error: %s", text_get(&heard.rows), heard.error);
	if (rows)
		assert_string_equal(text_get(&heard.rows), rows);
	if (error && !strstr(heard.error, error))
		fail_msg("expected \"%s\" in: %s", error, heard.error);
	text_free(&heard.rows);
}

/* ---- CSV ---- */

static const struct {
	const char *bytes, *rows, *error;
} csv_cases[] = {
	{"a,b\r\n1,2\r\n", "1:a|b 2:1|2", NULL},
	{"a;b,c;d\n1;2;3\n", "1:a|b,c|d 2:1|2|3", NULL},
	{"a\tb\n1\t2", "1:a|b 2:1|2", NULL},
	{"\xEF\xBB\xBF\xE5\x93\x81\xE8\x99\x9F,x\n", "1:\xE5\x93\x81\xE8\x99\x9F|x", NULL},
	/* 品號 in Big5 */
	{"\xAB\x7E\xB8\xB9,x\n", "1:\xE5\x93\x81\xE8\x99\x9F|x", NULL},
	{"a,\"b, \"\"c\"\"\"\n", "1:a|b, \"c\"", NULL},
	{"a,\"b\nc\"\nd,e\n", "1:a|b\nc 3:d|e", NULL},
	{"\n\n a , b \n,,\n c\n", "3:a|b 5:c", NULL},
	{"a,,c,,\n", "1:a||c", NULL},
	{"", "", NULL},
	{"a,b\n\"c,d\n", "1:a|b", "begins in row 2 is never closed"},
	/* One line that is no text says nothing about the others: 品號 in UTF-8, then in Big5. */
	{"a,b\n\xFF\xFE\xFF,c\n\xE5\x93\x81\xE8\x99\x9F,x\n",
		"1:a|b 2!1:\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD|c 3:\xE5\x93\x81\xE8\x99\x9F|x",
		NULL},
	{"a,b\n\xFF,c\n\xAB\x7E\xB8\xB9,x\n\xAB\x7E,y\n",
		"1:a|b 2!1:\xEF\xBF\xBD|c 3:\xE5\x93\x81\xE8\x99\x9F|x 4:\xE5\x93\x81|y", NULL},
};

static void csv_as_people_have_it(void **state)
{
	/* CSV is read with any of three separators, in UTF-8 or Big5, with quotes, empty rows skipped and counted. */
	char path[300];
	path_in(*state, "a.csv", path);
	for (int i = 0; i < COUNT_OF(csv_cases); i++) {
		write_bytes(path, csv_cases[i].bytes, strlen(csv_cases[i].bytes));
		expect(path, csv_cases[i].rows, csv_cases[i].error);
	}
	write_bytes(path, "a\0b,c\n", 6);
	expect(path,
		"1!2:a\xEF\xBF\xBD"
		"b|c",
		NULL);
}

static void csv_that_is_too_much(void **state)
{
	/* Too many columns, too long a cell and too many rows end the reading and name the row. */
	struct text bytes = TEXT_INIT(TEXT_LARGE);
	char path[300];
	path_in(*state, "a.csv", path);
	text_add(&bytes, "a,b\n");
	for (int i = 0; i < GRID_COLUMNS_MAX; i++)
		text_add(&bytes, "x,");
	text_add(&bytes, "x\n");
	write_bytes(path, text_get(&bytes), bytes.length);
	expect(path, "1:a|b", "Row 2 has more than 64 columns");
	text_clear(&bytes);
	for (int i = 0; i <= GRID_CELL_MAX; i++)
		text_add(&bytes, "x");
	write_bytes(path, text_get(&bytes), bytes.length);
	expect(path, "", "Row 1 has a cell of more than 4096 bytes");
	text_clear(&bytes);
	for (int i = 0; i <= GRID_ROWS_MAX; i++)
		text_add(&bytes, "x\n");
	write_bytes(path, text_get(&bytes), bytes.length);
	expect(path, NULL, "more than 200000 rows");
	text_free(&bytes);
}

static void not_a_file(void **state)
{
	/* What is missing or no file is said so, by its name. */
	char path[300];
	path_in(*state, "none.csv", path);
	expect(path, "", "none.csv cannot be opened");
	expect(*state, "", "is not a file");
}

static bool hear_two(void *ctx, const struct grid_row *row)
{
	(void)row;
	return ++*(int *)ctx < 2;
}

static void the_caller_may_stop(void **state)
{
	/* Reading ends well when the caller has had enough. */
	char path[300], error[100];
	int count = 0;
	path_in(*state, "a.csv", path);
	write_bytes(path, "a\nb\nc\n", 6);
	assert_true(grid_rows_read(path, hear_two, &count, error, sizeof error));
	assert_int_equal(count, 2);
}

/* ---- XLSX, put together from its parts ---- */

#define WORKBOOK "<workbook xmlns:r='r'><sheets><sheet name='S' r:id='rId7'/></sheets></workbook>"
#define RELATIONS \
	"<Relationships><Relationship Id='rId7' Target='worksheets/one.xml'/></Relationships>"

struct parts {
	const char *sheet, *strings, *styles, *workbook;
};

static void add_part(zip_t *zip, const char *name, const char *xml)
{
	zip_source_t *source;
	if (!xml)
		return;
	source = zip_source_buffer(zip, xml, strlen(xml), 0);
	assert_non_null(source);
	assert_true(zip_file_add(zip, name, source, 0) >= 0);
}

static void write_xlsx(const char *path, const struct parts *parts)
{
	zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	assert_non_null(zip);
	add_part(zip, "xl/workbook.xml", parts->workbook ? parts->workbook : WORKBOOK);
	add_part(zip, "xl/_rels/workbook.xml.rels", RELATIONS);
	add_part(zip, "xl/styles.xml", parts->styles);
	add_part(zip, "xl/sharedStrings.xml", parts->strings);
	add_part(zip, "xl/worksheets/one.xml", parts->sheet);
	assert_int_equal(zip_close(zip), 0);
}

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"
#define STYLES                                                                           \
	"<styleSheet><numFmts><numFmt numFmtId='170' formatCode='yyyy\"年\"m\"月\"'/>" \
	"<numFmt numFmtId='171' formatCode='[Red]0.00'/></numFmts>"                      \
	"<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"                               \
	"<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/>"             \
	"<xf numFmtId='171'/></cellXfs></styleSheet>"

static const struct {
	struct parts parts;
	const char *rows, *error;
} xlsx_cases[] = {
	{{.sheet = SHEET(
		  "<row r='1'><c r='A1' t='s'><v>1</v></c><c r='C1' t='s'><v>0</v></c></row>"),
		 .strings = "<sst><si><t>zero</t></si><si><r><t>o</t></r><r><t>ne</t></r>"
			    "<rPh><t>no</t></rPh></si></sst>"},
		"1:one||zero", NULL},
	{{.sheet = SHEET("<row><c t='inlineStr'><is><t> in </t></is></c><c t='b'><v>1</v></c>"
			 "<c t='e'><v>#N/A</v></c><c t='str'><v>text</v></c></row>")},
		"1:in|TRUE|#N/A|text", NULL},
	{{.sheet = SHEET("<row r='4'><c><v>12</v></c><c><v>0.1</v></c>"
			 "<c><v>0.30000000000000004</v></c><c><v>1E+3</v></c></row>")},
		"4:12|0.1|0.3|1000", NULL},
	{{.sheet = SHEET("<row r='2'><c s='1'><v>46053</v></c><c s='2'><v>46053.75</v></c>"
			 "<c s='3'><v>46053</v></c><c s='0'><v>46053</v></c></row>"),
		 .styles = STYLES},
		"2:2026-01-31|2026-01-31|46053|46053", NULL},
	{{.sheet = SHEET("<row r='2'><c s='1'><v>44591</v></c></row>"),
		 .styles = STYLES,
		 .workbook =
			 "<workbook><workbookPr date1904='1'/><sheets><sheet id='rId7'/></sheets>"
			 "</workbook>"},
		"2:2026-01-31", NULL},
	{{.sheet = SHEET("<row r='1'/><row r='9'><c r='B9'><v>1</v></c></row>")}, "9:|1", NULL},
	{{.sheet = "<x:worksheet xmlns:x='u'><x:row><x:c><x:v>5</x:v></x:c></x:row></x:worksheet>"},
		"1:5", NULL},
	{{.sheet = SHEET("<row><c><v>1</v></c></row><row><c><f>A1+1</f><v>2</v></c></row>"
			 "<row><c><f/></c></row><row><c><v>3</v></c></row>")},
		"1:1 2!3:2 3!3: 4:3", NULL},
	{{.sheet = SHEET("<row><c t='s'><v>3</v></c></row>")}, "",
		"a text that row 1 names is missing"},
	{{.sheet = SHEET("<row><c r='B1'><v>1</v></c><c r='A1'><v>2</v></c></row>")}, "",
		"out of order"},
	{{.sheet = SHEET("<row><c r='ZZ1'><v>1</v></c></row>")}, "", "more than 64 columns"},
	{{.sheet = "<worksheet><row>"}, "", "damaged"},
	{{.sheet = NULL}, "", "holds no sheet"},
	{{.sheet = "<!DOCTYPE w [<!ENTITY a 'b'>]>" SHEET("<row><c><v>&a;</v></c></row>")}, "",
		"document type"},
};

static void xlsx_as_programs_write_it(void **state)
{
	/* Shared and inline texts, numbers, dates and gaps are read; a formula is told of its row, DTDs and damage
	 * are refused. */
	char path[300];
	path_in(*state, "a.xlsx", path);
	for (int i = 0; i < COUNT_OF(xlsx_cases); i++) {
		write_xlsx(path, &xlsx_cases[i].parts);
		expect(path, xlsx_cases[i].rows, xlsx_cases[i].error);
	}
	write_bytes(path, "PK\3\4 and nothing more", 20);
	expect(path, "", "cannot be unpacked");
}

/* begin, count times the piece, end */
static char *repeated(const char *begin, const char *piece, int count, const char *end)
{
	struct text out = TEXT_INIT((size_t)512 * 1024 * 1024);
	text_add(&out, begin);
	for (int i = 0; i < count; i++)
		text_add(&out, piece);
	text_add(&out, end);
	return text_take(&out);
}

static void xlsx_bombs(void **state)
{
	/* A file that unfolds without end, nests without end or holds one endless text is refused. */
	static char zeros[4097];
	memset(zeros, ' ', sizeof zeros - 1);
	const struct {
		char *sheet;
		const char *error;
	} bombs[] = {
		{repeated(
			 "<worksheet>", zeros, (int)(GRID_INFLATED_MAX / 4096) + 1, "</worksheet>"),
			"unfolds to more than 128 MiB"},
		{repeated("", "<a>", 100000, ""), "nested too deep"},
		{repeated("<w><row><c><v>", "123456789", 10000, "</v></c></row></w>"),
			"Row 1 has a cell of more than 4096 bytes"},
	};
	char path[300];
	path_in(*state, "a.xlsx", path);
	for (int i = 0; i < COUNT_OF(bombs); i++) {
		assert_non_null(bombs[i].sheet);
		write_xlsx(path, &(struct parts){.sheet = bombs[i].sheet});
		expect(path, "", bombs[i].error);
		free(bombs[i].sheet);
	}
}

/* ---- writing ---- */

static const struct grid_column columns[] = {
	{"SKU", false, 12}, {"name", false, 20}, {"qty", true, 8}};

static void write_grid(const char *path)
{
	static const char *const rows[][3] = {{"A1", "=HYPERLINK(\"x\")", "-3"},
		{"A2", "a, \"b\"\nc", "0.5"}, {"00123", NULL, ""}};
	char error[300];
	struct grid_writer *writer = grid_writer_open(
		path, columns, COUNT_OF(columns), error, sizeof error);
	assert_non_null(writer);
	for (int i = 0; i < COUNT_OF(rows); i++)
		grid_writer_row(writer, rows[i]);
	assert_int_not_equal(access(path, F_OK), 0);
	if (!grid_writer_end(writer, error, sizeof error))
		fail_msg("%s", error);
}

static void what_is_written_can_be_read(void **state)
{
	/* Both kinds read back as they were written, and no text of ours is a formula to a spreadsheet. */
	char path[300];
	path_in(*state, "list.csv", path);
	write_grid(path);
	expect(path, "1:SKU|name|qty 2:A1|'=HYPERLINK(\"x\")|-3 3:A2|a, \"b\"\nc|0.5 5:00123",
		NULL);
	path_in(*state, "list.XLSX", path);
	write_grid(path);
	expect(path, "1:SKU|name|qty 2:A1|=HYPERLINK(\"x\")|-3 3:A2|a, \"b\"\nc|0.5 4:00123", NULL);
}

static void writing_is_all_or_nothing(void **state)
{
	/* A path that cannot be written is said so; what was given up leaves no file. */
	char path[300], error[300];
	assert_null(grid_writer_open("a.txt", columns, 3, error, sizeof error));
	assert_non_null(strstr(error, "neither .csv nor .xlsx"));
	path_in(*state, "none/list.csv", path);
	assert_null(grid_writer_open(path, columns, 3, error, sizeof error));
	assert_non_null(strstr(error, "No such file"));
	for (int i = 0; i < 2; i++) {
		path_in(*state, i ? "gone.xlsx" : "gone.csv", path);
		struct grid_writer *writer = grid_writer_open(
			path, columns, 3, error, sizeof error);
		assert_non_null(writer);
		grid_writer_abandon(writer);
		assert_int_not_equal(access(path, F_OK), 0);
	}
}

static void a_full_disk_leaves_no_half_of_a_file(void **state)
{
	/* Where the disk takes no more, be it late, both kinds say so and leave nothing. */
	static const char *const row[] = {
		"a name that takes some room on a disk", "another one", "1"};
	char path[300], error[300];
	struct rlimit limit, small;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
	for (int i = 0; i < 2; i++) {
		path_in(*state, i ? "full.xlsx" : "full.csv", path);
		struct grid_writer *writer = grid_writer_open(
			path, columns, 3, error, sizeof error);
		assert_non_null(writer);
		small = (struct rlimit){100000, limit.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		for (int n = 0; n < 20000; n++)
			grid_writer_row(writer, row);
		bool good = grid_writer_end(writer, error, sizeof error);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		assert_false(good);
		assert_non_null(strstr(error, "cannot be written: "));
		assert_int_not_equal(access(path, F_OK), 0);
	}
	signal(SIGXFSZ, before);
}

static int setup(void **state)
{
	static char folder[200];
	folder_make(folder, sizeof folder);
	*state = folder;
	return 0;
}

static int teardown(void **state)
{
	folder_remove(*state);
	return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(csv_as_people_have_it),
		TEST(csv_that_is_too_much),
		TEST(not_a_file),
		TEST(the_caller_may_stop),
		TEST(xlsx_as_programs_write_it),
		TEST(xlsx_bombs),
		TEST(what_is_written_can_be_read),
		TEST(writing_is_all_or_nothing),
		TEST(a_full_disk_leaves_no_half_of_a_file),
	};
	return cmocka_run_group_tests_name("grids", tests, NULL, NULL);
}
