/* Both languages work on a box that has no locale installed, whatever the session's settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "model/i18n.h"

enum { LANGUAGE, LC_ALL_NAME, LC_MESSAGES_NAME, LANG, SETTINGS };

static const char *const setting_names[SETTINGS] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};

static void start_with(const char *const settings[SETTINGS])
{
	for (int i = 0; i < SETTINGS; i++) {
		if (settings[i])
			setenv(setting_names[i], settings[i], 1);
		else
			unsetenv(setting_names[i]);
	}
	i18n_start();
}

/* The empty text stands for the head of the catalogue, which names its language. */
static int speaks_chinese(void)
{
	return strstr(gettext(""), "Language: zh_TW") != NULL;
}

static void language_follows_the_settings(void **state)
{
	/* Any way of asking for zh_TW gives it; LC_ALL=C and settings that name nothing do not. */
	static const struct {
		const char *settings[SETTINGS];
		int chinese;
	} cases[] = {
		{{"zh_TW", "C.UTF-8", NULL, NULL}, 1},
		{{"zh_TW", NULL, NULL, "C.UTF-8"}, 1},
		{{"zh_TW", NULL, NULL, "C"}, 1},
		{{"zh_TW", NULL, NULL, NULL}, 1},
		{{"zh_TW", NULL, NULL, "xx_YY.ISO-8859-1"}, 1},
		{{NULL, NULL, NULL, "zh_TW.UTF-8"}, 1},
		{{"", NULL, NULL, "zh_TW"}, 1},
		{{NULL, NULL, "zh_TW.UTF-8", "en_US.UTF-8"}, 1},
		{{NULL, "zh_TW.UTF-8", NULL, "en_US.UTF-8"}, 1},
		{{"zh_TW", "C", NULL, "zh_TW.UTF-8"}, 0},
		{{"en", NULL, NULL, "zh_TW.UTF-8"}, 0},
		{{NULL, NULL, NULL, "en_US.UTF-8"}, 0},
		{{NULL, NULL, NULL, NULL}, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		start_with(cases[i].settings);
		if (speaks_chinese() != cases[i].chinese)
			fail_msg("row %zu: expected chinese=%d", i, cases[i].chinese);
	}
}

static void text_is_utf8_and_two_columns_wide(void **state)
{
	/* Whatever the settings, text is UTF-8 and a Chinese character takes two columns. */
	static const char *const settings[][SETTINGS] = {
		{NULL, "C", NULL, NULL},
		{NULL, NULL, NULL, "zh_TW.Big5"},
		{"zh_TW", NULL, NULL, "C"},
		{NULL, NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		wchar_t wide = 0;

		start_with(settings[i]);
		assert_string_equal(nl_langinfo(CODESET), "UTF-8");
		assert_int_equal(mbtowc(&wide, "盤", strlen("盤")), (int)strlen("盤"));
		assert_int_equal(wcwidth(wide), 2);
	}
}

static void numbers_keep_their_point(void **state)
{
	/* Numbers are written and read with a point, so that JSON and CSV do not depend on settings. */
	static const char *const german[SETTINGS] = {NULL, NULL, NULL, "de_DE.UTF-8"};
	char text[8];

	(void)state;
	start_with(german);
	snprintf(text, sizeof text, "%.1f", 1.5);
	assert_string_equal(text, "1.5");
	assert_string_equal(setlocale(LC_NUMERIC, NULL), "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(language_follows_the_settings),
		cmocka_unit_test(text_is_utf8_and_two_columns_wide),
		cmocka_unit_test(numbers_keep_their_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
