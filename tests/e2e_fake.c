#include "tests/e2e_fake.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/e2e_parts.h"

#define REQUEST_BYTES 65536

/* One at a time; a test that fails leaves it to the next one, or to the end. */
static pid_t running;

static const struct fake_answer *answer_to(
	const struct fake_answer *answers, size_t count, const char *request)
{
	static const struct fake_answer nothing = {"", 404, "text/plain", "", false};
	const char *path = strchr(request, ' ');

	for (size_t i = 0; path && i < count; i++)
		if (strncmp(path + 1, answers[i].path, strlen(answers[i].path)) == 0)
			return &answers[i];
	return &nothing;
}

/* Reads headers and body; false if the other side went away before. */
static bool read_request(int connection, char request[REQUEST_BYTES])
{
	size_t used = 0, wanted = REQUEST_BYTES;

	while (used < wanted && used < REQUEST_BYTES - 1) {
		ssize_t count = recv(connection, request + used, REQUEST_BYTES - 1 - used, 0);
		const char *end, *length;

		if (count <= 0)
			return false;
		used += (size_t)count;
		request[used] = '\0';
		end = strstr(request, "\r\n\r\n");
		length = strcasestr(request, "\r\nContent-Length:");
		if (end)
			wanted = (size_t)(end + 4 - request) +
				(length ? strtoul(length + 17, NULL, 10) : 0);
	}
	return true;
}

static void serve_one(int connection, const struct fake_answer *answers, size_t count)
{
	static char request[REQUEST_BYTES];
	const struct fake_answer *answer;
	char head[512];
	size_t length;

	if (!read_request(connection, request))
		return;
	answer = answer_to(answers, count, request);
	length = strlen(answer->body);
	snprintf(head, sizeof head,
		"HTTP/1.1 %d Fake\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
		answer->status, answer->type, answer->is_cut ? length + 1000 : length);
	if (send(connection, head, strlen(head), MSG_NOSIGNAL) > 0)
		send(connection, answer->body, length, MSG_NOSIGNAL);
}

static void serve(int listener, const struct fake_answer *answers, size_t count)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	e2e_keeper_leave();
	for (;;) {
		int connection = accept(listener, NULL, NULL);

		if (connection < 0)
			continue;
		serve_one(connection, answers, count);
		close(connection);
	}
}

static void end_running(void)
{
	if (running > 0) {
		kill(running, SIGKILL);
		waitpid(running, NULL, 0);
	}
	running = 0;
}

static void start(struct fake *fake, const struct fake_answer *answers, size_t count)
{
	end_running();
	running = fork();
	assert_true(running >= 0);
	if (running == 0)
		serve(fake->listener, answers, count);
}

void fake_start(struct fake *fake, const struct fake_answer *answers, size_t count)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;

	fake->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fake->listener >= 0);
	assert_int_equal(bind(fake->listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(fake->listener, 8), 0);
	assert_int_equal(getsockname(fake->listener, (struct sockaddr *)&address, &size), 0);
	snprintf(fake->url, sizeof fake->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
	start(fake, answers, count);
}

void fake_restart(struct fake *fake, const struct fake_answer *answers, size_t count)
{
	start(fake, answers, count);
}

void fake_end(struct fake *fake)
{
	end_running();
	close(fake->listener);
}

/* ---- a console that has heard of it ---- */

#define PAGE_BYTES 16384
#define STORE                                                                                                \
	FAKE_ROW("catalogue", "store", "\"xinyi\"",                                                          \
		"\"id\":\"xinyi\",\"name\":\"Xinyi\",\"kind\":\"shop\",\"enabled\":true,\"tz_minutes\":480," \
		"\"clerk_receives\":true")
#define CHEN_HASH \
	"$argon2id$v=19$m=65536,t=2,p=1$eae0lfZ36ds+nQjcNVFXeQ$vD1NwzzDxFgB1yqhC7ymyeBOwFYgTNVgeqDF7BHR6NA"
#define CHEN                                                                                          \
	FAKE_ROW("store:xinyi", "staff", "\"chen\"",                                                  \
		"\"id\":\"chen\",\"name\":\"陳美玲\",\"role\":\"manager\",\"stores\":[\"xinyi\"]," \
		"\"pin_hash\":\"" CHEN_HASH "\",\"active\":true")

static int count_lines(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

void fake_enrol(struct fake *fake, struct e2e_home *home, const char *rows)
{
	static char page[PAGE_BYTES];
	const struct fake_answer answers[] = {
		{"/v1/enrol", 200, "application/json", FAKE_ENROLLED, false},
		{"/v1/hello", 200, "application/json", FAKE_HELLO, false},
		{"/v1/changes", 200, "application/x-ndjson", page, false},
	};
	struct e2e_output output;

	snprintf(page, sizeof page,
		"{\"epoch\":\"e1\",\"from\":\"\",\"to\":\"c1\"}\n" STORE CHEN
		"%s{\"end\":true,\"rows\":%d,\"more\":false}\n",
		rows, 2 + count_lines(rows));
	e2e_path(home->path, "home");
	snprintf(home->store, sizeof home->store, "xinyi");
	fake_start(fake, answers, sizeof answers / sizeof *answers);
	e2e_countertop(&output, home, "enrol", fake->url, "CODE", NULL);
	if (output.code != 0)
		fail_msg("enrol: %s", output.err);
	e2e_countertop(&output, home, "sync", "--once", NULL);
	if (output.code != 0)
		fail_msg("sync: %s", output.err);
}
