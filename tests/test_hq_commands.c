/* A command sent to HQ ends in exactly one verdict, whatever is sent, twice or out of order. */
#include "hq_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *text_at(const cJSON *verdicts, int line, const char *name)
{
	const char *text = cJSON_GetStringValue(
		cJSON_GetObjectItem(cJSON_GetArrayItem(verdicts, line), name));

	return text ? text : "";
}

static char *joined(int count, char **lines)
{
	struct text all = TEXT_INIT(TEXT_LARGE);

	for (int i = 0; i < count; i++) {
		text_add(&all, lines[i]);
		free(lines[i]);
	}
	return text_take(&all);
}

/* The same bytes again are replayed with the first verdict; other bytes are key_reuse. */
static void test_replay(void **state)
{
	struct hq_fixture *f = *state;
	char *line = hq_line(f, "stock.adjust", "xinyi", "x",
		"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':2}]}");
	cJSON *first = hq_send(f, f->token, line);
	cJSON *second = hq_send(f, f->token, line);

	assert_string_equal(text_at(first, 0, "status"), "applied");
	assert_string_equal(text_at(second, 0, "status"), "replayed");
	assert_string_equal(text_at(second, 0, "first"), "applied");
	assert_true(cJSON_Compare(cJSON_GetObjectItem(cJSON_GetArrayItem(first, 0), "feeds"),
		cJSON_GetObjectItem(cJSON_GetArrayItem(second, 0), "feeds"), true));
	line[strlen(line) - 1] = ' ';
	assert_string_equal(hq_try(f, f->token, line), "key_reuse");
	assert_int_equal(hq_sql_int(f, "SELECT on_hand FROM stock WHERE store = 'xinyi'"), 12000);
	cJSON_Delete(first);
	cJSON_Delete(second);
	free(line);
}

/* An id that stands twice in one request is done once. */
static void test_twice_in_a_request(void **state)
{
	struct hq_fixture *f = *state;
	char *line = hq_line(f, "product.put", NULL, "x", "{'sku':'A2','name':'Cup'}");
	char *lines[] = {strdup(line), line};
	char *body = joined(2, lines);
	cJSON *verdicts = hq_send(f, f->token, body);

	assert_string_equal(text_at(verdicts, 0, "status"), "applied");
	assert_string_equal(text_at(verdicts, 1, "status"), "replayed");
	assert_string_equal(text_at(verdicts, 1, "first"), "applied");
	cJSON_Delete(verdicts);
	free(body);
}

/* A refusal is remembered too, and replayed even when it would be applied by now. */
static void test_refusal_is_kept(void **state)
{
	struct hq_fixture *f = *state;
	char *line = hq_line(f, "outbound.ship", "xinyi", "x",
		"{'movement':'01999999-0000-7000-8000-0000000000ff'}");
	cJSON *again;

	assert_string_equal(hq_try(f, f->token, line), "unknown_document");
	again = hq_send(f, f->token, line);
	assert_string_equal(text_at(again, 0, "first"), "rejected");
	assert_string_equal(text_at(again, 0, "code"), "unknown_document");
	cJSON_Delete(again);
	free(line);
}

/* Lines HQ cannot make sense of are rejected one by one, and the good ones between are done. */
static void test_bad_lines(void **state)
{
	struct hq_fixture *f = *state;
	char *lines[] = {
		strdup("{\"id\":\n"),
		hq_line(f, "product.put", NULL, "x", "{'sku':'B1','name':'Bowl'}"),
		hq_line(f, "no.such", NULL, "x", "{}"),
		hq_line(f, "product.put", NULL, "x", "{'sku':'B2'}"),
		strdup("\n"),
	};
	char *body = joined(5, lines);
	cJSON *verdicts = hq_send(f, f->token, body);

	assert_int_equal(cJSON_GetArraySize(verdicts), 5);
	assert_string_equal(text_at(verdicts, 0, "code"), "bad_line");
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(cJSON_GetArrayItem(verdicts, 0), "id")));
	assert_string_equal(text_at(verdicts, 1, "status"), "applied");
	assert_string_equal(text_at(verdicts, 2, "code"), "unknown_op");
	assert_string_equal(text_at(verdicts, 3, "code"), "bad_data");
	assert_string_equal(text_at(verdicts, 4, "code"), "bad_line");
	cJSON_Delete(verdicts);
	free(body);
}

/* More than 200 lines or 1 MiB is answered 413 and nothing of it is done. */
static void test_too_large(void **state)
{
	struct hq_fixture *f = *state;
	char *lines[201];
	char *body;

	for (int i = 0; i < 201; i++)
		lines[i] = hq_line(f, "product.put", NULL, "x", "{'sku':'C1','name':'Card'}");
	body = joined(201, lines);
	assert_int_equal(hq_ask(f, f->token, "POST", "/v1/commands", body), 413);
	free(body);
	body = malloc(HQ_BODY_MAX + 2);
	memset(body, ' ', HQ_BODY_MAX + 1);
	body[HQ_BODY_MAX + 1] = '\0';
	assert_int_equal(hq_ask(f, f->token, "POST", "/v1/commands", body), 413);
	free(body);
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM product WHERE sku = 'C1'"), 0);
}

/* The lines of one request see each other's effects. */
static void test_lines_see_each_other(void **state)
{
	struct hq_fixture *f = *state;
	char data[100];
	char *create = hq_line(f, "outbound.create", "xinyi", "x",
		"{'to':'ximen','lines':[{'sku':'A1','qty':1}]}");

	snprintf(data, sizeof(data), "{'movement':'%s'}", f->id);
	char *lines[] = {create, hq_line(f, "inbound.accept", "ximen", "x", data),
		hq_line(f, "outbound.ship", "xinyi", "x", data)};
	char *body = joined(3, lines);
	cJSON *verdicts = hq_send(f, f->token, body);

	for (int i = 0; i < 3; i++)
		assert_string_equal(text_at(verdicts, i, "status"), "applied");
	cJSON_Delete(verdicts);
	free(body);
}

/* A fact about a document HQ does not know waits, and is done by itself when the document comes. */
static void test_parked_until_known(void **state)
{
	struct hq_fixture *f = *state;
	char data[200], target[100];
	char *create = hq_line(f, "inbound.create", "xinyi", "x",
		"{'third_party':'P','lines':[{'sku':'A1','qty':3}]}");

	snprintf(data, sizeof(data), "{'movement':'%s','lines':[{'sku':'A1','qty':3}]}", f->id);
	char *receive = hq_line(f, "inbound.receive", "xinyi", "x", data);

	snprintf(target, sizeof(target), "/v1/commands/%s", f->id);
	assert_string_equal(hq_try(f, f->token, receive), "parked");
	assert_true(hq_says(f, "\"code\":\"unknown_document\""));
	hq_fixture_reopen(f);
	assert_string_equal(hq_try(f, f->token, create), "applied");
	assert_int_equal(hq_get(f, f->token, target), 200);
	assert_true(hq_says(f, "\"status\":\"applied\""));
	assert_int_equal(hq_sql_int(f, "SELECT on_hand FROM stock WHERE store = 'xinyi'"), 13000);
	cJSON *again = hq_send(f, f->token, receive);

	assert_string_equal(text_at(again, 0, "first"), "applied");
	cJSON_Delete(again);
	free(create);
	free(receive);
}

static void send_scans(struct hq_fixture *f, const char *sheet, int count)
{
	char data[200];
	struct text body = TEXT_INIT(TEXT_LARGE);

	snprintf(data, sizeof(data), "{'stocktake':'%s','sku':'A1','qty':1,'mode':'add'}", sheet);
	for (int i = 0; i < count; i++) {
		char *line = hq_line(f, "stocktake.count", "xinyi", "x", data);

		text_add(&body, line);
		free(line);
	}
	cJSON *verdicts = hq_send(f, f->token, text_get(&body));

	assert_string_equal(text_at(verdicts, count - 1, "status"), "parked");
	cJSON_Delete(verdicts);
	text_free(&body);
}

/* However many facts wait for one document, all of them are applied once it is there, once each. */
static void test_many_wait_for_one(void **state)
{
	struct hq_fixture *f = *state;
	char sheet[40];
	char *create = hq_line(f, "stocktake.create", "xinyi", "x", "{'scope':'full'}");

	snprintf(sheet, sizeof(sheet), "%s", f->id);
	for (int i = 0; i < 3; i++)
		send_scans(f, sheet, 190);
	assert_string_equal(hq_try(f, f->token, create), "applied");
	for (int i = 0; i < 4; i++)
		hq_do(f, "product.put", NULL, "{'sku':'Z1','name':'Any'}");
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM command WHERE status = 'parked'"), 0);
	assert_int_equal(hq_sql_int(f, "SELECT counted FROM stocktake_line"), 570000);
	free(create);
}

/* A fact that misses two documents is applied when the second of them is there too. */
static void test_waits_for_the_next(void **state)
{
	struct hq_fixture *f = *state;
	char data[300], sheet[40];
	char *create = hq_line(f, "stocktake.create", "xinyi", "x", "{'scope':'full'}");

	snprintf(sheet, sizeof(sheet), "%s", f->id);
	snprintf(data, sizeof(data), "{'stocktake':'%s','sku':'A1','qty':1,'mode':'add'}", sheet);
	char *count = hq_line(f, "stocktake.count", "xinyi", "x", data);

	snprintf(data, sizeof(data), "{'stocktake':'%s','count':'%s'}", sheet, f->id);
	char *undo = hq_line(f, "stocktake.undo", "xinyi", "x", data);

	assert_string_equal(hq_try(f, f->token, undo), "parked");
	assert_string_equal(hq_try(f, f->token, create), "applied");
	assert_string_equal(hq_try(f, f->token, count), "applied");
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM command WHERE status = 'parked'"), 0);
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM count_entry WHERE undone = 1"), 1);
	free(create);
	free(count);
	free(undo);
}

/* A line that fails by its own fault is parked with its bytes, and HQ goes on with the next. */
static void test_fault_is_parked(void **state)
{
	struct hq_fixture *f = *state;

	hq_sql(f,
		"CREATE TRIGGER boom BEFORE INSERT ON product WHEN NEW.sku = 'BOOM'"
		" BEGIN SELECT RAISE(ABORT, 'boom'); END");
	char *lines[] = {
		hq_line(f, "product.put", NULL, "x", "{'sku':'D1','name':'Dish'}"),
		hq_line(f, "product.put", NULL, "x", "{'sku':'BOOM','name':'Bomb'}"),
		hq_line(f, "product.put", NULL, "x", "{'sku':'D2','name':'Dish'}"),
	};
	char *body = joined(3, lines);
	cJSON *verdicts = hq_send(f, f->token, body);

	assert_string_equal(text_at(verdicts, 0, "status"), "applied");
	assert_string_equal(text_at(verdicts, 1, "status"), "parked");
	assert_string_equal(text_at(verdicts, 1, "code"), "fault");
	assert_string_equal(text_at(verdicts, 2, "status"), "applied");
	assert_int_equal(
		hq_sql_int(f,
			"SELECT COUNT(*) FROM command WHERE status = 'parked' AND line LIKE '%BOOM%'"),
		1);
	assert_int_equal(
		hq_sql_int(f, "SELECT COUNT(*) FROM product WHERE sku IN ('D1', 'D2')"), 2);
	cJSON_Delete(verdicts);
	free(body);
}

/* While HQ cannot store verdicts every line answers error and nothing is done; later it is. */
static void test_error_stores_nothing(void **state)
{
	struct hq_fixture *f = *state;
	char *line = hq_line(f, "product.put", NULL, "x", "{'sku':'E1','name':'Egg'}");

	hq_sql(f, "ALTER TABLE command RENAME TO command_away");
	assert_string_equal(hq_try(f, f->token, line), "error");
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM product WHERE sku = 'E1'"), 0);
	hq_sql(f, "ALTER TABLE command_away RENAME TO command");
	assert_string_equal(hq_try(f, f->token, line), "applied");
	free(line);
}

/* A PIN reaches the database as its hash only, also when its command is parked. */
static void test_pin_is_hidden(void **state)
{
	struct hq_fixture *f = *state;
	char *line = hq_line(f, "staff.put", NULL, "x",
		"{'id':'kim','name':'Kim','role':'clerk','stores':['xinyi'],'pin':'739182'}");

	hq_sql(f,
		"CREATE TRIGGER boom BEFORE INSERT ON staff BEGIN SELECT RAISE(ABORT, 'boom'); END");
	assert_string_equal(hq_try(f, f->token, line), "parked");
	assert_false(hq_says(f, "739182"));
	assert_int_equal(
		hq_sql_int(f,
			"SELECT COUNT(*) FROM command WHERE line LIKE '%739182%' OR verdict LIKE '%739182%'"),
		0);
	assert_int_equal(
		hq_sql_int(f, "SELECT COUNT(*) FROM command WHERE line LIKE '%pin_hash%'"), 1);
	free(line);
}

/* A device acts only for its stores, by its staff; a token of a lower role does no more than that. */
static void test_rights(void **state)
{
	struct hq_fixture *f = *state;
	char device[HQ_SECRET_SIZE], clerk[HQ_SECRET_SIZE], error[200];
	const char *xinyi[] = {"xinyi"};
	const char *found = "{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':1}]}";

	hq_enrol(f, "xinyi", device);
	assert_true(hq_make_token(f->hq, &(struct hq_token_wish){"clerk", xinyi, 1}, f->now_ms,
		clerk, error, sizeof(error)));
	const struct {
		const char *token, *store, *actor, *expected;
	} cases[] = {
		{device, "xinyi", "chen", "applied"},
		{device, NULL, "chen", "applied"},
		{device, "ximen", "chen", "wrong_store"},
		{device, "xinyi", "lee", "no_right"},
		{device, "xinyi", "chang", "unknown_staff"},
		{device, "xinyi", NULL, "unknown_staff"},
		{clerk, "xinyi", "chen", "no_right"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *line = hq_line(f, "stock.adjust", cases[i].store, cases[i].actor, found);

		assert_string_equal(hq_try(f, cases[i].token, line), cases[i].expected);
		free(line);
	}
}

/* A token of role manager makes no managers, whoever it says is acting. */
static void test_token_caps_the_actor(void **state)
{
	struct hq_fixture *f = *state;
	char manager[HQ_SECRET_SIZE], error[200];
	const char *xinyi[] = {"xinyi"};

	hq_do(f, "staff.put", NULL, "{'id':'ho','name':'Ho','role':'hq','stores':['xinyi']}");
	assert_true(hq_make_token(f->hq, &(struct hq_token_wish){"manager", xinyi, 1}, f->now_ms,
		manager, error, sizeof(error)));
	for (int i = 0; i < 2; i++) {
		char *line = hq_line(f, "staff.put", "xinyi", "ho",
			i ? "{'id':'kim','name':'Kim','role':'clerk','stores':['xinyi']}"
			  : "{'id':'kim','name':'Kim','role':'manager','stores':['xinyi']}");

		assert_string_equal(hq_try(f, manager, line), i ? "applied" : "no_right");
		free(line);
	}
}

/* The verdict names the feeds of the rows the command itself touched, not those of its neighbours. */
static void test_feeds_of_a_verdict(void **state)
{
	struct hq_fixture *f = *state;
	char *lines[] = {
		hq_line(f, "product.put", NULL, "x", "{'sku':'F1','name':'Fan'}"),
		hq_line(f, "stock.adjust", "ximen", "x",
			"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':1}]}"),
	};
	char *body = joined(2, lines);
	cJSON *verdicts = hq_send(f, f->token, body);
	const cJSON *product = cJSON_GetObjectItem(cJSON_GetArrayItem(verdicts, 0), "feeds");
	const cJSON *stock = cJSON_GetObjectItem(cJSON_GetArrayItem(verdicts, 1), "feeds");

	assert_int_equal(cJSON_GetArraySize(product), 1);
	assert_non_null(cJSON_GetObjectItem(product, "catalogue"));
	assert_int_equal(cJSON_GetArraySize(stock), 1);
	assert_true(cJSON_IsString(cJSON_GetObjectItem(stock, "store:ximen")));
	cJSON_Delete(verdicts);
	free(body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hq_fixture_open, hq_fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_replay),
		TEST(test_twice_in_a_request),
		TEST(test_refusal_is_kept),
		TEST(test_bad_lines),
		TEST(test_too_large),
		TEST(test_lines_see_each_other),
		TEST(test_parked_until_known),
		TEST(test_many_wait_for_one),
		TEST(test_waits_for_the_next),
		TEST(test_fault_is_parked),
		TEST(test_error_stores_nothing),
		TEST(test_pin_is_hidden),
		TEST(test_rights),
		TEST(test_token_caps_the_actor),
		TEST(test_feeds_of_a_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
