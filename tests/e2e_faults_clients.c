/* Clients that are slow, silent, greedy or mad: HQ goes on answering the others. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e_kit.h"

#define HUNDREDS 400
#define ALL_PLACES 1000 /* more than HQ has */
#define BODY_MAX (1024 * 1024)
#define BODIES 800              /* of a megabyte each */
#define RESIDENT_MAX_KB 500000L /* a sanitizer keeps what was freed */

static int clients[ALL_PLACES];

/* Places for both ends, here and in HQ, which has the same limit. */
static int raise_limit(void **state)
{
	struct rlimit files;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = files.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &files);
}

static int connect_hq(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_port = htons((uint16_t)strtoul(strrchr(e2e_hq_url(), ':') + 1, NULL, 10));
	assert_true(client >= 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
	return client;
}

/* Whatever fits; a client that was shown out does not mind. */
static void say(int client, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = send(client, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (count <= 0)
			return;
		bytes += count;
		length -= (size_t)count;
	}
}

static void expect_hq_answers(void)
{
	cJSON *stock = e2e_get("/v1/stock?store=xinyi&limit=1");

	assert_int_equal(cJSON_GetArraySize(stock), 1);
	cJSON_Delete(stock);
}

static void end_clients(int count)
{
	for (int i = 0; i < count; i++)
		close(clients[i]);
}

static void slow_heads_and_bodies_hold_nobody(void **state)
{
	/* Hundreds of clients give a byte at a time, of a head or of a body, or nothing; all others are
	 * answered meanwhile. */
	static const char head[] =
		"POST /v1/commands HTTP/1.1\r\nHost: hq\r\nContent-Length: 1000\r\n\r\n";

	(void)state;
	for (int i = 0; i < HUNDREDS; i++) {
		clients[i] = connect_hq();
		if (i % 3 == 1)
			say(clients[i], head, strlen(head));
	}
	for (size_t byte = 0; byte < 20; byte++) {
		for (int i = 0; i < HUNDREDS; i++)
			if (i % 3 != 2)
				say(clients[i], i % 3 == 1 ? "{" : head + byte, 1);
		expect_hq_answers();
	}
	end_clients(HUNDREDS);
	expect_hq_answers();
}

static void when_all_places_are_taken_one_is_made(void **state)
{
	/* More silent clients than HQ has places: an honest console still syncs. */
	struct e2e_home home;

	(void)state;
	for (int i = 0; i < ALL_PLACES; i++) {
		clients[i] = connect_hq();
		say(clients[i], "GET /v1/hea", 11);
	}
	e2e_enrol(&home, "xinyi");
	expect_hq_answers();
	end_clients(ALL_PLACES);
}

/* HQ's largest size so far. */
static long resident_kb(void)
{
	char path[64], line[200];
	long kb = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)e2e_hq_pid());
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file))
		sscanf(line, "VmHWM: %ld", &kb);
	fclose(file);
	return kb;
}

static void bodies_that_never_end_do_not_fill_the_memory(void **state)
{
	/* Hundreds of bodies that lack their last byte, of clients who never said who they are. */
	static const char head[] =
		"POST /v1/commands HTTP/1.1\r\nHost: hq\r\nContent-Length: 1048576\r\n\r\n";
	static char body[BODY_MAX - 1];
	long kb;

	(void)state;
	memset(body, ' ', sizeof body);
	for (int i = 0; i < BODIES; i++) {
		clients[i] = connect_hq();
		say(clients[i], head, strlen(head));
	}
	for (size_t sent = 0; sent < sizeof body; sent += 65536) {
		size_t part = sizeof body - sent < 65536 ? sizeof body - sent : 65536;

		for (int i = 0; i < BODIES; i++)
			say(clients[i], body + sent, part);
		expect_hq_answers();
	}
	kb = resident_kb();
	print_message("# HQ had at most %ld MB\n", kb / 1024);
	assert_true(kb < RESIDENT_MAX_KB);
	end_clients(BODIES);
	expect_hq_answers();
}

static void what_is_no_request_is_refused(void **state)
{
	/* Whatever comes in, its sender gets a refusal or the end of the connection. */
	static const struct {
		const char *request;
		const char *answer; /* begins so; "" if nothing need come */
	} cases[] = {
		{"POST /v1/commands HTTP/1.1\r\nHost: hq\r\nContent-Length: 999999999999\r\n\r\n",
			"HTTP/1.1 413"},
		{"POST /v1/commands HTTP/1.1\r\nHost: hq\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
			"HTTP/1.1 400"},
		{"POST /v1/commands HTTP/1.1\r\nHost: hq\r\nContent-Length: -1\r\n\r\n",
			"HTTP/1.1 400"},
		{"POST /v1/commands HTTP/1.1\r\nHost: hq\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
			"HTTP/1.1 400"},
		{"GET /v1/%zz HTTP/1.1\r\nHost: hq\r\n\r\n", "HTTP/1.1 400"},
		{"\r\n\r\n\r\n\x16\x03\x01\x02\x01\r\n\r\n", ""},
		{"HELO hq\r\n\r\n", ""},
		{"GET\r\n\r\n", ""},
	};
	char answer[200];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int client = connect_hq();
		ssize_t count;

		say(client, cases[i].request, strlen(cases[i].request));
		shutdown(client, SHUT_WR);
		count = recv(client, answer, sizeof answer - 1, MSG_WAITALL);
		answer[count > 0 ? count : 0] = '\0';
		if (strncmp(answer, cases[i].answer, strlen(cases[i].answer)) != 0)
			fail_msg("case %zu: %s", i, answer);
		close(client);
		expect_hq_answers();
	}
}

static void a_head_without_end_is_refused(void **state)
{
	/* A head that is larger than HQ takes is answered so, at once. */
	static const char head[] = "GET /v1/health HTTP/1.1\r\nHost: hq\r\n";
	static const char more[] = "X-More: 0123456789012345678901234567890123456789\r\n";
	int client = connect_hq();
	char answer[200];
	ssize_t count;

	(void)state;
	say(client, head, strlen(head));
	for (int i = 0; i < 1000; i++)
		say(client, more, strlen(more));
	count = recv(client, answer, sizeof answer - 1, 0);
	answer[count > 0 ? count : 0] = '\0';
	if (count > 0)
		assert_non_null(strstr(answer, "HTTP/1.1 4"));
	close(client);
	expect_hq_answers();
}

static void a_client_that_goes_in_the_middle_is_forgotten(void **state)
{
	/* Reset in a head, in a body, before the answer: HQ goes on, and again and again. */
	static const char *const parts[] = {"GET /v1",
		"GET /v1/health HTTP/1.1\r\nHost: hq\r\n\r\n",
		"POST /v1/commands HTTP/1.1\r\nHost: hq\r\nContent-Length: 9\r\n\r\n{"};
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	(void)state;
	for (int i = 0; i < 300; i++) {
		int client = connect_hq();

		say(client, parts[i % 3], strlen(parts[i % 3]));
		setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		close(client);
	}
	expect_hq_answers();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(slow_heads_and_bodies_hold_nobody),
		e2e_test(when_all_places_are_taken_one_is_made),
		e2e_test(bodies_that_never_end_do_not_fill_the_memory),
		e2e_test(what_is_no_request_is_refused),
		e2e_test(a_head_without_end_is_refused),
		e2e_test(a_client_that_goes_in_the_middle_is_forgotten),
	};

	return cmocka_run_group_tests(tests, raise_limit, NULL);
}
