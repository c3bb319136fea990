/* Requests that are ready at one time share one transaction, and each is answered as if it came
 * alone. */
#include "hq_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 4

/* Requests that came in at one time. */
struct crowd {
	struct hq_fixture *f;
	struct hq_exchange exchanges[MOST];
	char bearers[MOST][HQ_SECRET_SIZE + 16];
	int count;
};

static void crowd_add(struct crowd *crowd, const char *token, const char *body)
{
	int i = crowd->count++;

	snprintf(crowd->bearers[i], sizeof(crowd->bearers[i]), "Bearer %s", token);
	crowd->exchanges[i].request = (struct hq_request){.method = "POST",
		.path = "/v1/commands",
		.authorization = crowd->bearers[i],
		.body = body,
		.body_length = strlen(body)};
}

static void crowd_handle(struct crowd *crowd)
{
	struct hq_exchange *exchanges[MOST];

	for (int i = 0; i < crowd->count; i++) {
		exchanges[i] = &crowd->exchanges[i];
		assert_true(hq_goes_together(&exchanges[i]->request));
	}
	hq_handle_together(crowd->f->hq, exchanges, crowd->count, crowd->f->now_ms);
}

/* Is the answer to request i of this HTTP status, and does it say the text? */
static void expect(const struct crowd *crowd, int i, int status, const char *text)
{
	const struct hq_answer *answer = &crowd->exchanges[i].answer;

	assert_int_equal(answer->status, status);
	if (!strstr(text_get(&answer->body), text))
		fail_msg("no %s in %s", text, text_get(&answer->body));
}

static void crowd_free(struct crowd *crowd)
{
	for (int i = 0; i < crowd->count; i++)
		hq_answer_free(&crowd->exchanges[i].answer);
}

static char *put_line(struct hq_fixture *f, const char *sku)
{
	char data[100];

	snprintf(data, sizeof(data), "{'sku':'%s','name':'Cup'}", sku);
	return hq_line(f, "product.put", NULL, "x", data);
}

/* Several requests end in one commit; each gets its own verdicts, kept under its own token, and
 * later ones see what earlier ones did. */
static void test_one_commit(void **state)
{
	struct hq_fixture *f = *state;
	struct crowd crowd = {.f = f};
	char second[HQ_SECRET_SIZE], error[200];
	struct hq_token_wish wish = {.role = "hq"};

	assert_true(hq_make_token(f->hq, &wish, f->now_ms, second, error, sizeof(error)));
	char *put = put_line(f, "B1"), *last = put_line(f, "B2");
	char *open = hq_line(
		f, "stock.open", "xinyi", "x", "{'store':'xinyi','lines':[{'sku':'B1','qty':5}]}");
	uint64_t generation = hq_generation(f->hq);

	crowd_add(&crowd, f->token, put);
	crowd_add(&crowd, second, open);
	crowd_add(&crowd, f->token, last);
	crowd_handle(&crowd);
	for (int i = 0; i < 3; i++) {
		const char *body = text_get(&crowd.exchanges[i].answer.body);

		expect(&crowd, i, 200, "\"status\":\"applied\"");
		assert_ptr_equal(strchr(body, '\n'), body + strlen(body) - 1);
	}
	expect(&crowd, 1, 200, "\"store:xinyi\":");
	assert_int_equal(hq_generation(f->hq) - generation, 1);
	assert_int_equal(
		hq_sql_int(f, "SELECT COUNT(DISTINCT token) FROM command WHERE op <> 'x'"), 2);
	crowd_free(&crowd);
	free(put);
	free(open);
	free(last);
}

/* A request that is not let in or is too large is refused alone; the others are done. */
static void test_refused_alone(void **state)
{
	struct hq_fixture *f = *state;
	struct crowd crowd = {.f = f};
	struct text large = TEXT_INIT(TEXT_LARGE);
	char *put = put_line(f, "B1"), *other = put_line(f, "B2");

	for (int i = 0; i <= HQ_LINES_MAX; i++)
		text_add(&large, "{}\n");
	crowd_add(&crowd, f->token, text_get(&large));
	crowd_add(&crowd, "nobody", other);
	crowd_add(&crowd, f->token, put);
	crowd_handle(&crowd);
	expect(&crowd, 0, 413, "too_large");
	expect(&crowd, 1, 401, "unauthorized");
	expect(&crowd, 2, 200, "\"status\":\"applied\"");
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM product WHERE sku LIKE 'B%'"), 1);
	crowd_free(&crowd);
	text_free(&large);
	free(put);
	free(other);
}

/* An id that comes by two connections at one time is done once, and the second one is told so. */
static void test_same_id(void **state)
{
	struct hq_fixture *f = *state;
	struct crowd crowd = {.f = f};
	char *line = hq_line(f, "stock.adjust", "xinyi", "x",
		"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':2}]}");

	crowd_add(&crowd, f->token, line);
	crowd_add(&crowd, f->token, line);
	crowd_handle(&crowd);
	expect(&crowd, 0, 200, "\"status\":\"applied\"");
	expect(&crowd, 1, 200, "\"status\":\"replayed\",\"first\":\"applied\"");
	assert_int_equal(hq_sql_int(f, "SELECT on_hand FROM stock WHERE store = 'xinyi'"), 12000);
	crowd_free(&crowd);
	free(line);
}

/* A commit that fails makes every line of every request `error`; nothing is done, and later it is. */
static void test_failed_commit(void **state)
{
	struct hq_fixture *f = *state;
	struct crowd crowd = {.f = f};
	char *put = put_line(f, "B1"), *other = put_line(f, "B2");

	hq_sql(f, "ALTER TABLE command RENAME TO away");
	crowd_add(&crowd, f->token, put);
	crowd_add(&crowd, f->token, other);
	crowd_handle(&crowd);
	expect(&crowd, 0, 200, "\"status\":\"error\"");
	expect(&crowd, 1, 200, "\"status\":\"error\"");
	crowd_free(&crowd);
	hq_sql(f, "ALTER TABLE away RENAME TO command");
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM product WHERE sku LIKE 'B%'"), 0);
	crowd_handle(&crowd);
	expect(&crowd, 0, 200, "\"status\":\"applied\"");
	expect(&crowd, 1, 200, "\"status\":\"applied\"");
	crowd_free(&crowd);
	free(put);
	free(other);
}

/* A count that waits for a document does not wait for a third request when the document comes at one
 * time with it. */
static void test_document_comes_along(void **state)
{
	struct hq_fixture *f = *state;
	struct crowd crowd = {.f = f};
	char *create = hq_line(f, "inbound.create", "xinyi", "x",
		"{'third_party':'vendor','lines':[{'sku':'A1','qty':2}]}");
	char data[150];

	snprintf(data, sizeof(data), "{'movement':'%s','lines':[{'sku':'A1','qty':2}]}", f->id);
	char *receive = hq_line(f, "inbound.receive", "xinyi", "x", data);

	crowd_add(&crowd, f->token, receive);
	crowd_add(&crowd, f->token, receive);
	crowd_add(&crowd, f->token, create);
	crowd_handle(&crowd);
	expect(&crowd, 0, 200, "\"status\":\"applied\"");
	expect(&crowd, 1, 200, "\"status\":\"replayed\",\"first\":\"applied\"");
	expect(&crowd, 2, 200, "\"status\":\"applied\"");
	assert_int_equal(hq_sql_int(f, "SELECT on_hand FROM stock WHERE store = 'xinyi'"), 12000);
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM command WHERE waits IS NOT NULL"), 0);
	crowd_free(&crowd);
	free(create);
	free(receive);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, hq_fixture_open, hq_fixture_close)
	const struct CMUnitTest tests[] = {
		TEST(test_one_commit),
		TEST(test_refused_alone),
		TEST(test_same_id),
		TEST(test_failed_commit),
		TEST(test_document_comes_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
