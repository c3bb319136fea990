/* `countertop export` writes any list, a document's lines and the import's template. */
#include "tests/cli_desk.h"
#include "tests/grid_rows.h"
#include "tui/cols.h"
#include "tui/count_sheet.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct office {
	struct desk *desk;
	struct text rows; /* of the file read last: a|b|c, a line each */
};

static int set_up(void **state)
{
	static struct office office;
	void *desk;
	assert_int_equal(desk_open(&desk), 0);
	office = (struct office){.desk = desk, .rows = TEXT_INIT(TEXT_LARGE)};
	*state = &office;
	return 0;
}

static int tear_down(void **state)
{
	struct office *office = *state;
	void *desk = office->desk;
	text_free(&office->rows);
	return desk_close(&desk);
}

/* Exports into the file of that name below the folder and reads it back. */
static const char *exported(struct office *office, const char *what, const char *file)
{
	char words[400];
	snprintf(words, sizeof words, "%s %s/%s", what, office->desk->folder, file);
	office->desk->cli.force = true;
	if (desk_run(office->desk, cli_export, words) != CLI_APPLIED)
		fail_msg("%s", office->desk->err);
	text_clear(&office->rows);
	snprintf(words, sizeof words, "%s/%s", office->desk->folder, file);
	grid_rows_add(words, &office->rows);
	return text_get(&office->rows);
}

static void lists_go_to_both_kinds_of_file(void **state)
{
	/* A list is the same in CSV and XLSX, under the names of its columns, filtered as asked. */
	struct office *office = *state;
	struct text csv = TEXT_INIT(TEXT_LARGE);
	text_add(&csv, exported(office, "stock sku=A1", "stock.csv"));
	assert_memory_equal(text_get(&csv), "store|sku|name|on_hand|", 23);
	assert_non_null(strstr(text_get(&csv), "\nxinyi|A1|"));
	assert_string_equal(exported(office, "stock sku=A1", "stock.xlsx"), text_get(&csv));
	assert_null(strchr(exported(office, "stock sku=none", "stock.csv"), 'A'));
	text_free(&csv);
}

static void a_document_goes_with_its_lines(void **state)
{
	/* Naming a document exports its lines. */
	struct office *office = *state;
	char id[60], words[200];
	assert_int_equal(desk_run(office->desk, cli_do, "stocktake.create scope=full"), CLI_QUEUED);
	snprintf(id, sizeof id, "%s", desk_member(office->desk, "id"));
	snprintf(words, sizeof words, "stocktake.start stocktake=%s", id);
	assert_int_equal(desk_run(office->desk, cli_do, words), CLI_QUEUED);
	snprintf(words, sizeof words, "stocktake.count stocktake=%s sku=A1 qty=2.5 mode=set", id);
	assert_int_equal(desk_run(office->desk, cli_do, words), CLI_QUEUED);
	snprintf(words, sizeof words, "stocktakes %s", id);
	assert_memory_equal(exported(office, words, "lines.csv"), "sku|name|", 9);
	assert_non_null(strstr(text_get(&office->rows), "\nA1|"));
	assert_non_null(strstr(text_get(&office->rows), "|2.5|"));
}

static void a_document_is_named_by_its_number_too(void **state)
{
	/* Wherever a document's id would do, so does its number; one that is none is said. */
	struct office *office = *state;
	struct desk *desk = office->desk;
	char id[60], number[60], words[200];
	assert_int_equal(desk_run(desk, cli_do, "stocktake.create scope=full"), CLI_QUEUED);
	snprintf(id, sizeof id, "%s", desk_member(desk, "id"));
	char *found = db_get_text(
		desk->world.console.cache, "SELECT number FROM stocktake WHERE id = $1", "t", id);
	snprintf(number, sizeof number, "%s", found);
	free(found);
	snprintf(words, sizeof words, "stocktake.start stocktake=%s", id);
	assert_int_equal(desk_run(desk, cli_do, words), CLI_QUEUED);
	snprintf(words, sizeof words, "stocktake.count stocktake=%s sku=A1 qty=7 mode=set", id);
	assert_int_equal(desk_run(desk, cli_do, words), CLI_QUEUED);
	static const char *const lists[] = {
		"stocktakes ", "stocktake_lines stocktake=", "count_entries stocktake="};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct text by_id = TEXT_INIT(TEXT_LARGE);
		snprintf(words, sizeof words, "%s%s", lists[i], id);
		text_add(&by_id, exported(office, words, "list.csv"));
		assert_non_null(strstr(text_get(&by_id), "|7|"));
		snprintf(words, sizeof words, "%s%s", lists[i], number);
		assert_string_equal(exported(office, words, "list.csv"), text_get(&by_id));
		text_free(&by_id);
	}
	snprintf(words, sizeof words, "stocktake_lines stocktake=%s", number);
	assert_int_equal(desk_run(desk, cli_show, words), CLI_APPLIED);
	assert_non_null(strstr(desk->out, "\nA1 "));
	assert_int_equal(desk_run(desk, cli_show, "stocktake_lines stocktake=ST-1"), CLI_FAILED);
	assert_non_null(strstr(desk->err, "there is no ST-1 in stocktakes"));
}

static void a_file_that_is_there_stays(void **state)
{
	/* Neither an export nor a report nor the template takes a file's place unless --force says so. */
	struct office *office = *state;
	struct desk *desk = office->desk;
	static const struct {
		enum cli_exit (*verb)(struct cli *, int, char *const *);
		const char *words;
	} ways[] = {
		{cli_export, "stock"}, {cli_export, "template"}, {cli_report, "stock_by_store"}};
	char path[250], words[300], kept[40] = "";
	snprintf(path, sizeof path, "%s/kept.csv", office->desk->folder);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		FILE *file = fopen(path, "w");
		assert_non_null(file);
		fputs("mine", file);
		assert_int_equal(fclose(file), 0);
		snprintf(words, sizeof words, "%s %s", ways[i].words, path);
		desk->cli.force = false;
		assert_int_equal(desk_run(desk, ways[i].verb, words), CLI_FAILED);
		assert_non_null(strstr(desk->err, "is there already; with --force it is replaced"));
		file = fopen(path, "r");
		assert_non_null(fgets(kept, sizeof kept, file));
		assert_int_equal(fclose(file), 0);
		assert_string_equal(kept, "mine");
		desk->cli.force = true;
		assert_int_equal(desk_run(desk, ways[i].verb, words), CLI_APPLIED);
	}
}

static void hostile_names_are_cleaned(void **state)
{
	/* What would steer a terminal or run as a formula is not in the file. */
	struct office *office = *state;
	db_run(office->desk->world.console.cache, "UPDATE staff SET name = $1", "t",
		"=1+1\033[2J\u202Ex");
	assert_non_null(strstr(exported(office, "staff", "staff.csv"), "|'=1+1[2Jx|"));
}

static void the_template_has_the_headings(void **state)
{
	/* The template names every column of an import. */
	struct office *office = *state;
	assert_string_equal(exported(office, "template", "orders.xlsx"),
		"Expected date|Source|Destination|Product name|SKU|Quantity\n");
}

static void what_cannot_be_exported_is_said(void **state)
{
	/* Another ending, an unknown list, a document that is none, a folder that is missing: said, and no file. */
	struct office *office = *state;
	static const struct {
		const char *words, *error;
		enum cli_exit code;
	} bad[] = {
		{"stock", "ends in .csv or .xlsx", CLI_USAGE},
		{"stock out.pdf", "ends in .csv or .xlsx", CLI_USAGE},
		{"stock out.txt", "only a stocktake is written as .txt", CLI_USAGE},
		{"stoc out.csv", "did you mean stock?", CLI_USAGE},
		{"movements sort=colour out.csv", "cannot be sorted by colour, but by: expected",
			CLI_USAGE},
		{"movements OUT-1 out.csv", "there is no OUT-1 in movements", CLI_FAILED},
		{"stock A1 out.csv", "have no lines", CLI_FAILED},
		{"stock /nowhere/at/all/out.csv", "cannot be written", CLI_FAILED},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(desk_run(office->desk, cli_export, bad[i].words), bad[i].code);
		if (!strstr(office->desk->err, bad[i].error))
			fail_msg("expected \"%s\" in: %s", bad[i].error, office->desk->err);
	}
	assert_int_not_equal(access("out.csv", F_OK), 0);
}

static void no_data_yet_is_neither_exported_nor_reported(void **state)
{
	/* Before anything came from HQ there is no file and no report that says nothing is there. */
	struct office *office = *state;
	char words[300];

	db_run(office->desk->world.console.cache, "DELETE FROM state WHERE name = 'pulled_ms'", "");
	snprintf(words, sizeof words, "stock %s/none.csv", office->desk->folder);
	assert_int_equal(desk_run(office->desk, cli_export, words), CLI_FAILED);
	assert_non_null(strstr(office->desk->err, "no data have come from HQ yet"));
	assert_int_not_equal(access(words + strlen("stock "), F_OK), 0);
	assert_int_equal(desk_run(office->desk, cli_report, "stock_by_store"), CLI_FAILED);
	assert_non_null(strstr(office->desk->err, "no data have come from HQ yet"));
	assert_string_equal(office->desk->out, "");
}

static void reports_are_printed_with_bars(void **state)
{
	/* A report has its title, headings, rows and a bar that is as long as its number. */
	struct office *office = *state;
	struct desk *desk = office->desk;
	char words[300];

	assert_int_equal(desk_run(desk, cli_report, "stock_by_store"), CLI_APPLIED);
	assert_non_null(strstr(desk->out, "Stock by store\n"));
	assert_non_null(strstr(desk->out, "On hand"));
	assert_non_null(strstr(desk->out, "\nxinyi"));
	assert_non_null(strstr(desk->out, "\u2588\u2588\u2588"));
	assert_int_equal(desk_run(desk, cli_report, "in_transit since=2026-01-01"), CLI_APPLIED);
	assert_non_null(strstr(desk->out, "Nothing to report."));
	snprintf(words, sizeof words, "stock_by_store %s/stock.xlsx", office->desk->folder);
	assert_int_equal(desk_run(desk, cli_report, words), CLI_APPLIED);
	snprintf(words, sizeof words, "%s/stock.xlsx", office->desk->folder);
	text_clear(&office->rows);
	grid_rows_add(words, &office->rows);
	assert_memory_equal(text_get(&office->rows), "store|skus|on_hand|", 19);
}

static void what_cannot_be_reported_is_said(void **state)
{
	/* An unknown report names those there are; a bad date or word is named. */
	struct desk *desk = ((struct office *)*state)->desk;

	assert_int_equal(desk_run(desk, cli_report, "stock_by_stor"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "did you mean stock_by_store?"));
	assert_non_null(strstr(desk->err, "discrepancies"));
	assert_int_equal(desk_run(desk, cli_report, ""), CLI_USAGE);
	assert_int_equal(desk_run(desk, cli_report, "movements until=2026-01-01 since=2026-01-02"),
		CLI_USAGE);
	assert_non_null(strstr(desk->err, "since is later than until"));
	assert_int_equal(desk_run(desk, cli_report, "movements until=2020-01-31"), CLI_APPLIED);
	assert_int_equal(desk_run(desk, cli_report, "movements since=monday"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "since must be a date"));
	assert_int_equal(desk_run(desk, cli_report, "movements out.txt"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "out.txt is neither"));
}

/* ---- the pick list ---- */

#define PICKED 70

/* Orders W-000 … of one A1 each, of customers with long names. */
static void want_much(struct db *cache)
{
	db_run(cache, "INSERT INTO channel (id, name, stores) VALUES ('web', 'Web', '[\"xinyi\"]')",
		"");
	db_run(cache, "INSERT INTO channel_store (channel, store, no) VALUES ('web', 'xinyi', 1)",
		"");
	db_run(cache, "UPDATE stock SET on_hand = 1000000 WHERE store = 'xinyi' AND sku = 'A1'",
		"");
	for (int i = 0; i < PICKED; i++) {
		char number[20];
		snprintf(number, sizeof number, "W-%03d", i);
		db_run(cache,
			"INSERT INTO sales_order (number, id, channel, customer, status, step, flag, paid, denied,"
			" archived, created_at, created_by) VALUES ($1, $1, 'web', $2, 'open', 'open', '', 0, 0, 0,"
			" $3, 'lin')",
			"tti", number, "布萊克桑德斯與他的全家人以及所有的朋友們", (int64_t)i);
		db_run(cache,
			"INSERT INTO order_line (order_number, sku, no, channel, is_virtual, ordered, invoiced,"
			" shipped, cancelled, refunded, unsent, price) VALUES ($1, 'A1', 1, 'web', 0, 1500, 0, 0, 0,"
			" 0, 0, 0)",
			"t", number);
	}
	assert_int_equal(db_failed(cache), DB_OK);
}

static void picks_are_printed_as_a_list(void **state)
{
	/* Every pick is on the pages once with its order and its quantity; no line is wider than the paper, no
	 * page longer. */
	struct office *office = *state;
	struct desk *desk = office->desk;
	char path[300], line[600], number[20];
	int lines = 0, found = 0, pages = 1;
	FILE *file;

	want_much(desk->world.console.cache);
	snprintf(path, sizeof path, "%s/picks.txt", desk->folder);
	assert_int_equal(desk_runf(desk, cli_export, "picks %s", path), CLI_APPLIED);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		if (line[0] == '\f') {
			pages++;
			lines = 0;
		}
		assert_in_range(++lines, 1, COUNT_SHEET_PAGE_LINES);
		line[strcspn(line, "\n")] = '\0';
		assert_in_range(cols_width(line), 0, COUNT_SHEET_COLS);
		snprintf(number, sizeof number, "W-%03d", found);
		found += strstr(line, number) != NULL;
		if (lines == 1)
			assert_non_null(strstr(line, "Pick list"));
	}
	fclose(file);
	assert_int_equal(found, PICKED);
	assert_in_range(pages, 2, 6);
	assert_string_equal(exported(office, "picks proposed=no", "none.csv"),
		"store|sku|name|pick|to_ship|on_hand|order|customer|channel|created_at\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(lists_go_to_both_kinds_of_file),
		TEST(a_document_goes_with_its_lines),
		TEST(a_document_is_named_by_its_number_too),
		TEST(a_file_that_is_there_stays),
		TEST(hostile_names_are_cleaned),
		TEST(the_template_has_the_headings),
		TEST(what_cannot_be_exported_is_said),
		TEST(no_data_yet_is_neither_exported_nor_reported),
		TEST(reports_are_printed_with_bars),
		TEST(what_cannot_be_reported_is_said),
		TEST(picks_are_printed_as_a_list),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
