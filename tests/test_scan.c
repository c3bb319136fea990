#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "tui/cols.h"
#include "tui/key.h"
#include "tui/scan.h"

/* What came out, as text: keys as they are written in key files, scans in brackets. */
static char seen[8192];

static void take(struct scan *scan)
{
	struct scan_event event;

	while (scan_next(scan, &event)) {
		size_t used = strlen(seen);
		char name[KEY_NAME_BYTES];

		if (event.kind == SCAN_EVENT_CODE) {
			snprintf(seen + used, sizeof(seen) - used, "[%s]", event.code);
			continue;
		}
		if (event.kind == SCAN_EVENT_TOO_LONG) {
			snprintf(seen + used, sizeof(seen) - used, "{too long}");
			continue;
		}
		key_spell(event.key, name);
		snprintf(seen + used, sizeof(seen) - used, "%s", name);
	}
}

static void feed(struct scan *scan, int32_t key, int64_t at_us)
{
	scan_feed(scan, key, at_us);
	take(scan);
}

/* Types a text, a key every gap_us; '\r' is Enter. Returns when the last key came. */
static int64_t type(struct scan *scan, const char *text, int64_t at_us, int64_t gap_us)
{
	while (*text) {
		uint32_t code_point;

		text += cols_decode(text, &code_point);
		feed(scan, (int32_t)code_point, at_us);
		at_us += gap_us;
	}
	return at_us - gap_us;
}

static struct scan start(bool is_remote)
{
	struct scan scan;

	seen[0] = '\0';
	scan_init(&scan, is_remote);
	return scan;
}

/* Lets more time pass than any rule waits for. */
static void wait_long(struct scan *scan, int64_t at_us)
{
	scan_tick(scan, at_us + 1000000);
	take(scan);
}

static void test_cases(void **state)
{
	/* A fast run is one scan, whatever ends it; everything else comes out as the keys that were pressed. */
	static const struct {
		const char *text;
		int64_t gap_us;
		bool is_remote;
		const char *out;
	} cases[] = {
		{"5012345678900\r", 1000, false, "[5012345678900]"},
		{"5012345678900\r", 16000, false, "[5012345678900]"},
		{"5012345678900\t", 1000, false, "[5012345678900]"},
		{"5012345678900", 1000, false, "[5012345678900]"},
		{"5012345678900\r", 30000, true, "[5012345678900]"},
		{"5012345678900\r", 50000, true, "5012345678900<enter>"},
		{"5012345678900\r", 90000, true, "5012345678900<enter>"},
		{"5012345678900\r", 31000, false, "5012345678900<enter>"},
		{"12345\r", 1000, false, "12345<enter>"},
		{"123456\r", 1000, false, "[123456]"},
		{"]E05012345678900\r", 1000, false, "[]E05012345678900]"},
		{"\\000026TICKET-1\r", 1000, false, "[TICKET-1]"},
		{"]Q1\\000026TICKET-1\r", 1000, false, "[]Q1TICKET-1]"},
		{"]C10112345678901231\x1d"
		 "10AB\r",
			1000, false,
			"[]C10112345678901231\x1d"
			"10AB]"},
		{"jjjjjjjjjj", 33000, true, "jjjjjjjjjj"},
		{"jjjjjjjjjj", 0, true, "jjjjjjjjjj"},
		{"000000000000\r", 1000, false, "000000000000<enter>"},
		{"電子票券核銷紀錄", 0, true, "電子票券核銷紀錄"},
		{"票券ABC123\r", 1000, false, "[票券ABC123]"},
		{"abc\033defgh\r", 1000, false, "abc<esc>defgh<enter>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scan scan = start(cases[i].is_remote);

		wait_long(&scan, type(&scan, cases[i].text, 1000000, cases[i].gap_us));
		assert_string_equal(seen, cases[i].out);
	}
}

static void test_one_key_is_not_kept(void **state)
{
	/* A letter alone is let go after the hold time, and a held key acts while it is down. */
	struct scan scan = start(false);

	(void)state;
	feed(&scan, 'a', 1000000);
	assert_string_equal(seen, "");
	assert_int_equal(scan_deadline_us(&scan), 1030000);
	scan_tick(&scan, 1030001);
	take(&scan);
	assert_string_equal(seen, "a");
	assert_int_equal(scan_deadline_us(&scan), -1);
	feed(&scan, KEY_CODE_DOWN, 1100000);
	assert_string_equal(seen, "a<down>");
	scan = start(true);
	type(&scan, "jjj", 1000000, 33000);
	assert_string_equal(seen, "jjj");
}

static void test_enter_after_silence(void **state)
{
	/* An Enter that lags behind its code is still the scanner's: it never presses a button. */
	struct scan scan = start(false);
	int64_t at_us = type(&scan, "5012345678900", 1000000, 1000);

	(void)state;
	feed(&scan, KEY_CODE_ENTER, at_us + 45000);
	assert_string_equal(seen, "[5012345678900]");
	feed(&scan, KEY_CODE_ENTER, at_us + 60000);
	assert_string_equal(seen, "[5012345678900]<enter>");
	at_us = type(&scan, "5099999999999", 5000000, 1000);
	wait_long(&scan, at_us);
	feed(&scan, KEY_CODE_ENTER, at_us + 2000000);
	assert_string_equal(seen, "[5012345678900]<enter>[5099999999999]<enter>");
}

static void test_code_in_two_parts(void **state)
{
	/* A scanner that ends its codes by Enter is waited for when a busy machine hands over one in two parts. */
	struct scan scan = start(false);
	int64_t at_us = type(&scan, "5012345678900\r", 1000000, 1000);

	(void)state;
	at_us = type(&scan, "50999999", at_us + 1000000, 0);
	scan_tick(&scan, at_us + 150000);
	take(&scan);
	at_us = type(&scan, "99999\r", at_us + 150000, 0);
	assert_string_equal(seen, "[5012345678900][5099999999999]");
	wait_long(&scan, type(&scan, "5088888888888", at_us + 1000000, 0));
	assert_string_equal(seen, "[5012345678900][5099999999999][5088888888888]");
}

static void test_first_code_in_two_parts(void **state)
{
	/* Also of the very first code the rest is waited for: the console may have been started a moment ago. */
	struct scan scan = start(false);
	int64_t at_us = type(&scan, "50999999", 1000000, 0);

	(void)state;
	scan_tick(&scan, at_us + 150000);
	take(&scan);
	type(&scan, "99999\r", at_us + 150000, 0);
	assert_string_equal(seen, "[5099999999999]");
}

/* The console looks for keys at `from_us`, for as long as the scan asks, and is let go at `until_us`. */
static void look(struct scan_clock *clock, const struct scan *scan, int64_t from_us,
	int64_t until_us, bool has_keys)
{
	int64_t deadline_us = scan_deadline_us(scan), timeout_us = 250000;

	if (deadline_us >= 0)
		timeout_us = deadline_us > clock->now_us
			? (deadline_us - clock->now_us) / 1000 * 1000 + 1000
			: 0;
	scan_clock_waited(clock, &(struct scan_wait){from_us, until_us, timeout_us, has_keys});
}

static void test_starved(void **state)
{
	/* A code is not torn by a machine that does not let the console run; silence that was seen ends a run. */
	static const struct {
		int64_t slept_us, worked_us; /* between the two parts */
		bool was_silent;             /* it looked in between, and there was nothing */
		const char *seen;
	} cases[] = {
		{1000, 0, false, "[471991]"},
		{500000, 0, false, "[471991]"},
		{1000, 500000, false, "[471991]"},
		{500000, 500000, false, "[471991]"},
		{31000, 0, true, "471991<enter>"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scan scan = start(false);
		struct scan_clock clock = {0};
		int64_t at_us = 1000000;

		look(&clock, &scan, at_us, at_us + 200000, true);
		type(&scan, "471", clock.now_us, 0);
		at_us += 200000 + cases[i].worked_us;
		if (cases[i].was_silent) {
			look(&clock, &scan, at_us, at_us + cases[i].slept_us, false);
			scan_tick(&scan, clock.now_us);
			take(&scan);
			at_us += cases[i].slept_us;
		}
		look(&clock, &scan, at_us, at_us + cases[i].slept_us, true);
		type(&scan, "991\r", clock.now_us, 0);
		assert_string_equal(seen, cases[i].seen);
	}
}

static void test_twice(void **state)
{
	/* The same code twice within 300 ms is one scan, unless scans are being counted. */
	struct scan scan = start(false);

	(void)state;
	type(&scan, "5012345678900\r", 1000000, 1000);
	type(&scan, "5012345678900\r", 1100000, 1000);
	type(&scan, "5099999999999\r", 1200000, 1000);
	type(&scan, "5099999999999\r", 1600000, 1000);
	assert_string_equal(seen, "[5012345678900][5099999999999][5099999999999]");
	scan = start(false);
	scan.is_counting = true;
	type(&scan, "5012345678900\r", 1000000, 1000);
	type(&scan, "5012345678900\r", 1100000, 1000);
	assert_string_equal(seen, "[5012345678900][5012345678900]");
}

static void test_alt_gs(void **state)
{
	/* GS sent as Alt-0 Alt-2 Alt-9 is one GS of the code. */
	struct scan scan = start(false);
	int64_t at_us = type(&scan, "10LOT42", 1000000, 1000);

	(void)state;
	feed(&scan, '0' | KEY_ALT_BIT, at_us + 1000);
	feed(&scan, '2' | KEY_ALT_BIT, at_us + 2000);
	feed(&scan, '9' | KEY_ALT_BIT, at_us + 3000);
	type(&scan, "17251231\r", at_us + 4000, 1000);
	assert_string_equal(seen,
		"[10LOT42\x1d"
		"17251231]");
}

static void test_long(void **state)
{
	/* A scanner that sends more than can be held is refused whole, once, also where its last piece is late; the code behind it counts. */
	struct scan scan = start(false);
	char text[1561];
	int64_t at_us;

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('0' + i % 10);
	text[sizeof(text) - 1] = '\0';
	at_us = type(&scan, text, 1000000, 0);
	at_us = type(&scan, "0123456789\r", at_us + 200000, 0);
	assert_string_equal(seen, "{too long}");
	at_us = type(&scan, "5012345678900\r", at_us + 100000, 1000);
	assert_string_equal(seen, "{too long}[5012345678900]");
	wait_long(&scan, type(&scan, text, at_us + 1000000, 0));
	assert_string_equal(seen, "{too long}[5012345678900]{too long}");
	type(&scan, "q", at_us + 9000000, 0);
	wait_long(&scan, at_us + 9000000);
	assert_string_equal(seen, "{too long}[5012345678900]{too long}q");
}

static void test_long_typed(void **state)
{
	/* More keys than can be held that come no faster than a person types come out as keys: none is lost. */
	struct scan scan = start(true);
	char text[SCAN_HELD_MAX + 100];

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('a' + i % 26);
	text[sizeof(text) - 1] = '\0';
	wait_long(&scan, type(&scan, text, 1000000, 61000));
	assert_memory_equal(seen, text, sizeof(text));
}

static cJSON *read_traces(void)
{
	char path[4096];
	char *text = calloc(1, 100000);
	cJSON *json;
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/data/scan_traces.json", getenv("srcdir"));
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, 99999, file) > 0);
	fclose(file);
	json = cJSON_Parse(text);
	free(text);
	assert_non_null(json);
	return json;
}

/* Plays the reads of a trace: 20 scans and a Q at the end. Returns how many scans were found. */
static int play(const cJSON *trace)
{
	static const char one[] = "5012345678900\r";
	const char *transport = cJSON_GetObjectItemCaseSensitive(trace, "transport")->valuestring;
	struct scan scan = start(strstr(transport, "local") == NULL);
	const cJSON *read;
	size_t sent = 0;
	double at_ms = 1000;
	int found = 0;

	cJSON_ArrayForEach(read, cJSON_GetObjectItemCaseSensitive(trace, "reads"))
	{
		at_ms += cJSON_GetArrayItem(read, 1)->valuedouble;
		for (int i = 0; i < cJSON_GetArrayItem(read, 0)->valueint; i++, sent++) {
			char byte = sent < 20 * (sizeof(one) - 1) ? one[sent % (sizeof(one) - 1)]
								  : 'Q';

			feed(&scan, byte, (int64_t)(at_ms * 1000));
		}
	}
	wait_long(&scan, (int64_t)(at_ms * 1000));
	for (const char *at = seen; (at = strstr(at, "[5012345678900]")); at++)
		found++;
	assert_non_null(strchr(seen, 'Q'));
	return found;
}

static void test_traces(void **state)
{
	/* No scan of the measured traces is missed, locally or over ssh. */
	cJSON *json = read_traces();
	const cJSON *trace;
	int missed = 0;
	int traces = 0;

	(void)state;
	cJSON_ArrayForEach(trace, cJSON_GetObjectItemCaseSensitive(json, "traces"))
	{
		int found = play(trace);

		if (found != 20)
			print_error("trace %d: %d of 20\n", traces, found);
		missed += 20 - found;
		traces++;
	}
	cJSON_Delete(json);
	assert_true(traces >= 10);
	assert_int_equal(missed, 0);
}

static uint32_t seed = 1;

static double random_unit(void)
{
	seed = seed * 1664525u + 1013904223u;
	return ((seed >> 8) + 0.5) / 16777216.0;
}

static double random_normal(void)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += random_unit();
	return sum;
}

static void test_people(void **state)
{
	/* Of thousands of typed entries, by slow and by very fast typists, none is taken for a scan. */
	int scans = 0;

	(void)state;
	for (int entry = 0; entry < 20000; entry++) {
		struct scan scan = start(entry % 2);
		double mean_ms = 80 + 200 * random_unit();
		bool is_pair = false;
		int length = 6 + (int)(9 * random_unit());
		int64_t at_us = 1000000;

		for (int i = 0; i <= length; i++) {
			double gap_ms = mean_ms * exp(0.4 * random_normal());

			/* Fingers of two hands overlap: some pairs come almost at once. */
			is_pair = !is_pair && random_unit() < 0.15;
			if (is_pair)
				gap_ms = 5 + 20 * random_unit();
			at_us += (int64_t)(gap_ms * 1000);
			feed(&scan, i == length ? KEY_CODE_ENTER : '0' + (int)(10 * random_unit()),
				at_us);
		}
		wait_long(&scan, at_us);
		scans += strchr(seen, '[') != NULL;
	}
	assert_int_equal(scans, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_one_key_is_not_kept),
		cmocka_unit_test(test_enter_after_silence),
		cmocka_unit_test(test_code_in_two_parts),
		cmocka_unit_test(test_first_code_in_two_parts),
		cmocka_unit_test(test_starved),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_alt_gs),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_long_typed),
		cmocka_unit_test(test_traces),
		cmocka_unit_test(test_people),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
