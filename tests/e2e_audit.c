/* A ledger of sales orders that something wrote behind HQ's back: the audit finds it, and a command mends it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/db.h"
#include "model/json.h"
#include "tests/e2e_kit.h"

/* Of the demo: accepted and not shipped, two of TE0102 and one of CF0102. */
#define ORDER "W-100002"

static void write_behind_its_back(const char *sql)
{
	char path[E2E_PATH_BYTES], error[200] = "";
	struct db_options options = {.must_exist = true, .busy_ms = 10000};
	struct db *db;

	e2e_path(path, "hq.db");
	db = db_open(path, &options, error, sizeof error);
	if (!db)
		fail_msg("%s", error);
	assert_true(db_script(db, sql));
	db_close(db);
}

/* A row is lost, and another says more than was promised. */
static void break_ledger(void)
{
	write_behind_its_back(
		"DELETE FROM reservation WHERE order_number = '" ORDER "' AND sku = 'CF0102';"
		"UPDATE reservation SET qty = -5000 WHERE order_number = '" ORDER
		"' AND sku = 'TE0102';"
		"UPDATE salable SET reserved = (SELECT COALESCE(SUM(r.qty), 0) FROM reservation r"
		" WHERE r.channel = salable.channel AND r.sku = salable.sku)");
}

/* Runs the audit; the words end in NULL. */
static void audit(struct e2e_output *output, const char *option)
{
	char path[E2E_PATH_BYTES], url[E2E_PATH_BYTES + 8];

	e2e_path(path, "hq.db");
	snprintf(url, sizeof url, "sqlite:%s", path);
	e2e_run(output, "countertop-hq", "audit", "--db", url, option, NULL);
}

static double reserved_of(const char *sku)
{
	cJSON *salable = e2e_get("/v1/salable?channel=web&sku=%s", sku);
	double reserved = cJSON_GetNumberValue(cJSON_GetObjectItem(salable, "reserved"));

	cJSON_Delete(salable);
	return reserved;
}

static void a_sound_ledger_is_clean(void **state)
{
	/* The audit of the demo prints nothing, as JSON an empty list, and its exit code is 0. */
	struct e2e_output output;

	(void)state;
	audit(&output, NULL);
	assert_int_equal(output.code, 0);
	assert_string_equal(output.out, "");
	audit(&output, "--json");
	assert_int_equal(output.code, 0);
	assert_string_equal(output.out, "[]\n");
}

static void what_is_wrong_is_told_with_what_would_mend_it(void **state)
{
	/* One line for each order, channel and SKU: what is reserved, what should be, what is needed; exit code 1,
	 * also while HQ serves. */
	struct e2e_output output;
	char error[200];

	(void)state;
	break_ledger();
	audit(&output, NULL);
	assert_int_equal(output.code, 1);
	assert_string_equal(
		output.out, ORDER "\tweb\tCF0102\t0\t-1\t-1\n" ORDER "\tweb\tTE0102\t-5\t-2\t3\n");
	audit(&output, "--json");
	assert_int_equal(output.code, 1);
	cJSON *found = json_parse(output.out, strlen(output.out), error, sizeof error);
	const cJSON *second = cJSON_GetArrayItem(found, 1);

	assert_int_equal(cJSON_GetArraySize(found), 2);
	assert_string_equal(json_text(second, "order"), ORDER);
	assert_string_equal(json_text(second, "sku"), "TE0102");
	assert_float_equal(cJSON_GetNumberValue(cJSON_GetObjectItem(second, "needed")), 3, 0.0001);
	cJSON_Delete(found);
}

static void a_command_of_the_hq_mends_it(void **state)
{
	/* Compensated, the audit is clean and what may be promised is right again; a second time there is nothing to
	 * do. */
	struct e2e_output output;

	(void)state;
	break_ledger();
	assert_float_equal(reserved_of("TE0102"), -5, 0.0001);
	e2e_command(NULL, "order.compensate", "{\"order\":\"" ORDER "\"}");
	audit(&output, NULL);
	assert_int_equal(output.code, 0);
	assert_string_equal(output.out, "");
	assert_float_equal(reserved_of("TE0102"), -2, 0.0001);
	assert_float_equal(reserved_of("CF0102"), -1, 0.0001);
	char *answer = e2e_post(
		"{\"id\":\"01999999-0000-7000-8000-000000000001\",\"op\":\"order.compensate\",\"v\":1,"
		"\"at\":\"2026-01-01T00:00:00.000Z\",\"actor\":\"ho\",\"data\":{\"order\":\"" ORDER
		"\"}}\n");

	assert_non_null(strstr(answer, "\"code\":\"nothing_to_do\""));
	free(answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_sound_ledger_is_clean),
		e2e_test(what_is_wrong_is_told_with_what_would_mend_it),
		e2e_test(a_command_of_the_hq_mends_it),
	};

	return cmocka_run_group_tests_name("the audit of sales orders", tests, NULL, NULL);
}
