/* `countertop import` makes stock documents of a file, all of them or none. */
#include "model/db.h"
#include "model/text.h"
#include "tests/cli_desk.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

struct office {
	struct desk *desk;
	char path[300];
};

static int set_up(void **state)
{
	static struct office office;
	void *desk;
	assert_int_equal(desk_open(&desk), 0);
	office = (struct office){.desk = desk};
	snprintf(office.path, sizeof office.path, "%s/orders.csv", office.desk->folder);
	db_run(office.desk->world.console.cache, "UPDATE staff SET role = 'manager'", "");
	db_run(office.desk->world.console.cache,
		"INSERT INTO product (sku, name) VALUES ('A1', 'Apple')", "");
	*state = &office;
	return 0;
}

static int tear_down(void **state)
{
	struct office *office = *state;
	void *desk = office->desk;
	return desk_close(&desk);
}

static enum cli_exit import_text(struct office *office, const char *text)
{
	FILE *file = fopen(office->path, "wb");
	assert_non_null(file);
	fprintf(file, "expected_on,source,to,sku,qty\n%s", text);
	assert_int_equal(fclose(file), 0);
	return desk_run(office->desk, cli_import, office->path);
}

#define TWO_GOOD "2026-12-01,Luma,,A1,3\n2026-12-02,Luma,,A1,4\n"
#define ONE_BAD "2026-12-01,Luma,,none,3\n"

static void a_good_file_is_imported(void **state)
{
	/* Every order of a file without bad rows is saved, and the screens are told. */
	struct office *office = *state;
	if (import_text(office, TWO_GOOD) != CLI_APPLIED)
		fail_msg("%s%s", office->desk->out, office->desk->err);
	assert_non_null(strstr(office->desk->out, "third party Luma, expected 2026-12-01: 1 line"));
	assert_non_null(strstr(office->desk->out, "2 rows: 2 orders with 2 lines, 0 bad rows"));
	assert_int_equal(world_unsent(&office->desk->world), 2);
	assert_int_equal(office->desk->saves, 1);
	assert_int_equal(db_get_int(office->desk->world.console.cache, 0,
				 "SELECT COUNT(*) FROM movement WHERE third_party = 'Luma'", ""),
		2);
}

static void very_many_documents_are_there_at_once(void **state)
{
	/* Thousands of documents are saved, and shown when the command ends. */
	struct office *office = *state;
	struct text rows = TEXT_INIT(TEXT_LARGE);
	for (int i = 0; i < 2500; i++)
		text_addf(&rows, "2026-12-01,Partner %d,,A1,1\n", i);
	assert_int_equal(import_text(office, text_get(&rows)), CLI_APPLIED);
	assert_non_null(strstr(office->desk->out, "2500 rows: 2500 orders with 2500 lines"));
	assert_int_equal(world_unsent(&office->desk->world), 2500);
	assert_int_equal(db_get_int(office->desk->world.console.cache, 0,
				 "SELECT COUNT(*) FROM movement WHERE third_party LIKE 'P%'", ""),
		2500);
	text_free(&rows);
}

static void a_bad_row_stops_it_unless_told(void **state)
{
	/* With a bad row nothing is imported, with --yes the good ones are; each bad one is named. */
	struct office *office = *state;
	assert_int_equal(import_text(office, TWO_GOOD ONE_BAD), CLI_REJECTED);
	assert_non_null(strstr(office->desk->out, "row 4: "));
	assert_non_null(strstr(office->desk->out, "none"));
	assert_non_null(strstr(office->desk->err, "nothing was imported"));
	assert_int_equal(world_unsent(&office->desk->world), 0);
	office->desk->cli.yes = true;
	assert_int_equal(import_text(office, TWO_GOOD ONE_BAD), CLI_APPLIED);
	assert_int_equal(world_unsent(&office->desk->world), 2);
}

static void the_same_file_is_not_imported_twice(void **state)
{
	/* What stands already is named and not made again, unless somebody says that it is wanted. */
	struct office *office = *state;
	struct desk *desk = office->desk;
	assert_int_equal(import_text(office, TWO_GOOD), CLI_APPLIED);
	assert_int_equal(import_text(office, TWO_GOOD), CLI_REJECTED);
	assert_non_null(
		strstr(desk->out, "its lines, or some of them, stand already in IN-XINYI-"));
	assert_non_null(strstr(desk->err, "2 of the 2 orders stand already"));
	desk->cli.yes = true;
	assert_int_equal(import_text(office, TWO_GOOD "2026-12-03,Luma,,A1,4\n"), CLI_REJECTED);
	assert_non_null(strstr(desk->err, "2 of the 3 orders stand already"));
	assert_int_equal(world_unsent(&desk->world), 2);
	desk->cli.yes = false;
	desk->cli.check = desk->cli.json = true;
	assert_int_equal(import_text(office, TWO_GOOD), CLI_REJECTED);
	assert_non_null(strstr(desk->out, "\"made\":\"IN-XINYI-"));
	desk->cli.check = desk->cli.json = false;
	desk->cli.again = true;
	assert_int_equal(import_text(office, TWO_GOOD), CLI_APPLIED);
	assert_int_equal(world_unsent(&desk->world), 4);
}

static void check_only_says(void **state)
{
	/* --check imports nothing, and its exit says whether all rows are good. */
	struct office *office = *state;
	office->desk->cli.check = true;
	assert_int_equal(import_text(office, TWO_GOOD), CLI_APPLIED);
	assert_int_equal(import_text(office, TWO_GOOD ONE_BAD), CLI_REJECTED);
	office->desk->cli.json = true;
	assert_int_equal(import_text(office, ONE_BAD), CLI_REJECTED);
	assert_memory_equal(office->desk->out, "{\"orders\":[],\"bad\":[{\"row\":2,", 29);
	assert_int_equal(world_unsent(&office->desk->world), 0);
}

static void who_may_not_is_told_once(void **state)
{
	/* Without the right the answer is one sentence, not one for each row. */
	struct office *office = *state;
	db_run(office->desk->world.console.cache, "UPDATE staff SET role = 'clerk'", "");
	assert_int_equal(import_text(office, TWO_GOOD), CLI_REJECTED);
	assert_non_null(strstr(office->desk->err, "right for this is missing"));
	assert_string_equal(office->desk->out, "");
	assert_int_equal(world_unsent(&office->desk->world), 0);
}

static void who_names_nobody_is_asked_to(void **state)
{
	/* Without --staff it is said how to name oneself. */
	struct office *office = *state;
	office->desk->cli.staff = NULL;
	assert_int_equal(import_text(office, TWO_GOOD), CLI_REJECTED);
	assert_non_null(strstr(office->desk->err, "name yourself with --staff ID"));
}

static void what_cannot_be_read_is_said(void **state)
{
	/* A missing file, no file and both options at once are said. */
	struct office *office = *state;
	assert_int_equal(desk_run(office->desk, cli_import, "/nowhere/at/all.csv"), CLI_FAILED);
	assert_non_null(strstr(office->desk->err, "cannot be opened"));
	assert_int_equal(desk_run(office->desk, cli_import, ""), CLI_USAGE);
	office->desk->cli.check = office->desk->cli.yes = true;
	assert_int_equal(import_text(office, TWO_GOOD), CLI_USAGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_good_file_is_imported),
		TEST(very_many_documents_are_there_at_once),
		TEST(a_bad_row_stops_it_unless_told),
		TEST(the_same_file_is_not_imported_twice),
		TEST(check_only_says),
		TEST(who_may_not_is_told_once),
		TEST(who_names_nobody_is_asked_to),
		TEST(what_cannot_be_read_is_said),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
