/* An HQ that answers slowly, never, or without end holds nobody for ever, and no lane holds another. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/transport_curl.h"
#include "tests/fault_shop.h"

#define LONG_MS 20000
#define RESIDENT_MAX_KB \
	(1024L * 1024) /* a sanitizer keeps what was freed; zeros make ten times it */

/* ---- the transport, with short limits ---- */

static const struct transport_limits short_limits = {1000, 50, 1};

static void submit(struct transport_curl *curl, enum transport_slot slot, const char *base)
{
	struct transport transport = transport_curl_of(curl);

	transport.submit(transport.ctx, slot,
		&(struct request){.method = "GET",
			.base = base,
			.path = "/v1/health",
			.timeout_ms = LONG_MS});
}

/* How it ended. */
static enum transport_fault await(struct transport_curl *curl, enum transport_slot slot)
{
	struct transport transport = transport_curl_of(curl);
	struct response response;

	while (!transport.take(transport.ctx, slot, &response))
		transport_curl_wait(curl, NULL, 0, 1000);
	text_free(&response.body);
	return response.fault;
}

static enum transport_fault ask(struct transport_curl *curl, const char *base)
{
	submit(curl, SLOT_PULL, base);
	return await(curl, SLOT_PULL);
}

static void what_answers_too_slowly_is_given_up(void **state)
{
	/* Silence, half an answer and an answer byte by byte end by the limit; meanwhile another request
	 * is answered. */
	static const char *const faults[] = {"hang", "hang-half", "drip"};
	struct transport_curl *curl = transport_curl_open();

	(void)state;
	transport_curl_limit(curl, &short_limits);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		proxy_order(fault_shop_proxy(), faults[i], "/v1/health", PROXY_ALWAYS);
		submit(curl, SLOT_PULL, proxy_url(fault_shop_proxy()));
		submit(curl, SLOT_PUSH, e2e_hq_url());
		assert_int_equal(await(curl, SLOT_PUSH), FAULT_NONE);
		assert_int_equal(await(curl, SLOT_PULL), FAULT_TIMEOUT);
		proxy_peace(fault_shop_proxy());
		assert_int_equal(ask(curl, proxy_url(fault_shop_proxy())), FAULT_NONE);
	}
	transport_curl_close(curl);
}

static void an_answer_that_never_ends_has_a_last_moment(void **state)
{
	/* What comes just fast enough is still ended by the limit of the whole exchange. */
	static const struct transport_limits patient = {1000, 1, 20};
	struct transport_curl *curl = transport_curl_open();
	struct transport transport = transport_curl_of(curl);

	(void)state;
	transport_curl_limit(curl, &patient);
	proxy_order(fault_shop_proxy(), "drip", "/v1/health", PROXY_ALWAYS);
	transport.submit(transport.ctx, SLOT_PULL,
		&(struct request){.method = "GET",
			.base = proxy_url(fault_shop_proxy()),
			.path = "/v1/health",
			.timeout_ms = 700});
	assert_int_equal(await(curl, SLOT_PULL), FAULT_TIMEOUT);
	transport_curl_close(curl);
}

static void a_connection_that_died_is_replaced(void **state)
{
	/* On a connection whose other end is gone without a word one request is lost, the next is not. */
	struct transport_curl *curl = transport_curl_open();

	(void)state;
	transport_curl_limit(curl, &short_limits);
	proxy_order(fault_shop_proxy(), "die", "/v1/health", 1);
	assert_int_equal(ask(curl, proxy_url(fault_shop_proxy())), FAULT_NONE);
	assert_int_equal(ask(curl, proxy_url(fault_shop_proxy())), FAULT_TIMEOUT);
	assert_int_equal(ask(curl, proxy_url(fault_shop_proxy())), FAULT_NONE);
	transport_curl_close(curl);
}

static int listen_deaf(char url[64])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listener, 0), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	snprintf(url, 64, "http://127.0.0.1:%d", ntohs(address.sin_port));
	return listener;
}

static void a_host_that_never_takes_the_call_is_given_up(void **state)
{
	/* Whether nobody takes the call or nobody speaks after it was taken, it ends by a limit. */
	struct transport_curl *curls[3];
	char url[64];
	int listener = listen_deaf(url);

	(void)state;
	for (int i = 0; i < 3; i++) {
		curls[i] = transport_curl_open();
		transport_curl_limit(curls[i], &short_limits);
		submit(curls[i], SLOT_PULL, url);
		transport_curl_wait(curls[i], NULL, 0, 50);
	}
	for (int i = 0; i < 3; i++) {
		assert_int_equal(await(curls[i], SLOT_PULL), FAULT_TIMEOUT);
		transport_curl_close(curls[i]);
	}
	close(listener);
}

static void what_speaks_plainly_gets_no_secret(void **state)
{
	/* Where TLS is expected and something else answers there is no request, and so no token. */
	struct transport_curl *curl = transport_curl_open();
	char url[64];

	(void)state;
	transport_curl_limit(curl, &short_limits);
	snprintf(url, sizeof url, "https%s", proxy_url(fault_shop_proxy()) + strlen("http"));
	assert_int_not_equal(ask(curl, url), FAULT_NONE);
	snprintf(url, sizeof url, "https%s", e2e_hq_url() + strlen("http"));
	assert_int_equal(ask(curl, url), FAULT_NO_TLS);
	assert_int_equal(proxy_requests(fault_shop_proxy(), "/"), 0);
	transport_curl_close(curl);
}

/* ---- the programs ---- */

static bool fault_struck(void *ctx)
{
	return proxy_faults(fault_shop_proxy()) >= *(int *)ctx;
}

static void a_page_that_hangs_does_not_hold_what_is_pushed(void **state)
{
	/* While a page of rows stands still in the middle, what is saved reaches HQ all the same. */
	struct fault_shop shop;
	char id[40];
	int struck;

	(void)state;
	fault_shop_open(&shop, "xinyi");
	struck = proxy_faults(fault_shop_proxy()) + 1;
	proxy_order(fault_shop_proxy(), "hang-half", "/v1/changes", PROXY_ALWAYS);
	e2e_console_of(&shop.home, "chen");
	fault_shop_find_at_hq(&shop);
	e2e_wait(fault_struck, &struck, "a page that hangs");
	for (int i = 0; i < 3; i++)
		fault_shop_find(&shop, "chen", id);
	e2e_wait(fault_shop_hq_has_all, &shop, "what was pushed at HQ");
	fault_shop_expect_all_once(&shop, "peace");
}

static void who_waits_for_a_verdict_does_not_wait_for_pages(void **state)
{
	/* HQ's answer to the command ends the waiting, while pages are hanging. */
	struct fault_shop shop;
	struct e2e_output output;
	char line[160];

	(void)state;
	fault_shop_open(&shop, "xinyi");
	proxy_order(fault_shop_proxy(), "hang", "/v1/changes", PROXY_ALWAYS);
	snprintf(line, sizeof line, "lines=[{\"sku\":\"%s\",\"qty\":1}]", shop.sku);
	e2e_countertop(&output, &shop.home, "do", "outbound.create", "to=ximen", line, "--staff",
		"chen", "--wait", NULL);
	assert_int_equal(output.code, 0);
	assert_non_null(strstr(output.out, "applied"));
	assert_string_equal(output.err, "");
	proxy_peace(fault_shop_proxy());
}

static void a_push_that_hangs_does_not_hold_what_is_pulled(void **state)
{
	/* While HQ is silent about a push, rows still arrive; the push is asked again and counts once. */
	struct fault_shop shop;
	char id[40];
	int struck;

	(void)state;
	fault_shop_open(&shop, "xinyi");
	struck = proxy_faults(fault_shop_proxy()) + 1;
	proxy_order(fault_shop_proxy(), "hang", "/v1/commands", PROXY_ALWAYS);
	e2e_console_of(&shop.home, "chen");
	fault_shop_find(&shop, "chen", id);
	e2e_wait(fault_struck, &struck, "a push that hangs");
	fault_shop_find_at_hq(&shop);
	e2e_wait(fault_shop_has_all, &shop, "HQ's row and the own command, both here");
	assert_int_equal(e2e_unsent(&shop.home), 1);
	fault_shop_expect_all_once(&shop, "peace");
}

static void the_screen_says_what_is_wrong_and_when_it_is_over(void **state)
{
	/* The pane of the line shows the sentence, and that the line is well once it is. */
	static const struct {
		const char *fault, *said;
	} cases[] = {
		{"page", "web page"},
		{"http-0.9", "Something else than HQ"},
		{"gzip-bomb", "larger than this console"},
	};
	struct screen *screen;
	struct fault_shop shop;
	char id[40];

	(void)state;
	fault_shop_open(&shop, "xinyi");
	screen = e2e_console_of(&shop.home, "chen");
	screen_send(screen, "<f8>");
	screen_expect(screen, "online");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		proxy_order(fault_shop_proxy(), cases[i].fault, "/v1/commands", PROXY_ALWAYS);
		fault_shop_find(&shop, "chen", id);
		screen_expect(screen, cases[i].said);
		screen_expect_gone(screen, "online since");
		fault_shop_expect_all_once(&shop, "peace");
		screen_expect(screen, "online since");
	}
}

static void an_answer_without_end_does_not_fill_the_memory(void **state)
{
	/* Ten gigabytes of zeros in ten megabytes, heads and lines without end: each is refused before
	 * it is large. */
	static const char *const faults[] = {
		"gzip-bomb", "header-flood", "continue-flood", "line-flood"};
	static const char *const paths[] = {"/v1/hello", "/v1/changes", "/v1/commands"};
	struct e2e_output output;
	struct rusage usage;
	struct fault_shop shop;
	char id[40];

	(void)state;
	fault_shop_open(&shop, "xinyi");
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		for (size_t j = 0; j < sizeof paths / sizeof *paths; j++) {
			fault_shop_find(&shop, "chen", id);
			proxy_order(fault_shop_proxy(), faults[i], paths[j], PROXY_ALWAYS);
			e2e_countertop(&output, &shop.home, "sync", "--once", NULL);
			assert_int_equal(output.code, 1);
		}
	}
	assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
	print_message("# at most %ld MB\n", usage.ru_maxrss / 1024);
	assert_true(usage.ru_maxrss < RESIDENT_MAX_KB);
	fault_shop_expect_all_once(&shop, "peace");
}

static void what_arrives_late_and_out_of_order_counts_once(void **state)
{
	/* Requests that reach HQ only after their repetition and after later ones change nothing. */
	struct e2e_output output;
	struct fault_shop shop;
	char id[40];

	(void)state;
	fault_shop_open(&shop, "xinyi");
	for (int i = 0; i < 5; i++) {
		fault_shop_find(&shop, "chen", id);
		proxy_order(fault_shop_proxy(), "straggler", "/v1/commands", 2);
		e2e_countertop(&output, &shop.home, "sync", "--once", NULL);
		proxy_calm(fault_shop_proxy());
		fault_shop_find(&shop, "chen", id);
		e2e_countertop(&output, &shop.home, "sync", "--once", NULL);
		assert_int_equal(output.code, 0);
	}
	fault_shop_expect_all_once(&shop, "peace");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fault_test(what_answers_too_slowly_is_given_up),
		fault_test(an_answer_that_never_ends_has_a_last_moment),
		fault_test(a_connection_that_died_is_replaced),
		fault_test(a_host_that_never_takes_the_call_is_given_up),
		fault_test(what_speaks_plainly_gets_no_secret),
		fault_test(an_answer_without_end_does_not_fill_the_memory),
		fault_test(a_page_that_hangs_does_not_hold_what_is_pushed),
		fault_test(who_waits_for_a_verdict_does_not_wait_for_pages),
		fault_test(a_push_that_hangs_does_not_hold_what_is_pulled),
		fault_test(the_screen_says_what_is_wrong_and_when_it_is_over),
		fault_test(what_arrives_late_and_out_of_order_counts_once),
	};

	setenv("COUNTERTOP_PIN", "1200", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
