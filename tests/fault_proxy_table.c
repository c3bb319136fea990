#include "tests/fault_proxy_parts.h"

#include <string.h>

#define NDJSON "Content-Type: application/x-ndjson\r\n"
#define PROBLEM "Content-Type: application/problem+json\r\n"
#define EMPTY "Content-Length: 0\r\n\r\n"

const struct proxy_fault proxy_fault_table[] = {
	{"none", PROXY_PASS, "", ""},
	/* the line */
	{"close", PROXY_CLOSE, "", ""},
	{"reset", PROXY_RESET, "", ""},
	{"torn-request", PROXY_TEAR, "", ""},
	{"straggler", PROXY_STRAGGLE, "", ""},
	{"twice", PROXY_TWICE, "", ""},
	{"reset-after", PROXY_RESET_AFTER, "", ""},
	{"cut", PROXY_CUT, "", ""},
	{"garble", PROXY_GARBLE, "", ""},
	{"delay", PROXY_DELAY, "", ""},
	{"drip", PROXY_DRIP, "", ""},
	{"hang", PROXY_HANG, "", ""},
	{"hang-half", PROXY_HANG_HALF, "", ""},
	{"die", PROXY_DIE, "", ""},
	/* answers of others than HQ, or of an HQ in trouble */
	{"500", PROXY_SAY, "HTTP/1.1 500 Oh\r\n" EMPTY, ""},
	{"502-page", PROXY_SAY,
		"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html>Bad</html>", ""},
	{"503", PROXY_SAY, "HTTP/1.1 503 Busy\r\n" EMPTY, ""},
	{"429", PROXY_SAY, "HTTP/1.1 429 Slowly\r\nRetry-After: 1\r\n" EMPTY, ""},
	{"429-date", PROXY_SAY,
		"HTTP/1.1 429 Slowly\r\nRetry-After: Mon, 02 Jan 2006 15:04:05 GMT\r\n" EMPTY, ""},
	{"401", PROXY_SAY, "HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer\r\n" EMPTY, ""},
	{"403", PROXY_SAY, "HTTP/1.1 403 No\r\n" EMPTY, ""},
	{"409-epoch", PROXY_SAY,
		"HTTP/1.1 409 Other\r\n" PROBLEM "\r\n{\"type\":\"urn:problem:epoch_changed\"}",
		""},
	{"410-resync", PROXY_SAY,
		"HTTP/1.1 410 Gone\r\n" PROBLEM "\r\n{\"type\":\"urn:problem:resync\"}", ""},
	{"redirect", PROXY_SAY, "HTTP/1.1 307 There\r\nLocation: /stolen\r\n" EMPTY, ""},
	{"page", PROXY_SAY,
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Log in!</html>", ""},
	{"empty", PROXY_SAY, "HTTP/1.1 200 OK\r\n" NDJSON EMPTY, ""},
	/* what is no HTTP, or bad HTTP */
	{"http-0.9", PROXY_SAY, "hello, I am another program\r\n", ""},
	{"bad-status", PROXY_SAY, "HTTP/1.1 two hundred\r\n" EMPTY, ""},
	{"bad-length", PROXY_SAY, "HTTP/1.1 200 OK\r\n" NDJSON "Content-Length: many\r\n\r\n{}\n",
		""},
	{"short-length", PROXY_SAY,
		"HTTP/1.1 200 OK\r\n" NDJSON "Content-Length: 2\r\n\r\n{}\n{}\n", ""},
	{"long-length", PROXY_SAY, "HTTP/1.1 200 OK\r\n" NDJSON "Content-Length: 900\r\n\r\n{}\n",
		""},
	{"huge-length", PROXY_SAY,
		"HTTP/1.1 200 OK\r\n" NDJSON "Content-Length: 900000000000\r\n\r\n{}\n", ""},
	{"bad-chunk", PROXY_SAY,
		"HTTP/1.1 200 OK\r\n" NDJSON "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", ""},
	{"half-chunk", PROXY_SAY,
		"HTTP/1.1 200 OK\r\n" NDJSON "Transfer-Encoding: chunked\r\n\r\nff\r\n{}\r\n", ""},
	{"no-gzip", PROXY_SAY,
		"HTTP/1.1 200 OK\r\n" NDJSON
		"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n{}\n\n",
		""},
	{"unknown-encoding", PROXY_SAY,
		"HTTP/1.1 200 OK\r\n" NDJSON
		"Content-Encoding: snappy\r\nContent-Length: 3\r\n\r\n{}\n",
		""},
	/* without end */
	{"continue-flood", PROXY_FLOOD, "", "HTTP/1.1 100 Continue\r\n\r\n"},
	{"header-flood", PROXY_FLOOD, "HTTP/1.1 200 OK\r\n",
		"X-More: 01234567890123456789012345678901234567890123456789\r\n"},
	{"header-line-flood", PROXY_FLOOD, "HTTP/1.1 200 OK\r\nX-More: ",
		"01234567890123456789012345678901234567890123456789"},
	{"line-flood", PROXY_FLOOD, "HTTP/1.1 200 OK\r\n" NDJSON "\r\n",
		"01234567890123456789012345678901234567890123456789"},
	{"gzip-bomb", PROXY_BOMB, "HTTP/1.1 200 OK\r\n" NDJSON "Content-Encoding: gzip\r\n\r\n",
		""},
};

const int proxy_fault_count = sizeof proxy_fault_table / sizeof *proxy_fault_table;

const struct proxy_fault *proxy_fault_find(const char *name)
{
	for (int i = 0; i < proxy_fault_count; i++)
		if (strcmp(proxy_fault_table[i].name, name) == 0)
			return &proxy_fault_table[i];
	return &proxy_fault_table[0];
}

const char *proxy_fault_name(int n)
{
	return n >= 0 && n < proxy_fault_count ? proxy_fault_table[n].name : NULL;
}
