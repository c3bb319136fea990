#include "tests/fault_proxy_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_MAX ((size_t)64 * 1024 * 1024)
#define FLOOD_BYTES ((size_t)10 * 1024 * 1024)
#define FLOOD_AT_ONCE ((size_t)64 * 1024)
#define DRIP_EVERY_MS 50
#define STORM_STUCK_MS 300 /* what hangs is given up by somebody sooner or later */
#define STRAGGLER_BEHIND 3 /* requests that pass before a straggler arrives */

int64_t proxy_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t draw(struct proxy *proxy, uint64_t below)
{
	uint64_t x = proxy->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	proxy->random = x;
	return (x >> 16) % below;
}

/* ---- the fate of a request ---- */

static void note_path(struct proxy *proxy, const char *path)
{
	for (int i = 0; i < SEEN_MAX; i++) {
		if (proxy->seen[i].path[0] == '\0')
			snprintf(proxy->seen[i].path, PATH_BYTES, "%s", path);
		if (strcmp(proxy->seen[i].path, path) == 0) {
			proxy->seen[i].count++;
			return;
		}
	}
}

/* The target of the request up to its parameters. */
static void read_path(const struct text *request, char path[PATH_BYTES])
{
	const char *from = strchr(text_get(request), ' ');
	size_t length = from ? strcspn(from + 1, " ?\r\n") : 0;

	snprintf(path, PATH_BYTES, "%.*s", (int)length, from ? from + 1 : "");
}

static const struct proxy_fault *choose_fault(struct proxy *proxy, const struct link *link)
{
	const struct proxy_fault *fault = &proxy_fault_table[0];
	char path[PATH_BYTES];

	read_path(&link->request, path);
	pthread_mutex_lock(&proxy->lock);
	note_path(proxy, path);
	proxy->requests++;
	if (proxy->order.times != 0 &&
		strncmp(path, proxy->order.path, strlen(proxy->order.path)) == 0) {
		fault = proxy->order.fault;
		proxy->order.times -= proxy->order.times > 0;
	} else if (proxy->storm_percent > 0 && draw(proxy, 100) < (uint64_t)proxy->storm_percent) {
		fault = &proxy_fault_table[1 + draw(proxy, (uint64_t)proxy_fault_count - 1)];
	}
	proxy->faults += fault->deed != PROXY_PASS;
	proxy->stragglers += fault->deed == PROXY_STRAGGLE;
	pthread_mutex_unlock(&proxy->lock);
	return fault;
}

/* ---- links ---- */

static void drop_socket(int *socket, bool reset)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	if (*socket < 0)
		return;
	if (reset)
		setsockopt(*socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(*socket);
	*socket = -1;
}

void proxy_link_end(struct proxy *proxy, struct link *link, bool reset)
{
	if (link->stage == FREE)
		return;
	if (link->fault->deed == PROXY_STRAGGLE) {
		pthread_mutex_lock(&proxy->lock);
		proxy->stragglers--;
		pthread_mutex_unlock(&proxy->lock);
	}
	drop_socket(&link->console, reset);
	drop_socket(&link->hq, false);
	text_free(&link->request);
	text_free(&link->answer);
	link->stage = FREE;
}

static void next_stage(struct link *link, enum stage stage)
{
	link->stage = stage;
	link->since_ms = proxy_now_ms();
}

static void begin_reading(struct link *link)
{
	text_clear(&link->request);
	text_clear(&link->answer);
	link->fault = &proxy_fault_table[0];
	link->asked = link->told = 0;
	link->not_before_ms = 0;
	next_stage(link, READING);
}

void proxy_link_take(struct proxy *proxy)
{
	int console = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), one = 1;

	if (console < 0)
		return;
	setsockopt(console, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	for (int i = 0; i < LINKS_MAX; i++) {
		struct link *link = &proxy->links[i];

		if (link->stage != FREE)
			continue;
		*link = (struct link){.console = console,
			.hq = -1,
			.request = TEXT_INIT(BUFFER_MAX),
			.answer = TEXT_INIT(BUFFER_MAX)};
		begin_reading(link);
		return;
	}
	close(console);
}

/* How long a message is that begins so; 0 while that cannot be told. HQ always says how long its
 * answers are, but for 304, which has no body. */
static size_t message_length(const struct text *message)
{
	const char *bytes = text_get(message), *end = strstr(bytes, "\r\n\r\n");
	const char *length = strcasestr(bytes, "\r\nContent-Length:");
	size_t body;

	if (!end)
		return 0;
	body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
	if (strncmp(bytes, "HTTP/1.1 304", 12) == 0)
		body = 0;
	return (size_t)(end + 4 - bytes) + body;
}

static bool is_whole(const struct text *message)
{
	size_t length = message_length(message);

	return length > 0 && message->length >= length;
}

/* True if anything came; false at the end of the connection. */
static bool receive(int socket, struct text *into)
{
	static char bytes[65536]; /* of the one thread */
	ssize_t count = recv(socket, bytes, sizeof bytes, 0);

	if (count > 0)
		text_add_bytes(into, bytes, (size_t)count);
	return count > 0 || (count < 0 && errno == EAGAIN);
}

/* How many of these bytes went, -1 if the connection is gone. */
static ssize_t give(int socket, const char *bytes, size_t length)
{
	ssize_t count = send(socket, bytes, length, MSG_NOSIGNAL);

	return count < 0 && errno == EAGAIN ? 0 : count;
}

static void ask_hq(struct proxy *proxy, struct link *link)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(proxy->hq_port)};

	drop_socket(&link->hq, false);
	link->hq = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	link->asked = 0;
	text_clear(&link->answer);
	if (connect(link->hq, (struct sockaddr *)&address, sizeof address) != 0) {
		proxy_link_end(proxy, link, false);
		return;
	}
	fcntl(link->hq, F_SETFL, O_NONBLOCK);
	next_stage(link, ASKING);
}

static void begin_telling(struct link *link)
{
	link->told = 0;
	link->due = link->answer.length;
	if (link->fault->deed == PROXY_CUT || link->fault->deed == PROXY_HANG_HALF)
		link->due /= 2;
	next_stage(link, TELLING);
}

/* The request is whole: what becomes of it? */
static void meet_fault(struct proxy *proxy, struct link *link)
{
	link->fault = choose_fault(proxy, link);
	link->asks_left = link->fault->deed == PROXY_TWICE ? 2 : 1;
	switch (link->fault->deed) {
	case PROXY_CLOSE:
	case PROXY_RESET:
		proxy_link_end(proxy, link, link->fault->deed == PROXY_RESET);
		break;
	case PROXY_STRAGGLE:
		drop_socket(&link->console, false);
		link->behind = proxy->requests + STRAGGLER_BEHIND;
		next_stage(link, WAITING);
		break;
	case PROXY_HANG:
		next_stage(link, STUCK);
		break;
	case PROXY_SAY:
	case PROXY_FLOOD:
		text_add(&link->answer, link->fault->text);
		begin_telling(link);
		break;
	case PROXY_BOMB:
		text_add(&link->answer, link->fault->text);
		text_add_bytes(&link->answer, proxy->bomb_head.bytes, proxy->bomb_head.length);
		begin_telling(link);
		break;
	default:
		ask_hq(proxy, link);
		break;
	}
}

static void go_on_asking(struct proxy *proxy, struct link *link)
{
	size_t length = link->request.length;
	ssize_t count;

	if (link->fault->deed == PROXY_TEAR)
		length /= 2;
	count = give(link->hq, text_get(&link->request) + link->asked, length - link->asked);
	if (count < 0) {
		proxy_link_end(proxy, link, false);
		return;
	}
	link->asked += (size_t)count;
	if (link->asked < length)
		return;
	if (link->fault->deed == PROXY_TEAR)
		proxy_link_end(proxy, link, false);
	else
		next_stage(link, HEARING);
}

/* A byte of the body that no JSON may hold; in a compressed one another byte will do. */
static void garble(struct proxy *proxy, struct text *answer)
{
	const char *end = strstr(text_get(answer), "\r\n\r\n");
	size_t head = end ? (size_t)(end + 4 - answer->bytes) : answer->length;
	char *byte;

	if (head == answer->length)
		return;
	byte = &answer->bytes[head + draw(proxy, answer->length - head)];
	*byte = *byte == 0x01 ? 0x02 : 0x01;
}

static void go_on_hearing(struct proxy *proxy, struct link *link)
{
	if (!receive(link->hq, &link->answer) && !is_whole(&link->answer)) {
		proxy_link_end(proxy, link, false);
		return;
	}
	if (!is_whole(&link->answer))
		return;
	drop_socket(&link->hq, false);
	if (--link->asks_left > 0) {
		ask_hq(proxy, link);
		return;
	}
	if (link->fault->deed == PROXY_GARBLE)
		garble(proxy, &link->answer);
	link->heard_ms = proxy_now_ms();
	if (link->fault->deed == PROXY_RESET_AFTER || link->console < 0)
		proxy_link_end(proxy, link, true);
	else
		begin_telling(link);
}

static void add_more(struct proxy *proxy, struct link *link)
{
	if (link->fault->deed == PROXY_BOMB)
		text_add_bytes(&link->answer, proxy->bomb_more.bytes, proxy->bomb_more.length);
	else
		text_add(&link->answer, link->fault->more);
}

/* The answer as it was to be told is told. */
static void have_told(struct proxy *proxy, struct link *link)
{
	switch (link->fault->deed) {
	case PROXY_FLOOD:
	case PROXY_BOMB:
		if (link->told > FLOOD_BYTES) {
			proxy_link_end(proxy, link, false);
			break;
		}
		while (link->answer.length < link->due + FLOOD_AT_ONCE)
			add_more(proxy, link);
		link->due = link->answer.length;
		break;
	case PROXY_SAY:
	case PROXY_CUT:
		proxy_link_end(proxy, link, false);
		break;
	case PROXY_HANG_HALF:
	case PROXY_DIE:
		next_stage(link, STUCK);
		break;
	default:
		begin_reading(link);
		break;
	}
}

static void go_on_telling(struct proxy *proxy, struct link *link)
{
	size_t length = link->due - link->told;
	bool drips = link->fault->deed == PROXY_DRIP;
	ssize_t count;

	if (drips && length > 1) {
		length = 1;
		link->not_before_ms = proxy_now_ms() + DRIP_EVERY_MS;
	}
	count = give(link->console, text_get(&link->answer) + link->told, length);
	if (count < 0) {
		proxy_link_end(proxy, link, false);
		return;
	}
	link->told += (size_t)count;
	if (link->told == link->due)
		have_told(proxy, link);
}

static void go_on_reading(struct proxy *proxy, struct link *link)
{
	if (!receive(link->console, &link->request))
		proxy_link_end(proxy, link, false);
	else if (is_whole(&link->request))
		meet_fault(proxy, link);
}

/* ---- going on ---- */

static bool hangs(const struct link *link)
{
	return link->stage == STUCK || (link->stage == TELLING && link->fault->deed == PROXY_DRIP);
}

/* A console that does not wait any more for HQ's answer. */
static bool hung_up(const struct link *link)
{
	char byte;

	return link->stage == HEARING && link->console >= 0 &&
		recv(link->console, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static bool may_tell(struct proxy *proxy, const struct link *link)
{
	int64_t delay_ms = 0;

	if (link->fault->deed == PROXY_DELAY) {
		pthread_mutex_lock(&proxy->lock);
		delay_ms = proxy->delay_ms;
		pthread_mutex_unlock(&proxy->lock);
	}
	return proxy_now_ms() >= link->not_before_ms && proxy_now_ms() >= link->heard_ms + delay_ms;
}

void proxy_link_look(struct proxy *proxy, struct link *link, bool cutting, bool storming)
{
	storming = storming && proxy_now_ms() - link->since_ms > STORM_STUCK_MS;
	if ((hangs(link) && (cutting || storming)) || hung_up(link))
		proxy_link_end(proxy, link, false);
	if (link->stage == WAITING && (cutting || proxy->requests >= link->behind))
		ask_hq(proxy, link);
}

struct pollfd proxy_link_wish(struct proxy *proxy, const struct link *link)
{
	struct pollfd wish = {.fd = -1};

	if (link->stage == READING || link->stage == STUCK)
		wish = (struct pollfd){.fd = link->console, .events = POLLIN};
	else if (link->stage == ASKING)
		wish = (struct pollfd){.fd = link->hq, .events = POLLOUT};
	else if (link->stage == HEARING)
		wish = (struct pollfd){.fd = link->hq, .events = POLLIN};
	else if (link->stage == TELLING && may_tell(proxy, link))
		wish = (struct pollfd){.fd = link->console, .events = POLLOUT};
	return wish;
}

void proxy_link_go_on(struct proxy *proxy, struct link *link)
{
	switch (link->stage) {
	case READING:
		go_on_reading(proxy, link);
		break;
	case ASKING:
		go_on_asking(proxy, link);
		break;
	case HEARING:
		go_on_hearing(proxy, link);
		break;
	case TELLING:
		go_on_telling(proxy, link);
		break;
	case STUCK:
		/* A console may speak into a dead line; that it hung up ends it. */
		text_clear(&link->request);
		if (!receive(link->console, &link->request))
			proxy_link_end(proxy, link, false);
		break;
	default:
		break;
	}
}
