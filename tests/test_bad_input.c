/* Words, files and folders that are wrong get a clear error, and nothing is done or changed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e_kit.h"

#define NOBODY 65534

/* ---- the command lines ---- */

/* Words of a command line, and what is said about them: exit code 2 with the nearest name there is. */
struct mistake {
	const char *words[6];
	const char *said;
};

static void expect_refused(const char *program, const struct mistake *mistake)
{
	const char *const *words = mistake->words;
	struct e2e_output output;

	e2e_run(&output, program, words[0], words[1], words[2], words[3], words[4], words[5], NULL);
	if (output.code != 2 || !strstr(output.err, mistake->said))
		fail_msg("%s %s: exit code %d, said: %s", program, words[0], output.code,
			output.err);
	assert_string_equal(output.out, "");
	assert_non_null(strchr(output.err, '\n'));
	assert_ptr_equal(strchr(output.err, '\n') + 1, output.err + strlen(output.err));
}

static void unknown_words_are_named_with_the_nearest(void **state)
{
	static const struct mistake mistakes[] = {
		{{"--hmoe", "x"}, "there is no option --hmoe; did you mean --home?"},
		{{"--stroe=xinyi", "show", "stock"},
			"there is no option --stroe; did you mean --store?"},
		{{"-x"}, "there is no option -x"},
		{{"shw", "stock"}, "there is no command shw; did you mean show?"},
		{{"enroll", "http://127.0.0.1:1", "code"}, "did you mean enrol?"},
		{{"--keys"}, "--keys needs a value"},
		{{"show", "stock", "--json=yes"}, "--json takes no value"},
		{{"sync", "--onec"}, "did you mean --once?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
		expect_refused("countertop", &mistakes[i]);
}

static void unknown_words_are_named_by_hq_too(void **state)
{
	static const struct mistake mistakes[] = {
		{{"srve"}, "there is no verb srve"},
		{{"serve", "--dbb", "sqlite:x"}, "there is no option --dbb"},
		{{"serve"}, "--db"},
		{{"token", "--db", "sqlite:/nowhere/hq.db"}, "--role"},
		{{"enrol-code", "--db", "sqlite:/nowhere/hq.db"}, "--store"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
		expect_refused("countertop-hq", &mistakes[i]);
}

static void a_home(struct e2e_home *home)
{
	e2e_path(home->path, "home");
}

static void unknown_operations_fields_and_kinds_are_named(void **state)
{
	static const struct mistake mistakes[] = {
		{{"do"}, "say what to do"},
		{{"do", "outbound.creat"},
			"there is no operation outbound.creat; did you mean outbound.create?"},
		{{"do", "outbound.create", "tto=ximen"},
			"outbound.create has no field tto; did you mean to?"},
		{{"do", "outbound.create", "ximen"}, "ximen is not FIELD=VALUE"},
		{{"do", "outbound.create", "to=a", "to=b"}, "to is given twice"},
		{{"do", "outbound.create", "to=ximen"}, "outbound.create needs lines="},
		{{"do", "outbound.create", "to=ximen", "lines=TE0101"},
			"lines must be a list in JSON"},
		{{"do", "stocktake.count", "stocktake=x", "sku=x", "qty=many"},
			"qty must be a number"},
		{{"do", "stocktake.create", "scope=full", "blind=maybe"},
			"blind must be true or false"},
		{{"show", "nonsense"},
			"there is nothing called nonsense to show. There are: movements"},
		{{"show", "movement"}, "did you mean movements?"},
		{{"show", "stock", "colour=red"},
			"stock cannot be filtered by colour, but by: store"},
		{{"show", "stock", "limit=few"}, "limit must be a whole number"},
		{{"show", "stock", "A1", "B2"}, "only one document can be named"},
	};
	struct e2e_home home;
	struct e2e_output output;

	(void)state;
	a_home(&home);
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		const char *const *words = mistakes[i].words;

		e2e_countertop(&output, &home, words[0], words[1], words[2], words[3], words[4],
			words[5], NULL);
		if (output.code != 2 || !strstr(output.err, mistakes[i].said))
			fail_msg("%s %s: exit code %d, said: %s", words[0], words[1], output.code,
				output.err);
		assert_string_equal(output.out, "");
	}
	assert_int_equal(e2e_outbox(&home, "SELECT count(*) FROM command"), 0);
}

static void words_of_a_terminal_are_cleaned_when_said(void **state)
{
	/* An escape sequence pasted into a command line does not come out of the error. */
	struct e2e_home home;
	struct e2e_output output;

	(void)state;
	a_home(&home);
	e2e_countertop(&output, &home, "show", "\033[2Jstock\xe2\x80\xae\xff", NULL);
	assert_int_equal(output.code, 2);
	assert_null(strchr(output.err, '\033'));
	assert_null(strstr(output.err, "\xe2\x80\xae"));
	assert_non_null(strstr(output.err, "[2Jstock\xef\xbf\xbd"));
}

/* ---- homes ---- */

/* It fails with exit code 1 and says so; the screen never starts. */
static void expect_home_refused(const char *path, const char *said)
{
	static const char *const verbs[][3] = {{"show", "stock", NULL},
		{"do", "stocktake.create", "scope=full"}, {"sync", "--once", NULL}, {NULL}};
	struct e2e_home home;
	struct e2e_output output;

	snprintf(home.path, sizeof home.path, "%s", path);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		e2e_countertop(&output, &home, verbs[i][0], verbs[i][1], verbs[i][2], NULL);
		if (output.code != 1 || !strstr(output.err, said))
			fail_msg("--home %s: exit code %d, said: %s%s", path, output.code,
				output.out, output.err);
	}
}

static void a_home_that_cannot_be_made_is_refused(void **state)
{
	char path[E2E_PATH_BYTES];

	(void)state;
	expect_home_refused("/proc/countertop", "/proc/countertop cannot be made: ");
	e2e_write("file", "not a folder");
	e2e_path(path, "file/home");
	expect_home_refused(path, "cannot be made: Not a directory");
	e2e_path(path, "file");
	expect_home_refused(path, "is not a folder");
}

static void a_home_that_cannot_be_written_is_refused(void **state)
{
	char path[E2E_PATH_BYTES], inside[E2E_PATH_BYTES];

	(void)state;
	e2e_path(path, "taken");
	assert_int_equal(mkdir(path, 0700), 0);
	e2e_path(inside, "taken/outbox.db");
	assert_int_equal(mkdir(inside, 0700), 0);
	expect_home_refused(path, "outbox.db");
	if (geteuid() == 0)
		return; /* who may write everywhere */
	e2e_path(path, "locked");
	assert_int_equal(mkdir(path, 0500), 0);
	expect_home_refused(path, "locked");
}

static void a_home_of_somebody_else_is_refused(void **state)
{
	char path[E2E_PATH_BYTES] = "/";

	(void)state;
	if (geteuid() == 0) {
		e2e_path(path, "others");
		assert_int_equal(mkdir(path, 0700), 0);
		assert_int_equal(chown(path, NOBODY, NOBODY), 0);
	}
	expect_home_refused(path, "belongs to another user");
}

static void a_home_open_to_others_is_refused(void **state)
{
	char path[E2E_PATH_BYTES];

	(void)state;
	e2e_path(path, "open");
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0777), 0);
	expect_home_refused(path, "others can write to");
}

static void a_home_that_is_not_enrolled_says_how_to_enrol(void **state)
{
	struct e2e_home home;
	struct e2e_output output;

	(void)state;
	a_home(&home);
	e2e_countertop(&output, &home, "do", "stocktake.create", "scope=full", NULL);
	assert_int_equal(output.code, 1);
	assert_non_null(strstr(output.err, "countertop enrol URL CODE"));
	e2e_countertop(&output, &home, NULL);
	assert_int_equal(output.code, 1);
	assert_non_null(strstr(output.err, "countertop enrol URL CODE"));
}

static void an_outbox_that_is_no_database_is_kept(void **state)
{
	/* The one precious file is refused with its name and left as it is. */
	static const char rubbish[] = "this was an outbox before the disk failed";
	struct e2e_home home;
	struct e2e_output output;
	char path[E2E_PATH_BYTES], kept[100] = "";
	FILE *file;

	(void)state;
	a_home(&home);
	assert_int_equal(mkdir(home.path, 0700), 0);
	e2e_write("home/outbox.db", rubbish);
	e2e_countertop(&output, &home, "do", "stocktake.create", "scope=full", NULL);
	assert_int_equal(output.code, 1);
	assert_non_null(strstr(output.err, "outbox"));
	e2e_path(path, "home/outbox.db");
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(kept, 1, sizeof kept - 1, file) > 0);
	fclose(file);
	assert_string_equal(kept, rubbish);
}

/* ---- key files ---- */

static void key_files_are_checked_before_anything_is_shown(void **state)
{
	static const struct {
		const char *text; /* NULL: there is no such file */
		const char *said;
	} files[] = {
		{NULL, "mine.keys: cannot read the key file: No such file or directory"},
		{"bind documents q opne\n", "mine.keys:1: "},
		{"# mine\n\nbind documents <f99> open\n", "mine.keys:3: "},
		{"bind nowhere q open\n", "mine.keys:1: "},
		{"bind\n", "mine.keys:1: "},
		{"bind text q text-left\n", "mine.keys:1: "},
		{"bind global ? none\nbind global <f1> none\n", "mine.keys:"},
		{"bind global <f10> none\nbind global <ctrl+q> none\n", "mine.keys:"},
	};
	struct e2e_home home;
	struct screen *screen;
	char path[E2E_PATH_BYTES];

	(void)state;
	e2e_enrol(&home, "xinyi");
	e2e_path(path, "mine.keys");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		if (files[i].text)
			e2e_write("mine.keys", files[i].text);
		screen = e2e_console(&home, &(struct e2e_look){.cols = 200, .keys = path});
		assert_int_equal(screen_wait_exit(screen), 1);
		screen_expect(screen, files[i].said);
		assert_true(screen_is_restored(screen));
		e2e_close(screen);
	}
	e2e_write("mine.keys", "bind documents q opne -- \"wrong\"\n");
	screen = e2e_console(&home, &(struct e2e_look){.cols = 200, .keys = path});
	assert_int_equal(screen_wait_exit(screen), 1);
	screen_expect(screen, "opne");
	screen_expect(screen, "open");
	e2e_close(screen);
}

static void a_store_of_others_is_refused(void **state)
{
	struct e2e_home home;
	struct e2e_output output;

	(void)state;
	e2e_enrol(&home, "xinyi");
	e2e_countertop(
		&output, &home, "--store", "tainan", "do", "stocktake.create", "scope=full", NULL);
	assert_int_equal(output.code, 2);
	assert_non_null(strstr(output.err, "only for: xinyi"));
	e2e_countertop(&output, &home, "--store", "tainan", NULL);
	assert_int_equal(output.code, 1);
	assert_non_null(strstr(output.err, "tainan"));
	assert_int_equal(e2e_unsent(&home), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_folder_test(unknown_words_are_named_with_the_nearest),
		e2e_folder_test(unknown_words_are_named_by_hq_too),
		e2e_folder_test(unknown_operations_fields_and_kinds_are_named),
		e2e_folder_test(words_of_a_terminal_are_cleaned_when_said),
		e2e_folder_test(a_home_that_cannot_be_made_is_refused),
		e2e_folder_test(a_home_that_cannot_be_written_is_refused),
		e2e_folder_test(a_home_of_somebody_else_is_refused),
		e2e_folder_test(a_home_open_to_others_is_refused),
		e2e_folder_test(a_home_that_is_not_enrolled_says_how_to_enrol),
		e2e_folder_test(an_outbox_that_is_no_database_is_kept),
		e2e_test(key_files_are_checked_before_anything_is_shown),
		e2e_test(a_store_of_others_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
