#include "hq/http.h"

#include "hq/answer.h"
#include "hq/http_guests.h"
#include "hq/http_listen.h"
#include "hq/query.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 900u     /* below the usual limit of 1,024 files */
#define CONNECTION_TIMEOUT_S 60u /* of silence */
#define LOOK_EVERY_MS 1000 /* how often parked requests look for the work of other processes */
#define LOOK_WHILE_ENDING_MS 20
#define LOOKS_A_MS 2  /* at parked requests: 900 of them at each commit would take all the time */
#define GRACE_MS 2000 /* for answers under way when told to end */
#define BODY_READ_MAX (HQ_BODY_MAX * 4) /* read and thrown away to answer 413 politely */

/* How much goes together at most, but for the first request: a long group keeps all others waiting. */
#define TOGETHER_BYTES ((size_t)128 * 1024)

/* One request on its way. It may stand in one of two rings, its connection suspended: among the
 * parked until something moved or its time is up, or among the ready until the turn's end, when all
 * that came in together are handled together. */
struct visit {
	struct shell *shell;
	struct MHD_Connection *connection;
	struct guest *guest;
	char *uri; /* path, then query: both owned by this one string */
	const char *query;
	bool started, bad_path, suspended, answered;
	struct hq_exchange exchange; /* of one that was ready */
	struct text body;
	size_t body_seen; /* bytes received, kept or not */
	int64_t came_ms, deadline_ms;
	struct visit *next, *previous; /* in its ring */
};

struct shell {
	struct hq *hq;
	struct MHD_Daemon *daemon;
	struct guests guests;
	struct visit parked; /* heads of the rings */
	struct visit ready;
	uint64_t generation;
	int64_t look_ms; /* no parked request is looked at because something moved before this */
	int open_visits;
	bool resumed; /* and not run since: libmicrohttpd does not wake up for it */
	bool stopping;
};

static volatile sig_atomic_t told_to_end;

static void note_signal(int number)
{
	told_to_end = number;
}

static int64_t clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the rings ---- */

static void suspend(struct visit *visit, struct visit *ring)
{
	visit->suspended = true;
	visit->next = ring;
	visit->previous = ring->previous;
	visit->previous->next = visit;
	ring->previous = visit;
	MHD_suspend_connection(visit->connection);
}

static void leave_ring(struct visit *visit)
{
	visit->suspended = false;
	visit->next->previous = visit->previous;
	visit->previous->next = visit->next;
}

static void resume(struct visit *visit)
{
	leave_ring(visit);
	visit->shell->resumed = true;
	MHD_resume_connection(visit->connection);
}

/* The number of those resumed. */
static int resume_due(struct shell *shell, bool all)
{
	int64_t now = clock_ms(CLOCK_MONOTONIC);
	int count = 0;

	for (struct visit *visit = shell->parked.next, *next; visit != &shell->parked;
		visit = next) {
		next = visit->next;
		if (!all && visit->deadline_ms > now)
			continue;
		resume(visit);
		count++;
	}
	return count;
}

static void answer_ready(struct shell *shell)
{
	struct hq_exchange *exchanges[HQ_TOGETHER_MAX];
	struct visit *visit = shell->ready.next;
	size_t bytes = 0;
	int count = 0;

	for (; visit != &shell->ready && count < HQ_TOGETHER_MAX; visit = visit->next) {
		bytes += visit->body.length;
		if (count > 0 && bytes > TOGETHER_BYTES)
			break;
		exchanges[count++] = &visit->exchange;
	}
	if (count == 0)
		return;
	hq_handle_together(shell->hq, exchanges, count, clock_ms(CLOCK_REALTIME));
	for (; count > 0; count--) {
		visit = shell->ready.next;
		visit->answered = true;
		resume(visit);
	}
}

/* ---- answering ---- */

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (value && value[0])
		MHD_add_response_header(response, name, value);
}

static enum MHD_Result send_answer(struct visit *visit, struct hq_answer *answer)
{
	unsigned status = (unsigned)answer->status;
	size_t length = answer->content_type ? answer->body.length : 0;
	char retry_after[16];
	char *body = length ? text_take(&answer->body) : NULL;
	struct MHD_Response *response = MHD_create_response_from_buffer(
		body ? length : 0, body, body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);

	if (!response) {
		free(body);
		return MHD_NO;
	}
	snprintf(retry_after, sizeof(retry_after), "%d", answer->retry_after_s);
	add_header(response, "Content-Type", answer->content_type);
	add_header(response, "Content-Encoding", answer->gzip ? "gzip" : NULL);
	add_header(response, "Vary", answer->gzip ? "Accept-Encoding" : NULL);
	add_header(response, "Cache-Control", answer->no_store ? "no-store" : NULL);
	add_header(response, "ETag", answer->etag);
	add_header(response, "Link", text_get(&answer->link));
	add_header(response, "Allow", answer->allow);
	add_header(response, "Retry-After", answer->retry_after_s ? retry_after : NULL);
	add_header(response, "WWW-Authenticate", status == 401 ? "Bearer" : NULL);
	add_header(response, "Connection",
		visit->shell->stopping || visit->body_seen > HQ_BODY_MAX ? "close" : NULL);
	guest_owes(visit->guest, GUEST_OWES_READING, clock_ms(CLOCK_MONOTONIC));
	enum MHD_Result queued = MHD_queue_response(visit->connection, status, response);

	MHD_destroy_response(response);
	return queued;
}

static const char *header_of(struct visit *visit, const char *name)
{
	return MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);
}

/* Its texts live as long as the visit. */
static struct hq_request request_of(struct visit *visit, const char *method)
{
	int64_t waited_ms = clock_ms(CLOCK_MONOTONIC) - visit->came_ms;

	return (struct hq_request){
		.method = method,
		.path = visit->uri,
		.query = visit->query,
		.authorization = header_of(visit, "Authorization"),
		.epoch = header_of(visit, "Epoch"),
		.if_none_match = header_of(visit, "If-None-Match"),
		.accept_encoding = header_of(visit, "Accept-Encoding"),
		.content_type = header_of(visit, "Content-Type"),
		.body = visit->body.bytes,
		.body_length = visit->body.length,
		.waited_ms = visit->shell->stopping ? (int64_t)HQ_WAIT_MAX_S * 1000 : waited_ms,
	};
}

static enum MHD_Result serve(struct visit *visit, const char *method)
{
	struct shell *shell = visit->shell;
	struct hq_request request = request_of(visit, method);
	struct hq_answer answer;
	enum MHD_Result result = MHD_YES;

	if (visit->answered)
		return send_answer(visit, &visit->exchange.answer);
	if (hq_goes_together(&request)) {
		visit->exchange.request = request;
		suspend(visit, &shell->ready);
		return MHD_YES;
	}
	/* Read before the answer is made: what moves meanwhile wakes it again. */
	if (shell->parked.next == &shell->parked)
		shell->generation = hq_generation(shell->hq);
	hq_handle(shell->hq, &request, &answer, clock_ms(CLOCK_REALTIME));
	if (answer.status == 0) {
		visit->deadline_ms = clock_ms(CLOCK_MONOTONIC) + answer.wait_ms;
		suspend(visit, &shell->parked);
	} else {
		result = send_answer(visit, &answer);
	}
	hq_answer_free(&answer);
	return result;
}

static enum MHD_Result refuse(struct visit *visit, enum problem problem, const char *detail)
{
	struct hq_answer answer = {.body = TEXT_INIT(TEXT_SMALL), .link = TEXT_INIT(TEXT_SMALL)};

	answer_problem(&answer, problem, "%s", detail);
	enum MHD_Result result = send_answer(visit, &answer);

	hq_answer_free(&answer);
	return result;
}

/* ---- receiving ---- */

struct framing {
	int lengths, encodings;
};

static enum MHD_Result note_framing(
	void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct framing *framing = ctx;

	(void)kind;
	(void)value;
	framing->lengths += strcasecmp(name, "Content-Length") == 0;
	framing->encodings += strcasecmp(name, "Transfer-Encoding") == 0;
	return MHD_YES;
}

/* libmicrohttpd takes a request whose length is told twice, where a proxy in front may read it
 * otherwise: request smuggling (RFC 9112, section 6.3). Answered in the first visit, the connection
 * is closed after. */
static bool framing_good(struct visit *visit)
{
	struct framing framing = {0};

	MHD_get_connection_values(visit->connection, MHD_HEADER_KIND, note_framing, &framing);
	return framing.lengths + framing.encodings <= 1;
}

static enum MHD_Result begin(struct visit *visit)
{
	const char *length = header_of(visit, "Content-Length");

	visit->started = true;
	if (!framing_good(visit))
		return refuse(visit, PROBLEM_BAD_REQUEST, "The length of the body is told twice.");
	if (visit->bad_path)
		return refuse(visit, PROBLEM_BAD_REQUEST, "The path is not percent-encoded UTF-8.");
	if (length && strtoull(length, NULL, 10) > BODY_READ_MAX)
		return refuse(
			visit, PROBLEM_TOO_LARGE, "The body is far too large. Nothing was done.");
	return MHD_YES;
}

/* libmicrohttpd asks for these parameters. */
/* NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *size, void **state)
{
	struct visit *visit = *state;

	(void)ctx;
	(void)url;
	(void)version;
	if (!visit)
		return MHD_NO;
	visit->connection = connection;
	if (!visit->started)
		return begin(visit);
	if (*size == 0)
		guest_owes(visit->guest, GUEST_OWES_NOTHING, 0);
	if (*size == 0)
		return visit->body_seen <= HQ_BODY_MAX
			? serve(visit, method)
			: refuse(visit, PROBLEM_TOO_LARGE,
				  "A request holds at most 1 MiB. Nothing was done.");
	visit->body_seen += *size;
	if (visit->body_seen <= HQ_BODY_MAX) {
		text_add_bytes(&visit->body, data, *size);
		guest_gave(&visit->shell->guests, visit->guest, *size);
	}
	*size = 0;
	return visit->body_seen <= BODY_READ_MAX ? MHD_YES : MHD_NO;
}

/* Called first of all with the request's target as it came: path and query not yet decoded. */
static void *on_uri(void *ctx, const char *uri, struct MHD_Connection *connection)
{
	struct shell *shell = ctx;
	const union MHD_ConnectionInfo *of = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct guest *guest = of ? of->socket_context : NULL;
	struct visit *visit = guest ? calloc(1, sizeof(*visit)) : NULL;

	if (!visit)
		return NULL;
	visit->shell = shell;
	visit->guest = guest;
	visit->connection = connection;
	visit->uri = text_copy(uri);
	visit->query = "";
	visit->body = TEXT_INIT(HQ_BODY_MAX);
	visit->came_ms = clock_ms(CLOCK_MONOTONIC);
	char *mark = strchr(visit->uri, '?');

	if (mark) {
		*mark = '\0';
		visit->query = mark + 1;
	}
	visit->bad_path = !query_decode(visit->uri, false);
	shell->open_visits++;
	return visit;
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode how)
{
	struct visit *visit = *state;

	(void)ctx;
	(void)connection;
	(void)how;
	if (!visit)
		return;
	if (visit->suspended)
		leave_ring(visit);
	hq_answer_free(&visit->exchange.answer);
	guest_took_back(&visit->shell->guests, visit->guest);
	guest_owes(visit->guest, GUEST_OWES_REQUEST, clock_ms(CLOCK_MONOTONIC));
	visit->shell->open_visits--;
	text_free(&visit->body);
	free(visit->uri);
	free(visit);
	*state = NULL;
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode what)
{
	struct shell *shell = ctx;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		*context = info
			? guests_come(&shell->guests, info->connect_fd, clock_ms(CLOCK_MONOTONIC))
			: NULL;
	else if (*context)
		guests_go(&shell->guests, *context);
}

/* ---- the loop ---- */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long to sleep: until libmicrohttpd, the nearest deadline or the next look wants to run. */
static int64_t sleep_ms(struct shell *shell)
{
	unsigned MHD_LONG_LONG mhd_ms;
	int64_t wait_ms = shell->stopping ? LOOK_WHILE_ENDING_MS : LOOK_EVERY_MS;
	int64_t now = clock_ms(CLOCK_MONOTONIC);

	if (shell->resumed || shell->ready.next != &shell->ready)
		return 0;
	if (MHD_get_timeout(shell->daemon, &mhd_ms) == MHD_YES)
		wait_ms = least(wait_ms, (int64_t)mhd_ms);
	for (struct visit *visit = shell->parked.next; visit != &shell->parked; visit = visit->next)
		wait_ms = least(wait_ms, visit->deadline_ms > now ? visit->deadline_ms - now : 0);
	return shell->look_ms > now ? least(wait_ms, shell->look_ms - now) : wait_ms;
}

static void wake_parked(struct shell *shell)
{
	if (shell->parked.next == &shell->parked)
		return;
	uint64_t generation = hq_generation(shell->hq);
	int64_t now = clock_ms(CLOCK_MONOTONIC);
	bool all = shell->stopping || (generation != shell->generation && now >= shell->look_ms);
	int looked = resume_due(shell, all);

	if (!all)
		return;
	shell->generation = generation;
	shell->look_ms = now + looked / LOOKS_A_MS;
}

static void turn_loop(struct shell *shell, const sigset_t *open_signals)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(
		shell->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct pollfd poll_on = {.fd = info ? info->epoll_fd : -1, .events = POLLIN};
	int64_t wait_ms = sleep_ms(shell);
	struct timespec wait = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000};

	ppoll(&poll_on, 1, &wait, open_signals);
	shell->resumed = false;
	MHD_run(shell->daemon);
	answer_ready(shell);
	wake_parked(shell);
	guests_look(&shell->guests, clock_ms(CLOCK_MONOTONIC));
}

static void run(struct shell *shell, const sigset_t *open_signals)
{
	while (!told_to_end)
		turn_loop(shell, open_signals);
	shell->stopping = true;
	int listening = MHD_quiesce_daemon(shell->daemon);

	if (listening >= 0)
		close(listening);
	int64_t until = clock_ms(CLOCK_MONOTONIC) + GRACE_MS;

	resume_due(shell, true);
	while (shell->open_visits > 0 && clock_ms(CLOCK_MONOTONIC) < until)
		turn_loop(shell, open_signals);
	/* No connection may stay suspended when the daemon is stopped. */
	resume_due(shell, true);
	while (shell->ready.next != &shell->ready)
		resume(shell->ready.next);
}

/* The signals stay shut but inside ppoll, so none is missed between a look and the wait. */
static void catch_signals(sigset_t *open_signals)
{
	static const int ends[] = {SIGTERM, SIGINT, SIGHUP};
	struct sigaction note = {.sa_handler = note_signal}, ignore = {.sa_handler = SIG_IGN};
	sigset_t shut;

	told_to_end = 0;
	sigemptyset(&shut);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		struct sigaction before;

		sigaddset(&shut, ends[i]);
		sigaction(ends[i], &note, &before);
		/* Started by nohup it outlives its terminal. */
		if (ends[i] == SIGHUP && before.sa_handler == SIG_IGN)
			sigaction(SIGHUP, &ignore, NULL);
	}
	sigaction(SIGPIPE, &ignore, NULL);
	sigprocmask(SIG_BLOCK, &shut, open_signals);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		sigdelset(open_signals, ends[i]);
}

static struct MHD_Daemon *start_daemon(struct shell *shell, struct listen_address *address)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;

	if (address->socket.ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, shell, MHD_OPTION_SOCK_ADDR,
		(struct sockaddr *)&address->socket, MHD_OPTION_URI_LOG_CALLBACK, on_uri, shell,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, shell, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, shell, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_TIMEOUT_S, MHD_OPTION_END);
}

bool http_serve(struct hq *hq, const struct http_options *options, char *error, size_t size)
{
	struct shell shell = {.hq = hq};
	struct listen_address address;
	sigset_t open_signals;
	char url[128];

	if (!listen_parse(options->listen, &address, error, size))
		return false;
	if (!address.loopback && !options->plain_anywhere) {
		snprintf(error, size,
			"%s is not this machine only, and this is plain HTTP: listen on 127.0.0.1 behind a proxy that ends TLS,"
			" or say --plain-http if the network is your own",
			options->listen);
		return false;
	}
	guests_init(&shell.guests);
	shell.parked.next = shell.parked.previous = &shell.parked;
	shell.ready.next = shell.ready.previous = &shell.ready;
	catch_signals(&open_signals);
	shell.daemon = start_daemon(&shell, &address);
	if (!shell.daemon) {
		snprintf(error, size, "cannot listen on %s: %s", options->listen, strerror(errno));
		return false;
	}
	const union MHD_DaemonInfo *bound = MHD_get_daemon_info(
		shell.daemon, MHD_DAEMON_INFO_BIND_PORT);

	snprintf(
		url, sizeof(url), "http://%s:%d", address.host, bound ? bound->port : address.port);
	options->ready(url);
	run(&shell, &open_signals);
	MHD_stop_daemon(shell.daemon);
	return true;
}
