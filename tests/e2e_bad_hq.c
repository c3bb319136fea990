/* Whatever answers at HQ's address, the console says what is wrong and keeps what it has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_fake.h"
#include "tests/e2e_kit.h"

#define PAGE "<!DOCTYPE html><html><body>Please log in to the \033[31mnetwork</body></html>"
#define HEADER "{\"epoch\":\"e1\",\"from\":\"c1\",\"to\":\"c2\"}\n"
#define PRODUCT(sku, more) FAKE_PRODUCT(sku, "Tea", more)

static void a_home(struct e2e_home *home)
{
	e2e_path(home->path, "home");
	snprintf(home->store, sizeof home->store, "xinyi");
}

/* ---- enrolment ---- */

/* The console says so, and the home stays free to be enrolled. */
static void expect_not_enrolled(
	const struct e2e_home *home, const char *url, const char *code, const char *said)
{
	struct e2e_output output;

	e2e_countertop(&output, home, "enrol", url, code, NULL);
	if (output.code != 1 || !strstr(output.err, said))
		fail_msg("enrol %s %s: exit code %d, said: %s", url, code, output.code, output.err);
	assert_null(strchr(output.err, '\033'));
	assert_int_equal(e2e_outbox(home, "SELECT count(*) FROM device"), 0);
}

static void a_wrong_enrol_code_is_refused(void **state)
{
	struct e2e_home home;
	struct e2e_output output;
	char words[E2E_PATH_BYTES];

	(void)state;
	a_home(&home);
	expect_not_enrolled(
		&home, e2e_hq_url(), "WRONG-CODE", "HQ does not know this enrolment code");
	expect_not_enrolled(
		&home, e2e_hq_url(), "\033[31m\xff", "HQ does not know this enrolment code");
	snprintf(words, sizeof words, "%.400s/", e2e_hq_url());
	expect_not_enrolled(&home, words, "", "HQ does not know this enrolment code");
	/* The right one still works then, once. */
	e2e_enrol(&home, "xinyi");
	e2e_countertop(&output, &home, "show", "stores", NULL);
	assert_int_equal(output.code, 0);
	assert_non_null(strstr(output.out, "ximen"));
}

static void what_is_no_hq_is_not_enrolled_at(void **state)
{
	static const struct {
		struct fake_answer answer;
		const char *said;
	} cases[] = {
		{{"/", 200, "text/html", PAGE, false}, "A web page answers at HQ's address"},
		{{"/", 302, "text/html", PAGE, false}, "A web page answers at HQ's address"},
		{{"/", 200, "application/json", PAGE, false}, "A web page answers at HQ's address"},
		{{"/", 404, "text/html", PAGE, false}, "A web page answers at HQ's address"},
		{{"/", 404, "text/plain", "not here", false}, "There is no HQ at this address"},
		{{"/", 500, "text/plain", "oops", false}, "HQ answered 500"},
		{{"/", 200, "application/json", "", false}, "cannot be read"},
		{{"/", 200, "application/json", "{\"device\":", false}, "cannot be read"},
		{{"/", 200, "application/json", FAKE_ENROLLED, true}, "The line broke"},
		{{"/", 200, "application/json",
			 "{\"device\":\"d\",\"token\":\"a b\",\"stores\":[\"x\"]}", false},
			"cannot be read"},
		{{"/", 200, "application/json", "{\"device\":\"d\",\"token\":\"t\",\"stores\":[]}",
			 false},
			"cannot be read"},
	};
	struct e2e_home home;
	struct fake fake;

	(void)state;
	a_home(&home);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fake_start(&fake, &cases[i].answer, 1);
		expect_not_enrolled(&home, fake.url, "CODE", cases[i].said);
		fake_end(&fake);
	}
	expect_not_enrolled(&home, fake.url, "CODE", "HQ cannot be reached");
	expect_not_enrolled(&home, "http://198.51.100.1", "CODE",
		"Plain http is only for HQ on this same machine");
	expect_not_enrolled(&home, "hq.example.com", "CODE", "is not a web address");
	expect_not_enrolled(&home, "file:///etc/passwd", "CODE", "is not a web address");
}

/* ---- syncing ---- */

/* Something that waits to be sent. */
static void save_one(const struct e2e_home *home)
{
	struct e2e_output output;

	e2e_countertop(
		&output, home, "do", "stocktake.create", "scope=full", "--staff", "chen", NULL);
	if (output.code != 4)
		fail_msg("do: exit code %d, said: %s", output.code, output.err);
}

static void expect_rows(const struct e2e_home *home, const char *kind, int expected)
{
	cJSON *rows = e2e_show(home, kind, NULL);

	assert_int_equal(cJSON_GetArraySize(rows), expected);
	cJSON_Delete(rows);
}

/* The same port answers otherwise: the fake of before must be gone. */
static void expect_sync(struct fake *fake, const struct e2e_home *home,
	const struct fake_answer *answers, size_t count, const char *said)
{
	struct e2e_output output;

	fake_restart(fake, answers, count);
	e2e_countertop(&output, home, "sync", "--once", NULL);
	if (said ? output.code != 1 || !strstr(output.err, said) : output.code != 0)
		fail_msg("sync --once: exit code %d, said: %s, not: %s", output.code, output.err,
			said ? said : "nothing");
	assert_null(strchr(output.err, '\033'));
}

static void what_is_no_page_of_rows_changes_nothing(void **state)
{
	static const struct {
		struct fake_answer answer;
		const char *said;
	} cases[] = {
		{{"/v1/changes", 200, "text/html", PAGE, false},
			"A web page answers at HQ's address"},
		{{"/v1/changes", 200, "application/x-ndjson", PAGE, false},
			"A web page answers at HQ's address"},
		{{"/v1/changes", 200, "application/x-ndjson", "", false},
			"cannot be read or was cut short"},
		{{"/v1/changes", 200, "application/x-ndjson", HEADER PRODUCT("A2", ""), false},
			"cut short"},
		{{"/v1/changes", 200, "application/x-ndjson",
			 HEADER PRODUCT("A2", "") "{\"end\":tr", false},
			"cut short"},
		{{"/v1/changes", 200, "application/x-ndjson",
			 HEADER PRODUCT("A2", "") FAKE_TRAILER("1"), true},
			"The line broke"},
		{{"/v1/changes", 200, "application/x-ndjson",
			 HEADER PRODUCT("A2", "") FAKE_TRAILER("2"), false},
			"cut short"},
		{{"/v1/changes", 401, "application/json", "{\"type\":\"unauthorized\"}", false},
			"HQ does not accept this console any more"},
		{{"/v1/changes", 503, "text/plain", "later", false}, "HQ cannot work now"},
	};
	const struct fake_answer hello = {"/v1/hello", 200, "application/json", FAKE_HELLO, false};
	struct e2e_home home;
	struct fake fake;

	(void)state;
	fake_enrol(&fake, &home, PRODUCT("A1", ""));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct fake_answer answers[] = {hello, cases[i].answer};

		expect_sync(&fake, &home, answers, 2, cases[i].said);
		expect_rows(&home, "products", 1);
		expect_rows(&home, "stores", 1);
	}
	fake_end(&fake);
}

static void verdicts_that_cannot_be_read_finish_nothing(void **state)
{
	static const struct {
		struct fake_answer answer;
		const char *said;
	} cases[] = {
		{{"/v1/commands", 200, "text/html", PAGE, false}, "A web page answers"},
		{{"/v1/commands", 200, "application/x-ndjson", "", false}, "cut short"},
		{{"/v1/commands", 200, "application/x-ndjson", "{\"id\":\"0", false}, "cut short"},
		{{"/v1/commands", 200, "application/x-ndjson",
			 "{\"id\":\"01a1c8cc-61c0-700e-9cf7-718bc06a9aa4\",\"status\":\"applied\"}\n",
			 false},
			"cannot be read"},
	};
	const struct fake_answer hello = {"/v1/hello", 200, "application/json", FAKE_HELLO, false};
	const struct fake_answer nothing_new = {"/v1/changes", 200, "application/x-ndjson",
		"{\"epoch\":\"e1\",\"from\":\"c1\",\"to\":\"c1\"}\n" FAKE_TRAILER("0"), false};
	struct e2e_home home;
	struct fake fake;

	(void)state;
	fake_enrol(&fake, &home, PRODUCT("A1", ""));
	save_one(&home);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct fake_answer answers[] = {hello, nothing_new, cases[i].answer};

		expect_sync(&fake, &home, answers, 3, cases[i].said);
		assert_int_equal(e2e_unsent(&home), 1);
	}
	fake_end(&fake);
}

static void rows_of_an_unknown_table_or_column_are_passed_over(void **state)
{
	/* A newer HQ has more tables and columns than this console; what it knows arrives all the same. */
	static const struct fake_answer answers[] = {
		{"/v1/hello", 200, "application/json", FAKE_HELLO, false},
		{"/v1/changes", 200, "application/x-ndjson",
			HEADER FAKE_ROW("catalogue", "loyalty_card", "\"7\"",
				"\"number\":\"7\",\"points\":12")
				PRODUCT("A2", ",\"colour\":\"red\",\"more\":{\"a\":[1]}")
					FAKE_ROW("catalogue", "product; DROP TABLE product",
						"\"x\"", "\"sku\":\"x\"") FAKE_TRAILER("3"),
			false},
	};
	struct e2e_home home;
	struct fake fake;

	(void)state;
	fake_enrol(&fake, &home, PRODUCT("A1", ""));
	expect_sync(&fake, &home, answers, 2, NULL);
	expect_rows(&home, "products", 2);
	expect_rows(&home, "stores", 1);
	fake_end(&fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_wrong_enrol_code_is_refused),
		e2e_folder_test(what_is_no_hq_is_not_enrolled_at),
		e2e_folder_test(what_is_no_page_of_rows_changes_nothing),
		e2e_folder_test(verdicts_that_cannot_be_read_finish_nothing),
		e2e_folder_test(rows_of_an_unknown_table_or_column_are_passed_over),
	};

	setenv("COUNTERTOP_PIN", "1200", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
