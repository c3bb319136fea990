/* HQ whose disk is full or whose database another process holds: it says so, stores nothing by
 * halves, and goes on by itself. */
#include "hq_fixture.h"
#include "tests/fault_vfs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#define LINES 3

static int writes_left; /* before the disk is full */

static int fill_up(const char *path, enum fault_op op)
{
	(void)path;
	return op == FAULT_WRITE && writes_left-- <= 0 ? SQLITE_FULL : SQLITE_OK;
}

static void add_body(struct hq_fixture *f, struct text *body)
{
	for (int i = 0; i < LINES; i++) {
		char *line = hq_line(f, "stock.adjust", "xinyi", "x",
			"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':1}]}");

		text_add(body, line);
		free(line);
	}
}

/* The number of lines whose verdict has this status. */
static int send_body(struct hq_fixture *f, const struct text *body, const char *status)
{
	cJSON *verdicts = hq_send(f, f->token, text_get(body));
	const cJSON *verdict;
	int count = 0;

	assert_int_equal(cJSON_GetArraySize(verdicts), LINES);
	cJSON_ArrayForEach(verdict, verdicts)
		count += strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(verdict, "status")),
				 status) == 0;
	cJSON_Delete(verdicts);
	return count;
}

/* Wherever a disk gets full, all lines answer `error` and nothing of them is stored; with room again
 * the same lines are done, once. */
static void test_disk_full(void **state)
{
	struct hq_fixture *f = *state;
	struct text body = TEXT_INIT(TEXT_LARGE);
	int failed = 0;

	for (bool done = false; !done;) {
		int64_t before = hq_sql_int(f, "SELECT COUNT(*) FROM ledger");

		text_clear(&body);
		add_body(f, &body);
		writes_left = failed;
		fault_hook = fill_up;
		done = send_body(f, &body, "applied") == LINES;
		fault_hook = NULL;
		if (done)
			continue;
		failed++;
		assert_true(hq_says(f, "\"status\":\"error\""));
		assert_false(hq_says(f, "applied"));
		assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM ledger"), before);
		assert_int_equal(hq_get(f, f->token, "/v1/hello"), 200);
		assert_int_equal(send_body(f, &body, "applied"), LINES);
		assert_int_equal(send_body(f, &body, "replayed"), LINES);
	}
	assert_true(failed > 0);
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM ledger WHERE reason = 'found'"),
		(failed + 1) * LINES);
	text_free(&body);
}

/* While another process holds the database, commands answer `error` and everything can be read;
 * once it lets go they are done. */
static void test_held_by_another(void **state)
{
	struct hq_fixture *f = *state;
	struct text body = TEXT_INIT(TEXT_LARGE);
	char error[200];
	struct db *other = db_open(f->url + strlen("sqlite:"),
		&(struct db_options){.must_exist = true}, error, sizeof(error));

	assert_non_null(other);
	add_body(f, &body);
	assert_true(db_begin(other));
	assert_int_equal(send_body(f, &body, "error"), LINES);
	assert_int_equal(hq_get(f, f->token, "/v1/changes"), 200);
	assert_int_equal(hq_get(f, f->token, "/v1/stock?store=xinyi"), 200);
	db_rollback(other);
	assert_int_equal(send_body(f, &body, "applied"), LINES);
	db_close(other);
	text_free(&body);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, hq_fixture_open, hq_fixture_close)
	const struct CMUnitTest tests[] = {
		TEST(test_disk_full),
		TEST(test_held_by_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
