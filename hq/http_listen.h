/* HOST:PORT as an address. */
#ifndef COUNTERTOP_HQ_HTTP_LISTEN_H
#define COUNTERTOP_HQ_HTTP_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

struct listen_address {
	struct sockaddr_storage socket;
	bool loopback;
	char host[64]; /* as it stands in a URL: [::1] */
	int port;
};

/* HOST is a numeric address, in brackets for IPv6, or localhost. False and a sentence otherwise. */
bool listen_parse(const char *text, struct listen_address *address, char *error, size_t size);

#endif
