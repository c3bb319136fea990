/* The strict way from bytes to JSON, quantities, times and ids. */
#include "model/json.h"
#include "model/text.h"
#include "model/uuid.h"
#include "model/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool parses(const char *text, size_t length)
{
	char error[120];
	cJSON *json = json_parse(text, length, error, sizeof error);
	cJSON_Delete(json);
	return json != NULL;
}

static void good_json_is_read(void **state)
{
	/* Everything RFC 8259 allows is read. */
	static const char *const good[] = {"{}",
		" [1, -0.5e+3, \"\\u4fe1\\ud83d\\ude00\", true, null] ", "\"信義\"", "0",
		"{\"a\":{\"b\":[]}}"};
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(parses(good[i], strlen(good[i])));
}

static void what_cjson_would_let_through_is_refused(void **state)
{
	/* Leading zeros, text behind the value, duplicate names, bad UTF-8, NUL, depth: all refused. */
	static const char *const bad[] = {"", "01", "1 2", "{\"a\":1,\"a\":2}",
		"{\"a\":1,\"\\u0061\":2}", "\"\xff\"", "\"\\u0000\"", "\"\\ud800\"", "[1,]",
		"{\"a\"}", "'a'", "nul", "\"a", "\"\x01\"", "[[[[[[[[[[[[[[1]]]]]]]]]]]]]]", "1.",
		"-", "+1", "\"\xc0\xaf\"", "\"\xed\xa0\x80\""};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (parses(bad[i], strlen(bad[i])))
			fail_msg("read: %s", bad[i]);
	assert_false(parses("\"a\0b\"", 5));
}

static void errors_say_where(void **state)
{
	/* The message names the byte. */
	char error[120];
	(void)state;
	assert_null(json_parse("{\"a\":01}", 8, error, sizeof error));
	assert_non_null(strstr(error, "byte"));
}

static bool qty(const char *text, int64_t *milli)
{
	char error[120];
	cJSON *json = json_parse(text, strlen(text), error, sizeof error);
	bool good = json_qty(json, milli);
	cJSON_Delete(json);
	return good;
}

static void the_place_of_a_member_is_noted(void **state)
{
	/* Of the outermost object only, by its very bytes, wherever it stands among the others. */
	static const struct {
		const char *line, *row; /* NULL: none */
	} cases[] = {
		{"{\"row\": {\"a\":[1,\"}\"]} ,\"key\":1}", "{\"a\":[1,\"}\"]}"},
		{"{\"x\":{\"row\":1},\"row\":null}", "null"},
		{"{\"x\":{\"row\":1},\"rows\":2,\"ro\":3}", NULL},
		{"[{\"row\":1}]", NULL},
		{"{\"r\\u006fw\":1}", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json_place place = {.name = "row", .bytes = "old", .length = 3};
		cJSON *json = json_parse_place(cases[i].line, strlen(cases[i].line), &place);
		assert_non_null(json);
		cJSON_Delete(json);
		if (!cases[i].row) {
			assert_null(place.bytes);
			continue;
		}
		assert_int_equal(place.length, strlen(cases[i].row));
		assert_memory_equal(place.bytes, cases[i].row, place.length);
	}
}

static void quantities_have_three_decimals(void **state)
{
	/* Thousandths are exact; a fourth decimal, text and giants are refused; the way back is the same. */
	static const struct {
		const char *text;
		int64_t milli;
	} good[] = {{"1", 1000}, {"0.5", 500}, {"-1.25", -1250}, {"0.001", 1},
		{"999999999.999", INT64_C(999999999999)}, {"0", 0}};
	static const char *const bad[] = {"0.0001", "1.2345", "1e9", "\"1\"", "true", "1e300"};
	int64_t milli;
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct text text = TEXT_INIT(100);
		assert_true(qty(good[i].text, &milli));
		assert_int_equal(milli, good[i].milli);
		text_add_qty(&text, milli);
		assert_string_equal(text_get(&text), good[i].text);
		text_free(&text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(qty(bad[i], &milli));
}

static void times_are_read_and_written(void **state)
{
	/* RFC 3339 in, milliseconds inside, RFC 3339 out; impossible dates are refused. */
	char out[WHEN_SIZE];
	int64_t ms;
	(void)state;
	assert_true(when_parse("2026-11-21T15:25:41.123+08:00", &ms));
	when_format(ms, out);
	assert_string_equal(out, "2026-11-21T07:25:41.123Z");
	assert_true(when_parse("2024-02-29T00:00:00Z", &ms));
	assert_false(when_parse("2026-02-29T00:00:00Z", &ms));
	assert_false(when_parse("2026-11-21", &ms));
	assert_false(when_parse("2026-11-21T25:00:00Z", &ms));
	when_local_date(INT64_C(1772380799999), 480, out);
	assert_string_equal(out, "2026-03-01");
	when_local_date(INT64_C(1772380800000), 480, out);
	assert_string_equal(out, "2026-03-02");
	assert_true(when_day_start("1969-12-31", 0, &ms));
	assert_int_equal(ms, -86400000);
}

static void ids_go_up_when_the_clock_goes_back(void **state)
{
	/* UUIDv7s of one source are in order even if the clock steps back or stands still. */
	struct uuid_source source = {0, 0};
	uint8_t random[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	char last[UUID_SIZE] = "", next[UUID_SIZE];
	(void)state;
	for (int i = 0; i < 10000; i++) {
		uuid_make(&source, INT64_C(1772416800000) - (i % 3) * 5000, random, next);
		assert_true(uuid_valid(next));
		assert_true(strcmp(last, next) < 0);
		strcpy(last, next);
	}
	assert_false(uuid_valid("019A0000-0000-7000-8000-000000000001"));
	assert_false(uuid_valid("019a0000-0000-4000-8000-000000000001"));
}

static void text_never_passes_its_maximum(void **state)
{
	/* A text that would pass its maximum is broken, says so, and yields nothing to take. */
	struct text text = TEXT_INIT(10);
	(void)state;
	text_add(&text, "12345");
	assert_true(text_ok(&text));
	text_add(&text, "678901");
	assert_false(text_ok(&text));
	assert_null(text_take(&text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_json_is_read),
		cmocka_unit_test(what_cjson_would_let_through_is_refused),
		cmocka_unit_test(errors_say_where),
		cmocka_unit_test(the_place_of_a_member_is_noted),
		cmocka_unit_test(quantities_have_three_decimals),
		cmocka_unit_test(times_are_read_and_written),
		cmocka_unit_test(ids_go_up_when_the_clock_goes_back),
		cmocka_unit_test(text_never_passes_its_maximum),
	};
	return cmocka_run_group_tests_name("json, times, ids", tests, NULL, NULL);
}
