/* Commands: what is read, what is refused, and with which words. */
#include "model_fixture.h"

#include "model/text.h"

#include <stdlib.h>
#include <string.h>

#define HEAD \
	"{\"id\":\"019a0000-0000-7000-8000-000000000001\",\"v\":1,\"at\":\"2026-01-31T08:00:00.000Z\","
#define RECEIVE \
	HEAD "\"op\":\"inbound.receive\",\"store\":\"xinyi\",\"actor\":\"chen\",\"data\":{\"movement\":\"m\",\"lines\":"

#define VOID HEAD "\"op\":\"stocktake.void\",\"data\":{\"stocktake\":\"s\",\"reason\":"

static void lines_are_read_or_refused_with_the_place(void **state)
{
	/* Every kind of bad line has its code, and the message names the field. */
	static const struct {
		const char *line;
		enum refusal refusal;
		const char *message;
	} cases[] = {
		{RECEIVE "[{\"sku\":\"A1\",\"qty\":1.5,\"damaged\":0}]}}", REFUSAL_NONE, ""},
		{RECEIVE "[{\"sku\":\"A1\",\"qty\":1.2345}]}}", REFUSED_bad_data, "lines[0].qty"},
		{RECEIVE "[{\"sku\":\"A1\",\"qty\":0}]}}", REFUSED_bad_data, "lines[0].qty"},
		{RECEIVE "[{\"sku\":\"A1\",\"qty\":1},{\"qty\":1}]}}", REFUSED_bad_data,
			"lines[1].sku is missing"},
		{RECEIVE "[]}}", REFUSED_bad_data, "lines must be"},
		{RECEIVE "[7]}}", REFUSED_bad_data, "must be an object"},
		{RECEIVE "[{\"sku\":\"A1\",\"qty\":1,\"price\":3}]}}", REFUSED_bad_data,
			"price is not a field"},
		{HEAD "\"op\":\"inbound.receive\",\"data\":{}}", REFUSED_bad_data,
			"movement is missing"},
		{HEAD "\"op\":\"inbound.eat\",\"data\":{}}", REFUSED_unknown_op, "inbound.eat"},
		{HEAD "\"op\":\"stocktake.create\",\"data\":{\"scope\":\"half\"}}",
			REFUSED_bad_data, "one of full|partial"},
		{HEAD "\"op\":\"stocktake.create\",\"store\":7,\"data\":{\"scope\":\"full\"}}",
			REFUSED_bad_data, "store"},
		{VOID "\" 　\"}}", REFUSED_bad_data, "not only blanks"},
		{VOID "\"　 twice\"}}", REFUSAL_NONE, ""},
		{"{\"id\":\"x\",\"op\":\"a\",\"v\":1}", REFUSED_bad_line, "UUID"},
		{"{\"id\":", REFUSED_bad_line, "byte"},
		{"hello", REFUSED_bad_line, "byte"},
		{"{\"id\":\"019a0000-0000-7000-8000-000000000001\",\"v\":2,\"op\":\"stocktake.start\"}",
			REFUSED_bad_line, "v must be 1"},
		{"{\"id\":\"019a0000-0000-7000-8000-000000000001\",\"v\":1,\"op\":\"stocktake.start\",\"at\":\"today\",\"data\":"
		 "{\"stocktake\":\"s\"}}",
			REFUSED_bad_data, "at must be a time"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct command command;
		char message[200];
		enum refusal refusal = command_parse(
			cases[i].line, strlen(cases[i].line), &command, message, sizeof message);
		if (refusal != cases[i].refusal || !strstr(message, cases[i].message))
			fail_msg("%s: %s, %s", cases[i].line, refusal_code(refusal), message);
		command_free(&command);
	}
}

static void a_list_that_is_too_long_is_told_its_limit(void **state)
{
	/* Of 1,001 SKUs one is too many, and the message says how many are not. */
	static const int counts[] = {1000, 1001};
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct text line = TEXT_INIT(TEXT_LARGE);
		struct command command;
		char message[200];
		text_add(&line,
			HEAD
			"\"op\":\"stocktake.recount\",\"data\":{\"stocktake\":\"s\",\"skus\":[");
		for (int n = 0; n < counts[i]; n++)
			text_addf(&line, "%s\"A%d\"", n ? "," : "", n);
		text_add(&line, "]}}");
		enum refusal refusal = command_parse(
			text_get(&line), line.length, &command, message, sizeof message);
		assert_int_equal(refusal, i ? REFUSED_bad_data : REFUSAL_NONE);
		assert_string_equal(message,
			i ? "skus must be a list of at most 1,000 texts of 1 to 200 bytes" : "");
		command_free(&command);
		text_free(&line);
	}
}

static void every_operation_is_whole(void **state)
{
	/* Each row of command.def has a handler, a right, and items only behind a list of lines. */
	int count;
	const struct op *ops = op_all(&count);
	(void)state;
	assert_true(count > 25);
	for (int i = 0; i < count; i++) {
		bool in_lines = false;
		assert_non_null(ops[i].handle);
		assert_true(ops[i].right > ROLE_NONE);
		assert_ptr_equal(op_find(ops[i].name), &ops[i]);
		for (int f = 0; f < ops[i].field_count; f++) {
			const struct field *field = &ops[i].fields[f];
			assert_true(!field->item || in_lines);
			in_lines = field->type == FIELD_LINES || (in_lines && field->item);
		}
	}
}

static void every_refusal_has_words(void **state)
{
	/* Each code says what happened and the way out; an unknown code is shown as it is. */
	(void)state;
	for (int i = 1; i < REFUSAL_COUNT; i++) {
		const char *code = refusal_code((enum refusal)i);
		assert_true(strlen(code) > 0 && strlen(refusal_way_out(code)) > 0);
		assert_string_not_equal(refusal_what(code), code);
	}
	assert_string_equal(refusal_what("from_a_newer_hq"), "from_a_newer_hq");
}

static void a_terminal_clock_far_off_changes_only_the_exception(void **state)
{
	/* A fact whose time cannot be is recorded at HQ's time, and a clock exception says so. */
	struct fixture f;
	(void)state;
	fixture_open(&f);
	const char *sheet = fixture_do(&f, "stocktake.create", "xinyi", "chen", "{'scope':'full'}");
	fixture_do(&f, "stocktake.start", "xinyi", "chen", "{'stocktake':'%s'}", sheet);
	f.at_ms = f.now_ms + INT64_C(10) * 365 * 86400000;
	fixture_do(&f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'A1','qty':1,'mode':'add'}", sheet);
	assert_int_equal(fixture_int(&f, "SELECT count(*) FROM exception WHERE kind = 'clock'"), 1);
	assert_true(fixture_int(&f, "SELECT max(at) FROM count_entry") <= f.now_ms);
	fixture_close(&f);
}

static void numbers_carry_kind_store_local_time_and_suffix(void **state)
{
	/* A document's number is made of kind, store, local date and time, and a suffix. */
	struct fixture f;
	(void)state;
	fixture_open(&f);
	const char *sheet = fixture_do(&f, "stocktake.create", "xinyi", "chen", "{'scope':'full'}");
	char *number = db_get_text(f.db, "SELECT number FROM stocktake WHERE id = $1", "t", sheet);
	assert_int_equal(strncmp(number, "STK-XINYI-20260302-100", 22), 0);
	assert_int_equal(strlen(number), strlen("STK-XINYI-20260302-1000-ABCDE"));
	free(number);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_or_refused_with_the_place),
		cmocka_unit_test(every_operation_is_whole),
		cmocka_unit_test(a_list_that_is_too_long_is_told_its_limit),
		cmocka_unit_test(every_refusal_has_words),
		cmocka_unit_test(a_terminal_clock_far_off_changes_only_the_exception),
		cmocka_unit_test(numbers_carry_kind_store_local_time_and_suffix),
	};
	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
