#include "net/transport_curl.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WAIT_FDS_MAX 4

struct exchange {
	CURL *easy;
	struct curl_slist *headers;
	char *body; /* of the request */
	size_t head_bytes;
	bool ended;
	struct response response;
};

struct transport_curl {
	CURLM *multi;
	struct transport_limits limits;
	struct exchange exchanges[SLOT_COUNT];
};

struct transport_curl *transport_curl_open(void)
{
	struct transport_curl *curl = calloc(1, sizeof *curl);

	if (!curl || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(curl);
		return NULL;
	}
	curl->limits = TRANSPORT_LIMITS;
	curl->multi = curl_multi_init();
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		curl->exchanges[slot].easy = curl_easy_init();
	if (curl->multi && curl->exchanges[SLOT_PUSH].easy && curl->exchanges[SLOT_PULL].easy &&
		curl->exchanges[SLOT_POLL].easy)
		return curl;
	transport_curl_close(curl);
	return NULL;
}

static void forget(struct exchange *exchange)
{
	curl_slist_free_all(exchange->headers);
	free(exchange->body);
	text_free(&exchange->response.body);
	exchange->headers = NULL;
	exchange->body = NULL;
	exchange->head_bytes = 0;
	exchange->ended = false;
	memset(&exchange->response, 0, sizeof exchange->response);
}

void transport_curl_close(struct transport_curl *curl)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		struct exchange *exchange = &curl->exchanges[slot];

		if (exchange->easy && curl->multi)
			curl_multi_remove_handle(curl->multi, exchange->easy);
		curl_easy_cleanup(exchange->easy);
		forget(exchange);
	}
	curl_multi_cleanup(curl->multi);
	curl_global_cleanup();
	free(curl);
}

void transport_curl_limit(struct transport_curl *curl, const struct transport_limits *limits)
{
	curl->limits = *limits;
}

/* ---- the address ---- */

/* 127.0.0.1.example.com is somebody else's machine: only a whole address counts. */
static bool is_loopback(const char *host)
{
	struct in_addr address;

	if (inet_pton(AF_INET, host, &address) == 1)
		return ntohl(address.s_addr) >> 24 == 127;
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

enum transport_fault transport_curl_check(const char *url)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *host = NULL;
	enum transport_fault fault = FAULT_BAD_URL;

	if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		if (strcmp(scheme, "https") == 0)
			fault = FAULT_NONE;
		else if (strcmp(scheme, "http") == 0)
			fault = is_loopback(host) ? FAULT_NONE : FAULT_INSECURE;
	}
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(parts);
	return fault;
}

/* ---- one exchange ---- */

static size_t take_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct exchange *exchange = ctx;

	text_add_bytes(&exchange->response.body, bytes, size * count);
	return text_ok(&exchange->response.body) ? size * count : 0;
}

/* The value of a header line if it is the one named. */
static bool header_is(const char *line, size_t length, const char *name, char *value, size_t size)
{
	size_t named = strlen(name);
	size_t from = named + 1;

	if (length <= named || strncasecmp(line, name, named) != 0 || line[named] != ':')
		return false;
	while (from < length && line[from] == ' ')
		from++;
	while (length > from && strchr("\r\n ", line[length - 1]))
		length--;
	snprintf(value, size, "%.*s", (int)(length - from), line + from);
	return true;
}

static size_t take_header(char *line, size_t size, size_t count, void *ctx)
{
	struct exchange *exchange = ctx;
	struct response *response = &exchange->response;

	exchange->head_bytes += size * count;
	if (exchange->head_bytes > TRANSPORT_HEAD_MAX)
		return 0;
	if (!header_is(line, size * count, "ETag", response->etag, sizeof response->etag))
		header_is(
			line, size * count, "Content-Type", response->type, sizeof response->type);
	return size * count;
}

static void add_header(struct exchange *exchange, const char *name, const char *value)
{
	struct text line = TEXT_INIT(TEXT_SMALL);
	struct curl_slist *longer;

	if (!value || value[0] == '\0')
		return;
	text_addf(&line, "%s: %s", name, value);
	longer = text_ok(&line) ? curl_slist_append(exchange->headers, text_get(&line)) : NULL;
	if (longer)
		exchange->headers = longer;
	text_free(&line);
}

static void add_headers(struct exchange *exchange, const struct request *request)
{
	struct text bearer = TEXT_INIT(TEXT_SMALL);

	if (request->token && request->token[0] != '\0') {
		text_addf(&bearer, "Bearer %s", request->token);
		add_header(exchange, "Authorization", text_get(&bearer));
	}
	text_free(&bearer);
	add_header(exchange, "Epoch", request->epoch);
	add_header(exchange, "If-None-Match", request->etag);
	add_header(exchange, "Content-Type", request->body ? request->type : NULL);
	/* Without this curl asks for leave to send a large body, and waits a second for it. */
	exchange->headers = curl_slist_append(exchange->headers, "Expect:");
	if (request->waits)
		exchange->headers = curl_slist_append(exchange->headers, "Accept:");
	curl_easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, exchange->headers);
}

static void set_limits(
	CURL *easy, const struct transport_limits *limits, const struct request *request)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, limits->connect_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)TRANSPORT_BODY_MAX);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->fresh ? 1L : 0L);
	/* A long-poll is asked again all day and mostly answered by nothing: every header counts. */
	if (!request->waits) {
		curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
		curl_easy_setopt(easy, CURLOPT_USERAGENT, "countertop");
		curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, limits->slow_bytes_per_s);
		curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, limits->slow_for_s);
	}
}

static bool set_body(struct exchange *exchange, const struct request *request)
{
	if (!request->body)
		return true;
	exchange->body = malloc(request->length + 1);
	if (!exchange->body)
		return false;
	memcpy(exchange->body, request->body, request->length);
	curl_easy_setopt(exchange->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->length);
	curl_easy_setopt(exchange->easy, CURLOPT_POSTFIELDS, exchange->body);
	return true;
}

static void fail(struct exchange *exchange, enum transport_fault fault)
{
	exchange->response.fault = fault;
	exchange->response.status = 0;
	exchange->ended = true;
}

static void curl_submit(void *ctx, enum transport_slot slot, const struct request *request)
{
	struct transport_curl *curl = ctx;
	struct exchange *exchange = &curl->exchanges[slot];
	enum transport_fault fault = transport_curl_check(request->base);
	struct text url = TEXT_INIT(TEXT_SMALL);

	forget(exchange);
	exchange->response.body = TEXT_INIT(TRANSPORT_BODY_MAX);
	exchange->response.retry_after_ms = -1;
	text_addf(&url, "%s%s", request->base, request->path);
	curl_easy_reset(exchange->easy);
	if (fault == FAULT_NONE && (!text_ok(&url) || !set_body(exchange, request)))
		fault = FAULT_OTHER;
	if (fault != FAULT_NONE) {
		fail(exchange, fault);
		text_free(&url);
		return;
	}
	curl_easy_setopt(exchange->easy, CURLOPT_URL, text_get(&url));
	set_limits(exchange->easy, &curl->limits, request);
	add_headers(exchange, request);
	curl_easy_setopt(exchange->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(exchange->easy, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(exchange->easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(exchange->easy, CURLOPT_HEADERDATA, exchange);
	if (curl_multi_add_handle(curl->multi, exchange->easy) != CURLM_OK)
		fail(exchange, FAULT_OTHER);
	text_free(&url);
}

static enum transport_fault fault_of(const struct exchange *exchange, CURLcode code)
{
	if (exchange->response.body.broken || exchange->head_bytes > TRANSPORT_HEAD_MAX)
		return FAULT_TOO_LARGE;
	switch (code) {
	case CURLE_OK:
		return FAULT_NONE;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
		return FAULT_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT:
		return FAULT_TIMEOUT;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_BAD_CONTENT_ENCODING:
		return FAULT_CUT;
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_OUT_OF_MEMORY: /* so curl calls a header that is longer than it takes */
		return FAULT_TOO_LARGE;
	case CURLE_PEER_FAILED_VERIFICATION:
		return FAULT_TLS;
	case CURLE_SSL_CONNECT_ERROR:
		return FAULT_NO_TLS;
	case CURLE_UNSUPPORTED_PROTOCOL: /* the address was looked at before: it is HTTP/0.9 */
	case CURLE_WEIRD_SERVER_REPLY:
		return FAULT_NOT_HTTP;
	case CURLE_URL_MALFORMAT:
		return FAULT_BAD_URL;
	default:
		return FAULT_OTHER;
	}
}

static void end(struct transport_curl *curl, struct exchange *exchange, CURLcode code)
{
	long status = 0;
	curl_off_t after_s = 0;

	exchange->ended = true;
	exchange->response.fault = fault_of(exchange, code);
	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(exchange->easy, CURLINFO_RETRY_AFTER, &after_s);
	exchange->response.status = exchange->response.fault == FAULT_NONE ? (int)status : 0;
	/* A date in the past comes out negative, one far off would overflow. */
	if (after_s > 0)
		exchange->response.retry_after_ms = (after_s > 86400 ? 86400 : after_s) *
			(int64_t)1000;
	curl_multi_remove_handle(curl->multi, exchange->easy);
}

static void perform(struct transport_curl *curl)
{
	int running, left;
	CURLMsg *message;

	curl_multi_perform(curl->multi, &running);
	while ((message = curl_multi_info_read(curl->multi, &left)) != NULL) {
		for (int slot = 0; slot < SLOT_COUNT; slot++)
			if (message->msg == CURLMSG_DONE &&
				curl->exchanges[slot].easy == message->easy_handle) {
				end(curl, &curl->exchanges[slot], message->data.result);
				break;
			}
	}
}

static bool curl_take(void *ctx, enum transport_slot slot, struct response *response)
{
	struct transport_curl *curl = ctx;
	struct exchange *exchange = &curl->exchanges[slot];

	if (!exchange->ended)
		perform(curl);
	if (!exchange->ended)
		return false;
	*response = exchange->response;
	memset(&exchange->response, 0, sizeof exchange->response);
	forget(exchange);
	return true;
}

static void curl_cancel(void *ctx, enum transport_slot slot)
{
	struct transport_curl *curl = ctx;

	curl_multi_remove_handle(curl->multi, curl->exchanges[slot].easy);
	forget(&curl->exchanges[slot]);
}

static int64_t curl_bytes(void *ctx, enum transport_slot slot)
{
	struct transport_curl *curl = ctx;
	curl_off_t up = 0, down = 0;

	curl_easy_getinfo(curl->exchanges[slot].easy, CURLINFO_SIZE_UPLOAD_T, &up);
	curl_easy_getinfo(curl->exchanges[slot].easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
	return up + down;
}

struct transport transport_curl_of(struct transport_curl *curl)
{
	return (struct transport){curl, curl_submit, curl_take, curl_cancel, curl_bytes};
}

void transport_curl_wait(struct transport_curl *curl, const int *fds, int fd_count, int timeout_ms)
{
	struct curl_waitfd waits[WAIT_FDS_MAX] = {0};
	int count = 0;

	for (int slot = 0; slot < SLOT_COUNT; slot++)
		if (curl->exchanges[slot].ended)
			return;
	for (int i = 0; i < fd_count && count < WAIT_FDS_MAX; i++)
		if (fds[i] >= 0)
			waits[count++] = (struct curl_waitfd){
				.fd = fds[i], .events = CURL_WAIT_POLLIN};
	curl_multi_poll(curl->multi, waits, (unsigned)count, timeout_ms, NULL);
	perform(curl);
}
