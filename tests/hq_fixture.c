#include "hq_fixture.h"

#include "model/db.h"
#include "tests/fault_vfs.h"
#include "tests/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void open_hq(struct hq_fixture *f, bool create)
{
	char error[300] = "";
	struct hq_options options = {
		.url = f->url, .create = create, .relaxed = true, .vfs = fault_vfs()};

	f->hq = hq_open(&options, error, sizeof(error));
	if (!f->hq)
		fail_msg("%s", error);
	assert_true(hq_start(f->hq));
}

static void make_world(struct hq_fixture *f)
{
	hq_do(f, "store.put", NULL, "{'id':'xinyi','name':'Xinyi','kind':'shop','enabled':true}");
	hq_do(f, "store.put", NULL, "{'id':'ximen','name':'Ximen','kind':'shop','enabled':true}");
	hq_do(f, "product.put", NULL, "{'sku':'A1','name':'Tea'}");
	hq_do(f, "stock.open", NULL, "{'store':'xinyi','lines':[{'sku':'A1','qty':10}]}");
	hq_do(f, "stock.open", NULL, "{'store':'ximen','lines':[{'sku':'A1','qty':10}]}");
	hq_do(f, "staff.put", NULL,
		"{'id':'chen','name':'Chen','role':'manager','stores':['xinyi']}");
	hq_do(f, "staff.put", NULL, "{'id':'lee','name':'Lee','role':'clerk','stores':['xinyi']}");
	hq_do(f, "staff.put", NULL,
		"{'id':'chang','name':'Chang','role':'manager','stores':['ximen']}");
}

int hq_fixture_open(void **state)
{
	struct hq_fixture *f = calloc(1, sizeof(*f));
	char error[300] = "";

	assert_non_null(f);
	f->now_ms = INT64_C(1790000000000);
	folder_make(f->dir, sizeof(f->dir));
	snprintf(f->url, sizeof(f->url), "sqlite:%s/hq.db", f->dir);
	open_hq(f, true);
	assert_true(hq_make_token(f->hq, &(struct hq_token_wish){.role = "hq"}, f->now_ms, f->token,
		error, sizeof(error)));
	make_world(f);
	*state = f;
	return 0;
}

int hq_fixture_close(void **state)
{
	static const char *const files[] = {
		"hq.db", "hq.db-wal", "hq.db-shm", "copy.db", "copy.db-wal", "copy.db-shm"};
	struct hq_fixture *f = *state;
	char path[300];

	hq_answer_free(&f->answer);
	hq_close(f->hq);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->dir, files[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

void hq_fixture_reopen(struct hq_fixture *f)
{
	hq_close(f->hq);
	open_hq(f, false);
}

/* ---- asking ---- */

int hq_ask(struct hq_fixture *f, const char *token, const char *method, const char *target,
	const char *body)
{
	char bearer[HQ_SECRET_SIZE + 16], path[2048];
	size_t length = strcspn(target, "?");

	snprintf(bearer, sizeof(bearer), "Bearer %s", token ? token : "");
	snprintf(path, sizeof(path), "%.*s", (int)length, target);
	hq_answer_free(&f->answer);
	struct hq_request request = {
		.method = method,
		.path = path,
		.query = target[length] ? target + length + 1 : NULL,
		.authorization = token ? bearer : NULL,
		.epoch = f->epoch,
		.if_none_match = f->known,
		.accept_encoding = f->accept,
		.body = body,
		.body_length = body ? strlen(body) : 0,
		.waited_ms = f->waited_ms,
	};
	hq_handle(f->hq, &request, &f->answer, f->now_ms);
	return f->answer.status;
}

int hq_get(struct hq_fixture *f, const char *token, const char *target)
{
	return hq_ask(f, token, "GET", target, NULL);
}

cJSON *hq_body(struct hq_fixture *f)
{
	cJSON *body = cJSON_Parse(text_get(&f->answer.body));

	assert_non_null(body);
	return body;
}

bool hq_says(struct hq_fixture *f, const char *text)
{
	return strstr(text_get(&f->answer.body), text) != NULL;
}

/* ---- commands ---- */

char *hq_line(struct hq_fixture *f, const char *op, const char *store, const char *actor,
	const char *data)
{
	struct text line = TEXT_INIT(TEXT_LARGE);

	snprintf(f->id, sizeof(f->id), "01999999-0000-7000-8000-%012d", ++f->ids);
	text_addf(&line,
		"{\"id\":\"%s\",\"op\":\"%s\",\"v\":1,\"at\":\"2026-09-21T14:13:20.000Z\",\"store\":",
		f->id, op);
	text_add_json(&line, store);
	text_add(&line, ",\"actor\":");
	text_add_json(&line, actor);
	text_add(&line, ",\"data\":");
	for (; *data; data++)
		text_add_bytes(&line, *data == '\'' ? "\"" : data, 1);
	text_add(&line, "}\n");
	return text_take(&line);
}

cJSON *hq_send(struct hq_fixture *f, const char *token, const char *body)
{
	cJSON *verdicts = cJSON_CreateArray();

	assert_int_equal(hq_ask(f, token, "POST", "/v1/commands", body), 200);
	for (const char *at = text_get(&f->answer.body); *at;) {
		const char *end;
		cJSON *verdict = cJSON_ParseWithOpts(at, &end, false);

		assert_non_null(verdict);
		assert_int_equal(*end, '\n');
		cJSON_AddItemToArray(verdicts, verdict);
		at = end + 1;
	}
	return verdicts;
}

const char *hq_try(struct hq_fixture *f, const char *token, const char *line)
{
	static char word[64];
	cJSON *verdicts = hq_send(f, token, line);
	const cJSON *verdict = cJSON_GetArrayItem(verdicts, 0);
	const char *code = cJSON_GetStringValue(cJSON_GetObjectItem(verdict, "code"));
	const char *status = cJSON_GetStringValue(cJSON_GetObjectItem(verdict, "status"));

	assert_int_equal(cJSON_GetArraySize(verdicts), 1);
	snprintf(word, sizeof(word), "%s", code && strcmp(status, "rejected") == 0 ? code : status);
	cJSON_Delete(verdicts);
	return word;
}

void hq_do(struct hq_fixture *f, const char *op, const char *store, const char *data)
{
	char *line = hq_line(f, op, store, "test", data);

	if (strcmp(hq_try(f, f->token, line), "applied") != 0)
		fail_msg("%s: %s", line, text_get(&f->answer.body));
	free(line);
}

void hq_enrol(struct hq_fixture *f, const char *stores, char token[HQ_SECRET_SIZE])
{
	char code[HQ_SECRET_SIZE], error[300] = "", body[128], list[64];
	const char *ids[4];
	int count = 0;

	snprintf(list, sizeof(list), "%s", stores);
	for (char *at = list, *next; at && count < 4; at = next) {
		next = strchr(at, ',');
		if (next)
			*next++ = '\0';
		ids[count++] = at;
	}
	assert_true(hq_make_enrol_code(f->hq, ids, count, f->now_ms, code, error, sizeof(error)));
	snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
	assert_int_equal(hq_ask(f, NULL, "POST", "/v1/enrol", body), 200);
	cJSON *answer = hq_body(f);

	snprintf(token, HQ_SECRET_SIZE, "%s",
		cJSON_GetStringValue(cJSON_GetObjectItem(answer, "token")));
	cJSON_Delete(answer);
}

/* ---- the database behind it ---- */

static struct db *open_db(struct hq_fixture *f)
{
	char error[300] = "";
	struct db *db = db_open(f->url + strlen("sqlite:"),
		&(struct db_options){.must_exist = true, .busy_ms = 5000}, error, sizeof(error));

	if (!db)
		fail_msg("%s", error);
	return db;
}

void hq_sql(struct hq_fixture *f, const char *sql)
{
	struct db *db = open_db(f);

	if (!db_script(db, sql))
		fail_msg("%s", db_message(db));
	db_close(db);
}

int64_t hq_sql_int(struct hq_fixture *f, const char *sql)
{
	struct db *db = open_db(f);
	int64_t number = db_get_int(db, -1, sql, "");

	db_close(db);
	return number;
}
