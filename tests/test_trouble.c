/* Every way in which the line fails has its sentence, in both languages, and none is cut short. */
#include "model/i18n.h"
#include "net/syncer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int statuses[] = {
	200, 302, 400, 401, 403, 404, 409, 410, 413, 418, 429, 500, 502, 503, 504};

#define STATUS_COUNT (sizeof statuses / sizeof *statuses)
#define SENTENCES (FAULT_COUNT - 1 + STATUS_COUNT)

static void speak(const char *language)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("LANGUAGE", language, 1);
	i18n_start();
}

/* What a screen makes of the syncer's words. */
static void say(char *sentence, const struct response *response)
{
	char words[TROUBLE_SIZE];

	trouble_of(response, words);
	snprintf(sentence, TROUBLE_SIZE, "%s", _(words));
}

static void say_all(char sentences[SENTENCES][TROUBLE_SIZE])
{
	size_t count = 0;

	for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++)
		say(sentences[count++], &(struct response){.fault = (enum transport_fault)fault});
	for (size_t i = 0; i < STATUS_COUNT; i++)
		say(sentences[count++], &(struct response){.status = statuses[i]});
}

static bool ends_well(const char *sentence)
{
	static const char *const ends[] = {".", "com", "。", "？"};
	size_t length = strlen(sentence);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (length > strlen(ends[i]) &&
			strcmp(sentence + length - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

static void every_failure_has_its_sentence_in_both_languages(void **state)
{
	/* Neither empty, nor cut, nor English on a Chinese screen. */
	static char english[SENTENCES][TROUBLE_SIZE], chinese[SENTENCES][TROUBLE_SIZE];

	(void)state;
	speak("en");
	say_all(english);
	speak("zh_TW");
	say_all(chinese);
	for (size_t i = 0; i < SENTENCES; i++) {
		assert_true(ends_well(english[i]));
		assert_true(ends_well(chinese[i]));
		assert_string_not_equal(english[i], chinese[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_failure_has_its_sentence_in_both_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
