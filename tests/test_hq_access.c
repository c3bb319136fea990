/* Who gets in, what they may see, and how lists and documents are asked for. */
#include "hq_fixture.h"

#include "hq/handle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HOUR_MS (INT64_C(3600) * 1000)

static int enrol(struct hq_fixture *f, const char *code)
{
	char body[128];

	snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
	return hq_ask(f, NULL, "POST", "/v1/enrol", body);
}

/* A code enrols one device, however it is typed, and within 24 hours. */
static void test_enrol_code(void **state)
{
	struct hq_fixture *f = *state;
	const char *stores[] = {"xinyi"}, *nowhere[] = {"nowhere"};
	char code[HQ_SECRET_SIZE], error[200];

	assert_true(hq_make_enrol_code(f->hq, stores, 1, f->now_ms, code, error, sizeof(error)));
	for (char *at = code; *at; at++)
		*at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at == '-' ? ' ' : *at;
	assert_int_equal(enrol(f, code), 200);
	assert_true(hq_says(f, "\"stores\":[\"xinyi\"]"));
	assert_int_equal(enrol(f, code), 404);
	assert_true(hq_says(f, "code_unknown"));
	assert_true(hq_make_enrol_code(f->hq, stores, 1, f->now_ms, code, error, sizeof(error)));
	f->now_ms += 25 * HOUR_MS;
	assert_int_equal(enrol(f, code), 404);
	assert_false(hq_make_enrol_code(f->hq, nowhere, 1, f->now_ms, code, error, sizeof(error)));
	assert_non_null(strstr(error, "nowhere"));
	assert_int_equal(hq_ask(f, NULL, "POST", "/v1/enrol", "{}"), 400);
	assert_int_equal(hq_ask(f, NULL, "POST", "/v1/enrol", "rubbish"), 400);
}

/* A device's id begins with its name as far as that is a word, and two of one name are told apart. */
static void test_device_name(void **state)
{
	struct hq_fixture *f = *state;
	const char *stores[] = {"xinyi"};
	char code[HQ_SECRET_SIZE], error[200], body[256], first[HQ_SECRET_SIZE] = "";

	for (int i = 0; i < 2; i++) {
		assert_true(hq_make_enrol_code(
			f->hq, stores, 1, f->now_ms, code, error, sizeof(error)));
		snprintf(body, sizeof(body),
			"{\"code\":\"%s\",\"name\":\"counter 1\\u001b櫃.example.com\"}", code);
		assert_int_equal(hq_ask(f, NULL, "POST", "/v1/enrol", body), 200);
		cJSON *answer = hq_body(f);
		const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(answer, "device"));

		assert_memory_equal(id, "counter-1-", 10);
		assert_int_equal(strlen(id), 26);
		assert_string_not_equal(id, first);
		snprintf(first, sizeof(first), "%s", id);
		cJSON_Delete(answer);
	}
}

/* Without a token, or with a wrong one, nothing is told. */
static void test_tokens(void **state)
{
	struct hq_fixture *f = *state;
	char device[HQ_SECRET_SIZE], error[200], token[HQ_SECRET_SIZE];

	hq_enrol(f, "xinyi", device);
	assert_int_equal(hq_get(f, NULL, "/v1/hello"), 401);
	assert_true(f->answer.no_store);
	assert_int_equal(hq_get(f, "ctd_wrong", "/v1/hello"), 401);
	assert_int_equal(hq_get(f, device, "/v1/hello"), 200);
	assert_int_equal(hq_get(f, NULL, "/v1/health"), 200);
	assert_int_equal(hq_get(f, NULL, "/metrics"), 200);
	assert_true(hq_says(f, "countertop_commands_total{status=\"applied\"}"));
	assert_false(hq_make_token(
		f->hq, &(struct hq_token_wish){.role = "king"}, 0, token, error, sizeof(error)));
	assert_false(hq_make_token(
		f->hq, &(struct hq_token_wish){.role = "clerk"}, 0, token, error, sizeof(error)));
}

/* A token for ticket clerks reads tickets and nothing else, whatever there is to read. */
static void test_ticket_clerks(void **state)
{
	static const char *const open[] = {"/v1/health", "/metrics", "/v1/hello", "/v1/commands",
		"/v1/tickets", "/v1/redemptions", "/v1/refused_scans", "/v1/dossiers",
		"/v1/stores"};
	struct hq_fixture *f = *state;
	char token[HQ_SECRET_SIZE], error[200], path[100];
	const char *stores[] = {"xinyi"};
	int count, closed = 0;
	const struct route *routes = route_all(&count);

	assert_true(hq_make_token(f->hq,
		&(struct hq_token_wish){.role = "ticket_clerk", .stores = stores, .store_count = 1},
		f->now_ms, token, error, sizeof(error)));
	for (int i = 0; i < count; i++) {
		bool may = false;

		for (size_t j = 0; j < sizeof(open) / sizeof(*open); j++)
			may = may || strncmp(routes[i].path, open[j], strlen(open[j])) == 0;
		if (strcmp(routes[i].method, "GET") != 0)
			continue;
		snprintf(path, sizeof(path), "%.*sX", (int)strcspn(routes[i].path, "*"),
			routes[i].path);
		if (!strchr(routes[i].path, '*'))
			path[strlen(path) - 1] = '\0';
		if ((hq_get(f, token, path) == 403) == may)
			fail_msg("%s: %d", path, f->answer.status);
		closed += !may;
	}
	assert_true(closed > 15);
	assert_int_equal(hq_get(f, token, "/v1/stock"), 403);
	assert_true(hq_says(f, "this needs the role clerk"));
}

/* A lost device is shut out by its id, and nobody else; what it had sent stays. */
static void test_revoke(void **state)
{
	struct hq_fixture *f = *state;
	char lost[HQ_SECRET_SIZE], kept[HQ_SECRET_SIZE], id[HQ_SECRET_SIZE], error[200] = "";
	struct text list = TEXT_INIT(TEXT_SMALL);

	hq_enrol(f, "xinyi", kept);
	hq_enrol(f, "xinyi", lost);
	assert_int_equal(hq_get(f, lost, "/v1/hello"), 200);
	cJSON *hello = hq_body(f);

	snprintf(id, sizeof(id), "%s", cJSON_GetStringValue(cJSON_GetObjectItem(hello, "device")));
	cJSON_Delete(hello);
	hq_do(f, "staff.put", NULL,
		"{'id':'kim','name':'Kim','role':'manager','stores':['xinyi'],'pin':'2468'}");
	char *line = hq_line(f, "stock.adjust", "xinyi", "kim",
		"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':1}]}");

	assert_string_equal(hq_try(f, lost, line), "applied");
	assert_false(hq_revoke(f->hq, "nobody", f->now_ms, error, sizeof(error)));
	assert_non_null(strstr(error, "nobody"));
	assert_true(hq_revoke(f->hq, id, f->now_ms, error, sizeof(error)));
	assert_int_equal(hq_get(f, lost, "/v1/hello"), 401);
	assert_int_equal(hq_ask(f, lost, "POST", "/v1/commands", line), 401);
	assert_int_equal(hq_get(f, kept, "/v1/hello"), 200);
	assert_int_equal(hq_get(f, f->token, "/v1/hello"), 200);
	assert_int_equal(hq_sql_int(f, "SELECT on_hand FROM stock WHERE store = 'xinyi'"), 11000);
	assert_false(hq_revoke(f->hq, id, f->now_ms, error, sizeof(error)));
	assert_non_null(strstr(error, "already"));
	assert_true(hq_list_tokens(f->hq, &list, error, sizeof(error)));
	assert_non_null(strstr(strstr(text_get(&list), id), "\trevoked "));
	text_free(&list);
	free(line);
}

/* Hello tells a device its stores and feeds with their heads and rows. */
static void test_hello(void **state)
{
	struct hq_fixture *f = *state;
	char device[HQ_SECRET_SIZE];

	hq_enrol(f, "xinyi", device);
	assert_int_equal(hq_get(f, device, "/v1/hello"), 200);
	cJSON *hello = hq_body(f);
	const cJSON *feeds = cJSON_GetObjectItem(hello, "feeds");

	assert_string_equal(
		cJSON_GetStringValue(cJSON_GetObjectItem(hello, "epoch")), hq_epoch(f->hq));
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(hello, "time")),
		"2026-09-21T14:13:20.000Z");
	assert_int_equal(cJSON_GetArraySize(feeds), 3);
	assert_string_equal(
		cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetArrayItem(feeds, 1), "feed")),
		"store:xinyi");
	/* Two members of staff, a ledger row and a stock row. */
	assert_int_equal(
		cJSON_GetNumberValue(cJSON_GetObjectItem(cJSON_GetArrayItem(feeds, 1), "rows")), 4);
	cJSON_Delete(hello);
}

/* A long-poll waits while nothing moved, and is answered by what moves or when its time is up. */
static void test_heads(void **state)
{
	struct hq_fixture *f = *state;
	char device[HQ_SECRET_SIZE], etag[64];

	hq_enrol(f, "xinyi", device);
	assert_int_equal(hq_get(f, device, "/v1/heads?wait=25"), 200);
	snprintf(etag, sizeof(etag), "%s", f->answer.etag);
	f->known = etag;
	assert_int_equal(hq_get(f, device, "/v1/heads"), 304);
	assert_int_equal(hq_get(f, device, "/v1/heads?wait=25"), 0);
	assert_int_equal(f->answer.wait_ms, 25000);
	f->waited_ms = 24000;
	assert_int_equal(hq_get(f, device, "/v1/heads?wait=25"), 0);
	assert_int_equal(f->answer.wait_ms, 1000);
	f->waited_ms = 25000;
	assert_int_equal(hq_get(f, device, "/v1/heads?wait=25"), 304);
	f->waited_ms = 0;
	uint64_t generation = hq_generation(f->hq);

	hq_do(f, "stock.adjust", "ximen",
		"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':1}]}");
	assert_int_not_equal(hq_generation(f->hq), generation);
	assert_int_equal(hq_get(f, device, "/v1/heads?wait=25"), 0);
	hq_do(f, "stock.adjust", "xinyi",
		"{'kind':'found','reason':'r','lines':[{'sku':'A1','qty':1}]}");
	assert_int_equal(hq_get(f, device, "/v1/heads?wait=25"), 200);
	f->known = NULL;
	assert_int_equal(hq_get(f, device, "/v1/heads?wait=1000"), 400);
}

/* Lists are arrays of a device's own documents; stock may be asked of any store. */
static void test_lists(void **state)
{
	struct hq_fixture *f = *state;
	char device[HQ_SECRET_SIZE], target[100];

	hq_enrol(f, "xinyi", device);
	hq_do(f, "store.put", NULL, "{'id':'tainan','name':'Tainan','kind':'shop','enabled':true}");
	hq_do(f, "stock.open", NULL, "{'store':'tainan','lines':[{'sku':'A1','qty':7}]}");
	hq_do(f, "outbound.create", "ximen", "{'to':'tainan','lines':[{'sku':'A1','qty':1}]}");
	snprintf(target, sizeof(target), "/v1/movements/%s", f->id);
	assert_int_equal(hq_get(f, device, "/v1/movements"), 200);
	assert_true(hq_says(f, "[]"));
	assert_int_equal(hq_get(f, device, target), 404);
	assert_int_equal(hq_get(f, f->token, target), 200);
	assert_true(hq_says(f, "\"ordered\":1"));
	assert_int_equal(hq_get(f, f->token, "/v1/movements?store=tainan&status=pending"), 200);
	assert_true(hq_says(f, "\"status\":\"pending\""));
	assert_int_equal(hq_get(f, device, "/v1/movements?store=tainan"), 403);
	assert_int_equal(hq_get(f, device, "/v1/stock?store=tainan&sku=A1"), 200);
	assert_true(hq_says(f, "\"on_hand\":7"));
	assert_int_equal(hq_get(f, device, "/v1/products/A1"), 200);
	assert_int_equal(hq_get(f, device, "/v1/stores"), 200);
	assert_int_equal(hq_get(f, device, "/v1/tickets"), 200);
	assert_int_equal(hq_get(f, device, "/v1/stocktakes"), 200);
	assert_int_equal(hq_get(f, device, "/v1/redemptions"), 200);
	assert_int_equal(hq_get(f, device, "/v1/exceptions"), 200);
}

/* A list goes on where its Link says, until every item was seen once. */
static void test_link(void **state)
{
	struct hq_fixture *f = *state;
	char target[400] = "/v1/products?limit=2&q=tea", data[80];
	int seen = 0, pages = 0;

	for (int i = 0; i < 5; i++) {
		snprintf(data, sizeof(data), "{'sku':'P %d/%%','name':'Tea %d'}", i, i);
		hq_do(f, "product.put", NULL, data);
	}
	do {
		assert_int_equal(hq_get(f, f->token, target), 200);
		cJSON *page = hq_body(f);

		seen += cJSON_GetArraySize(page);
		pages++;
		cJSON_Delete(page);
		const char *link = text_get(&f->answer.link);

		snprintf(target, sizeof(target), "%.*s", (int)strcspn(link, ">") - (*link == '<'),
			link + (*link == '<'));
	} while (target[0] && pages < 10);
	assert_int_equal(seen, 6);
	assert_int_equal(pages, 3);
}

/* Anything wrong in a request is named in a problem. */
static void test_problems(void **state)
{
	struct hq_fixture *f = *state;
	static const struct {
		const char *method, *target;
		int status;
		const char *named;
	} cases[] = {
		{"GET", "/v1/movements?colour=red", 400, "colour"},
		{"GET", "/v1/movements?limit=0", 400, "limit"},
		{"GET", "/v1/movements?limit=x", 400, "limit"},
		{"GET", "/v1/movements?since=yesterday", 400, "since"},
		{"GET", "/v1/movements?q=%zz", 400, "q"},
		{"GET", "/v1/movements?q=a&q=b", 400, "q"},
		{"GET", "/v1/changes?limit=100000", 400, "limit"},
		{"GET", "/v1/hello?x=1", 400, "x"},
		{"GET", "/v1/movements/none", 404, "none"},
		{"GET", "/v1/products/none", 404, "none"},
		{"GET", "/v1/commands/none", 404, "none"},
		{"GET", "/v2/hello", 404, "/v2/hello"},
		{"GET", "/v1/commands", 405, "POST"},
		{"DELETE", "/v1/movements", 405, "GET"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (hq_ask(f, f->token, cases[i].method, cases[i].target, NULL) != cases[i].status)
			fail_msg("%s: %d %s", cases[i].target, f->answer.status,
				text_get(&f->answer.body));
		assert_string_equal(f->answer.content_type, "application/problem+json");
		assert_true(f->answer.no_store);
		assert_true(hq_says(f, "\"type\":\"urn:countertop:problem:"));
		if (!hq_says(f, cases[i].named))
			fail_msg("%s: %s", cases[i].target, text_get(&f->answer.body));
	}
	assert_string_equal(f->answer.allow, "GET, HEAD");
}

/* A backup is whole and has no epoch; the one who serves it mints another, as for a new database. */
static void test_backup(void **state)
{
	struct hq_fixture *f = *state;
	char path[300], url[320], error[300] = "", epoch[HQ_SECRET_SIZE];

	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	snprintf(url, sizeof(url), "sqlite:%s", path);
	snprintf(epoch, sizeof(epoch), "%s", hq_epoch(f->hq));
	if (!hq_backup(f->hq, path, error, sizeof(error)))
		fail_msg("%s", error);
	assert_false(hq_backup(f->hq, path, error, sizeof(error)));
	assert_non_null(strstr(error, "exists already"));
	hq_close(f->hq);
	f->hq = hq_open(&(struct hq_options){.url = url}, error, sizeof(error));
	assert_non_null(f->hq);
	assert_string_equal(hq_epoch(f->hq), "");
	assert_true(hq_start(f->hq));
	assert_string_not_equal(hq_epoch(f->hq), "");
	assert_string_not_equal(hq_epoch(f->hq), epoch);
	assert_int_equal(hq_get(f, f->token, "/v1/stock?store=xinyi"), 200);
	assert_true(hq_says(f, "\"on_hand\":10"));
	hq_fixture_reopen(f);
	assert_string_equal(hq_epoch(f->hq), epoch);
}

/* What is no database of HQ is refused with a sentence, and never written to. */
static void test_open(void **state)
{
	struct hq_fixture *f = *state;
	char error[300];
	const struct {
		struct hq_options options;
		const char *said;
	} cases[] = {
		{{.url = f->url, .create = true}, "already"},
		{{.url = "sqlite:/nowhere/at/all.db"}, "/nowhere/at/all.db"},
		{{.url = "postgresql://localhost/x"}, "not built in"},
		{{.url = "hq.db"}, "sqlite:PATH"},
		{{.url = "sqlite:"}, "sqlite:PATH"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_null(hq_open(&cases[i].options, error, sizeof(error)));
		assert_non_null(strstr(error, cases[i].said));
	}
	hq_sql(f, "PRAGMA user_version = 99");
	assert_null(hq_open(&(struct hq_options){.url = f->url}, error, sizeof(error)));
	assert_non_null(strstr(error, "version 99"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hq_fixture_open, hq_fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_enrol_code),
		TEST(test_device_name),
		TEST(test_tokens),
		TEST(test_ticket_clerks),
		TEST(test_revoke),
		TEST(test_hello),
		TEST(test_heads),
		TEST(test_lists),
		TEST(test_link),
		TEST(test_problems),
		TEST(test_backup),
		TEST(test_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
