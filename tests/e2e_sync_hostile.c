/* Whatever stands at HQ's address, the person gets a clear sentence and nothing is lost. */
#include "tests/sync_stage.h"

#include "net/transport_curl.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

/* ---- something that listens and always gives the same bytes ---- */

struct impostor {
	pid_t process;
	char url[64];
};

static void serve(int listener, const char *bytes, size_t length)
{
	for (;;) {
		int caller = accept(listener, NULL, NULL);
		char request[65536];
		size_t got = 0;
		ssize_t more;

		while ((more = read(caller, request + got, sizeof request - 1 - got)) > 0) {
			got += (size_t)more;
			request[got] = '\0';
			if (strstr(request, "\r\n\r\n"))
				break;
		}
		for (size_t sent = 0;
			sent < length && (more = write(caller, bytes + sent, length - sent)) > 0;)
			sent += (size_t)more;
		shutdown(caller, SHUT_WR);
		while (read(caller, request, sizeof request) > 0)
			;
		close(caller);
	}
}

static struct impostor start_impostor(const char *bytes, size_t length)
{
	struct impostor impostor;
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listener, 16), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	snprintf(impostor.url, sizeof impostor.url, "http://127.0.0.1:%d", ntohs(address.sin_port));
	impostor.process = fork();
	if (impostor.process == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(listener, bytes, length);
	}
	close(listener);
	return impostor;
}

static void end_impostor(const struct impostor *impostor)
{
	kill(impostor->process, SIGKILL);
	waitpid(impostor->process, NULL, 0);
}

static enum transport_fault ask(const char *base, struct response *response)
{
	struct transport_curl *curl = transport_curl_open();
	struct transport transport = transport_curl_of(curl);

	transport.submit(transport.ctx, SLOT_PULL,
		&(struct request){
			.method = "GET", .base = base, .path = "/v1/hello", .timeout_ms = 20000});
	while (!transport.take(transport.ctx, SLOT_PULL, response))
		transport_curl_wait(curl, NULL, 0, 1000);
	transport_curl_close(curl);
	return response->fault;
}

/* ---- the transport ---- */

static void an_answer_shorter_than_promised_is_cut(void **state)
{
	static const char bytes[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"epoch\":";
	struct impostor impostor = start_impostor(bytes, sizeof bytes - 1);
	struct response response;

	(void)state;
	assert_int_equal(ask(impostor.url, &response), FAULT_CUT);
	assert_int_equal(response.status, 0);
	text_free(&response.body);
	end_impostor(&impostor);
}

static void a_redirect_is_not_followed(void **state)
{
	static const char bytes[] =
		"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
	struct impostor impostor = start_impostor(bytes, sizeof bytes - 1);
	struct response response;

	(void)state;
	assert_int_equal(ask(impostor.url, &response), FAULT_NONE);
	assert_int_equal(response.status, 302);
	text_free(&response.body);
	end_impostor(&impostor);
}

static void an_answer_that_inflates_without_end_is_refused(void **state)
{
	size_t size = TRANSPORT_BODY_MAX + 1000, room = compressBound(size) + 64, used;
	char *zeros = calloc(1, size), *bytes = malloc(room + 300);
	z_stream stream = {.next_in = (Bytef *)zeros, .avail_in = (uInt)size};
	struct impostor impostor;
	struct response response;

	(void)state;
	assert_int_equal(
		deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_out = (Bytef *)bytes + 300;
	stream.avail_out = (uInt)room;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	used = (size_t)snprintf(bytes, 300,
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %lu\r\n\r\n",
		stream.total_out);
	memmove(bytes + used, bytes + 300, stream.total_out);
	impostor = start_impostor(bytes, used + stream.total_out);
	deflateEnd(&stream);
	assert_int_equal(ask(impostor.url, &response), FAULT_TOO_LARGE);
	text_free(&response.body);
	end_impostor(&impostor);
	free(zeros);
	free(bytes);
}

static void plain_http_goes_to_this_machine_only(void **state)
{
	(void)state;
	assert_int_equal(transport_curl_check("https://hq.example.com"), FAULT_NONE);
	assert_int_equal(transport_curl_check("http://127.0.0.1:8080"), FAULT_NONE);
	assert_int_equal(transport_curl_check("http://localhost"), FAULT_NONE);
	assert_int_equal(transport_curl_check("http://[::1]:80"), FAULT_NONE);
	assert_int_equal(transport_curl_check("http://hq.example.com"), FAULT_INSECURE);
	assert_int_equal(transport_curl_check("http://127.0.0.1.example.com"), FAULT_INSECURE);
	assert_int_equal(transport_curl_check("http://localhost.example.com"), FAULT_INSECURE);
	assert_int_equal(transport_curl_check("ftp://hq.example.com"), FAULT_BAD_URL);
	assert_int_equal(transport_curl_check("hq"), FAULT_BAD_URL);
}

/* ---- the program ---- */

static void expect_sentence(struct stage *stage, const char *bytes, const char *words)
{
	struct impostor impostor = start_impostor(bytes, strlen(bytes));
	struct console console;
	struct console_device device;
	const char *store = "xinyi";
	char sheet[UUID_SIZE], id[UUID_SIZE];

	stage_sheet(stage, sheet);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	stage_console(stage, &console);
	stage_count(stage, &console, sheet, id);
	console_device(&console, &device);
	assert_true(console_enrol(&console, impostor.url, device.token, device.device, &store, 1));
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 1);
	if (!strstr(stage->err, words))
		fail_msg("expected \"%s\" in: %s", words, stage->err);
	assert_int_equal(stage_unsent(stage), 1);
	end_impostor(&impostor);
	/* The right address again: everything goes on. */
	assert_true(console_enrol(&console, stage->url, device.token, device.device, &store, 1));
	console_device_free(&device);
	console_close(&console);
	assert_int_equal(stage_run(stage, "sync", "--once", NULL), 0);
	assert_int_equal(stage_hq_int(stage, "SELECT count(*) FROM count_entry"), 1);
}

static void a_web_page_is_called_one(void **state)
{
	expect_sentence(*state,
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 25\r\nConnection: close\r\n\r\n"
		"<html>Please log in</html>",
		"web page");
}

static void half_an_answer_is_called_one(void **state)
{
	expect_sentence(*state,
		"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{\"epoch\":\"e\",",
		"The line broke");
}

static void a_wrong_code_enrols_nothing(void **state)
{
	struct stage *stage = *state;

	assert_int_equal(stage_run(stage, "enrol", stage->url, "no-such-code", NULL), 1);
	assert_non_null(strstr(stage->err, "does not know this enrolment code"));
	assert_int_equal(
		stage_run(stage, "sync", "--once", NULL), 0); /* still enrolled as before */
}

static void a_code_is_good_once(void **state)
{
	struct stage *stage = *state;
	char code[64];

	stage_code(stage, "xinyi", code);
	assert_int_equal(stage_run(stage, "enrol", stage->url, code, NULL), 0);
	assert_int_equal(stage_run(stage, "enrol", stage->url, code, NULL), 1);
}

static void enrolling_at_a_web_page_says_so(void **state)
{
	static const char bytes[] =
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>";
	struct stage *stage = *state;
	struct impostor impostor = start_impostor(bytes, sizeof bytes - 1);

	assert_int_equal(stage_run(stage, "enrol", impostor.url, "code", NULL), 1);
	assert_non_null(strstr(stage->err, "web page"));
	assert_int_equal(stage_run(stage, "enrol", "http://hq.example.com", "code", NULL), 1);
	assert_non_null(strstr(stage->err, "https"));
	end_impostor(&impostor);
}

static int set_up(void **state)
{
	static struct stage stage;

	stage_open(&stage);
	*state = &stage;
	return 0;
}

static int tear_down(void **state)
{
	stage_close(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_shorter_than_promised_is_cut),
		cmocka_unit_test(a_redirect_is_not_followed),
		cmocka_unit_test(an_answer_that_inflates_without_end_is_refused),
		cmocka_unit_test(plain_http_goes_to_this_machine_only),
		TEST(a_web_page_is_called_one),
		TEST(half_an_answer_is_called_one),
		TEST(a_wrong_code_enrols_nothing),
		TEST(a_code_is_good_once),
		TEST(enrolling_at_a_web_page_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
