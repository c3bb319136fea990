/* Many customers at one time want the last units: 16 connections place 2,000 orders of one unit where 100 are
 * on hand. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "model/json.h"
#include "model/text.h"
#include "model/uuid.h"
#include "model/when.h"
#include "tests/e2e_parts.h"

#define CONNECTIONS 16
#define ORDERS 2000
#define UNITS 100
#define LINE_BYTES 400
#define CROWD_SECONDS 240

struct customer {
	CURL *curl;
	char line[LINE_BYTES]; /* what it sends */
	struct text answer;
};

struct crowd {
	CURLM *multi;
	struct curl_slist *headers;
	struct customer customers[CONNECTIONS];
	struct uuid_source uuids;
	char url[300];
	int begun, sold, refused;
};

static size_t take_bytes(char *bytes, size_t size, size_t count, void *ctx)
{
	text_add_bytes(ctx, bytes, size * count);
	return size * count;
}

static void write_line(struct crowd *crowd, char line[LINE_BYTES])
{
	int64_t now_ms = (int64_t)time(NULL) * 1000;
	char id[UUID_SIZE], at[WHEN_SIZE];
	uint8_t random[10];

	assert_int_equal(getrandom(random, sizeof random, 0), sizeof random);
	uuid_make(&crowd->uuids, now_ms, random, id);
	when_format(now_ms, at);
	snprintf(line, LINE_BYTES,
		"{\"id\":\"%s\",\"op\":\"order.place\",\"v\":1,\"at\":\"%s\",\"actor\":\"web\","
		"\"data\":{\"number\":\"C%d\",\"channel\":\"crowd\","
		"\"lines\":[{\"sku\":\"CROWD\",\"qty\":1}]}}\n",
		id, at, crowd->begun++);
}

/* The customer places one order more, over its own connection. */
static void begin(struct crowd *crowd, struct customer *customer)
{
	if (crowd->begun == ORDERS)
		return;
	write_line(crowd, customer->line);
	text_clear(&customer->answer);
	curl_easy_setopt(customer->curl, CURLOPT_POSTFIELDS, customer->line);
	assert_int_equal(curl_multi_add_handle(crowd->multi, customer->curl), CURLM_OK);
}

static void open_customer(struct crowd *crowd, struct customer *customer)
{
	customer->answer = TEXT_INIT(TEXT_SMALL);
	customer->curl = curl_easy_init();
	assert_non_null(customer->curl);
	curl_easy_setopt(customer->curl, CURLOPT_URL, crowd->url);
	curl_easy_setopt(customer->curl, CURLOPT_HTTPHEADER, crowd->headers);
	curl_easy_setopt(customer->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(customer->curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(customer->curl, CURLOPT_WRITEDATA, &customer->answer);
	curl_easy_setopt(customer->curl, CURLOPT_PRIVATE, customer);
	begin(crowd, customer);
}

static void take_answer(struct crowd *crowd, const CURLMsg *message)
{
	struct customer *customer;
	const char *answer;

	curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &customer);
	answer = text_get(&customer->answer);
	if (message->data.result != CURLE_OK)
		fail_msg("%s", curl_easy_strerror(message->data.result));
	if (strstr(answer, "\"status\":\"applied\""))
		crowd->sold++;
	else if (strstr(answer, "\"status\":\"rejected\",\"code\":\"not_salable\""))
		crowd->refused++;
	else
		fail_msg("%.500s", answer);
	curl_multi_remove_handle(crowd->multi, customer->curl);
	begin(crowd, customer);
}

static void run(struct crowd *crowd)
{
	int64_t deadline_ms = e2e_now_ms() + (int64_t)CROWD_SECONDS * 1000;
	int running = 1, left;

	while (crowd->sold + crowd->refused < ORDERS) {
		const CURLMsg *message;

		if (e2e_now_ms() > deadline_ms)
			fail_msg("%d sold, %d refused, and then nothing", crowd->sold,
				crowd->refused);
		assert_int_equal(curl_multi_perform(crowd->multi, &running), CURLM_OK);
		while ((message = curl_multi_info_read(crowd->multi, &left)))
			take_answer(crowd, message);
		assert_int_equal(curl_multi_poll(crowd->multi, NULL, 0, 1000, NULL), CURLM_OK);
	}
}

static void open_crowd(struct crowd *crowd)
{
	char token[256];

	*crowd = (struct crowd){.multi = curl_multi_init()};
	assert_non_null(crowd->multi);
	snprintf(crowd->url, sizeof crowd->url, "%s/v1/commands", e2e_hq_url());
	snprintf(token, sizeof token, "Authorization: Bearer %s", e2e_token());
	crowd->headers = curl_slist_append(NULL, token);
	crowd->headers = curl_slist_append(crowd->headers, "Content-Type: application/x-ndjson");
	curl_multi_setopt(crowd->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS);
	for (int i = 0; i < CONNECTIONS; i++)
		open_customer(crowd, &crowd->customers[i]);
}

static void close_crowd(struct crowd *crowd)
{
	for (int i = 0; i < CONNECTIONS; i++) {
		curl_easy_cleanup(crowd->customers[i].curl);
		text_free(&crowd->customers[i].answer);
	}
	curl_slist_free_all(crowd->headers);
	curl_multi_cleanup(crowd->multi);
}

static void expect_number(const cJSON *object, const char *name, double expected)
{
	const cJSON *number = cJSON_GetObjectItem(object, name);

	assert_true(cJSON_IsNumber(number) && number->valuedouble == expected);
}

static void exactly_what_is_there_is_sold(void **state)
{
	/* Of 2,000 orders that come over 16 connections at one time exactly 100 are taken, one for each unit,
	 * and the others are told why not. */
	struct crowd crowd;

	(void)state;
	e2e_command(NULL, "product.put", "{\"sku\":\"CROWD\",\"name\":\"Last\"}");
	e2e_command(NULL, "channel.put",
		"{\"id\":\"crowd\",\"name\":\"Crowd\",\"stores\":[\"ec\",\"xinyi\"]}");
	e2e_command(NULL, "stock.open",
		"{\"store\":\"ec\",\"lines\":[{\"sku\":\"CROWD\",\"qty\":60}]}");
	e2e_command(NULL, "stock.open",
		"{\"store\":\"xinyi\",\"lines\":[{\"sku\":\"CROWD\",\"qty\":40}]}");
	open_crowd(&crowd);
	run(&crowd);
	close_crowd(&crowd);
	assert_int_equal(crowd.sold, UNITS);
	assert_int_equal(crowd.refused, ORDERS - UNITS);
	cJSON *salable = e2e_get("/v1/salable?channel=crowd&sku=CROWD");

	expect_number(salable, "salable", 0);
	expect_number(salable, "reserved", -UNITS);
	expect_number(salable, "on_hand", UNITS);
	cJSON_Delete(salable);
	cJSON *orders = e2e_get("/v1/orders?channel=crowd&limit=1000");

	assert_int_equal(cJSON_GetArraySize(orders), UNITS);
	cJSON_Delete(orders);
}

int main(void)
{
	const struct CMUnitTest tests[] = {e2e_test(exactly_what_is_there_is_sold)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
