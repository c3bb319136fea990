#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "model/barcode.h"

static cJSON *vectors;

static int read_vectors(void **state)
{
	char path[4096];
	char *text = calloc(1, 100000);
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/tests/data/gs1.json", getenv("srcdir"));
	file = fopen(path, "r");
	if (!file || fread(text, 1, 99999, file) == 0)
		return 1;
	fclose(file);
	vectors = cJSON_Parse(text);
	free(text);
	return vectors ? 0 : 1;
}

static int free_vectors(void **state)
{
	(void)state;
	cJSON_Delete(vectors);
	return 0;
}

static const cJSON *member(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *text_of(const cJSON *object, const char *name)
{
	const cJSON *item = member(object, name);

	return cJSON_IsString(item) ? item->valuestring : "";
}

/* Calls `check` for each vector of a kind. There must be some. */
static void for_each(const char *kind, void (*check)(const cJSON *vector))
{
	const cJSON *vector;
	int count = 0;

	cJSON_ArrayForEach(vector, member(vectors, "vectors"))
	{
		if (strcmp(text_of(vector, "kind"), kind) != 0)
			continue;
		check(vector);
		count++;
	}
	assert_true(count > 0);
}

static void check_gtin(const cJSON *vector)
{
	const char *input = text_of(vector, "input");
	const cJSON *expect = member(vector, "expect");
	bool is_valid = cJSON_IsTrue(member(expect, "valid"));
	char key[BARCODE_KEY_BYTES];
	const char *digit = text_of(expect, "check_digit");

	if (barcode_gtin_is_valid(input) != is_valid)
		print_error("%s\n", input);
	assert_int_equal(barcode_gtin_is_valid(input), is_valid);
	if (*digit && *input)
		assert_int_equal(barcode_check_digit(input, strlen(input) - 1), *digit);
	if (!is_valid)
		return;
	assert_int_equal(barcode_key(input, key), BARCODE_GTIN);
	assert_string_equal(key, text_of(expect, "gtin14"));
}

static void test_gtin(void **state)
{
	/* GTINs of every length are one key of 14 digits, and a wrong check digit is no GTIN. */
	(void)state;
	for_each("gtin_validate", check_gtin);
}

static void check_digit(const cJSON *vector)
{
	const char *input = text_of(vector, "input");

	assert_int_equal(barcode_check_digit(input, strlen(input)), *text_of(vector, "expect"));
}

static void test_check_digit(void **state)
{
	/* Check digits are those of GS1. */
	(void)state;
	for_each("check_digit", check_digit);
	assert_int_equal(barcode_check_digit("", 0), 0);
	assert_int_equal(barcode_check_digit("12a", 3), 0);
}

static void check_upce(const cJSON *vector)
{
	char out[13] = "";

	assert_true(barcode_upce_expand(text_of(vector, "input"), out));
	assert_string_equal(out, text_of(vector, "expect"));
}

static void check_upce_validate(const cJSON *vector)
{
	const cJSON *expect = member(vector, "expect");
	char out[13] = "";

	assert_int_equal(barcode_upce_expand(text_of(vector, "input"), out),
		cJSON_IsTrue(member(expect, "valid")));
	if (cJSON_IsTrue(member(expect, "valid")))
		assert_string_equal(out, text_of(expect, "upca"));
}

static void test_upce(void **state)
{
	/* A UPC-E stands for its UPC-A. */
	(void)state;
	for_each("upce_expand", check_upce);
	for_each("gtin_validate_upce", check_upce_validate);
}

static void check_date(const cJSON *vector)
{
	const cJSON *input = member(vector, "input");
	const cJSON *expect = member(vector, "expect");
	char out[11];
	bool is_good = barcode_gs1_date(
		text_of(input, "yymmdd"), member(input, "reference_year")->valueint, out);

	assert_int_equal(is_good, cJSON_IsString(expect));
	if (is_good)
		assert_string_equal(out, expect->valuestring);
}

static void test_dates(void **state)
{
	/* GS1 dates have the nearest century, day 00 is the last of the month, and days must exist. */
	(void)state;
	for_each("gs1_date", check_date);
}

/* The vectors judge more than one element by itself: pairs, countries, hours. Those are left out. */
static bool is_beyond(const char *error)
{
	static const char *const beyond[] = {"invalid to pair", "Required AIs", "ISO 3166",
		"illegal hour", "Multiple instances", "symbology identifier", "Primary", "too long",
		"legal ^"};

	for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++)
		if (strstr(error, beyond[i]))
			return true;
	return false;
}

static void expect_elements(const cJSON *expect, const char *data)
{
	struct barcode_element elements[16];
	int count = barcode_gs1_split(data, elements, 16);
	const cJSON *ai;
	int i = 0;

	if (!cJSON_IsTrue(member(expect, "ok"))) {
		if (count >= 0 && !is_beyond(text_of(expect, "error")))
			print_error("%s: %s\n", data, text_of(expect, "error"));
		assert_true(count < 0 || is_beyond(text_of(expect, "error")));
		return;
	}
	if (count != cJSON_GetArraySize(member(expect, "ais")))
		print_error("%s: %d\n", data, count);
	assert_int_equal(count, cJSON_GetArraySize(member(expect, "ais")));
	cJSON_ArrayForEach(ai, member(expect, "ais"))
	{
		assert_string_equal(elements[i].ai, cJSON_GetArrayItem(ai, 0)->valuestring);
		assert_string_equal(elements[i].value, cJSON_GetArrayItem(ai, 1)->valuestring);
		i++;
	}
}

static void check_scan(const cJSON *vector)
{
	static const char *const carriers[] = {"]C1", "]e0", "]d2", "]Q3", "]J1"};
	const char *input = text_of(vector, "input");

	for (size_t i = 0; i < 5; i++)
		if (strncmp(input, carriers[i], 3) == 0)
			expect_elements(member(vector, "expect"), input + 3);
}

static void check_bracketed(const cJSON *vector)
{
	expect_elements(member(vector, "expect"), text_of(vector, "input"));
}

static void test_elements(void **state)
{
	/* GS1 element strings are split as GS1's own software splits them, scanned or typed. */
	(void)state;
	for_each("gs1_scan", check_scan);
	for_each("gs1_bracketed", check_bracketed);
}

static void test_read(void **state)
{
	/* Whatever is scanned is put in the right class, under the key its product is stored by. */
	static const struct {
		const char *scanned;
		enum barcode_kind kind;
		const char *key;
	} cases[] = {
		{"4710088410016", BARCODE_GTIN, "04710088410016"},
		{"  4710088410016\r\n", BARCODE_GTIN, "04710088410016"},
		{"]E04710088410016", BARCODE_GTIN, "04710088410016"},
		{"04710088410016", BARCODE_GTIN, "04710088410016"},
		{"012000007897", BARCODE_GTIN, "00012000007897"},
		{"0012000007897", BARCODE_GTIN, "00012000007897"},
		{"12000007897", BARCODE_GTIN, "00012000007897"},
		{"01278907", BARCODE_GTIN, "00012000007897"},
		{"4710088410017", BARCODE_OTHER, "4710088410017"},
		{"]C1019501234567890310LOT42\x1d"
		 "17251231",
			BARCODE_GS1, "95012345678903"},
		{"019501234567890317251231", BARCODE_GS1, "95012345678903"},
		{"(01)09506000134352(10)ABC123", BARCODE_GS1, "09506000134352"},
		{"https://id.gs1.org/01/09506000134352/10/ABC", BARCODE_GS1, "09506000134352"},
		{"https://id.gs1.org/01/09506000134351", BARCODE_OTHER,
			"https://id.gs1.org/01/09506000134351"},
		{"10ABC123", BARCODE_OTHER, "10ABC123"},
		{"OUT-XINYI-20261121-1531-7F3KQ", BARCODE_DOCUMENT,
			"OUT-XINYI-20261121-1531-7F3KQ"},
		{"out-xinyi-1", BARCODE_OTHER, "out-xinyi-1"},
		{"\\000026TICKET-1", BARCODE_OTHER, "TICKET-1"},
		{"]Q1\\000026TICKET-1", BARCODE_OTHER, "TICKET-1"},
		{"KETTLE-01", BARCODE_OTHER, "KETTLE-01"},
		{"", BARCODE_NONE, ""},
		{" \r\n", BARCODE_NONE, ""},
		{"]E0", BARCODE_NONE, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char key[BARCODE_KEY_BYTES];

		if (barcode_key(cases[i].scanned, key) != cases[i].kind)
			print_error("%s\n", cases[i].scanned);
		assert_int_equal(barcode_key(cases[i].scanned, key), cases[i].kind);
		assert_string_equal(key, cases[i].key);
	}
}

static void test_values(void **state)
{
	/* Batch, serial, dates, counts, weight and price come out of the element string. */
	struct barcode code;

	(void)state;
	barcode_read("]C1019501234567890310LOT42\x1d"
		     "1725020021S1\x1d"
		     "3712\x1d"
		     "3103001750392302499",
		&code);
	assert_int_equal(code.kind, BARCODE_GS1);
	assert_string_equal(code.gtin, "95012345678903");
	assert_string_equal(code.batch, "LOT42");
	assert_string_equal(code.serial, "S1");
	assert_string_equal(code.expires_on, "2025-02-28");
	assert_string_equal(code.best_before, "");
	assert_int_equal(code.count, 12);
	assert_int_equal(code.weight_milli, 1750);
	assert_int_equal(code.price_micro, 2499000);
	barcode_read("4710088410016", &code);
	assert_int_equal(code.weight_milli, -1);
	assert_int_equal(code.count, -1);
}

static void test_restricted(void **state)
{
	/* Codes that carry the store's own price or weight are marked. */
	static const struct {
		const char *digits;
		bool is_restricted;
	} cases[] = {
		{"2746724008288", true},
		{"0212345678901", true},
		{"2001235928754", true},
		{"4710088410016", false},
		{"012000007897", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct barcode code;
		char digits[14];

		snprintf(digits, sizeof(digits), "%s", cases[i].digits);
		digits[strlen(digits) - 1] = barcode_check_digit(digits, strlen(digits) - 1);
		barcode_read(digits, &code);
		assert_int_equal(code.is_restricted, cases[i].is_restricted);
	}
}

static void test_any_bytes(void **state)
{
	/* No code, however long or broken, does harm. */
	static const char alphabet[] = "0123456789()]CQE1\x1d\\-:/ABhtps.\xe7\x83\xff ";
	uint32_t seed = 5;

	(void)state;
	for (int round = 0; round < 30000; round++) {
		char text[2100];
		size_t length = round % 100 == 0 ? 2000 : (size_t)round % 40;
		struct barcode code;

		for (size_t i = 0; i < length; i++) {
			seed = seed * 1664525u + 1013904223u;
			text[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		text[length] = '\0';
		barcode_read(text, &code);
		assert_true(strlen(code.text) < sizeof(code.text));
		assert_true(code.gtin[0] == '\0' || strlen(code.gtin) == 14);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gtin),
		cmocka_unit_test(test_check_digit),
		cmocka_unit_test(test_upce),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_restricted),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests(tests, read_vectors, free_vectors);
}
