#include "tests/fault_proxy_parts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define DELAY_MS 200
#define ZEROS ((size_t)1024 * 1024)
#define TURN_MS 20

/* ---- the loop ---- */

static void turn(struct proxy *proxy)
{
	struct pollfd wishes[LINKS_MAX + 2];
	uint64_t count;

	for (int i = 0; i < LINKS_MAX; i++)
		wishes[i] = proxy_link_wish(proxy, &proxy->links[i]);
	wishes[LINKS_MAX] = (struct pollfd){.fd = proxy->listener, .events = POLLIN};
	wishes[LINKS_MAX + 1] = (struct pollfd){.fd = proxy->wake, .events = POLLIN};
	poll(wishes, LINKS_MAX + 2, TURN_MS);
	if (wishes[LINKS_MAX + 1].revents && read(proxy->wake, &count, sizeof count) < 0)
		return;
	for (int i = 0; i < LINKS_MAX; i++) {
		if (wishes[i].revents)
			proxy_link_go_on(proxy, &proxy->links[i]);
	}
	if (wishes[LINKS_MAX].revents)
		proxy_link_take(proxy);
}

static void *serve(void *ctx)
{
	struct proxy *proxy = ctx;
	bool ending = false;

	while (!ending) {
		bool cutting, storming;

		turn(proxy);
		pthread_mutex_lock(&proxy->lock);
		cutting = proxy->cutting;
		storming = proxy->storm_percent > 0;
		ending = proxy->ending;
		pthread_mutex_unlock(&proxy->lock);
		for (int i = 0; i < LINKS_MAX; i++)
			proxy_link_look(proxy, &proxy->links[i], cutting, storming);
		pthread_mutex_lock(&proxy->lock);
		/* Those that wait on for HQ's ear keep the next turn cutting. */
		proxy->cutting = proxy->cutting && (!cutting || proxy->stragglers > 0);
		pthread_mutex_unlock(&proxy->lock);
	}
	for (int i = 0; i < LINKS_MAX; i++)
		proxy_link_end(proxy, &proxy->links[i], false);
	return NULL;
}

/* ---- what tests call ---- */

static void wake(struct proxy *proxy)
{
	uint64_t one = 1;

	assert_int_equal(write(proxy->wake, &one, sizeof one), sizeof one);
}

/* Flushed to a boundary a stretch of zeros depends on nothing before it: the second one may stand
 * there any number of times. */
static void make_bomb(struct proxy *proxy)
{
	static char zeros[ZEROS], bytes[65536];
	z_stream stream = {0};

	assert_int_equal(
		deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	for (int i = 0; i < 2; i++) {
		struct text *into = i == 0 ? &proxy->bomb_head : &proxy->bomb_more;

		stream.next_in = (Bytef *)zeros;
		stream.avail_in = sizeof zeros;
		stream.next_out = (Bytef *)bytes;
		stream.avail_out = sizeof bytes;
		assert_int_equal(deflate(&stream, Z_FULL_FLUSH), Z_OK);
		*into = TEXT_INIT(sizeof bytes + 1);
		text_add_bytes(into, bytes, sizeof bytes - stream.avail_out);
	}
	deflateEnd(&stream);
}

static void listen_somewhere(struct proxy *proxy)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;

	proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_true(proxy->listener >= 0);
	assert_int_equal(bind(proxy->listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(proxy->listener, 64), 0);
	assert_int_equal(getsockname(proxy->listener, (struct sockaddr *)&address, &size), 0);
	snprintf(proxy->url, sizeof proxy->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
}

struct proxy *proxy_start(const char *hq)
{
	struct proxy *proxy = calloc(1, sizeof *proxy);

	assert_non_null(proxy);
	proxy->hq_port = (uint16_t)strtoul(strrchr(hq, ':') + 1, NULL, 10);
	proxy->order.fault = &proxy_fault_table[0];
	proxy->random = 1;
	proxy->delay_ms = DELAY_MS;
	proxy->wake = eventfd(0, EFD_CLOEXEC);
	make_bomb(proxy);
	listen_somewhere(proxy);
	pthread_mutex_init(&proxy->lock, NULL);
	assert_int_equal(pthread_create(&proxy->thread, NULL, serve, proxy), 0);
	return proxy;
}

void proxy_end(struct proxy *proxy)
{
	pthread_mutex_lock(&proxy->lock);
	proxy->ending = true;
	pthread_mutex_unlock(&proxy->lock);
	wake(proxy);
	pthread_join(proxy->thread, NULL);
	pthread_mutex_destroy(&proxy->lock);
	close(proxy->listener);
	close(proxy->wake);
	text_free(&proxy->bomb_head);
	text_free(&proxy->bomb_more);
	free(proxy);
}

const char *proxy_url(const struct proxy *proxy)
{
	return proxy->url;
}

void proxy_order(struct proxy *proxy, const char *fault, const char *path, int times)
{
	const struct proxy_fault *found = proxy_fault_find(fault);

	if (found == &proxy_fault_table[0] && strcmp(fault, found->name) != 0)
		fail_msg("the proxy knows no fault %s", fault);
	pthread_mutex_lock(&proxy->lock);
	proxy->order.fault = found;
	proxy->order.times = times;
	snprintf(proxy->order.path, sizeof proxy->order.path, "%s", path);
	pthread_mutex_unlock(&proxy->lock);
}

void proxy_delay(struct proxy *proxy, int64_t delay_ms)
{
	pthread_mutex_lock(&proxy->lock);
	proxy->delay_ms = delay_ms;
	pthread_mutex_unlock(&proxy->lock);
}

void proxy_storm(struct proxy *proxy, uint64_t seed, int percent)
{
	pthread_mutex_lock(&proxy->lock);
	proxy->random = seed * 2 + 1;
	proxy->storm_percent = percent;
	pthread_mutex_unlock(&proxy->lock);
}

void proxy_calm(struct proxy *proxy)
{
	proxy_order(proxy, "none", "", 0);
	proxy_storm(proxy, 0, 0);
}

void proxy_peace(struct proxy *proxy)
{
	bool done = false;

	proxy_calm(proxy);
	pthread_mutex_lock(&proxy->lock);
	proxy->cutting = true;
	pthread_mutex_unlock(&proxy->lock);
	wake(proxy);
	while (!done) {
		pthread_mutex_lock(&proxy->lock);
		done = !proxy->cutting;
		pthread_mutex_unlock(&proxy->lock);
		poll(NULL, 0, done ? 0 : 5);
	}
}

int proxy_requests(struct proxy *proxy, const char *path)
{
	int count = 0;

	pthread_mutex_lock(&proxy->lock);
	for (int i = 0; i < SEEN_MAX; i++)
		if (strncmp(proxy->seen[i].path, path, strlen(path)) == 0)
			count += proxy->seen[i].count;
	pthread_mutex_unlock(&proxy->lock);
	return count;
}

int proxy_faults(struct proxy *proxy)
{
	int faults;

	pthread_mutex_lock(&proxy->lock);
	faults = proxy->faults;
	pthread_mutex_unlock(&proxy->lock);
	return faults;
}
