/* What HQ says over HTTP, with a service's token. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "model/text.h"
#include "model/uuid.h"
#include "model/when.h"
#include "tests/e2e_parts.h"

#define URL_BYTES 1024
#define REST_SECONDS 20

static size_t take_bytes(char *bytes, size_t size, size_t count, void *ctx)
{
	text_add_bytes(ctx, bytes, size * count);
	return size * count;
}

/* The status; the body is appended. secret: of whom; line: what to post, or NULL. */
static long ask(const char *secret, const char *path, const char *line, struct text *body)
{
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = NULL;
	char url[URL_BYTES], token[256];
	long status = 0;

	assert_non_null(curl);
	snprintf(url, sizeof url, "%s%s", e2e_hq_url(), path);
	snprintf(token, sizeof token, "Authorization: Bearer %s", secret);
	headers = curl_slist_append(headers, token);
	if (line)
		headers = curl_slist_append(headers, "Content-Type: application/x-ndjson");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)REST_SECONDS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
	if (line)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, line);
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return status;
}

static cJSON *get_path(const char *path)
{
	struct text body = TEXT_INIT(TEXT_LARGE);
	long status = ask(e2e_token(), path, NULL, &body);
	cJSON *json = NULL;

	if (status != 200 && status != 404)
		fail_msg("GET %s: %ld %s", path, status, text_get(&body));
	if (status == 200) {
		json = cJSON_Parse(text_get(&body));
		assert_non_null(json);
	}
	text_free(&body);
	return json;
}

cJSON *e2e_get(const char *format, ...)
{
	char path[URL_BYTES / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof path, format, args);
	va_end(args);
	return get_path(path);
}

char *e2e_body(const char *secret, const char *path)
{
	struct text body = TEXT_INIT(TEXT_LARGE);
	long status = ask(secret, path, NULL, &body);

	if (status != 200)
		fail_msg("GET %s: %ld %s", path, status, text_get(&body));
	return text_take(&body);
}

char *e2e_answer(const char *secret, const char *path, long *status)
{
	struct text body = TEXT_INIT(TEXT_LARGE);

	*status = ask(secret, path, NULL, &body);
	return text_take(&body);
}

char *e2e_post(const char *lines)
{
	struct text body = TEXT_INIT(TEXT_LARGE);
	long status = ask(e2e_token(), "/v1/commands", lines, &body);

	if (status != 200)
		fail_msg("POST: %ld %s", status, text_get(&body));
	return text_take(&body);
}

/* Appends one line, newline included; its id. */
static const char *add_line(struct text *lines, const char *store, const char *op, const char *data)
{
	static struct uuid_source uuids;
	static char id[UUID_SIZE];
	uint8_t random[10];
	char at[WHEN_SIZE];

	assert_int_equal(getrandom(random, sizeof random, 0), sizeof random);
	uuid_make(&uuids, (int64_t)time(NULL) * 1000, random, id);
	when_format((int64_t)time(NULL) * 1000, at);
	text_addf(
		lines, "{\"id\":\"%s\",\"op\":\"%s\",\"v\":1,\"at\":\"%s\",\"store\":", id, op, at);
	text_add_json(lines, store);
	text_addf(lines, ",\"actor\":\"test\",\"data\":%s}\n", data);
	return id;
}

/* Every line must be applied. */
static void post(struct text *lines, int count)
{
	struct text answer = TEXT_INIT(TEXT_LARGE);
	long status = ask(e2e_token(), "/v1/commands", text_get(lines), &answer);
	int applied = 0;

	for (const char *at = text_get(&answer); (at = strstr(at, "\"status\":\"applied\"")); at++)
		applied++;
	if (status != 200 || applied != count)
		fail_msg("%.2000s: %ld %.2000s", text_get(lines), status, text_get(&answer));
	text_free(&answer);
	text_clear(lines);
}

const char *e2e_command(const char *store, const char *op, const char *data)
{
	struct text lines = TEXT_INIT(TEXT_LARGE);
	const char *id = add_line(&lines, store, op, data);

	post(&lines, 1);
	text_free(&lines);
	return id;
}

#define AT_ONCE 100
#define DATA_BYTES 6000

void e2e_commands(
	const char *store, const char *op, int count, void (*each)(int i, char *data, size_t size))
{
	struct text lines = TEXT_INIT(TEXT_LARGE);
	char data[DATA_BYTES];

	for (int i = 0; i < count; i++) {
		each(i, data, sizeof data);
		add_line(&lines, store, op, data);
		if (i % AT_ONCE == AT_ONCE - 1 || i == count - 1)
			post(&lines, i % AT_ONCE + 1);
	}
	text_free(&lines);
}

/* ------------------------------------------------------------------ stock */

static double number(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);

	return cJSON_IsNumber(member) ? member->valuedouble : -1;
}

struct e2e_stock e2e_stock_of(const char *store, const char *sku)
{
	cJSON *rows = e2e_get("/v1/stock?store=%s&sku=%s", store, sku);
	const cJSON *row = cJSON_GetArrayItem(rows, 0);
	struct e2e_stock stock;

	assert_non_null(row);
	stock = (struct e2e_stock){number(row, "on_hand"), number(row, "in_transit_in"),
		number(row, "in_transit_out"), number(row, "damaged")};
	cJSON_Delete(rows);
	return stock;
}

struct stock_question {
	const char *store, *sku;
	const struct e2e_stock *expected;
	struct e2e_stock found;
};

static bool stock_is(void *ctx)
{
	struct stock_question *question = ctx;
	const struct e2e_stock *expected = question->expected;
	struct e2e_stock *found = &question->found;

	/* Quantities are thousandths: whole numbers of them are exact, so are these few. */
	*found = e2e_stock_of(question->store, question->sku);
	return found->on_hand == expected->on_hand &&
		found->in_transit_in == expected->in_transit_in &&
		found->in_transit_out == expected->in_transit_out &&
		found->damaged == expected->damaged;
}

void e2e_expect_stock(const char *store, const char *sku, const struct e2e_stock *expected)
{
	struct stock_question question = {.store = store, .sku = sku, .expected = expected};
	char what[200];

	snprintf(what, sizeof what, "stock of %s at %s: %g on hand, %g in, %g out, %g damaged", sku,
		store, expected->on_hand, expected->in_transit_in, expected->in_transit_out,
		expected->damaged);
	e2e_wait(stock_is, &question, what);
}

/* ------------------------------------------------------------------ documents */

const char *e2e_field(const char *kind, const char *id, const char *member)
{
	static char text[256];
	cJSON *document = e2e_get("/v1/%s/%s", kind, id);
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(document, member);

	snprintf(text, sizeof text, "%s", cJSON_IsString(value) ? value->valuestring : "");
	cJSON_Delete(document);
	return text;
}

struct field_question {
	const char *kind, *id, *member, *expected;
};

static bool field_is(void *ctx)
{
	const struct field_question *question = ctx;

	return strcmp(e2e_field(question->kind, question->id, question->member),
		       question->expected) == 0;
}

void e2e_expect_field(const char *kind, const char *id, const char *member, const char *expected)
{
	struct field_question question = {kind, id, member, expected};
	char what[200];

	snprintf(what, sizeof what, "%s %s of %s at HQ", member, expected, id);
	e2e_wait(field_is, &question, what);
}
