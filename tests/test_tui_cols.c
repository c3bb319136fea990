#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/cols.h"

static void test_clean(void **state)
{
	/* What could harm a screen does not come out, and everything else does. */
	static const struct {
		const char *in;
		const char *out;
		int cols;
	} cases[] = {
		{"plain", "plain", 5},
		{"烏龍茶", "烏龍茶", 6},
		{"a\033[31mb", "a[31mb", 6},
		{"a\tb\nc\rd\be", "a b cde", 7},
		{"\u202eevil\u202c", "evil", 4},
		{"a\u200bb\u200dc\ufeffd", "abcd", 4},
		{"\u3164x\u115f\uffa0", "x", 1},
		{"\U000e0041tag\U000e007f", "tag", 3},
		{"\u2066iso\u2069", "iso", 3},
		{"\xff\xfe", "\ufffd\ufffd", 2},
		{"cut \xe7\x83", "cut \ufffd\ufffd", 6},
		{"\xc0\x80", "\ufffd\ufffd", 2},
		{"\xed\xa0\x80", "\ufffd\ufffd\ufffd", 3},
		{"e\u0301", "e\u0301", 1},
		{"e\u0301\u0302\u0303\u0304\u0305", "e\u0301\u0302", 1},
		{"\u0301", "", 0},
		{"\xc2\x9b"
		 "31m",
			"31m", 3},
		{"e\u2028f", "e f", 3},
		{"\U0001f600", "\U0001f600", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[128];

		assert_int_equal(cols_clean(out, sizeof(out), cases[i].in), cases[i].cols);
		assert_string_equal(out, cases[i].out);
		assert_int_equal(cols_width(cases[i].in), cases[i].cols);
	}
}

static void test_fit(void **state)
{
	/* A text is cut to its columns, never through a character, and an ellipsis says so. */
	static const struct {
		const char *in;
		int width_cols;
		const char *out;
	} cases[] = {
		{"kettle", 6, "kettle"},
		{"kettle", 5, "kett…"},
		{"烏龍茶", 6, "烏龍茶"},
		{"烏龍茶", 5, "烏龍…"},
		{"烏龍茶", 4, "烏…"},
		{"烏龍茶", 1, "…"},
		{"烏龍茶", 0, ""},
		{"烏龍茶", -3, ""},
		{"ab\u200b", 2, "ab"},
		{"", 4, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[128];
		int cols = cols_fit(out, sizeof(out), cases[i].width_cols, cases[i].in);

		assert_string_equal(out, cases[i].out);
		assert_true(cols <= (cases[i].width_cols > 0 ? cases[i].width_cols : 0));
	}
}

static void test_fit_small_buffer(void **state)
{
	/* A buffer that is too small is never overrun and stays valid UTF-8. */
	char out[16];

	(void)state;
	for (size_t size = 1; size <= sizeof(out); size++) {
		uint32_t code_point;

		memset(out, 'x', sizeof(out));
		cols_fit(out, size, 40, "烏龍茶烏龍茶烏龍茶");
		assert_true(strlen(out) < size);
		for (const char *at = out; *at; at += cols_decode(at, &code_point)) {
			cols_decode(at, &code_point);
			assert_int_not_equal(code_point, 0xfffd);
		}
	}
}

static void test_pad(void **state)
{
	/* Padding makes exactly the columns asked for, double-width or not. */
	char out[64];

	(void)state;
	cols_pad(out, sizeof(out), 7, "烏龍茶");
	assert_string_equal(out, "烏龍茶 ");
	cols_pad(out, sizeof(out), 5, "烏龍茶");
	assert_string_equal(out, "烏龍…");
	cols_pad(out, sizeof(out), 4, "烏龍茶");
	assert_string_equal(out, "烏… ");
}

static void expect_lines(const char *text, int width_cols, const char *expected)
{
	char lines[512] = "";
	size_t line_bytes;
	size_t step;

	while ((step = cols_wrap(text, width_cols, &line_bytes)) > 0) {
		strncat(lines, text, line_bytes);
		strncat(lines, "|", sizeof(lines) - strlen(lines) - 1);
		text += step;
	}
	assert_string_equal(lines, expected);
}

static void test_wrap(void **state)
{
	/* A paragraph breaks at blanks, behind Chinese characters, and inside a word only if it must. */
	(void)state;
	expect_lines("one two three", 7, "one two|three|");
	expect_lines("one two three", 8, "one two|three|");
	expect_lines("abcdefghij", 4, "abcd|efgh|ij|");
	expect_lines("請確認貨物送達。", 6, "請確認|貨物送|達。|");
	expect_lines("請確認貨物送。", 12, "請確認貨物|送。|");
	expect_lines("a\n\nb", 10, "a||b|");
	expect_lines("烏", 1, "烏|");
	expect_lines("", 10, "");
	assert_int_equal(cols_wrap_count("one two three", 7), 2);
}

static void test_any_bytes(void **state)
{
	/* Whatever bytes come in, what comes out has the width it says and no control character. */
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char in[24];
		char out[128];
		size_t length = (size_t)(seed >> 8) % (sizeof(in) - 1);
		int width_cols = (int)(seed >> 16) % 12;
		int cols;

		for (size_t i = 0; i < length; i++) {
			seed = seed * 1664525u + 1013904223u;
			in[i] = (char)(seed >> 24 | (seed >> 24 == 0));
		}
		in[length] = '\0';
		cols = cols_fit(out, sizeof(out), width_cols, in);
		assert_true(cols <= width_cols);
		assert_int_equal(cols_width(out), cols);
		for (const char *at = out; *at; at++)
			assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
		seed = seed * 1664525u + 1013904223u;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_fit_small_buffer),
		cmocka_unit_test(test_pad),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_any_bytes),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
