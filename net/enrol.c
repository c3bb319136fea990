#include "net/enrol.h"

#include "model/i18n.h"
#include "model/json.h"
#include "net/transport_curl.h"
#include "net/trouble.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ENROL_TIMEOUT_MS 30000
#define TOKEN_MAX 512
#define HOST_MAX 256

/* Sends the code; the response's body is the caller's to free. */
static bool ask_hq(const char *base, const char *code, struct response *response)
{
	struct transport_curl *curl = transport_curl_open();
	struct text body = TEXT_INIT(TEXT_SMALL);
	struct transport transport;
	char host[HOST_MAX] = "";

	if (!curl)
		return false;
	text_add(&body, "{\"code\":");
	text_add_json(&body, code);
	/* By its host's name people know the terminal again in a history. */
	if (gethostname(host, sizeof(host) - 1) == 0 && *host) {
		text_add(&body, ",\"name\":");
		text_add_json(&body, host);
	}
	text_add(&body, "}");
	transport = transport_curl_of(curl);
	transport.submit(transport.ctx, SLOT_PUSH,
		&(struct request){.method = "POST",
			.base = base,
			.path = "/v1/enrol",
			.type = "application/json",
			.body = text_get(&body),
			.length = body.length,
			.timeout_ms = ENROL_TIMEOUT_MS});
	while (!transport.take(transport.ctx, SLOT_PUSH, response))
		transport_curl_wait(curl, NULL, 0, 1000);
	text_free(&body);
	transport_curl_close(curl);
	return true;
}

/* A word that can stand in a header: printable ASCII without spaces. */
static bool is_word(const char *word, size_t most)
{
	size_t length = word ? strlen(word) : 0;

	for (size_t i = 0; i < length; i++)
		if (word[i] <= ' ' || word[i] > '~')
			return false;
	return length > 0 && length <= most;
}

static int read_stores(const cJSON *answer, const char *stores[CONSOLE_STORES_MAX])
{
	const cJSON *store;
	int count = 0;

	cJSON_ArrayForEach(store, json_list(answer, "stores"))
	{
		if (count >= CONSOLE_STORES_MAX || !cJSON_IsString(store) ||
			store->valuestring[0] == '\0' ||
			strlen(store->valuestring) > COMMAND_ID_MAX)
			return 0;
		stores[count++] = store->valuestring;
	}
	return count;
}

static bool store_answer(struct console *console, const char *base, const cJSON *answer)
{
	const char *token = json_text(answer, "token");
	const char *device = json_text(answer, "device");
	const char *stores[CONSOLE_STORES_MAX];
	int count = read_stores(answer, stores);

	return count > 0 && is_word(token, TOKEN_MAX) && is_word(device, COMMAND_ID_MAX) &&
		console_enrol(console, base, token, device, stores, count);
}

static void say_refusal(const struct response *response, char *error, size_t size)
{
	char type[40], words[TROUBLE_SIZE];

	trouble_type(response, type, sizeof type);
	if (trouble_reached_hq(response) &&
		(strcmp(type, "code_unknown") == 0 || response->status == 400 ||
			response->status == 401 || response->status == 403)) {
		snprintf(error, size, "%s",
			_("HQ does not know this enrolment code, or it was used already. Ask HQ for a new one."));
		return;
	}
	trouble_of(response, words);
	snprintf(error, size, "%s", _(words));
}

bool net_enrol(struct console *console, const char *url, const char *code, char *error, size_t size)
{
	char base[512], problem[80];
	struct response response = {0};
	cJSON *answer = NULL;
	bool done = false;
	int length = snprintf(base, sizeof base, "%s", url);

	while (length > 0 && length < (int)sizeof base && base[length - 1] == '/')
		base[--length] = '\0';
	if (length <= 0 || length >= (int)sizeof base || !ask_hq(base, code, &response)) {
		snprintf(error, size, "%s",
			_("HQ's address is not a web address such as https://hq.example.com"));
		return false;
	}
	if (response.fault == FAULT_NONE && response.status == 200)
		answer = json_parse(
			text_get(&response.body), response.body.length, problem, sizeof problem);
	if (answer)
		done = store_answer(console, base, answer);
	if (!done && answer && db_failed(console->outbox))
		snprintf(error, size, _("The enrolment could not be saved: %s"),
			db_message(console->outbox));
	else if (!done)
		say_refusal(&response, error, size);
	cJSON_Delete(answer);
	text_free(&response.body);
	return done;
}
